"""Sums up turns of LearnerSpeed and learner_peer.py: learner_summary.py results.ndjson"""

import json
import statistics
import sys

ROWS = {
    "dqn": ("DQN on CartPole, steps/s", "Stable-Baselines3", "≥ 3", False),
    "sac": ("SAC on Pendulum, steps/s", "Stable-Baselines3", "≥ 2", False),
    "update": ("DQN update, 2×256, 64 rows, ms", "PyTorch", "≤ 0.5", True),
}


def main():
    turns = {}
    with open(sys.argv[1], encoding="utf-8") as lines:
        for line in lines:
            turn = json.loads(line)
            turns.setdefault(turn["what"], {}).setdefault(turn["who"], []).append(turn["figure"])
    print("| what | peer | Engram, each turn | peer, each turn | ratio of medians | target |")
    print("|---|---|---|---|---|---|")
    for what, (title, peer, target, small) in ROWS.items():
        if what in turns:
            ours, theirs = turns[what]["engram"], turns[what]["peer"]
            digits = 2 if small else 0
            print(
                f"| {title} | {peer} | " + ", ".join(f"{each:,.{digits}f}" for each in ours)
                + " | " + ", ".join(f"{each:,.{digits}f}" for each in theirs)
                + f" | {statistics.median(ours) / statistics.median(theirs):.2f} | {target} |"
            )


main()
