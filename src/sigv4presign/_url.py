"""A URL or a request target, split and decoded strictly; the value of the Host header.

Rule: nothing is guessed and nothing repaired.  What two programs could read in two ways is a `ValueError`, to which the
doors above add the parameter's name or the HTTP status.
"""

from ._encoding import UNRESERVED, encode, keeping

DEFAULT_PORTS = {"http": "80", "https": "443", "ws": "80", "wss": "443"}

# RFC 3986, section 3.3: a path holds unreserved characters, escapes, sub-delims, ":" and "@"; section 3.4: a query
# holds these, "/" and "?".
_PATH_BYTES = UNRESERVED + b"%!$&'()*+,;=:@/"
_QUERY_BYTES = _PATH_BYTES + b"?"
_KEEP_PATH = keeping(_PATH_BYTES)
_KEEP_QUERY = keeping(_QUERY_BYTES)
_KEEP_HOST = keeping(b"abcdefghijklmnopqrstuvwxyz0123456789-._")
_KEEP_IPV6 = keeping(b"abcdef0123456789:.")


def split_url(url: str, *, strict: bool = True) -> "tuple[str, str, str, str]":
    """An absolute URL as (scheme, Host value, path, query).  `strict=False` lets raw spaces and non-ASCII through."""
    scheme, separator, rest = url.partition("://")
    default_port = DEFAULT_PORTS.get(scheme)
    if default_port is None:
        scheme = scheme.lower()
        default_port = DEFAULT_PORTS.get(scheme)
    if not separator or default_port is None:
        raise ValueError(f"does not begin with one of {', '.join([name + '://' for name in DEFAULT_PORTS])}")
    if "#" in rest:
        raise ValueError("has a fragment (#...), which is never sent; a literal # is written %23")
    before_query, _, query = rest.partition("?")
    authority, _, path = before_query.partition("/")
    path = "/" + path
    if strict:
        _check_characters(rest, path, query)
    return scheme, host_value(authority, default_port), path, query


def _check_characters(target: str, path: str, query: str) -> None:
    """Refuse what path and query may not hold unescaped, and what is broken in the path's escapes."""
    raw = target.encode()
    if raw.translate(_KEEP_QUERY) is not raw:  # all that a query may hold and a path may not is the question mark
        check_path(path)
        check_query(query)
    if "%" in path:
        decode(path)


def split_target(target: str) -> "tuple[str, str]":
    """A target that begins with `/` (RFC 9112, section 3.2.1) as (path, query).  `//x` is a path, not a host."""
    path, _, query = target.partition("?")
    _check_characters(target, path, query)
    return path, query


def check_path(path: str) -> None:
    """Refuse what a path may not hold unescaped, and escapes that are broken or not UTF-8."""
    raw = path.encode()
    if raw.translate(_KEEP_PATH) != raw:
        raise ValueError(_bad_character("path", path, _PATH_BYTES))
    if "%" in path:
        decode(path)


def check_query(query: str) -> None:
    """Refuse what a query may not hold unescaped; its escapes are checked where it is parsed."""
    raw = query.encode()
    if raw.translate(_KEEP_QUERY) != raw:
        raise ValueError(_bad_character("query", query, _QUERY_BYTES))


def _bad_character(part: str, text: str, allowed: bytes) -> str:
    index, character = next(
        (index, character) for index, character in enumerate(text) if character.encode().translate(None, allowed)
    )
    return (
        f"has {character!a} unescaped at character {index} of its {part}; percent-encode it, "
        "or give plain text: query= takes parameters, S3Presigner takes keys"
    )


def decode(encoded: str) -> str:
    """Undo the percent-encoding of a text; refuse a broken escape and bytes that are not UTF-8."""
    if "%" not in encoded:
        return encoded
    first, *others = encoded.split("%")
    pieces = [first.encode()]
    for piece in others:
        digits = piece[:2]
        if len(digits) != 2 or digits.strip(_HEX_DIGITS):
            raise ValueError("has a % that two hex digits do not follow; a literal % is written %25")
        pieces.append(bytes.fromhex(digits))
        pieces.append(piece[2:].encode())
    try:
        return b"".join(pieces).decode()
    except UnicodeDecodeError:
        raise ValueError("has percent-escapes that are not UTF-8") from None


_HEX_DIGITS = "0123456789ABCDEFabcdef"


def escape_non_ascii(text: str) -> str:
    """Escape the non-ASCII characters alone, as a client does that is handed a raw URL."""
    return text if text.isascii() else "".join([c if c.isascii() else encode(c) for c in text])


def parse_query(query: str) -> "list[tuple[str, str]]":
    """Split a raw, ASCII query string into decoded pairs, in order, repeats kept.

    `+` is a space, as form-decoding servers and botocore read it; a name without `=` has the empty value; an empty
    piece between two `&` is nothing.
    """
    # In most queries the slashes of X-Amz-Credential are all there is to decode.
    query = query.replace("+", "%20").replace("%2F", "/")
    pairs: list[tuple[str, str]] = []
    for piece in query.split("&"):
        if piece:
            name, _, value = piece.partition("=")
            pairs.append((name, value))
    return [(decode(name), decode(value)) for name, value in pairs] if "%" in query else pairs


def host_value(authority: str, default_port: "str | None" = None) -> str:
    """The value of the Host header: lower case, brackets around IPv6, the port unless it is the scheme's own.

    RFC 9110, section 7.2; as botocore's `_host_from_url`, but for `ws` and `wss`, whose ports it does not know.
    """
    global _last
    last_authority, last_port, host = _last
    if authority == last_authority and default_port == last_port:
        return host
    host = _host_value(authority, default_port)
    _last = (authority, default_port, host)  # one tuple, replaced whole: a thread sees the old one or the new one
    return host


_last: "tuple[str, str | None, str]" = ("localhost", None, "localhost")  # most programs have to do with one host


def _host_value(authority: str, default_port: "str | None") -> str:
    if "@" in authority:
        raise ValueError("has userinfo before its host; a presigned URL carries its credentials in the query")
    if not authority.isascii():  # before .lower(), which makes a k of the Kelvin sign
        raise ValueError("has a non-ASCII host; write its punycode form, xn--...")
    host = authority.lower()
    if host[:1] == "[":
        address, bracket, port = host.partition("]")
        keep, host = _KEEP_IPV6, address + bracket
        name = address[1:] if bracket and port[:1] in ("", ":") else ""
        separator, port = port[:1], port[1:]
    else:
        name, separator, port = host.partition(":")
        keep, host = _KEEP_HOST, name
    if not name:
        raise ValueError("has no host, or a malformed one")
    raw = name.encode()
    if raw.translate(keep) != raw:
        raise ValueError("has a host with a character that no host has")
    if not separator or port == default_port:
        return host
    if not (port.isascii() and port.isdigit() and port[0] != "0" and len(port) <= 5 and int(port) <= 65_535):
        raise ValueError("has a port that is not a number from 1 to 65535")
    return host + ":" + port
