"""The AWS CLI's caches: JSON files below `~/.aws`, named by a hash of their purpose.

Rule: a file is replaced atomically, readable only by its owner, and by one process at a time; fields that this package
does not know are kept.
"""

import os

from ..errors import CredentialsNotFound
from ._files import in_home

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from typing_extensions import Self

_LIMIT = 1 << 20  # bytes of a file; one of `aws login` with tokens of two kilobytes has about 6,000
_LOCK_SECONDS = 75  # a little longer than the lock's holder may wait for an answer


class CacheFile:
    """One file of a cache.

    Args:
        folder: The folder, which may begin with `~`.
        key: The name of the file, without `.json`.
        environ: The environment variables.
    """

    __slots__ = ("path",)

    def __init__(self, folder: str, key: str, environ: "Mapping[str, str]") -> None:
        self.path = os.path.join(in_home(folder, environ), f"{key}.json")

    def read(self) -> "dict[str, Any] | None":
        """Return the JSON object in it; None if the file does not exist.

        Raises:
            CredentialsNotFound: It cannot be read.
            ValueError: It is not a JSON object.
        """
        import json

        content: Any = None
        try:
            with open(self.path, encoding="utf-8") as file:
                content = json.loads(file.read(_LIMIT))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as fault:
            raise CredentialsNotFound(f"{self.path} cannot be read ({fault.strerror})") from None
        except (ValueError, RecursionError):
            problem = "is not JSON"
        else:
            if isinstance(content, dict):
                return dict(content)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
            problem = "does not hold a JSON object"
        raise ValueError(problem)  # raised here, so that the error has no context with the text of the file

    def write(self, content: "dict[str, Any]") -> None:
        """Replace the file by a new one, which only its owner may read and which is flushed to disk first.

        Raises:
            CredentialsNotFound: It cannot be written.
        """
        import json
        import tempfile

        folder = os.path.dirname(self.path)
        try:
            os.makedirs(folder, mode=0o700, exist_ok=True)
            number, temporary = tempfile.mkstemp(dir=folder, suffix=".tmp")  # creates it with mode 0600
            try:
                with os.fdopen(number, "w", encoding="utf-8") as file:
                    json.dump(content, file)
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(temporary, self.path)
            except BaseException:
                os.unlink(temporary)
                raise
        except OSError as fault:
            problem = f"{self.path} cannot be written ({fault.strerror})"
        else:
            return
        raise CredentialsNotFound(problem)

    def locked(self) -> "Lock":
        """Return a lock against other processes of this package; read the file again once it is acquired."""
        return Lock(f"{self.path}.lock")


class Lock:
    """A lock between processes, on a file that is never removed.  The system releases it when a process dies.

    The AWS CLI does not use it, so if a refresh is rejected, the cache is read once more.
    """

    __slots__ = ("_number", "_path")

    def __init__(self, path: str) -> None:
        self._path = path
        self._number = -1

    def __enter__(self) -> "Self":
        import time

        end = time.monotonic() + _LOCK_SECONDS
        try:
            self._number = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            while not _try_lock(self._number):
                if time.monotonic() > end:
                    problem = f"another process has held {self._path} for {_LOCK_SECONDS} s"
                    break
                time.sleep(0.02)
            else:
                return self
            os.close(self._number)
        except OSError as fault:
            problem = f"{self._path} cannot be written ({fault.strerror}), so nothing is refreshed there"
        raise CredentialsNotFound(problem)

    def __exit__(self, *fault: object) -> None:
        os.close(self._number)  # releases the lock


if os.name == "nt":  # pragma: no cover - the tests run on Linux and macOS

    def _try_lock(number: int) -> bool:
        import msvcrt

        try:
            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True

else:

    def _try_lock(number: int) -> bool:
        import fcntl

        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
