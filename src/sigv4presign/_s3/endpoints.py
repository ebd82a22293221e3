"""Where a bucket is: the host that is signed, the path before the key, and the region and service of the scope.

Rule: all five follow from the region and the caller's words alone, never from a guess.  At AWS they are those of
botocore's S3 endpoint ruleset with its regional defaults: what it refuses is refused here, and where it gives a host
the same host is given; tests/test_endpoint_parity.py holds the few exceptions as a table.  The global host is used only
where `aws-global` is asked for by name, since it answers for other regions with a redirect that breaks the signature.
"""

from .._value import Value, set_field
from ..errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    AddressingStyle = Literal["auto", "virtual", "path", "cname"]
    # (scheme, host, path, region, service): the path does not end in "/", and is "" where the host names the bucket;
    # region and service are those of the credential scope, the region None where only SigV4A will do.
    Place = tuple[str, str, str, "str | None", str]

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
        from .arns import place

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


# --- other stores ----------------------------------------------------------------------------------------------------


class Endpoint(Value):
    """A store's own address, taken apart: `https://host:9000/base`."""

    __slots__ = _fields = ("scheme", "host", "base")

    scheme: str
    host: str
    base: str

    def __init__(self, url: str, parameter: str) -> None:
        if not isinstance(url, str):
            raise TypeError(f"{parameter}: expected str, got {type(url).__name__}")
        # AWS's own endpoints need neither.
        from .._canonical import encode_segments
        from .._url import split_url

        try:
            scheme, host, path, query = split_url(url)
        except ValueError as fault:
            hint = "" if "://" in url else "; write https:// (or http://) before it"
            shown = "" if "@" in url else f"{url[:80]!r} "  # what stands before an @ may be a password
            raise InputError(parameter, f"{shown}{fault}{hint}") from None
        if query or url.endswith("?"):
            raise InputError(parameter, "has a query; an endpoint is a scheme, a host, a port and a base path")
        set_field(self, "scheme", scheme)
        set_field(self, "host", host)
        set_field(self, "base", encode_segments(path.rstrip("/")))

    def place(self, bucket: str, style: "AddressingStyle") -> "tuple[str, str, str]":
        """(scheme, host, path) of a bucket here, in a style that is no longer `auto`; the path does not end in /."""
        if style == "virtual":
            if self.is_address():
                raise InputError(
                    "addressing_style", f"'virtual' puts the bucket before {self.host}, an IP address; use 'path'"
                )
            return self.scheme, f"{bucket}.{self.host}", self.base
        if style == "path":
            return self.scheme, self.host, f"{self.base}/{bucket}"
        return self.scheme, self.host, self.base

    def is_address(self) -> bool:
        """Whether the host is an IP address, before which no name can stand."""
        return self.host[0] == "[" or _is_ipv4(self.host.partition(":")[0])


def place_at_endpoint(endpoint: Endpoint, bucket: str, *, region: str, style: "AddressingStyle") -> "Place":
    """Where a bucket is at a store with an address of its own.

    `auto` is path style, as with botocore, since few stores have a wildcard name; `virtual` is kept or refused, since
    nothing says that the store knows path style.  An ARN of an access point goes before the host, as AWS PrivateLink
    wants it: https://docs.aws.amazon.com/AmazonS3/latest/userguide/privatelink-interface-endpoints.html.

    Raises:
        InputError: No bucket, or one that the style cannot name.
        TypeError: The bucket is no text.
    """
    if isinstance(bucket, str) and bucket[:4] == "arn:":
        from .arns import place_arn

        return place_arn(bucket, region=region, style=style, endpoint=endpoint)
    check_bucket(bucket, aws=False)
    if style == "auto":
        style = "path"
    if style == "virtual" and not is_dns_label(bucket, dots=True):
        raise InputError("bucket", f"{bucket!r} cannot be part of a host name; use addressing_style='path'")
    return (*endpoint.place(bucket, style), region, "s3")


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
    return 3 <= len(bucket) <= 63 and not _is_ipv4(bucket) and all(map(is_host_label, labels))


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
        if ".." in bucket or bucket[0] in ".-" or bucket[-1] in ".-" or _is_ipv4(bucket):
            raise InputError("bucket", f"{bucket[:80]!r} breaks AWS's naming rules for buckets")


def _is_ipv4(text: str) -> bool:
    parts = text.split(".")
    return len(parts) == 4 and all(part.isdigit() and len(part) <= 3 for part in parts)
