"""Values of S3's parameters: one function for each kind, from a Python value to the text that is sent.

Rule: what S3 or HTTP would reject is rejected here, with the parameter's name and never with a key in the message.
"""

from .._text import encode, encode_path
from .._time import LAST_SECOND, epoch_seconds, iso_date, parse_iso_date
from ..errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    Pairs = list[tuple[str, str]]


# --- text ------------------------------------------------------------------------------------------------------------


def query_text(name: str, value: object) -> str:
    """Any text, since it is percent-encoded."""
    text = "" if name in _MAY_BE_EMPTY and value == "" else _text(name, value)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InputError(name, "has a lone surrogate, which is not text") from None
    return text


# S3 ignores these if they are empty; it rejects other empty parameters.
_MAY_BE_EMPTY = frozenset(("delimiter", "key_marker", "marker", "prefix", "start_after"))


def header_text(name: str, value: object) -> str:
    """Printable ASCII, the only text that is safe in headers (RFC 9110, section 5.5)."""
    text = _text(name, value)
    fault = _header_fault(text)
    if fault:
        raise InputError(name, f"{fault}; {_WAYS_OUT.get(name, 'encode it as its reader expects')}")
    return text


_RFC_8187 = "write a file's name as filename*=UTF-8''na%C3%AFve.pdf (RFC 8187)"
_WAYS_OUT = {
    "content_disposition": _RFC_8187,
    "response_content_disposition": f"{_RFC_8187}, as get_object does with download_as",
    "tagging": "give a mapping, which is percent-encoded",
}


def answer_header(name: str, value: object) -> str:
    """Text that S3 returns in a header: Latin-1, else S3 answers 400."""
    text = _text(name, value)
    if any(character < " " or "\x7f" <= character <= "\x9f" for character in text):
        raise InputError(name, "has a line break or another control character")
    if any(character > "\xff" for character in text):
        way_out = _WAYS_OUT.get(name, "encode it as its reader expects")
        raise InputError(name, f"has a character outside Latin-1, which S3 rejects; {way_out}")
    return text


def words(name: str, value: object) -> str:
    """A list of words, joined with commas."""
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        raise TypeError(f"{name}: expected a list of str, got {type(value).__name__}")
    listed: Any = value
    texts = [header_text(name, word) for word in listed]
    if not texts:
        raise InputError(name, "is empty; leave it out")
    for text in texts:
        if not text.isalnum():
            raise InputError(name, f"{text[:60]!r} is not one word; make each word an item of the list")
    return ",".join(texts)


# --- numbers and truth -----------------------------------------------------------------------------------------------


def integer(name: str, value: object) -> str:
    """A whole number, not negative."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name}: expected int, got {type(value).__name__}")
    if value < 0:
        raise InputError(name, f"{value} is negative")
    return str(int(value))


def part_number(name: str, value: object) -> str:
    """1 to 10,000 (https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html)."""
    text = integer(name, value)
    if not 1 <= int(text) <= 10_000:
        raise InputError(name, f"{text} is not a part number; use 1 to 10000")
    return text


def boolean(name: str, value: object) -> str:
    """`true` or `false`."""
    if not isinstance(value, bool):
        raise TypeError(f"{name}: expected bool, got {type(value).__name__}")
    return "true" if value else "false"


# --- time ------------------------------------------------------------------------------------------------------------


def http_date(name: str, value: object) -> str:
    """A moment, as `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7)."""
    if isinstance(value, str):
        if not _is_http_date(value):
            raise InputError(
                name,
                f"invalid HTTP date {value[:60]!r}; give an aware datetime, or text as Sun, 06 Nov 1994 08:49:37 GMT",
            )
        return value
    if name in ("expires", "response_expires") and _is_duration(value):
        raise InputError(
            name,
            "is the Expires header; give an aware datetime or an HTTP date, or use expires_in= for the URL's lifetime",
        )
    return _http_date(_moment(name, value, "an HTTP date"))


def iso_time(name: str, value: object) -> str:
    """A moment, as `2026-11-24T09:00:00Z`."""
    if isinstance(value, str):
        try:
            return iso_date(parse_iso_date(value))
        except ValueError as fault:
            raise InputError(name, f"{value[:60]!r} {fault}") from None
    return iso_date(_moment(name, value, "an ISO 8601 time"))


def _is_duration(value: object) -> bool:
    return hasattr(value, "total_seconds") or (isinstance(value, (int, float)) and not isinstance(value, bool))


def _moment(name: str, value: object, text_form: str) -> int:
    if not hasattr(value, "utcoffset") or not hasattr(value, "timestamp"):
        raise TypeError(f"{name}: expected an aware datetime or {text_form}, got {type(value).__name__}")
    moment: Any = value
    return epoch_seconds(moment, name)


def _http_date(seconds: int) -> str:
    from email.utils import formatdate

    return formatdate(seconds, usegmt=True)


def _is_http_date(text: str) -> bool:
    """Whether a text is what `_http_date` returns for some time since 1970, the weekday included."""
    from email.utils import mktime_tz, parsedate_tz

    parsed = parsedate_tz(text) if text.strip() else None
    try:
        seconds = -1 if parsed is None else mktime_tz(parsed)
    except (ValueError, OverflowError):
        return False
    return 0 <= seconds <= LAST_SECOND and _http_date(seconds) == text


# --- mappings --------------------------------------------------------------------------------------------------------


def tags(name: str, value: object) -> "str | Pairs":
    """A mapping of tags, or the same as a query string: `project=blue&owner=Al%20B`."""
    if isinstance(value, str):
        return header_text(name, value)
    encoded: list[str] = []
    for tag, text in _items(name, value):
        if not isinstance(tag, str) or not isinstance(text, str):
            kinds = f"{type(tag).__name__} and {type(text).__name__}"
            raise TypeError(f"{name}: expected str for the key and the value of {tag!r}, got {kinds}")
        if not tag:
            raise InputError(name, "has a tag with an empty key; only its value may be empty")
        encoded.append(f"{encode(query_text(name, tag))}={'' if text == '' else encode(query_text(name, text))}")
    return "&".join(encoded) or []


def metadata(name: str, value: object) -> "Pairs":
    """A mapping of names to values, ASCII and perhaps empty; each becomes a header."""
    headers: dict[str, str] = {}
    for entry, text in _items(name, value):
        if not isinstance(entry, str) or not isinstance(text, str):
            kinds = f"{type(entry).__name__} and {type(text).__name__}"
            raise TypeError(f"{name}: expected str for the name and the value of {entry!r}, got {kinds}")
        header = f"x-amz-meta-{entry.lower()}"
        fault = _header_fault(text) if text else ""
        if fault:
            way_out = "percent-encode or base64-encode it, and decode it after reading"
            raise InputError(name, f"the value of {entry[:60]!r} {fault}; {way_out}")
        if not entry:
            raise InputError(name, "has an empty name; each name becomes a header, x-amz-meta-NAME")
        if not entry.isascii() or not all(character.isalnum() or character in _TOKEN for character in entry):
            raise InputError(name, f"{entry[:60]!r} cannot be part of a header's name; use letters, digits and hyphens")
        if header.startswith("x-amz-meta-x-amz-meta-"):
            raise InputError(name, f"{entry[:60]!r} already has the prefix, which is added here; leave it out")
        if header in headers:
            raise InputError(name, f"{entry[:60]!r} is there twice; names are not case-sensitive")
        headers[header] = text
    return list(headers.items())


_TOKEN = "!#$%&'*+-.^_`|~"  # besides letters and digits: RFC 9110, section 5.6.2


def copy_source(name: str, value: object) -> str:
    """`bucket/key`, `bucket/key?versionId=...`, or a mapping of bucket, key and version_id.

    A bucket may be an access point's ARN; as one text, `/object/` is between it and the key:
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
    """
    if isinstance(value, str):
        source, mark, version = value.partition("?versionId=")
        if mark and (not version or "?versionId=" in version or any(map(str.isspace, version))):
            raise InputError(name, "is ambiguous from '?versionId=' on; give bucket, key and version as a mapping")
    else:
        parts = dict(_items(name, value))
        unknown = [part for part in parts if part not in ("bucket", "key", "version_id")]
        if unknown or "bucket" not in parts or "key" not in parts:
            raise TypeError(f"{name}: expected a mapping of bucket, key and perhaps version_id, got {sorted(parts)}")
        bucket = _text(name, parts["bucket"])
        if "/" in bucket and not bucket.startswith("arn:"):
            raise InputError(name, f"{bucket[:80]!r} is not a bucket name; the key is a separate item")
        source = f"{bucket}{'/object/' if bucket.startswith('arn:') else '/'}{_text(name, parts['key'])}"
        version = "" if parts.get("version_id") is None else header_text(name, parts["version_id"])
    bucket, _, key = query_text(name, source).removeprefix("/").partition("/")
    if not bucket or not key:
        raise InputError(name, "is not an object; give 'bucket/key'")
    path = encode_path(source)
    return header_text(name, f"{path}?versionId={version}" if version else path)


def _items(name: str, value: object) -> "Iterable[tuple[Any, Any]]":
    items: Any = getattr(value, "items", None)
    if items is None:
        raise TypeError(f"{name}: expected a mapping, got {type(value).__name__}")
    pairs: Iterable[tuple[Any, Any]] = items()
    return pairs


# --- bytes as base64 -------------------------------------------------------------------------------------------------


def digest(name: str, value: object) -> str:
    """The base64 of a hash, with the hash's number of bytes."""
    text = header_text(name, value)
    size = _DIGEST_BYTES[name]
    if len(_from_base64(text)) != size:
        raise InputError(name, f"is not the base64 of {size} bytes; convert a hexadecimal digest")
    return text


_DIGEST_BYTES = {
    "checksum_crc32": 4, "checksum_crc32c": 4, "checksum_crc64nvme": 8, "checksum_md5": 16, "checksum_sha1": 20,
    "checksum_sha256": 32, "checksum_sha512": 64, "checksum_xxhash128": 16, "checksum_xxhash3": 8,
    "checksum_xxhash64": 8, "content_md5": 16, "copy_source_sse_customer_key_md5": 16, "sse_customer_key_md5": 16,
}  # fmt: skip


def customer_key(name: str, value: object) -> str:
    """A customer-provided key (SSE-C), 32 bytes or their base64; it is sent as base64."""
    if isinstance(value, str):
        text, raw = value, _from_base64(value)
    elif isinstance(value, (bytes, bytearray)):
        text, raw = _to_base64(value), bytes(value)
    else:
        raise TypeError(f"{name}: expected bytes or str, got {type(value).__name__}")
    if len(raw) != 32:
        raise InputError(name, "is not 32 bytes, nor text that is the base64 of 32 bytes")
    return text


def customer_key_md5(key: str) -> str:
    """The MD5 of a key in base64, with which S3 checks that the key arrived unchanged."""
    from hashlib import md5

    return _to_base64(md5(_from_base64(key), usedforsecurity=False).digest())


def _to_base64(raw: "bytes | bytearray") -> str:
    from binascii import b2a_base64

    return b2a_base64(raw, newline=False).decode()


def _from_base64(text: str) -> bytes:
    """The bytes of a base64 text; no bytes if the text is not exact base64."""
    from binascii import a2b_base64

    try:
        raw = a2b_base64(text)
    except ValueError:
        return b""
    return raw if _to_base64(raw) == text else b""


# --- what they share -------------------------------------------------------------------------------------------------


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{name}: expected str, got {type(value).__name__}")
    if not value:
        raise InputError(name, "is empty; leave it out")
    return value


def _header_fault(text: str) -> str:
    if not text.isascii():
        return "has a non-ASCII character, which is not safe in a header"
    if not text.isprintable():
        return "has a line break or another control character"
    return "" if text.strip() else "is blank, and HTTP drops white space around a header's value"
