"""Every page reads as it stands on GitHub: nothing raw, no dead link, and three links from the README at most.

Rule: the pages are all that is committed as Markdown, but for notes beside test data.
"""

import subprocess
from pathlib import Path

import github
import pytest

ROOT = Path(__file__).resolve().parent.parent
LISTED = subprocess.run(
    ["git", "ls-files", "-co", "--exclude-standard", "*.md"], cwd=ROOT, capture_output=True, text=True, check=False
).stdout.split("\n")
PATHS = [ROOT / name for name in LISTED if name and not name.startswith("tests/") and (ROOT / name).exists()]
PAGES = github.pages(ROOT, PATHS)


# Their examples have 120 characters a line; the site wraps these.
AS_WIDE_AS_SOURCES = {page.name for page in (ROOT / "docs/reference").glob("*.md")}


def test_the_pages_are_found() -> None:
    assert {"README.md", "docs/index.md", "docs/how-to/errors/AccessDenied.md", "benchmarks/results.md"} <= {
        str(page.path) for page in PAGES.values()
    }


def test_no_page_shows_a_directive() -> None:
    assert [raw for page in PAGES.values() for raw in page.raw] == []


def test_no_link_is_dead() -> None:
    assert github.dead_links(ROOT, PAGES) == []


def test_every_page_is_three_links_from_the_readme_at_most() -> None:
    far = github.distances(ROOT / "README.md", PAGES)
    assert [str(page.path) for path, page in PAGES.items() if far.get(path, 99) > 3] == []


def test_every_page_begins_with_its_title() -> None:
    for page in PATHS:
        text = page.read_text(encoding="utf-8")
        first = next(line for line in text.splitlines() if line and not line.startswith("<!--"))
        assert first.startswith("# "), page


def test_what_one_types_in_python_fits_its_column() -> None:
    """88 characters.  What is printed is as long as it is, and so is one long word or a store's message."""
    wide: list[str] = []
    for path in PATHS:
        is_python = is_session = False
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.startswith("```"):
                is_python, is_session = line == "```python", False
            elif is_python:
                is_session = is_session or line.startswith(">>> ")
                is_typed = not is_session or line.startswith((">>> ", "... "))
                can_be_broken = max(map(len, line.split()), default=0) < 60 and "<Message>" not in line
                if is_typed and can_be_broken and len(line) > 88 and path.name not in AS_WIDE_AS_SOURCES:
                    wide.append(f"{path.relative_to(ROOT)}:{number}")
    assert wide == []


# --- the checker itself ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "```{toctree}\na\n```",
        "::::{container} doors\ntext\n::::",
        "(providers)=\n\n# Title",
        "% a comment of MyST",
        "term\n: what it means",
        "see {ref}`there`",
    ],
)
def test_what_only_sphinx_reads_is_found(text: str) -> None:
    assert github.Page(Path("a.md"), text).raw != []


def test_plain_markdown_is_not_mistaken_for_a_directive() -> None:
    assert github.Page(Path("a.md"), "100 % of `{x}` (a)=b: c\n\n```json\n{}\n```\n\n| a |\n|---|\n| `{}` |").raw == []


def test_a_dead_link_a_dead_anchor_and_a_link_out_are_found(tmp_path: Path) -> None:
    root = tmp_path / "repository"
    (root / "docs").mkdir(parents=True)
    (tmp_path / "outside.md").write_text("# Outside\n")
    (root / "a.md").write_text(
        "# Title\n\n## `code.name`, twice\n\n## `code.name`, twice\n\n"
        "[x](docs/b.md) [x](docs/c.md) [x](docs/b.md#here) [x](docs/b.md#gone) [x](#codename-twice-1) [x](#none)\n"
        "[x](../outside.md) ![x](gone.png) <https://example.com/#any>\n"
    )
    (root / "docs/b.md").write_text('# B\n\n<a id="here"></a>\n\n[back](../a.md)\n')
    found = github.pages(root, [root / "a.md", root / "docs/b.md"])
    assert [line.partition(": ")[2].partition(":")[0] for line in github.dead_links(root, found)] == [
        "docs/c.md", "docs/b.md#gone", "#none", "../outside.md", "gone.png",
    ]  # fmt: skip
    assert github.distances(root / "a.md", found) == {root / "a.md": 0, root / "docs/b.md": 1}
