"""Percent-encoding as Signature Version 4 wants it, and the strict way back.

Rule: unreserved characters stay as they are, every other byte of the UTF-8 text becomes `%XX` in upper-case hex
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html, "UriEncode"; RFC 3986,
section 2.3).  Faults are plain `ValueError`s; the doors above add the parameter's name.
"""

UNRESERVED = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
UNRESERVED_AND_SLASH = UNRESERVED + b"/"

_BYTES = [bytes((byte,)) for byte in range(256)]
_ESCAPES = [b"%%%02X" % byte for byte in range(256)]
_BYTE_OF_HEX = {escape[1:].decode(): _BYTES[byte] for byte, escape in enumerate(_ESCAPES)}
_PERCENT = 0x25


def encode(text: str) -> str:
    """Percent-encode a query name or value: `/` becomes `%2F`, a space `%20`."""
    raw = text.encode()
    reserved = raw.translate(None, UNRESERVED)
    return escape(raw, reserved) if reserved else text


def encode_path(path: str) -> str:
    """Percent-encode a path or an object key: the same, but `/` stays."""
    raw = path.encode()
    reserved = raw.translate(None, UNRESERVED_AND_SLASH)
    return escape(raw, reserved) if reserved else path


def escape(raw: bytes, reserved: bytes) -> str:
    """Escape in `raw` every byte that occurs in `reserved`."""
    # One replacement a distinct byte: a key seldom has more than a few. "%" goes first, as the others bring new ones.
    if _PERCENT in reserved:
        raw = raw.replace(b"%", b"%25")
    for byte in set(reserved):
        if byte != _PERCENT:
            raw = raw.replace(_BYTES[byte], _ESCAPES[byte])
    return raw.decode()


def decode(encoded: str) -> str:
    """Undo the percent-encoding of an ASCII text; refuse a broken escape and bytes that are not UTF-8."""
    if "%" not in encoded:
        return encoded
    first, *others = encoded.split("%")
    pieces = [first.encode()]
    for piece in others:
        byte = _BYTE_OF_HEX.get(piece[:2].upper())
        if byte is None:
            raise ValueError("has a % that two hex digits do not follow; a literal % is written %25")
        pieces.append(byte)
        pieces.append(piece[2:].encode())
    try:
        return b"".join(pieces).decode()
    except UnicodeDecodeError:
        raise ValueError("has percent-escapes that are not UTF-8") from None


def escape_non_ascii(text: str) -> str:
    """Escape the non-ASCII characters alone, as a client does that is handed a raw URL."""
    return text if text.isascii() else "".join([c if c.isascii() else encode(c) for c in text])


def parse_query(query: str) -> "list[tuple[str, str]]":
    """Split a raw, ASCII query string into decoded pairs, in order, repeats kept.

    `+` is a space, as form-decoding servers and botocore read it; a name without `=` has the empty value; an empty
    piece between two `&` is nothing.
    """
    pairs: list[tuple[str, str]] = []
    for piece in query.replace("+", "%20").split("&"):
        name, _, value = piece.partition("=")
        if "%" in piece:
            name, value = decode(name), decode(value)
        if piece:
            pairs.append((name, value))
    return pairs
