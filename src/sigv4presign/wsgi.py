"""Presigned requests in a WSGI application (PEP 3333): `verify` one, or put `PresignedOnly` before all.

Rule: this module finds the request in the environ and decides nothing else about it.  What the environ has lost is not
guessed: header names have lost the difference between `-` and `_`, and repeated headers are one value, joined or not as
the server pleases, so what is verified is what the application reads there.

The target as it came stands in RAW_URI (gunicorn) or REQUEST_URI (uWSGI, waitress, mod_wsgi, cheroot); PEP 3333 knows
neither.  PATH_INFO, which applications serve, is decoded: the two have to agree.
"""

import io
from http import HTTPStatus

from ._server.cors import Cors
from ._server.guard import METHODS, VERIFIED, Guard, PresignedRequest, SignedPayload, check_first, content_length
from ._server.refusal import Refused
from ._text import IN_PATH, escape_bytes
from ._verify import _answer
from .errors import InputError, VerificationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from typing import Any

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from typing_extensions import Unpack

    from ._protocols import SingleUse
    from ._server.guard import Answer, ErrorFormat, Host, Options
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

    As `sigv4presign.verify`, whose other arguments are taken by the same names, and besides: the path that was verified
    is the path in SCRIPT_NAME and PATH_INFO, decoded.  `%2F` in the one is `/` in the other, so route by `.path` of
    what comes back where the difference counts.  The body is not looked at; `PresignedOnly` does that.

    Host is HTTP_HOST alone, never SERVER_NAME or a forwarded header; give `host`, since it is the client who says it.

    Args:
        environ: The request, as the server made it; it is not changed.
        secrets: As in `sigv4presign.verify`.
        service: As there.
        region: As there.
        host: As there: the host, or hosts, that we are.
        single_use: As there.
        reencode: Only for servers that keep no raw target, such as wsgiref and most adapters for Lambda: put it
            together again from PATH_INFO.  A link whose path cannot be told from its decoded form (`%2F`) is refused.
        now: As there.
        options: path_prefix, rules, payload_hash, max_expires_in, clock_skew, required_signed_headers and
            ignored_headers, as there.

    Raises:
        VerificationError: The request is refused.
        InputError: An argument of yours is wrong, or the server keeps no raw target and `reencode` is not set.
        TypeError: An argument of another type, or a look-up that is asynchronous.

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
    target, served = _find_target(environ, reencode=reencode)
    request = PresignedRequest(
        environ["REQUEST_METHOD"],
        target,
        _headers(environ),
        served,
        service=service,
        region=region,
        host=host,
        **options,
    )
    seen = request.judge(_answer("secrets", request.look_up(secrets)), now)
    if single_use is not None:
        check_first(_answer("single_use", request.claim(single_use)))
    return seen


class PresignedOnly:
    """A WSGI application that hands on presigned requests that hold, and answers all others as S3 would.

    The application finds the `VerifiedRequest` in `environ["sigv4presign.verified"]`, which no client can set.  What is
    refused never reaches it: other methods (405), requests without a signature, with an Authorization header besides,
    for another host, expired, changed or used before.  A HEAD request needs a URL that was signed for HEAD.

    Where the signer fixed the body, by a signed x-amz-content-sha256 or by the rules of a service other than S3, the
    body is compared while the application reads it, and reading its last part raises a `VerificationError` if it is not
    the signed one: do not keep an upload that was not read to its end.  If the application lets that error through
    before it responds, the guard answers it.  Other bodies, and all responses, are passed on untouched.

    Args:
        app: The WSGI application to guard.
        host: The host, or hosts, that clients use in their URLs: the audience of a link.
        secrets: As in `sigv4presign.verify`.
        region: As there.
        service: As there.
        methods: The methods that are served at all.  Each link is good for one of them.
        error_format: How refusals are written: `"xml"`, as S3 does, or `"json"`.
        cors: Which pages may use the URLs from a browser; None: preflights are answered like any other OPTIONS request.
        single_use: As in `verify`.
        reencode: As in `verify`.
        options: As in `verify`.

    Raises:
        InputError, TypeError: An argument is wrong; nearly all are checked here and not by the first request.

    Example:
        Several keys for a tenant, an old and a new one during rotation, are a matter of the look-up:

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
        self._secrets = secrets
        self._single_use = single_use
        self._reencode = reencode
        self._guard = Guard(
            host=host,
            service=service,
            region=region,
            methods=methods,
            error_format=error_format,
            cors=cors,
            options=options,
        )

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        def header(name: str) -> "str | None":
            value: "str | None" = environ.get("HTTP_" + name.upper().replace("-", "_"))
            return value

        method: str = environ["REQUEST_METHOD"]
        target = ""
        more = self._guard.response_headers(header)
        start = _starting_with(more, start_response) if more else start_response
        try:
            answer = self._guard.preflight(method, header)
            if answer is not None:
                return _send(answer, start)
            target, served = _find_target(environ, reencode=self._reencode)
            request = self._guard.begin(method, target, _headers(environ), served)
            seen = request.judge(_answer("secrets", request.look_up(self._secrets)))
            payload = request.payload(_body_length(environ))
            if self._single_use is not None:
                check_first(_answer("single_use", request.claim(self._single_use)))
        except (Refused, VerificationError) as fault:
            return _send(self._guard.refusal(fault, method, target), start)

        verified = {**environ, VERIFIED: seen}
        if payload is None:
            return self._app(verified, start)
        verified["wsgi.input"] = io.BufferedReader(_CheckedInput(environ["wsgi.input"], payload))
        begun: "list[str]" = []
        try:
            return self._app(verified, _noting(begun, start))
        except VerificationError as fault:
            if fault is not payload.fault or begun:
                raise
            return _send(self._guard.refusal(fault, method, target), start)


def _find_target(environ: "WSGIEnvironment", *, reencode: bool) -> "tuple[str, tuple[str]]":
    """The request target, undecoded, and the path that the application will serve, decoded."""
    try:
        path = (environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")).encode("latin-1")
    except UnicodeEncodeError:
        raise _refused("The server's path is not what PEP 3333 calls a string.") from None
    # Bytes that are not UTF-8 agree with no path that can be verified.
    served = (path.decode("utf-8", "surrogateescape"),)
    raw = environ.get("RAW_URI"), environ.get("REQUEST_URI")
    if raw[0] and raw[1] and raw[0] != raw[1]:
        raise _refused("The server names two targets that differ.")
    target: "str | None" = raw[0] or raw[1]
    if target:
        return target, served
    if not reencode:
        raise InputError(
            "reencode",
            "the server keeps no raw request target (RAW_URI, REQUEST_URI); use one that does, such as gunicorn, "
            "waitress or uWSGI, or pass reencode=True to have it put together again from PATH_INFO",
        )
    return f"{escape_bytes(path or b'/', IN_PATH.allowed)}?{environ.get('QUERY_STRING', '')}", served


def _refused(problem: str) -> VerificationError:
    return VerificationError("malformed_request", "InvalidURI", 400, problem)


def _headers(environ: "WSGIEnvironment") -> "list[tuple[str, str]]":
    """The headers, by names that are as they were but for `_`, which came to stand for `-` too."""
    # An application reads CONTENT_TYPE; that HTTP_CONTENT_TYPE, which some servers add, says the same is not certain.
    # An empty one says no more than a missing one.
    found = [(name[5:].replace("_", "-"), value) for name, value in environ.items() if name[:5] == "HTTP_"]
    found = [(name, value) for name, value in found if name not in _ELSEWHERE]
    return found + [(name, environ[key]) for name, key in _ELSEWHERE.items() if environ.get(key)]


_ELSEWHERE = {"CONTENT-TYPE": "CONTENT_TYPE", "CONTENT-LENGTH": "CONTENT_LENGTH"}


def _body_length(environ: "WSGIEnvironment") -> "int | None":
    """How many bytes the body has; None if the server will say where it ends."""
    length: str = environ.get("CONTENT_LENGTH") or ""
    if length:
        return content_length(length)
    # A request of HTTP/1 without either header has no body: RFC 9112, section 6.3.
    no_body = environ.get("SERVER_PROTOCOL", "")[:6] == "HTTP/1" and "HTTP_TRANSFER_ENCODING" not in environ
    return None if environ.get("wsgi.input_terminated") and not no_body else 0


class _CheckedInput(io.RawIOBase):
    """What wsgi.input reads, checked on its way into a buffered reader, which makes lines of it."""

    def __init__(self, source: "Any", payload: SignedPayload) -> None:
        self._source = source
        self._payload = payload

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "Any") -> int:
        """Read the next bytes; nothing is asked of the server beyond the body's end, where some would wait."""
        size = self._payload.at_most(len(buffer))
        chunk: bytes = self._source.read(size) if size else b""
        self._payload.check(chunk, last=not chunk)
        buffer[: len(chunk)] = chunk
        return len(chunk)


def _noting(begun: "list[str]", start_response: "StartResponse") -> "StartResponse":
    """A start_response that notes that a response has begun."""

    def start(status: str, headers: "list[tuple[str, str]]", exc_info: "Any" = None, /) -> "Any":
        begun.append(status)
        return start_response(status, headers, exc_info)

    return start


def _starting_with(headers: "list[tuple[str, str]]", start_response: "StartResponse") -> "StartResponse":
    """A start_response that adds headers."""

    def start(status: str, theirs: "list[tuple[str, str]]", exc_info: "Any" = None, /) -> "Any":
        return start_response(status, [*theirs, *headers], exc_info)

    return start


def _send(answer: "Answer", start_response: "StartResponse") -> "list[bytes]":
    status, headers, body = answer
    start_response(f"{status} {HTTPStatus(status).phrase}", headers)
    return [body]
