"""The specification's steps as public functions, and the values that pass between them.

Rule: each step calls the function that `presign` and `verify` call.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from . import _signature
from ._canonical import (
    NEVER_SIGNED,
    canonical_headers,
    canonical_query_string,
    canonical_uri,
    encode_pairs,
    fold,
    join_canonical_request,
    merge_headers,
)
from ._credentials import check_secret_field, checked_token, freeze, token_problem
from ._query_auth import ALGORITHM, ALGORITHM_V4A, checked_payload_hash, checked_rules
from ._signature import SigningState, checked_scope_name, derive_key, scope_text
from ._text import checked_pairs, escape_non_ascii, exact_text
from ._time import parse_amz_date, parse_date
from ._url import Url, parse_query
from ._value import Value, set_field
from .errors import InputError, frameless

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._canonical import Headers
    from ._credentials import CredentialsSource
    from ._query_auth import ServiceRules


def _utf8_text(parameter: str, text: str) -> str:
    text = exact_text(parameter, text)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InputError(parameter, "has a lone surrogate, which is not text") from None
    return text


def _check_scope(scope: "CredentialScope") -> None:
    if not isinstance(scope, CredentialScope):
        raise TypeError(f"scope: expected CredentialScope, got {type(scope).__name__}")


@frameless
def canonical_request(
    method: str,
    url: str,
    *,
    headers: "Headers",
    payload_hash: "str | None" = None,
    rules: "ServiceRules",
) -> str:
    """The canonical request of a request, as text.

    More lenient than `presign`: raw spaces and non-ASCII characters are percent-encoded, line breaks in header values
    become a space, and headers that are never signed are left out.

    Args:
        method: The HTTP method.
        url: The absolute URL with its query, including the X-Amz-* parameters but not X-Amz-Signature.
        headers: The headers that will be signed, as a mapping or as pairs.  Host is taken from the URL if it is not
            among them.
        payload_hash: The last line; None: what the rules say.
        rules: How the service reads paths: `S3_RULES`, `GENERIC_RULES`, or your own.

    Raises:
        InputError: A URL that can't be split or decoded.
        TypeError: Something that is not text.

    Example:
        >>> from sigv4presign import S3_RULES, canonical_request
        >>> print(canonical_request("GET", "https://example.com/a b?tagging", headers={}, rules=S3_RULES))
        GET
        /a%20b
        tagging=
        host:example.com
        <BLANKLINE>
        host
        UNSIGNED-PAYLOAD
    """
    method, url = exact_text("method", method), exact_text("url", url)
    checked_rules(rules)
    payload_hash = rules.payload_hash if payload_hash is None else checked_payload_hash(payload_hash)
    try:
        parts = Url(url, strict=False)
        uri = canonical_uri(parts.path, rules)
        pairs = encode_pairs(parse_query(escape_non_ascii(parts.query)))
    except ValueError as fault:
        raise InputError("url", str(fault)) from None
    signed = sorted({"host": parts.host, **merge_headers(checked_pairs("headers", headers), fold)}.items())
    signed = [pair for pair in signed if pair[0] not in NEVER_SIGNED]
    query_string = canonical_query_string(pairs)
    return join_canonical_request(method, uri, query_string, *canonical_headers(signed), payload_hash)


class CredentialScope(Value):
    """The scope a signature is valid for: day, region, service.

    `str()` gives the scope as in the string to sign.

    Args:
        date: The UTC day as `YYYYMMDD`.
        region: `eu-west-1`, or None for SigV4A, whose scope has no region.
        service: The service's name in its scope, such as `s3` or `execute-api`.

    Raises:
        InputError: A malformed day, or a name that is empty or has a slash, a space, a control or a non-ASCII
            character.

    Example:
        >>> from sigv4presign import CredentialScope
        >>> str(CredentialScope("20130524", "us-east-1", "s3"))
        '20130524/us-east-1/s3/aws4_request'
    """

    __slots__ = _fields = ("date", "region", "service")

    date: str
    region: "str | None"
    service: str

    def __init__(self, date: str, region: "str | None", service: str) -> None:
        date = exact_text("date", date)
        try:
            parse_date(date)
        except ValueError:
            raise InputError("date", f"{date[:20]!r} is not a day written YYYYMMDD") from None
        set_field(self, "date", date)
        set_field(self, "region", None if region is None else checked_scope_name("region", region))
        set_field(self, "service", checked_scope_name("service", service))

    def __str__(self) -> str:
        return scope_text(self.date, self.region, self.service)


def string_to_sign(canonical_request: str, *, amz_date: str, scope: CredentialScope) -> str:
    """The string to sign: algorithm, time, scope, and the hash of the canonical request.

    Args:
        canonical_request: As `canonical_request` gives it.
        amz_date: X-Amz-Date, `YYYYMMDDTHHMMSSZ`.
        scope: The credential scope; without a region the algorithm is SigV4A's.

    Raises:
        InputError: A malformed `amz_date`, one of another day than the scope, or a lone surrogate.

    Example:
        >>> from sigv4presign import string_to_sign
        >>> scope = CredentialScope("20130524", "us-east-1", "s3")
        >>> print(string_to_sign("GET...", amz_date="20130524T000000Z", scope=scope))  # doctest: +ELLIPSIS
        AWS4-HMAC-SHA256
        20130524T000000Z
        20130524/us-east-1/s3/aws4_request
        ...
    """
    canonical_request = _utf8_text("canonical_request", canonical_request)
    amz_date = exact_text("amz_date", amz_date)
    _check_scope(scope)
    try:
        parse_amz_date(amz_date)
    except ValueError as fault:
        raise InputError("amz_date", f"{amz_date[:20]!r} {fault}") from None
    if amz_date[:8] != scope.date:
        raise InputError("amz_date", f"{amz_date} is not on the scope's day, {scope.date}")
    algorithm = ALGORITHM_V4A if scope.region is None else ALGORITHM
    return _signature.string_to_sign(algorithm, amz_date, str(scope), canonical_request)


class SigningKey(Value):
    """A key that signs for one day, region and service; the secret can't be recovered from it.

    Pass it to a process that signs but must not know the secret: it is accepted wherever credentials are.  A pickle of
    it contains the key.

    Args:
        access_key_id: The access key id.
        key: The 32 bytes.
        scope: The scope it signs for, with a region.
        session_token: The token of temporary credentials.
        expires_at: When these expire, in epoch seconds.

    Raises:
        InputError: A key of other than 32 bytes, a scope without a region, a malformed id or token.

    Example:
        >>> from sigv4presign import Credentials, S3Presigner, derive_signing_key
        >>> scope = CredentialScope("20251124", "eu-west-1", "s3")
        >>> key = derive_signing_key(Credentials("AKIDEXAMPLE", "secret"), scope)  # here; the rest elsewhere
        >>> url = S3Presigner(key, region="eu-west-1").get_object("reports", "costs.csv", now=1764000000)
        >>> url.partition("?")[0]
        'https://reports.s3.eu-west-1.amazonaws.com/costs.csv'
    """

    __slots__ = ("_state", "access_key_id", "expires_at", "key", "scope", "session_token")
    _fields = ("access_key_id", "key", "scope", "session_token", "expires_at")
    _hidden = ("key", "session_token")

    access_key_id: str
    key: bytes
    scope: CredentialScope
    session_token: "str | None"
    expires_at: "int | None"
    _state: SigningState

    def __init__(
        self,
        access_key_id: str,
        key: bytes,
        scope: CredentialScope,
        session_token: "str | None" = None,
        *,
        expires_at: "int | None" = None,
    ) -> None:
        # As in Credentials: no local variable has a secret when an error is raised.
        set_field(self, "key", key)
        set_field(self, "session_token", session_token)
        del key, session_token
        set_field(self, "access_key_id", checked_token("access_key_id", access_key_id))
        if not isinstance(self.key, bytes):
            raise TypeError(f"key: expected bytes, got {type(self.key).__name__}")
        if len(self.key) != 32:
            raise InputError("key", f"has {len(self.key)} bytes; a signing key has 32")
        _check_scope(scope)
        if scope.region is None:
            raise InputError("scope", "has no region; SigV4A has no derived key of this kind")
        if self.session_token is not None:
            check_secret_field(self, "session_token", token_problem)
        set_field(self, "scope", scope)
        set_field(self, "expires_at", expires_at)
        self._start_caches()

    def _start_caches(self) -> None:
        set_field(self, "_state", SigningState(self.access_key_id, self.key, self.session_token, str(self.scope)))

    def state_for(self, date: str, region: str, service: str) -> SigningState:
        """The key, ready to sign; raise for a scope that it was not derived for."""
        scope = self.scope
        if (scope.date, scope.region, scope.service) != (date, region, service):
            raise InputError("credentials", f"the SigningKey is for {scope}, not for {date}/{region}/{service}")
        return self._state


@frameless
def derive_signing_key(credentials: "CredentialsSource", scope: CredentialScope) -> SigningKey:
    """The signing key of credentials for a scope.

    Args:
        credentials: As for `presign`.
        scope: The day, region and service.

    Raises:
        InputError: A scope without a region, or a `SigningKey` of another scope.
        TypeError: Something that is not credentials.

    Example:
        >>> from sigv4presign import Credentials, derive_signing_key
        >>> creds = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
        >>> derive_signing_key(creds, CredentialScope("20150830", "us-east-1", "iam")).key.hex()
        'c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9'
    """
    _check_scope(scope)
    frozen = freeze(credentials, scope.region)
    if scope.region is None:
        raise InputError("scope", "has no region; SigV4A has no derived key of this kind")
    if isinstance(frozen, SigningKey):
        frozen.state_for(scope.date, scope.region, scope.service)  # for the error it raises
        return frozen
    key = derive_key(frozen.secret_access_key, scope.date, scope.region, scope.service)
    return SigningKey(frozen.access_key_id, key, scope, frozen.session_token, expires_at=frozen.expires_at)


def signature(signing_key: SigningKey, string_to_sign: str) -> str:
    r"""The signature: 64 lower-case hex digits.

    Args:
        signing_key: From `derive_signing_key`.
        string_to_sign: From `string_to_sign`; for a POST form, the policy in base64.

    Example:
        >>> from sigv4presign import Credentials, CredentialScope, derive_signing_key, signature
        >>> creds = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
        >>> key = derive_signing_key(creds, CredentialScope("20150830", "us-east-1", "iam"))
        >>> signature(key, "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/iam/aws4_request\n"
        ...     "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59")
        '5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7'
    """
    if not isinstance(signing_key, SigningKey):
        raise TypeError(f"signing_key: expected SigningKey, got {type(signing_key).__name__}")
    return signing_key._state.sign(_utf8_text("string_to_sign", string_to_sign))
