"""Custom endpoints, and the address of a bucket at one.

Rule: the endpoint is used as the caller wrote it; nothing is guessed from its host.
"""

from .._canonical import encode_segments
from .._text import encode
from .._url import Url
from .._value import Value, set_field
from ..errors import InputError
from .buckets import NO_LIMIT, SUFFIXES, Address, check_bucket, domains, is_dns_label, is_ipv4

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .buckets import AddressingStyle


class Endpoint(Value):
    """A parsed endpoint: `https://host:9000/base`.

    `slash` is the end of a bucket's URL if only the host names the bucket, as written in the endpoint.
    """

    __slots__ = _fields = ("scheme", "host", "base", "slash")

    scheme: str
    host: str
    base: str
    slash: str

    def __init__(self, url: str, parameter: str) -> None:
        if not isinstance(url, str):
            raise TypeError(f"{parameter}: expected str, got {type(url).__name__}")
        shown = "" if "@" in url else f"{url[:80]!r} "  # text before an @ may be a password
        if not url.lower().startswith(("http://", "https://")):  # `Url` also takes WebSockets, which no store has
            hint = "" if "://" in url else "; write https:// (or http://) before it"
            raise InputError(parameter, f"{shown}does not begin with http:// or https://{hint}")
        try:
            parts = Url(url)
        except ValueError as fault:
            raise InputError(parameter, f"{shown}{fault}") from None
        if parts.query or url.endswith("?"):
            raise InputError(parameter, "has a query; an endpoint is a scheme, a host, a port and a base path")
        set_field(self, "scheme", parts.scheme)
        set_field(self, "host", parts.host)
        set_field(self, "base", encode_segments(parts.path.rstrip("/")))
        set_field(self, "slash", "/" if parts.path[-1:] in ("", "/") else "")

    def address(self, bucket: str, style: "AddressingStyle", region: str, service: str) -> Address:
        """The address of a bucket here, in a style other than `auto`."""
        host, path = self.host, self.base
        if style == "virtual":
            if self.is_address():
                raise InputError(
                    "addressing_style", f"'virtual' puts the bucket before {self.host}, an IP address; use 'path'"
                )
            host = f"{bucket}.{host}"
        elif style == "path":
            path = f"{path}/{encode(bucket)}"  # a tenant's colon is escaped
        address = Address(self.scheme, host, path, region, service)
        address.slash = "" if style == "path" else self.slash
        address.longest_key = NO_LIMIT
        return address

    def is_address(self) -> bool:
        """Whether the host is an IP address, which can't have a bucket before it."""
        return self.host[0] == "[" or is_ipv4(self.host.partition(":")[0])

    def is_at_aws(self) -> bool:
        """Whether the host is AWS's, VPC endpoints included."""
        return f".{self._name()}".endswith(_AWS_DOMAINS)

    def is_regional(self) -> bool:
        """Whether the host is a region's S3 host at AWS, which serves ordinary buckets only."""
        return self.is_at_aws() and self._name().startswith(("s3.", "s3-fips."))

    def bucket(self) -> str:
        """The bucket in a host of AWS, or ""."""
        name = self._name()
        if not self.is_at_aws() or ".vpce." in name:
            return ""
        before, mark, after = f".{name}".rpartition(".s3")
        return before[1:] if mark and after[:1] in (".", "-") else ""

    def is_of_access_points(self) -> bool:
        """Whether the host is AWS's for access points, not buckets."""
        labels = self._name().split(".")
        return self.is_at_aws() and (
            not _OF_ACCESS_POINTS.isdisjoint(labels) or (labels[0] == "accesspoint" and labels[1][:5] == "vpce-")
        )

    def _name(self) -> str:
        return self.host.partition(":")[0].rstrip(".").lower()


# The domains of the partitions, of IPv6, and of the consoles.
_AWS_DOMAINS = tuple(
    [f".{domain}" for domain in (*domains(), "api.aws", "aws.amazon.com", "amazonaws.cn", "amazonaws-us-gov.com")]
)
_OF_ACCESS_POINTS = frozenset(
    ("s3-accesspoint", "s3-accesspoint-fips", "s3-object-lambda", "s3-object-lambda-fips", "s3-outposts")
)
_ALIASES = ("-s3alias", "--ol-s3", "--op-s3")


def read_endpoint(parameter: str, url: "str | None") -> "Endpoint | None":
    """The parsed endpoint, or None.

    Raises:
        InputError: Not an endpoint, or a host of AWS where no presigned URL works as an endpoint.
    """
    if url is None:
        return None
    endpoint = Endpoint(url, parameter)
    if endpoint.is_at_aws():
        for label in endpoint._name().split("."):
            problem = _problem_of(label)
            if problem:
                raise InputError(parameter, f"{endpoint.host} {problem}")
    return endpoint


def _problem_of(label: str) -> str:
    """Why a host of AWS with this label can't be an endpoint, and what to do; "" if it can."""
    if label == "s3-accelerate":
        return "is S3 Transfer Acceleration; leave it out and use accelerate=True, with dualstack=True for IPv6"
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteEndpoints.html: anonymous requests only
    if label == "s3-website" or label.startswith("s3-website-"):
        return "serves websites and reads no signatures; leave it out, so that the region's REST endpoint is used"
    if label == "s3-global":
        return "is the host of multi-region access points; leave it out and give the ARN as the bucket"
    # "control" is a VPC endpoint's.
    if label in ("s3-control", "s3-control-fips", "control"):
        return "is the S3 Control API, which has no objects; leave it out"
    if label == "console":
        return "is the AWS console; leave it out, so that the region's REST endpoint is used"
    if label.startswith("s3express-"):
        return "is the host of directory buckets; leave it out, since it follows from the bucket's name"
    return ""


def address_at_endpoint(endpoint: Endpoint, bucket: str, *, region: str, style: "AddressingStyle") -> Address:
    """The address of a bucket at an endpoint.

    `auto` is path style, as in botocore, since few stores have a wildcard DNS name; `virtual` is never replaced by path
    style.  An access point of an ARN goes before the host, as in AWS PrivateLink:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/privatelink-interface-endpoints.html.

    Raises:
        InputError: Not a bucket, or one that the style can't name.
        TypeError: The bucket is not text.
    """
    is_arn = isinstance(bucket, str) and bucket[:4] == "arn:"
    if isinstance(bucket, str) and endpoint.is_regional() and (is_arn or bucket.endswith(SUFFIXES)):
        raise InputError("endpoint", f"{bucket[:80]!r} has another host than {endpoint.host}; leave endpoint= out")
    if not is_arn:
        check_bucket(bucket, aws=False)
    if style != "cname":
        _check_host_of_aws(endpoint, bucket, is_arn=is_arn)
    if is_arn:
        from .arns import arn_address

        return arn_address(bucket, region=region, style=style, endpoint=endpoint)
    if style == "auto":
        style = "path"
    if style == "virtual" and not is_dns_label(bucket, dots=True):
        raise InputError("bucket", f"{bucket!r} can't be part of a host name; use addressing_style='path'")
    return endpoint.address(bucket, style, region, "s3")


def _check_host_of_aws(endpoint: Endpoint, bucket: str, *, is_arn: bool) -> None:
    """Reject a bucket that would become part of another bucket's key at a host of AWS."""
    if endpoint.is_of_access_points():
        if not is_arn and not bucket.endswith(_ALIASES):
            raise InputError(
                "endpoint", f"{endpoint.host} is for access points; give the ARN of one as the bucket, or leave it out"
            )
        return
    own_bucket = endpoint.bucket()
    if own_bucket:
        raise InputError(
            "endpoint",
            f"{endpoint.host} has the bucket {own_bucket!r} in it; leave it out, or use addressing_style='cname'",
        )
    if endpoint.base and endpoint.is_at_aws():
        raise InputError(
            "endpoint",
            f"{endpoint.host} is S3, where the path is bucket and key; leave {endpoint.base!r} out",
        )
