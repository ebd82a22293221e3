"""Stores behind nginx, by the configurations of docs/how-to/behind-a-proxy.md.

Rule: the page's configuration is what runs, with free ports in place of its own; every key that the store takes goes
through it.
"""

import contextlib
import os
import re
import shutil
from collections.abc import Generator
from pathlib import Path

from sigv4presign import S3Presigner

from .client import send
from .guarded_store import guard
from .keys import KEYS
from .servers import LOOPBACK, free_ports, process, temporary_home, wait_until_it_answers
from .suite import BUCKET, CONTENT, DepartedError, Row, SkippedError, Store, rows_into, same

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "behind-a-proxy.md"
FRAME = """\
daemon off;
master_process off;
pid {home}/nginx.pid;
error_log {home}/log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {home}/client;
    proxy_temp_path {home}/proxy;
    fastcgi_temp_path {home}/fastcgi;
    uwsgi_temp_path {home}/uwsgi;
    scgi_temp_path {home}/scgi;
{server}
}}
"""


def configuration(heading: str) -> str:
    """The nginx configuration below a heading of the page."""
    (found,) = re.findall(
        rf"^## {heading}\n.*?^```nginx\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )[:1]
    return str(found)


@contextlib.contextmanager
def nginx(server: str, port: int) -> Generator[str]:
    """nginx with this configuration, listening on this port; the address that clients open."""
    # Debian has it where not everybody looks.
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin")
    if program is None:
        raise SkippedError("no nginx on this machine")
    with temporary_home("nginx") as home:
        (home / "nginx.conf").write_text(FRAME.format(home=home, server=server))
        words = [program, "-p", str(home), "-e", str(home / "log"), "-c", str(home / "nginx.conf")]
        with process(words, home) as started:
            wait_until_it_answers(started, port, "/", home)
            yield f"http://{LOOPBACK}:{port}"


@contextlib.contextmanager
def before(endpoint: str, server: str) -> Generator[str]:
    """nginx with the page's configuration in front of a store."""
    (port,) = free_ports(1)
    server = server.replace(f"{LOOPBACK}:9000", address_of(endpoint)).replace(f"{LOOPBACK}:8080", f"{LOOPBACK}:{port}")
    with nginx(server, port) as address:
        yield address


def address_of(endpoint: str) -> str:
    return endpoint.partition("://")[2]


def broken(store: Store, address: str, s3: S3Presigner) -> "list[str]":
    """The names of the keys that the store takes, but not through the proxy."""
    names: list[str] = []
    for name, key in KEYS.items():
        content = f"through nginx {key}".encode() + CONTENT
        if store.send(store.s3.put_object(BUCKET, key, allow_dot_segments=True), CONTENT).status != 200:
            continue
        put = send(address, s3.put_object(BUCKET, key, allow_dot_segments=True), content)
        got = send(address, s3.get_object(BUCKET, key, allow_dot_segments=True))
        if (put.status, got.status, got.body) != (200, 200, content):
            names.append(name)
    return names


def none_broken(names: "list[str]") -> None:
    if names:
        raise DepartedError(f"broken: {', '.join(names)}")


ROWS: "list[Row]" = []
row = rows_into(ROWS)

SECTION = "Behind nginx"


@row(SECTION, "Host rewritten: every key, by `public_endpoint`")
def _(store: Store) -> None:
    with before(store.server.endpoint, configuration("The proxy rewrites Host")) as address:
        none_broken(broken(store, address, store.s3.replace(public_endpoint=address)))


@row(SECTION, "a prefix taken off: every key, by `public_endpoint`")
def _(store: Store) -> None:
    careful = configuration("The proxy strips a prefix")
    with before(store.server.endpoint, careful) as address:
        none_broken(broken(store, address, store.s3.replace(public_endpoint=f"{address}/s3")))
    if store.server.name == "our guard":  # what the page says of the shorter way is held too
        said = re.search(r"At our guard these\s+do not: (.*?)\.\n", PAGE.read_text("utf-8"), re.DOTALL)
        assert said
        with before(store.server.endpoint, careful.replace("//store$below_s3", "//store/")) as address:
            names = broken(store, address, store.s3.replace(public_endpoint=f"{address}/s3"))
        same(names, " ".join(said.group(1).split()).split(", "), f"other keys than the page says: {names}")


@row(SECTION, "a prefix taken off, Host handed on: every key, by the guard's `host` and `path_prefix`")
def _(store: Store) -> None:
    if store.server.name != "our guard":
        raise DepartedError("no path_prefix")
    (port,) = free_ports(1)
    with guard([f"{LOOPBACK}:{port}"], "/files") as behind:
        text = configuration("You are behind the proxy").replace(f"{LOOPBACK}:8000", address_of(behind.endpoint))
        with nginx(text.replace(f"{LOOPBACK}:8080", f"{LOOPBACK}:{port}"), port) as address:
            public = Store(behind._replace(endpoint=f"{address}/files"))
            public.ok(public.s3.create_bucket(BUCKET))
            none_broken(broken(public, address, public.s3))
