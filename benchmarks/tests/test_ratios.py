"""Tests of what compares two runs of the suite. Run with: python3 -m unittest discover benchmarks/tests"""

import copy
import json
import sys
import tempfile
import unittest
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import ratios  # noqa: E402
from ratios import Ratio  # noqa: E402


def point(engine, breadth, p50, recall):
    return {"engine": engine, "breadth": breadth, "p50": p50, "recall": recall}


def indexes():
    return {"set": "episodes", "vectors": 1_000, "curves": [
        point("engram", 0, 0.3, 0.99), point("engram", 320, 0.9, 1.0),
        point("hnswlib", 16, 0.1, 0.90), point("hnswlib", 64, 0.2, 0.99), point("hnswlib", 256, 0.4, 1.0),
        point("faiss HNSW", 16, 0.1, 0.90), point("faiss HNSW", 64, 0.4, 0.98)],
        "builds": {"engram": {"perSecond": 1_000}, "hnswlib": {"perSecond": 4_000}},
        "filtered": [{"engine": "engram", "share": share, "p50": p50} for share, p50 in ((100, 0.3), (10, 0.6), (1, 0.15))]}


def recall(p50, per_second, share="100", clients=1):
    return {"k": 10, "share": share, "clients": clients, "p50": p50, "perSecond": per_second, "recall": 0.99}


def milestone(memories, p50):
    return {"memories": memories, "readingSettings": {"p50": 0.25},
            "recalls": [recall(p50, 800), recall(2 * p50, 400, "25"), recall(p50, 700, "10"), recall(p50 / 2, 900, "1"),
                        recall(5 * p50, 1_600, clients=8)],
            "whileIngesting": {"idle": {"p99": 4.0}, "busy": {"p99": 10.0}}}


def run(**stages):
    return {"measurements": {name: {"results": results} for name, results in stages.items()}}


def whole():
    return run(indexes=[indexes()], service=[{"store": "embedded", "milestones": [milestone(100, 1.0), milestone(1_000, 1.5)]}])


class RatiosTest(unittest.TestCase):
    def test_a_peer_is_compared_at_equal_recall(self):
        found = ratios.ratios(whole())
        self.assertAlmostEqual(1.5, found["search to hnswlib at equal recall (episodes, 1,000)"].value)

    def test_between_two_points_time_grows_geometrically(self):
        curve = [point("x", 1, 0.1, 0.90), point("x", 2, 0.4, 0.98)]
        self.assertAlmostEqual(0.2, ratios.at_equal_recall(curve, 0.94))

    def test_a_peer_that_never_finds_so_much_counts_with_its_best(self):
        curve = [point("x", 1, 0.1, 0.90), point("x", 2, 0.4, 0.98)]
        self.assertEqual(0.4, ratios.at_equal_recall(curve, 0.995))

    def test_a_peer_that_always_finds_more_counts_with_its_fastest(self):
        curve = [point("x", 1, 0.1, 0.90), point("x", 2, 0.4, 0.98)]
        self.assertEqual(0.1, ratios.at_equal_recall(curve, 0.5))

    def test_ratios_within_a_run(self):
        found = {name: ratio.value for name, ratio in ratios.ratios(whole()).items()}
        self.assertAlmostEqual(2.5, found["p99 while ingesting to idle (embedded, 1,000)"])
        self.assertAlmostEqual(2.0, found["eight clients to one, recalls a second (embedded, 1,000)"])
        self.assertAlmostEqual(1.5, found["recall to that of 100 (embedded, 1,000)"])
        self.assertAlmostEqual(0.25, found["index build rate to hnswlib (episodes, 1,000)"])
        self.assertAlmostEqual(2.0, found["search with a filter of 10 % to without (episodes, 1,000)"])

    def test_tiers_are_compared_with_the_first_where_it_has_as_many(self):
        def tier(name, p50, size):
            return {"tier": name, "milestones": [{"memories": 10, "recallAt10": 1.0, "search": {"p50": p50},
                                                  "recordBytes": size, "indexBytes": size}]}
        found = ratios.ratios(run(tiers=[tier("STM", 1.0, 100), tier("LTM", 0.5, 20)]))
        self.assertAlmostEqual(0.5, found["search to STM (LTM, 10)"].value)
        self.assertAlmostEqual(0.2, found["bytes on disk to STM (LTM, 10)"].value)


class CompareTest(unittest.TestCase):
    def wrong(self, new, old):
        return {name: wrong for name, _, _, wrong in ratios.compare(new, old) if wrong}

    def test_the_same_run_is_no_worse(self):
        self.assertEqual({}, self.wrong(whole(), whole()))

    def test_a_machine_twice_as_slow_changes_nothing(self):
        slow = whole()
        for each in slow["measurements"]["indexes"]["results"][0]["curves"]:
            each["p50"] *= 2
        self.assertEqual({}, self.wrong(slow, whole()))

    def test_a_search_that_has_become_slower_than_its_peer_is_found(self):
        slow = whole()
        slow["measurements"]["indexes"]["results"][0]["curves"][0]["p50"] *= 1.5
        self.assertEqual({"search to hnswlib at equal recall (episodes, 1,000)": "has become worse",
                          "search to faiss HNSW at equal recall (episodes, 1,000)": "has become worse"},
                         self.wrong(slow, whole()))

    def test_lost_recall_is_found_although_times_are_equal(self):
        worse = whole()
        for each in worse["measurements"]["service"]["results"][0]["milestones"][1]["recalls"]:
            each["recall"] = 0.97
        self.assertEqual({"recall@10 over HTTP (embedded, 1,000)": "has become worse"}, self.wrong(worse, whole()))

    def test_a_stage_that_was_left_out_is_found(self):
        part = copy.deepcopy(whole())
        del part["measurements"]["service"]
        self.assertEqual({"is missing"}, set(self.wrong(part, whole()).values()))

    def test_what_is_new_is_not_wrong(self):
        rows = ratios.compare(whole(), run())
        self.assertTrue(rows)
        self.assertEqual({""}, {row[3] for row in rows})

    def test_more_is_worse_or_better_as_the_ratio_says(self):
        self.assertTrue(Ratio("x", 1.4).worse_than(Ratio("x", 1.0)))
        self.assertFalse(Ratio("x", 1.2).worse_than(Ratio("x", 1.0)))
        self.assertFalse(Ratio("x", 0.1).worse_than(Ratio("x", 1.0)))
        self.assertTrue(Ratio("x", 0.7, higher=True).worse_than(Ratio("x", 1.0, higher=True)))
        self.assertFalse(Ratio("x", 0.8, higher=True).worse_than(Ratio("x", 1.0, higher=True)))
        self.assertFalse(Ratio("x", 9.0, higher=True).worse_than(Ratio("x", 1.0, higher=True)))

    def test_the_exit_status_tells(self):
        slow = whole()
        slow["measurements"]["service"]["results"][0]["milestones"][0]["whileIngesting"]["busy"]["p99"] = 100
        with tempfile.TemporaryDirectory() as directory, redirect_stdout(StringIO()) as said:
            files = [Path(directory) / name for name in ("new.json", "old.json")]
            for file, content in zip(files, (slow, whole())):
                file.write_text(json.dumps(content))
            self.assertEqual(1, ratios.main([str(file) for file in files]))
            self.assertEqual(0, ratios.main([str(files[1]), str(files[1])]))
        self.assertIn("p99 while ingesting to idle (embedded, 100)", said.getvalue())
        self.assertIn("has become worse", said.getvalue())


if __name__ == "__main__":
    unittest.main()
