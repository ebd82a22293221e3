"""The table of stores: each row's address as its vendor writes it, and what is said where a setting is missing.

Rule: the addresses are those of the vendors' documentation, whose pages the table names.
"""

from typing import TYPE_CHECKING, Any

import pytest

from sigv4presign import Credentials, S3Presigner
from sigv4presign._s3.stores import STORES, Store, store_arguments
from sigv4presign.errors import InputError

if TYPE_CHECKING:
    from sigv4presign._s3.buckets import AddressingStyle

ACCOUNT = "0123456789abcdef0123456789abcdef"
CREDS = Credentials("AKIDEXAMPLE", "secret")

CASES: "list[tuple[str, dict[str, Any], str, str | None, AddressingStyle, bool, str]]" = [
    ("aws", {"region": "eu-west-1"}, "eu-west-1", None, "auto", True, "https://bkt.s3.eu-west-1.amazonaws.com/k"),
    (
        "r2",
        {"account_id": ACCOUNT},
        "auto",
        f"https://{ACCOUNT}.r2.cloudflarestorage.com",
        "path",
        False,
        f"https://{ACCOUNT}.r2.cloudflarestorage.com/bkt/k",
    ),
    (
        "r2",
        {"account_id": ACCOUNT, "jurisdiction": "eu", "region": None},
        "auto",
        f"https://{ACCOUNT}.eu.r2.cloudflarestorage.com",
        "path",
        False,
        f"https://{ACCOUNT}.eu.r2.cloudflarestorage.com/bkt/k",
    ),
    (
        "b2",
        {"region": "us-west-004"},
        "us-west-004",
        "https://s3.us-west-004.backblazeb2.com",
        "path",
        False,
        "https://s3.us-west-004.backblazeb2.com/bkt/k",
    ),
    ("gcs", {}, "auto", "https://storage.googleapis.com", "path", False, "https://storage.googleapis.com/bkt/k"),
    (
        "minio",
        {"endpoint": "http://minio:9000"},
        "us-east-1",
        "http://minio:9000",
        "path",
        True,
        "http://minio:9000/bkt/k",
    ),
    (
        "ceph",
        {"endpoint": "https://rgw.example/base", "region": "zone_1"},
        "zone_1",
        "https://rgw.example/base",
        "path",
        True,
        "https://rgw.example/base/bkt/k",
    ),
    (
        "wasabi",
        {},
        "us-east-1",
        "https://s3.us-east-1.wasabisys.com",
        "path",
        True,
        "https://s3.us-east-1.wasabisys.com/bkt/k",
    ),
    (
        "wasabi",
        {"region": "ap-northeast-1"},
        "ap-northeast-1",
        "https://s3.ap-northeast-1.wasabisys.com",
        "path",
        True,
        "https://s3.ap-northeast-1.wasabisys.com/bkt/k",
    ),
    (
        "spaces",
        {"region": "nyc3"},
        "nyc3",
        "https://nyc3.digitaloceanspaces.com",
        "virtual",
        True,
        "https://bkt.nyc3.digitaloceanspaces.com/k",
    ),
]


@pytest.mark.parametrize(("name", "settings", "region", "endpoint", "style", "post_supported", "address"), CASES)
def test_a_store_is_where_its_vendor_says(
    name: str,
    settings: "dict[str, Any]",
    region: str,
    endpoint: "str | None",
    style: "AddressingStyle",
    post_supported: bool,
    address: str,
) -> None:
    arguments = store_arguments(name, **settings)
    assert arguments == {
        "region": region,
        "endpoint": endpoint,
        "addressing_style": style,
        "max_expires_in": 604_800,
        "post_supported": post_supported,
    }
    s3 = S3Presigner(
        CREDS, arguments["region"], arguments["endpoint"], addressing_style=arguments["addressing_style"]
    )  # fmt: skip
    url = s3.presign("GET", "bkt", "k", now=1_700_000_000)
    assert url.partition("?")[0] == address
    assert f"%2F20231114%2F{region}%2Fs3%2Faws4_request&" in url


def test_every_store_is_tried_above() -> None:
    assert {case[0] for case in CASES} == set(STORES)


@pytest.mark.parametrize(
    ("name", "settings", "error", "message"),
    [
        (
            "R2",
            {},
            InputError,
            (
                "provider: unknown provider 'R2'; known: aws, r2, b2, gcs, minio, ceph, wasabi, spaces; "
                "S3Presigner(endpoint=...) takes "
                "any store"
            ),
        ),
        (
            None,
            {},
            InputError,
            (
                "provider: unknown provider None; known: aws, r2, b2, gcs, minio, ceph, wasabi, spaces; "
                "S3Presigner(endpoint=...) takes "
                "any store"
            ),
        ),
        ("r2", {}, InputError, "account_id: 'r2' needs it for its endpoint; give account_id="),
        ("minio", {}, InputError, "endpoint: 'minio' needs it for its endpoint; give endpoint="),
        ("ceph", {"region": "x"}, InputError, "endpoint: 'ceph' needs it for its endpoint; give endpoint="),
        (
            "aws",
            {},
            InputError,
            "region: 'aws' has no default region; give region=, as in the bucket's endpoint",
        ),
        (
            "b2",
            {},
            InputError,
            "region: 'b2' has no default region; give region=, as in the bucket's endpoint",
        ),
        (
            "gcs",
            {"account_id": ACCOUNT},
            InputError,
            "account_id: 'gcs' has no such setting; it takes region",
        ),
        (
            "r2",
            {"acount_id": ACCOUNT},
            InputError,
            "acount_id: 'r2' has no such setting; it takes account_id, jurisdiction, region",
        ),
        (
            "r2",
            {"account_id": ACCOUNT, "endpoint": "https://files.example"},
            InputError,
            "endpoint: 'r2' has no such setting; it takes account_id, jurisdiction, region",
        ),
        ("r2", {"account_id": "a.b"}, InputError, "account_id: 'a.b' cannot be part of a host name"),
        ("b2", {"region": "x/y"}, InputError, "region: 'x/y' cannot be part of a host name"),
        ("r2", {"account_id": 1}, TypeError, "account_id: expected str, got int"),
        (
            "minio",
            {"endpoint": "minio:9000"},
            InputError,
            ("endpoint: 'minio:9000' does not begin with http:// or https://; write https:// (or http://) before it"),
        ),
    ],
)
def test_what_a_store_lacks_or_does_not_have_is_said(
    name: Any, settings: "dict[str, Any]", error: "type[Exception]", message: str
) -> None:
    with pytest.raises(error) as caught:
        store_arguments(name, **settings)
    assert str(caught.value) == message


def test_a_row_keeps_what_it_is_made_of() -> None:
    plain = Store("https://s3.{region}.example", None, "auto")
    assert (plain.endpoint, plain.region, plain.addressing_style) == ("https://s3.{region}.example", None, "auto")
    assert (plain.max_expires_in, plain.post_supported, plain.optional) == (604_800, True, ())
    other = Store(None, "r-1", "path", max_expires_in=60, post_supported=False, optional=("zone",))
    assert (other.endpoint, other.region, other.addressing_style) == (None, "r-1", "path")
    assert (other.max_expires_in, other.post_supported, other.optional) == (60, False, ("zone",))


def test_a_row_takes_the_settings_in_its_endpoint_and_a_region() -> None:
    assert Store(None, "r-1", "auto").settings() == ["region"]
    assert Store("https://{zone}.{region}.example", None, "auto").settings() == ["zone", "region"]
    assert STORES["r2"].settings() == ["account_id", "jurisdiction", "region"]


def test_a_row_is_a_value() -> None:
    assert STORES["gcs"] != STORES["wasabi"]
    assert repr(STORES["b2"]) == (
        "Store(endpoint='https://s3.{region}.backblazeb2.com', region=None, addressing_style='path', "
        "max_expires_in=604800, post_supported=False, optional=())"
    )
    with pytest.raises(AttributeError, match="immutable"):
        STORES["b2"].region = "us-west-004"
