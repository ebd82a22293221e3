"""Sessions for directory buckets, against a server on loopback that checks the signature of CreateSession.

Rule: what is sent is compared with what botocore's model makes of the operation; it has not been tried at AWS.
"""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import botocore.config
import botocore.session
import pytest
from freezegun import freeze_time
from provider_servers import Answer, Express

from sigv4presign import Credentials, CredentialScope, S3Presigner, derive_signing_key, providers
from sigv4presign.errors import CredentialsNotFound, InputError
from sigv4presign.providers import Provider, _http

session_module: Any = botocore.session
Config: Any = botocore.config.Config

BUCKET = "logs--euw1-az1--x-s3"
HOST = f"{BUCKET}.s3express-euw1-az1.eu-west-1.amazonaws.com"
CALLER = Credentials("AKIDEXAMPLE", "secret-of-caller")
TEMPORARY = Credentials("ASIAEXAMPLE", "secret-of-caller", "token-of-caller")


@pytest.fixture(autouse=True)
def nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("AWS_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(_http, "_PAUSE", 0.001)


@pytest.fixture
def express() -> "Iterator[Express]":
    known = {each.access_key_id: (each.secret_access_key, each.session_token) for each in (CALLER, TEMPORARY)}
    with Express(known) as server:
        yield server


def session(express: Express, **options: Any) -> Provider:
    asked: dict[str, Any] = {"credentials": CALLER, "region": "eu-west-1", "endpoint": express.url}
    return providers.directory_bucket(BUCKET, **(asked | options))


def refusal(provider: "Callable[[], object]") -> str:
    with pytest.raises(CredentialsNotFound) as caught:
        provider()
    message = str(caught.value)
    for secret in ("secret-of", "token-of", "X-Amz"):
        assert secret not in message
    return message


@pytest.mark.parametrize("credentials", [CALLER, TEMPORARY, lambda: TEMPORARY], ids=["key", "session", "callable"])
def test_a_session_is_asked_for_by_a_presigned_url_whose_signature_is_botocores(
    express: Express, credentials: Any
) -> None:
    provider = session(express, credentials=credentials)
    found = provider()
    assert (found.access_key_id, found.session_token) == ("ASIAEXPRESS1", "token-of-session-1")
    assert provider.source == f"a session for the bucket {BUCKET}"
    (asked,) = express.asked
    assert asked.method == "GET"
    assert "x-amz-create-session-mode" not in asked.headers


def test_a_session_that_only_reads_says_so_in_a_signed_header(express: Express) -> None:
    assert session(express, read_only=True)().access_key_id == "ASIAEXPRESS1"
    (asked,) = express.asked
    assert asked.headers["x-amz-create-session-mode"] == "ReadOnly"
    assert dict(parse_qsl(urlsplit(asked.target).query))["X-Amz-SignedHeaders"] == "host;x-amz-create-session-mode"


def test_the_request_goes_where_botocores_model_sends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    client = session_module.Session().create_client(
        "s3",
        region_name="eu-west-1",
        aws_access_key_id="AKIDEXAMPLE",
        aws_secret_access_key="secret",
        config=Config(signature_version="s3v4"),
    )
    expected: str = client.generate_presigned_url("create_session", Params={"Bucket": BUCKET}, ExpiresIn=60)
    theirs = urlsplit(expected)
    asked: list[str] = []

    def note(self: Any, method: str, url: str, headers: "dict[str, str]", **_: object) -> "tuple[int, bytes]":
        asked.append(url)
        assert (method, headers) == ("GET", {})
        raise self.failure("was not asked")

    monkeypatch.setattr(_http.Server, "ask", note)
    assert "was not asked" in refusal(providers.directory_bucket(BUCKET, credentials=CALLER, region="eu-west-1"))
    ours = urlsplit(asked[0])
    assert (ours.scheme, ours.netloc) == (theirs.scheme, theirs.netloc) == ("https", HOST)
    assert ours.path == (theirs.path or "/")
    our_query, their_query = [dict(parse_qsl(url.query, keep_blank_values=True)) for url in (ours, theirs)]
    assert our_query["session"] == their_query["session"] == ""
    assert our_query["X-Amz-Credential"].split("/")[2:] == their_query["X-Amz-Credential"].split("/")[2:]
    assert set(our_query) == set(their_query)


def test_a_presigner_signs_for_the_bucket_with_the_session_and_no_longer_than_it(express: Express) -> None:
    s3 = S3Presigner(session(express), region="eu-west-1")
    url = s3.get_object(BUCKET, "2026/a b.csv")
    query = dict(parse_qsl(urlsplit(url).query))
    assert urlsplit(url).netloc == HOST
    assert query["X-Amz-S3session-Token"] == "token-of-session-1"
    assert "X-Amz-Security-Token" not in query
    assert query["X-Amz-Credential"].startswith("ASIAEXPRESS1/")
    assert query["X-Amz-Credential"].endswith("/eu-west-1/s3express/aws4_request")
    assert 290 <= int(query["X-Amz-Expires"]) <= 302  # the clock is read before the session is opened


def test_a_session_is_opened_again_when_half_of_its_five_minutes_are_over(express: Express) -> None:
    provider = session(express)
    with freeze_time("2026-11-24T09:00:00Z") as clock:
        assert provider().access_key_id == "ASIAEXPRESS1"
        clock.tick(149)
        assert provider().access_key_id == "ASIAEXPRESS1"
        clock.tick(1)
        provider()
        with provider._turn.lock:
            pass
        assert provider().access_key_id == "ASIAEXPRESS2"


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (
            Answer(403, "<Error><Code>AccessDenied</Code></Error>"),
            "refused CreateSession with AccessDenied (status 403)",
        ),
        (Answer(500, "<Error/>"), "refused CreateSession with an error without a code (status 500)"),
        (Answer(200, "secret-of"), "answered CreateSession with something that is not its XML (status 200)"),
        (Answer(503), "answered CreateSession with something that is not its XML (status 503)"),
        (Answer(200, "<a/>"), "answered without AccessKeyId"),
        (Answer(200, "secret-of" * 10_000), "answered with more than 65536 bytes"),
        (Answer(307), "answered with a redirect (307), which is not followed"),
    ],
)
def test_each_fault_has_its_sentence(express: Express, answer: Answer, problem: str) -> None:
    express.always = answer
    assert refusal(session(express)) == f"S3 at {express.url} {problem}"


def test_credentials_that_cannot_open_a_session_are_named(express: Express) -> None:
    short = Credentials("AKID", "secret-of", "token-of", expires_at=int(time.time()) + 30)
    assert "the credentials for CreateSession expire in " in refusal(session(express, credentials=short))
    key = derive_signing_key(CALLER, CredentialScope("20261124", "us-east-1", "s3express"))
    assert "S3 cannot be asked for a session: credentials: " in refusal(session(express, credentials=key))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_MAX_ATTEMPTS", "x")
        assert "S3 cannot be asked for a session: AWS_MAX_ATTEMPTS: 'x' is" in refusal(session(express))
    assert refusal(session(express, endpoint="ftp://x")).startswith("S3 has no URL that can be asked")


@pytest.mark.parametrize(
    ("bucket", "options", "error", "message"),
    [
        ("logs", {}, InputError, "bucket: 'logs' is not a directory bucket, such as 'name--usw2-az1--x-s3'"),
        (5, {}, TypeError, "bucket: expected str, got int"),
        (BUCKET, {"region": None}, TypeError, "region: expected str, got NoneType"),
        (BUCKET, {"endpoint": 5}, TypeError, "endpoint: expected str, got int"),
        (BUCKET, {"endpoint": ""}, InputError, "endpoint: is empty; leave it out to have it looked up"),
        (BUCKET, {"read_only": "no"}, TypeError, "read_only: expected bool, got str"),
        (BUCKET, {"region": "x/"}, InputError, "region: 'x/' is not a region of AWS"),
        (BUCKET, {"credentials": "AKID"}, TypeError, "credentials: expected Credentials"),
        (BUCKET, {"refresh_ahead": 0}, InputError, "refresh_ahead: 0 is not a whole number"),
    ],
)
def test_an_argument_that_cannot_be_meant_is_refused_at_once(
    bucket: Any, options: "dict[str, Any]", error: "type[Exception]", message: str
) -> None:
    asked: dict[str, Any] = {"credentials": CALLER, "region": "eu-west-1", **options}
    with pytest.raises(error, match=message):
        providers.directory_bucket(bucket, **asked)


def test_aiobotocores_credentials_are_told_from_botocores() -> None:
    class AioCredentials:
        """What aiobotocore has: a coroutine in the place of a method."""

        access_key, secret_key, token = "AKID", "secret-of", None

        async def get_frozen_credentials(self) -> "AioCredentials":
            return self

    source: Any = AioCredentials()
    s3 = S3Presigner(lambda: source, region="eu-west-1")
    says = r"^credentials: aiobotocore's credentials are asynchronous; pass what `await credentials\.get_f"
    with pytest.raises(TypeError, match=says):
        s3.get_object("bkt", "k")
