"""`inspect`: what a URL, a token or a form says, unverified and without its secrets."""

import base64
import io
import json
import time
from typing import Any

import oracle
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import text

from sigv4presign import Credentials, Inspection, S3Presigner, inspect, presign
from sigv4presign.__main__ import main
from sigv4presign._diagnosis.inspect import parse_credential_v4a
from sigv4presign.errors import InputError, VerificationError

NOW = 1_764_000_000  # 2025-11-24T16:00:00Z
TEMPORARY = Credentials("ASIAEXAMPLE", "secret", "tokentoken")
KEYS = ("AKIDEXAMPLE", "secret", None)


def url_of(**changes: Any) -> str:
    arguments: dict[str, Any] = {
        "credentials": TEMPORARY, "region": "eu-west-1", "service": "s3", "expires_in": 900, "now": NOW, **changes,
    }  # fmt: skip
    return presign("PUT", "https://files.example/a%20b", **arguments)


def test_what_a_url_says() -> None:
    url = url_of(query=[("versionId", "v"), ("X-Amz-Other", "é")], headers={"Content-Type": "text/plain"})
    seen = inspect(url)
    assert seen.kind == "v4"
    assert (seen.host, seen.path) == ("files.example", "/a%20b")
    assert seen.query == (("X-Amz-Other", "é"), ("versionId", "v"))
    assert (seen.access_key_id, seen.region, seen.service) == ("ASIAEXAMPLE", "eu-west-1", "s3")
    assert (seen.signed_at, seen.expires_in, seen.expires_at) == (NOW, 900, NOW + 900)
    assert seen.signed_headers == ("content-type", "host")
    assert seen.has_session_token
    assert (seen.region_set, seen.fields, seen.conditions) == (None, None, None)
    assert not inspect(url_of(credentials=Credentials("AKID", "secret"))).has_session_token
    assert (seen.seconds_left(NOW), seen.seconds_left(NOW + 901)) == (900, -1)


@pytest.mark.parametrize("service", ["s3", "s3express", "iotdevicegateway", "execute-api"])
def test_it_finds_the_token_and_shows_neither_it_nor_the_signature(service: str) -> None:
    url = url_of(service=service)
    seen = inspect(url)
    assert seen.has_session_token
    assert seen.query == ()
    for shown in (repr(seen), str(seen.url)):
        assert "tokentoken" not in shown
        assert url.partition("X-Amz-Signature=")[2][:64] not in shown


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", "url: does not begin with"),
        ("/a?X-Amz-Signature=b", "url: does not begin with"),
        ("h.example/?X-Amz-Credential=a/20251124/r/s3/aws4_request", "url: does not begin with"),
        ("h.example/?X-Amz-Credential=%zz", "url: does not begin with"),
        ("https://h/%zz", "url: has a %"),
        ("https://h/a", "missing: X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature"),
        ("https://h/" + "a" * 65_536, "url: has more than 65536 characters"),
        (url_of().replace("X-Amz-Date=2", "X-Amz-Date=x"), "url: X-Amz-Date must be"),
        (url_of() + "&x-amz-date=1", "url: x-amz-date appears more than once"),
        (url_of().replace("&X-Amz-Expires=900", ""), "missing: X-Amz-Expires"),
        (url_of().replace("HMAC", "ECDSA-P256").replace("P256-SHA256", "P256-SHA256"), "requires X-Amz-Region-Set"),
        ("k8s-aws-v1.aHR0cHM", "url: does not begin with"),
        ("https://h/k?X-Amz-Algorithm=AWS4-HMAC-SHA256", "url: cut_by_shell: nothing after the first &. Put the URL"),
        ("https://d1.cloudfront.net/k?Expires=1&Signature=a&Key-Pair-Id=K", "url: other_vendor: a CloudFront URL"),
        ("k8s-aws-v1.aHR0cHM6Ly9oL$", "url: is a token whose base64url is broken; was it cut?"),
        ("k8s-aws-v1.w6k", "url: is a token whose base64url is broken; was it cut?"),
        ("https://h/?AWSAccessKeyId=a", "url: is of Signature Version 2 and has no Signature and no Expires"),
        ("https://h/?AWSAccessKeyId=a&Signature=b&Expires=soon", "its Expires is not a number of epoch seconds"),
    ],
)
def test_what_is_no_presigned_url(url: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        inspect(url)
    assert message in str(caught.value)
    assert caught.value.parameter == "url"


def test_bucket_and_key_are_named_where_host_and_path_tell() -> None:
    creds = Credentials("AKIDEXAMPLE", "secret")
    for style in ("virtual", "path"):
        s3 = S3Presigner(creds, region="eu-west-1", addressing_style=style)
        seen = inspect(s3.get_object("photos", "2025/a b.png", now=NOW))
        assert (seen.bucket, seen.key) == ("photos", "2025/a b.png")
    for endpoint in ("https://files.example.com", "http://127.0.0.1:9000"):
        elsewhere = S3Presigner(creds, region="r", endpoint=endpoint, addressing_style="path")
        assert inspect(elsewhere.get_object("b", "k")).bucket is None
    assert inspect(url_of(service="execute-api")).bucket is None
    point = presign("GET", "https://mine-123.s3-accesspoint.eu-west-1.amazonaws.com/k", credentials=creds,
                    region="eu-west-1", service="s3")  # fmt: skip
    assert inspect(point).bucket is None
    form = inspect(S3Presigner(creds, region="eu-west-1").post_object("photos", "user/${filename}", now=NOW))
    assert (form.bucket, form.key) == ("photos", "user/${filename}")


def test_a_form_is_bounded() -> None:
    with pytest.raises(InputError, match="url: is a form with more than 131072 characters"):
        inspect({**AWS_FORM, "x-amz-meta-note": "a" * 131_072})
    with pytest.raises(InputError, match="url: the URL of the form has more than 65536 characters"):
        inspect({"url": "https://h/" + "a" * 65_536, "fields": AWS_FORM})


def test_an_inspection_is_not_made_by_hand() -> None:
    with pytest.raises(TypeError, match=r"^an Inspection comes from inspect\(\); it has no public constructor$"):
        Inspection()
    with pytest.raises(TypeError, match="url: expected str or the fields of a form, got bytes"):
        inspect(b"https://h/")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


# --- the other kinds of URL -------------------------------------------------------------------------------------------


def test_a_url_without_an_expiry_does_not_say_when_it_ends() -> None:
    seen = inspect(url_of(service="iotdevicegateway", expires_in=None))
    assert (seen.expires_in, seen.expires_at, seen.seconds_left(NOW)) == (None, None, None)


def test_sigv4a_has_a_set_of_regions() -> None:
    scope, v4a = "ASIAEXAMPLE%2F20251124%2Fs3%2Faws4_request", "AWS4-ECDSA-P256-SHA256"
    url = (
        f"https://x.mrap.accesspoint.s3-global.amazonaws.com/k?X-Amz-Algorithm={v4a}&X-Amz-Credential={scope}"
        "&X-Amz-Date=20251124T160000Z&X-Amz-Expires=60&X-Amz-Region-Set=eu-west-1%2Cus-%2A&X-Amz-SignedHeaders=host"
        "&X-Amz-Signature=3045"
    )
    seen = inspect(url)
    assert (seen.kind, seen.region, seen.region_set) == ("v4a", None, ("eu-west-1", "us-*"))
    assert (seen.access_key_id, seen.service, seen.expires_at, seen.query) == ("ASIAEXAMPLE", "s3", NOW + 60, ())
    assert "3045" not in repr(seen)


def test_version_2_says_who_and_until_when(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: NOW)
    credentials = oracle.botocore_credentials("AKIDEXAMPLE", "secret", "tokentoken")
    request = oracle.awsrequest.AWSRequest(method="GET", url="https://b.s3.amazonaws.com/k?versionId=1")
    oracle.auth.HmacV1QueryAuth(credentials, expires=60).add_auth(request)
    seen = inspect(str(request.url))
    assert (seen.kind, seen.access_key_id, seen.expires_at) == ("v2", "AKIDEXAMPLE", NOW + 60)
    assert (seen.host, seen.path, seen.query) == ("b.s3.amazonaws.com", "/k", (("versionId", "1"),))
    assert (seen.region, seen.service, seen.signed_at, seen.expires_in, seen.signed_headers) == (
        None, None, None, None, (),
    )  # fmt: skip
    assert seen.has_session_token
    assert "tokentoken" not in repr(seen)
    assert str(request.url).partition("Signature=")[2].partition("&")[0] not in repr(seen)


# --- tokens -----------------------------------------------------------------------------------------------------------


def signed(url: str, service: str, *headers: "tuple[str, str]", keys: Any = KEYS, expires_in: int = 900) -> str:
    """botocore's URL."""
    return oracle.presigned_url(
        "generic", "GET", url, keys=keys, region="eu-west-1", service=service, expires_in=expires_in, headers=headers,
        now=NOW,
    )  # fmt: skip


def test_a_token_for_eks_ends_after_fifteen_minutes() -> None:
    """As aws-cli makes it: customizations/eks/get_token.py."""
    url = signed(
        "https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15", "sts",
        ("x-k8s-aws-id", "my-cluster"), keys=("ASIAEXAMPLE", "secret", "tokentoken"), expires_in=60,
    )  # fmt: skip
    seen = inspect("k8s-aws-v1." + base64.urlsafe_b64encode(url.encode()).decode().rstrip("="))
    assert (seen.kind, seen.service, seen.region, seen.host) == (
        "eks", "sts", "eu-west-1", "sts.eu-west-1.amazonaws.com",
    )  # fmt: skip
    assert (seen.expires_in, seen.expires_at) == (60, NOW + 900)
    assert seen.signed_headers == ("host", "x-k8s-aws-id")
    assert seen.query == (("Action", "GetCallerIdentity"), ("Version", "2011-06-15"))
    assert seen.has_session_token
    assert "tokentoken" not in repr(seen)
    assert str(seen.url).startswith("https://sts.")


@pytest.mark.parametrize(
    ("url", "service", "kind", "host", "query"),
    [
        ("https://db.example:3306/?Action=connect&DBUser=me", "rds-db", "rds", "db.example:3306",
         (("Action", "connect"), ("DBUser", "me"))),
        ("https://x.dsql.eu-west-1.on.aws/?Action=DbConnect", "dsql", "dsql", "x.dsql.eu-west-1.on.aws",
         (("Action", "DbConnect"),)),
        ("http://my-cache/?Action=connect&User=me", "elasticache", "elasticache", "my-cache",
         (("Action", "connect"), ("User", "me"))),
        ("http://my-cluster/?Action=connect&User=me", "memorydb", "memorydb", "my-cluster",
         (("Action", "connect"), ("User", "me"))),
    ],
)  # fmt: skip
def test_tokens_for_databases_are_urls_without_their_scheme(
    url: str, service: str, kind: str, host: str, query: "tuple[tuple[str, str], ...]"
) -> None:
    whole = signed(url, service)
    seen = inspect(whole.partition("://")[2])
    assert (seen.kind, seen.service, seen.host, seen.query) == (kind, service, host, query)
    assert (seen.access_key_id, seen.expires_at, seen.signed_headers) == ("AKIDEXAMPLE", NOW + 900, ("host",))
    assert str(seen.url).startswith(f"{host}/?Action=")
    assert whole[-64:] not in repr(seen)
    assert inspect(whole).kind == "v4"


def test_a_token_for_msk_carries_an_unsigned_parameter() -> None:
    """As aws-msk-iam-sasl-signer-python makes it."""
    url = signed("https://kafka.eu-west-1.amazonaws.com/?Action=kafka-cluster:Connect", "kafka-cluster")
    token = base64.urlsafe_b64encode(f"{url}&User-Agent=me".encode()).decode().rstrip("=")
    seen = inspect(token)
    assert (seen.kind, seen.service, seen.expires_at) == ("msk", "kafka-cluster", NOW + 900)
    assert seen.query == (("Action", "kafka-cluster:Connect"), ("User-Agent", "me"))


# --- forms ------------------------------------------------------------------------------------------------------------

# https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-post-example.html
AWS_POLICY = {
    "expiration": "2015-12-30T12:00:00.000Z",
    "conditions": [
        {"bucket": "sigv4examplebucket"},
        ["starts-with", "$key", "user/user1/"],
        {"acl": "public-read"},
        {"success_action_redirect": "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html"},
        ["starts-with", "$Content-Type", "image/"],
        {"x-amz-meta-uuid": "14365123651274"},
        {"x-amz-server-side-encryption": "AES256"},
        ["starts-with", "$x-amz-meta-tag", ""],
        {"x-amz-credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"},
        {"x-amz-algorithm": "AWS4-HMAC-SHA256"},
        {"x-amz-date": "20151229T000000Z"},
    ],
}


def encoded(policy: object) -> str:
    return base64.b64encode(json.dumps(policy).encode()).decode()


AWS_FORM = {
    "key": "user/user1/${filename}",
    "acl": "public-read",
    "X-Amz-Credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request",
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Date": "20151229T000000Z",
    "Policy": encoded(AWS_POLICY),
    "X-Amz-Signature": "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e",
}


def test_what_the_form_of_the_documentation_says() -> None:
    seen = inspect(AWS_FORM)
    assert (seen.kind, seen.access_key_id, seen.region, seen.service) == (
        "post", "AKIAIOSFODNN7EXAMPLE", "us-east-1", "s3",
    )  # fmt: skip
    assert (seen.signed_at, seen.expires_in, seen.expires_at) == (1_451_347_200, None, 1_451_476_800)
    assert (seen.url, seen.host, seen.path, seen.query, seen.signed_headers) == (None, None, None, (), ())
    assert seen.fields == (("key", "user/user1/${filename}"), ("acl", "public-read"))
    assert seen.conditions is not None
    assert seen.conditions[:2] == (("eq", "bucket", "sigv4examplebucket"), ("starts-with", "key", "user/user1/"))
    assert len(seen.conditions) == 11
    assert not seen.has_session_token
    assert AWS_FORM["X-Amz-Signature"] not in repr(seen)
    assert AWS_FORM["Policy"] not in repr(seen)


def test_a_presigned_post_and_the_dict_of_boto3_say_where_it_goes() -> None:
    s3 = S3Presigner(TEMPORARY, region="eu-west-1")
    post = s3.post_object("photos", "user/42/${filename}", expires_in=600, content_length_range=(1, 10), now=NOW)
    seen = inspect(post)
    assert inspect({"url": post.url, "fields": post.fields}) == seen
    assert (seen.url, seen.host, seen.path) == (post.url, "photos.s3.eu-west-1.amazonaws.com", "/")
    assert seen.seconds_left(NOW) == 600
    assert seen.has_session_token
    assert seen.conditions is not None
    assert ("content-length-range", "1", "10") in seen.conditions
    assert ("eq", "x-amz-security-token", "<hidden>") in seen.conditions
    assert "tokentoken" not in repr(seen)


def test_a_form_of_version_2_says_who_and_until_when() -> None:
    policy = {"expiration": "2025-11-24T17:00:00Z", "conditions": [["eq", "$x-amz-security-token", "tokentoken"]]}
    form = {"AWSAccessKeyId": "AKID", "policy": encoded(policy), "signature": "abc=", "x-amz-security-token": "t"}
    seen = inspect({**form, "x-amz-server-side-encryption-customer-key": "a-key", "acl": "private"})
    assert (seen.kind, seen.access_key_id, seen.expires_at) == ("post-v2", "AKID", NOW + 3_600)
    assert seen.conditions == (("eq", "x-amz-security-token", "<hidden>"),)
    assert seen.fields == (("acl", "private"),)
    assert seen.has_session_token


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({}, "url: is a form without a policy, so nothing in it is signed"),
        ({**AWS_FORM, "Policy": "$"}, "url: has a policy that is not base64 of JSON"),
        ({**AWS_FORM, "Policy": encoded([])}, "url: has a policy that is not base64 of JSON"),
        ({**AWS_FORM, "Policy": encoded({"expiration": "soon", "conditions": []})}, "with an expiration and a list"),
        ({**AWS_FORM, "Policy": encoded({**AWS_POLICY, "conditions": ["ab"]})}, "with an expiration and a list"),
        ({**AWS_FORM, "Policy": encoded({**AWS_POLICY, "conditions": 5})}, "with an expiration and a list"),
        ({**AWS_FORM, "Policy": base64.b64encode(b"[" * 40_000).decode()}, "url: has a policy"),
        ({**AWS_FORM, "Policy": "a" * 65_537}, "url: has a policy of more than 65536 characters"),
        ({**AWS_FORM, "X-Amz-Date": "now"}, "url: X-Amz-Date must be"),
        ({"url": "/", "fields": AWS_FORM}, "url: the URL of the form does not begin with"),
    ],
)
def test_what_is_no_form_that_was_signed(form: Any, message: str) -> None:
    with pytest.raises(InputError) as caught:
        inspect(form)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({**AWS_FORM, "a": 1}, "url: the names and values of a form's fields are str"),
        ({1: "a"}, "url: the names and values of a form's fields are str"),
        ({"url": 1, "fields": AWS_FORM}, "url: the URL of a form is str, not int"),
        (None, "url: expected str or the fields of a form, got NoneType"),
    ],
)
def test_wrong_types_are_refused(form: Any, message: str) -> None:
    with pytest.raises(TypeError) as caught:
        inspect(form)
    assert str(caught.value) == message


@pytest.mark.parametrize("name", ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date"])
def test_a_form_of_version_4_has_all_of_its_signature(name: str) -> None:
    left = {field: value for field, value in AWS_FORM.items() if field != name}
    with pytest.raises(InputError) as refused:
        inspect(left)
    assert (refused.value.parameter, name in str(refused.value)) == ("url", True)
    seen = inspect({field.lower(): value for field, value in AWS_FORM.items()})
    assert (seen.kind, seen.access_key_id) == ("post", "AKIAIOSFODNN7EXAMPLE")


# --- anything at all --------------------------------------------------------------------------------------------------


@given(text, text)
def test_random_text_raises_nothing_but_an_input_error(path: str, query: str) -> None:
    with pytest.raises(InputError):
        inspect(f"https://h/{path}?{query}&X-Amz-Algorithm=AWS4-HMAC-SHA256")


@given(st.text(), st.sampled_from(["", "k8s-aws-v1.", "aHR0cHM6Ly9rYWZrYS", "h/?X-Amz-Credential=a/1/r/rds-db/x&"]))
def test_random_tokens_raise_nothing_but_an_input_error(token: str, prefix: str) -> None:
    with pytest.raises(InputError):
        inspect(prefix + token)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


@given(json_values, st.booleans())
def test_random_policies_raise_nothing_but_an_input_error(written: object, whole: bool) -> None:
    policy = written if whole else {**AWS_POLICY, "conditions": written}
    try:
        seen = inspect({**AWS_FORM, "Policy": encoded(policy)})
    except InputError as fault:
        assert fault.parameter == "url"  # noqa: PT017 - that nothing else escapes is what is tested
    else:
        assert all(isinstance(part, str) for condition in seen.conditions or () for part in condition)


# --- the command ------------------------------------------------------------------------------------------------------


def run(capsys: pytest.CaptureFixture[str], *words: str) -> "tuple[int, str, str]":
    status = main(["inspect", *words])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def test_the_command_takes_forms_and_tokens(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_451_347_200)
    status, out, _ = run(capsys, json.dumps(AWS_FORM))
    assert status == 0
    assert out.splitlines()[:7] == [
        "kind             post",
        "access key       AKIAIOSFODNN7EXAMPLE",
        "region, service  us-east-1, s3",
        "signed at        2015-12-29T00:00:00Z",
        "expires at       2015-12-30T12:00:00Z, in 1 day 12 hours",
        "session token    no",
        "field            key=user/user1/${filename}",
    ]
    assert "condition        starts-with key user/user1/" in out
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(AWS_FORM)))
    assert json.loads(run(capsys, "-", "--json")[1])["seconds_left"] == 129_600


def test_the_command_leaves_out_what_a_kind_does_not_have(capsys: pytest.CaptureFixture[str]) -> None:
    out = run(capsys, "https://h/?AWSAccessKeyId=a&Signature=b&Expires=1764000000")[1]
    assert [line.split("  ")[0] for line in out.splitlines()] == [
        "kind", "host", "path", "access key", "expires at", "session token",
    ]  # fmt: skip
    out = run(capsys, url_of(service="iotdevicegateway", expires_in=None))[1]
    assert "expires at       it does not say\n" in out
    v4a = url_of().replace("HMAC-SHA256", "ECDSA-P256-SHA256").replace("%2Feu-west-1", "") + "&X-Amz-Region-Set=a%2Cb"
    assert "region, service  a, b, s3\n" in run(capsys, v4a)[1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "URL: is not a JSON object of a form's fields"),
        ('{"a": 1}', "URL: is not a JSON object of a form's fields"),
        ("{}", "URL: is a form without a policy"),
    ],
)
def test_the_command_refuses_what_is_no_form(capsys: pytest.CaptureFixture[str], text: str, message: str) -> None:
    status, out, err = run(capsys, text)
    assert (status, out) == (2, "")
    assert message in err


# --- what was damaged -------------------------------------------------------------------------------------------------

STS_TOKEN = "IQoJb3JpZ2luX2VjEJr//////////wEaCWV1LXdlc3QtMSJHMEUCIQDx9T+kq2mW7hY/8ZsLb0+aPq3RtVu1Xw=="


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("X-Amz-Security-Token=", "X-Amz-Security-Token%3D"),
        ("X-Amz-Security-Token=", "X-Amz-Security-Token%253D"),
        ("X-Amz-Security-Token=", "X-Amz-Security-Token"),
        ("X-Amz-Security-Token=", "X-Amz-Seurity-Token="),
        ("X-Amz-Security-Token=", "X-Amz-Security-Tken="),
        ("X-Amz-Security-Token=", "x%2Damz%2Dsecurity%2D%74oken="),
        ("X-Amz-Security-Token=", ""),
        ("&X-Amz-Security-Token=", "&amp;X-Amz-Security-Token="),
        ("Expires=900&X-Amz-Security-Token=", "Expires=900&a;X-Amz-Security-Token="),
        ("=900&X-Amz-Security-Token=", "=900&note=a"),
        ("SignedHeaders=host", f"SignedHeaders={'0a' * 12}"),
    ],
)
@pytest.mark.parametrize("token", [STS_TOKEN, "tokentokentoken"])
def test_a_damaged_url_shows_neither_token_nor_signature(old: str, new: str, token: str) -> None:
    url = str(url_of(credentials=Credentials("ASIAEXAMPLE", "secret", token)))
    assert old in url
    shown = repr(inspect(url.replace(old, new)))
    if token == STS_TOKEN or "Tok" in new or "Tken" in new or "%74" in new:
        assert token[-20:] not in shown
        assert token.replace("/", "%2F")[-22:-2] not in shown
    assert STS_TOKEN[40:64] not in shown
    assert "0a" * 12 not in shown
    assert url[-64:] not in shown


@pytest.mark.parametrize(
    "path",
    [
        "/reports/2025/costs%20%26%20more.csv",
        "/year=2025/month=11/part-00000-550e8400-e29b-41d4-a716-446655440000-c000.snappy.parquet",
        "/sha256/e3/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855/data",
        "/d41d8cd98f00b204e9800998ecf8427e.jpg",
        "/IMG_20251124_160000.jpg",
        "/photos/MyPhoto2025HolidayAlbumOfTheFamily.jpg",
        "/%E6%97%A5%E6%9C%AC%E8%AA%9E%E3%81%AE%E5%A0%B1%E5%91%8A%E6%9B%B8-Report2025.pdf",
        "/tokens/signature.pdf",
        "/a-very-long-name-of-a-key-that-somebody-made-of-the-title-of-an-article-about-presigned-urls-2025.html",
    ],
)
def test_ordinary_names_stay_readable(path: str) -> None:
    query = [
        ("partNumber", "7"),
        ("response-content-disposition", 'attachment; filename="Quarterly Report 2025 (final).xlsx"'),
        ("response-content-type", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("versionId", "3HL4kqtJvjVBH40Nrjfkd9X1Vw6zUuPQ"),
    ]
    made = url_of(query=query)
    url = made.replace("/a%20b?", path + "?")
    seen = inspect(url)
    assert seen.path == path
    assert seen.query == tuple(query)
    assert str(seen.url).partition("&X-Amz-Security-Token=")[0] == url.partition("&X-Amz-Security-Token=")[0]
    for key in ("0123456789abcdef0123456789abcdef", "0012a3b4c5d6e7f0000000001", "GOOG1EXAMPLE7QSXZ44EXAMPLE"):
        seen = inspect(url_of(credentials=Credentials(key, "secret")))
        assert seen.access_key_id == key
        assert f"X-Amz-Credential={key}%2F20251124%2Feu-west-1%2F" in str(seen.url)


def test_a_damaged_form_shows_neither_token_nor_signature() -> None:
    key = "a/d41d8cd98f00b204e9800998ecf8427e"
    fields = {**AWS_FORM, "x-amz-security-tokn": STS_TOKEN, "key": key, "x": "0a" * 12}
    seen = inspect(fields)
    assert dict(seen.fields or ()) == {"key": key, "acl": "public-read", "x": "0a" * 12}
    assert STS_TOKEN[-20:] not in repr(seen)
    signature = fields.pop("X-Amz-Signature")
    seen = inspect({**fields, "X-Amz-Sgnture": "", "note": signature})  # a form whose signature went elsewhere
    assert signature not in repr(seen)


@pytest.mark.parametrize("expiration", ["[]", "{}", "5", "null", '["2025-11-24T00:00:00Z"]'])
def test_an_expiration_that_is_not_text_is_no_policy(expiration: str) -> None:
    policy = base64.b64encode(f'{{"expiration": {expiration}, "conditions": []}}'.encode()).decode()
    with pytest.raises(InputError, match="has a policy that is not base64 of JSON with an expiration"):
        inspect({"policy": policy, "x-amz-signature": "deadbeef" * 8})


@pytest.mark.parametrize("credential", ["A KID/20251124/s3/aws4_request", "AKID\xe9/20251124/s3/aws4_request",
                                        "AKID/20251124/s\x00/aws4_request"])  # fmt: skip
def test_the_credential_of_sigv4a_is_printable_ascii(credential: str) -> None:
    with pytest.raises(VerificationError, match=r"^X-Amz-Credential is not of the form"):
        parse_credential_v4a(credential)


def test_an_access_key_id_that_may_have_digits_of_a_cut_signature_is_hidden() -> None:
    url = url_of(credentials=Credentials("0123456789abcdef0123", "secret"))
    assert inspect(url).access_key_id == "0123456789abcdef0123"
    assert inspect(url[:-24]).access_key_id == "<hidden>"
