"""The signature: from credentials to a signing key, from there to HMAC-SHA256.

Rule: the only module that hashes; what depends on credentials, day, region and service alone is worked out once.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

try:  # what hashlib.sha256 is, without the time that hashlib takes to make all its other functions ready
    from _hashlib import openssl_sha256
except ImportError:
    from hashlib import sha256 as openssl_sha256

from ._encoding import encode, exact_text, keeping
from ._values import AccessKey, Credentials
from .errors import CredentialsNotFound, InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hashlib import _Hash as HASH
    from typing import Any

    from ._steps import SigningKey
    from .types import CredentialsSource

    # the scope as text, X-Amz-Credential and session token (percent-encoded), HMAC's inner and outer hash
    ScopeState = tuple[str, str, "str | None", HASH, HASH]

ALGORITHM = "AWS4-HMAC-SHA256"
ALGORITHM_V4A = "AWS4-ECDSA-P256-SHA256"
TERMINATOR = "aws4_request"

sha256 = openssl_sha256

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
    if isinstance(source, AccessKey):
        return source  # type: ignore[return-value]  # it has two children, and of one the module may not be loaded
    frozen = getattr(source, "get_frozen_credentials", None)
    if frozen is not None:
        source = frozen()
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
