package engram.replay;

/** Transitions that can be told apart by the number they begin with, which grows by one a step. */
final class CountedTransitions {
    private CountedTransitions() {}

    static Transition single(float first, boolean terminated) {
        return Transition.of(new float[] {first, 1}, new float[] {0}, 1, new float[] {first + 1, 1}, terminated, false);
    }

    static Transition ofTwoSteps(float first) {
        Transition last = single(first + 1, false);
        return new Transition(
                new float[] {first, 1}, last.action(), 7, last.nextObservation(), false, false, 2, new boolean[0]);
    }
}
