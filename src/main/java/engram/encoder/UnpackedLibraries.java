package engram.encoder;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The native libraries of the text model, for as long as they have to lie on disk to be loaded. They do if a native binary
 * holds them packed; on a JVM the libraries' own classes unpack them.
 */
final class UnpackedLibraries implements AutoCloseable {
    private static final List<TextModelFile> LIBRARIES =
            List.of(TextModelFile.RUNTIME, TextModelFile.RUNTIME_BINDING, TextModelFile.TOKENIZER_LIBRARY);

    private final List<Path> written = new ArrayList<>();
    private final List<String> properties = new ArrayList<>();

    private UnpackedLibraries() {}

    /**
     * Writes what is packed, and tells the libraries' classes where it lies unless a user named another place.
     *
     * @throws IOException if the directory for temporary files does not take it
     */
    static UnpackedLibraries write() throws IOException {
        UnpackedLibraries unpacked = new UnpackedLibraries();
        if (LIBRARIES.stream().allMatch(TextModelFile::isPacked)) {
            try {
                unpacked.writeTo(Files.createTempDirectory("engram-text"));
            } catch (IOException e) {
                unpacked.close();
                throw e;
            }
        }
        return unpacked;
    }

    private void writeTo(Path directory) throws IOException {
        written.add(directory);
        for (TextModelFile library : LIBRARIES) {
            Path path = directory.resolve(library.fileName());
            written.addFirst(path);
            try (InputStream content = library.open()) {
                Files.copy(content, path);
            }
        }
        set("onnxruntime.native.path", directory);
        set("RUST_LIBRARY_PATH", directory.resolve(TextModelFile.TOKENIZER_LIBRARY.fileName()));
    }

    private void set(String property, Path path) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, path.toString());
            properties.add(property);
        }
    }

    /** Removes the files. Libraries that are loaded by now stay loaded. */
    @Override
    public void close() throws IOException {
        properties.forEach(System::clearProperty);
        for (Path path : written) {
            Files.deleteIfExists(path);
        }
    }
}
