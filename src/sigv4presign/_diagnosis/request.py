"""The examined request, in a form that can be changed and signed again.

Rule: the lines are built by the signer's functions, so that no difference comes from the encoding.
"""

from .._canonical import (
    canonical_headers,
    canonical_query_string,
    canonical_uri,
    encode_pairs,
    join_canonical_request,
)
from .._query_auth import ALGORITHM
from .._redaction import is_intact
from .._signature import scope_text, string_to_sign
from .._value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    from .._query_auth import ServiceRules
    from .._signature import SigningState
    from .inspect import Kind, UrlAuth


class Lines:
    """The lines of a canonical request, each by its name."""

    __slots__ = ("headers", "method", "payload", "query", "signed_headers", "uri")

    def __init__(
        self,
        method: str,
        uri: str,
        query: str,
        headers: "tuple[tuple[str, str], ...]",
        *,
        payload: str,
        signed_headers: "str | None" = None,
    ) -> None:
        self.method = method
        self.uri = uri
        self.query = query
        self.headers = headers
        self.payload = payload
        self.signed_headers = ";".join([name for name, _ in headers]) if signed_headers is None else signed_headers


class Request(Value):
    """A presigned request whose parameters could be read.

    Attributes:
        method: The method that was sent.
        host: The host in the URL, as a Host header.
        path: The path, percent-encoded as in the URL.
        pairs: The decoded parameters without X-Amz-Signature.
        query: The query string, percent-encoded as in the URL.
        headers: The headers that were sent, in canonical form.
        authorization: The signing parameters.
        is_v4a: Whether it is signed with SigV4A.
        rules: The rules of its service.
        payload: The last line of the canonical request.
        kind: Of a token its kind, else empty.
    """

    __slots__ = _fields = (
        "method", "host", "path", "pairs", "query", "headers", "authorization", "is_v4a", "rules", "payload",
        "kind",
    )  # fmt: skip
    _hidden = ("pairs", "query", "headers", "authorization")

    method: str
    host: str
    path: str
    pairs: "tuple[tuple[str, str], ...]"
    query: str
    headers: "dict[str, str]"
    authorization: "UrlAuth"
    is_v4a: bool
    rules: "ServiceRules"
    payload: str
    kind: "Kind | Literal['']"

    @property
    def expires_at(self) -> "int | None":
        """When it expires, in epoch seconds; None if it has no X-Amz-Expires."""
        expires_in = self.authorization.expires_in
        return None if expires_in is None else self.authorization.signed_at + expires_in

    @property
    def is_intact(self) -> bool:
        """Whether the URL has all parts of its signature, so that none of them can be elsewhere in it."""
        return is_intact([*self.pairs, ("X-Amz-Signature", self.authorization.signature)], self.path)

    def but(self, **changes: "Any") -> "Request":
        """Return this request with some fields changed."""
        return self._restore(*[changes.get(name, getattr(self, name)) for name in self._fields])

    def lines(self) -> Lines:
        """Return the canonical request.  A signed header that was not sent has an empty value, as S3 shows it.

        Raises:
            ValueError: The path cannot be decoded.
        """
        names = self.authorization.signed_headers
        values = {**self.headers, "host": self.host}
        left_out = ["X-Amz-Security-Token"] if self.rules.session_token == "appended" else []
        if self.authorization.service == "kafka-cluster":  # AWS's signers append it
            left_out = ["User-Agent"]
        pairs = encode_pairs([pair for pair in self.pairs if pair[0] not in left_out])
        headers = tuple([(name, values.get(name, "")) for name in names])
        return Lines(
            self.method,
            canonical_uri(self.path, self.rules),
            canonical_query_string(pairs),
            headers,
            payload=self.payload,
        )

    def string_to_sign(self) -> str:
        """Return the string to sign."""
        lines = self.lines()
        fields, names = canonical_headers([*lines.headers])
        canonical = join_canonical_request(lines.method, lines.uri, lines.query, fields, names, lines.payload)
        seen = self.authorization
        scope = scope_text(seen.date, seen.region, seen.service)
        return string_to_sign(ALGORITHM, seen.amz_date, scope, canonical)

    def signature(self, state: "SigningState") -> str:
        """Return the signature of this request."""
        return state.sign(self.string_to_sign())


def read_string_to_sign(string_to_sign: str) -> "list[str] | None":
    """Return the lines of a server's string to sign: algorithm, date, scope, hash; None for anything else."""
    text = string_to_sign.strip("\n ")
    lines = text.split("\n" if "\n" in text else " ")  # a browser may show it on one line
    return lines if len(lines) == 4 and lines[0] == ALGORITHM and lines[2].count("/") == 3 else None


def read_lines(canonical_request: str) -> "Lines | None":
    """Return the lines of a server's canonical request; None for anything else."""
    text = canonical_request.strip("\n ")
    lines = text.split("\n") if "\n" in text else _broken_again(text)
    if len(lines) < 6 or lines[-3]:
        return None
    headers = tuple([(name, value) for name, _, value in [line.partition(":") for line in lines[3:-3]]])
    return Lines(lines[0], lines[1], lines[2], headers, payload=lines[-1], signed_headers=lines[-2])


def _broken_again(text: str) -> "list[str]":
    """Return the lines of a canonical request that a browser shows on one line, with spaces in place of the breaks."""
    words = text.split()
    if len(words) < 6:
        return []
    names = words[-2].split(";")
    lines = words[:3]
    for word in words[3:-2]:
        if word.partition(":")[0] in names or len(lines) == 3:
            lines.append(word)
        else:
            lines[-1] += f" {word}"
    return [*lines, "", *words[-2:]]
