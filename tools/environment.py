"""Makes a virtual environment with what a lock file lists, or leaves it alone if it has that already.

Rule: an environment is made anew if the lock file has changed, or if it has another Python than the one that was named.

Usage: python tools/environment.py FOLDER LOCK [--keep]

`--keep` is for when nobody named a Python: an environment of any supported Python stays, so that
`make test PYTHON=python3.12` and then `make test` are two runs in one environment.
"""

import argparse
import hashlib
import importlib.util
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
MARK = ".installed"  # its lines: the interpreter, its version, the lock file's SHA-256


def interpreter() -> "list[str]":
    """The base interpreter of this process, the same inside and outside of a virtual environment."""
    base: str = getattr(sys, "_base_executable", None) or sys.executable
    return [os.path.realpath(base), sys.version.partition("\n")[0]]


def installed(folder: str) -> "list[str]":
    """The lines of the mark of an environment that works; nothing if there is none."""
    try:
        with open(os.path.join(folder, MARK), encoding="utf-8") as file:
            lines = file.read().splitlines()
        subprocess.run([python_of(folder), "-c", ""], check=True, capture_output=True)
    except (OSError, subprocess.SubprocessError):
        return []
    return lines


def python_of(folder: str) -> str:
    return os.path.join(folder, "Scripts" if os.name == "nt" else "bin", "python")


def make(folder: str, lock: str, mark: "list[str]") -> None:
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            sys.exit(
                f"{sys.executable} cannot make virtual environments, since its module {module} is missing;"
                " on Debian and Ubuntu install it with: apt install python3-venv"
            )
    version = ".".join(map(str, sys.version_info[:3]))
    print(f"installing {lock} into {os.path.relpath(folder)} (Python {version})", flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
    pip = [python_of(folder), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes"]
    subprocess.run([*pip, "-r", os.path.join(ROOT, lock)], check=True)
    with open(os.path.join(folder, MARK), "w", encoding="utf-8") as file:
        file.write("".join(f"{line}\n" for line in mark))


def main() -> int:
    parser = argparse.ArgumentParser(description="Makes a virtual environment with what a lock file lists.")
    parser.add_argument("folder")
    parser.add_argument("lock", help="requirements/NAME.txt")
    parser.add_argument("--keep", action="store_true", help="an environment of another Python will do")
    options = parser.parse_args()
    with open(os.path.join(ROOT, options.lock), "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    wanted = [*interpreter(), digest]
    found = installed(options.folder)
    if found != wanted and not (options.keep and found[2:] == wanted[2:]):
        try:
            make(options.folder, options.lock, wanted)
        except subprocess.CalledProcessError as fault:
            return fault.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
