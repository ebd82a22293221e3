"""What `share` says on standard error while it serves.

Rule: it never waits.  A line that standard error has no room for, such as a pipe that nobody reads, is counted and left
out; the next line that finds room says how many were.
"""

import contextlib
import os
import select
import sys
import threading
import time

_UNITS = ((10**9, "GB"), (10**6, "MB"), (10**3, "kB"))
_MOST = 4096  # bytes of a line: what a pipe that is ready to be written takes at once (PIPE_BUF)


class Log:
    """Lines with the time of day, from any thread."""

    __slots__ = ("_lock", "_lost", "_quiet")

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._lost = 0
        self._lock = threading.Lock()

    def say(self, line: str) -> None:
        """Write a line, or count it as left out."""
        if self._quiet:
            return
        text = f"{time.strftime('%H:%M:%S')} {line}\n"
        with self._lock:
            if self._lost:
                text = f"({self._lost} lines were left out: standard error was full)\n{text}"
            self._lost = 0 if _write(text) else self._lost + 1


def _write(text: str) -> bool:
    """Write to standard error if that does not have to wait; False if it would have to."""
    with contextlib.suppress(OSError, ValueError, AttributeError):  # a closed stderr must not stop the server
        try:
            stderr = sys.stderr.fileno()
        except (OSError, ValueError, AttributeError):
            sys.stderr.write(text)  # a program has replaced it
            return True
        if not select.select([], [stderr], [], 0)[1]:
            return False
        os.write(stderr, text.encode("utf-8", "backslashreplace")[:_MOST])
    return True


def amount(done: int, total: int) -> str:
    """`4 bytes, complete` or `cut at 17 of 30 MB`."""
    size, unit = next(((size, unit) for size, unit in _UNITS if total >= 10 * size), (1, "bytes"))
    if done == total:
        return "1 byte, complete" if total == 1 else f"{total / size:.4g} {unit}, complete"
    return f"cut at {done / size:.4g} of {total / size:.4g} {unit}"
