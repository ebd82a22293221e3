"""`explain`: which finding comes first for each kind of damage, and none for what is in order."""

import base64
import io
import json
import pickle
import re
import string
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import agreement
import mutation
import pytest
from explain_corpus import (
    BROKEN,
    FIRST,
    GET,
    IN_PATH,
    KEYS,
    LAMBDA,
    LAMBDA_LINES,
    MISMATCH,
    NOW,
    PUT,
    SECRET,
    SWIFT,
    SWIFT_KEYS,
    TEMPORARY,
    TOKEN,
    VIRTUAL,
    WITH_TOKEN,
    Broken,
    error,
    http,
    sent_headers,
    v4,
    with_query_of,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import Case, cases

from sigv4presign import Credentials, CredentialScope, PresignedUrl, derive_signing_key, inspect, presign, tokens
from sigv4presign.__main__ import main
from sigv4presign._command_line import explain as command
from sigv4presign._diagnosis.answer import MAX_ANSWER, read_answer
from sigv4presign._diagnosis.explain import explain
from sigv4presign._diagnosis.finding import Finding, shown, shown_header, shown_name, shown_parameter
from sigv4presign._diagnosis.parameters import is_tracker
from sigv4presign.errors import InputError

ROOT = Path(__file__).parent.parent


def findings(case: Broken) -> "tuple[Finding, ...]":
    return explain(
        case.method,
        case.url,
        headers=case.headers,
        response=case.response,
        credentials=case.credentials,
        now=case.now,
    )


def codes(url: str = GET, method: str = "GET", **given: Any) -> "list[str]":
    arguments: dict[str, Any] = {"now": NOW + 30, **given}
    return [finding.code for finding in explain(method, url, **arguments)]


def first(url: str = GET, method: str = "GET", **given: Any) -> Finding:
    arguments: dict[str, Any] = {"now": NOW + 30, **given}
    return explain(method, url, **arguments)[0]


# --- the corpus -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case.name)
def test_the_likeliest_cause_comes_first(case: Broken) -> None:
    assert [finding.code for finding in findings(case)][:1] == [case.first]


def test_the_corpus_is_large_and_breaks_requests_in_many_ways() -> None:
    assert len({(case.url, case.response, case.method) for case in BROKEN}) >= 150
    assert len({case.first for case in BROKEN}) >= 50


def test_every_documented_code_comes_first_for_some_case_and_no_other_does() -> None:
    documented = set(re.findall(r"`([a-z0-9_]+)`", str(Finding.__doc__).partition("The URL's text:")[2]))
    assert {case.first for case in BROKEN} == documented


def test_every_finding_of_the_corpus_says_what_to_do() -> None:
    for case in BROKEN:
        for finding in findings(case):
            assert finding.seen
            assert finding.expected
            assert finding.fix[0].isupper()
            assert finding.fix.endswith(".")
            assert str(finding).isprintable()


@pytest.mark.parametrize(
    ("url", "seen", "expected"),
    [
        (GET.replace("costs", "#1"), "a raw # in the path", "%23 for a # that belongs to the key"),
        (GET.replace("&X-Amz-D", "#&X-Amz-D"), "a raw # in the query", "%23 for a # that belongs to the key"),
        (GET.replace("=", "&#61;"), "&#61; in place of =", "= between name and value"),
        (GET.replace("=", "=3D"), "=3D in place of =", "= between name and value"),
        (GET.replace("&", "&amp;"), "&amp; between the parameters", "& between the parameters"),
        (GET.replace("&", ";"), "; between the parameters", "& between the parameters"),
        (GET.replace("&", "\\u0026"), "\\u0026 between the parameters", "& between the parameters"),
        (GET.replace("?", "%3F"), "%3F in place of the ? before the query", "each character percent-encoded once"),
        (f"https://mail.example/?u={quote(GET, safe='')}", "a presigned URL within another, in the parameter u",
         "the presigned URL alone"),
        (f"{GET[:120]}\n{GET[120:]}", "quotes, white space, line breaks or backslashes in or around the URL",
         "the URL alone, on one line"),
        (f"{GET[:120]}\u200b{GET[120:]}", "characters that cannot be seen, in the URL", "the URL alone, on one line"),
    ],
)  # fmt: skip
def test_a_damaged_text_is_named_by_what_is_in_it_and_what_should_be(url: str, seen: str, expected: str) -> None:
    finding = first(url)
    assert (finding.seen, finding.expected) == (seen, expected)


def test_no_finding_of_the_corpus_shows_a_secret() -> None:
    for case in BROKEN:
        text = repr(findings(case))
        for secret in (SECRET, TOKEN, TOKEN[:20], "testing", GET[-64:], WITH_TOKEN[-64:], PUT[-64:]):
            assert secret not in text, case.name


# --- what a real server answered --------------------------------------------------------------------------------------


def test_every_recorded_request_is_judged() -> None:
    assert [entry["name"] for entry in SWIFT] != []
    assert {entry["name"] for entry in SWIFT} == set(FIRST)


@pytest.mark.parametrize("entry", SWIFT, ids=lambda entry: entry["name"])
def test_where_nothing_can_be_seen_nothing_is_said(entry: "dict[str, Any]") -> None:
    handed, arrived, alone = FIRST[entry["name"]]
    sent, method, headers, now = entry["sent"]["url"], entry["sent"]["method"], sent_headers(entry), entry["now"]
    if handed is None:
        assert explain(method, sent, headers=headers, response=entry["response"], now=now) == ()
    if arrived is None:
        assert explain(method, sent, headers=headers, credentials=SWIFT_KEYS, now=now) == ()
    if alone is None:
        assert explain(method, sent, headers=headers, now=now) == ()


def recorded(name: str) -> "dict[str, Any]":
    [entry] = [entry for entry in SWIFT if entry["name"] == name]
    return entry


def test_the_servers_lines_are_shown_against_ours() -> None:
    entry = recorded("container_name")
    [finding] = explain("GET", entry["signed"]["url"], response=entry["response"], now=entry["now"])
    assert (finding.code, finding.seen, finding.expected) == ("wrong_host", "127.0.0.1:26080", "swift:8080")
    assert "public_endpoint=" in finding.fix
    entry = recorded("slash_decoded")
    [finding] = explain("GET", entry["signed"]["url"], response=entry["response"], now=entry["now"])
    assert (finding.seen, finding.expected) == ("/bucket/a/b.txt", "/bucket/a%2Fb.txt")
    entry = recorded("parameter_added")
    [finding] = explain("GET", entry["signed"]["url"], response=entry["response"], now=entry["now"])
    assert (finding.seen, finding.expected) == ("utm_source=mail", "no utm_source")


def test_the_right_region_comes_from_the_answer() -> None:
    entry = recorded("wrong_region")
    finding = first(entry["signed"]["url"], response=entry["response"], now=entry["now"])
    assert (finding.seen, finding.expected) == ("signed for eu-west-1", "us-east-1")
    assert finding.fix == "Sign with region='us-east-1', and for that region's own endpoint."


def test_the_right_service_comes_from_the_answer() -> None:
    entry = recorded("wrong_service")
    finding = first(entry["signed"]["url"], response=entry["response"], now=entry["now"])
    assert (finding.expected, finding.fix) == ("s3", "Sign with service='s3'.")


def test_a_header_that_only_the_server_tells_us_of_counts_as_sent() -> None:
    entry = recorded("content_type_changed")
    assert codes(entry["signed"]["url"], "PUT", response=entry["response"], now=entry["now"])[:2] == [
        "changed_header",
        "wrong_secret",
    ]


def test_the_body_alone_and_bytes_are_answers_too() -> None:
    entry = recorded("localhost")
    body = entry["response"].partition("\r\n\r\n")[2]
    for response in (body, body.encode(), entry["response"].encode()):
        assert codes(entry["signed"]["url"], response=response, now=entry["now"]) == ["wrong_host"]


def test_an_answer_that_was_cut_counts_as_far_as_it_goes() -> None:
    entry = recorded("localhost")
    cut = entry["response"].partition("<CanonicalRequestBytes>")[0]
    assert codes(entry["signed"]["url"], response=cut, now=entry["now"]) == ["wrong_host"]


def test_an_answer_to_another_url_is_told_apart() -> None:
    assert codes(response=recorded("wrong_secret")["response"])[0] == "another_answer"
    entry = recorded("wrong_secret")
    body = re.sub("<SignatureProvided>.*</SignatureProvided>", "", entry["response"])
    assert codes(response=body)[0] == "another_answer"


def test_a_signature_that_was_shortened_on_the_way_is_recognised() -> None:
    entry = recorded("signature_cut")
    [finding] = explain("GET", entry["signed"]["url"], response=entry["response"], now=entry["now"])
    assert (finding.code, finding.seen) == ("truncated", "X-Amz-Signature with 54 hex digits, as it arrived")


def test_keys_that_hold_for_what_the_server_saw_mean_that_it_has_another_secret() -> None:
    entry = recorded("wrong_secret")
    keys = Credentials("test:tester", "another-secret")
    [finding] = explain("GET", entry["sent"]["url"], response=entry["response"], credentials=keys, now=entry["now"])
    assert finding.code == "wrong_secret"
    assert finding.seen == "a signature that is valid with the keys given here"


def test_the_method_that_the_server_saw_counts() -> None:
    entry = recorded("delete_of_get")
    found = explain("GET", entry["sent"]["url"], response=entry["response"], now=entry["now"])
    assert (found[0].code, found[0].seen, found[0].expected) == ("wrong_method", "DELETE", "GET")


def changed_lines(name: str, *changes: "tuple[str, str]") -> "list[Finding]":
    """What is found when the server shows other lines than it did."""
    entry = recorded(name)
    response = entry["response"]
    for old, new in changes:
        assert old in response
        response = response.replace(old, new)
    url, method = entry["sent"]["url"], entry["sent"]["method"]
    return list(explain(method, url, headers=sent_headers(entry), response=response, now=entry["now"]))


@pytest.mark.parametrize(
    ("name", "change", "code", "seen"),
    [
        ("wrong_secret", ("UNSIGNED-PAYLOAD</C", "e3b0</C"), "payload_hash_mismatch", "e3b0"),
        ("wrong_secret", ("X-Amz-Expires=900&amp;", ""), "missing_parameter", "no X-Amz-Expires"),
        ("wrong_secret", ("X-Amz-Expires=900", "X-Amz-Expires=90"), "changed_parameter", "X-Amz-Expires=90"),
        ("wrong_secret", ("X-Amz-SignedHeaders=host\n", "X-Amz-SignedHeaders=host&amp;\n"), "query_reencoded",
         "a canonical query string in another order or spelling"),
        ("content_type_changed", ("content-type:image/png", "content-type:"), "missing_signed_headers",
         "no content-type"),
        ("content_type_changed", ("content-type:image/png", "content-type:image/jpg"), "changed_header",
         "content-type: image/jpg"),
        ("wrong_secret", ("host:127.0.0.1:26080", "host:"), "wrong_host", "no Host"),
        ("wrong_secret", ("a%20b.txt\n", "a%zzb.txt\n"), "changed_path", "/bucket/a%zzb.txt"),
    ],
)  # fmt: skip
def test_each_line_that_differs_is_a_finding(name: str, change: "tuple[str, str]", code: str, seen: str) -> None:
    [finding] = changed_lines(name, change)
    assert (finding.code, finding.seen) == (code, seen)


def without_lines(*changes: "tuple[str, str]") -> "list[Finding]":
    """What is found when the server shows only its string to sign."""
    response = recorded("wrong_secret")["response"]
    lines = response[response.index("<CanonicalRequest>") : response.index("<CanonicalRequestBytes>")]
    return changed_lines("wrong_secret", (lines, ""), *changes)


def test_the_string_to_sign_alone_tells_whether_the_server_saw_the_same() -> None:
    same = without_lines()
    assert [finding.code for finding in same] == ["wrong_secret", "wrong_host", "wrong_method"]
    assert same[0].seen == "what the server signed is what this URL says, and another signature"
    changed = without_lines(("aws4_request\n", "aws4_request\n0"))
    assert [finding.code for finding in changed] == ["changed_on_the_way"]
    assert changed[0].seen == "a string to sign of which the last line, the request's hash, differs"
    other = without_lines(("AWS4-HMAC-SHA256\n2", "AWS4-HMAC-SHA256\n1"))
    assert [finding.code for finding in other] == ["another_answer"]
    assert other[0].seen == "an answer to a request with another signature"


def test_a_scope_that_differs_in_the_string_to_sign_names_the_right_one() -> None:
    found = without_lines(("/us-east-1/s3/aws4_request\n", "/eu-west-1/iam/aws4_request\n"))
    assert [(finding.code, finding.expected) for finding in found] == [
        ("wrong_region", "eu-west-1"),
        ("wrong_service", "iam"),
    ]
    assert found[0].fix == "The server signs for another region than the URL names: sign with region='eu-west-1'."


def test_a_string_to_sign_of_another_shape_is_not_compared() -> None:
    found = without_lines(("AWS4-HMAC-SHA256\n", "AWS4-HMAC-SHA256\n\n"))
    assert found[0].seen == "no lines to compare, and another signature"


def test_a_head_that_the_server_explains_was_most_likely_a_get() -> None:
    entry = recorded("wrong_secret")
    response = entry["response"].replace("<CanonicalRequest>GET", "<CanonicalRequest>HEAD")
    found = explain("HEAD", entry["sent"]["url"], response=response, now=entry["now"])
    assert [finding.code for finding in found] == ["wrong_method", "wrong_secret", "wrong_host"]


def test_lines_that_are_no_canonical_request_are_not_compared() -> None:
    assert (
        changed_lines("wrong_secret", ("host:127.0.0.1:26080\n\n", "host:127.0.0.1:26080\n"))[0].code == "wrong_secret"
    )


# --- what is in order -------------------------------------------------------------------------------------------------


@settings(max_examples=200)
@given(cases(), st.integers(0, 1))
def test_a_healthy_url_has_no_findings(case: Case, number: int) -> None:
    url = mutation.both_makers(case)[number]
    host = mutation.received(case, url).headers[0]
    # A click id that somebody signed looks like one that was added, unless the URL tells, or the keys do.
    are_added = not isinstance(url, PresignedUrl) and any(is_tracker(name) for name, _ in case.query)
    for given_credentials in (Credentials(*case.keys), *([] if are_added else [None])):
        found = explain(
            case.method,
            url,
            headers=[host, *case.headers],
            credentials=given_credentials,
            now=min(case.now + case.expires_in, 253_402_300_799),
        )
        assert found == ()


@settings(max_examples=200)
@given(cases(kind="s3"))
def test_a_healthy_url_that_was_only_spelt_anew_is_in_order_for_those_with_the_keys(case: Case) -> None:
    url = re.sub("%[0-9A-F]{2}", lambda match: match[0].lower(), str(agreement.ours(case)))
    assert explain(case.method, url, headers=case.headers, credentials=Credentials(*case.keys), now=case.now) == ()


def test_an_access_key_id_that_begins_with_3d_is_not_quoted_printable() -> None:
    url = v4("GET", "https://files.example.com/a", credentials=Credentials("3DEXAMPLE", "secret"))
    assert codes(url) == codes(url, credentials=Credentials("3DEXAMPLE", "secret")) == []
    assert codes(url.replace("=", "=3D")) == ["quoted_printable"]


def test_an_answer_of_success_has_no_findings() -> None:
    assert explain("GET", "no url at all", response="HTTP/1.1 206 Partial Content\r\n\r\nbytes") == ()
    assert explain("GET", GET, response="HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n") == ()
    assert explain("GET", GET, response="HTTP/1.1 304 Not Modified\n") == ()


def test_urls_without_an_end_and_of_sigv4a_are_in_order() -> None:
    endless = v4("GET", "https://h.example/mqtt", service="iotdevicegateway", expires_in=None, credentials=TEMPORARY)
    assert codes(endless, now=NOW + 10**8, credentials=TEMPORARY) == []
    assert first(endless, response=error("AccessDenied", "Request has expired")).expected == "a URL within its lifetime"
    v4a = (
        GET.replace("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256").replace("%2Feu-west-1", "") + "&X-Amz-Region-Set=%2A"
    )
    assert codes(v4a) == codes(v4a, credentials=KEYS) == []
    assert codes(v4a, response=http("403 Forbidden", "", "x-amz-bucket-region: eu-west-1")) == ["not_the_store"]
    assert first(v4a.replace("&X-Amz-Region-Set=%2A", "")).seen == "no X-Amz-Region-Set"


@pytest.mark.parametrize(
    "host", ["s3.s3.amazonaws.com", "s3.s3-accelerate.amazonaws.com", "b.s3.eu-west-1.amazonaws.com",
             "amazonaws.com", "s3.dualstack.eu-west-1.amazonaws.com", "b.s3.cn-north-1.example.com"],
)  # fmt: skip
def test_hosts_of_aws_that_name_no_other_region_are_in_order(host: str) -> None:
    assert codes(v4("GET", f"https://{host}/k")) == []


def test_a_host_with_the_default_port_is_the_same_host() -> None:
    assert codes(headers={"Host": "REPORTS.s3.eu-west-1.amazonaws.com:443"}) == []
    assert codes(headers={"Host": "[broken"}) == ["wrong_host"]


# --- what the keys show -----------------------------------------------------------------------------------------------


def test_a_parameter_of_a_link_in_a_mail_is_no_finding_where_it_was_signed() -> None:
    url = v4("GET", "https://h.example/k?utm_source=mail")
    answer = http("403 Forbidden", error("AccessDenied", "no"))
    assert "added_parameter" in codes(url, response=answer)
    assert "added_parameter" not in codes(url, response=answer, credentials=KEYS)


def test_an_answer_may_hold_what_is_no_text() -> None:
    for response in (error("AccessDenied", "no\ud800"), http("403 Forbidden", '{"message": "no\\ud800"}')):
        [finding] = explain("GET", GET, response=response, now=NOW + 30)[:1]
        assert "no" in finding.seen
        assert "\ud800" not in finding.seen


def test_a_signing_key_serves_as_well_as_the_credentials() -> None:
    key = derive_signing_key(KEYS, CredentialScope("20251124", "eu-west-1", "s3"))
    assert codes(GET, "GET", credentials=key) == []
    [found] = explain("HEAD", str(GET), credentials=key, now=NOW + 30)
    assert (found.code, "curl -I" in found.fix, "send HEAD" in found.fix) == ("wrong_method", True, True)
    other = derive_signing_key(Credentials("AKIDEXAMPLE", "x"), CredentialScope("20251124", "eu-west-1", "s3"))
    assert codes(str(GET), credentials=other) == ["wrong_secret"]
    with pytest.raises(InputError, match="the SigningKey is for"):
        codes(GET, credentials=derive_signing_key(KEYS, CredentialScope("20251123", "eu-west-1", "s3")))


def test_the_repair_tells_what_was_signed() -> None:
    url = v4("PUT", "http://minio:9000/b/k", headers={"Content-Type": "text/csv"}).replace("minio", "localhost")
    found = first(url, "PUT", headers={"Content-Type": "text/csv"}, credentials=KEYS)
    assert (found.seen, found.expected) == ("localhost:9000", "minio:9000")
    url = v4("PUT", "https://h.example/k", headers={"Content-Type": "text/csv"})
    found = first(url, "PUT", headers={"Content-Type": "text/html"}, credentials=KEYS)
    assert (found.seen, found.expected) == ("content-type: text/html", "content-type: text/csv")
    found = first(url, "PUT", credentials=KEYS)
    assert (found.code, found.expected) == ("missing_signed_headers", "content-type: text/csv")


def test_the_secret_is_not_accused_where_something_else_explains_it() -> None:
    everything = [
        ("wrong_method", "GET", "PUT"),
        ("missing_signed_headers", "no content-type", "content-type: image/png"),
    ]
    for url in (PUT, str(PUT)):
        found = explain("GET", url, credentials=KEYS, now=NOW)
        assert [(finding.code, finding.seen, finding.expected) for finding in found] == everything
    assert codes(VIRTUAL.replace("s3.eu-west-1.", "s3.us-west-2."), credentials=KEYS) == ["wrong_region"]
    assert codes(with_query_of(VIRTUAL, IN_PATH).replace("s3.eu-west-1.", "s3."), credentials=KEYS) == ["wrong_host"]
    other = VIRTUAL.replace("s3.eu-west-1.", "s3.us-west-2.").replace("/a/b.csv", "/other")
    assert codes(other, credentials=KEYS) == ["wrong_region"]
    assert codes(str(WITH_TOKEN), credentials=Credentials("ASIDEXAMPLE", "x", "another")) == ["invalid_token"]


def test_a_bucket_that_moved_between_host_and_path_is_named_with_both() -> None:
    found = first(with_query_of(IN_PATH, VIRTUAL), credentials=KEYS)
    assert found.seen == "reports.s3.eu-west-1.amazonaws.com/a/b.csv"
    assert found.expected == "s3.eu-west-1.amazonaws.com/reports/a/b.csv"
    assert codes(v4("GET", "https://h.example/k").replace("/k?", "/o?"), credentials=KEYS) == ["wrong_secret"]


def test_a_signed_header_without_a_value_leaves_the_secret_unknown() -> None:
    url = v4("PUT", "https://h.example/k", headers={"x-amz-meta-a": "1"})
    for secret in (SECRET, "another"):
        [found] = explain("PUT", url, credentials=Credentials("AKIDEXAMPLE", secret), now=NOW)
        assert found.code == "missing_signed_headers"
        assert found.fix.endswith("Until then neither the signature nor the secret key can be checked.")
    [found] = explain("PUT", url, now=NOW)
    assert "checked" not in found.fix
    assert codes(url, "PUT", credentials=Credentials("AKIDEXAMPLE", "x"), now=NOW + 901) == [
        "expired",
        "missing_signed_headers",
    ]


def test_what_no_repair_explains_is_said_to_be_unexplained() -> None:
    url = v4("PUT", "https://h.example/k", headers={"x-amz-meta-a": "1"}).replace("/k?", "/other?")
    found = explain("PUT", url, headers={"x-amz-meta-a": "1"}, credentials=KEYS, now=NOW)
    assert [finding.code for finding in found] == ["wrong_secret", "changed_header"]
    assert found[0].seen == "a signature that these keys do not give"
    assert codes(v4("GET", "https://internal/k").replace("/k?", "/o?"), credentials=KEYS) == [
        "wrong_secret",
        "wrong_host",
    ]


def test_a_signature_that_is_no_ascii_is_only_malformed() -> None:
    assert codes(GET[:-1] + "é", credentials=KEYS) == ["malformed_signature", "query_reencoded"]


def test_a_path_that_cannot_be_decoded_once_more_is_no_repair() -> None:
    url = v4("GET", "https://h.example/100%25zz")
    assert codes(url, credentials=KEYS) == []
    assert codes(url.replace("100%25zz", "100%25zz/"), credentials=KEYS) == ["changed_path"]


def test_a_signed_payload_hash_is_part_of_what_is_computed() -> None:
    digest = "a" * 64
    url = v4("PUT", "https://h.example/k", payload_hash=digest, headers={"x-amz-content-sha256": digest})
    assert codes(url, "PUT", headers={"x-amz-content-sha256": digest}, credentials=KEYS) == []
    assert codes(url, "PUT", credentials=KEYS)[0] == "missing_signed_headers"
    wrong = {"x-amz-content-sha256": "b" * 64}
    assert codes(url, "PUT", headers=wrong, credentials=KEYS) == ["wrong_secret", "changed_header"]


def test_credentials_may_come_from_a_callable() -> None:
    assert codes(str(GET), "HEAD", credentials=lambda: KEYS) == ["wrong_method"]


def test_many_slashes_and_spaces_are_tried_one_by_one() -> None:
    url = v4("GET", "https://h.example/k", query={"note": "a+b c d e f g h i j k l m"})
    assert codes(url.replace("a%2Bb", "a%20b"), credentials=KEYS) == ["query_reencoded"]


# --- what a PresignedUrl knows ----------------------------------------------------------------------------------------


def test_a_presigned_url_knows_what_must_be_sent() -> None:
    assert explain("PUT", PUT, headers=PUT.headers, now=NOW) == ()
    missing = first(PUT, "PUT")
    assert (missing.seen, missing.expected) == ("no content-type", "content-type: image/png")
    plain = first(str(PUT), "PUT")
    assert (plain.seen, plain.expected) == ("no content-type", "content-type")
    head = presign("HEAD", "https://h.example/k", credentials=KEYS, region="eu-west-1", service="s3", now=NOW)
    assert codes(head, "HEAD", response=http("403 Forbidden")) == ["not_the_store"]


# --- time -------------------------------------------------------------------------------------------------------------


def test_the_servers_date_counts_before_ours() -> None:
    answer = http("403 Forbidden", error("AccessDenied", "Access Denied"))
    assert codes(response=answer, now=NOW + 10**6) == ["denied_by_policy"]
    expired = first(now=NOW + 1_000)
    assert expired.seen == "expired at 2025-11-24T16:15:00Z, and it was 2025-11-24T16:16:40Z"
    assert expired.expected == "use within 900 s of 2025-11-24T16:00:00Z"


def test_an_answer_with_another_reason_makes_age_a_side_issue() -> None:
    answer = error("NoSuchKey", "The specified key does not exist.")
    assert codes(response=answer, now=NOW + 1_000) == ["not_found", "expired"]


@pytest.mark.parametrize(
    "date",
    ["", "yesterday", "Mon, 24 Nov 2025 16:00:99 GMT", "Mon, 24 Foo 2025 16:00:00 GMT", "Mon, 99 Nov 2025 1 GMT"],
)
def test_a_date_that_cannot_be_read_is_none(date: str) -> None:
    assert read_answer(f"HTTP/1.1 403 Forbidden\nDate: {date}\n\n").server_time is None


def test_the_servers_clock_is_read_from_its_xml_and_from_its_headers() -> None:
    assert read_answer(http("403 Forbidden")).server_time == NOW + 20
    assert read_answer(error("AccessDenied", "x", ServerTime="2025-11-24T16:00:00Z")).server_time == NOW
    assert read_answer(error("AccessDenied", "x", ServerTime="now")).server_time is None


def test_a_status_is_a_number_of_three_digits() -> None:
    for digits, status in (("403", 403), ("4x3", None), ("44", None)):
        assert read_answer(f"HTTP/1.1 {digits}\n\n{error('AccessDenied', 'no')}").status == status


def test_an_error_in_json_is_found_five_levels_deep_and_no_deeper() -> None:
    levels = ['{"code": "Denied"}']
    for _ in range(6):
        levels.append(f'{{"error": {levels[-1]}}}')
    assert read_answer(levels[5]).code == "Denied"
    with pytest.raises(InputError, match="holds neither an HTTP status line nor an error"):
        read_answer(levels[6])


def test_an_answer_of_a_store_that_wants_fewer_requests_is_not_about_the_signature() -> None:
    assert codes(response=http("429 Too Many Requests", "", "x-amz-request-id: 1")) == ["refused_otherwise"]


def test_an_answer_without_a_server_header_names_no_server() -> None:
    silent, nginx = [first(response=http("403 Forbidden", "", header)) for header in ("a: b", "Server: nginx")]
    assert silent.seen == "status 403 without an error in XML or JSON"
    assert nginx.seen == "status 403 without an error in XML or JSON by nginx"


def test_what_may_have_changed_depends_on_whether_the_server_showed_its_lines() -> None:
    blind = first(response=error("SignatureDoesNotMatch", MISMATCH)).fix
    assert "Not excluded: something between this URL and the server changed" in blind
    assert "Not excluded: the URL was changed before it was handed to you" in changed_lines("wrong_secret")[0].fix


def test_lines_of_another_date_or_key_are_of_another_request() -> None:
    for old, new in (("X-Amz-Date=2026", "X-Amz-Date=2025"), ("Credential=test%3Atester", "Credential=test%3Aother")):
        response = recorded("wrong_secret")["response"]
        to_sign = response[response.index("<StringToSign>") : response.index("<StringToSignBytes>")]
        provided = response[response.index("<SignatureProvided>") : response.index("<StringToSignBytes>")]
        changes = ((to_sign, ""),) if provided in to_sign else ((to_sign, ""), (provided, ""))
        [finding] = changed_lines("wrong_secret", *changes, (old, new))
        assert finding.code == "another_answer"


def test_an_expired_url_says_when_it_expired_and_what_the_servers_clock_was() -> None:
    expired = error("AccessDenied", "Request has expired")
    assert explain("GET", GET, response=expired, now=NOW)[0].seen == "expired at 2025-11-24T16:15:00Z"
    expired = error("AccessDenied", "Request has expired", ServerTime="2025-11-24T17:00:00Z")
    seen = explain("GET", GET, response=expired, now=NOW)[0].seen
    assert seen == "expired at 2025-11-24T16:15:00Z, and it was 2025-11-24T17:00:00Z"


def test_expiry_far_beyond_the_calendar_is_survived() -> None:
    url = GET.replace("Expires=900", "Expires=" + "9" * 18)
    assert codes(url, response=error("AccessDenied", "Request has expired")) == ["expired", "expires_out_of_range"]


@pytest.mark.parametrize(
    ("now", "found"),
    [(NOW - 900, []), (NOW - 901, ["not_yet_valid"]), (NOW + 900, []), (NOW + 901, ["expired"])],
)
def test_a_url_is_valid_from_fifteen_minutes_before_its_date_to_its_last_second(now: int, found: "list[str]") -> None:
    assert codes(now=now) == codes(now=now, credentials=KEYS) == found


def test_the_credentials_are_valid_to_their_last_second_too() -> None:
    keys = Credentials("AKIDEXAMPLE", SECRET, expires_at=NOW + 10)
    assert codes(credentials=keys, now=NOW + 10) == []
    found = first(credentials=keys, now=NOW + 11)
    assert (found.code, found.seen) == ("expired_token", "credentials that expired at 2025-11-24T16:00:10Z")


@pytest.mark.parametrize(("behind", "told"), [(60, False), (61, True), (-3_600, False)])
def test_a_clock_that_is_a_minute_behind_the_servers_is_named(behind: int, told: bool) -> None:
    denied = http("403 Forbidden", error("AccessDenied", "Access Denied"))  # its Date is 20 seconds after NOW
    found = explain("GET", GET, response=denied, now=NOW + 20 - behind)
    assert [one.code for one in found] == ["denied_by_policy", *(["clock_behind"] if told else [])]
    if told:
        assert (found[1].seen, found[1].expected) == (
            "2025-11-24T15:59:19Z here", "2025-11-24T16:00:20Z, as the server's clock says",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("host", "sent", "same"),
    [("h.example", "h.example:80", True), ("h.example", "H.EXAMPLE:443", True), ("h.example", "h.example:8080", False),
     ("h.example:8080", "h.example:8080", True), ("h.example:8080", "h.example", False), ("h.example", "", False)],
)  # fmt: skip
def test_a_default_port_may_be_sent_or_left_out(host: str, sent: str, same: bool) -> None:
    found = codes(v4("GET", f"https://{host}/k"), headers={"Host": sent})
    assert (found == []) is same


def test_what_was_sent_is_compared_with_what_a_presigned_url_promises() -> None:
    found = explain("GET", PUT, headers={"Content-Type": "image/gif", "x-amz-acl": "a", "X-Amz-Tagging": "b"}, now=NOW)
    assert [(one.code, one.seen, one.expected) for one in found] == [
        ("wrong_method", "GET", "PUT"), ("changed_header", "content-type: image/gif", "content-type: image/png"),
        ("unsigned_headers", "x-amz-acl, x-amz-tagging", "no x-amz-* header that was not signed"),
    ]  # fmt: skip
    generic = v4("GET", "https://h.example/k", service="execute-api")
    assert codes(generic, headers={"x-amz-acl": "a"}) == []
    [both] = explain("GET", generic, headers={"Authorization": "Bearer a"}, now=NOW)
    assert (both.code, both.seen) == ("two_authentications", "an Authorization header")


# --- answers ----------------------------------------------------------------------------------------------------------


def test_the_lines_in_a_json_message_are_compared() -> None:
    response = http("403 Forbidden", json.dumps({"message": LAMBDA_LINES}))
    [finding] = explain("GET", LAMBDA, response=response, now=NOW)
    assert (finding.seen, finding.expected) == ("/b", "/a")
    assert read_answer(response).elements["StringToSign"].endswith("0" * 64)


@pytest.mark.parametrize(
    ("response", "code", "message"),
    [
        ('{"__type": "com.amazon#ExpiredTokenException", "message": "over"}', "ExpiredTokenException", "over"),
        ('{"Code": "AccessDenied", "Message": "no"}', "AccessDenied", "no"),
        ('HTTP/1.1 403\nx-amzn-ErrorType: X:http://a\n\n{"message": 1}', "X", ""),
        ("<Error><Code>A</Code><Message>b &amp; c</Message><Message>d</Message></Error>", "A", "b & c"),
        ("\ufeff<?xml version='1.0' encoding='latin-1'?><Error><Message>é</Message></Error>", "", "é"),
        (b"<Error><Code>A\xff</Code></Error>", "A\ufffd", ""),
        (f"<Error><Message>{MISMATCH}</Message></Error>", "SignatureDoesNotMatch", MISMATCH),
    ],
)
def test_code_and_message_are_found_in_every_form(response: "str | bytes", code: str, message: str) -> None:
    answer = read_answer(response)
    assert (answer.code, answer.message) == (code, message)
    assert answer.is_error_document


@pytest.mark.parametrize(
    "response",
    ["", "nothing", "{", '{"a": 1}', "[1]", "<a>", "<a/>", "&lt;Error&gt;", '{"a":' * 40_000, "\ud800", b"\0"],
)
def test_what_is_no_answer_is_refused_with_what_to_give(response: "str | bytes") -> None:
    with pytest.raises(InputError) as caught:
        explain("GET", GET, response=response, now=NOW)
    assert caught.value.parameter == "response"
    assert "give what `curl -si` prints" in str(caught.value)


@pytest.mark.parametrize(
    "declaration",
    [
        "<!DOCTYPE Error [<!ENTITY a 'aaaa'>]>",
        "<!DOCTYPE Error SYSTEM 'file:///etc/passwd'>",
        "<!DOCTYPE x [<!ENTITY e SYSTEM 'http://127.0.0.1/'>]>",
    ],
)
def test_a_dtd_is_refused_whatever_it_declares(declaration: str) -> None:
    with pytest.raises(InputError, match="response: has a DTD, which no store sends"):
        read_answer(f"<?xml version='1.0'?>{declaration}<Error><Code>&a;&e;</Code></Error>")


def test_input_is_bounded() -> None:
    with pytest.raises(InputError, match=f"response: has more than {MAX_ANSWER} characters"):
        read_answer("<" * (MAX_ANSWER + 1))
    with pytest.raises(InputError, match="url: has more than 32768 characters"):
        explain("GET", "h" * 32_769)
    with pytest.raises(InputError, match="headers: more than 65536 characters"):
        explain("GET", GET, headers={"a": "b" * 65_537})


def test_wrong_types_and_methods_are_refused() -> None:
    wrong: Any = b"GET"
    with pytest.raises(TypeError, match="method: expected str, got bytes"):
        explain(wrong, GET)
    with pytest.raises(InputError, match="method: 'get' is not an HTTP method"):
        explain("get", GET)
    with pytest.raises(TypeError, match="url: expected str, got bytes"):
        explain("GET", wrong)
    with pytest.raises(TypeError, match="response: expected str or bytes, got int"):
        explain("GET", GET, response=5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    with pytest.raises(TypeError, match="credentials: expected Credentials"):
        explain("GET", GET, credentials=5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def test_an_answer_says_what_is_wrong_with_a_url_that_cannot_be_read() -> None:
    wrong_region = error("AuthorizationHeaderMalformed", "the region 'a' is wrong; expecting 'b'")
    assert first("https://h/", response=wrong_region).code == "not_presigned"
    assert explain("GET", "https://h/", response=wrong_region)[1].seen == "another region"
    assert codes("https://h/", response=error("AccessDenied", "Request is not valid yet")) == [
        "not_presigned",
        "not_yet_valid",
    ]
    assert codes("https://h/", response=http("400 Bad Request", "", "x-amz-bucket-region: b")) == ["not_presigned"]


def test_a_message_without_a_code_and_a_service_without_a_name_are_shown() -> None:
    found = first(LAMBDA, response=http("400 Bad Request", json.dumps({"message": "Bad\nthings"})))
    assert (found.code, found.seen) == ("refused_otherwise", "Bad")
    assert first(response=error("A", "incorrect service")).expected == "the service of this endpoint"
    assert first(response=http("301 Moved")).expected == "the bucket's endpoint"


# --- secrets ----------------------------------------------------------------------------------------------------------

REQUESTS = [
    mutation.Request("PUT", url, (("Content-Type", "text/plain"), ("X-Amz-Tagging", "a=b")))
    for url in (
        v4("PUT", "https://b.example:9000/a/b%20c", credentials=TEMPORARY, headers={"Content-Type": "text/plain"}),
        str(WITH_TOKEN),
    )
]


@given(
    st.sampled_from(REQUESTS),
    st.randoms(use_true_random=False),
    st.sampled_from([entry["response"] for entry in SWIFT]),
)
def test_no_finding_about_a_damaged_request_shows_a_secret(request: mutation.Request, rng: Any, response: str) -> None:
    damaged = mutation.mutated(rng, request)
    method = damaged.method if damaged.method.isalpha() and damaged.method.isupper() else "PUT"
    answer = response if "CanonicalRequest" not in response else response.replace("test:tester", TOKEN)
    for given_response in (None, answer):
        for keys in (None, TEMPORARY):
            text = repr(
                explain(
                    method if method.isascii() else "PUT",
                    damaged.url,
                    headers=damaged.headers,
                    response=given_response,
                    credentials=keys,
                    now=NOW,
                )
            )
            assert SECRET not in text
            assert TOKEN[12:30] not in text
            assert request.url.partition("X-Amz-Signature=")[2][8:56] not in text


def test_pieces_of_other_peoples_text_are_shown_without_their_secrets() -> None:
    assert shown("https://h/?X-Amz-Signature=abc&a=b") == "https://h/?X-Amz-Signature=<hidden>&a=b"
    assert shown("xX-Amz-Signature=abc X-Amz-Security-Token=abc") == (
        "xX-Amz-Signature=<hidden> X-Amz-Security-Token=<hidden>"
    )
    assert shown("X-Amz-Security-Token%3Dabc&a=b") == "X-Amz-Security-Token%3D<hidden>&a=b"
    assert shown("100%=a") == "100%=a"
    assert shown("a " * 150) == "a " * 100 + "..."
    assert shown_name("X-Amz-Security-TokenzabcdefghiJ") == "X-Amz-Security-Token<hidden>"
    assert shown("X-Amz-Signature=a X-Amz-Signature=b") == "X-Amz-Signature=<hidden> X-Amz-Signature=<hidden>"
    assert shown_parameter("X-Amz-Security-Tokn", "abc") == "X-Amz-Security-Tokn=<hidden, 3 characters>"
    assert shown_parameter("X-Amz-Date", "2025") == "X-Amz-Date=2025"
    assert shown_parameter("continuation-token", "abc") == "continuation-token=abc"
    assert shown_header("Cookie", "abc") == "Cookie: <hidden, 3 characters>"
    assert shown_header("x-amz-acl", "private") == "x-amz-acl: private"


def test_a_link_around_the_url_is_told_from_a_url_with_a_link_in_it() -> None:
    found = first("https://a.example/?x=1&url=" + quote(GET, safe=""))
    assert found.seen == "a presigned URL within another, in the parameter url"
    assert first(f"https://a.example/v3/__{GET}__;!!").seen == "a presigned URL within another, in the path"
    assert codes(v4("GET", "https://h.example/k", query={"next": str(GET)}), credentials=KEYS) == []
    assert codes(v4("GET", "https://h.example/https%3A//a.example/k"), credentials=KEYS) == []
    assert codes("https://a.example/https://b.example/?url=https://c.example/") == ["not_presigned"]


def test_letters_of_every_script_are_shown_as_they_are_and_what_cannot_be_seen_is_escaped() -> None:
    assert first(v4("GET", "https://h.example/%C3%BC%2B.csv").replace("%C3%BC%2B", "ü+")).seen == "/ü+.csv"
    assert shown("日本 é \x1b[31m \u202e \u200b \u2028 \ud800 \U000e0fff \\") == (
        "日本 é \\x1b[31m \\u202e \\u200b \\u2028 \\ud800 \\U000e0fff \\"
    )


def test_findings_about_a_cut_url_show_no_piece_of_its_secrets() -> None:
    text = repr(explain("GET", GET[:-40] + "&gt;" + GET[-40:], now=NOW))
    assert "truncated" in text
    assert GET[-40:-28] not in text
    token = "".join(f"{letter}1{letter.swapcase()}+" for letter in string.ascii_letters) + "=="
    url = str(presign("GET", "https://h.example/k", credentials=Credentials("ASIDEXAMPLE", "s", token), region="r",
              service="s3", now=NOW))  # fmt: skip
    text = repr(explain("GET", url.replace("&X-Amz-Security-Token", ";X-Amz-Security-Token").replace("%2B", " ")))
    assert token[20:40].replace("+", " ") not in text


def test_an_answer_hides_what_it_holds() -> None:
    answer = read_answer(http("403 Forbidden", error("A", "b", CanonicalRequest=f"X-Amz-Security-Token={TOKEN}")))
    assert TOKEN not in repr(answer)
    assert "status=403" in repr(answer)


# --- anything at all --------------------------------------------------------------------------------------------------

pieces = st.sampled_from(
    ["https://", "h", "/", "//", "?", "&", "=", "%", "%2F", "%zz", "+", "#", ";", "&amp;", "X-Amz-", "Date",
     "Algorithm", "=AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256", "X-Amz-Credential=", "a/20251124/r/s3/aws4_request",
     "X-Amz-Signature=", "SignedHeaders=host", "Expires=", "9", "20251124T160000Z", "\n", "'", " ", "\ud800", "é",
     "HTTP/1.1 403\n", "<Error>", "</Error>", "<Code>", "</Code>", "SignatureDoesNotMatch", "{", "}", '"', ":",
     "<CanonicalRequest>", "</CanonicalRequest>", "GET\n", "<!DOCTYPE", "[", "]>"]
)  # fmt: skip
noise = st.one_of(
    st.text(max_size=200), st.text(string.printable, max_size=200), st.lists(pieces, max_size=40).map("".join)
)


@given(noise, noise | noise.map(lambda text: text.encode("utf-8", "replace")), st.sampled_from(["GET", "HEAD"]))
def test_random_text_raises_nothing_but_an_input_error(url: str, response: "str | bytes", method: str) -> None:
    assert all(isinstance(finding, Finding) for finding in explain(method, url, credentials=KEYS))
    try:
        explain(method, GET, response=response)
        explain(method, url, response=response, headers={"Host": url.partition("?")[0]})
    except InputError as fault:
        assert fault.parameter == "response"  # noqa: PT017 - that nothing else escapes is what is tested


@given(
    st.sampled_from(REQUESTS),
    st.randoms(use_true_random=False),
    st.sampled_from([entry["response"] for entry in SWIFT]),
)
def test_damaged_answers_raise_nothing_but_an_input_error(request: mutation.Request, rng: Any, response: str) -> None:
    for _ in range(3):
        response = mutation.changed(rng, response)
    try:
        explain("PUT", request.url, response=response, credentials=TEMPORARY)
    except InputError as fault:
        assert fault.parameter == "response"  # noqa: PT017 - as above


def test_a_finding_is_a_value() -> None:
    finding = Finding("expired", "a", "b", "Make a new one.")
    assert finding == Finding("expired", "a", "b", "Make a new one.")
    assert pickle.loads(pickle.dumps(finding)) == finding
    assert str(finding) == "expired: seen a; expected b. Make a new one."


# --- the command ------------------------------------------------------------------------------------------------------

PAGES = "docs/how-to/errors"
NO_KEYS = (
    "signature: not checked, because there are no keys in the environment; give the keys that signed the URL: "
    "--profile NAME, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY\n"
)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Run the command; (exit status, standard output, standard error)."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "NO_COLOR", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setattr(time, "time", lambda: NOW + 30)

    def run(*words: str) -> "tuple[int, str, str]":
        status = main(["explain", *words])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


def test_the_command_prints_the_findings_plainly_into_a_pipe(run: Any) -> None:
    status, out, err = run(f"<{GET}>", "--sent-header", "x-amz-acl: private")
    assert (status, err) == (0, f"read more in sigv4presign's {PAGES}/SignatureDoesNotMatch.md\n{NO_KEYS}")
    assert out.splitlines()[0] == "1 wrapped"
    assert out.splitlines()[1] == "  seen      quotes, white space, line breaks or backslashes in or around the URL"
    assert out.splitlines()[4:7] == [
        "2 unsigned_headers",
        "  seen      x-amz-acl",
        "  expected  no x-amz-* header that was not signed",
    ]


def test_without_a_finding_the_command_says_so_and_ends_well(run: Any) -> None:
    assert run(str(GET)) == (
        0,
        "",
        f"found nothing wrong; give the store's answer with --response\n{NO_KEYS}",
    )
    assert run(str(GET), "--sent-method", "HEAD", "--json") == (0, "", "")


def test_the_answer_comes_from_a_file_or_from_standard_input(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = recorded("localhost")
    monkeypatch.setattr(time, "time", lambda: entry["now"])
    path = tmp_path / "answer"
    path.write_text(entry["response"], encoding="utf-8")
    assert "1 wrong_host" in run(entry["signed"]["url"], "--response", str(path))[1]
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(entry["response"].encode())))
    assert "1 wrong_host" in run(entry["signed"]["url"], "--response", "-")[1]
    monkeypatch.setattr("sys.stdin", io.StringIO(entry["signed"]["url"]))
    assert "1 wrong_host" in run("-", "--response", str(path))[1]
    path.write_text(http("200 OK"), encoding="utf-8")
    assert run(entry["signed"]["url"], "--response", str(path))[1:] == (
        "",
        f"found nothing wrong\n{NO_KEYS}",
    )


def test_the_method_is_the_one_that_the_answer_shows(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = recorded("delete_of_get")
    monkeypatch.setattr(time, "time", lambda: entry["now"])
    path = tmp_path / "answer"
    path.write_text(entry["response"], encoding="utf-8")
    assert run(entry["sent"]["url"], "--response", str(path))[1].startswith("1 wrong_secret\n")
    out = run(entry["sent"]["url"], "--response", str(path), "--sent-method", "GET")[1]
    assert out.startswith("1 wrong_method\n  seen      DELETE\n  expected  GET\n")


def test_both_from_standard_input_is_refused(run: Any) -> None:
    assert run("-", "--response", "-") == (
        2,
        "",
        "sigv4presign: error: URL: standard input can't be both the URL and the answer; give one of them by name\n",
    )


def test_the_keys_in_the_environment_count_where_they_are_the_urls(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    out, err = run(str(GET), "--sent-method", "HEAD")[1:]
    assert out.startswith("1 wrong_method\n")
    assert err.splitlines()[-1] == "signature: checked with the keys of AKIDEXAMPLE; it does not match"
    assert run(str(GET))[2].splitlines()[-1] == "signature: checked with the keys of AKIDEXAMPLE; it matches"
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDOTHER")
    assert run(str(GET), "--sent-method", "HEAD")[1] == ""


def test_the_keys_of_a_profile_count_always(run: Any, tmp_path: Path) -> None:
    (tmp_path / "credentials").write_text(
        f"[work]\naws_access_key_id = AKIDOTHER\naws_secret_access_key = {SECRET}\n", encoding="utf-8"
    )
    assert run(str(GET), "--profile", "work")[1].startswith("1 wrong_access_key\n")
    assert run(str(GET), "--profile", "none")[0] == 2


def test_the_last_line_tells_whether_the_signature_was_checked(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def last(*words: str) -> str:
        return str(run(*words)[2].splitlines()[-1])

    answer = tmp_path / "answer"
    answer.write_text(http("200 OK"), encoding="utf-8")
    v4a = v4("GET", "https://h.example/a", service="s3", region=None, region_set=["*"], credentials=KEYS)
    for name, value in (("AWS_ACCESS_KEY_ID", KEYS.access_key_id), ("AWS_SECRET_ACCESS_KEY", SECRET)):
        monkeypatch.setenv(name, value)
    assert last(GET, "--response", str(answer)) == "signature: not checked, because the answer is a success"
    assert last(v4a) == "signature: not checked, because explain does not compute SigV4A signatures"
    assert last(GET[:-9]) == "signature: not checked, because what is found has to be corrected first"
    assert last("https://h.example/a?b=c") == "signature: not checked, because the URL has no X-Amz-Credential"
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDOTHER")
    assert last(GET) == (
        "signature: not checked, because the keys in the environment are those of AKIDOTHER, not the URL's; give the "
        "keys that signed the URL: --profile NAME, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    )


@pytest.mark.parametrize(
    ("url", "answer", "page"),
    [
        (GET, error("AccessDenied", "Access Denied"), "AccessDenied"),
        (GET, error("NoSuchUpload", "none"), "NoSuchKey"),
        (GET, error("InvalidObjectState", "archived"), "InvalidObjectState"),
        (PUT, error("InvalidPart", "none"), "InvalidPart"),
        (GET, error("AccessForbidden", "CORSResponse: CORS is not enabled for this bucket."), "CORS"),
        (GET, http("403 Forbidden"), None),
        (GET.replace("&", "&amp;"), None, "SignatureDoesNotMatch"),
        (GET.replace("s3%2Faws4", "execute-api%2Faws4"), error("AccessDenied", "Access Denied"), None),
        ("https://h.example/a?b=c", None, None),
    ],
)
def test_a_refusal_of_s3_names_the_page_with_more(
    run: Any, tmp_path: Path, url: str, answer: "str | None", page: "str | None"
) -> None:
    path = tmp_path / "answer"
    path.write_text(answer or "", encoding="utf-8")
    out, err = run(url, *(["--response", str(path)] if answer else []))[1:]
    assert out.startswith("1 ")
    assert err.splitlines()[:-1] == ([f"read more in sigv4presign's {PAGES}/{page}.md"] if page else [])


def test_every_page_about_an_error_is_named_by_its_codes() -> None:
    pages = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / PAGES).glob("*.md")}
    del pages["index"]
    assert list(command._PAGES) == sorted(pages)
    words = [word for words in command._PAGES.values() for word in words.split()]
    assert len(words) == len(set(words))
    for page, text in pages.items():
        codes_in_title = set(re.findall(r"\b[A-Z]\w+[a-z][A-Z]\w+", text.partition("\n")[0]))
        assert codes_in_title <= set(command._PAGES[page].split())
    findings = {word for word in words if word.islower()}
    assert findings <= set(re.findall(r"`([a-z0-9_]+)`", Finding.__doc__ or ""))


@pytest.mark.parametrize("columns", [60, 80, 132])
def test_prose_is_wrapped_for_a_terminal_and_for_nothing_else(
    run: Any, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    words = (GET, "--sent-method", "HEAD", "--sent-header", "x-amz-acl: private")
    piped = run(*words)[1:]
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    wrapped = run(*words)[1:]
    for one_line, several in zip(piped, wrapped, strict=True):
        assert max(map(len, one_line.splitlines())) > 80
        assert max(map(len, several.splitlines())) <= columns
        assert several.split() == one_line.split()
    assert "  way out   " in wrapped[0]
    assert all(re.match(r"\d |  (seen|expected|way out) |            \S", line) for line in wrapped[0].splitlines())


def test_a_line_of_a_canonical_request_stays_whole_on_a_terminal(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = recorded("content_type_changed")
    value = "image/png; note=" + "a long note " * 12
    path = tmp_path / "answer"
    path.write_text(entry["response"].replace("content-type:image/png", f"content-type:{value}"), encoding="utf-8")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(time, "time", lambda: entry["now"])
    out = run(entry["sent"]["url"], "--sent-method", entry["sent"]["method"], "--response", str(path))[1]
    assert f"  seen      content-type: {value.strip()}\n" in out


def test_json_is_one_line_a_finding(run: Any) -> None:
    out = run(f"{GET}.", "--json")[1]
    assert [json.loads(line)["code"] for line in out.splitlines()] == ["wrapped"]
    assert set(json.loads(out)) == {"code", "seen", "expected", "fix"}


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
def test_colours_are_for_terminals_that_want_them(
    run: Any, monkeypatch: pytest.MonkeyPatch, environment: "dict[str, str]", coloured: bool
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert run(f"{GET}.")[1].startswith("\x1b[1;33m1 wrapped\x1b[0m\n" if coloured else "1 wrapped\n")


def test_text_from_outside_cannot_steer_the_terminal(run: Any) -> None:
    out = run(GET.replace("costs", "\x1b[2J%2b"))[1]
    assert "\x1b" not in out


def test_findings_of_the_command_hide_the_secrets(run: Any) -> None:
    out, err = run(WITH_TOKEN.replace("%2B", "+"))[1:]
    assert "query_reencoded" in out
    assert TOKEN[12:30] not in out + err
    assert WITH_TOKEN[-64:] not in out + err


# --- what a person with a terminal sends and has ----------------------------------------------------------------------

AS_TO_HEAD = http("403 Forbidden", "", "server: AmazonS3", "x-amz-request-id: 1")


def test_an_answer_without_a_body_is_that_to_head_with_the_keys_too() -> None:
    assert codes(response=AS_TO_HEAD)[0] == codes(response=AS_TO_HEAD, credentials=KEYS)[0] == "wrong_method"
    head = v4("HEAD", "https://files.example.com/a", credentials=KEYS)
    assert codes(head, response=AS_TO_HEAD, credentials=KEYS) == ["denied_by_policy"]
    assert codes(head, "HEAD", response=AS_TO_HEAD, credentials=KEYS) == ["denied_by_policy"]
    assert (
        codes(head, "HEAD", response=AS_TO_HEAD, credentials=Credentials("AKIDEXAMPLE", "other"))[0] == "wrong_secret"
    )


def test_an_upload_of_which_only_the_status_is_known_was_denied_where_the_keys_signed_it() -> None:
    put = v4("PUT", "https://files.example.com/a", credentials=KEYS)
    assert codes(put, "PUT", response=AS_TO_HEAD, credentials=KEYS) == ["denied_by_policy"]


def test_a_slash_that_was_decoded_is_not_blamed_for_what_the_store_denies() -> None:
    decoded = GET.replace("%2F", "/")
    denied = error("AccessDenied", "Access Denied")
    assert codes(decoded, response=denied, credentials=KEYS) == ["denied_by_policy"]
    assert codes(decoded, credentials=KEYS) == []


def test_another_secret_is_not_what_the_store_denies() -> None:
    found = explain("GET", GET, response=error("AccessDenied", "Access Denied"), now=NOW + 30,
                    credentials=Credentials("AKIDEXAMPLE", "other"))  # fmt: skip
    assert [finding.code for finding in found] == ["denied_by_policy", "wrong_secret"]
    assert "valid signature" in found[1].fix


@pytest.mark.parametrize(
    ("damaged", "code"),
    [
        (GET.replace("&", "^&"), "wrapped"),  # as cmd.exe escapes it
        (GET + "\\n", "wrapped"),  # as JSON and logs write a line break
        (GET[:-30] + "\\r\\n" + GET[-30:], "wrapped"),
        (GET.replace("%20", "0").replace("%26", "6").replace("%2F", "F"), "percent_lost"),  # %2 is an argument there
        ("https://urldefense.proofpoint.example/v2/url?u=" + quote(GET.replace("-", "%2D"), safe="").replace("%25", "%")
         .replace("%2F", "_").replace("%", "-") + "&d=DwMF&s=x", "wrapped_link"),
    ],
)  # fmt: skip
def test_damage_by_shells_logs_and_mail_filters_is_named(damaged: str, code: str) -> None:
    found = explain("GET", damaged, now=NOW + 30)
    assert found[0].code == code
    assert GET[-64:][:12] not in str(found)


@pytest.mark.parametrize("headers", [[("Host",)], [["a", "b", "c"]], iter([("a",)]), iter([5]), [("a", "b"), None]])
def test_headers_that_are_no_pairs_are_a_type_error(headers: Any) -> None:
    with pytest.raises(TypeError, match="headers: expected pairs of a name and a value"):
        explain("GET", GET, headers=headers)
    with pytest.raises(InputError, match="more than"):
        explain("GET", GET, headers=[("a", "b" * 100_000)])


TOKENS: "dict[str, Callable[[Credentials], tokens.Token]]" = {
    "eks": lambda keys: tokens.eks("prod", credentials=keys, region="eu-west-1", now=NOW),
    "msk": lambda keys: tokens.msk(credentials=keys, region="eu-west-1", now=NOW),
    "rds": lambda keys: tokens.rds("db.abc.eu-west-1.rds.amazonaws.com", 3306, "app", credentials=keys,
                                   region="eu-west-1", now=NOW),
    "dsql": lambda keys: tokens.dsql("abc.dsql.eu-west-1.on.aws", credentials=keys, region="eu-west-1", now=NOW),
    "elasticache": lambda keys: tokens.elasticache("cache", "app", credentials=keys, region="eu-west-1", now=NOW),
    "memorydb": lambda keys: tokens.memorydb("cache", "app", credentials=keys, region="eu-west-1", now=NOW),
}  # fmt: skip
CLUSTER = {"x-k8s-aws-id": "prod"}
STS_TOKEN = "FwoGZXIvYXdzEBYaDH" + string.ascii_letters + "/+" + string.digits + "=="


@pytest.mark.parametrize("kind", TOKENS)
@pytest.mark.parametrize("keys", [KEYS, TEMPORARY])
def test_a_token_is_read_as_inspect_reads_it(kind: str, keys: Credentials) -> None:
    token = str(TOKENS[kind](keys))
    assert inspect(token).kind == kind
    assert explain("GET", token, now=NOW + 899) == ()
    assert explain("GET", token, headers=CLUSTER, credentials=keys, now=NOW + 899) == ()
    assert [one.code for one in explain("GET", token, now=NOW + 901)] == ["expired"]
    other = Credentials(keys.access_key_id, "another", keys.session_token)
    assert explain("GET", token, headers=CLUSTER, credentials=other, now=NOW)[0].code == "wrong_secret"
    copied = explain("GET", f" '{token}'\n", now=NOW)
    assert [one.code for one in copied] == ["wrapped"]


def test_what_a_server_says_of_a_token_comes_first() -> None:
    for kind, text, code in (
        ("eks", "error: You must be logged in to the server (Unauthorized)", "changed_on_the_way"),
        ("rds", "PAM authentication failed for user", "denied_by_policy"),
        ("memorydb", "WRONGPASS invalid username-password pair or user is disabled.", "wrong_secret"),
    ):
        found = explain("GET", str(TOKENS[kind](KEYS)), response=text, now=NOW)
        assert found[0].code == code, (kind, found)


def test_the_signature_of_a_token_for_eks_is_checked_with_the_clusters_name() -> None:
    token = str(TOKENS["eks"](KEYS))
    [found] = explain("GET", token, credentials=KEYS, now=NOW)
    assert (found.code, found.seen) == ("missing_signed_headers", "no x-k8s-aws-id")
    assert "headers={'x-k8s-aws-id': NAME}" in found.fix
    url = base64.urlsafe_b64decode(token.removeprefix("k8s-aws-v1.") + "==").decode()
    assert explain("GET", url, now=NOW)[0].code == "missing_signed_headers"  # sent as a URL, it needs the header


@pytest.mark.parametrize("kind", TOKENS)
def test_a_token_that_was_cut_is_named_and_shows_nothing_of_its_secrets(kind: str) -> None:
    keys = Credentials("ASIAEXAMPLE", "secret", STS_TOKEN)
    token = str(TOKENS[kind](keys))
    whole = token if "?" in token else base64.urlsafe_b64decode(token.removeprefix("k8s-aws-v1.") + "==").decode()
    for length in range(len(token) - 110, len(token) - 45):  # within the signature, or before it
        found = explain("GET", token[:length], now=NOW)
        assert found
        assert found[0].code in ("truncated", "malformed_url", "wrapped", "missing_parameter"), found
        for secret in (STS_TOKEN, whole.partition("X-Amz-Signature=")[2][:64]):
            assert secret[:12] not in repr(found)
    found = explain("GET", "k8s-aws-v1.w6k", now=NOW)
    assert (found[0].code, found[0].seen) == ("malformed_url", "a token whose base64url is broken")


def test_a_token_that_was_copied_into_the_path_is_hidden_in_what_is_expected_too() -> None:
    keys = Credentials("ASIAEXAMPLE", "secret", STS_TOKEN)
    url = str(presign("GET", "https://files.example.com/photos/a.pdf", credentials=keys, region="eu-west-1",
                      service="s3", now=NOW))  # fmt: skip
    copied = url.replace("/photos", f"/phot={quote(STS_TOKEN, safe='')}&os")
    for credentials in (None, keys):
        text = repr(explain("GET", copied, credentials=credentials, now=NOW))
        assert "path_reencoded" in text
        assert STS_TOKEN[:12] not in text
        assert quote(STS_TOKEN, safe="")[-20:] not in text
    slashes = str(presign("GET", f"https://files.example.com/a//{quote(STS_TOKEN, safe='')}", credentials=keys,
                          region="eu-west-1", service="s3", now=NOW)).replace("a//", "a/")  # fmt: skip
    [found] = explain("GET", slashes, credentials=keys, now=NOW)
    assert (found.code, found.expected) == ("merged_slashes", "/a//<hidden>")
    assert STS_TOKEN[:12] not in repr(found.comparison)


def test_what_a_malformed_parameter_should_be_is_shown_even_if_damage_put_it_into_the_token() -> None:
    url = str(presign("GET", "https://h/k", credentials=Credentials("ASIAEXAMPLE", "s", STS_TOKEN), region="eu-west-1",
                      service="s3", now=NOW))  # fmt: skip
    scope = "%2Feu-west-1%2Fs3%2Faws4_request"
    moved = url.replace(scope, "", 1).replace("X-Amz-Security-Token=", f"X-Amz-Security-Token={scope}")
    found = explain("GET", moved, now=NOW)[0]
    assert found.code == "malformed_credential"
    assert "/YYYYMMDD/REGION/SERVICE/aws4_request" in found.expected
