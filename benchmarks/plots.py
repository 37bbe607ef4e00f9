"""Draws the results of the suite. Needs matplotlib; report.py calls it."""

import math

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
from matplotlib.ticker import FuncFormatter  # noqa: E402

# The colours of Okabe and Ito, which people who see colours differently can tell apart; markers and dashes differ as well.
BLUE, ORANGE, GREEN, PURPLE, SKY, RED, GREY = "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#7F7F7F"
ENGINES = {
    "engram": ("Engram", BLUE, "o", "-"),
    "hnswlib": ("hnswlib, M 16, ef 200", ORANGE, "s", "-"),
    "hnswlib, Engram's M and ef": ("hnswlib, Engram's M and ef", ORANGE, "^", ":"),
    "faiss HNSW": ("faiss HNSW, M 16, ef 200", GREEN, "D", "-"),
    "sqlite-vec": ("sqlite-vec (exact)", PURPLE, "v", "-"),
}
TIERS = {"STM": (BLUE, "o"), "IM": (ORANGE, "s"), "LTM": (GREEN, "D")}
TARGET = {"color": RED, "linestyle": "--", "linewidth": 1.3}


def draw(results, directory):
    """Draws what was measured; returns the file names by subject."""
    plt.rcParams.update({"font.size": 10, "axes.grid": True, "grid.alpha": 0.3, "axes.axisbelow": True,
                         "axes.spines.top": False, "axes.spines.right": False, "figure.dpi": 110,
                         "axes.titlesize": 11, "legend.frameon": False, "legend.fontsize": 9})
    directory.mkdir(parents=True, exist_ok=True)
    drawn = {}
    for name, stage, plot in (("peers", "indexes", peers), ("builds", "indexes", builds), ("service", "service", growth),
                              ("percentiles", "service", percentiles), ("filters", "service", filters),
                              ("tiers", "tiers", tiers)):
        measured = results["measurements"].get(stage)
        if measured:
            figure = plot(measured["results"])
            file = directory / f"{results['profile']}-{name}.png"
            figure.savefig(file, bbox_inches="tight")
            plt.close(figure)
            drawn[name] = file.name
    return drawn


def peers(sets):
    """The time of one search against the share of true neighbours it finds, a line for each library."""
    figure, axes = plt.subplots(1, len(sets), figsize=(max(7, 5.2 * len(sets)), 4.6), squeeze=False)
    for axis, measured in zip(axes[0], sets):
        for engine, (label, colour, marker, dash) in ENGINES.items():
            points = sorted((quality(point["recall"]), point["p50"]) for point in measured["curves"] if point["engine"] == engine)
            if engine == measured["exact"]["engine"]:
                points = [(quality(measured["exact"]["recall"]), measured["exact"]["p50"])]
            if points:
                axis.plot(*zip(*points), color=colour, marker=marker, linestyle=dash, label=label, markersize=6)
            if engine == "hnswlib":
                axis.plot([recall for recall, _ in points], [1.5 * time for _, time in points],
                          label="target: 1.5 × hnswlib", **TARGET)
        default = next(point for point in measured["curves"] if point["engine"] == "engram" and point["breadth"] == 0)
        axis.annotate("default", (quality(default["recall"]), default["p50"]), textcoords="offset points", xytext=(-8, 8),
                      ha="right", color=BLUE)
        axis.set_xticks([quality(tick) for tick in (0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 1)],
                        ["0.5", "0.8", "0.9", "0.95", "0.98", "0.99", "0.995", "0.999", "1"])
        axis.axvline(quality(0.98), color=RED, linestyle=":", linewidth=1.3, label="target: recall@10 of 0.98")
        axis.set_xlim(quality(min(point["recall"] for point in measured["curves"])) - 0.15, quality(1) + 0.15)
        axis.set(yscale="log", xlabel="recall@10, stretched towards 1 (right is better)",
                 title=f"{measured['set'].capitalize()}: {measured['vectors']:,} × {measured['dimensions']}")
        axis.yaxis.set_major_formatter(FuncFormatter(plain))
        axis.yaxis.set_minor_formatter(FuncFormatter(lambda value, _: ""))
    axes[0][0].set_ylabel("median time of a search, ms, one thread\n(lower is better)")
    figure.legend(*axes[0][0].get_legend_handles_labels(), loc="upper center", bbox_to_anchor=(0.5, 0.0), ncols=3)
    figure.suptitle("Finding the ten nearest: time against quality", y=1.0)
    return figure


def quality(recall):
    """Where a recall lies on an axis on which each missed neighbour less is as wide as the halving before it."""
    return -math.log10(max(1 - recall, 0.0003))


def builds(sets):
    figure, axes = plt.subplots(1, len(sets), figsize=(max(7.5, 5.6 * len(sets)), 3), squeeze=False, sharey=True)
    for axis, measured in zip(axes[0], sets):
        names = [name for name in ENGINES if name in measured["builds"] and name != "sqlite-vec"]
        rates = [measured["builds"][name]["perSecond"] for name in names]
        bars = axis.barh([ENGINES[name][0] for name in names], rates, color=[ENGINES[name][1] for name in names], height=0.6)
        axis.bar_label(bars, labels=[f"{rate:,.0f}" for rate in rates], padding=3)
        axis.axvline(measured["builds"]["hnswlib"]["perSecond"], **TARGET)
        axis.margins(x=0.15)
        axis.invert_yaxis()
        axis.xaxis.set_major_formatter(FuncFormatter(plain))
        axis.set(xlabel="vectors a second, one processor", title=f"{measured['set'].capitalize()}, {measured['vectors']:,}")
        axis.grid(axis="y", visible=False)
    figure.suptitle("Building the index (Engram durably, until all is merged; dashed: the target)", y=1.04)
    return figure


def growth(stores):
    """Latency, throughput and writing of the service as the space grows."""
    figure, (latency, rate, writing) = plt.subplots(1, 3, figsize=(14, 4.8))
    every = {point["memories"] for store in stores for point in store["milestones"]}
    for store, (colour, marker) in zip(stores, ((BLUE, "o"), (ORANGE, "s"))):
        sizes = [point["memories"] for point in store["milestones"]]
        one = [recall_of(point) for point in store["milestones"]]
        for quantile, dash in (("p50", "-"), ("p99", ":")):
            latency.plot(sizes, [point[quantile] for point in one], color=colour, marker=marker, linestyle=dash,
                         label=f"{store['store']}, {quantile}")
        for size, point in zip(sizes, one):
            latency.annotate(f"recall@10\n{point['recall']:.3f}", (size, point["p50"]), textcoords="offset points",
                             xytext=(0, 7), ha="center", fontsize=8, color=colour)
        rate.plot(sizes, [recall_of(point, clients=8)["perSecond"] for point in store["milestones"]], color=colour, marker=marker,
                  label=f"{store['store']}, eight clients")
        rate.plot(sizes, [point["perSecond"] for point in one], color=colour, marker=marker, linestyle=":",
                  label=f"{store['store']}, one client")
        writing.plot(sizes, [point["ingestPerSecond"] for point in store["milestones"]], color=colour, marker=marker,
                     label=f"{store['store']}, batches")
        writing.plot(sizes, [point["singleWrites"]["perSecond"] for point in store["milestones"]], color=colour, marker=marker,
                     linestyle=":", label=f"{store['store']}, singles of 16 clients")
    for axis, values in ((latency, ((1, "target p50"), (5, "target p99"))), (rate, ((1_500, "target, eight clients"),)),
                         (writing, ((3_000, "target, batches"), (1_000, "target, singles")))):
        for value, label in values:
            target(axis, value, label)
        axis.margins(y=0.1)
        sizes_axis(axis, every)
        axis.set_xlabel("memories in the space")
        below(axis)
    latency.set(yscale="log", ylabel="ms", title="Recall over HTTP, k = 10, one client")
    latency.yaxis.set_major_formatter(FuncFormatter(plain))
    rate.set(ylabel="recalls a second", title="Recalls a second")
    writing.set(ylabel="memories a second", title="Writing, durable and indexed")
    for axis in (rate, writing):
        axis.set_ylim(bottom=0)
    figure.suptitle("The service on two cores, its client included", y=0.99)
    figure.tight_layout()
    return figure


def percentiles(stores):
    """The whole distribution at fixed rates, counted from when a request was due."""
    figure, axes = plt.subplots(1, len(stores), figsize=(max(8, 7 * len(stores)), 4.4), squeeze=False, sharey=True)
    for axis, store in zip(axes[0], stores):
        point = store["milestones"][-1]
        mixed = point["whileIngesting"]
        for label, measured, colour, dash in (
                ("alone", mixed["idle"], BLUE, "-"),
                (f"while {mixed['ingest']['wantedPerSecond'] * 32:,.0f} memories/s are written", mixed["busy"], ORANGE, "-"),
                ("alone, at half the greatest rate", point["halfRate"], GREEN, "--")):
            curve = [(1 / (1 - min(level, 99.999) / 100), value) for level, value in measured["curve"] if level < 100]
            axis.plot(*zip(*curve), color=colour, linestyle=dash, drawstyle="steps-post",
                      label=f"{label}: {measured['perSecond']:,.0f} recalls/s, p99 {measured['p99']:.1f} ms")
        axis.plot([50, 200], [3 * mixed["idle"]["p99"]] * 2, **{**TARGET, "linewidth": 2.5}, zorder=5,
                  label="target for the 99th percentile while memories are written: 3 × alone")
        axis.set(xscale="log", yscale="log", xlabel="percentile", title=f"{store['store']}, {point['memories']:,} memories")
        axis.set_xticks([1, 2, 10, 100, 1_000], ["0", "50", "90", "99", "99.9"])
        axis.minorticks_off()
        axis.yaxis.set_major_formatter(FuncFormatter(plain))
        axis.legend(loc="upper left", bbox_to_anchor=(0, -0.14))
    axes[0][0].set_ylabel("ms from when the request was due")
    figure.suptitle("Recall at a fixed rate over HTTP (corrected for coordinated omission)", y=1.0)
    return figure


def filters(stores):
    figure, axes = plt.subplots(1, len(stores), figsize=(max(7, 5.5 * len(stores)), 4), squeeze=False, sharey=True)
    shares = (("100", "every memory"), ("25", "25 %, one kind\nof agent"), ("10", "10 %"), ("1", "1 %"))
    for axis, store in zip(axes[0], stores):
        point = store["milestones"][-1]
        for offset, quantile, colour in ((-0.2, "p50", BLUE), (0.2, "p99", SKY)):
            found = [recall_of(point, share)[quantile] for share, _ in shares]
            bars = axis.bar([place + offset for place in range(len(shares))], found, 0.38, color=colour, label=quantile)
            axis.bar_label(bars, labels=[f"{value:.1f}" for value in found], padding=2, fontsize=9)
        labels = [f"{label}\nrecall@10 {recall_of(point, share)['recall']:.3f}" for share, label in shares]
        axis.set_xticks(range(len(shares)), labels)
        axis.grid(axis="x", visible=False)
        target(axis, 10, "target: p99 with a filter")
        axis.set_title(f"{store['store']}, {point['memories']:,} memories")
    axes[0][0].set_ylabel("ms over HTTP, one client")
    axes[0][0].legend()
    figure.suptitle("Recall with filters that select a share of the memories", y=1.0)
    return figure


def tiers(measured):
    """What a memory takes in each tier, and what searching it costs."""
    figure, (size, memory, time) = plt.subplots(1, 3, figsize=(14, 4.8))
    common = max(set.intersection(*({point["memories"] for point in tier["milestones"]} for tier in measured)))
    for tier in measured:
        colour, marker = TIERS[tier["tier"]]
        point = next(point for point in tier["milestones"] if point["memories"] == common)
        record, index = (point[part] / common for part in ("recordBytes", "indexBytes"))
        size.bar(tier["tier"], record, color=colour)
        size.bar(tier["tier"], index, bottom=record, color=colour, alpha=0.45, hatch="//", edgecolor="white")
        size.annotate(f"{record:,.0f} + {index:,.0f}", (tier["tier"], record + index), ha="center", va="bottom")
        sizes = [point["memories"] for point in tier["milestones"]]
        memory.plot(sizes, [point["heapAfterCollection"] / 2**20 for point in tier["milestones"]], color=colour, marker=marker,
                    label="heap after a collection")
        memory.plot(sizes, [point["resident"] / 2**20 for point in tier["milestones"]], color=colour, marker=marker,
                    linestyle=":", label="resident, mapped files included")
        time.plot(sizes, [point["search"]["p50"] for point in tier["milestones"]], color=colour, marker=marker,
                  label=tier["tier"])
        for at, point in zip(sizes, tier["milestones"]):
            time.annotate(f"{point['recallAt10']:.3f}", (at, point["search"]["p50"]), textcoords="offset points",
                          xytext=(5, 4), fontsize=8, color=colour)
    target(memory, 2_048, "target: heap")
    size.set(ylabel="bytes on disk a memory", title=f"Disk at {common:,} memories\n(solid: record, hatched: index)")
    size.grid(axis="x", visible=False)
    size.margins(y=0.12)
    memory.set(yscale="log", ylabel="MiB", title="Memory of the process", xlabel="memories")
    time.set(ylabel="ms", title="Search in process, k = 10\n(figures: recall@10)", xlabel="memories")
    time.set_ylim(0, 1.2 * max(point["search"]["p50"] for tier in measured for point in tier["milestones"]))
    for axis in (memory, time):
        sizes_axis(axis, {point["memories"] for tier in measured for point in tier["milestones"]})
    below(time, 3)
    lines, labels = memory.get_legend_handles_labels()
    below(memory, 1, lines[:2], labels[:2])
    memory.yaxis.set_major_formatter(FuncFormatter(plain))
    figure.suptitle("The embedded store by tier", y=0.99)
    figure.tight_layout()
    return figure


def recall_of(point, share="100", k=10, clients=1):
    return next(recall for recall in point["recalls"]
                if (recall["share"], recall["k"], recall["clients"]) == (share, k, clients))


def target(axis, value, label):
    axis.axhline(value, **TARGET)
    axis.annotate(label, (1, value), xycoords=("axes fraction", "data"), textcoords="offset points", xytext=(0, 3),
                  ha="right", color=RED, fontsize=8, bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5, "alpha": 0.8})


def sizes_axis(axis, sizes):
    """A logarithmic axis of numbers of memories that names those that were measured."""
    axis.set_xscale("log")
    axis.minorticks_off()
    axis.set_xticks(sorted(sizes), [short(size) for size in sorted(sizes)])
    axis.set_xlim(min(sizes) / 1.4, max(sizes) * 1.4)


def short(size):
    return f"{size / 1e6:g}M" if size >= 1_000_000 else f"{size / 1e3:g}k"


def below(axis, columns=1, *what):
    axis.legend(*what, loc="upper center", bbox_to_anchor=(0.5, -0.17), ncols=columns, fontsize=8.5)


def plain(value, _):
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"
