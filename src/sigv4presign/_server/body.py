"""The body of a verified request, counted and compared with what was signed, while the application reads it.

Rule: reading a body to its end raises unless the body has the announced length and the signed hash.
"""

from .._signature import sha256
from .._unverified import malformed_request
from ..errors import VerificationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..errors import Reason


def announced_length(lengths: "Sequence[str]", *, transfer_encoding: bool, version: str) -> "int | None":
    """A body's length in bytes; None if it is not announced.

    A request with both Content-Length and Transfer-Encoding is rejected, since the bytes that are signed and those that
    are read could differ (RFC 9112, section 6.3).

    Args:
        lengths: The values of all Content-Length headers.
        transfer_encoding: Whether there is a Transfer-Encoding header.
        version: The HTTP version, `1.1` or `2`.
    """
    if not lengths:
        # A request of HTTP/1 without either header has no body: RFC 9112, section 6.3.
        return 0 if version[:1] == "1" and not transfer_encoding else None
    if transfer_encoding:
        raise malformed_request("InvalidRequest", "The request has both Content-Length and Transfer-Encoding.")
    if len(lengths) > 1:
        raise malformed_request("InvalidRequest", "The request has more than one Content-Length.")
    [length] = lengths
    if not (length.isascii() and length.isdigit()) or len(length) > 18:
        raise malformed_request("InvalidRequest", "Content-Length is not a number.")
    return int(length)


class Body:
    """A body, counted, and compared with the hash that was signed for it.

    Where its length is known, the last bytes are passed on only after all of it was compared.  An application that
    counts bytes and never reads the end of the input is therefore protected too.

    Args:
        length: Its length in bytes; None if it is not announced.
        payload_hash: The SHA-256 that was signed for it; None if the signer left it open.

    Attributes:
        fault: Why the body was rejected, or None.
        finished: Whether all of it was read and accepted.
    """

    __slots__ = ("_hash", "_left", "_payload_hash", "fault", "finished")

    def __init__(self, length: "int | None", payload_hash: "str | None") -> None:
        self._left = length
        self._payload_hash = payload_hash
        self._hash = None if payload_hash is None else sha256()
        self.fault: "VerificationError | None" = None
        self.finished = False
        if length == 0:  # an application may never read it
            self.take(b"", last=True)

    def at_most(self, size: int) -> int:
        """`size`, limited to the bytes that are left."""
        return size if self._left is None else min(size, self._left)

    def take(self, chunk: bytes, *, last: bool) -> None:
        """Check the next bytes; raise if they are too many, or complete a body with another length or hash."""
        self.check_nothing_failed()
        left = 0
        if self._left is not None:
            self._left = left = self._left - len(chunk)
            last = last or left <= 0
        if self._hash is not None:
            self._hash.update(chunk)
            if last and self._hash.hexdigest() != self._payload_hash:
                self._fail(
                    "payload_hash_mismatch",
                    "XAmzContentSHA256Mismatch",
                    "The provided 'x-amz-content-sha256' header does not match what was computed.",
                )
        if last and left:
            self._fail(
                "wrong_length",
                "IncompleteBody",
                "You did not provide the number of bytes specified by the Content-Length HTTP header",
            )
        self.finished = last

    def _fail(self, reason: "Reason", code: str, problem: str) -> None:
        self.fault = VerificationError(reason, code, 400, problem)
        raise self.fault

    def is_answered_by(self, status: int) -> bool:
        """Whether an application may answer with this status now.

        After a rejected body it may choose its own client error.  The guard replaces every other status: 400 and 500
        are what frameworks answer to any exception, and a success would say that a rejected upload was stored.
        """
        return self.fault is None or 400 < status < 500

    def check_nothing_failed(self) -> None:
        """Raise the body's fault again on a second read."""
        if self.fault is not None:
            raise self.fault
