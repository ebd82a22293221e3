"""The two metadata services that hand credentials to what runs beside them: a container's, and an EC2 instance's.

Rule: a container's endpoint comes from an environment variable, so it may be asked, and sent its token, only where an
AWS SDK would; an instance's answers to a session token or not at all, for IMDSv1 is what a forged request could reach.
"""

import os

from ..errors import CredentialsNotFound
from ._files import merged, profile_name, read_profile
from ._http import Server
from ._provider import NotConfigured, code_name, credentials_from, json_object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from .._credentials import Credentials
    from ._files import Settings

# --- containers: ECS, EKS Pod Identity, Greengrass and others -------------------------------------------------------
# https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html

ECS = "http://169.254.170.2"

# Who may be asked without TLS, besides any loopback address: ECS, then EKS by both its addresses.
_TRUSTED = ("localhost", "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]")

_CONTAINER_TIMEOUT = 2.0  # seconds, and attempts: botocore's
_CONTAINER_ATTEMPTS = 3


def fetch_container() -> "Credentials":
    """What the container's endpoint answers."""
    relative = os.environ.get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
    url = os.environ.get("AWS_CONTAINER_CREDENTIALS_FULL_URI")
    if relative:
        if not relative.startswith("/"):  # it would end in the host
            raise CredentialsNotFound("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI does not begin with a slash")
        url = ECS + relative
    if not url:
        raise NotConfigured(
            "neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set"
        )
    server = Server("the container endpoint", url, timeout=_CONTAINER_TIMEOUT, attempts=_CONTAINER_ATTEMPTS)
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
    return credentials_from(server.who, answer, token="Token", temporary=False)


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
    """The header with the endpoint's token; a file is read each time, since EKS renews what is in it."""
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
        raise CredentialsNotFound(f"{variable} gives a token with a line break or another character of no header")
    return {"Authorization": token}


def read_token(path: str, whence: str) -> str:
    """The token in a file, without the line break that an editor leaves at its end."""
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
_ROLES = "/latest/meta-data/iam/security-credentials/"
_TOKEN_SECONDS = "21600"  # how long IMDS's own session lives: six hours, the longest


def fetch_instance(profile: "str | None" = None) -> "Credentials":
    """What the instance metadata service answers for the role of the instance; a profile may say where it is."""
    environ = os.environ
    if environ.get("AWS_EC2_METADATA_DISABLED", "").lower() == "true":
        raise NotConfigured("AWS_EC2_METADATA_DISABLED is set, so the instance metadata service is not asked")
    settings = merged(read_profile(profile_name(profile, environ), environ))
    base = _setting("ec2_metadata_service_endpoint", settings, environ)
    if not base:
        mode = (_setting("ec2_metadata_service_endpoint_mode", settings, environ) or "ipv4").lower()
        if mode not in _IMDS:
            raise CredentialsNotFound(f"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE is {mode[:20]!r}, not IPv4 or IPv6")
        base = _IMDS[mode]
    base = base.rstrip("/")
    server = Server(
        "the instance metadata service",
        base,
        timeout=_number("metadata_service_timeout", settings, environ),
        attempts=int(_number("metadata_service_num_attempts", settings, environ)),
    )

    status, answered = server.ask(
        "PUT", base + "/latest/api/token", {"X-aws-ec2-metadata-token-ttl-seconds": _TOKEN_SECONDS}
    )
    token = answered.decode("latin-1")
    if status != 200 or not token or not (token.isascii() and token.isprintable()):
        raise server.failure(f"gave no IMDSv2 token (status {status}), and IMDSv1 is not used")
    headers = {"X-aws-ec2-metadata-token": token}

    status, listed = server.ask("GET", base + _ROLES, headers)
    if status == 404:
        raise server.failure("knows of no role: attach one to the instance")
    role = listed.partition(b"\n")[0].strip()
    if status != 200 or not role or role.translate(None, _ROLE_BYTES):
        raise server.failure(f"gave no name of a role (status {status})")

    status, text = server.ask("GET", base + _ROLES + role.decode(), headers)
    if status != 200:
        raise server.failure(f"answered with status {status} for the role {role.decode()}")
    answer = json_object(server.who, text)
    if answer.get("Code", "Success") != "Success":
        raise server.failure(f"answered with {code_name(answer['Code'])} for the role {role.decode()}")
    return credentials_from(server.who, answer, token="Token", temporary=True)


# https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html: [\w+=,.@-]+
_ROLE_BYTES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+=,.@-"


def _setting(name: str, settings: "Settings", environ: "Mapping[str, str]") -> "str | None":
    """The environment's variable, else the profile's setting of the same name."""
    return environ.get(f"AWS_{name.upper()}") or settings.get(name)


def _number(name: str, settings: "Settings", environ: "Mapping[str, str]") -> float:
    """1 if it is not set: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ec2-instance-metadata.html"""
    text = _setting(name, settings, environ) or "1"
    try:
        number = float(text)
    except ValueError:
        number = 0
    if not 1 <= number <= 1_000:
        raise CredentialsNotFound(f"AWS_{name.upper()} is {text[:20]!r}, not a number from 1 to 1000")
    return number
