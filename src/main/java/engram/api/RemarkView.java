package engram.api;

import engram.feature.Remark;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A remark on a state that was accepted. */
@Schema(name = "Remark", description = "Something in a state that was accepted, but not as one might expect")
record RemarkView(
        @Schema(
                required = true,
                enumeration = {"moved", "clipped", "unknown_category"},
                description = "moved: an undeclared number whose slot was taken sits in another one; clipped: a number"
                        + " outside its range counts as the nearest bound; unknown_category: a value that is not"
                        + " declared counts as none")
        String kind,

        @Schema(required = true, description = "The path of the field in the state")
        String field,

        @Schema(required = true, description = "The same in a sentence")
        String message) {

    static List<RemarkView> of(List<Remark> remarks) {
        return remarks.stream()
                .map(remark ->
                        new RemarkView(remark.kind().name().toLowerCase(Locale.ROOT), remark.field(), remark.message()))
                .toList();
    }
}
