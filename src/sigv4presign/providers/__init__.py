"""Credentials and settings as the AWS CLI finds them, without an SDK.

Rule: only this package and `share` read files or the network; the core never imports it.  Each provider is a callable:
pass it to a presigner as `credentials=`.

    >>> from sigv4presign import S3Presigner, providers
    >>> s3 = S3Presigner(providers.resolve(), region="eu-west-1")

`resolve` follows the credential chain of the AWS SDKs, and within a profile the order of the AWS CLI:

1. the environment: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN (not where a profile is given);
2. the profile in the shared config and credentials files: a role to assume, a web identity (whose variables,
   AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN, come first), single sign-on, keys in the credentials file,
   `aws login`, `credential_process`, keys in the config file;
3. the container's endpoint: ECS, EKS Pod Identity;
4. the instance metadata service of EC2, IMDSv2.

The first one that is configured is used.  If it fails, the error is raised: the next one would be another identity.

https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
"""

from .._time import lifetime_seconds
from ..errors import InputError, frameless
from ._environment import fetch_environment, fetch_environment_first
from ._provider import REFRESH_AHEAD, Chain, Found, Later, Provider, Region, check_flag, check_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from .._credentials import CredentialsSource
    from .._time import Lifetime
    from ._provider import Fetch
    from ._settings import Settings as Settings
else:

    def __getattr__(name: str) -> object:
        if name != "Settings":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from ._settings import Settings

        globals()[name] = Settings
        return Settings


__all__ = [
    "Provider",
    "Settings",
    "assume_role",
    "container",
    "directory_bucket",
    "environment",
    "instance",
    "login",
    "process",
    "profile",
    "resolve",
    "settings",
    "sso",
    "web_identity",
]


def __dir__() -> "list[str]":
    return __all__


# Imported when they are called; with keys in the environment none is.


def _from_profile(
    name: "str | None",
    region: Region,
    *,
    mfa: "Callable[[str], str] | None",
    network: bool,
    and_environment: bool = False,
) -> Found:
    from ._profile import Search

    return Search(name, region, mfa=mfa, network=network).top(and_environment=and_environment)


def _from_container(*, network: bool) -> Found:
    from ._metadata import fetch_container

    return fetch_container(network=network)


def _from_instance(profile: "str | None", *, network: bool) -> Found:
    from ._metadata import fetch_instance

    return fetch_instance(profile, network=network)


def resolve(
    profile: "str | None" = None,
    *,
    mfa: "Callable[[str], str] | None" = None,
    region: "str | None" = None,
    network: bool = True,
    refresh_ahead: "Lifetime" = REFRESH_AHEAD,
) -> Provider:
    """The credentials that the AWS CLI would use here.

    Nothing is read before the first signature.  The first provider that has credentials then is the only one used from
    then on.

    Args:
        profile: A profile of the shared files, used instead of the environment's keys.
        mfa: For a role whose profile has `mfa_serial`: a callable that takes the serial number or ARN of the device
            and returns its six-digit code.  It is called in the caller's thread, never in the background, and not
            while the AWS CLI's cache has a session of that role (`~/.aws/cli/cache`).
        region: The region of the STS endpoint for roles; if not given, AWS_REGION, AWS_DEFAULT_REGION, the profile's
            region, that of the presigner or of the first signature, or the instance's.
        network: False: raise an error instead of using the network or running a program.
        refresh_ahead: How long before they expire credentials are refreshed.  Raise it to the longest lifetime of your
            URLs, so that no URL is shortened.  At most half of the credentials' remaining lifetime is used.

    Raises:
        CredentialsNotFound: On a call; the message has the error of each provider, and what to run or to set.

    Example:
        >>> from sigv4presign import providers
        >>> providers.resolve("work")
        <Provider: resolve>

    Source: https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
    """
    check_text("profile", profile)
    check_text("region", region)
    check_flag("network", network)
    _check_mfa(mfa)
    where = Region(region)
    links: list[Fetch] = [] if profile is not None else [fetch_environment_first]
    links += [
        Later(_from_profile, profile, where, mfa=mfa, network=network, and_environment=profile is None),
        Later(_from_container, network=network),
        Later(_from_instance, profile, network=network),
    ]
    return Provider("resolve", Chain(profile, *links), _ahead(refresh_ahead), where)


def settings(
    profile: "str | None" = None,
    *,
    service: str = "s3",
    environ: "Mapping[str, str] | None" = None,
    network: bool = True,
) -> "Settings":
    """The settings that the AWS CLI would use here: region, endpoint and how to reach it.

    They are read from the environment and the profile in the shared files.  If neither has a region, the instance
    metadata service is asked for it, as the AWS CLI does.

    Args:
        profile: The profile; if not given, the one that AWS_PROFILE names, else `default`.
        service: The service of `endpoint_url`, such as `s3`, `sts` or `sso-oidc`.
        environ: The environment variables; `os.environ` if not given.
        network: False: the instance metadata service is not asked.

    Returns:
        Settings: `region`, `endpoint_url`, `use_fips`, `use_dualstack`, `addressing_style`, `use_accelerate`,
            `use_arn_region`, `disable_multiregion`, `ca_bundle`, `max_attempts`, and `sources`, which says where each
            came from.

    Raises:
        CredentialsNotFound: There is no such profile, or a file cannot be parsed; the message names file and line.
        InputError: A malformed value; `.parameter` says where it is set.

    Example:
        >>> from sigv4presign import providers
        >>> found = providers.settings(environ={"AWS_REGION": "eu-west-1", "AWS_ENDPOINT_URL_S3": "http://minio:9000"})
        >>> found.region, found.endpoint_url, found.sources["endpoint_url"]
        ('eu-west-1', 'http://minio:9000', 'AWS_ENDPOINT_URL_S3')

    Source: https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
    """
    from ._settings import read_settings

    check_text("profile", profile)
    if not isinstance(service, str):
        raise TypeError(f"service: expected str, got {type(service).__name__}")
    if not (service.isascii() and service.replace("-", "").replace("_", "").isalnum()):
        raise InputError("service", f"{service[:20]!r} is not the name of a service, such as 's3' or 'sso-oidc'")
    if environ is not None and not hasattr(environ, "get"):
        raise TypeError(f"environ: expected a mapping, got {type(environ).__name__}")
    return read_settings(profile, service, environ, network=network)


def environment() -> Provider:
    """The keys in AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN and AWS_CREDENTIAL_EXPIRATION.

    They are cached; with AWS_CREDENTIAL_EXPIRATION they are read again ahead of their expiry.
    `Credentials.from_environ` reads them for each signature.

    Raises:
        CredentialsNotFound: On a call: they are not set, or only one of the first two is.

    Example:
        >>> from sigv4presign import S3Presigner, providers
        >>> s3 = S3Presigner(providers.environment(), region="eu-west-1")

    Source: https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html
    """
    return Provider("environment", fetch_environment)


def profile(
    name: "str | None" = None,
    *,
    mfa: "Callable[[str], str] | None" = None,
    region: "str | None" = None,
    network: bool = True,
    refresh_ahead: "Lifetime" = REFRESH_AHEAD,
) -> Provider:
    """The credentials of one profile of the shared files: keys, single sign-on, a program, or a chain of roles.

    Args:
        name: The profile; if not given, the one that AWS_PROFILE names, else `default`.
        mfa: As for `resolve`.
        region: As for `resolve`.
        network: As for `resolve`.
        refresh_ahead: As for `resolve`.

    Raises:
        CredentialsNotFound: On a call: no such profile, circular source profiles, an MFA device but no `mfa`, an
            expired sign-on (the message has the command to sign on), or an error of the program or STS.

    Example:
        >>> from sigv4presign import S3Presigner, providers
        >>> s3 = S3Presigner(providers.profile("work"), region="eu-west-1")

    Source: https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
    """
    check_text("name", name)
    check_text("region", region)
    check_flag("network", network)
    _check_mfa(mfa)
    where = Region(region)
    fetch = Later(_from_profile, name, where, mfa=mfa, network=network)
    return Provider("profile", fetch, _ahead(refresh_ahead), where)


def sso(profile: "str | None" = None, *, refresh_ahead: "Lifetime" = REFRESH_AHEAD) -> Provider:
    """The credentials of a profile with single sign-on (IAM Identity Center), after `aws sso login`.

    The AWS CLI's token is read from `~/.aws/sso/cache`, refreshed there while that is possible, and exchanged for the
    credentials of the profile's role.  Profiles with `sso_session` and with `sso_start_url` are both supported.

    Args:
        profile: The profile; if not given, the one that AWS_PROFILE names, else `default`.
        refresh_ahead: As for `resolve`.

    Raises:
        CredentialsNotFound: On a call: the profile has no single sign-on, or an incomplete one; there is no sign-on,
            or it has expired (the message has the command to run); or an error of the portal.

    Example:
        >>> from sigv4presign import S3Presigner, providers
        >>> s3 = S3Presigner(providers.sso("dev"), region="eu-west-1")

    Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html
    """
    from ._sso import fetch_sso

    check_text("profile", profile)
    return Provider("sso", Later(fetch_sso, profile), _ahead(refresh_ahead))


def login(profile: "str | None" = None, *, refresh_ahead: "Lifetime" = REFRESH_AHEAD) -> Provider:
    """The credentials of a profile that `aws login` created with the sign-in of the AWS console.

    They are read from the AWS CLI's cache (`~/.aws/login/cache`, or AWS_LOGIN_CACHE_DIRECTORY), and refreshed there
    with the private key in the cache, which needs no compiled code here.

    Args:
        profile: The profile; if not given, the one that AWS_PROFILE names, else `default`.
        refresh_ahead: As for `resolve`.

    Raises:
        CredentialsNotFound: On a call: the profile has no `login_session`; there is no login, or it has expired (the
            message has the command to run); or an error of the sign-in service.

    Example:
        >>> from sigv4presign import S3Presigner, providers
        >>> s3 = S3Presigner(providers.login("console"), region="eu-west-1")

    Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-login-credentials.html
    """
    from ._login import fetch_login

    check_text("profile", profile)
    return Provider("login", Later(fetch_login, profile), _ahead(refresh_ahead))


@frameless
def directory_bucket(
    bucket: str,
    *,
    credentials: "CredentialsSource",
    region: str,
    read_only: bool = False,
    endpoint: "str | None" = None,
    refresh_ahead: "Lifetime" = REFRESH_AHEAD,
) -> Provider:
    """A session for one directory bucket (S3 Express One Zone), by CreateSession.

    A session expires after five minutes, and so do URLs that are signed with it.  The request follows botocore's model,
    as a presigned URL; it has not been tested at AWS.

    Args:
        bucket: The bucket, such as `name--usw2-az1--x-s3`.
        credentials: The credentials that create the session: anything that `credentials=` takes.
        region: The bucket's region.
        read_only: Whether the session may only read.
        endpoint: The bucket's URL, if it is not at AWS.
        refresh_ahead: As for `resolve`.

    Raises:
        InputError: Not a directory bucket, or an invalid region.
        CredentialsNotFound: On a call: an error of S3.

    Example:
        >>> from sigv4presign import S3Presigner, providers
        >>> bucket = "logs--euw1-az1--x-s3"
        >>> session = providers.directory_bucket(bucket, credentials=providers.resolve(), region="eu-west-1")
        >>> s3 = S3Presigner(session, region="eu-west-1")

    Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateSession.html
    """
    from ._directory_bucket import session_fetch

    fetch = session_fetch(bucket, credentials, region, read_only=read_only, endpoint=endpoint)
    return Provider("directory_bucket", fetch, _ahead(refresh_ahead))


@frameless
def process(command: str) -> Provider:
    """The credentials that a program prints, as with `credential_process`.

    It is run without a shell, for at most a minute.

    Args:
        command: The program and its arguments, quoted as for a shell.

    Raises:
        CredentialsNotFound: On a call: it cannot be run, fails, or prints no credentials.

    Example:
        >>> from sigv4presign import S3Presigner, providers
        >>> s3 = S3Presigner(providers.process("vault-keys --role 'link maker'"), region="eu-west-1")

    Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
    """
    from ._process import fetch_process

    if not isinstance(command, str):
        raise TypeError(f"command: expected str, got {type(command).__name__}")
    return Provider("process", Later(fetch_process, command, "the command"))


def container() -> Provider:
    """The container's endpoint in AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or ..._FULL_URI: ECS, EKS.

    It is sent the token of AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE or AWS_CONTAINER_AUTHORIZATION_TOKEN.  Without TLS
    only loopback addresses and those of ECS and EKS are allowed.  Three attempts of two seconds.

    Raises:
        CredentialsNotFound: On a call: neither variable is set, the endpoint is not allowed, or its error.

    Example:
        >>> from sigv4presign import S3Presigner, providers
        >>> s3 = S3Presigner(providers.container(), region="eu-west-1")

    Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
    """
    from ._metadata import fetch_container

    return Provider("container", fetch_container)


def instance() -> Provider:
    """The role of an EC2 instance, from its metadata service: only IMDSv2, as in the newer AWS SDKs.

    AWS_EC2_METADATA_DISABLED, AWS_EC2_METADATA_SERVICE_ENDPOINT, ..._ENDPOINT_MODE, AWS_METADATA_SERVICE_TIMEOUT and
    AWS_METADATA_SERVICE_NUM_ATTEMPTS are read, and the profile's settings of these names.  The default is one attempt
    of one second.

    Raises:
        CredentialsNotFound: On a call: the service is disabled, does not answer, or the instance has no role.

    Example:
        >>> from sigv4presign import S3Presigner, providers
        >>> s3 = S3Presigner(providers.instance(), region="eu-west-1")

    Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html
    """
    from ._metadata import fetch_instance

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
        session_name: The session's name in CloudTrail; if not given, AWS_ROLE_SESSION_NAME, else a generated one.
        policy: As for `assume_role`.
        duration: As for `assume_role`.
        region: As for `resolve`.
        endpoint: As for `assume_role`.
        refresh_ahead: As for `resolve`.

    Raises:
        InputError: An argument that STS would reject.
        CredentialsNotFound: On a call: no token, or an error of STS.

    Example:
        >>> from sigv4presign import S3Presigner, providers
        >>> pod = providers.web_identity("arn:aws:iam::123456789012:role/links", region="eu-west-1",
        ...                              token_file="/var/run/secrets/eks.amazonaws.com/serviceaccount/token")
        >>> s3 = S3Presigner(pod, region="eu-west-1")

    Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
    """
    from ._sts import Session, check_role, fetch_web_identity, policy_text, session_seconds

    check_role(role_arn, session_name)
    for parameter, text in (("token_file", token_file), ("region", region), ("endpoint", endpoint)):
        check_text(parameter, text)
    where = Region(region)
    fetch = Later(
        fetch_web_identity,
        token_file,
        Session(role_arn, session_name, policy=policy_text(policy), seconds=session_seconds(duration)),
        where,
        endpoint,
    )
    return Provider("web_identity", fetch, _ahead(refresh_ahead), where)


@frameless
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

    With `policy`, the session and every URL it signs are limited to what the role and the policy both allow.

    Args:
        role_arn: The role.
        source: The credentials that assume it: anything that `credentials=` takes; if not given, those of `resolve()`.
        session_name: The session's name in CloudTrail; a generated one if not given.
        external_id: The id that the role's owner requires from third parties.
        policy: An inline session policy, as JSON or as a mapping; at most 2048 characters without white space.
        duration: The lifetime of a session, 15 minutes to 12 hours and at most the role's maximum; STS's default is
            an hour.
        region: As for `resolve`.
        endpoint: STS's URL, if not at AWS: MinIO, Ceph, a local stack.  If not given, AWS_ENDPOINT_URL_STS,
            AWS_ENDPOINT_URL or the profile's settings.
        refresh_ahead: As for `resolve`.

    Raises:
        InputError: An argument that STS would reject.
        CredentialsNotFound: On a call: no credentials to assume it with, or an error of STS.

    Example:
        >>> from sigv4presign import providers
        >>> providers.assume_role(
        ...     "arn:aws:iam::123456789012:role/links", region="eu-west-1", duration=900,
        ...     policy={"Version": "2012-10-17", "Statement": [
        ...         {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/public/*"}]})
        <Provider: assume_role>

    Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
    """
    from ._sts import Session, check_role, fetch_role, policy_text, session_seconds

    if not isinstance(role_arn, str):
        raise TypeError(f"role_arn: expected str, got {type(role_arn).__name__}")
    check_role(role_arn, session_name, external_id)
    if source is not None and not callable(source):
        _check_source(source)
    for parameter, text in (("region", region), ("endpoint", endpoint)):
        check_text(parameter, text)
    where = Region(region)
    fetch = Later(
        fetch_role,
        resolve(region=region) if source is None else source,
        Session(
            role_arn,
            session_name,
            external_id=external_id,
            policy=policy_text(policy),
            seconds=session_seconds(duration),
        ),
        where,
        endpoint,
    )
    return Provider("assume_role", fetch, _ahead(refresh_ahead), where)


def _check_source(source: "CredentialsSource") -> None:
    from .._credentials import freeze

    try:
        freeze(source)
    except TypeError as fault:
        problem = str(fault).removeprefix("credentials")
    else:
        return
    raise TypeError(f"source{problem}")


def _ahead(refresh_ahead: "Lifetime") -> int:
    try:
        return lifetime_seconds(refresh_ahead, "refresh_ahead", None)
    except InputError:
        raise InputError("refresh_ahead", f"{refresh_ahead!s:.40} is not a whole number of seconds from 1") from None


def _check_mfa(mfa: object) -> None:
    if mfa is not None and not callable(mfa):
        raise TypeError(f"mfa: expected a callable, got {type(mfa).__name__}")
