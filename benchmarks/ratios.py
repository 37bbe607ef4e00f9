"""The ratios of a run of the suite, and what has become worse since another run.

A time says as much about the machine as about Engram; two times of one run share their machine. So what is compared
between runs is ratios within each: Engram to a peer, with a filter to without, a million to a hundred thousand, eight
clients to one, busy to idle. Recall, a share of the exact answer, is compared as it is.

usage: ratios.py NEW.json OLD.json    prints every ratio of both; exit status 1 if one has become worse by more than its
                                      tolerance or is missing
"""

import json
import math
import sys
from pathlib import Path
from typing import NamedTuple

# How much worse a ratio may be before it counts: what the same program differs by from run to run on a shared machine.
MEDIANS, TAILS, BYTES = 0.3, 1.0, 0.1
SHARE = 0.01


class Ratio(NamedTuple):
    """higher says whether more is better; tolerance is a share of the old value, or a difference where absolute."""

    name: str
    value: float
    higher: bool = False
    tolerance: float = MEDIANS
    absolute: bool = False

    def worse_than(self, old):
        """Whether it is worse than it was by more than the tolerance."""
        if self.absolute:
            return (old.value - self.value if self.higher else self.value - old.value) > self.tolerance
        before, now = (old.value, self.value) if not self.higher else (1 / old.value, 1 / self.value)
        return now > before * (1 + self.tolerance)


def ratios(results):
    """All ratios of one run, by name; stages that were not measured have none."""
    found = []
    for stage, read in READERS.items():
        measured = results["measurements"].get(stage)
        if measured:
            found += read(measured["results"])
    return {ratio.name: ratio for ratio in found}


def compare(new, old):
    """Rows of a name, the old ratio, the new one, and what is wrong, empty where nothing is."""
    now, before = ratios(new), ratios(old)
    rows = []
    for name, ratio in before.items():
        found = now.get(name)
        wrong = "is missing" if found is None else "has become worse" if found.worse_than(ratio) else ""
        rows.append((name, ratio.value, found.value if found else None, wrong))
    return rows + [(name, None, ratio.value, "") for name, ratio in now.items() if name not in before]


def at_equal_recall(curve, recall):
    """The time of a library where it finds so much: between the two points around it, on a logarithmic scale of time.

    Beyond its best point there is no such time; its best point then stands for it, which favours the library.
    """
    points = sorted((point["recall"], point["p50"]) for point in curve)
    better = [point for point in points if point[0] >= recall]
    if not better:
        return points[-1][1]
    above = min(better, key=lambda point: point[1])
    below = max((point for point in points if point[0] < recall), default=None)
    if below is None or above[0] == below[0] or below[1] >= above[1]:
        return above[1]
    share = (recall - below[0]) / (above[0] - below[0])
    return math.exp(math.log(below[1]) * (1 - share) + math.log(above[1]) * share)


def curve(measured, engine):
    return [point for point in measured["curves"] if point["engine"] == engine]


def of_indexes(sets):
    found = []
    for measured in sets:
        where = f"{measured['set']}, {measured['vectors']:,}"
        own = next(point for point in curve(measured, "engram") if point["breadth"] == 0)
        found.append(Ratio(f"recall@10 in process ({where})", own["recall"], True, SHARE, True))
        for peer in ("hnswlib", "faiss HNSW"):
            found.append(Ratio(f"search to {peer} at equal recall ({where})",
                               own["p50"] / at_equal_recall(curve(measured, peer), own["recall"])))
        builds = measured["builds"]
        found.append(Ratio(f"index build rate to hnswlib ({where})",
                           builds["engram"]["perSecond"] / builds["hnswlib"]["perSecond"], True))
        shares = {point["share"]: point for point in measured["filtered"] if point["engine"] == "engram"}
        for share in (10, 1):
            found.append(Ratio(f"search with a filter of {share} % to without ({where})", shares[share]["p50"] / shares[100]["p50"]))
    return found


def one_client(point, share="100", k=10, clients=1):
    return next(recall for recall in point["recalls"]
                if (recall["share"], recall["k"], recall["clients"]) == (share, k, clients))


def of_service(stores):
    found = []
    for store in stores:
        for number, point in enumerate(store["milestones"]):
            where = f"{store['store']}, {point['memories']:,}"
            one, eight = one_client(point), one_client(point, clients=8)
            found.append(Ratio(f"recall@10 over HTTP ({where})", one["recall"], True, SHARE, True))
            found.append(Ratio(f"recall to a request without a search ({where})", one["p50"] / point["readingSettings"]["p50"]))
            found.append(Ratio(f"eight clients to one, recalls a second ({where})", eight["perSecond"] / one["perSecond"], True))
            for share in ("25", "10", "1"):
                found.append(Ratio(f"recall with a filter of {share} % to without ({where})",
                                   one_client(point, share)["p50"] / one["p50"]))
            mixed = point["whileIngesting"]
            found.append(Ratio(f"p99 while ingesting to idle ({where})", mixed["busy"]["p99"] / mixed["idle"]["p99"], False, TAILS))
            if number:
                before = store["milestones"][number - 1]
                found.append(Ratio(f"recall to that of {before['memories']:,} ({where})", one["p50"] / one_client(before)["p50"]))
    return found


def of_tiers(tiers):
    found = []
    first = {point["memories"]: point for point in tiers[0]["milestones"]}
    for tier in tiers:
        for number, point in enumerate(tier["milestones"]):
            where = f"{tier['tier']}, {point['memories']:,}"
            found.append(Ratio(f"recall@10 of a tier ({where})", point["recallAt10"], True, SHARE, True))
            if number:
                before = tier["milestones"][number - 1]
                found.append(Ratio(f"search to that of {before['memories']:,} ({where})",
                                   point["search"]["p50"] / before["search"]["p50"]))
            if tier is not tiers[0] and point["memories"] in first:
                other = first[point["memories"]]
                found.append(Ratio(f"search to STM ({where})", point["search"]["p50"] / other["search"]["p50"]))
                found.append(Ratio(f"bytes on disk to STM ({where})", disk(point) / disk(other), False, BYTES))
    return found


def disk(point):
    return point["recordBytes"] + point["indexBytes"]


def of_redis(measured):
    where = f"{measured['vectors']:,}"
    return [
        Ratio(f"search to raw FT.SEARCH ({where})", measured["recall"]["storeToRawMedianOfTurns"]),
        Ratio(f"writing to raw HSET ({where})", measured["ingest"]["storeToRawMedianOfTurns"], True),
        Ratio(f"recall@10 in Redis ({where})", measured["recall"]["store"]["recall"], True, SHARE, True),
    ]


def of_learning(measured):
    found = []
    for what, name, higher in (("dqn", "DQN steps a second to Stable-Baselines3", True),
                               ("sac", "SAC steps a second to Stable-Baselines3", True),
                               ("update", "time of a DQN update to PyTorch", False)):
        own, peer = ([turn["figure"] for turn in measured["turns"] if turn["what"] == what and turn["who"] == who]
                     for who in ("engram", "peer"))
        if own and peer:
            found.append(Ratio(name, median(own) / median(peer), higher))
    return found


def median(values):
    return sorted(values)[len(values) // 2]


READERS = {"indexes": of_indexes, "service": of_service, "tiers": of_tiers, "redis": of_redis, "learning": of_learning}


def main(arguments):
    if len(arguments) != 2:
        sys.exit(__doc__)
    new, old = (json.loads(Path(file).read_text()) for file in arguments)
    rows = compare(new, old)
    width = max((len(row[0]) for row in rows), default=0)
    for name, before, now, wrong in rows:
        print(f"{name:{width}}  {shown(before):>8}  {shown(now):>8}  {wrong}".rstrip())
    wrong = sum(1 for row in rows if row[3])
    print(f"{len(rows)} ratios, {wrong} worse or missing")
    return 1 if wrong else 0


def shown(value):
    return "–" if value is None else f"{value:.3f}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
