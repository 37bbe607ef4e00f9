"""Engram's embedded store beside hnswlib, faiss and sqlite-vec, in one run on the same vectors, one processor for all.

Each library is built from the vectors that VectorExport has written, one after the other. Then the same queries go to all
of them in turns, one query at a time, so that what else the machine does falls on all. Every time has its recall beside it:
the share of what was found that is no farther away than the farthest true neighbour.

usage: index_peer.py VECTORS WORK BREADTHS COMMAND...    VECTORS has the files of VectorExport, WORK is emptied, BREADTHS
        are those of the store's searches (0 is its default), COMMAND runs engram.benchmarks.store.StoreProcess; prints one
        JSON object
"""

import json
import os
import shutil
import statistics
import sys
import time
from pathlib import Path

import apsw
import faiss
import hnswlib
import numpy
import sqlite_vec

from store_process import StoreProcess

DIMENSIONS = 384
TURN = 100
NEIGHBOURS = 10
BREADTHS = (16, 32, 64, 128, 256, 512)
SHARES = (100, 10, 1)
EXACT_SECONDS = 5


def main():
    directory, work, command = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[4:]
    # The default comes last, so that the store is open with it for what follows.
    store_breadths = sorted((int(breadth) for breadth in sys.argv[3].split(",")), reverse=True)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    faiss.omp_set_num_threads(1)
    measured = Measured(directory)
    store = StoreProcess([*command, str(work / "store"), str(directory / "vectors.f32"), str(directory / "queries.f32")])
    try:
        builds = {"engram": build_store(store, measured)}
        # M and efConstruction as in the libraries' own examples, and as Engram has them.
        peers = {"hnswlib": Hnswlib(16, 200), "faiss HNSW": Faiss(16, 200), "hnswlib, Engram's M and ef": Hnswlib(32, 150)}
        for name, peer in peers.items():
            builds[name] = build(peer, measured)
        exact = SqliteVec(work / "sqlite-vec.db")
        builds["sqlite-vec"] = build(exact, measured)
        answer = {
            **json.loads((directory / "set.json").read_text()),
            "builds": builds,
            "curves": curves(store, store_breadths, peers, measured),
            "neighbourCounts": neighbour_counts(store, measured),
            "filtered": filtered(store, peers["faiss HNSW"], measured),
            "exact": {"engine": "sqlite-vec", **exhaustive(exact, measured)},
            "store": store.resources(),
        }
    finally:
        store.close()
    print(json.dumps(answer))


class Measured:
    """The vectors, the queries and what is true of them."""

    def __init__(self, directory):
        self.vectors = numpy.memmap(directory / "vectors.f32", dtype="<f4", mode="r").reshape(-1, DIMENSIONS)
        self.queries = numpy.fromfile(directory / "queries.f32", dtype="<f4").reshape(-1, DIMENSIONS)
        self.neighbours = {
            share: numpy.fromfile(directory / f"neighbours-{share}.i32", dtype="<i4").reshape(len(self.queries), -1)
            for share in SHARES
        }

    def kept(self, number, found, neighbours, share=100):
        """How many of what was found are true neighbours, and how many there could be."""
        true = self.neighbours[share][number][:neighbours]
        true = true[true >= 0]
        limit = self.distances(number, true).max() * (1 + 1e-6) + 1e-6
        near = self.distances(number, found) <= limit if len(found) else numpy.zeros(0)
        return min(int(near.sum()), len(true)), len(true)

    def distances(self, number, rows):
        return numpy.linalg.norm(self.vectors[numpy.asarray(rows, dtype=numpy.int64)] - self.queries[number], axis=1)


class Hnswlib:
    def __init__(self, connections, beam):
        self.connections, self.beam = connections, beam

    def add(self, vectors):
        self.index = hnswlib.Index(space="l2", dim=DIMENSIONS)
        self.index.init_index(len(vectors), M=self.connections, ef_construction=self.beam, random_seed=7)
        self.index.set_num_threads(1)
        self.index.add_items(vectors, numpy.arange(len(vectors)), num_threads=1)

    def search(self, query, neighbours, breadth):
        self.index.set_ef(max(breadth, neighbours))
        start = time.perf_counter()
        found = self.index.knn_query(query, k=neighbours, num_threads=1)[0]
        return time.perf_counter() - start, found[0]


class Faiss:
    def __init__(self, connections, beam):
        self.index = faiss.IndexHNSWFlat(DIMENSIONS, connections)
        self.index.hnsw.efConstruction = beam

    def add(self, vectors):
        self.index.add(vectors)

    def search(self, query, neighbours, breadth, selector=None):
        settings = faiss.SearchParametersHNSW(efSearch=max(breadth, neighbours), sel=selector)
        start = time.perf_counter()
        found = self.index.search(query[None], neighbours, params=settings)[1][0]
        elapsed = time.perf_counter() - start
        return elapsed, found[found >= 0]


class SqliteVec:
    """Compares every vector: what a program gets from SQLite without an index."""

    def __init__(self, file):
        # Not Python's own SQLite, which many builds of Python forbid to load extensions.
        self.database = apsw.Connection(str(file))
        self.database.enable_load_extension(True)
        self.database.load_extension(sqlite_vec.loadable_path())
        self.database.execute(f"CREATE VIRTUAL TABLE memories USING vec0(vector float[{DIMENSIONS}])")

    def add(self, vectors):
        for first in range(0, len(vectors), 1_000):
            with self.database:
                self.database.executemany(
                    "INSERT INTO memories(rowid, vector) VALUES (?, ?)",
                    [(first + place, vector.tobytes()) for place, vector in enumerate(vectors[first:first + 1_000])])

    def search(self, query, neighbours, _):
        start = time.perf_counter()
        found = self.database.execute("SELECT rowid FROM memories WHERE vector MATCH ? AND k = ?",
                                      (query.tobytes(), neighbours)).fetchall()
        return time.perf_counter() - start, [row[0] for row in found]


def build_store(store, measured):
    store.ask("recall", 0, 1, 1, 100)
    used = store.seconds("processor")
    written = store.seconds("ingest", 0, len(measured.vectors))
    settled = store.seconds("settle")
    return rates(measured, written + settled, store.seconds("processor") - used,
                 durablePerSecond=len(measured.vectors) / written)


def build(peer, measured):
    vectors = numpy.array(measured.vectors)
    used, start = time.process_time(), time.perf_counter()
    peer.add(vectors)
    return rates(measured, time.perf_counter() - start, time.process_time() - used)


def rates(measured, seconds, processor, **more):
    return {"perSecond": len(measured.vectors) / seconds, "processorMicroseconds": processor / len(measured.vectors) * 1e6,
            **more}


def curves(store, store_breadths, peers, measured):
    """Every library at every breadth; each of the store's breadths is a round in which all others take part."""
    answers = {("engram", breadth): [] for breadth in store_breadths}
    answers.update({(name, breadth): [] for name in peers for breadth in BREADTHS})
    for own in store_breadths:
        open_with(store, own)
        warm(store, measured, NEIGHBOURS, queries=5_000)
        for first in range(0, len(measured.queries), TURN):
            last = min(len(measured.queries), first + TURN)
            answers["engram", own] += zip(range(first, last), *store.recall(first, last, NEIGHBOURS))
            for name, peer in peers.items():
                for breadth in BREADTHS:
                    answers[name, breadth] += [
                        (number, seconds * 1e3, found) for number in range(first, last)
                        for seconds, found in [peer.search(measured.queries[number], NEIGHBOURS, breadth)]]
    return [{"engine": engine, "breadth": breadth, **summary(found, measured, NEIGHBOURS)}
            for (engine, breadth), found in answers.items()]


def open_with(store, breadth):
    """Opens the store, and waits until its index has merged what it merges once nothing is written."""
    store.ask("breadth", breadth)
    store.ask("settle")


def neighbour_counts(store, measured):
    found = []
    for neighbours in (1, 10, 100):
        warm(store, measured, neighbours)
        answers = zip(range(len(measured.queries)), *store.recall(0, len(measured.queries), neighbours))
        found.append({"k": neighbours, **summary(list(answers), measured, neighbours)})
    return found


def filtered(store, peer, measured):
    found = []
    for share in SHARES:
        warm(store, measured, NEIGHBOURS, share)
        chosen = numpy.packbits(numpy.arange(len(measured.vectors)) % 100 < share, bitorder="little")
        selector = faiss.IDSelectorBitmap(chosen)
        own, other = [], []
        for first in range(0, len(measured.queries), TURN):
            last = min(len(measured.queries), first + TURN)
            own += zip(range(first, last), *store.recall(first, last, NEIGHBOURS, share))
            other += [(number, seconds * 1e3, rows) for number in range(first, last)
                      for seconds, rows in [peer.search(measured.queries[number], NEIGHBOURS, 64, selector)]]
        found.append({"engine": "engram", "share": share, **summary(own, measured, NEIGHBOURS, share)})
        found.append({"engine": "faiss HNSW", "share": share, **summary(other, measured, NEIGHBOURS, share)})
    return found


def warm(store, measured, neighbours, share=100, queries=1_500):
    """Lets the JVM compile; what is measured afterwards is what a process does that runs for more than seconds."""
    for _ in range(max(1, queries // len(measured.queries))):
        store.recall(0, len(measured.queries), neighbours, share)


def exhaustive(peer, measured):
    """As many queries as fit into some seconds."""
    answers, begun = [], time.perf_counter()
    for number, query in enumerate(measured.queries):
        seconds, found = peer.search(query, NEIGHBOURS, 0)
        answers.append((number, seconds * 1e3, found))
        if time.perf_counter() - begun > EXACT_SECONDS:
            break
    return summary(answers, measured, NEIGHBOURS)


def summary(answers, measured, neighbours, share=100):
    times = sorted(milliseconds for _, milliseconds, _ in answers)
    counted = {number: measured.kept(number, found, neighbours, share) for number, _, found in answers}
    kept, wanted = (sum(counts) for counts in zip(*counted.values()))
    return {"queries": len(answers), "p50": statistics.median(times), "mean": statistics.mean(times),
            "p99": times[min(len(times) - 1, len(times) * 99 // 100)], "recall": kept / wanted}


if __name__ == "__main__":
    main()
