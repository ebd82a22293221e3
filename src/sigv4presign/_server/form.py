"""`verify_post`: verify the signature, policy and fields of an upload form.

Rule: the checks run in the order below, which is S3's as far as its answers show it, and an error names the first that
fails.  A policy is decoded only after its signature was verified, so nobody without a key reaches the parser.

    1  the fields: size, number, UTF-8, each name once
    2  the signature's fields, and the credential scope against what is expected
    3  the secret and the session token of the access key id
    4  the signature of the policy's text, compared in constant time
    5  the policy: base64, JSON, expiration, conditions
    6  the time: policy expired, credentials expired
    7  each condition on a field, in the policy's order; then that every field has one
    8  the form's date and age against the clock
    9  the file's size
    10 the single use of a one-time form

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
"""

from hmac import compare_digest

from .._credentials import Credentials
from .._expectations import Expectations
from .._query_auth import TOKEN_PARAMETERS, check_algorithm, parse_credential, parse_signing_date
from .._redaction import is_secret
from .._s3.policy import FILENAME, LARGEST_FORM, is_a
from .._signature import scope_state
from .._steps import CredentialScope
from .._time import WEEK, exact_seconds, lifetime_seconds
from .._unverified import quoted
from .._value import HIDDEN, Value
from .._verify import check_first, checked_secret, claim, finder, present
from ..errors import Expired, InputError, NotYetValid, SignatureMismatch, VerificationError, without_our_frames
from .form_policy import Policy, check_conditions, check_size, refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any, Union

    from .._protocols import SingleUse
    from .._steps import CredentialScope
    from .._time import Lifetime, Now
    from .._verify import Secrets

    Fields = Union[Mapping[str, str], Iterable[tuple[str, str]]]


_REQUIRED = ("X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "policy", "X-Amz-Signature")
_SIGNING = frozenset(("x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature", "x-amz-security-token",
                      "x-amz-s3session-token", "policy"))  # fmt: skip
_CANNOT_WAIT = ", and verify_post() cannot wait for it; give one that is not"
MAX_FIELDS = 256
LONGEST_KEY = 1_024  # bytes; https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html


class VerifiedForm(Value):
    """The verified part of an upload form, as `verify_post` returns it; trust nothing else of the form.

    Attributes:
        access_key_id: The access key that signed the form.
        bucket: The bucket that the form is for.
        key: The object's key, with `${filename}` replaced by the file's name.  The client may have chosen part of it,
            `..` included: do not use it as a path on a disk.
        fields: The fields that a condition covers, without the signature's own, as a fresh dict: names in lower case,
            `${filename}` replaced.
        scope: The credential scope: day, region, service.
        expires_at: The last second in which the form is valid, in epoch seconds.
        content_length_range: The minimum and maximum size of the file in bytes, or None if the policy sets none.
    """

    __slots__ = _fields = ("access_key_id", "bucket", "key", "_pairs", "scope", "expires_at", "content_length_range")
    _hidden = ("_pairs",)

    access_key_id: str
    bucket: str
    key: str
    _pairs: "tuple[tuple[str, str], ...]"
    scope: "CredentialScope"
    expires_at: int
    content_length_range: "tuple[int, int] | None"

    def __init__(self) -> None:
        raise TypeError("a VerifiedForm comes from verify_post(); it has no public constructor")

    @property
    def fields(self) -> "dict[str, str]":
        return dict(self._pairs)

    def __repr__(self) -> str:
        if not self._is_built():
            return super().__repr__()
        fields = ", ".join(
            [f"{name!r}: {HIDDEN if is_secret(name, in_form=True) else repr(text)}" for name, text in self._pairs]
        )
        return (
            f"VerifiedForm(access_key_id={self.access_key_id!r}, bucket={self.bucket!r}, key={self.key!r}, "
            f"fields={{{fields}}}, scope={self.scope!r}, expires_at={self.expires_at!r}, "
            f"content_length_range={self.content_length_range!r})"
        )


def verify_post(
    fields: "Fields",
    *,
    file_size: "int | None",
    bucket: str,
    secrets: "Secrets",
    region: "str | None",
    service: str = "s3",
    filename: "str | None" = None,
    clock_skew: int = 900,
    max_age: "Lifetime" = WEEK,
    single_use: "SingleUse | None" = None,
    now: "Now | None" = None,
) -> VerifiedForm:
    """Verify a presigned upload form as S3 would; return what was verified, or raise.

    Guarantees that the policy was signed with the secret of its access key id, that it has not expired, and that bucket,
    fields and file satisfy it: every condition is met, and every field has one.  Only `policy`, `x-amz-signature`, the
    file and fields named `x-ignore-...` need no condition; these are not returned.

    Called with the fields of a new form, it tells whether an upload would be accepted.

    Args:
        fields: The form's fields that come before the file, as a mapping or pairs; S3 ignores those after it.  Pass
            pairs where a framework's mapping would hide a repeated field.  Names may be in any case; a field `file` is
            ignored.
        file_size: The file's size in bytes; None if the file has not been read yet.  Then check it against
            `content_length_range` of the result while you read.
        bucket: The bucket in the URL that the form was sent to.
        secrets: A mapping or a callable: access key id -> secret (`str` or `Credentials`), or None for an unknown one.
            A form's session token must equal that of the `Credentials`.
        region: The region that it must be signed for; None accepts any.
        service: The service that it must be signed for.
        filename: The file's name in the form; the part after its last slash or backslash replaces `${filename}` in
            every field before the conditions are checked.  None if the form has none: `${filename}` is then kept, as
            in S3.
        clock_skew: How many seconds x-amz-date may be ahead of `now`.  Expiry has no such tolerance.
        max_age: The maximum age of the form's signature (its x-amz-date), in seconds or as a timedelta: at most seven
            days, AWS's limit, whatever the policy's expiration is.
        single_use: A store of used forms, which are identified by the SHA-256 of the policy's base64 text, their string
            to sign.  Each form is accepted once, for one file; a file of unknown size is read only after that.  Forms
            made within one second need a signed field that differs, such as `x-amz-meta-nonce`.
        now: Epoch seconds or an aware datetime; None: the current time.

    Raises:
        VerificationError: The form is rejected; `.reason`, `.code` and `.status` say why.  Its subclasses are `Expired`
            (with the reason `policy_expired`), `NotYetValid` and `SignatureMismatch`.
        InputError: An invalid argument.
        TypeError: An argument of the wrong type.  Exceptions of a callback pass through.

    Example:
        >>> from sigv4presign import Credentials, S3Presigner
        >>> keys = Credentials("AKIDEXAMPLE", "secret")
        >>> form = S3Presigner(keys, "eu-west-1").post_object(
        ...     "photos", "user/42/${filename}", expires_in=600, content_length_range=(1, 5_000_000), now=1764000000)
        >>> def would_be_accepted(size: int) -> VerifiedForm:
        ...     return verify_post(form.fields, file_size=size, filename="a.png", bucket="photos",
        ...                        secrets={"AKIDEXAMPLE": keys}, region="eu-west-1", now=1764000300)
        >>> would_be_accepted(1024).key
        'user/42/a.png'
        >>> would_be_accepted(6_000_000)
        Traceback (most recent call last):
        sigv4presign.errors.VerificationError: Your proposed upload exceeds the maximum allowed size: 6000000 bytes, of at most 5000000

    Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html
    """  # noqa: E501 - one line is what Python prints
    try:
        _check_arguments(file_size, bucket, filename)
        oldest = lifetime_seconds(max_age, "max_age", WEEK)
        second = exact_seconds(now)
        expected = Expectations(service=service, region=region, clock_skew=clock_skew)
        form = _Form(fields, filename, expected)
        conditions = form.judge(present("secrets", form.look_up(secrets), _CANNOT_WAIT), second)
        seen = form.verified(conditions, bucket, second, expected.clock_skew, oldest)
        if file_size is not None and seen.content_length_range is not None:
            check_size(file_size, *seen.content_length_range)
        if single_use is not None:
            first = claim(single_use, form.policy, seen.expires_at, second)
            check_first(present("single_use", first, _CANNOT_WAIT))
    except BaseException as fault:  # noqa: BLE001 - any error leaves without our frames
        del fields, secrets, single_use
        raise without_our_frames(fault)  # noqa: B904 - it is the same error
    return seen


def _check_arguments(file_size: "Any", bucket: "Any", filename: "Any") -> None:
    """Check the arguments that come from the caller, not from the client."""
    if file_size is not None:
        if isinstance(file_size, bool) or not isinstance(file_size, int):
            raise TypeError(f"file_size: expected int or None, got {type(file_size).__name__}")
        if file_size < 0:
            raise InputError("file_size", f"{file_size} bytes; give the file's size, or None if it is not known yet")
    if not isinstance(bucket, str):
        raise TypeError(f"bucket: expected str, got {type(bucket).__name__}")
    if not bucket:
        raise InputError("bucket", "is empty; give the bucket that the form was sent to")
    if filename is not None and not isinstance(filename, str):
        raise TypeError(f"filename: expected str or None, got {type(filename).__name__}")


class _Form:
    """A form, read strictly and not yet verified."""

    __slots__ = ("_authorization", "_filename", "_sent", "policy")

    def __init__(self, fields: "Fields", filename: "str | None", expected: Expectations) -> None:
        self._filename = filename
        self._sent = _read_fields(fields, filename)
        self._authorization = _read_authorization(self._sent, expected)
        self.policy = self._sent["policy"]

    def look_up(self, secrets: "Secrets") -> "Any":
        """Look up the secret of the access key id."""
        return finder(secrets)(self._authorization.access_key_id)

    def judge(self, found: "str | Credentials | None", second: float) -> "Policy":
        """Verify the signature with the secret found, then the time; return the policy."""
        authorization, policy = self._authorization, self.policy
        secret = checked_secret(found, authorization.session_token)
        state = scope_state(
            authorization.access_key_id, secret, authorization.session_token, authorization.date, authorization.region,
            authorization.service,
        )  # fmt: skip
        signature = authorization.signature
        if not signature.isascii() or not compare_digest(state.sign(policy), signature):
            raise SignatureMismatch(
                "The request signature we calculated does not match the signature you provided. Check your key and "
                "signing method.",
                canonical_request="",  # a form has none; the policy is signed
                string_to_sign=policy,
            )
        read = Policy(policy)
        if second > read.expires_at:
            raise _expired("Invalid according to Policy: Policy expired.", read.expires_at)
        if isinstance(found, Credentials) and found.expires_at is not None and second > found.expires_at:
            raise VerificationError("expired_token", "ExpiredToken", 400, "The provided token has expired.")
        return read

    def verified(self, policy: "Policy", bucket: str, second: float, clock_skew: int, oldest: int) -> VerifiedForm:
        """Check the conditions and the age of the signature; return the result."""
        authorization = self._authorization
        values = _with_filename(self._sent, self._filename)
        check_conditions(policy.conditions, values, bucket)
        if authorization.signed_at > second + clock_skew:
            raise NotYetValid("The form is not valid yet", valid_from=authorization.signed_at)
        too_old = authorization.signed_at + oldest
        if second > too_old:
            raise _expired(
                f"Invalid according to Policy: Policy expired (its signature is older than {oldest} seconds).", too_old
            )
        covered = {condition.name for condition in policy.conditions} - _SIGNING
        return VerifiedForm._restore(
            authorization.access_key_id,
            bucket,
            values["key"],
            tuple(sorted([(name, value) for name, value in values.items() if name in covered])),
            CredentialScope._restore(authorization.date, authorization.region, authorization.service),
            min(policy.expires_at, too_old),
            policy.content_length_range,
        )


def _expired(problem: str, expires_at: int) -> Expired:
    expired = Expired(problem, expires_at=expires_at)
    expired.reason = "policy_expired"  # Expired sets the reason of a URL
    return expired


# --- steps 1 and 2: what the form says -------------------------------------------------------------------------------


def _read_fields(fields: "Fields", filename: "str | None") -> "dict[str, str]":
    """The fields by their names in lower case, without the file."""
    given: Any = fields
    if hasattr(given, "items"):
        given = given.items()
    if is_a(given, str, bytes) or not hasattr(given, "__iter__"):
        raise TypeError(f"fields: expected a mapping or pairs, got {type(given).__name__}")
    found: dict[str, str] = {}
    # The file's name is sent before the file, so it counts towards the size.
    size = 0 if filename is None else len(_utf8("the file's name", filename))
    for pair in given:
        if not is_a(pair, tuple, list) or len(pair) != 2 or not isinstance(pair[0], str):
            raise TypeError("fields: expected pairs of a name and a value, both str")
        name, value = pair
        raw_name = _utf8("a field's name", name).lower()  # of ASCII letters only, unlike str.lower
        if raw_name == b"file":
            continue
        if not isinstance(value, str):
            raise TypeError(f"fields: expected str for the value of {quoted(name)}, got {type(value).__name__}")
        size += len(raw_name) + len(_utf8(f"the field {quoted(name)}", value))
        if size > LARGEST_FORM:
            raise _too_large(f"{LARGEST_FORM} bytes")
        lower = raw_name.decode()
        if not lower:
            raise refused("malformed_request", "InvalidArgument", "A field of the form has no name.")
        if len(found) >= MAX_FIELDS:
            raise _too_large(f"{MAX_FIELDS} fields")
        if lower in found:
            raise refused("duplicate_field", "InvalidArgument", f"A field of the form is there twice: {quoted(name)}.")
        found[lower] = value
    return found


def _too_large(most: str) -> VerificationError:
    problem = f"Your POST request fields preceding the upload file were too large: {most} at most."
    return refused("too_large", "MaxPostPreDataLengthExceeded", problem)


def _utf8(what: str, text: str) -> bytes:
    """A text of the form in UTF-8; reject text that was not UTF-8, and NUL."""
    try:
        raw = text.encode()
    except UnicodeEncodeError:  # a lone surrogate: the bytes were not UTF-8
        raw = b"\0"
    if b"\0" in raw:
        raise refused("malformed_request", "MalformedPOSTRequest", f"In the form, {what} is not UTF-8, or has a NUL.")
    return raw


class _FormAuth:
    """The signature's fields, parsed strictly and not yet verified; a form has no lifetime or headers."""

    __slots__ = ("access_key_id", "date", "region", "service", "session_token", "signature", "signed_at")

    def __init__(self, sent: "dict[str, str]", token_name: str) -> None:
        check_algorithm(sent["x-amz-algorithm"])
        parts = parse_credential(sent["x-amz-credential"])
        self.access_key_id, self.date, self.region, self.service = (
            parts.access_key_id, parts.date, parts.region, parts.service,
        )  # fmt: skip
        self.signed_at = parse_signing_date(sent["x-amz-date"], parts.date)
        self.session_token = sent.get(token_name.lower())
        self.signature = sent["x-amz-signature"]


def _read_authorization(sent: "dict[str, str]", expected: Expectations) -> _FormAuth:
    """The signature's fields; raise if they are for another service or region."""
    if not any(name.lower() in sent for name in _REQUIRED if name != "policy"):
        if "awsaccesskeyid" in sent:  # Signature Version 2
            raise refused(
                "unsupported_algorithm",
                "InvalidRequest",
                "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
            )
        raise refused("missing_field", "AccessDenied", "The form has no signature.", 403)
    for name in ("key", *_REQUIRED):
        if name.lower() not in sent:
            raise refused(
                "missing_field",
                "InvalidArgument",
                f"Bucket POST must contain a field named '{name}'.  If it is specified, please check the order of the "
                "fields.",
            )
    try:
        authorization = _FormAuth(sent, TOKEN_PARAMETERS[expected.rules.session_token])
    except VerificationError as fault:
        fault.code = "InvalidArgument"  # S3's for a form; a URL has AuthorizationQueryParametersError
        raise
    if authorization.service != expected.service:
        raise refused(
            "wrong_service",
            "InvalidArgument",
            f"The service {quoted(authorization.service)} is wrong; expecting {quoted(expected.service)}.",
        )
    if expected.region is not None and authorization.region != expected.region:
        raise refused(
            "wrong_region",
            "InvalidArgument",
            f"The region {quoted(authorization.region)} is wrong; expecting {quoted(expected.region)}.",
        )
    return authorization


def _with_filename(sent: "dict[str, str]", filename: "str | None") -> "dict[str, str]":
    """The fields with `${filename}` replaced, except the signature's; reject a form that becomes too large."""
    values = sent
    if filename is not None:
        name = filename.replace("\\", "/").rpartition("/")[2]
        uses = {field: 0 if field in _SIGNING else value.count(FILENAME) for field, value in sent.items()}
        # Computed before it is done: many `${filename}` and a long name would become some megabytes.
        if sum(uses.values()) * len(name.encode()) > LARGEST_FORM:
            raise _too_large(f"{LARGEST_FORM} bytes with the file's name put in,")
        values = {field: value.replace(FILENAME, name) if uses[field] else value for field, value in sent.items()}
    if len(values["key"].encode()) > LONGEST_KEY:
        raise refused("too_large", "KeyTooLongError", "Your key is too long")
    return values
