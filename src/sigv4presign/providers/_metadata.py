"""The two metadata services: a container's, and an EC2 instance's.

Rule: a container's endpoint comes from an environment variable, so a request and its token are sent only to hosts that
an AWS SDK allows.  An instance is asked only with a session token (IMDSv2): a forged request could reach IMDSv1.
"""

import os

from ..errors import CredentialsNotFound, InputError
from ._answer import code_name, credentials_from, json_object
from ._http import Server, TimedOutError
from ._lookup import Lookup, Value, is_true
from ._provider import Found, NotConfigured

# --- containers: ECS, EKS Pod Identity, Greengrass and others -------------------------------------------------------
# https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html

ECS = "http://169.254.170.2"

# Hosts allowed without TLS, besides loopback addresses: ECS, then both addresses of EKS.
_TRUSTED = ("localhost", "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]")

_CONTAINER_TIMEOUT = 2.0  # seconds; the attempts are botocore's too
_CONTAINER_ATTEMPTS = 3


def fetch_container(*, network: bool = True) -> Found:
    """Return the credentials of the container's endpoint."""
    relative = os.environ.get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
    url = os.environ.get("AWS_CONTAINER_CREDENTIALS_FULL_URI")
    if relative:
        if not relative.startswith("/"):  # else it would extend the host
            raise CredentialsNotFound("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI does not begin with a slash")
        url = ECS + relative
    if not url:
        raise NotConfigured(
            "neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set"
        )
    if not network:
        raise CredentialsNotFound("the credentials are those of the container, and the network may not be used")
    bundle = Lookup(None).variable("AWS_CA_BUNDLE").text
    server = Server(
        "the container endpoint", url, timeout=_CONTAINER_TIMEOUT, attempts=_CONTAINER_ATTEMPTS, ca_bundle=bundle
    )
    if server.scheme == "http" and not relative and not _is_trusted(server.host):
        raise server.failure(
            "is not asked: without TLS only loopback addresses and those of ECS and EKS (169.254.170.2, "
            "169.254.170.23, fd00:ec2::23) are; use https"
        )
    status, text = server.ask("GET", url, {"Accept": "application/json", **_authorization()})
    if status != 200:
        raise server.failure(f"answered with status {status}")
    answer = json_object(server.who, text)
    if "code" in answer and "AccessKeyId" not in answer:
        raise server.failure(f"answered with {code_name(answer['code'])}")
    return Found(credentials_from(server.who, answer, token="Token", temporary=False), server.who)


def _is_trusted(host: str) -> bool:
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    if name in _TRUSTED:
        return True
    from ipaddress import ip_address

    try:
        return ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False


def _authorization() -> "dict[str, str]":
    """Return the header with the endpoint's token; a file is read each time, since EKS renews its token."""
    variable = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
    path = os.environ.get(variable)
    if path:
        token = read_token(path, variable)
    else:
        variable = "AWS_CONTAINER_AUTHORIZATION_TOKEN"
        token = os.environ.get(variable) or ""
        if not token:
            return {}
    if not (token.isascii() and token.isprintable()):
        raise CredentialsNotFound(
            f"{variable} gives a token with a line break or another character that headers reject"
        )
    return {"Authorization": token}


def read_token(path: str, whence: str) -> str:
    """Return the token in a file, without the line break at its end."""
    try:
        with open(path, encoding="utf-8") as file:
            token = file.read(LONGEST_TOKEN + 1).rstrip("\r\n")
    except OSError as fault:
        raise CredentialsNotFound(f"{path}, which {whence} names, cannot be read ({fault.strerror})") from None
    except UnicodeDecodeError:
        raise CredentialsNotFound(f"{path}, which {whence} names, is not text") from None
    if not token:
        raise CredentialsNotFound(f"{path}, which {whence} names, is empty")
    if len(token) > LONGEST_TOKEN:
        raise CredentialsNotFound(f"{path}, which {whence} names, is too long for a token")
    return token


# https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
LONGEST_TOKEN = 20_000

# --- EC2 instances: IMDSv2 ------------------------------------------------------------------------------------------
# https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html

_IMDS = {"ipv4": "http://169.254.169.254", "ipv6": "http://[fd00:ec2::254]"}
_PLACEMENT = "/latest/meta-data/placement/"
_ROLES = "/latest/meta-data/iam/security-credentials/"
_TOKEN_SECONDS = "21600"  # lifetime of an IMDS session: six hours, the maximum


def fetch_instance(profile: "str | None" = None, *, network: bool = True) -> Found:
    """Return the credentials of the instance's role; a profile may set the service's endpoint."""
    lookup = Lookup(profile)
    if _is_disabled(lookup):
        raise NotConfigured("AWS_EC2_METADATA_DISABLED is set, so the instance metadata service is not asked")
    if not network:
        raise NotConfigured("the instance metadata service is not asked, since the network may not be used")
    try:
        session = _Session(lookup)
    except InputError as fault:
        problem = f"the instance metadata service cannot be asked: {fault}"
    else:
        return session.role_credentials()
    raise CredentialsNotFound(problem)


def instance_region(lookup: Lookup) -> "str | None":
    """Return the region of the instance; None if the service does not answer, usually because this is not EC2.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-categories.html
    """
    if _is_disabled(lookup):
        return None
    try:
        session = _Session(lookup)
        status, text = session.ask(_PLACEMENT + "region")
        if status == 404:  # an older or replacement service: take `eu-west-1a` without its letter
            status, text = session.ask(_PLACEMENT + "availability-zone/")
            text = text.strip()[:-1]
    except CredentialsNotFound:
        return None
    region = text.decode("latin-1").strip()
    return region if status == 200 and region.isascii() and region.replace("-", "").isalnum() else None


def _is_disabled(lookup: Lookup) -> bool:
    return lookup.environ.get("AWS_EC2_METADATA_DISABLED", "").lower() == "true"


class _Session:
    """A session with IMDSv2: its token is sent with each request."""

    def __init__(self, lookup: Lookup) -> None:
        base = lookup.find("ec2_metadata_service_endpoint").text
        if not base:
            mode = lookup.find("ec2_metadata_service_endpoint_mode")
            name = (mode.text or ("ipv6" if is_true(lookup.find("imds_use_ipv6")) else "ipv4")).lower()
            if name not in _IMDS:
                raise InputError(mode.source, f"{name[:20]!r} is not IPv4 or IPv6")
            base = _IMDS[name]
        self.base = base.rstrip("/")
        self.server = Server(
            "the instance metadata service",
            base,
            timeout=_number(lookup.find("metadata_service_timeout")),
            attempts=int(_number(lookup.find("metadata_service_num_attempts"))),
        )
        self.headers: dict[str, str] = {}

    def ask(self, path: str) -> "tuple[int, bytes]":
        """Return status and body of the answer."""
        if not self.headers:
            self.headers["X-aws-ec2-metadata-token"] = self._token()
        return self.server.ask("GET", self.base + path, self.headers)

    def _token(self) -> str:
        ttl = {"X-aws-ec2-metadata-token-ttl-seconds": _TOKEN_SECONDS}
        try:
            status, answered = self.server.ask("PUT", self.base + "/latest/api/token", ttl)
        except TimedOutError as fault:
            # The hop limit applies only to the answer to this request, which is lost one hop too far away.
            problem = (
                f"{fault}; in a container on EC2 the hop limit has to be 2: `aws ec2 modify-instance-metadata-options "
                "--instance-id ... --http-put-response-hop-limit 2`"
            )
        else:
            token = answered.decode("latin-1")
            if status == 200 and token and token.isascii() and token.isprintable():
                return token
            raise self.server.failure(f"gave no IMDSv2 token (status {status}), and IMDSv1 is not used")
        raise CredentialsNotFound(problem)

    def role_credentials(self) -> Found:
        """Return the credentials of the instance's role."""
        server = self.server
        status, listed = self.ask(_ROLES)
        if status == 404:
            raise server.failure("knows of no role: attach one to the instance")
        role = listed.partition(b"\n")[0].strip()
        if status != 200 or not role or role.translate(None, _ROLE_BYTES):
            raise server.failure(f"gave no name of a role (status {status})")

        status, text = self.ask(_ROLES + role.decode())
        if status != 200:
            raise server.failure(f"answered with status {status} for the role {role.decode()}")
        answer = json_object(server.who, text)
        if answer.get("Code", "Success") != "Success":
            raise server.failure(f"answered with {code_name(answer['Code'])} for the role {role.decode()}")
        credentials = credentials_from(server.who, answer, token="Token", temporary=True)
        return Found(credentials, f"the role {role.decode()} of the instance")


# https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html: [\w+=,.@-]+
_ROLE_BYTES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+=,.@-"


def _number(value: Value) -> float:
    """Default 1: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ec2-instance-metadata.html"""
    text = value.text or "1"
    try:
        number = float(text)
    except ValueError:
        number = 0
    if not 1 <= number <= 1_000:
        raise InputError(value.source, f"{text[:20]!r} is not a number from 1 to 1000")
    return number
