"""The X-Amz-* query parameters as they are written, and the URL that carries them.

Rule: the pairs made here are the pairs that are signed and the pairs that are sent.
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
"""

from ._canonical import canonical_query_string
from ._encoding import UNRESERVED, decode, encode, keeping
from ._signature import ALGORITHM
from .errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from typing_extensions import Self

    from ._canonical import Pairs, ServiceRules
    from .types import SessionTokenRule

TOKEN_PARAMETERS = {
    "signed": "X-Amz-Security-Token",
    "appended": "X-Amz-Security-Token",
    "s3express": "X-Amz-S3session-Token",
}

# In any case of their letters these belong to the signature; other X-Amz-* parameters are the service's own.
_SIGNING_PARAMETERS = frozenset(
    name.lower()
    for name in (
        "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Signature",
        "X-Amz-Security-Token", "X-Amz-Region-Set",
    )
)  # fmt: skip


def is_signing_parameter(name: str, rule: "SessionTokenRule") -> bool:
    """Whether a decoded parameter name, in any case of its letters, belongs to the signature."""
    name = name.lower()
    return name in _SIGNING_PARAMETERS or name == TOKEN_PARAMETERS[rule].lower()


def check_query_names(parameter: str, pairs: "Pairs", rules: "ServiceRules") -> None:
    """Refuse parameters that are the signature's own; the pairs are encoded."""
    for name, _ in pairs:
        if name[:1] in "xX" and is_signing_parameter(name, rules.session_token):
            raise InputError(
                parameter, f"{name} is a signing parameter; it is made here, once, from the other arguments"
            )


def signed_query(
    credential: str,
    amz_date: str,
    expires_in: "int | None",
    signed_headers: str,
    session_token: "str | None",
    rule: "SessionTokenRule",
    others: "Pairs",
    algorithm: str = ALGORITHM,
    region_set: str = "",
) -> str:
    """The canonical query string: the signature's own parameters, and others; all but the lifetime encoded.

    SigV4A has an algorithm of its own, and a region set, written `&X-Amz-Region-Set=%2A`.
    """
    expires = "" if expires_in is None else f"&X-Amz-Expires={expires_in}"
    token = "" if session_token is None or rule == "appended" else f"&{TOKEN_PARAMETERS[rule]}={session_token}"
    # In canonical order, as long as the names are.
    ours = (
        f"X-Amz-Algorithm={algorithm}&X-Amz-Credential={credential}&X-Amz-Date={amz_date}{expires}{region_set}{token}"
        f"&X-Amz-SignedHeaders={'host' if signed_headers == 'host' else _encoded_names(signed_headers)}"
    )
    if not others:
        return ours
    rest = canonical_query_string(others)
    # Whatever begins after "X=" sorts behind ours, as names in small letters do.  The names X and X-Amz sort before
    # ours, though "X=" would sort behind "X-": see canonical_query_string.
    if rest > "X>":
        return f"{ours}&{rest}"
    own_pairs = [(name, value) for name, _, value in [piece.partition("=") for piece in ours.split("&")]]
    return canonical_query_string(own_pairs + others)


def _encoded_names(signed_headers: str) -> str:
    raw = signed_headers.encode()
    if raw.translate(_KEEP_SIGNED_HEADERS) == raw:  # nearly always; the semicolons are then all there is to encode
        return signed_headers.replace(";", "%3B")
    return encode(signed_headers)


_KEEP_SIGNED_HEADERS = keeping(UNRESERVED + b";")


class PresignedUrl(str):
    """A presigned URL.  It is a `str`, and it knows what the client has to send with it.

    Equality and hash are the string's; `str(url)` is a plain string; `repr` hides signature and session token.

    Attributes:
        method: The HTTP method it was signed for.  A GET URL does not answer HEAD.
        headers: What the client must send besides Host, as a fresh dict: names in lower case, values as signed.
        expires_at: When it ends, in epoch seconds; None for a URL without X-Amz-Expires.

    Example:
        >>> from sigv4presign import Credentials, S3Presigner
        >>> s3 = S3Presigner(Credentials("AKIDEXAMPLE", "secret"), region="eu-west-1")
        >>> url = s3.put_object("photos", "a.png", content_type="image/png", expires_in=60, now=1764000000)
        >>> url.method, url.headers, url.expires_at
        ('PUT', {'content-type': 'image/png'}, 1764000060)
    """

    # What is public are properties, and there is no place for more, so nothing public can be set.  A __setattr__ that
    # says so would cost each URL a twentieth of its price.
    __slots__ = ("_about",)
    _about: "tuple[str, tuple[tuple[str, str], ...], int | None]"  # method, signed headers, end

    def __new__(
        cls, url: str, *, method: str, headers: "Iterable[tuple[str, str]]" = (), expires_at: "int | None" = None
    ) -> "Self":
        self = str.__new__(cls, url)
        self._about = (method, tuple(headers), expires_at)
        return self

    @property
    def method(self) -> str:
        return self._about[0]

    @property
    def headers(self) -> "dict[str, str]":
        return {name: value for name, value in self._about[1] if name != "host"}

    @property
    def expires_at(self) -> "int | None":
        return self._about[2]

    def curl(self, path: str = "FILE", *, body: "bool | None" = None) -> str:
        """A curl command for a POSIX shell that uses the URL.

        The command holds the whole URL, so treat it as the secret that the URL is.

        Args:
            path: The file that is sent, where one is.
            body: Whether one is sent, which the URL does not say.  None: with PUT, and with no other method.  A copy is
                a PUT that has no body, `complete_multipart_upload` a POST that has one.
        """
        words = ["curl", "--path-as-is"] if "/." in self else ["curl"]
        uploads = self.method == "PUT" if body is None else body
        headers = self.headers
        if self.method == "HEAD":
            words.append("--head")
        elif self.method != ("PUT" if uploads else "GET"):
            words += ["--request", self.method]
        if uploads:  # not --data, which adds a Content-Type
            words += ["--upload-file", shell_quoted(path)]
        elif body is False and self.method in ("PUT", "POST"):
            headers.setdefault("content-length", "0")  # curl sends none of its own, and stores answer 411
        for name, value in headers.items():
            words += ["--header", shell_quoted(f"{name}: {value}" if value else f"{name};")]
        return " ".join([*words, shell_quoted(str(self))])

    def to_dict(self) -> "dict[str, Any]":
        """`method`, `url`, `headers` and `expires_at` as plain data, ready for JSON."""
        return {"method": self.method, "url": str(self), "headers": self.headers, "expires_at": self.expires_at}

    def __repr__(self) -> str:
        return f"<PresignedUrl {self.method} {redacted(self)} expires_at={self.expires_at}>"

    def __copy__(self) -> "Self":
        return self

    def __deepcopy__(self, memo: object) -> "Self":
        return self

    def __reduce__(self) -> "tuple[Any, ...]":
        return _restore_url, (type(self), str(self), self._about)


new_str = str.__new__


def _restore_url(cls: "type[PresignedUrl]", url: str, about: "tuple[Any, ...]") -> PresignedUrl:
    method, headers, expires_at = about
    return cls(url, method=method, headers=headers, expires_at=expires_at)


def shell_quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


_SECRET_NAMES = frozenset(("x-amz-signature", "x-amz-security-token", "x-amz-s3session-token", "signature"))


def redacted(url: str) -> str:
    """The URL with signature and session token left out, fit for a log."""
    before, question, query = url.partition("?")
    pieces: list[str] = []
    for piece in query.split("&"):
        name = piece.partition("=")[0]
        secret = _decoded_name(name).lower() in _SECRET_NAMES
        pieces.append(name + "=<hidden>" if secret else piece)
    return before + question + "&".join(pieces)


def _decoded_name(name: str) -> str:
    try:
        return decode(name)
    except ValueError:
        return name
