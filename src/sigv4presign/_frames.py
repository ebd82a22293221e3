"""What an error says by the frames it passed through.

Rule: an error reporter that records local variables finds no secret of ours, for a refusal leaves without our frames.
Loaded where something is refused, and by the server side.
"""

from .errors import Sigv4PresignError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType


def without_our_frames(fault: "BaseException") -> "BaseException":
    """An error, and those it came from, without the frames of this package, whose local variables hold secrets.

    The frames of callbacks stay: it is their error then.
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
