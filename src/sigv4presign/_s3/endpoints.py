"""Where a bucket is: the host that is signed and the path before the key.

Rule: the host follows from the region and the caller's words alone, never from a guess; the global host is never used,
since it answers other regions with a redirect that breaks the signature.
"""

from .._url import check_path, split_url
from .._value import Value, set_field
from ..errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    AddressingStyle = Literal["auto", "virtual", "path", "cname"]

STYLES = ("auto", "virtual", "path", "cname")

# botocore's partitions.json, by the beginning of a region's name; all others are in the aws partition.
_SUFFIXES = (
    ("cn-", "amazonaws.com.cn"),
    ("eusc-", "amazonaws.eu"),
    ("us-isob-", "sc2s.sgov.gov"),
    ("us-isof-", "csp.hci.ic.gov"),
    ("eu-isoe-", "cloud.adc-e.uk"),
    ("us-iso-", "c2s.ic.gov"),
)


def dns_suffix(region: str) -> str:
    """The domain of a region's partition."""
    for prefix, suffix in _SUFFIXES:
        if region.startswith(prefix):
            return suffix
    return "amazonaws.com"


class Endpoint(Value):
    """A store's own address, taken apart: `https://host:9000/base`."""

    __slots__ = _fields = ("scheme", "host", "base")

    scheme: str
    host: str
    base: str

    def __init__(self, url: str, parameter: str) -> None:
        if not isinstance(url, str):
            raise TypeError(f"{parameter}: expected str, got {type(url).__name__}")
        try:
            scheme, host, path, query = split_url(url)
        except ValueError as fault:
            hint = "" if "://" in url else "; write https:// (or http://) before it"
            raise InputError(parameter, f"{url[:80]!r} {fault}{hint}") from None
        if query or url.endswith("?"):
            raise InputError(parameter, "has a query; an endpoint is a scheme, a host, a port and a base path")
        base = path.rstrip("/")
        check_path(base)
        set_field(self, "scheme", scheme)
        set_field(self, "host", host)
        set_field(self, "base", base)

    def place(self, bucket: str, style: "AddressingStyle") -> "tuple[str, str, str]":
        """(scheme, host, path) of a bucket here, in a style that is no longer `auto`; the path does not end in /."""
        if style == "virtual":
            return self.scheme, f"{bucket}.{self.host}", self.base
        if style == "path":
            return self.scheme, self.host, f"{self.base}/{bucket}"
        return self.scheme, self.host, self.base


def aws_endpoint(region: str) -> Endpoint:
    """The regional endpoint of S3 itself."""
    return Endpoint(f"https://s3.{region}.{dns_suffix(region)}", "region")


def resolve_style(bucket: str, style: "AddressingStyle", *, aws: bool, scheme: str) -> "AddressingStyle":
    """What `auto` means for a bucket; refuse a bucket that the asked style cannot name.

    AWS: the bucket goes into the host, unless its dots would break the TLS certificate's wildcard.  A custom endpoint
    gets path style, as botocore does it, since few of them have a wildcard name.
    """
    if style == "auto":
        return "virtual" if aws and is_dns_label(bucket, dots=scheme == "http") else "path"
    if style == "virtual" and not is_dns_label(bucket, dots=True):
        raise InputError("bucket", f"{bucket!r} cannot be part of a host name; use addressing_style='path'")
    return style


_LABEL_BYTES = b"abcdefghijklmnopqrstuvwxyz0123456789-"


def is_dns_label(bucket: str, *, dots: bool) -> bool:
    """Whether a bucket's name can stand before a host: 3 to 63 lower-case letters, digits, hyphens (and dots)."""
    labels = bucket.split(".") if dots else [bucket]
    return 3 <= len(bucket) <= 63 and all(
        label and label[0] != "-" and label[-1] != "-" and not label.encode().translate(None, _LABEL_BYTES)
        for label in labels
    )


def check_bucket(bucket: str, *, aws: bool) -> None:
    """Refuse what is no bucket: for AWS by its naming rules, for any other store only what breaks the URL.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    """
    if not isinstance(bucket, str):
        raise TypeError(f"bucket: expected str, got {type(bucket).__name__}")
    if not bucket or "/" in bucket or bucket in (".", ".."):
        raise InputError("bucket", f"{bucket[:80]!r} is no bucket name; a key goes into its own argument")
    if not bucket.isascii() or not bucket.isprintable() or bucket.encode().translate(None, _BUCKET_BYTES):
        raise InputError("bucket", f"{bucket[:80]!r} has a character that no bucket name has")
    if aws:
        # Names from before 2018 in us-east-1 may have capitals and underscores; they still work, in path style.
        if not 3 <= len(bucket) <= 255:
            raise InputError("bucket", f"{bucket[:80]!r} has {len(bucket)} characters; AWS has 3 to 63 (255 once)")
        if ".." in bucket or bucket[0] in ".-" or bucket[-1] in ".-" or _is_ipv4(bucket):
            raise InputError("bucket", f"{bucket[:80]!r} breaks AWS's naming rules for buckets")


_BUCKET_BYTES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._"


def _is_ipv4(text: str) -> bool:
    parts = text.split(".")
    return len(parts) == 4 and all(part.isdigit() and int(part) <= 255 for part in parts)
