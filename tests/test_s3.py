"""`S3Presigner`: hosts, styles, operations, batches; each URL is the one `presign` makes, and botocore's signer too."""

import base64
import copy
import json
import pickle
import sys
import threading
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

import oracle
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import text

from sigv4presign import Credentials, PresignedUrl, S3Presigner, presign, verify
from sigv4presign._s3.operation_table import OPERATIONS
from sigv4presign.errors import CredentialsExpireFirst, InputError

CREDS = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
NOW = 1_764_000_000
S3 = S3Presigner(CREDS, region="eu-west-1")
MINIO = S3Presigner(CREDS, region="us-east-1", endpoint="http://127.0.0.1:9000")


def address(url: str) -> str:
    return url.partition("?")[0]


def parameters(url: str) -> "dict[str, list[str]]":
    return parse_qs(urlsplit(url).query, keep_blank_values=True)


# --- hosts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("region", "bucket", "style", "expected"),
    [
        ("eu-west-1", "reports", "auto", "https://reports.s3.eu-west-1.amazonaws.com/k"),
        ("us-east-1", "reports", "auto", "https://reports.s3.us-east-1.amazonaws.com/k"),
        ("eu-west-1", "reports", "path", "https://s3.eu-west-1.amazonaws.com/reports/k"),
        ("eu-west-1", "dotted.name", "auto", "https://s3.eu-west-1.amazonaws.com/dotted.name/k"),
        ("eu-west-1", "dotted.name", "virtual", "https://s3.eu-west-1.amazonaws.com/dotted.name/k"),
        ("us-east-1", "Old_Bucket", "auto", "https://s3.us-east-1.amazonaws.com/Old_Bucket/k"),
        ("cn-north-1", "reports", "auto", "https://reports.s3.cn-north-1.amazonaws.com.cn/k"),
        ("us-gov-west-1", "reports", "auto", "https://reports.s3.us-gov-west-1.amazonaws.com/k"),
        ("eusc-de-east-1", "reports", "auto", "https://reports.s3.eusc-de-east-1.amazonaws.eu/k"),
        ("us-iso-east-1", "reports", "auto", "https://reports.s3.us-iso-east-1.c2s.ic.gov/k"),
        ("us-isob-east-1", "reports", "auto", "https://reports.s3.us-isob-east-1.sc2s.sgov.gov/k"),
        ("us-isof-south-1", "reports", "auto", "https://reports.s3.us-isof-south-1.csp.hci.ic.gov/k"),
        ("eu-isoe-west-1", "reports", "auto", "https://reports.s3.eu-isoe-west-1.cloud.adc-e.uk/k"),
    ],
)
def test_where_buckets_are_at_aws(region: str, bucket: str, style: Any, expected: str) -> None:
    url = S3Presigner(CREDS, region=region, addressing_style=style).get_object(bucket, "k", now=NOW)
    assert address(url) == expected
    assert parameters(url)["X-Amz-Credential"] == [f"AKIDEXAMPLE/20251124/{region}/s3/aws4_request"]


@pytest.mark.parametrize(
    ("endpoint", "style", "expected"),
    [
        ("http://minio:9000", "auto", "http://minio:9000/bkt/k"),
        ("http://minio:9000/", "path", "http://minio:9000/bkt/k"),
        ("http://minio:9000", "virtual", "http://bkt.minio:9000/k"),
        ("https://store.example:443", "virtual", "https://bkt.store.example/k"),
        ("https://Store.Example/base/", "auto", "https://store.example/base/bkt/k"),
        ("https://store.example/base", "virtual", "https://bkt.store.example/base/k"),
        ("https://files.example", "cname", "https://files.example/k"),
        ("http://[::1]:9000", "auto", "http://[::1]:9000/bkt/k"),
    ],
)
def test_where_buckets_are_elsewhere(endpoint: str, style: Any, expected: str) -> None:
    s3 = S3Presigner(CREDS, region="us-east-1", endpoint=endpoint, addressing_style=style)
    url = s3.get_object("bkt", "k", now=NOW)
    assert address(url) == expected
    assert url == presign(
        "GET", expected, credentials=CREDS, region="us-east-1", service="s3", expires_in=3600, now=NOW
    )


def test_any_bucket_name_goes_at_other_stores() -> None:
    assert address(MINIO.get_object("B", "k")) == "http://127.0.0.1:9000/B/k"
    assert address(MINIO.get_object("192.168.0.1", "k")) == "http://127.0.0.1:9000/192.168.0.1/k"


def test_what_the_store_sees_is_signed_and_what_the_client_opens_is_returned() -> None:
    inner = S3Presigner(CREDS, region="us-east-1", endpoint="http://minio:9000/store")
    outer = inner.replace(public_endpoint="https://files.example/s3")
    signed, opened = inner.get_object("bkt", "a b", now=NOW), outer.get_object("bkt", "a b", now=NOW)
    assert address(opened) == "https://files.example/s3/bkt/a%20b"
    assert opened.partition("?")[2] == signed.partition("?")[2]
    virtual = outer.replace(addressing_style="virtual").get_object("bkt", "k", now=NOW)
    assert address(virtual) == "https://bkt.files.example/s3/k"
    assert address(outer.presign("GET", "bkt", now=NOW)) == "https://files.example/s3/bkt"


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"region": ""}, InputError, "region: ''"),
        ({"region": "eu west"}, InputError, "region: 'eu west'"),
        ({"region": "*"}, InputError, "region: '*' is not a region of AWS"),
        ({"endpoint": "https://h", "dualstack": True}, InputError, "dualstack: chooses one of AWS's endpoints"),
        ({"accelerate": True, "fips": True}, InputError, "accelerate: S3 has no accelerated FIPS endpoint"),
        ({"region": None}, TypeError, "region: expected str, got NoneType"),
        ({"credentials": None}, TypeError, "credentials: expected Credentials"),
        ({"endpoint": "minio:9000"}, InputError, "endpoint: 'minio:9000' does not begin with"),
        ({"endpoint": "https://h/?x"}, InputError, "endpoint: has a query"),
        ({"endpoint": "https://h/?"}, InputError, "endpoint: has a query"),
        ({"endpoint": "https://h/a b"}, InputError, "endpoint: 'https://h/a b' has ' ' unescaped"),
        ({"endpoint": "ws://h"}, InputError, "endpoint: 'ws://h' does not begin with http:// or https://"),
        ({"endpoint": "WSS://h"}, InputError, "endpoint: 'WSS://h' does not begin with http:// or https://"),
        (
            {"public_endpoint": "wss://h"},
            InputError,
            "public_endpoint: 'wss://h' does not begin with http:// or https:",
        ),
        ({"endpoint": "\ud800"}, InputError, "endpoint: '\\ud800' does not begin with http:// or https://"),
        *[
            ({name: value}, TypeError, f"{name}: expected bool, got {type(value).__name__}")
            for name in ("dualstack", "fips", "accelerate", "clamp_to_credentials")
            for value in ("false", "", 0, None)
        ],
        ({"endpoint": 9000}, TypeError, "endpoint: expected str, got int"),
        ({"public_endpoint": "files.example"}, InputError, "public_endpoint: 'files.example' does not begin with"),
        (
            {"addressing_style": "Path"},
            InputError,
            "addressing_style: unknown style 'Path'; use 'auto', 'virtual', 'path', 'cname'",
        ),
        ({"addressing_style": "cname"}, InputError, "addressing_style: 'cname' needs endpoint="),
        ({"default_expires_in": 0}, InputError, "default_expires_in: 0 s"),
        ({"default_expires_in": 604_801}, InputError, "default_expires_in: 604801 s is too long"),
    ],
)
def test_a_presigner_that_cannot_work_is_not_made(
    arguments: "dict[str, Any]", error: "type[Exception]", message: str
) -> None:
    all_arguments: dict[str, Any] = {"credentials": CREDS, "region": "eu-west-1", **arguments}
    with pytest.raises(error) as caught:
        S3Presigner(**all_arguments)
    assert str(caught.value).startswith(message)


def test_an_endpoint_without_a_scheme_is_told_to_have_one() -> None:
    with pytest.raises(InputError, match=r"write https:// \(or http://\) before it"):
        S3Presigner(CREDS, region="us-east-1", endpoint="minio:9000")


@pytest.mark.parametrize(
    "bucket",
    [
        "",
        "a",
        "ab",
        "a" * 256,
        "a/b",
        "a b",
        "a?b",
        "bücket",
        "a\nb",
        "..",
        "a..b",
        "-ab",
        "ab-",
        ".ab",
        "ab.",
        "192.168.0.1",
    ],
)
def test_bucket_names_that_s3_refuses(bucket: str) -> None:
    with pytest.raises(InputError) as caught:
        S3.get_object(bucket, "k")
    assert caught.value.parameter == "bucket"


def test_a_bucket_that_is_no_host_name_is_not_put_into_one() -> None:
    with pytest.raises(InputError, match="addressing_style='path'"):
        S3Presigner(CREDS, "r", "https://store.example", addressing_style="virtual").get_object("Old_Bucket", "k")
    with pytest.raises(TypeError, match="bucket: expected str, got bytes"):
        S3.get_object(b"bkt", "k")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    with pytest.raises(InputError, match="not a bucket name"):
        MINIO.get_object("..", "k")


# --- keys and operations ---------------------------------------------------------------------------------------------

key = st.lists(text, min_size=1, max_size=5).map("".join).filter(bool)


@given(key, st.sampled_from(["GET", "PUT", "HEAD", "DELETE"]), st.booleans())
def test_any_key_is_signed_as_botocore_signs_it(key: str, method: str, many: bool) -> None:
    dots: Any = {"allow_dot_segments": True} if {".", ".."} & set(key.split("/")) else {}
    verbs: dict[str, Any] = {
        "GET": S3.get_object, "PUT": S3.put_object, "HEAD": S3.head_object, "DELETE": S3.delete_object,
    }  # fmt: skip
    url = (
        next(S3.presign_many(method, "bkt", [key], now=NOW, **dots))
        if many
        else verbs[method]("bkt", key, now=NOW, **dots)
    )
    theirs = oracle.presigned_url(
        "s3",
        method,
        address(url),
        keys=("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", None),
        region="eu-west-1",
        service="s3",
        expires_in=3600,
        now=NOW,
    )
    assert parameters(url) == parameters(theirs)
    from urllib.parse import quote

    assert address(url) == "https://bkt.s3.eu-west-1.amazonaws.com/" + quote(key, safe="/-_.~")
    assert url.method == method


@pytest.mark.parametrize(
    ("bad", "error"), [("", InputError), ("\ud800", InputError), (b"k", TypeError), (None, TypeError), (1, TypeError)]
)
def test_keys_that_are_none(bad: Any, error: "type[Exception]") -> None:
    with pytest.raises(error, match="^key: "):
        S3.get_object("bkt", bad)
    with pytest.raises(error, match="^key: "):
        list(S3.presign_many("GET", "bkt", ["good", bad]))


def test_parameters_go_where_s3_reads_them() -> None:
    url = S3.get_object("bkt", "k", version_id="v1", response_content_type="text/plain")
    assert parameters(url)["versionId"] == ["v1"]
    assert parameters(url)["response-content-type"] == ["text/plain"]
    assert url.headers == {}
    assert parameters(S3.delete_object("bkt", "k", version_id="v2"))["versionId"] == ["v2"]
    assert S3.head_object("bkt", "k", version_id="v2").method == "HEAD"
    put = S3.put_object("bkt", "k", content_type="image/png", content_length=1024)
    assert put.headers == {"content-length": "1024", "content-type": "image/png"}
    assert parameters(put)["X-Amz-SignedHeaders"] == ["content-length;content-type;host"]
    assert S3.get_object("bkt", "k", version_id=None, now=NOW) == S3.get_object("bkt", "k", now=NOW)


@pytest.mark.parametrize(
    ("params", "error", "message"),
    [
        ({"VersionId": "v"}, TypeError, r"get_object\(\) .*'VersionId'; use version_id"),
        ({"version_id": ""}, InputError, "version_id: is empty"),
        ({"version_id": b"v"}, TypeError, "version_id: expected str, got bytes"),
    ],
)
def test_parameters_that_an_operation_does_not_have(
    params: "dict[str, Any]", error: "type[Exception]", message: str
) -> None:
    with pytest.raises(error, match=message):
        S3.get_object("bkt", "k", **params)


def test_presign_does_whatever_s3_has() -> None:
    tagging = S3.presign(
        "PUT", "bkt", "a b", query={"tagging": ""}, headers={"Content-MD5": "x"}, expires_in=60, now=NOW
    )
    assert tagging == presign(
        "PUT",
        "https://bkt.s3.eu-west-1.amazonaws.com/a%20b?tagging",
        credentials=CREDS,
        region="eu-west-1",
        service="s3",
        headers={"Content-MD5": "x"},
        expires_in=60,
        now=NOW,
    )
    assert tagging.headers == {"content-md5": "x"}
    listing = S3.presign("GET", "bkt", query={"list-type": "2", "prefix": "a/"})
    assert address(listing) == "https://bkt.s3.eu-west-1.amazonaws.com/"
    assert address(MINIO.presign("GET", "bkt")) == "http://127.0.0.1:9000/bkt"
    with pytest.raises(InputError, match=r"^method: 'put'"):
        S3.presign("put", "bkt", "k")
    with pytest.raises(InputError, match=r"^query: X-Amz-Date is a signing parameter"):
        S3.presign("PUT", "bkt", "k", query={"X-Amz-Date": "now"})
    with pytest.raises(
        InputError, match=r"^headers: x-amz-content-sha256 .*; sigv4presign\.presign takes payload_hash=$"
    ):
        S3.presign("PUT", "bkt", "k", headers={"x-amz-content-sha256": "0" * 64})


@pytest.mark.parametrize("key", [".", "..", "./a", "a/./b", "a/..", "a/../b", "../a", "a/."])
def test_keys_that_http_clients_would_collapse_are_signed_only_when_allowed(key: str) -> None:
    with pytest.raises(InputError, match=r"^key: has a segment '\.\.?', .* allow_dot_segments=True"):
        S3.get_object("bkt", key)
    with pytest.raises(InputError, match=r"^key: has a segment"):
        list(S3.presign_many("GET", "bkt", [key]))
    for url in (
        S3.get_object("bkt", key, allow_dot_segments=True),
        S3.presign("GET", "bkt", key, allow_dot_segments=True),
        next(S3.presign_many("GET", "bkt", [key], allow_dot_segments=True)),
    ):
        assert address(url) == f"https://bkt.s3.eu-west-1.amazonaws.com/{key}"


def test_a_text_is_no_yes_and_no_no() -> None:
    """As one from an environment variable; None is a parameter that is not given."""
    calls: "list[tuple[str, Callable[..., object]]]" = [
        ("nonce", partial(S3.get_object, "bkt", "k")),
        ("nonce", partial(S3.list_buckets)),
        ("nonce", partial(S3.presign, "GET", "bkt", "k")),
        ("allow_dot_segments", partial(S3.put_object, "bkt", "k")),
        ("allow_dot_segments", partial(S3.presign, "GET", "bkt", "k")),
        ("allow_dot_segments", partial(S3.presign_many, "GET", "bkt", ["k"])),
    ]
    for name, call in calls:
        for value in ("no", "", 0, 1):
            with pytest.raises(TypeError, match=f"^{name}: expected bool, got {type(value).__name__}$"):
                call(**{name: value})
        call(**{name: None})


@pytest.mark.parametrize("key", [".hidden", "a/.hidden", "...", "a/.../b", "a..b/c.d", "a/.b./c"])
def test_dots_inside_a_segment_are_nothing_special(key: str) -> None:
    assert address(S3.get_object("bkt", key)) == f"https://bkt.s3.eu-west-1.amazonaws.com/{key}"


def test_operations_beyond_the_four_are_found_by_their_names() -> None:
    part = S3.upload_part("bkt", "k", part_number=2, upload_id="u", expires_in=60, now=NOW)
    assert part == S3.presign("PUT", "bkt", "k", query={"partNumber": "2", "uploadId": "u"}, expires_in=60, now=NOW)
    assert "ListObjectsV2" in (S3.list_objects_v2.__doc__ or "")
    assert address(S3.list_objects_v2("bkt", prefix="a/")) == "https://bkt.s3.eu-west-1.amazonaws.com/"
    assert address(S3.list_buckets()) == "https://s3.eu-west-1.amazonaws.com/"
    assert address(MINIO.list_buckets()) == "http://127.0.0.1:9000/"
    assert S3Presigner.upload_part.__doc__ == S3.upload_part.__doc__
    for missing in ("get_objekt", "_private"):
        with pytest.raises(AttributeError, match=f"no attribute '{missing}'"):
            getattr(S3, missing)


def test_every_operation_of_the_table_is_a_method() -> None:
    for name in OPERATIONS:
        assert callable(getattr(S3, name))
        assert name in dir(S3Presigner)


def test_header_values_are_sent_as_they_were_given_and_signed_single_spaced() -> None:
    url = S3.put_object("bkt", "k", metadata={"note": "two  spaces"}, now=NOW)
    assert url.headers == {"x-amz-meta-note": "two  spaces"}
    assert url == S3.put_object("bkt", "k", metadata={"note": "two spaces"}, now=NOW)


# --- where AWS has more than one endpoint ----------------------------------------------------------------------------


def test_the_options_of_awss_endpoints_choose_the_host() -> None:
    assert address(S3.replace(dualstack=True).get_object("bkt", "k")).startswith("https://bkt.s3.dualstack.eu-west-1.")
    assert address(S3.replace(fips=True).get_object("bkt", "k")).startswith("https://bkt.s3-fips.eu-west-1.")
    assert address(S3.replace(accelerate=True).get_object("bkt", "k")).startswith("https://bkt.s3-accelerate.amazon")


def test_an_arn_brings_its_own_region_and_service() -> None:
    arn = "arn:aws:s3-object-lambda:us-west-2:123456789012:accesspoint/banner"
    url = S3.get_object(arn, "k", now=NOW)
    assert address(url) == "https://banner-123456789012.s3-object-lambda.us-west-2.amazonaws.com/k"
    assert parameters(url)["X-Amz-Credential"] == ["AKIDEXAMPLE/20251124/us-west-2/s3-object-lambda/aws4_request"]


def test_a_directory_bucket_has_its_own_token_parameter() -> None:
    temporary = S3Presigner(Credentials("ASIA", "secret", "token"), region="us-west-2")
    url = temporary.get_object("bkt--usw2-az1--x-s3", "k", now=NOW)
    assert address(url) == "https://bkt--usw2-az1--x-s3.s3express-usw2-az1.us-west-2.amazonaws.com/k"
    assert parameters(url)["X-Amz-S3session-Token"] == ["token"]
    assert "/s3express/" in parameters(url)["X-Amz-Credential"][0]


def test_a_multi_region_access_point_is_signed_with_sigv4a() -> None:
    arn = "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap"
    url = S3.get_object(arn, "a b", version_id="v", expires_in=60, now=NOW)
    host = "https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com"
    assert url == presign(
        "GET", f"{host}/a%20b?versionId=v", credentials=CREDS, region_set="*", service="s3", expires_in=60, now=NOW
    )
    assert parameters(url)["X-Amz-Algorithm"] == ["AWS4-ECDSA-P256-SHA256"]
    assert parameters(url)["X-Amz-Region-Set"] == ["*"]
    assert [address(u) for u in S3.presign_many("PUT", arn, ["a", "b"])] == [f"{host}/a", f"{host}/b"]
    assert address(S3.list_objects_v2(arn)) == f"{host}/"
    for bad, error in (("", InputError), ("a/../b", InputError), ("\ud800", InputError), (b"k", TypeError)):
        with pytest.raises(error, match="^key: "):
            S3.get_object(arn, bad)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # the point
    with pytest.raises(InputError, match="^public_endpoint: does not work with a multi-region access point"):
        S3.replace(public_endpoint="https://f.example").get_object(arn, "k")
    with pytest.raises(
        InputError, match="^bucket: a multi-region access point needs SigV4A, which POST forms don't have"
    ):
        S3.post_object(arn, "k")


# --- providers -------------------------------------------------------------------------------------------------------


def test_a_store_by_its_name() -> None:
    r2 = S3Presigner.for_provider("r2", CREDS, account_id="0123abcd", default_expires_in=60)
    assert (r2.region, r2.default_expires_in, r2.provider) == ("auto", 60, "r2")
    assert address(r2.get_object("bkt", "k")) == "https://0123abcd.r2.cloudflarestorage.com/bkt/k"
    assert pickle.loads(pickle.dumps(r2)) == r2
    with pytest.raises(InputError, match="'r2' takes no POST forms; use put_object"):
        r2.post_object("bkt", "k")
    minio = S3Presigner.for_provider("minio", CREDS, endpoint="http://minio:9000", public_endpoint="https://f.example")
    assert address(minio.get_object("bkt", "k")) == "https://f.example/bkt/k"
    assert minio.post_object("bkt", "k").url == "https://f.example/bkt"
    with pytest.raises(InputError, match="account_id"):
        S3Presigner.for_provider("r2", CREDS)


# --- URLs that caches can keep, and URLs that are each their own -----------------------------------------------------


def test_a_stable_url_is_the_same_within_its_window_and_lives_at_least_as_long_as_asked() -> None:
    start = NOW - NOW % 300
    inside = [S3.get_object("bkt", "k", expires_in=60, stable_for=300, now=start + n) for n in (0, 1, 299)]
    assert len(set(inside)) == 1
    assert inside[0].expires_at == start + 360
    after = S3.get_object("bkt", "k", expires_in=60, stable_for=300, now=start + 300)
    assert after != inside[0]
    assert after.expires_at == start + 660
    for n in (0, 299):
        assert (inside[0].expires_at or 0) - (start + n) >= 60
    many = next(S3.presign_many("GET", "bkt", ["k"], expires_in=60, stable_for=300, now=start + 7))
    assert many == inside[0] == S3.presign("GET", "bkt", "k", expires_in=60, stable_for=300, now=start + 9)
    assert S3.get_object("bkt", "k", expires_in=60, now=start) != inside[0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"stable_for": 0}, "stable_for: 0 s"),
        ({"stable_for": 300, "expires_in": 604_800}, "stable_for: expires_in + stable_for is 605100 s"),
        ({"stable_for": 300, "nonce": True}, "nonce: nonce and stable_for are mutually exclusive"),
    ],
)
def test_windows_that_cannot_be(arguments: "dict[str, Any]", message: str) -> None:
    with pytest.raises(InputError) as caught:
        S3.get_object("bkt", "k", **arguments)
    assert str(caught.value).startswith(message)


def test_a_nonce_makes_each_link_its_own() -> None:
    first, second = (S3.get_object("bkt", "k", nonce=True, now=NOW) for _ in range(2))
    assert first != second
    assert len(parameters(first)["x-nonce"][0]) == 32
    both = S3.presign("GET", "bkt", "k", query={"versionId": "v"}, nonce=True, now=NOW)
    assert set(parameters(both)) >= {"versionId", "x-nonce"}
    assert "x-nonce" in S3.presign("GET", "bkt", query=[("prefix", "a")], nonce=True)
    seen = verify("GET", first, headers={}, secrets={"AKIDEXAMPLE": CREDS}, service="s3", region="eu-west-1", now=NOW)
    assert dict(seen.query) == {"x-nonce": parameters(first)["x-nonce"][0]}


# --- multipart uploads -----------------------------------------------------------------------------------------------


def test_a_multipart_plan_has_every_url_of_one_upload() -> None:
    plan = S3.multipart_plan("bkt", "big file", upload_id="u+1", part_count=3, expires_in=600, now=NOW)
    urls = list(plan.parts)
    assert urls == list(plan.parts)
    assert [parameters(url)["partNumber"] for url in urls] == [["1"], ["2"], ["3"]]
    for url, method in [*((url, "PUT") for url in urls), (plan.complete, "POST"), (plan.abort, "DELETE")]:
        assert url.method == method
        assert url.expires_at == NOW + 600
        assert parameters(url)["uploadId"] == ["u+1"]
        assert address(url) == "https://bkt.s3.eu-west-1.amazonaws.com/big%20file"
    assert (
        urls[1]
        == plan.part(2)
        == S3.upload_part("bkt", "big file", part_number=2, upload_id="u+1", expires_in=600, now=NOW)
    )
    assert next(S3.multipart_plan("bkt", "k", upload_id="u", part_count=10_000, now=NOW).parts).method == "PUT"


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (
            {"key": "a/../b"},
            InputError,
            "key: has a segment '..', which most HTTP clients remove; an operation's own method, such as get_object()",
        ),
        ({"key": 5}, TypeError, "key: expected str, got int"),
        ({"part_count": 0}, InputError, "part_count: 0 is not from 1 to 10000"),
        ({"part_count": 10_001}, InputError, "part_count: 10001 is not from 1 to 10000"),
        ({"part_count": True}, TypeError, "part_count: expected int, got bool"),
        ({"part_count": "3"}, TypeError, "part_count: expected int, got str"),
        ({"upload_id": ""}, InputError, "upload_id: "),
        ({"expires_in": 0}, InputError, "expires_in: 0 s"),
        ({"key": ""}, InputError, "key: is empty"),
    ],
)
def test_a_multipart_plan_is_checked_when_it_is_made(
    arguments: "dict[str, Any]", error: "type[Exception]", message: str
) -> None:
    all_arguments: dict[str, Any] = {"bucket": "bkt", "key": "k", "upload_id": "u", "part_count": 3, **arguments}
    with pytest.raises(error) as caught:
        S3.multipart_plan(**all_arguments)
    assert str(caught.value).startswith(message)


def test_a_part_that_is_not_in_the_plan() -> None:
    plan = S3.multipart_plan("bkt", "k", upload_id="u", part_count=3, now=NOW)
    for number in (0, 4):
        with pytest.raises(InputError, match=f"number: {number} is not from 1 to 3"):
            plan.part(number)
    assert [parameters(plan.part(number))["partNumber"] for number in (1, 3)] == [["1"], ["3"]]
    assert (plan.presigner, plan.bucket, plan.key, plan.upload_id) == (S3, "bkt", "k", "u")
    assert (plan.part_count, plan.expires_in, plan.second) == (3, None, NOW)


# --- forms -----------------------------------------------------------------------------------------------------------


def test_a_form_is_signed_for_the_presigners_place_and_clock() -> None:
    form = S3.post_object("bkt", "k", now=NOW)
    assert (form.url, form.expires_at) == ("https://bkt.s3.eu-west-1.amazonaws.com/", NOW + 3600)
    assert MINIO.post_object("bkt", "k").url == "http://127.0.0.1:9000/bkt"
    ended = S3Presigner(Credentials("ASIA", "secret", "token", expires_at=NOW + 60), region="eu-west-1")
    assert ended.post_object("bkt", "k", now=NOW).expires_at == NOW + 60
    made = base64.b64decode(S3.post_object("bkt", "k", now=NOW).fields["policy"])
    policy = json.dumps({"expiration": "2025-11-24T16:10:00Z", "conditions": json.loads(made)["conditions"]}).encode()
    assert S3.post_object("bkt", "k", policy=policy, now=NOW).expires_at == NOW + 600


def test_a_policy_of_ones_own_is_valid_as_long_as_the_store_accepts_its_signature() -> None:
    # https://docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html: up to seven days
    month = 30 * 86_400
    for presigner, longest in ((S3, 604_800), (MINIO, 604_800), (MINIO.replace(max_expires_in=month), month)):
        made = base64.b64decode(presigner.post_object("bkt", "k", now=NOW).fields["policy"])
        conditions = json.loads(made)["conditions"]
        policy = json.dumps({"expiration": "2035-01-01T00:00:00Z", "conditions": conditions}).encode()
        assert presigner.post_object("bkt", "k", policy=policy, now=NOW).expires_at == NOW + longest


def test_a_forms_key_is_as_long_as_any_other() -> None:
    for key in ("a" * 1_024, "é" * 512, "a" * 1_024 + "${filename}"):
        assert S3.post_object("bkt", key, now=NOW).fields["key"] == key
    for key in ("a" * 1_025, "é" * 512 + "a", "a" * 512 + "${filename}" + "b" * 513):
        with pytest.raises(InputError, match="^key: has 1025 bytes in UTF-8; the maximum is 1024$"):
            S3.post_object("bkt", key, now=NOW)
        assert MINIO.post_object("bkt", key, now=NOW).fields["key"] == key


# --- what a reviewer found -------------------------------------------------------------------------------------------


def test_a_missing_bucket_or_key_never_becomes_another_operation() -> None:
    nothing: Any = None
    no_bucket: list[Callable[[], object]] = [
        lambda: S3.get_object(nothing, "other-bucket/secret"),
        lambda: S3.delete_object(nothing, "other-bucket"),
        lambda: S3.get_object(nothing, "k", version_id="v"),
        lambda: S3.presign("DELETE", nothing, "k"),
        lambda: S3.presign("DELETE", nothing),
        lambda: S3.list_objects_v2(nothing),
        lambda: S3.presign_many("GET", nothing, ["k"]),
    ]
    for call in no_bucket:
        with pytest.raises(TypeError, match=r"^bucket: expected str, got NoneType$"):
            call()
    no_key: list[Callable[[], object]] = [
        lambda: S3.delete_object("bkt", nothing),
        lambda: S3.delete_object("bkt", nothing, version_id="v"),
        lambda: S3.delete_object("bkt", nothing, nonce=True),
        lambda: S3.upload_part("bkt", nothing, part_number=1, upload_id="u"),
    ]
    for call in no_key:
        with pytest.raises(TypeError, match=r"^key: expected str, got NoneType$"):
            call()


@pytest.mark.parametrize(
    ("arguments", "bucket", "expected"),
    [
        ({"endpoint": "https://photos.example", "addressing_style": "cname"}, "photos", "https://f.example/k"),
        ({"endpoint": "https://photos.example", "addressing_style": "cname"}, "pix", "https://f.example/k"),
        ({"endpoint": "https://h.example/photos", "addressing_style": "cname"}, "photos", "https://f.example/k"),
        ({"endpoint": "https://h.example/photos"}, "photos", "https://f.example/photos/k"),
        ({"endpoint": "https://photos.example", "addressing_style": "virtual"}, "photos", "https://photos.f.example/k"),
        ({}, "photos", "https://photos.f.example/k"),
        ({}, "dotted.name", "https://f.example/dotted.name/k"),
        ({}, "arn:aws:s3:eu-west-1:123456789012:accesspoint/photos", "https://f.example/k"),
    ],
)
def test_a_public_endpoint_has_the_bucket_where_the_store_has_it(
    arguments: "dict[str, Any]", bucket: str, expected: str
) -> None:
    s3 = S3Presigner(CREDS, region="eu-west-1", public_endpoint="https://f.example", **arguments)
    assert address(s3.get_object(bucket, "k")) == expected


@pytest.mark.parametrize("base", ["/a(b)", "/a'b", "/a%2fb", "/%7Ex", "/a%20b"])
def test_a_base_path_is_signed_as_it_is_verified(base: str) -> None:
    s3 = S3Presigner(CREDS, region="r", endpoint=f"https://h.example{base}")
    url = s3.get_object("bkt", "k", now=NOW)
    assert verify("GET", url, headers={}, secrets={"AKIDEXAMPLE": CREDS}, service="s3", region="r", now=NOW).path
    assert url == presign("GET", f"https://h.example{base}/bkt/k", credentials=CREDS, region="r", service="s3", now=NOW)


def test_a_stable_url_is_not_made_with_credentials_that_have_ended() -> None:
    ended = Credentials("ASIA", "secret", "token", expires_at=NOW + 60)
    s3 = S3Presigner(ended, region="eu-west-1")
    start = NOW - NOW % 3600
    assert s3.get_object("bkt", "k", stable_for=3600, now=NOW).expires_at == NOW + 60
    assert start <= NOW
    for _ in range(2):  # fresh, and from memory
        with pytest.raises(CredentialsExpireFirst, match="have expired"):
            s3.get_object("bkt", "k", stable_for=3600, now=NOW + 60)


def test_a_batch_for_a_multi_region_access_point_reads_its_arguments_once() -> None:
    arn = "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap"
    headers = {"x-a": "1"}
    urls = S3.presign_many("PUT", arn, ["a", "b"], query=iter([("x-id", "1")]), headers=headers, now=NOW)
    headers["x-a"] = "2"
    made = list(urls)
    assert [parameters(url)["x-id"] for url in made] == [["1"], ["1"]]
    assert [url.headers for url in made] == [{"x-a": "1"}, {"x-a": "1"}]
    with pytest.raises(InputError, match="X-Amz-Date is a signing parameter"):
        S3.presign_many("PUT", arn, ["a"], query={"X-Amz-Date": "1"})
    with pytest.raises(InputError, match="user-agent is never signed"):
        S3.presign_many("PUT", arn, ["a"], headers={"User-Agent": "1"})
    with pytest.raises(InputError, match="has 1025 bytes"):
        S3.get_object(arn, "k" * 1025)


def test_a_password_in_an_endpoint_is_not_repeated() -> None:
    with pytest.raises(InputError, match=r"^endpoint: has userinfo") as caught:
        S3Presigner(CREDS, region="r", endpoint="https://admin:hunter2@minio:9000")
    assert "hunter2" not in str(caught.value)


def test_keys_are_as_long_as_s3_allows() -> None:
    assert S3.get_object("bkt", "é" * 512)
    for key in ("k" * 1025, "é" * 513):
        with pytest.raises(InputError, match=r"^key: has 102[56] bytes in UTF-8; the maximum is 1024$"):
            S3.get_object("bkt", key)
    assert MINIO.get_object("bkt", "k" * 2000)


# --- batches ---------------------------------------------------------------------------------------------------------


def test_a_batch_is_lazy_and_checked_at_the_call() -> None:
    asked: list[str] = []

    def keys() -> Any:
        for name in ("a", "b é", "c"):
            asked.append(name)
            yield name

    urls = S3.presign_many("PUT", "bkt", keys(), headers={"Content-Type": "text/plain"}, expires_in=60, now=NOW)
    assert asked == []
    first = next(urls)
    assert asked == ["a"]
    assert isinstance(first, PresignedUrl)
    assert first.headers == {"content-type": "text/plain"}
    assert [address(url) for url in urls] == [
        "https://bkt.s3.eu-west-1.amazonaws.com/b%20%C3%A9",
        "https://bkt.s3.eu-west-1.amazonaws.com/c",
    ]
    for bad in ({"bucket": ""}, {"expires_in": 0}, {"method": "get"}):
        arguments: dict[str, Any] = {"method": "GET", "bucket": "bkt", "keys": [], **bad}
        with pytest.raises(InputError):
            S3.presign_many(**arguments)
    with pytest.raises(TypeError, match="keys: expected an iterable of keys, got str"):
        S3.presign_many("GET", "bkt", "key")


# --- one state a second ----------------------------------------------------------------------------------------------


def test_what_was_made_for_one_call_never_serves_another() -> None:
    fresh: list[Callable[[S3Presigner], PresignedUrl]] = [
        lambda s3: s3.get_object("bkt", "k", expires_in=1, now=NOW),
        lambda s3: s3.get_object("bkt", "k", expires_in=2, now=NOW),
        lambda s3: s3.get_object("bkt", "k", now=NOW),
        lambda s3: s3.get_object("bkt", "k", now=NOW + 1),
        lambda s3: s3.get_object("bkt2", "k", expires_in=1, now=NOW),
        lambda s3: s3.head_object("bkt", "k", expires_in=1, now=NOW),
        lambda s3: s3.presign("GET", "bkt", expires_in=1, now=NOW),
        lambda s3: s3.get_object("bkt", "k", expires_in=1, now=NOW, version_id="v"),
    ]
    alone = [call(S3Presigner(CREDS, region="eu-west-1")) for call in fresh]
    assert len(set(alone)) == len(fresh)
    shared = S3Presigner(CREDS, region="eu-west-1")
    for first in range(len(fresh)):
        for second in range(len(fresh)):
            assert fresh[first](shared) == alone[first]
            assert fresh[second](shared) == alone[second]
    shared.get_object("bkt", "k", expires_in=1, now=NOW)
    odd_lifetimes: tuple[Any, ...] = (True, 1.0)
    for odd in odd_lifetimes:
        with pytest.raises(TypeError, match="expires_in"):
            shared.get_object("bkt", "k", expires_in=odd, now=NOW)


def test_threads_with_a_clock_that_jumps_get_right_urls() -> None:
    shared = S3Presigner(CREDS, region="eu-west-1")
    wrong: list[str] = []

    def work(seed: int) -> None:
        for n in range(300):
            now = NOW + (n * 7919 + seed * 104_729) % 172_800
            bucket = f"bkt{n % 3}"
            url = shared.get_object(bucket, f"k{seed}/{n}", expires_in=60, now=now)
            seen = verify(
                "GET", url, headers={}, secrets={"AKIDEXAMPLE": CREDS}, service="s3", region="eu-west-1", now=now
            )
            if (seen.path, seen.host[:4], seen.expires_at) != (f"/k{seed}/{n}", bucket, now + 60):
                wrong.append(url)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


# --- a value ---------------------------------------------------------------------------------------------------------


def test_a_presigner_is_a_value() -> None:
    s3 = S3Presigner(CREDS, region="eu-west-1", endpoint="http://h:1", default_expires_in=60)
    url = s3.get_object("bkt", "k", now=NOW)
    for again in (copy.copy(s3), copy.deepcopy(s3), pickle.loads(pickle.dumps(s3)), s3.replace()):
        assert again == s3
        assert hash(again) == hash(s3)
        assert again.get_object("bkt", "k", now=NOW) == url
    assert s3 != s3.replace(region="eu-west-2")
    with pytest.raises(AttributeError, match="immutable"):
        s3.region = "x"
    with pytest.raises(TypeError, match=r"replace\(\) takes the arguments of S3Presigner; 'Region' is not one"):
        s3.replace(Region="x")
    with pytest.raises(InputError, match="^region: "):
        s3.replace(region="")


def test_a_multi_region_access_point_needs_the_modules_of_sigv4a(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sigv4presign._sigv4a", None)
    with pytest.raises(InputError, match="needs _sigv4a.py and _p256.py, which this copy of sigv4presign leaves out"):
        S3Presigner(Credentials("AKIDEXAMPLE", "s"), "eu-west-1").get_object(
            "arn:aws:s3::123456789012:accesspoint:mfzwi23gnjvgw.mrap", "k"
        )
