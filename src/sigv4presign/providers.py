"""Where credentials are found, when nobody hands them over.

Rule: this is the only module, `share` aside, that reads anything from outside; the core never imports it.
"""

import configparser
import os

from .errors import CredentialsNotFound

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

__all__: "list[str]" = []

# What a profile may hold instead of keys, and what to do about each.
_OTHER_WAYS = {
    "credential_process": "credential_process",
    "sso_session": "single sign-on",
    "sso_start_url": "single sign-on",
    "role_arn": "a role to assume",
    "web_identity_token_file": "a web identity",
    "credential_source": "a role to assume",
}


def profile_name(name: "str | None", environ: "Mapping[str, str]") -> str:
    """The profile that is meant: the given one, else AWS_PROFILE's, else `default`."""
    return name or environ.get("AWS_PROFILE") or environ.get("AWS_DEFAULT_PROFILE") or "default"


def read_profile(name: str, environ: "Mapping[str, str]") -> "list[tuple[str, dict[str, str]]]":
    """(file, settings) of a profile in the credentials file, then in the config file, where they have it.

    https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
    """
    credentials_file = environ.get("AWS_SHARED_CREDENTIALS_FILE") or os.path.join("~", ".aws", "credentials")
    config_file = environ.get("AWS_CONFIG_FILE") or os.path.join("~", ".aws", "config")
    found: list[tuple[str, dict[str, str]]] = []
    for path, sections in (
        (os.path.expanduser(credentials_file), (name,)),
        (os.path.expanduser(config_file), (f"profile {name}", name) if name == "default" else (f"profile {name}",)),
    ):
        parser = configparser.RawConfigParser(default_section="\0")  # no section is special, `default` neither
        try:
            with open(path, encoding="utf-8") as file:  # `parser.read` would pass over a file that it may not read
                parser.read_file(file)
        except (FileNotFoundError, NotADirectoryError):  # both files are optional
            continue
        except OSError as fault:
            raise CredentialsNotFound(f"{path} cannot be read ({fault.strerror})") from None
        except (configparser.Error, UnicodeDecodeError) as fault:
            # The parser's own message would quote the line, and the line may be a secret.
            raise CredentialsNotFound(f"{path} cannot be parsed ({type(fault).__name__})") from None
        found += [(path, dict(parser[section])) for section in sections if parser.has_section(section)]
    return found


def profile_keys(name: "str | None") -> "tuple[str, str, str | None]":
    """Access key id, secret and token that stand in a profile."""
    name = profile_name(name, os.environ)
    settings = read_profile(name, os.environ)
    for path, profile in settings:
        access_key_id, secret = profile.get("aws_access_key_id"), profile.get("aws_secret_access_key")
        if access_key_id and secret:
            return access_key_id, secret, profile.get("aws_session_token") or None
        if access_key_id or secret:
            there, missing = ("aws_access_key_id", "aws_secret_access_key")[:: 1 if access_key_id else -1]
            raise CredentialsNotFound(f"profile {name!r} in {path} has {there} but no {missing}")
    if not settings:
        raise CredentialsNotFound(f"there is no profile {name!r} in the shared credentials and config files")
    for path, profile in settings:
        for setting, what in _OTHER_WAYS.items():
            if setting in profile:
                raise CredentialsNotFound(
                    f"profile {name!r} in {path} has no keys but {what} ({setting}); "
                    f"`aws configure export-credentials --profile {name} --format env` prints keys to set"
                )
    raise CredentialsNotFound(
        f"profile {name!r} has no keys, neither in {' nor in '.join(path for path, _ in settings)}"
    )
