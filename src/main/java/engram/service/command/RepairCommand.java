package engram.service.command;

import engram.memory.embedded.EmbeddedMaintenance;
import java.time.Clock;
import java.util.List;

/** Puts a damaged data directory right. */
final class RepairCommand implements Command {
    @Override
    public String name() {
        return "repair";
    }

    @Override
    public String summary() {
        return "set damaged rows aside, count anew and remove the indexes, which are built again";
    }

    @Override
    public String details() {
        return "What was damaged is told, and kept in the table quarantine or beside the record. A service must not be"
                + " using\nthe directory.";
    }

    @Override
    public Syntax syntax() {
        return Syntax.of(List.of(), Syntax.Option.DATA_DIRECTORY);
    }

    @Override
    public boolean run(Call call) {
        EmbeddedMaintenance.Report report =
                new EmbeddedMaintenance(call.installation().memoryDirectory(), Clock.systemUTC()).repair();
        call.report(
                Reports.json(report).put("changed", !report.isSound()), Reports.text(report, "nothing was damaged"));
        return true;
    }
}
