"""Object stores that verify presigned URLs, each started on loopback for the length of a `with` block.

Rule: a server lives in its own environment (`make .venv-live/NAME/.installed`), its files in a temporary directory, its
ports are free ones of 127.0.0.1, and each process is stopped by its own id, on failure too.

    with servers.swift() as server:
        s3 = S3Presigner(server.credentials, region=server.region, endpoint=server.endpoint)
"""

import contextlib
import getpass
import http.client
import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple

from processes import stop

from sigv4presign import Credentials

ENVIRONMENTS = Path(__file__).parents[2] / ".venv-live"
REQUIREMENTS = Path(__file__).parent / "requirements"
LOOPBACK = "127.0.0.1"
PATIENCE = 30  # seconds until a server has to answer; it takes one to five


class Server(NamedTuple):
    """A running store, and what one needs to sign for it."""

    name: str
    version: str
    endpoint: str
    credentials: Credentials
    region: str = "us-east-1"


class DidNotStartError(Exception):
    """A server that is not installed, that ended, or that did not answer; with what it wrote last."""


@contextlib.contextmanager
def swift() -> Generator[Server]:
    """OpenStack Swift with `s3api` and `tempauth`: https://docs.openstack.org/swift/latest/"""
    credentials = Credentials("test:tester", "testing")  # `account:user`, as tempauth names them
    with temporary_home("swift") as home:
        ports = dict(zip(_SWIFT_SERVERS, free_ports(len(_SWIFT_SERVERS)), strict=True))
        (home / "devices" / "d1").mkdir(parents=True)
        (home / "swift.conf").write_text(_SWIFT_CONF)
        for kind, port in ports.items():
            settings = {"kind": kind, "port": port, "home": home, "user": getpass.getuser()}
            conf = _SWIFT_SERVER_CONF + (_SWIFT_PROXY_CONF if kind == "proxy" else _SWIFT_STORAGE_CONF)
            (home / f"{kind}.conf").write_text(conf.format(**settings, secret=credentials.secret_access_key))
        rings = [f"{kind}={port}" for kind, port in ports.items() if kind != "proxy"]
        subprocess.run([_program("swift", "python"), "-c", _SWIFT_RINGS, home, *rings], check=True, timeout=PATIENCE)
        with contextlib.ExitStack() as running:
            for kind, port in ports.items():
                program = _program("swift", f"swift-{kind}-server")
                started = running.enter_context(process([program, home / f"{kind}.conf"], home))
                wait_until_it_answers(started, port, "/healthcheck", home)
            yield Server("Swift", _version("swift"), f"http://{LOOPBACK}:{ports['proxy']}", credentials)


@contextlib.contextmanager
def rclone() -> Generator[Server]:
    """`rclone serve s3` on a directory: https://rclone.org/commands/rclone_serve_s3/"""
    credentials = Credentials("AKIDRCLONE", "secret-of-rclone")
    with temporary_home("rclone") as home:
        (port,) = free_ports(1)
        (home / "store").mkdir()
        words: list[str | Path] = [_program("rclone", "rclone"), "serve", "s3", home / "store"]
        words += ["--addr", f"{LOOPBACK}:{port}", "--config", home / "rclone.conf", "--cache-dir", home / "cache"]
        words += ["--auth-key", f"{credentials.access_key_id},{credentials.secret_access_key}"]
        with process(words, home) as started:
            wait_until_it_answers(started, port, "/", home)
            yield Server("rclone", _version("rclone"), f"http://{LOOPBACK}:{port}", credentials)


@contextlib.contextmanager
def ministack() -> Generator[Server]:
    """MiniStack with signatures checked, in memory, S3, IAM and STS only: https://pypi.org/project/ministack/"""
    credentials = Credentials("AKIDMINISTACK", "secret-of-ministack")
    with temporary_home("ministack") as home:
        (port,) = free_ports(1)
        environment = {
            "AUTH": "true",
            "AWS_ACCESS_KEY_ID": credentials.access_key_id,
            "AWS_SECRET_ACCESS_KEY": credentials.secret_access_key,
            "BIND_HOST": LOOPBACK,  # else it listens on all addresses
            "GATEWAY_PORT": str(port),
            "IOT_MTLS_ENABLED": "0",
            "SERVICES": "s3,iam,sts",
            "TMPDIR": str(home),
        }
        with process([_program("ministack", "ministack")], home, environment) as started:
            wait_until_it_answers(started, port, "/_ministack/ready", home)
            yield Server("MiniStack", _version("ministack"), f"http://{LOOPBACK}:{port}", credentials)


SERVERS: "dict[str, Callable[[], AbstractContextManager[Server]]]" = {
    "swift": swift,
    "rclone": rclone,
    "ministack": ministack,
}


# --- processes --------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def process(
    words: "Sequence[str | Path]", home: Path, environment: "dict[str, str] | None" = None
) -> "Generator[subprocess.Popen[bytes]]":
    """A process that runs while the block does; what it writes goes to `log` in its home."""
    with (home / "log").open("ab") as log:
        running = subprocess.Popen(
            words,
            cwd=home,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Swift ends its process group, which must not be ours
        )
        try:
            yield running
        finally:
            stop(running)


def wait_until_it_answers(running: "subprocess.Popen[bytes]", port: int, target: str, home: Path) -> None:
    """Return once there is an HTTP answer below 500 to a GET of this target, whatever it says."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and running.poll() is None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection(LOOPBACK, port, timeout=PATIENCE)
            with contextlib.closing(connection):
                connection.request("GET", target)
                if connection.getresponse().status < 500:
                    return
        time.sleep(0.05)
    raise DidNotStartError(f"no answer on port {port}; the end of its log:\n{(home / 'log').read_text()[-2000:]}")


def free_ports(count: int) -> "list[int]":
    """Ports that nobody listens on, all different since all are held until all are known."""
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind((LOOPBACK, 0))
        return [one.getsockname()[1] for one in sockets]


@contextlib.contextmanager
def temporary_home(name: str) -> Generator[Path]:
    with tempfile.TemporaryDirectory(prefix=f"{name}-") as home:
        yield Path(home)


def _program(environment: str, name: str) -> Path:
    path = ENVIRONMENTS / environment / "bin" / name
    if not path.exists():
        raise DidNotStartError(f"{environment} is not installed: make .venv-live/{environment}/.installed")
    return path


def _version(name: str) -> str:
    """The pinned one, which is on the first line of its requirements."""
    return (REQUIREMENTS / f"{name}.txt").read_text().splitlines()[0].partition("==")[2]


# --- Swift's own files ------------------------------------------------------------------------------------------------

_SWIFT_SERVERS = ("account", "container", "object", "proxy")

_SWIFT_CONF = """\
[swift-hash]
swift_hash_path_suffix = suffix
swift_hash_path_prefix = prefix

[storage-policy:0]
name = one
default = yes
"""

_SWIFT_SERVER_CONF = """\
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
user = {user}
swift_dir = {home}
log_address = /dev/null
"""

_SWIFT_STORAGE_CONF = """\
devices = {home}/devices
mount_check = false
fallocate_reserve = 0

[pipeline:main]
pipeline = {kind}-server

[app:{kind}-server]
use = egg:swift#{kind}
# On a busy machine it would else put a listing off until later, and nothing here ever comes back to it.
container_update_timeout = 30
conn_timeout = 10
node_timeout = 30
"""

_SWIFT_PROXY_CONF = """\

[pipeline:main]
pipeline = catch_errors gatekeeper healthcheck bulk s3api tempauth copy slo dlo versioned_writes symlink proxy-server

[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
conn_timeout = 10
node_timeout = 30

[filter:catch_errors]
use = egg:swift#catch_errors

[filter:gatekeeper]
use = egg:swift#gatekeeper

[filter:healthcheck]
use = egg:swift#healthcheck

[filter:bulk]
use = egg:swift#bulk

[filter:s3api]
use = egg:swift#s3api
location = us-east-1
s3_acl = false
storage_domain = localhost

[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = {secret} .admin

[filter:copy]
use = egg:swift#copy

[filter:slo]
use = egg:swift#slo

[filter:dlo]
use = egg:swift#dlo

[filter:versioned_writes]
use = egg:swift#versioned_writes
allow_object_versioning = true

[filter:symlink]
use = egg:swift#symlink
"""

# What nine runs of swift-ring-builder would do: a ring of one device for each kind of server.
_SWIFT_RINGS = """
import sys
from swift.common.ring import RingBuilder

for ring in sys.argv[2:]:
    kind, port = ring.split("=")
    builder = RingBuilder(4, 1, 1)
    builder.add_dev({"id": 0, "region": 1, "zone": 1, "ip": "127.0.0.1", "port": int(port), "device": "d1",
                     "weight": 1.0, "replication_ip": "127.0.0.1", "replication_port": int(port), "meta": ""})
    builder.rebalance()
    builder.get_ring().save(f"{sys.argv[1]}/{kind}.ring.gz")
"""
