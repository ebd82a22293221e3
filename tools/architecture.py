"""Writes docs/architecture.md and its drawing from the imports of the modules.

Rule: nothing is written by hand but the groups' names; what a module is for is the first line of its docstring.

Usage: python tools/architecture.py [--check]      (make architecture; --check writes nothing, and fails if it would)
"""

import argparse
import ast
import os
import sys
from xml.sax.saxutils import escape

from evidence import ROOT
from test_architecture import MODULES, ROWS, imports

PAGE = os.path.join(ROOT, "docs", "architecture.md")
DRAWING = os.path.join(ROOT, "docs", "architecture.svg")

# What belongs together: modules, with all that is inside them.  In the order of the page, from the top.
GROUPS = {
    "Command line": ("__main__", "_command_line"),
    "File server": ("_share",),
    "Guards": ("wsgi", "asgi", "_server"),
    "Inspect and explain": ("_diagnosis",),
    "Tokens": ("tokens",),
    "Credential providers": ("providers",),
    "S3": ("_s3",),
    "Signing": ("_presign", "_presigned_url", "_sigv4a", "_p256"),
    "Verifying": ("_expectations", "_unverified", "_verify"),
    "The steps": ("_steps", "_signature", "_canonical", "_query_auth"),
    "Values": ("_url", "_redaction", "_credentials", "_time", "_text", "_value", "_protocols", "errors"),
    "The public names": ("__init__", "types"),
}
EVERYWHERE = "The public names"  # it hands out names from all of them, when they are first used

WIDTH, MARGIN, GAP, LINE, ROW_GAP = 960, 16, 20, 15, 44
STYLE = """
svg { font: 12px system-ui, sans-serif; }
.page { fill: #ffffff; } text { fill: #1b1f24; } .title { font-weight: 600; font-size: 14px; }
.box { fill: #f2f5f9; stroke: #8b98a9; } .module { font-family: ui-monospace, monospace; font-size: 11px; }
path { fill: none; stroke: #5b6b80; stroke-width: 1.4; } .lazy { stroke-dasharray: 4 4; }
.head { fill: #5b6b80; stroke: none; }
@media (prefers-color-scheme: dark) {
  .page { fill: #131416; } text { fill: #d9dee5; } .box { fill: #1f242b; stroke: #5b6b80; }
  path { stroke: #93a3b8; } .head { fill: #93a3b8; }
}"""


def group_of(module: str) -> str:
    top = module.partition(".")[0]
    [group] = [group for group, names in GROUPS.items() if top in names]
    return group


def members(group: str) -> "list[str]":
    """The modules of a group, those first that the others import."""
    return sorted((name for name in MODULES if group_of(name) == group), key=lambda name: (ROWS[name], name))


def purpose(module: str) -> str:
    """The first line of a module's docstring, to the end of its first sentence."""
    docstring = ast.get_docstring(ast.parse(MODULES[module].read_text(encoding="utf-8"))) or ""
    return " ".join(docstring.partition("\n\n")[0].split())


def edges() -> "tuple[set[tuple[str, str]], set[tuple[str, str]]]":
    """Which group needs which: at import, and only inside functions."""
    eager: set[tuple[str, str]] = set()
    lazy: set[tuple[str, str]] = set()
    for module in MODULES:
        at_the_top, inside, _ = imports(module)
        eager.update((group_of(module), group_of(other)) for other in at_the_top & set(MODULES))
        lazy.update((group_of(module), group_of(other)) for other in inside & set(MODULES))
    shown = {edge for edge in eager | lazy if edge[0] != edge[1] and EVERYWHERE not in edge}
    return eager & shown, (lazy - eager) & shown


def reachable(start: str, arrows: "set[tuple[str, str]]") -> "set[str]":
    found: set[str] = set()
    todo = [start]
    while todo:
        here = todo.pop()
        for one, other in arrows:
            if one == here and other not in found:
                found.add(other)
                todo.append(other)
    return found


def needed(arrows: "set[tuple[str, str]]") -> "set[tuple[str, str]]":
    """The arrows that others do not imply."""
    return {
        (one, other)
        for one, other in arrows
        if not any(first == one and second != other and other in reachable(second, arrows) for first, second in arrows)
    }


def ranks(arrows: "set[tuple[str, str]]") -> "dict[str, int]":
    """The row of each group, counted from the bottom: above all that its arrows lead to."""
    found: dict[str, int] = {}

    def rank(group: str) -> int:
        if group not in found:
            found[group] = 1 + max((rank(other) for one, other in arrows if one == group), default=-1)
        return found[group]

    for group in GROUPS:
        if group != EVERYWHERE:
            rank(group)
    return found


def drawing() -> str:
    eager, lazy = edges()
    order = list(GROUPS)
    # From the values a lazy arrow leads up again: from_profile reads files.
    down = eager | {edge for edge in lazy if order.index(edge[0]) < order.index(edge[1])}
    row_of = ranks(down)
    height = MARGIN
    boxes: dict[str, tuple[float, float, float, float]] = {}
    parts: list[str] = []
    for row in sorted(set(row_of.values()), reverse=True):
        groups = [group for group in GROUPS if row_of.get(group) == row]
        width = min(460.0, (WIDTH - 2 * MARGIN - GAP * (len(groups) - 1)) / len(groups))
        left = (WIDTH - width * len(groups) - GAP * (len(groups) - 1)) / 2
        texts = {group: wrapped(group, width) for group in groups}
        tall = max(len(lines) for lines in texts.values()) * LINE + 34
        for place, group in enumerate(groups):
            x = left + place * (width + GAP)
            boxes[group] = (x, height, width, tall)
            parts.append(f'<rect class="box" x="{x:.0f}" y="{height}" width="{width:.0f}" height="{tall}" rx="8"/>')
            parts.append(f'<text class="title" x="{x + 12:.0f}" y="{height + 21}">{escape(group)}</text>')
            parts += [
                f'<text class="module" x="{x + 12:.0f}" y="{height + 40 + number * LINE}">{escape(line)}</text>'
                for number, line in enumerate(texts[group])
            ]
        height += tall + ROW_GAP
    arrows = [(edge, "eager" if edge in eager else "lazy") for edge in sorted(needed(down) | (lazy - down))]
    lines = [arrow(boxes[one], boxes[other], kind) for (one, other), kind in arrows]
    height += MARGIN - ROW_GAP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">\n'
        f"<title>Which part of sigv4presign imports which</title>\n<style>{STYLE}\n</style>\n"
        '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path class="head" d="M0 0 8 4 0 8z"/></marker></defs>\n'
        f'<rect class="page" width="{WIDTH}" height="{height}"/>\n' + "\n".join([*lines, *parts]) + "\n</svg>\n"
    )


def wrapped(group: str, width: float) -> "list[str]":
    """The names of a group's modules, in lines that fit a box."""
    lines = [""]
    for name in members(group):
        if lines[-1] and (len(lines[-1]) + len(name) + 3) * 6.7 > width - 24:
            lines.append("")
        lines[-1] += f"{', ' if lines[-1] else ''}{name}"
    return lines


def arrow(one: "tuple[float, float, float, float]", other: "tuple[float, float, float, float]", kind: str) -> str:
    """A line from the lower edge of a box to the upper edge of one below, or between the sides of two in a row."""
    x1, y1, w1, h1 = one
    x2, y2, w2, h2 = other
    if y1 < y2:
        # Each leaves towards where it goes, so that lines to the same box do not lie upon each other.
        start = x1 + w1 * (0.5 + max(-0.35, min(0.35, (x2 + w2 / 2 - x1 - w1 / 2) / WIDTH)))
        end = x2 + w2 * (0.5 + max(-0.4, min(0.4, (x1 + w1 / 2 - x2 - w2 / 2) / WIDTH)))
        way = f"M{start:.0f} {y1 + h1:.0f}C{start:.0f} {y1 + h1 + 30:.0f} {end:.0f} {y2 - 30:.0f} {end:.0f} {y2:.0f}"
    elif y1 > y2:
        start, end = x1 + w1 * 0.15, x2 + w2 * 0.85
        way = f"M{start:.0f} {y1:.0f}C{start:.0f} {y1 - 30:.0f} {end:.0f} {y2 + h2 + 30:.0f} {end:.0f} {y2 + h2:.0f}"
    else:
        y = y1 + min(h1, h2) / 2
        way = f"M{x1:.0f} {y:.0f}H{x2 + w2:.0f}" if x1 > x2 else f"M{x1 + w1:.0f} {y:.0f}H{x2:.0f}"
    return f'<path class="{kind}" marker-end="url(#head)" d="{way}"/>'


def page() -> str:
    text = """<!-- Written by tools/architecture.py: run `make architecture`, do not edit. -->

# Architecture

A group imports only groups below it: `tests/test_architecture.py` has the order of the modules, the few imports inside
functions that lead up (`UPWARD`), and what must never import what. Inside a table, what others import comes first. The
public names are handed out from all groups. A dashed line is an import inside a function: the part it leads to is
loaded when it is first used, and most of these can be left out of a vendored copy. An arrow that others imply is not
drawn.

![Which part imports which](architecture.svg)
"""
    for group in GROUPS:
        text += f"\n## {group}\n\n| module | what it is |\n| --- | --- |\n"
        text += "".join(
            f"| `{module}` | {purpose(module).replace('|', chr(92) + '|')} |\n" for module in members(group)
        )
    return text


def main() -> int:
    parser = argparse.ArgumentParser(description="Writes docs/architecture.md and its drawing.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if it is out of date")
    check = parser.parse_args().check
    stale: list[str] = []
    for path, text in ((PAGE, page()), (DRAWING, drawing())):
        try:
            with open(path, encoding="utf-8") as file:
                old = file.read()
        except FileNotFoundError:
            old = ""
        if old != text:
            stale.append(os.path.relpath(path, ROOT))
            if not check:
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
    sys.stdout.write("".join(f"{'out of date' if check else 'written'}: {path}\n" for path in stale))
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
