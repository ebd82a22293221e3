"""The suite: what is tried at every store, a row each.

Rule: a row says what S3 answers, by its documentation.  It uses URLs that the library made and the raw client, compares
bytes, and knows nothing of any server; what a server does differently stands in `departures`.

A function returns what it saw: `works`, or the status and code of a refusal.
"""

import base64
import hashlib
import html
import os
import re
import time
import zlib
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from sigv4presign import Credentials, PresignedUrl, S3Presigner, ServiceRules, presign
from sigv4presign._s3.operation_table import BUCKET as OF_A_BUCKET
from sigv4presign._s3.operation_table import OPERATIONS, SERVICE

from .client import Answer, form_body, send
from .guarded_store import TEMPORARY
from .servers import Server

WORKS = "works"
BUCKET = "bucket"
CONTENT = b"The object's bytes, " + bytes(range(256))
MISMATCH = "403 SignatureDoesNotMatch"
DENIED = "403 AccessDenied"
MALFORMED = "400 AuthorizationQueryParametersError"


class DepartedError(Exception):
    """Something other than what S3 does; the text is what the table shows."""


class SkippedError(Exception):
    """What is not on this machine; never in CI."""


class Store:
    """A server, a presigner for it, and the raw client."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.s3 = S3Presigner(server.credentials, region=server.region, endpoint=server.endpoint)

    def send(self, url: str, body: "bytes | None" = None, **more: Any) -> Answer:
        return send(self.server.endpoint, url, body, **more)

    def ok(self, url: str, body: "bytes | None" = None, *, status: int = 200, **more: Any) -> Answer:
        """The answer, if it has this status."""
        answer = self.send(url, body, **more)
        if answer.status != status:
            raise DepartedError(str(answer))
        return answer

    def put(self, key: str, content: bytes = CONTENT, **params: Any) -> PresignedUrl:
        """An object that is there from now on; the URL is one that gets it."""
        self.ok(self.s3.put_object(BUCKET, key, **params), content)
        return self.s3.get_object(BUCKET, key)

    def presign(self, method: str, key: str, **changes: Any) -> PresignedUrl:
        """A URL with what S3Presigner does not let one change."""
        arguments: dict[str, Any] = {
            "credentials": self.server.credentials, "region": self.server.region, "service": "s3", "expires_in": 900,
            **changes,
        }  # fmt: skip
        return presign(method, f"{self.server.endpoint}/{BUCKET}/{quote(key)}", **arguments)


def same(seen: object, expected: object, what: str) -> None:
    if seen != expected:
        raise DepartedError(what)


class Row(NamedTuple):
    section: str
    name: str
    run: "Callable[[Store], str]"
    expected: str = WORKS


Try = Callable[[Store], "str | None"]
Add = Callable[[Try], None]


def rows_into(rows: "list[Row]") -> "Callable[..., Add]":
    """A decorator that puts functions into a list of rows; one that returns nothing saw all that it expected."""

    def row(section: str, name: str, expected: str = WORKS) -> Add:
        def add(function: Try) -> None:
            def run(store: Store) -> str:
                return function(store) or WORKS

            rows.append(Row(section, name, run, expected))

        return add

    return row


ROWS: "list[Row]" = []
row = rows_into(ROWS)

# --- operations -------------------------------------------------------------------------------------------------------

OPERATION = "Operations"


@row(OPERATION, "put, get, head, delete an object")
def _(store: Store) -> None:
    url = store.put("object")
    same(store.ok(url).body, CONTENT, "other bytes")
    same(store.ok(store.s3.head_object(BUCKET, "object")).headers["Content-Length"], str(len(CONTENT)), "other size")
    store.ok(store.s3.delete_object(BUCKET, "object"), status=204)
    same(str(store.send(url)), "404 NoSuchKey", "still there")


@row(OPERATION, "an empty object")
def _(store: Store) -> None:
    same(store.ok(store.put("empty", b"")).body, b"", "other bytes")


@row(OPERATION, "create, head, list, delete a bucket")
def _(store: Store) -> None:
    store.ok(store.s3.create_bucket("a-second-bucket"))
    store.ok(store.s3.head_bucket("a-second-bucket"))
    same(b"a-second-bucket" in store.ok(store.s3.list_buckets()).body, True, "not listed")
    store.ok(store.s3.delete_bucket("a-second-bucket"), status=204)
    same(store.send(store.s3.head_bucket("a-second-bucket")).status, 404, "still there")


@row(OPERATION, "list objects with a prefix, both versions")
def _(store: Store) -> None:
    store.put("listed/a b")
    for listing in (store.s3.list_objects_v2, store.s3.list_objects):
        same(listed(store, listing(BUCKET, prefix="listed/")), ["listed/a b"], "other keys")


@row(OPERATION, "copy an object")
def _(store: Store) -> None:
    store.put("original & more")
    url = store.s3.copy_object(BUCKET, "copy", copy_source={"bucket": BUCKET, "key": "original & more"})
    store.ok(url)
    same(store.ok(store.s3.get_object(BUCKET, "copy")).body, CONTENT, "other bytes")


@row(OPERATION, "delete many objects by one POST")
def _(store: Store) -> None:
    url = store.put("many/1")
    body = b"<Delete><Object><Key>many/1</Key></Object></Delete>"
    store.ok(store.s3.delete_objects(BUCKET, content_md5=base64.b64encode(hashlib.md5(body).digest()).decode()), body)
    same(str(store.send(url)), "404 NoSuchKey", "still there")


@row(OPERATION, "tag an object, read and delete the tags")
def _(store: Store) -> None:
    store.put("tagged", tagging={"colour": "red & green"})
    url = store.s3.get_object_tagging(BUCKET, "tagged")
    same(b"<Key>colour</Key>" in store.ok(url).body, True, "no tag")
    body = b"<Tagging><TagSet><Tag><Key>shape</Key><Value>round</Value></Tag></TagSet></Tagging>"
    store.ok(store.s3.put_object_tagging(BUCKET, "tagged", content_md5=md5(body)), body)
    same(b"<Key>shape</Key>" in store.ok(url).body, True, "no tag")
    store.ok(store.s3.delete_object_tagging(BUCKET, "tagged"), status=204)
    same(b"<Key>" in store.ok(url).body, False, "still tagged")


@row(OPERATION, "versions: switch on, list, get an older one")
def _(store: Store) -> None:
    store.ok(store.s3.create_bucket("versioned"))
    body = b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
    store.ok(store.s3.put_bucket_versioning("versioned", content_md5=md5(body)), body)
    for content in (b"first", b"second"):
        store.ok(store.s3.put_object("versioned", "key"), content)
    answer = store.ok(store.s3.list_object_versions("versioned"))
    found = re.findall(rb"<VersionId>([^<]+)</VersionId>", answer.body)
    same(len(found), 2, "other versions")
    seen = {store.ok(store.s3.get_object("versioned", "key", version_id=one.decode())).body for one in found}
    same(seen, {b"first", b"second"}, "other bytes")


@row(OPERATION, "conditions: a second put with if-none-match, a get with if-match", "412 PreconditionFailed")
def _(store: Store) -> str:
    url = store.s3.put_object(BUCKET, f"once-{os.urandom(4).hex()}", if_none_match="*")
    etag = store.ok(url, CONTENT).headers["ETag"]
    key = url.partition("?")[0].rpartition("/")[2]
    same(store.ok(store.s3.get_object(BUCKET, key, if_match=etag)).body, CONTENT, "other bytes")
    return str(store.send(url, CONTENT))


# What an object, a bucket says of itself, and the element that S3 answers with.
READS = {
    "get_object_acl": b"<AccessControlPolicy",
    "get_object_attributes": b"<GetObjectAttributes",
    "get_bucket_acl": b"<AccessControlPolicy",
    "get_bucket_location": b"<LocationConstraint",
    "get_bucket_versioning": b"<VersioningConfiguration",
    "list_multipart_uploads": b"<ListMultipartUploadsResult",
}

# Each needs something in place of what only S3 can give.
_FILLERS: "dict[str, Any]" = {
    "annotation_name": "note", "copy_source": "bucket/object", "id": "1", "object_attributes": ["ETag"],
    "part_number": 1, "rename_source": "bucket/object", "upload_id": "none",
}  # fmt: skip


def _read(name: str) -> None:
    @row(OPERATION, f"`{name}`")
    def _(store: Store) -> None:
        store.put("read")
        _, scope, _, required, _ = OPERATIONS[name]
        where = [BUCKET] if scope == OF_A_BUCKET else [BUCKET, "read"]
        answer = store.ok(getattr(store.s3, name)(*where, **{one: _FILLERS[one] for one in required}))
        same(READS[name] in answer.body, True, "another document")


CONFIGURATIONS = {
    "cors": "<CORSConfiguration><CORSRule><AllowedOrigin>https://example.com</AllowedOrigin>"
    "<AllowedMethod>PUT</AllowedMethod></CORSRule></CORSConfiguration>",
    "tagging": "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>",
    "lifecycle": "<LifecycleConfiguration><Rule><ID>r</ID><Filter><Prefix>tmp/</Prefix></Filter>"
    "<Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule></LifecycleConfiguration>",
    "policy": '{"Version":"2012-10-17","Statement":[{"Sid":"s","Effect":"Deny","Principal":"*",'
    '"Action":"s3:PutBucketWebsite","Resource":"arn:aws:s3:::bucket"}]}',
    "website": "<WebsiteConfiguration><IndexDocument><Suffix>index</Suffix></IndexDocument></WebsiteConfiguration>",
}


def _configuration(name: str, document: str) -> None:
    @row(OPERATION, f"a bucket's {name}: put, get, delete")
    def _(store: Store) -> None:
        body = document.encode()
        query, header = {name: ""}, {"Content-MD5": md5(body)}
        answer = store.send(store.s3.presign("PUT", BUCKET, query=query, headers=header), body)
        if answer.status not in (200, 204):
            raise DepartedError(str(answer))
        store.ok(store.s3.presign("GET", BUCKET, query=query))
        store.ok(store.s3.presign("DELETE", BUCKET, query=query), status=204)


for _name in READS:
    _read(_name)

for _name, _document in CONFIGURATIONS.items():
    _configuration(_name, _document)


@row(OPERATION, f"the URL of each of the {len(OPERATIONS)} operations is accepted, and refused with another signature")
def _(store: Store) -> None:
    store.ok(store.s3.create_bucket("for-every-operation"))
    accepted = 0
    for name, (method, scope, _query, required, _places) in OPERATIONS.items():
        where = [] if scope == SERVICE else ["for-every-operation"] if scope == OF_A_BUCKET else [BUCKET, "every"]
        url = getattr(store.s3, name)(*where, **{one: _FILLERS[one] for one in required})
        body = b"" if method in ("PUT", "POST") else None
        # What is not there, or not complete, is said to those alone whose signature holds.
        tampered = store.send(forged(url), body, method=method, headers=url.headers)
        accepted += tampered.status == 403 and store.send(url, body).status != 403
    same(accepted, len(OPERATIONS), f"{accepted} of {len(OPERATIONS)}")


def forged(url: str) -> str:
    """The same URL with the last digit of its signature changed."""
    return url[:-1] + ("1" if url[-1] == "0" else "0")


def md5(body: bytes) -> str:
    return base64.b64encode(hashlib.md5(body).digest()).decode()


def listed(store: Store, url: PresignedUrl) -> "list[str]":
    return [html.unescape(key.decode()) for key in re.findall(rb"<Key>([^<]*)</Key>", store.ok(url).body)]


# --- keys -------------------------------------------------------------------------------------------------------------

KEYS = {
    "spaces": " a  b ",
    "plus": "a+b +.txt",
    "`%2F` as plain text": "a%2Fb%20c%25.txt",
    "two slashes": "a//b///c",
    "a slash at the beginning": "/a",
    "a slash at the end": "a/b/",
    "tilde": "~a/b~.txt",
    "emoji": "\U0001f431/\U0001f468‍\U0001f469‍\U0001f467.png",
    "combining characters": "cafe\u0301",
    "the same, composed": "caf\u00e9",
    "right-to-left, CJK": "\u05e9\u05dc\u05d5\u05dd/\u4f60\u597d.txt",
    "quotes": 'it\'s "quoted" `here`',
    "every ASCII punctuation": "a!\"#$%&'()*+,-.:;<=>?@[\\]^_`{|}~z",
    "what looks like a query": "a?b=c&d#e",
    "control characters": "a\tb\x7fc\x01d",
    "a line break": "a\nb\r\nc",
    "1,024 bytes": "/".join(["k" * 100] * 10) + "/" + "z" * 14,
    "1,024 bytes without a slash": "k" * 1024,
    "dot segments": "a/../b/./c",
}


def _key(name: str, key: str) -> None:
    @row("Keys", name)
    def _(store: Store) -> None:
        content = key.encode() + CONTENT
        more: dict[str, Any] = {"allow_dot_segments": True} if name == "dot segments" else {}
        store.ok(store.s3.put_object(BUCKET, key, **more), content)
        same(store.ok(store.s3.get_object(BUCKET, key, **more)).body, content, "other bytes")
        head = store.ok(store.s3.head_object(BUCKET, key, **more))
        same(head.headers["Content-Length"], str(len(content)), "other size")
        store.ok(store.s3.delete_object(BUCKET, key, **more), status=204)
        same(store.send(store.s3.get_object(BUCKET, key, **more)).status, 404, "still there")


for _name, _text in KEYS.items():
    _key(_name, _text)


@row("Keys", "composed and combining characters are two objects")
def _(store: Store) -> None:
    urls = [store.put(f"two/{form}", form.encode()) for form in ("cafe\u0301", "caf\u00e9")]
    same([store.ok(url).body for url in urls], ["cafe\u0301".encode(), "caf\u00e9".encode()], "one object")


@row("Keys", "a listing has the keys as they were given")
def _(store: Store) -> None:
    keys = sorted(f"all/{KEYS[name]}" for name in ("spaces", "plus", "`%2F` as plain text", "emoji", "quotes"))
    for key in keys:
        store.put(key, b"")
    same(sorted(listed(store, store.s3.list_objects_v2(BUCKET, prefix="all/"))), keys, "other keys")


@row("Keys", "a hundred links by `presign_many`")
def _(store: Store) -> None:
    keys = [f"many/{number} of 100.txt" for number in range(100)]
    for key, url in zip(keys, store.s3.presign_many("PUT", BUCKET, keys), strict=True):
        store.ok(url, key.encode())
    for key, url in zip(keys, store.s3.presign_many("GET", BUCKET, keys, stable_for=600), strict=True):
        same(store.ok(url).body, key.encode(), "other bytes")


@row("Keys", "virtual-hosted style: the bucket in the host")
def _(store: Store) -> None:
    store.put("in the host")
    port = store.server.endpoint.rpartition(":")[2]
    s3 = store.s3.replace(endpoint=f"http://localhost:{port}", addressing_style="virtual")
    same(store.ok(s3.get_object(BUCKET, "in the host")).body, CONTENT, "other bytes")


# --- what an upload carries -------------------------------------------------------------------------------------------

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
        return str(
            store.send(store.s3.sign_operation("put_object", BUCKET, "summed", None, None, checksum), CONTENT + b"!")
        )


for _name, _digest in CHECKSUMS.items():
    _checksum(_name, _digest)


@row(UPLOAD, "multipart: three parts, put together and downloaded")
def _(store: Store) -> None:
    key = "parts/of a whole+.bin"
    parts = [os.urandom(5 << 20), os.urandom(5 << 20), os.urandom(1000)]  # S3 takes none below 5 MiB but the last
    answer = store.ok(store.s3.create_multipart_upload(BUCKET, key))
    (upload_id,) = re.findall(rb"<UploadId>([^<]+)</UploadId>", answer.body)
    plan = store.s3.multipart_plan(BUCKET, key, upload_id=html.unescape(upload_id.decode()), part_count=len(parts))
    etags = [store.ok(url, part).headers["ETag"] for url, part in zip(plan.parts, parts, strict=True)]
    same(store.ok(store.s3.list_parts(BUCKET, key, upload_id=plan.upload_id)).body.count(b"<Part>"), 3, "other parts")
    listing = "".join(f"<Part><PartNumber>{n}</PartNumber><ETag>{e}</ETag></Part>" for n, e in enumerate(etags, 1))
    store.ok(plan.complete, f"<CompleteMultipartUpload>{listing}</CompleteMultipartUpload>".encode())
    same(store.ok(store.s3.get_object(BUCKET, key)).body, b"".join(parts), "other bytes")


@row(UPLOAD, "multipart: given up", "404 NoSuchUpload")
def _(store: Store) -> str:
    answer = store.ok(store.s3.create_multipart_upload(BUCKET, "given up"))
    (upload_id,) = re.findall(rb"<UploadId>([^<]+)</UploadId>", answer.body)
    plan = store.s3.multipart_plan(BUCKET, "given up", upload_id=html.unescape(upload_id.decode()), part_count=1)
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


# --- downloads --------------------------------------------------------------------------------------------------------

DOWNLOAD = "Downloads"

OVERRIDES = {
    "response_content_type": ("Content-Type", "text/x-other; charset=utf-8"),
    "response_cache_control": ("Cache-Control", "no-store, max-age=0"),
    "response_content_disposition": ("Content-Disposition", 'inline; filename="a+b c.txt"'),
    "response_content_encoding": ("Content-Encoding", "identity"),
    "response_content_language": ("Content-Language", "mi, en"),
    "response_expires": ("Expires", "Thu, 01 Dec 2033 16:00:00 GMT"),
}


@row(DOWNLOAD, "each of the six response overrides")
def _(store: Store) -> None:
    store.put("overridden")
    ignored: list[str] = []
    for parameter, (header, value) in OVERRIDES.items():
        headers = store.ok(store.s3.presign("GET", BUCKET, "overridden", query={parameter.replace("_", "-"): value}))
        if headers.headers[header] != value:
            ignored.append(header)
    if ignored:
        raise DepartedError(f"ignored: {', '.join(ignored)}")


@row(DOWNLOAD, "saved under a name: download_as")
def _(store: Store) -> None:
    store.put("named")
    disposition = store.ok(store.s3.get_object(BUCKET, "named", download_as="naïve “résumé”.pdf")).headers
    same("filename*=UTF-8''na%C3%AFve%20" in disposition["Content-Disposition"], True, "other name")


@row(DOWNLOAD, "ranges: first bytes, last bytes, from the middle")
def _(store: Store) -> None:
    url = store.put("ranged")
    for span, part in (("0-9", CONTENT[:10]), ("-7", CONTENT[-7:]), ("100-", CONTENT[100:])):
        answer = store.send(url, headers={"Range": f"bytes={span}"})
        same(answer.body, part, "other bytes")
        same(answer.status, 206, str(answer))


@row(DOWNLOAD, "a signed range")
def _(store: Store) -> None:
    store.put("ranged")
    url = store.s3.get_object(BUCKET, "ranged", range="bytes=5-9")
    answer = store.send(url)
    same(answer.body, CONTENT[5:10], "other bytes")
    same(answer.status, 206, str(answer))


@row(DOWNLOAD, "another range than the signed one", MISMATCH)
def _(store: Store) -> str:
    store.put("ranged")
    url = store.s3.get_object(BUCKET, "ranged", range="bytes=5-9")
    return str(store.send(url, headers={"Range": "bytes=0-"}))


@row(DOWNLOAD, "parameters that the store does not know: a nonce")
def _(store: Store) -> None:
    store.put("nonce")
    same(store.ok(store.s3.get_object(BUCKET, "nonce", nonce=True)).body, CONTENT, "other bytes")


# --- time -------------------------------------------------------------------------------------------------------------

TIME = "Time"


@row(TIME, "a link of two seconds works at once, and is refused after", DENIED)
def _(store: Store) -> str:
    store.put("for two seconds")
    url = store.s3.get_object(BUCKET, "for two seconds", expires_in=2)
    same(store.ok(url).body, CONTENT, "other bytes")
    assert url.expires_at is not None
    time.sleep(url.expires_at + 1.1 - time.time())
    return str(store.send(url))


@row(TIME, "expired an hour ago", DENIED)
def _(store: Store) -> str:
    store.put("time")
    return str(store.send(store.s3.get_object(BUCKET, "time", now=time.time() - 7200, expires_in=3600)))


@row(TIME, "seven days, signed now")
def _(store: Store) -> None:
    store.put("time")
    store.ok(store.s3.get_object(BUCKET, "time", expires_in=604_800))


@row(TIME, "seven days and a second", MALFORMED)
def _(store: Store) -> str:
    store.put("time")
    rules = ServiceRules(
        normalize_path=False, double_encode=False, payload_hash="UNSIGNED-PAYLOAD", max_expires_in=604_801
    )
    return str(store.send(store.presign("GET", "time", expires_in=604_801, rules=rules)))


@row(TIME, "signed by a clock that is an hour ahead", DENIED)
def _(store: Store) -> str:
    store.put("time")
    return str(store.send(store.s3.get_object(BUCKET, "time", now=time.time() + 3600)))


# --- refused ----------------------------------------------------------------------------------------------------------

REFUSED = "Refused"


@row(REFUSED, "HEAD of a URL for GET", "403")
def _(store: Store) -> str:
    return str(store.send(store.put("refused"), method="HEAD"))


@row(REFUSED, "DELETE of a URL for GET", MISMATCH)
def _(store: Store) -> str:
    return str(store.send(store.put("refused"), method="DELETE"))


@row(REFUSED, "PUT of a URL for GET", MISMATCH)
def _(store: Store) -> str:
    return str(store.send(store.put("refused"), b"other", method="PUT"))


@row(REFUSED, "another key", MISMATCH)
def _(store: Store) -> str:
    return str(store.send(store.put("refused").replace("/refused?", "/refused2?")))


@row(REFUSED, "a longer lifetime, edited", MISMATCH)
def _(store: Store) -> str:
    return str(store.send(store.put("refused").replace("X-Amz-Expires=3600", "X-Amz-Expires=604800")))


@row(REFUSED, "one digit of the signature changed", MISMATCH)
def _(store: Store) -> str:
    return str(store.send(forged(store.put("refused"))))


@row(REFUSED, "a parameter added", MISMATCH)
def _(store: Store) -> str:
    return str(store.send(store.put("refused") + "&response-content-type=text/html"))


@row(REFUSED, "a signed parameter taken away", MISMATCH)
def _(store: Store) -> str:
    store.put("refused")
    url = store.s3.get_object(BUCKET, "refused", response_content_type="text/plain")
    changed = re.sub("[?&]response-content-type=[^&]*", "", url)
    return str(store.send(changed if "?" in changed else changed.replace("&", "?", 1)))


@row(REFUSED, "an x-amz header that was not signed", DENIED)
def _(store: Store) -> str:
    return str(store.send(store.put("refused"), headers={"x-amz-acl": "public-read"}))


@row(REFUSED, "another host", MISMATCH)
def _(store: Store) -> str:
    store.put("refused")
    s3 = store.s3.replace(endpoint="http://files.example.com")
    port = store.server.endpoint.rpartition("/")[2]
    return str(store.send(s3.get_object(BUCKET, "refused").replace("files.example.com", port)))


@row(REFUSED, "another region", MALFORMED)
def _(store: Store) -> str:
    store.put("refused")
    return str(store.send(store.s3.replace(region="eu-west-1").get_object(BUCKET, "refused")))


@row(REFUSED, "another service", MALFORMED)
def _(store: Store) -> str:
    store.put("refused")
    return str(store.send(store.presign("GET", "refused", service="sqs")))


@row(REFUSED, "another secret key", MISMATCH)
def _(store: Store) -> str:
    store.put("refused")
    wrong = Credentials(store.server.credentials.access_key_id, "not-the-secret")
    return str(store.send(store.s3.replace(credentials=wrong).get_object(BUCKET, "refused")))


@row(REFUSED, "an access key that nobody has", "403 InvalidAccessKeyId")
def _(store: Store) -> str:
    store.put("refused")
    wrong = Credentials("AKIDNOBODY", "secret")
    return str(store.send(store.s3.replace(credentials=wrong).get_object(BUCKET, "refused")))


@row(REFUSED, "no signature", MALFORMED)
def _(store: Store) -> str:
    return str(store.send(re.sub("&X-Amz-Signature=[0-9a-f]+", "", store.put("refused"))))


@row(REFUSED, "no query at all", DENIED)
def _(store: Store) -> str:
    return str(store.send(store.put("refused").partition("?")[0]))


@row(REFUSED, "a scope of another day", MALFORMED)
def _(store: Store) -> str:
    return str(store.send(re.sub(r"%2F20\d{6}%2F", "%2F20200101%2F", store.put("refused"))))


# --- session tokens ---------------------------------------------------------------------------------------------------

TOKEN = "Temporary credentials"


def temporary(store: Store) -> Credentials:
    """What the store's STS gives; our guard knows a pair by look-up."""
    if store.server.name == "our guard":
        return TEMPORARY
    query = {"Action": "GetSessionToken", "Version": "2011-06-15"}
    url = presign(
        "GET", f"{store.server.endpoint}/", credentials=store.server.credentials, region=store.server.region,
        service="sts", query=query, expires_in=60,
    )  # fmt: skip
    answer = store.send(url)
    found = [
        re.search(f"<{name}>([^<]+)</{name}>".encode(), answer.body)
        for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")
    ]
    if answer.status != 200 or None in found:
        raise DepartedError("no STS")
    return Credentials(*[html.unescape(one.group(1).decode()) for one in found if one])


@row(TOKEN, "a session token is accepted")
def _(store: Store) -> None:
    store.put("token")
    s3 = store.s3.replace(credentials=temporary(store))
    same(store.ok(s3.get_object(BUCKET, "token")).body, CONTENT, "other bytes")


@row(TOKEN, "a form with a session token is accepted")
def _(store: Store) -> None:
    same(post(store, credentials=temporary(store)).status, 204, "refused")


@row(TOKEN, "the token left out when signing", "400 InvalidToken")
def _(store: Store) -> str:
    store.put("token")
    full = temporary(store)
    without = Credentials(full.access_key_id, full.secret_access_key)
    return str(store.send(store.s3.replace(credentials=without).get_object(BUCKET, "token")))


@row(TOKEN, "another token, signed", "400 InvalidToken")
def _(store: Store) -> str:
    store.put("token")
    full = temporary(store)
    other = Credentials(full.access_key_id, full.secret_access_key, "another-token")
    return str(store.send(store.s3.replace(credentials=other).get_object(BUCKET, "token")))


@row(TOKEN, "a token that does not belong to a long-lived key", "400 InvalidToken")
def _(store: Store) -> str:
    store.put("token")
    keys = store.server.credentials
    other = Credentials(keys.access_key_id, keys.secret_access_key, "a-token")
    return str(store.send(store.s3.replace(credentials=other).get_object(BUCKET, "token")))
