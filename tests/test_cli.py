"""The command line: what goes to standard output, what to standard error, and the exit status."""

import contextlib
import errno
import http.client
import io
import itertools
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import voice

import sigv4presign
from sigv4presign import Credentials, S3Presigner, inspect, presign, verify
from sigv4presign import __main__ as cli
from sigv4presign.__main__ import main
from sigv4presign._command_line import share as share_command

SECRET = "wJalrXUtnFEMI-K7MDENG-bPxRfiCYEXAMPLEKEY"
TOKEN = "the-session-token"
ARN = "arn:aws:s3:eu-west-1:123456789012:accesspoint/name"
MULTI_REGION = "arn:aws:s3::123456789012:accesspoint/name.mrap"
SOURCE = str(Path(sigv4presign.__file__).parent.parent)


@pytest.fixture(autouse=True)
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys and a region in the environment, and no files of whoever runs the tests."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run a command; (exit status, standard output, standard error)."""

    def run(*argv: str) -> "tuple[int, str, str]":
        try:
            status = main(list(argv))
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else -1
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        assert SECRET not in out + err
        assert not voice.fault_in_lines(err)
        return status, out, err

    return run


def seen(method: str, url: str, **options: Any) -> Any:
    """The request that a URL stands for, verified."""
    arguments: dict[str, Any] = {"service": "s3", "region": "eu-west-1", "headers": {}, **options}
    return verify(method, url, secrets={"AKIDEXAMPLE": SECRET}, **arguments)


# --- get, put, head, delete ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["get", "put", "head", "delete"])
def test_the_url_alone_goes_to_standard_output(run: Any, command: str) -> None:
    status, out, err = run(command, "s3://reports/2026/costs & more.csv", "--expires-in", "90m")
    url, end = out.split("\n")
    assert (status, end) == (0, "")
    verified = seen(command.upper(), url)
    assert (verified.host, verified.path) == ("reports.s3.eu-west-1.amazonaws.com", "/2026/costs%20%26%20more.csv")
    assert inspect(url).expires_in == 5_400
    until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(verified.expires_at))
    assert err == f"good for {command.upper()} until {until}, 1 hour 30 minutes from now\n"


def test_the_url_is_that_of_the_presigner(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_764_000_000.5)
    s3 = S3Presigner(Credentials("AKIDEXAMPLE", SECRET), region="eu-west-1")
    assert run("get", "s3://reports/costs.csv")[1] == s3.get_object("reports", "costs.csv", expires_in=3600) + "\n"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90), ("90s", 90), ("15m", 900), ("12h", 43_200), ("7d", 604_800), ("1", 1), ("1w", 604_800),
        ("1h30m", 5_400), ("1h 30m", 5_400), ("2 days", 172_800), ("15 minutes", 900), ("15min", 900), ("1 hour", 3600),
        ("1 hour and 30 minutes", 5_400), ("1 day, 2 hours", 93_600), ("1d2h3m4s", 93_784), ("0h90s", 90),
    ],
)  # fmt: skip
def test_times_have_a_unit_or_are_seconds(run: Any, text: str, seconds: int) -> None:
    assert inspect(run("get", "s3://b-b/k", "--expires-in", text)[1].strip()).expires_in == seconds


@pytest.mark.parametrize(
    "text",
    [
        "m", "1.5h", "-5m", "15M", "1h30", "30m1h", "1h1h", "1h1hour", " 5m", "5m ", "5  m", "1h and",
        "5 lightyears", "٣", "9" * 20, "9" * 16 + "s", "tomorrow", "2035-08-13",
    ],
)  # fmt: skip
def test_what_is_no_time_is_refused_with_the_forms_there_are(run: Any, text: str) -> None:
    status, out, err = run("get", "s3://b-b/k", f"--expires-in={text}")
    assert (status, out) == (2, "")
    assert err.startswith(
        f"sigv4presign: error: --expires-in: invalid duration {text!r}; write 90s, 15m, 1h30m, 12h, 7d or 1w\n"
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("0", "0 s is too short; the minimum is 1 second\n"),
        ("8d", "8 days is too long; the maximum is 7 days, or until temporary credentials expire\n"),
    ],
)
def test_a_time_out_of_range_is_refused_under_its_options_name(run: Any, text: str, problem: str) -> None:
    status, out, err = run("get", "s3://b-b/k", "--expires-in", text)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"sigv4presign: error: --expires-in: {problem}")


def test_the_other_options_reach_the_url(run: Any) -> None:
    out = run(
        "get", "s3://My_Bucket/k", "--endpoint", "http://minio:9000", "--public-endpoint", "https://files.example/store",
        "--addressing-style", "path", "--region", "local", "--version-id", "7 8", "--expires-in", "60",
    )[1]  # fmt: skip
    assert out.startswith("https://files.example/store/My_Bucket/k?")
    inside = out.strip().replace("https://files.example/store/", "http://minio:9000/")
    assert seen("GET", inside, region="local").query == (("versionId", "7 8"),)


def test_put_says_which_headers_the_client_has_to_send(run: Any) -> None:
    _, out, err = run("put", "s3://photos/cat.png", "--content-type", "image/png")
    assert err.splitlines()[1:] == ["the client has to send the header  content-type: image/png"]
    assert seen("PUT", out.strip(), headers={"Content-Type": "image/png"}).headers["content-type"] == "image/png"


def test_json_is_one_line_of_all_there_is_to_know(run: Any) -> None:
    _, out, _ = run("put", "s3://photos/cat.png", "--content-type", "image/png", "--json")
    about = json.loads(out)
    assert out.count("\n") == 1
    assert list(about) == ["method", "url", "headers", "expires_at"]
    assert about["headers"] == {"content-type": "image/png"}
    assert seen("PUT", about["url"], headers=about["headers"]).expires_at == about["expires_at"]


def test_curl_is_a_command_instead_of_the_url(run: Any) -> None:
    _, out, _ = run("head", "s3://photos/cat.png", "--curl")
    assert out.startswith("curl --head 'https://photos.s3.eu-west-1.amazonaws.com/cat.png?X-Amz-Algorithm=")
    assert out.endswith("'\n")


def test_a_bucket_that_is_none_is_an_error_in_one_line(run: Any) -> None:
    status, out, err = run("get", "s3://..bad../k")
    assert (status, out) == (2, "")
    assert err == "sigv4presign: error: bucket: '..bad..' breaks AWS's naming rules for buckets\n"


MOMENT = 1_764_000_123


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> S3Presigner:
    """The presigner with the keys and the region of the environment, at one moment."""
    monkeypatch.setattr(time, "time", lambda: float(MOMENT))
    return S3Presigner(Credentials("AKIDEXAMPLE", SECRET), region="eu-west-1")


def test_each_option_of_an_object_is_the_parameter_of_its_name(run: Any, s3: S3Presigner) -> None:
    digest = "uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek="
    options = [
        "--content-type", "image/png", "--content-length", "10K", "--checksum-sha256", digest,
        "--metadata", "owner=a=b", "--metadata", "x=2",
        "--storage-class", "GLACIER", "--acl", "private", "--if-none-match", "*",
    ]  # fmt: skip
    expected = s3.put_object(
        "photos", "cat.png", content_type="image/png", content_length=10_240, checksum_sha256=digest,
        metadata={"owner": "a=b", "x": "2"}, storage_class="GLACIER", acl="private", if_none_match="*",
    )  # fmt: skip
    status, out, err = run("put", "s3://photos/cat.png", *options)
    assert (status, out) == (0, expected + "\n")
    assert err.count("the client has to send the header  ") == len(expected.headers) == 8
    got = run("get", "s3://b-b/k", "--download-as", "naïve.pdf", "--response-content-type", "a/b")[1].strip()
    assert got == s3.get_object("b-b", "k", download_as="naïve.pdf", response_content_type="a/b")
    for command, method in (("head", s3.head_object), ("delete", s3.delete_object)):
        assert run(command, "s3://b-b/k", "--version-id", "7")[1].strip() == method("b-b", "k", version_id="7")


def test_a_link_can_stay_the_same_be_its_own_and_have_dots_in_its_key(run: Any, s3: S3Presigner) -> None:
    same = run("get", "s3://b-b/k", "--stable-for", "5m", "--expires-in", "15m")[1].strip()
    assert same == s3.get_object("b-b", "k", stable_for=300, expires_in=900, now=MOMENT - MOMENT % 300)
    own = [run("get", "s3://b-b/k", "--nonce")[1] for _ in range(2)]
    assert own[0] != own[1]
    assert all("&x-nonce=" in url for url in own)
    dots = run("get", "s3://b-b/a/../k", "--allow-dot-segments")[1].strip()
    assert dots == s3.get_object("b-b", "a/../k", allow_dot_segments=True)


@pytest.mark.parametrize(
    ("options", "changes"),
    [
        (["--dualstack"], {"dualstack": True}),
        (["--fips", "--region", "us-gov-west-1"], {"fips": True, "region": "us-gov-west-1"}),
        (["--accelerate"], {"accelerate": True}),
        (["--addressing-style", "path"], {"addressing_style": "path"}),
        (["--provider", "aws", "--dualstack"], {"dualstack": True}),
        (
            ["--endpoint", "https://files.example", "--addressing-style", "cname"],
            {"endpoint": "https://files.example", "addressing_style": "cname"},
        ),
    ],
)
def test_the_options_of_a_store_are_those_of_the_presigner(
    run: Any, s3: S3Presigner, options: "list[str]", changes: "dict[str, Any]"
) -> None:
    assert run("get", "s3://b-b/k", *options)[1].strip() == s3.replace(**changes).get_object("b-b", "k")


@pytest.mark.parametrize(
    ("options", "settings"),
    [
        (["r2", "--account-id", "0123", "--jurisdiction", "eu"], {"account_id": "0123", "jurisdiction": "eu"}),
        (["minio", "--endpoint", "http://127.0.0.1:9000"], {"endpoint": "http://127.0.0.1:9000"}),
        (["wasabi", "--region", "eu-central-1"], {"region": "eu-central-1"}),
        (["gcs"], {}),
    ],
)
def test_a_store_that_is_named_does_not_take_awss_region_from_the_environment(
    run: Any, s3: S3Presigner, options: "list[str]", settings: "dict[str, str]"
) -> None:
    store = S3Presigner.for_provider(options[0], s3.credentials, **settings)  # type: ignore[arg-type]
    assert run("get", "s3://b-b/k", "--provider", *options)[1].strip() == store.get_object("b-b", "k")
    assert store.region != "eu-west-1"


@pytest.mark.parametrize("bucket", [ARN, "arn:aws:s3-outposts:eu-west-1:123456789012:outpost/op-1/accesspoint/name"])
def test_a_bucket_can_be_an_arn_whose_resource_ends_before_the_key(run: Any, s3: S3Presigner, bucket: str) -> None:
    expected = s3.get_object(bucket, "a:b/c")
    assert run("get", f"s3://{bucket}/a:b/c")[1].strip() == expected
    before, _, resource = bucket.rpartition(":")
    with_colons = f"{before}:{resource.replace('/', ':')}"  # as the AWS CLI takes it too
    got: str = run("get", f"s3://{with_colons}/a:b/c")[1]
    assert urlsplit(got).netloc == urlsplit(expected).netloc
    assert "names a bucket and no key" in run("get", f"s3://{bucket}")[2]
    assert "names a bucket and no key" in run("get", f"s3://{bucket}/")[2]


def test_a_bucket_can_be_a_multi_region_access_point(run: Any) -> None:
    url = run("get", f"s3://{MULTI_REGION}/k")[1]
    assert url.startswith("https://name.mrap.accesspoint.s3-global.amazonaws.com/k?X-Amz-Algorithm=AWS4-ECDSA")


def test_a_bucket_that_only_begins_as_an_arn_is_a_bucket(run: Any) -> None:
    assert run("get", "s3://arn/a:b:c:d:e:f")[1].startswith("https://arn.s3.eu-west-1.amazonaws.com/a%3Ab%3Ac%3Ad")


# --- post ------------------------------------------------------------------------------------------------------------


FORM = ["post", "s3://photos/user/42/${filename}", "--expires-in", "10m"]


def test_a_form_is_one_json_line_of_url_fields_and_end(run: Any, s3: S3Presigner) -> None:
    status, out, err = run(*FORM, "--max-size", "5MB", "--field", "acl=private", "--field", "x-amz-meta-note=a=b")
    expected = s3.post_object(
        "photos", "user/42/${filename}", expires_in=600, content_length_range=(0, 5_000_000),
        fields={"acl": "private", "x-amz-meta-note": "a=b"},
    )  # fmt: skip
    assert (status, out.count("\n"), json.loads(out)) == (0, 1, expected.to_dict())
    assert list(json.loads(out)["fields"]) == list(expected.fields)
    assert err.splitlines() == [
        "good for POST until 2025-11-24T16:12:03Z, 10 minutes from now",
        "the client has to send all the fields, and the file after them, as the field  file",
    ]
    assert (
        run(*FORM, "--max-size", "5MB", "--json", "--field", "acl=private", "--field", "x-amz-meta-note=a=b")[1] == out
    )


def test_a_form_can_be_html_or_a_curl_command(run: Any, s3: S3Presigner) -> None:
    form = s3.post_object(
        "photos", "user/42/${filename}", expires_in=600, content_length_range=(1, 5 * 1024**2), content_type="image/png"
    )
    options = ["--content-length-range", "1:5M", "--content-type", "image/png"]
    status, out, err = run(*FORM, *options, "--html")
    assert (status, err.count("\n")) == (0, 1)
    head = '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>Upload</title>\n'
    assert out == f"{head}{form.html_form()}</html>\n"
    status, out, err = run(*FORM, *options, "--curl", "my cat.png")
    assert (status, out, err.count("\n")) == (0, form.curl("my cat.png") + "\n", 1)


def test_a_field_that_is_left_to_the_client_is_said(run: Any) -> None:
    open_field = [*FORM, "--content-type-starts-with", "image/"]
    for options, words in (([], "the client has to add"), (["--html"], "fill in"), (["--curl", "f"], "fill in")):
        err = run(*open_field, *options)[2]
        assert err.splitlines()[-1] == f"{words} the field  Content-Type, which has to begin with image/"


@pytest.mark.parametrize("text", ["s3://photos/", "s3://photos/user/42/", "s3://photos"])
def test_a_form_whose_file_name_the_shell_took_away_is_refused(run: Any, text: str) -> None:
    status, out, err = run("post", text)
    assert (status, out) == (2, "")
    assert f"{text!r} has no name at its end; write '{text.rstrip('/')}/${{filename}}' in single quotes" in err


def test_a_range_without_a_colon_is_refused(run: Any) -> None:
    status, _, err = run(*FORM, "--content-length-range", "5M")
    assert status == 2
    assert "--content-length-range: invalid range '5M'; write LEAST:MOST, as in 1:10M\n" in err


# --- s3 --------------------------------------------------------------------------------------------------------------


BY_NAME: "list[tuple[list[str], list[str], dict[str, Any]]]" = [  # what is typed, where it goes, what it means
    (
        ["list_objects_v2", "s3://b-b", "--param", "prefix=a=b/", "--param", "max_keys=50"],
        ["b-b"], {"prefix": "a=b/", "max_keys": 50},
    ),
    (["list_buckets"], [], {}),
    (["get_bucket_cors", f"s3://{ARN}"], [ARN], {}),
    (
        ["upload_part", "s3://b-b/k", "--param", "upload_id=abc", "--param", "part_number=3"],
        ["b-b", "k"], {"upload_id": "abc", "part_number": 3},
    ),
    (
        ["put_object", "s3://b-b/k", "--param", "metadata=owner=a=b", "--param", "metadata=x=2",
         "--param", "tagging=project=blue", "--param", "bucket_key_enabled=true"],
        ["b-b", "k"], {"metadata": {"owner": "a=b", "x": "2"}, "tagging": "project=blue", "bucket_key_enabled": True},
    ),
    (
        ["get_object_attributes", "s3://b-b/k", "--param", "object_attributes=ETag,Checksum", "--expires-in", "60"],
        ["b-b", "k"], {"object_attributes": ["ETag", "Checksum"], "expires_in": 60},
    ),
    (
        ["delete_object", "s3://b-b/k", "--param", "bypass_governance_retention=false", "--stable-for", "60"],
        ["b-b", "k"], {"bypass_governance_retention": False, "stable_for": 60},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("words", "where", "params"), BY_NAME, ids=[words[0] for words, _, _ in BY_NAME])
def test_any_operation_of_s3_can_be_asked_for_by_name(
    run: Any, s3: S3Presigner, words: "list[str]", where: "list[str]", params: "dict[str, Any]"
) -> None:
    status, out, _ = run("s3", *words)
    assert (status, out) == (0, getattr(s3, words[0])(*where, **params) + "\n")


@pytest.mark.parametrize(
    ("words", "command"),
    [
        (["copy_object", "s3://b-b/k", "--param", "copy_source=a-a/k"], "curl --request PUT --header "),
        (["upload_part_copy", "s3://b-b/k", "--param", "copy_source=a-a/k", "--param", "part_number=1", "--param",
          "upload_id=u"], "curl --request PUT --header "),
        (["rename_object", "s3://b-b/k", "--endpoint", "http://127.0.0.1:9000", "--param", "rename_source=k0"],
         "curl --request PUT --header "),
        (["put_object_acl", "s3://b-b/k", "--param", "acl=private"], "curl --request PUT --header "),
        (["create_bucket", "s3://b-b", "--region", "us-east-1"], "curl --request PUT --header "),
        (["create_bucket", "s3://b-b", "--endpoint", "http://127.0.0.1:9000"], "curl --request PUT --header "),
        (["create_multipart_upload", "s3://b-b/k"], "curl --request POST --header "),
        (["create_bucket", "s3://b-b"], "curl --upload-file 'FILE' "),  # AWS wants to read eu-west-1 in its body
        (["put_object_acl", "s3://b-b/k"], "curl --upload-file 'FILE' "),
        (["put_object", "s3://b-b/k", "--param", "acl=private"], "curl --upload-file 'FILE' "),
        (["put_object", "s3://b-b/k", "--endpoint", "http://127.0.0.1:9000"], "curl --upload-file 'FILE' "),
        (["put_object", "s3://b-b/k", "--region", "us-east-1"], "curl --upload-file 'FILE' "),
        (["upload_part", "s3://b-b/k", "--param", "part_number=1", "--param", "upload_id=u"],
         "curl --upload-file 'FILE' "),
        (["complete_multipart_upload", "s3://b-b/k", "--param", "upload_id=u"],
         "curl --request POST --upload-file 'FILE' "),
        (["delete_objects", "s3://b-b"], "curl --request POST --upload-file 'FILE' "),
        (["list_objects_v2", "s3://b-b"], "curl 'https://"),
    ],
)  # fmt: skip
def test_curl_sends_a_file_with_the_operations_that_have_a_body(run: Any, words: "list[str]", command: str) -> None:
    status, out, err = run("s3", *words, "--curl")
    assert status == 0
    assert out.startswith(command)
    assert ("--header 'content-length: 0' " in out) == ("--request" in command and "FILE" not in command)
    name = "".join(word.capitalize() for word in words[0].split("_"))
    said = f"FILE is the body of the request: https://docs.aws.amazon.com/AmazonS3/latest/API/API_{name}.html\n"
    assert (said in err) == ("FILE" in command)
    assert "FILE" not in "".join(run("s3", *words)[1:])


def test_a_prefix_in_the_place_of_a_key_is_shown_its_own(run: Any) -> None:
    status, out, err = run("s3", "list_objects_v2", "s3://reports/2026/")
    assert (status, out) == (2, "")
    assert err.endswith("list_objects_v2 acts on a bucket; write s3://reports, and --param prefix=2026/\n")


def test_errors_of_parameters_do_not_speak_python(run: Any) -> None:
    for name, value, problem in (
        (
            "response_content_disposition",
            "🦊",
            "; write a file's name as filename*=UTF-8''na%C3%AFve.pdf (RFC 8187), as get does with --param download_as",
        ),
        ("expires", "soon", "--param expires: invalid HTTP date 'soon'"),
        (
            "tagging",
            "é",
            "--param tagging: has a non-ASCII character, which is not safe in a header; percent-encode it\n",
        ),
    ):
        operation = "get_object" if name.startswith("response") else "put_object"
        status, out, err = run("s3", operation, "s3://b-b/k", "--param", f"{name}={value}")
        assert (status, out, err.count("\n")) == (2, "", 1)
        assert problem in err


# --- credentials and regions -----------------------------------------------------------------------------------------


def profiles(tmp_path: Path) -> None:
    (tmp_path / "credentials").write_text(
        "[default]\naws_access_key_id = AKIDDEFAULT\naws_secret_access_key = d\n"
        "[work]\naws_access_key_id = AKIDWORK\naws_secret_access_key = w\n"
    )
    (tmp_path / "config").write_text(
        "[default]\noutput = json\nregion = eu-north-1\n[profile work]\nregion = sa-east-1\n"
    )


def who_and_where(run: Any, *options: str) -> "tuple[str, str | None]":
    what = inspect(run("get", "s3://b-b/k", *options)[1].strip())
    return what.access_key_id, what.region


def test_keys_come_from_the_option_then_the_environment_then_the_default_profile(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profiles(tmp_path)
    assert who_and_where(run, "--profile", "work") == ("AKIDWORK", "eu-west-1")
    assert who_and_where(run) == ("AKIDEXAMPLE", "eu-west-1")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    assert who_and_where(run) == ("AKIDDEFAULT", "eu-west-1")
    monkeypatch.setenv("AWS_PROFILE", "work")
    assert who_and_where(run) == ("AKIDWORK", "eu-west-1")


def test_regions_come_from_the_option_then_the_environment_then_the_profile(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profiles(tmp_path)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-west-2")
    assert who_and_where(run, "--region", "ap-east-1")[1] == "ap-east-1"
    assert who_and_where(run)[1] == "eu-west-1"
    monkeypatch.setenv("AWS_REGION", "")
    assert who_and_where(run)[1] == "us-west-2"
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    assert who_and_where(run)[1] == "eu-north-1"
    assert who_and_where(run, "--profile", "work")[1] == "sa-east-1"


def test_without_a_region_the_error_names_every_place_for_one(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_REGION")
    for config in ("", "[default]\noutput = json\n"):
        (tmp_path / "config").write_text(config)
        status, out, err = run("get", "s3://b-b/k")
        assert (status, out, err.count("\n")) == (2, "", 1)
        for place in ("--region", "AWS_REGION", "AWS_DEFAULT_REGION", "'default'", "~/.aws/config"):
            assert place in err


def test_without_credentials_the_error_gives_both_reasons(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    status, out, err = run("get", "s3://b-b/k")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "the environment does not set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY" in err
    assert "there is no profile 'default'" in err


def test_an_access_key_id_without_its_secret_is_not_covered_up_by_a_profile(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profiles(tmp_path)
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    status, out, err = run("get", "s3://b-b/k")
    assert (status, out) == (2, "")
    assert err == (
        "sigv4presign: error: no credentials found: the environment sets AWS_ACCESS_KEY_ID but not "
        "AWS_SECRET_ACCESS_KEY; set both or neither\n"
    )


def test_a_url_does_not_outlive_its_credentials_and_says_so(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    end = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 600))
    monkeypatch.setenv("AWS_SESSION_TOKEN", TOKEN)
    monkeypatch.setenv("AWS_CREDENTIAL_EXPIRATION", end)
    assert end in run("get", "s3://b-b/k")[2]
    status, out, err = run("get", "s3://b-b/k", "--expires-in", "1h")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "the credentials expire in" in err
    assert TOKEN not in err


# --- presign ---------------------------------------------------------------------------------------------------------


def test_presign_signs_for_any_service(run: Any) -> None:
    _, out, err = run(
        "presign", "POST", "https://api.example/stage/items", "--service", "execute-api", "--query", "q=a=b c",
        "--query", "flag", "--header", "X-Note:  hello ", "--expires-in", "60s",
    )  # fmt: skip
    assert "&X-Amz-Expires=60&" in out
    verified = seen("POST", out.strip(), service="execute-api", headers={"X-Note": "hello"})
    assert verified.query == (("flag", ""), ("q", "a=b c"))
    assert verified.headers["x-note"] == "hello"
    assert err.splitlines()[1] == "the client has to send the header  x-note: hello"


def test_presign_without_a_lifetime_uses_the_librarys_default(run: Any) -> None:
    assert inspect(run("presign", "GET", "https://h.example/", "--service", "s3")[1].strip()).expires_in == 3600


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["get", "https://h.example/"], "METHOD: 'get' is not an HTTP method"),
        (["GET", "h.example"], "URL: does not begin with one of http://"),
        (["GET", "https://h.example/", "--query", "X-Amz-Date=1"], "--query: X-Amz-Date is a signing parameter"),
        (["GET", "https://h.example/", "--header", "Expect: x"], "--header: expect is never signed"),
        (["GET", "https://h.example/", "--region", "a b"], "--region: "),
    ],
)
def test_presign_names_the_option_that_is_wrong(run: Any, words: "list[str]", problem: str) -> None:
    status, out, err = run("presign", *words, "--service", "s3")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"sigv4presign: error: {problem}")


def test_a_header_without_a_colon_is_refused(run: Any) -> None:
    status, _, err = run("presign", "GET", "https://h.example/", "--service", "s3", "--header", "x-note")
    assert status == 2
    assert "--header: 'x-note' has no colon; write 'Name: value'" in err


# --- inspect ---------------------------------------------------------------------------------------------------------


def example(now: float, **changes: Any) -> str:
    arguments: dict[str, Any] = {
        "credentials": Credentials("ASIAEXAMPLE", SECRET, TOKEN), "region": "eu-west-1", "service": "s3",
        "expires_in": 900, "query": {"versionId": "7", "note": "a\x1b[31m b"}, "headers": {"x-note": "1"}, "now": now,
        **changes,
    }  # fmt: skip
    return presign("GET", "https://files.example.com/a%20b.txt", **arguments)


def test_inspect_prints_what_a_url_says_and_none_of_its_secrets(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_764_000_030)
    url = example(1_764_000_000)
    status, out, err = run("inspect", url)
    assert status == 0
    assert out.splitlines() == [
        "kind             v4",
        "host             files.example.com",
        "path             /a%20b.txt",
        "access key       ASIAEXAMPLE",
        "region, service  eu-west-1, s3",
        "signed at        2025-11-24T16:00:00Z",
        "expires at       2025-11-24T16:15:00Z, in 14 minutes 30 seconds",
        "signed headers   host, x-note",
        "session token    yes; its credentials may expire earlier",
        "query            'note=a\\x1b[31m b'",
        "query            versionId=7",
    ]
    assert "nothing of it was verified" in err
    assert TOKEN not in out + err
    assert url[-64:] not in out + err


@pytest.mark.parametrize(
    ("later", "expected"),
    [(900, "in 0 seconds"), (901, "expired 1 second ago"), (4_500, "expired 1 hour ago"), (90_961, "1 day 1 hour ago")],
)
def test_inspect_says_how_long_a_url_still_lives_or_since_when_it_does_not(
    run: Any, monkeypatch: pytest.MonkeyPatch, later: int, expected: str
) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_764_000_000 + later)
    line = run("inspect", example(1_764_000_000))[1].splitlines()[6]
    assert line.startswith("expires at       2025-11-24T16:15:00Z, ")
    assert line.endswith(expected)


def test_inspect_reads_standard_input_and_writes_json(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    url = example(time.time(), credentials=Credentials("AKIDEXAMPLE", SECRET))
    monkeypatch.setattr("sys.stdin", io.StringIO(f"  {url}\n"))
    status, out, err = run("inspect", "-", "--json")
    about = json.loads(out)
    assert (status, err) == (0, "")
    assert about["url"] == inspect(url).url
    assert about["url"].endswith("X-Amz-Signature=<hidden>")
    assert about["signed_headers"] == ["host", "x-note"]
    assert about["has_session_token"] is False
    assert 890 <= about["seconds_left"] <= 900


def test_inspect_survives_an_expiry_beyond_the_calendar(run: Any) -> None:
    url = example(1_764_000_000).replace("X-Amz-Expires=900", "X-Amz-Expires=" + "9" * 18)
    assert "expires at       9999-12-31T23:59:59Z, in " in run("inspect", url)[1]


def test_inspect_refuses_what_is_no_presigned_url_without_showing_it(run: Any) -> None:
    url = example(1_764_000_000)
    for wrong in (url.replace("X-Amz-Date", "X-Amz-Data"), url.replace("https://", ""), url + " x"):
        status, out, err = run("inspect", wrong)
        assert (status, out, err.count("\n")) == (2, "", 1)
        assert err.startswith("sigv4presign: error: URL: ")
        assert url[-64:] not in err


# --- the program -----------------------------------------------------------------------------------------------------


def test_usage_errors_do_not_quote_a_signature(run: Any) -> None:
    url = example(1_764_000_000)
    for words in (["get", url], ["inspect", "-", url], [url], ["get", "s3://b-b/k", "--endpoint", url]):
        status, out, err = run(*words)
        assert (status, out) == (2, "")
        assert "error: " in err
        assert url[-64:] not in err
        assert TOKEN not in err


def test_options_are_not_guessed_from_their_beginning(run: Any) -> None:
    status, _, err = run("get", "s3://b-b/k", "--expires", "15m")
    assert status == 2
    assert err.startswith("sigv4presign: error: unknown option --expires; did you mean --expires-in?\n")


def test_help_and_version_are_there(run: Any) -> None:
    status, out, _ = run("--help")
    assert status == 0
    for command in ("get", "put", "head", "delete", "post", "s3", "presign", "inspect", "share"):
        assert f"    {command} " in out
        assert run(command, "--help")[0] == 0
    for word in ("--version", "version"):
        assert run(word) == (0, f"sigv4presign {sigv4presign.__version__}\n", "")


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["get", "s3://b-b/k", "--addressing-style", "cname"], "'cname' needs --endpoint, whose host"),
        (
            ["get", "s3://B_B/k", "--addressing-style", "virtual", "--endpoint", "https://store.example"],
            "; use --addressing-style path\n",
        ),
        (
            ["get", "s3://b-b/k", "--addressing-style", "virtual", "--endpoint", "http://127.0.0.1:9000"],
            ", an IP address; use 'path'\n",
        ),
        (
            ["get", f"s3://{ARN}/k", "--addressing-style", "path"],
            "--addressing-style: 'path' ... ARN ... ; use 'auto'\n",
        ),
        (["get", f"s3://{ARN}/k", "--accelerate"], "leave --accelerate out for this bucket\n"),
        (
            ["post", f"s3://{MULTI_REGION}/k"],
            "bucket: a multi-region access point needs SigV4A, which POST forms don't have ... ",
        ),
        (["get", "s3://b-b/a/../k"], "which most HTTP clients remove; pass --allow-dot-segments to sign it\n"),
        (
            ["get", "s3://b-b/k", "--region", "fips-us-east-1"],
            "--region: 'fips-us-east-1' ... ; give the region ... --fips for FIPS\n",
        ),
        (["get", "s3://b-b/k", "--region", "Home"], "other stores need --endpoint\n"),
        (
            ["get", "s3://b-b/k", "--region", "cn-north-1", "--fips"],
            "--fips: S3 has no such endpoint in China ... --region cn-north-1 ... ; leave --fips out\n",
        ),
        (
            ["get", "s3://b-b/k", "--fips", "--accelerate"],
            "--accelerate: S3 has no accelerated FIPS endpoint; leave out --accelerate or --fips\n",
        ),
        (
            ["get", "s3://b-b/k", "--accelerate", "--addressing-style", "path"],
            "--accelerate: ... ; use --addressing-style auto\n",
        ),
        (["get", "s3://b.b/k", "--accelerate"], "--accelerate: ... 'b.b' ... ; leave --accelerate out\n"),
        (
            ["get", "s3://b-b/k", "--dualstack", "--endpoint", "https://store.example"],
            "--dualstack: ... --endpoint ... ; leave one out\n",
        ),
        (
            ["get", "s3://b-b/k", "--public-endpoint", "files.example"],
            "--public-endpoint: 'files.example' does not begin",
        ),
        (
            ["get", "s3://b-b/k", "--stable-for", "5m", "--nonce"],
            "--nonce: --nonce and --stable-for are mutually exclusive; leave one out\n",
        ),
        (
            ["get", "s3://b-b/k", "--stable-for", "5m", "--expires-in", "7d"],
            "--stable-for: --expires-in + --stable-for is 605100 s; the maximum is 604800",
        ),
        (["get", "s3://b-b/k", "--stable-for", "0"], "--stable-for: "),
        (["get", "s3://b-b/k", "--download-as", "a/b"], "--download-as: has a path separator"),
        (["get", "s3://b-b/k", "--version-id", ""], "--version-id: is empty; leave it out\n"),
        (["get", "s3://b-b/k", "--response-content-type", "\n"], "--response-content-type: has a line break"),
        (["put", "s3://b-b/k", "--content-type", "é"], "--content-type: has a non-ASCII character"),
        (["put", "s3://b-b/k", "--checksum-sha256", "abcd"], "--checksum-sha256: is not the base64 of 32 bytes"),
        (
            ["put", "s3://b-b/k", "--metadata", "a b=", "--metadata", "a b="],
            "--metadata: 'a b' is given twice; give it once\n",
        ),
        (["put", "s3://b-b/k", "--storage-class", "\n"], "--storage-class: has a line break"),
        (["put", "s3://b-b/k", "--acl", ""], "--acl: is empty"),
        (["put", "s3://b-b/k", "--if-none-match", ""], "--if-none-match: is empty"),
        (
            ["get", "s3://b-b/k", "--provider", "s3"],
            "--provider: unknown store 's3'; did you mean aws?",
        ),
        (
            ["get", "s3://b-b/k", "--provider", "tigris"],
            "use aws, r2, b2, gcs, minio, ceph, wasabi or spaces, or --endpoint for any store\n",
        ),
        (
            ["get", "s3://b-b/k", "--provider", "r2"],
            "--account-id: 'r2' needs it for its endpoint; give --account-id\n",
        ),
        (
            ["get", "s3://b-b/k", "--provider", "minio"],
            "--endpoint: 'minio' needs it for its endpoint; give --endpoint\n",
        ),
        (
            ["get", "s3://b-b/k", "--provider", "spaces"],
            "--region: 'spaces' has no default region; give --region, as in",
        ),
        (
            ["get", "s3://b-b/k", "--provider", "gcs", "--jurisdiction", "eu"],
            "--jurisdiction: 'gcs' has no such setting",
        ),
        (
            ["get", "s3://b-b/k", "--jurisdiction", "eu"],
            "--jurisdiction: is for --provider r2 alone; give both or neither\n",
        ),
        (
            ["get", "s3://b-b/k", "--account-id", "abc"],
            "--account-id: is for --provider r2 alone; give both or neither\n",
        ),
        (
            ["post", "s3://b-b/k", "--provider", "r2", "--account-id", "abc"],
            "--provider: 'r2' takes no POST forms; use put\n",
        ),
        (
            ["post", "s3://b-b/k", "--content-length-range", "5:1"],
            "--content-length-range: invalid range 5 to 1 bytes",
        ),
        (
            ["post", "s3://b-b/k", "--content-type", "a/b", "--content-type-starts-with", "image/"],
            "--content-type-starts-with: ",
        ),
        (
            ["post", "s3://b-b/k", "--field", "policy"],
            "--field: policy is reserved for the form itself; leave it out\n",
        ),
        (["post", "s3://b-b/k", "--field", "acl", "--field", "acl"], "--field: 'acl' is given twice; give it once\n"),
        (["s3", "get_bucket_cors", "s3://b-b/a"], "get_bucket_cors acts on a bucket; write s3://b-b\n"),
        (["s3", "get_bucket_cors"], "get_bucket_cors acts on a bucket; write s3://BUCKET\n"),
        (["s3", "get_object", "s3://b-b"], "s3://BUCKET[/KEY]: get_object acts on an object; write s3://BUCKET/KEY\n"),
        (["s3", "list_buckets", "s3://b-b"], "s3://BUCKET[/KEY]: list_buckets takes no bucket; leave b-b out\n"),
        (
            ["s3", "upload_part", "s3://b-b/k"],
            "--param: upload_part needs part_number and upload_id; write --param part_number=VALUE --param upload_id=",
        ),
        (
            ["s3", "get_object", "s3://b-b/k", "--param", "VersionId"],
            "--param: get_object has no parameter 'VersionId'; did you mean version_id?\n",
        ),
        (["s3", "get_object", "s3://b-b/k", "--param", "version_id"], "--param version_id: is empty; leave it out\n"),
        (
            ["s3", "get_object", "s3://b-b/k", "--param", "part_number"],
            "--param part_number: '' is not a whole number; write digits alone\n",
        ),
        (
            ["s3", "get_object", "s3://b-b/k", "--param", "range", "--param", "range"],
            "--param: 'range' is given twice; give it once\n",
        ),
        (
            ["s3", "put_object", "s3://b-b/k", "--param", "bucket_key_enabled"],
            "--param bucket_key_enabled: '' is neither true nor false; write one of them\n",
        ),
        (
            ["s3", "put_object", "s3://b-b/k", "--param", "tagging", "--param", "metadata", "--param", "metadata"],
            "--param: '' is given twice; give it once\n",
        ),
        (
            ["get", "s3://b-b/k", "--expires-in", "1h"],
            "; use a shorter --expires-in, or leave it out: the link then expires with them\n",
        ),
        (
            ["presign", "GET", "https://h/a b"],
            "percent-encode it; --query takes parameters as plain text, and get, put, head and delete take keys\n",
        ),
        (
            ["presign", "GET", "https://h/", "--header", "X-Amz-Date: x"],
            "goes into the query, from now and credentials; leave it out\n",
        ),
        (
            ["presign", "GET", "https://h/", "--header", "X-Amz-Content-Sha256: x"],
            "is not the payload line UNSIGNED-PAYLOAD; leave it out\n",
        ),
    ],
)
def test_errors_speak_of_options_and_not_of_python(
    run: Any, monkeypatch: pytest.MonkeyPatch, words: "list[str]", problem: str
) -> None:
    end = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 600))
    monkeypatch.setenv("AWS_CREDENTIAL_EXPIRATION", end)
    status, out, err = run(*words, *(["--service", "s3"] if words[0] == "presign" else []))
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert re.search(".*".join(map(re.escape, problem.split(" ... "))), err)
    assert "S3Presigner" not in err
    assert "=" not in err.replace("--param part_number=VALUE --param upload_id=VALUE", "")


def test_an_interrupt_is_no_traceback(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal:
        def read(self) -> str:
            raise KeyboardInterrupt

    monkeypatch.setattr("sys.stdin", Terminal())
    assert run("inspect", "-") == (130, "", "stopped\n")


def test_an_error_of_the_system_is_one_line(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def read(self) -> str:
            raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("sys.stdin", Broken())
    assert run("inspect", "-") == (2, "", "sigv4presign: error: Input/output error\n")


def test_a_closed_standard_error_does_not_spoil_the_result(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """`2>&-` leaves a program without one, and Python has None in its place."""
    monkeypatch.setattr("sys.stderr", None)
    status, out, _ = run("get", "s3://b-b/k")
    assert (status, out.startswith("https://b-b."), out.count("\n")) == (0, True, 1)


def test_a_reader_that_leaves_is_no_traceback() -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    command = [sys.executable, "-m", "sigv4presign", "get", "s3://b-b/k"]
    with os.fdopen(theirs, "wb") as output:
        done = subprocess.run(
            command, env=child_environ(), stdout=output, stderr=subprocess.PIPE, text=True, timeout=20, check=False
        )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


# --- share -----------------------------------------------------------------------------------------------------------


def child_environ() -> "dict[str, str]":
    return {**os.environ, "PYTHONPATH": SOURCE}


class Running:
    """A `share` in a process of its own."""

    def __init__(self, *words: str) -> None:
        self.errors = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed by close()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sigv4presign", "share", *words],
            env=child_environ(),
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
        )

    def err(self) -> str:
        """Its standard error so far."""
        return os.pread(self.errors.fileno(), 1_000_000, 0).decode()  # no offset of the file is moved

    def lines(self, count: int) -> "list[str]":
        """The links, as soon as it says that it is ready: before that, Ctrl-C may come too early for what it says."""
        assert self.process.stdout is not None
        links = [self.process.stdout.readline().rstrip("\n") for _ in range(count)]
        deadline = time.monotonic() + 20
        while "; Ctrl-C stops\n" not in self.err() and time.monotonic() < deadline:
            time.sleep(0.01)
        return links

    def end(self, number: int) -> "tuple[int, str, str]":
        self.process.send_signal(number)
        out, _ = self.process.communicate(timeout=20)
        assert "Traceback" not in self.err()
        return self.process.returncode, out, self.err()

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()
        self.errors.close()


@pytest.fixture
def start() -> "Iterator[Any]":
    running: list[Running] = []

    def start(*words: str) -> Running:
        running.append(Running(*words))
        return running[-1]

    yield start
    for each in running:
        each.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shared = tmp_path / "shared"
    (shared / "sub").mkdir(parents=True)
    (shared / "b.txt").write_bytes(b"bees")
    (shared / "sub" / "a.txt").write_bytes(b"ants")
    return shared


def ask(method: str, url: str, body: "bytes | None" = None) -> "tuple[int, bytes]":
    host, _, target = url.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host, timeout=10)
    connection.request(method, "/" + target, body)
    response = connection.getresponse()
    answer = response.status, response.read()
    connection.close()
    return answer


def test_share_serves_until_ctrl_c_and_ends_cleanly(start: Any, folder: Path) -> None:
    share = start(str(folder))
    urls = share.lines(2)
    assert [ask("GET", url) for url in urls] == [(200, b"bees"), (200, b"ants")]
    status, out, err = share.end(signal.SIGINT)
    assert (status, out) == (0, "")
    # A request can be answered, and logged, before the line that says so.
    serving = [line for line in err.splitlines() if line.startswith("serving ")]
    lines = [line for line in err.splitlines() if line not in serving]
    until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(inspect(urls[0]).expires_at))
    assert lines[:2] == [
        f"GET b.txt (download), until {until}, 15 minutes from now:",
        f"GET sub/a.txt (download), until {until}, 15 minutes from now:",
    ]
    assert len(serving) == 1
    assert serving[0].startswith(f"serving {folder} on 127.0.0.1:")
    assert serving[0].endswith("; Ctrl-C stops")
    requests = sorted(line[9:] for line in lines[2:-1])  # of two threads, whose lines may change places
    assert requests == ["GET /share/b.txt 200: 4 bytes, complete", "GET /share/sub/a.txt 200: 4 bytes, complete"]
    assert lines[-1] == "stopped"


def test_share_prints_json_for_every_method_that_is_asked_for(start: Any, folder: Path) -> None:
    share = start(str(folder), "--json", "--head", "--upload", "--expires-in", "60", "--name", "new", "--name", "b.txt")
    found = [json.loads(line) for line in share.lines(6)]
    assert [(each["method"], each["name"]) for each in found] == [
        (method, name) for name in ("b.txt", "new") for method in ("GET", "HEAD", "PUT")
    ]
    assert list(found[0]) == ["method", "name", "url", "headers", "expires_at"]
    urls = {(each["method"], each["name"]): each["url"] for each in found}
    assert ask("HEAD", urls["HEAD", "b.txt"]) == (200, b"")
    assert ask("PUT", urls["PUT", "new"], b"fresh") == (200, b"")
    assert ask("GET", urls["GET", "new"]) == (200, b"fresh")
    assert (folder / "new").read_bytes() == b"fresh"
    assert share.end(signal.SIGTERM)[0] == 0


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 0), (signal.SIGTERM, 0), (signal.SIGKILL, -9)])
def test_an_end_during_an_upload_leaves_no_half_file(start: Any, folder: Path, number: int, status: int) -> None:
    share = start(str(folder / "b.txt"), "--upload")
    url = share.lines(2)[1]
    host, _, target = url.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host, timeout=10)
    connection.putrequest("PUT", "/" + target)
    connection.putheader("Content-Length", "1000000")
    connection.endheaders()
    connection.send(b"x" * 500_000)
    end = time.monotonic() + 10
    while not list(folder.glob(".sigv4presign-*")):
        assert time.monotonic() < end
    assert share.end(number)[0] == status
    connection.close()
    assert (folder / "b.txt").read_bytes() == b"bees"
    if number == signal.SIGKILL:  # nobody was left to tidy up; what remains is never taken for a file
        again = start(str(folder))
        assert ["/b.txt?" in again.lines(1)[0], "/sub/a.txt?" in again.lines(1)[0]] == [True, True]
        assert again.end(signal.SIGINT)[1] == ""
    else:
        assert list(folder.glob(".sigv4presign-*")) == []


def test_share_prints_a_thousand_files_and_says_that_there_are_more(
    run: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(share_command, "MOST_SHARED", 1)
    monkeypatch.setattr(signal, "pthread_sigmask", at_once)
    monkeypatch.setattr(signal, "sigwait", at_once)
    (folder / "link").symlink_to("b.txt")
    status, out, err = run("share", str(folder))
    assert (status, out.count("\n")) == (0, 1)
    assert "only the first 1 of 2 files follow; name the others with --name\n" in err
    left_out = "names that begin with a dot, symbolic links, special files, names that no URL can carry"
    assert f"left out: 1 of its entries ({left_out})\n" in err
    assert run("share", str(folder), "--name", "sub/a.txt")[1].count("/share/sub/a.txt?") == 1


def at_once(*_: object) -> None:
    """Instead of waiting for a signal, or changing how the process that runs the tests takes one."""


class Waiting:
    """In the place of `signal`: `share` in this process, which serves while `meanwhile` runs instead of waiting."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], meanwhile: Any) -> None:
        self.masks: list[tuple[int, set[int]]] = []
        self.waited: list[set[int]] = []
        self.printed: list[str] = []
        self._capsys = capsys
        self._meanwhile = meanwhile
        monkeypatch.setattr(signal, "pthread_sigmask", self._mask)
        monkeypatch.setattr(signal, "sigwait", self._wait)

    def _mask(self, how: int, ends: "tuple[int, ...]") -> None:
        self.masks.append((how, set(ends)))

    def _wait(self, ends: "tuple[int, ...]") -> int:
        self.waited.append(set(ends))
        out, err = self._capsys.readouterr()
        self.printed += [out, err]
        self._meanwhile(out.splitlines(), err.splitlines())
        return signal.SIGTERM


ENDS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}


def test_share_takes_its_signals_only_while_it_prints_and_gives_them_back(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = [signal.getsignal(end) for end in ENDS]
    handlers: list[Any] = []

    def look(_urls: "list[str]", _said: "list[str]") -> None:
        handlers.extend(signal.getsignal(end) for end in ENDS)

    waiting = Waiting(monkeypatch, capsys, look)
    assert main(["share", str(folder)]) == 0
    assert waiting.masks == [(how, ENDS) for how in (signal.SIG_BLOCK, signal.SIG_UNBLOCK, signal.SIG_BLOCK)]
    assert waiting.waited == [ENDS]
    assert handlers == [share_command._stop] * 3
    assert [signal.getsignal(end) for end in ENDS] == before
    assert capsys.readouterr().err == "stopped\n"


@pytest.mark.parametrize("end", sorted(ENDS))
def test_a_signal_while_share_prints_ends_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], end: signal.Signals
) -> None:
    waiting = Waiting(monkeypatch, capsys, None)

    def interrupted(_line: str) -> None:
        signal.raise_signal(end)

    monkeypatch.setattr(share_command, "result", interrupted)
    assert main(["share", str(folder)]) == 0
    assert (waiting.waited, capsys.readouterr().err.splitlines()[-1]) == ([], "stopped")
    assert waiting.masks[-1] == (signal.SIG_BLOCK, ENDS)


def test_share_does_what_its_options_say(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def transfer(lines: "list[str]", said: "list[str]") -> None:
        links = [json.loads(line) for line in lines]
        assert [(link["method"], link["name"]) for link in links] == [
            (method, name) for name in (".new", "b.txt") for method in ("GET", "HEAD", "PUT")
        ]
        assert all(list(link) == ["method", "name", "url", "headers", "expires_at"] for link in links)
        assert all(inspect(link["url"]).expires_in == 60 for link in links)
        assert [ask("PUT", links[2]["url"], body)[0] for body in (b"12345", b"1234")] == [400, 403]  # once
        assert ask("GET", links[3]["url"]) == (200, b"bees")
        assert ask("HEAD", links[4]["url"]) == (200, b"")
        assert ask("PUT", links[5]["url"], b"1234")[0] == 200
        [serving] = said
        address = str(links[0]["url"]).split("/")[2]
        assert serving == f"serving {folder} on {address}; Ctrl-C stops"

    options = ["--json", "--head", "--upload", "--once", "--quiet", "--expires-in", "60", "--max-size", "4"]
    names = ["--name", "b.txt", "--name", ".new", "--name", "b.txt"]
    Waiting(monkeypatch, capsys, transfer)
    assert main(["share", str(folder), *options, *names]) == 0
    assert capsys.readouterr() == ("", "stopped\n")
    assert (folder / "b.txt").read_bytes() == b"1234"


def test_share_prints_downloads_alone_and_logs_them_unless_told_otherwise(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def transfer(urls: "list[str]", said: "list[str]") -> None:
        assert [urlsplit(url).path for url in urls] == ["/share/b.txt", "/share/sub/a.txt"]
        until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(inspect(urls[0]).expires_at))
        assert said[0] == f"GET b.txt (download), until {until}, 15 minutes from now:"
        assert [ask("GET", urls[0]) for _ in range(2)] == [(200, b"bees")] * 2

    Waiting(monkeypatch, capsys, transfer)
    assert main(["share", str(folder)]) == 0
    logged, *_, last = capsys.readouterr().err.splitlines()
    assert logged.endswith(" GET /share/b.txt 200: 4 bytes, complete")
    assert last == "stopped"


def test_share_names_what_each_link_is_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    heads: list[str] = []

    def read(_urls: "list[str]", said: "list[str]") -> None:
        heads.extend(line.partition(" until ")[0] for line in said)

    Waiting(monkeypatch, capsys, read)
    assert main(["share", str(folder), "--name", "b.txt", "--upload", "--head", "--once"]) == 0
    purposes = ["GET b.txt (download)", "HEAD b.txt (ask for size and date)", "PUT b.txt (upload)"]
    assert heads[:-1] == [f"{purpose}, once," for purpose in purposes]


@pytest.mark.parametrize("option", [["--once"], []])
def test_share_ends_itself_when_its_last_link_is_used(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], option: "list[str]"
) -> None:
    ended = threading.Event()
    killed: list[tuple[int, int]] = []

    def kill(process: int, number: int) -> None:
        killed.append((process, number))
        ended.set()

    def use_up(urls: "list[str]", _said: "list[str]") -> None:
        assert [ask("GET", url)[0] for url in urls] == [200]
        if option:
            assert ended.wait(20)

    monkeypatch.setattr(os, "kill", kill)
    Waiting(monkeypatch, capsys, use_up)
    assert main(["share", str(folder), "--name", "b.txt", *option]) == 0
    assert killed == ([(os.getpid(), signal.SIGTERM)] if option else [])


def test_what_nobody_reads_is_dropped_at_the_end_and_what_is_read_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream that cannot be written becomes /dev/null, or Python would wait for its reader at exit."""
    for is_full in (False, True):
        ours, theirs = os.pipe()
        with open(ours, "rb") as reader, open(theirs, "w", encoding="utf-8") as stream:
            os.set_blocking(theirs, False)
            with contextlib.suppress(BlockingIOError):
                while is_full:
                    os.write(theirs, b"x" * 65_536)
            for name, other in (("sys.stdout", "sys.stderr"), ("sys.stderr", "sys.stdout")):
                with monkeypatch.context() as patch:
                    patch.setattr(name, stream)
                    patch.setattr(other, None)  # closed
                    share_command._drop_unwritten()
            stream.write("end")
            stream.flush()
            os.set_blocking(ours, False)
            assert (reader.read() or b"").endswith(b"end") != is_full


def test_share_leaves_out_what_begins_with_a_dot_until_it_is_named(start: Any, folder: Path) -> None:
    (folder / ".env").write_bytes(b"SECRET=1")
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_bytes(b"[user]")
    share = start(str(folder))
    assert [url.partition("?")[0].partition("/share/")[2] for url in share.lines(2)] == ["b.txt", "sub/a.txt"]
    _, out, err = share.end(signal.SIGINT)
    assert out == ""
    assert err.startswith("left out: 2 of its entries (names that begin with a dot, ")
    share = start(str(folder), "--upload", "--name", ".git/config", "--name", ".env", "--name", ".new")
    urls = share.lines(6)
    assert [ask("GET", url) for url in urls[:4:2]] == [(200, b"SECRET=1"), (200, b"[user]")]
    assert ask("PUT", urls[5], b"new") == (200, b"")
    assert "left out" not in share.end(signal.SIGINT)[2]
    assert (folder / ".new").read_bytes() == b"new"


def test_share_once_serves_each_link_one_time_and_says_so(start: Any, folder: Path) -> None:
    share = start(str(folder), "--once", "--name", "b.txt")
    [url] = share.lines(1)
    assert "&x-nonce=" in url
    assert [ask("GET", url)[0] for _ in range(2)] == [200, 403]
    assert share.end(signal.SIGINT)[2].startswith("GET b.txt (download), once, until ")


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["absent"], "PATH: '{}/absent' does not exist"),
        (["empty"], "PATH: there are no files in '{}/empty'; to receive some, give --upload and a --name NAME"),
        (["empty", "--upload"], "PATH: there are no files in '{}/empty'"),
        (["dots"], "PATH: there are no files in '{}/dots' but 1 left out (names that begin with a dot, "),
        (["dots", "--name", ".netrc"], "--name: '.netrc' is not in '{}/dots'; with --upload"),
        (["shared", "--name", "absent"], "--name: 'absent' is not in '{}/shared'; with --upload"),
        (["shared", "--name", "../x"], "--name: '../x' cannot be served"),
        (["shared", "--name", "sub"], "--name: 'sub' is a folder; name the files in it, or share it\n"),
        (["shared", "--upload", "--name", "sub"], "--name: 'sub' is a folder; name the files in it, or share it\n"),
        (["shared", "--upload", "--name", "no/new"], "--name: 'no/new' is in a folder that is not there, or behind a"),
        (["shared", "--port", "70000"], "--port: 70000 is not a port"),
        (["shared", "--expires-in", "8d"], "--expires-in: 8 days is too long; the maximum is 7 days\n"),
    ],
)
def test_share_refuses_what_it_cannot_serve_and_says_the_way_out(
    run: Any, folder: Path, monkeypatch: pytest.MonkeyPatch, words: "list[str]", problem: str
) -> None:
    monkeypatch.setattr(signal, "pthread_sigmask", at_once)
    monkeypatch.setattr(signal, "sigwait", at_once)
    (folder.parent / "empty").mkdir()
    (folder.parent / "dots").mkdir()
    (folder.parent / "dots" / ".env").touch()
    status, out, err = run("share", str(folder.parent / words[0]), *words[1:])
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("sigv4presign: error: " + problem.format(folder.parent))


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("5", 5),
        ("9" * 15, 999_999_999_999_999),
        ("10K", 10_240),
        ("2m", 2_097_152),
        ("5G", 5_368_709_120),
        ("1kb", 1000),
        ("5MB", 5_000_000),
        ("5 MB", 5_000_000),
    ],
)
def test_the_size_of_an_upload_can_be_limited(text: str, size: int) -> None:
    assert cli._parser().parse_args(["share", ".", "--max-size", text]).max_size == size


def test_what_is_no_size_is_refused(run: Any) -> None:
    for text in ("5T", "K", "5KK", "5B", "5.5M", "-1", "9" * 16, "٣M", "M 5", ""):
        status, _, err = run("put", "s3://b-b/k", f"--content-length={text}")
        assert status == 2
        assert (
            f"--content-length: invalid size {text!r}; write bytes, or 10K, 10M, 10G (1K is 1024), or 10KB, 10MB, "
            "10GB (1KB is 1000)\n"
        ) in err


def test_a_number_is_digits_and_at_most_fifteen(run: Any) -> None:
    words = ["token", "transcribe", "en-US", "--media-encoding", "pcm", "--sample-rate"]
    for text in ("8000", "9" * 15):
        assert cli._parser().parse_args([*words, text]).sample_rate == int(text)
    for text in ("9" * 16, "٣", "²", "+1", "1.5", ""):
        status, out, err = run(*words[:-1], f"--sample-rate={text}")
        assert (status, out) == (2, "")
        assert f"--sample-rate: invalid number {text!r}; write digits alone\n" in err


def test_share_has_its_defaults() -> None:
    args = cli._parser().parse_args(["share", "."])
    assert (args.expires_in, args.port, args.max_size, args.name) == (900, 0, 5_368_709_120, None)
    assert not any([args.upload, args.head, args.once, args.quiet, args.json])


@pytest.mark.parametrize("command", ["explain", "inspect"])
@pytest.mark.parametrize("text", ["", " ", "\n"])
def test_an_empty_url_is_nothing_to_read(run: Any, monkeypatch: pytest.MonkeyPatch, text: str, command: str) -> None:
    expected = (
        "sigv4presign: error: URL: is empty; give the URL in 'single quotes', or - to read it from standard input\n"
    )
    assert run(command, text) == (2, "", expected)
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    assert run(command, "-") == (2, "", expected)


# --- what --json printed ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [["get", "s3://b-b/k"], ["presign", "GET", "https://h.example/a", "--service", "s3"]])
def test_the_url_that_json_printed_is_read_again(run: Any, monkeypatch: pytest.MonkeyPatch, words: "list[str]") -> None:
    monkeypatch.setattr(time, "time", lambda: 1_764_000_000.5)
    printed = run(*words, "--json")[1]
    url = json.loads(printed)["url"]
    for command in ("inspect", "explain"):
        expected = run(command, url)
        assert expected[0] == 0
        assert run(command, printed) == expected
        for text in (printed, f"{url}\n"):
            monkeypatch.setattr("sys.stdin", io.StringIO(text))
            assert run(command, "-") == expected


def test_other_json_is_not_taken_for_a_url(run: Any) -> None:
    assert run("inspect", run("post", "s3://b-b/k")[1])[1].startswith("kind             post\n")
    for text in ('{"url": 7}', '{"a": "b"}', '{"url": "https://h.example/"', '{"a":' * 100_000):
        status, out, err = run("inspect", text)
        assert (status, out) == (2, "")
        assert err.startswith("sigv4presign: error: URL: ")
        assert run("explain", text[:30_000])[1].startswith("1 wrapped\n")


# --- explain ---------------------------------------------------------------------------------------------------------

DENIED = "HTTP/1.1 403 Forbidden\r\n\r\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"


def explained(run: Any, *words: str) -> "list[str]":
    """The lines on standard error."""
    status, _, err = run("explain", *words)
    assert status == 0
    lines: list[str] = err.splitlines()
    return lines


def test_an_answer_that_does_not_show_what_was_sent_leaves_the_method_at_get(run: Any, tmp_path: Path) -> None:
    answer = tmp_path / "answer"
    answer.write_text(DENIED, encoding="utf-8")
    url = run("get", "s3://b-b/k")[1].strip()
    matches = "signature: checked with the keys of AKIDEXAMPLE; it matches"
    assert explained(run, url, "--response", str(answer))[-1] == matches
    assert explained(run, url)[-1] == matches
    assert explained(run, url.replace("%2F", "/"), "--response", str(answer))[-1] == matches
    assert explained(run, url, "--sent-header", "X-Note: a:b", "--response", str(answer))[-1] == matches


def test_keys_whose_id_only_begins_as_the_urls_are_others(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    url = run("get", "s3://b-b/k")[1].strip()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPL")
    for spelt in (url, url.replace("%2F", "/")):
        said = explained(run, spelt)[-1]
        assert said.startswith("signature: not checked, because the keys in the environment are those of AKIDEXAMPL, ")


@pytest.mark.parametrize(
    ("variable", "value", "problem"),
    [
        ("AWS_ACCESS_KEY_ID", "AK D", "the 4 characters include a space, "),
        ("AWS_SECRET_ACCESS_KEY", "x\n", "the 2 characters begin or end with white space, "),
        ("AWS_SESSION_TOKEN", "a b", "the 3 characters include a space, "),
        ("AWS_SECURITY_TOKEN", "a b", "the 3 characters include a space, "),
        ("AWS_CREDENTIAL_EXPIRATION", "soon", "'soon' is not an ISO 8601 time with a zone, "),
    ],
)
def test_keys_that_are_malformed_leave_the_findings(
    run: Any, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, problem: str
) -> None:
    url = run("get", "s3://b-b/k")[1].strip().replace("X-Amz-Date", "X-Amz-Dat")
    status, out, err = run("explain", url)
    assert (status, out[:2]) == (0, "1 ")
    monkeypatch.setenv(variable, value)
    assert run("explain", url)[:2] == (0, out)
    assert explained(run, url)[:-1] == err.splitlines()[:-1]
    assert explained(run, url)[-1].startswith(f"signature: not checked, because {variable} is malformed: {problem}")


def test_an_answer_that_is_no_utf_8_is_read_all_the_same(run: Any, tmp_path: Path) -> None:
    answer = tmp_path / "answer"
    answer.write_bytes(DENIED.replace("Access Denied", "Zugriff für niemanden").encode("latin-1"))
    status, out, _ = run("explain", run("get", "s3://b-b/k")[1].strip(), "--response", str(answer))
    assert (status, out.split("\n")[0]) == (0, "1 denied_by_policy")


def test_the_page_is_that_of_s3_for_directory_buckets_too(run: Any, tmp_path: Path) -> None:
    answer = tmp_path / "answer"
    answer.write_text(DENIED, encoding="utf-8")
    for service, is_named in (("s3express", True), ("S3", True), ("sts", False)):
        url = run("get", "s3://b-b/k")[1].strip().replace("%2Fs3%2F", f"%2F{service}%2F")
        said = explained(run, url, "--response", str(answer))
        assert ("read more in sigv4presign's docs/how-to/errors/AccessDenied.md" in said) == is_named


def test_static_keys_of_a_profile_are_not_named_by_explain(run: Any, tmp_path: Path) -> None:
    profiles(tmp_path)
    url = run("get", "s3://b-b/k", "--profile", "work")[1].strip()
    said = explained(run, url, "--profile", "work")
    assert said[-1] == "signature: checked with the keys of AKIDWORK; it matches"
    assert not [line for line in said if line.startswith("credentials: ")]


def test_a_finding_has_its_labels_in_another_shade_on_a_terminal(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    out = run("explain", run("get", "s3://b-b/k")[1].strip() + ".")[1].splitlines()
    assert out[0] == "\x1b[1;33m1 wrapped\x1b[0m"
    for label in ("seen     ", "expected ", "way out  "):
        assert [line for line in out if line.startswith(f"  \x1b[2m{label}\x1b[0m ")]


def test_findings_fill_the_lines_of_a_terminal(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line ends where the next word would not fit any more."""
    monkeypatch.setenv("NO_COLOR", "1")
    url = run("get", "s3://b-b/k")[1].strip() + "."
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    broken = 0
    for columns in range(41, 72, 2):
        monkeypatch.setenv("COLUMNS", str(columns))
        lines = run("explain", url)[1].splitlines()
        for line, following in itertools.pairwise(lines):
            assert len(line) <= columns
            if following.startswith(" " * 12):
                assert len(line) + 1 + len(following.split()[0]) > columns
                broken += 1
    assert broken > 20


# --- once more the program -------------------------------------------------------------------------------------------


def test_the_arguments_are_those_of_the_program_if_none_are_given(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["sigv4presign", "version"])
    assert main() == 0
    assert capsys.readouterr().out == f"sigv4presign {sigv4presign.__version__}\n"
    monkeypatch.setattr("sys.argv", ["sigv4presign", "get", "s3://b-b/k"])
    assert cli._parser().parse_args().object == ("b-b", "k")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("get s3://b-b/k", "good for GET until "),
        ("post s3://b-b/k", "good for POST until "),
        ("s3 list_buckets", "good for GET until "),
        ("presign GET https://h.example/ --service s3", "good for GET until "),
        ("token dsql db.example --expires-in 1h", "good until "),
    ],
)
def test_the_clock_is_read_once_for_a_link(run: Any, monkeypatch: pytest.MonkeyPatch, words: str, said: str) -> None:
    moments = itertools.count(1_764_000_000.0, 100.0)
    monkeypatch.setattr(time, "time", lambda: next(moments))
    status, _, err = run(*words.split())
    assert (status, err.splitlines()[0].partition("Z, ")[2]) == (0, "1 hour from now")
    assert err.startswith(said)


def test_presign_minds_a_regions_name_at_aws_alone(run: Any) -> None:
    assert run("presign", "GET", "https://h.example/", "--service", "x", "--region", "ireland")[0] == 0
    for host in ("b-b.s3.eu-west-1.amazonaws.com", "sts.cn-north-1.amazonaws.com.cn"):
        status, _, err = run("presign", "GET", f"https://{host}/", "--service", "x", "--region", "ireland")
        assert status == 2
        assert "write eu-west-1\n" in err


def test_a_header_is_split_at_its_first_colon(run: Any) -> None:
    words = ["presign", "GET", "https://h.example/", "--service", "s3", "--header", "X-Note: http://a"]
    assert "the client has to send the header  x-note: http://a\n" in run(*words)[2]


def test_a_provider_takes_the_other_options_of_a_store(run: Any, s3: S3Presigner) -> None:
    options = [
        "--provider",
        "minio",
        "--endpoint",
        "https://store.example",
        "--public-endpoint",
        "https://files.example",
    ]
    store = S3Presigner.for_provider(
        "minio", s3.credentials, endpoint="https://store.example", public_endpoint="https://files.example"
    )
    assert run("get", "s3://b-b/k", *options)[1].strip() == store.get_object("b-b", "k")
    virtual = store.replace(addressing_style="virtual").get_object("b-b", "k")
    assert run("get", "s3://b-b/k", *options, "--addressing-style", "virtual")[1].strip() == virtual


def test_a_vpc_endpoint_for_buckets_does_not_name_one(run: Any) -> None:
    err = run("get", "s3://bucket/k", "--endpoint", "https://bucket.vpce-1a.s3.eu-west-1.vpce.amazonaws.com")[2]
    assert "note: " not in err


def test_fifteen_digits_are_a_whole_number(run: Any) -> None:
    url = run("s3", "list_objects_v2", "s3://b-b", "--param", "max_keys=" + "9" * 15)[1]
    assert f"&max-keys={'9' * 15}&" in url


def test_inspect_refuses_json_that_is_nested_too_deep(run: Any) -> None:
    status, out, err = run("inspect", '{"a":' + "[" * 100_000)
    assert (status, out) == (2, "")
    assert "URL: is not a JSON object of a form's fields\n" in err


def test_a_misspelt_option_before_the_command_is_told_what_it_may_be(run: Any) -> None:
    status, _, err = run("--verison")
    assert status == 2
    assert err.startswith("sigv4presign: error: unknown option --verison; did you mean --version?")
    status, _, err = run("--profile=me", "get", "s3://bucket/k")
    assert status == 2
    assert "options come after the command: sigv4presign COMMAND --profile" in err
