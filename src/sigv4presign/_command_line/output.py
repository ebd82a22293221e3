"""What is printed, and where.

Rule: the result alone goes to standard output, everything said about it to standard error.
"""

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._presigned_url import PresignedUrl
    from .._s3.post import PresignedPost


def result(line: str) -> None:
    """Print a line of what was asked for; at once, so that it keeps its place among what is said."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def say(line: str) -> None:
    """Print a line about the result, if there is anywhere to: `2>&-` closes what it would go to."""
    if sys.stderr is not None:
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()


def until(url: "PresignedUrl | PresignedPost", now: int) -> str:
    """When a URL or a form ends, and in how long."""
    from .._time import iso_date

    expires_at: int = url.to_dict()["expires_at"]
    return f"{iso_date(expires_at)}, {span(expires_at - now)} from now"


def span(seconds: int) -> str:
    """`5400` as `1 hour 30 minutes`: the two largest units."""
    words: list[str] = []
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")):
        count, seconds = divmod(seconds, size)
        if count:
            words.append(f"{count} {unit}{'' if count == 1 else 's'}")
    return " ".join(words[:2]) or "0 seconds"


def shown(text: str) -> str:
    """Text from outside for a terminal, which control characters could steer."""
    return text if text.isprintable() else ascii(text)
