"""Reads `s3://BUCKET/KEY`, and suggests it where people write something else.

Rule: the key is plain text, taken literally.  An invalid address is rejected with the one that was probably meant; an
unusual one is signed, with a note.
"""

import argparse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_QUOTES = "\"'`<>()[]\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb"


def s3_object(text: str) -> "tuple[str, str]":
    """Return bucket and key of `s3://BUCKET/KEY`."""
    bucket, key = _bucket_and_key(text)
    if not key:
        raise argparse.ArgumentTypeError(
            f"{text!r} names a bucket and no key; write s3://{bucket}/KEY, or list the bucket: "
            f"sigv4presign s3 list_objects_v2 s3://{bucket}"
        )
    return bucket, key


def s3_form(text: str) -> "tuple[str, str]":
    """Return bucket and key of `s3://BUCKET/KEY`; the key must end in a name, which may be `${filename}`."""
    bucket, key = _bucket_and_key(text)
    if not key or key[-1] == "/":
        raise argparse.ArgumentTypeError(
            f"{text!r} has no name at its end; write 's3://{bucket}/{key}${{filename}}' in single quotes, or the shell "
            "removes ${filename}"
        )
    return bucket, key


def s3_bucket_or_object(text: str) -> "tuple[str, str]":
    """Return bucket and key of `s3://BUCKET` or `s3://BUCKET/KEY`; the key may be empty."""
    return _bucket_and_key(text)


def notes(key: str, content_type: "str | None") -> "list[str]":
    """Return notes about what is unusual in a key, which is signed literally, and in a Content-Type."""
    found: list[str] = []
    escape = key.partition("%")[2][:2]
    if len(escape) == 2 and all(digit in "0123456789abcdefABCDEF" for digit in escape):
        found.append(
            f"the key has %{escape} in it, signed as these three characters; "
            f"write {_decoded(key)!r} if that is its name"
        )
    if "?versionId=" in key:
        found.append("the key has ?versionId= in it; a version goes into --version-id")
    if key[:1] == "/":
        found.append("the key begins with a slash, since there are two after the bucket")
    if key != key.strip():
        found.append("the key begins or ends with white space, which is signed")
    if key[-1:] == "/":
        found.append("the key ends in a slash; a link is for one object, not for a folder")
    if "*" in key:
        found.append("the key has a * in it, which is signed literally; a link is for one object")
    if content_type is not None and "*" in content_type:
        found.append(
            f"no client sends the Content-Type {content_type}, and the store accepts nothing else; write one type, as "
            "in image/png, or limit the type with post --content-type-starts-with"
        )
    elif content_type is not None and "/" not in content_type:
        found.append(f"the Content-Type {content_type} has no slash, as image/png has; the client has to send just it")
    return found


def _bucket_and_key(text: str) -> "tuple[str, str]":
    """Split an address; the key may be empty.

    The bucket may be an access point's ARN.  Its resource has two words, or four on an Outpost: `accesspoint/NAME`,
    `outpost/ID/accesspoint/NAME`, separated by slashes or colons, as in the AWS CLI.  The key follows after a slash.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError(f"{text!a} is not UTF-8; write it in UTF-8") from None
    address = text.removeprefix("s3://")
    if address == text:
        raise argparse.ArgumentTypeError(_meant(text))
    bucket, _, key = address.partition("/")
    if address.startswith("arn:") and ":s3:::" in address:
        raise argparse.ArgumentTypeError(_meant(address))
    parts = address.split(":", 5)
    if parts[0] == "arn" and len(parts) == 6:
        words = 4 if parts[5].startswith("outpost") else 2
        resource = "/".join(parts[5].replace(":", "/").split("/", words)[:words])
        bucket = ":".join([*parts[:5], parts[5][: len(resource)]])
        key = parts[5][len(resource) + 1 :]
    if not bucket:
        raise argparse.ArgumentTypeError(f"{text!r} names no bucket; write s3://BUCKET/KEY")
    if bucket.endswith((".amazonaws.com", ".amazonaws.com.cn")):
        _, _, way_out = _meant_by_url(f"https://{address}").partition("; ")
        raise argparse.ArgumentTypeError(f"{bucket!r} is a host; {way_out}")
    if "\\" in bucket:
        raise argparse.ArgumentTypeError(f"the address has backslashes; write s3://{address.replace(chr(92), '/')}")
    return bucket, key


# --- what was meant --------------------------------------------------------------------------------------------------


def _meant(text: str) -> str:
    """Return the error for a text that does not begin with s3://, with the address that was probably meant."""
    bare = text.strip(_QUOTES)
    if bare != text and bare.lower().startswith(("s3://", "http")):
        return f"{text!r} has quotes or brackets around it that the shell does not take off; write 'ADDRESS' or {bare}"
    if "\\" in text and text[:3].lower() == "s3:":
        text = text.replace("\\", "/")
        return f"the address has backslashes; write s3://{text[3:].lstrip('/')}"
    scheme, separator, rest = text.partition("://")
    if scheme.lower() == "file" or text[:2] in ("./", "~/") or text[:3] == "../":
        return f"{text!r} is a file of this machine; write s3://BUCKET/KEY, or serve the file: sigv4presign share FILE"
    if separator and scheme.lower() in ("http", "https"):
        return _meant_by_url(text)
    if separator:
        return f"{text!r} does not begin with s3://; write {_typed(rest)}"
    if text[:4] == "arn:" and ":s3:::" in text:
        return f"{text!r} is the ARN of a bucket or object; write {_typed(text.partition(':::')[2])}"
    if text[:3].lower() == "s3:":
        return f"{text!r} has too few slashes; write {_typed(text[3:].lstrip('/'))}"
    if text[:4].lower() == "s3//":
        return f"{text!r} has no colon; write {_typed(text[4:])}"
    if "/" in text.strip("/"):
        return f"{text!r} has no s3://; write {_typed(text.lstrip('/'))}"
    name = text.strip("/")
    other = f", or s3://{name} if it is the bucket" if name and "." not in name else ""
    return f"{text!r} is not an address in S3; write {_typed('BUCKET/' + (name or 'KEY'))}{other}"


def _meant_by_url(text: str) -> str:
    from urllib.parse import parse_qs, unquote, urlsplit

    if "Signature=" in text:  # X-Amz-Signature, or Signature of version 2
        return "the URL is presigned already; sigv4presign inspect 'URL' shows what it says"
    try:
        url = urlsplit(text)
    except ValueError:
        return "a URL is not an address in S3; write s3://BUCKET/KEY"
    host = url.hostname or ""
    path = unquote(url.path).lstrip("/")
    query: Any = parse_qs(url.query)
    if host.endswith("console.aws.amazon.com"):
        bucket = path.rpartition("/")[2] or "BUCKET"
        return f"the URL is a page of the console; write {_typed(bucket + '/' + query.get('prefix', ['KEY'])[0])}"
    if not host.endswith((".amazonaws.com", ".amazonaws.com.cn")):
        origin = f"{url.scheme}://{url.netloc.rpartition('@')[2]}"
        if "/" not in path.strip("/"):
            path = f"BUCKET/{path or 'KEY'}"
        return f"a URL is not an address in S3; write {_typed(path)} and --endpoint {origin}"
    bucket, dot, _ = host.rpartition(".s3.")
    if not dot:
        bucket, dot, _ = host.rpartition(".s3-")
    if dot:
        path = f"{bucket}/{path or 'KEY'}"
    return f"a URL is not an address in S3; write {_typed(path)}"


def _typed(path: str) -> str:
    """Return `s3://` with bucket and key, quoted for a shell."""
    from shlex import quote

    return quote(f"s3://{path or 'BUCKET/KEY'}")


def _decoded(key: str) -> str:
    from urllib.parse import unquote

    return unquote(key)
