"""A presigned URL's query string: the X-Amz-* parameters and those of others; and how services differ in reading it.

Rule: the pairs made here are the pairs that are signed and the pairs that are sent; where services differ,
`ServiceRules` says how, as data.  https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
"""

from ._encoding import KEEP_UNRESERVED, UNRESERVED, encode, escape, exact_text, items_of, keeping
from ._signature import ALGORITHM
from ._timestamps import lifetime_seconds
from ._values import Value, set_field
from .errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from .types import Query, SessionTokenRule

    Pairs = list[tuple[str, str]]

UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"  # SHA-256 of no bytes
WEEK = 604_800

# --- how services differ ----------------------------------------------------------------------------------------------


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


# --- CanonicalQueryString ---------------------------------------------------------------------------------------------


def encode_pairs(pairs: "Pairs") -> "Pairs":
    """Percent-encode decoded parameters that are known to be text."""
    return [(encode(name), encode(value)) for name, value in pairs]


def encode_query(query: "Query") -> "Pairs":
    """Percent-encode a caller's query parameters, a mapping or pairs, in the given order."""
    pairs: Pairs = []
    given: Any = query
    items: Any = given.items() if type(query) is dict else items_of("query", query)
    for name, value in items:
        if type(name) is not str or type(value) is not str:
            name, value = _parameter_text(name, value)  # noqa: PLW2901 - the same, as text
        try:
            raw_name, raw_value = name.encode(), value.encode()
        except UnicodeEncodeError:
            raise InputError("query", f"{name!r} has a lone surrogate, which is not text") from None
        # Twice what encode() does, without the calls: parameters are the larger part of many a URL's price.
        encoded_name = name if raw_name.translate(KEEP_UNRESERVED) is raw_name else escape(raw_name, UNRESERVED)
        encoded_value = value if raw_value.translate(KEEP_UNRESERVED) is raw_value else escape(raw_value, UNRESERVED)
        pairs.append((encoded_name, encoded_value))
    return pairs


def _parameter_text(name: object, value: object) -> "tuple[str, str]":
    """A name and a value as exact text; an int is the text of its digits."""
    if not isinstance(name, str):
        raise TypeError(f"query: the name {name!r} is {type(name).__name__}; give str")
    if type(value) is int:
        value = str(value)
    if not isinstance(value, str):
        raise TypeError(f"query: the value of {name!r} is {type(value).__name__}; give str or int (repeats: pairs)")
    return str.__str__(name), str.__str__(value)


def canonical_query_string(pairs: "Iterable[tuple[str, str]]") -> str:
    """The CanonicalQueryString of encoded pairs, which is also the query string that is sent.

    Sorted by name, then by value, byte for byte; pairs are compared, not joined text, since `=` sorts after `-` and
    the digits.  Repeats are kept.
    """
    text = ""
    for name, value in sorted(pairs):
        text += f"&{name}={value}"
    return text[1:]


# --- the signature's own parameters -----------------------------------------------------------------------------------

TOKEN_PARAMETERS = {
    "signed": "X-Amz-Security-Token",
    "appended": "X-Amz-Security-Token",
    "s3express": "X-Amz-S3session-Token",
}

# In any case of their letters these belong to the signature; other X-Amz-* parameters are the service's own.
_SIGNING_PARAMETERS = frozenset(
    name.lower()
    for name in (
        "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Signature",
        "X-Amz-Security-Token", "X-Amz-Region-Set",
    )
)  # fmt: skip


def is_signing_parameter(name: str, rule: "SessionTokenRule") -> bool:
    """Whether a decoded parameter name, in any case of its letters, belongs to the signature."""
    name = name.lower()
    return name in _SIGNING_PARAMETERS or name == TOKEN_PARAMETERS[rule].lower()


def check_query_names(parameter: str, pairs: "Pairs", rules: "ServiceRules") -> None:
    """Refuse parameters that are the signature's own; the pairs are encoded."""
    for name, _ in pairs:
        if name[:1] in "xX" and is_signing_parameter(name, rules.session_token):
            raise InputError(
                parameter, f"{name} is a signing parameter; it is made here, once, from the other arguments"
            )


def signed_query(
    credential: str,
    amz_date: str,
    expires_in: "int | None",
    signed_headers: str,
    session_token: "str | None",
    rule: "SessionTokenRule",
    others: "Pairs",
    algorithm: str = ALGORITHM,
    region_set: str = "",
) -> str:
    """The canonical query string: the signature's own parameters, and others; all but the lifetime encoded.

    SigV4A has an algorithm of its own, and a region set, written `&X-Amz-Region-Set=%2A`.
    """
    expires = "" if expires_in is None else f"&X-Amz-Expires={expires_in}"
    token = "" if session_token is None or rule == "appended" else f"&{TOKEN_PARAMETERS[rule]}={session_token}"
    # In canonical order, as long as the names are.
    ours = (
        f"X-Amz-Algorithm={algorithm}&X-Amz-Credential={credential}&X-Amz-Date={amz_date}{expires}{region_set}{token}"
        f"&X-Amz-SignedHeaders={'host' if signed_headers == 'host' else _encoded_names(signed_headers)}"
    )
    if not others:
        return ours
    rest = canonical_query_string(others)
    # Whatever begins after "X=" sorts behind ours, as names in small letters do.  The names X and X-Amz sort before
    # ours, though "X=" would sort behind "X-": see canonical_query_string.
    if rest > "X>":
        return f"{ours}&{rest}"
    own_pairs = [(name, value) for name, _, value in [piece.partition("=") for piece in ours.split("&")]]
    return canonical_query_string(own_pairs + others)


def _encoded_names(signed_headers: str) -> str:
    """SignedHeaders, percent-encoded; most programs sign the same ones again and again."""
    global _last_names
    last_names, encoded = _last_names
    if last_names != signed_headers:
        raw = signed_headers.encode()
        if raw.translate(_KEEP_SIGNED_HEADERS) is raw:  # nearly always; then the semicolons are all there is to encode
            encoded = signed_headers.replace(";", "%3B")
        else:
            encoded = encode(signed_headers)
        _last_names = (signed_headers, encoded)  # one tuple, replaced whole: a thread sees the old one or the new one
    return encoded


_last_names = ("host", "host")
_KEEP_SIGNED_HEADERS = keeping(UNRESERVED + b";")
