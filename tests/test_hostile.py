"""Changed forms, policies, URLs, tokens and answers: only documented errors escape (`make fuzz` runs many more)."""

import random

import hostile
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import Case, cases


@pytest.mark.parametrize("kind", sorted(hostile.FINDERS))
@settings(max_examples=40)
@given(cases(), st.integers(0, 2**32))
def test_what_was_changed_is_read_or_refused_and_nothing_else_happens(kind: str, case: Case, seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(5):
        assert hostile.documented(hostile.FINDERS[kind], case, rng) is None


@given(cases())
@settings(max_examples=1)
def test_an_undocumented_error_is_a_finding(case: Case) -> None:
    def fail(_case: Case, _rng: random.Random) -> None:
        raise KeyError("x")

    found = hostile.documented(fail, case, random.Random(0))
    assert found is not None
    assert "KeyError: 'x'" in found
