"""What a stranger can send to the guards and to `verify`, kind by kind: lengths, targets, twins of headers, secrets."""

import asyncio
import contextlib
import io
import logging
import time
import traceback
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from freezegun import freeze_time

from sigv4presign import Credentials, S3Presigner, UsedLinks, asgi, errors, presign, verify, verify_post, wsgi
from sigv4presign._server.body import Body, announced_length
from sigv4presign._server.refusal import shown_resource

HOST = "files.example.com"
SECRET, TOKEN = "S3CR3TS3CR3TS3CR3T", "T0K3NT0K3NT0K3N"
CREDS = Credentials("AKIDEXAMPLE", SECRET, TOKEN)
SECRETS = {"AKIDEXAMPLE": CREDS}
PLAIN = Credentials("PLAINEXAMPLE", SECRET)
OPTIONS: "dict[str, Any]" = {
    "secrets": {**SECRETS, "PLAINEXAMPLE": PLAIN}, "region": "eu-west-1", "service": "s3", "host": HOST,
}  # fmt: skip


def target_of(method: str = "GET", path: str = "/a", credentials: Credentials = PLAIN, **changes: Any) -> str:
    url = presign(method, f"https://{HOST}{path}", credentials=credentials, region="eu-west-1", service="s3", **changes)
    return url.removeprefix(f"https://{HOST}")


class Answer(NamedTuple):
    status: int
    body: bytes
    reached: "list[bytes]"  # the bodies that the application read


# --- one request, to both kinds of guard -----------------------------------------------------------------------------


def noting(statuses: "list[str]") -> Any:
    """A start_response that notes the statuses."""

    def start_response(status: str, headers: Any, exc_info: Any = None) -> Any:
        del headers, exc_info
        statuses.append(status)

    return start_response


def by_wsgi(method: str, target: str, headers: "list[tuple[str, str]]", body: bytes = b"", **options: Any) -> Answer:
    """A request as gunicorn hands it on: the body as long as it came, with its end."""
    path, _, query = target.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method, "RAW_URI": target, "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query,
        "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": HOST, "wsgi.input": io.BytesIO(body),
        "wsgi.input_terminated": True,
    }  # fmt: skip
    for name, value in headers:
        key = name.upper().replace("-", "_")
        environ[key if key in ("CONTENT_LENGTH", "CONTENT_TYPE") else "HTTP_" + key] = value
    environ.update(options.pop("environ", {}))
    reached: list[bytes] = []
    statuses: list[str] = []

    def app(environ: "dict[str, Any]", start_response: Any) -> "list[bytes]":
        reached.append(environ["wsgi.input"].read())
        start_response("200 OK", [])
        return [b"stored"]

    guarded = wsgi.PresignedOnly(app, **{**OPTIONS, **options})
    answer = guarded(environ, noting(statuses))
    return Answer(int(statuses[-1][:3]), b"".join(answer), reached)


def by_asgi(method: str, target: str, headers: "list[tuple[str, str]]", body: bytes = b"", **options: Any) -> Answer:
    """A request as uvicorn hands it on, the body in two messages."""
    path, _, query = target.partition("?")
    scope: dict[str, Any] = {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": query.encode(),
        "http_version": "1.1",
        "headers": [(b"host", HOST.encode())] + [(n.lower().encode(), v.encode()) for n, v in headers],
    }  # fmt: skip
    scope.update(options.pop("scope", {}))
    messages = [
        {"type": "http.request", "body": body[:3], "more_body": True},
        {"type": "http.request", "body": body[3:], "more_body": False},
    ]
    sent: list[Any] = []
    reached: list[bytes] = []

    async def receive() -> Any:
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        whole, more = b"", True
        while more:
            message = await receive()
            whole += message["body"]
            more = message["more_body"]
        reached.append(whole)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"stored"})

    asyncio.run(asgi.PresignedOnly(app, **{**OPTIONS, **options})(scope, receive, send))
    return Answer(sent[0]["status"], b"".join([message.get("body", b"") for message in sent[1:]]), reached)


BOTH = pytest.mark.parametrize("ask", [by_wsgi, by_asgi])
Ask = Callable[..., Answer]


# --- length -----------------------------------------------------------------------------------------------------------


def upload(length: int) -> str:
    return target_of("PUT", headers={"content-length": str(length)})


@BOTH
def test_the_body_of_a_signed_length_reaches_the_application_whole(ask: Ask) -> None:
    assert ask("PUT", upload(5), [("Content-Length", "5")], b"12345") == (200, b"stored", [b"12345"])


@BOTH
@pytest.mark.parametrize("encoding", ["chunked", "identity", "gzip, chunked", " Chunked"])
def test_content_length_and_transfer_encoding_together_are_refused(ask: Ask, encoding: str) -> None:
    headers = [("Content-Length", "5"), ("Transfer-Encoding", encoding)]
    for target in (upload(5), target_of("PUT")):
        answer = ask("PUT", target, headers, b"1" * 50)
        assert (answer.status, answer.reached) == (400, [])
        assert b"both Content-Length and Transfer-Encoding" in answer.body


@BOTH
def test_fewer_bytes_than_were_signed_are_an_incomplete_body(ask: Ask) -> None:
    answer = ask("PUT", upload(5), [("Content-Length", "5")], b"1234")
    assert (answer.status, answer.reached) == (400, [])
    assert b"<Code>IncompleteBody</Code>" in answer.body


def test_a_server_that_raises_where_the_client_sent_less_is_an_incomplete_body_too() -> None:
    class Broken(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            raise OSError(f"error during read({size}) on wsgi.input")  # uWSGI

    answer = by_wsgi("PUT", upload(5), [("Content-Length", "5")], environ={"wsgi.input": Broken()})
    assert (answer.status, answer.reached, b"IncompleteBody" in answer.body) == (400, [], True)


def test_more_bytes_than_were_signed_never_reach_the_application() -> None:
    assert by_wsgi("PUT", upload(5), [("Content-Length", "5")], b"123456").reached == [b"12345"]
    answer = by_asgi("PUT", upload(5), [("Content-Length", "5")], b"123456")
    assert (answer.status, answer.reached) == (400, [])
    assert b"<Code>IncompleteBody</Code>" in answer.body


def test_a_length_is_counted_over_http_2_as_well() -> None:
    for version in ("2", "3"):
        answer = by_asgi("PUT", upload(5), [("Content-Length", "5")], b"123456", scope={"http_version": version})
        assert (answer.status, answer.reached) == (400, [])


def test_two_lengths_are_refused() -> None:
    answer = by_asgi("PUT", target_of("PUT"), [("Content-Length", "5"), ("Content-Length", "5")], b"12345")
    assert (answer.status, answer.reached) == (400, [])


# --- answers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw", [b"", b"?", b"*", b"a", b"//", b"http://", b"\xff", b"/%", b"/%ff", b"http://x:y/", b"#"]
)
def test_a_raw_path_that_is_none_is_an_invalid_uri(raw: bytes) -> None:
    answer = by_asgi("GET", target_of(), [], scope={"raw_path": raw, "path": raw.decode("latin-1")})
    assert (answer.status, answer.reached) in ((400, []), (403, []))
    if raw != b"//":
        assert b"<Code>InvalidURI</Code>" in answer.body


def test_an_empty_target_is_an_invalid_uri_in_wsgi_too() -> None:
    for environ in ({"RAW_URI": ""}, {"RAW_URI": "", "REQUEST_URI": ""}, {"RAW_URI": "?a=1"}):
        answer = by_wsgi("GET", target_of(), [], environ=environ)
        assert (answer.status, b"<Code>InvalidURI</Code>" in answer.body) == (400, True)


@pytest.mark.parametrize("target", ["", "?a=1", "?a=http://h/", "*", "a/b", "#x"])
def test_a_target_without_a_path_is_called_so(target: str) -> None:
    path, _, query = target.partition("?")
    scope = {"raw_path": path.encode(), "path": path, "query_string": query.encode()}
    for answer in (
        by_wsgi("GET", target_of(), [], environ={"RAW_URI": target}),
        by_asgi("GET", target_of(), [], scope=scope),
    ):
        assert answer.status == 400
        assert b"<Message>The request target is empty or does not begin with /;" in answer.body


@pytest.mark.parametrize(
    "target", ["/\ud800", "/?a=\ud800", "/%41\udcff", "http://h/\ud800", "http://h\ud800/", "/\xff", "/?\u20ac"]
)
def test_a_target_that_is_not_ascii_is_refused_in_words_of_ours(target: str) -> None:
    answer = by_wsgi("GET", target_of(), [], environ={"RAW_URI": target})
    assert (answer.status, b"<Code>InvalidURI</Code>" in answer.body) == (400, True)
    words = (b" unescaped at character ", b" has a non-ASCII host", b" has a lone surrogate")
    assert any(each in answer.body for each in words)
    assert b"codec" not in answer.body


@pytest.mark.parametrize(
    "hosts", [(b"h", b"h"), (b"h", b"i"), (b"[::1]", b"h"), (b"h:80", b"i:80"), (b"", b"h"), (b"a", b"b", b"c")]
)
@pytest.mark.parametrize("name", ["host", ":authority"])
def test_more_hosts_than_one_are_called_so(name: str, hosts: "tuple[bytes, ...]") -> None:
    headers = [(name.encode(), host) for host in hosts]
    answer = by_asgi("GET", "/a", [], scope={"headers": headers})
    assert answer.status == 400
    assert f"<Message>The request has more than one {name} header, or a comma in it.".encode() in answer.body


def test_a_preflight_needs_no_raw_path() -> None:
    cors = asgi.Cors(["https://app.example.com"])
    headers = [("Origin", "https://app.example.com"), ("Access-Control-Request-Method", "PUT")]
    assert by_asgi("OPTIONS", "/a", headers, cors=cors, scope={"raw_path": None}).status == 204


@BOTH
def test_signature_version_2_is_called_so(ask: Ask) -> None:
    answer = ask("GET", "/a?AWSAccessKeyId=AKID&Expires=1764000000&Signature=abc%3D", [])
    assert (answer.status, answer.reached) == (400, [])
    assert b"<Code>InvalidRequest</Code>" in answer.body
    assert b"Signature Version 2" in answer.body


def test_a_refused_body_is_the_guards_own_400_whatever_an_asgi_application_makes_of_it() -> None:
    digest = "0" * 64
    target = target_of("PUT", headers={"x-amz-content-sha256": digest}, payload_hash=digest)
    path, _, query = target.partition("?")

    async def lets_through(_scope: Any, receive: Any, _send: Any) -> None:
        await receive()

    async def wraps(_scope: Any, receive: Any, _send: Any) -> None:
        try:
            await receive()
        except errors.VerificationError as fault:
            raise RuntimeError from fault

    async def answers_500_and_raises(_scope: Any, receive: Any, send: Any) -> None:
        try:
            await receive()
        except Exception:
            await send({"type": "http.response.start", "status": 500, "headers": []})
            await send({"type": "http.response.body", "body": b"sorry"})
            raise

    async def swallows(_scope: Any, receive: Any, send: Any) -> None:
        with contextlib.suppress(Exception):
            await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"stored"})

    async def hints_and_swallows(_scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.early_hint", "links": []})  # not yet the response
        await swallows(_scope, receive, send)

    async def says_nothing(_scope: Any, receive: Any, _send: Any) -> None:
        with contextlib.suppress(Exception):
            await receive()

    async def run(app: Any) -> "list[Any]":
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": b"x", "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "PUT", "path": path, "raw_path": path.encode(),
                 "query_string": query.encode(), "http_version": "1.1",
                 "headers": [(b"host", HOST.encode()), (b"content-length", b"1"),
                             (b"x-amz-content-sha256", digest.encode())]}  # fmt: skip
        await asgi.PresignedOnly(app, **OPTIONS)(scope, receive, send)
        return sent

    for app in (lets_through, wraps, answers_500_and_raises, swallows, hints_and_swallows, says_nothing):
        sent = [message for message in asyncio.run(run(app)) if message["type"] != "http.response.early_hint"]
        assert [message.get("status") for message in sent] == [400, None], app.__name__
        assert b"XAmzContentSHA256Mismatch" in sent[1]["body"]


# --- agreement --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["{}&role=guest", "role=guest&{}", "", "role=guest", "{}&%zz"])
def test_a_query_that_was_rewritten_on_the_way_is_refused(query: str) -> None:
    target = target_of(query={"role": "owner"})
    served = query.replace("{}", target.partition("?")[2])
    answer = by_wsgi("GET", target, [], environ={"QUERY_STRING": served})
    assert (answer.status, answer.reached) == (400, [])


def test_a_query_in_another_spelling_is_the_same_query() -> None:
    target = target_of(query={"a": "b c"})
    served = target.partition("?")[2].replace("a=b%20c", "a=b+c").replace("X-Amz-Date", "X%2DAmz-Date")
    assert by_wsgi("GET", target, [], environ={"QUERY_STRING": served}).status == 200


@pytest.mark.parametrize(
    "twin",
    ["X_Amz_Meta_Owner", "x_amz-meta-owner", "X-AMZ-META_OWNER", "x_amz_acl", "X_Amz-Security-Token", "content_type"],
)
def test_a_header_that_a_framework_could_take_for_a_signed_one_is_refused(twin: str) -> None:
    signed = {"x-amz-meta-owner": "alice", "content-type": "text/plain"}
    target = target_of("PUT", headers=signed)
    answer = by_asgi("PUT", target, [*signed.items(), (twin, "mallory")])
    assert (answer.status, answer.reached) == (403, [])
    assert b"not signed" in answer.body
    assert by_asgi("PUT", target, [*signed.items(), ("x_forwarded_for", "1.2.3.4")]).status == 200


def test_a_header_name_that_becomes_a_signed_one_in_capitals_is_refused() -> None:
    assert "x-pa\xdf".upper() == "X-PASS"  # as Django's ASGI handler makes HTTP_X_PASS of it
    target = target_of(headers={"x-pass": "alice"})
    signed = [(b"host", HOST.encode()), (b"x-pass", b"alice")]
    assert by_asgi("GET", target, [], scope={"headers": signed}).status == 200
    answer = by_asgi("GET", target, [], scope={"headers": [*signed, (b"x-pa\xdf", b"mallory")]})
    assert (answer.status, answer.reached) == (403, [])


# --- work -------------------------------------------------------------------------------------------------------------


def cost(work: "Callable[[], object]") -> float:
    """The least processor time of some runs, in seconds."""
    times: list[float] = []
    for _ in range(5):
        start = time.process_time()
        with contextlib.suppress(errors.VerificationError):
            work()
        times.append(time.process_time() - start)
    return min(times)


def test_too_many_headers_or_parameters_are_refused_before_any_secret_is_looked_up() -> None:
    def look_up(_access_key_id: str) -> Any:
        raise AssertionError

    many = {f"x-amz-meta-{number}": "v" for number in range(1_500)}
    parameters = "&".join([f"p{number}" for number in range(1_500)])
    for target, headers in ((target_of(), many), (f"{target_of()}&{parameters}", {})):
        with pytest.raises(errors.VerificationError) as caught:
            verify("GET", target, headers=headers, secrets=look_up, service="s3", region="eu-west-1", host=HOST)
        assert caught.value.reason == "too_large"


def test_refusing_signed_headers_costs_no_more_than_in_proportion_to_their_number() -> None:
    def work(count: int) -> "Callable[[], object]":
        headers = {f"x-amz-meta-{number:04}": "v" for number in range(count)}
        forged = target_of("PUT", headers=headers)[:-4] + "0000"
        return lambda: verify("PUT", forged, headers=headers, **OPTIONS)

    few, many = work(25), work(250)
    assert cost(many) < 25 * cost(few)


def test_refusing_a_url_of_version_2_costs_no_more_than_in_proportion_to_its_parameters() -> None:
    def work(count: int) -> "Callable[[], object]":
        target = "/a?AWSAccessKeyId=A&Signature=b" + "&x-amz-security-token=t" * count
        return lambda: verify("GET", target, headers={}, **OPTIONS)

    few, many = work(25), work(250)
    assert cost(many) < 8 * cost(few)


def test_a_character_that_no_url_may_have_is_found_as_quickly_at_the_end_of_a_long_one() -> None:
    genuine = target_of(query={"b": "b" * 15_000})
    wrong = "/a?b=" + "b" * 15_000 + "["
    assert cost(lambda: verify("GET", wrong, headers={}, **OPTIONS)) < 2 * cost(
        lambda: verify("GET", genuine, headers={}, **OPTIONS)
    )


def test_an_answer_is_bounded_whatever_was_signed() -> None:
    headers = [(f"x-h{number}", "&" * 7_000) for number in range(8)]
    target = target_of(headers=dict(headers))[:-4] + "0000"
    for ask in (by_wsgi, by_asgi):
        for error_format in ("xml", "json"):
            answer = ask("GET", target, headers, error_format=error_format)
            assert answer.status == 403
            assert len(answer.body) < 4_096
    assert len(by_wsgi("GET", "/" + "&" * 200_000, []).body) < 8_192


# --- secrets ----------------------------------------------------------------------------------------------------------


def frames_of(fault: BaseException) -> "Iterator[tuple[str, dict[str, Any]]]":
    """The frames of the package in the traceback of an error, and in those of all that it came from."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [fault]
    while waiting:
        error = waiting.pop()
        if error is None or id(error) in seen:
            continue
        seen.add(id(error))
        waiting += [error.__cause__, error.__context__]
        for frame, _ in traceback.walk_tb(error.__traceback__):
            if frame.f_globals.get("__name__", "").startswith("sigv4presign"):
                yield frame.f_code.co_name, dict(frame.f_locals)


def secrets_shown(fault: BaseException) -> "list[str]":
    signature = SIGNATURE[0]
    return [
        f"{function}: {name}"
        for function, variables in frames_of(fault)
        for name, value in variables.items()
        if any(text in repr(value) for text in (SECRET, TOKEN, signature))
    ]


SIGNATURE = ["never"]


def refusals() -> "Iterator[tuple[str, Callable[[str, dict[str, Any]], tuple[str, Any, dict[str, Any]]]]]":
    """By name: what is done to a genuine request, its headers and the arguments of verify."""
    yield "forged", lambda t, h: (t[:-4] + ("0000" if t[-4:] != "0000" else "1111"), h, {})
    yield "expired", lambda t, h: (t, h, {"now": time.time() + 9_000})
    yield "ahead", lambda t, h: (t, h, {"now": time.time() - 9_000})
    yield "unknown key", lambda t, h: (t, h, {"secrets": {"ANOTHER": CREDS}})
    yield "another token", lambda t, h: (t, h, {"secrets": {"AKIDEXAMPLE": Credentials("AKIDEXAMPLE", SECRET, "t")}})
    yield "a secret of another type", lambda t, h: (t, h, {"secrets": {"AKIDEXAMPLE": SECRET.encode()}})
    yield "an empty secret", lambda t, h: (t, h, {"secrets": {"AKIDEXAMPLE": ""}})
    yield "a header too many", lambda t, h: (t, {**h, "x-amz-acl": "private"}, {})
    yield "another region", lambda t, h: (t, h, {"region": "us-east-1"})
    yield "another host", lambda t, h: (t, h, {"host": "other.example"})
    yield "used", lambda t, h: (t, h, {"single_use": _Refusing(False)})
    yield "no store", lambda t, h: (t, h, {"single_use": _Refusing(ConnectionError("database"))})
    yield "bad escapes", lambda t, h: (t.replace("/a?", "/%zz?"), h, {})
    yield "bad escapes in the query", lambda t, h: (t + "&a=%ff", h, {})
    yield "a parameter twice", lambda t, h: (t + "&X-Amz-Expires=1", h, {})
    yield "two authentications", lambda t, h: (t, {**h, "Authorization": f"Bearer {TOKEN}"}, {})
    yield "a bad date", lambda t, h: (t.replace("X-Amz-Date=2", "X-Amz-Date=x"), h, {})
    yield "a wrong argument", lambda t, h: (t, h, {"clock_skew": -1})
    yield "an argument that does not exist", lambda t, h: (t, h, {"secret": SECRET})
    yield "a look-up that fails", lambda t, h: (t, h, {"secrets": _failing})


class _Refusing:
    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def claim(self, request_id: str, expires_at: int) -> bool:
        del request_id, expires_at
        if isinstance(self.answer, Exception):
            raise self.answer
        return bool(self.answer)


def _failing(access_key_id: str) -> Any:
    raise KeyError(access_key_id)


@pytest.mark.parametrize("door", ["verify", "wsgi.verify", "asgi.verify", "wsgi guard", "asgi guard"])
@pytest.mark.parametrize(
    ("kind", "change"), list(refusals()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_no_frame_of_ours_shows_a_secret_when_an_error_leaves(door: str, kind: str, change: Any) -> None:
    target, headers, changes = change(target_of(credentials=CREDS), {"x-note": "n"})
    SIGNATURE[0] = target.rpartition("X-Amz-Signature=")[2][:60]
    arguments: dict[str, Any] = {**OPTIONS, "secrets": SECRETS, **changes}
    path, _, query = target.partition("?")
    environ = {
        "REQUEST_METHOD": "GET", "RAW_URI": target, "SCRIPT_NAME": "", "PATH_INFO": "/a", "QUERY_STRING": query,
        "HTTP_HOST": HOST, **{"HTTP_" + name.upper().replace("-", "_"): value for name, value in headers.items()},
    }  # fmt: skip
    scope: Any = {
        "type": "http", "method": "GET", "path": "/a", "raw_path": path.encode(), "query_string": query.encode(),
        "headers": [(b"host", HOST.encode()), *[(n.lower().encode(), v.encode()) for n, v in headers.items()]],
    }  # fmt: skip

    async def send(message: Any) -> None: ...

    del_now = {name: value for name, value in arguments.items() if name != "now"}
    doors: dict[str, Any] = {
        "verify": lambda: verify("GET", target, headers={**headers, "host": HOST}, **arguments),
        "wsgi.verify": lambda: wsgi.verify(environ, **arguments),
        "asgi.verify": lambda: asyncio.run(asgi.verify(scope, **arguments)),
        "wsgi guard": lambda: wsgi.PresignedOnly(None, **del_now)(environ, noting([])),  # type: ignore[arg-type]
        "asgi guard": lambda: asyncio.run(asgi.PresignedOnly(None, **del_now)(scope, send, send)),  # type: ignore[arg-type]
    }  # fmt: skip
    if "guard" in door and (
        kind not in ("a secret of another type", "an empty secret", "no store", "a look-up that fails")
    ):
        return  # a guard answers these
    with pytest.raises(Exception) as caught:
        doors[door]()
    assert secrets_shown(caught.value) == []


def test_a_form_that_is_refused_shows_no_secret_either() -> None:
    form = S3Presigner(CREDS, region="eu-west-1").post_object("bucket", "k", expires_in=60).fields
    SIGNATURE[0] = form["x-amz-signature"]
    arguments: dict[str, Any] = {"file_size": 1, "bucket": "bucket", "secrets": SECRETS, "region": "eu-west-1"}
    cases: list[tuple[dict[str, str], dict[str, Any]]] = [
        ({**form, "key": "other"}, {}),
        ({**form, "x-amz-signature": "0" * 64}, {}),
        ({**form, "policy": form["policy"] + "!"}, {}),
        (form, {"now": time.time() + 900}),
        (form, {"now": time.time() - 9_000}),
        (form, {"secrets": {}}),
        (form, {"bucket": "other"}),
        (form, {"single_use": _Refusing(False)}),
        (form, {"max_age": 0}),
        (form, {"secrets": _failing}),
        ({**form, "\udcff": "x"}, {}),
    ]
    for fields, changes in cases:
        with pytest.raises(Exception) as caught:
            verify_post(fields, **{**arguments, **changes})
        assert secrets_shown(caught.value) == []


def test_an_error_that_passes_through_a_guard_shows_nothing_of_the_request() -> None:
    target = target_of(credentials=CREDS)
    SIGNATURE[0] = target.rpartition("X-Amz-Signature=")[2]

    def app(environ: Any, _start: Any) -> Any:
        del environ
        raise ZeroDivisionError

    environ = {
        "REQUEST_METHOD": "GET", "RAW_URI": target, "SCRIPT_NAME": "", "PATH_INFO": "/a",
        "QUERY_STRING": target.partition("?")[2], "HTTP_HOST": HOST,
    }  # fmt: skip
    with pytest.raises(ZeroDivisionError) as caught:
        wsgi.PresignedOnly(app, **OPTIONS)(environ, noting([]))
    assert secrets_shown(caught.value) == []
    assert [name for name, _ in frames_of(caught.value)] == ["__call__", "answer"]


def test_the_frames_of_a_callback_stay_in_its_error() -> None:
    with pytest.raises(KeyError) as caught:
        verify("GET", target_of(), headers={}, secrets=_failing, service="s3", region="eu-west-1", host=HOST)
    names = [frame.f_code.co_name for frame, _ in traceback.walk_tb(caught.value.__traceback__)]
    assert names[1:] == ["verify", "_failing"]


# --- prefixes ---------------------------------------------------------------------------------------------------------

PREFIXES: "dict[str, tuple[str, str, dict[str, Any], str]]" = {
    "drop path_prefix": ("/files/a", "/files/a", {"path_prefix": "/files"}, ""),
    "signed without '/files'": ("/a", "/a", {"path_prefix": "/files"}, ""),
    "pass path_prefix='/files'": ("/files/a", "/a", {}, "/files"),
    "where the application is mounted": ("/a", "/files/a", {}, "/files"),
    "drop the root path": ("/files/a", "/files/files/a", {}, "/files"),
}


@pytest.mark.parametrize("hint", PREFIXES)
def test_a_refusal_for_a_doubled_or_missing_prefix_says_so_in_its_log_line(
    hint: str, caplog: pytest.LogCaptureFixture
) -> None:
    signed, received, options, root = PREFIXES[hint]
    query = target_of(path=signed).partition("?")[2]
    scope = {"root_path": root, "path": received}
    assert by_asgi("GET", f"{received}?{query}", [], scope=scope, **options).status == 403
    [record] = caplog.records
    assert record.levelno == logging.WARNING
    assert hint in record.getMessage()
    assert "X-Amz-Signature" not in record.getMessage()
    caplog.clear()
    assert by_asgi("GET", f"{received}?{query[:-4]}0000", [], scope=scope, **options).status == 403
    assert not caplog.records  # INFO: a forged signature is nobody's setting


def test_a_flood_of_forged_requests_is_not_searched_for_a_wrong_prefix(caplog: pytest.LogCaptureFixture) -> None:
    """Each search costs a second signature: a hundred in a second, and again in the next."""
    caplog.set_level(logging.INFO, "sigv4presign")
    query = target_of(path="/a", now=1_795_536_000).partition("?")[2]
    guarded = wsgi.PresignedOnly(lambda _environ, _start: [], path_prefix="/files", **OPTIONS)

    def hints(count: int, query: str) -> "list[bool]":
        caplog.clear()
        environ = {"REQUEST_METHOD": "GET", "RAW_URI": f"/a?{query}", "PATH_INFO": "/a", "QUERY_STRING": query,
                   "HTTP_HOST": HOST}  # fmt: skip
        for _ in range(count):
            guarded(dict(environ), noting([]))
        return ["signed without '/files'" in record.getMessage() for record in caplog.records]

    with freeze_time("2026-11-24T16:00:01Z") as clock:
        assert hints(60, query) == [True] * 60
        assert hints(39, query[:-4] + "0000") == [False] * 39
        assert hints(3, query) == [True, False, False]
        clock.tick(1)
        assert hints(101, query) == [True] * 100 + [False]


@pytest.mark.parametrize(("status", "own"), [(200, False), (400, False), (401, True), (499, True), (500, False)])
def test_after_a_rejected_body_an_application_has_its_own_client_errors(status: int, own: bool) -> None:
    body = Body(1, None)
    assert body.is_answered_by(status)
    with pytest.raises(errors.VerificationError, match="number of bytes"):
        body.take(b"", last=True)
    assert body.is_answered_by(status) is own
    with pytest.raises(errors.VerificationError, match="number of bytes"):
        body.take(b"a", last=True)
    assert not body.finished


@pytest.mark.parametrize(
    ("lengths", "encoded", "version", "expected"),
    [
        ([], False, "1.1", 0), ([], False, "1.0", 0), ([], False, "2", None), ([], False, "", None),
        ([], True, "1.1", None), (["0"], False, "1.1", 0), (["9" * 18], False, "2", 10**18 - 1),
        (["9" * 19], False, "1.1", "not a number"), (["+1"], False, "1.1", "not a number"),
        (["\u0663"], False, "1.1", "not a number"), ([""], False, "1.1", "not a number"),
        (["1", "1"], False, "1.1", "more than one"), (["1"], True, "1.1", "both"), (["1", "1"], True, "1.1", "both"),
    ],
)  # fmt: skip
def test_the_length_of_a_body_is_read_in_one_way_only(
    lengths: "list[str]", encoded: bool, version: str, expected: "int | str | None"
) -> None:
    if not isinstance(expected, str):
        assert announced_length(lengths, transfer_encoding=encoded, version=version) == expected
        return
    with pytest.raises(errors.VerificationError, match=expected) as caught:
        announced_length(lengths, transfer_encoding=encoded, version=version)
    assert (caught.value.reason, caught.value.code, caught.value.status) == ("malformed_request", "InvalidRequest", 400)


def test_a_body_asks_for_no_more_than_is_left_of_it() -> None:
    known, unknown = Body(5, None), Body(None, None)
    assert [known.at_most(size) for size in (4, 5, 6)] == [4, 5, 5]
    known.take(b"abc", last=False)
    assert (known.at_most(6), known.finished) == (2, False)
    known.take(b"de", last=False)
    assert (known.at_most(6), known.finished) == (0, True)
    assert unknown.at_most(99) == 99
    unknown.take(b"abc", last=False)
    assert (unknown.at_most(99), unknown.finished) == (99, False)
    unknown.take(b"", last=True)
    assert unknown.finished
    assert Body(0, None).finished


def test_a_mount_that_no_url_could_have_is_no_hint() -> None:
    query = target_of(path="/b").partition("?")[2]
    answer = by_asgi("GET", f"/a?{query}", [], scope={"root_path": "/100%", "path": "/100%/a"})
    assert answer.status == 403
    assert b"<Code>SignatureDoesNotMatch</Code>" in answer.body


def test_a_server_that_puts_the_prefix_back_itself_needs_no_other_setting() -> None:
    target = target_of(path="/files/a")
    assert by_asgi("GET", target, [], scope={"root_path": "/files"}, path_prefix="/files").status == 200  # uvicorn
    query = target.partition("?")[2]
    assert by_asgi("GET", f"/a?{query}", [], scope={"root_path": "/files"}, path_prefix="/files").status == 200


def test_a_refusal_is_logged_with_its_reason_and_without_its_query(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "sigv4presign")
    by_wsgi("GET", target_of()[:-4] + "0000", [])
    by_wsgi("GET", target_of().replace("?", "%3F"), [])
    by_wsgi("TRACE", "/\n", [])
    lines = [record.getMessage() for record in caplog.records]
    assert lines[0].startswith("GET /a refused (signature_mismatch, ")
    assert not any("X-Amz" in line or "\n" in line for line in lines)


@pytest.mark.parametrize("spelt", ["{}", "%{:02X}", "%25{:02X}", "%252525{:02X}", "%{:02x}"])
def test_a_query_that_came_as_part_of_the_path_is_not_logged(spelt: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "sigv4presign")
    path, _, query = target_of().partition("?")
    escaped = [c if c.isalnum() or "%" not in spelt else spelt.format(ord(c)) for c in f"?{query}"]
    token = "X-Amz-Security-Token=" + query[-64:].upper()  # first, so that no & comes before it
    spelt_token = "".join([c if c.isalnum() or "%" not in spelt else spelt.format(ord(c)) for c in token])
    for target in (
        path + "%3F" + "".join(escaped)[len(escaped[0]) :],
        path + "/Signature=" + query[-64:],
        f"{path}/{spelt_token}",
    ):
        caplog.clear()
        by_wsgi("GET", target, [])
        [line] = [record.getMessage() for record in caplog.records]
        assert line.startswith("GET /a")
        assert query[-52:].lower() not in line.lower()


DIGITS = "0123456789abcdef"


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        ("/a?X-Amz-Signature=1", "/a"),
        ("*", "*"),
        ("", ""),
        ("http://u:p@w@h.example/a?b", "http://h.example/a"),
        ("//h.example/a@b", "//h.example/a@b"),
        ("/" + "a" * 1_022, "/" + "a" * 1_022),
        ("/" + "a" * 1_024, "/" + "a" * 1_023),
        ("/Signature=" + DIGITS + "0123", "/Signature=" + DIGITS + "0123"),  # 31 characters: too short for a secret
        ("/Signature=" + DIGITS + "01234", "/Signature"),
        ("/folder/of/photographs/a=b&c=d%20e", "/folder/of/photographs/a=b&c=d%20e"),
        ("/photographs/a%3FX-Amz-Date=20251124T160000Z", "/photographs/a"),
        ("/photographs/a&X-Amz-Date:20251124T160000Z", "/photographs/a"),
        ("/photographs/x-amz-date:20251124T160000Z", "/photographs/"),
        ("/photographs/x_amz_date:20251124T160000Z", "/photographs/x_amz_date:20251124T160000Z"),
    ],
)
def test_a_log_line_and_an_answer_show_the_path_up_to_what_may_be_a_signature(target: str, shown: str) -> None:
    assert shown_resource(target) == shown


def test_a_password_before_a_host_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "sigv4presign")
    answer = by_wsgi("GET", f"http://user:pa/ssw0rd@{HOST}{target_of()}", [])
    assert answer.status == 400
    [line] = [record.getMessage() for record in caplog.records]
    assert line.startswith(f"GET http://{HOST}/a refused (malformed_request, ")
    assert b"ssw0rd" not in answer.body


@pytest.mark.parametrize("escaped", ["letters", "capitals", "everything"])
def test_a_query_whose_letters_came_escaped_is_not_logged(escaped: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "sigv4presign")
    path, _, query = target_of().partition("?")
    for times in (1, 2, 4):
        percent = "%" + "25" * (times - 1)
        written = "".join(
            [
                f"{percent}{ord(c):02X}" if escaped == "everything" or c.isupper() or c in "?&=" or
                (escaped == "letters" and c.isalpha()) else c
                for c in f"?X-Amz-Signature={query[-64:]}"
            ]
        )  # fmt: skip
        caplog.clear()
        answer = by_wsgi("GET", path + written, [])
        assert answer.status == 403
        [line] = [record.getMessage() for record in caplog.records]
        assert line.startswith("GET /a refused")
        assert b"<Resource>/a</Resource>" in answer.body


# --- forms ------------------------------------------------------------------------------------------------------------

NOW = 1_764_000_000


def form_of(key: str = "k") -> "dict[str, str]":
    return S3Presigner(PLAIN, region="eu-west-1").post_object("bucket", key, expires_in=604_800, now=NOW).fields


def check(fields: "dict[str, str]", **changes: Any) -> Any:
    arguments: dict[str, Any] = {"file_size": 1, "bucket": "bucket", "region": "eu-west-1", "now": NOW + 60}
    arguments.update({"secrets": {"PLAINEXAMPLE": PLAIN}, **changes})
    return verify_post(fields, **arguments)


def test_a_form_is_refused_once_its_signature_is_too_old() -> None:
    assert check(form_of(), max_age=60).expires_at == NOW + 60
    assert check(form_of(), max_age=60, now=NOW + 60).expires_at == NOW + 60
    with pytest.raises(errors.Expired, match="older than 60 seconds") as caught:
        check(form_of(), max_age=60, now=NOW + 61)
    assert (caught.value.reason, caught.value.expires_at) == ("policy_expired", NOW + 60)
    for wrong in (0, 604_801, True, "60"):
        with pytest.raises((errors.InputError, TypeError), match="max_age"):
            check(form_of(), max_age=wrong)


def test_a_key_has_at_most_1024_bytes_once_the_files_name_is_in_it() -> None:
    assert len(check(form_of("u/${filename}"), filename="a" * 1_022).key) == 1_024
    for key, filename in (
        ("u/${filename}", "a" * 1_023),
        ("u/${filename}", "é" * 512),
        ("${filename}" * 400, "a" * 5_000),
    ):
        with pytest.raises(errors.VerificationError) as caught:
            check(form_of(key), filename=filename)
        assert (caught.value.reason, caught.value.status) == ("too_large", 400)


def test_a_form_has_at_most_256_fields() -> None:
    fields = {**form_of(), **{f"x-ignore-{number}": "" for number in range(256)}}
    with pytest.raises(errors.VerificationError, match="256 fields at most"):
        check(fields)
    most = dict(list(fields.items())[:256])
    assert check(most).key == "k"
    assert check({**most, "File": "of any size" * 9_999}).key == "k"


def test_used_links_go_by_the_now_that_is_passed_in() -> None:
    used = UsedLinks()
    assert check(form_of(), single_use=used).key == "k"
    with pytest.raises(errors.VerificationError, match="used already"):
        check(form_of(), single_use=used)


# --- frameworks -------------------------------------------------------------------------------------------------------

WRONG = "0" * 64


def wrong_upload() -> "tuple[str, list[tuple[str, str]]]":
    headers = {"x-amz-content-sha256": WRONG}
    target = target_of("PUT", headers=headers, payload_hash=WRONG)
    return target, [*headers.items(), ("Content-Length", "4")]


def test_flask_answers_a_refused_body_with_the_guards_400() -> None:
    flask: Any = pytest.importorskip("flask")
    app = flask.Flask("uploads")

    def store() -> Any:
        return flask.request.get_data()

    app.add_url_rule("/a", view_func=store, methods=["PUT"])
    target, headers = wrong_upload()
    path, _, query = target.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "PUT", "RAW_URI": target, "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query,
        "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": HOST, "SERVER_NAME": HOST, "SERVER_PORT": "443",
        "wsgi.input": io.BytesIO(b"ants"), "wsgi.url_scheme": "https", "wsgi.errors": io.StringIO(),
        "CONTENT_LENGTH": "4", "HTTP_X_AMZ_CONTENT_SHA256": WRONG,
    }  # fmt: skip
    del headers
    statuses: list[str] = []
    answer = wsgi.PresignedOnly(app.wsgi_app, **OPTIONS)(environ, noting(statuses))
    assert b"XAmzContentSHA256Mismatch" in b"".join(answer)
    assert statuses == ["400 Bad Request"]


def test_fastapi_answers_a_refused_body_with_the_guards_400() -> None:
    fastapi: Any = pytest.importorskip("fastapi")
    app = fastapi.FastAPI()

    async def raw(request: Any) -> Any:
        return len(await request.body())

    raw.__annotations__["request"] = fastapi.Request
    app.put("/a")(raw)
    app.put("/b")(raw)
    target, headers = wrong_upload()
    path, _, query = target.partition("?")
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"ants", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "PUT", "path": path, "raw_path": path.encode(), "query_string": query.encode(),
        "http_version": "1.1", "scheme": "https", "server": (HOST, 443), "client": ("127.0.0.1", 1), "root_path": "",
        "headers": [(b"host", HOST.encode())] + [(name.lower().encode(), value.encode()) for name, value in headers],
    }  # fmt: skip
    asyncio.run(asgi.PresignedOnly(app, **OPTIONS)(scope, receive, send))
    assert [message.get("status") for message in sent] == [400, None]
    assert b"XAmzContentSHA256Mismatch" in sent[1]["body"]
