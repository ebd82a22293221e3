"""The errors this package raises, and how tracebacks are freed of secrets.

Rule: an `InputError` is about the caller's argument, a `VerificationError` about a client's request.  No message and no
frame of this package in a traceback contains a secret key, a session token or a signature.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Any, Literal, ParamSpec, TypeAlias, TypeVar  # noqa: F401 - the second in an alias

    Given = ParamSpec("Given")
    Made = TypeVar("Made")

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


def __dir__() -> "list[str]":
    return __all__


class Sigv4PresignError(Exception):
    """The base class of all errors here, for `except`; never raised itself."""

    def __init__(self, *args: object) -> None:
        if type(self) is Sigv4PresignError:
            raise TypeError("Sigv4PresignError is the base to catch; raise one of its subclasses")
        super().__init__(*args)

    def __reduce__(self) -> "tuple[Any, ...]":
        # Exception.__reduce__ calls the class with `args` alone, which drops keyword-only arguments.
        return _restore_error, (type(self), self.args, dict(self.__dict__))


def _restore_error(
    cls: "type[Sigv4PresignError]", args: "tuple[Any, ...]", state: "dict[str, Any]"
) -> Sigv4PresignError:
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(state)
    return error


# --- the caller's own arguments and credentials ----------------------------------------------------------------------


class InputError(Sigv4PresignError, ValueError):
    """An argument that can't be signed or used.  It is also a `ValueError`.

    Attributes:
        parameter: The name of the argument.
        problem: What is wrong with its value, and what to do.  The message is `parameter: problem`.
    """

    def __init__(self, parameter: str, problem: str) -> None:
        super().__init__(f"{parameter}: {problem}")
        self.parameter = parameter
        self.problem = problem


class CredentialsNotFound(Sigv4PresignError):  # noqa: N818 - a fixed public name
    """No credentials were found.  The message says where they were looked for, and what was found there."""


class CredentialsExpireFirst(Sigv4PresignError):  # noqa: N818 - a fixed public name
    """The credentials expire before the URL would.

    Attributes:
        seconds_left: How many seconds they are still valid for; 0 if they have expired.
    """

    def __init__(self, problem: str, *, seconds_left: int) -> None:
        super().__init__(problem)
        self.seconds_left = seconds_left


# --- a client's request ----------------------------------------------------------------------------------------------


class VerificationError(Sigv4PresignError):
    """A rejected request.  Answer it with `.status` and `.code`; the message is safe to show.

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
    """The signature is valid, but the URL has expired.

    Attributes:
        expires_at: When it expired, in epoch seconds: "this link expired an hour ago".
    """

    def __init__(self, problem: str, *, expires_at: int) -> None:
        super().__init__("expired", "AccessDenied", 403, problem)
        self.expires_at = expires_at


class NotYetValid(VerificationError):  # noqa: N818 - a fixed public name
    """The signature is valid, but its date is further ahead than the clock skew allows.

    Attributes:
        valid_from: X-Amz-Date, in epoch seconds.
    """

    def __init__(self, problem: str, *, valid_from: int) -> None:
        super().__init__("not_yet_valid", "AccessDenied", 403, problem)
        self.valid_from = valid_from


class SignatureMismatch(VerificationError):  # noqa: N818 - a fixed public name
    """The signature does not match this request and secret key.

    Attributes:
        canonical_request: The server's canonical request.  It contains the URL's session token, if any: show it to the
            client, as S3 does, but keep it out of logs.
        string_to_sign: The server's string to sign.
    """

    def __init__(self, problem: str, *, canonical_request: str, string_to_sign: str) -> None:
        super().__init__("signature_mismatch", "SignatureDoesNotMatch", 403, problem)
        self.canonical_request = canonical_request
        self.string_to_sign = string_to_sign


#: What `VerificationError.reason` can be.
Reason: "TypeAlias" = """Literal[
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
]"""


# --- without our frames ----------------------------------------------------------------------------------------------


def without_our_frames(fault: "BaseException") -> "BaseException":
    """An error, and those it came from, without the frames of this package, whose local variables hold secrets.

    An error reporter records local variables.  The frames of callbacks stay: the error is theirs then.
    """
    seen: set[int] = set()
    following: "list[BaseException | None]" = [fault]
    while following:
        error = following.pop()
        if error is None or id(error) in seen:
            continue
        seen.add(id(error))
        error.__traceback__ = _foreign_frames(error.__traceback__)
        if error.__suppress_context__ and isinstance(error, Sigv4PresignError):
            error.__context__ = None  # a parser's error, which quotes what it could not read
        following += [error.__cause__, error.__context__]
    return fault


def frameless(function: "Callable[Given, Made]") -> "Callable[Given, Made]":
    """A function whose errors leave without our frames: one that is given secrets, or what may turn out to be one."""

    def checked(*args: "Given.args", **named: "Given.kwargs") -> "Made":
        try:
            return function(*args, **named)
        except BaseException as fault:  # noqa: BLE001 - any error leaves without our frames
            del args, named
            raise without_our_frames(fault)  # noqa: B904 - it is the same error

    for name in ("__module__", "__name__", "__qualname__", "__doc__", "__annotations__"):
        setattr(checked, name, getattr(function, name))  # as functools.wraps, which takes 5 ms to load
    checked.__wrapped__ = function  # type: ignore[attr-defined]  # pyright: ignore[reportFunctionMemberAccess]
    return checked


def _foreign_frames(traceback: "TracebackType | None") -> "TracebackType | None":
    kept: "list[TracebackType]" = []
    while traceback is not None:
        name: str = traceback.tb_frame.f_globals.get("__name__", "")
        if not (name + ".").startswith(_PACKAGE):
            kept.append(traceback)
        traceback = traceback.tb_next
    first: "TracebackType | None" = None
    for entry in reversed(kept):
        entry.tb_next = first
        first = entry
    return first


_PACKAGE = __name__.rpartition(".")[0] + "."  # the folder may have been copied under another name
