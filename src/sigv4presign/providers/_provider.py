"""The class of all providers: a callable that returns valid credentials.

Rule: while there are valid credentials no caller waits: a background thread fetches the next ones.  Callers wait only
if there are none, and then one of them fetches for all.
"""

import os
from _thread import allocate_lock, start_new_thread  # `threading` takes 4 ms to import

from .._time import exact_seconds
from ..errors import CredentialsNotFound, InputError, frameless

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Union

    from .._credentials import Credentials

    Fetch = Callable[[], Union["Found", Credentials]]

# Seconds before their expiry at which credentials are refreshed, as in botocore: most services return new ones by then.
# STS's shortest sessions also last 15 minutes, so it is bounded by half of the remaining lifetime.
REFRESH_AHEAD = 900

# Seconds until a failed refresh is tried again while the old credentials are valid.
_PAUSE = 60


def check_text(parameter: str, text: "str | None") -> None:
    """Reject an argument that is neither None nor text that is not empty."""
    if text is not None and not isinstance(text, str):
        raise TypeError(f"{parameter}: expected str, got {type(text).__name__}")
    if text == "":
        raise InputError(parameter, "is empty; leave it out to have it looked up")


def check_flag(parameter: str, flag: object) -> None:
    """Reject an argument that is not a bool: the text `no` would count as true."""
    if not isinstance(flag, bool):
        raise TypeError(f"{parameter}: expected bool, got {type(flag).__name__}")


class NotConfigured(CredentialsNotFound):
    """This provider is not configured, so the next one is tried.  Every other error ends the search: continuing with
    another identity would hide a mistake.
    """


class Found:
    """Credentials that were found.

    Attributes:
        credentials: The credentials.
        source: Where they come from, for messages.
        attended: Whether the user was asked for a code (MFA); such credentials are not refreshed in the background.
    """

    __slots__ = ("attended", "credentials", "source")

    def __init__(self, credentials: "Credentials", source: str, *, attended: bool = False) -> None:
        self.credentials = credentials
        self.source = source
        self.attended = attended


class Later:
    """A function and its arguments, to be called later; it can be pickled.  `functools` takes 5 ms to import."""

    __slots__ = ("args", "function", "named")

    def __init__(self, function: "Callable[..., Found]", *args: object, **named: object) -> None:
        self.function = function
        self.args = args
        self.named = named

    def __call__(self) -> Found:
        return self.function(*self.args, **self.named)


class Region:
    """Where STS is asked.

    Attributes:
        given: The region that was given; None: where environment and profile say.
        signed: The region of the first signature, for where nothing else says one.
    """

    __slots__ = ("given", "signed")

    def __init__(self, given: "str | None", signed: "str | None" = None) -> None:
        self.given = given
        self.signed = signed


class _Kept:
    """Cached credentials, when to refresh them, and when they expire; immutable."""

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
    """The lock that the fetching thread holds.

    After a fork the child process gets a new one, because the thread that held the lock does not exist there.
    """

    __slots__ = ("failure", "lock", "pid", "rounds")

    def __init__(self) -> None:
        self.lock = allocate_lock()
        self.pid = os.getpid()
        self.rounds = 0  # number of finished fetches
        self.failure: str | None = None  # message of the last error; the error itself would keep its frames


class Provider:
    """A callable that returns currently valid credentials: pass it to a presigner as `credentials=`.

    The first call fetches them in the caller's thread.  They are cached, and refreshed before they expire by a
    background thread, while callers get the old ones.  Callers wait only if there are no valid credentials; one of them
    then fetches for all.  If a refresh fails, the old ones are returned while they are valid.  Credentials without an
    expiry are cached forever.  It is thread-safe and may be called after a fork.  Copies and pickles start with an
    empty cache; `repr` shows no credentials.

    The functions of this module return them; there is no need to construct one.

    Attributes:
        source: Where the cached credentials come from, such as `"the environment"` or `"profile 'dev'"`; None before
            the first call.

    Raises:
        CredentialsNotFound: On a call, if there are none; the message has the error of each provider that was tried.

    Example:
        >>> from sigv4presign import providers
        >>> providers.container()
        <Provider: container>
    """

    __slots__ = ("_ahead", "_fetch", "_kept", "_name", "_region", "_turn")

    def __init__(
        self, name: str, fetch: "Fetch", refresh_ahead: int = REFRESH_AHEAD, region: "Region | None" = None
    ) -> None:
        self._name = name
        self._fetch = fetch
        self._ahead = refresh_ahead
        self._region = region
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

    def for_region(self, region: str) -> "Credentials":
        """What a call returns, for a signature in this region.

        Where neither an argument nor environment and profile say a region, STS is asked in that of the first signature.
        """
        if self._region is not None and self._region.signed is None:
            self._region.signed = region
        return self()

    @property
    def source(self) -> "str | None":
        return self._kept.source

    def _own_turn(self) -> _Turn:
        """Return the lock of this process."""
        turn = self._turn
        if turn.pid != os.getpid():
            turn = self._turn = _Turn()
        return turn

    def _refresh(self, kept: _Kept, now: float) -> None:
        """Fetch the next credentials in the background, unless another thread already does."""
        turn = self._own_turn()
        if not turn.lock.acquire(blocking=False):
            return
        started = False
        try:
            if self._kept is not kept:  # another thread has just refreshed them
                return
            # No other attempt for a while, even if this thread dies.
            pause = min(_PAUSE, (kept.expires_at - now) / 2)
            self._kept = _Kept(kept.credentials, kept.source, now + pause, kept.expires_at)
            try:
                start_new_thread(self._in_background, (turn,))
                started = True
            except RuntimeError:  # too many threads, or the interpreter is shutting down
                pass
        finally:
            if not started:
                turn.lock.release()

    def _in_background(self, turn: _Turn) -> None:
        try:
            self._fetched(turn)
        except Exception:  # noqa: BLE001, S110 - the old credentials are still valid
            pass
        finally:
            turn.lock.release()

    @frameless
    def _waited(self) -> "Credentials":
        turn = self._own_turn()
        rounds = turn.rounds
        with turn.lock:
            kept = self._kept
            if kept.credentials is not None and exact_seconds(None) < kept.expires_at:
                return kept.credentials
            if turn.rounds != rounds and turn.failure is not None:
                # Another thread has tried while this one waited.  If each of N waiting threads tried again, the last
                # one would wait N time-outs.
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
            # Raised here, so that the error has no context, which may contain an answer that could not be parsed.
            raise CredentialsNotFound(turn.failure or "the provider returned None")
        if not isinstance(found, Found):
            found = Found(found, self._name)
        credentials, now = found.credentials, exact_seconds(None)
        expires_at = float("inf") if credentials.expires_at is None else credentials.expires_at
        if expires_at <= now:
            from .._time import iso_date

            turn.failure = (
                f"the credentials from {found.source} expired at {iso_date(int(expires_at))}; renew them there, or "
                "check the clock of this machine"
            )
            raise CredentialsNotFound(turn.failure)
        ahead = 0 if found.attended else min(self._ahead, (expires_at - now) / 2)
        self._kept = _Kept(credentials, found.source, expires_at - ahead, expires_at)
        return credentials

    def __repr__(self) -> str:
        return f"<Provider: {self._name}>"

    def __reduce__(self) -> "tuple[Any, ...]":
        return Provider, (self._name, self._fetch, self._ahead, self._region)


class Chain:
    """A credential chain: providers tried in order.  The first that has credentials is the only one used from then on,
    so that a program never changes its identity while it runs.

    Args:
        profile: The profile that was given, for the advice if none of them has credentials.
        links: The providers.
    """

    def __init__(self, profile: "str | None", *links: "Fetch") -> None:
        self.profile = profile
        self.links = links

    def __call__(self) -> "Found | Credentials":
        answers: list[str] = []
        last = self.links[-1] if len(self.links) > 1 else None  # the instance metadata, which only EC2 has
        for fetch in self.links:
            try:
                found = fetch()
            except CredentialsNotFound as answer:  # noqa: PERF203 - at most four rounds
                answers.append(str(answer))
                if not isinstance(answer, NotConfigured) and fetch is not last:
                    break
            else:
                self.links = (fetch,)
                return found
        else:
            from ._files import way_out

            answers.append(way_out(self.profile))
        raise CredentialsNotFound(f"no credentials found: {'; '.join(answers)}")
