"""A program that prints credentials: `credential_process`.

Rule: it is run without a shell.  Its standard error is this process's: it may ask the user something there, and may
contain secrets that no message should quote.  Time and size of its output are limited.
"""

import os

from ..errors import CredentialsNotFound
from ._answer import credentials_from, json_object
from ._http import LIMIT
from ._provider import Found

TYPE_CHECKING = False
if TYPE_CHECKING:
    import subprocess

_TIMEOUT = 60  # seconds; it may have to ask the user


def fetch_process(command: str, who: str) -> Found:
    """Run a command: https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html"""
    import shlex
    import subprocess  # takes as long to import as the rest of this package

    try:
        arguments = command if os.name == "nt" else shlex.split(command)
    except ValueError:
        raise CredentialsNotFound(f"{who} cannot be split into words: a quotation mark is missing") from None
    if not arguments:
        raise CredentialsNotFound(f"{who} is empty")
    try:
        program = subprocess.Popen(arguments, stdout=subprocess.PIPE)  # noqa: S603 - as asked
    except (OSError, ValueError) as fault:  # ValueError: a NUL in it
        raise CredentialsNotFound(f"{who} cannot be run ({getattr(fault, 'strerror', None) or 'no command'})") from None
    printed = _printed(program, who)
    if program.returncode:
        raise CredentialsNotFound(
            f"{who} exited with status {program.returncode}; it may have said why on standard error"
        )
    answer = json_object(who, printed)
    if answer.get("Version") != 1:
        raise CredentialsNotFound(f'{who} answered without "Version": 1')
    return Found(credentials_from(who, answer, token="SessionToken", temporary=False), who)


def _printed(program: "subprocess.Popen[bytes]", who: str) -> bytes:
    """Return what a program prints; kill it after the timeout or if its output is too long."""
    import subprocess
    import threading

    printed: list[bytes] = []

    def read() -> None:
        with program.stdout or open(os.devnull, "rb") as out:
            printed.append(out.read(LIMIT + 1))

    # In a thread: child processes of the program may keep the pipe open after it is killed.
    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    problem = ""
    try:
        reader.join(_TIMEOUT)
        if not printed:
            problem = f"did not end within {_TIMEOUT} s"
        elif len(printed[0]) > LIMIT:
            problem = f"printed more than {LIMIT} bytes"
        else:
            program.wait(_TIMEOUT)
    except subprocess.TimeoutExpired:
        problem = f"did not end within {_TIMEOUT} s"
    finally:
        if program.poll() is None:
            program.kill()
            program.wait()
    if problem:
        raise CredentialsNotFound(f"{who} {problem}")
    return printed[0]
