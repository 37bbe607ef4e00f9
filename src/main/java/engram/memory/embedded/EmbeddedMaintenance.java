package engram.memory.embedded;

import engram.error.InvalidInput;
import engram.error.Unavailable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
     * What a backup holds.
     *
     * @param spaces the names of the spaces, sorted
     * @param files how many files there are, the list of them not counted
     * @param bytes how large those are together
     * @param time when the backup was made
     */
    public record Copied(List<String> spaces, long files, long bytes, Instant time) {
        public Copied {
            spaces = List.copyOf(spaces);
        }
    }

    /**
     * Who has a data directory.
     *
     * @param instance tells this holder from every other one
     * @param process the number of its process, in the counting of its own machine or container
     * @param address where it answers, such as {@code http://127.0.0.1:8080}; empty if it does not or has not said so yet
     */
    public record Holder(String instance, long process, Optional<String> address) {}

    /**
     * Refuses what is no data directory, so that a mistyped name is not taken for an empty memory.
     *
     * @throws InvalidInput if there is none at {@code directory}
     */
    public static void requireDataDirectory(Path directory) {
        DataDirectory.require(directory);
    }

    /**
     * Whether a process has a data directory now.
     *
     * @throws Unavailable if that cannot be found out
     */
    public static boolean isInUse(Path directory) {
        try {
            return DirectoryLock.isHeld(directory);
        } catch (IOException e) {
            throw Failures.files("the lock of the data directory " + directory + " cannot be read", e);
        }
    }

    /** What the process that {@link #isInUse has} a data directory tells of itself; empty if it tells nothing. */
    public static Optional<Holder> holder(Path directory) {
        return DirectoryLock.holder(directory);
    }

    /** The refusal of a data directory that someone else has. */
    public static Unavailable inUse(Path directory) {
        return DirectoryLock.inUse(directory);
    }

    /**
     * Copies every space, each as it is at one moment, and the files beside them. Indexes are left out: they are made
     * again from the record. Hidden files in the data directory itself are not the memory's and stay behind.
     *
     * @param target a directory that does not exist yet; it appears whole or not at all
     * @return what was copied
     * @throws InvalidInput if there is something at {@code target}, if that is inside the data directory, or if there is
     *     no data directory
     */
    public Copied backup(Path target) {
        requireDataDirectory(directory);
        try {
            return new Backup(directory, clock.instant()).writeTo(target);
        } catch (IOException e) {
            throw Failures.files("the backup to " + target + " failed", e);
        }
    }

    /**
     * Puts a backup into an empty data directory, after every file has been compared with its checksum.
     *
     * @param backup what {@link #backup} wrote
     * @param directory a directory that is empty, but for hidden files, or does not exist
     * @return what was put there
     * @throws Unavailable if a service has the directory
     * @throws InvalidInput if it is not empty
     * @throws engram.error.Damaged if the backup is not what was written
     */
    public static Copied restore(Path backup, Path directory) {
        try {
            return Restoration.restore(backup, directory);
        } catch (IOException e) {
            throw Failures.files("the backup at " + backup + " cannot be restored", e);
        }
    }

    /**
     * Reads everything there is and compares it with its checksums and with each other.
     *
     * @throws InvalidInput if there is no data directory
     */
    public Report check() {
        requireDataDirectory(directory);
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
     * @throws Unavailable if a service has the data directory
     * @throws InvalidInput if there is no data directory
     */
    public Report repair() {
        requireDataDirectory(directory);
        try (DataDirectory locked = DataDirectory.open(directory)) {
            List<SpaceReport> reports = new ArrayList<>();
            for (String space : locked.names()) {
                reports.add(new Repair(space, locked.space(space), clock.instant()).run());
            }
            return new Report(reports);
        }
    }
}
