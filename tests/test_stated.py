"""What an answer states: its fields as they are read, and the finding that its error leads to."""

import json
from typing import Any

import pytest
from explain_corpus import NOW, TEMPORARY, error, http, v4

from sigv4presign import explain
from sigv4presign._diagnosis import answer, stated
from sigv4presign._diagnosis.answer import read_answer
from sigv4presign._diagnosis.finding import LIKELY, POSSIBLE, STATED, Finding
from sigv4presign._diagnosis.url import read_request
from sigv4presign.errors import InputError

URL = v4("GET", "https://h.example/k")
PLAIN_ERROR = error("AccessDenied", "Access Denied")


def ranked(response: str, url: "str | None" = URL, clock: int = NOW + 30) -> "list[tuple[int, Finding]]":
    """What the answer alone leads to."""
    request = None if url is None else read_request("GET", url, {})[1]
    return list(stated.stated(read_answer(response), request, clock))


def told(response: str, url: "str | None" = URL, clock: int = NOW + 30) -> "list[tuple[int, str, str, str]]":
    return [(rank, one.code, one.seen, one.expected) for rank, one in ranked(response, url, clock)]


# --- the regions of hosts ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "region"),
    [
        ("b.s3.eu-west-1.amazonaws.com", "eu-west-1"), ("s3.eu-west-1.amazonaws.com:443", "eu-west-1"),
        ("s3.dualstack.us-gov-west-1.amazonaws.com", "us-gov-west-1"), ("s3-us-west-2.amazonaws.com", "us-west-2"),
        ("b.s3-us-west-2.amazonaws.com", "us-west-2"), ("us-east-1.s3.eu-west-1.amazonaws.com", "eu-west-1"),
        ("us-east-1.s3.amazonaws.com", None), ("s3.amazonaws.com", None), ("b.s3-accelerate.amazonaws.com", None),
        ("a.execute-api.ap-south-1.amazonaws.com", "ap-south-1"), ("s3.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        ("x.lambda-url.eu-west-1.on.aws", "eu-west-1"), ("sts.eu-west-1.api.aws", "eu-west-1"),
        ("sts.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"), ("s3.eu-west-1.example.com", None),
        ("b--use1-az4--x-s3.s3express-use1-az4.us-east-1.amazonaws.com", "us-east-1"),
        ("s3.s3.eu-west-1.amazonaws.com", "eu-west-1"), ("eu-west-1.us-east-1.s3.amazonaws.com", None),
        ("us-west-1.eu-west-1.es.amazonaws.com", "eu-west-1"), ("amazonaws.com", None),
    ],
)  # fmt: skip
def test_the_region_in_a_host_of_aws_is_found_behind_the_bucket(host: str, region: "str | None") -> None:
    assert stated.region_of_host(host) == region


@pytest.mark.parametrize(
    ("host", "region"),
    [
        ("s3.us-west-004.backblazeb2.com", "us-west-004"), ("b.s3.us-west-004.backblazeb2.com:443", "us-west-004"),
        ("s3.eu-central-1.wasabisys.com", "eu-central-1"), ("s3.wasabisys.com", None), ("b.s3.wasabisys.com", None),
        ("f1.us.backblazeb2.com", None), ("s3.eu-central-1.example.com", None), ("b.s3.a.wasabisys.com", "a"),
    ],
)  # fmt: skip
def test_the_region_in_a_stores_host_stands_before_its_name(host: str, region: "str | None") -> None:
    assert stated.region_of_store(host) == region


@pytest.mark.parametrize(
    ("label", "is_one"),
    [("eu-west-1", True), ("us-gov-west-1", True), ("eusc-de-east-1", True), ("us-west-004", True), ("eu-west", False),
     ("eu-1", False), ("europe-west-1", False), ("e-west-1", False), ("eu-west-a", False), ("eu-w3st-1", False),
     ("12-west-1", False), ("usa-east-1", False), ("", False)],
)  # fmt: skip
def test_a_region_has_the_form_of_one(label: str, is_one: bool) -> None:
    assert stated.is_region(label) is is_one


# --- the finding ------------------------------------------------------------------------------------------------------

SKEWED = "<Error><Code>RequestTimeTooSkewed</Code><ServerTime>{}</ServerTime></Error>"
OVER = "Request has expired"
LAMBDA = v4("GET", "https://a.lambda-url.eu-west-1.on.aws/", service="lambda")
GOOGLE = v4("GET", "https://b.storage.googleapis.com/k")


@pytest.mark.parametrize(
    ("response", "url", "found"),
    [
        # region
        (error("AuthorizationHeaderMalformed", "the region 'eu-west-1' is wrong; expecting 'us-west-2'"), URL,
         [(STATED, "wrong_region", "signed for eu-west-1", "us-west-2")]),
        (error("AuthorizationHeaderMalformed", "the region is wrong; expecting 'a' not 'b'"), None,
         [(STATED, "wrong_region", "another region", "a")]),
        (http("400 Bad Request", "", "x-amz-bucket-region: us-west-2"), URL,
         [(STATED, "wrong_region", "signed for eu-west-1", "us-west-2")]),
        (http("400 Bad Request", "", "x-amz-bucket-region: eu-west-1"), URL, []),
        (http("400 Bad Request", "", "x-amz-bucket-region: us-west-2"), None, []),
        (error("AccessDenied", "Access Denied", Region="us-west-2"), URL,
         [(STATED, "wrong_region", "signed for eu-west-1", "us-west-2")]),
        (error("SignatureDoesNotMatch", "does not match", Region="us-west-2"), URL, []),
        (error("InvalidRegionName", "not valid. Must be one of: wnam, auto\nor so"), URL,
         [(STATED, "wrong_region", "signed for eu-west-1", "wnam, auto")]),
        (error("AuthorizationHeaderMalformed", "unexpected scope: 20251124/eu-west-1/s3/aws4_request, "
               "expected: 20251124/home/s3/aws4_request"), URL,
         [(STATED, "wrong_region", "signed for eu-west-1", "home")]),
        (error("AuthorizationHeaderMalformed", "unexpected scope: 20251124/eu-west-1/s3/aws4_request"), URL,
         [(STATED, "wrong_region", "signed for eu-west-1", "the s3_region of Garage's configuration")]),
        (error("AuthorizationHeaderMalformed", "the region 'eu-west-1' is wrong"), URL,
         [(STATED, "wrong_region", "signed for eu-west-1", "the region of the endpoint")]),
        (error("IllegalLocationConstraintException", "x"), URL,
         [(STATED, "wrong_region", "IllegalLocationConstraintException: x", "a bucket in the region of the endpoint")]),
        # redirects and errors without a row
        (http("301 Moved Permanently", "", "Location: https://b.example/"), URL,
         [(STATED, "wrong_endpoint", "status 301", "https://b.example/")]),
        (http("302 Found", "", "Location: https://aws.amazon.com/iam"), URL,
         [(LIKELY, "changed_on_the_way", "status 302", "the signature of this URL, at the server")]),
        (http("307 Temporary Redirect"), URL, [(STATED, "wrong_endpoint", "status 307", "the bucket's endpoint")]),
        (http("308 Permanent Redirect"), URL, [(STATED, "wrong_endpoint", "status 308", "the bucket's endpoint")]),
        (http("303 See Other"), URL, []),
        (http("403 Forbidden"), URL, []),
        (error("XVendorSays", "no"), URL, [(POSSIBLE, "refused_otherwise", "XVendorSays: no",
                                            "an answer without an error")]),
        (error("", "no such thing today"), URL, [(POSSIBLE, "refused_otherwise", "no such thing today",
                                                  "an answer without an error")]),
        (error("SignatureDoesNotMatch", "x"), URL, []),
        # names in the answer
        (error("TemporaryRedirect", "x", Endpoint="b.s3.us-west-2.amazonaws.com"), URL,
         [(STATED, "wrong_endpoint", "TemporaryRedirect: x", "b.s3.us-west-2.amazonaws.com")]),
        (error("AccessDenied", "There were headers present in the request which were not signed",
               HeadersNotSigned="x-amz-acl, x-amz-b"), URL,
         [(LIKELY, "unsigned_headers", "x-amz-acl, x-amz-b", "no x-amz-* header that was not signed")]),
        (error("AccessDenied", "There were headers present in the request which were not signed"), None,
         [(STATED, "unsigned_headers", "a header that was not signed", "no x-amz-* header that was not signed")]),
        (error("SignatureDoesNotMatch", "Credential should be scoped to correct service: 'sts'."), URL,
         [(STATED, "wrong_service", "SignatureDoesNotMatch: Credential should be scoped to correct service: 'sts'.",
           "sts")]),
    ],
)  # fmt: skip
def test_an_error_leads_to_its_finding(
    response: str, url: "str | None", found: "list[tuple[int, str, str, str]]"
) -> None:
    assert told(response, url) == found


@pytest.mark.parametrize(
    ("response", "url", "clock", "code", "seen"),
    [
        (error("AccessDenied", OVER), None, NOW, "expired", f"AccessDenied: {OVER}"),
        (error("AccessDenied", OVER), URL, NOW, "expired", "expired at 2025-11-24T16:15:00Z"),
        (error("AccessDenied", OVER, ServerTime="2025-11-24T16:15:00Z"), URL, NOW, "expired",
         "expires at 2025-11-24T16:15:00Z, and it was 2025-11-24T16:15:00Z"),
        (error("AccessDenied", OVER, ServerTime="2025-11-24T16:15:01Z"), URL, NOW, "expired",
         "expired at 2025-11-24T16:15:00Z, and it was 2025-11-24T16:15:01Z"),
        (error("AccessDenied", "Request is not valid yet"), URL, NOW, "not_yet_valid",
         "signed at 2025-11-24T16:00:00Z"),
        (error("AccessDenied", "Request is not valid yet"), None, NOW, "not_yet_valid", "a date ahead"),
        # within 900 s the two clocks agree
        (SKEWED.format("2025-11-24T16:05:00Z"), URL, NOW + 901, "expired",
         "expires at 2025-11-24T16:15:00Z, and it was 2025-11-24T16:05:00Z"),
        (SKEWED.format("2025-11-24T16:05:00Z"), URL, NOW + 900, "refused_otherwise",
         "a difference of 300 s between X-Amz-Date and the answer"),
        (SKEWED.format("2025-11-24T16:15:00Z"), URL, NOW, "refused_otherwise",
         "a difference of 900 s between X-Amz-Date and the answer"),
        (SKEWED.format("2025-11-24T15:45:00Z"), URL, NOW, "refused_otherwise",
         "a difference of 900 s between X-Amz-Date and the answer"),
        (SKEWED.format("2025-11-24T16:15:01Z"), URL, NOW, "expired",
         "signed at 2025-11-24T16:00:00Z, 901 s before the server's clock"),
        (SKEWED.format("2025-11-24T15:44:59Z"), URL, NOW, "not_yet_valid", "signed at 2025-11-24T16:00:00Z"),
        (SKEWED.format("soon"), URL, NOW, "not_yet_valid", "signed at 2025-11-24T16:00:00Z"),
        (SKEWED.format("2025-11-24T16:00:00Z"), None, NOW, "not_yet_valid", "a date ahead"),
        # Google's expired signature
        (error("ExpiredToken", "x"), URL, NOW, "expired_token", "ExpiredToken: x"),
        (error("ExpiredToken", "x"), GOOGLE, NOW + 900, "two_authentications", "ExpiredToken: x"),
        (error("ExpiredToken", "x"), GOOGLE, NOW + 901, "expired", "expired at 2025-11-24T16:15:00Z"),
        (error("ExpiredToken", "x"), v4("GET", "https://b.storage.googleapis.com:8443/k"), NOW, "two_authentications",
         "ExpiredToken: x"),
        (error("ExpiredToken", "x"), v4("GET", "https://storage.googleapis.com.example/k"), NOW, "expired_token",
         "ExpiredToken: x"),
        (error("ExpiredToken", "x"), v4("GET", "https://mystorage.googleapis.com/k"), NOW, "expired_token",
         "ExpiredToken: x"),
    ],
)  # fmt: skip
def test_an_error_about_time_is_told_with_the_times(
    response: str, url: "str | None", clock: int, code: str, seen: str
) -> None:
    [(_, finding)] = ranked(response, url, clock)
    assert (finding.code, finding.seen) == (code, seen)


@pytest.mark.parametrize(
    ("status", "url", "code"),
    [("403 Forbidden", URL, "denied_by_policy"), ("401 Unauthorized", URL, "changed_on_the_way"),
     ("401 Unauthorized", None, "changed_on_the_way")],
)  # fmt: skip
def test_a_401_identifies_no_caller(status: str, url: "str | None", code: str) -> None:
    assert [one[1] for one in told(http(status, PLAIN_ERROR), url)] == [code]


@pytest.mark.parametrize(
    ("service", "code"),
    [("sts", "changed_on_the_way"), ("lambda", "changed_on_the_way"), ("execute-api", "no_such_route"),
     ("iotdevicegateway", "no_such_route")],
)  # fmt: skip
def test_a_missing_authentication_token_is_a_missing_route_only_where_there_are_routes(service: str, code: str) -> None:
    url = v4("GET", "https://h.example/k", service=service)
    response = error("MissingAuthenticationToken", "Missing Authentication Token")
    [(_, found)] = ranked(response, url)
    assert found.code == code
    assert (found.expected == "wss://ENDPOINT/mqtt") is (service == "iotdevicegateway")


def test_a_checksum_is_named_by_the_parameter_that_has_it() -> None:
    bad = error("BadDigest", "The CRC32 you specified did not match the calculated checksum.")
    for query, named in (
        ("x-amz-checksum-crc32=AAAA", "x-amz-checksum-crc32"), ("X-Amz-Checksum-Sha256=AAAA", "X-Amz-Checksum-Sha256"),
        ("x-amz-checksum-mode=ENABLED", None), ("x-amz-checksum-mode=ENABLED&x-amz-checksum-crc32c=A",
                                                "x-amz-checksum-crc32c"), ("a=x-amz-checksum-crc32", None),
    ):  # fmt: skip
        [(_, found)] = ranked(bad, v4("GET", f"https://h.example/k?{query}"))
        assert found.code == "wrong_checksum"
        assert (f"signed with {named}," in found.fix) is (named is not None)
    [(_, found)] = ranked(bad, None)
    assert "signed with" not in found.fix


# --- the fields of an answer ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "status", "headers"),
    [
        ("HTTP/1.1 403 Forbidden", 403, {}),
        ("HTTP/2 403", 403, {}),
        ("HTTP/1.1 403 Forbidden\r\nServer:  a:b \r\nX-B:\r\n", 403, {"server": "a:b", "x-b": ""}),
        ("HTTP/1.1 301 Moved\nA: b\n\nHTTP/1.1 404 Not Found\nC: d", 404, {"c": "d"}),
        ("HTTP/1.1 100 Continue\n\nHTTP/1.1 404 Not Found", 404, {}),
        ("HTTP/1.1 4030", 403, {}),
        ("HTTP/1.1 \u0664\u0660\u0663", None, {}),
        ("HTTP/1.1", None, {}),
        ("\ufeff\n \t HTTP/1.1 403", 403, {}),
    ],
)
def test_the_status_and_the_headers_are_those_of_the_last_head(
    head: str, status: "int | None", headers: "dict[str, str]"
) -> None:
    seen = read_answer(f"{head}\n\n{PLAIN_ERROR}".replace("\n\n\n", "\n\n"))
    assert (seen.status, seen.headers, seen.code, seen.has_body) == (status, headers, "AccessDenied", True)


@pytest.mark.parametrize(
    ("status", "succeeded"),
    [("200 OK", True), ("206 Partial", True), ("399 X", True), ("304 Not Modified", True), ("400 Bad", False),
     ("301 Moved", False), ("302 Found", False), ("303 See", False), ("307 Temporary", False),
     ("308 Permanent", False)],
)  # fmt: skip
def test_a_status_below_400_is_a_success_unless_it_leads_elsewhere(status: str, succeeded: bool) -> None:
    assert read_answer(http(status)).succeeded is succeeded
    assert not read_answer(PLAIN_ERROR).succeeded


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        (f"log: {PLAIN_ERROR} and more", "AccessDenied", "Access Denied"),
        ("<!DOCTYPE HTML><ul><li>Code: NoSuchKey</li>\n<li>Message: No.</li></ul>", "NoSuchKey", "No."),
        ("<HTML><li>Code: A", "A", ""), ("<html><p>Code: A</p>", "", ""),
        ('{"__type": "a.b#Code:http://x", "message": "m"}', "Code", "m"),
        ('{"Code": "two words", "type": "One"}', "One", ""), ('{"code": "", "error": "E"}', "E", "E"),
        ('{"errors": [{"code": "A"}, {"code": "B"}]}', "A", ""), ('{"a": {"code": "In"}, "code": "Out"}', "Out", ""),
        ('{"code": 5, "b": {"code": "In"}}', "In", ""), ('{"reason": "R R", "detail": "d"}', "", "R R"),
        ('{"errorMessage": "m", "error_description": "d"}', "", "m"),
        ("<Error><Code> A </Code><Code>B</Code><Message>a <b>c</b> d</Message></Error>", "A", ""),
        ("<Error xmlns='http://a/'><Code>A</Code><Message>m</Message>", "A", "m"),
        (error("A", "m", Details="d"), "A", "m d"), ("<Error><Details>d</Details></Error>", "", "d"),
    ],
)  # fmt: skip
def test_code_and_message_are_read_from_each_kind_of_body(body: str, code: str, message: str) -> None:
    seen = read_answer(http("403 Forbidden", body))
    assert (seen.code, seen.message) == (code, message)
    assert seen.is_error_document is bool(code or message)


@pytest.mark.parametrize(
    ("headers", "body", "code", "message"),
    [
        (["x-amzn-errortype: a#A:http://x"], "{}", "A", ""), (["x-amz-error-code: A"], "", "A", ""),
        (["x-minio-error-code: A", 'x-minio-error-desc: "m"'], "", "A", "m"), (["x-amzn-error-type: A"], "", "A", ""),
        (["x-amz-error-message: m"], "", "", "m"), (["x-amzn-error-message: m"], "", "", "m"),
        (["x-amzn-errortype: :x"], error("B", "n"), "B", "n"),
        (["x-amzn-errortype: A", "x-amz-error-message: m"], error("B", "n"), "A", "n"),
    ],
)  # fmt: skip
def test_a_header_has_a_code_before_the_body_and_a_message_behind_it(
    headers: "list[str]", body: str, code: str, message: str
) -> None:
    seen = read_answer(http("403 Forbidden", body, *headers))
    assert (seen.code, seen.message) == (code, message)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("HTTP Error 403: x", 403), ("failed with status code 404", 404), ("Response code: 599", 599),
        ("error 399, then 400", 400), ("error 600 and 500", 500), ("error: https://h/403 gave 404", 404),
        ("error 4030 404", 404), ("error \u0664\u0660\u0663 405", 405),
    ],
)  # fmt: skip
def test_the_status_in_what_a_client_prints_is_read(text: str, status: int) -> None:
    seen = read_answer(text)
    assert (seen.status, seen.is_error_document) == (status, False)


@pytest.mark.parametrize(
    ("headers", "of_a_store"),
    [
        ([], False), (["Server: nginx"], False), (["x-amz-request-id: a"], True), (["x-amz-id-2: a"], True),
        (["x-minio-deployment-id: a"], True), (["Server: AmazonS3"], True), (["Server: MinIO Console"], True),
        (["Server: Ceph Object Gateway"], True), (["Server: Garage"], True), (["Server: WasabiS3/7"], True),
        (["Server: SeaweedFS 3"], True), (["Server: rclone/1"], True), (["Server: not AmazonS3"], False),
        (["Content-Type: application/xml"], True), (["Content-Type: text/html"], False),
    ],
)  # fmt: skip
def test_a_store_is_known_by_its_headers(headers: "list[str]", of_a_store: bool) -> None:
    assert read_answer(http("403 Forbidden", "", *headers)).is_of_a_store is of_a_store


@pytest.mark.parametrize(
    ("date", "seconds"),
    [("Mon, 24 Nov 2025 16:00:00 GMT", NOW), ("Sat, 03 Jan 1970 00:00:01 GMT", 2 * 86_400 + 1),
     ("Sat, 3 Jan 1970 00:00:01 GMT", 2 * 86_400 + 1), ("Thu, 31 Dec 2026 23:59:59 GMT", 1_798_761_599),
     ("24 Nov 2025 16:00:00 GMT", None), ("Mon, 24 nov 2025 16:00:00 GMT", None), ("Mon, 24 Nov 2025 16:00 GMT", None)],
)  # fmt: skip
def test_the_date_of_a_head_is_read(date: str, seconds: "int | None") -> None:
    assert read_answer(f"HTTP/1.1 403 Forbidden\nDate: {date}\n\n").server_time == seconds


def test_lines_in_a_message_are_taken_as_s3s_elements() -> None:
    lines = (
        "The Canonical String for this request should have been\n'GET\n/'k\nhash'\n\nThe String-to-Sign should have "
        "been\n'A\nB'"
    )
    seen = read_answer(json.dumps({"message": f"{answer._MISMATCH}. {lines}"}))
    assert (seen.code, seen.elements["CanonicalRequest"], seen.elements["StringToSign"]) == (
        "SignatureDoesNotMatch", "GET\n/'k\nhash", "A\nB",
    )  # fmt: skip
    other = read_answer(json.dumps({"code": "A", "message": f"x {answer._MISMATCH}"}))
    assert (other.code, sorted(other.elements)) == ("A", ["Code", "Message"])


def test_the_output_of_curl_v_is_read_without_its_marks() -> None:
    text = (
        "* Trying\n> GET / HTTP/1.1\n>\n< HTTP/1.1 403 Forbidden\n< Server: a\n<\n{ [5 bytes]\n"
        "<Error><Code>A</Code></Error>\n} x\n* Done"
    )
    seen = read_answer(text)
    assert (seen.status, seen.headers, seen.code) == (403, {"server": "a"}, "A")


def test_a_token_of_a_session_changes_what_a_bare_status_means() -> None:
    arguments: dict[str, Any] = {"response": http("400 Bad Request", "", "Server: AmazonS3"), "now": NOW}
    for credentials, code in ((None, "wrong_region"), (TEMPORARY, "expired_token")):
        url = v4("GET", "https://h.example/k", **({} if credentials is None else {"credentials": credentials}))
        found = explain("GET", url, **arguments)[0]
        assert (found.code, found.seen) == (code, "status 400 without a body, as to HEAD")


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("An error occurred (AccessDenied). Bye", "AccessDenied", None),
        ("E AccessDenied.", "AccessDenied", None),
        ("KMS.DisabledException: x", "KMS.DisabledException", None),
        ("error=NoSuchKey,x", "NoSuchKey", None),
        ("broker: [a1] Access denied", "", "Access denied"),
        ("a: b: Too Many Requests ", "", "Too Many Requests"),
        ("it says: Request has expired, sorry", "", None),
        ("x" * 1_990 + " NoSuchKey", "NoSuchKey", None),
    ],
)
def test_a_code_or_a_message_is_found_in_what_a_client_prints(text: str, code: str, message: "str | None") -> None:
    seen = read_answer(text)
    assert (seen.status, seen.code, seen.message) == (None, code, text.strip() if message is None else message)


@pytest.mark.parametrize(
    "text", ["x" * 1_991 + " NoSuchKey", "Forbidden Access", "nothing: of note", "404", "a 404 page"]
)
def test_what_has_neither_code_nor_message_nor_status_is_no_answer(text: str) -> None:
    with pytest.raises(InputError, match="neither an HTTP status line nor an error") as refused:
        read_answer(text)
    assert refused.value.parameter == "response"


@pytest.mark.parametrize("word", ["error", "code", "Status", "RESPONSE"])
def test_a_number_is_a_status_beside_a_word_that_says_so(word: str) -> None:
    assert read_answer(f"the {word} was 404").status == 404
    assert read_answer(f"the {word} of https://h/?404 was 4o5, 403").status == 403


def test_only_the_first_of_a_list_of_errors_counts() -> None:
    assert read_answer(http("400 Bad Request", '[{"x": "y"}, {"code": "B"}]')).code == ""
    assert read_answer(http("400 Bad Request", '[{"x": "y", "z": {"code": "A"}}, {"code": "B"}]')).code == "A"


def test_the_last_of_several_heads_in_the_output_of_curl_v_counts() -> None:
    text = "> GET /\n< HTTP/1.1 301 Moved\n< A: b\n<\n* Next\n> GET /k\n< HTTP/1.1 404 Not Found\n< C: d\n<\n"
    seen = read_answer(text + "} end\n<Error><Code>NoSuchKey</Code></Error>")
    assert (seen.status, seen.headers, seen.code) == (404, {"c": "d"}, "NoSuchKey")


def test_a_name_that_a_message_quotes_is_told() -> None:
    [(_, header)] = ranked(error("InvalidRequest", "Header `x-amz-acl` should be signed, not `x-b`"))
    assert (header.code, header.seen) == ("unsigned_headers", "x-amz-acl")
    scoped = 'Credential should be scoped to correct service: not "s3" but "execute-api".'
    [(_, service)] = ranked(error("SignatureDoesNotMatch", scoped))
    assert (service.code, service.expected) == ("wrong_service", "execute-api")
    assert "service='execute-api'" in service.fix
    [(_, other)] = ranked(error("XVendorSays", "first\nsecond"))
    assert other.seen == "XVendorSays: first"
