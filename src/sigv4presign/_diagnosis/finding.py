"""A `Finding`, and how likely it is the cause.

Rule: a finding holds no secret, and its `fix` is a sentence that can be acted on at three in the morning.
"""

from .._value import Value, set_field
from .redaction import redacted, without_secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    Ranked: TypeAlias = "tuple[int, Finding]"
    Findings: TypeAlias = "Iterator[Ranked]"

# How likely a finding is the cause, from the surest; equals keep the order in which they were found.
BROKEN = 0  # the URL's own text was damaged; whatever else is wrong follows from that
SHOWN = 1  # the recomputed signature, or the lines that the server signed, show it
STATED = 2  # the server says so
CERTAIN = 3  # no server can accept it
LIKELY = 4
POSSIBLE = 5

MAX_SHOWN = 200  # characters of a piece of somebody else's text


class Finding(Value):
    """One reason why a request was or will be refused.  `str()` gives it as a line for people.

    Attributes:
        code: One of the stable words below; branch on it.
        seen: What is there.
        expected: What should have been there.
        fix: The way out, as a sentence.

    The URL's text: `wrapped`, `html_escaped`, `json_escaped`, `encoded_twice`, `cut_by_shell`, `truncated`, `fragment`,
    `malformed_url`, `not_presigned`, `wrapped_link`, `v2_url`.

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

    The signature held, or nobody looked at it: `denied_by_policy`, `not_found`, `chunked_body`, `not_the_store`,
    `refused_otherwise`.

    Example:
        >>> from sigv4presign import explain
        >>> for finding in explain("GET", "https://files.example.com/a.txt"):
        ...     print(finding.code)
        not_presigned
    """

    __slots__ = _fields = ("code", "seen", "expected", "fix")

    code: str
    seen: str
    expected: str
    fix: str

    def __init__(self, code: str, seen: str, expected: str, fix: str) -> None:
        set_field(self, "code", code)
        set_field(self, "seen", seen)
        set_field(self, "expected", expected)
        set_field(self, "fix", fix)

    def __str__(self) -> str:
        return f"{self.code}: seen {self.seen}; expected {self.expected}. {self.fix}"


def shown(text: str) -> str:
    """A piece of a request or an answer on one line, of bounded length, without signature and token."""
    return printable(redacted(text))


def printable(text: str) -> str:
    """A text on one line, of bounded length; what cannot be seen is escaped, as are marks that turn the line around."""
    text = text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "..."
    return "".join([letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text])


# Parameters of the signature that everybody may see.  Any other X-Amz-* may be a damaged name of one that nobody may.
_OPEN = frozenset(
    ("x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-expires", "x-amz-signedheaders", "x-amz-region-set",
     "x-amz-content-sha256", "x-amz-acl", "x-amz-checksum-mode")
)  # fmt: skip
_SECRET_WORDS = ("token", "signature", "customer-key", "authorization", "cookie", "secret")


def shown_name(name: str) -> str:
    """The name of a parameter; of an unknown X-Amz-* the beginning, since damage may have joined its value to it."""
    short = without_secret(name)
    return printable(short[:20] if name[:6].lower() == "x-amz-" and name.lower() not in _OPEN else short[:60])


def shown_parameter(name: str, value: str) -> str:
    """A parameter, `NAME=VALUE`, without the values that are secret."""
    lower = name.lower()
    secret = (lower[:6] == "x-amz-" and lower not in _OPEN) or any(word in lower for word in _SECRET_WORDS)
    if secret:
        return f"{shown_name(name)}=<hidden, {len(value)} characters>"
    piece = without_secret(f"{name}={value}")
    return (
        f"{shown_name(name)}={printable(piece[len(name) + 1 :])}" if piece.startswith(f"{name}=") else shown_name(name)
    )


def shown_header(name: str, value: str) -> str:
    """A header, `NAME: VALUE`, without the values that are secret."""
    secret = any(word in name.lower() for word in _SECRET_WORDS)
    return f"{shown(name)}: {f'<hidden, {len(value)} characters>' if secret else shown(value)}"
