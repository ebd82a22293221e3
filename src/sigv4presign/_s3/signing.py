"""From a place, a lifetime and a second to the function that signs keys there.

Rule: everything but the key is put together here, once; `sign_key`, twenty lines long, is all that runs for each URL.
"""

from .._canonical import S3_RULES, encode_query, headers_to_sign, join_canonical_request, signed_headers
from .._encoding import KEEP_UNRESERVED_AND_SLASH, UNRESERVED_AND_SLASH, encode_path, escape, exact_text
from .._query_auth import PresignedUrl, check_query_names, new_str, signed_query
from .._signature import ALGORITHM, sha256, state_for
from .._timestamps import amz_date
from ..errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .._canonical import Pairs, ServiceRules
    from ..types import Headers, Lifetime, Query

    Signer = Callable[[str], PresignedUrl]
    # host and path that are signed, URL that is opened, each up to the key's slash; region, service and its rules
    Place = tuple[str, str, str, Any, str, ServiceRules]
    # query and headers as in `presign`; whether the bucket itself is meant, for which the function is called with an
    # empty key; whether keys may have dot segments
    Special = tuple[Query | None, Headers | None, bool, bool]

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html: bytes of UTF-8
LONGEST_KEY = 1_024


def new_signer(
    method: str,
    place: "Place",
    lifetime: int,
    second: int,
    credentials: "Any",
    longest: int,
    special: "Special",
) -> "Signer":
    """The function that signs a key.

    Args:
        method: The HTTP method, checked.
        place: Where the bucket is.
        lifetime: In seconds, checked.
        second: X-Amz-Date, in epoch seconds.
        credentials: `Credentials` or a `SigningKey`.
        longest: The most bytes of a key.
        special: What is signed besides the key.
    """
    query, headers, whole, dots = special
    host, path, opening, region, service, rules = place
    pairs: Pairs = []
    if query is not None:
        pairs = encode_query(query)
        check_query_names("query", pairs, rules)
    signed, names = [("host", host)], "host"
    to_send = signed
    if headers is not None:
        signed, to_send = headers_to_sign(headers, host, rules.payload_hash)
        names = signed_headers(signed)

    date = amz_date(second)
    scope, credential, token, inner_start, outer_start, _ = state_for(credentials, date[:8], region, service)
    query_string = signed_query(credential, date, lifetime, names, token, rules.session_token, pairs)
    if not whole:
        path, opening = path + "/", opening + "/"
    elif not path:
        path, opening = "/", opening + "/"
    # The canonical request around the key, which ends its second line.
    before = f"{method}\n{path}"
    after = join_canonical_request(method, path, query_string, signed, names, rules.payload_hash)[len(before) :]
    inner_start = inner_start.copy()
    inner_start.update(f"{ALGORITHM}\n{date}\n{scope}\n".encode())
    closing = f"?{query_string}&X-Amz-Signature="
    about = (method, tuple(to_send), second + lifetime)

    def sign_key(key: str) -> PresignedUrl:
        if type(key) is not str:
            key = exact_text("key", key)
        try:
            raw = key.encode()
        except UnicodeEncodeError:
            raise _bad_key(key, longest) from None
        if len(raw) > longest:
            raise _bad_key(key, longest)
        if key < "/" or "/." in key:  # as all are that are empty or have a dot segment
            _check_segments(key, whole=whole, dots=dots)
        uri = key if raw.translate(KEEP_UNRESERVED_AND_SLASH) == raw else escape(raw, UNRESERVED_AND_SLASH)
        request_hash = sha256(f"{before}{uri}{after}".encode()).hexdigest()
        inner, outer = inner_start.copy(), outer_start.copy()  # HMAC, begun in _signature._hmac_states
        inner.update(request_hash.encode())
        outer.update(inner.digest())
        url: PresignedUrl = new_str(PresignedUrl, f"{opening}{uri}{closing}{outer.hexdigest()}")
        url._about = about
        return url

    return sign_key


def multi_region_signer(
    method: str,
    opening: str,
    lifetime: int,
    second: int,
    credentials: "Any",
    special: "Special",
) -> "Signer":
    """The same for a multi-region access point, which is in no one region and so needs SigV4A."""
    from .._presign import presign

    # Read and checked once, at the call, as everywhere.
    query, headers, whole, dots = special
    pairs, sent = _listed(query), _listed(headers)
    check_query_names("query", encode_query(pairs or ()), S3_RULES)
    headers_to_sign(sent or (), "", S3_RULES.payload_hash)

    def sign_key(key: str) -> PresignedUrl:
        key = exact_text("key", key)
        try:
            uri = encode_path(key)
        except UnicodeEncodeError:
            raise _bad_key(key, LONGEST_KEY) from None
        if len(key.encode()) > LONGEST_KEY:
            raise _bad_key(key, LONGEST_KEY)
        _check_segments(key, whole=whole, dots=dots)
        return presign(
            method,
            f"{opening}/{uri}",
            credentials=credentials,
            region_set="*",
            service="s3",
            expires_in=lifetime,
            query=pairs,
            headers=sent,
            now=second,
        )

    return sign_key


def with_nonce(query: "Query | None", stable_for: "Lifetime | None") -> "Pairs":
    """The query with a random parameter; S3 ignores unknown ones that begin with `x-`, and logs them.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html#LogFormatCustom
    """
    import os

    if stable_for is not None:
        raise InputError("nonce", "makes each URL another one, and stable_for keeps it the same; drop one of them")
    given: Any = () if query is None else query
    pairs: Any = given.items() if hasattr(given, "items") else given
    return [*pairs, ("x-nonce", os.urandom(16).hex())]


def _check_segments(key: str, *, whole: bool, dots: bool) -> None:
    """Refuse a key that is empty, unless it stands for the whole bucket, and dot segments, unless they are wanted."""
    if not key and not whole:
        raise InputError("key", "is empty; presign() with key=None means the bucket itself")
    for segment in () if dots else key.split("/"):
        if segment in (".", ".."):
            raise InputError(
                "key",
                f"has a segment {segment!r}, which most HTTP clients collapse; allow_dot_segments=True signs it",
            )


def _bad_key(key: str, longest: int) -> InputError:
    try:
        size = len(key.encode())
    except UnicodeEncodeError:
        return InputError("key", "has a lone surrogate, which is not text; decode file names with errors='strict'")
    return InputError("key", f"has {size} bytes in UTF-8; S3's keys have at most {longest}")


def _listed(items: "Any") -> "Any":
    """A caller's mapping or pairs as pairs that can be read again."""
    if items is None or isinstance(items, (str, bytes)):
        return items
    return list(items.items() if hasattr(items, "items") else items)
