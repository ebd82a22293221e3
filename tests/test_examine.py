"""docs/explain without a browser: what the page is told, and what the page is made of.

Rule: the findings are `explain`'s; the lines are held against those that OpenStack Swift signed.
"""

import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import examine
import explain_corpus
import explain_page
import matrix
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigv4presign import Credentials, S3Presigner, explain, inspect, presign
from sigv4presign.errors import InputError

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "explain"
KEYS = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
TOKEN = "IQoJb3JpZ2luX2VjEXAMPLE+with/plus+and/slash=="


def seen(**fields: str) -> "dict[str, Any]":
    """What the page is told about what was typed."""
    found: dict[str, Any] = json.loads(examine.examine(json.dumps(fields)))
    return found


def lines(**fields: str) -> "dict[str, tuple[str | None, str | None, bool]]":
    """The rows of the two canonical requests by their labels."""
    return {row["label"]: (row["ours"], row["theirs"], row["differs"]) for row in seen(**fields)["lines"]["rows"]}


def mismatch(canonical: str) -> str:
    """S3's error, with the canonical request that it signed."""
    escaped = canonical.replace("&", "&amp;")
    return f"<Error><Code>SignatureDoesNotMatch</Code><CanonicalRequest>{escaped}</CanonicalRequest></Error>"


def at(monkeypatch: pytest.MonkeyPatch, moment: int) -> None:
    monkeypatch.setattr("examine.time.time", lambda: moment)


# --- findings ---------------------------------------------------------------------------------------------------------

BROKEN = [
    *explain_corpus.recorded(),
    *explain_corpus.URLS,
    *explain_corpus.SENT,
    *explain_corpus.KEYED,
]


@pytest.mark.parametrize("broken", BROKEN, ids=[broken.name for broken in BROKEN])
def test_the_findings_are_those_of_explain(broken: explain_corpus.Broken, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, broken.now)
    keys = broken.credentials
    if keys is not None:  # the page has no field for the end of credentials
        keys = Credentials(keys.access_key_id, keys.secret_access_key, keys.session_token)
    url = str(broken.url).strip()
    expected = explain(
        broken.method, url, headers=broken.headers, response=broken.response, credentials=keys, now=broken.now
    )
    found = seen(
        url=url,
        method=broken.method,
        headers="\n".join(f"{name}: {value}" for name, value in broken.headers.items()),
        response=broken.response or "",
        access_key_id=keys.access_key_id if keys else "",
        secret_access_key=keys.secret_access_key if keys else "",
        session_token=(keys.session_token or "") if keys else "",
    )
    assert found["faults"] == []
    assert [finding["code"] for finding in found["findings"]] == [finding.code for finding in expected]


def test_the_method_is_what_the_answer_shows_unless_it_is_given() -> None:
    answer = mismatch("PUT\n/a\n\nhost:h\n\nhost\nx")
    assert seen(url="https://h.example/a", response=answer)["method"] == "PUT"
    assert seen(url="https://h.example/a", response=answer, method="HEAD")["method"] == "HEAD"
    assert seen(url="https://h.example/a")["method"] == "GET"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"response": "as expected"}, "response"),
        ({"headers": "no colon"}, "headers"),
        ({"method": "ge t"}, "method"),
        ({"access_key_id": "AKIDEXAMPLE"}, "secret_access_key"),
        ({"session_token": "token"}, "access_key_id"),
        ({"access_key_id": "AKIDEXAMPLE", "secret_access_key": "with a line\nbreak"}, "secret_access_key"),
    ],
)
def test_a_fault_names_its_field(fields: "dict[str, str]", field: str) -> None:
    found = seen(url="https://h.example/a", **fields)
    assert [fault["field"] for fault in found["faults"]] == [field]
    assert [finding["code"] for finding in found["findings"]] == ["not_presigned"]


def test_every_field_that_cannot_be_read_is_named_and_the_rest_is_explained() -> None:
    found = seen(url="https://h.example/a", response="as said", headers="no colon", method="ge t", session_token="t")
    assert {fault["field"] for fault in found["faults"]} == {"response", "headers", "method", "access_key_id"}
    assert [finding["code"] for finding in found["findings"]] == ["not_presigned"]
    assert [fault["field"] for fault in seen(url="a" * 40_000)["faults"]] == ["url"]


def test_lines_of_a_server_that_no_client_sends_are_left_out() -> None:
    url = presign("GET", "https://h.example/a", credentials=KEYS, region="eu-west-1", service="s3",
                  headers={"x-amz-content-sha256": "UNSIGNED-PAYLOAD"})  # fmt: skip
    answer = mismatch("1 2\n/a\n\nhost:h\nx-amz-content-sha256:é\n\nhost\nx")
    found = seen(url=str(url), response=answer)
    assert (found["method"], found["lines"], found["faults"]) == ("GET", None, [])


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"a": 1}', "{" * 40_000, "k8s-aws-v1.%", "", "?", "\udcff"])
def test_what_is_no_url_is_no_failure_of_the_page(text: str) -> None:
    assert seen(url=text)["not_taken_apart"]


def test_a_form_and_a_token_are_taken_apart_and_not_explained() -> None:
    s3 = S3Presigner(KEYS, region="eu-west-1")
    form = seen(url=json.dumps(s3.post_object("photos", "a.png", expires_in=60).fields))
    assert (form["parts"]["kind"], form["findings"]) == ("post", None)
    assert {"part": "signed", "label": "Condition", "value": "eq bucket photos", "remark": ""} in form["parts"]["rows"]


PIECES = st.sampled_from(
    [
        str(explain_corpus.GET), explain_corpus.GET[:90], explain_corpus.LAMBDA, explain_corpus.LAMBDA_LINES,
        explain_corpus.SWIFT[0]["response"], "<CanonicalRequest>GET\n/\n\n", "</CanonicalRequest>", "\n\nhost\nx",
        "<Error>", '{"message": "', "HTTP/1.1 403\r\n", "&", "=", "%", "%2", "://", "?", "#", "\udc80", "\0", "é",
        "host:", ": ", "\n",
    ]
)  # fmt: skip
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=6).map("".join)


FIELDS = ("url", "response", "method", "headers", *examine.KEY_FIELDS)


@given(st.fixed_dictionaries(dict.fromkeys(FIELDS, TEXTS)))
def test_nothing_that_is_typed_is_a_failure_of_the_page(fields: "dict[str, str]") -> None:
    found = seen(**fields)
    assert {fault["field"] for fault in found["faults"]} <= set(FIELDS)


# --- the URL, taken apart ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "bucket", "key"),
    [
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
        ("https://amzn-s3-demo-bucket1.s3.us-west-2.amazonaws.com/photos/puppy.png", "amzn-s3-demo-bucket1",
         "photos/puppy.png"),
        ("https://s3.us-west-2.amazonaws.com/amzn-s3-demo-bucket1/puppy.jpg", "amzn-s3-demo-bucket1", "puppy.jpg"),
        ("https://amzn-s3-demo-bucket1.s3.amazonaws.com/k", "amzn-s3-demo-bucket1", "k"),
        ("https://example.com.s3.eu-west-1.amazonaws.com/k", "example.com", "k"),
        ("https://s3.amazonaws.com/example.com/k", "example.com", "k"),
        ("https://s3.s3-archive.s3.eu-west-1.amazonaws.com/k", "s3.s3-archive", "k"),
        # https://docs.aws.amazon.com/AmazonS3/latest/API/dual-stack-endpoints.html
        ("https://b.s3.dualstack.eu-west-1.amazonaws.com/k", "b", "k"),
        ("https://s3.dualstack.eu-west-1.amazonaws.com/b/k", "b", "k"),
        # https://docs.aws.amazon.com/general/latest/gr/s3.html
        ("https://b.s3-fips.us-east-1.amazonaws.com/k", "b", "k"),
        ("https://b.s3.cn-north-1.amazonaws.com.cn/k", "b", "k"),
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/transfer-acceleration-getting-started.html
        ("https://b.s3-accelerate.amazonaws.com/k", "b", "k"),
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-Regions-and-Zones.html
        ("https://b--use1-az5--x-s3.s3express-use1-az5.us-east-1.amazonaws.com/k", "b--use1-az5--x-s3", "k"),
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-naming.html
        ("https://my-ap-123456789012.s3-accesspoint.us-west-2.amazonaws.com/k", "my-ap-123456789012", "k"),
        ("http://127.0.0.1:9000/photos/a//b%20c", "photos", "a//b%20c"),
    ],
)  # fmt: skip
def test_bucket_and_key_are_where_s3_has_them(url: str, bucket: str, key: str) -> None:
    signed = presign("GET", url, credentials=KEYS, region="us-west-2", service="s3", expires_in=60)
    place = examine.bucket_and_key(inspect(signed))
    assert place is not None
    assert place[:2] == (bucket, key)
    pieces = {part: text for text, part in examine.segments(inspect(signed))}
    assert (pieces["bucket"], pieces["key"]) == (bucket, key)


def test_a_service_other_than_s3_has_a_path() -> None:
    url = presign("GET", "https://abc.execute-api.eu-west-1.amazonaws.com/prod/report", credentials=KEYS,
                  region="eu-west-1", service="execute-api")  # fmt: skip
    labels = {row["label"]: row["value"] for row in seen(url=str(url))["parts"]["rows"]}
    assert labels["Path"] == "/prod/report"
    assert "Bucket" not in labels


@pytest.mark.parametrize(
    "url",
    [
        *[str(broken.url) for broken in BROKEN],
        presign("GET", "https://h.example/k", credentials=KEYS, region_set=["*"], service="s3"),
        "https://b.s3.amazonaws.com/k?AWSAccessKeyId=AKID&Expires=1764000900&Signature=abc%3D",
    ],
)
def test_the_pieces_of_a_url_are_the_url_as_inspect_shows_it(url: str) -> None:
    try:
        shown = inspect(url.strip())
    except InputError:
        return  # it is not drawn
    assert "".join(text for text, _ in examine.segments(shown)) == shown.url


def test_the_parts_of_a_credential_are_told_apart_with_and_without_a_region() -> None:
    keys, place = Credentials("tenant/user", "secret"), "https://h.example/k"
    with_region = presign("GET", place, credentials=keys, region="eu-west-1", service="s3", now=1764000000)
    with_set = presign("GET", place, credentials=keys, region_set=["eu-west-1", "us-*"], service="s3", now=1764000000)
    for url in (with_region, with_set):
        pieces = examine.segments(inspect(url))
        assert {("tenant%2Fuser", "who"), ("20251124", "when"), ("s3", "where")} <= set(pieces)
    assert ("eu-west-1", "where") in examine.segments(inspect(with_region))
    assert ("eu-west-1%2Cus-%2A", "where") in examine.segments(inspect(with_set))


# --- the canonical requests -------------------------------------------------------------------------------------------

ARRIVED = [case for case in explain_corpus.SWIFT if "<CanonicalRequest>" in (case["response"] or "")]
# What curl was told to change once more when it sent the URL.
CHANGED_ON_THE_WAY = {"proxy_host": ["Header host"], "proxy_drops_port": ["Header host"], "dots_collapsed": ["Path"]}


@pytest.mark.parametrize("case", ARRIVED, ids=[case["name"] for case in ARRIVED])
def test_the_lines_of_a_url_as_it_arrived_are_those_that_swift_signed(case: "dict[str, Any]") -> None:
    headers = "\n".join(f"{name}: {value}" for name, value in explain_corpus.sent_headers(case).items())
    shown = seen(url=case["sent"]["url"], method=case["sent"]["method"], headers=headers, response=case["response"])
    if shown["lines"] is None:
        assert "not_taken_apart" in shown
        return
    differing = [row["label"] for row in shown["lines"]["rows"] if row["differs"]]
    assert differing == CHANGED_ON_THE_WAY.get(case["name"], []), case["why"]


def test_lines_in_the_message_of_another_service_are_found() -> None:
    text = explain_corpus.LAMBDA_LINES
    for answer in (
        json.dumps({"message": text}),
        json.dumps({"Message": text}),
        f'HTTP/1.1 403 F\n\n{{"message": {json.dumps(text)}}}',
    ):
        assert examine.server_lines(answer).split("\n")[:2] == ["GET", "/b"]
        assert lines(url=explain_corpus.LAMBDA, response=answer)["Path"] == ("/a", "/b", True)


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "{",
        "<Error>",
        '{"message": null}',
        "[" * 100_000,
        "<CanonicalRequest>" * 14_000,
        "{" * 200_000,
        '{"message": {"a": 1}}',
    ],
)
def test_an_answer_without_lines_has_none(answer: str) -> None:
    assert examine.server_lines(answer) == ""


def test_secret_values_are_hidden_on_both_sides_and_compared_all_the_same() -> None:
    s3 = S3Presigner(Credentials("ASIDEXAMPLE", "secret", TOKEN), region="eu-west-1")
    url = s3.put_object("photos", "k", sse_customer_algorithm="AES256", sse_customer_key=b"k" * 32, expires_in=60)
    headers = "\n".join(f"{name}: {value}" for name, value in url.headers.items())
    ours = json.loads(examine.examine(json.dumps({"url": url, "method": "PUT", "headers": headers})))["lines"]["rows"]
    canonical = examine.canonical_text("PUT", url, inspect(url), list(url.headers.items()), "")
    other = canonical.replace(quote(TOKEN, safe=""), "another")
    assert other != canonical
    both = lines(url=url, headers=headers, response=mismatch(other))
    assert both["Parameter X-Amz-Security-Token"] == ("<hidden>", "<hidden>", True)
    key = "Header x-amz-server-side-encryption-customer-key"
    assert both[key] == ("<hidden>", "<hidden>", False)
    assert [row["ours"] for row in ours if row["label"] == key] == ["<hidden>"]


# --- what the page is made of -----------------------------------------------------------------------------------------


def test_the_archive_imports_with_nothing_else_there(tmp_path: Path) -> None:
    archive = tmp_path / "python.zip"
    explain_page.write_library(str(archive))
    code = (
        f"import sys; sys.path.insert(0, {str(archive)!r}); import examine; print(examine.examine(examine.example()))"
    )
    run = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert json.loads(run.stdout)["findings"][0]["code"] == "added_parameter"
    again = tmp_path / "again.zip"
    explain_page.write_library(str(again))
    assert again.read_bytes() == archive.read_bytes()
    with zipfile.ZipFile(io.BytesIO(archive.read_bytes())) as files:
        assert {name.partition("/")[0] for name in files.namelist()} == {"examine.py", "sigv4presign"}


def test_packages_are_pinned_with_checksums_and_without_a_registry() -> None:
    text = (PAGE / "package-lock.json").read_text(encoding="utf-8")
    packages = {name: package for name, package in json.loads(text)["packages"].items() if name}
    assert "://" not in text
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert packages["node_modules/pyodide"]["version"] == matrix.PYODIDE
    wanted = json.loads((PAGE / "package.json").read_text(encoding="utf-8"))
    for name, version in {**wanted["dependencies"], **wanted["devDependencies"]}.items():
        assert packages[f"node_modules/{name}"]["version"] == version


def test_the_policy_lets_the_page_connect_to_its_own_host_only() -> None:
    text = (PAGE / "index.html").read_text(encoding="utf-8")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)
    assert policy is not None
    rules = dict(rule.strip().split(" ", 1) for rule in policy[1].split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["connect-src"] == "'self'"
    assert rules["form-action"] == rules["base-uri"] == "'none'"
    assert "'unsafe-inline'" not in policy[1]
    assert "'unsafe-eval'" not in policy[1]


def test_no_field_has_a_name_that_a_form_could_put_into_an_address() -> None:
    text = (PAGE / "index.html").read_text(encoding="utf-8")
    assert re.findall(r"<(?:form|textarea|input|select|button)\b[^>]*\bname=", text) == []


def test_what_the_page_refers_to_is_copied() -> None:
    page = (PAGE / "index.html").read_text(encoding="utf-8")
    scripts = "".join((PAGE / name).read_text(encoding="utf-8") for name in explain_page.SHOWN if name.endswith(".js"))
    named = re.findall(r'(?:src|href)="([^"]+)"', page) + re.findall(r'from "\./([^"]+)"', scripts)
    named += re.findall(r"\$\{here\}([\w./]+)", scripts)
    copied = {*explain_page.SHOWN, *(f"pyodide/{name}" for name in explain_page.PYODIDE), "python.zip"}
    assert {name for name in named if not name.endswith("/")} - copied == {"../index.html"}


def test_without_npm_the_page_is_skipped_visibly_and_in_ci_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["explain_page.py", str(tmp_path / "explain")])
    monkeypatch.delenv("CI", raising=False)
    assert explain_page.main() == 0
    why = "is without Pyodide and cannot explain anything, because npm is not installed"
    assert capsys.readouterr().out == f"skipped: {tmp_path / 'explain'} {why}\n"
    monkeypatch.setenv("CI", "true")
    assert explain_page.main() == 1


def test_where_npm_cannot_install_it_the_next_time_tries_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\nexit 1\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.setattr(explain_page, "PACKAGES", str(tmp_path / "packages"))
    assert explain_page.install() == "npm could not install it"
    npm.write_text("#!/bin/sh\nexit 0\n")
    assert explain_page.install() == ""
    npm.write_text("#!/bin/sh\nexit 1\n")  # not asked again: it is installed
    assert explain_page.install() == ""
