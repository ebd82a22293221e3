"""Credentials without an SDK: found where AWS puts them, and fetched anew before they end.

Rule: this package, `share` aside, is all that reads anything from outside; the core never imports it.  Each provider is
a callable: hand it to a presigner as `credentials=`.

    >>> from sigv4presign import S3Presigner, providers
    >>> s3 = S3Presigner(providers.resolve(), region="eu-west-1")

`resolve` asks in the order of the AWS SDKs, and within a profile in botocore's:

1. the environment: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN (not where a profile is given);
2. the profile in the shared config and credentials files: a role to assume, a web identity (whose variables,
   AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN, come first), keys in the credentials file, `credential_process`, keys
   in the config file;
3. the container's endpoint: ECS, EKS Pod Identity;
4. the instance metadata service of EC2, IMDSv2.

The first of them that is configured decides.  If it fails, that is the answer: the next one would be somebody else.

https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
"""

from functools import partial

from .._time import lifetime_seconds
from ..errors import InputError
from ._files import profile_keys as profile_keys
from ._files import profile_name as profile_name
from ._files import read_profile as read_profile
from ._metadata import fetch_container, fetch_instance
from ._process import fetch_process
from ._profile import fetch_environment, fetch_profile
from ._provider import REFRESH_AHEAD, Chain, Provider
from ._sts import check_role, fetch_role, fetch_web_identity, policy_text, session_seconds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from .._credentials import CredentialsSource
    from .._time import Lifetime

__all__ = [
    "Provider",
    "assume_role",
    "container",
    "environment",
    "instance",
    "process",
    "profile",
    "resolve",
    "web_identity",
]


def resolve(
    profile: "str | None" = None, *, region: "str | None" = None, refresh_ahead: "Lifetime" = REFRESH_AHEAD
) -> Provider:
    """Whatever credentials there are, found as the AWS SDKs find them.

    Nothing is read or asked before the first signature.  The provider that then has credentials is asked alone from
    there on.

    Args:
        profile: Instead of the environment's keys: this profile of the shared files.
        region: Where STS is asked, if a role is to be assumed; if not given, AWS_REGION, AWS_DEFAULT_REGION, or the
            profile's region.
        refresh_ahead: How long before their end credentials are fetched anew: raise it to the longest lifetime of
            your URLs if each is to live that long.  Never more than half of what the credentials have left.

    Raises:
        CredentialsNotFound: On a call; the message says what each provider answered.

    Example:
        >>> from sigv4presign import providers
        >>> providers.resolve("work")
        <Provider: resolve>

    Source: https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
    """
    _check_text("profile", profile)
    _check_text("region", region)
    from_profile = partial(fetch_profile, profile, region, and_environment=profile is None)
    links = (from_profile, fetch_container, partial(fetch_instance, profile))
    chain = Chain(links if profile is not None else (fetch_environment, *links))
    return Provider("resolve", chain, _ahead(refresh_ahead))


def environment() -> Provider:
    """The keys in AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN and AWS_CREDENTIAL_EXPIRATION.

    They are kept; with AWS_CREDENTIAL_EXPIRATION they are read anew ahead of their end.  `Credentials.from_environ`
    reads them for each signature.

    Raises:
        CredentialsNotFound: On a call: they are not set, or only one of the first two is.

    Example:
        >>> from sigv4presign import S3Presigner, providers
        >>> s3 = S3Presigner(providers.environment(), region="eu-west-1")

    Source: https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html
    """
    return Provider("environment", fetch_environment)


def profile(
    name: "str | None" = None, *, region: "str | None" = None, refresh_ahead: "Lifetime" = REFRESH_AHEAD
) -> Provider:
    """One profile of the shared files, by whatever way it names: keys, a program, a web identity, a chain of roles.

    Args:
        name: The profile; if not given, the one that AWS_PROFILE names, else `default`.
        region: As for `resolve`.
        refresh_ahead: As for `resolve`.

    Raises:
        CredentialsNotFound: On a call: no such profile, a circle of source profiles, an MFA device, single sign-on
            (the message says how the AWS CLI hands these over), or what the program or STS answered.

    Example:
        >>> from sigv4presign import S3Presigner, providers
        >>> s3 = S3Presigner(providers.profile("work"), region="eu-west-1")

    Source: https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
    """
    _check_text("name", name)
    _check_text("region", region)
    return Provider("profile", partial(fetch_profile, name, region), _ahead(refresh_ahead))


def process(command: str) -> Provider:
    """What a program prints, as with `credential_process`.  It is run without a shell and has a minute's time.

    Args:
        command: The program and its arguments, quoted as for a shell.

    Raises:
        CredentialsNotFound: On a call: it cannot be run, fails, or prints something else.

    Example:
        >>> from sigv4presign import S3Presigner, providers
        >>> s3 = S3Presigner(providers.process("vault-keys --role 'link maker'"), region="eu-west-1")

    Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
    """
    if not isinstance(command, str):
        raise TypeError(f"command: expected str, got {type(command).__name__}")
    return Provider("process", partial(fetch_process, command, "the command"))


def container() -> Provider:
    """The container's endpoint, which AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or ..._FULL_URI names: ECS, EKS.

    Without TLS only loopback addresses and those of ECS and EKS are asked, and sent the token of
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE or AWS_CONTAINER_AUTHORIZATION_TOKEN.  Three attempts of two seconds.

    Raises:
        CredentialsNotFound: On a call: neither variable is set, the endpoint is one that is not trusted, or what it
            answered.

    Example:
        >>> from sigv4presign import S3Presigner, providers
        >>> s3 = S3Presigner(providers.container(), region="eu-west-1")

    Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
    """
    return Provider("container", fetch_container)


def instance() -> Provider:
    """The role of an EC2 instance, from its metadata service: IMDSv2 alone, as in the newer AWS SDKs.

    AWS_EC2_METADATA_DISABLED, AWS_EC2_METADATA_SERVICE_ENDPOINT, ..._ENDPOINT_MODE, AWS_METADATA_SERVICE_TIMEOUT and
    AWS_METADATA_SERVICE_NUM_ATTEMPTS count, and the profile's settings of these names.  One attempt of one second, if
    they do not say otherwise.

    Raises:
        CredentialsNotFound: On a call: it is switched off, does not answer, or the instance has no role.

    Example:
        >>> from sigv4presign import S3Presigner, providers
        >>> s3 = S3Presigner(providers.instance(), region="eu-west-1")

    Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html
    """
    return Provider("instance", fetch_instance)


def web_identity(
    role_arn: "str | None" = None,
    *,
    token_file: "str | None" = None,
    session_name: "str | None" = None,
    policy: "str | Mapping[str, Any] | None" = None,
    duration: "Lifetime | None" = None,
    region: "str | None" = None,
    endpoint: "str | None" = None,
    refresh_ahead: "Lifetime" = REFRESH_AHEAD,
) -> Provider:
    """A role for the token of an identity provider, by AssumeRoleWithWebIdentity: EKS (IRSA), GitHub Actions, ...

    Args:
        role_arn: The role; if not given, AWS_ROLE_ARN.
        token_file: The file with the token, read for each session; if not given, AWS_WEB_IDENTITY_TOKEN_FILE.
        session_name: How CloudTrail calls the session; if not given, AWS_ROLE_SESSION_NAME, else a made-up one.
        policy: As for `assume_role`.
        duration: As for `assume_role`.
        region: As for `resolve`.
        endpoint: As for `assume_role`.
        refresh_ahead: As for `resolve`.

    Raises:
        InputError: An argument that STS would refuse.
        CredentialsNotFound: On a call: no token, or what STS answered.

    Example:
        >>> from sigv4presign import S3Presigner, providers
        >>> pod = providers.web_identity("arn:aws:iam::123456789012:role/links", region="eu-west-1",
        ...                              token_file="/var/run/secrets/eks.amazonaws.com/serviceaccount/token")
        >>> s3 = S3Presigner(pod, region="eu-west-1")

    Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
    """
    check_role(role_arn, session_name)
    for parameter, text in (("token_file", token_file), ("region", region), ("endpoint", endpoint)):
        _check_text(parameter, text)
    fetch = partial(
        fetch_web_identity,
        role_arn,
        token_file,
        session_name,
        policy_text(policy),
        session_seconds(duration),
        region,
        endpoint,
    )
    return Provider("web_identity", fetch, _ahead(refresh_ahead))


def assume_role(
    role_arn: str,
    *,
    source: "CredentialsSource | None" = None,
    session_name: "str | None" = None,
    external_id: "str | None" = None,
    policy: "str | Mapping[str, Any] | None" = None,
    duration: "Lifetime | None" = None,
    region: "str | None" = None,
    endpoint: "str | None" = None,
    refresh_ahead: "Lifetime" = REFRESH_AHEAD,
) -> Provider:
    """A role, assumed with other credentials, by AssumeRole.

    With `policy` the session, and every URL it signs, can do no more than the role and the policy both allow.

    Args:
        role_arn: The role.
        source: Whose credentials assume it: anything that `credentials=` takes; if not given, those of `resolve()`.
        session_name: How CloudTrail calls the session; a made-up name if not given.
        external_id: What the role's owner asks of third parties.
        policy: An inline session policy, as JSON or as a mapping; at most 2048 characters without white space.
        duration: How long a session lives, 15 minutes to 12 hours and no longer than the role allows; STS's default
            is an hour.
        region: As for `resolve`.
        endpoint: Where STS is, if not at AWS: MinIO, Ceph, a local stack.  If not given, AWS_ENDPOINT_URL_STS and
            AWS_ENDPOINT_URL count, and the profile's settings.
        refresh_ahead: As for `resolve`.

    Raises:
        InputError: An argument that STS would refuse.
        CredentialsNotFound: On a call: none to assume it with, or what STS answered.

    Example:
        >>> from sigv4presign import providers
        >>> providers.assume_role(
        ...     "arn:aws:iam::123456789012:role/links", region="eu-west-1", duration=900,
        ...     policy={"Version": "2012-10-17", "Statement": [
        ...         {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/public/*"}]})
        <Provider: assume_role>

    Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
    """
    if not isinstance(role_arn, str):
        raise TypeError(f"role_arn: expected str, got {type(role_arn).__name__}")
    check_role(role_arn, session_name, external_id)
    for parameter, text in (("region", region), ("endpoint", endpoint)):
        _check_text(parameter, text)
    fetch = partial(
        fetch_role,
        role_arn,
        resolve() if source is None else source,
        session_name,
        external_id,
        policy_text(policy),
        session_seconds(duration),
        region,
        endpoint,
    )
    return Provider("assume_role", fetch, _ahead(refresh_ahead))


def _check_text(parameter: str, text: "str | None") -> None:
    if text is not None and not isinstance(text, str):
        raise TypeError(f"{parameter}: expected str, got {type(text).__name__}")
    if text == "":
        raise InputError(parameter, "is empty; leave it out to have it looked up")


def _ahead(refresh_ahead: "Lifetime") -> int:
    try:
        return lifetime_seconds(refresh_ahead, "refresh_ahead", None)
    except InputError:
        raise InputError("refresh_ahead", f"{refresh_ahead!s:.40} is not a whole number of seconds from 1") from None
