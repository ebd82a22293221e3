"""`Share`: one file or one folder of this machine, served on loopback and only through presigned URLs.

Rule: a request is verified before any file is looked at, and then gets exactly the path that was verified; that
path is walked from the shared folder downwards, one component at a time, and never through a symbolic link.  A file
that is uploaded appears under its name whole or not at all.

The keys are made at start and live in this process alone, so its URLs end with it.
"""

import contextlib
import errno
import functools
import mimetypes
import os
import secrets
import socket
import socketserver
import stat
import sys
import threading
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from xml.sax.saxutils import escape

from .._credentials import Credentials
from .._encoding import decode
from .._s3.presigner import S3Presigner
from .._timestamps import iso_date
from .._verify import verify
from ..errors import Expired, InputError, SignatureMismatch, VerificationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator
    from typing import Any, BinaryIO

    from typing_extensions import Self

    from .._query_auth import PresignedUrl
    from ..types import Lifetime, Now

    Pairs = Iterable[tuple[str, str]]

MAX_SIZE = 5 * 1024**3  # bytes; the most that S3 takes in one PUT
CHUNK = 65_536
BUCKET = "share"
REGION = "us-east-1"
TEMPORARY = ".sigv4presign-"  # how the names of uploads begin that are not complete

# 0 where the system lacks the flag; there a Share does not start.
_NOFOLLOW: int = getattr(os, "O_NOFOLLOW", 0)
_OPEN_FOLDER: int = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
_OPEN_FILE: int = os.O_RDONLY | _NOFOLLOW | getattr(os, "O_NONBLOCK", 0)  # to open a named pipe would wait for a writer
_CREATE_FILE: int = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NOFOLLOW

# What the system says when a path leads to no file: ELOOP and EMLINK (FreeBSD) are O_NOFOLLOW's, ENXIO is a socket's.
_ABSENT = frozenset((errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.EMLINK, errno.ENAMETOOLONG, errno.ENXIO))


class _Refused(Exception):  # noqa: N818 - an answer rather than an error
    """A request that is answered with S3's XML error."""

    def __init__(
        self,
        status: int,
        code: str,
        problem: str,
        *,
        details: "Pairs" = (),
        headers: "Pairs" = (),
        closing: bool = False,
    ) -> None:
        super().__init__(problem)
        self.status = status
        self.code = code
        self.details = details
        self.headers = headers
        self.closing = closing


def _no_such_key() -> _Refused:
    return _Refused(404, "NoSuchKey", "The specified key does not exist.")


def _method_not_allowed(allowed: "Iterable[str]") -> _Refused:
    problem = "The specified method is not allowed against this resource."
    return _Refused(405, "MethodNotAllowed", problem, headers=[("Allow", ", ".join(allowed))])


def _as_refusal(fault: VerificationError) -> _Refused:
    """The answer to a request that was not verified; the details are those that S3 adds."""
    details: list[tuple[str, str]] = []
    if isinstance(fault, Expired):
        details = [("Expires", iso_date(fault.expires_at)), ("ServerTime", iso_date(int(time.time())))]
    elif isinstance(fault, SignatureMismatch):  # both hold only what the requester sent
        details = [("StringToSign", fault.string_to_sign), ("CanonicalRequest", fault.canonical_request)]
    return _Refused(fault.status, fault.code, str(fault), details=details)


# --- the files -------------------------------------------------------------------------------------------------------


def is_safe_segment(segment: str) -> bool:
    """Whether a text can be one component of a name here: never a path of its own, nor an unfinished upload."""
    return (
        segment not in ("", ".", "..")
        and not any(character in segment for character in "/\\\0")
        and not segment.lower().startswith(TEMPORARY)  # in any case: some file systems do not tell them apart
        and segment.encode("utf-8", "ignore").decode() == segment  # a file name that is not UTF-8 has lone surrogates
    )


@contextlib.contextmanager
def _refusing_absent() -> "Generator[None, None, None]":
    try:
        yield
    except OSError as fault:
        if fault.errno in _ABSENT:
            raise _no_such_key() from None
        if fault.errno in (errno.EACCES, errno.EPERM):
            raise _Refused(403, "AccessDenied", "The server may not use this file or folder.") from None
        raise


class _Folder:
    """The folder that is shared, held open, so that nothing above it can be exchanged; and all the ways into it."""

    def __init__(self, path: str) -> None:
        self._folder = os.open(path, _OPEN_FOLDER)

    def close(self) -> None:
        os.close(self._folder)

    def _enter(self, segments: "list[str]") -> int:
        """The folder in which a name's last segment lies; to be closed by the caller."""
        folder = os.dup(self._folder)
        for segment in segments[:-1]:
            outer = folder
            try:
                folder = os.open(segment, _OPEN_FOLDER | _NOFOLLOW, dir_fd=outer)
            finally:
                os.close(outer)
        return folder

    def open(self, segments: "list[str]") -> "tuple[BinaryIO, os.stat_result]":
        """A regular file for reading, and what the system knows about it."""
        with _refusing_absent():
            folder = self._enter(segments)
            try:
                descriptor = os.open(segments[-1], _OPEN_FILE, dir_fd=folder)
            finally:
                os.close(folder)
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode):
            os.close(descriptor)
            raise _no_such_key()
        return os.fdopen(descriptor, "rb", buffering=0), about

    def store(self, segments: "list[str]", chunks: "Iterable[bytes]") -> os.stat_result:
        """Write a file whole, or leave everything as it was; then say what the system knows about it."""
        with _refusing_absent():
            folder = self._enter(segments)
        try:
            return self._store(folder, segments[-1], chunks)
        finally:
            os.close(folder)

    def _store(self, folder: int, name: str, chunks: "Iterable[bytes]") -> os.stat_result:
        temporary = TEMPORARY + secrets.token_hex(8)
        with _refusing_absent():
            mode = _replaceable_mode(folder, name)
            descriptor = os.open(temporary, _CREATE_FILE, 0o666, dir_fd=folder)
        try:
            with os.fdopen(descriptor, "wb") as file:
                if mode is not None:
                    os.fchmod(descriptor, mode)
                file.writelines(chunks)
                file.flush()
                os.fsync(descriptor)  # before the rename: else a power cut could leave the name with an empty file
                about = os.fstat(descriptor)
            os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
        except BaseException:
            os.unlink(temporary, dir_fd=folder)
            raise
        return about

    def survey(self) -> "tuple[list[str], int]":
        """The names of all files that can be served, sorted, and how many other entries there are."""
        names: list[str] = []
        others = 0
        for path, folders, _, folder in os.fwalk(".", dir_fd=self._folder):  # it does not follow links either
            prefix = path[2:] + "/" if path != "." else ""
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.is_file(follow_symlinks=False) and is_safe_segment(entry.name):
                        names.append(prefix + entry.name)
                    elif not _is_own(entry):
                        others += 1
            folders[:] = filter(is_safe_segment, folders)
        return sorted(names), others


def _is_own(entry: "os.DirEntry[str]") -> bool:
    """Whether an entry that is not served is nothing to mention: a folder to descend into, an unfinished upload."""
    if entry.is_dir(follow_symlinks=False):
        return is_safe_segment(entry.name)
    return entry.name.lower().startswith(TEMPORARY)


def _replaceable_mode(folder: int, name: str) -> "int | None":
    """The permissions of the file that an upload replaces; None for a new one, which gets what the umask leaves."""
    try:
        about = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(about.st_mode):
        raise _Refused(400, "InvalidRequest", "The key names a folder or something else that is not a file.")
    return stat.S_IMODE(about.st_mode) & 0o777


# --- the door --------------------------------------------------------------------------------------------------------


class Share:
    """Serves one file, or the files of one folder, on 127.0.0.1, to those who hold a presigned URL.

    It listens once it is made, and answers within a `with` block or `serve_forever`.  Symbolic links inside the folder
    are not followed; the path given here may lead through some.

    Args:
        path: The file or the folder.  With `upload`, a file that does not exist yet.
        upload: Whether PUT is served too.
        port: The port to listen on; 0 takes a free one.
        max_size: The most bytes that one upload may have.

    Attributes:
        address: `127.0.0.1:PORT`.
        methods: The HTTP methods that are served.

    Raises:
        InputError: There is nothing to share at `path`, or the port cannot be had.

    Example:
        >>> import os, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     with open(os.path.join(folder, "a b.txt"), "w") as file:
        ...         _ = file.write("hello")
        ...     with Share(folder) as share:  # its URLs work until the block ends
        ...         print(share.names(), share.url_for("GET", "a b.txt", 60).split("/", 3)[3].partition("?")[0])
        ['a b.txt'] share/a%20b.txt
    """

    def __init__(
        self, path: "str | os.PathLike[str]", *, upload: bool = False, port: int = 0, max_size: int = MAX_SIZE
    ) -> None:
        if os.open not in os.supports_dir_fd:
            raise InputError("path", "this system cannot open files relative to a folder, without which none is safe")
        self.methods = ("GET", "HEAD", "PUT") if upload else ("GET", "HEAD")
        self._max_size = max_size
        folder, self._only = _place(os.fspath(path), upload=upload)
        with contextlib.ExitStack() as undo:
            self._folder = _Folder(folder)
            undo.callback(self._folder.close)
            self._server = _listen(port, functools.partial(_Handler, self))
            undo.callback(self._server.server_close)
            undo.callback(self._server.hang_up)
            # What was made is kept; close() undoes it, in reverse order.
            self._closing = undo.pop_all()
        self._closed = False
        self._end = threading.Event()
        self._accepting = threading.Lock()  # held by the thread that accepts connections, for as long as it does
        self._thread: "threading.Thread | None" = None
        self._credentials = Credentials("SHARE" + secrets.token_hex(8).upper(), secrets.token_urlsafe(32))
        self.address = f"127.0.0.1:{self._server.server_address[1]}"
        self._presigner = S3Presigner(
            self._credentials, region=REGION, endpoint=f"http://{self.address}", addressing_style="path"
        )

    def names(self) -> "list[str]":
        """The names that can be asked for, sorted: paths below the folder, or the one file's name."""
        return self.survey()[0]

    def survey(self) -> "tuple[list[str], int]":
        """`names()`, and how many entries of the folder are left out: links, special files, names no URL can carry."""
        return self._folder.survey() if self._only is None else ([self._only[0]], 0)

    def url_for(
        self, method: str, name: str, expires_in: "Lifetime | None" = None, *, now: "Now | None" = None
    ) -> "PresignedUrl":
        """A URL for one file.

        Args:
            method: One of `methods`.
            name: One of `names()`, or with PUT a new one, whose folder exists.
            expires_in: Its lifetime, in whole seconds or as a timedelta; None: an hour.
            now: When it begins: epoch seconds or an aware datetime; None: this moment.

        Raises:
            InputError: A method that is not served, a name that cannot be here, a lifetime that is none.
        """
        if method not in self.methods:
            raise InputError(
                "method", f"{method!r} is not served here; {', '.join(self.methods)} are (PUT with upload)"
            )
        if self._only is not None and name != self._only[0]:
            raise InputError("name", f"{name!r} is not shared; the one file here is {self._only[0]!r}")
        if not all(map(is_safe_segment, name.split("/"))):
            raise InputError(
                "name",
                f"{name!r} cannot be served; write it relative to the shared folder, with / between its parts, and "
                f"without empty parts, '.', '..', backslashes or a part that begins with {TEMPORARY!r}",
            )
        return self._presigner.presign(method, BUCKET, name, expires_in=expires_in, now=now)

    def serve_forever(self) -> None:
        """Answer requests until `close` is called, or until an exception such as KeyboardInterrupt ends the wait."""
        self._start()
        self._end.wait()

    def close(self) -> None:
        """Stop: no new request, open connections shut, unfinished uploads removed.  May be called again."""
        self._closed = True
        with self._accepting:
            self._closing.close()
        self._end.set()

    def __enter__(self) -> "Self":
        self._start()
        return self

    def __exit__(self, *fault: object) -> None:
        self.close()

    def _start(self) -> None:
        if self._thread is None:
            # A daemon, so that a Share that nobody closed does not keep the program from ending.
            self._thread = threading.Thread(target=self._accept, daemon=True)
            self._thread.start()

    def _accept(self) -> None:
        # Not the server's serve_forever: after an interrupt just before its loop, its shutdown() would never return.
        with self._accepting:
            while not self._closed:
                self._server.handle_request()

    # --- what the handlers ask for ------------------------------------------------------------------------------------

    def _verified_segments(self, method: str, target: str, headers: "Pairs") -> "list[str]":
        """The components, on disk, of the file that a request names; or the refusal."""
        seen = verify(
            method,
            target,
            headers=headers,
            secrets={self._credentials.access_key_id: self._credentials},
            service="s3",
            region=REGION,
            host=self._presigner._store.host,
        )
        _, bucket, *encoded = seen.path.split("/")
        segments = [decode(segment) for segment in encoded]
        if bucket != BUCKET or not segments or not all(map(is_safe_segment, segments)):
            raise _no_such_key()
        if self._only is None:
            return segments
        if segments != [self._only[0]]:
            raise _no_such_key()
        return [self._only[1]]

    def _open(self, segments: "list[str]") -> "tuple[BinaryIO, os.stat_result]":
        """A verified file for reading."""
        return self._folder.open(segments)

    def _store(self, segments: "list[str]", length: int, chunks: "Iterable[bytes]") -> os.stat_result:
        """Store a verified upload."""
        if length > self._max_size:
            raise _Refused(
                400, "EntityTooLarge", f"The upload has {length} bytes; at most {self._max_size} are allowed here."
            )
        return self._folder.store(segments, chunks)


def _place(path: str, *, upload: bool) -> "tuple[str, tuple[str, str] | None]":
    """The folder to hold open; for a single file also the name it is served under and its name on disk."""
    real = Path(os.path.realpath(path))
    if path and real.is_dir():  # an empty path, such as an unset variable, would be the current folder
        return str(real), None
    if not real.is_file():
        if os.path.lexists(real):
            raise InputError("path", f"{path!r} is neither a file nor a folder")
        if not upload:
            raise InputError("path", f"{path!r} does not exist")
        if path.endswith("/") or not real.parent.is_dir():
            raise InputError("path", f"the folder of {path!r} does not exist; make it first")
    name = Path(path).name
    if not is_safe_segment(name):
        raise InputError("path", f"the name {name!r} cannot be served; rename the file")
    return str(real.parent), (name, real.name)


def _listen(port: int, handler: "Callable[..., _Handler]") -> "_Server":
    try:
        return _Server(("127.0.0.1", port), handler)
    except OverflowError:
        raise InputError("port", f"{port} is none; ports go from 0, which takes a free one, to 65535") from None
    except OSError as fault:
        raise InputError("port", f"{port} cannot be had ({fault.strerror}); 0 takes a free one") from None


# --- HTTP ------------------------------------------------------------------------------------------------------------


class _Server(socketserver.ThreadingTCPServer):
    """Accepts connections, and knows those that are open.

    `http.server`'s own server is not used: it asks the DNS for the name of 127.0.0.1, which can take seconds.
    """

    timeout = 0.1  # seconds between two looks at whether to stop
    allow_reuse_address = True  # a port that was just left can be taken again
    request_queue_size = 128
    daemon_threads = False  # server_close() waits for each of them

    def __init__(self, address: "tuple[str, int]", handler: "Callable[..., _Handler]") -> None:
        self._connections: "set[Any]" = set()
        self._lock = threading.Lock()
        super().__init__(address, handler)

    def process_request(self, request: "Any", client_address: "Any") -> None:
        with self._lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: "Any") -> None:
        with self._lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """Shut all connections, so that whoever waits for one finds it at its end."""
        with self._lock:
            for connection in self._connections:
                with contextlib.suppress(OSError):  # the client was quicker
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: "Any", client_address: "Any") -> None:  # noqa: ARG002 - the base class's signature
        """What a handler did not answer is nearly always a client that went away: one line, no traceback."""
        _log(f"connection ended: {type(sys.exc_info()[1]).__name__}")


def _log(line: str) -> None:
    with contextlib.suppress(OSError, ValueError):  # a closed stderr is no reason to stop
        sys.stderr.write(line + "\n")


# Headers that ask for more than a plain write: to ignore them would store what the client did not mean.
_UNSUPPORTED = ("transfer-encoding", "content-range", "if-match", "if-none-match", "if-unmodified-since")

# XML 1.0 has no way to write these.
_NO_XML = dict.fromkeys([code for code in range(0x20) if chr(code) not in "\t\n\r"], "?")

# The built-in table alone: what a file is called should not depend on the machine's own mime.types.
_TYPES = mimetypes.MimeTypes()


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    timeout = 60  # seconds of silence, after which a connection is given up
    disable_nagle_algorithm = True  # header and body are two writes; the second would wait for the first's ACK

    def __init__(self, share: Share, *connection: "Any") -> None:
        self._share = share
        self._begun = False
        self._body_unread = False
        super().__init__(*connection)

    def do_GET(self) -> None:
        self._answer(self._send_file)

    def do_HEAD(self) -> None:
        self._answer(self._send_file)

    def do_PUT(self) -> None:
        self._answer(self._store_body)

    def _answer(self, serve: "Callable[[list[str]], None]") -> None:
        self._begun = False
        self._body_unread = "transfer-encoding" in self.headers or self.headers.get("content-length", "0") != "0"
        try:
            serve(self._verified_segments())
        except _Refused as refusal:
            self._refuse(refusal)
        except VerificationError as fault:
            self._refuse(_as_refusal(fault))
        except (ConnectionError, TimeoutError):
            self.close_connection = True
        except Exception as fault:  # noqa: BLE001 - whatever it was, the client learns nothing from it
            _log(f"{self.command} {self._logged_path()} failed: {type(fault).__name__}")
            self.close_connection = True
            if not self._begun:
                self._refuse(_Refused(500, "InternalError", "We encountered an internal error. Please try again."))

    def _verified_segments(self) -> "list[str]":
        if self.command not in self._share.methods:
            raise _method_not_allowed(self._share.methods)
        if self.headers.defects:  # the parser drops all headers after a malformed one
            raise _Refused(400, "InvalidRequest", "The headers are malformed.", closing=True)
        # `self.path` is not the raw target: http.server collapses slashes at its beginning.
        target = self.requestline.split()[1]
        return self._share._verified_segments(self.command, target, self.headers.items())

    # --- GET and HEAD -------------------------------------------------------------------------------------------------

    def _send_file(self, segments: "list[str]") -> None:
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
                    raise _Refused(416, "InvalidRange", "The requested range is not satisfiable", headers=unsatisfied)
                headers.append(("Content-Range", f"bytes {first}-{end - 1}/{size}"))
            self._begin(status, [*headers, ("Content-Length", str(end - first))])
            if self.command == "GET":
                file.seek(first)
                self._send(file, end - first)

    def _wanted_range(self, size: int, etag: str) -> "tuple[int, int] | None":
        """The one range that is asked for; None for the whole file.  Only GET has ranges (RFC 9110, section 14.2)."""
        ranges = self.headers.get_all("range", [])
        # If-Range with a date never matches: two writes within one second would share it (RFC 9110, section 13.1.5).
        if self.command != "GET" or len(ranges) != 1 or self.headers.get("if-range", etag) != etag:
            return None
        return parse_range(ranges[0], size)

    def _send(self, file: "BinaryIO", length: int) -> None:
        while length:
            chunk = file.read(min(CHUNK, length))
            if not chunk:  # the file has shrunk; only a connection that ends early tells the client
                self.close_connection = True
                return
            self.wfile.write(chunk)
            length -= len(chunk)

    # --- PUT ----------------------------------------------------------------------------------------------------------

    def handle_expect_100(self) -> bool:
        """Say nothing yet: `_body` asks for the body, once the request is verified."""
        return True

    def _store_body(self, segments: "list[str]") -> None:
        for name in _UNSUPPORTED:
            if name in self.headers:
                raise _Refused(501, "NotImplemented", f"The header {name} asks for something that is not implemented.")
        lengths = self.headers.get_all("content-length", [])
        if not lengths:
            raise _Refused(411, "MissingContentLength", "You must provide the Content-Length HTTP header.")
        if len(lengths) != 1 or not _is_number(lengths[0]):
            raise _Refused(400, "InvalidRequest", "Content-Length is not one number.")
        length = int(lengths[0])
        about = self._share._store(segments, length, self._body(length))
        self._begin(200, [("ETag", _etag(about)), ("Content-Length", "0")])

    def _body(self, left: int) -> "Iterator[bytes]":
        if self.headers.get("expect", "").lower() == "100-continue" and self.request_version >= "HTTP/1.1":
            self.send_response_only(100)
            self.end_headers()
        while left:
            chunk = self.rfile.read(min(CHUNK, left))
            if not chunk:
                raise _Refused(
                    400, "IncompleteBody", "The request ended before the bytes that Content-Length announced."
                )
            left -= len(chunk)
            yield chunk
        self._body_unread = False

    # --- answers ------------------------------------------------------------------------------------------------------

    def _begin(self, status: int, headers: "Pairs") -> None:
        self._begun = True
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if self.close_connection or self._body_unread:  # what is left of a body would be read as the next request
            self.send_header("Connection", "close")
        self.end_headers()

    def _refuse(self, refusal: _Refused) -> None:
        self.close_connection |= refusal.closing
        request_id = secrets.token_hex(8).upper()
        details = "".join(
            f"<{name}>{escape(text.translate(_NO_XML))}</{name}>"
            for name, text in (
                ("Code", refusal.code),
                ("Message", str(refusal)),
                *refusal.details,
                ("Resource", self._logged_path()),
                ("RequestId", request_id),
            )
        )
        body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>{details}</Error>'.encode()
        headers = [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))]
        self._begin(refusal.status, [*headers, ("x-amz-request-id", request_id), *refusal.headers])
        if self.command != "HEAD":
            self.wfile.write(body)
        if self._body_unread:
            self._let_the_client_finish()

    def _let_the_client_finish(self) -> None:
        """Read on for a while: closing on unread bytes resets the connection, which can cost the client the answer.

        RFC 9112, section 9.6.
        """
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
            self.connection.settimeout(2)
            chunks = 256
            while chunks and self.connection.recv(CHUNK):
                chunks -= 1

    def send_error(self, code: int, message: "str | None" = None, explain: "str | None" = None) -> None:  # noqa: ARG002
        """The base class's refusals, of requests that it cannot parse and methods that it does not know."""
        self._body_unread = True  # nobody knows where such a request ends
        self.request_version = "HTTP/1.1"  # else a request without a version would get a body alone
        if code == HTTPStatus.NOT_IMPLEMENTED:
            self._refuse(_method_not_allowed(self._share.methods))
        else:
            self._refuse(_Refused(code, "InvalidRequest", HTTPStatus(code).phrase))

    def version_string(self) -> str:
        """The Server header, without Python's version."""
        return "sigv4presign"

    def log_request(self, code: "int | str" = "-", size: "int | str" = "-") -> None:  # noqa: ARG002 - the base's
        """One line a request: no query, for there is the signature."""
        _log(f"{_printable(self.command or '-')} {self._logged_path()} {int(code)}")

    def log_message(self, format: str, *args: object) -> None:
        """Leave out the base class's own messages, which quote the request line."""

    def _logged_path(self) -> str:
        path = [*self.requestline.split(), "-", "-"][1].partition("?")[0]
        # A question mark that came as %3F makes the signature a part of the path.
        return _printable(path[: (path.lower() + "x-amz-").index("x-amz-")])


def _printable(text: str) -> str:
    return ascii(text[:1024])[1:-1]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def parse_range(value: str, size: int) -> "tuple[int, int] | None":
    """The first byte and the one after the last of a Range header; no bytes between them: it is unsatisfiable.

    None, which is the whole file, for several ranges and for what is malformed (RFC 9110, sections 14.1.2 and 14.2).
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
    """By the name's ending; what is compressed on top, as `.csv.gz`, is not sent as what it would be without."""
    kind, compression = _TYPES.guess_type("./" + name)  # the dot, since it would read `data:...` as a URL
    return kind if kind is not None and compression is None else "application/octet-stream"
