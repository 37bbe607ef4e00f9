package engram.encoder;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** What the text model consists of. Jars keep it compressed by themselves; a native binary holds the packed form. */
enum TextModelFile {
    MODEL("all-minilm-l6-v2-q.onnx"),
    TOKENIZER("all-minilm-l6-v2-q-tokenizer.json"),
    RUNTIME("ai/onnxruntime/native/linux-" + (isArm() ? "aarch64" : "x64") + "/libonnxruntime.so"),
    RUNTIME_BINDING("ai/onnxruntime/native/linux-" + (isArm() ? "aarch64" : "x64") + "/libonnxruntime4j_jni.so"),
    TOKENIZER_LIBRARY("native/lib/linux-" + (isArm() ? "aarch64" : "x86_64") + "/cpu/libtokenizers.so");

    private static final int COPY_BYTES = 1 << 16;

    private final String path;

    TextModelFile(String path) {
        this.path = path;
    }

    /** The name without directories. */
    String fileName() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Where it lies on the class path, from its root. */
    String path() {
        return path;
    }

    /** Where its packed form lies. */
    String packedPath() {
        return path + ".gz";
    }

    boolean isPacked() {
        return resource(packedPath()) != null;
    }

    /** The file itself, from whichever form there is. */
    InputStream open() throws IOException {
        InputStream packed = resource(packedPath());
        return packed == null ? Objects.requireNonNull(resource(path), path) : new GZIPInputStream(packed, COPY_BYTES);
    }

    /** The packed form of the file, as small as this compression makes it. */
    byte[] pack() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (InputStream whole = open();
                GZIPOutputStream to = new GZIPOutputStream(packed, COPY_BYTES) {
                    {
                        def.setLevel(Deflater.BEST_COMPRESSION);
                    }
                }) {
            whole.transferTo(to);
        }
        return packed.toByteArray();
    }

    private static @Nullable InputStream resource(String path) {
        return TextModelFile.class.getResourceAsStream("/" + path);
    }

    private static boolean isArm() {
        return System.getProperty("os.arch", "").equals("aarch64");
    }
}
