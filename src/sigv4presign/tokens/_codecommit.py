"""CodeCommit: user name and password for git.

Rule: signs as `aws codecommit credential-helper` does: method GIT, no query, no payload line, a time without its Z.
"""

from .._canonical import join_canonical_request
from .._query_auth import ALGORITHM
from .._signature import string_to_sign
from .._steps import CredentialScope, derive_signing_key, signature
from .._text import exact_text
from .._time import amz_date, epoch_seconds
from .._url import Url
from .._value import Value, set_field
from ..errors import InputError, frameless
from ._signing import QUARTER_OF_AN_HOUR, fitted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from .._credentials import CredentialsSource
    from .._time import Now


class GitLogin(Value):
    """A user name and a password for git over HTTPS; it unpacks into these two.

    `repr` hides both, since the user name of temporary credentials holds their session token.

    Attributes:
        username: The access key id, then `%` and the session token where there is one.
        password: The time of the signature and the signature.
        expires_at: When the password stops working, in epoch seconds.
    """

    __slots__ = _fields = ("username", "password", "expires_at")
    _hidden = ("username", "password")

    username: str
    password: str
    expires_at: int

    def __init__(self, username: str, password: str, *, expires_at: int) -> None:
        set_field(self, "username", username)
        set_field(self, "password", password)
        set_field(self, "expires_at", expires_at)

    def __iter__(self) -> "Iterator[str]":
        yield self.username
        yield self.password


@frameless
def codecommit(url: str, *, credentials: "CredentialsSource", region: str, now: "Now | None" = None) -> GitLogin:
    """User name and password for git over HTTPS to a CodeCommit repository, valid for 15 minutes.

    It is not a presigned URL: the signed request has the method GIT, no query and no payload line, and its time has no
    `Z`.

    Args:
        url: The repository's URL for HTTPS.  Only host and path are signed, without a port.
        credentials: Whose policy allows `codecommit:GitPull` or `codecommit:GitPush`.
        region: Where the repository is.
        now: The signing time; None: the current time.

    Example:
        >>> from sigv4presign import Credentials, tokens
        >>> login = tokens.codecommit("https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/site", now=1764000000,
        ...                           credentials=Credentials("AKIDEXAMPLE", "secret"), region="eu-west-1")
        >>> username, password = login
        >>> username, password[:16], login.expires_at
        ('AKIDEXAMPLE', '20251124T160000Z', 1764000900)
        >>> login
        GitLogin(username=<hidden>, password=<hidden>, expires_at=1764000900)

    Source: https://github.com/aws/aws-cli/blob/develop/awscli/customizations/codecommit.py
    """
    url = exact_text("url", url)
    if url[:8].lower() == "https://" and "@" in url[8:].partition("/")[0]:
        raise InputError("url", "has a user name before its host; leave it out")
    try:
        parts = Url(url)
    except ValueError:  # its advice is for the URLs of other services
        parts = None
    if parts is None or parts.scheme != "https" or parts.query or parts.path == "/":
        raise InputError(
            "url", "is not a repository's URL; write https://git-codecommit.REGION.amazonaws.com/v1/repos/NAME"
        )
    region = exact_text("region", region)
    now = epoch_seconds(now)
    date = amz_date(now)
    key = derive_signing_key(credentials, CredentialScope(date[:8], region, "codecommit"))
    expires_at = now + fitted(QUARTER_OF_AN_HOUR, key, now)
    canonical_request = join_canonical_request(
        "GIT", parts.path, "", f"host:{parts.host.partition(':')[0]}\n", "host", ""
    )
    to_sign = string_to_sign(ALGORITHM, date[:-1], str(key.scope), canonical_request)
    username = key.access_key_id if key.session_token is None else f"{key.access_key_id}%{key.session_token}"
    return GitLogin(username, date + signature(key, to_sign), expires_at=expires_at)
