"""The policy of an upload form, read; its conditions and sizes, checked.

Rule: steps 5, 7 and 9 of `verify_post`.  Only a policy whose signature was verified comes here.
"""

import base64
import contextlib
import json

from .._redaction import is_secret
from .._s3.policy import (
    EXACT_ONLY,
    POLICY_NAMES,
    FieldCondition,
    as_read,
    is_a,
    policy_end,
    read_condition,
    read_policy,
)
from .._unverified import quoted
from .._value import HIDDEN
from ..errors import InputError, VerificationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..errors import Reason

_NEEDS_NO_CONDITION = frozenset(("policy", "x-amz-signature"))  # and `file`, and what begins with x-ignore-


def refused(reason: "Reason", code: str, problem: str, status: int = 400) -> VerificationError:
    return VerificationError(reason, code, status, problem)


class Policy:
    """A parsed policy: when it expires, its conditions on fields, and the sizes that a file may have."""

    __slots__ = ("conditions", "content_length_range", "expires_at")

    def __init__(self, text: str) -> None:
        document = _read_document(text)
        for name in document:
            if name not in POLICY_NAMES:
                raise _malformed_policy(f"Unexpected: {quoted(name)}.")
        try:
            self.expires_at = policy_end(document)
        except ValueError:
            shown = quoted(str(document.get("expiration")))
            raise _malformed_policy(
                f"Invalid 'expiration' value: {shown}; it is written 2026-11-24T09:00:00Z."
            ) from None
        written: Any = document.get("conditions")
        if not is_a(written, list):
            raise _malformed_policy("Invalid 'conditions' value: must be a List.")
        conditions = [_read_condition(condition) for condition in written]
        on_fields = [condition for condition in conditions if isinstance(condition, FieldCondition)]
        # Each once, since each reads the whole field.
        self.conditions = list({(one.field, one.exact, one.value): one for one in on_fields}.values())
        sizes = [condition for condition in conditions if not isinstance(condition, FieldCondition)]
        self.content_length_range: "tuple[int, int] | None" = None
        if sizes:  # all must be met
            self.content_length_range = max([size[1] for size in sizes]), min([size[2] for size in sizes])


def _read_document(text: str) -> "Any":
    try:
        policy = base64.b64decode(text, validate=True)
        if base64.b64encode(policy).decode() != text:
            raise ValueError  # noqa: TRY301 - Pythons differ in what they let pass
    except ValueError:
        raise _malformed_policy("invalid Base64 encoding.") from None
    document: Any = None
    with contextlib.suppress(ValueError):
        document = read_policy(policy)
    if not is_a(document, dict):
        raise _malformed_policy("Invalid JSON.")
    return document


def _bounded(text: str) -> str:
    """Part of a policy for a message: in ASCII and not too long."""
    shown = text.encode("ascii", "backslashreplace").decode()
    return shown if len(shown) <= 300 else f"{shown[:300]}..."


def _malformed_policy(problem: str) -> VerificationError:
    return refused("malformed_policy", "InvalidPolicyDocument", f"Invalid Policy: {problem}")


def _read_condition(written: "Any") -> "Any":
    """One condition, checked; S3 answers that it failed if it lacks the dollar sign or has another text as a limit."""
    found = as_read(written)
    if is_a(found, list) and len(found) == 3:
        operator, field, value = found
        texts = isinstance(field, str), isinstance(value, str)
        if operator == "content-length-range" and any(texts):
            raise _failed(*[str(item) for item in written])
        if operator in ("eq", "starts-with") and all(texts) and field[:1] != "$":
            raise _failed(operator, field, value)
    try:
        return read_condition(found)
    except (InputError, TypeError) as fault:
        raise _malformed_policy(_bounded(f"In its {fault}.")) from None


# --- conditions and size ---------------------------------------------------------------------------------------------


def _failed(operator: str, field: str, value: str) -> VerificationError:
    """The error for a condition that is not met, in S3's format; a secret value is hidden."""
    if is_secret(field.lstrip("$"), in_form=True):
        value = HIDDEN
    condition = _bounded(json.dumps([operator, field, value]))
    return refused(
        "condition_failed", "AccessDenied", f"Invalid according to Policy: Policy Condition failed: {condition}", 403
    )


def check_conditions(conditions: "list[FieldCondition]", values: "dict[str, str]", bucket: str) -> None:
    """Reject fields that do not satisfy their conditions, or have none."""
    if not values["key"]:
        raise refused("missing_field", "InvalidArgument", "User key must have a length greater than 0.")
    if values.get("bucket", bucket) != bucket:
        raise _failed("eq", "$bucket", bucket)
    here = {**values, "bucket": bucket}  # S3 requires a condition on the bucket, field or not
    covered: set[str] = set(_NEEDS_NO_CONDITION)
    for condition in conditions:
        name, exact = condition.name, condition.exact
        # A condition fails without its field, even if any value would satisfy it.
        if name not in here or not condition.allows(here[name]) or (not exact and name in EXACT_ONLY):
            raise _failed("eq" if exact else "starts-with", f"${condition.field}", condition.value)
        covered.add(name)
    extra = [name for name in here if name not in covered and not name.startswith("x-ignore-")]
    if extra:
        raise refused(
            "extra_field",
            "AccessDenied",
            f"Invalid according to Policy: Extra input fields: {', '.join([quoted(name)[1:-1] for name in extra[:5]])}",
            403,
        )


def check_size(file_size: int, least: int, greatest: int) -> None:
    if file_size < least:
        raise refused(
            "file_too_small",
            "EntityTooSmall",
            f"Your proposed upload is smaller than the minimum allowed size: {file_size} bytes, of at least {least}",
        )
    if file_size > greatest:
        raise refused(
            "file_too_large",
            "EntityTooLarge",
            f"Your proposed upload exceeds the maximum allowed size: {file_size} bytes, of at most {greatest}",
        )
