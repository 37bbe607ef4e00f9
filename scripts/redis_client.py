"""A small Redis client for './engram redis': enough of RESP 2 to ask a server what it is and whether it can search."""

import os
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

# FLOAT16 vectors came with this version of the search module (2.10), which is Redis Stack 7.4's.
MINIMUM_SEARCH = 21000


class Refused(Exception):
    """Redis answered a command with an error."""


class Unusable(Exception):
    """Something answers, but it is not a Redis that Engram can use. The message says why."""


@dataclass(frozen=True)
class Address:
    """Where a Redis listens: a host and port, or the path of a socket, and how to sign in."""

    host: str
    port: int = 6379
    socket_path: str = ""
    user: str = ""
    password: str = ""
    tls: bool = False

    def __str__(self):
        """Without the password."""
        if self.socket_path:
            return f"unix://{self.socket_path}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'rediss' if self.tls else 'redis'}://{host}:{self.port}"


def configured_addresses(hosts, environment):
    """The addresses in QUARKUS_REDIS_HOSTS, which may be several behind commas. Raises ValueError."""
    return [_address(host.strip(), environment) for host in hosts.split(",") if host.strip()]


def _address(text, environment):
    uri = urlsplit(text)
    if uri.scheme not in ("redis", "rediss", "unix"):
        raise ValueError("QUARKUS_REDIS_HOSTS must be made of redis://, rediss:// or unix:// addresses")
    query = {name: values[0] for name, values in parse_qs(uri.query).items()}
    password = unquote(uri.password or "") or query.get("password", "") or environment.get("QUARKUS_REDIS_PASSWORD", "")
    user = unquote(uri.username or "") or query.get("user", "")
    if uri.scheme == "unix":
        return Address("", socket_path=uri.path, user=user, password=password)
    return Address(uri.hostname or "localhost", uri.port or 6379, "", user, password, uri.scheme == "rediss")


class Connection:
    """One connection; close it, or use it with 'with'. Raises OSError where nothing answers as Redis does."""

    def __init__(self, address, timeout=5.0):
        if address.socket_path:
            self._socket = socket.socket(socket.AF_UNIX)
            self._socket.settimeout(timeout)
            self._socket.connect(address.socket_path)
        else:
            self._socket = socket.create_connection((address.host, address.port), timeout)
        try:
            if address.tls:
                self._socket = _tls_context().wrap_socket(self._socket, server_hostname=address.host)
            self._input = self._socket.makefile("rb")
            if address.password:
                self._sign_in(address)
        except BaseException:
            self._socket.close()
            raise

    def _sign_in(self, address):
        try:
            self.command("AUTH", *([address.user] if address.user else []), address.password)
        except Refused as refusal:
            raise Unusable(f"it refuses the user or password: {refusal}") from None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._input.close()
        self._socket.close()

    def command(self, *words):
        """The reply: a string, a number, None or a list of them. Raises Refused for an error reply."""
        parts = [b"*%d\r\n" % len(words)]
        for word in words:
            data = str(word).encode()
            parts.append(b"$%d\r\n%s\r\n" % (len(data), data))
        self._socket.sendall(b"".join(parts))
        return self._reply()

    def info(self, section):
        """A section of INFO by name, or nothing where it may not be asked for."""
        try:
            lines = self.command("INFO", section).splitlines()
        except Refused:
            return {}
        return dict(line.split(":", 1) for line in lines if ":" in line)

    def setting(self, name):
        """A setting of the server, or "" where it may not be asked for."""
        try:
            found = self.command("CONFIG", "GET", name)
        except Refused:
            return ""
        return found[1] if found and len(found) == 2 else ""

    def _reply(self):
        line = self._input.readline(1 << 16)
        if not line.endswith(b"\r\n"):
            raise OSError("no answer in Redis' protocol")
        kind, rest = line[:1], line[1:-2]
        try:
            if kind == b"+":
                return rest.decode(errors="replace")
            if kind == b"-":
                raise Refused(rest.decode(errors="replace"))
            if kind == b":":
                return int(rest)
            if kind == b"$":
                return None if int(rest) < 0 else self._input.read(int(rest) + 2)[:-2].decode(errors="replace")
            if kind == b"*":
                return None if int(rest) < 0 else [self._reply() for _ in range(int(rest))]
        except ValueError:
            pass
        raise OSError("no answer in Redis' protocol")


def _tls_context():
    """Trust as the service has it by the same environment variables; the rest is Quarkus' own business."""
    context = ssl.create_default_context()
    if os.environ.get("QUARKUS_REDIS_TLS_HOSTNAME_VERIFICATION_ALGORITHM", "NONE").upper() in ("NONE", ""):
        context.check_hostname = False
    if os.environ.get("QUARKUS_REDIS_TLS_TRUST_ALL", "").lower() == "true":
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    for file in os.environ.get("QUARKUS_REDIS_TLS_TRUST_CERTIFICATE_PEM_CERTS", "").split(","):
        if file.strip():
            context.load_verify_locations(file.strip())
    return context


@dataclass(frozen=True)
class Report:
    """What a Redis with vector search says of itself. Text is "" where the server does not tell."""

    version: str
    process: str
    search: str
    indexes: int
    timeouts: str
    memory: str
    memory_limit: str
    eviction: str
    append_only: bool
    sync: str
    last_write: str


def examine(address, environment, timeout=5.0):
    """Asks the server. Raises OSError where none answers, Refused while it loads, Unusable where it cannot serve."""
    with Connection(address, timeout) as connection:
        try:
            connection.command("PING")
        except Refused as refusal:
            if str(refusal).startswith("LOADING"):
                raise
            raise Unusable(f"it refuses PING: {refusal}") from None
        if connection.info("server").get("redis_mode") == "sentinel":
            return examine(_master(connection, address, environment), environment, timeout)
        search = _search_module(connection)
        try:
            indexes = connection.command("FT._LIST")
        except Refused as refusal:
            raise Unusable(f"it has no vector search: {refusal}") from None
        server, memory = connection.info("server"), connection.info("memory")
        persistence = connection.info("persistence")
        return Report(
            version=server.get("redis_version", ""),
            process=server.get("process_id", ""),
            search=search,
            indexes=len(indexes),
            timeouts=_timeout_policy(connection),
            memory=memory.get("used_memory_human", ""),
            memory_limit=memory.get("maxmemory_human", "") if memory.get("maxmemory", "0") != "0" else "",
            eviction=memory.get("maxmemory_policy", ""),
            append_only=persistence.get("aof_enabled") == "1",
            sync=connection.setting("appendfsync"),
            last_write=persistence.get("aof_last_write_status", ""),
        )


def _master(connection, address, environment):
    name = environment.get("QUARKUS_REDIS_MASTER_NAME", "mymaster")
    found = connection.command("SENTINEL", "get-master-addr-by-name", name)
    if not found:
        raise Unusable(f"the Sentinel knows no master named '{name}' (QUARKUS_REDIS_MASTER_NAME)")
    return Address(found[0], int(found[1]), "", address.user, address.password, address.tls)


def _search_module(connection):
    try:
        modules = connection.command("MODULE", "LIST")
    except Refused:
        # Not every user may ask; FT._LIST decides.
        return ""
    for module in modules:
        fields = dict(zip(module[::2], module[1::2]))
        if fields.get("name") in ("search", "searchlight"):
            number = int(fields.get("ver", 0))
            version = f"{number // 10000}.{number // 100 % 100}.{number % 100}"
            if number < MINIMUM_SEARCH:
                raise Unusable(f"its search module is {version}; Engram needs 2.10 (Redis Stack 7.4) or newer")
            return version
    raise Unusable("it has no vector search (the module 'search' of Redis Stack 7.4 and Redis 8)")


def _timeout_policy(connection):
    try:
        found = connection.command("FT.CONFIG", "GET", "ON_TIMEOUT")
        return str(found[0][1]).lower() if found else connection.setting("search-on-timeout").lower()
    except (Refused, IndexError, TypeError):
        return connection.setting("search-on-timeout").lower()
