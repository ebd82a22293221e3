"""One connection to a `Share`: HTTP in, and S3's answers out.

Rule: a request is verified before any file is opened, and is then served exactly the path that was verified.  The log
shows no query, and no answer shows anything about this machine.
"""

import contextlib
import http.client
import mimetypes
import os
import socket
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler

from .._server.refusal import Refused, method_not_allowed, shown_resource
from ..errors import VerificationError
from .log import amount

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, BinaryIO

    from .._server.body import Body
    from .._server.refusal import Pairs
    from .share import Share

CHUNK = 65_536
MAX_HEAD = 32_768  # bytes of all headers of a request; Python's parser alone would take 6.5 MB of each connection

# Headers that ask for more than a plain write; ignoring them would store something other than the client meant.
_UNSUPPORTED = ("transfer-encoding", "content-range", "if-match", "if-none-match", "if-unmodified-since")

# The built-in table only, so that a Content-Type does not depend on the machine's own mime.types.
_TYPES = mimetypes.MimeTypes()


class _Reader:
    """The input of a connection, bounded while headers are read."""

    def __init__(self, file: "Any") -> None:
        self._file = file
        self.left: "int | None" = None
        self.read = file.read
        self.close = file.close

    def readline(self, limit: int) -> bytes:
        if self.left is None:
            line: bytes = self._file.readline(limit)
            return line
        line = self._file.readline(min(limit, self.left + 1))
        self.left -= len(line)
        if self.left < 0:
            raise http.client.LineTooLong("headers")
        return line


class Connection(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    timeout = 60  # seconds without data after which a connection is closed
    disable_nagle_algorithm = True  # header and body are two writes; the second would wait for the first's ACK

    def __init__(self, share: "Share", *connection: "Any") -> None:
        self._share = share
        self._begun = False
        self._body_unread = False
        self._start_telling()
        super().__init__(*connection)

    def _start_telling(self) -> None:
        self._status = "-"
        self._done = 0
        self._total: "int | None" = None

    def setup(self) -> None:
        super().setup()
        self._reader = _Reader(self.rfile)
        self.rfile: Any = self._reader

    def parse_request(self) -> bool:
        self._start_telling()
        self._reader.left = MAX_HEAD
        try:
            return super().parse_request()
        finally:
            self._reader.left = None

    def do_GET(self) -> None:
        self._answer(self._send_file)

    def do_HEAD(self) -> None:
        self._answer(self._send_file)

    def do_PUT(self) -> None:
        self._answer(self._store_body)

    def _answer(self, serve: "Callable[[list[str], Body | None], None]") -> None:
        self._begun = False
        self._body_unread = "transfer-encoding" in self.headers or self.headers.get("content-length", "0") != "0"
        try:
            # Before its link is closed: else `watch` could end between the two.
            self._set_busy(busy=True)
            try:
                segments, body = self._admitted()
            except BaseException:
                self._set_busy(busy=False)
                raise
            serve(segments, body)
        except (Refused, VerificationError) as fault:
            self._refuse(fault)
        except (ConnectionError, TimeoutError):
            self.close_connection = True
        except Exception as fault:  # noqa: BLE001 - the client is not told which error it was
            self._share.log.say(f"{self.command} {self._logged_path()} failed: {type(fault).__name__}")
            self.close_connection = True
            if not self._begun:
                self._refuse(Refused(500, "InternalError", "We encountered an internal error. Please try again."))
        finally:
            self._tell()
            self._set_busy(busy=False)

    def _set_busy(self, *, busy: bool) -> None:
        self._share._server.set_busy(self.connection, busy=busy)

    def _tell(self) -> None:
        """Log one line per request with its result; without the query, which has the signature."""
        what = "" if self._total is None else f": {amount(self._done, self._total)}"
        self._share.log.say(f"{_printable(self.command or '-')} {self._logged_path()} {self._status}{what}")

    def _admitted(self) -> "tuple[list[str], Body | None]":
        if self.headers.defects:  # the parser drops all headers after a malformed one
            self.close_connection = True
            raise Refused(400, "InvalidRequest", "The headers are malformed.")
        # If the length of the body is ambiguous, what follows the headers must not be read as another request.
        lengths = self.headers.get_all("content-length", [])
        # A bare CR ends the headers for this parser only; it would then take the remaining headers for a body.
        if len(lengths) > 1 or self.headers.get_payload() or any("\r" in value for value in self.headers.values()):
            self.close_connection = True
            raise Refused(400, "InvalidRequest", "The request's length can be read in more than one way.")
        # `self.path` is not the raw target: http.server collapses slashes at its beginning.
        target = self.requestline.split()[1]
        return self._share._admit(self.command, target, self.headers.items(), self._length())

    def _length(self) -> "int | None":
        """Return the body's length in bytes; None if it is chunked, or Content-Length is not a number."""
        length = self.headers.get("content-length", "0")
        return int(length) if _is_number(length) and "transfer-encoding" not in self.headers else None

    # --- GET and HEAD -------------------------------------------------------------------------------------------------

    def _send_file(self, segments: "list[str]", _body: "Body | None") -> None:
        file, about = self._share._open(segments)
        with file:
            size, etag = about.st_size, _etag(about)
            headers = [
                ("Content-Type", _content_type(segments[-1])),
                ("Last-Modified", self.date_time_string(int(about.st_mtime))),
                ("ETag", etag),
                ("Accept-Ranges", "bytes"),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "no-store"),  # a copy in a cache would outlive the URL
            ]
            wanted = self._wanted_range(size, etag)
            if wanted is None:
                status, first, end = 200, 0, size
            else:
                status, (first, end) = 206, wanted
                if first >= end:
                    unsatisfied = [("Content-Range", f"bytes */{size}")]
                    raise Refused(416, "InvalidRange", "The requested range is not satisfiable", headers=unsatisfied)
                headers.append(("Content-Range", f"bytes {first}-{end - 1}/{size}"))
            self._begin(status, [*headers, ("Content-Length", str(end - first))])
            if self.command == "GET":
                file.seek(first)
                self._send(file, end - first)

    def _wanted_range(self, size: int, etag: str) -> "tuple[int, int] | None":
        """Return the requested range; None for the complete file.  Only GET has ranges (RFC 9110, section 14.2)."""
        ranges = self.headers.get_all("range", [])
        # If-Range with a date never matches: two writes within one second would share it (RFC 9110, section 13.1.5).
        if self.command != "GET" or len(ranges) != 1 or self.headers.get("if-range", etag) != etag:
            return None
        return parse_range(ranges[0], size)

    def _send(self, file: "BinaryIO", length: int) -> None:
        self._total = length
        while length:
            chunk = file.read(min(CHUNK, length))
            if not chunk:  # the file has shrunk; closing the connection early is the only way to tell the client
                self.close_connection = True
                return
            self.wfile.write(chunk)
            length -= len(chunk)
            self._done += len(chunk)

    # --- PUT ----------------------------------------------------------------------------------------------------------

    def handle_expect_100(self) -> bool:
        """Send no `100 Continue` yet: `_chunks` sends it once the request is verified."""
        return True

    def _store_body(self, segments: "list[str]", body: "Body | None") -> None:
        for name in _UNSUPPORTED:
            if name in self.headers:
                raise Refused(501, "NotImplemented", f"The header {name} asks for something that is not implemented.")
        lengths = self.headers.get_all("content-length", [])
        if not lengths:
            raise Refused(411, "MissingContentLength", "You must provide the Content-Length HTTP header.")
        if not _is_number(lengths[0]):
            raise Refused(400, "InvalidRequest", "Content-Length is not one number.")
        length = int(lengths[0])
        about = self._share._store(segments, length, self._chunks(length, body))
        self._begin(200, [("ETag", _etag(about)), ("Content-Length", "0")])

    def _chunks(self, left: int, body: "Body | None") -> "Iterator[bytes]":
        if self.headers.get("expect", "").lower() == "100-continue" and self.request_version >= "HTTP/1.1":
            self.send_response_only(100)
            self.end_headers()
        self._total = left
        while left:
            chunk = self.rfile.read(min(CHUNK, left))
            if not chunk:
                raise Refused(
                    400, "IncompleteBody", "The request ended before the bytes that Content-Length announced."
                )
            left -= len(chunk)
            self._done += len(chunk)
            if body is not None:
                body.take(chunk, last=False)
            yield chunk
        self._body_unread = False

    # --- answers ------------------------------------------------------------------------------------------------------

    def _begin(self, status: int, headers: "Pairs") -> None:
        self._begun = True
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if self.close_connection or self._body_unread:  # an unread body would be read as the next request
            self.send_header("Connection", "close")
        self.end_headers()

    def _refuse(self, error: "Refused | VerificationError") -> None:
        status, headers, body = self._share._refusal(error, self.command or "", self._logged_path())
        self._begin(status, headers)
        self.wfile.write(body)
        if self._body_unread:
            self._let_the_client_finish()

    def _let_the_client_finish(self) -> None:
        """Read on for a while: closing with unread bytes resets the connection, and the client may lose the answer.

        RFC 9112, section 9.6.
        """
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
            self.connection.settimeout(2)
            chunks = 256
            while chunks and self.connection.recv(CHUNK):
                chunks -= 1

    def send_error(self, code: int, message: "str | None" = None, explain: "str | None" = None) -> None:  # noqa: ARG002
        """Answer requests that the base class cannot parse, and methods that it does not know."""
        self._body_unread = True  # the end of such a request is unknown
        self.request_version = "HTTP/1.1"  # else a request without a version would get a body alone
        if code == HTTPStatus.NOT_IMPLEMENTED:
            self._refuse(method_not_allowed(self._share.methods))
        else:
            self._refuse(Refused(code, "InvalidRequest", HTTPStatus(code).phrase))
        self._tell()

    def version_string(self) -> str:
        """The Server header, without Python's version."""
        return "sigv4presign"

    def log_request(self, code: "int | str" = "-", size: "int | str" = "-") -> None:  # noqa: ARG002 - the base's
        """Remember the status for the log line that is written at the end of the request."""
        self._status = str(int(code))

    def log_message(self, format: str, *args: object) -> None:
        """Leave out the base class's own messages, which quote the request line."""

    def _logged_path(self) -> str:
        path = [*self.requestline.split(), "-", "-"][1]
        # If the question mark arrived as %3F, the signature is part of the path, in any spelling.
        return _printable(shown_resource(path[: (path.lower() + "x-amz-").index("x-amz-")]))


def _printable(text: str) -> str:
    return ascii(text[:1024])[1:-1]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def parse_range(value: str, size: int) -> "tuple[int, int] | None":
    """Return the first byte of a Range header and the one after the last; an empty range is unsatisfiable.

    None means the complete file: for several ranges and for a malformed header (RFC 9110, sections 14.1.2 and 14.2).
    """
    unit, _, span = value.partition("=")
    first, dash, last = span.strip().partition("-")
    if unit.strip().lower() != "bytes" or not dash:
        return None
    if not first:
        return (max(size - int(last), 0), size) if _is_number(last) else None
    if not _is_number(first) or not (_is_number(last) or not last):
        return None
    if not last:
        return int(first), size
    return (int(first), min(int(last) + 1, size)) if int(first) <= int(last) else None


def _etag(about: os.stat_result) -> str:
    return f'"{about.st_size:x}-{about.st_mtime_ns:x}"'


def _content_type(name: str) -> str:
    """Return the Content-Type by the file extension; `.csv.gz` is not sent as CSV."""
    kind, compression = _TYPES.guess_type("./" + name)  # the dot, since it would read `data:...` as a URL
    return kind if kind is not None and compression is None else "application/octet-stream"
