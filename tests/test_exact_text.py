"""Subclasses of `str`, of which enumerations are the common kind: one text to `encode`, another to an f-string.

Whatever is handed over, what is signed is the text itself, and nothing that was made for it serves another call.
"""

from enum import Enum
from typing import Any

import pytest

from sigv4presign import (
    Credentials,
    CredentialScope,
    S3Presigner,
    SigningKey,
    derive_signing_key,
    inspect,
    presign,
    tokens,
    verify,
)
from sigv4presign.errors import InputError

NOW = 1_764_000_000


class Text(str, Enum):
    """Values that print as `Text.BUCKET` in an f-string."""

    ACCESS_KEY = "AKIDEXAMPLE"
    SECRET = "secret"
    TOKEN = "token"
    REGION = "eu-west-1"
    SERVICE = "s3"
    METHOD = "PUT"
    BUCKET = "photos"
    KEY = "a.txt"
    SPACED = "a b.txt"
    NAME = "x-a"
    VALUE = "b c"
    URL = "https://h.example/k"
    HASH = "abc"
    DATE = "20251124"
    ENDPOINT = "https://store.example/base"


class AnyCase(str):
    """A text that equals its other spellings, as some libraries have them for the names of headers."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and self.lower() == other.lower()

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self.lower())


def exact(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def both(make: Any, *arguments: Any, **keywords: Any) -> "tuple[Any, Any]":
    odd = make(*arguments, **keywords)
    return odd, make(*[exact(a) for a in arguments], **{name: exact(a) for name, a in keywords.items()})


def test_credentials_scopes_and_keys() -> None:
    odd, plain = both(Credentials, Text.ACCESS_KEY, Text.SECRET, Text.TOKEN)
    assert repr(odd) == repr(plain)
    assert type(odd.access_key_id) is str
    scope, plain_scope = both(CredentialScope, Text.DATE, Text.REGION, Text.SERVICE)
    assert str(scope) == str(plain_scope) == "20251124/eu-west-1/s3/aws4_request"
    key, plain_key = both(SigningKey, Text.ACCESS_KEY, bytes(32), scope, Text.TOKEN)
    assert repr(key) == repr(plain_key)
    assert derive_signing_key(odd, scope) == derive_signing_key(plain, plain_scope)


def test_presign() -> None:
    creds = Credentials("AKIDEXAMPLE", "secret")
    for keywords in ({}, {"payload_hash": Text.HASH}):
        odd, plain = both(
            presign,
            Text.METHOD,
            Text.URL,
            credentials=creds,
            region=Text.REGION,
            service=Text.SERVICE,
            now=NOW,
            **keywords,
        )
        assert odd == plain
        assert odd.method == "PUT"
    sent: Any = {Text.NAME: Text.VALUE}
    asked: Any = {Text.NAME: Text.SPACED}
    headers = presign(
        "GET", "https://h/", credentials=creds, region="r", service="s3", now=NOW, headers=sent, query=asked
    )  # fmt: skip
    assert headers.headers == {"x-a": "b c"}
    assert "&x-a=a%20b.txt&" in headers


def test_a_presigner_and_its_memory() -> None:
    creds = Credentials("AKIDEXAMPLE", "secret")
    odd, plain = both(S3Presigner, creds, Text.REGION, Text.ENDPOINT)
    for key in (Text.KEY, Text.SPACED):
        url = odd.get_object(Text.BUCKET, key, now=NOW)
        assert url == plain.get_object("photos", exact(key), now=NOW)
        assert url == odd.get_object("photos", exact(key), now=NOW)  # the signer that was made for the odd bucket
        assert url.startswith("https://store.example/base/photos/a")
    assert odd.presign(Text.METHOD, Text.BUCKET, Text.KEY, now=NOW) == plain.put_object("photos", "a.txt", now=NOW)
    assert next(odd.presign_many(Text.METHOD, Text.BUCKET, [Text.KEY], now=NOW)).method == "PUT"
    assert plain.put_object("photos", "k", content_type=Text.VALUE).headers == {"content-type": "b c"}


def test_nothing_odd_stays_behind_for_others() -> None:
    creds = Credentials("AKIDANOTHER", "secret")
    presign("GET", "https://h/k", credentials=creds, region=Text.REGION, service=Text.SERVICE, now=NOW)
    url = presign("GET", "https://h/k", credentials=creds, region="eu-west-1", service="s3", now=NOW)
    assert "%2Feu-west-1%2Fs3%2F" in url
    seen = verify("GET", url, headers={}, secrets={"AKIDANOTHER": Text.SECRET}, service="s3", region=None, now=NOW)
    assert str(seen.scope) == "20251124/eu-west-1/s3/aws4_request"


def test_a_bucket_is_its_own_spelling_beside_one_that_equals_it() -> None:
    links = S3Presigner(Credentials("AKIDEXAMPLE", "secret"), "eu-west-1", "https://store.example")
    for bucket in (AnyCase("Photos"), "photos", AnyCase("PHOTOS"), "Photos"):
        for url in (links.get_object(bucket, "k", now=NOW), links.put_object(bucket, "k", acl="private", now=NOW)):
            assert url.startswith(f"https://store.example/{str.__str__(bucket)}/k?")


def test_a_credential_that_was_read_before_is_not_one_that_equals_it() -> None:
    form = S3Presigner(Credentials("AKIDEXAMPLE", "secret"), "eu-west-1").post_object("photos", "k", now=NOW).fields
    for access_key_id in ("Akid", "AKID"):
        credential = f"{access_key_id}/20251124/eu-west-1/s3/aws4_request"
        form["x-amz-credential"] = AnyCase(credential) if access_key_id == "Akid" else credential
        assert inspect(form).access_key_id == access_key_id


def test_verify_takes_them_too() -> None:
    creds = Credentials("AKIDEXAMPLE", "secret")
    presign("PUT", Text.URL, credentials=creds, region="eu-west-1", service="s3", now=NOW)
    url = presign("PUT", "https://h.example/k", credentials=creds, region="eu-west-1", service="s3", now=NOW)
    seen = verify(
        Text.METHOD,
        url,
        headers={},
        secrets={"AKIDEXAMPLE": "secret"},
        service=Text.SERVICE,
        region=Text.REGION,
        now=NOW,
    )
    assert type(seen.method) is str
    assert repr(seen.method) == "'PUT'"


def test_an_odd_key_is_checked_by_its_text() -> None:
    class Dots(str, Enum):
        UP = "../a"

    with pytest.raises(InputError, match="allow_dot_segments"):
        S3Presigner(Credentials("a", "b"), "r").get_object("bkt", Dots.UP)


class Number(int, Enum):
    """Values that print as `Number.PORT` in an f-string."""

    PORT = 5432
    RATE = 16_000


@pytest.mark.parametrize(
    ("make", "arguments"),
    [
        (tokens.eks, (Text.KEY,)),
        (tokens.rds, (Text.BUCKET, Number.PORT, Text.SPACED)),
        (tokens.dsql, (Text.BUCKET,)),
        (tokens.elasticache, (Text.BUCKET, Text.SPACED)),
        (tokens.memorydb, (Text.BUCKET, Text.SPACED)),
        (tokens.msk, ()),
        (tokens.iot_mqtt, (Text.BUCKET,)),
        (tokens.transcribe, (Text.REGION, Text.BUCKET, Number.RATE)),
        (tokens.codecommit, (Text.URL,)),
    ],
)
def test_tokens(make: Any, arguments: "tuple[Any, ...]") -> None:
    keys = Credentials("AKIDEXAMPLE", "secret")
    odd, plain = both(make, *arguments, credentials=keys, region=Text.REGION, now=NOW)
    assert odd == plain
