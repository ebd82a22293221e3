"""`inspect`: what a URL says about itself, before anybody believes it.

Rule: an `Inspection` is not a `VerifiedRequest` and cannot be made into one; it is for people and logs.
"""

from ._canonical import rules_for
from ._encoding import parse_query
from ._query_auth import Authorization, is_signing_parameter, redacted
from ._timestamps import epoch_seconds
from ._url import split_url
from ._value import Value
from .errors import InputError, VerificationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .types import Now


class Inspection(Value):
    """What a presigned URL says.  Nothing of it is verified.  `repr` hides signature and session token.

    Attributes:
        kind: `"v4"`.
        url: The URL with its secrets left out, fit for a log.
        host: The host in the URL, in lower case.
        path: The path as it stands in the URL.
        query: The decoded parameters that are not the signature's, as pairs in the URL's order.
        access_key_id: Whose signature it claims to be.
        region: The region of its scope.
        service: The service of its scope.
        signed_at: X-Amz-Date, in epoch seconds.
        expires_in: X-Amz-Expires, in seconds.
        expires_at: When it ends, in epoch seconds.
        signed_headers: The names of the headers that the client must send with the signed values, host among them.
        has_session_token: Whether temporary credentials signed it; these may end earlier than the URL says.
    """

    __slots__ = _fields = (
        "kind", "url", "host", "path", "query", "access_key_id", "region", "service", "signed_at", "expires_in",
        "expires_at", "signed_headers", "has_session_token",
    )  # fmt: skip

    kind: str
    url: str
    host: str
    path: str
    query: "tuple[tuple[str, str], ...]"
    access_key_id: str
    region: str
    service: str
    signed_at: int
    expires_in: int
    expires_at: int
    signed_headers: "tuple[str, ...]"
    has_session_token: bool

    def __init__(self) -> None:
        raise TypeError("an Inspection comes from inspect(); it cannot be made by hand")

    def seconds_left(self, now: "Now | None" = None) -> int:
        """How many seconds the URL still lives; negative once it has expired."""
        return self.expires_at - epoch_seconds(now)


def inspect(url: str) -> Inspection:
    """Read a presigned URL without verifying it.

    Args:
        url: An absolute presigned URL.

    Raises:
        InputError: It is no presigned URL of Signature Version 4; the message says what is missing or malformed.

    Example:
        >>> from sigv4presign import Credentials, inspect, presign
        >>> url = presign("GET", "https://files.example.com/a.txt", credentials=Credentials("AKIDEXAMPLE", "secret"),
        ...               region="eu-west-1", service="s3", expires_in=60, now=1764000000)
        >>> seen = inspect(url)
        >>> seen.access_key_id, seen.service, seen.region, seen.expires_in, seen.seconds_left(now=1764000050)
        ('AKIDEXAMPLE', 's3', 'eu-west-1', 60, 10)
    """
    if not isinstance(url, str):
        raise TypeError(f"url: expected str, got {type(url).__name__}")
    try:
        _, host, path, query = split_url(url)
        pairs = parse_query(query)
    except ValueError as fault:
        raise InputError("url", str(fault)) from None
    parameters = dict(pairs)
    # The token's parameter has another name in S3 Express; the service stands in the scope of the credential.
    service = parameters.get("X-Amz-Credential", "").rsplit("/", 2)[-2:][0]
    rule = rules_for(service).session_token
    try:
        authorization = Authorization(parameters, rule)
    except VerificationError as fault:
        raise InputError("url", str(fault)) from None
    return Inspection._restore(
        "v4",
        redacted(url),
        host,
        path,
        tuple([pair for pair in pairs if not is_signing_parameter(pair[0], rule)]),
        authorization.access_key_id,
        authorization.region,
        authorization.service,
        authorization.signed_at,
        authorization.expires_in,
        authorization.signed_at + authorization.expires_in,
        tuple(authorization.signed_headers),
        authorization.session_token is not None,
    )
