"""The form of an EKS token, as the cluster checks it before it sends it to STS.

Rule: what aws-iam-authenticator rejects before it calls STS is rejected here, in its order; ambiguous input is rejected
too.  Nothing is verified: only STS can do that, because only STS knows the secret key.
https://github.com/kubernetes-sigs/aws-iam-authenticator/blob/master/pkg/token/token.go, `Verify`
"""

from binascii import a2b_base64

from .._s3.buckets import partition
from .._time import parse_amz_date
from .._url import Url, parse_query
from ..errors import InputError

EKS_PREFIX = "k8s-aws-v1."
CLUSTER_HEADER = "x-k8s-aws-id"

_MAX_TOKEN = 4096  # bytes: maxTokenLenBytes
_MAX_EXPIRES = 900  # seconds.  STS does not read X-Amz-Expires; it takes 15 minutes from X-Amz-Date
_BASE64URL = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")

_PARAMETERS = frozenset(
    (
        "action", "version", "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-expires",
        "x-amz-security-token", "x-amz-signature", "x-amz-signedheaders",
    )
)  # fmt: skip

# botocore 1.44.5, partitions.json: the prefixes of regions of the partition `aws` (`regionRegex`), and each partition's
# domain for dual-stack endpoints, by its ordinary domain.
_CONTINENTS = frozenset(("af", "ap", "ca", "eu", "il", "me", "mx", "sa", "us"))
_DUALSTACK = {
    "amazonaws.com": "api.aws",
    "amazonaws.com.cn": "api.amazonwebservices.com.cn",
    "amazonaws.eu": "api.amazonwebservices.eu",
    "c2s.ic.gov": "api.aws.ic.gov",
    "cloud.adc-e.uk": "api.cloud-aws.adc-e.uk",
    "csp.hci.ic.gov": "api.aws.hci.ic.gov",
    "sc2s.sgov.gov": "api.aws.scloud",
}


def check_eks_structure(token: str) -> None:
    """Reject a text that does not have the form of an EKS token.

    **This verifies nothing.**  A token that passes may be forged, expired, stolen, or made for another cluster.  Only
    STS can tell: a GET of the token's URL with the cluster's name in the header `x-k8s-aws-id` returns the identity or
    an error.  The check makes sure that this request goes to STS, only asks for the caller's identity, and has the
    cluster's name in its signature.

    It rejects: more than 4096 bytes; a prefix other than `k8s-aws-v1.`; broken or padded base64url; a scheme other than
    https; a host that is not STS's (global, or of a region in any partition, including FIPS and dual-stack); a port; a
    path other than `/`; an unknown parameter, or one that appears twice in any case; an Action other than
    GetCallerIdentity; `x-k8s-aws-id` not among the signed headers; X-Amz-Expires outside 0 to 900; X-Amz-Date missing
    or malformed.  Age is not checked: see `inspect(token).seconds_left()`.

    Args:
        token: The bearer token as it was received.

    Raises:
        InputError: It does not have the form of an EKS token; the message says why, and shows no signature.
        TypeError: Not a `str`.

    Example:
        >>> from sigv4presign import Credentials, tokens
        >>> token = tokens.eks("prod", credentials=Credentials("AKIDEXAMPLE", "secret"), region="eu-west-1")
        >>> tokens.check_eks_structure(token)
        >>> tokens.check_eks_structure("k8s-aws-v2." + token[11:])
        Traceback (most recent call last):
        sigv4presign.errors.InputError: token: does not begin with k8s-aws-v1.

    Source: https://github.com/kubernetes-sigs/aws-iam-authenticator/blob/master/pkg/token/token.go
    """
    if not isinstance(token, str):
        raise TypeError(f"token: expected str, got {type(token).__name__}")
    if len(token) > _MAX_TOKEN:
        raise InputError("token", f"has more than {_MAX_TOKEN} bytes")
    if not token.startswith(EKS_PREFIX):
        raise InputError("token", f"does not begin with {EKS_PREFIX}")
    url = _decoded(token[len(EKS_PREFIX) :])
    try:
        parts = Url(url)
        scheme, host, path, query = parts.scheme, parts.host, parts.path, parts.query
        pairs = parse_query(query)
    except ValueError as fault:
        raise InputError("token", f"contains a URL that {fault}") from None
    if scheme != "https":
        raise InputError("token", f"contains a URL of the scheme {scheme}; it must be https")
    # Compared literally: the authenticator's list of hosts has no ports or capitals.
    written = url[len("https://") :].partition("?")[0]
    if not is_sts_host(written.partition("/")[0]):
        raise InputError(
            "token", f"contains a URL of {written.partition('/')[0][:80]!r}, which is not how a host of STS is written"
        )
    if written != host + "/":
        raise InputError("token", f"contains a URL of the path {path[:80]!r}; it must be a single slash")
    _check_parameters(query, pairs)


def _decoded(text: str) -> str:
    """Return the URL in base64url without padding."""
    if not _BASE64URL.issuperset(text) or len(text) % 4 == 1:
        raise InputError("token", "is not base64url without padding after its prefix; was it cut?")
    raw = a2b_base64(text.translate({45: "+", 95: "/"}) + "=" * (-len(text) % 4))
    try:
        return raw.decode("ascii")
    except UnicodeDecodeError:
        raise InputError("token", "contains something that is not a URL") from None


def _check_parameters(query: str, pairs: "list[tuple[str, str]]") -> None:
    """Reject unknown parameters and invalid values."""
    if ";" in query:  # an error for Go's parser, a separator for others
        raise InputError("token", "contains a URL with an unescaped semicolon in its query")
    values: dict[str, str] = {}
    for name, value in pairs:
        lower = name.lower()
        if lower not in _PARAMETERS:
            raise InputError("token", f"contains a URL with the parameter {name[:60]!r}, which does not belong there")
        if lower in values:
            raise InputError("token", f"contains a URL that has the parameter {name} twice")
        values[lower] = value
    if values.get("action") != "GetCallerIdentity":
        raise InputError("token", "contains a URL of another Action than GetCallerIdentity")
    if CLUSTER_HEADER not in values.get("x-amz-signedheaders", "").lower().split(";"):
        raise InputError("token", f"was signed without the header {CLUSTER_HEADER}, so it is for no cluster")
    expires = values.get("x-amz-expires", "")
    if not (expires.isascii() and expires.isdigit() and len(expires) < 9 and int(expires) <= _MAX_EXPIRES):
        raise InputError("token", f"has an X-Amz-Expires of {expires[:20]!r}; it must be 0 to {_MAX_EXPIRES}")
    date = values.get("x-amz-date", "")
    try:
        parse_amz_date(date)
    except ValueError as fault:
        raise InputError("token", f"has an X-Amz-Date of {date[:20]!r}, which {fault}") from None


def is_sts_host(host: str) -> bool:
    """Whether a host, in lower case, is STS's global one or one of an AWS region.

    By pattern, so that new regions need no release.  The pattern of a region is strict, because
    `sts.s3-eu-west-1.amazonaws.com` is a bucket.
    """
    if host == "sts.amazonaws.com":
        return True
    service, _, rest = host.partition(".")
    region, _, domain = rest.partition(".")
    parts = region.rsplit("-", 2)
    if service not in ("sts", "sts-fips") or len(parts) != 3 or not (parts[1].isalpha() and parts[2].isdigit()):
        return False
    name, its_domain = partition(region)
    if name == "aws" and parts[0] not in _CONTINENTS:
        return False
    return domain in (its_domain, _DUALSTACK[its_domain])
