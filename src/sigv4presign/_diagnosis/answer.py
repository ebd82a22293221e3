r"""A server's answer: its status line, its headers, and the error in them or in its body.

Rule: an answer is untrusted text.  Its length is limited, no entity in it is resolved, and of a damaged answer only the
readable beginning is used.

S3 answers in flat XML (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#RESTErrorResponses), older
services in nested XML, newer ones in JSON, whose code may be in a header (`x-amzn-errortype`).  All are converted to
one form: `elements` with `Code` and `Message`.
"""

from .._time import parse_clock, parse_date, parse_iso_date
from .._value import Value
from ..errors import InputError
from .refusals import MISMATCH, is_code, is_message, refusal_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_ANSWER = 262_144  # characters; S3's longest error repeats a request of about 16,000 characters three times

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MISMATCH = "The request signature we calculated does not match"
# Headers that contain an error; the answer to HEAD has nothing else.
_CODE_HEADERS = ("x-amzn-errortype", "x-amz-error-code", "x-minio-error-code", "x-amzn-error-type")
_MESSAGE_HEADERS = ("x-amz-error-message", "x-minio-error-desc", "x-amzn-error-message")
# Their names in JSON, in lower case, the likeliest first.
_CODE_NAMES = ("__type", "code", "errortype", "type", "reason", "error")
_MESSAGE_NAMES = ("message", "errormessage", "error_description", "reason", "detail", "error")
_DEPTH = 6  # levels of JSON that are searched


class Answer(Value):
    """What a server answered.  `elements` may repeat the session token of the request, so `repr` hides it."""

    __slots__ = _fields = ("status", "headers", "elements", "is_error_document", "has_body")
    _hidden = ("headers", "elements")

    status: "int | None"
    headers: "dict[str, str]"  # names in lower case
    elements: "dict[str, str]"  # the leaves of the XML or JSON
    is_error_document: bool  # whether there is a code or a message
    has_body: bool

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
    def is_mismatch(self) -> bool:
        """Whether it only says that the signature does not match."""
        row = refusal_of(self)
        return row is not None and row.finding == MISMATCH

    @property
    def is_of_a_store(self) -> bool:
        """Whether its headers are those of an object store, which gives a reason in every error's body."""
        server = self.headers.get("server", "").lower()
        return (
            not self.headers.keys().isdisjoint(("x-amz-request-id", "x-amz-id-2", "x-minio-deployment-id"))
            or server.startswith(("amazons3", "minio", "ceph", "garage", "wasabi", "seaweedfs", "rclone"))
            or "xml" in self.headers.get("content-type", "")
        )

    @property
    def server_time(self) -> "int | None":
        """The server's time, in epoch seconds."""
        try:
            return parse_iso_date(self.elements["ServerTime"])
        except (KeyError, ValueError):
            return _http_date(self.headers.get("date", ""))

    @property
    def region(self) -> "str | None":
        """The region that the server asks for."""
        return self.elements.get("Region") or self.headers.get("x-amz-bucket-region") or None


def read_answer(response: "str | bytes") -> Answer:
    """Read an answer: what `curl -si` prints, the body alone, or the message that a client printed.

    Raises:
        InputError: It is too long, it has a DTD, or it has neither a status line nor a known error.
    """
    if isinstance(response, bytes):
        response = response.decode("utf-8", "replace")
    elif not isinstance(response, str):
        raise TypeError(f"response: expected str or bytes, got {type(response).__name__}")
    if len(response) > MAX_ANSWER:
        raise InputError("response", f"has more than {MAX_ANSWER} characters; the answer to a refused request is short")
    body = _without_marks(response.replace("\r\n", "\n").lstrip("\ufeff\n\t "))
    status: int | None = None
    headers: dict[str, str] = {}
    while body[:5] == "HTTP/":  # skip redirects and `100 Continue`
        head, _, body = body.partition("\n\n")
        first, *lines = head.split("\n")
        digits = first.partition(" ")[2][:3]
        status = int(digits) if digits.isascii() and digits.isdigit() and len(digits) == 3 else None
        fields = [line.partition(":") for line in lines]
        headers = {name.strip().lower(): value.strip() for name, _, value in fields}
    body = body.strip()
    if body[:1] not in ("<", "{", "[") and "<Error>" in body:  # a browser's page or a log line
        body = body[body.index("<Error>") :]
    is_html = body[:14].lower().startswith(("<!doctype html", "<html"))
    elements = _read_html(body) if is_html else _read_json(body) if body[:1] in ("{", "[") else _read_xml(body)
    elements = {name: text.encode("utf-8", "replace").decode() for name, text in elements.items()}
    _take_headers(elements, headers)
    _take_lines_from_message(elements)
    if status is None and not elements and not is_html:
        _take_text(elements, body)
    if "Details" in elements:  # Google's reason; its message only repeats the code
        elements["Message"] = f"{elements.get('Message', '')} {elements['Details']}".strip()
    is_error_document = "Code" in elements or "Message" in elements
    if status is None and not is_error_document and not is_html:
        status = _status_in(body)
    if status is None and not is_error_document and not is_html:
        raise InputError(
            "response", "holds neither an HTTP status line nor an error in XML or JSON; give what `curl -si` prints"
        )
    return Answer._restore(status, headers, elements, is_error_document, bool(body))


def _read_xml(body: str) -> "dict[str, str]":
    """Return the leaves of an XML text by their names; of a broken text those before the break."""
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
            elements.setdefault(name.rpartition(" ")[2], "".join(pieces).strip())
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
        return elements  # a truncated copy; what was read before is kept
    return elements


def _read_json(body: str) -> "dict[str, str]":
    """Return `Code` and `Message` of an error in JSON, at any depth."""
    import json

    try:
        document: Any = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    texts: dict[str, str] = {}
    _take_leaves(document, texts, _DEPTH)
    code = next((texts[name] for name in _CODE_NAMES if texts.get(name) and " " not in texts[name]), "")
    message = next((texts[name] for name in _MESSAGE_NAMES if texts.get(name)), "")
    found = {"Code": _bare_code(code), "Message": message}
    return {name: text for name, text in found.items() if text}


def _take_leaves(value: "Any", texts: "dict[str, str]", depth: int) -> None:
    """Collect the texts in JSON by their names in lower case; the outermost of a name wins."""
    pairs: list[tuple[Any, Any]] = []
    if hasattr(value, "items"):
        pairs += value.items()
    elif hasattr(value, "append"):  # AppSync's errors, OpenSearch's root causes
        pairs += enumerate(value[:1])
    if not depth:
        return
    for name, inner in pairs:
        if isinstance(inner, str):
            texts.setdefault(str(name).lower(), inner)
    for _, inner in pairs:
        _take_leaves(inner, texts, depth - 1)


def _read_html(body: str) -> "dict[str, str]":
    """Return the error in an HTML answer, as from S3's websites: `<li>Code: NoSuchKey</li>`."""
    elements: dict[str, str] = {}
    for name in ("Code", "Message"):
        _, found, rest = body.partition(f"<li>{name}: ")
        if found:
            elements[name] = rest.partition("<")[0]
    return elements


def _bare_code(code: str) -> str:
    """Return a code without its namespace, `com.amazon#`, and without the URL after it, `:http://...`."""
    return code.rpartition("#")[2].partition(":")[0].strip()


def _take_headers(elements: "dict[str, str]", headers: "dict[str, str]") -> None:
    """Take a code from a header even if the body has one; a message only if the body has none."""
    for name in _CODE_HEADERS:
        if _bare_code(headers.get(name, "")):
            elements["Code"] = _bare_code(headers[name])
    for name in _MESSAGE_HEADERS:
        if headers.get(name):
            elements.setdefault("Message", headers[name].strip('"'))


def _take_lines_from_message(elements: "dict[str, str]") -> None:
    """Give a mismatch outside S3 the elements that S3's answer has; its message quotes them."""
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


def _take_text(elements: "dict[str, str]", body: str) -> None:
    """Find a known code or message in what a client or a log prints."""
    text = body[:2_000]
    tail = text.rpartition(": ")[2].rpartition("] ")[2].strip()
    words = "".join([letter if letter.isalnum() or letter in "._" else " " for letter in text]).split()
    code = next((word for word in words if is_code(word.strip("."))), "")
    known = refusal_of(Answer._restore(None, {}, {"Message": text}, True, True))
    if code:
        elements["Code"] = code.strip(".")
    if code or (known is not None and known.words):
        elements["Message"] = text
    elif is_message(tail):
        elements["Message"] = tail


def _status_in(text: str) -> "int | None":
    """Return the status that a client prints instead of the answer: `HTTP Error 403`, `failed with status code 403`."""
    plain = " ".join([word for word in text[:2_000].split() if "://" not in word])
    words = "".join([letter if letter.isalnum() else " " for letter in plain]).split()
    if not any(word in plain.lower() for word in ("error", "code", "status", "response")):
        return None
    return next((int(word) for word in words if len(word) == 3 and word.isdecimal() and "400" <= word <= "599"), None)


def _without_marks(text: str) -> str:
    """Return the answer in `curl -v`'s output, without the marks before its lines."""
    _, begins, rest = f"\n{text}".partition("\n< HTTP/")
    if not begins:
        return text
    lines = [line for line in rest.split("\n") if line[:2] not in ("* ", "> ", "{ ", "} ")]
    return "HTTP/" + "\n".join([line[1:].lstrip() if line[:2] in ("<", "< ") else line for line in lines])


def _http_date(text: str) -> "int | None":
    """Return the epoch seconds of a Date header, `Tue, 24 Nov 2026 10:42:17 GMT` (RFC 9110, section 5.6.7)."""
    try:
        _, day, month, year, clock, _ = text.split(" ")
        hour, minute, second = clock.split(":")
        number = _MONTHS.index(month) + 1
        return parse_date(f"{year}{number:02}{day:0>2}") + parse_clock(hour, minute, second)
    except ValueError:
        return None
