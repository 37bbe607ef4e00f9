package engram.memory.space;

import engram.encoder.EncoderFiles;
import engram.encoder.StoredEncoder;
import engram.error.Conflict;
import engram.error.Damaged;
import engram.error.NotFound;
import engram.error.PreconditionFailed;
import engram.error.Retriable;
import engram.memory.Documents;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The trained encoder versions of one space. Where one process has the data alone, they are files. Where replicas share
 * it, they are documents, and the files of each replica a copy that is compared with the documents before it is used.
 *
 * <p>A version {@code n} is the document {@code spaces/<space>/encoders/v<n>}, an archive with its checksum that is
 * written once and never changed. Beside it, {@code v<n>.digest} spares replicas that have a copy the reading of the
 * archive; it may be absent or wrong after a failure, and is written anew then. Thread-safe.
 */
final class EncoderLibrary {
    private static final System.Logger LOG = System.getLogger(EncoderLibrary.class.getName());
    private static final String DIGEST = ".digest";
    private static final Pattern VERSION = Pattern.compile("v([1-9][0-9]{0,8})");

    private final String space;
    private final EncoderFiles files;
    private final Optional<Documents> documents;
    private final Map<Integer, String> fingerprints = new ConcurrentHashMap<>();

    /** @param documents where replicas find each other's versions; empty where there are none */
    EncoderLibrary(String space, EncoderFiles files, Optional<Documents> documents) {
        this.space = space;
        this.files = files;
        this.documents = documents;
    }

    /** The numbers of the versions, ascending, damaged ones included. */
    List<Integer> versions() {
        if (documents.isEmpty()) {
            return files.versions();
        }
        String prefix = prefix(space) + "encoders/";
        return documents.get().names(prefix).stream()
                .map(name -> VERSION.matcher(name.substring(prefix.length())))
                .filter(Matcher::matches)
                .map(name -> Integer.valueOf(name.group(1)))
                .sorted()
                .toList();
    }

    /**
     * Reads a version, from another replica's document if this one has no intact copy.
     *
     * @throws NotFound if there is none of this number
     * @throws Damaged if it cannot be used
     */
    StoredEncoder load(int version) {
        if (documents.isEmpty()) {
            return files.load(version);
        }
        StoredEncoder encoder = loadShared(documents.get(), version);
        fingerprints.put(version, EncoderFiles.fingerprint(encoder));
        return encoder;
    }

    private StoredEncoder loadShared(Documents shared, int version) {
        Optional<String> digest = shared.get(name(version) + DIGEST)
                .map(document -> new String(document.content(), StandardCharsets.US_ASCII));
        if (digest.isPresent()) {
            try {
                if (files.digest(version).equals(digest.get())) {
                    return files.load(version);
                }
            } catch (NotFound e) {
                LOG.log(Level.DEBUG, "encoder {0} of space {1} is fetched", version, space);
            } catch (Damaged e) {
                LOG.log(
                        Level.WARNING,
                        "the copy of an encoder of space ''{0}'' is replaced: {1}",
                        space,
                        e.getMessage());
            }
        }
        byte[] archive = shared.get(name(version))
                .orElseThrow(() -> new NotFound("encoder version", Integer.toString(version)))
                .content();
        StoredEncoder encoder = EncoderFiles.ofArchive(version, archive, name(version));
        keep(version, archive);
        String right = EncoderFiles.digest(archive, name(version));
        if (!digest.equals(Optional.of(right))) {
            shared.put(name(version) + DIGEST, right.getBytes(StandardCharsets.US_ASCII), OptionalLong.empty());
        }
        return encoder;
    }

    /**
     * The SHA-256 of a version's weights: two encoders with the same one make the same vectors.
     *
     * @throws NotFound if there is none of this number
     * @throws Damaged if it cannot be used
     */
    String fingerprint(int version) {
        if (documents.isPresent()) {
            // Of what was loaded: the copy may be of a former space of this name.
            String known = fingerprints.get(version);
            return known == null ? EncoderFiles.fingerprint(load(version)) : known;
        }
        return files.fingerprint(version);
    }

    /**
     * Keeps a new version durably, for every replica.
     *
     * @throws Conflict if another replica has used its number
     */
    void save(StoredEncoder encoder) {
        if (documents.isEmpty()) {
            files.save(encoder);
            return;
        }
        byte[] archive = EncoderFiles.archive(encoder);
        String name = name(encoder.version());
        try {
            documents.get().put(name, archive, OptionalLong.of(0));
        } catch (PreconditionFailed e) {
            throw new Conflict("", "another replica has trained encoder " + encoder.version() + " meanwhile");
        }
        documents
                .get()
                .put(
                        name + DIGEST,
                        EncoderFiles.digest(archive, name).getBytes(StandardCharsets.US_ASCII),
                        OptionalLong.empty());
        keep(encoder.version(), archive);
    }

    /** Removes what is shared of a space that is gone or not there yet; without documents the store does all of it. */
    static void removeShared(String space, Optional<Documents> documents) {
        documents.ifPresent(shared -> shared.names(prefix(space)).forEach(shared::delete));
    }

    /** Removes this replica's copies. */
    void forgetCopies() {
        if (documents.isPresent()) {
            files.versions().forEach(files::delete);
        }
    }

    /** The copy is a convenience: a full disk does not keep a replica from working. */
    private void keep(int version, byte[] archive) {
        try {
            files.restore(version, archive, name(version));
        } catch (Retriable e) {
            LOG.log(Level.WARNING, "no copy of an encoder of space '" + space + "' is kept", e);
        }
    }

    private String name(int version) {
        return prefix(space) + "encoders/v" + version;
    }

    private static String prefix(String space) {
        return "spaces/" + space + "/";
    }
}
