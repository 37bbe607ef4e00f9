package engram.api;

import engram.service.access.Keys;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A space of a service that asks for keys. It holds two memories of the agent ada and one of bob, with the ids ada-1,
 * ada-2 and bob-1.
 */
record KeyedSpace(Holder admin, String name, String path) {
    private static final AtomicInteger MADE = new AtomicInteger();

    static KeyedSpace make(Keys keys) {
        Holder admin = Holder.of(keys, "*:admin");
        String name = "keyed-" + MADE.incrementAndGet();
        KeyedSpace space = new KeyedSpace(admin, name, "/v1/spaces/" + name);
        admin.put(space.path(), "{}").statusCode(201);
        space.store("ada-1", "ada", 10);
        space.store("ada-2", "ada", 11);
        space.store("bob-1", "bob", 12);
        return space;
    }

    private void store(String id, String agent, int health) {
        admin.post(
                        path + "/memories",
                        "{\"id\":\"" + id + "\",\"agent\":\"" + agent + "\",\"step\":" + health
                                + ",\"state\":{\"health\":" + health + "}}")
                .statusCode(201);
    }
}
