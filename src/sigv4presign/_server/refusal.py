"""S3's answer to a request that is refused: its status, its code and the XML that says why.

Rule: an answer holds only what the requester sent, what S3 says about it, and the time; it knows nothing of sockets or
frameworks, and loads none.
"""

from .._text import keeping
from .._time import epoch_seconds, iso_date
from ..errors import Expired, SignatureMismatch, VerificationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from .._time import Now

    Pairs = Iterable[tuple[str, str]]

# Characters of what the requester sent that an answer repeats: it stays within some tens of kilobytes.
RESOURCE_SHOWN = 1_024
CANONICAL_SHOWN = 8_192

# XML 1.0 has no way to write the characters that become ? (https://www.w3.org/TR/xml/#charsets); the lone surrogates
# among them are left to the encoder.  Not xml.sax.saxutils, which loads urllib and an HTTP client.
_IN_XML: "dict[int, str]" = {
    **{code: "?" for code in (*range(0x20), 0xFFFE, 0xFFFF) if chr(code) not in "\t\n\r"},
    **str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"}),
}
_KEEP_PLAIN = keeping(bytes(range(0x20, 0x7F)).translate(None, b"<>") + b"\t\n\r")


def shown_resource(target: str) -> str:
    """The path of a request target, for an answer and a log line: bounded, and without a signature.

    A question mark that was sent as %3F makes the signature a part of the path.
    """
    path = target.partition("?")[0][:RESOURCE_SHOWN]
    start = path.lower().find("x-amz-")
    return path if start < 0 else path[:start]


class Refused(Exception):  # noqa: N818 - an answer rather than an error
    """A request that is refused for something else than its signature."""

    def __init__(self, status: int, code: str, problem: str, *, headers: "Pairs" = ()) -> None:
        super().__init__(problem)
        self.status = status
        self.code = code
        self.headers = headers


def no_such_key() -> Refused:
    """Nothing is there, or nothing that is served: the requester is not told which."""
    return Refused(404, "NoSuchKey", "The specified key does not exist.")


def method_not_allowed(allowed: "Iterable[str]") -> Refused:
    """RFC 9110, section 15.5.6: the answer has to say which methods are allowed."""
    problem = "The specified method is not allowed against this resource."
    return Refused(405, "MethodNotAllowed", problem, headers=[("Allow", ", ".join(allowed))])


def error_xml(
    error: "Refused | VerificationError", resource: str, request_id: str, *, now: "Now | None" = None
) -> bytes:
    """The body of S3's answer, with the details that S3 adds.

    Args:
        error: What is answered.
        resource: The path that was asked for; never the query, which holds the signature.
        request_id: By which the server's log finds the request; also the answer's header `x-amz-request-id`.
        now: The ServerTime of an expired URL: epoch seconds or an aware datetime; None: this moment.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#RESTErrorResponses

    Example:
        >>> print(error_xml(no_such_key(), "/share/a&b", "4442587FB7D0A2F9").decode())
        <?xml version="1.0" encoding="UTF-8"?>
        <Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Resource>/share/a&amp;b</Resource><RequestId>4442587FB7D0A2F9</RequestId></Error>
    """  # noqa: E501 - one line is what S3 sends
    elements: list[tuple[str, str]] = [("Code", error.code), ("Message", str(error))]
    if isinstance(error, Expired):
        elements += [("Expires", iso_date(error.expires_at)), ("ServerTime", iso_date(epoch_seconds(now)))]
    elif isinstance(error, SignatureMismatch):  # both hold only what the requester sent
        elements.append(("StringToSign", error.string_to_sign))
        if 0 < len(error.canonical_request) <= CANONICAL_SHOWN:  # a form has none
            elements.append(("CanonicalRequest", error.canonical_request))
    elements += [("Resource", resource), ("RequestId", request_id)]
    # What is refused is mostly plain ASCII, which need not be looked up letter by letter.
    raw = "".join([text for _, text in elements]).encode("utf-8", "replace")
    if raw.translate(_KEEP_PLAIN) == raw:
        content = "".join([f"<{name}>{text}</{name}>" for name, text in elements]).replace("&", "&amp;")
    else:
        content = "".join([f"<{name}>{text.translate(_IN_XML)}</{name}>" for name, text in elements])
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>{content}</Error>'.encode("utf-8", "replace")
