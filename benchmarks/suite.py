"""Runs the measurements of the suite one after the other and keeps their results as JSON.

usage: suite.py quick|everything [STAGE...]    called by benchmarks/run, which compiles and says where Java is

Results go to target/benchmarks/results/PROFILE.json after every stage; stages that are named replace what is there of an
earlier run, so that a long run can be done in parts. Needs only Python's standard library.
"""

import datetime
import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

HOME = Path(os.environ.get("ENGRAM_HOME", Path(__file__).resolve().parent.parent))
WORK = HOME / "target/benchmarks"
EPISODES = WORK / "episodes"
FORMAT = 1

QUICK = {
    "indexes": {"sets": {"episodes": 10_000}, "queries": 500, "breadths": "0"},
    "service": {"stores": ["embedded"], "queries": 1_000, "seconds": 8, "milestones": [20_000]},
    "tiers": {"STM": [5_000], "IM": [5_000], "LTM": [5_000]},
    "spaces": {"spaces": 20, "memories": 500},
    "redis": {"vectors": 5_000, "queries": 500},
    "micro": [
        ["RecallBenchmark", "-p", "memories=10000", "-p", "tier=STM", "-p", "k=10", "-p", "share=100,1", "-p", "writes=0",
         "-wi", "2", "-i", "3", "-w", "1", "-r", "1"],
        ["EncodeBenchmark.encode", "-p", "encoder=trained", "-wi", "2", "-i", "3"],
        ["ActBenchmark", "-wi", "2", "-i", "3"],
    ],
}
EVERYTHING = {
    "indexes": {"sets": {"episodes": 1_000_000, "clustered": 100_000, "uniform": 100_000}, "queries": 1_000,
                "breadths": "0,32,64,320"},
    "service": {"stores": ["embedded", "redis"], "queries": 5_000, "seconds": 30,
                "milestones": [10_000, 100_000, 1_000_000]},
    "tiers": {"STM": [10_000, 100_000, 1_000_000, 3_000_000], "IM": [10_000, 100_000, 1_000_000],
              "LTM": [10_000, 100_000, 1_000_000]},
    "spaces": {"spaces": 100, "memories": 10_000},
    "redis": {"vectors": 200_000, "queries": 1_000},
    "micro": [
        ["RecallBenchmark", "-p", "store=embedded,redis"],
        ["StoreWriteBenchmark", "-p", "store=embedded,redis"],
        ["ConsolidationBenchmark"], ["EncodeBenchmark"], ["ActBenchmark"], ["ReplayBenchmark"], ["EnvironmentBenchmark"],
    ],
    "learning": {},
}
PROFILES = {"quick": QUICK, "everything": EVERYTHING}


def main(arguments):
    if not arguments or arguments[0] not in PROFILES:
        sys.exit(__doc__)
    profile, chosen = arguments[0], arguments[1:]
    settings = PROFILES[profile]
    unknown = set(chosen) - set(settings)
    if unknown:
        sys.exit(f"bench: {profile} has no stage {', '.join(sorted(unknown))}; it has {', '.join(settings)}")
    file = WORK / "results" / f"{profile}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    results = json.loads(file.read_text()) if chosen and file.exists() else {"measurements": {}}
    results.update(format=FORMAT, profile=profile, machine=machine(), commit=commit(),
                   command="./engram bench" + ("" if profile == "quick" else f" {profile}"))
    failed = []
    for stage in chosen or settings:
        begun = time.monotonic()
        print(f"bench: {stage}", file=sys.stderr, flush=True)
        measured = None
        try:
            measured = STAGES[stage](settings[stage])
        except subprocess.CalledProcessError as failure:
            # The whole command is pages of class path; its own messages are above.
            print(f"bench: {stage} failed: {failure.cmd[0]} ended with {failure.returncode}", file=sys.stderr)
        except (RuntimeError, OSError, ValueError, StopIteration) as failure:
            print(f"bench: {stage} failed: {failure}", file=sys.stderr)
        if measured is None:
            failed.append(stage)
            continue
        results["measurements"][stage] = {
            "finished": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
            "seconds": round(time.monotonic() - begun), "load": load(), "results": measured}
        file.write_text(json.dumps(results, indent=1))
    print(f"bench: results are in {file.relative_to(HOME)}", file=sys.stderr)
    if failed:
        sys.exit("bench: not measured: " + ", ".join(failed))


# --- Stages ------------------------------------------------------------------------------------------------------------


def indexes(settings):
    python, found = peer("indexes"), []
    for name, count in settings["sets"].items():
        directory = export(name, count, settings["queries"])
        found.append(json.loads(output([python, "benchmarks/peers/index_peer.py", directory, WORK / "indexes",
                                        settings["breadths"], *java("engram.benchmarks.store.StoreProcess")])))
        shutil.rmtree(WORK / "indexes", ignore_errors=True)
    return found


def service(settings):
    found = []
    for store in settings["stores"]:
        with Place(store) as place:
            found.append(measure("engram.benchmarks.load.ServiceLoad", HOME, EPISODES, fresh("service"), place, "projection",
                                 settings["queries"], settings["seconds"], *settings["milestones"]))
    shutil.rmtree(WORK / "service", ignore_errors=True)
    return found


def tiers(settings):
    found = []
    for tier, milestones in settings.items():
        found.append(measure("engram.benchmarks.store.TierGrowth", HOME, EPISODES, fresh("tiers"), tier, *milestones))
    shutil.rmtree(WORK / "tiers", ignore_errors=True)
    return found


def spaces(settings):
    found = measure("engram.benchmarks.load.ManySpaces", HOME, EPISODES, fresh("spaces"), "embedded", settings["spaces"],
                    settings["memories"])
    shutil.rmtree(WORK / "spaces", ignore_errors=True)
    return found


def redis(settings):
    directory = export("episodes", settings["vectors"], settings["queries"])
    return json.loads(output([peer("redis"), "benchmarks/peers/redis_peer.py", HOME, directory, WORK / "redis",
                              *java("engram.benchmarks.store.StoreProcess")]))


def micro(settings):
    found = []
    for arguments in settings:
        if any("redis" in argument for argument in arguments):
            with Place("redis") as place:
                found += jmh(arguments, f"-Dengram.benchmarks.redis={place}")
        else:
            found += jmh(arguments)
    return found


def jmh(arguments, *options):
    file = WORK / "micro.json"
    file.unlink(missing_ok=True)
    flags = " ".join([os.environ["ENGRAM_JVM_FLAGS"], *options])
    subprocess.run([*java("org.openjdk.jmh.Main"), "-jvmArgsPrepend", flags, "-rf", "json", "-rff", file, "-foe", "true",
                    *arguments], check=True, cwd=HOME, stdout=sys.stderr)
    return [
        {"benchmark": each["benchmark"].removeprefix("engram.benchmarks.micro."), "parameters": each.get("params", {}),
         "mode": each["mode"], "unit": each["primaryMetric"]["scoreUnit"], "score": each["primaryMetric"]["score"],
         "error": each["primaryMetric"]["scoreError"] if each["primaryMetric"]["scoreError"] != "NaN" else None,
         **{name: metric["rawData"][0][0] for name, metric in each["secondaryMetrics"].items()}}
        for each in json.loads(file.read_text())]


def learning(_):
    python, turns = peer("learning"), []
    for _ in range(3):
        for what, count in (("dqn", 20_000), ("sac", 2_000), ("update", 5_000)):
            turns.append(measure("engram.benchmarks.learning.LearnerSpeed", what, count))
            turns.append(json.loads(output([python, "benchmarks/peers/learner_peer.py", what, str(count)]).splitlines()[-1]))
    return {"turns": turns, "encodeInPyTorchMicroseconds": json.loads(output([python, "benchmarks/peers/encode_peer.py"]))}


STAGES = {"indexes": indexes, "service": service, "tiers": tiers, "spaces": spaces, "redis": redis, "micro": micro,
          "learning": learning}


# --- What stages need --------------------------------------------------------------------------------------------------


class Place:
    """Where a store is: in the directory that the measurement has anyway, or in a Redis started for it."""

    def __init__(self, store):
        self.store = store

    def __enter__(self):
        if self.store == "embedded":
            return self.store
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        subprocess.run([HOME / "engram", "redis", "start", f"--port={self.port}", f"--data-dir={fresh('redis')}"],
                       check=True, stdout=subprocess.DEVNULL)
        return f"redis://127.0.0.1:{self.port}"

    def __exit__(self, *_):
        if self.store != "embedded":
            subprocess.run([HOME / "engram", "redis", "stop", f"--port={self.port}"], check=False, stdout=subprocess.DEVNULL)
            shutil.rmtree(WORK / "redis", ignore_errors=True)


def java(program):
    return [f"{os.environ['JAVA_HOME']}/bin/java", *os.environ["ENGRAM_JVM_FLAGS"].split(), "-cp",
            os.environ["ENGRAM_BENCHMARK_CLASSPATH"], program]


def measure(program, *arguments):
    lines = output([*java(program), *arguments]).splitlines()
    return json.loads(next(line for line in reversed(lines) if line.startswith("{")))


def output(command):
    return subprocess.run([str(word) for word in command], check=True, cwd=HOME, stdout=subprocess.PIPE, text=True).stdout


def export(name, count, queries):
    directory = WORK / "vectors" / f"{name}-{count}"
    output([*java("engram.benchmarks.vectors.VectorExport"), HOME, EPISODES, directory, name, count, queries,
            os.cpu_count() or 1])
    return directory


def fresh(name):
    directory = WORK / name
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    return directory


def peer(name):
    """A Python of its own with the packages of one list, made anew when the list changes."""
    home, wanted = HOME / f".cache/peer-{name}", HOME / f"benchmarks/peers/requirements-{name}.txt"
    kept = home / "requirements.txt"
    if not kept.exists() or kept.read_text() != wanted.read_text():
        shutil.rmtree(home, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        subprocess.run([home / "bin/pip", "install", "--quiet", "--disable-pip-version-check", "-r", wanted], check=True,
                       stdout=sys.stderr)
        shutil.copy(wanted, kept)
    return home / "bin/python"


def machine():
    described = {"system": f"{platform.system()} {platform.machine()}", "cores": os.cpu_count(), "python": platform.python_version()}
    try:
        text = Path("/proc/cpuinfo").read_text()
        described["processor"] = next(line.split(":", 1)[1].strip() for line in text.splitlines()
                                      if line.startswith("model name"))
        total = next(line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal"))
        described["memoryGiB"] = round(int(total.split()[1]) / 2**20, 1)
    except (OSError, StopIteration):
        pass
    version = subprocess.run([f"{os.environ['JAVA_HOME']}/bin/java", "-version"], capture_output=True, text=True, check=True)
    described["java"] = version.stderr.splitlines()[1].strip()
    described["flags"] = os.environ["ENGRAM_JVM_FLAGS"]
    described["peers"] = [line for list_ in sorted((HOME / "benchmarks/peers").glob("requirements-*.txt"))
                          for line in list_.read_text().split() if "requirements-report" not in list_.name]
    described["peers"] = sorted(set(described["peers"]))
    return described


def commit():
    asked = subprocess.run(["git", "-C", HOME, "describe", "--always", "--dirty"], capture_output=True, text=True, check=False)
    return asked.stdout.strip() or None


def load():
    """Processes that wanted a processor in the last minute, those of the measurement included."""
    return round(os.getloadavg()[0], 1)


if __name__ == "__main__":
    main(sys.argv[1:])
