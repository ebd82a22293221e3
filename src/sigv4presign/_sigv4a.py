"""SigV4A: signatures that are valid in a set of regions, with ECDSA instead of HMAC.

Rule: only what differs from Signature Version 4 is here.  A vendored copy may leave this module and `_p256` out.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from hmac import digest as hmac_digest

from ._credentials import Credentials
from ._p256 import N
from ._p256 import sign as ecdsa
from ._query_auth import ALGORITHM_V4A
from ._signature import checked_scope_name, scope_text, sha256
from ._text import encode
from ._value import keep
from .errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._steps import SigningKey

    RegionSet = str | list[str] | tuple[str, ...]


def encoded_region_set(region_set: "RegionSet") -> str:
    """X-Amz-Region-Set, percent-encoded: regions or patterns, joined with commas.

    Args:
        region_set: `*`, `eu-west-1`, `us-*`, several joined with commas, or a list or tuple of them.
    """
    if isinstance(region_set, str):
        names = region_set.split(",")
    elif isinstance(region_set, (list, tuple)):
        names = list(region_set)
    else:
        raise TypeError(f"region_set: expected str, or a list or tuple of str, got {type(region_set).__name__}")
    for name in names:
        if not isinstance(name, str):
            raise TypeError(f"region_set: expected str in it, got {type(name).__name__}")
        if not name or not name.isascii() or not name.isprintable() or set(name) & set(" /,"):
            raise InputError("region_set", f"{name[:60]!r} is not a region such as 'eu-west-1', 'us-*' or '*'")
    if not names:
        raise InputError("region_set", "is empty; '*' means every region")
    return encode(",".join(names))


class V4aSigningState:
    """A private key, ready to sign: like `_signature.SigningState`, without a region."""

    __slots__ = ("_key", "algorithm", "credential", "scope", "token")

    def __init__(self, credentials: Credentials, date: str, service: str) -> None:
        self.algorithm = ALGORITHM_V4A
        self.scope = scope_text(date, None, checked_scope_name("service", service))
        self.credential = encode(f"{credentials.access_key_id}/{self.scope}")
        self.token = None if credentials.session_token is None else encode(credentials.session_token)
        self._key = private_key(credentials)

    def sign(self, text: str) -> str:
        """The ECDSA signature of a text, in DER and lower-case hex: mostly 140 to 144 digits."""
        return ecdsa(self._key, sha256(text.encode()).digest()).hex()


def v4a_state(credentials: "Credentials | SigningKey", date: str, service: str) -> V4aSigningState:
    """The state of credentials for a day and a service."""
    if not isinstance(credentials, Credentials):
        raise InputError(
            "credentials",
            "a SigningKey is an HMAC key for one region; SigV4A derives a private key from the secret access key, "
            "so give Credentials",
        )
    return V4aSigningState(credentials, date, service)


def private_key(credentials: Credentials) -> int:
    """The private key of an access key, cached."""
    key: int | None = _KEYS.get((credentials.access_key_id, credentials.secret_access_key))
    if key is None:
        key = _derive(credentials)
        if key is None:
            raise InputError("credentials", "no private key can be derived from this access key; create another one")
        keep(_KEYS, (credentials.access_key_id, credentials.secret_access_key), key)
    return key


_KEYS: "dict[tuple[str, str], int]" = {}


def _derive(credentials: Credentials) -> "int | None":
    """The first of 254 candidates that is at most N - 2, plus 1; nearly always the first.

    NIST SP 800-108, 4.1 with HMAC-SHA256 and counters of one byte (aws-c-auth, key_derivation.c; aws-sigv4, v4a.rs).
    """
    key = ("AWS4A" + credentials.secret_access_key).encode()
    label = b"\0\0\0\1" + ALGORITHM_V4A.encode() + b"\0" + credentials.access_key_id.encode()
    for counter in range(1, 255):
        candidate = int.from_bytes(hmac_digest(key, label + bytes((counter, 0, 0, 1, 0)), "sha256"), "big")
        # A comparison would stop at the first digit that differs; this subtraction takes the same time for all keys.
        # Its top bit is the result.
        if ((1 << 256) + N - 2 - candidate) >> 256:
            return candidate + 1
    return None
