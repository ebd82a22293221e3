"""URLs and request targets, split strictly; the query parsed; the value of the Host header.

Rule: nothing is guessed and nothing repaired.  Ambiguous input is a `ValueError`; public functions wrap it in
`InputError` or `VerificationError`.
"""

from ._text import UNRESERVED, decode, keeping
from ._value import keep

DEFAULT_PORTS = {"http": "80", "https": "443", "ws": "80", "wss": "443"}

# RFC 3986, section 3.3: a path has unreserved characters, escapes, sub-delims, ":" and "@"; section 3.4: a query also
# has "/" and "?".
_PATH_BYTES = UNRESERVED + b"%!$&'()*+,;=:@/"
_QUERY_BYTES = _PATH_BYTES + b"?"
_KEEP_PATH = keeping(_PATH_BYTES)
_KEEP_QUERY = keeping(_QUERY_BYTES)
_KEEP_HOST = keeping(b"abcdefghijklmnopqrstuvwxyz0123456789-._")
_KEEP_IPV6 = keeping(b"abcdef0123456789:.")


class Url:
    """An absolute URL, split: `host` is the value of the Host header, `path` begins with a slash.

    `strict=False` lets raw spaces and non-ASCII characters through.  ValueError for anything that is not such a URL.
    """

    __slots__ = ("host", "path", "query", "scheme")

    def __init__(self, url: str, strict: bool = True) -> None:
        scheme, separator, rest = url.partition("://")
        default_port = DEFAULT_PORTS.get(scheme)
        if default_port is None:
            scheme = scheme.lower()
            default_port = DEFAULT_PORTS.get(scheme)
        if not separator or default_port is None:
            raise ValueError(f"does not begin with one of {', '.join([name + '://' for name in DEFAULT_PORTS])}")
        if "#" in rest:
            raise ValueError("has a fragment (#...), which is never sent; a literal # is written %23")
        before_query, _, self.query = rest.partition("?")
        authority, _, path = before_query.partition("/")
        self.path = path = "/" + path
        _check_characters(rest, path, self.query, strict)
        self.scheme = scheme
        self.host = host_value(authority, default_port)


def _check_characters(target: str, path: str, query: str, strict: bool = True) -> None:
    """Reject what is not text, characters that belong escaped, and broken escapes in the path."""
    try:
        raw = target.encode()
    except UnicodeEncodeError:
        raise ValueError("has a lone surrogate, which is not text") from None
    if not strict:
        return
    if raw.translate(_KEEP_QUERY) is not raw:  # a query may contain all that a path may, and `?`
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
    """Reject characters that a path may not contain unescaped, and escapes that are broken or not UTF-8."""
    raw = path.encode()
    if raw.translate(_KEEP_PATH) != raw:
        raise ValueError(_bad_character("path", path, _PATH_BYTES))
    if "%" in path:
        decode(path)


def check_query(query: str) -> None:
    """Reject characters that a query may not contain unescaped; its escapes are checked when it is parsed."""
    raw = query.encode()
    if raw.translate(_KEEP_QUERY) != raw:
        raise ValueError(_bad_character("query", query, _QUERY_BYTES))


def _bad_character(part: str, text: str, allowed: bytes) -> str:
    raw = text.encode()
    index = len(raw[: raw.index(raw.translate(None, allowed)[:1])].decode())  # of the first byte not allowed
    return f"has {text[index]!a} unescaped at character {index} of its {part}; percent-encode it"


def parse_query(query: str) -> "list[tuple[str, str]]":
    """Split a raw, ASCII query string into decoded pairs, in order, repeats kept.

    `+` is a space, as form-decoding servers and botocore read it; a name without `=` has the empty value; an empty
    piece between two `&` is nothing.
    """
    if "+" in query:  # benchmark row "verify": replace() takes longer to find none
        query = query.replace("+", "%20")
    query = query.replace("%2F", "/")  # in most queries only the slashes of X-Amz-Credential are escaped
    pairs: list[tuple[str, str]] = []
    for piece in query.split("&"):
        if piece:
            name, _, value = piece.partition("=")
            pairs.append((name, value))
    return [(decode(name), decode(value)) for name, value in pairs] if "%" in query else pairs


# --- Host ------------------------------------------------------------------------------------------------------------


def host_value(authority: str, default_port: "str | None" = None) -> str:
    """The value of the Host header: lower case, brackets around IPv6, the port unless it is the scheme's default.

    RFC 9110, section 7.2; as botocore's `_host_from_url`, which does not know the ports of `ws` and `wss`.
    """
    host = _HOSTS.get((authority, default_port))
    if host is None:
        host = keep(_HOSTS, (authority, default_port), _host_value(authority, default_port))
    return host


# Benchmark rows "general" and "verify": reading a host costs 0.6 us.
_HOSTS: "dict[tuple[str, str | None], str]" = {}


def check_origin(origin: str) -> None:
    """Reject what no browser sends as Origin (RFC 6454, section 6.2)."""
    scheme, separator, host = origin.partition("://")
    try:
        is_origin = host == host_value(host, DEFAULT_PORTS.get(scheme))
    except ValueError:
        is_origin = False
    if not (
        is_origin and separator and scheme.isascii() and scheme.replace("-", "").isalnum() and scheme == scheme.lower()
    ):
        raise ValueError(
            "is not an origin as browsers send it; write scheme, host and a port that is not the scheme's default, "
            "in lower case: 'https://app.example.com'"
        )


def _host_value(authority: str, default_port: "str | None") -> str:
    if "@" in authority:
        raise ValueError("has userinfo before its host; a presigned URL has its credentials in the query")
    if not authority.isascii():  # before .lower(), which makes a k of the Kelvin sign
        raise ValueError("has a non-ASCII host; write it in punycode, xn--...")
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
        raise ValueError("has a host with a character that is not allowed in hosts")
    if not separator or port == default_port:
        return host
    if not (port.isascii() and port.isdigit() and port[0] != "0" and len(port) <= 5 and int(port) <= 65_535):
        raise ValueError("has a port that is not a number from 1 to 65535")
    return host + ":" + port
