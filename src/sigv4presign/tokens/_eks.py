"""EKS: a bearer token for a cluster's API server.

Rule: the recipe of `aws eks get-token`, byte for byte.
"""

from .._credentials import freeze
from .._s3.buckets import partition
from .._time import epoch_seconds
from ..errors import InputError, frameless
from ._eks_structure import CLUSTER_HEADER, EKS_PREFIX
from ._signing import QUARTER_OF_AN_HOUR, base64url, check_text, checked_region, signed
from ._token import Token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._credentials import CredentialsSource
    from .._time import Now


@frameless
def eks(cluster_name: str, *, credentials: "CredentialsSource", region: str, now: "Now | None" = None) -> Token:
    """A bearer token for the API server of an EKS cluster, as `aws eks get-token` makes it.

    It is a presigned GetCallerIdentity with the cluster's name as a signed header.  STS accepts it for 15 minutes and
    ignores X-Amz-Expires; `expires_at` is one minute earlier, so that clients renew it in time.

    Args:
        cluster_name: The cluster's name; for a local cluster on an Outpost its id.
        credentials: Whose identity the cluster sees.
        region: The region of the STS endpoint that the cluster calls, which is the cluster's region.
        now: The signing time; None: the current time.

    Example:
        >>> from sigv4presign import Credentials, tokens
        >>> token = tokens.eks("prod", credentials=Credentials("AKIDEXAMPLE", "secret"), region="eu-west-1",
        ...                    now=1764000000)
        >>> token[:11], token.expires_at
        ('k8s-aws-v1.', 1764000840)
        >>> token
        <Token hidden expires_at=1764000840>

    Source: https://github.com/aws/aws-cli/blob/develop/awscli/customizations/eks/get_token.py
    """
    check_text("cluster_name", cluster_name)
    if not cluster_name.isascii() or " " in cluster_name:
        raise InputError(
            "cluster_name", f"{cluster_name[:80]!r} has a space or a non-ASCII character; cluster names have neither"
        )
    region = checked_region(region)
    now = epoch_seconds(now)
    frozen = freeze(credentials, region)
    url = signed(
        f"https://sts.{region}.{partition(region)[1]}/",
        "sts",
        query=[("Action", "GetCallerIdentity"), ("Version", "2011-06-15")],
        headers={CLUSTER_HEADER: cluster_name},
        credentials=frozen,
        region=region,
        lifetime=60,  # as in all other clients; old authenticators accept 0 to 60
        now=now,
    )
    expires_at = now + QUARTER_OF_AN_HOUR - 60
    if frozen.expires_at is not None:
        expires_at = min(expires_at, frozen.expires_at)
    return Token(EKS_PREFIX + base64url(url), expires_at=expires_at)
