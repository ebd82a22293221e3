"""`aws login`: credentials from the console's sign-in, which the AWS CLI caches, and their refresh.

Rule: the cache belongs to the AWS CLI and is replaced atomically; an error names the command that the user must run.

https://docs.aws.amazon.com/sdkref/latest/guide/feature-login-credentials.html
"""

from hashlib import sha256

from .._credentials import Credentials
from .._time import epoch_seconds, iso_date
from ..errors import CredentialsNotFound, InputError
from ._answer import code_name, json_object, seconds_of, text_of
from ._cache import CacheFile
from ._files import quoted
from ._lookup import Lookup
from ._provider import Found, NotConfigured
from ._services import SIGNIN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._files import Profile

FOLDER = "~/.aws/login/cache"

_REFRESH_AHEAD = 300  # seconds; botocore's

_ADVICE = {
    "INSUFFICIENT_PERMISSIONS": "; your identity needs the permission signin:CreateOAuth2Token",
    "TOKEN_EXPIRED": "",
    "USER_CREDENTIALS_CHANGED": "",
}


def fetch_login(profile: "str | None" = None) -> Found:
    """Return the credentials of a profile that `aws login` created."""
    lookup = Lookup(profile)
    if not lookup.profile.exists:
        raise CredentialsNotFound(lookup.files.absent(lookup.name))
    login = login_of(lookup, lookup.profile)
    if login is None:
        raise NotConfigured(
            f"profile {lookup.name!r} has no login_session; `aws login --profile {quoted(lookup.name)}` makes it"
        )
    return login.fetch()


def login_of(lookup: Lookup, profile: "Profile", *, network: bool = True) -> "Login | None":
    """Return the login of a profile; None if it has none."""
    session = profile.settings.get("login_session")
    if session is None:
        return None
    lookup.files.check_values(profile, "login_session")
    return Login(lookup, profile.name, str(session), network=network)


class Login:
    """A login session of one profile."""

    def __init__(self, lookup: Lookup, profile: str, session: str, *, network: bool) -> None:
        self.lookup = lookup
        self.profile = profile
        self.network = network
        folder = lookup.environ.get("AWS_LOGIN_CACHE_DIRECTORY") or FOLDER
        self.cache = CacheFile(folder, sha256(session.encode()).hexdigest(), lookup.environ)

    def fetch(self) -> Found:
        """Return the cached credentials, refreshed if they are about to expire."""
        source = f"the login of profile {self.profile!r}"
        cached = self._cached()
        if _left(cached) > _REFRESH_AHEAD:
            return Found(cached.credentials, source)
        problem = ""
        try:
            return Found(self._refreshed().credentials, source)
        except (CredentialsNotFound, InputError) as fault:
            problem = str(fault)
        cached = self._cached()  # the AWS CLI may have refreshed it
        if _left(cached) > 0:
            return Found(cached.credentials, source)
        expired = iso_date(cached.credentials.expires_at or 0)
        raise CredentialsNotFound(
            f"the login of profile {self.profile!r} expired at {expired}, and could not be refreshed: {problem}"
        )

    def _login_again(self, why: str) -> CredentialsNotFound:
        return CredentialsNotFound(f"{why}: run `aws login --profile {quoted(self.profile)}`")

    def _cached(self) -> "_Token":
        try:
            content = self.cache.read()
            if content is not None:
                return _Token(content)
            problem = f"nobody has logged in for profile {self.profile!r}"
        except ValueError as fault:
            problem = f"{self.cache.path} {fault}"
        raise self._login_again(problem)

    def _refreshed(self) -> "_Token":
        if not self.network:
            raise CredentialsNotFound("the network may not be used")
        with self.cache.locked():
            token = self._cached()  # another process may have refreshed it while this one waited
            if _left(token) > _REFRESH_AHEAD:
                return token
            content = self._create_token(token)
            self.cache.write(content)
            return _Token(content)

    def _create_token(self, token: "_Token") -> "dict[str, Any]":
        """CreateOAuth2Token.  https://docs.aws.amazon.com/signin/latest/APIReference/API_CreateOAuth2Token.html"""
        import json

        from ._dpop import private_key, proof

        content = token.content
        region = content.get("signInRegion") or self.lookup.region().text
        if not isinstance(region, str):
            raise CredentialsNotFound("the sign-in service needs a region: set AWS_REGION")
        try:
            key = private_key(content["dpopKey"])
        except (AttributeError, ValueError):
            key = 0
        if not key:
            raise self._login_again(f"{self.cache.path} holds a dpopKey that is not a private key")
        url = SIGNIN.url(self.lookup, region) + "v1/token"
        server = SIGNIN.server(self.lookup, url)
        body = {
            "clientId": content["clientId"],
            "refreshToken": content["refreshToken"],
            "grantType": "refresh_token",
        }
        headers = {"Content-Type": "application/json", "DPoP": proof(key, url)}
        status, text = server.ask("POST", url, headers, json.dumps(body).encode())
        answer = json_object(server.who, text) if status < 500 and status != 429 else {}
        if status in (400, 401, 403):
            code = code_name(answer.get("error"))
            raise self._login_again(f"{server.who} refused the refresh with {code}{_ADVICE.get(code, '')}")
        access = answer.get("accessToken")
        try:
            return {
                **content,
                "accessToken": {
                    **content["accessToken"],
                    **{name: text_of(access, name) for name in ("accessKeyId", "secretAccessKey", "sessionToken")},
                    "expiresAt": iso_date(epoch_seconds(None) + seconds_of(answer, "expiresIn")),
                },
                "refreshToken": text_of(answer, "refreshToken"),
            }
        except ValueError:
            pass
        raise server.failure(f"answered without a token (status {status})")


class _Token:
    """A cached login.  ValueError if the content is not one."""

    __slots__ = ("content", "credentials")

    def __init__(self, content: "dict[str, Any]") -> None:
        missing = [name for name in ("accessToken", "refreshToken", "dpopKey", "clientId") if name not in content]
        if missing:
            raise ValueError(f"lacks {', '.join(missing)}")
        self.content = content
        access = content["accessToken"]
        try:
            for name in ("refreshToken", "clientId"):
                text_of(content, name)
            self.credentials = Credentials(
                text_of(access, "accessKeyId"),
                text_of(access, "secretAccessKey"),
                text_of(access, "sessionToken"),
                expires_at=text_of(access, "expiresAt"),
            )
        except ValueError:  # an InputError is one too
            raise ValueError("does not hold a login") from None


def _left(token: _Token) -> int:
    return (token.credentials.expires_at or 0) - epoch_seconds(None)
