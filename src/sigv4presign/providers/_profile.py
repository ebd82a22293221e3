"""Credentials of a profile: keys, single sign-on, a program to run, or a role to assume with another profile.

Rule: the order within a profile is botocore's, and so the AWS CLI's.  Contradictory or circular settings are errors
that name the profile.
"""

import os

from ..errors import CredentialsNotFound, InputError
from ._environment import fetch_environment
from ._files import Profile, no_keys, quoted, static_credentials
from ._lookup import Lookup
from ._provider import Found, NotConfigured

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ._files import Settings
    from ._provider import Region
    from ._sts import Session


class Search:
    """The search for one profile's credentials; the settings of this profile apply to STS and IMDS.

    Args:
        name: The profile; None: the one that the environment names, else `default`.
        region: The region of STS.
        mfa: A callable: serial number of a device -> its code.
        network: Whether the network, and programs that may use it, are allowed.
    """

    def __init__(
        self,
        name: "str | None",
        region: "Region",
        *,
        mfa: "Callable[[str], str] | None" = None,
        network: bool = True,
    ) -> None:
        self.lookup = Lookup(name)
        self.files = self.lookup.files
        self.region = region
        self.mfa = mfa
        self.network = network

    def top(self, *, and_environment: bool) -> Found:
        """Return the credentials of the profile.

        Args:
            and_environment: Whether AWS_WEB_IDENTITY_TOKEN_FILE and its companions are used before the profile's
                settings.

        Raises:
            NotConfigured: No profile is named and `default` does not exist, or it has no setting for credentials.
        """
        profile = self.lookup.profile
        if not profile.exists and (self.lookup.named or self.files.faults):
            raise CredentialsNotFound(self.files.absent(profile.name))
        if _is_role(profile.settings):
            return self._role(profile, (profile.name,))
        found = self._own(profile, and_environment=and_environment)
        if found is not None:
            return found
        answers = ["AWS_WEB_IDENTITY_TOKEN_FILE is not set"] if and_environment else []
        answers.append(no_keys(profile, self.files) if profile.exists else self.files.no_profile(profile.name))
        raise NotConfigured("; ".join(answers))

    def _role(self, profile: Profile, visited: "tuple[str, ...]") -> Found:
        """https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html"""
        from ._role_cache import cached_session

        self.files.check_values(profile, "role_arn", "source_profile", "credential_source", "mfa_serial")
        settings = profile.settings
        source, origin = settings.get("source_profile"), settings.get("credential_source")
        if bool(source) == bool(origin):
            which = "both source_profile and" if source else "neither source_profile nor"
            raise CredentialsNotFound(
                f"profile {profile.name!r} names {which} credential_source; a role is assumed with one of them"
            )
        session = self._session(profile)
        parameters: dict[str, str | int | None] = {
            "RoleArn": session.role_arn,
            "RoleSessionName": session.name,
            "ExternalId": session.external_id,
            "SerialNumber": session.mfa_serial,
            "DurationSeconds": session.seconds,
        }
        asked = {name: value for name, value in parameters.items() if value is not None}
        by_whom = f"the role {session.role_arn} (profile {profile.name!r})"
        if not origin:  # first, so that a circle is an error even if a session is cached
            self._check_source(profile, source or "", visited)
        cached = cached_session(asked, self.lookup.environ)
        if cached is not None:
            return Found(cached, by_whom, attended=session.mfa_serial is not None)
        caller = self._named_source(profile.name, origin) if origin else self._source(source or "", visited)
        self._need_network(f"profile {profile.name!r} assumes a role")
        if session.mfa_serial is not None:
            session.mfa_code = self._code(profile.name, session.mfa_serial)
        return self._assumed(caller, session, asked, by_whom)

    def _session(self, profile: Profile) -> "Session":
        """Return the parameters of AssumeRole for a profile's role."""
        from ._sts import Session, check_role, session_seconds

        settings = profile.settings
        name = settings.get("role_session_name") or None  # an empty one is generated, as in botocore
        try:
            check_role(settings["role_arn"], name, settings.get("external_id"))
            seconds = session_seconds(_whole_number(settings.get("duration_seconds")))
        except InputError as fault:
            setting = _SETTINGS.get(fault.parameter, fault.parameter)
            problem = f"{self.files.profile_at(profile, setting)}, has a malformed {setting}: {fault.problem}"
        else:
            return Session(
                settings["role_arn"],
                name,
                external_id=settings.get("external_id"),
                seconds=seconds,
                mfa_serial=settings.get("mfa_serial"),
            )
        raise CredentialsNotFound(problem)

    def _assumed(self, caller: Found, session: "Session", asked: "dict[str, str | int]", by_whom: str) -> Found:
        from ._role_cache import cache_session
        from ._sts import fetch_role

        found = fetch_role(caller.credentials, session, self.region, lookup=self.lookup)
        if session.mfa_code is not None:
            cache_session(asked, self.lookup.environ, found.credentials)
        return Found(found.credentials, by_whom, attended=found.attended or caller.attended)

    def _code(self, name: str, serial: str) -> str:
        """Return the code of an MFA device from the `mfa` callable; CredentialsNotFound without one."""
        if self.mfa is None:
            raise CredentialsNotFound(
                f"profile {name!r} wants the code of the MFA device {serial}, which cannot be asked for here; "
                f"`aws sts get-caller-identity --profile {quoted(name)}` asks for it, and the session is then used here"
            )
        code = self.mfa(serial)
        if not isinstance(code, str):
            if hasattr(code, "__await__"):
                getattr(code, "close", bool)()  # else Python warns of a coroutine that was never awaited
            raise TypeError(f"mfa: the callable returned {type(code).__name__}, not the code as str")
        code = code.strip()
        if not (len(code) == 6 and code.isascii() and code.isdigit()):
            raise CredentialsNotFound(f"the code of the MFA device {serial} has to be six digits")
        return code

    def _need_network(self, what: str) -> None:
        if not self.network:
            raise CredentialsNotFound(f"{what}, and the network may not be used")

    def _named_source(self, name: str, origin: str) -> Found:
        from ._metadata import fetch_container, fetch_instance

        try:
            if origin == "Environment":
                return fetch_environment()
            if origin == "EcsContainer":
                return fetch_container(network=self.network)
            if origin == "Ec2InstanceMetadata":
                return fetch_instance(self.lookup.name, network=self.network)
        except NotConfigured as fault:
            raise CredentialsNotFound(f"profile {name!r} has credential_source = {origin}, but {fault}") from None
        raise CredentialsNotFound(
            f"profile {name!r} has credential_source = {origin[:40]}; it has to be Environment, EcsContainer or "
            "Ec2InstanceMetadata"
        )

    def _check_source(self, parent: Profile, name: str, visited: "tuple[str, ...]") -> None:
        profile = self.files.profile(name)
        if not profile.exists:
            raise CredentialsNotFound(
                f"{self.files.profile_at(parent, 'source_profile')}, has source_profile = {name}, but "
                f"{self.files.absent(name, 'source_profile')}"
            )
        # A profile may name itself, to assume its role with its own keys; any other repetition is a circle.
        if name in visited and not (name == parent.name and _has_keys(profile.settings)):
            raise CredentialsNotFound(f"source_profile leads in a circle: {' -> '.join([*visited, name])}")

    def _source(self, name: str, visited: "tuple[str, ...]") -> Found:
        profile = self.files.profile(name)
        if _is_role(profile.settings) and not _has_keys(profile.settings):
            return self._role(profile, (*visited, name))
        found = self._own(profile, and_environment=False)
        if found is None:
            raise CredentialsNotFound(f"profile {visited[-1]!r} has source_profile = {name}, which has no credentials")
        return found

    def _own(self, profile: Profile, *, and_environment: bool) -> "Found | None":
        """Return the credentials that a profile has without another profile, in botocore's order."""
        return (
            self._web_identity(profile, and_environment=and_environment)
            or self._sign_on(profile)
            or self._static(profile, in_credentials=True)
            or self._login(profile)
            or self._process(profile)
            or self._static(profile, in_credentials=False)
        )

    def _web_identity(self, profile: Profile, *, and_environment: bool) -> "Found | None":
        def either(variable: str, setting: str) -> "str | None":
            return (os.environ.get(variable) if and_environment else None) or profile.settings.get(setting)

        token_file = either("AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file")
        if not token_file:
            return None
        from ._sts import Session, exchange

        self._need_network("the credentials are those of a web identity's role")
        session = Session(either("AWS_ROLE_ARN", "role_arn"), either("AWS_ROLE_SESSION_NAME", "role_session_name"))
        return exchange(token_file, session, self.region, lookup=self.lookup)

    def _sign_on(self, profile: Profile) -> "Found | None":
        if "sso_account_id" not in profile.settings and "sso_role_name" not in profile.settings:
            return None
        from ._sso import sign_on_of

        sign_on = sign_on_of(self.lookup, profile, network=self.network)
        return sign_on.fetch() if sign_on is not None else None

    def _login(self, profile: Profile) -> "Found | None":
        if "login_session" not in profile.settings:
            return None
        from ._login import login_of

        login = login_of(self.lookup, profile, network=self.network)
        return login.fetch() if login is not None else None

    def _process(self, profile: Profile) -> "Found | None":
        command = profile.settings.get("credential_process")
        if command is None:
            return None
        from ._process import fetch_process

        self.files.check_values(profile, "credential_process")
        self._need_network(f"profile {profile.name!r} runs a program for its credentials")
        return fetch_process(command, f"the credential_process of profile {profile.name!r}")

    def _static(self, profile: Profile, *, in_credentials: bool) -> "Found | None":
        try:
            keys = static_credentials(profile, self.files, in_credentials=in_credentials)
        except InputError as fault:
            problem = f"a malformed {fault}"
        else:
            file = self.files.credentials if in_credentials else self.files.config
            return Found(keys, f"profile {profile.name!r} in {file.path}") if keys is not None else None
        raise CredentialsNotFound(problem)


# Parameters of `assume_role` -> the settings of a profile that are checked by their rules.
_SETTINGS = {"session_name": "role_session_name", "duration": "duration_seconds"}


# As in botocore, a setting without a value is there, and decides.


def _is_role(settings: "Settings") -> bool:
    return "role_arn" in settings and "web_identity_token_file" not in settings


def _has_keys(settings: "Settings") -> bool:
    return "aws_access_key_id" in settings or "aws_secret_access_key" in settings


def _whole_number(text: "str | None") -> "int | None":
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise InputError("duration_seconds", f"{text[:20]!r} is not a whole number of seconds")
    return int(text)
