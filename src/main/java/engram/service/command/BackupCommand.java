package engram.service.command;

import engram.memory.embedded.EmbeddedMaintenance;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** Copies a data directory. */
final class BackupCommand implements Command {
    private static final String TARGET = "TARGET";

    @Override
    public String name() {
        return "backup";
    }

    @Override
    public String summary() {
        return "copy the data directory, while a service may be using it";
    }

    @Override
    public Syntax syntax() {
        return Syntax.of(
                List.of(Syntax.Operand.required(
                        TARGET, "a directory that does not exist yet; it appears whole or not at all")),
                Syntax.Option.DATA_DIRECTORY);
    }

    @Override
    public boolean run(Call call) throws WrongUsage {
        Path target = call.path(TARGET);
        Path source = call.installation().memoryDirectory();
        EmbeddedMaintenance.Copied copied =
                new EmbeddedMaintenance(source, Clock.systemUTC()).backup(target.toAbsolutePath());
        call.report(
                Reports.json(copied).put("backup", target.toAbsolutePath().toString()),
                "backed up " + Reports.text(copied) + " to " + target);
        return true;
    }
}
