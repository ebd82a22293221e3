"""Keys in the environment.

Rule: half a pair is a mistake, and what comes after it is not asked.
"""

import os

from .._credentials import Credentials
from ..errors import CredentialsNotFound, InputError
from ._provider import Found, NotConfigured


def fetch_environment() -> Found:
    """The keys in AWS_ACCESS_KEY_ID and its like."""
    try:
        return Found(Credentials.from_environ(), "the environment")
    except CredentialsNotFound as fault:
        if os.environ.get("AWS_ACCESS_KEY_ID") or os.environ.get("AWS_SECRET_ACCESS_KEY"):
            raise
        problem = str(fault)
    except InputError as fault:
        raise CredentialsNotFound(f"the environment gives a malformed {fault}") from None
    raise NotConfigured(problem)


def fetch_environment_first() -> Found:
    """The same, before any profile; but not where a profile is named that is not there, as with the AWS CLI."""
    if os.environ.get("AWS_ACCESS_KEY_ID") and (os.environ.get("AWS_PROFILE") or os.environ.get("AWS_DEFAULT_PROFILE")):
        from ._lookup import Lookup

        Lookup(None).check_profile()
    return fetch_environment()
