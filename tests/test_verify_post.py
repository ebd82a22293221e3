"""`verify_post`: what S3 answered, what a real server answers, and that no change to a form gets through."""

import oracle  # isort: skip  (first: it keeps botocore from awscrt)

import base64
import copy
import datetime
import functools
import hashlib
import hmac
import http.client
import json
import os
import pickle
import string
import time
from collections import UserDict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import botocore.config
import botocore.session
import botocore.signers
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sigv4presign import Credentials, CredentialScope, S3Presigner
from sigv4presign._server.form import LARGEST_FORM, VerifiedForm, verify_post
from sigv4presign.errors import Expired, InputError, NotYetValid, SignatureMismatch, VerificationError

session_module: Any = botocore.session
CREDS = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
TEMPORARY = Credentials("ASIAEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "to/ken+==")
NOW = 1_764_000_000  # 2025-11-24T16:00:00Z
REGION = "eu-west-1"
S3 = S3Presigner(CREDS, REGION)

Form = Mapping[str, str]


def post(key: str = "user/42/${filename}", *, credentials: Credentials = CREDS, **params: Any) -> "dict[str, str]":
    return S3.replace(credentials=credentials).post_object("photos", key, expires_in=600, now=NOW, **params).fields


def check(fields: Any, **changes: Any) -> VerifiedForm:
    arguments: dict[str, Any] = {
        "file_size": 3, "bucket": "photos", "secrets": {"AKIDEXAMPLE": CREDS, "ASIAEXAMPLE": TEMPORARY},
        "region": REGION, "filename": "a.png", "now": NOW + 1, **changes,
    }  # fmt: skip
    return verify_post(fields, **arguments)


def refusal(fields: Any, **changes: Any) -> VerificationError:
    with pytest.raises(VerificationError) as caught:
        check(fields, **changes)
    return caught.value


def facts(error: VerificationError) -> "tuple[str, str, int]":
    return error.reason, error.code, error.status


# --- a signer that is not ours ---------------------------------------------------------------------------------------


def signed(
    policy: bytes, secret: str, access_key: str, amz_date: str, region: str = REGION, service: str = "s3"
) -> "dict[str, str]":
    """The fields that sign a policy: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html"""
    text = base64.b64encode(policy).decode()
    key = f"AWS4{secret}".encode()
    for step in (amz_date[:8], region, service, "aws4_request", text):
        key = hmac.new(key, step.encode(), hashlib.sha256).digest()
    return {
        "x-amz-algorithm": "AWS4-HMAC-SHA256",
        "x-amz-credential": f"{access_key}/{amz_date[:8]}/{region}/{service}/aws4_request",
        "x-amz-date": amz_date,
        "policy": text,
        "x-amz-signature": key.hex(),
    }


def amz_date(second: int) -> str:
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(second))


def iso_date(second: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(second))


def written(
    *conditions: Any,
    now: int = NOW,
    keys: Credentials = CREDS,
    bucket: str = "photos",
    region: str = REGION,
    **fields: str,
) -> "dict[str, str]":
    """A form with these conditions besides those of the bucket and of the signature; `_` stands for `-` in names."""
    date = amz_date(now)
    credential = f"{keys.access_key_id}/{date[:8]}/{region}/s3/aws4_request"
    own = [{"bucket": bucket}, {"x-amz-algorithm": "AWS4-HMAC-SHA256"}, {"x-amz-credential": credential}]
    document = {"expiration": iso_date(now + 600), "conditions": [*own, {"x-amz-date": date}, *conditions]}
    return {
        **{name.replace("_", "-"): value for name, value in fields.items()},
        **signed(json.dumps(document).encode(), keys.secret_access_key, keys.access_key_id, date, region),
    }


def document(policy: bytes, **fields: str) -> "dict[str, str]":
    return {"key": "k", **fields, **signed(policy, CREDS.secret_access_key, CREDS.access_key_id, amz_date(NOW))}


# --- what holds ------------------------------------------------------------------------------------------------------


def test_what_was_verified() -> None:
    fields = post(
        fields={"Content-Type": "image/png", "x-ignore-note": "n", "x-amz-meta-name": "${filename}!"},
        conditions=[["starts-with", "$content-type", "image/"]],
        content_length_range=(1, 10),
    )
    seen = check({"File": "", **fields}, filename="C:\\pictures/häus\\a b.png")
    assert (seen.access_key_id, seen.bucket, seen.key) == ("AKIDEXAMPLE", "photos", "user/42/a b.png")
    assert seen.fields == {"content-type": "image/png", "x-amz-meta-name": "a b.png!", "key": "user/42/a b.png"}
    assert seen.scope == CredentialScope("20251124", REGION, "s3")
    assert (seen.expires_at, seen.content_length_range) == (NOW + 600, (1, 10))
    seen.fields["x"] = "y"
    assert "x" not in seen.fields


def test_a_verified_form_is_a_value() -> None:
    seen = check(post())
    assert seen == check(list(post().items()))
    assert seen != check(post(), filename="b.png")
    assert copy.deepcopy(seen) is seen
    assert pickle.loads(pickle.dumps(seen)) == seen
    assert repr(seen) == (
        "VerifiedForm(access_key_id='AKIDEXAMPLE', bucket='photos', key='user/42/a.png', fields={'key': "
        "'user/42/a.png'}, scope=CredentialScope(date='20251124', region='eu-west-1', service='s3'), "
        "expires_at=1764000600, content_length_range=None)"
    )
    with pytest.raises(TypeError, match=r"a VerifiedForm comes from verify_post\(\)"):
        VerifiedForm()


def test_what_is_secret_is_neither_shown_nor_among_the_fields() -> None:
    name = "x-amz-server-side-encryption-customer-key"
    fields = post(credentials=TEMPORARY, fields={name: "c2VjcmV0"})
    seen = check(fields)
    assert seen.fields == {name: "c2VjcmV0", "key": "user/42/a.png"}
    assert f"'{name}': <hidden>" in repr(seen)
    assert "c2VjcmV0" not in repr(seen)
    assert fields["x-amz-security-token"] not in repr(seen)
    refused = refusal(written({name: "c2VjcmV0"}, {"key": "k"}, key="k", **{name: "x"}))
    assert str(refused).endswith(f'Policy Condition failed: ["eq", "${name}", "<hidden>"]')


@pytest.mark.parametrize(
    ("filename", "key"),
    [
        ("a.png", "user/42/a.png"),
        ("/tmp/a.png", "user/42/a.png"),
        ("C:\\x\\a.png", "user/42/a.png"),
        ("..", "user/42/.."),
        ("${filename}", "user/42/${filename}"),  # put in once
        ("", "user/42/"),
        # Recorded from S3 by LocalStack's test_post_object_with_file_as_string: without a name it stays as it is.
        (None, "user/42/${filename}"),
    ],
)
def test_what_follows_the_last_slash_of_the_files_name_is_put_in(filename: "str | None", key: str) -> None:
    assert check(post(), filename=filename).key == key


def test_several_ranges_of_the_size_hold_together_and_may_be_left_to_the_reader_of_the_file() -> None:
    fields = written(["content-length-range", 1, 10], ["content-length-range", "5", "20"], {"key": "k"}, key="k")
    assert check(fields, file_size=None).content_length_range == (5, 10)
    assert [check(fields, file_size=size).key for size in (5, 10)] == ["k", "k"]
    assert facts(refusal(fields, file_size=4))[0] == "file_too_small"
    assert facts(refusal(fields, file_size=11))[0] == "file_too_large"


def test_the_fields_of_a_directory_bucket_have_a_token_of_their_own() -> None:
    s3 = S3Presigner(TEMPORARY, REGION)
    bucket = "b--euw1-az1--x-s3"
    fields = s3.post_object(bucket, "k", expires_in=600, now=NOW).fields
    assert "X-Amz-S3session-Token" in fields
    assert check(fields, bucket=bucket, service="s3express").key == "k"
    fields["X-Amz-S3session-Token"] = "other"
    assert facts(refusal(fields, bucket=bucket, service="s3express")) == ("invalid_token", "InvalidToken", 400)


def test_any_region_is_accepted_if_none_is_expected() -> None:
    assert check(post(), region=None).scope.region == REGION


def test_the_clock_is_read_where_no_time_is_given() -> None:
    form = S3.post_object("photos", "k", expires_in=600)
    assert check(form.fields, now=None).expires_at == form.expires_at


# --- the documentation's form, and botocore's ------------------------------------------------------------------------

AWS_DOCS = json.loads((Path(__file__).parent / "vectors" / "aws-docs.json").read_text(encoding="utf-8"))["cases"]
EVALUATE = [case for case in AWS_DOCS if case["inputs"].get("operation") == "evaluate"]


@pytest.mark.parametrize("case", EVALUATE, ids=lambda case: case["id"])
def test_the_documentations_form_is_accepted_until_its_policy_expires(case: "dict[str, Any]") -> None:
    inputs = case["inputs"]
    now = datetime.datetime.strptime(inputs["now"], "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
    evaluate = functools.partial(
        verify_post,
        inputs["fields"],
        file_size=inputs.get("file_size"),
        bucket=inputs["bucket"],
        secrets={"AKIAIOSFODNN7EXAMPLE": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"},
        region="us-east-1",
        now=now,
    )
    if case["expected"]["accept"]:
        assert evaluate().key == "user/user1/MyPhoto.jpg"
    else:
        with pytest.raises(Expired, match="Invalid according to Policy: Policy expired.") as caught:
            evaluate()
        assert facts(caught.value) == (case["expected"]["error"], "AccessDenied", 403)
        assert caught.value.expires_at == 1_451_476_800


def test_there_are_cases_of_the_documentation() -> None:
    assert [case["expected"]["accept"] for case in EVALUATE] == [True, False]


@pytest.mark.parametrize("keys", [CREDS, TEMPORARY])
@pytest.mark.parametrize(
    ("key", "fields", "conditions"),
    [
        ("user/42/avatar.png", {}, []),
        ("user/42/${filename}", {"acl": "private"}, [["eq", "$acl", "private"], ["content-length-range", 1, 3]]),
        ("naïve 🦊.txt", {"Content-Type": "image/png"}, [["starts-with", "$content-type", "image/"]]),
    ],
)
def test_what_botocore_makes_is_accepted(
    key: str, fields: "dict[str, str]", conditions: "list[Any]", keys: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = datetime.datetime.fromtimestamp(NOW, datetime.timezone.utc)
    for module in (oracle.auth, botocore.signers):
        monkeypatch.setattr(module, "get_current_datetime", lambda *_args, **_kwargs: moment)
    client = session_module.get_session().create_client(
        "s3",
        region_name=REGION,
        aws_access_key_id=keys.access_key_id,
        aws_secret_access_key=keys.secret_access_key,
        aws_session_token=keys.session_token,
        config=botocore.config.Config(signature_version="s3v4"),
    )
    form = client.generate_presigned_post("photos", key, Fields=fields, Conditions=conditions, ExpiresIn=600)
    assert check(form["fields"]).key == key.replace("${filename}", "a.png")
    assert facts(refusal({**form["fields"], "key": "other"}))[0] == "condition_failed"


# --- what S3 answered ------------------------------------------------------------------------------------------------

MISSING = "Bucket POST must contain a field named '{}'.  If it is specified, please check the order of the fields."
POLICY = "Invalid according to Policy: Policy Condition failed: "
KEY = {"key": "k"}
REDIRECT = {"success_action_redirect": "http://localhost.test/x"}


def without(*names: str) -> "Callable[[], Form]":
    return lambda: {name: value for name, value in post("k").items() if name not in names}


# S3's answers as LocalStack recorded them from it (tests/aws/services/s3/test_s3.py, TestS3PresignedPost, and its
# snapshots), and as users quote them in the issues named.
RECORDED_FROM_S3: "list[tuple[str, Callable[[], Any], dict[str, Any], str, int, str]]" = [
    ("expired", lambda: post("k"), {"now": NOW + 601}, "AccessDenied", 403,
     "Invalid according to Policy: Policy expired."),
    ("truncated policy", lambda: {**post("k"), "policy": post("k")["policy"][:-2]}, {}, "SignatureDoesNotMatch", 403,
     "The request signature we calculated does not match the signature you provided. Check your key and signing "
     "method."),
    ("no signature", without("x-amz-signature"), {}, "InvalidArgument", 400, MISSING.format("X-Amz-Signature")),
    ("no algorithm, no credential", without("x-amz-algorithm", "x-amz-credential"), {}, "InvalidArgument", 400,
     MISSING.format("X-Amz-Algorithm")),
    ("no key", without("key"), {}, "InvalidArgument", 400, MISSING.format("key")),  # uppy 4449
    ("eq, another value", lambda: written(KEY, REDIRECT, key="k", success_action_redirect="http://localhost.test/y"),
     {}, "", 0, ""),
    ("two names in one", lambda: written({**KEY, **REDIRECT}, key="k"), {}, "InvalidPolicyDocument", 400, ""),
    ("a number as value", lambda: written(KEY, {"content-length": 6_199_034}, key="k"), {},  # modbox 10
     "InvalidPolicyDocument", 400, ""),
    ("eq without a dollar sign", lambda: written(KEY, ["eq", "acl", "private"], key="k", acl="private"), {},
     "AccessDenied", 403, POLICY + '["eq", "acl", "private"]'),
    ("eq, another case", lambda: written(KEY, {"acl": "private"}, key="k", acl="Private"), {}, "AccessDenied", 403,
     POLICY + '["eq", "$acl", "private"]'),  # written as a list whatever the policy's form
    ("starts-with, another case", lambda: written(["starts-with", "$key", "U/"], key="u/k"), {}, "AccessDenied", 403,
     POLICY + '["starts-with", "$key", "U/"]'),
    ("a field that is not there", lambda: written(KEY, ["starts-with", "$Content-Type", ""], key="k"), {},
     "AccessDenied", 403, POLICY + '["starts-with", "$Content-Type", ""]'),  # s3_direct_upload 29
    ("a file too large", lambda: written(KEY, ["content-length-range", 5, 10], key="k"), {"file_size": 12},
     "EntityTooLarge", 400, "Your proposed upload exceeds the maximum allowed size: 12 bytes, of at most 10"),
    ("a file too small", lambda: written(KEY, ["content-length-range", 5, 10], key="k"), {"file_size": 1},
     "EntityTooSmall", 400, "Your proposed upload is smaller than the minimum allowed size: 1 bytes, of at least 5"),
    ("a range in words", lambda: written(KEY, ["content-length-range", "test", "10"], key="k"), {}, "AccessDenied",
     403, POLICY + '["content-length-range", "test", "10"]'),
    ("an uncovered field", lambda: written(KEY, key="k", filename="x"), {}, "AccessDenied", 403,
     "Invalid according to Policy: Extra input fields: filename"),  # moxie 165
    ("no condition for the bucket", lambda: document(json.dumps({"expiration": iso_date(NOW + 600), "conditions": [
        KEY, ["starts-with", "$x-amz-algorithm", ""]][:1]}).encode()), {}, "AccessDenied", 403,
     "Invalid according to Policy: Extra input fields: key"),
    ("an expiration with an offset", lambda: document(b'{"expiration": "2025-11-24T18:00:00+02:00", "conditions": []}'),
     {}, "InvalidPolicyDocument", 400, "Invalid Policy: Invalid 'expiration' value: '2025-11-24T18:00:00+02:00'; it is "
     "written 2026-11-24T09:00:00Z."),  # carrierwave_direct 2
    ("another region", lambda: post("k"), {"region": "us-west-1"}, "InvalidArgument", 400,
     "The region 'eu-west-1' is wrong; expecting 'us-west-1'."),  # slingshot 150
    ("an unknown key", lambda: post("k"), {"secrets": {}}, "InvalidAccessKeyId", 403,
     "The AWS Access Key Id you provided does not exist in our records."),
    ("too much before the file", lambda: post("k") | {"x-ignore-x": "x" * LARGEST_FORM}, {},
     "MaxPostPreDataLengthExceeded", 400,
     "Your POST request fields preceding the upload file were too large: 20480 bytes at most."),
]  # fmt: skip
