"""Arguments as plain values, and plain values as Signature Version 4 writes them: text, parameters, times.

Rule: unreserved characters stay as they are, every other byte of the UTF-8 text becomes `%XX` in upper-case hex
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html, "UriEncode"; RFC 3986,
section 2.3).  Time is whole epoch seconds inside and `YYYYMMDDTHHMMSSZ` outside, always UTC.  The strict ways back are
in `_url` and `_dates`.
"""

import time

from .errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from .types import Lifetime, Now, Query

    Pairs = list[tuple[str, str]]

# --- text -------------------------------------------------------------------------------------------------------------

UNRESERVED = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"


def exact_text(parameter: str, text: str) -> str:
    """A text as a `str` and nothing else; TypeError for what is none.

    A subclass can be one text to `encode` and `==` and another one to an f-string, as a `str` enumeration is.
    """
    if type(text) is str:
        return text
    if isinstance(text, str):
        return str.__str__(text)
    raise TypeError(f"{parameter}: expected str, got {type(text).__name__}")


def items_of(parameter: str, given: "Any") -> "Any":
    """The pairs of a mapping, or pairs as they are."""
    if isinstance(given, (str, bytes)):
        raise TypeError(f"{parameter}: expected a mapping or pairs, got {type(given).__name__}")
    return given.items() if hasattr(given, "items") else given


_EVERY_BYTE = bytes(range(256))


def keeping(allowed: bytes) -> bytes:
    """A table for `bytes.translate` that changes every byte but the allowed ones.

    `raw.translate(table) == raw` is the quickest way there is to learn that a text holds nothing else.  Where what
    follows gives the same text anyhow, `is` will do, as CPython returns the very object if nothing in it changed.
    """
    others = _EVERY_BYTE.translate(None, allowed)
    return bytes.maketrans(others, b"\1" + bytes(len(others) - 1))  # the first of them is the zero byte itself


KEEP_UNRESERVED = keeping(UNRESERVED)
UNRESERVED_AND_SLASH = UNRESERVED + b"/"
KEEP_UNRESERVED_AND_SLASH = keeping(UNRESERVED_AND_SLASH)


def encode(text: str) -> str:
    """Percent-encode a query name or value: `/` becomes `%2F`, a space `%20`."""
    raw = text.encode()
    return text if raw.translate(KEEP_UNRESERVED) is raw else escape(raw, UNRESERVED)


def encode_path(path: str) -> str:
    """Percent-encode a path or an object key: the same, but `/` stays."""
    raw = path.encode()
    return path if raw.translate(KEEP_UNRESERVED_AND_SLASH) is raw else escape(raw, UNRESERVED_AND_SLASH)


def escape(raw: bytes, allowed: bytes) -> str:
    """Escape every byte of `raw` but the allowed ones."""
    reserved = raw.translate(None, allowed)
    if len(reserved) > 12:  # text in another script; below that, replacing is quicker
        return "".join(map(_spellings(allowed).__getitem__, raw))
    # One replacement a byte: a key seldom has more than a few. "%" goes first, as the others bring new ones.
    if _PERCENT in reserved:
        raw = raw.replace(b"%", b"%25")
        reserved = reserved.replace(b"%", b"")
    for byte in reserved if len(reserved) < 4 else set(reserved):
        try:
            plain, escaped = _REPLACEMENTS[byte]
        except KeyError:  # made when it is needed first: making all 256 would be a part of every import
            plain, escaped = _REPLACEMENTS[byte] = bytes((byte,)), b"%%%02X" % byte
        raw = raw.replace(plain, escaped)
    return raw.decode()


_PERCENT = ord("%")  # to look for a number in bytes is three times as fast as to look for bytes
_REPLACEMENTS: "dict[int, tuple[bytes, bytes]]" = {}


def _spellings(allowed: bytes) -> "list[str]":
    """What each of the 256 bytes becomes, kept once it was needed."""
    spellings = _SPELLINGS.get(allowed)
    if spellings is None:
        spellings = _SPELLINGS[allowed] = [chr(byte) if byte in allowed else "%%%02X" % byte for byte in range(256)]
    return spellings


_SPELLINGS: "dict[bytes, list[str]]" = {}  # as many as there are sets of allowed bytes, which are constants


# --- CanonicalQueryString ---------------------------------------------------------------------------------------------


def encode_pairs(pairs: "Pairs") -> "Pairs":
    """Percent-encode decoded parameters that are known to be text."""
    return [(encode(name), encode(value)) for name, value in pairs]


def encode_query(query: "Query") -> "Pairs":
    """Percent-encode a caller's query parameters, a mapping or pairs, in the given order."""
    pairs: Pairs = []
    given: Any = query
    items: Any = given.items() if type(query) is dict else items_of("query", query)
    for name, value in items:
        if type(name) is not str or type(value) is not str:
            name, value = _parameter_text(name, value)  # noqa: PLW2901 - the same, as text
        try:
            raw_name, raw_value = name.encode(), value.encode()
        except UnicodeEncodeError:
            raise InputError("query", f"{name!r} has a lone surrogate, which is not text") from None
        # Twice what encode() does, without the calls: parameters are the larger part of many a URL's price.
        encoded_name = name if raw_name.translate(KEEP_UNRESERVED) is raw_name else escape(raw_name, UNRESERVED)
        encoded_value = value if raw_value.translate(KEEP_UNRESERVED) is raw_value else escape(raw_value, UNRESERVED)
        pairs.append((encoded_name, encoded_value))
    return pairs


def _parameter_text(name: object, value: object) -> "tuple[str, str]":
    """A name and a value as exact text; an int is the text of its digits."""
    if not isinstance(name, str):
        raise TypeError(f"query: the name {name!r} is {type(name).__name__}; give str")
    if type(value) is int:
        value = str(value)
    if not isinstance(value, str):
        raise TypeError(f"query: the value of {name!r} is {type(value).__name__}; give str or int (repeats: pairs)")
    return str.__str__(name), str.__str__(value)


def canonical_query_string(pairs: "Iterable[tuple[str, str]]") -> str:
    """The CanonicalQueryString of encoded pairs, which is also the query string that is sent.

    Sorted by name, then by value, byte for byte; pairs are compared, not joined text, since `=` sorts after `-` and
    the digits.  Repeats are kept.
    """
    text = ""
    for name, value in sorted(pairs):
        text += f"&{name}={value}"
    return text[1:]


# --- time -------------------------------------------------------------------------------------------------------------

# The clock is read here, and in the one line of `_presigner` that is run for each URL; once for each `now=None`.

LAST_SECOND = 253_402_300_799  # 9999-12-31T23:59:59Z: the last that four digits of a year can say


def epoch_seconds(now: "Now | None", parameter: str = "now") -> int:
    """Whole epoch seconds of `now`: a number, an aware datetime, or None for this moment."""
    if now is None:
        return int(time.time())
    if type(now) is int and 0 <= now <= LAST_SECOND:
        return now
    return int(exact_seconds(now, parameter))


def exact_seconds(now: "Now | None", parameter: str = "now") -> float:
    """The same with its fraction, for those who compare and do not print."""
    if now is None:
        return time.time()
    if isinstance(now, bool):
        raise TypeError(f"{parameter}: bool is not a time; give epoch seconds or an aware datetime")
    if isinstance(now, (int, float)):
        seconds: float = now
    else:
        offset = getattr(now, "utcoffset", None)
        if offset is None or not hasattr(now, "timestamp"):
            raise TypeError(f"{parameter}: {type(now).__name__} is not a time; give epoch seconds or an aware datetime")
        if offset() is None:
            raise InputError(
                parameter, "the datetime is naive, so its time zone is a guess; use datetime.now(timezone.utc)"
            )
        seconds = now.timestamp()
    if not 0 <= seconds < LAST_SECOND + 1:  # NaN fails this too
        raise InputError(parameter, f"{seconds!r} lies outside the years 1970 to 9999 (it is in seconds)")
    return seconds


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
        raise TypeError(f"{parameter}: {type(lifetime).__name__} is not a lifetime; give whole seconds or a timedelta")
    if seconds < 1:
        raise InputError(parameter, f"{seconds} s; a URL has to live for at least 1 second")
    if longest is not None and seconds > longest:
        raise InputError(parameter, f"{seconds} s is too long; the longest here is {longest} s ({in_words(longest)})")
    return seconds


def in_words(seconds: int) -> str:
    """`604800` as `7 days`: the largest unit that divides it."""
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds % size == 0 and seconds:
            count = seconds // size
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{seconds} second{'' if seconds == 1 else 's'}"


def amz_date(seconds: int) -> str:
    """X-Amz-Date of a second: `20130524T000000Z`."""
    global _last
    last_seconds, last_date, last_minute, beginning = _last
    if last_seconds == seconds:
        return last_date
    minute, second = divmod(seconds, 60)
    if last_minute != minute:
        beginning = "%04d%02d%02dT%02d%02d" % time.gmtime(seconds)[:5]
    date = f"{beginning}{_TWO_DIGITS[second]}Z"
    _last = (seconds, date, minute, beginning)  # one tuple, replaced whole: a thread sees the old one or the new one
    return date


_TWO_DIGITS = ["%02d" % number for number in range(60)]
_last = (0, "19700101T000000Z", 0, "19700101T0000")  # the second that was asked for last, and its minute
