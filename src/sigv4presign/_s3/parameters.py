"""S3's parameters: where S3 reads each of them, and the text that a value becomes there.

Rule: a parameter's name is the S3 API's in snake case; its place is the one in the API reference,
https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html: a query parameter,
or a header, which is then signed and has to be sent.  What S3 must refuse is refused here, by the parameter's name.
"""

from .._encoding import encode
from .._timestamps import epoch_seconds, iso_date, parse_clock, parse_date, parse_iso_date
from ..errors import InputError
from .disposition import attachment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, TypeAlias

    Pairs: TypeAlias = list[tuple[str, str]]
    Place: TypeAlias = tuple[str, str, Callable[[str, object], str | Pairs]]

QUERY, HEADER = "query", "header"


# --- kinds: the text of a value, named by its parameter in errors --------------------------------------------------


def query_text(name: str, value: object) -> str:
    """Any text: it is percent-encoded."""
    text = _text(name, value)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InputError(name, "has a lone surrogate, which is not text") from None
    return text


def header_text(name: str, value: object, way_out: str = "encode it as its reader expects") -> str:
    """Printable ASCII, which is all that headers carry safely (RFC 9110, section 5.5)."""
    text = _text(name, value)
    if not text.isascii():
        if name == "content_disposition":
            way_out = "write the file's name as filename*=UTF-8''na%C3%AFve.pdf (RFC 8187)"
        raise InputError(name, f"has a non-ASCII character, which a header cannot hold; {way_out}")
    if not text.isprintable():
        raise InputError(name, "has a line break or another control character")
    return text


def answer_header(name: str, value: object) -> str:
    """Text that S3 sends back as a header: Latin-1, or S3 answers 400."""
    text = _text(name, value)
    if any(character < " " or "\x7f" <= character <= "\x9f" for character in text):
        raise InputError(name, "has a line break or another control character")
    if any(character > "\xff" for character in text):
        way_out = "use download_as=" if name == "response_content_disposition" else "encode it as its reader expects"
        raise InputError(name, f"has a character outside Latin-1, which S3 cannot answer with; {way_out}")
    return text


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
        raise InputError(name, f"{text} is no part number; they go from 1 to 10000")
    return text


def boolean(name: str, value: object) -> str:
    """`true` or `false`."""
    if not isinstance(value, bool):
        raise TypeError(f"{name}: expected bool, got {type(value).__name__}")
    return "true" if value else "false"


def words(name: str, value: object) -> str:
    """A list of S3's words, joined by commas."""
    if not isinstance(value, (list, tuple)):
        raise TypeError(f"{name}: expected a list of str, got {type(value).__name__}")
    given: Iterable[object] = value  # pyright: ignore[reportUnknownVariableType] - of whatever the caller put in
    listed = [header_text(name, word) for word in given]
    if not listed:
        raise InputError(name, "is empty; leave it out")
    for word in listed:
        if not word.isalnum():
            raise InputError(name, f"{word[:60]!r} is not one word; give each its own place in the list")
    return ",".join(listed)


def http_date(name: str, value: object) -> str:
    """A moment, as `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7)."""
    if isinstance(value, str):
        if _parsed_http_date(_text(name, value)) is None:
            raise InputError(
                name, f"{value[:60]!r} is no HTTP date; give an aware datetime, or text as Sun, 06 Nov 1994 08:49:37 GMT"
            )
        return value
    if name in ("expires", "response_expires") and _is_duration(value):
        raise InputError(
            name,
            "is the Expires header, a moment: an aware datetime or an HTTP date; how long the URL lives is expires_in=",
        )
    return _http_date(_moment(name, value, "an HTTP date"))


def iso_time(name: str, value: object) -> str:
    """A moment, as `2026-11-24T09:00:00Z`."""
    if isinstance(value, str):
        try:
            return iso_date(parse_iso_date(_text(name, value)))
        except ValueError as fault:
            raise InputError(name, f"{value[:60]!r} {fault}") from None
    return iso_date(_moment(name, value, "an ISO 8601 time"))


def digest(name: str, value: object) -> str:
    """The base64 of a hash, of as many bytes as that hash has."""
    text = header_text(name, value)
    size = _DIGEST_BYTES[name]
    if len(_from_base64(text)) != size:
        raise InputError(name, f"is not the base64 of {size} bytes; a hexadecimal digest is none either")
    return text


_DIGEST_BYTES = {
    "checksum_crc32": 4, "checksum_crc32c": 4, "checksum_crc64nvme": 8, "checksum_md5": 16, "checksum_sha1": 20,
    "checksum_sha256": 32, "checksum_sha512": 64, "checksum_xxhash128": 16, "checksum_xxhash3": 8,
    "checksum_xxhash64": 8, "content_md5": 16,
}  # fmt: skip


def tags(name: str, value: object) -> "str | Pairs":
    """A mapping of tags, or the same as a query string: `project=blue&owner=Al%20B`."""
    if isinstance(value, str):
        return header_text(name, value, "give a mapping, which is percent-encoded")
    pairs = [(query_text(name, tag), _tag_value(name, text)) for tag, text in _items(name, value)]
    if not pairs:
        return []
    return "&".join([f"{encode(tag)}={encode(text)}" for tag, text in pairs])


def metadata(name: str, value: object) -> "Pairs":
    """A mapping of names to values: one header each (ASCII, 2 KB in all at AWS)."""
    headers: dict[str, str] = {}
    way_out = "percent-encode or base64-encode it, and decode it where it is read"
    for given_name, text in _items(name, value):
        entry = header_text(name, given_name, way_out).lower()
        if entry.startswith("x-amz-meta-"):
            raise InputError(name, f"{entry[:60]!r} has the prefix already; leave it out, it is added here")
        if f"x-amz-meta-{entry}" in headers:
            raise InputError(name, f"{entry[:60]!r} is there twice; S3 does not tell capitals from small letters")
        headers[f"x-amz-meta-{entry}"] = header_text(f"{name}[{given_name!r}]", text, way_out)
    return list(headers.items())


def copy_source(name: str, value: object) -> str:
    """`bucket/key`, `bucket/key?versionId=...` or a mapping of bucket, key and version_id; all as plain text.

    A bucket may be an access point's ARN; in the text form its key then follows `/object/`.
    """
    if isinstance(value, str):
        source, mark, version = value.partition("?versionId=")
        if mark and (not version or "?versionId=" in version or any(map(str.isspace, version))):
            raise InputError(name, "is ambiguous after '?versionId='; give a mapping of bucket, key and version_id")
    else:
        parts = dict(_items(name, value))
        for part in parts:
            if part not in ("bucket", "key", "version_id"):
                raise TypeError(f"{name}: takes bucket, key and version_id, not {part!r}")
        bucket, key = query_text(f"{name}['bucket']", parts.get("bucket")), parts.get("key")
        between = "/object/" if bucket.startswith("arn:") else "/"
        source = bucket + between + query_text(f"{name}['key']", key)
        version = ""
        if parts.get("version_id") is not None:
            version = header_text(f"{name}['version_id']", parts["version_id"])
    bucket, slash, key = source.removeprefix("/").partition("/")
    if not (bucket and slash and key):
        raise InputError(name, "names no object; give 'bucket/key'")
    source = encode(query_text(name, source)).replace("%2F", "/")
    return f"{source}?versionId={version}" if version else source


def customer_key(name: str, value: object) -> str:
    """One of the three parts of SSE-C; `customer_key_headers` puts them together."""
    raise NotImplementedError(name, value)


def customer_key_headers(given: "dict[str, object]") -> "Pairs":
    """The headers of a key that the client keeps (SSE-C): algorithm, key and the key's MD5.

    The key is given as 32 bytes, or as their base64.  It and its MD5 are sent as base64; the MD5 is made from the key
    if it is not given.  S3 reads the three together or not at all:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html
    """
    headers: Pairs = []
    for whose in ("sse_customer", "copy_source_sse_customer"):
        names = f"{whose}_algorithm", f"{whose}_key", f"{whose}_key_md5"
        algorithm, key, key_md5 = map(given.get, names)
        if algorithm is None and key is None and key_md5 is None:
            continue
        if algorithm is None or key is None:
            missing = names[0] if algorithm is None else names[1]
            raise InputError(missing, f"is missing; S3 reads {names[0]} ('AES256') and {names[1]} together")
        key_text = _customer_key_text(names[1], key)
        expected_md5 = _md5(_from_base64(key_text))
        if key_md5 is not None and header_text(names[2], key_md5) != expected_md5:
            raise InputError(names[2], f"is not the base64 of the MD5 of {names[1]}; leave it out, it is made here")
        texts = header_text(names[0], algorithm), key_text, expected_md5
        headers += [(PARAMETERS[name][1], text) for name, text in zip(names, texts, strict=True)]
    return headers


def _customer_key_text(name: str, key: object) -> str:
    if isinstance(key, (bytes, bytearray)):
        raw, text = bytes(key), _to_base64(bytes(key))
    elif isinstance(key, str):
        raw, text = _from_base64(key), key
    else:
        raise TypeError(f"{name}: expected bytes or str, got {type(key).__name__}")
    if len(raw) != 32:  # an AES-256 key; the message shows nothing of it
        raise InputError(name, "is not 32 bytes, nor text that is the base64 of 32 bytes")
    return text


# --- what the kinds have in common ---------------------------------------------------------------------------------


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{name}: expected str, got {type(value).__name__}")
    if not value.strip(" "):
        raise InputError(name, "is empty; leave it out")
    return value


def _tag_value(name: str, value: object) -> str:
    return value if value == "" and isinstance(value, str) else query_text(name, value)


def _items(name: str, value: object) -> "Iterable[tuple[Any, Any]]":
    items: Any = getattr(value, "items", None)
    if items is None:
        raise TypeError(f"{name}: expected a mapping, got {type(value).__name__}")
    pairs: Iterable[tuple[Any, Any]] = items()
    return pairs


def _is_duration(value: object) -> bool:
    return hasattr(value, "total_seconds") or (isinstance(value, (int, float)) and not isinstance(value, bool))


def _moment(name: str, value: object, text_form: str) -> int:
    if not hasattr(value, "utcoffset") or not hasattr(value, "timestamp"):
        raise TypeError(f"{name}: expected an aware datetime or {text_form}, got {type(value).__name__}")
    moment: Any = value
    return epoch_seconds(moment, name)


_WEEKDAYS = ("Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed")  # the epoch began on a Thursday
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _http_date(seconds: int) -> str:
    date, clock = iso_date(seconds)[:-1].split("T")
    year, month, day = date.split("-")
    return f"{_WEEKDAYS[seconds // 86_400 % 7]}, {day} {_MONTHS[int(month) - 1]} {year} {clock} GMT"


def _parsed_http_date(text: str) -> "int | None":
    """Epoch seconds of a date in exactly the form that `_http_date` writes, weekday included."""
    month = _MONTHS.index(text[8:11]) + 1 if text[8:11] in _MONTHS else 0
    digits = text[12:16] + text[5:7] + text[17:19] + text[20:22] + text[23:25]
    if not (len(digits) == 14 - 2 and digits.isascii() and digits.isdigit()):
        return None
    try:
        seconds = parse_date(f"{text[12:16]}{month:02d}{text[5:7]}") + parse_clock(digits[6:])
    except ValueError:
        return None
    return seconds if _http_date(seconds) == text else None


def _to_base64(raw: bytes) -> str:
    from binascii import b2a_base64

    return b2a_base64(raw, newline=False).decode()


def _from_base64(text: str) -> bytes:
    """The bytes of a base64 text, none if it is not exactly one."""
    from binascii import a2b_base64

    try:
        raw = a2b_base64(text)
    except ValueError:
        return b""
    return raw if _to_base64(raw) == text else b""


def _md5(raw: bytes) -> str:
    from hashlib import md5  # S3's check that the key arrived whole; no security rests on it

    return _to_base64(md5(raw, usedforsecurity=False).digest())


# --- the table ------------------------------------------------------------------------------------------------------
# Header names are in lower case, as they are signed.  SSE-C's names are long; these are their beginnings.
