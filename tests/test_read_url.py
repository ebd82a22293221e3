"""A URL as it is read: what is wrong with its text, its parameters and its host, and which other signer made it."""

from urllib.parse import quote

import pytest
from explain_corpus import NOW, TEMPORARY, TOKEN, v4, without

from sigv4presign import GENERIC_RULES, Credentials, explain
from sigv4presign._diagnosis import parameters, url
from sigv4presign._diagnosis.finding import Finding
from sigv4presign._query_auth import UNSIGNED_PAYLOAD

HOST = "https://h.example/k"
URL = v4("GET", HOST)
SIGNATURE = URL[-64:]
SCOPE = "AKIDEXAMPLE%2F20251124%2Feu-west-1%2Fs3%2Faws4_request"


def first(text: str) -> Finding:
    return explain("GET", text, now=NOW)[0]


def told(finding: Finding) -> "tuple[str, str, str]":
    return finding.code, finding.seen, finding.expected


def codes(text: str) -> "list[str]":
    return [finding.code for finding in explain("GET", text, now=NOW)]


# --- the text ---------------------------------------------------------------------------------------------------------


def test_a_request_is_read_as_it_is_written() -> None:
    sent = {"x-amz-content-sha256": "abc"}
    text = v4("PUT", "https://H.example:8443/a%20b?v=%C3%A9&n", headers=sent, payload_hash="abc")
    found, request = url.read_request("PUT", text, sent)
    assert found == []
    assert request is not None
    assert (request.method, request.host, request.path) == ("PUT", "h.example:8443", "/a%20b")
    assert request.query == text.partition("?")[2]
    assert dict(request.pairs)["v"] == "é"
    assert [name for name, _ in request.pairs if name == "X-Amz-Signature"] == []
    assert (request.is_v4a, request.payload, request.expires_at) == (False, "abc", NOW + 900)
    assert request.authorization.signature == text[-64:]
    assert request.headers == sent
    other = url.read_request("GET", v4("GET", HOST, service="iam"), {})[1]
    assert other is not None
    assert other.payload == GENERIC_RULES.payload_hash
    unsent = url.read_request("PUT", text, {})[1]
    assert unsent is not None
    assert unsent.payload == UNSIGNED_PAYLOAD
    signing = url.read_request("GET", URL, sent)[1]
    assert signing is not None
    assert signing.payload == UNSIGNED_PAYLOAD  # sent, but not signed


def test_a_target_is_read_with_the_host_that_was_sent() -> None:
    target = URL.removeprefix("https://h.example")
    found, request = url.read_request("GET", target, {"host": "h.example"})
    assert request is not None
    assert (found, request.host, request.path) == ([], "h.example", "/k")
    assert first(target).code == "malformed_url"
    assert codes(URL.removeprefix("https:/")) == ["malformed_url"]
    assert first("ftp://h/").seen.startswith("a URL that does not begin with one of http://")
    assert codes(URL + "#top") == codes(URL + "#top#2") == ["fragment"]


@pytest.mark.parametrize(
    ("damaged", "left"),
    [
        (URL.replace("X-Amz-Date", "X-Am z-Date"), URL),
        (URL.replace("20251124T", "2025 11 24T"), URL),
        (URL.replace("X-Amz-Date", " X-Amz-Date"), URL),
        (URL[:-5] + " " + URL[-5:], URL),
        (f"{URL}&note=?".replace("X-Amz-Date", "X-Amz-D ate"), f"{URL}&note=?"),
        (f"{URL}&X-Amz-Expires=a b=c", f"{URL}&X-Amz-Expires=ab=c"),
        (URL + "&note=a b", None),
        (URL + "&a b=c", None),
        (URL.replace("/k", "/k b"), None),
        (URL.replace("&X-Amz-Signature", "&X-Amz-Security-Token=a b&X-Amz-Signature"), None),
    ],
)
def test_spaces_are_removed_only_from_the_signatures_own_parameters(damaged: str, left: "str | None") -> None:
    found: list[tuple[int, Finding]] = []
    assert url._without_spaces(damaged, found) == (damaged if left is None else left)
    assert [finding.code for _, finding in found] == ([] if left is None else ["wrapped"])


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        (f"https://a.example/?u={quote(URL, safe='')}", "the parameter u"),
        (f"https://a.example/?a=b&u={quote(URL.replace('https', 'http'), safe='')}", "the parameter u"),
        (f"https://a.example/?u={quote(URL.replace('https', 'HTTPS'), safe='')}", "the parameter u"),
        ("https://a.example/?u=https-3A__h_-3FX-2DAmz-2DDate-3D1&v=1", "the parameter u"),
        ("https://a.example/?u=http-3a__h_-3Fx-2damz-2ddate-3d1", "the parameter u"),
        (f"https://a.example/{URL}", "the path"),
        (f"https://a.example/{URL.replace('https', 'http')}", "the path"),
        (f"https://a.example/{quote(URL, safe='')}", "the path"),
        ("https://a.example/X-AMZ-SIGNATURE=a", "the path"),
    ],
)
def test_a_link_around_a_url_is_named_by_the_part_that_holds_it(text: str, seen: str) -> None:
    assert told(first(text)) == (
        "wrapped_link", f"a presigned URL within another, in {seen}", "the presigned URL alone",
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["https://a.example/?u=https%3A%2F%2Fh%2F", "https://a.example/?u=ftp%3A%2F%2Fh%2F%3FX-Amz-Date%3D1",
     "https://a.example/?u=https-3A__h_-3Fa", "https://a.example/?u=x-2damz-2d", "https://a.example/http://h/?a=b",
     "https://a.example/https%3A//h/?a=b", "https://a.example/?u=X-Amz-Date"],
)  # fmt: skip
def test_another_link_holds_no_presigned_url(text: str) -> None:
    assert first(text).code == "not_presigned"


def test_a_signed_url_may_hold_another() -> None:
    assert codes(v4("GET", f"{HOST}?u={quote(URL, safe='')}")) == []
    assert codes(v4("GET", f"{HOST}/https%3A//h.example/")) == []
    assert first(URL.replace("?", "%3F")).code == "encoded_twice"
    assert first(URL.replace("?", "%3F").replace("/k", "/k/HTTP")).code == "wrapped_link"


# --- its parameters ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told_as"),
    [
        (URL + "&x-amz-date=1", ("duplicate_parameter", "X-Amz-Date more than once", "each signing parameter once")),
        (URL.replace("X-Amz-Date", "x-amz-date"), ("misspelt_parameter", "x-amz-date", "X-Amz-Date")),
        (f"{HOST}?a=b&X_Amz_Date=1&x_amz_expires=2", ("misspelt_parameter", "X_Amz_Date", "X-Amz-Date")),
        (URL.replace("%2F", "F"), ("percent_lost", "X-Amz-Credential without its percent signs",
                                   "a % and two hex digits for each escape")),
        (URL.replace("%2F", "%252f"), ("encoded_twice", "%252F in X-Amz-Credential",
                                       "each character percent-encoded once")),
        (URL.replace("%2F", "%252F"), ("encoded_twice", "%252F in X-Amz-Credential",
                                       "each character percent-encoded once")),
        (f"{HOST}?{quote(URL.partition('?')[2], safe='')}",
         ("encoded_twice", "the query string is percent-encoded as a whole", "each character percent-encoded once")),
        (f"{HOST}?a%26X-Amz-Date", ("encoded_twice", "the query string is percent-encoded as a whole",
                                    "each character percent-encoded once")),
        (HOST, ("not_presigned", "no query string", "a presigned URL")),
        (f"{HOST}?a=b", ("not_presigned", "no X-Amz-Algorithm", "a presigned URL")),
        (f"{HOST}?X-Amz-Date=1", ("not_presigned", "no X-Amz-Algorithm", "a presigned URL")),
        # missing
        (URL.partition("&")[0], ("cut_by_shell", "nothing after the first &", "the whole URL")),
        (without(URL, "X-Amz-Signature"), ("truncated", "no X-Amz-Signature", "X-Amz-Signature with 64 hex digits")),
        (URL.partition("&X-Amz-Date")[0],
         ("truncated", "no X-Amz-Date, X-Amz-Expires, X-Amz-SignedHeaders, X-Amz-Signature",
          "X-Amz-Signature with 64 hex digits")),
        (URL.partition("&")[0] + "&a=b",
         ("truncated",
          "no X-Amz-Credential, X-Amz-Date, X-Amz-Expires, X-Amz-SignedHeaders, X-Amz-Signature",
          "X-Amz-Signature with 64 hex digits")),
        (without(URL, "X-Amz-Date"), ("missing_parameter", "no X-Amz-Date", "all six parameters of the signature")),
        (without(without(URL, "X-Amz-Date"), "X-Amz-Expires"),
         ("missing_parameter", "no X-Amz-Date, X-Amz-Expires", "all six parameters of the signature")),
        (without(URL, "X-Amz-Expires"), ("missing_parameter", "no X-Amz-Expires",
                                         "all six parameters of the signature")),
        (without(URL, "X-Amz-Credential"), ("missing_parameter", "no X-Amz-Credential",
                                            "all six parameters of the signature")),
        (URL.replace("&", ""), ("missing_parameter", "parameters without & between them", "& between the parameters")),
        (URL.replace("&", "%26"), ("encoded_twice", "%26 in place of the & between the parameters",
                                   "each character percent-encoded once")),
        (without(v4("GET", HOST, service="iam"), "X-Amz-Date"), ("missing_parameter", "no X-Amz-Date",
                                                                "all six parameters of the signature")),
    ],
)  # fmt: skip
def test_parameters_that_are_missing_or_misspelt_are_named(text: str, told_as: "tuple[str, str, str]") -> None:
    assert told(first(text)) == told_as


def test_only_s3_needs_a_lifetime() -> None:
    assert codes(without(v4("GET", HOST, service="iam"), "X-Amz-Expires")) == []
    assert codes(without(v4("GET", HOST, service="s3express"), "X-Amz-Expires")) == ["missing_parameter"]


@pytest.mark.parametrize(
    ("old", "new", "code", "seen"),
    [
        ("=900", "=15m", "malformed_expires", "X-Amz-Expires=15m"),
        ("=900", "=-1", "expires_out_of_range", "X-Amz-Expires=-1"),
        ("20251124T160000Z", "2025-11-24T16:00:00Z", "malformed_date", "X-Amz-Date=2025-11-24T16:00:00Z"),
        ("20251124T160000Z", "abcdefghijkl", "malformed_date", "X-Amz-Date=<hidden, 12 characters>"),
        ("20251124T160000Z", "1" * 41, "malformed_date", "X-Amz-Date=<hidden, 41 characters>"),
        (SCOPE, "AKID%2F20251125%2Feu-west-1%2Fs3%2Faws4_request", "malformed_credential",
         "X-Amz-Credential=AKID/20251125/eu-west-1/s3/aws4_request"),
        (SCOPE, "AKID%2Fs3%2Faws4_request", "malformed_credential", "X-Amz-Credential=AKID/s3/aws4_request"),
        (SCOPE, "AK-ID%2Fs3%2Faws4_request", "malformed_credential", "X-Amz-Credential=<hidden, 21 characters>"),
        (SCOPE, "AKID%2FS3%2Faws4_request", "malformed_credential", "X-Amz-Credential=<hidden, 20 characters>"),
        (SCOPE, f"AKID%2F{'r' * 24}%2Fs3%2Faws4_request", "malformed_credential",
         f"X-Amz-Credential=AKID/{'r' * 24}/s3/aws4_request"),
        (SCOPE, f"AKID%2F{'r' * 25}%2Fs3%2Faws4_request", "malformed_credential",
         "X-Amz-Credential=<hidden, 46 characters>"),
        (SCOPE, "AKID%2F20251124%2Fs3%2Faws4", "malformed_credential", "X-Amz-Credential=<hidden, 21 characters>"),
        (SCOPE, "AKID", "malformed_credential", "X-Amz-Credential=AKID"),
        ("HMAC-SHA256", "HMAC-SHA1", "unsupported_algorithm", "X-Amz-Algorithm=<hidden, 14 characters>"),
        ("HMAC-SHA256", "HMAC", "unsupported_algorithm", "X-Amz-Algorithm=AWS4-HMAC"),
        ("HMAC", "ECDSA-P256", "missing_parameter", "no X-Amz-Region-Set"),
        ("Headers=host", "Headers=b%3Ba", "malformed_signed_headers", "X-Amz-SignedHeaders=b;a"),
    ],
)  # fmt: skip
def test_a_malformed_value_is_named_by_its_parameter(old: str, new: str, code: str, seen: str) -> None:
    assert old in URL
    found = first(URL.replace(old, new))
    assert (found.code, found.seen) == (code, seen)


@pytest.mark.parametrize(
    ("signature", "told_as"),
    [
        (SIGNATURE, None),
        (SIGNATURE[:-1], ("truncated", "X-Amz-Signature with 63 hex digits", "X-Amz-Signature with 64 hex digits")),
        ("", ("truncated", "X-Amz-Signature with 0 hex digits", "X-Amz-Signature with 64 hex digits")),
        (SIGNATURE + ".", ("wrapped", "1 more characters after the signature", "64 hex digits and nothing else")),
        (SIGNATURE + "0", ("wrapped", "1 more characters after the signature", "64 hex digits and nothing else")),
        (SIGNATURE + "%20ab", ("wrapped", "3 more characters after the signature", "64 hex digits and nothing else")),
        (SIGNATURE[:9] + "%0D%0A%20" + SIGNATURE[9:], ("wrapped", "white space inside X-Amz-Signature",
                                                       "64 hex digits and nothing else")),
        (SIGNATURE[:-1] + "g", ("malformed_signature", "X-Amz-Signature is not in lower-case hex",
                                "64 lower-case hex digits")),
        ("%20" + SIGNATURE[1:], ("malformed_signature", "X-Amz-Signature is not in lower-case hex",
                                 "64 lower-case hex digits")),
        ("G" + SIGNATURE[1:30] + "%20" + SIGNATURE[30:],
         ("malformed_signature", "X-Amz-Signature is not in lower-case hex", "64 lower-case hex digits")),
    ],
)  # fmt: skip
def test_a_signature_has_64_digits_and_nothing_else(signature: str, told_as: "tuple[str, str, str] | None") -> None:
    found = explain("GET", URL[:-64] + signature, now=NOW)
    assert (told(found[0]) if found else None) == told_as


def test_the_signature_of_version_4a_has_no_length() -> None:
    v4a = URL.replace("HMAC", "ECDSA-P256").replace("%2Feu-west-1", "").replace(SIGNATURE, "3045")
    _, request = url.read_request("GET", f"{v4a}&X-Amz-Region-Set=a%2Cb", {})
    assert request is not None
    assert request.is_v4a
    assert codes(f"{v4a}&X-Amz-Region-Set=a%2Cb") == []


def test_only_damage_of_the_text_is_damage() -> None:
    for text, code in (
        (URL, None),
        (URL[:-1], "truncated"),
        (URL.replace("=900", "=0"), None),
        (HOST, "not_presigned"),
    ):
        damage = url.damage_of(text)
        assert (damage and damage.code) == code


@pytest.mark.parametrize(
    ("text", "told_as"),
    [
        (URL.replace("=900", "=604801"),
         ("expires_out_of_range", "X-Amz-Expires=604801", "at most 604800 s, seven days")),
        (URL.replace("=900", "=604800"), None),
        (URL.replace("=900", "=0"), ("expires_out_of_range", "X-Amz-Expires=0", "at least 1 s")),
        (URL.replace("=900", "=1"), None),
        (v4("GET", HOST, service="transcribe", expires_in=300).replace("=300", "=301"),
         ("expires_out_of_range", "X-Amz-Expires=301", "at most 300 s")),
        (URL.replace("Headers=host", "Headers=range"),
         ("missing_signed_headers", "X-Amz-SignedHeaders without host", "host among the signed headers")),
        (v4("GET", HOST, credentials=Credentials("ASIA1", "s")),
         ("missing_token", "a temporary access key, ASIA..., and no X-Amz-Security-Token", "X-Amz-Security-Token")),
        (v4("GET", HOST, credentials=Credentials("ASIA1", "s"), service="s3express"),
         ("missing_token", "a temporary access key, ASIA..., and no X-Amz-S3session-Token", "X-Amz-S3session-Token")),
        (v4("GET", HOST, credentials=Credentials("AKIAASIA", "s")), None),
        (v4("GET", "https://b.s3.us-west-2.amazonaws.com/k"),
         ("wrong_region", "signed for eu-west-1, sent to us-west-2", "us-west-2")),
        # spelt anew
        (v4("GET", f"{HOST}%2Bb").replace("%2Bb", "+b"), ("path_reencoded", "/k+b", "/k%2Bb")),
        (v4("GET", f"{HOST}%2Fb").replace("k%2Fb", "k%2fb"), ("path_reencoded", "/k%2fb", "/k%2Fb")),
        (v4("GET", f"{HOST}%2Bb", service="iam").replace("k%2Bb", "k+b"), None),
        (URL + "&note=a+b", ("query_reencoded", "note=a+b", "note=a%20b")),
        (URL + "&a+b=c", ("query_reencoded", "a+b=c", "a%2Bb=c")),
        (URL + "&note=é", ("query_reencoded", "note=é", "note=%C3%A9")),
        (URL + "&note=a%2fb", ("query_reencoded", "note=a%2fb", "note=a%2Fb")),
        (URL + "&note=%61", ("query_reencoded", "note=%61", "note=a")),
        (URL + "&n:=a", ("query_reencoded", "n:=a", "n%3A=a")),
    ],
)  # fmt: skip
def test_values_that_no_server_accepts_and_no_signer_writes_are_named(
    text: str, told_as: "tuple[str, str, str] | None"
) -> None:
    found = [told(finding) for finding in explain("GET", text, now=NOW)]
    assert (told_as in found) if told_as else found == []


def test_the_spelling_that_changes_a_value_is_likelier_than_the_one_that_does_not() -> None:
    for text, rank in (
        (f"{URL}&note=a+b", 4), (f"{URL}&note=é", 4), (f"{URL}&note=a%2fb", 5),
        (v4("GET", f"{HOST}%2Bb").replace("k%2Bb", "k+b"), 4), (v4("GET", f"{HOST}%2Fb").replace("k%2Fb", "k%2fb"), 5),
    ):  # fmt: skip
        found, _ = url.read_request("GET", text, {})
        assert [one for one, finding in found if finding.code.endswith("_reencoded")] == [rank]


@pytest.mark.parametrize(
    ("name", "tracker"),
    [("utm_source", True), ("UTM_x", True), ("mc_cid", True), ("_hsenc", True), ("__hssc", True), ("_ga", True),
     ("fbclid", True), ("GCLID", True), ("ref_src", True), ("ref", True), ("V", True), ("_", True), ("share", True),
     ("utm", False), ("reference", False), ("versionId", False), ("partNumber", False), ("myfbclid", False),
     ("", False)],
)  # fmt: skip
def test_what_is_added_to_finished_links_is_known_by_its_name(name: str, tracker: bool) -> None:
    assert parameters.is_tracker(name) is tracker


MSK = v4("GET", "https://kafka.eu-west-1.amazonaws.com/?Action=kafka-cluster%3AConnect", service="kafka-cluster")
IOT = v4("GET", "wss://a-ats.iot.eu-west-1.amazonaws.com/mqtt", service="iotdevicegateway", credentials=TEMPORARY)
IOT_SIGNED = f"{IOT.partition('&X-Amz-Security-Token')[0].partition('&X-Amz-Signature')[0]}"
APPENDED = f"&X-Amz-Security-Token={quote(TOKEN, safe='')}"


@pytest.mark.parametrize(
    ("text", "told_as"),
    [
        (URL + "&a=b&c=d", ("added_parameter", "a=b", "no a")),
        (URL + "&a=b%2Fc", ("added_parameter", "a=b%2Fc", "no a")),
        (URL + "&x-id=GetObject", None),
        (URL + "&User-Agent=me", ("added_parameter", "User-Agent=me", "no User-Agent")),
        (MSK + "&User-Agent=me", None),
        (MSK + "&x-id=a&User-Agent=me", None),
        (MSK + "&a=b", ("added_parameter", "a=b", "no a")),
        (URL + "&", None),
        (v4("GET", HOST, credentials=TEMPORARY), None),
        (URL + "&&a=b", ("added_parameter", "a=b", "no a")),
        (URL.replace("?", "?fbclid=1&"), ("added_parameter", "fbclid=1", "no fbclid")),
        (URL.replace("?", "?ref=1&"), None),  # a signer may have signed it
        (URL.replace("?", "?fbclid=1&") + "&a=b", ("added_parameter", "a=b", "no a")),
        # Signers that sort all parameters write X-Amz-Signature before X-Amz-SignedHeaders.
        (without(URL, "X-Amz-SignedHeaders") + "&X-Amz-SignedHeaders=host&z=1", None),
        (without(URL, "X-Amz-SignedHeaders") + "&X-Amz-SignedHeaders=host&utm_x=1", ("added_parameter", "utm_x=1",
                                                                                   "no utm_x")),
        (v4("GET", HOST) + APPENDED, ("invalid_token", "X-Amz-Security-Token added after the signature",
                                      "X-Amz-Security-Token among what is signed")),
        (without(URL, "X-Amz-SignedHeaders") + APPENDED + "&X-Amz-SignedHeaders=host", None),
        (IOT, None),
        (f"{IOT_SIGNED}{APPENDED}&X-Amz-Signature={SIGNATURE}",
         ("invalid_token", "X-Amz-Security-Token among what is signed",
          "X-Amz-Security-Token appended after the signature")),
        (f"{without(IOT_SIGNED, 'X-Amz-SignedHeaders')}{APPENDED}&X-Amz-Signature={SIGNATURE}&X-Amz-SignedHeaders=host",
         None),
    ],
)  # fmt: skip
def test_what_stands_behind_the_signature_was_added(text: str, told_as: "tuple[str, str, str] | None") -> None:
    found = [told(finding) for finding in explain("GET", text, now=NOW)]
    assert found == ([told_as] if told_as else [])


def test_a_parameter_that_was_added_to_a_damaged_url_hides_its_value() -> None:
    damaged = without(URL, "X-Amz-Expires").replace("s3", "iam").replace("HMAC-SHA256", "HMAC-SHA256&X-Amz-Sd=a")
    [found] = [one for one in explain("GET", f"{damaged}&note={'g' * 12}", now=NOW) if one.code == "added_parameter"]
    assert found.seen == "note=<hidden, 12 characters>"


@pytest.mark.parametrize(
    ("host", "service", "told_as"),
    [
        ("a.execute-api.eu-west-1.amazonaws.com", "s3", ("wrong_service", "execute-api")),
        ("a.appsync-api.eu-west-1.amazonaws.com", "s3", ("wrong_service", "appsync")),
        ("a.appsync-realtime-api.eu-west-1.amazonaws.com", "s3", ("wrong_service", "appsync")),
        ("a.eu-west-1.es.amazonaws.com", "s3", ("wrong_service", "es")),
        ("a.aos.eu-west-1.on.aws", "s3", ("wrong_service", "es")),
        ("a.dsql.eu-west-1.on.aws", "s3", ("wrong_service", "dsql")),
        ("sts.amazonaws.com", "s3", ("wrong_service", "sts")),
        ("sts.eu-west-1.api.aws", "s3", ("wrong_service", "sts")),
        ("sts-fips.us-east-1.amazonaws.com", "s3", ("wrong_service", "sts")),
        ("a.execute-api.cn-north-1.amazonaws.com.cn", "s3", ("wrong_service", "execute-api")),
        ("a.execute-api.eu-west-1.example.com", "s3", None),
        ("execute-api.a.amazonaws.com", "s3", None),
        ("a.execute-api.eu-west-1.amazonaws.com", "execute-api", None),
        ("b.s3-website.eu-west-1.amazonaws.com", "s3", ("wrong_endpoint", "BUCKET.s3.REGION.amazonaws.com")),
        ("b.s3-website-eu-west-1.amazonaws.com", "s3", ("wrong_endpoint", "BUCKET.s3.REGION.amazonaws.com")),
        ("b.s3-website.example.com", "s3", None),
        ("a.r2.dev", "s3", ("wrong_endpoint", "ACCOUNT.r2.cloudflarestorage.com")),
        ("a.r2.dev:8443", "s3", ("wrong_endpoint", "ACCOUNT.r2.cloudflarestorage.com")),
        ("r2.dev.example", "s3", None),
        ("a.iot.eu-west-1.amazonaws.com", "s3", None),
    ],
)
def test_a_host_says_which_service_it_is_of(host: str, service: str, told_as: "tuple[str, str] | None") -> None:
    region = next((name for name in ("us-east-1", "cn-north-1") if name in host), "eu-west-1")
    found = explain("GET", v4("GET", f"https://{host}/k", service=service, region=region), now=NOW)
    assert [(one.code, one.expected) for one in found] == ([told_as] if told_as else [])
    if told_as and told_as[0] == "wrong_service":
        assert found[0].seen == f"signed for {service}, sent to {host}"
        assert repr(told_as[1]) in found[0].fix
    elif told_as:
        assert found[0].seen.startswith(f"{host.partition(':')[0]}, a ")


def test_the_gateway_of_iot_is_told_by_its_path() -> None:
    for path, expected in (("/mqtt", ["wrong_service"]), ("/topics", [])):
        assert codes(v4("GET", f"wss://a.iot.eu-west-1.amazonaws.com{path}", service="iotdata")) == expected


# --- other signers ----------------------------------------------------------------------------------------------------

STORE = "https://h.example/k"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"{STORE}?X-Goog-Signature=a", "Google Cloud Storage (GOOG4)"),
        (f"{STORE}?GoogleAccessId=a&Expires=1&Signature=b", "Google Cloud Storage, version 2"),
        (f"{STORE}?Key-Pair-Id=a", "CloudFront URL"),
        (f"{STORE}?CloudFront-Signature=a", "CloudFront's signed cookies"),
        (f"{STORE}?OSSAccessKeyId=a&Signature=b", "Alibaba Cloud OSS, version 1"),
        (f"{STORE}?x-oss-signature=a", "Alibaba Cloud OSS, version 4"),
        (f"{STORE}?sv=1&sig=a", "Azure Storage"),
        (f"{STORE}?q-sign-algorithm=sha1", "Tencent Cloud COS"),
        (f"{STORE}?sign=q-sign-algorithm%3Dsha1", "Tencent Cloud COS"),
        (f"{STORE}?AccessKeyId=a&Signature=b", "Huawei Cloud OBS"),
        (f"{STORE}?X-Tos-Signature=a", "Volcengine TOS"),
        (f"{STORE}?temp_url_sig=a", "OpenStack Swift"),
        (f"{STORE}?hdnts=a", "Akamai"), (f"{STORE}?token=exp~hmac=a", "Akamai"),
        (f"{STORE}?md5=a&expires=1", "nginx"),
        (f"{STORE}?authorization=bce-auth-v1%2Fa", "Baidu BOS"),
        ("https://f1.backblazeb2.com/file/b/k?Authorization=a", "Backblaze B2"),
        ("https://objectstorage.eu.oraclecloud.com/p/abc/n/ns/b/bucket/o/k?a=b", "Oracle Cloud"),
        ("https://x.supabase.co/storage/v1/object/sign/b/k?token=a.b.c", "Supabase Storage"),
        ("https://firebasestorage.googleapis.com/v0/b/a/o/k?token=a", "Firebase Storage"),
        ("https://a.firebasestorage.app/k?token=a", "Firebase Storage"),
        ("https://firebasestorage.googleapis.com:443/k?token=a", "Firebase Storage"),
        (f"{STORE}?e=1&token=a:b", "Qiniu Kodo"),
        ("https://a.b-cdn.net/k?token=a.b", "as Bunny makes it"), (f"{STORE}?expires=1&token=a", "as Bunny makes it"),
        ("https://a.imgix.net/k?s=a", "imgix"), ("https://a.imgix.net:8443/k?s=a", "imgix"),
        ("https://imagedelivery.net/a/b?sig=a", "Cloudflare Images"),
        ("https://customer-a.cloudflarestream.com/a.b.c/manifest?x=1", "Cloudflare Stream"),
        ("https://a.videodelivery.net/a.b.c/manifest", "Cloudflare Stream"),
        (f"{STORE}?auth_key=1764000000-0-0-{'a' * 32}", "Alibaba Cloud CDN"),
        (f"{STORE}?verify=1764000000-abc", "token of Cloudflare"),
        (f"{STORE}?verify=1764000000-abc-d", "token of Cloudflare"),
        (f"{STORE}?Signature=a&Expires=1", "another kind: it has Signature"),
        (f"{STORE}?sig=a&hmac=b&exp=1", "another kind: it has hmac, sig"),
    ],
)  # fmt: skip
def test_a_url_of_another_signer_is_called_by_its_name(text: str, title: str) -> None:
    found = first(text)
    assert (found.code, found.expected) == ("other_vendor", "a URL presigned with AWS Signature Version 4")
    assert title in found.seen


@pytest.mark.parametrize("sign", ["Signature", "sig", "sign", "hmac", "X-Signature", "s"])
@pytest.mark.parametrize("end", ["expires", "Expiry", "exp", "e", "se", "KeyId", "expire", "ttl", "deadline"])
def test_a_signature_and_an_end_are_of_some_signer(sign: str, end: str) -> None:
    found = first(f"{STORE}?{sign}=a&{end}=1")
    assert (found.code, found.seen) == ("other_vendor", f"a signed URL of another kind: it has {sign}")


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        (f"{STORE}?GoogleAccessId=a", "no X-Amz-Algorithm"),
        (f"{STORE}?sv=1", "no X-Amz-Algorithm"),
        (f"{STORE}?authorization=a", "no X-Amz-Algorithm, and authorization"),
        (f"{STORE}?sign=a", "no X-Amz-Algorithm, and sign"),
        ("https://h.example/file/b/k?a=b", "no X-Amz-Algorithm"),
        ("https://h.example/p/abc/n/ns/b/bucket?a=b", "no X-Amz-Algorithm"),
        ("https://h.example/p/abc/o/k?a=b", "no X-Amz-Algorithm"),
        ("https://h.example/q/p/abc/n/ns/b/c/o/k?a=b", "no X-Amz-Algorithm"),
        ("https://h.example/storage/v1/object/sign/b/k?a=b", "no X-Amz-Algorithm"),
        ("https://h.example/storage/v1/object/b/k?token=a", "no X-Amz-Algorithm, and token"),
        ("https://h.example/object/sign/b/k?token=a", "no X-Amz-Algorithm, and token"),
        ("https://firebasestorage.googleapis.com/k?a=b", "no X-Amz-Algorithm"),
        ("https://a.firebasestorage.app.example/k?token=a", "no X-Amz-Algorithm, and token"),
        (f"{STORE}?token=a:b", "no X-Amz-Algorithm, and token"),
        (f"{STORE}?e=1&token=ab", "no X-Amz-Algorithm, and token"),
        ("https://a.b-cdn.net/k?a=b", "no X-Amz-Algorithm"),
        (f"{STORE}?expires=1&token=a.b.c", "no X-Amz-Algorithm, and token"),
        (f"{STORE}?expires=1", "no X-Amz-Algorithm"),
        ("https://a.imgix.net/k?w=1", "no X-Amz-Algorithm"),
        (f"{STORE}?s=a", "no X-Amz-Algorithm, and s"),
        ("https://imagedelivery.net/a/b?a=b", "no X-Amz-Algorithm"),
        (f"{STORE}?sig=a", "no X-Amz-Algorithm, and sig"),
        ("https://a.cloudflarestream.com/abc/manifest/video.m3u8", "no query string"),
        ("https://h.example/a.b.c/manifest", "no query string"),
        (f"{STORE}?auth_key=1764000000-0-{'a' * 32}", "no X-Amz-Algorithm, and auth_key"),
        (f"{STORE}?auth_key=now-0-0-{'a' * 32}", "no X-Amz-Algorithm, and auth_key"),
        (f"{STORE}?auth_key=1764000000-0-0-{'a' * 31}", "no X-Amz-Algorithm, and auth_key"),
        (f"{STORE}?verify=1764000000", "no X-Amz-Algorithm, and verify"),
        (f"{STORE}?verify=now-abc", "no X-Amz-Algorithm, and verify"),
        (f"{STORE}?verify=%D9%A1-abc", "no X-Amz-Algorithm, and verify"),
        (f"{STORE}?Token=a&Policy=b", "no X-Amz-Algorithm, and Policy, Token"),
        (f"{STORE}?e=1&se=2&ttl=3", "no X-Amz-Algorithm"),
    ],
)  # fmt: skip
def test_a_url_that_only_resembles_another_signers_is_no_signed_one(text: str, seen: str) -> None:
    found = first(text)
    assert (found.code, found.seen) == ("not_presigned", seen)
    assert found.expected == ("a URL presigned with AWS Signature Version 4" if ", and " in seen else "a presigned URL")


def test_version_2_is_told_before_all_others() -> None:
    found = first(f"{STORE}?awsaccesskeyid=a&Signature=b&Key-Pair-Id=c")
    assert told(found) == ("v2_url", "AWSAccessKeyId and Signature: Signature Version 2", "Signature Version 4")
