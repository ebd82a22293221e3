"""A program that prints credentials: `credential_process`.

Rule: it is run as it is written, without a shell; what it writes to standard error goes where ours goes, since it may
speak to a person there and since it may hold what no message should.
"""

import os
import shlex

from ..errors import CredentialsNotFound
from ._http import LIMIT
from ._provider import credentials_from, json_object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._credentials import Credentials

_TIMEOUT = 60  # seconds; it may have to ask a person


def fetch_process(command: str, who: str) -> "Credentials":
    """What a command prints.  https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html"""
    import subprocess  # costs as much as all the rest of this package

    try:
        arguments = command if os.name == "nt" else shlex.split(command)
    except ValueError:
        raise CredentialsNotFound(f"{who} cannot be split into words: a quotation mark is missing") from None
    if not arguments:
        raise CredentialsNotFound(f"{who} is empty")
    try:
        done = subprocess.run(arguments, stdout=subprocess.PIPE, check=False, timeout=_TIMEOUT)  # noqa: S603 - as asked
    except subprocess.TimeoutExpired:
        raise CredentialsNotFound(f"{who} did not end within {_TIMEOUT} s") from None
    except (OSError, ValueError) as fault:  # ValueError: a NUL in it
        raise CredentialsNotFound(f"{who} cannot be run ({getattr(fault, 'strerror', None) or 'no command'})") from None
    if done.returncode:
        raise CredentialsNotFound(f"{who} ended with status {done.returncode}; it may have said why on standard error")
    if len(done.stdout) > LIMIT:
        raise CredentialsNotFound(f"{who} printed more than {LIMIT} bytes")
    answer = json_object(who, done.stdout)
    if answer.get("Version") != 1:
        raise CredentialsNotFound(f'{who} answered without "Version": 1, the only version there is')
    return credentials_from(who, answer, token="SessionToken", temporary=False)
