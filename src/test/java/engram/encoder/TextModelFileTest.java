package engram.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TextModelFileTest {
    @ParameterizedTest
    @EnumSource
    void packsToLessThanTheFile(TextModelFile file) throws Exception {
        byte[] packed = file.pack();
        try (InputStream whole = file.open();
                InputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            byte[] content = whole.readAllBytes();
            assertThat(packed.length).isPositive().isLessThan(content.length * 9 / 10);
            assertThat(unpacked.readAllBytes()).isEqualTo(content);
        }
    }

    @Test
    void isNotPackedOnTheJvm() throws Exception {
        assertThat(TextModelFile.values()).noneMatch(TextModelFile::isPacked);
        try (UnpackedLibraries _ = UnpackedLibraries.write()) {
            assertThat(System.getProperty("onnxruntime.native.path")).isNull();
        }
    }
}
