"""Presigned POST: the fields of an upload form and its policy.

Rule: every field is covered by exactly one condition, derived from the field or given by the caller; a form that S3
would reject is not made.  https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
"""

import base64
import json
from collections.abc import Mapping
from html import escape as html_escape
from shlex import quote as shell_quoted

from .._credentials import fitted_lifetime
from .._query_auth import ALGORITHM, TOKEN_PARAMETERS, rules_for
from .._redaction import is_secret
from .._signature import state_for
from .._text import IN_PATH
from .._time import LAST_SECOND, WEEK, amz_date, iso_date
from .._value import HIDDEN, Value
from ..errors import InputError
from .policy import (
    CONDITION_PARAMETERS,
    FILENAME,
    LARGEST_FORM,
    RESERVED,
    FieldCondition,
    as_read,
    check_given_policy,
    check_name,
    check_text,
    given_conditions,
    is_a,
    policy_conditions,
    read_condition,
    read_policy,
    strictest,
)
from .signer import bad_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from typing_extensions import Unpack

    from .._credentials import Credentials
    from .._steps import SigningKey
    from .buckets import Address
    from .policy import PostObject


# https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTForms.html
_FIELD_OF = {
    "acl": "acl",
    "cache_control": "Cache-Control",
    "content_disposition": "Content-Disposition",
    "content_encoding": "Content-Encoding",
    "content_type": "Content-Type",
    "success_action_redirect": "success_action_redirect",
    "success_action_status": "success_action_status",
    "storage_class": "x-amz-storage-class",
    "server_side_encryption": "x-amz-server-side-encryption",
    "sse_kms_key_id": "x-amz-server-side-encryption-aws-kms-key-id",
}
_PARAMETERS = ("expires_in", "now", "fields", *CONDITION_PARAMETERS, *_FIELD_OF, "metadata", "tagging", "policy")


class PresignedPost(Value):
    """A form that uploads one file.  Immutable; `repr` hides policy, signature and session token.

    Send all of `fields`, then the file as the last part, named `file`; S3 ignores what comes after it.  The object's
    type is the value of the field Content-Type, not the type of the file's part.

    Attributes:
        url: The URL to POST the form to, as multipart/form-data.
        fields: The form's fields in order, as a fresh dict, without the file.
        expires_at: When S3 stops accepting the form, in epoch seconds.

    Example:
        >>> from sigv4presign import Credentials, S3Presigner
        >>> s3 = S3Presigner(Credentials("AKIDEXAMPLE", "secret"), region="eu-west-1")
        >>> form = s3.post_object("photos", "user/42/${filename}", expires_in=600)
        >>> form.url
        'https://photos.s3.eu-west-1.amazonaws.com/'
        >>> list(form.fields)
        ['key', 'x-amz-algorithm', 'x-amz-credential', 'x-amz-date', 'policy', 'x-amz-signature']

    Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTForms.html
    """

    __slots__ = _fields = ("url", "_pairs", "expires_at")
    _hidden = ("_pairs",)

    url: str
    _pairs: "tuple[tuple[str, str], ...]"
    expires_at: int

    def __init__(self) -> None:
        raise TypeError("a PresignedPost comes from post_object(); it has no public constructor")

    @property
    def fields(self) -> "dict[str, str]":
        return dict(self._pairs)

    def curl(self, path: str = "FILE") -> str:
        """A curl command for a POSIX shell that uploads the file at `path`.

        A field that the policy requires and the client fills in has the prefix that the policy allows; edit it.  The
        command contains the signature, so treat it as a secret, like the form.
        """
        if not isinstance(path, str):
            raise TypeError(f"path: expected str, got {type(path).__name__}")
        if not path or "\0" in path:
            raise InputError("path", f"{path[:80]!r} is not a path")
        words = ["curl", shell_quoted(self.url)]
        for name, text in [*self._pairs, *[(ask.field, ask.value) for ask in self._open_fields()]]:
            words += ["--form-string", shell_quoted(f"{name}={text}")]
        return " ".join([*words, "--form", shell_quoted(f"file=@{_curl_file(path)}")])

    def html_form(self) -> str:
        """The form as HTML, for a page in UTF-8.

        A field that the policy requires and the client fills in is a text input, which contains the required prefix.

        Raises:
            InputError: A value has a line break, which browsers rewrite, so that it would not match the policy.
        """
        lines = [
            f'<form action="{_escaped(self.url)}" method="post" enctype="multipart/form-data" accept-charset="utf-8">'
        ]
        fields = [(name, text, True) for name, text in self._pairs]
        for name, text, hidden in fields + [(ask.field, ask.value, ask.exact) for ask in self._open_fields()]:
            # https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data
            if "\r" in text or "\n" in text:
                raise InputError("fields", f"{name} has a line break, which browsers rewrite; send it from a script")
            attributes = f'name="{_escaped(name)}" value="{_escaped(text)}"'
            if hidden:
                lines.append(f'  <input type="hidden" {attributes}>')
            else:
                lines.append(f'  <label>{_escaped(name)} <input type="text" {attributes}></label>')
        lines += [
            '  <label>File <input type="file" name="file" required></label>',
            '  <button type="submit">Upload</button>',
            "</form>",
        ]
        return "\n".join(lines) + "\n"

    def to_dict(self) -> "dict[str, Any]":
        """`url` and `fields` as in boto3, and `expires_at`: plain data, ready for JSON."""
        return {"url": self.url, "fields": self.fields, "expires_at": self.expires_at}

    def _open_fields(self) -> "list[FieldCondition]":
        """The conditions on fields that are not here, one for each.

        S3 rejects a form that lacks such a field, even if the condition is `starts-with` the empty text.
        """
        here = {name.lower() for name, _ in self._pairs} | {"bucket"}
        document = read_policy(base64.b64decode(self.fields["policy"]))
        conditions = [read_condition(as_read(written)) for written in document["conditions"]]
        on_fields = strictest([condition for condition in conditions if isinstance(condition, FieldCondition)])
        return [condition for name, condition in on_fields.items() if name not in here]

    def __repr__(self) -> str:
        if not self._is_built():
            return super().__repr__()
        fields = ", ".join(
            f"{name!r}: {HIDDEN if is_secret(name, in_form=True) else repr(value)}" for name, value in self._pairs
        )
        return f"PresignedPost(url={self.url!r}, fields={{{fields}}}, expires_at={self.expires_at!r})"


def _curl_file(path: str) -> str:
    """A path as curl's --form reads it after `@`: quoted if `;`, `,` or a quote could end it."""
    if path.isascii() and not path.encode().translate(None, IN_PATH):
        return path
    return '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _escaped(text: str) -> str:
    """Text for an attribute in double quotes or between tags."""
    return html_escape(text)


def post_object(
    address: "Address",
    credentials: "Credentials | SigningKey",
    bucket: str,
    key: str,
    *,
    second: int,
    lifetime: "int | None",
    longest: int = WEEK,
    **params: "Unpack[PostObject]",
) -> PresignedPost:
    """A signed form that uploads a file to `key`; S3 replaces `${filename}` in it by the file's name.

    Guarantees that each field is covered by one condition: the caller's, if `conditions` has one for it that its value
    satisfies, else an exact match (a prefix, if the value has `${filename}`).  bucket, key and the signature's fields
    always have one.  Arguments of botocore's `generate_presigned_post` give the same form here, and fields without a
    condition, which S3 would reject, are covered.

    Args:
        address: The bucket's.
        credentials: The signer's, read once.
        bucket: The bucket's name, for its condition.
        key: The object's key; it may contain `${filename}`, and S3 does not check what follows that.
        second: When the form is signed, in epoch seconds.
        lifetime: Its lifetime in seconds; None with `policy`, which has an expiration.
        longest: How many seconds after it is signed the store accepts a form, whatever the expiration of `policy`.
        **params: Further fields and conditions:
            `fields`: Form fields as S3 names them, in order.  Those named `x-ignore-...` need no condition.
            `conditions`: Conditions of the policy language: `{"acl": "private"}`, `["eq", "$acl", "private"]`,
            `["starts-with", "$x-amz-meta-note", ""]`, `["content-length-range", 1, 5_000_000]`.  The client fills in a
            field that has a condition and is not in the form.
            `content_length_range`: The file's minimum and maximum size in bytes.
            `content_type`: The object's Content-Type.
            `content_type_starts_with`: A prefix that the client's Content-Type field must have, such as `image/`;
            `content_type` is then its default.
            `acl`, `cache_control`, `content_disposition`, `content_encoding`, `storage_class`,
            `server_side_encryption`, `sse_kms_key_id`: The fields of these names.
            `metadata`: `x-amz-meta-` fields, names without that prefix.
            `tagging`: The object's tags as a mapping; pass XML in `fields`.
            `success_action_redirect`: The URL to send a browser to after the upload.
            `success_action_status`: 200, 201 (S3 answers with XML) or 204.
            `policy`: The policy's bytes, signed unchanged; only key and signature are added to the given fields, and
            no other conditions are allowed.  It needs a condition for the bucket and for each field, the signature's
            included.

    Raises:
        InputError: A form that can't be signed or that S3 would reject: a malformed or reserved field or condition,
            conflicting conditions, more than 20 KB without the file, an expired policy.
        CredentialsExpireFirst: The credentials expire before the `policy` does.
        TypeError: A value of the wrong type, or an unknown parameter.

    Example:
        >>> from sigv4presign import Credentials
        >>> from sigv4presign._s3.buckets import Address
        >>> address = Address("https", "photos.s3.eu-west-1.amazonaws.com", "", "eu-west-1", "s3")
        >>> form = post_object(address, Credentials("AKIDEXAMPLE", "secret"), "photos", "user/42/${filename}",
        ...                    second=1764000000, lifetime=600, content_length_range=(1, 5_000_000), acl="private")
        >>> form.url, form.expires_at
        ('https://photos.s3.eu-west-1.amazonaws.com/', 1764000600)
        >>> list(form.fields)
        ['acl', 'key', 'x-amz-algorithm', 'x-amz-credential', 'x-amz-date', 'policy', 'x-amz-signature']
        >>> print(base64.b64decode(form.fields["policy"]).decode())
        {"expiration": "2025-11-24T16:10:00Z", "conditions": [["content-length-range", 1, 5000000], {"acl": "private"},
        {"bucket": "photos"}, ["starts-with", "$key", "user/42/"], {"x-amz-algorithm": "AWS4-HMAC-SHA256"},
        {"x-amz-credential": "AKIDEXAMPLE/20251124/eu-west-1/s3/aws4_request"}, {"x-amz-date": "20251124T160000Z"}]}

    Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html
    """
    for name in params:
        if name not in _PARAMETERS:
            raise TypeError(f"post_object() takes no parameter {name!r}; {_suggestion(name)}")
    _check_key(key, address.longest_key)
    fields = _form_fields(key, params)
    if address.region is None:
        raise InputError(
            "bucket", "a multi-region access point needs SigV4A, which POST forms don't have; give a bucket"
        )
    date = amz_date(second)
    state = state_for(credentials, date[:8], address.region, address.service)
    own = {
        "key": key,
        "x-amz-algorithm": ALGORITHM,
        "x-amz-credential": f"{credentials.access_key_id}/{state.scope}",
        "x-amz-date": date,
    }
    if credentials.session_token is not None:
        rule = rules_for(address.service).session_token
        name = TOKEN_PARAMETERS[rule] if rule == "s3express" else "x-amz-security-token"
        own[name] = credentials.session_token

    signed = {"bucket": bucket, **own}
    policy: Any = params.get("policy")
    if lifetime is None:
        expires_at = min(check_given_policy(policy, fields, signed, second, params), second + longest)
        if credentials.expires_at is not None:
            fitted_lifetime(expires_at - second, second, credentials.expires_at, shorten=False)
    elif policy is not None:
        raise InputError("expires_in", "the policy given has its own expiration; leave expires_in out")
    else:
        expires_at = second + lifetime
        conditions = policy_conditions(given_conditions(params), fields, signed)
        # Spaced and escaped as json.dumps does by default: botocore's policies are byte for byte the same.
        if expires_at > LAST_SECOND:
            raise InputError(
                "now", f"the form would expire {lifetime} s later, after the year 9999; give an earlier time"
            )
        policy = json.dumps({"expiration": iso_date(expires_at), "conditions": conditions}).encode()
    text = base64.b64encode(policy).decode()
    pairs = (*fields.items(), *own.items(), ("policy", text), ("x-amz-signature", state.sign(text)))
    _check_size(pairs)
    return PresignedPost._restore(address.opening + address.slash, pairs, expires_at)


def _suggestion(name: str) -> str:
    """A hint for a misspelt parameter, such as `ExpiresIn` for `expires_in`."""
    bare = name.replace("_", "").lower()
    for right in _PARAMETERS:
        if right.replace("_", "") == bare:
            return f"use {right}"
    return f"it takes {', '.join(_PARAMETERS)}"


# --- fields ----------------------------------------------------------------------------------------------------------


def _check_key(key: str, longest: int) -> None:
    if not isinstance(key, str):
        raise TypeError(f"key: expected str, got {type(key).__name__}")
    if not key:
        raise InputError("key", "is empty; '${filename}' is replaced by the file's name")
    check_text("key", "the key", key)
    fixed = key.replace(FILENAME, "")  # the file's name may be empty
    if len(fixed.encode()) > longest:
        raise bad_key(fixed, longest)


def _form_fields(key: str, params: "PostObject") -> "dict[str, str]":
    """The caller's fields in order: `fields` first, then those of the other parameters."""
    found: dict[str, str] = {}
    names: set[str] = set()

    def add(parameter: str, name: str, value: str) -> None:
        check_name(parameter, name)
        check_text(parameter, f"the value of {name}", value)
        lower = name.lower()
        if lower == "key" and value == key:
            return  # repeated in fields, as in some code for boto3
        if lower in RESERVED:
            raise InputError(parameter, f"{name} is reserved for the form itself; leave it out")
        if lower in names:
            raise InputError(parameter, f"{name} is there twice; names are not case-sensitive in S3")
        if lower == "success_action_status" and value not in ("200", "201", "204"):
            raise InputError(parameter, f"{value[:20]!r} is not 200, 201 or 204; S3 would answer 204")
        names.add(lower)
        found[name] = value

    for name, value in _items("fields", params.get("fields")):
        add("fields", name, value)
    for parameter, name in _FIELD_OF.items():
        given: Any = params.get(parameter)
        if given == "":
            raise InputError(parameter, "is empty; leave it out")
        if parameter == "success_action_status" and is_a(given, int):
            given = str(given)
        if given is not None:
            add(parameter, name, given)
    for name, value in _items("metadata", params.get("metadata")):
        check_name("metadata", name)
        add("metadata", f"x-amz-meta-{name}", value)
    tags = _items("tagging", params.get("tagging"))
    if tags:
        add("tagging", "tagging", _tagging(tags))
    return found


def _items(parameter: str, value: "Any") -> "list[tuple[str, str]]":
    if value is None:
        return []
    if not is_a(value, Mapping):
        raise TypeError(f"{parameter}: expected a mapping, got {type(value).__name__}")
    return list(value.items())


def _tagging(tags: "list[tuple[str, str]]") -> str:
    """Tags as XML for the field `tagging`, unlike the header of PutObject."""
    pieces: list[str] = []
    for key, value in tags:
        check_text("tagging", "a tag's key", key)
        check_text("tagging", "a tag's value", value)
        pieces.append(f"<Tag><Key>{_escaped(key)}</Key><Value>{_escaped(value)}</Value></Tag>")
    return f"<Tagging><TagSet>{''.join(pieces)}</TagSet></Tagging>"


def _check_size(pairs: "Iterable[tuple[str, str]]") -> None:
    """Reject more form data than S3 reads before the file, boundaries included; Chrome's have 38 characters."""
    size = sum(len(name) + len(value.encode()) + _FRAME for name, value in pairs)
    if size > LARGEST_FORM:
        raise InputError(
            "fields",
            f"the form has {size} bytes without the file; the maximum is {LARGEST_FORM}, policy and key included",
        )


_FRAME = len(f'--{"-" * 38}\r\nContent-Disposition: form-data; name=""\r\n\r\n\r\n')
