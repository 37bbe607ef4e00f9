package engram.service.command;

import engram.memory.embedded.EmbeddedMaintenance;
import java.nio.file.Path;
import java.util.List;

/** Puts a backup where a service can use it. */
final class RestoreCommand implements Command {
    private static final String BACKUP = "BACKUP";

    @Override
    public String name() {
        return "restore";
    }

    @Override
    public String summary() {
        return "put a backup into a data directory that is empty or does not exist";
    }

    @Override
    public String details() {
        return "Every file is compared with its checksum first. A service must not be using the directory.";
    }

    @Override
    public Syntax syntax() {
        return Syntax.of(
                List.of(Syntax.Operand.required(BACKUP, "what the command backup wrote")),
                Syntax.Option.DATA_DIRECTORY);
    }

    @Override
    public boolean run(Call call) throws WrongUsage {
        Path backup = call.path(BACKUP);
        Path directory = call.installation().memoryDirectory();
        EmbeddedMaintenance.Copied copied = EmbeddedMaintenance.restore(backup.toAbsolutePath(), directory);
        call.report(
                Reports.json(copied).put("dataDirectory", directory.toString()),
                "restored " + Reports.text(copied) + " of " + copied.time() + " to " + directory);
        return true;
    }
}
