"""Checks that the gathering world is reproducible and that the committed recordings are what they claim."""

import gzip
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import gathering

HERE = Path(__file__).resolve().parent
RECORDINGS = HERE / "recordings"
NUMBERS = {
    "health": (0, 100),
    "energy": (0, 100),
    "resources": (0, 1000),
    "x_position": (-500, 500),
    "y_position": (-500, 500),
}
WORDS = {
    "agent_type": {"harvester", "explorer", "defender", "builder"},
    "status": {"idle", "active", "sleeping", "engaged"},
    "current_action": {"move", "gather", "attack", "defend", "build", "rest", "none"},
}


def content(name):
    return gzip.decompress((RECORDINGS / f"{name}.ndjson.gz").read_bytes())


def parsed(name):
    header, *records = [json.loads(text) for text in content(name).splitlines()]
    return header, records


class GatheringWorld(unittest.TestCase):
    def test_the_recorded_seed_gives_the_recorded_bytes(self):
        header, _ = parsed("gathering")
        again = gathering.lines(header["seed"], header["steps"], header["agents"], header["episodes"])
        self.assertEqual(content("gathering"), "".join(text + "\n" for text in again).encode())

    def test_another_process_and_hash_seed_give_the_same_file(self):
        with tempfile.TemporaryDirectory() as folder:
            files = []
            for hash_seed in ("1", "2"):
                path = Path(folder) / f"{hash_seed}.ndjson.gz"
                command = [sys.executable, str(HERE / "gathering.py"), "--seed", "11", "--steps", "40"]
                environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
                subprocess.run([*command, "--out", str(path)], check=True, env=environment, timeout=60)
                files.append(path.read_bytes())
            self.assertEqual(files[0], files[1])

    def test_another_seed_gives_another_episode(self):
        self.assertNotEqual(list(gathering.lines(1, 20, 4, 1))[1:], list(gathering.lines(2, 20, 4, 1))[1:])

    def test_every_state_fits_the_default_schema(self):
        header, records = parsed("gathering")
        self.assertEqual(header["records"], len(records))
        self.assertGreaterEqual(len(records), 10_000)
        seen = {name: set() for name in WORDS}
        for record in records:
            state = record["state"]
            for name, (low, high) in NUMBERS.items():
                self.assertTrue(low <= state[name] <= high, (name, state[name]))
            for name, values in WORDS.items():
                self.assertIn(state[name], values)
                seen[name].add(state[name])
            grid = state["perception"]["grid"]
            self.assertEqual([5] * 5, [len(row) for row in grid])
            self.assertTrue(all(0.0 <= value <= 1.0 for row in grid for value in row))
        self.assertEqual(WORDS, seen)


class Recordings(unittest.TestCase):
    def test_checksums_name_every_recording_and_hold(self):
        listed = dict(reversed(line.split("  ")) for line in (RECORDINGS / "SHA256SUMS").read_text().splitlines())
        self.assertEqual({path.name[:-3] for path in RECORDINGS.glob("*.gz")}, set(listed))
        for name, digest in listed.items():
            self.assertEqual(digest, hashlib.sha256(content(name.removesuffix(".ndjson"))).hexdigest(), name)

    def test_transitions_form_whole_episodes(self):
        names = sorted(path.name.removesuffix(".ndjson.gz") for path in RECORDINGS.glob("*-v*.gz"))
        self.assertEqual(5, len(names))
        for name in names:
            header, records = parsed(name)
            self.assertEqual(name, header["environment"])
            self.assertEqual(header["records"], len(records))
            self.assertTrue(2_000 <= len(records) <= 5_000, name)
            position = 0
            for episode, summary in enumerate(header["episodes"]):
                part = records[position : position + summary["steps"]]
                position += len(part)
                self.assertEqual(
                    [(episode, step) for step in range(len(part))], [(r["episode"], r["step"]) for r in part]
                )
                for now, then in zip(part, part[1:]):
                    self.assertEqual(now["nextObservation"], then["observation"])
                    self.assertFalse(now["terminated"] or now["truncated"])
                self.assertTrue(part[-1]["terminated"] or part[-1]["truncated"])
                self.assertAlmostEqual(summary["return"], sum(r["reward"] for r in part), places=4)
            self.assertEqual(len(records), position)


class AgentMemoryFiles(unittest.TestCase):
    def memories(self, name):
        document = json.loads((HERE / name).read_text())
        return [memory for agent in document["agents"].values() for memory in agent["memories"]]

    def test_the_good_file_has_every_type_and_tier(self):
        memories = self.memories("agentmemory.json")
        self.assertEqual(12, len(memories))
        self.assertEqual(12, len({memory["memory_id"] for memory in memories}))
        self.assertEqual({"state", "action", "interaction"}, {memory["type"] for memory in memories})
        self.assertEqual({"stm", "im", "ltm"}, {memory["metadata"]["current_tier"] for memory in memories})

    def test_the_broken_file_has_one_good_item_and_two_broken_ones(self):
        good, text_step, no_content = self.memories("agentmemory-broken.json")
        self.assertIsInstance(good["step_number"], int)
        self.assertIsInstance(text_step["step_number"], str)
        self.assertIsNone(no_content["content"])


if __name__ == "__main__":
    unittest.main()
