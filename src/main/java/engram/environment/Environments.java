package engram.environment;

import engram.error.NotFound;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The built-in environments, by the names they have in Gymnasium. */
public final class Environments {
    private static final List<Entry> ENTRIES = List.of(
            new Entry(CartPole.SPEC, CartPole::new),
            new Entry(Acrobot.SPEC, Acrobot::new),
            new Entry(MountainCar.SPEC, MountainCar::new),
            new Entry(MountainCarContinuous.SPEC, MountainCarContinuous::new),
            new Entry(Pendulum.SPEC, Pendulum::new));

    private Environments() {}

    /** All of them: names, spaces, time limits and reward thresholds. */
    public static List<EnvironmentSpec> specs() {
        return ENTRIES.stream().map(Entry::spec).toList();
    }

    /**
     * One of them.
     *
     * @throws NotFound if none has this name
     */
    public static EnvironmentSpec spec(String name) {
        return entry(name).spec();
    }

    /**
     * A new instance, with its time limit, as {@code gymnasium.make}. It is also {@link Savable}.
     *
     * @throws NotFound if none has this name
     */
    public static Environment make(String name) {
        return entry(name).maker().get();
    }

    /**
     * Several new instances that are stepped together, as {@code gymnasium.make_vec}.
     *
     * @param size how many, at least 1
     * @throws NotFound if none has this name
     */
    public static VectorEnvironment makeVector(String name, int size, AutoReset autoReset) {
        Entry entry = entry(name);
        List<Environment> members = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            members.add(entry.maker().get());
        }
        return VectorEnvironment.of(members, autoReset);
    }

    private static Entry entry(String name) {
        return ENTRIES.stream()
                .filter(entry -> entry.spec().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NotFound("environment", name));
    }

    private record Entry(EnvironmentSpec spec, Supplier<ClassicControl> maker) {}
}
