"""The Security Token Service: AssumeRole, signed by `presign`, and AssumeRoleWithWebIdentity, signed by nobody.

Rule: what STS answers to a bad signature quotes the whole request, session token and all, so nothing but an error's
code is repeated.  A web identity's token is itself the secret, and goes into the body, never into a URL.
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

_VERSION = "2011-06-15"
_SIGNED_FOR = 60  # seconds

# What to do about an answer.  https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
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


class Session:
    """What is asked of STS: a role, and how its session shall be.

    Attributes:
        role_arn: The role; None only for a web identity, whose role the environment may name.
        name: How CloudTrail calls the session; None: a made-up name.
        external_id: What the role's owner asks of third parties.
        policy: A session policy, as JSON.
        seconds: How long it lives; None: STS's default, an hour.
        mfa_serial: The MFA device, if the role wants one.
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
        """The parameters that AssumeRole and AssumeRoleWithWebIdentity share."""
        return [
            ("Version", _VERSION),
            ("RoleArn", self.role_arn),
            ("RoleSessionName", self.name or _new_session_name()),
            ("Policy", self.policy),
            ("DurationSeconds", None if self.seconds is None else str(self.seconds)),
        ]


def sts_url(lookup: Lookup, region: "str | None", endpoint: "str | None") -> "tuple[str, str]":
    """STS's URL and the region of its signatures: as given, else as the environment, the profile and the instance say.

    https://docs.aws.amazon.com/sdkref/latest/guide/feature-sts-regionalized-endpoints.html
    """
    from ._metadata import instance_region

    try:
        region = region or lookup.region().text or instance_region(lookup)
        if region:
            return STS.url(lookup, region, endpoint), region
        # Nothing says a region: the global endpoint, as in botocore.
        url = STS.url(lookup, "us-east-1", endpoint)
        return url.replace("//sts.us-east-1.amazonaws.com/", "//sts.amazonaws.com/"), "us-east-1"
    except InputError as fault:
        problem = f"STS cannot be asked: {fault}"
    raise CredentialsNotFound(problem)


def fetch_role(
    source: "CredentialsSource",
    session: Session,
    region: "str | None" = None,
    endpoint: "str | None" = None,
    lookup: "Lookup | None" = None,
) -> Found:
    """AssumeRole: the credentials of a role, for those of `source`."""
    from .._presign import presign

    lookup = lookup or (Lookup.without_files() if region and endpoint else Lookup(None))
    url, region = sts_url(lookup, region, endpoint)
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
            region=region,
            service="sts",
            expires_in=_SIGNED_FOR,
            query=[(name, value) for name, value in query if value is not None],
        )
    except CredentialsExpireFirst as fault:
        problem = f"the credentials that are to assume {session.role_arn} expire in {fault.seconds_left} s"
    except InputError as fault:
        problem = f"{server.who} cannot be asked: {fault}"
    else:
        return _session(server, "AssumeRole", session, *server.ask("GET", url, {}, passing=_is_passing))
    raise CredentialsNotFound(problem)


def fetch_web_identity(
    token_file: "str | None" = None,
    session: "Session | None" = None,
    region: "str | None" = None,
    endpoint: "str | None" = None,
    lookup: "Lookup | None" = None,
) -> Found:
    """AssumeRoleWithWebIdentity, of which what is None is looked up in the environment."""
    environ = os.environ
    session = session or Session(None)
    token_file = token_file or environ.get("AWS_WEB_IDENTITY_TOKEN_FILE")
    if not token_file:
        raise NotConfigured("AWS_WEB_IDENTITY_TOKEN_FILE is not set")
    session = Session(
        session.role_arn or environ.get("AWS_ROLE_ARN"),
        session.name or environ.get("AWS_ROLE_SESSION_NAME"),
        policy=session.policy,
        seconds=session.seconds,
    )
    return exchange(token_file, session, region, endpoint, lookup)


def exchange(
    token_file: str,
    session: Session,
    region: "str | None" = None,
    endpoint: "str | None" = None,
    lookup: "Lookup | None" = None,
) -> Found:
    """AssumeRoleWithWebIdentity: the credentials of a role, for the token in a file, which is read each time."""
    from urllib.parse import urlencode

    if not session.role_arn:
        raise CredentialsNotFound(
            "there is a web identity token but no role: set AWS_ROLE_ARN, or `role_arn` in the profile"
        )
    lookup = lookup or (Lookup.without_files() if region and endpoint else Lookup(None))
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
    """A name for CloudTrail where nobody gave one; https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html"""
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
