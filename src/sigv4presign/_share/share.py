"""`Share`: one file or one folder of this machine, served on loopback and only through presigned URLs.

Rule: this module decides which methods, names and upload sizes are served.  The keys are generated at start and never
leave this process, so its URLs stop working when it ends.
"""

import contextlib
import functools
import os
import secrets
import socket
import socketserver
import sys
import threading
import time

from .._credentials import Credentials
from .._s3.presigner import S3Presigner
from .._server.guard import Guard
from .._server.once import UsedLinks
from .._server.refusal import Refused, no_such_key
from .._text import decode
from .._url import Url
from .._verify import check_first
from ..errors import InputError
from .connection import Connection
from .folder import TEMPORARY, Folder, is_safe_segment, place
from .log import Log

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, BinaryIO

    from typing_extensions import Self

    from .._presigned_url import PresignedUrl
    from .._server.body import Body
    from .._server.guard import Answer
    from .._server.refusal import Pairs
    from .._time import Lifetime, Now
    from ..errors import VerificationError

MAX_SIZE = 5 * 1024**3  # bytes; S3's maximum for one PUT
BUCKET = "share"
REGION = "us-east-1"


class Share:
    """Serves one file, or the files of one folder, on 127.0.0.1, to clients with a presigned URL.

    It listens once it is constructed, and answers within a `with` block or `serve_forever`.  Symbolic links inside the
    folder are not followed; `path` itself may contain some.

    Args:
        path: The file or the folder.  With `upload`, a file that does not exist yet.
        upload: Whether PUT is served too.
        port: The port to listen on; 0 for a free one.
        max_size: The maximum size of one upload, in bytes.
        once: Whether each URL is a one-time link.  The first valid request uses it up, even if it is for a part of the
            file, breaks off, or is an upload that is rejected later.
        quiet: Whether nothing is logged to standard error.
        dotted: Names that are served although they, or a folder on their path, begin with a dot: `.env`,
            `.git/config`.  Other such names are not served; the name of the shared folder itself does not matter.

    Attributes:
        address: `127.0.0.1:PORT`.
        methods: The HTTP methods that are served.

    Raises:
        InputError: `path` is not a file or folder, or the port is in use.

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
        self,
        path: "str | os.PathLike[str]",
        *,
        upload: bool = False,
        port: int = 0,
        max_size: int = MAX_SIZE,
        once: bool = False,
        quiet: bool = False,
        dotted: "Iterable[str]" = (),
    ) -> None:
        if os.open not in os.supports_dir_fd:
            raise InputError("path", "this system cannot open files relative to a folder, without which none is safe")
        self.methods = ("GET", "HEAD", "PUT") if upload else ("GET", "HEAD")
        self._max_size = max_size
        folder, self._only = place(os.fspath(path), upload=upload)
        with contextlib.ExitStack() as undo:
            self._folder = Folder(folder, dotted)
            undo.callback(self._folder.close)
            self._folder.remove_leftovers(below=self._only is None)
            self.log = Log(quiet=quiet)
            self._server = _listen(port, functools.partial(Connection, self), self.log)
            undo.callback(self._server.server_close)
            undo.callback(self._server.hang_up)
            # From here on close() releases what was opened, in reverse order.
            self._closing = undo.pop_all()
        self._closed = False
        self._end = threading.Event()
        self._accepting = threading.Lock()  # held by the thread that accepts connections
        self._thread: "threading.Thread | None" = None
        self._credentials = Credentials("SHARE" + secrets.token_hex(8).upper(), secrets.token_urlsafe(32))
        self.address = f"127.0.0.1:{self._server.server_address[1]}"
        endpoint = f"http://{self.address}"
        self._used = UsedLinks() if once else None
        self._guard = Guard(
            host=Url(endpoint).host,  # as it is signed: without :80
            secrets={self._credentials.access_key_id: self._credentials},
            service="s3",
            region=REGION,
            methods=self.methods,
            error_format="xml",
            cors=None,
            single_use=self._used,
        )
        self._links: "list[_Link]" = []
        self._presigner = S3Presigner(self._credentials, region=REGION, endpoint=endpoint, addressing_style="path")

    def names(self) -> "list[str]":
        """Return the sorted names that are served: paths below the folder, or the name of the one file."""
        return self.survey()[0]

    def survey(self) -> "tuple[list[str], int]":
        """Return `names()`, and the number of entries that are left out.

        Left out are names that begin with a dot, symbolic links, special files, and names that do not fit in a URL.
        """
        return self._folder.survey() if self._only is None else ([self._only[0]], 0)

    def url_for(
        self, method: str, name: str, expires_in: "Lifetime | None" = None, *, now: "Now | None" = None
    ) -> "PresignedUrl":
        """A URL for one file.

        Args:
            method: One of `methods`.
            name: One of `names()`, or for PUT a new name in an existing folder.
            expires_in: Its lifetime, in whole seconds or as a timedelta; None: an hour.
            now: The signing time: epoch seconds or an aware datetime; None: the current time.

        Raises:
            InputError: A method that is not served, an invalid name or lifetime.
        """
        self.check(method, name)
        nonce = self._used is not None  # else two links for one file within the same second would be identical
        url = self._presigner.presign(method, BUCKET, name, expires_in=expires_in, nonce=nonce, now=now)
        self._links.append(_Link(method, name, url))
        return url

    def check(self, method: str, name: str) -> None:
        """Raise the error that `url_for` would raise for a method and a name."""
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
        if self._only is None and not self._folder.has_place(name.split("/")):
            raise InputError("name", f"{name!r} has a part that begins with a dot; name it in `dotted` to serve it")

    def check_place(self, name: str) -> None:
        """Raise for a name that can be no file's, now or after an upload."""
        self.check("GET", name)
        obstacle = "" if self._only is not None else self._folder.obstacle(name.split("/"))
        if obstacle:
            raise InputError("name", f"{name!r} {obstacle}")

    def serve_forever(self) -> None:
        """Answer requests until `close` is called, or an exception such as KeyboardInterrupt is raised."""
        self._start()
        self._end.wait()

    def watch(self) -> bool:
        """Answer requests and log expired links; True when no one-time link is left, False when it was closed."""
        self._start()
        while not self._end.wait(self._until_next_look()):
            now = time.time()
            for link in self._links:
                if link.open and link.expires_at < now:
                    link.open = False
                    self.log.say(f"link expired: {link.method} {ascii(link.name)[1:-1]}")
            if self._used is not None and not any(link.open for link in self._links) and not self._server.is_busy():
                self.log.say("no link is left")
                return True
        return False

    def _until_next_look(self) -> "float | None":
        """Return the seconds until the next link may expire; short while a link in use may be the last."""
        if self._used is not None:
            return 0.1
        ends = [link.expires_at for link in self._links if link.open]
        return max(min(ends) - time.time(), 0) + 1 if ends else None

    def close(self) -> None:
        """Stop serving: close all connections and remove unfinished uploads.  May be called again."""
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
            # A daemon, so that a Share that was not closed does not keep the program running.
            self._thread = threading.Thread(target=self._accept, daemon=True)
            self._thread.start()

    def _accept(self) -> None:
        # Not the server's serve_forever: after an interrupt just before its loop, shutdown() would never return.
        with self._accepting:
            while not self._closed:
                self._server.handle_request()

    # --- called by the connections ------------------------------------------------------------------------------------

    def _admit(
        self, method: str, target: str, headers: "Pairs", length: "int | None"
    ) -> "tuple[list[str], Body | None]":
        """Verify a request; return the path components of its file, and the check of its body."""
        request = self._guard.begin(method, target, headers, served=None)
        seen = request.judge(request.look_up(self._guard.find))
        body = request.body(length)
        segments = self._segments(seen.path)
        if self._used is not None:
            check_first(request.claim(self._used))
            nonces = [value for name, value in seen.query if name == "x-nonce"]
            for link in self._links:
                if link.nonce in nonces:
                    link.open = False
        return segments, body

    def _segments(self, path: str) -> "list[str]":
        """Return the components of a verified path; 404 if it may not be served."""
        _, bucket, *encoded = path.split("/")
        segments = [decode(segment) for segment in encoded]
        if bucket == BUCKET and self._only is None and segments and self._folder.has_place(segments):
            return segments
        if bucket == BUCKET and self._only is not None and segments == [self._only[0]]:
            return [self._only[1]]
        raise no_such_key()

    def _refusal(self, error: "Refused | VerificationError", method: str, path: str) -> "Answer":
        """Return S3's answer to a rejected request."""
        return self._guard.refusal(error, method, path)

    def _open(self, segments: "list[str]") -> "tuple[BinaryIO, os.stat_result]":
        """Open a verified file for reading."""
        return self._folder.open(segments)

    def _store(self, segments: "list[str]", length: int, chunks: "Iterable[bytes]") -> os.stat_result:
        """Store a verified upload."""
        if length > self._max_size:
            raise Refused(
                400, "EntityTooLarge", f"The upload has {length} bytes; at most {self._max_size} are allowed here."
            )
        return self._folder.store(segments, chunks)


class _Link:
    """A URL that was handed out and can still be used."""

    __slots__ = ("expires_at", "method", "name", "nonce", "open")

    def __init__(self, method: str, name: str, url: "PresignedUrl") -> None:
        self.method = method
        self.name = name
        self.expires_at: int = url.to_dict()["expires_at"]
        self.nonce = url.partition("x-nonce=")[2].partition("&")[0]
        self.open = True


def _listen(port: int, handler: "Callable[..., Connection]", log: Log) -> "_Server":
    try:
        return _Server(("127.0.0.1", port), handler, log)
    except OverflowError:
        raise InputError("port", f"{port} is not a port; use 1 to 65535, or 0 for a free one") from None
    except OSError as fault:
        raise InputError("port", f"{port} cannot be used ({fault.strerror}); use 0 for a free port") from None


class _Server(socketserver.ThreadingTCPServer):
    """Accepts connections, and keeps a list of the open ones.

    `http.server`'s own server is not used: it looks up the name of 127.0.0.1 in the DNS, which can take seconds.
    """

    timeout = 0.1  # seconds between two checks whether to stop
    allow_reuse_address = True  # a port that was just closed can be used again
    request_queue_size = 128
    daemon_threads = False  # server_close() waits for each of them

    def __init__(self, address: "tuple[str, int]", handler: "Callable[..., Connection]", log: Log) -> None:
        self._connections: "dict[Any, bool]" = {}  # whether each has a verified request; oldest first
        self._most = _most_connections()
        self._lock = threading.Lock()
        self._log = log
        super().__init__(address, handler)

    def get_request(self) -> "tuple[Any, Any]":
        try:
            return super().get_request()
        except OSError:
            time.sleep(0.02)  # no descriptor is free; the connections just closed will free some
            raise

    def process_request(self, request: "Any", client_address: "Any") -> None:
        with self._lock:
            full = len(self._connections) >= self._most and not self._hang_up_on_one()
            if not full:
                self._connections[request] = False
        if full:
            self._log.say(f"connection refused: {self._most} are being served")
            with contextlib.suppress(OSError):
                request.send(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            self.shutdown_request(request)
        else:
            super().process_request(request, client_address)

    def _hang_up_on_one(self) -> bool:
        """Close the newest connection without a verified request, to make room for another."""
        for connection, busy in reversed(self._connections.items()):
            if not busy:
                del self._connections[connection]
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
                return True
        return False

    def set_busy(self, connection: "Any", *, busy: bool) -> None:
        """Note whether a connection has a verified request."""
        with self._lock:
            if connection in self._connections:
                self._connections[connection] = busy

    def is_busy(self) -> bool:
        """Whether any verified request is being answered."""
        with self._lock:
            return any(self._connections.values())

    def shutdown_request(self, request: "Any") -> None:
        with self._lock:
            self._connections.pop(request, None)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """Shut down all connections, so that threads that read from them stop waiting."""
        with self._lock:
            for connection in self._connections:
                with contextlib.suppress(OSError):  # the client has closed it
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: "Any", client_address: "Any") -> None:  # noqa: ARG002 - the base class's signature
        """Log one line without a traceback: the cause is nearly always a client that disconnected."""
        self._log.say(f"connection ended: {type(sys.exc_info()[1]).__name__}")


def _most_connections() -> int:
    """Return how many connections are served at once: each may need three descriptors, and some stay reserved."""
    import resource

    descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return 100 if descriptors < 0 else max(4, min(100, (descriptors - 40) // 3))
