"""Presigned requests in an ASGI application: `verify` one, or put `PresignedOnly` before all.

Rule: this module only finds the request in the scope.  Look-ups and `single_use` may be asynchronous; nothing else of
a verification is awaited.

The raw target is in `raw_path` and `query_string`; `path`, which applications serve, is decoded; the two must agree.
https://asgi.readthedocs.io/en/latest/specs/www.html#http-connection-scope
"""

from ._expectations import Expectations
from ._server.body import Body, announced_length
from ._server.cors import Cors
from ._server.guard import METHODS, VERIFIED, Guard
from ._server.refusal import Refused
from ._server.request import PresignedRequest, Served
from ._text import IN_PATH, escape_bytes
from ._verify import check_first
from .errors import InputError, VerificationError, frameless, without_our_frames

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, MutableMapping
    from typing import Any, Protocol, Union

    from typing_extensions import Unpack

    from ._protocols import SingleUse
    from ._server.guard import Answer, ErrorFormat
    from ._server.request import Host, Options
    from ._time import Now
    from ._verify import Found, Secrets, VerifiedRequest

    class AsyncSingleUse(Protocol):
        """As `SingleUse`, awaited."""

        async def claim(self, request_id: str, expires_at: int) -> bool:
            """True the first time it is called with this `request_id`, else False."""
            ...

    AnySecrets = Union[Secrets, Callable[[str], Awaitable[Found]]]
    AnySingleUse = Union[SingleUse, AsyncSingleUse]
    Scope = MutableMapping[str, Any]
    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    Application = Callable[[Scope, Receive, Send], Awaitable[None]]

__all__ = ["Cors", "PresignedOnly", "verify"]


async def verify(
    scope: "Scope",
    *,
    secrets: "AnySecrets",
    service: str,
    region: "str | None",
    host: "Host | None" = None,
    single_use: "AnySingleUse | None" = None,
    reencode: bool = False,
    now: "Now | None" = None,
    **options: "Unpack[Options]",
) -> "VerifiedRequest":
    """Verify the presigned request of a scope; return what was verified, or raise.

    Does what `sigv4presign.verify` does, with the same arguments, and also rejects a request whose verified path is not
    the decoded `path` of the scope.  `%2F` in the verified path is `/` in the scope's: where the difference matters,
    route by the result's `.path`.  The body is not checked; `PresignedOnly` checks it.

    Args:
        scope: A scope of type `http`, or of type `websocket`, whose handshake is a GET (RFC 6455, section 4.1); it is
            not changed.
        secrets: As in `sigv4presign.verify`; the callable may be asynchronous.
        service: As in `sigv4presign.verify`.
        region: As in `sigv4presign.verify`.
        host: The host names this service is reached under: a string or several.
        single_use: As in `sigv4presign.verify`; its `claim` may be asynchronous.
        reencode: Only for servers that keep no `raw_path`: rebuild it from `path`.  A link whose path can't be rebuilt
            from its decoded form (`%2F`) is rejected.
        now: As in `sigv4presign.verify`.
        options: path_prefix, rules, payload_hash, max_expires_in, clock_skew, required_signed_headers and
            ignored_headers, as in `sigv4presign.verify`.

    Raises:
        VerificationError: The request is rejected.
        InputError: An invalid argument, or the server keeps no raw path and `reencode` is not set.
        TypeError: An argument of the wrong type.

    Example:
        >>> import asyncio
        >>> from sigv4presign import Credentials, asgi, presign
        >>> creds = Credentials("AKIDEXAMPLE", "secret")
        >>> url = presign("GET", "https://files.example.com/a%20b.txt", credentials=creds, region="eu-west-1",
        ...               service="s3")
        >>> scope = {"type": "http", "http_version": "1.1", "method": "GET", "path": "/a b.txt",
        ...          "raw_path": b"/a%20b.txt", "query_string": url.partition("?")[2].encode(),
        ...          "headers": [(b"host", b"files.example.com")]}
        >>> async def secret_of(access_key_id):
        ...     return {"AKIDEXAMPLE": "secret"}.get(access_key_id)
        >>> asyncio.run(asgi.verify(scope, secrets=secret_of, service="s3", region="eu-west-1",
        ...                         host="files.example.com")).path
        '/a%20b.txt'
    """
    try:
        expected = Expectations(service=service, region=region, host=host, **options)
        method = _method(scope)
        target, served = _find_target(scope, expected.path_prefix, reencode=reencode)
        request = PresignedRequest(method, target, scope["headers"], served, expected)
        seen = request.judge(await _answer(request.look_up(secrets)), now)
        if single_use is not None:
            check_first(await _answer(request.claim(single_use)))
    except BaseException as fault:  # noqa: BLE001 - any error leaves without our frames
        del scope, secrets, single_use, options
        target = ""
        raise without_our_frames(fault)  # noqa: B904 - it is the same error
    return seen


class PresignedOnly:
    """An ASGI application that passes valid presigned requests to another, and answers all others as S3 would.

    The application finds the `VerifiedRequest` in `scope["sigv4presign.verified"]`, which no client can set.  It never
    sees a rejected request: other methods (405), no signature, an Authorization header as well, another host, expired,
    changed or used before.  A HEAD request needs a URL that was signed for HEAD.

    A WebSocket is verified as a GET, which its handshake is, and rejected by closing it; servers then answer 403.
    `lifespan` is passed on; any other type of scope is an error.

    The body is checked while the application receives it, and rejections are logged, as in `wsgi.PresignedOnly`.

    Args:
        app: The ASGI application (version 3) to guard.
        host: The host names that clients use in their URLs, which are the audience of a link: a string or several.
        secrets: As in `verify`.
        region: As in `verify`.
        service: As in `verify`.
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

        >>> from sigv4presign import asgi
        >>> KEYS = {"TENANT1KEY2025": ("tenant1", "old secret"), "TENANT1KEY2026": ("tenant1", "new secret")}
        >>> async def secret_of(access_key_id):
        ...     return KEYS[access_key_id][1] if access_key_id in KEYS else None
        >>> async def app(scope, receive, send):
        ...     if scope["type"] == "http":
        ...         seen = scope["sigv4presign.verified"]
        ...         text = f"{KEYS[seen.access_key_id][0]} may {seen.method} {seen.path}"
        ...         await send({"type": "http.response.start", "status": 200, "headers": []})
        ...         await send({"type": "http.response.body", "body": text.encode()})
        >>> app = asgi.PresignedOnly(app, host="files.example.com", secrets=secret_of, region="eu-west-1")
    """

    @frameless
    def __init__(
        self,
        app: "Application",
        *,
        host: "Host",
        secrets: "AnySecrets",
        region: "str | None",
        service: str = "s3",
        methods: "Collection[str]" = METHODS,
        error_format: "ErrorFormat" = "xml",
        cors: "Cors | None" = None,
        single_use: "AnySingleUse | None" = None,
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

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        kind: str = scope["type"]
        exchange = _Exchange(self, scope, receive, send) if kind in ("http", "websocket") else None
        del scope  # it has the URL, which an error's traceback must not show
        if exchange is None:
            raise _unsupported(kind)
        await exchange.run()


class _Exchange:
    """One request to a guard, and the response to it.

    Its methods keep nothing of the request in local variables, which a traceback might show.
    """

    __slots__ = ("_begun", "_body", "_guarded", "_method", "_more", "_raw_receive", "_raw_send", "_refused",
                 "_scope", "_target")  # fmt: skip

    def __init__(self, guarded: PresignedOnly, scope: "Scope", receive: "Receive", send: "Send") -> None:
        self._guarded = guarded
        self._scope: "dict[str, Any]" = {**scope}
        self._raw_receive = receive
        self._raw_send = send
        self._method = _method(scope)
        self._target = ""
        self._begun = self._refused = False
        self._body: "Body | None" = None
        self._more = guarded._guard.response_headers(self._header)

    def _header(self, name: str) -> "str | None":
        values = self._headers(name)
        return values[0] if values else None

    def _headers(self, name: str) -> "list[str]":
        sought = name.encode()
        return [value.decode("latin-1") for key, value in self._scope["headers"] if key.lower() == sought]

    async def run(self) -> None:
        """Pass a verified request to the application; answer any other."""
        guard = self._guarded._guard
        try:
            preflight = guard.preflight(self._method, self._header)
            if preflight is not None:
                await self._send_answer(preflight)
                return
            await self._verify()
        except (Refused, VerificationError) as fault:
            await self._refuse(fault)
            return
        except BaseException as fault:  # noqa: BLE001 - any error leaves without our frames
            raise without_our_frames(fault)  # noqa: B904 - it is the same error
        if self._body is None:
            await self._guarded._app(self._scope, self._raw_receive, self._send if self._more else self._raw_send)
        else:
            await self._answer_with(self._body)

    async def _answer_with(self, body: Body) -> None:
        """Pass on a request whose body is counted and compared."""
        try:
            await self._guarded._app(self._scope, self._receive, self._send)
        except Exception:
            # A framework may wrap the refusal in its own error.
            if body.fault is None or (self._begun and not self._refused):
                raise
        if body.fault is not None and not self._begun:
            await self._refuse(body.fault)

    async def _verify(self) -> None:
        """Verify the request; put the result into the scope, and prepare the check of the body."""
        guarded = self._guarded
        guard = guarded._guard
        self._target, served = _find_target(self._scope, guard.expected.path_prefix, reencode=guarded._reencode)
        request = guard.begin(self._method, self._target, self._scope["headers"], served)
        seen = request.judge(await _answer(request.look_up(guard.find)))
        if self._scope["type"] == "http":
            length = announced_length(
                self._headers("content-length"),
                transfer_encoding=bool(self._headers("transfer-encoding")),
                version=self._scope.get("http_version", "1.1"),
            )
            self._body = request.body(length)
        if guard.single_use is not None:
            check_first(await _answer(request.claim(guard.single_use)))
        self._scope = {**self._scope, VERIFIED: seen}

    async def _receive(self) -> "Message":
        """The next message to the application; the body in it is counted and compared."""
        body: "Any" = self._body
        body.check_nothing_failed()
        message = await self._raw_receive()
        if message["type"] == "http.request":
            body.take(message.get("body", b""), last=not message.get("more_body", False))
        return message

    async def _send(self, message: "Message") -> None:
        """The next message of the application; the guard replaces a response to a rejected body."""
        body = self._body
        if self._refused:
            return
        if body is not None and body.fault is not None and not self._begun and not _answers(message, body):
            await self._refuse(body.fault)
            return
        # An early hint or a push comes before the response.
        self._begun = self._begun or message["type"] == "http.response.start"
        await self._raw_send(self._with_more(message))

    def _with_more(self, message: "Message") -> "Message":
        """A message, with the guard's own headers if it begins a response."""
        if not self._more or message["type"] != "http.response.start":
            return message
        return {**message, "headers": [*message.get("headers", ()), *_raw(self._more)]}

    async def _refuse(self, fault: "Refused | VerificationError") -> None:
        self._begun = self._refused = True
        await self._send_answer(self._guarded._guard.refusal(fault, self._method, self._target))

    async def _send_answer(self, answer: "Answer") -> None:
        status, headers, body = answer
        if self._scope["type"] == "websocket":
            await self._raw_send(
                {"type": "websocket.close", "code": 1008}
            )  # before it was accepted: servers answer 403
            return
        start: "Message" = {"type": "http.response.start", "status": status, "headers": _raw(headers)}
        await self._raw_send(self._with_more(start))
        await self._raw_send({"type": "http.response.body", "body": body})


def _answers(message: "Message", body: Body) -> bool:
    """Whether a message may begin the response to a body."""
    return message["type"] != "http.response.start" or body.is_answered_by(message["status"])


def _raw(headers: "list[tuple[str, str]]") -> "list[tuple[bytes, bytes]]":
    return [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]


async def _answer(found: "Any") -> "Any":
    """What a callback returned, awaited if it is awaitable."""
    return await found if hasattr(found, "__await__") else found


def _method(scope: "Scope") -> str:
    if scope["type"] == "http":
        method: str = scope["method"]
        return method
    if scope["type"] == "websocket":
        return "GET"
    raise _unsupported(scope["type"])


def _unsupported(kind: str) -> InputError:
    return InputError("scope", f"unsupported type {kind!r}; verify takes 'http' and 'websocket'")


def _find_target(scope: "Scope", prefix: str, *, reencode: bool) -> "tuple[str, Served]":
    """The raw request target, and the decoded path that the application will serve, in both ways to read it."""
    path: str = scope["path"]
    mount: str = scope.get("root_path") or ""
    # By the specification `path` begins with `root_path`; some frameworks cut it off where they mount an application.
    served = Served((path, mount + path), mount)
    raw_path: "bytes | None" = scope.get("raw_path")
    query: bytes = scope.get("query_string", b"")
    for name, value in (("raw_path", raw_path), ("query_string", query)):
        if value is not None and not isinstance(value, bytes):
            raise TypeError(f"scope: {name} is {type(value).__name__}; ASGI has bytes there")
    if raw_path or (raw_path is not None and not reencode):  # an empty one is a malformed target
        target = raw_path.decode("latin-1")  # non-ASCII is rejected when it is parsed
    elif reencode:
        target = escape_bytes(path.encode("utf-8", "surrogatepass"), IN_PATH)
    else:
        raise InputError(
            "reencode",
            "the server keeps no raw_path; use one that does, such as uvicorn or hypercorn, or pass reencode=True to "
            "rebuild it from path",
        )
    # A server that knows the prefix too (uvicorn --root-path) has already put it back.
    if prefix and mount.rstrip("/") == prefix and target.startswith(prefix + "/"):
        target = target[len(prefix) :]
    return f"{target}?{(query or b'').decode('latin-1')}", served
