"""`asgi.verify` and `asgi.PresignedOnly` on scopes as servers make them."""

import asyncio
import hashlib
import json
import xml.etree.ElementTree as ET
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, unquote_to_bytes

import pytest
from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st

from sigv4presign import Credentials, PresignedUrl, VerifiedRequest, asgi, presign, verify
from sigv4presign._server.once import UsedLinks
from sigv4presign.errors import InputError, VerificationError

CREDS = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
NOW = 1_764_000_000
HOST = "files.example"
BODY = b"line 1\nline 2\nthe end"
DIGEST = hashlib.sha256(BODY).hexdigest()

Scope = dict[str, Any]
Message = Any


def url_of(method: str = "GET", path: str = "/a%20b", **changes: Any) -> PresignedUrl:
    arguments: dict[str, Any] = {
        "credentials": CREDS, "region": "eu-west-1", "service": "s3", "expires_in": 900, "now": NOW, **changes,
    }  # fmt: skip
    return presign(method, f"https://{HOST}{path}", **arguments)


def scope_of(
    url: str, method: str = "GET", headers: "list[tuple[bytes, bytes]] | None" = None, **changes: Any
) -> Scope:
    """The scope that uvicorn makes of a request; None as a change takes a name away."""
    target = url.removeprefix(f"https://{HOST}")
    path, _, query = target.partition("?")
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", HOST.encode()), *(headers or [])],
        **changes,
    }
    return {name: value for name, value in scope.items() if value is not None}


def check(scope: Scope, **changes: Any) -> VerifiedRequest:
    arguments: dict[str, Any] = {
        "secrets": {"AKIDEXAMPLE": CREDS}, "service": "s3", "region": "eu-west-1", "now": NOW + 1, **changes,
    }  # fmt: skip
    return asyncio.run(asgi.verify(scope, **arguments))


def reason(scope: Scope, **changes: Any) -> str:
    with pytest.raises(VerificationError) as caught:
        check(scope, **changes)
    return caught.value.reason


# --- verify: what holds ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/", "/a%20b", "//lead//x/", "/a+b", "/%C3%A9%F0%9F%A6%8A", "/100%25", "/a%00b", "/a/../b/./c", "/~x;y=1"]
)
def test_what_verify_says_of_the_url_is_what_it_says_of_the_scope(path: str) -> None:
    url = url_of(path=path, query={"x": "1 + 2/é"})
    scope = scope_of(url)
    before = dict(scope)
    seen = check(scope)
    assert seen == verify(
        "GET", url, headers={}, secrets={"AKIDEXAMPLE": CREDS}, service="s3", region="eu-west-1", now=NOW + 1
    )
    assert scope == before


@given(st.text(st.characters(codec="utf-8"), max_size=12).map(lambda key: "/" + key))
def test_any_key_is_served_as_it_was_signed(key: str) -> None:
    seen = check(scope_of(url_of(path=quote(key, safe="/~"))))
    assert unquote_to_bytes(seen.path).decode() == key


def test_an_escaped_slash_stays_inside_its_segment() -> None:
    url = url_of(path="/a%2Fb/c")
    assert check(scope_of(url)).path == "/a%2Fb/c"
    assert reason(scope_of(url.replace("a%2Fb", "a/b"))) == "signature_mismatch"


def test_http_2_names_the_host_as_its_authority() -> None:
    scope = scope_of(url_of(), http_version="2", headers=[])
    assert check({**scope, "headers": [(b":authority", HOST.encode())]}).host == HOST
    assert check({**scope, "headers": [(b":authority", HOST.encode()), (b"host", HOST.encode())]}).host == HOST
    both = [(b":authority", HOST.encode()), (b"host", b"evil.example")]
    assert reason({**scope, "headers": both}) == "wrong_host"


def test_a_mounted_application_is_served_by_its_full_path() -> None:
    url = url_of(path="/mnt/a")
    assert check(scope_of(url, root_path="/mnt")).path == "/mnt/a"  # as the specification has it
    assert check(scope_of(url, root_path="/mnt", path="/a")).path == "/mnt/a"  # as frameworks once had it
    assert reason(scope_of(url, root_path="/other", path="/a")) == "wrong_path"
    assert check(scope_of(url_of(path="/a"), root_path="/mnt")).path == "/a"  # as hypercorn has it


def test_a_prefix_that_a_proxy_stripped_is_put_back() -> None:
    url = url_of(path="/my%20files/a")
    for changes in ({"path": "/a"}, {"path": "/a", "root_path": "/my files"}, {"path": "/my files/a"}):
        scope = {**scope_of(url, raw_path=b"/a"), **changes}
        assert check(scope, path_prefix="/my%20files").path == "/my%20files/a"
    assert reason(scope_of(url, raw_path=b"/a", path="/b"), path_prefix="/my%20files") == "wrong_path"


def test_without_a_raw_path_it_has_to_be_asked_to_put_one_together() -> None:
    for path in ("/a%20b", "/%C3%A9+", "//x", "/"):
        for raw_path in (None, b""):
            scope = {**scope_of(url_of(path=path, query={"a": "b/c"})), "raw_path": raw_path}
            if raw_path is None:
                with pytest.raises(InputError, match="pass reencode=True") as caught:
                    check(scope)
                assert caught.value.parameter == "reencode"
            else:  # what a server makes of `GET ?a=1 HTTP/1.1`
                assert reason(scope) == "malformed_request"
            assert unquote_to_bytes(check(scope, reencode=True).path) == unquote_to_bytes(path)


def test_what_does_not_survive_decoding_is_refused_when_put_together_again() -> None:
    assert reason(scope_of(url_of(path="/a%2Fb"), raw_path=None), reencode=True) == "signature_mismatch"
    assert reason(scope_of(url_of(), raw_path=None, path="/\ud800"), reencode=True) == "malformed_request"
    assert check(scope_of(url_of(path="/a%2Fb")), reencode=True).path == "/a%2Fb"


def test_look_ups_and_claims_are_awaited_where_they_have_to_be() -> None:
    order: list[str] = []

    async def look_up(access_key_id: str) -> Any:
        await asyncio.sleep(0)
        order.append(access_key_id)
        return CREDS if access_key_id == "AKIDEXAMPLE" else None

    class Store:
        def __init__(self) -> None:
            self.used: set[str] = set()

        async def claim(self, request_id: str, expires_at: int) -> bool:
            await asyncio.sleep(0)
            order.append("claim")
            assert expires_at == NOW + 900
            first = request_id not in self.used
            self.used.add(request_id)
            return first

    store = Store()
    assert check(scope_of(url_of()), secrets=look_up, single_use=store).access_key_id == "AKIDEXAMPLE"
    assert order == ["AKIDEXAMPLE", "claim"]
    assert reason(scope_of(url_of()), secrets=look_up, single_use=store) == "already_used"
    assert reason(scope_of(url_of(credentials=Credentials("OTHER", "x"))), secrets=look_up) == "unknown_access_key"
    assert check(scope_of(url_of()), secrets={"AKIDEXAMPLE": CREDS}.get).access_key_id == "AKIDEXAMPLE"
    with freeze_time("2025-11-24T16:00:01Z"):
        assert check(scope_of(url_of()), single_use=UsedLinks()).path == "/a%20b"


def test_the_clock_is_read_after_the_look_up() -> None:
    with freeze_time("2025-11-24T16:14:59Z") as clock:

        async def look_up(_: str) -> Any:
            clock.tick(2)
            return CREDS

        assert reason(scope_of(url_of()), secrets=look_up, now=None) == "expired"


# --- verify: what does not ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"path": "/other"}, "wrong_path"),
        ({"path": "/a%20b"}, "wrong_path"),
        ({"path": "/a b/"}, "wrong_path"),
        ({"path": "//a b"}, "wrong_path"),
        ({"path": ""}, "wrong_path"),
        ({"path": "/a b\ufffd"}, "wrong_path"),
        ({"method": "PUT"}, "signature_mismatch"),
        ({"method": "get"}, "malformed_request"),
        ({"raw_path": b"*"}, "malformed_request"),
        ({"raw_path": b"/\xc3\xa9"}, "malformed_request"),
        ({"raw_path": b"//files.example/a%20b"}, "signature_mismatch"),
        ({"raw_path": b"https://evil.example/a%20b"}, "wrong_host"),
        ({"query_string": b""}, "missing_parameter"),
        ({"headers": []}, "missing_host"),
        ({"headers": [(b"x-forwarded-host", b"files.example")]}, "missing_host"),
        ({"headers": [(b"host", b"evil.example")]}, "signature_mismatch"),
        ({"headers": [(b"host", b"files.example"), (b"host", b"files.example")]}, "wrong_host"),
        ({"headers": [(b"host", b"files.example"), (b"Authorization", b"x")]}, "two_authentications"),
        ({"headers": [(b"host", b"files.example"), (b"x-amz-acl", b"public-read")]}, "unsigned_headers"),
    ],
)
def test_what_the_server_and_the_target_disagree_on_is_refused(changes: "dict[str, Any]", expected: str) -> None:
    assert reason({**scope_of(url_of()), **changes}) == expected


def test_a_scope_may_leave_out_an_empty_query() -> None:
    assert reason(scope_of(url_of(), query_string=None)) == "missing_parameter"


def test_an_absolute_target_has_to_be_decoded_by_the_server() -> None:
    raw = f"https://{HOST}/a%20b".encode()
    assert check(scope_of(url_of(), raw_path=raw)).path == "/a%20b"
    # uvicorn with h11, and hypercorn, take all of it for the path, so that is what they would serve.
    assert reason(scope_of(url_of(), raw_path=raw, path=f"https://{HOST}/a b")) == "wrong_path"


def test_other_types_of_scope_are_an_error_of_the_caller() -> None:
    with pytest.raises(InputError, match="scope: unsupported type 'lifespan'; verify takes 'http'"):
        check({"type": "lifespan"})


# --- PresignedOnly ----------------------------------------------------------------------------------------------------


class Answer(NamedTuple):
    status: int
    headers: "list[tuple[bytes, bytes]]"
    body: bytes

    @property
    def code(self) -> "str | None":
        return ET.fromstring(self.body).findtext("Code")

    def values(self, name: bytes) -> "list[bytes]":
        return [value for key, value in self.headers if key == name]


async def echo(scope: Scope, receive: "Callable[[], Awaitable[Message]]", send: Any) -> None:
    seen: VerifiedRequest = scope["sigv4presign.verified"]
    body = await read(receive)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"vary", b"Accept")]})
    await send({"type": "http.response.body", "body": f"{seen.method} {seen.path} {len(body)}".encode()})


async def read(receive: "Callable[[], Awaitable[Message]]") -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def unreachable(*_: Any) -> None:
    raise AssertionError


def run(app: Any, scope: Scope, messages: "list[Message] | None" = None) -> "list[Message]":
    """What an application sends, given what it may receive."""
    waiting: Iterator[Message] = iter(messages or [{"type": "http.request"}])
    sent: list[Message] = []

    async def receive() -> Message:
        return next(waiting)

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    return sent


def ask(app: Any, scope: Scope, messages: "list[Message] | None" = None) -> Answer:
    start, *bodies = run(app, scope, messages)
    assert start["type"] == "http.response.start"
    assert all(name == name.lower() for name, _ in start["headers"])
    return Answer(start["status"], start["headers"], b"".join(body["body"] for body in bodies))


def guarded(app: Any = echo, **changes: Any) -> Any:
    arguments: dict[str, Any] = {
        "host": HOST, "secrets": {"AKIDEXAMPLE": CREDS}, "region": "eu-west-1", **changes,
    }  # fmt: skip
    return asgi.PresignedOnly(app, **arguments)


@pytest.fixture
def clock() -> Any:
    with freeze_time("2025-11-24T16:00:01Z", real_asyncio=True) as frozen:
        yield frozen


@pytest.mark.usefixtures("clock")
def test_the_application_gets_what_was_verified_and_nothing_is_changed() -> None:
    scope = scope_of(url_of())
    before = dict(scope)
    assert ask(guarded(), scope) == (200, [(b"vary", b"Accept")], b"GET /a%20b 0")
    assert scope == before


@pytest.mark.usefixtures("clock")
def test_what_nobody_signed_passes_untouched() -> None:
    async def receive() -> Any:
        raise AssertionError

    async def send(_: Any) -> Any:
        raise AssertionError

    passed: list[Any] = []

    async def app(*arguments: Any) -> None:
        passed.extend(arguments)

    scope = scope_of(url_of())
    asyncio.run(guarded(app)(scope, receive, send))
    assert passed == [{**scope, "sigv4presign.verified": check(scope)}, receive, send]
    passed.clear()
    lifespan: Any = {"type": "lifespan"}
    asyncio.run(guarded(app)(lifespan, receive, send))
    assert passed == [lifespan, receive, send]
    assert passed[0] is lifespan


def test_other_types_of_scope_reach_nobody() -> None:
    with pytest.raises(InputError, match="scope: unsupported type 'webtransport'"):
        run(guarded(unreachable), {"type": "webtransport"})


def test_refusals_are_s3s(clock: Any) -> None:
    app = guarded()
    answer = ask(app, scope_of(f"https://{HOST}/a%26b"))
    assert (answer.status, answer.code) == (403, "AccessDenied")
    assert ET.fromstring(answer.body).findtext("Resource") == "/a%26b"
    [log_id] = answer.values(b"x-amz-request-id")
    assert ET.fromstring(answer.body).findtext("RequestId") == log_id.decode()
    assert answer.values(b"content-type") == [b"application/xml"]
    assert answer.values(b"content-length") == [str(len(answer.body)).encode()]
    assert ask(app, scope_of(url_of().replace("a%20b", "c"))).code == "SignatureDoesNotMatch"
    assert ask(app, scope_of(url_of(), path="/other")).code == "InvalidURI"
    assert ask(app, scope_of(url_of(), headers=[(b"authorization", b"x")])).status == 400
    clock.tick(900)
    assert b"Request has expired" in ask(app, scope_of(url_of())).body


@pytest.mark.usefixtures("clock")
def test_refusals_may_be_json_and_head_has_no_body() -> None:
    app = guarded(error_format="json")
    answer = ask(app, scope_of(f"https://{HOST}/a"))
    assert answer.values(b"content-type") == [b"application/json"]
    assert json.loads(answer.body)["reason"] == "missing_parameter"
    answer = ask(app, scope_of(url_of("GET"), "HEAD"))
    assert (answer.status, answer.body) == (403, b"")
    assert answer.values(b"content-length") != [b"0"]


@pytest.mark.usefixtures("clock")
def test_methods_that_are_not_served_are_answered_with_those_that_are() -> None:
    answer = ask(guarded(unreachable, methods=("GET", "HEAD")), scope_of(url_of("PUT"), "PUT"))
    assert (answer.status, answer.code, answer.values(b"allow")) == (405, "MethodNotAllowed", [b"GET, HEAD"])


@pytest.mark.usefixtures("clock")
def test_every_argument_of_verify_reaches_it() -> None:
    async def look_up(_: str) -> Any:
        return CREDS

    app = guarded(
        secrets=look_up, path_prefix="/v1", required_signed_headers=["x-a"], ignored_headers=["x-amz-on-the-way"],
        max_expires_in=900, clock_skew=5, single_use=UsedLinks(), reencode=True,
    )  # fmt: skip

    def scope(**changes: Any) -> Scope:
        url = url_of("PUT", "/v1/a", **{"headers": {"x-a": "1"}, **changes})
        headers = [(b"x-a", b"1"), (b"x-amz-on-the-way", b"2")]
        return scope_of(url.replace("/v1", ""), "PUT", headers, raw_path=None)

    assert ask(app, scope()).body == b"PUT /v1/a 0"
    refused: list[tuple[dict[str, Any], bytes]] = [
        ({}, b"used already"),
        ({"headers": {}}, b"not signed: 'x-a'"),
        ({"expires_in": 901}, b"at most 900 seconds"),
        ({"now": NOW + 8}, b"not valid yet"),
        ({"region": "eu-west-2"}, b"region"),
    ]
    for changes, words in refused:
        assert words in ask(app, scope(**changes)).body


def test_without_a_raw_path_the_guard_fails_loudly() -> None:
    with pytest.raises(InputError, match="reencode: the server keeps no raw_path"):
        run(guarded(), scope_of(url_of(), raw_path=None))


@pytest.mark.parametrize(("name", "value"), [("raw_path", "/a%20b"), ("query_string", "X-Amz-Algorithm=x")])
def test_text_where_asgi_has_bytes_is_a_type_error_that_names_it(name: str, value: str) -> None:
    with pytest.raises(TypeError, match=f"^scope: {name} is str; ASGI has bytes there$"):
        check({**scope_of(url_of()), name: value})


def test_an_absent_root_path_or_query_may_be_none() -> None:
    assert check(scope_of(url_of(), root_path=None)).access_key_id == "AKIDEXAMPLE"
    assert reason(scope_of(url_of(), query_string=None)) == "missing_parameter"


def test_a_guard_is_checked_when_it_is_made() -> None:
    with pytest.raises(TypeError, match="secrets: expected a mapping or a function, got NoneType"):
        guarded(secrets=None)
    with pytest.raises(InputError, match="host: is empty"):
        guarded(host="")
    with pytest.raises(TypeError, match="unexpected keyword argument 'max_expiry'"):
        guarded(max_expiry=5)
    make: Any = asgi.PresignedOnly
    with pytest.raises(TypeError, match="host"):
        make(echo, secrets={}, region=None)


# --- WebSockets -------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("service", ["s3", "transcribe"])
def test_a_websocket_is_verified_as_the_get_that_opens_it(service: str) -> None:
    async def app(scope: Scope, receive: Any, send: Any) -> None:
        assert await receive() == {"type": "websocket.connect"}
        assert await receive() == {"type": "websocket.receive", "text": "hello"}
        await send({"type": "websocket.send", "text": scope["sigv4presign.verified"].path})

    url = presign(
        "GET", f"wss://{HOST}/chat", credentials=CREDS, region="eu-west-1", service=service, expires_in=60, now=NOW
    )
    scope = scope_of(url.replace("wss", "https"), type="websocket")
    del scope["method"]
    messages: list[Message] = [{"type": "websocket.connect"}, {"type": "websocket.receive", "text": "hello"}]
    assert run(guarded(app, service=service), scope, messages) == [{"type": "websocket.send", "text": "/chat"}]
    closed = [{"type": "websocket.close", "code": 1008}]
    assert run(guarded(unreachable), {**scope, "query_string": b""}) == closed
    assert run(guarded(unreachable, service=service, methods=["PUT"]), scope) == closed


# --- bodies that were signed ------------------------------------------------------------------------------------------


def upload(digest: str = DIGEST, length: "int | None" = 21, **changes: Any) -> Scope:
    """A PUT whose signer fixed the hash of its body."""
    url = url_of("PUT", headers={"x-amz-content-sha256": digest}, payload_hash=digest)
    framing = (b"transfer-encoding", b"chunked") if length is None else (b"content-length", str(length).encode())
    return scope_of(url, "PUT", [(b"x-amz-content-sha256", digest.encode()), framing], **changes)


def pieces(body: bytes, size: int = 5, *, empty_end: bool = False) -> "list[Message]":
    """A body as servers hand it over; some end it with a message of its own."""
    cut = [body[start : start + size] for start in range(0, len(body), size)] + [b""] * empty_end
    return [
        {"type": "http.request", "body": piece, "more_body": number < len(cut) - 1} for number, piece in enumerate(cut)
    ]


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("length", [len(BODY), None])
@pytest.mark.parametrize("empty_end", [True, False])
@pytest.mark.parametrize("size", [5, 100])
def test_a_signed_body_is_received_whole_and_no_other_is(length: "int | None", empty_end: bool, size: int) -> None:
    app = guarded()
    assert ask(app, upload(length=length), pieces(BODY, size, empty_end=empty_end)).body == b"PUT /a%20b 21"
    wrong = ask(app, upload(length=length), pieces(BODY[:-1] + b"X", size, empty_end=empty_end))
    assert (wrong.status, wrong.code) == (400, "XAmzContentSHA256Mismatch")
    assert ask(app, upload(length=length), pieces(BODY[:-1], size, empty_end=empty_end)).code == wrong.code


@pytest.mark.usefixtures("clock")
def test_who_counts_bytes_and_never_asks_for_the_end_is_stopped_too() -> None:
    async def app(_scope: Scope, receive: Any, _send: Any) -> None:
        count = 0
        while count < len(BODY):
            count += len((await receive())["body"])
        raise AssertionError

    messages = pieces(BODY[:-1] + b"X", empty_end=True)
    assert ask(guarded(app), upload(), messages).code == "XAmzContentSHA256Mismatch"


@pytest.mark.usefixtures("clock")
def test_who_receives_on_after_a_refused_body_gets_the_same_refusal() -> None:
    faults: list[BaseException] = []

    async def app(_scope: Scope, receive: Any, send: Any) -> None:
        for _ in range(3):
            with pytest.raises(VerificationError, match="does not match what was computed") as caught:
                await receive()
            faults.append(caught.value)
        await send({"type": "http.response.start", "status": 418, "headers": []})

    assert ask(guarded(app), upload(), pieces(b"X" * len(BODY), 100)).status == 418
    assert len(set(map(id, faults))) == 1


@pytest.mark.usefixtures("clock")
def test_a_client_that_goes_away_is_no_end_of_a_body() -> None:
    async def app(_scope: Scope, receive: Any, send: Any) -> None:
        assert (await receive())["type"] == "http.request"
        assert await receive() == {"type": "http.disconnect"}
        await send({"type": "http.response.start", "status": 499, "headers": []})

    messages = [*pieces(BODY)[:1], {"type": "http.disconnect"}]
    assert ask(guarded(app), upload(), messages).status == 499


@pytest.mark.usefixtures("clock")
def test_a_refusal_does_not_follow_a_response_that_has_begun() -> None:
    async def app(_scope: Scope, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await read(receive)

    with pytest.raises(VerificationError, match="does not match what was computed"):
        run(guarded(app), upload(), pieces(BODY[:-1] + b"X"))


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("headers", [[(b"content-length", b"0")], []])
def test_an_empty_upload_in_place_of_a_signed_one_never_reaches_the_application(headers: Any) -> None:
    scope = upload()
    scope["headers"] = [*scope["headers"][:2], *headers]
    used = UsedLinks()
    assert ask(guarded(unreachable, single_use=used), scope).code == "XAmzContentSHA256Mismatch"
    assert len(used) == 0


@pytest.mark.usefixtures("clock")
def test_a_body_without_length_over_http_2_is_received_to_its_end() -> None:
    scope = upload(http_version="2")
    del scope["headers"][2]
    assert ask(guarded(), scope, pieces(BODY)).body == b"PUT /a%20b 21"
    assert ask(guarded(), scope, pieces(BODY + b"X")).code == "XAmzContentSHA256Mismatch"


@pytest.mark.usefixtures("clock")
def test_a_length_that_is_no_number_is_refused() -> None:
    scope = upload()
    scope["headers"][2] = (b"content-length", b"-1")
    assert b"Content-Length is not a number" in ask(guarded(unreachable), scope).body


@pytest.mark.usefixtures("clock")
def test_the_applications_own_errors_are_its_own() -> None:
    mine = VerificationError("expired", "AccessDenied", 403, "mine")

    async def app(*_: Any) -> None:
        raise mine

    for scope in (scope_of(url_of()), upload()):
        with pytest.raises(VerificationError, match="mine"):
            run(guarded(app), scope)


# --- CORS -------------------------------------------------------------------------------------------------------------

PAGE = b"https://app.example.com"
CORS = asgi.Cors([PAGE.decode()], headers=["content-type"], expose_headers=["ETag"])


def test_preflights_are_answered() -> None:
    headers = [(b"origin", PAGE), (b"access-control-request-method", b"PUT")]
    answer = ask(guarded(unreachable, cors=CORS), scope_of(url_of("PUT"), "OPTIONS", headers))
    assert (answer.status, answer.body) == (204, b"")
    assert sorted(answer.headers) == [
        (b"access-control-allow-headers", b"content-type"),
        (b"access-control-allow-methods", b"GET, HEAD, PUT, POST, DELETE"),
        (b"access-control-allow-origin", PAGE),
        (b"access-control-expose-headers", b"ETag"),
        (b"access-control-max-age", b"3600"),
        (b"vary", b"Origin"),
    ]
    headers[0] = (b"origin", b"https://evil.example.com")
    answer = ask(guarded(unreachable, cors=CORS), scope_of(url_of("PUT"), "OPTIONS", headers))
    assert (answer.status, answer.code) == (403, "AccessForbidden")
    assert b"<Resource></Resource>" in answer.body  # before its target is read
    assert ask(guarded(unreachable), scope_of(url_of("PUT"), "OPTIONS", headers)).status == 405


@pytest.mark.usefixtures("clock")
def test_known_pages_may_read_answers_and_refusals() -> None:
    for url, status in ((url_of(), 200), (url_of().replace("a%20b", "c"), 403)):
        answer = ask(guarded(cors=CORS), scope_of(url, headers=[(b"Origin", PAGE)]))
        assert answer.status == status
        assert answer.values(b"access-control-allow-origin") == [PAGE]
        assert answer.values(b"vary")[-1] == b"Origin"
