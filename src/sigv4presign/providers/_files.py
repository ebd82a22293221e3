"""The shared credentials and config files: profiles, read as the AWS tools read them.

Rule: a file that is absent is empty, and one that is there and cannot be read is an error; what a file holds stands in
no message but for the names of profiles and settings.
"""

import configparser
import os
import shlex

from ..errors import CredentialsNotFound

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    Settings = dict[str, str]

# What a profile may hold instead of keys, and what to call it.
_SIGN_ON = {
    "sso_session": "single sign-on",
    "sso_start_url": "single sign-on",
    "login_session": "a console login",
}
_OTHER_WAYS = {
    "credential_process": "credential_process",
    "role_arn": "a role to assume",
    "web_identity_token_file": "a web identity",
    "credential_source": "a role to assume",
}


def profile_name(name: "str | None", environ: "Mapping[str, str]") -> str:
    """The profile that is meant: the given one, else AWS_PROFILE's, else `default`."""
    return name or environ.get("AWS_PROFILE") or environ.get("AWS_DEFAULT_PROFILE") or "default"


def read_profile(name: str, environ: "Mapping[str, str]") -> "list[tuple[str, Settings]]":
    """(file, settings) of a profile in the credentials file, then in the config file, where they have it.

    https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
    """
    return in_credentials_file(name, environ) + in_config_file(name, environ)


def in_credentials_file(name: str, environ: "Mapping[str, str]") -> "list[tuple[str, Settings]]":
    """The same, of the credentials file alone."""
    path, parser = _read("AWS_SHARED_CREDENTIALS_FILE", "credentials", environ)
    return [(path, dict(parser[name]))] if parser.has_section(name) else []


def in_config_file(name: str, environ: "Mapping[str, str]") -> "list[tuple[str, Settings]]":
    """The same, of the config file alone, where `[default]` may do without the word `profile`."""
    path, parser = _read("AWS_CONFIG_FILE", "config", environ)
    sections = [section for section in parser.sections() if _titled("profile", section) == name]
    if name == "default" and parser.has_section(name):
        sections.append(name)
    return [(path, dict(parser[section])) for section in sections]


def read_service(section: str, service: str, environ: "Mapping[str, str]") -> "Settings":
    """What the `[services SECTION]` of the config file says of one service.

    https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
    """
    _, parser = _read("AWS_CONFIG_FILE", "config", environ)
    settings: Settings = {}
    for title in parser.sections():
        if _titled("services", title) == section:
            # A nested setting is one value of several lines: `sts =`, and below it, indented, `endpoint_url = ...`.
            for line in parser[title].get(service, "").splitlines():
                name, _, value = line.partition("=")
                settings[name.strip()] = value.strip()
    return settings


def merged(found: "list[tuple[str, Settings]]") -> "Settings":
    """The settings of a profile from both files as one; where both have one, the credentials file's counts."""
    settings: Settings = {}
    for _, part in reversed(found):
        settings.update(part)
    return settings


def static_keys(name: str, found: "list[tuple[str, Settings]]") -> "tuple[str, str, str | None] | None":
    """Access key id, secret and token that stand in a profile, from the first part of it that has them."""
    for path, profile in found:
        access_key_id, secret = profile.get("aws_access_key_id"), profile.get("aws_secret_access_key")
        if access_key_id and secret:
            return access_key_id, secret, profile.get("aws_session_token") or None
        if access_key_id or secret:
            there, missing = ("aws_access_key_id", "aws_secret_access_key")[:: 1 if access_key_id else -1]
            raise CredentialsNotFound(f"profile {name!r} in {path} has {there} but no {missing}")
    return None


def profile_keys(name: "str | None") -> "tuple[str, str, str | None]":
    """The same for those who want nothing but keys: what a profile has instead is an error that says what to do."""
    name = profile_name(name, os.environ)
    found = read_profile(name, os.environ)
    keys = static_keys(name, found)
    if keys is not None:
        return keys
    if not found:
        raise CredentialsNotFound(absent(name))
    for path, profile in found:
        refuse_sign_on(name, profile)
        for setting, what in _OTHER_WAYS.items():
            if setting in profile:
                raise CredentialsNotFound(
                    f"profile {name!r} in {path} has no keys but {what} ({setting}); providers.profile({name!r}) "
                    f"follows it, or `aws configure export-credentials --profile {shlex.quote(name)} --format env` "
                    "prints keys to set"
                )
    raise CredentialsNotFound(no_keys(name, found))


def absent(name: str) -> str:
    """That there is no such profile."""
    return f"there is no profile {name!r} in the shared credentials and config files"


def no_keys(name: str, found: "list[tuple[str, Settings]]") -> str:
    """That a profile has no keys, and where it stands."""
    paths = ", ".join(dict.fromkeys(path for path, _ in found))
    return f"profile {name!r} has no keys, neither in the credentials file nor in the config file (it is in {paths})"


def refuse_sign_on(name: str, settings: "Settings") -> None:
    """Raise for a profile whose credentials are in a cache of the AWS CLI."""
    for setting, what in _SIGN_ON.items():
        if setting in settings:
            raise CredentialsNotFound(
                f"profile {name!r} has no keys but {what} ({setting}); {export_credentials(name)}"
            )


def export_credentials(name: str) -> str:
    """How the AWS CLI hands over what only it can get."""
    return (
        "let the AWS CLI fetch them: write `credential_process = aws configure export-credentials --profile "
        f"{shlex.quote(name)} --format process` into a profile of the config file and use that one"
    )


def _read(variable: str, default: str, environ: "Mapping[str, str]") -> "tuple[str, configparser.RawConfigParser]":
    """A file by the variable that names it, parsed; no section is special, `default` and `DEFAULT` neither."""
    path = environ.get(variable) or os.path.join("~", ".aws", default)
    path = os.path.expanduser(os.path.expandvars(path))  # as botocore
    parser = configparser.RawConfigParser(default_section="\0")
    try:
        with open(path, encoding="utf-8") as file:  # `parser.read` would pass over a file that it may not read
            parser.read_file(file)
    except (FileNotFoundError, NotADirectoryError):  # both files are optional
        pass
    except OSError as fault:
        raise CredentialsNotFound(f"{path} cannot be read ({fault.strerror})") from None
    except (configparser.Error, UnicodeDecodeError) as fault:
        # The parser's own message would quote the line, and the line may be a secret.
        raise CredentialsNotFound(f"{path} cannot be parsed ({type(fault).__name__})") from None
    return path, parser


def _titled(kind: str, section: str) -> "str | None":
    """The name in `[profile NAME]` or `[profile "NAME"]`, None in a section of another kind."""
    try:
        words = shlex.split(section)
    except ValueError:  # a quotation mark that has no other
        return None
    return words[1] if len(words) == 2 and words[0] == kind else None
