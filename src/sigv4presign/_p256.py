"""ECDSA on the curve P-256 with the nonces of RFC 6979, for SigV4A.

Rule: the same key and text give the same signature, and no two computations of it look alike: scalar, coordinates and
inversions are blinded with fresh random numbers, and no step or table index is skipped or chosen by a secret alone.
docs/explanation/pure-python-ecdsa.md says what this hides and what it does not.
"""

from hmac import digest as hmac_digest
from os import urandom

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    Affine = tuple[int, int]
    # (X, Y) and (Z^2, Z^3) of the affine point (X / Z^2, Y / Z^3); Z = 0 after an addition that these formulas do not
    # cover
    Point = tuple[Affine, Affine]

# NIST SP 800-186, 3.2.1.3: y^2 = x^3 - 3x + b modulo P; the points are the N multiples of G.
P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF_00000000_FFFFFFFF_FFFFFFFF_BCE6FAAD_A7179E84_F3B9CAC2_FC632551
G = (
    0x6B17D1F2_E12C4247_F8BCE6E5_63A440F2_77037D81_2DEB33A0_F4A13945_D898C296,
    0x4FE342E2_FE1A7F9B_8EE7EB4A_7C0F9E16_2BCE3357_6B315ECE_CBB64068_37BF51F5,
)


def sign(private_key: int, digest: bytes) -> bytes:
    """The DER signature of a SHA-256 digest.  The key lies in 1..N-1."""
    hashed = int.from_bytes(digest, "big")
    nonces = _nonces(private_key, hashed)
    while True:
        nonce = next(nonces)
        r = base_multiple(nonce)[0] % N
        # (hashed + r * private_key) / nonce, both multiplied by a random number first: the time that an inversion
        # takes depends on what it inverts.
        blind = 1 + _random_below(N - 1)
        s = pow(nonce * blind % N, -1, N) * (blind * hashed + blind * private_key % N * r) % N
        if r and s:
            return _der(r, s)


def _nonces(private_key: int, hashed: int) -> "Iterator[int]":
    """RFC 6979, section 3.2: the sequence of nonces; the first is nearly always used."""
    seed = private_key.to_bytes(32, "big") + (hashed % N).to_bytes(32, "big")
    key, value = bytes(32), b"\1" * 32
    for step in (b"\0", b"\1"):
        key = hmac_digest(key, value + step + seed, "sha256")
        value = hmac_digest(key, value, "sha256")
    while True:
        value = hmac_digest(key, value, "sha256")
        nonce = int.from_bytes(value, "big")
        if 0 < nonce < N:
            yield nonce
        key = hmac_digest(key, value + b"\0", "sha256")
        value = hmac_digest(key, value, "sha256")


def _der(r: int, s: int) -> bytes:
    """SEQUENCE { r INTEGER, s INTEGER } (RFC 3279, 2.2.3); a leading zero byte keeps an integer positive."""
    body = b""
    for number in (r, s):
        raw = number.to_bytes(number.bit_length() // 8 + 1, "big")
        body += bytes((0x02, len(raw))) + raw
    return bytes((0x30, len(body))) + body


def _random_below(limit: int) -> int:
    """A random number; `limit` has 256 bits and begins with 32 ones, so the excess of the small ones is 2^-32."""
    return int.from_bytes(urandom(32), "big") % limit


# --- multiples of G ---------------------------------------------------------------------------------------------------

# A scalar of 336 bits is read as 8 rows of 42 bits, and the row as 6 blocks of 7 columns.  A bit counts +1 or -1, never
# 0, so that each column of each block adds one of 256 points: a signed comb, as in M. Hamburg, "Fast and compact
# elliptic-curve cryptography", https://eprint.iacr.org/2012/309.
ROWS, BLOCKS, COLUMNS = 8, 6, 7
STRIDE = BLOCKS * COLUMNS
BITS = ROWS * STRIDE

_comb: "list[list[Affine]]" = []  # filled by the first signature


def base_multiple(scalar: int) -> "Affine":
    """A multiple of G as (x, y).  The scalar lies in 1..N-1."""
    comb = _comb or _fill_comb()
    while True:
        # scalar + blind * N gives the same multiple.  80 bits, since N begins with long runs of equal
        # bits: each bit of the scalar is then covered by a random one.  N is odd, so the last bit makes the sum odd.
        blind = (int.from_bytes(urandom(10), "big") | 1) ^ (scalar & 1)
        # An odd number below 2^336 is the sum of +2^j and -2^j; half of it, shifted up, has the signs as its bits.
        bits = f"{(scalar + blind * N + (1 << BITS) - 1) >> 1:0{BITS}b}"
        # Each index has one bit of every row; they are in the order of the tables, highest column first.
        indexes = [int(bits[start::STRIDE], 2) for start in range(STRIDE)]
        x, y = comb[0][indexes[0]]
        z = _random_below(P)
        z_squared = z * z % P
        z_cubed = z_squared * z % P
        point = (x * z_squared % P, y * z_cubed % P), (z_squared, z_cubed)
        for column in range(COLUMNS):
            if column:
                point = _double(point)
            for block in range(0 if column else 1, BLOCKS):
                point = _add(point, comb[block][indexes[block * COLUMNS + column]])
        if point[1][1]:
            return _affine(point, pow(point[1][1], -1, P))
        # The blinded sum met a point and itself or its opposite: another blind has other sums.


def _fill_comb() -> "list[list[Affine]]":
    """A table for each block, the highest first.  Its entry at an index is the sum of its eight teeth, that is of
    2^(42 row + 7 block) G for each row, with the index's bits as their signs.
    """
    teeth: list[Affine] = [G]
    point: Point = (G, (1, 1))
    for exponent in range(1, BITS - COLUMNS + 1):
        point = _double(point)
        if exponent % COLUMNS == 0:
            teeth.append(_affine(point, pow(point[1][1], -1, P)))
    comb: list[list[Affine]] = []
    for block in range(BLOCKS - 1, -1, -1):
        *lower, top = teeth[block::BLOCKS]
        sums: list[Point] = [(top, (1, 1))]
        for x, y in reversed(lower):
            sums = [_add(partial, tooth) for partial in sums for tooth in ((x, P - y), (x, y))]
        upper = _all_affine(sums)
        comb.append([(x, P - y) for x, y in reversed(upper)] + upper)
    _comb[:] = comb  # one atomic step: another thread sees no table or all of them
    return comb


def _all_affine(points: "list[Point]") -> "list[Affine]":
    """Affine points for the price of one inversion: that of the product is multiplied back into each (Montgomery)."""
    products = [1]
    for point in points:
        products.append(products[-1] * point[1][1] % P)
    inverse = pow(products.pop(), -1, P)
    found: list[Affine] = []
    for point in reversed(points):
        found.append(_affine(point, inverse * products.pop() % P))
        inverse = inverse * point[1][1] % P
    return found[::-1]


def _affine(point: "Point", inverse_of_z_cubed: int) -> "Affine":
    (x, y), (z_squared, _) = point
    inverse_of_z = z_squared * inverse_of_z_cubed % P
    return x * (inverse_of_z * inverse_of_z % P) % P, y * inverse_of_z_cubed % P


# https://hyperelliptic.org/EFD/g1p/auto-shortw-xyzz.html: "madd-2008-s" and "dbl-2008-s-1", with a = -3.  The sum of a
# point with itself or its opposite has Z = 0, and so has all that is computed from it.


def _add(point: "Point", other: "Affine") -> "Point":
    (x1, y1), (zz1, zzz1) = point
    x2, y2 = other
    p = (x2 * zz1 - x1) % P
    r = (y2 * zzz1 - y1) % P
    pp = p * p % P
    ppp = p * pp % P
    q = x1 * pp % P
    x3 = (r * r - ppp - 2 * q) % P
    return (x3, (r * (q - x3) - y1 * ppp) % P), (zz1 * pp % P, zzz1 * ppp % P)


def _double(point: "Point") -> "Point":
    (x1, y1), (zz1, zzz1) = point
    u = 2 * y1
    v = u * u % P
    w = u * v % P
    s = x1 * v % P
    m = 3 * (x1 - zz1) * (x1 + zz1) % P
    x3 = (m * m - 2 * s) % P
    return (x3, (m * (s - x3) - w * y1) % P), (v * zz1 % P, w * zzz1 % P)
