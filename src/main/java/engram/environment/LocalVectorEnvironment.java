package engram.environment;

import engram.error.Conflict;
import engram.error.Damaged;
import engram.error.InvalidInput;
import engram.error.Unavailable;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Instances in this process, stepped one after the other. */
final class LocalVectorEnvironment implements VectorEnvironment, Savable {
    private static final byte FORMAT = 1;

    private final Environment[] members;
    private final AutoReset autoReset;
    private final ObservationSpace observations;
    private final ActionSpace actions;
    private final int width;
    private final VectorStep result;
    /** Which instances begin an episode in the next step. */
    private final boolean[] due;

    private @Nullable Unavailable lastAway;
    private boolean started;

    LocalVectorEnvironment(List<? extends Environment> members, AutoReset autoReset) {
        if (members.isEmpty()) {
            throw new InvalidInput("members", "is empty, but a vector needs at least one environment");
        }
        this.members = members.toArray(Environment[]::new);
        this.autoReset = autoReset;
        observations = members.getFirst().observations();
        actions = members.getFirst().actions();
        for (Environment member : members) {
            if (!member.observations().equals(observations) || !member.actions().equals(actions)) {
                throw new InvalidInput("members", "have different spaces");
            }
        }
        width = observations.width();
        result = new VectorStep(members.size(), width);
        due = new boolean[members.size()];
    }

    @Override
    public int size() {
        return members.length;
    }

    @Override
    public ObservationSpace observations() {
        return observations;
    }

    @Override
    public ActionSpace actions() {
        return actions;
    }

    @Override
    public AutoReset autoReset() {
        return autoReset;
    }

    @Override
    public VectorStep reset(@Nullable Long seed) {
        result.clear(true);
        for (int i = 0; i < members.length; i++) {
            begin(i, ResetOptions.of(seed == null ? null : Long.valueOf(seed + i)));
            due[i] = false;
        }
        started = true;
        return result;
    }

    @Override
    public VectorStep step(float[] actionsOfAll) {
        check(actionsOfAll);
        result.clear(false);
        int away = 0;
        for (int i = 0; i < members.length; i++) {
            if (due[i]) {
                result.began()[i] = true;
                due[i] = !began(i);
                away += due[i] ? 1 : 0;
            } else {
                advance(i, actionsOfAll);
                if (result.finished(i)) {
                    finish(i);
                }
            }
        }
        if (lastAway != null && away == members.length) {
            throw lastAway;
        }
        return result;
    }

    /** Begins an episode, unless the instance is away: then the others go on, and it is asked again in the next step. */
    private boolean began(int row) {
        try {
            begin(row, ResetOptions.continued());
            return true;
        } catch (Unavailable away) {
            lastAway = away;
            result.infos()[row] = Info.fault(String.valueOf(away.getMessage()));
            return false;
        }
    }

    private void check(float[] actionsOfAll) {
        VectorChecks.actions(actions, members.length, actionsOfAll, due);
        if (!started) {
            throw new Conflict("actions", "no episode is under way; reset first");
        }
    }

    private void begin(int row, ResetOptions options) {
        if (members[row] instanceof ClassicControl task) {
            task.begin(options);
            task.observe(result.observations(), row * width);
        } else {
            Reset reset = members[row].reset(options);
            System.arraycopy(reset.observation(), 0, result.observations(), row * width, width);
            result.infos()[row] = reset.info();
        }
    }

    private void advance(int row, float[] actionsOfAll) {
        int offset = row * actions.width();
        if (members[row] instanceof ClassicControl task) {
            task.advance(actionsOfAll, offset);
            task.observe(result.observations(), row * width);
            result.rewards()[row] = task.reward();
            result.terminated()[row] = task.terminated();
            result.truncated()[row] = task.truncated();
        } else {
            Step step = members[row].step(actions.unflatten(actionsOfAll, offset));
            System.arraycopy(step.observation(), 0, result.observations(), row * width, width);
            result.rewards()[row] = step.reward();
            result.terminated()[row] = step.terminated();
            result.truncated()[row] = step.truncated();
            result.infos()[row] = step.info();
        }
    }

    private void finish(int row) {
        result.keepFinal(row);
        due[row] = autoReset == AutoReset.NEXT_STEP || !began(row);
    }

    @Override
    public void close() {
        for (Environment member : members) {
            member.close();
        }
    }

    /** @throws Conflict if an instance is not {@link Savable} */
    @Override
    public void save(DataOutput output) throws IOException {
        output.writeByte(FORMAT);
        output.writeInt(members.length);
        output.writeBoolean(started);
        for (int i = 0; i < members.length; i++) {
            output.writeBoolean(due[i]);
            savable(i).save(output);
        }
    }

    /** The observations of the last step are not restored: whoever saves keeps the ones it needs. */
    @Override
    public void restore(DataInput input) throws IOException {
        if (input.readByte() != FORMAT || input.readInt() != members.length) {
            throw new Damaged("the saved state is not one of " + members.length + " environments in format " + FORMAT);
        }
        started = input.readBoolean();
        for (int i = 0; i < members.length; i++) {
            due[i] = input.readBoolean();
            savable(i).restore(input);
        }
    }

    private Savable savable(int row) {
        if (members[row] instanceof Savable savable) {
            return savable;
        }
        throw new Conflict("environment", members[row].getClass().getSimpleName() + " cannot be saved");
    }
}
