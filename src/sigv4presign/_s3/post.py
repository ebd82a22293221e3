"""Presigned POST: the fields of an upload form, and the policy that says what the form may be.

Rule: every field is covered by exactly one condition, which follows from the field or is the caller's own; a form that
S3 must refuse is not made.  https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
"""

import base64
import json
from collections.abc import Mapping

from .._presign import fitted_lifetime
from .._query_auth import TOKEN_PARAMETERS, _quoted
from .._signature import ALGORITHM, sign, state_for
from .._timestamps import amz_date, iso_date, parse_iso_date
from .._value import Value
from ..errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any, Literal, TypedDict, Union

    from typing_extensions import Unpack

    from .._credentials import Credentials
    from .._signature import SigningKey
    from ..types import SessionTokenRule

    Condition = Union[Mapping[str, str], Sequence[Union[str, int]]]

    class PostObject(TypedDict, total=False):
        """What `post_object` takes besides bucket, key, `expires_in` and `now`."""

        fields: Mapping[str, str]
        conditions: Iterable[Condition]
        content_length_range: tuple[int, int]
        content_type: str
        content_type_starts_with: str
        acl: str
        cache_control: str
        content_disposition: str
        content_encoding: str
        metadata: Mapping[str, str]
        tagging: Mapping[str, str]
        success_action_redirect: str
        success_action_status: Literal[200, 201, 204]
        storage_class: str
        server_side_encryption: str
        sse_kms_key_id: str
        policy: bytes


LARGEST_OBJECT = 5 * 1024**3  # bytes; https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html
# MaxPostPreDataLengthBytes, as S3 names it in its MaxPostPreDataLengthExceeded error: everything before the file.
LARGEST_FORM = 20_480

_FILENAME = "${filename}"

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
_CONDITION_PARAMETERS = ("conditions", "content_length_range", "content_type_starts_with")
_PARAMETERS = ("expires_in", "now", "fields", *_CONDITION_PARAMETERS, *_FIELD_OF, "metadata", "tagging", "policy")

# In lower case: the names that are made here, or that S3 gives a meaning of their own, Signature Version 2's included.
_RESERVED = frozenset(
    (
        "awsaccesskeyid", "bucket", "file", "key", "policy", "signature", "x-amz-algorithm", "x-amz-credential",
        "x-amz-date", "x-amz-s3session-token", "x-amz-security-token", "x-amz-signature",
    )
)  # fmt: skip
_SECRET = frozenset(
    (
        "policy", "x-amz-s3session-token", "x-amz-security-token", "x-amz-server-side-encryption-customer-key",
        "x-amz-signature",
    )
)  # fmt: skip
# RFC 9110's token, which every documented name is; no browser or client has to escape it.
_NAME_BYTES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-!#$%&'*+.^_`|~"


class PresignedPost(Value):
    """A form that uploads one file.  Immutable; `repr` hides policy, signature and session token.

    Send all of `fields`, then the file as the last part, named `file`; S3 ignores what comes after it.  Text that you
    put into the file's part, such as its Content-Type, is not read: the object's type is the field Content-Type.

    Attributes:
        url: Where the form goes, with POST and as multipart/form-data.
        fields: The form's fields in order, as a fresh dict.  The file is not among them.
        expires_at: When S3 stops accepting the form, in epoch seconds.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTForms.html
    """

    __slots__ = _fields = ("url", "_pairs", "expires_at")

    url: str
    _pairs: "tuple[tuple[str, str], ...]"
    expires_at: int

    def __init__(self) -> None:
        raise TypeError("a PresignedPost comes from post_object(); it cannot be made by hand")

    @property
    def fields(self) -> "dict[str, str]":
        return dict(self._pairs)

    def curl(self, path: str = "FILE") -> str:
        """A curl command for a POSIX shell that uploads the file at `path`.

        A field that the policy asks for and the form leaves to the client is there with the least text that the policy
        allows, to be edited.  The command holds the signature, so treat it as the secret that the form is.
        """
        if not isinstance(path, str):
            raise TypeError(f"path: expected str, got {type(path).__name__}")
        if not path or "\0" in path:
            raise InputError("path", f"{path[:80]!r} is no path")
        pairs = [*self._pairs, *[(name, text) for name, text, _ in self._open_fields()]]
        words = ["curl", _quoted(self.url)]
        for name, text in pairs:
            words += ["--form-string", _quoted(f"{name}={text}")]
        return " ".join([*words, "--form", _quoted(f"file=@{_curl_file(path)}")])

    def html_form(self) -> str:
        """The form as HTML, for a page in UTF-8.

        A field that the policy asks for and the form leaves to the client is a text input, filled with what it has to
        begin with.

        Raises:
            InputError: A value has a line break, which browsers rewrite, so that the policy would not hold.
        """
        lines = [
            f'<form action="{_escaped(self.url)}" method="post" enctype="multipart/form-data" accept-charset="utf-8">'
        ]
        for name, text, hidden in [*[(name, text, True) for name, text in self._pairs], *self._open_fields()]:
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
        """`url` and `fields` as boto3 gives them, and `expires_at`: plain data, ready for JSON."""
        return {"url": self.url, "fields": self.fields, "expires_at": self.expires_at}

    def _open_fields(self) -> "list[tuple[str, str, bool]]":
        """(name, least text, whether that is the only one) of the fields that the policy asks for and that are not here.

        S3 refuses a form that lacks one, even where the condition is `starts-with` the empty text.
        """
        here = {name.lower() for name, _ in self._pairs} | {"bucket"}
        document = _document(base64.b64decode(self.fields["policy"]))
        return [(name, text, exact) for name, exact, text in _field_conditions(document) if name.lower() not in here]

    def __repr__(self) -> str:
        fields = ", ".join(
            f"{name!r}: {'<hidden>' if name.lower() in _SECRET else repr(value)}" for name, value in self._pairs
        )
        return f"PresignedPost(url={self.url!r}, fields={{{fields}}}, expires_at={self.expires_at!r})"


def _curl_file(path: str) -> str:
    """A path as curl's --form reads it after `@`: quoted if `;`, `,` or a quote could end it."""
    if path.isascii() and path.replace("/", "a").replace("_", "a").replace("-", "a").replace(".", "a").isalnum():
        return path
    return '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _escaped(text: str) -> str:
    """Text for an attribute in double quotes or between tags."""
    return text.translate(_HTML_ESCAPES)


_HTML_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


def post_object(
    place: "tuple[str, str, str]",
    credentials: "Credentials | SigningKey",
    second: int,
    lifetime: "int | None",
    token_rule: "SessionTokenRule",
    bucket: str,
    key: str,
    *,
    region: str,
    service: str,
    **params: "Unpack[PostObject]",
) -> PresignedPost:
    """A form that uploads a file to `key`, signed; `${filename}` in it stands for the file's own name.

    Guarantees that each field is covered by one condition: the caller's, if `conditions` has one for it that its value
    satisfies, else an exact match (a prefix, where the value has `${filename}`).  bucket, key and the signature's own
    fields always have their own.  So what botocore's `generate_presigned_post` takes gives the same form here, and
    fields without a condition, which S3 would refuse there, are covered.

    Args:
        place: Scheme, host and path of the bucket, as the client will open it.
        credentials: The signer's, read once.
        second: When the form is signed, in epoch seconds.
        lifetime: How many seconds it lives; None with `policy`, which says so itself.
        token_rule: The rule that names the session token's field.
        bucket: The bucket's name, for its condition.
        key: The object's key, which may hold `${filename}`; what follows that is not enforced by S3.
        region: The region of the scope.
        service: The service of the scope.
        **params: What the form holds besides:
            `fields`: Form fields as S3 names them, in order.  Those named `x-ignore-...` need no condition.
            `conditions`: Conditions of the policy language: `{"acl": "private"}`, `["eq", "$acl", "private"]`,
            `["starts-with", "$x-amz-meta-note", ""]`, `["content-length-range", 1, 5_000_000]`.  One for a field that
            is not in the form is the client's to fill in.
            `content_length_range`: The file's least and greatest size in bytes.
            `content_type`: The object's Content-Type.
            `content_type_starts_with`: What the client's Content-Type field has to begin with, such as `image/`;
            with `content_type`, that is what it is unless the client changes it.
            `acl`, `cache_control`, `content_disposition`, `content_encoding`, `storage_class`,
            `server_side_encryption`, `sse_kms_key_id`: Fields of their own.
            `metadata`: `x-amz-meta-` fields, names without that prefix.
            `tagging`: The object's tags; XML that is ready goes into `fields`.
            `success_action_redirect`: The URL to send a browser to after the upload.
            `success_action_status`: 200, 201 (S3 answers with XML) or 204.
            `policy`: The policy's bytes, signed as they are; then nothing is added to the fields given but key and
            signature, and there can be no conditions besides.

    Raises:
        InputError: A form that cannot be signed or that S3 must refuse: a field or condition that is malformed or
            reserved, conditions that cannot hold, more than 20 KB without the file, a policy that has expired.
        CredentialsExpireFirst: The credentials end before the `policy` does.
        TypeError: A value of the wrong type, or a parameter that is none of these.

    Example:
        >>> from sigv4presign import Credentials
        >>> form = post_object(("https", "photos.s3.eu-west-1.amazonaws.com", ""), Credentials("AKIDEXAMPLE", "secret"),
        ...                    1764000000, 600, "signed", "photos", "user/42/${filename}", region="eu-west-1",
        ...                    service="s3", content_length_range=(1, 5_000_000), acl="private")
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
    _check_key(key)
    fields = _form_fields(key, params)
    date = amz_date(second)
    state = state_for(credentials, date[:8], region, service)
    own = {
        "key": key,
        "x-amz-algorithm": ALGORITHM,
        "x-amz-credential": f"{credentials.access_key_id}/{state[0]}",
        "x-amz-date": date,
    }
    if credentials.session_token is not None:
        name = TOKEN_PARAMETERS[token_rule] if token_rule == "s3express" else "x-amz-security-token"
        own[name] = credentials.session_token

    policy = params.get("policy")
    if policy is not None:
        expires_at = _check_given_policy(policy, {"bucket": bucket, **own}, second, lifetime, params)
        fitted_lifetime(expires_at - second, second, credentials.expires_at, shorten=False)
    elif lifetime is None:
        raise TypeError("lifetime: expected int, got NoneType")
    else:
        expires_at = second + lifetime
        conditions = _policy_conditions(_given_conditions(params), fields, {"bucket": bucket, **own})
        # Spaced and escaped as json.dumps does it by itself: botocore's policies are byte for byte the same.
        policy = json.dumps({"expiration": iso_date(expires_at), "conditions": conditions}).encode()
    text = base64.b64encode(policy).decode()
    pairs = (*fields.items(), *own.items(), ("policy", text), ("x-amz-signature", sign(state, text.encode())))
    _check_size(pairs)
    scheme, host, path = place
    post: PresignedPost = PresignedPost._restore(f"{scheme}://{host}{path or '/'}", pairs, expires_at)
    return post


def _suggestion(name: str) -> str:
    """`ExpiresIn` is `expires_in` here: say so."""
    bare = name.replace("_", "").lower()
    for right in _PARAMETERS:
        if right.replace("_", "") == bare:
            return f"it is written {right}"
    return f"it takes {', '.join(_PARAMETERS)}"


# --- fields ----------------------------------------------------------------------------------------------------------


def _check_key(key: str) -> None:
    if not isinstance(key, str):
        raise TypeError(f"key: expected str, got {type(key).__name__}")
    if not key:
        raise InputError("key", "is empty; '${filename}' stands for the name of the file")
    _check_text("key", "", key)


def _check_text(parameter: str, name: str, text: str) -> None:
    """Refuse what a form field cannot carry to S3 unchanged."""
    about = f"the value of {name} " if name else ""
    if not isinstance(text, str):
        raise TypeError(f"{parameter}: expected str{' for ' + name if name else ''}, got {type(text).__name__}")
    if "\0" in text:
        raise InputError(parameter, f"{about}has a NUL, which no form can carry")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InputError(parameter, f"{about}has a lone surrogate, which is not text") from None


def _form_fields(key: str, params: "PostObject") -> "dict[str, str]":
    """The caller's fields in order: `fields` first, then those that have parameters of their own."""
    found: dict[str, str] = {}
    names: set[str] = set()

    def add(parameter: str, name: str, value: str) -> None:
        if not isinstance(name, str):
            raise TypeError(f"{parameter}: expected str for a name, got {type(name).__name__}")
        if not name.isascii() or not name or name.encode().translate(None, _NAME_BYTES):
            raise InputError(parameter, f"{name[:60]!r} is no name of a field")
        _check_text(parameter, name, value)
        lower = name.lower()
        if lower == "key" and value == key:
            return  # said twice, as some code for boto3 does
        if lower in _RESERVED:
            raise InputError(parameter, f"{name} is made here, or not a field of its own; leave it out")
        if lower in names:
            raise InputError(parameter, f"{name} is there twice; S3 does not tell upper from lower case in names")
        if lower == "success_action_status" and value not in ("200", "201", "204"):
            raise InputError(parameter, f"{value[:20]!r} is none of 200, 201 and 204; S3 would answer 204")
        names.add(lower)
        found[name] = value

    for name, value in _pairs("fields", params.get("fields")):
        add("fields", name, value)
    for parameter, name in _FIELD_OF.items():
        value: Any = params.get(parameter)
        if value is None:
            continue
        if value == "":
            raise InputError(parameter, "is empty; leave it out")
        if parameter == "success_action_status" and type(value) is int:
            value = str(value)
        add(parameter, name, value)
    for name, value in _pairs("metadata", params.get("metadata")):
        add("metadata", f"x-amz-meta-{name}" if isinstance(name, str) else name, value)
    tags = _pairs("tagging", params.get("tagging"))
    if tags:
        add("tagging", "tagging", _tagging(tags))
    return found


def _pairs(parameter: str, value: "Mapping[str, str] | None") -> "list[tuple[str, str]]":
    if value is None:
        return []
    if not isinstance(value, Mapping):
        raise TypeError(f"{parameter}: expected a mapping, got {type(value).__name__}")
    return list(value.items())


def _tagging(tags: "list[tuple[str, str]]") -> str:
    """Tags as the field `tagging` has them, which is XML, unlike the header of PutObject."""
    pieces: list[str] = []
    for key, value in tags:
        _check_text("tagging", "a tag's key", key)
        _check_text("tagging", "a tag's value", value)
        pieces.append(f"<Tag><Key>{_escaped(key)}</Key><Value>{_escaped(value)}</Value></Tag>")
    return f"<Tagging><TagSet>{''.join(pieces)}</TagSet></Tagging>"


def _check_size(pairs: "Iterable[tuple[str, str]]") -> None:
    """Refuse more form data than S3 reads before the file; counted as Chrome sends it, whose boundaries are short."""
    size = sum(len(name) + len(value.encode()) + _FRAME for name, value in pairs)
    if size > LARGEST_FORM:
        raise InputError(
            "fields", f"the form has {size} bytes without the file, and S3 reads {LARGEST_FORM}; policy and key count"
        )


_FRAME = len(f'--{"-" * 38}\r\nContent-Disposition: form-data; name=""\r\n\r\n\r\n')


# --- conditions ------------------------------------------------------------------------------------------------------


class _Condition:
    """One condition on a field: what a value has to equal or to begin with."""

    __slots__ = ("exact", "field_value", "name", "parameter", "value", "written")

    def __init__(
        self, parameter: str, name: str, value: str, *, exact: bool, written: "Any", field_value: "str | None" = None
    ) -> None:
        self.parameter = parameter
        self.name = name.lower()  # S3 does not tell upper from lower case in names, only in values
        self.value = value
        self.exact = exact
        self.written = written
        self.field_value = field_value  # what it was made from, if a field of this form

    def allows(self, value: str) -> bool:
        if self.exact:
            return value == self.value
        if self.name == "content-type":  # a list: each of its values has to begin so
            return all(part.strip().startswith(self.value) for part in value.split(","))
        return value.startswith(self.value)

    def __str__(self) -> str:
        return f"the condition for {self.name}" if self.name in _SECRET else json.dumps(self.written)[:120]


def _of_field(name: str, value: str) -> _Condition:
    """The condition that a field makes: S3 puts the file's name in place of `${filename}` before it checks."""
    prefix, filename, _ = value.partition(_FILENAME)
    written = ["starts-with", f"${name}", prefix] if filename else {name: value}
    return _Condition("", name, prefix, exact=not filename, written=written, field_value=value)


def _narrowest(conditions: "list[_Condition]") -> _Condition:
    """The one of several conditions for one field that says what all of them say; refuse what cannot hold together."""
    narrow = conditions[0]
    for other in conditions[1:]:
        wide = other
        if not narrow.exact and (other.exact or len(other.value) > len(narrow.value)):
            narrow, wide = other, narrow
        if not wide.allows(narrow.value):
            raise _conflict(narrow, wide)
    return narrow


def _conflict(one: _Condition, other: _Condition) -> InputError:
    if one.field_value is None:
        one, other = other, one
    if one.field_value is None:
        return InputError(other.parameter, f"{other} and {one} cannot both hold")
    value = "another" if one.name in _SECRET else repr(one.field_value[:80])
    hint = "" if one.exact else "; S3 checks after it has put in the file's name, so use starts-with"
    return InputError(other.parameter, f"{other} cannot hold, since {one.name} is {value}{hint}")


def _policy_conditions(given: "list[Any]", fields: "dict[str, str]", own: "dict[str, str]") -> "list[Any]":
    """The policy's conditions: the caller's in order, then those of the fields that these do not cover."""
    groups: dict[str, list[_Condition]] = {}
    sizes: list[list[Any]] = []
    made = {name.lower() for name in own}
    for condition in given:
        if not isinstance(condition, _Condition):
            sizes.append(condition)
        elif condition.name in _RESERVED and condition.name not in made:
            raise InputError(condition.parameter, f"{condition.name} is no field of this form, so nothing satisfies it")
        else:
            groups.setdefault(condition.name, []).append(condition)
    if any(size != sizes[0] for size in sizes):
        raise InputError("content_length_range", f"is there twice, as {sizes[0][1:]} and otherwise; give it once")

    kept = {name: _narrowest(group) for name, group in groups.items()}
    added: list[Any] = []
    for name, value in [*fields.items(), *own.items()]:
        ours, theirs = _of_field(name, value), kept.get(name.lower())
        if theirs is None:
            if not name.lower().startswith("x-ignore-"):
                added.append(ours.written)
            continue
        narrowest = _narrowest([ours, theirs])
        if narrowest.exact and not ours.exact:
            raise _conflict(ours, theirs)
        if name in own:
            del kept[ours.name]
            added.append(narrowest.written)
    shown = [c.written for c in given if isinstance(c, _Condition) and kept.get(c.name) is c]
    return [*shown, *sizes[:1], *added]


def _given_conditions(params: "PostObject") -> "list[Any]":
    """The caller's conditions, checked: a `_Condition` for each on a field, a list for one on the file's size."""
    given: Any = params.get("conditions")
    if given is None:
        given = ()
    if isinstance(given, (str, bytes, Mapping)) or not hasattr(given, "__iter__"):
        raise TypeError(f"conditions: expected an iterable of conditions, got {type(given).__name__}")
    found = [_read_condition(condition) for condition in given]
    size: Any = params.get("content_length_range")
    if size is not None:
        if not isinstance(size, (tuple, list)) or len(size) != 2:
            raise TypeError("content_length_range: expected a pair of sizes in bytes, (least, greatest)")
        low, high = size
        _check_range("content_length_range", low, high)
        if high > LARGEST_OBJECT:
            raise InputError("content_length_range", f"{high} bytes are more than the 5 GiB that one upload can have")
        found.append(["content-length-range", low, high])
    prefix = params.get("content_type_starts_with")
    if prefix is not None:
        written = ["starts-with", "$Content-Type", prefix]
        found.append(_field_condition("content_type_starts_with", written, "Content-Type", prefix, exact=False))
    return found


def _read_condition(condition: "Any") -> "Any":
    if isinstance(condition, Mapping):
        if len(condition) != 1:
            raise InputError(
                "conditions", f"one with {len(condition)} names; S3 takes one each, as in {_EXAMPLE_EXACT}"
            )
        ((name, value),) = condition.items()
        return _field_condition("conditions", {name: value}, name, value, exact=True)
    if not isinstance(condition, (list, tuple)):
        raise TypeError(f"conditions: expected a mapping or a list for each, got {type(condition).__name__}")
    written = list(condition)
    operator = written[0] if written else ""
    if operator not in ("eq", "starts-with", "content-length-range"):
        raise InputError("conditions", f"{operator!r} is none of 'eq', 'starts-with' and 'content-length-range'")
    if len(written) != 3:
        raise InputError("conditions", f"{operator} takes two more items, as in {_EXAMPLE[operator]}")
    if operator == "content-length-range":
        _check_range("conditions", written[1], written[2])
        return written
    name = written[1]
    if not isinstance(name, str):
        raise TypeError(f"conditions: expected str for the field of {operator}, got {type(name).__name__}")
    if name[:1] != "$":
        raise InputError("conditions", f"the field of {operator} is written with a dollar sign: '${name[:60]}'")
    return _field_condition("conditions", written, name[1:], written[2], exact=operator == "eq")


_EXAMPLE_EXACT = '{"acl": "private"}'
_EXAMPLE = {
    "eq": '["eq", "$acl", "private"]',
    "starts-with": '["starts-with", "$Content-Type", "image/"]',
    "content-length-range": '["content-length-range", 1, 5000000]',
}


def _field_condition(parameter: str, written: "Any", name: str, value: str, *, exact: bool) -> _Condition:
    if not isinstance(name, str):
        raise TypeError(f"{parameter}: expected str for a field's name, got {type(name).__name__}")
    if not name or not name.isascii() or name[0] == "$" or name.encode().translate(None, _NAME_BYTES):
        raise InputError(parameter, f"{name[:60]!r} is no name of a field")
    _check_text(parameter, name, value)
    condition = _Condition(parameter, name, value, exact=exact, written=written)
    if _FILENAME in value:
        raise InputError(
            parameter,
            f"{condition} cannot hold: S3 puts the file's name in before it checks; end it before {_FILENAME}",
        )
    return condition


def _check_range(parameter: str, low: "Any", high: "Any") -> None:
    for size in (low, high):
        if isinstance(size, bool) or not isinstance(size, int):
            raise TypeError(f"{parameter}: expected int for a size in bytes, got {type(size).__name__}")
    if not 0 <= low <= high:
        raise InputError(parameter, f"no file has from {low} to {high} bytes; give the least size, then the greatest")
    if low > LARGEST_OBJECT:
        raise InputError(parameter, f"{low} bytes are more than the 5 GiB that one upload can have")


# --- a policy that was given or made ---------------------------------------------------------------------------------


def _document(policy: bytes) -> "Any":
    """A policy as JSON, with the escape `\\$` that S3's policy language has besides."""
    return json.loads(policy.decode().replace("\\\\", "\\u005c").replace("\\$", "$"))


def _field_conditions(document: "Any") -> "Iterator[tuple[str, bool, str]]":
    """(field's name, whether it is an exact match, value) of each condition on a field that can be read."""
    for condition in document["conditions"]:
        if isinstance(condition, dict):
            found: Any = [(name, True, value) for name, value in condition.items()]
        elif isinstance(condition, list) and len(condition) == 3 and condition[0] in ("eq", "starts-with"):
            found = [(str(condition[1])[1:], condition[0] == "eq", condition[2])]
        else:
            continue
        yield from [item for item in found if isinstance(item[2], str)]


def _check_given_policy(
    policy: bytes, own: "dict[str, str]", second: int, lifetime: "int | None", params: "PostObject"
) -> int:
    """When a policy that is signed as it is ends; refuse one that S3 cannot accept together with this signature."""
    if not isinstance(policy, bytes):
        raise TypeError(f"policy: expected bytes, got {type(policy).__name__}")
    if lifetime is not None:
        raise InputError("expires_in", "the policy given has its own expiration; leave expires_in out")
    for parameter in _CONDITION_PARAMETERS:
        if params.get(parameter) is not None:
            raise InputError(parameter, "the policy given has its own conditions; leave it out")
    try:
        document = _document(policy)
    except ValueError as fault:
        raise InputError("policy", f"is not JSON in UTF-8: {fault}") from None
    if not isinstance(document, dict) or not isinstance(document.get("conditions"), list):
        raise InputError("policy", "is no object with expiration and conditions, which S3 asks for")
    expiration: object = document.get("expiration")
    try:
        if not isinstance(expiration, str) or expiration[10:11] + expiration[-1:] != "TZ":
            raise ValueError
        expires_at = parse_iso_date(expiration)
    except ValueError:
        raise InputError(
            "policy", f"its expiration {expiration!r:.60} is not written as in {iso_date(second)!r}"
        ) from None
    if expires_at <= second:
        raise InputError("policy", f"it expired at {iso_date(expires_at)}, and it is signed at {iso_date(second)}")
    ours = {name.lower(): _of_field(name, value) for name, value in own.items()}
    for name, exact, value in _field_conditions(document):
        condition = _Condition("policy", name, value, exact=exact, written=[name, value])
        made = ours.get(condition.name)
        if made is not None and made.exact and not condition.allows(made.value):
            raise _conflict(condition, made)
    return expires_at
