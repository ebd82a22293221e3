"""A refusal passes through no frame of ours that holds a secret, as an error reporter would record it."""

from collections.abc import Callable
from types import TracebackType
from typing import Any

import botocore.session
import pytest
from botocore.credentials import ReadOnlyCredentials

from sigv4presign import (
    S3_RULES,
    Credentials,
    CredentialScope,
    S3Presigner,
    asgi,
    canonical_request,
    derive_signing_key,
    explain,
    presign,
    providers,
    tokens,
    verify,
    verify_post,
    wsgi,
)
from sigv4presign.errors import InputError, VerificationError

SECRET = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY"
KEYS = Credentials("AKIDEXAMPLE", SECRET)
S3 = S3Presigner(KEYS, "eu-west-1")
NO_SOURCES: "list[Any]" = [("AKIDEXAMPLE", SECRET), {"secret_access_key": SECRET}, SECRET]


TAKERS: "list[Callable[[Any], object]]" = [
    lambda source: presign("GET", "https://h/k", credentials=source, region="eu-west-1", service="s3"),
    lambda source: derive_signing_key(source, CredentialScope("20150830", "us-east-1", "iam")),
    lambda source: S3Presigner(source, "eu-west-1"),
    lambda source: S3Presigner(lambda: source, "eu-west-1").get_object("b", "k"),
    lambda source: explain("GET", "https://h/k", credentials=source),
    lambda source: tokens.rds("db", 5432, "u", credentials=source, region="eu-west-1"),
    lambda source: tokens.dsql("db", credentials=source, region="eu-west-1"),
    lambda source: tokens.elasticache("c", "u", credentials=source, region="eu-west-1"),
    lambda source: tokens.memorydb("c", "u", credentials=source, region="eu-west-1"),
    lambda source: tokens.msk(credentials=source, region="eu-west-1"),
    lambda source: tokens.iot_mqtt("h", credentials=source, region="eu-west-1"),
    lambda source: tokens.eks("c", credentials=source, region="eu-west-1"),
    lambda source: tokens.codecommit(
        "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/a", credentials=source, region="eu-west-1"
    ),
]


def locals_that_show(traceback: "TracebackType | None", secret: str) -> "list[tuple[str, str]]":
    found: list[tuple[str, str]] = []
    while traceback is not None:
        frame = traceback.tb_frame
        if frame.f_globals["__name__"].startswith("sigv4presign"):
            found += [(frame.f_code.co_name, name) for name, value in frame.f_locals.items() if secret in repr(value)]
        traceback = traceback.tb_next
    return found


@pytest.mark.parametrize("source", NO_SOURCES, ids=["pair", "mapping", "text"])
@pytest.mark.parametrize(
    "take",
    TAKERS,
    ids=["presign", "derive", "presigner", "callable", "explain", "rds", "dsql", "elasticache", "memorydb", "msk",
         "iot", "eks", "codecommit"],
)  # fmt: skip
def test_what_is_no_source_of_credentials_is_refused_without_showing_it(
    take: "Callable[[Any], object]", source: object
) -> None:
    with pytest.raises(TypeError, match="credentials: expected Credentials") as caught:
        take(source)
    assert SECRET not in str(caught.value)
    assert locals_that_show(caught.tb, SECRET) == []


@pytest.mark.parametrize("key", [SECRET, SECRET.encode(), SECRET[:32].encode()], ids=["text", "bytes", "32 bytes"])
def test_a_key_of_sse_c_is_in_no_frame_of_a_refusal(key: "str | bytes") -> None:
    refusals: list[Callable[[], object]] = [
        lambda: S3.put_object("b", "k", sse_customer_key=key),
        lambda: S3.upload_part("b", "k", part_number=1, upload_id="u", sse_customer_key=key),
        lambda: S3.generate_presigned_url("put_object", {"Bucket": "b", "Key": "k", "SSECustomerKey": key}),
    ]
    for refused in refusals:
        with pytest.raises(InputError, match=r"sse_customer|SSECustomer|Params") as caught:
            refused()
        assert locals_that_show(caught.tb, SECRET[:32]) == []


def test_a_refused_form_shows_the_secret_in_no_frame() -> None:
    form = S3.post_object("photos", "k", expires_in=600, content_length_range=(1, 5), now=1764000000)
    for size, now in ((9, 1764000001), (1, 1764000601)):
        with pytest.raises(VerificationError) as caught:
            verify_post(form.fields, file_size=size, bucket="photos", secrets={"AKIDEXAMPLE": SECRET},
                        region="eu-west-1", now=now)  # fmt: skip
        assert locals_that_show(caught.tb, SECRET) == []


@pytest.mark.parametrize("guard", [wsgi.PresignedOnly, asgi.PresignedOnly])
@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        ({"host": ""}, InputError),
        ({"clock_skew": -1}, InputError),
        ({"region": b"r"}, TypeError),
        ({"secret": SECRET}, TypeError),
    ],
)
def test_a_guard_that_rejects_an_argument_shows_the_secret_in_no_frame(
    guard: Any, wrong: "dict[str, Any]", kind: "type[Exception]"
) -> None:
    arguments = {"host": "h", "secrets": {"AKIDEXAMPLE": SECRET}, "region": "r", **wrong}
    with pytest.raises(kind) as caught:
        guard(None, **arguments)
    assert locals_that_show(caught.tb, SECRET) == []


# --- what is not credentials, and holds a secret all the same --------------------------------------------------------

KEY = "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="  # of SSE-C
WITH_TOKEN = f"https://h/k?X-Amz-Security-Token={SECRET}"
PASSWORD = f"https://user:{SECRET}@store.example"
SESSION: Any = botocore.session.Session()
CLIENT = SESSION.create_client("s3", "eu-west-1", aws_access_key_id="AKIDEXAMPLE", aws_secret_access_key="secret")
KEY_HEADER = "x-amz-server-side-encryption-customer-key"


@pytest.mark.parametrize(
    ("call", "secret"),
    [
        (lambda: presign("GET", WITH_TOKEN, credentials=KEYS, region="r", service="s3"), SECRET),
        (lambda: presign("GET", f"{WITH_TOKEN}#x", credentials=KEYS, region="r", service="s3"), SECRET),
        (
            lambda: presign(
                "GET", "https://h/", headers={KEY_HEADER: KEY}, credentials=KEYS, region=None, service="s3"
            ),
            KEY,
        ),
        (lambda: S3.presign("GET", "no/bucket", "k", headers={KEY_HEADER: KEY}), KEY),
        (lambda: S3.presign("GET", "bkt", "k", query={"X-Amz-Security-Token": SECRET}), SECRET),
        (lambda: S3.presign_many("GET", "no/bucket", ["k"], headers={KEY_HEADER: KEY}), KEY),
        (lambda: S3.put_object("b", "k", sse_customer_key=KEY, sse_customer_algorithm="AES256"), KEY),
        (lambda: S3.post_object("b", "k", fields={KEY_HEADER: KEY}), KEY),
        (lambda: S3.post_object("bkt", "k", fields={"x-amz-security-token": SECRET}), SECRET),
        (lambda: S3.generate_presigned_url("put_objct", Params={"SSECustomerKey": KEY}), KEY),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        (lambda: S3.generate_presigned_post("bkt", "k", Fields={"x-amz-security-token": SECRET}), SECRET),
        (lambda: S3.generate_presigned_post("bkt", "k", Conditions=[{"x-amz-security-token": SECRET}, 5]), SECRET),
        (lambda: S3.replace(credentials=SECRET), SECRET),
        (lambda: S3.replace(endpoint=PASSWORD), SECRET),
        (lambda: S3.replace(secret_access_key=SECRET), SECRET),
        (lambda: S3Presigner.from_boto3(CLIENT, credentials=SECRET), SECRET),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        (lambda: S3Presigner.from_boto3(CLIENT, endpoint=PASSWORD), SECRET),
        (lambda: S3.object_url("bkt", "k", token=SECRET, range=""), SECRET),
        (lambda: canonical_request("GET", f"{WITH_TOKEN}#", headers={}, rules=S3_RULES), SECRET),
        (lambda: Credentials.from_environ({"AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": f"{SECRET}\n"}), SECRET),
        (lambda: S3Presigner(KEYS, "r", endpoint=PASSWORD), SECRET),
        (lambda: S3Presigner(KEYS, "r", public_endpoint=PASSWORD), SECRET),
        (lambda: S3Presigner.for_provider("minio", KEYS, endpoint=PASSWORD), SECRET),
        (lambda: S3Presigner.from_settings(region="r", endpoint=PASSWORD, credentials=KEYS), SECRET),
    ],
)
def test_no_frame_shows_a_token_a_key_or_a_password_that_was_given(call: "Callable[[], object]", secret: str) -> None:
    with pytest.raises((InputError, TypeError)) as caught:
        call()
    assert secret not in str(caught.value)
    errors: "list[BaseException | None]" = [caught.value]
    for error in errors:
        if error is not None:
            assert locals_that_show(error.__traceback__, secret) == []
            errors += [error.__cause__, error.__context__]


TEMPORARY = S3Presigner(Credentials("ASIAEXAMPLE", "secret", SECRET), "eu-west-1")
EVERYWHERE = "arn:aws:s3::123456789012:accesspoint:mfzwi23gnjvgw.mrap"


@pytest.mark.parametrize("bucket", ["bkt", EVERYWHERE])
@pytest.mark.parametrize("key", [5, None, "", "\ud800", "a/../b", "x" * 1_025])
def test_no_frame_shows_the_token_or_the_headers_where_a_key_is_rejected(bucket: str, key: Any) -> None:
    calls: "list[Callable[[], object]]" = [
        lambda: TEMPORARY.get_object(bucket, key),
        lambda: TEMPORARY.put_object(bucket, key),
        lambda: TEMPORARY.get_object(bucket, key, version_id="1"),
        lambda: list(TEMPORARY.presign_many("PUT", bucket, ["a", key], headers={KEY_HEADER: KEY})),
    ]
    for call in calls:
        with pytest.raises((InputError, TypeError)) as caught:
            call()
        for secret in (SECRET, KEY):
            for error in (caught.value, caught.value.__cause__, caught.value.__context__):
                assert error is None or locals_that_show(error.__traceback__, secret) == []


BOTOCORES = ReadOnlyCredentials("A KID", SECRET, None)  # whose repr prints all of it


@pytest.mark.parametrize(
    "call",
    [
        lambda: S3Presigner(lambda: BOTOCORES, "eu-west-1").get_object("bkt", "k"),
        lambda: S3Presigner(lambda: BOTOCORES, "eu-west-1").post_object("bkt", "k"),
        lambda: providers.directory_bucket("bkt", credentials=BOTOCORES, region="eu-west-1"),
        lambda: providers.assume_role("not-an-arn", source=BOTOCORES),
        lambda: explain("GET", "https://h/", credentials=BOTOCORES),
    ],
)
def test_no_frame_shows_botocores_credentials(call: "Callable[[], object]") -> None:
    with pytest.raises((InputError, TypeError)) as caught:
        call()
    for error in (caught.value, caught.value.__cause__, caught.value.__context__):
        assert error is None or locals_that_show(error.__traceback__, SECRET) == []


def test_a_secret_that_is_no_text_is_in_no_error() -> None:
    """UnicodeEncodeError, which it would end in, holds the text that it is about."""
    url = presign("GET", "https://h.example/k", credentials=KEYS, region="r", service="s3", now=0)
    with pytest.raises(InputError, match="lone surrogate") as refused:
        verify("GET", url, headers={}, secrets={"AKIDEXAMPLE": SECRET + "\ud800"}, service="s3", region="r", now=0)
    assert refused.value.__context__ is None
    assert not locals_that_show(refused.tb, SECRET)
