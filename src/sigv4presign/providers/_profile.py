"""What a profile says: keys, a program to run, or a role to assume with the credentials of another profile.

Rule: the order within a profile is botocore's.  Settings that contradict each other, or lead in a circle, are errors
that name the profile.
"""

import os

from .._credentials import Credentials
from ..errors import CredentialsNotFound, InputError
from ._files import (
    absent,
    export_credentials,
    in_config_file,
    in_credentials_file,
    merged,
    no_keys,
    profile_name,
    refuse_sign_on,
    static_keys,
)
from ._metadata import fetch_container, fetch_instance
from ._process import fetch_process
from ._provider import NotConfigured
from ._sts import check_role, exchange, fetch_role, session_seconds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._files import Settings

    # A profile's parts in the credentials file and in the config file, and both as one.
    Profile = tuple[list[tuple[str, Settings]], list[tuple[str, Settings]], Settings]


def fetch_environment() -> Credentials:
    """The keys in the environment.  Half a pair is a mistake, and what comes after it is not asked."""
    try:
        return Credentials.from_environ()
    except CredentialsNotFound as fault:
        if os.environ.get("AWS_ACCESS_KEY_ID") or os.environ.get("AWS_SECRET_ACCESS_KEY"):
            raise
        raise NotConfigured(str(fault)) from None
    except InputError as fault:
        raise CredentialsNotFound(f"the environment gives a malformed {fault}") from None


def fetch_profile(name: "str | None", region: "str | None" = None, *, and_environment: bool = False) -> Credentials:
    """The credentials of a profile, by whatever way it names.

    Args:
        name: The profile; None: the one that the environment names, else `default`.
        region: Where STS is asked; None: as environment and profile say.
        and_environment: Whether AWS_WEB_IDENTITY_TOKEN_FILE and its like count, before the profile's own settings.

    Raises:
        NotConfigured: Nobody named a profile and there is none, or nothing in it leads to credentials.
    """
    return _Search(name, region).top(and_environment=and_environment)


class _Search:
    """One walk from a profile to credentials: which profile it began with decides where STS and IMDS are asked."""

    def __init__(self, name: "str | None", region: "str | None") -> None:
        self.name = profile_name(name, os.environ)
        self.named = name is not None or self.name != "default"
        self.region = region

    def top(self, *, and_environment: bool) -> Credentials:
        profile = credentials_part, config_part, settings = _read(self.name)
        found = credentials_part + config_part
        if not found and self.named:
            raise CredentialsNotFound(absent(self.name))
        if _is_role(settings):
            return self._role(self.name, settings, (self.name,))
        credentials = self._own(self.name, profile, and_environment=and_environment)
        if credentials is not None:
            return credentials
        answers = ["AWS_WEB_IDENTITY_TOKEN_FILE is not set"] if and_environment else []
        answers.append(no_keys(self.name, found) if found else absent(self.name))
        raise NotConfigured("; ".join(answers))

    def _role(self, name: str, settings: "Settings", visited: "tuple[str, ...]") -> Credentials:
        """https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html"""
        source, origin = settings.get("source_profile"), settings.get("credential_source")
        if bool(source) == bool(origin):
            raise CredentialsNotFound(
                f"profile {name!r} names {'both' if source else 'neither'} source_profile {'and' if source else 'nor'} "
                "credential_source; a role is assumed with one of them"
            )
        if settings.get("mfa_serial"):
            raise CredentialsNotFound(
                f"profile {name!r} wants the code of an MFA device (mfa_serial), for which nobody can be asked here; "
                f"{export_credentials(name)}"
            )
        try:
            check_role(settings["role_arn"], settings.get("role_session_name"), settings.get("external_id"))
            seconds = session_seconds(_whole_number(settings.get("duration_seconds")))
        except InputError as fault:
            raise CredentialsNotFound(f"profile {name!r} has a malformed {fault}") from None
        credentials = self._named_source(name, origin) if origin else self._source(name, source or "", visited)
        return fetch_role(
            settings["role_arn"],
            credentials,
            settings.get("role_session_name"),
            settings.get("external_id"),
            seconds=seconds,
            region=self.region,
            profile=self.name,
        )

    def _named_source(self, name: str, origin: str) -> Credentials:
        try:
            if origin == "Environment":
                return fetch_environment()
            if origin == "EcsContainer":
                return fetch_container()
            if origin == "Ec2InstanceMetadata":
                return fetch_instance(self.name)
        except NotConfigured as fault:
            raise CredentialsNotFound(f"profile {name!r} has credential_source = {origin}, but {fault}") from None
        raise CredentialsNotFound(
            f"profile {name!r} has credential_source = {origin[:40]}, which is none of Environment, EcsContainer and "
            "Ec2InstanceMetadata"
        )

    def _source(self, parent: str, name: str, visited: "tuple[str, ...]") -> Credentials:
        profile = credentials_part, config_part, settings = _read(name)
        if not credentials_part + config_part:
            raise CredentialsNotFound(f"profile {parent!r} has source_profile = {name}, but {absent(name)}")
        has_keys = bool(settings.get("aws_access_key_id") or settings.get("aws_secret_access_key"))
        # A profile may name itself to assume its role with its own keys; any other return is a circle.
        if name in visited and not (name == parent and has_keys):
            raise CredentialsNotFound(f"source_profile leads in a circle: {' -> '.join([*visited, name])}")
        if _is_role(settings) and not has_keys:
            return self._role(name, settings, (*visited, name))
        credentials = self._own(name, profile, and_environment=False)
        if credentials is None:
            raise CredentialsNotFound(f"profile {parent!r} has source_profile = {name}, which has no credentials")
        return credentials

    def _own(self, name: str, profile: "Profile", *, and_environment: bool) -> "Credentials | None":
        """A web identity, keys in the credentials file, the program of either file, keys in the config file."""
        credentials_part, config_part, settings = profile

        def either(variable: str, setting: str) -> "str | None":
            return (os.environ.get(variable) if and_environment else None) or settings.get(setting)

        token_file = either("AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file")
        if token_file:
            role_arn = either("AWS_ROLE_ARN", "role_arn")
            session_name = either("AWS_ROLE_SESSION_NAME", "role_session_name")
            return exchange(role_arn, token_file, session_name, region=self.region, profile=self.name)
        credentials = _static(name, credentials_part)
        if credentials is None and settings.get("credential_process"):
            return fetch_process(settings["credential_process"], f"the credential_process of profile {name!r}")
        credentials = credentials or _static(name, config_part)
        if credentials is None:
            refuse_sign_on(name, settings)
        return credentials


def _read(name: str) -> "Profile":
    credentials_part, config_part = in_credentials_file(name, os.environ), in_config_file(name, os.environ)
    return credentials_part, config_part, merged(credentials_part + config_part)


def _is_role(settings: "Settings") -> bool:
    return bool(settings.get("role_arn")) and not settings.get("web_identity_token_file")


def _static(name: str, part: "list[tuple[str, Settings]]") -> "Credentials | None":
    keys = static_keys(name, part)
    try:
        return None if keys is None else Credentials(*keys)
    except InputError as fault:
        raise CredentialsNotFound(f"profile {name!r} has a malformed {fault}") from None


def _whole_number(text: "str | None") -> "int | None":
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise InputError("duration_seconds", f"{text[:20]!r} is not a whole number of seconds")
    return int(text)
