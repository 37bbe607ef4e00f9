package engram.memory.redis;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Vectors as RediSearch takes them: little-endian numbers one after the other. */
final class Blobs {
    private Blobs() {}

    static byte[] write(float[] vector, RedisSettings.VectorType type) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        switch (type) {
            case FLOAT32 -> bytes.asFloatBuffer().put(vector);
            case FLOAT16 -> {
                for (float number : vector) {
                    bytes.putShort(Float.floatToFloat16(number));
                }
            }
        }
        return bytes.array();
    }

    static float[] read(byte[] blob, RedisSettings.VectorType type) {
        ByteBuffer bytes = ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN);
        float[] vector = new float[blob.length / type.bytes()];
        switch (type) {
            case FLOAT32 -> bytes.asFloatBuffer().get(vector);
            case FLOAT16 -> {
                for (int i = 0; i < vector.length; i++) {
                    vector[i] = Float.float16ToFloat(bytes.getShort());
                }
            }
        }
        return vector;
    }
}
