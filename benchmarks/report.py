"""`results.md`: one section for each command, each of which says where, when and by which command it was made.

Rule: a command rewrites its own section and leaves the others.
"""

import os
import platform
import ssl
import subprocess
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime, timezone

from inputs import ROOT

HERE = os.path.dirname(os.path.abspath(__file__))
RESULTS = os.path.join(HERE, "results.md")
SECTIONS = ("Speed", "Cold start", "Guards", "Scale")
INTRODUCTION = """# Results

Made by the commands in this folder; `make bench` makes them all again.  Do not edit: run it.
"""


def table(header: "Sequence[str]", rows: "Iterable[Sequence[str]]") -> str:
    """A Markdown table; all columns but the first are numbers and stand to the right."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def number(value: float) -> str:
    """A figure with about three significant digits."""
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def circumstances(command: str) -> str:
    """Machine, interpreter, date and command, as one paragraph."""
    return (
        f"`{command}`, {datetime.now(timezone.utc):%Y-%m-%d %H:%M} UTC, commit {_commit()}; "
        f"{platform.python_implementation()} {platform.python_version()}, {ssl.OPENSSL_VERSION}; "
        f"{platform.system()} {platform.machine()}, {_processor()}, {os.cpu_count()} cores"
        f"{', load ' + number(os.getloadavg()[0]) if hasattr(os, 'getloadavg') else ''}.\n"
    )


def _processor() -> str:
    """The processor's name, and whether it hashes in hardware, where the system tells."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            lines = dict(line.split(":", 1) for line in file.read().split("\n\n")[0].splitlines() if ":" in line)
    except OSError:
        return platform.processor()
    fields = {name.strip(): value.strip() for name, value in lines.items()}
    name = fields.get("model name", platform.processor())
    return name + (" with SHA instructions" if "sha_ni" in fields.get("flags", "").split() else "")


def _commit() -> str:
    """The commit that was measured, with a `+` if files differ from it."""
    try:
        found = subprocess.run(
            ["git", "describe", "--always", "--dirty=+"], cwd=ROOT, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return found.stdout.strip()


def write_section(title: str, command: str, body: str) -> None:
    """Put a section into results.md, in its place, instead of the one that was there."""
    sections = {**_sections(), title: f"{circumstances(command)}\n{body.strip()}"}
    text = INTRODUCTION + "".join(f"\n## {name}\n\n{sections[name]}\n" for name in SECTIONS if name in sections)
    with open(RESULTS, "w", encoding="utf-8") as file:
        file.write(text)
    print(f"## {title}\n\n{sections[title]}")
    print(f"written to {os.path.relpath(RESULTS)}", file=sys.stderr)


def _sections() -> "dict[str, str]":
    """The sections of results.md by title."""
    if not os.path.exists(RESULTS):
        return {}
    with open(RESULTS, encoding="utf-8") as file:
        _, *parts = file.read().split("\n## ")
    return {title: text.strip() for title, _, text in (part.partition("\n") for part in parts)}
