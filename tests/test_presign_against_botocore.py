"""`presign` equals botocore's signers, but for a table of known disagreements."""

from dataclasses import replace

import agreement
import pytest
from hypothesis import given
from strategies import Case, cases

from sigv4presign import Credentials, presign

CASE = Case(
    kind="s3",
    method="GET",
    scheme="https",
    host="bucket.s3.eu-west-1.amazonaws.com",
    path="/key",
    query=(),
    raw_query="",
    headers=(),
    keys=("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", None),
    region="eu-west-1",
    service="s3",
    expires_in=900,
    now=1_764_000_000,
)


@given(cases())
def test_presign_makes_the_url_that_botocore_makes(case: Case) -> None:
    assert agreement.disagreement(case) is None


# (what, the case, who is right and why): each row must really disagree, so that a row which botocore outgrows shows up.
KNOWN_DISAGREEMENTS = [
    (
        "repeated parameters",
        replace(CASE, query=(("a", "1"), ("a", "2")), raw_query="a=1&a=2"),
        "ours: botocore drops all but the first, so the URL no longer says what was asked",
    ),
    (
        "an S3 URL without a path",
        replace(CASE, path=""),
        "ours: a client sends / and a server reads /; botocore signs an empty path",
    ),
    (
        "the form content type",
        replace(CASE, headers=(("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),)),
        "ours: what was given is signed; botocore takes it for its own default and drops it",
    ),
]


@pytest.mark.parametrize(
    ("what", "case", "who_is_right"), KNOWN_DISAGREEMENTS, ids=[row[0] for row in KNOWN_DISAGREEMENTS]
)
def test_known_disagreements_are_still_disagreements(what: str, case: Case, who_is_right: str) -> None:
    assert who_is_right.startswith("ours: "), what
    assert agreement.disagreement(case) is not None


def test_repeats_are_signed_sorted_and_all_sent() -> None:
    url = agreement.ours(replace(CASE, query=(("a", "2"), ("a", "1"), ("a-b", "0")), raw_query="a=2&a=1&a-b=0"))
    assert "?X-Amz-Algorithm" in url
    assert "&a=1&a=2&a-b=0&X-Amz-Signature=" in url


def test_the_default_ports_of_web_sockets_are_dropped_where_botocore_keeps_them() -> None:
    with_port = presign_ws("wss://h.example:443/mqtt")
    assert with_port == presign_ws("wss://h.example/mqtt")
    assert presign_ws("ws://h.example:80/mqtt") == presign_ws("ws://h.example/mqtt")
    assert "h.example:8443/" in presign_ws("wss://h.example:8443/mqtt")


def presign_ws(url: str) -> str:
    return presign(
        "GET", url, credentials=Credentials("AKID", "secret"), region="eu-west-1", service="transcribe", expires_in=300,
        now=1_764_000_000,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["X", "X-", "X-Amz", "X-Amz-", "X-Amz-SignedHeader", "X-Amz-T", "X-B", "X0", "Y", "W"])
@pytest.mark.parametrize("kind", ["s3", "generic"])
def test_names_are_sorted_as_names_even_when_one_begins_another(kind: str, name: str) -> None:
    # Found by `make fuzz`: `X=` sorts behind `X-Amz-Algorithm=`, but the name X before the name X-Amz-Algorithm.
    service = "s3" if kind == "s3" else "execute-api"
    keys = ("AKIDEXAMPLE", "secret", "token")
    case = Case(kind, "GET", "https", "a", "/", ((name, "1"),), f"{name}=1", (), keys, "us-east-1", service, 1, 0)
    assert agreement.disagreement(case) is None
