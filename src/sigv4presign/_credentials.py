"""Credentials, and one consistent reading of any credentials source.

Rule: credentials that exist are valid, and a source is read once for each signature (once for a batch).  No message
shows a secret or a token.
"""

from ._text import exact_text
from ._time import epoch_seconds, in_words, parse_iso_date
from ._value import Value, set_field
from .errors import CredentialsExpireFirst, CredentialsNotFound, InputError, frameless

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, TypeAlias

    from typing_extensions import Self

    from ._protocols import BotocoreCredentials  # noqa: F401 - in the aliases
    from ._steps import SigningKey
    from ._time import Now

Known: "TypeAlias" = "Credentials | SigningKey | BotocoreCredentials"
#: What `credentials=` takes.  A callable is called for each signature, once for a batch.
CredentialsSource: "TypeAlias" = "Known | Callable[[], Known]"


class Credentials(Value):
    """An AWS access key, with its session token if it is a temporary one.

    Construct it from values you have, or with `from_environ` or `from_profile`.  Immutable; `repr` shows the access key
    id and the expiry.  A pickle of it contains the secrets.

    Args:
        access_key_id: `AKIA...`, `ASIA...`, or the store's equivalent.
        secret_access_key: The secret that belongs to it.
        session_token: The token of temporary credentials; leave it out for long-lived ones.
        expires_at: When temporary credentials expire: epoch seconds, an aware datetime, or the ISO 8601 text that STS
            returns.  A URL is then never signed to outlive them.

    Raises:
        InputError: An empty value, or one with control characters or surrounding white space, as a bad copy has.
        TypeError: A value that is not text.

    Example:
        >>> from sigv4presign import Credentials
        >>> Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
        Credentials(access_key_id='AKIDEXAMPLE', secret_access_key=<hidden>, session_token=None, expires_at=None)
    """

    __slots__ = ("access_key_id", "expires_at", "secret_access_key", "session_token")
    _fields = ("access_key_id", "secret_access_key", "session_token", "expires_at")
    _hidden = ("secret_access_key", "session_token")

    access_key_id: str
    secret_access_key: str
    session_token: "str | None"
    expires_at: "int | None"

    def __init__(
        self,
        access_key_id: str,
        secret_access_key: str,
        session_token: "str | None" = None,
        *,
        expires_at: "Now | str | None" = None,
    ) -> None:
        # Checked without a local variable that has the text, which an error reporter would record.
        set_field(self, "secret_access_key", secret_access_key)
        set_field(self, "session_token", session_token)
        del secret_access_key, session_token
        set_field(self, "access_key_id", checked_token("access_key_id", access_key_id))
        check_secret_field(self, "secret_access_key", _secret_problem)
        if self.session_token is not None:
            check_secret_field(self, "session_token", token_problem)
        set_field(self, "expires_at", None if expires_at is None else _expiry(expires_at))

    @classmethod
    @frameless
    def from_environ(cls, environ: "Mapping[str, str] | None" = None) -> "Self":
        """Credentials from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_CREDENTIAL_EXPIRATION.

        Pass the method itself to a presigner, `S3Presigner(Credentials.from_environ, ...)`, to read the variables for
        each signature.  An empty variable counts as unset.  The older AWS_SECURITY_TOKEN wins over AWS_SESSION_TOKEN,
        as in botocore.

        Args:
            environ: The variables; `os.environ` if not given.

        Raises:
            CredentialsNotFound: Either of the first two is unset; the message says which.
            InputError: A variable is set and malformed.

        Example:
            >>> Credentials.from_environ({"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"})
            Credentials(access_key_id='AKIDEXAMPLE', secret_access_key=<hidden>, session_token=None, expires_at=None)
        """
        if environ is None:
            import os

            environ = os.environ
        if not hasattr(environ, "get"):
            raise TypeError(f"environ: expected a mapping, got {type(environ).__name__}")
        missing = [name for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY") if not environ.get(name)]
        if missing:
            raise CredentialsNotFound(f"the environment does not set {' and '.join(missing)}")
        return cls(
            environ["AWS_ACCESS_KEY_ID"],
            environ["AWS_SECRET_ACCESS_KEY"],
            environ.get("AWS_SECURITY_TOKEN") or environ.get("AWS_SESSION_TOKEN") or None,
            expires_at=environ.get("AWS_CREDENTIAL_EXPIRATION") or None,
        )

    @classmethod
    def from_profile(cls, name: "str | None" = None) -> "Self":
        """The static keys of a profile in the shared credentials and config files.

        The files are `~/.aws/credentials` and `~/.aws/config`, or those that AWS_SHARED_CREDENTIALS_FILE and
        AWS_CONFIG_FILE name; the first of them with the profile's keys wins.  A profile that has keys, and a role or
        single sign-on that the AWS CLI would sign with instead, is an error.

        Args:
            name: The profile; if not given, the one that AWS_PROFILE names, else `default`.

        Raises:
            CredentialsNotFound: No such profile, or one without static keys; the message says what it has instead.
            InputError: A key is there and malformed.
        """
        try:
            from .providers import _files
        except ImportError:
            raise CredentialsNotFound(
                "from_profile needs the providers package, which this copy of sigv4presign leaves out"
            ) from None
        return cls(*_files.profile_keys(name))


# Printable ASCII but the space: what access key ids and session tokens consist of at every store known to us.
_TOKEN_BYTES = bytes(range(0x21, 0x7F))


def checked_token(parameter: str, text: str) -> str:
    """Exact text of an access key id; raise for what can't be one."""
    text = exact_text(parameter, text)
    problem = token_problem(text)
    if problem is not None:
        raise InputError(parameter, problem)
    return text


def check_secret_field(value: Value, name: str, problem_of: "Callable[[str], str | None]") -> None:
    """Replace a field by its exact text; raise for one that can't be a secret or a token."""
    if not isinstance(getattr(value, name), str):
        raise TypeError(f"{name}: expected str, got {type(getattr(value, name)).__name__}")
    set_field(value, name, str.__str__(getattr(value, name)))
    problem = problem_of(getattr(value, name))
    if problem is not None:
        raise InputError(name, problem)


def token_problem(text: str) -> "str | None":
    """What is wrong with an access key id or a session token, without showing it."""
    if not text:
        return "is empty"
    if not text.isascii() or text.encode().translate(None, _TOKEN_BYTES):
        return (
            f"the {len(text)} characters include a space, a line break, a control or a non-ASCII character; "
            "check what was copied with it"
        )
    return None


def _secret_problem(text: str) -> "str | None":
    """What is wrong with a secret: stores such as MinIO take any password, and sign it as UTF-8."""
    if not text:
        return "is empty"
    if text != text.strip() or any(ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0 for character in text):
        return (
            f"the {len(text)} characters begin or end with white space, or include a control character; "
            "check what was copied with it"
        )
    try:
        text.encode()
    except UnicodeEncodeError:
        return f"the {len(text)} characters include a lone surrogate, which is not text"
    return None


def _expiry(expires_at: "Now | str") -> int:
    if not isinstance(expires_at, str):
        return epoch_seconds(expires_at, "expires_at")
    try:
        return parse_iso_date(expires_at)
    except ValueError as fault:
        raise InputError("expires_at", f"{expires_at[:40]!r} {fault}") from None


# --- any source ------------------------------------------------------------------------------------------------------


def freeze(source: "CredentialsSource", region: "str | None" = None) -> "Credentials | SigningKey":
    """Read a credentials source once: `Credentials` or a `SigningKey`.

    Args:
        source: Any source.
        region: The region of the signature, which a provider is told.
    """
    found = source if isinstance(source, Credentials) else _read(source)
    if found is not None:
        return found
    kind = f"got {type(source).__name__}"
    if callable(source):
        for_region: Any = None if region is None else getattr(source, "for_region", None)
        answer: Any = source() if for_region is None else for_region(region)
        if answer is None:
            raise CredentialsNotFound("credentials: the callable returned None")
        found = _read(answer)
        if found is not None:
            return found
        kind = f"the callable returned {type(answer).__name__}"
        if hasattr(answer, "__await__"):
            getattr(answer, "close", bool)()  # else Python warns of a coroutine that was never awaited
            kind += "; await it first"
        del answer
    elif hasattr(source, "get_credentials") or hasattr(source, "_request_signer"):
        kind += "; S3Presigner.from_boto3() takes boto3's clients and sessions"
    del source  # what is not a source may hold a secret all the same, as a tuple or a dict of keys does
    raise TypeError(
        "credentials: expected Credentials, a SigningKey, botocore's credentials, or a callable that returns one; "
        f"{kind}"
    )


def _read(source: "Any") -> "Credentials | SigningKey | None":
    """Credentials, those of botocore's shape, or a signing key; None for anything else.

    botocore's refreshable credentials change while they are read, so they are frozen first.
    """
    if isinstance(source, Credentials):
        return source
    if isinstance(source, Value) and hasattr(source, "state_for"):
        return source  # type: ignore[return-value]  # a SigningKey; its module may not be loaded
    keys: Any = source
    frozen: Any = getattr(source, "get_frozen_credentials", None)
    expires_at: Any = None
    if frozen is not None:
        keys = frozen()
        if hasattr(keys, "__await__"):
            getattr(keys, "close", bool)()  # as above
            raise TypeError(
                "credentials: aiobotocore's credentials are asynchronous; "
                "pass what `await credentials.get_frozen_credentials()` returns"
            )
        # The expiry is beside the keys: read again until both are of one refresh.
        while expires_at != getattr(source, "_expiry_time", None):
            expires_at, keys = getattr(source, "_expiry_time", None), frozen()
    try:
        if getattr(keys, "access_key", None) is None or getattr(keys, "secret_key", None) is None:
            return None
        return Credentials(
            keys.access_key, keys.secret_key, getattr(keys, "token", None) or None, expires_at=expires_at
        )
    finally:
        del source, keys, frozen  # botocore's own objects print their secrets


def fitted_lifetime(lifetime: int, now: int, credentials_expire_at: int, *, shorten: bool) -> int:
    """The lifetime that the credentials allow; shortened to it, or rejected."""
    if now + lifetime <= credentials_expire_at:
        return lifetime
    left = max(credentials_expire_at - now, 0)
    if left == 0:
        raise CredentialsExpireFirst("the credentials have expired; fetch new ones", seconds_left=0)
    if not shorten:
        raise CredentialsExpireFirst(
            f"the credentials expire in {in_words(left)}, before the {in_words(lifetime)} asked for; refresh them, "
            f"ask for at most {left} s, or let S3Presigner shorten it with clamp_to_credentials=True",
            seconds_left=left,
        )
    return left
