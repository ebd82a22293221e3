"""The values that go in and come out: what an immutable value is, an access key, a presigned URL.

Rule: made whole and checked, never changed, equal by their fields, silent about their secrets; everything below may
take them as they are.  Dataclasses would say the same, at ten milliseconds an import; `Value` says it in forty lines.
"""

from ._encoding import epoch_seconds, exact_text, in_words
from .errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from typing_extensions import Self

    from .types import Now

set_field = object.__setattr__


class Value:
    """The base of all value classes.  `_fields` names the fields in order, `_hidden` those that `repr` keeps quiet."""

    __slots__ = ()
    _fields: "tuple[str, ...]" = ()
    _hidden: "tuple[str, ...]" = ()

    def _key(self) -> "tuple[Any, ...]":
        return tuple([getattr(self, name) for name in self._fields])

    @classmethod
    def _restore(cls, *fields: object) -> "Self":
        """A value of fields that were checked already."""
        value = cls.__new__(cls)
        for name, field in zip(cls._fields, fields):  # noqa: B905 - `strict=` costs time; the lengths are ours
            set_field(value, name, field)
        value._start_caches()
        return value

    def _start_caches(self) -> None:
        """Set what is derived from the fields; it is not compared, copied or pickled."""

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable: {name} cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable: {name} cannot be deleted")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash((type(self), self._key()))

    def __repr__(self) -> str:
        shown = [
            f"{name}=<hidden>" if name in self._hidden and field is not None else f"{name}={field!r}"
            for name, field in zip(self._fields, self._key())  # noqa: B905 - as above
        ]
        return f"{type(self).__name__}({', '.join(shown)})"

    def __copy__(self) -> "Self":
        return self

    def __deepcopy__(self, memo: object) -> "Self":
        return self

    def __reduce__(self) -> "tuple[Any, ...]":
        return self._restore, self._key()


# --- what goes in ----------------------------------------------------------------------------------------------------


class Credentials(Value):
    """An AWS access key, with its session token if it is a temporary one.

    Made from values you have, or with `from_environ` and `from_profile`.  The instance is immutable; `repr` hides
    everything but the access key id.

    Args:
        access_key_id: `AKIA...`, `ASIA...`, or whatever your store calls it.
        secret_access_key: The secret that belongs to it.
        session_token: The token of temporary credentials; leave it out for long-lived ones.
        expires_at: When temporary credentials end: epoch seconds, an aware datetime, or the ISO 8601 text that STS
            returns.  A URL is then never made to outlive them.

    Raises:
        InputError: An empty value, or one with white space or control characters, as a bad copy has.
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
        if session_token is not None:
            session_token = checked_credential_text("session_token", session_token)
        set_field(self, "access_key_id", checked_credential_text("access_key_id", access_key_id))
        set_field(self, "secret_access_key", checked_credential_text("secret_access_key", secret_access_key))
        set_field(self, "session_token", session_token)
        set_field(self, "expires_at", None if expires_at is None else _expiry(expires_at))

    @classmethod
    def from_environ(cls, environ: "Mapping[str, str] | None" = None) -> "Self":
        """Credentials from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_CREDENTIAL_EXPIRATION.

        Give the method itself to a presigner, `S3Presigner(Credentials.from_environ, ...)`, to read them anew for each
        signature.  An empty variable counts as unset.

        Args:
            environ: The variables; `os.environ` if not given.

        Raises:
            CredentialsNotFound: Either of the first two is unset; the message says which.
            InputError: A variable is there and malformed.

        Example:
            >>> Credentials.from_environ({"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"})
            Credentials(access_key_id='AKIDEXAMPLE', secret_access_key=<hidden>, session_token=None, expires_at=None)
        """
        if environ is None:
            import os

            environ = os.environ
        access_key_id = environ.get("AWS_ACCESS_KEY_ID")
        secret_access_key = environ.get("AWS_SECRET_ACCESS_KEY")
        if not access_key_id or not secret_access_key:
            missing = [
                name
                for name, value in (
                    ("AWS_ACCESS_KEY_ID", access_key_id),
                    ("AWS_SECRET_ACCESS_KEY", secret_access_key),
                )
                if not value
            ]
            from .errors import CredentialsNotFound

            raise CredentialsNotFound(f"the environment does not set {' and '.join(missing)}")
        return cls(
            access_key_id,
            secret_access_key,
            # The old name first, as in botocore: with both, that is the token the AWS CLI signs with.
            environ.get("AWS_SECURITY_TOKEN") or environ.get("AWS_SESSION_TOKEN") or None,
            expires_at=environ.get("AWS_CREDENTIAL_EXPIRATION") or None,
        )

    @classmethod
    def from_profile(cls, name: "str | None" = None) -> "Self":
        """The static keys of a profile in the shared credentials and config files.

        The files are `~/.aws/credentials` and `~/.aws/config`, or those that AWS_SHARED_CREDENTIALS_FILE and
        AWS_CONFIG_FILE name; the first of them that holds the profile's keys decides.
        A profile that has keys, and a role or single sign-on that the AWS CLI would sign with instead, is an error.

        Args:
            name: The profile; if not given, the one that AWS_PROFILE names, else `default`.

        Raises:
            CredentialsNotFound: No such profile, or one without static keys; the message says what it holds instead.
            InputError: A key is there and malformed.
        """
        try:
            from .providers import _files  # reads files, so it is loaded only when asked for
        except ImportError:
            from .errors import CredentialsNotFound

            raise CredentialsNotFound("from_profile needs the providers package, which this copy leaves out") from None

        access_key_id, secret_access_key, session_token = _files.profile_keys(name)
        return cls(access_key_id, secret_access_key, session_token)


# Printable ASCII but the space: what an access key, a secret or a token consists of at every provider known to us.
_CREDENTIAL_BYTES = bytes(range(0x21, 0x7F))


def checked_credential_text(parameter: str, text: str) -> str:
    """Exact text; refuse what no access key, secret or token can be; say what is wrong with it without showing it."""
    text = exact_text(parameter, text)
    if not text:
        raise InputError(parameter, "is empty")
    if not text.isascii() or text.encode().translate(None, _CREDENTIAL_BYTES):
        raise InputError(
            parameter,
            f"the {len(text)} characters hold a space, a line break, a control or a non-ASCII character; "
            "was it copied with its surroundings?",
        )
    return text


def _expiry(expires_at: "Now | str") -> int:
    if not isinstance(expires_at, str):
        return epoch_seconds(expires_at, "expires_at")

    from ._dates import parse_iso_date

    try:
        return parse_iso_date(expires_at)
    except ValueError as fault:
        raise InputError("expires_at", f"{expires_at[:40]!r} {fault}") from None


def fitted_lifetime(lifetime: int, now: int, credentials_end: int, *, shorten: bool) -> int:
    """The lifetime that the credentials leave; either shortened to it or refused."""
    if now + lifetime <= credentials_end:
        return lifetime
    from .errors import CredentialsExpireFirst

    left = max(credentials_end - now, 0)
    if left == 0:
        raise CredentialsExpireFirst("the credentials have expired; fetch new ones", seconds_left=0)
    if not shorten:
        raise CredentialsExpireFirst(
            f"the credentials end in {in_words(left)}, before the {in_words(lifetime)} asked for; refresh them, "
            f"ask for at most {left} s, or let S3Presigner shorten it with clamp_to_credentials=True",
            seconds_left=left,
        )
    return left


# --- what comes out --------------------------------------------------------------------------------------------------


class PresignedUrl(str):
    """A presigned URL.  It is a `str`, and it knows what the client has to send with it.

    Presigners make it; one made of a text by hand is that text, and knows nothing else.  Equality and hash are the
    string's; `str(url)` is a plain string; `repr` hides signature and session token.

    Attributes:
        method: The HTTP method it was signed for.  A GET URL does not answer HEAD.
        headers: What the client must send besides Host, as a fresh dict: names in lower case, values as signed.
        expires_at: When it ends, in epoch seconds; None for a URL without X-Amz-Expires.

    Example:
        >>> from sigv4presign import Credentials, S3Presigner
        >>> s3 = S3Presigner(Credentials("AKIDEXAMPLE", "secret"), region="eu-west-1")
        >>> url = s3.put_object("photos", "a.png", content_type="image/png", expires_in=60, now=1764000000)
        >>> url.method, url.headers, url.expires_at
        ('PUT', {'content-type': 'image/png'}, 1764000060)
    """

    # What is public are properties, and there is no place for more, so nothing public can be set.  A __setattr__ that
    # says so would cost each URL a twentieth of its price, and so would a __new__ that takes the facts.
    __slots__ = ("_about",)
    _about: "tuple[str, tuple[tuple[str, str], ...], int | None]"  # method, signed headers, end; whoever signs sets it

    def _facts(self) -> "tuple[str, tuple[tuple[str, str], ...], int | None]":
        try:
            return self._about
        except AttributeError:
            problem = "this PresignedUrl was made of a text by hand, so it knows no method, headers and end; presign it"
            raise AttributeError(problem) from None

    @property
    def method(self) -> str:
        return self._facts()[0]

    @property
    def headers(self) -> "dict[str, str]":
        return {name: value for name, value in self._facts()[1] if name != "host"}

    @property
    def expires_at(self) -> "int | None":
        return self._facts()[2]

    def curl(self, path: str = "FILE", *, body: "bool | None" = None) -> str:
        """A curl command for a POSIX shell that uses the URL.

        The command holds the whole URL, so treat it as the secret that the URL is.

        Args:
            path: The file that is sent, where one is.
            body: Whether one is sent, which the URL does not say.  None: with PUT, and with no other method.  A copy is
                a PUT that has no body, `complete_multipart_upload` a POST that has one.
        """
        from ._shown import curl_command

        return curl_command(self, path, body)

    def to_dict(self) -> "dict[str, Any]":
        """`method`, `url`, `headers` and `expires_at` as plain data, ready for JSON."""
        return {"method": self.method, "url": str(self), "headers": self.headers, "expires_at": self.expires_at}

    def __repr__(self) -> str:
        from ._shown import redacted

        if not hasattr(self, "_about"):  # made by hand; a repr must not fail
            return f"<PresignedUrl {redacted(self)}>"
        return f"<PresignedUrl {self.method} {redacted(self)} expires_at={self.expires_at}>"

    def __reduce__(self) -> "tuple[Any, ...]":
        return restore_url, (type(self), str(self), *self._facts())


def restore_url(
    cls: "type[PresignedUrl]", text: str, method: str, headers: "tuple[tuple[str, str], ...]", expires_at: "int | None"
) -> PresignedUrl:
    url = cls(text)
    url._about = (method, headers, expires_at)
    return url
