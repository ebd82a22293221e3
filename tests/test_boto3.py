"""boto3's users: a presigner for their client, its calls by boto3's names, and boto3's own answers to compare with.

Rule: what is expected comes from botocore, at the same moment; a client of it is boto3's client, which adds nothing to
these calls.  Where ours is another answer, the test says which and why.
"""

# pyright: reportUnnecessaryTypeIgnoreComment=true

import functools

import oracle  # isort: skip  (first: it keeps botocore from awscrt)

import ast
import asyncio
import base64
import contextlib
import copy
import datetime
import hashlib
import inspect
import json
import os
import pickle
import time
import warnings
from collections.abc import Generator, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import botocore
import botocore.config
import botocore.credentials
import botocore.exceptions
import botocore.loaders
import botocore.model
import botocore.session
import botocore.signers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigv4presign import Credentials, PresignedUrl, S3Presigner
from sigv4presign._s3 import boto3, operation_types
from sigv4presign._s3.operation_table import OPERATIONS, SERVICE
from sigv4presign._s3.parameters import PARAMETERS
from sigv4presign.errors import CredentialsExpireFirst, CredentialsNotFound, InputError

config_module: Any = botocore.config
credentials_module: Any = botocore.credentials
session_module: Any = botocore.session
signers_module: Any = botocore.signers
loaders_module: Any = botocore.loaders
model_module: Any = botocore.model
package: Any = botocore
exceptions_module: Any = botocore.exceptions

NOW = 1_764_000_000
KEYS = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}


@contextlib.contextmanager
def one_moment() -> "Generator[None]":
    """One moment for both, and nothing of whoever runs the tests."""
    moment = datetime.datetime.fromtimestamp(NOW, datetime.timezone.utc)

    def clock(*_args: object, **_kwargs: object) -> datetime.datetime:
        return moment

    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        patch.setenv("AWS_CONFIG_FILE", os.devnull)
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        patch.setattr(time, "time", lambda: float(NOW))
        for module in (oracle.auth, signers_module):
            patch.setattr(module, "get_current_datetime", clock)
        yield


@pytest.fixture(scope="module", autouse=True)
def frozen() -> "Iterator[None]":
    with one_moment():
        yield


def client(region: "str | None" = "eu-west-1", **options: Any) -> Any:
    """A client of boto3; `config` as a dict."""
    usual: dict[str, Any] = {"signature_version": "s3v4", "s3": {"addressing_style": "virtual"}}  # botocore changes it
    config = config_module.Config(**copy.deepcopy({**usual, **options.pop("config", {})}))
    return session_module.Session().create_client("s3", region_name=region, config=config, **{**KEYS, **options})


@pytest.fixture(scope="module")
def theirs(frozen: None) -> Any:
    assert frozen is None
    return client(aws_session_token="a/session+token==")


@pytest.fixture(scope="module")
def ours(theirs: Any) -> S3Presigner:
    return S3Presigner.from_boto3(theirs)


def parts(url: str) -> "tuple[str, str, str, list[tuple[str, str]]]":
    """A URL as what it says, so that a difference is seen where it is; signature and headers are parameters."""
    split = urlsplit(url)
    return split.scheme, split.netloc, split.path, sorted(parse_qsl(split.query, keep_blank_values=True))


# --- what a client says ----------------------------------------------------------------------------------------------

CLIENTS: "dict[str, dict[str, Any]]" = {
    "a region": {},
    "another partition": {"region": "cn-north-1"},
    "path style": {"config": {"s3": {"addressing_style": "path"}}},
    "dual stack": {"config": {"use_dualstack_endpoint": True}},
    "dual stack among the settings of S3": {"config": {"s3": {"use_dualstack_endpoint": True}}},
    "FIPS": {"config": {"use_fips_endpoint": True}},
    "both": {"config": {"use_fips_endpoint": True, "use_dualstack_endpoint": True}},
    "acceleration": {"config": {"s3": {"use_accelerate_endpoint": True}}},
    "acceleration and dual stack": {
        "config": {"s3": {"use_accelerate_endpoint": True, "use_dualstack_endpoint": True}}
    },
    "acceleration as an endpoint": {"endpoint_url": "https://s3-accelerate.amazonaws.com"},
    "accelerated dual stack as one": {"endpoint_url": "https://s3-accelerate.dualstack.amazonaws.com"},
    "an endpoint": {"endpoint_url": "http://127.0.0.1:9000", "config": {"s3": {}}},
    "an endpoint with the bucket in the host": {"endpoint_url": "https://store.example:8443"},
    "an endpoint with a path": {"endpoint_url": "https://store.example/base", "config": {"s3": {}}},
    "no TLS": {"use_ssl": False},
    "no TLS and path style": {"use_ssl": False, "config": {"s3": {"addressing_style": "path"}}},
    "no TLS and dual stack": {"use_ssl": False, "config": {"use_dualstack_endpoint": True}},
    "no TLS and FIPS": {"use_ssl": False, "config": {"use_fips_endpoint": True}},
    "no TLS and the pseudo-region": {"use_ssl": False, "region": "aws-global"},
    "the pseudo-region": {"region": "aws-global"},
    "a region of FIPS": {"region": "fips-us-east-1"},
    "payloads that are signed": {"config": {"s3": {"addressing_style": "virtual", "payload_signing_enabled": True}}},
    "a port": {"endpoint_url": "http://s3.localhost.localstack.cloud:4566"},
    "a VPC endpoint": {"endpoint_url": "https://bucket.vpce-0a1b-c2.s3.eu-west-1.vpce.amazonaws.com"},
    "a session token": {"aws_session_token": "a/session+token=="},
}


@pytest.mark.parametrize("name", CLIENTS)
def test_a_presigner_from_a_client_signs_as_the_client(name: str) -> None:
    their_client = client(**CLIENTS[name])
    presigner = S3Presigner.from_boto3(their_client)
    for operation, params in [
        ("get_object", {"Bucket": "examplebucket", "Key": "a dir/\u00fc+&=.txt"}),
        ("put_object", {"Bucket": "examplebucket", "Key": "k", "ContentType": "text/plain"}),
        ("list_objects_v2", {"Bucket": "examplebucket", "Prefix": "a/"}),
        ("list_buckets", {}),
    ]:
        if operation == "list_buckets" and "accelera" in name:
            continue  # S3 Transfer Acceleration has none; botocore asks there where it is the endpoint
        expected = their_client.generate_presigned_url(operation, Params=params, ExpiresIn=900)
        assert parts(presigner.generate_presigned_url(operation, params, 900)) == parts(expected)  # type: ignore[arg-type]
    form = their_client.generate_presigned_post("examplebucket", "k", ExpiresIn=600)
    assert presigner.generate_presigned_post("examplebucket", "k", ExpiresIn=600) == form


ARN = "arn:aws:s3:us-west-2:123456789012:accesspoint/mine"
ADDRESSED: "list[tuple[dict[str, Any], str]]" = [
    ({"config": {"s3": {"addressing_style": "path"}}}, ARN),
    ({"config": {"s3": {"addressing_style": "path"}}}, "logs--usw2-az1--x-s3"),
    ({"config": {"s3": {}}, "endpoint_url": "https://store.example"}, ARN),
    ({"config": {"s3": {"addressing_style": "path"}}, "endpoint_url": "https://store.example/base"}, ARN),
    ({"endpoint_url": "https://store.example/base/"}, "examplebucket"),
    ({"endpoint_url": "https://store.example/base"}, "examplebucket"),
    ({"endpoint_url": "https://store.example"}, "dotted.bucket"),
    ({"endpoint_url": "http://store.example"}, "dotted.bucket"),
    ({"endpoint_url": "http://store.example:9000"}, "Under_Score"),
    ({"endpoint_url": "http://127.0.0.1:9000"}, "examplebucket"),
    ({"endpoint_url": "http://[::1]:9000"}, "examplebucket"),
    ({"use_ssl": False, "config": {"s3": {"addressing_style": "path"}}}, "dotted.bucket"),
    ({"use_ssl": False}, "Under_Score"),
    ({"use_ssl": False}, "dotted.bucket"),
]


@pytest.mark.parametrize(("options", "bucket"), ADDRESSED)
def test_a_bucket_is_where_the_client_puts_it(options: "dict[str, Any]", bucket: str) -> None:
    their_client = client(**options)
    presigner = S3Presigner.from_boto3(their_client)
    operations: list[tuple[Any, dict[str, str]]] = [
        ("get_object", {"Bucket": bucket, "Key": "k"}),
        ("list_objects_v2", {"Bucket": bucket}),
        ("head_bucket", {"Bucket": bucket}),
        ("list_buckets", {}),
    ]
    if not bucket.endswith("--x-s3"):  # a client of a set version forgets what directory buckets need
        for operation, params in operations:
            expected = their_client.generate_presigned_url(operation, Params=params, ExpiresIn=900)
            assert parts(presigner.generate_presigned_url(operation, params, 900)) == parts(expected)
        if bucket != ARN:
            form = their_client.generate_presigned_post(bucket, "k", ExpiresIn=600)
            assert presigner.generate_presigned_post(bucket, "k", ExpiresIn=600) == form
    assert presigner.generate_presigned_url("get_bucket_location", {"Bucket": bucket}).method == "GET"


def test_where_a_bucket_is_asked_for_in_its_path_except_where_the_client_could_not() -> None:
    params = {"Bucket": "examplebucket"}
    expected = client().generate_presigned_url("get_bucket_location", params)
    assert parts(S3Presigner.from_boto3(client()).generate_presigned_url("get_bucket_location", params)) == parts(
        expected
    )
    # botocore refuses to ask at these, since both need the host; they answer all operations alike.
    fast = S3Presigner.from_boto3(client(config={"s3": {"use_accelerate_endpoint": True}}))
    url = fast.generate_presigned_url("get_bucket_location", params)
    assert parts(url)[1:3] == ("examplebucket.s3-accelerate.amazonaws.com", "/")
    url = S3Presigner.from_boto3(client()).generate_presigned_url("get_bucket_location", {"Bucket": ARN})
    assert parts(url)[1:3] == ("mine-123456789012.s3-accesspoint.us-west-2.amazonaws.com", "/")


@pytest.mark.parametrize("region", ["us-west-2", "cn-north-1"])
@pytest.mark.parametrize("options", [{}, {"use_dualstack_endpoint": True}, {"use_fips_endpoint": True},
                                     {"use_fips_endpoint": True, "use_dualstack_endpoint": True}])  # fmt: skip
def test_the_control_endpoint_of_directory_buckets_is_botocores(region: str, options: "dict[str, bool]") -> None:
    if region == "cn-north-1" and "use_fips_endpoint" in options:
        return  # China has none
    their_client = client(region, config=options)
    params = {"Bucket": "logs--usw2-az1--x-s3"}
    expected = parts(their_client.generate_presigned_url("get_bucket_policy", params))
    assert expected[1].startswith("s3express-control")
    assert parts(S3Presigner.from_boto3(their_client).generate_presigned_url("get_bucket_policy", params)) == expected


def test_a_client_that_forbids_another_regions_arn_forbids_it_here(monkeypatch: pytest.MonkeyPatch) -> None:
    for where in ("config", "environment"):
        options: dict[str, Any] = {}
        if where == "config":
            options["config"] = {"s3": {"use_arn_region": False}}
        else:
            monkeypatch.setenv("AWS_S3_USE_ARN_REGION", "false")
        their_client = client(**options)
        presigner = S3Presigner.from_boto3(their_client)
        for arn in (ARN, ARN.replace(":s3:", ":s3-object-lambda:")):
            params = {"Bucket": arn, "Key": "k"}
            with pytest.raises(exceptions_module.UnsupportedS3AccesspointConfigurationError):
                their_client.generate_presigned_url("get_object", params)
            for one in (presigner, presigner.replace(default_expires_in=60), copy.deepcopy(presigner)):
                with pytest.raises(InputError, match=r"^Bucket: .*, which the client's use_arn_region=False does not"):
                    one.generate_presigned_url("get_object", params)
                with pytest.raises(InputError, match=r"^bucket: .* is in the region 'us-west-2'"):
                    one.get_object(arn, "k")
        own = {"Bucket": ARN.replace("us-west-2", "eu-west-1"), "Key": "k"}
        expected = their_client.generate_presigned_url("get_object", own)
        assert parts(presigner.generate_presigned_url("get_object", own)) == parts(expected)
        everywhere = "arn:aws:s3::123456789012:accesspoint/mine.mrap"  # of no other region
        assert "X-Amz-Region-Set=%2A" in presigner.generate_presigned_url(
            "get_object", {"Bucket": everywhere, "Key": "k"}
        )


def test_a_client_that_switches_multi_region_access_points_off_does_so_here() -> None:
    their_client = client(config={"s3": {"s3_disable_multiregion_access_points": True}})
    params = {"Bucket": "arn:aws:s3::123456789012:accesspoint/mine.mrap", "Key": "k"}
    with pytest.raises(exceptions_module.UnsupportedS3AccesspointConfigurationError):
        their_client.generate_presigned_url("get_object", params)
    with pytest.raises(InputError, match=r"^Bucket: .* the client's s3_disable_multiregion_access_points switches"):
        S3Presigner.from_boto3(their_client).generate_presigned_url("get_object", params)


def test_without_tls_nothing_of_the_client_is_dropped() -> None:
    fast = client(use_ssl=False, config={"s3": {"use_accelerate_endpoint": True}})
    with pytest.raises(InputError, match=r"^client_or_session: has use_ssl=False, which has no counterpart with acc"):
        S3Presigner.from_boto3(fast)
    assert S3Presigner.from_boto3(fast, endpoint="https://store.example").accelerate is False
    china = client("cn-north-1", use_ssl=False, config={"use_fips_endpoint": True})
    with pytest.raises(exceptions_module.EndpointResolutionError, match="Partition does not support FIPS"):
        china.generate_presigned_url("get_object", {"Bucket": "bkt", "Key": "k"})
    with pytest.raises(InputError, match="^fips: S3 has no such endpoint in China"):
        S3Presigner.from_boto3(china)
    elsewhere = S3Presigner.from_boto3(client(use_ssl=False), region="us-west-2")
    assert elsewhere.object_url("bkt", "k") == "http://bkt.s3.us-west-2.amazonaws.com/k"
    assert S3Presigner.from_boto3(client(use_ssl=False), fips=True).endpoint == "http://s3-fips.eu-west-1.amazonaws.com"


@pytest.mark.parametrize(
    "bucket",
    [
        ARN,
        ARN.replace(":s3:", ":s3-object-lambda:"),
        "arn:aws:s3::123456789012:accesspoint/mine.mrap",
        "logs--euw1-az1--x-s3",
    ],
)
def test_without_tls_what_has_a_host_of_its_own_is_refused_by_the_clients_setting(bucket: str) -> None:
    their_client = client(use_ssl=False)
    if bucket == ARN:  # botocore signs for http:// here; S3Presigner has no such address
        assert their_client.generate_presigned_url("get_object", {"Bucket": bucket, "Key": "k"}).startswith(
            "http://mine-"
        )
    plain = S3Presigner.from_boto3(their_client, credentials=Credentials("AKIDEXAMPLE", "s", "t"))
    problem = "has a host of its own, which the client's use_ssl=False rules out; make the client with TLS$"
    for presigner in (plain, pickle.loads(pickle.dumps(plain)), plain.replace(default_expires_in=60)):
        with pytest.raises(InputError, match=f"^bucket: {bucket!r} {problem}"):
            presigner.get_object(bucket, "k")
        with pytest.raises(InputError, match=f"^Bucket: {bucket!r} {problem}"):
            presigner.generate_presigned_url("get_object", {"Bucket": bucket, "Key": "k"})
    # It is about the endpoint that stands for the setting, and about no other.
    signed = plain.replace(endpoint=None, credentials=lambda: plain.credentials)
    assert signed.get_object(bucket, "k").startswith("https://")
    given = S3Presigner.from_boto3(their_client, endpoint="http://s3.eu-west-1.amazonaws.com")
    with pytest.raises(InputError, match=r"^endpoint: .* leave endpoint= out$"):
        given.get_object(bucket, "k")


def test_a_setting_of_the_environment_is_the_clients_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9000")
    assert S3Presigner.from_boto3(client()).endpoint == "http://127.0.0.1:9000"
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9001")
    assert S3Presigner.from_boto3(client()).endpoint == "http://127.0.0.1:9001"


def test_a_client_that_is_told_nothing_gives_the_regions_own_host() -> None:
    their_client = client(config={"s3": None})
    params = {"Bucket": "examplebucket", "Key": "k"}
    expected: str = their_client.generate_presigned_url("get_object", params)
    assert expected.startswith("https://examplebucket.s3.amazonaws.com/k?")
    presigner = S3Presigner.from_boto3(their_client)
    assert presigner.addressing_style == "auto"
    assert presigner.generate_presigned_url("get_object", params).startswith(
        "https://examplebucket.s3.eu-west-1.amazonaws.com/k?"
    )


def test_a_client_without_a_region_is_in_us_east_1() -> None:
    presigner = S3Presigner.from_boto3(client(region=None))
    assert presigner.get_object("bkt", "k").startswith("https://bkt.s3.us-east-1.amazonaws.com/k?")
    assert "%2Fus-east-1%2F" in client(region=None).generate_presigned_url("get_object", {"Bucket": "bkt", "Key": "k"})


def test_an_argument_wins_over_the_client() -> None:
    plain, dual = client(), client(config={"use_dualstack_endpoint": True})
    assert S3Presigner.from_boto3(plain, region="us-west-2").region == "us-west-2"
    assert S3Presigner.from_boto3(plain, credentials=Credentials("A", "b")).credentials == Credentials("A", "b")
    at_store = S3Presigner.from_boto3(dual, endpoint="http://127.0.0.1:9000")
    assert (at_store.endpoint, at_store.dualstack) == ("http://127.0.0.1:9000", False)
    at_aws = S3Presigner.from_boto3(client(endpoint_url="http://127.0.0.1:9000"), fips=True)
    assert (at_aws.endpoint, at_aws.fips) == (None, True)
    with pytest.raises(TypeError, match="no_such"):
        S3Presigner.from_boto3(plain, no_such=1)  # type: ignore[call-arg]


@pytest.mark.parametrize("variant", ["dualstack", "fips", "accelerate"])
def test_a_variant_of_awss_endpoints_wins_over_the_clients_endpoint(variant: str) -> None:
    at_store = client(endpoint_url="http://127.0.0.1:9000")
    wanted: dict[str, Any] = {variant: True}
    unwanted: dict[str, Any] = {variant: False}
    found = S3Presigner.from_boto3(at_store, **wanted)
    assert (found.endpoint, getattr(found, variant)) == (None, True)
    assert S3Presigner.from_boto3(at_store, **unwanted).endpoint == "http://127.0.0.1:9000"
    # An endpoint that is given wins over each variant of the client's.
    setting = (
        {"s3": {"use_accelerate_endpoint": True}} if variant == "accelerate" else {f"use_{variant}_endpoint": True}
    )
    moved = S3Presigner.from_boto3(client(config=setting), endpoint="https://store.example")
    assert (moved.endpoint, getattr(moved, variant)) == ("https://store.example", False)


def test_a_session_is_what_its_own_client_is(monkeypatch: pytest.MonkeyPatch) -> None:
    session = session_module.Session()
    session.set_credentials("AKIDSESSION", "secret", "token")
    with pytest.raises(InputError, match=r"^region: the session has none; give region=$"):
        S3Presigner.from_boto3(session)
    assert (
        S3Presigner.from_boto3(session, region="eu-west-1")
        .get_object("bkt", "k")
        .startswith("https://bkt.s3.eu-west-1")
    )
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-south-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9000")
    presigner = S3Presigner.from_boto3(session)
    assert (presigner.region, presigner.endpoint) == ("ap-south-1", "http://127.0.0.1:9000")
    assert "AKIDSESSION" in presigner.get_object("bkt", "k")


def test_whatever_has_credentials_and_a_region_is_a_session() -> None:
    found = oracle.botocore_credentials("AKIDSESSION", "secret")
    session = SimpleNamespace(get_credentials=lambda: found, region_name="eu-west-1")
    assert "AKIDSESSION" in S3Presigner.from_boto3(session).get_object("bkt", "k")
    asked = SimpleNamespace(get_credentials=lambda: found, get_config_variable={"region": "eu-west-1"}.get)
    assert S3Presigner.from_boto3(asked).region == "eu-west-1"
    asked.region_name = "eu-west-2"
    assert S3Presigner.from_boto3(asked).region == "eu-west-2"
    assert S3Presigner.from_boto3(asked, region="eu-west-3").region == "eu-west-3"
    for make in ("client", "create_client"):  # boto3's and botocore's
        made: list[tuple[str, str]] = []

        def of_session(service: str, *, region_name: str, made: "list[tuple[str, str]]" = made) -> Any:
            made.append((service, region_name))
            return client(region_name)

        maker = SimpleNamespace(get_credentials=lambda: found, region_name="eu-west-1", **{make: of_session})
        assert S3Presigner.from_boto3(maker, region="eu-west-2").region == "eu-west-2"
        assert made == [("s3", "eu-west-2")]
    wrapped = SimpleNamespace(get_credentials=functools.partial(lambda: found), region_name="eu-west-1")
    assert "AKID" in S3Presigner.from_boto3(wrapped).get_object("bkt", "k")
    empty = SimpleNamespace(get_credentials=lambda: None, region_name="eu-west-1")
    with pytest.raises(CredentialsNotFound, match="boto3 found no credentials"):
        S3Presigner.from_boto3(empty).get_object("bkt", "k")
    assert "AKIDX" in S3Presigner.from_boto3(empty, credentials=Credentials("AKIDX", "s")).get_object("bkt", "k")


def test_a_resource_is_its_client(theirs: Any) -> None:
    resource = SimpleNamespace(meta=SimpleNamespace(client=theirs))
    assert S3Presigner.from_boto3(resource) == S3Presigner.from_boto3(theirs)


@pytest.mark.parametrize("source", [None, "s3", 5, SimpleNamespace(meta=None)])
def test_what_is_neither_a_client_nor_a_session_is_refused(source: Any) -> None:
    with pytest.raises(TypeError, match=r"^client_or_session: expected an S3 client or a session of boto3, got "):
        S3Presigner.from_boto3(source)


def test_a_client_or_a_session_in_place_of_credentials_is_told_where_to_go(theirs: Any) -> None:
    sources: list[Any] = [theirs, session_module.Session(), SimpleNamespace(meta=None, get_credentials=None)]
    for source in sources:
        with pytest.raises(TypeError, match=r"^credentials: .*; S3Presigner\.from_boto3\(\) takes boto3's clients"):
            S3Presigner(source, region="eu-west-1")


def test_a_client_of_another_service_is_refused() -> None:
    other = session_module.Session().create_client("sts", region_name="eu-west-1", **KEYS)
    with pytest.raises(InputError, match=r"^client_or_session: is a client of sts; give one of s3$"):
        S3Presigner.from_boto3(other)


def test_a_client_without_credentials_is_found_out_when_it_signs() -> None:
    keyless = session_module.Session().create_client("s3", region_name="eu-west-1")
    presigner = S3Presigner.from_boto3(keyless)
    with pytest.raises(CredentialsNotFound, match="boto3 found no credentials .* or pass credentials="):
        presigner.get_object("bkt", "k")
    assert presigner.object_url("bkt", "k") == "https://bkt.s3.eu-west-1.amazonaws.com/k"


def test_a_client_that_signs_nothing_gives_addresses_only() -> None:
    public = client(config={"signature_version": package.UNSIGNED})
    presigner = S3Presigner.from_boto3(public)
    with pytest.raises(CredentialsNotFound, match=r"signs nothing \(signature_version=UNSIGNED\); object_url\(\)"):
        presigner.generate_presigned_url("get_object", {"Bucket": "bkt", "Key": "a b"})
    expected = public.generate_presigned_url("get_object", {"Bucket": "bkt", "Key": "a b", "VersionId": "1+2"})
    assert parts(presigner.object_url("bkt", "a b", version_id="1+2")) == parts(expected)


def test_credentials_that_are_renewed_are_read_for_each_url() -> None:
    found = [
        {"access_key": f"AKID{n}", "secret_key": "s", "token": "t", "expiry_time": "2099-01-01T00:00:00Z"} for n in "12"
    ]
    refreshable = credentials_module.RefreshableCredentials.create_from_metadata(
        metadata=found[0], refresh_using=lambda: found[1], method="test"
    )
    session = SimpleNamespace(get_credentials=lambda: refreshable, region_name="eu-west-1")
    presigner = S3Presigner.from_boto3(session)
    assert "AKID1" in presigner.get_object("bkt", "k")
    refreshable._expiry_time = datetime.datetime(2000, 1, 1, tzinfo=datetime.timezone.utc)
    assert "AKID2" in presigner.get_object("bkt", "k")


class AioCredentials:
    """aiobotocore's, as far as they are read: what freezes them is a coroutine function."""

    access_key, secret_key, token = "AKIDAIO", "secret", None

    async def get_frozen_credentials(self) -> Any:
        return credentials_module.ReadOnlyCredentials(self.access_key, self.secret_key, self.token)


def test_aiobotocores_credentials_are_answered_with_the_way_out(theirs: Any) -> None:
    async def get_credentials() -> AioCredentials:
        return AioCredentials()

    aio_client = SimpleNamespace(
        meta=theirs.meta,
        _ruleset_resolver=theirs._ruleset_resolver,
        _request_signer=SimpleNamespace(_credentials=AioCredentials()),
    )

    def create_client(*_: object, **__: object) -> Any:
        raise AssertionError("aiobotocore's clients have to be awaited")

    aio_session = SimpleNamespace(
        get_credentials=get_credentials, region_name="eu-west-1", create_client=create_client
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a coroutine that is never awaited
        for source in (aio_client, aio_session):
            with pytest.raises(TypeError, match=r"await cred\w+\.get_frozen_credentials\(\)"):
                S3Presigner.from_boto3(source)
        way_out = asyncio.run(AioCredentials().get_frozen_credentials())
        for source in (aio_client, aio_session):
            assert "AKIDAIO" in S3Presigner.from_boto3(source, credentials=way_out).get_object("bkt", "k")


# --- generate_presigned_url ------------------------------------------------------------------------------------------


def test_the_calls_have_boto3s_arguments_in_boto3s_order(theirs: Any) -> None:
    for name in ("generate_presigned_url", "generate_presigned_post"):
        expected = inspect.signature(getattr(theirs, name)).parameters
        found = inspect.signature(getattr(S3Presigner, name)).parameters
        assert [(each.name, each.default, each.kind) for each in list(found.values())[1:]] == [
            (each.name, each.default, each.kind) for each in expected.values()
        ]


# Not from a session, which would read the configuration of whoever runs the tests.
MODEL: Any = model_module.ServiceModel(loaders_module.Loader().load_service_model("s3", "service-2"), "s3")
NAMES: "dict[str, str]" = {package.xform_name(name): name for name in MODEL.operation_names}


def shapes(operation: str) -> "dict[str, Any]":
    """The members of an operation's input."""
    shape = MODEL.operation_model(NAMES[operation]).input_shape
    return {} if shape is None else dict(shape.members)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_parameter_of_the_model_has_its_name_here(operation: str) -> None:
    members = {name: shape.serialization.get("location") for name, shape in shapes(operation).items()}
    in_url = {name for name, location in members.items() if location not in (None, "uri")}
    assert in_url <= {boto3.boto3_name(name) for name in OPERATIONS[operation].places}
    assert boto3._IN_THE_BODY.get(operation, "").split() == [name for name in members if members[name] is None]


def test_the_deprecated_names_are_botocores() -> None:
    assert set(boto3._TWINS) == {
        name for name in NAMES if MODEL.operation_model(NAMES[name]).deprecated and f"{name}_configuration" in NAMES
    }


def values(name: str, shape: Any) -> "st.SearchStrategy[Any]":
    """What makes sense for a member of the model, as boto3 takes it."""
    in_header = shape.serialization["location"] == "header"
    if name == "CopySource":
        word = st.text("abc/ +%~\u00fc", min_size=1, max_size=8).map(lambda text: f"k{text}k")
        pair = st.fixed_dictionaries({"Bucket": st.just("source"), "Key": word}, optional={"VersionId": st.just("v1")})
        return pair | word.map(lambda key: f"source/{key}")
    if name == "Metadata":
        return st.dictionaries(
            st.text("abcDEF-123", min_size=1, max_size=8), HEADER_VALUE | st.just(""), max_size=3
        ).filter(lambda entries: len({entry.lower() for entry in entries}) == len(entries))
    if name in DIGESTS:
        return st.binary(min_size=DIGESTS[name], max_size=DIGESTS[name]).map(lambda raw: base64.b64encode(raw).decode())
    if name.endswith("SSECustomerKey"):
        return st.binary(min_size=32, max_size=32) | st.text("abc", min_size=32, max_size=32)
    if getattr(shape, "enum", None):
        return st.sampled_from(shape.enum)
    if shape.type_name == "timestamp":
        return MOMENTS
    if shape.type_name == "list":
        return st.lists(st.sampled_from(shape.member.enum), min_size=1, max_size=3)
    if name == "PartNumber":
        return st.integers(1, 10_000)
    if name in ("Prefix", "Delimiter", "Marker", "StartAfter", "KeyMarker"):
        return QUERY_VALUE | st.just("")
    if name.startswith("Response"):
        return ANSWER_VALUE
    return {
        "string": HEADER_VALUE if in_header else QUERY_VALUE,
        "integer": st.integers(0, 10_000),
        "long": st.integers(0, 2**40),
        "boolean": st.booleans(),
    }[shape.type_name]


DIGESTS = {"ContentMD5": 16, "ChecksumCRC32": 4, "ChecksumCRC32C": 4, "ChecksumCRC64NVME": 8, "ChecksumSHA1": 20,
           "ChecksumSHA256": 32, "ChecksumSHA512": 64, "ChecksumMD5": 16, "ChecksumXXHASH64": 8, "ChecksumXXHASH3": 8,
           "ChecksumXXHASH128": 16}  # fmt: skip
HEADER_VALUE = st.text([chr(code) for code in range(0x20, 0x7F)], min_size=1, max_size=20).filter(str.strip)
QUERY_VALUE = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
ANSWER_VALUE = st.text([chr(code) for code in [*range(0x20, 0x7F), *range(0xA0, 0x100)]], min_size=1, max_size=20)
_SECONDS = st.integers(604_801, 4_000_000_000)
_UTC = datetime.timezone.utc
MOMENTS = st.one_of(
    _SECONDS,
    _SECONDS.map(str),
    _SECONDS.map(lambda seconds: seconds + 0.75),
    _SECONDS.map(lambda seconds: datetime.datetime.fromtimestamp(seconds, _UTC)),
    _SECONDS.map(lambda seconds: datetime.datetime.fromtimestamp(seconds, _UTC).replace(tzinfo=None)),
    _SECONDS.map(lambda seconds: datetime.datetime.fromtimestamp(seconds, _UTC).strftime("%Y-%m-%dT%H:%M:%SZ")),
    _SECONDS.map(lambda seconds: datetime.datetime.fromtimestamp(seconds, _UTC).strftime("%Y-%m-%d")),
    _SECONDS.map(
        lambda seconds: datetime.datetime.fromtimestamp(
            seconds, datetime.timezone(datetime.timedelta(hours=-3))
        ).isoformat()
    ),
)
KEY_VALUE = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=16).filter(
    lambda key: not {".", ".."} & set(key.split("/")) and not key.startswith("/")
)


@st.composite
def calls(draw: st.DrawFn, operation: str) -> "tuple[dict[str, Any], int, str | None]":
    """Params of an operation, ExpiresIn and HttpMethod."""
    model = MODEL.operation_model(NAMES[operation])
    members = {
        name: shape
        for name, shape in shapes(operation).items()
        if shape.serialization.get("location") not in (None, "uri")
    }
    required = (
        [] if model.input_shape is None else [name for name in model.input_shape.required_members if name in members]
    )
    chosen = {*required, *draw(st.lists(st.sampled_from(sorted(members)), max_size=4) if members else st.just([]))}
    for whose in ("", "CopySource"):  # S3 reads these together or not at all, and so do we
        if any(name.startswith(f"{whose}SSECustomer") for name in chosen):
            chosen -= {f"{whose}SSECustomerKeyMD5"}
            chosen |= {f"{whose}SSECustomerKey", f"{whose}SSECustomerAlgorithm"}
    params = {name: draw(values(name, members[name])) for name in sorted(chosen)}
    if operation in ("list_parts", "get_object_attributes") and "SSECustomerKey" in params:
        # botocore hands the key on as it is there, so what it is given has to be what is sent.
        raw = draw(st.binary(min_size=32, max_size=32))
        params["SSECustomerKey"] = base64.b64encode(raw).decode()
        params["SSECustomerKeyMD5"] = base64.b64encode(hashlib.md5(raw).digest()).decode()
    if operation == "rename_object":
        params.setdefault("ClientToken", "b0b9fe64-2b9c-4b6e-a1c5-6f6d6f7f2f5e")  # else botocore's is a random one
    if OPERATIONS[operation].scope != SERVICE:
        params["Bucket"] = draw(st.sampled_from(["examplebucket", "dotted.bucket", "Under_Score"]))
    if "Key" in shapes(operation):
        params["Key"] = draw(KEY_VALUE)
    method = draw(st.sampled_from([None, None, None, "PUT", "get"]))
    return params, draw(st.integers(1, 604_800)), method


@pytest.mark.parametrize("operation", OPERATIONS)
@given(st.data())
@settings(max_examples=8, deadline=None, derandomize=True, database=None)
def test_random_calls_give_boto3s_url(operation: str, data: st.DataObject) -> None:
    same_url(operation, *data.draw(calls(operation)))


def same_url(operation: str, params: "dict[str, Any]", expires_in: int, method: "str | None") -> None:
    """That boto3's call and ours give one URL."""
    before = repr(params)
    expected = _CLIENT.generate_presigned_url(operation, Params=dict(params), ExpiresIn=expires_in, HttpMethod=method)
    url = _PRESIGNER.generate_presigned_url(operation, params, expires_in, method)  # type: ignore[arg-type]
    assert parts(url) == parts(expected)
    assert repr(params) == before, "what is passed in is not changed"
    assert type(url) is PresignedUrl
    assert url.method == (method or OPERATIONS[operation].method).upper()


def _module_client() -> Any:
    """Members of the body can be left out, as in every URL that botocore can presign."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_CONFIG_FILE", os.devnull)
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
        return client(aws_session_token="a/session+token==", config={"parameter_validation": False})


_CLIENT = _module_client()
_PRESIGNER = S3Presigner.from_boto3(_CLIENT)


@pytest.mark.parametrize("name", sorted(boto3._TWINS))
def test_a_deprecated_name_is_the_same_request(theirs: Any, ours: S3Presigner, name: Any) -> None:
    expected = theirs.generate_presigned_url(name, {"Bucket": "bkt"}) if name.startswith("get") else None
    url = ours.generate_presigned_url(name, {"Bucket": "bkt"})
    assert expected is None or parts(url) == parts(expected)
    assert url == ours.generate_presigned_url(f"{name}_configuration", {"Bucket": "bkt"})  # type: ignore[arg-type]


def test_what_is_in_the_body_does_not_count(ours: S3Presigner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boto3, "_known_of", {})
    for operation, members in boto3._IN_THE_BODY.items():
        params = {"Bucket": "bkt", "Key": "k", "UploadId": "u", "PartNumber": 1, "AnnotationName": "n", "Id": "i"}
        params = {name: value for name, value in params.items() if name in shapes(operation)}
        body = dict.fromkeys(members.split(), b"anything")
        assert ours.generate_presigned_url(operation, {**params, **body}) == ours.generate_presigned_url(  # type: ignore[arg-type]
            operation,  # type: ignore[arg-type]
            params,
        )


def test_an_empty_list_is_no_header(theirs: Any, ours: S3Presigner) -> None:
    params: dict[str, Any] = {"Bucket": "bkt", "OptionalObjectAttributes": []}
    expected = theirs.generate_presigned_url("list_objects_v2", params)
    assert parts(ours.generate_presigned_url("list_objects_v2", params)) == parts(expected)


_DAY = datetime.datetime(2025, 11, 24, 16, 0, tzinfo=datetime.timezone.utc)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("Expires", 0, 0),
        ("Expires", 604_800, 604_800),  # a week: a lifetime, meant for ExpiresIn
        ("ResponseExpires", "604800", 604_800),
        ("Expires", 604_801, datetime.datetime(1970, 1, 8, 0, 0, 1, tzinfo=datetime.timezone.utc)),
        ("IfModifiedSince", 0, datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)),
        ("Expires", NOW + 0.5, _DAY.replace(microsecond=500_000)),
        ("Expires", str(NOW), _DAY),
        ("Expires", "2025-11-24T16:00:00Z", _DAY),
        ("Expires", "2025-11-24T16:00:00z", _DAY),
        ("Expires", "2025-11-24T16:00:00", _DAY),
        ("Expires", "2025-11-24T18:00:00+02:00", _DAY),
        ("Expires", _DAY, _DAY),
        ("Expires", _DAY.replace(tzinfo=None), _DAY),
        ("Expires", "Mon, 24 Nov 2025 16:00:00 GMT", "Mon, 24 Nov 2025 16:00:00 GMT"),
        ("Expires", "", ""),
        ("Expires", True, True),
        ("Expires", None, None),
        ("Expires", b"x", b"x"),
    ],
)
def test_a_time_is_read_as_botocore_reads_it(name: str, value: object, expected: object) -> None:
    found = boto3._moment(name, value)
    assert (found, type(found) is bool) == (expected, type(expected) is bool)
    if isinstance(expected, datetime.datetime):
        assert found.tzinfo is not None


@pytest.mark.parametrize(
    ("name", "value", "given", "expected"),
    [
        ("SSECustomerKey", "k" * 32, {}, b"k" * 32),
        ("CopySourceSSECustomerKey", "k" * 32, {}, b"k" * 32),
        ("SSECustomerKey", "k" * 31, {}, "k" * 31),
        ("SSECustomerKey", "k" * 33, {}, "k" * 33),
        ("SSECustomerKey", "k" * 32, {"SSECustomerKeyMD5": "m"}, "k" * 32),
        ("SSECustomerKey", "\u00fc" * 16, {}, "\u00fc".encode() * 16),
        ("SSECustomerKey", b"k" * 32, {}, b"k" * 32),
        ("SSEKMSKeyId", "k" * 32, {}, "k" * 32),
        ("ObjectAttributes", [], {}, None),
        ("ObjectAttributes", (), {}, None),
        ("ObjectAttributes", ["ETag"], {}, ["ETag"]),
        ("Metadata", {}, {}, {}),
        ("CopySource", "b/k", {}, "b/k"),
        ("CopySource", {"Bucket": "b", "Key": "k", "VersionId": None}, {},
         {"bucket": "b", "key": "k", "version_id": None}),
    ],
)  # fmt: skip
def test_a_value_of_boto3_is_taken_as_botocore_sends_it(
    name: str, value: object, given: "dict[str, object]", expected: object
) -> None:
    assert boto3._our_value(name, str, value, given) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"acl": 5}, {"acl": "5"}),
        ({"acl": True}, {"acl": True}),
        (["eq", "$acl", 5], ["eq", "$acl", "5"]),
        (("starts-with", "$acl", ""), ["starts-with", "$acl", ""]),
        (["content-length-range", "1", 2], ["content-length-range", 1, 2]),
        (["content-length-range", "-1", "\u0663"], ["content-length-range", "-1", "\u0663"]),
        (["eq", "$acl"], ["eq", "$acl"]),
        (["eq", "$acl", 5, 6], ["eq", "$acl", 5, 6]),
        ("acl", "acl"),
    ],
)
def test_a_number_in_a_condition_is_the_text_that_is_sent_and_a_size_a_number(written: Any, expected: Any) -> None:
    assert boto3._condition(written) == expected


BKT = {"Bucket": "bkt", "Key": "k"}


@pytest.mark.parametrize(
    ("method", "params", "message"),
    [
        ("get_objekt", BKT, "ClientMethod: 'get_objekt' is not .* did you mean 'get_object'?"),
        ("GetObject", BKT, "ClientMethod: 'GetObject' is not .* did you mean 'get_object'?"),
        ("listObjectsV2", BKT, "ClientMethod: 'listObjectsV2' is not .* did you mean 'list_objects_v2'?"),
        ("frobnicate", BKT, "ClientMethod: 'frobnicate' is not .* it is an operation of S3, such as 'get_object'"),
        ("upload_file", BKT, "ClientMethod: 'upload_file' is not .* did you mean 'put_object'?"),
        ("download_fileobj", BKT, "ClientMethod: 'download_fileobj' is not .* did you mean 'get_object'?"),
        ("list_directory_buckets", {}, "ClientMethod: 'list_directory_buckets' .* it is an operation of S3, such as"),
        ("get_object_attributes", {**BKT, "ObjectAttributes": []}, "ObjectAttributes: is empty; get_obj.* needs it"),
        ("upload_part", {**BKT, "UploadId": "", "PartNumber": 1}, "UploadId: is empty; upload_part needs it"),
        ("get_object", {"Bucket": "bkt"}, "Params: Key is missing; get_object needs it"),
        ("get_object", {"Key": "k"}, "Params: Bucket is missing; get_object needs it"),
        ("get_object", None, "Params: Bucket is missing"),
        ("upload_part", {**BKT, "UploadId": "u"}, "Params: PartNumber is missing; upload_part needs it"),
        ("get_object", {**BKT, "VersionID": "1"}, "Params: get_object has no .* 'VersionID'; use VersionId"),
        ("get_object", {**BKT, "version_id": "1"}, "Params: .* 'version_id'; use VersionId"),
        ("get_object", {**BKT, "bucket": "1"}, "Params: .* 'bucket'; use Bucket"),
        ("get_object", {**BKT, "Versoin": "1"}, "Params: .* 'Versoin'; did you mean VersionId?"),
        ("get_object", {**BKT, "DownloadAs": "x"}, "Params: .* 'DownloadAs'; it takes Bucket, Key"),
        ("put_object", {**BKT, "Delete": {}}, "Params: put_object has no parameter 'Delete'"),
        ("put_object", {**BKT, "x" * 99: 1}, f"Params: put_object has no parameter '{'x' * 60}'; "),
        ("get_object", {**BKT, "VersionId": ""}, "VersionId: is empty"),
        ("upload_part", {**BKT, "UploadId": "u", "PartNumber": 0}, "PartNumber: 0 "),
        ("put_object", {**BKT, "Expires": 3600}, "Expires: is the Expires header.* use ExpiresIn= for the URL's life"),
        (
            "get_object",
            {**BKT, "ResponseExpires": datetime.timedelta(days=1)},
            "ResponseExpires: is the Expires header.* use ExpiresIn= for",
        ),
        (
            "put_object",
            {**BKT, "SSECustomerKey": "k" * 32},
            r"SSECustomerAlgorithm: is missing; .* SSECustomerAlgorithm \('AES256'\) and SSECustomerKey together$",
        ),
        (
            "copy_object",
            {**BKT, "CopySource": "b/k", "CopySourceSSECustomerAlgorithm": "AES256"},
            r"CopySourceSSECustomerKey: .* CopySourceSSECustomerAlgorithm \('AES256'\) and CopySourceSSECustomerKey to",
        ),
        (
            "put_object",
            {
                **BKT, "SSECustomerAlgorithm": "AES256", "SSECustomerKey": base64.b64encode(b"k" * 32).decode(),
                "SSECustomerKeyMD5": "XrY7u+Ae7tCTyyK7j1rNww==",
            },
            "SSECustomerKeyMD5: is not the MD5 of SSECustomerKey in base64",
        ),
        # A value, as it was given.
        ("put_object", {**BKT, "Expires": "version_id"}, "Expires: invalid HTTP date 'version_id'"),
        ("put_object", {**BKT, "Expires": "it's key_marker"}, "Expires: invalid HTTP date \"it's key_marker\""),
        ("put_object", {**BKT, "Expires": "'\" key_marker"}, r"Expires: invalid HTTP date '\\'\" key_marker'"),
        (
            "head_object",
            {**BKT, "ResponseContentDisposition": "filename=\u0142"},
            "ResponseContentDisposition: has a character outside .* as get_object does with download_as",
        ),
        ("put_object", {**BKT, "Expires": "tomorrow"}, "Expires: invalid HTTP date 'tomorrow'"),
        ("put_object", {**BKT, "Expires": 1e20}, r"Expires: 1e\+20 is not a time in epoch seconds"),
        ("put_object", {**BKT, "Metadata": {"note": "\u00fc"}}, "Metadata: the value of 'note'"),
        ("copy_object", {**BKT, "CopySource": {"Bucket": "b"}}, "CopySource: Key is missing"),
        ("copy_object", {**BKT, "CopySource": {"Bucket": "b", "key": "k"}}, "CopySource: has no 'key'; it takes"),
        ("get_object", {"Bucket": "b/c", "Key": "k"}, "Bucket: 'b/c'"),
        ("get_object", {"Bucket": "bkt", "Key": ""}, "Key: is empty"),
        (
            "get_object",
            {"Bucket": "bkt", "Key": "a/../b"},
            r"Key: has a segment .* an operation's own method, such as get_object\(\), signs it with allow_dot_",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_signed_is_refused_by_boto3s_name(
    ours: S3Presigner, method: Any, params: Any, message: str
) -> None:
    with pytest.raises(InputError, match=f"^{message}") as caught:
        ours.generate_presigned_url(method, params)
    assert caught.value.parameter == str(caught.value).partition(":")[0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((5, BKT), "ClientMethod: expected str, got int"),
        (("get_object", [("Bucket", "bkt")]), "Params: expected a mapping, got list"),
        (("get_object", {5: 5}), "Params: expected names that are str, got int"),
        (("get_object", {**BKT, "PartNumber": "1"}), "PartNumber: expected int, got str"),
        (
            ("get_object", {**BKT, "IfModifiedSince": None, "ResponseExpires": b"x"}),
            "ResponseExpires: expected an aware",
        ),
        (("put_object", {**BKT, "Expires": True}), "Expires: expected an aware"),
        (("put_object", {**BKT, "Metadata": {"n": 1}}), "Metadata: expected str for the name and the value of "),
        (("get_object", {"Bucket": 5, "Key": "k"}), "Bucket: expected str, got int"),
        (("get_object", BKT, "900"), "ExpiresIn: "),
        (("get_object", BKT, 900, 5), "HttpMethod: expected str, got int"),
    ],
)
def test_a_wrong_type_is_a_type_error_by_boto3s_name(ours: S3Presigner, arguments: Any, message: str) -> None:
    with pytest.raises(TypeError, match=f"^{message}"):
        ours.generate_presigned_url(*arguments)


@pytest.mark.parametrize("expires_in", [0, -1, 604_801])
def test_a_lifetime_that_no_url_has_is_refused(ours: S3Presigner, expires_in: int) -> None:
    with pytest.raises(InputError, match="^ExpiresIn: "):
        ours.generate_presigned_url("get_object", BKT, expires_in)
    with pytest.raises(InputError, match="^ExpiresIn: "):
        ours.generate_presigned_post("bkt", "k", ExpiresIn=expires_in)


def test_no_lifetime_is_boto3s_hour(theirs: Any, ours: S3Presigner) -> None:
    expected = theirs.generate_presigned_url("get_object", BKT, None)
    assert parts(ours.generate_presigned_url("get_object", BKT, None)) == parts(expected)


def test_a_method_that_is_none_is_refused(ours: S3Presigner) -> None:
    with pytest.raises(InputError, match="^HttpMethod: 'NO METHOD'"):
        ours.generate_presigned_url("get_object", BKT, HttpMethod="no method")


def test_boto3s_hour_is_shortened_to_what_the_credentials_have_left() -> None:
    ending = S3Presigner(Credentials("AKIDEXAMPLE", "secret", "token", expires_at=NOW + 60), region="eu-west-1")
    assert ending.generate_presigned_url("get_object", BKT).expires_at == NOW + 60
    assert "expiration" in json.loads(base64.b64decode(ending.generate_presigned_post("bkt", "k")["fields"]["policy"]))
    with pytest.raises(CredentialsExpireFirst):
        ending.generate_presigned_url("get_object", BKT, 900)
    shorter = ending.replace(default_expires_in=30)
    with pytest.raises(CredentialsExpireFirst):  # boto3's default is an hour, whatever the presigner's is
        shorter.generate_presigned_url("get_object", BKT)


# --- generate_presigned_post -----------------------------------------------------------------------------------------


def policy(form: "dict[str, Any]") -> "dict[str, Any]":
    found: dict[str, Any] = json.loads(base64.b64decode(form["fields"]["policy"]))
    return found


@pytest.mark.parametrize(
    "arguments",
    [
        {"Key": "user/42/${filename}"},
        {"Key": "k", "Conditions": [["content-length-range", 1, 5_000_000]]},
        {"Key": "k", "Fields": {"acl": "private"}, "Conditions": [{"acl": "private"}]},
        {"Key": "k", "Fields": {"Content-Type": "a/b"}, "Conditions": [["starts-with", "$Content-Type", "a/"]]},
        {"Key": "k", "Conditions": [["starts-with", "$x-amz-meta-note", ""]]},
        {"Key": "k", "Fields": {}, "Conditions": []},
        {"Key": "k", "Fields": None, "Conditions": None, "ExpiresIn": 600},
    ],
)  # fmt: skip
def test_a_form_is_boto3s_byte_for_byte(theirs: Any, ours: S3Presigner, arguments: "dict[str, Any]") -> None:
    before = json.dumps(arguments)
    assert ours.generate_presigned_post("photos", **arguments) == theirs.generate_presigned_post("photos", **arguments)
    assert json.dumps(arguments) == before, "what is passed in is not changed"


def test_a_field_without_a_condition_gets_one_and_a_number_is_the_text_that_a_client_sends(ours: S3Presigner) -> None:
    form = ours.generate_presigned_post("photos", "k", {"success_action_status": 201})  # type: ignore[dict-item]
    assert form["fields"]["success_action_status"] == "201"
    for condition in ({"success_action_status": 201}, ("eq", "$success_action_status", 201)):
        assert ours.generate_presigned_post("photos", "k", {"success_action_status": 201}, [condition])["fields"]  # type: ignore[dict-item]
    assert {"success_action_status": "201"} in policy(form)["conditions"]


def test_sizes_that_are_text_are_numbers_in_the_policy(theirs: Any, ours: S3Presigner) -> None:
    conditions = [["content-length-range", "1", "5000000"]]
    expected = theirs.generate_presigned_post("photos", "k", Conditions=[["content-length-range", 1, 5_000_000]])
    assert ours.generate_presigned_post("photos", "k", Conditions=conditions) == expected
    with pytest.raises(TypeError, match="^Conditions: expected int for a size in bytes, got str"):
        ours.generate_presigned_post("photos", "k", Conditions=[["content-length-range", "1", "5 MB"]])
    with pytest.raises(TypeError, match="^Conditions: expected a mapping or a list for each, got str"):
        ours.generate_presigned_post("photos", "k", Conditions=["acl"])
    with pytest.raises(TypeError, match="^Conditions: expected an iterable of conditions, got dict"):
        ours.generate_presigned_post("photos", "k", Conditions={"acl": "private"})


def test_a_form_that_s3_would_reject_is_refused_by_boto3s_name(ours: S3Presigner) -> None:
    with pytest.raises(InputError, match="^Conditions: "):
        ours.generate_presigned_post("photos", "k", {"acl": "private"}, [{"acl": "public-read"}])
    with pytest.raises(InputError, match="^Fields: "):
        ours.generate_presigned_post("photos", "k", {"policy": "x"})
    with pytest.raises(InputError, match="^Key: "):
        ours.generate_presigned_post("photos", "")
    with pytest.raises(TypeError, match="^Fields: expected a mapping, got list"):
        ours.generate_presigned_post("photos", "k", [])  # type: ignore[arg-type]


# --- object_url ------------------------------------------------------------------------------------------------------


def test_an_address_is_the_url_without_its_signature(ours: S3Presigner) -> None:
    for presigner in (
        ours,
        ours.replace(endpoint="http://minio:9000"),
        ours.replace(public_endpoint="https://cdn.example"),
    ):
        url = presigner.get_object("examplebucket", "a dir/\u00fc+&=?#.txt", download_as="na\u00efve.pdf")
        address = presigner.object_url("examplebucket", "a dir/\u00fc+&=?#.txt", download_as="na\u00efve.pdf")
        assert url.startswith(f"{address}&X-Amz-") or parts(address)[3] == [
            pair for pair in parts(url)[3] if not pair[0].startswith("X-Amz-")
        ]
        assert parts(address)[:3] == parts(url)[:3]
        assert type(address) is str
    assert ours.object_url("bkt", "k", **{"x-id": "1 2", "a": ""}) == (
        "https://bkt.s3.eu-west-1.amazonaws.com/k?a=&x-id=1%202"
    )


def test_an_address_holds_no_headers_and_no_numbers(ours: S3Presigner) -> None:
    with pytest.raises(InputError, match="^range: is a header"):
        ours.object_url("bkt", "k", range="bytes=0-1")
    with pytest.raises(TypeError, match="^size: expected str, got int"):
        ours.object_url("bkt", "k", size=5)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="^key: expected str"):
        ours.object_url("bkt", None)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="^key: is empty; give an object's key$"):
        ours.object_url("bkt", "")
    with pytest.raises(InputError, match="^key: has a lone surrogate, which is not text"):
        ours.object_url("bkt", "a\ud800")
    with pytest.raises(InputError, match=r"^key: has a segment .* own method, such as get_object\(\), signs it with"):
        ours.object_url("bkt", "a/../b")
    with pytest.raises(InputError, match="^bucket: "):
        ours.object_url("b/c", "k")


@pytest.mark.parametrize("name", ["expires_in", "now", "stable_for", "nonce", "allow_dot_segments"])
def test_an_address_takes_no_argument_of_a_signature(ours: S3Presigner, name: str) -> None:
    for value in (True, 5, "5"):
        arguments: dict[str, Any] = {name: value}
        with pytest.raises(
            InputError, match=rf"^{name}: is for signed URLs, and object_url\(\) does not sign; leave it"
        ):
            ours.object_url("bkt", "k", **arguments)


# --- what type checkers are told -------------------------------------------------------------------------------------


MYPY = False  # mypy takes it for True, so that what follows `not MYPY` is for pyright alone


def test_checkers_find_a_misspelt_method(ours: S3Presigner) -> None:
    # `make types` fails where one of these is no error to mypy or to pyright: both warn of ignores that are not needed.
    with pytest.raises(InputError):
        ours.generate_presigned_url("get_objekt", BKT)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        ours.generate_presigned_url("get_object", "k")  # type: ignore[arg-type]
    if not MYPY:
        with pytest.raises(InputError):
            ours.generate_presigned_url("get_objekt", BKT)  # pyright: ignore[reportArgumentType]
        with pytest.raises(TypeError):
            ours.generate_presigned_url("get_object", "k")  # pyright: ignore[reportArgumentType]
    assert ours.generate_presigned_url("get_object", BKT).method == "GET"


def test_checkers_know_each_method_by_its_name() -> None:
    tree = ast.parse(Path(operation_types.__file__).read_text(encoding="utf-8"))
    (literal,) = [
        node.value.slice
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "ClientMethod"
        if isinstance(node.value, ast.Subscript)
    ]
    assert set(ast.literal_eval(literal)) == {*OPERATIONS, *boto3._TWINS}


def test_checkers_know_the_arguments_of_from_boto3() -> None:
    tree = ast.parse(Path(operation_types.__file__).read_text(encoding="utf-8"))
    (declared,) = [
        node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and node.name == "PresignerArguments"
    ]
    names = [ast.unparse(node.target) for node in declared.body if isinstance(node, ast.AnnAssign)]
    assert names == list(inspect.signature(S3Presigner).parameters)


def test_every_parameter_has_one_name_in_boto3() -> None:
    names = [boto3.boto3_name(name) for name in PARAMETERS]
    assert len(set(names)) == len(names)
