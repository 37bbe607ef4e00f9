package engram.replay;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The experiences of a space that a learner holds here: the last that were put in, some of which may have gone since.
 * Thread-safe; every call is short, so that a learner never waits for a store.
 */
final class ExperienceWindow {
    private static final String NONE = "";
    private static final int TRIES = 32;
    private static final int RECENT_PART = 10;

    private final SharedReplaySettings settings;
    private final RowLayout layout;
    private final HeapRows rows;
    private final SumTree weights;
    private final String[] ids;
    private final long[] times;
    private final Map<String, Integer> slots = new HashMap<>();
    private final Map<String, Double> learned = new LinkedHashMap<>();
    private final RowDraws draws = new RowDraws();
    private final Successions successions;
    private final float[] row;
    private long inserted;

    ExperienceWindow(SharedReplaySettings settings, TransitionShape shape) {
        this.settings = settings;
        layout = RowLayout.of(shape);
        rows = new HeapRows(layout, settings.held());
        weights = new SumTree(settings.held());
        ids = new String[settings.held()];
        Arrays.fill(ids, NONE);
        times = new long[settings.held()];
        successions = new Successions(layout, rows, settings.held());
        row = new float[layout.width()];
    }

    /**
     * Takes in an experience, or the new priority of one that is there.
     *
     * @throws engram.error.InvalidInput if its widths are not those of the learner
     */
    synchronized void put(String id, Moment moment, Transition transition, double priority) {
        Integer held = slots.get(id);
        if (held != null) {
            weights.set(held, weight(priority));
            return;
        }
        layout.pack(
                row,
                transition.observation(),
                transition.action(),
                transition.reward(),
                transition.nextObservation(),
                transition.terminated(),
                transition.truncated(),
                transition.steps(),
                transition.nextActionMask());
        int slot = (int) (inserted % ids.length);
        clear(slot);
        rows.put(slot, inserted, row);
        ids[slot] = id;
        times[slot] = moment.time();
        slots.put(id, slot);
        successions.put(slot, moment);
        weights.set(slot, weight(priority));
        inserted++;
    }

    synchronized void remove(String id) {
        Integer slot = slots.get(id);
        if (slot != null) {
            clear(slot);
        }
    }

    synchronized boolean holds(String id) {
        return slots.containsKey(id);
    }

    /** Lets go what happened before a time in epoch milliseconds. */
    synchronized void expire(long before) {
        for (int slot = 0; slot < ids.length; slot++) {
            if (times[slot] < before) {
                clear(slot);
            }
        }
    }

    synchronized void clear() {
        for (int slot = 0; slot < ids.length; slot++) {
            clear(slot);
        }
    }

    synchronized int size() {
        return slots.size();
    }

    /** Fills a batch; false, and an untouched batch, where nothing is held. */
    synchronized boolean sample(Batch batch, int count, double beta, RandomGenerator random) {
        if (slots.isEmpty()) {
            return false;
        }
        batch.resize(count);
        if (settings.strategy() == SharedReplaySettings.Strategy.RECENT) {
            long among = Math.min(inserted, Math.max(1, ids.length / RECENT_PART));
            for (int i = 0; i < count; i++) {
                batch.positions()[i] = recent(among, random);
            }
            Arrays.fill(batch.weights(), 0, count, 1);
        } else {
            draws.byPriority(weights, batch, beta, random);
        }
        for (int i = 0; i < count; i++) {
            int slot = (int) batch.positions()[i];
            rows.read(slot, 0, batch, i);
            successions.fold(slot, settings.folding(), batch, i);
            batch.positions()[i] = position(slot);
        }
        return true;
    }

    /** Fills a batch with any single steps; false, and an untouched batch, where nothing is held. */
    synchronized boolean sampleSteps(Batch batch, int count, RandomGenerator random) {
        if (slots.isEmpty()) {
            return false;
        }
        batch.resize(count);
        for (int i = 0; i < count; i++) {
            int slot = recent(Math.min(inserted, ids.length), random);
            rows.read(slot, 0, batch, i);
            batch.positions()[i] = position(slot);
        }
        Arrays.fill(batch.weights(), 0, count, 1);
        return true;
    }

    /** Notes how much was learned from rows, here at once and for the space to be told. */
    synchronized void updatePriorities(long[] positions, float[] priorities, int count) {
        for (int i = 0; i < count; i++) {
            int slot = (int) positions[i];
            boolean there = slot >= 0 && slot < ids.length && !ids[slot].equals(NONE) && position(slot) == positions[i];
            if (there && priorities[i] >= 0 && Float.isFinite(priorities[i])) {
                weights.set(slot, weight(priorities[i]));
                learned.put(ids[slot], (double) priorities[i]);
            }
        }
    }

    /** Some of the priorities that the space has not been told yet; they count as told. */
    synchronized Map<String, Double> takeLearned(int most) {
        Map<String, Double> taken = new LinkedHashMap<>();
        var entries = learned.entrySet().iterator();
        while (entries.hasNext() && taken.size() < most) {
            Map.Entry<String, Double> entry = entries.next();
            taken.put(entry.getKey(), entry.getValue());
            entries.remove();
        }
        return taken;
    }

    /** Gives back what could not be told after all; what has been learned since is newer. */
    synchronized void giveBackLearned(Map<String, Double> taken) {
        taken.forEach((id, priority) -> {
            if (slots.containsKey(id)) {
                learned.putIfAbsent(id, priority);
            }
        });
    }

    private int recent(long among, RandomGenerator random) {
        for (int tried = 0; tried < TRIES; tried++) {
            int slot = (int) ((inserted - 1 - random.nextLong(among)) % ids.length);
            if (!ids[slot].equals(NONE)) {
                return slot;
            }
        }
        for (long number = inserted - 1; number >= 0 && number >= inserted - ids.length; number--) {
            int slot = (int) (number % ids.length);
            if (!ids[slot].equals(NONE)) {
                return slot;
            }
        }
        throw new IllegalStateException("Experiences are counted that are not held.");
    }

    private void clear(int slot) {
        if (!ids[slot].equals(NONE)) {
            slots.remove(ids[slot]);
            learned.remove(ids[slot]);
            ids[slot] = NONE;
            weights.set(slot, 0);
            successions.remove(slot);
        }
    }

    private long position(int slot) {
        long newest = inserted - 1;
        long number = newest - Math.floorMod(newest - slot, (long) ids.length);
        return number << 32 | slot;
    }

    /**
     * Where an experience belongs.
     *
     * @param agent who lived through it
     * @param step of that agent; null where none was told
     * @param time in milliseconds since 1970
     */
    record Moment(String agent, @Nullable Long step, long time) {}

    private float weight(double priority) {
        boolean prioritized = settings.strategy() == SharedReplaySettings.Strategy.PRIORITIZED;
        return prioritized ? (float) Math.pow(priority + 1e-6, settings.alpha()) : 1;
    }
}
