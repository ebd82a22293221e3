"""`Maker`: one way to make presigned URLs, as the tables see it.

Rule: a method prepares what that maker's users prepare once (a client, credentials) and returns the call that they
repeat, with the arguments that they write at each call.  What a maker has no means for, it refuses with `Cannot`, and
the reason stands in the table.
"""

import importlib
import importlib.metadata
import itertools
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timezone
from typing import Any

from inputs import CLOCK_START

Sign = Callable[[str], Any]  # a key, or whatever the row is made of -> a URL, or a verdict
SignMany = Callable[["list[str]"], Iterable[str]]


class Cannot(Exception):  # noqa: N818 - it is an answer
    """A maker cannot do a row; the text says why."""


class Maker:
    """One maker.  A subclass's docstring says what is called, for the legend; what it does not override, it cannot do.

    Attributes:
        name: What the tables call it.
        package: The distribution it comes from, if it is a peer's.
    """

    name: str
    package: "str | None" = None

    def get_object(self, token: "str | None" = None) -> Sign:  # noqa: ARG002 - for those who can
        """Key -> URL of a GET; with a session token, the credentials are temporary ones."""
        raise Cannot("makes no S3 URLs")

    def moving_clock(self) -> Sign:
        """The same, with a clock that is a second further at every call."""
        raise Cannot("takes no clock")

    def general(self) -> Sign:
        """The general request of `inputs`; what it is called with does not matter."""
        raise Cannot("signs for S3 only")

    def many(self) -> SignMany:
        """Keys -> URLs in one call."""
        raise Cannot("has no call for many keys; its users loop")

    def verify(self, targets: "list[str]") -> Sign:  # noqa: ARG002 - the same
        """Request target of a presigned GET -> anything, or an exception."""
        raise Cannot("makes URLs and verifies none")

    def version(self) -> str:
        """The version of `package`."""
        return importlib.metadata.version(self.package) if self.package else ""


def load(name: str) -> Any:
    """A peer's module; these are optional, and few of them are typed."""
    try:
        return importlib.import_module(name)
    except ImportError as fault:
        raise Cannot(f"is not installed here ({fault})") from None


def seconds() -> "Iterator[int]":
    """A clock that is a second further at every reading."""
    return itertools.count(CLOCK_START)


def datetimes() -> "Iterator[datetime]":
    """The same for makers that take an aware datetime."""
    return (datetime.fromtimestamp(second, timezone.utc) for second in seconds())
