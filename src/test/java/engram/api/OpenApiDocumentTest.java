package engram.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

@QuarkusTest
class OpenApiDocumentTest {
    private static final Path COMMITTED = Path.of("docs/openapi.yaml");

    /** With the environment variable ENGRAM_OPENAPI_WRITE the test writes the document instead of comparing it. */
    @Test
    void committedDocumentIsTheServedOne() throws IOException {
        String served = Api.get("/q/openapi").statusCode(200).extract().asString();
        if (System.getenv("ENGRAM_OPENAPI_WRITE") != null) {
            Files.writeString(COMMITTED, served);
        }
        assertThat(Files.readString(COMMITTED))
                .as("docs/openapi.yaml; ENGRAM_OPENAPI_WRITE=1 ./engram test -Dtest=OpenApiDocumentTest writes it anew")
                .isEqualTo(served);
    }

    @Test
    void everyOperationHasAnIdAndATag() {
        var document = Api.get("/q/openapi?format=json").extract().jsonPath();
        assertThat(document.<Object>getList("paths.values()*.values().flatten().findAll { it.operationId == null }"))
                .isEmpty();
        assertThat(document.getString("info.license.name")).isEqualTo("Apache-2.0");
    }
}
