"""Dates and times, read from text strictly, and written for people.

Rule: a text is read in one spelling or refused with a `ValueError`, to which the doors above add the parameter's name
or the HTTP status.  Signing writes its one date itself, so only those who verify or explain load this.
"""

import time

_NUMBERS = {"%02d" % number: number for number in range(60)}


def iso_date(seconds: int) -> str:
    """A second for people and for S3's XML: `2013-05-24T00:00:00Z`."""
    return "%04d-%02d-%02dT%02d:%02d:%02dZ" % time.gmtime(seconds)[:6]


def parse_amz_date(text: str) -> int:
    """Epoch seconds of `20130524T000000Z`, and of nothing that is written in any other way."""
    global _last_parsed
    minute, second = text[:13], _NUMBERS.get(text[13:15])
    if len(text) != 16 or second is None or text[15] != "Z":
        raise ValueError("is not of the form YYYYMMDDTHHMMSSZ")
    last_minute, seconds = _last_parsed
    if minute != last_minute:
        if text[8] != "T":
            raise ValueError("is not of the form YYYYMMDDTHHMMSSZ")
        seconds = parse_date(text[:8]) + parse_clock(text[9:11], text[11:13], "00")
        _last_parsed = (minute, seconds)  # one tuple, replaced whole: a thread sees the old minute or the new one
    return seconds + second


_last_parsed = ("19700101T0000", 0)


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


def parse_date(digits: str) -> int:
    """Epoch seconds of the beginning of a day written YYYYMMDD; ValueError for anything else."""
    if len(digits) != 8 or not (digits.isascii() and digits.isdigit()):
        raise ValueError("is not a day written YYYYMMDD")
    rest, day = divmod(int(digits), 100)
    year, month = divmod(rest, 100)
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if year < 1970 or not 1 <= month <= 12:
        raise ValueError("is not a day that exists")
    month_ends = 365 if month == 12 else _DAYS_BEFORE_MONTH[month]
    if not 1 <= day <= month_ends - _DAYS_BEFORE_MONTH[month - 1] + (leap and month == 2):
        raise ValueError("is not a day that exists")
    before = year - 1
    days = (
        before * 365 + before // 4 - before // 100 + before // 400  # to 1 January of this year, from year 1
        - 719_162  # the same for 1970
        + _DAYS_BEFORE_MONTH[month - 1] + (leap and month > 2)
        + day - 1
    )  # fmt: skip
    return days * 86_400


def parse_clock(hour: str, minute: str, second: str) -> int:
    """Seconds since midnight of a time in pairs of digits; ValueError for anything else, leap seconds included."""
    try:
        seconds = _NUMBERS[hour] * 3_600 + _NUMBERS[minute] * 60 + _NUMBERS[second]
    except KeyError:
        raise ValueError("is not a time of day written HHMMSS") from None
    if seconds >= 86_400:
        raise ValueError("is not a time of day that exists")
    return seconds


_DAYS_BEFORE_MONTH = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)


def _split_zone(text: str) -> "tuple[str, int | None]":
    """`.5+01:00` as its fraction and its offset in seconds; None for an offset that is none.

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
