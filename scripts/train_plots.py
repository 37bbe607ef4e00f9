"""Draws what a training was like, for train.py: FIGURES.json DIRECTORY. Needs matplotlib.

Where the logs of the agent are on this machine, the exact figures come from its TensorBoard events and its monitor file,
otherwise from what the run has told while it went on.
"""

import csv
import glob
import json
import struct
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402

BLUE, ORANGE, GREEN, GREY = "#2463a6", "#d9822b", "#2a8f5b", "#9aa5b1"
STAGES = {"update": "#2463a6", "sample": "#5b9bd5", "act": "#2a8f5b", "environment": "#d9822b", "store": "#b6992d", "evaluate": "#9aa5b1"}
NAMES = {
    "returnMean": "rollout/ep_rew_mean", "evaluationMean": "eval/mean_reward", "loss": "train/loss",
    "lossLocal": "train/loss_local", "lossMemory": "train/loss_memory", "wall": "wall",
}


def varint(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not data[at - 1] & 0x80:
            return value, at


def fields(data):
    """The fields of a protocol buffer's message: number and value."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        if key & 7 == 0:
            value, at = varint(data, at)
        elif key & 7 == 2:
            size, at = varint(data, at)
            value, at = data[at : at + size], at + size
        else:
            size = 8 if key & 7 == 1 else 4
            value, at = data[at : at + size], at + size
        yield key >> 3, value


def events(logs):
    """The scalars of TensorBoard's event files, by tag: (step, value). A later training overwrites the steps of an earlier."""
    found = {}
    for file in sorted(glob.glob(str(Path(logs) / "events.out.tfevents*"))):
        data, at = Path(file).read_bytes(), 0
        while at + 12 <= len(data):
            (size,) = struct.unpack_from("<Q", data, at)
            if at + 16 + size > len(data):
                break
            event = dict(fields(data[at + 12 : at + 12 + size]))
            at += 16 + size
            found.setdefault("wall", {})[event.get(2, 0)] = struct.unpack("<d", event[1])[0]
            for _, scalar in fields(event.get(5, b"")):
                value = dict(fields(scalar))
                found.setdefault(value[1].decode(), {})[event.get(2, 0)] = struct.unpack("<f", value[2])[0]
    return {tag: sorted(points.items()) for tag, points in found.items()}


def episodes(logs):
    """After how many steps each episode ended, and what it earned."""
    try:
        with open(Path(logs) / "engram.monitor.csv") as file:
            file.readline()
            rows = [(float(row["l"]), float(row["r"])) for row in csv.DictReader(file) if row["r"] != "r"]
    except (OSError, KeyError, ValueError, TypeError):
        return None
    return (np.cumsum([length for length, _ in rows]), np.array([each for _, each in rows])) if rows else None


def style(axes, title, ylabel):
    axes.set_title(title, loc="left", fontsize=12, fontweight="bold", pad=10)
    axes.set_ylabel(ylabel)
    axes.set_xlabel("steps")
    axes.xaxis.set_major_formatter(lambda x, _: f"{x / 1000:g}k" if x >= 1000 else f"{x:.0f}")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#e3e7eb", linewidth=0.8)
    axes.set_axisbelow(True)


def line(axes, points, color, label, **more):
    if points:
        axes.plot(*zip(*points), color=color, label=label, **more)


def legend(axes):
    # Matplotlib finds a place beside the points, but not beside a line across; what lies below must not be read through.
    axes.legend(loc="best", fontsize=9, frameon=True, framealpha=0.92, edgecolor="none")


def smooth(points, window):
    if len(points) < 2 * window:
        return points
    steps, values = np.array(points).T
    mean = np.convolve(values, np.ones(window) / window, "valid")
    return list(zip(steps[window - 1 :], mean))


def draw_return(axes, series, finished, threshold):
    style(axes, "Return", "sum of rewards of an episode")
    if finished is not None:
        axes.scatter(*finished, s=9, color=BLUE, alpha=0.25, linewidths=0, label="an episode", rasterized=True)
    line(axes, series.get("returnMean"), BLUE, "mean of 100 episodes, exploring", linewidth=2)
    line(axes, series.get("evaluationMean"), ORANGE, "evaluation, not exploring", linewidth=1.4, marker="o", markersize=6, markeredgecolor="white")
    if threshold is not None:
        axes.axhline(threshold, color=GREEN, linewidth=1.2, linestyle=(0, (5, 4)), label=f"solved at {threshold:g}")
    legend(axes)


def draw_loss(axes, series):
    style(axes, "Loss", "mean over updates")
    own, memory = series.get("lossLocal") or series.get("loss") or [], series.get("lossMemory")
    window = max(1, len(own) // 60)
    line(axes, own, BLUE, None, alpha=0.2, linewidth=0.8)
    line(axes, smooth(own, window), BLUE, "own experience", linewidth=1.8)
    if memory:
        line(axes, memory, ORANGE, None, alpha=0.2, linewidth=0.8)
        line(axes, smooth(memory, window), ORANGE, "shared memory", linewidth=1.8)
        legend(axes)
    values = [value for _, value in own if value > 0]
    if values and max(values) > 50 * np.median(values):
        axes.set_yscale("log")


def speeds(walls):
    """Steps per second, over some sixty stretches."""
    wanted = max(1, (walls[-1][0] - walls[0][0]) / 60) if walls else 0
    found, since = [], walls[0] if walls else None
    for step, wall in walls:
        if step - since[0] >= wanted and wall > since[1]:
            found.append(((step + since[0]) / 2, (step - since[0]) / (wall - since[1])))
            since = (step, wall)
    return found


def draw_speed(axes, series):
    style(axes, "Speed", "steps per second")
    found = speeds(series.get("wall", []))
    # Before it learns, an agent steps many times faster than it ever will again.
    learning = min((points[0][0] for name, points in series.items() if name.startswith("loss") and points), default=0)
    usual = [value for step, value in found if step > learning] or [value for _, value in found]
    line(axes, found, BLUE, None, linewidth=1.8)
    axes.set_ylim(0, 1.4 * float(np.percentile(usual, 95)) if usual else 1)
    axes.yaxis.set_major_formatter(lambda y, _: f"{y:,.0f}")


def draw_profile(axes, series):
    axes.set_title("Where the time goes", loc="left", fontsize=12, fontweight="bold", pad=10)
    shares = {stage: series[stage][-1][1] for stage in STAGES if series.get(stage)}
    shown = sorted(((share, stage) for stage, share in shares.items()), key=lambda each: each[0])
    axes.barh([stage for _, stage in shown], [share for share, _ in shown], color=[STAGES[stage] for _, stage in shown], height=0.62)
    for row, (share, _) in enumerate(shown):
        axes.text(share + 0.012, row, f"{share:.0%}" if share >= 0.005 else "<1%", va="center", fontsize=9, color="#444b53")
    axes.set_xlim(0, max([share for share, _ in shown], default=1) * 1.15)
    axes.xaxis.set_visible(False)
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.tick_params(length=0)


def main():
    figures, out = json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2])
    series = {name: [tuple(point) for point in points] for name, points in figures["history"].items()}
    series.update({stage: series.pop("time." + stage) for stage in STAGES if "time." + stage in series})
    finished = None
    if figures["logs"]:
        exact = events(figures["logs"])
        series.update({name: exact[tag] for name, tag in NAMES.items() if tag in exact})
        series.update({stage: exact["profile/" + stage] for stage in STAGES if "profile/" + stage in exact})
        finished = episodes(figures["logs"])
    plt.rcParams.update({"font.size": 10, "axes.edgecolor": "#7b8794", "axes.labelcolor": "#444b53", "xtick.color": "#444b53", "ytick.color": "#444b53"})
    sheet, axes = plt.subplots(2, 2, figsize=(13, 8), dpi=110, width_ratios=(3, 2), layout="constrained")
    sheet.get_layout_engine().set(w_pad=0.12, h_pad=0.15)
    sheet.suptitle(figures["title"], x=0.012, ha="left", fontsize=15, fontweight="bold", color="#1f2933")
    draw_return(axes[0][0], series, finished, figures["threshold"])
    draw_loss(axes[1][0], series)
    draw_speed(axes[0][1], series)
    draw_profile(axes[1][1], series)
    sheet.savefig(out / "training.png")
    single, alone = plt.subplots(figsize=(9, 5), dpi=110, layout="constrained")
    draw_return(alone, series, finished, figures["threshold"])
    alone.set_title(figures["title"], loc="left", fontsize=12, fontweight="bold", pad=10)
    single.savefig(out / "return.png")
    print(f"plots: {out / 'training.png'}, {out / 'return.png'}")


if __name__ == "__main__":
    main()
