"""Every error this package raises, in two families.

Rule: an `InputError` is the caller's own argument, a `VerificationError` is somebody else's request; the latter family
is defined in `_refusals` and loaded when somebody verifies or asks for it by name.  No message of either holds a secret
key, a session token or a signature.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._refusals import Expired, NotYetValid, SignatureMismatch, VerificationError

__all__ = [
    "CredentialsExpireFirst",
    "CredentialsNotFound",
    "Expired",
    "InputError",
    "NotYetValid",
    "SignatureMismatch",
    "Sigv4PresignError",
    "VerificationError",
]


class Sigv4PresignError(Exception):
    """The base of all errors here.  Catch it; it is never raised itself."""

    def __init__(self, *args: object) -> None:
        if type(self) is Sigv4PresignError:
            raise TypeError("Sigv4PresignError is the base to catch; raise one of its children")
        super().__init__(*args)

    def __reduce__(self) -> "tuple[Any, ...]":
        # Exception's own way calls the class with `args`, which drops keyword-only arguments.
        return _restore, (type(self), self.args, dict(self.__dict__))


def _restore(cls: "type[Sigv4PresignError]", args: "tuple[Any, ...]", state: "dict[str, Any]") -> Sigv4PresignError:
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class InputError(Sigv4PresignError, ValueError):
    """An argument that cannot be signed or used.  It is also a `ValueError`.

    Attributes:
        parameter: The name of the argument, as the caller wrote it.
    """

    def __init__(self, parameter: str, problem: str) -> None:
        super().__init__(f"{parameter}: {problem}")
        self.parameter = parameter


class CredentialsNotFound(Sigv4PresignError):  # noqa: N818 - a fixed public name; it reads as the fact it states
    """No credentials where they were looked for.  The message says where, and what to set."""


class CredentialsExpireFirst(Sigv4PresignError):  # noqa: N818 - a fixed public name
    """The credentials end before the URL would, so the URL would stop working early.

    Attributes:
        seconds_left: How many whole seconds the credentials still live; 0 when they have ended.
    """

    def __init__(self, problem: str, *, seconds_left: int) -> None:
        super().__init__(problem)
        self.seconds_left = seconds_left


_REFUSALS = ("Expired", "NotYetValid", "SignatureMismatch", "VerificationError")


def __getattr__(name: str) -> object:
    if name not in _REFUSALS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import _refusals

    for refusal in _REFUSALS:  # all of them, so that this runs once
        globals()[refusal] = getattr(_refusals, refusal)
    return globals()[name]


def __dir__() -> "list[str]":
    return __all__
