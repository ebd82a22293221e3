"""`inspect`: what a URL says, unverified and without its secrets."""

from typing import Any

import pytest
from hypothesis import given
from strategies import text

from sigv4presign import Credentials, Inspection, inspect, presign
from sigv4presign.errors import InputError

NOW = 1_764_000_000
TEMPORARY = Credentials("ASIAEXAMPLE", "secret", "tokentoken")


def url_of(**changes: Any) -> str:
    arguments: dict[str, Any] = {
        "credentials": TEMPORARY, "region": "eu-west-1", "service": "s3", "expires_in": 900, "now": NOW, **changes,
    }  # fmt: skip
    return presign("PUT", "https://files.example/a%20b", **arguments)


def test_what_a_url_says() -> None:
    url = url_of(query=[("versionId", "v"), ("X-Amz-Other", "é")], headers={"Content-Type": "text/plain"})
    seen = inspect(url)
    assert seen.kind == "v4"
    assert (seen.host, seen.path) == ("files.example", "/a%20b")
    assert seen.query == (("X-Amz-Other", "é"), ("versionId", "v"))
    assert (seen.access_key_id, seen.region, seen.service) == ("ASIAEXAMPLE", "eu-west-1", "s3")
    assert (seen.signed_at, seen.expires_in, seen.expires_at) == (NOW, 900, NOW + 900)
    assert seen.signed_headers == ("content-type", "host")
    assert seen.has_session_token
    assert not inspect(url_of(credentials=Credentials("AKID", "secret"))).has_session_token
    assert (seen.seconds_left(NOW), seen.seconds_left(NOW + 901)) == (900, -1)


@pytest.mark.parametrize("service", ["s3", "s3express", "iotdevicegateway", "execute-api"])
def test_it_finds_the_token_and_shows_neither_it_nor_the_signature(service: str) -> None:
    url = url_of(service=service)
    seen = inspect(url)
    assert seen.has_session_token
    assert seen.query == ()
    for shown in (repr(seen), seen.url):
        assert "tokentoken" not in shown
        assert url.partition("X-Amz-Signature=")[2][:64] not in shown


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", "url: does not begin with"),
        ("/a?X-Amz-Signature=b", "url: does not begin with"),
        ("https://h/%zz", "url: has a %"),
        ("https://h/a", "missing: X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature"),
        (url_of().replace("X-Amz-Date=2", "X-Amz-Date=x"), "url: X-Amz-Date must be"),
    ],
)
def test_what_is_no_presigned_url(url: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        inspect(url)
    assert message in str(caught.value)
    assert caught.value.parameter == "url"


@given(text, text)
def test_random_text_raises_nothing_but_an_input_error(path: str, query: str) -> None:
    with pytest.raises(InputError):
        inspect(f"https://h/{path}?{query}&X-Amz-Algorithm=AWS4-HMAC-SHA256")


def test_an_inspection_is_not_made_by_hand() -> None:
    with pytest.raises(TypeError, match=r"comes from inspect\(\)"):
        Inspection()
    with pytest.raises(TypeError, match="url: expected str, got bytes"):
        inspect(b"https://h/")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
