package engram.replay;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which of the experiences held followed which: the next step of the same agent, from the very observation that the one
 * before led to. Not thread-safe.
 */
final class Successions {
    private static final int NONE = -1;

    private final RowLayout layout;
    private final Rows rows;
    private final int[] next;
    private final @Nullable Place[] places;
    private final Map<Place, Integer> slots = new HashMap<>();
    private final float[] former;
    private final float[] latter;

    Successions(RowLayout layout, Rows rows, int capacity) {
        this.layout = layout;
        this.rows = rows;
        this.next = new int[capacity];
        this.places = new @Nullable Place[capacity];
        this.former = new float[layout.width()];
        this.latter = new float[layout.width()];
        Arrays.fill(next, NONE);
    }

    /** Notes what is in a slot now, which was free. */
    void put(int slot, ExperienceWindow.Moment moment) {
        Long step = moment.step();
        if (step == null) {
            return;
        }
        Place place = new Place(moment.agent(), step);
        places[slot] = place;
        slots.put(place, slot);
        link(slots.get(place.before()), slot);
        link(slot, slots.get(place.after()));
    }

    private void link(@Nullable Integer before, @Nullable Integer after) {
        if (before == null || after == null) {
            return;
        }
        rows.copy(before, 0, former);
        rows.copy(after, 0, latter);
        int wide = layout.shape().observationWidth();
        boolean follows = former[layout.flags()] == RowLayout.ONE_STEP
                && Arrays.equals(former, layout.next(), layout.next() + wide, latter, 0, wide);
        if (follows) {
            next[before] = after;
        }
    }

    /** Forgets what is in a slot. */
    void remove(int slot) {
        Place place = places[slot];
        if (place != null) {
            places[slot] = null;
            slots.remove(place, slot);
            Integer before = slots.get(place.before());
            if (before != null && next[before] == slot) {
                next[before] = NONE;
            }
        }
        next[slot] = NONE;
    }

    /** Adds to a row of a batch, read from a slot, what followed. */
    void fold(int slot, SharedReplaySettings.Folding folding, Batch batch, int place) {
        int wide = layout.shape().observationWidth();
        int masked = layout.shape().maskWidth();
        double factor = 1;
        int after = next[slot];
        for (int steps = 1; steps < folding.steps() && after != NONE; steps++) {
            rows.copy(after, 0, latter);
            int flags = (int) latter[layout.flags()];
            if (flags >> 2 != 1) {
                return;
            }
            factor *= folding.discount();
            batch.rewards()[place] += (float) (factor * latter[layout.reward()]);
            System.arraycopy(latter, layout.next(), batch.nextObservations(), place * wide, wide);
            for (int i = 0; i < masked; i++) {
                batch.nextActionMasks()[place * masked + i] = latter[layout.mask() + i] != 0;
            }
            batch.terminated()[place] = (flags & 1) != 0;
            batch.truncated()[place] = (flags & 2) != 0;
            batch.steps()[place] = steps + 1;
            after = next[after];
        }
    }

    private record Place(String agent, long step) {
        Place before() {
            return new Place(agent, step - 1);
        }

        Place after() {
            return new Place(agent, step + 1);
        }
    }
}
