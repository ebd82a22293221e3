"""What the other tests of the core do not look at closely enough: each test here notices a change that they let pass.

Rule: the expected values are another implementation's or a document's, which the test names.
"""

import hmac
from typing import Any

import pytest
from test_verify import CREDS, NOW, TARGET, URL, check, refusal, url_of

from sigv4presign import GENERIC_RULES, Credentials, VerifiedRequest, _signature, _verify
from sigv4presign._encoding import keeping


class Used:
    """A memory in which every link is used."""

    def claim(self, request_id: str, expires_at: int) -> bool:
        return not (request_id and expires_at)


def test_signatures_are_compared_in_constant_time() -> None:
    assert _signature.same is hmac.compare_digest
    assert vars(_verify)["same"] is hmac.compare_digest


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
    assert str(caught.value) == "a VerifiedRequest comes from verify(); it cannot be made by hand"
