"""A store for trying the page without S3: objects in memory, and nothing without a signature.

Rule: `PresignedOnly` and `verify_post` decide, before anything here is looked at or kept.

    python3 store.py --bucket pictures --origin http://127.0.0.1:8000

It forgets everything when it ends; the keys are those in the environment.
"""

import argparse
import email
import html
import io
import socketserver
import wsgiref.simple_server
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from sigv4presign import Credentials, verify_post
from sigv4presign.errors import VerificationError
from sigv4presign.wsgi import Cors, PresignedOnly

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

REGION = "us-east-1"
LARGEST = 50_000_000  # bytes of a request that are taken into memory


class Store:
    """One bucket.  Behind the guard: every request that arrives in `objects_app` has been verified."""

    def __init__(self, bucket: str, credentials: Credentials, cors: Cors) -> None:
        self.bucket = bucket
        self.secrets = {credentials.access_key_id: credentials}
        self.cors = cors
        self.objects: "dict[str, tuple[str, bytes]]" = {}

    def objects_app(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        """PUT and GET, for a verified path."""
        path: str = environ["sigv4presign.verified"].path
        if environ["REQUEST_METHOD"] == "PUT":
            self.objects[path] = (environ.get("CONTENT_TYPE", ""), environ["wsgi.input"].read())
            start_response("200 OK", [("Content-Length", "0")])
            return []
        if environ["REQUEST_METHOD"] != "GET" or path not in self.objects:
            return refuse(start_response, 404, "NoSuchKey", "The specified key does not exist.", [])
        content_type, body = self.objects[path]
        query = parse_qs(environ["QUERY_STRING"])
        more = [("Cache-Control", text) for text in query.get("response-cache-control", ())]
        start_response("200 OK", [("Content-Type", content_type), ("Content-Length", str(len(body))), *more])
        return [body]

    def form_app(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        """A form, which brings its signature in its fields."""
        cors = self.cors.response_headers(environ.get("HTTP_ORIGIN"))
        fields, filename, file = read_form(environ["CONTENT_TYPE"], environ["wsgi.input"].read())
        try:
            form = verify_post(
                fields,
                file_size=len(file),
                filename=filename,
                bucket=self.bucket,
                secrets=self.secrets,
                region=REGION,
            )
        except VerificationError as fault:
            return refuse(start_response, fault.status, fault.code, str(fault), cors)
        self.objects[f"/{self.bucket}/{form.key}"] = (form.fields.get("content-type", ""), file)
        start_response("204 No Content", cors)
        return []

    def app(self, host: str) -> "WSGIApplication":
        """The two, and the guard before the first."""
        guarded = PresignedOnly(self.objects_app, host=host, secrets=self.secrets, region=REGION, cors=self.cors)

        def both(environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
            # All of it, before anything is answered: else a browser that still sends sees no refusal but a broken line.
            size = min(int(environ.get("CONTENT_LENGTH") or 0), LARGEST)
            environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(size))
            is_form = environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"] == f"/{self.bucket}"
            return (self.form_app if is_form else guarded)(environ, start_response)

        return both


def read_form(content_type: str, body: bytes) -> "tuple[list[tuple[str, str]], str | None, bytes]":
    """The fields of a multipart/form-data body as browsers write it, the file's name, and the file."""
    fields: "list[tuple[str, str]]" = []
    delimiter = b"\r\n--" + content_type.partition("boundary=")[2].encode()
    for part in (b"\r\n" + body).split(delimiter)[1:-1]:
        head, _, value = part[2:].partition(b"\r\n\r\n")
        about = email.message_from_bytes(head)
        name = str(about.get_param("name", header="Content-Disposition"))
        if name == "file":
            return fields, about.get_filename(), value
        fields.append((name, value.decode()))
    return fields, None, b""


def refuse(
    start_response: "StartResponse", status: int, code: str, message: str, headers: "list[tuple[str, str]]"
) -> "list[bytes]":
    body = f"<Error><Code>{code}</Code><Message>{html.escape(message)}</Message></Error>".encode()
    start_response(f"{status} Refused", [*headers, ("Content-Type", "application/xml")])
    return [body]


class Server(socketserver.ThreadingMixIn, wsgiref.simple_server.WSGIServer):
    """Browsers open connections that they may not use; one thread would wait for those."""

    daemon_threads = True


class Handler(wsgiref.simple_server.WSGIRequestHandler):
    """wsgiref's, which keeps no raw target, and which logs what has to stay secret."""

    protocol_version = "HTTP/1.1"  # answers `Expect: 100-continue`, for which curl waits a second before it uploads

    def get_environ(self) -> "dict[str, Any]":
        return {**super().get_environ(), "RAW_URI": self.path}

    def log_request(self, code: "int | str" = "-", size: "int | str" = "-") -> None:
        """Nothing: the request line holds the signature."""


def main() -> None:
    parser = argparse.ArgumentParser(description="A store in memory, for trying the page.")
    parser.add_argument("--bucket", required=True)
    parser.add_argument("--origin", required=True, help="where the page is, as the browser's address bar has it")
    parser.add_argument("--port", type=int, default=9000)
    args = parser.parse_args()
    store = Store(args.bucket, Credentials.from_environ(), Cors([args.origin], headers=["content-type"]))
    app: Any = store.app(f"127.0.0.1:{args.port}")
    server = wsgiref.simple_server.make_server("127.0.0.1", args.port, app, Server, Handler)
    print(f"a store on http://127.0.0.1:{args.port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
