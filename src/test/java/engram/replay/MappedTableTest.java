package engram.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import engram.error.Damaged;
import engram.error.StorageFull;
import engram.error.Unavailable;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedTableTest extends TableContract {
    private static final TransitionShape SHAPE = TransitionShape.of(4, 1);
    private static final AtomicInteger TABLES = new AtomicInteger();

    @TempDir
    Path directory;

    @Override
    protected Table create(TableSettings settings) {
        return Table.mapped(settings, directory.resolve("t" + TABLES.incrementAndGet()))
                .table();
    }

    @Test
    void isThereAgainAfterItWasClosed() {
        TableSettings settings = TableSettings.uniform(SHAPE, 1_000);
        int rows = random.nextInt(1, 5_000);
        try (Table table = Table.mapped(settings, directory).table()) {
            fill(table, 0, rows);
            table.sample(new Batch(SHAPE, 3), 3, 1, random);
        }
        Table.Opened opened = Table.mapped(settings, directory);
        Table table = opened.table();
        assertThat(opened.damagedBlocks()).isZero();
        assertThat(table.inserted()).as(what()).isEqualTo(rows);
        assertThat(table.sampled()).isEqualTo(3);
        assertNewest(table, rows, Math.min(rows, 1_000));
        fill(table, rows, 1_500);
        assertNewest(table, rows + 1_500, 1_000);
        assertThatThrownBy(() -> Table.mapped(settings, directory)).isInstanceOf(Unavailable.class);
        table.close();
        assertThatThrownBy(() -> Table.mapped(TableSettings.uniform(SHAPE, 2_000), directory))
                .isInstanceOf(Damaged.class);
        Table.mapped(settings, directory).table().close();
    }

    @Test
    void hasEverythingFlushedAfterItsProcessIsKilled() throws Exception {
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        long flushed = 0;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
            while (flushed < 3_000) {
                flushed = Long.parseLong(lines.readLine());
            }
            writer.destroyForcibly().waitFor();
        }
        try (Table table =
                Table.mapped(TableSettings.uniform(SHAPE, 1_000), directory).table()) {
            assertThat(table.inserted()).isGreaterThanOrEqualTo(flushed);
            assertNewest(table, (int) table.inserted(), 1_000);
        }
    }

    @Test
    void cutsADamagedTailAndSaysSo() throws IOException {
        TableSettings settings = TableSettings.uniform(SHAPE, 2_000);
        try (Table table = Table.mapped(settings, directory).table()) {
            fill(table, 0, 1_000);
        }
        Path file = directory.resolve("rows-000000");
        byte[] bytes = Files.readAllBytes(file);
        long block = 64 + 256L * RowLayout.of(SHAPE).width() * 4;
        bytes[(int) (4_096 + 3 * block + 64 + random.nextInt(200 * 44))] ^= 4;
        Files.write(file, bytes);
        Table.Opened opened = Table.mapped(settings, directory);
        assertThat(opened.damagedBlocks()).isEqualTo(1);
        assertThat(opened.table().inserted()).as(what()).isEqualTo(768);
        assertNewest(opened.table(), 768, 768);
        fill(opened.table(), 768, 500);
        opened.table().close();
        Table again = Table.mapped(settings, directory).table();
        assertNewest(again, 1_268, 1_268);
        again.close();
    }

    @Test
    void goesOnWithWhatItHasWhenTheDiskIsFull() throws IOException {
        TransitionShape wide = TransitionShape.of(8_000, 1);
        TableSettings settings = TableSettings.uniform(wide, 1_000);
        Table table = open(Table.mapped(settings, directory).table().settings());
        Path full = directory.resolve("t" + TABLES.get());
        float[] observation = new float[8_000];
        for (int i = 0; i < 256; i++) {
            table.insert(observation, new float[1], i, observation, false, false);
        }
        // A directory in the place of the file that comes next cannot be written, as on a full disk.
        Path next = full.resolve("rows-000001.new");
        Files.createDirectories(next.resolve("in-the-way"));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> table.insert(observation, new float[1], 9_999, observation, false, false))
                    .isInstanceOf(StorageFull.class);
        }
        assertThat(table.size()).isEqualTo(256);
        Batch batch = new Batch(wide, 64);
        table.sample(batch, 64, 1, random);
        for (float reward : batch.rewards()) {
            assertThat(reward).isLessThan(256);
        }
        Files.delete(next.resolve("in-the-way"));
        Files.delete(next);
        table.insert(observation, new float[1], 256, observation, false, false);
        assertThat(table.inserted()).isEqualTo(257);
    }

    @Test
    void removesTheOldestOnly() {
        TableSettings settings = TableSettings.uniform(SHAPE, 10).withRemover(new Remover.Uniform(1));
        assertThatThrownBy(() -> Table.mapped(settings, directory)).isInstanceOf(IllegalArgumentException.class);
    }

    static void fill(Table table, int from, int count) {
        for (int i = from; i < from + count; i++) {
            table.insert(new float[] {i, 1, 2, 3}, new float[] {i}, i, new float[] {i + 1, 1, 2, 3}, false, false);
        }
    }

    private void assertNewest(Table table, int end, int size) {
        assertThat(table.size()).as(what()).isEqualTo(size);
        Batch batch = new Batch(SHAPE, size);
        table.sampleSimilar(batch, size, new float[] {end, 1, 2, 3}, Integer.MAX_VALUE, random);
        for (int i = 0; i < size; i++) {
            int number = end - 1 - i;
            assertThat(List.of(batch.rewards()[i], batch.observations()[4 * i], batch.nextObservations()[4 * i]))
                    .as(what())
                    .isEqualTo(List.of((float) number, (float) number, number + 1f));
        }
    }

    /** Writes until it is killed, and says how much has been flushed. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] arguments) {
            Table table = Table.mapped(TableSettings.uniform(SHAPE, 1_000), Path.of(arguments[0]))
                    .table();
            for (int i = 0; ; i += 100) {
                fill(table, i, 100);
                table.flush();
                System.out.println(table.inserted());
            }
        }
    }
}
