"""What a row of the suite is: something that is tried at every store, with what S3 answers to it.

Rule: a row says what S3 answers, by its documentation.  It uses URLs that the library made and the raw client, compares
bytes, and knows nothing of any server; what a server does differently stands in `departures`.
"""

import base64
import hashlib
import html
import re
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import quote

from sigv4presign import PresignedUrl, S3Presigner, presign

from .client import Answer, send
from .servers import Server
from .table import WORKS

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


# --- what rows have in common -----------------------------------------------------------------------------------------


def forged(url: str) -> str:
    """The same URL with the last digit of its signature changed."""
    return url[:-1] + ("1" if url[-1] == "0" else "0")


def md5(body: bytes) -> str:
    return base64.b64encode(hashlib.md5(body).digest()).decode()


def elements(answer: Answer, name: str) -> "list[str]":
    """The texts of all elements of this name in an XML answer."""
    return [html.unescape(text.decode()) for text in re.findall(f"<{name}>([^<]*)</{name}>".encode(), answer.body)]
