"""How the documentation is built: `make docs`.

Rule: a page is Markdown that reads as it stands on GitHub; no page has a directive of Sphinx's.  The navigation follows
from the links of the index pages.  What can be computed from the code is, by tools/reference.py and docs/generate.py,
whose output is committed.  Every warning is an error, a broken link among them.
"""

import os
import re
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT / "src"))

import sigv4presign  # noqa: E402 - found by the line above

project = "sigv4presign"
author = "The sigv4presign authors"
version = release = sigv4presign.__version__

extensions = ["myst_parser", "sphinx_copybutton"]
exclude_patterns = ["examples/**/node_modules"]
# Pages whose text is a file of the folder above, where there is that file.
FROM_ABOVE = {
    "benchmarks": "benchmarks/results.md",
    "changelog": "CHANGELOG.md",
    "contributing": "CONTRIBUTING.md",
    "security": "SECURITY.md",
}
exclude_patterns += [f"{page}.md" for page, file in FROM_ABOVE.items() if not (ROOT / file).exists()]

myst_heading_anchors = 3  # so that a link to a heading that is gone is a warning, and so an error

smartquotes_action = "D"  # dashes alone: an apostrophe in prose looks like one in code

# What one copies from an example is what one types: neither prompts nor what was printed.
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
copybutton_only_copy_prompt_lines = True
copybutton_line_continuation_character = "\\"
copybutton_exclude = ".linenos, .gp"

html_theme = "furo"
html_title = f"sigv4presign {version}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_copyright = False
html_show_sphinx = False
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"
html_theme_options = {
    # Furo's own colours of links and of the sidebar's captions are too pale on a dark ground (WCAG AA).
    "light_css_variables": {"color-brand-primary": "#0a50a1", "color-brand-content": "#0a50a1"},
    "dark_css_variables": {"color-brand-primary": "#8ab8ff", "color-brand-content": "#8ab8ff"},
}


def read_page(_app: Any, page: str, source: "list[str]") -> None:
    """The text of a page: links to files that have a page lead there, and blocks have no empty last line.

    doctest needs that line, to tell the output from the fence.
    """
    above = FROM_ABOVE.get(page)
    text = source[0] if above is None else (ROOT / above).read_text("utf-8")
    here = (HERE / page).parent
    written_in = here if above is None else (ROOT / above).parent

    def relinked(link: "re.Match[str]") -> str:
        file = (written_in / link[1]).resolve()
        if not file.exists():
            return link[0]
        for name, shown in FROM_ABOVE.items():
            if file == ROOT / shown:
                file = HERE / f"{name}.md"
        return f"]({os.path.relpath(file, here)}"

    text = re.sub(r"\]\(([^)\s:#]+)", relinked, text).replace("\n\n```\n", "\n```\n")
    source[0] = text.replace("```pyi\n", "```python\n") + contents(page, text)


def contents(page: str, text: str) -> str:
    """The part of the navigation below an index page: the pages that its lists lead to, in that order.

    A heading of the front page is a heading of the navigation.
    """
    if not (page == "index" or page.endswith("/index")):
        return ""
    parts: list[str] = []
    for section in re.split(r"^## ", text, flags=re.MULTILINE):
        caption = section.partition("\n")[0] if page == "index" and section is not text else ""
        found = re.findall(r"^\s*- \[([^\]]*)\]\(([^)\s:#]+)\.md\)", section, re.MULTILINE)
        if found:
            head = f":caption: {caption}\n" if caption and not section.startswith("# ") else ""
            entries = "\n".join(dict.fromkeys(f"{title.replace('`', '')} <{file}>" for title, file in found))
            parts.append(f"\n```{{toctree}}\n:hidden:\n{head}\n{entries}\n```\n")
    return "".join(parts)


def finish_page(_app: Any, _page: str, _template: str, context: "dict[str, Any]", _doctree: Any) -> None:
    """What scrolls can be scrolled with the keyboard."""
    tree = context.get("furo_navigation_tree")
    if tree:  # a heading has a level
        context["furo_navigation_tree"] = tree.replace('role="heading"', 'role="heading" aria-level="2"')
    body = context.get("body")
    if body:
        body = re.sub(r"<pre(?=>|\s)", '<pre tabindex="0"', body)
        wrapper = '<div class="table-wrapper'
        context["body"] = body.replace(wrapper, f'<div tabindex="0" role="region" aria-label="Table" {wrapper[5:]}')


def setup(app: Any) -> None:
    app.connect("source-read", read_page)
    app.connect("html-page-context", finish_page, priority=900)  # after the theme
