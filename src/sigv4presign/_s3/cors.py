"""What a browser's page needs from a bucket's CORS configuration before it may use presigned URLs and forms.

Rule: nothing that the URLs do not need.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html and https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from .._presigned_url import PresignedUrl
from ..errors import InputError
from .post import PresignedPost

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

# The methods that S3's AllowedMethods can hold, in the order in which the rules come.
_METHODS = ("GET", "HEAD", "PUT", "POST", "DELETE")
_UPLOADS = ("PUT", "POST")
# Header names that a browser sets and never asks about: https://fetch.spec.whatwg.org/#forbidden-request-header
_BROWSERS_OWN = frozenset(("content-length", "host"))
_DEFAULT_PORTS = (("http://", ":80"), ("https://", ":443"))
_MAX_AGE = 3600  # seconds; browsers forget a preflight's answer after two hours (Chrome) or a day (Firefox) at most


def cors_rules(
    urls: "Iterable[PresignedUrl | PresignedPost]", *, origins: "Iterable[str]" = ("*",)
) -> "dict[str, Any]":
    """The CORS configuration with which pages of `origins` can use a set of presigned URLs and forms.

    A bucket has one configuration, which a new one replaces: give one URL of each kind that your pages use.  The rules
    are those that the set needs and no more, one for all methods that need the same headers.  A request header is
    allowed because a URL was signed with it (`.headers`), and Content-Type for PUT and POST in any case: a browser
    adds the type of a `File` or `Blob` to the request.  A form needs no header, as multipart/form-data is
    allowed everywhere.  After an upload a page may read `ETag`, which CompleteMultipartUpload asks for.  The
    dictionary is yours: add what your pages read or send besides, such as `Content-Range` or `range`.

    A CORS error often hides another one: S3 answers a refused request without these headers if the bucket has no rule
    for it, and the browser then shows nothing else.

    Args:
        urls: Results of `S3Presigner` for one bucket; other than a plain string, they know their method and headers.
        origins: Where the pages come from, as browsers write it: scheme, host and a port that is not the scheme's own,
            `https://app.example.com`.  S3 takes one `*` in each; `*` alone is every site, which is what you get if you
            name none: a presigned URL brings its own authority, so a page can do no more with it than whoever holds it.

    Returns:
        A fresh dictionary in the form of boto3's `put_bucket_cors(CORSConfiguration=...)`.

    Raises:
        InputError: No URLs, no origins, an origin that no browser sends, a method that S3's CORS does not have.
        TypeError: Something other than a presigned URL or form, or a string instead of several origins.

    Example:
        >>> from sigv4presign import Credentials, S3Presigner
        >>> s3 = S3Presigner(Credentials("AKIDEXAMPLE", "secret"), region="eu-west-1")
        >>> urls = [s3.get_object("photos", "a.png"), s3.put_object("photos", "a.png", content_type="image/png")]
        >>> for rule in cors_rules(urls, origins=["https://app.example.com"])["CORSRules"]:
        ...     print(rule)
        {'AllowedMethods': ['GET'], 'AllowedOrigins': ['https://app.example.com'], 'MaxAgeSeconds': 3600}
        {'AllowedMethods': ['PUT'], 'AllowedOrigins': ['https://app.example.com'],
         'AllowedHeaders': ['content-type'], 'ExposeHeaders': ['ETag'], 'MaxAgeSeconds': 3600}
    """
    allowed = _origins(origins)
    needed = _headers_by_method(urls)
    methods_of: dict[tuple[tuple[str, ...], bool], list[str]] = {}
    for method in _METHODS:
        if method in needed:
            needs = tuple(sorted(needed[method])), method in _UPLOADS
            methods_of.setdefault(needs, []).append(method)
    rules: list[dict[str, Any]] = []
    for (headers, uploads), methods in methods_of.items():
        rule: dict[str, Any] = {"AllowedMethods": methods, "AllowedOrigins": list(allowed)}
        if headers:
            rule["AllowedHeaders"] = list(headers)
        if uploads:
            rule["ExposeHeaders"] = ["ETag"]
        rules.append({**rule, "MaxAgeSeconds": _MAX_AGE})
    return {"CORSRules": rules}


def _headers_by_method(urls: "Any") -> "dict[str, set[str]]":
    """The request headers that a preflight will ask about, for each method."""
    if isinstance(urls, (str, PresignedPost)) or not hasattr(urls, "__iter__"):
        raise TypeError(f"urls: expected an iterable of presigned URLs and forms, got one {type(urls).__name__}")
    needed: dict[str, set[str]] = {}
    for url in urls:
        if isinstance(url, PresignedPost):
            needed.setdefault("POST", set())
            continue
        if not isinstance(url, PresignedUrl):
            raise TypeError(f"urls: expected PresignedUrl or PresignedPost, got {type(url).__name__}")
        if url.method not in _METHODS:
            raise InputError("urls", f"S3's CORS has no {url.method}, only {', '.join(_METHODS)}")
        names = needed.setdefault(url.method, set())
        names.update(name for name in url.headers if name not in _BROWSERS_OWN)
        if url.method in _UPLOADS:
            names.add("content-type")
    if not needed:
        raise InputError("urls", "is empty; give one URL or form of each kind that your pages use")
    return needed


def _origins(origins: "Any") -> "list[str]":
    if isinstance(origins, (str, bytes)) or not hasattr(origins, "__iter__"):
        raise TypeError(f"origins: expected an iterable of origins, got {type(origins).__name__}")
    found: list[str] = []
    for origin in origins:
        if not isinstance(origin, str):
            raise TypeError(f"origins: expected str for each, got {type(origin).__name__}")
        _check_origin(origin)
        found.append(origin)
    if not found:
        raise InputError("origins", "is empty; name the origins of your pages, such as 'https://app.example.com'")
    return found


def _check_origin(origin: str) -> None:
    """Refuse what no browser sends as Origin, so that the rule would never match: RFC 6454, section 6.2."""
    if origin == "*":
        return
    scheme, separator, host = origin.partition("://")
    if not separator or not scheme or not host:
        raise InputError("origins", f"{origin[:80]!r} has no scheme or no host; write 'https://app.example.com'")
    if "/" in host or "?" in host or "#" in host or "@" in host:
        raise InputError("origins", f"{origin[:80]!r} has more than an origin has; end it after the host and port")
    if not origin.isascii() or not origin.isprintable() or " " in origin or origin != origin.lower():
        raise InputError("origins", f"{origin[:80]!r} is not as browsers write it: lower case, ASCII (punycode)")
    for start, port in _DEFAULT_PORTS:
        if origin.startswith(start) and origin.endswith(port):
            raise InputError("origins", f"{origin[:80]!r} has the scheme's own port, which browsers leave out")
    if origin.count("*") > 1:
        raise InputError("origins", f"{origin[:80]!r} has more than the one * that S3 allows")
