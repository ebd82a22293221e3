"""Addresses of access points (by ARN), directory buckets, and buckets on Outposts.

Rule: an ARN's region wins over the presigner's, in the host and in the credential scope; the partitions must agree.  An
option that such a host does not have is rejected, never dropped.  Every part of a host name is checked.
"""

from ..errors import InputError
from .buckets import SUFFIXES, Address, check_region, is_dns_label, is_host_label, partition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from .buckets import AddressingStyle
    from .custom_endpoint import Endpoint

_OPTION_NAMES = {"dualstack": "dual-stack endpoint", "fips": "FIPS endpoint", "accelerate": "accelerated endpoint"}

# By the service of an ARN: what its resource looks like, and the options that its hosts have.
_ACCESS_POINTS = {
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-naming.html
    "s3": ("accesspoint/NAME", ("dualstack", "fips")),
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/olap-use.html
    "s3-object-lambda": ("accesspoint/NAME", ("fips",)),
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/S3OutpostsRestAPI.html
    "s3-outposts": ("outpost/ID/accesspoint/NAME", ()),
}


def special_address(
    bucket: str, *, region: str, style: "AddressingStyle", dualstack: bool, fips: bool, accelerate: bool
) -> Address:
    """The address at AWS of a bucket that begins with `arn:` or ends in --x-s3, --xa-s3 or --op-s3."""
    if bucket[:4] == "arn:":
        return arn_address(bucket, region=region, style=style, dualstack=dualstack, fips=fips, accelerate=accelerate)
    if not is_dns_label(bucket, dots=False):
        raise InputError(
            "bucket", f"{bucket[:80]!r} must be 3 to 63 lower-case letters, digits and hyphens, because of its suffix"
        )
    domain = partition(region)[1]
    if bucket[-7:] == "--op-s3":
        _refuse_options("buckets on Outposts", (), dualstack=dualstack, fips=fips, accelerate=accelerate)
        return Address("https", f"{bucket}.{_outpost(bucket)}s3-outposts.{region}.{domain}", "", region, "s3-outposts")
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-Regions-and-Zones.html
    _refuse_options("directory buckets", ("dualstack", "fips"), dualstack=dualstack, fips=fips, accelerate=accelerate)
    parts = bucket.rsplit("--", 2)
    zone = parts[-2]
    if len(parts) < 3 or not is_host_label(zone):
        raise InputError("bucket", f"{bucket!r} is not a directory bucket, such as 'name--usw2-az1--x-s3'")
    zonal = f"s3express{'-fips' if fips else ''}-{zone}{'.dualstack' if dualstack else ''}"
    return Address("https", f"{bucket}.{zonal}.{region}.{domain}", "", region, "s3express")


def _outpost(alias: str) -> str:
    """The Outpost's label in the host; its id is at a fixed position from the alias's end, after the hardware type."""
    kind = alias[-50]
    if kind not in "eo" or alias[-12:-8] == "beta" or not is_host_label(alias[-49:-32]):
        raise InputError("bucket", f"{alias!r} is not the alias of a bucket on Outposts")
    return "ec2." if kind == "e" else f"op-{alias[-49:-32]}."


def arn_address(
    arn: str,
    *,
    region: str,
    style: "AddressingStyle",
    dualstack: bool = False,
    fips: bool = False,
    accelerate: bool = False,
    endpoint: "Endpoint | None" = None,
) -> Address:
    """The address of an access point, at AWS or at an endpoint."""
    if style in ("path", "cname"):
        raise InputError(
            "addressing_style", f"{style!r} does not work with an ARN as the bucket, which is in the host; use 'auto'"
        )
    parts = arn.split(":", 5)
    if len(parts) < 6:
        _refuse(arn, "it has fewer than the six parts arn:partition:service:region:account:resource")
    _, arn_partition, service, arn_region, account, resource = parts
    if service not in _ACCESS_POINTS:
        _refuse(arn, f"its service is {service[:40]!r}, not one of {', '.join(_ACCESS_POINTS)}")
    form, options = _ACCESS_POINTS[service]
    names = resource.replace(":", "/").split("/")
    words = form.split("/")
    if len(names) != len(words) or names[0] != words[0] or names[-2] != words[-2]:
        _refuse(arn, f"its resource is not {form}")

    if service == "s3" and not arn_region:
        _refuse_options("multi-region access points", (), dualstack=dualstack, fips=fips, accelerate=accelerate)
        if endpoint is not None:
            raise InputError(
                "endpoint", "does not work with a multi-region access point, which has one global host; leave it out"
            )
        _check_labels(arn, *names[1].split("."), account)
        _check_partition(arn, arn_partition, region)
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointRequests.html
        return Address("https", f"{names[1]}.accesspoint.s3-global.{partition(region)[1]}", "", None, "s3")

    _refuse_options(f"{service} access points", options, dualstack=dualstack, fips=fips, accelerate=accelerate)
    if not arn_region:
        _refuse(arn, "it has no region")
    check_region(arn_region, "bucket")
    _check_labels(arn, names[-1], account, *names[1:-2], f"{names[-1]}-{account}")
    _check_partition(arn, arn_partition, arn_region)
    _check_partition(arn, arn_partition, region)
    # An access point of an Outpost: name-account.op-id
    before = ".".join([f"{names[-1]}-{account}", *names[1:-2]])
    if endpoint is not None:
        if endpoint.is_address():
            raise InputError(
                "endpoint",
                f"{endpoint.host} is an IP address, which does not work with an ARN as the bucket; use a host name",
            )
        return endpoint.address(before, "virtual", arn_region, service)
    kind = "s3-accesspoint" if service == "s3" else service
    variant = ("-fips" if fips else "") + (".dualstack" if dualstack else "")
    host = f"{before}.{kind}{variant}.{arn_region}.{partition(arn_region)[1]}"
    return Address("https", host, "", arn_region, service)


def check_allowed(bucket: str, region: str, forbidden: "dict[str, str]") -> None:
    """Reject the ARN of a bucket, whose name is to be given, and a bucket of a kind that a setting forbids.

    Args:
        bucket: A bucket of any kind.
        region: The presigner's.
        forbidden: `"another region"`, `"no region"` and `"another host"`, each with the setting that forbids it.
    """
    parts = bucket.split(":", 5)
    is_arn = len(parts) == 6 and parts[0] == "arn"
    if is_arn:
        _check_is_no_bucket(bucket, *parts[2:])
    if "another host" in forbidden and (is_arn or bucket.endswith(SUFFIXES)):
        raise InputError(
            "bucket",
            f"{bucket[:120]!r} has a host of its own, which {forbidden['another host']} rules out; make the client "
            "with TLS",
        )
    if not is_arn:
        return
    if not parts[3] and "no region" in forbidden:
        raise InputError(
            "bucket", f"{bucket[:120]!r} is a multi-region access point, which {forbidden['no region']} switches off"
        )
    if parts[3] and parts[3] != region and "another region" in forbidden:
        raise InputError(
            "bucket",
            f"{bucket[:120]!r} is in the region {parts[3][:40]!r} and the presigner in {region!r}, which "
            f"{forbidden['another region']} does not allow",
        )


def _check_is_no_bucket(arn: str, service: str, region: str, account: str, resource: str) -> None:
    """Reject the ARN of what is addressed by name: a bucket, an object, or a directory bucket's access point.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html and list_amazons3express.html
    """
    kind, _, name = resource.partition("/")
    if service == "s3" and not region and not account and kind.partition(":")[0] not in ("", "accesspoint"):
        kind, name = ("object" if name else "bucket"), kind
    elif service != "s3express" or kind not in ("accesspoint", "bucket") or not name:
        return
    raise InputError("bucket", f"{arn[:120]!r} is the ARN of {_GIVE_THE_NAME[kind]}, {name[:80]!r}")


_GIVE_THE_NAME = {
    "accesspoint": "an access point of a directory bucket; give its name",
    "bucket": "a bucket; give its name",
    "object": "an object; give its bucket's name",
}


def _refuse(arn: str, why: str) -> "NoReturn":
    raise InputError("bucket", f"{arn[:120]!r} is not the ARN of an access point: {why}")


def _refuse_options(things: str, available: "tuple[str, ...]", **options: bool) -> None:
    for option, wanted in options.items():
        if wanted and option not in available:
            raise InputError(option, f"{things} have no {_OPTION_NAMES[option]}; use {option}=False for this bucket")


def _check_labels(arn: str, *labels: str) -> None:
    for label in labels:
        if not is_host_label(label):
            _refuse(arn, f"{label[:80]!r} is not 1 to 63 lower-case letters, digits and inner hyphens")


def _check_partition(arn: str, arn_partition: str, region: str) -> None:
    name = partition(region)[0]
    if name != arn_partition:
        raise InputError(
            "bucket",
            f"{arn[:120]!r} is in the partition {arn_partition[:40]!r}, but the region {region!r} is in {name!r}",
        )
