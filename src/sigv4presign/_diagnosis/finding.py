"""A `Finding`, and how likely it is the cause.

Rule: a finding contains no secret, and its `fix` says in a plain sentence what to do.
"""

from .._redaction import SHORT, SIGNS, decoded, is_public, shown_pair, values_in
from .._value import HIDDEN, Value, set_field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    Ranked: TypeAlias = "tuple[int, Finding]"
    Findings: TypeAlias = "Iterator[Ranked]"
    Comparison: TypeAlias = "tuple[tuple[str, str], ...]"

# How likely a finding is the cause, the most certain first; equal ones keep the order in which they were found.
BROKEN = 0  # the URL's text is damaged; other findings follow from that
SHOWN = 1  # the recomputed signature, or the server's lines, prove it
STATED = 2  # the server says so
CERTAIN = 3  # no server can accept it
LIKELY = 4
POSSIBLE = 5

MAX_SHOWN = 200  # characters shown of a piece of untrusted text


class Finding(Value):
    """One reason why a request was or will be rejected.  `str()` gives it as one line.

    Attributes:
        code: One of the words below, to branch on.
        seen: What was found.
        expected: What was expected.
        fix: What to do, as a sentence.
        comparison: The lines of two canonical requests that were compared, as pairs (expected, seen); a pair that
            differs is the cause.  Secret values are hidden on both sides.  Otherwise None.

    The URL's text: `wrapped`, `html_escaped`, `json_escaped`, `quoted_printable`, `encoded_twice`, `percent_lost`,
    `cut_by_shell`, `truncated`, `fragment`, `malformed_url`, `not_presigned`, `wrapped_link`, `v2_url`, `other_vendor`.

    Its parameters: `missing_parameter`, `duplicate_parameter`, `misspelt_parameter`, `malformed_parameter`,
    `malformed_credential`, `malformed_date`, `malformed_expires`, `malformed_signed_headers`, `malformed_signature`,
    `unsupported_algorithm`, `expires_out_of_range`, `missing_token`, `invalid_token`, `wrong_access_key`.

    Time: `expired`, `not_yet_valid`, `expired_token`, `clock_behind`.

    What arrived is not what was signed: `wrong_method`, `wrong_host`, `wrong_port`, `path_prefix`, `merged_slashes`,
    `removed_dot_segments`, `path_reencoded`, `unicode_form`, `changed_path`, `query_reencoded`, `added_parameter`,
    `changed_parameter`, `missing_signed_headers`, `changed_header`, `unsigned_headers`, `payload_hash_mismatch`,
    `wrong_rules`, `changed_on_the_way`, `another_answer`.

    Who and where: `wrong_secret`, `unknown_access_key`, `wrong_region`, `wrong_service`, `wrong_endpoint`,
    `two_authentications`.

    The signature was valid, or nobody checked it: `denied_by_policy`, `not_found`, `no_such_route`, `chunked_body`,
    `missing_checksum`, `wrong_checksum`, `form_refused`, `archived_object`, `precondition_failed`, `bad_request`,
    `unsupported`, `key_unusable`, `not_the_store`, `refused_otherwise`.

    Example:
        >>> from sigv4presign import explain
        >>> for finding in explain("GET", "https://files.example.com/a.txt"):
        ...     print(finding.code)
        not_presigned
    """

    __slots__ = _fields = ("code", "seen", "expected", "fix", "comparison")

    code: str
    seen: str
    expected: str
    fix: str
    comparison: "Comparison | None"

    def __init__(
        self, code: str, seen: str, expected: str, fix: str, *, comparison: "Comparison | None" = None
    ) -> None:
        set_field(self, "code", code)
        set_field(self, "seen", seen)
        set_field(self, "expected", expected)
        set_field(self, "fix", fix)
        set_field(self, "comparison", comparison)

    def but(self, **changes: "str | Comparison | None") -> "Finding":
        """Return this finding with some fields changed."""
        return self._restore(*[changes.get(name, getattr(self, name)) for name in self._fields])

    def __str__(self) -> str:
        return f"{self.code}: seen {self.seen}; expected {self.expected}. {self.fix}"

    def __repr__(self) -> str:
        if not self._is_built():
            return super().__repr__()
        return f"Finding(code={self.code!r}, seen={self.seen!r}, expected={self.expected!r}, fix={self.fix!r})"


def shown(text: str) -> str:
    """Return a piece of a request or an answer on one line, of bounded length, with secret values hidden."""
    return printable(redacted_text(text))


def redacted_text(text: str) -> str:
    """A message without the secret values in it: what follows a secret name and a sign, up to a delimiter.

    A value in quotes goes up to the closing one, that of an Authorization or a Cookie header up to the end of its line.
    """
    before, phrase, after = text.partition("valid key=value pair")  # API Gateway's, of an Authorization header
    if phrase:
        text = _without_quoted(before) + phrase + _without_quoted(after)
    shown, end = "", 0
    for sign_end in values_in(text, _SIGNS):
        if sign_end >= end:
            is_quoted = text[sign_end : sign_end + 1] in _QUOTES and text[sign_end + 1 :]
            start = sign_end + 1 if is_quoted else sign_end
            delimiters = " \t\r\n&\"'<>,;"
            if text[start - 1] in _QUOTES:
                delimiters = "\r\n" + text[start - 1]
            elif text[max(0, start - 20) : start].lower().rstrip("=: ").endswith(_HEADERS):
                delimiters = "\r\n"
            shown += text[end:start] + HIDDEN
            end = start
            while end < len(text) and text[end] not in delimiters:
                end += 1
    return shown + text[end:]


_QUOTES = ("'", '"')
_SIGNS = (*SIGNS, " '", ' "', "': ", '": ', " header: ")
_HEADERS = ("authorization", "cookie", "header")


def _without_quoted(text: str) -> str:
    """A text without what is between its first single quote and its last."""
    before, quote, rest = text.partition("'")
    return f"{before}{quote}{HIDDEN}{quote}{rest.rpartition(quote)[2] if quote in rest else ''}" if quote else text


def printable(text: str) -> str:
    """Return a text on one line, of bounded length; invisible characters and bidirectional marks are escaped."""
    return escaped(text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "...")


def escaped(text: str) -> str:
    """Return a text on one line, with invisible characters escaped."""
    return (
        text
        if text.isprintable()
        else "".join([letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text])
    )


def shown_name(name: str) -> str:
    """Return the name of a parameter, percent-encoded or not, or of a header, for display."""
    return _shown_pair(name, "value")[0]


def shown_parameter(name: str, value: str, *, intact: bool = True) -> str:
    """Return a parameter, `NAME=VALUE`, with secret values hidden.  `intact`: whether its URL is."""
    return "=".join(_shown_pair(name, value, intact=intact))


def shown_header(name: str, value: str) -> str:
    """Return a header, `NAME: VALUE`, with secret values hidden."""
    return ": ".join(_shown_pair(name, value))


def _shown_pair(name: str, value: str, *, intact: bool = True) -> "tuple[str, str]":
    plain = decoded(name), decoded(value)
    shown_as = shown_pair(*plain, intact=intact)
    if not intact and shown_as == plain and max(len(name), len(value)) > SHORT:
        shown_as = HIDDEN, HIDDEN  # its escapes may be a part of a secret's
    text = f"<hidden, {len(value)} characters>" if shown_as[1] == HIDDEN else printable(value)
    return printable((name if shown_as[0] == plain[0] else shown_as[0])[:60]), text


def shown_scope(name: str, credential: str, *, intact: bool) -> str:
    """A part of a URL's credential, unless the URL is damaged and something secret went into that."""
    return name if intact or len(name) <= SHORT or is_public("x-amz-credential", credential) else HIDDEN
