"""The parser of arguments, and the kinds of values that options take.

Rule: what cannot be meant is refused here with the way to write it, before any command runs; what only the library can
judge is left to it.
"""

import argparse

from .messages import without_secrets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn, TypeAlias

    # What a command's `add` adds itself to.
    Commands: TypeAlias = "argparse._SubParsersAction[Parser]"

_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3_600, "d": 86_400}
_BYTES = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3}


class Parser(argparse.ArgumentParser):
    """An ArgumentParser that does not quote signatures, and does not guess at options that are cut short."""

    def __init__(self, **options: "Any") -> None:
        super().__init__(allow_abbrev=False, **options)

    def error(self, message: str) -> "NoReturn":
        super().error(without_secrets(message))


def add_expires_in(parser: argparse.ArgumentParser, default: str) -> None:
    """Add --expires-in."""
    parser.add_argument(
        "--expires-in", type=lifetime, metavar="TIME", help=f"90, 90s, 15m, 12h or 7d; at most 7d (default: {default})"
    )


def s3_object(text: str) -> "tuple[str, str]":
    """`s3://BUCKET/KEY`: bucket and key."""
    bucket, _, key = text.removeprefix("s3://").partition("/")
    if not text.startswith("s3://") or not bucket or not key:
        raise argparse.ArgumentTypeError(f"{text!r} names no object; write s3://BUCKET/KEY")
    return bucket, key


def lifetime(text: str) -> int:
    """`15m`: seconds."""
    seconds = _number_with_unit(text, _SECONDS)
    if seconds is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no time; write 90 or 90s for seconds, or 15m, 12h, 7d")
    return seconds


def size(text: str) -> int:
    """`10M`: bytes."""
    count = _number_with_unit(text.upper(), _BYTES)
    if count is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no size; write bytes, or 10K, 10M, 10G")
    return count


def _number_with_unit(text: str, units: "dict[str, int]") -> "int | None":
    unit = text[-1:] if text[-1:].isalpha() else ""
    number = text.removesuffix(unit)
    if unit not in units or not (number.isascii() and number.isdigit()) or len(number) > 15:
        return None
    return int(number) * units[unit]


def parameter(text: str) -> "tuple[str, str]":
    """`NAME=VALUE`: name and value; without the sign the value is empty."""
    name, _, value = text.partition("=")
    return name, value


def header(text: str) -> "tuple[str, str]":
    """`NAME: VALUE`: name and value."""
    name, colon, value = text.partition(":")
    if not colon:
        raise argparse.ArgumentTypeError(f"{name!r} has no colon; write 'Name: value'")
    return name, value.strip()
