"""The program as a shell sees it: help, exit status, streams that are closed or full, and completions."""

import argparse
import contextlib
import io
import os
import pty
import re
import select
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import completions
import pytest

import sigv4presign
from sigv4presign.__main__ import _parser, main
from sigv4presign._command_line import output
from sigv4presign._command_line.output import span, wrapped

SOURCE = str(Path(sigv4presign.__file__).parent.parent)
COMMAND = [sys.executable, "-m", "sigv4presign"]
GET = [*COMMAND, "get", "s3://b-b/k"]


def environ() -> "dict[str, str]":
    # Without PYTHONUNBUFFERED, with which a stream keeps nothing that it could not write.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PYTHON"))}
    return {
        **kept, "PYTHONPATH": SOURCE, "COLUMNS": "80", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_REGION": "eu-west-1",
        "AWS_SECRET_ACCESS_KEY": "secret", "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }  # fmt: skip


def shell(line: str) -> "subprocess.CompletedProcess[str]":
    """A line of bash, where `sigv4presign` is this one."""
    function = f'sigv4presign() {{ "{sys.executable}" -m sigv4presign "$@"; }}\n'
    return subprocess.run(
        ["bash", "-c", function + line], env=environ(), capture_output=True, text=True, timeout=60, check=False
    )


# --- help ------------------------------------------------------------------------------------------------------------


def parsers(parser: argparse.ArgumentParser) -> "Iterator[argparse.ArgumentParser]":
    """A parser and those of its commands."""
    yield parser
    for action in parser._actions:
        if action.dest in ("command", "kind"):
            nested: Any = action
            for command in nested.choices.values():
                yield from parsers(command)


PARSERS = {parser.prog: parser for parser in parsers(_parser())}
COMMANDS = sorted(set(PARSERS) - {"sigv4presign help", "sigv4presign version"})


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("command", COMMANDS)
def test_help_fits_its_columns_and_breaks_no_word(command: str, columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    parser = PARSERS[command]
    text = parser.format_help()
    assert [line for line in text.splitlines() if len(line) > columns] == []
    words = set(text.split())
    said = [parser.description or "", *[action.help or "" for action in parser._actions]]
    missing = [word for word in " ".join(said).split() if word not in words and "%(" not in word]
    assert missing == []


def test_the_reference_shows_the_help_of_every_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """All but where lines break, which is argparse's and differs between versions of Python."""
    monkeypatch.setenv("COLUMNS", "80")
    page = (Path(__file__).parent.parent / "docs/reference/command-line.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^\$ python -m (sigv4presign[^\n]*?) --help\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    shown = {command: text.split() for command, text in blocks}
    printed = {parser.prog: parser.format_help().split() for parser in parsers(_parser())}
    assert {command: printed[command] for command in COMMANDS} == {command: shown[command] for command in COMMANDS}


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command_ends_with_examples_that_are_understood(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = PARSERS[command].format_help().partition("\nexamples:\n")[2].partition("\n\n")[0]
    understood = 0
    for line in re.sub(r"\\\n +", "", text).splitlines():
        for typed in re.findall(r"(?<!=)\bsigv4presign .*?(?=$|\)|   | [|<>] )", line):
            quoted = typed if typed.count("'") % 2 == 0 else typed.rstrip("'")
            words = shlex.split(quoted)
            if words[1] != "help":
                assert _parser().parse_args(words[1:]).command == words[1]
                understood += 1
    assert understood > 0
    assert capsys.readouterr().err == ""


def test_nothing_typed_prints_help(capsys: pytest.CaptureFixture[str]) -> None:
    for words in ([], ["--help"], ["-h"], ["help"]):
        assert main(words) == 0
        out, err = capsys.readouterr()
        assert (out, err) == (PARSERS["sigv4presign"].format_help(), "")


def test_help_can_be_asked_before_and_after_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("get", "token", "token rds", "s3"):
        outs: list[str] = []
        for words in (["help", *command.split()], [*command.split(), "--help"], [*command.split(), "-h"]):
            assert main(words) == 0
            outs.append(capsys.readouterr().out)
        assert outs == [PARSERS[f"sigv4presign {command}"].format_help()] * 3


def test_options_may_stand_anywhere(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environ().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(time, "time", lambda: 1_764_000_000.0)
    urls: set[str] = set()
    for words in (
        "s3 list_objects_v2 s3://b-b --param prefix=a --expires-in 60",
        "s3 --expires-in=60 list_objects_v2 --param prefix=a s3://b-b",
        "s3 --param prefix=a --expires-in 60 -- list_objects_v2 s3://b-b",
    ):
        assert main(words.split()) == 0
        urls.add(capsys.readouterr().out)
    assert len(urls) == 1


def test_what_follows_two_hyphens_is_no_option(capsys: pytest.CaptureFixture[str]) -> None:
    for words in ("s3 --list -- upload_part", "s3 --list upload_part --"):
        assert main(words.split()) == 0
        assert "part_number" in capsys.readouterr().out
    args = _parser().parse_args(["s3", "list_objects_v2", "--param", "prefix=a", "--", "s3://b-b"])
    assert (args.operation, args.address, args.params) == ("list_objects_v2", ("b-b", ""), [("prefix", "a")])


def test_s3_lists_its_operations_and_the_parameters_of_one(capsys: pytest.CaptureFixture[str]) -> None:
    from sigv4presign._s3.operation_table import OPERATIONS

    assert main(["s3", "--list"]) == 0
    out, err = capsys.readouterr()
    assert [line.split()[0] for line in out.splitlines()] == sorted(OPERATIONS)
    assert re.search(r"^get_object +s3://BUCKET/KEY$", out, re.MULTILINE)
    assert re.search(r"^list_objects_v2 +s3://BUCKET$", out, re.MULTILINE)
    assert re.search(r"^list_buckets$", out, re.MULTILINE)
    assert err == ""
    for words in (["s3", "upload_part", "--list"], ["s3", "--list", "upload_part"]):
        assert main(words) == 0
        out, err = capsys.readouterr()
        assert [line.split() for line in out.splitlines()[:2]] == [
            ["part_number", "required"],
            ["upload_id", "required"],
        ]
        assert {line.split()[0] for line in out.splitlines()} == set(OPERATIONS["upload_part"].places)
        assert err == "usage: sigv4presign s3 upload_part s3://BUCKET/KEY --param NAME=VALUE\n"


def test_help_loads_nothing_that_takes_long() -> None:
    code = """import sys
before = set(sys.modules)  # site's, and those of who measures this
from sigv4presign.__main__ import main
main(["--help"])
print(*set(sys.modules) - before, file=sys.stderr)"""
    done = subprocess.run(
        [sys.executable, "-c", code], env=environ(), capture_output=True, text=True, timeout=60, check=True
    )
    loaded = set(done.stderr.split())
    ours = {name for name in loaded if name.startswith("sigv4presign.") and "_command_line" not in name}
    assert ours <= {"sigv4presign.errors", "sigv4presign.__main__"}
    assert (
        loaded & {"json", "http.client", "ssl", "socket", "subprocess", "difflib", "urllib.parse", "getpass"} == set()
    )
    assert "argparse" in loaded


# --- prose on a terminal ---------------------------------------------------------------------------------------------


def on_terminal(line: str, *, columns: int = 80, **more: str) -> str:
    """What a line of bash prints on a terminal, both streams."""
    function = f'sigv4presign() {{ "{sys.executable}" -m sigv4presign "$@"; }}\n'
    leader, follower = pty.openpty()
    environment = {**environ(), "COLUMNS": str(columns), "NO_COLOR": "1", **more}
    with subprocess.Popen(
        ["bash", "-c", function + line], env=environment, stdin=follower, stdout=follower, stderr=follower
    ) as process:
        os.close(follower)
        printed = b""
        with contextlib.suppress(OSError):  # the end of a terminal
            while piece := os.read(leader, 65_536):
                printed += piece
        os.close(leader)
        process.wait(60)
    return printed.decode().replace("\r\n", "\n")


def test_errors_are_wrapped_for_a_terminal_and_commands_in_them_stay_whole() -> None:
    assert on_terminal("sigv4presign get s3://reports") == (
        "sigv4presign: error: s3://BUCKET/KEY: 's3://reports' names a bucket and no key;\n"
        "  write s3://reports/KEY, or list the bucket:\n"
        "  sigv4presign s3 list_objects_v2 s3://reports\n"
        "see: sigv4presign get --help\n"
    )
    assert on_terminal("sigv4presign explain", columns=60) == (
        "sigv4presign: error: URL: missing; for example:\n"
        "  curl -si 'URL' | sigv4presign explain 'URL' --response -\n"
        "see: sigv4presign explain --help\n"
    )
    url = "https://eu-west-1.console.aws.amazon.com/s3/object/reports?region=eu-west-1&prefix=my+costs+of+2026.csv"
    assert on_terminal(f"sigv4presign get '{url}'", columns=40) == (
        "sigv4presign: error: s3://BUCKET/KEY:\n"
        "  the URL is a page of the console;\n"
        "  write\n"
        "  's3://reports/my costs of 2026.csv'\n"
        "see: sigv4presign get --help\n"
    )


def test_what_is_copied_or_read_by_programs_is_not_wrapped_on_a_terminal() -> None:
    value = "attachment; filename=" + "x y " * 30 + "z"
    printed = on_terminal(f"sigv4presign s3 put_object s3://b-b/k --param content_disposition='{value}'")
    url, good_for, header = printed.splitlines()
    assert re.fullmatch("https://.*&X-Amz-Signature=[0-9a-f]{64}", url)
    assert good_for.startswith("good for PUT until ")
    assert header == f"the client has to send the header  content-disposition: {value}"
    assert on_terminal("sigv4presign get s3://b-b/k --json").startswith('{"method": "GET", "url": "https://')
    bundle = "/etc/certificates of this company/bundle.pem"
    printed = on_terminal("sigv4presign get s3://b-b/k --debug", columns=40, AWS_CA_BUNDLE=bundle)
    assert f"\nsetting: ca-bundle = {bundle} (AWS_CA_BUNDLE)\n" in printed


def test_a_terminal_of_unknown_width_has_80_columns() -> None:
    printed = on_terminal("unset COLUMNS; sigv4presign get s3://reports")
    assert printed.splitlines()[1] == "  write s3://reports/KEY, or list the bucket:"


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a b", ["a b"]),
        ("one two three four five six seven eight nine ten", ["one two three four five six seven eight", "nine ten"]),
        ("x" * 50 + " y", ["x" * 50, "y"]),  # a URL
        ("now type 'this text of several words in quotes'", ["now type", "'this text of several words in quotes'"]),
        ("there are others: use --profile 'my folder'", ["there are others: use", "--profile 'my folder'"]),
        ("see: sigv4presign get s3://reports/2026/costs.csv", ["see:", "sigv4presign get s3://reports/2026/costs.csv"]),
        (
            "a well-known-word-with-hyphen is broken-up-here",
            ["a well-known-word-with-hyphen is", "broken-up-here"],
        ),
    ],
)
def test_prose_is_wrapped_at_the_width_and_pieces_stay_whole(
    monkeypatch: pytest.MonkeyPatch, text: str, lines: "list[str]"
) -> None:
    for columns in (20, 40):  # 40 is the narrowest
        monkeypatch.setenv("COLUMNS", str(columns))
        assert wrapped(text, Terminal()).split("\n") == [lines[0], *[f"  {line}" for line in lines[1:]]]
    assert wrapped(text, io.StringIO()) == text


def test_the_first_line_is_shorter_by_what_is_printed_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    words = "ab " * 30
    first, second, *_ = wrapped(words, Terminal(), used=20, indent=5).split("\n")
    assert first == "ab " * 9 + "ab"  # 20 + 29
    assert second == "     " + "ab " * 14 + "ab"  # 49
    assert wrapped(words, Terminal(), used=21, indent=6).split("\n")[0] == first  # 50
    assert wrapped(words, Terminal(), used=22, indent=7).split("\n")[0] == first.removesuffix(" ab")


def test_where_the_width_is_not_known_it_is_80(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((0, 0)))
    assert [len(line) for line in wrapped("1234 " * 16 + "1", Terminal()).split("\n")] == [79, 3]


def test_messages_are_wrapped_for_a_terminal_and_lines_to_copy_are_not(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {
        **environ(),
        "COLUMNS": "40",
        "AWS_CA_BUNDLE": "/a folder/with spaces in its name/b.pem",
    }.items():
        monkeypatch.setenv(name, value)
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    put = [
        "s3",
        "put_object",
        "s3://b-b/k",
        "--param",
        f"content_disposition=attachment; filename={'x y ' * 20}z",
        "--curl",
    ]
    assert main([*put, "--debug"]) == 0
    said = terminal.getvalue().splitlines()
    assert "setting: ca-bundle = /a folder/with spaces in its name/b.pem (AWS_CA_BUNDLE)" in said
    header = f"the client has to send the header  content-disposition: attachment; filename={'x y ' * 20}z"
    assert header in said
    assert "FILE is the body of the request:" in said
    for words in (
        ["post", "s3://b-b/k", "--content-type-starts-with", "application/vnd.a-long-name-of-a-type"],
        ["s3", "get_object_attributes", "--list"],
    ):
        terminal.truncate(0)
        assert main(words) == 0
        assert len(terminal.getvalue().splitlines()[-1].strip("\0")) > 75
    capsys.readouterr()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"), (1, "1 second"), (2, "2 seconds"), (60, "1 minute"), (61, "1 minute 1 second"),
        (3_600, "1 hour"), (7_261, "2 hours 1 minute"), (86_400, "1 day"), (172_801, "2 days 1 second"),
        (90_061, "1 day 1 hour"), (604_800, "7 days"),
    ],
)  # fmt: skip
def test_a_span_is_said_in_its_two_largest_units(seconds: int, words: str) -> None:
    assert span(seconds) == words


# --- exit status and streams -----------------------------------------------------------------------------------------


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environ().items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("keys")
def test_a_standard_stream_that_is_closed_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for stream, name, words in (
        ("stdout", "standard output", ["get", "s3://b-b/k"]),
        (
            "stdout",
            "standard output",
            ["token", "codecommit", "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/x"],
        ),
        ("stdin", "standard input", ["inspect", "-"]),
        ("stdin", "standard input", ["explain", "https://h.example/", "--response", "-"]),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(sys, stream, None)
            assert main(words) == 2
        assert capsys.readouterr() == ("", f"sigv4presign: error: {name} is closed\n")
    monkeypatch.setattr(sys, "stderr", None)
    assert main(["get"]) == 2


@pytest.mark.usefixtures("keys")
@pytest.mark.parametrize(
    "line", ["get s3://b-b/k", "token codecommit https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/x"]
)
def test_a_full_disk_is_said_once_and_not_again_at_exit(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:  # closing it writes what it holds, as Python does at exit
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", full)
            assert main(line.split()) == 2
        assert capsys.readouterr().err == "sigv4presign: error: No space left on device\n"
    with open("/dev/full", "w", encoding="utf-8") as full, monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", full)
        assert main(line.split()) == 0
    assert capsys.readouterr().out


@pytest.mark.usefixtures("keys")
@pytest.mark.parametrize("line", ["get s3://b-b/k", "s3 --list"])
def test_what_a_reader_that_has_gone_left_over_is_dropped(monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    ears, mouth = os.pipe()
    with (
        open(theirs, "w", encoding="utf-8") as out,
        open(mouth, "w", encoding="utf-8") as err,
        open(ears, "rb") as heard,
    ):
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            assert main(line.split()) == 1
        out.write("more")  # is dropped as well
        err.write("more")
        err.close()
        assert heard.read() == b""


def test_results_are_written_before_what_is_said_about_them(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = os.pipe()
    with open(theirs, "w", encoding="utf-8") as out, open(ours, "rb") as reader:
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setattr(sys, "stderr", out)
        output.result("first")
        output.say("second")
        output.result_bytes(b"third\n")
        output.note("fourth")
        assert os.read(reader.fileno(), 1_000) == b"first\nsecond\nthird\nnote: fourth\n"


def test_text_from_outside_is_escaped_where_it_could_steer_a_terminal() -> None:
    assert [output.shown(text) for text in ("a é 写", "a\x1b[2J", "a\nb")] == ["a é 写", "'a\\x1b[2J'", "'a\\nb'"]


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("sigv4presign get s3://b-b/k", 0),
        ("sigv4presign get s3://b-b/k | head -1 > /dev/null; exit ${PIPESTATUS[0]}", 0),
        ("sigv4presign get", 2),
        ("sigv4presign get s3://b-b", 2),
        ("AWS_ACCESS_KEY_ID= AWS_SECRET_ACCESS_KEY= AWS_EC2_METADATA_DISABLED=true sigv4presign get s3://b-b/k", 2),
        ("sigv4presign s3 --list | true; exit ${PIPESTATUS[0]}", 1),
        ("sigv4presign --help | true; exit ${PIPESTATUS[0]}", 1),
        ("sigv4presign help get > /dev/full", 2),
        ("sigv4presign get s3://b-b/k > /dev/full", 2),
        ("sigv4presign get s3://b-b/k >&-", 2),
        ("sigv4presign get s3://b-b/k 2>&-", 0),
        ("sigv4presign get s3://b-b/k 2> /dev/full", 0),
        ("sigv4presign get 2>&-", 2),
        ("sigv4presign inspect - < /dev/null", 2),
        ("sigv4presign inspect - <&-", 2),
        ("sigv4presign explain https://h.example/ --response - <&-", 2),
        ("sigv4presign get s3://b-b/k >&- 2>&-", 2),
        ("sigv4presign s3 --list 2>&- | true; exit ${PIPESTATUS[0]}", 1),
    ],
)
def test_the_exit_status_is_that_of_the_page(line: str, status: int) -> None:
    done = shell(f"sleep() {{ command sleep 1; }}; {line}")
    assert (done.returncode, "Traceback" in done.stderr, "Exception ignored" in done.stderr) == (status, False, False)


def test_the_page_has_every_exit_status() -> None:
    page = (Path(__file__).parent.parent / "docs" / "reference" / "command-line.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| (\d+) \| ", page, re.MULTILINE) == ["0", "1", "2", "130"]


@pytest.mark.parametrize("line", ["sigv4presign --help", "sigv4presign s3 --list", "sigv4presign get s3://b-b/k"])
def test_a_reader_that_has_gone_is_status_1(line: str) -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    with os.fdopen(theirs, "wb") as output:
        done = subprocess.run(
            [*COMMAND, *line.split()[1:]], env=environ(), stdout=output, stderr=subprocess.PIPE, timeout=60, check=False
        )
    assert (done.returncode, done.stderr) == (1, b"")


def test_a_full_disk_is_an_error_in_one_line() -> None:
    for line in ("sigv4presign help get > /dev/full", "sigv4presign get s3://b-b/k > /dev/full"):
        done = shell(line)
        assert done.stderr == "sigv4presign: error: No space left on device\n"


def test_a_closed_standard_output_is_an_error_in_one_line() -> None:
    assert shell("sigv4presign get s3://b-b/k >&-").stderr == ("sigv4presign: error: standard output is closed\n")


# Says when it waits for its standard input: an interrupt that comes while modules are loaded may be ignored by CPython.
WAITING = """
import sys
from sigv4presign.__main__ import main

class Input:
    def read(self):
        print("waiting", flush=True)
        return sys.__stdin__.read()

sys.stdin = Input()
sys.exit(main(["inspect", "-"]))
"""


def test_ctrl_c_is_status_130_and_one_word() -> None:
    pid, terminal = pty.fork()
    if pid == 0:  # pragma: no cover - the child becomes the command
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
        os.environ.update(environ())
        os.execv(sys.executable, [sys.executable, "-c", WAITING])
    seen, silences = b"", 0
    with contextlib.suppress(OSError):  # the terminal's end
        while silences < 6:
            silent = not select.select([terminal], [], [], 5)[0]
            silences += silent
            piece = b"" if silent else os.read(terminal, 4096)
            if not (silent or piece):
                break
            seen += piece
            # Again after a silence: CPython hears an interrupt that comes right before it starts to wait only with the
            # next one.
            if seen == b"waiting\r\n" or (silent and seen):
                os.write(terminal, b"\x03")
    os.close(terminal)  # which ends whatever still waits for it
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 130
    assert seen.replace(b"^C", b"") == b"waiting\r\nstopped\r\n"


def test_an_end_from_outside_is_the_signals(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*COMMAND, "inspect", "-"], env=environ(), stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path
    )
    time.sleep(1)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (-signal.SIGTERM, b"")


# --- completions -----------------------------------------------------------------------------------------------------


def test_the_completions_are_those_of_the_parser() -> None:
    """`make completions` writes them."""
    assert {path.name for path in completions.FOLDER.iterdir()} == set(completions.FILES.values())
    for name, text in completions.texts().items():
        assert (completions.FOLDER / name).read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("sigv4presign g", ["get"]),
        ("sigv4presign token el", ["elasticache"]),
        ("sigv4presign get s3://b/k --exp", ["--expires-in"]),
        ("sigv4presign get s3://b/k --addressing-style v", ["virtual"]),
        ("sigv4presign put s3://b/k --region eu-west", ["eu-west-1", "eu-west-2", "eu-west-3"]),
        ("sigv4presign s3 list_objects", ["list_objects", "list_objects_v2"]),
        ("sigv4presign share pypro", ["pyproject.toml"]),
    ],
)
@pytest.mark.parametrize("program", ["bash", "fish"])
def test_a_shell_completes_what_is_typed(program: str, typed: str, expected: "list[str]", tmp_path: Path) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    file = completions.FOLDER / completions.FILES[program]
    words = " ".join([shlex.quote(word) for word in typed.split(" ")])
    lines = {
        "bash": f"source {file}; COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); "
        "_shtab_sigv4presign; printf '%s\\n' \"${COMPREPLY[@]}\"",
        "fish": f"source {file}; function sigv4presign; end; complete -C {shlex.quote(typed)}",
    }
    done = subprocess.run(
        [program, "-c", lines[program]], cwd=completions.FOLDER.parent, capture_output=True, text=True, timeout=60,
        check=True, env={**environ(), "HOME": str(tmp_path)},
    )  # fmt: skip
    assert [line.partition("\t")[0] for line in done.stdout.splitlines()] == expected
