"""All tests on every Python that the package names, its core on one that runs in browsers.  Writes docs/evidence.md.

Rule: an interpreter that this machine lacks is a row that says so, and with CI set a failure.

Usage: python tools/matrix.py      (make matrix; its environments stay in .venv-matrix-*)
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from typing import NamedTuple

from evidence import ROOT, table, write

VERSIONS = ("3.10", "3.11", "3.12", "3.13")
PYODIDE = "314.0.7"  # CPython 3.14
MISSING = "not on this machine"
# It reads what this command has yet to write.
ABOUT_THIS_PAGE = "tests/test_documents.py::test_readme_quotes_each_long_command_as_it_last_ended"


class Row(NamedTuple):
    """What one interpreter made of the tests."""

    interpreter: str
    what: str
    passed: int
    skipped: int
    failed: int
    seconds: float

    @property
    def missing(self) -> bool:
        return self.what == MISSING


def output(*command: str) -> str:
    """What a command prints, or nothing if it is not there or fails."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""


def interpreter(version: str) -> str:
    """The path of a Python: on the PATH, or where pyenv or uv keeps it; empty if there is none."""
    prefix = output("pyenv", "prefix", version)
    candidates = [
        f"python{version}",
        prefix and os.path.join(prefix, "bin", "python"),
        output("uv", "python", "find", version),
    ]
    ask = "import sys; print('%d.%d' % sys.version_info[:2])"
    return next((path for path in candidates if path and output(path, "-c", ask) == version), "")


def environment(version: str, python: str) -> str:
    """An environment with what the tests need; made anew when pyproject.toml has changed since."""
    folder = os.path.join(ROOT, f".venv-matrix-{version}")
    installed, project = os.path.join(folder, ".installed"), os.path.join(ROOT, "pyproject.toml")
    mine = os.path.join(folder, "bin", "python")
    if not os.path.exists(installed) or os.path.getmtime(installed) < os.path.getmtime(project):
        subprocess.run([python, "-m", "venv", "--clear", folder], check=True)
        pip = [mine, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([*pip, "-U", "pip>=25.1"], check=True)
        subprocess.run([*pip, "--group", "test", "-e", "."], cwd=ROOT, check=True)
        with open(installed, "w", encoding="utf-8"):
            pass
    return mine


def on_cpython(version: str) -> Row:
    python = interpreter(version)
    if not python:
        return Row(f"CPython {version}", MISSING, 0, 0, 0, 0)
    python = environment(version, python)
    full = output(python, "-c", "import platform; print(platform.python_version())")
    started = time.monotonic()
    command = [python, "-m", "pytest", "-q", "-n", "auto", "--dist", "worksteal", "-p", "no:cacheprovider"]
    command += ["--deselect", ABOUT_THIS_PAGE]
    run = subprocess.run(command, check=False, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    seconds = time.monotonic() - started
    last = run.stdout.strip().rpartition("\n")[2]
    counts = {word: int(number) for number, word in re.findall(r"(\d+) (passed|skipped|failed|error)", last)}
    failed = counts.get("failed", 0) + counts.get("error", 0)
    if run.returncode:
        sys.stdout.write(run.stdout)
        failed = failed or 1
    return Row(f"CPython {full}", "all tests", counts.get("passed", 0), counts.get("skipped", 0), failed, seconds)


def in_pyodide() -> Row:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return Row("CPython 3.14, Pyodide in Node", MISSING, 0, 0, 0, 0)
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
        len(result["faults"]),
        seconds,
    )


def main() -> int:
    rows = [*map(on_cpython, VERSIONS), in_pyodide()]
    cells = [
        (row.interpreter, row.what, "", "", "", "")
        if row.missing
        else (row.interpreter, row.what, str(row.passed), str(row.skipped), str(row.failed), f"{row.seconds:.0f}")
        for row in rows
    ]
    body = table(("interpreter", "what", "passed", "skipped", "failed", "seconds"), cells, numbers=(2, 3, 4, 5))
    failed, missing = sum(row.failed for row in rows), sum(row.missing for row in rows)
    ran = [row.interpreter.removeprefix("CPython ").partition(",")[0] for row in rows if not row.missing]
    line = (
        f"{failed or 'no'} failures on CPython {', '.join(ran[:-1])}, and the core on {ran[-1]} in Pyodide"
        if len(ran) == len(rows)
        else f"{failed or 'no'} failures; {missing} interpreters are {MISSING}"
    )
    write("make matrix", body, line)
    return 1 if failed or (missing and os.environ.get("CI")) else 0


if __name__ == "__main__":
    sys.exit(main())
