"""Protocols of the objects that a caller passes in.

Rule: only type checkers and `types` load this module, since `typing` costs 7 ms.
"""

from typing import Protocol


class BotocoreCredentials(Protocol):
    """The attributes that all of botocore's credentials objects have.

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
        """True the first time it is called with this `request_id`, else False; forget it only after `expires_at`."""
        ...
