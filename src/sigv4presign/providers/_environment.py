"""Keys in the environment.

Rule: as for the AWS CLI, AWS_ACCESS_KEY_ID decides.  Without its secret it is an error and ends the search; a secret
without an access key id is ignored.
"""

import os

from .._credentials import Credentials
from ..errors import CredentialsNotFound, InputError
from ._provider import Found, NotConfigured


def fetch_environment() -> Found:
    """Return the keys in AWS_ACCESS_KEY_ID and the other variables."""
    try:
        return Found(Credentials.from_environ(), "the environment")
    except CredentialsNotFound as fault:
        if os.environ.get("AWS_ACCESS_KEY_ID"):
            raise CredentialsNotFound(
                "the environment sets AWS_ACCESS_KEY_ID but not AWS_SECRET_ACCESS_KEY; set both or neither"
            ) from None
        problem = str(fault)
    except InputError as fault:
        raise CredentialsNotFound(f"the environment gives a malformed {fault}") from None
    raise NotConfigured(problem)


def fetch_environment_first() -> Found:
    """The same, as the first of a chain; as in the AWS CLI, AWS_PROFILE must name an existing profile."""
    if os.environ.get("AWS_ACCESS_KEY_ID") and (os.environ.get("AWS_PROFILE") or os.environ.get("AWS_DEFAULT_PROFILE")):
        from ._lookup import Lookup

        Lookup(None).check_profile()
    return fetch_environment()
