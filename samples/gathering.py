#!/usr/bin/env python3
"""A small multi-agent gathering world that speaks Engram's default feature schema.

Harvesters fill their bags at resource nodes and carry them home, explorers uncover the map, defenders
hunt the threats that prey on everybody, builders turn what was brought home into structures. Every
step of every agent is one line of JSON that can be sent to POST /v1/spaces/{space}/memories as it is:
the state before the action, the action with its outcome, and the reward.

The same seed gives the same bytes on every machine: the standard library's Mersenne Twister is drawn
through random() only, and the arithmetic is limited to operations that IEEE 754 rounds exactly (no
trigonometry), so neither the Python version nor the C library can shift a digit.

    python3 samples/gathering.py --seed 7 --steps 500 --agents 8 --out gathering.ndjson.gz
"""

import argparse
import gzip
import io
import json
import sys

from gathering_world import World

FORMAT_VERSION = 1


def line(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def lines(seed, steps, agents, episodes):
    """The whole recording, line by line: a header, then one memory per agent and step."""
    yield line(
        {
            "recording": "gathering",
            "formatVersion": FORMAT_VERSION,
            "seed": seed,
            "steps": steps,
            "agents": agents,
            "episodes": episodes,
            "records": steps * agents * episodes,
        }
    )
    for episode in range(episodes):
        world = World(seed, agents, episode, episode * steps)
        for _ in range(steps):
            for record in world.step():
                yield line(record)


def write(path, content):
    """Writes lines to a file, gzip when its name says so (without a time stamp), or to stdout for '-'."""
    if path == "-":
        for text in content:
            sys.stdout.write(text + "\n")
        return
    with open(path, "wb") as raw:
        if not path.endswith(".gz"):
            raw.writelines((text + "\n").encode() for text in content)
            return
        with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=raw, mtime=0) as packed:
            with io.BufferedWriter(packed, 1 << 20) as buffer:
                for text in content:
                    buffer.write((text + "\n").encode())


def positive(text):
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return value


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Record episodes of the gathering world as NDJSON.")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--steps", type=positive, default=500, help="steps per episode")
    parser.add_argument("--agents", type=positive, default=8)
    parser.add_argument("--episodes", type=positive, default=1)
    parser.add_argument("--out", default="-", help="file.ndjson, file.ndjson.gz or - for standard output")
    chosen = parser.parse_args(arguments)
    write(chosen.out, lines(chosen.seed, chosen.steps, chosen.agents, chosen.episodes))


if __name__ == "__main__":
    main()
