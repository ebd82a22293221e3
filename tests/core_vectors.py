"""The published vectors against any copy of the package, with `unittest` alone.

Rule: what is tested is handed in, never imported by name, so that a vendored copy, a zip and another interpreter are
held to the same cases as the package itself (tests/test_vectors.py runs these under pytest):

    python -I -S tests/core_vectors.py app.zip app._vendor.other_name
"""

import datetime
import hashlib
import importlib
import json
import os
import sys
import unittest
from types import ModuleType
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

VECTORS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "vectors")
FILES = {"aws-c-auth-v4.json": 76, "aws-c-auth-extra.json": 13, "aws-docs.json": 9}

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
    with open(os.path.join(VECTORS, name), encoding="utf-8") as file:
        data: dict[str, Any] = json.load(file)
    return data


CASES: "list[dict[str, Any]]" = [case for name in FILES for case in load(name)["cases"]]


def of_kind(kind: str) -> "list[dict[str, Any]]":
    return [case for case in CASES if case["kind"] == kind]


def rules_of(s: ModuleType, inputs: "dict[str, Any]") -> Any:
    return s.ServiceRules(
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
    moment = datetime.datetime.strptime(timestamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
    return int(moment.timestamp())


def same(made: object, expected: object) -> None:
    assert made == expected, f"\n{made}\n-- is not --\n{expected}"


def check_steps(s: ModuleType, case: "dict[str, Any]", canonical: str) -> str:
    """Hold the canonical request and what follows from it against the case; return the signature."""
    inputs, expected = case["inputs"], case["expected"]
    same(canonical, expected.get("canonical_request", canonical))
    scope = s.CredentialScope(inputs["timestamp"][:8], inputs["region"], inputs["service"])
    to_sign = s.string_to_sign(canonical, amz_date=inputs["timestamp"], scope=scope)
    same(to_sign, expected.get("string_to_sign", to_sign))
    key = s.derive_signing_key(s.Credentials(inputs["access_key"], inputs["secret_key"]), scope)
    made = str(s.signature(key, to_sign))
    same(made, expected.get("signature", made))
    names = canonical.split("\n")[-2]
    authorization = (
        f"AWS4-HMAC-SHA256 Credential={inputs['access_key']}/{scope}, SignedHeaders={names}, Signature={made}"
    )
    same(authorization, expected.get("authorization", authorization))
    return made


def check_canonical(s: ModuleType, case: "dict[str, Any]") -> None:
    inputs = case["inputs"]
    if inputs.get("operation") == "sign-string":
        scope = s.CredentialScope(inputs["date"], inputs["region"], inputs["service"])
        key = s.derive_signing_key(s.Credentials("AKIDEXAMPLE", inputs["secret_key"]), scope)
        same(s.signature(key, inputs["string_to_sign"]), case["expected"]["signature"])
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
    canonical = s.canonical_request(
        inputs["method"], inputs["url"], headers=headers, payload_hash=payload_of(inputs), rules=rules_of(s, inputs)
    )
    check_steps(s, case, canonical)


def presigned(s: ModuleType, case: "dict[str, Any]") -> Any:
    inputs = case["inputs"]
    return s.presign(
        inputs["method"],
        inputs["url"],
        credentials=s.Credentials(inputs["access_key"], inputs["secret_key"], inputs["session_token"]),
        region=inputs["region"],
        service=inputs["service"],
        expires_in=inputs.get("expires", 3600),
        headers=headers_of(case),
        payload_hash=payload_of(inputs),
        rules=rules_of(s, inputs),
        now=epoch(inputs["timestamp"]),
    )


def refused(s: ModuleType, case: "dict[str, Any]") -> str:
    """The parameter that `presign` names when it refuses a case, which it must."""
    try:
        presigned(s, case)
    except s.errors.InputError as fault:
        return str(fault.parameter)
    raise AssertionError("presign refuses nothing here")


def check_presign(s: ModuleType, case: "dict[str, Any]") -> None:
    inputs, expected = case["inputs"], case["expected"]
    if case["id"] in THROUGH_THE_STEPS:
        check_through_the_steps(s, case)
        return
    if "error" in expected:
        parameter = {"illegal_request_header": "headers", "illegal_request_query_param": "url"}[expected["error"]]
        same(refused(s, case), parameter)
        return
    assert inputs["signing_location"] == "query"
    url = presigned(s, case)
    split, wanted = urlsplit(str(url)), urlsplit(str(expected["url"]))
    same((split.scheme, split.netloc, split.path), (wanted.scheme, wanted.netloc, wanted.path))
    parameters = sorted(parse_qsl(split.query, keep_blank_values=True))
    same(parameters, sorted(parse_qsl(wanted.query, keep_blank_values=True)))
    # What was sent, read back as a server reads it, gives the published canonical request.
    unsigned = url.partition("&X-Amz-Signature=")[0]
    canonical = s.canonical_request(
        inputs["method"],
        unsigned,
        headers=[*url.headers.items()],
        payload_hash=payload_of(inputs),
        rules=rules_of(s, inputs),
    )
    same(dict(parameters)["X-Amz-Signature"], check_steps(s, case, canonical))
    check_verify(s, case)


def check_verify(s: ModuleType, case: "dict[str, Any]") -> None:
    """The published URL holds until its last second, and not a second longer."""
    inputs = case["inputs"]
    host = urlsplit(str(inputs["url"])).netloc
    headers = [(name, value) for name, value in headers_of(case) if name.lower() != "host"]
    last = epoch(inputs["timestamp"]) + inputs.get("expires", 3600)
    arguments: dict[str, Any] = {
        "headers": [("Host", host), *headers],
        "secrets": {
            inputs["access_key"]: s.Credentials(inputs["access_key"], inputs["secret_key"], inputs["session_token"])
        },
        "service": inputs["service"],
        "region": inputs["region"],
        "payload_hash": payload_of(inputs),
        "rules": rules_of(s, inputs),
    }
    seen = s.verify(inputs["method"], case["expected"]["url"], now=last, **arguments)
    same((seen.access_key_id, seen.expires_at), (inputs["access_key"], last))
    try:
        s.verify(inputs["method"], case["expected"]["url"], now=last + 1, **arguments)
    except s.errors.Expired:
        return
    raise AssertionError("verify accepts an expired URL")


def check_through_the_steps(s: ModuleType, case: "dict[str, Any]") -> None:
    inputs = case["inputs"]
    refused(s, case)  # the table says that presign refuses these: it must
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
    canonical = s.canonical_request(
        inputs["method"],
        inputs["url"] + ("&" if "?" in inputs["url"] else "?") + query,
        headers=inputs["headers"],
        payload_hash=payload_of(inputs),
        rules=rules_of(s, inputs),
    )
    same(check_steps(s, case, canonical), case["expected"]["signature"])


class CaseTest(unittest.TestCase):
    """One case."""

    def __init__(self, s: ModuleType, case: "dict[str, Any]") -> None:
        super().__init__()
        self.s, self.case = s, case

    def __str__(self) -> str:
        return str(self.case["id"])

    def runTest(self) -> None:  # noqa: N802 - what unittest calls
        check = {"canonical": check_canonical, "presign": check_presign}[self.case["kind"]]
        check(self.s, self.case)


def suite(s: ModuleType) -> unittest.TestSuite:
    """One test a case."""
    return unittest.TestSuite(CaseTest(s, case) for case in [*of_kind("canonical"), *of_kind("presign")])


def main() -> int:
    folder, name = sys.argv[1:]
    sys.path.insert(0, folder)
    result = unittest.TextTestRunner(stream=sys.stdout).run(suite(importlib.import_module(name)))
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
