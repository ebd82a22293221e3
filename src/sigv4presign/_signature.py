"""From a canonical request to its signature: scope, string to sign, signing key, HMAC.

Rule: the only module that hashes.  https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

try:
    from _hashlib import openssl_sha256 as sha256  # what hashlib.sha256 is, without the half millisecond that hashlib
except ImportError:  # takes to make ready all its other functions; the `random` module does the like
    from hashlib import sha256

from ._credentials import Credentials, checked_credential_text
from ._encoding import encode, exact_text, keeping
from ._timestamps import parse_amz_date, parse_date
from ._value import Value, set_field
from .errors import CredentialsNotFound, InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hashlib import _Hash as HASH
    from typing import Any

    from .types import CredentialsSource

    # the scope as text, X-Amz-Credential and session token (percent-encoded), HMAC's inner and outer hash, the scope
    ScopeState = tuple[str, str, "str | None", "HASH", "HASH", "CredentialScope"]

ALGORITHM = "AWS4-HMAC-SHA256"
ALGORITHM_V4A = "AWS4-ECDSA-P256-SHA256"
TERMINATOR = "aws4_request"


_KEEP_SCOPE = keeping(bytes(range(0x21, 0x7F)).replace(b"/", b""))  # printable ASCII but the slash


def checked_scope_name(parameter: str, name: str) -> str:
    """A region or a service as exact text; refuse what would break a scope: empty, a slash, a space, a control."""
    name = exact_text(parameter, name)
    if name and name.isascii():
        raw = name.encode()
        if raw.translate(_KEEP_SCOPE) == raw:
            return name
    raise InputError(parameter, f"{name[:60]!r} is not a name such as 'eu-west-1' or 's3'")


class CredentialScope(Value):
    """For which day, region and service a signature counts.

    `str()` gives the scope as it stands in the string to sign.

    Args:
        date: The UTC day as `YYYYMMDD`.
        region: `eu-west-1`, or None for SigV4A, whose scope has no region.
        service: The service's name in its scope, such as `s3` or `execute-api`.

    Raises:
        InputError: A malformed day, or a name that is empty or has a slash, a space, a control or a non-ASCII
            character.

    Example:
        >>> from sigv4presign import CredentialScope
        >>> str(CredentialScope("20130524", "us-east-1", "s3"))
        '20130524/us-east-1/s3/aws4_request'
    """

    __slots__ = _fields = ("date", "region", "service")

    date: str
    region: "str | None"
    service: str

    def __init__(self, date: str, region: "str | None", service: str) -> None:
        date = exact_text("date", date)
        try:
            parse_date(date)
        except ValueError:
            raise InputError("date", f"{date[:20]!r} is not a day written YYYYMMDD") from None
        set_field(self, "date", date)
        set_field(self, "region", None if region is None else checked_scope_name("region", region))
        set_field(self, "service", checked_scope_name("service", service))

    def __str__(self) -> str:
        region = "" if self.region is None else self.region + "/"
        return f"{self.date}/{region}{self.service}/{TERMINATOR}"


def string_to_sign(canonical_request: str, *, amz_date: str, scope: CredentialScope) -> str:
    """The string to sign: algorithm, time, scope, and the hash of the canonical request.

    Args:
        canonical_request: As `canonical_request` gives it.
        amz_date: X-Amz-Date, `YYYYMMDDTHHMMSSZ`.
        scope: The credential scope; without a region the algorithm is SigV4A's.

    Raises:
        InputError: `amz_date` is malformed, or on another day than the scope.

    Example:
        >>> from sigv4presign import string_to_sign
        >>> scope = CredentialScope("20130524", "us-east-1", "s3")
        >>> print(string_to_sign("GET...", amz_date="20130524T000000Z", scope=scope))  # doctest: +ELLIPSIS
        AWS4-HMAC-SHA256
        20130524T000000Z
        20130524/us-east-1/s3/aws4_request
        ...
    """
    try:
        parse_amz_date(amz_date)
    except ValueError as fault:
        raise InputError("amz_date", f"{amz_date[:20]!r} {fault}") from None
    if amz_date[:8] != scope.date:
        raise InputError("amz_date", f"{amz_date} is not on the scope's day, {scope.date}")
    algorithm = ALGORITHM_V4A if scope.region is None else ALGORITHM
    return f"{algorithm}\n{amz_date}\n{scope}\n{sha256(canonical_request.encode()).hexdigest()}"


class SigningKey(Value):
    """A key that signs for one day, region and service, and cannot be turned back into the secret it came from.

    Hand it to a process that must sign and must not know the secret: it is accepted wherever credentials are.

    Args:
        access_key_id: Whose key it is.
        key: The 32 bytes.
        scope: What it signs for; the region is not None.
        session_token: The token of temporary credentials.
        expires_at: When these end, in epoch seconds.

    Raises:
        InputError: A key that is not of 32 bytes, a scope without a region, a malformed id or token.

    Example:
        >>> from sigv4presign import Credentials, S3Presigner, derive_signing_key
        >>> scope = CredentialScope("20251124", "eu-west-1", "s3")
        >>> key = derive_signing_key(Credentials("AKIDEXAMPLE", "secret"), scope)  # here; the rest elsewhere
        >>> url = S3Presigner(key, region="eu-west-1").get_object("reports", "costs.csv", now=1764000000)
        >>> url.partition("?")[0]
        'https://reports.s3.eu-west-1.amazonaws.com/costs.csv'
    """

    __slots__ = ("_state", "access_key_id", "expires_at", "key", "scope", "session_token")
    _fields = ("access_key_id", "key", "scope", "session_token", "expires_at")
    _hidden = ("key", "session_token")

    access_key_id: str
    key: bytes
    scope: CredentialScope
    session_token: "str | None"
    expires_at: "int | None"
    _state: "ScopeState"

    def __init__(
        self,
        access_key_id: str,
        key: bytes,
        scope: CredentialScope,
        session_token: "str | None" = None,
        *,
        expires_at: "int | None" = None,
    ) -> None:
        access_key_id = checked_credential_text("access_key_id", access_key_id)
        if not isinstance(key, bytes):
            raise TypeError(f"key: expected bytes, got {type(key).__name__}")
        if len(key) != 32:
            raise InputError("key", f"has {len(key)} bytes; a signing key has 32")
        if not isinstance(scope, CredentialScope):
            raise TypeError(f"scope: expected CredentialScope, got {type(scope).__name__}")
        if scope.region is None:
            raise InputError("scope", "has no region; SigV4A has no derived key of this kind")
        if session_token is not None:
            session_token = checked_credential_text("session_token", session_token)
        set_field(self, "access_key_id", access_key_id)
        set_field(self, "key", key)
        set_field(self, "scope", scope)
        set_field(self, "session_token", session_token)
        set_field(self, "expires_at", expires_at)
        self._start_caches()

    def _start_caches(self) -> None:
        set_field(self, "_state", _new_state(self.access_key_id, self.key, self.session_token, self.scope))


def derive_signing_key(credentials: "CredentialsSource", scope: CredentialScope) -> SigningKey:
    """The signing key of credentials for a scope.

    Args:
        credentials: As everywhere: `Credentials`, botocore's object, or a callable that returns one of them.
        scope: The day, region and service.

    Raises:
        InputError: A scope without a region, or a `SigningKey` of another scope.
        TypeError: Something that is no credentials.

    Example:
        >>> from sigv4presign import Credentials, derive_signing_key
        >>> creds = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
        >>> derive_signing_key(creds, CredentialScope("20150830", "us-east-1", "iam")).key.hex()
        'c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9'
    """
    frozen = freeze(credentials)
    if scope.region is None:
        raise InputError("scope", "has no region; SigV4A has no derived key of this kind")
    if isinstance(frozen, SigningKey):
        check_signing_key(frozen, scope.date, scope.region, scope.service)
        return frozen
    key = _derive(frozen.secret_access_key, scope.date, scope.region, scope.service)
    return SigningKey(frozen.access_key_id, key, scope, frozen.session_token, expires_at=frozen.expires_at)


def signature(signing_key: SigningKey, string_to_sign: str) -> str:
    r"""The signature: 64 lower-case hex digits.

    Args:
        signing_key: From `derive_signing_key`.
        string_to_sign: From `string_to_sign`; for a POST form, the policy in base64.

    Example:
        >>> from sigv4presign import Credentials, CredentialScope, derive_signing_key, signature
        >>> creds = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
        >>> key = derive_signing_key(creds, CredentialScope("20150830", "us-east-1", "iam"))
        >>> signature(key, "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/iam/aws4_request\n"
        ...     "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59")
        '5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7'
    """
    return sign(signing_key._state, string_to_sign.encode())


# --- below the public steps ------------------------------------------------------------------------------------------


def freeze(source: "CredentialsSource") -> "Credentials | SigningKey":
    """One consistent reading of any credentials source."""
    if isinstance(source, (Credentials, SigningKey)):
        return source
    found: Credentials | SigningKey | None = _known(source)
    if found is None and callable(source):
        answer: Any = source()
        if answer is None:
            raise CredentialsNotFound("credentials: the callable returned None")
        found = answer if isinstance(answer, (Credentials, SigningKey)) else _known(answer)
        if found is None:
            raise TypeError(f"credentials: the callable returned {type(answer).__name__}, which is no credentials")
    if found is None:
        raise TypeError(
            f"credentials: expected Credentials, SigningKey, a botocore credentials object or a callable, "
            f"got {type(source).__name__}"
        )
    return found


def _known(source: "Any") -> "Credentials | None":
    """Credentials of botocore's shape; its refreshable kind changes under one's hands, so it is frozen first."""
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
    if isinstance(frozen, SigningKey):
        check_signing_key(frozen, date, region, service)
        return frozen._state
    parts = (frozen.access_key_id, frozen.secret_access_key, frozen.session_token, date, region, service)
    return _recent.get(parts) or scope_state(*parts)


def check_signing_key(key: SigningKey, date: str, region: str, service: str) -> None:
    """Refuse a signing key that was derived for something else."""
    scope = key.scope
    if (scope.date, scope.region, scope.service) != (date, region, service):
        raise InputError("credentials", f"the SigningKey is for {scope}, not for {date}/{region}/{service}")


def scope_state(
    access_key_id: str, secret: str, token: "str | None", date: str, region: str, service: str
) -> "ScopeState":
    """The same from its parts, remembered for those used last.  What is remembered has names that were checked."""
    parts = (access_key_id, secret, token, date, region, service)
    state = _recent.get(parts)
    if state is None:
        checked_scope_name("region", region)  # CredentialScope takes None for SigV4A's, which has no such state
        scope = CredentialScope(date, region, service)
        state = _new_state(access_key_id, _derive(secret, date, region, service), token, scope)
        if len(_recent) >= _RECENT_SCOPES:
            _recent.clear()  # one atomic step, so threads need no lock; the next calls derive anew
        _recent[parts] = state
    return state


_RECENT_SCOPES = 64
_recent: "dict[tuple[str | None, ...], ScopeState]" = {}


def _new_state(access_key_id: str, key: bytes, token: "str | None", scope: CredentialScope) -> "ScopeState":
    credential = encode(f"{access_key_id}/{scope}")
    return str(scope), credential, None if token is None else encode(token), *_hmac_states(key), scope


def _derive(secret: str, date: str, region: str, service: str) -> bytes:
    """The chain: AWS4 + secret, then the date, the region, the service and the terminator."""
    key = ("AWS4" + secret).encode()
    for step in (date, region, service, TERMINATOR):
        inner, outer = _hmac_states(key)
        inner.update(step.encode())
        outer.update(inner.digest())
        key = outer.digest()
    return key


# HMAC (RFC 2104) is H(key ^ opad, H(key ^ ipad, text)).  Both hashes begin with a block that depends on the key alone,
# so they are begun once a key and copied for each text: a third of what hmac.digest costs, and half a millisecond less
# at import, which is what the hmac module takes to load.
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
