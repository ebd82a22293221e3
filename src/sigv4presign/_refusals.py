"""The second family of errors: somebody else's request, refused.

Rule: users find them in `errors`, by which name they also go; they stand here since signing never needs them, and
classes are dear to load.
"""

from .errors import Sigv4PresignError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .types import Reason

_HOME = Sigv4PresignError.__module__


class VerificationError(Sigv4PresignError):
    """A request that is refused.  Answer it with `.status` and `.code`; the message is safe to show.

    Attributes:
        reason: One of a closed set (`sigv4presign.types.Reason`): what to branch on.
        code: The error code S3 answers with, such as `AccessDenied`.
        status: The HTTP status S3 answers with.
    """

    __module__ = _HOME

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

    __module__ = _HOME

    def __init__(self, problem: str, *, expires_at: int) -> None:
        super().__init__("expired", "AccessDenied", 403, problem)
        self.expires_at = expires_at


class NotYetValid(VerificationError):  # noqa: N818 - a fixed public name
    """The signature held, but its date lies further ahead than the clock skew allows.

    Attributes:
        valid_from: X-Amz-Date, in epoch seconds.
    """

    __module__ = _HOME

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

    __module__ = _HOME

    def __init__(self, problem: str, *, canonical_request: str, string_to_sign: str) -> None:
        super().__init__("signature_mismatch", "SignatureDoesNotMatch", 403, problem)
        self.canonical_request = canonical_request
        self.string_to_sign = string_to_sign
