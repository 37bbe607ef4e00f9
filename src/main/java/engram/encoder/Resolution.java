package engram.encoder;

/** The three widths of one embedding, widest first. Each belongs to a tier of memory. */
public enum Resolution {
    /** 384 numbers, the width of short-term memory. */
    FULL(384),
    /** 128 numbers, the width of intermediate memory; a linear map of {@link #FULL}. */
    COMPRESSED(128),
    /** 32 numbers, the width of long-term memory; a linear map of {@link #COMPRESSED}. */
    ABSTRACT(32);

    private final int dimensions;

    Resolution(int dimensions) {
        this.dimensions = dimensions;
    }

    /** How many numbers a vector of this resolution has. */
    public int dimensions() {
        return dimensions;
    }
}
