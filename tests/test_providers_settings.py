"""Settings: where each value comes from, what is malformed, and a presigner made from them; and the files they are in.

Rule: which value counts is held against botocore in `test_providers_parity`; here is what botocore does not say.
"""

import copy
import io
import os
import pickle
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import botocore.configloader
import botocore.exceptions
import botocore.session
import pytest
from hypothesis import given
from hypothesis import strategies as st
from provider_servers import Answer, Imds, Sts, make_certificate

from sigv4presign import Credentials, S3Presigner, providers
from sigv4presign.errors import CredentialsNotFound, InputError
from sigv4presign.providers import _files, _http, _ini, _services, _settings
from sigv4presign.providers._lookup import Lookup, Value, whole_number

configloader: Any = botocore.configloader
exceptions: Any = botocore.exceptions

session_module: Any = botocore.session
botocore_errors: Any = botocore.exceptions

KEYS = "aws_access_key_id = AKID\naws_secret_access_key = hidden\n"
ROLE = "arn:aws:iam::123456789012:role/links"


@pytest.fixture(autouse=True)
def nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("AWS_") or name.lower().endswith("_proxy") or name == "REQUESTS_CA_BUNDLE":
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setattr(_http, "_PAUSE", 0.001)
    (tmp_path / ".aws").mkdir()


@pytest.fixture
def config(tmp_path: Path) -> "Callable[[str], None]":
    def write(text: str) -> None:
        (tmp_path / ".aws" / "config").write_text(text, encoding="utf-8")

    return write


# --- where a value comes from -----------------------------------------------------------------------------------------


def test_each_value_says_where_it_comes_from(tmp_path: Path, config: "Callable[[str], None]") -> None:
    config(
        "[profile dev]\n"
        "services = local\n"
        "use_fips_endpoint = false\n"
        "# a comment\n"
        "s3 =\n"
        "  addressing_style = path\n"
        "  # another\n"
        "  use_accelerate_endpoint = false\n"
        "  use_arn_region = false\n"
        "  s3_disable_multiregion_access_points = true\n"
        "max_attempts = 5\n"
        "[services local]\n"
        "s3 =\n"
        "  endpoint_url = http://minio:9000\n"
    )
    (tmp_path / ".aws" / "credentials").write_text("[dev]\nca_bundle = /etc/ca.pem\n", encoding="utf-8")
    environ = {"AWS_PROFILE": "dev", "AWS_DEFAULT_REGION": "eu-west-1", "HOME": str(tmp_path)}
    found = providers.settings(environ=environ)
    assert repr(found) == (
        "Settings(profile='dev', region='eu-west-1', endpoint_url='http://minio:9000', use_fips=False, "
        "use_dualstack=False, addressing_style='path', use_accelerate=False, use_arn_region=False, "
        "disable_multiregion=True, ca_bundle='/etc/ca.pem', max_attempts=5)"
    )
    file = f"{tmp_path}/.aws/config"
    assert found.sources == {
        "profile": "AWS_PROFILE",
        "region": "AWS_DEFAULT_REGION",
        "endpoint_url": f"s3 in [services local] ({file}, line 14)",
        "use_fips": f"use_fips_endpoint of profile 'dev' ({file}, line 3)",
        "use_dualstack": "default",
        "addressing_style": f"s3.addressing_style of profile 'dev' ({file}, line 6)",
        "use_accelerate": f"s3.use_accelerate_endpoint of profile 'dev' ({file}, line 8)",
        "use_arn_region": f"s3.use_arn_region of profile 'dev' ({file}, line 9)",
        "disable_multiregion": f"s3.s3_disable_multiregion_access_points of profile 'dev' ({file}, line 10)",
        "ca_bundle": f"ca_bundle of profile 'dev' ({tmp_path}/.aws/credentials, line 2)",
        "max_attempts": f"max_attempts of profile 'dev' ({file}, line 11)",
    }


def test_what_nothing_sets_says_so() -> None:
    found = providers.settings(environ={"AWS_EC2_METADATA_DISABLED": "true"})
    assert (found.profile, found.region, found.endpoint_url, found.ca_bundle) == ("default", None, None, None)
    assert (found.use_fips, found.use_dualstack, found.use_accelerate) == (False, False, False)
    assert (found.use_arn_region, found.disable_multiregion) == (True, False)
    assert (found.addressing_style, found.max_attempts) == ("auto", 3)
    assert found.sources == {**dict.fromkeys(found.sources, "default"), "region": "nothing sets it"}


@pytest.mark.parametrize("variable", ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"])
def test_a_profile_that_a_variable_names_says_which(config: "Callable[[str], None]", variable: str) -> None:
    config("[profile dev]\nregion = eu-west-1\n")
    assert providers.settings(environ={variable: "dev", "HOME": os.environ["HOME"]}).sources["profile"] == variable


def test_a_profile_that_is_given_says_so(config: "Callable[[str], None]") -> None:
    config("[profile dev]\nregion = eu-west-1\n")
    assert providers.settings("dev").sources["profile"] == "given"


def test_settings_are_values() -> None:
    environ = {"AWS_REGION": "eu-west-1"}
    found = providers.settings(environ=environ)
    assert found == providers.settings(environ=environ) == copy.copy(found) == pickle.loads(pickle.dumps(found))
    assert hash(found) == hash(copy.deepcopy(found))
    assert found != providers.settings(environ={"AWS_REGION": "eu-west-2"})
    assert isinstance(found, providers.Settings)
    found.sources.clear()
    assert found.sources["region"] == "AWS_REGION"
    with pytest.raises(AttributeError):
        found.region = "x"
    with pytest.raises(AttributeError, match="has no attribute 'absent'"):
        _ = providers.absent  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType, reportUnknownMemberType]
    assert "Settings" in dir(providers)


def test_settings_of_another_service() -> None:
    environ = {"AWS_ENDPOINT_URL_SSO_OIDC": "http://o", "AWS_ENDPOINT_URL": "http://all", "AWS_REGION": "eu-west-1"}
    assert providers.settings(service="sso-oidc", environ=environ).endpoint_url == "http://o"
    found = providers.settings(service="sts", environ={**environ, "AWS_USE_DUALSTACK_ENDPOINT": "true"})
    assert (found.endpoint_url, found.addressing_style, found.use_dualstack) == ("http://all", "auto", True)


def test_the_instances_region_counts_last_and_only_where_the_network_may_be_used() -> None:
    with Imds() as imds:
        environ = {"AWS_EC2_METADATA_SERVICE_ENDPOINT": imds.url}
        found = providers.settings(environ=environ)
        assert (found.region, found.sources["region"]) == ("sa-east-1", "the instance metadata service")
        imds.region = ""
        assert providers.settings(environ=environ).region == "sa-east-1"  # from the availability zone
        imds.zone = ""
        assert providers.settings(environ=environ).region is None
        imds.asked.clear()
        assert providers.settings(environ=environ, network=False).region is None
        assert providers.settings(environ={**environ, "AWS_REGION": "eu-west-1"}).region == "eu-west-1"
        assert imds.asked == []
        imds.always = Answer(200, "not a region")
        assert providers.settings(environ=environ).region is None
        imds.v2_allowed, imds.always = False, None
        assert providers.settings(environ=environ).region is None


def test_a_store_without_a_region_is_signed_for_as_the_aws_cli_signs_for_it() -> None:
    found = providers.settings(environ={"AWS_ENDPOINT_URL": "http://minio:9000", "AWS_EC2_METADATA_DISABLED": "true"})
    assert (found.region, found.sources["region"]) == ("us-east-1", "default for an endpoint URL")


@pytest.mark.parametrize(
    ("text", "environ", "parameter", "message"),
    [
        ("", {"AWS_USE_FIPS_ENDPOINT": "yes"}, "AWS_USE_FIPS_ENDPOINT", "'yes' is neither true nor false"),
        ("", {"AWS_MAX_ATTEMPTS": "0"}, "AWS_MAX_ATTEMPTS", "'0' is not a whole number from 1 to 100"),
        ("", {"AWS_MAX_ATTEMPTS": "²"}, "AWS_MAX_ATTEMPTS", "'²' is not a whole number from 1 to 100"),
        (
            "s3 =\n  addressing_style = host\n",
            {},
            "s3.addressing_style of profile 'default' ({}, line 3)",
            "'host' is not auto, virtual or path",
        ),
        (
            "s3 = addressing_style = path\n",
            {},
            "s3 of profile 'default' ({}, line 2)",
            "has its settings on lines of their own, each indented",
        ),
        (
            "use_dualstack_endpoint = 1\n",
            {},
            "use_dualstack_endpoint of profile 'default' ({}, line 2)",
            "'1' is neither true nor false",
        ),
        ("services = local\n", {}, "services", "profile 'default' names [services local], which is not in {}"),
    ],
)
def test_a_value_that_is_malformed_is_an_error_that_names_its_place(
    text: str,
    environ: "dict[str, str]",
    parameter: str,
    message: str,
    tmp_path: Path,
    config: "Callable[[str], None]",
) -> None:
    config(f"[default]\n{text}")
    file = f"{tmp_path}/.aws/config"
    with pytest.raises(InputError) as caught:
        providers.settings(environ={"HOME": str(tmp_path), "AWS_REGION": "eu-west-1", **environ})
    assert caught.value.parameter == parameter.format(file)
    assert str(caught.value) == f"{parameter}: {message}".format(*[file] * 2)


def test_a_profile_that_is_not_there_is_an_error() -> None:
    with pytest.raises(CredentialsNotFound, match="there is no profile 'absent'"):
        providers.settings("absent")
    with pytest.raises(CredentialsNotFound, match="there is no profile 'absent'"):
        providers.settings(environ={"AWS_PROFILE": "absent"})
    with pytest.raises(InputError, match="profile: is empty"):
        providers.settings("")
    with pytest.raises(TypeError, match="service: expected str, got NoneType"):
        providers.settings(service=None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    for wrong in ("", "\ud800", "s3=", "s 3", "é"):
        with pytest.raises(InputError, match="^service: .* is not the name of a service, such as 's3' or 'sso-oidc'$"):
            providers.settings(service=wrong)
    with pytest.raises(TypeError, match="^environ: expected a mapping, got list$"):
        providers.settings(environ=[])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    with pytest.raises(TypeError, match="^network: expected bool, got str$"):
        providers.settings(network="no")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    with pytest.raises(TypeError, match="^network: expected bool, got str$"):
        S3Presigner.from_settings(region="eu-west-1", credentials=Credentials("AKID", "s"), network="no")


# --- a presigner ------------------------------------------------------------------------------------------------------


def test_an_argument_counts_before_a_setting(config: "Callable[[str], None]", monkeypatch: pytest.MonkeyPatch) -> None:
    config(
        f"[default]\n{KEYS}region = eu-west-1\nendpoint_url = http://minio:9000\ns3 =\n  addressing_style = virtual\n"
    )
    s3 = S3Presigner.from_settings()
    assert (s3.region, s3.endpoint, s3.addressing_style) == ("eu-west-1", "http://minio:9000", "virtual")
    s3 = S3Presigner.from_settings(region="eu-west-2", addressing_style="path", default_expires_in=60)
    assert (s3.region, s3.addressing_style, s3.default_expires_in) == ("eu-west-2", "path", 60)
    provider: Any = s3.credentials
    assert provider._region.given == "eu-west-2"  # in which a role is assumed
    monkeypatch.setenv("AWS_USE_FIPS_ENDPOINT", "true")
    assert not S3Presigner.from_settings().fips  # an endpoint URL counts before it, as in the AWS CLI
    s3 = S3Presigner.from_settings(endpoint=None)
    assert (s3.endpoint, s3.fips) == (None, True)
    s3 = S3Presigner.from_settings(credentials=Credentials("AKIDGIVEN", "hidden"))
    assert "Credential=AKIDGIVEN%2F" in s3.get_object("bkt", "k")


def test_a_presigner_of_a_subclass_is_made(config: "Callable[[str], None]") -> None:
    config(f"[profile x]\n{KEYS}region = eu-west-1\n")

    class Mine(S3Presigner):
        __slots__ = ()

    s3 = Mine.from_settings("x")
    assert type(s3) is Mine
    assert "Credential=AKID%2F" in s3.get_object("bkt", "k")


def test_two_settings_that_contradict_each_other_are_named_with_where_they_are(
    tmp_path: Path, config: "Callable[[str], None]", monkeypatch: pytest.MonkeyPatch
) -> None:
    config("[default]\nregion = eu-west-1\ns3 =\n  use_accelerate_endpoint = true\n")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://minio:9000")
    with pytest.raises(InputError) as caught:
        S3Presigner.from_settings()
    assert caught.value.parameter == "accelerate"
    assert str(caught.value).endswith(
        "leave one out; endpoint='http://minio:9000' is from AWS_ENDPOINT_URL_S3; accelerate=True is from "
        f"s3.use_accelerate_endpoint of profile 'default' ({tmp_path}/.aws/config, line 4)"
    )
    monkeypatch.delenv("AWS_ENDPOINT_URL_S3")
    config("[default]\nregion = eu-west-1\n")
    with pytest.raises(InputError) as caught:
        S3Presigner.from_settings(addressing_style="cname")
    assert "is from" not in str(caught.value)


def test_without_a_region_it_is_said_what_to_write() -> None:
    with pytest.raises(InputError) as caught:
        S3Presigner.from_settings()
    assert str(caught.value) == (
        "region: is not set anywhere; give region=, set AWS_REGION, or write `region = ...` into the profile"
    )


def test_the_given_region_reaches_sts_and_no_instance_is_asked_for_another(
    config: "Callable[[str], None]", monkeypatch: pytest.MonkeyPatch
) -> None:
    config(f"[default]\nrole_arn = {ROLE}\nsource_profile = base\n[profile base]\n{KEYS}")
    with Sts({"AKID": ("hidden", None)}) as sts, Imds() as imds:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", sts.url)
        monkeypatch.delenv("AWS_EC2_METADATA_DISABLED")
        monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", imds.url)
        S3Presigner.from_settings(region="ap-east-1").get_object("bkt", "k")
        assert "%2Fap-east-1%2Fsts%2F" in sts.asked[0].target
        assert imds.asked == []


# --- what providers do with settings ----------------------------------------------------------------------------------


@pytest.fixture
def sts(monkeypatch: pytest.MonkeyPatch) -> "Iterator[Sts]":
    with Sts({"AKID": ("hidden", None)}) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", server.url)
        monkeypatch.setenv("AWS_REGION", "eu-west-1")
        yield server


def test_sts_is_asked_as_often_as_it_is_set(sts: Sts, config: "Callable[[str], None]") -> None:
    config(f"[default]\nrole_arn = {ROLE}\nsource_profile = base\nmax_attempts = 2\n[profile base]\n{KEYS}")
    sts.always = Answer(500)
    with pytest.raises(CredentialsNotFound):
        providers.resolve()()
    assert len(sts.asked) == 2
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_MAX_ATTEMPTS", "4")
        with pytest.raises(CredentialsNotFound):
            providers.resolve()()
    assert len(sts.asked) == 6


def test_sts_that_takes_longer_than_a_connection_may_take_is_waited_for(
    sts: Sts, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _services._TIMEOUT == 60  # seconds, as in botocore
    monkeypatch.setattr(_http, "_CONNECT", 0.3)
    sts.faults = [Answer(500, delay=0.8)]
    assert providers.assume_role(ROLE, source=Credentials("AKID", "hidden"))().session_token
    assert len(sts.asked) == 2


def test_who_has_waited_for_long_is_not_made_to_wait_three_times_as_long(
    sts: Sts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_services, "_TIMEOUT", 0.5)
    monkeypatch.setattr(_http, "_CONNECT", 0.4)
    sts.always = Answer(200, "x", delay=2)
    with pytest.raises(CredentialsNotFound, match=r"did not answer within 0\.5 s"):
        providers.assume_role(ROLE, source=Credentials("AKID", "hidden"))()
    assert len(sts.asked) == 1


def test_a_malformed_setting_is_no_credentials_and_is_named(sts: Sts, monkeypatch: pytest.MonkeyPatch) -> None:
    role = providers.assume_role(ROLE, source=Credentials("AKID", "hidden"))
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "x")
    with pytest.raises(CredentialsNotFound, match="STS cannot be asked: AWS_MAX_ATTEMPTS: 'x' is not a whole number"):
        role()
    monkeypatch.delenv("AWS_MAX_ATTEMPTS")
    monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "x")
    with pytest.raises(CredentialsNotFound, match="STS cannot be asked: AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'x' is"):
        role()
    assert sts.asked == []


def test_the_profiles_certificates_are_trusted(
    tmp_path: Path, config: "Callable[[str], None]", monkeypatch: pytest.MonkeyPatch
) -> None:
    pem = make_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    profile = f"[default]\nrole_arn = {ROLE}\nsource_profile = base\nregion = eu-west-1\n"
    with Sts({"AKID": ("hidden", None)}, tls=context) as sts:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", sts.url)
        config(f"{profile}[profile base]\n{KEYS}")
        with pytest.raises(CredentialsNotFound, match="CERTIFICATE_VERIFY_FAILED"):
            providers.resolve()()
        config(f"{profile}ca_bundle = {pem}\n[profile base]\n{KEYS}")
        assert providers.resolve()().session_token
        config(f"{profile}[profile base]\n{KEYS}")
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(pem))
        assert providers.resolve()().session_token
        folder = tmp_path / "certificates"
        folder.mkdir()
        name = subprocess.run(
            ["openssl", "x509", "-hash", "-noout", "-in", str(pem)], capture_output=True, text=True, check=True
        ).stdout.strip()
        (folder / f"{name}.0").write_bytes(pem.read_bytes())
        monkeypatch.setenv("AWS_CA_BUNDLE", str(folder))
        assert providers.resolve()().session_token


# --- files ------------------------------------------------------------------------------------------------------------

LINES = st.sampled_from(
    ["[DEFAULT]", "[DEFAULT]",
     "[a]", "[b]", "[a] x", "  [c]", "[]", "[x", "k = v", " k=v", "K: v=w", "  more", "\tm = n", "", "   ", "# c",
     "; c", "  # c", "X = y", "k", "= v", ": w", "s3 =", "  a = b", "j = v # c", "[d]]", "j=", "é = ü", "x:y=z",
     "\x0bq=1"]
)  # fmt: skip


@given(st.lists(LINES, max_size=9))
def test_a_file_is_read_as_the_aws_cli_reads_it(lines: "list[str]") -> None:
    text = "\n".join(lines)
    with tempfile.NamedTemporaryFile("w", suffix=".ini", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        try:
            expected: Any = configloader.raw_config_parse(file.name)
        except exceptions.ConfigParseError:
            expected = None
    try:
        sections = _ini.parse(io.StringIO(text))
    except _ini.MalformedFileError:
        assert expected is None
        return
    assert expected == {
        name: {key: dict(_ini.nested(value)) if value[:1] == "\n" else value for key, value in settings.items()}
        for name, settings in sections.items()
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[default]\nregion\n", "config, line 2: expected a section, or a setting with '='"),
        ("[default]\nregion = a\nregion = b\n", "config, line 3: duplicate setting region in [default]"),
        ("[default]\nsecret wJalr/=\nsecret wJalr/=\n", "config, line 3: duplicate setting in [default]"),
        (f"[default]\n{'a' * 60}=\n{'a' * 60}=\n", f"config, line 3: duplicate setting {'a' * 60} in [default]"),
        (f"[default]\n{'a' * 61}=\n{'a' * 61}=\n", "config, line 3: duplicate setting in [default]"),
        ("[default]\nregion = a\n\n[default]\n", "config, line 4: duplicate section [default]"),
        ("region = a\n", "config, line 1: expected a section, such as [default]"),
        ("[default]\n= a\n", "config, line 2: expected a section, or a setting with '='"),
        ("[default]\ns3 =\n  addressing_style path\n", "config, line 3: expected a nested setting with '='"),
        ("\N{BYTE ORDER MARK}[default]\n", "config, line 1: expected a section, such as [default]"),
    ],
)
def test_a_file_that_cannot_be_parsed_names_the_line_and_quotes_nothing_of_it(
    text: str, message: str, config: "Callable[[str], None]"
) -> None:
    config(text)
    with pytest.raises(CredentialsNotFound) as caught:
        providers.resolve()()
    assert str(caught.value).endswith(message)


@pytest.mark.parametrize(
    ("title", "words"),
    [("profile a", ["profile", "a"]), ('profile "a b"', ["profile", "a b"]), ("profile 'a b'", ["profile", "a b"]),
     ("profile a\\ b", ["profile", "a b"]), ('profile "a', []), ("default", ["default"]), ("", [])],
)  # fmt: skip
def test_a_title_is_read_in_words(title: str, words: "list[str]") -> None:
    assert _files._title(title) == words


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (0, ""),
        (1, "there is p0: use profile='p0'"),
        (2, "there are p0, p1: use profile='p0'"),
        (5, "there are p0, p1, p2, p3, p4: use profile='p0'"),
        (6, "there are p0, p1, p2, p3, p4 and 1 more: use profile='p0'"),
    ],
)
def test_other_profiles_are_named_five_at_most(
    tmp_path: Path, config: "Callable[[str], None]", count: int, told: str
) -> None:
    config("[profile x]\n[services s]\n" + "".join(f"[profile p{number}]\n" for number in range(count)))
    assert _files.Files({"HOME": str(tmp_path)}).others("x") == told


@pytest.mark.parametrize(
    ("file", "section", "right"), [("credentials", "profile dev", "dev"), ("config", "dev", "profile dev")]
)
def test_a_section_that_the_other_file_would_have_is_named_with_what_it_has_to_be(
    tmp_path: Path, file: str, section: str, right: str
) -> None:
    path = tmp_path / ".aws" / file
    path.write_text(f"[{section}]\n{KEYS}[default]\n{KEYS}", encoding="utf-8")
    message = f"{path} has [{section}], which has to be [{right}] in this file"
    with pytest.raises(exceptions.ProfileNotFound):  # the oracle
        session_module.Session(profile="dev").get_scoped_config()
    with pytest.raises(CredentialsNotFound) as caught:
        providers.profile("dev")()
    assert str(caught.value) == (f"there is no profile 'dev' in the shared credentials and config files; {message}")
    with pytest.raises(CredentialsNotFound) as caught:
        Credentials.from_profile("dev")
    assert str(caught.value).endswith(message)
    path.write_text(path.read_text().replace(section, right), encoding="utf-8")
    assert providers.profile("dev")().access_key_id == "AKID"


def test_other_profiles_are_those_of_both_files_once_and_the_nearest_is_meant(
    tmp_path: Path, config: "Callable[[str], None]"
) -> None:
    config("[default]\n[profile dev]\n[profile test]\n")
    (tmp_path / ".aws" / "credentials").write_text("[dev]\n[prod]\n[profile uat]\n", encoding="utf-8")
    files = _files.Files({"HOME": str(tmp_path)})
    assert files.others("prodd") == "there are default, dev, test, prod: use profile='prod'"
    assert files.others("profile dev") == "there are default, dev, test, prod: use profile='default'"
    assert files.others("dev") == "there are default, test, prod: use profile='default'"
    profile = files.profile("dev")
    assert (profile.name, profile.in_credentials, profile.in_config, profile.exists) == ("dev", {}, {}, True)
    assert not files.profile("nobody").exists


@pytest.mark.parametrize(
    ("given", "environ", "expected"),
    [
        ("a", {"AWS_PROFILE": "b"}, "a"),
        (None, {"AWS_PROFILE": "b", "AWS_DEFAULT_PROFILE": "c"}, "b"),
        (None, {"AWS_PROFILE": "", "AWS_DEFAULT_PROFILE": "c"}, "c"),
        (None, {}, "default"),
    ],
)
def test_a_profile_is_the_given_one_then_the_environments(
    given: "str | None", environ: "dict[str, str]", expected: str
) -> None:
    assert _files.profile_name(given, environ) == expected
    assert (Lookup(given, environ).name, Lookup(given, environ).named) == (expected, expected != "default")
    assert Lookup("default", environ).named


@pytest.mark.parametrize("text", ["1", "100", "000000100"])
def test_the_bounds_of_a_whole_number_are_allowed(text: str) -> None:
    assert whole_number(Value(text, "S"), 1, 100) == int(text)
    for wrong in ("0", "101", "0000000100", "-1", "1.0", "\u0663", "", None):
        with pytest.raises(InputError, match="^S: .* is not a whole number from 1 to 100"):
            whole_number(Value(wrong, "S"), 1, 100)


@pytest.mark.parametrize(
    ("value", "shown"),
    [("https://h/p", "'https://h/p'"), ("https://u:p@w@h/x", "'https://<hidden>@h/x'"), (True, "True"), (None, "None"),
     ("/home/a@b", "'/home/a@b'"), (3, "3")],
)  # fmt: skip
def test_a_setting_is_shown_without_the_password_of_a_url(value: object, shown: str) -> None:
    assert _settings._shown(value) == shown


def test_a_setting_may_begin_with_any_letter_and_knows_its_lines() -> None:
    sections = _ini.parse(["# c", "[a]", "X_y: 1 ", ";c", "s3 =", "  p = q", "", "[b] tail]", "m = 1", "  2"])
    assert {name: dict(settings) for name, settings in sections.items()} == {
        "a": {"x_y": "1", "s3": "\np = q"}, "b] tail": {"m": "1\n2"},
    }  # fmt: skip
    numbers = {name: value.numbers for settings in sections.values() for name, value in settings.items()}
    assert numbers == {"x_y": (3,), "s3": (5, 6, 7), "m": (9, 10)}
    assert sections["b] tail"]["m"].line == 9
    [(name, inner)] = _ini.nested(sections["a"]["s3"]).items()
    assert (name, inner, inner.line) == ("p", "q", 6)


def test_a_file_of_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / ".aws" / "config").write_bytes(b"[default]\nregion = \xff\n")
    with pytest.raises(CredentialsNotFound, match="config cannot be parsed: it is not UTF-8 text"):
        providers.settings()


def test_a_key_without_its_other_half_is_named_with_its_line(config: "Callable[[str], None]") -> None:
    config("[default]\nregion = r\naws_access_key_id = AKID\n")
    with pytest.raises(CredentialsNotFound, match=r"config, line 3, has aws_access_key_id but no aws_secret"):
        providers.resolve()()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "aws_access_key_id = AKID # mine\naws_secret_access_key = s\n",
            "a malformed access_key_id: in profile 'default' ({}, line 2), the 11 characters include a space",
        ),
        (
            "aws_access_key_id = AKID\naws_secret_access_key = hidden ; mine\n",
            "a malformed secret_access_key: in profile 'default' ({}, line 3), the 13 characters include ' #' or ' ;'",
        ),
        (
            "aws_access_key_id = AKID\naws_secret_access_key = s\naws_security_token = hidden # x\n",
            "a malformed session_token: in profile 'default' ({}, line 4), the 10 characters include a space",
        ),
    ],
)
def test_a_comment_behind_a_key_is_named_with_its_line(
    text: str, message: str, config: "Callable[[str], None]", tmp_path: Path
) -> None:
    config(f"[default]\n{text}")
    message = message.format(tmp_path / ".aws" / "config")
    with pytest.raises(CredentialsNotFound) as caught:
        providers.resolve()()
    assert f"; {message}" in str(caught.value)
    assert str(caught.value).endswith("; write the comment on a line before it")
    assert "hidden" not in str(caught.value)
    with pytest.raises(InputError) as wrong:
        Credentials.from_profile()
    assert f"a malformed {wrong.value}" in str(caught.value)
    assert wrong.value.parameter in message
    assert wrong.value.__context__ is None


def test_a_region_that_is_malformed_is_named_with_its_line(tmp_path: Path, config: "Callable[[str], None]") -> None:
    config("[default]\nregion = eu-west-1 # Ireland\n")
    with pytest.raises(InputError) as caught:
        S3Presigner.from_settings()
    assert str(caught.value) == (
        f"region of profile 'default' ({tmp_path}/.aws/config, line 2): 'eu-west-1 # Ireland' has a comment after it; "
        "put the comment on its own line"
    )
    config("[default]\nregion = eu_west_1\n")
    with pytest.raises(InputError) as caught:
        S3Presigner.from_settings()
    assert str(caught.value).endswith(
        f"region='eu_west_1' is from region of profile 'default' ({tmp_path}/.aws/config, line 2)"
    )
    with pytest.raises(InputError) as caught:
        S3Presigner.from_settings(region="a b")
    assert "is from" not in str(caught.value)


# --- ARNs that a setting forbids -------------------------------------------------------------------------------------

ELSEWHERE = "arn:aws:s3:us-west-2:123456789012:accesspoint/mine"
HERE = "arn:aws:s3:eu-west-1:123456789012:accesspoint/mine"
MULTI_REGION = "arn:aws:s3::123456789012:accesspoint/name.mrap"


@pytest.mark.parametrize("bucket", [ELSEWHERE, MULTI_REGION])
@pytest.mark.parametrize("nested", [True, False, None])
def test_an_arn_that_a_setting_forbids_is_refused_as_by_botocore(
    tmp_path: Path, config: "Callable[[str], None]", monkeypatch: pytest.MonkeyPatch, bucket: str, nested: "bool | None"
) -> None:
    name, value = ("use_arn_region", "false") if bucket == ELSEWHERE else ("disable_multiregion_access_points", "true")
    variable = f"AWS_S3_{name.upper()}"
    text = f"[default]\n{KEYS}region = eu-west-1\n"
    config(text)
    assert S3Presigner.from_settings().get_object(bucket, "k")
    if nested is None:
        monkeypatch.setenv(variable, value)
        source = variable
    elif nested:
        inner = name if bucket == ELSEWHERE else f"s3_{name}"
        text += f"s3 =\n  {inner} = {value}\n"
        source = f"s3.{inner} of profile 'default' ({tmp_path}/.aws/config, line 6)"
    else:
        text += f"s3_{name} = {value}\n"
        source = f"s3_{name} of profile 'default' ({tmp_path}/.aws/config, line 5)"
    config(text)
    if nested is not False or bucket == ELSEWHERE:  # botocore does not read the other, which the SDK reference has
        client = session_module.Session().create_client("s3")
        with pytest.raises(botocore_errors.UnsupportedS3AccesspointConfigurationError):
            client.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "k"})
    s3 = S3Presigner.from_settings()
    for each in (s3, s3.replace(default_expires_in=60), pickle.loads(pickle.dumps(s3))):
        with pytest.raises(InputError) as caught:
            each.get_object(bucket, "k")
        assert caught.value.parameter == "bucket"
        assert source in str(caught.value)
    for allowed in (HERE, "bkt"):
        assert s3.get_object(allowed, "k")
    if nested is None:
        monkeypatch.setenv(variable, "yes")
        with pytest.raises(InputError, match=f"^{variable}: 'yes' is neither true nor false"):
            S3Presigner.from_settings()


def test_the_password_of_an_endpoint_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "https://al:hidden@store.example/x")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    with pytest.raises(InputError) as caught:
        S3Presigner.from_settings()
    assert "endpoint='https://<hidden>@store.example/x' is from AWS_ENDPOINT_URL_S3" in str(caught.value)
    assert "al:hidden" not in str(caught.value) + repr(providers.settings())


# --- a first URL ------------------------------------------------------------------------------------------------------


def test_with_keys_in_the_environment_nothing_is_loaded_that_reads_files_or_asks_anybody() -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from sigv4presign import S3Presigner, providers\n"
        "assert 'Credential=AKID%2F' in S3Presigner(providers.resolve(), region='eu-west-1').get_object('bkt', 'k')\n"
        "ours = {name.rpartition('.')[2] for name in sys.modules if name.startswith('sigv4presign.providers.')}\n"
        "print(*sorted(ours), *sorted({'configparser', 're', 'enum', 'threading', 'functools', 'json', 'shlex',\n"
        "      'http.client', 'ssl', 'subprocess', 'typing'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, str(Path(providers.__file__).parents[2])],
        env={"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "hidden"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.split() == ["_environment", "_provider"]


def test_a_copy_without_providers_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sigv4presign.providers", None)
    with pytest.raises(CredentialsNotFound, match="^from_settings needs the providers package, which this copy"):
        S3Presigner.from_settings()
