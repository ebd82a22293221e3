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


SPEED = [
    (
        "README.md",
        "| the hashing alone |",
        2,
        "floor, sigv4presign, libpresign, obstore, awscrt, minio, the client, boto3",
    ),
    (
        "docs/explanation/which-tool.md",
        "| One S3 URL, median |",
        0,
        "boto3, minio, the client, recipe, libpresign, obstore, awscrt, sigv4presign",
    ),
]


@pytest.mark.parametrize(("page", "row", "below", "makers"), SPEED)
def test_a_page_quotes_the_speed_of_the_last_results(page: str, row: str, below: int, makers: str) -> None:
    safe_keys = read("benchmarks/results.md").partition("### Safe keys\n")[2].partition("###")[0]
    medians = dict(re.findall(r"^\| ([\w ,.-]+) \| [\d.,]+ \| ([\d.,]+) \|", safe_keys, re.MULTILINE))
    lines = read(page).splitlines()
    [at] = [number for number, line in enumerate(lines) if line.startswith(row)]
    names = makers.replace("minio, the", "minio-the").split(", ")
    expected = [medians[name.replace("-the", ", the")] for name in names]
    assert re.findall(r"\d[\d.]*", lines[at + below].replace("One S3 URL", "")) == expected


def test_pages_quote_the_cold_start_and_the_keys_in_cjk_of_the_last_results() -> None:
    layer = evidence.sections()["The Lambda layer"]
    over = dict(re.findall(r"^\| ([\w ,]+) \| .* ([\d.]+) \|$", layer, re.MULTILINE))
    tool = " ".join(read("docs/explanation/which-tool.md").split())
    cold = f"{over['boto3, which the runtime has']} ms | not measured | not measured | not measured"
    own = f"{over['whole, with bytecode']} ms; one file {over['one file, with bytecode']} ms"
    assert f"| Over an empty Lambda cold start | {cold} | {own} |" in tool
    times = {
        row: float(times)
        for row, times in re.findall(
            r"^\| (\w+ keys) \| [\d.]+ \| [\d.]+ \| [\d.]+ \| ([\d.]+) \|", read("benchmarks/results.md"), re.MULTILINE
        )
    }
    assert f"libpresign takes {times['CJK keys']:.1f} times our time, not {times['Safe keys']:.1f} times" in tool
    assert f"libpresign takes {times['CJK keys']:.1f} times as long" in " ".join(read("README.md").split())


def test_pre_commit_runs_what_make_runs() -> None:
    text = read(".pre-commit-config.yaml")
    assert re.findall(r"entry: make (\w+)", text) == ["lint", "types", "architecture"]
    assert "http" not in text  # nothing is fetched
