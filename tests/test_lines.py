"""Two canonical requests compared: each difference is a finding that names both sides and the usual cause."""

import pytest
from explain_corpus import NOW, error, v4

from sigv4presign import explain
from sigv4presign._diagnosis.finding import SHOWN, Finding
from sigv4presign._diagnosis.lines import (
    changed_parameter,
    compare,
    compare_scopes,
    is_another_answer,
    is_local,
    path_change,
    side_by_side,
    wrong_host,
)
from sigv4presign._diagnosis.request import Lines, read_lines, read_string_to_sign
from sigv4presign._diagnosis.url import read_request

HEADERS = {"content-type": "text/csv", "host": "h.example"}


def lines(
    method: str = "PUT", uri: str = "/b/k", query: str = "a=1&b=2", payload: str = "UNSIGNED-PAYLOAD",
    headers: "dict[str, str] | None" = None,
) -> Lines:  # fmt: skip
    return Lines(method, uri, query, tuple({**HEADERS, **(headers or {})}.items()), payload=payload)


def without_header(name: str) -> Lines:
    left = tuple([(other, value) for other, value in HEADERS.items() if other != name])
    return Lines("PUT", "/b/k", "a=1&b=2", left, payload="UNSIGNED-PAYLOAD", signed_headers="content-type;host")


def told(finding: Finding) -> "tuple[str, str, str]":
    return finding.code, finding.seen, finding.expected


@pytest.mark.parametrize(
    ("theirs", "found"),
    [
        (lines(), []),
        (lines(headers={"content-type": " text/csv "}), []),  # as S3 trims it
        (lines(headers={"x-extra": "1"}), []),
        (lines(headers={"content-type": "text/csv;  header=present"}),
         [("changed_header", "content-type: text/csv;  header=present", "content-type: text/csv")]),
        (lines("POST"), [("wrong_method", "POST", "PUT")]),
        (lines(query="a=1&b=2&versionId=" + "v" * 60), [("added_parameter", "versionId=" + "v" * 60, "no versionId")]),
        (lines(uri="/b/l"), [("changed_path", "/b/l", "/b/k")]),
        (lines(payload="e3b0"), [("payload_hash_mismatch", "e3b0", "UNSIGNED-PAYLOAD")]),
        (lines(headers={"host": "g.example"}), [("wrong_host", "g.example", "h.example")]),
        (lines(headers={"host": " h.example"}), [("wrong_host", " h.example", "h.example")]),
        (lines(headers={"host": "h.example:80"}), [("wrong_port", "h.example:80", "h.example")]),
        (without_header("host"), [("wrong_host", "no Host", "h.example")]),
        (without_header("content-type"), [("missing_signed_headers", "no content-type", "content-type: text/csv")]),
        (lines(headers={"content-type": " "}), [("missing_signed_headers", "no content-type",
                                                 "content-type: text/csv")]),
        (lines(headers={"content-type": "text/html"}), [("changed_header", "content-type: text/html",
                                                         "content-type: text/csv")]),
        (lines(query="a=1"), [("missing_parameter", "no b", "b=2")]),
        (lines(query="a=1&b=2&c=3"), [("added_parameter", "c=3", "no c")]),
        (lines(query="a=1&b=3"), [("changed_parameter", "b=3", "b=2")]),
        (lines(query="a=3&b=4"), [("changed_parameter", "a=3", "a=1"), ("changed_parameter", "b=4", "b=2")]),
        (lines(query="a=1&a=1&b=2"), [("added_parameter", "a=1", "no a")]),
        (lines(query="b=2&a=1"), [("query_reencoded", "a canonical query string in another order or spelling",
                                   "the same as ours")]),
        (lines(query="a=1&&b=2"), [("query_reencoded", "a canonical query string in another order or spelling",
                                    "the same as ours")]),
        (lines(query="a=1&c=2"), [("missing_parameter", "no b", "b=2"), ("added_parameter", "c=2", "no c")]),
        (lines("GET", "/k", "a=1", "x", {"host": "g"}),
         [("wrong_method", "GET", "PUT"), ("path_prefix", "/k", "/b/k"), ("missing_parameter", "no b", "b=2"),
          ("wrong_host", "g", "h.example"), ("payload_hash_mismatch", "x", "UNSIGNED-PAYLOAD")]),
    ],
)  # fmt: skip
def test_each_line_that_differs_is_one_finding(theirs: Lines, found: "list[tuple[str, str, str]]") -> None:
    ranked = list(compare(lines(), theirs))
    assert [told(finding) for _, finding in ranked] == found
    assert all(rank == SHOWN and finding.comparison == side_by_side(lines(), theirs) for rank, finding in ranked)


def test_a_signed_header_without_a_value_is_missing_only_if_it_is_missing() -> None:
    ours = lines(headers={"x-amz-meta-a": ""})
    assert list(compare(ours, lines(headers={"x-amz-meta-a": " "}))) == []
    [(_, finding)] = compare(ours, lines())
    assert told(finding) == ("missing_signed_headers", "no x-amz-meta-a", "x-amz-meta-a")
    spaced = [lines(headers={"x-amz-meta-a": value}) for value in ("1 2", "1   2")]
    assert list(compare(*spaced)) == []
    [(_, finding)] = compare(ours, lines(headers={"x-amz-meta-a": "1"}))
    assert told(finding) == ("changed_header", "x-amz-meta-a: 1", "x-amz-meta-a: ")


def test_the_lines_stand_side_by_side_with_headers_of_one_name_in_one_pair() -> None:
    token = "X-Amz-Security-Token=abc"
    ours = lines(query=f"a=1&{token}", headers={"x-amz-security-token": "abc", "x-b": "\x1b"})
    theirs = Lines("GET", "/k", f"{token}&c", (("host", "g"), ("x-a", "1")), payload="e3b0", signed_headers="host")
    assert side_by_side(ours, theirs) == (
        ("PUT", "GET"), ("/b/k", "/k"), ("a=1&X-Amz-Security-Token=<hidden>", "X-Amz-Security-Token=<hidden>&c="),
        ("content-type:text/csv", ""), ("host:h.example", "host:g"), ("", "x-a:1"),
        ("x-amz-security-token:<hidden>", ""), ("x-b:\\x1b", ""), ("", ""),
        ("content-type;host;x-amz-security-token;x-b", "host"), ("UNSIGNED-PAYLOAD", "e3b0"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("expected", "seen", "code"),
    [
        ("/a//b", "/a/b", "merged_slashes"), ("/a/b", "/a///b", "merged_slashes"), ("/a", "//a", "merged_slashes"),
        ("/a/./b", "/a/b", "removed_dot_segments"), ("/a/../b", "/b", "removed_dot_segments"),
        ("/a/.b", "/a/b", "changed_path"), ("/a/b", "/a/./b", "changed_path"),
        ("/a/..", "/b", "changed_path"),
        ("/a%2Fb", "/a/b", "path_reencoded"), ("/a/b", "/a%2Fb", "path_reencoded"),
        ("/a%20b", "/a%2Bb", "path_reencoded"), ("/a%2Bb", "/a%20b", "path_reencoded"),
        ("/a%20b", "/a+b", "path_reencoded"), ("/a+b", "/a%2Bb", "path_reencoded"),
        ("/a%20b", "/a%2520b", "encoded_twice"), ("/a%2520b", "/a%20b", "encoded_twice"),
        ("/a%2520b", "/a b", "changed_path"),
        ("/b/k", "/s3/b/k", "path_prefix"), ("/s3/b/k", "/b/k", "path_prefix"), ("/b/k", "/b/k/c", "changed_path"),
        ("/caf%C3%A9", "/cafe%CC%81", "unicode_form"), ("/cafe%CC%81", "/caf%C3%A9", "unicode_form"),
        ("/a", "/b", "changed_path"), ("/a%zz", "/a%yy", "changed_path"),
    ],
)  # fmt: skip
def test_a_path_that_differs_is_called_after_its_usual_cause(expected: str, seen: str, code: str) -> None:
    assert told(path_change(seen, expected)) == (code, seen, expected)


@pytest.mark.parametrize(
    ("seen", "expected", "code", "way_out"),
    [
        ("h.example", "h.example:9000", "wrong_port", "$http_host"),
        ("h.example:80", "h.example:9000", "wrong_port", "$http_host"),
        ("g.example:80", "h.example:80", "wrong_host", "endpoint= for the store"),
        ("localhost:9000", "minio:9000", "wrong_host", "S3Presigner(endpoint"),
        ("h.example", "127.0.0.1:9000", "wrong_host", "S3Presigner(endpoint"),
        ("storage", "h.example", "wrong_host", "S3Presigner(endpoint"),
    ],
)
def test_a_host_that_differs_is_told_with_the_way_out_of_its_network(
    seen: str, expected: str, code: str, way_out: str
) -> None:
    finding = wrong_host(seen, expected)
    assert told(finding) == (code, seen, expected)
    assert way_out in finding.fix


@pytest.mark.parametrize(
    ("host", "local"),
    [("localhost", True), ("localhost:9000", True), ("127.0.0.1", True), ("127.0.0.1:80", True), ("minio:9000", True),
     ("host.docker.internal", True), ("h.example", False), ("h.example:9000", False), ("10.0.0.1", False), ("", True)],
)  # fmt: skip
def test_a_host_without_a_dot_is_of_one_machine_or_network(host: str, local: bool) -> None:
    assert is_local(host) is local


@pytest.mark.parametrize(
    ("seen", "expected", "code"),
    [
        ("a%20b", "a%2Bb", "query_reencoded"), ("a+b", "a%20b", "query_reencoded"), ("a%2Bb", "a+b", "query_reencoded"),
        ("a%252Fb", "a%2Fb", "query_reencoded"), ("a%2Fb", "a/b", "query_reencoded"), ("a", "b", "changed_parameter"),
        ("a%2Fb", "a%252Fb", "changed_parameter"), ("", "b", "changed_parameter"),
    ],
)  # fmt: skip
def test_a_parameter_that_was_only_respelt_is_told_from_another_value(seen: str, expected: str, code: str) -> None:
    finding = changed_parameter("n", seen, expected)
    assert told(finding) == (code, f"n={seen}", f"n={expected}")
    assert ("%2B for a plus" in finding.fix) is (code == "query_reencoded")
    assert ("value of n was" in finding.fix) is (code == "changed_parameter")


def test_a_scope_that_differs_is_told_by_its_part() -> None:
    url = v4("GET", "https://h.example/k")
    _, request = read_request("GET", url, {})
    assert request is not None
    for scope, found in (
        ("20251124/eu-west-1/s3/aws4_request", []),
        ("20251124/us-east-1/s3/aws4_request", [("wrong_region", "signed for eu-west-1", "us-east-1", "region=")]),
        ("20251124/eu-west-1/iam/aws4_request", [("wrong_service", "signed for s3", "iam", "service=")]),
    ):
        ranked = list(compare_scopes(["AWS4-HMAC-SHA256", "20251124T160000Z", scope, "0" * 64], request))
        assert [told(finding) for _, finding in ranked] == [found_one[:3] for found_one in found]
        assert all(
            found_one[3] + repr(found_one[2]) in one.fix for (_, one), found_one in zip(ranked, found, strict=True)
        )


def test_an_answer_to_another_url_is_told_by_its_date_or_its_key() -> None:
    url = v4("GET", "https://h.example/k")
    _, request = read_request("GET", url, {})
    assert request is not None
    own = request.lines()
    other_key = own.query.replace("AKIDEXAMPLE", "AKIDOTHER")
    other_date = own.query.replace("20251124T", "20251123T")
    to_sign = ["AWS4-HMAC-SHA256", "20251124T160000Z", "20251124/eu-west-1/s3/aws4_request", "0" * 64]

    def with_query(query: str) -> Lines:
        return Lines("GET", "/k", query, own.headers, payload=own.payload)

    assert not is_another_answer(None, None, request)
    assert not is_another_answer(None, to_sign, request)
    assert is_another_answer(None, [to_sign[0], "20251124T160001Z", *to_sign[2:]], request)
    assert not is_another_answer(own, to_sign, request)
    assert not is_another_answer(with_query(""), None, request)
    assert not is_another_answer(with_query(own.query.replace("900", "901")), to_sign, request)
    assert is_another_answer(with_query(other_key), to_sign, request)
    assert is_another_answer(with_query(other_date), None, request)


# --- reading the server's lines ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("PUT\n/k\na=1\nhost:h\nx-a:1:2\n\nhost;x-a\nhash", ("PUT", "/k", "a=1", (("host", "h"), ("x-a", "1:2")),
                                                            "host;x-a", "hash")),
        ("\n PUT\n/k\n\nhost:h\n\nhost\nhash\n ", ("PUT", "/k", "", (("host", "h"),), "host", "hash")),
        ("PUT\n/k\n\n\n\nhash", ("PUT", "/k", "", (), "", "hash")),
        ("PUT\n/k\na=1\nhost:h\nhost\nhash", None),
        ("PUT\n/k\n\nhost\nhash", None),
        ("PUT /k a=1 host:h x-a:1 2 host;x-a hash", ("PUT", "/k", "a=1", (("host", "h"), ("x-a", "1 2")), "host;x-a",
                                                     "hash")),
        ("PUT /k a=1 host:h  host hash", ("PUT", "/k", "a=1", (("host", "h"),), "host", "hash")),
        ("PUT /k a=1 host hash", None),
        ("", None),
    ],
)  # fmt: skip
def test_a_canonical_request_is_read_line_by_line(text: str, read: "tuple[object, ...] | None") -> None:
    seen = read_lines(text)
    fields = None if seen is None else (
        seen.method, seen.uri, seen.query, seen.headers, seen.signed_headers, seen.payload,
    )  # fmt: skip
    assert fields == read


TO_SIGN = ["AWS4-HMAC-SHA256", "20251124T160000Z", "20251124/eu-west-1/s3/aws4_request", "0" * 64]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("\n".join(TO_SIGN), TO_SIGN), (" ".join(TO_SIGN), TO_SIGN), ("\n" + "\n".join(TO_SIGN) + " \n", TO_SIGN),
        ("\n".join(TO_SIGN[:3]), None), ("\n".join([*TO_SIGN, "a"]), None), ("\n".join(["AWS4", *TO_SIGN[1:]]), None),
        ("\n".join([*TO_SIGN[:2], "a/b/c", "0"]), None), ("\n".join([*TO_SIGN[:2], "a/b/c/d/e", "0"]), None),
        ("", None),
    ],
)  # fmt: skip
def test_a_string_to_sign_has_four_lines(text: str, read: "list[str] | None") -> None:
    assert read_string_to_sign(text) == read


def test_a_signature_that_arrived_shorter_is_truncated_and_another_one_is_another_answers() -> None:
    url = v4("GET", "https://h.example/k")
    for provided, code in (
        (url[-64:-1], "truncated"), (url[-64:], "wrong_secret"), ("", "wrong_secret"), (url[-63:], "another_answer"),
        (url[-64:] + "0", "another_answer"),
    ):  # fmt: skip
        response = error("SignatureDoesNotMatch", "x", SignatureProvided=provided)
        found = explain("GET", url, response=response, now=NOW)
        assert found[0].code == code
        assert code != "truncated" or "63 hex digits" in found[0].seen
