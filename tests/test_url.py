"""URLs split strictly, and the Host that is signed."""

from typing import Any

import pytest
from test_verify import NOW

from sigv4presign import (
    S3_RULES,
    Credentials,
    canonical_request,
    explain,
    inspect,
    presign,
)
from sigv4presign.errors import InputError

SIGNING: "dict[str, Any]" = {
    "credentials": Credentials("AKIDEXAMPLE", "secret"), "region": "eu-west-1", "service": "s3", "expires_in": 60,
    "now": NOW,
}  # fmt: skip


def host_of(url: str) -> str:
    """The Host that a URL is signed for, by AWS's own steps."""
    return canonical_request("GET", url, headers={}, rules=S3_RULES).split("\n")[3]


def test_a_query_may_hold_another_url() -> None:
    url = presign("GET", "https://files.example/a?next=https://other.example/b", **SIGNING)
    assert "&next=https%3A%2F%2Fother.example%2Fb&" in url


def test_a_url_of_an_unknown_scheme_is_rejected_with_the_known_ones() -> None:
    for url in ("ftp://files.example/a", "files.example/a", "https:files.example"):
        with pytest.raises(InputError, match=r"url: does not begin with one of http://, https://, ws://, wss://$"):
            presign("GET", url, **SIGNING)
    assert presign("GET", "HTTPS://files.example/a", **SIGNING).startswith("https://files.example/a?")


def test_an_unescaped_character_is_named_with_the_way_out() -> None:
    with pytest.raises(
        InputError,
        match="^url: has ' ' unescaped at character 2 of its path; percent-encode it, or give plain text: query= takes "
        "parameters, S3Presigner takes keys$",
    ):
        presign("GET", "https://files.example/a b", **SIGNING)


def test_the_host_leaves_out_the_default_port_of_the_scheme() -> None:
    # RFC 9110, section 7.2: the port is left out where it is the scheme's own
    assert host_of("http://files.example:80/") == "host:files.example"
    assert host_of("https://files.example:80/") == "host:files.example:80"
    assert host_of("http://files.example:80/") == "host:files.example"


@pytest.mark.parametrize(
    ("authority", "problem"),
    [
        ("[::1]]", "has no host, or a malformed one"),
        ("[::1]x", "has no host, or a malformed one"),
        ("[g::1]", "has a host with a character that is not allowed in hosts"),
        ("u@files.example", "has userinfo before its host; a presigned URL has its credentials in the query"),
        ("files.example:65536", "has a port that is not a number from 1 to 65535"),
        ("files.example:100000", "has a port that is not a number from 1 to 65535"),
    ],
)
def test_an_invalid_host_is_rejected(authority: str, problem: str) -> None:
    with pytest.raises(InputError) as refused:
        presign("GET", f"https://{authority}/a", **SIGNING)
    assert str(refused.value) == f"url: {problem}"


def test_port_65535_is_valid() -> None:
    assert host_of("https://files.example:65535/") == "host:files.example:65535"


@pytest.mark.parametrize("url", ["https://h/\ud800", "https://h\ud800/", "https://h/?a=\udcff"])
def test_a_lone_surrogate_is_named_wherever_a_url_is_read(url: str) -> None:
    with pytest.raises(InputError, match="^url: has a lone surrogate, which is not text"):
        presign("GET", url, **SIGNING)
    with pytest.raises(InputError, match="has a lone surrogate, which is not text"):
        canonical_request("GET", url, headers={}, rules=S3_RULES)
    with pytest.raises(InputError, match="has a lone surrogate, which is not text"):
        inspect(url)
    assert [finding.seen for finding in explain("GET", url)] == ["a URL that has a lone surrogate, which is not text"]
