package engram.feature;

import java.nio.charset.StandardCharsets;

/**
 * Where undeclared numbers go. Each name has a home slot, its hash modulo the number of slots. The names of one state
 * are placed in two rounds, both in name order: first every name whose home is still free takes it, then each of the
 * others takes the first free slot after its home, going round at the end. A name is therefore moved only when another
 * name of the same state has the same home.
 *
 * <p>Stored embeddings depend on this: a change needs a new {@link FeatureSchema#FORMAT_VERSION}.
 *
 * @param first the first slot for undeclared numbers
 * @param count how many there are, possibly 0
 */
record UndeclaredSlots(int first, int count) {
    /** FNV-1a of the UTF-8 bytes, 64 bits, finished by the mixer of MurmurHash3 so that the low bits are even. */
    static long hash(String name) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return hash ^ (hash >>> 33);
    }

    int home(String name) {
        return first + (int) Long.remainderUnsigned(hash(name), count);
    }

    /** The slots of distinct names in name order, at most {@link #count} of them; a name not at home was moved. */
    int[] place(String[] sortedNames) {
        int[] slots = new int[sortedNames.length];
        boolean[] taken = new boolean[count];
        boolean[] moved = new boolean[sortedNames.length];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = home(sortedNames[i]);
            moved[i] = taken[slots[i] - first];
            taken[slots[i] - first] = true;
        }
        for (int i = 0; i < slots.length; i++) {
            if (moved[i]) {
                int offset = slots[i] - first;
                while (taken[offset]) {
                    offset = offset + 1 == count ? 0 : offset + 1;
                }
                taken[offset] = true;
                slots[i] = first + offset;
            }
        }
        return slots;
    }
}
