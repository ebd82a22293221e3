"""`verify`: is this request one that somebody presigned, for us, and for now?

Rule: everything is decided before anything is returned, in the order below, and a refusal names the first fault:

    1  the target and the headers: their size, then their form
    2  the host that the request is for
    3  which authentication the request carries
    4  the X-Amz-* parameters, then the credential scope against what is expected
    5  the secret and the session token that belong to the access key id
    6  which headers are signed, and which should have been
    7  the signature, compared in constant time
    8  the time: not yet valid, expired, credentials ended
    9  the claim of a link that may be used once

S3's own order is not published.  Time comes after the signature, so that a forged link is never called expired, and the
claim last, so that a refused request burns nothing.  This module does not import `_presign`: the two sides share the
steps, not each other.
"""

from hmac import compare_digest

from ._canonical import (
    MAX_HEADERS,
    canonical_headers,
    canonical_uri,
    encode_pairs,
    encode_segments,
    is_method,
    join_canonical_request,
    merge_headers,
    remove_dot_segments,
    signed_query_string,
)
from ._credentials import Credentials
from ._query_auth import (
    ALGORITHM,
    TOKEN_PARAMETERS,
    QueryAuth,
    checked_payload_hash,
    is_signing_parameter,
    malformed,
    rules_for,
    signing_parameters,
)
from ._signature import scope_state, sha256, string_to_sign
from ._text import exact_text
from ._time import LAST_SECOND, WEEK, exact_seconds, iso_date, lifetime_seconds
from ._url import DEFAULT_PORTS, check_path, host_value, parse_query, split_target, split_url
from ._value import Value
from .errors import Expired, InputError, NotYetValid, SignatureMismatch, VerificationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping  # noqa: F401 - the first and the last in an alias
    from typing import Any, TypeAlias, Union  # noqa: F401 - as above

    from ._canonical import Headers, Pairs
    from ._protocols import SingleUse
    from ._query_auth import ServiceRules
    from ._steps import CredentialScope
    from ._time import Lifetime, Now
    from .errors import Reason

    Query = tuple[tuple[str, str], ...]
    # A request that was read and is not yet believed: method, host, path, the decoded parameters that are not the
    # signature's own, all headers in canonical form, and what the signature's parameters say.
    Claim = tuple[str, str, str, Pairs, dict[str, str], QueryAuth]

Found: "TypeAlias" = "Union[str, Credentials, None]"
#: What `secrets=` takes: from an access key id to its secret.  `Credentials` where a session token belongs to it; None
#: for an unknown key.
Secrets: "TypeAlias" = "Mapping[str, Found] | Mapping[str, str] | Mapping[str, Credentials] | Callable[[str], Found]"

new_object = object.__new__
MAX_TARGET = 16_384  # characters; S3's keys have at most 1,024 bytes and session tokens some 2,000 characters


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
        expires_at: The last second in which the URL is good, in epoch seconds.
    """

    # One tuple behind properties: a request is verified more often than its eight parts are read, and this is made
    # many times as fast as eight slots are filled.  Nothing public can be set, so no __setattr__ has to say so.
    __slots__ = _fields = ("_parts",)
    __setattr__: "Any" = object.__setattr__
    _parts: "tuple[str, str, str, str, Query, Query, tuple[str, str, str], int]"

    def __init__(self) -> None:
        raise TypeError("a VerifiedRequest comes from verify(); it cannot be made by hand")

    @property
    def access_key_id(self) -> str:
        return self._parts[0]

    @property
    def method(self) -> str:
        return self._parts[1]

    @property
    def host(self) -> str:
        return self._parts[2]

    @property
    def path(self) -> str:
        return self._parts[3]

    @property
    def query(self) -> "tuple[tuple[str, str], ...]":
        return self._parts[4]

    @property
    def headers(self) -> "dict[str, str]":
        return dict(self._parts[5])

    @property
    def scope(self) -> "CredentialScope":
        from ._steps import CredentialScope  # for those who ask

        return CredentialScope._restore(*self._parts[6])

    @property
    def expires_at(self) -> int:
        return self._parts[7]

    def __repr__(self) -> str:
        from ._redaction import redacted_pairs

        query, headers = redacted_pairs(self.query), dict(redacted_pairs(self._parts[5]))
        return (
            f"VerifiedRequest(access_key_id={self.access_key_id!r}, method={self.method!r}, host={self.host!r}, "
            f"path={self.path!r}, query={query!r}, headers={headers!r}, scope={self.scope!r}, "
            f"expires_at={self.expires_at!r})"
        )


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

    Guarantees that every part of the returned value was signed by the secret that belongs to its access key id, and
    that a URL changed in any way is refused or gives an equal value.

    Args:
        method: The request's method, as received.
        url: The request target as received, undecoded (`/bucket/key?X-Amz-...`), or the absolute URL.
        headers: All headers of the request, a mapping or pairs.
        secrets: A mapping or a callable: access key id -> secret (`str` or `Credentials`), or None for an unknown one.
            A URL's session token must equal that of the `Credentials`.
        service: The service that the URL must be signed for.
        region: The region that it must be signed for; None accepts any.
        host: The host, or hosts, that we are; without it the Host header decides, else an absolute URL's host.
        path_prefix: What a proxy stripped from the front of the path, put back before verifying.
        rules: How the service differs; None: looked up by the service's name.
        payload_hash: The last line of the canonical request.  None: a signed x-amz-content-sha256 header, else what
            the rules say.  Where that header is signed, comparing the body with it is up to you.
        max_expires_in: The longest X-Amz-Expires accepted, in seconds or as a timedelta; more than 7 days where you
            sign for more.  A shorter limit of the rules applies, too.
        clock_skew: How many seconds X-Amz-Date may lie ahead of our clock.  Expiry has no such grace.
        required_signed_headers: Names that must be among the signed headers, besides host.
        ignored_headers: `x-amz-*` headers that may arrive unsigned because something on the way adds them.
        single_use: Remembers links; each is then accepted once.
        now: Our clock: epoch seconds or an aware datetime; None: this moment.

    Raises:
        VerificationError: The request is refused; `.reason`, `.code` and `.status` say why.  `Expired`,
            `NotYetValid` and `SignatureMismatch` are classes of their own.
        InputError, TypeError: An argument of yours is wrong.  What a callback raises passes through.

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
    if rules is None:
        rules = rules_for(service)
    check_expectations(clock_skew, required_signed_headers, ignored_headers)
    claim = read(method, url, headers, service, region, host, path_prefix, rules, max_expires_in)
    look_up: Any = secrets if callable(secrets) else secrets.get
    found = look_up(claim[-1].access_key_id)
    if type(found) is not str and type(found) is not Credentials:
        found = _answer("secrets", found)
    seen, to_sign = judge(
        claim, found, rules, payload_hash, clock_skew, required_signed_headers, ignored_headers, exact_seconds(now)
    )
    if single_use is not None and not _answer("single_use", single_use.claim(request_id(to_sign), seen.expires_at)):
        raise already_used()
    return seen


def check_expectations(
    clock_skew: int, required_signed_headers: "Collection[str]", ignored_headers: "Collection[str]"
) -> None:
    """Refuse what `judge` would misread, before a request is looked at."""
    if type(clock_skew) is not int and (isinstance(clock_skew, bool) or not isinstance(clock_skew, int)):
        raise TypeError(f"clock_skew: expected whole seconds as int, got {type(clock_skew).__name__}")
    if clock_skew < 0:
        raise InputError("clock_skew", f"{clock_skew} s is negative")
    if type(required_signed_headers) is not tuple:
        _check_names("required_signed_headers", required_signed_headers)
    if type(ignored_headers) is not tuple:
        _check_names("ignored_headers", ignored_headers)


def _check_names(parameter: str, names: "Any") -> None:
    # Of one text the letters would be the names, and an iterator would be empty the second time.
    if isinstance(names, (str, bytes)) or not hasattr(names, "__len__"):
        raise TypeError(f"{parameter}: expected a collection of names, such as a tuple, got {type(names).__name__}")


def _answer(parameter: str, answer: "Any") -> "Any":
    """The answer of a callback, which has to be there already."""
    if hasattr(answer, "__await__"):
        if hasattr(answer, "close"):
            answer.close()  # else Python warns of a coroutine that was never awaited
        raise TypeError(f"{parameter}: it is asynchronous; verify() cannot wait for it, asgi.verify() does")
    return answer


def already_used() -> VerificationError:
    """The refusal of a second use."""
    return VerificationError("already_used", "AccessDenied", 403, "This link has been used already.")


# --- steps 1 to 4: what the request says -----------------------------------------------------------------------------


def read(
    method: str,
    url: str,
    headers: "Headers",
    service: str,
    region: "str | None",
    host: "str | Collection[str] | None",
    path_prefix: str,
    rules: "ServiceRules",
    max_expires_in: "Lifetime",
) -> "Claim":
    """Read a request; refuse what is malformed, not presigned, or signed for something else."""
    longest = WEEK if max_expires_in is WEEK else lifetime_seconds(max_expires_in, "max_expires_in", None)
    if rules.max_expires_in is not None and rules.max_expires_in < min(longest, WEEK):  # stores may allow more
        longest = rules.max_expires_in
    if type(method) is not str or type(url) is not str:
        method, url = exact_text("method", method), exact_text("url", url)
    if not is_method(method):
        raise _malformed_request("InvalidRequest", "The method is not an HTTP method in capitals.")
    url_host, default_port, path, pairs = _read_target(url)
    received = _read_headers(headers)
    if path_prefix:
        path = _checked_prefix(path_prefix) + path
        # Dot segments could lead out of the prefix again where the service removes them.
        if rules.normalize_path and not (remove_dot_segments(path) + "/").startswith(path_prefix + "/"):
            raise _malformed_request("InvalidURI", "The URL leads out of the path's prefix.")
    actual_host = _agreed_host(host, received, url_host, default_port)

    parameters, others = _signing_parameters(pairs, rules)
    if not parameters:
        raise VerificationError(
            "missing_parameter", "AccessDenied", 403, "The request carries no signature in its query string."
        )
    if "authorization" in received:
        raise VerificationError(
            "two_authentications",
            "InvalidArgument",
            400,
            "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string "
            "parameter or the Authorization header should be specified",
        )
    authorization = QueryAuth(parameters, rules.session_token)
    if authorization.expires_in > longest:
        malformed("expires_out_of_range", f"X-Amz-Expires must be at most {longest} seconds here.")
    if authorization.service != service:
        malformed(
            "wrong_service", f"The service {_shown(authorization.service)} is wrong; expecting {_shown(service)}."
        )
    if region is not None and authorization.region != region:
        malformed("wrong_region", f"The region {_shown(authorization.region)} is wrong; expecting {_shown(region)}.")
    return method, actual_host, path, others, received, authorization


def _shown(text: str) -> str:
    """A piece of the request for a message, on one line and of bounded length."""
    return ascii(text[:60])


def _malformed_request(code: str, problem: str, reason: "Reason" = "malformed_request") -> VerificationError:
    return VerificationError(reason, code, 400, problem)


def _read_target(url: str) -> "tuple[str | None, str | None, str, Pairs]":
    """(host of an absolute URL, its scheme's port, path, decoded pairs) of a request target."""
    if len(url) > MAX_TARGET:
        raise _malformed_request("InvalidURI", f"The URL is longer than {MAX_TARGET} characters.", "too_large")
    try:
        if url[:1] == "/":
            path, query = split_target(url)
            return None, None, path, parse_query(query)
        parts = split_url(url)
        return parts.host, DEFAULT_PORTS[parts.scheme], parts.path, parse_query(parts.query)
    except ValueError as fault:
        raise _malformed_request("InvalidURI", f"The URL {fault}.") from None


def _received(_name: str, value: str) -> str:
    """Tabs are spaces; any other odd character stays, and is refused where the header is signed."""
    return " ".join([word for word in value.replace("\t", " ").split(" ") if word])


def _read_headers(headers: "Headers") -> "dict[str, str]":
    """All headers in canonical form."""
    try:
        return merge_headers(headers, _received)
    except InputError:
        problem = f"The headers have more than {MAX_HEADERS} characters."
        raise _malformed_request("RequestHeaderSectionTooLarge", problem, "too_large") from None


def _checked_prefix(prefix: str) -> str:
    if prefix[0] != "/" or prefix[-1] == "/":
        raise InputError("path_prefix", f"{prefix!r} has to begin with a slash and end without one")
    try:
        check_path(prefix)
    except ValueError as fault:
        raise InputError("path_prefix", f"{prefix!r} {fault}") from None
    return prefix


def _agreed_host(
    expected: "str | Collection[str] | None",
    received: "dict[str, str]",
    url_host: "str | None",
    default_port: "str | None",
) -> str:
    """The one host that everything in the request, and the caller, agrees on."""
    agreed = url_host
    for name in ("host", ":authority"):
        if name in received:
            try:
                named = host_value(received[name], default_port)
            except ValueError as fault:  # two Host headers, joined by a comma, end here too
                raise _malformed_request("InvalidRequest", f"The {name} header {fault}.", "wrong_host") from None
            if agreed is not None and named != agreed:
                raise _malformed_request("InvalidRequest", "The request names more than one host.", "wrong_host")
            agreed = named
    if expected is not None:
        ours = _expected_hosts(expected)
        if agreed is None and len(ours) == 1:
            [agreed] = ours
        elif agreed is not None and agreed not in ours:
            raise VerificationError("wrong_host", "AccessDenied", 403, "The request is for another host.")
    if agreed is None:
        raise _malformed_request("InvalidRequest", "The request has no Host header.", "missing_host")
    return agreed


def _expected_hosts(expected: "str | Collection[str]") -> "set[str]":
    names = (expected,) if isinstance(expected, (str, bytes)) else expected
    try:
        return {host_value(exact_text("host", name)) for name in names}
    except ValueError as fault:
        raise InputError("host", str(fault)) from None


def _signing_parameters(pairs: "Pairs", rules: "ServiceRules") -> "tuple[dict[str, str], Pairs]":
    """The signature's own parameters, each there at most once and spelt exactly; and all the others."""
    parameters: dict[str, str] = dict(pairs)
    if len(parameters) == len(pairs) and _SPELT.issuperset(parameters):  # as in most requests: nothing else, none twice
        return parameters, []
    parameters = {}
    others: Pairs = []
    token_name = TOKEN_PARAMETERS[rules.session_token]
    for pair in pairs:
        name, value = pair
        if name in _SPELT or name == token_name:
            if name in parameters:
                malformed("duplicate_parameter", f"{name} is there more than once.")
            parameters[name] = value
        elif name[:6].lower() != "x-amz-" or not is_signing_parameter(name, rules.session_token):
            others.append(pair)
        elif name == "X-Amz-Region-Set":
            malformed("unsupported_algorithm", "X-Amz-Region-Set belongs to SigV4A, which is not verified here.")
        else:
            malformed("malformed_request", f"{_shown(name)} does not belong here, or is spelt in another case.")
    return parameters, others


_SPELT = frozenset(
    ("X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Signature")
)


# --- steps 5 to 8: whether it is true --------------------------------------------------------------------------------


def judge(
    claim: "Claim",
    found: "str | Credentials | None",
    rules: "ServiceRules",
    payload_hash: "str | None",
    clock_skew: int,
    required_signed_headers: "Collection[str]",
    ignored_headers: "Collection[str]",
    now: float,
) -> "tuple[VerifiedRequest, str]":
    """Compare a claim with the secret that was found for it; return what is now verified, and its string to sign."""
    method, host, path, others, received, authorization = claim
    token = authorization.session_token
    secret = _secret(found, token)
    signed_headers = authorization.signed_headers
    signed = _signed(signed_headers, host, received, required_signed_headers, ignored_headers)
    lines, names = f"host:{host}\n", "host"
    if len(signed) > 1:
        lines, names = canonical_headers(signed)

    # What was read strictly is written again by the signer's own functions, so there is one spelling of it.
    state = scope_state(
        authorization.access_key_id, secret, token, authorization.date, authorization.region, authorization.service
    )
    own = signing_parameters(state, authorization.amz_date, authorization.expires_in, names, rules.session_token)
    query_string = signed_query_string(own, encode_pairs(others) if others else [])
    uri = canonical_uri(path, rules)
    payload = rules.payload_hash
    if "x-amz-content-sha256" in signed_headers:
        payload = received["x-amz-content-sha256"]
    if payload_hash is not None:
        payload_hash = checked_payload_hash(payload_hash)
        _check_payload(payload_hash, payload, signed_headers)
        payload = payload_hash
    canonical = join_canonical_request(method, uri, query_string, lines, names, payload)
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
    if authorization.signed_at > now + clock_skew:
        raise NotYetValid("Request is not valid yet", valid_from=authorization.signed_at)
    if now > expires_at:
        raise Expired(f"Request has expired (at {iso_date(min(expires_at, LAST_SECOND))})", expires_at=expires_at)
    if isinstance(found, Credentials) and found.expires_at is not None and now > found.expires_at:
        raise VerificationError("expired_token", "ExpiredToken", 400, "The provided token has expired.")

    if rules.double_encode:
        uri = encode_segments(remove_dot_segments(path) if rules.normalize_path else path)
    query = tuple(sorted(others)) if others else ()
    seen = new_object(VerifiedRequest)
    scope_parts = authorization.date, authorization.region, authorization.service
    seen._parts = (authorization.access_key_id, method, host, uri, query, tuple(signed), scope_parts, expires_at)
    return seen, to_sign


def request_id(string_to_sign: str) -> str:
    """What a link is remembered by: the SHA-256 of its string to sign."""
    return sha256(string_to_sign.encode()).hexdigest()


def _secret(found: "str | Credentials | None", token: "str | None") -> str:
    """The secret that was looked up, once the URL's session token is known to be its own."""
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
    else:
        raise TypeError(f"secrets: expected str, Credentials or None for a key, got {type(found).__name__}")
    if token is None and expected is None:
        return secret
    if token is None or expected is None or not compare_digest(token.encode(), expected.encode()):
        raise VerificationError(
            "invalid_token", "InvalidToken", 400, "The provided token is malformed or otherwise invalid."
        )
    return secret


def _signed(
    names: "list[str]",
    host: str,
    received: "dict[str, str]",
    required: "Collection[str]",
    ignored: "Collection[str]",
) -> "Pairs":
    """The signed headers; refuse what should have been signed and was not, and what was signed and is not there."""
    if "host" not in names:
        raise _unsigned("host")
    for name in required:
        if name.lower() not in names:
            raise _unsigned(name)
    for name in received:
        if name[:6] == "x-amz-" and name not in names and name not in [header.lower() for header in ignored]:
            raise _unsigned(name)
    signed: Pairs = []
    for name in names:
        if name == "host":
            signed.append((name, host))
            continue
        value = received.get(name)
        if value is None:
            raise VerificationError(
                "missing_signed_headers",
                "SignatureDoesNotMatch",
                403,
                f"The header {_shown(name)} was signed and is not in the request.",
            )
        if not (value.isascii() and value.isprintable()):
            raise _malformed_request(
                "InvalidRequest", f"The signed header {_shown(name)} has characters other than printable ASCII."
            )
        signed.append((name, value))
    return signed


def _unsigned(name: str) -> VerificationError:
    return VerificationError(
        "unsigned_headers",
        "AccessDenied",
        403,
        f"There were headers present in the request which were not signed: {_shown(name)}",
    )


def _check_payload(payload_hash: str, payload: str, signed_headers: "list[str]") -> None:
    """Refuse a signed x-amz-content-sha256 that is not the payload line which the caller expects."""
    if payload_hash != payload and "x-amz-content-sha256" in signed_headers:
        raise _malformed_request(
            "XAmzContentSHA256Mismatch",
            "The provided 'x-amz-content-sha256' header does not match what was computed.",
            "payload_hash_mismatch",
        )
