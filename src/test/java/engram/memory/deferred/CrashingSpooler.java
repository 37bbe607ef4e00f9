package engram.memory.deferred;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A process that defers writes from several threads until it is killed, and prints each id once it is acknowledged. */
final class CrashingSpooler {
    private static final int THREADS = 6;

    private CrashingSpooler() {}

    public static void main(String[] arguments) {
        FakeSpaces spaces = new FakeSpaces();
        spaces.become(FakeSpaces.Mode.AWAY);
        DeferredWrites writes = DeferredFixture.open(Path.of(arguments[0]), spaces);
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        for (int t = 0; t < THREADS; t++) {
            String prefix = arguments[1] + "-" + t + "-";
            new Thread(() -> {
                        for (int i = 0; true; i++) {
                            DeferredFixture.send(writes, DeferredFixture.memory(prefix + i));
                            out.print(prefix + i + ".\n");
                            out.flush();
                        }
                    })
                    .start();
        }
    }
}
