package engram.memory.embedded;

import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReader;

/** The samples of the segments that are open, read when first asked for and forgotten with the segment. Thread-safe. */
final class VectorSamples {
    private final ConcurrentHashMap<Place, VectorSample> samples = new ConcurrentHashMap<>();

    VectorSample of(LeafReader segment, String field, FloatVectorValues values) throws IOException {
        IndexReader.CacheHelper lifetime = segment.getCoreCacheHelper();
        if (lifetime == null) {
            return VectorSample.of(values);
        }
        Place place = new Place(lifetime.getKey(), field);
        VectorSample known = samples.get(place);
        if (known != null) {
            return known;
        }
        VectorSample read = VectorSample.of(values);
        if (samples.putIfAbsent(place, read) == null) {
            lifetime.addClosedListener(_ -> samples.remove(place));
        }
        return read;
    }

    private record Place(IndexReader.CacheKey segment, String field) {}
}
