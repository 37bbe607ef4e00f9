package engram.api;

import com.fasterxml.jackson.databind.JsonNode;
import engram.error.InvalidInput;
import engram.memory.Filter;
import engram.memory.FilterLimits;
import engram.memory.FilterParser;
import engram.service.ServiceSettings;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Reads the filters of requests within the limits of the settings. */
@Singleton
class Filters {
    private static final String FIELD = "filter";

    private final FilterParser parser;

    Filters(ServiceSettings settings) {
        FilterLimits defaults = FilterLimits.defaults();
        this.parser = new FilterParser(new FilterLimits(
                defaults.depth(), settings.limits().filterConditions(), defaults.values(), defaults.textLength()));
    }

    /** The filter in the member {@code filter} of a request; every memory where it is absent. */
    Filter read(@Nullable JsonNode json, Findings findings) {
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

    /** The same for a request of which nothing else can be wrong. */
    Filter read(@Nullable JsonNode json) {
        Findings findings = new Findings();
        Filter filter = read(json, findings);
        findings.throwIfAny();
        return filter;
    }
}
