r"""A server's answer: its status line, its headers, and the error in its body.

Rule: an answer is somebody else's text.  It is bounded, no entity of it is ever resolved, and of what cannot be read
only the readable beginning counts.

S3 answers in flat XML (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#RESTErrorResponses), the
older services in XML that is nested, the newer in JSON; both of these put the lines that they signed into the message.
"""

from .._time import parse_clock, parse_date, parse_iso_date
from .._value import Value
from ..errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_ANSWER = 262_144  # characters; S3's longest error shows a request of some 16,000 characters three times over

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MISMATCH = "The request signature we calculated does not match"


class Answer(Value):
    """What a server answered.  `elements` may repeat the session token of the request, so `repr` hides it."""

    __slots__ = _fields = ("status", "headers", "elements", "is_error_document")
    _hidden = ("headers", "elements")

    status: "int | None"
    headers: "dict[str, str]"  # names in lower case
    elements: "dict[str, str]"  # the leaves of the XML or JSON
    is_error_document: bool  # whether the body is XML or JSON that has a code or a message

    @property
    def code(self) -> str:
        return self.elements.get("Code", "")

    @property
    def message(self) -> str:
        return self.elements.get("Message", "")

    @property
    def succeeded(self) -> bool:
        return self.status is not None and self.status < 400 and self.status not in (301, 302, 303, 307, 308)

    @property
    def server_time(self) -> "int | None":
        """The server's clock, in epoch seconds."""
        try:
            return parse_iso_date(self.elements["ServerTime"])
        except (KeyError, ValueError):
            return _http_date(self.headers.get("date", ""))

    @property
    def region(self) -> "str | None":
        """The region that the server says is the right one."""
        return self.elements.get("Region") or self.headers.get("x-amz-bucket-region") or None


def read_answer(response: "str | bytes") -> Answer:
    """Read an answer: what `curl -si` prints, or the body alone.

    Raises:
        InputError: It is too long, it has a DTD, or there is neither a status line nor an error in it.
    """
    if isinstance(response, bytes):
        response = response.decode("utf-8", "replace")
    elif not isinstance(response, str):
        raise TypeError(f"response: expected str or bytes, got {type(response).__name__}")
    if len(response) > MAX_ANSWER:
        raise InputError("response", f"has more than {MAX_ANSWER} characters; the answer to a refused request is short")
    body = response.replace("\r\n", "\n").lstrip("\ufeff\n\t ")
    status: int | None = None
    headers: dict[str, str] = {}
    while body[:5] == "HTTP/":  # redirects and `100 Continue` come before the answer that counts
        head, _, body = body.partition("\n\n")
        first, *lines = head.split("\n")
        digits = first.partition(" ")[2][:3]
        status = int(digits) if digits.isascii() and digits.isdigit() and len(digits) == 3 else None
        fields = [line.partition(":") for line in lines]
        headers = {name.strip().lower(): value.strip() for name, _, value in fields}
    body = body.strip()
    is_html = body[:14].lower().startswith(("<!doctype html", "<html"))
    elements = {} if is_html else _read_json(body, headers) if body[:1] == "{" else _read_xml(body)
    _take_lines_from_message(elements)
    is_error_document = "Code" in elements or "Message" in elements
    if status is None and not is_error_document and not is_html:
        raise InputError(
            "response", "holds neither an HTTP status line nor an error in XML or JSON; give what `curl -si` prints"
        )
    return Answer._restore(status, headers, elements, is_error_document)


def _read_xml(body: str) -> "dict[str, str]":
    """The leaves of an XML text by their names; of a broken text those before the break."""
    if body[:1] != "<":
        return {}
    from xml.parsers import expat

    elements: dict[str, str] = {}
    pieces: list[str] = []
    leaf = False

    def start(_name: str, _attributes: "Any") -> None:
        nonlocal leaf
        leaf = True
        pieces.clear()

    def end(name: str) -> None:
        nonlocal leaf
        if leaf:
            elements.setdefault(name.rpartition(" ")[2], "".join(pieces))
        leaf = False

    def refuse(*_declaration: object) -> None:
        raise InputError("response", "has a DTD, which no store sends and which is not read here")

    parser = expat.ParserCreate("utf-8", " ")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = pieces.append
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(body.encode("utf-8", "replace"), True)
    except expat.ExpatError:
        return elements  # a copy that was cut; what came before it was read
    return elements


def _read_json(body: str, headers: "dict[str, str]") -> "dict[str, str]":
    """`Code` and `Message` of an error in JSON, as Lambda, API Gateway and the like answer."""
    import json

    try:
        document: Any = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    texts = {name.lower(): value for name, value in document.items() if isinstance(value, str)}
    code = headers.get("x-amzn-errortype") or texts.get("__type") or texts.get("code") or ""
    found = {"Code": code.rpartition("#")[2].partition(":")[0], "Message": texts.get("message", "")}
    return {name: text for name, text in found.items() if text}


def _take_lines_from_message(elements: "dict[str, str]") -> None:
    """Give a mismatch outside S3 the elements that S3 has: its message quotes them."""
    message = elements.get("Message", "")
    if message.startswith(_MISMATCH):
        elements.setdefault("Code", "SignatureDoesNotMatch")
        for name, title in (
            ("CanonicalRequest", "The Canonical String for this request should have been\n'"),
            ("StringToSign", "The String-to-Sign should have been\n'"),
        ):
            quoted = message.partition(title)[2]
            if quoted:
                elements.setdefault(name, quoted.partition("'\n")[0].rstrip("'"))


def _http_date(text: str) -> "int | None":
    """Epoch seconds of a Date header, `Tue, 24 Nov 2026 10:42:17 GMT` (RFC 9110, section 5.6.7)."""
    try:
        _, day, month, year, clock, _ = text.split(" ")
        hour, minute, second = clock.split(":")
        number = _MONTHS.index(month) + 1
        return parse_date(f"{year}{number:02}{day:0>2}") + parse_clock(hour, minute, second)
    except ValueError:
        return None
