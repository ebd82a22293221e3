"""Standard input, output and error.

Rule: only the result goes to standard output, all other text to standard error.  Prose is wrapped for a terminal alone:
in a file or a pipe a message is one line.
"""

import os
import re
import sys
from contextlib import contextmanager

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any

    from .._presigned_url import PresignedUrl
    from .._s3.post import PresignedPost

# What is copied from a message in one piece: a command, a text in quotes, a setting of nginx, an option and its value.
_PIECES = re.compile(
    r"(?<=for example: ).+|\bsigv4presign (?:'[^']*'|[^';,])+?(?= prints | shows |[;,]|$)"
    r"|(?<!\w)'[^']*'(?!\w)|`[^`]*`|\((?:nginx|curl)\b[^()]*\)|--[a-z-]+ (?:'[^']*'|[^\s-]\S*)"
)


def result(line: str) -> None:
    """Print a line of the result; flushed, so that it keeps its order among the lines on standard error."""
    with _standard_output() as out:
        out.write(f"{line}\n")


def result_bytes(data: bytes) -> None:
    """Write a result as bytes."""
    with _standard_output() as out:
        out.buffer.write(data)


@contextmanager
def _standard_output() -> "Generator[Any]":
    """Standard output, flushed at the end; what it could not write is dropped, and the error raised."""
    if sys.stdout is None:  # closed by `>&-`
        raise OSError("standard output is closed")
    try:
        yield sys.stdout
        sys.stdout.flush()
    except OSError:
        discard(sys.stdout)
        raise


def say(text: str, *, whole: bool = False) -> None:
    """Print text to standard error, or nothing if that is closed or full; `whole` lines are not wrapped."""
    if sys.stderr is None:  # closed by `2>&-`
        return
    if not whole:
        text = "\n".join([wrapped(line, sys.stderr) for line in text.split("\n")])
    try:
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
    except OSError:
        discard(sys.stderr)


def discard(stream: "Any") -> None:
    """Drop what a stream holds and whatever follows; else Python tries again at exit, and reports the error again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def given() -> str:
    """Read standard input as text."""
    if sys.stdin is None:  # closed by `<&-`
        raise OSError("standard input is closed")
    return sys.stdin.read()


def given_bytes(limit: int) -> bytes:
    """Read standard input, up to a number of bytes."""
    if sys.stdin is None:
        raise OSError("standard input is closed")
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


def wrapped(text: str, stream: "Any", *, used: int = 0, indent: int = 2) -> str:
    """Return prose wrapped for a terminal, and unchanged for anything else.

    URLs and whatever else has no spaces, commands and quoted texts stay whole.

    Args:
        text: One line.
        stream: Where it is printed.
        used: The columns that are taken on its first line.
        indent: The spaces before its further lines.
    """
    if not stream.isatty():
        return text
    import shutil
    import textwrap

    lines = textwrap.wrap(
        _PIECES.sub(lambda piece: piece[0].replace(" ", "\0"), text),  # no argument can contain a NUL
        max(shutil.get_terminal_size().columns or 80, 40),  # 0 before Python 3.11, where it is not known
        initial_indent=" " * used,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines).replace("\0", " ")[used:]


def note(line: str) -> None:
    """Print a note about something the user may not have meant."""
    say(f"note: {line}")


def shown(text: str) -> str:
    """Return text from outside for a terminal, escaped if it has control characters."""
    return text if text.isprintable() else ascii(text)
