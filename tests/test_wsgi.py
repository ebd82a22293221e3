"""`wsgi.verify` and `wsgi.PresignedOnly` on environs as servers make them."""

import contextlib
import hashlib
import io
import json
import sys
import wsgiref.util
import wsgiref.validate
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import quote, unquote_to_bytes

import pytest
from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st

from sigv4presign import Credentials, PresignedUrl, VerifiedRequest, presign, verify, wsgi
from sigv4presign._server.once import UsedLinks
from sigv4presign.errors import InputError, VerificationError

CREDS = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
NOW = 1_764_000_000
HOST = "files.example"
BODY = b"line 1\nline 2\nthe end"
DIGEST = hashlib.sha256(BODY).hexdigest()


def url_of(method: str = "GET", path: str = "/a%20b", **changes: Any) -> PresignedUrl:
    arguments: dict[str, Any] = {
        "credentials": CREDS, "region": "eu-west-1", "service": "s3", "expires_in": 900, "now": NOW, **changes,
    }  # fmt: skip
    return presign(method, f"https://{HOST}{path}", **arguments)


def environ_of(url: str, method: str = "GET", body: bytes = b"", **changes: Any) -> "dict[str, Any]":
    """The environ that gunicorn makes of a request; None as a change takes a name away."""
    target = url.removeprefix(f"https://{HOST}")
    path = target.partition("?")[0]
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "RAW_URI": target,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": target.partition("?")[2],
        "HTTP_HOST": HOST,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.input": io.BytesIO(body),
        "wsgi.input_terminated": True,
    }
    if body:
        environ["CONTENT_LENGTH"] = str(len(body))
    wsgiref.util.setup_testing_defaults(environ)
    environ.update(changes)
    return {name: value for name, value in environ.items() if value is not None}


def check(environ: "dict[str, Any]", **changes: Any) -> VerifiedRequest:
    arguments: dict[str, Any] = {
        "secrets": {"AKIDEXAMPLE": CREDS}, "service": "s3", "region": "eu-west-1", "now": NOW + 1, **changes,
    }  # fmt: skip
    return wsgi.verify(environ, **arguments)


def test_an_environ_without_query_string_is_verified_by_its_target() -> None:
    environ = environ_of(url_of(path="/a.txt"), QUERY_STRING=None)
    assert "QUERY_STRING" not in environ
    assert check(environ).path == "/a.txt"


def test_a_query_that_the_application_would_read_differently_is_named() -> None:
    with pytest.raises(
        VerificationError, match="^The query that was signed is not the query that the server"
    ) as caught:
        check(environ_of(url_of(path="/a.txt"), QUERY_STRING="versionId=1"))
    assert (caught.value.reason, caught.value.code, caught.value.status) == ("wrong_query", "InvalidURI", 400)


def test_a_clock_may_be_a_quarter_of_an_hour_behind_the_signers() -> None:
    assert check(environ_of(url_of()), now=NOW - 900).path == "/a%20b"
    with pytest.raises(VerificationError) as caught:
        check(environ_of(url_of()), now=NOW - 901)
    assert caught.value.reason == "not_yet_valid"


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("error_format", ["xml", "json"])
def test_a_refusal_says_its_format(error_format: str) -> None:
    answer = ask(guarded(error_format=error_format), environ_of(url_of(path="/a.txt"), QUERY_STRING="a=1"))
    assert ("Content-Type", f"application/{error_format}") in answer.headers


def reason(environ: "dict[str, Any]", **changes: Any) -> str:
    with pytest.raises(VerificationError) as caught:
        check(environ, **changes)
    return caught.value.reason


# --- verify: what holds ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/", "/a%20b", "//lead//x/", "/a+b", "/%C3%A9%F0%9F%A6%8A", "/100%25", "/a%00b", "/a/../b/./c", "/~x;y=1"]
)
def test_what_verify_says_of_the_url_is_what_it_says_of_the_environ(path: str) -> None:
    url = url_of(path=path, query={"x": "1 + 2/é"})
    environ = environ_of(url)
    before = dict(environ)
    seen = check(environ)
    assert seen == verify(
        "GET", url, headers={}, secrets={"AKIDEXAMPLE": CREDS}, service="s3", region="eu-west-1", now=NOW + 1
    )
    assert environ == before


def test_an_escaped_slash_stays_inside_its_segment() -> None:
    assert check(environ_of(url_of(path="/a%2Fb/c"))).path == "/a%2Fb/c"
    assert check(environ_of(url_of(path="/a/b/c"))).path == "/a/b/c"
    changed = url_of(path="/a%2Fb/c").replace("a%2Fb", "a/b")
    assert reason(environ_of(changed)) == "signature_mismatch"


@given(st.text(st.characters(codec="utf-8"), max_size=12).map(lambda key: "/" + key))
def test_any_key_is_served_as_it_was_signed(key: str) -> None:
    seen = check(environ_of(url_of(path=quote(key, safe="/~"))))
    assert unquote_to_bytes(seen.path).decode() == key


def test_the_target_may_be_called_request_uri_and_be_absolute() -> None:
    url = url_of()
    for target in (url[len(f"https://{HOST}") :], str(url), url.replace("https", "HTTP")):
        assert check(environ_of(url, RAW_URI=None, REQUEST_URI=target)).path == "/a%20b"
    assert check(environ_of(url, REQUEST_URI=environ_of(url)["RAW_URI"])).path == "/a%20b"


def test_a_mounted_application_is_served_by_its_full_path() -> None:
    assert check(environ_of(url_of(path="/mnt/a"), SCRIPT_NAME="/mnt", PATH_INFO="/a")).path == "/mnt/a"
    assert reason(environ_of(url_of(path="/mnt/a"), SCRIPT_NAME="/other", PATH_INFO="/a")) == "wrong_path"


def test_a_prefix_that_a_proxy_stripped_is_put_back() -> None:
    url = url_of(path="/my%20files/a")
    target = url[len(f"https://{HOST}/my%20files") :]
    for mount in ("", "/my files"):
        environ = environ_of(url, RAW_URI=target, SCRIPT_NAME=mount, PATH_INFO="/a")
        assert check(environ, path_prefix="/my%20files").path == "/my%20files/a"
    assert reason(environ_of(url, RAW_URI=target, PATH_INFO="/b"), path_prefix="/my%20files") == "wrong_path"
    with pytest.raises(InputError, match="path_prefix: 'x' must begin with a slash"):
        check(environ_of(url), path_prefix="x")


def test_headers_come_back_from_their_environ_names() -> None:
    url = url_of("PUT", headers={"Content-Type": "text/plain", "Content-Length": "3", "X-Amz-Meta-A-B": "c"})
    environ = environ_of(url, "PUT", b"abc", CONTENT_TYPE="text/plain", HTTP_X_AMZ_META_A_B="c")
    assert check(environ).headers == {
        "content-length": "3", "content-type": "text/plain", "host": HOST, "x-amz-meta-a-b": "c",
    }  # fmt: skip
    # Some servers repeat these two; what an application reads is the one without HTTP_.
    assert check({**environ, "HTTP_CONTENT_TYPE": "text/html"}).headers["content-type"] == "text/plain"
    assert reason({**environ, "CONTENT_TYPE": "", "HTTP_CONTENT_TYPE": "text/plain"}) == "missing_signed_headers"
    assert reason({**environ, "CONTENT_TYPE": "text/html"}) == "signature_mismatch"


def test_without_a_raw_target_it_has_to_be_asked_to_put_one_together() -> None:
    for path in ("/a%20b", "/%C3%A9+", "//x", "/"):
        environ = environ_of(url_of(path=path, query={"a": "b/c"}), RAW_URI=None)
        with pytest.raises(InputError, match="pass reencode=True") as caught:
            check(environ)
        assert caught.value.parameter == "reencode"
        assert unquote_to_bytes(check(environ, reencode=True).path) == unquote_to_bytes(path)
    environ = environ_of(url_of(path="/mnt/"), RAW_URI=None, SCRIPT_NAME="/mnt", PATH_INFO="/")
    assert check(environ, reencode=True).path == "/mnt/"


def test_what_does_not_survive_decoding_is_refused_when_put_together_again() -> None:
    assert reason(environ_of(url_of(path="/a%2Fb"), RAW_URI=None), reencode=True) == "signature_mismatch"
    assert reason(environ_of(url_of(), RAW_URI=None, PATH_INFO="/\xff"), reencode=True) == "malformed_request"
    assert reason(environ_of(url_of(), RAW_URI=None, PATH_INFO=""), reencode=True) == "signature_mismatch"


def test_the_raw_target_counts_where_there_is_one_even_with_reencode() -> None:
    assert check(environ_of(url_of(path="/a%2Fb")), reencode=True).path == "/a%2Fb"


# --- verify: what does not ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"PATH_INFO": "/other"}, "wrong_path"),
        ({"PATH_INFO": "/a%20b"}, "wrong_path"),
        ({"PATH_INFO": "/a b/"}, "wrong_path"),
        ({"PATH_INFO": "//a b"}, "wrong_path"),
        ({"PATH_INFO": ""}, "wrong_path"),
        ({"PATH_INFO": "/a b\xff"}, "wrong_path"),
        ({"PATH_INFO": "/\u1234"}, "malformed_request"),
        ({"SCRIPT_NAME": "/mnt"}, "wrong_path"),
        ({"REQUEST_URI": "/other"}, "malformed_request"),
        ({"HTTP_HOST": f"{HOST},evil.example"}, "wrong_host"),
        ({"HTTP_HOST": "evil.example"}, "signature_mismatch"),
        ({"HTTP_HOST": "evil.example", "HTTP_X_FORWARDED_HOST": HOST}, "signature_mismatch"),
        ({"HTTP_HOST": None}, "missing_host"),
        ({"HTTP_HOST": None, "SERVER_NAME": HOST, "HTTP_X_FORWARDED_HOST": HOST}, "missing_host"),
        ({"HTTP_AUTHORIZATION": "Bearer x"}, "two_authentications"),
        ({"HTTP_X_AMZ_ACL": "public-read"}, "unsigned_headers"),
        ({"REQUEST_METHOD": "PUT"}, "signature_mismatch"),
        ({"REQUEST_METHOD": "get"}, "malformed_request"),
        ({"REQUEST_METHOD": "PUT", "HTTP_X_HTTP_METHOD_OVERRIDE": "GET"}, "signature_mismatch"),
        ({"RAW_URI": "*"}, "malformed_request"),
        ({"RAW_URI": "/\xc3\xa9"}, "malformed_request"),
        ({"RAW_URI": "/a%20b", "HTTP_X_REWRITE_URL": "/a%20b?X-Amz-Algorithm="}, "missing_parameter"),
    ],
)
def test_what_the_server_and_the_target_disagree_on_is_refused(changes: "dict[str, Any]", expected: str) -> None:
    assert reason(environ_of(url_of(), **changes)) == expected


def test_a_broken_path_is_not_taken_for_the_replacement_character() -> None:
    url = url_of(path="/%EF%BF%BD")
    assert check(environ_of(url)).path == "/%EF%BF%BD"
    assert reason(environ_of(url, PATH_INFO="/\xff")) == "wrong_path"


def test_a_target_for_somebody_else_is_refused() -> None:
    url = url_of()
    target = url.removeprefix(f"https://{HOST}")
    assert reason(environ_of(url, RAW_URI=f"https://evil.example{target}")) == "wrong_host"
    assert reason(environ_of(url, RAW_URI=f"//{HOST}{target}")) == "signature_mismatch"
    assert reason(environ_of(url), host="other.example") == "wrong_host"
    assert check(environ_of(url), host={"other.example", HOST}).host == HOST


def test_the_decoded_path_of_a_normalising_service_is_the_normalised_one() -> None:
    url = url_of(path="/a/../b", service="execute-api")
    assert url.startswith(f"https://{HOST}/a/../b?")
    assert reason(environ_of(url), service="execute-api") == "wrong_path"
    # uWSGI decodes and normalises; what it serves is then what was verified.
    assert check(environ_of(url, PATH_INFO="/b"), service="execute-api").path == "/b"


def test_the_message_of_a_path_that_differs_says_so_without_quoting_it() -> None:
    with pytest.raises(VerificationError, match=r"^The path that was signed is not the path that the server serves\.$"):
        check(environ_of(url_of(), PATH_INFO="/other"))


def test_a_link_that_may_be_used_once_is_claimed_after_everything_else_held() -> None:
    with freeze_time("2025-11-24T16:00:01Z"):
        used = UsedLinks()
        environ = environ_of(url_of())
        assert reason({**environ, "PATH_INFO": "/other"}, single_use=used) == "wrong_path"
        assert check(environ, single_use=used).path == "/a%20b"
        assert reason(environ, single_use=used) == "already_used"


def test_what_is_asynchronous_is_sent_to_the_other_door() -> None:
    async def look_up(_: str) -> str:
        raise AssertionError

    class Store:
        async def claim(self, _id: str, _end: int) -> bool:
            raise AssertionError

    with pytest.raises(TypeError, match=r"secrets: it is asynchronous; .* asgi\.verify\(\) does"):
        check(environ_of(url_of()), secrets=look_up)
    with pytest.raises(TypeError, match=r"single_use: it is asynchronous; .* asgi\.verify\(\) does"):
        check(environ_of(url_of()), single_use=Store())
    with pytest.raises(TypeError, match="unexpected keyword argument 'max_expiry'"):
        check(environ_of(url_of()), max_expiry=5)


# --- PresignedOnly ----------------------------------------------------------------------------------------------------


class Answer(NamedTuple):
    status: str
    headers: "list[tuple[str, str]]"
    body: bytes

    @property
    def code(self) -> "str | None":
        return ET.fromstring(self.body).findtext("Code")

    def values(self, name: str) -> "list[str]":
        return [value for key, value in self.headers if key.lower() == name]


def echo(environ: "dict[str, Any]", start_response: Any) -> "list[bytes]":
    seen: VerifiedRequest = environ["sigv4presign.verified"]
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start_response("200 OK", [("Content-Type", "text/plain"), ("Vary", "Accept")])
    return [f"{seen.method} {seen.path} {len(body)}".encode()]


def ask(app: Any, environ: "dict[str, Any]") -> Answer:
    """An answer, with both sides held against PEP 3333 by wsgiref."""
    environ.pop("HTTP_CONTENT_TYPE", None)
    begun: list[tuple[str, list[tuple[str, str]]]] = []
    written: list[bytes] = []

    def start_response(status: str, headers: Any, exc_info: Any = None) -> Any:
        assert exc_info or not begun
        begun[:] = [(status, headers)]
        return written.append

    response: Any = wsgiref.validate.validator(app)(environ, start_response)
    body = b"".join([*written, *response])
    response.close()
    return Answer(*begun[0], body)


def guarded(app: Any = echo, **changes: Any) -> Any:
    arguments: dict[str, Any] = {
        "host": HOST, "secrets": {"AKIDEXAMPLE": CREDS}, "region": "eu-west-1", **changes,
    }  # fmt: skip
    return wsgi.PresignedOnly(wsgiref.validate.validator(app), **arguments)


@pytest.fixture
def clock() -> Any:
    with freeze_time("2025-11-24T16:00:01Z") as frozen:
        yield frozen


pytestmark = pytest.mark.filterwarnings("ignore:Unknown REQUEST_METHOD")


@pytest.mark.usefixtures("clock")
def test_the_application_gets_what_was_verified_and_nothing_is_changed() -> None:
    environ = environ_of(url_of())
    before = dict(environ)
    answer = ask(guarded(), dict(environ))
    assert answer == ("200 OK", [("Content-Type", "text/plain"), ("Vary", "Accept")], b"GET /a%20b 0")
    seen: list[dict[str, Any]] = []

    def app(environ: "dict[str, Any]", _start: Any) -> "list[bytes]":
        seen.append(environ)
        return []

    guard: Any = wsgi.PresignedOnly(app, host=HOST, secrets={"AKIDEXAMPLE": CREDS}, region="eu-west-1")
    assert guard(environ, None) == []
    assert environ == before
    assert seen == [{**before, "sigv4presign.verified": check(environ)}]


@pytest.mark.usefixtures("clock")
def test_responses_and_bodies_that_nobody_signed_pass_untouched() -> None:
    response = [b"1", b"2"]
    source = io.BytesIO(BODY)

    def app(environ: "dict[str, Any]", start_response: Any) -> "list[bytes]":
        assert environ["wsgi.input"] is source
        assert start_response is start
        return response

    def start(*_: Any) -> Any:
        raise AssertionError

    environ = environ_of(url_of("PUT"), "PUT", BODY)
    guard = wsgi.PresignedOnly(app, host=HOST, secrets={"AKIDEXAMPLE": CREDS}, region="eu-west-1")
    assert guard({**environ, "wsgi.input": source}, start) is response


def test_refusals_are_s3s(clock: Any) -> None:
    app = guarded()
    answer = ask(app, environ_of(f"https://{HOST}/a%26b"))
    assert answer.status == "403 Forbidden"
    assert answer.code == "AccessDenied"
    assert ET.fromstring(answer.body).findtext("Resource") == "/a%26b"
    [log_id] = answer.values("x-amz-request-id")
    assert ET.fromstring(answer.body).findtext("RequestId") == log_id
    assert answer.values("content-type") == ["application/xml"]
    assert answer.values("content-length") == [str(len(answer.body))]

    mismatch = ask(app, environ_of(url_of().replace("a%20b", "c"), PATH_INFO="/c"))
    assert (mismatch.status, mismatch.code) == ("403 Forbidden", "SignatureDoesNotMatch")
    assert "X-Amz-Signature" not in mismatch.body.decode()
    assert ask(app, environ_of(url_of(), HTTP_AUTHORIZATION="x")).status == "400 Bad Request"
    assert ask(app, environ_of(url_of(), PATH_INFO="/other")).code == "InvalidURI"
    assert ask(app, environ_of(url_of(), REQUEST_URI="/other")).code == "InvalidURI"
    assert ask(app, environ_of(url_of(), HTTP_HOST="evil.example")).code == "AccessDenied"
    clock.tick(900)
    assert b"Request has expired" in ask(app, environ_of(url_of())).body


@pytest.mark.usefixtures("clock")
def test_refusals_in_json_say_the_same_and_the_reason() -> None:
    app = guarded(error_format="json")
    answer = ask(app, environ_of(url_of().replace("a%20b", "c"), PATH_INFO="/c"))
    assert answer.values("content-type") == ["application/json"]
    said = json.loads(answer.body)
    assert said.pop("request_id") == answer.values("x-amz-request-id")[0]
    assert said.pop("message").startswith("The request signature we calculated does not match")
    assert said.pop("string_to_sign").startswith("AWS4-HMAC-SHA256\n20251124T160000Z\n")
    assert said.pop("canonical_request").startswith("GET\n/c\n")
    assert said == {"code": "SignatureDoesNotMatch", "reason": "signature_mismatch", "resource": "/c"}
    said = json.loads(ask(app, environ_of(url_of(), "PATCH")).body)
    assert sorted(said) == ["code", "message", "request_id", "resource"]


@pytest.mark.usefixtures("clock")
def test_a_refused_head_has_no_body() -> None:
    answer = ask(guarded(), environ_of(url_of("GET"), "HEAD"))
    assert (answer.status, answer.body) == ("403 Forbidden", b"")
    assert answer.values("content-length") != ["0"]
    assert ask(guarded(), environ_of(url_of("HEAD"), "HEAD")).status == "200 OK"


@pytest.mark.usefixtures("clock")
def test_methods_that_are_not_served_are_answered_with_those_that_are() -> None:
    app = guarded(methods=("GET", "HEAD"))
    for method in ("PUT", "OPTIONS", "get", "TRACE"):
        answer = ask(app, environ_of(url_of("GET"), method))
        assert (answer.status, answer.code) == ("405 Method Not Allowed", "MethodNotAllowed")
        assert answer.values("allow") == ["GET, HEAD"]
    assert ask(guarded(methods=["OPTIONS"]), environ_of(url_of("OPTIONS"), "OPTIONS")).body == b"OPTIONS /a%20b 0"


@pytest.mark.usefixtures("clock")
def test_every_argument_of_verify_reaches_it() -> None:
    app = guarded(
        service="execute-api", path_prefix="/v1", payload_hash="UNSIGNED-PAYLOAD", required_signed_headers=["x-a"],
        ignored_headers=["x-amz-on-the-way"], max_expires_in=900, clock_skew=5, single_use=UsedLinks(),
        reencode=True,
    )  # fmt: skip

    def environ(**changes: Any) -> "dict[str, Any]":
        url = url_of(
            "PUT",
            "/v1/a",
            service="execute-api",
            payload_hash="UNSIGNED-PAYLOAD",
            **{"headers": {"x-a": "1"}, **changes},
        )
        return environ_of(url.replace("/v1", ""), "PUT", b"any", RAW_URI=None, HTTP_X_A="1", HTTP_X_AMZ_ON_THE_WAY="2")

    assert ask(app, environ()).body == b"PUT /v1/a 3"
    refused: list[tuple[dict[str, Any], bytes]] = [
        ({}, b"used already"),
        ({"headers": {}}, b"not signed: 'x-a'"),
        ({"expires_in": 901}, b"at most 900 seconds"),
        ({"now": NOW + 8}, b"not valid yet"),
        ({"region": "eu-west-2"}, b"region"),
    ]
    for changes, words in refused:
        assert words in ask(app, environ(**changes)).body


def test_without_a_raw_target_the_guard_fails_loudly() -> None:
    with pytest.raises(InputError, match="reencode: the server keeps no raw request target"):
        guarded()(environ_of(url_of(), RAW_URI=None), None)


@pytest.mark.parametrize(
    ("changes", "kind", "message"),
    [
        ({"host": ""}, InputError, "host: is empty; give the host names"),
        ({"host": ()}, InputError, "host: is empty"),
        ({"host": "a b"}, InputError, "host: has a host with a character"),
        ({"host": None}, InputError, "host: is empty"),
        ({"host": "https://files.example"}, InputError, "host: .*; write names as in a Host header"),
        ({"region": ""}, InputError, "region: '' is not a name"),
        ({"secrets": None}, TypeError, "secrets: expected a mapping or a function, got NoneType"),
        ({"single_use": 5}, TypeError, r"single_use: expected a store with claim\(\), got int"),
        ({"required_signed_headers": ["a b"]}, InputError, "required_signed_headers: 'a b' is not a header name"),
        ({"methods": ()}, InputError, r"methods: \(\) must be HTTP methods"),
        ({"methods": ["get"]}, InputError, r"methods: \('get',\) must be HTTP methods in upper case"),
        ({"methods": "GET"}, TypeError, "methods: expected several str, as in a list, got str"),
        ({"methods": [1]}, TypeError, "methods: expected several str; one is int"),
        ({"methods": None}, TypeError, "methods: expected several str, as in a list, got NoneType"),
        ({"error_format": "html"}, InputError, "error_format: unknown format 'html'; use 'xml' or 'json'"),
        ({"cors": {"origins": "*"}}, TypeError, "cors: expected Cors, got dict"),
        ({"path_prefix": "a/"}, InputError, "path_prefix: 'a/' must begin with a slash"),
        ({"max_expires_in": 0}, InputError, "max_expires_in: 0 s"),
        ({"payload_hash": "a b"}, InputError, "payload_hash: expected a SHA-256"),
        ({"max_expiry": 5}, TypeError, "unexpected keyword argument 'max_expiry'"),
    ],
)
def test_a_guard_is_checked_when_it_is_made(changes: "dict[str, Any]", kind: "type[Exception]", message: str) -> None:
    with pytest.raises(kind, match=message):
        guarded(**changes)


def test_the_host_cannot_be_left_out() -> None:
    make: Any = wsgi.PresignedOnly
    with pytest.raises(TypeError, match="host"):
        make(echo, secrets={}, region=None)


# --- bodies that were signed ------------------------------------------------------------------------------------------


def upload(body: bytes = BODY, digest: str = DIGEST, **changes: Any) -> "dict[str, Any]":
    """A PUT whose signer fixed the hash of its body."""
    url = url_of("PUT", headers={"x-amz-content-sha256": digest}, payload_hash=digest)
    return environ_of(url, "PUT", body, HTTP_X_AMZ_CONTENT_SHA256=digest, **changes)


CHUNKED = {"CONTENT_LENGTH": None, "HTTP_TRANSFER_ENCODING": "chunked"}


def reading(read: Any) -> Any:
    """An application that reads its body in some way."""

    def app(environ: "dict[str, Any]", start_response: Any) -> "list[bytes]":
        body = read(environ["wsgi.input"])
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [body]

    return app


def in_pieces(source: Any) -> bytes:
    pieces: list[bytes] = []
    while piece := source.read(4):
        pieces.append(piece)
    return b"".join(pieces)


READERS: "dict[str, Callable[[Any], bytes]]" = {
    "at once": lambda source: source.read(len(BODY)),
    "in pieces": in_pieces,
    "by lines": b"".join,
    "by readline": lambda source: b"".join(iter(source.readline, b"")),
    "by readlines": lambda source: b"".join(source.readlines()),
}


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(
    ("how", "framing"),
    # Who reads all of a chunked body at once and asks for no more has its length from elsewhere.
    [*((how, {}) for how in READERS), *((how, CHUNKED) for how in READERS if how != "at once")],
)
def test_a_signed_body_is_read_whole_and_no_other_is(how: str, framing: "dict[str, Any]") -> None:
    app = guarded(reading(READERS[how]))
    assert ask(app, upload(**framing)).body == BODY
    wrong = ask(app, upload(BODY[:-1] + b"X", **framing))
    assert (wrong.status, wrong.code) == ("400 Bad Request", "XAmzContentSHA256Mismatch")
    assert ask(app, upload(BODY[:-1], **framing)).code == "XAmzContentSHA256Mismatch"


@pytest.mark.usefixtures("clock")
def test_a_large_body_passes_in_pieces_and_its_last_one_tells() -> None:
    body = bytes(200_000)
    digest = hashlib.sha256(body).hexdigest()
    read: list[int] = []

    def app(environ: "dict[str, Any]", start_response: Any) -> "list[bytes]":
        while piece := environ["wsgi.input"].read(1000):
            read.append(len(piece))
        return echo(environ, start_response)

    assert ask(guarded(app), upload(body, digest)).status == "200 OK"
    assert sum(read) == 200_000
    read.clear()
    assert ask(guarded(app), upload(body[:-1] + b"X", digest)).code == "XAmzContentSHA256Mismatch"
    assert 100_000 < sum(read) < 200_000


@pytest.mark.usefixtures("clock")
def test_nothing_is_asked_of_the_server_beyond_the_end() -> None:
    class Waiting(io.BytesIO):
        def read(self, size: "int | None" = -1, /) -> bytes:
            assert size is not None
            assert 0 < size <= len(self.getvalue()) - self.tell(), "a server such as wsgiref would wait here"
            return super().read(size)

    environ = {**upload(), "wsgi.input_terminated": False, "wsgi.input": Waiting(BODY)}
    assert ask(guarded(reading(in_pieces)), environ).body == BODY


@pytest.mark.usefixtures("clock")
def test_who_reads_on_after_a_refused_body_gets_the_same_refusal() -> None:
    faults: list[BaseException] = []

    def app(environ: "dict[str, Any]", start_response: Any) -> "list[bytes]":
        for _ in range(3):
            with pytest.raises(VerificationError, match="does not match what was computed") as caught:
                environ["wsgi.input"].read(100)
            faults.append(caught.value)
        start_response("418 I'm a Teapot", [("Content-Type", "text/plain")])
        return [b""]

    assert ask(guarded(app), upload(b"X" * len(BODY))).status == "418 I'm a Teapot"
    assert len(set(map(id, faults))) == 1


@pytest.mark.usefixtures("clock")
def test_a_refusal_does_not_follow_a_response_that_was_sent_in_part() -> None:
    def app(environ: "dict[str, Any]", start_response: Any) -> "Iterator[bytes]":
        start_response("200 OK", [("Content-Type", "text/plain")])
        yield b"working on it"
        yield in_pieces(environ["wsgi.input"])

    options: dict[str, Any] = {"host": HOST, "secrets": {"AKIDEXAMPLE": CREDS}, "region": "eu-west-1"}
    statuses: list[str] = []
    answer: Any = wsgi.PresignedOnly(app, **options)(
        upload(BODY[:-1] + b"X"),
        lambda status, *_: statuses.append(status),  # type: ignore[arg-type]
    )
    parts = iter(answer)
    assert (next(parts), statuses) == (b"working on it", ["200 OK"])
    with pytest.raises(VerificationError, match="does not match what was computed"):
        next(parts)
    answer.close()
    assert statuses == ["200 OK"]


def storing(environ: "dict[str, Any]", start_response: Any) -> "list[bytes]":
    body = in_pieces(environ["wsgi.input"])
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [body]


def beginning_first(environ: "dict[str, Any]", start_response: Any) -> "list[bytes]":
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [in_pieces(environ["wsgi.input"])]


def generating(environ: "dict[str, Any]", start_response: Any) -> "Iterator[bytes]":
    start_response("200 OK", [("Content-Type", "text/plain")])
    yield b""
    yield in_pieces(environ["wsgi.input"])


def swallowing(environ: "dict[str, Any]", start_response: Any) -> "list[bytes]":
    with contextlib.suppress(VerificationError):
        in_pieces(environ["wsgi.input"])
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"stored"]


def wrapping(environ: "dict[str, Any]", start_response: Any) -> "list[bytes]":
    try:
        return storing(environ, start_response)
    except VerificationError as fault:
        raise RuntimeError("a framework's own") from fault


def catching_all(environ: "dict[str, Any]", start_response: Any) -> "Iterator[bytes]":
    try:
        yield from generating(environ, start_response)
    except Exception:  # noqa: BLE001 - as frameworks do
        start_response("500 Internal Server Error", [("Content-Type", "text/plain")], sys.exc_info())
        yield b"sorry"


def writing(environ: "dict[str, Any]", start_response: Any) -> "list[bytes]":
    write = start_response("200 OK", [("Content-Type", "text/plain")])
    body = b""
    with contextlib.suppress(VerificationError):
        body = in_pieces(environ["wsgi.input"])
    write(body)
    return []


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(
    "app",
    [storing, beginning_first, generating, swallowing, wrapping, catching_all, writing],
    ids=lambda app: app.__name__,
)
def test_a_refused_body_is_the_guards_own_400_whatever_the_application_makes_of_it(app: Any) -> None:
    assert ask(guarded(app), upload(BODY)).status == "200 OK"
    answer = ask(guarded(app), upload(BODY[:-1] + b"X"))
    assert (answer.status, answer.code) == ("400 Bad Request", "XAmzContentSHA256Mismatch")


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(
    "changes",
    [
        {"CONTENT_LENGTH": "0"},
        {"CONTENT_LENGTH": ""},
        {"CONTENT_LENGTH": None},
        {**CHUNKED, "wsgi.input_terminated": None},
    ],
)
def test_an_empty_upload_in_place_of_a_signed_one_never_reaches_the_application(changes: "dict[str, Any]") -> None:
    def app(*_: Any) -> Any:
        raise AssertionError

    used = UsedLinks()
    answer = ask(guarded(app, single_use=used), upload(b"", **changes))
    assert answer.code == "XAmzContentSHA256Mismatch"
    assert len(used) == 0


@pytest.mark.usefixtures("clock")
def test_a_body_without_length_over_http_2_is_read_to_its_end() -> None:
    environ = upload(CONTENT_LENGTH=None, SERVER_PROTOCOL="HTTP/2")
    assert ask(guarded(reading(in_pieces)), environ).body == BODY


@pytest.mark.usefixtures("clock")
def test_a_length_that_is_no_number_is_refused() -> None:
    for length in ("-1", "1e3", "²", "1" * 19):
        with pytest.raises(VerificationError, match="Content-Length is not a number"):
            wsgi._body_length({"CONTENT_LENGTH": length})


@pytest.mark.usefixtures("clock")
def test_the_rules_of_other_services_fix_the_body_too() -> None:
    app = guarded(reading(in_pieces), service="execute-api")
    url = url_of("POST", service="execute-api")
    assert ask(app, environ_of(url, "POST")).status == "200 OK"
    assert ask(app, environ_of(url, "POST", b"any body")).code == "XAmzContentSHA256Mismatch"


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("word", ["STREAMING-AWS4-HMAC-SHA256-PAYLOAD", DIGEST.upper(), DIGEST[1:], "x" * 64])
def test_a_body_that_is_signed_in_another_way_is_refused(word: str) -> None:
    url = url_of("PUT", headers={"x-amz-content-sha256": word}, payload_hash=word)
    answer = ask(guarded(), environ_of(url, "PUT", BODY, HTTP_X_AMZ_CONTENT_SHA256=word))
    assert (answer.status, answer.code) == ("400 Bad Request", "InvalidArgument")
    assert b"must be UNSIGNED-PAYLOAD or a SHA-256 in lower-case hex here" in answer.body


@pytest.mark.usefixtures("clock")
def test_an_unsigned_payload_that_was_signed_to_be_one_passes() -> None:
    url = url_of("PUT", headers={"x-amz-content-sha256": "UNSIGNED-PAYLOAD"})
    environ = environ_of(url, "PUT", BODY, HTTP_X_AMZ_CONTENT_SHA256="UNSIGNED-PAYLOAD")
    assert ask(guarded(), environ).body == b"PUT /a%20b 21"


@pytest.mark.usefixtures("clock")
def test_the_applications_own_errors_are_its_own() -> None:
    mine = VerificationError("expired", "AccessDenied", 403, "mine")

    def app(*_: Any) -> Any:
        raise mine

    for environ in (environ_of(url_of()), upload()):
        with pytest.raises(VerificationError, match="mine"):
            guarded(app)(environ, None)


# --- CORS -------------------------------------------------------------------------------------------------------------

PAGE = "https://app.example.com"


def preflight(origin: str = PAGE, method: str = "PUT", headers: "str | None" = "content-type") -> "dict[str, Any]":
    return environ_of(
        url_of("PUT"), "OPTIONS", HTTP_ORIGIN=origin, HTTP_ACCESS_CONTROL_REQUEST_METHOD=method,
        HTTP_ACCESS_CONTROL_REQUEST_HEADERS=headers,
    )  # fmt: skip


CORS = wsgi.Cors([PAGE, "http://localhost:3000"], headers=["Content-Type"], expose_headers=["ETag"], max_age=60)


def test_a_preflight_of_a_known_page_is_allowed() -> None:
    for headers in ("content-type", "Content-Type, ", None):
        answer = ask(guarded(cors=CORS, methods=["GET", "PUT"]), preflight(headers=headers))
        assert (answer.status, answer.body) == ("204 No Content", b"")
        assert sorted(answer.headers) == [
            ("Access-Control-Allow-Headers", "content-type"),
            ("Access-Control-Allow-Methods", "GET, PUT"),
            ("Access-Control-Allow-Origin", PAGE),
            ("Access-Control-Expose-Headers", "ETag"),
            ("Access-Control-Max-Age", "60"),
            ("Vary", "Origin"),
        ]


@pytest.mark.parametrize(
    "environ",
    [
        preflight("https://evil.example.com"),
        preflight("https://APP.example.com"),
        preflight("null"),
        preflight(method="PATCH"),
        preflight(headers="content-type,x-other"),
    ],
)
def test_other_preflights_are_refused(environ: "dict[str, Any]") -> None:
    answer = ask(guarded(cors=CORS), environ)
    assert (answer.status, answer.code) == ("403 Forbidden", "AccessForbidden")
    assert b"This CORS request is not allowed" in answer.body
    assert b"<Resource></Resource>" in answer.body  # before its target is read
    assert answer.values("access-control-allow-methods") == []


def test_without_cors_a_preflight_is_a_method_like_any_other() -> None:
    assert ask(guarded(), preflight()).status == "405 Method Not Allowed"
    environ = preflight()
    del environ["HTTP_ACCESS_CONTROL_REQUEST_METHOD"]
    assert ask(guarded(cors=CORS), environ).status == "405 Method Not Allowed"


@pytest.mark.usefixtures("clock")
def test_known_pages_may_read_answers_and_refusals() -> None:
    app = guarded(cors=CORS)
    for url in (url_of(), url_of().replace("a%20b", "c")):
        answer = ask(app, environ_of(url, HTTP_ORIGIN=PAGE))
        assert answer.values("access-control-allow-origin") == [PAGE]
        assert answer.values("access-control-expose-headers") == ["ETag"]
        assert answer.values("vary")[-1] == "Origin"
        for origin in ("https://evil.example.com", None):
            answer = ask(app, environ_of(url, HTTP_ORIGIN=origin))
            assert answer.values("access-control-allow-origin") == []
            assert answer.values("vary")[-1] == "Origin"


@pytest.mark.usefixtures("clock")
def test_all_pages_may_read_if_one_says_so() -> None:
    app = guarded(cors=wsgi.Cors(["*"]))
    answer = ask(app, environ_of(url_of(), HTTP_ORIGIN="https://any.example.com"))
    assert answer.values("access-control-allow-origin") == ["*"]
    assert answer.values("vary") == ["Accept"]
    answer = ask(app, preflight("https://any.example.com", headers=None))
    assert answer.status == "204 No Content"
    assert answer.values("access-control-allow-headers") == []
    assert answer.values("access-control-max-age") == ["3600"]


def test_a_star_allows_every_header_and_the_answer_names_those_asked_for() -> None:
    app = guarded(cors=wsgi.Cors([PAGE], headers=["*"]))
    answer = ask(app, preflight(headers="Content-Type, x-amz-meta-a"))
    assert (answer.status, answer.values("access-control-allow-headers")) == (
        "204 No Content", ["content-type, x-amz-meta-a"],
    )  # fmt: skip
    assert ask(app, preflight(headers=None)).values("access-control-allow-headers") == []
    assert ask(app, preflight("https://other.example.com")).status == "403 Forbidden"
    assert ask(app, preflight(headers="content-type, a b")).status == "403 Forbidden"


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ({"origins": []}, InputError, "origins: is empty; name the origins"),
        ({"origins": PAGE}, TypeError, "origins: expected several str, as in a list, got str"),
        ({"origins": [PAGE, None]}, TypeError, "origins: expected several str; one is NoneType"),
        *[
            ({"origins": [origin]}, InputError, "origins: .* is not an origin")
            for origin in ("app.example.com", "https://app.example.com/", "https://App.example.com", "https://a:443",
                           "https://*.example.com", "null", "://a", "HTTPS://a", "https://a@b", "")
        ],
        ({"origins": ["*"], "headers": ["a b"]}, InputError, "headers: 'a b' is not a header name"),
        ({"origins": ["*"], "headers": "etag"}, TypeError, "headers: expected several str"),
        ({"origins": ["*"], "expose_headers": [""]}, InputError, "expose_headers: '' is not a header name"),
        ({"origins": ["*"], "max_age": -1}, InputError, "max_age: -1 s is negative"),
        ({"origins": ["*"], "max_age": 1.5}, TypeError, "max_age: expected int, got float"),
    ],
)  # fmt: skip
def test_cors_is_checked_when_it_is_made(arguments: "dict[str, Any]", kind: "type[Exception]", message: str) -> None:
    with pytest.raises(kind, match=message):
        wsgi.Cors(**arguments)


def test_origins_of_other_schemes_are_origins() -> None:
    assert wsgi.Cors(["capacitor://localhost", "http://[::1]:8080"]).for_page("capacitor://localhost")


@pytest.mark.parametrize("option", ["required_signed_headers", "ignored_headers"])
@pytest.mark.parametrize("names", ["content-type", iter(["content-type"])])
def test_names_that_would_be_gone_after_the_first_request_are_refused_at_once(option: str, names: Any) -> None:
    arguments: dict[str, Any] = {option: names}
    with pytest.raises(TypeError, match=f"^{option}: expected a collection of names"):
        wsgi.PresignedOnly(lambda _environ, _start: [], host="h", secrets={}, region="r", **arguments)


def test_methods_may_come_from_an_iterator() -> None:
    methods: Any = iter(["GET"])
    app = wsgi.PresignedOnly(lambda _environ, _start: [], host="h", secrets={}, region="r", methods=methods)
    assert app._guard.methods == ("GET",)


def test_an_expired_link_is_still_told_that_path_prefix_is_wrong() -> None:
    environ = environ_of(url_of(path="/a.txt"))
    with pytest.raises(VerificationError, match=r"\(path_prefix: the URL was signed without '/files'") as caught:
        check(environ, path_prefix="/files", now=NOW + 901)
    assert caught.value.reason == "signature_mismatch"


@pytest.mark.usefixtures("clock")
def test_the_old_way_to_write_may_be_used_more_than_once() -> None:
    def twice(environ: "dict[str, Any]", start_response: Any) -> "list[bytes]":
        write = start_response("200 OK", [("Content-Type", "text/plain")])
        in_pieces(environ["wsgi.input"])
        write(b"one ")
        write(b"two")
        return []

    assert ask(guarded(twice), upload(BODY)).body == b"one two"


@pytest.mark.usefixtures("clock")
def test_the_old_way_to_write_is_the_servers_after_a_second_beginning() -> None:
    def app(environ: "dict[str, Any]", start_response: Any) -> "list[bytes]":
        write = start_response("200 OK", [("Content-Type", "text/plain")])
        in_pieces(environ["wsgi.input"])
        try:
            int("no number")
        except ValueError:
            start_response("500 Oops", [("Content-Type", "text/plain")], sys.exc_info())
        write(b"sorry")
        return []

    answer = ask(guarded(app), upload(BODY))
    assert (answer.status, answer.body) == ("500 Oops", b"sorry")


def noting(begun: "list[str]") -> Any:
    """A start_response that does nothing else."""

    def start_response(status: str, _headers: object, _exc_info: object = None) -> None:
        begun.append(status)

    return start_response


@pytest.mark.usefixtures("clock")
def test_an_application_that_never_begins_to_answer_is_not_answered_for() -> None:
    begun: list[str] = []

    def app(_environ: object, _start_response: object) -> "list[bytes]":
        return [b"x"]

    guard: Any = wsgi.PresignedOnly(app, host=HOST, secrets={"AKIDEXAMPLE": CREDS}, region="eu-west-1")
    answer = guard(upload(BODY), noting(begun))
    assert (list(answer), begun) == ([b"x"], [])


@pytest.mark.usefixtures("clock")
def test_an_iterator_without_close_is_a_response_too() -> None:
    def app(environ: "dict[str, Any]", start_response: Any) -> "Iterator[bytes]":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return iter([environ["wsgi.input"].read()])

    begun: list[str] = []
    guard: Any = wsgi.PresignedOnly(app, host=HOST, secrets={"AKIDEXAMPLE": CREDS}, region="eu-west-1")
    answer = guard(upload(BODY), noting(begun))
    assert b"".join(answer) == BODY
    if hasattr(answer, "close"):
        answer.close()
    assert begun == ["200 OK"]


class Held:
    """A response that says whether the server's side closed it, as PEP 3333 asks."""

    closed = False

    def __iter__(self) -> "Iterator[bytes]":
        return iter([b"stored"])

    def close(self) -> None:
        self.closed = True


@pytest.mark.usefixtures("clock")
def test_a_response_that_is_replaced_by_a_refusal_is_closed() -> None:
    answer = Held()

    def app(environ: "dict[str, Any]", start_response: Any) -> Held:
        with contextlib.suppress(Exception):
            in_pieces(environ["wsgi.input"])
        start_response("200 OK", [("Content-Type", "text/plain")])
        return answer

    refused = ask(guarded(app), upload(BODY[:-1] + b"X"))
    assert (refused.status, b"stored" in refused.body, answer.closed) == ("400 Bad Request", False, True)


@pytest.mark.usefixtures("clock")
def test_a_question_mark_in_the_query_is_a_character_like_others() -> None:
    url = url_of(path="/a%20b?q=a%3Fb").replace("%3F", "?")
    assert ask(guarded(), environ_of(url)).status == "200 OK"
