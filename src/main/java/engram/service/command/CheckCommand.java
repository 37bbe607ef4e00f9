package engram.service.command;

import engram.memory.embedded.EmbeddedMaintenance;
import java.time.Clock;
import java.util.List;

/** Looks whether everything in a data directory is intact. */
final class CheckCommand implements Command {
    @Override
    public String name() {
        return "check";
    }

    @Override
    public String summary() {
        return "verify record, indexes and encoders, while a service may be using them";
    }

    @Override
    public String details() {
        return "Nothing is changed. The exit code is 1 if something is wrong; repair puts most of it right.";
    }

    @Override
    public Syntax syntax() {
        return Syntax.of(List.of(), Syntax.Option.DATA_DIRECTORY);
    }

    @Override
    public boolean run(Call call) {
        EmbeddedMaintenance.Report report =
                new EmbeddedMaintenance(call.installation().memoryDirectory(), Clock.systemUTC()).check();
        call.report(Reports.json(report).put("sound", report.isSound()), Reports.text(report, "sound"));
        return report.isSound();
    }
}
