"""What the pages beside the code promise: that they name what is there, and are not older than it.

Rule: a page that is generated is compared with what its command would write; a page that is written is held to the
names it mentions.
"""

import re
from pathlib import Path

import architecture
import evidence
import pytest
import test_architecture

import sigv4presign

ROOT = Path(__file__).parent.parent


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_architectures_page_is_what_make_architecture_writes() -> None:
    assert read("docs/architecture.md") == architecture.page()
    assert read("docs/architecture.svg") == architecture.drawing()


def test_every_module_stands_in_one_group_of_the_architecture() -> None:
    modules = [module for group in architecture.GROUPS for module in architecture.members(group)]
    assert sorted(modules) == sorted(test_architecture.MODULES)


def test_arrows_of_the_architecture_lead_down() -> None:
    eager, _ = architecture.edges()
    order = list(architecture.GROUPS)
    assert [edge for edge in eager if order.index(edge[0]) >= order.index(edge[1])] == []


def test_the_threat_model_names_tests_that_exist() -> None:
    named = re.findall(r"`(test_\w+\.py)::(test_\w+)`", read("SECURITY.md"))
    assert len(named) > 25
    for file, test in named:
        assert re.search(rf"^(async )?def {test}\(", read(f"tests/{file}"), re.MULTILINE), f"{file}::{test}"


def test_how_to_report_names_a_way_that_a_reader_has() -> None:
    said = read("SECURITY.md").partition("## Who attacks what")[0]
    assert "Report a vulnerability" in said
    assert "whoever gave you the code" in said
    # Nobody reads mail to the addresses of the commits, and no other is known here.
    assert "address is in" not in said
    assert "@" not in said


def test_every_release_says_whether_signed_bytes_change() -> None:
    releases = re.split(r"^## ", read("CHANGELOG.md"), flags=re.MULTILINE)[1:]
    assert releases
    for release in releases:
        sections = re.split(r"^### ", release, flags=re.MULTILINE)[1:]
        [said] = [section for section in sections if section.startswith("Signed bytes\n")]
        assert said.partition("\n")[2].strip(), release.partition("\n")[0]


def test_the_version_is_the_latest_release_or_one_that_is_yet_to_come() -> None:
    headings = re.findall(r"^## (.+)$", read("CHANGELOG.md"), re.MULTILINE)
    numbers = [heading.split()[0].strip("[]") for heading in headings if heading != "Unreleased"]
    assert "Unreleased" in headings or numbers[0] == sigv4presign.__version__
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", number) for number in numbers)


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "docs/evidence.md"])
def test_commands_and_files_that_a_page_names_are_there(page: str) -> None:
    text = read(page)
    targets = set(re.findall(r"^([a-z-]+(?: [a-z-]+)*):", read("Makefile"), re.MULTILINE))
    known = {name for target in targets for name in target.split()}
    for command in re.findall(r"(?:^\$ |`|^    )make ([a-z-]+(?: [a-z-]+)*)", text, re.MULTILINE):
        for name in command.split():
            assert name in known, f"make {name}"
    for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
        assert (ROOT / page).parent.joinpath(link).exists(), link


QUOTED = dict(re.findall(r"^\| `(make [a-z-]+)` \| (.+) \|$", read("README.md"), re.MULTILINE))


def test_readme_quotes_every_slow_command_that_has_a_result() -> None:
    found = evidence.sections()
    assert sorted(QUOTED) == sorted(command for command, title in evidence.SECTIONS.items() if title in found)


@pytest.mark.parametrize("command", QUOTED)
def test_readme_quotes_each_slow_command_as_it_last_ended(command: str) -> None:
    section = evidence.sections()[evidence.SECTIONS[command]]
    assert section.startswith(f"`{command}`, 20")
    line = QUOTED[command]
    assert line == evidence.summary(section)
    # Its figures are those that the command wrote below it.
    details = section.partition(line)[2].replace(",", "")
    for figure in re.findall(r"\d+(?:\.\d+)+|\d{3,}", line.replace(",", "")):
        assert figure in details, figure


def test_pre_commit_runs_what_make_runs() -> None:
    text = read(".pre-commit-config.yaml")
    assert re.findall(r"entry: make (\w+)", text) == ["lint", "types", "architecture"]
    assert "http" not in text  # nothing is fetched
