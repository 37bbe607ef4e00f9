package engram.memory.embedded;

import engram.memory.JsonObject;
import engram.memory.MemoryStore;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalLong;

/** A process that writes from several threads until it is killed, and prints each id once it is acknowledged. */
final class CrashingWriter {
    private static final int THREADS = 6;

    private CrashingWriter() {}

    public static void main(String[] arguments) {
        EmbeddedMemoryStores stores = EmbeddedStoreContracts.open(Path.of(arguments[0]));
        if (stores.settings("space").isEmpty()) {
            stores.putSettings("space", JsonObject.EMPTY, OptionalLong.empty());
        }
        MemoryStore store = stores.open("space");
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        for (int t = 0; t < THREADS; t++) {
            String prefix = arguments[1] + "-" + t + "-";
            new Thread(() -> {
                        for (int i = 0; true; i++) {
                            EmbeddedStoreContracts.append(store, prefix + i);
                            out.print(prefix + i + ".\n");
                            out.flush();
                        }
                    })
                    .start();
        }
    }
}
