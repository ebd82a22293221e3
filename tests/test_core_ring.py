"""What the other tests of the core do not look at closely enough: each test here notices a change that they let pass.

Rule: the expected values are another implementation's or a document's, which the test names.
"""

import enum
import hmac
import re
import sys
import urllib.parse
from collections.abc import Callable, Iterator
from types import MappingProxyType, SimpleNamespace
from typing import Any

import pytest
from test_verify import CREDS, NOW, TARGET, URL, check, refusal, url_of

from sigv4presign import (
    GENERIC_RULES,
    S3_RULES,
    Credentials,
    CredentialScope,
    ServiceRules,
    SigningKey,
    VerifiedRequest,
    _verify,
    canonical_request,
    derive_signing_key,
    presign,
    string_to_sign,
)
from sigv4presign._redaction import redacted
from sigv4presign._server import form
from sigv4presign._text import UNRESERVED, Escapes, encode, encode_path, escape_bytes, escape_non_ascii, keeping
from sigv4presign.errors import CredentialsExpireFirst, CredentialsNotFound, InputError

URL_TO_SIGN = "https://files.example/a"
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


@pytest.mark.parametrize("allowed", [b"", b"abc", b"~-._/", bytes(range(1, 128))])
def test_a_table_keeps_the_allowed_bytes_and_changes_every_other(allowed: bytes) -> None:
    table = keeping(allowed)
    assert len(table) == 256  # what bytes.translate wants
    for byte in range(256):
        raw = bytes((byte,))
        assert (raw.translate(table) == raw) == (byte in allowed), byte


# --- what a refusal says ----------------------------------------------------------------------------------------------

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
    ({"url": "/a", "headers": {"Host": "h"}}, "The request carries no signature in its query string."),
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
def test_a_refusal_is_one_whole_sentence(changes: "dict[str, Any]", sentence: str) -> None:
    assert str(refusal(**{"url": URL, **changes})) == sentence


def test_a_prefix_that_the_path_leads_out_of_is_named_in_a_sentence() -> None:
    error = refusal("/../a", headers={"Host": "h"}, path_prefix="/b", rules=GENERIC_RULES, service="x")
    assert str(error) == "The URL leads out of the path's prefix."


def test_a_payload_that_is_not_the_signed_one_is_answered_in_s3s_words() -> None:
    url = url_of("PUT", headers={"x-amz-content-sha256": "UNSIGNED-PAYLOAD"})
    error = refusal(url, "PUT", url.headers, payload_hash="0" * 64)
    assert str(error) == "The provided 'x-amz-content-sha256' header does not match what was computed."


def test_a_signed_header_that_is_not_ascii_is_named_in_a_sentence() -> None:
    url = url_of(headers={"a": "b"})
    assert str(refusal(url, headers={"a": "\u00e9"})) == (
        "The signed header 'a' has characters other than printable ASCII."
    )


def test_what_is_hidden_of_a_verified_request_says_so() -> None:
    url = url_of(headers={"x-amz-server-side-encryption-customer-key": "c2VjcmV0"})
    assert "'<hidden>'" in repr(check(url, headers=url.headers))


def test_a_verified_request_that_is_made_by_hand_is_refused_in_a_sentence() -> None:
    with pytest.raises(TypeError) as caught:
        VerifiedRequest()
    assert str(caught.value) == "a VerifiedRequest comes from verify(); it has no public constructor"


# --- bounds and names -------------------------------------------------------------------------------------------------


def test_headers_may_have_65536_characters_with_what_http_puts_around_them_and_no_more() -> None:
    # RFC 9112, section 5: the name, a colon, a space, the value, and two characters that end the line.
    most = {"a": "b" * 30_000, "c": "d" * (65_536 - 30_000 - 2 - 2 * 4)}
    assert sum(len(f"{name}: {value}\r\n") for name, value in most.items()) == 65_536
    assert url_of(headers=most).headers == most
    with pytest.raises(InputError) as caught:
        url_of(headers={**most, "c": most["c"] + "d"})
    assert str(caught.value) == "headers: more than 65536 characters in all"
    assert caught.value.parameter == "headers"
    with pytest.raises(InputError, match="^headers: more"):
        url_of(headers=dict.fromkeys((f"h{number}" for number in range(10_000)), ""))


def test_header_names_and_values_may_be_bytes_or_text_alone() -> None:
    wanted = url_of(headers={"a": "b"})
    mixed: list[Any] = [{"a": b"b"}, {b"a": "b"}, {b"a": b"b"}]
    for headers in mixed:
        assert url_of(headers=headers) == wanted
    latin = canonical_request("GET", "https://h/", headers={b"a": b"\xe9"}, rules=S3_RULES)
    assert latin.split("\n")[3] == "a:\u00e9"


@pytest.mark.parametrize("value", ["\tb c\t", " b c ", "\t b c", "b c \t"])
def test_white_space_around_a_value_is_not_sent_and_the_one_inside_is(value: str) -> None:
    # RFC 9110, section 5.5: optional white space around a value is no part of it.
    assert url_of(headers={"a": value}).headers == {"a": "b c"}
    assert url_of(headers={"a": "b\tc  d"}).headers == {"a": "b\tc  d"}


@pytest.mark.parametrize("text", ["X", "xx", "X b X", "X\tb\tX"])
def test_letters_at_a_values_ends_are_sent(text: str) -> None:
    assert url_of(headers={"a": text}).headers == {"a": text}


@pytest.mark.parametrize("value", ["a\x00b", "a\nb", "a\rb", "a\x7fb", "a\x0bb", "\t\x00"])
def test_a_control_character_in_a_value_is_refused(value: str) -> None:
    with pytest.raises(InputError, match="a line break or another control character"):
        url_of(headers={"a": value})


def test_rules_are_those_of_most_services_where_nothing_is_said() -> None:
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html: every service but S3
    # normalises the path and encodes it twice.
    rules = ServiceRules()
    assert (rules.normalize_path, rules.double_encode) == (True, True)
    assert ServiceRules(session_token="s3express").session_token == "s3express"
    with pytest.raises(InputError, match="session_token"):
        ServiceRules(session_token="S3EXPRESS")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(("query", "encoded"), [({"a b": "c"}, "a%20b=c"), ({"\u00e9": "/~"}, "%C3%A9=%2F~")])
def test_names_of_a_query_are_encoded_as_urllib_does(query: "dict[str, str]", encoded: str) -> None:
    assert urllib.parse.urlencode(query, quote_via=urllib.parse.quote, safe="") == encoded
    assert f"&{encoded}&" in url_of(query=query) or f"?{encoded}&" in url_of(query=query)


def test_every_byte_is_escaped_as_urllib_does() -> None:
    for byte in range(256):
        raw = bytes((byte,)) * 2 + b"%a%"
        assert escape_bytes(raw, UNRESERVED) == urllib.parse.quote(raw, safe="")


def test_a_little_and_much_to_escape_are_escaped_as_urllib_does() -> None:
    for text in ("a b%c", "%%", "é ü", "a b c d e f g h i j k l m n o p", "東京/駅", "写" * 300, "\0" * 13, "~-._"):
        assert encode(text) == urllib.parse.quote(text, safe="")
        assert encode_path(text) == urllib.parse.quote(text, safe="/~")


def test_the_table_of_escapes_is_bounded() -> None:
    table = Escapes(UNRESERVED)
    for number in range(0x4E00, 0x4E00 + 3 * table.most):
        assert table[chr(number)] == urllib.parse.quote(chr(number), safe="")
        assert len(table) <= table.most


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


def test_a_curl_command_for_an_upload_has_a_place_for_the_files_name() -> None:
    assert url_of("PUT").curl().startswith("curl --upload-file 'FILE' ")
    assert url_of("PUT").curl("a b").startswith("curl --upload-file 'a b' ")


def test_what_is_written_to_a_log_is_the_url_but_for_its_secrets() -> None:
    url = "https://h/a?b=c=d&X-Amz-Signature=ab=cd&e?f=g&X-Amz-Security-Token=xyz"
    assert redacted(url) == "https://h/a?b=c=d&X-Amz-Signature=<hidden>&e?f=g&X-Amz-Security-Token=<hidden>"


def test_what_is_quoted_of_an_argument_has_60_characters_at_most() -> None:
    for long, wanted in ((60, "'" + "(" * 60 + "'"), (61, "'" + "(" * 60 + "'")):
        with pytest.raises(InputError) as caught:
            url_of(headers={"(" * long: "x"})
        assert str(caught.value) == f"headers: {wanted} is not a header name"


def test_credentials_that_have_ended_sign_nothing_without_an_expiry_either() -> None:
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
def test_what_is_quoted_of_an_argument_is_bounded(call: "Callable[[str], object]", most: int) -> None:
    with pytest.raises(InputError) as caught:
        call("(" * 1000)
    assert max(map(len, re.findall(r"'([/(]+)'", str(caught.value)))) == most


def test_what_a_refusal_quotes_has_60_characters_at_most() -> None:
    assert f"'{'a' * 60}'" in str(refusal(URL, service="s3", region="a" * 61))


def test_a_target_has_16384_characters_at_most() -> None:
    assert refusal("/" + "a" * 16_383, headers={"Host": "h"}).reason == "missing_parameter"
    assert refusal("/" + "a" * 16_384, headers={"Host": "h"}).reason == "too_large"


def test_a_scope_without_region_has_no_derived_key() -> None:
    sentence = "scope: has no region; SigV4A has no derived key of this kind"
    scope = CredentialScope("20251124", None, "s3")
    with pytest.raises(InputError) as caught:
        SigningKey("AKID", bytes(32), scope)
    assert str(caught.value) == sentence
    with pytest.raises(InputError) as caught:
        derive_signing_key(CREDS, scope)
    assert str(caught.value) == sentence


def test_an_object_of_botocores_shape_needs_both_keys_and_no_token() -> None:
    pair = SimpleNamespace(access_key=CREDS.access_key_id, secret_key=CREDS.secret_access_key)
    assert url_of(credentials=pair) == URL
    for half in (SimpleNamespace(access_key="AKID"), SimpleNamespace(secret_key="secret")):
        with pytest.raises(TypeError, match="^credentials: expected Credentials, a SigningKey"):
            url_of(credentials=half)


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


def test_a_host_that_is_none_is_named_by_the_header_it_came_in() -> None:
    for name in ("Host", ":authority"):
        message = str(refusal(TARGET, headers={name: "files.example, files.example"}))
        assert message.startswith(f"The {name.lower()} header has a host with a character")


def test_names_that_are_no_collection_are_called_what_they_are() -> None:
    with pytest.raises(TypeError) as caught:
        check(URL, required_signed_headers="host")
    assert str(caught.value) == "required_signed_headers: expected a collection of names, such as a tuple, got str"


def test_parameters_of_the_url_and_of_query_are_signed_together() -> None:
    url = url_of(url="https://files.example/a?b=1&x=%20", query={"c": "2"})
    parameters = urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query)
    assert [pair for pair in parameters if not pair[0].startswith("X-Amz-")] == [("b", "1"), ("c", "2"), ("x", " ")]
    assert check(url).query == (("b", "1"), ("c", "2"), ("x", " "))


def test_a_region_that_is_not_given_is_asked_for() -> None:
    with pytest.raises(InputError) as caught:
        url_of(region=None)
    assert str(caught.value) == "region: is missing; give 'eu-west-1' or the like, or region_set= for SigV4A"


def test_a_path_that_ends_at_its_prefix_has_not_left_it() -> None:
    inside = refusal("/.", headers={"Host": "h"}, path_prefix="/b", rules=GENERIC_RULES, service="x")
    assert inside.reason == "missing_parameter"
    outside = refusal("/../bc", headers={"Host": "h"}, path_prefix="/b", rules=GENERIC_RULES, service="x")
    assert outside.code == "InvalidURI"


def test_what_is_not_ascii_is_escaped_as_urllib_does_and_nothing_else() -> None:
    for text in ("/a%20b?c=d", "/\u00e9 %?\u1234=\u00fc&a", "\U0001f600"):
        ascii_alone = "".join(map(chr, range(128)))
        assert escape_non_ascii(text) == urllib.parse.quote(text, safe=ascii_alone)


def test_without_a_lifetime_the_date_is_followed_by_the_signed_headers() -> None:
    url = presign("GET", "https://h/", credentials=CREDS, region="r", service="execute-api", expires_in=None, now=NOW)
    parameters = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
    assert parameters["X-Amz-Date"] == "20251124T160000Z"
    assert set(parameters) == {f"X-Amz-{n}" for n in ("Algorithm", "Credential", "Date", "SignedHeaders", "Signature")}


# --- mappings, white space and integers of other kinds ----------------------------------------------------------------


def test_any_mapping_is_read_as_a_dict_is() -> None:
    query, headers = {"a": "1", "b": "two words"}, {"X-Team": "blue"}
    plain = presign("GET", URL_TO_SIGN, query=query, headers=headers, **SIGNING)
    assert (
        presign("GET", URL_TO_SIGN, query=MappingProxyType(query), headers=MappingProxyType(headers), **SIGNING)
        == plain
    )
    assert presign("GET", URL_TO_SIGN, query=query.items(), headers=headers.items(), **SIGNING) == plain
    seen = check(url_of(headers=headers), headers=MappingProxyType({**headers, "Host": "files.example"}))
    assert seen.headers["x-team"] == "blue"


def test_a_tab_in_a_header_is_signed_as_the_space_that_botocore_signs() -> None:
    import oracle

    url = presign("GET", URL_TO_SIGN, headers={"x-a": "a\tb"}, **SIGNING)
    theirs = oracle.presigned_url(
        "s3", "GET", URL_TO_SIGN, keys=("AKIDEXAMPLE", "secret", None), region="eu-west-1", service="s3",
        expires_in=60, headers=(("x-a", "a\tb"),), now=NOW,
    )  # fmt: skip
    assert url[-64:] == theirs.partition("X-Amz-Signature=")[2][:64]
    assert url.headers == {"x-a": "a\tb"}


def test_a_clock_skew_may_be_any_integer_but_no_truth_value() -> None:
    class Skew(enum.IntEnum):
        SMALL = 5

    assert check(URL, clock_skew=Skew.SMALL).path
    with pytest.raises(TypeError, match="clock_skew: expected whole seconds as int, got bool"):
        check(URL, clock_skew=True)


# --- URLs and hosts ---------------------------------------------------------------------------------------------------


def host_of(url: str) -> str:
    """The Host that a URL is signed for, by AWS's own steps."""
    return canonical_request("GET", url, headers={}, rules=S3_RULES).split("\n")[3]


def test_a_query_may_hold_another_url() -> None:
    url = presign("GET", "https://files.example/a?next=https://other.example/b", **SIGNING)
    assert "&next=https%3A%2F%2Fother.example%2Fb&" in url


def test_what_is_no_url_of_a_known_kind_is_refused_with_the_kinds() -> None:
    for url in ("ftp://files.example/a", "files.example/a", "https:files.example"):
        with pytest.raises(InputError, match=r"url: does not begin with one of http://, https://, ws://, wss://$"):
            presign("GET", url, **SIGNING)
    assert presign("GET", "HTTPS://files.example/a", **SIGNING).startswith("https://files.example/a?")


def test_a_character_that_no_url_holds_is_named_with_the_way_out() -> None:
    with pytest.raises(
        InputError,
        match="^url: has ' ' unescaped at character 2 of its path; percent-encode it, or give plain text: query= takes "
        "parameters, S3Presigner takes keys$",
    ):
        presign("GET", "https://files.example/a b", **SIGNING)


def test_one_authority_is_another_host_under_another_scheme() -> None:
    # RFC 9110, section 7.2: the port is left out where it is the scheme's own
    assert host_of("http://files.example:80/") == "host:files.example"
    assert host_of("https://files.example:80/") == "host:files.example:80"
    assert host_of("http://files.example:80/") == "host:files.example"


@pytest.mark.parametrize(
    ("authority", "problem"),
    [
        ("[::1]]", "has no host, or a malformed one"),
        ("[::1]x", "has no host, or a malformed one"),
        ("[g::1]", "has a host with a character that is not allowed in hosts"),
        ("u@files.example", "has userinfo before its host; a presigned URL has its credentials in the query"),
        ("files.example:65536", "has a port that is not a number from 1 to 65535"),
        ("files.example:100000", "has a port that is not a number from 1 to 65535"),
    ],
)
def test_a_host_that_is_none_is_refused(authority: str, problem: str) -> None:
    with pytest.raises(InputError) as refused:
        presign("GET", f"https://{authority}/a", **SIGNING)
    assert str(refused.value) == f"url: {problem}"


def test_the_greatest_port_is_one() -> None:
    assert host_of("https://files.example:65535/") == "host:files.example:65535"


def test_a_stripped_prefix_has_escapes_that_can_be_read() -> None:
    url = presign("GET", "https://files.example/a%20b/c", **SIGNING)
    target = url.removeprefix("https://files.example/a%20b")
    arguments: dict[str, Any] = {
        "headers": {"Host": "files.example"}, "secrets": {"AKIDEXAMPLE": "secret"}, "service": "s3",
        "region": "eu-west-1", "now": NOW,
    }  # fmt: skip
    assert _verify.verify("GET", target, path_prefix="/a%20b", **arguments).path == "/a%20b/c"
    with pytest.raises(InputError, match="^path_prefix: '/a%zz' has a % without two hex digits after it"):
        _verify.verify("GET", target, path_prefix="/a%zz", **arguments)


# --- values -----------------------------------------------------------------------------------------------------------


def test_a_value_says_what_cannot_be_deleted() -> None:
    creds = Credentials("AKIDEXAMPLE", "secret")
    with pytest.raises(AttributeError, match="^Credentials is immutable: access_key_id can't be deleted$"):
        del creds.access_key_id


def test_values_that_differ_have_hashes_that_differ() -> None:
    assert len({hash(Credentials(f"AKIDEXAMPLE{number}", "secret")) for number in range(8)}) == 8


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("", "secret"), "access_key_id: is empty"),
        (
            ("AKIDEXAMPLE", "secret "),
            (
                "secret_access_key: the 7 characters begin or end with white space, or include a control character; "
                "check what was copied with it"
            ),
        ),
    ],
)
def test_a_key_that_is_none_is_refused_and_not_shown(arguments: "tuple[str, str]", message: str) -> None:
    with pytest.raises(InputError) as refused:
        Credentials(*arguments)
    assert str(refused.value) == message


def test_an_end_that_is_no_time_is_shown_and_not_at_length() -> None:
    with pytest.raises(InputError) as refused:
        Credentials("AKIDEXAMPLE", "secret", expires_at="tomorrow" * 9)
    assert str(refused.value) == (
        f"expires_at: {'tomorrow' * 5!r} is not an ISO 8601 time with a zone, such as 2026-11-24T09:00:00Z"
    )


def test_credentials_that_have_ended_say_so() -> None:
    ended: dict[str, Any] = {**SIGNING, "credentials": Credentials("AKIDEXAMPLE", "secret", expires_at=NOW - 1)}
    with pytest.raises(CredentialsExpireFirst, match="^the credentials have expired; fetch new ones$"):
        presign("GET", URL_TO_SIGN, **ended)


def test_a_copy_without_providers_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sigv4presign.providers", None)
    with pytest.raises(
        CredentialsNotFound, match="^from_profile needs the providers package, which this copy of sigv4presign leaves"
    ):
        Credentials.from_profile()
