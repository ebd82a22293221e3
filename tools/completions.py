"""Completions for bash, zsh and fish, from the parser of the command line.  Writes completions/.

Rule: what is completed is what the parser knows, so the files are made and never edited; a test compares them.

Usage: python tools/completions.py      (make completions)
"""

import argparse
from pathlib import Path
from typing import Any

import shtab

from sigv4presign.__main__ import _parser
from sigv4presign._command_line.regions import REGIONS
from sigv4presign._s3.operation_table import OPERATIONS
from sigv4presign._s3.stores import STORES

FOLDER = Path(__file__).parent.parent / "completions"
FILES = {"bash": "sigv4presign.bash", "zsh": "_sigv4presign", "fish": "sigv4presign.fish"}
# By the name of an argument: the values that there are, which the parser leaves to the command.
VALUES: "dict[str, list[str]]" = {
    "operation": list(OPERATIONS),
    "region": list(REGIONS),
    "provider": [str(name) for name in STORES],
}


def completed(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """The parser, with what shtab reads: the values of some arguments, and which are files."""
    for action in parser._actions:
        if action.dest in ("command", "kind"):
            nested: Any = action
            for command in nested.choices.values():
                completed(command)
        elif action.dest in VALUES:
            action.choices = sorted(VALUES[action.dest])
        elif action.metavar in ("FILE", "PATH"):
            action.complete = shtab.FILE  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    return parser


def texts() -> "dict[str, str]":
    """Each file's text, by its name."""
    parser = completed(_parser())
    made = {name: shtab.complete(parser, shell) for shell, name in FILES.items()}
    return {name: "\n".join([line.rstrip() for line in text.splitlines()]) + "\n" for name, text in made.items()}


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, text in texts().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(f"completions/{name}: {len(text.splitlines())} lines")


if __name__ == "__main__":
    main()
