"""The signature: the key it is made with, its own parameters in the query string, and how services differ.

Rule: the only module that hashes; what depends on credentials, day, region and service alone is worked out once.  The
pairs made here are the pairs that are signed and the pairs that are sent; where services read them in different ways,
`ServiceRules` says how, as data.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
"""

try:  # what hashlib.sha256 is, without the time that hashlib takes to make all its other functions ready
    from _hashlib import openssl_sha256
except ImportError:
    from hashlib import sha256 as openssl_sha256

from ._encoding import UNRESERVED, canonical_query_string, encode, exact_text, keeping, lifetime_seconds
from ._values import Credentials, Value, set_field
from .errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hashlib import _Hash as HASH
    from typing import Any

    from ._encoding import Pairs
    from ._steps import SigningKey
    from .types import CredentialsSource, SessionTokenRule

    # the scope as text, X-Amz-Credential and session token (percent-encoded), HMAC's inner and outer hash
    ScopeState = tuple[str, str, "str | None", HASH, HASH]

ALGORITHM = "AWS4-HMAC-SHA256"
ALGORITHM_V4A = "AWS4-ECDSA-P256-SHA256"
TERMINATOR = "aws4_request"

sha256 = openssl_sha256

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


# --- the signature's own parameters -----------------------------------------------------------------------------------

TOKEN_PARAMETERS = {
    "signed": "X-Amz-Security-Token",
    "appended": "X-Amz-Security-Token",
    "s3express": "X-Amz-S3session-Token",
}

# In any case of their letters these belong to the signature; other X-Amz-* parameters are the service's own.
_SIGNING_PARAMETERS = frozenset(
    (
        "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-expires", "x-amz-signedheaders", "x-amz-signature",
        "x-amz-security-token", "x-amz-region-set",
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


# --- from credentials to the signature --------------------------------------------------------------------------------

_KEEP_SCOPE = keeping(bytes(range(0x21, 0x7F)).replace(b"/", b""))  # printable ASCII but the slash


def checked_scope_name(parameter: str, name: str) -> str:
    """A region or a service as exact text; refuse what would break a scope: empty, a slash, a space, a control."""
    name = exact_text(parameter, name)
    if name and name.isascii():
        raw = name.encode()
        if raw.translate(_KEEP_SCOPE) == raw:
            return name
    raise InputError(parameter, f"{name[:60]!r} is not a name such as 'eu-west-1' or 's3'")


def freeze(source: "CredentialsSource") -> "Credentials | SigningKey":
    """One consistent reading of any credentials source."""
    found = _read(source)
    if found is None and callable(source):
        answer: Any = source()
        if answer is None:
            from .errors import CredentialsNotFound

            raise CredentialsNotFound("credentials: the callable returned None")
        found = _read(answer)
        if found is None:
            raise TypeError(f"credentials: the callable returned {type(answer).__name__}, which is no credentials")
    if found is None:
        raise TypeError(
            f"credentials: expected Credentials, SigningKey, a botocore credentials object or a callable, "
            f"got {type(source).__name__}"
        )
    return found


def _read(source: "Any") -> "Credentials | SigningKey | None":
    """Credentials, those of botocore's shape, or a signing key; None for anything else.

    botocore's refreshable kind changes under one's hands, so it is frozen first.
    """
    if isinstance(source, Credentials):
        return source
    if isinstance(source, Value) and hasattr(source, "state_for"):
        return source  # type: ignore[return-value]  # a SigningKey, known by this since its module may not be loaded
    frozen = getattr(source, "get_frozen_credentials", None)
    if frozen is not None:
        source = frozen()
        if hasattr(source, "__await__"):
            getattr(source, "close", bool)()  # or it would be reported as never awaited
            raise TypeError(
                "credentials: these are asynchronous, as aiobotocore's are; give `await creds.get_frozen_credentials()`"
            )
    access_key = getattr(source, "access_key", None)
    secret_key = getattr(source, "secret_key", None)
    if access_key is None or secret_key is None:
        return None
    return Credentials(access_key, secret_key, getattr(source, "token", None) or None)


def state_for(frozen: "Credentials | SigningKey", date: str, region: str, service: str) -> "ScopeState":
    """What is constant for credentials, a day, a region and a service."""
    if not isinstance(frozen, Credentials):
        return frozen.state_for(date, region, service)
    parts = (frozen.access_key_id, frozen.secret_access_key, frozen.session_token, date, region, service)
    return _recent.get(parts) or scope_state(*parts)


def scope_state(
    access_key_id: str, secret: str, token: "str | None", date: str, region: str, service: str
) -> "ScopeState":
    """The same from its parts, remembered for those used last; the date is one, the names are checked here."""
    parts = (access_key_id, secret, token, date, region, service)
    state = _recent.get(parts)
    if state is None:
        checked_scope_name("region", region)
        checked_scope_name("service", service)
        key = derive_key(secret, date, region, service)
        state = new_state(access_key_id, key, token, f"{date}/{region}/{service}/{TERMINATOR}")
        if len(_recent) >= _RECENT_SCOPES:
            _recent.clear()  # one atomic step, so threads need no lock; the next calls derive anew
        _recent[parts] = state
    return state


_RECENT_SCOPES = 64
_recent: "dict[tuple[str | None, ...], ScopeState]" = {}


def new_state(access_key_id: str, key: bytes, token: "str | None", scope: str) -> "ScopeState":
    """The state of a signing key; its scope as text."""
    return scope, encode(f"{access_key_id}/{scope}"), None if token is None else encode(token), *_hmac_states(key)


def derive_key(secret: str, date: str, region: str, service: str) -> bytes:
    """The chain: AWS4 + secret, then the date, the region, the service and the terminator."""
    key = ("AWS4" + secret).encode()
    for step in (date, region, service, TERMINATOR):
        inner, outer = _hmac_states(key)
        inner.update(step.encode())
        outer.update(inner.digest())
        key = outer.digest()
    return key


# HMAC (RFC 2104) is H(key ^ opad, H(key ^ ipad, text)).  Both hashes begin with a block that depends on the key alone,
# so they are begun once a key and copied for each text: a third of what hmac.digest costs, and the hmac module need
# not be loaded to sign.
_BLOCK = 64  # bytes of SHA-256's blocks
_IPAD = int.from_bytes(b"\x36" * _BLOCK, "big")
_OPAD = int.from_bytes(b"\x5c" * _BLOCK, "big")


def _hmac_states(key: bytes) -> "tuple[HASH, HASH]":
    if len(key) > _BLOCK:
        key = sha256(key).digest()
    block = int.from_bytes(key.ljust(_BLOCK, b"\0"), "big")
    return sha256((block ^ _IPAD).to_bytes(_BLOCK, "big")), sha256((block ^ _OPAD).to_bytes(_BLOCK, "big"))


def sign(state: "ScopeState", text: bytes) -> str:
    """HMAC-SHA256 of a text, in lower-case hex."""
    inner, outer = state[3].copy(), state[4].copy()
    inner.update(text)
    outer.update(inner.digest())
    return outer.hexdigest()
