package engram.memory.transfer;

import engram.memory.EmbeddingVersion;
import engram.memory.Memory;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A memory as it travels.
 *
 * @param memory the memory; {@code revision} is 1 and {@code sequence} 0, for they belong to a store
 * @param vector the vector of its tier, null where none travels with it
 */
public record TransferredMemory(Memory memory, @Nullable Vector vector) {
    public TransferredMemory {
        Objects.requireNonNull(memory, "memory");
        if (vector != null
                && vector.numbers().length != memory.tier().resolution().dimensions()) {
            throw new IllegalArgumentException(
                    "a vector of " + vector.numbers().length + " numbers for a memory in " + memory.tier());
        }
    }

    /** A vector with the encoder version that made it. Equal to another one of the same version and numbers. */
    public static final class Vector {
        private final EmbeddingVersion version;
        private final float[] numbers;

        /**
         * @param version the version; whether the space it comes into has the same encoder under this number is for the
         *     importer to find out from {@link Header#encoders()}
         * @param numbers owned by this object from now on, not to be changed by anyone
         */
        public Vector(EmbeddingVersion version, float[] numbers) {
            this.version = Objects.requireNonNull(version, "version");
            this.numbers = numbers;
        }

        /** The encoder version. */
        public EmbeddingVersion version() {
            return version;
        }

        /** The numbers themselves, not a copy; not to be changed. */
        public float[] numbers() {
            return numbers;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Vector that && version.equals(that.version) && Arrays.equals(numbers, that.numbers);
        }

        @Override
        public int hashCode() {
            return 31 * version.hashCode() + Arrays.hashCode(numbers);
        }
    }
}
