"""The shared config and credentials files: profiles, sso-sessions and services, read as the AWS CLI reads them.

Rule: a file that is absent or may not be read is empty, as for the CLI, and one that cannot be parsed is an error with
file and line; a message quotes nothing of a file but the names of profiles and settings.

https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
"""

import os

from ..errors import CredentialsNotFound

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._ini import Text

    Settings = dict[str, Text]


def profile_name(name: "str | None", environ: "Mapping[str, str]") -> str:
    """The profile that is meant: the given one, else AWS_PROFILE's, else `default`."""
    return name or environ.get("AWS_PROFILE") or environ.get("AWS_DEFAULT_PROFILE") or "default"


def in_home(path: str, environ: "Mapping[str, str]") -> str:
    """A path with its variables and its `~` filled in."""
    path = os.path.expandvars(path)
    home = environ.get("HOME")
    if home and path[:2] == "~/" and environ is not os.environ:
        return home + path[1:]
    return os.path.expanduser(path)


class File:
    """One of the two files, parsed.

    Attributes:
        path: Where it is.
        sections: Its sections; none where it is absent or may not be read.
        fault: Why it may not be read.
    """

    __slots__ = ("fault", "path", "sections")

    def __init__(self, variable: str, default: str, environ: "Mapping[str, str]") -> None:
        self.path = in_home(environ.get(variable) or f"~/.aws/{default}", environ)
        self.sections: dict[str, Settings] = {}
        self.fault: str | None = None
        problem = ""
        try:
            with open(self.path, encoding="utf-8") as file:
                from ._ini import MalformedFileError, parse

                try:
                    self.sections = parse(file)
                except MalformedFileError as malformed:
                    problem = f"{self.path}, {malformed}"
        except (FileNotFoundError, NotADirectoryError):  # both files are optional
            pass
        except OSError as fault:
            self.fault = f"{self.path} cannot be read ({fault.strerror})"
        except UnicodeDecodeError:
            problem = f"{self.path} cannot be parsed: it is not UTF-8 text"
        if problem:
            raise CredentialsNotFound(problem)


class Profile:
    """What both files say of a profile.

    Attributes:
        name: Its name.
        parts: (file, settings) of each file that has it, the credentials file first.
        settings: Both as one; where both have a setting, the credentials file's counts.
    """

    __slots__ = ("in_config", "in_credentials", "name", "settings")

    def __init__(self, name: str, in_credentials: "Settings | None", in_config: "Settings | None") -> None:
        self.name = name
        self.in_credentials = in_credentials
        self.in_config = in_config
        self.settings: Settings = {**(in_config or {}), **(in_credentials or {})}

    @property
    def exists(self) -> bool:
        return self.in_credentials is not None or self.in_config is not None


class Files:
    """Both files, each read when it is first needed and then kept."""

    __slots__ = ("_config", "_credentials", "environ")

    def __init__(self, environ: "Mapping[str, str]") -> None:
        self.environ = environ
        self._config: File | None = None
        self._credentials: File | None = None

    @property
    def config(self) -> File:
        if self._config is None:
            self._config = File("AWS_CONFIG_FILE", "config", self.environ)
        return self._config

    @property
    def credentials(self) -> File:
        if self._credentials is None:
            self._credentials = File("AWS_SHARED_CREDENTIALS_FILE", "credentials", self.environ)
        return self._credentials

    def profile(self, name: str) -> Profile:
        """A profile, whether or not it exists."""
        in_config = self.titled("profile", name)
        if in_config is None and name == "default":  # which may do without the word `profile`
            in_config = self.config.sections.get(name)
        return Profile(name, self.credentials.sections.get(name), in_config)

    def titled(self, kind: str, name: str) -> "Settings | None":
        """A section of the config file that is titled with a word and a name, such as `[sso-session corp]`."""
        found = None
        for title, settings in self.config.sections.items():
            if title.startswith(kind) and _title(title) == [kind, name]:
                found = settings  # the last one counts, as for the CLI: [profile x] and [profile "x"] are two sections
        return found

    def where(self, setting: "Text", *, in_credentials: bool = False) -> str:
        """The file and the line of a setting."""
        return f"{(self.credentials if in_credentials else self.config).path}, line {setting.line}"

    @property
    def faults(self) -> "list[str]":
        """Which of the files may not be read, and why."""
        return [file.fault for file in (self.credentials, self.config) if file.fault]

    def absent(self, name: str) -> str:
        """That there is no such profile, or which file may not be read, where it may be."""
        return "; ".join(self.faults) or f"there is no profile {name!r} in the shared credentials and config files"


def _title(section: str) -> "list[str]":
    """The words of a section's name, without their quotation marks."""
    if '"' not in section and "'" not in section and "\\" not in section:
        return section.split()
    import shlex

    try:
        return shlex.split(section)
    except ValueError:  # a quotation mark that has no other
        return []


def static_keys(profile: Profile, files: Files, *, in_credentials: bool) -> "tuple[str, str, str | None] | None":
    """Access key id, secret and token that stand in one file's part of a profile."""
    part = profile.in_credentials if in_credentials else profile.in_config
    if part is None:
        return None
    access_key_id, secret = part.get("aws_access_key_id"), part.get("aws_secret_access_key")
    if access_key_id and secret:
        # The old name of the token first, as in botocore.
        return access_key_id, secret, part.get("aws_security_token") or part.get("aws_session_token") or None
    one = access_key_id or secret
    if one:
        there, missing = ("aws_access_key_id", "aws_secret_access_key")[:: 1 if access_key_id else -1]
        where = files.where(one, in_credentials=in_credentials)
        raise CredentialsNotFound(f"profile {profile.name!r} in {where}, has {there} but no {missing}")
    return None


def profile_keys(name: "str | None") -> "tuple[str, str, str | None]":
    """The keys of a profile for those who want nothing but keys.

    Where the AWS CLI would sign with something else, even if there are keys as well, it is an error that says what.
    """
    try:
        return _profile_keys(name)
    except CredentialsNotFound as fault:
        problem = str(fault)
    raise CredentialsNotFound(problem)  # out here, without the frames that have seen a secret


def _profile_keys(name: "str | None") -> "tuple[str, str, str | None]":
    files = Files(os.environ)
    profile = files.profile(profile_name(name, os.environ))
    if not profile.exists:
        raise CredentialsNotFound(files.absent(profile.name))
    settings = profile.settings
    for setting, what in _BEFORE_KEYS.items():
        if setting in settings:
            raise CredentialsNotFound(_otherwise(profile.name, setting, what))
    keys = static_keys(profile, files, in_credentials=True)
    if keys is None:
        for setting, what in _BEFORE_KEYS_OF_CONFIG.items():
            if setting in settings:
                raise CredentialsNotFound(_otherwise(profile.name, setting, what))
        keys = static_keys(profile, files, in_credentials=False)
    if keys is None:
        raise CredentialsNotFound(no_keys(profile, files))
    return keys


# What the AWS CLI takes before the keys of the credentials file, and before those of the config file.
_BEFORE_KEYS = {
    "role_arn": "a role to assume",
    "web_identity_token_file": "a web identity",
    "sso_account_id": "single sign-on",
    "sso_role_name": "single sign-on",
}
_BEFORE_KEYS_OF_CONFIG = {
    "login_session": "a console login",
    "credential_process": "a program that prints credentials",
}


def _otherwise(name: str, setting: str, what: str) -> str:
    return (
        f"profile {name!r} uses {what} ({setting}), not static keys; providers.profile({name!r}) follows it, or "
        f"`aws configure export-credentials --profile {quoted(name)} --format env` prints keys to set"
    )


def no_keys(profile: Profile, files: Files) -> str:
    """That a profile has no keys, and which file it is in."""
    paths = [files.credentials.path] * (profile.in_credentials is not None)
    paths += [files.config.path] * (profile.in_config is not None)
    return f"profile {profile.name!r} has no keys (it is in {' and '.join(paths)})"


def quoted(name: str) -> str:
    """A name as a shell reads it."""
    import shlex

    return shlex.quote(name)
