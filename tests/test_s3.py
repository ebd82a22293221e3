"""`S3Presigner`: hosts, styles, operations, batches; each URL is the one `presign` makes, and botocore's signer too."""

import copy
import pickle
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import oracle
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import text

from sigv4presign import Credentials, PresignedUrl, S3Presigner, presign, verify
from sigv4presign.errors import InputError

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
        ("eu-west-1", "dotted.name", "virtual", "https://dotted.name.s3.eu-west-1.amazonaws.com/k"),
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
        ({"region": "*"}, InputError, "region: 'https://s3.*.amazonaws.com' has a host with a character"),
        ({"region": "a?b"}, InputError, "region: has a query"),
        ({"region": None}, TypeError, "region: expected str, got NoneType"),
        ({"credentials": None}, TypeError, "credentials: expected Credentials"),
        ({"endpoint": "minio:9000"}, InputError, "endpoint: 'minio:9000' does not begin with"),
        ({"endpoint": "https://h/?x"}, InputError, "endpoint: has a query"),
        ({"endpoint": "https://h/?"}, InputError, "endpoint: has a query"),
        ({"endpoint": "https://h/a b"}, InputError, "endpoint: 'https://h/a b' has ' ' unescaped"),
        ({"endpoint": 9000}, TypeError, "endpoint: expected str, got int"),
        ({"public_endpoint": "files.example"}, InputError, "public_endpoint: 'files.example' does not begin with"),
        (
            {"addressing_style": "Path"},
            InputError,
            "addressing_style: 'Path' is none of 'auto', 'virtual', 'path', 'cname'",
        ),
        ({"addressing_style": "cname"}, InputError, "addressing_style: 'cname' needs the endpoint="),
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
        S3.replace(addressing_style="virtual").get_object("Old_Bucket", "k")
    with pytest.raises(TypeError, match="bucket: expected str, got bytes"):
        S3.get_object(b"bkt", "k")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    with pytest.raises(InputError, match="no bucket name"):
        MINIO.get_object("..", "k")


# --- keys and operations ---------------------------------------------------------------------------------------------

key = st.lists(text, min_size=1, max_size=5).map("".join).filter(bool)


@given(key, st.sampled_from(["GET", "PUT", "HEAD", "DELETE"]), st.booleans())
def test_any_key_is_signed_as_botocore_signs_it(key: str, method: str, many: bool) -> None:
    verbs: dict[str, Any] = {
        "GET": S3.get_object, "PUT": S3.put_object, "HEAD": S3.head_object, "DELETE": S3.delete_object,
    }  # fmt: skip
    url = next(S3.presign_many(method, "bkt", [key], now=NOW)) if many else verbs[method]("bkt", key, now=NOW)
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
    assert S3.get_object("bkt", "k", version_id=None, now=NOW) == S3.get_object("bkt", "k", now=NOW)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("params", "error", "message"),
    [
        ({"VersionId": "v"}, TypeError, r"get_object\(\) .*'VersionId'; it is written version_id"),
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
    with pytest.raises(TypeError, match="keys: expected an iterable of keys, got one str"):
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
    with pytest.raises(TypeError, match=r"replace\(\) takes the arguments of S3Presigner; 'Region' is none"):
        s3.replace(Region="x")
    with pytest.raises(InputError, match="^region: "):
        s3.replace(region="")
