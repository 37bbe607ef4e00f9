package engram.memory;

import engram.error.StorageFull;
import engram.error.Unreachable;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Stores that fail on command, as ones on the other side of a network do. */
public final class FailingStores {
    private final MemoryStores stores;
    private final Map<MemoryStore, MemoryStore> wrapped = new ConcurrentHashMap<>();
    private final List<String> calls = new ArrayList<>();
    private volatile Mode mode = Mode.UP;
    private volatile int failures;

    public FailingStores(MemoryStores stores) {
        this.stores = stores;
    }

    /** What every call meets. */
    public enum Mode {
        UP,
        /** It is refused before anything happens. */
        REFUSED,
        /** It is carried out, and the answer is lost. */
        DEAF,
        /** It waits until it is interrupted. */
        PAUSED,
        /** There is no room. */
        FULL
    }

    /** Fails from now on. */
    public void become(Mode next) {
        mode = next;
        failures = Integer.MAX_VALUE;
    }

    /** Fails a number of times and is up again then. */
    public synchronized void fail(Mode next, int times) {
        mode = next;
        failures = times;
    }

    /** The names of the methods called since the last time this was asked. */
    public synchronized List<String> calls() {
        List<String> result = List.copyOf(calls);
        calls.clear();
        return result;
    }

    /** The stores. */
    public MemoryStores stores() {
        return wrap(MemoryStores.class, stores);
    }

    private <T> T wrap(Class<T> type, T real) {
        Object proxy = Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (itself, method, arguments) -> method.getName().equals("equals")
                        ? isSame(itself, Objects.requireNonNull(arguments)[0])
                        : call(real, method, arguments));
        return type.cast(proxy);
    }

    private @Nullable Object call(Object real, Method method, Object @Nullable [] arguments) throws Throwable {
        if (method.getDeclaringClass().equals(Object.class) || method.getName().equals("close")) {
            return invoke(real, method, arguments);
        }
        Mode now = next(method.getName());
        switch (now) {
            case UP, DEAF -> {}
            case REFUSED -> throw new Unreachable("refused", Duration.ofSeconds(1));
            case PAUSED -> pause();
            case FULL -> throw new StorageFull("full", new IOException("full"));
        }
        Object result = invoke(real, method, arguments);
        if (now == Mode.DEAF) {
            throw new Unreachable("reset", Duration.ofSeconds(1));
        }
        return result instanceof MemoryStore store
                ? wrapped.computeIfAbsent(store, opened -> wrap(MemoryStore.class, opened))
                : result;
    }

    @SuppressWarnings("ReferenceEquality") // It is what is asked.
    private static boolean isSame(Object one, Object other) {
        return one == other;
    }

    private synchronized Mode next(String method) {
        calls.add(method);
        if (mode == Mode.UP || failures == 0) {
            return Mode.UP;
        }
        failures--;
        return mode;
    }

    private static void pause() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unreachable("interrupted", Duration.ofSeconds(1), e);
        }
    }

    private static @Nullable Object invoke(Object real, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw Objects.requireNonNull(e.getCause());
        }
    }
}
