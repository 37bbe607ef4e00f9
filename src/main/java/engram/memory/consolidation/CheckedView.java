package engram.memory.consolidation;

import engram.memory.Departure;
import engram.memory.EmbeddingVersion;
import engram.memory.Entry;
import engram.memory.Memory;
import engram.memory.Scan;
import engram.memory.Search;
import engram.memory.Update;
import engram.run.Progress;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * A view that asks whether to stop right before it writes, so that what was decided in one's turn is not done after it.
 * Only the removal of what a merged memory stands for is not stopped: it ends what was begun.
 */
final class CheckedView implements View {
    private final View view;
    private final Progress progress;

    CheckedView(View view, Progress progress) {
        this.view = view;
        this.progress = progress;
    }

    @Override
    public Scan.Page scan(Scan scan) {
        return view.scan(scan);
    }

    @Override
    public Map<String, Memory> get(Collection<String> ids) {
        return view.get(ids);
    }

    @Override
    public Map<String, float[]> vectors(Collection<String> ids, EmbeddingVersion version) {
        return view.vectors(ids, version);
    }

    @Override
    public List<Search.Hit> near(Memory memory, float[] vector, EmbeddingVersion version, double radius) {
        return view.near(memory, vector, version, radius);
    }

    @Override
    public void append(List<Entry> entries) {
        progress.checkCancelled();
        view.append(entries);
    }

    @Override
    public List<Update.Outcome> update(List<Update> updates) {
        progress.checkCancelled();
        return view.update(updates);
    }

    @Override
    public void delete(Collection<String> ids, Departure why) {
        if (why != Departure.MERGED) {
            progress.checkCancelled();
        }
        view.delete(ids, why);
    }
}
