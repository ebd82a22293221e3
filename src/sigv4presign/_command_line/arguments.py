"""The parser of arguments, and the kinds of values that options take.

Rule: what cannot be meant is refused here with the way to write it, before any command runs; what only the library can
judge is left to it.
"""

import argparse

from ..errors import InputError
from .messages import without_secrets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn, TypeAlias

    # What a command's `add` adds itself to.
    Commands: TypeAlias = "argparse._SubParsersAction[Parser]"

_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3_600, "d": 86_400}
# As GNU's tools count: https://www.gnu.org/software/coreutils/manual/html_node/Block-size.html
_BYTES = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3, "KB": 1000, "MB": 1000**2, "GB": 1000**3}


class Parser(argparse.ArgumentParser):
    """An ArgumentParser that does not quote signatures, and does not guess at options that are cut short."""

    def __init__(self, **options: "Any") -> None:
        super().__init__(allow_abbrev=False, **options)

    def error(self, message: str) -> "NoReturn":
        super().error(without_secrets(message))


def add_expires_in(options: "argparse._ActionsContainer", default: str) -> None:
    """Add --expires-in."""
    options.add_argument(
        "--expires-in", type=lifetime, metavar="TIME", help=f"90, 90s, 15m, 12h or 7d; at most 7d (default: {default})"
    )


# --- s3:// -----------------------------------------------------------------------------------------------------------


def s3_object(text: str) -> "tuple[str, str]":
    """`s3://BUCKET/KEY`: bucket and key."""
    bucket, key = _bucket_and_key(text)
    if not bucket or not key:
        raise argparse.ArgumentTypeError(f"{text!r} names no object; write s3://BUCKET/KEY")
    return bucket, key


def s3_form(text: str) -> "tuple[str, str]":
    """`s3://BUCKET/KEY` with a name at its end, which a shell takes away if it is `${filename}` without quotes."""
    bucket, key = _bucket_and_key(text)
    if not bucket or not key or key[-1] == "/":
        raise argparse.ArgumentTypeError(
            f"{text!r} has no name at its end; write 's3://BUCKET/${{filename}}' in single quotes, else the shell "
            "takes ${filename} away"
        )
    return bucket, key


def s3_bucket_or_object(text: str) -> "tuple[str, str]":
    """`s3://BUCKET` or `s3://BUCKET/KEY`: bucket and key, which may be empty."""
    bucket, key = _bucket_and_key(text)
    if not bucket:
        raise argparse.ArgumentTypeError(f"{text!r} names no bucket; write s3://BUCKET or s3://BUCKET/KEY")
    return bucket, key


def _bucket_and_key(text: str) -> "tuple[str, str]":
    """Both parts, either of which may be empty.

    An access point's ARN is a bucket too, and ends where its resource does, which has two words, or four on an Outpost:
    `accesspoint/NAME`, `outpost/ID/accesspoint/NAME`.  The words may have a colon between them, as in the AWS CLI; the
    key begins after a slash.
    """
    address = text.removeprefix("s3://")
    if address == text:
        return "", ""
    bucket, _, key = address.partition("/")
    parts = address.split(":", 5)
    if parts[0] == "arn" and len(parts) == 6:
        words = 4 if parts[5].startswith("outpost") else 2
        resource = "/".join(parts[5].replace(":", "/").split("/", words)[:words])
        bucket = ":".join([*parts[:5], parts[5][: len(resource)]])
        key = parts[5][len(resource) + 1 :]
    return bucket, key


# --- times, sizes, names and values ----------------------------------------------------------------------------------


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
        raise argparse.ArgumentTypeError(
            f"{text!r} is no size; write bytes, or 10K, 10M, 10G (1K is 1024), or 10KB, 10MB, 10GB (1KB is 1000)"
        )
    return count


def size_range(text: str) -> "tuple[int, int]":
    """`1:10M`: the least and the greatest number of bytes."""
    least, colon, most = text.partition(":")
    if not colon:
        raise argparse.ArgumentTypeError(f"{text!r} is no range of sizes; write LEAST:MOST, as in 1:10M")
    return size(least), size(most)


def _number_with_unit(text: str, units: "dict[str, int]") -> "int | None":
    number = text.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    unit = text[len(number) :]
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


def each_once(option: str, pairs: "list[tuple[str, str]]") -> "dict[str, str]":
    """The pairs of a repeatable option as a mapping."""
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            raise InputError(option, f"{name!r} is there twice")
        found[name] = value
    return found
