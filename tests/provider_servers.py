"""Servers on loopback that speak what AWS's metadata services and STS speak, faults included.

Rule: each checks what the real one checks and answers as it does, so that a client which passes here has spoken the
protocol; who signed a request to STS is checked by botocore's signer.
"""

import contextlib
import hashlib
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Generator
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import oracle

from sigv4presign._time import iso_date, parse_amz_date


class Asked(NamedTuple):
    """A request that came in."""

    method: str
    target: str
    headers: "Message[str, str]"
    body: bytes


class Answer(NamedTuple):
    """What goes back; `delay` in seconds, before anything is sent."""

    status: int = 200
    body: "bytes | str" = b""
    headers: "tuple[tuple[str, str], ...]" = ()
    delay: float = 0


class Loopback:
    """A server on a free port of 127.0.0.1, which remembers what it was asked."""

    def __init__(self, tls: "ssl.SSLContext | None" = None) -> None:
        self.asked: list[Asked] = []
        self.faults: list[Answer] = []  # each is given once, before any proper answer
        self.always: Answer | None = None  # given to every request
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                asked = Asked(self.command, self.path, self.headers, body)
                owner.asked.append(asked)
                answer = owner.always or (owner.faults.pop(0) if owner.faults else owner.answer(asked))
                if answer.delay:
                    time.sleep(answer.delay)
                content = answer.body.encode() if isinstance(answer.body, str) else answer.body
                with contextlib.suppress(OSError):  # a client that has gone
                    self.send_response(answer.status)
                    for name, value in answer.headers:
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)

            do_GET = do_PUT = do_POST = do_CONNECT = handle_one  # noqa: N815 - http.server's own names

            def log_message(self, format: str, *args: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False
            request_queue_size = 128

            def handle_error(self, request: object, client_address: object) -> None:
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        if tls is not None:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.port: int = self.server.server_address[1]
        self.url = f"{'http' if tls is None else 'https'}://127.0.0.1:{self.port}"

    def answer(self, asked: Asked) -> Answer:
        raise NotImplementedError

    def __enter__(self) -> "Any":
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *fault: object) -> None:
        self.server.shutdown()
        self.server.server_close()


def keys(name: str, lifetime: int, **more: object) -> "dict[str, object]":
    """Credentials as a metadata service writes them; `lifetime` counts from now, by the clock of the test."""
    return {
        "AccessKeyId": f"ASIA{name}",
        "SecretAccessKey": f"secret-of-{name}",
        "Token": f"token-of-{name}",
        "Expiration": iso_date(int(time.time()) + lifetime),
        **more,
    }


class Imds(Loopback):
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html"""

    def __init__(self) -> None:
        super().__init__()
        self.role = "app-role"
        self.lifetime = 6 * 3600
        self.v1_allowed = True
        self.v2_allowed = True
        self.issued = 0
        self.document: str | None = None  # instead of the credentials

    def answer(self, asked: Asked) -> Answer:
        if asked.method == "PUT" and asked.target == "/latest/api/token":
            if not self.v2_allowed or "X-Forwarded-For" in asked.headers:
                return Answer(403)
            seconds = asked.headers.get("X-aws-ec2-metadata-token-ttl-seconds", "")
            if not seconds.isdigit() or not 1 <= int(seconds) <= 21_600:
                return Answer(400)
            return Answer(200, "AQAEAtoken-of-the-session==")
        token = asked.headers.get("X-aws-ec2-metadata-token")
        if token != "AQAEAtoken-of-the-session==" and not (token is None and self.v1_allowed):
            return Answer(401)
        if asked.target == "/latest/meta-data/iam/security-credentials/":
            return Answer(200, self.role) if self.role else Answer(404)
        if asked.target == f"/latest/meta-data/iam/security-credentials/{self.role}":
            self.issued += 1
            more = {"Code": "Success", "Type": "AWS-HMAC", "LastUpdated": iso_date(int(time.time()))}
            return Answer(200, self.document or json.dumps(keys(f"IMDS{self.issued}", self.lifetime, **more)))
        return Answer(404)


class Container(Loopback):
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html, and EKS's agent."""

    PATH = "/v2/credentials/2f1c-capability"

    def __init__(self, tls: "ssl.SSLContext | None" = None) -> None:
        super().__init__(tls)
        self.token: str | None = None
        self.lifetime = 6 * 3600
        self.issued = 0
        self.delay = 0.0

    def answer(self, asked: Asked) -> Answer:
        if asked.target != self.PATH:
            return Answer(404, json.dumps({"code": "NotFound"}))
        if asked.headers.get("Authorization") != self.token:
            return Answer(401, json.dumps({"code": "AccessDenied"}))
        self.issued += 1
        return Answer(200, json.dumps(keys(f"TASK{self.issued}", self.lifetime, RoleArn="arn")), delay=self.delay)


STS_XML = """<{action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <{action}Result>
    <AssumedRoleUser><AssumedRoleId>AROA:s</AssumedRoleId><Arn>arn:aws:sts::1:assumed-role/r/s</Arn></AssumedRoleUser>
    <Credentials>
      <AccessKeyId>{key}</AccessKeyId>
      <SecretAccessKey>secret-of-{key}</SecretAccessKey>
      <SessionToken>token-of-{key}</SessionToken>
      <Expiration>{expiration}</Expiration>
    </Credentials>
    <PackedPolicySize>6</PackedPolicySize>
  </{action}Result>
  <ResponseMetadata><RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId></ResponseMetadata>
</{action}Response>"""

STS_ERROR_XML = """<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>
  <RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId>
</ErrorResponse>"""


def sts_error(status: int, code: str, message: str = "no") -> Answer:
    """An error as STS writes it."""
    return Answer(status, STS_ERROR_XML.format(code=code, message=message), (("Content-Type", "text/xml"),))


class Sts(Loopback):
    """STS.  What it gives follows from who asks for what, so that two clients with one question have one answer."""

    def __init__(self, secrets: "dict[str, tuple[str, str | None]] | None" = None, **named: "Any") -> None:
        super().__init__(**named)
        self.secrets = dict(secrets or {})  # access key id: secret, session token
        self.granted: list[dict[str, str]] = []

    def answer(self, asked: Asked) -> Answer:
        url = urlsplit(asked.target)
        pairs = parse_qsl(url.query, strict_parsing=bool(url.query)) + parse_qsl(asked.body.decode())
        fields = dict(pairs)
        if len(fields) != len(pairs) or url.path not in ("/", ""):
            return sts_error(400, "MalformedQueryString")
        caller = self.caller(asked, fields)
        if isinstance(caller, Answer):
            return caller
        self.granted.append({name: value for name, value in fields.items() if not name.startswith("X-Amz-")})
        key = self.key(caller, fields)
        expiration = iso_date(int(time.time()) + int(fields.get("DurationSeconds", "3600")))
        self.secrets[key] = (f"secret-of-{key}", f"token-of-{key}")
        return Answer(200, STS_XML.format(action=fields["Action"], key=key, expiration=expiration))

    def caller(self, asked: Asked, fields: "dict[str, str]") -> "str | Answer":
        """The access key id that signed, or the web identity's token; or the refusal."""
        if fields["Action"] == "AssumeRoleWithWebIdentity":
            if "Authorization" in asked.headers or "X-Amz-Signature" in fields:
                return sts_error(400, "ValidationError")
            if fields["WebIdentityToken"] not in ("good-jwt", "next-jwt"):
                return sts_error(400, "InvalidIdentityToken")
            return "good-jwt"
        if "Authorization" in asked.headers:  # as botocore asks; its signature is botocore's own business
            return asked.headers["Authorization"].partition("Credential=")[2].partition("/")[0]
        key, _, region, service, _ = fields["X-Amz-Credential"].split("/")
        if key not in self.secrets:
            return sts_error(403, "InvalidClientTokenId")
        secret, token = self.secrets[key]
        if fields.get("X-Amz-Security-Token") != token:
            return sts_error(403, "InvalidClientTokenId")
        unsigned = asked.target.partition("&X-Amz-Algorithm")[0]
        expected = oracle.presigned_url(
            "generic",
            asked.method,
            f"http://{asked.headers['Host']}{unsigned}",
            keys=(key, secret, token),
            region=region,
            service=service,
            expires_in=int(fields["X-Amz-Expires"]),
            now=parse_amz_date(fields["X-Amz-Date"]),
        )
        theirs = dict(parse_qsl(urlsplit(expected).query))
        if service != "sts" or theirs["X-Amz-Signature"] != fields["X-Amz-Signature"]:
            # As STS does it: the message quotes all that was to be signed.
            return sts_error(403, "SignatureDoesNotMatch", f"should have been {asked.target.replace('&', ';')}")
        return key

    @staticmethod
    def key(caller: str, fields: "dict[str, str]") -> str:
        """The access key id that a caller gets for its parameters, a made-up session name left aside."""
        said = {name: value for name, value in fields.items() if name in _SAID}
        if said.get("RoleSessionName", "").startswith(("botocore-session-", "presign-")):
            del said["RoleSessionName"]
        return "ASIA" + hashlib.sha256(json.dumps([caller, sorted(said.items())]).encode()).hexdigest()[:16].upper()


_SAID = ("Action", "DurationSeconds", "ExternalId", "Policy", "RoleArn", "RoleSessionName")


@contextlib.contextmanager
def raw_server(talk: "Callable[[socket.socket], None]") -> "Generator[str]":
    """The URL of a server that does with each connection whatever `talk` does."""
    listener = socket.create_server(("127.0.0.1", 0))
    closed = threading.Event()

    def serve(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.recv(65_536)
            talk(connection)

    def accept() -> None:
        while not closed.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        closed.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
