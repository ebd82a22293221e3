"""`inspect` for upload forms: who signed the policy, and what it demands.

Rule: as in `_inspect`, nothing is verified and no field of the result holds a secret.
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
"""

import base64
import json

from .._query_auth import QueryAuth
from .._time import parse_iso_date
from .._url import parse_query, split_url
from ..errors import InputError, VerificationError
from .inspect import MAX_TEXT, Inspection, of_v2
from .redaction import HIDDEN, redacted, redacted_pairs, without_secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .inspect import Form, Pairs

_CUSTOMER_KEY = "server-side-encryption-customer-key"
_SECRETS = frozenset(
    ("policy", "signature", "x-amz-signature", "x-amz-security-token", "x-amz-s3session-token",
     f"x-amz-{_CUSTOMER_KEY}", f"x-amz-copy-source-{_CUSTOMER_KEY}")
)  # fmt: skip
_SIGNING = frozenset(("x-amz-algorithm", "x-amz-credential", "x-amz-date", "awsaccesskeyid"))


def inspect_form(form: "Form") -> Inspection:
    """What an upload form says: its fields, a `PresignedPost`, or the dict that boto3 returns."""
    given: Any = getattr(form, "fields", form)
    address: Any = getattr(form, "url", None)
    if hasattr(given, "items") and hasattr(given.get("fields"), "items"):
        given, address = given["fields"], given.get("url")
    if not hasattr(given, "items"):
        raise TypeError(f"url: expected str or the fields of a form, got {type(form).__name__}")
    pairs: list[tuple[str, str]] = list(given.items())
    for name, value in pairs:
        if not isinstance(name, str) or not isinstance(value, str):
            raise TypeError("url: the names and values of a form's fields are str")
    fields = {name.lower(): value for name, value in pairs}
    if "policy" not in fields:
        raise InputError("url", "is a form without a policy, so nothing in it is signed")
    end, conditions = _read_policy(fields["policy"])
    where = _where(address)
    others = redacted_pairs([pair for pair in pairs if pair[0].lower() not in _SIGNING | _SECRETS])
    if "awsaccesskeyid" in fields:
        return of_v2(
            "post-v2", where, without_secret(fields["awsaccesskeyid"], name=True), end, set(fields), others, conditions
        )
    spelt = {name: fields.get(name.lower(), "") for name in ("X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date")}
    try:
        # A form has neither signed headers nor X-Amz-Expires; the rest is read as a URL's.
        authorization = QueryAuth(
            {**spelt, "X-Amz-SignedHeaders": "host", "X-Amz-Signature": "", "X-Amz-Expires": "1"}, "signed"
        )
    except VerificationError as fault:
        raise InputError("url", str(fault)) from None
    return Inspection._restore(
        "post",
        *where,
        without_secret(authorization.access_key_id, name=True),
        without_secret(authorization.region),
        without_secret(authorization.service),
        authorization.signed_at,
        None,
        end,
        (),
        bool({"x-amz-security-token", "x-amz-s3session-token"} & set(fields)),
        None,
        others,
        conditions,
    )


def _where(address: "Any") -> "tuple[str | None, str | None, str | None, Pairs]":
    """URL, host, path and query of a form's action, as far as it is known."""
    if address is None:
        return None, None, None, ()
    if not isinstance(address, str):
        raise TypeError(f"url: the URL of a form is str, not {type(address).__name__}")
    try:
        parts = split_url(address)
        host, path, query = parts.host, parts.path, parts.query
        return redacted(address), without_secret(host), redacted(path), redacted_pairs(parse_query(query))
    except ValueError as fault:
        raise InputError("url", f"the URL of the form {fault}") from None


def _read_policy(policy: str) -> "tuple[int, tuple[tuple[str, str, str], ...]]":
    """When a policy ends, and what it demands."""
    if len(policy) > MAX_TEXT:
        raise InputError("url", f"has a policy of more than {MAX_TEXT} characters")
    try:
        document: Any = json.loads(base64.b64decode("".join(policy.split()), validate=True))
        end = parse_iso_date(document["expiration"])
        return end, tuple([condition for written in document["conditions"] for condition in _conditions(written)])
    except (ValueError, LookupError, TypeError, RecursionError):
        raise InputError(
            "url", "has a policy that is not base64 of JSON with an expiration and a list of conditions"
        ) from None


def _conditions(written: "Any") -> "list[tuple[str, str, str]]":
    """`{"acl": "private"}`, `["eq", "$acl", "private"]` or `["content-length-range", 1, 10]`, all in one form."""
    if hasattr(written, "items"):
        found = [("eq", str(name), str(value)) for name, value in written.items()]
    else:
        operator, field, value = written
        found = [(str(operator).lower(), str(field).removeprefix("$"), str(value))]
    shown: list[tuple[str, str, str]] = []
    for op, name, value in found:
        [pair] = redacted_pairs([(name, HIDDEN if name.lower() in _SECRETS else value)])
        shown.append((op, *pair))
    return shown
