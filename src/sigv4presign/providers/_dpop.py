"""DPoP proofs (RFC 9449) with ES256, which the sign-in service requires with each refresh of an `aws login`.

Rule: the private key never leaves the AWS CLI's cache; only a signature and the public key are sent.
"""

from hashlib import sha256

from .._p256 import N, base_multiple, sign
from .._time import epoch_seconds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def private_key(pem: str) -> int:
    """Return the private number of a PEM text: a P-256 key as SEC 1 (RFC 5915) or PKCS #8 (RFC 5958).

    Raises:
        ValueError: It is something else.  The message does not quote it.
    """
    from base64 import b64decode

    lines = [line.strip() for line in pem.splitlines() if line.strip()]
    if len(lines) < 3 or lines[0][:11] != "-----BEGIN " or lines[-1][:9] != "-----END ":
        raise ValueError("is not a private key in PEM")
    der = b64decode("".join(lines[1:-1]), validate=True)
    fields = _elements(_only(der, _SEQUENCE))
    if [tag for tag, _ in fields[:3]] == [_INTEGER, _SEQUENCE, _OCTETS]:
        if _P256 not in fields[1][1]:
            raise ValueError("is not a key of the curve P-256")
        fields = _elements(_only(fields[2][1], _SEQUENCE))
    elif not any(_P256 in content for tag, content in fields[2:] if tag == _CONTEXT_0):
        raise ValueError("is not a key of the curve P-256")
    if [tag for tag, _ in fields[:2]] != [_INTEGER, _OCTETS] or len(fields[1][1]) != 32:
        raise ValueError("is not a private key")
    number = int.from_bytes(fields[1][1], "big")
    if not 0 < number < N:
        raise ValueError("is not a private key")
    return number


def proof(key: int, url: str, *, now: "int | None" = None, token_id: "str | None" = None) -> str:
    """Return the DPoP header for a POST to a URL."""
    import uuid

    x, y = base_multiple(key)
    header = {
        "typ": "dpop+jwt",
        "alg": "ES256",
        "jwk": {"kty": "EC", "x": _base64(_bytes(x)), "y": _base64(_bytes(y)), "crv": "P-256"},
    }
    payload = {"htm": "POST", "htu": url, "iat": epoch_seconds(now), "jti": token_id or str(uuid.uuid4())}
    signed = f"{_base64(_json(header))}.{_base64(_json(payload))}"
    integers = _elements(_only(sign(key, sha256(signed.encode()).digest()), _SEQUENCE))
    r, s = [_bytes(int.from_bytes(content, "big")) for _, content in integers]
    return f"{signed}.{_base64(r + s)}"


def _json(value: "dict[str, Any]") -> bytes:
    import json

    return json.dumps(value, separators=(",", ":")).encode()


def _base64(raw: bytes) -> str:
    from base64 import urlsafe_b64encode

    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(number: int) -> bytes:
    return number.to_bytes(32, "big")


# --- DER, as far as keys and signatures need it (ITU-T X.690) ---------------------------------------------------------

_INTEGER, _OCTETS, _SEQUENCE, _CONTEXT_0 = 0x02, 0x04, 0x30, 0xA0
_P256 = bytes.fromhex("06082a8648ce3d030107")  # the object identifier 1.2.840.10045.3.1.7


def _elements(der: bytes) -> "list[tuple[int, bytes]]":
    """Return tag and content of each element."""
    found: list[tuple[int, bytes]] = []
    while der:
        if len(der) < 2:
            raise ValueError("is not DER")
        tag, length, start = der[0], der[1], 2
        if length > 0x80:
            start = 2 + length - 0x80
            length = int.from_bytes(der[2:start], "big")
        if length == 0x80 or start + length > len(der):
            raise ValueError("is not DER")
        found.append((tag, der[start : start + length]))
        der = der[start + length :]
    return found


def _only(der: bytes, tag: int) -> bytes:
    """Return the content of the only element."""
    found = _elements(der)
    if len(found) != 1 or found[0][0] != tag:
        raise ValueError("is not DER")
    return found[0][1]
