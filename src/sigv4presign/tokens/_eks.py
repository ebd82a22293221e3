"""EKS: a bearer token for a cluster's API server.

Rule: the recipe of `aws eks get-token`, byte for byte.
"""

from .._credentials import freeze
from .._time import epoch_seconds
from ..errors import InputError, frameless
from ._eks_structure import CLUSTER_HEADER, EKS_PREFIX
from ._signing import QUARTER_OF_AN_HOUR, base64url, check_text, domain_of, signed
from ._token import Token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._credentials import CredentialsSource
    from .._time import Now


@frameless
def eks(cluster_name: str, *, credentials: "CredentialsSource", region: str, now: "Now | None" = None) -> Token:
    """A bearer token for the API server of an EKS cluster, as `aws eks get-token` makes it.

    It is a presigned GetCallerIdentity with the cluster's name as a signed header.  STS takes it for 15 minutes,
    whatever its X-Amz-Expires says; `expires_at` is a minute before that, so that clients renew it in time.

    Args:
        cluster_name: The cluster's name; for a local cluster on an Outpost its id.
        credentials: Whose identity the cluster sees.
        region: The region of the STS endpoint that the cluster asks: its own.
        now: When the token begins; None: this moment.

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
            "cluster_name", f"{cluster_name[:80]!r} has a space or a non-ASCII character, as no cluster has"
        )
    now = epoch_seconds(now)
    frozen = freeze(credentials)
    url = signed(
        f"https://sts.{region}.{domain_of(region)}/",
        "sts",
        query=[("Action", "GetCallerIdentity"), ("Version", "2011-06-15")],
        headers={CLUSTER_HEADER: cluster_name},
        credentials=frozen,
        region=region,
        lifetime=60,  # what every maker of these tokens writes there; old authenticators want 0 to 60
        now=now,
    )
    expires_at = now + QUARTER_OF_AN_HOUR - 60
    if frozen.expires_at is not None:
        expires_at = min(expires_at, frozen.expires_at)
    return Token(EKS_PREFIX + base64url(url), expires_at=expires_at)
