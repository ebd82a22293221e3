"""The Security Token Service: AssumeRole, signed by `presign`, and AssumeRoleWithWebIdentity, which is not signed.

Rule: messages repeat only the code of an error, because STS's answer to a bad signature quotes the request with its
session token.  A web identity token is a secret: it is sent in the body, never in a URL.
"""

import os
import re

from .._time import epoch_seconds, lifetime_seconds
from ..errors import CredentialsExpireFirst, CredentialsNotFound, InputError
from ._answer import code_name, credentials_from
from ._http import Server, is_overloaded
from ._lookup import Lookup
from ._metadata import read_token
from ._provider import Found, NotConfigured
from ._services import STS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from .._credentials import CredentialsSource
    from .._time import Lifetime
    from ._provider import Region

_VERSION = "2011-06-15"
_SIGNED_FOR = 60  # seconds
_REGION_OF_AWS = re.compile(r"[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}")  # not `auto`, for which other stores are signed

# Error code -> advice.  https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
_ADVICE = {
    "AccessDenied": "the role's trust policy and the caller's own policies both have to allow it, and an MFA code, "
    "where one is wanted, has to be right and not used before",
    "ExpiredToken": "the session token that was sent has expired",
    "ExpiredTokenException": "the web identity token in the file has expired",
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
    """Reject arguments that STS would reject."""
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
    """Return a session policy as JSON without white space."""
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
            raise InputError("policy", 'is JSON but not an object: {"Version": "2012-10-17", "Statement": [...]}')
    elif not isinstance(policy, Mapping):
        raise TypeError(f"policy: expected str or a mapping, got {type(policy).__name__}")
    text = json.dumps(dict(policy), separators=(",", ":"))
    if len(text) > 2_048:
        raise InputError("policy", f"has {len(text)} characters without its white space; STS takes 2048")
    return text


def session_seconds(duration: "Lifetime | None") -> "int | None":
    """Return a session's lifetime in seconds, 900 to 43,200."""
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


class Session:
    """The parameters of a role's session.

    Attributes:
        role_arn: The role; None only for a web identity, whose role the environment may name.
        name: The session's name in CloudTrail; None: a generated name.
        external_id: The id that the role's owner requires from third parties.
        policy: A session policy, as JSON.
        seconds: Its lifetime; None: STS's default, an hour.
        mfa_serial: The MFA device, if the role requires one.
        mfa_code: Its code.
    """

    __slots__ = ("external_id", "mfa_code", "mfa_serial", "name", "policy", "role_arn", "seconds")

    def __init__(
        self,
        role_arn: "str | None",
        name: "str | None" = None,
        *,
        external_id: "str | None" = None,
        policy: "str | None" = None,
        seconds: "int | None" = None,
        mfa_serial: "str | None" = None,
    ) -> None:
        self.role_arn = role_arn
        self.name = name
        self.external_id = external_id
        self.policy = policy
        self.seconds = seconds
        self.mfa_serial = mfa_serial
        self.mfa_code: str | None = None

    def parameters(self) -> "list[tuple[str, str | None]]":
        """Return the parameters that AssumeRole and AssumeRoleWithWebIdentity share."""
        return [
            ("Version", _VERSION),
            ("RoleArn", self.role_arn),
            ("RoleSessionName", self.name or _new_session_name()),
            ("Policy", self.policy),
            ("DurationSeconds", None if self.seconds is None else str(self.seconds)),
        ]


def sts_url(lookup: Lookup, region: "Region", endpoint: "str | None") -> "tuple[str, str]":
    """Return STS's URL and signing region: as given, else from the environment, the profile, the signature that needs
    the credentials, or the instance.

    https://docs.aws.amazon.com/sdkref/latest/guide/feature-sts-regionalized-endpoints.html
    """
    from ._metadata import instance_region

    try:
        name = region.given or lookup.region().text
        if not name and _REGION_OF_AWS.fullmatch(region.signed or ""):
            name = region.signed
        name = name or instance_region(lookup)
        if name:
            return STS.url(lookup, name, endpoint), name
        # No region is set: the global endpoint, as in botocore.
        url = STS.url(lookup, "us-east-1", endpoint)
        return url.replace("//sts.us-east-1.amazonaws.com/", "//sts.amazonaws.com/"), "us-east-1"
    except InputError as fault:
        problem = f"STS cannot be asked: {fault}"
    raise CredentialsNotFound(problem)


def fetch_role(
    source: "CredentialsSource",
    session: Session,
    region: "Region",
    endpoint: "str | None" = None,
    lookup: "Lookup | None" = None,
) -> Found:
    """AssumeRole: return the credentials of a role, assumed with those of `source`."""
    from .._presign import presign

    lookup = lookup or (Lookup.without_files() if region.given and endpoint else Lookup(None))
    url, signed_for = sts_url(lookup, region, endpoint)
    server = _server(lookup, url)
    query = [
        ("Action", "AssumeRole"),
        *session.parameters(),
        ("ExternalId", session.external_id),
        ("SerialNumber", session.mfa_serial),
        ("TokenCode", session.mfa_code),
    ]
    try:
        url = presign(
            "GET",
            url,
            credentials=source,
            region=signed_for,
            service="sts",
            expires_in=_SIGNED_FOR,
            query=[(name, value) for name, value in query if value is not None],
        )
    except CredentialsExpireFirst as fault:
        problem = f"the credentials for assuming {session.role_arn} expire in {fault.seconds_left} s"
    except InputError as fault:
        problem = f"{server.who} cannot be asked: {fault}"
    else:
        return _session(server, "AssumeRole", session, *server.ask("GET", url, {}, passing=_is_passing))
    raise CredentialsNotFound(problem)


def fetch_web_identity(
    token_file: "str | None", session: Session, region: "Region", endpoint: "str | None" = None
) -> Found:
    """AssumeRoleWithWebIdentity; parameters that are None are read from the environment."""
    environ = os.environ
    token_file = token_file or environ.get("AWS_WEB_IDENTITY_TOKEN_FILE")
    if not token_file:
        raise NotConfigured("AWS_WEB_IDENTITY_TOKEN_FILE is not set")
    session = Session(
        session.role_arn or environ.get("AWS_ROLE_ARN"),
        session.name or environ.get("AWS_ROLE_SESSION_NAME"),
        policy=session.policy,
        seconds=session.seconds,
    )
    return exchange(token_file, session, region, endpoint)


def exchange(
    token_file: str,
    session: Session,
    region: "Region",
    endpoint: "str | None" = None,
    lookup: "Lookup | None" = None,
) -> Found:
    """AssumeRoleWithWebIdentity: return the credentials of a role for the token in a file, which is read each time."""
    from urllib.parse import urlencode

    if not session.role_arn:
        raise CredentialsNotFound(
            "there is a web identity token but no role: set AWS_ROLE_ARN, or `role_arn` in the profile"
        )
    lookup = lookup or (Lookup.without_files() if region.given and endpoint else Lookup(None))
    url, _ = sts_url(lookup, region, endpoint)
    server = _server(lookup, url)
    form = [
        ("Action", "AssumeRoleWithWebIdentity"),
        *session.parameters(),
        ("WebIdentityToken", read_token(token_file, "the web identity's configuration")),
    ]
    body = urlencode([(name, value) for name, value in form if value is not None]).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    status, answer = server.ask("POST", url, headers, body, passing=_is_passing)
    return _session(server, "AssumeRoleWithWebIdentity", session, status, answer)


def _server(lookup: Lookup, url: str) -> Server:
    try:
        return STS.server(lookup, url)
    except InputError as fault:
        problem = f"STS cannot be asked: {fault}"
    raise CredentialsNotFound(problem)


def _new_session_name() -> str:
    """Return a generated name for CloudTrail; https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html"""
    return f"presign-{epoch_seconds(None)}"


def _is_passing(status: int, answer: bytes) -> bool:
    return is_overloaded(status, answer) or any(b"<Code>" + code + b"<" in answer for code in _PASSING)


def _session(server: Server, action: str, session: Session, status: int, answer: bytes) -> Found:
    try:
        texts = xml_texts(answer)
    except ValueError:
        raise server.failure(f"answered {action} with something that is not its XML (status {status})") from None
    if status != 200:
        code = code_name(texts.get("Code"))
        advice = f": {_ADVICE[code]}" if code in _ADVICE else ""
        raise server.failure(f"refused {action} with {code} (status {status}){advice}")
    credentials = credentials_from(server.who, texts, token="SessionToken", temporary=True)
    return Found(credentials, f"the role {session.role_arn}", attended=session.mfa_code is not None)


def xml_texts(text: bytes) -> "dict[str, str]":
    """Return the text of each element of an XML document by its local name; reject a DTD, and so entities."""
    from xml.parsers import expat

    found: dict[str, str] = {}
    pieces: list[str] = []

    def start(name: str, attributes: "dict[str, str]") -> None:
        del name, attributes
        pieces.clear()

    def end(name: str) -> None:
        # The first of a name is kept: an error's Code comes first, and Credentials are unique.
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
