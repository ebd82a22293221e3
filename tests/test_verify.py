"""`verify`: each check with its reason, code and status, in the order that the module promises."""

import copy
import enum
import hmac
import itertools
import pickle
import subprocess
import sys
from collections import UserDict
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from freezegun import freeze_time

from sigv4presign import (
    GENERIC_RULES,
    S3_RULES,
    Credentials,
    PresignedUrl,
    S3Presigner,
    ServiceRules,
    VerifiedRequest,
    _query_auth,
    _signature,
    _url,
    _verify,
    presign,
    verify,
)
from sigv4presign._server import form
from sigv4presign.errors import (
    Expired,
    InputError,
    NotYetValid,
    SignatureMismatch,
    VerificationError,
)

CREDS = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
NOW = 1_764_000_000
AQPE = "AuthorizationQueryParametersError"


def url_of(method: str = "GET", url: str = "https://files.example/a%20b", **changes: Any) -> PresignedUrl:
    arguments: dict[str, Any] = {
        "credentials": CREDS, "region": "eu-west-1", "service": "s3", "expires_in": 900, "now": NOW, **changes,
    }  # fmt: skip
    return presign(method, url, **arguments)


def check(url: str, method: str = "GET", headers: Any = (), **changes: Any) -> VerifiedRequest:
    arguments: dict[str, Any] = {
        "secrets": {"AKIDEXAMPLE": CREDS}, "service": "s3", "region": "eu-west-1", "now": NOW + 1, **changes,
    }  # fmt: skip
    return verify(method, url, headers=headers, **arguments)


def refusal(url: str, method: str = "GET", headers: Any = (), **changes: Any) -> VerificationError:
    with pytest.raises(VerificationError) as caught:
        check(url, method, headers, **changes)
    return caught.value


def facts(error: VerificationError) -> "tuple[str, str, int]":
    return error.reason, error.code, error.status


def with_parameter(url: str, name: str, value: "str | None") -> str:
    """The URL with one parameter changed, or left out."""
    before, _, query = str(url).partition("?")
    fields = [field for field in query.split("&") if field.partition("=")[0] != name]
    if value is not None:
        fields.append(f"{name}={value}")
    return before + "?" + "&".join(fields)


URL = url_of()
TARGET = URL.removeprefix("https://files.example")


# --- what holds ------------------------------------------------------------------------------------------------------


def test_what_was_verified() -> None:
    url = url_of("PUT", "https://Files.Example:443/a%2fb//%7Ec?b=2&a=1&a=%20", headers={"Content-Type": "text/plain"})
    seen = check(url, "PUT", {"content-type": "text/plain", "User-Agent": "curl"})
    assert (seen.access_key_id, seen.method, seen.host) == ("AKIDEXAMPLE", "PUT", "files.example")
    assert seen.path == "/a%2Fb//~c"
    assert seen.query == (("a", " "), ("a", "1"), ("b", "2"))
    assert seen.headers == {"content-type": "text/plain", "host": "files.example"}
    assert str(seen.scope) == "20251124/eu-west-1/s3/aws4_request"
    assert seen.expires_at == NOW + 900
    seen.headers["x"] = "y"
    assert "x" not in seen.headers


def test_it_is_a_value_that_only_verify_makes() -> None:
    seen = check(URL)
    for again in (copy.copy(seen), copy.deepcopy(seen), pickle.loads(pickle.dumps(seen)), check(URL)):
        assert again == seen
        assert hash(again) == hash(seen)
    for name in ("path", "headers", "note"):
        with pytest.raises(AttributeError):
            setattr(seen, name, "/other")
        with pytest.raises(AttributeError):
            delattr(seen, name)
    with pytest.raises(TypeError, match=r"comes from verify\(\)"):
        VerifiedRequest()
    assert "Signature" not in repr(seen)


@pytest.mark.parametrize(
    "url",
    [
        URL,
        URL.replace("https://files", "HTTPS://FILES").replace("/a%20b", "/%61%20b"),
        TARGET.replace("%2F", "%2f"),
        TARGET.replace("&X-Amz-Date", "&&X-Amz%2DDate"),
        "/a%20b?" + "&".join(reversed(TARGET.partition("?")[2].split("&"))),
    ],
)
def test_other_spellings_of_one_request_are_identical(url: str) -> None:
    headers = {"Host": "FILES.example"} if url.startswith("/") else {}
    assert check(url, headers=headers) == check(URL)


def test_header_spelling_does_not_matter() -> None:
    url = url_of(headers={"X-Team": "a b"})
    assert check(url, headers={"x-team": "a b"}) == check(url, headers=[(b"X-TEAM", b"  a \t b ")])


def test_all_forms_of_secrets() -> None:
    secret = CREDS.secret_access_key

    def look_up(access_key_id: str) -> "str | None":
        return secret if access_key_id == "AKIDEXAMPLE" else None

    forms: tuple[Any, ...] = (
        {"AKIDEXAMPLE": secret},
        {"AKIDEXAMPLE": CREDS},
        UserDict({"AKIDEXAMPLE": secret}),
        look_up,
        {"AKIDEXAMPLE": CREDS}.get,
    )
    for secrets in forms:
        assert check(URL, secrets=secrets).access_key_id == "AKIDEXAMPLE"


def test_a_parameter_with_an_empty_name_is_a_parameter() -> None:
    assert check(url_of(url="https://files.example/?=&=1")).query == (("", ""), ("", "1"))


def test_generic_services_serve_the_normalised_path() -> None:
    url = url_of(url="https://api.example/a//./b%2f/../c%20d/", service="execute-api")
    assert check(url, service="execute-api").path == "/a/c%20d/"
    assert facts(refusal(url.replace("c%20d", "c%20e"), service="execute-api"))[0] == "signature_mismatch"


# --- 1: form and size ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("a%20b", "is empty or does not begin with /"),
        ("*", "does not begin with"),
        ("", "does not begin with"),
        ("files.example:443", "does not begin with"),
        ("https:///a", "no host"),
        ("/a b", "unescaped"),
        ("/a\\b", "unescaped"),
        ("/\ud800", "has a lone surrogate, which is not text"),
        ("/é", "unescaped"),
        ("/a#b", "'#' unescaped"),
        ("https://files.example/a#b", "fragment"),
        ("https://me@files.example/", "userinfo"),
        ("/%zz", "two hex digits"),
        ("/%ff", "not UTF-8"),
        ("/?a=%", "two hex digits"),
        ("/?a=%ff", "not UTF-8"),
        ("/?a=|", "unescaped"),
    ],
)
def test_malformed_targets(url: str, message: str) -> None:
    error = refusal(url, headers={"Host": "h"})
    assert facts(error) == ("malformed_request", "InvalidURI", 400)
    assert message in str(error)


@pytest.mark.parametrize("method", ["", "get", "G ET", "GET\n", "ＧＥＴ"])
def test_malformed_methods(method: str) -> None:
    assert facts(refusal(URL, method)) == ("malformed_request", "InvalidRequest", 400)


def test_sizes_are_checked_before_anything_is_parsed() -> None:
    assert facts(refusal("%" * 16_385)) == ("too_large", "InvalidURI", 400)
    assert facts(refusal(f"{URL}{'&a' * 256}")) == ("too_large", "InvalidURI", 400)
    endless = (("x", "y" * 1000) for _ in iter(int, 1))
    assert check(URL, headers=[(f"x-{number}", "") for number in range(256)]).path == "/a%20b"
    assert refusal(URL, headers=[(f"x-{number}", "") for number in range(257)]).reason == "too_large"
    assert facts(refusal(URL, headers=endless)) == ("too_large", "RequestHeaderSectionTooLarge", 400)
    assert check(URL, headers={"x": "y" * 60_000}).path == "/a%20b"


def test_headers_are_read_up_to_the_first_that_is_too_many() -> None:
    numbers = itertools.count()
    error = refusal(URL, headers=((f"x-{number}", "") for number in numbers))
    assert facts(error) == ("too_large", "RequestHeaderSectionTooLarge", 400)
    assert "more than 256 headers" in str(error)
    assert next(numbers) == 257
    assert check(URL, headers=iter([(f"x-{number}", "") for number in range(256)])).path == "/a%20b"


def test_headers_of_more_than_65536_characters_are_too_large() -> None:
    for headers in ({"x": "y" * 65_536}, [(f"x-{number}", "y" * 1_000) for number in range(100)]):
        error = refusal(URL, headers=headers)
        assert facts(error) == ("too_large", "RequestHeaderSectionTooLarge", 400)
        assert "more than 65536 characters" in str(error)
    largest = "y" * (65_536 - len("x: \r\n"))
    assert check(URL, headers={"x": largest}).path == "/a%20b"
    assert refusal(URL, headers={"x": largest + "y"}).reason == "too_large"


def test_what_requests_have_in_common_is_kept_under_what_it_was_read_from(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in (
        (_query_auth, "_CREDENTIALS"), (_query_auth, "_ENCODED_NAMES"), (_signature, "_STATES"), (_url, "_HOSTS"),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, {})
    check(url_of(headers={"x-note": "1"}), headers={"x-note": "1"})
    [(text, parts)] = _query_auth._CREDENTIALS.items()
    assert text == "AKIDEXAMPLE/20251124/eu-west-1/s3/aws4_request"
    assert (parts.access_key_id, parts.date, parts.region, parts.service) == tuple(text.split("/")[:4])
    assert dict(_query_auth._ENCODED_NAMES) == {"host;x-note": "host%3Bx-note"}
    assert list(_signature._STATES) == [("AKIDEXAMPLE", CREDS.secret_access_key, None, "20251124", "eu-west-1", "s3")]
    assert set(_url._HOSTS.values()) == {"files.example"}
    assert {authority for authority, _ in _url._HOSTS} == {"files.example"}


def test_a_signed_header_has_to_be_ascii() -> None:
    url = url_of(headers={"x-a": "b"})
    assert facts(refusal(url, headers={"x-a": "é"})) == ("malformed_request", "InvalidRequest", 400)
    check(URL, headers={"x-a": "é"})


# --- 2: host ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "headers", "host"),
    [
        (TARGET, {"Host": "files.example"}, None),
        (TARGET, {":authority": "files.example"}, None),
        (TARGET, {":authority": "files.example", "host": "Files.Example"}, None),
        (TARGET, {}, "files.example"),
        (TARGET, {}, {"files.example"}),
        (TARGET, {"Host": "files.example"}, ["other.example", "files.example"]),
        (URL, {}, None),
        (URL, {"Host": "files.example:443"}, "files.example"),
    ],
)
def test_where_the_host_comes_from(url: str, headers: "dict[str, str]", host: Any) -> None:
    assert check(url, headers=headers, host=host).host == "files.example"


@pytest.mark.parametrize(
    ("url", "headers", "host", "expected"),
    [
        (TARGET, {}, None, ("missing_host", "InvalidRequest", 400)),
        (TARGET, {}, {"a.example", "files.example"}, ("missing_host", "InvalidRequest", 400)),
        (TARGET, {"X-Forwarded-Host": "files.example"}, None, ("missing_host", "InvalidRequest", 400)),
        (TARGET, [("Host", "files.example"), ("Host", "files.example")], None, ("wrong_host", "InvalidRequest", 400)),
        (TARGET, {"Host": ""}, None, ("wrong_host", "InvalidRequest", 400)),
        (TARGET, {"Host": "files.example", ":authority": "b.example"}, None, ("wrong_host", "InvalidRequest", 400)),
        (URL, {"Host": "other.example"}, None, ("wrong_host", "InvalidRequest", 400)),
        (TARGET, {"Host": "files.example"}, "other.example", ("wrong_host", "AccessDenied", 403)),
        (URL, {}, "other.example", ("wrong_host", "AccessDenied", 403)),
        (TARGET, {"Host": "other.example"}, None, ("signature_mismatch", "SignatureDoesNotMatch", 403)),
        (TARGET, {"Host": "files.example:8443"}, None, ("signature_mismatch", "SignatureDoesNotMatch", 403)),
    ],
)
def test_hosts_that_do_not_agree(url: str, headers: Any, host: Any, expected: "tuple[str, str, int]") -> None:
    assert facts(refusal(url, headers=headers, host=host)) == expected


def test_a_target_with_two_slashes_is_a_path_and_no_host() -> None:
    url = url_of(url="https://files.example//evil.example/a")
    assert (
        check(url.removeprefix("https://files.example"), headers={"Host": "files.example"}).path == "//evil.example/a"
    )


def test_a_stripped_prefix_is_put_back() -> None:
    url = url_of(url="https://files.example/s3/a%20b").replace("/s3/", "/")
    assert check(url, path_prefix="/s3").path == "/s3/a%20b"
    assert facts(refusal(url))[0] == "signature_mismatch"


# --- 3: which authentication -----------------------------------------------------------------------------------------


def test_an_anonymous_request_is_denied() -> None:
    assert facts(refusal("/a?b=c", headers={"Host": "h"})) == ("missing_parameter", "AccessDenied", 403)


def test_two_authentications_are_refused() -> None:
    error = refusal(URL, headers={"Authorization": "Bearer abc"})
    assert facts(error) == ("two_authentications", "InvalidArgument", 400)
    assert str(error).startswith("Only one auth mechanism allowed")
    assert "abc" not in str(error)


# --- 4: the parameters -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "reason", "message"),
    [
        ("X-Amz-Algorithm", None, "missing_parameter", "missing: X-Amz-Algorithm."),
        ("X-Amz-Credential", None, "missing_parameter", "missing: X-Amz-Credential."),
        ("X-Amz-Date", None, "missing_parameter", "missing: X-Amz-Date."),
        ("X-Amz-Expires", None, "missing_parameter", "missing: X-Amz-Expires."),
        ("X-Amz-SignedHeaders", None, "missing_parameter", "missing: X-Amz-SignedHeaders."),
        ("X-Amz-Signature", None, "missing_parameter", "missing: X-Amz-Signature."),
        ("X-Amz-Algorithm", "AWS4-HMAC-SHA1", "unsupported_algorithm", "only supports"),
        ("X-Amz-Algorithm", "", "unsupported_algorithm", "only supports"),
        ("X-Amz-Algorithm", "AWS4-ECDSA-P256-SHA256", "unsupported_algorithm", "not verified here"),
        ("X-Amz-Region-Set", "*", "unsupported_algorithm", "SigV4A"),
        ("X-Amz-Credential", "AKID", "malformed_credential", "not of the form"),
        ("X-Amz-Credential", "AKID/20251124/eu-west-1/s3/aws3_request", "malformed_credential", "not of the form"),
        ("X-Amz-Credential", "/20251124/eu-west-1/s3/aws4_request", "malformed_credential", "not of the form"),
        ("X-Amz-Credential", "AKID/20251124//s3/aws4_request", "malformed_credential", "not of the form"),
        ("X-Amz-Credential", "A%0AB/20251124/eu-west-1/s3/aws4_request", "malformed_credential", "not of the form"),
        ("X-Amz-Credential", "AKID/20251125/eu-west-1/s3/aws4_request", "malformed_credential", "not the day"),
        ("X-Amz-Credential", "AKID/2025112/eu-west-1/s3/aws4_request", "malformed_credential", "not the day"),
        ("X-Amz-Date", "20251124T160000", "malformed_date", "ISO8601"),
        ("X-Amz-Date", "2025-11-24T16:00:00Z", "malformed_date", "ISO8601"),
        ("X-Amz-Date", "20251124T250000Z", "malformed_date", "ISO8601"),
        ("X-Amz-Date", "20251131T000000Z", "malformed_date", "ISO8601"),
        ("X-Amz-Date", "%D9%A2%D9%A0251124T160000Z", "malformed_date", "ISO8601"),
        ("X-Amz-Expires", "", "malformed_expires", "X-Amz-Expires should be a number."),
        ("X-Amz-Expires", "900s", "malformed_expires", "X-Amz-Expires should be a number."),
        ("X-Amz-Expires", "9.5", "malformed_expires", "X-Amz-Expires should be a number."),
        ("X-Amz-Expires", "%2B900", "malformed_expires", "X-Amz-Expires should be a number."),
        ("X-Amz-Expires", "0900", "malformed_expires", "leading zeros"),
        ("X-Amz-Expires", "%D9%A9", "malformed_expires", "X-Amz-Expires should be a number."),
        ("X-Amz-Expires", "9" * 19, "malformed_expires", "X-Amz-Expires should be a number."),
        ("X-Amz-Expires", "-1", "expires_out_of_range", "X-Amz-Expires must be non-negative."),
        ("X-Amz-Expires", "604801", "expires_out_of_range", "at most 604800"),
        ("X-Amz-SignedHeaders", "", "missing_signed_headers", "X-Amz-SignedHeaders is empty; at least host must be "),
        ("X-Amz-SignedHeaders", "Host", "malformed_signed_headers", "X-Amz-SignedHeaders must be lower-case names, so"),
        ("X-Amz-SignedHeaders", "HOST", "malformed_signed_headers", "lower-case"),
        ("X-Amz-SignedHeaders", "host;", "malformed_signed_headers", "lower-case"),
        ("X-Amz-SignedHeaders", ";host", "malformed_signed_headers", "lower-case"),
        ("X-Amz-SignedHeaders", "host;content-type", "malformed_signed_headers", "sorted"),
        ("X-Amz-SignedHeaders", "host;host", "malformed_signed_headers", "each once"),
    ],
)  # fmt: skip
def test_malformed_parameters(name: str, value: "str | None", reason: str, message: str) -> None:
    error = refusal(with_parameter(URL, name, value))
    assert facts(error) == (reason, AQPE, 400)
    assert message in str(error)


@pytest.mark.parametrize(
    "extra",
    ["X-Amz-Date=20251124T160000Z", "X-Amz%2DExpires=1", "X-Amz-Signature=", "X-Amz-Algorithm=AWS4-HMAC-SHA256"],
)
def test_a_parameter_twice_in_any_encoding_is_refused(extra: str) -> None:
    for url in (f"{URL}&{extra}", URL.replace("?", f"?{extra}&")):
        assert facts(refusal(url)) == ("duplicate_parameter", AQPE, 400)


@pytest.mark.parametrize("extra", ["x-amz-date=1", "X-AMZ-EXPIRES=1", "x%2Damz-signature=1", "X-Amz-security-token=x"])
def test_a_parameter_in_another_case_is_refused(extra: str) -> None:
    assert facts(refusal(f"{URL}&{extra}")) == ("malformed_request", AQPE, 400)


def test_the_scope_has_to_be_what_is_expected() -> None:
    error = refusal(URL, service="execute-api", rules=S3_RULES)
    assert facts(error) == ("wrong_service", AQPE, 400)
    assert str(error) == "The service 's3' is wrong; expecting 'execute-api'."
    error = refusal(URL, region="us-east-1")
    assert facts(error) == ("wrong_region", AQPE, 400)
    assert str(error) == "The region 'eu-west-1' is wrong; expecting 'us-east-1'."
    assert check(URL, region=None).scope.region == "eu-west-1"


def test_the_longest_lifetime_is_ours_to_say() -> None:
    assert facts(refusal(URL, max_expires_in=899)) == ("expires_out_of_range", AQPE, 400)
    assert check(URL, max_expires_in=timedelta(minutes=15)).expires_at == NOW + 900
    assert facts(refusal(URL, rules=ServiceRules(max_expires_in=300)))[0] == "expires_out_of_range"
    week = url_of(expires_in=604_800)
    assert check(week).expires_at == NOW + 604_800
    unlimited = ServiceRules(
        normalize_path=False, double_encode=False, payload_hash="UNSIGNED-PAYLOAD", max_expires_in=None
    )
    month = url_of(expires_in=2_592_000, rules=unlimited)
    assert facts(refusal(month, rules=unlimited))[0] == "expires_out_of_range"
    check(month, rules=unlimited, max_expires_in=2_592_000)


# --- 5: secret and token ---------------------------------------------------------------------------------------------


def test_an_unknown_key_is_refused() -> None:
    empty: dict[str, str] = {}
    for secrets in (empty, empty.get):
        assert facts(refusal(URL, secrets=secrets)) == ("unknown_access_key", "InvalidAccessKeyId", 403)


def test_the_session_token_has_to_be_the_one_that_belongs_to_the_key() -> None:
    temporary = Credentials("ASIA", "secret", "token")
    url = url_of(credentials=temporary)
    assert check(url, secrets={"ASIA": temporary}).query == ()
    for stored in ("secret", Credentials("ASIA", "secret"), Credentials("ASIA", "secret", "other")):
        assert facts(refusal(url, secrets={"ASIA": stored})) == ("invalid_token", "InvalidToken", 400)
    untokened = url_of(credentials=Credentials("ASIA", "secret"))
    assert facts(refusal(untokened, secrets={"ASIA": temporary}))[0] == "invalid_token"
    foreign = with_parameter(url, "X-Amz-Security-Token", "t%C3%A9")
    assert facts(refusal(foreign, secrets={"ASIA": temporary}))[0] == "invalid_token"


@pytest.mark.parametrize("service", ["iotdevicegateway", "s3express"])
def test_tokens_are_found_where_the_service_puts_them(service: str) -> None:
    temporary = Credentials("ASIA", "secret", "token")
    url = url_of(credentials=temporary, service=service)
    assert check(url, secrets={"ASIA": temporary}, service=service).query == ()
    name = "X-Amz-S3session-Token" if service == "s3express" else "X-Amz-Security-Token"
    assert (
        facts(refusal(f"{url}&{name}=token", secrets={"ASIA": temporary}, service=service))[0] == "duplicate_parameter"
    )
    assert (
        facts(refusal(with_parameter(url, name, "x"), secrets={"ASIA": temporary}, service=service))[0]
        == "invalid_token"
    )


def test_an_s3_express_token_elsewhere_is_an_ordinary_parameter() -> None:
    assert check(url_of(query={"X-Amz-S3session-Token": "x"})).query == (("X-Amz-S3session-Token", "x"),)


# --- 6: headers ------------------------------------------------------------------------------------------------------


def test_host_has_to_be_signed() -> None:
    error = refusal(with_parameter(url_of(headers={"a": "b"}), "X-Amz-SignedHeaders", "a"), headers={"a": "b"})
    assert facts(error) == ("unsigned_headers", "AccessDenied", 403)
    assert str(error).endswith(": 'host'")


def test_amazon_headers_have_to_be_signed() -> None:
    for name in ("x-amz-acl", "X-Amz-Copy-Source", "x-amz-content-sha256", "x-amz-meta-a"):
        error = refusal(URL, headers={name: "x"})
        assert facts(error) == ("unsigned_headers", "AccessDenied", 403)
        assert str(error).endswith(repr(name.lower()))
    check(URL, headers={"x-amz-cf-id": "x", "x-amzn-trace-id": "x"})
    check(URL, headers={"x-amz-content-sha256": "x"}, ignored_headers={"x-amz-content-sha256"})
    check(URL, headers={"x-amz-cf-id": "x"}, ignored_headers=["X-Amz-Cf-Id"])
    assert facts(refusal(URL, headers={"x-amz-cf-id": "x"}, ignored_headers=()))[0] == "unsigned_headers"


def test_headers_may_be_required() -> None:
    assert facts(refusal(URL, required_signed_headers=["Content-Type"])) == ("unsigned_headers", "AccessDenied", 403)
    url = url_of(headers={"content-type": "text/plain"})
    check(url, headers={"content-type": "text/plain"}, required_signed_headers=["Content-Type"])


def test_a_signed_header_has_to_be_there() -> None:
    error = refusal(url_of(headers={"content-type": "text/plain"}))
    assert facts(error) == ("missing_signed_headers", "SignatureDoesNotMatch", 403)
    assert "'content-type'" in str(error)


def test_the_payload_line() -> None:
    digest = "a" * 64
    by_header = url_of("PUT", payload_hash=digest, headers={"x-amz-content-sha256": digest})
    headers = {"x-amz-content-sha256": digest}
    assert check(by_header, "PUT", headers).headers["x-amz-content-sha256"] == digest
    check(by_header, "PUT", headers, payload_hash=digest)
    error = refusal(by_header, "PUT", headers, payload_hash="b" * 64)
    assert facts(error) == ("payload_hash_mismatch", "XAmzContentSHA256Mismatch", 400)
    silent = url_of("PUT", payload_hash=digest)
    check(silent, "PUT", payload_hash=digest)
    assert facts(refusal(silent, "PUT"))[0] == "signature_mismatch"


# --- 7: the signature ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("signature", ["", "0" * 64, "badsignature", "%C3%A9", "é".encode().hex()])
def test_a_wrong_signature(signature: str) -> None:
    error = refusal(with_parameter(URL, "X-Amz-Signature", signature))
    assert isinstance(error, SignatureMismatch)
    assert facts(error) == ("signature_mismatch", "SignatureDoesNotMatch", 403)
    assert error.canonical_request.startswith("GET\n/a%20b\nX-Amz-Algorithm=")
    assert error.string_to_sign.startswith("AWS4-HMAC-SHA256\n20251124T160000Z\n20251124/eu-west-1/s3/aws4_request\n")


def test_an_upper_case_signature_is_not_the_signature() -> None:
    signature = URL[-64:]
    assert signature != signature.upper()
    assert facts(refusal(with_parameter(URL, "X-Amz-Signature", signature.upper())))[0] == "signature_mismatch"
    assert facts(refusal(URL + "0"))[0] == "signature_mismatch"


def test_a_wrong_secret_or_method() -> None:
    assert facts(refusal(URL, secrets={"AKIDEXAMPLE": "other"}))[0] == "signature_mismatch"
    assert facts(refusal(URL, "HEAD"))[0] == "signature_mismatch"


# --- 8: time ---------------------------------------------------------------------------------------------------------


def test_expiry_has_no_grace() -> None:
    check(URL, now=NOW + 900)
    error = refusal(URL, now=NOW + 900.001)
    assert isinstance(error, Expired)
    assert facts(error) == ("expired", "AccessDenied", 403)
    assert error.expires_at == NOW + 900
    assert str(error) == "Request has expired (at 2025-11-24T16:15:00Z)"


def test_a_date_ahead_is_accepted_within_the_skew() -> None:
    check(URL, now=NOW - 900)
    error = refusal(URL, now=NOW - 900.001)
    assert isinstance(error, NotYetValid)
    assert facts(error) == ("not_yet_valid", "AccessDenied", 403)
    assert error.valid_from == NOW
    assert facts(refusal(URL, now=NOW - 1, clock_skew=0))[0] == "not_yet_valid"


def test_a_forged_link_is_never_called_expired() -> None:
    forged = with_parameter(URL, "X-Amz-Signature", "0" * 64)
    assert facts(refusal(forged, now=NOW + 10**6))[0] == "signature_mismatch"
    assert facts(refusal(forged, now=NOW - 10**6))[0] == "signature_mismatch"


def test_zero_seconds_are_well_formed_and_soon_over() -> None:
    url = with_parameter(URL, "X-Amz-Expires", "0")
    assert facts(refusal(url))[0] == "signature_mismatch"


def test_the_first_request_of_a_process_is_refused_as_any_later_one() -> None:
    url = url_of().replace(
        "X-Amz-Credential=AKIDEXAMPLE%2F20251124%2Feu-west-1%2Fs3%2Faws4_request", "X-Amz-Credential="
    )
    url = url.replace("X-Amz-Date=2025", "X-Amz-Date=")  # the credential's fault is the first
    code = f"""
from sigv4presign import errors, verify
for _ in range(2):
    try:
        verify("GET", {str(url)!r}, headers=(), secrets={{}}, service="s3", region=None)
    except errors.VerificationError as fault:
        print(fault.reason)
    try:
        verify("GET", {str(url_of())!r}, headers=(), secrets={{}}, service="s3", region=None)
    except errors.VerificationError:
        pass
"""
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert seen.split() == ["malformed_credential", "malformed_credential"]


def test_credentials_that_ended_verify_nothing() -> None:
    ended = Credentials("ASIA", "secret", "token", expires_at=NOW + 10)
    url = url_of(credentials=Credentials("ASIA", "secret", "token"))
    check(url, secrets={"ASIA": ended}, now=NOW + 10)
    assert facts(refusal(url, secrets={"ASIA": ended}, now=NOW + 11)) == ("expired_token", "ExpiredToken", 400)


def test_the_clock_is_read_when_now_is_not_given() -> None:
    with freeze_time("2025-11-24T16:14:59Z"):
        check(URL, now=None)
    with freeze_time("2025-11-24T16:15:01Z"):
        assert facts(refusal(URL, now=None))[0] == "expired"


# --- 9: once ---------------------------------------------------------------------------------------------------------


class Memory:
    """A memory of used links."""

    def __init__(self) -> None:
        self.claims: list[tuple[str, int]] = []

    def claim(self, request_id: str, expires_at: int) -> bool:
        known = request_id in [claimed for claimed, _ in self.claims]
        self.claims.append((request_id, expires_at))
        return not known


def test_a_link_that_may_be_used_once() -> None:
    memory = Memory()
    check(URL, single_use=memory)
    assert facts(refusal(URL, single_use=memory)) == ("already_used", "AccessDenied", 403)
    [(request_id, expires_at), _] = memory.claims
    assert (len(request_id), expires_at) == (64, NOW + 900)
    check(url_of(query={"x-nonce": "1"}), single_use=memory)


def test_a_store_that_takes_the_time_is_told_the_verifiers() -> None:
    told: list[float] = []

    def claim(request_id: str, expires_at: int, *, now: float) -> bool:
        told.append(now)
        return len(request_id) == 64 and expires_at == NOW + 900

    claim.takes_now = True  # type: ignore[attr-defined]
    check(URL, now=NOW + 7, single_use=SimpleNamespace(claim=claim))
    assert told == [NOW + 7]


def test_the_twin_of_a_signed_header_is_refused_in_both_spellings() -> None:
    for signed, twin in (("x_role", "x-role"), ("x-role", "x_role")):
        url = url_of(headers={signed: "reader"})
        assert check(url, headers={signed: "reader"}).headers[signed] == "reader"
        assert facts(refusal(url, headers={twin: "admin", signed: "reader"}))[0] == "unsigned_headers"


def test_two_spellings_of_a_header_are_refused_and_one_that_is_not_signed_is_not() -> None:
    assert facts(refusal(URL, headers={"x_role": "admin", "x-role": "reader"}))[0] == "unsigned_headers"
    check(URL, headers={"x_role": "admin"})
    assert facts(refusal(URL, headers={"x_amz_acl": "public-read"}))[0] == "unsigned_headers"


def test_a_list_of_hosts_may_change_between_two_calls() -> None:
    hosts = ["files.example"]
    check(URL, host=hosts)
    hosts[0] = "other.example"
    assert facts(refusal(URL, host=hosts))[0] == "wrong_host"


def test_a_refused_request_claims_nothing() -> None:
    memory = Memory()
    refusal(with_parameter(URL, "X-Amz-Signature", "0" * 64), single_use=memory)
    refusal(URL, now=NOW + 901, single_use=memory)
    assert memory.claims == []


# --- what a reviewer found -------------------------------------------------------------------------------------------


def test_dot_segments_do_not_lead_out_of_a_stripped_prefix() -> None:
    url = url_of(url="https://h.example/admin/x", service="execute-api")
    target = url.removeprefix("https://h.example")
    for escape in ("/..", "/a/../..", "/./..", "//.."):
        error = refusal(escape + target, headers={"Host": "h.example"}, service="execute-api", path_prefix="/api")
        assert facts(error) == ("malformed_request", "InvalidURI", 400)
    inside = url_of(url="https://h.example/api/a/../x", service="execute-api").removeprefix("https://h.example/api")
    seen = check(inside, headers={"Host": "h.example"}, service="execute-api", path_prefix="/api")
    assert seen.path == "/api/x"


@pytest.mark.parametrize("odd", ["\x85", "\xa0", "\u2003", "\x1c", "\x0b", "\x0c", "\r\n ", "\n", "\x7f", "\0"])
def test_odd_white_space_in_a_signed_header_is_refused_and_not_folded(odd: str) -> None:
    url = url_of(headers={"x-a": "a b"})
    assert facts(refusal(url, headers={"x-a": f"a{odd}b"})) == ("malformed_request", "InvalidRequest", 400)
    assert facts(refusal(TARGET, headers={"Host": f"files.example{odd}"}))[0] in ("wrong_host", "malformed_request")
    assert check(URL, headers={"x-unsigned": f"a{odd}b"}) == check(URL)


def test_tabs_and_runs_of_spaces_are_one_space() -> None:
    assert check(url_of(headers={"x-a": "a b"}), headers={"x-a": "\t a \t  b\t"}).headers["x-a"] == "a b"


def test_empty_headers_count_too() -> None:
    error = refusal(URL, headers=[("", "")] * 20_000)
    assert facts(error) == ("too_large", "RequestHeaderSectionTooLarge", 400)


def test_a_refusal_quotes_the_request_on_one_short_line() -> None:
    error = refusal(URL, headers={"x-amz-" + "\x1b[31m\n" * 1_000: "1"})
    assert "\n" not in str(error)
    assert "\x1b" not in str(error)
    assert len(str(error)) < 400


def test_the_repr_of_what_was_verified_keeps_secrets_to_itself() -> None:
    headers = {"x-amz-server-side-encryption-customer-key": "c2VjcmV0", "x-team": "blue"}
    seen = check(url_of(headers=headers, query={"X-Amz-S3session-Token": "tokentoken", "a": "1"}), headers=headers)
    assert "c2VjcmV0" not in repr(seen)
    assert "tokentoken" not in repr(seen)
    assert "'x-team': 'blue'" in repr(seen)
    assert "('a', '1')" in repr(seen)
    assert seen.headers["x-amz-server-side-encryption-customer-key"] == "c2VjcmV0"


# --- the order -------------------------------------------------------------------------------------------------------


def test_of_two_faults_the_first_in_the_order_is_named() -> None:
    faults: list[tuple[str, dict[str, Any], str]] = [
        (URL, {"method": "get"}, "malformed_request"),
        (URL, {"host": "other.example"}, "wrong_host"),
        (URL, {"headers": {"Authorization": "x"}}, "two_authentications"),
        (URL, {"service": "sts"}, "wrong_service"),
        (URL, {"region": "us-east-1"}, "wrong_region"),
        (URL, {"secrets": {}}, "unknown_access_key"),
        (URL, {"headers": {"x-amz-acl": "x"}}, "unsigned_headers"),
        (URL, {"secrets": {"AKIDEXAMPLE": "other"}}, "signature_mismatch"),
        (URL, {"now": NOW + 901}, "expired"),
    ]
    for first in range(len(faults)):
        for second in range(first + 1, len(faults)):
            url, changes, reason = faults[first]
            if set(changes) & set(faults[second][1]):
                continue
            assert refusal(url, **{**faults[second][1], **changes}).reason == reason


# --- the caller's own arguments --------------------------------------------------------------------------------------


async def asynchronous(_key: str) -> str:
    return "secret"


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"method": b"GET"}, TypeError, "method: expected str, got bytes"),
        ({"url": URL.encode()}, TypeError, "url: expected str, got bytes"),
        ({"headers": "Host: h"}, TypeError, "headers: expected a mapping or pairs, got str"),
        ({"headers": b"Host: h"}, TypeError, "headers: expected a mapping or pairs, got bytes"),
        ({"headers": {"a": 1}}, TypeError, "headers: names and values are str or bytes, not int"),
        ({"headers": iter([5])}, TypeError, "headers: expected pairs of a name and a value"),
        ({"headers": [("a", "b"), None]}, TypeError, "headers: expected pairs of a name and a value"),
        ({"secrets": {"AKIDEXAMPLE": ""}}, InputError, "secrets: the secret that was looked up is empty"),
        ({"secrets": {"AKIDEXAMPLE": "secret\ud800"}}, InputError, "secrets: the secret that was looked up has a lone"),
        (
            {"secrets": {"AKIDEXAMPLE": b"secret"}},
            TypeError,
            "secrets: expected str, Credentials or None for a key, got bytes",
        ),
        (
            {"secrets": asynchronous},
            TypeError,
            r"secrets: it is asynchronous; verify\(\) cannot wait for it, asgi.verify",
        ),
        ({"path_prefix": "s3"}, InputError, "path_prefix: 's3' must begin with a slash"),
        ({"path_prefix": "/s3/"}, InputError, "path_prefix: '/s3/' must begin with a slash and not end with one"),
        ({"path_prefix": "/s 3"}, InputError, "path_prefix: '/s 3' has ' ' unescaped"),
        ({"host": "a b"}, InputError, "host: has a host with a character"),
        ({"host": "https://files.example"}, InputError, "host: has a "),
        ({"max_expires_in": 0}, InputError, "max_expires_in: 0 s"),
        ({"max_expires_in": True}, TypeError, "max_expires_in: expected whole seconds"),
        ({"now": "2026"}, TypeError, "now: str is not a time"),
        ({"clock_skew": float("nan")}, TypeError, "clock_skew: expected whole seconds as int, got float"),
        ({"clock_skew": True}, TypeError, "clock_skew: expected whole seconds as int, got bool"),
        ({"clock_skew": -1}, InputError, "clock_skew: -1 s is negative"),
        ({"required_signed_headers": "content-type"}, TypeError, "required_signed_headers: expected a collection"),
        ({"required_signed_headers": iter(["a"])}, TypeError, "required_signed_headers: expected a collection"),
        ({"ignored_headers": "x-amz-cf-id"}, TypeError, "ignored_headers: expected a collection"),
        ({"payload_hash": "a b"}, InputError, "payload_hash: expected"),
        ({"rules": "s3"}, TypeError, "rules: expected ServiceRules, got str"),
        ({"host": b"files.example"}, TypeError, "host: expected str, got bytes"),
        ({"host": ()}, InputError, "host: is empty; give the host names that clients use"),
        ({"host": ["a.example", ""]}, InputError, "host: has no host.*; write names as in a Host header"),
        ({"host": "files.example/x"}, InputError, "host: .*; write names as in a Host header"),
        ({"region": ""}, InputError, "region: '' is not a name such as 'eu-west-1'"),
        ({"region": "eu/west"}, InputError, "region: 'eu/west' is not a name"),
        ({"region": 5}, TypeError, "region: expected str, got int"),
        ({"service": ""}, InputError, "service: '' is not a name"),
        ({"required_signed_headers": ["a b"]}, InputError, "required_signed_headers: 'a b' is not a header name"),
        ({"ignored_headers": [""]}, InputError, "ignored_headers: '' is not a header name"),
        ({"secrets": None}, TypeError, "secrets: expected a mapping or a function, got NoneType"),
        ({"secrets": "secret"}, TypeError, "secrets: expected a mapping or a function, got str"),
        (
            {"secrets": Credentials("AKID", "s")},
            TypeError,
            "secrets: expected a mapping or a function, got Cred",
        ),
        ({"single_use": set[str]()}, TypeError, r"single_use: expected a store with claim\(\), got set"),
        ({"host": {b"files.example"}}, TypeError, "host: expected str, got bytes"),
    ],
)
def test_the_callers_own_faults_are_not_the_requests(
    arguments: "dict[str, Any]", error: "type[Exception]", message: str
) -> None:
    with pytest.raises(error, match=message) as caught:
        check(**{"url": URL, **arguments})
    assert not isinstance(caught.value, VerificationError)


def test_a_url_with_all_but_its_algorithm_is_told_so_whatever_else_it_has() -> None:
    url = with_parameter(url_of(query={"versionId": "1"}), "X-Amz-Algorithm", None)
    assert facts(refusal(url)) == ("missing_parameter", AQPE, 400)
    assert str(refusal(url)).endswith("; missing: X-Amz-Algorithm.")


def test_an_asynchronous_claim_is_refused_too() -> None:
    class Memory:
        async def claim(self, request_id: str, expires_at: int) -> bool:
            return bool(request_id and expires_at)

    with pytest.raises(TypeError, match="single_use: it is asynchronous"):
        check(URL, single_use=Memory())

    class Pending:
        def __await__(self) -> Any:
            yield

    with pytest.raises(TypeError, match="secrets: it is asynchronous"):
        check(URL, secrets={"AKIDEXAMPLE": Pending()})


def test_what_a_callback_raises_passes_through() -> None:
    def fail(_key: str) -> str:
        raise LookupError("no database today")

    with pytest.raises(LookupError, match="no database today"):
        check(URL, secrets=fail)


def test_the_request_of_a_presigner_is_verified_by_its_own_arguments() -> None:
    s3 = S3Presigner(CREDS, region="eu-west-1", endpoint="http://127.0.0.1:8000")
    url = s3.put_object("bkt", "ünï/çødé +.txt", content_type="text/plain", now=NOW)
    seen = check(url.removeprefix("http://127.0.0.1:8000"), url.method, {**url.headers, "Host": "127.0.0.1:8000"})
    assert seen.path == "/bkt/%C3%BCn%C3%AF/%C3%A7%C3%B8d%C3%A9%20%2B.txt"


@pytest.mark.parametrize(
    "credential", ["AKIDEXAMPLE/20251124/s3", "AKIDEXAMPLE/20251124/s3/aws4", "/20251124/s3/aws4_request"]
)
def test_a_credential_of_sigv4a_has_no_region(credential: str) -> None:
    from sigv4presign._diagnosis.inspect import parse_credential_v4a

    assert parse_credential_v4a("AKIDEXAMPLE/20251124/s3/aws4_request").service == "s3"
    with pytest.raises(VerificationError, match='not of the form "<access-key-id>/YYYYMMDD/SERVICE/aws4_request"'):
        parse_credential_v4a(credential)


SIGNING: "dict[str, Any]" = {
    "credentials": Credentials("AKIDEXAMPLE", "secret"), "region": "eu-west-1", "service": "s3", "expires_in": 60,
    "now": NOW,
}  # fmt: skip


class Used:
    """A memory in which every link is used."""

    def claim(self, request_id: str, expires_at: int) -> bool:
        return not (request_id and expires_at)


def test_signatures_are_compared_in_constant_time() -> None:
    assert vars(form)["compare_digest"] is hmac.compare_digest
    assert vars(_verify)["compare_digest"] is hmac.compare_digest


# Where S3 has a sentence it is S3's (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html, and the
# answers in tests/data/); the others are this library's own, whole, since a person will read them.
TWO_AUTHENTICATIONS = (
    "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or "
    "the Authorization header should be specified"
)


MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your key and signing method."
)


TOKEN = Credentials("AKIDEXAMPLE", CREDS.secret_access_key, "token")


ENDED = Credentials("AKIDEXAMPLE", CREDS.secret_access_key, expires_at=NOW)


SENTENCES: "list[tuple[dict[str, Any], str]]" = [
    ({"secrets": {}}, "The AWS Access Key Id you provided does not exist in our records."),
    ({"secrets": {"AKIDEXAMPLE": TOKEN}}, "The provided token is malformed or otherwise invalid."),
    ({"secrets": {"AKIDEXAMPLE": ENDED}}, "The provided token has expired."),
    ({"secrets": {"AKIDEXAMPLE": "other"}}, MISMATCH),
    ({"now": NOW - 901}, "Request is not valid yet"),
    ({"now": NOW + 901}, "Request has expired (at 2025-11-24T16:15:00Z)"),
    ({"url": "/a", "headers": {"Host": "h"}}, "The request has no signature in its query string."),
    ({"headers": {"Authorization": "x"}}, TWO_AUTHENTICATIONS),
    ({"method": "get"}, "The method is not an HTTP method in capitals."),
    ({"headers": {"Host": "other.example"}}, "The request names more than one host."),
    ({"host": "other.example"}, "The request is for another host."),
    ({"url": TARGET}, "The request has no Host header."),
    ({"url": "/" + "a" * 16_384}, "The URL is longer than 16384 characters."),
    ({"headers": {"a": "b" * 65_536}}, "The headers have more than 65536 characters."),
    (
        {"url": f"{URL}&X-Amz-Date=20251124T160000Z"},
        "X-Amz-Date is there more than once.",
    ),
    (
        {"url": f"{URL}&X-Amz-Region-Set=*"},
        "X-Amz-Region-Set belongs to SigV4A, which is not verified here.",
    ),
    ({"url": f"{URL}&x-amz-date=1"}, "'x-amz-date' does not belong here, or is spelt in another case."),
    (
        {"headers": {"x-amz-acl": "x"}},
        "There were headers present in the request which were not signed: 'x-amz-acl'",
    ),
    ({"single_use": Used()}, "This link has been used already."),
]


@pytest.mark.parametrize(("changes", "sentence"), SENTENCES)
def test_a_rejection_says_why_in_one_sentence(changes: "dict[str, Any]", sentence: str) -> None:
    assert str(refusal(**{"url": URL, **changes})) == sentence


def test_a_path_that_leaves_its_prefix_is_rejected() -> None:
    error = refusal("/../a", headers={"Host": "h"}, path_prefix="/b", rules=GENERIC_RULES, service="x")
    assert str(error) == "The URL's path is outside the path prefix."


def test_a_payload_hash_other_than_the_signed_one_is_rejected_in_s3s_words() -> None:
    url = url_of("PUT", headers={"x-amz-content-sha256": "UNSIGNED-PAYLOAD"})
    error = refusal(url, "PUT", url.headers, payload_hash="0" * 64)
    assert str(error) == "The provided 'x-amz-content-sha256' header does not match what was computed."


def test_a_signed_header_that_is_not_ascii_is_named() -> None:
    url = url_of(headers={"a": "b"})
    assert str(refusal(url, headers={"a": "\u00e9"})) == (
        "The signed header 'a' has characters other than printable ASCII."
    )


def test_the_repr_of_a_verified_request_marks_what_it_hides() -> None:
    url = url_of(headers={"x-amz-server-side-encryption-customer-key": "c2VjcmV0"})
    assert "'<hidden>'" in repr(check(url, headers=url.headers))


def test_a_verified_request_has_no_public_constructor() -> None:
    with pytest.raises(TypeError) as caught:
        VerifiedRequest()
    assert str(caught.value) == "a VerifiedRequest comes from verify(); it has no public constructor"


def test_a_rejection_quotes_at_most_60_characters() -> None:
    assert f"'{'a' * 60}'" in str(refusal(URL, service="s3", region="a" * 61))


def test_a_target_has_at_most_16384_characters() -> None:
    assert refusal("/" + "a" * 16_383, headers={"Host": "h"}).reason == "missing_parameter"
    assert refusal("/" + "a" * 16_384, headers={"Host": "h"}).reason == "too_large"


def test_a_path_that_the_service_does_not_normalise_is_served_with_its_dots() -> None:
    rules = ServiceRules(normalize_path=False, double_encode=True)
    url = url_of(url="https://files.example/a/../b%20c", service="x", rules=rules)
    assert check(url, service="x", rules=rules).path == "/a/../b%20c"
    url = url_of(url="https://files.example/a/../b%20c", service="x")
    assert check(url, service="x").path == "/b%20c"


def test_an_asynchronous_answer_is_closed_so_that_nobody_is_warned_of_it() -> None:
    closed: list[bool] = []

    class Answer:
        def __await__(self) -> "Iterator[None]":
            yield

        def close(self) -> None:
            closed.append(True)

    def look_up(_key: str) -> Any:
        return Answer()

    with pytest.raises(TypeError, match="it is asynchronous"):
        check(URL, secrets=look_up)
    assert closed == [True]


def test_an_invalid_host_is_named_by_its_header() -> None:
    for name in ("Host", ":authority"):
        message = str(refusal(TARGET, headers={name: "files.example, files.example"}))
        assert message == f"The request has more than one {name.lower()} header, or a comma in it."
        message = str(refusal(TARGET, headers={name: "files example"}))
        assert message.startswith(f"The {name.lower()} header has a host with a character")


def test_a_str_in_place_of_header_names_is_a_type_error() -> None:
    with pytest.raises(TypeError) as caught:
        check(URL, required_signed_headers="host")
    assert str(caught.value) == "required_signed_headers: expected a collection of names, such as a tuple, got str"


def test_a_path_that_ends_at_its_prefix_is_accepted() -> None:
    inside = refusal("/.", headers={"Host": "h"}, path_prefix="/b", rules=GENERIC_RULES, service="x")
    assert inside.reason == "missing_parameter"
    outside = refusal("/../bc", headers={"Host": "h"}, path_prefix="/b", rules=GENERIC_RULES, service="x")
    assert outside.code == "InvalidURI"


def test_arguments_that_were_checked_before_are_checked_again_where_they_may_differ() -> None:
    assert check(URL, clock_skew=1).path
    with pytest.raises(TypeError, match="clock_skew: expected whole seconds as int, got bool"):
        check(URL, clock_skew=True)  # equal to the 1 before, and not the same
    ignored = ["x-amz-cf-id"]
    assert check(URL, headers={"x-amz-cf-id": "x"}, ignored_headers=ignored).path
    ignored.clear()
    assert facts(refusal(URL, headers={"x-amz-cf-id": "x"}, ignored_headers=ignored))[0] == "unsigned_headers"


def test_a_clock_skew_is_an_integer_and_not_a_bool() -> None:
    class Skew(enum.IntEnum):
        SMALL = 5

    assert check(URL, clock_skew=Skew.SMALL).path
    with pytest.raises(TypeError, match="clock_skew: expected whole seconds as int, got bool"):
        check(URL, clock_skew=True)


def test_a_path_prefix_has_valid_escapes() -> None:
    url = presign("GET", "https://files.example/a%20b/c", **SIGNING)
    target = url.removeprefix("https://files.example/a%20b")
    arguments: dict[str, Any] = {
        "headers": {"Host": "files.example"}, "secrets": {"AKIDEXAMPLE": "secret"}, "service": "s3",
        "region": "eu-west-1", "now": NOW,
    }  # fmt: skip
    assert _verify.verify("GET", target, path_prefix="/a%20b", **arguments).path == "/a%20b/c"
    with pytest.raises(InputError, match="^path_prefix: '/a%zz' has a % without two hex digits after it"):
        _verify.verify("GET", target, path_prefix="/a%zz", **arguments)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("service", 5),
        ("region", 5),
        ("rules", "s3"),
        ("host", 5),
        ("path_prefix", 5),
        ("headers", [("a",)]),
        ("headers", 5),
    ],
)
def test_a_wrong_type_is_a_type_error_that_names_the_parameter(name: str, value: Any) -> None:
    arguments: dict[str, Any] = {
        "headers": {}, "secrets": {}, "service": "s3", "region": "eu-west-1", "now": NOW, name: value,
    }  # fmt: skip
    with pytest.raises(TypeError, match=f"^{name}: expected "):
        verify("GET", URL, **arguments)


@pytest.mark.parametrize("payload_hash", [None, "UNSIGNED-PAYLOAD"])
def test_a_list_of_hosts_that_is_changed_between_two_calls_counts_as_it_is(payload_hash: "str | None") -> None:
    hosts = ["files.example"]
    url = url_of()
    assert check(url, host=hosts, payload_hash=payload_hash).host == "files.example"
    hosts[0] = "other.example"
    assert refusal(url, host=hosts, payload_hash=payload_hash).reason == "wrong_host"


@pytest.mark.parametrize("secret", ["пароль", "sécret", "\ud7ff", "\ue000"])
def test_a_secret_may_be_any_text(secret: str) -> None:
    url = url_of(credentials=Credentials("AKIDEXAMPLE", secret))
    assert check(url, secrets={"AKIDEXAMPLE": secret}).access_key_id == "AKIDEXAMPLE"


@pytest.mark.parametrize("secret", ["\ud800", "a\udfff"])
def test_a_secret_that_is_no_text_is_named_as_that(secret: str) -> None:
    with pytest.raises(InputError, match="secrets: the secret that was looked up has a lone surrogate"):
        check(url_of(), secrets={"AKIDEXAMPLE": secret})


def test_a_url_of_version_4_may_have_the_parameters_of_version_2() -> None:
    url = url_of(query={"AWSAccessKeyId": "A", "Signature": "S"})
    assert check(url).query == (("AWSAccessKeyId", "A"), ("Signature", "S"))
    assert refusal(url.replace("Date=2", "Date=x")).reason == "malformed_date"
    assert refusal(f"{url}&x-amz-date=1").reason == "malformed_request"
