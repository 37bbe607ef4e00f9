package engram.tensor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Whether this code runs in, or is being compiled into, a native binary. */
final class NativeBinary {
    private static final String LIBRARIES = "libtorch";

    private NativeBinary() {}

    static boolean isThis() {
        return System.getProperty("org.graalvm.nativeimage.imagecode") != null;
    }

    /** PyTorch's libraries in the directory that {@code ./engram native} puts beside the binary; empty on a JVM. */
    static Optional<Path> libraries() {
        if (!isThis()) {
            return Optional.empty();
        }
        return ProcessHandle.current()
                .info()
                .command()
                .map(Path::of)
                .map(binary -> binary.resolveSibling(LIBRARIES))
                .filter(Files::isDirectory);
    }
}
