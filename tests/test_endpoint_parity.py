"""Every kind of bucket in every region with every option: where botocore's endpoint ruleset puts it, and where we do.

Rule: by enumeration.  What can be a bucket is asked for in every region of botocore's data, what can be none in one
region of each kind.  The ruleset is evaluated directly, with its regional defaults.  A difference is a failure unless a
row of the tables below expects it, and so is a row that no longer occurs.
"""

import functools
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

os.environ["BOTO_DISABLE_CRT"] = "true"

import botocore.endpoint_provider
import botocore.exceptions
import botocore.loaders
import pytest

from sigv4presign import Credentials, S3Presigner
from sigv4presign._s3.buckets import address_at_aws, check_options, partition
from sigv4presign._s3.custom_endpoint import Endpoint, address_at_endpoint
from sigv4presign.errors import InputError

if TYPE_CHECKING:
    from sigv4presign._s3.buckets import Address, AddressingStyle

    Parts = tuple[str, str, str, "str | None", str]  # scheme, host, path, region, service

# --- what is enumerated ----------------------------------------------------------------------------------------------

_loader: Any = botocore.loaders.Loader(include_default_search_paths=True)
_partitions: Any = _loader.load_data("partitions")
_endpoints: Any = _loader.load_data("endpoints")

PARTITION_REGIONS: list[str] = sorted({region for each in _partitions["partitions"] for region in each["regions"]})
S3_REGIONS: list[str] = sorted(
    {name for each in _endpoints["partitions"] for name in each["services"]["s3"]["endpoints"]}
)
UNKNOWN_REGIONS = [
    "us-east-99",
    "eu-atlantis-1",
    "us-gov-moon-1",
    "cn-south-7",
    "us-iso-1",
    "cn-a-b-1",
    "auto",
    "minio",
]
NO_REGIONS = ["us_east_1", "us-east-1.example.com", "-east-1", "US-EAST-1"]
REGIONS = sorted({*PARTITION_REGIONS, *S3_REGIONS, *UNKNOWN_REGIONS, *NO_REGIONS})
# One of each kind, for names that are wrong everywhere: what is wrong with them asks at most for a region's partition.
KINDS_OF_REGION = [
    *(max(each["regions"]) for each in _partitions["partitions"]),
    *("aws-global", "aws-cn-global", "fips-us-east-1", "us-east-1-fips", "auto", *NO_REGIONS),
]

PLAIN = [
    "bucket",
    "my-bucket-1",
    "123",
    "a" * 63,
    "a" * 64,
    "a" * 255,
    "dotted.bucket",
    "www.example.com",
    "Upper-Case",
    "under_score",
    "xn--bucket",
    "reports-hrzrlukc5m36ft7okagglf3gmwluquse1b-s3alias",  # an access point's alias
    "olap-hrzrlukc5m36ft7okagglf3gmwluquse1b--ol-s3",  # an Object Lambda access point's
    "short--op-s3",
]
NO_NAMES = [
    "ab",
    "a" * 256,
    "192.168.5.4",
    "-bucket",
    "bucket-",
    ".bucket",
    "bucket.",
    "two..dots",
    "a b",
    "b\u00fccket",
]

KNOWN_ZONES = ["usw2-az1", "apne1-az4", "usw2-lax1-az1", "apse2-per1-az1", "test1-long1-zone1-ab"]
OTHER_ZONES = ["az1", "usw2-long1-az1x", "usw2-longer1-az12"]
DIRECTORY = [
    f"{name}--{zone}--{suffix}" for name, suffix in (("dir", "x-s3"), ("ap", "xa-s3")) for zone in KNOWN_ZONES
] + [
    "a---usw2-az1--x-s3",
    "dotted.dir--usw2-az1--x-s3",
    "Dir--usw2-az1--x-s3",
    "dir--x-s3",
    "dir----x-s3",
    "--x-s3",
    "ap--xa-s3",
]
OTHER_DIRECTORY = [f"dir--{zone}--x-s3" for zone in OTHER_ZONES]


def outposts_alias(kind: str, outpost: str = "0b1d075431d83bebd", region: str = "use1") -> str:
    return f"ap-{kind}{outpost}e8xz5w8ijx1qzlbp3i3k{region}0--op-s3"


ALIASES = [outposts_alias("o"), outposts_alias("e")]
NO_ALIASES = [
    outposts_alias("x"),
    outposts_alias("o", region="beta"),
    outposts_alias("e", region="beta"),
    outposts_alias("o", outpost="0b1d07543.d83bebd"),
    outposts_alias("o", outpost="-b1d075431d83bebd"),
]


def access_points(region: str, name: str) -> "list[str]":
    """The ARNs of access points of a region, in a partition."""
    return [
        f"arn:{name}:s3:{region}:123456789012:accesspoint:reports",
        f"arn:{name}:s3:{region}:123456789012:accesspoint/reports",
        f"arn:{name}:s3-object-lambda:{region}:123456789012:accesspoint/resized",
        f"arn:{name}:s3-outposts:{region}:123456789012:outpost:op-01234567890123456:accesspoint:near",
        f"arn:{name}:s3-outposts:{region}:123456789012:outpost/op-01234567890123456/accesspoint/near",
    ]


FOREIGN_ARNS = [
    *access_points("us-west-2", "aws"),
    access_points("cn-north-1", "aws-cn")[0],
    access_points("us-gov-west-1", "aws-us-gov")[0],
    "arn:aws:s3::123456789012:accesspoint:mfzwi23gnjvgw.mrap",
    "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap",
]
NO_ARNS = [
    "arn:",
    "arn:aws:s3:us-east-1",
    "arn:aws:s3:us-east-1:123456789012:",
    "arn:aws:s3:us-east-1:123456789012:accesspoint",
    "arn:aws:s3:us-east-1:123456789012:accesspoint:",
    "arn:aws:s3:us-east-1:123456789012:accesspoint:a:b",
    "arn:aws:s3:us-east-1:123456789012:accesspoint:-a",
    "arn:aws:s3:us-east-1:123456789012:accesspoint:a-",
    "arn:aws:s3:us-east-1:123456789012:accesspoint:a.b",
    "arn:aws:s3:us-east-1:123456789012:accesspoint:a_b",
    "arn:aws:s3:us-east-1::accesspoint:a",
    "arn:aws:s3:us-east-1:12_34:accesspoint:a",
    "arn:aws:s3:us_east_1:123456789012:accesspoint:a",
    "arn:aws:s3:us-east-1:123456789012:bucket:a",
    "arn:aws:s3:::bucket",
    "arn:aws:sqs:us-east-1:123456789012:accesspoint:a",
    "arn:aws:s3::123456789012:accesspoint:a_b.mrap",
    "arn:aws:s3::123456789012:accesspoint:",
    "arn:aws-xyz:s3::123456789012:accesspoint:a.mrap",
    "arn:aws:s3-object-lambda::123456789012:accesspoint:a",
    "arn:aws:s3-object-lambda:us-east-1::accesspoint:a",
    "arn:aws:s3-object-lambda:us-east-1:123456789012:bucket:a",
    "arn:aws:s3-object-lambda:us-east-1:123456789012:accesspoint:a:b",
    "arn:aws:s3-outposts:us-east-1:123456789012:outpost",
    "arn:aws:s3-outposts:us-east-1:123456789012:outpost:op_1:accesspoint:a",
    "arn:aws:s3-outposts:us-east-1:123456789012:outpost:op-1:bucket:a",
    "arn:aws:s3-outposts:us-east-1:123456789012:outpost:op-1:accesspoint",
    "arn:aws:s3-outposts:us-east-1:123456789012:outpost:op-1:accesspoint:a:b",
    "arn:aws:s3-outposts::123456789012:outpost:op-1:accesspoint:a",
    "arn:aws:s3-outposts:us-east-1:123456789012:accesspoint:a",
]
# ARNs that the ruleset lets pass, though no access point has them.
CROOKED_ARNS = [
    "arn:aws-cn:s3:us-east-1:123456789012:accesspoint:a",
    "arn:aws-cn:s3-object-lambda:us-east-1:123456789012:accesspoint:a",
    "arn:aws:s3:cn-north-1:123456789012:accesspoint:a",
    "arn:aws:s3:us-east-1:123456789012:accesspoint:Reports",
    f"arn:aws:s3:us-east-1:123456789012:accesspoint:{'a' * 60}",
    "arn:aws:s3:us-east-1.example.com:123456789012:accesspoint:a",
    "arn:aws:s3:fips-us-east-1:123456789012:accesspoint:a",
    "arn:aws:s3:aws-cn-global:123456789012:accesspoint:a",
    "arn:aws:s3-outposts:us-east-1:123456789012:bucket:op-1:accesspoint:a",
    "arn:aws:sqs::123456789012:accesspoint:a.mrap",
    "arn:aws:s3::123456789012:accesspoint:a.mrap:b",
    "arn:aws:s3:::accesspoint:a.mrap",
]


class Case(NamedTuple):
    """One question to both sides."""

    region: str
    bucket: str
    style: "AddressingStyle" = "auto"
    dualstack: bool = False
    fips: bool = False
    accelerate: bool = False
    endpoint: "str | None" = None


STYLES: "tuple[AddressingStyle, ...]" = ("auto", "virtual", "path")
FLAGS = list(product((False, True), repeat=3))


def cases_at_aws() -> "Iterator[Case]":
    wrong = [*NO_NAMES, *OTHER_DIRECTORY, *NO_ALIASES, *NO_ARNS, *CROOKED_ARNS]
    for region, bucket, style, flags in product(KINDS_OF_REGION, wrong, STYLES, FLAGS):
        yield Case(region, bucket, style, flags[0], flags[1], flags[2])
    for region in REGIONS:
        name = partition(region)[0]
        own = [*access_points(region, name), f"arn:{name}:s3::123456789012:accesspoint:mfzwi23gnjvgw.mrap"]
        for bucket, style, flags in product([*PLAIN, *DIRECTORY, *ALIASES, *FOREIGN_ARNS, *own], STYLES, FLAGS):
            yield Case(region, bucket, style, flags[0], flags[1], flags[2])
    # An ARN of every region, from every region.
    for region, arn_region in product(PARTITION_REGIONS, repeat=2):
        for arn in access_points(arn_region, partition(arn_region)[0])[::2]:
            yield Case(region, arn)


ENDPOINTS = [
    "http://minio:9000",
    "https://store.example",
    "http://store.example/base",
    "https://store.example:8443/base/",
    "http://127.0.0.1:9000",
    "https://[::1]:9000/base",
]


def cases_at_endpoints() -> "Iterator[Case]":
    buckets = [
        *PLAIN, *NO_NAMES, *DIRECTORY, *ALIASES, *FOREIGN_ARNS, *NO_ARNS, *CROOKED_ARNS, "a.b.c", "..",
    ]  # fmt: skip
    for region, endpoint, bucket, style in product(["us-east-1", "cn-north-1", "auto"], ENDPOINTS, buckets, STYLES):
        yield Case(region, bucket, style, endpoint=endpoint)
    for flags, style in product(FLAGS, STYLES):
        yield Case("us-east-1", "bucket", style, flags[0], flags[1], flags[2], ENDPOINTS[0])


# --- the two sides ---------------------------------------------------------------------------------------------------


def _ruleset() -> Any:
    provider: Any = botocore.endpoint_provider.EndpointProvider(
        _loader.load_service_model("s3", "endpoint-rule-set-1"), _partitions
    )
    # The same answers, sooner: these two are asked the same few things millions of times.
    library = provider.ruleset.rule_lib
    library.aws_partition = functools.cache(library.aws_partition)
    library.convert_func_name = functools.cache(library.convert_func_name)
    return provider.ruleset


RULESET = _ruleset()


@functools.lru_cache(maxsize=64)  # a case's neighbours differ from it in the style alone, often in nothing that counts
def ruleset_says(
    bucket: str, region: str, path_style: bool, dualstack: bool, fips: bool, accelerate: bool, endpoint: "str | None"
) -> "Parts | None":
    """Where the ruleset puts a bucket; None where it refuses."""
    parameters = {
        "Bucket": bucket, "Region": region, "ForcePathStyle": path_style, "UseDualStack": dualstack, "UseFIPS": fips,
        "Accelerate": accelerate, "UseGlobalEndpoint": False, "DisableMultiRegionAccessPoints": False,
        "UseArnRegion": True,
    }  # fmt: skip
    if endpoint is not None:
        parameters["Endpoint"] = endpoint
    try:
        answer = RULESET.evaluate(parameters)
    except botocore.exceptions.EndpointProviderError:
        return None
    # By hand: newer releases of Python refuse `bucket.[::1]`, a host of the ruleset's that nobody can reach.
    url_scheme, _, rest = str(answer.url).partition("://")
    host, slash, path = rest.partition("/")
    schemes = {scheme["name"]: scheme for scheme in answer.properties["authSchemes"]}
    scheme = schemes.get("sigv4") or schemes.get("sigv4-s3express")
    signing_region = None
    if scheme is None:
        scheme = schemes["sigv4a"]
        assert scheme["signingRegionSet"] == ["*"]
    else:
        signing_region = scheme["signingRegion"]
    return url_scheme, host, (slash + path).rstrip("/"), signing_region, scheme["signingName"]


def theirs(case: Case) -> "Parts | None":
    path_style = case.style == "path"
    if case.endpoint is not None and case.style == "auto":
        # botocore's client: path style at an endpoint unless told otherwise, but never for an ARN.
        path_style = not case.bucket.startswith("arn:")
    return ruleset_says(
        case.bucket, case.region, path_style, case.dualstack, case.fips, case.accelerate, case.endpoint
    )  # fmt: skip


def parts_of(address: "Address") -> "Parts":
    return address.scheme, address.host, address.path, address.region, address.service


def ours(case: Case) -> "Parts | None":
    region, bucket, style, dualstack, fips, accelerate, endpoint = case
    try:
        if endpoint is None:
            address = address_at_aws(
                bucket, region=region, style=style, dualstack=dualstack, fips=fips, accelerate=accelerate
            )  # fmt: skip
            return parts_of(address)
        check_options(
            region=region, style=style, dualstack=dualstack, fips=fips, accelerate=accelerate, endpoint=endpoint
        )  # fmt: skip
        return parts_of(address_at_endpoint(Endpoint(endpoint, "endpoint"), bucket, region=region, style=style))
    except InputError:
        return None


# --- the differences that are meant ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """A row: for which cases, what the two sides do, and why ours is right."""

    applies: Callable[[Case], bool]
    theirs: str  # "a host" or "refused"
    ours: str
    reason: str


def no_wildcard(case: Case) -> bool:
    return case.style == "virtual" and case.bucket in {"dotted.bucket", "www.example.com", "a.b.c"}


def is_endpoint(region: str) -> bool:
    """Whether an SDK has used a name for an endpoint in place of a region."""
    return region.startswith(("aws-", "fips-", "s3-")) or region.endswith("-fips")


AT_AWS: dict[str, Difference] = {
    "an SDK's name for an endpoint as the region": Difference(
        lambda case: case.region != "aws-global" and is_endpoint(case.region),
        "a host", "refused",
        "s3.fips-us-east-1.amazonaws.com and s3.aws-cn-global.amazonaws.com.cn are no hosts; botocore's client turns "
        "some of these names into a region before it asks the ruleset",
    ),
    "a region that is no DNS label": Difference(
        lambda case: case.region in NO_REGIONS,
        "a host", "refused",
        "the ruleset checks the region for virtual hosts alone, and lets capitals pass; no region has such a name",
    ),
    "a name that no bucket has": Difference(
        lambda case: case.bucket in NO_NAMES,
        "a host", "refused",
        "the ruleset puts it into the path, where S3 refuses it: its naming rules",
    ),
    "aws-global, accelerated, dual-stack": Difference(
        lambda case: case.region == "aws-global" and case.accelerate and case.dualstack,
        "a host", "a host",
        "s3-accelerate.dualstack.us-east-1.amazonaws.com is in no document of AWS; s3-accelerate.dualstack."
        "amazonaws.com serves all regions",
    ),
    "aws-global and a bucket whose host names the region": Difference(
        lambda case: case.region == "aws-global" and case.bucket in {*DIRECTORY, *ALIASES},
        "a host", "a host",
        "the ruleset writes aws-global into host and scope; everywhere else it means us-east-1, so here too",
    ),
    "a zone whose length the ruleset does not know": Difference(
        lambda case: case.bucket in OTHER_DIRECTORY,
        "refused", "a host",
        "a directory bucket's name is base--zone--x-s3; the ruleset cuts it at the lengths of today's zones",
    ),
    "an option that Outposts do not have, with an alias": Difference(
        lambda case: case.bucket in ALIASES and (case.dualstack or case.fips or case.accelerate),
        "a host", "refused",
        "the ruleset drops the option silently, and refuses it with the ARN of the same access point",
    ),
    "an ARN that no access point has": Difference(
        lambda case: case.bucket in CROOKED_ARNS,
        "a host", "refused",
        "its partition is not its region's, or its host would not be one: the ruleset looks at neither",
    ),
    "an ARN of an SDK's name for an endpoint": Difference(
        lambda case: case.bucket.startswith("arn:") and case.bucket.split(":")[3].startswith(("aws-", "fips-", "s3-")),
        "a host", "refused",
        "as for the presigner's own region",
    ),
}  # fmt: skip

AT_ENDPOINTS: dict[str, Difference] = {
    "dots before an https host": Difference(
        lambda case: no_wildcard(case) and str(case.endpoint).startswith("https://store"),
        "a host", "a host",
        "'virtual' was asked for, and whether the certificate covers the name is the store's affair",
    ),
    "virtual, for a name or an address that it cannot serve": Difference(
        lambda case: case.style == "virtual" and not case.bucket.startswith("arn:"),
        "a host", "refused",
        "the ruleset falls back to path style, of which nobody knows whether this store has it",
    ),
    "a name with a character that no bucket has": Difference(
        lambda case: case.bucket in {"a b", "b\u00fccket", ".."},
        "a host", "refused",
        "the ruleset encodes it; no store has such a bucket, and .. is not even a segment of a path",
    ),
    "a name that means a directory bucket at AWS": Difference(
        lambda case: case.bucket.endswith(("--x-s3", "--xa-s3")),
        "a host", "a host",
        "at another store a name is a name, and its service is s3",
    ),
    "a name that the ruleset refuses, as it would be a directory bucket": Difference(
        lambda case: case.bucket.endswith(("--x-s3", "--xa-s3")),
        "refused", "a host",
        "as above",
    ),
    "a name that means a bucket on Outposts at AWS": Difference(
        lambda case: case.bucket in ALIASES,
        "a host", "a host",
        "the ruleset forgets the endpoint and answers with AWS's host",
    ),
    "an access point before an IP address": Difference(
        lambda case: case.bucket.startswith("arn:") and case.endpoint in ENDPOINTS[-2:],
        "a host", "refused",
        "name-account.127.0.0.1 is no host",
    ),
    "an Outpost's access point at an endpoint": Difference(
        lambda case: ":s3-outposts:" in case.bucket,
        "a host", "a host",
        "the ruleset drops the endpoint's path and writes https whatever its scheme is",
    ),
    "a multi-region access point at an endpoint": Difference(
        lambda case: case.bucket.endswith(".mrap"),
        "a host", "refused",
        "the ruleset forgets the endpoint and answers with AWS's host",
    ),
    "an ARN that no access point has": Difference(
        lambda case: case.bucket in CROOKED_ARNS,
        "a host", "refused",
        "as at AWS",
    ),
}  # fmt: skip


def name_of(place: "Parts | None") -> str:
    return "refused" if place is None else "a host"


def compare(cases: "Iterable[Case]", table: "dict[str, Difference]") -> "tuple[int, int]":
    """How many cases there are and in how many both give a host; fails on what the table does not expect."""
    unexplained: list[str] = []
    seen: set[str] = set()
    count = hosts = 0
    for case in cases:
        count += 1
        mine, other = ours(case), theirs(case)
        if mine == other:
            hosts += mine is not None
            continue
        rows = [
            title
            for title, row in table.items()
            if (row.theirs, row.ours) == (name_of(other), name_of(mine)) and row.applies(case)
        ]
        seen.update(rows)
        if not rows:
            unexplained.append(f"{case}\n  ours   {mine}\n  theirs {other}")
    assert not unexplained, f"{len(unexplained)} differences, such as\n" + "\n".join(unexplained[:10])
    assert seen == set(table), f"no longer occur: {set(table) - seen}"
    return count, hosts


# --- the comparison --------------------------------------------------------------------------------------------------


def test_at_aws_every_bucket_is_where_the_ruleset_puts_it_or_refused_as_it_refuses_it() -> None:
    count, hosts = compare(cases_at_aws(), AT_AWS)
    assert count > 100_000
    assert hosts > 20_000


def test_at_other_endpoints_too() -> None:
    count, hosts = compare(cases_at_endpoints(), AT_ENDPOINTS)
    assert count > 4_000
    assert hosts > 700


def test_the_regions_are_those_of_botocores_data_and_no_few() -> None:
    assert len(PARTITION_REGIONS) >= 55
    assert {"us-east-1", "cn-north-1", "us-gov-west-1", "us-iso-east-1", "eusc-de-east-1", "aws-global"} <= set(REGIONS)
    assert "s3-external-1" in S3_REGIONS


def test_every_region_is_in_the_partition_that_botocores_data_has_it_in() -> None:
    for each in _partitions["partitions"]:
        for region in each["regions"]:
            if not region.endswith("-global"):
                assert partition(region) == (each["id"], each["outputs"]["dnsSuffix"]), region


def test_every_reason_is_a_sentence_and_every_row_a_difference() -> None:
    for title, row in {**AT_AWS, **AT_ENDPOINTS}.items():
        assert {row.theirs, row.ours} <= {"a host", "refused"}, title
        assert (row.theirs, row.ours) != ("refused", "refused"), title
        assert row.reason.strip(), title


# --- what an operation changes ---------------------------------------------------------------------------------------

# An operation for each of the parameters that the model gives the ruleset besides the bucket.
OF_OPERATIONS: "dict[str, dict[str, bool]]" = {
    "get_object": {},
    "get_bucket_policy": {"UseS3ExpressControlEndpoint": True},
    "copy_object": {"DisableS3ExpressSessionAuth": True},
    "create_bucket": {"DisableAccessPoints": True, "UseS3ExpressControlEndpoint": True},
}


def ruleset_says_of(operation: str, case: Case) -> "tuple[str, str, str, str, bool] | None":
    """Host, path, region and service, and whether a session's token is meant; None where the ruleset refuses."""
    parameters = {
        "Bucket": case.bucket, "Region": case.region, "ForcePathStyle": case.style == "path",
        "UseDualStack": case.dualstack, "UseFIPS": case.fips, "Accelerate": case.accelerate,
        "UseGlobalEndpoint": False, "DisableMultiRegionAccessPoints": False, "UseArnRegion": True,
        **OF_OPERATIONS[operation],
    }  # fmt: skip
    if case.endpoint is not None:
        parameters["Endpoint"] = case.endpoint
    try:
        answer = RULESET.evaluate(parameters)
    except botocore.exceptions.EndpointProviderError:
        return None
    url = urlsplit(str(answer.url))
    (scheme,) = [each for each in answer.properties["authSchemes"] if each["name"] != "sigv4a"]
    of_a_session = scheme["name"] == "sigv4-s3express"
    return url.netloc, url.path.rstrip("/"), scheme["signingRegion"], scheme["signingName"], of_a_session


def ours_of(operation: str, case: Case) -> "tuple[str, str, str, str, bool] | None":
    try:
        presigner = S3Presigner(
            Credentials("AKIDEXAMPLE", "secret", "token"), case.region, case.endpoint, None, case.style,
            dualstack=case.dualstack, fips=case.fips, accelerate=case.accelerate,
        )  # fmt: skip
        params = {"copy_source": "bucket/k"} if operation == "copy_object" else {}
        key = [] if "bucket" in operation else ["k"]
        url = getattr(presigner, operation)(case.bucket, *key, now=0, **params)
    except InputError:
        return None
    split = urlsplit(str(url))
    query = dict(parse_qsl(split.query))
    _, _, region, service, _ = query["X-Amz-Credential"].split("/")
    path = split.path.removesuffix("/k").rstrip("/")
    return split.netloc, path, region, service, "X-Amz-S3session-Token" in query


@pytest.mark.parametrize("operation", OF_OPERATIONS)
def test_an_operation_goes_where_the_ruleset_sends_it(operation: str) -> None:
    regions = ["us-east-1", "us-west-2", "eu-west-1", "cn-north-1", "us-gov-west-1", "eu-isoe-west-1"]
    compared = 0
    for region, flags, style in product(regions, FLAGS[:8:2], STYLES):  # accelerate is compared above
        name = partition(region)[0]
        arns = [arn for arn in access_points(region, name) if ":s3-outposts:" not in arn]
        for bucket in ["bucket", *DIRECTORY[:6], *arns]:
            case = Case(region, bucket, style, flags[0], flags[1], flags[2])
            assert ours_of(operation, case) == ruleset_says_of(operation, case), case
            compared += 1
    assert compared > 700


@pytest.mark.parametrize("operation", OF_OPERATIONS)
def test_at_other_endpoints_only_access_points_matter_to_an_operation(operation: str) -> None:
    for bucket in ["bucket", *access_points("us-west-2", "aws")[:1]]:
        case = Case("us-west-2", bucket, "virtual", endpoint="https://store.example")
        assert ours_of(operation, case) == ruleset_says_of(operation, case), case


def test_the_pseudo_region_signs_for_us_east_1_wherever_the_store_is() -> None:
    for endpoint, bucket in product(ENDPOINTS[:4], ["bucket", *access_points("us-west-2", "aws")[:1]]):
        case = Case("aws-global", bucket, "virtual", endpoint=endpoint)
        assert ours_of("get_object", case) == ruleset_says_of("get_object", case), case
