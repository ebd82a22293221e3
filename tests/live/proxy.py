"""Stores behind nginx and Caddy, by the configurations of docs/how-to/behind-a-proxy.md.

Rule: the page's configuration is what runs, with free ports in place of its own; every key that the store takes goes
through it.
"""

import contextlib
import os
import re
import shutil
from collections.abc import Callable, Generator
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


# Without these, Caddy listens on port 2019 for changes to its configuration, and on 80 and 443 for certificates.
CADDY_FRAME = """\
{{
    admin off
    auto_https off
}}
{site}
"""


def configuration(heading: str, program: str = "nginx") -> str:
    """The configuration of nginx or Caddy below a heading of the page."""
    (section,) = re.findall(rf"^## {heading}\n(.*?)(?=^## |\Z)", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    (found,) = re.findall(rf"^```{program}\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)
    return str(found)


@contextlib.contextmanager
def nginx(server: str, endpoint: str, port: "int | None" = None) -> Generator[str]:
    """nginx with the page's configuration in front of a server; the address that clients open."""
    # Debian has it where not everybody looks.
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin")
    if program is None:
        raise SkippedError("no nginx on this machine")
    if port is None:
        (port,) = free_ports(1)
    server = in_front_of(endpoint, server).replace(f"{LOOPBACK}:8080", f"{LOOPBACK}:{port}")
    with temporary_home("nginx") as home:
        (home / "nginx.conf").write_text(FRAME.format(home=home, server=server))
        words = [program, "-p", str(home), "-e", str(home / "log"), "-c", str(home / "nginx.conf")]
        with process(words, home) as started:
            wait_until_it_answers(started, port, "/", home)
            yield f"http://{LOOPBACK}:{port}"


@contextlib.contextmanager
def caddy(site: str, endpoint: str, port: "int | None" = None) -> Generator[str]:
    """Caddy with the page's configuration in front of a server; the address that clients open."""
    program = shutil.which("caddy")
    if program is None:
        raise SkippedError("no caddy on this machine")
    if port is None:
        (port,) = free_ports(1)
    site = in_front_of(endpoint, site).replace(":8080 {", f":{port} {{")
    with temporary_home("caddy") as home:
        (home / "Caddyfile").write_text(CADDY_FRAME.format(site=site))
        words = [program, "run", "--config", str(home / "Caddyfile"), "--adapter", "caddyfile"]
        # It saves its configuration and its certificates below these.
        folders = {name: str(home) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")}
        with process(words, home, folders) as started:
            wait_until_it_answers(started, port, "/", home)
            yield f"http://{LOOPBACK}:{port}"


def in_front_of(endpoint: str, configured: str) -> str:
    """A configuration with this server in place of the page's store or application."""
    for shown in (f"{LOOPBACK}:9000", f"{LOOPBACK}:8000"):
        configured = configured.replace(shown, address_of(endpoint))
    return configured


def address_of(endpoint: str) -> str:
    return endpoint.split("/")[2]


def broken(store: Store, address: str, s3: S3Presigner) -> "list[str]":
    """The names of the keys that the store takes, but not through the proxy."""
    names: list[str] = []
    for name, key in KEYS.items():
        content = f"through the proxy {key}".encode() + CONTENT
        if store.send(store.s3.put_object(BUCKET, key, allow_dot_segments=True), CONTENT).status != 200:
            if store.server.name == OURS:  # it takes every key, so this one did not get through
                names.append(name)
            continue
        put = send(address, s3.put_object(BUCKET, key, allow_dot_segments=True), content)
        got = send(address, s3.get_object(BUCKET, key, allow_dot_segments=True))
        if (put.status, got.status, got.body) != (200, 200, content):
            names.append(name)
    return names


def none_broken(names: "list[str]") -> None:
    if names:
        raise DepartedError(f"broken: {', '.join(names)}")


Proxy = Callable[[str, str, "int | None"], contextlib.AbstractContextManager[str]]


def only_our_guard(store: Store) -> None:
    if store.server.name != OURS:
        raise DepartedError("no path_prefix")


def keys_said(before_them: str) -> "list[str]":
    """The keys that the page names after these words, up to the end of the sentence."""
    page = " ".join(PAGE.read_text("utf-8").split())
    (said,) = re.findall(rf"{re.escape(before_them)}: (.*?)\.(?: |$)", page)
    return str(said).split(", ")


def broken_by(proxy: Proxy, configured: str, store: Store, path: str = "") -> "list[str]":
    """The names of the keys that a proxy breaks, where clients open what is below a path."""
    with proxy(configured, store.server.endpoint, None) as address:
        return broken(store, address, store.s3.replace(public_endpoint=address + path))


def all_through_to_our_guard(
    proxy: Proxy, configured: str, path: str = "", path_prefix: str = "", below: str = ""
) -> None:
    """Every key gets through to a guard that expects the proxy's own host name."""
    (port,) = free_ports(1)
    with (
        guard([f"{LOOPBACK}:{port}"], path_prefix, below) as behind,
        proxy(configured, behind.endpoint, port) as address,
    ):
        public = Store(behind._replace(endpoint=address + path))
        public.ok(public.s3.create_bucket(BUCKET))
        none_broken(broken(public, address, public.s3))
        if path:
            same(send(address, f"{address}/elsewhere").status, 404, "other paths are not answered with 404")


ROWS: "list[Row]" = []
row = rows_into(ROWS)

OURS = "our guard"
SECTION = "Behind nginx"
CADDY = "Behind Caddy"


@row(SECTION, "Host rewritten: every key, by `public_endpoint`")
def _(store: Store) -> None:
    none_broken(broken_by(nginx, configuration("The proxy rewrites Host"), store))


@row(SECTION, "Host passed on: every key, by `endpoint`")
def _(store: Store) -> None:
    passed_on(nginx, configuration("The proxy passes everything on"), store)


@row(SECTION, "a prefix taken off: every key, by `public_endpoint`")
def _(store: Store) -> None:
    careful = configuration("The proxy strips a prefix")
    none_broken(broken_by(nginx, careful, store, "/s3"))
    if store.server.name == OURS:  # what the page says of the shorter way is held too
        names = broken_by(nginx, careful.replace("//store$below_s3", "//store/"), store, "/s3")
        same(names, keys_said("At our guard these do not"), f"other keys than the page says: {names}")


@row(SECTION, "a prefix taken off, Host handed on: every key, by the guard's `host` and `path_prefix`")
def _(store: Store) -> None:
    only_our_guard(store)
    all_through_to_our_guard(nginx, configuration("You are behind the proxy"), "/files", path_prefix="/files")


@row(CADDY, "Caddy, Host rewritten: every key, by `public_endpoint`")
def _(store: Store) -> None:
    none_broken(broken_by(caddy, configuration("The proxy rewrites Host", "caddy"), store))


@row(CADDY, "Caddy, Host passed on: every key, by `endpoint`")
def _(store: Store) -> None:
    passed_on(caddy, configuration("The proxy passes everything on", "caddy"), store)


@row(CADDY, "Caddy, a prefix taken off: every key, by `public_endpoint`")
def _(store: Store) -> None:
    careful = configuration("The proxy strips a prefix", "caddy")
    none_broken(broken_by(caddy, careful, store, "/s3"))
    if store.server.name == OURS:  # what the page says of the shorter ways is held too
        for shorter in ("handle_path /s3/* {", "handle /s3/* {\n uri strip_prefix /s3"):
            site = careful.replace("uri path_regexp ^/s3/ /\n", "\n").replace("handle /s3/* {", shorter)
            names = broken_by(caddy, site, store, "/s3")
            said = keys_said("these keys do not reach our guard as signed")
            same(names, said, f"other keys than the page says: {names}")


@row(CADDY, "Caddy, a prefix added: every key, by `endpoint` and `public_endpoint`")
def _(store: Store) -> None:
    only_our_guard(store)
    careful = configuration("The proxy adds a prefix", "caddy")
    with guard(below="/files") as behind:
        below = Store(behind._replace(endpoint=f"{behind.endpoint}/files"))
        below.ok(below.s3.create_bucket(BUCKET))
        none_broken(broken_by(caddy, careful, below))
        names = broken_by(caddy, careful.replace("uri path_regexp ^ /files", "rewrite * /files{uri}"), below)
        same(names, keys_said("and these keys are lost"), f"other keys than the page says: {names}")


@row(CADDY, "Caddy, a prefix taken off, Host passed on: every key, by the guard's `host` and `path_prefix`")
def _(store: Store) -> None:
    only_our_guard(store)
    all_through_to_our_guard(caddy, configuration("You are behind the proxy", "caddy"), "/files", path_prefix="/files")


@row(CADDY, "Caddy, a prefix passed on: every key, by the guard's `host`")
def _(store: Store) -> None:
    only_our_guard(store)
    all_through_to_our_guard(caddy, configuration("The proxy passes the prefix on", "caddy"), "/files", below="/files")


def passed_on(proxy: Proxy, configured: str, store: Store) -> None:
    """Every key gets through with the proxy's own host name; a store takes any, and the guard is told."""
    if store.server.name == OURS:
        all_through_to_our_guard(proxy, configured)
    else:
        with proxy(configured, store.server.endpoint, None) as address:
            none_broken(broken(store, address, store.s3.replace(endpoint=address)))
