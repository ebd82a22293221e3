"""`inspect` for upload forms: who signed the policy, and what it requires.

Rule: as in `inspect`, nothing is verified and no field of the result contains a secret.
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
"""

import base64
import json

from .._query_auth import check_algorithm, parse_credential, parse_signing_date
from .._redaction import is_secret, redacted_pairs
from .._text import exact_text
from .._time import parse_iso_date
from ..errors import InputError, VerificationError
from .inspect import MAX_TEXT, Inspection, Where, inspection

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .inspect import Form

MAX_FIELDS = 2 * MAX_TEXT  # characters of all names and values; S3 reads 20,000 bytes
_SIGNING = frozenset(("x-amz-algorithm", "x-amz-credential", "x-amz-date", "awsaccesskeyid"))
_TOKENS = ("x-amz-security-token", "x-amz-s3session-token")


def inspect_form(form: "Form") -> Inspection:
    """Inspect an upload form: its fields, a `PresignedPost`, or the dict that boto3 returns."""
    given: Any = getattr(form, "fields", form)
    address: Any = getattr(form, "url", None)
    if hasattr(given, "items") and hasattr(given.get("fields"), "items"):
        given, address = given["fields"], given.get("url")
    if not hasattr(given, "items"):
        raise TypeError(f"url: expected str or the fields of a form, got {type(form).__name__}")
    pairs: list[tuple[str, str]] = list(given.items())
    size = 0
    for name, value in pairs:
        if not isinstance(name, str) or not isinstance(value, str):
            raise TypeError("url: the names and values of a form's fields are str")
        size += len(name) + len(value)
    if size > MAX_FIELDS:
        raise InputError("url", f"is a form with more than {MAX_FIELDS} characters")
    fields = {name.lower(): value for name, value in pairs}
    if "policy" not in fields:
        raise InputError("url", "is a form without a policy, so nothing in it is signed")
    expires_at, conditions = _read_policy(fields["policy"])
    where = _where(address)
    signature = fields.get("x-amz-signature", fields.get("signature", ""))
    intact = len(signature) == 64 or ("awsaccesskeyid" in fields and bool(signature))
    others = [pair for pair in pairs if pair[0].lower() not in _SIGNING and not is_secret(pair[0], in_form=True)]
    said: dict[str, Any] = {
        "expires_at": expires_at,
        "has_session_token": any(name in fields for name in _TOKENS),
        "fields": redacted_pairs(others, intact=intact, in_form=True),
        "conditions": tuple(
            [(op, *redacted_pairs([(name, value)], in_form=True)[0]) for op, name, value in conditions]
        ),
    }
    if "awsaccesskeyid" in fields:
        return inspection("post-v2", where, access_key_id=fields["awsaccesskeyid"], **said)
    spelt = {name: fields.get(name.lower(), "") for name in ("X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date")}
    try:
        # A form has neither signed headers nor X-Amz-Expires; the rest is read like a URL's.
        check_algorithm(spelt["X-Amz-Algorithm"])
        parts = parse_credential(spelt["X-Amz-Credential"])
        signed_at = parse_signing_date(spelt["X-Amz-Date"], parts.date)
    except VerificationError as fault:
        raise InputError("url", str(fault)) from None
    return inspection(
        "post",
        where,
        access_key_id=parts.access_key_id,
        region=parts.region,
        service=parts.service,
        signed_at=signed_at,
        **said,
    )


def _where(address: "Any") -> Where:
    """Return where a form is sent, if that is known."""
    if address is not None and not isinstance(address, str):
        raise TypeError(f"url: the URL of a form is str, not {type(address).__name__}")
    if address is not None and len(address) > MAX_TEXT:
        raise InputError("url", f"the URL of the form has more than {MAX_TEXT} characters")
    try:
        return Where(address)
    except ValueError as fault:
        raise InputError("url", f"the URL of the form {fault}") from None


def _read_policy(policy: str) -> "tuple[int, tuple[tuple[str, str, str], ...]]":
    """Return when a policy expires, and its conditions."""
    if len(policy) > MAX_TEXT:
        raise InputError("url", f"has a policy of more than {MAX_TEXT} characters")
    try:
        document: Any = json.loads(base64.b64decode("".join(policy.split()), validate=True))
        end = parse_iso_date(exact_text("expiration", document["expiration"]))
        return end, tuple([condition for written in document["conditions"] for condition in _conditions(written)])
    except (ValueError, LookupError, TypeError, RecursionError):
        raise InputError(
            "url", "has a policy that is not base64 of JSON with an expiration and a list of conditions"
        ) from None


def _conditions(written: "Any") -> "list[tuple[str, str, str]]":
    """Normalize `{"acl": "private"}`, `["eq", "$acl", "private"]` and `["content-length-range", 1, 10]`."""
    if hasattr(written, "items"):
        return [("eq", str(name), str(value)) for name, value in written.items()]
    operator, field, value = written
    return [(str(operator).lower(), str(field).removeprefix("$"), str(value))]
