"""The one-line move in programs that others wrote: boto3 with moto's S3 server, and django-storages' backend.

Rule: these run where their packages are installed (`make test-all`), and say so where they are not.
moto checks no signatures, so each URL is also the one that boto3 makes.
"""

import oracle  # isort: skip  (first: it keeps botocore from awscrt)

import datetime
import importlib
import os
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from sigv4presign import PresignedUrl, S3Presigner

boto3: Any = pytest.importorskip("boto3", reason="boto3 is in the group all")
moto: Any = pytest.importorskip("moto.server", reason="moto[server] is in the group all")

NOW = int(time.time())
KEYS = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}


@pytest.fixture(scope="module", autouse=True)
def frozen() -> "Iterator[None]":
    """One moment for both makers, and nothing of whoever runs the tests."""
    moment = datetime.datetime.fromtimestamp(NOW, datetime.timezone.utc)

    def clock(*_args: object, **_kwargs: object) -> datetime.datetime:
        return moment

    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        patch.setenv("AWS_CONFIG_FILE", os.devnull)
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
        for module in (oracle.auth, importlib.import_module("botocore.signers")):
            patch.setattr(module, "get_current_datetime", clock)
        patch.setattr(time, "time", lambda: float(NOW))
        yield


@pytest.fixture(scope="module")
def store() -> "Iterator[str]":
    """moto's server: S3 in memory, on this machine."""
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module")
def client(store: str) -> Any:
    config = importlib.import_module("botocore.config").Config(signature_version="s3v4")
    made = boto3.client("s3", region_name="us-east-1", endpoint_url=store, config=config, **KEYS)
    made.create_bucket(Bucket="photos")
    return made


def parts(url: str) -> "tuple[str, str, str, list[tuple[str, str]]]":
    split = urlsplit(url)
    return split.scheme, split.netloc, split.path, sorted(parse_qsl(split.query, keep_blank_values=True))


def block_of_the_page(word: str) -> str:
    """The Python on docs/how-to/migrate-from-boto3.md that has a word in it."""
    page = Path(__file__).parents[1] / "docs" / "how-to" / "migrate-from-boto3.md"
    blocks = [block.partition("\n```")[0] for block in page.read_text(encoding="utf-8").split("```python\n")[1:]]
    (found,) = [block for block in blocks if word in block]
    return found


def send(url: Any, body: "bytes | None" = None) -> bytes:
    """What the store answers to a URL, asked for with its own method and headers."""
    request = urllib.request.Request(str(url), data=body, method=url.method, headers=url.headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        content: bytes = answer.read()
    return content


def test_boto3_at_motos_server(client: Any) -> None:
    s3 = S3Presigner.from_boto3(client)  # the one line
    params = {"Bucket": "photos", "Key": "a dir/\u00fc+&=.txt"}
    put = s3.generate_presigned_url("put_object", {**params, "ContentType": "text/plain", "Metadata": {"note": ""}})
    assert parts(put) == parts(
        client.generate_presigned_url("put_object", {**params, "ContentType": "text/plain", "Metadata": {"note": ""}})
    )
    send(put, b"hello")
    get = s3.generate_presigned_url("get_object", Params=params, ExpiresIn=900)
    assert parts(get) == parts(client.generate_presigned_url("get_object", Params=params, ExpiresIn=900))
    assert send(get) == b"hello"
    assert client.head_object(**params)["ContentType"] == "text/plain"
    listing = s3.generate_presigned_url("list_objects_v2", {"Bucket": "photos", "Prefix": "a dir/"})
    assert parts(listing) == parts(
        client.generate_presigned_url("list_objects_v2", {"Bucket": "photos", "Prefix": "a dir/"})
    )
    assert b"<Key>a+dir/" in send(listing) or b"<Key>a%20dir/" in send(listing)  # in percent-encoding, as boto3 asks
    send(s3.generate_presigned_url("delete_object", params))
    assert client.list_objects_v2(Bucket="photos")["KeyCount"] == 0


def test_a_form_at_motos_server(client: Any) -> None:
    s3 = S3Presigner.from_boto3(client)
    form = s3.generate_presigned_post("photos", "cat.png", Conditions=[["content-length-range", 1, 100]])
    assert form == client.generate_presigned_post("photos", "cat.png", Conditions=[["content-length-range", 1, 100]])
    requests: Any = importlib.import_module("requests")
    answer = requests.post(form["url"], data=form["fields"], files={"file": b"meow"}, timeout=10)
    assert answer.status_code == 204
    assert client.get_object(Bucket="photos", Key="cat.png")["Body"].read() == b"meow"


def test_a_resource_and_a_session_of_boto3(client: Any, store: str) -> None:
    resource = boto3.resource("s3", region_name="us-east-1", endpoint_url=store, **KEYS)
    session = boto3.Session(region_name="us-east-1", **KEYS)
    url = S3Presigner.from_boto3(client).get_object("photos", "cat.png")
    assert S3Presigner.from_boto3(resource).get_object("photos", "cat.png") == url
    assert S3Presigner.from_boto3(resource.Bucket("photos")).get_object("photos", "cat.png") == url
    assert S3Presigner.from_boto3(session, endpoint=store).get_object("photos", "cat.png") == url
    with pytest.raises(importlib.import_module("botocore.exceptions").UnknownClientMethodError):
        client.generate_presigned_url("get_objekt", {"Bucket": "photos", "Key": "k"})


def test_django_storages(client: Any, store: str) -> None:
    pytest.importorskip("storages", reason="django-storages is in the group all")
    settings: Any = importlib.import_module("django.conf").settings
    if not settings.configured:
        settings.configure(SECRET_KEY="x", USE_TZ=True)
    backends: Any = importlib.import_module("storages.backends.s3")
    found: dict[str, Any] = {}
    exec(block_of_the_page("django-storages"), found)
    backend = found["PresignedS3Storage"]
    options: dict[str, Any] = {
        "bucket_name": "photos", "access_key": KEYS["aws_access_key_id"], "secret_key": KEYS["aws_secret_access_key"],
        "endpoint_url": store, "region_name": "us-east-1", "signature_version": "s3v4", "location": "media",
    }  # fmt: skip
    before, after = backends.S3Storage(**options), backend(**options)
    content = importlib.import_module("django.core.files.base").ContentFile
    name = after.save("a cat & dog.txt", content(b"hello"))
    calls: list[dict[str, Any]] = [
        {}, {"expire": 60}, {"parameters": {"VersionId": "1", "ResponseContentType": "text/csv"}},
        {"http_method": "HEAD"},
    ]  # fmt: skip
    for arguments in calls:
        url = after.url(name, **arguments)
        assert type(url) is PresignedUrl
        assert parts(url) == parts(before.url(name, **arguments))
    assert send(after.url(name)) == b"hello"
    assert after.size(name) == 5  # whatever is not a link goes the client's own way
    public = backend(**options, querystring_auth=False)
    assert public.url(name) == f"{store}/photos/media/a%20cat%20%26%20dog.txt"
    assert S3Presigner.from_boto3(client).object_url("photos", "media/a cat & dog.txt") == public.url(name)
