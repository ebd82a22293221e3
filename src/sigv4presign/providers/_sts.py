"""The Security Token Service: AssumeRole, signed by `presign`, and AssumeRoleWithWebIdentity, signed by nobody.

Rule: what STS answers to a bad signature quotes the whole request, session token and all, so nothing but an error's
code is repeated.  A web identity's token is itself the secret, and goes into the body, never into a URL.
"""

import os
import re

from .._credentials import Credentials
from .._time import epoch_seconds, lifetime_seconds
from ..errors import CredentialsExpireFirst, CredentialsNotFound, InputError
from ._files import merged, profile_name, read_profile, read_service
from ._http import Server, is_overloaded
from ._metadata import read_token
from ._provider import NotConfigured, code_name, credentials_from

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from .._credentials import CredentialsSource
    from .._time import Lifetime

_VERSION = "2011-06-15"
_TIMEOUT = 5.0  # seconds
_ATTEMPTS = 3
_SIGNED_FOR = 60  # seconds

# What to do about an answer.  https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
_ADVICE = {
    "AccessDenied": "the role's trust policy and the caller's own policies both have to allow it",
    "ExpiredToken": "the session token that was sent has ended",
    "ExpiredTokenException": "the web identity token in the file has ended",
    "InvalidClientTokenId": "the access key is unknown there",
    "InvalidIdentityToken": "the role's account does not trust the issuer or the audience of the web identity token",
    "MalformedPolicyDocument": "policy= is not a policy",
    "PackedPolicyTooLarge": "policy= is too long once it is packed",
    "RegionDisabledException": "the account has STS switched off in this region",
    "SignatureDoesNotMatch": "the secret access key is not the one of this access key, or the clock is wrong",
}
_PASSING = {b"IDPCommunicationError", b"RequestLimitExceeded", b"Throttling", b"ThrottlingException"}

# https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
_ROLE_ARN = re.compile(r"arn:[!-~]{16,2044}")
_SESSION_NAME = re.compile(r"[A-Za-z0-9_+=,.@-]{2,64}")
_EXTERNAL_ID = re.compile(r"[A-Za-z0-9_+=,.@:/-]{2,1224}")


def check_role(role_arn: "str | None", session_name: "str | None", external_id: "str | None" = None) -> None:
    """Refuse what STS refuses, before it is asked."""
    for parameter, value, form, example in (
        ("role_arn", role_arn, _ROLE_ARN, "the ARN of a role, such as arn:aws:iam::123456789012:role/name"),
        ("session_name", session_name, _SESSION_NAME, "2 to 64 letters, digits and _+=,.@-"),
        ("external_id", external_id, _EXTERNAL_ID, "2 to 1224 letters, digits and _+=,.@:/-"),
    ):
        if value is None:
            continue
        if not isinstance(value, str):
            raise TypeError(f"{parameter}: expected str, got {type(value).__name__}")
        if not form.fullmatch(value):
            seen = "" if parameter == "external_id" else f"{value[:60]!r} "
            raise InputError(parameter, f"{seen}is not {example}")


def policy_text(policy: "str | Mapping[str, Any] | None") -> "str | None":
    """A session policy as JSON, as short as can be."""
    if policy is None:
        return None
    import json
    from collections.abc import Mapping

    if isinstance(policy, str):
        try:
            policy = json.loads(policy)
        except (ValueError, RecursionError):
            raise InputError("policy", "is not JSON") from None
        if not isinstance(policy, dict):
            raise InputError("policy", 'is JSON but no object: {"Version": "2012-10-17", "Statement": [...]}')
    elif not isinstance(policy, Mapping):
        raise TypeError(f"policy: expected str or a mapping, got {type(policy).__name__}")
    text = json.dumps(dict(policy), separators=(",", ":"))
    if len(text) > 2_048:
        raise InputError("policy", f"has {len(text)} characters without its white space; STS takes 2048")
    return text


def session_seconds(duration: "Lifetime | None") -> "int | None":
    """How long a session is to live: at least a quarter of an hour, at most twelve hours."""
    if duration is None:
        return None
    try:
        seconds = lifetime_seconds(duration, "duration", None)
    except InputError:
        seconds = 0
    if not 900 <= seconds <= 43_200:
        raise InputError(
            "duration", f"{duration!s:.40} is not a session of 900 to 43200 seconds (15 minutes to 12 hours)"
        )
    return seconds


def sts_place(region: "str | None", endpoint: "str | None", profile: "str | None" = None) -> "tuple[str, str]":
    """The endpoint and the region of its signatures: as given, else as the environment and the profile say.

    https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html, .../feature-region.html
    """
    environ = os.environ
    settings = {} if region and endpoint else merged(read_profile(profile_name(profile, environ), environ))
    region = region or environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION") or settings.get("region")
    if not region:
        raise CredentialsNotFound(
            "STS is asked in a region: give region=, or set AWS_REGION, or `region` in the profile"
        )
    ignored = environ.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") or settings.get("ignore_configured_endpoint_urls")
    if not endpoint and (ignored or "").lower() != "true":
        endpoint = environ.get("AWS_ENDPOINT_URL_STS") or environ.get("AWS_ENDPOINT_URL")
        if not endpoint and settings.get("services"):
            endpoint = read_service(settings["services"], "sts", environ).get("endpoint_url")
        endpoint = endpoint or settings.get("endpoint_url")
    if endpoint:
        return endpoint.rstrip("/") + "/", region
    from .._s3.buckets import check_region, partition

    try:
        check_region(region, "region")
    except InputError as fault:
        raise CredentialsNotFound(f"STS is asked in a region; {fault}") from None
    fips = (environ.get("AWS_USE_FIPS_ENDPOINT") or settings.get("use_fips_endpoint") or "").lower() == "true"
    name, domain = partition(region)
    # https://docs.aws.amazon.com/general/latest/gr/sts.html; GovCloud's own endpoints are FIPS endpoints.
    return f"https://sts{'-fips' if fips and name != 'aws-us-gov' else ''}.{region}.{domain}/", region


def fetch_role(
    role_arn: str,
    source: "CredentialsSource",
    session_name: "str | None" = None,
    external_id: "str | None" = None,
    policy: "str | None" = None,
    seconds: "int | None" = None,
    region: "str | None" = None,
    endpoint: "str | None" = None,
    profile: "str | None" = None,
) -> Credentials:
    """AssumeRole: the credentials of a role, for those of `source`."""
    from .._presign import presign

    url, region = sts_place(region, endpoint, profile)
    server = _server(url)
    query = {
        "Action": "AssumeRole",
        "Version": _VERSION,
        "RoleArn": role_arn,
        "RoleSessionName": session_name or _new_session_name(),
        "ExternalId": external_id,
        "Policy": policy,
        "DurationSeconds": None if seconds is None else str(seconds),
    }
    try:
        url = presign(
            "GET",
            url,
            credentials=source,
            region=region,
            service="sts",
            expires_in=_SIGNED_FOR,
            query=[(name, value) for name, value in query.items() if value is not None],
        )
    except CredentialsExpireFirst as fault:
        raise CredentialsNotFound(
            f"the credentials that are to assume {role_arn} end in {fault.seconds_left} s"
        ) from None
    except InputError as fault:
        raise server.failure(f"cannot be asked: {fault}") from None
    return _session(server, "AssumeRole", *server.ask("GET", url, {}, passing=_is_passing))


def fetch_web_identity(
    role_arn: "str | None",
    token_file: "str | None",
    session_name: "str | None" = None,
    policy: "str | None" = None,
    seconds: "int | None" = None,
    region: "str | None" = None,
    endpoint: "str | None" = None,
) -> Credentials:
    """AssumeRoleWithWebIdentity, of which what is None is looked up in the environment."""
    environ = os.environ
    token_file = token_file or environ.get("AWS_WEB_IDENTITY_TOKEN_FILE")
    role_arn = role_arn or environ.get("AWS_ROLE_ARN")
    session_name = session_name or environ.get("AWS_ROLE_SESSION_NAME")
    if not token_file:
        raise NotConfigured("AWS_WEB_IDENTITY_TOKEN_FILE is not set")
    return exchange(role_arn, token_file, session_name, policy, seconds, region, endpoint)


def exchange(
    role_arn: "str | None",
    token_file: str,
    session_name: "str | None" = None,
    policy: "str | None" = None,
    seconds: "int | None" = None,
    region: "str | None" = None,
    endpoint: "str | None" = None,
    profile: "str | None" = None,
) -> Credentials:
    """AssumeRoleWithWebIdentity: the credentials of a role, for the token in a file, which is read each time."""
    from urllib.parse import urlencode

    if not role_arn:
        raise CredentialsNotFound(
            "there is a web identity token but no role: set AWS_ROLE_ARN, or `role_arn` in the profile"
        )
    url, _ = sts_place(region, endpoint, profile)
    server = _server(url)
    form = {
        "Action": "AssumeRoleWithWebIdentity",
        "Version": _VERSION,
        "RoleArn": role_arn,
        "RoleSessionName": session_name or _new_session_name(),
        "WebIdentityToken": read_token(token_file, "the web identity's configuration"),
        "Policy": policy,
        "DurationSeconds": None if seconds is None else str(seconds),
    }
    body = urlencode({name: value for name, value in form.items() if value is not None}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    status, answer = server.ask("POST", url, headers, body, passing=_is_passing)
    return _session(server, "AssumeRoleWithWebIdentity", status, answer)


def _server(url: str) -> Server:
    return Server("STS", url, timeout=_TIMEOUT, attempts=_ATTEMPTS, through_proxy=True)


def _new_session_name() -> str:
    """A name for CloudTrail where nobody gave one; https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html"""
    return f"presign-{epoch_seconds(None)}"


def _is_passing(status: int, answer: bytes) -> bool:
    return is_overloaded(status, answer) or any(b"<Code>" + code + b"<" in answer for code in _PASSING)


def _session(server: Server, action: str, status: int, answer: bytes) -> Credentials:
    try:
        texts = _leaves(answer)
    except ValueError:
        raise server.failure(f"answered {action} with something that is not its XML (status {status})") from None
    if status != 200:
        code = code_name(texts.get("Code"))
        advice = f": {_ADVICE[code]}" if code in _ADVICE else ""
        raise server.failure(f"refused {action} with {code} (status {status}){advice}")
    return credentials_from(server.who, texts, token="SessionToken", temporary=True)


def _leaves(text: bytes) -> "dict[str, str]":
    """The text of each element of an XML document by its local name; a document type, and so entities, is refused."""
    from xml.parsers import expat

    found: dict[str, str] = {}
    pieces: list[str] = []

    def start(name: str, attributes: "dict[str, str]") -> None:
        del name, attributes
        pieces.clear()

    def end(name: str) -> None:
        # A later namesake is not the one that is meant: an error's Code comes first, and Credentials are unique.
        found.setdefault(name.rpartition(":")[2], "".join(pieces).strip())
        pieces.clear()

    def doctype(*parts: object) -> None:
        del parts
        raise ValueError("has a document type")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = pieces.append
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(text, True)
    except expat.ExpatError:
        raise ValueError("is not XML") from None
    return found
