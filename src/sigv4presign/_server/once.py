"""`UsedLinks`: a memory of the links that were used, for one process.

Rule: a link that was claimed is never claimed again, whatever the clock does and however many links there are; where
that cannot be kept, a request is refused for now rather than a link forgotten.

A store of your own, for several processes or machines, is any object with the method `claim` of
`sigv4presign.types.SingleUse`.  It keeps the same promise if one statement both asks and remembers (`INSERT OR IGNORE`,
`SET NX`), if it keeps a link for an hour longer than `expires_at`, so that neither a slow request nor a clock that runs
ahead finds it forgotten, and if it raises where it cannot reach its database.
"""

import heapq
import threading

from .._time import exact_seconds
from ..errors import InputError, VerificationError


class UsedLinks:
    """Remembers the links that were used, in memory, until they expire.  Give it to `verify` as `single_use=`.

    Of any number of threads or tasks that claim one link, exactly one wins.  Each process has its own memory, and a
    restart forgets it: with several workers, or where a link must not come back after a restart, use a database.

    A link is forgotten only to make room for another, and only once it has expired by the clock that `verify` goes by
    (its `now`): below `capacity` a clock that jumps, either way, changes nothing.  When `capacity` links are remembered
    and none has expired, a new one is refused with status 503 (`SlowDown`), which clients try again, and is not used
    up.  The same holds for a link that expires no later than one already forgotten: if the clock was set back so far,
    whether it was used cannot be told.  Only a request that is valid in everything else gets here, so nobody without a
    key can fill the memory.

    Args:
        capacity: The most links to remember at once.  Each takes about 250 bytes, its id not counted.

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

    __slots__ = ("_by_expiry", "_capacity", "_forgotten_until", "_lock", "_used")

    def __init__(self, capacity: int = 100_000) -> None:
        if type(capacity) is not int:
            raise TypeError(f"capacity: expected int, got {type(capacity).__name__}")
        if capacity < 1:
            raise InputError("capacity", f"{capacity} links; at least 1 has to be remembered")
        self._capacity = capacity
        self._used: set[str] = set()
        self._by_expiry: list[tuple[int, str]] = []  # a heap: the one that expires first comes first
        self._forgotten_until = -1  # no link that expires later was ever forgotten
        self._lock = threading.Lock()

    def claim(self, request_id: str, expires_at: int, *, now: "float | None" = None) -> bool:
        """True for the first claim of a link, False for any other.

        Args:
            request_id: What the link is remembered by.
            expires_at: The last second in which it is valid, in epoch seconds.
            now: What time it is for whoever verifies, in epoch seconds; None: the current time.

        Raises:
            VerificationError: The store is full; `.reason` is `store_full`, `.status` 503.
        """
        with self._lock:
            if request_id in self._used:
                return False
            full = len(self._used) >= self._capacity
            if expires_at <= self._forgotten_until or (full and not self._forget_one(exact_seconds(now), expires_at)):
                raise VerificationError(
                    "store_full", "SlowDown", 503, "Too many links are in use at the moment; try again later."
                )
            self._used.add(request_id)
            heapq.heappush(self._by_expiry, (expires_at, request_id))
            return True

    claim.takes_now = True  # type: ignore[attr-defined]  # verify then says what time it goes by; see _verify.claim

    def _forget_one(self, now: float, before: int) -> bool:
        """Forget the link that expired first, if it has, and earlier than the one it makes room for."""
        if self._by_expiry[0][0] >= min(now, before):
            return False
        self._forgotten_until, request_id = heapq.heappop(self._by_expiry)
        self._used.remove(request_id)
        return True

    def __len__(self) -> int:
        """How many links are remembered."""
        return len(self._used)

    def __repr__(self) -> str:
        return f"<UsedLinks {len(self)} of at most {self._capacity}>"
