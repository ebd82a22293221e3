"""With the keys: each change that a URL may have met is undone, and named with what was seen and what was signed."""

from itertools import repeat
from typing import Any
from urllib.parse import quote

import oracle
import pytest
from explain_corpus import (
    GET,
    IN_PATH,
    KEYS,
    NOW,
    SECRET,
    TEMPORARY,
    TOKEN,
    VIRTUAL,
    WITH_TOKEN,
    v4,
    with_query_of,
    without,
)

from sigv4presign import GENERIC_RULES, Credentials, ServiceRules, explain
from sigv4presign._diagnosis import repairs
from sigv4presign._diagnosis.explain import explain_and_check
from sigv4presign._diagnosis.finding import Finding
from sigv4presign._diagnosis.url import read_request

HOST = "https://h.example"
NINE = "1/2/3/4/5/6/7/8/9"  # more slashes than combinations of them are tried


def first(url: str, method: str = "GET", **given: Any) -> Finding:
    arguments: dict[str, Any] = {"credentials": KEYS, "now": NOW + 30, **given}
    return explain(method, url, **arguments)[0]


def told(finding: Finding) -> "tuple[str, str, str]":
    return finding.code, finding.seen, finding.expected


# --- whether the signature is valid -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "method", "keys", "valid"),
    [
        (GET, "GET", KEYS, True),
        (GET, "HEAD", KEYS, False),
        (str(GET), "HEAD", KEYS, False),
        (str(GET).replace("costs", "other"), "GET", KEYS, False),
        (str(GET), "GET", Credentials("AKIDEXAMPLE", "other"), False),
        (str(GET), "GET", Credentials("AKIDOTHER", SECRET), None),
        (GET[:-1], "GET", KEYS, None),
        (GET[:-1] + "g", "GET", KEYS, None),
        ("https://h.example/", "GET", KEYS, None),
        (str(GET), "GET", None, None),
        (str(WITH_TOKEN), "GET", Credentials("ASIDEXAMPLE", SECRET, "another"), True),
    ],
)
def test_whether_the_keys_give_the_signature(
    url: str, method: str, keys: "Credentials | None", valid: "bool | None"
) -> None:
    assert explain_and_check(method, url, (), response=None, credentials=keys)[1] is valid


def test_the_keys_of_another_signer_are_named_beside_the_urls() -> None:
    assert told(first(str(GET), credentials=Credentials("AKIDOTHER", SECRET))) == (
        "wrong_access_key", "signed by AKIDEXAMPLE", "AKIDOTHER",
    )  # fmt: skip


@pytest.mark.parametrize("ending", ["\n", "\r\n", " ", "\r"])
def test_white_space_behind_the_secret_is_told_from_another_secret(ending: str) -> None:
    url = oracle.presigned_url(
        "s3", "GET", "https://h.example/k", keys=("AKIDEXAMPLE", SECRET + ending, None), region="eu-west-1",
        service="s3", expires_in=900, now=NOW,
    )  # fmt: skip
    found = first(url)
    assert (found.code, found.expected) == ("wrong_secret", "the secret key alone")
    assert "white space behind it" in found.seen


@pytest.mark.parametrize(
    ("url", "keys", "code", "seen", "expected"),
    [
        (GET, Credentials("AKIDEXAMPLE", SECRET, TOKEN), "missing_token", "no X-Amz-Security-Token",
         "the token of the credentials in X-Amz-Security-Token"),
        (WITH_TOKEN, Credentials("ASIDEXAMPLE", SECRET), "invalid_token", "a token in X-Amz-Security-Token",
         "none: the credentials given here have no session token"),
        (WITH_TOKEN, Credentials("ASIDEXAMPLE", SECRET, "other"), "invalid_token",
         "another token in X-Amz-Security-Token", "that of the credentials given here"),
        (WITH_TOKEN.replace("%2B", "+"), Credentials("ASIDEXAMPLE", "other", TOKEN), "query_reencoded",
         "spaces in X-Amz-Security-Token", "plus signs"),
        (v4("GET", f"{HOST}/k", service="s3express", credentials=TEMPORARY), Credentials("ASIDEXAMPLE", SECRET),
         "invalid_token", "a token in X-Amz-S3session-Token", "none: the credentials given here have no session token"),
    ],
)  # fmt: skip
def test_a_token_that_is_not_the_keys_is_named_by_its_parameter(
    url: str, keys: Credentials, code: str, seen: str, expected: str
) -> None:
    assert (code, seen, expected) in [told(found) for found in explain("GET", str(url), credentials=keys, now=NOW)]


def test_a_change_that_nothing_undoes_leaves_what_may_differ() -> None:
    url = v4("PUT", "http://storage/k", headers={"x-amz-meta-a": "1", "x-amz-meta-b": "2"}).replace("/k?", "/other?")
    found = explain("PUT", url, headers={"x-amz-meta-a": "1", "x-amz-meta-b": "2"}, credentials=KEYS, now=NOW)
    assert [told(one) for one in found[1:]] == [
        ("changed_header", "x-amz-meta-a: 1", "x-amz-meta-a: the value that was signed"),
        ("wrong_host", "storage", "the host that it was signed for"),
    ]


# --- what is tried ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "query", "most"),
    [
        ("/k", "", 2_000),
        ("/" + "k" * 4_999, "", 2_000_000 // (5_000 + 30)),  # a path of 5,000 characters with one slash
        ("/k" * 1_000, "", 2_000_000 // (2_000 + 30 * 1_000)),
        ("/k", "&".join(["a=1"] * 100), 2_000_000 // (2 + 399 + 30 * (100 + 1))),
        ("/k" * 4_000, "", 25),
    ],
)
def test_the_longer_a_url_the_fewer_repairs_are_tried(
    path: str, query: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, request = read_request("GET", str(GET), {})
    assert request is not None
    pairs = tuple([("a", "1") for piece in query.split("&") if piece])
    request = request.but(path=path, query=query, pairs=pairs)
    tried: list[object] = []

    def gives(changed: object, _state: object) -> bool:
        tried.append(changed)
        return False

    endless = repeat((Finding("a", "b", "c", "D."), request))

    def all_repairs(*_given: object) -> object:
        return endless

    monkeypatch.setattr(repairs, "_gives", gives)
    monkeypatch.setattr(repairs, "_repairs", all_repairs)
    nothing: Any = None
    assert repairs._first_that_gives(request, KEYS, nothing) is None
    assert len(tried) == most


def test_every_combination_of_a_few_places_is_tried_and_of_many_all_and_each() -> None:
    assert sorted(repairs._with_some_replaced("a/b/c", [1, 3], "--")) == ["a--b--c", "a--b/c", "a/b--c"]
    assert list(repairs._with_some_replaced("abc", [], "--")) == []
    eight, nine = "/".join("123456789"), "/".join("1234567890")
    assert len(set(repairs._with_some_replaced(eight, [*range(1, 17, 2)], "-"))) == 2**8 - 1
    of_many = list(repairs._with_some_replaced(nine, [*range(1, 19, 2)], "-"))
    assert of_many[0] == nine.replace("/", "-")
    assert sorted(of_many[1:]) == sorted({nine[:at] + "-" + nine[at + 1 :] for at in range(1, 19, 2)})


@pytest.mark.parametrize(
    ("signed", "sent", "code"),
    [
        ("http://h.example:443", "https://h.example", "wrong_port"),  # by a signer that writes the default port
        ("https://h.example:80", "https://h.example", "wrong_port"),
        ("http://h.example:9000", "http://h.example", "wrong_port"),
        ("https://h.example", "https://h.example:8443", "wrong_port"),
        ("http://minio:7480", "http://localhost:7480", "wrong_host"),
        ("http://minio:9000", "https://files.example.com", "wrong_host"),
        ("http://localstack:4566", "https://files.example.com:8443", "wrong_host"),
        ("http://localhost:4566", "https://files.example.com", "wrong_host"),
        ("http://127.0.0.1", "https://files.example.com", "wrong_host"),
        ("http://seaweedfs", "https://files.example.com:8443", "wrong_host"),
        ("https://reports.s3.eu-west-1.amazonaws.com", "https://reports.s3.amazonaws.com", "wrong_host"),
        ("https://reports.s3.amazonaws.com", "https://reports.s3.eu-west-1.amazonaws.com", "wrong_host"),
        ("https://reports.s3.dualstack.eu-west-1.amazonaws.com", "https://reports.s3.eu-west-1.amazonaws.com",
         "wrong_host"),
    ],
)  # fmt: skip
def test_a_host_that_was_changed_is_named_with_the_one_that_was_signed(signed: str, sent: str, code: str) -> None:
    url = v4("GET", f"{signed}/b/k?v=1")
    of_signed = url.partition("://")[2].partition("/")[0]
    found = first(f"{sent}/b/k?{url.partition('?')[2]}")
    assert told(found) == (code, sent.partition("://")[2], of_signed)


def test_the_host_that_was_sent_is_tried_for_the_one_in_the_url() -> None:
    url = v4("GET", "https://files.example.com/k").replace("files.example.com", "proxy.example")
    found = first(url, headers={"Host": "files.example.com"})
    assert told(found) == ("wrong_host", "proxy.example", "files.example.com")


@pytest.mark.parametrize(
    ("host", "others"),
    [
        ("b.s3.us-west-2.amazonaws.com", ["b.s3.eu-west-1.amazonaws.com", "b.s3.dualstack.eu-west-1.amazonaws.com",
                                          "b.s3.amazonaws.com"]),
        ("s3.cn-north-1.amazonaws.com.cn", ["s3.eu-west-1.amazonaws.com.cn", "s3.dualstack.eu-west-1.amazonaws.com.cn",
                                            "s3.amazonaws.com.cn"]),
        ("s3.example.com", []),
        ("files.amazonaws.com", []),
    ],
)  # fmt: skip
def test_a_host_of_s3_has_a_form_with_the_region_one_with_dual_stack_and_one_without(
    host: str, others: "list[str]"
) -> None:
    assert repairs._of_other_regions(host, "eu-west-1") == others


@pytest.mark.parametrize(
    ("signed", "sent"),
    [
        ("https://s3.eu-west-1.amazonaws.com/reports/a/b.csv", "https://reports.s3.eu-west-1.amazonaws.com/a/b.csv"),
        ("https://reports.s3.eu-west-1.amazonaws.com/a/b.csv", "https://s3.eu-west-1.amazonaws.com/reports/a/b.csv"),
        ("https://s3.eu-west-1.amazonaws.com/my.reports/k", "https://my.reports.s3.eu-west-1.amazonaws.com/k"),
        ("https://reports.s3.eu-west-1.amazonaws.com/", "https://s3.eu-west-1.amazonaws.com/reports/"),
        ("https://reports.s3.eu-west-1.amazonaws.com/k", "https://s3.amazonaws.com/reports/k"),
        ("https://s3.amazonaws.com/reports/k", "https://reports.s3.eu-west-1.amazonaws.com/k"),
        ("https://reports.store.example/k", "https://store.example/reports/k"),
        ("https://reports.s3.eu-west-1.amazonaws.com/", "https://s3.eu-west-1.amazonaws.com/reports"),
        ("https://s3.eu-west-1.amazonaws.com/reports", "https://reports.s3.eu-west-1.amazonaws.com/"),
    ],
)
def test_a_bucket_between_host_and_path_is_named_where_it_was_and_where_it_is(signed: str, sent: str) -> None:
    found = first(with_query_of(v4("GET", signed), sent))
    assert told(found) == ("wrong_host", sent.partition("://")[2], signed.partition("://")[2])
    assert "addressing_style" in found.fix


def test_a_bucket_is_moved_only_for_s3() -> None:
    signed = v4("GET", "https://reports.h.example/k", service="execute-api")
    assert first(with_query_of(signed, "https://h.example/reports/k")).code == "wrong_secret"
    assert first(with_query_of(IN_PATH, VIRTUAL)).code == "wrong_host"


@pytest.mark.parametrize(
    ("name", "signed", "sent"),
    [
        ("x-amz-meta-a", "plain", "plain ; q=1"),
        ("x-amz-meta-a", "plain", "PLAIN"),
        ("x-amz-meta-a", "plain", '"plain"'),
        ("x-amz-meta-a", "", "plain"),
        ("content-type", "text/csv", "TEXT/CSV"),
        ("content-type", "application/x-of-ours", "application/x-of-ours; charset=utf-8"),
        ("content-type", "image/png", "image/gif"),
    ],
)
def test_a_header_that_was_changed_is_named_with_both_values(name: str, signed: str, sent: str) -> None:
    url = v4("PUT", f"{HOST}/k", headers={name: signed, "x-amz-meta-other": "1"})
    found = first(url, "PUT", headers={name: sent, "x-amz-meta-other": "1"})
    assert told(found) == ("changed_header", f"{name}: {sent}", f"{name}: {signed}")


def test_a_header_that_was_not_sent_is_found_by_what_clients_send() -> None:
    url = v4("PUT", f"{HOST}/k", headers={"content-type": "text/csv"})
    assert told(first(url, "PUT")) == ("missing_signed_headers", "no content-type", "content-type: text/csv")
    found = explain("DELETE", url, credentials=KEYS, now=NOW)
    assert [told(one) for one in found] == [
        ("wrong_method", "DELETE", "PUT"), ("missing_signed_headers", "no content-type", "content-type: text/csv"),
    ]  # fmt: skip
    found = explain("DELETE", url, headers={"content-type": "text/csv"}, credentials=KEYS, now=NOW)
    assert [told(one) for one in found] == [("wrong_method", "DELETE", "PUT")]


@pytest.mark.parametrize(
    ("signed", "sent", "code"),
    [
        ("/b/a%20b", "/b/a+b", "path_reencoded"),
        ("/b/a%2Bb", "/b/a%20b", "path_reencoded"),
        ("/b/a%20b", "/b/a%2Bb", "path_reencoded"),
        ("/b/a%20b", "/b/a%2520b", "encoded_twice"),
        ("/b/a%2520b", "/b/a%20b", "encoded_twice"),
        ("/b/a/b", "/b/a%2Fb", "path_reencoded"),
        ("//b/k", "/b/k", "merged_slashes"),
        ("/b/k", "/b//k", "merged_slashes"),
        ("/b//k", "/b/k", "merged_slashes"),
        ("/b/k/", "/b/k", "changed_path"),
        ("/b/k", "/b/k/", "changed_path"),
        ("/b/k", "/b/k//", "changed_path"),
        ("/a%2Fb%2Fc", "/a/b/c", "path_reencoded"),
        ("/" + quote(NINE, safe=""), f"/{NINE}", "path_reencoded"),
        ("/b/" + quote(NINE, safe=""), f"/b/{NINE}", "path_reencoded"),
        ("//" + quote(NINE, safe=""), f"//{NINE}", "path_reencoded"),
        (f"/{NINE}//k", f"/{NINE}/k", "merged_slashes"),
        (f"/{NINE}%2Fk", f"/{NINE}/k", "path_reencoded"),
        ("/k", "/store/k", "path_prefix"),
        ("/k", "/api/store/k", "path_prefix"),
        ("/minio/b/k", "/b/k", "path_prefix"),
        ("/h/b/k", "/b/k", "path_prefix"),  # the first label of the host, h.example
        ("/b/caf%C3%A9", "/b/cafe%CC%81", "unicode_form"),
        ("/b/cafe%CC%81", "/b/caf%C3%A9", "unicode_form"),
    ],
)  # fmt: skip
def test_a_path_that_was_changed_is_named_with_the_one_that_was_signed(signed: str, sent: str, code: str) -> None:
    found = first(v4("GET", HOST + signed).replace(f"{signed}?", f"{sent}?"))
    arrived = sent.replace("+", "%2B")
    assert told(found) == (code, arrived, signed)
    assert found.comparison is not None
    assert found.comparison[1] == (signed, arrived)


@pytest.mark.parametrize(
    ("signed", "sent", "told_as"),
    [
        ("v=1", "v=1&x=2", ("added_parameter", "x=2", "no x")),
        ("v=1", "w=3&v=1", ("added_parameter", "w=3", "no w")),
        ("", "a=1&b=2&c=3", ("added_parameter", "c=3", "no c")),
        ("v=1", "utm_source=a&v=1&fbclid=b", ("added_parameter", "utm_source=a", "no utm_source")),
        ("v=a%20b", "v=a%2Bb", ("query_reencoded", "v=a%2Bb", "v=a%20b")),
        ("v=a%2Bb", "v=a+b", ("query_reencoded", "v=a%20b", "v=a%2Bb")),
        ("v=a%2Bb", "v=a%20b", ("query_reencoded", "v=a%20b", "v=a%2Bb")),
        ("v=a%2Bb%20c", "v=a+b%20c", ("query_reencoded", "v=a%20b%20c", "v=a%2Bb%20c")),
        ("v=a%2Bb%20c", "v=a%20b%20c", ("query_reencoded", "v=a%20b%20c", "v=a%2Bb%20c")),
        ("v=a%26b", "v=a%2526b", ("query_reencoded", "v=a%2526b", "v=a%26b")),
        ("u=1&v=a%2Bb&w=c", "u=1&v=a%20b&w=c", ("query_reencoded", "v=a%20b", "v=a%2Bb")),
    ],
)
def test_a_query_that_was_changed_is_named_by_its_parameter(
    signed: str, sent: str, told_as: "tuple[str, str, str]"
) -> None:
    url = v4("GET", f"{HOST}/k?{signed}" if signed else f"{HOST}/k")
    own = "&".join([piece for piece in url.partition("?")[2].split("&") if piece.startswith("X-Amz-")])
    assert told(first(f"{HOST}/k?{sent}&{own}")) == told_as


@pytest.mark.parametrize(("signed", "sent"), [(900, 86_400), (60, 61), (604_800, 3_600), (45, 90), (90, 3_500)])
def test_a_lifetime_that_was_edited_is_named_with_the_one_that_was_signed(signed: int, sent: int) -> None:
    url = v4("GET", f"{HOST}/k", expires_in=signed).replace(f"Expires={signed}&", f"Expires={sent}&")
    assert told(first(url)) == ("changed_parameter", f"X-Amz-Expires={sent}", f"X-Amz-Expires={signed}")


@pytest.mark.parametrize(
    ("url", "told_as"),
    [
        (v4("GET", f"{HOST}/k", payload_hash=GENERIC_RULES.payload_hash),
         ("payload_hash_mismatch", GENERIC_RULES.payload_hash, "UNSIGNED-PAYLOAD")),
        (v4("GET", f"{HOST}/k", service="lambda", payload_hash="UNSIGNED-PAYLOAD"),
         ("payload_hash_mismatch", "UNSIGNED-PAYLOAD", GENERIC_RULES.payload_hash)),
        (v4("GET", f"{HOST}/a%20b", rules=GENERIC_RULES), ("wrong_rules", "a path signed as /a%2520b", "/a%20b")),
        (v4("GET", f"{HOST}/a/b").replace("/a/b", "/a/./b"), ("wrong_rules", "a path signed as /a/b", "/a/./b")),
        (v4("GET", f"{HOST}/a/./b%20c", rules=GENERIC_RULES), ("wrong_rules", "a path signed as /a/b%2520c",
                                                               "/a/./b%20c")),
        (v4("GET", f"{HOST}/a%20b", service="lambda", rules=ServiceRules(double_encode=False)),
         ("wrong_rules", "a path signed as /a%20b", "/a%2520b")),
    ],
)  # fmt: skip
def test_the_rules_of_another_service_are_named_by_the_line_that_they_change(
    url: str, told_as: "tuple[str, str, str]"
) -> None:
    assert told(first(url)) == told_as


def test_a_token_that_was_lost_or_appended_is_named_by_its_parameter() -> None:
    name, appended = "X-Amz-Security-Token", "&X-Amz-Security-Token=" + quote(TOKEN, safe="")
    lost = explain("GET", without(WITH_TOKEN, name), credentials=TEMPORARY, now=NOW)
    assert told(lost[0]) == ("missing_parameter", f"no {name}", name)
    assert lost[1].code == "missing_token"
    long_lived = Credentials("ASIDEXAMPLE", SECRET)
    url = v4("GET", f"{HOST}/k", credentials=long_lived).replace("&X-Amz-Signature", f"{appended}&X-Amz-Signature")
    assert told(first(url, credentials=TEMPORARY)) == (
        "invalid_token", f"{name} added after the signature", f"{name} among what is signed",
    )  # fmt: skip
    iot = v4("GET", "wss://h.example/mqtt", service="iotdevicegateway", credentials=TEMPORARY,
             rules=ServiceRules(session_token="signed"))  # fmt: skip
    before, _, signature = iot.partition("&X-Amz-Signature=")
    moved = f"{without(before, name)}&X-Amz-Signature={signature}&{before[before.index(name) :].partition('&')[0]}"
    assert told(first(moved, credentials=TEMPORARY)) == (
        "invalid_token", f"{name} among what is signed", f"{name} appended after the signature",
    )  # fmt: skip
