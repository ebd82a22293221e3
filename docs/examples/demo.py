"""`make demo`: share a folder on this machine, and use its links as a client and as a stranger.

Rule: nothing but Python's standard library, this package and loopback; no AWS, no network.  Each step is checked, and
the exit status says whether all of them went as they should.

    PYTHONPATH=src python3 docs/examples/demo.py
"""

import http.client
import json
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from sigv4presign import inspect

SHARE = (sys.executable, "-m", "sigv4presign", "share")


class StepError(Exception):
    """What should have happened did not."""


def check(truth: bool, what: str) -> None:
    if not truth:
        raise StepError(what)


def say(step: int, text: str, url: str = "") -> None:
    print(f"{step}. {text}", flush=True)
    if url:
        print(f"   {inspect(url).url}", flush=True)  # inspect leaves the signature out


def start_share(folder: Path, log: Path, *options: str) -> "subprocess.Popen[str]":
    with log.open("w") as stderr:
        return subprocess.Popen(
            [*SHARE, str(folder), "--json", *options], stdout=subprocess.PIPE, stderr=stderr, text=True
        )


def next_url(server: "subprocess.Popen[str]", method: str, name: str) -> "dict[str, Any]":
    """The next line that the server prints, which has to be for this method and name."""
    assert server.stdout is not None
    line = server.stdout.readline()
    check(line.startswith("{"), f"the server printed {line!r} instead of a URL")
    about: dict[str, Any] = json.loads(line)
    check((about["method"], about["name"]) == (method, name), f"the server printed {about['method']} {about['name']}")
    return about


def send(method: str, url: str, body: "bytes | None" = None) -> "tuple[int, bytes]":
    host, _, target = url.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host, timeout=5)
    try:
        connection.request(method, "/" + target, body)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def refusal(url: str) -> str:
    """Status, code and message with which a GET is refused."""
    status, body = send("GET", url)
    text = body.decode()
    code = text.partition("<Code>")[2].partition("</Code>")[0]
    message = text.partition("<Message>")[2].partition("</Message>")[0]
    return f"{status} {code}: {message}"


def demo(folder: Path, log: Path, servers: "list[subprocess.Popen[str]]") -> None:
    costs, photo = secrets.token_bytes(1_000_000), secrets.token_bytes(1_000_000)
    (folder / "costs.csv").write_bytes(costs)
    short = start_share(folder, log.with_suffix(".short"), "--expires-in", "3s")
    servers.append(short)
    server = start_share(folder, log, "--upload", "--name", "costs.csv", "--name", "photo.jpg", "--expires-in", "15m")
    servers.append(server)
    download = next_url(server, "GET", "costs.csv")["url"]
    next_url(server, "PUT", "costs.csv")
    next_url(server, "GET", "photo.jpg")
    upload = next_url(server, "PUT", "photo.jpg")["url"]
    brief = next_url(short, "GET", "costs.csv")
    say(1, f"`sigv4presign share` serves a folder on {inspect(download).host}, only through presigned URLs.")

    status, body = send("GET", download)
    check((status, body) == (200, costs), f"the download gave {status} and {len(body)} bytes")
    say(2, f"Downloaded costs.csv: {len(body):,} bytes, the same as in the folder.", download)

    status, body = send("PUT", upload, photo)
    check((status, body) == (200, b""), f"the upload gave {status}: {body!r}")
    check((folder / "photo.jpg").read_bytes() == photo, "the uploaded file differs from what was sent")
    say(3, f"Uploaded photo.jpg: {len(photo):,} bytes, the same in the folder.", upload)

    tampered = download.replace("/costs.csv?", "/photo.jpg?")
    answer = refusal(tampered)
    check(answer.startswith("403 SignatureDoesNotMatch: "), f"the tampered URL gave {answer}")
    say(4, f"The download URL with another file's name in it is refused: {answer}", tampered)

    while time.time() <= brief["expires_at"]:
        time.sleep(0.1)
    answer = refusal(brief["url"])
    check(answer.startswith("403 AccessDenied: Request has expired"), f"the expired URL gave {answer}")
    say(5, f"A URL that was good for 3 seconds is refused after them: {answer}", brief["url"])

    for running in servers:
        running.send_signal(signal.SIGINT)
        status = running.wait(timeout=5)
        check(status == 0, f"the server exited with status {status}")
    check(log.read_text().endswith("\nstopped\n"), "the server did not say that it stopped")
    left = sorted(path.name for path in folder.iterdir())
    check(left == ["costs.csv", "photo.jpg"], f"the folder holds {left}")
    say(6, "Ctrl-C stopped the servers with status 0; the folder holds the two files and nothing else.")


def main() -> int:
    began = time.monotonic()
    servers: list[subprocess.Popen[str]] = []
    with tempfile.TemporaryDirectory() as temporary:
        folder, log = Path(temporary, "shared"), Path(temporary, "server.log")
        folder.mkdir()
        try:
            demo(folder, log, servers)
        except (StepError, OSError, http.client.HTTPException, subprocess.TimeoutExpired) as fault:
            print(f"demo FAILED: {fault}", file=sys.stderr)
            if log.exists():
                print(log.read_text(), file=sys.stderr, end="")
            return 1
        finally:
            for server in servers:
                server.kill()
                server.communicate()
    print(
        f"demo passed: shared, downloaded, uploaded, refused twice, stopped; {time.monotonic() - began:.1f} s, no AWS."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
