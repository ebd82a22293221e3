"""The steps of verifying a presigned request, between which `wsgi` calls and `asgi` awaits the caller's look-ups.

Rule: nothing here reads an environ, a scope or a socket, and nothing waits.
"""

from hmac import compare_digest

from .._canonical import canonical_uri
from .._query_auth import ALGORITHM, UNSIGNED_PAYLOAD
from .._signature import scope_state, string_to_sign
from .._text import decode
from .._time import exact_seconds
from .._unverified import UnverifiedRequest
from .._url import parse_query
from .._verify import checked_secret, claim, finder, judge
from ..errors import SignatureMismatch, VerificationError
from .body import Body

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from typing import Any, TypedDict, Union

    from .._canonical import Headers
    from .._credentials import Credentials
    from .._expectations import Expectations
    from .._protocols import SingleUse
    from .._query_auth import ServiceRules
    from .._time import Lifetime, Now
    from .._verify import Secrets, VerifiedRequest

    class Options(TypedDict, total=False):
        """The arguments that `wsgi` and `asgi` pass on to `verify` unchanged."""

        path_prefix: str
        rules: "ServiceRules | None"
        payload_hash: "str | None"
        max_expires_in: Lifetime
        clock_skew: int
        required_signed_headers: Collection[str]
        ignored_headers: Collection[str]

    Host = Union[str, Collection[str]]


class Served:
    """What the application will read of a request, where it does not read the verified value itself.

    Args:
        paths: The decoded path, in each of the ways to read it.
        mount: The path that the application is mounted at: SCRIPT_NAME or root_path.
        queries: The query string as received and as the application reads it; None where they are the same.
    """

    __slots__ = ("mount", "paths", "queries")

    def __init__(self, paths: "tuple[str, ...]", mount: str, queries: "tuple[str, str] | None" = None) -> None:
        self.paths = paths
        self.mount = mount
        self.queries = queries

    def check(self, seen: "VerifiedRequest", prefix: str) -> None:
        """Reject a request whose path or query the application would read differently."""
        path, prefix = decode(seen.path), decode(prefix)
        if path not in self.paths and path not in [prefix + served for served in self.paths]:
            raise VerificationError(
                "wrong_path", "InvalidURI", 400, "The path that was signed is not the path that the server serves."
            )
        if self.queries is not None and not _same_query(*self.queries):
            raise VerificationError(
                "wrong_query", "InvalidURI", 400, "The query that was signed is not the query that the server serves."
            )


def _same_query(received: str, served: str) -> bool:
    """Whether two query strings have the same parameters in the same order."""
    try:
        return parse_query(received) == parse_query(served)
    except ValueError:
        return False


class PrefixMismatch(SignatureMismatch):
    """The signature is valid for a path with another prefix: a setting of the server or the signer is wrong."""


class Hints:
    """How many hints at a wrong prefix may still be computed: a hint costs a second signature, and strangers can forge
    requests, so a guard computes some in each second and none in between.
    """

    __slots__ = ("_left", "_second")
    PER_SECOND = 100

    def __init__(self) -> None:
        self._second = 0
        self._left = 0

    def take(self, now: float) -> bool:
        """Whether there is one left in this second."""
        if int(now) != self._second:
            self._second, self._left = int(now), self.PER_SECOND
        self._left -= 1
        return self._left >= 0


class PresignedRequest:
    """A presigned request: read by the constructor, verified once `judge` has returned.

    Args:
        method: The HTTP method.
        target: The raw request target.
        headers: All headers.
        served: What the application will read; None if it serves the verified path.
        expected: What the request must match.
        hints: Those of the guard; None where each refusal may have one.
    """

    __slots__ = ("_expected", "_hints", "_now", "_request", "_served", "_string_to_sign", "seen")

    def __init__(
        self,
        method: str,
        target: str,
        headers: "Headers",
        served: "Served | None",
        expected: "Expectations",
        *,
        hints: "Hints | None" = None,
    ) -> None:
        self._request = UnverifiedRequest(method, target, headers, expected)
        self._expected = expected
        self._served = served
        self._hints = hints

    def look_up(self, secrets: "Secrets | Callable[[str], Any]") -> "Any":
        """Look up the secret of the access key id; the result may be awaitable."""
        return finder(secrets)(self._request.authorization.access_key_id)

    def judge(self, found: "str | Credentials | None", now: "Now | None" = None) -> "VerifiedRequest":
        """Verify the request with the secret found, and compare it with what will be served."""
        self._now = exact_seconds(now)
        try:
            self.seen, self._string_to_sign = judge(self._request, found, self._expected, self._now)
        except SignatureMismatch as fault:
            hint = self._prefix_hint(fault, found)
            if not hint:
                raise
            raise PrefixMismatch(
                f"{fault} {hint}", canonical_request=fault.canonical_request, string_to_sign=fault.string_to_sign
            ) from None
        if self._served is not None:
            self._served.check(self.seen, self._expected.path_prefix)
        return self.seen

    def _prefix_hint(self, fault: SignatureMismatch, found: "str | Credentials | None") -> str:
        """Which setting to change, if the signature is valid for a path without the prefix or with another one."""
        path, prefix = self._request.path, self._expected.path_prefix
        mount = "" if self._served is None else self._served.mount.rstrip("/")
        if not (prefix or mount) or (self._hints is not None and not self._hints.take(self._now)):
            return ""
        if prefix and self._is_valid_for(path[len(prefix) :], fault, found):
            if path.startswith(f"{prefix}{prefix}/"):
                return f"(path_prefix: {prefix!r} was put before a path that already begins with it; drop path_prefix.)"
            return f"(path_prefix: the URL was signed without {prefix!r}; sign for what the client opens.)"
        if not mount or mount == prefix:
            return ""
        if path.startswith(mount + "/"):
            if self._is_valid_for(path[len(mount) :], fault, found):
                if path.startswith(f"{mount}{mount}/"):  # uvicorn puts its root path before whatever comes
                    return f"({mount!r} was put before a path that already begins with it; drop the root path.)"
                return f"(The URL was signed without {mount!r}, where the application is mounted.)"
        elif self._is_valid_for(mount + path, fault, found):
            return f"(path_prefix: the URL was signed with {mount!r}; pass path_prefix={mount!r}.)"
        return ""

    def _is_valid_for(self, path: str, fault: SignatureMismatch, found: "str | Credentials | None") -> bool:
        """Whether the signature is valid for another path, whatever its time: the other lines stay the same."""
        authorization = self._request.authorization
        method, _, rest = fault.canonical_request.split("\n", 2)
        try:
            canonical = f"{method}\n{canonical_uri(path, self._expected.rules)}\n{rest}"
        except ValueError:  # a mount that is not UTF-8
            return False
        token = authorization.session_token
        state = scope_state(
            authorization.access_key_id, checked_secret(found, token), token, authorization.date, authorization.region,
            authorization.service,
        )  # fmt: skip
        to_sign = string_to_sign(ALGORITHM, authorization.amz_date, state.scope, canonical)
        return compare_digest(state.sign(to_sign).encode(), authorization.signature.encode())

    def body(self, length: "int | None") -> "Body | None":
        """The check for the body of a verified request; None if neither its length nor its hash was signed.

        Args:
            length: Its length in bytes; None if it is not announced.
        """
        ours = self._expected.payload_hash or self._expected.rules.payload_hash
        headers = self.seen.headers
        line = headers.get("x-amz-content-sha256", ours)
        if len(line) == 64 and not line.strip("0123456789abcdef"):
            return Body(length, line)
        if line not in (UNSIGNED_PAYLOAD, ours):
            # STREAMING-...: a body in signed chunks, whose signatures are not verified here.
            raise VerificationError(
                "malformed_request",
                "InvalidArgument",
                400,
                f"x-amz-content-sha256 must be {UNSIGNED_PAYLOAD} or a SHA-256 in lower-case hex here.",
            )
        return Body(length, None) if "content-length" in headers else None

    def claim(self, single_use: "SingleUse | Any") -> "Any":
        """Whether this is the first use of the link, from the caller's store; the result may be awaitable."""
        return claim(single_use, self._string_to_sign, self.seen.expires_at, self._now)
