"""`UsedLinks`: the used one-time links of one process, in memory.

Rule: no link is accepted twice, even if the clock jumps or the store is full; a full store rejects new links.

For several processes or machines, write a store with the method `claim` of `sigv4presign.types.SingleUse`.  It must
check and insert in one statement (`INSERT OR IGNORE`, `SET NX`), keep each link for an hour after `expires_at`, since
requests may be slow and clocks ahead, and raise if its database can't be reached.
"""

import heapq
import threading

from .._time import exact_seconds
from ..errors import InputError, VerificationError


class UsedLinks:
    """Remembers the links that were used, in memory, until they expire.  Give it to `verify` as `single_use=`.

    If several threads or tasks use one link at once, exactly one succeeds.  Each process has its own memory, which a
    restart clears: with several workers, or if a link must stay used after a restart, use a database.

    A link is removed only if the store is full and the link has expired, by `verify`'s `now`.  If the store is full and
    no link in it has expired, a new one is rejected with status 503 (`SlowDown`), which clients retry, and is not used
    up.  A link that expires no later than one that was removed is rejected in the same way, since it may have been used
    before the clock was set back.  Only otherwise valid requests reach the store, so it can't be filled without a key.

    Args:
        capacity: The maximum number of links.  Each takes about 250 bytes plus its id.

    Raises:
        InputError: A capacity below 1.
        TypeError: A capacity that is not an int.

    Example:
        >>> from sigv4presign import Credentials, presign, verify
        >>> url = presign("GET", "https://files.example.com/a.txt", credentials=Credentials("AKIDEXAMPLE", "secret"),
        ...               region="eu-west-1", service="s3", expires_in=60)
        >>> used = UsedLinks()
        >>> def open_link() -> str:
        ...     return verify("GET", url, headers={}, secrets={"AKIDEXAMPLE": "secret"}, service="s3",
        ...                   region="eu-west-1", single_use=used).path
        >>> open_link()
        '/a.txt'
        >>> open_link()
        Traceback (most recent call last):
        sigv4presign.errors.VerificationError: This link has been used already.
    """

    __slots__ = ("_by_expiry", "_capacity", "_lock", "_used")

    def __init__(self, capacity: int = 100_000) -> None:
        if type(capacity) is not int:
            raise TypeError(f"capacity: expected int, got {type(capacity).__name__}")
        if capacity < 1:
            raise InputError("capacity", f"{capacity} is below the minimum of 1 link")
        self._capacity = capacity
        self._used: set[str] = set()
        self._by_expiry: list[tuple[int, str]] = []  # a heap
        self._lock = threading.Lock()

    def claim(self, request_id: str, expires_at: int, *, now: "float | None" = None) -> bool:
        """True the first time a link is used, else False.

        Args:
            request_id: The link's id.
            expires_at: The last second in which it is valid, in epoch seconds.
            now: The verifier's time in epoch seconds; None: the current time.

        Raises:
            VerificationError: The store is full; `.reason` is `store_full`, `.status` 503.
        """
        with self._lock:
            if request_id in self._used:
                return False
            full = len(self._used) >= self._capacity
            if full and not self._forget_one(exact_seconds(now), expires_at):
                raise VerificationError(
                    "store_full", "SlowDown", 503, "Too many links are in use at the moment; try again later."
                )
            self._used.add(request_id)
            heapq.heappush(self._by_expiry, (expires_at, request_id))
            return True

    claim.takes_now = True  # type: ignore[attr-defined]  # verify then passes its `now`; see _verify.claim

    def _forget_one(self, now: float, before: int) -> bool:
        """Remove the link that expires first, if it has expired and expires before the new one.

        The store is full from then on, and no link in it expires before the one removed, which can't come back.
        """
        if self._by_expiry[0][0] >= min(now, before):
            return False
        _, request_id = heapq.heappop(self._by_expiry)
        self._used.remove(request_id)
        return True

    def __len__(self) -> int:
        """The number of links in the store."""
        return len(self._used)

    def __repr__(self) -> str:
        return f"<UsedLinks {len(self)} of at most {self._capacity}>"
