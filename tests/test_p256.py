"""ECDSA on P-256, held against RFC 6979's own vectors, `cryptography` (OpenSSL), and schoolbook arithmetic.

Rule: expected values never come from the module under test.
"""

import hashlib
import hmac
import re
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from hypothesis import given
from hypothesis import strategies as st

from sigv4presign import _p256
from sigv4presign._p256 import BITS, BLOCKS, COLUMNS, ROWS, STRIDE, G, N, P, base_multiple, sign

PAGE = Path(__file__).parent.parent / "docs" / "explanation" / "pure-python-ecdsa.md"

Point = tuple[int, int]


# --- outside opinions -------------------------------------------------------------------------------------------------


def opposite(point: Point) -> Point:
    return point[0], P - point[1]


def schoolbook_sum(one: "Point | None", other: "Point | None") -> "Point | None":
    """The addition law as textbooks have it, every case of it; None is the point at infinity."""
    if one is None or other is None:
        return one or other
    if one == opposite(other):
        return None
    (x1, y1), (x2, y2) = one, other
    slope = (3 * x1 * x1 - 3) * pow(2 * y1, -1, P) if one == other else (y2 - y1) * pow(x2 - x1, -1, P)
    x3 = (slope * slope - x1 - x2) % P
    return x3, (slope * (x1 - x3) - y1) % P


def openssl_key(private_key: int) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(private_key, ec.SECP256R1())


def openssl_multiple(scalar: int) -> Point:
    numbers = openssl_key(scalar).public_key().public_numbers()
    return numbers.x, numbers.y


def openssl_signature(private_key: int, digest: bytes) -> bytes:
    """OpenSSL's own signature with the nonces of RFC 6979."""
    algorithm = ec.ECDSA(utils.Prehashed(hashes.SHA256()), deterministic_signing=True)
    return openssl_key(private_key).sign(digest, algorithm)


def rfc6979_nonces(private_key: int, digest: bytes, order: int) -> Iterator[int]:
    """RFC 6979, section 3.2, step by step, for an order of 256 bits."""
    value, key = b"\1" * 32, b"\0" * 32  # b, c
    hashed = int.from_bytes(digest, "big")
    octets = private_key.to_bytes(32, "big") + (hashed - order if hashed >= order else hashed).to_bytes(32, "big")
    key = hmac.new(key, value + b"\0" + octets, "sha256").digest()  # d
    value = hmac.new(key, value, "sha256").digest()  # e
    key = hmac.new(key, value + b"\1" + octets, "sha256").digest()  # f
    value = hmac.new(key, value, "sha256").digest()  # g
    while True:  # h
        value = hmac.new(key, value, "sha256").digest()
        if 1 <= int.from_bytes(value, "big") < order:
            yield int.from_bytes(value, "big")
        key = hmac.new(key, value + b"\0", "sha256").digest()
        value = hmac.new(key, value, "sha256").digest()


PRIVATE_KEYS = st.integers(1, N - 1) | st.sampled_from([1, 2, 3, N // 2, N // 2 + 1, N - 3, N - 2, N - 1])
DIGESTS = st.binary(min_size=32, max_size=32) | st.sampled_from(
    [value.to_bytes(32, "big") for value in (0, 1, N - 1, N, N + 1, 2**256 - 1)]
)


# --- the vectors of the standard --------------------------------------------------------------------------------------

# RFC 6979, A.2.5, "With SHA-256"
KEY_OF_THE_RFC = 0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721
PUBLIC_KEY_OF_THE_RFC = (
    0x60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6,
    0x7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299,
)
VECTORS_OF_THE_RFC = {
    b"sample": (
        0xA6E3C57DD01ABE90086538398355DD4C3B17AA873382B0F24D6129493D8AAD60,
        0xEFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716,
        0xF7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8,
    ),
    b"test": (
        0xD16B6AE827F17175E040871A1C7EC3500192C4C92677336EC2537ACAEE0008E0,
        0xF1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367,
        0x019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083,
    ),
}


def test_the_public_key_is_that_of_rfc_6979() -> None:
    assert base_multiple(KEY_OF_THE_RFC) == PUBLIC_KEY_OF_THE_RFC


@pytest.mark.parametrize("message", VECTORS_OF_THE_RFC)
def test_nonces_and_signatures_are_those_of_rfc_6979(message: bytes) -> None:
    nonce, r, s = VECTORS_OF_THE_RFC[message]
    digest = hashlib.sha256(message).digest()
    assert next(_p256._nonces(KEY_OF_THE_RFC, int.from_bytes(digest, "big"))) == nonce
    assert sign(KEY_OF_THE_RFC, digest) == utils.encode_dss_signature(r, s)


# --- against OpenSSL --------------------------------------------------------------------------------------------------


@given(PRIVATE_KEYS, DIGESTS)
def test_signatures_verify_and_are_the_ones_that_openssl_makes(private_key: int, digest: bytes) -> None:
    made = sign(private_key, digest)
    openssl_key(private_key).public_key().verify(made, digest, ec.ECDSA(utils.Prehashed(hashes.SHA256())))
    assert made == openssl_signature(private_key, digest)


@given(PRIVATE_KEYS)
def test_multiples_of_g_are_those_of_openssl(scalar: int) -> None:
    assert base_multiple(scalar) == openssl_multiple(scalar)


@pytest.mark.parametrize("exponent", range(0, 256, 5))
def test_multiples_by_powers_of_two_and_their_neighbours_are_right(exponent: int) -> None:
    for scalar in {max(2**exponent - 1, 1), 2**exponent, 2**exponent + 1, N - 2**exponent}:
        assert base_multiple(scalar) == openssl_multiple(scalar)


def test_the_smallest_and_the_largest_scalars_give_the_textbooks_points() -> None:
    doubled = schoolbook_sum(G, G)
    assert doubled is not None
    assert base_multiple(1) == G
    assert base_multiple(N - 1) == opposite(G)
    assert base_multiple(2) == doubled
    assert base_multiple(N - 2) == opposite(doubled)


def test_every_entry_of_the_tables_is_the_multiple_it_stands_for() -> None:
    comb = _p256._fill_comb()
    assert [len(table) for table in comb] == [2**ROWS] * BLOCKS
    for block, table in zip(reversed(range(BLOCKS)), comb, strict=True):
        for index, point in enumerate(table):
            signs = [1 if index >> row & 1 else -1 for row in range(ROWS)]
            scalar = sum(sign * 2 ** (row * STRIDE + block * COLUMNS) for row, sign in enumerate(signs))
            assert point == openssl_multiple(scalar % N)


# --- where the addition law has no answer -----------------------------------------------------------------------------


def blinded(scalar: int, blind: bytes) -> int:
    """The number that stands for a scalar if this is what the random source says."""
    noise = int.from_bytes(blind, "big") | 1
    return scalar + (noise ^ (scalar & 1)) * N


def last_addend(index: int) -> int:
    """What the lowest block's last column adds, as a multiple of G, if the bits of its rows are those of an index."""
    return sum((1 if index >> row & 1 else -1) * 2 ** (row * STRIDE) for row in range(ROWS))


def scalars_of_the_last_addend(factor: int) -> "Iterator[tuple[int, bytes]]":
    """Scalars, each with a blind, that are `factor` times the point that is then added last."""
    for index in range(2**ROWS):
        scalar = factor * last_addend(index) % N
        for number in range(2**12):
            blind = hashlib.sha256(number.to_bytes(2, "big")).digest()[:10]
            signs = (blinded(scalar, blind) + 2**BITS - 1) >> 1
            if all(signs >> (row * STRIDE) & 1 == index >> row & 1 for row in range(ROWS)):
                yield scalar, blind
                break


class Source:
    """A random source that begins with what it is told."""

    def __init__(self, *first: bytes) -> None:
        self.first = list(first)
        self.asked: list[int] = []

    def __call__(self, size: int) -> bytes:
        self.asked.append(size)
        return self.first.pop(0) if self.first else hashlib.sha256(bytes(self.asked)).digest()[:size]


@pytest.mark.parametrize(
    "factor",
    [
        pytest.param(2, id="the last addition is that of a point to itself"),
        pytest.param(1, id="the last but one is that of a point to its opposite"),
    ],
)
def test_a_sum_that_the_formulas_do_not_cover_is_begun_anew(factor: int, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = list(scalars_of_the_last_addend(factor))
    assert len(cases) > 200
    for scalar, blind in cases:
        source = Source(blind)
        monkeypatch.setattr(_p256, "urandom", source)
        assert base_multiple(scalar) == openssl_multiple(scalar)
        assert source.asked[:4] == [10, 32, 10, 32]  # these scalars need a third blind once in 256 times


def test_a_random_z_of_zero_is_drawn_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(bytes(10), bytes(32))
    monkeypatch.setattr(_p256, "urandom", source)
    assert base_multiple(7) == openssl_multiple(7)
    assert source.asked == [10, 32, 10, 32]


def test_additions_have_z_zero_exactly_where_textbooks_tell_cases_apart() -> None:
    lifted = (G[0] * 4 % P, G[1] * 8 % P), (4, 8)
    assert _p256._add(lifted, G)[1] == (0, 0)
    assert _p256._add(lifted, opposite(G))[1] == (0, 0)
    lost = _p256._add(lifted, G)
    assert _p256._double(lost)[1] == (0, 0)
    assert _p256._add(lost, base_multiple(5))[1] == (0, 0)


@given(st.integers(1, N - 1), st.integers(1, N - 1), st.integers(1, P - 1))
def test_adding_and_doubling_follow_the_textbook(one: int, other: int, z: int) -> None:
    point, addend = openssl_multiple(one), openssl_multiple(other)
    lifted = (point[0] * z**2 % P, point[1] * z**3 % P), (z**2 % P, z**3 % P)
    doubled = _p256._double(lifted)
    assert _p256._affine(doubled, pow(doubled[1][1], -1, P)) == schoolbook_sum(point, point)
    if one not in (other, N - other):
        total = _p256._add(lifted, addend)
        assert _p256._affine(total, pow(total[1][1], -1, P)) == schoolbook_sum(point, addend)


# --- where a nonce does not do ----------------------------------------------------------------------------------------


def test_a_nonce_outside_the_order_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    order = 2**255 + 95  # the half of all candidates lies above
    monkeypatch.setattr(_p256, "N", order)
    for number in range(16):
        digest = hashlib.sha256(bytes([number])).digest()
        ours = _p256._nonces(12345, int.from_bytes(digest, "big"))
        theirs = rfc6979_nonces(12345, digest, order)
        assert [next(ours) for _ in range(5)] == [next(theirs) for _ in range(5)]


@pytest.mark.parametrize("part", ["r", "s"])
def test_a_nonce_that_gives_a_zero_is_followed_by_the_next(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    digest = hashlib.sha256(b"sample").digest()
    hashed = int.from_bytes(digest, "big")
    real, answers = base_multiple, [{"r": N, "s": -hashed * pow(KEY_OF_THE_RFC, -1, N) % N}[part]]

    def first_a_zero(scalar: int) -> Point:
        return (answers.pop(), 0) if answers else real(scalar)

    monkeypatch.setattr(_p256, "base_multiple", first_a_zero)
    made = sign(KEY_OF_THE_RFC, digest)
    _, second, *_ = [nonce for nonce, _ in zip(rfc6979_nonces(KEY_OF_THE_RFC, digest, N), range(2))]  # noqa: B905
    assert utils.decode_dss_signature(made)[0] == openssl_multiple(second)[0] % N
    openssl_key(KEY_OF_THE_RFC).public_key().verify(made, digest, ec.ECDSA(utils.Prehashed(hashes.SHA256())))


# --- DER --------------------------------------------------------------------------------------------------------------

NUMBERS = (
    st.integers(1, N - 1) | st.integers(0, 255).map(lambda bits: 2**bits) | st.sampled_from([127, 128, 255, N - 1])
)


@given(NUMBERS, NUMBERS)
def test_der_is_what_openssl_writes(r: int, s: int) -> None:
    assert _p256._der(r, s) == utils.encode_dss_signature(r, s)


def test_der_is_at_least_8_and_at_most_72_bytes_long() -> None:
    assert _p256._der(1, 127).hex() == "300602010102017f"
    assert _p256._der(128, 1).hex() == "30070202008002" + "0101"
    assert len(_p256._der(N - 1, N - 1)) == 72


# --- what blinding promises -------------------------------------------------------------------------------------------


def steps_of(scalar: int, monkeypatch: pytest.MonkeyPatch) -> "tuple[list[str], list[Point]]":
    """The sequence of operations that a multiple takes, and the table entries that it adds."""
    steps: list[str] = []
    entries: list[Point] = []
    add, double = _p256._add, _p256._double

    def recorded_add(point: "_p256.Point", other: Point) -> "_p256.Point":
        steps.append("add")
        entries.append(other)
        return add(point, other)

    def recorded_double(point: "_p256.Point") -> "_p256.Point":
        steps.append("double")
        return double(point)

    with monkeypatch.context() as patch:
        patch.setattr(_p256, "_add", recorded_add)
        patch.setattr(_p256, "_double", recorded_double)
        base_multiple(scalar)
    return steps, entries


def test_every_scalar_takes_the_same_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    base_multiple(1)
    usual = ["add"] * (BLOCKS - 1) + (["double"] + ["add"] * BLOCKS) * (COLUMNS - 1)
    for scalar in (1, 2, 3, 2**255, 2**128 - 1, N - 2, N - 1):
        assert steps_of(scalar, monkeypatch)[0] == usual
    counted = f"{usual.count('add')} additions and {usual.count('double')} doublings"
    assert counted in PAGE.read_text(encoding="utf-8")


def test_one_scalar_meets_other_table_entries_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    base_multiple(1)
    seen = [steps_of(5, monkeypatch)[1] for _ in range(20)]
    for place in range(len(seen[0])):
        assert len({entries[place] for entries in seen}) > 5  # of 256; 20 draws give some 19


@given(PRIVATE_KEYS, DIGESTS)
def test_signatures_do_not_depend_on_the_random_source(private_key: int, digest: bytes) -> None:
    assert sign(private_key, digest) == sign(private_key, digest)


# --- the tables -------------------------------------------------------------------------------------------------------


def size_of(value: object, seen: "set[int]") -> int:
    """Bytes of a list or tuple and all that it holds, what is shared counted once."""
    if id(value) in seen:
        return 0
    seen.add(id(value))
    size = sys.getsizeof(value)
    if isinstance(value, (list, tuple)):
        items: list[object] = list(cast("Any", value))
        size += sum(size_of(item, seen) for item in items)
    return size


def test_the_tables_are_as_large_as_the_documentation_says() -> None:
    base_multiple(1)
    found = re.search(r"(\d+) kB", PAGE.read_text(encoding="utf-8"))
    assert found is not None
    assert size_of(_p256._comb, set()) / 1000 == pytest.approx(int(found[1]), rel=0.1)


def test_threads_that_sign_first_at_the_same_time_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_p256, "_comb", [])
    answers: list[Point] = []
    barrier = threading.Barrier(4)

    def work() -> None:
        barrier.wait()
        answers.append(base_multiple(KEY_OF_THE_RFC))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [PUBLIC_KEY_OF_THE_RFC] * 4
    assert len(_p256._comb) == BLOCKS
