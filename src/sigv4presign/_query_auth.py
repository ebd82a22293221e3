"""`ServiceRules`, and the X-Amz-* parameters: written by one function, each parsed by its own.

Rule: parsing is stricter than any server, so that each value has one spelling.  Differences between services are data
in `ServiceRules`.
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
"""

from ._text import encode, exact_text
from ._time import WEEK, lifetime_seconds, parse_amz_date
from ._value import Value, keep, set_field
from .errors import InputError, VerificationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal, NoReturn, TypeAlias  # noqa: F401 - the second in an alias

    from ._signature import SigningState
    from ._sigv4a import V4aSigningState
    from .errors import Reason

#: How a service reads the session token, as in `ServiceRules`.
SessionTokenRule: "TypeAlias" = 'Literal["signed", "appended", "s3express"]'

ALGORITHM = "AWS4-HMAC-SHA256"
ALGORITHM_V4A = "AWS4-ECDSA-P256-SHA256"
TERMINATOR = "aws4_request"

UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"  # SHA-256 of no bytes

# --- how services differ ---------------------------------------------------------------------------------------------


def checked_payload_hash(payload_hash: str) -> str:
    """A payload hash as exact text; raise for what can't be one line of the canonical request."""
    payload_hash = exact_text("payload_hash", payload_hash)
    if not payload_hash or not payload_hash.isascii() or not payload_hash.isprintable() or " " in payload_hash:
        raise InputError("payload_hash", "expected a SHA-256 in hex or a word such as UNSIGNED-PAYLOAD")
    return payload_hash


class ServiceRules(Value):
    """How a service reads a presigned URL.

    `S3_RULES` and `GENERIC_RULES` are the two that nearly every service follows; the defaults are those of the latter.

    Args:
        normalize_path: Remove dot segments and repeated slashes from the path.  In S3 they are part of the key.
        double_encode: Percent-encode the URL's path again.  S3 decodes and encodes it once.
        payload_hash: The last line of the canonical request, if the caller gives none.
        session_token: Where a session token goes: `"signed"` (X-Amz-Security-Token), `"appended"` after the signature
            and unsigned (AWS IoT), or `"s3express"` (signed, as X-Amz-S3session-Token).
        max_expires_in: The longest lifetime in seconds, or None for no limit.

    Raises:
        InputError: Any other value.

    Example:
        >>> from sigv4presign import ServiceRules
        >>> ServiceRules(max_expires_in=300)  # doctest: +ELLIPSIS
        ServiceRules(normalize_path=True, double_encode=True, payload_hash='e3b0...', ..., max_expires_in=300)
    """

    __slots__ = ("double_encode", "max_expires_in", "normalize_path", "payload_hash", "session_token")
    _fields = ("normalize_path", "double_encode", "payload_hash", "session_token", "max_expires_in")

    normalize_path: bool
    double_encode: bool
    payload_hash: str
    session_token: "SessionTokenRule"
    max_expires_in: "int | None"

    def __init__(
        self,
        *,
        normalize_path: bool = True,
        double_encode: bool = True,
        payload_hash: str = EMPTY_SHA256,
        session_token: "SessionTokenRule" = "signed",
        max_expires_in: "int | None" = WEEK,
    ) -> None:
        if session_token not in ("signed", "appended", "s3express"):
            raise InputError("session_token", f"unknown rule {session_token!r}; use 'signed', 'appended', 's3express'")
        payload_hash = checked_payload_hash(payload_hash)
        if max_expires_in is not None:
            max_expires_in = lifetime_seconds(max_expires_in, "max_expires_in", None)
        set_field(self, "normalize_path", bool(normalize_path))
        set_field(self, "double_encode", bool(double_encode))
        set_field(self, "payload_hash", payload_hash)
        set_field(self, "session_token", session_token)
        set_field(self, "max_expires_in", max_expires_in)


#: The rules of nearly every service but S3: a normalised path that is encoded twice, the hash of an empty body.
GENERIC_RULES = ServiceRules()
#: The rules of S3 and S3-compatible stores: the path is not normalised and encoded once; `UNSIGNED-PAYLOAD`.
S3_RULES = ServiceRules(normalize_path=False, double_encode=False, payload_hash=UNSIGNED_PAYLOAD)
# https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateSession.html
S3EXPRESS_RULES = ServiceRules(
    normalize_path=False,
    double_encode=False,
    payload_hash=UNSIGNED_PAYLOAD,
    session_token="s3express",
)
S3_FAMILY = (S3_RULES, S3EXPRESS_RULES)

_RULES_BY_SERVICE = {
    "s3": S3_RULES,
    "s3-object-lambda": S3_RULES,
    "s3-outposts": S3_RULES,
    "s3express": S3EXPRESS_RULES,
}

# How other services differ from GENERIC_RULES; each becomes a ServiceRules on first use.
_DIFFERENCES: "dict[str, dict[str, Any]]" = {
    # https://docs.aws.amazon.com/iot/latest/developerguide/protocols.html: the token is not signed
    "iotdevicegateway": {"session_token": "appended"},
    "bedrock-agentcore": {"max_expires_in": 300},
    # https://docs.aws.amazon.com/transcribe/latest/dg/websocket.html: at most 300 seconds
    "transcribe": {"max_expires_in": 300},
    # https://docs.aws.amazon.com/vpc-lattice/latest/ug/sigv4-authenticated-requests.html: payloads are not signed
    "vpc-lattice-svcs": {"payload_hash": UNSIGNED_PAYLOAD},
}


def checked_rules(rules: ServiceRules) -> ServiceRules:
    """The rules that a caller gave; TypeError for anything else."""
    if not isinstance(rules, ServiceRules):
        raise TypeError(f"rules: expected ServiceRules, got {type(rules).__name__}")
    return rules


def rules_for(service: str) -> ServiceRules:
    """The rules that a service, named as in the credential scope, follows."""
    rules = _RULES_BY_SERVICE.get(service)
    if rules is None:
        if service not in _DIFFERENCES:
            return GENERIC_RULES
        rules = _RULES_BY_SERVICE[service] = ServiceRules(**_DIFFERENCES[service])
    return rules


# --- the parameters' names -------------------------------------------------------------------------------------------

TOKEN_PARAMETERS = {
    "signed": "X-Amz-Security-Token",
    "appended": "X-Amz-Security-Token",
    "s3express": "X-Amz-S3session-Token",
}

REQUIRED = ("X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "X-Amz-Date", "X-Amz-SignedHeaders",
            "X-Amz-Expires")  # fmt: skip
# In any case, these belong to the signature; other X-Amz-* parameters are the service's.
_SIGNING_PARAMETERS = frozenset((*map(str.lower, REQUIRED), "x-amz-security-token", "x-amz-region-set"))


def is_signing_parameter(name: str, rule: "SessionTokenRule") -> bool:
    """Whether a decoded parameter name, in upper or lower case, belongs to the signature."""
    name = name.lower()
    return name in _SIGNING_PARAMETERS or name == TOKEN_PARAMETERS[rule].lower()


def check_query_names(parameter: str, pairs: "list[tuple[str, str]]", rules: "ServiceRules") -> None:
    """Reject parameters that belong to the signature; the pairs are encoded."""
    for name, _ in pairs:
        if name[:1] in "xX" and is_signing_parameter(name, rules.session_token):
            raise InputError(parameter, f"{name} is a signing parameter, set by the other arguments; leave it out")


# --- written ---------------------------------------------------------------------------------------------------------


def signing_parameters(
    state: "SigningState | V4aSigningState",
    amz_date: str,
    expires_in: "int | None",
    signed_headers: str,
    rule: "SessionTokenRule",
    region_set: str = "",
) -> str:
    """The signature's parameters in canonical order, without X-Amz-Signature, which comes last.

    Args:
        state: The signer's, with X-Amz-Algorithm; its credential and token are percent-encoded.
        amz_date: X-Amz-Date.
        expires_in: X-Amz-Expires in seconds; None leaves it out.
        signed_headers: The names, `host;x-amz-acl`.
        rule: Where a session token goes.
        region_set: X-Amz-Region-Set of SigV4A, percent-encoded.
    """
    expires = "" if expires_in is None else f"&X-Amz-Expires={expires_in}"
    token = "" if state.token is None or rule == "appended" else f"&{TOKEN_PARAMETERS[rule]}={state.token}"
    regions = f"&X-Amz-Region-Set={region_set}" if region_set else ""
    names = signed_headers
    if names != "host":
        names = _ENCODED_NAMES.get(names) or keep(_ENCODED_NAMES, names, encode(names))
    return (
        f"X-Amz-Algorithm={state.algorithm}&X-Amz-Credential={state.credential}&X-Amz-Date={amz_date}{expires}{regions}"
        f"{token}&X-Amz-SignedHeaders={names}"
    )


_ENCODED_NAMES: "dict[str, str]" = {}  # benchmark rows "general" and "verify": encoding them costs 0.4 us


# --- parsed ----------------------------------------------------------------------------------------------------------


class CredentialParts:
    """The parts of X-Amz-Credential."""

    __slots__ = ("access_key_id", "date", "region", "service")

    def __init__(self, access_key_id: str, date: str, region: str, service: str) -> None:
        self.access_key_id = access_key_id
        self.date = date
        self.region = region
        self.service = service


class QueryAuth:
    """The X-Amz-* parameters of one URL, parsed strictly and not yet verified."""

    __slots__ = (
        "access_key_id", "amz_date", "date", "expires_in", "region", "service", "session_token", "signature",
        "signed_at", "signed_headers",
    )  # fmt: skip

    def __init__(self, parameters: "dict[str, str]", rule: "SessionTokenRule") -> None:
        """Parse decoded parameters, none of them repeated."""
        try:
            algorithm, credential = parameters["X-Amz-Algorithm"], parameters["X-Amz-Credential"]
            amz_date, expires_in = parameters["X-Amz-Date"], parameters["X-Amz-Expires"]
            signed_headers, signature = parameters["X-Amz-SignedHeaders"], parameters["X-Amz-Signature"]
        except KeyError:
            malformed("missing_parameter", missing_parameters(parameters))
        if algorithm != ALGORITHM:
            check_algorithm(algorithm)
        parts = _CREDENTIALS.get(credential) or parse_credential(credential)
        self.access_key_id = parts.access_key_id
        self.date = parts.date
        self.region = parts.region
        self.service = parts.service
        self.amz_date = amz_date
        self.signed_at = parse_signing_date(amz_date, parts.date)
        self.expires_in = parse_expires(expires_in)
        self.signed_headers = parse_signed_headers(signed_headers)
        self.session_token = parameters.get(TOKEN_PARAMETERS[rule])
        self.signature = signature


_MISSING = (
    "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, "
    "X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters; missing: "
)


def missing_parameters(parameters: "dict[str, str]", optional: str = "") -> str:
    """S3's message about the signing parameters that a URL lacks, except an optional one; "" if it has all."""
    missing = [name for name in REQUIRED if name not in parameters and name != optional]
    return f"{_MISSING}{', '.join(missing)}." if missing else ""


def malformed(reason: "Reason", problem: str) -> "NoReturn":
    """Reject the X-Amz-* parameters with S3's code."""
    raise VerificationError(reason, "AuthorizationQueryParametersError", 400, problem)


def check_algorithm(text: str) -> None:
    """Reject any X-Amz-Algorithm but AWS4-HMAC-SHA256."""
    if text == ALGORITHM_V4A:
        malformed("unsupported_algorithm", f"{ALGORITHM_V4A} is not verified here; only {ALGORITHM} is.")
    if text != ALGORITHM:
        malformed("unsupported_algorithm", f'X-Amz-Algorithm only supports "{ALGORITHM}".')


def parse_credential(text: str) -> CredentialParts:
    """X-Amz-Credential: `<access-key-id>/YYYYMMDD/REGION/SERVICE/aws4_request`."""
    pieces = text.rsplit("/", 4)  # an access key id may contain slashes, the other parts may not
    plain = text.isascii() and text.isprintable() and " " not in text
    if not plain or len(pieces) != 5 or "" in pieces or pieces[4] != TERMINATOR:
        malformed(
            "malformed_credential",
            f'X-Amz-Credential is not of the form "<access-key-id>/YYYYMMDD/REGION/SERVICE/{TERMINATOR}".',
        )
    return keep(_CREDENTIALS, text, CredentialParts(pieces[0], pieces[1], pieces[2], pieces[3]))


_CREDENTIALS: "dict[str, CredentialParts]" = {}  # benchmark row "verify": parsing one costs 0.9 us


def parse_signing_date(amz_date: str, scope_date: str) -> int:
    """Epoch seconds of X-Amz-Date; raise if it is not on the credential's day."""
    try:
        signed_at = parse_amz_date(amz_date)
    except ValueError:
        malformed("malformed_date", "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\".")
    if scope_date != amz_date[:8]:
        malformed("malformed_credential", "The day in X-Amz-Credential is not the day of X-Amz-Date.")
    return signed_at


def parse_expires(text: str) -> int:
    """X-Amz-Expires: plain decimal seconds."""
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


def parse_signed_headers(text: str) -> "list[str]":
    """X-Amz-SignedHeaders: lower-case names, sorted, each once."""
    if text == "host":
        return ["host"]
    if not text:
        malformed("missing_signed_headers", "X-Amz-SignedHeaders is empty; at least host must be signed.")
    names = text.split(";")
    if text != text.lower() or "" in names or (len(names) > 1 and names != sorted(set(names))):
        malformed("malformed_signed_headers", "X-Amz-SignedHeaders must be lower-case names, sorted, each once.")
    return names
