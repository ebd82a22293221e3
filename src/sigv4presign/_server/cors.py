"""Which pages may use a guard's URLs from a browser.

Rule: only what was named is allowed, and only CORS headers are added to an answer.
https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from .._canonical import is_header_name
from .._url import check_origin
from .._value import Value, set_field
from ..errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection


class Cors(Value):
    """Which pages may use a guard's URLs from a browser: https://fetch.spec.whatwg.org/#http-cors-protocol

    The guard then answers preflights itself, since no presigned URL is signed for OPTIONS, and lets these pages read
    every answer, error responses included.  The allowed methods are the guard's.  Cookies are never allowed.

    Args:
        origins: The origins of the pages, as browsers write them: `https://app.example.com`; `*` means every site.
        headers: The request headers that a page may send besides the safelisted ones: `content-type` for most
            uploads, and every header that a URL was signed with; `*` means every header.
        expose_headers: The response headers that a page may read besides the safelisted ones, such as `ETag`.
        max_age: How long a browser may cache the answer to a preflight, in seconds.

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
            if origin != "*":
                try:
                    check_origin(origin)
                except ValueError as fault:
                    raise InputError("origins", f"{origin[:80]!r} {fault}") from None
        lower = tuple([name.lower() for name in several("headers", headers)])
        expose_headers = several("expose_headers", expose_headers)
        for parameter, names in (("headers", lower), ("expose_headers", expose_headers)):
            for name in names:
                if not is_header_name(name.lower()):
                    raise InputError(parameter, f"{name[:80]!r} is not a header name")
        if type(max_age) is not int:
            raise TypeError(f"max_age: expected int, got {type(max_age).__name__}")
        if max_age < 0:
            raise InputError("max_age", f"{max_age} s is negative; 0 makes browsers send a preflight each time")
        for field, value in zip(self._fields, (origins, lower, expose_headers, max_age), strict=True):
            set_field(self, field, value)

    def allowed_headers(self, origin: str, asked: str) -> "tuple[str, ...] | None":
        """The request headers that pages of an origin may send; None if some of those asked for are not among them."""
        names = tuple([name.strip().lower() for name in asked.split(",") if name.strip()])
        if not self.for_page(origin) or not all(map(is_header_name, names)):
            return None
        if "*" in self.headers:
            return names  # which S3 answers; browsers read no `*` for authorization
        return self.headers if all(name in self.headers for name in names) else None

    def for_page(self, origin: str) -> bool:
        """Whether pages of an origin may read answers."""
        return "*" in self.origins or origin in self.origins

    def response_headers(self, origin: "str | None") -> "list[tuple[str, str]]":
        """The CORS headers of every answer; `origin` is None where the request has no Origin header."""
        anybody = "*" in self.origins
        found: list[tuple[str, str]] = [] if anybody else [("Vary", "Origin")]
        if origin is not None and self.for_page(origin):
            found.append(("Access-Control-Allow-Origin", "*" if anybody else origin))
            if self.expose_headers:
                found.append(("Access-Control-Expose-Headers", ", ".join(self.expose_headers)))
        return found


def several(parameter: str, values: "Collection[str]") -> "tuple[str, ...]":
    """Return a tuple of str, or raise `TypeError`; a single str is an error, not a sequence of letters."""
    if isinstance(values, (str, bytes)) or not hasattr(values, "__iter__"):
        raise TypeError(f"{parameter}: expected several str, as in a list, got {type(values).__name__}")
    texts = tuple(values)
    for text in texts:
        if not isinstance(text, str):
            raise TypeError(f"{parameter}: expected several str; one is {type(text).__name__}")
    return texts
