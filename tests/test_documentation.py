"""The documentation: every block of code in it runs, every public name is described, and every page is current.

Rule: a block that nothing runs is a failure, so a table below names what runs the others, and why it is not done here.
"""

import doctest
import inspect
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from pkgutil import resolve_name
from types import ModuleType
from typing import Any, get_args

import pytest
import reference

import sigv4presign
from sigv4presign import Credentials, asgi, errors, providers, tokens, types, verify, wsgi

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(page for page in DOCS.rglob("*.md") if "node_modules" not in page.parts)]

# Blocks in these are shown and not run.  Other words after a fence are refused: a block in `bash` or `py` would look
# like code and be run by nobody.
SHOWN = frozenset(
    ("caddy", "css", "dockerfile", "hcl", "html", "ini", "json", "nginx", "pyi", "text", "toml", "xml", "yaml")
)

# (page, how the block begins; "": every block) -> what runs it, or why it cannot be run.
RUN_ELSEWHERE = {
    ("docs/examples/browser_upload/README.md", ""): "tests/live/test_browser.py",
    ("docs/how-to/http-clients.md", ""): "tests/live/clients.py",
    ("docs/how-to/use-once.md", ""): "tests/test_once.py",
    ("docs/how-to/web-frameworks.md", ""): "tests/test_web_frameworks.py",
    ("docs/tutorial/share-a-file.md", ""): "tests/test_walkthrough.py",
    ("docs/how-to/migrate-from-boto3.md", "import boto3"): "tests/test_migration.py, without boto3",
    ("docs/how-to/migrate-from-boto3.md", "client.gen"): "tests/test_migration.py, without boto3",
    ("docs/how-to/migrate-from-boto3.md", "from storages"): "tests/test_boto3_examples.py",
    ("docs/how-to/errors/SignatureDoesNotMatch.md", "$ curl"): "needs a store; tests/test_explain.py has one's answers",
    ("docs/how-to/infrastructure-as-code.md", ""): "tests/test_how_tos.py; CDK itself needs Node and an account",
    ("docs/how-to/large-files.md", "import sys"): "tests/test_how_tos.py",
    ("docs/how-to/large-files.md", "from sigv4presign"): "tests/test_how_tos.py",
    ("docs/how-to/never-overwrite.md", "import urllib"): "tests/test_how_tos.py",
    ("docs/how-to/one-file.md", "$ make"): "tests/test_single_file.py makes the file",
    ("docs/how-to/one-file.md", "import datetime"): "tests/test_single_file.py",
    ("docs/how-to/upload-endpoints.md", ""): "tests/test_how_tos.py",
    ("docs/how-to/lambda-layer.md", "import json"): "below: Lambda calls it with keys in its environment",
    ("docs/how-to/lambda-layer.md", "$ make layer"): "tests/test_layer.py, with the Python that runs the tests",
    ("docs/how-to/lambda-layer.md", "$ aws lambda"): "needs an account of AWS",
    ("docs/releasing.md", "$ pip download"): "needs a release on PyPI",
    ("docs/releasing.md", "$ git checkout"): "needs the tag of a release",
    ("docs/tutorial/first-url.md", "$ python -m pip install ."): "installs into the Python that runs it",
}


@dataclass(frozen=True)
class Block:
    """A fenced block: where it begins, in what language it is, and what is in it."""

    page: str
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def blocks_of(page: Path) -> "list[Block]":
    found: list[Block] = []
    fence, language, begin, lines = "", "", 0, []
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        opened = re.match(r"\s*(`{3,})\s*(\S*)", line)
        if not fence and opened:
            fence, language, begin, lines = opened[1], opened[2], number, list[str]()
        elif fence and line.strip() == fence:
            found.append(Block(str(page.relative_to(ROOT)), begin, language, "\n".join(lines)))
            fence = ""
        elif fence:
            lines.append(line)
    assert not fence, f"{page}:{begin} is not closed"
    return found


BLOCKS = [block for page in PAGES for block in blocks_of(page)]


def is_run_elsewhere(block: Block) -> bool:
    return any(block.page == page and block.text.startswith(begin) for page, begin in RUN_ELSEWHERE)


SCRIPTS = [b for b in BLOCKS if b.language == "python" and not b.text.startswith(">>> ") and not is_run_elsewhere(b)]
CONSOLES = [b for b in BLOCKS if b.language == "console" and not is_run_elsewhere(b)]


# --- code ------------------------------------------------------------------------------------------------------------


def test_a_block_is_in_a_language_that_is_run_or_known_to_be_shown() -> None:
    odd = [b for b in BLOCKS if b.language not in {"python", "console", *SHOWN} and b.language[:1] != "{"]
    assert [str(b) for b in odd if not is_run_elsewhere(b)] == []


def test_every_entry_of_the_table_is_a_block() -> None:
    gone = [key for key in RUN_ELSEWHERE if not any(b.page == key[0] and b.text.startswith(key[1]) for b in BLOCKS)]
    assert gone == []


def test_examples_of_the_interpreter_are_where_they_are_collected() -> None:
    """pytest runs those in docs/ and README.md, of which it knows by its `testpaths`."""
    collected = [b for b in BLOCKS if b.text.startswith(">>> ")]
    assert {b.language for b in collected} == {"python"}
    assert [str(b) for b in collected if not b.page.startswith("docs/") and b.page != "README.md"] == []
    assert len(collected) >= 30
    assert len({b.page for b in collected}) >= 10


def environment(home: Path) -> "dict[str, str]":
    """A machine of its own: no keys, the Python that runs the tests under its plain name, and this package."""
    programs = home / "programs"
    programs.mkdir()
    for name, arguments in (("python", ""), ("sigv4presign", " -m sigv4presign")):
        (programs / name).write_text(f'#!/bin/sh\nexec "{sys.executable}"{arguments} "$@"\n')
        (programs / name).chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PYTHON"))}
    return {
        **kept,
        "HOME": str(home),
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "src"),
        "PYTHONUNBUFFERED": "1",  # so that what goes to standard error stands where a terminal has it
        "COLUMNS": "90",
        "NO_COLOR": "1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def test_scripts_run(tmp_path: Path) -> None:
    machine = environment(tmp_path)
    for block in SCRIPTS:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-"],
            input=block.text,
            cwd=tmp_path,
            env=machine,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, ""), block


def test_the_lambda_function_answers_with_a_link(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its environment is that of https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html."""
    [block] = [b for b in BLOCKS if b.page == "docs/how-to/lambda-layer.md" and b.text.startswith("import json")]
    for name, value in (("ACCESS_KEY_ID", "ASIDEXAMPLE"), ("SECRET_ACCESS_KEY", "secret"), ("SESSION_TOKEN", "token")):
        monkeypatch.setenv(f"AWS_{name}", value)
    monkeypatch.delenv("AWS_CREDENTIAL_EXPIRATION", raising=False)
    function: dict[str, Any] = {}
    exec(block.text, function)
    answer = function["handler"]({"queryStringParameters": {"key": "costs.csv"}}, None)
    assert answer["statusCode"] == 200
    url = json.loads(answer["body"])["url"]
    keys = {"ASIDEXAMPLE": Credentials("ASIDEXAMPLE", "secret", "token")}
    assert verify("GET", url, headers={}, secrets=keys, service="s3", region="eu-west-1").path == "/public/costs.csv"


MARK = "-- end of command --"


def commands_of(block: Block) -> "list[tuple[str, str]]":
    """The commands of a console block, each with what it is said to print."""
    found: list[tuple[str, str]] = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], ""))
            continue
        assert found, f"{block}: begins with no command"
        command, printed = found[-1]
        if line.startswith("> ") and not printed:
            found[-1] = (f"{command}\n{line[2:]}", "")
        else:
            found[-1] = (command, f"{printed}{line}\n")
    return found


@pytest.mark.parametrize("page", sorted({b.page for b in CONSOLES}))
def test_the_commands_of_a_page_print_what_it_says(page: str, tmp_path: Path) -> None:
    """All commands of a page are one session; `...` stands for anything, as in doctest."""
    said = [one for block in CONSOLES if block.page == page for one in commands_of(block)]
    script = "".join([f'{command}\necho "$? {MARK}"\n' for command, _ in said])
    done = subprocess.run(
        ["sh", "-s"],
        input=script,
        cwd=tmp_path,
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    outputs = done.stdout.split(f" {MARK}\n")
    assert len(outputs) == len(said) + 1
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    for (command, printed), output in zip(said, outputs, strict=False):
        got, _, status = output.rpartition("\n") if "\n" in output else ("", "", output)
        got = f"{got}\n" if got else ""
        assert doctest.OutputChecker().check_output(printed, got, flags), f"$ {command}\n{got}instead of\n{printed}"
        is_refusal = "error: " in got or "Traceback" in got
        assert (status == "0") != is_refusal, f"$ {command}\n{got}ended with {status}"


# --- pages -----------------------------------------------------------------------------------------------------------


def test_the_generated_pages_are_what_the_code_says() -> None:
    done = subprocess.run(
        [sys.executable, str(DOCS / "generate.py"), "--check"],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_reference_is_what_the_docstrings_and_annotations_say() -> None:
    assert {str(page.relative_to(ROOT)) for page in reference.stale()} == set(), "run `make reference`"


def test_the_reference_gives_each_parameter_the_type_of_its_annotation() -> None:
    s3 = (DOCS / "reference/s3.md").read_text(encoding="utf-8")
    assert "- **`expires_in`** ([`Lifetime | None`](types.md#typeslifetime)): " in s3
    operations = (DOCS / "reference/operations.md").read_text(encoding="utf-8")
    listed = operations.partition("### upload_part\n")[2].partition("###")[0]
    assert "**`part_number: int`**" in listed
    assert "`sse_customer_key: bytes | str`" in listed
    parameters = (DOCS / "reference/parameters.md").read_text(encoding="utf-8")
    assert "| `checksum_sha256` | `str` | `x-amz-checksum-sha256` | Base64 " in parameters
    assert "| `response_expires` | `datetime` or `str` | `?response-expires` | A moment" in parameters


def test_a_promise_names_a_test_that_is_there() -> None:
    named = re.findall(r"`(test_\w+\.py)::(test_\w+)`", (DOCS / "guarantees.md").read_text(encoding="utf-8"))
    assert len(named) >= 20
    gone = [
        f"{file}::{test}"
        for file, test in named
        if f"\ndef {test}(" not in (ROOT / "tests" / file).read_text(encoding="utf-8")
    ]
    assert gone == []


# --- the reference ---------------------------------------------------------------------------------------------------

MODULES = {"errors": errors, "types": types, "tokens": tokens, "providers": providers, "wsgi": wsgi, "asgi": asgi}


def described() -> "list[str]":
    """The dotted names of all that a page of the reference describes."""
    pages = sorted((DOCS / "reference").glob("*.md"))
    return [item.name for page in pages for item in reference.asked(page.read_text(encoding="utf-8"))]


def public() -> "list[str]":
    return [f"sigv4presign.{name}" for name in sigv4presign.__all__ if name not in MODULES] + [
        f"sigv4presign.{module}.{name}" for module, of in MODULES.items() for name in vars(of)["__all__"]
    ]


def test_every_public_name_is_on_a_page_of_the_reference() -> None:
    names = described()
    assert len(names) == len(set(names)), "described twice"
    there = {id(resolve_name(name)) for name in names}  # `asgi.Cors` is `wsgi.Cors`
    assert [name for name in public() if name not in names and id(resolve_name(name)) not in there] == []


def undescribed(name: str) -> "list[str]":
    """What of a public name has no description: itself, its methods, its fields."""
    something = resolve_name(name)
    last = name.rpartition(".")[2]
    if not isinstance(something, (type, ModuleType)) and not inspect.isroutine(something):
        return [] if reference.defined(last)[1] else [name]
    text = inspect.getdoc(something) or ""
    if not text or not isinstance(something, type):
        return [] if text else [name]
    missing: list[str] = []
    for member, value in vars(something).items():
        if member.startswith("_"):
            continue
        if isinstance(value, (classmethod, staticmethod)) or inspect.isfunction(value):
            said = inspect.getdoc(getattr(something, member)) is not None
        elif isinstance(value, property) or inspect.ismemberdescriptor(value):
            said = value.__doc__ is not None or f"\n    {member}: " in text  # under Args or Attributes of the class
        else:
            continue
        if not said:
            missing.append(f"{name}.{member}")
    return missing


def test_nothing_public_is_without_a_description() -> None:
    assert [missing for name in described() for missing in undescribed(name)] == []


def test_every_reason_has_its_row() -> None:
    section = (DOCS / "reference/errors.md").read_text(encoding="utf-8").partition("## Reasons")[2]
    first_cells = re.findall(r"^\| (`.*?) \|", section, re.MULTILINE)
    assert sorted(re.findall(r"`(\w+)`", " ".join(first_cells))) == sorted(get_args(types.Reason))


def test_every_command_is_on_the_page_of_the_command_line() -> None:
    page = (DOCS / "reference/command-line.md").read_text(encoding="utf-8")
    listed = subprocess.run(
        [sys.executable, "-m", "sigv4presign", "--help"],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    commands = re.findall(r"^    (\w+) ", listed.partition("COMMAND\n")[2].partition("options:")[0], re.MULTILINE)
    assert len(commands) >= 10
    assert [name for name in commands if f"\n## {name}\n" not in page] == []
