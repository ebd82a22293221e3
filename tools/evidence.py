"""`docs/evidence.md`: the last results of the slow commands, a section each, which opens with a summary in one line.

Rule: a command rewrites its own section, and its row in README with the same summary; it leaves the others.
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
    "make shake": "Random order",
    "make mutants": "Mutants",
    "make fuzz": "Fuzzing",
    "make peers": "Peers",
    "make damage": "Damaged URLs",
    "make load": "Load",
}
ROW = "| `make "  # how a row of README's table begins
INTRODUCTION = """# Evidence

What takes too long for every change has a command of its own. These are their last results, as they wrote them.
Speed is in [the benchmarks](../benchmarks/results.md).
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


def summary(section: str) -> str:
    """The line that a section opens with, after its command, date and machine."""
    return section.split("\n\n")[1].removeprefix("**Result:** ")


def write(command: str, body: str, line: str) -> None:
    """Put a command's section into the page, and its line into README, instead of those that were there."""
    text = f"{circumstances(command)}\n\n**Result:** {line}\n\n{body.strip()}"
    found = {**sections(), SECTIONS[command]: text}
    text = INTRODUCTION + "".join(f"\n## {title}\n\n{found[title]}\n" for title in SECTIONS.values() if title in found)
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(text)
    with open(README, encoding="utf-8") as file:
        lines = file.read().splitlines()
    rows = [number for number, old in enumerate(lines) if old.startswith(ROW)]
    start = f"| `{command}` |"
    known = [number for number in rows if lines[number].startswith(start)]
    if not known:  # its first result
        known = [rows[-1] + 1]
        lines.insert(known[0], "")
    lines[known[0]] = f"{start} {line} |"
    with open(README, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    sys.stdout.write(f"{body.strip()}\n\n{line}\nwritten: docs/evidence.md, and the line in README.md\n")
