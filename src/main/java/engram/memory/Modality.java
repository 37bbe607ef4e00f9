package engram.memory;

/** Which family of encoders a vector comes from. Vectors of different modalities are never compared. */
public enum Modality {
    /** Features of states, actions, interactions and experiences. */
    STATE,
    /** Sentences. */
    TEXT
}
