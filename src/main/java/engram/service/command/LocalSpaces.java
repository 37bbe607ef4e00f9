package engram.service.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.memory.Filter;
import engram.memory.FilterLimits;
import engram.memory.FilterParser;
import engram.memory.embedded.EmbeddedSpaces;
import engram.run.Progress;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.util.List;
import java.util.OptionalLong;

/** The spaces of a data directory that this process opens and has to itself. */
final class LocalSpaces implements SpaceAccess {
    private final Installation installation;
    private final EmbeddedSpaces memory;

    /** @throws engram.error.Unavailable if another process has the data directory */
    LocalSpaces(Installation installation) {
        this.installation = installation;
        this.memory = EmbeddedSpaces.open(
                installation.memoryDirectory(), installation.store(), installation.spaces(), Clock.systemUTC());
    }

    @Override
    public boolean has(String space) {
        return memory.spaces().exists(space);
    }

    @Override
    public List<String> names() {
        return memory.spaces().names();
    }

    @Override
    public void create(String space, ObjectNode settings) {
        memory.spaces().put(space, installation.spaces().merge(settings), OptionalLong.empty());
    }

    @Override
    public void exportTo(String space, Selection selection, OutputStream out) {
        FilterParser parser = new FilterParser(FilterLimits.defaults());
        Filter filter =
                selection.filter().map(json -> parser.parse(json, "filter")).orElse(Filter.ALL);
        memory.spaces().open(space).exportTo(out, filter, selection.vectors(), Progress.unobserved());
    }

    @Override
    public ObjectNode importFrom(String space, InputStream in) {
        return memory.spaces()
                .open(space)
                .importFrom(in, installation.longestItem(), Progress.unobserved())
                .toJson();
    }

    @Override
    public void close() {
        memory.close();
    }
}
