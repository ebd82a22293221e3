"""The Pythons of this machine that the project supports: on the PATH, in pyenv, or where uv keeps them.

Rule: a version counts as found only if its interpreter starts and says that it is that version.
"""

import os
import subprocess

VERSIONS = ("3.10", "3.11", "3.12", "3.13", "3.14")
DEBIAN = "/usr/bin/python3"  # a distribution's own build; its patches differ from python.org's
ASK = "import platform, sys; print(sys.implementation.name, platform.python_version())"


def output(*command: str) -> str:
    """What a command prints; nothing if it is missing or fails."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""


def version_of(python: str) -> str:
    """The full version of an interpreter, as `3.12.1`; nothing if it does not start or is not CPython."""
    name, _, version = output(python, "-I", "-c", ASK).partition(" ")
    return version if name == "cpython" else ""


def find(version: str) -> str:
    """The path of an interpreter of a version such as `3.12`; empty if there is none."""
    pyenv = output("pyenv", "prefix", version)
    candidates = [
        f"python{version}",
        pyenv and os.path.join(pyenv, "bin", "python"),
        output("uv", "python", "find", "--no-project", version),
    ]
    return next((path for path in candidates if path and version_of(path).startswith(f"{version}.")), "")
