"""S3's rarer corners: directory buckets' credentials, endpoints that can't work, tenants, long lifetimes.

Rule: hosts and signatures are botocore's; a refusal is named by its parameter and says the way out.
"""

import oracle  # isort: skip  (first: it keeps botocore from awscrt)

import base64
import copy
import datetime
import json
import pickle
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import botocore.credentials
import pytest

from sigv4presign import Credentials, S3Presigner, verify, verify_post
from sigv4presign._s3.directory import takes_session
from sigv4presign.errors import CredentialsExpireFirst, InputError

credentials_module: Any = botocore.credentials

NOW = 1_764_000_000
KEYS = ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "a/session+token==")
CREDS = Credentials(*KEYS)
DIRECTORY = "logs--usw2-az1--x-s3"
S3 = S3Presigner(CREDS, "us-west-2")
AT_STORE = S3Presigner(CREDS, "us-east-1", endpoint="http://127.0.0.1:9000")


def query(url: str) -> "dict[str, str]":
    return dict(parse_qsl(urlsplit(str(url)).query, keep_blank_values=True))


# --- whose credentials a directory bucket takes ----------------------------------------------------------------------


class Provider:
    """As the providers of this package are: a callable that has a name."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self) -> Credentials:
        return CREDS


def test_ordinary_credentials_of_a_known_source_are_refused_for_the_objects_of_a_directory_bucket() -> None:
    sources: list[Any] = [oracle.botocore_credentials(*KEYS), Provider("resolve"), Provider("imds")]
    for source in sources:
        presigner = S3Presigner(source, "us-west-2")
        with pytest.raises(InputError, match=r"^credentials: .*directory bucket.*providers\.directory_bucket\("):
            presigner.get_object(DIRECTORY, "k")
        with pytest.raises(InputError, match="^credentials: "):
            presigner.put_object(DIRECTORY, "k", content_type="text/plain")
        with pytest.raises(InputError, match="^credentials: "):
            presigner.list_objects_v2(DIRECTORY)
        with pytest.raises(InputError, match="^credentials: "):
            presigner.presign("GET", DIRECTORY, "k")
        assert "X-Amz-Security-Token" in query(presigner.get_bucket_policy(DIRECTORY))
        assert "X-Amz-Security-Token" in query(presigner.copy_object(DIRECTORY, "k", copy_source="bucket/k"))
        assert "X-Amz-Security-Token" in query(presigner.get_object("bucket", "k"))


def test_a_sessions_credentials_are_refused_for_what_takes_ordinary_ones() -> None:
    of_botocore = oracle.botocore_credentials(*KEYS)
    of_botocore.method = "s3express"
    sources: list[Any] = [of_botocore, Provider("directory_bucket")]
    for source in sources:
        presigner = S3Presigner(source, "us-west-2")
        assert "X-Amz-S3session-Token" in query(presigner.get_object(DIRECTORY, "k"))
        with pytest.raises(InputError, match="^credentials: get_bucket_policy needs ordinary credentials"):
            presigner.get_bucket_policy(DIRECTORY)
        with pytest.raises(InputError, match="^credentials: copy_object needs ordinary credentials"):
            presigner.copy_object(DIRECTORY, "k", copy_source="bucket/k")


def test_credentials_that_do_not_tell_are_taken_for_a_sessions() -> None:
    assert "X-Amz-S3session-Token" in query(S3.get_object(DIRECTORY, "k"))
    assert "X-Amz-S3session-Token" in query(S3.replace(credentials=lambda: CREDS).get_object(DIRECTORY, "k"))


def test_credentials_without_a_token_are_of_no_session() -> None:
    key = Credentials(*KEYS[:2])
    for source in (key, lambda: key):
        presigner = S3Presigner(source, "us-west-2")
        with pytest.raises(InputError, match=r"^credentials: .*directory bucket.*providers\.directory_bucket\("):
            presigner.get_object(DIRECTORY, "k")
        assert "s3express" in presigner.get_bucket_policy(DIRECTORY)


def test_a_form_takes_the_credentials_that_the_objects_take() -> None:
    with pytest.raises(InputError, match=r"^credentials: .*directory bucket.*providers\.directory_bucket\("):
        S3Presigner(Provider("resolve"), "us-west-2").post_object(DIRECTORY, "k")
    form = S3Presigner(Provider("directory_bucket"), "us-west-2").post_object(DIRECTORY, "k")
    assert "/s3express/" in form.fields["x-amz-credential"]


def test_a_source_that_freezes_and_does_not_name_its_method_is_of_no_session() -> None:
    class Frozen:
        access_key, secret_key, token = KEYS

        def get_frozen_credentials(self) -> Any:
            return self

    presigner = S3Presigner(Frozen(), "us-west-2")
    with pytest.raises(InputError, match=r"^credentials: .*directory bucket.*providers\.directory_bucket\("):
        presigner.get_object(DIRECTORY, "k")
    assert "X-Amz-Security-Token" in query(presigner.get_bucket_policy(DIRECTORY))


def test_a_source_whose_name_is_no_text_does_not_tell() -> None:
    unnamed: Any = Provider("directory_bucket")
    unnamed._name = 5
    assert "X-Amz-S3session-Token" in query(S3Presigner(unnamed, "us-west-2").get_object(DIRECTORY, "k"))


@pytest.mark.parametrize(
    ("bucket", "operation", "expected"),
    [
        (DIRECTORY, "get_object", True),
        (DIRECTORY, None, True),  # `presign`, of which the operation is not known
        (DIRECTORY, "copy_object", False),
        (DIRECTORY, "get_bucket_policy", False),
        ("mine--usw2-az1--xa-s3", "get_object", True),
        ("mine--usw2-az1--xa-s3", "get_bucket_policy", True),  # an access point has no control endpoint
        ("mine--usw2-az1--xa-s3", "copy_object", False),
        ("bucket", "get_object", False),
        ("bucket--op-s3", None, False),
    ],
)
def test_which_operations_need_a_session_follows_from_bucket_and_operation(
    bucket: str, operation: "str | None", expected: bool
) -> None:
    assert takes_session(bucket, operation) is expected


def test_behind_a_proxy_the_control_endpoint_is_signed_and_the_proxy_opened() -> None:
    url = S3.replace(public_endpoint="https://files.example").get_bucket_policy(DIRECTORY, now=NOW)
    assert url.startswith(f"https://files.example/{DIRECTORY}?")
    direct = S3.get_bucket_policy(DIRECTORY, now=NOW)
    assert direct.startswith(f"https://s3express-control.us-west-2.amazonaws.com/{DIRECTORY}?")
    assert query(url) == query(direct)


def test_at_a_store_a_directory_buckets_name_is_a_name() -> None:
    url = AT_STORE.get_bucket_policy(DIRECTORY)
    assert url.startswith(f"http://127.0.0.1:9000/{DIRECTORY}?")
    assert "X-Amz-Security-Token" in query(url)


# --- endpoints that can't work ---------------------------------------------------------------------------------------

ARN = "arn:aws:s3:us-west-2:123456789012:accesspoint/mine"


@pytest.mark.parametrize("parameter", ["endpoint", "public_endpoint"])
@pytest.mark.parametrize(
    ("url", "way_out"),
    [
        ("https://s3-accelerate.amazonaws.com", "use accelerate=True"),
        ("https://s3-accelerate.dualstack.amazonaws.com:443", "dualstack=True"),
        ("https://bucket.S3-Accelerate.amazonaws.com", "use accelerate=True"),
        ("http://b.s3-website.eu-central-1.amazonaws.com", "serves websites .* REST endpoint"),
        ("http://b.s3-website-us-east-1.amazonaws.com", "serves websites .* REST endpoint"),
        ("http://b.s3-website.cn-north-1.amazonaws.com.cn", "serves websites .* REST endpoint"),
        ("https://x.mrap.accesspoint.s3-global.amazonaws.com", "give the ARN as the bucket"),
        ("https://s3express-usw2-az1.us-west-2.amazonaws.com", "follows from the bucket's name"),
        ("https://s3express-control.us-west-2.amazonaws.com", "follows from the bucket's name"),
        ("https://123456789012.s3-control.eu-west-1.amazonaws.com", "S3 Control API"),
        ("https://s3-control-fips.dualstack.us-east-1.amazonaws.com", "S3 Control API"),
        ("https://control.vpce-1a2b-5e6f.s3.us-east-1.vpce.amazonaws.com", "S3 Control API"),
        ("http://b.s3-website.us-gov-west-1.amazonaws.com", "serves websites .* REST endpoint"),
        ("http://b.s3-website.dualstack.eu-west-1.api.aws", "serves websites .* REST endpoint"),
        ("http://s3-website.us-iso-east-1.c2s.ic.gov", "serves websites .* REST endpoint"),
        ("https://s3.console.aws.amazon.com/s3/buckets/b", "is the AWS console"),
        ("https://eu-west-1.console.aws.amazon.com", "is the AWS console"),
        ("https://console.amazonaws.cn", "is the AWS console"),
        ("https://console.amazonaws-us-gov.com", "is the AWS console"),
    ],
)
def test_an_endpoint_where_no_url_can_work_is_refused_with_the_way_out(parameter: str, url: str, way_out: str) -> None:
    arguments: dict[str, Any] = {parameter: url}
    with pytest.raises(InputError, match=f"^{parameter}: .*{way_out}"):
        S3Presigner(CREDS, "eu-west-1", **arguments)


@pytest.mark.parametrize(
    "url",
    [
        "https://s3.eu-west-1.amazonaws.com",
        "https://bucket.vpce-1a2b3c4d-5e6f.s3.us-east-1.vpce.amazonaws.com",
        "https://s3.dualstack.eu-west-1.amazonaws.com",
        "https://s3-external-1.amazonaws.com",
        "https://s3-website.example",
        "https://console.example",
        "https://other.s3.example",
        "https://s3-accelerate.example.com",
        "http://b.s3-website.eu-central-1.amazonaws.com.evil.example",
    ],
)
def test_other_endpoints_are_taken_as_they_are(url: str) -> None:
    assert S3Presigner(CREDS, "eu-west-1", endpoint=url).get_object("bucket", "k").startswith(f"{url}/bucket/k?")


@pytest.mark.parametrize("host", ["bucket.s3.eu-west-1", "bucket.s3", "Bucket.s3-eu-west-1", "bucket.s3.dualstack.r-1"])
def test_an_endpoint_that_names_the_bucket_would_sign_for_a_key_that_begins_with_it(host: str) -> None:
    at_bucket = S3Presigner(CREDS, "eu-west-1", endpoint=f"https://{host}.amazonaws.com")
    with pytest.raises(InputError, match=r"^endpoint: .* has the bucket 'bucket' in it; .*addressing_style='cname'"):
        at_bucket.get_object("bucket", "k")
    opened = at_bucket.replace(addressing_style="cname").get_object("bucket", "k")
    assert opened.startswith(f"https://{host.lower()}.amazonaws.com/k?")


def test_an_endpoint_that_names_another_bucket_would_sign_for_that_one() -> None:
    for host, held in [("other.s3.eu-west-1.amazonaws.com", "other"), ("a.b.s3.cn-north-1.amazonaws.com.cn", "a.b")]:
        for bucket, style in [("bucket", "path"), ("bucket", "virtual"), (ARN, "auto")]:
            at_other = S3Presigner(CREDS, "eu-west-1", f"https://{host}", None, style)  # type: ignore[arg-type]
            with pytest.raises(InputError, match=f"^endpoint: {host} has the bucket '{held}' in it; leave it out"):
                at_other.get_object(bucket, "k")


def test_a_path_at_aws_is_a_bucket_or_a_key_and_no_part_of_an_endpoint() -> None:
    at_path = S3Presigner(CREDS, "eu-west-1", endpoint="https://s3.eu-west-1.amazonaws.com/bucket")
    with pytest.raises(InputError, match=r"^endpoint: s3\.eu-west-1\.amazonaws\.com is S3, .* leave '/bucket' out"):
        at_path.get_object("bucket", "k")
    with_bucket = at_path.replace(addressing_style="cname").get_object("bucket", "k")
    assert with_bucket.startswith("https://s3.eu-west-1.amazonaws.com/bucket/k?")


@pytest.mark.parametrize(
    "host", ["s3-accesspoint.us-west-2", "mine-1.s3-accesspoint-fips.us-west-2", "s3-object-lambda.us-west-2",
             "s3-outposts.us-west-2", "accesspoint.vpce-1a2b-5e6f.s3.us-west-2.vpce"]
)  # fmt: skip
def test_a_host_of_access_points_has_no_buckets(host: str) -> None:
    presigner = S3Presigner(CREDS, "us-west-2", endpoint=f"https://{host}.amazonaws.com")
    with pytest.raises(InputError, match=r"^endpoint: .* is for access points; give the ARN of one as the bucket"):
        presigner.get_object("bucket", "k")
    assert presigner.get_object(ARN, "k").startswith(f"https://mine-123456789012.{host}.amazonaws.com/k?")
    alias = "mine-hrzrlukc5m36ft7okagglf3gmwluquse1b-s3alias"
    assert presigner.get_object(alias, "k").startswith(f"https://{host}.amazonaws.com/{alias}/k?")


def test_what_has_a_host_of_its_own_is_not_at_a_regions_endpoint() -> None:
    regional = S3Presigner(CREDS, "us-west-2", endpoint="http://s3.us-west-2.amazonaws.com")
    for bucket in (DIRECTORY, "arn:aws:s3:us-west-2:123456789012:accesspoint/mine"):
        with pytest.raises(InputError, match=r"^endpoint: .* has another host than s3\.us-west-2\.amazonaws\.com"):
            regional.get_object(bucket, "k")
    private = "https://accesspoint.vpce-1a2b3c4d-5e6f.s3.us-west-2.vpce.amazonaws.com"
    url = S3Presigner(CREDS, "us-west-2", endpoint=private).get_object(
        "arn:aws:s3:us-west-2:123456789012:accesspoint/mine", "k"
    )
    assert url.startswith("https://mine-123456789012.accesspoint.vpce-1a2b3c4d-5e6f.s3.us-west-2.vpce.amazonaws.com/k?")


def test_a_bucket_is_not_made_at_an_access_point_wherever_it_is() -> None:
    arn = "arn:aws:s3:us-west-2:123456789012:accesspoint:mine"
    for presigner in (S3, S3.replace(endpoint="https://store.example")):
        with pytest.raises(InputError, match="^bucket: create_bucket is not for access points"):
            presigner.create_bucket(arn)
        assert presigner.list_objects_v2(arn)
    outpost = "arn:aws:s3-outposts:us-west-2:123456789012:outpost/op-01234567890123456/accesspoint/near"
    for elsewhere in (outpost, "arn:aws:s3::123456789012:accesspoint/mine.mrap"):  # botocore refuses neither
        assert S3.create_bucket(elsewhere).method == "PUT"


# --- tenants and lists -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bucket", ["tenant:bucket", "Tenant_1:my.bucket", ":bucket"])
def test_a_tenants_bucket_is_signed_as_botocore_signs_its_path(bucket: str) -> None:
    url = S3Presigner.for_provider("ceph", CREDS, endpoint="http://127.0.0.1:9000").get_object(bucket, "a b", now=NOW)
    expected = oracle.presigned_url(
        "s3", "GET", f"http://127.0.0.1:9000/{bucket.replace(':', '%3A')}/a%20b", keys=KEYS, region="us-east-1",
        service="s3", expires_in=3600, now=NOW,
    )  # fmt: skip
    assert urlsplit(str(url))[:3] == urlsplit(expected)[:3]
    assert query(url) == query(expected)
    seen = verify(
        "GET", str(url), headers={}, secrets=lambda _: CREDS, service="s3", region="us-east-1", now=NOW
    )  # fmt: skip
    assert seen.path == f"/{bucket.replace(':', '%3A')}/a%20b"


def test_a_tenants_bucket_takes_forms_too() -> None:
    form = AT_STORE.post_object("tenant:bucket", "k", now=NOW)
    assert form.url == "http://127.0.0.1:9000/tenant%3Abucket"
    assert {"bucket": "tenant:bucket"} in json.loads(base64.b64decode(form.fields["policy"]))["conditions"]


@pytest.mark.parametrize("bucket", ["a:b:c", "tenant:", "tenant:b c", "ten/ant:b", ":", "tenant:\u00fc"])
def test_what_is_no_tenants_bucket_is_refused(bucket: str) -> None:
    with pytest.raises(InputError, match="^bucket: "):
        AT_STORE.get_object(bucket, "k")


def test_a_tenant_has_no_bucket_in_a_host_nor_at_aws() -> None:
    with pytest.raises(InputError, match=r"^bucket: .*addressing_style='path'"):
        S3Presigner(CREDS, "r", endpoint="http://store.example", addressing_style="virtual").get_object("t:bucket", "k")
    with pytest.raises(InputError, match="^bucket: "):
        S3.get_object("tenant:bucket", "k")


def test_what_s3_reads_as_not_given_may_be_empty() -> None:
    assert query(S3.list_objects_v2("bucket", prefix="", delimiter="", start_after=""))["prefix"] == ""
    with pytest.raises(InputError, match="^continuation_token: is empty"):
        S3.list_objects_v2("bucket", continuation_token="")


# --- longer than seven days ------------------------------------------------------------------------------------------

TWO_WEEKS = 1_209_600
LONG = AT_STORE.replace(max_expires_in=TWO_WEEKS)


def test_a_store_that_allows_it_has_longer_lifetimes() -> None:
    for lifetime in (TWO_WEEKS, datetime.timedelta(days=14)):
        url = LONG.get_object("bucket", "k", expires_in=lifetime, now=NOW)
        assert url.expires_at == NOW + TWO_WEEKS
        assert query(url)["X-Amz-Expires"] == str(TWO_WEEKS)
    seen = verify(
        "GET", str(url), headers={}, secrets=lambda _: CREDS, service="s3", region="us-east-1",
        max_expires_in=TWO_WEEKS, now=NOW + TWO_WEEKS - 1,
    )  # fmt: skip
    assert seen.expires_at == NOW + TWO_WEEKS
    default = AT_STORE.replace(max_expires_in=TWO_WEEKS, default_expires_in=TWO_WEEKS)
    assert default.get_object("bucket", "k", now=NOW).expires_at == NOW + TWO_WEEKS
    stable = LONG.get_object("bucket", "k", expires_in=TWO_WEEKS - 300, stable_for=300, now=NOW)
    assert stable.expires_at is not None
    assert NOW + TWO_WEEKS - 300 <= stable.expires_at <= NOW + TWO_WEEKS
    assert LONG.generate_presigned_url("get_object", {"Bucket": "b", "Key": "k"}, TWO_WEEKS)


def test_so_have_its_forms() -> None:
    form = LONG.post_object("bucket", "k", expires_in=TWO_WEEKS, now=NOW)
    assert form.expires_at == NOW + TWO_WEEKS
    seen = verify_post(
        form.fields, file_size=1, bucket="bucket", secrets=lambda _: CREDS, service="s3", region="us-east-1", now=NOW
    )  # fmt: skip
    assert seen.key == "k"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: LONG.get_object("bucket", "k", expires_in=TWO_WEEKS + 1), "expires_in: 1209601 s is too long"),
        (lambda: LONG.post_object("bucket", "k", expires_in=TWO_WEEKS + 1), "expires_in: 1209601 s is too long"),
        (lambda: LONG.get_object("b", "k", expires_in=TWO_WEEKS, stable_for=60), "stable_for: .* maximum is 1209600"),
        (lambda: AT_STORE.replace(max_expires_in=60), "default_expires_in: 3600 s is too long"),
        (lambda: AT_STORE.replace(max_expires_in=0), "max_expires_in: 0 s is too short"),
        (lambda: S3.replace(max_expires_in=TWO_WEEKS), "max_expires_in: is for stores .* AWS allows 7 days"),
        (
            lambda: S3.replace(max_expires_in=TWO_WEEKS, endpoint="https://s3.us-west-2.amazonaws.com"),
            "max_expires_in: is for stores .* AWS allows 7 days",
        ),
        (
            lambda: S3.replace(
                max_expires_in=TWO_WEEKS, endpoint="https://b.vpce-1-2.s3.cn-north-1.vpce.amazonaws.com.cn"
            ),
            "max_expires_in: is for stores .* AWS allows 7 days",
        ),
        (
            lambda: AT_STORE.replace(max_expires_in=TWO_WEEKS, provider="minio"),
            "max_expires_in: 'minio' allows at most 604800 s",
        ),
        (lambda: S3.get_object("bucket", "k", expires_in=TWO_WEEKS), "expires_in: 1209600 s is too long"),
    ],
)
def test_a_longer_lifetime_is_the_stores_to_allow(make: "Callable[[], object]", message: str) -> None:
    with pytest.raises(InputError, match=f"^{message}"):
        make()


def test_the_longest_lifetime_is_part_of_the_value() -> None:
    assert copy.deepcopy(LONG) == pickle.loads(pickle.dumps(LONG)) == LONG != AT_STORE
    assert LONG.replace(region="eu-west-1").max_expires_in == TWO_WEEKS
    assert AT_STORE.replace(max_expires_in=60, default_expires_in=60, provider="minio").max_expires_in == 60
    assert AT_STORE.replace(max_expires_in=604_800, provider="minio").max_expires_in == 604_800
    with pytest.raises(TypeError, match=r"^max_expires_in: .*int\("):
        AT_STORE.replace(max_expires_in="1209600")


# --- values ----------------------------------------------------------------------------------------------------------


def test_an_unknown_provider_is_refused_at_once() -> None:
    for name in ("nope", "", "AWS"):
        with pytest.raises(InputError, match="^provider: "):
            S3Presigner(CREDS, "r", provider=name)


def test_a_wrong_query_is_the_same_error_with_a_nonce() -> None:
    messages: list[str] = []
    for nonce in (False, True):
        with pytest.raises(TypeError) as caught:
            S3.presign("GET", "bucket", "k", query="abc", nonce=nonce)  # type: ignore[arg-type]
        messages.append(str(caught.value))
    assert messages[0] == messages[1]


def test_a_lifetime_as_text_is_told_how_to_be_a_number() -> None:
    with pytest.raises(TypeError, match=r"^expires_in: .*timedelta.*int\("):
        S3.get_object("bucket", "k", expires_in="900")  # type: ignore[arg-type]


def test_empty_metadata_is_signed_and_sent() -> None:
    url = S3.put_object("bucket", "k", metadata={"note": ""}, now=NOW)
    expected = oracle.presigned_url(
        "s3", "PUT", "https://bucket.s3.us-west-2.amazonaws.com/k", keys=KEYS, region="us-west-2", service="s3",
        expires_in=3600, headers=[("x-amz-meta-note", "")], now=NOW,
    )  # fmt: skip
    assert query(url) == query(expected)
    assert url.headers == {"x-amz-meta-note": ""}
    assert "'x-amz-meta-note;'" in url.curl()  # curl drops a header that ends in a colon
    with pytest.raises(InputError, match="^metadata: the value of 'note' "):
        S3.put_object("bucket", "k", metadata={"note": " "})


def test_botocores_renewed_credentials_have_an_end_and_a_url_does_not_outlive_it() -> None:
    until = datetime.datetime.fromtimestamp(NOW + 1200, datetime.timezone.utc)
    refreshable = credentials_module.RefreshableCredentials(
        *KEYS, expiry_time=until, refresh_using=dict, method="test",
        time_fetcher=lambda: datetime.datetime.fromtimestamp(NOW, datetime.timezone.utc),
    )  # fmt: skip
    presigner = S3Presigner(refreshable, "us-west-2")
    assert presigner.get_object("bucket", "k", now=NOW).expires_at == NOW + 1200
    with pytest.raises(CredentialsExpireFirst) as caught:
        presigner.get_object("bucket", "k", expires_in=3600, now=NOW)
    assert caught.value.seconds_left == 1200


def test_a_refresh_in_between_gives_the_keys_of_the_expiry() -> None:
    class Refreshing:
        """Refreshed while it is read: the keys that are frozen first are gone when the expiry is read."""

        def __init__(self) -> None:
            self.reads = 0
            self._expiry_time = datetime.datetime.fromtimestamp(NOW + 60, datetime.timezone.utc)

        def get_frozen_credentials(self) -> Any:
            self.reads += 1
            frozen = credentials_module.ReadOnlyCredentials(f"AKID{self.reads}", "secret", "token")
            if self.reads == 2:
                self._expiry_time = datetime.datetime.fromtimestamp(NOW + 7200, datetime.timezone.utc)
            return frozen

    source: Any = Refreshing()
    presigner = S3Presigner(lambda: source, "us-west-2")
    url = presigner.get_object("bucket", "k", now=NOW)
    assert "AKID3" in url
    assert url.expires_at == NOW + 3600
