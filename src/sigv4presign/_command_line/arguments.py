"""The types of option values.

Rule: only the syntax of a value is checked here, before any command runs; the library checks the rest.
"""

import argparse
import binascii
import re

from ..errors import InputError

_SECONDS = {
    1: "s sec secs second seconds",
    60: "m min mins minute minutes",
    3_600: "h hr hrs hour hours",
    86_400: "d day days",
    604_800: "w week weeks",
}
_PART = re.compile(r"([0-9]{1,15}) ?([a-z]+)")
_DURATION = re.compile(rf"{_PART.pattern}(?:(?: |, | and )?{_PART.pattern})*")
# As in GNU's tools: https://www.gnu.org/software/coreutils/manual/html_node/Block-size.html
_BYTES = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3, "KB": 1000, "MB": 1000**2, "GB": 1000**3}
_DIGITS = 15  # of the longest number; none here needs more


def add_expires_in(options: "argparse._ActionsContainer", default: str) -> None:
    """Add --expires-in."""
    options.add_argument(
        "--expires-in",
        type=lifetime,
        metavar="TIME",
        help=f"90s, 15m, 1h30m, 12h or 7d; at most 7d (default: {default})",
    )


# --- times, sizes, names and values ----------------------------------------------------------------------------------


def not_empty(text: str) -> str:
    """Reject an empty value, such as an unset shell variable."""
    if not text:
        raise argparse.ArgumentTypeError("is empty; is the variable set? Leave the option out for its default")
    return text


def lifetime(text: str) -> int:
    """Return `15m`, `1h30m` or `2 days` in seconds.  A bare number is seconds; larger units come first."""
    not_empty(text)
    if text.isascii() and text.isdigit() and len(text) <= _DIGITS:
        return int(text)
    parts = _PART.findall(text) if _DURATION.fullmatch(text) else []
    units = [seconds for _, word in parts for seconds, words in _SECONDS.items() if word in words.split()]
    if not parts or len(units) < len(parts) or units != sorted(set(units), reverse=True):
        raise argparse.ArgumentTypeError(f"invalid duration {text[:60]!r}; write 90s, 15m, 1h30m, 12h, 7d or 1w")
    return sum([int(number) * seconds for (number, _), seconds in zip(parts, units, strict=True)])


def size(text: str) -> int:
    """Return `10M` in bytes."""
    number = text.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    unit = text[len(number) :].upper()
    number = number.rstrip(" ")
    if unit not in _BYTES or not (number.isascii() and number.isdigit()) or len(number) > _DIGITS:
        raise argparse.ArgumentTypeError(
            f"invalid size {text[:60]!r}; write bytes, or 10K, 10M, 10G (1K is 1024), or 10KB, 10MB, 10GB (1KB is 1000)"
        )
    return int(number) * _BYTES[unit]


def size_range(text: str) -> "tuple[int, int]":
    """Return the two sizes of `1:10M`, in bytes."""
    least, colon, most = text.partition(":")
    if not colon:
        raise argparse.ArgumentTypeError(f"invalid range {text[:60]!r}; write LEAST:MOST, as in 1:10M")
    return size(least), size(most)


def whole_number(text: str) -> int:
    """Return a number such as `16000`, without sign, point or unit."""
    if not (text.isascii() and text.isdigit()) or len(text) > _DIGITS:
        raise argparse.ArgumentTypeError(f"invalid number {text[:60]!r}; write digits alone")
    return int(text)


def sha256(text: str) -> str:
    """Return a SHA-256 in base64; the error for a hexadecimal one shows its base64."""
    if len(text) == 64 and all(digit in "0123456789abcdefABCDEF" for digit in text):
        encoded = binascii.b2a_base64(bytes.fromhex(text), newline=False).decode()
        raise argparse.ArgumentTypeError(f"{text!r} is hexadecimal; write its base64: {encoded}")
    return text


def parameter(text: str) -> "tuple[str, str]":
    """Return name and value of `NAME=VALUE`; without `=` the value is empty."""
    name, _, value = text.partition("=")
    return name, value


def metadata(text: str) -> "tuple[str, str]":
    """Return name and value of `NAME=VALUE`."""
    if "=" not in text:
        name = text[:60]
        raise argparse.ArgumentTypeError(f"{name!r} has no value; write {name}=VALUE, or {name}= for an empty one")
    return parameter(text)


def header(text: str) -> "tuple[str, str]":
    """Return name and value of `NAME: VALUE`."""
    name, colon, value = text.partition(":")
    if not colon:
        raise argparse.ArgumentTypeError(f"{name[:60]!r} has no colon; write 'Name: value'")
    return name, value.strip()


def each_once(argument: str, pairs: "list[tuple[str, str]]") -> "dict[str, str]":
    """Return the pairs of a repeatable option as a dict; reject duplicate names."""
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            raise InputError(argument, f"{name!r} is given twice; give it once")
        found[name] = value
    return found
