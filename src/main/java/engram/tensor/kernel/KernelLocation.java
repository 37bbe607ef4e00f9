package engram.tensor.kernel;

import java.nio.file.Path;
import java.util.Optional;

/** Where the compiled loops lie while a native binary is built. */
final class KernelLocation {
    static final String LIBRARY = "engram_kernels";

    private KernelLocation() {}

    /** Empty on a JVM, and in the building of a binary that is to do without. */
    static Optional<Path> directory() {
        boolean building = "buildtime".equals(System.getProperty("org.graalvm.nativeimage.imagecode"));
        return building
                ? Optional.ofNullable(System.getProperty("engram.kernels")).map(Path::of)
                : Optional.empty();
    }
}
