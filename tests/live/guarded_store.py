"""A small object store in memory behind `wsgi.PresignedOnly`, as a program of its own would have it.

Rule: who may do what is the guard's to say (and `verify_post`'s, for forms); the store believes what was verified and
nothing else of a request.
"""

import base64
import contextlib
import hashlib
import itertools
import os
import sys
import zlib
from collections.abc import Callable, Generator, Iterable
from email.parser import BytesParser
from email.utils import formatdate
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote
from xml.sax.saxutils import escape

import sigv4presign
from sigv4presign import Credentials, VerifiedRequest, errors, verify_post, wsgi

from .servers import LOOPBACK, Server, free_ports, process, temporary_home, wait_until_it_answers

CREDENTIALS = Credentials("AKIDGUARD", "secret-of-the-guard")
TEMPORARY = Credentials("ASIAGUARD", "secret-for-an-hour", "a-session-token/with+odd=characters")
SECRETS = {one.access_key_id: one for one in (CREDENTIALS, TEMPORARY)}
REGION = "us-east-1"
KEPT = ("content-type", "content-disposition", "content-encoding", "content-language", "cache-control", "expires")


def in_base64(digest: "Callable[[bytes], bytes]") -> "Callable[[bytes], str]":
    return lambda content: base64.b64encode(digest(content)).decode()


DIGESTS = {
    "content-md5": in_base64(lambda content: hashlib.md5(content).digest()),
    "x-amz-checksum-sha256": in_base64(lambda content: hashlib.sha256(content).digest()),
    "x-amz-checksum-sha1": in_base64(lambda content: hashlib.sha1(content).digest()),
    "x-amz-checksum-crc32": in_base64(lambda content: zlib.crc32(content).to_bytes(4, "big")),
}


class Stored(NamedTuple):
    content: bytes
    headers: "dict[str, str]"

    @property
    def etag(self) -> str:
        return f'"{hashlib.md5(self.content).hexdigest()}"'


class Reply(NamedTuple):
    status: int
    content: bytes = b""
    headers: "dict[str, str]" = {}  # noqa: RUF012 - a default that nobody changes


class RefusedError(Exception):
    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.reply = Reply(status, f"<Error><Code>{code}</Code></Error>".encode(), {"content-type": "application/xml"})


def xml(name: str, *parts: str) -> Reply:
    body = f"<{name}>{''.join(parts)}</{name}>".encode()
    return Reply(200, body, {"content-type": "application/xml"})


def tag(name: str, text: object) -> str:
    return f"<{name}>{escape(str(text))}</{name}>"


class Store:
    """Buckets, objects and uploads in parts."""

    def __init__(self, below: str) -> None:
        self.below = below
        self.buckets: dict[str, dict[str, Stored]] = {}
        self.uploads: dict[str, dict[int, Stored]] = {}
        self.numbers = itertools.count(1)

    def __call__(self, environ: "dict[str, Any]", start_response: Any) -> "Iterable[bytes]":
        seen: VerifiedRequest = environ["sigv4presign.verified"]
        try:
            reply = self.answer(seen, dict(seen.query), environ)
        except RefusedError as refused:
            reply = refused.reply
        return send(reply, environ, start_response)

    def answer(self, seen: VerifiedRequest, query: "dict[str, str]", environ: "dict[str, Any]") -> Reply:
        path = seen.path[len(self.below) + 1 :]
        bucket, _, key = path.partition("/")
        if seen.host.startswith("bucket."):  # virtual-hosted style
            bucket, key = "bucket", path
        key = unquote(key)
        content: bytes = environ["wsgi.input"].read()
        if not key:
            return self.bucket(seen.method, unquote(bucket), query)
        if seen.method == "POST" or "uploadId" in query or set(query) & {"acl", "tagging", "attributes", "torrent"}:
            return self.parts(seen.method, unquote(bucket), key, query, content)
        objects = self.objects(unquote(bucket))
        if seen.method == "PUT":
            return self.put(objects, key, content, seen.headers)
        if seen.method == "DELETE":
            objects.pop(key, None)
            return Reply(204)
        if key not in objects:
            raise RefusedError(404, "NoSuchKey")
        return get(objects[key], query, environ.get("HTTP_RANGE", ""))

    def objects(self, bucket: str) -> "dict[str, Stored]":
        if bucket not in self.buckets:
            raise RefusedError(404, "NoSuchBucket")
        return self.buckets[bucket]

    def bucket(self, method: str, bucket: str, query: "dict[str, str]") -> Reply:
        if not bucket and method == "GET":
            names = [tag("Bucket", "").replace("></", f">{tag('Name', name)}</") for name in self.buckets]
            return xml("ListAllMyBucketsResult", "<Buckets>", *names, "</Buckets>")
        if set(query) - {"list-type", "prefix", "location", "versions"}:
            raise RefusedError(501, "NotImplemented")
        if method == "PUT" and not query:
            self.buckets.setdefault(bucket, {})
            return Reply(200)
        objects = self.objects(bucket)
        if method == "DELETE" and not query:
            if objects:
                raise RefusedError(409, "BucketNotEmpty")
            del self.buckets[bucket]
            return Reply(204)
        if "location" in query:
            return xml("LocationConstraint", REGION)
        if method == "HEAD":
            return Reply(200)
        if method != "GET" or "versions" in query:
            raise RefusedError(501, "NotImplemented")
        keys = sorted(key for key in objects if key.startswith(query.get("prefix", "")))
        return xml("ListBucketResult", *[f"<Contents>{tag('Key', key)}</Contents>" for key in keys])

    @staticmethod
    def put(objects: "dict[str, Stored]", key: str, content: bytes, headers: "dict[str, str]") -> Reply:
        """What was signed is kept, or held to; other headers say nothing."""
        if "x-amz-copy-source" in headers:
            raise RefusedError(501, "NotImplemented")
        for name, digest in DIGESTS.items():
            if headers.get(name, digest(content)) != digest(content):
                raise RefusedError(400, "BadDigest")
        if headers.get("if-none-match") == "*" and key in objects:
            raise RefusedError(412, "PreconditionFailed")
        kept = {name: text for name, text in headers.items() if name in KEPT or name.startswith("x-amz-meta-")}
        objects[key] = Stored(content, kept)
        return Reply(200, headers={"ETag": objects[key].etag})

    def parts(self, method: str, bucket: str, key: str, query: "dict[str, str]", content: bytes) -> Reply:
        objects = self.objects(bucket)
        if method == "POST" and "uploads" in query:
            upload = f"upload-{next(self.numbers)}"
            self.uploads[upload] = {}
            return xml("InitiateMultipartUploadResult", tag("Bucket", bucket), tag("Key", key), tag("UploadId", upload))
        if "uploadId" not in query:
            raise RefusedError(501, "NotImplemented")
        if query["uploadId"] not in self.uploads:
            raise RefusedError(404, "NoSuchUpload")
        parts = self.uploads[query["uploadId"]]
        if method == "PUT":
            part = parts[int(query["partNumber"])] = Stored(content, {})
            return Reply(200, headers={"ETag": part.etag})
        if method == "GET":
            listed = [
                f"<Part>{tag('PartNumber', n)}{tag('ETag', p.etag)}{tag('Size', len(p.content))}</Part>"
                for n, p in parts.items()
            ]
            return xml("ListPartsResult", *listed)
        del self.uploads[query["uploadId"]]
        if method == "DELETE":
            return Reply(204)
        objects[key] = Stored(b"".join(parts[number].content for number in sorted(parts)), {})
        return xml("CompleteMultipartUploadResult", tag("Key", key))

    def form(self, environ: "dict[str, Any]", start_response: Any) -> "Iterable[bytes]":
        """A browser's form: who signed it, for which bucket, and that this file is what it allows."""
        try:
            reply = self.accept(environ)
        except RefusedError as refused:
            reply = refused.reply
        except errors.VerificationError as refused:
            reply = RefusedError(refused.status, refused.code).reply
        return send(reply, environ, start_response)

    def accept(self, environ: "dict[str, Any]") -> Reply:
        head = f"Content-Type: {environ['CONTENT_TYPE']}\r\n\r\n".encode()
        fields: list[tuple[str, str]] = []
        content, filename = b"", None
        parts: Any = BytesParser().parsebytes(head + environ["wsgi.input"].read()).get_payload()
        for part in parts:
            name: str = part.get_param("name", header="content-disposition")
            value: bytes = part.get_payload(decode=True)
            if name == "file":  # what comes after it says nothing
                content, filename = value, part.get_filename()
                break
            fields.append((name, value.decode()))
        form = verify_post(
            fields, file_size=len(content), filename=filename, bucket=environ["PATH_INFO"].strip("/"),
            secrets=SECRETS, region=REGION,
        )  # fmt: skip
        headers = {name: text for name, text in form.fields.items() if name in KEPT}
        self.objects(form.bucket)[form.key] = Stored(content, headers)
        return Reply(204)


def get(stored: Stored, query: "dict[str, str]", wanted: str) -> Reply:
    overrides = {name[9:]: text for name, text in query.items() if name.startswith("response-")}
    headers = {**stored.headers, **overrides, "ETag": stored.etag, "Accept-Ranges": "bytes"}
    size = len(stored.content)
    first, dash, last = wanted.removeprefix("bytes=").partition("-")
    if not dash:
        return Reply(200, stored.content, headers)
    begin = int(first) if first else max(size - int(last), 0)
    end = min(int(last) + 1, size) if first and last else size
    if begin >= size:
        raise RefusedError(416, "InvalidRange")
    return Reply(206, stored.content[begin:end], {**headers, "Content-Range": f"bytes {begin}-{end - 1}/{size}"})


def send(reply: Reply, environ: "dict[str, Any]", start_response: Any) -> "list[bytes]":
    headers = {**reply.headers, "Content-Length": str(len(reply.content)), "Date": formatdate(usegmt=True)}
    start_response(f"{reply.status} {HTTPStatus(reply.status).phrase}", list(headers.items()))
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [reply.content]


def application() -> Any:
    """What the server process runs: forms go to `verify_post`, everything else through the guard."""
    hosts, path_prefix = os.environ["GUARDED_HOSTS"].split(), os.environ["GUARDED_PREFIX"]
    store = Store(path_prefix or os.environ["GUARDED_BELOW"])
    guarded = wsgi.PresignedOnly(store, host=hosts, secrets=SECRETS, region=REGION, path_prefix=path_prefix)

    def answer(environ: "dict[str, Any]", start_response: Any) -> "Iterable[bytes]":
        if environ["REQUEST_METHOD"] == "POST" and environ.get("CONTENT_TYPE", "").startswith("multipart/form-data"):
            return store.form(environ, start_response)
        return guarded(environ, start_response)

    return answer


@contextlib.contextmanager
def guard(hosts: "Iterable[str]" = (), path_prefix: str = "", below: str = "") -> Generator[Server]:
    """That store under gunicorn, which serves a path that begins with two slashes as it came.

    Args:
        hosts: What clients have in their URLs, if it is not the server's own address.
        path_prefix: What a proxy in front takes off.
        below: What is before the bucket in the path, and a proxy in front leaves there.
    """
    (port,) = free_ports(1)
    words = [sys.executable, "-m", "gunicorn", "--bind", f"{LOOPBACK}:{port}", "--threads", "4",
             "--limit-request-line", "0", "live.guarded_store:application()"]  # fmt: skip
    environment = {
        "GUARDED_HOSTS": " ".join(hosts) or f"{LOOPBACK}:{port} bucket.localhost:{port}",
        "GUARDED_PREFIX": path_prefix,
        "GUARDED_BELOW": below,
        "PYTHONPATH": os.pathsep.join(str(Path(file).parents[1]) for file in (sigv4presign.__file__, __file__)),
    }
    with temporary_home("guard") as home, process(words, home, environment) as started:
        wait_until_it_answers(started, port, "/", home)
        yield Server("our guard", sigv4presign.__version__, f"http://{LOOPBACK}:{port}", CREDENTIALS, REGION)
