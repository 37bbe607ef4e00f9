package engram.api;

import com.oracle.svm.core.annotate.Alias;
import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import io.quarkus.arc.Arc;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import io.quarkus.smallrye.openapi.runtime.OpenApiDocumentHolder;
import io.quarkus.smallrye.openapi.runtime.OpenApiDocumentService;
import io.quarkus.smallrye.openapi.runtime.OpenApiRecorder;
import io.quarkus.smallrye.openapi.runtime.filter.AutoSecurityFilter;
import io.smallrye.openapi.runtime.io.Format;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A native binary reads its OpenAPI document when it is first asked for. Quarkus reads and writes it while the service
 * starts, which would take longer than all the rest of the start. The compiler of binaries reads this; a JVM never loads
 * it.
 */
final class DocumentInBinary {
    private static @Nullable Runnable preparation;

    private DocumentInBinary() {}

    static synchronized void later(Runnable prepare) {
        preparation = prepare;
    }

    static synchronized void now() {
        Runnable waiting = preparation;
        preparation = null;
        if (waiting != null) {
            waiting.run();
        }
    }
}

@TargetClass(OpenApiRecorder.class)
final class DocumentRecorder {
    @Substitute
    public void prepareDocument(
            AutoSecurityFilter security, Map<OpenApiFilter.RunStage, List<String>> filters, String name) {
        DocumentInBinary.later(() -> {
            Object service =
                    Arc.container().select(OpenApiDocumentService.class).get();
            ((Documents) service).prepareDocument(security, filters, name);
        });
    }
}

@TargetClass(OpenApiDocumentService.class)
final class Documents {
    @Alias
    @SuppressWarnings("NullAway.Init") // the class that this stands for has it
    private Map<String, OpenApiDocumentHolder> documentHolders;

    @Alias
    native void prepareDocument(
            AutoSecurityFilter security, Map<OpenApiFilter.RunStage, List<String>> filters, String name);

    @Substitute
    public byte[] getDocument(String name, Format format) {
        DocumentInBinary.now();
        OpenApiDocumentHolder document = documentHolders.get(name);
        if (document == null) {
            return new byte[0];
        }
        return format == Format.JSON ? document.getJsonDocument() : document.getYamlDocument();
    }
}
