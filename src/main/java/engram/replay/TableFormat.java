package engram.replay;

import engram.error.Damaged;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The bytes of a saved table, big-endian: the letters {@code ENGT}, the format version, 0 for a whole state or 1 for a
 * step; the settings; for a step the insertion number it begins at; the counters; a CRC-32C of all this. Then the number
 * of rows and each row, before it its slot and insertion number where these do not follow from its place; the priorities
 * of all rows, where they are kept; and another CRC-32C.
 */
final class TableFormat {
    private static final int MAGIC = 0x454e4754;
    private static final int VERSION = 1;

    private TableFormat() {}

    static void write(ComposedTable table, DataOutput out, boolean step, long since) throws IOException {
        if (since < 0 || since > table.inserted()) {
            throw new IllegalArgumentException(
                    "Only " + table.inserted() + " rows have been inserted, none since " + since + ".");
        }
        StateWriter writer = new StateWriter(out);
        writer.putInt(MAGIC).putInt(VERSION).putInt(step ? 1 : 0);
        SettingsFormat.write(writer, table.settings());
        writer.putLong(since)
                .putLong(table.inserted())
                .putLong(table.sampled())
                .putInt(table.size())
                .putLong(table.removalState())
                .putFloat(table.priorities().maximum())
                .putChecksum();
        writeRows(table, writer, since);
        if (table.priorities().kept()) {
            for (int place = 0; place < table.size(); place++) {
                writer.putFloat(table.priorities().value(table.slotAt(place)));
            }
        }
        writer.putChecksum();
    }

    static Table read(DataInput in) throws IOException {
        StateReader reader = new StateReader(in);
        Header header = Header.read(reader);
        if (header.step) {
            throw new Damaged("This is a step from one state of a replay table to the next, not a whole state.");
        }
        TableSettings settings = header.settings;
        ComposedTable table =
                new ComposedTable(settings, new HeapRows(RowLayout.of(settings.shape()), settings.capacity()));
        readRest(table, header, reader);
        return table;
    }

    static void readSince(ComposedTable table, DataInput in) throws IOException {
        StateReader reader = new StateReader(in);
        Header header = Header.read(reader);
        if (!header.step || !header.settings.equals(table.settings()) || header.since != table.inserted()) {
            throw new Damaged("This is no step of this replay table from its " + table.inserted() + "th insertion on.");
        }
        readRest(table, header, reader);
    }

    private static void writeRows(ComposedTable table, StateWriter writer, long since) throws IOException {
        int count = 0;
        for (int place = 0; place < table.size(); place++) {
            count += table.number(table.slotAt(place)) >= since ? 1 : 0;
        }
        writer.putInt(count);
        float[] row = new float[table.layout().width()];
        for (int place = 0; place < table.size(); place++) {
            int slot = table.slotAt(place);
            long number = table.number(slot);
            if (number < since) {
                continue;
            }
            if (!table.oldestFirst()) {
                writer.putInt(slot).putLong(number);
            }
            table.copy(slot, row);
            writer.putFloats(row, row.length);
        }
    }

    private static void readRest(ComposedTable table, Header header, StateReader reader) throws IOException {
        table.restoreCounters(header.inserted, header.sampled, header.size, header.removalState);
        int count = reader.getInt();
        if (count < 0 || count > header.size) {
            throw new Damaged("A saved replay table of " + header.size + " rows says that it has " + count + ".");
        }
        float[] row = new float[table.layout().width()];
        for (int i = 0; i < count; i++) {
            int slot = table.oldestFirst() ? table.slotAt(header.size - count + i) : reader.getInt();
            long number = table.oldestFirst() ? table.number(slot) : reader.getLong();
            if (slot < 0 || (slot >= header.size && !table.oldestFirst()) || number < header.since) {
                throw new Damaged("A saved replay table of " + header.size + " rows names row " + slot + ".");
            }
            reader.getFloats(row, row.length);
            table.restoreRow(slot, number, row);
        }
        Priorities priorities = table.priorities();
        priorities.restoring(header.maximum);
        if (priorities.kept()) {
            for (int place = 0; place < header.size; place++) {
                priorities.restore(table.slotAt(place), reader.getFloat());
            }
        }
        priorities.restored();
        reader.checkChecksum();
    }

    /** What is known before the first row. */
    private record Header(
            boolean step,
            TableSettings settings,
            long since,
            long inserted,
            long sampled,
            int size,
            long removalState,
            float maximum) {
        static Header read(StateReader reader) throws IOException {
            if (reader.getInt() != MAGIC) {
                throw new Damaged("These are not the bytes of a replay table.");
            }
            int version = reader.getInt();
            if (version != VERSION) {
                throw new Damaged(
                        "The replay table is saved in format " + version + "; this Engram reads " + VERSION + ".");
            }
            boolean step = reader.getInt() == 1;
            SettingsFormat.Raw settings = SettingsFormat.read(reader);
            long since = reader.getLong();
            long inserted = reader.getLong();
            long sampled = reader.getLong();
            int size = reader.getInt();
            long removalState = reader.getLong();
            float maximum = reader.getFloat();
            reader.checkChecksum();
            return new Header(step, settings.settings(), since, inserted, sampled, size, removalState, maximum);
        }
    }
}
