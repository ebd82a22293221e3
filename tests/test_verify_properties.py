"""Properties of `verify`: it accepts what signers make, and a changed request is refused or identical."""

import random
from urllib.parse import unquote

import mutation
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import Case, cases, text

from sigv4presign import verify
from sigv4presign.errors import VerificationError


@given(cases())
def test_it_accepts_what_presign_and_botocore_make(case: Case) -> None:
    for url in mutation.both_makers(case):
        seen = mutation.judge(case, mutation.received(case, url))
        assert (seen.access_key_id, seen.method) == (case.keys[0], case.method)
        assert (seen.scope.region, seen.scope.service) == (case.region, case.service)
        assert seen.expires_at == case.now + case.expires_in
        assert seen.query == tuple(sorted(case.query))
        assert {name for name, _ in case.headers} <= {*seen.headers, *(name for name, _ in case.headers)}
        assert set(seen.headers) == {"host", *(name.lower() for name, _ in case.headers)}
        if case.kind == "s3":
            assert [unquote(part) for part in seen.path.split("/")] == [unquote(part) for part in case.path.split("/")]


@settings(max_examples=100)  # times 100 mutations each
@given(cases(), st.integers(0, 2**32))
def test_a_changed_request_is_refused_or_identical(case: Case, seed: int) -> None:
    rng = random.Random(seed)
    request = mutation.received(case, mutation.both_makers(case)[seed % 2])
    original = mutation.judge(case, request)
    for _ in range(100):
        assert mutation.finding(case, rng, request, original) is None


@given(
    st.one_of(text, st.sampled_from(["GET", "PUT"])),
    st.one_of(text, text.map("/{}".format), text.map("https://{}/".format), text.map("/?X-Amz-Signature={}".format)),
    st.lists(st.tuples(text, text), max_size=3),
)
def test_random_text_raises_nothing_but_a_verification_error(
    method: str, url: str, headers: "list[tuple[str, str]]"
) -> None:
    with pytest.raises(VerificationError) as caught:
        verify(method, url, headers=[("Host", "h"), *headers], secrets={}, service="s3", region=None)
    assert caught.value.status in (400, 403)
