"""Text: an exact `str`, UriEncode, and the strict way back.

Rule: unreserved characters stay as they are, every other byte of the UTF-8 text becomes `%XX` in upper-case hex
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html, "UriEncode"; RFC 3986,
section 2.3).
"""

from codecs import unicode_escape_decode

from ._value import keep

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def exact_text(parameter: str, text: str) -> str:
    """Return an exact `str`, or raise `TypeError`.

    A subclass, such as a `str` enumeration, can be one text for `encode` and `==` and another in an f-string.
    """
    if type(text) is str:
        return text
    if isinstance(text, str):
        return str.__str__(text)
    raise TypeError(f"{parameter}: expected str, got {type(text).__name__}")


def pairs_of(parameter: str, given: "Any") -> "Any":
    """The items of a mapping, or the given pairs."""
    if isinstance(given, (str, bytes)) or not hasattr(given, "__iter__"):
        raise TypeError(f"{parameter}: expected a mapping or pairs, got {type(given).__name__}")
    return given.items() if hasattr(given, "items") else given


def checked_pairs(parameter: str, given: "Any") -> "list[Any]":
    """The same as a list, each known to be a pair."""
    pairs = [*pairs_of(parameter, given)]
    for pair in pairs:
        if type(pair) in (str, bytes) or not hasattr(pair, "__len__") or len(pair) != 2:
            raise TypeError(f"{parameter}: expected pairs of a name and a value; one is {type(pair).__name__}")
    return pairs


# --- UriEncode -------------------------------------------------------------------------------------------------------

UNRESERVED = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
_EVERY_BYTE = bytes(range(256))
_HIGH_BYTES = _EVERY_BYTE[128:]


def keeping(allowed: bytes) -> bytes:
    """A table for `bytes.translate` that changes every byte but the allowed ones.

    `raw.translate(table) == raw` is the fastest test for "only allowed bytes".  CPython returns the same object if
    nothing changed, so `is` is enough where the slower path gives the same text.
    """
    others = _EVERY_BYTE.translate(None, allowed)
    return bytes.maketrans(others, b"\1" + bytes(len(others) - 1))  # the first of them is the zero byte itself


IN_PATH = UNRESERVED + b"/"  # in a path's single segment `/` becomes %2F, as in a query
KEEP_IN_QUERY = keeping(UNRESERVED)
KEEP_IN_PATH = keeping(IN_PATH)


def encode(text: str) -> str:
    """Percent-encode a query name or value: `/` becomes `%2F`, a space `%20`."""
    raw = text.encode()
    return text if raw.translate(KEEP_IN_QUERY) is raw else escape(text, raw, UNRESERVED)


def encode_path(path: str) -> str:
    """Percent-encode a path or an object key: the same, but `/` stays."""
    raw = path.encode()
    return path if raw.translate(KEEP_IN_PATH) is raw else escape(path, raw, IN_PATH)


_MUCH = 12  # bytes


def escape(text: str, raw: bytes, allowed: bytes) -> str:
    """Percent-encode a text that needs it; `raw` is the text in UTF-8."""
    if len(raw) - len(text) > _MUCH or len(special := raw.translate(None, allowed)) > _MUCH:
        return _escape_much(text, raw, allowed)
    characters = special.decode()
    if "%" in characters:  # first, as every other escape brings a new one
        text = text.replace("%", "%25")
        characters = characters.replace("%", "")
    for character in characters:
        text = text.replace(character, _ESCAPES.get(character) or _escaped(character))
    return text


def _escape_much(text: str, raw: bytes, allowed: bytes) -> str:
    r"""The same for a text with many special characters, as in another script: benchmark row "CJK keys".

    Special ASCII characters are replaced.  For the others Python's "backslashreplace" writes `\xe5` for each byte, and
    one `translate` makes `%E5` of it: it deletes every x and swaps the case, as the first one did.
    """
    special = raw.translate(None, allowed + _HIGH_BYTES)
    if special:
        text = text.replace("%", "%25")
        for character in {*special.decode()} - {"%"}:
            text = text.replace(character, _ESCAPES.get(character) or _escaped(character))
        raw = text.encode()
    written = raw.translate(_SWAP_CASE).decode("latin-1").encode("ascii", "backslashreplace")
    return written.translate(_SWAP_BACK, b"x").decode()


# By then the text has neither \0, which can stand for X, nor a backslash that is not an escape's.
_SWAP_CASE = _EVERY_BYTE.swapcase().replace(b"x", b"\0")
_SWAP_BACK = (b"X" + _EVERY_BYTE[1:].swapcase()).replace(b"\\", b"%")


def _escaped(character: str) -> str:
    """The percent-encoding of a character that is not allowed."""
    return keep(_ESCAPES, character, escape_bytes(character.encode(), b""), MOST_ESCAPES)


MOST_ESCAPES = 8_192
_ESCAPES: "dict[str, str]" = {}  # benchmark row "mixed keys": encoding a character costs 0.6 us


def escape_bytes(raw: bytes, allowed: bytes) -> str:
    """Percent-encode bytes that need not be UTF-8, as a server may receive them."""
    return "".join([chr(byte) if byte in allowed else f"%{byte:02X}" for byte in raw])


# --- and back --------------------------------------------------------------------------------------------------------

BROKEN_ESCAPE = "has a % without two hex digits after it; a literal % is written %25"


def decode(encoded: str) -> str:
    """Undo percent-encoding; ValueError for a broken escape and for bytes that are not UTF-8."""
    if "%" not in encoded:
        return encoded
    # As Python's own escapes, which one call decodes and which are strict about their two digits.  Not bytes.decode(),
    # which loads the codec's module during the first request, and fails at a limit of open files.
    escaped = encoded.encode().replace(b"\\", b"\\\\").replace(b"%", b"\\x")
    try:
        raw = unicode_escape_decode(escaped)[0].encode("latin-1")
    except UnicodeDecodeError:
        raise ValueError(BROKEN_ESCAPE) from None
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise ValueError("has percent-escapes that are not UTF-8") from None


def escape_non_ascii(text: str) -> str:
    """Escape the non-ASCII characters alone, as clients do with a raw URL."""
    return text if text.isascii() else "".join([c if c.isascii() else encode(c) for c in text])
