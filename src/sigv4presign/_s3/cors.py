"""`cors_rules`: the CORS configuration a bucket needs for presigned URLs and forms.

Rule: the rules allow only what the URLs need.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html and https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from .._presigned_url import PresignedUrl
from .._url import check_origin
from ..errors import InputError
from .post import PresignedPost

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

# The methods that S3's AllowedMethods takes, in the order of the rules.
_METHODS = ("GET", "HEAD", "PUT", "POST", "DELETE")
_UPLOADS = ("PUT", "POST")
# Headers that a browser sets without a preflight: https://fetch.spec.whatwg.org/#forbidden-request-header
_BROWSERS_OWN = frozenset(("content-length", "host"))
_MAX_AGE = 3600  # seconds; browsers cache a preflight's answer for at most two hours (Chrome) or a day (Firefox)


def cors_rules(
    urls: "Iterable[PresignedUrl | PresignedPost]", *, origins: "Iterable[str]" = ("*",)
) -> "dict[str, Any]":
    """The CORS configuration that lets pages of `origins` use a set of presigned URLs and forms.

    A bucket has one configuration, which a new one replaces: give one URL of each kind that your pages use.  There is
    one rule for all methods that need the same headers.  It allows the headers that a URL was signed with (`.headers`),
    and Content-Type for PUT and POST, since a browser sends the type of a `File` or `Blob`.  A form needs no header.
    After an upload a page may read `ETag`, which CompleteMultipartUpload needs.  Add to the dictionary what else your
    pages read or send, such as `Content-Range` or `range`.

    A CORS error often hides another error: if the bucket has no rule for a request, S3's error response has no CORS
    headers, and the browser does not show it.

    Args:
        urls: Results of `S3Presigner` for one bucket.  Not plain strings, whose method and headers are unknown.
        origins: The origins of the pages, as browsers write them: scheme, host and a port that is not the scheme's
            default, `https://app.example.com`.  S3 takes one `*` in each.  The default `*` allows every site, which
            gives a page no more than the URL gives to everyone who has it.

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
    """Reject an origin that would never match."""
    if origin == "*":
        return
    try:
        check_origin(origin.replace("*", "1"))
    except ValueError as fault:
        raise InputError("origins", f"{origin[:80]!r} {fault}") from None
    if origin.count("*") > 1:
        raise InputError("origins", f"{origin[:80]!r} has more than the one * that S3 allows")
