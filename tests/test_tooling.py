"""The project's own tools: environments, locks, what is skipped, workflows and release checks.

Rule: nothing is fetched and no environment is made; what the tools decide is tested, and what they read is compared.
"""

import ast
import os
import re
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import conftest
import environment
import evidence
import pytest
import pythons
import release_check
import voice

import sigv4presign

ROOT = Path(__file__).parent.parent
TOOLS = ROOT / "tools"
LOCKS = ROOT / "requirements"


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


# --- which Python -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 8, 18), (3, 9, 18)])
def test_an_older_python_gets_one_sentence(version: "tuple[int, ...]", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", version)
    with pytest.raises(SystemExit) as caught:
        runpy.run_path(str(TOOLS / "supported.py"))
    said = str(caught.value.code)
    assert said.startswith("sigv4presign needs Python 3.10 or later, and ")
    assert f"is Python {'.'.join(map(str, version))}; name another: make ... PYTHON=" in said
    assert "\n" not in said


def test_a_supported_python_gets_none() -> None:
    runpy.run_path(str(TOOLS / "supported.py"))


def test_the_sentence_can_be_read_by_an_old_python() -> None:
    source = (TOOLS / "supported.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 4))
    assert not re.search(r'\bf"|->|: [a-z]+ = |\bprint\b', source)


def test_whatever_runs_a_python_that_somebody_named_asks_first_whether_it_is_supported() -> None:
    recipes = re.findall(r"^\t(.*\$\(PYTHON\).*)$", read("Makefile"), re.MULTILINE)
    before = [line for line in recipes if "-m venv" not in line]
    assert len(before) >= 3
    rules = re.findall(r"^([a-z-]+):(.*)\n((?:\t.*\n)+)", read("Makefile"), re.MULTILINE)
    for target, needs, recipe in rules:
        if "$(PYTHON)" in recipe and "/.installed" not in needs:  # making an environment asks, too
            assert recipe.startswith("\t$(SUPPORTED)\n"), target


def always(answer: str) -> "Callable[[str], str]":
    """A function of one argument that returns the same text for each."""

    def function(_: str) -> str:
        return answer

    return function


# --- environments -----------------------------------------------------------------------------------------------------


@pytest.fixture(name="made")
def made_environments(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> "list[str]":
    """The folders that were made; each gets its mark, and an interpreter that starts."""
    made: list[str] = []

    def make(folder: str, _lock: str, mark: "list[str]") -> None:
        made.append(folder)
        (Path(folder) / "bin").mkdir(parents=True, exist_ok=True)
        (Path(folder) / environment.MARK).write_text("".join(f"{line}\n" for line in mark))

    monkeypatch.setattr(environment, "make", make)
    monkeypatch.setattr(environment, "python_of", always(sys.executable))
    monkeypatch.setattr(environment, "ROOT", str(tmp_path))
    (tmp_path / "lock.txt").write_text("pytest==1\n")
    return made


def run(monkeypatch: pytest.MonkeyPatch, folder: Path, *options: str) -> int:
    monkeypatch.setattr(sys, "argv", ["environment.py", str(folder), "lock.txt", *options])
    return environment.main()


def test_an_environment_is_made_once(made: "list[str]", monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "venv"
    assert [run(monkeypatch, folder), run(monkeypatch, folder), run(monkeypatch, folder, "--keep")] == [0, 0, 0]
    assert made == [str(folder)]


def test_an_environment_is_made_anew_when_its_lock_has_changed(
    made: "list[str]", monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "venv"
    run(monkeypatch, folder, "--keep")
    (tmp_path / "lock.txt").write_text("pytest==2\n")
    run(monkeypatch, folder, "--keep")
    assert made == [str(folder)] * 2


def test_an_environment_of_another_python_is_kept_only_if_nobody_named_one(
    made: "list[str]", monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "venv"
    run(monkeypatch, folder)
    monkeypatch.setattr(environment, "interpreter", lambda: ["/elsewhere/python3.12", "3.12.1"])
    run(monkeypatch, folder, "--keep")
    assert len(made) == 1
    run(monkeypatch, folder)
    assert len(made) == 2


def test_an_environment_whose_python_is_gone_is_made_anew(
    made: "list[str]", monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "venv"
    run(monkeypatch, folder)
    monkeypatch.setattr(environment, "python_of", always(str(tmp_path / "no" / "python")))
    run(monkeypatch, folder, "--keep")
    assert len(made) == 2


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_that_cannot_make_environments_gets_one_sentence(
    module: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def find_spec(name: str) -> "object | None":
        return None if name == module else object()

    monkeypatch.setattr("importlib.util.find_spec", find_spec)
    with pytest.raises(SystemExit) as caught:
        environment.make(str(tmp_path / "venv"), "lock.txt", [])
    said = str(caught.value.code)
    assert f"its module {module} is missing" in said
    assert said.endswith("apt install python3-venv")
    assert not (tmp_path / "venv").exists()


# --- locks ------------------------------------------------------------------------------------------------------------


GROUPS = read("pyproject.toml").partition("[dependency-groups]\n")[2].partition("\n[tool")[0]
NAMES = re.findall(r"^(\w+) = \[", GROUPS, re.MULTILINE)


def test_every_group_has_a_lock_and_every_lock_a_group() -> None:
    assert sorted(NAMES) == sorted(path.stem for path in LOCKS.glob("*.txt"))
    [looped] = re.findall(r"for group in ([a-z ]+);", read("Makefile"))
    assert sorted(looped.split()) == sorted(NAMES)


@pytest.mark.parametrize("group", NAMES)
def test_a_lock_has_exact_versions_and_hashes_and_no_address(group: str) -> None:
    lock = (LOCKS / f"{group}.txt").read_text(encoding="utf-8")
    requirements = re.findall(r"^(?![ #])(.+)(?:\n(?: {4}--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)?", lock, re.MULTILINE)
    assert requirements
    assert [one for one in requirements if not re.match(r"[\w.\[\]-]+==[\w.]+ ", one)] == []
    assert lock.count("\n    --hash=sha256:") >= len(requirements)
    assert re.findall(r"\\\n(?!    --hash)", lock) == []
    assert "://" not in lock
    assert "--index" not in lock


@pytest.mark.parametrize("group", NAMES)
def test_a_lock_has_all_that_its_group_names(group: str) -> None:
    [text] = re.findall(rf"^{group} = \[(.*?)\](?:  #.*)?$", GROUPS.replace("[nodejs]", ""), re.MULTILINE | re.DOTALL)
    named = re.findall(r'^(?: {4})?"([\w.-]+)', text, re.MULTILINE)
    assert named
    lock = (LOCKS / f"{group}.txt").read_text(encoding="utf-8")
    assert [name for name in named if not re.search(rf"^{re.escape(name)}(?:\[|==)", lock, re.MULTILINE)] == []


def test_a_lock_has_the_versions_that_pyproject_names() -> None:
    exact = re.findall(r'"([\w.-]+)(?:\[\w+\])?==([\w.]+)["; ]', GROUPS)
    assert len(exact) > 10
    for path in LOCKS.glob("*.txt"):
        lock = path.read_text(encoding="utf-8")
        for name, version in exact:
            assert set(re.findall(rf"^{re.escape(name)}(?:\[\w+\])?==(\S+)", lock, re.MULTILINE)) <= {version}, (
                path.name
            )


# --- what is skipped --------------------------------------------------------------------------------------------------

SKIPPING = """
import pytest

def test_a() -> None:
    pytest.importorskip("no_such_package.module")

def test_b() -> None:
    pytest.importorskip("no_such_package")

def test_c() -> None:
    pytest.skip("no-such-program is not installed")

def test_d() -> None:
    pass
"""


def run_of_skipping(folder: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    """A run of tests that are skipped, but for one, under these tests' own conftest.py."""
    (folder / "test_skipping.py").write_text(SKIPPING)
    for module in (conftest, voice):
        (folder / Path(str(module.__file__)).name).write_text(Path(str(module.__file__)).read_text(encoding="utf-8"))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), os.environ["PYTHONPATH"]])}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-c", "/dev/null", "--rootdir", str(folder), str(folder), *options],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.mark.parametrize(("option", "status"), [((), 0), (("--nothing-skipped",), 1)])
def test_a_run_ends_with_what_is_missing_and_may_forbid_it(
    option: "tuple[str, ...]", status: int, tmp_path: Path
) -> None:
    done = run_of_skipping(tmp_path, *option)
    assert done.returncode == status, done.stdout + done.stderr
    assert "    2 no_such_package is not installed\n    1 no-such-program is not installed\n" in done.stdout
    assert "3 skipped; " in done.stdout


def test_a_run_takes_what_an_earlier_one_had_to_skip_and_everything_if_there_was_none(tmp_path: Path) -> None:
    record = str(tmp_path / "cache" / "skipped")
    assert "1 passed, 3 skipped" in run_of_skipping(tmp_path, f"--only-skipped={record}").stdout
    run_of_skipping(tmp_path, f"--write-skipped={record}")
    assert "3 skipped, 1 deselected" in run_of_skipping(tmp_path, f"--only-skipped={record}").stdout


# --- continuous integration -------------------------------------------------------------------------------------------

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def test_the_workflows_run_what_the_script_runs_on_the_pythons_of_the_matrix() -> None:
    text = read(".github/workflows/ci.yml")
    called = {target for words in re.findall(r"run: \.ci/run (.+)", text) for target in words.split()}
    [all_of_them] = re.findall(r"targets=\(([a-z -]+)\)", read(".ci/run"))
    assert called == set(all_of_them.split())
    [listed] = re.findall(r"python: \[(.+)\]", text)
    assert tuple(re.findall(r'"([\d.]+)"', listed)) == pythons.VERSIONS
    assert tuple(re.findall(r"Python :: (3\.\d+)", read("pyproject.toml"))) == pythons.VERSIONS


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_pins_actions_by_commit_and_reads_only(workflow: Path) -> None:
    text = workflow.read_text(encoding="utf-8")
    used = re.findall(r"uses: (.+)", text)
    assert used
    assert [one for one in used if not re.fullmatch(r"[\w/.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one)] == []
    assert re.search(r"^permissions:(?: \{\}|\n  contents: read)$", text, re.MULTILINE)
    assert "secrets." not in text
    assert text.count("actions/checkout@") == text.count("persist-credentials: false")


def test_an_action_has_one_commit_wherever_it_is_used() -> None:
    used = {one for path in WORKFLOWS for one in re.findall(r"uses: (\S+)", path.read_text(encoding="utf-8"))}
    assert len({one.partition("@")[0] for one in used}) == len(used)


# --- releases ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "heading",
    ["Unreleased", "9.9.9 - 2026-01-01", f"{sigv4presign.__version__} - 9999-01-01", sigv4presign.__version__],
)
def test_a_changelog_that_does_not_begin_with_the_dated_version_is_no_release(
    heading: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release_check, "ROOT", str(tmp_path))
    monkeypatch.setattr(release_check, "version", lambda: sigv4presign.__version__)
    (tmp_path / "CHANGELOG.md").write_text(f"# Changelog\n\n## {heading}\n")
    with pytest.raises(release_check.CheckError, match="CHANGELOG"):
        release_check.changelog_has_the_version()


def test_a_changelog_that_begins_with_the_dated_version_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(release_check, "ROOT", str(tmp_path))
    monkeypatch.setattr(release_check, "version", lambda: "0.1.0")
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## 0.1.0 - 2026-01-01\n\n## 0.0.1 - 2025-01-01\n")
    assert release_check.changelog_has_the_version() == "CHANGELOG.md begins with 0.1.0 - 2026-01-01"


def test_the_version_is_read_as_the_build_reads_it() -> None:
    assert release_check.version() == sigv4presign.__version__


def test_a_check_that_fails_says_why_and_the_next_one_runs(capsys: pytest.CaptureFixture[str]) -> None:
    def no_reason() -> str:
        raise release_check.CheckError("because")

    assert not release_check.passes(no_reason)
    assert release_check.passes(lambda: "fine")
    assert capsys.readouterr().out == "FAILED  no reason: because\nok      fine\n"


# --- evidence ---------------------------------------------------------------------------------------------------------


def test_a_command_writes_its_section_and_its_row_and_leaves_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, readme = tmp_path / "evidence.md", tmp_path / "README.md"
    monkeypatch.setattr(evidence, "PAGE", str(page))
    monkeypatch.setattr(evidence, "README", str(readme))
    readme.write_text("before\n\n| command | last result |\n| --- | --- |\n| `make fuzz` | old |\n\nafter\n")
    evidence.write("make fuzz", "9 inputs.", "9 inputs, 0 findings")
    evidence.write("make matrix", "| a table |", "green on 3.11.7")
    assert readme.read_text() == (
        "before\n\n| command | last result |\n| --- | --- |\n"
        "| `make fuzz` | 9 inputs, 0 findings |\n| `make matrix` | green on 3.11.7 |\n\nafter\n"
    )
    found = evidence.sections()
    assert list(found) == ["Interpreters", "Fuzzing"]
    assert evidence.summary(found["Fuzzing"]) == "9 inputs, 0 findings"
    assert found["Interpreters"].endswith("| a table |")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("COPY IT AGAIN.", "shouted"), ("XXCopy it again.", "placeholder"), ("Copy a url.", "name with capitals"),
        ("Copy it. then open it.", "begins in lower case"), ("copy it again.", "does not begin"),
        ("Copy it again", "does not end"),
        ("Send GET, PUT or POST to AWS, see 'XX' and https://example.com/url.", ""), ("Use --url FILE.", ""),
    ],
)  # fmt: skip
def test_messages_that_do_not_read_well_are_noticed(text: str, fault: str) -> None:
    assert fault in voice.fault_in_sentence(text)
    assert bool(voice.fault_in_sentence(text)) == bool(fault)
