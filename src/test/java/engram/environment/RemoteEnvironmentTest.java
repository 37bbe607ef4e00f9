package engram.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import engram.error.Conflict;
import engram.error.InvalidInput;
import engram.error.Unavailable;
import engram.error.Unreachable;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A learner and an environment with frames between them, without a network. */
class RemoteEnvironmentTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @ParameterizedTest
    @ValueSource(strings = {"CartPole-v1", "MountainCarContinuous-v0"})
    void aRemoteEnvironmentIsTheSameAsALocalOne(String name) {
        Environment local = Environments.make(name);
        Loop loop = new Loop(EnvironmentSession.of(name, 1));
        try (RemoteEnvironment remote = new RemoteEnvironment(loop, SECOND, true)) {
            assertThat(remote.name()).isEqualTo(name);
            assertThat(remote.observations()).isEqualTo(local.observations());
            assertThat(remote.actions()).isEqualTo(local.actions());
            assertThatThrownBy(() -> remote.step(local.actions().sample(new SplittableRandom(1))))
                    .isInstanceOf(Conflict.class);
            SplittableRandom random = new SplittableRandom(1);
            for (int episode = 0; episode < 3; episode++) {
                Long seed = episode == 1 ? null : Long.valueOf(episode);
                assertThat(remote.reset(seed).observation())
                        .isEqualTo(local.reset(seed).observation());
                Step expected;
                do {
                    Action action = local.actions().sample(random);
                    expected = local.step(action);
                    assertThat(remote.step(action))
                            .usingRecursiveComparison()
                            .withEqualsForType(Float::equals, Float.class)
                            .withEqualsForType(Double::equals, Double.class)
                            .isEqualTo(expected);
                } while (!expected.finished());
            }
            assertThatThrownBy(() -> remote.step(Action.discrete(9)))
                    .isInstanceOf(InvalidInput.class)
                    .hasMessageStartingWith("action: ");
            assertThatThrownBy(() -> remote.reset(ResetOptions.at(1)))
                    .isInstanceOf(InvalidInput.class)
                    .hasMessageStartingWith("state: ");
        }
        assertThat(loop.session.isClosed()).isTrue();
        assertThat(loop.closed).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aRemoteVectorIsTheSameAsALocalOne(AutoReset mode) {
        VectorEnvironment local = Environments.makeVector("CartPole-v1", 3, mode);
        Loop loop = new Loop(EnvironmentSession.of("CartPole-v1", 3));
        try (RemoteVectorEnvironment remote = new RemoteVectorEnvironment(loop, SECOND, mode, false)) {
            assertThat(remote.size()).isEqualTo(3);
            assertThatThrownBy(() -> remote.step(new float[3])).isInstanceOf(Conflict.class);
            same(remote.reset(5L), local.reset(5L));
            SplittableRandom random = new SplittableRandom(1);
            float[] actions = new float[3];
            for (int i = 0; i < 300; i++) {
                for (int row = 0; row < 3; row++) {
                    actions[row] = random.nextInt(2);
                }
                same(remote.step(actions), local.step(actions));
            }
            assertThatThrownBy(() -> remote.step(new float[] {0, 0, 2}))
                    .isInstanceOf(InvalidInput.class)
                    .hasMessageStartingWith("actions[2]: ");
            same(remote.reset(null), local.reset(null));
        }
    }

    private static void same(VectorStep actual, VectorStep expected) {
        assertThat(actual.observations()).isEqualTo(expected.observations());
        assertThat(actual.rewards()).isEqualTo(expected.rewards());
        assertThat(actual.terminated()).isEqualTo(expected.terminated());
        assertThat(actual.truncated()).isEqualTo(expected.truncated());
        assertThat(actual.began()).isEqualTo(expected.began());
        assertThat(actual.finalObservations()).isEqualTo(expected.finalObservations());
    }

    @Test
    void masksComeAlwaysAndValuesOnDemand() {
        for (boolean withInfo : new boolean[] {false, true}) {
            Loop loop = new Loop(new EnvironmentSession(Environments.spec("CartPole-v1"), List.of(new Talkative())));
            RemoteEnvironment remote = new RemoteEnvironment(loop, SECOND, withInfo);
            Info info = remote.reset(1L).info();
            assertThat(info.actionMask()).containsExactly(true, false);
            assertThat(info.values()).isEqualTo(withInfo ? Map.of("lives", 3, "at", List.of(1, 2)) : Map.of());
        }
    }

    @Test
    void aLateAnswerIsNotTakenForThisOne() {
        Loop loop = new Loop(EnvironmentSession.of("CartPole-v1", 1));
        RemoteEnvironment remote = new RemoteEnvironment(loop, SECOND, false);
        remote.reset(1L);
        loop.lost = true;
        assertThatThrownBy(() -> remote.step(Action.discrete(1))).isInstanceOf(Unreachable.class);
        loop.lost = false;
        float[] first = remote.reset(1L).observation();
        assertThat(first).isEqualTo(Environments.make("CartPole-v1").reset(1L).observation());
    }

    @Test
    void nonsenseMeansUnavailableNeverTheCallersMistake() {
        Loop loop = new Loop(EnvironmentSession.of("CartPole-v1", 1));
        RemoteEnvironment remote = new RemoteEnvironment(loop, SECOND, true);
        List<UnaryOperator<ByteBuffer>> nonsense = List.of(
                _ -> ByteBuffer.allocate(3),
                answer -> reply(answer, new Message.Describe()),
                answer -> reply(answer, new Message.Close()),
                answer -> reply(
                        answer,
                        new Message.Answered(new byte[1], new double[1], new float[5], new boolean[0], List.of())),
                answer -> reply(
                        answer,
                        new Message.Answered(new byte[2], new double[2], new float[8], new boolean[0], List.of())),
                answer -> reply(
                        answer,
                        new Message.Answered(new byte[1], new double[1], new float[4], new boolean[3], List.of())),
                answer -> reply(
                        answer,
                        new Message.Answered(new byte[1], new double[1], new float[4], new boolean[0], List.of("[1"))),
                answer -> reply(answer, new Message.Failed(Message.Reason.UNAVAILABLE, 0, "", "busy")));
        for (UnaryOperator<ByteBuffer> change : nonsense) {
            loop.change = change;
            assertThatThrownBy(() -> remote.reset(1L)).isInstanceOf(Unavailable.class);
            loop.change = UnaryOperator.identity();
            remote.reset(1L);
        }
        assertThatThrownBy(
                        () -> new RemoteEnvironment(new Loop(EnvironmentSession.of("CartPole-v1", 2)), SECOND, false))
                .isInstanceOf(Unavailable.class);
    }

    @Test
    void aSessionRefusesAndDoesNothing() {
        EnvironmentSession session = EnvironmentSession.of("CartPole-v1", 2);
        refused(session, new Message.Begin(false, new byte[] {1}, new long[1]), Message.Reason.INVALID, "operations");
        refused(
                session,
                new Message.Begin(false, new byte[] {2, 2}, new long[] {1, -1}),
                Message.Reason.INVALID,
                "seeds[1]");
        refused(
                session,
                new Message.Advance(false, new byte[] {3, 3}, new float[2]),
                Message.Reason.CONFLICT,
                "operations[0]");
        session.answer(FrameWriter.write(1, new Message.Begin(false, new byte[] {2, 2}, new long[2])));
        refused(
                session,
                new Message.Advance(false, new byte[] {3, 3}, new float[4]),
                Message.Reason.INVALID,
                "actions");
        refused(
                session,
                new Message.Advance(false, new byte[] {3, 3}, new float[] {0, 5}),
                Message.Reason.INVALID,
                "actions[1]");
        refused(
                session,
                new Message.Advance(false, new byte[] {2, 3}, new float[2]),
                Message.Reason.INVALID,
                "operations[0]");
        session.answer(FrameWriter.write(1, new Message.Close()));
        refused(session, new Message.Describe(), Message.Reason.CONFLICT, "frame");
        assertThatThrownBy(() -> EnvironmentSession.of("CartPole-v1", 0)).isInstanceOf(InvalidInput.class);
    }

    private static void refused(EnvironmentSession session, Message request, Message.Reason reason, String field) {
        FrameReader.Frame answer = FrameReader.read(session.answer(FrameWriter.write(9, request)));
        assertThat(answer.sequence()).isEqualTo(9);
        assertThat(answer.message()).isInstanceOfSatisfying(Message.Failed.class, failed -> {
            assertThat(failed.reason()).isEqualTo(reason);
            assertThat(failed.field()).isEqualTo(field);
        });
    }

    /** Row 1 answers NaN once; its episode is cut off and the other goes on. */
    @Test
    void aRowThatAnswersNonsenseIsCutOffAlone() {
        Loop loop = new Loop(EnvironmentSession.of("Pendulum-v1", 2));
        RemoteVectorEnvironment remote = new RemoteVectorEnvironment(loop, SECOND, AutoReset.NEXT_STEP, false);
        remote.reset(1L);
        loop.change = answer -> {
            if (FrameReader.read(answer).message() instanceof Message.Answered good) {
                good.observations()[4] = Float.NaN;
                return reply(answer, good);
            }
            return answer;
        };
        VectorStep step = remote.step(new float[2]);
        assertThat(step.truncated()).containsExactly(false, true);
        assertThat(step.finalInfos()[1].faulty()).isTrue();
        assertThat(step.observations()[4]).isFinite();
        loop.change = UnaryOperator.identity();
        step = remote.step(new float[2]);
        assertThat(step.began()).containsExactly(false, true);
        assertThat(step.infos()[1].faulty()).isFalse();
    }

    @Test
    void aGuardConnectsAgain() {
        List<Loop> loops = new ArrayList<>();
        GuardedEnvironment guarded = new GuardedEnvironment(
                () -> {
                    loops.add(new Loop(EnvironmentSession.of("CartPole-v1", 1)));
                    return new RemoteEnvironment(loops.getLast(), Duration.ofMillis(50), false);
                },
                GuardSettings.defaults(),
                new SplittableRandom(1),
                Ticks.system());
        guarded.reset(1L);
        loops.getFirst().lost = true;
        assertThat(guarded.step(Action.discrete(1)).info().faulty()).isTrue();
        guarded.reset((Long) null);
        assertThat(guarded.step(Action.discrete(1)).finished()).isFalse();
        assertThat(loops).hasSize(2);
        guarded.close();
    }

    private static ByteBuffer reply(ByteBuffer answer, Message message) {
        return FrameWriter.write(FrameReader.read(answer).sequence(), message);
    }

    /** Both ends in one thread. */
    private static final class Loop implements Channel {
        private final EnvironmentSession session;
        private final Deque<ByteBuffer> answers = new ArrayDeque<>();
        private UnaryOperator<ByteBuffer> change = UnaryOperator.identity();
        private boolean lost;
        private boolean closed;

        Loop(EnvironmentSession session) {
            this.session = session;
        }

        @Override
        public void send(ByteBuffer frame) {
            answers.add(change.apply(session.answer(frame)));
        }

        @Override
        public ByteBuffer receive(Duration timeout) {
            ByteBuffer answer = lost ? null : answers.poll();
            if (answer == null) {
                throw new Unreachable("nothing came", timeout);
            }
            return answer;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    /** CartPole that has something to say. */
    private static final class Talkative implements Environment {
        private final Environment inner = Environments.make("CartPole-v1");

        @Override
        public ObservationSpace observations() {
            return inner.observations();
        }

        @Override
        public ActionSpace actions() {
            return inner.actions();
        }

        @Override
        public Reset reset(ResetOptions options) {
            Info info = new Info(new boolean[] {true, false}, Map.of("lives", 3, "at", List.of(1, 2)));
            return new Reset(inner.reset(options).observation(), info);
        }

        @Override
        public Step step(Action action) {
            return inner.step(action);
        }
    }
}
