"""CanonicalHeaders and SignedHeaders: what is signed of a request's headers, by the one who sends and who receives them.

Rule: one line a header, its name in lower case, a colon, its value trimmed and single-spaced; sorted by name
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
"""

from ._encoding import items_of, keeping
from .errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ._canonical import Pairs
    from .types import Headers

MAX_HEADERS = 65_536  # characters of all names and values; servers commonly stop at 8,192 to 65,536

# botocore 1.44.5, SIGNED_HEADERS_BLACKLIST: what proxies and HTTP libraries add or change on the way.  Authorization
# carries the signature itself.
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

    A value with more than printable characters and spaces is what `unprintable` makes of its name and itself: who
    computes, sends and receives headers has each a view of its own on tabs, line breaks and the like.
    """
    merged: dict[str, str] = {}
    size = 0
    given: Any = headers
    items: Any = given.items() if type(headers) is dict else items_of("headers", headers)
    for name, value in items:
        if type(name) is not str or type(value) is not str:
            name, value = _header_text(name), _header_text(value)  # noqa: PLW2901 - the same, as text
        size += len(name) + len(value) + 4  # the colon, the space and the line's end
        if size > MAX_HEADERS:
            raise InputError("headers", f"have more than {MAX_HEADERS} characters")
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
    """White space of every kind as one space: the view of AWS's vectors and of botocore, for computing."""
    return " ".join(value.split())


def sendable(name: str, value: str) -> str:
    """A value that a client can send as it is, tabs included."""
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


def headers_to_sign(headers: "Headers", host: str, payload: str) -> "tuple[Pairs, Pairs]":
    """The caller's headers and Host, in canonical form and as a client has to send them, which it can unchanged."""
    given = merge_headers(headers, sendable, single_space=False)
    single_spaced = True
    for name, value in given.items():
        if not is_header_name(name):
            raise InputError("headers", f"{name[:60]!r} is no header name")
        if not value.isascii():
            raise InputError("headers", f"the value of {name} has a non-ASCII character; encode it")
        if name in NEVER_SIGNED:
            raise InputError("headers", f"{name} is never signed: proxies and HTTP clients change it; leave it out")
        if name[:6] == "x-amz-":
            if name in ("x-amz-date", "x-amz-security-token", "x-amz-region-set"):
                raise InputError("headers", f"{name} goes into the query, from now= and credentials=; leave it out")
            if name == "x-amz-content-sha256" and value != payload:
                raise InputError("headers", f"{name} is not the payload line {payload}; give it as payload_hash=")
        elif name == "host" and value.lower() != host:
            raise InputError("headers", f"Host is {value[:80]!r}, but the URL's host is {host!r}")
        if "  " in value or "\t" in value:
            single_spaced = False
    given["host"] = host
    to_send = sorted(given.items())
    # Runs of white space count as one space in the signature; they are sent as they were given.
    return to_send if single_spaced else [(name, " ".join(value.split())) for name, value in to_send], to_send


def signed_headers(headers: "Pairs") -> str:
    """The SignedHeaders of canonical headers: `content-type;host`."""
    return ";".join([name for name, _ in headers])
