"""The demo's side of Engram: a small HTTP client, and a service of its own while the demo runs."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.parse
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class DemoFailed(Exception):
    """Something the reader should see as one clear message and no stack trace."""


class Client:
    """One kept-alive connection that sends and receives JSON."""

    def __init__(self, url, timeout=300.0):
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise DemoFailed(f"--url must look like http://127.0.0.1:8080, not {url!r}")
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self.url = url.rstrip("/")
        self.prefix = parts.path.rstrip("/")
        self.connection = kind(parts.hostname, parts.port, timeout=timeout)

    def another(self):
        return Client(self.url)

    def exchange(self, method, path, body=None):
        """Sends one request and returns status, headers and bytes; a dropped connection is opened again once."""
        payload = None if body is None else json.dumps(body).encode()
        headers = {"Accept": "application/json"}
        if payload is not None:
            headers["Content-Type"] = "application/json"
        fresh = self.connection.sock is None
        try:
            self.connection.request(method, self.prefix + path, payload, headers)
            answer = self.connection.getresponse()
            return answer.status, answer.headers, answer.read()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self.connection.close()
            if fresh:
                raise
            return self.exchange(method, path, body)

    def call(self, method, path, body=None, expect=(200, 201, 202, 204)):
        """Returns the answer's JSON; waits out a 503 with Retry-After a few times; else tells the problem."""
        for attempt in range(4):
            try:
                status, headers, content = self.exchange(method, path, body)
            except (OSError, http.client.HTTPException) as failure:
                self.connection.close()
                reason = str(failure) or type(failure).__name__
                raise DemoFailed(f"{self.url} does not answer {method} {path}: {reason}") from failure
            if status == 503 and attempt < 3:
                wait = headers.get("Retry-After") or ""
                time.sleep(min(5.0, float(wait)) if wait.isdigit() else 1.0)
                continue
            break
        try:
            value = json.loads(content) if content else None
        except ValueError:
            value = None
        if status not in expect:
            raise DemoFailed(self._problem(method, path, status, value, content))
        return value

    def get(self, path):
        return self.call("GET", path)

    def post(self, path, body):
        return self.call("POST", path, body)

    def put(self, path, body):
        return self.call("PUT", path, body)

    def delete(self, path):
        return self.call("DELETE", path, expect=(200, 202, 204, 404))

    @staticmethod
    def _problem(method, path, status, value, content):
        lines = [f"{method} {path} was answered with {status}"]
        if isinstance(value, dict) and (value.get("title") or value.get("detail")):
            lines[0] += f": {value.get('title') or ''}"
            if value.get("detail"):
                lines.append(str(value["detail"]))
            for error in value.get("errors") or []:
                lines.append(f"{error.get('field')}: {error.get('message')}")
        elif content:
            lines.append(content[:300].decode("utf-8", "replace"))
        return "\n".join(lines)


class OwnService:
    """A service with a temporary data folder on a free port; `close()` ends it and removes the folder."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="engram-demo-"))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = self.folder / "service.log"
        command = [str(ROOT / "engram"), "serve", "--port", str(self.port), "--data-dir", str(self.folder / "data")]
        try:
            with open(self.log, "wb") as log:
                # A session of its own: Ctrl-C reaches the demo alone, which then stops the service in order.
                self.process = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
                )
        except OSError as failure:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise DemoFailed(f"{command[0]} cannot be run: {failure}") from failure

    def wait(self, tick, limit=600.0):
        """Waits until the service says that it is ready; `tick(seconds)` is called meanwhile."""
        begun = time.monotonic()
        while True:
            if self.process.poll() is not None:
                raise DemoFailed(
                    f"the service ended with code {self.process.returncode}; its last lines:\n{self._tail()}"
                )
            waited = time.monotonic() - begun
            if waited > limit:
                raise DemoFailed(f"the service was not ready after {limit:.0f} s; its last lines:\n{self._tail()}")
            try:
                client = Client(self.url, timeout=5.0)
                status, _, _ = client.exchange("GET", "/q/health/ready")
                client.connection.close()
                if status == 200:
                    return waited
            except (OSError, http.client.HTTPException):
                pass
            tick(waited)
            time.sleep(0.1)

    def _tail(self):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])

    def close(self):
        # The group is the service's own session: the launcher, a build it may be running, and the service.
        for order in (signal.SIGTERM, signal.SIGKILL):
            if self.process.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self.process.pid, order)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self.process.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)
