"""`make test` on every Python that the package names, its core on one that runs in browsers.  Writes docs/evidence.md.

Rule: what runs is the command that people run.  An interpreter that this machine lacks is a row that says so.

Usage: python tools/matrix.py      (make matrix; its environments stay in .venv-matrix-*)
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from typing import NamedTuple

from evidence import ROOT, table, write
from pythons import DEBIAN, VERSIONS, find, version_of

PYODIDE = "314.0.7"  # CPython 3.14
MISSING = "not on this machine"
# It reads what this command has yet to write.
ABOUT_THIS_PAGE = "tests/test_documents.py::test_readme_quotes_each_slow_command_as_it_last_ended[make matrix]"


class Row(NamedTuple):
    """The result of the tests on one interpreter."""

    interpreter: str
    what: str
    passed: int
    skipped: int
    failed: bool
    seconds: float

    @property
    def missing(self) -> bool:
        return self.what == MISSING


def megabytes(folder: str) -> float:
    """The size of the files in a folder, hard links counted once, as `du` does."""
    seen: set[tuple[int, int]] = set()
    total = 0
    for inner, _, files in os.walk(folder):
        for name in files:
            found = os.lstat(os.path.join(inner, name))
            if (found.st_dev, found.st_ino) not in seen:
                seen.add((found.st_dev, found.st_ino))
                total += found.st_blocks * 512
    return total / 1_000_000


def on_cpython(name: str, python: str, environment: str) -> Row:
    """`make test` with an interpreter; what it installs is in place before the clock starts."""
    make = ["make", "--no-print-directory", f"PYTHON={python}", f"VENV={environment}"]
    subprocess.run([*make, f"{environment}/.installed"], cwd=ROOT, check=True)
    print(f"{name}: {environment} has {megabytes(os.path.join(ROOT, environment)):.0f} MB", flush=True)
    addopts = f"{os.environ.get('PYTEST_ADDOPTS', '')} --deselect={shlex.quote(ABOUT_THIS_PAGE)}".strip()
    started = time.monotonic()
    run = subprocess.run(
        [*make, "test"],
        cwd=ROOT,
        env={**os.environ, "PYTEST_ADDOPTS": addopts},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - started
    ended = re.findall(r"^=+ (\d+ (?:passed|failed|skipped|error).* in .*)$", run.stdout, re.MULTILINE)
    counts = {word: int(number) for number, word in re.findall(r"(\d+) (passed|skipped)", ended[-1] if ended else "")}
    if run.returncode:
        sys.stdout.write(run.stdout)
    passed, skipped = counts.get("passed", 0), counts.get("skipped", 0)
    return Row(name, "`make test`", passed, skipped, run.returncode != 0, seconds)


def on_each_cpython() -> "list[Row]":
    rows: list[Row] = []
    for version in VERSIONS:
        python = find(version)
        if python:
            rows.append(on_cpython(f"CPython {version_of(python)}", python, f".venv-matrix-{version}"))
        else:
            rows.append(Row(f"CPython {version}", MISSING, 0, 0, False, 0))
    version = version_of(DEBIAN) if os.path.exists("/etc/debian_version") else ""
    if version:
        rows.append(on_cpython(f"CPython {version}, Debian's", DEBIAN, ".venv-matrix-debian"))
    return rows


def in_pyodide() -> Row:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return Row("CPython 3.14, Pyodide in Node", MISSING, 0, 0, False, 0)
    folder = os.path.join(ROOT, ".cache", "pyodide")
    os.makedirs(folder, exist_ok=True)
    package = f"pyodide@{PYODIDE}"
    subprocess.run([npm, "install", "--silent", "--no-save", "--prefix", folder, package], check=True)
    started = time.monotonic()
    module = os.path.join(folder, "node_modules", "pyodide", "pyodide.mjs")
    script = os.path.join(ROOT, "tools", "pyodide.mjs")
    run = subprocess.run([node, script, module], stdout=subprocess.PIPE, text=True, check=True, timeout=600)
    seconds = time.monotonic() - started
    *_, last = run.stdout.strip().splitlines()
    result = json.loads(last)
    sys.stdout.write("".join(f"{fault}\n" for fault in result["faults"]))
    return Row(
        f"CPython {result['version']}, Pyodide {PYODIDE} in Node",
        f"the core: {result['vectors']} vectors, {result['examples']} examples in docstrings",
        result["vectors"] + result["examples"],
        0,
        bool(result["faults"]),
        seconds,
    )


def main() -> int:
    browser = in_pyodide()
    rows = [*on_each_cpython(), browser]
    cells = [
        (row.interpreter, row.what, "", "", "", "")
        if row.missing
        else (
            row.interpreter,
            row.what,
            "red" if row.failed else "green",
            str(row.passed),
            str(row.skipped),
            f"{row.seconds:.0f}",
        )
        for row in rows
    ]
    header = ("interpreter", "command", "result", "passed", "skipped", "seconds")
    body = table(header, cells, numbers=(3, 4, 5))
    named = {row: row.interpreter.removeprefix("CPython ") for row in rows}
    green = [name for row, name in named.items() if not row.failed and not row.missing and row is not browser]
    line = f"`make test` is green on CPython {', '.join(green)}"
    if not browser.failed and not browser.missing:
        line += f"; the core on {named[browser].partition(',')[0]} in Pyodide"
    failed = [name for row, name in named.items() if row.failed]
    line += f"; red on {', '.join(failed)}" if failed else ""
    missing = [name for row, name in named.items() if row.missing]
    line += f"; {MISSING}: {', '.join(missing)}" if missing else ""
    write("make matrix", body, line)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
