package engram.memory.embedded;

import engram.error.InvalidInput;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks after a data directory: backup, restore, check and repair. {@link #backup} and {@link #check} only read, and work
 * while a service, this process's or another's, goes on writing; {@link #repair} needs the directory for itself.
 */
public final class EmbeddedMaintenance {
    private final Path directory;
    private final Clock clock;

    /**
     * @param directory the data directory
     * @param clock gives the times in backups and reports
     */
    public EmbeddedMaintenance(Path directory, Clock clock) {
        this.directory = directory;
        this.clock = clock;
    }

    /**
     * What a check or a repair found.
     *
     * @param spaces one report a space, by name
     */
    public record Report(List<SpaceReport> spaces) {
        public Report {
            spaces = List.copyOf(spaces);
        }

        /** Whether nothing is wrong anywhere. */
        public boolean isSound() {
            return spaces.stream().allMatch(space -> space.findings().isEmpty());
        }
    }

    /**
     * What was found in one space.
     *
     * @param space its name
     * @param memories how many memories are intact
     * @param vectors how many vectors are intact
     * @param findings what is wrong or, after a repair, what was done about it; a line for a person each
     */
    public record SpaceReport(String space, long memories, long vectors, List<String> findings) {
        public SpaceReport {
            findings = List.copyOf(findings);
        }
    }

    /**
     * Copies every space, each as it is at one moment, and the files beside them. Indexes are left out: they are made
     * again from the record.
     *
     * @param target a directory that does not exist yet; it appears whole or not at all
     * @throws InvalidInput if there is something at {@code target}
     */
    public void backup(Path target) {
        try {
            new Backup(directory, clock.instant()).writeTo(target);
        } catch (IOException e) {
            throw Failures.files("the backup to " + target + " failed", e);
        }
    }

    /**
     * Puts a backup into an empty data directory, after every file has been compared with its checksum.
     *
     * @param backup what {@link #backup} wrote
     * @param directory a directory that is empty or does not exist
     * @throws InvalidInput if it is not empty
     * @throws engram.error.Damaged if the backup is not what was written
     */
    public static void restore(Path backup, Path directory) {
        try {
            Restoration.restore(backup, directory);
        } catch (IOException e) {
            throw Failures.files("the backup at " + backup + " cannot be restored", e);
        }
    }

    /** Reads everything there is and compares it with its checksums and with each other. */
    public Report check() {
        List<SpaceReport> reports = new ArrayList<>();
        for (String space : DataDirectory.names(directory)) {
            reports.add(Examination.examine(space, DataDirectory.space(directory, space)));
        }
        return new Report(reports);
    }

    /**
     * Sets damaged rows aside in the table {@code quarantine} of their space, saves what can be read of a record whose
     * file is broken, counts anew, and removes the indexes, which are then built from the record.
     *
     * @throws engram.error.Unavailable if a service has the data directory
     */
    public Report repair() {
        try (DataDirectory locked = DataDirectory.open(directory)) {
            List<SpaceReport> reports = new ArrayList<>();
            for (String space : locked.names()) {
                reports.add(new Repair(space, locked.space(space), clock.instant()).run());
            }
            return new Report(reports);
        }
    }
}
