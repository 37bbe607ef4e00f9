package engram.api;

import engram.error.TooLarge;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A body that fails with {@link TooLarge} once it turns out to be larger than allowed. */
final class LimitedInputStream extends FilterInputStream {
    private final long limit;
    private final String setting;
    private long count;

    LimitedInputStream(InputStream body, long limit, String setting) {
        super(body);
        this.limit = limit;
        this.setting = setting;
    }

    @Override
    public int read() throws IOException {
        int value = super.read();
        if (value >= 0) {
            count(1);
        }
        return value;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = super.read(bytes, offset, length);
        if (read > 0) {
            count(read);
        }
        return read;
    }

    @Override
    public long skip(long n) throws IOException {
        long skipped = super.skip(n);
        count(skipped);
        return skipped;
    }

    private void count(long bytes) {
        count += bytes;
        if (count > limit) {
            throw new TooLarge("", tooLarge(limit, setting));
        }
    }

    /** What to say of a body that is too large. */
    static String tooLarge(long limit, String setting) {
        return "the body is larger than the " + limit + " bytes that " + setting + " allows";
    }
}
