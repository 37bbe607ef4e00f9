package engram.memory.transfer;

import static engram.memory.Memories.memory;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import engram.error.InvalidInput;
import engram.memory.EmbeddingVersion;
import engram.memory.Memories;
import engram.memory.Modality;
import engram.memory.Tier;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NdjsonTest {
    private static final String PLAIN =
            "{'id':'a','agent':'a1','kind':'state','time':'2026-01-01T12:00:00Z','tier':'STM','payload':{'state':{}},"
                    + "'surprise':0.0,'created':'2026-01-01T12:00:00Z'}";

    @Test
    void aFileOfTheFirstVersionIsRead() {
        String file = quoted("""
                {'format':'engram-memories','version':1,'space':'world','settings':{'tiers':{}},'encoders':{'state':'0-1'}}
                {'id':'a','agent':'a1','kind':'state','step':3,'time':'2026-01-01T12:00:00Z','tier':'LTM','payload':{'state':{'health':5.0}},'reduced':true,'tags':{'x':'ü'},'reward':1.5,'pinned':true,'importance':0.25,'surprise':0.5,'recalls':7,'lastRecalled':'2026-01-01T13:00:00Z','count':2,'derivedFrom':['b','c'],'created':'2026-01-01T12:30:00Z','encoder':{'modality':'state','version':4},'vector':'%s'}
                """.formatted("AACAPwAAAMAA" + "A".repeat(159) + "="))
                + quoted("{'end':{'memories':1,'sha256':'x'}}\n");
        MemoryReader reader = open(file);
        assertThat(reader.header().space()).isEqualTo("world");
        assertThat(reader.header().settings()).isEqualTo(Memories.json("{'tiers':{}}"));
        assertThat(reader.header().encoders()).containsEntry("state", "0-1");
        float[] vector = new float[32];
        vector[0] = 1;
        vector[1] = -2;
        assertThat(reader.next())
                .contains(new MemoryReader.Good(
                        0,
                        new TransferredMemory(
                                Transfers.numbered(memory("a")
                                        .step(3)
                                        .tier(Tier.LTM)
                                        .payload("{'state':{'health':5.0}}")
                                        .reduced(true)
                                        .tags("{'x':'ü'}")
                                        .reward(1.5)
                                        .pinned()
                                        .importance(0.25)
                                        .surprise(0.5)
                                        .recalls(7)
                                        .lastRecalled(Memories.NOON.plusSeconds(3_600))
                                        .count(2)
                                        .derivedFrom("b", "c")
                                        .created(Memories.NOON.plusSeconds(1_800))
                                        .build()),
                                new TransferredMemory.Vector(new EmbeddingVersion(Modality.STATE, 4), vector))));
        assertThat(reader.next()).isEmpty();
        assertThat(reader.ending().checksum()).isEqualTo(MemoryReader.Checksum.DIFFERS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'id':'a' | 'id':' ' | id",
                "'id':'a' | 'id':7 | id",
                "'kind':'state' | 'kind':'sate' | kind",
                "'tier':'STM' | 'teir':'STM' | teir",
                "'tier':'STM' | 'tier':'STN' | tier",
                "'tier':'STM' | 'tier':'STM','step':-1 | step",
                "'tier':'STM' | 'tier':'STM','count':0 | count",
                "'tier':'STM' | 'tier':'STM','reward':1e999 | reward",
                "'tier':'STM' | 'tier':'STM','importance':1.5 | importance",
                "'tier':'STM' | 'tier':'STM','pinned':1 | pinned",
                "'tier':'STM' | 'tier':'STM','tags':{'a':{}} | tags.a",
                "'tier':'STM' | 'tier':'STM','derivedFrom':['a',1] | derivedFrom[1]",
                "'tier':'STM' | 'tier':'STM','vector':'AAAA' | encoder.modality",
                "'tier':'STM' | 'tier':'STM','vector':'AAAA','encoder':{'modality':'text','version':0} | encoder.modality",
                "'tier':'STM' | 'tier':'STM','vector':'AAAA','encoder':{'modality':'state','version':-1} | encoder.version",
                "'tier':'STM' | 'tier':'STM','vector':'AAAA','encoder':{'modality':'state','version':0} | vector",
                "'tier':'STM' | 'tier':'STM','vector':'????','encoder':{'modality':'state','version':0} | vector",
                "'payload':{'state':{}} | 'payload':[] | payload",
                "'time':'2026-01-01T12:00:00Z' | 'time':'noon' | time",
                "'time':'2026-01-01T12:00:00Z' | 'time':null | time",
                "{'id':'a' | {'id':'a','id':'b' | ``",
                "'surprise':0.0 | 'surprise':NaN | ``",
            })
    void aBadItemIsNamedAndTheNextOneIsRead(String good, String bad, String field) {
        String line = PLAIN.replace(good, bad);
        assertThat(line).isNotEqualTo(PLAIN);
        List<MemoryReader.Item> items =
                read(quoted("{'format':'engram-memories','version':1}\n" + line + "\n" + PLAIN + "\n"));
        assertThat(items).hasSize(2);
        assertThat(items.getFirst()).isInstanceOfSatisfying(MemoryReader.Bad.class, item -> {
            assertThat(item.index()).isZero();
            assertThat(item.problem().field()).isEqualTo(field);
            assertThat(item.problem().message()).isNotBlank();
        });
        assertThat(items.getLast()).isInstanceOf(MemoryReader.Good.class);
    }

    @Test
    void everyChangeToAFileIsNoticed() {
        byte[] whole = written();
        assertThat(ending(whole)).isEqualTo(MemoryReader.Checksum.OK);
        int end = new String(whole, StandardCharsets.UTF_8).lastIndexOf("{\"end\"");
        for (int i = 0; i < end - 1; i++) {
            byte[] changed = whole.clone();
            changed[i] ^= 1;
            try {
                assertThat(ending(changed)).as("byte %d", i).isNotEqualTo(MemoryReader.Checksum.OK);
            } catch (InvalidInput e) {
                assertThat(i).as("a header that cannot be read").isLessThan(100);
            }
        }
        for (int length = end; length > end / 2; length -= 7) {
            byte[] torn = Arrays.copyOf(whole, length);
            assertThat(ending(torn)).isEqualTo(MemoryReader.Checksum.MISSING);
        }
    }

    @Test
    void aLineThatIsTooLongIsPassedOver() {
        String text = quoted("{'format':'engram-memories','version':1}\n"
                + PLAIN.replace("'state':{}", "'state':{'x':'" + "y".repeat(300_000) + "'}") + "\n" + PLAIN);
        try (MemoryReader reader = MemoryReader.open(stream(text), 100_000)) {
            assertThat(reader.next()).get().isInstanceOfSatisfying(MemoryReader.Bad.class, bad -> assertThat(
                            bad.problem().message())
                    .contains("100000 bytes"));
            assertThat(reader.next()).get().isInstanceOf(MemoryReader.Good.class);
        }
    }

    @Test
    void whatComesAfterTheEndIsNoMemory() {
        String text = new String(written(), StandardCharsets.UTF_8) + quoted(PLAIN) + "\n";
        List<MemoryReader.Item> items = read(text);
        assertThat(items.getLast()).isInstanceOfSatisfying(MemoryReader.Bad.class, bad -> assertThat(
                        bad.problem().message())
                .contains("after the last line"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | neither",
                "hello | neither",
                "[] | neither",
                "{} | neither",
                "{'memories':[]} | neither",
                "{'format':'other','version':1} | format: is engram-memories",
                "{'format':'engram-memories','version':2} | reads version 1",
                "{'format':'engram-memories'} | reads version 1",
                "{'format':'engram-memories', | no JSON object",
            })
    void whatIsNoExportIsRefused(String text, String message) {
        assertThatThrownBy(() -> open(quoted(text)))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining(message);
    }

    private static byte[] written() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (MemoryWriter writer = new MemoryWriter(out, new Header("world", null, new TreeMap<>()))) {
            for (String id : List.of("a", "b", "c")) {
                writer.write(new TransferredMemory(
                        memory(id).payload("{'state':{'health':1}}").build(), null));
            }
            writer.finish();
        }
        return out.toByteArray();
    }

    private static MemoryReader.Checksum ending(byte[] file) {
        try (MemoryReader reader = MemoryReader.open(new ByteArrayInputStream(file), MemoryReader.LONGEST_ITEM)) {
            Optional<MemoryReader.Item> item;
            do {
                item = reader.next();
            } while (item.isPresent());
            return reader.ending().checksum();
        }
    }

    private static List<MemoryReader.Item> read(String text) {
        List<MemoryReader.Item> items = new ArrayList<>();
        try (MemoryReader reader = open(text)) {
            for (Optional<MemoryReader.Item> item = reader.next(); item.isPresent(); item = reader.next()) {
                items.add(item.get());
            }
        }
        return items;
    }

    private static MemoryReader open(String text) {
        return MemoryReader.open(stream(text), MemoryReader.LONGEST_ITEM);
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String quoted(String text) {
        return text.replace('\'', '"');
    }
}
