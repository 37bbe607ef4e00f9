package engram.memory.embedded;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets concurrent writers share transactions without a thread of its own. The first writer to arrive leads: it runs
 * what is waiting in one transaction, completes the others and, if more have arrived meanwhile, makes one of them the
 * next leader.
 *
 * @param <W> the work of a request
 */
final class GroupCommit<W> {
    private final int limit;
    private final Transactions<W> transactions;
    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Request<W>> waiting = new ArrayDeque<>();
    private boolean led;

    GroupCommit(int limit, Transactions<W> transactions) {
        this.limit = limit;
        this.transactions = transactions;
    }

    /** Runs a request; returns when it is on disk and published, or throws what made it fail. */
    void run(W work, boolean alone) {
        Request<W> request = new Request<>(work, alone, Thread.currentThread());
        boolean leads;
        lock.lock();
        try {
            waiting.add(request);
            leads = !led;
            led = true;
        } finally {
            lock.unlock();
        }
        if (leads || request.awaitTurn()) {
            lead(request);
        }
        RuntimeException failure = request.failure;
        if (failure != null) {
            throw failure;
        }
    }

    private void lead(Request<W> own) {
        try {
            while (!own.isDone()) {
                lead();
            }
        } finally {
            handOver();
        }
    }

    private void lead() {
        List<Request<W>> group = nextGroup();
        try {
            transactions.run(group);
        } catch (RuntimeException e) {
            failRest(group, e);
        } catch (Error e) {
            failRest(group, new IllegalStateException("a write request ended in an error", e));
            throw e;
        } finally {
            group.forEach(Request::complete);
        }
    }

    private static <W> void failRest(List<Request<W>> group, RuntimeException failure) {
        group.stream().filter(request -> !request.hasFailed()).forEach(request -> request.fail(failure));
    }

    private List<Request<W>> nextGroup() {
        List<Request<W>> group = new ArrayList<>();
        lock.lock();
        try {
            while (group.size() < limit && !waiting.isEmpty()) {
                boolean alone = waiting.element().alone;
                if (alone && !group.isEmpty()) {
                    break;
                }
                group.add(waiting.remove());
                if (alone) {
                    break;
                }
            }
        } finally {
            lock.unlock();
        }
        return group;
    }

    private void handOver() {
        Request<W> next;
        lock.lock();
        try {
            next = waiting.peek();
            led = next != null;
        } finally {
            lock.unlock();
        }
        if (next != null) {
            next.makeLeader();
        }
    }

    /** Runs a group of requests in one transaction. */
    interface Transactions<W> {
        /**
         * Runs and publishes the group. A request that fails alone gets its {@link Request#fail}; an exception fails
         * all that have not failed by themselves.
         */
        void run(List<Request<W>> group);
    }

    /** One writer's request. */
    static final class Request<W> {
        private final W work;
        private final boolean alone;
        private final Thread thread;
        private volatile State state = State.WAITING;
        private @Nullable RuntimeException failure;

        private Request(W work, boolean alone, Thread thread) {
            this.work = work;
            this.alone = alone;
            this.thread = thread;
        }

        W work() {
            return work;
        }

        void fail(RuntimeException cause) {
            failure = cause;
        }

        boolean hasFailed() {
            return failure != null;
        }

        private boolean isDone() {
            return state == State.DONE;
        }

        private void complete() {
            state = State.DONE;
            LockSupport.unpark(thread);
        }

        private void makeLeader() {
            state = State.LEADING;
            LockSupport.unpark(thread);
        }

        /** Waits until the request is done (false) or its thread is to lead (true). */
        private boolean awaitTurn() {
            boolean interrupted = false;
            while (state == State.WAITING) {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
            if (interrupted) {
                thread.interrupt();
            }
            return state == State.LEADING;
        }

        private enum State {
            WAITING,
            LEADING,
            DONE
        }
    }
}
