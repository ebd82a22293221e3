"""Write the pages that follow from the code: the command line, and the table of services.

Rule: what is written is Markdown, committed, and word for word the same on every machine; a test runs this with
--check.  The rest of the reference is made by tools/reference.py.

    PYTHONPATH=src python3 docs/generate.py
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from sigv4presign import _signature
from sigv4presign.__main__ import _parser

DOCS = Path(__file__).parent
GENERATED = "<!-- Written by docs/generate.py; change that, not this. -->\n"


# --- the command line ------------------------------------------------------------------------------------------------


def command_line() -> str:
    parts = [GENERATED, "# The command line\n", COMMAND_LINE_INTRODUCTION, console()]
    for command, more in commands(_parser()).items():
        parts += [f"\n## {command}\n", "\n", console(command)]
        for part in more:
            parts += [f"\n### {command} {part}\n", "\n", console(command, part)]
    return "".join(parts)


COMMAND_LINE_INTRODUCTION = """
`sigv4presign`, or `python -m sigv4presign` where it is not installed. The URL alone goes to standard output, everything
else to standard error. The exit status is 0, or 2 for what was asked wrongly or cannot be had.

Keys come from `--profile`, else from the environment (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`,
`AWS_SESSION_TOKEN`), else from the default profile. No command asks a network for them; in Python
[`providers.resolve()`](../how-to/credentials.md) does.

"""


def commands(parser: argparse.ArgumentParser) -> "dict[str, list[str]]":
    """The commands of a parser, each with those it has itself."""
    found: dict[str, list[str]] = {}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, command in action.choices.items():
                found[name] = list(commands(command))
    return found


def console(*command: str) -> str:
    words = ["sigv4presign", *command, "--help"]
    environment = {**os.environ, "COLUMNS": "90", "NO_COLOR": "1"}
    printed = subprocess.run(
        [sys.executable, "-m", *words], env=environment, check=True, capture_output=True, text=True
    ).stdout
    return f"```console\n$ python -m {' '.join(words)}\n{printed.rstrip()}\n```\n"


# --- where services differ -------------------------------------------------------------------------------------------


def services() -> str:
    names = [*_signature._RULES_BY_SERVICE, *_signature._DIFFERENCES]
    rows = [row(f"`{name}`", _signature.rules_for(name)) for name in dict.fromkeys(names)]
    rows.append(row("every other", _signature.GENERIC_RULES))
    return "\n".join([SERVICES_HEAD, *rows])


SERVICES_HEAD = """\
| Service | `normalize_path` | `double_encode` | `payload_hash` | `session_token` | `max_expires_in` |
|---|---|---|---|---|---|"""


def row(name: str, rules: _signature.ServiceRules) -> str:
    payload = "SHA-256 of nothing" if rules.payload_hash == _signature.EMPTY_SHA256 else f"`{rules.payload_hash}`"
    longest = "no limit" if rules.max_expires_in is None else f"{rules.max_expires_in:,} s"
    yes = ("no", "yes")
    return (
        f"| {name} | {yes[rules.normalize_path]} | {yes[rules.double_encode]} | {payload} | `{rules.session_token}` "
        f"| {longest} |"
    )


def with_table(page: str, table: str) -> str:
    """A page whose table, between two comments, is the given one."""
    before, begin, rest = page.partition("<!-- table: written by docs/generate.py -->\n")
    _, end, after = rest.partition("<!-- end of the table -->\n")
    if not begin or not end:
        raise SystemExit("the page has no place for the table")
    return f"{before}{begin}\n{table}\n\n{end}{after}"


# --- writing ---------------------------------------------------------------------------------------------------------


def main() -> int:
    differing = DOCS / "explanation/where-services-differ.md"
    pages = {
        DOCS / "reference/command-line.md": command_line(),
        differing: with_table(differing.read_text("utf-8"), services()),
    }
    # Word by word: where argparse breaks the lines of a --help is another matter in each version of Python.
    stale = [
        page for page, text in pages.items() if not page.exists() or page.read_text("utf-8").split() != text.split()
    ]
    if "--check" in sys.argv[1:]:
        for page in stale:
            print(f"{page.relative_to(DOCS.parent)} is not what docs/generate.py writes; run it")
        return 1 if stale else 0
    for page in stale:
        page.write_text(pages[page], "utf-8")
        print(f"wrote {page.relative_to(DOCS.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
