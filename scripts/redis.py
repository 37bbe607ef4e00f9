#!/usr/bin/env python3
"""Starts, stops and describes a Redis with vector search for Engram. Called by './engram redis'.

start   QUARKUS_REDIS_HOSTS if set, else what runs on the port already, else an installed Redis, a container, or wheels
stop    ends what start has started, and nothing else
status  says what answers; exit status 0 if a usable Redis does, 3 if none, 1 if something unusable does
"""

import argparse
import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from redis_client import Address, Refused, Unusable, configured_addresses, examine
from redis_ways import (CACHE, HOME, Unavailable, container_engine, container_name, installed, last_lines,
                        start_container, wheels)

NONE_ANSWERS = 3
WAYS = ("installed", "container", "wheels")


def fail(message, status=1):
    print(f"engram: {message}", file=sys.stderr)
    sys.exit(status)


# --- What start has started ------------------------------------------------------------------------------------------


class Started:
    """The file that says what start has started on a port: a process or a container."""

    def __init__(self, port):
        self.path = CACHE / f"{port}.json"
        try:
            self.content = json.loads(self.path.read_text())
        except FileNotFoundError:
            self.content = {}
        except (OSError, ValueError):
            print(f"engram: {self.path} cannot be read and counts for nothing", file=sys.stderr)
            self.content = {}

    def write(self, **content):
        self.content = content
        temporary = self.path.with_suffix(".new")
        temporary.write_text(json.dumps(content, indent=1))
        os.replace(temporary, self.path)

    def forget(self):
        self.content = {}
        self.path.unlink(missing_ok=True)

    def runs(self):
        """Whether it still runs: the same process, not another one that has got its number since."""
        if "pid" in self.content:
            birth = birth_of(self.content["pid"])
            return bool(birth) and birth == self.content["birth"]
        if "container" in self.content:
            return self._engine("inspect", "--format", "{{.State.Running}}", self.content["container"]) == "true"
        return False

    def end(self):
        """Asks it to end and waits; Redis syncs its file first. Returns whether it has ended."""
        if "container" in self.content:
            self._engine("stop", "-t", "60", self.content["container"])
            return not self.runs()
        os.kill(self.content["pid"], signal.SIGTERM)
        end = time.monotonic() + 60
        while self.runs():
            if time.monotonic() > end:
                return False
            time.sleep(0.02)
        return True

    def describe(self):
        if "container" in self.content:
            return f"container {self.content['container'][:12]} of {self.content['engine']}"
        return f"process {self.content['pid']}, {self.content['program']}"

    def data(self):
        return self.content.get("data", "")

    def _engine(self, *arguments):
        try:
            asked = subprocess.run([self.content["engine"], *arguments], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=90, check=False)
            return asked.stdout.decode(errors="replace").strip()
        except (OSError, subprocess.TimeoutExpired):
            return ""


def birth_of(pid):
    """What tells a process from a later one with the same number: boot and start time. "" if it has ended."""
    try:
        # After the name in parentheses: the state first, the start time as the twentieth.
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return "" if fields[0] in "ZX" else Path("/proc/sys/kernel/random/boot_id").read_text().strip() + ":" + fields[19]
    except OSError:
        if Path("/proc/self/stat").exists():
            return ""
    asked = subprocess.run(["ps", "-o", "state=,lstart=", "-p", str(pid)], stdout=subprocess.PIPE, check=False)
    state, _, start = asked.stdout.decode().strip().partition(" ")
    return "" if state.startswith("Z") else start.strip()


@contextlib.contextmanager
def only_one(port):
    """Keeps a second start or stop for the same port waiting."""
    CACHE.mkdir(parents=True, exist_ok=True)
    path = CACHE / f"{port}.lock"
    while True:
        with open(path, "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not is_at(lock, path):
                # Whoever had it before has removed the file: what is locked is no longer what others open.
                continue
            try:
                yield
            finally:
                path.unlink()
            return


def is_at(file, path):
    try:
        return os.path.samestat(os.fstat(file.fileno()), os.stat(path))
    except FileNotFoundError:
        return False


# --- start -----------------------------------------------------------------------------------------------------------


def start(options):
    if options.hosts:
        return check_configured(options)
    address = Address("127.0.0.1", options.port)
    with only_one(options.port):
        started = Started(options.port)
        running = started.runs()
        if running:
            report = wait_until_ready(address, started, last_log(started))
        else:
            if started.content:
                print(f"engram: what was started before ({started.describe()}) has ended", file=sys.stderr)
                started.forget()
            report = already_there(address)
        if report:
            announce(address, report, "was already running")
            return 0
        begin = time.monotonic()
        report = start_some_way(options, address, started)
        announce(address, report, f"started in {time.monotonic() - begin:.1f} s as {started.describe()}")
        print(f"its data is in {started.data()}")
        return 0


def check_configured(options):
    """QUARKUS_REDIS_HOSTS says which Redis is used, so none is started; it must be there and able to search."""
    for address in options.hosts:
        try:
            report = examine(address, os.environ)
        except (OSError, Refused, Unusable) as reason:
            why = reason if isinstance(reason, Unusable) else f"it does not answer: {reason}"
            fail(f"QUARKUS_REDIS_HOSTS names {address}, but {why}")
        print(f"QUARKUS_REDIS_HOSTS names {address}: Redis {report.version} with search {report.search}; nothing is started")
        for warning in warnings(report):
            print(f"engram: {warning}", file=sys.stderr)
    return 0


def already_there(address):
    """The report of a Redis that somebody else runs on the port, None if the port is free."""
    try:
        return examine(address, {})
    except ConnectionRefusedError:
        return None
    except (OSError, Refused, Unusable) as reason:
        fail(f"port {address.port} is taken by something that Engram cannot use: {reason}.\n"
             "        Stop it, choose another port with --port, or name your Redis in QUARKUS_REDIS_HOSTS.")


def start_some_way(options, address, started):
    reasons = []
    for way in [options.way] if options.way else WAYS:
        try:
            if way == "container":
                return start_in_container(options, address, started)
            return start_process(installed() if way == "installed" else wheels(), options, address, started)
        except Unavailable as reason:
            reasons.append(f"  {way}: {reason}")
    fail("no Redis with vector search could be started:\n" + "\n".join(reasons)
         + "\nInstall Redis 8 with its search module, start a container engine, or set QUARKUS_REDIS_HOSTS.")


def start_process(server, options, address, started):
    data = Path(options.data_dir or default_data(options.port)).absolute()
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    command = server.command("--port", str(options.port), "--dir", str(data))
    with open(data / "engram-redis.lock", "w") as lock:
        try:
            # Redis inherits the lock and holds it for as long as it lives, however it ends.
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            fail(f"the directory {data} is in use by another Redis")
        log = data / "redis.log"
        with open(log, "ab") as output:
            process = subprocess.Popen(command, env=server.environment, cwd=data, stdin=subprocess.DEVNULL,
                                       stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
                                       pass_fds=[lock.fileno()])
    started.write(port=options.port, pid=process.pid, birth=birth_of(process.pid), program=str(server.program),
                  data=str(data))
    try:
        report = wait_until_ready(address, started, log, process)
    except BaseException:
        if process.poll() is None:
            process.terminate()
            process.wait()
        started.forget()
        raise
    return report


def default_data(port):
    return HOME / "data" / ("redis" if port == 6379 else f"redis-{port}")


def start_in_container(options, address, started):
    engine = container_engine()
    data = ""
    if options.data_dir:
        data = Path(options.data_dir).absolute()
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
    container = start_container(engine, options.port, data)
    started.write(port=options.port, engine=engine, container=container,
                  data=str(data) if data else f"the volume {container_name(options.port)} of {engine}")
    try:
        return wait_until_ready(address, started, None)
    except BaseException:
        started.end()
        started.forget()
        raise


def wait_until_ready(address, started, log, process=None):
    """Waits until it answers PING and FT._LIST: 30 s, and for as long as it says that it loads its file."""
    end = time.monotonic() + 30
    reason = None
    while time.monotonic() < end:
        # A child that has ended stays until it is asked after.
        if not started.runs() or (process and process.poll() is not None):
            fail(f"Redis has ended ({started.describe()}). Its last words:\n{last_lines(log, 6) if log else ''}")
        try:
            report = examine(address, {}, timeout=2)
            if report.process == str(started.content.get("pid", report.process)):
                return report
            reason = "another Redis has taken the port"
            time.sleep(0.02)
        except Unusable as unusable:
            fail(f"Redis at {address} was started, but {unusable}")
        except Refused as refusal:
            reason = refusal
            if str(refusal).startswith("LOADING"):
                end = time.monotonic() + 30
            time.sleep(0.1)
        except OSError as failure:
            reason = failure
            time.sleep(0.02)
    fail(f"Redis runs ({started.describe()}) and does not answer at {address}: {reason}")


def last_log(started):
    return None if "container" in started.content else Path(started.data()) / "redis.log"


def announce(address, report, how):
    print(f"Redis {report.version} with search {report.search} on {address} {how}")
    print(f"point the service at it with: ENGRAM_STORE=redis QUARKUS_REDIS_HOSTS={address}")
    for warning in warnings(report):
        print(f"engram: {warning}", file=sys.stderr)


def warnings(report):
    """What can lose or hide memories in the way this Redis is set up. Settings it does not tell are not judged."""
    if not report.append_only:
        yield "this Redis keeps no append-only file: a crash loses memories (appendonly yes)"
    elif report.sync and report.sync != "always":
        yield f"this Redis answers before it syncs (appendfsync {report.sync}): a crash loses the last seconds"
    if report.last_write not in ("ok", ""):
        yield f"this Redis could not write its append-only file last time ({report.last_write})"
    if report.eviction not in ("noeviction", ""):
        yield f"this Redis forgets keys when it is full (maxmemory-policy {report.eviction}); use noeviction"
    if report.timeouts not in ("fail", ""):
        yield ("searches of this Redis that take too long return part of the answer; "
               "set ON_TIMEOUT FAIL (search 2.10) or search-on-timeout fail (Redis 8)")


# --- stop and status -------------------------------------------------------------------------------------------------


def stop(options):
    with only_one(options.port):
        started = Started(options.port)
        if started.runs():
            what = started.describe()
            if not started.end():
                fail(f"Redis ({what}) has not ended within 60 s")
            started.forget()
            print(f"stopped Redis on port {options.port} ({what})")
            return 0
        if started.content:
            print(f"what was started on port {options.port} ({started.describe()}) had ended already")
            started.forget()
            return 0
        try:
            examine(Address("127.0.0.1", options.port), {})
        except ConnectionRefusedError:
            print(f"nothing to stop: no Redis runs on port {options.port}")
            return 0
        except (OSError, Refused, Unusable):
            pass
        fail(f"what runs on port {options.port} was not started by './engram redis start' and is not stopped")


def status(options):
    if options.hosts:
        return max(describe(address, None) for address in options.hosts)
    return describe(Address("127.0.0.1", options.port), Started(options.port))


def describe(address, started):
    """Prints what answers at the address. Returns the exit status."""
    runs = started is not None and started.runs()
    try:
        report = examine(address, os.environ if started is None else {})
    except Unusable as reason:
        print(f"what answers on {address} is of no use to Engram: {reason}")
        return 1
    except (OSError, Refused) as reason:
        print(f"no Redis answers on {address}: {reason}")
        if started is not None and started.content:
            print(f"{started.describe()} " + ("runs" if runs else "was started here and has ended"))
        return NONE_ANSWERS
    print(f"Redis {report.version} with search {report.search or 'of unknown version'} answers on {address}")
    if started is None:
        print("  started      not here: QUARKUS_REDIS_HOSTS names it")
    else:
        print(f"  started      {started.describe() if runs else 'not by ./engram redis'}")
        if runs:
            print(f"  data         {started.data()}")
    print(f"  persistence  {persistence(report)}")
    print(f"  memory       {report.memory} of {report.memory_limit or 'no limit'}, {report.eviction}")
    print(f"  search       {report.indexes} indexes, timeouts {report.timeouts or 'unknown'}")
    for warning in warnings(report):
        print(f"  warning      {warning}")
    return 0


def persistence(report):
    if not report.append_only:
        return "no append-only file"
    return f"append-only file, sync {report.sync or 'unknown'}, last write {report.last_write or 'unknown'}"


# --- Command line ----------------------------------------------------------------------------------------------------


def port_number(text):
    port = int(text)
    if not 1 <= port <= 65535:
        raise ValueError
    return port


port_number.__name__ = "port"


def main():
    parser = argparse.ArgumentParser(prog="./engram redis", description="A Redis with vector search for Engram.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="start|stop|status")
    for name, action, text in (("start", start, "start one, unless QUARKUS_REDIS_HOSTS names one or one runs"),
                               ("stop", stop, "end what start has started"),
                               ("status", status, "say what answers: 0 if it is usable, 3 if nothing does")):
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(action=action)
        command.add_argument("--port", type=port_number, default=6379, help="on 127.0.0.1; 6379 by default")
        if name == "start":
            command.add_argument("--data-dir", help="data/redis by default; with a container, a volume")
            command.add_argument("--with", dest="way", choices=WAYS, default=os.environ.get("ENGRAM_REDIS_WITH") or None,
                                 help="this way only; by default the first that is open (also ENGRAM_REDIS_WITH)")
    options = parser.parse_args()
    if options.command == "start" and options.way not in (None, *WAYS):
        parser.error("ENGRAM_REDIS_WITH must be one of " + ", ".join(WAYS))
    try:
        options.hosts = configured_addresses(os.environ.get("QUARKUS_REDIS_HOSTS", ""), os.environ)
    except ValueError as problem:
        fail(str(problem), 2)
    sys.exit(options.action(options))


if __name__ == "__main__":
    main()
