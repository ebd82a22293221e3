"""Standard input, output and error.

Rule: only the result goes to standard output, all other text to standard error.
"""

import errno
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .._presigned_url import PresignedUrl
    from .._s3.post import PresignedPost


def result(line: str) -> None:
    """Print a line of the result; flushed, so that it keeps its order among the lines on standard error."""
    out = _standard_output()
    out.write(f"{line}\n")
    out.flush()


def result_bytes(data: bytes) -> None:
    """Write a result as bytes."""
    out = _standard_output()
    out.flush()
    out.buffer.write(data)
    out.flush()


def _standard_output() -> "Any":
    if sys.stdout is None:  # closed by `>&-`
        raise OSError(errno.EBADF, "standard output is closed")
    return sys.stdout


def say(line: str) -> None:
    """Print a line to standard error, or nothing if that is closed or full."""
    if sys.stderr is None:  # closed by `2>&-`
        return
    try:
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()
    except OSError:
        pass


def given() -> str:
    """Read standard input as text."""
    if sys.stdin is None:  # closed by `<&-`
        raise OSError(errno.EBADF, "standard input is closed")
    return sys.stdin.read()


def given_bytes(limit: int) -> bytes:
    """Read standard input, up to a number of bytes."""
    if sys.stdin is None:
        raise OSError(errno.EBADF, "standard input is closed")
    return sys.stdin.buffer.read(limit)


def until(url: "PresignedUrl | PresignedPost", now: int) -> str:
    """Return when a URL or a form expires, and the time until then."""
    from .._time import iso_date

    expires_at: int = url.to_dict()["expires_at"]
    return f"{iso_date(expires_at)}, {span(expires_at - now)} from now"


def span(seconds: int) -> str:
    """Return 5400 as `1 hour 30 minutes`: the two largest units."""
    words: list[str] = []
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")):
        count, seconds = divmod(seconds, size)
        if count:
            words.append(f"{count} {unit}{'' if count == 1 else 's'}")
    return " ".join(words[:2]) or "0 seconds"


def note(line: str) -> None:
    """Print a note about something the user may not have meant."""
    say(f"note: {line}")


def shown(text: str) -> str:
    """Return text from outside for a terminal, escaped if it has control characters."""
    return text if text.isprintable() else ascii(text)
