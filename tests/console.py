"""The `console` blocks of a page, run as one session of a shell.

Rule: a page's commands are run as they stand, but for its ports, which are exchanged for free ones; what they print has
to be what the page says, where `...` stands for anything.
"""

import contextlib
import doctest
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
MARK = "-- end of command --"
PATIENCE = 30  # seconds for one command
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


class Command(NamedTuple):
    """A command, and what the page says that it prints."""

    line: str
    printed: str


def blocks(page: str, language: str) -> "list[str]":
    """The fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)


def commands(page: str) -> "list[Command]":
    """All commands of the page's console blocks."""
    found: list[Command] = []
    for line in "".join(blocks(page, "console")).splitlines(keepends=True):
        if line.startswith("$ "):
            found.append(Command(line[2:].rstrip("\n"), ""))
        else:
            found[-1] = Command(found[-1].line, found[-1].printed + line)
    return found


def with_ports(page: str, ports: "Mapping[int, int]") -> str:
    """The page with other ports."""
    return re.sub(r"(127\.0\.0\.1:|--port )(\d+)", lambda found: f"{found[1]}{ports[int(found[2])]}", page)


@contextlib.contextmanager
def session(home: Path, environment: "Mapping[str, str]") -> "Generator[Session]":
    """A shell that sees the project's `docs`, this package and `python`; all that it started ends with the block."""
    for program in ("bash", "curl"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    (home / "docs").symlink_to(ROOT / "docs")
    (home / "bin").mkdir()
    (home / "bin" / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')  # not a link: it may be a venv's
    (home / "bin" / "python").chmod(0o755)
    # Servers that are killed leave no measurements behind, or half of one.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "COVERAGE_", "PYTHON"))}
    path = f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}"
    with (home / "output").open("wb") as output:
        shell = subprocess.Popen(
            ["bash", "--norc", "-s"],
            cwd=home,
            env={**kept, "PATH": path, "PYTHONPATH": str(ROOT / "src"), **environment},
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,  # so that what it started has its id as group, and can be ended by that
        )
    try:
        yield Session(shell, home / "output")
    finally:
        shell.communicate()
        with contextlib.suppress(ProcessLookupError):  # nothing is left
            os.killpg(shell.pid, signal.SIGKILL)


class Session:
    """A running shell."""

    def __init__(self, shell: "subprocess.Popen[str]", output: Path) -> None:
        self._shell = shell
        self._output = output
        self._seen = 0

    def run(self, command: Command) -> None:
        """Run a command, and hold what it prints against the page."""
        assert self._shell.stdin is not None
        self._shell.stdin.write(f"{command.line}\necho '{MARK}'\n")
        self._shell.stdin.flush()
        end = time.monotonic() + PATIENCE
        # A server in the background says that it is ready when it is, which is after the mark.
        while not self._is_done() or (command.line.endswith("&") and not self._is(command.printed)):
            assert time.monotonic() < end, f"$ {command.line}\n{self._got()}"
            time.sleep(0.02)
        got = self._got()
        assert self._is(command.printed), f"$ {command.line}\nprinted\n{got}instead of\n{command.printed}"
        self._seen = self._output.stat().st_size

    def _text(self) -> str:
        return self._output.read_bytes()[self._seen :].decode()

    def _is_done(self) -> bool:
        return f"{MARK}\n" in self._text()

    def _got(self) -> str:
        return self._text().replace(f"{MARK}\n", "")

    def _is(self, printed: str) -> bool:
        return doctest.OutputChecker().check_output(printed, self._got(), FLAGS)
