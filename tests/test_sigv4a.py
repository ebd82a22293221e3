"""SigV4A: the published vectors, OpenSSL as the verifier, and AWS's own C signer on the other side.

Rule: as in test_vectors: an unknown key, an empty file or a wrong count is a failure.
"""

import datetime
import hashlib
import hmac
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from hypothesis import given
from hypothesis import strategies as st
from test_p256 import opposite, schoolbook_sum

import sigv4presign
from sigv4presign import (
    GENERIC_RULES,
    S3_RULES,
    Credentials,
    CredentialScope,
    PresignedUrl,
    ServiceRules,
    SigningKey,
    canonical_request,
    string_to_sign,
)
from sigv4presign import _sigv4a as v4a
from sigv4presign import presign as presign_v4a
from sigv4presign._p256 import G, N, P, base_multiple
from sigv4presign._presigned_url import _restore_url as restore_url
from sigv4presign.errors import CredentialsExpireFirst, InputError

VECTORS = Path(__file__).parent / "vectors"
DATA: "dict[str, Any]" = json.loads((VECTORS / "aws-c-auth-v4a.json").read_text(encoding="utf-8"))
CASES: "list[dict[str, Any]]" = DATA["cases"]
EXTRA: "list[dict[str, Any]]" = [
    case
    for case in json.loads((VECTORS / "aws-c-auth-extra.json").read_text(encoding="utf-8"))["cases"]
    if case["kind"] == "sigv4a"
]

CASE_KEYS = {"id", "source", "kind", "inputs", "expected", "confirmed"}
INPUT_KEYS = {
    "method", "url", "headers", "body", "payload_hash", "region", "service", "access_key", "secret_key",
    "session_token", "timestamp", "normalize_path", "double_encode", "omit_session_token", "algorithm", "region_set",
    "signing_location",
}  # fmt: skip
SOMETIMES = {"expires", "add_content_sha256_header"}
EXPECTED_KEYS = {"canonical_request", "string_to_sign", "public_key_x", "public_key_y", "sample_signatures"}

# As for Signature Version 4: given in a form that `presign` refuses, so these run through the steps.
THROUGH_THE_STEPS = {
    "get-header-value-multiline": "a line break in a header value",
    "get-space-normalized": "a raw space in the path",
    "get-space-unnormalized": "a raw space in the path",
    "get-utf8": "a raw non-ASCII character in the path",
    "get-vanilla-utf8-query": "a raw non-ASCII character in the query",
}

CREDENTIALS = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
NOW = 1440938160  # 20150830T123600Z


def located(place: str) -> "list[Any]":
    return [pytest.param(case, id=case["id"]) for case in CASES if case["inputs"]["signing_location"] == place]


def name_of(case: "dict[str, Any]") -> str:
    return str(case["id"].split("/")[1])


def credentials_of(inputs: "dict[str, Any]") -> Credentials:
    return Credentials(inputs["access_key"], inputs["secret_key"], inputs["session_token"])


def rules_of(inputs: "dict[str, Any]") -> ServiceRules:
    return ServiceRules(
        normalize_path=inputs["normalize_path"],
        double_encode=inputs["double_encode"],
        session_token="appended" if inputs["omit_session_token"] else "signed",
    )


def payload_of(inputs: "dict[str, Any]") -> str:
    given: str = inputs["payload_hash"]
    return hashlib.sha256(inputs["body"].encode()).hexdigest() if given == "body" else given


def epoch(timestamp: str) -> int:
    moment = datetime.datetime.strptime(timestamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
    return int(moment.timestamp())


def presigned(case: "dict[str, Any]") -> PresignedUrl:
    inputs = case["inputs"]
    return presign_v4a(
        inputs["method"],
        inputs["url"],
        credentials=credentials_of(inputs),
        region_set=inputs["region_set"],
        service=inputs["service"],
        expires_in=inputs["expires"],
        headers=inputs["headers"],
        payload_hash=payload_of(inputs),
        rules=rules_of(inputs),
        now=epoch(inputs["timestamp"]),
    )


def openssl_public_key(x: int, y: int) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()


def public_key_of(credentials: Credentials) -> ec.EllipticCurvePublicKey:
    """The public key of our private key, computed by OpenSSL."""
    private = v4a.private_key(credentials)
    return ec.derive_private_key(private, ec.SECP256R1()).public_key()


def check_signature(key: ec.EllipticCurvePublicKey, signature: str, to_sign: str) -> None:
    assert re.fullmatch("[0-9a-f]+", signature)
    key.verify(bytes.fromhex(signature), to_sign.encode(), ec.ECDSA(hashes.SHA256()))


def parts_of(url: str) -> "tuple[str, str, str]":
    """(the URL as it was signed, the signature, the decoded X-Amz-Date) of a presigned URL, its order kept."""
    before, _, query = url.partition("?")
    pieces = query.split("&")
    [signature] = [piece.partition("=")[2] for piece in pieces if piece.startswith("X-Amz-Signature=")]
    signed = [piece for piece in pieces if not piece.startswith("X-Amz-Signature=")]
    return before + "?" + "&".join(signed), signature, dict(parse_qsl(query))["X-Amz-Date"]


def string_to_sign_of(
    url: PresignedUrl, rules: ServiceRules, payload_hash: "str | None" = None, *, service: str = "s3"
) -> "tuple[str, str]":
    """(the string to sign, the signature) of a URL, read back as a service reads it."""
    unsigned, signature, date = parts_of(url)
    canonical = canonical_request(url.method, unsigned, headers=url.headers, payload_hash=payload_hash, rules=rules)
    return string_to_sign(canonical, amz_date=date, scope=CredentialScope(date[:8], None, service)), signature


# --- the published vectors --------------------------------------------------------------------------------------------


def test_the_file_is_whole_and_known() -> None:
    assert set(DATA) == {"source", "split", "provenance", "count", "cases"}
    assert DATA["provenance"]["licence"] == "Apache-2.0"
    assert DATA["count"] == len(CASES) == len({case["id"] for case in CASES}) == 76
    for case in CASES:
        assert set(case) == CASE_KEYS, case["id"]
        assert case["kind"] == "sigv4a"
        assert INPUT_KEYS <= set(case["inputs"]) <= INPUT_KEYS | SOMETIMES, case["id"]
        assert case["inputs"]["algorithm"] == "AWS4-ECDSA-P256-SHA256"
        extra = {"unsigned_url"} if case["inputs"]["signing_location"] == "query" else set[str]()
        assert set(case["expected"]) == EXPECTED_KEYS | extra, case["id"]
    assert len(located("query")) == len(located("header")) == 38
    assert set(THROUGH_THE_STEPS) <= {name_of(case) for case in CASES}
    assert [case["id"] for case in EXTRA] == ["aws-c-auth-extra/v4a-derive-key"]
    assert EXTRA[0]["inputs"]["operation"] == "derive-key"


def check_steps(case: "dict[str, Any]", canonical: str) -> str:
    """Hold each step against the case, as far as the signature, and return that."""
    inputs, expected = case["inputs"], case["expected"]
    assert canonical == expected["canonical_request"]
    scope = CredentialScope(inputs["timestamp"][:8], None, inputs["service"])
    to_sign = string_to_sign(canonical, amz_date=inputs["timestamp"], scope=scope)
    assert to_sign == expected["string_to_sign"]
    credentials = credentials_of(inputs)
    published = openssl_public_key(int(expected["public_key_x"], 16), int(expected["public_key_y"], 16))
    assert public_key_of(credentials) == published
    assert len(expected["sample_signatures"]) == 2
    for sample in expected["sample_signatures"]:
        check_signature(public_key_of(credentials), sample, to_sign)
    made = v4a.v4a_state(credentials, inputs["timestamp"][:8], inputs["service"]).sign(to_sign)
    check_signature(published, made, to_sign)
    # The nonce of RFC 6979 leaves one signature, and OpenSSL makes the same.
    private = ec.derive_private_key(
        v4a.private_key(Credentials(inputs["access_key"], inputs["secret_key"])), ec.SECP256R1()
    )
    assert made == private.sign(to_sign.encode(), ec.ECDSA(hashes.SHA256(), deterministic_signing=True)).hex()
    return made


@pytest.mark.parametrize("case", located("query"))
def test_presigned_cases(case: "dict[str, Any]") -> None:
    inputs, expected = case["inputs"], case["expected"]
    if name_of(case) in THROUGH_THE_STEPS:
        with pytest.raises(InputError):  # the table says that presign refuses these: it must
            presigned(case)
        unsigned = inputs["url"] + ("&" if "?" in inputs["url"] else "?") + own_parameters(case)
        headers = inputs["headers"]
    else:
        url = presigned(case)
        split, wanted = urlsplit(str(url)), urlsplit(str(expected["unsigned_url"]))
        assert (split.scheme, split.netloc, split.path) == (wanted.scheme, wanted.netloc, wanted.path)
        unsigned, signature, _ = parts_of(url)
        assert sorted(parse_qsl(urlsplit(unsigned).query)) == sorted(parse_qsl(wanted.query))
        if inputs["omit_session_token"]:
            unsigned = unsigned.partition("&X-Amz-Security-Token=")[0]
            assert url.endswith("&X-Amz-Security-Token=" + quote(inputs["session_token"], safe=""))
        headers = [*url.headers.items()]
        assert signature == check_steps(case, expected["canonical_request"])
    canonical = canonical_request(
        inputs["method"], unsigned, headers=headers, payload_hash=payload_of(inputs), rules=rules_of(inputs)
    )
    check_steps(case, canonical)


def own_parameters(case: "dict[str, Any]") -> str:
    inputs = case["inputs"]
    parameters = {
        "X-Amz-Algorithm": "AWS4-ECDSA-P256-SHA256",
        "X-Amz-Credential": f"{inputs['access_key']}/{inputs['timestamp'][:8]}/{inputs['service']}/aws4_request",
        "X-Amz-Date": inputs["timestamp"],
        "X-Amz-Expires": str(inputs["expires"]),
        "X-Amz-Region-Set": inputs["region_set"],
        "X-Amz-SignedHeaders": ";".join(sorted({name.lower() for name, _ in inputs["headers"]})),
    }
    return "&".join(f"{name}={quote(value, safe='')}" for name, value in parameters.items())


@pytest.mark.parametrize("case", located("header"))
def test_header_signed_cases_through_the_steps(case: "dict[str, Any]") -> None:
    inputs = case["inputs"]
    headers = [*inputs["headers"], ("X-Amz-Region-Set", inputs["region_set"])]
    if "x-amz-date" not in {name.lower() for name, _ in headers}:
        headers.append(("X-Amz-Date", inputs["timestamp"]))
    if inputs["session_token"] and not inputs["omit_session_token"]:
        headers.append(("X-Amz-Security-Token", inputs["session_token"]))
    if inputs.get("add_content_sha256_header"):
        headers.append(("X-Amz-Content-Sha256", payload_of(inputs)))
    canonical = canonical_request(
        inputs["method"], inputs["url"], headers=headers, payload_hash=payload_of(inputs), rules=rules_of(inputs)
    )
    check_steps(case, canonical)


# --- the private key --------------------------------------------------------------------------------------------------


def test_the_published_key_is_derived() -> None:
    [case] = EXTRA
    private = v4a.private_key(Credentials(case["inputs"]["access_key"], case["inputs"]["secret_key"]))
    assert f"{private:064x}" == case["expected"]["private_key"]
    x, y = base_multiple(private)
    assert (f"{x:064x}", f"{y:064x}") == (case["expected"]["public_key_x"], case["expected"]["public_key_y"])


def derived_as_specified(access_key_id: str, secret: str, order: int) -> "tuple[int, int]":
    """(the private key, the counter it was found at): aws-c-auth's derivation in plain words."""
    for counter in range(1, 255):
        text = b"\0\0\0\1AWS4-ECDSA-P256-SHA256\0" + access_key_id.encode() + bytes([counter]) + b"\0\0\1\0"
        candidate = hmac.new(b"AWS4A" + secret.encode(), text, hashlib.sha256).digest()
        if int.from_bytes(candidate, "big") <= order - 2:
            return int.from_bytes(candidate, "big") + 1, counter
    raise AssertionError


PRINTABLE = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=130)


@given(PRINTABLE, PRINTABLE)
def test_keys_are_derived_as_specified(access_key_id: str, secret: str) -> None:
    assert v4a.private_key(Credentials(access_key_id, secret)) == derived_as_specified(access_key_id, secret, N)[0]


def test_a_candidate_above_the_order_is_followed_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    order = 2**254 + 1  # three of four candidates lie above
    monkeypatch.setattr(v4a, "N", order)
    expected = [derived_as_specified("AKIDEXAMPLE", f"secret{number}", order) for number in range(40)]
    assert {counter for _, counter in expected} > {1, 2, 3, 4}
    assert [v4a._derive(Credentials("AKIDEXAMPLE", f"secret{number}")) for number in range(40)] == [
        key for key, _ in expected
    ]


@pytest.mark.parametrize(("above", "found"), [(2, True), (1, False)])
def test_the_largest_candidate_is_the_order_less_two(above: int, found: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(*_: object) -> bytes:
        return (N - above).to_bytes(32, "big")

    monkeypatch.setattr(v4a, "hmac_digest", answer)
    monkeypatch.setattr(v4a, "_KEYS", {})
    if found:
        assert v4a.private_key(Credentials("AKIDEXAMPLE", "secret")) == N - 1
        return
    with pytest.raises(InputError) as caught:
        v4a.private_key(Credentials("AKIDEXAMPLE", "secret"))
    assert str(caught.value) == "credentials: no private key can be derived from this access key; create another one"


def test_keys_are_remembered_and_only_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    recent: dict[tuple[str, str], int] = {}
    monkeypatch.setattr(v4a, "_KEYS", recent)
    first = v4a.private_key(Credentials("AKIDEXAMPLE", "secret0"))

    def never(*_: object) -> int:
        pytest.fail("derived again")

    with monkeypatch.context() as patch:
        patch.setattr(v4a, "_derive", never)
        assert v4a.private_key(Credentials("AKIDEXAMPLE", "secret0")) == first
    sizes: list[int] = []
    for number in range(200):
        v4a.private_key(Credentials("AKIDEXAMPLE", f"secret{number}"))
        sizes.append(len(recent))
    assert max(sizes) == 64
    assert v4a.private_key(Credentials("AKIDEXAMPLE", "secret0")) == first
    assert v4a.private_key(Credentials("AKIDOTHER", "secret0")) != first


# --- the region set ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("region_set", "text"),
    [
        ("*", "*"),
        ("us-east-1", "us-east-1"),
        ("us-*", "us-*"),
        ("us-east-1,eu-*", "us-east-1,eu-*"),
        (["us-east-1", "eu-west-1"], "us-east-1,eu-west-1"),
        (("eu-west-1", "us-east-1"), "eu-west-1,us-east-1"),  # the order is the caller's
    ],
)
def test_a_region_set_is_sent_joined_with_commas_and_encoded(region_set: "Any", text: str) -> None:
    assert v4a.encoded_region_set(region_set) == quote(text, safe="")
    url = presign_v4a(
        "GET", "https://h.example/k?X-Amz-S=1", credentials=CREDENTIALS, region_set=region_set, service="s3", now=NOW
    )
    assert dict(parse_qsl(urlsplit(str(url)).query))["X-Amz-Region-Set"] == text


@pytest.mark.parametrize(
    ("region_set", "message"),
    [
        ("", "region_set: '' is not a region such as 'eu-west-1', 'us-*' or '*'"),
        ("us-east-1,", "region_set: '' is not a region such as 'eu-west-1', 'us-*' or '*'"),
        ("us-east-1, eu-west-1", "region_set: ' eu-west-1' is not a region such as 'eu-west-1', 'us-*' or '*'"),
        ("eu/west", "region_set: 'eu/west' is not a region such as 'eu-west-1', 'us-*' or '*'"),
        ("eu\n", "region_set: 'eu\\n' is not a region such as 'eu-west-1', 'us-*' or '*'"),
        ("eü-west-1", "region_set: 'eü-west-1' is not a region such as 'eu-west-1', 'us-*' or '*'"),
        (["us-east-1,us-*"], "region_set: 'us-east-1,us-*' is not a region such as 'eu-west-1', 'us-*' or '*'"),
        ([], "region_set: is empty; '*' means every region"),
    ],
)
def test_a_malformed_region_set_is_refused(region_set: "Any", message: str) -> None:
    with pytest.raises(InputError) as caught:
        presign_v4a("GET", "https://h.example/k", credentials=CREDENTIALS, region_set=region_set, service="s3")
    assert str(caught.value) == message
    assert caught.value.parameter == "region_set"


@pytest.mark.parametrize(
    ("region_set", "message"),
    [
        (5, "region_set: expected str, or a list or tuple of str, got int"),
        ({"us-east-1"}, "region_set: expected str, or a list or tuple of str, got set"),
        (b"*", "region_set: expected str, or a list or tuple of str, got bytes"),
        (["us-east-1", 1], "region_set: expected str in it, got int"),
    ],
)
def test_a_region_set_of_another_type_is_a_type_error(region_set: "Any", message: str) -> None:
    with pytest.raises(TypeError) as caught:
        presign_v4a("GET", "https://h.example/k", credentials=CREDENTIALS, region_set=region_set, service="s3")
    assert str(caught.value) == message


# --- a presigned URL --------------------------------------------------------------------------------------------------

MULTI_REGION = "https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/a%20b/c.txt"


def test_a_url_holds_the_parameters_in_canonical_order_and_a_signature_that_verifies() -> None:
    url = presign_v4a(
        "PUT",
        MULTI_REGION,
        credentials=Credentials("ASIAEXAMPLE", "secret", "to/ken+=="),
        region_set="*",
        service="s3",
        expires_in=900,
        query=[("x-id", "PutObject"), ("X-Amz-A", 1)],
        headers={"Content-Type": "text/plain"},
        now=NOW,
    )
    unsigned, signature, _ = parts_of(url)
    assert unsigned == (
        MULTI_REGION + "?X-Amz-A=1&X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256"
        "&X-Amz-Credential=ASIAEXAMPLE%2F20150830%2Fs3%2Faws4_request&X-Amz-Date=20150830T123600Z&X-Amz-Expires=900"
        "&X-Amz-Region-Set=%2A&X-Amz-Security-Token=to%2Fken%2B%3D%3D&X-Amz-SignedHeaders=content-type%3Bhost"
        "&x-id=PutObject"
    )
    assert url == f"{unsigned}&X-Amz-Signature={signature}"
    assert (url.method, url.headers, url.expires_at) == ("PUT", {"content-type": "text/plain"}, NOW + 900)
    assert "to%2Fken" not in repr(url)
    assert signature not in repr(url)
    to_sign, _ = string_to_sign_of(url, S3_RULES)
    check_signature(public_key_of(Credentials("ASIAEXAMPLE", "secret")), signature, to_sign)


def test_the_token_of_s3_express_has_its_own_name_behind_the_region_set() -> None:
    url = presign_v4a(
        "GET",
        "https://h.example/k",
        credentials=Credentials("ASIAEXAMPLE", "secret", "token"),
        region_set="*",
        service="s3express",
        now=NOW,
    )
    assert "&X-Amz-Region-Set=%2A&X-Amz-S3session-Token=token&X-Amz-SignedHeaders=host&" in url
    to_sign, signature = string_to_sign_of(url, S3_RULES, service="s3express")
    check_signature(public_key_of(Credentials("ASIAEXAMPLE", "secret")), signature, to_sign)


def test_the_same_arguments_give_the_same_url() -> None:
    urls = {
        presign_v4a("GET", MULTI_REGION, credentials=CREDENTIALS, region_set="*", service="s3", now=NOW)
        for _ in range(10)
    }
    assert len(urls) == 1


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
QUERIES = st.lists(st.tuples(TEXT.filter(lambda name: name[:2].lower() != "x-"), TEXT), max_size=4)
SERVICES = st.sampled_from(["s3", "execute-api"])


@given(PRINTABLE, PRINTABLE, st.none() | PRINTABLE, QUERIES, SERVICES, st.integers(0, 2**32))
def test_urls_verify_under_the_public_key_that_openssl_computes(
    access_key_id: str, secret: str, token: "str | None", query: "list[tuple[str, str]]", service: str, now: int
) -> None:
    credentials = Credentials(access_key_id, secret, token)
    url = presign_v4a(
        "GET", "https://h.example/a/b", credentials=credentials, region_set="*", service=service, query=query, now=now
    )
    rules = S3_RULES if service == "s3" else GENERIC_RULES
    to_sign, signature = string_to_sign_of(url, rules, service=service)
    check_signature(public_key_of(credentials), signature, to_sign)
    with pytest.raises(InvalidSignature):
        check_signature(public_key_of(credentials), signature, to_sign + " ")


def refusals() -> "dict[str, tuple[dict[str, Any], str]]":
    """What `presign` refuses is refused here in the same words."""
    key = SigningKey("AKIDEXAMPLE", bytes(32), CredentialScope("20150830", "us-east-1", "s3"))
    no_key = (
        "credentials: a SigningKey is an HMAC key for one region; SigV4A derives a private key from the secret "
        "access key, so give Credentials"
    )
    return {
        "a signing key": (
            {"credentials": key},
            no_key,
        ),
        "a callable that returns one": (
            {"credentials": lambda: key},
            no_key,
        ),
        "a method": ({"method": "get"}, "method: 'get' is not an HTTP method (upper case, as in 'GET')"),
        "a fragment": (
            {"url": "https://h.example/k#a"},
            "url: has a fragment (#...), which is never sent; a literal # is written %23",
        ),
        "a region set in the URL": (
            {"url": "https://h.example/k?X-Amz-Region-Set=*"},
            "url: X-Amz-Region-Set is a signing parameter, set by the other arguments; leave it out",
        ),
        "a region set in the query": (
            {"query": {"x-amz-region-set": "*"}},
            "query: x-amz-region-set is a signing parameter, set by the other arguments; leave it out",
        ),
        "no lifetime": (
            {"expires_in": None},
            "expires_in: None leaves X-Amz-Expires out, which S3 rejects; give a lifetime",
        ),
        "a payload line": (
            {"payload_hash": ""},
            "payload_hash: expected a SHA-256 in hex or a word such as UNSIGNED-PAYLOAD",
        ),
        "a service": ({"service": "a/b"}, "service: 'a/b' is not a name such as 'eu-west-1' or 's3'"),
    }


def request(**changed: "Any") -> PresignedUrl:
    arguments: dict[str, Any] = {
        "method": "GET", "url": "https://h.example/k", "credentials": CREDENTIALS, "region_set": "*", "service": "s3",
        "now": NOW, **changed,
    }  # fmt: skip
    return presign_v4a(**arguments)


@pytest.mark.parametrize("what", refusals())
def test_what_cannot_be_signed_is_refused(what: str) -> None:
    arguments, message = refusals()[what]
    with pytest.raises(InputError) as caught:
        request(**arguments)
    assert str(caught.value) == message


def test_a_url_that_is_no_text_is_a_type_error() -> None:
    with pytest.raises(TypeError, match=r"^url: expected str, got bytes$"):
        request(url=b"https://h.example/k")


def test_a_service_that_allows_it_gets_no_expiry() -> None:
    url = request(service="execute-api", expires_in=None)
    assert "X-Amz-Expires" not in url
    assert url.expires_at is None


def test_a_default_lifetime_is_shortened_to_the_credentials_and_an_explicit_one_refused() -> None:
    ending = Credentials("AKIDEXAMPLE", "secret", expires_at=NOW + 60)
    assert request(credentials=ending).expires_at == NOW + 60
    with pytest.raises(CredentialsExpireFirst) as caught:
        request(credentials=ending, expires_in=61)
    assert caught.value.seconds_left == 60


# --- beside AWS's own signer ------------------------------------------------------------------------------------------


@pytest.fixture(name="crt", scope="module")
def awscrt_auth() -> "Any":
    return pytest.importorskip("awscrt.auth", reason="awscrt is not installed")


REQUESTS = {
    "s3": ("GET", "https://h.example/a%20b/c.txt?versionId=1&partNumber=2", "s3", "*", None, ()),
    "s3 with a token": ("PUT", "https://h.example/k", "s3", "us-east-1,eu-*", "to/ken+==", (("content-type", "a/b"),)),
    "generic": ("GET", "https://h.example/x/%C3%A4/?a=1&b=", "execute-api", "us-east-1", None, ()),
    "generic with a token": ("POST", "https://h.example/", "execute-api", "us-*", "token", (("x-amz-meta-a", "1 2"),)),
}
Case = tuple[str, str, str, str, "str | None", "tuple[tuple[str, str], ...]"]


def crt_url(crt: "Any", case: Case, credentials: Credentials) -> PresignedUrl:
    """The URL that awscrt presigns."""
    http: Any = pytest.importorskip("awscrt.http")
    method, url, service, region_set, _, headers = case
    split = urlsplit(url)
    s3 = service == "s3"
    target = f"{split.path}?{split.query}" if split.query else split.path
    sent = http.HttpRequest(method, target, http.HttpHeaders([("host", split.netloc), *headers]))
    config = crt.AwsSigningConfig(
        algorithm=crt.AwsSigningAlgorithm.V4_ASYMMETRIC,
        signature_type=crt.AwsSignatureType.HTTP_REQUEST_QUERY_PARAMS,
        credentials_provider=crt.AwsCredentialsProvider.new_static(
            credentials.access_key_id, credentials.secret_access_key, credentials.session_token
        ),
        region=region_set,
        service=service,
        date=datetime.datetime.fromtimestamp(NOW, datetime.timezone.utc),
        use_double_uri_encode=not s3,
        should_normalize_uri_path=not s3,
        signed_body_value=crt.AwsSignedBodyValue.UNSIGNED_PAYLOAD if s3 else crt.AwsSignedBodyValue.EMPTY_SHA256,
        expiration_in_seconds=900,
    )
    signed = crt.aws_sign_request(sent, config).result(10)
    return restore_url(PresignedUrl, f"https://{split.netloc}{signed.path}", (method, tuple(headers), None))


def crt_credentials(case: Case) -> Credentials:
    return Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", case[4])


def schoolbook_multiple(scalar: int, point: "tuple[int, int]") -> "tuple[int, int] | None":
    total: tuple[int, int] | None = None
    addend: tuple[int, int] | None = point
    while scalar:
        if scalar & 1:
            total = schoolbook_sum(total, addend)
        addend = schoolbook_sum(addend, addend)
        scalar >>= 1
    return total


def keys_that_could_have_signed(to_sign: str, signature: str) -> "Iterator[tuple[int, int]]":
    """The public keys under which a signature holds (SEC 1, 4.1.6): of two signatures, one key is common."""
    r, s = utils.decode_dss_signature(bytes.fromhex(signature))
    hashed = int.from_bytes(hashlib.sha256(to_sign.encode()).digest(), "big")
    b = (G[1] ** 2 - G[0] ** 3 + 3 * G[0]) % P
    y = pow(r**3 - 3 * r + b, (P + 1) // 4, P)
    for nonce_point in ((r, y), opposite((r, y))):
        scaled = schoolbook_multiple(s * pow(r, -1, N) % N, nonce_point)
        key = schoolbook_sum(scaled, schoolbook_multiple(-hashed * pow(r, -1, N) % N, G))
        assert key is not None
        yield key


@pytest.mark.parametrize("name", REQUESTS)
def test_what_awscrt_presigns_verifies_under_our_key_and_says_the_same(name: str, crt: "Any") -> None:
    case: Case = REQUESTS[name]
    method, url, service, region_set, _, headers = case
    theirs = crt_url(crt, case, crt_credentials(case))
    rules = S3_RULES if service == "s3" else GENERIC_RULES
    to_sign, signature = string_to_sign_of(theirs, rules, service=service)
    check_signature(public_key_of(crt_credentials(case)), signature, to_sign)
    ours = presign_v4a(
        method,
        url,
        credentials=crt_credentials(case),
        region_set=region_set,
        service=service,
        expires_in=900,
        headers=headers,
        now=NOW,
    )
    assert string_to_sign_of(ours, rules, service=service)[0] == to_sign
    assert sorted(parts_of(ours)[0].partition("?")[2].split("&")) == sorted(
        piece if "=" in piece else piece + "=" for piece in parts_of(theirs)[0].partition("?")[2].split("&")
    )


@pytest.mark.parametrize("name", REQUESTS)
def test_what_we_presign_verifies_under_the_key_that_awscrt_derives(name: str, crt: "Any") -> None:
    case: Case = REQUESTS[name]
    method, url, service, region_set, _, headers = case
    rules = S3_RULES if service == "s3" else GENERIC_RULES
    # awscrt does not show its public key, but two of its signatures do.
    seen = [string_to_sign_of(crt_url(crt, case, crt_credentials(case)), rules, service=service) for _ in range(2)]
    assert seen[0][1] != seen[1][1]
    one, other = (set(keys_that_could_have_signed(*pair)) for pair in seen)
    [key] = one & other
    ours = presign_v4a(
        method,
        url,
        credentials=crt_credentials(case),
        region_set=region_set,
        service=service,
        headers=headers,
        now=NOW,
    )
    to_sign, signature = string_to_sign_of(ours, rules, service=service)
    check_signature(openssl_public_key(*key), signature, to_sign)
    crypto = pytest.importorskip("awscrt.crypto")
    der = openssl_public_key(*key).public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    verifier: Any = crypto.EC.new_key_from_der_data(der)
    digest = hashlib.sha256(to_sign.encode()).digest()
    assert verifier.verify(digest, bytes.fromhex(signature))
    assert not verifier.verify(hashlib.sha256(digest).digest(), bytes.fromhex(signature))


# --- an optional part -------------------------------------------------------------------------------------------------


def test_a_vendored_copy_signs_and_verifies_without_it(tmp_path: Path) -> None:
    package = tmp_path / "vendor" / "presigning"
    shutil.copytree(Path(sigv4presign.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("_sigv4a.py", "_p256.py"):
        (package / name).unlink()
    code = (
        "from vendor import presigning as s\nc = s.Credentials('AKIDEXAMPLE', 'secret')\n"
        "url = s.presign('GET', 'https://h.example/k', credentials=c, region='r', service='s3')\n"
        "s.verify('GET', url, headers={}, secrets={'AKIDEXAMPLE': c}, service='s3', region='r')\n"
        "print(s.S3Presigner(c, 'r').get_object('bucket', 'key').method)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path, timeout=60
    )
    assert (done.stdout, done.stderr) == ("GET\n", "")


def test_a_plain_signature_does_not_load_it() -> None:
    code = (
        "import sys, sigv4presign as s\ns.presign('GET', 'https://h.example/k', credentials=s.Credentials('a', 'b'), "
        "region='r', service='s3')\nprint({'sigv4presign._sigv4a', 'sigv4presign._p256'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60,
        cwd=Path(sigv4presign.__file__).parent.parent,
    )  # fmt: skip
    assert done.stdout == "set()\n"


def test_a_copy_without_the_module_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sigv4presign._sigv4a", None)
    with pytest.raises(InputError, match=r"^region_set: needs _sigv4a.py and _p256.py, which this copy of"):
        presign_v4a("GET", "https://h.example/k", credentials=CREDENTIALS, region_set="*", service="s3")
