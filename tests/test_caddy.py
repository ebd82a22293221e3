"""Caddy in front of the guards and in front of a recorder: what docs/how-to/behind-a-proxy.md says of it.

Rule: the configurations are those of the page; every process is stopped by its own id.
"""

import contextlib
import http.client
import os
import shlex
import socket
import subprocess
import sys
import threading
from collections.abc import Generator
from pathlib import Path

import pytest
from live.proxy import address_of, caddy, configuration
from live.servers import free_ports
from live.suite import SkippedError
from processes import stop
from test_guard_servers import APPLICATIONS, CREDS, STRIPPED

import sigv4presign
from sigv4presign import presign

GZIPPED = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\xcb\xc8\x04\x00\xac\x2a\x93\xd8\x02\x00\x00\x00"  # of b"hi"


@contextlib.contextmanager
def in_front_of(endpoint: str, site: str, port: "int | None" = None) -> Generator[str]:
    """Caddy, or a skipped test."""
    with contextlib.ExitStack() as stack:
        try:
            yield stack.enter_context(caddy(site, endpoint, port))
        except SkippedError as missing:
            pytest.skip(str(missing))


# --- what arrives -----------------------------------------------------------------------------------------------------


class Recorder:
    """A server that keeps the head of each request as it came, byte for byte, and answers with gzip."""

    def __init__(self) -> None:
        self.heads: list[str] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                connection, _ = self._listening.accept()
                with connection, connection.makefile("rb") as file:
                    lines = list(iter(file.readline, b"\r\n"))
                    if not lines or not lines[-1]:
                        continue
                    self.heads.append(b"".join(lines).decode("latin-1"))
                    length = [line.split(b":")[1] for line in lines if line.lower().startswith(b"content-length:")]
                    file.read(int(length[0]) if length else 0)
                    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(GZIPPED)}\r\n"
                    connection.sendall(f"{head}Connection: close\r\n\r\n".encode() + GZIPPED)

    def close(self) -> None:
        self._listening.close()

    @property
    def target(self) -> str:
        return self.heads[-1].split(" ")[1]

    @property
    def headers(self) -> "dict[str, str]":
        lines = self.heads[-1].split("\r\n")[1:-1]
        return {name.lower(): text for name, text in (line.split(": ", 1) for line in lines)}


def ask(
    address: str, target: str, headers: "dict[str, str] | None" = None, method: str = "GET", body: bytes = b""
) -> "tuple[int, dict[str, str], bytes]":
    """Send a target as it is; the answer."""
    connection = http.client.HTTPConnection(address_of(address), timeout=20)
    with contextlib.closing(connection):
        connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in {"Host": "files.example:81", **(headers or {})}.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


TARGETS = (
    "/a%20b", "/a+b%2B", "/a%2Fb%252F", "/a%2fb", "//a", "/a//b///c", "/a/", "/a/../b/./c/..", "/a/%2e%2E/b", "/%7Ea~",
    "/caf%C3%A9", "/%21%22%23%24%25%26%27%28%29%2A%2C%3A%3B%3C%3D%3E%3F%40%5B%5C%5D%5E%60%7B%7C%7D", "/a!$&'()*,;=:@",
    "/%09%0A%0D%7F%01", "/a?b=%2f%7e&e=f+g%20h&&=&x;y=%zz?", "/a?",
)  # fmt: skip


def test_caddy_passes_targets_on_byte_for_byte() -> None:
    with contextlib.closing(Recorder()) as recorder:
        for heading, prefix in (("The proxy passes everything on", ""), ("The proxy passes the prefix on", "/files")):
            with in_front_of(recorder.endpoint, configuration(heading, "caddy")) as address:
                for target in TARGETS:
                    assert ask(address, prefix + target)[0] == 200
                    assert recorder.target == prefix + target


def test_path_regexp_takes_a_prefix_off_and_changes_only_punctuation_that_came_unescaped() -> None:
    site = configuration("You are behind the proxy", "caddy")
    with contextlib.closing(Recorder()) as recorder, in_front_of(recorder.endpoint, site) as address:
        for target in TARGETS:
            assert ask(address, f"/files{target}")[0] == 200
            assert recorder.target == target.replace("/a!$&'()*,;=:@", "/a%21$&%27%28%29%2A,;=:@")
        assert ask(address, "/elsewhere")[0] == ask(address, "/files/../a")[0] == 404
        for target in ("//files/a", "/FILES/a"):
            assert ask(address, target)[0] == 200
            assert recorder.target == target


@pytest.mark.parametrize("shorter", ["handle_path /files/* {", "handle /files/* {\nuri strip_prefix /files"])
def test_handle_path_and_strip_prefix_merge_slashes_and_remove_dot_segments(shorter: str) -> None:
    site = configuration("You are behind the proxy", "caddy").replace("uri path_regexp ^/files/ /\n", "\n")
    with (
        contextlib.closing(Recorder()) as recorder,
        in_front_of(recorder.endpoint, site.replace("handle /files/* {", shorter)) as address,
    ):
        for target, arrived in (("/a%2F%2e%20b", "/a%2F%2e%20b"), ("//a//b", "/a/b"), ("/a/../b/./c", "/b/c")):
            ask(address, f"/files{target}")
            assert recorder.target == arrived


def test_what_caddy_does_to_headers_is_what_the_page_says() -> None:
    sent = {
        "Content-Length": "2", "Expect": "100-continue", "x-amz-meta-a": "b  c", "Range": "bytes=0-1",
        "X-Forwarded-Host": "other", "X-Forwarded-Prefix": "/other", "X-Forwarded-For": "192.0.2.1",
    }  # fmt: skip
    forwarded = {
        "x-forwarded-host": "files.example:81", "x-forwarded-for": "127.0.0.1", "x-forwarded-proto": "http",
    }  # fmt: skip
    site = configuration("The proxy passes everything on", "caddy")
    with contextlib.closing(Recorder()) as recorder, in_front_of(recorder.endpoint, site) as address:
        ask(address, "/a", sent, "PUT", b"hi")
        kept = {"host": "files.example:81", **{name.lower(): value for name, value in sent.items()}}
        assert recorder.headers == {**kept, **forwarded}
        ask(address, "/a", {"Accept-Encoding": "br"})
        assert recorder.headers == {"host": "files.example:81", "accept-encoding": "br", **forwarded}


def test_caddy_decompresses_for_a_client_that_sends_no_accept_encoding_unless_compression_is_off() -> None:
    with contextlib.closing(Recorder()) as recorder:
        with in_front_of(recorder.endpoint, configuration("The proxy passes everything on", "caddy")) as address:
            status, headers, body = ask(address, "/a")
            assert (status, body, recorder.headers["accept-encoding"]) == (200, b"hi", "gzip")
            assert "content-encoding" not in headers
            assert "content-length" not in headers
            assert ask(address, "/a", {"Accept-Encoding": "identity"})[2] == GZIPPED
        for heading, path in (("The proxy rewrites Host", "/a"), ("The proxy strips a prefix", "/s3/a")):
            with in_front_of(recorder.endpoint, configuration(heading, "caddy")) as address:
                _, headers, body = ask(address, path)
                assert (headers["content-encoding"], body) == ("gzip", GZIPPED)
                assert recorder.headers["host"] == address_of(recorder.endpoint)
                assert "accept-encoding" not in recorder.headers


def test_caddy_answers_an_empty_200_to_a_host_and_to_a_path_that_no_line_names() -> None:
    named = configuration("The proxy passes everything on", "caddy").replace("http://:8080", "http://localhost:8080")
    bare = configuration("You are behind the proxy", "caddy").replace("respond 404", "")
    with contextlib.closing(Recorder()) as recorder:
        for site in (named, bare):
            with in_front_of(recorder.endpoint, site) as address:
                recorder.heads.clear()
                assert ask(address, "/a", {"Content-Length": "2"}, "PUT", b"hi")[::2] == (200, b"")
                assert recorder.heads == []


# --- a doubled or missing prefix --------------------------------------------------------------------------------------

TAKEN_OFF, PASSED_ON, HANDLE_PATH = "taken off", "passed on", "taken off by handle_path"
SITES = {
    TAKEN_OFF: configuration("You are behind the proxy", "caddy"),
    PASSED_ON: configuration("The proxy passes the prefix on", "caddy"),
    HANDLE_PATH: configuration("The proxy passes the prefix on", "caddy").replace("handle /", "handle_path /"),
}
WSGI = """
from guarded import OPTIONS, wsgi, wsgi_app

bare_wsgi = wsgi.PresignedOnly(wsgi_app, **OPTIONS)
prefixed_wsgi = wsgi.PresignedOnly(wsgi_app, **OPTIONS, path_prefix="/files")
"""
GUNICORN = "gunicorn -b fd://{fd} --threads 2 --log-level critical"
UVICORN = "uvicorn --fd {fd} --log-level critical"
HYPERCORN = "hypercorn -b fd://{fd} --log-level critical"


@pytest.mark.parametrize(
    ("prefix", "command", "guard", "hint"),
    [
        (HANDLE_PATH, GUNICORN, "prefixed_wsgi", None),
        (TAKEN_OFF, GUNICORN, "prefixed_wsgi", None),
        (TAKEN_OFF, GUNICORN, "bare_wsgi", ""),
        (TAKEN_OFF, UVICORN, "prefixed", None),
        (TAKEN_OFF, UVICORN, "bare", ""),
        (TAKEN_OFF, f"{UVICORN} --root-path /files", "prefixed", None),
        (TAKEN_OFF, f"{UVICORN} --root-path /files", "bare", None),
        (TAKEN_OFF, f"{HYPERCORN} --root-path /files", "prefixed", None),
        (TAKEN_OFF, f"{HYPERCORN} --root-path /files", "bare", "pass path_prefix='/files'"),
        (PASSED_ON, GUNICORN, "bare_wsgi", None),
        (PASSED_ON, f"{GUNICORN} -e SCRIPT_NAME=/files", "bare_wsgi", None),
        (PASSED_ON, GUNICORN, "prefixed_wsgi", "drop path_prefix"),
        (PASSED_ON, UVICORN, "bare", None),
        (PASSED_ON, UVICORN, "prefixed", "drop path_prefix"),
        (PASSED_ON, HYPERCORN, "bare", None),
        (PASSED_ON, HYPERCORN, "prefixed", "drop path_prefix"),
        (PASSED_ON, f"{UVICORN} --root-path /files", "bare", "drop the root path"),
        (PASSED_ON, f"{UVICORN} --root-path /files", "prefixed", "drop path_prefix"),
        (PASSED_ON, f"{HYPERCORN} --root-path /files", "bare", None),
        (PASSED_ON, f"{HYPERCORN} --root-path /files", "prefixed", None),
    ],
)
def test_behind_caddy_a_doubled_or_missing_prefix_is_named_in_the_log_line(
    prefix: str, command: str, guard: str, hint: "str | None", tmp_path: Path
) -> None:
    pytest.importorskip(command.split(maxsplit=1)[0])
    (tmp_path / "guarded.py").write_text(APPLICATIONS)
    (tmp_path / "stripped.py").write_text(STRIPPED + WSGI)
    (port,) = free_ports(1)
    source = str(Path(sigv4presign.__file__).parent.parent)
    with socket.create_server(("127.0.0.1", 0), backlog=8) as listening, contextlib.ExitStack() as stack:
        endpoint = f"http://127.0.0.1:{listening.getsockname()[1]}"
        environment = {
            **os.environ, "PYTHONPATH": os.pathsep.join([source, str(tmp_path)]), "HOME": str(tmp_path),
            "GUARDED_HOST": f"127.0.0.1:{port}",
        }  # fmt: skip
        words = [sys.executable, "-m", *shlex.split(command.format(fd=listening.fileno())), f"stripped:{guard}"]
        log = stack.enter_context((tmp_path / "log").open("wb"))
        fds = [listening.fileno()]
        stack.callback(stop, subprocess.Popen(words, pass_fds=fds, cwd=tmp_path, env=environment, stderr=log))
        address = stack.enter_context(in_front_of(endpoint, SITES[prefix], port))
        url = presign("GET", f"{address}/files/a%20b", credentials=CREDS, region="eu-west-1", service="s3")
        target = str(url).removeprefix(address)
        status, _, _ = ask(address, target, {"Host": address_of(address)})
    logged = (tmp_path / "log").read_text()
    assert status == (200 if hint is None else 403)
    assert hint in logged if hint else "refused" not in logged
    assert "X-Amz-Signature" not in logged
