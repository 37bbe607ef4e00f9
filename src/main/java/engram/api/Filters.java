package engram.api;

import com.fasterxml.jackson.databind.JsonNode;
import engram.error.InvalidInput;
import engram.memory.Criteria;
import engram.memory.Filter;
import engram.memory.FilterLimits;
import engram.memory.FilterParser;
import engram.service.ServiceSettings;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Reads the filters of requests within the limits of the settings, and narrows every one of them to the agents whose
 * memories the sender may deal with: there is no other way from a request to a filter.
 */
@Singleton
class Filters {
    private static final String FIELD = "filter";

    private final FilterParser parser;
    private final RequestAccess access;

    Filters(ServiceSettings settings, RequestAccess access) {
        this.access = access;
        FilterLimits defaults = FilterLimits.defaults();
        this.parser = new FilterParser(new FilterLimits(
                defaults.depth(), settings.limits().filterConditions(), defaults.values(), defaults.textLength()));
    }

    /** The filter in the member {@code filter} of a request; every memory that may be read where it is absent. */
    Filter read(String space, @Nullable JsonNode json, Findings findings) {
        return access.reading(space).narrow(parse(json, findings));
    }

    /** The same for a request of which nothing else can be wrong. */
    Filter read(String space, @Nullable JsonNode json) {
        Findings findings = new Findings();
        Filter filter = read(space, json, findings);
        findings.throwIfAny();
        return filter;
    }

    /** The memories that satisfy criteria and may be read. */
    Filter read(String space, Criteria criteria) {
        return access.reading(space).narrow(criteria.toFilter());
    }

    /** The memories that satisfy criteria and may be changed. */
    Filter write(String space, Criteria criteria) {
        return access.writing(space).narrow(criteria.toFilter());
    }

    private Filter parse(@Nullable JsonNode json, Findings findings) {
        if (json == null || json.isNull()) {
            return Filter.ALL;
        }
        try {
            findings.requireFinite(json, FIELD);
            return parser.parse(json, FIELD);
        } catch (InvalidInput e) {
            findings.add(e);
            return Filter.ALL;
        }
    }
}
