"""The closure that signs keys: everything but the key is put together once.

Rule: `sign_key`, twenty lines long, is all that runs for each URL; what it skips was done once, by the functions that
`presign` uses.
"""

from .._canonical import encode_query, headers_to_sign, join_canonical_request, signed_query_string
from .._presigned_url import PresignedUrl
from .._query_auth import ALGORITHM, check_query_names, signing_parameters, token_parameter
from .._signature import sha256, state_for
from .._text import IN_PATH, KEEP_IN_PATH, escape, exact_text
from .._time import amz_date
from ..errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .._canonical import Headers, Pairs, Query
    from .._credentials import Credentials
    from .._signature import SigningState
    from .._sigv4a import V4aSigningState
    from .._steps import SigningKey
    from .buckets import Address

    Signer = Callable[[str], PresignedUrl]

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html: bytes of UTF-8
LONGEST_KEY = 1_024


class Extras:
    """What a request has besides its key.

    Attributes:
        query: As in `presign`.
        headers: As in `presign`.
        whole: The bucket itself is meant; then the closure is called with an empty key.
        dots: Keys may have dot segments.
        operation: The name of the operation, if it is known, for buckets where that matters.
    """

    __slots__ = ("dots", "headers", "operation", "query", "whole")

    def __init__(
        self,
        query: "Query | None",
        headers: "Headers | None",
        *,
        whole: bool,
        dots: bool,
        operation: "str | None" = None,
    ) -> None:
        self.query = query
        self.headers = headers
        self.whole = whole
        self.dots = dots
        self.operation = operation


PLAIN = Extras(None, None, whole=False, dots=False)

_KEY = "\0"  # where the key goes; no other part of a canonical request can hold it


def around_the_key(
    method: str,
    address: "Address",
    state: "SigningState | V4aSigningState",
    extras: Extras,
    *,
    date: str,
    lifetime: int,
    algorithm: str = ALGORITHM,
    region_set: str = "",
) -> "tuple[tuple[str, str], tuple[str, str], Pairs]":
    """What is the same for every key.

    Returns:
        The canonical request before and after the key; the URL before the key and, up to the signature, after it; the
        headers that the client has to send.
    """
    rules = address.rules
    others: Pairs = []
    if extras.query is not None:
        others = encode_query(extras.query)
        check_query_names("query", others, rules)
    lines, signed_headers, to_send = headers_to_sign(extras.headers, address.host, rules.payload_hash)
    token = token_parameter(state.token, rules.session_token)
    own = signing_parameters(
        state.credential, date, lifetime, signed_headers, token, algorithm=algorithm, region_set=region_set
    )
    query_string = signed_query_string(own, others)
    path, opening = address.path, address.opening
    if not extras.whole:
        path, opening = path + "/", opening + "/"
    elif not path:
        path, opening = "/", opening + "/"
    canonical_request = join_canonical_request(
        method, path + _KEY, query_string, lines, signed_headers, rules.payload_hash
    )
    before, _, after = canonical_request.partition(_KEY)
    return (before, after), (opening, f"?{query_string}&X-Amz-Signature="), to_send


def new_signer(
    method: str,
    address: "Address",
    credentials: "Credentials | SigningKey",
    extras: Extras,
    *,
    second: int,
    lifetime: int,
    longest: int,
) -> "Signer":
    """The closure that signs keys.

    Args:
        method: The HTTP method, checked.
        address: Where the bucket is.
        credentials: The signer's.
        extras: What is signed besides the key.
        second: X-Amz-Date, in epoch seconds.
        lifetime: In seconds, checked.
        longest: The most bytes of a key.
    """
    if address.region is None:
        from .multi_region import new_multi_region_signer

        return new_multi_region_signer(method, address, credentials, extras, second=second, lifetime=lifetime)
    date = amz_date(second)
    state = state_for(credentials, date[:8], address.region, address.service)
    (before, after), (opening, closing), to_send = around_the_key(
        method, address, state, extras, date=date, lifetime=lifetime
    )
    about, whole, dots = (method, tuple(to_send), second + lifetime), extras.whole, extras.dots
    inner_begun, outer_begun = state.begin(ALGORITHM, date)

    def sign_key(key: str) -> PresignedUrl:
        if type(key) is not str:
            key = exact_text("key", key)
        try:
            raw = key.encode()
        except UnicodeEncodeError:
            raise bad_key(key, longest) from None
        if len(raw) > longest:
            raise bad_key(key, longest)
        if raw < b"/" or "/." in key:  # as all keys are that are empty or have a dot segment
            check_segments(key, whole=whole, dots=dots)
        uri = key if raw.translate(KEEP_IN_PATH) is raw else escape(key, raw, IN_PATH)
        request_hash = sha256(f"{before}{uri}{after}".encode()).hexdigest()
        inner, outer = inner_begun.copy(), outer_begun.copy()
        inner.update(request_hash.encode())
        outer.update(inner.digest())
        url = PresignedUrl(f"{opening}{uri}{closing}{outer.hexdigest()}")
        url._about = about
        return url

    return sign_key


def check_segments(key: str, *, whole: bool, dots: bool) -> None:
    """Reject an empty key, unless the bucket itself is meant, and dot segments, unless they are allowed."""
    if not key and not whole:
        raise InputError("key", "is empty; presign() with key=None means the bucket itself")
    for segment in () if dots else key.split("/"):
        if segment in (".", ".."):
            raise InputError(
                "key",
                f"has a segment {segment!r}, which most HTTP clients collapse; allow_dot_segments=True signs it",
            )


def bad_key(key: str, longest: int) -> InputError:
    """The error for a key that is not text or too long."""
    try:
        size = len(key.encode())
    except UnicodeEncodeError:
        return InputError("key", "has a lone surrogate, which is not text; decode file names with errors='strict'")
    return InputError("key", f"has {size} bytes in UTF-8; S3's keys have at most {longest}")
