"""IAM tokens equal those of AWS's own tools; the form of an EKS token is judged as aws-iam-authenticator judges it.

Rule: expected values come from an installed package of AWS, or from botocore's signer on the URL that AWS publishes.
"""

import oracle  # isort: skip  (first: it keeps botocore from awscrt)

import base64
import copy
import datetime
import io
import json
import pickle
import string
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import agreement
import botocore
import botocore.hooks
import botocore.model
import botocore.session
import botocore.signers
import pytest
import strategies
from hypothesis import given
from hypothesis import strategies as st

from sigv4presign import (
    Credentials,
    CredentialScope,
    PresignedUrl,
    derive_signing_key,
    errors,
    inspect,
    presign,
    tokens,
    verify,
)
from sigv4presign._s3.buckets import partition
from sigv4presign.tokens._eks_structure import is_sts_host
from sigv4presign.tokens._signing import base64url

NOW = 1_764_000_000  # 2025-11-24T16:00:00Z
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
KEYS = Credentials("AKIDEXAMPLE", SECRET)
TEMPORARY = Credentials("ASIDEXAMPLE", SECRET, "to/ken+==")
BOTH = pytest.mark.parametrize("keys", [KEYS, TEMPORARY], ids=["long-lived", "temporary"])
REGIONS = ["us-east-1", "eu-west-1", "cn-north-1", "us-gov-west-1", "eusc-de-east-1", "us-iso-east-1",
           "us-isob-east-1", "eu-isoe-west-1", "us-isof-south-1"]  # fmt: skip
READ = Path(botocore.__file__).parent / "data"

session_module: Any = botocore.session
signers: Any = botocore.signers
hooks: Any = botocore.hooks
model: Any = botocore.model
EMITTER = hooks.HierarchicalEmitter()  # botocore's signers hold it weakly


@contextmanager
def at(now: int) -> "Generator[None]":
    """botocore's clock, set."""
    before = oracle.auth.get_current_datetime
    moment = datetime.datetime.fromtimestamp(now, datetime.timezone.utc)
    clock: Callable[..., datetime.datetime] = lambda *_args, **_kwargs: moment  # noqa: E731 - one line says it
    oracle.auth.get_current_datetime = clock
    try:
        yield
    finally:
        oracle.auth.get_current_datetime = before


def theirs(keys: Credentials) -> Any:
    """The same credentials as botocore's."""
    return oracle.botocore_credentials(keys.access_key_id, keys.secret_access_key, keys.session_token)


def session(keys: Credentials) -> Any:
    """A botocore session with these credentials."""
    made = session_module.Session()
    made.set_credentials(keys.access_key_id, keys.secret_access_key, keys.session_token)
    return made


def decoded(token: str) -> str:
    """The URL in base64url without padding."""
    assert "=" not in token
    return base64.b64decode(token + "=" * (-len(token) % 4), altchars="-_", validate=True).decode()


def parts(url: str) -> Any:
    """A URL or a token without scheme, fit to be compared: the order of parameters is free."""
    return agreement.parts(url if "://" in url else f"https://{url}")


class Client:
    """What botocore's token methods need of a client."""

    def __init__(self, service: str, keys: Credentials, region: str) -> None:
        self.meta = SimpleNamespace(region_name=region)
        self._request_signer = signers.RequestSigner(
            model.ServiceId(service), region, service, "v4", theirs(keys), EMITTER
        )


def generic(url: str, service: str, keys: Credentials, *, region: str, expires_in: int) -> str:
    """botocore's generic query signer."""
    return oracle.presigned_url(
        "generic",
        "GET",
        url,
        keys=(keys.access_key_id, keys.secret_access_key, keys.session_token),
        region=region,
        service=service,
        expires_in=expires_in,
        now=NOW,
    )


credentials = st.builds(
    Credentials,
    strategies.credential,
    strategies.credential,
    st.none() | st.text(strategies.PRINTABLE, min_size=1, max_size=80),
)
hosts = st.lists(
    st.text(string.ascii_letters + string.digits + "-", min_size=1, max_size=12), min_size=1, max_size=5
).map(".".join)
regions = st.sampled_from([*REGIONS, "ap-southeast-3", "mx-central-1"])
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20).filter(str.isprintable)
nows = st.integers(0, 4_102_444_800)


# --- EKS -------------------------------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("region", REGIONS)
def test_an_eks_token_is_that_of_the_aws_cli(region: str, keys: Credentials) -> None:
    get_token = pytest.importorskip("awscli.customizations.eks.get_token", reason="awscli is not installed")
    with at(NOW):
        client = get_token.STSClientFactory(session(keys)).get_sts_client(region_name=region)
        expected = get_token.TokenGenerator(client).get_token("prod-1_a")
    token = tokens.eks("prod-1_a", credentials=keys, region=region, now=NOW)
    assert token[:11] == expected[:11] == "k8s-aws-v1."
    assert parts(decoded(token[11:])) == parts(decoded(expected[11:]))
    if keys is KEYS:  # nor does the order differ, where there is no session token
        assert token == expected


def test_an_eks_token_ends_a_minute_before_sts_refuses_it_or_with_its_credentials() -> None:
    assert tokens.eks("prod", credentials=KEYS, region="eu-west-1", now=NOW).expires_at == NOW + 14 * 60
    ending = Credentials("ASIDEXAMPLE", SECRET, "token", expires_at=NOW + 30)
    token = tokens.eks("prod", credentials=ending, region="eu-west-1", now=NOW)
    assert token.expires_at == NOW + 30
    assert inspect(token).expires_in == 30


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", "is empty"),
        ("a b", "'a b' has a space or a non-ASCII character; cluster names have neither"),
        ("é", "'é' has a space or a non-ASCII character; cluster names have neither"),
        ("a\nb", "'a\\nb' has a line break, a control or another unprintable character"),
        ("\ud800", "'\\ud800' has a line break, a control or another unprintable character"),
    ],
)
def test_what_no_cluster_is_called_is_refused(name: str, problem: str) -> None:
    with pytest.raises(errors.InputError) as caught:
        tokens.eks(name, credentials=KEYS, region="eu-west-1")
    assert str(caught.value) == f"cluster_name: {problem}"


@pytest.mark.parametrize(
    "region", ["", "EU-WEST-1", "a/b", "a.b", "aws-global", "fips-us-east-1", "us-east-1-fips", "é"]
)
@pytest.mark.parametrize("recipe", ["eks", "msk", "transcribe"])
def test_a_region_that_no_host_has_is_refused_where_it_becomes_one(recipe: str, region: str) -> None:
    with pytest.raises(errors.InputError) as caught:
        make(recipe, region=region)
    assert str(caught.value) == f"region: {region!r} is not a region of AWS, such as 'eu-west-1'"


# --- databases and caches --------------------------------------------------------------------------------------------


@given(
    host=hosts,
    port=st.integers(1, 65_535),
    username=names,
    keys=credentials,
    region=strategies.scope_name,
    now=nows,
)
def test_an_rds_token_is_that_of_botocore(
    host: str, port: int, username: str, keys: Credentials, region: str, now: int
) -> None:
    with at(now):
        expected = signers.generate_db_auth_token(Client("rds", keys, region), host, port, username)
    token = tokens.rds(host, port, username, credentials=keys, region=region, now=now)
    assert parts(token) == parts(expected)
    assert token.expires_at == now + 900


def test_an_rds_token_is_that_of_a_whole_client_to_the_letter() -> None:
    client = session(KEYS).create_client("rds", region_name="eu-west-1")
    with at(NOW):
        expected = client.generate_db_auth_token("db.abc.eu-west-1.rds.amazonaws.com", 3306, "jane doe+é")
    token = tokens.rds(
        "db.abc.eu-west-1.rds.amazonaws.com", 3306, "jane doe+é", credentials=KEYS, region="eu-west-1", now=NOW
    )
    assert token == expected
    assert token.startswith("db.abc.eu-west-1.rds.amazonaws.com:3306/?Action=connect&DBUser=jane%20doe%2B%C3%A9&")


@pytest.mark.parametrize("port", [443, 80, 1, 5432, 8443, 65_535])
def test_an_rds_token_has_its_port_in_its_text_as_botocores_even_the_one_of_https(port: int) -> None:
    client = session(KEYS).create_client("rds", region_name="eu-west-1")
    with at(NOW):
        expected = client.generate_db_auth_token("db.example", port, "app")
    token = make("rds", "db.example", port, "app")
    assert token == expected
    assert inspect(token).kind == "rds"


@pytest.mark.parametrize("admin", [False, True])
@given(host=hosts, keys=credentials, region=strategies.scope_name, expires_in=st.integers(1, 604_800), now=nows)
def test_a_dsql_token_is_that_of_botocore(
    admin: bool, host: str, keys: Credentials, region: str, expires_in: int, now: int
) -> None:
    make = signers.dsql_generate_db_connect_admin_auth_token if admin else signers.dsql_generate_db_connect_auth_token
    with at(now):
        expected = make(Client("dsql", keys, region), host, None, expires_in)
    token = tokens.dsql(host, admin, credentials=keys, region=region, expires_in=expires_in, now=now)
    assert parts(token) == parts(expected)
    assert token.expires_at == now + expires_in


def test_a_dsql_token_lives_a_quarter_of_an_hour_and_at_most_a_week() -> None:
    client = session(KEYS).create_client("dsql", region_name="eu-west-1")
    with at(NOW):
        expected = client.generate_db_connect_auth_token("abc.dsql.eu-west-1.on.aws")
    token = tokens.dsql("abc.dsql.eu-west-1.on.aws", credentials=KEYS, region="eu-west-1", now=NOW)
    assert token == expected
    assert token.expires_at == NOW + 900
    with pytest.raises(errors.InputError, match=r"^expires_in: 604801 s is too long; the maximum is 604800 s"):
        tokens.dsql("h", credentials=KEYS, region="eu-west-1", expires_in=604_801)


cache_names = st.lists(
    st.text(string.ascii_letters + string.digits, min_size=1, max_size=8), min_size=1, max_size=4
).map(lambda words: "C" + "-".join(words))
user_ids = st.text(string.ascii_letters + string.digits + "-", max_size=20).map("u{}".format)


@pytest.mark.parametrize("serverless", [False, True])
@given(cache_name=cache_names, user_id=user_ids | user_ids.map("default.{}".format), keys=credentials, region=regions)
def test_an_elasticache_token_is_that_of_awss_toolkit(
    serverless: bool, cache_name: str, user_id: str, keys: Credentials, region: str
) -> None:
    toolkit = pytest.importorskip("developer_toolkit_elasticache")
    kind = "serverless_cache_name" if serverless else "replication_group_id"
    with at(NOW):
        expected = toolkit.generate_iam_auth_token(
            user_id=user_id,
            region=region,
            session=session_module.Session(),
            credentials=theirs(keys),
            **{kind: cache_name},
        )
    token = tokens.elasticache(cache_name, user_id, serverless=serverless, credentials=keys, region=region, now=NOW)
    assert parts(token) == parts(expected)
    assert token.startswith(f"{cache_name.lower()}/?Action=connect&")
    assert token.expires_at == NOW + 900


@given(cluster_name=cache_names, username=names, keys=credentials)
def test_a_memorydb_token_is_the_url_that_aws_publishes_signed_by_botocore(
    cluster_name: str, username: str, keys: Credentials
) -> None:
    # https://docs.aws.amazon.com/memorydb/latest/devguide/auth-iam.html, IAMAuthTokenRequest.java
    url = f"http://{cluster_name.lower()}/?Action=connect&User={quote(username, safe='')}"
    expected = generic(url, "memorydb", keys, region="eu-west-1", expires_in=900)
    token = tokens.memorydb(cluster_name, username, credentials=keys, region="eu-west-1", now=NOW)
    assert parts(f"http://{token}") == parts(expected)


@pytest.mark.parametrize(
    ("host", "problem"),
    [
        ("https://db", "is more than a host; leave out scheme, user name, port and path"),
        ("db:5432", "is more than a host; leave out scheme, user name, port and path"),
        ("db/x", "is more than a host; leave out scheme, user name, port and path"),
        ("[::1]:80", "is more than a host; leave out scheme, user name, port and path"),
        ("", "has no host, or a malformed one"),
        ("user@db", "is more than a host; leave out scheme, user name, port and path"),
        ("user:pa55@db", "is more than a host; leave out scheme, user name, port and path"),
        ("d b", "has a host with a character that is not allowed in hosts"),
        ("db?a", "has a host with a character that is not allowed in hosts"),
        ("bücher.example", "has a non-ASCII host; write it in punycode, xn--..."),
    ],
)
def test_what_is_more_or_less_than_a_host_is_refused(host: str, problem: str) -> None:
    for name, *more in (("rds", 5432, "app"), ("dsql",), ("iot_mqtt",)):
        with pytest.raises(errors.InputError) as caught:
            make(name, host, *more)
        assert str(caught.value) == f"host: {problem}"


def test_an_address_may_be_a_host() -> None:
    assert make("rds", "[2001:DB8::1]", 5432, "app").startswith("[2001:db8::1]:5432/?")


@pytest.mark.parametrize("port", [0, -1, 65_536])
def test_what_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(errors.InputError) as caught:
        make("rds", "db", port, "app")
    assert str(caught.value) == f"port: {port} is not a port; use 1 to 65535"


@pytest.mark.parametrize("name", ["sessions.abc.cache.amazonaws.com", "-a", "a_b", "a b", "a:6379", "é", "a" * 64])
def test_a_dns_name_is_no_name_of_a_cache_or_cluster(name: str) -> None:
    problem = f"{name!r} is not a valid name (letters, digits, hyphens); give the name, not the DNS name"
    with pytest.raises(errors.InputError) as caught:
        tokens.elasticache(name, "app", credentials=KEYS, region="eu-west-1")
    assert str(caught.value) == f"cache_name: {problem}"
    with pytest.raises(errors.InputError) as caught:
        tokens.memorydb(name, "app", credentials=KEYS, region="eu-west-1")
    assert str(caught.value) == f"cluster_name: {problem}"


@pytest.mark.parametrize("user", ["", "a\0", "a\r\n"])
def test_what_is_no_user_is_refused_under_its_parameters_name(user: str) -> None:
    problem = "has a line break, a control or another unprintable character" if user else "is empty"
    for parameter, name, *others in (
        ("username", "rds", "db", 1),
        ("username", "memorydb", "c"),
        ("user_id", "elasticache", "c"),
    ):
        with pytest.raises(errors.InputError, match=rf"^{parameter}: .*{problem}$"):
            make(name, *others, user)


# --- brokers and streams ---------------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("region", REGIONS)
def test_an_msk_token_is_that_of_awss_signer_but_for_the_name_of_the_maker(region: str, keys: Credentials) -> None:
    provider_module = pytest.importorskip(
        "aws_msk_iam_sasl_signer.MSKAuthTokenProvider", reason="aws-msk-iam-sasl-signer-python is not installed"
    )
    load: Callable[[Any], Any] = lambda _: theirs(keys)  # noqa: E731 - one line says it
    provider = type("Provider", (oracle.credentials_module.CredentialProvider,), {"load": load})()
    with at(NOW):
        expected, expires_at_ms = provider_module.generate_auth_token_from_credentials_provider(region, provider)
    token = tokens.msk(credentials=keys, region=region, now=NOW)
    ours, named, maker = decoded(token).partition("&User-Agent=")
    assert parts(ours) == parts(decoded(expected).partition("&User-Agent=")[0])
    assert (named, maker) == ("&User-Agent=", "sigv4presign-python")
    assert (token.expires_at_ms, token.expires_at) == (expires_at_ms, NOW + 900)


@BOTH
@pytest.mark.parametrize("expires_in", [None, 86_400])
def test_an_iot_url_is_that_of_awscrt_which_awss_device_sdks_sign_with(
    keys: Credentials, expires_in: "int | None"
) -> None:
    crt: Any = pytest.importorskip("awscrt.auth", reason="awscrt is not installed")
    http: Any = pytest.importorskip("awscrt.http")
    host = "abc-ats.iot.eu-west-1.amazonaws.com"
    # aws-crt-python, awscrt/mqtt5.py and awsiot/mqtt5_client_builder.py: service, omit_session_token
    config = crt.AwsSigningConfig(
        algorithm=crt.AwsSigningAlgorithm.V4,
        signature_type=crt.AwsSignatureType.HTTP_REQUEST_QUERY_PARAMS,
        credentials_provider=crt.AwsCredentialsProvider.new_static(
            keys.access_key_id, keys.secret_access_key, keys.session_token
        ),
        region="eu-west-1",
        service="iotdevicegateway",
        date=datetime.datetime.fromtimestamp(NOW, datetime.timezone.utc),
        omit_session_token=True,
        expiration_in_seconds=expires_in,
    )
    request = http.HttpRequest("GET", "/mqtt", http.HttpHeaders([("host", host)]))
    target: str = crt.aws_sign_request(request, config).result(10).path
    url = tokens.iot_mqtt(host, credentials=keys, region="eu-west-1", expires_in=expires_in, now=NOW)
    assert sorted(parse_qsl(urlsplit(url).query)) == sorted(parse_qsl(urlsplit(target).query))
    assert url.startswith(f"wss://{host}/mqtt?")
    assert isinstance(url, PresignedUrl)
    assert url.expires_at == (None if expires_in is None else NOW + expires_in)
    if keys.session_token:
        assert url.endswith(f"&X-Amz-Security-Token={quote(keys.session_token, safe='')}")


@BOTH
@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("medical", [False, True])
def test_a_transcribe_url_is_the_one_that_aws_publishes_signed_by_botocore(
    medical: bool, region: str, keys: Credentials
) -> None:
    # https://docs.aws.amazon.com/transcribe/latest/dg/streaming-websocket.html, .../streaming-medical-conversation.html
    query = {"session-id": "a/b c", "type": "DICTATION"}
    path = ("medical-" if medical else "") + "stream-transcription-websocket"
    host = f"transcribestreaming.{region}.{partition(region)[1]}:8443"
    url = (
        f"https://{host}/{path}?language-code=en-US&media-encoding=ogg-opus&sample-rate=16000"
        "&session-id=a%2Fb%20c&type=DICTATION"
    )
    expected = generic(url, "transcribe", keys, region=region, expires_in=300)
    ours = tokens.transcribe(
        "en-US", "ogg-opus", 16_000, medical=medical, query=query, credentials=keys, region=region, now=NOW
    )
    assert ours.startswith(f"wss://{host}/{path}?")
    assert parts(ours.replace("wss://", "https://")) == parts(expected)
    assert ours.expires_at == NOW + 300


@pytest.mark.parametrize("query", [{"identify-language": "true"}, [("identify-multiple-languages", "true")]])
def test_transcribe_finds_the_language_where_the_query_says_so(query: Any) -> None:
    url = make("transcribe", None, "pcm", 8000, query=query, expires_in=60)
    assert "language-code" not in url
    assert url.expires_at == NOW + 60


@pytest.mark.parametrize(
    ("arguments", "more", "message"),
    [
        (
            (None, "pcm", 16_000),
            {},
            "language_code: is needed, unless the query has identify-language or identify-multiple-languages",
        ),
        (("", "pcm", 16_000), {}, "language_code: is empty"),
        (("en-US", "", 16_000), {}, "media_encoding: is empty"),
        (("en-US", "pcm", 0), {}, "sample_rate: 0 is not a sample rate in hertz, such as 16000"),
        (
            ("en-US", "pcm", 16_000),
            {"query": {"sample-rate": 8000}},
            "query: sample-rate is set by another argument; give it there",
        ),
        (
            ("en-US", "pcm", 16_000),
            {"expires_in": 301},
            "expires_in: 301 s is too long; the maximum is 300 s (5 minutes)",
        ),
    ],
)
def test_what_transcribe_would_refuse_is_refused(arguments: Any, more: Any, message: str) -> None:
    with pytest.raises(errors.InputError) as caught:
        make("transcribe", *arguments, **more)
    assert str(caught.value) == message


# --- CodeCommit ------------------------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize(
    "url",
    [
        "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/My_Repo.x-1",
        "https://git-codecommit-fips.us-east-1.amazonaws.com:8443/v1/repos/a",
        "https://vpce-1.git-codecommit.eu-west-1.vpce.amazonaws.com/v1/repos/a/",
    ],
)
def test_a_login_for_codecommit_is_that_of_the_aws_clis_helper(
    url: str, keys: Credentials, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    codecommit = pytest.importorskip("awscli.customizations.codecommit", reason="awscli is not installed")
    moment = datetime.datetime.fromtimestamp(NOW, datetime.timezone.utc)
    monkeypatch.setattr(codecommit, "get_current_datetime", lambda: moment)
    split = urlsplit(url)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"protocol=https\nhost={split.netloc}\npath={split.path[1:]}\n\n"))
    command = codecommit.CodeCommitGetCommand(session(keys))
    region = "us-east-1" if "us-east-1" in url else "eu-west-1"
    command._run_main(SimpleNamespace(ignore_host_check=True), SimpleNamespace(region=region))
    login = tokens.codecommit(url, credentials=keys, region=region, now=NOW)
    username, password = login
    assert capsys.readouterr().out == f"username={username}\npassword={password}\n"
    assert (login.username, login.password, login.expires_at) == (username, password, NOW + 900)


@pytest.mark.parametrize(
    "url",
    [
        "http://git-codecommit.eu-west-1.amazonaws.com/v1/repos/a",
        "https://git-codecommit.eu-west-1.amazonaws.com",
        "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/a?b",
        "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/a#b",
        "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/a b",
        "https://git-codecommit.eu-west-1.amazonaws.com:0/v1/repos/a",
        "ssh://git-codecommit.eu-west-1.amazonaws.com/v1/repos/a",
        "ssh://me@git-codecommit.eu-west-1.amazonaws.com/v1/repos/a",
        "codecommit::eu-west-1://a",
        "git-codecommit.eu-west-1.amazonaws.com/v1/repos/a",
        "",
    ],
)
def test_what_is_no_repository_is_refused(url: str) -> None:
    with pytest.raises(errors.InputError) as caught:
        tokens.codecommit(url, credentials=KEYS, region="eu-west-1")
    assert str(caught.value) == (
        "url: is not a repository's URL; write https://git-codecommit.REGION.amazonaws.com/v1/repos/NAME"
    )


@pytest.mark.parametrize("userinfo", ["me", "me:pa55"])
def test_a_remote_of_git_with_a_user_name_is_refused_for_that(userinfo: str) -> None:
    with pytest.raises(errors.InputError) as caught:
        make("codecommit", f"HTTPS://{userinfo}@git-codecommit.eu-west-1.amazonaws.com/v1/repos/a")
    assert str(caught.value) == "url: has a user name before its host; leave it out"


def test_a_login_hides_both_its_parts_and_is_a_value() -> None:
    login = tokens.codecommit("https://h/v1/repos/a", credentials=TEMPORARY, region="eu-west-1", now=NOW)
    assert repr(login) == f"GitLogin(username=<hidden>, password=<hidden>, expires_at={NOW + 900})"
    assert pickle.loads(pickle.dumps(login)) == login == copy.deepcopy(login)
    with pytest.raises(AttributeError, match="GitLogin is immutable: password can't be set"):
        login.password = "x"


# --- all of them -----------------------------------------------------------------------------------------------------

RECIPES: "dict[str, tuple[Any, ...]]" = {
    "eks": ("prod",),
    "rds": ("db.example", 5432, "app"),
    "dsql": ("db.example",),
    "elasticache": ("cache", "app"),
    "memorydb": ("cluster", "app"),
    "msk": (),
    "iot_mqtt": ("iot.example",),
    "transcribe": ("en-US", "pcm", 16_000),
    "codecommit": ("https://git.example/v1/repos/a",),
}
SERVICES = {"eks": "sts", "rds": "rds-db", "msk": "kafka-cluster", "iot_mqtt": "iotdevicegateway"}


def make(name: str, *arguments: Any, keys: Any = KEYS, region: Any = "eu-west-1", now: Any = NOW, **more: Any) -> Any:
    """A token of a kind, with the arguments of the table or with others."""
    recipe: Callable[..., Any] = getattr(tokens, name)
    return recipe(*(arguments or RECIPES[name]), credentials=keys, region=region, now=now, **more)


def test_every_recipe_is_public_and_stands_in_these_tables() -> None:
    assert set(tokens.__all__) == {*RECIPES, "GitLogin", "Token", "check_eks_structure"}


@pytest.mark.parametrize("name", RECIPES)
def test_credentials_are_what_they_are_everywhere_and_are_read_once(name: str) -> None:
    expected = make(name, keys=TEMPORARY)
    calls: list[int] = []

    def source() -> Any:
        calls.append(1)
        return theirs(TEMPORARY)

    assert make(name, keys=source) == expected
    assert len(calls) == 1
    scope = CredentialScope("20251124", "eu-west-1", SERVICES.get(name, name))
    key = derive_signing_key(TEMPORARY, scope)
    moment = datetime.datetime.fromtimestamp(NOW, datetime.timezone.utc)
    assert make(name, keys=key, now=moment) == expected
    with pytest.raises(errors.InputError, match=f"^credentials: the SigningKey is for {scope}, not for 20251124/us-"):
        make(name, keys=key, region="us-east-1")


@pytest.mark.parametrize("name", RECIPES)
def test_the_clock_is_read_where_no_time_is_given(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: NOW + 0.9)
    assert make(name, now=None) == make(name)


@pytest.mark.parametrize("name", RECIPES)
def test_a_token_ends_with_its_credentials_and_ended_ones_make_none(name: str) -> None:
    ending = Credentials("ASIDEXAMPLE", SECRET, "token", expires_at=NOW + 20)
    made = make(name, keys=ending)
    assert made.expires_at == (None if name == "iot_mqtt" else NOW + 20)
    with pytest.raises(errors.CredentialsExpireFirst, match="^the credentials have expired; fetch new ones$"):
        make(name, keys=ending, now=NOW + 20)


@pytest.mark.parametrize("name", ["dsql", "iot_mqtt", "transcribe"])
def test_a_lifetime_that_was_asked_for_is_not_shortened(name: str) -> None:
    ending = Credentials("ASIDEXAMPLE", SECRET, "token", expires_at=NOW + 20)
    with pytest.raises(errors.CredentialsExpireFirst) as caught:
        make(name, keys=ending, expires_in=21)
    assert caught.value.seconds_left == 20
    assert str(caught.value) == (
        "the credentials expire in 20 seconds, before the token would; refresh them, ask for at most 20 s, or leave "
        "expires_in out"
    )
    assert make(name, keys=ending).expires_at == (None if name == "iot_mqtt" else NOW + 20)
    with pytest.raises(errors.CredentialsExpireFirst, match="^the credentials have expired; fetch new ones$"):
        make(name, keys=ending, now=NOW + 20, expires_in=1)
    lifetime = datetime.timedelta(seconds=20)
    assert make(name, keys=ending, expires_in=lifetime).expires_at == NOW + 20


@pytest.mark.parametrize("name", RECIPES)
def test_no_token_shows_itself(name: str) -> None:
    made = make(name, keys=TEMPORARY)
    shown = repr(made)
    assert "to/ken" not in shown
    assert "to%2Fken" not in shown
    text = made.password if isinstance(made, tokens.GitLogin) else str(made)
    assert text not in shown
    assert text[-64:] not in shown


@pytest.mark.parametrize(
    ("name", "kind"),
    [(name, name) for name in ("eks", "rds", "dsql", "elasticache", "memorydb", "msk")]
    + [("iot_mqtt", "v4"), ("transcribe", "v4")],
)
def test_inspect_reads_what_is_made_here(name: str, kind: str) -> None:
    seen = inspect(str(make(name)))
    assert (seen.kind, seen.access_key_id, seen.region, seen.signed_at) == (kind, "AKIDEXAMPLE", "eu-west-1", NOW)
    assert seen.service == SERVICES.get(name, name)


def test_a_token_is_a_string_and_a_value() -> None:
    token = tokens.msk(credentials=KEYS, region="eu-west-1", now=NOW)
    assert type(str(token)) is str
    assert f"{token}" == str(token) == token
    assert hash(token) == hash(str(token))
    assert repr(token) == f"<Token hidden expires_at={NOW + 900}>"
    for twin in (pickle.loads(pickle.dumps(token)), copy.copy(token), copy.deepcopy(token)):
        assert (type(twin), twin, twin.expires_at) == (tokens.Token, token, NOW + 900)
    with pytest.raises(AttributeError, match="^Token is immutable: expires_at cannot be set$"):
        token.expires_at = 0  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(AttributeError, match="^Token is immutable: _expires_at cannot be deleted$"):
        del token._expires_at


@pytest.mark.parametrize(
    ("name", "arguments", "more", "message"),
    [
        ("eks", (b"prod",), {}, "cluster_name: expected str, got bytes"),
        *[(name, (), {"region": None}, "region: expected str, got NoneType") for name in RECIPES],
        ("rds", (b"db", 1, "app"), {}, "host: expected str, got bytes"),
        ("rds", ("db", "5432", "app"), {}, "port: expected int, got str"),
        ("rds", ("db", True, "app"), {}, "port: expected int, got bool"),
        ("rds", ("db", 1, None), {}, "username: expected str, got NoneType"),
        ("transcribe", ("en-US", "pcm", "16000"), {}, "sample_rate: expected int, got str"),
        ("transcribe", ("en-US", "pcm", True), {}, "sample_rate: expected int, got bool"),
        *[
            ("transcribe", (), {"query": query}, f"query: {problem}")
            for query, problem in (
                ("a=b", "expected a mapping or pairs, got str"),
                (b"a=b", "expected a mapping or pairs, got bytes"),
                (5, "expected a mapping or pairs, got int"),
                (0, "expected a mapping or pairs, got int"),
                (["abc"], "expected pairs of a name and a value; one is str"),
                ([("a",)], "expected pairs of a name and a value; one is tuple"),
                ([[["x"], "b"]], "the name ['x'] is list; give str"),
                ({"a": None}, "the value of 'a' is NoneType; give str or int (repeats: pairs)"),
            )
        ],
        *[
            (name, (), {flag: given}, f"{flag}: expected bool, got {type(given).__name__}")
            for name, flag in (("dsql", "admin"), ("elasticache", "serverless"), ("transcribe", "medical"))
            for given in ("false", "", 1, None)
        ],
        ("codecommit", (b"https://h/a",), {}, "url: expected str, got bytes"),
    ],
)
def test_wrong_types_are_type_errors(name: str, arguments: Any, more: Any, message: str) -> None:
    with pytest.raises(TypeError) as caught:
        make(name, *arguments, **more)
    assert str(caught.value) == message


@pytest.mark.parametrize("name", RECIPES)
def test_a_provider_is_not_asked_where_the_region_is_no_text(name: str) -> None:
    def source() -> Any:
        raise AssertionError("asked for credentials")

    with pytest.raises(TypeError, match="^region: expected str, got int$"):
        make(name, keys=source, region=5)


def test_a_token_in_bytes_is_a_type_error() -> None:
    token: Any = b"k8s-aws-v1."
    with pytest.raises(TypeError, match="^token: expected str, got bytes$"):
        tokens.check_eks_structure(token)


def test_what_sts_gets_to_see_is_a_request_that_holds() -> None:
    url = decoded(tokens.eks("prod", credentials=TEMPORARY, region="eu-west-1", now=NOW)[11:])
    seen = verify(
        "GET",
        url,
        headers={"Host": "sts.eu-west-1.amazonaws.com", "x-k8s-aws-id": "prod"},
        secrets={"ASIDEXAMPLE": TEMPORARY},
        service="sts",
        region="eu-west-1",
        now=NOW,
    )
    assert dict(seen.headers)["x-k8s-aws-id"] == "prod"


# --- the form of an EKS token ----------------------------------------------------------------------------------------

GOOD = {
    "Action": "GetCallerIdentity",
    "Version": "2011-06-15",
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": "AKID/20251124/us-east-1/sts/aws4_request",
    "X-Amz-Date": "20251124T160000Z",
    "X-Amz-Expires": "60",
    "X-Amz-SignedHeaders": "host;x-k8s-aws-id",
    "X-Amz-Signature": "0" * 64,
}


SMALLEST = "action=GetCallerIdentity&x-amz-signedheaders=x-k8s-aws-id&x-amz-expires=60"


def eks_token(url: str) -> str:
    return "k8s-aws-v1." + base64.urlsafe_b64encode(url.encode()).decode().rstrip("=")


def good_url(host: str = "sts.amazonaws.com", *, without: str = "", **changes: str) -> str:
    query = {name: value for name, value in GOOD.items() if name != without}
    query.update({name.replace("_", "-"): value for name, value in changes.items()})
    return f"https://{host}/?" + "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items())


REFUSED = {
    "too large": ("k8s-aws-v1." + "A" * 4086, "has more than 4096 bytes"),
    "another prefix": ("k8s-aws-v2.asdfasdfa", "does not begin with k8s-aws-v1."),
    "cut base64": ("k8s-aws-v1.decod", "is not base64url without padding after its prefix; was it cut?"),
    "padding": (eks_token(good_url()) + "==", "is not base64url without padding after its prefix; was it cut?"),
    "plain base64": ("k8s-aws-v1.ab+/", "is not base64url without padding after its prefix; was it cut?"),
    "a line break": ("k8s-aws-v1.YWJj\n", "is not base64url without padding after its prefix; was it cut?"),
    "bytes": ("k8s-aws-v1._____w", "contains something that is not a URL"),
    "nothing": ("k8s-aws-v1.", "contains a URL that does not begin with one of http://, https://, ws://, wss://"),
    "no scheme": (
        eks_token(":ab:cd.af:/asda"),
        "contains a URL that does not begin with one of http://, https://, ws://, wss://",
    ),
    "another scheme": (
        eks_token(good_url().replace("https", "http")),
        "contains a URL of the scheme http; it must be https",
    ),
    "another host": (
        eks_token("https://google.com"),
        "contains a URL of 'google.com', which is not how a host of STS is written",
    ),
    "a bucket": (
        eks_token(good_url("sts.s3-eu-west-1.amazonaws.com")),
        "contains a URL of 'sts.s3-eu-west-1.amazonaws.com', which is not how a host of STS is written",
    ),
    "another domain behind": (
        eks_token(good_url("sts.amazonaws.com.evil.example")),
        "contains a URL of 'sts.amazonaws.com.evil.example', which is not how a host of STS is written",
    ),
    "a port": (
        eks_token(good_url("sts.amazonaws.com:443")),
        "contains a URL of 'sts.amazonaws.com:443', which is not how a host of STS is written",
    ),
    "capitals": (
        eks_token(good_url("STS.amazonaws.com")),
        "contains a URL of 'STS.amazonaws.com', which is not how a host of STS is written",
    ),
    "userinfo": (
        eks_token(good_url("a@sts.amazonaws.com")),
        "contains a URL that has userinfo before its host; a presigned URL has its credentials in the query",
    ),
    "another path": (
        eks_token("https://sts.cn-north-1.amazonaws.com.cn/abc"),
        "contains a URL of the path '/abc'; it must be a single slash",
    ),
    "two slashes": (
        eks_token(good_url("sts.amazonaws.com/")),
        "contains a URL of the path '//'; it must be a single slash",
    ),
    "no path": (
        eks_token(good_url().replace("/?", "?")),
        "contains a URL of the path '/'; it must be a single slash",
    ),
    "a fragment": (
        eks_token(good_url() + "#a"),
        "contains a URL that has a fragment (#...), which is never sent; a literal # is written %23",
    ),
    "another parameter": (
        eks_token(good_url(NoInWhiteList="abc")),
        "contains a URL with the parameter 'NoInWhiteList', which does not belong there",
    ),
    "a parameter twice": (
        eks_token(good_url() + "&Action=GetCallerIdentity"),
        "contains a URL that has the parameter Action twice",
    ),
    "twice in two cases": (
        eks_token(good_url(x_amz_credential="eve")),
        "contains a URL that has the parameter x-amz-credential twice",
    ),
    "a raw semicolon": (
        eks_token(good_url().replace("%3B", ";")),
        "contains a URL with an unescaped semicolon in its query",
    ),
    "a broken escape": (
        eks_token(good_url() + "%gh"),
        "contains a URL that has a % without two hex digits after it; a literal % is written %25",
    ),
    "another action": (
        eks_token(good_url(Action="NotGetCallerIdenity")),
        "contains a URL of another Action than GetCallerIdentity",
    ),
    "no action": (
        eks_token(good_url(without="Action")),
        "contains a URL of another Action than GetCallerIdentity",
    ),
    "another header": (
        eks_token(good_url(without="X-Amz-SignedHeaders", x_amz_signedheaders="abc;x-k8s-aws-i;def")),
        "was signed without the header x-k8s-aws-id, so it is for no cluster",
    ),
    "no signed headers": (
        eks_token(good_url(without="X-Amz-SignedHeaders")),
        "was signed without the header x-k8s-aws-id, so it is for no cluster",
    ),
    **{
        f"an expiry of {text!r}": (
            eks_token(good_url(without="X-Amz-Expires", x_amz_expires=text)),
            f"has an X-Amz-Expires of {text[:20]!r}; it must be 0 to 900",
        )
        for text in ("9999999", "901", "-1", "", "60 ", "1.5", "٦", "000000000000000000001")
    },
    "no expiry": (eks_token(good_url(without="X-Amz-Expires")), "has an X-Amz-Expires of ''; it must be 0 to 900"),
    "no date": (
        eks_token(good_url(without="X-Amz-Date")),
        "has an X-Amz-Date of '', which is not of the form YYYYMMDDTHHMMSSZ",
    ),
    "a malformed date": (
        eks_token(good_url(without="X-Amz-Date", x_amz_date="xxxxxxx")),
        "has an X-Amz-Date of 'xxxxxxx', which is not of the form YYYYMMDDTHHMMSSZ",
    ),
    "a day that is none": (
        eks_token(good_url(without="X-Amz-Date", x_amz_date="20251131T000000Z")),
        "has an X-Amz-Date of '20251131T000000Z', which is not a valid day",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_has_not_the_form_of_an_eks_token_is_refused(what: str) -> None:
    """Most of these are cases of aws-iam-authenticator's own TestVerifyTokenPreSTSValidations."""
    token, problem = REFUSED[what]
    with pytest.raises(errors.InputError) as caught:
        tokens.check_eks_structure(token)
    assert str(caught.value) == f"token: {problem}"
    assert "0" * 64 not in str(caught.value)


@BOTH
@pytest.mark.parametrize("region", REGIONS)
def test_every_token_that_is_made_here_has_the_form(region: str, keys: Credentials) -> None:
    tokens.check_eks_structure(tokens.eks("prod", credentials=keys, region=region, now=NOW))


@pytest.mark.parametrize(
    "url",
    [
        good_url(),
        good_url(without="X-Amz-Expires", x_amz_expires="0"),
        good_url(without="X-Amz-Expires", x_amz_expires="900"),
        # aws-iam-authenticator's own smallest: token_test.go, validURL
        f"https://sts.amazonaws.com/?{SMALLEST}&x-amz-date=20191216T000000Z",
        good_url(without="X-Amz-SignedHeaders", x_amz_signedheaders="Host;X-K8s-Aws-Id"),
    ],
)
def test_what_the_authenticator_would_ask_sts_about_passes(url: str) -> None:
    tokens.check_eks_structure(eks_token(url))


def test_a_token_of_4096_bytes_is_not_too_large() -> None:
    base = good_url(X_Amz_Security_Token="")
    token = eks_token(base + "t" * (3063 - len(base)))
    assert len(token) == 11 + 4084
    tokens.check_eks_structure(token)
    with pytest.raises(errors.InputError, match="^token: has more than 4096 bytes$"):
        tokens.check_eks_structure(eks_token(base + "t" * (3065 - len(base))))


def sts_hosts() -> "list[str]":
    """Every host of STS that botocore's data have, FIPS and dual-stack among them."""
    found = {"sts.amazonaws.com"}
    endpoints = json.loads((READ / "endpoints.json").read_text(encoding="utf-8"))
    dualstack = {
        entry["id"]: entry["outputs"]["dualStackDnsSuffix"]
        for entry in json.loads((READ / "partitions.json").read_text(encoding="utf-8"))["partitions"]
    }
    for entry in endpoints["partitions"]:
        for region, endpoint in entry["services"]["sts"]["endpoints"].items():
            if "credentialScope" not in endpoint or "hostname" not in endpoint:
                found.add(f"sts.{region}.{entry['dnsSuffix']}")
                found.add(f"sts.{region}.{dualstack[entry['partition']]}")
            for variant in endpoint.get("variants", []):
                found.add(variant["hostname"])
    return sorted(found)


@pytest.mark.parametrize("host", sts_hosts())
def test_every_host_of_sts_that_botocore_knows_is_one(host: str) -> None:
    assert is_sts_host(host)


# aws-iam-authenticator, token_test.go, TestSTSEndpoints: what it takes for no host of STS in any partition; and ours.
@pytest.mark.parametrize(
    "host",
    [
        "sts.amazonaws.com.cn", "website.amazonaws.com", "sts.not-a-region1.amazonaws.com.cn",
        "sts.us-iso-east-1.amazonaws.com", "sts.us-west-2.amazonaws.com.cn", "sts.cn-north-1.amazonaws.com",
        "sts.us-isob-east-1.amazonaws.com.cn", "sts.cn-north-1.api.aws", "sts.us-west-2.api.amazonwebservices.com.cn",
        # it takes any label for a region since it left Go's first SDK, so also what can be a bucket called sts
        "sts.not-a-region.amazonaws.com", "sts.s3-eu-west-1.amazonaws.com", "sts.s3-website-eu-west-1.amazonaws.com",
        "sts.s3.amazonaws.com", "sts.execute-api-1.amazonaws.com", "", "sts", "sts.", "sts.eu-west-1",
        "sts.eu--1.amazonaws.com", "sts.eu-west-x.amazonaws.com", "evil.sts.amazonaws.com",
        "sts.eu-west-1.amazonaws.com.", "stsx.eu-west-1.amazonaws.com",
    ],
)  # fmt: skip
def test_other_hosts_are_none_of_sts(host: str) -> None:
    assert not is_sts_host(host)


@given(
    st.text()
    | st.binary().map(
        lambda raw: eks_token("https://sts.amazonaws.com/?") + base64.urlsafe_b64encode(raw).decode().rstrip("=")
    )
)
def test_whatever_comes_only_an_input_error_escapes(token: str) -> None:
    for text in (token, "k8s-aws-v1." + token):
        with pytest.raises(errors.InputError):
            tokens.check_eks_structure(text)


# --- docs/how-to/iam-tokens.md ---------------------------------------------------------------------------------------


def test_the_recipe_for_polly_gives_botocores_url() -> None:
    client = session(TEMPORARY).create_client("polly", region_name="eu-west-1")
    speech = {"Text": "Grüß Gott & hallo", "OutputFormat": "mp3", "VoiceId": "Joanna"}
    with at(NOW):
        expected = client.generate_presigned_url("synthesize_speech", Params=speech, HttpMethod="GET")
    ours = presign(
        "GET",
        "https://polly.eu-west-1.amazonaws.com/v1/speech",
        credentials=TEMPORARY,
        region="eu-west-1",
        service="polly",
        query=speech,
        now=NOW,
    )
    assert parts(ours) == parts(expected)


@pytest.mark.parametrize(
    ("service", "operation", "params", "extra"),
    [
        (
            "ec2",
            "copy_snapshot",
            {"SourceRegion": "us-west-2", "SourceSnapshotId": "snap-1"},
            {
                "Action": "CopySnapshot",
                "Version": "2016-11-15",
                "SourceRegion": "us-west-2",
                "SourceSnapshotId": "snap-1",
            },
        ),
        (
            "rds",
            "copy_db_snapshot",
            {
                "SourceRegion": "us-west-2",
                "SourceDBSnapshotIdentifier": "arn:aws:rds:us-west-2:123456789012:snapshot:a",
                "TargetDBSnapshotIdentifier": "b",
                "KmsKeyId": "key",
            },
            {
                "Action": "CopyDBSnapshot",
                "Version": "2014-10-31",
                "SourceDBSnapshotIdentifier": "arn:aws:rds:us-west-2:123456789012:snapshot:a",
                "TargetDBSnapshotIdentifier": "b",
                "KmsKeyId": "key",
            },
        ),
    ],
)
def test_the_recipe_for_copies_across_regions_gives_botocores_url(
    service: str, operation: str, params: "dict[str, str]", extra: "dict[str, str]"
) -> None:
    client = session(KEYS).create_client(service, region_name="eu-west-1")
    sent: list[Any] = []

    def stop(request: Any, **_: Any) -> Any:
        sent.append(request)
        raise ConnectionAbortedError

    client.meta.events.register("before-send.*", stop)
    with at(NOW), pytest.raises(ConnectionAbortedError):
        getattr(client, operation)(**params)
    body = dict(parse_qsl(sent[0].body.decode() if isinstance(sent[0].body, bytes) else sent[0].body))
    ours = presign(
        "GET",
        f"https://{service}.us-west-2.amazonaws.com/",
        credentials=KEYS,
        region="us-west-2",
        service=service,
        query={**extra, "DestinationRegion": "eu-west-1"},
        now=NOW,
    )
    assert parts(ours) == parts(body.get("PresignedUrl") or body["PreSignedUrl"])


def test_base64url_is_that_of_the_standard_library_without_padding() -> None:
    texts = ["", "a", "ab", "https://h/?a=b~~~>>>", *[f"aa{chr(code)}" for code in range(128)]]
    for text in texts:
        assert base64url(text) == base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()
    assert len({base64url(text)[-1:] for text in texts[4:]}) == 64  # it may end with any letter
