"""A login token: a string with an expiry, hidden in `repr`."""

from .._value import set_field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from typing_extensions import Self


class Token(str):
    """A login token.  It is a `str`, so it can be used as a password or a bearer token.

    Equality and hash are the string's; `str(token)` is an exact `str`; `repr` hides the token.

    Attributes:
        expires_at: When it expires for new connections, in epoch seconds.
        expires_at_ms: The same in milliseconds, as Kafka clients need it.
    """

    __slots__ = ("_expires_at",)
    _expires_at: int

    def __new__(cls, token: str, *, expires_at: int) -> "Self":
        self = str.__new__(cls, token)
        set_field(self, "_expires_at", expires_at)
        return self

    @property
    def expires_at(self) -> int:
        return self._expires_at

    @property
    def expires_at_ms(self) -> int:
        return self._expires_at * 1000

    def __repr__(self) -> str:
        return f"<Token hidden expires_at={self._expires_at}>"

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"Token is immutable: {name} cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"Token is immutable: {name} cannot be deleted")

    def __copy__(self) -> "Self":
        return self

    def __deepcopy__(self, memo: object) -> "Self":
        return self

    def __reduce__(self) -> "tuple[Any, ...]":
        return _restore_token, (type(self), str(self), self._expires_at)


def _restore_token(cls: "type[Token]", token: str, expires_at: int) -> Token:
    return cls(token, expires_at=expires_at)
