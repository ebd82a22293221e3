"""SigV4A: a signature that counts in a set of regions, by ECDSA where Signature Version 4 has an HMAC.

Rule: only what differs stands here: the private key, the scope without a region, X-Amz-Region-Set.  A vendored copy may
leave this module and `_p256` out.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from hmac import digest as hmac_digest

from ._encoding import encode
from ._p256 import N
from ._p256 import sign as ecdsa
from ._signature import ALGORITHM_V4A, sha256
from ._steps import CredentialScope
from ._values import Credentials
from .errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._steps import SigningKey

    # the scope as text, X-Amz-Credential and session token (percent-encoded), the private key
    V4aState = tuple[str, str, "str | None", int]
    RegionSet = str | list[str] | tuple[str, ...]


def encoded_region_set(region_set: "RegionSet") -> str:
    """X-Amz-Region-Set, percent-encoded: regions or patterns, joined with commas.

    Args:
        region_set: `*`, `eu-west-1`, `us-*`, a text that joins several with commas, or a list or tuple of them.
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
        raise InputError("region_set", "is empty; '*' stands for every region")
    return encode(",".join(names))


def v4a_state(frozen: "Credentials | SigningKey", date: str, service: str) -> "V4aState":
    """What is constant for credentials, a day and a service."""
    if not isinstance(frozen, Credentials):
        raise InputError(
            "credentials",
            "a SigningKey is an HMAC key for one region; SigV4A derives a private key from the secret access key, "
            "so give Credentials",
        )
    scope = str(CredentialScope(date, None, service))
    token = frozen.session_token
    key = private_key(frozen.access_key_id, frozen.secret_access_key)
    return scope, encode(f"{frozen.access_key_id}/{scope}"), None if token is None else encode(token), key


def sign_v4a(state: "V4aState", text: bytes) -> str:
    """The ECDSA signature of a text, in DER and lower-case hex: mostly 140 to 144 digits."""
    return ecdsa(state[3], sha256(text).digest()).hex()


_RECENT_KEYS = 64
_recent: "dict[tuple[str, str], int]" = {}


def private_key(access_key_id: str, secret: str) -> int:
    """The private key of an access key, remembered for those used last."""
    parts = (access_key_id, secret)
    key = _recent.get(parts)
    if key is None:
        key = _derive(access_key_id, secret)
        if len(_recent) >= _RECENT_KEYS:
            _recent.clear()  # one atomic step, so threads need no lock; the next calls derive anew
        _recent[parts] = key
    return key


def _derive(access_key_id: str, secret: str) -> int:
    """The first of 254 candidates that is at most N - 2, plus 1; nearly always the first.

    NIST SP 800-108, 4.1 with HMAC-SHA256 and counters of one byte (aws-c-auth, key_derivation.c; aws-sigv4, v4a.rs).
    """
    key = ("AWS4A" + secret).encode()
    label = b"\0\0\0\1" + ALGORITHM_V4A.encode() + b"\0" + access_key_id.encode()
    for counter in range(1, 255):
        candidate = int.from_bytes(hmac_digest(key, label + bytes((counter, 0, 0, 1, 0)), "sha256"), "big")
        # A comparison would stop at the first digit that differs.  This subtraction goes through all of them, and its
        # top bit says the same.
        if ((1 << 256) + N - 2 - candidate) >> 256:
            return candidate + 1
    raise InputError("credentials", "no private key can be derived from this access key; make another")
