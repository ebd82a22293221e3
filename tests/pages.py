"""The code of a documentation page, as a reader copies it from there.

Rule: what a page shows is what runs; nothing is added to it but the names that earlier blocks of the page made.
"""

import re
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parents[1] / "docs"
_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def python_blocks(page: str) -> "list[str]":
    """The Python blocks of a page below docs/ that are no doctests, in order."""
    blocks = _BLOCK.findall((DOCS / page).read_text(encoding="utf-8"))
    return [block for block in blocks if not block.startswith(">>>")]


def executed(page: str, *beginnings: str) -> "dict[str, Any]":
    """The names that a page's blocks make: all of them, or those that hold one of these texts each, in that order."""
    blocks = python_blocks(page)
    if beginnings:
        blocks = [next(block for block in blocks if text in block) for text in beginnings]
    names: dict[str, Any] = {"__name__": page}
    for block in blocks:
        exec(compile(block, page, "exec"), names)
    return names
