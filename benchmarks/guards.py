"""Guards: what a request that is refused costs, beside a genuine one.  Writes a section of results.md.

Usage: python benchmarks/guards.py [--rounds N] [--quick]

Rule: `PresignedOnly` around an application that answers at once, without a server, so that what is compared is the
guard's own work; each answer's status is checked before it is timed.
"""

import argparse
import sys
from collections.abc import Callable
from typing import Any

import report
from inputs import ACCESS_KEY_ID, BUCKET, HOST, REGION, SAFE_KEYS
from maker import Sign
from ours import credentials, result_of
from report import number, table
from timing import each, race, ratio

from sigv4presign import S3Presigner, asgi, wsgi

PREFIX = "/files"
LONG_AGO = 1_700_000_000
LEGEND = """\
A request for an object of 43 characters, with the headers that curl sends, to `PresignedOnly` around an application
that answers at once; no server, and no logging set up.
"""
Served = Callable[[str], "Callable[[], str]"]  # target -> the request, which gives its status


def requests() -> "dict[str, tuple[str, dict[str, Any], str]]":
    """Each kind of request: its target, the guard's options, the status of the answer."""
    s3 = S3Presigner(credentials(), region=REGION)
    genuine = target_of(s3.get_object(BUCKET, SAFE_KEYS[0], expires_in=86_400))
    below = target_of(s3.get_object(BUCKET, PREFIX[1:] + "/" + SAFE_KEYS[0], expires_in=86_400))
    expired = target_of(s3.get_object(BUCKET, SAFE_KEYS[0], expires_in=60, now=LONG_AGO))
    elsewhere = target_of(S3Presigner(credentials(), region="eu-north-1").get_object(BUCKET, SAFE_KEYS[0]))
    forged = genuine[:-64] + "0" * 64
    return {
        "genuine": (genuine, {}, "200"),
        "forged": (forged, {}, "403"),
        "forged, answered as JSON": (forged, {"error_format": "json"}, "403"),
        "genuine, with path_prefix": (below.removeprefix(PREFIX), {"path_prefix": PREFIX}, "200"),
        "forged, with path_prefix": (forged, {"path_prefix": PREFIX}, "403"),
        "expired": (expired, {}, "403"),
        "for another region": (elsewhere, {}, "400"),
        "without a signature": (genuine.partition("?")[0], {}, "403"),
    }


def target_of(url: str) -> str:
    """The request target of a URL."""
    return "/" + url.split("/", 3)[3]


def of_wsgi(target: str, options: "dict[str, Any]") -> "Callable[[], str]":
    """A request to the WSGI guard, which gives its status."""
    path, _, query = target.partition("?")
    environ = {
        "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": HOST,
        "RAW_URI": target, "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_ACCEPT": "*/*", "HTTP_USER_AGENT": "curl/8.5.0",
    }  # fmt: skip
    begun: list[str] = []

    def start(status: str, headers: "list[tuple[str, str]]", exc_info: object = None, /) -> Any:
        del headers, exc_info
        begun[:] = [status]

    def application(environ: "dict[str, Any]", start_response: Any) -> "list[bytes]":
        del environ
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]

    guard = wsgi.PresignedOnly(application, **settings(), **options)

    def request() -> str:
        guard(environ, start)
        return begun[0][:3]

    return request


def of_asgi(target: str, options: "dict[str, Any]") -> "Callable[[], str]":
    """The same to the ASGI guard."""
    path, _, query = target.partition("?")
    scope: dict[str, Any] = {
        "type": "http", "http_version": "1.1", "method": "GET", "path": path, "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(b"host", HOST.encode()), (b"accept", b"*/*"), (b"user-agent", b"curl/8.5.0")],
    }  # fmt: skip
    sent: list[Any] = []

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            sent[:] = [message["status"]]

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def application(scope: Any, receive: Any, send: Any) -> None:
        del scope, receive
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})

    guard = asgi.PresignedOnly(application, **settings(), **options)

    def request() -> str:
        result_of(guard(scope, receive, send))
        return str(sent[0])

    return request


def settings() -> "dict[str, Any]":
    return {"host": HOST, "secrets": {ACCESS_KEY_ID: credentials()}, "region": REGION}


def asked(request: "Callable[[], str]") -> Sign:
    return lambda _: request()


def guard_table(serve: "Callable[[str, dict[str, Any]], Callable[[], str]]", rounds: int) -> str:
    """Each kind of request at one guard, in turns."""
    calls: dict[str, Sign] = {}
    for name, (target, options, expected) in requests().items():
        request = serve(target, options)
        status = request()
        if status != expected:
            raise AssertionError(f"{name}: answered {status}, not {expected}")
        calls[name] = asked(request)
    times = race({name: each(call) for name, call in calls.items()}, [""], rounds)
    return table(
        ["request", "min µs", "median µs", "times a genuine one"],
        [
            [
                name,
                number(min(times[name])),
                number(sorted(times[name])[rounds // 2]),
                number(ratio(times, name, "genuine")),
            ]
            for name in calls
        ],
    )


def main(arguments: "list[str]") -> None:
    options = argparse.ArgumentParser(description="What a refusal costs.")
    options.add_argument("--rounds", type=int, default=100, help="rounds of each table (100)")
    options.add_argument("--quick", action="store_true", help="3 rounds: a look, not a result")
    chosen = options.parse_args(arguments)
    rounds = 3 if chosen.quick else chosen.rounds
    parts = [LEGEND]
    parts += [f"### {name}\n\n{guard_table(serve, rounds)}" for name, serve in (("WSGI", of_wsgi), ("ASGI", of_asgi))]
    report.write_section("Guards", " ".join(["python benchmarks/guards.py", *arguments]), "\n".join(parts))


if __name__ == "__main__":
    main(sys.argv[1:])
