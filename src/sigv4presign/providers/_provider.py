"""What all providers share: a callable that has valid credentials.

Rule: as long as there are valid credentials nobody waits: the next ones are fetched by a thread in the background.  A
caller waits only where there is nothing to sign with, and then one of them fetches for all.
"""

import os
from _thread import allocate_lock, start_new_thread  # `threading` takes 4 ms to load

from .._time import exact_seconds
from ..errors import CredentialsNotFound

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Union

    from .._credentials import Credentials

    Fetch = Callable[[], Union["Found", Credentials]]

# How long before they expire credentials are refreshed: botocore's window, for most services hand out the next ones
# about then.  A quarter of an hour is also what STS's shortest sessions last in all, so half of what is left bounds it.
REFRESH_AHEAD = 900

# How long a failed refresh is not tried again while the old credentials are still valid.
_PAUSE = 60


class NotConfigured(CredentialsNotFound):
    """Nothing asks for this provider, so the next one may be asked.  Every other error ends the search: to go on with
    another identity would hide a mistake.
    """


class Found:
    """Credentials that were found.

    Attributes:
        credentials: The credentials.
        source: Where they come from, for people.
        attended: Whether a person was asked for them (MFA), so that nobody is asked again in the background.
    """

    __slots__ = ("attended", "credentials", "source")

    def __init__(self, credentials: "Credentials", source: str, *, attended: bool = False) -> None:
        self.credentials = credentials
        self.source = source
        self.attended = attended


class Later:
    """A function and its arguments, to be called later; it can be pickled.  `functools` takes 5 ms to load."""

    __slots__ = ("args", "function", "named")

    def __init__(self, function: "Callable[..., Found]", *args: object, **named: object) -> None:
        self.function = function
        self.args = args
        self.named = named

    def __call__(self) -> Found:
        return self.function(*self.args, **self.named)


class _Kept:
    """Credentials at hand, when to refresh them, and when they expire; replaced whole, never changed."""

    __slots__ = ("credentials", "expires_at", "refresh_at", "source")

    def __init__(
        self, credentials: "Credentials | None", source: "str | None", refresh_at: float, expires_at: float
    ) -> None:
        self.credentials = credentials
        self.source = source
        self.refresh_at = refresh_at
        self.expires_at = expires_at


_EMPTY = _Kept(None, None, 0, 0)


class _Turn:
    """Who may fetch: the holder of the lock.

    A child process after a fork begins with a new one, since the thread that held the lock is not in the child.
    """

    __slots__ = ("failure", "lock", "pid", "rounds")

    def __init__(self) -> None:
        self.lock = allocate_lock()
        self.pid = os.getpid()
        self.rounds = 0  # how many fetches have finished
        self.failure: str | None = None  # what the last one raised; not the error itself, which holds its frames


class Provider:
    """A callable that returns credentials which are valid now: give it to a presigner as `credentials=`.

    The first call fetches them, in the caller's thread.  They are cached, and refreshed ahead of their expiry by a
    thread in the background, while every caller goes on with the old ones.  Callers wait only where there are no valid
    credentials; one of them then fetches for all.  While a refresh fails the old ones are returned as long as they are
    valid.  Credentials without an expiry are cached for good.  It may be called from any number of threads, and after a
    fork.  Copies and pickles start with an empty cache; `repr` shows no credentials.

    The functions of this module make them; there is no need to construct one.

    Attributes:
        source: Where the credentials at hand come from, such as `"the environment"` or `"profile 'dev'"`; None before
            the first call.

    Raises:
        CredentialsNotFound: On a call, when there are none to return; the message says what was asked and what it
            answered.

    Example:
        >>> from sigv4presign import providers
        >>> providers.container()
        <Provider: container>
    """

    __slots__ = ("_ahead", "_fetch", "_kept", "_name", "_turn")

    def __init__(self, name: str, fetch: "Fetch", refresh_ahead: int = REFRESH_AHEAD) -> None:
        self._name = name
        self._fetch = fetch
        self._ahead = refresh_ahead
        self._kept = _EMPTY
        self._turn = _Turn()

    def __call__(self) -> "Credentials":
        kept = self._kept
        now = exact_seconds(None)
        if kept.credentials is not None and now < kept.expires_at:
            if now >= kept.refresh_at:
                self._refresh(kept, now)
            return kept.credentials
        return self._waited()

    @property
    def source(self) -> "str | None":
        return self._kept.source

    def _own_turn(self) -> _Turn:
        """The turn of this process."""
        turn = self._turn
        if turn.pid != os.getpid():
            turn = self._turn = _Turn()
        return turn

    def _refresh(self, kept: _Kept, now: float) -> None:
        """Have the next credentials fetched in the background, if nobody is at it."""
        turn = self._own_turn()
        if not turn.lock.acquire(blocking=False):
            return
        started = False
        try:
            if self._kept is not kept:  # somebody has just finished
                return
            # Nobody tries again for a while, whether or not this one comes back.
            pause = min(_PAUSE, (kept.expires_at - now) / 2)
            self._kept = _Kept(kept.credentials, kept.source, now + pause, kept.expires_at)
            try:
                start_new_thread(self._in_background, (turn,))
                started = True
            except RuntimeError:  # no more threads, or the interpreter is shutting down
                pass
        finally:
            if not started:
                turn.lock.release()

    def _in_background(self, turn: _Turn) -> None:
        try:
            self._fetched(turn)
        except Exception:  # noqa: BLE001, S110 - whatever it is, there are still valid credentials to sign with
            pass
        finally:
            turn.lock.release()

    def _waited(self) -> "Credentials":
        turn = self._own_turn()
        rounds = turn.rounds
        with turn.lock:
            kept = self._kept
            if kept.credentials is not None and exact_seconds(None) < kept.expires_at:
                return kept.credentials
            if turn.rounds != rounds and turn.failure is not None:
                # Another thread fetched while this one waited.  If each of N waiting threads asked again, the last one
                # would wait for N time-outs.
                raise CredentialsNotFound(turn.failure)
            return self._fetched(turn)

    def _fetched(self, turn: _Turn) -> "Credentials":
        turn.failure = None
        found: Found | Credentials | None = None
        try:
            found = self._fetch()
        except CredentialsNotFound as failure:
            turn.failure = str(failure)
        finally:
            turn.rounds += 1
        if found is None:
            # Out here, so that the error has no context: an answer that could not be parsed may be in it.
            raise CredentialsNotFound(turn.failure or "the provider returned None")
        if not isinstance(found, Found):
            found = Found(found, self._name)
        credentials, now = found.credentials, exact_seconds(None)
        expires_at = float("inf") if credentials.expires_at is None else credentials.expires_at
        if expires_at <= now:
            from .._time import iso_date

            turn.failure = f"{self._name}: the credentials that came had expired at {iso_date(int(expires_at))}"
            raise CredentialsNotFound(turn.failure)
        ahead = 0 if found.attended else min(self._ahead, (expires_at - now) / 2)
        self._kept = _Kept(credentials, found.source, expires_at - ahead, expires_at)
        return credentials

    def __repr__(self) -> str:
        return f"<Provider: {self._name}>"

    def __reduce__(self) -> "tuple[type[Provider], tuple[str, Fetch, int]]":
        return Provider, (self._name, self._fetch, self._ahead)


class Chain:
    """Several ways to credentials, asked in order.  The one that has them is asked alone from then on, so that a
    program never changes its identity while it runs.
    """

    def __init__(self, *links: "Fetch") -> None:
        self.links = links

    def __call__(self) -> "Found | Credentials":
        answers: list[str] = []
        for fetch in self.links:
            try:
                found = fetch()
            except CredentialsNotFound as answer:  # noqa: PERF203 - four rounds at most
                answers.append(str(answer))
                if not isinstance(answer, NotConfigured):
                    break
            else:
                self.links = (fetch,)
                return found
        raise CredentialsNotFound(f"no credentials found: {'; '.join(answers)}")
