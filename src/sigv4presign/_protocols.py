"""What the library asks of objects that a caller brings.

Rule: only type checkers and `types` load this module, since `typing` costs 7 ms.
"""

from typing import Protocol


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
    """A store of used links."""

    def claim(self, request_id: str, expires_at: int) -> bool:
        """True for the first claim of `request_id`, False for every later one; it may be dropped after `expires_at`."""
        ...
