"""What all providers share: a callable that has valid credentials, and how an answer becomes `Credentials`.

Rule: one thread asks, the others keep signing with what is still valid; nobody waits unless there is nothing to sign
with.
"""

import threading

from .._credentials import Credentials
from .._time import exact_seconds, iso_date
from ..errors import CredentialsNotFound, InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    Fetch = Callable[[], Credentials]

# How long before their end credentials are fetched anew: botocore's window, for most services hand out the next ones
# about then.  A quarter of an hour is also what STS's shortest sessions last in all, so half of what is left bounds it.
REFRESH_AHEAD = 900

# How long a failed refresh is not tried again while the old credentials are still valid.
_PAUSE = 60


class NotConfigured(CredentialsNotFound):
    """Nothing asks for this provider, so the next one may be asked.  Every other error ends the search: to go on with
    another identity would hide a mistake.
    """


class Provider:
    """A callable that returns credentials which are valid now: give it to a presigner as `credentials=`.

    The first call fetches them; they are kept, and fetched anew ahead of their end.  Credentials without an end are
    kept for good.  It may be called from any number of threads: one of them fetches, the others sign with the old
    credentials meanwhile, and wait only where these have ended.  While a refresh fails the old ones are returned as
    long as they are valid.  Copies and pickles start with nothing kept; `repr` shows no credentials.

    The functions of this module make them; there is no need to make one yourself.

    Raises:
        CredentialsNotFound: On a call, when there are none to return; the message says what was asked and what it
            answered.

    Example:
        >>> from sigv4presign import providers
        >>> providers.container()
        <Provider: container>
    """

    __slots__ = ("_ahead", "_failure", "_fetch", "_kept", "_lock", "_name", "_rounds")

    def __init__(self, name: str, fetch: "Fetch", refresh_ahead: int = REFRESH_AHEAD) -> None:
        self._name = name
        self._fetch = fetch
        self._ahead = refresh_ahead
        # The credentials, when to fetch the next ones, when they end: one tuple, replaced whole.
        self._kept: tuple[Credentials | None, float, float] = (None, 0, 0)
        self._lock = threading.Lock()
        self._rounds = 0  # how many fetches have come to their end
        self._failure: str | None = None  # what the last round raised; not the error itself, which holds its frames

    def __call__(self) -> Credentials:
        kept, refresh_at, end = state = self._kept
        now = exact_seconds(None)
        if kept is not None and now < end:
            if now < refresh_at or not self._lock.acquire(blocking=False):
                return kept
            try:
                return self._renewed(kept, now, end) if self._kept is state else kept
            finally:
                self._lock.release()
        rounds = self._rounds
        with self._lock:
            kept, _, end = self._kept
            if kept is not None and exact_seconds(None) < end:
                return kept
            if self._rounds != rounds and self._failure is not None:
                # Another thread asked while this one waited.  To ask again would make a crowd wait for as many
                # time-outs as it has heads.
                raise CredentialsNotFound(self._failure)
            return self._fetched()

    def _renewed(self, kept: Credentials, now: float, end: float) -> Credentials:
        """The next credentials; those that are kept, and for a while no further question, where there are none."""
        try:
            return self._fetched()
        except Exception:  # noqa: BLE001 - whatever it is, there are still valid credentials to sign with
            self._kept = (kept, now + min(_PAUSE, (end - now) / 2), end)
            return kept

    def _fetched(self) -> Credentials:
        self._failure = None
        try:
            credentials = self._fetch()
        except CredentialsNotFound as failure:
            self._failure = str(failure)
            raise CredentialsNotFound(self._failure) from None
        finally:
            self._rounds += 1
        now = exact_seconds(None)
        end = float("inf") if credentials.expires_at is None else credentials.expires_at
        if end <= now:
            self._failure = f"{self._name}: the credentials that came had ended at {iso_date(int(end))}"
            raise CredentialsNotFound(self._failure)
        self._kept = (credentials, end - min(self._ahead, (end - now) / 2), end)
        return credentials

    def __repr__(self) -> str:
        return f"<Provider: {self._name}>"

    def __reduce__(self) -> "tuple[Any, ...]":
        return Provider, (self._name, self._fetch, self._ahead)


class Chain:
    """Several ways to credentials, asked in order.  The one that has them is asked alone from then on, so that a
    program never changes its identity while it runs.
    """

    def __init__(self, links: "Iterable[Fetch]") -> None:
        self.links = tuple(links)

    def __call__(self) -> Credentials:
        answers: list[str] = []
        for fetch in self.links:
            try:
                credentials = fetch()
            except CredentialsNotFound as answer:  # noqa: PERF203 - four rounds at most
                answers.append(str(answer))
                if not isinstance(answer, NotConfigured):
                    break
            else:
                self.links = (fetch,)
                return credentials
        raise CredentialsNotFound(f"no credentials found: {'; '.join(answers)}")


def credentials_from(who: str, answer: "Mapping[str, object]", *, token: str, temporary: bool) -> Credentials:
    """The credentials in an answer, which is JSON or XML turned into a mapping.

    Args:
        who: Who answered, for messages.
        answer: The answer.
        token: What the session token is called there.
        temporary: Whether token and expiration must be there.
    """
    values: list[str | None] = []
    for name, required in (
        ("AccessKeyId", True), ("SecretAccessKey", True), (token, temporary), ("Expiration", temporary)
    ):  # fmt: skip
        value = answer.get(name) or None
        if value is not None and not isinstance(value, str):
            raise CredentialsNotFound(f"{who} answered with a {name} that is no text")
        if value is None and required:
            raise CredentialsNotFound(f"{who} answered without a {name}")
        values.append(value)
    access_key_id, secret_access_key, session_token, expires_at = values
    try:
        return Credentials(access_key_id or "", secret_access_key or "", session_token, expires_at=expires_at)
    except InputError as fault:
        raise CredentialsNotFound(f"{who} answered with a malformed {fault.parameter}") from None


def json_object(who: str, text: bytes) -> "dict[str, Any]":
    """A JSON object, of which nothing stands in the message if it is none."""
    import json

    try:
        answer: Any = json.loads(text)
    except (ValueError, RecursionError):
        raise CredentialsNotFound(f"{who} answered with something that is not JSON") from None
    if not isinstance(answer, dict):
        raise CredentialsNotFound(f"{who} answered with JSON that is no object")
    return dict(answer)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]


def code_name(code: object) -> str:
    """An error's code, `AccessDenied` or the like, where it is one; a stranger's sentences are not repeated."""
    if isinstance(code, str) and code.isascii() and 0 < len(code) <= 60 and code.replace(".", "").isalnum():
        return code
    return "an error without a code"
