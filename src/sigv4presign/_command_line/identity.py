"""The credentials and the region that a command signs with: the AWS CLI's, unless an option says otherwise.

Rule: an option wins over a setting.  The source of credentials from the network or a program is printed on standard
error; keys from the environment or a file need no network, except that, as in the AWS CLI, the instance metadata
service is asked for a region that is not set.  Secrets are not printed.
"""

import argparse

from .arguments import not_empty
from .messages import CommandError, without_secrets
from .output import note, say, shown, span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._credentials import Credentials
    from ..providers import Settings


class Identity:
    """What a command signs with.

    Attributes:
        credentials: The credentials.
        region: The region; None if neither an option nor a setting has one.
        settings: The settings of the environment and the profile.
    """

    __slots__ = ("credentials", "region", "settings")

    def __init__(self, credentials: "Credentials", region: "str | None", settings: "Settings") -> None:
        self.credentials = credentials
        self.region = region
        self.settings = settings


def add_keys(options: "argparse._ActionsContainer") -> None:
    """Add the options that `identity` reads."""
    options.add_argument(
        "--region", type=not_empty, help="default: AWS_REGION, then AWS_DEFAULT_REGION, then the region of the profile"
    )
    add_profile(
        options, "sign as this profile of ~/.aws/config; default: the credentials that the AWS CLI would use here"
    )
    options.add_argument("--debug", action="store_true", help="print each setting and where it came from")


def add_profile(options: "argparse._ActionsContainer", purpose: str) -> None:
    """Add the options that `credentials` reads."""
    options.add_argument("--profile", type=not_empty, metavar="NAME", help=purpose)
    options.add_argument(
        "--no-network", action="store_true", help="fail if the credentials must be fetched (roles, single sign-on, ...)"
    )


def identity(args: argparse.Namespace) -> Identity:
    """Return the credentials, the region and the settings for a command."""
    from ..providers._settings import read_settings

    settings = read_settings(args.profile, region=args.region, network=False)
    found, is_static = _fetched(args, settings.region)
    source = settings.sources["region"]
    if source in ("nothing sets it", "default for an endpoint URL"):
        if not args.no_network and not (is_static and _is_elsewhere(args, settings)):
            settings = read_settings(args.profile)  # again, with the instance's region
    elif source != "given" and getattr(args, "provider", None) is None:
        args.names = {**args.names, "region": source}  # so that an error names the setting, not an option
    if args.debug:
        _print_settings(args, settings)
    return Identity(found, settings.region, settings)


def _is_elsewhere(args: argparse.Namespace, settings: "Settings") -> bool:
    """Whether the store is not at AWS, so that the instance's region does not apply to it."""
    endpoint, provider = getattr(args, "endpoint", None), getattr(args, "provider", None)
    return provider not in (None, "aws") or (endpoint or settings.endpoint_url) is not None


def credentials(args: argparse.Namespace) -> "Credentials":
    """Return only the credentials."""
    return _fetched(args, None)[0]


def required_region(who: Identity) -> str:
    """Return the region, or raise CommandError if neither an option nor a setting has one."""
    if who.region is None:
        raise CommandError(
            "--region: missing; give --region, set AWS_REGION or AWS_DEFAULT_REGION, or write `region = ...` for "
            f"profile {who.settings.profile!r} into ~/.aws/config"
        )
    return who.region


def aws_region(who: Identity) -> str:
    """Return the region for a command that needs an AWS region.

    Raises:
        CommandError: Neither an option nor a setting has a region.
        InputError: It is the console's name for one, or misspelt.
    """
    from .regions import check_region

    region = required_region(who)
    doubt = check_region(region)
    if doubt is not None:
        note(doubt)
    return region


def _fetched(args: argparse.Namespace, region: "str | None") -> "tuple[Credentials, bool]":
    """Return the credentials, and whether they are keys from the environment or a file."""
    from .. import providers

    provider = providers.resolve(args.profile, mfa=_ask_code, region=region, network=not args.no_network)
    found = provider()
    source = provider.source or ""
    is_static = source == "the environment" or source.startswith("profile ")
    if not is_static or getattr(args, "debug", False):
        name_source(found, source)
    if found.access_key_id.startswith("ASIA") and found.session_token is None:
        note(
            f"{shown(found.access_key_id)} is a temporary key without its session token (AWS_SESSION_TOKEN, "
            "aws_session_token); AWS rejects what it signs"
        )
    return found, is_static


def name_source(found: "Credentials", source: str) -> None:
    """Print the access key id, its source and its expiry."""
    say(f"credentials: {shown(found.access_key_id)} from {shown(source)}, {_expiry(found)}")


def _expiry(found: "Credentials") -> str:
    if found.expires_at is None:
        return "without an expiry"
    import time

    from .._time import iso_date

    return f"expires {iso_date(found.expires_at)}, {span(found.expires_at - int(time.time()))} from now"


def _ask_code(serial: str) -> str:
    """Read the code of an MFA device from the terminal, without echo."""
    import getpass
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)  # the code would be echoed
        try:
            return getpass.getpass(f"MFA code for {shown(serial)}: ")
        except getpass.GetPassWarning:
            raise CommandError(
                f"the MFA device {shown(serial)} wants its code, and there is no terminal to ask for it; run this once "
                "in a terminal: the session is kept in ~/.aws/cli/cache"
            ) from None
        except EOFError:
            raise CommandError(f"no code was typed for the MFA device {shown(serial)}") from None


# Setting -> the argument of the command line.
_SETTINGS = {
    "profile": "profile",
    "region": "region",
    "endpoint_url": "endpoint",
    "use_fips": "fips",
    "use_dualstack": "dualstack",
    "addressing_style": "addressing_style",
    "use_accelerate": "accelerate",
    "use_arn_region": "use_arn_region",
    "disable_multiregion": "disable_multiregion",
    "ca_bundle": "ca_bundle",
    "max_attempts": "max_attempts",
}


def _print_settings(args: argparse.Namespace, settings: "Settings") -> None:
    for setting, name in _SETTINGS.items():
        value, source = getattr(settings, setting), settings.sources[setting]
        option = getattr(args, name, None)
        if option:
            value, source = option, args.names[name]
        text = "not set" if value is None else str(value)
        if isinstance(value, bool):
            text = "on" if value else "off"
        say(f"setting: {name.replace('_', '-')} = {shown(without_secrets(text))} ({shown(source)})", whole=True)
