package engram.memory;

/** Why a memory leaves a store. */
public enum Departure {
    /** A client deleted it. */
    DELETED,
    /** Consolidation forgot it. */
    FORGOTTEN,
    /** It lives on in a merged memory. */
    MERGED
}
