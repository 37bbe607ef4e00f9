"""Compares the native binary with the JVM's package, turn by turn on the same data.

usage: ./engram bench native [MEMORIES]     (100000 unless said)

Needs only Python's standard library. Prints one JSON object a turn and a table at the end.
"""

import json
import os
import pathlib
import shutil
import socket
import statistics
import subprocess
import sys
import time

HOME = pathlib.Path(os.environ["ENGRAM_HOME"])
WORK = HOME / "target/benchmarks/native"
SPACE = "/v1/spaces/load"
TURNS = int(os.environ.get("TURNS", "3"))
STARTS = 5
QUERIES = 2_000
QUIET = 8
JVM = [os.environ["JAVA_HOME"] + "/bin/java", *os.environ["ENGRAM_JVM_FLAGS"].split(), "-Xmx1g"]
COMMANDS = {
    "jvm": lambda options: [*JVM, *options, "-jar", str(HOME / "target/quarkus-app/quarkus-run.jar")],
    "native": lambda options: [str(HOME / "target/native/engram"), "-Xmx1g", *options],
}


class Connection:
    """Sends requests one after the other. Python's own client takes a third of a millisecond for each, and this less."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = bytearray()

    def send(self, method, path, body):
        """Gives the status and the content of the answer."""
        content = body.encode() if body else b""
        self.socket.sendall(f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                            f"Content-Length: {len(content)}\r\n\r\n".encode() + content)
        status, *headers = self.until(b"\r\n\r\n").decode().lower().split("\r\n")
        fields = dict(header.split(": ", 1) for header in headers)
        if fields.get("transfer-encoding") == "chunked":
            answer = b"".join(iter(self.chunk, b""))
        else:
            answer = self.take(int(fields["content-length"]))
        return int(status.split()[1]), answer

    def chunk(self):
        return self.take(int(self.until(b"\r\n"), 16) + 2)[:-2]

    def until(self, end):
        """Gives what comes before the end."""
        while (found := self.received.find(end)) < 0:
            self.receive()
        return self.take(found + len(end))[:-len(end)]

    def take(self, length):
        while len(self.received) < length:
            self.receive()
        taken = bytes(self.received[:length])
        del self.received[:length]
        return taken

    def receive(self):
        received = self.socket.recv(1 << 20)
        if not received:
            raise ConnectionResetError("the service closed the connection")
        self.received += received

    def close(self):
        self.socket.close()


class Service:
    """A service of its own; start is the milliseconds until its first answer."""

    def __init__(self, kind, data):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        options = [f"-Dquarkus.http.port={self.port}", f"-Dengram.data-dir={data}"]
        with open(WORK / f"{kind}.log", "a") as log:
            begun = time.perf_counter()
            self.process = subprocess.Popen(COMMANDS[kind](options), stdout=log, stderr=log, cwd=WORK)
        while True:
            try:
                self.connection = Connection(self.port)
                self.connection.send("GET", "/q/health/live", None)
                break
            except ConnectionRefusedError:
                if self.process.poll() is not None:
                    sys.exit(f"the service ended; see {WORK / kind}.log")
                time.sleep(0.001)
        self.start = (time.perf_counter() - begun) * 1_000

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()
        self.process.terminate()
        self.process.wait()

    def send(self, method, path, body=None):
        status, content = self.connection.send(method, path, body)
        if status >= 300:
            sys.exit(f"{method} {path}: {status} {content.decode()}")
        return content

    def json(self, method, path, body=None):
        return json.loads(self.send(method, path, None if body is None else json.dumps(body)))

    def ended(self, run):
        """Waits for a run and gives its last state."""
        while run["status"] in ("queued", "running"):
            time.sleep(0.1)
            run = self.json("GET", f"/v1/runs/{run['id']}")
        if run["status"] != "succeeded":
            sys.exit(json.dumps(run))
        return run

    def processor(self):
        """Seconds of the processor that the process has used."""
        fields = open(f"/proc/{self.process.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident(self):
        """Megabytes."""
        for line in open(f"/proc/{self.process.pid}/status"):
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1_000
        raise RuntimeError("no VmRSS")


def simulate(count, seed):
    memories = []
    episode = 0
    while len(memories) < count:
        file = WORK / f"episode-{seed}.ndjson"
        subprocess.run(
            [sys.executable, HOME / "samples/gathering.py", "--seed", str(seed * 1_000 + episode), "--steps", "500",
             "--agents", "8", "--out", file],
            check=True,
        )
        with open(file) as lines:
            next(lines)
            for line in lines:
                memory = json.loads(line)
                memory.pop("time", None)
                memory["agent"] += f"-{episode}"
                memories.append(memory)
        episode += 1
    return memories[:count]


def fill(service, memories):
    unlimited = {"capacity": None, "timeToLive": None}
    service.json("PUT", SPACE, {"encoder": {"trainAfter": 0}, "tiers": {"stm": unlimited}})
    for first in range(0, len(memories), 500):
        service.json("POST", SPACE + "/memories/batch", {"memories": memories[first:first + 500]})
    settle(service)


def settle(service):
    """Waits until the index has merged what it merges while nothing arrives: until the process does nothing any more."""
    used = service.processor()
    quiet = 0
    while quiet < QUIET:
        time.sleep(1)
        now = service.processor()
        quiet = quiet + 1 if now - used < 0.05 else 0
        used = now


def milliseconds(service, method, path, bodies):
    times = []
    for body in bodies:
        begun = time.perf_counter()
        service.send(method, path, body)
        times.append((time.perf_counter() - begun) * 1_000)
    times.sort()
    return {"p50": times[len(times) // 2], "p99": times[len(times) * 99 // 100]}


def turn(kind, queries):
    figures = {"kind": kind}
    shutil.rmtree(WORK / "empty", ignore_errors=True)
    starts = []
    for _ in range(STARTS):
        with Service(kind, WORK / "empty") as service:
            starts.append(service.start)
            figures["residentEmpty"] = service.resident()
    figures["startEmpty"] = statistics.median(starts)
    starts = []
    for _ in range(STARTS):
        with Service(kind, WORK / "full") as service:
            starts.append(service.start)
    figures["startFull"] = statistics.median(starts)
    with Service(kind, WORK / "full") as service:
        recalls = [json.dumps({"state": query["state"], "k": 10}) for query in queries]
        milliseconds(service, "POST", SPACE + "/recall", recalls)
        figures["recall"] = milliseconds(service, "POST", SPACE + "/recall", recalls)
        figures["request"] = milliseconds(service, "GET", SPACE, [None] * QUERIES)
        states = [json.dumps({"states": [query["state"] for query in queries[first:first + 64]]})
                  for first in range(0, len(queries) - 63, 64)]
        milliseconds(service, "POST", SPACE + "/embeddings", states)
        figures["encode64"] = milliseconds(service, "POST", SPACE + "/embeddings", states)
        figures["residentFull"] = service.resident()
    with Service(kind, WORK / "empty") as service:
        service.json("PUT", SPACE, {"encoder": {"trainAfter": 0}})
        service.json("POST", SPACE + "/memories/batch", {"memories": queries[:1_000]})
        begun = time.perf_counter()
        service.ended(service.json("POST", SPACE + "/encoders", {"activation": "always", "training": {"epochs": 10}}))
        figures["encoderTraining"] = time.perf_counter() - begun
        figures["residentTrained"] = service.resident()
        settings = {"start": 500, "every": 1, "updates": 1, "batch": 64, "network": {"layers": [256, 256]}}
        # The first agent is for the JVM, which compiles what is used much.
        for agent, steps in (("first", 4_000), ("second", 10_000)):
            service.json("POST", "/v1/agents", {"id": agent, "environment": "CartPole-v1", "settings": settings})
            begun = time.perf_counter()
            service.ended(service.json("POST", f"/v1/agents/{agent}/trainings", {"steps": steps,
                                                                                "settings": {"evaluateEvery": 0}}))
            figures["updateMilliseconds"] = (time.perf_counter() - begun) * 1_000 / steps
    return figures


ROWS = [
    ("first answer after the start, empty store, ms", lambda f: f["startEmpty"]),
    ("the same with all memories, ms", lambda f: f["startFull"]),
    ("resident after the start, MB", lambda f: f["residentEmpty"]),
    ("resident after recalls, MB", lambda f: f["residentFull"]),
    ("resident after training an encoder, MB", lambda f: f["residentTrained"]),
    ("recall over HTTP, p50, ms", lambda f: f["recall"]["p50"]),
    ("recall over HTTP, p99, ms", lambda f: f["recall"]["p99"]),
    ("a request without a search, p50, ms", lambda f: f["request"]["p50"]),
    ("64 states to vectors over HTTP, p50, ms", lambda f: f["encode64"]["p50"]),
    ("training an encoder, 10 epochs of 1,000 states, s", lambda f: f["encoderTraining"]),
    ("DQN: an environment step and an update of 64 rows, ms", lambda f: f["updateMilliseconds"]),
]


def main(count):
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    queries = simulate(QUERIES, 21)
    with Service("jvm", WORK / "full") as service:
        fill(service, simulate(count, 11))
    turns = {"jvm": [], "native": []}
    for number in range(TURNS):
        for kind, figures in turns.items():
            figures.append(turn(kind, queries))
            print(json.dumps(figures[-1]), flush=True)
    binary = (HOME / "target/native/engram").stat().st_size / 1_000_000
    print(f"\n{count:,} memories; medians of {TURNS} turns; binary {binary:.0f} MB\n")
    print("| | JVM | native | ratio |\n|---|---|---|---|")
    for name, read in ROWS:
        jvm, native = (statistics.median(map(read, turns[kind])) for kind in turns)
        print(f"| {name} | {jvm:,.2f} | {native:,.2f} | {native / jvm:.2f} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
