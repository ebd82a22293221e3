"""Sessions of roles in the AWS CLI's cache, `~/.aws/cli/cache`.

Rule: a session is used only if the AWS CLI would use it, and written only if the user was asked for a code.  A file is
named by the AWS CLI's hash of the request's parameters.
"""

import hashlib

from .._credentials import Credentials
from .._time import epoch_seconds
from ..errors import CredentialsNotFound
from ._answer import credentials_from
from ._cache import CacheFile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

FOLDER = "~/.aws/cli/cache"

_WINDOW = 900  # seconds that a session must still be valid for, as in botocore


def _file(asked: "Mapping[str, Any]", environ: "Mapping[str, str]", *, compact: bool) -> CacheFile:
    import json

    text = json.dumps(asked, sort_keys=True, separators=(",", ":") if compact else None)
    return CacheFile(FOLDER, hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest(), environ)


def cached_session(
    asked: "Mapping[str, Any]", environ: "Mapping[str, str]", *, compact: bool = False
) -> "Credentials | None":
    """Return the cached session for these parameters, if it is valid for a while.

    Args:
        asked: The parameters of AssumeRole, without a generated session name; or those of a single sign-on's role.
        environ: The environment variables.
        compact: Whether the hash is of JSON without spaces, as for single sign-on.
    """
    try:
        content = _file(asked, environ, compact=compact).read()
        found = (content or {}).get("Credentials")
        if not isinstance(found, dict):
            return None
        credentials = credentials_from("the cache", found, token="SessionToken", temporary=True)  # pyright: ignore[reportUnknownArgumentType]
    except (CredentialsNotFound, ValueError):  # a damaged cache counts as empty
        return None
    return credentials if (credentials.expires_at or 0) - epoch_seconds(None) >= _WINDOW else None


def cache_session(asked: "Mapping[str, Any]", environ: "Mapping[str, str]", credentials: Credentials) -> None:
    """Cache a session for the AWS CLI and this package; ignore it if the file cannot be written."""
    import contextlib

    from .._time import iso_date

    with contextlib.suppress(CredentialsNotFound):
        _file(asked, environ, compact=False).write(
            {
                "Credentials": {
                    "AccessKeyId": credentials.access_key_id,
                    "SecretAccessKey": credentials.secret_access_key,
                    "SessionToken": credentials.session_token,
                    "Expiration": iso_date(credentials.expires_at or 0),
                }
            }
        )
