"""Engram for Python: one file that needs nothing but the standard library.

    import engram

    service = engram.Engram("http://127.0.0.1:8080")             # key="…" where the service needs one
    service.recall("world", state=[0.1, 0.2], k=5)               # memory
    env = service.make("CartPole-v1")                            # its environments, as gymnasium.Env
    training = service.train("dqn", "LunarLander-v3", steps=100_000)   # its agents, in your environments
    training.agent.act(observation)

NumPy and Gymnasium are needed for what has to do with Gymnasium: `make`, `make_vec`, `offer` and `train`.
"""

import base64
import contextlib
import hashlib
import http.client
import json
import os
import re
import socket
import ssl
import struct
import sys
import threading
import time
import urllib.parse
import uuid

try:
    import gymnasium
    import numpy as np
    from gymnasium.vector import AutoresetMode
    from gymnasium.vector import VectorEnv as _VectorEnv
    from gymnasium.vector.utils import batch_space

    _Env = gymnasium.Env
except ImportError:
    gymnasium = None
    _Env = _VectorEnv = object

__all__ = ["Agent", "Engram", "EngramError", "Environment", "Offer", "Training", "VectorEnvironment"]

ALGORITHMS = ("dqn", "sac", "reinforce")
FINAL = ("succeeded", "failed", "cancelled")


class EngramError(Exception):
    """The service refused something: `status` is the HTTP status (0 without one), `fields` what is wrong with which field."""

    def __init__(self, message, status=0, fields=None, retry_after=None):
        super().__init__(message)
        self.status = status
        self.fields = fields or {}
        self.retry_after = retry_after


# --- HTTP and WebSocket -----------------------------------------------------------------------------------------------


class _Address:
    """Where the service is, and how to connect to it."""

    def __init__(self, url, key, timeout):
        parts = urllib.parse.urlsplit(url if "//" in url else "http://" + url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"an address looks like http://127.0.0.1:8080, not {url!r}")
        self.secure = parts.scheme == "https"
        self.host = parts.hostname
        self.port = parts.port or (443 if self.secure else 80)
        self.prefix = parts.path.rstrip("/")
        self.timeout = timeout
        self.headers = {"Authorization": "Bearer " + key} if key else {}

    def connection(self):
        kind = http.client.HTTPSConnection if self.secure else http.client.HTTPConnection
        return kind(self.host, self.port, timeout=self.timeout)

    def socket(self):
        plain = socket.create_connection((self.host, self.port), timeout=self.timeout)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if not self.secure:
            return plain
        return ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)


def _problem(status, headers, content):
    """The error of an answer that is no success."""
    try:
        problem = json.loads(content)
        fields = {each["field"]: each["message"] for each in problem.get("errors", [])}
        text = problem.get("detail") or problem.get("title") or ""
    except (ValueError, TypeError, KeyError, AttributeError):
        fields, text = {}, content[:200].decode("utf-8", "replace")
    wait = headers.get("Retry-After")
    return EngramError(f"{text} (HTTP {status})", status, fields, float(wait) if wait else None)


class _Http:
    """JSON over kept-alive connections, one for each thread."""

    def __init__(self, address):
        self.address = address
        self.local = threading.local()

    def call(self, method, path, body=None):
        payload = None if body is None else json.dumps(body, default=_plain).encode()
        headers = {"Accept": "application/json", **self.address.headers}
        if payload is not None:
            headers["Content-Type"] = "application/json"
        for attempt in range(2):
            connection = getattr(self.local, "connection", None)
            fresh = connection is None
            if fresh:
                connection = self.local.connection = self.address.connection()
            try:
                connection.request(method, self.address.prefix + path, payload, headers)
                answer = connection.getresponse()
                content = answer.read()
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                # The service may close a connection that was idle; a fresh one that breaks is a real failure.
                self.local.connection = None
                connection.close()
                if fresh or attempt:
                    raise
                continue
            except BaseException:
                self.local.connection = None
                connection.close()
                raise
            if answer.status >= 400:
                raise _problem(answer.status, answer.headers, content)
            return json.loads(content) if content else None

    def close(self):
        connection, self.local.connection = getattr(self.local, "connection", None), None
        if connection is not None:
            connection.close()

    def events(self, path):
        """The data of server-sent events, as they come."""
        connection = self.address.connection()
        try:
            connection.request("GET", self.address.prefix + path, headers={"Accept": "text/event-stream", **self.address.headers})
            answer = connection.getresponse()
            if answer.status >= 400:
                raise _problem(answer.status, answer.headers, answer.read())
            data = []
            for line in answer:
                line = line.decode().rstrip("\r\n")
                if line.startswith("data:"):
                    data.append(line[5:].lstrip())
                elif not line and data:
                    yield json.loads("\n".join(data))
                    data = []
        finally:
            connection.close()


def _plain(value):
    """NumPy's arrays and numbers as JSON has them."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} has no form in JSON")


class _WebSocket:
    """The client's side of RFC 6455, for binary messages. One thread sends and receives; `close` may come from any."""

    LONGEST = 16 << 20

    def __init__(self, address, path):
        self.lock = threading.Lock()
        self.socket = address.socket()
        try:
            key = base64.b64encode(os.urandom(16)).decode()
            lines = [f"GET {address.prefix}{path} HTTP/1.1", f"Host: {address.host}:{address.port}", "Upgrade: websocket"]
            lines += ["Connection: Upgrade", "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}"]
            lines += [f"{name}: {value}" for name, value in address.headers.items()]
            self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
            self.stream = self.socket.makefile("rb")
            status = int(self.stream.readline(1024).split(b" ", 2)[1])
            headers = http.client.parse_headers(self.stream)
            if status != 101:
                length = int(headers.get("Content-Length") or 0)
                raise _problem(status, headers, self.stream.read(min(length, 1 << 16)))
            expected = hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
            if headers.get("Sec-WebSocket-Accept") != base64.b64encode(expected).decode():
                raise EngramError("what answers there is no WebSocket")
            self.socket.settimeout(None)
        except (IndexError, ValueError) as failure:
            self.socket.close()
            raise EngramError("what answers there is no WebSocket") from failure
        except BaseException:
            self.socket.close()
            raise
        self.code, self.reason, self.pinged = 0, "", None

    def send(self, payload, opcode=2):
        mask = os.urandom(4)
        size = len(payload)
        head = bytes([0x80 | opcode])
        if size < 126:
            head += bytes([0x80 | size])
        elif size < 1 << 16:
            head += struct.pack(">BH", 0x80 | 126, size)
        else:
            head += struct.pack(">BQ", 0x80 | 127, size)
        key = int.from_bytes((mask * (size // 4 + 1))[:size], "little")
        masked = (int.from_bytes(payload, "little") ^ key).to_bytes(size, "little")
        with self.lock:
            self.socket.sendall(head + mask + masked)

    def receive(self):
        """The next message; None when the other side has ended the connection."""
        parts, total = [], 0
        while True:
            first, second = self._exactly(2)
            size = second & 0x7F
            if size == 126:
                (size,) = struct.unpack(">H", self._exactly(2))
            elif size == 127:
                (size,) = struct.unpack(">Q", self._exactly(8))
            total += size
            if second & 0x80 or total > self.LONGEST:
                raise EngramError("the service sent a frame that is too long or masked")
            payload = self._exactly(size)
            opcode = first & 0x0F
            if opcode == 8:
                self.code = struct.unpack(">H", payload[:2])[0] if size >= 2 else 1005
                self.reason = payload[2:].decode("utf-8", "replace")
                with contextlib.suppress(OSError):
                    self.send(payload[:2], 8)
                return None
            if opcode == 9:
                self.send(payload, 10)
                if self.pinged:
                    self.pinged(payload)
            elif opcode in (0, 2):
                parts.append(payload)
                if first & 0x80:
                    return b"".join(parts)

    def _exactly(self, size):
        data = self.stream.read(size)
        if len(data) < size:
            raise ConnectionResetError("the service has ended the connection")
        return data

    def close(self):
        with contextlib.suppress(OSError):
            self.send(struct.pack(">H", 1000), 8)
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


# --- Frames of environments (docs/environments.md) ------------------------------------------------------------------

DESCRIBE, DESCRIBED, BEGIN, ADVANCE, ANSWERED, FAILED, CLOSE = range(1, 8)
LEAVE, RESET, RESET_SEEDED, STEP = range(4)
TERMINATED, TRUNCATED, BEGAN, LEFT, FAULTY = 1, 2, 4, 8, 16
INVALID, UNAVAILABLE, CONFLICT = range(3)


def _frame(kind, sequence, body=b""):
    return struct.pack("<4sBBHII", b"ENVF", 1, kind, 0, sequence, len(body)) + body


def _unframed(data):
    """Kind, sequence number and body of a frame."""
    magic, version, kind, _, sequence, size = struct.unpack_from("<4sBBHII", data)
    if magic != b"ENVF" or version != 1 or size != len(data) - 16:
        raise EngramError("this is no frame of version 1")
    return kind, sequence, data[16:]


def _text(value):
    utf8 = str(value).encode()[:4000].decode("utf-8", "ignore").encode()
    return struct.pack("<H", len(utf8)) + utf8


def _read_text(body, at):
    (size,) = struct.unpack_from("<H", body, at)
    return body[at + 2 : at + 2 + size].decode(), at + 2 + size


def _floats(body, count, at):
    return np.frombuffer(body, "<f4", count, at).astype(np.float32), at + 4 * count


class _Session:
    """Instances of one of the service's environments, over a WebSocket."""

    def __init__(self, address, name, instances):
        self.socket = _WebSocket(address, f"/v1/environments/{urllib.parse.quote(name)}/session?instances={instances}")
        self.sequence = 0
        kind, body = self._ask(DESCRIBE)
        self.count, self.time_limit = struct.unpack_from("<II", body)
        self.name, at = _read_text(body, 8)
        (self.width,) = struct.unpack_from("<I", body, at)
        low, at = _floats(body, self.width, at + 4)
        high, at = _floats(body, self.width, at)
        self.observation_space = gymnasium.spaces.Box(low, high, dtype=np.float32)
        discrete = body[at] == 0
        (size,) = struct.unpack_from("<I", body, at + 1)
        if discrete:
            self.action_space = gymnasium.spaces.Discrete(size)
        else:
            low, at = _floats(body, size, at + 5)
            high, at = _floats(body, size, at)
            self.action_space = gymnasium.spaces.Box(low, high, dtype=np.float32)
        self.action_width = 1 if discrete else size

    def _ask(self, kind, body=b""):
        self.sequence = self.sequence + 1 & 0xFFFFFFFF
        self.socket.send(_frame(kind, self.sequence, body))
        data = self.socket.receive()
        if data is None:
            raise EngramError("the service has ended the session: " + self.socket.reason)
        kind, sequence, body = _unframed(data)
        if sequence != self.sequence:
            raise EngramError("the service answered something else than was asked")
        if kind == FAILED:
            reason, wait = struct.unpack_from("<BI", body)
            field, at = _read_text(body, 5)
            text, _ = _read_text(body, at)
            if reason == CONFLICT:
                raise gymnasium.error.ResetNeeded(text)
            if reason == INVALID:
                raise ValueError(f"{field} {text}")
            raise EngramError(text, 503, {field: text}, wait / 1000)
        return kind, body

    def begin(self, seeds):
        """Begins an episode in every instance; a seed may be None."""
        operations = bytes(RESET if seed is None else RESET_SEEDED for seed in seeds)
        numbers = np.array([0 if seed is None else seed for seed in seeds], "<i8").tobytes()
        return self._rows(BEGIN, struct.pack("<IB", self.count, 1) + operations + numbers)

    def advance(self, operations, actions):
        head = struct.pack("<IIB", self.count, self.action_width, 1)
        return self._rows(ADVANCE, head + operations + actions.astype("<f4").tobytes())

    def _rows(self, kind, body):
        _, body = self._ask(kind, body)
        n, width, mask, with_infos = struct.unpack_from("<IIIB", body)
        flags = np.frombuffer(body, np.uint8, n, 13)
        at = 13 + n
        rewards = np.frombuffer(body, "<f8", n, at).astype(np.float64)
        observations, at = _floats(body, n * width, at + 8 * n)
        masks = np.frombuffer(body, np.int8, n * mask, at).reshape(n, mask) if mask else None
        at += n * mask
        infos = [{} for _ in range(n)]
        for row in range(n if with_infos else 0):
            (size,) = struct.unpack_from("<I", body, at)
            if size:
                infos[row] = json.loads(body[at + 4 : at + 4 + size])
            at += 4 + size
        if masks is not None:
            for row in range(n):
                infos[row]["action_mask"] = masks[row].copy()
        return flags, rewards, observations.reshape(n, width), infos

    def close(self):
        with contextlib.suppress(OSError):
            self.socket.send(_frame(CLOSE, 0))
        self.socket.close()


def _need_gymnasium():
    if gymnasium is None:
        raise ImportError("this needs NumPy and Gymnasium: pip install gymnasium")


class Environment(_Env):
    """One of the service's environments, as `gymnasium.make` gives it, with its time limit. Made by `Engram.make`."""

    metadata = {"render_modes": []}

    def __init__(self, address, name, threshold=None):
        _need_gymnasium()
        self._session = _Session(address, name, 1)
        self.observation_space = self._session.observation_space
        self.action_space = self._session.action_space
        self.render_mode = None
        # Something that wraps a session cannot be made again from a registry: its entry point makes it.
        self.spec = gymnasium.envs.registration.EnvSpec(
            id=name,
            entry_point=lambda **_: Environment(address, name, threshold),
            reward_threshold=threshold,
            max_episode_steps=None,
            disable_env_checker=True,
            order_enforce=False,
        )

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        if options:
            raise ValueError(f"there are no options of reset here, not {sorted(options)}")
        _, _, observations, infos = self._session.begin([seed])
        return observations[0], infos[0]

    def step(self, action):
        flat = np.asarray(action, np.float32).reshape(-1)
        if flat.size != self._session.action_width:
            raise ValueError(f"an action has {self._session.action_width} numbers, not {flat.size}")
        flags, rewards, observations, infos = self._session.advance(b"\x03", flat)
        ended = int(flags[0])
        return observations[0], float(rewards[0]), bool(ended & TERMINATED), bool(ended & TRUNCATED), infos[0]

    def render(self):
        return None

    def close(self):
        session, self._session = getattr(self, "_session", None), None
        if session is not None:
            session.close()


class VectorEnvironment(_VectorEnv):
    """Several of them that are stepped together, in one exchange a step. Made by `Engram.make_vec`."""

    def __init__(self, address, name, num_envs):
        _need_gymnasium()
        self._session = _Session(address, name, num_envs)
        self.num_envs = num_envs
        self.single_observation_space = self._session.observation_space
        self.single_action_space = self._session.action_space
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self.metadata = {"render_modes": [], "autoreset_mode": AutoresetMode.NEXT_STEP}
        self.render_mode = None
        self.spec = None
        self._over = np.zeros(num_envs, bool)

    def reset(self, *, seed=None, options=None):
        if options:
            raise ValueError(f"there are no options of reset here, not {sorted(options)}")
        if seed is None or isinstance(seed, (int, np.integer)):
            seeds = [None if seed is None else int(seed) + row for row in range(self.num_envs)]
        else:
            seeds = list(seed)
            if len(seeds) != self.num_envs:
                raise ValueError(f"there must be {self.num_envs} seeds, not {len(seeds)}")
        _, _, observations, infos = self._session.begin(seeds)
        self._over[:] = False
        return observations, self._infos(infos)

    def step(self, actions):
        flat = np.asarray(actions, np.float32).reshape(self.num_envs, -1)
        operations = np.where(self._over, RESET, STEP).astype(np.uint8).tobytes()
        flags, rewards, observations, infos = self._session.advance(operations, flat)
        terminations = (flags & TERMINATED).astype(bool)
        truncations = (flags & TRUNCATED).astype(bool)
        self._over = terminations | truncations
        return observations, rewards, terminations, truncations, self._infos(infos)

    def _infos(self, infos):
        together = {}
        for row, info in enumerate(infos):
            if info:
                together = self._add_info(together, info, row)
        return together

    def close_extras(self, **kwargs):
        session, self._session = getattr(self, "_session", None), None
        if session is not None:
            session.close()


# --- Your environments, for its learners ----------------------------------------------------------------------------


class _Shown:
    """A Gymnasium environment as frames show it: flat observations, an index or flat numbers for an action."""

    def __init__(self, env):
        self.env = env
        spaces = gymnasium.spaces
        try:
            box = spaces.utils.flatten_space(env.observation_space)
            self.low, self.high = (np.asarray(each, np.float32).reshape(-1) for each in (box.low, box.high))
        except (NotImplementedError, AttributeError) as failure:
            raise EngramError(f"observations of {env.observation_space} have no flat form") from failure
        self.actions = env.action_space
        self.discrete = isinstance(self.actions, spaces.Discrete)
        if not self.discrete and not (isinstance(self.actions, spaces.Box) and self.actions.is_bounded()):
            raise EngramError(f"actions are discrete or a box with finite bounds, not {self.actions}")
        self.flat = isinstance(env.observation_space, spaces.Box)
        self.over = True

    def described(self):
        spec = self.env.spec
        body = struct.pack("<II", 1, (spec.max_episode_steps if spec else None) or 0)
        body += _text(spec.id if spec else type(self.env.unwrapped).__name__)
        body += struct.pack("<I", self.low.size) + self.low.astype("<f4").tobytes() + self.high.astype("<f4").tobytes()
        if self.discrete:
            return body + struct.pack("<BI", 0, int(self.actions.n))
        bounds = [np.asarray(each, "<f4").reshape(-1) for each in (self.actions.low, self.actions.high)]
        return body + struct.pack("<BI", 1, bounds[0].size) + bounds[0].tobytes() + bounds[1].tobytes()

    def reset(self, seed):
        observation, info = self.env.reset(seed=seed)
        self.over = False
        return BEGAN, 0.0, observation, info

    def step(self, numbers):
        if self.discrete:
            action = int(numbers[0]) + int(self.actions.start)
        else:
            action = numbers.astype(self.actions.dtype).reshape(self.actions.shape)
        observation, reward, terminated, truncated, info = self.env.step(action)
        self.over = bool(terminated or truncated)
        return (TERMINATED if terminated else 0) | (TRUNCATED if truncated else 0), float(reward), observation, info

    def answered(self, flags, reward, observation, info, with_info):
        if not self.flat:
            observation = gymnasium.spaces.utils.flatten(self.env.observation_space, observation)
        seen = np.asarray(observation, "<f4").tobytes()
        mask = info.get("action_mask") if self.discrete else None
        masked = b"" if mask is None else (np.asarray(mask).reshape(-1) != 0).astype(np.uint8).tobytes()
        said = b""
        if with_info:
            said = json.dumps({k: v for k, v in info.items() if k != "action_mask"}, default=str).encode()
            said = said if len(said) <= 1 << 16 else b"{}"
        body = struct.pack("<IIIBBd", 1, len(seen) // 4, len(masked), bool(with_info), flags, reward) + seen + masked
        return body + (struct.pack("<I", len(said)) + said if with_info else b"")


class Offer:
    """An environment on offer, until `close` or the end of a `with`. Made by `Engram.offer`.

    Each connection has an environment of its own, made anew by the factory when the connection was lost or the
    environment failed. Connections that were lost are opened again.
    """

    def __init__(self, address, name, factory, connections, shared=None):
        self.name = name
        self.failure = None
        self._address = address
        self._factory = factory
        self._shared = shared
        self._closed = threading.Event()
        self._ready = threading.Semaphore(0)
        self._sockets = set()
        self._threads = [
            threading.Thread(target=self._keep, name=f"engram-offer-{name}-{i}", daemon=True) for i in range(connections)
        ]
        for thread in self._threads:
            thread.start()
        for _ in self._threads:
            while not self._ready.acquire(timeout=0.2):
                if self.failure is not None:
                    self.close()
                    raise self.failure

    def _keep(self):
        """Keeps one connection open."""
        pause, accepted = 0.1, _Accepted(self._ready)
        while not self._closed.is_set():
            accepted.now = False
            try:
                shown = _Shown(self._shared or self._factory())
                try:
                    web = _WebSocket(self._address, f"/v1/environments/{urllib.parse.quote(self.name)}/offer")
                    self._sockets.add(web)
                    web.pinged = accepted
                    try:
                        self._answers(web, shown)
                        if web.code == 1008:
                            raise EngramError(web.reason, 409)
                    finally:
                        self._sockets.discard(web)
                        web.close()
                finally:
                    if self._shared is None:
                        shown.env.close()
            except (OSError, EngramError) as failure:
                final = isinstance(failure, EngramError) and (400 <= failure.status < 500 and failure.status != 429)
                if final or not accepted.ever:
                    self.failure = failure
                    return
            except Exception as failure:
                # The factory, or closing what it made.
                if not accepted.ever:
                    self.failure = failure
                    return
            pause = 0.1 if accepted.now else min(2 * pause, 5)
            self._closed.wait(pause)

    def _answers(self, web, shown):
        """Answers frames until the connection ends."""
        while not self._closed.is_set():
            data = web.receive()
            if data is None:
                return
            kind, sequence, body = _unframed(data)
            if kind == CLOSE:
                web.send(_frame(CLOSE, sequence))
                return
            try:
                kind, answer = (DESCRIBED, shown.described()) if kind == DESCRIBE else (ANSWERED, self._row(shown, kind, body))
            except _Refused as refused:
                kind, answer = FAILED, struct.pack("<BI", refused.reason, 0) + _text(refused.field) + _text(refused)
            except Exception as failure:
                # What the environment threw is a fault of this instance: the service takes another one.
                answer = struct.pack("<BI", UNAVAILABLE, 100) + _text("") + _text(f"{type(failure).__name__}: {failure}")
                web.send(_frame(FAILED, sequence, answer))
                return
            web.send(_frame(kind, sequence, answer))

    @staticmethod
    def _row(shown, kind, body):
        count = struct.unpack_from("<I", body)[0]
        if kind not in (BEGIN, ADVANCE) or count != 1:
            raise _Refused(INVALID, "frame", "asks for something else than one row")
        with_info, operation = body[4 if kind == BEGIN else 8], body[5 if kind == BEGIN else 9]
        if operation == STEP and kind == ADVANCE:
            if shown.over:
                raise _Refused(CONFLICT, "operations[0]", "asks for a step, but no episode is under way; reset first")
            followed = shown.step(np.frombuffer(body, "<f4", struct.unpack_from("<I", body, 4)[0], 10))
        elif operation in (RESET, RESET_SEEDED):
            seed = struct.unpack_from("<q", body, 6)[0] if operation == RESET_SEEDED else None
            followed = shown.reset(seed)
        else:
            raise _Refused(INVALID, "operations[0]", "is unknown")
        return shown.answered(*followed, with_info)

    def close(self):
        """Ends the offer."""
        self._closed.set()
        for web in list(self._sockets):
            web.close()
        for thread in self._threads:
            thread.join(5)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class _Accepted:
    """Notes that the service has taken a connection in: the ping that says so."""

    def __init__(self, ready):
        self.ready, self.ever, self.now = ready, False, False

    def __call__(self, payload):
        if payload == b"accepted":
            self.now = True
            if not self.ever:
                self.ever = True
                self.ready.release()


class _Refused(Exception):
    def __init__(self, reason, field, text):
        super().__init__(text)
        self.reason = reason
        self.field = field


# --- Agents -------------------------------------------------------------------------------------------------------------


class Training:
    """A run that trains an agent. Iterate over it to follow it, or `wait` for its end."""

    def __init__(self, service, agent, run):
        self.service = service
        self.agent = agent
        self.run = run

    @property
    def id(self):
        return self.run["id"]

    @property
    def status(self):
        return self.run["status"]

    @property
    def result(self):
        """What it came to: steps, returnMean, best, evaluation, seconds, stepsPerSecond, bottleneck …"""
        return self.run.get("result")

    def __iter__(self):
        """The run as it goes on, about twice a second, until it has ended."""
        while True:
            try:
                for self.run in self.service._http.events(f"/v1/runs/{self.id}/events"):
                    yield self.run
                    if self.status in FINAL:
                        return
            except (OSError, http.client.HTTPException):
                time.sleep(0.5)
            self.refresh()
            if self.status in FINAL:
                yield self.run
                return

    def refresh(self):
        self.run = self.service.call("GET", f"/v1/runs/{self.id}")
        return self

    def wait(self, progress=None):
        """Waits for its end, telling `progress` of the run as it goes on; raises if it failed."""
        for run in self:
            if progress:
                progress(run)
        if self.status == "failed":
            problem = self.run.get("problem") or {}
            raise EngramError(problem.get("detail") or problem.get("title") or "the training failed")
        return self

    def cancel(self):
        """Stops it; `Agent.resume` takes it up again."""
        self.run = self.service.call("DELETE", f"/v1/runs/{self.id}") or self.run
        return self


class Agent:
    """An agent of the service."""

    def __init__(self, service, id):
        self.service = service
        self.id = id
        self._path = f"/v1/agents/{urllib.parse.quote(id)}"

    def __repr__(self):
        return f"Agent({self.id!r})"

    def info(self):
        return self.service.call("GET", self._path)

    def act(self, observation, deterministic=True, action_mask=None):
        """The action for an observation: a whole number, or an array."""
        body = {"observation": _numbers(observation), "deterministic": deterministic}
        if action_mask is not None:
            body["actionMask"] = [bool(each) for each in action_mask]
        action = self.service.call("POST", self._path + "/act", body)["action"]
        return action if isinstance(action, int) or gymnasium is None else np.asarray(action, np.float32)

    def act_all(self, observations, deterministic=True):
        """The actions for several observations, in one request."""
        body = {"observations": [_numbers(each) for each in observations], "deterministic": deterministic}
        return self.service.call("POST", self._path + "/act", body)["actions"]

    def predict(self, observation, state=None, episode_start=None, deterministic=True):
        """As models of Stable-Baselines3 have it, so that its tools can evaluate the agent, also one with a memory."""
        single = np.ndim(observation) == 1
        rows = [observation] if single else observation
        starts = np.zeros(len(rows), bool) if episode_start is None else np.reshape(episode_start, -1)
        carried = [[] if state is None or start else list(state[row]) for row, start in enumerate(starts)]
        body = {"observations": [_numbers(row) for row in rows], "carried": carried, "deterministic": deterministic}
        answer = self.service.call("POST", self._path + "/act", body)
        actions = np.asarray(answer["actions"])
        return actions[0] if single else actions, answer["carried"]

    def observe(self, transitions):
        """Teaches it what it lived through elsewhere: dicts with observation, action, reward, nextObservation, terminated."""
        return self.service.call("POST", self._path + "/observe", {"transitions": list(transitions)})

    def train(self, steps, environment=None, seed=0, **settings):
        """Begins a training; settings are evaluateEvery, episodes, saveEvery, stopAt, patience."""
        body = {"steps": steps, "seed": seed, "settings": settings}
        if environment:
            body["environment"] = environment
        return Training(self.service, self, self.service.call("POST", self._path + "/trainings", body))

    def resume(self):
        """Takes up the training that was interrupted last."""
        return Training(self.service, self, self.service.call("POST", self._path + "/trainings", {"resume": True}))

    def evaluate(self, episodes=10, environment=None, seed=0):
        body = {"episodes": episodes, "seed": seed, **({"environment": environment} if environment else {})}
        return self.service.call("POST", self._path + "/evaluations", body)

    def pause(self):
        self.service.call("PUT", self._path + "/pause")

    def proceed(self):
        self.service.call("DELETE", self._path + "/pause")

    def delete(self):
        self.service.call("DELETE", self._path)


def _numbers(observation):
    return observation.reshape(-1).tolist() if hasattr(observation, "reshape") else list(observation)


def print_progress(run, stream=None):
    """One line that renews itself in a terminal, and a line for every tenth elsewhere."""
    out = stream or sys.stderr
    done = run["progress"]
    if out.isatty():
        bar = ("█" * int(done * 24)).ljust(24, "·")
        out.write(f"\r\x1b[K{bar} {done:4.0%}  {run['message'][:90]}" + ("\n" if run["status"] in FINAL else ""))
        out.flush()
    elif run["message"]:
        line = f"{done:4.0%}  {run['message']}"
        tenth, before = print_progress.last.get(run["id"], (None, None))
        if line != before and (int(done * 10) != tenth or run["status"] in FINAL):
            print_progress.last[run["id"]] = int(done * 10), line
            print(line, file=out, flush=True)


print_progress.last = {}


# --- The service --------------------------------------------------------------------------------------------------------


class Engram:
    """A running service. Threads may share it."""

    def __init__(self, url="http://127.0.0.1:8080", key=None, timeout=60.0):
        self._address = _Address(url, key, timeout)
        self._http = _Http(self._address)

    def close(self):
        """Closes this thread's connection; another call opens it again."""
        self._http.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def call(self, method, path, body=None):
        """Any operation of the API (docs/openapi.yaml), as JSON."""
        return self._http.call(method, path, body)

    # Memory

    def spaces(self):
        return self._all("/v1/spaces")

    def put_space(self, name, **settings):
        """Makes a space, or changes its settings."""
        return self.call("PUT", _space(name), settings)

    def delete_space(self, name):
        self.call("DELETE", _space(name))

    def remember(self, space, agent, **memory):
        """Stores a memory: state or text, step, action, reward, tags … Returns its id."""
        return self.call("POST", _space(space) + "/memories", {"agent": agent, **memory})["id"]

    def remember_all(self, space, memories):
        """Stores several; returns what was created and what failed."""
        return self.call("POST", _space(space) + "/memories/batch", {"memories": list(memories)})

    def memory(self, space, id):
        return self.call("GET", f"{_space(space)}/memories/{urllib.parse.quote(id)}")

    def recall(self, space, state=None, k=10, **query):
        """The most similar memories: dicts with id, score, tier, memory. Also text=, like=, filter=, tiers=, minScore=."""
        body = {"k": k, **({} if state is None else {"state": state}), **query}
        return self.call("POST", _space(space) + "/recall", body)["matches"]

    def _all(self, path):
        items, cursor = [], None
        while True:
            page = self.call("GET", path + (f"?cursor={urllib.parse.quote(cursor)}" if cursor else ""))
            items += page["items"]
            cursor = page["nextCursor"]
            if not cursor:
                return items

    # Environments

    def environments(self):
        """The built-in ones and those that are offered, with their health."""
        return self._all("/v1/environments")

    def environment(self, name):
        return self.call("GET", f"/v1/environments/{urllib.parse.quote(name)}")

    def make(self, name):
        """One of its environments, as `gymnasium.make`."""
        return Environment(self._address, name, self.environment(name)["rewardThreshold"])

    def make_vec(self, name, num_envs=1):
        """Several that are stepped together, as `gymnasium.make_vec`."""
        return VectorEnvironment(self._address, name, num_envs)

    def offer(self, name, env, connections=2):
        """Offers an environment under a name, for trainings that name it.

        `env` is the id of a Gymnasium environment, a function that makes one, or one itself. A training needs two: one
        to learn in and one to be evaluated in, so one environment by itself can only be trained in without evaluation.
        """
        _need_gymnasium()
        if isinstance(env, str):
            offer = Offer(self._address, name, lambda: gymnasium.make(env), connections)
        elif isinstance(env, gymnasium.Env):
            offer = Offer(self._address, name, None, 1, shared=env)
        else:
            offer = Offer(self._address, name, env, connections)
        return offer

    # Agents

    def create_agent(self, algorithm=None, environment=None, id=None, **more):
        """Makes an agent for an environment, or with observation= and actions=; also space=, seed=, settings=."""
        body = {"algorithm": algorithm, "environment": environment, "id": id, **more}
        made = self.call("POST", "/v1/agents", {key: value for key, value in body.items() if value is not None})
        return Agent(self, made["id"])

    def agents(self):
        return [Agent(self, each["id"]) for each in self._all("/v1/agents")]

    def agent(self, id):
        """The agent of that id; raises EngramError with status 404 if there is none."""
        agent = Agent(self, id)
        agent.info()
        return agent

    def train(self, agent, env, steps=None, seed=0, resume=False, id=None, space=None, settings=None, progress=print_progress,
              **training):
        """Trains an agent in your environment, and waits for the end.

        `agent` is an Agent, or "dqn", "sac" or "reinforce" for a new one (with `id`, `space` and `settings`, if you like). `env` is as
        for `offer`. `training` may be evaluateEvery, episodes, saveEvery, stopAt, patience. Interrupted by Ctrl-C or by the
        end of this program it can be taken up again: `train(service.agent(id), env, resume=True)`.
        """
        _need_gymnasium()
        if isinstance(agent, str) and agent not in ALGORITHMS:
            raise ValueError(f"agent is an Agent or one of {', '.join(ALGORITHMS)}, not {agent!r}")
        if isinstance(env, gymnasium.Env):
            # It cannot be evaluated in the middle of an episode of its own.
            training.setdefault("evaluateEvery", 0)
        task = env if isinstance(env, str) else getattr(getattr(env, "spec", None), "id", None) or "environment"
        if isinstance(agent, str) and id is None:
            id = re.sub(r"[^A-Za-z0-9._-]", "-", f"{agent}-{task}")[:50] + "-" + uuid.uuid4().hex[:6]
        name = agent.info()["environment"] if isinstance(agent, Agent) else None
        with self.offer(name or f"of-{agent.id if isinstance(agent, Agent) else id}"[:64], env) as offer:
            if isinstance(agent, str):
                agent = self.create_agent(agent, offer.name, id, space=space, seed=seed, settings=settings)
            begun = agent.resume() if resume else agent.train(steps, offer.name, seed, **training)
            try:
                return begun.wait(progress)
            except KeyboardInterrupt:
                begun.cancel()
                for _ in begun:
                    pass
                print(f"\ncancelled; go on with train(service.agent({agent.id!r}), env, resume=True)", file=sys.stderr)
                raise


def _space(name):
    return f"/v1/spaces/{urllib.parse.quote(name)}"
