"""The repository's pages as GitHub renders them: CommonMark with tables and bare links, headings with anchors.

Rule: what GitHub does not render counts as a fault, whatever Sphinx makes of it.
https://github.github.com/gfm/ and, for anchors, https://github.com/gjtorikian/html-pipeline
"""

import re
from collections import deque
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

_MARKDOWN = MarkdownIt("gfm-like", {"html": True})


class Page:
    """One page: its links, its anchors, and what is on it that GitHub shows raw."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.raw: list[str] = []
        tokens = _MARKDOWN.parse(text)
        for index, token in enumerate(tokens):
            if token.type == "fence" and token.info.startswith("{"):
                self.raw.append(f"{self.path}: ```{token.info}")
            elif token.type == "heading_open":
                self._add_heading(tokens[index + 1])
            elif token.type == "inline":
                self._add_inline(token)
            elif token.type == "html_block":
                self.anchors.update(re.findall(r'<\w+ [^>]*\b(?:id|name)="([^"]+)"', token.content))

    def _add_heading(self, inline: Token) -> None:
        shown = "".join(child.content for child in inline.children or () if child.type in {"text", "code_inline"})
        slug = re.sub(r"[^\w\- ]", "", shown.strip().lower()).replace(" ", "-")
        unique, number = slug, 0
        while unique in self.anchors:
            number += 1
            unique = f"{slug}-{number}"
        self.anchors.add(unique)

    def _add_inline(self, inline: Token) -> None:
        lines = inline.content.splitlines()
        self.raw += [f"{self.path}: {line}" for line in lines if re.match(r"% |\([\w-]+\)=$|:::+", line)]
        self.raw += [f"{self.path}: {line}" for line in lines[1:] if line.startswith(": ")]  # a list of definitions
        previous = ""
        for child in inline.children or ():
            for attribute in ("href", "src"):
                target = child.attrGet(attribute)
                if target is not None:
                    self.links.append(str(target))
            if child.type == "code_inline" and re.search(r"\{[a-z:-]+\}$", previous):
                self.raw.append(f"{self.path}: {previous}`{child.content}`")
            if child.type == "html_inline":
                self.anchors.update(re.findall(r'\b(?:id|name)="([^"]+)"', child.content))
            previous = child.content


def pages(root: Path, paths: "Iterable[Path]") -> "dict[Path, Page]":
    return {path: Page(path.relative_to(root), path.read_text(encoding="utf-8")) for path in paths}


def is_elsewhere(link: str) -> bool:
    return re.match(r"[a-z][a-z0-9+.-]*:", link) is not None


def dead_links(root: Path, found: "Mapping[Path, Page]") -> "list[str]":
    """Links to a file or an anchor that is not there, or out of the repository."""
    dead: list[str] = []
    for path, page in found.items():
        for link in page.links:
            if is_elsewhere(link):
                continue
            file, _, anchor = unquote(link).partition("#")
            target = (path.parent / file).resolve() if file else path
            if not target.exists() or root not in target.parents:
                dead.append(f"{page.path}: {link}")
            elif anchor and target.suffix == ".md" and target in found and anchor not in found[target].anchors:
                dead.append(f"{page.path}: {link}: no such heading")
    return dead


def distances(start: Path, found: "Mapping[Path, Page]") -> "dict[Path, int]":
    """Pages -> how many links they are from the start."""
    known = {start: 0}
    waiting = deque([start])
    while waiting:
        path = waiting.popleft()
        for link in found[path].links:
            if is_elsewhere(link):
                continue
            target = (path.parent / unquote(link).partition("#")[0]).resolve()
            if target in found and target not in known:
                known[target] = known[path] + 1
                waiting.append(target)
    return known
