"""The shared config and credentials files: profiles, sso-sessions and services, read as the AWS CLI reads them.

Rule: a missing or unreadable file counts as empty, as in the CLI; one that cannot be parsed is an error with file and
line.  Of a file, a message quotes only the names of profiles and settings.

https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
"""

import os

from .._credentials import Credentials
from ..errors import CredentialsNotFound, InputError
from ._provider import check_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._ini import Text

    Settings = dict[str, Text]


def profile_name(name: "str | None", environ: "Mapping[str, str]") -> str:
    """Return the given profile, else AWS_PROFILE's, else `default`."""
    return name or environ.get("AWS_PROFILE") or environ.get("AWS_DEFAULT_PROFILE") or "default"


def in_home(path: str, environ: "Mapping[str, str]") -> str:
    """Expand the variables and `~` of a path."""
    path = os.path.expandvars(path)
    home = environ.get("HOME")
    if home and path[:2] == "~/" and environ is not os.environ:
        return home + path[1:]
    return os.path.expanduser(path)


class File:
    """One of the two files, parsed.

    Attributes:
        path: Its path.
        sections: Its sections; none if it is missing or unreadable.
        fault: Why it is unreadable.
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
    """A profile, merged from both files.

    Attributes:
        name: Its name.
        in_credentials: Its settings in the credentials file; None if it is not there.
        in_config: The same of the config file.
        settings: The merged settings; the credentials file wins.
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
    """Both files, each read when it is first needed."""

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
        """Return a profile, whether or not it exists."""
        return Profile(name, self.credentials.sections.get(name), self.titled("profile", name))

    def titled(self, kind: str, name: str) -> "Settings | None":
        """Return a section of the config file by the two words of its title, such as `[sso-session corp]`.

        The profile `default` may omit the word.  Of several such sections, [profile x] and [profile "x"] or [default]
        and [profile default], the last one is used, as in the AWS CLI.
        """
        found = None
        for title, settings in self.config.sections.items():
            if (title.startswith(kind) and _title(title) == [kind, name]) or (
                title == name == "default" and kind == "profile"
            ):
                found = settings
        return found

    def where(self, setting: "Text", *, in_credentials: bool = False) -> str:
        """Return the file and the line of a setting."""
        return f"{(self.credentials if in_credentials else self.config).path}, line {setting.line}"

    def profile_at(self, profile: Profile, name: str) -> str:
        """Return a profile with the file and the line of one of its settings."""
        in_credentials = name in (profile.in_credentials or {})
        return f"profile {profile.name!r} in {self.where(profile.settings[name], in_credentials=in_credentials)}"

    def check_values(self, profile: Profile, *names: str) -> None:
        """Raise CredentialsNotFound for a setting without a value, which the AWS CLI does not ignore either."""
        for name in names:
            if profile.settings.get(name) == "":
                raise CredentialsNotFound(
                    f"{self.profile_at(profile, name)}, has {name} without a value; write one, or remove the line"
                )

    @property
    def faults(self) -> "list[str]":
        """Return which of the files are unreadable, and why."""
        return [file.fault for file in (self.credentials, self.config) if file.fault]

    def absent(self, name: str, setting: "str | None" = None) -> str:
        """Return the message that a profile does not exist, with those that do.

        Args:
            name: The profile.
            setting: The setting that names it; None: the user does.
        """
        there = self.others(name, setting)
        return "; ".join([self.no_profile(name), there] if there and not self.faults else [self.no_profile(name)])

    def no_profile(self, name: str) -> str:
        """Return the message that a profile does not exist, or that a file which may have it is unreadable."""
        return "; ".join(self.faults) or f"there is no profile {name!r} in the shared credentials and config files"

    def others(self, name: str, setting: "str | None" = None) -> str:
        """Which other profiles there are, and how one is chosen; empty where there are none."""
        if f"profile {name}" in self.credentials.sections:
            return f"{self.credentials.path} has [profile {name}], which has to be [{name}] in this file"
        if name in self.config.sections and " " not in name:  # two words are the title of another kind of section
            return f"{self.config.path} has [{name}], which has to be [profile {name}] in this file"
        titles = [_title(title) for title in self.config.sections if title.startswith("profile")]
        found = [title[1] for title in titles if len(title) == 2]
        # The AWS CLI takes [profile x] of the credentials file for a profile of two words, which nobody means.
        found += [title for title in self.credentials.sections if not title.startswith("profile ")]
        if "default" in self.config.sections:
            found.insert(0, "default")
        names = [other for other in dict.fromkeys(found) if other != name]
        if not names:
            return ""
        from difflib import get_close_matches

        near = get_close_matches(name, names, 1)
        more = f" and {len(names) - 5} more" if len(names) > 5 else ""
        there = f"there {'is' if len(names) == 1 else 'are'} {', '.join(names[:5])}{more}"
        if setting is None:
            return f"{there}: use profile={[*near, *names][0]!r}"
        return f"{there}; did you mean {setting} = {near[0]}?" if near else there


def _title(section: str) -> "list[str]":
    """Return the words of a section's title, without quotation marks."""
    if '"' not in section and "'" not in section and "\\" not in section:
        return section.split()
    import shlex

    try:
        return shlex.split(section)
    except ValueError:  # an unmatched quotation mark
        return []


def static_keys(profile: Profile, files: Files, *, in_credentials: bool) -> "tuple[str, str, str | None] | None":
    """Return access key id, secret and token from one file's part of a profile."""
    part = profile.in_credentials if in_credentials else profile.in_config
    if part is None:
        return None
    access_key_id, secret = part.get("aws_access_key_id"), part.get("aws_secret_access_key")
    if access_key_id and secret:
        # The old name of the token first, as in botocore.
        return access_key_id, secret, part.get("aws_security_token") or part.get("aws_session_token") or None
    if access_key_id:
        where = files.where(access_key_id, in_credentials=in_credentials)
        raise CredentialsNotFound(
            f"profile {profile.name!r} in {where}, has aws_access_key_id but no aws_secret_access_key"
        )
    return None  # a secret alone is not looked at, as by the AWS CLI


def static_credentials(profile: Profile, files: Files, *, in_credentials: bool) -> "Credentials | None":
    """Return the keys of one file's part of a profile.

    Raises:
        InputError: One of them is malformed; the message has its file and line.
    """
    keys = static_keys(profile, files, in_credentials=in_credentials)
    try:
        if keys is None:
            return None
        if has_comment(keys[1]):
            raise InputError("secret_access_key", f"the {len(keys[1])} characters include ' #' or ' ;'")  # noqa: TRY301
        return Credentials(*keys)
    except InputError as fault:
        parameter, problem = fault.parameter, fault.problem
        part = (profile.in_credentials if in_credentials else profile.in_config) or {}
        setting = part.get(f"aws_{parameter}") or part["aws_security_token"]
    finally:
        del keys  # so that no frame of the error has them
    where = files.where(setting, in_credentials=in_credentials)
    hint = "; write the comment on a line before it" if has_comment(setting) else ""
    del setting, part
    raise InputError(parameter, f"in profile {profile.name!r} ({where}), {problem}{hint}")


def has_comment(value: str) -> bool:
    """Whether a comment seems to follow a value; in these files it is part of the value."""
    return " #" in value or " ;" in value


def profile_keys(name: "str | None") -> "tuple[str, str, str | None]":
    """Return the static keys of a profile.

    If the AWS CLI would sign with something else, even if there are keys as well, the error says with what.
    """
    check_text("name", name)
    parameter = ""
    try:
        found = _profile_keys(name)
    except CredentialsNotFound as fault:
        problem = str(fault)
    except InputError as fault:
        parameter, problem = fault.parameter, fault.problem
    else:
        return found.access_key_id, found.secret_access_key, found.session_token
    # Raised here, so that no frame with a secret is attached.
    raise InputError(parameter, problem) if parameter else CredentialsNotFound(problem)


def _profile_keys(name: "str | None") -> Credentials:
    files = Files(os.environ)
    profile = files.profile(profile_name(name, os.environ))
    if not profile.exists:
        raise CredentialsNotFound(files.absent(profile.name))
    settings = profile.settings
    for setting, what in _BEFORE_KEYS.items():
        if setting in settings:
            raise CredentialsNotFound(_otherwise(profile.name, setting, what))
    keys = static_credentials(profile, files, in_credentials=True)
    if keys is None:
        for setting, what in _BEFORE_KEYS_OF_CONFIG.items():
            if setting in settings:
                raise CredentialsNotFound(_otherwise(profile.name, setting, what))
        keys = static_credentials(profile, files, in_credentials=False)
    if keys is None:
        raise CredentialsNotFound(no_keys(profile, files))
    return keys


# What the AWS CLI prefers to the keys of the credentials file, and to those of the config file.
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
    """Return the message that a profile has no keys, with the files it is in."""
    if profile.settings.get("aws_secret_access_key") and not profile.settings.get("aws_access_key_id"):
        return f"profile {profile.name!r} has aws_secret_access_key but no aws_access_key_id"
    paths = [files.credentials.path] * (profile.in_credentials is not None)
    paths += [files.config.path] * (profile.in_config is not None)
    return f"profile {profile.name!r} has no keys (it is in {' and '.join(paths)})"


def way_out(given: "str | None") -> str:
    """What to do where nothing has credentials: a profile that there is, a command, or variables to set."""
    files = Files(os.environ)
    name = profile_name(given, os.environ)
    others = "" if files.profile(name).exists else files.others(name)
    if others:
        return others
    option = "" if name == "default" else f" --profile {quoted(name)}"
    variables = ", or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY" if given is None else ""
    return f"run `aws configure{option}` or `aws configure sso{option}`{variables}"


def quoted(name: str) -> str:
    """Quote a name for a shell."""
    import shlex

    return shlex.quote(name)
