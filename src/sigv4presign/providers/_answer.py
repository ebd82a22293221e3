"""Reads `Credentials` from an answer that was parsed from JSON or XML.

Rule: of an answer, a message quotes only the names of fields and the code of an error.
"""

from .._credentials import Credentials
from .._time import parse_iso_date
from ..errors import CredentialsNotFound, InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


def credentials_from(who: str, answer: "Mapping[str, object]", *, token: str, temporary: bool) -> Credentials:
    """Return the credentials in an answer.

    Args:
        who: Who answered, for messages.
        answer: The answer.
        token: The name of the session token's field.
        temporary: Whether token and expiration are required.
    """
    values: list[str | None] = []
    for name, required in (
        ("AccessKeyId", True), ("SecretAccessKey", True), (token, temporary), ("Expiration", temporary)
    ):  # fmt: skip
        value = answer.get(name) or None
        if value is not None and not isinstance(value, str):
            raise CredentialsNotFound(f"{who} answered with {name} that is not text")
        if value is None and required:
            raise CredentialsNotFound(f"{who} answered without {name}")
        values.append(value)
    access_key_id, secret_access_key, session_token, expiration = values
    try:
        expires_at = None if expiration is None else parse_iso_date(expiration)
        return Credentials(access_key_id or "", secret_access_key or "", session_token, expires_at=expires_at)
    except InputError as fault:
        problem = f"a malformed {fault.parameter}"
    except ValueError as fault:
        problem = f"an Expiration that {fault}"
    raise CredentialsNotFound(f"{who} answered with {problem}")


def json_object(who: str, text: bytes) -> "dict[str, Any]":
    """Parse a JSON object; the error for anything else does not quote it."""
    import json

    answer: Any = None
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        problem = "something that is not JSON"
    else:
        problem = "JSON that is not an object"
    if not isinstance(answer, dict):
        raise CredentialsNotFound(f"{who} answered with {problem}")
    return dict(answer)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]


def code_name(code: object) -> str:
    """Return the code of an error, such as `AccessDenied`; other text is not repeated."""
    if (
        isinstance(code, str)
        and code.isascii()
        and 0 < len(code) <= 60
        and code.replace("_", "").replace(".", "").isalnum()
    ):
        return code
    return "an error without a code"


def text_of(mapping: object, name: str) -> str:
    """Return a required text that can be sent in a header; ValueError if it is missing or cannot."""
    text = _field(mapping, name)
    if not (isinstance(text, str) and text and text.isascii() and text.isprintable()):
        raise ValueError(f"lacks {name}")
    return text


def seconds_of(mapping: object, name: str) -> int:
    """Return a required positive int; ValueError if it is missing or something else."""
    number = _field(mapping, name)
    if type(number) is not int or number <= 0:
        raise ValueError(f"lacks {name}")
    return number


def _field(mapping: "Any", name: str) -> object:
    return mapping.get(name) if isinstance(mapping, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
