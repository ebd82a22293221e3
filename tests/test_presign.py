"""`presign`: what it refuses, what it says, what its result knows, and its one reading of the clock."""

import copy
import os
import pickle
import re
import time
import urllib.parse
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from enum import IntEnum
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from freezegun import freeze_time
from test_verify import URL, check, url_of

from sigv4presign import (
    S3_RULES,
    Credentials,
    CredentialScope,
    PresignedUrl,
    ServiceRules,
    SigningKey,
    presign,
    string_to_sign,
    verify,
)
from sigv4presign._presigned_url import _restore_url as restore_url
from sigv4presign.errors import CredentialsExpireFirst, CredentialsNotFound, InputError

CREDS = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
NOW = 1_764_000_000


def make(method: str = "GET", url: str = "https://h.example/k", **changes: Any) -> PresignedUrl:
    arguments: dict[str, Any] = {
        "credentials": CREDS, "region": "eu-west-1", "service": "s3", "expires_in": 900, "now": NOW, **changes,
    }  # fmt: skip
    return presign(method, url, **arguments)


def parameters(url: str) -> "dict[str, list[str]]":
    return parse_qs(urlsplit(url).query, keep_blank_values=True)


class Minutes(IntEnum):
    FIVE = 300


NAIVE = datetime(2026, 11, 24)  # noqa: DTZ001 - the point

# (arguments, the error, the beginning of its message, a part of what it says to do)
REFUSED: "list[tuple[dict[str, Any], type[Exception], str, str]]" = [
    # lifetimes
    ({"expires_in": 0}, InputError, "expires_in: 0 s", "minimum is 1 second"),
    ({"expires_in": -1}, InputError, "expires_in: -1 s", "minimum is 1 second"),
    ({"expires_in": 1.5}, TypeError, "expires_in: expected whole seconds", "got float"),
    ({"expires_in": True}, TypeError, "expires_in: expected whole seconds as int, or a timedelta", "got bool"),
    ({"expires_in": "900"}, TypeError, "expires_in: expected whole seconds", "int(...)"),
    ({"expires_in": 604_801}, InputError, "expires_in: 604801 s is too long", "604800 s (7 days)"),
    ({"expires_in": timedelta(days=8)}, InputError, "expires_in: 691200 s is too long", "604800 s (7 days)"),
    ({"expires_in": timedelta(seconds=1.5)}, InputError, "expires_in: 1.5 s", "whole number"),
    ({"expires_in": None}, InputError, "expires_in: None", "give a lifetime"),
    ({"expires_in": 301, "service": "transcribe"}, InputError, "expires_in: 301 s is too long", "5 minutes"),
    # clocks
    ({"now": NAIVE}, InputError, "now: the datetime has no time zone", "timezone.utc"),
    ({"now": NAIVE.date()}, TypeError, "now: date is not a time", "aware datetime"),
    ({"now": True}, TypeError, "now: bool is not a time", "epoch seconds"),
    ({"now": "2026"}, TypeError, "now: str is not a time", "epoch seconds"),
    ({"now": -1}, InputError, "now: -1", "1970 to 9999"),
    ({"now": 253_402_300_800}, InputError, "now: 253402300800", "1970 to 9999"),
    ({"now": float("nan")}, InputError, "now: nan", "1970 to 9999"),
    ({"now": NOW * 1000}, InputError, "now: 1764000000000", "give seconds"),
    # scope
    ({"region": ""}, InputError, "region: ''", "eu-west-1"),
    ({"region": "eu/west"}, InputError, "region: 'eu/west'", "eu-west-1"),
    ({"region": "eu west"}, InputError, "region:", "eu-west-1"),
    ({"region": "eu\u2010west"}, InputError, "region:", "eu-west-1"),
    ({"region": None}, InputError, "region: is missing; give 'eu-west-1'", "region_set="),
    ({"region": 1}, TypeError, "region: expected str, got int", ""),
    ({"region_set": "*"}, InputError, "region: region and region_set are mutually exclusive", "leave one out"),
    ({"headers": {"X-Amz-Region-Set": "*"}}, InputError, "headers: x-amz-region-set goes into the query", ""),
    ({"service": "s3\n"}, InputError, "service:", "'s3'"),
    # credentials
    ({"credentials": None}, TypeError, "credentials: expected Credentials", "got NoneType"),
    ({"credentials": "AKID:secret"}, TypeError, "credentials: expected Credentials", "got str"),
    ({"credentials": S3_RULES}, TypeError, "credentials: expected Credentials", "got ServiceRules"),
    ({"credentials": SimpleNamespace(state_for=len)}, TypeError, "credentials: expected", "SimpleNamespace"),
    ({"credentials": lambda: "AKID"}, TypeError, "credentials: expected Credentials", "the callable returned str"),
    # method
    ({"method": "get"}, InputError, "method: 'get'", "upper case"),
    ({"method": ""}, InputError, "method: ''", "upper case"),
    ({"method": "GE T"}, InputError, "method: 'GE T'", "upper case"),
    ({"method": "GET\n"}, InputError, "method:", "upper case"),
    ({"method": b"GET"}, TypeError, "method: expected str, got bytes", ""),
    # url
    ({"url": b"https://h/"}, TypeError, "url: expected str, got bytes", ""),
    ({"url": "h.example/k"}, InputError, "url: does not begin with", "https://"),
    ({"url": "ftp://h.example/k"}, InputError, "url: does not begin with", "https://"),
    ({"url": "https://h/a b"}, InputError, "url: has ' ' unescaped at character 2 of its path", "S3Presigner"),
    ({"url": "https://h/é"}, InputError, "url: has '\\xe9' unescaped", "percent-encode"),
    ({"url": "https://h/\U0001f98a"}, InputError, "url: has '\\U0001f98a' unescaped", "percent-encode"),
    ({"url": "https://h/k?a=[1]"}, InputError, "url: has '[' unescaped at character 2 of its query", "query="),
    ({"url": "https://h/a\nb"}, InputError, "url: has '\\n' unescaped", "percent-encode"),
    ({"url": "https://h/a\r"}, InputError, "url: has '\\r' unescaped", "percent-encode"),
    ({"url": "https://h/a\0"}, InputError, "url: has '\\x00' unescaped", "percent-encode"),
    ({"url": "https://h/\ud800"}, InputError, "url:", ""),
    ({"url": "https://h/%"}, InputError, "url: has a % without two hex digits after it", "%25"),
    ({"url": "https://h/%0g"}, InputError, "url: has a % without two hex digits after it", "%25"),
    ({"url": "https://h/%ff"}, InputError, "url: has percent-escapes that are not UTF-8", ""),
    ({"url": "https://h/?%ff"}, InputError, "url: has percent-escapes that are not UTF-8", ""),
    ({"url": "https://user:pw@h/k"}, InputError, "url: has userinfo", ""),
    ({"url": "https://h/k#part"}, InputError, "url: has a fragment", "%23"),
    ({"url": "https://bücher.example/"}, InputError, "url: has a non-ASCII host", "xn--"),
    ({"url": "https:///k"}, InputError, "url: has no host", ""),
    ({"url": "https://[::1/k"}, InputError, "url: has no host, or a malformed one", ""),
    ({"url": "https://[::1]x/k"}, InputError, "url: has no host, or a malformed one", ""),
    ({"url": "https://a b/k"}, InputError, "url: has a host with a character", ""),
    ({"url": "https://[::g]/k"}, InputError, "url: has a host with a character", ""),
    ({"url": "https://h:/k"}, InputError, "url: has a port", "1 to 65535"),
    ({"url": "https://h:0/k"}, InputError, "url: has a port", "1 to 65535"),
    ({"url": "https://h:65536/k"}, InputError, "url: has a port", "1 to 65535"),
    ({"url": "https://h:٣/k"}, InputError, "url: has a non-ASCII host", "xn--"),
    ({"url": "https://buc\u212aet/k"}, InputError, "url: has a non-ASCII host", "xn--"),  # the Kelvin sign
    ({"url": "https://h/?X-Amz-Signature=a"}, InputError, "url: X-Amz-Signature is a signing parameter", ""),
    ({"url": "https://h/?x-amz-expires=1"}, InputError, "url: x-amz-expires is a signing parameter", ""),
    ({"url": "https://h/?X%2DAmz-Date=1"}, InputError, "url: X-Amz-Date is a signing parameter", ""),
    # query
    ({"query": {"X-Amz-Credential": ""}}, InputError, "query: X-Amz-Credential is a signing parameter", ""),
    ({"query": {"X-AMZ-SECURITY-TOKEN": ""}}, InputError, "query: X-AMZ-SECURITY-TOKEN is a signing", ""),
    ({"query": {"X-Amz-Region-Set": "*"}}, InputError, "query: X-Amz-Region-Set is a signing", ""),
    ({"query": {"X-Amz-S3session-Token": ""}, "service": "s3express"}, InputError, "query: X-Amz-S3session-Token", ""),
    ({"query": "a=1"}, TypeError, "query: expected a mapping or pairs", "got str"),
    ({"query": ["ab"]}, TypeError, "query: expected pairs of a name and a value", "one is str"),
    ({"query": [("a",)]}, TypeError, "query: expected pairs of a name and a value", "one is tuple"),
    ({"query": [5]}, TypeError, "query: expected pairs of a name and a value", "one is int"),
    ({"query": {5: 1}.keys()}, TypeError, "query: expected pairs of a name and a value", "one is int"),
    ({"headers": (("a", "b"), ["c"])}, TypeError, "headers: expected pairs of a name and a value", "one is list"),
    ({"headers": {"abc": 1}.keys()}, TypeError, "headers: expected pairs of a name and a value", "one is str"),
    ({"headers": {("a", "b", "c"): 1}.keys()}, TypeError, "headers: expected pairs of a name", "one is tuple"),
    ({"query": {"a": None}}, TypeError, "query: the value of 'a' is NoneType", "str or int"),
    ({"query": {"a": True}}, TypeError, "query: the value of 'a' is bool", "str or int"),
    ({"query": {"a": ["1", "2"]}}, TypeError, "query: the value of 'a' is list", "repeats: pairs"),
    ({"query": {1: "a"}}, TypeError, "query: the name 1 is int", ""),
    ({"query": {"a": "\ud800"}}, InputError, "query: 'a' has a lone surrogate", ""),
    # headers
    ({"headers": "a: b"}, TypeError, "headers: expected a mapping or pairs", "got str"),
    ({"headers": {"a": 1}}, TypeError, "headers: names and values are str or bytes, not int", ""),
    ({"headers": {"a b": "x"}}, InputError, "headers: 'a b' is not a header name", ""),
    ({"headers": {"": "x"}}, InputError, "headers: '' is not a header name", ""),
    ({"headers": {"a\n": "x"}}, InputError, "headers: 'a\\n' is not a header name", ""),
    ({"headers": {"é": "x"}}, InputError, "headers: 'é' is not a header name", ""),
    ({"headers": {"a": "x\r\nb: c"}}, InputError, "headers: the value of a has a line break", ""),
    ({"headers": {"a": "x\0"}}, InputError, "headers: the value of a has a line break or another control", ""),
    ({"headers": {"a": "é"}}, InputError, "headers: the value of a has a non-ASCII", "encode it"),
    ({"headers": {b"a": b"\xc3"}}, InputError, "headers: the value of a has a non-ASCII", "encode it"),
    ({"headers": {"User-Agent": "x"}}, InputError, "headers: user-agent is never signed", "leave it out"),
    ({"headers": {"Authorization": "x"}}, InputError, "headers: authorization is never signed", "leave it out"),
    ({"headers": {"TraceParent": "x"}}, InputError, "headers: traceparent is never signed", "leave it out"),
    ({"headers": {"X-Amz-Date": "x"}}, InputError, "headers: x-amz-date goes into the query", "now="),
    ({"headers": {"X-Amz-Security-Token": "x"}}, InputError, "headers: x-amz-security-token goes", "credentials="),
    ({"headers": {"X-Amz-Content-Sha256": "x"}}, InputError, "headers: x-amz-content-sha256 is not", "payload_hash="),
    ({"headers": {"Host": "other.example"}}, InputError, "headers: Host is 'other.example'", "'h.example'"),
    # payload hash
    ({"payload_hash": ""}, InputError, "payload_hash: expected a SHA-256", "UNSIGNED-PAYLOAD"),
    ({"payload_hash": "a\nb"}, InputError, "payload_hash: expected a SHA-256", "UNSIGNED-PAYLOAD"),
    ({"payload_hash": b"ab"}, TypeError, "payload_hash: expected str, got bytes", ""),
]


@pytest.mark.parametrize(
    ("arguments", "error", "message", "way_out"),
    REFUSED,
    ids=[f"{next(iter(row[0]))}-{n}" for n, row in enumerate(REFUSED)],
)
def test_what_cannot_be_signed_is_refused_by_name(
    arguments: "dict[str, Any]", error: "type[Exception]", message: str, way_out: str
) -> None:
    with pytest.raises(error) as caught:
        make(**arguments)
    assert str(caught.value).startswith(message)
    assert way_out in str(caught.value)
    if isinstance(caught.value, InputError):
        assert caught.value.parameter == message.partition(":")[0]


def test_what_looks_odd_and_is_legal_is_signed() -> None:
    assert "/a%2Fb/~/%2B//?" in make(url="HTTPS://H.example:443/a%2fb/%7E/+//")
    assert make(url="https://h.example").startswith("https://h.example/?X-Amz-")
    assert make(url="https://h.example?").startswith("https://h.example/?X-Amz-")
    assert parameters(make(url="https://h.example/?&tagging&&a=b+c%2B&="))["a"] == ["b c+"]
    assert parameters(make(query={"X-Amz-ChannelARN": "arn", "partNumber": 1}))["partNumber"] == ["1"]
    assert parameters(make(query=[("a", "1"), ("a", "2")]))["a"] == ["1", "2"]
    assert "&x-amz-checksum-mode=ENABLED" in make(query={"x-amz-checksum-mode": "ENABLED"})
    assert make(headers={"host": "H.Example"}).headers == {}
    assert make(expires_in=Minutes.FIVE) == make(expires_in=300) == make(expires_in=timedelta(minutes=5))
    assert make("M-SEARCH").method == "M-SEARCH"


def test_a_payload_hash_goes_into_the_last_line_and_into_no_header() -> None:
    assert make(payload_hash="a" * 64) != make()
    assert make(payload_hash="UNSIGNED-PAYLOAD") == make()
    url = make(payload_hash="a" * 64, headers={"X-Amz-Content-Sha256": "a" * 64})
    assert url.headers == {"x-amz-content-sha256": "a" * 64}


def test_nothing_that_is_passed_in_is_modified() -> None:
    query, headers = {"a": "1"}, {"Content-Type": "text/plain"}
    make(query=query, headers=headers)
    assert (query, headers) == ({"a": "1"}, {"Content-Type": "text/plain"})


def test_one_shot_iterators_are_read_once() -> None:
    def pairs() -> "Iterator[tuple[str, str]]":
        yield "x-a", "1"

    url = make(query=pairs(), headers=pairs())
    assert url.headers == {"x-a": "1"}
    assert parameters(url)["x-a"] == ["1"]


def test_the_default_lifetime_is_an_hour() -> None:
    url = presign("GET", "https://h.example/", credentials=CREDS, region="r", service="s3", now=NOW)
    assert parameters(url)["X-Amz-Expires"] == ["3600"]
    assert url.expires_at == NOW + 3600


def test_a_generic_service_may_go_without_expiry() -> None:
    url = make(service="execute-api", expires_in=None)
    assert "X-Amz-Expires" not in url
    assert url.expires_at is None
    with pytest.raises(InputError, match="S3 rejects"):
        make(service="s3express", expires_in=None)


# --- session tokens --------------------------------------------------------------------------------------------------


def test_the_session_token_goes_where_the_service_reads_it() -> None:
    temporary = Credentials("ASIA", "secret", "tok/en+=")
    signed = make(credentials=temporary)
    assert "&X-Amz-Security-Token=tok%2Fen%2B%3D&X-Amz-SignedHeaders" in signed
    appended = make(credentials=temporary, service="iotdevicegateway", url="wss://iot.example/mqtt")
    assert appended.endswith("&X-Amz-Security-Token=tok%2Fen%2B%3D")
    untokened = make(
        credentials=Credentials("ASIA", "secret"), service="iotdevicegateway", url="wss://iot.example/mqtt"
    )
    assert appended.startswith(untokened)  # the signature does not cover the token
    assert "&X-Amz-S3session-Token=tok%2Fen%2B%3D&" in make(credentials=temporary, service="s3express")


# --- credentials that end --------------------------------------------------------------------------------------------


def test_an_explicit_lifetime_that_the_credentials_do_not_reach_is_refused() -> None:
    temporary = Credentials("ASIA", "secret", "token", expires_at=NOW + 600)
    assert make(credentials=temporary, expires_in=600).expires_at == NOW + 600
    with pytest.raises(CredentialsExpireFirst, match="expire in 10 minutes, before the 15 minutes asked for") as caught:
        make(credentials=temporary)
    assert caught.value.seconds_left == 600
    assert "token" not in str(caught.value).replace("session token", "")


def test_the_default_lifetime_is_shortened_to_what_the_credentials_leave() -> None:
    temporary = Credentials("ASIA", "secret", "token", expires_at=NOW + 600)
    url = presign("GET", "https://h/", credentials=temporary, region="r", service="s3", now=NOW)
    assert url.expires_at == NOW + 600
    assert parameters(url)["X-Amz-Expires"] == ["600"]


def test_credentials_that_have_ended_sign_nothing() -> None:
    ended = Credentials("ASIA", "secret", "token", expires_at=NOW)
    every: tuple[dict[str, Any], ...] = ({}, {"expires_in": 1})
    with pytest.raises(CredentialsExpireFirst, match="have expired"):
        make(service="execute-api", expires_in=None, credentials=ended)
    assert make(service="execute-api", expires_in=None, credentials=ended, now=NOW - 1).expires_at is None
    for arguments in every:
        with pytest.raises(CredentialsExpireFirst, match="have expired") as caught:
            presign("GET", "https://h/", credentials=ended, region="r", service="s3", now=NOW, **arguments)
        assert caught.value.seconds_left == 0


# --- time ------------------------------------------------------------------------------------------------------------


def test_one_reading_of_the_clock_at_midnight() -> None:
    with freeze_time("2026-11-24T23:59:59.999Z", tick=False):
        before = make(now=None)
    with freeze_time("2026-11-25T00:00:00Z", tick=False):
        after = make(now=None)
    for url, day, date in ((before, "20261124", "20261124T235959Z"), (after, "20261125", "20261125T000000Z")):
        assert parameters(url)["X-Amz-Date"] == [date]
        assert parameters(url)["X-Amz-Credential"] == [f"AKIDEXAMPLE/{day}/eu-west-1/s3/aws4_request"]


def test_the_clock_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    readings = iter([NOW + 86_400 * day for day in range(100)])
    monkeypatch.setattr(time, "time", lambda: next(readings))
    url = make(now=None)
    assert next(readings) == NOW + 86_400
    assert url.expires_at == NOW + 900
    verify("GET", url, headers={}, secrets={"AKIDEXAMPLE": CREDS}, service="s3", region=None, now=NOW)


@pytest.mark.parametrize(
    ("moment", "date"),
    [
        ("2016-12-31T23:59:59Z", "20161231T235959Z"),  # the eve of the last leap second: epoch time has no 23:59:60
        ("2017-01-01T00:00:00Z", "20170101T000000Z"),
        ("2024-02-29T12:00:00Z", "20240229T120000Z"),
        ("2000-02-29T00:00:00Z", "20000229T000000Z"),
    ],
)
def test_dates_at_odd_moments(moment: str, date: str) -> None:
    with freeze_time(moment):
        assert parameters(make(now=None))["X-Amz-Date"] == [date]


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles", "UTC"])
def test_the_local_time_zone_does_not_matter(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert parameters(make(now=None, expires_in=60))["X-Amz-Date"][0][:8] == time.strftime("%Y%m%d", time.gmtime())
        url = make(now=1_764_028_799)  # 23:59:59 UTC
        assert parameters(url)["X-Amz-Date"] == ["20251124T235959Z"]
    finally:
        monkeypatch.undo()
        time.tzset()
        assert os.environ.get("TZ") != zone or zone == "UTC"


def test_all_spellings_of_a_moment_are_one() -> None:
    paris = timezone(timedelta(hours=1))
    moment = datetime(2025, 11, 24, 17, 0, 0, 999_999, tzinfo=paris)
    assert make(now=moment) == make(now=NOW) == make(now=NOW + 0.999)
    assert make(now=0).expires_at == 900
    assert parameters(make(now=253_402_300_799))["X-Amz-Date"] == ["99991231T235959Z"]


# --- the result ------------------------------------------------------------------------------------------------------


def test_the_result_is_a_string_that_knows_more() -> None:
    url = make(
        "PUT", headers=[("Content-Type", " text/plain;  charset=utf-8 "), ("X-Amz-Meta-A", "1"), ("x-amz-meta-a", "2")]
    )
    assert isinstance(url, str)
    assert type(str(url)) is str
    assert url == str(url)
    assert hash(url) == hash(str(url))
    assert url.method == "PUT"
    assert url.headers == {"content-type": "text/plain;  charset=utf-8", "x-amz-meta-a": "1,2"}
    url.headers["x"] = "y"
    assert "x" not in url.headers
    assert url.expires_at == NOW + 900
    assert url.to_dict() == {"method": "PUT", "url": str(url), "headers": url.headers, "expires_at": NOW + 900}
    assert type(url.to_dict()["url"]) is str
    assert parameters(url)["X-Amz-SignedHeaders"] == ["content-type;host;x-amz-meta-a"]


def test_the_result_is_immutable_and_copies_and_pickles() -> None:
    url = make("PUT", headers={"Content-Type": "text/plain"})
    for name in ("method", "headers", "expires_at", "note"):
        with pytest.raises(AttributeError):
            setattr(url, name, "x")
        with pytest.raises(AttributeError):
            delattr(url, name)
    for again in (copy.copy(url), copy.deepcopy(url), pickle.loads(pickle.dumps(url))):
        assert again == url
        assert type(again) is PresignedUrl
        assert again.to_dict() == url.to_dict()


def test_the_repr_hides_signature_and_token_and_is_no_literal() -> None:
    url = make(credentials=Credentials("ASIA", "secret", "tokentoken"))
    signature = parameters(url)["X-Amz-Signature"][0]
    for text in (repr(url), f"{url!r}", repr([url]), repr({"u": url})):
        assert signature not in text
        assert "tokentoken" not in text
        assert "X-Amz-Signature=<hidden>" in text
    assert repr(url).startswith("<PresignedUrl GET https://h.example/k?X-Amz-Algorithm=")
    odd = restore_url(PresignedUrl, "https://h/?s%zzecret=1&X-Amz-Signatur%65=abc", ("GET", (), None))
    assert "s%zzecret=1" in repr(odd)
    assert "abc" not in repr(odd)


HAND_MADE = r"\Athis PresignedUrl was constructed from a plain str, so its method, headers and expiry are unknown\Z"


def test_a_presigned_url_made_by_hand_says_that_it_is_only_a_text() -> None:
    url = PresignedUrl("https://h.example/k")
    assert url == "https://h.example/k"
    for fact in ("method", "headers", "expires_at"):
        with pytest.raises(AttributeError, match=HAND_MADE):
            getattr(url, fact)
    for twin in (copy.copy(url), copy.deepcopy(url), pickle.loads(pickle.dumps(url))):
        assert (twin, type(twin), repr(twin)) == (url, PresignedUrl, repr(url))
    assert repr(PresignedUrl(url + "?X-Amz-Signature=abc")) == (
        "<PresignedUrl https://h.example/k?X-Amz-Signature=<hidden>>"
    )


@pytest.mark.parametrize(
    ("method", "headers", "url", "command"),
    [
        ("GET", {}, "https://h.example/k", "curl '{}'"),
        ("HEAD", {}, "https://h.example/k", "curl --head '{}'"),
        ("DELETE", {}, "https://h.example/k", "curl --request DELETE '{}'"),
        ("GET", {}, "https://h.example/a/./b", "curl --path-as-is '{}'"),
        ("PUT", {"X-A": "it's", "x-b": ""}, "https://h.example/k",
         "curl --upload-file 'my file' --header 'x-a: it'\\''s' --header 'x-b;' '{}'"),
    ],
)  # fmt: skip
def test_curl_commands(method: str, headers: "dict[str, str]", url: str, command: str) -> None:
    made = make(method, url, headers=headers)
    assert made.curl("my file") == command.format(made)


@pytest.mark.parametrize(
    ("method", "headers", "body", "command"),
    [
        ("PUT", {}, False, "curl --request PUT --header 'content-length: 0' '{}'"),
        ("POST", {}, False, "curl --request POST --header 'content-length: 0' '{}'"),
        ("PUT", {"Content-Length": "0"}, False, "curl --request PUT --header 'content-length: 0' '{}'"),
        ("GET", {}, False, "curl '{}'"),
        ("HEAD", {}, False, "curl --head '{}'"),
        ("DELETE", {}, False, "curl --request DELETE '{}'"),
        ("PUT", {}, True, "curl --upload-file 'my file' '{}'"),
        ("POST", {"X-A": "b"}, True, "curl --request POST --upload-file 'my file' --header 'x-a: b' '{}'"),
        ("POST", {}, None, "curl --request POST '{}'"),
    ],
)
def test_a_curl_command_sends_a_body_where_it_is_told_of_one(
    method: str, headers: "dict[str, str]", body: "bool | None", command: str
) -> None:
    made = make(method, "https://h.example/k", headers=headers)
    assert made.curl("my file", body=body) == command.format(made)
    assert "content-length" not in make(method, "https://h.example/k").headers


# --- rules -----------------------------------------------------------------------------------------------------------


def test_rules_are_checked_when_made() -> None:
    with pytest.raises(InputError, match=r"^session_token: unknown rule 'query'"):
        ServiceRules(session_token="query")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    with pytest.raises(InputError, match=r"^max_expires_in: 0 s"):
        ServiceRules(max_expires_in=0)
    assert ServiceRules(max_expires_in=None).max_expires_in is None
    assert make(rules=ServiceRules(max_expires_in=None), expires_in=10**9).expires_at == NOW + 10**9
    assert ServiceRules(normalize_path=False, double_encode=False, payload_hash="UNSIGNED-PAYLOAD") == S3_RULES


@pytest.mark.parametrize("service", ["s3", "s3-object-lambda", "s3-outposts"])
def test_the_s3_family_shares_its_rules(service: str) -> None:
    assert make(service=service, rules=S3_RULES) == make(service=service)
    assert make(service=service, url="https://h.example//a/../b").startswith("https://h.example//a/../b?")


def test_agentcore_and_lattice_have_rows_of_their_own() -> None:
    with pytest.raises(InputError, match="5 minutes"):
        make(service="bedrock-agentcore", expires_in=301)
    lattice = make(service="vpc-lattice-svcs", headers={"x-amz-content-sha256": "UNSIGNED-PAYLOAD"})
    assert lattice.headers == {"x-amz-content-sha256": "UNSIGNED-PAYLOAD"}


URL_TO_SIGN = "https://files.example/a"
SIGNING: "dict[str, Any]" = {
    "credentials": Credentials("AKIDEXAMPLE", "secret"), "region": "eu-west-1", "service": "s3", "expires_in": 60,
    "now": NOW,
}  # fmt: skip


def test_the_default_rules_are_those_of_most_services() -> None:
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html: every service but S3
    # normalises the path and encodes it twice.
    rules = ServiceRules()
    assert (rules.normalize_path, rules.double_encode) == (True, True)
    assert ServiceRules(session_token="s3express").session_token == "s3express"
    with pytest.raises(InputError, match="session_token"):
        ServiceRules(session_token="S3EXPRESS")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("name", ["region", "service"])
@pytest.mark.parametrize("value", ["", "a/b", "a b", "ä"])
def test_a_region_or_service_that_would_break_the_scope_is_named(name: str, value: str) -> None:
    with pytest.raises(InputError) as caught:
        make(**{name: value})
    assert caught.value.parameter == name
    assert str(caught.value) == f"{name}: {value!r} is not a name such as 'eu-west-1' or 's3'"


def test_a_lifetime_of_a_wrong_type_is_told_how_to_convert_a_text_and_nothing_else() -> None:
    for lifetime, end in ((1.5, "got float"), ("900", "got str; convert it with int(...)")):
        with pytest.raises(TypeError) as caught:
            make(expires_in=lifetime)
        assert str(caught.value) == f"expires_in: expected whole seconds as int, or a timedelta, {end}"


def test_a_wrong_argument_is_named_as_the_caller_wrote_it() -> None:
    scope = CredentialScope("20251124", "eu-west-1", "s3")
    for name, keys in {"access_key_id": ("a b", None), "session_token": ("AKID", "a b")}.items():
        with pytest.raises(InputError) as caught:
            SigningKey(keys[0], bytes(32), scope, keys[1])
        assert caught.value.parameter == name
    with pytest.raises(TypeError, match="^service: expected str, got int"):
        presign("GET", "https://h/", credentials=CREDS, region="r", service=1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    with pytest.raises(CredentialsNotFound) as missing:
        url_of(credentials=lambda: None)
    assert str(missing.value) == "credentials: the callable returned None"


def test_the_curl_command_of_an_upload_names_the_file() -> None:
    assert url_of("PUT").curl().startswith("curl --upload-file 'FILE' ")
    assert url_of("PUT").curl("a b").startswith("curl --upload-file 'a b' ")


def test_a_message_quotes_at_most_60_characters_of_a_header_name() -> None:
    for long, wanted in ((60, "'" + "(" * 60 + "'"), (61, "'" + "(" * 60 + "'")):
        with pytest.raises(InputError) as caught:
            url_of(headers={"(" * long: "x"})
        assert str(caught.value) == f"headers: {wanted} is not a header name"


def test_expired_credentials_do_not_sign_a_url_without_an_expiry() -> None:
    arguments: dict[str, Any] = {"region": "r", "service": "execute-api", "expires_in": None, "now": NOW}
    for left, works in ((1, True), (0, False), (-1, False)):
        credentials = Credentials("AKID", "secret", "token", expires_at=NOW + left)
        if works:
            assert presign("GET", "https://h/", credentials=credentials, **arguments).expires_at is None
        else:
            with pytest.raises(CredentialsExpireFirst):
                presign("GET", "https://h/", credentials=credentials, **arguments)


QUOTING: "list[tuple[Callable[[str], object], int]]" = [
    (lambda text: presign(text, "https://h/", credentials=CREDS, region="r", service="s"), 20),
    (lambda text: url_of(region="/" + text), 60),
    (lambda text: url_of(headers={"Host": text}), 80),
    (lambda text: CredentialScope(text, "r", "s"), 20),
    (lambda text: string_to_sign("", amz_date=text, scope=CredentialScope("20251124", "r", "s")), 20),
]


@pytest.mark.parametrize(("call", "most"), QUOTING)
def test_a_message_quotes_a_bounded_part_of_an_argument(call: "Callable[[str], object]", most: int) -> None:
    with pytest.raises(InputError) as caught:
        call("(" * 1000)
    assert max(map(len, re.findall(r"'([/(]+)'", str(caught.value)))) == most


def test_an_object_of_botocores_shape_needs_both_keys_and_no_token() -> None:
    pair = SimpleNamespace(access_key=CREDS.access_key_id, secret_key=CREDS.secret_access_key)
    assert url_of(credentials=pair) == URL
    for half in (SimpleNamespace(access_key="AKID"), SimpleNamespace(secret_key="secret")):
        with pytest.raises(TypeError, match="^credentials: expected Credentials, a SigningKey"):
            url_of(credentials=half)


def test_parameters_of_the_url_and_of_query_are_signed_together() -> None:
    url = url_of(url="https://files.example/a?b=1&x=%20", query={"c": "2"})
    parameters = urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query)
    assert [pair for pair in parameters if not pair[0].startswith("X-Amz-")] == [("b", "1"), ("c", "2"), ("x", " ")]
    assert check(url).query == (("b", "1"), ("c", "2"), ("x", " "))


def test_a_missing_region_is_named() -> None:
    with pytest.raises(InputError) as caught:
        url_of(region=None)
    assert str(caught.value) == "region: is missing; give 'eu-west-1' or the like, or region_set= for SigV4A"


def test_without_a_lifetime_the_date_is_followed_by_the_signed_headers() -> None:
    url = presign("GET", "https://h/", credentials=CREDS, region="r", service="execute-api", expires_in=None, now=NOW)
    parameters = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
    assert parameters["X-Amz-Date"] == "20251124T160000Z"
    assert set(parameters) == {f"X-Amz-{n}" for n in ("Algorithm", "Credential", "Date", "SignedHeaders", "Signature")}


def test_expired_credentials_are_rejected() -> None:
    ended: dict[str, Any] = {**SIGNING, "credentials": Credentials("AKIDEXAMPLE", "secret", expires_at=NOW - 1)}
    with pytest.raises(CredentialsExpireFirst, match="^the credentials have expired; fetch new ones$"):
        presign("GET", URL_TO_SIGN, **ended)
