"""Keys of a multi-region access point: it is in no one region, so its URLs need SigV4A.

Rule: as with one region, everything is checked once, at the call; the function that is returned signs one key.
"""

from .._buckets import LONGEST_KEY, bad_key, check_segments
from .._canonical import headers_to_sign
from .._encoding import encode_path, encode_query, exact_text
from .._presign import presign
from .._signature import S3_RULES, check_query_names
from .._values import PresignedUrl

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .._buckets import Signer, Special


def multi_region_signer(
    method: str,
    opening: str,
    lifetime: int,
    second: int,
    credentials: "Any",
    special: "Special",
) -> "Signer":
    """The function that signs a key for a multi-region access point."""
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
            raise bad_key(key, LONGEST_KEY) from None
        if len(key.encode()) > LONGEST_KEY:
            raise bad_key(key, LONGEST_KEY)
        check_segments(key, whole=whole, dots=dots)
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


def _listed(items: "Any") -> "Any":
    """A caller's mapping or pairs as pairs that can be read again."""
    if items is None or isinstance(items, (str, bytes)):
        return items
    return list(items.items() if hasattr(items, "items") else items)
