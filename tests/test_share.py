"""`Share` over real sockets: what it serves, what it stores, and everything that it must not."""

import contextlib
import errno
import fcntl
import hashlib
import http.client
import os
import re
import socket
import socketserver
import struct
import threading
import time
import tracemalloc
import urllib.parse
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigv4presign import presign
from sigv4presign._server.refusal import error_xml
from sigv4presign._share import share as module
from sigv4presign._share.connection import Connection, _Reader, parse_range
from sigv4presign._share.folder import TEMPORARY, Folder, _is_temporary, is_safe_segment
from sigv4presign._share.log import Log
from sigv4presign._share.share import Share
from sigv4presign.errors import Expired, InputError, SignatureMismatch

TEXT = b"0123456789"
SECRET = b"not for you"


class Answer(NamedTuple):
    status: int
    headers: Message
    body: bytes

    @property
    def code(self) -> "str | None":
        """The code in S3's XML."""
        return ET.fromstring(self.body).findtext("Code")


def test_the_xml_of_an_error_can_be_read_whatever_it_quotes() -> None:
    text = "a&<b>]]>\0\x1f\t\n\ud800\ufffe\uffff☃\U0001f600"
    mismatch = SignatureMismatch("no", canonical_request=text, string_to_sign="s")
    error = ET.fromstring(error_xml(mismatch, "/a&b", "R1"))
    assert [(part.tag, part.text) for part in error] == [
        ("Code", "SignatureDoesNotMatch"), ("Message", "no"), ("StringToSign", "s"),
        ("CanonicalRequest", "a&<b>]]>??\t\n???☃\U0001f600"), ("Resource", "/a&b"), ("RequestId", "R1"),
    ]  # fmt: skip


def test_the_xml_of_an_expired_url_says_both_times() -> None:
    xml = error_xml(Expired("over", expires_at=1_764_000_000), "/a", "R1", now=1_764_000_001)
    assert b"<Expires>2025-11-24T16:00:00Z</Expires><ServerTime>2025-11-24T16:00:01Z</ServerTime>" in xml


@pytest.fixture(autouse=True)
def quick_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module._Server, "timeout", 0.005)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two files, and a secret beside it."""
    shared = tmp_path / "shared"
    (shared / "sub").mkdir(parents=True)
    (shared / "a.txt").write_bytes(TEXT)
    (shared / "sub" / "b.csv").write_bytes(b"x,y\n")
    (tmp_path / "secret.txt").write_bytes(SECRET)
    return shared


@pytest.fixture
def share(folder: Path) -> "Iterator[Share]":
    with Share(folder, upload=True) as running:
        yield running


def connect(share: Share) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(share.address, timeout=10)


def target_of(url: str) -> str:
    """The request target of a URL, as it stands there."""
    return "/" + url.split("/", 3)[3]


def ask(share: Share, method: str, url: str, body: Any = None, headers: "dict[str, str] | None" = None) -> Answer:
    with contextlib.closing(connect(share)) as connection:
        return ask_on(connection, method, url, body, headers)


def ask_on(
    connection: http.client.HTTPConnection,
    method: str,
    url: str,
    body: Any = None,
    headers: "dict[str, str] | None" = None,
) -> Answer:
    connection.request(method, target_of(url), body, headers or {})
    response = connection.getresponse()
    return Answer(response.status, response.headers, response.read())


def fetch(share: Share, name: str) -> bytes:
    answer = ask(share, "GET", share.url_for("GET", name, 60))
    assert answer.status == 200
    return answer.body


def signed(share: Share, method: str, path: str) -> str:
    """A valid signature for a path that `url_for` would refuse."""
    return presign(
        method, f"http://{share.address}{path}", credentials=share._credentials, region="us-east-1", service="s3",
        expires_in=60,
    )  # fmt: skip


def dial(share: Share) -> socket.socket:
    host, _, port = share.address.partition(":")
    return socket.create_connection((host, int(port)), timeout=10)


def read_all(connection: socket.socket) -> bytes:
    chunks: list[bytes] = []
    while chunk := connection.recv(65_536):
        chunks.append(chunk)
    return b"".join(chunks)


def read_until(connection: socket.socket, end: bytes) -> bytes:
    seen = b""
    while not seen.endswith(end):
        byte = connection.recv(1)
        assert byte, seen
        seen += byte
    return seen


def send_raw(share: Share, request: bytes) -> bytes:
    with dial(share) as connection:
        connection.sendall(request)
        return read_all(connection)


def put_head(share: Share, name: str, *lines: str) -> bytes:
    """The beginning of a PUT, up to its body."""
    target = target_of(share.url_for("PUT", name, 60))
    return "\r\n".join([f"PUT {target} HTTP/1.1", f"Host: {share.address}", *lines, "", ""]).encode()


def wait_for(condition: Any) -> None:
    """Ask again and again, for ten seconds at most."""
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.002)


def unfinished(folder: Path) -> "list[Path]":
    return list(folder.rglob(".sigv4presign-*"))


# --- downloads -------------------------------------------------------------------------------------------------------


def test_a_single_file_is_served_under_its_name_and_nothing_beside_it(folder: Path) -> None:
    with Share(folder / "a.txt") as share:
        assert share.names() == ["a.txt"]
        assert fetch(share, "a.txt") == TEXT
        assert ask(share, "GET", signed(share, "GET", "/share/sub/b.csv")).code == "NoSuchKey"
        with pytest.raises(InputError, match=r"name: 'b.csv' is not shared; the one file here is 'a.txt'"):
            share.url_for("GET", "b.csv", 60)


def test_the_files_of_a_folder_are_served_with_all_that_is_below_it(share: Share) -> None:
    assert share.names() == ["a.txt", "sub/b.csv"]
    assert fetch(share, "a.txt") == TEXT
    assert fetch(share, "sub/b.csv") == b"x,y\n"


@pytest.mark.parametrize("name", ["a b.txt", "naïve ☃.pdf", "100%.txt", "%2F", "a?b#c&d=e+f", "a...", "x\ny", "-", "~"])
def test_any_file_name_comes_back_as_it_is(folder: Path, share: Share, name: str) -> None:
    (folder / name).write_bytes(name.encode())
    assert name in share.names()
    assert fetch(share, name) == name.encode()


def test_a_download_says_what_it_is_and_not_what_serves_it(folder: Path, share: Share) -> None:
    answer = ask(share, "GET", share.url_for("GET", "sub/b.csv", 60))
    about = (folder / "sub" / "b.csv").stat()
    assert dict(answer.headers) == {
        "Server": "sigv4presign",
        "Date": answer.headers["Date"],
        "Content-Type": "text/csv",
        "Last-Modified": time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(about.st_mtime)),
        "ETag": f'"4-{about.st_mtime_ns:x}"',
        "Accept-Ranges": "bytes",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
        "Content-Length": "4",
    }


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.html", "text/html"),
        ("a.csv.gz", "application/octet-stream"),
        ("unknown", "application/octet-stream"),
        ("data:,x", "application/octet-stream"),
    ],
)
def test_the_content_type_follows_from_the_name_alone(folder: Path, share: Share, name: str, kind: str) -> None:
    (folder / name).write_bytes(b"<html>")
    assert ask(share, "GET", share.url_for("GET", name, 60)).headers["Content-Type"] == kind


def test_an_empty_file_is_served_empty(folder: Path, share: Share) -> None:
    (folder / "empty").touch()
    assert fetch(share, "empty") == b""


def test_head_answers_with_the_headers_of_get_and_no_body(share: Share) -> None:
    answer = ask(share, "HEAD", share.url_for("HEAD", "a.txt", 60), headers={"Range": "bytes=0-1"})
    assert (answer.status, answer.headers["Content-Length"], answer.body) == (200, "10", b"")


def test_several_requests_go_over_one_connection(share: Share) -> None:
    with contextlib.closing(connect(share)) as connection:
        connection.connect()
        first = connection.sock
        for name in ("a.txt", "absent", "sub/b.csv"):
            ask_on(connection, "GET", share.url_for("GET", name, 60))
        assert connection.sock is first


def test_a_large_file_is_never_in_memory_whole(folder: Path, share: Share) -> None:
    size = 300_000_000
    with (folder / "large").open("wb") as file:
        file.truncate(size)
    url, buffer, received = target_of(share.url_for("GET", "large", 60)), bytearray(1_000_000), 0
    with contextlib.closing(connect(share)) as connection:
        tracemalloc.start()
        try:
            connection.request("GET", url)
            response = connection.getresponse()
            while count := response.readinto(buffer):
                received += count
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert received == size
    assert peak < 4_000_000


def test_a_file_that_shrinks_on_the_way_ends_the_connection_early(folder: Path, share: Share) -> None:
    with (folder / "large").open("wb") as file:
        file.truncate(64_000_000)  # far more than socket buffers take in
    with contextlib.closing(connect(share)) as connection:
        connection.request("GET", target_of(share.url_for("GET", "large", 60)))
        response = connection.getresponse()
        response.read(1)
        os.truncate(folder / "large", 1_000)
        with pytest.raises(http.client.IncompleteRead):
            response.read()


# --- ranges ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "status", "content_range", "body"),
    [
        ("bytes=0-0", 206, "bytes 0-0/10", b"0"),
        ("bytes=2-4", 206, "bytes 2-4/10", b"234"),
        ("bytes=7-", 206, "bytes 7-9/10", b"789"),
        ("bytes=-3", 206, "bytes 7-9/10", b"789"),
        ("bytes=-99", 206, "bytes 0-9/10", TEXT),
        ("Bytes = 9-999", 206, "bytes 9-9/10", b"9"),
        ("bytes=5-2", 200, None, TEXT),
        ("bytes=-", 200, None, TEXT),
        ("bytes=1", 200, None, TEXT),
        ("bytes=a-1", 200, None, TEXT),
        ("bytes=1-b", 200, None, TEXT),
        ("bytes=-٣", 200, None, TEXT),
        ("bytes=0-1,3-4", 200, None, TEXT),
        ("bytes=0-99999999999999999999", 200, None, TEXT),
        ("lines=0-1", 200, None, TEXT),
    ],
)
def test_a_single_range_is_served_and_any_other_is_ignored(
    share: Share, wanted: str, status: int, content_range: "str | None", body: bytes
) -> None:
    header = {"Range": wanted.encode().decode("latin-1")}
    answer = ask(share, "GET", share.url_for("GET", "a.txt", 60), headers=header)
    assert (answer.status, answer.headers["Content-Range"], answer.body) == (status, content_range, body)


@pytest.mark.parametrize("wanted", ["bytes=10-", "bytes=99-100", "bytes=-0"])
def test_a_range_beyond_the_end_is_refused(share: Share, wanted: str) -> None:
    answer = ask(share, "GET", share.url_for("GET", "a.txt", 60), headers={"Range": wanted})
    assert (answer.status, answer.headers["Content-Range"], answer.code) == (416, "bytes */10", "InvalidRange")


def test_nothing_follows_the_last_byte_of_a_range(share: Share) -> None:
    lines = f"Host: {share.address}\r\nRange: bytes=2-3\r\nConnection: close\r\n\r\n"
    request = f"GET {target_of(share.url_for('GET', 'a.txt', 60))} HTTP/1.1\r\n{lines}"
    assert send_raw(share, request.encode()).endswith(b"\r\n\r\n" + TEXT[2:4])


def test_two_range_headers_are_ignored(share: Share) -> None:
    lines = f"Host: {share.address}\r\nRange: bytes=0-1\r\nRange: bytes=2-3\r\nConnection: close\r\n\r\n"
    request = f"GET {target_of(share.url_for('GET', 'a.txt', 60))} HTTP/1.1\r\n{lines}"
    assert send_raw(share, request.encode()).endswith(b"\r\n\r\n" + TEXT)


def test_a_range_is_served_only_of_the_version_that_if_range_names(folder: Path, share: Share) -> None:
    url = share.url_for("GET", "a.txt", 60)
    first = ask(share, "GET", url)
    etag, date = first.headers["ETag"], first.headers["Last-Modified"]
    assert ask(share, "GET", url, headers={"Range": "bytes=0-1", "If-Range": etag}).body == b"01"
    assert ask(share, "GET", url, headers={"Range": "bytes=0-1", "If-Range": date}).body == TEXT
    (folder / "a.txt").write_bytes(b"abcdefghijk")
    assert ask(share, "GET", url, headers={"Range": "bytes=0-1", "If-Range": etag}).body == b"abcdefghijk"


@given(st.binary(max_size=20), st.integers(0, 25), st.integers(0, 25))
def test_ranges_are_slices(content: bytes, first: int, last: int) -> None:
    size = len(content)
    for header, expected in (
        (f"bytes={first}-{last}", content[first : last + 1]),
        (f"bytes={first}-", content[first:]),
        (f"bytes=-{last}", content[size - min(last, size) :]),
    ):
        wanted = parse_range(header, size)
        if wanted is None:
            assert first > last
        else:
            assert content[wanted[0] : wanted[1]] == expected
            assert wanted[0] >= 0
            assert wanted[1] <= size


@settings(max_examples=300)
@given(st.text(max_size=12))
def test_no_range_header_breaks_the_parser(text: str) -> None:
    for header in (text, f"bytes={text}"):
        wanted = parse_range(header, 10)
        assert wanted is None or wanted[1] <= 10


# --- links for one request -------------------------------------------------------------------------------------------


@pytest.fixture
def once(folder: Path) -> "Iterator[Share]":
    with Share(folder, upload=True, once=True) as running:
        yield running


def test_a_link_for_one_request_is_refused_the_second_time(folder: Path, once: Share) -> None:
    for method, body in (("GET", None), ("HEAD", None), ("PUT", b"new")):
        url = once.url_for(method, "a.txt", 60)
        assert ask(once, method, url, body).status == 200
        again = ask(once, method, url, body and b"newer")
        assert (again.status, method == "HEAD" or again.code) == (403, method == "HEAD" or "AccessDenied")
    assert (folder / "a.txt").read_bytes() == b"new"


def test_two_links_for_one_file_made_in_one_second_are_two(once: Share) -> None:
    first, second = (once.url_for("GET", "a.txt", 60, now=int(time.time())) for _ in range(2))
    assert first != second
    assert [ask(once, "GET", url).status for url in (first, second)] == [200, 200]


def test_a_part_uses_a_link_up_as_the_whole_does(once: Share) -> None:
    url = once.url_for("GET", "a.txt", 60)
    assert ask(once, "GET", url, headers={"Range": "bytes=0-1"}).status == 206
    assert ask(once, "GET", url).status == 403


def test_what_is_refused_for_its_signature_uses_no_link_up(once: Share) -> None:
    url = once.url_for("GET", "a.txt", 60)
    for wrong in (ask(once, "HEAD", url), ask(once, "GET", url.replace("a.txt", "b.txt"))):
        assert wrong.status == 403
    assert ask(once, "GET", url).status == 200


def test_a_connection_is_busy_before_its_link_is_closed(once: Share, monkeypatch: pytest.MonkeyPatch) -> None:
    url = once.url_for("GET", "a.txt", 60)
    open_links: list[bool] = []
    set_busy = once._server.set_busy

    def noting(connection: Any, *, busy: bool) -> None:
        if busy:
            open_links.extend(link.open for link in once._links)
        set_busy(connection, busy=busy)

    monkeypatch.setattr(once._server, "set_busy", noting)
    assert ask(once, "GET", url).status == 200
    assert open_links == [True]  # else `watch` could find neither an open link nor a busy connection, and end


def test_of_concurrent_requests_with_one_link_exactly_one_is_served(once: Share) -> None:
    url = once.url_for("GET", "a.txt", 60)
    statuses: list[int] = []
    threads = [threading.Thread(target=lambda: statuses.append(ask(once, "GET", url).status)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] + [403] * 15


# --- refusals --------------------------------------------------------------------------------------------------------


def test_what_is_absent_is_no_such_key(share: Share) -> None:
    for name in ("absent", "absent/a.txt", "a.txt/b", "sub", "x" * 300):
        answer = ask(share, "GET", share.url_for("GET", name, 60))
        assert (answer.status, answer.code) == (404, "NoSuchKey")


def test_a_refusal_is_s3s_xml(share: Share) -> None:
    answer = ask(share, "GET", share.url_for("GET", "no <such> & file", 60))
    assert answer.headers["Content-Type"] == "application/xml"
    assert answer.body.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>')
    error = ET.fromstring(answer.body)
    assert [child.tag for child in error] == ["Code", "Message", "Resource", "RequestId"]
    assert error.findtext("Resource") == "/share/no%20%3Csuch%3E%20%26%20file"
    assert error.findtext("RequestId") == answer.headers["x-amz-request-id"]


def test_a_tampered_url_is_refused_and_shows_what_was_signed(share: Share) -> None:
    url = share.url_for("GET", "a.txt", 60)
    answer = ask(share, "GET", url.replace("a.txt", "sub/b.csv"))
    assert (answer.status, answer.code) == (403, "SignatureDoesNotMatch")
    error = ET.fromstring(answer.body)
    assert (error.findtext("StringToSign") or "").startswith("AWS4-HMAC-SHA256\n")
    assert (error.findtext("CanonicalRequest") or "").startswith("GET\n/share/sub/b.csv\nX-Amz-Algorithm=")
    assert share._credentials.secret_access_key.encode() not in answer.body


def test_control_characters_of_a_request_do_not_break_the_xml(share: Share) -> None:
    names = "host%3Bx-note"
    url = share.url_for("GET", "a.txt", 60).replace("SignedHeaders=host", f"SignedHeaders={names}")
    request = f"GET {target_of(url)} HTTP/1.1\r\nHost: {share.address}\r\nX-Note: a\x01b<\r\nConnection: close\r\n\r\n"
    body = send_raw(share, request.encode()).partition(b"\r\n\r\n")[2]
    assert (
        ET.fromstring(body).findtext("Message")
        == "The signed header 'x-note' has characters other than printable ASCII."
    )


@pytest.mark.parametrize("lengths", ["Content-Length: 0\r\nContent-Length: 45", "X: a\r\rContent-Length: 45"])
def test_a_length_that_can_be_read_in_two_ways_ends_the_connection(share: Share, lengths: str) -> None:
    target = target_of(share.url_for("GET", "a.txt", 60))
    inner = f"GET {target} HTTP/1.1\r\nHost: {share.address}\r\n\r\n"
    answer = send_raw(share, f"GET {target} HTTP/1.1\r\nHost: {share.address}\r\n{lengths}\r\n\r\n{inner}".encode())
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1 ") == 1


def test_the_default_port_is_not_part_of_the_host() -> None:
    from sigv4presign._url import Url

    assert Url("http://127.0.0.1:80").host == "127.0.0.1"


def test_an_expired_url_is_refused_and_says_since_when(share: Share) -> None:
    answer = ask(share, "GET", share.url_for("GET", "a.txt", 60, now=time.time() - 3600))
    error = ET.fromstring(answer.body)
    assert (answer.status, answer.code) == (403, "AccessDenied")
    assert (error.findtext("Message") or "").startswith("Request has expired")
    assert (error.findtext("Expires") or "~") < (error.findtext("ServerTime") or "")


def test_a_url_is_good_for_its_own_method_only(folder: Path, share: Share) -> None:
    for wrong, right in (("HEAD", "GET"), ("GET", "HEAD"), ("PUT", "GET"), ("PUT", "HEAD"), ("GET", "PUT")):
        answer = ask(share, wrong, share.url_for(right, "a.txt", 60), b"changed" if wrong == "PUT" else None)
        assert answer.status == 403
        assert wrong == "HEAD" or answer.code == "SignatureDoesNotMatch"
    assert (folder / "a.txt").read_bytes() == TEXT


def test_a_refusal_of_head_has_no_body(share: Share) -> None:
    with dial(share) as connection:
        connection.sendall(f"HEAD /share/a.txt HTTP/1.1\r\nHost: {share.address}\r\nConnection: close\r\n\r\n".encode())
        answer = read_all(connection)
    assert answer.startswith(b"HTTP/1.1 403 ")
    assert answer.endswith(b"\r\n\r\n")


def test_nothing_is_served_without_a_signature(share: Share) -> None:
    for path in ("/", "/share", "/share/a.txt", "/share/a.txt?versionId=1"):
        answer = ask(share, "GET", f"http://{share.address}{path}")
        assert (answer.status, answer.code) == (403, "AccessDenied")


def test_the_urls_of_one_share_are_nothing_to_another(share: Share, folder: Path) -> None:
    with Share(folder) as other:
        foreign = other.url_for("GET", "a.txt", 60).replace(other.address, share.address)
    assert ask(share, "GET", foreign).code == "InvalidAccessKeyId"


def test_a_request_for_another_host_is_refused(share: Share) -> None:
    """A name that was made to point at 127.0.0.1 is not served (DNS rebinding)."""
    headers = {"Host": share.address.replace("127.0.0.1", "evil.example")}
    answer = ask(share, "GET", share.url_for("GET", "a.txt", 60), headers=headers)
    assert (answer.status, answer.code) == (403, "AccessDenied")


def test_unsigned_amz_headers_are_refused_even_when_repeated(share: Share) -> None:
    answer = ask(share, "PUT", share.url_for("PUT", "new", 60), b"x", {"x-amz-copy-source": "share/a.txt"})
    assert (answer.status, answer.code) == (403, "AccessDenied")


@pytest.mark.parametrize("upload", [False, True])
def test_other_methods_are_not_allowed(folder: Path, upload: bool) -> None:
    with Share(folder, upload=upload) as share:
        for method in ("POST", "DELETE", "OPTIONS", "PATCH", "get", *([] if upload else ["PUT"])):
            body = b"x" if method in ("POST", "PUT") else None
            answer = ask(share, method, signed(share, method.upper(), "/share/a.txt"), body)
            assert (answer.status, answer.code) == (405, "MethodNotAllowed")
            assert answer.headers["Allow"] == ("GET, HEAD, PUT" if upload else "GET, HEAD")
    assert (folder / "a.txt").read_bytes() == TEXT


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        ("nonsense", 400),
        ("GET /share/a.txt HTTP/nonsense", 400),
        ("GET /share/a.txt HTTP/2.0", 505),
        ("GET /share/" + "a" * 70_000 + " HTTP/1.1", 414),
        ("GET share/a.txt HTTP/1.1", 400),
        ("GET *?X-Amz-Signature=wxyz HTTP/1.1", 400),
        ("GET", 400),
    ],
)
def test_what_is_not_http_is_refused_and_the_connection_closed(share: Share, request_line: str, status: int) -> None:
    answer = send_raw(share, f"{request_line}\r\nHost: {share.address}\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith(f"HTTP/1.1 {status} ".encode())
    assert b"<Code>Invalid" in answer
    assert b"wxyz" not in answer


def test_malformed_headers_are_refused(share: Share) -> None:
    head = f"GET {target_of(share.url_for('GET', 'a.txt', 60))} HTTP/1.1\r\nHost: {share.address}\r\n"
    answer = send_raw(share, f"{head}no colon\r\nRange: bytes=0-1\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"The headers are malformed" in answer


def test_a_body_that_nobody_asked_for_is_not_read_as_the_next_request(share: Share) -> None:
    url = share.url_for("GET", "a.txt", 60)
    body = f"GET {target_of(url)} HTTP/1.1\r\nHost: {share.address}\r\n\r\n"
    head = f"GET {target_of(url)} HTTP/1.1\r\nHost: {share.address}\r\nContent-Length: {len(body)}\r\n\r\n"
    answer = send_raw(share, (head + body).encode())
    assert answer.count(b"HTTP/1.1 200 OK") == 1
    assert b"\r\nConnection: close\r\n" in answer


# --- names -----------------------------------------------------------------------------------------------------------

OUTSIDE = [
    "/share/../secret.txt",
    "/share/..%2Fsecret.txt",
    "/share/%2e%2e/secret.txt",
    "/share/sub/../../secret.txt",
    "/share/sub/../a.txt",
    "/share/./a.txt",
    "/share//a.txt",
    "//share/a.txt",
    "/share/sub%2Fb.csv",
    "/share/sub%5Cb.csv",
    "/share/..%5Csecret.txt",
    "/share/a.txt%00",
    "/share/a.txt%00.png",
    "/share/a.txt/",
    "/share/sub/",
    "/share/",
    "/share",
    "/",
    "/other/a.txt",
    "/a.txt",
    "/share/.sigv4presign-0123",
    "/share/.SIGV4PRESIGN-0123",
    "/share/sub/.sigv4presign-0123",
]


@pytest.mark.parametrize("path", OUTSIDE)
def test_a_signed_path_that_is_no_name_in_the_folder_is_neither_read_nor_written(
    folder: Path, share: Share, path: str
) -> None:
    for unfinished_upload in (folder / ".sigv4presign-0123", folder / "sub" / ".sigv4presign-0123"):
        unfinished_upload.write_bytes(b"half")
    before = {file: file.read_bytes() for file in folder.parent.rglob("*") if file.is_file()}
    for method in ("GET", "PUT"):
        answer = ask(share, method, signed(share, method, path), b"changed" if method == "PUT" else None)
        assert (answer.status, answer.code) == (404, "NoSuchKey")
    assert before == {file: file.read_bytes() for file in folder.parent.rglob("*") if file.is_file()}


@given(st.text(st.characters(exclude_categories=()), max_size=6))
def test_a_safe_segment_is_one_component_and_survives_its_url(segment: str) -> None:
    if is_safe_segment(segment):
        assert (Path("/folder") / segment).parts == ("/", "folder", segment)
        assert urllib.parse.unquote(urllib.parse.quote(segment, safe="")) == segment
        assert segment not in (".", "..")
        assert "\0" not in segment
        assert "\\" not in segment


def test_symbolic_links_are_not_followed_wherever_they_lead(folder: Path, share: Share) -> None:
    (folder / "out").symlink_to("../secret.txt")
    (folder / "in").symlink_to("a.txt")
    (folder / "up").symlink_to("..")
    (folder / "again").symlink_to("sub")
    (folder / "dangling").symlink_to("../created.txt")
    assert share.survey() == (["a.txt", "sub/b.csv"], 5)
    before = sorted(folder.parent.rglob("*"))
    for name in ("out", "in", "up/secret.txt", "again/b.csv", "again", "dangling"):
        answer = ask(share, "GET", share.url_for("GET", name, 60))
        assert (answer.status, answer.code) == (404, "NoSuchKey")
        answer = ask(share, "PUT", share.url_for("PUT", name, 60), b"changed")
        assert answer.code == ("NoSuchKey" if "/" in name else "InvalidRequest")
    assert sorted(folder.parent.rglob("*")) == before
    assert (folder.parent / "secret.txt").read_bytes() == SECRET
    assert (folder / "a.txt").read_bytes() == TEXT


DOTTED = [".env", ".git/config", "sub/.netrc", "sub/.ssh/keys/id", "...", ".a/.b"]


@pytest.fixture
def dotted(folder: Path) -> Path:
    """The folder with files that begin with a dot, or lie in a folder that does."""
    for name in DOTTED:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(SECRET)
    return folder


def test_what_begins_with_a_dot_is_neither_listed_nor_served_nor_written(dotted: Path) -> None:
    before = sorted(dotted.parent.rglob("*"))
    with Share(dotted, upload=True) as share:
        assert share.survey() == (["a.txt", "sub/b.csv"], 6)  # .env, .git, sub/.netrc, sub/.ssh, ..., .a
        for name in [*DOTTED, ".new", ".git/new"]:
            with pytest.raises(InputError, match=r"^name: .* has a part that begins with a dot; name it in `dotted`"):
                share.url_for("GET", name, 60)
            for method in ("GET", "PUT"):
                answer = ask(share, method, signed(share, method, f"/share/{name}"), b"x" if method == "PUT" else None)
                assert (answer.status, answer.code) == (404, "NoSuchKey")
        assert ask(share, "GET", signed(share, "GET", "/share/%2Eenv")).code == "NoSuchKey"
    assert sorted(dotted.parent.rglob("*")) == before
    assert all((dotted / name).read_bytes() == SECRET for name in DOTTED)


def test_what_begins_with_a_dot_is_served_when_it_is_named(dotted: Path) -> None:
    (dotted / ".git" / "HEAD").write_bytes(SECRET)
    named = [".env", ".git/config", "sub/.ssh/keys/id", ".new", ".sigv4presign-0123", "a.txt"]
    (dotted / ".sigv4presign-0123").write_bytes(b"half")
    with Share(dotted, upload=True, dotted=iter(named)) as share:
        names, left_out = share.survey()
        assert names == [".env", ".git/config", "a.txt", "sub/.ssh/keys/id", "sub/b.csv"]
        assert left_out == 4  # .git/HEAD, sub/.netrc, ..., .a
        assert fetch(share, ".env") == fetch(share, ".git/config") == fetch(share, "sub/.ssh/keys/id") == SECRET
        assert ask(share, "PUT", share.url_for("PUT", ".new", 60), b"new").status == 200
        for name in (".git/HEAD", ".git", "sub/.ssh/keys/other", "sub/.netrc", ".env/x", ".sigv4presign-0123"):
            assert ask(share, "GET", signed(share, "GET", f"/share/{name}")).code == "NoSuchKey"
    assert (dotted / ".new").read_bytes() == b"new"


def test_a_file_or_folder_that_begins_with_a_dot_can_itself_be_shared(dotted: Path) -> None:
    with Share(dotted / ".env", upload=True) as share:
        assert share.survey() == ([".env"], 0)
        assert fetch(share, ".env") == SECRET
        assert ask(share, "PUT", share.url_for("PUT", ".env", 60), b"new").status == 200
    with Share(dotted / ".git") as share:
        assert share.survey() == (["config"], 0)
        assert fetch(share, "config") == SECRET
    (dotted / "link").symlink_to(".env")
    with Share(dotted / "link") as share:
        assert fetch(share, "link") == b"new"


def test_the_shared_path_itself_may_be_a_link(folder: Path) -> None:
    (folder.parent / "folder").symlink_to("shared")
    (folder.parent / "latest.txt").symlink_to("folder/a.txt")
    with Share(folder.parent / "folder") as share:
        assert fetch(share, "sub/b.csv") == b"x,y\n"
    with Share(folder.parent / "latest.txt", upload=True) as share:
        assert share.names() == ["latest.txt"]
        assert fetch(share, "latest.txt") == TEXT
        assert ask(share, "PUT", share.url_for("PUT", "latest.txt", 60), b"new").status == 200
    assert (folder.parent / "latest.txt").is_symlink()
    assert (folder / "a.txt").read_bytes() == b"new"


def test_a_folder_that_is_exchanged_for_a_link_after_the_start_is_not_followed(folder: Path, share: Share) -> None:
    url = share.url_for("GET", "sub/secret.txt", 60)
    (folder / "sub").rename(folder / "was")
    (folder / "sub").symlink_to("..")
    assert ask(share, "GET", url).code == "NoSuchKey"


def test_only_regular_files_are_served(folder: Path, share: Share, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(folder / "pipe")
    monkeypatch.chdir(folder)  # the path of a socket has to be short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
        for name in ("pipe", "socket", "sub"):
            assert ask(share, "GET", share.url_for("GET", name, 60)).code == "NoSuchKey"
        assert share.survey() == (["a.txt", "sub/b.csv"], 2)


def test_names_that_no_url_can_carry_are_left_out_and_counted(folder: Path, share: Share) -> None:
    (folder / "back\\slash").touch()
    (folder / "back\\folder").mkdir()
    (folder / "back\\folder" / "file").touch()
    (folder / "sub" / ".sigv4presign-0123").touch()
    os.close(os.open(os.fsencode(folder) + b"/\xff", os.O_CREAT))
    assert share.survey() == (["a.txt", "sub/b.csv"], 3)


@pytest.mark.parametrize("name", ["", "/a.txt", "a.txt/", "sub//b.csv", ".", "../secret.txt", "a\\b", "a\0", "\udcff"])
def test_url_for_refuses_a_name_that_cannot_be_here(share: Share, name: str) -> None:
    with pytest.raises(InputError, match=r"^name: .* cannot be served; write it relative to the shared folder"):
        share.url_for("GET", name, 60)


def test_url_for_refuses_a_method_that_is_not_served(folder: Path) -> None:
    with contextlib.closing(Share(folder)) as share, pytest.raises(InputError, match=r"^method: 'PUT' is not served"):
        share.url_for("PUT", "a.txt", 60)


# --- uploads ---------------------------------------------------------------------------------------------------------


def test_an_upload_becomes_a_file(folder: Path, share: Share) -> None:
    answer = ask(share, "PUT", share.url_for("PUT", "sub/new.bin", 60), bytes(range(256)) * 1_000)
    assert (answer.status, answer.body) == (200, b"")
    assert (folder / "sub" / "new.bin").read_bytes() == bytes(range(256)) * 1_000
    download = ask(share, "GET", share.url_for("GET", "sub/new.bin", 60))
    assert download.headers["ETag"] == answer.headers["ETag"]
    assert unfinished(folder) == []


def test_a_new_file_gets_the_permissions_that_the_umask_leaves_and_a_replaced_one_keeps_its_own(
    folder: Path, share: Share
) -> None:
    (folder / "a.txt").chmod(0o600)
    previous = os.umask(0o027)
    try:
        for name in ("a.txt", "new"):
            assert ask(share, "PUT", share.url_for("PUT", name, 60), b"x").status == 200
    finally:
        os.umask(previous)
    assert (folder / "a.txt").stat().st_mode & 0o777 == 0o600
    assert (folder / "new").stat().st_mode & 0o777 == 0o640


def test_a_file_that_does_not_exist_yet_can_be_shared_for_upload(folder: Path) -> None:
    with Share(folder / "inbox.zip", upload=True) as share:
        assert share.names() == ["inbox.zip"]
        assert ask(share, "GET", share.url_for("GET", "inbox.zip", 60)).code == "NoSuchKey"
        assert ask(share, "PUT", share.url_for("PUT", "inbox.zip", 60), b"zip").status == 200
    assert (folder / "inbox.zip").read_bytes() == b"zip"


def test_the_connection_stays_open_after_an_upload_and_closes_after_a_refused_one(share: Share) -> None:
    with contextlib.closing(connect(share)) as connection:
        answer = ask_on(connection, "PUT", share.url_for("PUT", "new", 60), b"x" * 100_000)
        assert (answer.status, answer.headers["Connection"]) == (200, None)
        first = connection.sock
        answer = ask_on(connection, "PUT", share.url_for("GET", "new", 60), b"x" * 100_000)
        assert (answer.status, answer.headers["Connection"]) == (403, "close")
        assert first is not None
        assert connection.sock is None


def test_a_client_that_sends_a_large_refused_body_still_gets_the_answer(folder: Path, share: Share) -> None:
    """Without reading on, the connection would be reset, and the answer often lost with it."""
    answer = ask(share, "PUT", share.url_for("GET", "new", 60), b"x" * 5_000_000)
    assert answer.code == "SignatureDoesNotMatch"
    assert not (folder / "new").exists()


@pytest.mark.parametrize(
    ("name", "lines", "status", "code"),
    [
        ("new", [], 411, "MissingContentLength"),
        ("new", ["Content-Length: x"], 400, "InvalidRequest"),
        ("new", ["Content-Length: -1"], 400, "InvalidRequest"),
        ("new", ["Content-Length: 1", "Content-Length: 2"], 400, "InvalidRequest"),
        ("new", ["Content-Length: 5368709121"], 400, "EntityTooLarge"),
        ("new", ["Transfer-Encoding: chunked"], 501, "NotImplemented"),
        ("new", ["Content-Length: 1", "Content-Range: bytes 0-0/2"], 501, "NotImplemented"),
        ("a.txt", ["Content-Length: 1", "If-None-Match: *"], 501, "NotImplemented"),
        ("absent/new", ["Content-Length: 1"], 404, "NoSuchKey"),
        ("a.txt/new", ["Content-Length: 1"], 404, "NoSuchKey"),
        ("sub", ["Content-Length: 1"], 400, "InvalidRequest"),
    ],
)
def test_an_upload_that_cannot_be_stored_is_refused_before_its_body_is_asked_for(
    folder: Path, share: Share, name: str, lines: "list[str]", status: int, code: str
) -> None:
    answer = send_raw(share, put_head(share, name, *lines, "Expect: 100-continue", "Connection: close"))
    assert answer.startswith(f"HTTP/1.1 {status} ".encode())
    assert f"<Code>{code}</Code>".encode() in answer
    assert (status == 501) is (b" asks for something that is not implemented.</Message>" in answer)
    assert share.names() == ["a.txt", "sub/b.csv"]
    assert (folder / "a.txt").read_bytes() == TEXT
    assert unfinished(folder) == []


class Talkative:
    """A client that goes on sending, for a while."""

    def __init__(self) -> None:
        self.left = 1_000

    def shutdown(self, _how: int) -> None: ...

    def settimeout(self, _seconds: float) -> None: ...

    def recv(self, _size: int) -> bytes:
        self.left -= 1
        return b"x" if self.left else b""


def test_a_client_that_goes_on_sending_after_its_answer_is_not_read_for_ever() -> None:
    connection: Any = object.__new__(Connection)
    connection.connection = Talkative()
    connection._let_the_client_finish()
    assert connection.connection.left == 1_000 - 256


def test_a_smaller_limit_can_be_set(folder: Path) -> None:
    with Share(folder, upload=True, max_size=3) as share:
        assert ask(share, "PUT", share.url_for("PUT", "three", 60), b"abc").status == 200
        assert ask(share, "PUT", share.url_for("PUT", "four", 60), b"abcd").code == "EntityTooLarge"
    assert not (folder / "four").exists()


def test_a_client_that_waits_is_told_to_continue_only_once_it_is_verified(folder: Path, share: Share) -> None:
    lines = ("Content-Length: 3", "Expect: 100-continue")
    with dial(share) as connection:
        connection.sendall(put_head(share, "new", *lines))
        assert read_until(connection, b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"abc")
        assert read_until(connection, b"\r\n\r\n").startswith(b"HTTP/1.1 200 OK\r\n")
    loud = put_head(share, "new", "Content-Length: 3", "Expect: 100-CONTINUE")
    with dial(share) as connection:
        connection.sendall(loud)
        assert read_until(connection, b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"abc")
        assert read_until(connection, b"\r\n\r\n").startswith(b"HTTP/1.1 200 OK\r\n")
    old = loud.replace(b" HTTP/1.1", b" HTTP/1.0") + b"abc"  # HTTP/1.0 has no such answer
    assert send_raw(share, old).startswith(b"HTTP/1.1 200 OK\r\n")
    with dial(share) as connection:
        connection.sendall(put_head(share, "new", *lines).replace(b"/new?", b"/a.txt?"))
        assert read_all(connection).startswith(b"HTTP/1.1 403 Forbidden\r\n")
    assert (folder / "new").read_bytes() == b"abc"


def test_a_body_that_ends_early_leaves_everything_as_it_was(folder: Path, share: Share) -> None:
    with dial(share) as connection:
        connection.sendall(put_head(share, "a.txt", "Content-Length: 10") + b"half")
        connection.shutdown(socket.SHUT_WR)
        answer = read_all(connection)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"<Code>IncompleteBody</Code>" in answer
    assert (folder / "a.txt").read_bytes() == TEXT
    assert unfinished(folder) == []


def test_a_client_that_falls_silent_is_given_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Connection, "timeout", 0.1)
    with Share(folder, upload=True) as share, dial(share) as connection:
        connection.sendall(put_head(share, "a.txt", "Content-Length: 10") + b"half")
        assert read_all(connection) == b""
    assert (folder / "a.txt").read_bytes() == TEXT
    assert unfinished(folder) == []


def test_a_client_that_breaks_off_leaves_no_trace_and_no_traceback(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at_once = struct.pack("ii", 1, 0)  # SO_LINGER: close() resets the connection
    with (folder / "large").open("wb") as file:
        file.truncate(64_000_000)
    with Share(folder, upload=True) as share:
        request = f"GET {target_of(share.url_for('GET', 'large', 60))} HTTP/1.1\r\nHost: {share.address}\r\n\r\n"
        for start in (request.encode(), put_head(share, "new", "Content-Length: 10") + b"half", b"GET /unfinished"):
            with dial(share) as connection:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
                connection.sendall(start)
                if start.startswith(b"PUT"):
                    wait_for(lambda: unfinished(folder))
                elif b"large" in start:
                    connection.recv(1)
        wait_for(lambda: not share._server._connections)
        assert fetch(share, "a.txt") == TEXT
        assert not (folder / "new").exists()
        assert unfinished(folder) == []
    log = capsys.readouterr().err
    assert "Traceback" not in log
    assert "connection ended: ConnectionResetError" in log


def test_a_disk_that_is_full_leaves_everything_as_it_was(
    folder: Path, share: Share, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    answer = ask(share, "PUT", share.url_for("PUT", "a.txt", 60), b"changed")
    assert (answer.status, answer.code) == (500, "InternalError")
    assert b"space" not in answer.body
    assert (folder / "a.txt").read_bytes() == TEXT
    assert unfinished(folder) == []
    assert "PUT /share/a.txt failed: OSError\n" in capsys.readouterr().err


def test_what_the_server_may_not_open_is_access_denied(share: Share, monkeypatch: pytest.MonkeyPatch) -> None:
    """Said by hand, since the tests may run as root; to have too many files open is nobody's fault but the server's."""
    for number, expected in ((errno.EACCES, (403, "AccessDenied")), (errno.EMFILE, (500, "InternalError"))):

        def fail(*_: object, number: int = number, **__: object) -> int:
            raise OSError(number, os.strerror(number))

        with monkeypatch.context() as patch:
            patch.setattr(os, "open", fail)
            for method in ("GET", "PUT"):
                answer = ask(share, method, share.url_for(method, "a.txt", 60), b"x" if method == "PUT" else None)
                assert (answer.status, answer.code) == expected


def test_what_goes_wrong_unforeseen_is_an_internal_error_without_details(
    share: Share, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("inner matters")

    monkeypatch.setattr(Connection, "_send", fail)
    with pytest.raises(http.client.IncompleteRead):
        ask(share, "GET", share.url_for("GET", "a.txt", 60))
    monkeypatch.setattr(Share, "_open", fail)
    answer = ask(share, "GET", share.url_for("GET", "a.txt", 60))
    assert (answer.status, answer.code) == (500, "InternalError")
    log = capsys.readouterr().err
    assert b"inner" not in answer.body
    assert "inner" not in log
    assert log.count("GET /share/a.txt failed: RuntimeError\n") == 2


def test_a_body_that_was_signed_has_to_be_the_one_that_comes(folder: Path, share: Share) -> None:
    for body, expected in ((b"", b""), (b"x" * 200_000, b"x" * 200_000)):
        wanted = {"x-amz-content-sha256": hashlib.sha256(expected).hexdigest()}
        url = presign(
            "PUT", f"http://{share.address}/share/a.txt", credentials=share._credentials, region="us-east-1",
            service="s3", expires_in=60, headers=wanted, payload_hash=wanted["x-amz-content-sha256"],
        )  # fmt: skip
        assert ask(share, "PUT", url, body, wanted).status == 200
        for wrong in (body + b"!", body[:-1] + b"y"):
            answer = ask(share, "PUT", url, wrong, wanted)
            assert (answer.status, answer.code) == (400, "XAmzContentSHA256Mismatch")
            assert (folder / "a.txt").read_bytes() == expected
    assert unfinished(folder) == []


def test_the_target_may_name_the_host(share: Share) -> None:
    """RFC 9112, section 3.2.2: a server has to take the absolute form."""
    url = share.url_for("GET", "a.txt", 60)
    answer = send_raw(share, f"GET {url} HTTP/1.1\r\nHost: {share.address}\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(TEXT)


def test_a_large_upload_is_never_in_memory_whole(folder: Path, share: Share) -> None:
    chunk, count = b"x" * 1_000_000, 50
    url = share.url_for("PUT", "large", 60)
    tracemalloc.start()
    try:
        answer = ask(share, "PUT", url, iter([chunk] * count), {"Content-Length": str(len(chunk) * count)})
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert answer.status == 200
    assert (folder / "large").stat().st_size == len(chunk) * count
    assert peak < 4_000_000


def test_of_concurrent_uploads_to_one_name_one_is_there_whole(folder: Path, share: Share) -> None:
    url = share.url_for("PUT", "contested", 60)
    bodies = [bytes([letter]) * 1_000_000 for letter in b"abcdefgh"]
    statuses: list[int] = []

    def upload(body: bytes) -> None:
        statuses.append(ask(share, "PUT", url, body).status)

    threads = [threading.Thread(target=upload, args=(body,)) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 8
    assert (folder / "contested").read_bytes() in bodies
    assert unfinished(folder) == []


def test_a_reader_sees_the_old_file_or_the_new_one_and_never_a_mixture(folder: Path, share: Share) -> None:
    old, new = b"o" * 3_000_000, b"n" * 2_000_000
    (folder / "a.txt").write_bytes(old)
    with contextlib.closing(connect(share)) as connection:
        connection.request("GET", target_of(share.url_for("GET", "a.txt", 60)))
        response = connection.getresponse()
        beginning = response.read(1_000)
        assert ask(share, "PUT", share.url_for("PUT", "a.txt", 60), new).status == 200
        assert beginning + response.read() == old
    assert fetch(share, "a.txt") == new


# --- log, start and end ----------------------------------------------------------------------------------------------


def test_the_log_has_a_line_a_request_and_never_a_signature(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Share(folder, upload=True) as share:
        url = share.url_for("GET", "a.txt", 60)
        ask(share, "GET", url)
        ask(share, "PUT", share.url_for("PUT", "sub/new", 60), b"x")
        ask(share, "GET", url.replace("?", "%3F"))
        ask(share, "GET", url.replace("&", "#"))
        ask(share, "HEAD", url.replace("?", "%3F").replace("X-Amz", "%58%2D%41mz").replace("Signature", "%53ignature"))
        send_raw(share, b"\x1b[31mGET /\x1b[0m\xff?X-Amz-Signature=0123 HTTP/1.1\r\nConnection: close\r\n\r\n")
        send_raw(share, b"GET\r\n\r\n")
    lines = capsys.readouterr().err.splitlines()
    assert all(re.fullmatch(r"\d\d:\d\d:\d\d .*", line) for line in lines)
    # Each connection has its own thread, and the last two lines may change places.
    assert sorted(line[9:] for line in lines) == sorted([
        "GET /share/a.txt 200: 10 bytes, complete",
        "PUT /share/sub/new 200: 1 byte, complete",
        "GET /share/a.txt%3F 403",
        "GET /share/a.txt 400",
        "HEAD /share/a.txt 403",
        "\\x1b[31mGET /\\x1b[0m\\xff 405",
        "- - 400",
    ])  # fmt: skip


def test_a_log_that_cannot_be_written_stops_nothing(share: Share, monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed:
        def write(self, _: str) -> int:
            raise BrokenPipeError

    monkeypatch.setattr("sys.stderr", Closed())
    assert fetch(share, "a.txt") == TEXT


def test_it_listens_on_loopback_alone(share: Share) -> None:
    assert share._server.socket.getsockname()[0] == "127.0.0.1"
    assert re.fullmatch(r"127\.0\.0\.1:\d+", share.address)


def test_closing_cuts_uploads_off_and_removes_what_had_arrived(folder: Path) -> None:
    share = Share(folder, upload=True)
    with dial(share) as connection, share:
        connection.sendall(put_head(share, "a.txt", "Content-Length: 10") + b"half")
        wait_for(lambda: unfinished(folder))
        share.close()
        assert unfinished(folder) == []
        read_all(connection)  # to its end: it was shut
    assert (folder / "a.txt").read_bytes() == TEXT
    with pytest.raises(ConnectionRefusedError):
        dial(share)


def test_closing_does_not_wait_for_idle_connections_and_can_be_repeated(folder: Path) -> None:
    share = Share(folder)
    with share, contextlib.closing(connect(share)) as connection:
        ask_on(connection, "GET", share.url_for("GET", "a.txt", 60))
        share.close()
    share.close()
    never_started = Share(folder)
    never_started.close()


def test_serve_forever_ends_when_it_is_closed(folder: Path) -> None:
    alone, within = Share(folder), Share(folder)
    within.__enter__()
    for share in (alone, within):
        thread = threading.Thread(target=share.serve_forever)
        thread.start()
        assert fetch(share, "a.txt") == TEXT
        share.close()
        thread.join(10)
        assert not thread.is_alive()


def test_a_port_can_be_chosen_and_is_free_again_at_once(folder: Path) -> None:
    with Share(folder) as share:
        port = int(share.address.rpartition(":")[2])
        fetch(share, "a.txt")
        with pytest.raises(InputError, match=rf"^port: {port} cannot be used \(Address already in use\)"):
            Share(folder, port=port)
    with Share(folder, port=port) as share:
        assert fetch(share, "a.txt") == TEXT


@pytest.mark.parametrize("port", [-1, 65_536])
def test_a_port_that_is_none_is_refused(folder: Path, port: int) -> None:
    with pytest.raises(InputError, match=rf"^port: {port} is not a port; use 1 to 65535"):
        Share(folder, port=port)


@pytest.mark.parametrize(
    ("path", "upload", "problem"),
    [
        ("absent", False, "absent' does not exist"),
        ("absent/", True, "absent/' does not exist; make it first"),
        ("absent/new", True, "the folder of .* does not exist; make it first"),
        ("pipe", True, "pipe' is neither a file nor a folder"),
        ("back\\slash", True, "cannot be served; rename the file"),
    ],
)
def test_a_path_that_cannot_be_shared_is_refused_at_the_start(
    folder: Path, path: str, upload: bool, problem: str
) -> None:
    os.mkfifo(folder / "pipe")
    with pytest.raises(InputError, match=rf"^path: .*{problem}"):
        Share(f"{folder}/{path}", upload=upload)


def test_an_empty_path_does_not_share_the_current_folder() -> None:
    with pytest.raises(InputError, match=r"^path: '' is neither a file nor a folder"):
        Share("", upload=True)


def test_a_system_that_cannot_walk_safely_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "supports_dir_fd", set[Any]())
    with pytest.raises(InputError, match=r"^path: this system cannot open files relative to a folder"):
        Share(folder)


@settings(max_examples=50)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8), min_size=1, max_size=3))
def test_a_name_is_refused_or_comes_back_as_the_same_components(parts: "list[str]") -> None:
    name = "/".join(parts)
    with contextlib.closing(Share(Path(__file__).parent, dotted=[name])) as share:
        try:
            url = share.url_for("GET", name, 60)
        except InputError:
            assert not all(map(is_safe_segment, name.split("/")))
        else:
            target = target_of(url)
            headers = [("Host", share.address)]
            assert share._admit("GET", target, headers, 0) == (name.split("/"), None)


def test_a_refusal_without_a_canonical_request_shows_none() -> None:
    from sigv4presign._server.refusal import error_xml
    from sigv4presign.errors import SignatureMismatch

    error = ET.fromstring(error_xml(SignatureMismatch("no", canonical_request="", string_to_sign="policy"), "/", "1"))
    assert error.findtext("StringToSign") == "policy"
    assert error.find("CanonicalRequest") is None


# --- the bounds of the server ----------------------------------------------------------------------------------------


class Held(socketserver.BaseRequestHandler):
    """A connection that waits until it is shut."""

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            self.request.recv(1)


@pytest.fixture
def one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> "Iterator[Any]":
    monkeypatch.setattr(module, "_most_connections", lambda: 1)
    handler: Any = Held
    server = module._Server(("127.0.0.1", 0), handler, Log(quiet=True))
    server.timeout = 5
    yield server
    server.hang_up()
    server.server_close()


def accepted(server: "Any") -> socket.socket:
    client = socket.create_connection(server.server_address, timeout=5)
    server.handle_request()
    return client


def test_a_new_connection_takes_the_place_of_one_without_a_verified_request(one_at_a_time: Any) -> None:
    with accepted(one_at_a_time) as first, accepted(one_at_a_time) as second:
        assert first.recv(1) == b""
        [place] = one_at_a_time._connections
        one_at_a_time.set_busy(place, busy=True)
        assert one_at_a_time.is_busy()
        with accepted(one_at_a_time) as third:
            assert third.recv(100).startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
        one_at_a_time.set_busy(place, busy=False)
        assert not one_at_a_time.is_busy()
        with accepted(one_at_a_time):
            assert second.recv(1) == b""
            one_at_a_time.set_busy(place, busy=True)  # it has gone
            assert not one_at_a_time.is_busy()


def test_without_a_free_descriptor_the_server_waits_a_moment(
    one_at_a_time: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none_free(_server: object) -> "tuple[Any, Any]":
        raise OSError(errno.EMFILE, "Too many open files")

    waited: list[float] = []
    monkeypatch.setattr(socketserver.TCPServer, "get_request", none_free)
    monkeypatch.setattr(time, "sleep", waited.append)
    with pytest.raises(OSError, match="Too many open files"):
        one_at_a_time.get_request()
    assert len(waited) == 1


def test_headers_together_have_a_bound(tmp_path: Path) -> None:
    (tmp_path / "head").write_bytes(b"a: 1\r\n" * 100)
    with (tmp_path / "head").open("rb") as file:
        reader = _Reader(file)
        assert reader.readline(65_537) == b"a: 1\r\n"
        reader.left = 10
        assert reader.readline(65_537) == b"a: 1\r\n"
        with pytest.raises(http.client.LineTooLong):
            reader.readline(65_537)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_what_has_the_name_of_an_unfinished_upload_and_is_no_file_stays(tmp_path: Path) -> None:
    pipe, left = tmp_path / f"{TEMPORARY}{'0' * 16}", tmp_path / f"{TEMPORARY}{'a' * 16}"
    os.mkfifo(pipe)
    left.write_bytes(b"half")
    folder = Folder(str(tmp_path))
    folder.remove_leftovers(below=False)
    folder.close()
    assert (pipe.exists(), left.exists()) == (True, False)


def test_a_connection_is_busy_only_while_its_request_is_served(share: Share, monkeypatch: pytest.MonkeyPatch) -> None:
    busy: list[bool] = []
    refuse, send = Connection._refuse, Connection._send_file

    def refusing(self: Any, error: Any) -> None:
        busy.append(share._server.is_busy())
        refuse(self, error)

    def sending(self: Any, *arguments: Any) -> None:
        busy.append(share._server.is_busy())
        send(self, *arguments)

    monkeypatch.setattr(Connection, "_refuse", refusing)
    monkeypatch.setattr(Connection, "_send_file", sending)
    with contextlib.closing(connect(share)) as connection:
        assert ask_on(connection, "GET", share.url_for("GET", "a.txt", 60)).status == 200
        wait_for(lambda: not share._server.is_busy())  # the connection stays open
        assert ask_on(connection, "GET", share.url_for("GET", "a.txt", 60)[:-1]).status == 403
    assert busy == [True, False]  # else a client that reads no refusal could keep `watch` from ending


def test_each_request_of_a_connection_has_a_line_of_its_own(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Share(folder) as share, contextlib.closing(connect(share)) as connection:
        for method in ("GET", "HEAD", "GET"):
            assert ask_on(connection, method, share.url_for(method, "a.txt", 60)).status == 200
    lines = [line[9:] for line in capsys.readouterr().err.splitlines()]
    assert lines == ["GET /share/a.txt 200: 10 bytes, complete", "HEAD /share/a.txt 200", lines[0]]


def test_a_share_that_was_not_closed_does_not_keep_the_program_running(share: Share) -> None:
    assert share._thread is not None
    assert share._thread.daemon
    thread = share._thread
    share._start()
    assert share._thread is thread


def test_watching_ends_with_the_last_link_for_one_request(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Share(folder, once=True) as share:
        share.url_for("GET", "a.txt", 60)
        share.url_for("GET", "sub/b.csv", 60, now=int(time.time()) - 120)
        timer = threading.Timer(0.25, lambda: setattr(share._links[0], "open", False))
        timer.start()
        assert share.watch() is True
        timer.join()
    said = [line[9:] for line in capsys.readouterr().err.splitlines()]
    assert said == ["link expired: GET sub/b.csv", "no link is left"]


def test_watching_goes_on_until_it_is_closed_where_links_may_be_used_again(folder: Path) -> None:
    with Share(folder, quiet=True) as share:
        share.url_for("GET", "a.txt", 60, now=int(time.time()) - 120)
        timer = threading.Timer(0.05, share.close)
        timer.start()
        assert share.watch() is False
        timer.join()


def test_the_next_look_at_the_links_is_when_one_may_have_expired(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_764_000_000.0)
    with contextlib.closing(Share(folder, quiet=True)) as share, contextlib.closing(Share(folder, once=True)) as once:
        assert share._until_next_look() is None
        for lifetime in (60, 30, 90):
            share.url_for("GET", "a.txt", lifetime)
        assert [link.expires_at for link in share._links] == [1_764_000_060, 1_764_000_030, 1_764_000_090]
        assert share._until_next_look() == 31
        share._links[1].open = False
        assert share._until_next_look() == 61
        monkeypatch.setattr(time, "time", lambda: 1_764_000_070.0)
        assert share._until_next_look() == 1
        assert once._until_next_look() == 0.1


def test_a_link_that_was_handed_out_is_known_by_its_nonce(once: Share, share: Share) -> None:
    url = once.url_for("GET", "a.txt", 60)
    [link] = once._links
    assert (link.method, link.name, link.open) == ("GET", "a.txt", True)
    assert f"x-nonce={link.nonce}&" in url
    share.url_for("HEAD", "a.txt", 60)
    assert (share._links[0].method, share._links[0].nonce) == ("HEAD", "")


@pytest.mark.parametrize(
    ("descriptors", "connections"),
    [(-1, 100), (20, 4), (54, 4), (55, 5), (256, 72), (339, 99), (340, 100), (9999, 100)],
)
def test_each_connection_may_need_three_descriptors(
    descriptors: int, connections: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    resource = pytest.importorskip("resource")
    monkeypatch.setattr(resource, "getrlimit", {resource.RLIMIT_NOFILE: (descriptors, -1)}.__getitem__)
    assert module._most_connections() == connections


def test_an_error_of_a_connection_is_one_line(share: Share, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise ConnectionResetError("of 127.0.0.1")  # noqa: TRY301 - as socketserver catches it
    except ConnectionResetError:
        share._server.handle_error(None, None)
    assert capsys.readouterr().err[9:] == "connection ended: ConnectionResetError\n"


def test_a_full_standard_error_loses_lines_and_says_how_many(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    with open(reading, "rb", buffering=0) as out, open(writing, "wb", buffering=0) as stderr:
        monkeypatch.setattr("sys.stderr", stderr)
        os.set_blocking(reading, False)
        log = Log()
        log.say("x" * 10_000)
        assert len(out.read(65_536)) == 4096  # what a pipe takes in one piece
        os.set_blocking(writing, False)
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(writing, b"-" * 4096)
        os.set_blocking(writing, True)
        log.say("one")
        log.say("two")
        while b"-" in (out.read(65_536) or b""):
            pass
        log.say("three")
        log.say("four")
        lines = out.read(65_536).decode().splitlines()
        assert lines[0] == "(2 lines were left out: standard error was full)"
        assert [line[9:] for line in lines[1:]] == ["three", "four"]
        Log(quiet=True).say("nothing")
        assert out.read(1) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [("0123456789abcdef", True), ("0123456789abcde", False), ("0123456789abcdef0", False), ("0123456789abcdeg", False),
     ("0123456789ABCDEF", False), ("", False)],
)  # fmt: skip
def test_an_unfinished_upload_is_known_by_its_name(name: str, expected: bool) -> None:
    assert _is_temporary(TEMPORARY + name) is expected
    assert not _is_temporary(name)


def test_what_killed_uploads_left_is_removed_at_the_start_where_files_are_served(tmp_path: Path) -> None:
    name = f"{TEMPORARY}{'0' * 16}"
    names = ("", "sub/deep", ".dotted", ".named", ".named/x", ".named/y")
    places = [tmp_path / folder for folder in names]
    for place in places:
        place.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(b"half")
    held = tmp_path / f"{TEMPORARY}{'1' * 16}"
    held.write_bytes(b"half")
    (tmp_path / "one").write_bytes(b"1")
    with held.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with contextlib.closing(Share(tmp_path / "one", quiet=True)):  # serves one file, so it looks beside it alone
            assert [(place / name).exists() for place in places] == [False, True, True, True, True, True]
        (tmp_path / name).write_bytes(b"half")
        with contextlib.closing(Share(tmp_path, quiet=True, dotted=[".named/x/file"])):
            assert [(place / name).exists() for place in places] == [False, False, True, False, False, True]
        assert held.exists()
