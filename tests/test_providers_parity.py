"""A presigner from the settings signs for whom and where botocore signs, in every situation of `provider_situations`;
where it does not, a table says so and why.

Rule: what is expected is botocore's answer, computed here; a situation that differs and is in no table is a failure.
"""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.credentials
import botocore.endpoint_provider
import botocore.loaders
import botocore.session
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from provider_situations import (
    DIFFERENT,
    ENV,
    ROLE,
    SAME,
    Place,
    Servers,
    Signed,
    aws_cli_signer,
    check_no_secret,
    outcome,
    prepare,
    running,
)

from sigv4presign import providers
from sigv4presign.errors import CredentialsNotFound
from sigv4presign.providers import _services, _sts
from sigv4presign.providers._lookup import Lookup
from sigv4presign.providers._provider import Found

session_module: Any = botocore.session
credentials_module: Any = botocore.credentials


@pytest.fixture(scope="module")
def servers() -> "Iterator[Servers]":
    with running() as found:
        yield found


def test_the_corpus_is_large_enough() -> None:
    assert len(SAME) + len(DIFFERENT) >= 240


@pytest.mark.parametrize("name", SAME)
def test_the_url_is_signed_for_whom_and_where_botocore_signs(name: str, servers: Servers, tmp_path: Path) -> None:
    found: list[Signed | None] = []
    for way in ("botocore", "python"):
        with pytest.MonkeyPatch.context() as patch:
            place = Place(tmp_path / way, servers)
            prepare(SAME[name], place, patch)
            found.append(outcome(way, SAME[name], place))
    assert found[1] == found[0]


@pytest.mark.parametrize(
    "name",
    [
        "the environment before AWS_PROFILE",
        "the credentials file before the config file",
        "a program before keys in the config file",
        "a role with the profile's own keys",
        "a chain of roles",
        "a web identity of the environment before a profile's keys",
        "a container after a profile of the program without keys",
        "an instance, after a profile without keys",
        "single sign-on before keys in the credentials file",
        "single sign-on, expired and refreshed",
        "single sign-on that has expired, and keys",
        "a role assumed from single sign-on",
        "a role with MFA whose session is cached",
        "a role without MFA whose session is cached",
        "both names of the token in a file",
    ],
)
def test_the_aws_cli_signs_for_the_same_identity(name: str, servers: Servers, tmp_path: Path) -> None:
    pytest.importorskip("awscli", reason="awscli is not installed")
    with pytest.MonkeyPatch.context() as patch:
        prepare(SAME[name], Place(tmp_path / "aws", servers), patch)
        expected = aws_cli_signer(SAME[name])
    with pytest.MonkeyPatch.context() as patch:
        place = Place(tmp_path / "python", servers)
        prepare(SAME[name], place, patch)
        found = outcome("python", SAME[name], place)
    assert (found and (found.access_key_id, found.token)) == expected
    assert (found is None) == (name == "single sign-on that has expired, and keys")


@pytest.mark.parametrize("name", DIFFERENT)
def test_a_difference_to_botocore_is_one_that_is_meant(name: str, servers: Servers, tmp_path: Path) -> None:
    situation, _ = DIFFERENT[name]
    found: list[Signed | None] = []
    for way in ("botocore", "python"):
        with pytest.MonkeyPatch.context() as patch:
            place = Place(tmp_path / way, servers)
            prepare(situation, place, patch)
            found.append(outcome(way, situation, place))
    assert found[1] != found[0]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("an empty access key id in a file", "AKIDB"),
        ("a duration that is no number", None),
    ],
)
def test_what_is_found_where_botocore_finds_something_else(
    name: str, expected: "str | None", servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    situation, _ = DIFFERENT[name]
    place = Place(tmp_path, servers)
    prepare(situation, place, monkeypatch)
    found = outcome("python", situation, place)
    assert (found and found.access_key_id) == expected


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("AWS_ENDPOINT_URL_S3 and no region", "127.0.0.1:9000"),
        ("single sign-on before keys in the credentials file", "reports.s3.eu-west-1.amazonaws.com"),
        ("a login, expired and refreshed", "reports.s3.eu-west-1.amazonaws.com"),
        ("a role with MFA", "reports.s3.eu-west-1.amazonaws.com"),
    ],
)
def test_a_situation_that_should_have_a_url_has_one(
    name: str, host: str, servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that the comparison above is not one of nothing with nothing."""
    place = Place(tmp_path, servers)
    prepare(SAME[name], place, monkeypatch)
    found = outcome("botocore", SAME[name], place)
    assert found is not None
    assert found.host == host


def theirs(profile: "str | None") -> "tuple[str, str, str | None] | None":
    """What botocore finds, or None: nothing, or an error of whatever kind."""
    try:
        found = session_module.Session(profile=profile).get_credentials()
        frozen = found.get_frozen_credentials() if found else None
    except Exception:  # noqa: BLE001 - botocore's errors have many bases
        return None
    return frozen and (frozen.access_key, frozen.secret_key, frozen.token)


def ours(profile: "str | None") -> "tuple[str, str, str | None] | None":
    """What we find, or None: CredentialsNotFound, and no other error."""
    try:
        found = providers.resolve(profile)()
    except CredentialsNotFound as fault:
        check_no_secret(str(fault))
        return None
    return found.access_key_id, found.secret_access_key, found.session_token


# --- any files at all ------------------------------------------------------------------------------------------------

NAMES = ("default", "a", "b", "c")


@st.composite
def sections(draw: st.DrawFn, kind: str) -> str:
    """A file with any of four profiles, and what they inherit, each with any of the settings that lead somewhere."""
    text = ""
    for name in draw(st.lists(st.sampled_from((*NAMES, "DEFAULT")), unique=True, min_size=1)):
        bare = kind == "credentials" or name.lower() == "default"
        text += f"[{name}]\n" if bare else f"[profile {name}]\n"
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
                text += f"source_profile = {draw(st.sampled_from((*NAMES, *NAMES, 'absent', '')))}\n"
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
    def fetch_role(cls, source: Any, session: Any, *_: object, **__: object) -> Found:
        key = cls.grant(
            source.access_key_id,
            RoleArn=session.role_arn,
            RoleSessionName=session.name,
            ExternalId=session.external_id,
        )
        return Found(_plain(key), "made up")


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
        patch.setattr(_sts, "fetch_role", Clients.fetch_role)
        assert ours(profile) == theirs(profile)


# --- where services are ----------------------------------------------------------------------------------------------


def endpoints(service: str) -> "Iterator[tuple[str, bool, bool, str]]":
    """(region, FIPS, dual stack, botocore's endpoint) for every region of every partition."""
    loaders: Any = botocore.loaders
    loader = loaders.create_loader()
    partitions = loader.load_data("partitions")
    module: Any = botocore.endpoint_provider
    ruleset = module.EndpointProvider(loader.load_service_model(service, "endpoint-rule-set-1"), partitions)
    more = {"UseGlobalEndpoint": False} if service == "sts" else {}
    for partition in partitions["partitions"]:
        for region in partition["regions"]:
            if region.endswith("-global"):
                continue
            for fips in (False, True):
                for dualstack in (False, True):
                    found = ruleset.resolve_endpoint(Region=region, UseFIPS=fips, UseDualStack=dualstack, **more)
                    yield region, fips, dualstack, found.url


@pytest.mark.parametrize(
    ("name", "service"),
    [
        ("sts", _services.STS),
        ("sso", _services.PORTAL),
        ("sso-oidc", _services.OIDC),
        ("signin", _services.SIGNIN),
    ],
)
def test_each_service_is_where_botocores_ruleset_says_in_every_region(name: str, service: Any) -> None:
    seen = 0
    for region, fips, dualstack, expected in endpoints(name):
        lookup = Lookup.without_files()
        lookup.environ = {"AWS_USE_FIPS_ENDPOINT": str(fips), "AWS_USE_DUALSTACK_ENDPOINT": str(dualstack)}
        assert service.url(lookup, region) == expected + "/"
        seen += 1
    assert seen > 150
