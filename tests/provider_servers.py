"""Servers on loopback that speak what AWS's metadata services and STS speak, faults included.

Rule: each checks what the real one checks and answers as it does, so that a client which passes here has spoken the
protocol; who signed a request to STS is checked by botocore's signer.
"""

import base64
import contextlib
import datetime
import hashlib
import ipaddress
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Generator
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import oracle
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric import utils as asym_utils
from cryptography.x509.oid import NameOID

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
        self.region = "sa-east-1"
        self.zone = "sa-east-1b"
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
        if asked.target == "/latest/meta-data/placement/region":
            return Answer(200, self.region) if self.region else Answer(404)
        if asked.target == "/latest/meta-data/placement/availability-zone/":  # where the AWS CLI looks
            return Answer(200, self.zone) if self.zone else Answer(404)
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


# --- single sign-on and sign-in ---------------------------------------------------------------------------------------


def portal_role(account: str, role: str, milliseconds: int) -> "dict[str, object]":
    """The credentials of a role as the portal gives them; they follow from the role."""
    name = hashlib.sha256(f"{account}/{role}".encode()).hexdigest()[:12].upper()
    return {
        "accessKeyId": f"ASIASSO{name}",
        "secretAccessKey": f"secret-of-{name}",
        "sessionToken": f"token-of-{name}",
        "expiration": milliseconds,
    }


class Portal(Loopback):
    """The access portal: https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html"""

    def __init__(self) -> None:
        super().__init__()
        self.tokens = {"sso-access"}  # the access tokens that are valid
        self.roles = {("123456789012", "Reader"), ("123456789012", "Writer"), ("210987654321", "Reader")}
        self.lifetime = 3600

    def answer(self, asked: Asked) -> Answer:
        url = urlsplit(asked.target)
        if asked.method != "GET" or url.path != "/federation/credentials" or asked.body:
            return Answer(404, json.dumps({"message": "no such operation"}))
        if "Authorization" in asked.headers:
            return Answer(400, json.dumps({"message": "signed"}))
        if asked.headers.get("x-amz-sso_bearer_token") not in self.tokens:
            return self.error(401, "UnauthorizedException", "Session token not found or invalid")
        query = dict(parse_qsl(url.query, strict_parsing=True))
        role = (query["account_id"], query["role_name"])
        if set(query) != {"account_id", "role_name"} or role not in self.roles:
            return self.error(403, "ForbiddenException", "No access")
        milliseconds = (int(time.time()) + self.lifetime) * 1000
        return Answer(200, json.dumps({"roleCredentials": portal_role(*role, milliseconds)}))

    @staticmethod
    def error(status: int, code: str, message: str) -> Answer:
        return Answer(status, json.dumps({"message": message}), (("x-amzn-ErrorType", code),))


class Oidc(Loopback):
    """The token service: https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html

    A refresh token is good for one use; each answer has the next one.
    """

    def __init__(self, portal: Portal) -> None:
        super().__init__()
        self.portal = portal
        self.refresh_tokens = {"sso-refresh"}
        self.issued = 0
        self.lifetime = 3600
        self.lock = threading.Lock()

    def answer(self, asked: Asked) -> Answer:
        if (asked.method, asked.target) != ("POST", "/token") or "Authorization" in asked.headers:
            return Answer(404)
        if asked.headers.get("Content-Type") != "application/json":
            return self.error("invalid_request")
        fields = json.loads(asked.body)
        if set(fields) != {"clientId", "clientSecret", "grantType", "refreshToken"}:
            return self.error("invalid_request")
        if fields["grantType"] != "refresh_token":
            return self.error("unsupported_grant_type")
        if (fields["clientId"], fields["clientSecret"]) != ("sso-client", "sso-client-secret"):
            return self.error("invalid_client", 401)
        with self.lock:
            if fields["refreshToken"] not in self.refresh_tokens:
                return self.error("invalid_grant")
            self.refresh_tokens.remove(fields["refreshToken"])
            self.issued += 1
            access, refresh = f"sso-access-{self.issued}", f"sso-refresh-{self.issued}"
            self.refresh_tokens.add(refresh)
            self.portal.tokens.add(access)
        answer = {"accessToken": access, "expiresIn": self.lifetime, "refreshToken": refresh, "tokenType": "Bearer"}
        return Answer(200, json.dumps(answer))

    @staticmethod
    def error(code: str, status: int = 400) -> Answer:
        names = {"invalid_grant": "InvalidGrantException", "invalid_client": "InvalidClientException"}
        headers = (("x-amzn-ErrorType", names.get(code, "InvalidRequestException")),)
        return Answer(status, json.dumps({"error": code, "error_description": "no"}), headers)


def unpadded(text: str) -> bytes:
    """The bytes of base64url without padding (RFC 7515, 2)."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class SignIn(Loopback):
    """The sign-in service: https://docs.aws.amazon.com/signin/latest/APIReference/API_CreateOAuth2Token.html

    It checks the DPoP proof with the `cryptography` package: RFC 9449, 4.3.
    """

    def __init__(self) -> None:
        super().__init__()
        self.refresh_tokens = {"login-refresh"}
        self.issued = 0
        self.lifetime = 900
        self.proofs: set[str] = set()
        self.lock = threading.Lock()
        self.denial = "TOKEN_EXPIRED"

    def answer(self, asked: Asked) -> Answer:
        if (asked.method, asked.target) != ("POST", "/v1/token") or "Authorization" in asked.headers:
            return Answer(404, "{}")
        fields = json.loads(asked.body)
        if set(fields) != {"clientId", "refreshToken", "grantType"} or fields["grantType"] != "refresh_token":
            return self.error(400, "INVALID_REQUEST", "ValidationException")
        with self.lock:
            if not self.is_proven(asked):
                return self.error(400, "INVALID_REQUEST", "ValidationException")
            if fields["refreshToken"] not in self.refresh_tokens:
                return self.error(401, self.denial, "AccessDeniedException")
            self.refresh_tokens.remove(fields["refreshToken"])
            self.issued += 1
            refresh = f"login-refresh-{self.issued}"
            self.refresh_tokens.add(refresh)
        answer = {
            "accessToken": {
                "accessKeyId": f"ASIALOGIN{self.issued}",
                "secretAccessKey": f"secret-of-login-{self.issued}",
                "sessionToken": f"token-of-login-{self.issued}",
            },
            "tokenType": "aws_sigv4",
            "expiresIn": self.lifetime,
            "refreshToken": refresh,
        }
        return Answer(200, json.dumps(answer))

    @staticmethod
    def error(status: int, error: str, code: str) -> Answer:
        return Answer(status, json.dumps({"error": error, "message": "no"}), (("x-amzn-ErrorType", code),))

    def is_proven(self, asked: Asked) -> bool:
        """Whether the DPoP header is a proof for this request, and a new one."""
        head, payload, signature = asked.headers["DPoP"].split(".")
        header, claims = json.loads(unpadded(head)), json.loads(unpadded(payload))
        jwk, raw = header["jwk"], unpadded(signature)
        x, y, r, s = [
            int.from_bytes(part, "big") for part in (unpadded(jwk["x"]), unpadded(jwk["y"]), raw[:32], raw[32:])
        ]
        key = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
        try:
            key.verify(asym_utils.encode_dss_signature(r, s), f"{head}.{payload}".encode(), ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            return False
        fresh = claims["jti"] not in self.proofs
        self.proofs.add(claims["jti"])
        return (
            fresh
            and len(raw) == 64
            and (header["typ"], header["alg"], jwk["kty"], jwk["crv"]) == ("dpop+jwt", "ES256", "EC", "P-256")
            and (claims["htm"], claims["htu"]) == ("POST", f"http://{asked.headers['Host']}/v1/token")
            and abs(claims["iat"] - time.time()) < 300
        )


class Express(Loopback):
    """CreateSession of a directory bucket, whose caller signs as for STS.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateSession.html
    """

    def __init__(self, secrets: "dict[str, tuple[str, str | None]]") -> None:
        super().__init__()
        self.secrets = secrets
        self.issued = 0
        self.lifetime = 300

    def answer(self, asked: Asked) -> Answer:
        fields = dict(parse_qsl(urlsplit(asked.target).query, keep_blank_values=True))
        key, _, region, service, _ = fields["X-Amz-Credential"].split("/")
        if fields.get("session") != "" or service != "s3express" or key not in self.secrets:
            return self.error(403, "InvalidAccessKeyId")
        secret, token = self.secrets[key]
        mode = asked.headers.get("x-amz-create-session-mode")
        expected = oracle.presigned_url(
            "s3",
            "GET",
            f"http://{asked.headers['Host']}/?session=",
            keys=(key, secret, token),
            region=region,
            service=service,
            expires_in=int(fields["X-Amz-Expires"]),
            headers=[("x-amz-create-session-mode", mode)] if mode else [],
            now=parse_amz_date(fields["X-Amz-Date"]),
        )
        theirs = dict(parse_qsl(urlsplit(expected).query, keep_blank_values=True))
        if theirs != fields:
            return self.error(403, "SignatureDoesNotMatch")
        self.issued += 1
        expiration = iso_date(int(time.time()) + self.lifetime)
        return Answer(
            200,
            '<?xml version="1.0" encoding="UTF-8"?>'
            '<CreateSessionResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Credentials>'
            f"<SessionToken>token-of-session-{self.issued}</SessionToken>"
            f"<SecretAccessKey>secret-of-session-{self.issued}</SecretAccessKey>"
            f"<AccessKeyId>ASIAEXPRESS{self.issued}</AccessKeyId><Expiration>{expiration}</Expiration>"
            "</Credentials></CreateSessionResult>",
        )

    @staticmethod
    def error(status: int, code: str) -> Answer:
        return Answer(status, f"<Error><Code>{code}</Code><Message>secret-of-nobody</Message></Error>")


def make_certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that has signed itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    now = datetime.datetime.now(datetime.timezone.utc)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "both.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


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
