"""Percent-encoding as Signature Version 4 wants it; the strict way back is in `_url`.

Rule: unreserved characters stay as they are, every other byte of the UTF-8 text becomes `%XX` in upper-case hex
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html, "UriEncode"; RFC 3986,
section 2.3).  Faults are plain `ValueError`s; the doors above add the parameter's name.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

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
    if b"%" in reserved:
        raw = raw.replace(b"%", b"%25")
        reserved = reserved.replace(b"%", b"")
    for byte in reserved if len(reserved) < 4 else set(reserved):
        try:
            plain, escaped = _REPLACEMENTS[byte]
        except KeyError:  # made when it is needed first: making all 256 would be a part of every import
            plain, escaped = _REPLACEMENTS[byte] = bytes((byte,)), b"%%%02X" % byte
        raw = raw.replace(plain, escaped)
    return raw.decode()


_REPLACEMENTS: "dict[int, tuple[bytes, bytes]]" = {}


def _spellings(allowed: bytes) -> "list[str]":
    """What each of the 256 bytes becomes, kept once it was needed."""
    spellings = _SPELLINGS.get(allowed)
    if spellings is None:
        spellings = _SPELLINGS[allowed] = [chr(byte) if byte in allowed else "%%%02X" % byte for byte in range(256)]
    return spellings


_SPELLINGS: "dict[bytes, list[str]]" = {}  # as many as there are sets of allowed bytes, which are constants
