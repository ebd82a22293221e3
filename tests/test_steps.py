"""The AWS documentation's presigned URL, step by step: the published output of each step is the next one's input.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
"""

import hashlib
import importlib.util
import sys
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import botocore.credentials
import pytest
from botocore.auth import SigV4Auth

from sigv4presign import (
    S3_RULES,
    Credentials,
    CredentialScope,
    S3Presigner,
    SigningKey,
    _signature,
    canonical_request,
    derive_signing_key,
    presign,
    signature,
    string_to_sign,
)
from sigv4presign.errors import InputError

CREDS = Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
SCOPE = CredentialScope("20130524", "us-east-1", "s3")
UNSIGNED = (
    "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256"
    "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
    "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
)
CANONICAL = """\
GET
/test.txt
X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request\
&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host
host:examplebucket.s3.amazonaws.com

host
UNSIGNED-PAYLOAD"""
TO_SIGN = """\
AWS4-HMAC-SHA256
20130524T000000Z
20130524/us-east-1/s3/aws4_request
3bfa292879f6447bbcda7001decf97f4a54dc650c8942174ae0a9121cf58ad04"""
SIGNATURE = "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"


def test_step_1_the_canonical_request() -> None:
    assert canonical_request("GET", UNSIGNED, headers={}, rules=S3_RULES) == CANONICAL


def test_step_2_the_string_to_sign() -> None:
    assert string_to_sign(CANONICAL, amz_date="20130524T000000Z", scope=SCOPE) == TO_SIGN


def test_step_3_and_4_the_signing_key_and_the_signature() -> None:
    assert signature(derive_signing_key(CREDS, SCOPE), TO_SIGN) == SIGNATURE


def test_all_steps_at_once() -> None:
    url = presign(
        "GET",
        "https://examplebucket.s3.amazonaws.com/test.txt",
        credentials=CREDS,
        region="us-east-1",
        service="s3",
        expires_in=86_400,
        now=1_369_353_600,
    )
    assert url == f"{UNSIGNED}&X-Amz-Signature={SIGNATURE}"


def test_the_presigner_makes_the_same_url_for_the_same_host() -> None:
    s3 = S3Presigner(
        CREDS, region="us-east-1", endpoint="https://s3.amazonaws.com", addressing_style="virtual"
    )  # the documentation's example uses the global host
    url = s3.get_object("examplebucket", "test.txt", expires_in=86_400, now=1_369_353_600)
    assert url == f"{UNSIGNED}&X-Amz-Signature={SIGNATURE}"


def test_sigv4a_has_a_scope_without_region_and_its_own_algorithm() -> None:
    scope = CredentialScope("20130524", None, "s3")
    assert str(scope) == "20130524/s3/aws4_request"
    first, _, third, _ = string_to_sign("GET", amz_date="20130524T000000Z", scope=scope).split("\n")
    assert (first, third) == ("AWS4-ECDSA-P256-SHA256", "20130524/s3/aws4_request")
    with pytest.raises(InputError, match=r"^scope: has no region"):
        derive_signing_key(CREDS, scope)
    with pytest.raises(InputError, match=r"^scope: has no region"):
        SigningKey("AKID", bytes(32), scope)


def test_a_canonical_request_takes_a_request_as_it_is() -> None:
    assert (
        canonical_request(
            "GET",
            "https://H.example:443/a b/ሴ?ሴ=%20+",
            headers={"X-Folded": "one\n  two", "User-Agent": "dropped", "Connection": "dropped"},
            rules=S3_RULES,
        )
        == "GET\n/a%20b/%E1%88%B4\n%E1%88%B4=%20%20\nhost:h.example\nx-folded:one two\n\n"
        "host;x-folded\nUNSIGNED-PAYLOAD"
    )


def test_a_canonical_request_takes_a_given_host_and_payload_hash() -> None:
    text = canonical_request(
        "PUT", "https://a.example/", headers=[("Host", "b.example")], payload_hash="abc", rules=S3_RULES
    )
    assert text == "PUT\n/\n\nhost:b.example\n\nhost\nabc"


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("ftp://h/", "does not begin with one of"),
        ("https:///x", "no host"),
        ("https://h/%zz", "two hex digits"),
        ("https://h/?a=%", "two hex digits"),
        ("https://h/?a=%ff", "not UTF-8"),
    ],
)
def test_a_canonical_request_refuses_what_cannot_be_read(url: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem) as caught:
        canonical_request("GET", url, headers={}, rules=S3_RULES)
    assert caught.value.parameter == "url"


def test_a_date_on_another_day_than_the_scope_is_refused() -> None:
    with pytest.raises(InputError, match=r"^amz_date: 20130525T000000Z is not on the scope's day, 20130524$"):
        string_to_sign(CANONICAL, amz_date="20130525T000000Z", scope=SCOPE)
    with pytest.raises(InputError, match=r"^amz_date: '2013-05-24T00:00:00Z' is not of the form"):
        string_to_sign(CANONICAL, amz_date="2013-05-24T00:00:00Z", scope=SCOPE)


def test_a_signing_key_signs_in_place_of_its_credentials() -> None:
    temporary = Credentials("ASIAEXAMPLE", "secret", "token", expires_at=1_369_440_000)
    key = derive_signing_key(temporary, SCOPE)
    assert (key.access_key_id, key.session_token, key.expires_at) == ("ASIAEXAMPLE", "token", 1_369_440_000)
    s3 = S3Presigner(temporary, region="us-east-1")
    assert s3.replace(credentials=key).get_object("bkt", "k", now=1_369_353_600) == s3.get_object(
        "bkt", "k", now=1_369_353_600
    )
    assert derive_signing_key(key, SCOPE) is key
    with pytest.raises(
        InputError, match=r"^credentials: the SigningKey is for 20130524/us-east-1/s3/aws4_request, not"
    ):
        s3.replace(credentials=derive_signing_key(CREDS, SCOPE)).get_object("bkt", "k", now=1_369_440_000)
    with pytest.raises(InputError, match="not for 20130524/eu-west-1/s3"):
        derive_signing_key(key, CredentialScope("20130524", "eu-west-1", "s3"))


@pytest.mark.parametrize(
    ("key", "error", "problem"),
    [
        (b"short", InputError, "^key: has 5 bytes; a signing key has 32$"),
        ("x" * 32, TypeError, "^key: expected bytes, got str$"),
    ],
)
def test_a_signing_key_has_32_bytes(key: "object", error: "type[Exception]", problem: str) -> None:
    with pytest.raises(error, match=problem):
        SigningKey("AKID", key, SCOPE)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # the point


def test_a_signing_key_needs_a_scope() -> None:
    with pytest.raises(TypeError, match=r"^scope: expected CredentialScope, got str$"):
        SigningKey("AKID", bytes(32), "20130524/us-east-1/s3")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("date", ["20130532", "2013052", "2013-05-24", "20130230", "١٩٩٠٠١٠١", ""])
def test_a_scope_needs_a_day_that_exists(date: str) -> None:
    with pytest.raises(InputError, match=r"^date: .* is not a day written YYYYMMDD$"):
        CredentialScope(date, "us-east-1", "s3")


@pytest.mark.parametrize("name", ["", "a/b", "a b", "a\n", "é", "a\0"])
@pytest.mark.parametrize("parameter", ["region", "service"])
def test_a_scope_refuses_names_that_would_break_it(parameter: str, name: str) -> None:
    names = {"region": "us-east-1", "service": "s3", parameter: name}
    with pytest.raises(InputError) as caught:
        CredentialScope("20130524", **names)
    assert caught.value.parameter == parameter


def test_the_steps_name_what_has_the_wrong_type() -> None:
    with pytest.raises(TypeError, match=r"^date: expected str, got int$"):
        CredentialScope(20130524, "us-east-1", "s3")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    with pytest.raises(TypeError, match=r"^region: expected str, got int$"):
        CredentialScope("20130524", 1, "s3")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    with pytest.raises(TypeError, match=r"^headers: names and values are str or bytes, not int$"):
        canonical_request("GET", "https://h/", headers={"a": 1}, rules=S3_RULES)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    no_pairs: Any = iter(["ab", "cd"])
    with pytest.raises(TypeError, match=r"^headers: expected pairs of a name and a value; one is str$"):
        canonical_request("GET", "https://h/", headers=no_pairs, rules=S3_RULES)


# --- HMAC, which is built here of two hashes --------------------------------------------------------------------------

# RFC 4231, section 4: key, data, HMAC-SHA-256.  The fifth case is of a truncated one.
HMAC_CASES = [
    (b"\x0b" * 20, b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    (b"Jefe", b"what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    (b"\xaa" * 20, b"\xdd" * 50, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
    (bytes(range(1, 26)), b"\xcd" * 50, "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
    (
        b"\xaa" * 131,
        b"Test Using Larger Than Block-Size Key - Hash Key First",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ),
    (
        b"\xaa" * 131,
        (
            b"This is a test using a larger than block-size key and a larger than block-size data. The key needs to be "
            b"hashed before being used by the HMAC algorithm."
        ),
        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
    ),
]


@pytest.mark.parametrize(("key", "data", "expected"), HMAC_CASES)
def test_hmac_is_that_of_the_rfc(key: bytes, data: bytes, expected: str) -> None:
    state = _signature.SigningState("AKIDEXAMPLE", key, None, "scope")
    inner, outer = state._inner.copy(), state._outer.copy()  # sign() takes text, which some of these are not
    inner.update(data)
    outer.update(inner.digest())
    assert outer.hexdigest() == expected
    if data.isascii():
        assert state.sign(data.decode()) == expected


@pytest.mark.parametrize("length", [1, 40, 59, 60, 61, 64, 200])
def test_a_secret_of_any_length_gives_the_key_that_botocore_derives(length: int) -> None:
    secret = "s" * length
    request = SimpleNamespace(context={"timestamp": "20130524T000000Z"})
    signer: Any = SigV4Auth(botocore.credentials.Credentials("AKIDEXAMPLE", secret), "s3", "us-east-1")
    assert signature(derive_signing_key(Credentials("AKIDEXAMPLE", secret), SCOPE), TO_SIGN) == signer.signature(
        TO_SIGN, request
    )


def signature_module(name: str) -> ModuleType:
    """Another instance of the module."""
    spec = importlib.util.spec_from_file_location(name, _signature.__file__)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_hash_is_hashlibs_own_where_openssl_is_there_and_where_it_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _signature.sha256 is hashlib.sha256
    monkeypatch.setitem(sys.modules, "_hashlib", None)  # as in a Python that was built without OpenSSL
    without = signature_module("sigv4presign._signature_without_openssl")
    assert without.sha256 is hashlib.sha256


def test_a_scope_without_region_has_no_derived_key() -> None:
    sentence = "scope: has no region; SigV4A has no derived key of this kind"
    scope = CredentialScope("20251124", None, "s3")
    with pytest.raises(InputError) as caught:
        SigningKey("AKID", bytes(32), scope)
    assert str(caught.value) == sentence
    with pytest.raises(InputError) as caught:
        derive_signing_key(CREDS, scope)
    assert str(caught.value) == sentence


ANY: Any = "of another type"
KEY = derive_signing_key(CREDS, SCOPE)


@pytest.mark.parametrize(
    ("call", "parameter"),
    [
        (lambda: canonical_request("GET", 5, headers={}, rules=S3_RULES), "url"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        (lambda: canonical_request(5, "https://h/", headers={}, rules=S3_RULES), "method"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        (lambda: canonical_request("GET", "https://h/", headers={}, rules=ANY), "rules"),
        (lambda: string_to_sign("a", amz_date="20130524T000000Z", scope=ANY), "scope"),
        (lambda: string_to_sign("a", amz_date=5, scope=SCOPE), "amz_date"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        (lambda: string_to_sign(5, amz_date="20130524T000000Z", scope=SCOPE), "canonical_request"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        (lambda: derive_signing_key(CREDS, ANY), "scope"),
        (lambda: signature(ANY, "a"), "signing_key"),
        (lambda: signature(KEY, 5), "string_to_sign"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        (lambda: presign("GET", "https://h/", credentials=CREDS, region="r", service="s3", rules=ANY), "rules"),
        (lambda: S3Presigner(CREDS, "r").presign_many("GET", "bkt", 5), "keys"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    ],
)
def test_a_wrong_type_is_a_type_error_that_names_the_parameter(call: "Callable[[], object]", parameter: str) -> None:
    with pytest.raises(TypeError, match=f"^{parameter}: expected [^,]+, got (str|int)$"):
        call()


@pytest.mark.parametrize(
    ("call", "parameter"),
    [
        (lambda: string_to_sign("GET\ud800", amz_date="20130524T000000Z", scope=SCOPE), "canonical_request"),
        (lambda: signature(KEY, "a\ud800"), "string_to_sign"),
    ],
)
def test_a_lone_surrogate_is_an_input_error_that_names_the_parameter(
    call: "Callable[[], object]", parameter: str
) -> None:
    with pytest.raises(InputError, match=f"^{parameter}: has a lone surrogate, which is not text$"):
        call()
