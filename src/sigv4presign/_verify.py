"""`verify`: was this request presigned, for this service, and is it valid now?

Rule: everything is checked before anything is returned, in this order, and an error names the first fault:

    1  the target and the headers: their size and number, then their form
    2  the host that the request is for
    3  which authentication the request carries
    4  the X-Amz-* parameters, then the credential scope against what is expected
    5  the secret and the session token that belong to the access key id
    6  which headers are signed, and which should have been
    7  the signature, compared in constant time
    8  the time: not yet valid, expired, credentials expired
    9  whether a one-time link was used before

S3's order is not published.  Time comes after the signature, so that a forged link is never called expired; the single
use comes last, so that a rejected request uses nothing up.
"""

from hmac import compare_digest

from ._canonical import (
    canonical_headers,
    canonical_uri,
    encode_pairs,
    encode_segments,
    join_canonical_request,
    remove_dot_segments,
    signed_query_string,
)
from ._credentials import Credentials
from ._expectations import Expectations
from ._query_auth import ALGORITHM, signing_parameters
from ._signature import scope_state, sha256, string_to_sign
from ._time import LAST_SECOND, WEEK, exact_seconds, iso_date
from ._unverified import UnverifiedRequest, malformed_request, quoted
from ._value import Value, set_field
from .errors import Expired, InputError, NotYetValid, SignatureMismatch, VerificationError, without_our_frames

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping  # noqa: F401 - the first and the last in an alias
    from typing import Any, TypeAlias, Union  # noqa: F401 - as above

    from ._canonical import Headers, Pairs
    from ._protocols import SingleUse
    from ._query_auth import ServiceRules
    from ._steps import CredentialScope
    from ._time import Lifetime, Now

    Query = tuple[tuple[str, str], ...]

Found: "TypeAlias" = "Union[str, Credentials, None]"
#: What `secrets=` takes, from an access key id to its secret: a `str`, or `Credentials` where a session token belongs
#: to it.  None is an unknown key.
Secrets: "TypeAlias" = "Mapping[str, Found] | Mapping[str, str] | Mapping[str, Credentials] | Callable[[str], Found]"

new_object = object.__new__


class VerifiedRequest(Value):
    """What was verified of a request, and only that.  `verify` makes these; trust nothing else of the request.

    Attributes:
        access_key_id: Whose signature it is.
        method: The HTTP method.
        host: The Host that was signed, in lower case.
        path: The path that was signed, percent-encoded in its one canonical spelling: split it on `/`, then decode
            each segment, and serve that.
        query: The decoded parameters that are not the signature's own, as sorted (name, value) pairs, repeats kept.
        headers: The signed headers as a fresh dict: names in lower case, values trimmed and single-spaced.
        scope: The credential scope: day, region, service.
        expires_at: The last second in which the URL is valid, in epoch seconds.
    """

    __slots__ = _fields = ("access_key_id", "method", "host", "path", "query", "_headers", "_scope", "expires_at")
    _hidden = ("query", "_headers")

    access_key_id: str
    method: str
    host: str
    path: str
    query: "tuple[tuple[str, str], ...]"
    _headers: "Query"
    _scope: "tuple[str, str, str]"
    expires_at: int

    def __init__(self) -> None:
        raise TypeError("a VerifiedRequest comes from verify(); it has no public constructor")

    @property
    def headers(self) -> "dict[str, str]":
        return dict(self._headers)

    @property
    def scope(self) -> "CredentialScope":
        from ._steps import CredentialScope  # for those who ask

        return CredentialScope._restore(*self._scope)

    def __repr__(self) -> str:
        if not self._is_built():
            return super().__repr__()
        from ._redaction import redacted_pairs

        shown = {"query": redacted_pairs(self.query), "headers": dict(redacted_pairs(self._headers))}
        names = [name.lstrip("_") for name in self._fields]
        return f"VerifiedRequest({', '.join([f'{name}={shown.get(name, getattr(self, name))!r}' for name in names])})"


class _Unsealed(VerifiedRequest):
    """A `VerifiedRequest` whose fields are being set: eight `set_field` would cost 1 us (benchmark row "verify")."""

    __slots__ = ()
    __setattr__ = object.__setattr__
    __delattr__ = object.__delattr__  # without which CPython would still look both up


def verify(
    method: str,
    url: str,
    *,
    headers: "Headers",
    secrets: "Secrets",
    service: str,
    region: "str | None",
    host: "str | Collection[str] | None" = None,
    path_prefix: str = "",
    rules: "ServiceRules | None" = None,
    payload_hash: "str | None" = None,
    max_expires_in: "Lifetime" = WEEK,
    clock_skew: int = 900,
    required_signed_headers: "Collection[str]" = (),
    ignored_headers: "Collection[str]" = ("x-amz-cf-id",),
    single_use: "SingleUse | None" = None,
    now: "Now | None" = None,
) -> VerifiedRequest:
    """Verify a presigned request as S3 would; return what was verified, or raise.

    Guarantees that every part of the returned value was signed with the secret of its access key id, and that a URL
    changed in any way is rejected or gives an equal value.  The work is linear in the size of the request: a target of
    more than 16,384 characters, headers of more than 65,536, more than 256 headers or 256 parameters are rejected
    before `secrets` is called.  No frame of this package in the traceback of an error holds a secret.

    Args:
        method: The request's method, as received.
        url: The request target as received, undecoded (`/bucket/key?X-Amz-...`), or the absolute URL.
        headers: All headers of the request, a mapping or pairs.
        secrets: A mapping or a callable: access key id -> secret (`str` or `Credentials`), or None for an unknown one.
            The access key id is what the client sent: any printable ASCII, quotes, `%` and `../` included.  Pass it to
            a database as a parameter, and never build a path, a query or an unbounded cache from it.
            A URL's session token must equal that of the `Credentials`.
        service: The service that the URL must be signed for.
        region: The region that it must be signed for; None accepts any.
        host: The host names this service is reached under; without it the Host header decides, else an absolute
            URL's host.
        path_prefix: What a proxy stripped from the front of the path, put back before verifying.
        rules: How the service differs; None: looked up by the service's name.
        payload_hash: The last line of the canonical request.  None: a signed x-amz-content-sha256 header, else what
            the rules say.  Where that header is signed, comparing it with the body is up to you.
        max_expires_in: The longest X-Amz-Expires accepted, in seconds or as a timedelta; more than 7 days if you
            sign for longer.  A shorter limit of the rules applies as well.
        clock_skew: How many seconds X-Amz-Date may be ahead of our clock.  Expiry has no such grace.
        required_signed_headers: Names that must be among the signed headers, besides host.
        ignored_headers: `x-amz-*` headers that may arrive unsigned because a proxy adds them.
        single_use: A store of used links; each link is then accepted once.
        now: Our clock: epoch seconds or an aware datetime; None: the current time.

    Raises:
        VerificationError: The request is rejected; `.reason`, `.code` and `.status` say why.  `Expired`,
            `NotYetValid` and `SignatureMismatch` are subclasses.
        InputError, TypeError: One of your arguments is wrong.  What a callback raises passes through.

    Example:
        >>> from sigv4presign import Credentials, presign, verify
        >>> url = presign("GET", "https://files.example.com/a%20b.txt",
        ...               credentials=Credentials("AKIDEXAMPLE", "secret"), region="eu-west-1", service="s3",
        ...               expires_in=60, now=1764000000)
        >>> seen = verify("GET", url, headers={}, secrets={"AKIDEXAMPLE": "secret"}, service="s3",
        ...               region="eu-west-1", now=1764000030)
        >>> seen.access_key_id, seen.host, seen.path
        ('AKIDEXAMPLE', 'files.example.com', '/a%20b.txt')

    Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html and
    https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
    """
    try:
        given = (service, region, host, path_prefix, rules, payload_hash, max_expires_in, clock_skew,
                 required_signed_headers, ignored_headers)  # fmt: skip
        last_given, expected = _last_expected
        if given != last_given or type(clock_skew) is not int or type(max_expires_in) is not int:
            expected = Expectations(
                service=service,
                region=region,
                host=host,
                path_prefix=path_prefix,
                rules=rules,
                payload_hash=payload_hash,
                max_expires_in=max_expires_in,
                clock_skew=clock_skew,
                required_signed_headers=required_signed_headers,
                ignored_headers=ignored_headers,
            )
            _remember(given, expected)
        request = UnverifiedRequest(method, url, headers, expected)
        now = exact_seconds(now)
        seen, to_sign = judge(
            request, present("secrets", finder(secrets)(request.authorization.access_key_id)), expected, now
        )
        if single_use is not None:
            check_first(present("single_use", claim(single_use, to_sign, seen.expires_at, now)))
    except BaseException as fault:  # noqa: BLE001 - any error leaves without our frames
        del url, headers, secrets, single_use
        raise without_our_frames(fault)  # noqa: B904 - it is the same error
    return seen


def _remember(given: "tuple[Any, ...]", expected: Expectations) -> None:
    """Keep what was checked last: a program calls `verify` with the same arguments over and over."""
    global _last_expected
    if all(part is None or type(part) in (str, int, tuple) for part in given[:4] + given[5:]):  # none can change
        _last_expected = (given, expected)  # one tuple, replaced whole: a thread sees the old one or the new one


_last_expected: "tuple[tuple[Any, ...], Expectations]" = ((), new_object(Expectations))


def finder(secrets: "Any") -> "Any":
    """The function that looks an access key id up."""
    find = secrets if callable(secrets) else getattr(secrets, "get", None)
    if find is None:
        raise TypeError(f"secrets: expected a mapping or a function, got {type(secrets).__name__}")
    return find


def claimer(single_use: "Any") -> "Any":
    """The `claim` of a store of used links."""
    use = getattr(single_use, "claim", None)
    if use is None:
        raise TypeError(f"single_use: expected a store with claim(), got {type(single_use).__name__}")
    return use


def claim(single_use: "Any", string_to_sign: str, expires_at: int, now: float) -> "Any":
    """Whether this is the first use of a link, according to the caller's store, or an awaitable of that.

    A link is known by the SHA-256 of its string to sign.  A store whose `claim` has the attribute `takes_now` is also
    given the time by which the request was verified.
    """
    request_id = sha256(string_to_sign.encode()).hexdigest()
    use = claimer(single_use)
    return use(request_id, expires_at, now=now) if getattr(use, "takes_now", False) else use(request_id, expires_at)


def present(parameter: str, answer: "Any", remedy: str = "; verify() cannot wait for it, asgi.verify() does") -> "Any":
    """The answer of a callback, or TypeError if it must be awaited."""
    if type(answer) is str or type(answer) is Credentials or type(answer) is bool:
        return answer
    if hasattr(answer, "__await__"):
        if hasattr(answer, "close"):
            answer.close()  # else Python warns of a coroutine that was never awaited
        raise TypeError(f"{parameter}: it is asynchronous{remedy}")
    return answer


def check_first(first: bool) -> None:
    """Reject any use of a link after the first."""
    if not first:
        raise VerificationError("already_used", "AccessDenied", 403, "This link has been used already.")


# --- steps 5 to 8: is it valid? --------------------------------------------------------------------------------------


def judge(
    request: UnverifiedRequest, found: "str | Credentials | None", expected: Expectations, now: float
) -> "tuple[VerifiedRequest, str]":
    """Verify a request with the secret that was found; return what was verified, and the string to sign."""
    authorization = request.authorization
    rules = expected.rules
    token = authorization.session_token
    secret = checked_secret(found, token)
    signed_headers = authorization.signed_headers
    signed = _signed(request, expected)
    lines, names = f"host:{request.host}\n", "host"
    if len(signed) > 1:
        lines, names = canonical_headers(signed)

    # What was read strictly is written again by the signer's functions, so there is one spelling of it.
    state = scope_state(
        authorization.access_key_id, secret, token, authorization.date, authorization.region, authorization.service
    )
    own = signing_parameters(state, authorization.amz_date, authorization.expires_in, names, rules.session_token)
    query_string = signed_query_string(own, encode_pairs(request.others)) if request.others else own
    payload = rules.payload_hash
    if "x-amz-content-sha256" in signed_headers:
        payload = request.received["x-amz-content-sha256"]
    if expected.payload_hash is not None:
        _check_payload(expected.payload_hash, payload, signed_headers)
        payload = expected.payload_hash
    uri = canonical_uri(request.path, rules)
    canonical = join_canonical_request(request.method, uri, query_string, lines, names, payload)
    to_sign = string_to_sign(ALGORITHM, authorization.amz_date, state.scope, canonical)
    signature = authorization.signature  # of a URL, so it may hold anything; compare_digest takes ASCII text
    if not signature.isascii() or not compare_digest(state.sign(to_sign), signature):
        raise SignatureMismatch(
            "The request signature we calculated does not match the signature you provided. Check your key and signing "
            "method.",
            canonical_request=canonical,
            string_to_sign=to_sign,
        )

    expires_at = authorization.signed_at + authorization.expires_in
    if authorization.signed_at > now + expected.clock_skew:
        raise NotYetValid("Request is not valid yet", valid_from=authorization.signed_at)
    if now > expires_at:
        raise Expired(f"Request has expired (at {iso_date(min(expires_at, LAST_SECOND))})", expires_at=expires_at)
    if isinstance(found, Credentials) and found.expires_at is not None and now > found.expires_at:
        raise VerificationError("expired_token", "ExpiredToken", 400, "The provided token has expired.")

    if rules.double_encode:
        uri = encode_segments(remove_dot_segments(request.path) if rules.normalize_path else request.path)
    seen = new_object(_Unsealed)
    seen.access_key_id = authorization.access_key_id
    seen.method = request.method
    seen.host = request.host
    seen.path = uri
    seen.query = tuple(sorted(request.others)) if request.others else ()
    seen._headers = tuple(signed)
    seen._scope = (authorization.date, authorization.region, authorization.service)
    seen.expires_at = expires_at
    set_field(seen, "__class__", VerifiedRequest)
    return seen, to_sign


def checked_secret(found: "str | Credentials | None", token: "str | None") -> str:
    """The secret that was looked up, if the URL's session token belongs to it."""
    if found is None:
        raise VerificationError(
            "unknown_access_key",
            "InvalidAccessKeyId",
            403,
            "The AWS Access Key Id you provided does not exist in our records.",
        )
    if isinstance(found, Credentials):
        secret, expected = found.secret_access_key, found.session_token
    elif isinstance(found, str):
        secret, expected = found, None
        if not secret:
            raise InputError("secrets", "the secret that was looked up is empty, so anybody could sign with it")
        if not secret.isascii() and any("\ud800" <= letter <= "\udfff" for letter in secret):
            raise InputError("secrets", "the secret that was looked up has a lone surrogate, which is not text")
    else:
        raise TypeError(f"secrets: expected str, Credentials or None for a key, got {type(found).__name__}")
    if token is None and expected is None:
        return secret
    if token is None or expected is None or not compare_digest(token.encode(), expected.encode()):
        raise VerificationError(
            "invalid_token", "InvalidToken", 400, "The provided token is malformed or otherwise invalid."
        )
    return secret


def _signed(request: UnverifiedRequest, expected: Expectations) -> "Pairs":
    """The signed headers; reject unsigned ones that must be signed, and signed ones that are missing."""
    names, received = request.authorization.signed_headers, request.received
    known = names if len(names) < 8 else frozenset(names)
    if "host" not in known:
        raise _unsigned("host")
    for name in expected.required:
        if name not in known:
            raise _unsigned(name)
    # Frameworks read `-` and `_` as the same: the twin of a signed header could be taken for it.
    twins = () if len(names) == 1 else {name.replace("_", "-") for name in names if "_" in name}
    for name in received:
        if name in known:
            continue
        if name[:6] == "x-amz-":
            if name not in expected.ignored:
                raise _unsigned(name)
        elif name in twins or not name.isascii():  # `str.upper` makes SS of a sharp s
            raise _unsigned(name)
        elif "_" in name:
            twin = name.replace("_", "-")
            if twin in known or twin in received or twin[:6] == "x-amz-":
                raise _unsigned(name)
    signed: Pairs = []
    for name in names:
        if name == "host":
            signed.append((name, request.host))
            continue
        value = received.get(name)
        if value is None:
            raise VerificationError(
                "missing_signed_headers",
                "SignatureDoesNotMatch",
                403,
                f"The header {quoted(name)} was signed and is not in the request.",
            )
        if not (value.isascii() and value.isprintable()):
            raise malformed_request(
                "InvalidRequest", f"The signed header {quoted(name)} has characters other than printable ASCII."
            )
        signed.append((name, value))
    return signed


def _unsigned(name: str) -> VerificationError:
    return VerificationError(
        "unsigned_headers",
        "AccessDenied",
        403,
        f"There were headers present in the request which were not signed: {quoted(name)}",
    )


def _check_payload(payload_hash: str, payload: str, signed_headers: "list[str]") -> None:
    """Reject a signed x-amz-content-sha256 that is not the payload line the caller expects."""
    if payload_hash != payload and "x-amz-content-sha256" in signed_headers:
        raise malformed_request(
            "XAmzContentSHA256Mismatch",
            "The provided 'x-amz-content-sha256' header does not match what was computed.",
            "payload_hash_mismatch",
        )
