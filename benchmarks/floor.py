"""The floor: the hashing that no presigner can leave out, and nothing else.

Rule: one SHA-256 over a whole canonical request and one HMAC-SHA256 over what varies of the string to sign, in hex, by
the cheapest sequence of calls that CPython has for it.  No key is encoded, no URL is put together.
"""

import hashlib
import hmac

from inputs import ACCESS_KEY_ID, BUCKET, CLOCK_START, EXPIRES_IN, REGION, SAFE_KEYS, SECRET_ACCESS_KEY
from maker import Maker, Sign, SignMany

from sigv4presign import (
    S3_RULES,
    Credentials,
    CredentialScope,
    S3Presigner,
    canonical_request,
    derive_signing_key,
    string_to_sign,
)

SCOPE = CredentialScope("20251124", REGION, "s3")  # the day of CLOCK_START


def example_url(token: "str | None") -> str:
    """The URL whose signature the floors compute again and again."""
    s3 = S3Presigner(Credentials(ACCESS_KEY_ID, SECRET_ACCESS_KEY, token), region=REGION)
    return s3.get_object(BUCKET, SAFE_KEYS[0], expires_in=EXPIRES_IN, now=CLOCK_START)


def example(token: "str | None") -> "tuple[bytes, bytes, bytes]":
    """Its canonical request, the head of its string to sign (all but the hash), and its signing key."""
    unsigned = example_url(token).rpartition("&X-Amz-Signature=")[0]
    canonical = canonical_request("GET", unsigned, headers={}, rules=S3_RULES)
    head = string_to_sign(canonical, amz_date="20251124T160000Z", scope=SCOPE)[:-64]
    key = derive_signing_key(Credentials(ACCESS_KEY_ID, SECRET_ACCESS_KEY), SCOPE).key
    return canonical.encode(), head.encode(), key


class Hashing(Maker):
    """The same work whatever the row; only a session token makes the canonical request longer."""

    def moving_clock(self) -> Sign:
        return self.get_object()

    def general(self) -> Sign:
        return self.get_object()

    def many(self) -> SignMany:
        sign = self.get_object()
        return lambda keys: map(sign, keys)

    def verify(self, targets: "list[str]") -> Sign:
        del targets
        return self.get_object()


class Floor(Hashing):
    """hashlib.sha256 over the canonical request, HMAC from two copied hash states; a signature, no URL"""

    name = "floor"

    def get_object(self, token: "str | None" = None) -> Sign:
        canonical, head, key = example(token)
        sha256 = hashlib.sha256
        # HMAC (RFC 2104) is H(key ^ opad, H(key ^ ipad, text)): both hashes have absorbed what is constant.
        block = key.ljust(64, b"\0")
        inner_start = sha256(bytes(byte ^ 0x36 for byte in block) + head)
        outer_start = sha256(bytes(byte ^ 0x5C for byte in block))

        def sign(_: str) -> str:
            request_hash = sha256(canonical).hexdigest()
            inner, outer = inner_start.copy(), outer_start.copy()
            inner.update(request_hash.encode())
            outer.update(inner.digest())
            return outer.hexdigest()

        return sign


class PlainHashlib(Hashing):
    """the floor's work written plainly: hashlib.sha256(...), hmac.new(key, string to sign, sha256)"""

    name = "hashlib and hmac.new"

    def get_object(self, token: "str | None" = None) -> Sign:
        canonical, head, key = example(token)

        def sign(_: str) -> str:
            request_hash = hashlib.sha256(canonical).hexdigest()
            return hmac.new(key, head + request_hash.encode(), hashlib.sha256).hexdigest()

        return sign
