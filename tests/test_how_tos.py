"""How-to pages whose code is more than an interpreter's session: run as a reader would, at servers of this machine.

Rule: the code is the page's own, saved under the name that the page says.
"""

import ast
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import urllib.error
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from live import guarded_store
from pages import DOCS, python_blocks

from sigv4presign import Credentials, S3Presigner, verify, verify_post

anyio: Any = pytest.importorskip("anyio")
httpx: Any = pytest.importorskip("httpx")
UPLOADS = "how-to/upload-endpoints.md"
SECRETS = {"AKIDEXAMPLE": "secret"}


def block(page: str, text: str) -> str:
    [found] = [one for one in python_blocks(page) if text in one]
    return found


def shown(page: str, language: str) -> "list[str]":
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


# --- an endpoint that hands out upload links -------------------------------------------------------------------------


@pytest.fixture
def uploads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Iterator[ModuleType]":
    """`uploads.py`, saved and imported as the page says, with keys in the environment."""
    (tmp_path / "uploads.py").write_text(block(UPLOADS, "def put_link("), encoding="utf-8")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    for name in ("AWS_SESSION_TOKEN", "AWS_CREDENTIAL_EXPIRATION", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    yield importlib.import_module("uploads")
    del sys.modules["uploads"]


def check_link(answer: "dict[str, Any]", user: str = "42") -> None:
    assert answer["method"] == "PUT"
    assert answer["headers"] == {"content-length": "1024", "content-type": "image/png"}
    seen = verify("PUT", answer["url"], headers=answer["headers"], secrets=SECRETS, service="s3", region="eu-west-1")
    assert (seen.host, seen.path) == ("photos.s3.eu-west-1.amazonaws.com", f"/{answer['key']}")
    assert re.fullmatch(rf"user/{user}/[0-9a-f]{{32}}\.png", answer["key"])


def check_form(answer: "dict[str, Any]", user: str = "42") -> None:
    form = verify_post(answer["fields"], file_size=5_000_000, bucket="photos", secrets=SECRETS, region="eu-west-1")
    assert form.key == answer["key"]
    assert re.fullmatch(rf"user/{user}/[0-9a-f]{{32}}\.png", form.key)
    with pytest.raises(Exception, match="exceeds the maximum allowed size"):
        verify_post(answer["fields"], file_size=5_000_001, bucket="photos", secrets=SECRETS, region="eu-west-1")


ASKED = {"content_type": "image/png", "size": 1024}


def test_fastapi_hands_out_links_and_forms(uploads: ModuleType) -> None:
    assert uploads.LARGEST == 5_000_000
    names: dict[str, Any] = {"__name__": "app"}
    module = ModuleType("app")
    sys.modules["app"] = module
    try:
        exec(compile(block(UPLOADS, "api = FastAPI()"), "app.py", "exec"), module.__dict__)
        names = module.__dict__

        async def run() -> None:
            transport = httpx.ASGITransport(names["api"])
            async with httpx.AsyncClient(transport=transport, base_url="http://backend") as client:
                answer = await client.post("/uploads/link", json=ASKED)
                assert answer.status_code == 200
                check_link(answer.json())
                check_form((await client.post("/uploads/form", json={"content_type": "image/png"})).json())
                for wrong in ({**ASKED, "content_type": "text/html"}, {**ASKED, "size": 5_000_001}):
                    assert (await client.post("/uploads/link", json=wrong)).status_code == 422

        anyio.run(run)
    finally:
        del sys.modules["app"]


def test_flask_hands_out_links_and_forms(uploads: ModuleType) -> None:
    names: dict[str, Any] = {"__name__": "app", "uploads": uploads}
    exec(compile(block(UPLOADS, "app = Flask("), "app.py", "exec"), names)
    client = names["app"].test_client()
    check_link(client.post("/uploads/link", json=ASKED).get_json())
    check_form(client.post("/uploads/form", json=ASKED).get_json())
    assert client.post("/uploads/link", json={**ASKED, "size": 0}).status_code == 422


DJANGO = """
import io, json, sys
from django.conf import settings
settings.configure(ALLOWED_HOSTS=["*"], SECRET_KEY="x", USE_TZ=True)
from django.core.handlers.wsgi import WSGIRequest
import views
for method, kind, body in json.load(sys.stdin):
    sent = json.dumps(body).encode()
    request = WSGIRequest({"REQUEST_METHOD": method, "PATH_INFO": f"/uploads/{kind}", "CONTENT_LENGTH": str(len(sent)),
                           "SERVER_NAME": "backend", "SERVER_PORT": "80", "wsgi.input": io.BytesIO(sent)})
    request.user = type("User", (), {"pk": 42})()
    answer = views.upload(request, kind)
    print(json.dumps([answer.status_code, json.loads(answer.content or b"null")]))
"""


def test_django_hands_out_links_and_forms(uploads: ModuleType, tmp_path: Path) -> None:
    """In a process of its own: Django can be configured once in each."""
    assert uploads.LARGEST == 5_000_000
    (tmp_path / "views.py").write_text(block(UPLOADS, "@require_POST"), encoding="utf-8")
    asked = [
        ("POST", "link", ASKED), ("POST", "form", ASKED), ("GET", "link", ASKED),
        ("POST", "link", {**ASKED, "content_type": "image/svg+xml"}),
    ]  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", DJANGO], input=json.dumps(asked), capture_output=True, text=True, check=True, timeout=60,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(DOCS.parent / "src")])},
    )  # fmt: skip
    link, form, get, wrong = [json.loads(line) for line in done.stdout.splitlines()]
    check_link(link[1])
    check_form(form[1])
    assert get[0] == 405
    assert wrong == [422, {"error": "type: one of image/png, image/jpeg, image/webp"}]


def test_lambda_hands_out_links_and_forms(uploads: ModuleType) -> None:
    """The event is that of https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html"""
    names: dict[str, Any] = {"__name__": "app", "uploads": uploads}
    exec(compile(block(UPLOADS, "def handler(event"), "app.py", "exec"), names)

    def ask(kind: str, body: "dict[str, Any]") -> "tuple[int, Any]":
        event = {
            "version": "2.0", "rawPath": f"/uploads/{kind}", "body": json.dumps(body),
            "requestContext": {"authorizer": {"jwt": {"claims": {"sub": "al"}}}},
        }  # fmt: skip
        answer = names["handler"](event, None)
        return answer["statusCode"], json.loads(answer["body"])

    check_link(ask("link", ASKED)[1], "al")
    check_form(ask("form", ASKED)[1], "al")
    assert ask("link", {**ASKED, "size": "1024"}) == (422, {"error": "size: 1 to 5000000 bytes"})
    assert ask("link", {"content_type": "image/png"}) == (422, {"error": "size: 1 to 5000000 bytes"})
    assert ask("form", {}) == (422, {"error": "type: one of image/png, image/jpeg, image/webp"})


def test_no_block_of_the_page_of_uploads_is_left_out() -> None:
    assert len(python_blocks(UPLOADS)) == 5


# --- at a store of this machine --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def store() -> "Iterator[S3Presigner]":
    """A small store behind `wsgi.PresignedOnly`, which has uploads in parts and conditions."""
    with guarded_store.guard() as server:
        s3 = S3Presigner(server.credentials, region=server.region, endpoint=server.endpoint)
        assert httpx.put(s3.create_bucket("videos")).status_code == 200
        yield s3


def test_a_large_file_goes_up_in_parts_and_is_resumed(store: S3Presigner, tmp_path: Path) -> None:
    names: dict[str, Any] = {"__name__": "upload"}
    exec(compile(block("how-to/large-files.md", "def upload("), "upload.py", "exec"), names)
    content = bytes(range(256)) * 100
    path = tmp_path / "cat.mp4"
    path.write_bytes(content)
    seen: list[str] = []

    class BrokenOffError(Exception):
        pass

    def break_off(line: str) -> None:
        seen.append(line)
        if len(seen) == 2:
            raise BrokenOffError

    with pytest.raises(BrokenOffError):
        names["upload"](store, "videos", "a b.mp4", path, part_size=10_000, progress=break_off)
    assert httpx.get(store.get_object("videos", "a b.mp4")).status_code == 404
    assert (tmp_path / "cat.mp4.upload-id").exists()

    sent: list[str] = []
    send = names["send"]

    def counted(url: Any, body: "bytes | None" = None) -> Any:
        sent.append(url.method)
        return send(url, body)

    names["send"] = counted
    again: list[str] = []
    names["upload"](store, "videos", "a b.mp4", path, part_size=10_000, progress=again.append)
    assert seen == ["1 of 3 parts", "2 of 3 parts"]
    assert again == ["1 of 3 parts", "2 of 3 parts", "3 of 3 parts"]
    assert sent == ["GET", "PUT", "POST"]  # the list, the part that was missing, the end
    assert httpx.get(store.get_object("videos", "a b.mp4")).content == content
    assert not (tmp_path / "cat.mp4.upload-id").exists()


def test_the_program_of_the_page_of_large_files_is_whole() -> None:
    first, second = python_blocks("how-to/large-files.md")
    ast.parse(first + second)
    assert "upload(store, sys.argv[1], sys.argv[2], sys.argv[3])" in second


def test_the_second_upload_overwrites_nothing(store: S3Presigner) -> None:
    names: dict[str, Any] = {"__name__": "once"}
    exec(compile(block("how-to/never-overwrite.md", "def upload_once("), "once.py", "exec"), names)
    url = store.put_object("videos", "first.txt", if_none_match="*")
    assert names["upload_once"](url, b"first") is True
    assert names["upload_once"](url, b"second") is False
    assert httpx.get(store.get_object("videos", "first.txt")).content == b"first"
    stranger = store.replace(credentials=Credentials("AKIDGUARD", "wrong"))
    with pytest.raises(urllib.error.HTTPError, match="403"):
        names["upload_once"](stranger.put_object("videos", "x", if_none_match="*"), b"x")


# --- templates, policies and workflows -------------------------------------------------------------------------------

PAGES_WITH_POLICIES = ["how-to/signer-policy.md", "how-to/limit-links.md", "how-to/never-overwrite.md",
                       "how-to/github-actions.md"]  # fmt: skip


@pytest.mark.parametrize("page", PAGES_WITH_POLICIES)
def test_policies_are_json_whose_actions_and_keys_exist(page: str) -> None:
    """Names from https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html"""
    actions = {
        "s3:*", "s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts",
        "sts:AssumeRoleWithWebIdentity",
    }  # fmt: skip
    keys = {
        "s3:signatureAge", "s3:authType", "aws:SourceIp", "s3:if-none-match", "s3:ObjectCreationOperation",
        "token.actions.githubusercontent.com:aud", "token.actions.githubusercontent.com:sub",
    }  # fmt: skip
    found = shown(page, "json")
    assert found
    for text in found:
        policy = json.loads(text)
        for statement in policy.get("Statement", [policy]):
            named = statement["Action"]
            assert {named} <= actions if isinstance(named, str) else set(named) <= actions
            for condition in statement.get("Condition", {}).values():
                assert set(condition) <= keys


def test_the_sam_template_says_what_sam_reads() -> None:
    yaml: Any = pytest.importorskip("yaml")

    class Loader(yaml.SafeLoader):  # type: ignore[misc]  # PyYAML ships no types
        pass

    def intrinsic(_loader: Any, suffix: str, node: Any) -> "dict[str, str]":
        return {suffix: node.value}

    Loader.add_multi_constructor("!", intrinsic)
    [text] = shown("how-to/infrastructure-as-code.md", "yaml")
    resources = yaml.load(text, Loader)["Resources"]
    function = resources["Links"]["Properties"]
    assert function["Layers"] == [{"Ref": "PresignLayer"}]
    assert function["Runtime"] in resources["PresignLayer"]["Properties"]["CompatibleRuntimes"]
    module, _, handler = function["Handler"].partition(".")
    assert module == "app"
    assert f"def {handler}(event, context):" in block("how-to/lambda-layer.md", "import json")
    assert function["Policies"][0]["Statement"][0]["Action"] == "s3:GetObject"


def test_the_cdk_stack_is_python_and_the_terraform_refers_to_itself() -> None:
    [cdk] = python_blocks("how-to/infrastructure-as-code.md")
    ast.parse(cdk)
    [text] = shown("how-to/infrastructure-as-code.md", "hcl")
    defined = {f"{kind}.{name}" for kind, name in re.findall(r'^resource "(\w+)" "(\w+)"', text, re.MULTILINE)}
    used = set(re.findall(r"\b(aws_\w+\.\w+)\.\w+", text))
    assert used <= defined
    assert text.count("{") == text.count("}")


def test_the_workflow_of_github_signs_as_its_last_step_says(tmp_path: Path) -> None:
    """The two commands, with a file in place of the upload: nothing leaves this machine."""
    yaml: Any = pytest.importorskip("yaml")
    [text] = shown("how-to/github-actions.md", "yaml")
    workflow = yaml.safe_load(text)
    assert workflow["permissions"]["id-token"] == "write"
    step = workflow["jobs"]["share"]["steps"][-1]["run"]
    script = re.sub(r"^curl .*$", ": upload", step, flags=re.MULTILINE).replace("python3 ", f"{sys.executable} ")
    environment = {
        "PATH": "/usr/bin:/bin", "GITHUB_SHA": "0a1b2c", "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "AWS_ACCESS_KEY_ID": "ASIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "token",
        "PYTHONPATH": str(DOCS.parent / "src"), "HOME": str(tmp_path), **workflow["jobs"]["share"]["env"],
    }  # fmt: skip
    subprocess.run(["sh", "-e", "-c", script], env=environment, check=True, capture_output=True, timeout=60)
    summary = (tmp_path / "summary").read_text(encoding="utf-8")
    url = summary.partition("(")[2].partition(")")[0]
    secrets = {"ASIDEXAMPLE": Credentials("ASIDEXAMPLE", "secret", "token")}
    seen = verify("GET", url, headers={}, secrets=secrets, service="s3", region="eu-west-1")
    assert seen.path == "/builds/0a1b2c/app.zip"


def test_the_last_line_of_the_dockerfile_runs(tmp_path: Path) -> None:
    [text] = shown("how-to/docker.md", "dockerfile")
    [copied] = re.findall(r"^COPY (\S+) \S+$", text, re.MULTILINE)
    shutil.copytree(
        DOCS.parent / copied, tmp_path / "opt" / "sigv4presign", ignore=shutil.ignore_patterns("__pycache__")
    )
    words = json.loads(re.findall(r"^ENTRYPOINT (.+)$", text, re.MULTILINE)[0])
    done = subprocess.run(
        [sys.executable, *words[1:], "get", "s3://reports/costs.csv", "--expires-in", "15m"],
        env={"PYTHONPATH": str(tmp_path / "opt"), "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "HOME": str(tmp_path),
             "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "eu-west-1"},
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert done.stdout.startswith("https://reports.s3.eu-west-1.amazonaws.com/costs.csv?")
