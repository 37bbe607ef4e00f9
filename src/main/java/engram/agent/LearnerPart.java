package engram.agent;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What a learner has learned, as the part of an agent's state that a policy can be read from. */
record LearnerPart(Supplier<LearnerState> state, Consumer<LearnerState> restore) implements StatePart {
    @Override
    public String name() {
        return "learner";
    }

    @Override
    public void write(DataOutput out) throws IOException {
        LearnerStateFormat.write(out, state.get());
    }

    @Override
    public void read(DataInput in) throws IOException {
        restore.accept(LearnerStateFormat.read(in));
    }
}
