"""`cors_rules`: what the preflights of a set of presigned requests need, and nothing else."""

import oracle  # isort: skip  (first: it keeps botocore from awscrt)

import fnmatch
from typing import Any

import botocore.session
import botocore.validate
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigv4presign import Credentials, PresignedUrl
from sigv4presign._presigned_url import _restore_url as restore_url
from sigv4presign._s3.buckets import Address
from sigv4presign._s3.cors import cors_rules
from sigv4presign._s3.post import PresignedPost, post_object
from sigv4presign.errors import InputError

assert oracle.auth
session_module: Any = botocore.session
validate_module: Any = botocore.validate
ORIGIN = "https://app.example.com"


def url(method: str, *headers: str) -> PresignedUrl:
    sent = tuple([(name, "x") for name in headers])
    return restore_url(PresignedUrl, "https://b.s3.eu-west-1.amazonaws.com/k", (method, sent, None))


def form() -> PresignedPost:
    address = Address("https", "b.s3.eu-west-1.amazonaws.com", "", "eu-west-1", "s3")
    return post_object(address, Credentials("AKIDEXAMPLE", "secret"), "b", "k", second=0, lifetime=600)


def rules(*urls: Any) -> "list[dict[str, Any]]":
    found: list[dict[str, Any]] = cors_rules(urls, origins=[ORIGIN])["CORSRules"]
    return found


def rule(methods: "list[str]", headers: "list[str]", exposed: "list[str]") -> "dict[str, Any]":
    found: dict[str, Any] = {"AllowedMethods": methods, "AllowedOrigins": [ORIGIN], "MaxAgeSeconds": 3600}
    if headers:
        found["AllowedHeaders"] = headers
    if exposed:
        found["ExposeHeaders"] = exposed
    return found


def test_reading_needs_no_headers_and_methods_that_need_the_same_share_a_rule() -> None:
    assert rules(url("HEAD"), url("GET"), url("DELETE"), url("GET")) == [rule(["GET", "HEAD", "DELETE"], [], [])]


def test_uploads_need_their_signed_headers_and_the_type_that_browsers_add() -> None:
    assert rules(url("PUT")) == [rule(["PUT"], ["content-type"], ["ETag"])]
    assert rules(url("PUT", "x-amz-meta-b", "content-length"), url("PUT", "content-md5")) == [
        rule(["PUT"], ["content-md5", "content-type", "x-amz-meta-b"], ["ETag"])
    ]


def test_a_form_needs_no_header() -> None:
    assert rules(form()) == [rule(["POST"], [], ["ETag"])]
    assert rules(form(), url("POST")) == [rule(["POST"], ["content-type"], ["ETag"])]


def test_what_one_method_needs_is_not_allowed_to_another() -> None:
    urls = [url("GET", "range"), url("PUT", "x-amz-acl"), url("DELETE"), form()]
    assert rules(*urls) == [
        rule(["GET"], ["range"], []),
        rule(["PUT"], ["content-type", "x-amz-acl"], ["ETag"]),
        rule(["POST"], [], ["ETag"]),
        rule(["DELETE"], [], []),
    ]


def test_the_result_is_the_callers_to_change() -> None:
    origins = [ORIGIN]
    first = cors_rules([url("GET"), url("PUT")], origins=origins)
    first["CORSRules"][0]["AllowedOrigins"].append("https://other.example.com")
    assert origins == [ORIGIN]
    assert first["CORSRules"][1]["AllowedOrigins"] == [ORIGIN]


def preflight_passes(configuration: Any, origin: str, method: str, headers: "set[str]") -> bool:
    """S3's own rule: the first that matches the origin, the method and every header that the browser asks about."""
    return any(
        any(fnmatch.fnmatchcase(origin, allowed) for allowed in one["AllowedOrigins"])
        and method in one["AllowedMethods"]
        and headers <= set(one.get("AllowedHeaders", []))
        for one in configuration["CORSRules"]
    )


HEADERS = st.sets(st.sampled_from(["content-type", "content-length", "x-amz-acl", "x-amz-meta-a", "range"]))
METHODS = st.sampled_from(["GET", "HEAD", "PUT", "POST", "DELETE"])
URLS = st.one_of(st.tuples(METHODS, HEADERS).map(lambda made: url(made[0], *made[1])), st.just(form()))


@given(st.lists(URLS, min_size=1, max_size=6))
def test_every_request_of_the_set_passes_its_preflight_and_no_other_method_does(urls: "list[Any]") -> None:
    configuration = cors_rules(iter(urls), origins=["https://*.example.com"])
    for one in urls:
        method = "POST" if isinstance(one, PresignedPost) else one.method
        asked: set[str] = set() if isinstance(one, PresignedPost) else set(one.headers) - {"content-length"}
        if isinstance(one, PresignedUrl) and method in ("PUT", "POST"):
            asked.add("content-type")
        assert preflight_passes(configuration, ORIGIN, method, asked)
        assert not preflight_passes(configuration, "https://example.org", method, asked)
    used = {"POST" if isinstance(one, PresignedPost) else one.method for one in urls}
    allowed = [method for one in configuration["CORSRules"] for method in one["AllowedMethods"]]
    assert sorted(allowed) == sorted(used)


def test_botocore_takes_the_configuration() -> None:
    model = session_module.get_session().get_service_model("s3").operation_model("PutBucketCors")
    configuration = cors_rules([url("GET"), url("PUT"), form()], origins=["*"])
    arguments = {"Bucket": "b", "CORSConfiguration": configuration}
    assert not validate_module.ParamValidator().validate(arguments, model.input_shape).has_errors()
    configuration["CORSRules"][0]["AllowedHeader"] = ["x"]
    assert validate_module.ParamValidator().validate(arguments, model.input_shape).has_errors()


@pytest.mark.parametrize(
    "origin",
    ["*", "https://app.example.com", "http://localhost:5173", "https://*.example.com", "capacitor://localhost",
     "http://example.com:443", "https://xn--bcher-kva.example", "moz-extension://0e7d"],
)  # fmt: skip
def test_origins_that_browsers_send_are_taken(origin: str) -> None:
    assert cors_rules([url("GET")], origins=(origin,))["CORSRules"][0]["AllowedOrigins"] == [origin]


@pytest.mark.parametrize(
    ("origins", "message"),
    [
        ([], "origins: is empty; name the origins of your pages, such as 'https://app.example.com'"),
        (["app.example.com"], "origins: 'app.example.com' is not an origin"),
        (["null"], "origins: 'null' is not an origin"),
        (["://x"], "origins: '://x' is not an origin"),
        (["https://"], "origins: 'https://' is not an origin"),
        (
            ["https://a.example/"],
            "origins: 'https://a.example/' is not an origin",
        ),
        (["https://a.example?x"], "origins: 'https://a.example?x' is not an origin"),
        (["https://u@a.example"], "origins: 'https://u@a.example' is not an origin"),
        (["https://a.example#x"], "origins: 'https://a.example#x' is not an origin"),
        (
            ["https://A.example"],
            "origins: 'https://A.example' is not an origin",
        ),
        (["https://bücher.example"], "origins: 'https://bücher.example' is not an origin"),
        (["https://a.example b"], "origins: 'https://a.example b' is not an origin"),
        (["https://a.example\n"], "origins: 'https://a.example\\n' is not an origin"),
        (["https://a.example:443"], "origins: 'https://a.example:443' is not an origin"),
        (
            ["https://a://b.example"],
            "origins: 'https://a://b.example' is not an origin",
        ),
        (["http://a.example:80"], "origins: 'http://a.example:80' is not an origin"),
        (["https://*.*.example"], "origins: 'https://*.*.example' has more than the one * that S3 allows"),
    ],
)
def test_origins_that_would_never_match_are_refused(origins: "list[str]", message: str) -> None:
    with pytest.raises(InputError) as caught:
        cors_rules([url("GET")], origins=origins)
    assert str(caught.value).startswith(message)
    assert caught.value.parameter == "origins"


def test_how_an_origin_is_written_is_said() -> None:
    with pytest.raises(InputError) as caught:
        cors_rules([url("GET")], origins=["app.example.com"])
    assert str(caught.value) == (
        "origins: 'app.example.com' is not an origin as browsers send it; write scheme, host and a port that is not "
        "the scheme's default, in lower case: 'https://app.example.com'"
    )


def test_urls_that_no_rule_can_serve_are_refused() -> None:
    with pytest.raises(InputError, match="^urls: is empty; give one URL or form of each kind that your pages use"):
        cors_rules([], origins=[ORIGIN])
    with pytest.raises(InputError, match="^urls: S3's CORS has no PATCH, only GET, HEAD, PUT, POST, DELETE"):
        cors_rules([url("PATCH")], origins=[ORIGIN])


@pytest.mark.parametrize(
    ("urls", "origins", "message"),
    [
        ([str(url("GET"))], [ORIGIN], "urls: expected PresignedUrl or PresignedPost, got str"),
        (url("GET"), [ORIGIN], "urls: expected an iterable of presigned URLs and forms, got one PresignedUrl"),
        (form(), [ORIGIN], "urls: expected an iterable of presigned URLs and forms, got one PresignedPost"),
        (5, [ORIGIN], "urls: expected an iterable of presigned URLs and forms, got one int"),
        ([url("GET")], ORIGIN, "origins: expected an iterable of origins, got str"),
        ([url("GET")], None, "origins: expected an iterable of origins, got NoneType"),
        ([url("GET")], [5], "origins: expected str for each, got int"),
    ],
)
def test_a_wrong_type_is_named(urls: Any, origins: Any, message: str) -> None:
    with pytest.raises(TypeError) as caught:
        cors_rules(urls, origins=origins)
    assert str(caught.value) == message


def test_without_origins_every_site_may_use_the_urls() -> None:
    [rule] = cors_rules([url("GET")])["CORSRules"]
    assert rule["AllowedOrigins"] == ["*"]
