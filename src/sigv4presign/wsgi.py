"""Presigned requests in a WSGI application (PEP 3333): `verify` one, or put `PresignedOnly` before all.

Rule: this module only finds the request in the environ, and verifies what the application reads there: header names no
longer distinguish `-` from `_`, and some servers join repeated headers.

The raw target is in RAW_URI (gunicorn) or REQUEST_URI (uWSGI, waitress, mod_wsgi, cheroot); PEP 3333 has neither.
PATH_INFO, which applications serve, is decoded; the two must agree.
"""

import contextlib
import io
from http import HTTPStatus

from ._expectations import Expectations
from ._server.body import Body, announced_length
from ._server.cors import Cors
from ._server.guard import METHODS, VERIFIED, Guard
from ._server.refusal import Refused
from ._server.request import PresignedRequest, Served
from ._text import IN_PATH, escape_bytes
from ._unverified import malformed_request
from ._verify import check_first, present
from .errors import InputError, VerificationError, frameless, without_our_frames

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from typing import Any

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from typing_extensions import Unpack

    from ._protocols import SingleUse
    from ._server.guard import Answer, ErrorFormat
    from ._server.request import Host, Options
    from ._time import Now
    from ._verify import Secrets, VerifiedRequest

__all__ = ["Cors", "PresignedOnly", "verify"]


def verify(
    environ: "WSGIEnvironment",
    *,
    secrets: "Secrets",
    service: str,
    region: "str | None",
    host: "Host | None" = None,
    single_use: "SingleUse | None" = None,
    reencode: bool = False,
    now: "Now | None" = None,
    **options: "Unpack[Options]",
) -> "VerifiedRequest":
    """Verify the presigned request of an environ; return what was verified, or raise.

    Does what `sigv4presign.verify` does, with the same arguments, and also rejects a request whose verified path is not
    the decoded path in SCRIPT_NAME and PATH_INFO.  `%2F` in the verified path is `/` in PATH_INFO: where the difference
    matters, route by the result's `.path`.  The body is not checked; `PresignedOnly` checks it.

    The host is read from HTTP_HOST alone, never from SERVER_NAME or a forwarded header.  The client sends it, so pass
    `host` to compare it with.

    Args:
        environ: The request's environ; it is not changed.
        secrets: As in `sigv4presign.verify`.
        service: As in `sigv4presign.verify`.
        region: As in `sigv4presign.verify`.
        host: The host names this service is reached under: a string or several.
        single_use: As in `sigv4presign.verify`.
        reencode: Only for servers that keep no raw target, such as wsgiref and most adapters for Lambda: rebuild it
            from PATH_INFO.  A link whose path can't be rebuilt from its decoded form (`%2F`) is rejected.
        now: As in `sigv4presign.verify`.
        options: path_prefix, rules, payload_hash, max_expires_in, clock_skew, required_signed_headers and
            ignored_headers, as in `sigv4presign.verify`.

    Raises:
        VerificationError: The request is rejected.
        InputError: An invalid argument, or the server keeps no raw target and `reencode` is not set.
        TypeError: An argument of the wrong type, or an asynchronous look-up.

    Example:
        >>> from sigv4presign import Credentials, presign, wsgi
        >>> creds = Credentials("AKIDEXAMPLE", "secret")
        >>> url = presign("GET", "https://files.example.com/a%20b.txt", credentials=creds, region="eu-west-1",
        ...               service="s3")
        >>> environ = {"REQUEST_METHOD": "GET", "RAW_URI": url.removeprefix("https://files.example.com"),
        ...            "SCRIPT_NAME": "", "PATH_INFO": "/a b.txt", "HTTP_HOST": "files.example.com"}
        >>> wsgi.verify(environ, secrets={"AKIDEXAMPLE": "secret"}, service="s3", region="eu-west-1",
        ...             host="files.example.com").path
        '/a%20b.txt'

    Source: https://peps.python.org/pep-3333/#environ-variables
    """
    try:
        expected = Expectations(service=service, region=region, host=host, **options)
        target, served = _find_target(environ, reencode=reencode)
        request = PresignedRequest(environ["REQUEST_METHOD"], target, _headers(environ), served, expected)
        seen = request.judge(present("secrets", request.look_up(secrets)), now)
        if single_use is not None:
            check_first(present("single_use", request.claim(single_use)))
    except BaseException as fault:  # noqa: BLE001 - any error leaves without our frames
        del environ, secrets, single_use, options
        target = ""
        raise without_our_frames(fault)  # noqa: B904 - it is the same error
    return seen


class PresignedOnly:
    """A WSGI application that passes valid presigned requests to another, and answers all others as S3 would.

    The application finds the `VerifiedRequest` in `environ["sigv4presign.verified"]`, which no client can set.  It
    never sees a rejected request: other methods (405), no signature, an Authorization header as well, another host,
    expired, changed or used before.  A HEAD request needs a URL that was signed for HEAD.

    The body in `wsgi.input` is checked while the application reads it.  Content-Length together with Transfer-Encoding
    is rejected.  With a Content-Length the application gets exactly that many bytes.  If fewer arrive, or the body does
    not have the hash that was signed (x-amz-content-sha256, or the rules of a service other than S3), reading its last
    part raises a `VerificationError`: do not keep an upload that was not read to the end.  If the response has not
    started, the client then gets the guard's 400, however the application or its framework handles the error.

    Rejections are logged by the logger `sigv4presign` at level INFO: method, path without query, reason, request id.  A
    URL whose signature is valid for a path with another prefix is logged as a WARNING that says which setting is wrong.

    Args:
        app: The WSGI application to guard.
        host: The host names that clients use in their URLs, which are the audience of a link: a string or several.
        secrets: As in `sigv4presign.verify`.
        region: As in `sigv4presign.verify`.
        service: As in `sigv4presign.verify`.
        methods: The methods that are served.  Each link is valid for one of them.
        error_format: The format of error responses: `"xml"`, as S3 has it, or `"json"`.
        cors: Which pages may use the URLs from a browser; None: preflights are answered like any other OPTIONS request.
        single_use: As in `verify`.
        reencode: As in `verify`.
        options: As in `verify`.

    Raises:
        InputError: An invalid argument; nearly all are checked here, not by the first request.
        TypeError: An argument of the wrong type.

    Example:
        A look-up that accepts a tenant's old and new key during rotation:

        >>> from sigv4presign import wsgi
        >>> KEYS = {"TENANT1KEY2025": ("tenant1", "old secret"), "TENANT1KEY2026": ("tenant1", "new secret")}
        >>> def secret_of(access_key_id):
        ...     return KEYS[access_key_id][1] if access_key_id in KEYS else None
        >>> def app(environ, start_response):
        ...     seen = environ["sigv4presign.verified"]
        ...     tenant = KEYS[seen.access_key_id][0]
        ...     start_response("200 OK", [("Content-Type", "text/plain")])
        ...     return [f"{tenant} may {seen.method} {seen.path}".encode()]
        >>> app = wsgi.PresignedOnly(app, host="files.example.com", secrets=secret_of, region="eu-west-1")
    """

    @frameless
    def __init__(
        self,
        app: "WSGIApplication",
        *,
        host: "Host",
        secrets: "Secrets",
        region: "str | None",
        service: str = "s3",
        methods: "Collection[str]" = METHODS,
        error_format: "ErrorFormat" = "xml",
        cors: "Cors | None" = None,
        single_use: "SingleUse | None" = None,
        reencode: bool = False,
        **options: "Unpack[Options]",
    ) -> None:
        self._app = app
        self._reencode = reencode
        self._guard = Guard(
            host=host,
            secrets=secrets,
            service=service,
            region=region,
            methods=methods,
            error_format=error_format,
            cors=cors,
            single_use=single_use,
            **options,
        )

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        exchange = _Exchange(self, environ, start_response)
        del environ  # it has the URL, which an error's traceback must not show
        return exchange.answer()


class _Exchange:
    """One request to a guard, and the response to it.

    Its methods keep nothing of the request in local variables, which a traceback might show.
    """

    __slots__ = ("_body", "_environ", "_guarded", "_method", "_start", "_target")

    def __init__(self, guarded: "PresignedOnly", environ: "Any", start_response: "StartResponse") -> None:
        self._guarded = guarded
        self._environ: "dict[str, Any]" = environ
        self._method: str = environ["REQUEST_METHOD"]
        self._target = ""
        self._body: "Body | None" = None
        more = guarded._guard.response_headers(self._header)
        self._start = _starting_with(more, start_response) if more else start_response

    def _header(self, name: str) -> "str | None":
        value: "str | None" = self._environ.get("HTTP_" + name.upper().replace("-", "_"))
        return value

    def answer(self) -> "Iterable[bytes]":
        """The application's response to a verified request, or the guard's own."""
        try:
            preflight = self._guarded._guard.preflight(self._method, self._header)
            if preflight is not None:
                return self._send(preflight)
            self._verify()
        except (Refused, VerificationError) as fault:
            return self._refuse(fault)
        except BaseException as fault:  # noqa: BLE001 - any error leaves without our frames
            raise without_our_frames(fault)  # noqa: B904 - it is the same error
        if self._body is None:
            return self._guarded._app(self._environ, self._start)
        return self._answer_with(self._body)

    def _verify(self) -> None:
        """Verify the request; put the result and the checked body into the environ."""
        guard = self._guarded._guard
        self._target, served = _find_target(self._environ, reencode=self._guarded._reencode)
        request = guard.begin(self._method, self._target, _headers(self._environ), served)
        seen = request.judge(present("secrets", request.look_up(guard.find)))
        self._body = body = request.body(_body_length(self._environ))
        if guard.single_use is not None:
            check_first(present("single_use", request.claim(guard.single_use)))
        self._environ = {**self._environ, VERIFIED: seen}
        if body is not None:
            checked = _CheckedInput(self._environ["wsgi.input"], body)
            self._environ["wsgi.input"] = io.BufferedReader(checked)

    def _answer_with(self, body: Body) -> "Iterable[bytes]":
        """The application's response, held back until the body is known to be the signed one."""
        held = _HeldResponse(body, self._start, self._refuse)
        try:
            answer = self._guarded._app(self._environ, held.start)
        except Exception:
            # A framework may wrap the refusal in its own error.
            if body.fault is None or held.begun:
                raise
            return self._refuse(body.fault)
        if held.begun:
            return answer
        if isinstance(answer, (list, tuple)) or body.fault is not None:  # nothing more will be read
            refusal = held.begin()
            if refusal is None:
                return answer
            _close(answer)
            return refusal
        return _Chunks(held, answer)

    def _refuse(self, fault: "Refused | VerificationError") -> "list[bytes]":
        return self._send(self._guarded._guard.refusal(fault, self._method, self._target))

    def _send(self, answer: "Answer") -> "list[bytes]":
        status, headers, body = answer
        line = _STATUS_LINES.get(status)
        if line is None:
            line = _STATUS_LINES[status] = f"{status} {HTTPStatus(status).phrase}"
        self._start(line, headers)
        return [body]


_STATUS_LINES: "dict[int, str]" = {}


class _HeldResponse:
    """The start of a response, held back until the body is known to be the signed one.

    Attributes:
        begun: Whether status and headers were passed to the server.
    """

    __slots__ = ("_arguments", "_body", "_refuse", "_start", "_write", "begun")

    def __init__(
        self, body: Body, start_response: "StartResponse", refuse: "Callable[[VerificationError], list[bytes]]"
    ) -> None:
        self._body = body
        self._start = start_response
        self._refuse = refuse
        self._arguments: "tuple[Any, ...]" = ()
        self._write: Any = None
        self.begun = False

    def start(self, status: str, headers: "list[tuple[str, str]]", exc_info: "Any" = None, /) -> "Any":
        """The start_response of the application."""
        self._arguments = (status, headers, exc_info)
        if self.begun or self._body.finished:
            self.begun = True
            self._write = self._start(status, headers, exc_info)
            return self._write
        return self.write

    def write(self, data: bytes) -> None:
        """What start_response returns: the `write` of PEP 3333."""
        if not self.begun:
            self._body.check_nothing_failed()
            self.begin()
        self._write(data)

    def begin(self) -> "list[bytes] | None":
        """Start the response; if the body was rejected, send the guard's response instead and return its body."""
        self.begun = True
        fault = self._body.fault
        if fault is not None and not (self._arguments and self._body.is_answered_by(int(self._arguments[0][:3]))):
            return self._refuse(fault)
        if self._arguments:
            self._write = self._start(*self._arguments)
        return None

    def chunks(self, answer: "Iterable[bytes]") -> "Iterator[bytes]":
        """The parts of a response that is generated while the body is read."""
        refusal: "list[bytes] | None" = None
        try:
            for chunk in answer:
                if chunk and not self.begun:
                    refusal = self.begin()
                    if refusal is not None:
                        break
                if self.begun:  # an empty part before the first full one has nothing to send
                    yield chunk
        except Exception:
            if self._body.fault is None or self.begun:
                raise
            self._arguments = ()
        if not self.begun:
            refusal = self.begin()
        yield from refusal or ()


class _Chunks:
    """The iterable of a response that is generated while the body is read."""

    __slots__ = ("_answer", "_held")

    def __init__(self, held: _HeldResponse, answer: "Iterable[bytes]") -> None:
        self._held = held
        self._answer = answer

    def __iter__(self) -> "Iterator[bytes]":
        return self._held.chunks(self._answer)

    def close(self) -> None:
        _close(self._answer)


def _close(answer: "Any") -> None:
    if hasattr(answer, "close"):
        answer.close()


def _find_target(environ: "WSGIEnvironment", *, reencode: bool) -> "tuple[str, Served]":
    """The raw request target, and the decoded path and query that the application will read."""
    mount: str = environ.get("SCRIPT_NAME", "")
    try:
        path = (mount + environ.get("PATH_INFO", "")).encode("latin-1")
    except UnicodeEncodeError:
        raise malformed_request(
            "InvalidURI", "PATH_INFO has a character outside Latin-1, which PEP 3333 does not allow."
        ) from None
    # Bytes that are not UTF-8 match no path that can be verified.
    paths = (path.decode("utf-8", "surrogateescape"),)
    query: str = environ.get("QUERY_STRING", "")
    raw: "str | None" = environ.get("RAW_URI")
    uri: "str | None" = environ.get("REQUEST_URI")
    if raw and uri and raw != uri:
        raise malformed_request("InvalidURI", "RAW_URI and REQUEST_URI differ.")
    target = uri if raw is None else raw or uri or ""
    if target or (target is not None and not reencode):  # an empty one is a malformed target
        received = target.partition("?")[2]
        # PEP 3333 allows the key to be absent; then there is no second query to compare with.
        is_same = received == query or "QUERY_STRING" not in environ
        return target, Served(paths, mount, None if is_same else (received, query))
    if not reencode:
        raise InputError(
            "reencode",
            "the server keeps no raw request target (RAW_URI, REQUEST_URI); use one that does, such as gunicorn, "
            "waitress or uWSGI, or pass reencode=True to rebuild it from PATH_INFO",
        )
    return f"{escape_bytes(path or b'/', IN_PATH)}?{query}", Served(paths, mount)


def _headers(environ: "WSGIEnvironment") -> "list[tuple[str, str]]":
    """The headers.  A `_` in a name is read as `-`, since the environ has one key for both."""
    # Applications read CONTENT_TYPE; some servers add an HTTP_CONTENT_TYPE, which may differ.
    found = [(name[5:].replace("_", "-"), value) for name, value in environ.items() if name[:5] == "HTTP_"]
    found = [(name, value) for name, value in found if name not in _ELSEWHERE]
    return found + [(name, environ[key]) for name, key in _ELSEWHERE.items() if environ.get(key)]


_ELSEWHERE = {"CONTENT-TYPE": "CONTENT_TYPE", "CONTENT-LENGTH": "CONTENT_LENGTH"}


def _body_length(environ: "WSGIEnvironment") -> "int | None":
    """The body's length in bytes; None if the server signals the end of the input."""
    length: str = environ.get("CONTENT_LENGTH") or ""
    announced = announced_length(
        [length] if length else [],
        transfer_encoding="HTTP_TRANSFER_ENCODING" in environ,
        version=environ.get("SERVER_PROTOCOL", "").partition("/")[2],
    )
    return 0 if announced is None and not environ.get("wsgi.input_terminated") else announced


class _CheckedInput(io.RawIOBase):
    """The bytes of wsgi.input, checked as they are read."""

    def __init__(self, source: "Any", body: Body) -> None:
        self._source = source
        self._body = body

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "Any") -> int:
        """Read the next bytes, never beyond the body's end, where some servers would block."""
        self._body.check_nothing_failed()
        size = self._body.at_most(len(buffer))
        if self._body.finished or not size:
            return 0
        chunk: bytes = b""
        with contextlib.suppress(OSError):  # uWSGI raises it where a client sent less than Content-Length
            chunk = self._source.read(size)
        self._body.take(chunk, last=not chunk)
        buffer[: len(chunk)] = chunk
        return len(chunk)


def _starting_with(headers: "list[tuple[str, str]]", start_response: "StartResponse") -> "StartResponse":
    """A start_response that adds headers."""

    def start(status: str, theirs: "list[tuple[str, str]]", exc_info: "Any" = None, /) -> "Any":
        return start_response(status, [*theirs, *headers], exc_info)

    return start
