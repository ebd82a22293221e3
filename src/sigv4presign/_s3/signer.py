"""The closure that signs keys: everything but the key is computed once.

Rule: only `sign_key` runs for each URL; the rest is done once, by the functions that `presign` uses.
"""

from .._canonical import encode_query, headers_to_sign, join_canonical_request, signed_query_string
from .._presigned_url import PresignedUrl
from .._query_auth import check_query_names, signing_parameters
from .._signature import sha256, state_for, string_to_sign
from .._text import IN_PATH, KEEP_IN_PATH, encode_path, escape, exact_text
from .._time import amz_date
from ..errors import InputError, frameless, without_our_frames

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .._canonical import Headers, Query
    from .._credentials import Credentials
    from .._presigned_url import Facts
    from .._signature import SigningState
    from .._sigv4a import V4aSigningState
    from .._steps import SigningKey
    from .buckets import Address

    Signer = Callable[[str], PresignedUrl]


class Extras:
    """What is signed besides the key.

    Attributes:
        query: As in `presign`.
        headers: As in `presign`.
        whole: Sign for the bucket itself, with an empty key.
        dots: Allow dot segments in keys.
        operation: The operation's name, if known; it changes the address of some buckets.
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

_KEY = "\0"  # marks the key; it can't occur elsewhere in a canonical request


def new_signer(
    method: str,
    address: "Address",
    credentials: "Credentials | SigningKey",
    extras: Extras,
    second: int,
    lifetime: int,
) -> "Signer":
    """The closure that signs keys; with SigV4A for a multi-region access point.

    Args:
        method: The HTTP method, checked.
        address: The bucket's.
        credentials: The signer's.
        extras: What is signed besides the key.
        second: X-Amz-Date, in epoch seconds.
        lifetime: In seconds, checked.
    """
    date, rules, region_set = amz_date(second), address.rules, ""
    state: SigningState | V4aSigningState
    plain_state: SigningState | None = None
    if address.region is None:
        state, region_set = _for_every_region(credentials, date, address.service)
    else:
        state = plain_state = state_for(credentials, date[:8], address.region, address.service)
    lines, signed_headers = f"host:{address.host}\n", "host"
    about: Facts = (method, (), second + lifetime)
    if extras.headers is not None:
        lines, signed_headers, to_send = headers_to_sign(extras.headers, address.host, rules.payload_hash)
        about = (method, tuple(to_send), second + lifetime)
    query_string = signing_parameters(state, date, lifetime, signed_headers, rules.session_token, region_set)
    if extras.query is not None:
        others = encode_query(extras.query)
        check_query_names("query", others, rules)
        query_string = signed_query_string(query_string, others)
    whole, dots, longest = extras.whole, extras.dots, address.longest_key
    slash = address.slash if whole else "/"
    path, opening = address.path + slash, address.opening + slash
    before, _, after = join_canonical_request(
        method, path + _KEY, query_string, lines, signed_headers, rules.payload_hash
    ).partition(_KEY)
    closing = f"?{query_string}&X-Amz-Signature="

    # In both closures, what may hold a session token or the key of SSE-C is an argument, since an error has to leave
    # without it, and a closure's variables can't be deleted; they also take longer to make (benchmark row "moving
    # clock").
    if plain_state is None:

        @frameless
        def sign_key_for_every_region(
            key: str,
            after: str = after,
            closing: str = closing,
            about: "Facts" = about,
            date: str = date,
            state: "SigningState | V4aSigningState" = state,
        ) -> PresignedUrl:
            uri = _encoded_key(key, longest, whole=whole, dots=dots)
            signature = state.sign(string_to_sign(state.algorithm, date, state.scope, f"{before}{uri}{after}"))
            url = PresignedUrl(f"{opening}{uri}{closing}{signature}")
            url._about = about
            return url

        return sign_key_for_every_region

    inner_begun, outer_begun = plain_state.begin(date)

    # As above, without a call that can be spared: benchmark row "safe keys".
    def sign_key(key: str, after: str = after, closing: str = closing, about: "Facts" = about) -> PresignedUrl:
        try:
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
        except (InputError, TypeError) as fault:
            del after, closing, about
            raise without_our_frames(fault)  # noqa: B904 - it is the same error
        uri = key if raw.translate(KEEP_IN_PATH) is raw else escape(key, raw, IN_PATH)
        request_hash = sha256(f"{before}{uri}{after}".encode()).hexdigest()
        inner, outer = inner_begun.copy(), outer_begun.copy()
        inner.update(request_hash.encode())
        outer.update(inner.digest())
        url = PresignedUrl(f"{opening}{uri}{closing}{outer.hexdigest()}")
        url._about = about
        return url

    return sign_key


def _for_every_region(
    credentials: "Credentials | SigningKey", date: str, service: str
) -> "tuple[V4aSigningState, str]":
    """The state of SigV4A and X-Amz-Region-Set, for a multi-region access point."""
    try:
        from .._sigv4a import encoded_region_set, v4a_state
    except ImportError:
        raise InputError(
            "bucket",
            "a multi-region access point needs _sigv4a.py and _p256.py, which this copy of sigv4presign leaves out",
        ) from None
    return v4a_state(credentials, date[:8], service), encoded_region_set("*")


def _encoded_key(key: str, longest: int, *, whole: bool, dots: bool) -> str:
    """A key, checked and percent-encoded."""
    key = exact_text("key", key)
    try:
        size = len(key.encode())
    except UnicodeEncodeError:
        raise bad_key(key, longest) from None
    if size > longest:
        raise bad_key(key, longest)
    check_segments(key, whole=whole, dots=dots)
    return encode_path(key)


def check_segments(
    key: str, *, whole: bool, dots: bool, way_out: str = "pass allow_dot_segments=True to sign it"
) -> None:
    """Reject an empty key, unless the bucket itself is meant, and dot segments, unless they are allowed."""
    if not key and not whole:
        raise InputError("key", "is empty; use presign() with key=None for the bucket itself")
    for segment in () if dots else key.split("/"):
        if segment in (".", ".."):
            raise InputError("key", f"has a segment {segment!r}, which most HTTP clients remove; {way_out}")


# For calls without that argument.
SIGNED_ELSEWHERE = "an operation's own method, such as get_object(), signs it with allow_dot_segments=True"


def bad_key(key: str, longest: int) -> InputError:
    """The error for a key that is not text or too long."""
    try:
        size = len(key.encode())
    except UnicodeEncodeError:
        return InputError("key", "has a lone surrogate, which is not text; decode file names with errors='strict'")
    return InputError("key", f"has {size} bytes in UTF-8; the maximum is {longest}")
