"""The command line signs for the identity, and at the endpoint, that the AWS CLI would take on the same files.

Rule: what is expected is the answer of botocore or of `aws s3 presign`, on the same files, variables and servers.
"""

import contextlib
import getpass
import importlib
import io
import os
import pty
import re
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import pytest
import voice
from provider_servers import Express
from provider_situations import (
    BUCKET,
    KEY,
    MFA_CODE,
    ROLE,
    SAME,
    Place,
    Servers,
    Signed,
    Situation,
    check_no_secret,
    outcome,
    prepare,
    running,
)

import sigv4presign
from sigv4presign import providers
from sigv4presign.__main__ import main

SOURCE = str(Path(sigv4presign.__file__).parent.parent)
KEYS = "aws_access_key_id = AKID{0}\naws_secret_access_key = secret{0}\n"


def run(*argv: str) -> "tuple[int, str, str]":
    """Exit status, standard output, standard error."""
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(list(argv))
    assert "Traceback" not in err.getvalue()
    assert not voice.fault_in_lines(err.getvalue())
    out.seek(0)
    return status, out.read(), err.getvalue()


@pytest.fixture(scope="module")
def servers() -> "Iterator[Servers]":
    with running() as found:
        yield found


@pytest.fixture
def place(servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A home with nothing in it, and no keys."""
    place = Place(tmp_path, servers)
    prepare(Situation(), place, monkeypatch)
    return place


# --- whose credentials -----------------------------------------------------------------------------------------------

STATIC = ("AKIDA", "AKIDB", "AKIDENV")


def code_of(_prompt: str) -> str:
    return MFA_CODE


def typed(situation: Situation, *more: str) -> "tuple[int, str, str]":
    """What the command says in a situation that has been prepared."""
    profile = ["--profile", situation.profile] if situation.profile is not None else []
    status, out, err = run("get", f"s3://{BUCKET}/{KEY}", *profile, *more)
    check_no_secret(err)
    assert not re.search(r"S3Presigner|\bproviders\.|\b(?:region|profile|mfa|network|credentials|endpoint)=", err)
    return status, out.strip(), err


@pytest.mark.parametrize("name", SAME)
def test_a_link_is_signed_for_whom_and_where_botocore_signs(
    name: str, servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        place = Place(tmp_path / "botocore", servers)
        prepare(SAME[name], place, patch)
        expected = outcome("botocore", SAME[name], place)
    prepare(SAME[name], Place(tmp_path / "typed", servers), monkeypatch)
    monkeypatch.setattr("getpass.getpass", code_of)
    status, url, err = typed(SAME[name])
    if expected is None:
        assert (status, url) == (2, "")
        assert "sigv4presign: error: " in err
        return
    assert (status, Signed.of(url)) == (0, expected)
    assert ("credentials: " in err) == (expected.access_key_id not in STATIC)


@pytest.mark.parametrize("name", SAME)
def test_without_the_network_nobody_is_asked_and_what_needs_it_says_so(
    name: str, servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place(tmp_path, servers)
    prepare(SAME[name], place, monkeypatch)
    for server in servers:
        server.asked.clear()
    status, url, _ = typed(SAME[name], "--no-network")
    assert [server.asked for server in servers] == [[] for _ in servers]
    if status == 0:
        assert Signed.of(url).access_key_id in STATIC or "cache" in name or "login" in name
    else:
        assert (status, url) == (2, "")


# --- at which endpoint -----------------------------------------------------------------------------------------------


class Setup(NamedTuple):
    """A config file, variables and options."""

    config: str
    environ: "dict[str, str]" = {}  # noqa: RUF012 - nothing changes it
    options: "tuple[str, ...]" = ()


# `S3` is the setting without which the AWS CLI makes URLs of Signature Version 2.
S3 = "s3 =\n  signature_version = s3v4\n"
HERE = "[default]\nregion = eu-west-1\nS3"
LOCAL, STORE = "http://127.0.0.1:9000", "https://store.example"
PLACES: "dict[str, Setup]" = {
    "nothing but a region": Setup(HERE),
    "AWS_DEFAULT_REGION before the profile": Setup(HERE, {"AWS_DEFAULT_REGION": "eu-north-1"}),
    "--region before all": Setup(HERE, {"AWS_DEFAULT_REGION": "eu-north-1"}, ("--region", "sa-east-1")),
    "AWS_ENDPOINT_URL_S3": Setup("[default]\nS3", {"AWS_ENDPOINT_URL_S3": STORE, "AWS_DEFAULT_REGION": "auto"}),
    "AWS_ENDPOINT_URL": Setup("[default]\nS3", {"AWS_ENDPOINT_URL": LOCAL, "AWS_DEFAULT_REGION": "eu-west-1"}),
    "AWS_ENDPOINT_URL_S3 before AWS_ENDPOINT_URL": Setup(
        HERE, {"AWS_ENDPOINT_URL": LOCAL, "AWS_ENDPOINT_URL_S3": STORE}
    ),
    "an endpoint and no region": Setup("[default]\nS3", {"AWS_ENDPOINT_URL_S3": LOCAL}),
    "--endpoint and no region": Setup("[default]\nS3", {}, ("--endpoint", LOCAL)),
    "endpoint_url of the profile": Setup(
        f"[profile dev]\nregion = eu-west-1\nendpoint_url = {LOCAL}\nS3", {}, ("--profile", "dev")
    ),
    "endpoint_url in [services]": Setup(
        f"[profile dev]\nregion = r-1\nservices = here\nS3[services here]\ns3 =\n  endpoint_url = {LOCAL}\n",
        {"AWS_PROFILE": "dev"},
    ),
    "endpoints ignored by the environment": Setup(
        f"{HERE}endpoint_url = {LOCAL}\n",
        {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true", "AWS_ENDPOINT_URL": "http://127.0.0.1:9001"},
    ),
    "endpoints ignored by the profile": Setup(
        f"{HERE}ignore_configured_endpoint_urls = true\nendpoint_url = {LOCAL}\n"
    ),
    "--endpoint before AWS_ENDPOINT_URL_S3": Setup(HERE, {"AWS_ENDPOINT_URL_S3": STORE}, ("--endpoint", LOCAL)),
    # Elsewhere the AWS CLI takes the FIPS host of us-east-1, as it takes the global one.
    "AWS_USE_FIPS_ENDPOINT": Setup("[default]\nregion = us-east-1\nS3", {"AWS_USE_FIPS_ENDPOINT": "true"}),
    "use_fips_endpoint": Setup("[default]\nregion = us-east-1\nuse_fips_endpoint = true\nS3"),
    "FIPS and dual stack": Setup(
        "[default]\nregion = us-east-2\nuse_dualstack_endpoint = true\nuse_fips_endpoint = true\nS3"
    ),
    "AWS_USE_DUALSTACK_ENDPOINT": Setup(HERE, {"AWS_USE_DUALSTACK_ENDPOINT": "true"}),
    "use_dualstack_endpoint of s3": Setup(f"{HERE}  use_dualstack_endpoint = true\n"),
    "addressing_style path": Setup(f"{HERE}  addressing_style = path\n"),
    "addressing_style virtual at an endpoint": Setup(
        f"{HERE}  addressing_style = virtual\n", {"AWS_ENDPOINT_URL": STORE}
    ),
    "use_accelerate_endpoint": Setup(f"{HERE}  use_accelerate_endpoint = true\n"),
    "the role of [default] with its own keys": Setup(f"{HERE}role_arn = {ROLE}/x\nsource_profile = default\n"),
}


def presigned_by_aws(monkeypatch: pytest.MonkeyPatch, *options: str) -> str:
    """What `aws s3 presign` prints, by the program itself in this process."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        awscli = pytest.importorskip("awscli", reason="awscli is not installed")
        create_clidriver = importlib.import_module("awscli.clidriver").create_clidriver
        monkeypatch.setenv("AWS_DATA_PATH", str(Path(str(awscli.__file__)).parent / "data"))
        out = io.StringIO()
        monkeypatch.setattr("awscli.customizations.s3.subcommands.uni_print", out.write)
        driver: Any = create_clidriver()
        named = [option.replace("--endpoint", "--endpoint-url") for option in options]
        assert driver.main(["s3", "presign", "s3://bkt/a/b c.txt", *named]) == 0
    return out.getvalue().strip()


def place_of(url: str) -> "tuple[str, str, str, list[str]]":
    """Scheme, host and path; access key id and region.

    For a region of AWS the AWS CLI presigns S3's global host, from which S3 redirects; here it is the region's.
    """
    parts = urlsplit(url)
    access_key_id, _, region = parse_qs(parts.query)["X-Amz-Credential"][0].split("/")[:3]
    host = parts.netloc.replace(".s3.amazonaws.com", f".s3.{region}.amazonaws.com")
    return parts.scheme, host, parts.path, [access_key_id, region]


@pytest.mark.parametrize("name", PLACES)
def test_a_link_is_at_the_endpoint_of_aws_s3_presign(
    name: str,
    place: Place,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config, environ, options = PLACES[name]
    (place.home / ".aws" / "config").write_text(config.replace("S3[", f"{S3}[").replace("\nS3", f"\n{S3}"))
    sections = "".join([f"[{name}]\n{KEYS.format(name.upper())}" for name in ("default", "dev")])
    (place.home / ".aws" / "credentials").write_text(sections, encoding="utf-8")
    place.servers.sts.secrets["AKIDDEFAULT"] = ("secretDEFAULT", None)
    for variable in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(variable, raising=False)
    for variable, value in environ.items():
        monkeypatch.setenv(variable, value)
    expected = presigned_by_aws(monkeypatch, *options)
    status, out, err = run("get", "s3://bkt/a/b c.txt", *options)
    assert (status, err.count("note: ")) == (0, 0)
    assert place_of(out.strip()) == place_of(expected)


def test_an_option_wins_over_a_setting(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDENV")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secretenv")
    (place.home / ".aws" / "config").write_text(
        "[default]\nendpoint_url = http://127.0.0.1:9000\ns3 =\n  addressing_style = path\n", encoding="utf-8"
    )
    host = place_of(run("get", "s3://bkt/k", "--endpoint", "https://s.example", "--addressing-style", "virtual")[1])
    assert host[:3] == ("https", "bkt.s.example", "/k")
    assert place_of(run("get", "s3://bkt/k", "--provider", "aws")[1])[1:3] == ("s3.eu-west-1.amazonaws.com", "/bkt/k")
    monkeypatch.setenv("AWS_USE_DUALSTACK_ENDPOINT", "true")
    url = run("get", "s3://bkt/k", "--provider", "aws", "--addressing-style", "virtual")[1]
    assert place_of(url)[1] == "bkt.s3.dualstack.eu-west-1.amazonaws.com"
    assert run("get", "s3://bkt/k", "--provider", "aws", "--endpoint", "https://s.example")[2] == (
        "sigv4presign: error: --endpoint: is a store other than AWS; leave --provider aws out\n"
    )
    r2 = run("get", "s3://bkt/k", "--provider", "r2", "--account-id", "0123")[1]
    assert place_of(r2)[:3] == ("https", "0123.r2.cloudflarestorage.com", "/bkt/k")


# --- what is said ----------------------------------------------------------------------------------------------------


@pytest.fixture
def home(place: Place, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with nothing in it, and keys in the environment."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDENV")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secretenv")
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    return place.home


def test_debug_prints_each_setting_with_its_source_and_no_secret(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = home / ".aws" / "config"
    config.write_text("[profile dev]\nendpoint_url = https://al:pass@store.example/x\n", encoding="utf-8")
    monkeypatch.setenv("AWS_PROFILE", "dev")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "the-token")
    status, out, err = run("get", "s3://bkt/k", "--debug", "--endpoint", "http://127.0.0.1:9000", "--region", "r-1")
    assert status == 0
    assert "X-Amz-Credential=AKIDENV%2F" in out
    assert err.splitlines()[:-1] == [
        "credentials: AKIDENV from the environment, without an expiry",
        "setting: profile = dev (AWS_PROFILE)",
        "setting: region = r-1 (--region)",
        "setting: endpoint = http://127.0.0.1:9000 (--endpoint)",
        "setting: fips = off (default)",
        "setting: dualstack = off (default)",
        "setting: addressing-style = auto (default)",
        "setting: accelerate = off (default)",
        "setting: use-arn-region = on (default)",
        "setting: disable-multiregion = off (default)",
        "setting: ca-bundle = not set (default)",
        "setting: max-attempts = 1 (AWS_MAX_ATTEMPTS)",
    ]
    status, out, err = run("get", "s3://bkt/k", "--debug")
    assert (
        f"setting: endpoint = https://<hidden>@store.example/x (endpoint_url of profile 'dev' ({config}, line 2))"
        in err
    )
    assert status == 2
    for secret in ("secretenv", "the-token", "pass"):
        assert secret not in err


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("get s3://bkt/k --dualstack", "dualstack = on (--dualstack)"),
        ("get s3://bkt/k --fips --region us-east-1", "fips = on (--fips)"),
        ("get s3://bkt/k --accelerate", "accelerate = on (--accelerate)"),
        ("get s3://bkt/k --addressing-style path", "addressing-style = path (--addressing-style)"),
        ("token msk", "region = eu-west-1 (AWS_REGION)"),
        ("token msk --region sa-east-1", "region = sa-east-1 (--region)"),
        ("presign GET https://h.example/ --service s3", "endpoint = not set (default)"),
    ],
)
def test_debug_prints_what_an_option_says_under_its_name(words: str, said: str) -> None:
    status, _, err = run(*words.split(), "--debug")
    assert (status, len(re.findall("^setting: ", err, re.MULTILINE))) == (0, 11)
    assert f"\nsetting: {said}\n" in err


def test_debug_names_the_profile_that_is_given(home: Path) -> None:
    (home / ".aws" / "credentials").write_text(f"[dev]\n{KEYS.format('DEV')}", encoding="utf-8")
    err = run("get", "s3://bkt/k", "--debug", "--profile", "dev")[2].splitlines()
    assert err[0].startswith("credentials: AKIDDEV from profile 'dev'")
    assert err[1] == "setting: profile = dev (--profile)"


def test_credentials_from_elsewhere_are_named_with_their_expiry(
    place: Place,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (place.home / ".aws" / "config").write_text(
        f"[profile x]\nrole_arn = {ROLE}/x\nsource_profile = a\n", encoding="utf-8"
    )
    (place.home / ".aws" / "credentials").write_text(f"[a]\n{KEYS.format('A').replace('secretA', 'secret/A+=')}")
    monkeypatch.setattr(time, "time", lambda: 1_764_000_000.0)
    status, _, err = run("get", "s3://bkt/k", "--profile", "x")
    assert status == 0
    first = err.splitlines()[0]
    assert first.startswith("credentials: ASIA")
    assert f" from the role {ROLE}/x (profile 'x'), expires 2025-11-24T17:00:00Z, 1 hour from now" in first
    status, out, err = run("get", "s3://bkt/k", "--profile", "x", "--no-network")
    assert (status, out) == (2, "")
    assert "profile 'x' assumes a role, and the network may not be used" in err


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("command", ["get s3://bkt/k", "presign GET https://h.example/ --service s3", "token msk"])
def test_a_temporary_key_without_its_token_is_noted(monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "ASIAEXAMPLE")
    status, _, err = run(*command.split())
    assert status == 0
    assert err.startswith("note: ASIAEXAMPLE is a temporary key without its session token (AWS_SESSION_TOKEN, ")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "t")
    assert "note: " not in run(*command.split())[2]


@pytest.mark.usefixtures("home")
def test_the_old_name_of_the_token_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "ASIAEXAMPLE")
    monkeypatch.setenv("AWS_SECURITY_TOKEN", "old-token")
    status, out, err = run("get", "s3://bkt/k")
    assert (status, "X-Amz-Security-Token=old-token&" in out, "note: " in err) == (0, True, False)


def test_the_instance_is_asked_for_a_region_that_nothing_sets(
    place: Place,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("AWS_EC2_METADATA_DISABLED")
    for variable in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(variable, raising=False)
    imds = place.servers.imds
    monkeypatch.setattr(imds, "region", "ca-central-1")
    status, out, err = run("get", "s3://bkt/k")
    assert (status, place_of(out)[3]) == (0, ["ASIAIMDS", "ca-central-1"])
    assert err.startswith("credentials: ASIAIMDS from the role ")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDENV")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secretenv")
    status, out, err = run("get", "s3://bkt/k")
    assert (status, place_of(out)[3]) == (0, ["AKIDENV", "ca-central-1"])
    asked = len(imds.asked)
    status, out, _ = run("get", "s3://bkt/k", "--endpoint", "http://127.0.0.1:9000")
    assert (status, place_of(out)[3]) == (0, ["AKIDENV", "us-east-1"])
    with monkeypatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9000")
        assert place_of(run("get", "s3://bkt/k")[1])[3] == ["AKIDENV", "us-east-1"]
        assert len(imds.asked) == asked
    status, out, _ = run("get", "s3://bkt/k", "--provider", "r2", "--account-id", "0123456789abcdef" * 2)
    assert (status, place_of(out)[3]) == (0, ["AKIDENV", "auto"])
    for more in (["--no-network"], []):
        status, out, err = run("get", "s3://bkt/k", *more)
        assert (status, out, len(imds.asked) - asked) == (2, "", 0)
        assert err.startswith("sigv4presign: error: --region: missing; give --region, set AWS_REGION or ")
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    "words", ["get s3://bkt/k --provider aws", "presign GET https://h.example/ --service s3", "token msk"]
)
def test_every_command_at_aws_asks_the_instance_for_a_region(
    place: Place, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    monkeypatch.delenv("AWS_EC2_METADATA_DISABLED")
    for variable in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(place.servers.imds, "region", "ca-central-1")
    status, _, err = run(*words.split(), "--debug")
    assert status == 0
    assert re.search(r"^setting: region = ca-central-1 \(", err, re.MULTILINE)


@pytest.mark.parametrize("region", ["eu-west-1 # home", "eu_west_1", "EU (Ireland)", "us-west-2-fips"])
def test_a_malformed_region_is_named_by_where_it_stands(home: Path, region: str) -> None:
    config = home / ".aws" / "config"
    config.write_text(f"[default]\nregion={region}\n", encoding="utf-8")
    os.environ.pop("AWS_REGION", None)
    os.environ.pop("AWS_PROFILE", None)
    status, out, err = run("get", "s3://bkt/k")
    assert (status, out) == (2, "")
    assert err.startswith(f"sigv4presign: error: region of profile 'default' ({config}, line 2): {region!r} ")
    assert ("comment" in err) == ("#" in region)
    assert run("get", "s3://bkt/k", "--region", "eu-west-1")[0] == 0


# --- MFA -------------------------------------------------------------------------------------------------------------


def with_mfa(home: Path) -> None:
    (home / ".aws" / "config").write_text(
        f"[profile x]\nrole_arn = {ROLE}/x\nsource_profile = a\nmfa_serial = arn:aws:iam::123456789012:mfa/al\n",
        encoding="utf-8",
    )
    (home / ".aws" / "credentials").write_text(f"[a]\n{KEYS.format('A').replace('secretA', 'secret/A+=')}")


def test_the_code_of_an_mfa_device_is_asked_on_the_terminal_without_echo(place: Place) -> None:
    with_mfa(place.home)
    command = [sys.executable, "-m", "sigv4presign", "get", "s3://bkt/k", "--profile", "x"]
    pid, terminal = pty.fork()
    if pid == 0:  # pragma: no cover - the child becomes the command
        os.environ["PYTHONPATH"] = SOURCE
        os.execv(sys.executable, command)
    seen = b""
    typed = False
    with contextlib.suppress(OSError):  # the terminal's end
        while piece := os.read(terminal, 4096):
            seen += piece
            if b"MFA code for arn:aws:iam::123456789012:mfa/al: " in seen and not typed:
                typed = True
                time.sleep(0.2)
                os.write(terminal, b"123456\n")
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert b"https://bkt.s3.eu-west-1.amazonaws.com/k?" in seen
    assert b"123456\r" not in seen
    assert place.servers.sts.granted[-1]["TokenCode"] == "123456"
    # The session is kept, as the AWS CLI keeps it.
    assert run("get", "s3://bkt/k", "--profile", "x")[0] == 0


def test_without_a_terminal_nobody_can_be_asked_for_the_code(place: Place) -> None:
    with_mfa(place.home)
    done = subprocess.run(
        [sys.executable, "-m", "sigv4presign", "get", "s3://bkt/k", "--profile", "x"],
        env={**os.environ, "PYTHONPATH": SOURCE},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
        start_new_session=True,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "sigv4presign: error: the MFA device arn:aws:iam::123456789012:mfa/al wants its code, and there is no terminal "
        "to ask for it; run this once in a terminal: the session is kept in ~/.aws/cli/cache\n"
    )


def test_the_prompt_names_the_device(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with_mfa(place.home)
    prompts: list[str] = []

    def asked(prompt: str) -> str:
        prompts.append(prompt)
        return MFA_CODE

    monkeypatch.setattr("getpass.getpass", asked)
    assert run("get", "s3://bkt/k", "--profile", "x")[0] == 0
    assert prompts == ["MFA code for arn:aws:iam::123456789012:mfa/al: "]


def test_a_code_that_would_be_shown_is_not_asked_for(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with_mfa(place.home)

    def with_echo(_prompt: str) -> str:
        warnings.warn("Can not control echo on the terminal.", getpass.GetPassWarning, stacklevel=2)
        return MFA_CODE

    monkeypatch.setattr("getpass.getpass", with_echo)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as outside of tests
        status, out, err = run("get", "s3://bkt/k", "--profile", "x")
    assert (status, out) == (2, "")
    assert (
        "the MFA device arn:aws:iam::123456789012:mfa/al wants its code, and there is no terminal to ask for it" in err
    )


def test_a_prompt_that_is_ended_signs_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with_mfa(place.home)

    def ended(_prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr("getpass.getpass", ended)
    assert run("get", "s3://bkt/k", "--profile", "x") == (
        2,
        "",
        "sigv4presign: error: no code was typed for the MFA device arn:aws:iam::123456789012:mfa/al\n",
    )


# --- the other commands ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [
        "put s3://bkt/k", "head s3://bkt/k", "delete s3://bkt/k", "post s3://bkt/k", "s3 list_buckets",
        "presign GET https://h.example/ --service s3", "token eks prod", "token msk",
        "token codecommit https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/x",
    ],
)  # fmt: skip
def test_every_command_that_signs_uses_the_role_of_the_profile(place: Place, command: str) -> None:
    (place.home / ".aws" / "config").write_text(
        f"[profile x]\nrole_arn = {ROLE}/x\nsource_profile = a\n", encoding="utf-8"
    )
    (place.home / ".aws" / "credentials").write_text(f"[a]\n{KEYS.format('A').replace('secretA', 'secret/A+=')}")
    status, _, err = run(*command.split(), "--profile", "x")
    assert status == 0
    assert f" from the role {ROLE}/x (profile 'x'), expires " in err


def test_explain_uses_the_role_of_its_profile(place: Place) -> None:
    (place.home / ".aws" / "config").write_text(
        f"[profile x]\nrole_arn = {ROLE}/x\nsource_profile = a\n", encoding="utf-8"
    )
    (place.home / ".aws" / "credentials").write_text(f"[a]\n{KEYS.format('A').replace('secretA', 'secret/A+=')}")
    url = run("get", "s3://bkt/k", "--profile", "x")[1].strip()
    status, _, err = run("explain", url.replace("/k?", "/K?"), "--profile", "x")
    assert status == 0
    assert f" from the role {ROLE}/x (profile 'x'), expires " in err
    assert re.search(r"^signature: checked with the keys of ASIA\w+; it does not match$", err, re.MULTILINE)


# --- regions ---------------------------------------------------------------------------------------------------------


def test_the_regions_are_botocores() -> None:
    import json

    import botocore

    from sigv4presign._command_line.regions import REGIONS

    path = Path(botocore.__file__).parent / "data" / "partitions.json"
    expected: dict[str, str] = {}
    for partition in json.loads(path.read_text(encoding="utf-8"))["partitions"]:
        for code, about in partition["regions"].items():
            if "iso" not in code and not code.endswith("-global"):
                expected[code] = about["description"]
    assert dict(sorted(REGIONS.items())) == dict(sorted(expected.items()))


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Europe (Ireland)", "'Europe (Ireland)' is the console's name of a region; write eu-west-1"),
        ("EU (Ireland)", "write eu-west-1"),
        ("Europe (Ireland) eu-west-1", "'Europe (Ireland) eu-west-1' is more than a region's code; write eu-west-1"),
        ("us-east-1 (N. Virginia)", "write us-east-1"),
        ("Ireland", "write eu-west-1"),
        ("us east (n. virginia)", "write us-east-1"),
        ("N. Virginia", "write us-east-1"),
        ("South America (São Paulo)", "write sa-east-1"),
        ("eu-west1", "'eu-west1' is not a region; write eu-west-1"),
        ("EU-WEST-1", "write eu-west-1"),
        ("eu_west_1", "write eu-west-1"),
        ("eu-west-1a", "'eu-west-1a' is an availability zone; write its region, eu-west-1"),
        ("Europe (eu-west-1)", "'Europe (eu-west-1)' is more than a region's code; write eu-west-1"),
        ("euc1", "write eu-central-1"),
        ("eun1", "write eu-north-1"),
        ("eus2", "write eu-south-2"),
        ("apne3", "write ap-northeast-3"),
        ("cnnw1", "write cn-northwest-1"),
        ("usw2", "write us-west-2"),
        ("USE1", "write us-east-1"),
        ("usgovw1", "write us-gov-west-1"),
        ("eusc-de-east", "write eusc-de-east-1"),
    ],
)
def test_a_region_by_another_name_is_told_its_code(typed: str, said: str) -> None:
    status, out, err = run("get", "s3://bkt/k", "--region", typed)
    assert (status, out) == (2, "")
    assert err.startswith("sigv4presign: error: --region: ")
    assert said in err


@pytest.mark.usefixtures("home")
def test_a_region_that_is_not_known_is_signed_for_with_a_note_if_it_looks_misspelt() -> None:
    assert run("get", "s3://bkt/k", "--region", "eu-wset-1")[2].startswith(
        "note: 'eu-wset-1' is not among the regions known here; did you mean eu-west-1?\n"
    )
    assert "; did you mean eu-west-1?\n" in run("get", "s3://bkt/k", "--region", "ue-west-1")[2]
    for typed in ("eu-west-11", "uw-east-1"):  # no zone, and no region's letters in another order
        assert "is not among the regions known here; did you mean " in run("get", "s3://bkt/k", "--region", typed)[2]
    assert "more than a region's code" not in run("get", "s3://bkt/k", "--region", "eu-west-1 us-east-1")[2]
    for region in ("xx-new-1", "eu-west-1"):
        assert run("get", "s3://bkt/k", "--region", region)[2].startswith("good for GET until ")
    assert run("get", "s3://bkt/k", "--region", "Ireland", "--endpoint", "https://store.example")[0] == 0


def test_an_arn_that_a_setting_forbids_is_refused_by_its_name(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    del home
    monkeypatch.setenv("AWS_S3_USE_ARN_REGION", "false")
    status, out, err = run("get", "s3://arn:aws:s3:us-west-2:123456789012:accesspoint/mine/k", "--region", "eu-west-1")
    assert (status, out) == (2, "")
    assert err.endswith("in 'eu-west-1', which AWS_S3_USE_ARN_REGION does not allow\n")


# --- directory buckets -----------------------------------------------------------------------------------------------

DIRECTORY = "logs--euw1-az1--x-s3"


@pytest.fixture
def express(place: Place, monkeypatch: pytest.MonkeyPatch) -> "Iterator[Express]":
    """S3 Express on loopback, which checks signatures, in place of the bucket's host."""
    del place
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDENV")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secretENV")
    with Express({"AKIDENV": ("secretENV", None)}) as server:
        at_aws: Any = providers.directory_bucket

        def on_loopback(bucket: str, **asked: Any) -> Any:
            return at_aws(bucket, **asked, endpoint=server.url)

        monkeypatch.setattr(providers, "directory_bucket", on_loopback)
        yield server


@pytest.mark.parametrize(
    "words",
    [
        ["get", f"s3://{DIRECTORY}/k"],
        ["put", f"s3://{DIRECTORY}/k", "--content-type", "text/plain"],
        ["s3", "list_objects_v2", f"s3://{DIRECTORY}"],
        ["post", f"s3://{DIRECTORY}/k"],
    ],
)
def test_the_objects_of_a_directory_bucket_are_signed_for_with_a_session(express: Express, words: "list[str]") -> None:
    status, out, err = run(*words, "--region", "eu-west-1")
    assert (status, len(express.asked)) == (0, 1)
    assert "ASIAEXPRESS1" in out
    assert "AKIDENV" not in out
    assert f"credentials: ASIAEXPRESS1 from a session for the bucket {DIRECTORY}, expires " in err
    assert "token-of-session" not in err


def test_what_takes_ordinary_credentials_opens_no_session(express: Express) -> None:
    for words in (
        ["get_bucket_policy", f"s3://{DIRECTORY}"],
        ["copy_object", f"s3://{DIRECTORY}/k", "--param", "copy_source=a-a/k"],
    ):
        status, out, _ = run("s3", *words, "--region", "eu-west-1")
        assert status == 0
        assert "AKIDENV" in out
    assert "AKIDENV" in run("get", f"s3://{DIRECTORY}/k", "--endpoint", "http://127.0.0.1:9000")[1]
    assert not express.asked


def test_without_the_network_there_is_no_session(express: Express) -> None:
    status, out, err = run("get", f"s3://{DIRECTORY}/k", "--region", "eu-west-1", "--no-network")
    assert (status, out) == (2, "")
    assert err.startswith(f"sigv4presign: error: --no-network: {DIRECTORY} is a directory bucket, whose URLs")
    assert not express.asked
