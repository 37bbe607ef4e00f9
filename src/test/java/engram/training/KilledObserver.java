package engram.training;

import java.nio.file.Files;
import java.nio.file.Path;

/** Teaches an agent from outside and says how much it was taught; is killed in the middle of it by a test. */
final class KilledObserver {
    private static final int TAUGHT_AT_ONCE = 7;
    private static final int SAVED_EVERY = 9;

    private KilledObserver() {}

    public static void main(String[] arguments) {
        Path directory = Path.of(arguments[0]);
        try (AgentLibrary library = Observations.library(directory)) {
            LiveAgent agent = Files.exists(directory.resolve(Observations.DEFINITION.id()))
                    ? library.get(Observations.DEFINITION.id())
                    : library.create(Observations.DEFINITION);
            for (int batch = 1; true; batch++) {
                long steps = agent.steps();
                agent.observe(Observations.life(steps, steps + TAUGHT_AT_ONCE));
                System.out.println(agent.steps() + ".");
                if (batch % SAVED_EVERY == 0) {
                    agent.save();
                }
            }
        }
    }
}
