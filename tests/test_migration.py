"""docs/how-to/migrate-from-boto3.md: both columns of its tables are run, and give the same.

Rule: the page is the test's data.  What it says of boto3 in prose is held here too.
"""

import oracle  # isort: skip  (first: it keeps botocore from awscrt)

import base64
import datetime
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import botocore.config
import botocore.session
import botocore.signers
import pytest

from sigv4presign import Credentials, PresignedUrl, S3Presigner
from sigv4presign.errors import CredentialsExpireFirst, InputError

config_module: Any = botocore.config
session_module: Any = botocore.session
signers_module: Any = botocore.signers

PAGE = Path(__file__).parent.parent / "docs" / "how-to" / "migrate-from-boto3.md"
NOW = 1_764_000_000

# --- the page --------------------------------------------------------------------------------------------------------


def rows(title: str) -> "list[list[str]]":
    """The rows of the table below a heading: what it is about, then code without its backquotes."""
    section = PAGE.read_text(encoding="utf-8").partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    table = [line.strip("|").split(" | ") for line in section.splitlines() if line.startswith("|")]
    found = [[cell.strip() for cell in row] for row in table[2:]]
    for row in found:
        for cell in row[1:]:
            assert cell[0] == cell[-1] == "`", cell
            assert "`" not in cell[1:-1], cell
    return [[row[0], *[cell[1:-1] for cell in row[1:]]] for row in found]


def table(title: str) -> pytest.MarkDecorator:
    found = rows(title)
    return pytest.mark.parametrize("row", [row[1:] for row in found], ids=[row[0] for row in found])


# --- boto3, as far as the page uses it -------------------------------------------------------------------------------


class Session:
    """boto3's Session, which hands these arguments on to botocore's and has nothing of its own to do with them."""

    def __init__(self, profile_name: "str | None" = None, region_name: "str | None" = None) -> None:
        self.core: Any = session_module.Session(profile=profile_name)
        self.region_name = region_name

    def client(self, name: str, **options: Any) -> Any:
        options.setdefault("region_name", self.region_name)
        return self.core.create_client(name, **options)

    def get_credentials(self) -> Any:
        return self.core.get_credentials()


def client(name: str, **options: Any) -> Any:
    return Session().client(name, **options)


def names_of_the_page() -> "dict[str, Any]":
    """What the page's own code defines, with `boto3` as above."""
    section = PAGE.read_text(encoding="utf-8").partition("\n## The client\n")[2]
    code = section.partition("\n```python\n")[2].partition("\n```\n")[0]
    found: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "boto3", SimpleNamespace(client=client, Session=Session))
        exec(code, found)
    return found


NAMES = names_of_the_page()


def run(code: str, **names: Any) -> Any:
    """The value of a cell."""
    return eval(code, {**NAMES, **names})


@pytest.fixture(scope="module", autouse=True)
def frozen(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[None]":
    """One moment for both, keys in the environment, and a profile `work`."""
    moment = datetime.datetime.fromtimestamp(NOW, datetime.timezone.utc)

    def clock(*_args: object, **_kwargs: object) -> datetime.datetime:
        return moment

    files = tmp_path_factory.mktemp("aws")
    (files / "credentials").write_text("[work]\naws_access_key_id = AKIDWORK\naws_secret_access_key = w/w+w\n")
    (files / "config").write_text("[profile work]\n")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        patch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(files / "credentials"))
        patch.setenv("AWS_CONFIG_FILE", str(files / "config"))
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        patch.setattr(time, "time", lambda: float(NOW))
        for module in (oracle.auth, signers_module):
            patch.setattr(module, "get_current_datetime", clock)
        yield


@pytest.fixture(scope="module")
def theirs(frozen: None) -> Any:
    assert frozen is None
    return run(rows("The client")[0][1])


@pytest.fixture(scope="module")
def ours(frozen: None) -> Any:
    assert frozen is None
    return run(rows("The client")[0][2])


# --- the comparison --------------------------------------------------------------------------------------------------


def parts(url: str) -> "tuple[str, str, str, list[tuple[str, str]]]":
    """A URL as what it says, so that a difference is seen where it is; signature and headers are parameters."""
    split = urlsplit(url)
    return split.scheme, split.netloc, split.path, sorted(parse_qsl(split.query, keep_blank_values=True))


def policy(form: "dict[str, Any]") -> "dict[str, Any]":
    """A form's policy: the order of its conditions is of no account."""
    found: dict[str, Any] = json.loads(base64.b64decode(form["fields"]["policy"]))
    return {**found, "conditions": sorted(map(json.dumps, found["conditions"]))}


METHODS = {
    "get_object": "GET", "head_object": "HEAD", "put_object": "PUT", "delete_object": "DELETE", "upload_part": "PUT",
    "list_objects_v2": "GET", "create_multipart_upload": "POST", "complete_multipart_upload": "POST",
    "copy_object": "PUT",
}  # fmt: skip


def method_of(code: str) -> str:
    """What boto3 signs for: the operation's method, which its URL does not say."""
    return "POST" if "HttpMethod" in code else METHODS[code.partition('generate_presigned_url("')[2].partition('"')[0]]


def listed(value: Any) -> "list[Any]":
    """One URL or several, as several."""
    return [value] if isinstance(value, str) else list(value)


@table("The client")
def test_both_clients_make_the_same_url(row: "list[str]") -> None:
    their_client, our_presigner = run(row[0]), run(row[1])
    params = {"Bucket": "examplebucket", "Key": "a dir/ü+&=.txt", "ContentType": "text/plain"}
    expected = their_client.generate_presigned_url("put_object", Params=params, ExpiresIn=900)
    url = our_presigner.put_object("examplebucket", "a dir/ü+&=.txt", content_type="text/plain", expires_in=900)
    assert parts(url) == parts(expected)


@table("URLs")
def test_both_columns_make_the_same_url(row: "list[str]", theirs: Any, ours: Any) -> None:
    expected, made = listed(run(row[0], s3=theirs)), listed(run(row[1], s3=ours))
    assert [parts(url) for url in made] == [parts(url) for url in expected]
    assert [url.method for url in made] == [method_of(row[0])] * len(expected)
    assert all(type(url) is PresignedUrl for url in made)


@table("Forms")
def test_both_columns_make_the_same_form(row: "list[str]", theirs: Any, ours: Any) -> None:
    expected, made = run(row[0], s3=theirs), run(row[1], s3=ours)
    assert made.pop("expires_at") == NOW + 600
    assert made["url"] == expected["url"]
    assert policy(made) == policy(expected)
    same_policy = made["fields"]["policy"] == expected["fields"]["policy"]
    for form in (made, expected):
        if not same_policy:  # another order of conditions, so other bytes are signed
            del form["fields"]["policy"], form["fields"]["x-amz-signature"]
    assert made == expected


@table("What boto3 signs and sigv4presign refuses")
def test_boto3_signs_what_is_refused_here(row: "list[str]", theirs: Any, ours: Any) -> None:
    assert run(row[0], s3=theirs)
    with pytest.raises(InputError) as caught:
        run(row[1], s3=ours)
    assert str(caught.value).startswith(row[2])


STUMBLING = rows("Rows that programs stumble over")


@pytest.fixture(scope="module")
def at_hand(frozen: None) -> "dict[str, Any]":
    """What the page says that these names are."""
    assert frozen is None
    keyless = client("s3", region_name="eu-west-1", config=config_module.Config(signature_version="s3v4"))
    keyless._request_signer._credentials = None
    return {
        "client": client("s3", region_name="eu-west-1", config=NAMES["regional"]),
        "session": Session(region_name="eu-west-1"),
        "keyless": keyless,
        "params": {"Bucket": "reports", "Key": "costs.csv"},
        "method": "head_object",
    }


@pytest.mark.parametrize("row", STUMBLING, ids=[row[0] for row in STUMBLING])
def test_both_columns_make_the_same_url_with_what_is_at_hand(
    row: "list[str]", at_hand: "dict[str, Any]", monkeypatch: pytest.MonkeyPatch
) -> None:
    title, boto3s, here = row
    for word in title.split("`")[1::2]:
        name, sign, value = word.partition("=")
        if sign and name.isupper():
            monkeypatch.setenv(name, value)
    assert parts(run(here, **at_hand)) == parts(run(boto3s, **at_hand))


@table("Errors")
def test_both_columns_raise_what_they_say(row: "list[str]", at_hand: "dict[str, Any]") -> None:
    for code, name in (row[:2], row[2:]):
        with pytest.raises(Exception, match=".") as caught:
            run(code, **at_hand)
        assert type(caught.value).__name__ == name


TABLES = (
    "Rows that programs stumble over", "Errors", "The client", "URLs", "Forms",
    "What boto3 signs and sigv4presign refuses",
)  # fmt: skip


def test_every_table_has_rows() -> None:
    counts = [len(rows(title)) for title in TABLES]
    assert all(count >= 5 for count in counts)
    assert sum(counts) == PAGE.read_text(encoding="utf-8").count("\n| ") - len(TABLES)  # without their heads


def test_the_one_line_is_boto3s_call(at_hand: "dict[str, Any]") -> None:
    page = PAGE.read_text(encoding="utf-8")
    first, second = [block.partition("\n```")[0] for block in page.split("```python\n")[1:3]]
    found: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "boto3", SimpleNamespace(client=client, Session=Session))
        exec(first, found)
    params, their_client = {"Bucket": "reports", "Key": "costs.csv"}, at_hand["client"]
    assert parts(found["url"]) == parts(their_client.generate_presigned_url("get_object", params, ExpiresIn=900))
    form = their_client.generate_presigned_post("photos", "user/42/${filename}", ExpiresIn=600)
    assert found["form"] == form
    exec(second, found)
    assert type(found["client"].generate_presigned_url("get_object", params)) is PresignedUrl


def test_the_parameters_of_version_4_have_names_of_their_own(ours: Any) -> None:
    url = ours.get_object("reports", "costs.csv")
    assert all(f"{name}=" in url for name in ("X-Amz-Credential", "X-Amz-Signature", "X-Amz-Expires"))
    assert all(f"&{name}=" not in url and f"?{name}=" not in url for name in ("AWSAccessKeyId", "Signature", "Expires"))


# --- what the page says in prose -------------------------------------------------------------------------------------


def test_a_name_written_the_old_way_is_an_error_that_says_the_new_one(ours: Any) -> None:
    with pytest.raises(TypeError, match="VersionId.*version_id"):
        ours.get_object("reports", "costs.csv", VersionId="1")


def test_boto3_signs_with_version_2_unless_told_otherwise() -> None:
    url = client("s3", region_name="us-east-1").generate_presigned_url("get_object", {"Bucket": "reports", "Key": "k"})
    assert "AWSAccessKeyId=" in url
    assert "X-Amz-Algorithm" not in url


@pytest.mark.parametrize(
    ("region", "styles"), [("eu-west-1", {}), ("us-east-1", {}), ("us-east-1", {"addressing_style": "virtual"})]
)
def test_boto3_uses_the_global_host(region: str, styles: "dict[str, str]") -> None:
    config = config_module.Config(signature_version="s3v4", s3=styles)
    their_client = client("s3", region_name=region, config=config)
    url: str = their_client.generate_presigned_url("get_object", {"Bucket": "reports", "Key": "k"})
    assert urlsplit(url).netloc == "reports.s3.amazonaws.com"


def test_boto3_adds_an_encoding_to_lists(theirs: Any, ours: Any) -> None:
    assert "encoding-type=url" in theirs.generate_presigned_url("list_objects_v2", {"Bucket": "reports"})
    assert "encoding-type" not in ours.list_objects_v2("reports")


def test_boto3_leaves_a_field_without_a_condition(theirs: Any, ours: Any) -> None:
    covered = json.dumps({"acl": "private"})
    assert covered not in policy(theirs.generate_presigned_post("photos", "k", Fields={"acl": "private"}))["conditions"]
    assert covered in policy(ours.post_object("photos", "k", fields={"acl": "private"}).to_dict())["conditions"]


def test_boto3_signs_for_multi_region_access_points_with_version_4(theirs: Any, ours: Any) -> None:
    bucket, key = "arn:aws:s3::123456789012:accesspoint/name.mrap", "k"
    expected = theirs.generate_presigned_url("get_object", {"Bucket": bucket, "Key": key})
    made = ours.get_object(bucket, key)
    assert parts(made)[:3] == parts(expected)[:3]
    assert "X-Amz-Algorithm=AWS4-HMAC-SHA256&" in expected
    assert "X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256&" in made


def test_what_boto3_cannot_sign_goes_through_presign(ours: Any) -> None:
    code = 's3.presign("GET", "reports", "costs.csv", query={"x-user": "al"})'
    assert f"`{code}`" in PAGE.read_text(encoding="utf-8")
    assert "&x-user=al&" in run(code, s3=ours)


def test_a_url_does_not_outlive_temporary_credentials() -> None:
    ending = S3Presigner(Credentials("AKIDEXAMPLE", "secret", "token", expires_at=NOW + 60), region="eu-west-1")
    with pytest.raises(CredentialsExpireFirst):
        ending.get_object("reports", "costs.csv", expires_in=900)
    assert ending.get_object("reports", "costs.csv").expires_at == NOW + 60
    shortened = ending.replace(clamp_to_credentials=True).get_object("reports", "costs.csv", expires_in=900)
    assert shortened.expires_at == NOW + 60
