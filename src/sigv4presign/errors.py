"""Every error this package raises, in two families.

Rule: an `InputError` is the caller's own argument, a `VerificationError` is somebody else's request.  No message of
either holds a secret key, a session token or a signature.  Classes are dear to load, so those of `_refusals` and
`_credential_errors` are loaded when one is raised, or asked for under its only public name, which is here.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._credential_errors import CredentialsExpireFirst, CredentialsNotFound
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


_OF_CREDENTIALS = ("CredentialsExpireFirst", "CredentialsNotFound")
_REFUSALS = ("Expired", "NotYetValid", "SignatureMismatch", "VerificationError")


def __getattr__(name: str) -> object:
    home: Any
    if name in _OF_CREDENTIALS:
        from . import _credential_errors as home
    elif name in _REFUSALS:
        from . import _refusals as home
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    error: object = getattr(home, name)
    globals()[name] = error  # so that this runs once a name
    return error


def __dir__() -> "list[str]":
    return __all__
