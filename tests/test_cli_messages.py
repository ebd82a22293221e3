"""The library's errors as the command line prints them."""

import ast
import errno
import functools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import sigv4presign
from sigv4presign.__main__ import _parser
from sigv4presign._command_line.messages import CommandError, message
from sigv4presign.errors import CredentialsExpireFirst, CredentialsNotFound, InputError

SOURCE = Path(sigv4presign.__file__).parent
# What no command runs: the server's side, and what only a Python program calls.
NOT_HERE = (
    "wsgi.py",
    "asgi.py",
    "_verify.py",
    "_server/",
    "_command_line/",
    "_steps.py",
    "_s3/multipart.py",
    "_s3/cors.py",
)
# The arguments that a command passes on have these names; the others only a Python program gives.
PYTHON = re.compile(r"S3Presigner|\b[a-z_]+\(|(?<![\w-])[a-z][a-z_]*=(?!=)|\b(?:True|False|None)\b|\bproviders\.")


@functools.cache  # it builds every command's parser, and each message asks
def names() -> "dict[str, str]":
    """How every argument of every command is typed."""
    found: dict[str, str] = {}
    [commands] = [action for action in _parser()._actions if action.dest == "command"]
    choices: Any = commands.choices
    for command in choices.values():
        found = {**command._names(), **found}  # the first command that has an argument of this name
    return found


def text_of(node: ast.expr) -> str:
    """A message's text, with x in the place of what it is made with."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join([text_of(part) for part in node.values])
    return "x"


def messages() -> "Iterator[tuple[str, str, str]]":
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        if name.startswith(NOT_HERE):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "InputError":
                parameter, problem = [text_of(argument) for argument in node.args]
                if not problem.startswith("None "):  # which cannot be typed
                    yield f"{name}:{node.lineno}", parameter, problem


MESSAGES = [message for message in messages() if message[1] in names()]


def test_there_are_messages_to_read() -> None:
    assert len(MESSAGES) > 40


@pytest.mark.parametrize(("parameter", "problem"), [m[1:] for m in MESSAGES], ids=[m[0] for m in MESSAGES])
def test_no_message_of_an_argument_speaks_python(parameter: str, problem: str) -> None:
    text = message(InputError(parameter, problem), names())
    assert text.startswith(f"{names()[parameter]}: ")
    assert not PYTHON.search(text)


@pytest.mark.parametrize(
    ("parameter", "problem", "expected"),
    [
        ("region", "is empty; give region=", "--region: is empty; give --region"),
        ("fips", "cannot be; use fips=False", "--fips: cannot be; leave --fips out"),
        ("fips", "cannot be; set fips=True", "--fips: cannot be; set --fips"),
        ("fips", "cannot be; give fips=None", "--fips: cannot be; give leave --fips out"),
        ("bucket", "cannot be; write expires_in=7", "bucket: cannot be; write --expires-in 7"),
        ("bucket", "has path_prefix= in it", "bucket: has path prefix in it"),
        ("bucket", "cannot be; use addressing_style='path'", "bucket: cannot be; use --addressing-style path"),
        ("bucket", "cannot be; S3Presigner(endpoint=...) takes it", "bucket: cannot be; --endpoint takes it"),
        ("expires_in", "is more than stable_for", "--expires-in: is more than --stable-for"),
        ("url", "has a space; use S3Presigner", "URL: has a space; percent-encode it; --query takes parameters"),
        ("bucket", "cannot be; pass clamp_to_credentials=True", "bucket: cannot be"),
        (
            "headers",
            "goes into the query, from now=; leave it out",
            "--header: goes into the query, from now; leave it",
        ),
        ("nonce", "nonce and stable_for are mutually exclusive", "--nonce: --nonce and --stable-for are mutually "),
        ("accelerate", "leave out accelerate or fips", "--accelerate: leave out --accelerate or --fips"),
        ("bucket", "'expires_in=7, nonce' isn't one", "bucket: 'expires_in=7, nonce' isn't one"),
        ("bucket", "use profile='a b'", "bucket: use --profile 'a b'"),
        ("bucket", 'use profile="it\'s"', "bucket: use --profile 'it'\"'\"'s'"),
        ("bucket", r"use profile='A\\b'", r"bucket: use --profile 'A\b'"),
        ("bucket", "is wrong; write 'a=b', not 'c_d('", "bucket: is wrong; write 'a=b', not 'c_d('"),
        (
            "endpoint",
            "is wrong; endpoint='x_=1' is from A; region='r' is from B (/c d, line 1)",
            "--endpoint: is wrong; endpoint = x_=1 is from A; region = r is from B (/c d, line 1)",
        ),
        (
            "endpoint",
            'is wrong; endpoint="it\'s" is from A; fips=False is from B',
            "--endpoint: is wrong; endpoint = it's is from A",
        ),
        ("bucket", "AWS's isn't 'fips-x'; use fips=True", "bucket: AWS's isn't 'fips-x'; use --fips"),
        ("url", "has X-Amz-Signature=0123; leave it out", "URL: has X-Amz-Signature=<hidden>; leave it out"),
        ("url", "https://h/?X-Amz-Signature=0123", "URL: https://h/?X-Amz-Signature=<hidden>"),
    ],
)
def test_an_argument_is_written_as_it_is_typed(parameter: str, problem: str, expected: str) -> None:
    assert message(InputError(parameter, problem), names()).startswith(expected)


@pytest.mark.parametrize("way_out", ["pass clamp_to_credentials=True", "write k; pass clamp_to_credentials=True"])
def test_a_way_out_that_cannot_be_typed_is_left_out(way_out: str) -> None:
    fault = InputError("bucket", f"cannot be; {way_out}")
    assert message(fault, names()) == "bucket: cannot be"


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (OSError("timed out"), "timed out"),
        (OSError(errno.EIO, "Input/output error"), "Input/output error"),
        (FileNotFoundError(errno.ENOENT, "No such file", "/a b"), "/a b: No such file"),
        (FileNotFoundError(errno.ENOENT, "No such file", "/a\x1b[2J"), "'/a\\x1b[2J': No such file"),
        (FileNotFoundError(errno.ENOENT, "No such", "/X-Amz-Signature=01 b"), "/X-Amz-Signature=<hidden> b: No such"),
        (CommandError("no region= here"), "no region= here"),
        (CommandError("a  b X-Amz-Signature=01 https://al:pass@h/x //me@h"),
         "a  b X-Amz-Signature=<hidden> https://<hidden>@h/x //<hidden>@h"),
        (CredentialsNotFound("nothing set; give region= or X-Amz-Signature=01"),
         "nothing set; give --region or X-Amz-Signature=<hidden>"),
        (InputError("nowhere", "is wrong"), "nowhere: is wrong"),
        (InputError("expires_in", "90000 s is too long; the maximum is 60 s (1 minute)"),
         "--expires-in: 1 day 1 hour is too long; the maximum is 1 minute, or until temporary credentials expire"),
        (InputError("stable_for", "90000 s is too long; the maximum is 60 s (1 minute)"),
         "--stable-for: 1 day 1 hour is too long; the maximum is 1 minute"),
        (InputError("expires_in", "0 s is too short; the minimum is 1 second"),
         "--expires-in: 0 s is too short; the minimum is 1 second"),
    ],
)  # fmt: skip
def test_each_kind_of_error_has_its_message(fault: Exception, expected: str) -> None:
    assert message(fault, names()) == expected


@pytest.mark.parametrize(
    ("left", "known", "expected"),
    [
        (
            600,
            ["expires_in"],
            "the credentials expire in 10 minutes, before the link would; use a shorter --expires-in, ",
        ),
        (600, [], "the credentials expire in 10 minutes, before the link would"),
        (0, ["expires_in"], "the credentials have expired; get new ones"),
        (1, ["expires_in"], "the credentials expire in 1 second, before the link would; use a shorter --expires-in, "),
    ],
)
def test_credentials_that_expire_first_say_what_to_type(left: int, known: "list[str]", expected: str) -> None:
    fault = CredentialsExpireFirst("clamp_to_credentials=True", seconds_left=left)
    assert message(fault, dict.fromkeys(known, "--expires-in")).startswith(expected)
