"""The published vectors, through the public functions.

Rule: the runner knows every key and every case: an unknown key, an empty file or a wrong count is a failure, since a
suite that silently finds nothing passes forever.
"""

import base64
import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import pytest

from sigv4presign import (
    Credentials,
    CredentialScope,
    PresignedUrl,
    ServiceRules,
    canonical_request,
    derive_signing_key,
    presign,
    signature,
    string_to_sign,
)
from sigv4presign.errors import InputError

VECTORS = Path(__file__).parent / "vectors"
FILES = {"aws-c-auth-v4.json": 76, "aws-c-auth-extra.json": 13, "aws-docs.json": 9}

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

# Presigned cases that `presign` refuses on purpose (a URL has to be given as it will be requested, a header as it can
# be sent), so they run through the steps.
THROUGH_THE_STEPS = {
    "aws-c-auth-v4/get-header-value-multiline/query": "a line break in a header value",
    "aws-c-auth-v4/get-space-normalized/query": "a raw space in the path",
    "aws-c-auth-v4/get-space-unnormalized/query": "a raw space in the path",
    "aws-c-auth-v4/get-utf8/query": "a raw non-ASCII character in the path",
    "aws-c-auth-v4/get-vanilla-utf8-query/query": "a raw non-ASCII character in the query",
}
# A case whose source is told to leave a header unsigned; with us, one leaves it out of `headers`.
LEFT_OUT_BY_THE_CALLER = {"aws-c-auth-extra/skip-custom"}


def load(name: str) -> "dict[str, Any]":
    data: dict[str, Any] = json.loads((VECTORS / name).read_text(encoding="utf-8"))
    return data


CASES: "list[dict[str, Any]]" = [case for name in FILES for case in load(name)["cases"]]


def of_kind(kind: str) -> "list[Any]":
    return [pytest.param(case, id=case["id"]) for case in CASES if case["kind"] == kind]


@pytest.mark.parametrize(("name", "count"), FILES.items())
def test_each_file_is_whole_and_known(name: str, count: int) -> None:
    data = load(name)
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


def rules_of(inputs: "dict[str, Any]") -> ServiceRules:
    return ServiceRules(
        normalize_path=inputs["normalize_path"],
        double_encode=inputs["double_encode"],
        session_token="appended" if inputs.get("omit_session_token") else "signed",
    )


def payload_of(inputs: "dict[str, Any]") -> str:
    if inputs["payload_hash"] == "body":
        return hashlib.sha256(inputs["body"].encode()).hexdigest()
    return str(inputs["payload_hash"])


def headers_of(case: "dict[str, Any]") -> "list[tuple[str, str]]":
    excluded = {name.lower() for name in case["inputs"].get("exclude_headers", ())}
    assert bool(excluded) == (case["id"] in LEFT_OUT_BY_THE_CALLER)
    return [(name, value) for name, value in case["inputs"]["headers"] if name.lower() not in excluded]


def epoch(timestamp: str) -> int:
    import datetime

    moment = datetime.datetime.strptime(timestamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
    return int(moment.timestamp())


def check_steps(case: "dict[str, Any]", canonical: str) -> str:
    """Hold the canonical request and what follows from it against the case; return the signature."""
    inputs, expected = case["inputs"], case["expected"]
    if "canonical_request" in expected:
        assert canonical == expected["canonical_request"]
    scope = CredentialScope(inputs["timestamp"][:8], inputs["region"], inputs["service"])
    to_sign = string_to_sign(canonical, amz_date=inputs["timestamp"], scope=scope)
    if "string_to_sign" in expected:
        assert to_sign == expected["string_to_sign"]
    made = signature(derive_signing_key(Credentials(inputs["access_key"], inputs["secret_key"]), scope), to_sign)
    if "signature" in expected:
        assert made == expected["signature"]
    if "authorization" in expected:
        names = canonical.split("\n")[-2]
        assert expected["authorization"] == (
            f"AWS4-HMAC-SHA256 Credential={inputs['access_key']}/{scope}, SignedHeaders={names}, Signature={made}"
        )
    return made


@pytest.mark.parametrize("case", of_kind("canonical"))
def test_canonical_cases(case: "dict[str, Any]") -> None:
    inputs = case["inputs"]
    if inputs.get("operation") == "sign-string":
        scope = CredentialScope(inputs["date"], inputs["region"], inputs["service"])
        key = derive_signing_key(Credentials("AKIDEXAMPLE", inputs["secret_key"]), scope)
        assert signature(key, inputs["string_to_sign"]) == case["expected"]["signature"]
        return
    assert inputs["signing_location"] == "header"
    headers = headers_of(case)
    names = {name.lower() for name, _ in headers}
    # What header signing adds to the request before it is signed.
    if "x-amz-date" not in names:
        headers.append(("X-Amz-Date", inputs["timestamp"]))
    if inputs["session_token"] and not inputs["omit_session_token"]:
        headers.append(("X-Amz-Security-Token", inputs["session_token"]))
    if inputs.get("add_content_sha256_header"):
        headers.append(("X-Amz-Content-Sha256", payload_of(inputs)))
    canonical = canonical_request(
        inputs["method"], inputs["url"], headers=headers, payload_hash=payload_of(inputs), rules=rules_of(inputs)
    )
    check_steps(case, canonical)


@pytest.mark.parametrize("case", of_kind("presign"))
def test_presign_cases(case: "dict[str, Any]") -> None:
    inputs, expected = case["inputs"], case["expected"]
    if case["id"] in THROUGH_THE_STEPS:
        check_through_the_steps(case)
        return
    if "error" in expected:
        parameter = {"illegal_request_header": "headers", "illegal_request_query_param": "url"}[expected["error"]]
        with pytest.raises(InputError) as caught:
            presigned(case)
        assert caught.value.parameter == parameter
        return
    assert inputs["signing_location"] == "query"
    url = presigned(case)
    split, wanted = urlsplit(str(url)), urlsplit(str(expected["url"]))
    assert (split.scheme, split.netloc, split.path) == (wanted.scheme, wanted.netloc, wanted.path)
    parameters = sorted(parse_qsl(split.query, keep_blank_values=True))
    assert parameters == sorted(parse_qsl(wanted.query, keep_blank_values=True))
    # What was sent, read back as a server reads it, gives the published canonical request.
    unsigned = url.partition("&X-Amz-Signature=")[0]
    canonical = canonical_request(
        inputs["method"],
        unsigned,
        headers=[*url.headers.items()],
        payload_hash=payload_of(inputs),
        rules=rules_of(inputs),
    )
    assert dict(parameters)["X-Amz-Signature"] == check_steps(case, canonical)


def presigned(case: "dict[str, Any]") -> PresignedUrl:
    inputs = case["inputs"]
    return presign(
        inputs["method"],
        inputs["url"],
        credentials=Credentials(inputs["access_key"], inputs["secret_key"], inputs["session_token"]),
        region=inputs["region"],
        service=inputs["service"],
        expires_in=inputs.get("expires", 3600),
        headers=headers_of(case),
        payload_hash=payload_of(inputs),
        rules=rules_of(inputs),
        now=epoch(inputs["timestamp"]),
    )


def check_through_the_steps(case: "dict[str, Any]") -> None:
    inputs = case["inputs"]
    with pytest.raises(InputError):  # the table says that presign refuses these: it must
        presigned(case)
    scope = f"{inputs['timestamp'][:8]}/{inputs['region']}/{inputs['service']}/aws4_request"
    names = ";".join(sorted({name.lower() for name, _ in inputs["headers"]}))
    parameters = {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": f"{inputs['access_key']}/{scope}",
        "X-Amz-Date": inputs["timestamp"],
        "X-Amz-Expires": str(inputs["expires"]),
        "X-Amz-SignedHeaders": names,
    }
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in parameters.items())
    canonical = canonical_request(
        inputs["method"],
        inputs["url"] + ("&" if "?" in inputs["url"] else "?") + query,
        headers=inputs["headers"],
        payload_hash=payload_of(inputs),
        rules=rules_of(inputs),
    )
    assert check_steps(case, canonical) == case["expected"]["signature"]


def test_the_post_policy_of_the_documentation_has_its_signature() -> None:
    [case] = [case for case in CASES if case["id"] == "aws-docs/s3-post-policy"]
    inputs = case["inputs"]
    assert base64.b64decode(inputs["policy"]).startswith(b'{ "expiration"')
    key = derive_signing_key(
        Credentials("AKIDEXAMPLE", inputs["secret_key"]),
        CredentialScope(inputs["date"], inputs["region"], inputs["service"]),
    )
    assert signature(key, inputs["policy"]) == case["expected"]["signature"]
