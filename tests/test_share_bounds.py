"""`sigv4presign share` as a process: many idle connections, large headers, nobody who reads what it says, its end."""

import http.client
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import sigv4presign
from sigv4presign._share.log import amount

SOURCE = str(Path(sigv4presign.__file__).parent.parent)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "a.txt").write_bytes(b"ants")
    return tmp_path / "shared"


@pytest.fixture
def start() -> "Iterator[Any]":
    running: list[subprocess.Popen[str]] = []

    def start(*words: str, descriptors: int = 256) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-m", "sigv4presign", "share", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": SOURCE},
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors)),  # noqa: PLW1509 - the tests start no threads
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate(timeout=20)


def url_of(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def ask(url: str, method: str = "GET", body: "bytes | None" = None) -> "tuple[int, bytes]":
    _, _, address, target = url.split("/", 3)
    connection = http.client.HTTPConnection(address, timeout=20)
    connection.request(method, "/" + target, body)
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


def connected(url: str) -> socket.socket:
    host, _, port = url.split("/", 3)[2].partition(":")
    return socket.create_connection((host, int(port)), timeout=20)


def test_under_400_idle_connections_at_256_descriptors_it_still_serves(start: Any, folder: Path) -> None:
    process = start(str(folder))
    url = url_of(process)
    idle = [connected(url) for _ in range(400)]
    assert ask(url) == (200, b"ants")
    # The newest had to go; the one that was there first was not disturbed.
    target = "/" + url.split("/", 3)[3]
    idle[0].sendall(f"GET {target} HTTP/1.1\r\nHost: {url.split('/', 3)[2]}\r\n\r\n".encode())
    assert idle[0].recv(100).startswith(b"HTTP/1.1 200")
    for connection in idle:
        connection.close()


def test_large_headers_are_refused_before_they_are_kept(start: Any, folder: Path) -> None:
    process = start(str(folder))
    url = url_of(process)
    with connected(url) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n" + b"".join([b"X-%d: %s\r\n" % (n, b"a" * 30_000) for n in range(2)]))
        assert connection.recv(100).startswith(b"HTTP/1.1 431")
    assert ask(url) == (200, b"ants")


def test_with_nobody_to_read_what_it_says_it_serves_and_ends(start: Any, folder: Path) -> None:
    process = start(str(folder))
    url = url_of(process)
    _, _, address, _ = url.split("/", 3)
    connection = http.client.HTTPConnection(address, timeout=20)
    for _ in range(4_000):  # some 200 kB of lines, into a pipe that takes 64
        connection.request("HEAD", "/" + "x" * 30)
        connection.getresponse().read()
    connection.close()
    assert ask(url) == (200, b"ants")
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_ends_while_it_still_prints_urls_that_nobody_reads(start: Any, folder: Path, stop: signal.Signals) -> None:
    for number in range(600):  # some 200 kB of URLs
        (folder / f"{number:04}").touch()
    process = start(str(folder))
    url_of(process)
    time.sleep(0.5)
    process.send_signal(stop)
    assert process.wait(timeout=20) == 0


def test_once_it_ends_when_all_its_links_are_used_and_their_answers_are_whole(start: Any, folder: Path) -> None:
    (folder / "large").write_bytes(b"x" * 30_000_000)
    process = start(str(folder), "--once")
    small, large = url_of(process), url_of(process)
    assert ask(small) == (200, b"ants")
    assert ask(small)[0] == 403
    assert process.poll() is None
    assert len(ask(large)[1]) == 30_000_000
    assert process.wait(timeout=20) == 0
    lines = process.communicate(timeout=20)[1].splitlines()
    assert any("GET /share/large 200: 30 MB, complete" in line for line in lines[-4:-2])
    assert lines[-2:] == [lines[-2][:9] + "no link is left", "stopped"]


def test_it_says_what_became_of_a_download_that_broke_off_and_of_an_upload(start: Any, folder: Path) -> None:
    (folder / "large").write_bytes(b"x" * 30_000_000)
    process = start(str(folder), "--name", "large", "--upload")
    get, put = url_of(process), url_of(process)
    with connected(get) as connection:
        target, address = "/" + get.split("/", 3)[3], get.split("/", 3)[2]
        connection.sendall(f"GET {target} HTTP/1.1\r\nHost: {address}\r\n\r\n".encode())
        connection.recv(1_000)
    with connected(put) as connection:
        target = "/" + put.split("/", 3)[3]
        connection.sendall(f"PUT {target} HTTP/1.1\r\nHost: {address}\r\nContent-Length: 30000000\r\n\r\nabc".encode())
        connection.shutdown(socket.SHUT_WR)
        connection.recv(1_000)
    time.sleep(0.5)
    process.send_signal(signal.SIGTERM)
    said = process.communicate(timeout=20)[1]
    assert "GET /share/large 200: cut at " in said
    assert "PUT /share/large 400: cut at 3e-06 of 30 MB" in said or "of 30 MB" in said


def test_it_says_when_a_link_expires_and_nothing_with_quiet(start: Any, folder: Path) -> None:
    loud, quiet = start(str(folder), "--expires-in", "3s"), start(str(folder), "--expires-in", "3s", "--quiet")
    assert ask(url_of(loud))[0] == ask(url_of(quiet))[0] == 200
    time.sleep(5.5)
    for process in (loud, quiet):
        process.send_signal(signal.SIGTERM)
    assert "link expired: GET a.txt" in loud.communicate(timeout=20)[1]
    said = quiet.communicate(timeout=20)[1]
    assert "expired" not in said
    assert "GET /share/a.txt" not in said  # 200 alone may be in the port's number


def test_what_a_killed_upload_left_is_removed_at_the_next_start_and_what_is_being_written_is_not(
    start: Any, folder: Path
) -> None:
    first = start(str(folder), "--upload", "--name", "new")
    url_of(first)
    put = url_of(first)
    target, address = "/" + put.split("/", 3)[3], put.split("/", 3)[2]
    (folder / ".sigv4presign-mine").touch()  # not a name that is made here
    with connected(put) as connection:
        connection.sendall(f"PUT {target} HTTP/1.1\r\nHost: {address}\r\nContent-Length: 9\r\n\r\nabc".encode())
        end = time.monotonic() + 10
        while len(list(folder.glob(".sigv4presign-*"))) < 2 and time.monotonic() < end:
            time.sleep(0.05)
        second = start(str(folder))
        url_of(second)
        assert len(list(folder.glob(".sigv4presign-*"))) == 2
        first.kill()
        first.wait(timeout=20)
    third = start(str(folder))
    url_of(third)
    assert [path.name for path in folder.glob(".sigv4presign-*")] == [".sigv4presign-mine"]


def test_an_amount_has_a_unit_that_suits_the_whole() -> None:
    assert [amount(*sizes) for sizes in ((4, 4), (1, 1), (0, 0), (17_000_000, 30_000_000), (0, 10_000))] == [
        "4 bytes, complete", "1 byte, complete", "0 bytes, complete", "cut at 17 of 30 MB", "cut at 0 of 10 kB",
    ]  # fmt: skip
