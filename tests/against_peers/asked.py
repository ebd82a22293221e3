"""Random requests and forms, the same for every peer.

Rule: a request is what S3 takes: no key of more than 1,024 bytes, no lone surrogate, no bucket that AWS would reject.
"""

import random
from collections.abc import Sequence
from typing import Any

ACCESS_KEY_ID, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
TOKEN = "IQoJb3JpZ2luX2Vj/+=/token=="
BUCKET = "examplebucket"
REGIONS = ("us-east-1", "eu-west-1", "ap-southeast-2")
STORE = "http://127.0.0.1:9000"
METHODS = ("GET", "PUT", "HEAD", "DELETE")

_PIECES = (
    *"abcXYZ019-_.~", *" +&=?#%/:;,@$!'()*[]{}|\\^`<>\"", "\u00fc", "e\u0301", "\u65e5\u672c", "\U0001f98a", "%2F",
    "%20", "//", "a b", "\t", "\u00a0", "\u202e",
)  # fmt: skip


def _text(chance: random.Random, longest: int) -> str:
    return "".join(chance.choice(_PIECES) for _ in range(chance.randint(1, longest)))


def key(chance: random.Random) -> str:
    """Mostly plain keys and nasty ones; few with dot segments, which many clients collapse."""
    kind = chance.random()
    if kind < 0.3:
        return f"{chance.choice('abc')}/{chance.randint(0, 9999)}.txt"
    text = _text(chance, 12)
    if kind < 0.33:
        return f"a/{chance.choice(['.', '..'])}/{text}"
    return text if not {".", ".."} & set(text.split("/")) else f"x{text}x"


def requests(
    count: int,
    seed: int,
    *,
    methods: "Sequence[str]" = METHODS,
    stores: "Sequence[str | None]" = (None, STORE),  # None: AWS
    tokens: "Sequence[str | None]" = (None, None, TOKEN),
    parameters_too: bool = True,
) -> "list[dict[str, Any]]":
    """Requests as plain data: method, region, bucket, key, lifetime, store, token, and parameters of the answer."""
    chance = random.Random(seed)
    found: list[dict[str, Any]] = []
    for _ in range(count):
        parameters = {}
        if parameters_too and chance.random() < 0.3:
            parameters = {"response-content-type": "text/csv; charset=utf-8"}
        if parameters_too and chance.random() < 0.2:
            parameters["response-content-disposition"] = f'attachment; filename="{chance.choice("abc")} & b.csv"'
        found.append(
            {
                "method": chance.choice(methods),
                "region": chance.choice(REGIONS),
                "bucket": BUCKET,
                "key": key(chance),
                "expires_in": chance.choice([1, 60, 900, 3600, 604_800, chance.randint(1, 604_800)]),
                "store": chance.choice(stores),
                "token": chance.choice(tokens),
                "parameters": parameters,
            }
        )
    return found


def forms(count: int, seed: int) -> "list[dict[str, Any]]":
    """Upload forms as plain data: key, fields and the least and greatest size of the file."""
    chance = random.Random(seed)
    found: list[dict[str, Any]] = []
    for _ in range(count):
        fields = {}
        if chance.random() < 0.5:
            fields["Content-Type"] = chance.choice(["image/png", "text/plain; charset=utf-8"])
        if chance.random() < 0.3:
            fields["x-amz-meta-owner"] = chance.choice(["al", "A. B. & co", "\u00fc"])
        found.append(
            {
                "region": chance.choice(REGIONS),
                "bucket": BUCKET,
                "key": key(chance),
                "expires_in": chance.choice([60, 3600, 604_800]),
                "store": chance.choice([None, STORE]),
                "token": chance.choice([None, None, TOKEN]),
                "fields": fields,
                "sizes": [1, chance.randint(1, 5_000_000)],
            }
        )
    return found
