"""SigV4A: a signature that counts in a set of regions, by ECDSA where Signature Version 4 has an HMAC.

Rule: only what differs stands here: the private key, the scope without a region, X-Amz-Region-Set.  A vendored copy may
leave this module and `_p256` out.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from hmac import digest as hmac_digest

from ._canonical import (
    S3_FAMILY,
    canonical_query_string,
    canonical_uri,
    check_method,
    check_payload_hash,
    encode_pairs,
    encode_query,
    headers_to_sign,
    join_canonical_request,
    rules_for,
    signed_headers,
)
from ._credentials import Credentials, fitted_lifetime
from ._encoding import encode, parse_query
from ._p256 import N
from ._p256 import sign as ecdsa
from ._presign import DEFAULT_EXPIRES_IN
from ._query_auth import TOKEN_PARAMETERS, check_query_names, make_url
from ._signature import ALGORITHM_V4A, CredentialScope, freeze, sha256
from ._timestamps import amz_date, epoch_seconds, lifetime_seconds
from ._url import split_url
from .errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._canonical import Pairs, ServiceRules
    from ._query_auth import PresignedUrl
    from ._signature import SigningKey
    from .types import CredentialsSource, Headers, Lifetime, Now, Query

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


def presign_v4a(
    method: str,
    url: str,
    *,
    credentials: "CredentialsSource",
    region_set: "RegionSet",
    service: str,
    expires_in: "Lifetime | None" = DEFAULT_EXPIRES_IN,
    query: "Query | None" = None,
    headers: "Headers | None" = None,
    payload_hash: "str | None" = None,
    rules: "ServiceRules | None" = None,
    now: "Now | None" = None,
) -> "PresignedUrl":
    """As `presign`, with `region_set` instead of `region`."""
    check_method(method)
    if rules is None:
        rules = rules_for(service)
    payload = rules.payload_hash
    if payload_hash is not None:
        check_payload_hash(payload_hash)
        payload = payload_hash
    if not isinstance(url, str):
        raise TypeError(f"url: expected str, got {type(url).__name__}")
    pairs: Pairs = []
    try:
        scheme, host, path, raw_query = split_url(url)
        pairs = encode_pairs(parse_query(raw_query))
    except ValueError as fault:
        raise InputError("url", str(fault)) from None
    check_query_names("url", pairs, rules)
    if query is not None:
        given = encode_query(query)
        check_query_names("query", given, rules)
        pairs += given
    signed, names = [("host", host)], "host"
    to_send = signed
    if headers is not None:
        signed, to_send = headers_to_sign(headers, host, payload)
        names = signed_headers(signed)

    now = epoch_seconds(now)
    frozen = freeze(credentials)
    lifetime = None
    if expires_in is not None:
        lifetime = lifetime_seconds(expires_in, "expires_in", rules.max_expires_in)
        if frozen.expires_at is not None:
            shorten = expires_in is DEFAULT_EXPIRES_IN
            lifetime = fitted_lifetime(lifetime, now, frozen.expires_at, shorten=shorten)
        pairs.append(("X-Amz-Expires", str(lifetime)))
    elif rules in S3_FAMILY:
        raise InputError("expires_in", "None leaves X-Amz-Expires out, which S3 refuses; give a lifetime")

    date = amz_date(now)
    state = v4a_state(frozen, date[:8], service)
    scope, credential, token, _ = state
    pairs += [
        ("X-Amz-Algorithm", ALGORITHM_V4A),
        ("X-Amz-Credential", credential),
        ("X-Amz-Date", date),
        ("X-Amz-Region-Set", encoded_region_set(region_set)),
        ("X-Amz-SignedHeaders", encode(names)),
    ]
    if token is not None and rules.session_token != "appended":
        pairs.append((TOKEN_PARAMETERS[rules.session_token], token))
    query_string = canonical_query_string(pairs)
    uri = canonical_uri(path, rules)
    canonical = join_canonical_request(method, uri, query_string, signed, names, payload)
    signature = sign_v4a(state, f"{ALGORITHM_V4A}\n{date}\n{scope}\n{sha256(canonical.encode()).hexdigest()}".encode())

    sent_path = path if rules.double_encode else uri
    text = f"{scheme}://{host}{sent_path}?{query_string}&X-Amz-Signature={signature}"
    if token is not None and rules.session_token == "appended":
        text += "&X-Amz-Security-Token=" + token
    return make_url(text, (method, tuple(to_send), None if lifetime is None else now + lifetime))
