"""What is hidden of URLs, forms and messages: in intact ones exactly what is secret, in damaged ones no piece of it."""

import random
import string
import sys
from typing import Any
from urllib.parse import quote, unquote

import hostile
import pytest
from explain_corpus import error
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from sigv4presign import Credentials, PresignedUrl, S3Presigner, _redaction, explain, inspect, presign, verify
from sigv4presign._diagnosis.finding import redacted_text
from sigv4presign._diagnosis.inspect import redacted_query
from sigv4presign._redaction import (
    SECRET_NAMES,
    has_digits,
    has_signature,
    hide,
    is_intact,
    is_public,
    is_secret,
    redacted,
    redacted_pairs,
    shown_pair,
    values_in,
    without_digits,
)
from sigv4presign.errors import InputError

NOW = 1_764_000_000
HIDDEN = "<hidden>"

base62 = st.text(string.ascii_letters + string.digits, min_size=16, max_size=64)
base64url = st.text(string.ascii_letters + string.digits + "-_", min_size=16, max_size=64)
hexadecimal = st.text("0123456789abcdef", min_size=16, max_size=64)
crockford = st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=26, max_size=26)  # ULID
base32 = st.text(string.ascii_lowercase + "234567", min_size=32, max_size=59)  # CID
continuation = base62.map(lambda text: "1" + text + "/+=" + text[::-1] + "==")
identifier = st.one_of(base62, base64url, hexadecimal, crockford, base32)
access_key = st.one_of(
    base62, hexadecimal.map("GK".__add__), crockford.map("AKIA".__add__), st.just("qJ3xZ8Wk2LpM9vR5tY7b"), hexadecimal
)
token = st.none() | st.text(string.ascii_letters + string.digits + "+/", min_size=40, max_size=300).map(
    lambda text: text + "=="
)


def signed(
    key: str, access_key_id: str, bucket: str, query: "dict[str, str]", session_token: "str | None"
) -> PresignedUrl:
    if session_token is not None and access_key_id[:4] == "AKIA":
        access_key_id = "ASIA" + access_key_id[4:]
    s3 = S3Presigner(
        Credentials(access_key_id, "secret", session_token), region="eu-west-1", endpoint="https://store.example",
        addressing_style="path",
    )  # fmt: skip
    return s3.presign("GET", bucket, key, query=query, now=NOW)


@settings(max_examples=100)
@given(
    st.lists(identifier, min_size=1, max_size=3).map("/".join), access_key, hexadecimal, identifier, continuation, token
)
@example("x-amz-signature/00XAMZ0000000000", "a" * 16, "bucket", "v" * 32, "t", None)
@example("2026/Report-FinalV2-ABcDef.pdf", "qJ3xZ8Wk2LpM9vR5tY7b", "bucket", "v" * 32, "t", "T" * 100)
@example("0" * 16, "000000CREDENTIAL", "bucket", "v" * 32, "t", None)
@example("0" * 16, "backup-credential", "bucket", "v" * 32, "t", "T" * 100)
@example("0" * 16, "app-signature-service", "bucket", "v" * 32, "t", None)
@example("0" * 16, "my-secret-token-id", "bucket", "v" * 32, "t", "T" * 100)
def test_of_an_intact_url_nothing_but_the_values_of_secret_parameters_is_hidden(
    key: str, access_key_id: str, bucket: str, version: str, after: str, session_token: "str | None"
) -> None:
    query = {"versionId": version, "continuation-token": after, "uploadId": version[::-1]}
    # Twelve letters of a secret are one of its pieces wherever they stand: "0" * 16 is no name beside a token of zeros.
    assume(not pieces(session_token or "") & pieces("\n".join((key, access_key_id, bucket, *query.values()))))
    url = signed(key, access_key_id, bucket, query, session_token)
    signature = url.partition("X-Amz-Signature=")[2][:64]
    expected = url.replace(signature, HIDDEN)
    if session_token is not None:
        expected = expected.replace(
            "X-Amz-Security-Token=" + quote(session_token, safe=""), "X-Amz-Security-Token=" + HIDDEN
        )
    assert redacted(url) == expected
    assert repr(url) == f"<PresignedUrl GET {expected} expires_at={NOW + 3600}>"
    seen = inspect(url)
    assert (seen.url, seen.path, seen.host) == (expected, f"/{bucket}/{key}", "store.example")
    assert seen.access_key_id == access_key_id or seen.access_key_id[4:] == access_key_id[4:]
    assert dict(seen.query) == query
    [moved] = explain("GET", url.replace(f"/{bucket}/", f"/{bucket}//"), credentials=Credentials(
        seen.access_key_id, "secret", session_token), now=NOW)  # fmt: skip
    assert (moved.code, moved.expected[:200]) == ("merged_slashes", f"/{bucket}/{key}"[:200])


def pieces(text: str) -> "set[str]":
    return {text[at : at + 12] for at in range(len(text) - 11)}


# Not at random: of 5,000 seeds two cut path, token and signature together, with no name left that would tell.
@settings(max_examples=100, derandomize=True)
@given(st.integers(0, 2**32), st.booleans())
@example(1005074, False)  # 14 digits of the signature were copied into the path
@example(2009466, True)  # the end of the token and the signature, all in the path
@example(2012350, False)  # `Security-Tken`
@example(5011507, True)  # the end of the token in the host
@example(3015687, True)  # two thirds of the signature in the host, nothing of the query left
@example(2023470, True)  # a half of the token in the path, the other behind the question mark
def test_of_a_damaged_url_no_twelve_letters_of_token_or_signature_are_shown(seed: int, temporary: bool) -> None:
    rng = random.Random(seed)
    secret_token = "".join(rng.choices(hostile.BASE64, k=rng.choice((100, 400, 900)))) + "=="
    keys = Credentials("ASIAEXAMPLE" if temporary else "AKIDEXAMPLE", hostile.SECRET, secret_token)
    url = str(presign("GET", "https://files.example.com/reports/2025/costs%20%26%20more.csv", credentials=keys,
                      region="eu-west-1", service="s3", now=NOW))  # fmt: skip
    sent = url
    for _ in range(rng.choice((1, 1, 2))):
        sent = hostile.damaged(rng, sent, secret_token)
    texts = ["\n".join(map(repr, explain("GET", sent, now=NOW))), redacted(sent)]
    try:
        texts.append(repr(inspect(sent)))
    except InputError as refused:
        texts.append(str(refused))
    secret = pieces(secret_token) | pieces(url[-64:]) | pieces(quote(secret_token, safe=""))
    for text in texts:
        assert not secret & (pieces(text) | pieces(unquote(text).replace(" ", "+"))), (sent, text)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://h/k", "https://h/k"),
        ("https://h/k?versionId=1", "https://h/k?versionId=1"),
        ("https://h/a?b=c=d&X-Amz-Signature=ab=cd&e?f=g", "https://h/a?b=c=d&X-Amz-Signature=<hidden>&e?f=g"),
        ("https://d111.cloudfront.net/Kxyz?Expires=1&Signature=abc~&Key-Pair-Id=K2JCJMDEHXQW5F",
         "https://d111.cloudfront.net/Kxyz?Expires=1&Signature=<hidden>&Key-Pair-Id=K2JCJMDEHXQW5F"),
        ("https://a.blob.core.windows.net/c/b?sv=2022-11-02&se=2025-11-24&sr=b&sp=r&sig=abc%3D",
         "https://a.blob.core.windows.net/c/b?sv=2022-11-02&se=2025-11-24&sr=b&sp=r&sig=<hidden>"),
        ("https://storage.googleapis.com/b/k?X-Goog-Credential=a&X-Goog-Date=b&X-Goog-Signature=abc",
         "https://storage.googleapis.com/b/k?X-Goog-Credential=a&X-Goog-Date=b&X-Goog-Signature=<hidden>"),
        ("https://h/k?uploads", "https://h/k?uploads"),
        ("https://h/k?abc/def", "https://h/k?<hidden>"),
        ("not a URL X-Amz-Signature=abc", "<hidden>"),
        ("https://h%2fk?a=b", "https://<hidden>?a=b"),
        ("/k?X-Amz-Signature=abc", "/k?X-Amz-Signature=<hidden>"),
        ("https://h/k/X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=abc", "https://h/<hidden>"),
        ("https://h/k?X-Amz-Signature=abc&note=0123456789abcdef", "https://h/k?X-Amz-Signature=<hidden>&note=<hidden>"),
        ("https://h/0123456789abcdef?X-Amz-Signature=abc", "https://h/<hidden>?X-Amz-Signature=<hidden>"),
    ],
)  # fmt: skip
def test_other_urls_and_damaged_ones_are_shown_as_far_as_they_may_be(url: str, shown: str) -> None:
    assert redacted(url) == shown


def test_a_name_that_lost_a_piece_is_a_secrets_and_one_that_only_begins_so_is_not() -> None:
    for name in ("X-Token", "X-Amz-Sec", "X-Amn", "x-amz-token", "X-Amz-Sity-Token"):
        assert is_secret(name), name
    for name in ("x", "xa", "token", "x-id", "x-amz-acl", "x-csrf-token", "a" * 300):
        assert not is_secret(name), name


def test_a_presigned_url_within_another_hides_its_secrets_too() -> None:
    inner = signed("k", "AKIDEXAMPLE", "b", {}, None)
    outer = presign("GET", "https://h.example/go", query={"next": str(inner), "a": "b"}, region="r", service="s3",
                    credentials=Credentials("AKIDEXAMPLE", "secret"), now=NOW)  # fmt: skip
    assert inner[-64:] not in repr(outer)
    assert dict(inspect(outer).query) == {"next": HIDDEN, "a": "b"}
    assert inner[-64:] not in redacted("https://h.example/v3/__" + inner)


def test_a_name_counts_however_it_is_spelt() -> None:
    for name in (
        "X-Amz-Signature",
        "x%2Damz%2Dsecurity%2Dtoken",
        "X_Amz_Security_Token",
        "X-Amz-Securty-Tken",
        "Cookie",
    ):
        assert is_secret(name)
    for name in ("continuation-token", "token", "versionId", "X-Amz-Date", "X-Amz-Content-Sha256", "policy", "x-id"):
        assert not is_secret(name)
    assert is_secret("Policy", in_form=True)


def test_messages_lose_the_values_that_follow_a_secret_name() -> None:
    assert redacted_text("of 'https://h/?X-Amz-Signature=abc&b=c' and Signature%3Dabc, Token") == (
        "of 'https://h/?X-Amz-Signature=<hidden>&b=c' and Signature%3D<hidden>, Token"
    )
    assert redacted_text("X-Amz-Signature is missing; no session token") == (
        "X-Amz-Signature is missing; no session token"
    )


JWT = "eyJhbGciOiJI.UzI1NiJ9eyJ.zdWIiOiIxMjM0"


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        (f"Authorization=Bearer {JWT}", "Authorization=<hidden>"),
        (f"Authorization: Bearer {JWT}\nHost: h", "Authorization: <hidden>\nHost: h"),
        (f"authorization%3DBearer%20{JWT} x", "authorization%3D<hidden> x"),
        (f'Authorization: Digest username="a", response="{JWT}"', "Authorization: <hidden>"),
        (f"Invalid Authorization header: Bearer {JWT}", "Invalid Authorization header: <hidden>"),
        (f"Proxy-Authorization: Basic {JWT}", "Proxy-Authorization: <hidden>"),
        (f"Cookie: a={JWT}; b=c", "Cookie: <hidden>"),
        (f"Set-Cookie='a={JWT}; b=c' of h", "Set-Cookie='<hidden>' of h"),
        (f"the signature '{JWT} {JWT}' is wrong", "the signature '<hidden>' is wrong"),
        (f'the signature "{JWT}" is wrong', 'the signature "<hidden>" is wrong'),
        (f"Signature: '{JWT}", "Signature: '<hidden>"),
        (f'{{"Authorization": "Bearer {JWT}", "Host": "h"}}', '{"Authorization": "<hidden>", "Host": "h"}'),
        (f"{{'Signature': '{JWT}', 'Host': 'h'}}", "{'Signature': '<hidden>', 'Host': 'h'}"),
        ("\u0130" * 20 + f"signature={JWT} x", "\u0130" * 20 + "signature=<hidden> x"),
        # API Gateway
        (f"'{JWT}' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer {JWT}'.",
         "'<hidden>' not a valid key=value pair (missing equal-sign) in Authorization header: '<hidden>'."),
        (f"'{JWT}' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer {JWT}",
         "'<hidden>' not a valid key=value pair (missing equal-sign) in Authorization header: '<hidden>'"),
        (f"'it's {JWT}' not a valid key=value pair", "'<hidden>' not a valid key=value pair"),
        (f"Authorization header requires 'Signature' parameter, and 'SignedHeaders'. Authorization={JWT}",
         "Authorization header requires 'Signature' parameter, and 'SignedHeaders'. Authorization=<hidden>"),
        ("Authorization", "Authorization"), ("Unsupported Authorization Type", "Unsupported Authorization Type"),
        ("The signature is '5 days' old", "The signature is '5 days' old"),
    ],
)  # fmt: skip
def test_a_header_that_logs_in_is_hidden_to_its_end_and_a_quoted_value_to_its_closing_quote(
    message: str, shown: str
) -> None:
    assert redacted_text(message) == shown
    url = presign("GET", "https://h/k", credentials=Credentials("AKIDEXAMPLE", "s"), region="eu-west-1", service="s3",
                  now=NOW)  # fmt: skip
    for code in ("InvalidArgument", "IncompleteSignatureException", "Unknown"):
        assert not pieces(JWT) & pieces(repr(explain("GET", url, response=error(code, message), now=NOW)))


@pytest.mark.parametrize(
    ("region", "service"),
    [
        *[(region, "s3") for region in ("EU-Frankfurt-1", "Default-Region", "DE-NUE-Central", "cloud-region-EU",
                                        "pl-waw-1-STAGING", "dc01_RackA.zone7", "deadbeefdeadbeef")],
        *[("eu-west-1", service) for service in ("ElasticSearchX", "S3-compatible-STORE")],
    ],
)  # fmt: skip
def test_a_region_and_a_service_of_any_form_are_shown_with_all_that_is_beside_them(region: str, service: str) -> None:
    version = "3sL4kqtJlcpXroDTDmJ"
    url = presign("GET", "https://store.example/photos/a.pdf", credentials=Credentials("AKIDEXAMPLE", "s"),
                  region=region, service=service, query={"versionId": version}, now=NOW)  # fmt: skip
    seen = inspect(url)
    assert (seen.region, seen.service, seen.query) == (region, service, (("versionId", version),))
    assert seen.url == redacted(url) == url.replace(url[-64:], HIDDEN)


@pytest.mark.parametrize(
    "query",
    [
        [("x-amz-meta-note", ""), ("versionId", "3sL4kqtJlcpXroDTDmJrmSpXd3dIbrHY")],
        [("X-Amz-Tagging", "")],
        [("x-amz-grant-read", ""), ("response-content-type", "application/vnd.ms-excel")],
        [("X-Amz-Object-Lock-Mode", ""), ("x-amz-meta-v2", "")],
        [("x-amz-snapshot-owner", "123456789012345")],
    ],
)
@pytest.mark.parametrize("token", [None, "FwoGZXIvYXdzEBYaD"])
def test_a_header_in_the_query_is_shown_and_damages_nothing(
    query: "list[tuple[str, str]]", token: "str | None"
) -> None:
    keys = Credentials("AKIDEXAMPLE" if token is None else "ASIAEXAMPLE", "s", token)
    url = presign("GET", "https://photos.s3.eu-west-1.amazonaws.com/2025/a.pdf", credentials=keys, region="eu-west-1",
                  service="s3", query=query, now=NOW)  # fmt: skip
    seen = inspect(url)
    assert (sorted(seen.query), seen.key) == (sorted(query), "2025/a.pdf")
    expected = url.replace(url[-64:] if url[-64:].isalnum() else url.partition("Signature=")[2][:64], HIDDEN)
    assert redacted(url) == (expected if token is None else expected.replace(token, HIDDEN))


def test_a_piece_of_the_signature_copied_into_access_key_region_or_service_is_hidden() -> None:
    url = presign("GET", "https://h.example.com/k", credentials=Credentials("AKIDEXAMPLE", "s"), region="eu-west-1",
                  service="iam", now=NOW)  # fmt: skip
    for part in ("AKIDEXAMPLE", "eu-west-1", "iam"):
        copied = url.replace(f"{part}%2F", f"{part}{url[-40:]}%2F")
        assert f"{part}{HIDDEN}" in repr(inspect(copied))
        assert not pieces(url[-40:]) & pieces(repr(inspect(copied)) + redacted(copied))


def test_the_one_list_of_names_is_the_one_that_verify_and_the_forms_use() -> None:
    pairs = redacted_pairs([(name, "abc") for name in sorted(SECRET_NAMES)])
    assert {value for _, value in pairs} == {HIDDEN}
    creds = Credentials("AKIDEXAMPLE", "secret")
    name = "x-amz-server-side-encryption-customer-key"
    url = presign("GET", "https://h/k", headers={name: "c2VjcmV0"}, query={"continuation-token": "abc"}, region="r",
                  service="s3", credentials=creds, now=NOW)  # fmt: skip
    text = repr(
        verify("GET", url, headers=url.headers, secrets={"AKIDEXAMPLE": "secret"}, service="s3", region="r", now=NOW)
    )
    assert "c2VjcmV0" not in text
    assert "('continuation-token', 'abc')" in text


def test_neither_reader_leaves_a_secret_in_a_frame_that_its_error_passes_through() -> None:
    url = str(signed("k", "AKIDEXAMPLE", "b", {}, "T" * 100))
    broken: "list[tuple[Any, tuple[Any, ...], dict[str, Any]]]" = [
        (inspect, (url.replace("X-Amz-Date", "X-Date"),), {}),
        (inspect, ({"policy": "x" * 100 + url},), {}),
        (explain, ("get", url), {}),
        (explain, ("GET", url), {"response": "X-Amz-Security-Token=" + "T" * 100}),
        (explain, ("GET", url), {"credentials": 5}),
        (explain, ("GET", url * 400), {}),
    ]
    for reader, arguments, named in broken:
        with pytest.raises((InputError, TypeError)) as caught:
            reader(*arguments, **named)
        assert caught.value.__context__ is None
        frame = caught.tb.tb_next
        assert frame is not None
        while frame is not None:
            assert "T" * 40 not in repr(frame.tb_frame.f_locals)
            assert url[-64:] not in repr(frame.tb_frame.f_locals)
            frame = frame.tb_next


def test_what_a_credentials_callable_raises_passes_through_frames_without_the_url() -> None:
    url = signed("k", "AKIDEXAMPLE", "b", {}, "T" * 100)

    def fail() -> Credentials:
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine") as caught:
        explain("GET", str(url), credentials=fail, response=error("AccessDenied", "x"))
    frame = caught.tb.tb_next
    while frame is not None:
        assert "T" * 40 not in repr(frame.tb_frame.f_locals)
        frame = frame.tb_next


def test_the_cheap_part_loads_no_regular_expressions() -> None:
    import subprocess

    code = (
        "import sys; before = set(sys.modules); import sigv4presign as s; "
        "url = s.presign('GET', 'https://h/k', credentials=s.Credentials('A', 'b'), region='r', service='s3'); "
        "repr(url); "
        "print(sorted(n for n in set(sys.modules) - before if n in ('re', 'json', 'urllib.parse', 'difflib')))"
    )
    assert subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True,
                          env={"PYTHONPATH": "src"}).stdout == "[]\n"  # fmt: skip


@pytest.mark.parametrize(
    "key", ["customer-key=7/orders.csv", "by-signature=abc/report.csv", "x-amz-signature", "signature: 5/a"]
)
def test_a_key_that_only_resembles_a_secret_is_shown(key: str) -> None:
    url = S3Presigner(Credentials("AKIDEXAMPLE", "s"), "eu-west-1").get_object("photos", key)
    path = url.partition("?")[0].removeprefix("https://photos.s3.eu-west-1.amazonaws.com")
    assert inspect(url).path == path
    assert path + "?" in repr(url)


@pytest.mark.parametrize(
    "name", ["x-csrf-token", "x-amz-meta-token", "filter[created;]", "filter[created/at]", "n" * 70]
)
def test_a_parameter_of_the_callers_own_is_shown(name: str) -> None:
    value = "abcdefghijklmnopqrstuvwxyz"
    url = presign("GET", "https://api.example.com/k", credentials=Credentials("AKIDEXAMPLE", "s"), region="eu-west-1",
                  service="execute-api", query={name: value})  # fmt: skip
    assert (name, value) in inspect(url).query
    assert "=" + value in repr(url)


def test_a_url_inside_a_parameter_or_a_key_keeps_its_signature_to_itself() -> None:
    keys, signature = Credentials("AKIDEXAMPLE", "s"), "a" * 64
    inner = f"https://h/k?X-Amz-Date=20260101T000000Z&X-Amz-Signature={signature}"
    outer = presign("GET", "https://api.example.com/k", credentials=keys, region="eu-west-1", service="execute-api",
                    query={"redirect": inner})  # fmt: skip
    assert signature not in repr(outer) + repr(inspect(outer))
    key = S3Presigner(keys, "eu-west-1").get_object("photos", inner)
    assert signature not in repr(key) + repr(inspect(key))


@pytest.mark.parametrize(
    "text", ["{signature}{url}", "https://{signature}{rest}", "{signature}{rest}", "{signature} {url}"]
)
def test_a_signature_in_front_of_an_intact_url_is_hidden(text: str) -> None:
    url = presign("GET", "https://h.example.com/k", credentials=Credentials("AKIDEXAMPLE", "s"), region="eu-west-1",
                  service="execute-api")  # fmt: skip
    signature = url[-64:]
    assert signature not in repr(PresignedUrl(text.format(signature=signature, url=url, rest=url[8:])))


def test_a_parameter_that_went_into_the_token_takes_its_rest_along_and_shows_none_of_it() -> None:
    token = "Cj5OccThKrbVdSI1JYxTM6BkKdBgf8H4K2iAbSbf"
    url = presign("GET", "https://h/", credentials=Credentials("ASIAEXAMPLE", "s", token * 2), region="eu-west-1",
                  service="s3")  # fmt: skip
    damaged = url.replace(token * 2, f"{token}0%3A%C2%80&%20=e%CC%81{token}")
    assert token not in repr(inspect(damaged)) + repr(PresignedUrl(damaged)) + repr(explain("GET", damaged))


def test_two_secrets_without_anything_between_them_are_hidden_as_one() -> None:
    assert redacted_text("x-amz-security-token=a/signature=b c") == "x-amz-security-token=<hidden> c"


def test_pieces_of_a_secret_are_hidden_wherever_they_stand_and_their_neighbours_are_not() -> None:
    secret = "abcdefghijklmnopqrstuvwxyz"
    pieces = {secret[at : at + 12] for at in range(len(secret) - 11)}
    assert hide(f"1 {secret} 2 {secret[:13]}! {secret[:11]}", pieces) == f"1 <hidden> 2 <hidden>! {secret[:11]}"


def test_a_url_of_s3_that_lost_its_lifetime_is_damaged() -> None:
    url = presign("GET", "https://h.example.com/k", credentials=Credentials("AKIDEXAMPLE", "s"), region="eu-west-1",
                  service="s3", expires_in=60, query={"note": "longer than a few letters"})  # fmt: skip
    assert "note=longer" in redacted(url)
    assert "note=<hidden>" in redacted(url.replace("&X-Amz-Expires=60", ""))


@pytest.mark.parametrize(
    "name", ["X-Amz-S", "X-Amz-Secu", "X-Amz-Signat", "rity-Token", "y-Token", "X-Amz-Securty-Tken"]
)
def test_the_name_of_a_secret_that_was_cut_is_still_its_name(name: str) -> None:
    assert is_secret(name)
    assert not is_secret("continuation-token")
    assert not is_secret("token")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("X-Amz-Security-Token=", "X-Amz-Sken="),
        ("X-Amz-Security-Token=", "X-Amz-Se"),
        ("X-Amz-Security-Token=", "X-Amz-Secu=rity-Token="),
        ("&X-Amz-SignedHeaders", "&X-Amz-Date=1&X-Amz-SignedHeaders"),
        ("X-Amz-Security-Token=", "X-Amz-Security-Token=a&"),
        ("X-Amz-Security-Token=", "X-Amz-Security-Token=a%20b&x="),
        ("X-Amz-Security-Token=", "X-Amz-Security-Token=a=b&x="),
    ],
)
def test_what_a_damaged_name_gave_away_stands_in_no_finding(old: str, new: str) -> None:
    token = "Cj5OccThKrbVdSI1JYxTM6BkKdBgf8H4K2iAb+Sbf"
    url = presign("GET", "https://h.example.com/k", credentials=Credentials("AKIDEXAMPLE", "s", token),
                  region="eu-west-1", service="s3")  # fmt: skip
    damaged = url.replace(old, new)
    assert damaged != url
    for sent in (damaged, damaged.replace("%2B", "+")):
        shown = repr(explain("GET", sent)) + redacted(sent)
        assert not pieces(token[:37]) & pieces(shown), shown


def test_a_piece_of_the_signature_in_the_scope_is_hidden() -> None:
    url = presign("GET", "https://h.example.com/k", credentials=Credentials("AKIDEXAMPLE", "s"), region="eu-west-1",
                  service="s3")  # fmt: skip
    for piece in (url[-40:], "y-Token=" + url[-24:]):
        text = repr(inspect(url.replace("eu-west-1", piece)))
        assert not pieces(url[-24:]) & pieces(text)
    assert inspect(url).region == "eu-west-1"


def test_a_url_for_a_log_lacks_only_its_secrets() -> None:
    url = "https://h/a?b=c=d&X-Amz-Signature=ab=cd&e?f=g&X-Amz-Security-Token=xyz"
    assert redacted(url) == "https://h/a?b=c=d&X-Amz-Signature=<hidden>&e?f=g&X-Amz-Security-Token=<hidden>"


@pytest.mark.parametrize("start", ["Aecurity-Token=", "ASIken=", "ASIAEXAmz-Security-Token="])
def test_a_token_that_went_into_the_credential_is_not_shown(start: str) -> None:
    token = "i0pParon6IFfqQJwmT9O"
    url = (
        f"https://h/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={start}{token}AMPLE%2F19700101%2Feu-west-1%2Fs3"
        "%2Faws4_request&X-Amz-Date=19700101T000000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host"
        f"&X-Amz-Signature={'0' * 64}"
    )
    assert token[:12] not in repr(inspect(url))
    assert token[:12] not in repr(explain("GET", url))


@pytest.mark.parametrize("key", ["nJx7xAMzaV4DNllsxVN0", "AKIAXAMZ2345QRSTUVWX", "0xamz0", "xamz"])
def test_an_access_key_id_with_the_letters_of_a_name_is_shown(key: str) -> None:
    url = presign("GET", "https://h.example/k", credentials=Credentials(key, "s"), region="eu-west-1", service="s3")
    seen = inspect(url)
    assert seen.access_key_id == key
    assert seen.url == url.replace(url[-64:], "<hidden>")
    for moved in ("X-Amz-Da", "XAmzDate", "x%2Damz%2D", "X_Amz_"):
        damaged = url.replace(f"{key}%2F", f"{key}{moved}{'0123456789ab'}%2F")
        assert "0123456789ab" not in repr(inspect(damaged))


# --- each rule by itself ----------------------------------------------------------------------------------------------

DIGITS = "0123456789abcdef" * 4
WHOLE = {
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": "AKIDEXAMPLE/20251124/eu-west-1/s3/aws4_request",
    "X-Amz-Date": "20251124T160000Z",
    "X-Amz-Expires": "900",
    "X-Amz-SignedHeaders": "host",
    "X-Amz-Signature": DIGITS,
}
OF_IAM = "AKIDEXAMPLE/20251124/eu-west-1/iam/aws4_request"
TEMPORARY_SCOPE = "ASIAEXAMPLE/20251124/eu-west-1/s3/aws4_request"


@pytest.mark.parametrize(
    ("changes", "whole"),
    [
        ({}, True),
        ({"versionId": "1", "x-id": "GetObject", "n": ""}, True),
        ({"X-Amz-Signature": DIGITS[:53]}, True),  # eleven digits tell nothing
        ({"X-Amz-Signature": DIGITS[:52]}, False),
        ({"X-Amz-Signature": ""}, False),
        ({"X-Amz-Signature": DIGITS + "."}, True),
        ({"X-Amz-Expires": "-900"}, True),
        ({"X-Amz-Expires": "1" * 19}, True),
        ({"X-Amz-Expires": "1" * 20}, False),
        ({"X-Amz-Expires": "15m"}, False),
        ({"X-Amz-Expires": None}, False),
        ({"X-Amz-Expires": None, "X-Amz-Credential": OF_IAM}, True),  # only S3 needs one
        ({"X-Amz-Algorithm": None}, False),
        ({"X-Amz-Credential": None}, False),
        ({"X-Amz-Date": None}, False),
        ({"X-Amz-SignedHeaders": None}, False),
        ({"X-Amz-Algorithm": "AWS4-ECDSA-P256-SHA256"}, True),
        ({"X-Amz-Algorithm": "AWS4-HMAC-SHA1"}, False),
        ({"X-Amz-Date": "20251124T160000"}, False),
        ({"X-Amz-SignedHeaders": "range"}, False),
        ({"X-Amz-Credential": "AKIDEXAMPLE/20251124/EU-Frankfurt-1/s3/aws4_request"}, True),
        ({"X-Amz-Credential": "AKIDEXAMPLE/20251124/deadbeefdeadbeef/s3/aws4_request"}, True),
        ({"X-Amz-Credential": "AKIDEXAMPLE/20251124/eu-west-1/ElasticSearchX/aws4_request"}, True),
        (
            {"X-Amz-Credential": "AKIDEXAMPLE/20251124/EU-Frankfurt-1/s3/aws4_request", "X-Amz-Security-Token": "abc"},
            False,
        ),  # a piece of the token may be in it
        ({"X-Amz-Credential": TEMPORARY_SCOPE}, False),  # its token is missing: it may have lost its name
        ({"X-Amz-Credential": TEMPORARY_SCOPE, "X-Amz-Security-Token": "abc+/=="}, True),
        ({"X-Amz-Credential": TEMPORARY_SCOPE, "X-Amz-S3session-Token": "abc"}, True),
        ({"X-Amz-Credential": TEMPORARY_SCOPE, "page-token": "abc"}, False),
        ({"X-Amz-Security-Token": "abc"}, True),
        ({"X-Amz-Security-Token": "abc def"}, False),
        ({"X-Amz-Security-Token": "abc=def"}, False),
        ({"X-Amz-Security-Token": "abc\u00e9"}, False),
        ({"X-Amz-Security-Token": "abc\x7f"}, False),
        ({"X-Amz-Security-Token": ""}, False),
        ({"X-Amz-Security-Token": "abc=X"}, False),
        ({"page-token": "abc=def g"}, True),
        ({"cookie": "abc=def g"}, True),
        ({"x-amz-meta-note": ""}, True),  # a header without a value, which a signer moved into the query
        ({"X-Amz-Tagging": "", "X-Amz-Object-Lock-Mode": "", "x-amz-meta-v2": ""}, True),
        ({"X-Amz-Meta-abcdefghijk": ""}, True),
        ({"X-Amz-Meta-abcdefghijk2": ""}, False),
        ({"X-Amz-TagGing": ""}, False),  # neither a word nor words
        ({"x-amz-": ""}, False),  # the rest of its name went elsewhere
        ({"X-Amz": ""}, False),
        ({"sig": ""}, False),
        ({"note": ""}, True),
        ({"x-amz-date": "20251124T160000Z"}, False),  # twice
        ({"x-amz-expires": "900"}, False),
        ({"x-amz-signature": "a"}, False),
        ({"x-amz-algorithm": "a"}, False),
        ({"x-amz-signedheaders": "host"}, False),
        ({"amp;note": "a"}, False),
        ({"X-Amz-Sken": "a"}, True),  # a secret name itself
        ({"X-Amz-SeU9WVOH": "a"}, False),  # another name or a value went on in the token's
        ({"x-amz-s": "a"}, True),
        ({"x-amz-sd": "a"}, False),
        ({"x-amz-sdk-checksum-algorithm": "CRC32"}, True),
        ({"x-amz-storage-class": "STANDARD"}, True),
        ({"x-amz-snapshot-owner": "123456789012345"}, True),
        ({"y-amz-sd": "a"}, True),
        ({"X-Amz-Abcdefghijkl": "a"}, True),
        ({"X-Amz-AbcdefghijkL": "a"}, False),
        ({"X-Amz-AbcdefghijK": "a"}, True),
        ({"x" * 12: ""}, True),
        ({"x" * 11 + "Y": ""}, False),
        ({"abcdefghiJK": ""}, True),
        ({"abcdefghijKL": "="}, False),
    ],
)
def test_a_url_is_whole_if_nothing_of_its_signature_is_missing_or_odd(
    changes: "dict[str, str | None]", whole: bool
) -> None:
    pairs = [(name, value) for name, value in {**WHOLE, **changes}.items() if value is not None]
    assert is_intact(pairs) is whole
    assert is_intact(iter(pairs[::-1])) is whole


def test_only_the_signatures_own_parameters_may_not_be_repeated() -> None:
    own = [*WHOLE.items()]
    assert is_intact([*own, ("a", "1"), ("A", "2"), ("versionId", "1"), ("versionId", "2")])
    for name, value in own:
        assert not is_intact([*own, (name, value)])
    assert not is_intact([*own, ("X-Amz-Security-Token", "a"), ("X-Amz-Security-Token", "a")])


@pytest.mark.parametrize(
    ("pairs", "before", "whole"),
    [
        ([], "", True),
        ([("versionId", "1")], "/a/b", True),
        ([("a", "x-amz-signature")], "", False),
        ([("X-Amz-Credential", "a")], "", False),
        ([("a", "b")], "/k/x-amz-signature=abc", False),
        ([("a", "b")], "/k/signature.pdf", True),  # a plain path holds nothing of a query
        ([("AWSAccessKeyId", "a"), ("Expires", "1"), ("Signature", "b")], "", True),
        ([("AWSAccessKeyId", "a"), ("Expires", "1"), ("Signature", "b"), ("note", "credential")], "", True),
        ([("AWSAccessKeyId", "a"), ("Expires", "1")], "", True),
        ([("AWSAccessKeyId", "a"), ("Signature", "b")], "", False),
        ([("sig", "a"), ("sv", "b")], "", True),
        ([("sig", "a"), ("sv", "b"), ("X-Amz-Signature", "b")], "", False),
    ],
)
def test_a_url_without_a_signature_is_whole_if_it_has_no_piece_of_one(
    pairs: "list[tuple[str, str]]", before: str, whole: bool
) -> None:
    assert is_intact(pairs, before) is whole


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        # All but its separators, and up to three letters more, fewer or other.
        ("x-amz-signature", True), ("xamzsignature", True), ("x.amz.signature", True), ("x_amz_s3session_token", True),
        ("yyyz-signature", True), ("wyyyyignature", False), ("x-amz-signatureabc", True),
        ("amz-signature", True), ("mz-signature", True), ("z-signature", True), ("signature", True),
        ("securitytoken", True), ("our-own-security-token-of-today", True), ("secureytoken", True),
        ("curitytoken", True), ("seritytoken", True), ("xz-s3session-tokn", True),
        # Cut at its end, at its beginning or in its middle.
        ("x-amz-s", True), ("x-amz-", False), ("x-amz-3", False), ("x-amz-se", True), ("xamzsi", True),
        ("ytoken", True), ("token", False), ("itytoken", True), ("ritytoken", True), ("oken", False),
        ("x-oken", True), ("xam-e", True), ("xam", False), ("xn", False), ("xen", False), ("xken", True),
        ("x-secret-token", False), ("x-secure-token", True), ("x-session-token", True),
        ("x-my-session-token", True), ("my-session-token", False), ("x-csrf-token", False), ("x-session-tokens", False),
        ("x-secure-tokens", False), ("x-tokens-secure", False),
        ("xam-security", True), ("xam-my-token-a", True), ("xam-the-signature-a", True), ("xan-the-signature-a", False),
        ("x-amz-meta-security-token", False), ("x-amz-metasecurity-token", True), ("x-amz-meta-", False),
        ("x-amz-meta-signature", False),
        ("x-amz-date", False), ("x-amz-expires", False), ("x-amz-algorithm", False), ("x-amz-credential", False),
        ("x-amz-signedheaders", False), ("x-amz-acl", False), ("x-amz-website-redirect-location", False),
        ("designature", False), ("sign", False), ("session", False), ("page-token", False), ("access_token", False),
        ("x%2damz%2dsignature", True), ("x%252damz%252dsignature", True), ("x%25252damz%25252dsignature", False),
        ("policy", False), ("", False),
    ],
)  # fmt: skip
def test_what_resembles_the_names_of_signature_and_token_is_secret(name: str, secret: bool) -> None:
    assert is_secret(name) is secret
    assert is_secret(name.upper()) is secret


@pytest.mark.parametrize(
    ("name", "wanted", "distance"),
    [("", "", 0), ("abc", "abc", 0), ("", "abc", 3), ("abc", "", 3), ("abc", "abd", 1), ("abc", "ab", 1),
     ("ac", "abc", 1), ("kitten", "sitting", 3), ("abc", "cab", 2)],
)  # fmt: skip
def test_how_far_one_name_is_from_another(name: str, wanted: str, distance: int) -> None:
    assert _redaction._distance(name, wanted) == distance


@pytest.mark.parametrize(
    ("name", "value", "behind"),
    [
        ("amp;note", "a", True), ("gt;note", "a", True), ("lt;note", "a", True), ("quot;note", "a", True),
        ("apos;note", "a", False), ("note", "a", False), ("note", "", False), ("a;note", "", True),
        ("a;note", "==", True), ("a;note", "b=", False), ("a;", "b", True), (";note", "b", False),
        ("a;x-amz-security-token", "b", True), ("a;x-amz-date", "b", True), ("a;xam-date", "b", False),
        ("amp;a;note", "b", False), ("a;amp;", "b", True),
        ("a;cookie", "b", True), ("a;note", "X", False),
    ],
)  # fmt: skip
def test_the_rest_of_an_entity_in_front_of_a_name_is_damage(name: str, value: str, behind: bool) -> None:
    assert _redaction._is_behind_an_entity(name, value) is behind


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("x-amz-signature=abc", 16),
        ("X-Amz-Signature=abc", 16),
        ("https://h/?X-Amz-Date=1&X-Amz-Signature=abc", 40),
        ("my-X-Amz-Signature=abc", 19),
        ("x-amz-security-token%3Dabc", 23),
        ("x-amz-security-token%253dabc", 25),
        ("x-amz-s3session-token%25253Dabc", 28),
        ("x-amz-signature: abc", 17),
        ("x-amz-signature%2525253dabc", None),
        ("x-amz-signature", None),
        ("a/by-signature=abc", None),
        ("?signature=abc", 11),
        ("a&signature=abc", 12),
        ("%3fsignature%3dabc", 15),
        ("a%26signature%3dabc", 16),
        ("%253fsignature%253dabc", 19),
        ("%2526signature%253dabc", 19),
        ("%25253fsignature%25253dabc", 23),
        ("%252526signature%25253dabc", 23),
        ("%2fsignature%3dabc", None),
        ("?x-amz-server-side-encryption-customer-key=abc", 43),
        ("/customer-key=7/orders.csv", None),
        ("a/by-signature=abc?signature=d", 29),
        ("a=b&signature: c", 15),
        ("?q-signature=abc", 13),
        ("amz-signature=abc", 14),
        ("?authorization=abc", 15),
        ("\u0130\u0130?signature=abc", 13),  # a letter that becomes two in lower case
        ("a" * 100 + "&x-amz-copy-source-server-side-encryption-customer-key%25253dabc", 161),
    ],
)
def test_where_the_secret_of_a_url_within_a_text_begins(text: str, at: "int | None") -> None:
    assert _redaction._inner_secret(text) == at


def test_every_value_behind_a_secret_word_is_found() -> None:
    text = "signature=a Security-Token%3Db session-token%253dc customer-key%25253dd signature: e signature f"
    assert [text[at] for at in values_in(text)] == ["a", "b", "c", "d", "e"]
    assert values_in("Authorization: a, cookie=b") == [15, 25]
    assert values_in("signature 'a'", (" '",)) == [11]
    assert values_in("signature=signature=") == [10, 20]
    assert values_in("customer-key=signature=a") == [13, 23]
    assert values_in("") == []


@pytest.mark.parametrize(
    ("name", "value", "public"),
    [
        ("x-amz-algorithm", "AWS4-HMAC-SHA256", True),
        ("x-amz-algorithm", "AWS4-ECDSA-P256-SHA256", True),
        ("x-amz-algorithm", "AWS4", False),
        ("x-amz-date", "20251124T160000Z", True),
        ("x-amz-date", "20251124t160000Z", False),
        ("x-amz-date", "20251124T160000z", False),
        ("x-amz-date", "2025112aT160000Z", False),
        ("x-amz-date", "20251124T16000aZ", False),
        ("x-amz-date", "20251124T160000ZZ", False),
        ("x-amz-date", "20251124TT60000Z", False),
        ("x-amz-expires", "1", True),
        ("x-amz-expires", "-1", True),
        ("x-amz-expires", "--1", False),
        ("x-amz-expires", "", False),
        ("x-amz-expires", "9" * 19, True),
        ("x-amz-expires", "9" * 20, False),
        ("x-amz-signedheaders", "host", True),
        ("x-amz-signedheaders", "content-type;host;x-amz-meta-a_b.c", True),
        ("x-amz-signedheaders", "content-type", False),
        ("x-amz-signedheaders", "Content-Type;host", False),
        ("x-amz-signedheaders", "a/b;host", False),
        ("x-amz-signedheaders", "a,host", False),
        ("x-amz-security-token", "abc", False),
        ("x-amz-signature", DIGITS, False),
        ("versionid", "1", False),
        ("x-amz-credential", "AKID/20251124/eu-west-1/s3/aws4_request", True),
        ("x-amz-credential", "AKID/20251124/s3/aws4_request", True),  # of Signature Version 4A
        ("x-amz-credential", "a/b/c/20251124/eu-west-1/s3/aws4_request", True),  # a key with slashes
        ("x-amz-credential", "20251124/eu-west-1/aws4_request", False),
        ("x-amz-credential", "aws4_request", False),
        ("x-amz-credential", "AKID/20251124/x-amz-signature/s3/aws4_request", False),
        ("x-amz-credential", "AKID/20251124/eu-west-1/credential/aws4_request", False),
        ("x-amz-credential", "ABCDEFGHIJKLMNOP/20251124/s3/aws4_request", True),
        ("x-amz-credential", "AKID/20251124/b/eu-west-1/s3/aws4_request", False),
        ("x-amz-credential", "AKID=X/20251124/eu-west-1/s3/aws4_request", False),
        ("x-amz-credential", "AKID/20251124/my-region-X-1/s3/aws4_request", False),
        ("x-amz-credential", "20251124/eu-west-1/s3/aws4_request", False),  # no key
        ("x-amz-credential", "AKID/20251124/eu-west-1/s3/aws4", False),
        ("x-amz-credential", "AKID/2025112/eu-west-1/s3/aws4_request", False),
        ("x-amz-credential", "AKID/2025112a/eu-west-1/s3/aws4_request", False),
        ("x-amz-credential", "20251124/AKID/eu-west-1/s3/aws4_request", False),
        ("x-amz-credential", "AKID=a/20251124/eu-west-1/s3/aws4_request", False),
        ("x-amz-credential", "AKID==/20251124/eu-west-1/s3/aws4_request", True),
        ("x-amz-credential", "AKIDsignature/20251124/eu-west-1/s3/aws4_request", False),
        ("x-amz-credential", "AKID/20251124/a-region-with-a-long-name/s3/aws4_request", True),
        ("x-amz-credential", "AKID/20251124/ABCDEFGHIJK/s3/aws4_request", True),
        ("x-amz-credential", "AKID/20251124/ABCDEFGHIJKL/s3/aws4_request", False),
        ("x-amz-credential", "AKID/20251124/eu-west-1/ABCDEFGHIJKL/aws4_request", False),
        ("x-amz-credential", "AKID/20251124/eu-west-1/0123456789a/aws4_request", True),
        ("x-amz-credential", "AKID/20251124/eu-west-1/0123456789ab/aws4_request", False),
        ("x-amz-credential", "AKID/20251124/eu-west-1/0123456789a-b/aws4_request", True),
    ],
)  # fmt: skip
def test_a_public_parameter_has_the_form_that_it_has_to_have(name: str, value: str, public: bool) -> None:
    assert is_public(name, value) is public


def test_a_whole_urls_access_key_id_may_be_any_word_but_the_tokens_name() -> None:
    for key, public in (("backup-credential", True), ("my-signature", True), ("AKIDSecurityTokenAB", False)):
        assert is_public("x-amz-credential", f"{key}/20251124/eu-west-1/s3/aws4_request", complete=True) is public


@pytest.mark.parametrize(
    ("signature", "has", "whole"),
    [
        (DIGITS, True, True), (DIGITS.upper(), True, True), (DIGITS[:53], True, False), (DIGITS[:52], False, False),
        (DIGITS[:30] + "%0A" + DIGITS[30:60], True, False), (DIGITS + "a", True, True), (DIGITS + "z", True, False),
        ("ab." * 40, False, False), ("abc." * 16, False, False), ("abc." * 17, False, False),
        ("z" * 64 + DIGITS, False, False), (f"{DIGITS[:26]}.ab.{DIGITS[:27]}", True, False),
        (f"{DIGITS[:26]}.ab.{DIGITS[:26]}", False, False), (f"{DIGITS[:26]}.abc.{DIGITS[:24]}", True, False),
    ],
)  # fmt: skip
def test_a_signature_counts_by_its_digits(signature: str, has: bool, whole: bool) -> None:
    assert has_digits(signature) is has
    assert has_signature([("a", "b"), ("X-Amz-Signature", signature)], intact=True) is whole
    for intact in (True, False):
        assert has_signature([("a", signature)], intact=intact) is intact


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("/a/0123456789a/b", "/a/0123456789a/b"),  # eleven digits tell nothing
        ("/a/0123456789ab/b", "/a/<hidden>/b"),
        ("/a/zz0123456789abzz.c", "/a/<hidden>.c"),
        ("/a/0123456789xab/b", "/a/0123456789xab/b"),
        ("/a/012345-6789ab", "/a/012345-6789ab"),
        ("/z0123456789a", "/z0123456789a"),
        ("0123456789AB", "<hidden>"),
        ("é0123456789ab=1", "<hidden>=1"),
    ],
)
def test_a_part_of_a_damaged_url_loses_long_runs_of_digits_with_the_word_around_them(text: str, shown: str) -> None:
    assert without_digits(text) == shown


@pytest.mark.parametrize(
    ("name", "value", "given", "shown"),
    [
        # secret, in every kind of URL
        ("X-Amz-Signature", "abc", {}, ("X-Amz-Signature", HIDDEN)),
        ("X-Amz-Signature", "", {}, ("X-Amz-Signature", "")),
        ("policy", "abc", {}, ("policy", "abc")),
        ("policy", "abc", {"in_form": True}, ("policy", HIDDEN)),
        ("X-Amz-Security-TokenabcdefghiJKL", "", {}, ("X-Amz-Security-Token" + HIDDEN, "")),
        ("X-Amz-Signatureabcdefghi", "", {}, ("X-Amz-Signatureabcdefghi", "")),
        ("X-Amz-Signatureabcdefghij", "", {}, ("X-Amz-Signature" + HIDDEN, "")),
        ("X-Amz-Sgnature-abcdefghijk", "", {}, (HIDDEN, "")),
        ("xam-aaaaaaaamz-signatureb", "", {}, ("xam-aaaaaaaamz-signature" + HIDDEN, "")),  # 24 letters
        ("xam-aaaaaaaaamz-signatureb", "", {}, (HIDDEN, "")),
        ("X-Amz-SignatureabcAmz-Signature", "", {}, ("X-Amz-Signature" + HIDDEN, "")),
        ("X-Amz-S3session-Tokenabcdefghijk", "", {}, ("X-Amz-S3session-Token" + HIDDEN, "")),
        ("x-amz-server-side-encryption-customer-key", "a", {}, ("x-amz-server-side-encryption-customer-key", HIDDEN)),
        # of a whole URL
        ("note", "abcdefghijklmn", {}, ("note", "abcdefghijklmn")),
        ("note", "https://h/?X-Amz-Signature=a", {}, ("note", HIDDEN)),
        ("abc/def", "", {"equals": False}, (HIDDEN, "")),
        ("abc+def", "", {"equals": False}, (HIDDEN, "")),
        ("abc;", "", {"equals": False}, (HIDDEN, "")),
        ("abc/def", "", {}, ("abc/def", "")),
        ("AbcdefghijK", "", {}, ("AbcdefghijK", "")),
        ("AbcdefghijKl", "", {}, (HIDDEN, "")),
        ("AbcdefghijKl", "=", {}, (HIDDEN, HIDDEN)),
        ("AbcdefghijKl", "a=", {}, ("AbcdefghijKl", "a=")),
        ("AbcdefghijKl", "==", {}, (HIDDEN, HIDDEN)),
        ("Xabcdefghijkl", "", {}, (HIDDEN, "")),
        ("aX", "", {"equals": False}, ("aX", "")),
        ("abcdefghijkl-mn.op_q", "", {}, ("abcdefghijkl-mn.op_q", "")),
        ("Response-Content-Type", "", {}, ("Response-Content-Type", "")),
        # of a damaged one
        ("note", "abcdefghijk", {"intact": False}, ("note", "abcdefghijk")),
        ("note", "abcdefghijkl", {"intact": False}, ("note", HIDDEN)),
        ("AbcdefghijK", "", {"intact": False}, ("AbcdefghijK", "")),
        ("AbcdefghijKl", "", {"intact": False}, (HIDDEN, "")),
        ("Response-Content-Type", "text/csv", {"intact": False}, ("Response-Content-Type", "text/csv")),
        ("X-Amz-Date", "20251124T160000Z", {"intact": False}, ("X-Amz-Date", "20251124T160000Z")),
        ("X-Amz-Date", "20251124T16000ZZ", {"intact": False}, ("X-Amz-Date", HIDDEN)),
    ],
)  # fmt: skip
def test_a_parameter_is_shown_as_far_as_its_url_allows(
    name: str, value: str, given: "dict[str, bool]", shown: "tuple[str, str]"
) -> None:
    assert shown_pair(name, value, **given) == shown


@pytest.mark.parametrize(
    ("path", "shown", "of_a_damaged_url"),
    [
        ("/a/b.csv", "/a/b.csv", "/a/b.csv"),
        ("/a/0123456789abcdef", "/a/0123456789abcdef", f"/a/{HIDDEN}"),
        ("/k?X-Amz-Signature=abc", f"/k?X-Amz-Signature={HIDDEN}", HIDDEN),
        ("/customer-key=1", "/customer-key=1", HIDDEN),
        ("/a&b", "/a&b", HIDDEN), ("/a=b", "/a=b", HIDDEN), ("/a%3Db", "/a%3Db", HIDDEN), ("/a%26b", "/a%26b", HIDDEN),
        ("/a;b", "/a;b", HIDDEN), ("/a\\b", "/a\\b", HIDDEN), ("/X-Amz-", "/X-Amz-", HIDDEN),
        ("/aXAMZ", "/aXAMZ", HIDDEN),
        ("/signature: a", "/signature: a", HIDDEN), ("/Signature: a", "/Signature: a", HIDDEN),
        ("/xam", "/xam", "/xam"), ("/a%2Fb", "/a%2Fb", "/a%2Fb"),
    ],
)  # fmt: skip
def test_a_path_of_a_damaged_url_is_shown_if_it_holds_nothing_of_a_query(
    path: str, shown: str, of_a_damaged_url: str
) -> None:
    assert _redaction.redacted_path(path, [("a", "b")], intact=True) == shown
    assert _redaction.redacted_path(path, [("a", "b"), ("X-Amz-Signature", DIGITS)], intact=True) == shown
    assert _redaction.redacted_path(path, [("a", "b")], intact=False) == of_a_damaged_url
    assert _redaction.redacted_path(path, [("a", "b"), ("AbcdefghijKl", "")], intact=False) == HIDDEN
    assert _redaction.redacted_path(path, [("a/b", "")], intact=False) == of_a_damaged_url


def test_a_path_beside_a_whole_signature_keeps_its_digits() -> None:
    assert _redaction.redacted_path("/0123456789abcdef", [("X-Amz-Signature", DIGITS)], intact=False) == (
        "/0123456789abcdef"
    )
    short = [("X-Amz-Signature", DIGITS[:-1])]
    for intact in (True, False):
        assert _redaction.redacted_path("/0123456789abcdef", short, intact=intact) == f"/{HIDDEN}"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        # what is no URL, or has no host
        ("", HIDDEN), ("a", HIDDEN), ("https://", f"https://{HIDDEN}"), ("https://h", f"https://{HIDDEN}"),
        ("https://h/", "https://h/"), ("https://h?", "https://h?"), ("a b://h/k", HIDDEN), ("/k", "/k"),
        ("abcdefghijk://h/k", "abcdefghijk://h/k"), ("abcdefghijkl://h/k", HIDDEN), ("ab-c://h/k", HIDDEN),
        ("h/k?a=b", HIDDEN), (f"h/k?X-Amz-Signature={DIGITS}", HIDDEN),
        ("h/k?AWSAccessKeyId=a&Expires=1&Signature=b", "h/k?AWSAccessKeyId=a&Expires=1&Signature=" + HIDDEN),
        # the host
        ("https://H.Example:80/k", "https://H.Example:80/k"), ("https://[::1]:80/k", "https://[::1]:80/k"),
        ("https://user@h/k", f"https://{HIDDEN}/k"), ("https://a_b/k", "https://a_b/k"),
        (f"https://{'a' * 63}.b/k", f"https://{'a' * 63}.b/k"), (f"https://{'a' * 64}.b/k", f"https://{HIDDEN}/k"),
        ("https://0123456789abcdef.b/k", "https://0123456789abcdef.b/k"),
        ("https://0123456789abcdef.b/k?X-Amz-Signature=a", f"https://{HIDDEN}.b/k?X-Amz-Signature={HIDDEN}"),
        ("https://H.b/k?X-Amz-Signature=a", f"https://{HIDDEN}/k?X-Amz-Signature={HIDDEN}"),
        # what is no part of a URL makes it a damaged one
        ("https://h/a b?note=abcdefghijkl", f"https://h/a b?note={HIDDEN}"),
        ("https://h/a\x7fb?note=abcdefghijkl", f"https://h/a\x7fb?note={HIDDEN}"),
        ("ab-c://h/k?AWSAccessKeyId=a&Expires=1&Signature=b", HIDDEN),
        ("https://h/a://b?note=abcdefghijkl", "https://h/a://b?note=abcdefghijkl"),
        (f"https://h/{'g' * 70}/b?note=abcdefghijkl", f"https://h/{'g' * 70}/b?note=abcdefghijkl"),
        # hex digits, where the URL's own signature is not whole
        ("https://h/0123456789abcdef", f"https://h/{HIDDEN}"),
        (f"https://h/fedcba9876543210?X-Amz-Signature={DIGITS}",
         f"https://h/fedcba9876543210?X-Amz-Signature={HIDDEN}"),
        ("https://h/0123456789abcdef?AWSAccessKeyId=a&Expires=1&Signature=b",
         f"https://h/0123456789abcdef?AWSAccessKeyId=a&Expires=1&Signature={HIDDEN}"),
        # the query
        ("https://h/k?AWSAccessKeyId=a&Expires=1&Signature=b=c=d",
         f"https://h/k?AWSAccessKeyId=a&Expires=1&Signature={HIDDEN}"),
        ("https://h/k?AWSAccessKeyId=a&Expires=1&Signature=b&next=%3FX-Amz-Signature%3Da",
         f"https://h/k?AWSAccessKeyId=a&Expires=1&Signature={HIDDEN}&next={HIDDEN}"),
        ("https://h/k?a=b&&c", "https://h/k?a=b&&c"), ("https://h/k?a%zz=b", "https://h/k?a%zz=b"),
        ("https://h/k?a=%zz+b", "https://h/k?a=%zz+b"), ("https://h/k?abc/def", f"https://h/k?{HIDDEN}"),
        # A value that lost its name may begin in the path, or in the host.
        ("https://h/k?AbcdefghijKl", f"https://{HIDDEN}/{HIDDEN}?{HIDDEN}"),
        ("https://h/k?AbcdefghijKl=", f"https://{HIDDEN}/{HIDDEN}?{HIDDEN}="),
        ("https://h/k?X-Amz-Signature=", f"https://{HIDDEN}/{HIDDEN}?X-Amz-Signature={HIDDEN}"),
        ("https://h/k?X-Amz-Signature", f"https://{HIDDEN}/{HIDDEN}?{HIDDEN}"),
        ("https://h/k?sig=&note=a", f"https://h/k?sig={HIDDEN}&note=a"),
        ("https://h/k?next=https%3A%2F%2Fh%2F%3Fsig%3Da", "https://h/k?next=https%3A%2F%2Fh%2F%3Fsig%3Da"),
        ("https://h/k?next=https%3A%2F%2Fh%2F%3Fx-amz-signature%3Da", f"https://h/k?next={HIDDEN}"),
        ("https://h/k?X-Amz-Signature=a&note=abcdefghijk", f"https://h/k?X-Amz-Signature={HIDDEN}&note=abcdefghijk"),
        ("https://h/k?X-Amz-Signature=a&note=abcdefghijkl", f"https://h/k?X-Amz-Signature={HIDDEN}&note={HIDDEN}"),
        ("https://h/k?X-Amz-Signature=a&versionId=abcdefghijkl",
         f"https://h/k?X-Amz-Signature={HIDDEN}&versionId={HIDDEN}"),
        ("https://h/k?X-Amz-Signature=a&X-Amz-Date=20251124T160000Z",
         f"https://h/k?X-Amz-Signature={HIDDEN}&X-Amz-Date=20251124T160000Z"),
        ("https://h/k?X-Amz-Signature=abcdefghijklm&a=abcdefghijklm",
         f"https://h/k?X-Amz-Signature={HIDDEN}&a={HIDDEN}"),
        ("https://h/xyzghijklmnopq?AWSAccessKeyId=a&Expires=1&Signature=ghijklmnopqr",
         f"https://h/xyzghijklmnopq?AWSAccessKeyId=a&Expires=1&Signature={HIDDEN}"),
        ("https://h/xyzghijklmnopqr?AWSAccessKeyId=a&Expires=1&Signature=ghijklmnopqr",
         f"https://h/xyz{HIDDEN}?AWSAccessKeyId=a&Expires=1&Signature={HIDDEN}"),
    ],
)  # fmt: skip
def test_each_part_of_a_url_is_shown_by_its_own_rule(url: str, shown: str) -> None:
    assert redacted(url) == shown


def test_pairs_are_shown_by_the_same_rule_as_a_query() -> None:
    query = "note=abcdefghijkl&a%20b+c=d%2Fe&sig=f"
    whole = (("note", "abcdefghijkl"), ("a b+c", "d/e"), ("sig", HIDDEN))
    damaged = (("note", HIDDEN), *whole[1:])
    assert redacted_query(query, intact=True) == whole
    assert redacted_query(query, intact=False) == damaged
    assert redacted_query("&a/b&&c/d=", intact=True) == ((HIDDEN, ""), ("c/d", ""))
    pairs = [("note", "abcdefghijkl"), ("a b+c", "d/e"), ("sig", "f")]
    assert redacted_pairs(pairs) == whole
    assert redacted_pairs(pairs, intact=False) == damaged
    assert redacted_pairs([("policy", "a")], in_form=True) == (("policy", HIDDEN),)
    assert redacted_pairs([("policy", "a")]) == (("policy", "a"),)


def test_the_secrets_of_a_url_are_known_as_they_stand_there_and_decoded() -> None:
    assert _redaction.secret_values("https://h/?a=b&X-Amz-Security-Token=c%2Bd&sig=e=f") == [
        "c+d", "c%2Bd", "e=f", "e=f",
    ]  # fmt: skip
    assert _redaction.secret_values("X-Amz-Signature=a") == []
    assert _redaction.secret_values("?X-Amz-Security-Token=a+b") == ["a b", "a+b"]
    assert _redaction.pieces_of(["abcdefghijklm", "abcdefghijk", ""]) == {"abcdefghijkl", "bcdefghijklm"}
    assert hide("abcdefghijkl", {"abcdefghijkl"}) == HIDDEN
    assert hide("abcdefghijkl" * 2, {"abcdefghijkl"}) == HIDDEN * 2
    assert hide("abcdefghijk", {"abcdefghijkl"}) == "abcdefghijk"


@pytest.mark.parametrize("end", [*" \t\r\n&\"'<>,;"])
def test_a_secret_in_a_message_ends_at_a_delimiter(end: str) -> None:
    assert redacted_text(f"x-amz-signature=aXb.c/d=e{end}f") == f"x-amz-signature={HIDDEN}{end}f"
    assert redacted_text(f"Signature={end}") == f"Signature={HIDDEN}{end}"
