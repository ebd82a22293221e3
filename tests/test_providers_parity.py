"""`providers.resolve` finds what `botocore.session.Session().get_credentials()` finds, on the same files, variables and
servers; where it does not, a table says so and why.

Rule: what is expected is botocore's answer, computed here; a case that differs and stands in no table is a failure.
"""

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import botocore.credentials
import botocore.endpoint_provider
import botocore.loaders
import botocore.session
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from provider_servers import Answer, Container, Imds, Sts

from sigv4presign import providers
from sigv4presign.errors import CredentialsNotFound
from sigv4presign.providers import _profile, _sts

session_module: Any = botocore.session
credentials_module: Any = botocore.credentials

Keys = "tuple[str, str, str | None] | None"


class Case(NamedTuple):
    """Files, variables, and the profile that the program names.  `{...}` is filled in: see `filled`."""

    config: str = ""
    credentials: str = ""
    environ: "dict[str, str]" = {}  # noqa: RUF012 - nothing changes it
    profile: "str | None" = None


ROLE = "arn:aws:iam::123456789012:role"
A = "aws_access_key_id = AKIDA\naws_secret_access_key = secret/A+=\n"
B = "aws_access_key_id = AKIDB\naws_secret_access_key = secretB\naws_session_token = tokenB\n"
ENV = {"AWS_ACCESS_KEY_ID": "AKIDENV", "AWS_SECRET_ACCESS_KEY": "secretenv"}
SECRETS: "dict[str, tuple[str, str | None]]" = {
    "AKIDA": ("secret/A+=", None),
    "AKIDB": ("secretB", "tokenB"),
    "AKIDENV": ("secretenv", None),
    "AKIDPROC": ("secretproc", "tokenproc"),
    "ASIAIMDS": ("secretimds", "tokenimds"),
    "ASIATASK": ("secrettask", "tokentask"),
}
PROCESS = {"Version": 1, "AccessKeyId": "AKIDPROC", "SecretAccessKey": "secretproc"}
TEMPORARY = {**PROCESS, "SessionToken": "tokenproc", "Expiration": "2099-01-02T03:04:05+00:00"}
IDENTITY = {"AWS_WEB_IDENTITY_TOKEN_FILE": "{jwt}", "AWS_ROLE_ARN": f"{ROLE}/irsa"}

SAME: "dict[str, Case]" = {
    # the environment
    "keys in the environment": Case(environ=ENV),
    "keys and token in the environment": Case(environ={**ENV, "AWS_SESSION_TOKEN": "t"}),
    "an empty token in the environment": Case(environ={**ENV, "AWS_SESSION_TOKEN": ""}),
    "an expiry in the environment": Case(environ={**ENV, "AWS_CREDENTIAL_EXPIRATION": "2099-01-01T00:00:00Z"}),
    "the environment before the default profile": Case(credentials=f"[default]\n{A}", environ=ENV),
    "the environment before AWS_PROFILE": Case(
        credentials=f"[default]\n{A}[other]\n{B}", environ={**ENV, "AWS_PROFILE": "other"}
    ),
    "a profile in the program before the environment": Case(
        credentials=f"[default]\n{A}[other]\n{B}", environ=ENV, profile="other"
    ),
    "an access key id without its secret in the environment": Case(
        credentials=f"[default]\n{A}", environ={"AWS_ACCESS_KEY_ID": "AKIDENV"}
    ),
    "empty variables": Case(
        credentials=f"[default]\n{A}", environ={"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}
    ),
    # keys in the files
    "nothing at all": Case(),
    "the credentials file": Case(credentials=f"[default]\n{A}"),
    "the config file": Case(config=f"[default]\n{B}"),
    "the config file's profile default": Case(config=f"[profile default]\n{B}"),
    "the credentials file before the config file": Case(config=f"[default]\n{B}", credentials=f"[default]\n{A}"),
    "a token only in the file that does not decide": Case(
        config="[default]\naws_session_token = other\n", credentials=f"[default]\n{A}"
    ),
    "AWS_PROFILE": Case(credentials=f"[default]\n{A}[other]\n{B}", environ={"AWS_PROFILE": "other"}),
    "AWS_DEFAULT_PROFILE": Case(credentials=f"[default]\n{A}[other]\n{B}", environ={"AWS_DEFAULT_PROFILE": "other"}),
    "AWS_PROFILE in the config file": Case(config=f"[profile other]\n{B}", environ={"AWS_PROFILE": "other"}),
    "AWS_PROFILE that is not there": Case(credentials=f"[default]\n{A}", environ={"AWS_PROFILE": "absent"}),
    "a profile of the program that is not there": Case(credentials=f"[default]\n{A}", profile="absent"),
    "a profile whose name has a space": Case(config=f'[profile "my work"]\n{B}', profile="my work"),
    "a profile whose name has a quotation mark": Case(config=f"[profile o'brien]\n{B}", profile="o'brien"),
    "a section of the config file that is no profile": Case(config=f"[other]\n{B}", environ={"AWS_PROFILE": "other"}),
    "white space around the name of a section": Case(config=f"[profile   other]\n{B}", profile="other"),
    "a profile without keys": Case(config="[default]\nregion = eu-west-1\n"),
    "an access key id without its secret in the credentials file": Case(
        config=f"[default]\n{B}", credentials="[default]\naws_access_key_id = AKIDA\n"
    ),
    "an access key id without its secret in the config file": Case(
        config="[default]\naws_access_key_id = AKIDA\n",
    ),
    "comments and blank lines": Case(credentials=f"# keys\n\n[default]\n; mine\n{A}\n"),
    "capitals in the names of settings": Case(
        credentials="[default]\nAWS_ACCESS_KEY_ID = AKIDA\nAws_Secret_Access_Key = x/y\n"
    ),
    "a colon for an equals sign": Case(
        credentials="[default]\naws_access_key_id: AKIDA\naws_secret_access_key:x=y:z\n"
    ),
    "nested settings": Case(
        config="[default]\ns3 =\n  aws_access_key_id = NOT\n  addressing_style = path\nregion = r\n",
        credentials=f"[default]\n{A}",
    ),
    "settings that are indented": Case(
        credentials="[default]\n  aws_access_key_id = AKIDA\n  aws_secret_access_key = s\n"
    ),
    "a file that cannot be parsed": Case(credentials="[default\nx"),
    "a section twice": Case(credentials=f"[default]\n{A}[default]\n{B}"),
    "a setting twice": Case(credentials=f"[default]\n{A}{A}"),
    "a variable in the name of a file": Case(
        credentials=f"[default]\n{A}", environ={"AWS_SHARED_CREDENTIALS_FILE": "$HOME/.aws/credentials"}
    ),
    "a file in the home folder": Case(
        credentials=f"[default]\n{A}", environ={"AWS_SHARED_CREDENTIALS_FILE": "~/.aws/credentials"}
    ),
    "both variables with one file": Case(
        config=f"[default]\n{A}[profile x]\n{B}",
        environ={"AWS_SHARED_CREDENTIALS_FILE": "{home}/.aws/config"},
        profile="x",
    ),
    # credential_process
    "a program": Case(config="[default]\ncredential_process = {process}\n"),
    "a program with temporary credentials": Case(config="[default]\ncredential_process = {temporary}\n"),
    "a program in the credentials file": Case(credentials="[default]\ncredential_process = {process}\n"),
    "keys in the credentials file before a program": Case(
        config="[default]\ncredential_process = {process}\n", credentials=f"[default]\n{A}"
    ),
    "a program before keys in the config file": Case(config=f"[default]\ncredential_process = {{process}}\n{B}"),
    "a program before half a pair in the config file": Case(
        config="[default]\ncredential_process = {process}\naws_access_key_id = AKIDA\n"
    ),
    "a program that fails": Case(config=f"[default]\ncredential_process = {{python}} -c exit(3)\n{B}"),
    "a program that is not there": Case(config="[default]\ncredential_process = /nonexistent/program\n"),
    "a program that prints something else": Case(config="[default]\ncredential_process = {python} -c print(1/3)\n"),
    "a program of another version": Case(config="[default]\ncredential_process = {version2}\n"),
    "a program that has no secret": Case(config="[default]\ncredential_process = {incomplete}\n"),
    "a program with words in quotation marks": Case(
        config="[default]\ncredential_process = {python} -c \"import json,sys; print(sys.argv[1])\" '{json}'\n"
    ),
    # roles
    "a role with another profile's keys": Case(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = base\n", credentials=f"[base]\n{A}"
    ),
    "a role with all its settings": Case(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = base\nrole_session_name = me@x\n"
        "external_id = a/b:c\nduration_seconds = 900\n",
        credentials=f"[base]\n{B}",
    ),
    "a chain of roles": Case(
        config=f"[profile c]\nrole_arn = {ROLE}/c\nsource_profile = b\n[profile b]\nrole_arn = {ROLE}/b\n"
        "source_profile = a\n",
        credentials=f"[a]\n{A}",
        profile="c",
    ),
    "a role that a program assumes": Case(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = base\n[profile base]\n"
        "credential_process = {temporary}\n"
    ),
    "a role with the profile's own keys": Case(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = default\n", credentials=f"[default]\n{A}"
    ),
    "a role before keys in the same profile": Case(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = base\n{B}", credentials=f"[base]\n{A}"
    ),
    "the source's keys before the source's role": Case(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = base\n[profile base]\nrole_arn = {ROLE}/b\n"
        f"source_profile = default\n{A}"
    ),
    "a role in the credentials file": Case(
        credentials=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = base\n[base]\n{A}"
    ),
    "a role whose settings stand in both files": Case(
        config=f"[default]\nrole_arn = {ROLE}/a\n", credentials=f"[default]\nsource_profile = base\n[base]\n{A}"
    ),
    "the keys of the environment before a role": Case(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = base\n", credentials=f"[base]\n{A}", environ=ENV
    ),
    "a role with the environment's keys": Case(
        config=f"[profile p]\nrole_arn = {ROLE}/a\ncredential_source = Environment\n", environ=ENV, profile="p"
    ),
    "a role with keys that the environment does not have": Case(
        config=f"[default]\nrole_arn = {ROLE}/a\ncredential_source = Environment\n"
    ),
    "a role of the container": Case(
        config=f"[default]\nrole_arn = {ROLE}/a\ncredential_source = EcsContainer\n",
        environ={"AWS_CONTAINER_CREDENTIALS_FULL_URI": "{container}"},
    ),
    "a role of a container that is none": Case(
        config=f"[default]\nrole_arn = {ROLE}/a\ncredential_source = EcsContainer\n"
    ),
    "a role of the instance": Case(
        config=f"[default]\nrole_arn = {ROLE}/a\ncredential_source = Ec2InstanceMetadata\n",
        environ={"AWS_EC2_METADATA_DISABLED": "false"},
    ),
    "a credential_source that does not exist": Case(
        config=f"[default]\nrole_arn = {ROLE}/a\ncredential_source = environment\n", environ=ENV, profile="default"
    ),
    "both source_profile and credential_source": Case(
        config=f"[default]\nrole_arn = {ROLE}/a\ncredential_source = Environment\nsource_profile = base\n",
        credentials=f"[base]\n{A}",
    ),
    "neither source_profile nor credential_source": Case(config=f"[default]\nrole_arn = {ROLE}/a\n{B}"),
    "a source_profile that is not there": Case(config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = absent\n"),
    "a source_profile without credentials": Case(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = base\n[profile base]\nregion = eu-west-1\n"
    ),
    "a role that has itself as its source": Case(config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = default\n"),
    "two roles that have each other as their sources": Case(
        config=f"[profile a]\nrole_arn = {ROLE}/a\nsource_profile = b\n"
        f"[profile b]\nrole_arn = {ROLE}/b\nsource_profile = a\n",
        profile="a",
    ),
    "a role that leads into a circle": Case(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = b\n"
        f"[profile b]\nrole_arn = {ROLE}/b\nsource_profile = c\n"
        f"[profile c]\nrole_arn = {ROLE}/c\nsource_profile = b\n",
    ),
    # web identities
    "a web identity of the environment": Case(environ=IDENTITY),
    "a web identity's session name": Case(environ={**IDENTITY, "AWS_ROLE_SESSION_NAME": "pod"}),
    "a web identity of the profile": Case(
        config=f"[default]\nweb_identity_token_file = {{jwt}}\nrole_arn = {ROLE}/w\nrole_session_name = n2\n"
    ),
    "a web identity of the environment before the profile's": Case(
        config=f"[default]\nweb_identity_token_file = /nonexistent\nrole_arn = {ROLE}/w\n", environ=IDENTITY
    ),
    "a web identity's role of the environment, its token of the profile": Case(
        config="[default]\nweb_identity_token_file = {jwt}\n", environ={"AWS_ROLE_ARN": f"{ROLE}/irsa"}
    ),
    "a web identity of the environment before a profile's keys": Case(credentials=f"[default]\n{A}", environ=IDENTITY),
    "the environment's keys before its web identity": Case(environ={**IDENTITY, **ENV}),
    "a profile of the program before the environment's web identity": Case(
        credentials=f"[default]\n{A}", environ=IDENTITY, profile="default"
    ),
    "a profile's role before the environment's web identity": Case(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = base\n", credentials=f"[base]\n{A}", environ=IDENTITY
    ),
    "a web identity without a role": Case(
        credentials=f"[default]\n{A}", environ={"AWS_WEB_IDENTITY_TOKEN_FILE": "{jwt}"}
    ),
    "a web identity whose token is not there": Case(
        environ={**IDENTITY, "AWS_WEB_IDENTITY_TOKEN_FILE": "/nonexistent/token"}
    ),
    "a web identity that is refused": Case(environ={**IDENTITY, "AWS_WEB_IDENTITY_TOKEN_FILE": "{bad_jwt}"}),
    "a role with a web identity as its source": Case(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = w\n[profile w]\nrole_arn = {ROLE}/w\n"
        "web_identity_token_file = {jwt}\n"
    ),
    # single sign-on, which neither has here
    "single sign-on, not signed in": Case(
        config="[default]\nsso_start_url = https://x\nsso_region = r\nsso_account_id = 1\nsso_role_name = n\n"
    ),
    # metadata services
    "a container": Case(environ={"AWS_CONTAINER_CREDENTIALS_FULL_URI": "{container}"}),
    "a profile's keys before a container": Case(
        credentials=f"[default]\n{A}", environ={"AWS_CONTAINER_CREDENTIALS_FULL_URI": "{container}"}
    ),
    "a container after a profile of the program without keys": Case(
        config="[profile p]\nregion = eu-west-1\n",
        environ={"AWS_CONTAINER_CREDENTIALS_FULL_URI": "{container}"},
        profile="p",
    ),
    "a container before the instance": Case(
        environ={"AWS_CONTAINER_CREDENTIALS_FULL_URI": "{container}", "AWS_EC2_METADATA_DISABLED": "false"}
    ),
    "a container elsewhere": Case(environ={"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://198.51.100.7/creds"}),
    "an instance": Case(environ={"AWS_EC2_METADATA_DISABLED": "false"}),
    "an instance, after a profile without keys": Case(
        config="[default]\nregion = eu-west-1\n", environ={"AWS_EC2_METADATA_DISABLED": "False"}
    ),
    "an instance whose endpoint stands in the profile": Case(
        config="[default]\nec2_metadata_service_endpoint = {imds}\n",
        environ={"AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": ""},
    ),
    # where STS is
    "STS where the profile says": Case(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = base\nendpoint_url = {{sts}}\n",
        credentials=f"[base]\n{A}",
        environ={"AWS_ENDPOINT_URL_STS": ""},
    ),
    "STS where the profile's services say": Case(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = base\nservices = local\nendpoint_url = http://x\n"
        "[services local]\ns3 =\n  endpoint_url = http://y\nsts =\n  endpoint_url = {sts}\n",
        credentials=f"[base]\n{A}",
        environ={"AWS_ENDPOINT_URL_STS": ""},
    ),
    "STS where AWS_ENDPOINT_URL says": Case(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = base\nendpoint_url = http://x\n",
        credentials=f"[base]\n{A}",
        environ={"AWS_ENDPOINT_URL_STS": "", "AWS_ENDPOINT_URL": "{sts}"},
    ),
}

# What differs, and why.
DIFFERENT: "dict[str, tuple[Case, str]]" = {
    "a secret without its access key id in the environment": (
        Case(credentials=f"[default]\n{A}", environ={"AWS_SECRET_ACCESS_KEY": "s"}),
        "botocore goes on to another identity; half a pair is a mistake",
    ),
    "a secret without its access key id in a file": (
        Case(config=f"[default]\n{B}", credentials="[default]\naws_secret_access_key = s\n"),
        "the same",
    ),
    "an empty access key id in a file": (
        Case(config=f"[default]\n{B}", credentials="[default]\naws_access_key_id =\naws_secret_access_key =\n"),
        "botocore signs with empty keys",
    ),
    "a space in a secret": (
        Case(credentials="[default]\naws_access_key_id = AKIDA\naws_secret_access_key = a b\n"),
        "botocore signs with it; no secret has one",
    ),
    "the environment's keys and an AWS_PROFILE that is not there": (
        Case(environ={**ENV, "AWS_PROFILE": "absent"}),
        "botocore reads the files before the environment; the SDK reference has the environment first",
    ),
    "AWS_PROFILE and AWS_DEFAULT_PROFILE": (
        Case(credentials=f"[a]\n{A}[b]\n{B}", environ={"AWS_PROFILE": "a", "AWS_DEFAULT_PROFILE": "b"}),
        "the SDK reference knows AWS_PROFILE alone",
    ),
    "both [default] and [profile default]": (
        Case(config=f"[profile default]\n{A}[default]\n{B}"),
        "for botocore the later one; elsewhere in AWS's tools [profile default] wins",
    ),
    "a section DEFAULT": (
        Case(config="[DEFAULT]\naws_access_key_id = AKIDA\naws_secret_access_key = s\n[profile p]\n", profile="p"),
        "Python's parser lends its settings to all; the reference: no profile provides defaults to another",
    ),
    "aws_security_token": (
        Case(credentials=f"[default]\n{A}aws_security_token = old\n"),
        "boto 2's name, unknown to the SDK reference",
    ),
    "AWS_SECURITY_TOKEN": (Case(environ={**ENV, "AWS_SECURITY_TOKEN": "old"}), "the same"),
    "boto 2's file": (Case(environ={"BOTO_CONFIG": "{boto}"}), "the same"),
    "keys beside single sign-on": (
        Case(
            config="[default]\nsso_start_url = https://x\nsso_region = r\nsso_account_id = 1\nsso_role_name = n\n" + A
        ),
        "botocore signs on; keys that stand there were put there for tools which cannot",
    ),
    "a program beside single sign-on": (
        Case(
            config="[default]\nsso_start_url = https://x\nsso_region = r\nsso_account_id = 1\nsso_role_name = n\n"
            "credential_process = {process}\n"
        ),
        "so `aws configure export-credentials` may stand in the very profile whose credentials it exports",
    ),
    "a duration that is no number": (
        Case(
            config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = base\nduration_seconds = 1h\n",
            credentials=f"[base]\n{A}",
        ),
        "botocore leaves it out",
    ),
}


class Place(NamedTuple):
    """Where a case's files and servers are."""

    home: Path
    sts: Sts
    container: Container
    imds: Imds


@pytest.fixture(scope="module")
def servers() -> "Iterator[tuple[Sts, Container, Imds]]":
    with Sts(SECRETS) as sts, Container() as container, Imds() as imds:
        answer = {"Expiration": "2099-01-01T00:00:00Z", "Code": "Success"}
        imds.document = json.dumps(
            {**answer, "AccessKeyId": "ASIAIMDS", "SecretAccessKey": "secretimds", "Token": "tokenimds"}
        )
        # The same credentials each time, so that asking twice is asking once.
        task = {**answer, "AccessKeyId": "ASIATASK", "SecretAccessKey": "secrettask", "Token": "tokentask"}
        container.always = Answer(200, json.dumps(task))
        yield sts, container, imds


@pytest.fixture
def place(servers: "tuple[Sts, Container, Imds]", tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Place":
    import os

    for name in list(os.environ):
        if name.startswith(("AWS_", "BOTO_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    (tmp_path / ".aws").mkdir()
    sts, container, imds = servers
    for name, value in {
        "HOME": str(tmp_path),
        "BOTO_CONFIG": str(tmp_path / "none"),
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ENDPOINT_URL_STS": sts.url,
        "AWS_EC2_METADATA_SERVICE_ENDPOINT": imds.url,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "1",
    }.items():
        monkeypatch.setenv(name, value)
    return Place(tmp_path, sts, container, imds)


def prepare(case: Case, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write the files and set the variables of a case."""
    answers = {
        "process": PROCESS,
        "temporary": TEMPORARY,
        "version2": {**PROCESS, "Version": 2},
        "incomplete": {"Version": 1, "AccessKeyId": "AKIDPROC"},
    }
    values = {
        "home": str(place.home),
        "python": sys.executable,
        "json": json.dumps(PROCESS),
        "jwt": str(place.home / "jwt"),
        "bad_jwt": str(place.home / "bad_jwt"),
        "boto": str(place.home / "boto.cfg"),
        "container": place.container.url + place.container.PATH,
        "imds": place.imds.url,
        "sts": place.sts.url,
    }
    for name, answer in answers.items():
        (place.home / f"{name}.json").write_text(json.dumps(answer), encoding="utf-8")
        values[name] = f"cat {place.home}/{name}.json"
    (place.home / "jwt").write_text("good-jwt", encoding="utf-8")
    (place.home / "bad_jwt").write_text("bad-jwt", encoding="utf-8")
    (place.home / "boto.cfg").write_text(f"[Credentials]\n{A}", encoding="utf-8")

    def filled(text: str) -> str:
        for name, value in values.items():
            text = text.replace("{" + name + "}", value)
        return text

    if case.config:
        (place.home / ".aws" / "config").write_text(filled(case.config), encoding="utf-8")
    if case.credentials:
        (place.home / ".aws" / "credentials").write_text(filled(case.credentials), encoding="utf-8")
    for name, value in case.environ.items():
        if value or name not in ("AWS_ENDPOINT_URL_STS", "AWS_EC2_METADATA_SERVICE_ENDPOINT"):
            monkeypatch.setenv(name, filled(value))
        else:
            monkeypatch.delenv(name)


def theirs(profile: "str | None") -> "tuple[str, str, str | None] | None":
    """What botocore finds, or None: nothing, or an error of whatever kind."""
    try:
        found = session_module.Session(profile=profile).get_credentials()
        frozen = found.get_frozen_credentials() if found else None
    except Exception:  # noqa: BLE001 - botocore's errors have many bases
        return None
    return frozen and (frozen.access_key, frozen.secret_key, frozen.token)


def check_no_secret(message: str) -> None:
    """Assert that a message has none of the secrets of these tests."""
    for secret in ("secretA", "secret/A", "secretB", "tokenB", "secretenv", "secretproc", "tokenproc", "good-jwt"):
        assert secret not in message


def ours(profile: "str | None") -> "tuple[str, str, str | None] | None":
    """What we find, or None: CredentialsNotFound, and no other error."""
    try:
        found = providers.resolve(profile)()
    except CredentialsNotFound as fault:
        check_no_secret(str(fault))
        return None
    return found.access_key_id, found.secret_access_key, found.session_token


def test_the_corpus_is_large_enough() -> None:
    assert len(SAME) >= 80


@pytest.mark.parametrize("name", SAME)
def test_the_credentials_are_those_that_botocore_finds(
    name: str, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = SAME[name]
    prepare(case, place, monkeypatch)
    assert ours(case.profile) == theirs(case.profile)


@pytest.mark.parametrize("name", DIFFERENT)
def test_a_difference_to_botocore_is_one_that_is_meant(
    name: str, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, _ = DIFFERENT[name]
    prepare(case, place, monkeypatch)
    assert ours(case.profile) != theirs(case.profile)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("the environment's keys and an AWS_PROFILE that is not there", "AKIDENV"),
        ("AWS_PROFILE and AWS_DEFAULT_PROFILE", "AKIDA"),
        ("both [default] and [profile default]", "AKIDA"),
        ("keys beside single sign-on", "AKIDA"),
        ("a program beside single sign-on", "AKIDPROC"),
        ("a secret without its access key id in the environment", None),
        ("a secret without its access key id in a file", None),
        ("an empty access key id in a file", "AKIDB"),
        ("a duration that is no number", None),
    ],
)
def test_what_is_found_where_botocore_finds_something_else(
    name: str, expected: "str | None", place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, _ = DIFFERENT[name]
    prepare(case, place, monkeypatch)
    found = ours(case.profile)
    assert (found and found[0]) == expected


# --- any files at all ------------------------------------------------------------------------------------------------

NAMES = ("default", "a", "b", "c")


@st.composite
def sections(draw: st.DrawFn, kind: str) -> str:
    """A file with any of four profiles, each with any of the settings that lead somewhere."""
    text = ""
    for name in draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1)):
        text += f"[{name}]\n" if kind == "credentials" or name == "default" else f"[profile {name}]\n"
        has = draw(st.sampled_from(["keys", "keys", "role", "role", "role", "both", "nothing"]))
        if has in ("keys", "both"):
            text += f"aws_access_key_id = AKID{kind}{name}\n"
            if draw(st.integers(0, 9)):
                text += f"aws_secret_access_key = secret-{name}\n"
            if draw(st.booleans()):
                text += f"aws_session_token = token-{name}\n"
        if has in ("role", "both"):
            text += f"role_arn = {ROLE}/{name}\n"
            if draw(st.integers(0, 9)):
                text += f"source_profile = {draw(st.sampled_from((*NAMES, *NAMES, 'absent')))}\n"
            if not draw(st.integers(0, 5)):
                text += f"credential_source = {draw(st.sampled_from(['Environment', 'EcsContainer', 'Nowhere']))}\n"
            if not draw(st.integers(0, 3)):
                text += f"role_session_name = {draw(st.sampled_from(['me', 'you']))}\n"
            if not draw(st.integers(0, 3)):
                text += f"external_id = for-{name}\n"
    return text


class Clients:
    """In place of botocore's STS client, and of our request to STS: who asks for what decides what comes back."""

    @staticmethod
    def grant(caller: str, **asked: "str | None") -> str:
        return json.dumps([caller, sorted((name, value) for name, value in asked.items() if value)])

    @classmethod
    def creator(cls, *_: object) -> Any:
        def create(service: str, **named: str) -> Any:
            class Client:
                def assume_role(self, **asked: str) -> "dict[str, dict[str, str]]":
                    assert service == "sts"
                    if asked["RoleSessionName"].startswith("botocore-session"):
                        del asked["RoleSessionName"]
                    key = cls.grant(named["aws_access_key_id"], **asked)
                    end = "2099-01-01T00:00:00Z"
                    return {
                        "Credentials": {
                            "AccessKeyId": key,
                            "SecretAccessKey": "s",
                            "SessionToken": "t",
                            "Expiration": end,
                        }
                    }

            return Client()

        return create

    @classmethod
    def fetch_role(
        cls, role_arn: str, source: Any, session_name: "str | None", external_id: "str | None", **_: object
    ) -> Any:
        key = cls.grant(source.access_key_id, RoleArn=role_arn, RoleSessionName=session_name, ExternalId=external_id)
        return providers.Provider("made up", lambda: _plain(key))()


def _plain(key: str) -> Any:
    from sigv4presign import Credentials

    made = Credentials("x", "s", "t")
    object.__setattr__(made, "access_key_id", key)  # a JSON text is no access key, and is the better message here
    return made


@given(
    config=sections("config"),
    credentials=sections("credentials"),
    profile=st.sampled_from((None, *NAMES)),
    environ=st.sampled_from([False, False, True]),
)
@settings(max_examples=100, deadline=None)
def test_any_profiles_lead_where_botocore_says(
    config: str, credentials: str, profile: "str | None", environ: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        import os

        for name in [name for name in os.environ if name.startswith(("AWS_", "BOTO_"))]:
            patch.delenv(name)
        for name, value in {"HOME": folder, "AWS_EC2_METADATA_DISABLED": "true", "BOTO_CONFIG": f"{folder}/n"}.items():
            patch.setenv(name, value)
        for name, value in (ENV if environ else {}).items():
            patch.setenv(name, value)
        Path(folder, ".aws").mkdir()
        Path(folder, ".aws", "config").write_text(config, encoding="utf-8")
        Path(folder, ".aws", "credentials").write_text(credentials, encoding="utf-8")
        patch.setattr(credentials_module, "_get_client_creator", Clients.creator)
        patch.setattr(_profile, "fetch_role", Clients.fetch_role)
        assert ours(profile) == theirs(profile)


# --- where STS is ----------------------------------------------------------------------------------------------------


def sts_endpoints() -> "Iterator[tuple[str, bool, str]]":
    """(region, FIPS, botocore's endpoint) for every region of every partition."""
    loaders: Any = botocore.loaders
    loader = loaders.create_loader()
    partitions = loader.load_data("partitions")
    module: Any = botocore.endpoint_provider
    ruleset = module.EndpointProvider(loader.load_service_model("sts", "endpoint-rule-set-1"), partitions)
    for partition in partitions["partitions"]:
        for region in partition["regions"]:
            if region.endswith("-global"):
                continue
            for fips in (False, True):
                found = ruleset.resolve_endpoint(
                    Region=region, UseFIPS=fips, UseDualStack=False, UseGlobalEndpoint=False
                )
                yield region, fips, found.url


@pytest.mark.usefixtures("place")
def test_sts_is_where_botocores_ruleset_says_in_every_region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL_STS")
    seen = 0
    for region, fips, expected in sts_endpoints():
        monkeypatch.setenv("AWS_USE_FIPS_ENDPOINT", str(fips))
        assert _sts.sts_place(region, None) == (expected + "/", region)
        seen += 1
    assert seen > 70
