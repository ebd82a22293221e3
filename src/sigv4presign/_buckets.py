"""From a bucket to where it is, and from there to the function that signs its keys: what all of S3 builds on.

Rule: host, path, region and service follow from the region and the caller's words alone, never from a guess.  At AWS
they are those of botocore's S3 endpoint ruleset with its regional defaults: what it refuses is refused here, and where
it gives a host the same host is given; tests/test_endpoint_parity.py holds the few exceptions as a table.  The global
host is used only where `aws-global` is asked for by name, since it answers for other regions with a redirect that
breaks the signature.  Then everything but the key is put together once, and `sign_key`, twenty lines long, is all that
runs for each URL.
"""

from ._encoding import KEEP_UNRESERVED_AND_SLASH, UNRESERVED_AND_SLASH, amz_date, encode_query, escape, exact_text
from ._signature import ALGORITHM, check_query_names, sha256, signed_query, state_for
from ._values import PresignedUrl
from .errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Literal

    from ._encoding import Pairs
    from ._signature import ServiceRules
    from .types import Headers, Query

    AddressingStyle = Literal["auto", "virtual", "path", "cname"]
    # (scheme, host, path, region, service): the path does not end in "/", and is "" where the host names the bucket;
    # region and service are those of the credential scope, the region None where only SigV4A will do.
    Place = tuple[str, str, str, "str | None", str]
    # host and path that are signed, URL that is opened, each up to the key's slash; region, service and its rules
    SigningPlace = tuple[str, str, str, Any, str, ServiceRules]
    # query and headers as in `presign`; whether the bucket itself is meant, for which the function is called with an
    # empty key; whether keys may have dot segments
    Special = tuple[Query | None, Headers | None, bool, bool]
    Signer = Callable[[str], PresignedUrl]

STYLES = ("auto", "virtual", "path", "cname")

# --- AWS -------------------------------------------------------------------------------------------------------------

# Name and domain of each partition, by what stands before a region's last two parts (`us-gov` in `us-gov-west-1`).
# All others, and regions of another form, are in the partition `aws`: botocore's partitions.json and its fallback.
_PARTITIONS = {
    "cn": ("aws-cn", "amazonaws.com.cn"),
    "eu-isoe": ("aws-iso-e", "cloud.adc-e.uk"),
    "eusc-de": ("aws-eusc", "amazonaws.eu"),
    "us-gov": ("aws-us-gov", "amazonaws.com"),
    "us-iso": ("aws-iso", "c2s.ic.gov"),
    "us-isob": ("aws-iso-b", "sc2s.sgov.gov"),
    "us-isof": ("aws-iso-f", "csp.hci.ic.gov"),
}
_AWS = ("aws", "amazonaws.com")

# Directory buckets and their access points; buckets on Outposts by their alias, which is at least this long.
_SUFFIXES = ("--x-s3", "--xa-s3", "--op-s3")
_OUTPOSTS_ALIAS_LENGTH = 50


def partition(region: str) -> "tuple[str, str]":
    """The name of a region's partition and its domain."""
    parts = region.rsplit("-", 2)
    if len(parts) == 3 and parts[1] and parts[2].isdigit():
        return _PARTITIONS.get(parts[0], _AWS)
    return _AWS


def place_at_aws(
    bucket: str, *, region: str, style: "AddressingStyle", dualstack: bool, fips: bool, accelerate: bool
) -> "Place":
    """Where a bucket, an access point's ARN or an alias is at AWS.

    `auto` and `virtual` are one here, as with botocore: the bucket goes into the host, unless its name cannot be one
    DNS label.  A dot would break the TLS certificate's wildcard, and capitals and underscores are in no host.  Then,
    and with `path`, it goes into the path.  ARNs, directory buckets and buckets on Outposts are in the host always.

    Raises:
        InputError: No bucket of AWS, or options of which S3 has no such endpoint; the message names both.
        TypeError: The bucket is no text.
    """
    check_options(
        region=region, endpoint=None, style=style, dualstack=dualstack, fips=fips, accelerate=accelerate
    )  # fmt: skip
    if not isinstance(bucket, str):
        raise TypeError(f"bucket: expected str, got {type(bucket).__name__}")
    is_global = region == "aws-global"
    if is_global:
        region = "us-east-1"
    if bucket[:4] == "arn:" or (
        bucket.endswith(_SUFFIXES) and (bucket[-7:] != "--op-s3" or len(bucket) >= _OUTPOSTS_ALIAS_LENGTH)
    ):
        from ._s3.arns import place

        return place(bucket, region=region, style=style, dualstack=dualstack, fips=fips, accelerate=accelerate)

    check_bucket(bucket, aws=True)
    domain = partition(region)[1]
    variant = ("-fips" if fips else "") + (".dualstack" if dualstack else "")
    virtual = style != "path" and is_dns_label(bucket, dots=False)
    if accelerate:
        if not virtual:
            raise InputError(
                "accelerate", f"takes buckets by their host name, which {bucket[:80]!r} cannot be; use accelerate=False"
            )
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/transfer-acceleration-getting-started.html
        host = f"s3-accelerate{variant}.{domain}"
    elif is_global and not variant:
        host = f"s3.{domain}"
    else:
        host = f"s3{variant}.{region}.{domain}"
    if virtual:
        return "https", f"{bucket}.{host}", "", region, "s3"
    return "https", host, f"/{bucket}", region, "s3"


def check_options(
    *, region: str, endpoint: "str | None", style: "AddressingStyle", dualstack: bool, fips: bool, accelerate: bool
) -> None:
    """Refuse options that contradict each other whatever the bucket is.

    An endpoint says where the store is, and so do the three options of AWS's own endpoints: to have both is an error
    for botocore's ruleset, and here.
    """
    if style not in STYLES:
        raise InputError("addressing_style", f"{style!r} is none of {', '.join(map(repr, STYLES))}")
    for option, wanted in (("dualstack", dualstack), ("fips", fips), ("accelerate", accelerate)):
        if wanted and endpoint is not None:
            raise InputError(
                option, "chooses one of AWS's own endpoints and cannot go with endpoint=; drop one of them"
            )
    if endpoint is not None:
        return
    if style == "cname":
        raise InputError("addressing_style", "'cname' needs the endpoint= whose host stands for the bucket")
    if accelerate and fips:
        raise InputError(
            "accelerate", "cannot go with fips=True: S3 has no accelerated FIPS endpoint; drop one of them"
        )
    if accelerate and style == "path":
        raise InputError("accelerate", "cannot go with addressing_style='path'; let addressing_style be 'auto'")
    if region != "aws-global":
        check_region(region, "region")
    if partition(region)[0] == "aws-cn" and (accelerate or fips):
        option = "accelerate" if accelerate else "fips"
        raise InputError(option, f"S3 has no such endpoint in China, where region={region!r} is; use {option}=False")


def check_region(region: str, parameter: str) -> None:
    """Refuse a region that cannot stand in a host of AWS, or never does."""
    if not is_host_label(region):
        raise InputError(
            parameter, f"{region[:80]!r} cannot be a region of AWS, such as 'eu-west-1'; other stores need endpoint="
        )
    # Names by which SDKs have called an endpoint in place of a region.  No host has them in its name.
    if region.startswith(("fips-", "s3-")) or region.endswith("-global"):
        raise InputError(
            parameter, f"{region!r} is an SDK's name for an endpoint; give the region itself, and fips=True for FIPS"
        )


# --- names -----------------------------------------------------------------------------------------------------------

_LABEL_BYTES = b"abcdefghijklmnopqrstuvwxyz0123456789-"
_BUCKET_BYTES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._"


def is_host_label(text: str) -> bool:
    """Whether a text is one label of a host: 1 to 63 lower-case letters, digits and inner hyphens (RFC 1123, 2.1)."""
    return (
        0 < len(text) < 64
        and text.isascii()
        and text[0] != "-"
        and text[-1] != "-"
        and not text.encode().translate(None, _LABEL_BYTES)
    )


def is_dns_label(bucket: str, *, dots: bool) -> bool:
    """Whether a bucket's name can stand before a host: 3 to 63 lower-case letters, digits, hyphens (and dots)."""
    labels = bucket.split(".") if dots else [bucket]
    return 3 <= len(bucket) <= 63 and not is_ipv4(bucket) and all(map(is_host_label, labels))


def check_bucket(bucket: str, *, aws: bool) -> None:
    """Refuse what is no bucket: for AWS by its naming rules, for any other store only what breaks the URL.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    """
    if not isinstance(bucket, str):
        raise TypeError(f"bucket: expected str, got {type(bucket).__name__}")
    if not bucket or "/" in bucket or bucket in (".", ".."):
        raise InputError("bucket", f"{bucket[:80]!r} is no bucket name; a key goes into its own argument")
    if not bucket.isascii() or bucket.encode().translate(None, _BUCKET_BYTES):
        raise InputError("bucket", f"{bucket[:80]!r} has a character that no bucket name has")
    if aws:
        # Names from before 2018 in us-east-1 may have capitals and underscores; they still work, in path style.
        if not 3 <= len(bucket) <= 255:
            raise InputError(
                "bucket",
                f"{bucket[:80]!r} has a length of {len(bucket)}; AWS allows 3 to 63 characters, old ones up to 255",
            )
        if ".." in bucket or bucket[0] in ".-" or bucket[-1] in ".-" or is_ipv4(bucket):
            raise InputError("bucket", f"{bucket[:80]!r} breaks AWS's naming rules for buckets")


def is_ipv4(text: str) -> bool:
    parts = text.split(".")
    return len(parts) == 4 and all(part.isdigit() and len(part) <= 3 for part in parts)


# --- keys ------------------------------------------------------------------------------------------------------------

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html: bytes of UTF-8
LONGEST_KEY = 1_024


def new_signer(
    method: str,
    place: "SigningPlace",
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
    canonical_headers, signed_headers = f"host:{host}\n", "host"
    to_send: Pairs = []
    if headers is not None:
        canonical_headers, signed_headers, to_send = headers_to_sign(headers, host, rules.payload_hash)

    date = amz_date(second)
    scope, credential, token, inner_start, outer_start = state_for(credentials, date[:8], region, service)
    query_string = signed_query(credential, date, lifetime, signed_headers, token, rules.session_token, pairs)
    if not whole:
        path, opening = path + "/", opening + "/"
    elif not path:
        path, opening = "/", opening + "/"
    # The canonical request around the key, which ends its second line.
    before = f"{method}\n{path}"
    after = f"\n{query_string}\n{canonical_headers}\n{signed_headers}\n{rules.payload_hash}"
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
            raise bad_key(key, longest) from None
        if len(raw) > longest:
            raise bad_key(key, longest)
        if raw < b"/" or "/." in key:  # as all are that are empty or have a dot segment
            check_segments(key, whole=whole, dots=dots)
        uri = key if raw.translate(KEEP_UNRESERVED_AND_SLASH) is raw else escape(raw, UNRESERVED_AND_SLASH)
        request_hash = sha256(f"{before}{uri}{after}".encode()).hexdigest()
        inner, outer = inner_start.copy(), outer_start.copy()  # HMAC, begun in _signature._hmac_states
        inner.update(request_hash.encode())
        outer.update(inner.digest())
        url = PresignedUrl(f"{opening}{uri}{closing}{outer.hexdigest()}")
        url._about = about
        return url

    return sign_key


def headers_to_sign(headers: "Headers", host: str, payload: str) -> "tuple[str, str, Pairs]":  # noqa: F811 - see below
    """That of `_canonical`, which takes this one's place when the first URL with headers is signed; most have none."""
    global headers_to_sign
    from ._canonical import headers_to_sign

    return headers_to_sign(headers, host, payload)


def check_segments(key: str, *, whole: bool, dots: bool) -> None:
    """Refuse a key that is empty, unless it stands for the whole bucket, and dot segments, unless they are wanted."""
    if not key and not whole:
        raise InputError("key", "is empty; presign() with key=None means the bucket itself")
    for segment in () if dots else key.split("/"):
        if segment in (".", ".."):
            raise InputError(
                "key",
                f"has a segment {segment!r}, which most HTTP clients collapse; allow_dot_segments=True signs it",
            )


def bad_key(key: str, longest: int) -> InputError:
    try:
        size = len(key.encode())
    except UnicodeEncodeError:
        return InputError("key", "has a lone surrogate, which is not text; decode file names with errors='strict'")
    return InputError("key", f"has {size} bytes in UTF-8; S3's keys have at most {longest}")
