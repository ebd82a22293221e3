"""The two errors about credentials that are not there, or not for long enough.

Rule: as in `_refusals`: users find them in `errors`, by which name they also go.
"""

from .errors import Sigv4PresignError

_HOME = Sigv4PresignError.__module__


class CredentialsNotFound(Sigv4PresignError):  # noqa: N818 - a fixed public name; it reads as the fact it states
    """No credentials where they were looked for.  The message says where, and what to set."""

    __module__ = _HOME


class CredentialsExpireFirst(Sigv4PresignError):  # noqa: N818 - a fixed public name
    """The credentials end before the URL would, so the URL would stop working early.

    Attributes:
        seconds_left: How many whole seconds the credentials still live; 0 when they have ended.
    """

    __module__ = _HOME

    def __init__(self, problem: str, *, seconds_left: int) -> None:
        super().__init__(problem)
        self.seconds_left = seconds_left
