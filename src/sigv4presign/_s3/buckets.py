"""The address of a bucket: AWS's regions and partitions, bucket names, hosts and paths.

Rule: an address follows from the region and the caller's arguments alone.  At AWS it is that of botocore's S3 endpoint
ruleset with its regional defaults, and what the ruleset rejects is rejected here; tests/test_endpoint_parity.py has a
table of the few exceptions.  The global host is used only for `aws-global`, since it redirects requests for other
regions, which breaks the signature.
"""

from .._query_auth import rules_for
from ..errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal, TypeAlias, TypedDict  # noqa: F401 - two in aliases

    from .custom_endpoint import Endpoint
    from .presigner import S3Presigner

    class _Options(TypedDict):
        """The variants of AWS's endpoints."""

        dualstack: bool
        fips: bool
        accelerate: bool


AddressingStyle: "TypeAlias" = 'Literal["auto", "virtual", "path", "cname"]'

STYLES = ("auto", "virtual", "path", "cname")


# https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html: bytes of UTF-8
LONGEST_KEY = 1_024
NO_LIMIT = 1 << 62


class Address:
    """The address of a bucket.

    Attributes:
        scheme: `https` or `http`.
        host: The value of the Host header that is signed.
        path: The path up to the key's slash: "" if the host names the bucket.
        region: The credential scope's; None for a multi-region access point, which needs SigV4A.
        service: The credential scope's.
        rules: The service's; an operation may have others.
        opening: The URL that the client opens, up to the key's slash; behind a proxy its host is not `host`.
        slash: The end of `path` and `opening` in a URL of the bucket itself: "" if the path names the bucket.
        longest_key: The maximum length of a key in bytes; other stores set their own limits.
    """

    __slots__ = ("host", "longest_key", "opening", "path", "region", "rules", "scheme", "service", "slash")

    def __init__(self, scheme: str, host: str, path: str, region: "str | None", service: str) -> None:
        self.scheme = scheme
        self.host = host
        self.path = path
        self.region = region
        self.service = service
        self.rules = rules_for(service)
        self.opening = f"{scheme}://{host}{path}"
        self.slash = "" if path else "/"
        self.longest_key = LONGEST_KEY


NOTHING: "tuple[Any, Any]" = (object(), None)  # empty cache
THE_SERVICE: "Any" = object()  # instead of a bucket, for ListBuckets


class Addresses:
    """The addresses of a presigner's buckets.

    Attributes:
        store: The parsed endpoint; None for AWS's.
        public: The parsed public endpoint, or None.
        forbidden: The kinds of buckets that a setting forbids, and which setting: `from_settings`, `from_boto3`.
        last: The last bucket and its address, as one pair, which threads replace in one step.
    """

    __slots__ = ("forbidden", "last", "options", "public", "region", "store", "style")

    def __init__(self, presigner: "S3Presigner") -> None:
        self.region = presigner.region
        self.style: AddressingStyle = presigner.addressing_style
        self.options: _Options = {
            "dualstack": presigner.dualstack, "fips": presigner.fips, "accelerate": presigner.accelerate,
        }  # fmt: skip
        self.store: Endpoint | None = None
        self.public: Endpoint | None = None
        if presigner.endpoint is not None or presigner.public_endpoint is not None:
            from .custom_endpoint import read_endpoint

            self.store = read_endpoint("endpoint", presigner.endpoint)
            self.public = read_endpoint("public_endpoint", presigner.public_endpoint)
        self.forbidden: dict[str, str] = {}
        self.last = NOTHING

    def of(self, bucket: str) -> Address:
        """The address of a bucket, cached for the next call."""
        if bucket is not THE_SERVICE and (self.forbidden or bucket[:4] == "arn:"):
            from .arns import check_allowed

            check_allowed(bucket, self.region, self.forbidden)
        if self.store is not None:
            from .custom_endpoint import address_at_endpoint

            # botocore's ruleset signs for this region where the pseudo-region is given.
            region = "us-east-1" if self.region == "aws-global" else self.region
            if bucket is THE_SERVICE:
                address = self.store.address("", "cname", region, "s3")
            else:
                address = address_at_endpoint(self.store, bucket, region=region, style=self.style)
        elif bucket is THE_SERVICE:
            plain: _Options = {**self.options, "accelerate": False}
            address = address_at_aws("any-bucket", region=self.region, style="path", **plain)
            address = Address(address.scheme, address.host, "", address.region, address.service)
        else:
            address = address_at_aws(bucket, region=self.region, style=self.style, **self.options)
        self._open_at_public(bucket, address)
        self.last = (bucket, address)
        return address

    def of_operation(
        self, address: Address, bucket: str, operation: "str | None", source: object, *, is_temporary: bool
    ) -> Address:
        """The address for an operation on a directory bucket or an access point; see `operation_address`.

        Args:
            address: The bucket's.
            bucket: The bucket.
            operation: The operation's name; None if it is not known.
            source: The source of the credentials.
            is_temporary: Whether they have a session token.
        """
        from .directory import operation_address

        address = operation_address(
            address, bucket, operation, source,
            is_temporary=is_temporary, dualstack=self.options["dualstack"], fips=self.options["fips"],
        )  # fmt: skip
        self._open_at_public(bucket, address)
        return address

    def _open_at_public(self, bucket: str, address: Address) -> None:
        if self.public is not None:
            style = self._public_style(bucket, address.path)
            address.opening = self.public.address(bucket, style, self.region, address.service).opening

    def _public_style(self, bucket: str, path: str) -> "AddressingStyle":
        """How the public endpoint addresses the bucket: as the store does; an ARN is only in the store's host."""
        if bucket is THE_SERVICE or bucket[:4] == "arn:":
            return "cname"
        if self.store is None:
            return "path" if path else "virtual"
        return "path" if self.style == "auto" else self.style


# --- AWS -------------------------------------------------------------------------------------------------------------

# Name and domain of each partition, by the first part of its regions (`us-gov` in `us-gov-west-1`).  All others are in
# the partition `aws`: botocore's partitions.json and its fallback.
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
SUFFIXES = ("--x-s3", "--xa-s3", "--op-s3")
_OUTPOSTS_ALIAS_LENGTH = 50


def domains() -> "set[str]":
    """The domains of all partitions."""
    return {domain for _, domain in (_AWS, *_PARTITIONS.values())}


def partition(region: str) -> "tuple[str, str]":
    """The name of a region's partition and its domain."""
    parts = region.rsplit("-", 2)
    if len(parts) == 3 and parts[1] and parts[2].isdigit():
        return _PARTITIONS.get(parts[0], _AWS)
    return _AWS


def address_at_aws(
    bucket: str, *, region: str, style: "AddressingStyle", dualstack: bool, fips: bool, accelerate: bool
) -> Address:
    """The address at AWS of a bucket, an access point's ARN or an alias.

    `auto` and `virtual` are the same here, as in botocore: the bucket is in the host if its name can be one DNS label,
    else in the path.  (A dot would not match the TLS certificate's wildcard.)  ARNs, directory buckets and buckets on
    Outposts are always in the host.

    Raises:
        InputError: Not a bucket of AWS, or options for which S3 has no endpoint; the message names both.
        TypeError: The bucket is not text.
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
        bucket.endswith(SUFFIXES) and (bucket[-7:] != "--op-s3" or len(bucket) >= _OUTPOSTS_ALIAS_LENGTH)
    ):
        from .arns import special_address

        return special_address(
            bucket, region=region, style=style, dualstack=dualstack, fips=fips, accelerate=accelerate
        )  # fmt: skip

    check_bucket(bucket, aws=True)
    domain = partition(region)[1]
    variant = ("-fips" if fips else "") + (".dualstack" if dualstack else "")
    virtual = style != "path" and is_dns_label(bucket, dots=False)
    if accelerate:
        if not virtual:
            raise InputError(
                "accelerate", f"needs the bucket in the host name, which {bucket[:80]!r} can't be; use accelerate=False"
            )
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/transfer-acceleration-getting-started.html
        host = f"s3-accelerate{variant}.{domain}"
    elif is_global and not variant:
        host = f"s3.{domain}"
    else:
        host = f"s3{variant}.{region}.{domain}"
    if virtual:
        return Address("https", f"{bucket}.{host}", "", region, "s3")
    return Address("https", host, f"/{bucket}", region, "s3")


def check_options(
    *, region: str, endpoint: "str | None", style: "AddressingStyle", dualstack: bool, fips: bool, accelerate: bool
) -> None:
    """Reject options that contradict each other for any bucket.

    An endpoint says where the store is, and so do the three options of AWS's own endpoints: both together are an error
    in botocore's ruleset, and here.
    """
    if style not in STYLES:
        raise InputError("addressing_style", f"unknown style {style!r}; use {', '.join(map(repr, STYLES))}")
    for option, wanted in (("dualstack", dualstack), ("fips", fips), ("accelerate", accelerate)):
        if not isinstance(wanted, bool):
            raise TypeError(f"{option}: expected bool, got {type(wanted).__name__}")
        if wanted and endpoint is not None:
            raise InputError(option, "chooses one of AWS's endpoints, and endpoint= another; leave one out")
    if endpoint is not None:
        return
    if style == "cname":
        raise InputError("addressing_style", "'cname' needs endpoint=, whose host names the bucket")
    if accelerate and fips:
        raise InputError("accelerate", "S3 has no accelerated FIPS endpoint; leave out accelerate or fips")
    if accelerate and style == "path":
        raise InputError("accelerate", "needs the bucket in the host name; use addressing_style='auto'")
    if region != "aws-global":
        check_region(region, "region")
    if partition(region)[0] == "aws-cn" and (accelerate or fips):
        option = "accelerate" if accelerate else "fips"
        raise InputError(option, f"S3 has no such endpoint in China (region={region!r}); use {option}=False")


def check_region(region: str, parameter: str) -> None:
    """Reject a region that can't be part of an AWS host name, or never is."""
    if not is_host_label(region):
        raise InputError(
            parameter, f"{region[:80]!r} is not a region of AWS, such as 'eu-west-1'; other stores need endpoint="
        )
    # Names that SDKs have used for an endpoint in place of a region; no host name has them.
    if region.startswith(("fips-", "s3-")) or region.endswith(("-fips", "-global")):
        raise InputError(
            parameter, f"{region!r} is the name of an endpoint in older SDKs; give the region, and fips=True for FIPS"
        )


# --- names -----------------------------------------------------------------------------------------------------------

_LABEL_BYTES = b"abcdefghijklmnopqrstuvwxyz0123456789-"
_BUCKET_BYTES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._"


def is_host_label(text: str) -> bool:
    """Whether a text is one label of a host name: 1 to 63 lower-case letters, digits, inner hyphens (RFC 1123, 2.1)."""
    return (
        0 < len(text) < 64
        and text.isascii()
        and text[0] != "-"
        and text[-1] != "-"
        and not text.encode().translate(None, _LABEL_BYTES)
    )


def is_dns_label(bucket: str, *, dots: bool) -> bool:
    """Whether a bucket's name can be part of a host name: 3 to 63 lower-case letters, digits, hyphens (and dots)."""
    labels = bucket.split(".") if dots else [bucket]
    return 3 <= len(bucket) <= 63 and not is_ipv4(bucket) and all(map(is_host_label, labels))


def check_bucket(bucket: str, *, aws: bool) -> None:
    """Reject what can't be a bucket: for AWS by its naming rules, for other stores only what breaks the URL.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html; a store may have `tenant:bucket`:
    https://docs.ceph.com/en/latest/radosgw/multitenancy/
    """
    if not isinstance(bucket, str):
        raise TypeError(f"bucket: expected str, got {type(bucket).__name__}")
    if not bucket or "/" in bucket or bucket in (".", ".."):
        raise InputError("bucket", f"{bucket[:80]!r} is not a bucket name; the key is a separate argument")
    _, colon, name = (bucket, "", bucket) if aws else bucket.rpartition(":")
    allowed = _BUCKET_BYTES + b":" if colon and name and bucket.count(":") == 1 else _BUCKET_BYTES
    if not bucket.isascii() or bucket.encode().translate(None, allowed):
        raise InputError("bucket", f"{bucket[:80]!r} has a character that bucket names can't have")
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
