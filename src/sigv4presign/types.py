"""Names for the unions that stand in signatures, for your own annotations.

Rule: nothing here is needed to run; the library itself imports this module only for type checkers.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Literal, Protocol, TypeAlias, Union

from ._steps import SigningKey
from ._values import Credentials

__all__ = [
    "BotocoreCredentials",
    "CredentialsSource",
    "Headers",
    "Lifetime",
    "Now",
    "Query",
    "Reason",
    "Secrets",
    "SessionTokenRule",
    "SingleUse",
]


class BotocoreCredentials(Protocol):
    """What botocore's own credentials objects have in common.

    Attributes:
        access_key: The access key id.
        secret_key: The secret access key.
        token: The session token of temporary credentials, else None.
    """

    @property
    def access_key(self) -> str: ...
    @property
    def secret_key(self) -> str: ...
    @property
    def token(self) -> "str | None": ...


class SingleUse(Protocol):
    """A memory of links that were used."""

    def claim(self, request_id: str, expires_at: int) -> bool:
        """True for the first claim of `request_id`, False ever after; forget it once `expires_at` has passed."""
        ...


Known: TypeAlias = Union[Credentials, SigningKey, BotocoreCredentials]
CredentialsSource: TypeAlias = Union[Known, Callable[[], Known]]
"""What `credentials=` takes.  A callable is asked for each signature, once for a batch."""
Found: TypeAlias = Union[str, Credentials, None]
Secrets: TypeAlias = Union[Mapping[str, Found], Mapping[str, str], Mapping[str, Credentials], Callable[[str], Found]]
"""What `secrets=` takes, from an access key id to its secret.

The secret is a `str`, or `Credentials` where a session token belongs to it.  None is an unknown key."""
Headers: TypeAlias = Union[
    Mapping[str, str], Mapping[bytes, bytes], Iterable[tuple[str, str]], Iterable[tuple[bytes, bytes]]
]
"""What `headers=` takes.  Bytes are read as Latin-1."""
Query: TypeAlias = Union[
    Mapping[str, str], Mapping[str, int], Mapping[str, Union[str, int]], Iterable[tuple[str, Union[str, int]]]
]
"""What `query=` takes, as plain text.  A name that is there more than once needs pairs."""
Now: TypeAlias = Union[int, float, datetime]
"""What `now=` takes, in epoch seconds or as a datetime, which has to have a time zone."""
Lifetime: TypeAlias = Union[int, timedelta]
"""What `expires_in=` takes, in seconds or as a timedelta of whole seconds.  A bool is a TypeError."""
SessionTokenRule: TypeAlias = Literal["signed", "appended", "s3express"]
"""What becomes of a session token, as `ServiceRules` says."""

Reason: TypeAlias = Literal[
    "already_used",
    "condition_failed",
    "duplicate_field",
    "duplicate_parameter",
    "expired",
    "expired_token",
    "expires_out_of_range",
    "extra_field",
    "file_too_large",
    "file_too_small",
    "invalid_token",
    "malformed_credential",
    "malformed_date",
    "malformed_expires",
    "malformed_policy",
    "malformed_request",
    "malformed_signed_headers",
    "missing_field",
    "missing_host",
    "missing_parameter",
    "missing_signed_headers",
    "not_yet_valid",
    "payload_hash_mismatch",
    "policy_expired",
    "signature_mismatch",
    "store_full",
    "too_large",
    "two_authentications",
    "unknown_access_key",
    "unsigned_headers",
    "unsupported_algorithm",
    "wrong_host",
    "wrong_length",
    "wrong_path",
    "wrong_query",
    "wrong_region",
    "wrong_service",
]
"""What `VerificationError.reason` can be."""
