"""The X-Amz-* query parameters, written and read in one place, and the URL that carries them.

Rule: the pairs made here are the pairs that are signed and the pairs that are sent.
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
"""

from ._canonical import canonical_query_string
from ._encoding import UNRESERVED, decode, encode, keeping
from ._signature import ALGORITHM, ALGORITHM_V4A, TERMINATOR
from ._timestamps import parse_amz_date
from .errors import InputError, VerificationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, NoReturn

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
        if name[:6].lower() == "x-amz-" and is_signing_parameter(name, rules.session_token):
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
) -> str:
    """The canonical query string: the signature's own parameters, and others; these, credential and token encoded."""
    expires = "" if expires_in is None else f"&X-Amz-Expires={expires_in}"
    token = "" if session_token is None or rule == "appended" else f"&{TOKEN_PARAMETERS[rule]}={session_token}"
    # In canonical order, as long as the names are.
    ours = (
        f"X-Amz-Algorithm={ALGORITHM}&X-Amz-Credential={credential}&X-Amz-Date={amz_date}{expires}{token}"
        f"&X-Amz-SignedHeaders={_encoded_names(signed_headers)}"
    )
    if not others:
        return ours
    rest = canonical_query_string(others)
    if rest > "X-Amz-T":  # all of it sorts behind ours, as names in small letters do
        return f"{ours}&{rest}"
    own_pairs = [(name, value) for name, _, value in [piece.partition("=") for piece in ours.split("&")]]
    return canonical_query_string(own_pairs + others)


def _encoded_names(signed_headers: str) -> str:
    if signed_headers == "host":
        return "host"
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
    """

    __slots__ = ("_about",)
    _about: "tuple[str, tuple[tuple[str, str], ...], int | None]"  # method, signed headers, end

    def __new__(
        cls, url: str, *, method: str, headers: "Iterable[tuple[str, str]]" = (), expires_at: "int | None" = None
    ) -> "Self":
        self = str.__new__(cls, url)
        set_about(self, (method, tuple(headers), expires_at))
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

    def curl(self, path: str = "FILE") -> str:
        """A curl command for a POSIX shell that uses the URL; with PUT it uploads `path`.

        The command holds the whole URL, so treat it as the secret that the URL is.
        """
        words = ["curl", "--path-as-is"] if "/." in self else ["curl"]
        if self.method == "HEAD":
            words.append("--head")
        elif self.method == "PUT":
            words += ["--upload-file", shell_quoted(path)]
        elif self.method != "GET":
            words += ["--request", self.method]
        for name, value in self.headers.items():
            words += ["--header", shell_quoted(f"{name}: {value}" if value else f"{name};")]
        return " ".join([*words, shell_quoted(str(self))])

    def to_dict(self) -> "dict[str, Any]":
        """`method`, `url`, `headers` and `expires_at` as plain data, ready for JSON."""
        return {"method": self.method, "url": str(self), "headers": self.headers, "expires_at": self.expires_at}

    def __repr__(self) -> str:
        return f"<PresignedUrl {self.method} {redacted(self)} expires_at={self.expires_at}>"

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"PresignedUrl is immutable: {name} cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"PresignedUrl is immutable: {name} cannot be deleted")

    def __copy__(self) -> "Self":
        return self

    def __deepcopy__(self, memo: object) -> "Self":
        return self

    def __reduce__(self) -> "tuple[Any, ...]":
        return _restore_url, (type(self), str(self), self._about)


new_str = str.__new__
set_about: "Any" = PresignedUrl.__dict__["_about"].__set__  # a third faster than object.__setattr__


def make_url(text: str, about: "tuple[str, tuple[tuple[str, str], ...], int | None]") -> PresignedUrl:
    """A PresignedUrl of (method, signed headers, end)."""
    url: PresignedUrl = new_str(PresignedUrl, text)
    set_about(url, about)
    return url


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


class Authorization:
    """What the X-Amz-* parameters of one URL say, read strictly and not yet believed."""

    __slots__ = ("access_key_id", "amz_date", "date", "expires_in", "region", "service", "session_token", "signature",
                 "signed_at", "signed_headers")  # fmt: skip

    def __init__(self, parameters: "dict[str, str]", rule: "SessionTokenRule") -> None:
        """Read the signing parameters, decoded and each there once, in this order: presence, algorithm, credential,
        date, expiry, signed headers.
        """
        try:
            algorithm, credential = parameters["X-Amz-Algorithm"], parameters["X-Amz-Credential"]
            amz_date, expires_in = parameters["X-Amz-Date"], parameters["X-Amz-Expires"]
            signed_headers, signature = parameters["X-Amz-SignedHeaders"], parameters["X-Amz-Signature"]
        except KeyError:
            malformed("missing_parameter", _MISSING + ", ".join([n for n in _REQUIRED if n not in parameters]) + ".")
        if algorithm == ALGORITHM_V4A:
            malformed("unsupported_algorithm", f"{ALGORITHM_V4A} is not verified here; only {ALGORITHM} is.")
        if algorithm != ALGORITHM:
            malformed("unsupported_algorithm", f'X-Amz-Algorithm only supports "{ALGORITHM}".')

        # An access key id may hold slashes, the four other parts may not.
        pieces = credential.rsplit("/", 4)
        plain = credential.isascii() and credential.isprintable() and " " not in credential
        if not plain or len(pieces) != 5 or "" in pieces or pieces[4] != TERMINATOR:
            malformed(
                "malformed_credential",
                'X-Amz-Credential is not of the form "<access-key-id>/YYYYMMDD/REGION/SERVICE/aws4_request".',
            )
        self.access_key_id, self.date, self.region, self.service, _ = pieces
        self.amz_date = amz_date
        try:
            self.signed_at = parse_amz_date(amz_date)
        except ValueError:
            malformed("malformed_date", "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\".")
        if self.date != amz_date[:8]:
            malformed("malformed_credential", "The day in X-Amz-Credential is not the day of X-Amz-Date.")
        self.expires_in = _parse_expires(expires_in)
        self.signed_headers = _parse_signed_headers(signed_headers)
        self.session_token = parameters.get(TOKEN_PARAMETERS[rule])
        self.signature = signature


_REQUIRED = ("X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "X-Amz-Date", "X-Amz-SignedHeaders",
             "X-Amz-Expires")  # fmt: skip
_MISSING = (
    "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, "
    "X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters; missing: "
)


def malformed(reason: "Any", problem: str) -> "NoReturn":
    """Refuse the X-Amz-* parameters themselves, as S3 does."""
    raise VerificationError(reason, "AuthorizationQueryParametersError", 400, problem)


def _parse_expires(text: str) -> int:
    if text.isdigit() and text.isascii() and text[0] != "0" and len(text) <= 18:  # 2**63 has 19 digits
        return int(text)
    negative = text[:1] == "-"
    digits = text[1:] if negative else text
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 18:
        malformed("malformed_expires", "X-Amz-Expires should be a number.")
    if negative:
        malformed("expires_out_of_range", "X-Amz-Expires must be non-negative.")
    if text != "0":
        malformed("malformed_expires", "X-Amz-Expires should be a number, without leading zeros.")
    return 0


def _parse_signed_headers(text: str) -> "list[str]":
    if not text:
        malformed("missing_signed_headers", "X-Amz-SignedHeaders is empty; at least host must be signed.")
    names = text.split(";")
    if text != text.lower() or "" in names or (len(names) > 1 and names != sorted(set(names))):
        malformed("malformed_signed_headers", "X-Amz-SignedHeaders must be lower-case names, sorted, each once.")
    return names
