"""What a URL costs, counted and not timed: the calls into the hash functions, and what is left behind in memory.

Rule: observed from outside.  The interpreter's profiler reports each call of a C function, whoever makes it, and the
allocator says how many blocks are in use; no private name of the package stands here.
"""

import functools
import gc
import hashlib
import hmac
import itertools
import sys
from collections import Counter
from collections.abc import Callable
from types import FrameType, ModuleType
from typing import Any

import pytest

from sigv4presign import (
    Credentials,
    CredentialScope,
    S3Presigner,
    _signature,
    derive_signing_key,
    errors,
    presign,
    verify,
)

BUCKET, KEY, REGION = "bucket", "photos/0001.jpeg", "eu-west-1"
NOON = 1_764_072_000  # 2025-11-25T12:00:00Z
DAY = 86_400

# One hash, of the canonical request; and HMAC (RFC 2104) is two hashes whose first blocks depend on the key alone, so
# that each is a copy of one that was begun before.  No HMAC is computed from a key.
STEADY = {"hash": 1, "copy": 2}
# The chain of the signing key: the day, the region, the service, the terminator.  Each HMAC of it has a key of its own,
# so its two hashes are begun anew, as are those of the key that it ends in.
CHAIN = {"hash": 4 * 2 + 2}


def counted(work: "Callable[[], object]") -> "dict[str, int]":
    """How many hashes were begun, how many copied, and how many HMACs were begun or computed, while work was done."""
    calls = Counter[str]()

    def note(_frame: FrameType, event: str, function: Any) -> None:
        if event != "c_call":
            return
        name, owner = function.__name__, function.__self__
        home = owner.__name__ if isinstance(owner, ModuleType) else type(owner).__module__
        if home not in ("_hashlib", "_sha2", "_sha256", "_hmac") or name == "compare_digest":
            return
        if "hmac" in name or home == "_hmac":
            calls["hmac"] += 1
        elif isinstance(owner, ModuleType):
            calls["hash"] += 1
        else:
            calls[name] += 1

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return {kind: calls[kind] for kind in ("hash", "copy", "hmac") if calls[kind]}


_number = itertools.count()


def new_credentials(token: "str | None" = None) -> Credentials:
    """Credentials that were never used, so that nothing can be remembered of them."""
    return Credentials("AKIDEXAMPLE", f"secret-{next(_number)}", token)


def presigned(credentials: Credentials, region: str = REGION, service: str = "s3", now: int = NOON) -> str:
    return presign(
        "GET", f"https://example.com/{KEY}", credentials=credentials, region=region, service=service, now=now
    )


def verified(url: str, credentials: Credentials) -> object:
    secrets = {credentials.access_key_id: credentials}
    return verify("GET", url, headers={}, secrets=secrets, service="s3", region=REGION, now=NOON)


def test_the_counter_sees_what_hashlib_and_hmac_are_asked_for() -> None:
    def work() -> None:
        begun = hashlib.sha256(b"begun")
        begun.copy().update(b"more")
        hmac.digest(b"key", b"text", "sha256")
        hmac.new(b"key", b"text", "sha256")

    assert counted(work) == {"hash": 1, "copy": 1, "hmac": 2}


# --- steady state ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", [None, "token/+="])
@pytest.mark.parametrize("key", [KEY, "a b/é.txt", "写真/東京.jpg"])
def test_get_object_in_a_second_seen_before_costs_one_hash_and_two_copies(key: str, token: "str | None") -> None:
    s3 = S3Presigner(new_credentials(token), region=REGION)
    s3.get_object(BUCKET, KEY, now=NOON)
    assert counted(lambda: s3.get_object(BUCKET, key, now=NOON)) == STEADY


def test_get_object_with_a_signing_key_costs_the_same() -> None:
    key = derive_signing_key(new_credentials(), CredentialScope("20251125", REGION, "s3"))
    s3 = S3Presigner(key, region=REGION)
    s3.get_object(BUCKET, KEY, now=NOON)
    assert counted(lambda: s3.get_object(BUCKET, KEY, now=NOON)) == STEADY


def test_presign_many_costs_one_hash_and_two_copies_a_url() -> None:
    s3 = S3Presigner(new_credentials(), region=REGION)
    s3.get_object(BUCKET, KEY, now=NOON)
    urls = s3.presign_many("GET", BUCKET, [f"{n} é.txt" for n in range(1_000)], now=NOON)
    assert counted(lambda: [*urls]) == {"hash": 1_000, "copy": 2_000}


@pytest.mark.parametrize("service", ["s3", "execute-api"])
def test_presign_costs_one_hash_and_two_copies(service: str) -> None:
    creds = new_credentials()
    presigned(creds, service=service)
    assert counted(lambda: presigned(creds, service=service)) == STEADY


def test_verify_costs_one_hash_and_two_copies() -> None:
    creds = new_credentials()
    url = presigned(creds)
    assert counted(lambda: verified(url, creds)) == STEADY


# --- what a change costs ---------------------------------------------------------------------------------------------


def test_a_new_second_derives_no_key() -> None:
    s3 = S3Presigner(new_credentials(), region=REGION)
    s3.get_object(BUCKET, KEY, now=NOON)
    cost = counted(lambda: s3.get_object(BUCKET, KEY, now=NOON + 1))
    assert cost["hash"] == 1  # so no HMAC was begun


def test_a_new_bucket_or_method_or_lifetime_derives_no_key() -> None:
    s3 = S3Presigner(new_credentials(), region=REGION)
    s3.get_object(BUCKET, KEY, now=NOON)

    def work() -> None:
        s3.get_object("bucket-2", KEY, now=NOON)
        s3.put_object(BUCKET, KEY, now=NOON, content_type="image/png")
        s3.get_object(BUCKET, KEY, now=NOON, expires_in=60)

    assert counted(work)["hash"] == 3


def test_a_new_day_region_service_or_secret_costs_one_chain_of_four_once() -> None:
    creds, other = new_credentials(), new_credentials()
    presigned(creds)
    for work in (
        lambda: presigned(creds, now=NOON + DAY),
        lambda: presigned(creds, region="eu-north-1"),
        lambda: presigned(creds, service="execute-api"),
        lambda: presigned(other),
    ):
        assert counted(work) == {"hash": STEADY["hash"] + CHAIN["hash"], "copy": STEADY["copy"]}
        assert counted(work) == STEADY


def test_a_day_seen_before_derives_no_key_so_midnight_may_come_and_go() -> None:
    creds = new_credentials()
    s3 = S3Presigner(creds, region=REGION)
    midnight = NOON + DAY // 2
    _signature._STATES.clear()  # else it may be full by now, and be emptied between the two
    for now in (midnight - 1, midnight):
        s3.get_object(BUCKET, KEY, now=now)

    def work() -> None:
        for now in (midnight - 1, midnight, midnight - 1, midnight):
            s3.get_object(BUCKET, KEY, now=now)

    assert counted(work)["hash"] == 4


def test_presigners_of_the_same_credentials_derive_their_key_once() -> None:
    creds = new_credentials()
    S3Presigner(creds, region=REGION).get_object(BUCKET, KEY, now=NOON)
    other = S3Presigner(creds, region=REGION, endpoint="http://127.0.0.1:9000")
    assert counted(lambda: other.get_object(BUCKET, KEY, now=NOON))["hash"] == 1


def test_making_a_presigner_hashes_nothing() -> None:
    creds = new_credentials()
    assert counted(lambda: S3Presigner(creds, region=REGION)) == {}


# --- what a refused request costs ------------------------------------------------------------------------------------


def refused(url: str, secrets: "dict[str, str]", reason: str) -> "Callable[[], None]":
    def work() -> None:
        with pytest.raises(errors.VerificationError) as refusal:
            verify("GET", url, headers={}, secrets=secrets, service="s3", region=REGION, now=NOON)
        assert refusal.value.reason == reason

    return work


def test_a_request_of_an_unknown_access_key_is_refused_without_a_hash() -> None:
    url = presigned(new_credentials())
    assert counted(refused(url, {}, "unknown_access_key")) == {}


def test_a_request_for_another_region_is_refused_without_a_hash() -> None:
    url = presigned(new_credentials(), region="eu-north-1")
    assert counted(refused(url, {"AKIDEXAMPLE": "secret"}, "wrong_region")) == {}


def test_a_forged_request_costs_no_more_than_a_genuine_one() -> None:
    url = presigned(new_credentials())
    cost = counted(refused(url, {"AKIDEXAMPLE": f"another-{next(_number)}"}, "signature_mismatch"))
    assert cost == {"hash": STEADY["hash"] + CHAIN["hash"], "copy": STEADY["copy"]}


# --- what is left behind ---------------------------------------------------------------------------------------------

MANY = 100_000
BOUND = 100  # entries that a cache of the package may hold
BLOCKS = 2_500  # blocks of memory that full caches may differ by; a byte kept of each turn would be 100,000


def containers() -> "dict[str, int]":
    """The size of every container and cache that is a global of one of the package's modules."""
    sizes: dict[str, int] = {}
    for module_name, module in [*sys.modules.items()]:
        if module_name.partition(".")[0] != "sigv4presign":
            continue
        for name, value in vars(module).items():
            if name.startswith("__"):
                continue
            if isinstance(value, (dict, list, set)):
                sizes[f"{module_name}.{name}"] = len(value)  # pyright: ignore[reportUnknownArgumentType]
            elif isinstance(value, functools._lru_cache_wrapper):
                sizes[f"{module_name}.{name}"] = value.cache_info().currsize
    return sizes


def grown(turn: "Callable[[int], object]", turns: int) -> "tuple[int, dict[str, int]]":
    """By how many blocks memory has grown after many turns, and the containers that have."""
    for number in range(200):
        turn(number)  # so that what has a bound is full
    before = containers()
    gc.collect()
    blocks = sys.getallocatedblocks()
    for number in range(200, turns):
        turn(number)
    gc.collect()
    blocks = sys.getallocatedblocks() - blocks
    return blocks, {name: size for name, size in containers().items() if size > max(before.get(name, 0), BOUND)}


def test_nothing_is_kept_of_a_hundred_thousand_regions_buckets_keys_and_seconds() -> None:
    creds = new_credentials()

    def turn(n: int) -> None:
        S3Presigner(creds, region=f"region-{n}").get_object(f"bucket-{n}", f"key-{n}", now=NOON + n)

    blocks, containers_grown = grown(turn, MANY)
    assert containers_grown == {}
    assert blocks < BLOCKS


def test_a_presigner_keeps_nothing_of_the_keys_buckets_and_seconds_it_has_signed() -> None:
    s3 = S3Presigner(new_credentials(), region=REGION)
    blocks, containers_grown = grown(lambda n: s3.get_object(f"bucket-{n}", f"key {n}", now=NOON + 61 * n), MANY // 5)
    assert containers_grown == {}
    assert blocks < BLOCKS


def test_signing_and_verifying_for_ever_new_credentials_regions_and_services_keep_nothing() -> None:
    def turn(n: int) -> None:
        creds = Credentials(f"AKID{n}", f"secret-{n}")
        region, service = f"region-{n}", f"service-{n}"
        url = presigned(creds, region, service, NOON + 61 * n)
        secrets = {creds.access_key_id: creds.secret_access_key}
        verify("GET", url, headers={}, secrets=secrets, service=service, region=region, now=NOON + 61 * n)

    blocks, containers_grown = grown(turn, MANY // 5)
    assert containers_grown == {}
    assert blocks < BLOCKS


def test_refusing_ever_new_forgeries_keeps_nothing() -> None:
    url = presigned(new_credentials())

    def turn(n: int) -> None:
        with pytest.raises(errors.SignatureMismatch):
            verify("GET", f"{url}&n={n}", headers={}, secrets={"AKIDEXAMPLE": f"s{n}"}, service="s3", region=REGION)

    blocks, containers_grown = grown(turn, MANY // 20)
    assert containers_grown == {}
    assert blocks < BLOCKS
