"""Roles: what STS is asked, by whose signature, what it answers, and the profiles that lead there.

Rule: the server checks each signature with botocore's signer; what it answers to a bad one quotes the whole request.
"""

import datetime
import json
import os
import pickle
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import botocore.credentials
import pytest
from freezegun import freeze_time
from provider_servers import Answer, Container, Imds, Loopback, Sts, make_certificate, sts_error

from sigv4presign import Credentials, S3Presigner, SigningKey, derive_signing_key, presign, providers, tokens
from sigv4presign import CredentialScope as Scope
from sigv4presign.errors import CredentialsNotFound, InputError
from sigv4presign.providers import Provider, _http, _ini, _profile, _services, _sts
from sigv4presign.providers._lookup import Lookup
from sigv4presign.providers._provider import Region
from sigv4presign.types import CredentialsSource

credentials_module: Any = botocore.credentials

START = datetime.datetime(2026, 11, 24, 9, 0, 0, tzinfo=datetime.timezone.utc)
ROLE = "arn:aws:iam::123456789012:role/links"
CALLER = Credentials("AKIDEXAMPLE", "secret/of+caller=")
ROLE_WITHOUT_REGION = (
    f"[profile x]\nrole_arn = {ROLE}\nsource_profile = y\n[profile y]\n"
    f"aws_access_key_id = {CALLER.access_key_id}\naws_secret_access_key = {CALLER.secret_access_key}\n"
)
SESSION = Credentials("ASIAEXAMPLE", "secret-of-session", "token/of+session==")


@pytest.fixture(autouse=True)
def nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("AWS_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(_http, "_PAUSE", 0.001)
    (tmp_path / ".aws").mkdir()


@pytest.fixture
def sts(monkeypatch: pytest.MonkeyPatch) -> "Iterator[Sts]":
    known = {each.access_key_id: (each.secret_access_key, each.session_token) for each in (CALLER, SESSION)}
    with Sts(known) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", server.url)
        yield server


@pytest.fixture
def config(tmp_path: Path) -> "Callable[[str], None]":
    def write(text: str) -> None:
        (tmp_path / ".aws" / "config").write_text(text, encoding="utf-8")

    return write


def refusal(provider: "Callable[[], Credentials]") -> str:
    with pytest.raises(CredentialsNotFound) as caught:
        provider()
    message = str(caught.value)
    for secret in ("secret-", "secret/", "token-of", "token/of", "token%2Fof", "good-jwt", "X-Amz", "hidden"):
        assert secret not in message
    return message


def role(**options: Any) -> Provider:
    """The role, assumed by the caller in Ireland."""
    asked: dict[str, Any] = {"source": CALLER, "region": "eu-west-1"}
    return providers.assume_role(ROLE, **(asked | options))


# --- AssumeRole ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", [CALLER, SESSION, lambda: SESSION], ids=["key", "session", "callable"])
def test_a_role_is_assumed_by_a_request_whose_signature_is_botocores(sts: Sts, source: Any) -> None:
    with freeze_time(START):
        found = role(source=source)()
    assert sts.granted == [
        {
            "Action": "AssumeRole",
            "Version": "2011-06-15",
            "RoleArn": ROLE,
            "RoleSessionName": f"presign-{int(START.timestamp())}",
        }
    ]
    assert found.secret_access_key == f"secret-of-{found.access_key_id}"
    assert found.session_token == f"token-of-{found.access_key_id}"
    assert found.expires_at == int(START.timestamp()) + 3600
    assert [asked.method for asked in sts.asked] == ["GET"]
    assert "X-Amz-Expires=60&" in sts.asked[0].target


def test_a_session_can_be_named_bounded_and_shortened(sts: Sts) -> None:
    policy = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*é& +"}],
    }
    role(
        session_name="app@host", external_id="a/b:c", policy=policy, duration=datetime.timedelta(minutes=15)
    )()  # fmt: skip
    granted = sts.granted[0]
    assert json.loads(granted["Policy"]) == policy
    assert " " not in granted["Policy"].replace("& +", "")
    assert {name: granted[name] for name in ("RoleSessionName", "ExternalId", "DurationSeconds")} == {
        "RoleSessionName": "app@host",
        "ExternalId": "a/b:c",
        "DurationSeconds": "900",
    }
    role(policy=json.dumps(policy, indent=4))()
    assert sts.granted[1]["Policy"] == granted["Policy"]


def test_a_role_is_assumed_by_another_role(sts: Sts) -> None:
    first = role()
    found = role(source=first)()
    assert found.access_key_id == Sts.key(first().access_key_id, sts.granted[1])
    assert len(sts.asked) == 2


def test_a_role_is_assumed_again_ahead_of_its_end(sts: Sts) -> None:
    provider = role(duration=43_200, refresh_ahead=3600)
    with freeze_time(START) as clock:
        provider()
        clock.tick(43_200 - 3601)
        provider()
        assert len(sts.asked) == 1
        clock.tick(1)
        provider()
        with provider._turn.lock:  # held until the background has its answer
            pass
        assert provider().expires_at == int(START.timestamp()) + 2 * 43_200 - 3600
        assert len(sts.asked) == 2


def test_without_a_source_whatever_resolve_finds_assumes_the_role(sts: Sts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", CALLER.access_key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", CALLER.secret_access_key)
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    found = providers.assume_role(ROLE)()
    assert found.access_key_id == Sts.key(CALLER.access_key_id, sts.granted[0])


def test_a_role_cannot_be_assumed_with_what_does_not_live_or_sign_long_enough(sts: Sts) -> None:
    with freeze_time(START):
        short = Credentials("AKID", "secret", "token-of-x", expires_at=START + datetime.timedelta(seconds=30))
        assert refusal(role(source=short)) == f"the credentials for assuming {ROLE} expire in 30 s"
        key: SigningKey = derive_signing_key(CALLER, Scope("20261124", "us-east-1", "sts"))
        assert refusal(role(source=key)).startswith(
            f"STS at {sts.url} cannot be asked: credentials: the SigningKey is for"
        )
        role(source=derive_signing_key(CALLER, Scope("20261124", "eu-west-1", "sts")))()
    assert len(sts.asked) == 1


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        (
            "AccessDenied",
            (
                ": the role's trust policy and the caller's own policies both have to allow it, and an MFA code, where "
                "one is wanted, has to be right and not used before"
            ),
        ),
        ("ExpiredToken", ": the session token that was sent has expired"),
        ("ValidationError", ""),
    ],
)
def test_an_error_of_sts_is_given_by_its_code_and_with_what_to_do(sts: Sts, code: str, advice: str) -> None:
    sts.always = sts_error(403, code, "hidden")
    assert refusal(role()) == f"STS at {sts.url} refused AssumeRole with {code} (status 403){advice}"
    assert len(sts.asked) == 1


def test_the_request_that_sts_quotes_in_an_error_is_not_repeated(sts: Sts) -> None:
    wrong = Credentials(SESSION.access_key_id, "secret-that-is-wrong", SESSION.session_token)
    assert refusal(role(source=wrong)) == (
        f"STS at {sts.url} refused AssumeRole with SignatureDoesNotMatch (status 403): the secret access key is not "
        "the one of this access key, or the clock is wrong"
    )


@pytest.mark.parametrize(
    "fault",
    [
        Answer(500),
        Answer(503, "hidden"),
        Answer(429),
        sts_error(400, "Throttling"),
        sts_error(400, "IDPCommunicationError"),
    ],
)
def test_sts_is_asked_three_times_at_most(sts: Sts, fault: Answer) -> None:
    sts.faults = [fault] * 2
    assert role()().session_token
    assert len(sts.asked) == 3
    sts.faults = [fault] * 4
    assert f"STS at {sts.url}" in refusal(role())
    assert len(sts.asked) == 6


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (Answer(200, "hidden"), "answered AssumeRole with something that is not its XML (status 200)"),
        (Answer(403, '{"hidden": 1}'), "answered AssumeRole with something that is not its XML (status 403)"),
        (
            Answer(200, '<!DOCTYPE a [<!ENTITY b "hidden">]><a><AccessKeyId>&b;</AccessKeyId></a>'),
            "answered AssumeRole with something that is not its XML (status 200)",
        ),
        (Answer(200, "<a><AccessKeyId>A</AccessKeyId></a>"), "answered without SecretAccessKey"),
        (Answer(200, b"<a>\xff</a>"), "answered AssumeRole with something that is not its XML (status 200)"),
        (Answer(403, "<a/>"), "refused AssumeRole with an error without a code (status 403)"),
        (Answer(301, "", (("Location", "http://x/"),)), "answered with a redirect (301), which is not followed"),
        (Answer(200, "<a>" + "x" * 65_536), "answered with more than 65536 bytes"),
    ],
)
def test_each_fault_of_sts_has_its_sentence(sts: Sts, answer: Answer, problem: str) -> None:
    sts.always = answer
    assert refusal(role()) == f"STS at {sts.url} {problem}"


PREFIXED = (
    "<s:a xmlns:s='x'><s:AccessKeyId>A</s:AccessKeyId><s:SecretAccessKey>b&amp;c</s:SecretAccessKey>"
    "<s:SessionToken>t</s:SessionToken><s:Expiration>2099-01-01T00:00:00.5Z</s:Expiration></s:a>"
)


def test_xml_with_prefixes_is_read_too(sts: Sts) -> None:
    sts.faults = [Answer(200, PREFIXED)]
    assert role()() == Credentials("A", "b&c", "t", expires_at="2099-01-01T00:00:00Z")


# --- AssumeRoleWithWebIdentity ---------------------------------------------------------------------------------------


def test_a_web_identity_is_posted_unsigned_and_its_token_is_in_no_url(
    sts: Sts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "jwt"
    file.write_text("good-jwt\n", encoding="utf-8")
    monkeypatch.setenv("AWS_WEB_IDENTITY_TOKEN_FILE", str(file))
    monkeypatch.setenv("AWS_ROLE_ARN", ROLE)
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    provider = providers.web_identity(policy={"Version": "2012-10-17"}, duration=900)
    with freeze_time(START) as clock:
        assert provider().expires_at == int(START.timestamp()) + 900
        assert (sts.asked[0].method, sts.asked[0].target) == ("POST", "/")
        assert sts.granted[0] == {
            "Action": "AssumeRoleWithWebIdentity",
            "Version": "2011-06-15",
            "RoleArn": ROLE,
            "RoleSessionName": f"presign-{int(START.timestamp())}",
            "WebIdentityToken": "good-jwt",
            "Policy": '{"Version":"2012-10-17"}',
            "DurationSeconds": "900",
        }
        file.write_text("next-jwt", encoding="utf-8")
        clock.tick(900)
        provider()
        assert sts.granted[1]["WebIdentityToken"] == "next-jwt"


def test_what_is_given_counts_before_the_environment(sts: Sts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME", "AWS_REGION"):
        monkeypatch.setenv(name, "not this one")
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1")
    (tmp_path / "jwt").write_text("good-jwt", encoding="utf-8")
    providers.web_identity(
        ROLE, token_file=str(tmp_path / "jwt"), session_name="mine", region="eu-west-1", endpoint=sts.url + "/"
    )()
    assert sts.granted[0]["RoleArn"] == ROLE
    assert sts.granted[0]["RoleSessionName"] == "mine"


def test_a_web_identity_is_sent_three_times_at_most(sts: Sts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "jwt").write_text("good-jwt\n", encoding="utf-8")
    monkeypatch.setenv("AWS_WEB_IDENTITY_TOKEN_FILE", str(tmp_path / "jwt"))
    monkeypatch.setenv("AWS_ROLE_ARN", ROLE)
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    sts.faults = [sts_error(400, "IDPCommunicationError")] * 2
    assert providers.web_identity()().session_token
    assert len(sts.asked) == 3


def test_what_is_given_is_not_looked_up_in_files(sts: Sts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "jwt").write_text("good-jwt\n", encoding="utf-8")
    (tmp_path / "broken").write_text("[profile x\n", encoding="utf-8")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "broken"))
    provider = providers.web_identity(ROLE, token_file=str(tmp_path / "jwt"), region="eu-west-1", endpoint=sts.url)
    assert provider().session_token


def test_a_profiles_external_id_is_checked_before_sts_is_asked(config: "Callable[[str], None]", sts: Sts) -> None:
    config(
        f"[profile x]\nrole_arn = {ROLE}\nsource_profile = y\nexternal_id = a b\n"
        "[profile y]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = secret\n"
    )
    assert "has a malformed external_id: is not 2 to 1224 letters" in refusal(providers.profile("x"))
    assert sts.asked == []


def test_a_web_identity_that_is_incomplete_says_what_is_missing(
    sts: Sts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refusal(providers.web_identity(ROLE)) == "AWS_WEB_IDENTITY_TOKEN_FILE is not set"
    file = tmp_path / "jwt"
    monkeypatch.setenv("AWS_WEB_IDENTITY_TOKEN_FILE", str(file))
    assert refusal(providers.web_identity()).startswith("there is a web identity token but no role: set AWS_ROLE_ARN")
    assert refusal(providers.web_identity(ROLE, region="eu-west-1")) == (
        f"{file}, which the web identity's configuration names, cannot be read (No such file or directory)"
    )
    file.write_text("hidden", encoding="utf-8")
    assert refusal(providers.web_identity(ROLE, region="eu-west-1")).startswith(
        f"STS at {sts.url} refused AssumeRoleWithWebIdentity with InvalidIdentityToken (status 400): the role's account"
    )


# --- arguments -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"session_name": "a b"}, "session_name: 'a b' is not 2 to 64 letters, digits and _+=,.@-"),
        ({"session_name": "a"}, "session_name: 'a' is not 2 to 64 letters, digits and _+=,.@-"),
        ({"external_id": "hidden hidden"}, "external_id: is not 2 to 1224 letters, digits and _+=,.@:/-"),
        ({"policy": "{"}, "policy: is not JSON"),
        ({"policy": "[1]"}, 'policy: is JSON but not an object: {"Version": "2012-10-17", "Statement": [...]}'),
        ({"policy": {"Sid": "x" * 2048}}, "policy: has 2058 characters without its white space; STS takes 2048"),
        ({"duration": 899}, "duration: 899 is not a session of 900 to 43200 seconds (15 minutes to 12 hours)"),
        ({"duration": 0}, "duration: 0 is not a session of 900 to 43200 seconds (15 minutes to 12 hours)"),
        (
            {"duration": datetime.timedelta(days=1)},
            "duration: 1 day, 0:00:00 is not a session of 900 to 43200 seconds (15 minutes to 12 hours)",
        ),
        ({"endpoint": ""}, "endpoint: is empty; leave it out to have it looked up"),
    ],
)
def test_what_sts_would_refuse_is_refused_at_once(options: "dict[str, Any]", message: str) -> None:
    with pytest.raises(InputError) as caught:
        role(**options)
    assert str(caught.value) == message


def test_the_bounds_of_a_session_are_allowed() -> None:
    assert [_sts.session_seconds(seconds) for seconds in (None, 900, 43_200)] == [None, 900, 43_200]
    for seconds in (899, 43_201):
        with pytest.raises(InputError, match=f"^duration: {seconds} is not a session of 900 to 43200 seconds"):
            _sts.session_seconds(seconds)
    least = len('{"Sid":""}')
    assert _sts.policy_text({"Sid": "x" * (2_048 - least)}) == f'{{"Sid":"{"x" * (2_048 - least)}"}}'
    assert _sts.policy_text(' { "Sid" : "a b" } ') == '{"Sid":"a b"}'
    with pytest.raises(InputError, match="^policy: has 2049 characters"):
        _sts.policy_text({"Sid": "x" * (2_049 - least)})


@pytest.mark.parametrize(("text", "seconds"), [(None, None), ("", None), ("0", 0), ("999999999", 999_999_999)])
def test_a_profiles_duration_is_a_whole_number_of_seconds(text: "str | None", seconds: "int | None") -> None:
    assert _profile._whole_number(text) == seconds
    for wrong in ("1000000000", "-1", "1.0", "x", "\u0663"):
        with pytest.raises(InputError, match="^duration_seconds: ") as caught:
            _profile._whole_number(wrong)
        assert caught.value.parameter == "duration_seconds"


@pytest.mark.parametrize(
    ("names", "has_keys", "is_role"),
    [
        ("", False, False),
        ("aws_access_key_id", True, False),
        ("aws_secret_access_key", True, False),
        ("aws_access_key_id aws_secret_access_key role_arn", True, True),
        ("role_arn", False, True),
        ("role_arn web_identity_token_file", False, False),
        ("aws_session_token source_profile", False, False),
    ],
)
def test_a_profiles_settings_say_whether_it_has_keys_or_assumes_a_role(
    names: str, has_keys: bool, is_role: bool
) -> None:
    oracle = credentials_module.AssumeRoleProvider(dict, None, {}, "x")
    for value in ("x", ""):  # a setting without a value is there
        settings: dict[str, _ini.Text] = {name: _ini.Text.at((1,), value) for name in names.split()}
        assert (_profile._has_keys(settings), _profile._is_role(settings)) == (has_keys, is_role)
        assert oracle._has_static_credentials(settings) == has_keys
        assert oracle._has_assume_role_config_vars(settings) == is_role


def test_a_role_whose_source_has_half_a_key_is_not_taken_for_a_chain_of_roles(
    config: "Callable[[str], None]", sts: Sts
) -> None:
    config(
        f"[profile x]\nrole_arn = {ROLE}\nsource_profile = y\n"
        f"[profile y]\nrole_arn = {ROLE}\nsource_profile = z\naws_secret_access_key = hidden\n"
        "[profile z]\naws_access_key_id = AKID\naws_secret_access_key = hidden\n"
    )
    assert refusal(providers.profile("x")) == "profile 'x' has source_profile = y, which has no credentials"
    assert sts.asked == []


def test_the_text_of_each_element_is_read_by_its_local_name_and_the_first_of_a_name_counts() -> None:
    text = b"<a:R xmlns:a='u'>of R<Code> A&amp;B </Code><x>1<Code>C</Code>2</x><Empty/></a:R>"
    assert _sts.xml_texts(text) == {"Code": "A&B", "x": "2", "Empty": "", "R": ""}
    for wrong, problem in ((b"<a>", "is not XML"), (b"<!DOCTYPE a><a/>", "has a document type")):
        with pytest.raises(ValueError, match=problem):
            _sts.xml_texts(wrong)


def test_a_service_is_named_labelled_and_looked_up_by_its_id() -> None:
    service = _services.Service("the bank", "my_bank", "bank.api")
    assert (service.who, service.id, service.label) == ("the bank", "my_bank", "bank.api")
    assert service.url(Lookup(None, {}), "eu-west-1") == "https://bank.api.eu-west-1.amazonaws.com/"
    elsewhere = Lookup(None, {"AWS_ENDPOINT_URL_MY_BANK": "http://bank.example//"})
    assert service.url(elsewhere, "eu-west-1") == "http://bank.example/"
    assert service.url(elsewhere, "eu-west-1", "http://given.example") == "http://given.example/"
    with pytest.raises(CredentialsNotFound, match="^the bank needs a region: 'a b' is not a region of AWS"):
        service.url(Lookup(None, {}), "a b")


@pytest.mark.parametrize("arn", ["links", "arn:aws:iam::1", "arn:aws:iam::123456789012:role/a b", ""])
def test_a_role_is_named_by_its_arn(arn: str) -> None:
    with pytest.raises(InputError) as caught:
        providers.assume_role(arn)
    assert str(caught.value) == (
        f"role_arn: {arn!r} is not the ARN of a role, such as arn:aws:iam::123456789012:role/name"
    )


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: providers.assume_role(None), "role_arn: expected str, got NoneType"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        (lambda: role(session_name=5), "session_name: expected str, got int"),
        (lambda: role(source=5), "^source: expected Credentials, a SigningKey, botocore's credentials, or a callable"),
        (lambda: role(policy=5), "policy: expected str or a mapping, got int"),
        (lambda: role(duration=True), "duration: expected whole seconds"),
        (lambda: providers.web_identity(token_file=b"x"), "token_file: expected str, got bytes"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    ],
)
def test_an_argument_of_the_wrong_type_is_a_type_error(make: "Callable[[], object]", message: str) -> None:
    with pytest.raises(TypeError, match=message):
        make()


# --- where STS is ----------------------------------------------------------------------------------------------------


def test_the_region_is_the_given_one_then_the_environments_then_the_profiles(
    config: "Callable[[str], None]", monkeypatch: pytest.MonkeyPatch
) -> None:
    def sts_place(region: "str | None", endpoint: "str | None", profile: "str | None" = None) -> "tuple[str, str]":
        return _sts.sts_url(Lookup(profile), Region(region), endpoint)

    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    assert sts_place(None, None) == ("https://sts.amazonaws.com/", "us-east-1")  # as botocore does
    with Imds() as imds, monkeypatch.context() as patch:
        patch.delenv("AWS_EC2_METADATA_DISABLED")
        patch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", imds.url)
        assert sts_place(None, None) == ("https://sts.sa-east-1.amazonaws.com/", "sa-east-1")
    config("[default]\nregion = eu-north-1\n[profile x]\nregion = cn-north-1\nuse_fips_endpoint = TRUE\n")
    assert sts_place(None, None) == ("https://sts.eu-north-1.amazonaws.com/", "eu-north-1")
    assert sts_place(None, None, "x") == ("https://sts-fips.cn-north-1.amazonaws.com.cn/", "cn-north-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-2")
    assert sts_place(None, None)[1] == "eu-west-2"
    monkeypatch.setenv("AWS_REGION", "eu-west-3")
    assert sts_place(None, None)[1] == "eu-west-3"
    assert sts_place("us-gov-west-1", None) == ("https://sts.us-gov-west-1.amazonaws.com/", "us-gov-west-1")


# A signature in ap-east-1, in each way there is.
SIGN: "dict[str, Callable[[CredentialsSource], object]]" = {
    "object": lambda source: S3Presigner(source, "ap-east-1").get_object("bkt", "k"),
    "form": lambda source: S3Presigner(source, "ap-east-1").post_object("bkt", "k"),
    "many": lambda source: list(S3Presigner(source, "ap-east-1").presign_many("GET", "bkt", ["k"])),
    "presign": lambda source: presign("GET", "https://h/", credentials=source, region="ap-east-1", service="s3"),
    "rds": lambda source: tokens.rds("db", 5432, "u", credentials=source, region="ap-east-1"),
    "eks": lambda source: tokens.eks("c", credentials=source, region="ap-east-1"),
    "key": lambda source: derive_signing_key(source, Scope("20261124", "ap-east-1", "s3")),
}


@pytest.mark.parametrize("sign", SIGN)
@pytest.mark.parametrize("way", ["resolve", "profile", "assume_role"])
def test_where_nothing_else_says_a_region_that_of_the_signature_reaches_sts(
    sign: str, way: str, sts: Sts, config: "Callable[[str], None]", monkeypatch: pytest.MonkeyPatch
) -> None:
    config(ROLE_WITHOUT_REGION)
    with Imds() as imds:
        monkeypatch.delenv("AWS_EC2_METADATA_DISABLED", raising=False)
        monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", imds.url)
        ways: dict[str, providers.Provider] = {
            "resolve": providers.resolve("x"),
            "profile": providers.profile("x"),
            "assume_role": providers.assume_role(ROLE, source=providers.resolve("y")),
        }
        source = pickle.loads(pickle.dumps(ways[way]))
        SIGN[sign](source)
        assert "%2Fap-east-1%2Fsts%2F" in sts.asked[0].target
        assert imds.asked == []


def test_the_region_of_the_signature_comes_after_all_that_says_one(
    sts: Sts, config: "Callable[[str], None]", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    config(ROLE_WITHOUT_REGION)

    def asked_in(source: providers.Provider, region: str) -> str:
        presign("GET", "https://h/", credentials=source, region=region, service="s3")
        return sts.asked[-1].target.partition("%2Fsts%2F")[0].rpartition("%2F")[2]

    assert asked_in(providers.resolve("x", region="ap-east-1"), "eu-west-1") == "ap-east-1"
    assert asked_in(providers.resolve("x"), "auto") == "us-east-1"  # which is no region of AWS
    assert asked_in(providers.resolve("x"), "us-gov-west-1") == "us-gov-west-1"
    monkeypatch.setenv("AWS_PROFILE", "x")
    assert asked_in(providers.resolve(), "ap-east-1") == "ap-east-1"
    assert asked_in(providers.resolve(region="eu-west-2"), "ap-east-1") == "eu-west-2"
    monkeypatch.setenv("AWS_REGION", "eu-north-1")
    assert asked_in(providers.resolve("x"), "eu-west-1") == "eu-north-1"


def test_a_provider_that_asks_no_sts_takes_any_region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKID")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hidden")
    assert providers.environment().for_region("eu-west-1").access_key_id == "AKID"


def test_the_first_signature_decides_where_a_role_is_renewed(
    sts: Sts, config: "Callable[[str], None]", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    config(ROLE_WITHOUT_REGION)
    source = providers.resolve("x")
    with freeze_time("2026-11-24T09:00:00Z") as clock:
        S3Presigner(source, "ap-east-1").get_object("bkt", "k")
        clock.tick(2 * 3600)
        S3Presigner(source, "eu-west-1").get_object("bkt", "k")
    assert ["%2Fap-east-1%2Fsts%2F" in asked.target for asked in sts.asked] == [True, True]


def test_an_invalid_region_never_becomes_part_of_a_host() -> None:
    message = refusal(role(region="evil.example/"))
    assert message.endswith("STS needs a region: 'evil.example/' is not a region of AWS, such as 'eu-west-1'")


def test_configured_endpoints_can_be_ignored(config: "Callable[[str], None]", monkeypatch: pytest.MonkeyPatch) -> None:
    def sts_place(region: str, endpoint: "str | None") -> "tuple[str, str]":
        return _sts.sts_url(Lookup(None), Region(region), endpoint)

    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1")
    assert sts_place("eu-west-1", None)[0] == "http://127.0.0.1:1/"
    config("[default]\nignore_configured_endpoint_urls = true\n")
    assert sts_place("eu-west-1", None)[0] == "https://sts.eu-west-1.amazonaws.com/"
    monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "false")
    assert sts_place("eu-west-1", None)[0] == "http://127.0.0.1:1/"
    assert sts_place("eu-west-1", "https://minio.example:9000")[0] == "https://minio.example:9000/"


def test_files_are_not_read_where_all_is_given(config: "Callable[[str], None]", sts: Sts) -> None:
    config("[broken")
    assert role(endpoint=sts.url)().session_token


# --- profiles --------------------------------------------------------------------------------------------------------


def test_a_profiles_role_is_assumed_in_the_region_that_is_given(sts: Sts, config: "Callable[[str], None]") -> None:
    config(ROLE_WITHOUT_REGION)
    providers.profile("x", region="ap-east-1")()
    assert "%2Fap-east-1%2Fsts%2F" in sts.asked[0].target
    assert repr(providers.profile("x")) == "<Provider: profile>"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "role_arn = x\nsource_profile = y\n",
            "profile 'x' in {}, line 2, has a malformed role_arn: 'x' is not the ARN of a role",
        ),
        (
            f"role_arn = {ROLE}\nsource_profile = y\nduration_seconds = 60\n",
            "profile 'x' in {}, line 4, has a malformed duration_seconds: 60 is not a session of 900 to 43200 seconds",
        ),
        (
            f"role_arn = {ROLE}\nsource_profile = y\nduration_seconds = ²\n",
            "profile 'x' in {}, line 4, has a malformed duration_seconds: '²' is not a whole number of seconds",
        ),
        (
            f"role_arn = {ROLE}\nsource_profile = y\nrole_session_name = a b\n",
            "profile 'x' in {}, line 4, has a malformed role_session_name: 'a b' is not 2 to 64 letters, digits and",
        ),
        (
            f"role_arn = {ROLE}\nsource_profile = yy\n",
            (
                "profile 'x' in {}, line 3, has source_profile = yy, but there is no profile 'yy' in the shared "
                "credentials and config files; there are x, y; did you mean source_profile = y?"
            ),
        ),
        (
            f"role_arn = {ROLE}\nsource_profile = other\n",
            (
                "profile 'x' in {}, line 3, has source_profile = other, but there is no profile 'other' in the shared "
                "credentials and config files; there are x, y"
            ),
        ),
        ("role_arn =\n", "profile 'x' in {}, line 2, has role_arn without a value; write one, or remove the line"),
        (f"role_arn = {ROLE}\nmfa_serial =\n", "profile 'x' in {}, line 3, has mfa_serial without a value; write one"),
        ("login_session =\n", "profile 'x' in {}, line 2, has login_session without a value; write one, or remove"),
        ("credential_process =\n", "profile 'x' in {}, line 2, has credential_process without a value; write one"),
        ("sso_role_name =\n", "profile 'x' in {}, line 2, has sso_role_name without a value; write one, or remove"),
        (
            f"role_arn = {ROLE}\nsource_profile = y\nmfa_serial = arn:aws:iam::1:mfa/me\n",
            "profile 'x' wants the code of the MFA device arn:aws:iam::1:mfa/me, which cannot be asked for here;",
        ),
        ("sso_session = corp\n", "profile 'x' has no keys (it is in "),
        ("login_session = arn\n", "nobody has logged in for profile 'x': run `aws login --profile x`"),
        (
            f"role_arn = {ROLE}\nsource_profile = sso\n[profile sso]\nsso_start_url = https://corp\n",
            "profile 'x' has source_profile = sso, which has no credentials",
        ),
        ("region = r\n", "profile 'x' has no keys (it is in "),
    ],
)
def test_a_profile_that_leads_to_no_credentials_says_why_and_what_to_do(
    config: "Callable[[str], None]", text: str, message: str, tmp_path: Path
) -> None:
    config(f"[profile x]\n{text}\n[profile y]\naws_access_key_id = AKID\naws_secret_access_key = hidden\n")
    found = refusal(providers.profile("x"))
    assert found.startswith(message.format(tmp_path / ".aws" / "config"))
    assert "use profile=" not in found  # it would sign as somebody else


def test_a_setting_without_a_value_is_named_with_the_file_that_decides(
    config: "Callable[[str], None]", tmp_path: Path
) -> None:
    config(f"[profile x]\nrole_arn = {ROLE}\n")
    credentials = tmp_path / ".aws" / "credentials"
    credentials.write_text("[x]\nrole_arn =\naws_access_key_id = AKID\naws_secret_access_key = hidden\n", "utf-8")
    assert refusal(providers.profile("x")) == (
        f"profile 'x' in {credentials}, line 2, has role_arn without a value; write one, or remove the line"
    )
    credentials.write_text("[x]\nrole_arn =\nsso_session =\nsso_account_id = 1\n", "utf-8")
    assert refusal(providers.sso("x")) == (
        f"profile 'x' in {credentials}, line 3, has sso_session without a value; write one, or remove the line"
    )


def test_a_profile_of_the_instance_or_the_container_that_is_absent(
    config: "Callable[[str], None]", monkeypatch: pytest.MonkeyPatch
) -> None:
    config(f"[default]\nrole_arn = {ROLE}\ncredential_source = Ec2InstanceMetadata\n")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    assert refusal(providers.profile()).startswith(
        "profile 'default' has credential_source = Ec2InstanceMetadata, but AWS_EC2_METADATA_DISABLED is set"
    )


@pytest.mark.parametrize("setting", ["credential_process = p", f"role_arn = {ROLE}", "web_identity_token_file = /t"])
def test_from_profile_points_to_the_provider_that_follows_what_it_cannot(
    config: "Callable[[str], None]", setting: str
) -> None:
    config(f'[profile "my work"]\n{setting}\n')
    with pytest.raises(CredentialsNotFound) as caught:
        Credentials.from_profile("my work")
    assert "providers.profile('my work') follows it" in str(caught.value)
    assert "`aws configure export-credentials --profile 'my work' --format env` prints keys" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "there is no profile 'x' in the shared credentials and config files"),
        (
            "[profile x]\nregion = r\n",
            "profile 'x' has no keys (it is in ",
        ),
        (
            "[profile x]\nsso_account_id = 1\naws_access_key_id = A\naws_secret_access_key = secret-x\n",
            "profile 'x' uses single sign-on (sso_account_id), not static keys; providers.profile('x') follows it",
        ),
        (
            f"[profile x]\nrole_arn = {ROLE}\naws_access_key_id = A\naws_secret_access_key = secret-x\n",
            "profile 'x' uses a role to assume (role_arn), not static keys; providers.profile('x') follows it",
        ),
        (
            "[profile x]\nlogin_session = s\naws_access_key_id = A\naws_secret_access_key = secret-x\n",
            "profile 'x' uses a console login (login_session), not static keys; providers.profile('x') follows it",
        ),
        ("[profile x]\naws_secret_access_key = secret-x\n", "has aws_secret_access_key but no aws_access_key_id"),
    ],
)
def test_from_profile_takes_keys_alone(config: "Callable[[str], None]", text: str, message: str) -> None:
    config("[profile y]\naws_access_key_id = AKID\naws_secret_access_key = s\n" + text)
    assert Credentials.from_profile("y") == Credentials("AKID", "s")
    assert message in refusal(lambda: Credentials.from_profile("x"))


def test_a_file_that_is_there_and_cannot_be_read_ends_the_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path))
    assert refusal(providers.resolve()).endswith(f"; {tmp_path} cannot be read (Is a directory)")


# --- TLS and proxies -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls"))


def server_side(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_a_server_with_tls_is_asked_where_its_certificate_is_trusted(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Container(server_side(certificate)) as box:
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", box.url + box.PATH)
        message = refusal(providers.container())
        assert message.startswith(f"the container endpoint at {box.url} could not be reached (")
        assert "CERTIFICATE_VERIFY_FAILED" in message
        assert box.asked == []
        monkeypatch.setenv("AWS_CA_BUNDLE", str(certificate))
        assert providers.container()().access_key_id == "ASIATASK1"
        monkeypatch.setenv("AWS_CA_BUNDLE", "/nonexistent/bundle")
        assert refusal(providers.container()) == (
            f"the container endpoint at {box.url} cannot be asked: /nonexistent/bundle, which AWS_CA_BUNDLE or "
            "ca_bundle names, cannot be used (No such file or directory)"
        )


class Proxy(Loopback):
    """A proxy that passes plain requests to STS, and refuses tunnels."""

    def __init__(self, target: "Sts | None") -> None:
        super().__init__()
        self.target = target

    def answer(self, asked: Any) -> Answer:
        if asked.method == "CONNECT" or self.target is None:
            return Answer(407, "hidden")
        return self.target.answer(asked._replace(target=asked.target.removeprefix(f"http://{asked.headers['Host']}")))


def test_sts_is_asked_through_the_proxy_of_the_environment(sts: Sts, monkeypatch: pytest.MonkeyPatch) -> None:
    with Proxy(sts) as proxy:
        monkeypatch.setenv("http_proxy", f"http://us%40er:hid%3Aden@127.0.0.1:{proxy.port}")
        asking = role(endpoint="http://sts.example:4566")
        assert asking().session_token
        assert proxy.asked[0].target.startswith("http://sts.example:4566/?Action=AssumeRole")
        assert proxy.asked[0].headers["Proxy-Authorization"] == "Basic dXNAZXI6aGlkOmRlbg=="
        monkeypatch.setenv("http_proxy", f"127.0.0.1:{proxy.port}")
        assert role(endpoint="http://sts.example:4566")().session_token
        assert "Proxy-Authorization" not in proxy.asked[1].headers
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        assert role()().session_token
        assert len(proxy.asked) == 2


def test_tls_goes_through_a_tunnel(monkeypatch: pytest.MonkeyPatch) -> None:
    with Proxy(None) as proxy:
        monkeypatch.setenv("https_proxy", f"http://me@127.0.0.1:{proxy.port}")
        message = refusal(role())
        assert message == (
            "STS at https://sts.eu-west-1.amazonaws.com could not be reached through the proxy of the environment "
            "(OSError)"
        )
        asked = proxy.asked[0]
        assert (asked.method, asked.target) == ("CONNECT", "sts.eu-west-1.amazonaws.com:443")
        assert asked.headers["Proxy-Authorization"] == "Basic bWU6"


@pytest.mark.parametrize("url", ["http://", "http://[::1", "http://h:port"])
def test_a_proxy_that_is_not_a_url_is_an_error(sts: Sts, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("http_proxy", url)
    assert refusal(role()) == (
        f"STS at {sts.url} cannot be asked: the proxy that the environment names for http is not a URL"
    )
