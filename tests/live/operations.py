"""The operations: what an object, a bucket and the whole of S3 can be asked.

Rule: as in `suite`; every operation that the library has is tried, if only for its signature.
"""

import base64
import hashlib
import os
from typing import Any

from sigv4presign._s3.operation_table import BUCKET as OF_A_BUCKET
from sigv4presign._s3.operation_table import OPERATIONS, SERVICE

from .suite import (
    BUCKET,
    CONTENT,
    DepartedError,
    Row,
    Store,
    elements,
    forged,
    md5,
    rows_into,
    same,
)

ROWS: "list[Row]" = []
row = rows_into(ROWS)

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
        same(elements(store.ok(listing(BUCKET, prefix="listed/")), "Key"), ["listed/a b"], "other keys")


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
    versions = elements(store.ok(store.s3.list_object_versions("versioned")), "VersionId")
    same(len(versions), 2, "other versions")
    seen = {store.ok(store.s3.get_object("versioned", "key", version_id=one)).body for one in versions}
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
        scope, required = OPERATIONS[name].scope, OPERATIONS[name].required
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
    for name, operation in OPERATIONS.items():
        method, scope, required = operation.method, operation.scope, operation.required
        where = [] if scope == SERVICE else ["for-every-operation"] if scope == OF_A_BUCKET else [BUCKET, "every"]
        url = getattr(store.s3, name)(*where, **{one: _FILLERS[one] for one in required})
        body = b"" if method in ("PUT", "POST") else None
        # What is not there, or not complete, is said to those alone whose signature holds.
        tampered = store.send(forged(url), body, method=method, headers=url.headers)
        accepted += tampered.status == 403 and store.send(url, body).status != 403
    same(accepted, len(OPERATIONS), f"{accepted} of {len(OPERATIONS)}")
