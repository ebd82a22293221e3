"""What `wsgi` and `asgi` share: a presigned request verified step by step, its body checked, and a guard's answers.

Rule: nothing here reads an environ, a scope or a socket, and nothing waits; values come in, values and refusals go out.
The two doors find the values in their own protocol, and call or await the caller's look-ups between the steps.
"""

import contextlib
import os

from .._canonical import is_method
from .._query_auth import UNSIGNED_PAYLOAD, checked_payload_hash, rules_for
from .._signature import sha256
from .._text import decode
from .._time import WEEK, exact_seconds
from .._verify import already_used, check_expectations, judge, read, request_id
from ..errors import InputError, SignatureMismatch, VerificationError
from .cors import Cors, several
from .refusal import Refused, error_xml, method_not_allowed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from typing import Any, Literal, TypedDict, Union

    from .._canonical import Headers
    from .._credentials import Credentials
    from .._protocols import SingleUse
    from .._query_auth import ServiceRules
    from .._time import Lifetime, Now
    from .._verify import Secrets, VerifiedRequest

    class Options(TypedDict, total=False):
        """Those of `verify`'s arguments that both doors only hand on."""

        path_prefix: str
        rules: "ServiceRules | None"
        payload_hash: "str | None"
        max_expires_in: Lifetime
        clock_skew: int
        required_signed_headers: Collection[str]
        ignored_headers: Collection[str]

    Host = Union[str, Collection[str]]
    ErrorFormat = Literal["xml", "json"]
    # The status, the headers and the body of an answer that a guard gives itself.
    Answer = tuple[int, list[tuple[str, str]], bytes]

VERIFIED = "sigv4presign.verified"  # where a guard puts the VerifiedRequest, in the environ and in the scope
METHODS = ("GET", "HEAD", "PUT", "POST", "DELETE")  # those that S3's operations have


class PresignedRequest:
    """A presigned request on its way to being verified.

    It is read when it is made, and believed once `judge` returned.

    Args:
        method: The HTTP method.
        target: The request target, undecoded.
        headers: All headers.
        served: The path that the application will serve, decoded, in each of the ways to read it; None for one that
            serves the verified path and has no reading of its own.
        service: As in `verify`, as are all that follow.
    """

    def __init__(
        self,
        method: str,
        target: str,
        headers: "Headers",
        served: "Collection[str] | None",
        *,
        service: str,
        region: "str | None",
        host: "Host | None" = None,
        path_prefix: str = "",
        rules: "ServiceRules | None" = None,
        payload_hash: "str | None" = None,
        max_expires_in: "Lifetime" = WEEK,
        clock_skew: int = 900,
        required_signed_headers: "Collection[str]" = (),
        ignored_headers: "Collection[str]" = ("x-amz-cf-id",),
    ) -> None:
        check_expectations(clock_skew, required_signed_headers, ignored_headers)
        self._rules = rules_for(service) if rules is None else rules
        self._claim = read(method, target, headers, service, region, host, path_prefix, self._rules, max_expires_in)
        self._served = served
        self._path_prefix = path_prefix
        self._payload_hash = payload_hash
        self._judging = clock_skew, required_signed_headers, ignored_headers

    def look_up(self, secrets: "Secrets | Callable[[str], Any]") -> "Any":
        """What the caller's secrets say about the access key id: a secret, or a promise of one."""
        find: Any = secrets if callable(secrets) else secrets.get
        return find(self._claim[-1].access_key_id)

    def judge(self, found: "str | Credentials | None", now: "Now | None" = None) -> "VerifiedRequest":
        """Verify it with the secret that was found, and compare what was signed with what will be served."""
        seen, self._string_to_sign = judge(
            self._claim, found, self._rules, self._payload_hash, *self._judging, exact_seconds(now)
        )
        if self._served is not None:
            path, prefix = decode(seen.path), decode(self._path_prefix)
            if not any(path in (served, prefix + served) for served in self._served):
                raise VerificationError(
                    "wrong_path", "InvalidURI", 400, "The path that was signed is not the path that the server serves."
                )
        self.seen = seen
        return seen

    def payload(self, length: "int | None") -> "SignedPayload | None":
        """What the body of a verified request has to be; None if that was left open by the signer.

        Args:
            length: How many bytes the body has; None if only its end will tell.
        """
        line = self.seen.headers.get("x-amz-content-sha256", self._payload_hash or self._rules.payload_hash)
        if len(line) == 64 and not line.strip("0123456789abcdef"):
            payload = SignedPayload(line, length)
            if length == 0:  # an application may then never ask for it
                payload.check(b"", last=True)
            return payload
        if line not in (UNSIGNED_PAYLOAD, self._payload_hash, self._rules.payload_hash):
            # STREAMING-...: a body in signed chunks, whose signatures nobody here verifies.
            raise VerificationError(
                "malformed_request",
                "InvalidArgument",
                400,
                f"x-amz-content-sha256 must be {UNSIGNED_PAYLOAD} or a SHA-256 in lower-case hex here.",
            )
        return None

    def claim(self, single_use: "SingleUse | Any") -> "Any":
        """What the caller's store says about a use of the link now: whether it is the first, or a promise of that."""
        return single_use.claim(request_id(self._string_to_sign), self.seen.expires_at)


def content_length(text: str) -> int:
    """The number in a Content-Length header: digits, and no more of them than a file can have."""
    if not (text.isascii() and text.isdigit()) or len(text) > 18:
        raise VerificationError("malformed_request", "InvalidRequest", 400, "Content-Length is not a number.")
    return int(text)


def check_first(first: bool) -> None:
    """Refuse any use of a link but the first."""
    if not first:
        raise already_used()


class SignedPayload:
    """A body, compared with the hash that was signed for it while it is read.

    No reader comes to the end of a body that is not the signed one.  Where the length is known, its last bytes are not
    given out before all of it was compared, so that those who count bytes and never ask for the end are stopped too.

    Attributes:
        fault: The refusal of the body, once it is known.
    """

    def __init__(self, expected: str, length: "int | None") -> None:
        self._expected = expected
        self._left = length
        self._hash = sha256()
        self.fault: "VerificationError | None" = None

    def at_most(self, size: int) -> int:
        """How many bytes may be asked for: not more than are left."""
        return size if self._left is None else min(size, self._left)

    def check(self, chunk: bytes, *, last: bool) -> None:
        """Take the next bytes; raise if these end the body, and it is not what was signed."""
        self.check_nothing_failed()
        self._hash.update(chunk)
        if self._left is not None:
            self._left -= len(chunk)
            last = last or self._left <= 0
        if last and self._hash.hexdigest() != self._expected:
            self.fault = VerificationError(
                "payload_hash_mismatch",
                "XAmzContentSHA256Mismatch",
                400,
                "The provided 'x-amz-content-sha256' header does not match what was computed.",
            )
            raise self.fault

    def check_nothing_failed(self) -> None:
        """Raise what was raised before: who asks again after a refused body gets no other answer."""
        if self.fault is not None:
            raise self.fault


class Guard:
    """What a `PresignedOnly` was told, checked once, and the answers that it gives instead of its application."""

    def __init__(
        self,
        *,
        host: "Host",
        service: str,
        region: "str | None",
        methods: "Collection[str]",
        error_format: "ErrorFormat",
        cors: "Cors | None",
        options: "Options",
    ) -> None:
        if not host:
            raise InputError("host", "is empty; name the host, or hosts, that clients use in their URLs")
        self.methods = several("methods", methods)
        if not self.methods or not all(map(is_method, self.methods)):
            raise InputError("methods", f"{self.methods!r} has to name HTTP methods, in capitals")
        if error_format not in ("xml", "json"):
            raise InputError("error_format", f"{error_format!r} is none; 'xml' and 'json' are")
        if cors is not None and not isinstance(cors, Cors):
            raise TypeError(f"cors: expected Cors, got {type(cors).__name__}")
        payload_hash = options.get("payload_hash")
        if payload_hash is not None:
            checked_payload_hash(payload_hash)
        self._where: "dict[str, Any]" = {"service": service, "region": region, "host": host, **options}
        self._error_format = error_format
        self._cors = cors
        with contextlib.suppress(VerificationError):
            self.begin(self.methods[0], "/", (), ())  # it is no request, but the options are all looked at

    def begin(self, method: str, target: str, headers: "Headers", served: "Collection[str] | None") -> PresignedRequest:
        """Read a request; refuse what is not presigned, or not for us."""
        if method not in self.methods:
            raise method_not_allowed(self.methods)
        return PresignedRequest(method, target, headers, served, **self._where)

    def preflight(self, method: str, header: "Callable[[str], str | None]") -> "Answer | None":
        """The answer to a CORS preflight; None if the request is something else, or CORS is not wanted.

        https://fetch.spec.whatwg.org/#cors-preflight-request
        """
        origin, wanted = header("origin"), header("access-control-request-method")
        if self._cors is None or method != "OPTIONS" or origin is None or wanted is None:
            return None
        if wanted not in self.methods or not self._cors.allows(origin, header("access-control-request-headers") or ""):
            # S3's code, and the beginning of its message.
            raise Refused(
                403,
                "AccessForbidden",
                "CORSResponse: This CORS request is not allowed: its origin, its method or one of its headers is not.",
            )
        headers = [
            ("Access-Control-Allow-Methods", ", ".join(self.methods)),
            *([("Access-Control-Allow-Headers", ", ".join(self._cors.headers))] if self._cors.headers else ()),
            ("Access-Control-Max-Age", str(self._cors.max_age)),
        ]
        return 204, headers, b""

    def response_headers(self, header: "Callable[[str], str | None]") -> "list[tuple[str, str]]":
        """What CORS adds to every answer."""
        return [] if self._cors is None else self._cors.response_headers(header("origin"))

    def refusal(self, error: "Refused | VerificationError", method: str, target: str) -> "Answer":
        """The answer to a request that is refused; to HEAD it has no body."""
        resource = target.partition("?")[0]
        log_id = os.urandom(8).hex().upper()
        if self._error_format == "xml":
            body = error_xml(error, resource, log_id)
        else:
            body = _error_json(error, resource, log_id)
        headers = [
            ("Content-Type", f"application/{self._error_format}"),
            ("Content-Length", str(len(body))),
            ("x-amz-request-id", log_id),
            *(error.headers if isinstance(error, Refused) else ()),
        ]
        return error.status, headers, b"" if method == "HEAD" else body


def _error_json(error: "Refused | VerificationError", resource: str, log_id: str) -> bytes:
    """The same as S3's XML says, in JSON, and the reason to branch on."""
    import json

    members = {"code": error.code, "message": str(error), "resource": resource, "request_id": log_id}
    if isinstance(error, VerificationError):
        members["reason"] = error.reason
    if isinstance(error, SignatureMismatch):  # both hold only what the requester sent
        members["string_to_sign"] = error.string_to_sign
        members["canonical_request"] = error.canonical_request
    return json.dumps(members).encode()
