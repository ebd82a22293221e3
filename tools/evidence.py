"""`docs/evidence.md`: what the long commands found when they last ran, a section each; README quotes a line of each.

Rule: a command rewrites its own section and its own line, and leaves the others.
"""

import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PAGE = os.path.join(ROOT, "docs", "evidence.md")
README = os.path.join(ROOT, "README.md")
SECTIONS = {
    "make layer-record": "The Lambda layer",
    "make matrix": "Interpreters",
    "make mutants": "Mutants",
    "make fuzz": "Fuzzing",
    "make damage": "Damaged URLs",
}
INTRODUCTION = """# Evidence

What takes too long for every change has a command of its own. These are their last results, as they wrote them.
Speed is in `benchmarks/results.md`.
"""


def table(header: "Sequence[str]", rows: "Iterable[Sequence[str]]", numbers: "Sequence[int]" = ()) -> str:
    """A Markdown table; the columns of `numbers` stand to the right."""
    rule = ["---:" if column in numbers else "---" for column in range(len(header))]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in [header, rule, *rows])


def circumstances(command: str) -> str:
    """Command, date, commit and machine, as one paragraph."""
    when = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    where = f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPUs"
    return f"`{command}`, {when}, commit {commit()}; CPython {platform.python_version()}, {where}."


def commit() -> str:
    """The commit that was measured, with a `+` if files differ from it."""
    command = ["git", "describe", "--always", "--exclude", "*", "--dirty=+"]
    try:
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def sections() -> "dict[str, str]":
    """The sections of the page, by title."""
    if not os.path.exists(PAGE):
        return {}
    with open(PAGE, encoding="utf-8") as file:
        parts = file.read().split("\n## ")[1:]
    return {title: body.strip() for title, _, body in (part.partition("\n") for part in parts)}


def write(command: str, body: str, line: str) -> None:
    """Put a command's section into the page, and its line into README, instead of those that were there."""
    found = {**sections(), SECTIONS[command]: f"{circumstances(command)}\n\n{body.strip()}"}
    text = INTRODUCTION + "".join(f"\n## {title}\n\n{found[title]}\n" for title in SECTIONS.values() if title in found)
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(text)
    with open(README, encoding="utf-8") as file:
        lines = file.read().splitlines()
    start = f"| `{command}` |"
    [place] = [number for number, old in enumerate(lines) if old.startswith(start)]
    lines[place] = f"{start} {line} |"
    with open(README, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    sys.stdout.write(f"{body.strip()}\n\n{line}\nwritten: docs/evidence.md, and the line in README.md\n")
