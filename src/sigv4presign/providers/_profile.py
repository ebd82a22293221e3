"""What a profile says: keys, a program to run, or a role to assume with the credentials of another profile.

Rule: the order within a profile is botocore's.  Settings that contradict each other, or lead in a circle, are errors
that name the profile.
"""

import os
from functools import partial

from .._credentials import Credentials
from ..errors import CredentialsNotFound, InputError
from ._files import (
    SIGN_ON,
    absent,
    export_credentials,
    merged,
    no_keys,
    profile_name,
    read_profile,
    static_keys,
)
from ._metadata import fetch_container, fetch_instance
from ._process import fetch_process
from ._provider import NotConfigured
from ._sts import check_role, exchange, fetch_role, session_seconds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._files import Settings
    from ._provider import Fetch

_WEB_IDENTITY = {
    "web_identity_token_file": "AWS_WEB_IDENTITY_TOKEN_FILE",
    "role_arn": "AWS_ROLE_ARN",
    "role_session_name": "AWS_ROLE_SESSION_NAME",
}


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


# https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html
_SOURCES: "dict[str, Fetch]" = {
    "Environment": fetch_environment,
    "Ec2InstanceMetadata": fetch_instance,
    "EcsContainer": fetch_container,
}


def fetch_profile(name: "str | None", region: "str | None" = None, *, and_environment: bool = False) -> Credentials:
    """The credentials of a profile, by whatever way it names.

    Args:
        name: The profile; None: the one that the environment names, else `default`.
        region: Where STS is asked; None: as environment and profile say.
        and_environment: Whether AWS_WEB_IDENTITY_TOKEN_FILE and its like count, before the profile's own settings.

    Raises:
        NotConfigured: There is no such profile and nobody named it, or nothing in it leads to credentials.
    """
    meant = profile_name(name, os.environ)
    found = read_profile(meant, os.environ)
    named = name is not None or meant != "default"
    if not found and named:
        raise CredentialsNotFound(absent(meant))
    settings = merged(found)
    if _is_role(settings):
        return _role(meant, settings, (meant,), partial(fetch_role, region=region, profile=name))
    where = {"region": region, "profile": name}
    identity = _web_identity(settings, environment=and_environment)
    if identity is not None:
        return _exchanged(meant, identity, where)
    credentials = _own(meant, found, settings)
    if credentials is not None:
        return credentials
    answers = ["AWS_WEB_IDENTITY_TOKEN_FILE is not set"] if and_environment else []
    answers.append(no_keys(meant, found) if found else absent(meant))
    raise NotConfigured("; ".join(answers))


def _is_role(settings: "Settings") -> bool:
    return "role_arn" in settings and "web_identity_token_file" not in settings


def _own(name: str, found: "list[tuple[str, Settings]]", settings: "Settings") -> "Credentials | None":
    """Keys in the credentials file, then the program of either file, then keys in the config file."""
    command = settings.get("credential_process")
    credentials_file, config_file = found[:0], found
    if found and command:
        ...
    return None
