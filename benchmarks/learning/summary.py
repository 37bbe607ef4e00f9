"""Sums up lines of LearningStudy: python benchmarks/learning/summary.py results.ndjson

Per environment: the final mean return of every seed, how many reach the threshold, the interquartile mean over seeds
with a 95 % bootstrap interval (Agarwal et al., 2021), and the same of the best evaluation on the way.
"""

import json
import random
import sys

THRESHOLDS = {
    "CartPole-v1": 475,
    "Acrobot-v1": -85,
    "MountainCar-v0": -110,
    "Pendulum-v1": -180,
    "MountainCarContinuous-v0": 90,
}


def interquartile_mean(values):
    ordered = sorted(values)
    cut = len(ordered) / 4
    total = weight = 0.0
    for place, value in enumerate(ordered):
        share = max(0.0, min(place + 1, len(ordered) - cut) - max(place, cut))
        total += share * value
        weight += share
    return total / weight


def interval(values, draws=10_000):
    chance = random.Random(7)
    means = sorted(interquartile_mean(chance.choices(values, k=len(values))) for _ in range(draws))
    return means[int(0.025 * draws)], means[int(0.975 * draws)]


def main():
    by_environment = {}
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                if line.startswith("{"):
                    run = json.loads(line)
                    by_environment.setdefault(run["environment"], {})[run["seed"]] = run
    print("| task | steps | seeds | final mean of each seed | reach the threshold | interquartile mean (95 %) | best on the way | steps/s |")
    print("|---|---|---|---|---|---|---|---|")
    for name, runs in by_environment.items():
        finals = [run["mean"] for _, run in sorted(runs.items())]
        bests = [max(e["mean"] for e in run["evaluations"]) for run in runs.values()]
        threshold = THRESHOLDS.get(name, float("nan"))
        low, high = interval(finals)
        speeds = sorted(run["stepsPerSecond"] for run in runs.values())
        print(
            f"| {name} | {next(iter(runs.values()))['steps']:,} | {len(runs)} | "
            + ", ".join(f"{value:.0f}" for value in finals)
            + f" | {sum(value >= threshold for value in finals)} of {len(runs)} (≥ {threshold})"
            + f" | {interquartile_mean(finals):.1f} ({low:.1f} to {high:.1f})"
            + f" | {interquartile_mean(bests):.1f}"
            + f" | {speeds[len(speeds) // 2]:,.0f} |"
        )


if __name__ == "__main__":
    main()
