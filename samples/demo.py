#!/usr/bin/env python3
"""Shows Engram's whole loop on recorded and live episodes; `./engram demo` runs it. Standard library only.

Without --url it starts a service of its own in a temporary folder on a free port and stops it at the end.
"""

import argparse
import gzip
import json
import math
import os
import signal
import sys
import time
import urllib.parse
from datetime import datetime, timedelta, timezone
from pathlib import Path

import gathering_world
from demo_live import share
from demo_screen import Screen, figure, milliseconds, sentence
from demo_service import Client, DemoFailed, OwnService

RECORDINGS = Path(__file__).resolve().parent / "recordings"
BATCH = 256
TIERS = ("STM", "IM", "LTM")
WIDTHS = {"STM": 384, "IM": 128, "LTM": 32}
# No training or demotion by itself while the demo fills the space: it shows both when they are due.
QUIET = {
    "encoder": {"trainAfter": 0},
    "tiers": {tier: {"capacity": None, "timeToLive": None} for tier in ("stm", "im", "ltm")},
}
# Tight enough that the recorded 1,500 moments of each agent spread over all three tiers.
TIER_POLICY = {
    "stm": {"capacity": 400, "timeToLive": "PT24H"},
    "im": {"capacity": 600, "timeToLive": "P7D"},
    "ltm": {"capacity": None, "timeToLive": None},
}
# One recorded step in the demo's calendar: the recording then covers the last thirty hours.
SECONDS_PER_STEP = 72


def recording(name):
    """The header and the lines of a recording."""
    with gzip.open(RECORDINGS / f"{name}.ndjson.gz", "rt", encoding="utf-8") as lines:
        return json.loads(next(lines)), [json.loads(line) for line in lines]


class Demo:
    def __init__(self, client, screen, chosen, suffix=""):
        self.client = client
        self.screen = screen
        self.chosen = chosen
        self.spaces = []
        self.world = self.path("gathering" + suffix)
        self.pole = self.path("cartpole" + suffix)
        self.originals = {}
        self.report = []

    def path(self, name):
        return "/v1/spaces/" + urllib.parse.quote(name, safe="")

    def create(self, space, settings):
        self.client.put(space, settings)
        self.spaces.append(space)

    def note(self, what, value):
        self.report.append((what, value))

    # 1, 6: memories in

    def stream(self, space, memories):
        """Writes memories in batches and returns their ids in order and the rate."""
        bar, ids, begun = self.screen.bar(len(memories)), [None] * len(memories), time.monotonic()
        for start in range(0, len(memories), BATCH):
            answer = self.client.post(space + "/memories/batch", {"memories": memories[start : start + BATCH]})
            if answer.get("failed"):
                first = answer["failed"][0]
                problem = first.get("problem") or {}
                reason = problem.get("detail") or problem.get("title")
                raise DemoFailed(
                    f"{len(answer['failed'])} memories were refused; number {start + first['index']}: {reason}"
                )
            for created in answer["created"]:
                ids[start + created["index"]] = created["id"]
            done = min(start + BATCH, len(memories))
            rate = done / max(1e-9, time.monotonic() - begun)
            bar.show(done, f"{done:,}/{len(memories):,} memories, {rate:,.0f} memories/s")
        taken = time.monotonic() - begun
        bar.done(
            f"{len(memories):,} memories in {taken:.1f} s: {len(memories) / taken:,.0f} memories/s, durable and indexed"
        )
        return ids, len(memories) / taken

    def remember(self):
        header, records = recording("gathering")
        records = records[: self.chosen.memories]
        agents = sorted({record["agent"] for record in records})
        self.screen.heading(
            "Remember", f"{len(records):,} moments of {len(agents)} agents in the gathering world, one shared space"
        )
        last = max(record["step"] for record in records)
        now = datetime.now(timezone.utc)
        memories = []
        for record in records:
            lived = now - timedelta(seconds=SECONDS_PER_STEP * (last - record["step"]))
            memories.append({**record, "time": lived.strftime("%Y-%m-%dT%H:%M:%SZ")})
        self.create(self.world, QUIET)
        ids, rate = self.stream(self.world, memories)
        self.originals = dict(zip(ids, records))
        self.note("memories written over HTTP", f"{len(ids):,} at {rate:,.0f}/s")

    # 2: training

    def follow(self, run, label):
        """Shows a run's progress until it ends and returns it; a run that fails ends the demo."""
        bar, begun = self.screen.bar(1000), time.monotonic()
        while run["status"] in ("queued", "running"):
            told = run.get("message") or run["status"]
            bar.show(int(1000 * (run.get("progress") or 0.0)), told)
            time.sleep(0.25)
            run = self.client.get("/v1/runs/" + run["id"])
        if run["status"] != "succeeded":
            problem = run.get("problem") or {}
            raise DemoFailed(
                f"{label} {run['status']}: {problem.get('detail') or run.get('message') or 'no reason given'}"
            )
        bar.done(f"{label} took {time.monotonic() - begun:.0f} s")
        return run

    def train(self):
        self.screen.heading("Train an encoder", "one autoencoder, three resolutions, on the space's own states")
        run = self.follow(
            self.client.post(self.world + "/encoders", {"training": {"epochs": self.chosen.epochs}}), "training"
        )
        self.quality(run.get("result") or {})

    def quality(self, result):
        """Prints what training measured on held-out states, resolution by resolution."""
        rows = []
        for tier in TIERS:
            trained = result["quality"][str(WIDTHS[tier])]
            former = result["activeQuality"][str(WIDTHS[tier])]
            rows.append(
                [
                    f"{tier}, {WIDTHS[tier]} numbers",
                    figure(trained["reconstructionError"], 5),
                    figure(trained["principalReconstructionError"], 5),
                    figure(trained["keptNeighbours"], 3),
                    figure(trained["principalKeptNeighbours"], 3),
                    figure(former["keptNeighbours"], 3),
                ]
            )
        self.screen.table(["resolution", "error", "of PCA", "neighbours kept", "by PCA", "before"], rows)
        version = f"encoder version {result['version']}, trained on {result['trainedOn']:,} states,"
        if result["activated"]:
            self.screen.say(f"{version} is active; {result['reEmbedded']:,} memories were embedded anew")
        else:
            self.screen.say(f"{version} is kept aside: {'; '.join(result['objections'])}")
        self.note("neighbours kept by 384/128/32", " / ".join(row[3] for row in rows))
        self.note("by PCA of the same widths", " / ".join(row[4] for row in rows))

    # 3: recall

    def moments(self):
        """States of an episode that the recording does not contain, chosen to differ."""
        world, found = gathering_world.World(seed=2026, agents=8), {}
        wanted = {
            "in danger": lambda s: s["threats_in_view"] > 0 and s["health"] < 80 and s["agent_type"] == "harvester",
            "at work": lambda s: s["current_action"] == "build" and s["resources"] > 50,
            "exhausted": lambda s: s["energy"] < 25 and s["agent_type"] == "explorer",
        }
        for _ in range(500):
            for record in world.step():
                for name, fits in wanted.items():
                    if name not in found and fits(record["state"]):
                        found[name] = record
            if len(found) == len(wanted):
                break
        return found

    def recall(self):
        self.screen.heading("Recall", "states of an episode Engram has never seen; score 1 is identical")
        for name, record in self.moments().items():
            begun = time.perf_counter()
            answer = self.client.post(self.world + "/recall", {"state": record["state"], "k": 3})
            taken = time.perf_counter() - begun
            self.screen.say(
                self.screen.bold(f"{name}: {sentence(record['state'])}") + self.screen.dim(f"  {taken * 1000:.1f} ms")
            )
            for match in answer["matches"]:
                self.screen.say("  " + self.match(match))
        queries = [record["state"] for record in list(self.originals.values())[:: max(1, len(self.originals) // 200)]]
        times = []
        for state in queries:
            begun = time.perf_counter()
            self.client.post(self.world + "/recall", {"state": state, "k": 10})
            times.append(time.perf_counter() - begun)
        told = f"median {milliseconds(times, 0.5):.1f} ms, 99 % within {milliseconds(times, 0.99):.1f} ms"
        self.screen.say(f"{len(times)} recalls of 10, one after the other: {told}")
        self.note("recall, k = 10", told)

    def match(self, match):
        memory = match.get("memory") or {}
        state = memory.get("state") or self.client.get(f"{self.world}/memories/{match['id']}/state").get("state") or {}
        action = (memory.get("action") or {}).get("action_type")
        then = f" → {action} {memory.get('reward') or 0.0:+.2f}" if action else ""
        return f"{match['score']:.3f} {match['tier']:<3}  {sentence(state, memory.get('agent'))}{then}"

    # 4, 5: tiers

    def tiers(self):
        counts = self.client.get(self.world + "/statistics")["tiers"]
        return [counts.get(tier, 0) for tier in TIERS]

    def consolidate(self):
        self.screen.heading("Consolidate", "old and unimportant moments move to coarser tiers, near-duplicates merge")
        self.client.put(self.world, {**QUIET, "tiers": TIER_POLICY})
        rows = [["before", *self.tiers()]]
        for name, dry in (("dry run", True), ("consolidated", False)):
            begun = time.monotonic()
            outcome = self.client.post(self.world + "/consolidations", {"dryRun": dry})
            taken = time.monotonic() - begun
            if dry:
                planned = outcome
            rows.append([name, *self.tiers()])
        self.screen.table(
            ["", *TIERS, "total"], [[row[0], *(f"{n:,}" for n in row[1:]), f"{sum(row[1:]):,}"] for row in rows]
        )
        names = {"demotedToIm": "to IM", "demotedToLtm": "to LTM", "merged": "merged", "forgotten": "forgotten"}
        told = ", ".join(f"{planned['total'][key]:,} {name}" for key, name in names.items())
        self.screen.say(f"the dry run foretold {told}; the real run took {taken:.1f} s")
        self.note("tiers after consolidation", " / ".join(f"{n:,} {tier}" for n, tier in zip(rows[-1][1:], TIERS)))

    def rebuild(self):
        self.screen.heading("Reconstruct", "one memory of each tier, beside what was once sent")
        columns = {}
        for tier in TIERS:
            for item in self.client.get(f"{self.world}/memories?tier={tier}&limit=1000")["items"]:
                if item["id"] in self.originals and self.originals[item["id"]]["state"]["resources"] > 20:
                    answer = self.client.get(f"{self.world}/memories/{item['id']}/state")
                    columns[tier] = (self.originals[item["id"]]["state"], answer)
                    break
        names = ["agent_type", "status", "current_action", "health", "energy", "resources", "x_position", "y_position"]
        names += ["distance_to_base", "allies_in_view"]
        rows = []
        for name in names:
            row = [name]
            for original, answer in columns.values():
                row += [self.value(original.get(name)), self.value((answer["state"] or {}).get(name))]
            rows.append(row)
        head = ["field"]
        for tier, (_, answer) in columns.items():
            head += [tier, "rebuilt" if answer.get("reconstructed") else "stored"]
        self.screen.table(head, rows)

    def value(self, value):
        if value is None:
            return "–"
        return value if isinstance(value, str) else f"{value:.1f}"

    # 6: an observation vector

    def cartpole(self):
        header, records = recording("CartPole-v1")
        self.screen.heading(
            "Another world", "CartPole-v1 as Gymnasium records it, in a space with an observation schema"
        )
        bounds = {name: header["observation"][name] for name in ("low", "high")}
        self.create(self.pole, {**QUIET, "schema": {"observation": bounds}})
        memories = [
            {
                "agent": "cartpole",
                "kind": "state",
                "step": step,
                "state": record["observation"],
                "action": {"action_type": ("left", "right")[record["action"]]},
                "reward": record["reward"],
                "tags": {"episode": str(record["episode"])},
            }
            for step, record in enumerate(records)
        ]
        self.stream(self.pole, memories)
        falling = next(record["observation"] for record in records if record["terminated"])
        answer = self.client.post(self.pole + "/recall", {"state": falling, "k": 3})
        self.screen.say(self.screen.bold("about to fall: " + self.pose(falling)))
        for match in answer["matches"]:
            memory = match["memory"]
            pushed = (memory.get("action") or {}).get("action_type")
            self.screen.say(f"  {match['score']:.3f} {match['tier']:<3}  {self.pose(memory['state'])}, pushed {pushed}")

    def pose(self, observation):
        place, speed, angle, turning = observation
        pole = f"pole at {math.degrees(angle):+.1f}° turning {math.degrees(turning):+.0f}°/s"
        return f"cart at {place:+.2f} going {speed:+.2f}, {pole}"

    # The end

    def summary(self, taken):
        self.screen.heading("Statistics and summary")
        rows = []
        for space, name in ((self.world, "gathering"), (self.pole, "CartPole-v1")):
            told = self.client.get(space + "/statistics")
            sizes = [f"{told[part] / 1e6:.1f} MB" for part in ("recordBytes", "indexBytes")]
            counts = [f"{told['memories']:,}", *(f"{told['tiers'][tier]:,}" for tier in TIERS)]
            rows.append([name, *counts, len(told["agents"]), f"v{told['encoder']['version']}", *sizes])
        self.screen.table(["space", "memories", *TIERS, "agents", "encoder", "record", "index"], rows)
        self.screen.line()
        for what, value in self.report:
            self.screen.say(f"{what:<36} {value}")
        self.screen.say(f"{'the whole demo':<36} {taken:.0f} s")

    def remove(self):
        for space in self.spaces:
            self.client.delete(space)


def positive(text):
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return value


def options():
    parser = argparse.ArgumentParser(prog="./engram demo", description=__doc__.split("\n\n")[0])
    parser.add_argument(
        "--url", help="use a running service instead of starting one; the demo's spaces are removed again"
    )
    parser.add_argument("--memories", type=positive, default=12_000, help="how many moments to write (12000)")
    parser.add_argument("--live", action="store_true", help="let a world write on while another agent recalls")
    parser.add_argument("--seconds", type=positive, default=8, help="how long --live goes on (8)")
    parser.add_argument("--plain", action="store_true", help="no colours and no moving bars")
    parser.add_argument("--epochs", type=positive, default=20, help="epochs of training (20)")
    return parser.parse_args()


def play(chosen, screen):
    begun = time.monotonic()
    own = None
    demo = None
    try:
        if chosen.url:
            client, suffix = Client(chosen.url), "-demo-" + format(time.time_ns() // 1_000_000 % 10**8, "08d")
            screen.line(screen.bold("Engram") + screen.dim(f" at {client.url}"))
        else:
            own, suffix = OwnService(), ""
            bar = screen.bar(1000)
            waited = own.wait(lambda seconds: bar.show(int(1000 * seconds / (seconds + 5)), "starting the service"))
            client = Client(own.url)
            bar.done(
                screen.bold("Engram")
                + screen.dim(f" at {own.url}, ready after {waited:.1f} s, data in a temporary folder")
            )
        demo = Demo(client, screen, chosen, suffix)
        demo.remember()
        demo.train()
        demo.recall()
        demo.consolidate()
        demo.rebuild()
        demo.cartpole()
        if chosen.live:
            share(demo)
        demo.summary(time.monotonic() - begun)
    finally:
        if own:
            own.close()
        elif demo:
            demo.remove()


def main():
    chosen = options()
    screen = Screen(chosen.plain)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        play(chosen, screen)
    except KeyboardInterrupt:
        screen.line()
        screen.line("stopped")
        return 130
    except DemoFailed as failure:
        screen.line()
        screen.line(screen.red("The demo cannot go on: ") + str(failure))
        return 1
    except BrokenPipeError:
        # Whoever read the output has gone; the interpreter must not complain about it when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
