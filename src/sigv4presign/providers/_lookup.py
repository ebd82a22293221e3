"""Looks up settings of one profile in the environment and the shared files, each with its source.

Rule: a variable wins over the profile's setting, and an empty variable is unset.  Both files are read at most once per
lookup, so that its values are consistent.

https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
"""

import os

from ..errors import CredentialsNotFound, InputError
from ._files import Files, has_comment, profile_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._files import Profile, Settings
    from ._ini import Text


class Value:
    """A setting's value as text, None if it is not set, and its source."""

    __slots__ = ("source", "text")

    def __init__(self, text: "str | None", source: str) -> None:
        self.text = text
        self.source = source


UNSET = Value(None, "not set")


class Lookup:
    """The settings of one profile.

    Args:
        profile: The profile; None: the one that the environment names, else `default`.
        environ: The environment variables; `os.environ` if not given.
    """

    __slots__ = ("_profile", "environ", "files", "name", "named")

    def __init__(self, profile: "str | None", environ: "Mapping[str, str] | None" = None) -> None:
        self.environ: Mapping[str, str] = os.environ if environ is None else environ
        self.files = Files(self.environ)
        self.name = profile_name(profile, self.environ)
        self.named = profile is not None or self.variable("AWS_PROFILE", "AWS_DEFAULT_PROFILE") is not UNSET
        self._profile: Profile | None = None

    @classmethod
    def without_files(cls) -> "Lookup":
        """Return a lookup that reads only the environment."""
        from ._files import Profile

        lookup = cls("default")
        lookup._profile = Profile("default", None, None)
        return lookup

    @property
    def profile(self) -> "Profile":
        if self._profile is None:
            self._profile = self.files.profile(self.name)
        return self._profile

    def check_profile(self) -> None:
        """Raise CredentialsNotFound if a profile is named that does not exist."""
        if self.named and not self.profile.exists:
            raise CredentialsNotFound(self.files.absent(self.name))

    # --- single values ------------------------------------------------------------------------------------------------

    def variable(self, *names: str) -> Value:
        """Return the first of these variables that is set."""
        for name in names:
            if self.environ.get(name):
                return Value(self.environ[name], name)
        return UNSET

    def setting(self, name: str) -> Value:
        """Return a setting of the profile."""
        text = self.profile.settings.get(name)
        return self._found(text, name, name) if text else UNSET

    def s3_setting(self, name: str) -> Value:
        """Return a setting below the profile's `s3 =`."""
        block = self.profile.settings.get("s3")
        text = _nested(block, self._found(block, "s3", "s3").source).get(name) if block else None
        return self._found(text, "s3", f"s3.{name}") if text else UNSET

    def find(self, name: str, *variables: str) -> Value:
        """Return one of these variables (default: `AWS_` and the name in capitals); else the profile's setting."""
        found = self.variable(*(variables or (f"AWS_{name.upper()}",)))
        return self.setting(name) if found is UNSET else found

    def _found(self, text: "Text", setting: str, what: str) -> Value:
        in_credentials = setting in (self.profile.in_credentials or {})
        where = self.files.where(text, in_credentials=in_credentials)
        return Value(str(text), f"{what} of profile {self.name!r} ({where})")

    # --- settings of several services ---------------------------------------------------------------------------------

    def region(self) -> Value:
        """https://docs.aws.amazon.com/sdkref/latest/guide/feature-region.html"""
        found = self.find("region", "AWS_REGION", "AWS_DEFAULT_REGION")
        if has_comment(found.text or ""):
            raise InputError(
                found.source, f"{found.text!r:.60} has a comment after it; put the comment on its own line"
            )
        return found

    def endpoint_url(self, service: str) -> Value:
        """Return a service's URL, if not at AWS.  The service is named as in `sso_oidc`.

        https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
        """
        if is_true(self.find("ignore_configured_endpoint_urls")):
            return UNSET
        found = self.variable(f"AWS_ENDPOINT_URL_{service.upper()}", "AWS_ENDPOINT_URL")
        if found is UNSET:
            found = self._service_url(service)
        return self.setting("endpoint_url") if found is UNSET else found

    def _service_url(self, service: str) -> Value:
        section = self.profile.settings.get("services")
        if section is None:
            return UNSET
        services = self.files.titled("services", section)
        if services is None:
            raise InputError(
                "services",
                f"profile {self.name!r} names [services {section}], which is not in {self.files.config.path}",
            )
        block, what = services.get(service), f"{service} in [services {section}]"
        text = _nested(block, f"{what} ({self.files.where(block)})").get("endpoint_url") if block else None
        return Value(str(text), f"{what} ({self.files.where(text)})") if text else UNSET

    def is_fips(self) -> bool:
        """https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoints.html"""
        return is_true(self.find("use_fips_endpoint"))

    def is_dualstack(self) -> bool:
        return is_true(self.find("use_dualstack_endpoint"))

    def ca_bundle(self) -> Value:
        """Return the trusted certificates.  REQUESTS_CA_BUNDLE comes last, as in botocore."""
        found = self.find("ca_bundle")
        return self.variable("REQUESTS_CA_BUNDLE") if found is UNSET else found

    def max_attempts(self) -> Value:
        """https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html"""
        return self.find("max_attempts")

    def attempts(self) -> int:
        """Return the number of attempts: AWS_MAX_ATTEMPTS, max_attempts, else 3."""
        found = self.max_attempts()
        return 3 if found.text is None else whole_number(found, 1, 100)


def _nested(block: "Text", source: str) -> "Settings":
    """Return the settings below a name, such as `s3 =`."""
    from ._ini import nested

    if block[0] != "\n":
        raise InputError(source, "has its settings on lines of their own, each indented")
    return nested(block)


def is_true(value: Value) -> bool:
    """Return a boolean setting."""
    text = (value.text or "false").lower()
    if text not in ("true", "false"):
        raise InputError(value.source, f"{text[:20]!r} is neither true nor false")
    return text == "true"


def whole_number(value: Value, least: int, most: int) -> int:
    text = value.text or ""
    if not (text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most):
        raise InputError(value.source, f"{text[:20]!r} is not a whole number from {least} to {most}")
    return int(text)
