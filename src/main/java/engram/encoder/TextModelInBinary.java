package engram.encoder;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.graalvm.nativeimage.hosted.Feature;
import org.graalvm.nativeimage.hosted.RuntimeResourceAccess;

/** Puts the files of the text model into a native binary in their packed form, half of their 54 MB. */
final class TextModelInBinary implements Feature {
    @Override
    public String getDescription() {
        return "Packs the text model";
    }

    @Override
    public void beforeAnalysis(BeforeAnalysisAccess access) {
        for (TextModelFile file : TextModelFile.values()) {
            try {
                RuntimeResourceAccess.addResource(TextModelFile.class.getModule(), file.packedPath(), file.pack());
            } catch (IOException e) {
                throw new UncheckedIOException(file.path(), e);
            }
        }
    }
}
