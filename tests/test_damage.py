"""A small run of the damage machine (`make damage` runs 5,000), and that it counts what it says."""

import random

import damage
import pytest

from sigv4presign import explain


def test_the_first_finding_names_the_damage() -> None:
    with_keys, without = damage.count(8 * len(damage.KINDS), seed=2026)
    assert with_keys.share >= damage.GOAL_WITH_KEYS, with_keys.misses
    assert without.share >= damage.GOAL_WITHOUT, without.misses


def test_there_are_more_than_twenty_kinds_of_damage_and_each_changes_what_was_signed() -> None:
    assert len(damage.KINDS) > 20
    rng = random.Random(7)
    for kind in damage.KINDS:
        one = damage.signed(rng)
        sent = kind.apply(rng, one)
        handed_out = (one.url.method, str(one.url), dict(one.url.headers), 1_764_000_030)
        assert (sent.method, sent.url, dict(sent.headers), sent.now) != handed_out, kind.apply.__name__


def test_what_is_not_damaged_counts_as_a_miss() -> None:
    rng = random.Random(3)
    one = damage.signed(rng)
    count = damage.Count()
    count.add(damage.KINDS[0], one.sent(), keys=True)
    assert count.share == 0
    assert count.misses


@pytest.mark.parametrize("keys", [False, True])
def test_five_hundred_healthy_urls_have_no_findings(keys: bool) -> None:
    rng = random.Random(500)
    for _ in range(500):
        one = damage.signed(rng)
        sent = one.sent()
        credentials = sent.keys if keys else None
        assert explain(sent.method, sent.url, headers=sent.headers, credentials=credentials, now=sent.now) == ()
