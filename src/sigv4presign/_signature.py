"""The signature: scope, key chain, string to sign, HMAC.

Rule: the only module that hashes for Signature Version 4.  The signing key of a day, region and service is cached.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

try:  # what hashlib.sha256 is, without the 2 ms that hashlib takes to set up its other functions
    from _hashlib import openssl_sha256
except ImportError:
    from hashlib import sha256 as openssl_sha256

from ._credentials import Credentials
from ._query_auth import ALGORITHM, TERMINATOR
from ._text import encode, exact_text, keeping
from ._value import keep
from .errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hashlib import _Hash as HASH

    from ._steps import SigningKey

sha256 = openssl_sha256

# --- the scope -------------------------------------------------------------------------------------------------------

_KEEP_SCOPE = keeping(bytes(range(0x21, 0x7F)).replace(b"/", b""))  # printable ASCII but the slash


def checked_scope_name(parameter: str, name: str) -> str:
    """A region or a service as exact text; raise for what would break a scope: empty, a slash, a space, a control."""
    name = exact_text(parameter, name)
    if name and name.isascii():
        raw = name.encode()
        if raw.translate(_KEEP_SCOPE) == raw:
            return name
    raise InputError(parameter, f"{name[:60]!r} is not a name such as 'eu-west-1' or 's3'")


def scope_text(date: str, region: "str | None", service: str) -> str:
    """The credential scope: `20130524/us-east-1/s3/aws4_request`; without a region for SigV4A."""
    return f"{date}/{service}/{TERMINATOR}" if region is None else f"{date}/{region}/{service}/{TERMINATOR}"


# --- the string to sign ----------------------------------------------------------------------------------------------


def string_to_sign(algorithm: str, amz_date: str, scope: str, canonical_request: str) -> str:
    """The string to sign: algorithm, time, scope, and the SHA-256 of the canonical request.

    `SigningState.begin` also writes the first three lines, which are the same for all requests of one second.
    """
    return f"{algorithm}\n{amz_date}\n{scope}\n{sha256(canonical_request.encode()).hexdigest()}"


# --- HMAC (RFC 2104) -------------------------------------------------------------------------------------------------

# HMAC is H(key ^ opad, H(key ^ ipad, text)).  Both hashes begin with a block that depends on the key alone, so they are
# begun once a key and copied for each text: a third of what hmac.digest costs (benchmark row "safe keys"), and signing
# does not load the hmac module.
_BLOCK = 64  # bytes of SHA-256's blocks
_IPAD = int.from_bytes(b"\x36" * _BLOCK, "big")
_OPAD = int.from_bytes(b"\x5c" * _BLOCK, "big")


def _begun_hashes(key: bytes) -> "tuple[HASH, HASH]":
    if len(key) > _BLOCK:
        key = sha256(key).digest()
    block = int.from_bytes(key.ljust(_BLOCK, b"\0"), "big")
    return sha256((block ^ _IPAD).to_bytes(_BLOCK, "big")), sha256((block ^ _OPAD).to_bytes(_BLOCK, "big"))


def derive_key(secret: str, date: str, region: str, service: str) -> bytes:
    """The key chain: AWS4 + secret, then the date, the region, the service and the terminator."""
    key = ("AWS4" + secret).encode()
    for step in (date, region, service, TERMINATOR):
        inner, outer = _begun_hashes(key)
        inner.update(step.encode())
        outer.update(inner.digest())
        key = outer.digest()
    return key


class SigningState:
    """A signing key, ready to sign: what is the same for all requests of one key, day, region and service.

    Attributes:
        algorithm: X-Amz-Algorithm, and the first line of a string to sign.
        scope: The credential scope as text.
        credential: X-Amz-Credential, percent-encoded.
        token: The session token, percent-encoded, or None.
    """

    __slots__ = ("_inner", "_outer", "algorithm", "credential", "scope", "token")

    def __init__(self, access_key_id: str, key: bytes, token: "str | None", scope: str) -> None:
        self.algorithm = ALGORITHM
        self.scope = scope
        self.credential = encode(f"{access_key_id}/{scope}")
        self.token = None if token is None else encode(token)
        self._inner, self._outer = _begun_hashes(key)

    def sign(self, text: str) -> str:
        """HMAC-SHA256 of a text, in lower-case hex: the signature of a string to sign, or of a form's policy."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(text.encode())
        outer.update(inner.digest())
        return outer.hexdigest()

    def begin(self, amz_date: str) -> "tuple[HASH, HASH]":
        """HMAC's two hashes; the first contains the string to sign except its last line, the request's hash.

        For the loop that signs many requests of one second: copy both, then continue as in `sign`.
        """
        inner = self._inner.copy()
        inner.update(f"{self.algorithm}\n{amz_date}\n{self.scope}\n".encode())
        return inner, self._outer


# --- from credentials to a state -------------------------------------------------------------------------------------


def state_for(credentials: "Credentials | SigningKey", date: str, region: str, service: str) -> SigningState:
    """The state of credentials for a day, a region and a service; a `SigningKey` is for one of each."""
    if not isinstance(credentials, Credentials):
        return credentials.state_for(date, region, service)
    state = _STATES.get((
        credentials.access_key_id, credentials.secret_access_key, credentials.session_token, date, region, service,
    ))  # fmt: skip
    if state is not None:
        return state
    checked_scope_name("region", region)
    checked_scope_name("service", service)
    return scope_state(
        credentials.access_key_id, credentials.secret_access_key, credentials.session_token, date, region, service
    )


def scope_state(
    access_key_id: str, secret: str, token: "str | None", date: str, region: str, service: str
) -> SigningState:
    """The state for parts that were checked, cached."""
    parts = (access_key_id, secret, token, date, region, service)
    state = _STATES.get(parts)
    if state is None:
        key = derive_key(secret, date, region, service)
        state = SigningState(access_key_id, key, token, scope_text(date, region, service))
        keep(_STATES, parts, state)
    return state


_STATES: "dict[tuple[str | None, ...], SigningState]" = {}
