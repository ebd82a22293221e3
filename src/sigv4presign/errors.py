"""Every error this package raises, in two families.

Rule: an `InputError` is the caller's own argument, a `VerificationError` is somebody else's request. No message here
holds a secret key, a session token or a signature.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .types import Reason

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


class VerificationError(Sigv4PresignError):
    """A request that is refused.  Answer it with `.status` and `.code`; the message is safe to show.

    Attributes:
        reason: One of a closed set (`sigv4presign.types.Reason`): what to branch on.
        code: The error code S3 answers with, such as `AccessDenied`.
        status: The HTTP status S3 answers with.
    """

    def __init__(self, reason: "Reason", code: str, status: int, problem: str) -> None:
        super().__init__(problem)
        self.reason = reason
        self.code = code
        self.status = status


class Expired(VerificationError):  # noqa: N818 - a fixed public name
    """The signature held, but the link's time is over.

    Attributes:
        expires_at: When it ended, in epoch seconds: "this link expired an hour ago".
    """

    def __init__(self, problem: str, *, expires_at: int) -> None:
        super().__init__("expired", "AccessDenied", 403, problem)
        self.expires_at = expires_at


class NotYetValid(VerificationError):  # noqa: N818 - a fixed public name
    """The signature held, but its date lies further ahead than the clock skew allows.

    Attributes:
        valid_from: X-Amz-Date, in epoch seconds.
    """

    def __init__(self, problem: str, *, valid_from: int) -> None:
        super().__init__("not_yet_valid", "AccessDenied", 403, problem)
        self.valid_from = valid_from


class SignatureMismatch(VerificationError):  # noqa: N818 - a fixed public name
    """The signature is not the one that this request and this secret key give.

    Attributes:
        canonical_request: What was signed on this side.  It holds the URL's session token where the URL has one: show
            it to the requester, as S3 does, but keep it out of logs.
        string_to_sign: The string to sign on this side.
    """

    def __init__(self, problem: str, *, canonical_request: str, string_to_sign: str) -> None:
        super().__init__("signature_mismatch", "SignatureDoesNotMatch", 403, problem)
        self.canonical_request = canonical_request
        self.string_to_sign = string_to_sign
