"""The store in Redis beside raw commands of redis-py: the same Redis, the same vectors, turn by turn in one run.

Ingest: what a program would write by hand (HSET of the vector and six fields, pipelined by a hundred, with an HNSW index
over them) against the store's append in batches of a hundred. Recall: FT.SEARCH with KNN 10 that returns the same
things, against the store's search, both with EF_RUNTIME 100; exact neighbours tell the recall of both.

usage: redis_peer.py HOME VECTORS WORK COMMAND...    VECTORS has the files of VectorExport, WORK is emptied, COMMAND runs
                                                    engram.benchmarks.store.StoreProcess; prints one JSON object
"""

import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy
import redis

from store_process import StoreProcess

DIMENSIONS = 384
TURN = 5_000
BATCH = 100
NEIGHBOURS = 10
BREADTH = 100


def main():
    home, directory, work, command = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:]
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    vectors = numpy.memmap(directory / "vectors.f32", dtype="<f4", mode="r").reshape(-1, DIMENSIONS)
    queries = numpy.fromfile(directory / "queries.f32", dtype="<f4").reshape(-1, DIMENSIONS)
    true = numpy.fromfile(directory / "neighbours-100.i32", dtype="<i4").reshape(len(queries), -1)[:, :NEIGHBOURS]
    port = free_port()
    engram = str(home / "engram")
    subprocess.run([engram, "redis", "start", f"--port={port}", f"--data-dir={work / 'redis'}"], check=True,
                   stdout=subprocess.DEVNULL)
    try:
        client = redis.Redis(port=port, protocol=2)
        store = StoreProcess([*command, f"redis://127.0.0.1:{port}", str(directory / "vectors.f32"),
                              str(directory / "queries.f32")])
        try:
            ingest = measure_ingest(client, store, vectors)
            recall = measure_recall(client, store, vectors, queries, true)
            memory = client.info("memory")["used_memory"]
        finally:
            store.close()
        print(json.dumps({**json.loads((directory / "set.json").read_text()),
                          "redis": client.info("server")["redis_version"], "ingest": ingest, "recall": recall,
                          "usedMemoryOfBoth": memory}))
    finally:
        subprocess.run([engram, "redis", "stop", f"--port={port}"], check=False, stdout=subprocess.DEVNULL)
        shutil.rmtree(work / "redis", ignore_errors=True)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def measure_ingest(client, store, vectors):
    client.execute_command(
        "FT.CREATE", "raw", "ON", "HASH", "PREFIX", 1, "raw:", "SCHEMA", "agent", "TAG", "kind", "TAG", "time", "NUMERIC",
        "step", "NUMERIC", "vector", "VECTOR", "HNSW", 12, "TYPE", "FLOAT32", "DIM", DIMENSIONS, "DISTANCE_METRIC", "L2",
        "M", 16, "EF_CONSTRUCTION", 200, "EF_RUNTIME", BREADTH)
    raw, own = [], []
    for first in range(0, len(vectors), TURN):
        last = min(len(vectors), first + TURN)
        turns = [lambda: raw.append(write_raw(client, vectors, first, last)),
                 lambda: own.append(store.seconds("ingest", first, last))]
        for turn in turns if first // TURN % 2 == 0 else reversed(turns):
            turn()
    # The first turn of each finds cold code.
    ratios = [r / o for r, o in zip(raw[1:] or raw, own[1:] or own)]
    return {"rawPerSecond": round(len(vectors) / sum(raw)), "storePerSecond": round(len(vectors) / sum(own)),
            "storeToRaw": round(sum(raw) / sum(own), 3), "storeToRawMedianOfTurns": round(statistics.median(ratios), 3)}


def write_raw(client, vectors, first, last):
    start = time.perf_counter()
    for begin in range(first, last, BATCH):
        pipeline = client.pipeline(transaction=False)
        for number in range(begin, min(last, begin + BATCH)):
            state = {"health": number % 100, "energy": number % 37, "resources": number % 1000,
                     "x_position": number % 501, "agent_type": "harvester"}
            pipeline.hset(f"raw:m{number}", mapping={
                "agent": f"agent-{number % 20}", "kind": "state", "time": number, "step": number,
                "payload": json.dumps({"state": state}), "vector": vectors[number].tobytes()})
        pipeline.execute()
    return time.perf_counter() - start


def measure_recall(client, store, vectors, queries, true):
    turns = 10
    each = len(queries) // turns
    for _ in range(2):
        search_raw(client, queries, 0, each)
        store.recall(0, len(queries), NEIGHBOURS)
    raw_times, own_times, raw_found, own_found = [], [], [], []
    for turn in range(turns):
        first = turn * each
        for which in ("raw", "own") if turn % 2 == 0 else ("own", "raw"):
            if which == "raw":
                times, found = search_raw(client, queries, first, first + each)
                raw_times.append(times)
                raw_found += found
            else:
                times, found = store.recall(first, first + each, NEIGHBOURS)
                own_times.append(times)
                own_found += found
    ratios = [statistics.median(own) / statistics.median(raw) for own, raw in zip(own_times, raw_times)]
    return {"raw": summary(raw_times, raw_found, vectors, queries, true),
            "store": summary(own_times, own_found, vectors, queries, true),
            "storeToRawMedianOfTurns": round(statistics.median(ratios), 3),
            "storeToRawMean": round(statistics.mean(sum(own_times, [])) / statistics.mean(sum(raw_times, [])), 3)}


def search_raw(client, queries, first, last):
    times, found = [], []
    for query in queries[first:last]:
        start = time.perf_counter()
        answer = client.execute_command(
            "FT.SEARCH", "raw", f"*=>[KNN {NEIGHBOURS} @vector $query EF_RUNTIME {BREADTH} AS distance]", "PARAMS", 2,
            "query", query.tobytes(), "SORTBY", "distance", "RETURN", 6, "distance", "agent", "kind", "time", "step",
            "payload", "LIMIT", 0, NEIGHBOURS, "DIALECT", 2)
        times.append((time.perf_counter() - start) * 1e3)
        found.append([int(key[5:]) for key in answer[1::2]])
    return times, found


def summary(times, found, vectors, queries, true):
    """Latency, and the share of what was found that is no farther away than the farthest true neighbour."""
    every = sorted(sum(times, []))
    kept = 0
    for query, rows, neighbours in zip(queries, found, true):
        limit = numpy.linalg.norm(vectors[neighbours] - query, axis=1).max() * (1 + 1e-6) + 1e-6
        kept += int((numpy.linalg.norm(vectors[numpy.array(rows)] - query, axis=1) <= limit).sum())
    return {"p50": round(every[len(every) // 2], 3), "p99": round(every[len(every) * 99 // 100], 3),
            "recall": round(kept / (len(found) * NEIGHBOURS), 4)}


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    main()
