"""Which pages may use a guard's URLs from a browser.

Rule: nothing is allowed that was not named, and the headers that say so are the only thing added to an answer.
https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from .._canonical import is_header_name
from .._url import DEFAULT_PORTS, host_value
from .._value import Value, set_field
from ..errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection


class Cors(Value):
    """Which pages may use a guard's URLs from a browser: https://fetch.spec.whatwg.org/#http-cors-protocol

    The guard then answers preflights, which no presigned URL covers as it is signed for another method, and lets these
    pages read every answer, the refusals among them.  Methods are the guard's own.  Cookies are never allowed.

    Args:
        origins: Where the pages come from, as browsers write it: `https://app.example.com`; `*` alone means every site.
        headers: The request headers that a page may send besides those that need no permission: `content-type` for
            most uploads, and every header that a URL was signed with.
        expose_headers: The response headers that a page may read besides those that need no permission, as `ETag`.
        max_age: For how many seconds a browser may remember a preflight's answer.

    Raises:
        InputError: An origin that no browser sends, an invalid header name, a negative time.
        TypeError: A string in place of several.

    Example:
        >>> from sigv4presign.wsgi import Cors
        >>> Cors(["https://app.example.com"], headers=["content-type"], max_age=600)
        Cors(origins=('https://app.example.com',), headers=('content-type',), expose_headers=(), max_age=600)
    """

    __slots__ = _fields = ("origins", "headers", "expose_headers", "max_age")
    origins: "tuple[str, ...]"
    headers: "tuple[str, ...]"
    expose_headers: "tuple[str, ...]"
    max_age: int

    def __init__(
        self,
        origins: "Collection[str]",
        *,
        headers: "Collection[str]" = (),
        expose_headers: "Collection[str]" = (),
        max_age: int = 3600,
    ) -> None:
        origins = several("origins", origins)
        if not origins:
            raise InputError("origins", "is empty; name the origins of your pages, such as 'https://app.example.com'")
        for origin in origins:
            if not _is_origin(origin):
                raise InputError(
                    "origins",
                    f"{origin[:80]!r} is not an origin as browsers write it, such as 'https://app.example.com': "
                    "scheme, host and a port that is not the scheme's own, in lower case",
                )
        lower = tuple([name.lower() for name in several("headers", headers)])
        expose_headers = several("expose_headers", expose_headers)
        for parameter, names in (("headers", lower), ("expose_headers", expose_headers)):
            for name in names:
                if not is_header_name(name.lower()):
                    raise InputError(parameter, f"{name[:80]!r} is not the name of a header")
        if type(max_age) is not int:
            raise TypeError(f"max_age: expected int, got {type(max_age).__name__}")
        if max_age < 0:
            raise InputError("max_age", f"{max_age} s is less than nothing; 0 has browsers ask each time")
        for field, value in zip(self._fields, (origins, lower, expose_headers, max_age), strict=True):
            set_field(self, field, value)

    def allows(self, origin: str, headers: str) -> bool:
        """Whether pages of an origin may send these headers, whose names stand in a list with commas."""
        asked = [name.strip().lower() for name in headers.split(",")]
        return self.for_page(origin) and all(name in self.headers for name in asked if name)

    def for_page(self, origin: str) -> bool:
        """Whether pages of an origin may read answers."""
        return "*" in self.origins or origin in self.origins

    def response_headers(self, origin: "str | None") -> "list[tuple[str, str]]":
        """What every answer to a page of an origin says besides; None: the request names no origin."""
        anybody = "*" in self.origins
        found: list[tuple[str, str]] = [] if anybody else [("Vary", "Origin")]
        if origin is not None and self.for_page(origin):
            found.append(("Access-Control-Allow-Origin", "*" if anybody else origin))
            if self.expose_headers:
                found.append(("Access-Control-Expose-Headers", ", ".join(self.expose_headers)))
        return found


def several(parameter: str, values: "Collection[str]") -> "tuple[str, ...]":
    """A caller's texts as a tuple; one text alone would be taken for its letters."""
    texts = () if isinstance(values, (str, bytes)) else tuple(values)
    if isinstance(values, (str, bytes)) or not all(isinstance(text, str) for text in texts):
        raise TypeError(f"{parameter}: expected several str, as in a list, got {type(values).__name__}")
    return texts


def _is_origin(origin: str) -> bool:
    """Whether a browser may send this as Origin: RFC 6454, section 6.2.  `*` means all."""
    scheme, separator, host = origin.partition("://")
    try:
        spelt = host_value(host, DEFAULT_PORTS.get(scheme))
    except ValueError:
        return origin == "*"
    return bool(separator and scheme) and scheme == scheme.lower() and host == spelt
