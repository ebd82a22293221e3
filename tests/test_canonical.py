"""The canonical request: path, query and headers."""

import urllib.parse
from types import MappingProxyType
from typing import Any

import botocore.utils
import pytest
from test_verify import NOW, check, url_of

from sigv4presign import (
    GENERIC_RULES,
    S3_RULES,
    Credentials,
    canonical_request,
    presign,
)
from sigv4presign._canonical import is_header_name, is_method
from sigv4presign.errors import InputError

URL_TO_SIGN = "https://files.example/a"
SIGNING: "dict[str, Any]" = {
    "credentials": Credentials("AKIDEXAMPLE", "secret"), "region": "eu-west-1", "service": "s3", "expires_in": 60,
    "now": NOW,
}  # fmt: skip


def test_headers_have_at_most_65536_characters_as_http_writes_them() -> None:
    # RFC 9112, section 5: the name, a colon, a space, the value, and two characters that end the line.
    most = {"a": "b" * 30_000, "c": "d" * (65_536 - 30_000 - 2 - 2 * 4)}
    assert sum(len(f"{name}: {value}\r\n") for name, value in most.items()) == 65_536
    assert url_of(headers=most).headers == most
    with pytest.raises(InputError) as caught:
        url_of(headers={**most, "c": most["c"] + "d"})
    assert str(caught.value) == "headers: more than 65536 characters in all"
    assert caught.value.parameter == "headers"
    with pytest.raises(InputError, match="^headers: more"):
        url_of(headers=dict.fromkeys((f"h{number}" for number in range(10_000)), ""))


def test_header_names_and_values_are_str_or_bytes() -> None:
    wanted = url_of(headers={"a": "b"})
    mixed: list[Any] = [{"a": b"b"}, {b"a": "b"}, {b"a": b"b"}]
    for headers in mixed:
        assert url_of(headers=headers) == wanted
    latin = canonical_request("GET", "https://h/", headers={b"a": b"\xe9"}, rules=S3_RULES)
    assert latin.split("\n")[3] == "a:\u00e9"


@pytest.mark.parametrize("value", ["\tb c\t", " b c ", "\t b c", "b c \t"])
def test_white_space_around_a_header_value_is_trimmed_and_inner_white_space_kept(value: str) -> None:
    # RFC 9110, section 5.5: optional white space around a value is no part of it.
    assert url_of(headers={"a": value}).headers == {"a": "b c"}
    assert url_of(headers={"a": "b\tc  d"}).headers == {"a": "b\tc  d"}


@pytest.mark.parametrize("text", ["X", "xx", "X b X", "X\tb\tX"])
def test_letters_at_the_ends_of_a_header_value_are_kept(text: str) -> None:
    assert url_of(headers={"a": text}).headers == {"a": text}


@pytest.mark.parametrize("value", ["a\x00b", "a\nb", "a\rb", "a\x7fb", "a\x0bb", "\t\x00"])
def test_a_control_character_in_a_header_value_is_rejected(value: str) -> None:
    with pytest.raises(InputError, match="a line break or another control character"):
        url_of(headers={"a": value})


@pytest.mark.parametrize(("query", "encoded"), [({"a b": "c"}, "a%20b=c"), ({"\u00e9": "/~"}, "%C3%A9=%2F~")])
def test_names_of_a_query_are_encoded_as_urllib_does(query: "dict[str, str]", encoded: str) -> None:
    assert urllib.parse.urlencode(query, quote_via=urllib.parse.quote, safe="") == encoded
    assert f"&{encoded}&" in url_of(query=query) or f"?{encoded}&" in url_of(query=query)


def test_any_mapping_is_read_as_a_dict_is() -> None:
    query, headers = {"a": "1", "b": "two words"}, {"X-Team": "blue"}
    plain = presign("GET", URL_TO_SIGN, query=query, headers=headers, **SIGNING)
    assert (
        presign("GET", URL_TO_SIGN, query=MappingProxyType(query), headers=MappingProxyType(headers), **SIGNING)
        == plain
    )
    assert presign("GET", URL_TO_SIGN, query=query.items(), headers=headers.items(), **SIGNING) == plain
    seen = check(url_of(headers=headers), headers=MappingProxyType({**headers, "Host": "files.example"}))
    assert seen.headers["x-team"] == "blue"


def test_a_tab_in_a_header_is_signed_as_the_space_that_botocore_signs() -> None:
    import oracle

    url = presign("GET", URL_TO_SIGN, headers={"x-a": "a\tb"}, **SIGNING)
    theirs = oracle.presigned_url(
        "s3", "GET", URL_TO_SIGN, keys=("AKIDEXAMPLE", "secret", None), region="eu-west-1", service="s3",
        expires_in=60, headers=(("x-a", "a\tb"),), now=NOW,
    )  # fmt: skip
    assert url[-64:] == theirs.partition("X-Amz-Signature=")[2][:64]
    assert url.headers == {"x-a": "a\tb"}


@pytest.mark.parametrize(
    ("path", "normalized"),
    [("/../a", "/a"), ("/a/../../b/", "/b/"), ("/a/./b//../c", "/a/c"), ("/..", "/"), ("/.", "/")],
)
def test_dot_segments_are_removed_as_botocore_does(path: str, normalized: str) -> None:
    # RFC 3986, section 5.2.4; botocore's auth.py removes repeated slashes, too
    theirs: Any = botocore.utils
    assert theirs.normalize_url_path(path) == normalized
    found = canonical_request("GET", f"https://h{path}", headers={}, rules=GENERIC_RULES)
    assert found.split("\n")[1] == normalized


@pytest.mark.parametrize("token", ["", "a b", "a:", "\u212a", "\xe9", "a\n"])
def test_what_is_no_token_is_neither_a_method_nor_a_headers_name(token: str) -> None:
    """RFC 9110, 5.6.2; the Kelvin sign is a k in lower case."""
    assert not is_header_name(token)
    assert not is_method(token.upper())


def test_a_method_is_a_token_without_lower_case_letters() -> None:
    assert [is_method(method) for method in ("M-SEARCH", "PROPFIND", "0", "get", "Get")] == [
        True, True, True, False, False,
    ]  # fmt: skip
