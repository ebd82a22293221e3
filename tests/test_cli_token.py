"""`token`: each program gets the token in the form in which it reads it."""

import oracle  # isort: skip  (first: it keeps botocore from awscrt)

import datetime
import io
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import botocore.session
import pytest
import voice

import sigv4presign
from sigv4presign import Credentials, inspect, tokens
from sigv4presign.__main__ import main

NOW = 1_764_000_000
UNTIL = "good until 2025-11-24T16:15:00Z, 15 minutes from now\n"
SECRET = "wJalrXUtnFEMI-K7MDENG-bPxRfiCYEXAMPLEKEY"
KEYS = Credentials("AKIDEXAMPLE", SECRET)
botocore_session: Any = botocore.session
SIGNING: "dict[str, Any]" = {"credentials": KEYS, "region": "eu-west-1", "now": NOW}


@pytest.fixture(autouse=True)
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys and a region in the environment, a clock that stands, and no files of whoever runs the tests."""
    for name in [name for name in os.environ if name.startswith(("AWS_", "KUBERNETES_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setattr(time, "time", lambda: NOW + 0.5)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run `token` with arguments; (exit status, standard output, standard error)."""

    def run(*argv: str) -> "tuple[int, str, str]":
        try:
            status = main(["token", *argv])
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else -1
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        assert SECRET not in out + err
        assert not voice.fault_in_lines(err)
        return status, out, err

    return run


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        (("rds", "db.example", "5432", "app user"), tokens.rds("db.example", 5432, "app user", **SIGNING)),
        (("dsql", "db.example"), tokens.dsql("db.example", **SIGNING)),
        (("dsql", "db.example", "--admin"), tokens.dsql("db.example", admin=True, **SIGNING)),
        (("elasticache", "Cache", "app"), tokens.elasticache("Cache", "app", **SIGNING)),
        (("elasticache", "c", "app", "--serverless"), tokens.elasticache("c", "app", serverless=True, **SIGNING)),
        (("memorydb", "cluster", "app"), tokens.memorydb("cluster", "app", **SIGNING)),
        (("msk",), tokens.msk(**SIGNING)),
    ],
)
def test_the_password_alone_goes_to_standard_output(run: Any, argv: "tuple[str, ...]", expected: str) -> None:
    assert run(*argv) == (0, f"{expected}\n", UNTIL)


def test_a_lifetime_can_be_asked_for_where_the_service_reads_it(run: Any) -> None:
    status, out, err = run("dsql", "db.example", "--expires-in", "7d")
    assert (status, out) == (0, tokens.dsql("db.example", expires_in=604_800, **SIGNING) + "\n")
    assert err == "good until 2025-12-01T16:00:00Z, 7 days from now\n"
    too_long = "8 days is too long; the maximum is 7 days, or until temporary credentials expire"
    assert run("dsql", "db.example", "--expires-in", "8d")[::2] == (
        2,
        f"sigv4presign: error: --expires-in: {too_long}\n",
    )


def test_the_url_of_iot_ends_when_it_says_so_and_else_when_the_service_does(run: Any) -> None:
    assert run("iot-mqtt", "iot.example") == (0, tokens.iot_mqtt("iot.example", **SIGNING) + "\n", "")
    expected = tokens.iot_mqtt("iot.example", expires_in=900, **SIGNING)
    assert run("iot-mqtt", "iot.example", "--expires-in", "15m") == (0, f"{expected}\n", UNTIL)


def test_the_url_of_transcribe_takes_all_it_knows(run: Any) -> None:
    audio = ("--media-encoding", "pcm", "--sample-rate", "16000")
    expected = tokens.transcribe("en-US", "pcm", 16_000, **SIGNING)
    assert run("transcribe", "en-US", *audio) == (
        0,
        f"{expected}\n",
        "good until 2025-11-24T16:05:00Z, 5 minutes from now\n",
    )
    query = {"type": "DICTATION", "specialty": "CARDIOLOGY"}
    expected = tokens.transcribe("en-US", "pcm", 16_000, medical=True, query=query, expires_in=60, **SIGNING)
    options = ("--medical", "--query", "type=DICTATION", "--query", "specialty=CARDIOLOGY", "--expires-in", "1m")
    assert run("transcribe", "en-US", *audio, *options)[1] == f"{expected}\n"
    expected = tokens.transcribe(None, "pcm", 16_000, query={"identify-language": "true"}, **SIGNING)
    assert run("transcribe", *audio, "--query", "identify-language=true")[1] == f"{expected}\n"
    status, out, err = run("transcribe", *audio)
    assert (status, out) == (2, "")
    assert err.endswith(": is needed, unless the query has identify-language or identify-multiple-languages\n")


# --- eks -------------------------------------------------------------------------------------------------------------

# https://kubernetes.io/docs/reference/config-api/client-authentication.v1/ and .../client-authentication.v1beta1/:
# ExecCredential, ExecCredentialSpec and ExecCredentialStatus, what a plugin may answer with.
EXEC_CREDENTIAL: "dict[str, Any]" = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["apiVersion", "kind", "status"],
    "additionalProperties": False,
    "properties": {
        "apiVersion": {"enum": ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"]},
        "kind": {"const": "ExecCredential"},
        "spec": {
            "type": "object",
            "additionalProperties": False,
            "properties": {"cluster": {"type": "object"}, "interactive": {"type": "boolean"}},
        },
        "status": {
            "type": "object",
            "additionalProperties": False,
            "anyOf": [{"required": ["token"]}, {"required": ["clientCertificateData", "clientKeyData"]}],
            "dependentRequired": {
                "clientCertificateData": ["clientKeyData"],
                "clientKeyData": ["clientCertificateData"],
            },
            "properties": {
                # meta/v1.Time is written as RFC 3339
                "expirationTimestamp": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
                "token": {"type": "string", "minLength": 1, "pattern": r"^\S+$"},
                "clientCertificateData": {"type": "string"},
                "clientKeyData": {"type": "string"},
            },
        },
    },
}
V1, V1BETA1 = EXEC_CREDENTIAL["properties"]["apiVersion"]["enum"]


@pytest.fixture
def validate() -> Any:
    jsonschema: Any = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    jsonschema.Draft202012Validator.check_schema(EXEC_CREDENTIAL)
    return jsonschema.Draft202012Validator(EXEC_CREDENTIAL).validate


@pytest.mark.parametrize("version", [None, V1, V1BETA1])
def test_kubectl_gets_an_exec_credential_in_the_version_it_asks_for(
    run: Any, validate: Any, monkeypatch: pytest.MonkeyPatch, version: "str | None"
) -> None:
    if version is not None:
        info = {"apiVersion": version, "kind": "ExecCredential", "spec": {"interactive": True}}
        monkeypatch.setenv("KUBERNETES_EXEC_INFO", json.dumps(info))
    status, out, err = run("eks", "prod")
    assert (status, err) == (0, "")
    credential = json.loads(out)
    validate(credential)
    assert credential["apiVersion"] == (version or V1BETA1)
    assert credential["status"] == {
        "expirationTimestamp": "2025-11-24T16:14:00Z",
        "token": str(tokens.eks("prod", **SIGNING)),
    }


def test_the_schema_refuses_what_is_no_credential(run: Any, validate: Any) -> None:
    jsonschema: Any = pytest.importorskip("jsonschema")
    credential = json.loads(run("eks", "prod")[1])
    changes: list[dict[str, Any]] = [{"kind": "Exec"}, {"apiVersion": "v1"}, {"status": {}}, {"more": 1}]
    for change in changes:
        with pytest.raises(jsonschema.ValidationError):
            validate({**credential, **change})


@pytest.mark.parametrize(
    "info", ["{", "[]", "null", "{}", '{"apiVersion": "client.authentication.k8s.io/v1alpha1"}', '{"apiVersion": {}}']
)
def test_a_version_that_is_not_known_is_answered_in_the_oldest_and_said(
    run: Any, validate: Any, monkeypatch: pytest.MonkeyPatch, info: str
) -> None:
    monkeypatch.setenv("KUBERNETES_EXEC_INFO", info)
    status, out, err = run("eks", "prod")
    assert (status, json.loads(out)["apiVersion"]) == (0, V1BETA1)
    validate(json.loads(out))
    assert err == f"KUBERNETES_EXEC_INFO names no apiVersion known here; the answer is in {V1BETA1}\n"


def test_the_exec_credential_is_that_of_the_aws_cli(
    run: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    get_token = pytest.importorskip("awscli.customizations.eks.get_token", reason="awscli is not installed")
    moment = datetime.datetime.fromtimestamp(NOW, datetime.timezone.utc)
    clock: Callable[..., datetime.datetime] = lambda *_args, **_kwargs: moment  # noqa: E731 - one line says it
    monkeypatch.setattr(get_token, "get_current_datetime", clock)
    monkeypatch.setattr(oracle.auth, "get_current_datetime", clock)
    session = botocore_session.Session()
    session.set_credentials("AKIDEXAMPLE", SECRET)
    get_token.GetTokenCommand(session)._run_main(
        SimpleNamespace(cluster_name="prod", cluster_id=None, role_arn=None),
        SimpleNamespace(region="eu-west-1", output="json", query=None, color="off"),
    )
    expected = json.loads(capsys.readouterr().out)
    assert json.loads(run("eks", "prod")[1]) == expected


# --- codecommit ------------------------------------------------------------------------------------------------------

REPOSITORY = "https://git-codecommit.us-east-1.amazonaws.com/v1/repos/site"


def lines(url: str, region: str) -> str:
    username, password = tokens.codecommit(url, credentials=KEYS, region=region, now=NOW)
    return f"username={username}\npassword={password}\npassword_expiry_utc={NOW + 900}\n"


@pytest.mark.parametrize(
    ("url", "options", "region"),
    [
        (REPOSITORY, (), "us-east-1"),
        (REPOSITORY.replace("codecommit", "codecommit-fips"), (), "us-east-1"),
        ("https://vpce-1.git-codecommit.us-west-2.vpce.amazonaws.com/v1/repos/site", (), "us-west-2"),
        (REPOSITORY, ("--region", "eu-north-1"), "eu-north-1"),
        ("https://git.example/v1/repos/site", (), "eu-west-1"),
        ("https://git.example/v1/a.git-codecommit.us-west-2.x/site", (), "eu-west-1"),
    ],
)
def test_git_gets_its_lines_and_the_region_is_the_hosts(
    run: Any, url: str, options: "tuple[str, ...]", region: str
) -> None:
    assert run("codecommit", url, *options) == (0, lines(url, region), "")


def test_it_is_a_credential_helper_of_git(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = "capability[]=authtype\nprotocol=https\nhost=git-codecommit.us-east-1.amazonaws.com\npath=v1/repos/site\n"
    asked += 'wwwauth[]=Basic realm="x=y"\n\n'
    monkeypatch.setattr(sys, "stdin", io.StringIO(asked))
    assert run("codecommit", "-", "get") == (0, lines(REPOSITORY, "us-east-1"), "")
    for action in ("store", "erase", "whatever-comes"):
        assert run("codecommit", "-", action) == (0, "", "")


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ("path=v1/repos/site\n", "git did not send the protocol"),
        ("protocol=\npath=v1/repos/site\n", "git did not send the protocol"),
        ("protocol=https\n", "git did not send the path; run: git config --global credential.UseHttpPath true"),
    ],
)
def test_what_git_has_not_said_is_named(run: Any, monkeypatch: pytest.MonkeyPatch, asked: str, problem: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"host=git-codecommit.us-east-1.amazonaws.com\n{asked}"))
    assert run("codecommit", "-") == (2, "", f"sigv4presign: error: URL: {problem}\n")


@pytest.mark.parametrize(
    "host",
    [
        "github.com",
        "evil.example",
        "git-codecommit.us-west-2.amazonaws.com.evil.example",
        "git-codecommit.us-west-2.evil-amazonaws.com",
        "evil.example/git-codecommit.us-west-2.amazonaws.com",
        "evil.example:443.git-codecommit.us-west-2.amazonaws.com",
        "git-codecommit.us-west-2.amazonaws.com@evil.example",
        "s3.us-west-2.amazonaws.com",
        "",
    ],
)
@pytest.mark.parametrize("region", [(), ("--region", "us-west-2")])
def test_git_gets_no_login_for_another_host(
    run: Any, monkeypatch: pytest.MonkeyPatch, host: str, region: "tuple[str, ...]"
) -> None:
    """git asks a helper that is set globally about every host; the user name would hold the session token."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"protocol=https\nhost={host}\npath=me/private.git\n\n"))
    assert run("codecommit", "-", "get", *region) == (0, "", "")


@pytest.mark.parametrize(
    "host",
    [
        "git-codecommit.us-east-1.amazonaws.com:443",
        "GIT-CODECOMMIT.US-EAST-1.AMAZONAWS.COM",
        "git-codecommit-fips.us-east-1.amazonaws.com",
        "vpce-1.git-codecommit.us-east-1.vpce.amazonaws.com",
        "git-codecommit.cn-north-1.amazonaws.com.cn",
    ],
)
def test_git_gets_a_login_for_each_of_codecommits_hosts(run: Any, monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"protocol=https\nhost={host}\npath=v1/repos/site\n\n"))
    code, printed, said = run("codecommit", "-", "get", "--region", "us-east-1")
    assert (code, said) == (0, "")
    assert printed.startswith("username=AKIDEXAMPLE")


def test_git_itself_takes_the_login(tmp_path: Path) -> None:
    """`git credential fill` asks the helper as a clone would."""
    source = str(Path(sigv4presign.__file__).parent.parent)
    helper = f"!PYTHONPATH='{source}' '{sys.executable}' -m sigv4presign token codecommit -"
    environment = {
        **os.environ,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
    }
    settings = ["-c", f"credential.helper={helper}", "-c", "credential.useHttpPath=true"]
    try:
        filled = subprocess.run(
            ["git", *settings, "credential", "fill"], input=f"url={REPOSITORY}\n\n", text=True, capture_output=True,
            check=True, timeout=60, env=environment, cwd=tmp_path,
        ).stdout  # fmt: skip
    except FileNotFoundError:
        pytest.skip("git is not installed")
    attributes = dict(line.split("=", 1) for line in filled.splitlines())
    assert attributes["username"] == "AKIDEXAMPLE"
    assert re.fullmatch(r"\d{8}T\d{6}Z[0-9a-f]{64}", attributes["password"])


# --- all of them -----------------------------------------------------------------------------------------------------


def test_whose_keys_and_which_region_are_told_as_everywhere(run: Any, tmp_path: Path) -> None:
    (tmp_path / "credentials").write_text(
        f"[other]\naws_access_key_id = AKIDOTHER\naws_secret_access_key = {SECRET}\n", encoding="utf-8"
    )
    token = run("rds", "db", "5432", "app", "--profile", "other", "--region", "eu-north-1")[1].strip()
    seen = inspect(token)
    assert (seen.access_key_id, seen.region) == ("AKIDOTHER", "eu-north-1")


@pytest.mark.parametrize("port", ["0", "65536", "-1", "x", "", "5432.0", "٣", "999999"])
def test_what_is_no_port_is_refused(run: Any, port: str) -> None:
    status, out, err = run("rds", "--", "db", port, "app")
    assert (status, out) == (2, "")
    assert err.startswith(f"sigv4presign: error: PORT: invalid port {port!r}; write a number from 1 to 65535\n")


def test_any_port_from_1_to_65535_is_one(run: Any) -> None:
    for port in (1, 65_535):
        assert run("rds", "5432", str(port), "app")[:2] == (0, tokens.rds("5432", port, "app", **SIGNING) + "\n")


@pytest.mark.parametrize(
    ("argv", "problem"),
    [
        (("rds", "https://db", "5432", "app"), "is more than a host; leave out scheme, user name, port and path"),
        (("rds", "a:b:5432", "5432", "app"), "is more than a host; leave out scheme, user name, port and path"),
        (("eks", "a b"), "'a b' has a space or a non-ASCII character; cluster names have neither"),
        (("memorydb", "c.example", "app"), "'c.example' is not a valid name (letters, digits, hyphens)"),
    ],
)
def test_what_the_library_refuses_is_said_in_one_line(run: Any, argv: "tuple[str, ...]", problem: str) -> None:
    status, out, err = run(*argv)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("sigv4presign: error: ")
    assert problem in err


def test_without_a_service_the_help_lists_them(run: Any) -> None:
    status, out, err = run()
    assert (status, err) == (0, "")
    assert "\n    elasticache" in out
    assert run("--help")[1] == out
    status, out, err = run("rsd")
    assert (status, out, err) == (
        2,
        "",
        "sigv4presign: error: unknown service 'rsd'; did you mean rds?\nsee: sigv4presign token --help\n",
    )
