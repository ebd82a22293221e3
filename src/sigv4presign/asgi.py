"""Presigned requests in an ASGI application: `verify` one, or put `PresignedOnly` before all.

Rule: this module finds the request in the scope and decides nothing else about it.  Look-ups and claims may be
asynchronous; each is awaited where it is, and nothing else is.

The target as it came stands in `raw_path` and `query_string`; `path`, which applications serve, is decoded: the two
have to agree.  https://asgi.readthedocs.io/en/latest/specs/www.html#http-connection-scope
"""

from ._server.cors import Cors
from ._server.guard import METHODS, VERIFIED, Guard, PresignedRequest, SignedPayload, check_first, content_length
from ._server.refusal import Refused
from ._text import IN_PATH, escape_bytes
from .errors import InputError, VerificationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, MutableMapping
    from typing import Any, Protocol, Union

    from typing_extensions import Unpack

    from ._protocols import SingleUse
    from ._server.guard import Answer, ErrorFormat, Host, Options
    from ._time import Now
    from ._verify import Found, Secrets, VerifiedRequest

    class AsyncSingleUse(Protocol):
        """As `SingleUse`, awaited."""

        async def claim(self, request_id: str, expires_at: int) -> bool:
            """True for the first claim of `request_id`, False ever after."""
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

    As `sigv4presign.verify`, whose other arguments are taken by the same names, and besides: the path that was verified
    is `path` of the scope, decoded.  `%2F` in the one is `/` in the other, so route by `.path` of what comes back where
    the difference counts.  The body is not looked at; `PresignedOnly` does that.

    Args:
        scope: A scope of type `http`, or of type `websocket`, whose handshake is a GET (RFC 6455, section 4.1); it is
            not changed.
        secrets: As in `sigv4presign.verify`; the callable may be asynchronous.
        service: As there.
        region: As there.
        host: As there: the host, or hosts, that we are.
        single_use: As there; its `claim` may be asynchronous.
        reencode: Only for servers that keep no `raw_path`: put it together again from `path`.  A link whose path cannot
            be told from its decoded form (`%2F`) is refused.
        now: As there.
        options: path_prefix, rules, payload_hash, max_expires_in, clock_skew, required_signed_headers and
            ignored_headers, as there.

    Raises:
        VerificationError: The request is refused.
        InputError: An argument of yours is wrong, or the server keeps no raw path and `reencode` is not set.
        TypeError: An argument of another type.

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
    method = _method(scope)
    target, served = _find_target(scope, reencode=reencode)
    request = PresignedRequest(
        method, target, scope["headers"], served, service=service, region=region, host=host, **options
    )
    seen = request.judge(await _answer(request.look_up(secrets)), now)
    if single_use is not None:
        check_first(await _answer(request.claim(single_use)))
    return seen


class PresignedOnly:
    """An ASGI application that hands on presigned requests that hold, and answers all others as S3 would.

    The application finds the `VerifiedRequest` in `scope["sigv4presign.verified"]`, which no client can set.  What is
    refused never reaches it: other methods (405), requests without a signature, with an Authorization header besides,
    for another host, expired, changed or used before.  A HEAD request needs a URL that was signed for HEAD.

    WebSockets are verified as the GET that their handshake is, and refused by closing, which servers answer with status
    403.  `lifespan` is passed on; any other type of scope is an error.

    Where the signer fixed the body, by a signed x-amz-content-sha256 or by the rules of a service other than S3, the
    body is compared while the application receives it, and receiving its last part raises a `VerificationError` if it
    is not the signed one: do not keep an upload that was not received to its end.  If the application lets that error
    through before it responds, the guard answers it.  Other bodies, and all responses, are passed on untouched.

    Args:
        app: The ASGI application (version 3) to guard.
        host: The host, or hosts, that clients use in their URLs: the audience of a link.
        secrets: As in `verify`.
        region: As in `verify`.
        service: As in `verify`.
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

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return

        def header(name: str) -> "str | None":
            sought = name.encode()
            return next((value.decode("latin-1") for key, value in scope["headers"] if key.lower() == sought), None)

        method = _method(scope)
        target, served = _find_target(scope, reencode=self._reencode)
        more = self._guard.response_headers(header)
        if more:
            send = _starting_with(more, send)
        try:
            answer = self._guard.preflight(method, header)
            if answer is not None:
                await _send(answer, scope, send)
                return
            request = self._guard.begin(method, target, scope["headers"], served)
            seen = request.judge(await _answer(request.look_up(self._secrets)))
            payload = request.payload(_body_length(scope, header))
            if self._single_use is not None:
                check_first(await _answer(request.claim(self._single_use)))
        except (Refused, VerificationError) as fault:
            await _send(self._guard.refusal(fault, method, target), scope, send)
            return

        verified = {**scope, VERIFIED: seen}
        if payload is None:
            await self._app(verified, receive, send)
            return
        begun: "list[str]" = []
        try:
            await self._app(verified, _checking(payload, receive), _noting(begun, send))
        except VerificationError as fault:
            if fault is not payload.fault or begun:
                raise
            await _send(self._guard.refusal(fault, method, target), scope, send)


async def _answer(found: "Any") -> "Any":
    """The answer of a callback, awaited if it has to be."""
    return await found if hasattr(found, "__await__") else found


def _method(scope: "Scope") -> str:
    if scope["type"] == "http":
        method: str = scope["method"]
        return method
    if scope["type"] == "websocket":
        return "GET"
    raise InputError("scope", f"its type is {scope['type']!r}; what can be verified is 'http' and 'websocket'")


def _find_target(scope: "Scope", *, reencode: bool) -> "tuple[str, tuple[str, str]]":
    """The request target, undecoded, and the path that the application will serve, decoded, in both ways to read it."""
    path: str = scope["path"]
    # The specification has `path` begin with `root_path`; where something was mounted, it may have been cut off.
    served = path, scope.get("root_path", "") + path
    raw_path: "bytes | None" = scope.get("raw_path")
    if raw_path:
        target = raw_path.decode("latin-1")  # what is not ASCII is refused where it is read
    elif reencode:
        target = escape_bytes(path.encode("utf-8", "surrogatepass"), IN_PATH.allowed)
    else:
        raise InputError(
            "reencode",
            "the server keeps no raw_path; use one that does, such as uvicorn or hypercorn, or pass reencode=True to "
            "have it put together again from path",
        )
    return f"{target}?{scope.get('query_string', b'').decode('latin-1')}", served


def _body_length(scope: "Scope", header: "Callable[[str], str | None]") -> "int | None":
    """How many bytes the body has; None if its last message will tell."""
    if scope["type"] == "websocket":
        return 0
    length = header("content-length")
    if length is None:
        # A request of HTTP/1 without either header has no body: RFC 9112, section 6.3.
        no_body = scope.get("http_version", "1.1")[:1] == "1" and header("transfer-encoding") is None
        return 0 if no_body else None
    return content_length(length)


def _checking(payload: SignedPayload, receive: "Receive") -> "Receive":
    """A receive that checks the body on its way."""

    async def checked() -> "Message":
        payload.check_nothing_failed()
        message = await receive()
        if message["type"] == "http.request":
            payload.check(message.get("body", b""), last=not message.get("more_body", False))
        return message

    return checked


def _noting(begun: "list[str]", send: "Send") -> "Send":
    """A send that notes that a response has begun."""

    async def noting(message: "Message") -> None:
        begun.append(message["type"])
        await send(message)

    return noting


def _starting_with(headers: "list[tuple[str, str]]", send: "Send") -> "Send":
    """A send that adds headers to the start of a response."""
    raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]

    async def starting(message: "Message") -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *raw]}
        await send(message)

    return starting


async def _send(answer: "Answer", scope: "Scope", send: "Send") -> None:
    status, headers, body = answer
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})  # before it was accepted: servers answer 403
        return
    raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
