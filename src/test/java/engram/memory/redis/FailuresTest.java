package engram.memory.redis;

import static org.assertj.core.api.Assertions.assertThat;

import engram.error.StorageFull;
import engram.error.Unavailable;
import engram.error.Unreachable;
import io.vertx.redis.client.impl.types.ErrorType;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailuresTest {
    /** Such a command may be sent again; whether it was carried out is not known. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "CONNECTION_CLOSED",
                "ERR [0] io.netty.channel.StacklessClosedChannelException",
                "LOADING Redis is loading the dataset in memory",
                "MASTERDOWN Link with MASTER is down"
            })
    void aConnectionThatClosesIsARedisThatIsAway(String message) {
        assertThat(Failures.of(ErrorType.create(message))).isInstanceOf(Unreachable.class);
    }

    @Test
    void tellsFailuresApart() {
        assertThat(Failures.of(new IOException("refused"))).isInstanceOf(Unreachable.class);
        assertThat(Failures.of(ErrorType.create("OOM command not allowed"))).isInstanceOf(StorageFull.class);
        assertThat(Failures.of(ErrorType.create("NOAUTH Authentication required.")))
                .isInstanceOf(Unavailable.class)
                .isNotInstanceOf(Unreachable.class);
        assertThat(Failures.of(ErrorType.create("ERR value is not an integer")))
                .isInstanceOf(IllegalStateException.class);
    }
}
