package engram.memory;

import java.util.Locale;

/** What a memory is about. The JSON name is the constant's in lower case. */
public enum Kind {
    /** What an agent saw or was. */
    STATE,
    /** What an agent did, embedded by the action rules of {@code engram.feature}. */
    ACTION,
    /** What an agent had to do with another one. */
    INTERACTION,
    /** A transition: observation, action, reward, next observation, terminated, truncated. */
    EXPERIENCE,
    /** A text, embedded by the text encoder. */
    TEXT;

    /** The name in JSON and in filters, such as {@code state}. */
    public String jsonName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Which encoder a memory of this kind is embedded by. */
    public Modality modality() {
        return this == TEXT ? Modality.TEXT : Modality.STATE;
    }
}
