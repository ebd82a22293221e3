"""`inspect`: what a URL, a token or an upload form says, unverified.

Rule: an `Inspection` is not a `VerifiedRequest` and cannot be converted to one.  It is for people and logs, so no field
contains a secret: see `_redaction`.
"""

from .._query_auth import (
    ALGORITHM_V4A,
    S3_FAMILY,
    TERMINATOR,
    TOKEN_PARAMETERS,
    CredentialParts,
    check_algorithm,
    is_signing_parameter,
    malformed,
    missing_parameters,
    parse_credential,
    parse_expires,
    parse_signed_headers,
    parse_signing_date,
    rules_for,
)
from .._redaction import (
    decoded,
    has_signature,
    hide,
    is_intact,
    pieces_of,
    redacted,
    redacted_path,
    secret_values,
    shown_pair,
    without_digits,
)
from .._time import epoch_seconds
from .._url import Url, parse_query
from .._value import Value
from ..errors import InputError, VerificationError
from .finding import shown_scope

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, Literal, TypeAlias, Union

    from .._query_auth import SessionTokenRule
    from .._s3.post import PresignedPost
    from .._time import Now

    Pairs = tuple[tuple[str, str], ...]
    Kind: TypeAlias = Literal["v4", "v4a", "v2", "post", "post-v2", "eks", "rds", "dsql", "elasticache", "memorydb",
                              "msk"]  # fmt: skip
    # A form's fields; or boto3's dict with "fields" and "url"; or a `PresignedPost`.
    Form: TypeAlias = Union[Mapping[str, str], Mapping[str, Union[str, Mapping[str, str]]], PresignedPost]

MAX_TEXT = 65_536  # characters; far more than any URL, token or policy
EKS_PREFIX = "k8s-aws-v1."
# STS ignores X-Amz-Expires here; aws-iam-authenticator, pkg/token/token.go: 15 minutes from X-Amz-Date.
EKS_LIFETIME = 900
# Tokens that are presigned URLs without a scheme, by the service in their scope; for example
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html
_TOKEN_SERVICES: "dict[str, Kind]" = {
    "rds-db": "rds", "dsql": "dsql", "elasticache": "elasticache", "memorydb": "memorydb",
}  # fmt: skip
_NOTHING: "dict[str, Any]" = {"query": (), "signed_headers": (), "has_session_token": False}


class Inspection(Value):
    """What a presigned URL, a token or a form says.  Nothing in it is verified; no field contains a secret.

    A field that a kind does not have is None.

    Attributes:
        kind: `"v4"`, `"v4a"` or `"v2"`: a URL of that signature version; `"post"` or `"post-v2"`: an upload form;
            `"eks"`, `"rds"`, `"dsql"`, `"elasticache"`, `"memorydb"` or `"msk"`: a token to log in with.
        url: The URL without its secrets, safe to log; of a token, the URL in it.
        host: The host, in lower case, with its port unless that is the scheme's default.
        path: The path, percent-encoded as in the URL.
        query: The decoded parameters without those of the signature, as pairs in the URL's order.
        access_key_id: The access key id in its credential.
        region: The region of its scope.
        service: The service of its scope.
        signed_at: X-Amz-Date, in epoch seconds.
        expires_in: X-Amz-Expires, in seconds.
        expires_at: When it expires, in epoch seconds.  For an EKS token this is 15 minutes after `signed_at`; its
            X-Amz-Expires is ignored.
        bucket: The bucket, if an AWS host and path, or a form's policy, name it.
        key: The object key, decoded, if the bucket is known; of a form, its field `key`.
        signed_headers: The names of the headers that the client must send with the signed values, host among them.
        has_session_token: Whether temporary credentials signed it; these may expire earlier.
        region_set: Of `"v4a"`: the regions, instead of `region`.
        fields: Of a form: the fields without those of the signature, as pairs in the form's order.
        conditions: Of a form: the conditions of its policy, as (operator, field, value):
            `("starts-with", "key", "user/")`, `("content-length-range", "1", "5000000")`.
    """

    __slots__ = _fields = (
        "kind", "url", "host", "path", "query", "access_key_id", "region", "service", "signed_at", "expires_in",
        "expires_at", "signed_headers", "has_session_token", "region_set", "fields", "conditions",
    )  # fmt: skip

    kind: "Kind"
    url: "str | None"
    host: "str | None"
    path: "str | None"
    query: "Pairs"
    access_key_id: str
    region: "str | None"
    service: "str | None"
    signed_at: "int | None"
    expires_in: "int | None"
    expires_at: "int | None"
    signed_headers: "tuple[str, ...]"
    has_session_token: bool
    region_set: "tuple[str, ...] | None"
    fields: "Pairs | None"
    conditions: "tuple[tuple[str, str, str], ...] | None"

    def __init__(self) -> None:
        raise TypeError("an Inspection comes from inspect(); it has no public constructor")

    def seconds_left(self, now: "Now | None" = None) -> "int | None":
        """Return the seconds until it expires: negative once it has expired, None if it has no expiry."""
        return None if self.expires_at is None else self.expires_at - epoch_seconds(now)

    @property
    def bucket(self) -> "str | None":
        return _bucket_and_key(self)[0]

    @property
    def key(self) -> "str | None":
        return _bucket_and_key(self)[1]


def inspect(url: "str | Form") -> Inspection:
    """Read a presigned URL, a token or an upload form without verifying it.

    Args:
        url: An absolute presigned URL; a token for EKS (`k8s-aws-v1....`), MSK, RDS, Aurora DSQL, ElastiCache or
            MemoryDB; or a form: its fields, a `PresignedPost`, or the dict that boto3 returns.

    Raises:
        InputError: Not one of these, or longer than 65,536 characters; the message says what is missing or
            malformed, and the likely cause if the text shows it.
        TypeError: It is neither text nor a form.

    Example:
        >>> from sigv4presign import Credentials, inspect, presign
        >>> url = presign("GET", "https://files.example.com/a.txt", credentials=Credentials("AKIDEXAMPLE", "secret"),
        ...               region="eu-west-1", service="s3", expires_in=60, now=1764000000)
        >>> seen = inspect(url)
        >>> seen.kind, seen.access_key_id, seen.service, seen.region, seen.expires_in
        ('v4', 'AKIDEXAMPLE', 's3', 'eu-west-1', 60)
        >>> seen.seconds_left(now=1764000050)
        10

    Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html,
    https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTForms.html
    """
    try:
        return _inspect(url)
    except (InputError, TypeError) as fault:
        refusal = bare(fault)
    del url
    raise refusal


def bare(fault: "InputError | TypeError") -> "InputError | TypeError":
    """Return the error without its frames and its cause, which contain the URL."""
    fault.__context__ = None
    return fault.with_traceback(None)


def _inspect(url: "str | Form") -> Inspection:
    if not isinstance(url, str):
        from .form import inspect_form  # imports base64 and json

        return inspect_form(url)
    if len(url) > MAX_TEXT:
        raise InputError("url", f"has more than {MAX_TEXT} characters")
    return _of_url(*read_token(url))


def inspection(kind: "Kind", where: "Where", **said: "Any") -> Inspection:
    """Return an inspection with these fields; the others are None."""
    fields = {**_NOTHING, "kind": kind, "url": where.url, "host": where.host, "path": where.path, "query": where.query}
    fields.update(said)
    return Inspection._restore(*[fields.get(name) for name in Inspection._fields])


class Where:
    """Where a URL or a form is sent, without secrets; None if unknown."""

    __slots__ = ("host", "is_intact", "path", "query", "url")

    url: "str | None"
    host: "str | None"
    path: "str | None"
    query: "Pairs"
    is_intact: bool

    def __init__(self, url: "str | None" = None, *, own: "Callable[[str], bool] | None" = None) -> None:
        """`own(name)`: whether a parameter belongs to the signature and is left out of `query`.

        Raises:
            ValueError: The URL cannot be split or decoded.
        """
        self.url = self.host = self.path = None
        self.query = ()
        self.is_intact = True
        if url is None:
            return
        parts = Url(url)
        host, path, query = parts.host, parts.path, parts.query
        pairs = parse_query(query)
        self.is_intact = is_intact(pairs, host + path)
        self.url = redacted(url) if "?" in url else url  # a form's URL has no signature
        pieces = pieces_of(secret_values(url))
        self.host = redacted_path(host, pairs, intact=self.is_intact)
        self.path = hide(redacted_path(path, pairs, intact=self.is_intact), pieces)
        shown = redacted_query(query, intact=self.is_intact)
        self.query = tuple([
            (hide(n, pieces), hide(v, pieces))
            for (n, v), (name, _) in zip(shown, pairs, strict=True) if own is None or not own(name)
        ])  # fmt: skip


def redacted_query(query: str, *, intact: bool) -> "Pairs":
    """The parameters of a query string, decoded, without the secret values."""
    parts = [piece.partition("=") for piece in query.split("&") if piece]
    return tuple([
        shown_pair(decoded(name), decoded(value.replace("+", "%20")), intact=intact, equals=bool(equals))
        for name, equals, value in parts
    ])  # fmt: skip


def read_token(text: str) -> "tuple[Kind | Literal[''], str]":
    """Return the kind of a token and the absolute URL in it; for any other text an empty kind and the text.

    Raises:
        InputError: Its base64url is broken.
    """
    if text.startswith(EKS_PREFIX):
        return "eks", _unwrapped(text[len(EKS_PREFIX) :])
    if text.startswith("aHR0cHM6Ly9rYWZrYS"):  # base64 of `https://kafka`, as MSK's tokens begin
        return "msk", _unwrapped(text)
    if "/?" in text and "://" not in text.partition("?")[0] and _service(text) in _TOKEN_SERVICES:
        return _TOKEN_SERVICES[_service(text)], "https://" + text
    return "", text


def _unwrapped(text: str) -> str:
    """Return the URL in a token of base64url without padding."""
    import base64

    try:
        padded = text + "=" * (-len(text) % 4)
        return base64.b64decode(padded.translate({45: "+", 95: "/"}), validate=True).decode("ascii")
    except ValueError:
        raise InputError("url", "is a token whose base64url is broken; was it cut?") from None


def _service(url: str) -> str:
    """Return the service in the scope of a token, or an empty text."""
    try:
        credential = dict(parse_query(url.partition("?")[2])).get("X-Amz-Credential", "")
    except ValueError:
        return ""
    return credential.rsplit("/", 2)[-2:][0]


def _of_url(kind: "Kind | Literal['']", url: str) -> Inspection:
    try:
        pairs = parse_query(Url(url).query)
    except ValueError as fault:
        raise _refused(str(fault), url) from None
    parameters = dict(pairs)
    if "AWSAccessKeyId" in parameters and "X-Amz-Algorithm" not in parameters:
        return _of_v2_url(url, parameters)
    # In S3 Express the token's parameter has another name; the service is in the credential's scope.
    rule = rules_for(parameters.get("X-Amz-Credential", "").rsplit("/", 2)[-2:][0]).session_token
    own = [name.lower() for name, _ in pairs if is_signing_parameter(name, rule)]
    if len(own) != len(set(own)):
        twice = next(name for at, name in enumerate(own) if name in own[:at])
        raise _refused(f"{twice} appears more than once", url)
    try:
        authorization = UrlAuth(parameters, rule)
    except VerificationError as fault:
        raise _refused(str(fault), url) from None
    expires_in, region_set = authorization.expires_in, authorization.region_set
    lifetime = EKS_LIFETIME if kind == "eks" else expires_in
    where = Where(url, own=lambda name: is_signing_parameter(name, rule))
    credential, pieces = parameters["X-Amz-Credential"], pieces_of(secret_values(url))
    access_key_id, region, service = [
        hide(shown_scope(name, credential, intact=where.is_intact), pieces)
        for name in (authorization.access_key_id, authorization.region, authorization.service)
    ]
    if kind in _TOKEN_SERVICES.values():
        where.url = (where.url or "").removeprefix("https://")  # a token has no scheme
    return inspection(
        kind or ("v4" if region_set is None else "v4a"),
        where,
        access_key_id=access_key_id if has_signature(pairs, intact=where.is_intact) else without_digits(access_key_id),
        region=region if region_set is None else None,
        service=service,
        signed_at=authorization.signed_at,
        expires_in=expires_in,
        expires_at=None if lifetime is None else authorization.signed_at + lifetime,
        signed_headers=tuple([n if where.is_intact else without_digits(n) for n in authorization.signed_headers]),
        has_session_token=authorization.session_token is not None,
        region_set=region_set,
    )


def _refused(problem: str, url: str) -> InputError:
    """Return the error, with the likely cause if the URL's text shows it."""
    from .url import damage_of

    damage = damage_of(url)
    if damage is None:
        return InputError("url", problem)
    cause = f"{damage.code}: {damage.seen}"
    return InputError("url", f"{cause if damage.code in _TELLING else f'{problem} ({cause})'}. {damage.fix}")


# Findings that need no further explanation.
_TELLING = (
    "cut_by_shell", "truncated", "wrapped", "html_escaped", "json_escaped", "quoted_printable", "encoded_twice",
    "percent_lost", "wrapped_link", "other_vendor",
)  # fmt: skip


class UrlAuth:
    """The signing parameters, read as strictly as by `verify`, with two exceptions.

    X-Amz-Expires may be absent if the service is not S3; and SigV4A is read, whose scope has no region.

    Attributes:
        expires_in: X-Amz-Expires in seconds, or None.
        region: That of the scope; `*` for SigV4A.
        region_set: SigV4A's regions, or None.
    """

    __slots__ = (
        "access_key_id", "amz_date", "date", "expires_in", "region", "region_set", "service", "session_token",
        "signature", "signed_at", "signed_headers",
    )  # fmt: skip

    def __init__(self, parameters: "dict[str, str]", rule: "SessionTokenRule") -> None:
        credential = parameters.get("X-Amz-Credential", "")
        service = "".join(credential.rsplit("/", 2)[1:2])
        is_v4a = parameters.get("X-Amz-Algorithm") == ALGORITHM_V4A
        self.region_set: tuple[str, ...] | None = None
        if is_v4a:
            if not parameters.get("X-Amz-Region-Set"):
                malformed("missing_parameter", "Signature Version 4A requires X-Amz-Region-Set, which is missing.")
            self.region_set = tuple(parameters["X-Amz-Region-Set"].split(","))
        missing = missing_parameters(parameters, "" if rules_for(service) in S3_FAMILY else "X-Amz-Expires")
        if missing:
            malformed("missing_parameter", missing)
        if not is_v4a:
            check_algorithm(parameters["X-Amz-Algorithm"])
        parts = parse_credential_v4a(credential) if is_v4a else parse_credential(credential)
        self.access_key_id, self.date, self.service = parts.access_key_id, parts.date, parts.service
        self.region = parts.region
        self.amz_date = parameters["X-Amz-Date"]
        self.signed_at = parse_signing_date(self.amz_date, parts.date)
        expires_in = parameters.get("X-Amz-Expires")
        self.expires_in = None if expires_in is None else parse_expires(expires_in)
        self.signed_headers = parse_signed_headers(parameters["X-Amz-SignedHeaders"])
        self.session_token = parameters.get(TOKEN_PARAMETERS[rule])
        self.signature = parameters["X-Amz-Signature"]


def _of_v2_url(url: str, parameters: "dict[str, str]") -> Inspection:
    """Inspect a URL of Signature Version 2: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html."""
    missing = [name for name in ("Signature", "Expires") if name not in parameters]
    if missing:
        raise InputError("url", f"is of Signature Version 2 and has no {' and no '.join(missing)}")
    expires = parameters["Expires"]
    if not (expires.isascii() and expires.isdigit() and len(expires) <= 18):
        raise InputError("url", "is of Signature Version 2 and its Expires is not a number of epoch seconds")
    own = ("awsaccesskeyid", "signature", "expires", "x-amz-security-token")
    return inspection(
        "v2",
        Where(url, own=lambda name: name.lower() in own),
        access_key_id=parameters["AWSAccessKeyId"],
        expires_at=int(expires),
        has_session_token="x-amz-security-token" in [name.lower() for name in parameters],
    )


def _bucket_and_key(seen: Inspection) -> "tuple[str | None, str | None]":
    """Return bucket and key, if an AWS host or a form's policy names them."""
    if seen.fields is not None:
        named = [value for operator, name, value in seen.conditions or () if (operator, name) == ("eq", "bucket")]
        return (named[0] if named else None), dict(seen.fields).get("key")
    if seen.host is None or seen.path is None or "amazonaws" not in seen.host or seen.service not in (None, *_S3):
        return None, None
    labels = seen.host.partition(":")[0].split(".")
    at = next((n for n, label in enumerate(labels) if label.partition("-")[0] in ("s3", "s3express")), None)
    if at is None or labels[at].startswith(("s3-accesspoint", "s3-object-lambda", "s3-outposts", "s3-global")):
        return None, None
    bucket, path = ".".join(labels[:at]), seen.path[1:]
    if not bucket:
        bucket, _, path = path.partition("/")
    return decoded(bucket) or None, decoded(path) or None


_S3 = ("s3", "s3express")


def parse_credential_v4a(text: str) -> CredentialParts:
    """X-Amz-Credential of SigV4A, which has no region: the region is `*`."""
    pieces = text.rsplit("/", 3)
    plain = text.isascii() and text.isprintable() and " " not in text
    if not plain or len(pieces) != 4 or "" in pieces or pieces[3] != TERMINATOR:
        malformed(
            "malformed_credential",
            f'X-Amz-Credential is not of the form "<access-key-id>/YYYYMMDD/SERVICE/{TERMINATOR}".',
        )
    return CredentialParts(pieces[0], pieces[1], "*", pieces[2])
