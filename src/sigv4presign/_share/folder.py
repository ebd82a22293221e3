"""The shared folder: which names are allowed in it, and how its files are found, opened and replaced.

Rule: a path is opened from the folder downwards, one component at a time, and never through a symbolic link.  A path
with a component that begins with a dot is served only if it was named.  An upload appears under its name when it is
complete, or not at all.
"""

import contextlib
import errno
import os
import secrets
import stat
from pathlib import Path

from .._server.refusal import Refused, no_such_key
from ..errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Iterable
    from typing import BinaryIO

TEMPORARY = ".sigv4presign-"  # prefix of unfinished uploads; 16 hex digits follow

# 0 if the system lacks the flag; a Share does not start there.
_NOFOLLOW: int = getattr(os, "O_NOFOLLOW", 0)
_OPEN_FOLDER: int = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
_OPEN_FILE: int = os.O_RDONLY | _NOFOLLOW | getattr(os, "O_NONBLOCK", 0)  # else opening a named pipe waits for a writer
_CREATE_FILE: int = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NOFOLLOW

# Errors of a path that is not a file: ELOOP and EMLINK (FreeBSD) come from O_NOFOLLOW, ENXIO from a socket.
_ABSENT = frozenset((errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.EMLINK, errno.ENAMETOOLONG, errno.ENXIO))


def is_safe_segment(segment: str) -> bool:
    """Whether a text is allowed as one component of a path: it has no slash and is not an unfinished upload."""
    return (
        segment not in ("", ".", "..")
        and not any(character in segment for character in "/\\\0")
        and not segment.lower().startswith(TEMPORARY)  # some file systems ignore case
        and segment.encode("utf-8", "ignore").decode() == segment  # a name that is not UTF-8 has lone surrogates
    )


@contextlib.contextmanager
def _refusing_absent() -> "Generator[None, None, None]":
    try:
        yield
    except OSError as fault:
        if fault.errno in _ABSENT:
            raise no_such_key() from None
        if fault.errno in (errno.EACCES, errno.EPERM):
            raise Refused(403, "AccessDenied", "The server may not use this file or folder.") from None
        raise


class Folder:
    """The shared folder, kept open so that no parent folder can be replaced, and all access to it.

    Of the paths with a component that begins with a dot, only those in `dotted` are served.
    """

    def __init__(self, path: str, dotted: "Iterable[str]" = ()) -> None:
        self._dotted = [name.split("/") for name in dotted]
        self._folder = os.open(path, _OPEN_FOLDER)

    def close(self) -> None:
        os.close(self._folder)

    def has_place(self, segments: "list[str]") -> bool:
        """Whether a file of this name, existing or not, may be served."""
        if not all(map(is_safe_segment, segments)):
            return False
        return segments in self._dotted or not any(segment.startswith(".") for segment in segments)

    def _leads_on(self, segments: "list[str]") -> bool:
        """Whether files below a folder may be served."""
        return self.has_place(segments) or (
            is_safe_segment(segments[-1]) and any(name[: len(segments)] == segments for name in self._dotted)
        )

    def _enter(self, segments: "list[str]") -> int:
        """Open the folder of a path's last segment; the caller closes it."""
        folder = os.dup(self._folder)
        for segment in segments[:-1]:
            outer = folder
            try:
                folder = os.open(segment, _OPEN_FOLDER | _NOFOLLOW, dir_fd=outer)
            finally:
                os.close(outer)
        return folder

    def obstacle(self, segments: "list[str]") -> str:
        """What keeps a path from being a file's, now or after an upload; "" if nothing does."""
        try:
            folder = self._enter(segments)
        except OSError:
            return "is in a folder that is not there, or behind a symbolic link; make the folder first"
        try:
            mode = os.stat(segments[-1], dir_fd=folder, follow_symlinks=False).st_mode
        except OSError:
            return ""
        finally:
            os.close(folder)
        return "is a folder; name the files in it, or share it" if stat.S_ISDIR(mode) else ""

    def open(self, segments: "list[str]") -> "tuple[BinaryIO, os.stat_result]":
        """Open a regular file for reading; return it with its `os.stat_result`."""
        with _refusing_absent():
            folder = self._enter(segments)
            try:
                descriptor = os.open(segments[-1], _OPEN_FILE, dir_fd=folder)
            finally:
                os.close(folder)
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode):
            os.close(descriptor)
            raise no_such_key()
        return os.fdopen(descriptor, "rb", buffering=0), about

    def store(self, segments: "list[str]", chunks: "Iterable[bytes]") -> os.stat_result:
        """Replace a file, or leave it unchanged if that fails; return its `os.stat_result`."""
        with _refusing_absent():
            folder = self._enter(segments)
        try:
            return self._store(folder, segments[-1], chunks)
        finally:
            os.close(folder)

    def _store(self, folder: int, name: str, chunks: "Iterable[bytes]") -> os.stat_result:
        temporary = TEMPORARY + secrets.token_hex(8)
        with _refusing_absent():
            mode = _replaceable_mode(folder, name)
            descriptor = os.open(temporary, _CREATE_FILE, 0o666, dir_fd=folder)
        try:
            with os.fdopen(descriptor, "wb") as file:
                # Locked while it is written; the system releases the lock if the process is killed.
                _hold(descriptor)
                if mode is not None:
                    os.fchmod(descriptor, mode)
                file.writelines(chunks)
                file.flush()
                os.fsync(descriptor)  # before the rename: else a power cut could leave the name with an empty file
                about = os.fstat(descriptor)
            os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
        except BaseException:
            os.unlink(temporary, dir_fd=folder)
            raise
        return about

    def remove_leftovers(self, *, below: bool) -> None:
        """Remove the files of uploads that were killed: temporary names that no process has locked.

        With `below`, also in all subfolders that may be served.
        """
        for path, folders, files, folder in os.fwalk(".", dir_fd=self._folder):
            above = path.split("/")[1:]
            folders[:] = [name for name in folders if below and self._leads_on([*above, name])]
            for name in files:
                if _is_temporary(name):
                    with contextlib.suppress(OSError):  # locked by another process, or not removable
                        _remove_unheld(folder, name)

    def survey(self) -> "tuple[list[str], int]":
        """Return the sorted names of all files that may be served, and the number of other entries."""
        names: list[str] = []
        others = 0
        for path, folders, _, folder in os.fwalk(".", dir_fd=self._folder):  # does not follow links
            above = path.split("/")[1:]
            folders.clear()
            with os.scandir(folder) as entries:
                for entry in entries:
                    segments = [*above, entry.name]
                    if entry.is_dir(follow_symlinks=False):
                        if self._leads_on(segments):
                            folders.append(entry.name)
                        else:
                            others += 1
                    elif entry.is_file(follow_symlinks=False) and self.has_place(segments):
                        names.append("/".join(segments))
                    elif not entry.name.lower().startswith(TEMPORARY):  # unfinished uploads are not counted
                        others += 1
        return sorted(names), others


def _hold(descriptor: int) -> None:
    """Lock a file while it is open here; OSError if another process has locked it."""
    import fcntl  # missing on some systems, where Share raises before this

    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _is_temporary(name: str) -> bool:
    digits = name.removeprefix(TEMPORARY)
    return len(digits) == 16 and name != digits and not digits.strip("0123456789abcdef")


def _remove_unheld(folder: int, name: str) -> None:
    descriptor = os.open(name, _OPEN_FILE, dir_fd=folder)
    try:
        _hold(descriptor)
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.unlink(name, dir_fd=folder)
    finally:
        os.close(descriptor)


def _replaceable_mode(folder: int, name: str) -> "int | None":
    """Return the permissions of the file that an upload replaces; None for a new file, which follows the umask."""
    try:
        about = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(about.st_mode):
        raise Refused(400, "InvalidRequest", "The key names a folder or something else that is not a file.")
    return stat.S_IMODE(about.st_mode) & 0o777


def place(path: str, *, upload: bool) -> "tuple[str, tuple[str, str] | None]":
    """Return the folder to open; for a single file also the name it is served under and its name on disk."""
    real = Path(os.path.realpath(path))
    if path and real.is_dir():  # an empty path, such as an unset variable, would mean the current folder
        return str(real), None
    if not real.is_file():
        if os.path.lexists(real):
            raise InputError("path", f"{path!r} is neither a file nor a folder")
        if not upload:
            raise InputError("path", f"{path!r} does not exist")
        if path.endswith("/") or not real.parent.is_dir():
            raise InputError("path", f"the folder of {path!r} does not exist; make it first")
    name = Path(path).name
    if not is_safe_segment(name):
        raise InputError("path", f"the name {name!r} cannot be served; rename the file")
    return str(real.parent), (name, real.name)
