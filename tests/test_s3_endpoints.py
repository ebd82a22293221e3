"""Hosts and refusals one by one: what a person reads when a bucket, an option or an address cannot be.

Rule: whole hosts stand here as AWS's documentation writes them; that all the others are right is for
test_endpoint_parity.py to say.
"""

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sigv4presign
from sigv4presign import Credentials, S3Presigner
from sigv4presign._s3.arns import check_allowed
from sigv4presign._s3.buckets import address_at_aws, check_options, is_dns_label, is_host_label, partition
from sigv4presign._s3.custom_endpoint import Endpoint, address_at_endpoint
from sigv4presign.errors import InputError

if TYPE_CHECKING:
    from sigv4presign._s3.buckets import Address

    Parts = tuple[str, str, str, "str | None", str]  # scheme, host, path, region, service

SOURCE = str(Path(sigv4presign.__file__).parent.parent)

AP = "arn:aws:s3:us-west-2:123456789012:accesspoint:reports"
LAMBDA = "arn:aws:s3-object-lambda:us-east-1:123456789012:accesspoint/resized"
OUTPOST = "arn:aws:s3-outposts:us-west-2:123456789012:outpost/op-01234567890123456/accesspoint/near"
MULTI = "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap"
FOREIGN = AP.replace("aws", "aws-" + "x" * 60, 1)  # of a partition that does not exist
DIRECTORY = "logs--usw2-az1--x-s3"
ALIAS = "ap-o0b1d075431d83bebde8xz5w8ijx1qzlbp3i3kuse10--op-s3"


def parts_of(address: "Address") -> "Parts":
    return address.scheme, address.host, address.path, address.region, address.service


def at_aws(bucket: Any, **options: Any) -> "Parts":
    defaults: dict[str, Any] = {
        "region": "us-west-2", "style": "auto", "dualstack": False, "fips": False, "accelerate": False,
    }  # fmt: skip
    return parts_of(address_at_aws(bucket, **{**defaults, **options}))


# --- AWS: what AWS's own pages show -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bucket", "options", "expected"),
    [
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
        ("b-1", {}, ("https", "b-1.s3.us-west-2.amazonaws.com", "", "us-west-2", "s3")),
        ("b-1", {"style": "path"}, ("https", "s3.us-west-2.amazonaws.com", "/b-1", "us-west-2", "s3")),
        ("a.b", {"style": "virtual"}, ("https", "s3.us-west-2.amazonaws.com", "/a.b", "us-west-2", "s3")),
        ("Old_Name", {"style": "virtual"}, ("https", "s3.us-west-2.amazonaws.com", "/Old_Name", "us-west-2", "s3")),
        ("b-1", {"region": "aws-global"}, ("https", "b-1.s3.amazonaws.com", "", "us-east-1", "s3")),
        (
            "b-1",
            {"region": "aws-global", "style": "path"},
            ("https", "s3.amazonaws.com", "/b-1", "us-east-1", "s3"),
        ),
        # https://docs.aws.amazon.com/general/latest/gr/s3.html
        ("b-1", {"fips": True}, ("https", "b-1.s3-fips.us-west-2.amazonaws.com", "", "us-west-2", "s3")),
        (
            "b-1",
            {"fips": True, "dualstack": True, "region": "us-gov-west-1"},
            ("https", "b-1.s3-fips.dualstack.us-gov-west-1.amazonaws.com", "", "us-gov-west-1", "s3"),
        ),
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/dual-stack-endpoints.html
        (
            "b-1",
            {"dualstack": True, "region": "cn-north-1", "style": "path"},
            ("https", "s3.dualstack.cn-north-1.amazonaws.com.cn", "/b-1", "cn-north-1", "s3"),
        ),
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/transfer-acceleration-getting-started.html
        ("b-1", {"accelerate": True}, ("https", "b-1.s3-accelerate.amazonaws.com", "", "us-west-2", "s3")),
        (
            "b-1",
            {"accelerate": True, "dualstack": True},
            ("https", "b-1.s3-accelerate.dualstack.amazonaws.com", "", "us-west-2", "s3"),
        ),
        (
            "b-1",
            {"accelerate": True, "dualstack": True, "region": "aws-global"},
            ("https", "b-1.s3-accelerate.dualstack.amazonaws.com", "", "us-east-1", "s3"),
        ),
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-naming.html: the ARN's region wins
        (
            AP,
            {"region": "us-east-1"},
            ("https", "reports-123456789012.s3-accesspoint.us-west-2.amazonaws.com", "", "us-west-2", "s3"),
        ),
        (
            AP,
            {"fips": True, "dualstack": True},
            (
                "https",
                "reports-123456789012.s3-accesspoint-fips.dualstack.us-west-2.amazonaws.com",
                "",
                "us-west-2",
                "s3",
            ),
        ),
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/olap-use.html
        (
            LAMBDA,
            {},
            (
                "https",
                "resized-123456789012.s3-object-lambda.us-east-1.amazonaws.com",
                "",
                "us-east-1",
                "s3-object-lambda",
            ),
        ),
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/S3OutpostsRestAPI.html
        (
            OUTPOST,
            {},
            (
                "https",
                "near-123456789012.op-01234567890123456.s3-outposts.us-west-2.amazonaws.com",
                "",
                "us-west-2",
                "s3-outposts",
            ),
        ),
        (
            ALIAS,
            {"style": "path"},
            (
                "https",
                f"{ALIAS}.op-0b1d075431d83bebd.s3-outposts.us-west-2.amazonaws.com",
                "",
                "us-west-2",
                "s3-outposts",
            ),
        ),
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointRequests.html: SigV4A alone
        (MULTI, {}, ("https", "mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com", "", None, "s3")),
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-Regions-and-Zones.html
        (
            DIRECTORY,
            {"style": "path"},
            ("https", f"{DIRECTORY}.s3express-usw2-az1.us-west-2.amazonaws.com", "", "us-west-2", "s3express"),
        ),
        (
            "logs--euw1-az10--x-s3",
            {"region": "eu-west-1", "fips": True, "dualstack": True},
            (
                "https",
                "logs--euw1-az10--x-s3.s3express-fips-euw1-az10.dualstack.eu-west-1.amazonaws.com",
                "",
                "eu-west-1",
                "s3express",
            ),
        ),
        (
            DIRECTORY,
            {"region": "aws-global"},
            ("https", f"{DIRECTORY}.s3express-usw2-az1.us-east-1.amazonaws.com", "", "us-east-1", "s3express"),
        ),
        (
            "mine--usw2-az1--xa-s3",
            {},
            ("https", "mine--usw2-az1--xa-s3.s3express-usw2-az1.us-west-2.amazonaws.com", "", "us-west-2", "s3express"),
        ),
    ],
)
def test_a_bucket_at_aws_is_where_aws_documents_it(bucket: str, options: "dict[str, Any]", expected: "Parts") -> None:
    assert at_aws(bucket, **options) == expected


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("eu-west-1", ("aws", "amazonaws.com")),
        ("us-gov-east-1", ("aws-us-gov", "amazonaws.com")),
        ("cn-northwest-1", ("aws-cn", "amazonaws.com.cn")),
        ("eusc-de-east-1", ("aws-eusc", "amazonaws.eu")),
        ("us-iso-1", ("aws", "amazonaws.com")),
        ("cn--1", ("aws", "amazonaws.com")),
        ("cn-north-one", ("aws", "amazonaws.com")),
        ("auto", ("aws", "amazonaws.com")),
    ],
)
def test_a_partition_follows_from_the_form_of_a_region(region: str, expected: "tuple[str, str]") -> None:
    assert partition(region) == expected


def test_what_few_buckets_need_is_loaded_when_the_first_of_them_comes() -> None:
    code = (
        "import sys\n"
        "from sigv4presign._s3.buckets import address_at_aws\n"
        "arns = 'sigv4presign._s3.arns'\n"
        "for bucket in ('b-1', 'short--op-s3', 'dir--usw2-az1--x-s3'):\n"
        "    address_at_aws(bucket, region='r-1', style='auto', dualstack=False, fips=False, accelerate=False)\n"
        "    print(arns in sys.modules)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": SOURCE}, capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == ["False", "False", "True"]


# --- AWS: options that contradict each other --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bucket", "options", "parameter", "message"),
    [
        (
            "b-1",
            {"accelerate": True, "fips": True},
            "accelerate",
            "accelerate: S3 has no accelerated FIPS endpoint; leave out accelerate or fips",
        ),
        (
            "b-1",
            {"accelerate": True, "style": "path"},
            "accelerate",
            "accelerate: needs the bucket in the host name; use addressing_style='auto'",
        ),
        (
            "a.b",
            {"accelerate": True},
            "accelerate",
            "accelerate: needs the bucket in the host name, which 'a.b' can't be; use accelerate=False",
        ),
        (
            "b-1",
            {"fips": True, "region": "cn-north-1"},
            "fips",
            "fips: S3 has no such endpoint in China (region='cn-north-1'); use fips=False",
        ),
        (
            "b-1",
            {"accelerate": True, "region": "cn-northwest-1"},
            "accelerate",
            "accelerate: S3 has no such endpoint in China (region='cn-northwest-1'); use accelerate=False",
        ),
        (
            "b-1",
            {"style": "cname"},
            "addressing_style",
            "addressing_style: 'cname' needs endpoint=, whose host names the bucket",
        ),
        (
            "b-1",
            {"style": "Path"},
            "addressing_style",
            "addressing_style: unknown style 'Path'; use 'auto', 'virtual', 'path', 'cname'",
        ),
        (
            "b-1",
            {"region": "us_west_2"},
            "region",
            "region: 'us_west_2' is not a region of AWS, such as 'eu-west-1'; other stores need endpoint=",
        ),
        (
            "b-1",
            {"region": "fips-us-west-2"},
            "region",
            (
                "region: 'fips-us-west-2' is the name of an endpoint in older SDKs; "
                "give the region, and fips=True for FIPS"
            ),
        ),
        (
            "b-1",
            {"region": "us-west-2-fips"},
            "region",
            (
                "region: 'us-west-2-fips' is the name of an endpoint in older SDKs; "
                "give the region, and fips=True for FIPS"
            ),
        ),
        (
            "b-1",
            {"region": "aws-cn-global"},
            "region",
            "region: 'aws-cn-global' is the name of an endpoint in older SDKs; give the region, and fips=True for FIPS",
        ),
        (
            AP,
            {"style": "path"},
            "addressing_style",
            "addressing_style: 'path' does not work with an ARN as the bucket, which is in the host; use 'auto'",
        ),
        (
            AP,
            {"accelerate": True},
            "accelerate",
            "accelerate: s3 access points have no accelerated endpoint; use accelerate=False for this bucket",
        ),
        (
            LAMBDA,
            {"dualstack": True},
            "dualstack",
            (
                "dualstack: s3-object-lambda access points have no dual-stack endpoint; use dualstack=False for this "
                "bucket"
            ),
        ),
        (
            OUTPOST,
            {"fips": True},
            "fips",
            "fips: s3-outposts access points have no FIPS endpoint; use fips=False for this bucket",
        ),
        (
            MULTI,
            {"dualstack": True},
            "dualstack",
            "dualstack: multi-region access points have no dual-stack endpoint; use dualstack=False for this bucket",
        ),
        (
            DIRECTORY,
            {"accelerate": True},
            "accelerate",
            "accelerate: directory buckets have no accelerated endpoint; use accelerate=False for this bucket",
        ),
        (
            ALIAS,
            {"dualstack": True},
            "dualstack",
            "dualstack: buckets on Outposts have no dual-stack endpoint; use dualstack=False for this bucket",
        ),
        (
            AP,
            {"region": "cn-north-1"},
            "bucket",
            f"bucket: {AP!r} is in the partition 'aws', but the region 'cn-north-1' is in 'aws-cn'",
        ),
        (
            FOREIGN,
            {},
            "bucket",
            f"bucket: {FOREIGN[:120]!r} is in the partition 'aws-{'x' * 36}', but the region 'us-west-2' is in 'aws'",
        ),
        (
            MULTI,
            {"region": "us-gov-west-1"},
            "bucket",
            f"bucket: {MULTI!r} is in the partition 'aws', but the region 'us-gov-west-1' is in 'aws-us-gov'",
        ),
    ],
)
def test_options_that_clash_are_named_with_the_way_out(
    bucket: str, options: "dict[str, Any]", parameter: str, message: str
) -> None:
    with pytest.raises(InputError) as caught:
        at_aws(bucket, **options)
    assert str(caught.value) == message
    assert caught.value.parameter == parameter


# --- AWS: names -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bucket", "message"),
    [
        ("", "'' is not a bucket name; the key is a separate argument"),
        ("a/b", "'a/b' is not a bucket name; the key is a separate argument"),
        ("a b", "'a b' has a character that bucket names can't have"),
        ("a\nb", r"'a\nb' has a character that bucket names can't have"),
        ("a\ud800b", r"'a\ud800b' has a character that bucket names can't have"),
        ("ab", "'ab' has a length of 2; AWS allows 3 to 63 characters, old ones up to 255"),
        ("192.168.5.4", "'192.168.5.4' breaks AWS's naming rules for buckets"),
        ("two..dots", "'two..dots' breaks AWS's naming rules for buckets"),
        ("bucket-", "'bucket-' breaks AWS's naming rules for buckets"),
        (
            "a.b--usw2-az1--x-s3",
            "'a.b--usw2-az1--x-s3' must be 3 to 63 lower-case letters, digits and hyphens, because of its suffix",
        ),
        ("dir--x-s3", "'dir--x-s3' is not a directory bucket, such as 'name--usw2-az1--x-s3'"),
        ("dir----x-s3", "'dir----x-s3' is not a directory bucket, such as 'name--usw2-az1--x-s3'"),
        (ALIAS.replace("-o0", "-x0"), f"{ALIAS.replace('-o0', '-x0')!r} is not the alias of a bucket on Outposts"),
        (
            "arn:aws:s3",
            (
                "'arn:aws:s3' is not the ARN of an access point: it has fewer than the six parts "
                "arn:partition:service:region:account:resource"
            ),
        ),
        (
            "arn:aws:sqs:us-west-2:1:queue",
            (
                "'arn:aws:sqs:us-west-2:1:queue' is not the ARN of an access point: "
                "its service is 'sqs', not one of s3, "
                "s3-object-lambda, s3-outposts"
            ),
        ),
        (
            "arn:aws:s3:::b-1",
            "'arn:aws:s3:::b-1' is not the ARN of an access point: its resource is not accesspoint/NAME",
        ),
        (
            "arn:aws:s3-outposts:us-west-2:1:accesspoint:a",
            (
                "'arn:aws:s3-outposts:us-west-2:1:accesspoint:a' is not the ARN of an access point: "
                "its resource is not "
                "outpost/ID/accesspoint/NAME"
            ),
        ),
        (
            "arn:aws:s3-object-lambda::1:accesspoint:a",
            "'arn:aws:s3-object-lambda::1:accesspoint:a' is not the ARN of an access point: it has no region",
        ),
        (
            "arn:aws:s3:us_west_2:1:accesspoint:a",
            "'us_west_2' is not a region of AWS, such as 'eu-west-1'; other stores need endpoint=",
        ),
        (
            "arn:aws:s3:us-west-2::accesspoint:a",
            (
                "'arn:aws:s3:us-west-2::accesspoint:a' is not the ARN of an access point: '' is not 1 to 63 "
                "lower-case letters, "
                "digits and inner hyphens"
            ),
        ),
        (
            "arn:aws:s3:us-west-2:1:accesspoint:\ud800",
            (
                r"'arn:aws:s3:us-west-2:1:accesspoint:\ud800' is not the ARN of an access point: "
                r"'\ud800' is not 1 to 63 "
                "lower-case letters, digits and inner hyphens"
            ),
        ),
        (
            f"arn:aws:s3:us-west-2:1:accesspoint:{'a' * 62}",
            (
                f"'arn:aws:s3:us-west-2:1:accesspoint:{'a' * 62}' is not the ARN of an access point: "
                f"'{'a' * 62}-1' is not "
                "1 to 63 lower-case letters, digits and inner hyphens"
            ),
        ),
        (
            "arn:aws:s3:::accesspoint:a.mrap",
            (
                "'arn:aws:s3:::accesspoint:a.mrap' is not the ARN of an access point: '' is not 1 to 63 lower-case "
                "letters, digits and inner hyphens"
            ),
        ),
        (
            "arn:aws:s3-outposts:us-west-2:1:bucket:op-1:accesspoint:a",
            (
                "'arn:aws:s3-outposts:us-west-2:1:bucket:op-1:accesspoint:a' is not the ARN of an access point: its "
                "resource is not outpost/ID/accesspoint/NAME"
            ),
        ),
        (
            "arn:aws-cn:s3:us-west-2:1:accesspoint:a",
            (
                "'arn:aws-cn:s3:us-west-2:1:accesspoint:a' is in the partition 'aws-cn', but the region "
                "'us-west-2' is in "
                "'aws'"
            ),
        ),
    ],
)
def test_what_is_no_bucket_of_aws_is_told_why(bucket: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        at_aws(bucket)
    assert str(caught.value) == f"bucket: {message}"
    assert caught.value.parameter == "bucket"


def test_a_bucket_that_is_no_text_is_a_type_error_everywhere() -> None:
    def elsewhere(bucket: Any) -> "Parts":
        return parts_of(address_at_endpoint(Endpoint("http://h", "endpoint"), bucket, region="r", style="auto"))

    nothing: Any
    for nothing in (b"bucket", None, 3):
        for place in (at_aws, elsewhere):
            with pytest.raises(TypeError, match=f"^bucket: expected str, got {type(nothing).__name__}$"):
                place(nothing)


@given(st.text(max_size=70), st.sampled_from(["", "--x-s3", "--xa-s3", "--op-s3", ":accesspoint:a"]), st.booleans())
def test_whatever_is_given_as_a_bucket_the_host_is_one_or_it_is_refused(text: str, suffix: str, arn: bool) -> None:
    try:
        scheme, host, path, _, service = at_aws(("arn:aws:" if arn else "") + text + suffix)
    except InputError as error:
        assert error.parameter == "bucket"  # noqa: PT017 - most texts are no bucket, some are
    else:
        assert scheme == "https"
        assert host.endswith(".us-west-2.amazonaws.com") or arn
        assert all(map(is_host_label, host.split(".")))
        assert path in ("", f"/{text}{suffix}")
        assert service in {"s3", "s3express", "s3-outposts", "s3-object-lambda"}


@pytest.mark.parametrize(
    ("bucket", "in_host"),
    [("abc", True), ("a" * 63, True), ("a" * 64, False), ("A" * 255, False), ("a_b", False), ("a.b", False),
     ("1.2.3", False), ("1234.1.1.1", False), ("1.2.3.4.5", False), ("a.2.3.4", False)],
)  # fmt: skip
def test_a_name_that_aws_allows_is_in_the_host_if_it_can_be_one_label(bucket: str, in_host: bool) -> None:
    _, host, path, _, _ = at_aws(bucket)
    regional = "s3.us-west-2.amazonaws.com"
    assert (host, path) == ((f"{bucket}.{regional}", "") if in_host else (regional, f"/{bucket}"))


@pytest.mark.parametrize(
    "bucket",
    ["ab", "A" * 256, "-abc", ".abc", "abc.", "abc-", "a..b", "1.2.3.4", "999.999.999.999", ".", "..", "a:b", "a%b"],
)
def test_a_name_that_aws_does_not_allow_is_refused(bucket: str) -> None:
    with pytest.raises(InputError, match="^bucket: ") as caught:
        at_aws(bucket)
    assert caught.value.parameter == "bucket"


@pytest.mark.parametrize(
    ("alias", "host"),
    [
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-outposts-access-points-alias.html: `o` is a rack, `e`
        # an Outpost's server
        (ALIAS.replace("-o0", "-e0"), "ec2.s3-outposts"),
        (f"x{ALIAS}", "op-0b1d075431d83bebd.s3-outposts"),
        (ALIAS[3:], "op-0b1d075431d83bebd.s3-outposts"),  # the shortest
        (ALIAS[4:], "s3"),  # too short to be one, so it is the name of a bucket
    ],
)
def test_the_alias_of_a_bucket_on_outposts_says_where_it_is(alias: str, host: str) -> None:
    service = "s3" if host == "s3" else "s3-outposts"
    assert at_aws(alias) == ("https", f"{alias}.{host}.us-west-2.amazonaws.com", "", "us-west-2", service)


@pytest.mark.parametrize(
    "alias", [ALIAS.replace("use1", "beta"), ALIAS.replace("-o0", "-o-"), ALIAS.replace("bebde8", "beb-e8")]
)
def test_what_has_only_the_length_of_an_outposts_alias_is_none(alias: str) -> None:
    with pytest.raises(InputError, match="^bucket: .* is not the alias of a bucket on Outposts"):
        at_aws(alias)


@pytest.mark.parametrize(
    ("bucket", "settings", "refused"),
    [
        (AP, {"another region": "S"}, "is in the region 'us-west-2' and the presigner in 'eu-west-1', which S does"),
        (AP.replace("accesspoint:", "accesspoint/"), {"another region": "S"}, "is in the region 'us-west-2'"),
        (AP, {"no region": "S"}, ""),
        (AP.replace("us-west-2", "eu-west-1"), {"another region": "S", "no region": "S"}, ""),
        (MULTI, {"no region": "S"}, "is a multi-region access point, which S switches off"),
        (MULTI, {"another region": "S"}, ""),
        ("arn:aws:s3:us-west-2", {"another region": "S"}, ""),  # for the check of ARNs to refuse
        ("bucket", {"another region": "S", "no region": "S"}, ""),
        ("x:aws:s3:us-west-2:1:2", {"another region": "S"}, ""),
    ],
)
def test_a_setting_forbids_the_arns_that_it_is_about(bucket: str, settings: "dict[str, str]", refused: str) -> None:
    if not refused:
        check_allowed(bucket, "eu-west-1", settings)
        return
    with pytest.raises(InputError, match=f"^bucket: .* {refused}") as caught:
        check_allowed(bucket, "eu-west-1", settings)
    assert caught.value.parameter == "bucket"


@pytest.mark.parametrize(
    ("arn", "message"),
    [
        ("arn:aws:s3:::bkt", "is the ARN of a bucket; give its name, 'bkt'"),
        ("arn:aws-cn:s3:::a.b/", "is the ARN of a bucket; give its name, 'a.b'"),
        ("arn:aws:s3:::bkt/a/k", "is the ARN of an object; give its bucket's name, 'bkt'"),
        (
            "arn:aws:s3express:us-west-2:123456789012:bucket/dir--usw2-az1--x-s3",
            "is the ARN of a bucket; give its name, 'dir--usw2-az1--x-s3'",
        ),
        (
            "arn:aws:s3express:us-west-2:123456789012:accesspoint/ap--usw2-az1--xa-s3",
            "is the ARN of an access point of a directory bucket; give its name, 'ap--usw2-az1--xa-s3'",
        ),
    ],
)
def test_what_has_a_name_is_given_by_its_name_and_not_by_its_arn(arn: str, message: str) -> None:
    presigners = [
        S3Presigner(Credentials("AKID", "s"), "us-west-2"),
        S3Presigner(Credentials("AKID", "s"), "us-west-2", addressing_style="path"),
        S3Presigner(Credentials("AKID", "s"), "us-west-2", "https://s3.us-west-2.amazonaws.com"),
        S3Presigner(Credentials("AKID", "s"), "us-west-2", "http://minio:9000", addressing_style="path"),
    ]
    presigners.append(presigners[0].replace())
    presigners[-1]._addresses.forbidden = {"no region": "S", "another region": "S"}
    for presigner in presigners:
        for call in (presigner.get_object, presigner.post_object, presigner.object_url):
            with pytest.raises(InputError) as caught:
                call(arn, "k")
            assert str(caught.value) == f"bucket: {arn!r} {message}"


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:s3:::",
        "arn:aws:s3:::accesspoint:a",
        "arn:aws:s3:us-west-2:1:bkt",
        "arn:aws:s3::1:bkt",
        "arn:aws:s3express:us-west-2:1:bucket/",
        "arn:aws:s3express:us-west-2:1:session/a",
        "arn:aws:sqs:us-west-2:1:bucket/a",
    ],
)
def test_the_arn_of_anything_else_is_not_the_arn_of_an_access_point(arn: str) -> None:
    with pytest.raises(InputError, match="^bucket: .* is not the ARN of an access point: "):
        S3Presigner(Credentials("AKID", "s"), "us-west-2").get_object(arn, "k")


# --- other stores -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("endpoint", "bucket", "style", "expected"),
    [
        ("http://minio:9000", "b-1", "auto", ("http", "minio:9000", "/b-1", "r", "s3")),
        ("http://minio:9000/", "B_1", "path", ("http", "minio:9000", "/B_1", "r", "s3")),
        ("https://Store.example:443/base/", "b-1", "virtual", ("https", "b-1.store.example", "/base", "r", "s3")),
        ("https://store.example/base", "a.b", "auto", ("https", "store.example", "/base/a.b", "r", "s3")),
        ("https://files.example", "b-1", "cname", ("https", "files.example", "", "r", "s3")),
        ("https://files.example/x", "b-1", "cname", ("https", "files.example", "/x", "r", "s3")),
        ("http://[::1]:9000", "b-1", "auto", ("http", "[::1]:9000", "/b-1", "r", "s3")),
        ("http://minio:9000", DIRECTORY, "auto", ("http", "minio:9000", f"/{DIRECTORY}", "r", "s3")),
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/privatelink-interface-endpoints.html
        (
            "https://accesspoint.vpce-1a2b3c4d-5e6f.s3.us-west-2.vpce.amazonaws.com",
            AP,
            "auto",
            (
                "https",
                "reports-123456789012.accesspoint.vpce-1a2b3c4d-5e6f.s3.us-west-2.vpce.amazonaws.com",
                "",
                "us-west-2",
                "s3",
            ),
        ),
        (
            "http://store.example/base",
            OUTPOST,
            "virtual",
            (
                "http",
                "near-123456789012.op-01234567890123456.store.example",
                "/base",
                "us-west-2",
                "s3-outposts",
            ),
        ),
    ],
)
def test_a_bucket_elsewhere_is_in_the_path_or_before_the_host_as_asked(
    endpoint: str, bucket: str, style: Any, expected: "Parts"
) -> None:
    address = address_at_endpoint(Endpoint(endpoint, "endpoint"), bucket, region="r", style=style)
    assert parts_of(address) == expected


@pytest.mark.parametrize(
    ("endpoint", "bucket", "style", "message"),
    [
        ("http://h", "..", "path", "bucket: '..' is not a bucket name; the key is a separate argument"),
        (
            "http://h",
            "B_1",
            "virtual",
            "bucket: 'B_1' can't be part of a host name; use addressing_style='path'",
        ),
        (
            "http://127.0.0.1:9000",
            "b-1",
            "virtual",
            "addressing_style: 'virtual' puts the bucket before 127.0.0.1:9000, an IP address; use 'path'",
        ),
        (
            "http://[::1]",
            "b-1",
            "virtual",
            "addressing_style: 'virtual' puts the bucket before [::1], an IP address; use 'path'",
        ),
        (
            "http://127.0.0.1",
            AP,
            "auto",
            "endpoint: 127.0.0.1 is an IP address, which does not work with an ARN as the bucket; use a host name",
        ),
        (
            "https://h",
            AP,
            "cname",
            "addressing_style: 'cname' does not work with an ARN as the bucket, which is in the host; use 'auto'",
        ),
        (
            "https://h",
            MULTI,
            "auto",
            "endpoint: does not work with a multi-region access point, which has one global host; leave it out",
        ),
    ],
)
def test_what_an_endpoint_cannot_serve_is_refused(endpoint: str, bucket: str, style: Any, message: str) -> None:
    with pytest.raises(InputError) as caught:
        address_at_endpoint(Endpoint(endpoint, "endpoint"), bucket, region="us-west-2", style=style)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("url", "error", "message"),
    [
        (
            "minio:9000",
            InputError,
            (
                "public_endpoint: 'minio:9000' does not begin with http:// or https://; "
                "write https:// "
                "(or http://) before it"
            ),
        ),
        (
            "ftp://h",
            InputError,
            "public_endpoint: 'ftp://h' does not begin with http:// or https://",
        ),
        (
            "https://h/?x=1",
            InputError,
            "public_endpoint: has a query; an endpoint is a scheme, a host, a port and a base path",
        ),
        (
            "https://h?",
            InputError,
            "public_endpoint: has a query; an endpoint is a scheme, a host, a port and a base path",
        ),
        ("https://h:0", InputError, "public_endpoint: 'https://h:0' has a port that is not a number from 1 to 65535"),
        (None, TypeError, "public_endpoint: expected str, got NoneType"),
    ],
)
def test_an_endpoint_that_is_no_address_is_told_why(url: Any, error: "type[Exception]", message: str) -> None:
    with pytest.raises(error) as caught:
        Endpoint(url, "public_endpoint")
    assert str(caught.value) == message


@pytest.mark.parametrize("option", ["dualstack", "fips", "accelerate"])
def test_an_endpoint_and_an_option_of_awss_own_endpoints_contradict_each_other(option: str) -> None:
    options: dict[str, Any] = {"dualstack": False, "fips": False, "accelerate": False, option: True}
    with pytest.raises(InputError) as caught:
        check_options(region="r_1", endpoint="http://h", style="auto", **options)
    message = f"{option}: chooses one of AWS's endpoints, and endpoint= another; leave one out"
    assert str(caught.value) == message
    options[option] = False
    check_options(region="r_1", endpoint="http://h", style="cname", **options)


def test_a_label_has_1_to_63_characters() -> None:
    assert [length for length in range(70) if is_host_label("a" * length)] == list(range(1, 64))
    assert [length for length in range(70) if is_dns_label("a" * length, dots=False)] == list(range(3, 64))


@given(st.text(alphabet="ab01-.A_", max_size=8))
def test_what_is_one_label_is_one_with_dots_allowed(text: str) -> None:
    if is_dns_label(text, dots=False):
        assert is_host_label(text)
        assert is_dns_label(text, dots=True)
    assert not is_dns_label(text, dots=True) or 3 <= len(text) <= 63


@pytest.mark.parametrize(
    ("url", "at_aws", "regional", "of_access_points", "bucket"),
    [
        ("https://s3.eu-west-1.amazonaws.com", True, True, False, ""),
        ("https://S3.eu-west-1.amazonaws.com.:8443", True, True, False, ""),
        ("https://s3-fips.us-gov-west-1.amazonaws.com", True, True, False, ""),
        ("https://b.s3.eu-west-1.amazonaws.com", True, False, False, "b"),
        ("https://a.s3-logs.s3.eu-west-1.amazonaws.com", True, False, False, "a.s3-logs"),
        ("https://b.s3-fips.us-gov-west-1.amazonaws.com", True, False, False, "b"),
        ("https://b.s3x.eu-west-1.amazonaws.com", True, False, False, ""),
        ("https://accesspoint.s3.eu-west-1.amazonaws.com", True, False, False, "accesspoint"),
        ("https://sqs.eu-west-1.amazonaws.com", True, False, False, ""),
        ("https://b.vpce-1a2b-5e6f.s3.eu-west-1.vpce.amazonaws.com", True, False, False, ""),
        ("https://accesspoint.vpce-1a2b-5e6f.s3.eu-west-1.vpce.amazonaws.com", True, False, True, ""),
        ("https://x.s3-object-lambda-fips.us-gov-west-1.amazonaws.com", True, False, True, "x"),
        ("https://s3.example", False, False, False, ""),
        ("https://b.s3.example", False, False, False, ""),
        ("https://s3-accesspoint.example", False, False, False, ""),
        ("https://s3.notamazonaws.com", False, False, False, ""),
    ],
)
def test_what_a_host_of_aws_is_for_is_read_from_its_name(
    url: str, at_aws: bool, regional: bool, of_access_points: bool, bucket: str
) -> None:
    endpoint = Endpoint(url, "endpoint")
    found = endpoint.is_at_aws(), endpoint.is_regional(), endpoint.is_of_access_points(), endpoint.bucket()
    assert found == (at_aws, regional, of_access_points, bucket)


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("https://h", ("https", "h", "", "/")),
        ("http://H:9000/", ("http", "h:9000", "", "/")),
        ("https://h/a%20b", ("https", "h", "/a%20b", "")),
        ("https://h/a+b/", ("https", "h", "/a%2Bb", "/")),
    ],
)
def test_an_endpoint_is_kept_in_parts(url: str, parts: "tuple[str, str, str, str]") -> None:
    endpoint = Endpoint(url, "endpoint")
    assert (endpoint.scheme, endpoint.host, endpoint.base, endpoint.slash) == parts


@pytest.mark.parametrize(
    ("host", "expected"),
    [("[::1]", True), ("[::1]:9000", True), ("10.0.0.1", True), ("10.0.0.1:9000", True), ("a.b.c.d", False),
     ("localhost:9000", False), ("1.2.3", False)],
)  # fmt: skip
def test_an_ip_address_is_told_from_a_name(host: str, expected: bool) -> None:
    assert Endpoint(f"http://{host}", "endpoint").is_address() is expected
