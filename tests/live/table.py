"""The table: what was seen in each cell, held against what is expected there, and how it is written down.

Rule: nothing here runs anything.  A cell is one of these: it works; it refuses as S3 does; it departs, with what was
seen and why; it is not offered; it was skipped, since something is missing on this machine; or it is unexpected, and
the run fails.  Only the first two count as passed.
"""

import enum
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from .departures import Departs, Departure

WORKS = "works"


class Kind(enum.Enum):
    """Of a cell."""

    PASSED = "works"
    REFUSED = "refuses as S3 does"
    DEPARTS = "departs"
    NOT_OFFERED = "not offered"
    SKIPPED = "skipped"
    UNEXPECTED = "unexpected"


class Cell(NamedTuple):
    kind: Kind
    seen: str
    expected: str
    why: str = ""

    @property
    def text(self) -> str:
        if self.kind == Kind.DEPARTS:
            return f"**{self.seen}**"
        return "not offered" if self.kind == Kind.NOT_OFFERED else self.seen


def judge(seen: str, expected: str, departure: "Departure | None", *, skipped: bool = False) -> Cell:
    """What is in a cell."""
    if skipped:
        return Cell(Kind.SKIPPED, seen, expected)
    if departure is None:
        kind = Kind.UNEXPECTED if seen != expected else Kind.PASSED if expected == WORKS else Kind.REFUSED
        return Cell(kind, seen, expected)
    if seen != departure.seen:
        return Cell(Kind.UNEXPECTED, seen, departure.seen)
    return Cell(Kind.DEPARTS if isinstance(departure, Departs) else Kind.NOT_OFFERED, seen, expected, departure.why)


class Line(NamedTuple):
    """A row of the table: its section, its name, and a cell for each column."""

    section: str
    name: str
    cells: "tuple[Cell, ...]"


def table(columns: "Sequence[str]", lines: "Sequence[Line]") -> str:
    """As Markdown, with a line for each section and the sums at the end."""
    written = [["", *columns], ["---"] * (len(columns) + 1)]
    section = ""
    for line in lines:
        if line.section != section:
            section = line.section
            written.append([f"**{section}**", *[""] * len(columns)])
        written.append([line.name, *[cell.text for cell in line.cells]])
    for name, kinds in {
        "passed": (Kind.PASSED, Kind.REFUSED),
        "departs": (Kind.DEPARTS,),
        "not offered": (Kind.NOT_OFFERED,),
    }.items():
        sums = [sum(line.cells[number].kind in kinds for line in lines) for number in range(len(columns))]
        if any(sums):
            written.append([f"*{name}, of {len(lines)}*", *map(str, sums)])
    return "\n".join("| " + " | ".join(row) + " |" for row in written) + "\n"


def departures(columns: "Sequence[str]", lines: "Sequence[Line]") -> str:
    """What departs or is not offered, in words: a list for each column, what has one reason together."""
    written: list[str] = []
    for number, column in enumerate(columns):
        reasons: dict[tuple[Kind, str, str], list[str]] = {}
        for line in lines:
            cell = line.cells[number]
            if cell.kind in (Kind.DEPARTS, Kind.NOT_OFFERED):
                reasons.setdefault((cell.kind, cell.seen, cell.why), []).append(line.name)
        if not reasons:
            continue
        written.append(f"### {column}\n")
        for (kind, seen, why), names in reasons.items():
            what = "; ".join(names)
            text = (
                f"- {what}: not offered ({seen}). {why}" if kind == Kind.NOT_OFFERED else f"- {what}: **{seen}**. {why}"
            )
            written.append(textwrap.fill(text, 118, subsequent_indent="  ", break_long_words=False))
        written.append("")
    return "\n".join(written)


def of_kind(kind: Kind, columns: "Sequence[str]", lines: "Iterable[Line]") -> "list[str]":
    """A sentence for each cell of one kind."""
    return [
        f"{column}, {line.name}: expected {cell.expected!r}, saw {cell.seen!r}"
        for line in lines
        for column, cell in zip(columns, line.cells, strict=True)
        if cell.kind == kind
    ]


def unknown_rows(departed: "Mapping[str, Mapping[str, Departure]]", rows: "Iterable[str]") -> "list[str]":
    """Departures of rows that there are not."""
    known = set(rows)
    return [f"{column}: {name}" for column, names in departed.items() for name in names if name not in known]
