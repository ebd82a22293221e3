"""The log that `share` writes to standard error.

Rule: writing never blocks.  If standard error is full, such as a pipe that nobody reads, a line is dropped and counted;
the next line that is written tells how many were dropped.
"""

import contextlib
import os
import select
import sys
import threading
import time

_UNITS = ((10**9, "GB"), (10**6, "MB"), (10**3, "kB"))
_MOST = 4096  # bytes of a line: what a writable pipe takes without blocking (PIPE_BUF)


class Log:
    """Writes lines with the time of day; thread-safe."""

    __slots__ = ("_lock", "_lost", "_quiet")

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._lost = 0
        self._lock = threading.Lock()

    def say(self, line: str) -> None:
        """Write a line, or drop and count it."""
        if self._quiet:
            return
        text = f"{time.strftime('%H:%M:%S')} {line}\n"
        with self._lock:
            if self._lost:
                text = f"({self._lost} lines were left out: standard error was full)\n{text}"
            self._lost = 0 if _write(text) else self._lost + 1


def _write(text: str) -> bool:
    """Write to standard error; False if that would block."""
    with contextlib.suppress(OSError, ValueError, AttributeError):  # a closed stderr must not stop the server
        try:
            stderr = sys.stderr.fileno()
        except (OSError, ValueError, AttributeError):
            sys.stderr.write(text)  # stderr was replaced
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
