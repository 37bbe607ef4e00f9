"""Trains an agent and shows it: live in the terminal, afterwards as PNG plots. `./engram train --help` says how."""

import argparse
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "clients" / "python"))
sys.dont_write_bytecode = True

import engram  # noqa: E402  (the client of this very version)

PLOT_PACKAGES = ["matplotlib==3.10.7", "numpy==2.4.6"]
VENV = ROOT / ".cache" / "train-matplotlib-3.10.7"
USUAL = "http://127.0.0.1:8080"


def arguments():
    parser = argparse.ArgumentParser(
        prog="./engram train",
        description="Trains an agent in an environment, shows progress, and writes plots. Uses the service at --url if one"
        " runs there, or starts one on --data-dir for as long as it takes. Ctrl-C cancels; --resume goes on.",
    )
    parser.add_argument("--env", metavar="NAME", help="a built-in environment, or one of Gymnasium, if that is installed")
    parser.add_argument("--steps", type=int, default=50_000, help="how many steps (50000)")
    parser.add_argument("--seed", type=int, default=0, help="the same seed gives the same training (0)")
    parser.add_argument("--agent", metavar="ID", help="the agent; made if there is none of that id (ENV-sSEED)")
    parser.add_argument("--space", metavar="NAME", help="the space that a new agent shares memories in; made if absent")
    parser.add_argument("--settings", metavar="JSON", type=json.loads, help="settings of a new agent (docs/agents.md)")
    parser.add_argument("--resume", action="store_true", help="take up the training of --agent that was interrupted")
    parser.add_argument("--out", metavar="DIR", type=Path, help="where plots go (training-AGENT)")
    parser.add_argument("--url", default=os.environ.get("ENGRAM_URL"), help=f"a running service ({USUAL})")
    parser.add_argument("--key", default=os.environ.get("ENGRAM_KEY"), help="the access key, where it needs one (ENGRAM_KEY)")
    parser.add_argument("--data-dir", type=Path, default=Path(os.environ.get("ENGRAM_DATA_DIR", "data")), help="of a service of its own (data)")
    given = parser.parse_args()
    if given.resume and not given.agent:
        parser.error("--resume needs --agent")
    if not given.resume and not given.env:
        parser.error("--env is needed, such as --env CartPole-v1")
    if given.steps < 1:
        parser.error("--steps must be 1 or more")
    return given


class Trouble(Exception):
    """What a person should read as one message."""


def ready(service):
    try:
        service.call("GET", "/q/health/ready")
        return True
    except (OSError, engram.EngramError):
        return False


@contextlib.contextmanager
def running(given):
    """A service: the one that runs, or one of its own."""
    service = engram.Engram(given.url or USUAL, given.key)
    if ready(service):
        yield service
        return
    if given.url:
        raise Trouble(f"no service answers at {given.url}")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tempfile.NamedTemporaryFile(prefix="engram-train-", suffix=".log", delete=False)
    print(f"no service runs at {USUAL}: starting one on {given.data_dir}", file=sys.stderr)
    # A session of its own: Ctrl-C reaches this program alone, which stops the service in order.
    process = subprocess.Popen(
        [str(ROOT / "engram"), "serve", "--port", str(port), "--data-dir", str(given.data_dir.absolute())],
        stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
    )
    try:
        service = engram.Engram(f"http://127.0.0.1:{port}", given.key)
        while not ready(service):
            if process.poll() is not None:
                lines = Path(log.name).read_text(errors="replace").splitlines()
                raise Trouble("the service did not start:\n" + "\n".join(lines[-8:]))
            time.sleep(0.1)
        yield service
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()
        log.close()
        os.unlink(log.name)


# --- The terminal -----------------------------------------------------------------------------------------------------


BARS = "▁▂▃▄▅▆▇█"
STAGES = ("update", "sample", "act", "environment", "store", "evaluate")


def spark(values, width):
    """A line of bars; the newest at the right."""
    if len(values) < 2:
        return ""
    shown = [values[int(i * (len(values) - 1) / (width - 1))] for i in range(width)] if len(values) > width else values
    low, high = min(shown), max(shown)
    return "".join(BARS[int((each - low) / ((high - low) or 1) * (len(BARS) - 1))] for each in shown)


def span(seconds):
    minutes, seconds = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def number(value):
    return "–" if value is None else f"{value:,.1f}" if abs(value) >= 1 else f"{value:.4f}"


class Screen:
    """What is seen of a training: a block that renews itself in a terminal, otherwise a plain line now and then."""

    def __init__(self, title, steps, out=sys.stdout):
        self.title, self.steps, self.out = title, steps, out
        self.live = out.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        self.lines = 0
        self.told = -1
        self.history = {}
        self.first = None
        if not self.live:
            print(title, file=out, flush=True)

    def show(self, run):
        metrics = run.get("metrics") or {}
        step = metrics.get("steps")
        if step is not None:
            for name, value in {**metrics, "wall": time.time()}.items():
                points = self.history.setdefault(name, [])
                if not points or points[-1][0] < step:
                    points.append((step, value))
        if self.live:
            self.block(run, metrics)
        elif int(run["progress"] * 20) > self.told or run["status"] in engram.FINAL:
            self.told = int(run["progress"] * 20)
            self.line(run, metrics)

    def line(self, run, m):
        parts = [f"{run['progress']:4.0%}", run["message"] or run["status"]]
        if "loss" in m:
            parts.append(f"loss {number(m['loss'])}")
        slowest = max(STAGES, key=lambda stage: m.get("time." + stage, 0))
        if m.get("time." + slowest):
            parts.append(f"{slowest} {m['time.' + slowest]:.0%} of the time")
        print(", ".join(parts), file=self.out, flush=True)

    def block(self, run, m):
        width = min(shutil.get_terminal_size().columns, 100)
        done, speed, step = run["progress"], m.get("stepsPerSecond") or 0, int(m.get("steps") or 0)
        total = int(step / done) if done and step else self.steps
        left = f"{span((total - step) / speed)} left" if speed and run["status"] == "running" else run["status"]
        room = max(10, width - 42)
        bar = ("━" * int(done * room)).ljust(room, "╌")
        rows = [
            f"\x1b[1m{self.title}\x1b[0m",
            f"\x1b[36m{bar}\x1b[0m {done:4.0%}  {step:,} steps  {speed:,.0f}/s  {left}",
            "",
            f"  return      {number(m.get('returnMean')):>10}   \x1b[32m{spark([v for _, v in self.history.get('returnMean', [])], room - 24)}\x1b[0m",
            f"  evaluation  {number(m.get('evaluationMean')):>10}   best {number(m.get('best'))}",
            f"  loss        {number(m.get('loss')):>10}   \x1b[33m{spark([v for _, v in self.history.get('loss', [])], room - 24)}\x1b[0m",
        ]
        if "lossMemory" in m:
            rows.append(f"              own {number(m.get('lossLocal'))}, shared memory {number(m['lossMemory'])}")
        shares = [(m.get("time." + stage, 0), stage) for stage in STAGES]
        rows.append("  time        " + "  ".join(f"{stage} {share:.0%}" for share, stage in sorted(shares, reverse=True) if share >= 0.005))
        if "waiting" in run["message"]:
            rows.append("  \x1b[31m" + run["message"][: width - 4] + "\x1b[0m")
        self.out.write((f"\x1b[{self.lines}F" if self.lines else "") + "".join(row + "\x1b[K\n" for row in rows) + "\x1b[J")
        self.out.flush()
        self.lines = len(rows)


# --- The training -----------------------------------------------------------------------------------------------------


def follow(given, service):
    name = given.agent or f"{given.env.lower().replace('/', '-')}-s{given.seed}"
    known = next((agent for agent in service.agents() if agent.id == name), None)
    if given.resume and known is None:
        raise Trouble(f"there is no agent '{name}' whose training could be resumed")
    environment = given.env or known.info()["environment"]
    built_in = {each["name"] for each in service.environments() if each["source"] == "builtIn"}
    with contextlib.ExitStack() as offers:
        if environment not in built_in:
            environment = offered(service, offers, given, environment)
        if known is None:
            if given.space and given.space not in [each["name"] for each in service.spaces()]:
                service.put_space(given.space)
            known = service.create_agent(None, environment, name, space=given.space, seed=given.seed, settings=given.settings)
        training = known.resume() if given.resume else known.train(given.steps, environment, given.seed)
        about = known.info()
        screen = Screen(f"{environment} · {about['algorithm']} · agent {name}" + (f" · space {about['space']}" if about["space"] else ""), given.steps)
        try:
            for run in training:
                screen.show(run)
        except KeyboardInterrupt:
            print("\ncancelling: a checkpoint is written …", file=sys.stderr)
            training.cancel()
            for run in training:
                screen.show(run)
    return known, environment, training, screen


def offered(service, offers, given, environment):
    """An environment of Gymnasium, offered to the service while the training lasts."""
    task = environment.removeprefix("gym-")
    try:
        import gymnasium

        offer = service.offer("gym-" + task.replace("/", "-"), lambda: gymnasium.make(task))
    except ImportError as failure:
        raise Trouble(
            f"'{environment}' is none of the service's environments, and Gymnasium is not installed for this python3;"
            " see clients/python/examples/lunar_lander.py"
        ) from failure
    except Exception as failure:
        raise Trouble(f"'{environment}' cannot be offered: {failure}") from failure
    offers.enter_context(offer)
    return offer.name


def python_with_matplotlib():
    """A Python that can plot, made once under .cache."""
    python = VENV / "bin" / "python"
    if not (VENV / "complete").exists():
        print(f"fetching {PLOT_PACKAGES[0]} once, into .cache/", file=sys.stderr)
        shutil.rmtree(VENV, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True, stdout=subprocess.DEVNULL)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PLOT_PACKAGES], check=True)
        (VENV / "complete").touch()
    return python


def plot(given, service, agent, environment, screen):
    out = given.out or Path(f"training-{agent.id}")
    out.mkdir(parents=True, exist_ok=True)
    logs = given.data_dir.absolute() / "agents" / agent.id / "logs"
    data = {
        "title": f"{agent.info()['algorithm'].upper()} in {environment}, agent {agent.id}",
        "history": screen.history,
        "threshold": service.environment(environment)["rewardThreshold"],
        "logs": str(logs) if logs.is_dir() else None,
    }
    (out / "training.json").write_text(json.dumps(data))
    try:
        python = python_with_matplotlib()
        subprocess.run([str(python), "-B", str(ROOT / "scripts" / "train_plots.py"), str(out / "training.json"), str(out)], check=True)
    except (subprocess.CalledProcessError, OSError) as failure:
        print(f"no plots were drawn ({failure}); the figures are in {out / 'training.json'}", file=sys.stderr)


def main():
    given = arguments()
    try:
        with running(given) as service:
            agent, environment, training, screen = follow(given, service)
            if screen.history:
                plot(given, service, agent, environment, screen)
            if training.status == "cancelled":
                print(f"cancelled; ./engram train --resume --agent {agent.id} goes on", file=sys.stderr)
                return 130
            if training.status == "failed":
                raise Trouble((training.run.get("problem") or {}).get("detail", "the training failed"))
            result = training.result
            print(f"done in {span(result['seconds'])}: best evaluation {number(result['best'])}, {result['stepsPerSecond']:,.0f} steps/s, most of the time in {result['bottleneck']}")
            return 0
    except (Trouble, engram.EngramError, OSError) as failure:
        print(f"train: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
