"""A client that sends a URL as it is: http.client with the raw target.

Rule: nothing is normalised, added or followed.  The connection goes to the server that is meant; Host is what the URL
says, so a URL for another host can be tried without a resolver.
"""

import contextlib
import http.client
import re
from collections.abc import Mapping
from email.message import Message
from typing import NamedTuple

from sigv4presign import PresignedUrl


class Answer(NamedTuple):
    status: int
    headers: "Message[str, str]"
    body: bytes

    @property
    def code(self) -> str:
        """The error's code in S3's XML, or nothing."""
        found = re.search(rb"<Code>([^<]*)</Code>", self.body) if self.status >= 300 else None
        return found.group(1).decode() if found else ""

    def __str__(self) -> str:
        return f"{self.status} {self.code}".strip()


def send(
    endpoint: str,
    url: str,
    body: "bytes | None" = None,
    *,
    method: "str | None" = None,
    headers: "Mapping[str, str] | None" = None,
) -> Answer:
    """Request a URL from the server at an endpoint; method and headers, if not given, are those that were signed."""
    if isinstance(url, PresignedUrl):
        method = url.method if method is None else method
        headers = url.headers if headers is None else headers
    authority, slash, rest = url.partition("://")[2].partition("/")
    connection = http.client.HTTPConnection(endpoint.split("/")[2], timeout=30)
    with contextlib.closing(connection):
        connection.putrequest(method or "GET", slash + rest, skip_host=True, skip_accept_encoding=True)
        given = {"Host": authority, **(headers or {})}
        if body is not None and not any(name.lower() == "content-length" for name in given):
            given["Content-Length"] = str(len(body))
        for name, value in given.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())


def form_body(fields: "Mapping[str, str]", filename: str, content: bytes) -> "tuple[bytes, dict[str, str]]":
    """A form as a browser sends it, the file last: the body and its header (RFC 7578)."""
    boundary = "----a-boundary-that-is-nowhere-in-what-is-sent"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    file = f'Content-Disposition: form-data; name="file"; filename="{filename}"\r\nContent-Type: image/png\r\n\r\n'
    body = b"".join([*parts, f"--{boundary}\r\n{file}".encode(), content, f"\r\n--{boundary}--\r\n".encode()])
    return body, {"Content-Type": f"multipart/form-data; boundary={boundary}"}
