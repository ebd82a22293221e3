"""What all commands share that sign with AWS keys: whose keys, which region, how long, and how the URL is printed.

Rule: an option counts before the environment, the environment before the profile; half a pair of keys is an error.
"""

import argparse
import os

from .arguments import add_expires_in
from .output import result, say, until

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._credentials import Credentials
    from .._presigned_url import PresignedUrl


def add_signing(parser: argparse.ArgumentParser) -> None:
    """Add the options that `credentials`, `region` and `print_url` read."""
    add_keys(parser)
    add_expires_in(parser, "1h")
    add_output(parser)


def add_keys(options: "argparse._ActionsContainer") -> None:
    """Add the options that `credentials` and `region` read."""
    options.add_argument(
        "--region", help="default: AWS_REGION, then AWS_DEFAULT_REGION, then the region of the profile"
    )
    options.add_argument(
        "--profile", metavar="NAME", help="whose keys sign; default: those in the environment, then the default profile"
    )


def add_output(options: "argparse._ActionsContainer") -> None:
    """Add the options that `print_url` reads."""
    printed = options.add_mutually_exclusive_group()
    printed.add_argument("--json", action="store_true", help="print one JSON line: method, url, headers, expires_at")
    printed.add_argument("--curl", action="store_true", help="print a curl command instead of the URL")


def credentials(args: argparse.Namespace) -> "Credentials":
    """Those of --profile, else of the environment, else of the default profile."""
    from .._credentials import Credentials
    from ..errors import CredentialsNotFound

    if args.profile is not None:
        return Credentials.from_profile(args.profile)
    try:
        return Credentials.from_environ()
    except CredentialsNotFound as fault:
        # One half of a pair is a mistake: to go on with another identity would hide it.
        if os.environ.get("AWS_ACCESS_KEY_ID") or os.environ.get("AWS_SECRET_ACCESS_KEY"):
            raise
        not_in_environ = fault
    try:
        return Credentials.from_profile()
    except CredentialsNotFound as fault:
        raise CredentialsNotFound(f"no credentials: {not_in_environ}, and {fault}; or give --profile NAME") from None


def region(args: argparse.Namespace) -> str:
    """That of --region, else of the environment, else of the profile."""
    from ..errors import InputError
    from ..providers import profile_name, read_profile

    given: str | None = args.region or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    if given:
        return given
    profile = profile_name(args.profile, os.environ)
    for _, settings in read_profile(profile, os.environ):
        if settings.get("region"):
            return settings["region"]
    raise InputError(
        "region",
        "there is none; give --region, or set AWS_REGION or AWS_DEFAULT_REGION, or write `region = ...` for profile "
        f"{profile!r} into ~/.aws/config",
    )


def print_url(url: "PresignedUrl", args: argparse.Namespace, now: int, *, body: "bool | None" = None) -> None:
    """Print a URL as --json and --curl say, and for how long it is good; `body` is that of `PresignedUrl.curl`."""
    if args.json:
        import json

        result(json.dumps(url.to_dict()))
    else:
        result(url.curl(body=body) if args.curl else url)
    say(f"good for {url.method} until {until(url, now)}")
    for name, value in url.headers.items():
        say(f"the client has to send the header  {name}: {value}")
