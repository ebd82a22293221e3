"""Shared by all tokens: signing, lifetimes, and the checks of names.

Rule: credentials and clock are read once per token; a default lifetime is shortened to that of the credentials.
"""

from binascii import b2a_base64

from .._credentials import fitted_lifetime, freeze
from .._presign import presign
from .._s3.buckets import is_host_label
from .._text import exact_text
from .._time import epoch_seconds, in_words
from .._url import host_value
from ..errors import CredentialsExpireFirst, InputError
from ._token import Token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._canonical import Headers, Query
    from .._credentials import Credentials, CredentialsSource
    from .._presigned_url import PresignedUrl
    from .._steps import SigningKey
    from .._time import Lifetime, Now

QUARTER_OF_AN_HOUR = 900  # seconds: the lifetime of most of these tokens


def signed(
    url: str,
    service: str,
    *,
    credentials: "CredentialsSource",
    region: str,
    now: "Now | None",
    lifetime: "int | None" = None,
    expires_in: "Lifetime | None" = None,
    query: "Query | None" = None,
    headers: "Headers | None" = None,
) -> "PresignedUrl":
    """Presign a GET.  Only the service's default lifetime is shortened to that of the credentials."""
    region = exact_text("region", region)  # presign offers region_set= for None, which no token has
    now = epoch_seconds(now)
    frozen = freeze(credentials, region)
    if expires_in is None:
        left = fitted(lifetime or 1, frozen, now)  # called even without a lifetime, to reject expired credentials
        expires_in = left if lifetime else None
    try:
        return presign(
            "GET",
            url,
            credentials=frozen,
            region=region,
            service=service,
            expires_in=expires_in,
            query=query,
            headers=headers,
            now=now,
        )
    except CredentialsExpireFirst as fault:
        left = fault.seconds_left
        if not left:
            raise
        # presign names S3Presigner's way out, which tokens don't have.
        raise CredentialsExpireFirst(
            f"the credentials expire in {in_words(left)}, before the token would; refresh them, "
            f"ask for at most {left} s, or leave expires_in out",
            seconds_left=left,
        ) from None


def fitted(lifetime: int, frozen: "Credentials | SigningKey", now: int) -> int:
    """Return a lifetime shortened to that of the credentials."""
    if frozen.expires_at is None:
        return lifetime
    return fitted_lifetime(lifetime, now, frozen.expires_at, shorten=True)


def without_scheme(
    url: str,
    service: str,
    query: "list[tuple[str, str]]",
    *,
    credentials: "CredentialsSource",
    region: str,
    now: "Now | None",
    expires_in: "Lifetime | None" = None,
) -> Token:
    """Return a token that is a presigned URL without its scheme, with the port even if it is the scheme's default."""
    url_signed = signed(
        url,
        service,
        query=query,
        credentials=credentials,
        region=region,
        now=now,
        lifetime=QUARTER_OF_AN_HOUR,
        expires_in=expires_in,
    )
    address, query_string = url.partition("://")[2], url_signed.partition("?")[2]
    return Token(f"{address}?{query_string}", expires_at=end_of(url_signed))


def end_of(url: "PresignedUrl") -> int:
    """Return when a URL with a lifetime expires."""
    assert url.expires_at is not None  # only an IoT URL has none
    return url.expires_at


def base64url(url: str) -> str:
    """Return a URL as base64url without padding (RFC 4648, section 5)."""
    text = b2a_base64(str(url).encode(), newline=False).decode()
    return text.rstrip("=").translate({43: "-", 47: "_"})


def checked_region(region: str) -> str:
    """Return a region as exact text; reject invalid host labels and the SDKs' names for endpoints."""
    region = exact_text("region", region)
    if not is_host_label(region) or region.startswith("fips-") or region.endswith(("-fips", "-global")):
        raise InputError("region", f"{region[:80]!r} is not a region of AWS, such as 'eu-west-1'")
    return region


def bare_host(host: str) -> str:
    """Return a host in lower case; reject a URL, a path, a port or a user name."""
    host = exact_text("host", host)
    if "/" in host or "@" in host or ":" in host.rpartition("]")[2]:
        raise InputError("host", "is more than a host; leave out scheme, user name, port and path")
    try:
        return host_value(host)
    except ValueError as fault:
        raise InputError("host", str(fault)) from None


def resource_name(parameter: str, name: str) -> str:
    """Return the name of a cache or a cluster in lower case; it is signed as the host."""
    check_text(parameter, name)
    if not is_host_label(name.lower()):
        raise InputError(
            parameter, f"{name[:80]!r} is not a valid name (letters, digits, hyphens); give the name, not the DNS name"
        )
    return name.lower()


def check_text(parameter: str, text: str) -> None:
    """Reject a name that is empty or not printable."""
    if not isinstance(text, str):
        raise TypeError(f"{parameter}: expected str, got {type(text).__name__}")
    if not text:
        raise InputError(parameter, "is empty")
    if not text.isprintable():
        raise InputError(parameter, f"{text[:80]!a} has a line break, a control or another unprintable character")


def check_flag(parameter: str, flag: bool) -> None:
    """Reject what is not a bool: a text such as "false" is true."""
    if not isinstance(flag, bool):
        raise TypeError(f"{parameter}: expected bool, got {type(flag).__name__}")
