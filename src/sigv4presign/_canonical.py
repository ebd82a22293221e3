r"""The canonical request, which client and service both compute.

Rule: names and order are the specification's
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html), and each line of

    HTTPMethod \n CanonicalURI \n CanonicalQueryString \n CanonicalHeaders \n SignedHeaders \n HashedPayload

has its functions below, in this order; the last ones join them.  The query string that is signed is the one that is
sent.
"""

from ._text import (
    KEEP_IN_PATH,
    KEEP_IN_QUERY,
    UNRESERVED,
    checked_pairs,
    decode,
    encode,
    encode_path,
    escape,
    exact_text,
    keeping,
    pairs_of,
)
from .errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping  # noqa: F401 - the last in the aliases
    from typing import Any, TypeAlias

    from ._query_auth import ServiceRules

    Pairs = list[tuple[str, str]]

#: What `headers=` takes.  Bytes are read as Latin-1.
Headers: "TypeAlias" = (
    "Mapping[str, str] | Mapping[bytes, bytes] | Iterable[tuple[str, str]] | Iterable[tuple[bytes, bytes]]"
)
#: What `query=` takes, as plain text.  Pairs allow a name more than once.
Query: "TypeAlias" = "Mapping[str, str] | Mapping[str, int] | Mapping[str, str | int] | Iterable[tuple[str, str | int]]"

# --- HTTPMethod ------------------------------------------------------------------------------------------------------


def is_method(method: str) -> bool:
    """Whether a text is an HTTP method in upper case; a method's case counts (RFC 9110, section 9.1)."""
    if method in _COMMON_METHODS:
        return True
    return method.isascii() and method == method.upper() and is_header_name(method.lower())


_COMMON_METHODS = frozenset(("GET", "HEAD", "PUT", "POST", "DELETE"))


def checked_method(method: str) -> str:
    """The method as exact text; raise for anything else, `get` included."""
    if type(method) is str and method in _COMMON_METHODS:
        return method
    method = exact_text("method", method)
    if not is_method(method):
        raise InputError("method", f"{method[:20]!r} is not an HTTP method (upper case, as in 'GET')")
    return method


# --- CanonicalURI ----------------------------------------------------------------------------------------------------


def canonical_uri(path: str, rules: "ServiceRules") -> str:
    """The CanonicalURI of a URL's path.

    S3 reads the path segment by segment, decodes each and encodes it once: `%2F` stays inside its segment, `%7E` is
    `~`.  Other services normalise the path and encode what they were given, escapes included: `%20` becomes `%2520`.
    """
    if rules.normalize_path and ("//" in path or "/." in path):
        path = remove_dot_segments(path)
    if rules.double_encode:
        return encode_path(path)
    return encode_segments(path)


def encode_segments(path: str) -> str:
    """Decode each segment of a path and encode it once: one spelling for all spellings of one path."""
    raw = path.encode()
    if raw.translate(KEEP_IN_PATH) is raw:
        return path
    return "/".join([encode(decode(segment)) for segment in path.split("/")])


def remove_dot_segments(path: str) -> str:
    """RFC 3986, section 5.2.4, with repeated slashes removed, as botocore does: `/a/./b/../c//` is `/a/c/`."""
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            if kept:
                kept.pop()
        elif segment not in ("", "."):
            kept.append(segment)
    return "/" + "/".join(kept) + ("/" if kept and path[-1] == "/" else "")


# --- CanonicalQueryString --------------------------------------------------------------------------------------------


def encode_pairs(pairs: "Pairs") -> "Pairs":
    """Percent-encode decoded parameters that are known to be text."""
    return [(encode(name), encode(value)) for name, value in pairs]


def encode_query(query: "Query") -> "Pairs":
    """Percent-encode a caller's query parameters, a mapping or pairs, in the given order."""
    encoded: Pairs = []
    given: Any = query
    pairs: Any = given.items() if type(query) is dict else checked_pairs("query", given)
    for name, value in pairs:
        if type(name) is not str or type(value) is not str:
            name, value = _parameter_text(name, value)  # noqa: PLW2901 - the same, as text
        try:
            raw_name, raw_value = name.encode(), value.encode()
        except UnicodeEncodeError:
            raise InputError("query", f"{name!r} has a lone surrogate, which is not text") from None
        # encode() twice, without the calls: benchmark row "general".
        name = name if raw_name.translate(KEEP_IN_QUERY) is raw_name else escape(name, raw_name, UNRESERVED)  # noqa: PLW2901
        value = value if raw_value.translate(KEEP_IN_QUERY) is raw_value else escape(value, raw_value, UNRESERVED)  # noqa: PLW2901
        encoded.append((name, value))
    return encoded


def _parameter_text(name: object, value: object) -> "tuple[str, str]":
    """A name and a value as exact text; an int becomes its digits."""
    if not isinstance(name, str):
        raise TypeError(f"query: the name {name!r} is {type(name).__name__}; give str")
    if type(value) is int:
        value = str(value)
    if not isinstance(value, str):
        raise TypeError(f"query: the value of {name!r} is {type(value).__name__}; give str or int (repeats: pairs)")
    return str.__str__(name), str.__str__(value)


def canonical_query_string(pairs: "Iterable[tuple[str, str]]") -> str:
    """The CanonicalQueryString of encoded pairs.

    Sorted by name, then by value, byte by byte; pairs are compared, not joined text, since `=` sorts after `-` and the
    digits.  Repeats are kept.
    """
    text = ""
    for name, value in sorted(pairs):
        text = f"{text}&{name}={value}"
    return text[1:]


def signed_query_string(own: str, others: "Pairs") -> str:
    """The CanonicalQueryString of the signature's own parameters, in canonical order, and others, encoded."""
    if not others:
        return own
    rest = canonical_query_string(others)
    # Names that begin with a letter after X, as lower-case names do, sort behind our own.  The names X and X-Amz sort
    # before them, although "X=" would sort behind "X-": see canonical_query_string.
    if rest > "X>":
        return f"{own}&{rest}"
    own_pairs = [(name, value) for name, _, value in [piece.partition("=") for piece in own.split("&")]]
    return canonical_query_string(own_pairs + others)


# --- CanonicalHeaders and SignedHeaders ------------------------------------------------------------------------------

MAX_HEADERS = 65_536  # characters of all names and values; servers commonly stop at 8,192 to 65,536

# botocore 1.44.5, SIGNED_HEADERS_BLACKLIST: what proxies and HTTP libraries add or change.
NEVER_SIGNED = frozenset(
    (
        "authorization", "baggage", "connection", "expect", "keep-alive", "proxy-authenticate", "proxy-authorization",
        "te", "traceparent", "tracestate", "trailer", "transfer-encoding", "upgrade", "user-agent", "x-amzn-trace-id",
    )
)  # fmt: skip


def merge_headers(
    headers: "Headers", unprintable: "Callable[[str, str], str]", *, single_space: bool = True
) -> "dict[str, str]":
    """Headers by name: names in lower case, values trimmed and single-spaced, repeats joined with a comma.

    `unprintable` turns a name and a value that has more than printable characters into the value to use: computing,
    sending and receiving headers differ in how they read tabs, line breaks and the like.
    """
    merged: dict[str, str] = {}
    size = 0
    given: Any = headers
    items: Any = given.items() if type(headers) is dict else pairs_of("headers", given)
    for name, value in items:
        if type(name) is not str or type(value) is not str:
            name, value = _header_text(name), _header_text(value)  # noqa: PLW2901 - the same, as text
        size += len(name) + len(value) + 4  # the colon, the space and the line break
        if size > MAX_HEADERS:
            raise InputError("headers", f"more than {MAX_HEADERS} characters in all")
        lower = name.lower()
        if not value.isprintable():
            value = unprintable(lower, value)  # noqa: PLW2901 - the same, as its reader sees it
        elif " " in value:  # then that is its only white space
            value = " ".join(value.split()) if single_space else value.strip(" ")  # noqa: PLW2901
        merged[lower] = f"{merged[lower]},{value}" if lower in merged else value
    return merged


def _header_text(part: object) -> str:
    if isinstance(part, bytes):
        return part.decode("latin-1")
    if isinstance(part, str):
        return str.__str__(part)
    raise TypeError(f"headers: names and values are str or bytes, not {type(part).__name__}")


def fold(_name: str, value: str) -> str:
    """White space of every kind as one space, as AWS's vectors and botocore have it: for computing."""
    return " ".join(value.split())


def sendable(name: str, value: str) -> str:
    """A value that a client can send unchanged, tabs included."""
    if value.isascii() and not value.replace("\t", " ").isprintable():
        raise InputError("headers", f"the value of {name} has a line break or another control character")
    return value.strip(" \t")


def is_header_name(name: str) -> bool:
    """Whether a text, in lower case, is a header's name (RFC 9110, section 5.1)."""
    if not name or not name.isascii():
        return False
    raw = name.encode()
    return raw.translate(_KEEP_HEADER_NAME) == raw


_KEEP_HEADER_NAME = keeping(b"abcdefghijklmnopqrstuvwxyz0123456789-!#$%&'*+.^_`|~")  # RFC 9110, 5.1


def headers_to_sign(headers: "Headers", host: str, payload: str) -> "tuple[str, str, Pairs]":
    """CanonicalHeaders and SignedHeaders of the caller's headers and Host, and what the client has to send."""
    pairs: Any = headers
    if type(headers) is not dict:
        pairs = checked_pairs("headers", headers)
    given = merge_headers(pairs, sendable, single_space=False)
    single_spaced = True
    for name, value in given.items():
        if not is_header_name(name):
            raise InputError("headers", f"{name[:60]!r} is not a header name")
        if not value.isascii():
            raise InputError("headers", f"the value of {name} has a non-ASCII character; encode it")
        if name in NEVER_SIGNED:
            raise InputError("headers", f"{name} is never signed: proxies and HTTP clients change it; leave it out")
        if name[:6] == "x-amz-":
            if name in ("x-amz-date", "x-amz-security-token", "x-amz-region-set"):
                raise InputError("headers", f"{name} goes into the query, from now= and credentials=; leave it out")
            if name == "x-amz-content-sha256" and value != payload:
                problem = f"{name} is not the payload line {payload}; sigv4presign.presign takes payload_hash="
                raise InputError("headers", problem)
        elif name == "host" and value.lower() != host:
            raise InputError("headers", f"Host is {value[:80]!r}, but the URL's host is {host!r}")
        if "  " in value or "\t" in value:
            single_spaced = False
    given["host"] = host
    to_send = sorted(given.items())
    # Runs of white space count as one space in the signature; they are sent as they were given.
    signed = to_send if single_spaced else [(name, " ".join(value.split())) for name, value in to_send]
    lines, signed_headers = canonical_headers(signed)
    return lines, signed_headers, to_send


def canonical_headers(headers: "Pairs") -> "tuple[str, str]":
    """CanonicalHeaders and SignedHeaders of headers in canonical form and order.

    A line each, with its line break; and their names, `content-type;host`.
    """
    lines = ""
    names: list[str] = []
    for name, value in headers:
        lines += f"{name}:{value}\n"
        names.append(name)
    return lines, ";".join(names)


# --- all six lines ---------------------------------------------------------------------------------------------------


def join_canonical_request(
    method: str, uri: str, query: str, headers: str, signed_headers: str, payload_hash: str
) -> str:
    """The six lines joined; the fourth, CanonicalHeaders, is a line for each header."""
    return f"{method}\n{uri}\n{query}\n{headers}\n{signed_headers}\n{payload_hash}"
