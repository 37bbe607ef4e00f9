package engram.memory.embedded;

import engram.error.Damaged;
import engram.memory.Appended;
import engram.memory.Tier;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The outcomes of an append as they are kept with its idempotency key. */
final class Outcomes {
    private static final String DUPLICATE = "";

    private Outcomes() {}

    static byte[] write(List<Appended.Outcome> outcomes) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream stream = new DataOutputStream(bytes)) {
            stream.writeInt(outcomes.size());
            for (Appended.Outcome outcome : outcomes) {
                stream.writeUTF(outcome.id());
                switch (outcome) {
                    case Appended.Stored stored -> {
                        stream.writeUTF(stored.tier().name());
                        stream.writeLong(stored.revision());
                    }
                    case Appended.Duplicate _ -> stream.writeUTF(DUPLICATE);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static List<Appended.Outcome> read(byte[] bytes) {
        try (DataInputStream stream = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int count = stream.readInt();
            List<Appended.Outcome> outcomes = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String id = stream.readUTF();
                String tier = stream.readUTF();
                outcomes.add(
                        tier.equals(DUPLICATE)
                                ? new Appended.Duplicate(id)
                                : new Appended.Stored(id, Tier.valueOf(tier), stream.readLong()));
            }
            return outcomes;
        } catch (IOException | IllegalArgumentException e) {
            throw new Damaged("the outcomes kept with an idempotency key cannot be read", e);
        }
    }
}
