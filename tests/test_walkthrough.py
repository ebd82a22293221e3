"""The walkthrough, and the page of the browser's example: their commands are run, and print what they say.

Rule: nothing but this package, a shell and loopback; the part of another store is run by tests/live/test_browser.py.
"""

import socket
from pathlib import Path

import console
import pytest

DOCS = Path(__file__).parent.parent / "docs"
WALKTHROUGH = (DOCS / "tutorial" / "share-a-file.md").read_text(encoding="utf-8")
EXAMPLE = (DOCS / "examples" / "browser_upload" / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def ports() -> "dict[int, int]":
    """A free port for each that the pages name."""
    with socket.socket() as store, socket.socket() as page:
        for one in (store, page):
            one.bind(("127.0.0.1", 0))
        return {9000: store.getsockname()[1], 8000: page.getsockname()[1]}


def test_the_walkthrough_prints_what_it_says(tmp_path: Path, ports: "dict[int, int]") -> None:
    page = console.with_ports(WALKTHROUGH, ports)
    [script] = console.blocks(page, "python")
    (tmp_path / "hand_over.py").write_text(script, encoding="utf-8")
    with console.session(tmp_path, {}) as shell:
        for command in console.commands(page):
            shell.run(command)


def test_the_walkthrough_has_a_link_that_works_and_then_does_not_in_each_of_its_parts() -> None:
    """What the page says of its commands is what the issue asks for: it works at once and is refused afterwards."""
    parts = {part.partition("\n")[0]: part for part in WALKTHROUGH.split("\n## ")}
    assert list(parts)[2:] == ["On the command line", "In Python", "In a browser"]
    line = [(command.line, command.printed) for command in console.commands(parts["On the command line"])]
    assert [line[1], line[2][0]] == [('curl -s "$link"', "Monday,42\n"), "sleep 3"]
    assert line[3][0] == 'curl -s "$link"'
    assert "Request has expired" in line[3][1]
    [python] = console.commands(parts["In Python"])
    assert python.printed.startswith("Anna reads b'Monday,42\\n'\n")
    assert python.printed.endswith("and now: 403 Forbidden\n")


def test_the_example_starts_as_its_page_says(tmp_path: Path, ports: "dict[int, int]") -> None:
    page = console.with_ports(EXAMPLE.partition("\n## Another store\n")[0], ports)
    with console.session(tmp_path, {}) as shell:
        for command in console.commands(page):
            shell.run(command)


def test_a_page_whose_output_is_not_what_it_says_is_found_out(tmp_path: Path) -> None:
    with console.session(tmp_path, {}) as shell:
        shell.run(console.Command("echo one", "one\n"))
        with pytest.raises(AssertionError, match="instead of\ntwo"):
            shell.run(console.Command("echo one", "two\n"))


def test_pictures_that_pages_show_are_there_and_small() -> None:
    for page, folder in ((WALKTHROUGH, DOCS / "tutorial"), (EXAMPLE, DOCS / "examples" / "browser_upload")):
        shown = [line.rpartition("(")[2].rstrip(")") for line in page.splitlines() if line.startswith("![")]
        assert len(shown) == 2
        for picture in shown:
            assert 1_000 < (folder / picture).stat().st_size < 40_000
