"""The published vectors, through the public functions.

Rule: the runner knows every key and every case: an unknown key, an empty file or a wrong count is a failure, since a
suite that silently finds nothing passes forever.  How a case is judged stands in core_vectors.py, without pytest.
"""

import base64
from collections import Counter
from typing import Any

import core_vectors
import pytest
from core_vectors import CASES, FILES, LEFT_OUT_BY_THE_CALLER, THROUGH_THE_STEPS

import sigv4presign
from sigv4presign import Credentials, CredentialScope, derive_signing_key, signature

FILE_KEYS = {"source", "split", "provenance", "count", "cases"}
CASE_KEYS = {"id", "source", "kind", "inputs", "expected", "confirmed", "confirm_note", "botocore", "botocore_diff",
             "note", "derived"}  # fmt: skip
INPUT_KEYS = {
    "method", "url", "headers", "body", "payload_hash", "algorithm", "signing_location", "region", "service",
    "access_key", "secret_key", "session_token", "timestamp", "expires", "normalize_path", "double_encode",
    "omit_session_token", "exclude_headers", "add_content_sha256_header", "operation",
    # sign-string, and a POST policy's signature
    "date", "string_to_sign", "policy",
}  # fmt: skip
EXPECTED_KEYS = {"canonical_request", "string_to_sign", "signature", "authorization", "url", "error"}

# Cases of other kinds than `presign` and `canonical`; each belongs to a part of the library with a runner of its own.
OTHER_KINDS = {"post-policy": 3, "sigv4a": 1}


def of_kind(kind: str) -> "list[Any]":
    return [pytest.param(case, id=case["id"]) for case in core_vectors.of_kind(kind)]


@pytest.mark.parametrize(("name", "count"), FILES.items())
def test_each_file_is_whole_and_known(name: str, count: int) -> None:
    data = core_vectors.load(name)
    assert set(data) == FILE_KEYS
    assert data["provenance"]["licence"]
    assert data["count"] == len(data["cases"]) == count
    for case in data["cases"]:
        assert set(case) <= CASE_KEYS, case["id"]
        if case["kind"] in ("presign", "canonical"):
            assert set(case["inputs"]) <= INPUT_KEYS, case["id"]
            assert set(case["expected"]) <= EXPECTED_KEYS, case["id"]
            assert case["expected"], case["id"]


def test_every_case_is_run_by_somebody() -> None:
    kinds = Counter(case["kind"] for case in CASES)
    assert kinds.pop("presign") == 38 + 8 + 1
    assert kinds.pop("canonical") == 38 + 4 + 5
    assert kinds == OTHER_KINDS
    ids = [case["id"] for case in CASES]
    assert len(ids) == len(set(ids))
    assert set(THROUGH_THE_STEPS) | LEFT_OUT_BY_THE_CALLER <= set(ids)
    assert len(THROUGH_THE_STEPS) == 5


@pytest.mark.parametrize("case", of_kind("canonical"))
def test_canonical_cases(case: "dict[str, Any]") -> None:
    core_vectors.check_canonical(sigv4presign, case)


@pytest.mark.parametrize("case", of_kind("presign"))
def test_presign_cases(case: "dict[str, Any]") -> None:
    core_vectors.check_presign(sigv4presign, case)


def test_the_post_policy_of_the_documentation_has_its_signature() -> None:
    [case] = [case for case in CASES if case["id"] == "aws-docs/s3-post-policy"]
    inputs = case["inputs"]
    assert base64.b64decode(inputs["policy"]).startswith(b'{ "expiration"')
    key = derive_signing_key(
        Credentials("AKIDEXAMPLE", inputs["secret_key"]),
        CredentialScope(inputs["date"], inputs["region"], inputs["service"]),
    )
    assert signature(key, inputs["policy"]) == case["expected"]["signature"]
