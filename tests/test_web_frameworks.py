"""docs/how-to/web-frameworks.md: every block of it, under the framework that it is for."""

import asyncio
import contextlib
import json
from typing import Any
from urllib.parse import parse_qs, unquote, unquote_to_bytes
from wsgiref.util import setup_testing_defaults

import pytest
from pages import executed, python_blocks

from sigv4presign import Credentials, S3Presigner, asgi, wsgi

PAGE = "how-to/web-frameworks.md"
KEYS = "SECRETS ="
HOST = "files.example.com"
KEY = "2026/costs & more.csv"
WHO = "AKIAIOSFODNN7EXAMPLE"


def made() -> "dict[str, Any]":
    """The page's keys and links, made when a test needs them: a link of the start may expire before a slow run ends."""
    return executed(PAGE, KEYS, "links = S3Presigner")


def ask(app: Any, target: str, host: str = HOST) -> "tuple[int, str]":
    """What a WSGI application answers to a GET; the environ is gunicorn's."""
    path, _, query = target.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET", "RAW_URI": target, "QUERY_STRING": query, "HTTP_HOST": host, "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"), "SERVER_PROTOCOL": "HTTP/1.1",
    }  # fmt: skip
    setup_testing_defaults(environ)
    statuses: list[str] = []

    def start_response(status: str, _headers: object, _fault: object = None) -> None:
        statuses.append(status)

    answer = app(environ, start_response)
    with contextlib.closing(answer) if hasattr(answer, "close") else contextlib.nullcontext():
        body = b"".join(answer)
    return int(statuses[-1][:3]), body.decode()


def target_of(url: str) -> str:
    return "/" + url.split("/", 3)[3]


# --- docs/how-to/behind-a-proxy.md: a guard that is mounted at /files ------------------------------------------------


def link_below_files() -> str:
    keys = Credentials("AKIDEXAMPLE", "secret")
    return target_of(S3Presigner(keys, "us-east-1", endpoint=f"https://{HOST}/files").get_object("photos", "a b.png"))


OPTIONS: "dict[str, Any]" = {"host": HOST, "region": "us-east-1", "secrets": {"AKIDEXAMPLE": "secret"}}


def test_a_guard_that_werkzeug_mounts_needs_no_prefix() -> None:
    middleware: Any = pytest.importorskip("werkzeug.middleware.dispatcher", reason="werkzeug is not installed")
    exceptions: Any = pytest.importorskip("werkzeug.exceptions", reason="werkzeug is not installed")

    def app(environ: Any, start_response: Any) -> "list[bytes]":
        start_response("200 OK", [])
        return [environ["sigv4presign.verified"].path.encode()]

    target = link_below_files()
    for prefix, status in (("", 200), ("/files", 403)):
        guard = wsgi.PresignedOnly(app, path_prefix=prefix, **OPTIONS)
        mounted = middleware.DispatcherMiddleware(exceptions.NotFound(), {"/files": guard})
        assert ask(mounted, target)[0] == status


def test_a_guard_that_starlette_mounts_needs_no_prefix() -> None:
    applications: Any = pytest.importorskip("starlette.applications", reason="starlette is not installed")
    routing: Any = pytest.importorskip("starlette.routing", reason="starlette is not installed")

    async def app(scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": scope["sigv4presign.verified"].path.encode()})

    async def receive() -> "dict[str, Any]":
        return {"type": "http.request", "body": b""}

    path, _, query = link_below_files().partition("?")
    mounted = applications.Starlette(routes=[routing.Mount("/files", app=asgi.PresignedOnly(app, **OPTIONS))])
    for sent_query, status in ((query, 200), (query[:-4] + "0000", 403)):
        scope = {
            "type": "http", "method": "GET", "path": unquote(path), "raw_path": path.encode(), "root_path": "",
            "query_string": sent_query.encode(), "headers": [(b"host", HOST.encode())], "http_version": "1.1",
        }  # fmt: skip
        sent: list[Any] = []

        async def send(message: Any, sent: "list[Any]" = sent) -> None:
            sent.append(message)

        asyncio.run(mounted(scope, receive, send))
        assert sent[0]["status"] == status


# --- the page itself --------------------------------------------------------------------------------------------------


def test_the_link_of_the_page_is_what_it_says() -> None:
    assert made()["url"].startswith("https://files.example.com/reports/2026/costs%20%26%20more.csv?")


def test_no_block_of_the_page_is_left_out() -> None:
    assert len(python_blocks(PAGE)) == 12


def test_flask() -> None:
    pytest.importorskip("flask")
    names = executed(PAGE, KEYS, "Flask(__name__)")
    app = names["app"]
    assert ask(app, target_of(made()["url"])) == (200, f"{WHO} may read {KEY} of reports\n")
    status, answer = ask(app, target_of(made()["url"]).replace("costs", "other"))
    assert (status, "<Code>SignatureDoesNotMatch</Code>" in answer) == (403, True)
    assert ask(app, target_of(made()["url"]), "evil.example")[0] == 403


def test_flask_with_a_check_in_one_view() -> None:
    flask: Any = pytest.importorskip("flask")
    names = executed(PAGE, KEYS, "Flask(__name__)", "def checked():")
    open_app = flask.Flask("open")
    for view in ("public", "checked"):
        open_app.add_url_rule(f"/{view}", view_func=names[view])
    link = S3Presigner(names_of_keys(), region="eu-west-1", endpoint=f"https://{HOST}", addressing_style="path")
    app = open_app
    assert ask(app, "/public") == (200, "for everybody\n")
    assert ask(app, "/checked")[0] == 403
    url = link.presign("GET", "checked", expires_in=60)
    assert ask(app, target_of(url)) == (200, "for holders of a link\n")


def names_of_keys() -> Credentials:
    keys: Credentials = made()["creds"]
    return keys


def test_django() -> None:
    django: Any = pytest.importorskip("django")
    settings: Any = pytest.importorskip("django.conf").settings
    path: Any = pytest.importorskip("django.urls").path

    views = executed(PAGE, KEYS, "def download(request", "def presigned(view):")

    def decorated(request: Any, bucket: str, key: str, seen: Any) -> Any:
        assert request.META.get("sigv4presign.verified") is None
        return views["HttpResponse"](f"{seen.path} {bucket} {key}")

    patterns: Any = (
        path("d/<str:bucket>/<path:key>", views["presigned"](decorated)),
        path("<str:bucket>/<path:key>", views["download"]),
    )
    if not settings.configured:  # by another test of this process
        settings.configure(SECRET_KEY="x", USE_TZ=True)
    django.setup()
    overridden: Any = pytest.importorskip("django.test").override_settings
    with overridden(ALLOWED_HOSTS=[HOST], ROOT_URLCONF=patterns, SECRET_KEY="x"):
        app = executed(PAGE, KEYS, "get_wsgi_application()")["application"]
        assert ask(app, target_of(made()["url"])) == (200, f"{WHO} may read {KEY} of reports\n")
        assert ask(app, target_of(made()["url"]).replace("costs", "other"))[0] == 403
        bare: Any = pytest.importorskip("django.core.wsgi").get_wsgi_application
        app = bare()
        url = made()["links"].get_object("d", "a/b c", expires_in=60)
        assert ask(app, target_of(url)) == (200, "/d/a/b%20c a b c")
        assert ask(app, target_of(url).replace("b%20c", "b%20d")) == (403, "SignatureDoesNotMatch\n")


def test_fastapi() -> None:
    pytest.importorskip("fastapi")
    anyio: Any = pytest.importorskip("anyio")
    httpx: Any = pytest.importorskip("httpx")
    names = executed(PAGE, KEYS, "api = FastAPI()", "some = FastAPI()")

    async def run() -> None:
        for app, expected in (
            (names["app"], {"who": WHO, "bucket": "reports", "key": KEY}),
            (names["some"], {"who": WHO, "path": "/reports/2026/costs%20%26%20more.csv"}),
        ):
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url=f"https://{HOST}") as client:
                answer = await client.get(made()["url"])
                assert (answer.status_code, answer.json()) == (200, expected)
                answer = await client.get(made()["url"].replace("costs", "other"))
                assert answer.status_code == 403
                assert "SignatureDoesNotMatch" in answer.text

    anyio.run(run)


def signed_for(host: str, path: str, **query: str) -> str:
    """A link to a path of a host, as S3Presigner makes it; the path's first segment stands for the bucket."""
    store = S3Presigner(names_of_keys(), region="eu-west-1", endpoint=f"https://{host}", addressing_style="path")
    bucket, _, key = path.partition("/")
    return store.get_object(bucket, key, expires_in=60, **query)  # type: ignore[arg-type]


def split(url: str) -> "tuple[str, str]":
    path, _, query = target_of(url).partition("?")
    return path, query


# Events are shaped as in the documentation that the page links to, with what the handlers do not read left out.


def test_a_lambda_function_url() -> None:
    handler = executed(PAGE, KEYS, "def function_url_handler")["function_url_handler"]
    host = "abcdefg.lambda-url.eu-west-1.on.aws"
    path, query = split(signed_for(host, "reports/2026/100%2F & é.csv", response_content_type="text/csv; x=1"))
    event = {
        "version": "2.0", "rawPath": path, "rawQueryString": query, "headers": {"host": host, "accept": "*/*"},
        "requestContext": {"domainName": host, "http": {"method": "GET", "path": path}},
    }  # fmt: skip
    assert handler(event, None) == {"statusCode": 200, "body": f"{WHO} may read {path}"}
    assert handler({**event, "rawPath": path + "x"}, None) == {"statusCode": 403, "body": "SignatureDoesNotMatch"}


def test_a_rest_api() -> None:
    handler = executed(PAGE, KEYS, "def rest_api_handler")["rest_api_handler"]
    host = "abc123.execute-api.eu-west-1.amazonaws.com"
    path, query = split(signed_for(host, "prod/reports/a%2Fb é.csv", response_content_type="text/csv; x=1&y"))
    event = {
        "httpMethod": "GET", "path": path.removeprefix("/prod"), "requestContext": {"path": path, "stage": "prod"},
        "multiValueHeaders": {"Host": [host]}, "multiValueQueryStringParameters": parse_qs(query),
    }  # fmt: skip
    assert handler(event, None) == {"statusCode": 200, "body": f"{WHO} may read {path}"}
    assert handler({**event, "multiValueQueryStringParameters": None}, None)["statusCode"] == 403


def test_an_http_api() -> None:
    names = executed(PAGE, KEYS, "def rest_api_handler", "def http_api_handler")
    handler = names["http_api_handler"]
    host = "abc123.execute-api.eu-west-1.amazonaws.com"
    for key, status in (("reports/a b+é~'.csv", 200), ("100%.csv", 200), ("a%2Fb", 200)):
        path, query = split(signed_for(host, "prod/" + key))
        event = {
            "version": "2.0", "rawPath": unquote(path), "rawQueryString": query, "headers": {"host": host},
            "requestContext": {"http": {"method": "GET", "path": unquote(path)}, "stage": "prod"},
        }  # fmt: skip
        answer = handler(event, None)
        assert (answer["statusCode"], json.dumps(answer)) == (
            status, json.dumps({"statusCode": 200, "body": f"{WHO} may read {path}"})
        )  # fmt: skip
    # Sent as %2F inside one segment, and decoded by API Gateway to a slash: not the path that was signed.
    path, query = split(signed_for(host, "prod/a%2Fb"))
    event = {
        "version": "2.0", "rawPath": "/prod/a/b", "rawQueryString": query, "headers": {"host": host},
        "requestContext": {"http": {"method": "GET"}},
    }  # fmt: skip
    assert handler(event, None) == {"statusCode": 403, "body": "SignatureDoesNotMatch"}
