package engram.api;

import static org.assertj.core.api.Assertions.assertThat;

import engram.DocumentedOperations;
import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AccessTableTest {
    /** A path that the table does not know would be refused to everybody: whoever adds one decides what it needs. */
    @Test
    void knowsEveryOperationOfTheDocument() throws IOException {
        Set<String> operations = DocumentedOperations.read();
        assertThat(operations).hasSizeGreaterThan(30).allSatisfy(operation -> assertThat(AccessTable.rule(operation))
                .as(operation)
                .isPresent());
    }
}
