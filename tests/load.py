"""The guards under load: 50 connections ask uvicorn and gunicorn for signed links, guarded and bare.

Usage: python tests/load.py [--seconds N] [--record]; wrk (Debian: wrk) sends the requests.

Rule: the same application, links and number of workers in each row, one row after another on one machine; whatever
is not answered as the row wants it fails the command.
"""

# ruff: noqa: T201 - a command prints

import argparse
import contextlib
import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from pathlib import Path

import evidence
from processes import stop

from sigv4presign import Credentials, presign

ROOT = Path(__file__).parent.parent
CONNECTIONS = 50
WORKERS = 2
LINKS = 1_000
KEYS = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")

APPLICATION = f"""
import os
from sigv4presign import asgi, wsgi

OPTIONS = dict(host=os.environ["GUARDED_HOST"], region="eu-west-1",
               secrets={{"{KEYS.access_key_id}": "{KEYS.secret_access_key}"}})
ANSWER = b"x" * 1_000


def wsgi_app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "1000")])
    return [ANSWER]


async def asgi_app(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({{"type": message["type"] + ".complete"}})
            if message["type"] == "lifespan.shutdown":
                return
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"1000")]
    await send({{"type": "http.response.start", "status": 200, "headers": headers}})
    await send({{"type": "http.response.body", "body": ANSWER}})


guarded_wsgi = wsgi.PresignedOnly(wsgi_app, **OPTIONS)
guarded_asgi = asgi.PresignedOnly(asgi_app, **OPTIONS)
"""

SERVERS = {
    "uvicorn": ("asgi", ["-m", "uvicorn", "--workers", str(WORKERS), "--no-access-log", "--log-level", "critical"]),
    "gunicorn": ("wsgi", ["-m", "gunicorn", "-w", str(WORKERS), "--threads", str(CONNECTIONS),
                          "--log-level", "critical"]),
}  # fmt: skip
ROWS = {
    "bare": ("{}_app", 200),
    "guarded": ("guarded_{}", 200),
    "guarded, every link forged": ("guarded_{}", 403),
}

# wrk asks for one link after another.
SCRIPT = """
local links, last = {}, 0
for link in io.lines(os.getenv("LINKS")) do links[#links + 1] = link end
function request()
  last = last % #links + 1
  return wrk.format("GET", links[last])
end
local threads = {}
function setup(thread) threads[#threads + 1] = thread end
counts = {}
function response(status) _G["status_" .. status] = (_G["status_" .. status] or 0) + 1 end
function done(summary, latency)
  local right = 0
  for _, thread in ipairs(threads) do right = right + (thread:get("status_" .. os.getenv("STATUS")) or 0) end
  local errors = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  print(string.format("FOUND %d %d %d %d %d %d", summary.requests, right, errors, summary.duration,
    latency:percentile(50), latency:percentile(99)))
end
"""


def links(host: str) -> "list[str]":
    """Signed targets of one host, each of another key."""
    urls = [presign("GET", f"https://{host}/bucket/photos/{number}.jpg", service="s3", region="eu-west-1",
                    credentials=KEYS, expires_in=3_600) for number in range(LINKS)]  # fmt: skip
    return [url.partition(host)[2] for url in urls]


def forged(target: str) -> str:
    """The target with the first digit of its signature changed."""
    return re.sub("X-Amz-Signature=(.)", lambda found: f"X-Amz-Signature={int(found[1], 16) ^ 1:x}", target)


def memory(parent: int) -> int:
    """What a process and its children have to themselves, in bytes: shared pages are divided among who shares them."""
    family, total = [parent], 0
    for process in family:
        family += [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
        found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{process}/smaps_rollup").read_text(), re.MULTILINE)
        total += int(found[1]) * 1_024 if found else 0
    return total


@contextlib.contextmanager
def running(server: str, application: str, folder: Path) -> "Generator[tuple[str, int]]":
    """A server in its own processes, on a socket of ours: its host, and the number of the process that leads it."""
    with socket.create_server(("127.0.0.1", 0), backlog=2 * CONNECTIONS) as listening:
        # Accepted connections inherit it; uvicorn's workers leave Nagle's delay of 40 ms on a socket that is given.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        host = f"127.0.0.1:{listening.getsockname()[1]}"
        fd = listening.fileno()
        bound = ["--fd", str(fd)] if server == "uvicorn" else ["-b", f"fd://{fd}"]
        command = [sys.executable, *SERVERS[server][1], *bound, f"served:{application}"]
        environment = {**os.environ, "GUARDED_HOST": host, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{folder}"}
        process = subprocess.Popen(command, cwd=folder, env=environment, pass_fds=[fd])
        try:
            with contextlib.closing(http.client.HTTPConnection(host, timeout=20)) as connection:
                connection.request("GET", "/")
                connection.getresponse().read()
            time.sleep(1)  # until every worker is there
            yield host, process.pid
        finally:
            stop(process)


class Load:
    """What one server made of it: requests a second, milliseconds, bytes, and what went wrong."""

    def __init__(self, found: "list[int]", before: int, after: int) -> None:
        requests, right, self.errors, microseconds, median, worst = found
        self.wrong = requests - right
        self.rate = requests / microseconds * 1e6
        self.median, self.worst = median / 1_000, worst / 1_000
        self.before, self.after = before, after

    def cells(self, server: str, row: str, bare: "Load") -> "list[str]":
        """The row of the table."""
        return [server, row, f"{self.rate:,.0f}", f"{self.rate / bare.rate:.2f}", f"{self.median:.1f}",
                f"{self.worst:.1f}", f"{self.before / 1e6:.0f}", f"{self.after / 1e6:.0f}",
                str(self.wrong + self.errors)]  # fmt: skip


def load(server: str, row: str, seconds: int, folder: Path) -> Load:
    """One row: the server is started, asked for some seconds, and stopped."""
    kind, _ = SERVERS[server]
    application, status = ROWS[row]
    with running(server, application.format(kind), folder) as (host, leader):
        targets = links(host)
        (folder / "links").write_text("\n".join([forged(t) for t in targets] if status == 403 else targets))
        before = memory(leader)
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", "script.lua", f"http://{host}"]
        environment = {**os.environ, "LINKS": "links", "STATUS": str(status)}
        found = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True).stdout
        figures = found.partition("FOUND ")[2].split()
        return Load([int(figure) for figure in figures], before, memory(leader))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=30, help="of each row")
    parser.add_argument("--record", action="store_true", help="write the table into the docs")
    args = parser.parse_args()
    if shutil.which("wrk") is None:
        print("wrk sends the requests, and is not here: install it (Debian: apt-get install wrk)", file=sys.stderr)
        return 2
    rows: list[list[str]] = []
    ratios: dict[str, float] = {}
    wrong = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "served.py").write_text(APPLICATION)
        (folder / "script.lua").write_text(SCRIPT)
        for server in SERVERS:
            found = {row: load(server, row, args.seconds, folder) for row in ROWS}
            rows += [result.cells(server, row, found["bare"]) for row, result in found.items()]
            ratios[server] = found["guarded"].rate / found["bare"].rate
            wrong += sum([result.wrong + result.errors for result in found.values()])
    header = [
        "server",
        "application",
        "requests/s",
        "of bare",
        "median ms",
        "99 % ms",
        "MB before",
        "MB after",
        "wrong",
    ]
    text = (
        f"{CONNECTIONS} connections for {args.seconds} s at {WORKERS} workers, {LINKS:,} links in turn, an answer of "
        "1,000 bytes; wrk sends from the same machine, so it takes its share of the processors. Memory is that of the "
        "server's processes, shared pages divided among them. Wrong: answers of another status, and broken "
        "connections.\n\n"
    ) + evidence.table(header, rows, range(2, 9))
    line = "; ".join(
        [f"behind a guard {server} serves {ratio:.0%} of its bare requests" for server, ratio in ratios.items()]
    )
    if args.record:
        evidence.write("make load", text, f"{line}; {wrong} wrong answers")
    else:
        print(f"{text}\n{line}; {wrong} wrong answers")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
