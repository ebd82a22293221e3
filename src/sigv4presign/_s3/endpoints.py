"""A store's own address: where a bucket is at a store that is not AWS.

Rule: the endpoint is taken as the caller wrote it, split strictly, and nothing is guessed from its host.
"""

from .._buckets import check_bucket, is_dns_label, is_ipv4
from .._canonical import encode_segments
from .._url import split_url
from .._values import Value, set_field
from ..errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._buckets import AddressingStyle, Place


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
        return self.host[0] == "[" or is_ipv4(self.host.partition(":")[0])


def read_endpoint(parameter: str, url: "str | None") -> "Endpoint | None":
    """A store's own address, if there is one."""
    return None if url is None else Endpoint(url, parameter)


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
