"""The policy of a POST form: its conditions, parsed, merged and written.

Rule: a form's policy has one condition for each field.  Several conditions for one field are merged into the strictest,
or rejected if no value satisfies all of them.
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
"""

import json
from collections.abc import Mapping

from .._redaction import is_secret
from .._time import iso_date, parse_iso_date
from ..errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any, Literal, TypedDict, Union

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
FILENAME = "${filename}"
# MaxPostPreDataLengthBytes, as S3 names it in its MaxPostPreDataLengthExceeded error: everything before the file.
LARGEST_FORM = 20_480

CONDITION_PARAMETERS = ("conditions", "content_length_range", "content_type_starts_with")

POLICY_NAMES = ("expiration", "conditions")
# For these the documentation has no starts-with; MinIO rejects it as well.
EXACT_ONLY = frozenset(("bucket", "x-amz-algorithm", "x-amz-credential", "x-amz-date"))

# In lower case: the fields that are set here or that S3 treats specially, Signature Version 2's included.
RESERVED = frozenset(
    (
        "awsaccesskeyid", "bucket", "file", "key", "policy", "signature", "x-amz-algorithm", "x-amz-credential",
        "x-amz-date", "x-amz-s3session-token", "x-amz-security-token", "x-amz-signature",
    )
)  # fmt: skip
# RFC 9110's token, which needs no escaping; every documented name is one.
_NAME_BYTES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-!#$%&'*+.^_`|~"


def check_text(parameter: str, what: str, text: "Any") -> None:
    """Reject text that would not reach S3 unchanged in a form field."""
    if not isinstance(text, str):
        raise TypeError(f"{parameter}: expected str for {what}, got {type(text).__name__}")
    if "\0" in text:
        raise InputError(parameter, f"{what} has a NUL, which forms can't contain")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InputError(parameter, f"{what} has a lone surrogate, which is not text") from None


def check_name(parameter: str, name: "Any") -> None:
    if not isinstance(name, str):
        raise TypeError(f"{parameter}: expected str for a field's name, got {type(name).__name__}")
    if not name or not name.isascii() or name[0] == "$" or name.encode().translate(None, _NAME_BYTES):
        raise InputError(parameter, f"{name[:60]!r} is not a field name")


def is_a(value: object, *kinds: type) -> bool:
    """`isinstance` without type narrowing, which would lose the type of the items."""
    return isinstance(value, kinds)


# --- conditions ------------------------------------------------------------------------------------------------------


class FieldCondition:
    """One condition on a field: the value it must equal, or begin with."""

    __slots__ = ("exact", "field", "field_value", "name", "parameter", "value", "written")

    def __init__(
        self, parameter: str, field: str, value: str, *, exact: bool, written: "Any", field_value: "str | None" = None
    ) -> None:
        self.parameter = parameter
        self.field = field
        self.name = field.lower()  # names are not case-sensitive in S3; values are
        self.value = value
        self.exact = exact
        self.written = written
        self.field_value = field_value  # the field of this form that it was derived from, if any

    def allows(self, value: str) -> bool:
        if self.exact:
            return value == self.value
        if self.name == "content-type":  # a list: each of its values must begin with it
            return all(part.strip().startswith(self.value) for part in value.split(","))
        return value.startswith(self.value)

    def __str__(self) -> str:
        return (
            f"the condition for {self.name}" if is_secret(self.name, in_form=True) else json.dumps(self.written)[:120]
        )


def _of_field(name: str, value: str) -> FieldCondition:
    """The condition for a field; a prefix if it has `${filename}`, which S3 replaces before it checks."""
    prefix, filename, _ = value.partition(FILENAME)
    written = ["starts-with", f"${name}", prefix] if filename else {name: value}
    return FieldCondition("", name, prefix, exact=not filename, written=written, field_value=value)


def _narrowest(conditions: "list[FieldCondition]") -> FieldCondition:
    """The strictest of several conditions for one field; raise if they conflict."""
    narrow = conditions[0]
    for other in conditions[1:]:
        wide = other
        if not narrow.exact and (other.exact or len(other.value) > len(narrow.value)):
            narrow, wide = other, narrow
        if not wide.allows(narrow.value):
            raise _conflict(narrow, wide)
    return narrow


def _conflict(narrow: FieldCondition, wide: FieldCondition) -> InputError:
    ours, theirs = (wide, narrow) if narrow.field_value is None else (narrow, wide)
    if ours.field_value is None:
        return InputError(narrow.parameter, f"{narrow} and {wide} conflict; drop one")
    value = "another" if is_secret(ours.name, in_form=True) else repr(ours.field_value[:80])
    hint = "; S3 replaces ${filename} before it checks, so use starts-with" if theirs.exact > ours.exact else ""
    return InputError(theirs.parameter, f"{theirs} conflicts with {ours.name}, which is {value}{hint}")


def strictest(conditions: "Iterable[FieldCondition]") -> "dict[str, FieldCondition]":
    """The strictest condition for each field that has one; raise if two of them conflict."""
    groups: dict[str, list[FieldCondition]] = {}
    for condition in conditions:
        groups.setdefault(condition.name, []).append(condition)
    return {name: _narrowest(group) for name, group in groups.items()}


def _kept(given: "list[Any]", own: "dict[str, str]") -> "dict[str, FieldCondition]":
    """The caller's strictest condition for each field; raise for one that no upload with this form satisfies."""
    made = {name.lower() for name in own}
    on_fields = [condition for condition in given if isinstance(condition, FieldCondition)]
    for condition in on_fields:
        if condition.name in RESERVED and condition.name not in made:
            raise InputError(condition.parameter, f"{condition.name} is not a field of this form; S3 would reject it")
        if FILENAME in condition.value:
            raise InputError(
                condition.parameter,
                f"{condition} never matches: S3 replaces {FILENAME} before it checks; end the value before it",
            )
    return strictest(on_fields)


def _covering(ours: FieldCondition, theirs: FieldCondition) -> FieldCondition:
    """The stricter of a field's own condition and the caller's; raise if the field can't satisfy the caller's."""
    narrowest = _narrowest([ours, theirs])
    if narrowest.exact and not ours.exact:
        raise _conflict(ours, theirs)
    return narrowest


def policy_conditions(given: "list[Any]", fields: "dict[str, str]", own: "dict[str, str]") -> "list[Any]":
    """The policy's conditions: the caller's in order, then those of the fields that these do not cover."""
    kept = _kept(given, own)
    sizes = [condition for condition in given if not isinstance(condition, FieldCondition)]
    for size in sizes[1:]:
        if size != sizes[0]:
            raise InputError(
                "conditions", f"two different content-length-ranges, {sizes[0][1:]} and {size[1:]}; drop one"
            )

    added: list[Any] = []
    for name, value in [*fields.items(), *own.items()]:
        ours, theirs = _of_field(name, value), kept.get(name.lower())
        if theirs is None:
            if not name.lower().startswith("x-ignore-"):
                added.append(ours.written)
            continue
        narrowest = _covering(ours, theirs)
        if name in own:
            del kept[ours.name]
            added.append(narrowest.written)
    shown: list[Any] = []
    for condition in given:
        if isinstance(condition, FieldCondition):
            if kept.get(condition.name) is condition:
                shown.append(condition.written)
        elif condition is sizes[0]:
            shown.append(condition)
    return shown + added


def given_conditions(params: "PostObject") -> "list[Any]":
    """The caller's conditions, checked: a `FieldCondition` for each on a field, a list for one on the file's size."""
    given: Any = params.get("conditions")
    if given is None:
        given = ()
    if is_a(given, str, bytes, Mapping) or not hasattr(given, "__iter__"):
        raise TypeError(f"conditions: expected an iterable of conditions, got {type(given).__name__}")
    found = [read_condition(condition) for condition in given]
    size: Any = params.get("content_length_range")
    if size is not None:
        if not is_a(size, tuple, list) or len(size) != 2:
            raise TypeError("content_length_range: expected two sizes in bytes, (least, greatest)")
        low, high = size
        _check_range("content_length_range", low, high)
        if high > LARGEST_OBJECT:
            raise InputError("content_length_range", f"{high} bytes exceed the maximum of 5 GiB for one upload")
        found.append(["content-length-range", low, high])
    prefix: Any = params.get("content_type_starts_with")
    if prefix is not None:
        written = ["starts-with", "$Content-Type", prefix]
        found.append(_condition("content_type_starts_with", written, "Content-Type", prefix, exact=False))
    return found


def read_condition(condition: "Any") -> "Any":
    """A condition, checked: a `FieldCondition`, or the list of one on the file's size."""
    if is_a(condition, Mapping):
        if len(condition) != 1:
            raise InputError(
                "conditions", f"a condition has {len(condition)} names; write one, as in {_EXAMPLE['exact']}"
            )
        ((name, value),) = condition.items()
        return _condition("conditions", {name: value}, name, value, exact=True)
    if not is_a(condition, list, tuple):
        raise TypeError(f"conditions: expected a mapping or a list for each, got {type(condition).__name__}")
    written: list[Any] = list(condition)
    operator = written[0] if written else ""
    if operator not in ("eq", "starts-with", "content-length-range"):
        raise InputError(
            "conditions", f"unknown operator {repr(operator)[:60]}; use 'eq', 'starts-with' or 'content-length-range'"
        )
    if len(written) != 3:
        raise InputError("conditions", f"{operator} takes two more items, as in {_EXAMPLE[operator]}")
    if operator == "content-length-range":
        _check_range("conditions", written[1], written[2])
        return written
    name = written[1]
    if not isinstance(name, str):
        raise TypeError(f"conditions: expected str for the field of {operator}, got {type(name).__name__}")
    if name[:1] != "$":
        raise InputError("conditions", f"the field of {operator} needs a dollar sign: '${name[:60]}'")
    return _condition("conditions", written, name[1:], written[2], exact=operator == "eq")


_EXAMPLE = {
    "exact": '{"acl": "private"}',
    "eq": '["eq", "$acl", "private"]',
    "starts-with": '["starts-with", "$Content-Type", "image/"]',
    "content-length-range": '["content-length-range", 1, 5000000]',
}


def _condition(parameter: str, written: "Any", field: str, value: str, *, exact: bool) -> FieldCondition:
    check_name(parameter, field)
    check_text(parameter, f"the condition for {field}", value)
    return FieldCondition(parameter, field, value, exact=exact, written=written)


def _check_range(parameter: str, low: "Any", high: "Any") -> None:
    for size in (low, high):
        if isinstance(size, bool) or not isinstance(size, int):
            raise TypeError(f"{parameter}: expected int for a size in bytes, got {type(size).__name__}")
    if not 0 <= low <= high:
        raise InputError(parameter, f"invalid range {low} to {high} bytes; give the minimum, then the maximum")
    if low > LARGEST_OBJECT:
        raise InputError(parameter, f"{low} bytes exceed the maximum of 5 GiB for one upload")


# --- a policy that was given or made ---------------------------------------------------------------------------------


def read_policy(policy: bytes) -> "Any":
    """Parse a policy, which is JSON with one more escape, for the dollar sign.

    ValueError for invalid JSON and for repeated names, which two parsers could read differently.
    """
    text = policy.decode().replace("\\\\", "\\u005c").replace("\\$", "$")
    try:
        return json.loads(text, object_pairs_hook=_each_once, parse_constant=_no_constant)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _each_once(pairs: "list[tuple[str, Any]]") -> "dict[str, Any]":
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("one of its objects has a name twice")
    return found


def _no_constant(name: str) -> "Any":
    raise ValueError(f"{name} is not JSON")


def policy_end(document: "dict[str, Any]") -> int:
    """When a policy expires, in epoch seconds; ValueError for an offset or a space for the T, as in S3."""
    expiration = document.get("expiration")
    if not isinstance(expiration, str) or expiration[10:11] + expiration[-1:] != "TZ":
        raise ValueError("is not an ISO 8601 time in UTC")
    return parse_iso_date(expiration)


def as_read(written: "Any") -> "Any":
    """A policy's condition as S3 reads it: the operator in any case, and limits of a size as text of digits."""
    if not is_a(written, list) or len(written) != 3 or not isinstance(written[0], str):
        return written
    operator, *items = written
    if operator.lower() == "content-length-range":
        items = [int(item) if _is_limit(item) else item for item in items]
    return [operator.lower(), *items]


def _is_limit(item: "Any") -> bool:
    return isinstance(item, str) and item.isascii() and item.isdigit() and len(item) <= 18


def check_given_policy(
    policy: "Any", fields: "dict[str, str]", own: "dict[str, str]", second: int, params: "PostObject"
) -> int:
    """When a caller's own policy expires; reject one that S3 would not accept with these fields and this signature."""
    if not isinstance(policy, bytes):
        raise TypeError(f"policy: expected bytes, got {type(policy).__name__}")
    for parameter in CONDITION_PARAMETERS:
        if params.get(parameter) is not None:
            raise InputError(parameter, "the policy given has its own conditions; leave it out")
    try:
        document = read_policy(policy)
    except ValueError as fault:
        raise InputError("policy", f"is not JSON in UTF-8: {fault}") from None
    if not is_a(document, dict) or not is_a(document.get("conditions"), list):
        raise InputError("policy", "is not a JSON object with an expiration and a list of conditions")
    for name in document:
        if name not in POLICY_NAMES:
            raise InputError("policy", f"has {name[:60]!r} besides its expiration and conditions; leave it out")
    try:
        expires_at = policy_end(document)
    except ValueError:
        expiration = str(document.get("expiration"))[:40]
        raise InputError("policy", f"its expiration {expiration!r} is not written as in {iso_date(second)!r}") from None
    if expires_at <= second:
        raise InputError("policy", f"expired at {iso_date(expires_at)}, before it is signed at {iso_date(second)}")
    _check_coverage([_given_condition(written) for written in document["conditions"]], fields, own)
    return expires_at


def _given_condition(written: "Any") -> "Any":
    """A condition of a caller's own policy, checked."""
    try:
        condition = read_condition(as_read(written))
    except (InputError, TypeError) as fault:
        raise InputError("policy", f"in its {fault}") from None
    if isinstance(condition, FieldCondition):
        condition.parameter = "policy"
    return condition


def _check_coverage(given: "list[Any]", fields: "dict[str, str]", own: "dict[str, str]") -> None:
    """Reject a policy that the form's fields can't satisfy, or that does not cover each of them."""
    kept = _kept(given, own)
    sizes = [condition for condition in given if not isinstance(condition, FieldCondition)]
    if sizes and max([size[1] for size in sizes]) > min([size[2] for size in sizes]):
        raise InputError("policy", "its content-length-ranges have no size in common; drop one")
    uncovered: list[str] = []
    for name, value in [*fields.items(), *own.items()]:
        theirs = kept.get(name.lower())
        if theirs is not None:
            _covering(_of_field(name, value), theirs)
        elif not name.lower().startswith("x-ignore-"):
            uncovered.append(name)
    for condition in given:
        if isinstance(condition, FieldCondition) and not condition.exact and condition.name in EXACT_ONLY:
            raise InputError("policy", f"{condition} is not exact, which S3 requires of {condition.name}; use 'eq'")
    if uncovered:
        raise InputError(
            "policy",
            f"has no condition for {', '.join(uncovered[:5])}; S3 needs one for the bucket and for each field",
        )
