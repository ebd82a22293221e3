"""How an operation changes a bucket's address: directory buckets, and operations that access points do not have.

Rule: the sets in `operation_table`, from botocore's service model, decide.  An unknown operation, as with `presign`,
goes to the bucket's zone with a session's token.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-differences.html
"""

from .._query_auth import S3_RULES
from ..errors import InputError
from .buckets import Address, partition
from .operation_table import CONTROL, NO_ACCESS_POINTS, ORDINARY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def operation_address(
    address: Address,
    bucket: str,
    operation: "str | None",
    credentials: "Any",
    *,
    is_temporary: bool,
    dualstack: bool,
    fips: bool,
) -> Address:
    """The address and rules of an operation on an access point or a directory bucket.

    Args:
        address: The bucket's.
        bucket: The bucket as the caller wrote it.
        operation: The operation's name; None if it is not known.
        credentials: The source of the credentials, which may say that they are a session's.
        is_temporary: Whether they have a session token, as a session's always have.
        dualstack: The presigner's.
        fips: The presigner's.

    Raises:
        InputError: An operation that access points don't have, or credentials that are known not to work for it.
    """
    if operation in NO_ACCESS_POINTS and bucket[:4] == "arn:" and address.region and address.service != "s3-outposts":
        raise InputError("bucket", f"{operation} is not for access points; give the name of a bucket")
    if address.service != "s3express":
        return address
    region: Any = address.region
    if operation in CONTROL and bucket.endswith("--x-s3"):
        variant = ("-fips" if fips else "") + (".dualstack" if dualstack else "")
        host = f"s3express-control{variant}.{region}.{partition(region)[1]}"
        address = Address("https", host, f"/{bucket}", region, "s3express")
        address.rules = S3_RULES
    elif operation in ORDINARY:
        address = Address("https", address.host, "", region, "s3express")
        address.rules = S3_RULES
    of_a_session = _of_a_session(credentials) if is_temporary else False
    if of_a_session is False and address.rules is not S3_RULES:
        raise InputError(
            "credentials",
            f"{bucket!r} is a directory bucket, whose objects need the credentials of a session; "
            "use providers.directory_bucket(...)",
        )
    if of_a_session and address.rules is S3_RULES:
        raise InputError(
            "credentials",
            f"{operation} needs ordinary credentials, not those of a directory bucket's session",
        )
    return address


def takes_session(bucket: str, operation: "str | None") -> bool:
    """Whether an operation on a bucket at AWS needs the credentials of a directory bucket's session."""
    if not bucket.endswith(("--x-s3", "--xa-s3")) or operation in ORDINARY:
        return False
    return operation not in CONTROL or bucket.endswith("--xa-s3")


def _of_a_session(source: "Any") -> "bool | None":
    """Whether credentials are a directory bucket's session's; None if their source does not say."""
    if hasattr(source, "get_frozen_credentials"):  # botocore's
        return getattr(source, "method", None) == "s3express"
    name = getattr(source, "_name", None)  # our providers'
    return name == "directory_bucket" if isinstance(name, str) else None
