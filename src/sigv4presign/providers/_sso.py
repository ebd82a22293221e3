"""Single sign-on with IAM Identity Center: the AWS CLI's token, refreshed, and exchanged for a role's credentials.

Rule: an error names the command that the user must run; an expired sign-on, a missing one and an incomplete profile
have different messages.  The token is sent in a header, never in a URL.

https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html
"""

import hashlib

from .._credentials import Credentials
from .._time import epoch_seconds, iso_date, parse_iso_date
from ..errors import CredentialsNotFound, InputError
from ._answer import code_name, json_object, seconds_of, text_of
from ._cache import CacheFile
from ._files import quoted
from ._http import Server
from ._lookup import Lookup
from ._provider import Found, NotConfigured
from ._role_cache import cached_session
from ._services import OIDC, PORTAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._files import Profile

FOLDER = "~/.aws/sso/cache"

_REFRESH_AHEAD = 900  # seconds; botocore's
_NEEDED = ("sso_start_url", "sso_region", "sso_account_id", "sso_role_name")


def fetch_sso(profile: "str | None" = None) -> Found:
    """Return the credentials of a profile with single sign-on."""
    lookup = Lookup(profile)
    if not lookup.profile.exists:
        raise CredentialsNotFound(lookup.files.absent(lookup.name))
    sign_on = sign_on_of(lookup, lookup.profile)
    if sign_on is None:
        configure = f"`aws configure sso --profile {quoted(lookup.name)}`"
        raise NotConfigured(
            f"profile {lookup.name!r} has no single sign-on (sso_account_id, sso_role_name); {configure} adds it"
        )
    return sign_on.fetch()


def sign_on_of(lookup: Lookup, profile: "Profile", *, network: bool = True) -> "SignOn | None":
    """Return the single sign-on of a profile; None if it has none.

    Raises:
        CredentialsNotFound: It is incomplete, has a setting without a value, names an sso-session that does not exist,
            or contradicts it.
    """
    settings = dict(profile.settings)
    if "sso_account_id" not in settings and "sso_role_name" not in settings:
        return None
    lookup.files.check_values(profile, "sso_account_id", "sso_role_name", "sso_session")
    name = settings.get("sso_session")
    if name:
        session = lookup.files.titled("sso-session", name)
        if session is None:
            raise CredentialsNotFound(
                f"profile {profile.name!r} has sso_session = {name}, but there is no [sso-session {name}] in "
                f"{lookup.files.config.path}; `aws configure sso-session` makes it"
            )
        for setting, value in session.items():
            if settings.get(setting, value) != value:
                raise CredentialsNotFound(
                    f"profile {profile.name!r} and [sso-session {name}] differ in {setting} "
                    f"({lookup.files.where(value)}); remove it from the profile"
                )
            settings[setting] = value
    missing = [setting for setting in _NEEDED if not settings.get(setting)]
    if missing:
        where = f"profile {profile.name!r}" + (f" and [sso-session {name}]" if name else "")
        raise CredentialsNotFound(
            f"the single sign-on of {where} is incomplete: {', '.join(missing)} "
            f"{'is' if len(missing) == 1 else 'are'} missing; `aws configure sso --profile {quoted(profile.name)}` "
            "asks for them"
        )
    return SignOn(lookup, profile.name, settings, network=network)


class SignOn:
    """A complete single sign-on: a session, an account and a role."""

    def __init__(self, lookup: Lookup, profile: str, settings: "dict[str, Any]", *, network: bool) -> None:
        self.lookup = lookup
        self.profile = profile
        self.session: str | None = settings.get("sso_session") or None
        self.start_url: str = settings["sso_start_url"]
        self.region: str = settings["sso_region"]
        self.account: str = settings["sso_account_id"]
        self.role: str = settings["sso_role_name"]
        self.network = network
        key = hashlib.sha1((self.session or self.start_url).encode(), usedforsecurity=False).hexdigest()
        self.cache = CacheFile(FOLDER, key, lookup.environ)

    @property
    def source(self) -> str:
        return f"the role {self.role} in account {self.account}, by single sign-on (profile {self.profile!r})"

    def fetch(self) -> Found:
        """Return the role's credentials from the AWS CLI's cache, else from the portal."""
        key = {"accountId": self.account, "roleName": self.role}
        key.update({"sessionName": self.session} if self.session else {"startUrl": self.start_url})
        cached = cached_session(key, self.lookup.environ, compact=True)
        if cached is not None:
            return Found(cached, self.source)
        if not self.network:
            raise CredentialsNotFound(f"profile {self.profile!r} uses single sign-on, and the network may not be used")
        try:
            token = self.token()
            return Found(self._role_credentials(token), self.source)
        except InputError as fault:
            problem = f"single sign-on cannot be asked: {fault}"
        raise CredentialsNotFound(problem)

    def _sign_on_again(self, why: str) -> CredentialsNotFound:
        return CredentialsNotFound(f"{why}: run `aws sso login --profile {quoted(self.profile)}`")

    # --- the token ----------------------------------------------------------------------------------------------------

    def token(self) -> str:
        """Return a valid access token, refreshed if it is about to expire and can be refreshed."""
        cached = self._cached()
        now = epoch_seconds(None)
        # Only the sign-ons of an sso-session can be refreshed.
        if self.session and cached.expires_at - now < _REFRESH_AHEAD:
            cached = self._refreshed(cached)
        if cached.expires_at <= now:
            raise self._sign_on_again(
                f"the single sign-on of profile {self.profile!r} expired at {iso_date(cached.expires_at)}"
            )
        return cached.access_token

    def _cached(self) -> "_Token":
        try:
            content = self.cache.read()
            if content is not None:
                return _Token(content)
            problem = f"nobody has signed on for profile {self.profile!r}"
        except ValueError:
            problem = f"{self.cache.path} does not hold a single sign-on token"
        raise self._sign_on_again(problem)

    def _refreshed(self, old: "_Token") -> "_Token":
        """Return a new token, written to the cache; the old one if the refresh fails while it is valid."""
        if not old.refreshable(epoch_seconds(None)):
            return old
        problem = ""
        try:
            with self.cache.locked():
                current = self._cached()  # another process may have refreshed it meanwhile
                if current.expires_at - epoch_seconds(None) >= _REFRESH_AHEAD:
                    return current
                if not current.refreshable(epoch_seconds(None)):
                    return current
                content = self._create_token(current)
                self.cache.write(content)
                return _Token(content)
        except RejectedError as fault:
            problem = str(fault)
        except CredentialsNotFound as fault:
            if old.expires_at > epoch_seconds(None):
                return old  # still valid for some minutes
            problem = f"the single sign-on of profile {self.profile!r} expired and could not be refreshed: {fault}"
            raise CredentialsNotFound(problem) from None
        # The AWS CLI may have refreshed it first, and a refresh token works once.
        current = self._cached()
        if current.access_token != old.access_token or old.expires_at > epoch_seconds(None):
            return current
        raise self._sign_on_again(f"the single sign-on of profile {self.profile!r} expired, and {problem}")

    def _create_token(self, token: "_Token") -> "dict[str, Any]":
        """https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html"""
        import json

        url = OIDC.url(self.lookup, self.region) + "token"
        server = OIDC.server(self.lookup, url)
        content = token.content
        body = {
            "clientId": content["clientId"],
            "clientSecret": content["clientSecret"],
            "grantType": "refresh_token",
            "refreshToken": content["refreshToken"],
        }
        headers = {"Content-Type": "application/json"}
        status, text = server.ask("POST", url, headers, json.dumps(body).encode())
        answer = json_object(server.who, text) if status in (200, 400, 401) else {}
        if status in (400, 401):
            raise RejectedError(f"{server.who} rejected its refresh with {code_name(answer.get('error'))}")
        try:
            content = {
                **content,
                "startUrl": self.start_url,
                "region": self.region,
                "accessToken": text_of(answer, "accessToken"),
                "expiresAt": iso_date(epoch_seconds(None) + seconds_of(answer, "expiresIn")),
            }
            if "refreshToken" in answer:
                content["refreshToken"] = text_of(answer, "refreshToken")
        except ValueError:
            content = {}
        if status != 200 or not content:
            raise server.failure(f"answered without a token (status {status})")
        return content

    # --- the role -----------------------------------------------------------------------------------------------------

    def _role_credentials(self, token: str) -> Credentials:
        """https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html"""
        from urllib.parse import urlencode

        url = PORTAL.url(self.lookup, self.region)
        server = PORTAL.server(self.lookup, url)
        query = urlencode({"role_name": self.role, "account_id": self.account})
        headers = {"x-amz-sso_bearer_token": token}
        status, text = server.ask("GET", f"{url}federation/credentials?{query}", headers)
        if status == 401:
            raise self._sign_on_again(f"the single sign-on of profile {self.profile!r} has expired or was revoked")
        if status in (403, 404):
            raise server.failure(
                f"has no role {self.role} in account {self.account} for you (status {status}); check sso_role_name and "
                f"sso_account_id of profile {self.profile!r}"
            )
        if status != 200:
            raise server.failure(f"answered with status {status}")
        found = json_object(server.who, text).get("roleCredentials")
        return role_credentials(server, found)


def role_credentials(server: Server, found: "Any") -> Credentials:
    """Return the credentials in the portal's answer, whose expiration is in milliseconds."""
    try:
        return Credentials(
            text_of(found, "accessKeyId"),
            text_of(found, "secretAccessKey"),
            text_of(found, "sessionToken"),
            expires_at=seconds_of(found, "expiration") // 1000,
        )
    except ValueError:  # an InputError is one too
        pass
    raise server.failure("answered without a role's credentials")


class RejectedError(Exception):
    """The refresh token was rejected."""


class _Token:
    """A cached sign-on.  ValueError if the content is not one."""

    __slots__ = ("access_token", "content", "expires_at")

    def __init__(self, content: "dict[str, Any]") -> None:
        self.content = content
        self.access_token = text_of(content, "accessToken")
        self.expires_at = parse_iso_date(text_of(content, "expiresAt"))

    def refreshable(self, now: int) -> bool:
        """Whether it has the fields for a refresh, and the client's registration is valid."""
        try:
            for name in ("refreshToken", "clientId", "clientSecret"):
                text_of(self.content, name)
            return parse_iso_date(text_of(self.content, "registrationExpiresAt")) > now
        except ValueError:
            return False
