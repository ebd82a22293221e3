"""The guards behind ten real servers, attacked through raw sockets.  `make servers` runs it and writes the table.

Usage: python tests/servers.py [--only NAME,...] [--fuzz N] [--seed N] [--record]

Rule: whatever a client sends, an application either is not reached, or it reads exactly what was signed: that method,
path, query, those headers and that body.  The signer is written here from the specification and uses nothing of the
package, and each request goes out byte for byte as it is written.
"""

# ruff: noqa: E501, ISC004, T201 - tables of requests are read by their lines

import argparse
import contextlib
import hashlib
import hmac
import json
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote

from processes import stop

ROOT = Path(__file__).parent.parent
TABLE = ROOT / "docs" / "reference" / "servers.md"
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

APPLICATION = (
    """
import hashlib, json, os
from sigv4presign import asgi, wsgi

OPTIONS = dict(host=os.environ["GUARDED_HOST"], secrets={"AKIDEXAMPLE": %r}, region="eu-west-1",
               reencode=bool(os.environ.get("REENCODE")))


def said(seen, path, query, headers, body):
    return json.dumps({"method": seen.method, "path": path, "query": query, "body": hashlib.sha256(body).hexdigest(),
                       "size": len(body), "headers": headers}).encode()


def wsgi_app(environ, start_response):
    body = b""
    while piece := environ["wsgi.input"].read(1000):
        body += piece
    path = (environ["SCRIPT_NAME"] + environ["PATH_INFO"]).encode("latin-1").decode("utf-8", "replace")
    headers = {n[5:].lower().replace("_", "-"): v for n, v in environ.items() if n.startswith("HTTP_X_AMZ")}
    answer = said(environ["sigv4presign.verified"], path, environ["QUERY_STRING"], headers, body)
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))])
    return [answer]


async def asgi_app(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            await send({"type": "http.response.start", "status": 400, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        body += message.get("body", b"")
        more = message.get("more_body", False)
    headers = {n.decode("latin-1").lower().replace("_", "-"): v.decode("latin-1") for n, v in scope["headers"]
               if n.lower().replace(b"_", b"-").startswith(b"x-amz")}
    answer = said(scope["sigv4presign.verified"], scope["path"], scope["query_string"].decode("latin-1"), headers, body)
    await send({"type": "http.response.start", "status": 200,
                "headers": [(b"content-type", b"application/json"), (b"content-length", str(len(answer)).encode())]})
    await send({"type": "http.response.body", "body": answer})


GUARDED_WSGI = wsgi.PresignedOnly(wsgi_app, **OPTIONS)
GUARDED_ASGI = asgi.PresignedOnly(asgi_app, **OPTIONS)


def W(environ, start_response):
    try:
        return GUARDED_WSGI(environ, start_response)
    except OSError:  # uWSGI's, if the client goes away while the application reads
        raise
    except Exception as fault:  # told apart from a server's own 500
        start_response("599 Guard raised", [("Content-Type", "text/plain")])
        return [repr(fault).encode()]


async def A(scope, receive, send):
    try:
        await GUARDED_ASGI(scope, receive, send)
    except Exception as fault:
        await send({"type": "http.response.start", "status": 599, "headers": []})
        await send({"type": "http.response.body", "body": repr(fault).encode()})
"""
    % SECRET
)

SOCKET = "import guarded, socket\ns = socket.socket(fileno={fd})\n"
UVICORN = SOCKET + (
    "import asyncio, uvicorn\n"
    "asyncio.run(uvicorn.Server(uvicorn.Config(guarded.A, log_level='critical', http={http!r})).serve(sockets=[s]))\n"
)
# One that cannot take a socket gets a port that was free a moment ago.
SERVERS: "dict[str, list[str]]" = {
    "gunicorn": ["-m", "gunicorn", "-b", "fd://{fd}", "--threads", "4", "--log-level", "critical", "guarded:W"],
    "waitress": ["-c", SOCKET + "import waitress\nwaitress.serve(guarded.W, sockets=[s], _quiet=True)\n"],
    "uvicorn (h11)": ["-c", UVICORN.replace("{http!r}", "'h11'")],
    "uvicorn (httptools)": ["-c", UVICORN.replace("{http!r}", "'httptools'")],
    "hypercorn": ["-m", "hypercorn", "-b", "fd://{fd}", "--log-level", "critical", "guarded:A"],
    "granian": ["-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", "{port}", "--no-ws",
                "--log-level", "critical", "guarded:A"],
    "daphne": ["-m", "daphne", "-b", "127.0.0.1", "-p", "{port}", "-v", "0", "guarded:A"],
    "uWSGI": ["-c", "import sys; sys.argv[0] = 'uwsgi'; import pyuwsgi; pyuwsgi.run(['--http-socket', '127.0.0.1:{port}',"
              " '--module', 'guarded:W', '--master', '--need-app', '--disable-logging', '--die-on-term',"
              " '--buffer-size', '32768'])"],
    "werkzeug": ["-c", SOCKET + "from werkzeug.serving import make_server\n"
                 "make_server('127.0.0.1', 0, guarded.W, threaded=True, fd={fd}).serve_forever()\n"],
    "cheroot": ["-c", "import guarded\nfrom cheroot.wsgi import Server\nServer(('127.0.0.1', {port}), guarded.W).start()\n"],
    "wsgiref": ["-c", "import guarded\nfrom wsgiref.simple_server import make_server\n"
                "make_server('127.0.0.1', {port}, guarded.W).serve_forever()\n"],
}  # fmt: skip
QUICKEST = ("gunicorn", "waitress", "uvicorn (h11)", "hypercorn")
REENCODING = ("wsgiref", "daphne")  # they keep no raw target


# --- a signer from the specification ---------------------------------------------------------------------------------


class Request:
    """A request that is signed, and then sent as it is or changed."""

    def __init__(self, address: str, method: str, path: str, *, query: "list[tuple[str, str]]" = [],  # noqa: B006
                 headers: "dict[str, str]" = {}, body: bytes = b"", when: "float | None" = None) -> None:  # noqa: B006  # fmt: skip
        self.address, self.method, self.path, self.body = address, method, path, body
        self.query, self.headers = list(query), dict(headers)
        when = time.time() if when is None else when
        date = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(when))
        scope = f"{date[:8]}/eu-west-1/s3/aws4_request"
        signed = {"host": address, **{name.lower(): value for name, value in self.headers.items()}}
        pairs = [*self.query, ("X-Amz-Algorithm", "AWS4-HMAC-SHA256"), ("X-Amz-Credential", f"AKIDEXAMPLE/{scope}"),
                 ("X-Amz-Date", date), ("X-Amz-Expires", "600"), ("X-Amz-SignedHeaders", ";".join(sorted(signed)))]  # fmt: skip
        encoded = sorted((quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in pairs)
        query_string = "&".join([f"{name}={value}" for name, value in encoded])
        uri = quote(path, safe="/-_.~")
        lines = "".join([f"{name}:{' '.join(signed[name].split())}\n" for name in sorted(signed)])
        payload = signed.get("x-amz-content-sha256", "UNSIGNED-PAYLOAD")
        canonical = "\n".join([method, uri, query_string, lines, ";".join(sorted(signed)), payload])
        text = f"AWS4-HMAC-SHA256\n{date}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        key = b"AWS4" + SECRET.encode()
        for step in (date[:8], "eu-west-1", "s3", "aws4_request"):
            key = hmac.digest(key, step.encode(), "sha256")
        signature = hmac.digest(key, text.encode(), "sha256").hex()
        self.uri, self.query_string = uri, f"{query_string}&X-Amz-Signature={signature}"

    def raw(self, target: "str | None" = None, *, lines: "list[str]" = [], host: "str | None" = None,  # noqa: B006
            body: "bytes | None" = None, method: "str | None" = None, version: str = "HTTP/1.1") -> bytes:  # fmt: skip
        """The bytes of it, with changes."""
        target = f"{self.uri}?{self.query_string}" if target is None else target
        head = [f"{method or self.method} {target} {version}", f"Host: {self.address if host is None else host}"]
        head += [f"{name}: {value}" for name, value in self.headers.items()] + lines
        if self.body and not any(line.lower().startswith(("content-length", "transfer-enc")) for line in head):
            head.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join([*head, "Connection: close", "", ""]).encode("latin-1") + (
            self.body if body is None else body
        )

    def is_what_was_read(self, said: "dict[str, Any]") -> bool:
        """Whether an application read exactly what was signed."""
        from urllib.parse import parse_qsl

        query = sorted(pair for pair in parse_qsl(said["query"], keep_blank_values=True) if pair[0][:6] != "X-Amz-")
        headers = {name.lower(): value for name, value in self.headers.items() if name.lower().startswith("x-amz")}
        return bool(
            said["method"] == self.method
            and said["path"] == self.path
            and query == sorted(self.query)
            and {n: " ".join(v.split()) for n, v in said["headers"].items()} == headers
            and ("x-amz-content-sha256" not in headers or said["body"] == headers["x-amz-content-sha256"])
            and ("content-length" not in [name.lower() for name in self.headers]
                 or said["size"] == len(self.body))
        )  # fmt: skip


# --- attacks ----------------------------------------------------------------------------------------------------------


def genuine(address: str) -> "Iterator[tuple[str, Request, bytes]]":
    """Requests that have to be served."""
    for path in ("/bucket/a", "/bucket/a b.txt", "/bucket/naïve/文件", "/bucket/~(it's)!*;:@$,.txt", "/bucket/a+b=c&d"):
        request = Request(address, "GET", path, query=[("versionId", "1"), ("a b", "c&d=é")])
        yield f"GET {path}", request, request.raw()
    body = b"ants and bees"
    digest = hashlib.sha256(body).hexdigest()
    for headers in (
        {},
        {"Content-Length": str(len(body))},
        {"X-Amz-Content-Sha256": digest},
        {"X-Amz-Meta-Owner": "alice"},
    ):
        request = Request(address, "PUT", "/bucket/a", headers=headers, body=body)
        yield f"PUT {sorted(headers)}", request, request.raw()


def attacks(address: str) -> "Iterator[tuple[str, Request, bytes]]":
    """More than 200 changes, by name."""
    get = Request(address, "GET", "/bucket/a", query=[("role", "guest")])
    target, query = f"{get.uri}?{get.query_string}", get.query_string
    paths = ["//bucket/a", "/bucket//a", "/bucket/./a", "/bucket/x/../a", "/bucket/%2e/a", "/bucket/x/%2e%2e/a", "/bucket%2Fa",
             "/bucket/a%00", "/bucket/a%FF", "/bucket/a;x", "/bucket/a#", "/bucket\\a", "/bucket/a/", "/bucket/b", "/BUCKET/a",
             "/bucket/a%20", "/bucket/a%0d%0a", "/%252e/bucket/a", "bucket/a", "", "*", "/bucket/%zz", "/bucket/a%", "/./bucket/a",
             f"http://{address}/bucket/b", "http://evil.example/bucket/a", f"//{address}/bucket/a", f"http://{address}@evil/bucket/a"]  # fmt: skip
    for path in paths:
        yield f"path {path!r}", get, get.raw(f"{path}?{query}")
    for more in ("role=admin", "X-Amz-Expires=9", "x-amz-expires=9", "X-Amz-Acl=public", "a", "%", "a=%zz", "X-Amz-Signature=0",
                 "X-Amz-Algorithm=none", "x=1;y=2", "role[]=x", "X%2DAmz%2DDate=1", "AWSAccessKeyId=x&Signature=y"):  # fmt: skip
        yield f"query begins {more!r}", get, get.raw(f"{get.uri}?{more}&{query}")
        yield f"query ends {more!r}", get, get.raw(f"{target}&{more}")
    for index, part in enumerate(query.split("&")):
        rest = "&".join([piece for piece in query.split("&") if piece != part])
        yield f"without parameter {index}", get, get.raw(f"{get.uri}?{rest}")
        yield f"parameter {index} twice", get, get.raw(f"{target}&{part}")
        yield f"parameter {index} changed", get, get.raw(f"{get.uri}?{rest}&{part}0")
        yield f"parameter {index} in lower case", get, get.raw(f"{get.uri}?{rest}&{part.lower()}")
        yield f"parameter {index} empty", get, get.raw(f"{get.uri}?{rest}&{part.partition('=')[0]}=")
    for host in ("evil.example", f"{address}, evil.example", "", " ", f"{address}.", f"user@{address}", f"{address}/x", "[::1]",
                 f"{address}\r\nHost: evil.example", f"evil.example\r\nHost: {address}", f"{address}\r\nHost: {address}"):  # fmt: skip
        yield f"host {host!r}", get, get.raw(host=host)
        yield f"host {host!r}, forwarded", get, get.raw(host=host, lines=[f"X-Forwarded-Host: {address}"])
    for method in (
        "HEAD",
        "PUT",
        "POST",
        "DELETE",
        "PATCH",
        "OPTIONS",
        "TRACE",
        "get",
        "Get",
        "G(T",
        "CONNECT",
        "PROPFIND",
    ):
        yield f"method {method}", get, get.raw(method=method)
        yield (
            f"method {method}, overridden",
            get,
            get.raw(method=method, lines=["X-HTTP-Method-Override: GET", "Content-Length: 0"]),
        )
    owner = Request(address, "PUT", "/bucket/a", headers={"X-Amz-Meta-Owner": "alice"}, body=b"x")
    for line in ("X-Amz-Acl: public-read", "X_Amz_Meta_Owner: mallory", "x_amz-meta-owner: mallory", "X-Amz-Meta_Owner: mallory",
                 "X-Amz-Meta-Owner: mallory", "X-AMZ-META-OWNER: mallory", "Authorization: Bearer x", "X-Amz-Meta-Owner : mallory",
                 " X-Amz-Meta-Owner: mallory", "X-Amz-Meta-Owner:\tmallory", "X-Amz-Security-Token: x", "X-Amz-Date: 20260101T000000Z",
                 "x_amz_acl: public-read", "X-Amz-Content-Sha256: UNSIGNED-PAYLOAD", "Proxy: x\r\nX-Amz-Acl: private"):  # fmt: skip
        yield f"header {line!r}", owner, owner.raw(lines=[line])
        yield f"header {line!r} to a GET", get, get.raw(lines=[line])
    body = b"ants and bees"
    digest = hashlib.sha256(body).hexdigest()
    for headers in ({"Content-Length": str(len(body))}, {"X-Amz-Content-Sha256": digest}):
        put = Request(address, "PUT", "/bucket/a", headers=headers, body=body)
        name = next(iter(headers))
        length = [] if name == "Content-Length" else [f"Content-Length: {len(body)}"]
        chunked = b"d\r\nants and bees\r\n64\r\n" + b"x" * 100 + b"\r\n0\r\n\r\n"
        for encoding in (
            "chunked",
            "Chunked",
            "identity",
            "gzip, chunked",
            "chunked, identity",
            "\tchunked",
            "xchunked",
        ):
            line = f"Transfer-Encoding: {encoding}"
            yield f"{name} and {encoding!r}", put, put.raw(lines=[*length, line], body=chunked)
            yield (
                f"{name} and {encoding!r}, HTTP/1.0",
                put,
                put.raw(lines=[*length, line], body=chunked, version="HTTP/1.0"),
            )
            yield f"{encoding!r} before {name}", put, put.raw(lines=[line, *length], body=body)
        for wrong in (b"", body[:-1], body[:-1] + b"X", b"X" + body, body + b"X" * 100, body * 3):
            yield f"{name}, body {wrong[:20]!r} of {len(wrong)}", put, put.raw(lines=length, body=wrong)
        for more in (
            "Content-Length: 13",
            "Content-Length: 130",
            "Content-Length: +13",
            "Content-Length: 0xd",
            "Content-Length: 13, 13",
        ):
            yield f"{name} and {more!r}", put, put.raw(lines=[more], body=body * 10)
    for when in (-700, 3_600, -86_400, 86_400):
        other = Request(address, "GET", "/bucket/a", when=time.time() + when)
        yield f"signed {when} s from now", other, other.raw()
    for version in ("HTTP/0.9", "HTTP/1.2", "HTTP/2.0", "HTTP/x", ""):
        yield f"version {version!r}", get, get.raw(version=version)


def mutations(address: str, count: int, seed: int) -> "Iterator[tuple[str, Request, bytes]]":
    """Random requests, signed and then changed at random: none to three times, in the target, a header or the body."""
    dice = random.Random(seed)
    letters = ["a", "b", "/", "%", " ", "é", "+", "&", "=", ";", ".", "..", "~", "_", "-", "?", "0"]

    def text(most: int) -> str:
        return "".join(dice.choices(letters, k=dice.randint(0, most)))

    for number in range(count):
        headers = {f"X-Amz-Meta-{dice.choice('abc')}": "v" for _ in range(dice.randint(0, 2))}
        body = b""
        method = dice.choice(["GET", "PUT", "DELETE"])
        if method == "PUT":
            body = os.urandom(dice.randint(1, 60))
            if dice.random() < 0.5:
                headers["Content-Length"] = str(len(body))
            if dice.random() < 0.5:
                headers["X-Amz-Content-Sha256"] = hashlib.sha256(body).hexdigest()
        request = Request(address, method, "/bucket/" + text(8), headers=headers, body=body,
                          query=[(f"q{text(2)}", text(4)) for _ in range(dice.randint(0, 2))])  # fmt: skip
        raw = request.raw()
        for _ in range(dice.randint(0, 3)):
            at = dice.randrange(4, len(raw))
            piece = dice.choice([b"%", b"&", b"=", b"/", b"_", b"-", b" ", b"\r\n", b"\0", b"\t", b"%2F", b"?", b"#", b"..", b"a",
                                 b"Transfer-Encoding: chunked\r\n", b"X_Amz_Meta_a: w\r\n", b"\xff", b"0"])  # fmt: skip
            raw = dice.choice([raw[:at] + piece + raw[at:], raw[:at] + raw[at + 1 :], raw[:at] + piece + raw[at + 1 :]])
        yield f"fuzz {seed}/{number}", request, raw


# --- running ----------------------------------------------------------------------------------------------------------


PATIENCE = 0.3  # seconds in which a server on this machine answers a request that is complete


def send(address: str, raw: bytes) -> "tuple[int, bytes]":
    """The status and the body of the answer; 0 where the server closed the connection without one."""
    host, _, port = address.partition(":")
    received = b""
    closed = False
    with contextlib.suppress(OSError), socket.create_connection((host, int(port)), timeout=PATIENCE) as connection:
        connection.sendall(raw)
        while True:
            try:
                piece = connection.recv(65_536)
            except TimeoutError:
                if closed:
                    break
                closed = True  # it waits for more: tell it that nothing will come
                connection.shutdown(socket.SHUT_WR)
                connection.settimeout(3)
                continue
            if not piece:
                break
            received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    words = head.split(b" ", 2)
    if not words[0].startswith(b"HTTP/"):  # to HTTP/0.9, which has no status line
        at = received.find(b'{"method"')
        return (200, received[at:]) if at != -1 else (0, b"")
    status = int(words[1]) if len(words) > 1 and words[1].isdigit() else 0
    # Where damage made the connection stay open, what is left of the request is the next one, and has its own answer.
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    if length is not None:
        body, following = body[: int(length[1])], body[int(length[1]) :]
        if following[:5] == b"HTTP/" and following[8:12] == b" 200":
            return 200, b"a second request was served: " + following
    if status < 200 or (closed and 500 <= status < 599):  # a server's own answer to a client that went away
        return 0, b""
    return status, body


@contextlib.contextmanager
def running(name: str, folder: Path) -> "Generator[str]":
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listening:
        address = f"127.0.0.1:{listening.getsockname()[1]}"
        fd, port = str(listening.fileno()), address.partition(":")[2]
        arguments = [argument.replace("{fd}", fd).replace("{port}", port) for argument in SERVERS[name]]
        takes_socket = arguments != [argument.replace("{port}", port) for argument in SERVERS[name]]
        if not takes_socket:
            listening.close()
        process = subprocess.Popen(
            [sys.executable, *arguments],
            pass_fds=[int(fd)] if takes_socket else [],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{folder}", "GUARDED_HOST": address,
                 "HOME": str(folder), "REENCODE": "1" if name in REENCODING else ""},
        )  # fmt: skip
        try:
            end = time.monotonic() + 20
            while send(address, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")[0] == 0:
                if process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(f"{name} did not start")
                time.sleep(0.2)
            yield address
        finally:
            stop(process)


class Result:
    """What one server made of all requests."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.faults: list[str] = []
        self.not_served: list[str] = []


def attack(address: str, fuzz: int, seed: int) -> Result:
    result = Result()
    for name, request, raw in genuine(address):
        status, body = send(address, raw)
        if status == 200 and request.is_what_was_read(json.loads(body)):
            result.counts["genuine"] += 1
        elif status == 200:
            result.faults.append(f"{name}: the application read something else: {body[:300]!r}")
        else:
            result.not_served.append(f"{name}: {status} {body[:120]!r}")
    for kind, requests in (("attacks", attacks(address)), ("fuzz", mutations(address, fuzz, seed))):
        for name, request, raw in requests:
            status, body = send(address, raw)
            result.counts[kind] += 1
            result.counts[
                f"{kind} {'refused' if 400 <= status < 500 else 'same' if status < 300 and status else status}"
            ] += 1
            if status in (200, 204):
                try:
                    same = request.is_what_was_read(json.loads(body))
                except ValueError:
                    same = request.method == "HEAD" or not body
                if not same:
                    result.faults.append(
                        f"{name}: the application read something else: {raw[:300]!r} -> {body[:300]!r}"
                    )
            elif status == 599:
                result.faults.append(f"{name}: the guard raised {body[:200]!r} {raw[:200]!r}")
    return result


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="names of servers, separated by commas; 'quickest' for four")
    parser.add_argument("--fuzz", type=int, default=0, help="random requests for each server besides the attacks")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--record", action="store_true", help="write the table into the docs")
    args = parser.parse_args()
    names = QUICKEST if args.only == "quickest" else tuple(args.only.split(",")) if args.only else tuple(SERVERS)
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(len(names)) as pool:
        (Path(folder) / "guarded.py").write_text(APPLICATION)

        # All servers at once, since nearly all the time is waiting for those that wait for more.
        def attacked(name: str) -> "Result | str":
            try:
                with running(name, Path(folder)) as address:
                    return attack(address, args.fuzz, args.seed)
            except RuntimeError as fault:
                return str(fault)

        results = dict(zip(names, pool.map(attacked, names), strict=True))
    rows: list[str] = []
    failed = False
    for name, result in results.items():
        if isinstance(result, str):
            print(f"{name}: {result}")
            rows.append(f"| {name} | not run here | | | | |")
            failed = True
            continue
        counts = result.counts
        total = counts["genuine"] + len(result.not_served)
        same = counts["attacks same"] + counts["fuzz same"]
        refused = counts["attacks refused"] + counts["fuzz refused"]
        other = counts["attacks"] + counts["fuzz"] - same - refused
        row = f"| {name} | {counts['genuine']} of {total} | {counts['attacks'] + counts['fuzz']:,} | {refused:,} | {same:,} | {other:,} |"
        print(row)
        rows.append(row)
        for line in result.not_served:
            print(f"    not served: {line}")
        for line in result.faults:
            print(f"    FAULT: {line}")
        failed = failed or bool(result.faults)
    if args.record:
        before = TABLE.read_text().partition("<!-- table -->")[0]
        seed = (
            f"Seed {args.seed}: the attacks, and {args.fuzz:,} random requests for each server.\n\n"
            if args.fuzz
            else ""
        )
        head = seed + ("| server | genuine served | attacks | refused | read as signed | no answer or the server's own |\n"
                "| --- | --- | --- | --- | --- | --- |\n")  # fmt: skip
        TABLE.write_text(f"{before}<!-- table -->\n\n{head}" + "\n".join(rows) + "\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
