"""Sums up lines of MemoryStudy: python benchmarks/learning/memory_summary.py results.ndjson

For every condition the interquartile mean of the steps to the threshold with a 95 % bootstrap interval, and the
interquartile mean of its ratio to the fresh learner of the same seed.
"""

import json
import sys

from summary import interquartile_mean, interval


def main():
    by_condition = {}
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                if line.startswith("{"):
                    run = json.loads(line)
                    by_condition.setdefault(run["condition"], {})[run["seed"]] = run
    fresh = by_condition["fresh"]
    print("| condition | seeds | reached | steps to the threshold (95 %) | ratio to fresh (95 %) | each seed |")
    print("|---|---|---|---|---|---|")
    for condition, runs in by_condition.items():
        steps = [run["stepsToThreshold"] for _, run in sorted(runs.items())]
        ratios = [run["stepsToThreshold"] / fresh[seed]["stepsToThreshold"] for seed, run in sorted(runs.items())]
        low, high = interval(steps)
        least, most = interval(ratios)
        print(
            f"| {condition} | {len(runs)} | {sum(run['reached'] for run in runs.values())}"
            f" | {interquartile_mean(steps):,.0f} ({low:,.0f} to {high:,.0f})"
            f" | {interquartile_mean(ratios):.2f} ({least:.2f} to {most:.2f})"
            f" | {', '.join(f'{value:,}' for value in steps)} |"
        )


main()
