package engram.feature;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UndeclaredSlotsTest {
    /** Computed apart from this code, by the Python function in docs/features.md. Stored embeddings depend on them. */
    @Test
    void hashesAreTheOnesThatStoredEmbeddingsWereMadeWith() {
        assertThat(UndeclaredSlots.hash("")).isEqualTo(0xefd01f60ba992926L);
        assertThat(UndeclaredSlots.hash("fuel")).isEqualTo(0xee172594788e46cL);
        assertThat(UndeclaredSlots.hash("a.0")).isEqualTo(0xd08ef30f580fd92fL);
        assertThat(UndeclaredSlots.hash("[0]")).isEqualTo(0x4d00759f279f9694L);
        assertThat(UndeclaredSlots.hash("température")).isEqualTo(0x97e16144f953f163L);
        assertThat(UndeclaredSlots.hash("🐝")).isEqualTo(0x8526a7af5262ca2bL);
    }

    @Test
    void homesAreTheRemainderOfTheUnsignedHash() {
        UndeclaredSlots slots = new UndeclaredSlots(276, 236);
        assertThat(slots.home("fuel")).isEqualTo(348);
        assertThat(slots.home("a.0")).isEqualTo(419);
        assertThat(slots.home("speed")).isEqualTo(276);
        assertThat(slots.home("noise")).isEqualTo(276);
    }

    @Test
    void theFirstNameKeepsTheHomeThatTwoShareAndNobodyElseIsMoved() {
        UndeclaredSlots slots = new UndeclaredSlots(276, 236);
        String neighbour = IntStream.range(0, 10_000)
                .mapToObj(i -> "x" + i)
                .filter(name -> slots.home(name) == 277)
                .findFirst()
                .orElseThrow();
        assertThat(slots.place(new String[] {"noise", "speed", neighbour})).containsExactly(276, 278, 277);
    }

    @Test
    void aFullRegionIsFilledToTheLastSlotGoingRoundAtTheEnd() {
        String[] names = IntStream.range(0, 7).mapToObj(i -> "n" + i).toArray(String[]::new);
        assertThat(new UndeclaredSlots(3, 7).place(names)).containsExactlyInAnyOrder(3, 4, 5, 6, 7, 8, 9);
    }
}
