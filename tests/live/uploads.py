"""What an upload carries and is held to: headers, metadata, checksums, parts, and the browser's form.

Rule: as in `suite`.
"""

import base64
import hashlib
import os
import time
import zlib
from collections.abc import Callable, Mapping
from typing import Any

from sigv4presign import Credentials

from .client import Answer, form_body
from .suite import (
    BUCKET,
    CONTENT,
    DENIED,
    MISMATCH,
    DepartedError,
    Row,
    Store,
    elements,
    md5,
    rows_into,
    same,
)

ROWS: "list[Row]" = []
row = rows_into(ROWS)

UPLOAD = "Uploads"


@row(UPLOAD, "a signed Content-Type is stored")
def _(store: Store) -> None:
    url = store.put("typed", content_type="text/x-nasty; charset=utf-8")
    same(store.ok(url).headers["Content-Type"], "text/x-nasty; charset=utf-8", "other type")


@row(UPLOAD, "another Content-Type than the signed one", MISMATCH)
def _(store: Store) -> str:
    url = store.s3.put_object(BUCKET, "mistyped", content_type="text/plain")
    return str(store.send(url, CONTENT, headers={"content-type": "text/html"}))


@row(UPLOAD, "no Content-Type, where one was signed", MISMATCH)
def _(store: Store) -> str:
    return str(store.send(store.s3.put_object(BUCKET, "untyped", content_type="text/plain"), CONTENT, headers={}))


@row(UPLOAD, "signed metadata is stored")
def _(store: Store) -> None:
    url = store.put("described", metadata={"colour": "red  and green", "number": "42"})
    headers = store.ok(url).headers
    same(headers["x-amz-meta-number"], "42", "no metadata")
    same(headers["x-amz-meta-colour"].split(), ["red", "and", "green"], "other metadata")


@row(UPLOAD, "signed Cache-Control and Content-Disposition are stored")
def _(store: Store) -> None:
    url = store.put("kept", cache_control="max-age=60", content_disposition='attachment; filename="a b.txt"')
    headers = store.ok(url).headers
    same(headers["Cache-Control"], "max-age=60", "no Cache-Control")
    same(headers["Content-Disposition"], 'attachment; filename="a b.txt"', "no Content-Disposition")


@row(UPLOAD, "a signed Content-Length")
def _(store: Store) -> None:
    store.ok(store.s3.put_object(BUCKET, "sized", content_length=len(CONTENT)), CONTENT)


@row(UPLOAD, "one byte more than the signed Content-Length", MISMATCH)
def _(store: Store) -> str:
    url = store.s3.put_object(BUCKET, "oversized", content_length=len(CONTENT))
    return str(store.send(url, CONTENT + b"!", headers={}))


@row(UPLOAD, "a signed Content-MD5, and another body", "400 BadDigest")
def _(store: Store) -> str:
    store.put("digested", content_md5=md5(CONTENT))
    return str(store.send(store.s3.put_object(BUCKET, "digested", content_md5=md5(CONTENT)), CONTENT + b"!"))


CHECKSUMS: "dict[str, Callable[[bytes], bytes]]" = {
    "sha256": lambda content: hashlib.sha256(content).digest(),
    "sha1": lambda content: hashlib.sha1(content).digest(),
    "crc32": lambda content: zlib.crc32(content).to_bytes(4, "big"),
}


def _checksum(name: str, digest: "Callable[[bytes], bytes]") -> None:
    @row(UPLOAD, f"a signed `checksum_{name}`, and another body", "400 BadDigest")
    def _(store: Store) -> str:
        checksum: dict[str, Any] = {f"checksum_{name}": base64.b64encode(digest(CONTENT)).decode()}
        store.put("summed", **checksum)
        return str(store.send(store.s3.put_object(BUCKET, "summed", **checksum), CONTENT + b"!"))


for _name, _digest in CHECKSUMS.items():
    _checksum(_name, _digest)


@row(UPLOAD, "multipart: three parts, put together and downloaded")
def _(store: Store) -> None:
    key = "parts/of a whole+.bin"
    parts = [os.urandom(5 << 20), os.urandom(5 << 20), os.urandom(1000)]  # S3 takes none below 5 MiB but the last
    (upload_id,) = elements(store.ok(store.s3.create_multipart_upload(BUCKET, key)), "UploadId")
    plan = store.s3.multipart_plan(BUCKET, key, upload_id=upload_id, part_count=len(parts))
    etags = [store.ok(url, part).headers["ETag"] for url, part in zip(plan.parts, parts, strict=True)]
    same(store.ok(store.s3.list_parts(BUCKET, key, upload_id=plan.upload_id)).body.count(b"<Part>"), 3, "other parts")
    listing = "".join(f"<Part><PartNumber>{n}</PartNumber><ETag>{e}</ETag></Part>" for n, e in enumerate(etags, 1))
    store.ok(plan.complete, f"<CompleteMultipartUpload>{listing}</CompleteMultipartUpload>".encode())
    same(store.ok(store.s3.get_object(BUCKET, key)).body, b"".join(parts), "other bytes")


@row(UPLOAD, "multipart: given up", "404 NoSuchUpload")
def _(store: Store) -> str:
    (upload_id,) = elements(store.ok(store.s3.create_multipart_upload(BUCKET, "given up")), "UploadId")
    plan = store.s3.multipart_plan(BUCKET, "given up", upload_id=upload_id, part_count=1)
    store.ok(plan.part(1), CONTENT)
    store.ok(plan.abort, status=204)
    return str(store.send(plan.part(1), CONTENT))


# --- forms ------------------------------------------------------------------------------------------------------------

FORM = "POST forms"


def post(
    store: Store,
    content: bytes = CONTENT,
    changes: "Mapping[str, str] | None" = None,
    credentials: "Credentials | None" = None,
    **params: Any,
) -> Answer:
    s3 = store.s3.replace(credentials=credentials) if credentials else store.s3
    form = s3.post_object(
        BUCKET, "form/${filename}", content_type="image/png", content_length_range=(1, 1000), **params
    )
    fields = {name: (changes or {}).get(name.lower(), text) for name, text in form.fields.items()}
    body, headers = form_body(fields, "a b.png", content)
    return store.send(form.url, body, method="POST", headers=headers)


@row(FORM, "a form uploads a file under its own name")
def _(store: Store) -> None:
    answer = post(store)
    if answer.status != 204:
        raise DepartedError(str(answer))
    got = store.ok(store.s3.get_object(BUCKET, "form/a b.png"))
    same((got.body, got.headers["Content-Type"]), (CONTENT, "image/png"), "other bytes or type")


@row(FORM, "a file that is too large", "400 EntityTooLarge")
def _(store: Store) -> str:
    return str(post(store, b"x" * 1001))


@row(FORM, "another Content-Type", DENIED)
def _(store: Store) -> str:
    return str(post(store, changes={"content-type": "text/html"}))


@row(FORM, "a changed key", DENIED)
def _(store: Store) -> str:
    return str(post(store, changes={"key": "elsewhere"}))


@row(FORM, "a signature of another form", MISMATCH)
def _(store: Store) -> str:
    return str(post(store, changes={"x-amz-signature": "0" * 64}))


@row(FORM, "an expired form", DENIED)
def _(store: Store) -> str:
    return str(post(store, now=time.time() - 3600, expires_in=60))
