"""Databases and caches: passwords that are presigned URLs without their scheme.

Rule: the signed host is the service's own name, even if the client connects to another address.
"""

from ..errors import InputError, frameless
from ._signing import bare_host, check_flag, check_text, resource_name, without_scheme

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._credentials import CredentialsSource
    from .._time import Lifetime, Now
    from ._token import Token


@frameless
def rds(
    host: str, port: int, username: str, *, credentials: "CredentialsSource", region: str, now: "Now | None" = None
) -> "Token":
    """A password for a database of RDS or Aurora; connections can be opened with it for 15 minutes.

    The connection must use TLS, and the database user must be enabled for IAM authentication.

    Args:
        host: The endpoint of the instance, the cluster or the proxy, even if the client connects through a tunnel.
        port: The port that the database listens on.  It is signed, so give this one for a tunnel too.
        username: The database user.
        credentials: Whose policy allows `rds-db:connect` as that user.
        region: The region of the database.
        now: The signing time; None: the current time.

    Example:
        >>> from sigv4presign import Credentials, tokens
        >>> password = tokens.rds("db.abc.eu-west-1.rds.amazonaws.com", 5432, "app",
        ...                       credentials=Credentials("AKIDEXAMPLE", "secret"), region="eu-west-1", now=1764000000)
        >>> print(password.partition("&X-Amz-")[0])
        db.abc.eu-west-1.rds.amazonaws.com:5432/?Action=connect&DBUser=app
        >>> password.expires_at
        1764000900

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html
    """
    if not isinstance(port, int) or isinstance(port, bool):
        raise TypeError(f"port: expected int, got {type(port).__name__}")
    if not 1 <= port <= 65_535:
        raise InputError("port", f"{port} is not a port; use 1 to 65535")
    check_text("username", username)
    return without_scheme(
        f"https://{bare_host(host)}:{int(port)}/",
        "rds-db",
        [("Action", "connect"), ("DBUser", username)],
        credentials=credentials,
        region=region,
        now=now,
    )


@frameless
def dsql(
    host: str,
    admin: bool = False,
    *,
    credentials: "CredentialsSource",
    region: str,
    expires_in: "Lifetime | None" = None,
    now: "Now | None" = None,
) -> "Token":
    """A password for Aurora DSQL.

    Args:
        host: The endpoint of the cluster.
        admin: For the user `admin` (DbConnectAdmin) instead of any other (DbConnect).
        credentials: Whose policy allows `dsql:DbConnect` or `dsql:DbConnectAdmin`.
        region: The region of the cluster.
        expires_in: Whole seconds or a timedelta, at most a week; None: 15 minutes.
        now: The signing time; None: the current time.

    Example:
        >>> from sigv4presign import Credentials, tokens
        >>> password = tokens.dsql("abc.dsql.eu-west-1.on.aws", admin=True, expires_in=3600, now=1764000000,
        ...                        credentials=Credentials("AKIDEXAMPLE", "secret"), region="eu-west-1")
        >>> print(password.partition("&X-Amz-")[0])
        abc.dsql.eu-west-1.on.aws/?Action=DbConnectAdmin
        >>> password.expires_at
        1764003600

    Source: https://docs.aws.amazon.com/aurora-dsql/latest/userguide/SECTION_authentication-token.html
    """
    check_flag("admin", admin)
    return without_scheme(
        f"https://{bare_host(host)}/",
        "dsql",
        [("Action", "DbConnectAdmin" if admin else "DbConnect")],
        credentials=credentials,
        region=region,
        now=now,
        expires_in=expires_in,
    )


@frameless
def elasticache(
    cache_name: str,
    user_id: str,
    *,
    serverless: bool = False,
    credentials: "CredentialsSource",
    region: str,
    now: "Now | None" = None,
) -> "Token":
    """A password for a cache of ElastiCache (Valkey or Redis OSS); connections can be opened with it for 15 minutes.

    Args:
        cache_name: The id of the replication group or the name of the serverless cache; not its DNS name.  It is
            signed in lower case, as ElastiCache keeps it.
        user_id: The id of the ElastiCache user, which is its name too; signed in lower case for the same reason.
        serverless: Whether the cache is serverless.  It is signed; a wrong value is rejected by the cache.
        credentials: Whose policy allows `elasticache:Connect`.
        region: The region of the cache.
        now: The signing time; None: the current time.

    Example:
        >>> from sigv4presign import Credentials, tokens
        >>> password = tokens.elasticache("sessions", "app", serverless=True, now=1764000000,
        ...                               credentials=Credentials("AKIDEXAMPLE", "secret"), region="eu-west-1")
        >>> print(password.partition("&X-Amz-")[0])
        sessions/?Action=connect&ResourceType=ServerlessCache&User=app

    Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html
    """
    check_text("user_id", user_id)
    check_flag("serverless", serverless)
    query = [("Action", "connect"), ("User", user_id.lower())]
    if serverless:
        query.append(("ResourceType", "ServerlessCache"))
    return without_scheme(
        f"http://{resource_name('cache_name', cache_name)}/",
        "elasticache",
        query,
        credentials=credentials,
        region=region,
        now=now,
    )


@frameless
def memorydb(
    cluster_name: str, username: str, *, credentials: "CredentialsSource", region: str, now: "Now | None" = None
) -> "Token":
    """A password for a cluster of MemoryDB; connections can be opened with it for 15 minutes.

    Args:
        cluster_name: The cluster's name, not its DNS name; signed in lower case.
        username: The MemoryDB user.
        credentials: Whose policy allows `memorydb:Connect`.
        region: The region of the cluster.
        now: The signing time; None: the current time.

    Example:
        >>> from sigv4presign import Credentials, tokens
        >>> password = tokens.memorydb("sessions", "app", credentials=Credentials("AKIDEXAMPLE", "secret"),
        ...                            region="eu-west-1", now=1764000000)
        >>> print(password.partition("&X-Amz-")[0])
        sessions/?Action=connect&User=app

    Source: https://docs.aws.amazon.com/memorydb/latest/devguide/auth-iam.html
    """
    check_text("username", username)
    return without_scheme(
        f"http://{resource_name('cluster_name', cluster_name)}/",
        "memorydb",
        [("Action", "connect"), ("User", username)],
        credentials=credentials,
        region=region,
        now=now,
    )
