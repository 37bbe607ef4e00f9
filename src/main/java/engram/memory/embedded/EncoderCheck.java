package engram.memory.embedded;

import engram.encoder.EncoderFiles;
import engram.error.Damaged;
import engram.error.NotFound;
import engram.memory.EmbeddingVersion;
import engram.memory.Modality;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Compares the trained encoders of a space with their checksums. */
final class EncoderCheck {
    private EncoderCheck() {}

    /**
     * What is wrong with the encoders.
     *
     * @param directory of the space
     * @param active the versions that the space is embedded by
     */
    static List<String> findings(Path directory, Iterable<EmbeddingVersion> active) {
        List<String> findings = new ArrayList<>();
        EncoderFiles files = new EncoderFiles(directory.resolve("encoders"));
        for (int version : files.versions()) {
            try {
                files.load(version);
            } catch (Damaged e) {
                findings.add("encoder " + version + " is damaged: " + e.getMessage());
            } catch (NotFound e) {
                // It was removed since the directory was listed.
            }
        }
        for (EmbeddingVersion version : active) {
            // Version 0 has no files, and texts are embedded by a model that comes with the product.
            boolean trained = version.modality() == Modality.STATE && version.number() > 0;
            if (trained && !files.versions().contains(version.number())) {
                findings.add("encoder " + version.number() + ", which the space is embedded by, is missing");
            }
        }
        return findings;
    }
}
