"""The guards under real servers, asked by real clients, over loopback.

Rule: a server that is started here gets a socket that listens already, so nothing waits for a port and nothing can take
it; each is stopped by its own process.
"""

import asyncio
import contextlib
import hashlib
import http.client
import json
import os
import shlex
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest
from processes import stop

import sigv4presign
from sigv4presign import Credentials, S3Presigner, presign

CREDS = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
BODY = bytes(range(256)) * 1_200
DIGEST = hashlib.sha256(BODY).hexdigest()

# The applications, as a program would have them: they tell what they would serve.
APPLICATIONS = """
import json
import os

from sigv4presign import Credentials, asgi, wsgi
from sigv4presign._server.once import UsedLinks

CREDS = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
OPTIONS = {"host": os.environ["GUARDED_HOST"], "secrets": {"AKIDEXAMPLE": CREDS}, "region": "eu-west-1"}


def said(seen, path, size):
    return json.dumps({"seen": seen.path, "served": path, "method": seen.method, "size": size}).encode()


def wsgi_app(environ, start_response):
    size = 0
    while piece := environ["wsgi.input"].read(1000):
        size += len(piece)
    path = (environ["SCRIPT_NAME"] + environ["PATH_INFO"]).encode("latin-1").decode()
    body = said(environ["sigv4presign.verified"], path, size)
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


async def asgi_app(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return
    seen = scope["sigv4presign.verified"]
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "text": seen.path})
        await send({"type": "websocket.close"})
        return
    size, more = 0, True
    while more:
        message = await receive()
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    body = said(seen, scope["path"], size)
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


ONCE = UsedLinks()
WSGI = wsgi.PresignedOnly(wsgi_app, **OPTIONS), wsgi.PresignedOnly(wsgi_app, **OPTIONS, single_use=ONCE)
ASGI = asgi.PresignedOnly(asgi_app, **OPTIONS), asgi.PresignedOnly(asgi_app, **OPTIONS, single_use=ONCE)


def wsgi_guard(environ, start_response):
    return WSGI[environ["PATH_INFO"].startswith("/once/")](environ, start_response)


async def asgi_guard(scope, receive, send):
    await ASGI[scope.get("path", "").startswith("/once/")](scope, receive, send)
"""

WAITRESS = """
import guarded, socket, waitress
waitress.serve(guarded.wsgi_guard, sockets=[socket.socket(fileno={fd})], _quiet=True)
"""
UVICORN = """
import asyncio, guarded, socket, uvicorn
server = uvicorn.Server(uvicorn.Config(guarded.asgi_guard, log_level="critical"))
asyncio.run(server.serve(sockets=[socket.socket(fileno={fd})]))
"""
SERVERS = {
    "gunicorn": shlex.split("-m gunicorn -b fd://{fd} --threads 4 --log-level critical guarded:wsgi_guard"),
    "waitress": ["-c", WAITRESS],
    "uvicorn": ["-c", UVICORN],
    "hypercorn": shlex.split("-m hypercorn -b fd://{fd} --log-level critical guarded:asgi_guard"),
}
WSGI_SERVERS, ASGI_SERVERS = ("gunicorn", "waitress"), ("uvicorn", "hypercorn")


class Running(NamedTuple):
    name: str
    address: str

    @property
    def s3(self) -> S3Presigner:
        return S3Presigner(CREDS, "eu-west-1", endpoint=f"http://{self.address}", addressing_style="path")

    def url(self, method: str, path: str, **changes: Any) -> Any:
        url = f"http://{self.address}{path}"
        return presign(method, url, credentials=CREDS, region="eu-west-1", service="s3", **changes)

    def upload_url(self, path: str) -> Any:
        """A URL that is good for BODY alone."""
        return self.url("PUT", path, headers={"x-amz-content-sha256": DIGEST}, payload_hash=DIGEST)


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[dict[str, Running]]":
    """All servers, started side by side."""
    folder = tmp_path_factory.mktemp("guarded")
    (folder / "guarded.py").write_text(APPLICATIONS)
    source = str(Path(sigv4presign.__file__).parent.parent)
    running: dict[str, Running] = {}
    with contextlib.ExitStack() as stack:
        for name, arguments in SERVERS.items():
            pytest.importorskip(name)
            listening = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=128))
            fd = listening.fileno()
            address = f"127.0.0.1:{listening.getsockname()[1]}"
            process = subprocess.Popen(
                [sys.executable, *[argument.replace("{fd}", str(fd)) for argument in arguments]],
                pass_fds=[fd],
                cwd=folder,
                env={
                    **os.environ,
                    "PYTHONPATH": os.pathsep.join([source, str(folder)]),
                    "GUARDED_HOST": address,
                    "HOME": str(folder),
                },
            )
            stack.callback(stop, process)
            running[name] = Running(name, address)
        yield running


@pytest.fixture(params=list(SERVERS))
def server(request: pytest.FixtureRequest, servers: "dict[str, Running]") -> Running:
    return servers[request.param]


# --- clients ----------------------------------------------------------------------------------------------------------


class Answer(NamedTuple):
    status: int
    body: bytes

    @property
    def said(self) -> Any:
        return json.loads(self.body)


def by_requests(urls: "Iterable[Any]", folder: Path) -> "Iterator[Answer]":
    del folder
    requests: Any = pytest.importorskip("requests")
    with requests.Session() as session:
        session.trust_env = False
        for url in urls:
            body = None if url.method == "GET" else BODY
            response = session.request(url.method, url, data=body, headers=url.headers, timeout=20)
            yield Answer(response.status_code, response.content)


def by_httpx(urls: "Iterable[Any]", folder: Path) -> "Iterator[Answer]":
    del folder
    httpx: Any = pytest.importorskip("httpx")
    with httpx.Client(trust_env=False, timeout=20) as client:
        for url in urls:
            body = None if url.method == "GET" else BODY
            response = client.request(url.method, str(url), content=body, headers=url.headers)
            yield Answer(response.status_code, response.content)


def by_aiohttp(urls: "Iterable[Any]", folder: Path) -> "Iterator[Answer]":
    del folder
    aiohttp: Any = pytest.importorskip("aiohttp")
    yarl: Any = pytest.importorskip("yarl")

    async def ask_all() -> "list[Answer]":
        answers: list[Answer] = []
        async with aiohttp.ClientSession() as session:
            for url in urls:
                body = None if url.method == "GET" else BODY
                exact = yarl.URL(str(url), encoded=True)  # a plain str is decoded and encoded again
                async with session.request(url.method, exact, data=body, headers=url.headers) as response:
                    answers.append(Answer(response.status, await response.read()))
        return answers

    yield from asyncio.run(ask_all())


def by_curl(urls: "Iterable[Any]", folder: Path) -> "Iterator[Answer]":
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    path = folder / "body"
    path.write_bytes(BODY)
    for url in urls:
        command = [*shlex.split(url.curl(str(path))), "--silent", "--write-out", "\n%{http_code}", "--noproxy", "*"]
        output = subprocess.run(command, capture_output=True, check=True, timeout=20).stdout
        body, _, status = output.rpartition(b"\n")
        yield Answer(int(status), body)


CLIENTS: "dict[str, Callable[[Iterable[Any], Path], Iterator[Answer]]]" = {
    "requests": by_requests,
    "httpx": by_httpx,
    "aiohttp": by_aiohttp,
    "curl": by_curl,
}

KEYS = ["plain.txt", "a b c.txt", "a+b=c&d?e#f", "naïve/文件 🦊 e\u0301.txt", "double//slash//", "/lead", "100%2Fraw",
        "~(it's)!*;:@$,.txt"]  # fmt: skip


@pytest.mark.parametrize("client", CLIENTS)
def test_every_key_arrives_as_it_was_signed(server: Running, client: str, tmp_path: Path) -> None:
    urls = [server.s3.get_object("bucket", key) for key in KEYS]
    urls.append(server.upload_url("/bucket/a%20b%20c.txt"))
    answers = list(CLIENTS[client](urls, tmp_path))
    assert [answer.status for answer in answers] == [200] * len(urls)
    assert [answer.said["served"] for answer in answers] == [f"/bucket/{key}" for key in [*KEYS, KEYS[1]]]
    assert [answer.said["seen"] for answer in answers[:-1]] == ["/bucket/" + quote(key, safe="/~") for key in KEYS]
    assert answers[-1].said == {
        "seen": "/bucket/a%20b%20c.txt", "served": "/bucket/a b c.txt", "method": "PUT", "size": len(BODY),
    }  # fmt: skip


def test_a_key_that_leads_with_a_slash_is_a_path_and_no_host(server: Running, tmp_path: Path) -> None:
    [answer] = by_curl([server.url("GET", "//files.example/a")], tmp_path)
    if server.name == "waitress":  # it serves the path without its first slash, which would be another object
        assert (answer.status, b"<Code>InvalidURI</Code>" in answer.body) == (400, True)
    else:
        assert answer.said["served"] == "//files.example/a"


# --- bodies -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("framing", ["length", "chunked"])
def test_an_upload_is_the_one_that_was_signed_or_refused(server: Running, framing: str) -> None:
    requests: Any = pytest.importorskip("requests")
    url = server.upload_url("/bucket/k")

    def put(body: bytes) -> Answer:
        pieces = (body[start : start + 50_000] for start in range(0, len(body), 50_000))
        data = body if framing == "length" else pieces
        with requests.Session() as session:
            session.trust_env = False
            response = session.put(url, data=data, headers=url.headers, timeout=20)
        return Answer(response.status_code, response.content)

    assert put(BODY).said["size"] == len(BODY)
    for wrong in (BODY[:-1] + b"X", BODY[:-1], BODY + b"X", b""):
        answer = put(wrong)
        assert (answer.status, b"<Code>XAmzContentSHA256Mismatch</Code>" in answer.body) == (400, True)


# --- hostile requests -------------------------------------------------------------------------------------------------


def raw(server: Running, request: str) -> int:
    """The status of the answer to a request as it stands here."""
    host, _, port = server.address.partition(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(request.replace("\n", "\r\n").encode())
        return int(connection.makefile("rb").readline().split()[1])


HOSTILE = {
    "two hosts, ours first": "GET {target} HTTP/1.1\nHost: {host}\nHost: evil.example\n",
    "two hosts, ours last": "GET {target} HTTP/1.1\nHost: evil.example\nHost: {host}\n",
    "our host twice": "GET {target} HTTP/1.1\nHost: {host}\nHost: {host}\n",
    "two hosts in one": "GET {target} HTTP/1.1\nHost: {host}, evil.example\n",
    "another host": "GET {target} HTTP/1.1\nHost: evil.example\n",
    "another host, forwarded": "GET {target} HTTP/1.1\nHost: evil.example\nX-Forwarded-Host: {host}\n",
    "a target for another host": "GET http://evil.example{target} HTTP/1.1\nHost: {host}\n",
    "a target with a host's slashes": "GET //{host}{target} HTTP/1.1\nHost: {host}\n",
    "a slash more": "GET /{target} HTTP/1.1\nHost: {host}\n",
    "dot segments": "GET /bucket/x/../a?{query} HTTP/1.1\nHost: {host}\n",
    "escaped dot segments": "GET /bucket/x/%2E%2E/a?{query} HTTP/1.1\nHost: {host}\n",
    "an escaped slash": "GET /bucket%2Fa?{query} HTTP/1.1\nHost: {host}\n",
    "an escaped NUL": "GET /bucket/a%00?{query} HTTP/1.1\nHost: {host}\n",
    "bytes that are not UTF-8": "GET /bucket/a%FF?{query} HTTP/1.1\nHost: {host}\n",
    "a path parameter": "GET /bucket/a;b?{query} HTTP/1.1\nHost: {host}\n",
    "a fragment": "GET /bucket/a#?{query} HTTP/1.1\nHost: {host}\n",
    "another method": "DELETE {target} HTTP/1.1\nHost: {host}\n",
    "HEAD": "HEAD {target} HTTP/1.1\nHost: {host}\n",
    "a method in a header": "POST {target} HTTP/1.1\nHost: {host}\nX-HTTP-Method-Override: GET\nContent-Length: 0\n",
    "a method nobody serves": "PROPFIND {target} HTTP/1.1\nHost: {host}\n",
    "OPTIONS for everything": "OPTIONS * HTTP/1.1\nHost: {host}\n",
    "an x-amz header that nobody signed": "GET {target} HTTP/1.1\nHost: {host}\nX-Amz-Acl: public-read\n",
    "two authentications": "GET {target} HTTP/1.1\nHost: {host}\nAuthorization: Bearer x\n",
    "a parameter twice": "GET {target}&X-Amz-Expires=3600 HTTP/1.1\nHost: {host}\n",
    "a parameter more": "GET {target}&versionId=1 HTTP/1.1\nHost: {host}\n",
    "no signature": "GET /bucket/a HTTP/1.1\nHost: {host}\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_changed_request_is_refused(servers: "dict[str, Running]", name: str) -> None:
    for server in servers.values():
        target = "/" + server.url("GET", "/bucket/a").split("/", 3)[3]
        values = {"target": target, "query": target.partition("?")[2], "host": server.address}
        status = raw(server, HOSTILE[name].format(**values) + "Connection: close\n\n")
        assert 400 <= status < 500, server.name


SAME = {
    "as it is": "GET {target} HTTP/1.1\nHost: {host}\n",
    "another spelling": "GET /%62ucket/%61?{query} HTTP/1.1\nHost: {host}\n",
    "a header that means nothing": "GET {target} HTTP/1.1\nHost: {host}\nX-Forwarded-Host: evil.example\n",
    "a method in a header": "GET {target} HTTP/1.1\nHost: {host}\nX-HTTP-Method-Override: DELETE\n",
}


@pytest.mark.parametrize("name", SAME)
def test_a_request_that_says_the_same_is_served(servers: "dict[str, Running]", name: str) -> None:
    for server in servers.values():
        target = "/" + server.url("GET", "/bucket/a").split("/", 3)[3]
        values = {"target": target, "query": target.partition("?")[2], "host": server.address}
        assert raw(server, SAME[name].format(**values) + "Connection: close\n\n") == 200, server.name


@pytest.mark.parametrize("name", WSGI_SERVERS)
def test_an_absolute_target_for_our_host_is_served_by_wsgi(servers: "dict[str, Running]", name: str) -> None:
    url = servers[name].url("GET", "/bucket/a")
    assert raw(servers[name], f"GET {url!s} HTTP/1.1\nHost: {servers[name].address}\nConnection: close\n\n") == 200


def test_a_refused_head_leaves_the_connection_in_order(server: Running) -> None:
    with contextlib.closing(http.client.HTTPConnection(server.address, timeout=20)) as connection:
        target = "/" + server.url("GET", "/bucket/a").split("/", 3)[3]
        for _ in range(2):
            connection.request("HEAD", target)
            response = connection.getresponse()
            assert (response.status, response.read()) == (403, b"")
            connection.request("GET", target)
            response = connection.getresponse()
            assert (response.status, json.loads(response.read())["seen"]) == (200, "/bucket/a")


def test_of_requests_at_the_same_time_one_uses_a_link(server: Running) -> None:
    target = "/" + server.url("GET", f"/once/{server.name}").split("/", 3)[3]
    statuses: list[int] = []

    def visit() -> None:
        with contextlib.closing(http.client.HTTPConnection(server.address, timeout=20)) as connection:
            connection.request("GET", target)
            statuses.append(connection.getresponse().status)

    threads = [threading.Thread(target=visit) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] + [403] * 15


# --- what only ASGI servers have --------------------------------------------------------------------------------------


def test_http_2_is_verified_by_its_authority(servers: "dict[str, Running]") -> None:
    httpx: Any = pytest.importorskip("httpx")
    server = servers["hypercorn"]
    get = server.s3.get_object("bucket", "a b")
    put = server.upload_url("/bucket/k")
    with httpx.Client(http1=False, http2=True, trust_env=False, timeout=20) as client:
        response = client.get(str(get))
        assert (response.http_version, response.json()["served"]) == ("HTTP/2", "/bucket/a b")
        assert client.get(str(get).replace("a%20b", "c")).status_code == 403
        pieces = (BODY, BODY[:-1] + b"X")
        answers = [client.put(str(put), content=iter([body]), headers=put.headers) for body in pieces]
        assert [answer.status_code for answer in answers] == [200, 400]


@pytest.mark.parametrize("name", ASGI_SERVERS)
def test_a_websocket_opens_with_a_link_that_holds(servers: "dict[str, Running]", name: str) -> None:
    aiohttp: Any = pytest.importorskip("aiohttp")
    yarl: Any = pytest.importorskip("yarl")
    url = servers[name].url("GET", "/chat/a%20b").replace("http", "ws")

    async def visit(url: str) -> Any:
        async with aiohttp.ClientSession() as session:
            try:
                async with session.ws_connect(yarl.URL(url, encoded=True)) as connection:
                    return await connection.receive_str()
            except aiohttp.WSServerHandshakeError as fault:
                return fault.status

    assert asyncio.run(visit(url)) == "/chat/a%20b"
    assert asyncio.run(visit(url.replace("a%20b", "c"))) == 403


# --- docs/how-to/behind-a-proxy.md: --root-path behind a proxy that strips /files -------------------------------------

STRIPPED = """
import os
from guarded import asgi, asgi_app, OPTIONS

bare = asgi.PresignedOnly(asgi_app, **OPTIONS)
prefixed = asgi.PresignedOnly(asgi_app, **OPTIONS, path_prefix="/files")
"""


@pytest.mark.parametrize(
    ("command", "guard", "status"),
    [
        ("uvicorn --fd {fd} --log-level critical --root-path /files", "prefixed", 200),
        ("uvicorn --fd {fd} --log-level critical --root-path /files", "bare", 200),
        ("uvicorn --fd {fd} --log-level critical", "prefixed", 200),
        ("uvicorn --fd {fd} --log-level critical", "bare", 403),
        ("hypercorn -b fd://{fd} --log-level critical --root-path /files", "prefixed", 200),
        ("hypercorn -b fd://{fd} --log-level critical --root-path /files", "bare", 403),
    ],
)
def test_a_root_path_and_a_stripped_prefix_are_as_the_page_says(
    command: str, guard: str, status: int, tmp_path: Path
) -> None:
    pytest.importorskip(command.split(maxsplit=1)[0])
    (tmp_path / "guarded.py").write_text(APPLICATIONS)
    (tmp_path / "stripped.py").write_text(STRIPPED)
    source = str(Path(sigv4presign.__file__).parent.parent)
    with socket.create_server(("127.0.0.1", 0), backlog=8) as listening, contextlib.ExitStack() as stack:
        address = f"127.0.0.1:{listening.getsockname()[1]}"
        fd = listening.fileno()
        environment = {
            **os.environ, "PYTHONPATH": os.pathsep.join([source, str(tmp_path)]), "GUARDED_HOST": address,
            "HOME": str(tmp_path),
        }  # fmt: skip
        words = [sys.executable, "-m", *shlex.split(command.format(fd=fd)), f"stripped:{guard}"]
        stack.callback(stop, subprocess.Popen(words, pass_fds=[fd], cwd=tmp_path, env=environment))
        url = presign("GET", f"http://{address}/files/a%20b", credentials=CREDS, region="eu-west-1", service="s3")
        connection = http.client.HTTPConnection(address, timeout=20)
        stack.callback(connection.close)
        connection.request("GET", str(url).removeprefix(f"http://{address}/files"))  # as the proxy passes it on
        assert connection.getresponse().status == status
