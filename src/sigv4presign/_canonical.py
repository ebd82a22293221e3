r"""The canonical request: what a client and a service both compute from one request.

Rule: the words and the order are the specification's
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html), and each line of

    HTTPMethod \n CanonicalURI \n CanonicalQueryString \n CanonicalHeaders \n SignedHeaders \n HashedPayload

has one function here.  Where services differ, `ServiceRules` says how, as data.
"""

from ._encoding import (
    KEEP_UNRESERVED,
    KEEP_UNRESERVED_AND_SLASH,
    UNRESERVED,
    decode,
    encode,
    encode_path,
    escape,
    escape_non_ascii,
    exact_text,
    items_of,
    keeping,
    parse_query,
)
from ._timestamps import lifetime_seconds
from ._value import Value, set_field
from .errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from .types import Headers, Query, SessionTokenRule

    Pairs = list[tuple[str, str]]

UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"  # SHA-256 of no bytes
WEEK = 604_800

def is_method(method: str) -> bool:
    """Whether a text is an HTTP method in capitals; a method's case counts (RFC 9110, section 9.1)."""
    if method in _COMMON_METHODS:
        return True
    if not method or not method.isascii():
        return False
    raw = method.encode()
    return raw.translate(_KEEP_METHOD) == raw


_COMMON_METHODS = frozenset(("GET", "HEAD", "PUT", "POST", "DELETE"))
_KEEP_METHOD = keeping(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-!#$%&'*+.^_`|~")


def checked_method(method: str) -> str:
    """The method as exact text; refuse what is no HTTP method, whose case counts, so that `get` is not `GET`."""
    if type(method) is str and method in _COMMON_METHODS:
        return method
    method = exact_text("method", method)
    if not is_method(method):
        raise InputError("method", f"{method[:20]!r} is no HTTP method; write it in capitals, as in 'GET'")
    return method


def checked_payload_hash(payload_hash: str) -> str:
    """A payload hash as exact text; refuse what cannot be one line of the canonical request."""
    payload_hash = exact_text("payload_hash", payload_hash)
    if not payload_hash or not payload_hash.isascii() or not payload_hash.isprintable() or " " in payload_hash:
        raise InputError("payload_hash", "expected a SHA-256 in hex or a word such as UNSIGNED-PAYLOAD")
    return payload_hash


class ServiceRules(Value):
    """How a service differs from the others when it reads a presigned URL.

    `S3_RULES` and `GENERIC_RULES` are the two that nearly everything follows; the defaults are those of the latter.

    Args:
        normalize_path: Remove dot segments and repeated slashes from the path.  S3 does not: they belong to the key.
        double_encode: Percent-encode the path as it stands in the URL once more.  S3 decodes and encodes it once.
        payload_hash: The last line of the canonical request, if the caller gives none.
        session_token: What becomes of a session token: `"signed"` (X-Amz-Security-Token), `"appended"` after the
            signature and unsigned (AWS IoT), or `"s3express"` (signed, as X-Amz-S3session-Token).
        max_expires_in: The longest lifetime in seconds, or None for no limit.

    Example:
        >>> from sigv4presign import ServiceRules
        >>> ServiceRules(max_expires_in=300)  # doctest: +ELLIPSIS
        ServiceRules(normalize_path=True, double_encode=True, payload_hash='e3b0...', ..., max_expires_in=300)
    """

    __slots__ = ("double_encode", "max_expires_in", "normalize_path", "payload_hash", "session_token")
    _fields = ("normalize_path", "double_encode", "payload_hash", "session_token", "max_expires_in")

    normalize_path: bool
    double_encode: bool
    payload_hash: str
    session_token: "SessionTokenRule"
    max_expires_in: "int | None"

    def __init__(
        self,
        *,
        normalize_path: bool = True,
        double_encode: bool = True,
        payload_hash: str = EMPTY_SHA256,
        session_token: "SessionTokenRule" = "signed",
        max_expires_in: "int | None" = WEEK,
    ) -> None:
        if session_token not in ("signed", "appended", "s3express"):
            raise InputError("session_token", f"{session_token!r} is none of 'signed', 'appended', 's3express'")
        payload_hash = checked_payload_hash(payload_hash)
        if max_expires_in is not None:
            max_expires_in = lifetime_seconds(max_expires_in, "max_expires_in", None)
        set_field(self, "normalize_path", bool(normalize_path))
        set_field(self, "double_encode", bool(double_encode))
        set_field(self, "payload_hash", payload_hash)
        set_field(self, "session_token", session_token)
        set_field(self, "max_expires_in", max_expires_in)


#: What nearly every service but S3 follows: a normalised path that is encoded twice, the hash of no body.
GENERIC_RULES = ServiceRules()
#: What S3 and the stores that speak it follow: the path as it is, `UNSIGNED-PAYLOAD`.
S3_RULES = ServiceRules(normalize_path=False, double_encode=False, payload_hash=UNSIGNED_PAYLOAD)
# https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateSession.html
_S3EXPRESS_RULES = ServiceRules(
    normalize_path=False,
    double_encode=False,
    payload_hash=UNSIGNED_PAYLOAD,
    session_token="s3express",
)
S3_FAMILY = (S3_RULES, _S3EXPRESS_RULES)

_RULES_BY_SERVICE = {
    "s3": S3_RULES,
    "s3-object-lambda": S3_RULES,
    "s3-outposts": S3_RULES,
    "s3express": _S3EXPRESS_RULES,
}

# What other services have that is not generic; each becomes a ServiceRules when it is first asked for.
_DIFFERENCES: "dict[str, dict[str, Any]]" = {
    # https://docs.aws.amazon.com/iot/latest/developerguide/protocols.html: the token stays outside the signature
    "iotdevicegateway": {"session_token": "appended"},
    "bedrock-agentcore": {"max_expires_in": 300},
    # https://docs.aws.amazon.com/transcribe/latest/dg/websocket.html: at most 300 seconds
    "transcribe": {"max_expires_in": 300},
    # https://docs.aws.amazon.com/vpc-lattice/latest/ug/sigv4-authenticated-requests.html: payloads are not signed
    "vpc-lattice-svcs": {"payload_hash": UNSIGNED_PAYLOAD},
}


def rules_for(service: str) -> ServiceRules:
    """The rules that a service, named as in the credential scope, follows."""
    rules = _RULES_BY_SERVICE.get(service)
    if rules is None:
        if service not in _DIFFERENCES:
            return GENERIC_RULES
        rules = _RULES_BY_SERVICE[service] = ServiceRules(**_DIFFERENCES[service])
    return rules


def canonical_uri(path: str, rules: ServiceRules) -> str:
    """The CanonicalURI of a path as it stands in the URL.

    S3 reads the path segment by segment, decodes each and encodes it once: `%2F` stays inside its segment, `%7E` is
    `~`.  Other services normalise the path and encode what they were given, escapes included: `%20` becomes `%2520`.
    """
    if rules.normalize_path and ("//" in path or "/." in path):
        path = remove_dot_segments(path)
    if rules.double_encode:
        return encode_path(path)
    return encode_segments(path)


def encode_segments(path: str) -> str:
    """Decode each segment of a path and encode it once: one spelling for all spellings of one path."""
    raw = path.encode()
    if raw.translate(KEEP_UNRESERVED_AND_SLASH) == raw:
        return path
    return "/".join([encode(decode(segment)) for segment in path.split("/")])


def remove_dot_segments(path: str) -> str:
    """RFC 3986, section 5.2.4, with repeated slashes removed, as botocore does: `/a/./b/../c//` is `/a/c/`."""
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            if kept:
                kept.pop()
        elif segment not in ("", "."):
            kept.append(segment)
    return "/" + "/".join(kept) + ("/" if kept and path[-1] == "/" else "")


def encode_pairs(pairs: "Pairs") -> "Pairs":
    """Percent-encode decoded parameters that are known to be text."""
    return [(encode(name), encode(value)) for name, value in pairs]


def encode_query(query: "Query") -> "Pairs":
    """Percent-encode a caller's query parameters, a mapping or pairs, in the given order."""
    pairs: Pairs = []
    given: Any = query
    items: Any = given.items() if type(query) is dict else items_of("query", query)
    for name, value in items:
        try:
            raw_name, raw_value = name.encode(), (str(value) if type(value) is int else value).encode()
        except (AttributeError, UnicodeEncodeError):
            raise _bad_parameter(name, value) from None
        # Twice what encode() does, without the calls: parameters are the larger part of many a URL's price.
        encoded_name = name if raw_name.translate(KEEP_UNRESERVED) == raw_name else escape(raw_name, UNRESERVED)
        plain = raw_value.translate(KEEP_UNRESERVED) == raw_value
        pairs.append((encoded_name, raw_value.decode() if plain else escape(raw_value, UNRESERVED)))
    return pairs


def _bad_parameter(name: object, value: object) -> Exception:
    if not isinstance(name, str):
        return TypeError(f"query: the name {name!r} is {type(name).__name__}; give str")
    if not isinstance(value, str):
        return TypeError(f"query: the value of {name!r} is {type(value).__name__}; give str or int (repeats: pairs)")
    return InputError("query", f"{name!r} has a lone surrogate, which is not text")


def canonical_query_string(pairs: "Iterable[tuple[str, str]]") -> str:
    """The CanonicalQueryString of encoded pairs, which is also the query string that is sent.

    Sorted by name, then by value, byte for byte; pairs are compared, not joined text, since `=` sorts after `-` and
    the digits.  Repeats are kept.
    """
    return "&".join(map("=".join, sorted(pairs)))


def join_canonical_request(
    method: str, uri: str, query: str, headers: "Pairs", signed_headers: str, payload_hash: str
) -> str:
    """The six lines, put together; CanonicalHeaders are lines of their own, each ended by a line break."""
    lines = ""
    for name, value in headers:
        lines += f"{name}:{value}\n"
    return f"{method}\n{uri}\n{query}\n{lines}\n{signed_headers}\n{payload_hash}"


def canonical_request(
    method: str,
    url: str,
    *,
    headers: "Headers",
    payload_hash: "str | None" = None,
    rules: ServiceRules,
) -> str:
    """The canonical request of a request that will be sent, as text.

    This step takes a request as it is: it reads raw spaces and non-ASCII characters as their UTF-8 bytes, folds line
    breaks in header values to a space, and drops the headers that are never signed, which `presign` refuses.

    Args:
        method: The HTTP method.
        url: The absolute URL with its whole query, the X-Amz-* parameters but X-Amz-Signature among it.
        headers: The headers that will be signed, as a mapping or as pairs.  Host is taken from the URL if it is not
            among them.
        payload_hash: The last line; None: what the rules say.
        rules: How the service reads paths: `S3_RULES`, `GENERIC_RULES`, or your own.

    Raises:
        InputError: A URL that cannot be split or decoded.
        TypeError: Something that is not text.

    Example:
        >>> from sigv4presign import S3_RULES, canonical_request
        >>> print(canonical_request("GET", "https://example.com/a b?tagging", headers={}, rules=S3_RULES))
        GET
        /a%20b
        tagging=
        host:example.com
        <BLANKLINE>
        host
        UNSIGNED-PAYLOAD
    """
    payload_hash = rules.payload_hash if payload_hash is None else checked_payload_hash(payload_hash)
    from ._headers import NEVER_SIGNED, fold, merge_headers, signed_headers  # S3Presigner needs all of this module
    from ._url import split_url  # but this function

    try:
        _, host, path, query = split_url(url, strict=False)
        uri = canonical_uri(path, rules)
        pairs = encode_pairs(parse_query(escape_non_ascii(query)))
    except ValueError as fault:
        raise InputError("url", str(fault)) from None
    signed = sorted({"host": host, **merge_headers(headers, fold)}.items())
    signed = [pair for pair in signed if pair[0] not in NEVER_SIGNED]
    query_string = canonical_query_string(pairs)
    return join_canonical_request(method, uri, query_string, signed, signed_headers(signed), payload_hash)
