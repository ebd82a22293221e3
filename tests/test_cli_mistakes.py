"""What is typed half right, and the other half that the command line says."""

import re
import shlex
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import botocore
import botocore.session
import pytest
import voice

from sigv4presign.__main__ import _parser, main
from sigv4presign._command_line import suggestions
from sigv4presign._command_line.arguments import lifetime
from sigv4presign._s3.operation_table import OPERATIONS
from sigv4presign._s3.stores import STORES

SIGNED = "https://reports.s3.eu-west-1.amazonaws.com/a.csv?X-Amz-Signature=" + "0123456789abcdef" * 4


@pytest.fixture(autouse=True)
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret-of-the-key")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run a command; (exit status, standard output, standard error)."""

    def run(*argv: str) -> "tuple[int, str, str]":
        status = main(list(argv))
        out, err = capsys.readouterr()
        assert not voice.fault_in_lines(err)
        return status, out, err

    return run


def mistakes() -> "list[tuple[str, str]]":
    lines = (Path(__file__).parent / "data" / "mistakes.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line for line in lines if line and line[0] != "#"]
    return [(typed.removeprefix("$ "), said) for typed, said in zip(pairs[::2], pairs[1::2], strict=True)]


MISTAKES = mistakes()


def test_more_than_forty_mistakes_are_known() -> None:
    assert len(MISTAKES) > 150


@pytest.mark.parametrize(("typed", "said"), MISTAKES, ids=[typed for typed, _ in MISTAKES])
def test_a_typical_mistake_is_told_the_other_half(run: Any, typed: str, said: str) -> None:
    status, out, err = run(*typed.replace("SIGNED", SIGNED).split(" "))
    assert (status, out) == (2, "")
    first, *rest = err.splitlines(keepends=True)
    assert first.startswith("sigv4presign: error: ")
    goes_on = said.endswith(" ...")
    assert said[:-4] in first if goes_on else first.endswith(f"{said}\n")
    assert all(re.fullmatch(r"see: sigv4presign.* --help\n", line) for line in rest)
    assert SIGNED[-64:] not in err


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("a%20b.csv", "the key has %20 in it, signed as these three characters; write 'a b.csv' if that is its name"),
        ("a%2Fb%zz", "the key has %2F in it, signed as these three characters; write 'a/b%zz' if that is its name"),
        ("a%c3%a9", "the key has %c3 in it, signed as these three characters; write 'aé' if that is its name"),
        ("a.csv?versionId=7", "the key has ?versionId= in it; a version goes into --version-id"),
        ("/a.csv", "the key begins with a slash, since there are two after the bucket"),
        ("2026/", "the key ends in a slash; a link is for one object, not for a folder"),
        (" a.csv", "the key begins or ends with white space, which is signed"),
        ("*.csv", "the key has a * in it, which is signed literally; a link is for one object"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("command", ["get", "s3 get_object"])
def test_a_key_that_may_not_be_meant_is_signed_as_it_stands_with_a_note(
    run: Any, command: str, key: str, said: str
) -> None:
    status, out, err = run(*command.split(), f"s3://b-b/{key}")
    assert (status, out.count("\n")) == (0, 1)
    assert err.splitlines()[0] == f"note: {said}"


def test_metadata_without_a_value_is_not_taken_for_an_empty_one(run: Any) -> None:
    status, out, err = run("put", "s3://b-b/k", "--metadata", "owner")
    assert (status, out) == (2, "")
    assert "--metadata: 'owner' has no value; write owner=VALUE, or owner= for an empty one\n" in err
    status, out, err = run("put", "s3://b-b/k", "--metadata", "owner=")
    assert (status, "x-amz-meta-owner" in out) == (0, True)


def test_a_form_has_the_same_notes(run: Any) -> None:
    assert run("post", "s3://b-b/a%20b")[2].startswith("note: the key has %20 in it, ")


@pytest.mark.parametrize(
    ("content_type", "said"),
    [
        ("image/*", "note: no client sends the Content-Type image/*, and the store accepts nothing else; write one "),
        ("*/*", "note: no client sends the Content-Type */*, "),
        ("jpg", "note: the Content-Type jpg has no slash, as image/png has; the client has to send just it"),
        ("image/svg+xml; charset=utf-8", "good for P"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "command", ["put s3://b-b/k --content-type", "post s3://b-b/k --content-type", "s3 put_object s3://b-b/k --param"]
)
def test_a_content_type_that_no_client_sends_gets_a_note(run: Any, command: str, content_type: str, said: str) -> None:
    name = "content_type=" if command.endswith("--param") else ""
    status, out, err = run(*command.split(), name + content_type)
    assert (status, out.count("\n")) == (0, 1)
    assert err.startswith(said)


@pytest.mark.parametrize(
    ("options", "way_out"),
    [
        ("--endpoint https://b-b.s3.example.com",
         "https://b-b.s3.example.com names it; add --addressing-style cname, or write --endpoint https://s3.example.com"),
        ("--endpoint http://example.com:9000/b-b/",
         "http://example.com:9000/b-b names it; write --endpoint http://example.com:9000"),
        ("--provider minio --endpoint https://b-b.example.com",
         "https://b-b.example.com names it; add --addressing-style cname, or write --endpoint https://example.com"),
        ("--endpoint https://b-b.s3.example.com --addressing-style cname", None),
        ("--endpoint https://s3.example.com/b-bb", None),
        ("--endpoint https://s3.example.com --addressing-style virtual", None),
        ("--region eu-west-1", None),
    ],
)  # fmt: skip
def test_an_endpoint_that_names_the_bucket_gets_a_note(run: Any, options: str, way_out: "str | None") -> None:
    status, out, err = run("get", "s3://b-b/k", *options.split())
    assert (status, out.count("\n")) == (0, 1)
    expected = f"note: the link has the bucket 'b-b' twice, since {way_out}" if way_out else "good for GET until "
    assert err.startswith(expected)
    assert len(re.findall("b-b[./]", out)) == (2 if way_out else 1)
    if way_out:
        better = re.findall(r"--[a-z].*?(?=,|$)", way_out)
        for change in better:
            assert run("get", "s3://b-b/k", *options.split(), *change.split())[2].startswith("good for GET until ")
    assert "note: " not in run("s3", "list_buckets", *options.split())[2]


def test_an_ordinary_key_has_no_note(run: Any) -> None:
    for key in ("2026/costs.csv", "100%.csv", "a+b", "50%zz", "50%", "50%5", "a%XXb", "arn:aws:s3:::b-b/k"):
        status, out, err = run("get", f"s3://b-b/{key}")
        assert (status, out.count("\n"), "note: " in err) == (0, 1, False)


def test_notes_come_after_one_another(run: Any) -> None:
    err = run("get", "s3://b-b//a*/")[2].splitlines()
    assert [line.split(";")[0] for line in err[:3]] == [
        "note: the key begins with a slash, since there are two after the bucket",
        "note: the key ends in a slash",
        "note: the key has a * in it, which is signed literally",
    ]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("b-b/it's.csv", "b-b/it's.csv"),
        ("https://b-b.s3.amazonaws.com/a%3B%20b", "b-b/a; b"),
        ("s3://b-b.s3.amazonaws.com/a%3B%20b", "b-b/a; b"),
        ("https://b-b.s3.amazonaws.com/$x%20`y", "b-b/$x `y"),
        ("b-b/plain@%+=:,./-_", "b-b/plain@%+=:,./-_"),
    ],
)
def test_an_address_that_is_suggested_can_be_copied_into_a_shell(run: Any, typed: str, meant: str) -> None:
    err = run("get", typed)[2].splitlines()[0]
    copied = err.rpartition("; write ")[2] if meant != "b-b/a; b" else err.partition("; write ")[2]
    assert shlex.split(copied) == [f"s3://{meant}"]
    assert ("'" in copied) == (" " in meant or "'" in meant)
    assert run("get", *shlex.split(copied))[0] == 0


@pytest.mark.parametrize("typed", [*suggestions._COMMANDS, "presign", "get", "put", "head", "delete", "post"])
def test_what_is_suggested_after_s3_can_be_typed(run: Any, typed: str) -> None:
    err = run("s3", typed)[2].splitlines()[0]
    words = err.partition("; write: sigv4presign ")[2].replace("get or ", "").split()
    assert words
    words = [word.replace("BUCKET", "b-b").replace("KEY", "k") for word in words]
    status, _, err = run(*words)
    needs_more = "; for example: " in err or "--list prints all of them" in err
    assert (status, needs_more) == ((0, False) if len(words) > 1 else (2, True))


@pytest.mark.parametrize("unit", suggestions._UNITS)
def test_a_duration_in_two_words_is_told_two_that_are_one_word(run: Any, unit: str) -> None:
    for word in (unit, unit.upper(), f"{unit}s"):
        err = run("get", "s3://b-b/k", "--expires-in", "2", word)[2].splitlines()[0]
        options, _, short = err.partition(" goes into quotes: ")[2].partition(", or ")
        quoted = shlex.split(options)
        assert quoted[0] == "--expires-in"
        assert quoted[1].endswith("s") == (unit == "s" or len(unit) > 1)
        assert lifetime(quoted[1]) == lifetime(short) == lifetime(f"2{unit}")


@pytest.mark.parametrize("words", [["get"], ["post"], ["s3", "get_object"]])
@pytest.mark.parametrize("address", ["s3://b-b/\udcff", "s3://\udcff/k"])
def test_an_address_that_is_not_utf_8_is_named_as_it_is_in_the_usage(
    run: Any, words: "list[str]", address: str
) -> None:
    status, out, err = run(*words, address)
    name = "s3://BUCKET[/KEY]" if words[0] == "s3" else "s3://BUCKET/KEY"
    assert (status, out) == (2, "")
    assert err.startswith(f"sigv4presign: error: {name}: {address!a} is not UTF-8; write it in UTF-8\nsee: ")


VIRTUAL = "s3 =\n  addressing_style = virtual\n"


@pytest.mark.parametrize("command", ["get", "post", "s3 get_object"])
@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("https://z.example/?a=b", "has a query; an endpoint is a scheme, a host, a port and a base path"),
        ("https://z.example/a b",
         "'https://z.example/a b' has ' ' unescaped at character 2 of its path; percent-encode it"),
        ("https://z.example/x=1/#f",
         "'https://z.example/x=1/#f' has a fragment (#...), which is never sent; a literal # is written %23"),
        ("https://b-b.s3.eu-west-1.amazonaws.com",
         "b-b.s3.eu-west-1.amazonaws.com has the bucket 'b-b' in it; leave it out, or use --addressing-style cname"),
        ("https://s3.eu-west-1.amazonaws.com/x_=1",
         "s3.eu-west-1.amazonaws.com is S3, where the path is bucket and key; leave '/x_%3D1' out"),
        ("ftp://z.example", "'ftp://z.example' does not begin with http:// or https://"),
    ],
)  # fmt: skip
def test_an_error_about_a_setting_names_where_it_is(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, url: str, problem: str
) -> None:
    def said(*options: str) -> str:
        status, out, err = run(*command.split(), "s3://b-b/k", *options)
        assert (status, out, err.count("\n")) == (2, "", 1)
        return str(err).removeprefix("sigv4presign: error: ")

    assert said("--endpoint", url).startswith(f"--endpoint: {problem}")
    monkeypatch.setenv("AWS_ENDPOINT_URL", url)
    assert said() == f"AWS_ENDPOINT_URL: {problem}\n"
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    config = tmp_path / "config"
    config.write_text(f"[default]\nendpoint_url = {url}\n", encoding="utf-8")
    assert said() == f"endpoint_url of profile 'default' ({config}, line 2): {problem}\n"


@pytest.mark.parametrize(
    ("variables", "config", "words", "expected"),
    [
        ({"AWS_USE_FIPS_ENDPOINT": "true", "AWS_REGION": "cn-north-1"}, "", "get s3://b-b/k",
         ("AWS_USE_FIPS_ENDPOINT: S3 has no such endpoint in China (AWS_REGION cn-north-1); "
         "leave AWS_USE_FIPS_ENDPOINT out")),
        ({"AWS_USE_FIPS_ENDPOINT": "true"}, "", "get s3://b-b/k --accelerate",
         "--accelerate: S3 has no accelerated FIPS endpoint; leave out --accelerate or AWS_USE_FIPS_ENDPOINT"),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:9000"}, "", "get s3://b-b/k --accelerate",
         "--accelerate: chooses one of AWS's endpoints, and AWS_ENDPOINT_URL another; leave one out"),
        ({}, "s3 =\n  use_accelerate_endpoint = true\n", "get s3://B_B/k",
         ("s3.use_accelerate_endpoint of profile 'default' (FILE, line 3): needs the bucket in the host name, which "
         "'B_B' can't be; leave s3.use_accelerate_endpoint of profile 'default' (FILE, line 3) out")),
        ({"AWS_USE_FIPS_ENDPOINT": "false"}, "s3 =\n  addressing_style = path\n", "get s3://b-b/k --accelerate",
         ("--accelerate: needs the bucket in the host name; use --addressing-style auto; addressing-style = path is "
         "from s3.addressing_style of profile 'default' (FILE, line 3)")),
        ({}, VIRTUAL, "get s3://b-b/k --endpoint http://127.0.0.1:9000",
         ("s3.addressing_style of profile 'default' (FILE, line 3): 'virtual' puts the bucket before 127.0.0.1:9000, "
         "an IP address; use 'path'")),
        ({}, VIRTUAL, "get s3://B_B/k --endpoint http://store.example",
         "bucket: 'B_B' can't be part of a host name; use --addressing-style path"),
        ({}, VIRTUAL, "get s3://b-b/k --endpoint http://127.0.0.1:9000 --addressing-style virtual",
         "--addressing-style: 'virtual' puts the bucket before 127.0.0.1:9000, an IP address; use 'path'"),
    ],
)  # fmt: skip
def test_an_error_that_settings_cause_names_them_and_ways_out_are_options(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variables: "dict[str, str]", config: str, words: str,
    expected: str,
) -> None:  # fmt: skip
    file = tmp_path / "config"
    file.write_text(f"[default]\n{config}", encoding="utf-8")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert run(*words.split()) == (2, "", f"sigv4presign: error: {expected.replace('FILE', str(file))}\n")


@pytest.mark.parametrize(
    ("section", "name"), [("[profile 'my dev']", "my dev"), ('[profile "it\'s"]', "it's"), ("[profile a&b]", "a&b")]
)
def test_a_profile_that_is_suggested_can_be_copied_into_a_shell(
    run: Any, tmp_path: Path, section: str, name: str
) -> None:
    keys = "aws_access_key_id = AKIDWORK\naws_secret_access_key = secret\n"
    (tmp_path / "config").write_text(f"{section}\n{keys}", encoding="utf-8")
    err = run("get", "s3://b-b/k", "--profile", "nobody")[2]
    copied = shlex.split(err.partition(": use ")[2])
    assert copied == ["--profile", name]
    assert "AKIDWORK" in run("get", "s3://b-b/k", *copied)[1]


def test_an_argument_that_is_empty_is_not_taken_for_a_dash(run: Any) -> None:
    err = run("get", "s3://b-b/k", "")[2].splitlines()[0]
    assert err == "sigv4presign: error: unexpected argument ''; it is empty; is the variable set?"


@pytest.mark.parametrize(
    ("value", "is_taken"),
    [("- my file.pdf", True), ("-", True), ("-x=a b", False), ("-x=a b=c", False), ("-x", False), ("--x", False)],
)
def test_a_value_that_begins_with_a_hyphen_is_taken_where_it_is_no_option(run: Any, value: str, is_taken: bool) -> None:
    status, out, err = run("get", "s3://b-b/k", "--download-as", value)
    if is_taken:
        assert (status, value in unquote(out)) == (0, True)
    else:
        assert (status, out) == (2, "")
        assert f"one that begins with a hyphen is written --download-as={value}\n" in err
    assert run("get", "s3://b-b/k", f"--download-as={value}")[0] == 0


def test_every_operation_of_s3_is_here_or_said_to_be_s3s(run: Any) -> None:
    names: Any = botocore
    session: Any = botocore.session.Session()
    for name in session.get_service_model("s3").operation_names:
        operation: str = names.xform_name(name)
        if operation not in OPERATIONS:
            err = run("s3", operation)[2]
            assert f"OPERATION: {operation} is an operation of S3, but " in err


def test_an_operation_is_told_by_the_name_that_the_api_has_for_it(run: Any) -> None:
    names: Any = botocore
    session: Any = botocore.session.Session()
    asked = 0
    for name in session.get_service_model("s3").operation_names:
        operation: str = names.xform_name(name)
        if operation in OPERATIONS:
            assert f"unknown operation {name!r}; did you mean {operation}?" in run("s3", name, "s3://b-b")[2]
            asked += 1
    assert asked == len(OPERATIONS)


def test_the_options_of_other_commands_are_theirs() -> None:
    [commands] = [action for action in _parser()._actions if action.dest == "command"]
    choices: Any = commands.choices
    for option, command in suggestions._ELSEWHERE.items():
        parser: Any = choices[command]
        assert option in parser._option_string_actions
    for meant in suggestions._COMMANDS.values():
        assert meant.split()[0] in choices
        assert meant.partition(" or ")[2] in ("", *choices)
    services: Any = choices["token"]._subparsers
    for service in suggestions._SERVICES.values():
        assert service in services._group_actions[0].choices
    assert set(suggestions._PROVIDERS.values()) <= set(STORES)


def test_a_region_that_looks_like_none_gets_a_note_and_a_new_one_does_not(run: Any) -> None:
    status, _, err = run("get", "s3://b-b/k", "--region", "moon")
    assert status == 0
    assert err.startswith("note: 'moon' is not among the regions known here; regions are written as in eu-west-1\n")
    assert "note: " not in run("get", "s3://b-b/k", "--region", "xx-nowhere-7")[2]
    assert "did you mean us-east-1?" in run("get", "s3://b-b/k", "--region", "us-esat-1")[2]
    assert "did you mean eu-west-1?" in run("get", "s3://b-b/k", "--region", "eu-west-11")[2]  # no zone


def test_explain_names_the_keys_at_hand_if_they_are_not_the_urls(run: Any) -> None:
    url = "https://files.example.com/a?X-Amz-Credential=AKIDOTHER%2F20251124%2Feu-west-1%2Fs3%2Faws4_request"
    status, out, err = run("explain", url)
    assert (status, out[:2]) == (0, "1 ")
    assert "the keys in the environment are those of AKIDEXAMPLE, not the URL's" in err
    assert "AKIDEXAMPLE" not in run("explain", "https://files.example.com/a?b=c")[2]
