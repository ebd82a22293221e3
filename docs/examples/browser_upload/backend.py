"""The page's backend: it decides who may upload what, and signs.  The files go past it, from browser to store.

Rule: a key is never the client's choice, and an end is never far away; nothing is signed that was not checked, or that
the store will not check.

    python3 backend.py --endpoint http://127.0.0.1:9000 --bucket pictures

Whoever reaches this backend may upload.  In yours, ask first who it is.
"""

import argparse
import http.server
import json
import re
import secrets
from pathlib import Path
from typing import Any

from sigv4presign import Credentials, PresignedPost, PresignedUrl, S3Presigner

PAGE = Path(__file__).with_name("page.html")
TYPES = ("image/png", "image/jpeg", "image/gif", "image/webp")
UPLOAD_FOR = 60  # seconds in which an upload has to begin
LONGEST_LINK = 3600  # seconds
KEY = re.compile(r"uploads/[0-9a-f]{32}")


class RefusedError(Exception):
    """What is answered instead of a signature."""


class Uploads:
    """Everything that this backend signs."""

    def __init__(self, s3: S3Presigner, bucket: str, max_size: int) -> None:
        self.s3 = s3
        self.bucket = bucket
        self.max_size = max_size

    def put(self, key: str, content_type: str, size: int) -> PresignedUrl:
        """A URL for one type and one size: a URL cannot hold a choice, so what the client says is checked here."""
        if content_type not in TYPES:
            raise RefusedError("This is not a picture, and only PNG, JPEG, GIF and WebP can be uploaded.")
        if not 1 <= size <= self.max_size:
            raise RefusedError(f"This file has {size} bytes; 1 to {self.max_size} can be uploaded.")
        return self.s3.put_object(
            self.bucket, key, content_type=content_type, content_length=size, expires_in=UPLOAD_FOR
        )

    def form(self, key: str) -> PresignedPost:
        """A form for any picture up to a size: the store reads the conditions and applies them."""
        return self.s3.post_object(
            self.bucket,
            key,
            content_type_starts_with="image/",
            content_length_range=(1, self.max_size),
            expires_in=UPLOAD_FOR,
        )

    def link(self, key: str, seconds: int) -> PresignedUrl:
        """A link to one upload, like no other link to it; no-store, so that no cache shows it beyond the end."""
        if not KEY.fullmatch(key):
            raise RefusedError("There is no such upload.")
        if not 1 <= seconds <= LONGEST_LINK:
            raise RefusedError(f"A link works for 1 to {LONGEST_LINK} seconds.")
        return self.s3.get_object(self.bucket, key, expires_in=seconds, nonce=True, response_cache_control="no-store")

    def answer(self, path: str, asked: "dict[str, Any]") -> "dict[str, Any]":
        """What the page is told."""
        if path == "/links":
            return self.link(str(asked["key"]), int(asked["seconds"])).to_dict()
        if path != "/uploads":
            raise KeyError(path)
        key = f"uploads/{secrets.token_hex(16)}"  # unique, so that no upload replaces another
        ticket = {"method": "POST", "key": key, "max_size": self.max_size}
        if asked["method"] == "POST":
            return {**ticket, **self.form(key).to_dict()}
        return {**ticket, **self.put(key, str(asked["type"]), int(asked["size"])).to_dict()}


def handler(uploads: Uploads) -> "type[http.server.BaseHTTPRequestHandler]":
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/":
                self.send(200, "text/html; charset=utf-8", PAGE.read_bytes())
            else:
                self.send(404, "text/plain", b"not here")

        def do_POST(self) -> None:
            try:
                asked = json.loads(self.rfile.read(min(int(self.headers["Content-Length"] or 0), 10_000)))
                status, said = 200, uploads.answer(self.path, asked)
            except RefusedError as fault:
                status, said = 403, {"message": str(fault)}
            except (ValueError, KeyError, TypeError):
                status, said = 400, {"message": "The backend did not understand the page."}
            self.send(status, "application/json", json.dumps(said).encode())

        def send(self, status: int, content_type: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")  # it may be a signature
            self.end_headers()
            self.wfile.write(body)

    return Handler


def options(description: str) -> argparse.ArgumentParser:
    """The options that name a store; the keys come from the environment."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--endpoint", help="the store, such as http://127.0.0.1:9000 (default: AWS)")
    parser.add_argument("--region", default="us-east-1")
    parser.add_argument("--bucket", required=True)
    parser.add_argument("--port", type=int, default=8000, help="where the page is, on 127.0.0.1")
    parser.add_argument("--max-size", type=int, default=5_000_000, metavar="BYTES")
    return parser


def uploads_from(args: argparse.Namespace) -> Uploads:
    s3 = S3Presigner(Credentials.from_environ, region=args.region, endpoint=args.endpoint)
    return Uploads(s3, args.bucket, args.max_size)


if __name__ == "__main__":
    args = options("Serve the upload page and sign for it.").parse_args()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", args.port), handler(uploads_from(args)))
    print(f"open http://127.0.0.1:{server.server_port}/", flush=True)
    server.serve_forever()
