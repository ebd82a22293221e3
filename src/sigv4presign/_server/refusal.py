"""S3's answer to a rejected request: status, error code and XML body.

Rule: an answer contains only what the requester sent, S3's message, and the time.
"""

from codecs import unicode_escape_decode

from .._redaction import without_digits
from .._time import epoch_seconds, iso_date
from ..errors import Expired, SignatureMismatch, VerificationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from .._time import Now

    Pairs = Iterable[tuple[str, str]]

# How many characters of the request an answer repeats, so that it stays below some tens of kilobytes.
RESOURCE_SHOWN = 1_024
CANONICAL_SHOWN = 8_192

# What XML 1.0 can't represent becomes ? (https://www.w3.org/TR/xml/#charsets): these bytes, U+FFFE and U+FFFF below,
# and lone surrogates by the encoder.
_CONTROLS = bytes(range(0x20)).translate(None, b"\t\n\r")
_IN_XML = bytes.maketrans(_CONTROLS, b"?" * len(_CONTROLS))


def shown_resource(target: str) -> str:
    """The path of a request target, for an answer and a log line: bounded, and without a signature.

    Where the question mark was sent as %3F, the signature is part of the path, in any spelling.
    """
    path = target[:RESOURCE_SHOWN].partition("?")[0]
    if path[:1] != "/":  # an absolute URL may have a password before its host
        scheme, separator, rest = path.partition("://")
        path = scheme + separator + rest.rpartition("@")[2]
    if len(path) < _SHORTEST:
        return path
    lower = path.lower()
    plain, times = lower.encode("ascii", "ignore"), _TIMES_ESCAPED
    while times and "%" in lower and b"%00" in plain.translate(_DIGITS_AS_0):
        plain, times = _unescaped(plain), times - 1
    letters = plain.translate(None, _NOT_ALPHANUMERIC).decode()
    if "xamz" not in letters and "signature" not in letters:
        return path
    # A value follows the first equals sign, which may be escaped as well.
    starts = [lower.find(mark) for mark in ("x-amz-", "=", "&", "%")]
    return without_digits(path[: min([start for start in starts if start >= 0], default=len(path))])


_SHORTEST = 32  # characters; no shorter path has a session token, or so much of a signature that one could guess it
_TIMES_ESCAPED = 5  # more than any chain of proxies does
_DIGITS_AS_0 = bytes.maketrans(b"123456789abcdef", b"0" * 15)
_NOT_ALPHANUMERIC = bytes([code for code in range(256) if not (code < 0x80 and chr(code).isalnum())])


def _unescaped(raw: bytes) -> bytes:
    """Bytes without their escapes, in lower case; broken escapes are dropped.

    Decoded as Python's own escapes, by one call: a refusal must not cost more than a genuine request.
    """
    escaped = raw.replace(b"\\", b"/").replace(b"%", b"\\x")
    return unicode_escape_decode(escaped, "ignore")[0].encode("latin-1").lower()


class Refused(Exception):  # noqa: N818 - an answer rather than an error
    """A request that is rejected for a reason other than its signature."""

    def __init__(self, status: int, code: str, problem: str, *, headers: "Pairs" = ()) -> None:
        super().__init__(problem)
        self.status = status
        self.code = code
        self.headers = headers


def no_such_key() -> Refused:
    """The answer for a missing object, and for one that is not served: the requester can't tell which."""
    return Refused(404, "NoSuchKey", "The specified key does not exist.")


def method_not_allowed(allowed: "Iterable[str]") -> Refused:
    """Status 405 with the allowed methods, which RFC 9110, section 15.5.6, requires."""
    problem = "The specified method is not allowed against this resource."
    return Refused(405, "MethodNotAllowed", problem, headers=[("Allow", ", ".join(allowed))])


def error_xml(
    error: "Refused | VerificationError", resource: str, request_id: str, *, now: "Now | None" = None
) -> bytes:
    """The body of S3's answer, with the details that S3 adds.

    Args:
        error: Why the request was rejected.
        resource: The requested path; never the query, which has the signature.
        request_id: The id in the server's log line and in the answer's header `x-amz-request-id`.
        now: The ServerTime of an expired URL: epoch seconds or an aware datetime; None: the current time.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#RESTErrorResponses

    Example:
        >>> print(error_xml(no_such_key(), "/share/a&b", "4442587FB7D0A2F9").decode())
        <?xml version="1.0" encoding="UTF-8"?>
        <Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Resource>/share/a&amp;b</Resource><RequestId>4442587FB7D0A2F9</RequestId></Error>
    """  # noqa: E501 - one line is what S3 sends
    details = ""
    if isinstance(error, Expired):
        details = (
            f"<Expires>{iso_date(error.expires_at)}</Expires><ServerTime>{iso_date(epoch_seconds(now))}</ServerTime>"
        )
    elif isinstance(error, SignatureMismatch):  # both contain only what the requester sent
        details = f"<StringToSign>{_escaped(error.string_to_sign)}</StringToSign>"
        if 0 < len(error.canonical_request) <= CANONICAL_SHOWN:  # a form has none
            details += f"<CanonicalRequest>{_escaped(error.canonical_request)}</CanonicalRequest>"
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{error.code}</Code><Message>{_escaped(str(error))}</Message>{details}"
        f"<Resource>{_escaped(resource)}</Resource><RequestId>{request_id}</RequestId></Error>"
    )
    xml = text.encode("utf-8", "replace").translate(_IN_XML)
    return xml if text.isascii() else xml.replace(b"\xef\xbf\xbe", b"?").replace(b"\xef\xbf\xbf", b"?")


def _escaped(text: str) -> str:
    """A text with XML's special characters escaped; not by xml.sax.saxutils, which loads urllib and an HTTP client."""
    text = text.replace("&", "&amp;")
    return text.replace("<", "&lt;").replace(">", "&gt;") if "<" in text or ">" in text else text
