"""Credentials and settings as the AWS CLI finds them, without an SDK.

Rule: this package, `share` aside, is all that reads anything from outside; the core never imports it.  Each provider is
a callable: hand it to a presigner as `credentials=`.

    >>> from sigv4presign import S3Presigner, providers
    >>> s3 = S3Presigner(providers.resolve(), region="eu-west-1")

`resolve` asks in the order of the AWS SDKs, and within a profile in that of the AWS CLI:

1. the environment: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN (not where a profile is given);
2. the profile in the shared config and credentials files: a role to assume, a web identity (whose variables,
   AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN, come first), single sign-on, keys in the credentials file,
   `aws login`, `credential_process`, keys in the config file;
3. the container's endpoint: ECS, EKS Pod Identity;
4. the instance metadata service of EC2, IMDSv2.

The first of them that is configured decides.  If it fails, that is the answer: the next one would be another identity.

https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
"""

from .._time import lifetime_seconds
from ..errors import InputError
from ._environment import fetch_environment, fetch_environment_first
from ._provider import REFRESH_AHEAD, Chain, Found, Later, Provider

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from .._credentials import CredentialsSource
    from .._time import Lifetime
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


# Loaded when they are called: with keys in the environment none of them is.


def _from_profile(
    name: "str | None",
    region: "str | None" = None,
    *,
    mfa: "Callable[[str], str] | None" = None,
    network: bool = True,
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
    """The credentials that the AWS CLI would use here, from wherever they are.

    Nothing is read or asked before the first signature.  The provider that then has credentials is asked alone from
    there on.

    Args:
        profile: This profile of the shared files, instead of the environment's keys.
        mfa: For a role whose profile has `mfa_serial`: a callable that takes the serial number or ARN of the device
            and returns its six-digit code.  It is called where a caller waits, never in the background, and not at all
            while the AWS CLI's cache has a session of that role (`~/.aws/cli/cache`).
        region: Where STS is asked, if a role is to be assumed; if not given, AWS_REGION, AWS_DEFAULT_REGION, the
            profile's region, or the instance's.
        network: False: what needs the network, or a program, is an error that says so.
        refresh_ahead: How long before they expire credentials are refreshed: raise it to the longest lifetime of
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
    _check_mfa(mfa)
    from_profile = Later(
        _from_profile, profile, region, mfa=mfa, network=network, and_environment=profile is None
    )  # fmt: skip
    from_container, from_instance = (
        Later(_from_container, network=network),
        Later(_from_instance, profile, network=network),
    )
    if profile is None:
        return Provider(
            "resolve",
            Chain(fetch_environment_first, from_profile, from_container, from_instance),
            _ahead(refresh_ahead),
        )
    return Provider("resolve", Chain(from_profile, from_container, from_instance), _ahead(refresh_ahead))


def settings(
    profile: "str | None" = None,
    *,
    service: str = "s3",
    environ: "Mapping[str, str] | None" = None,
    network: bool = True,
) -> "Settings":
    """The settings that the AWS CLI would use here: region, endpoint and how to reach it.

    They are read from the environment and the profile in the shared files.  Where neither has a region, the instance
    metadata service is asked for it, as the AWS CLI does.

    Args:
        profile: The profile; if not given, the one that AWS_PROFILE names, else `default`.
        service: Whose endpoint is meant, such as `s3`, `sts` or `sso-oidc`.
        environ: The variables; `os.environ` if not given.
        network: False: the instance metadata service is not asked.

    Returns:
        Settings: `region`, `endpoint_url`, `use_fips`, `use_dualstack`, `addressing_style`, `use_accelerate`,
            `ca_bundle`, `max_attempts`, and `sources`, which says where each came from.

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

    _check_text("profile", profile)
    if not isinstance(service, str):
        raise TypeError(f"service: expected str, got {type(service).__name__}")
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
    """One profile of the shared files, by whatever way it names: keys, single sign-on, a program, a chain of roles.

    Args:
        name: The profile; if not given, the one that AWS_PROFILE names, else `default`.
        mfa: As for `resolve`.
        region: As for `resolve`.
        network: As for `resolve`.
        refresh_ahead: As for `resolve`.

    Raises:
        CredentialsNotFound: On a call: no such profile, a circle of source profiles, an MFA device and no `mfa`, a
            sign-on that has expired (the message has the command that signs on), or what the program or STS answered.

    Example:
        >>> from sigv4presign import S3Presigner, providers
        >>> s3 = S3Presigner(providers.profile("work"), region="eu-west-1")

    Source: https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
    """
    _check_text("name", name)
    _check_text("region", region)
    _check_mfa(mfa)
    fetch = Later(_from_profile, name, region, mfa=mfa, network=network)
    return Provider("profile", fetch, _ahead(refresh_ahead))


def sso(profile: "str | None" = None, *, refresh_ahead: "Lifetime" = REFRESH_AHEAD) -> Provider:
    """The credentials of a profile with single sign-on (IAM Identity Center), after `aws sso login`.

    The sign-on is the AWS CLI's: its token is read from `~/.aws/sso/cache`, refreshed there while it can be, and
    exchanged for the credentials of the profile's role.  Both kinds of profile are known, with `sso_session` and with
    `sso_start_url`.

    Args:
        profile: The profile; if not given, the one that AWS_PROFILE names, else `default`.
        refresh_ahead: As for `resolve`.

    Raises:
        CredentialsNotFound: On a call: the profile has no single sign-on, or an incomplete one; nobody has signed on,
            or the sign-on has expired, and the message has the command that mends it; or what the portal answered.

    Example:
        >>> from sigv4presign import S3Presigner, providers
        >>> s3 = S3Presigner(providers.sso("dev"), region="eu-west-1")

    Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html
    """
    from ._sso import fetch_sso

    _check_text("profile", profile)
    return Provider("sso", Later(fetch_sso, profile), _ahead(refresh_ahead))


def login(profile: "str | None" = None, *, refresh_ahead: "Lifetime" = REFRESH_AHEAD) -> Provider:
    """The credentials of a profile that `aws login` made, with the sign-in of the AWS console.

    They are read from the AWS CLI's cache (`~/.aws/login/cache`, or AWS_LOGIN_CACHE_DIRECTORY), and refreshed there
    with the key that the cache holds, which takes no compiled code here.

    Args:
        profile: The profile; if not given, the one that AWS_PROFILE names, else `default`.
        refresh_ahead: As for `resolve`.

    Raises:
        CredentialsNotFound: On a call: the profile has no `login_session`, nobody has logged in, or the login has
            expired, and the message has the command that mends it; or what the sign-in service answered.

    Example:
        >>> from sigv4presign import S3Presigner, providers
        >>> s3 = S3Presigner(providers.login("console"), region="eu-west-1")

    Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-login-credentials.html
    """
    from ._login import fetch_login

    _check_text("profile", profile)
    return Provider("login", Later(fetch_login, profile), _ahead(refresh_ahead))


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

    A session lives five minutes, and so do URLs that are signed with it.  The request is the one of botocore's model,
    as a presigned URL; it has not been tried at AWS.

    Args:
        bucket: The bucket, such as `name--usw2-az1--x-s3`.
        credentials: Whose credentials open the session: anything that `credentials=` takes.
        region: The bucket's region.
        read_only: Open a session that can only read.
        endpoint: The bucket's own URL, if it is not at AWS.
        refresh_ahead: As for `resolve`.

    Raises:
        InputError: Not a directory bucket, or a region that cannot be one.
        CredentialsNotFound: On a call: what S3 answered.

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


def process(command: str) -> Provider:
    """The credentials that a program prints, as with `credential_process`.

    It runs without a shell, for a minute at most.

    Args:
        command: The program and its arguments, quoted as for a shell.

    Raises:
        CredentialsNotFound: On a call: it cannot be run, fails, or prints something else.

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
    from ._metadata import fetch_container

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
    from ._sts import Session, check_role, fetch_web_identity, policy_text, session_seconds

    check_role(role_arn, session_name)
    for parameter, text in (("token_file", token_file), ("region", region), ("endpoint", endpoint)):
        _check_text(parameter, text)
    fetch = Later(
        fetch_web_identity,
        token_file,
        Session(role_arn, session_name, policy=policy_text(policy), seconds=session_seconds(duration)),
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
    from ._sts import Session, check_role, fetch_role, policy_text, session_seconds

    if not isinstance(role_arn, str):
        raise TypeError(f"role_arn: expected str, got {type(role_arn).__name__}")
    check_role(role_arn, session_name, external_id)
    for parameter, text in (("region", region), ("endpoint", endpoint)):
        _check_text(parameter, text)
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


def _check_mfa(mfa: object) -> None:
    if mfa is not None and not callable(mfa):
        raise TypeError(f"mfa: expected a callable, got {type(mfa).__name__}")
