"""The options of an S3 link: its lifetime, whether it stays the same, and how it is printed."""

import argparse

from .arguments import add_expires_in, lifetime
from .printed import add_output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_NAMES = ("expires_in", "stable_for", "nonce", "allow_dot_segments")


def add_link(parser: argparse.ArgumentParser) -> None:
    """Add the options that `link` and `print_url` read."""
    options = parser.add_argument_group("link")
    add_expires_in(options, "1h")
    options.add_argument(
        "--stable-for",
        type=lifetime,
        metavar="TIME",
        help="print the same link for this long, so that caches know it; it expires up to this much later than "
        "--expires-in says",
    )
    options.add_argument("--nonce", action="store_true", help="make the link unique, even within the same second")
    options.add_argument(
        "--allow-dot-segments",
        action="store_true",
        help="sign a key with . or .. between slashes; most clients collapse these, and curl needs --path-as-is",
    )
    add_output(options)


def link(args: argparse.Namespace) -> "dict[str, Any]":
    """Return the options that were given, as arguments of an operation."""
    given = {name: getattr(args, name) for name in _NAMES}
    return {name: value for name, value in given.items() if value is not None and value is not False}
