"""What the X-Amz-* parameters of one URL say, read strictly and not yet believed.

Rule: the reverse of `_signature.signed_query`, and stricter than any server: what has two spellings or two meanings is
refused.  Only the verifying side loads this.
"""

from ._dates import parse_amz_date
from ._signature import ALGORITHM, ALGORITHM_V4A, TERMINATOR, TOKEN_PARAMETERS
from .errors import VerificationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

    from .types import SessionTokenRule


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

        self.access_key_id, date, self.region, self.service = _parse_credential(credential)
        self.date = date
        self.amz_date = amz_date
        try:
            self.signed_at = parse_amz_date(amz_date)
        except ValueError:
            malformed("malformed_date", "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\".")
        if date != amz_date[:8]:
            malformed("malformed_credential", "The day in X-Amz-Credential is not the day of X-Amz-Date.")
        self.expires_in = _parse_expires(expires_in)
        self.signed_headers = _parse_signed_headers(signed_headers)
        self.session_token = parameters.get(TOKEN_PARAMETERS[rule])
        self.signature = signature


_REQUIRED = ("X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "X-Amz-Date", "X-Amz-SignedHeaders",
             "X-Amz-Expires")  # fmt: skip
_NO_CREDENTIAL = 'X-Amz-Credential is not of the form "<access-key-id>/YYYYMMDD/REGION/SERVICE/aws4_request".'
_MISSING = (
    "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, "
    "X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters; missing: "
)


def malformed(reason: "Any", problem: str) -> "NoReturn":
    """Refuse the X-Amz-* parameters themselves, as S3 does."""
    raise VerificationError(reason, "AuthorizationQueryParametersError", 400, problem)


def _parse_credential(text: str) -> "tuple[str, str, str, str]":
    global _last
    last_text, parts = _last
    if last_text == text:
        return parts
    text = str.__str__(text)  # what is remembered is compared with other requests' texts
    pieces = text.rsplit("/", 4)  # an access key id may hold slashes, the four other parts may not
    plain = text.isascii() and text.isprintable() and " " not in text
    if not plain or len(pieces) != 5 or "" in pieces or pieces[4] != TERMINATOR:
        malformed("malformed_credential", _NO_CREDENTIAL)
    parts = (pieces[0], pieces[1], pieces[2], pieces[3])
    _last = (text, parts)  # one tuple, replaced whole: a thread sees the old one or the new one
    return parts


# The credential that was read last: the same one stands in all URLs that one signer makes in a day.  It begins with one
# that would be read so; an empty text would be taken for a credential that holds.
_last: "tuple[str, tuple[str, str, str, str]]" = ("-/19700101/-/-/aws4_request", ("-", "19700101", "-", "-"))


def _parse_expires(text: str) -> int:
    global _last_expires
    last_text, seconds = _last_expires
    if last_text == text:
        return seconds
    if text.isdigit() and text.isascii() and text[0] != "0" and len(text) <= 18:  # 2**63 has 19 digits
        seconds = int(text)
        _last_expires = (text, seconds)  # one tuple, replaced whole, as above
        return seconds
    negative = text[:1] == "-"
    digits = text[1:] if negative else text
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 18:
        malformed("malformed_expires", "X-Amz-Expires should be a number.")
    if negative:
        malformed("expires_out_of_range", "X-Amz-Expires must be non-negative.")
    if text != "0":
        malformed("malformed_expires", "X-Amz-Expires should be a number, without leading zeros.")
    return 0


_last_expires = ("3600", 3600)  # most services give their links one lifetime


def _parse_signed_headers(text: str) -> "list[str]":
    if text == "host":
        return ["host"]
    if not text:
        malformed("missing_signed_headers", "X-Amz-SignedHeaders is empty; at least host must be signed.")
    names = text.split(";")
    if text != text.lower() or "" in names or (len(names) > 1 and names != sorted(set(names))):
        malformed("malformed_signed_headers", "X-Amz-SignedHeaders must be lower-case names, sorted, each once.")
    return names
