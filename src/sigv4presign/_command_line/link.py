"""What can be said of any S3 link: how long it lives, whether it is the same one each time, and how it is printed.

Rule: what is not said is left to the library.
"""

import argparse

from .arguments import add_expires_in, lifetime
from .signing import add_output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_NAMES = ("expires_in", "stable_for", "nonce", "allow_dot_segments")


def add_link(parser: argparse.ArgumentParser) -> None:
    """Add the options that `link` and `print_url` read."""
    options = parser.add_argument_group("the link")
    add_expires_in(options, "1h")
    options.add_argument(
        "--stable-for",
        type=lifetime,
        metavar="TIME",
        help="the same link for so long, for caches; it lives up to this much longer than --expires-in",
    )
    options.add_argument("--nonce", action="store_true", help="a link like no other, even within the same second")
    options.add_argument(
        "--allow-dot-segments",
        action="store_true",
        help="sign a key with . or .. between slashes, which most clients collapse; curl needs --path-as-is",
    )
    add_output(options)


def link(args: argparse.Namespace) -> "dict[str, Any]":
    """What was said of the link, as arguments of an operation."""
    said = {name: getattr(args, name) for name in _NAMES}
    return {name: value for name, value in said.items() if value is not None and value is not False}
