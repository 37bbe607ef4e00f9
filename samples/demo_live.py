"""The demo's `--live` part: a world lives on and writes while a newcomer without a past asks the same memory."""

import statistics
import threading
import time
from datetime import datetime, timedelta, timezone

import gathering_world
from demo_screen import milliseconds, sentence
from demo_service import DemoFailed


def share(demo):
    """Runs both for `--seconds` and prints what the newcomer was advised by what others had lived through."""
    demo.screen.heading("Share", "the world lives on and writes; a newcomer without a past asks the same memory")
    ended, failures, written, times = threading.Event(), [], [0], []
    writer = threading.Thread(target=live_on, args=(demo, ended, failures, written), daemon=True)
    writer.start()
    newcomers = gathering_world.World(seed=99, agents=4, episode=7)
    bar, begun = demo.screen.bar(demo.chosen.seconds * 10), time.monotonic()
    advice, fresh = {}, 0
    while time.monotonic() - begun < demo.chosen.seconds and not failures:
        for record in newcomers.step():
            query = {"state": record["state"], "k": 8}
            asked = time.perf_counter()
            matches = demo.client.post(demo.world + "/recall", query)["matches"]
            times.append(time.perf_counter() - asked)
            fresh += sum(1 for match in matches if (match.get("memory") or {}).get("agent", "").startswith("live-"))
            if record["state"]["threats_in_view"] and matches:
                advice = {"state": record["state"], "matches": matches}
        seconds = time.monotonic() - begun
        told = f"{written[0]:,} written, {len(times):,} recalls, median {milliseconds(times, 0.5):.1f} ms"
        bar.show(int(10 * seconds), told)
    ended.set()
    writer.join(30)
    if failures:
        raise failures[0]
    bar.done(f"{written[0]:,} moments written and {len(times):,} recalls meanwhile, {fresh:,} matches not a minute old")
    demo.note("recall while another agent writes", f"median {milliseconds(times, 0.5):.1f} ms")
    if advice:
        demo.screen.say(demo.screen.bold("the newcomer: " + sentence(advice["state"])))
        advise(demo.screen, advice["matches"])


def advise(screen, matches):
    tried = {}
    for match in matches:
        memory = match.get("memory") or {}
        action = (memory.get("action") or {}).get("action_type")
        if action:
            tried.setdefault(action, []).append(memory.get("reward") or 0.0)
    for action, rewards in sorted(tried.items(), key=lambda item: -statistics.fmean(item[1])):
        times = "once" if len(rewards) == 1 else f"{len(rewards)} times"
        screen.say(f"  others chose {action} {times}, reward {statistics.fmean(rewards):+.2f} on average")


def live_on(demo, ended, failures, written):
    client, world, now = demo.client.another(), gathering_world.World(seed=3, agents=8), datetime.now(timezone.utc)
    try:
        while not ended.is_set():
            records = world.step()
            for record in records:
                record["agent"] = "live-" + record["agent"]
                lived = now + timedelta(milliseconds=record["step"])
                record["time"] = lived.isoformat(timespec="milliseconds").replace("+00:00", "Z")
            client.post(demo.world + "/memories/batch", {"memories": records})
            written[0] += len(records)
    except DemoFailed as failure:
        failures.append(failure)
