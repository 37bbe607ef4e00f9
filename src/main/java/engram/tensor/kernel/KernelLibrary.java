package engram.tensor.kernel;

import java.util.List;
import org.graalvm.nativeimage.c.CContext;

/** Tells the compiler of images where the compiled loops lie. */
final class KernelLibrary implements CContext.Directives {
    @Override
    public boolean isInConfiguration() {
        return KernelLocation.directory().isPresent();
    }

    @Override
    public List<String> getLibraries() {
        return List.of(KernelLocation.LIBRARY);
    }

    @Override
    public List<String> getLibraryPaths() {
        return KernelLocation.directory().map(path -> List.of(path.toString())).orElseGet(List::of);
    }
}
