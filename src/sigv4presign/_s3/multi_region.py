"""Keys of a multi-region access point: it is in no single region, so its URLs need SigV4A.

Rule: as with one region, everything is checked once, at the call; the closure signs one key.
"""

from .._presigned_url import PresignedUrl
from .._query_auth import ALGORITHM_V4A
from .._signature import string_to_sign
from .._text import encode_path, exact_text
from .._time import amz_date
from ..errors import InputError
from .signer import LONGEST_KEY, around_the_key, bad_key, check_segments

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._credentials import Credentials
    from .._steps import SigningKey
    from .buckets import Address
    from .signer import Extras, Signer


def new_multi_region_signer(
    method: str,
    address: "Address",
    credentials: "Credentials | SigningKey",
    extras: "Extras",
    *,
    second: int,
    lifetime: int,
) -> "Signer":
    """The closure that signs keys of a multi-region access point, for every region."""
    try:
        from .._sigv4a import encoded_region_set, v4a_state
    except ImportError:
        raise InputError(
            "bucket", "a multi-region access point needs _sigv4a.py and _p256.py, which this copy leaves out"
        ) from None
    date = amz_date(second)
    state = v4a_state(credentials, date[:8], address.service)
    (before, after), (opening, closing), to_send = around_the_key(
        method, address, state, extras, date=date, lifetime=lifetime, algorithm=ALGORITHM_V4A,
        region_set=encoded_region_set("*"),
    )  # fmt: skip
    about = (method, tuple(to_send), second + lifetime)

    def sign_key(key: str) -> PresignedUrl:
        key = exact_text("key", key)
        try:
            uri = encode_path(key)
        except UnicodeEncodeError:
            raise bad_key(key, LONGEST_KEY) from None
        if len(key.encode()) > LONGEST_KEY:
            raise bad_key(key, LONGEST_KEY)
        check_segments(key, whole=extras.whole, dots=extras.dots)
        canonical_request = f"{before}{uri}{after}"
        signature = state.sign(string_to_sign(ALGORITHM_V4A, date, state.scope, canonical_request))
        url = PresignedUrl(f"{opening}{uri}{closing}{signature}")
        url._about = about
        return url

    return sign_key
