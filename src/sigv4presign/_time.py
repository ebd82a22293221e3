"""Time: the clock, lifetimes, X-Amz-Date and ISO 8601, both ways.

Rule: time is whole epoch seconds inside and `YYYYMMDDTHHMMSSZ` outside, always UTC.  The clock is read here and in one
line of `_s3.presigner`, once for each `now=None`.  Text is read in one spelling or is a `ValueError`; public functions
wrap it in `InputError` or `VerificationError`.
"""

import time

from ._value import keep
from .errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime, timedelta  # noqa: F401 - in the aliases
    from typing import TypeAlias

#: What `now=` takes: epoch seconds, or a datetime with a time zone.
Now: "TypeAlias" = "int | float | datetime"
#: What `expires_in=` takes: whole seconds, or a timedelta of whole seconds.  A bool is a TypeError.
Lifetime: "TypeAlias" = "int | timedelta"

LAST_SECOND = 253_402_300_799  # 9999-12-31T23:59:59Z: the last with a year of four digits
WEEK = 604_800  # seconds; the longest X-Amz-Expires at AWS: sigv4-query-string-auth.html

# --- the clock -------------------------------------------------------------------------------------------------------


def epoch_seconds(now: "Now | None", parameter: str = "now") -> int:
    """Whole epoch seconds of `now`: a number, an aware datetime, or None for the current time."""
    if now is None:
        return int(time.time())
    if type(now) is int and 0 <= now <= LAST_SECOND:
        return now
    return int(exact_seconds(now, parameter))


def exact_seconds(now: "Now | None", parameter: str = "now") -> float:
    """The same with its fraction, for comparisons."""
    if now is None:
        return time.time()
    if isinstance(now, (int, float)) and not isinstance(now, bool):
        seconds: float = now
    else:
        offset, timestamp = getattr(now, "utcoffset", None), getattr(now, "timestamp", None)
        if offset is None or timestamp is None:
            raise TypeError(f"{parameter}: {type(now).__name__} is not a time; give epoch seconds or an aware datetime")
        if offset() is None:
            raise InputError(parameter, "the datetime has no time zone; use datetime.now(timezone.utc)")
        seconds = timestamp()
    if not 0 <= seconds < LAST_SECOND + 1:  # NaN fails this too
        raise InputError(parameter, f"{seconds!r} is outside the years 1970 to 9999; give seconds, not milliseconds")
    return seconds


# --- lifetimes -------------------------------------------------------------------------------------------------------


def lifetime_seconds(lifetime: "Lifetime", parameter: str, longest: "int | None") -> int:
    """Whole seconds of a lifetime, an int or a timedelta: at least 1, at most `longest`."""
    if type(lifetime) is int:
        seconds = lifetime
    elif isinstance(lifetime, int) and not isinstance(lifetime, bool):
        seconds = int(lifetime)
    elif not isinstance(lifetime, bool) and hasattr(lifetime, "total_seconds"):
        if lifetime.microseconds:
            raise InputError(parameter, f"{lifetime.total_seconds()!r} s is not a whole number of seconds")
        seconds = lifetime.days * 86_400 + lifetime.seconds
    else:
        way_out = "; convert it with int(...)" if isinstance(lifetime, str) else ""
        raise TypeError(
            f"{parameter}: expected whole seconds as int, or a timedelta, got {type(lifetime).__name__}{way_out}"
        )
    if seconds < 1:
        raise InputError(parameter, f"{seconds} s is too short; the minimum is 1 second")
    if longest is not None and seconds > longest:
        raise InputError(parameter, f"{seconds} s is too long; the maximum is {longest} s ({in_words(longest)})")
    return seconds


def in_words(seconds: int) -> str:
    """`604800` as `7 days`: in the largest unit that divides it."""
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds % size == 0 and seconds:
            count = seconds // size
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{seconds} second{'' if seconds == 1 else 's'}"


# --- X-Amz-Date ------------------------------------------------------------------------------------------------------

_SECONDS = [f"{tens}{ones}Z" for tens in "012345" for ones in "0123456789"]
_NUMBERS = {written: number for number, written in enumerate(_SECONDS)}  # one look-up reads both


def amz_date(seconds: int) -> str:
    """X-Amz-Date of a second: `20130524T000000Z`."""
    minute = seconds // 60
    written = _MINUTES.get(minute)
    if written is None:
        written = keep(_MINUTES, minute, "%04d%02d%02dT%02d%02d" % time.gmtime(seconds)[:5])
    return written + _SECONDS[seconds % 60]


# Benchmark row "moving clock": time.gmtime and the format cost 0.5 us.
_MINUTES: "dict[int, str]" = {}


def parse_amz_date(text: str) -> int:
    """Epoch seconds of `20130524T000000Z`; ValueError for any other spelling."""
    second = _NUMBERS.get(text[13:])
    if second is None or text[8] != "T":
        raise ValueError("is not of the form YYYYMMDDTHHMMSSZ")
    minute = _PARSED_MINUTES.get(text[:13])
    if minute is None:
        minute = parse_date(text[:8]) + parse_clock(text[9:11], text[11:13], "00")
        keep(_PARSED_MINUTES, text[:13], minute)
    return minute + second


_PARSED_MINUTES: "dict[str, int]" = {}  # benchmark row "verify": reading a minute costs 0.8 us


# --- ISO 8601 --------------------------------------------------------------------------------------------------------


def iso_date(seconds: int) -> str:
    """ISO 8601, as in messages, policies and S3's XML: `2013-05-24T00:00:00Z`."""
    kept = _ISO_DATES.get(seconds)
    if kept is None:
        text = amz_date(seconds)
        kept = keep(_ISO_DATES, seconds, f"{text[:4]}-{text[4:6]}-{text[6:11]}:{text[11:13]}:{text[13:]}")
    return kept


_ISO_DATES: "dict[int, str]" = {}  # benchmark row "guards, expired": a refusal writes three


def parse_iso_date(text: str) -> int:
    """Epoch seconds of an ISO 8601 time with a zone, as STS and the metadata services write it."""
    date = text[0:4] + text[5:7] + text[8:10]
    separators = text[4:5] + text[7:8] + text[10:11] + text[13:14] + text[16:17]
    fraction, zone = _split_zone(text[19:])
    if (
        separators in ("--T::", "--t::", "-- ::")
        and text.isascii()
        and (not fraction or (fraction[0] == "." and fraction[1:].isdigit()))
        and zone is not None
    ):
        return parse_date(date) + parse_clock(text[11:13], text[14:16], text[17:19]) - zone
    raise ValueError("is not an ISO 8601 time with a zone, such as 2026-11-24T09:00:00Z")


def _split_zone(text: str) -> "tuple[str, int | None]":
    """`.5+01:00` as its fraction and its offset in seconds; None for an invalid offset.

    The zone is `Z`, `UTC` or `GMT`, which botocore and other tools write, or an offset, with a colon or without.
    """
    for name in ("Z", "UTC", "GMT"):
        if text[-len(name) :].upper() == name:
            return text[: -len(name)].rstrip(" "), 0
    start = max(text.rfind("+"), text.rfind("-"))
    hours, minutes = text[start + 1 : start + 3], text[start + 3 :]
    if minutes[:1] == ":":
        minutes = minutes[1:]
    digits = hours + (minutes or "00")
    if start < 0 or len(digits) != 4 or not (digits.isascii() and digits.isdigit()):
        return "", None
    if int(hours) > 23 or int(digits[2:]) > 59:
        return "", None
    offset = int(hours) * 3_600 + int(digits[2:]) * 60
    return text[:start].rstrip(" "), -offset if text[start] == "-" else offset


# --- days and times of day -------------------------------------------------------------------------------------------


def parse_date(digits: str) -> int:
    """Epoch seconds of the start of a day written YYYYMMDD; ValueError for anything else.

    https://howardhinnant.github.io/date_algorithms.html#days_from_civil
    """
    if len(digits) != 8 or not (digits.isascii() and digits.isdigit()):
        raise ValueError("is not a day written YYYYMMDD")
    rest, day = divmod(int(digits), 100)
    year, month = divmod(rest, 100)
    begun = year - (month < 3)  # a year from March on, so that a leap day is its last
    start = begun * 365 + begun // 4 - begun // 100 + begun // 400 - 719_469
    seconds = (start + ((month + 9) % 12 * 153 + 2) // 5 + day) * 86_400
    if year < 1970 or time.gmtime(seconds)[:3] != (year, month, day):
        raise ValueError("is not a valid day")
    return seconds


def parse_clock(hour: str, minute: str, second: str) -> int:
    """Seconds since midnight of a time in pairs of digits; ValueError for anything else, leap seconds included."""
    try:
        seconds = _NUMBERS[hour + "Z"] * 3_600 + _NUMBERS[minute + "Z"] * 60 + _NUMBERS[second + "Z"]
    except KeyError:
        raise ValueError("is not a time of day written HHMMSS") from None
    if seconds >= 86_400:
        raise ValueError("is not a valid time of day")
    return seconds
