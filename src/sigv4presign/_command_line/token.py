"""`token`: IAM tokens, in the format of the program that reads them.

Rule: kubectl gets JSON, git gets lines, all others only the token.  Commands that other programs run write nothing to
standard error unless they fail, or sign with credentials from the network or a program.
"""

import argparse
import os
import time
from itertools import pairwise

from .arguments import add_expires_in, lifetime, parameter, whole_number
from .identity import add_keys, aws_region, identity
from .output import given, result, result_bytes, say, span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .._presigned_url import PresignedUrl
    from ..tokens._token import Token
    from .parser import Commands

    Run = Callable[[argparse.Namespace], None]

EXAMPLES = """\
sigv4presign token eks prod --region eu-west-1
export PGPASSWORD=$(sigv4presign token rds \\
  db.abc.eu-west-1.rds.amazonaws.com 5432 app --region eu-west-1)
psql -h db.abc.eu-west-1.rds.amazonaws.com -U app shop
sigv4presign help token rds"""

_API_VERSIONS = ("client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1")


def add(commands: "Commands") -> None:
    """Add the command to the program's."""
    parser = commands.add_parser(
        "token",
        help="a password or token made from AWS keys: EKS, RDS, DSQL, MSK, ...",
        description="Print a short-lived password or token, made from AWS keys. Each service has its own help.",
        examples=EXAMPLES,
    )
    kinds = parser.add_subparsers(dest="kind", metavar="SERVICE", required=True, title="services")

    eks = _add(
        kinds,
        "eks",
        _eks,
        "what kubectl reads: ExecCredential JSON for an EKS cluster",
        """\
sigv4presign token eks prod --region eu-west-1
kubectl config set-credentials prod \\
  --exec-api-version=client.authentication.k8s.io/v1beta1 \\
  --exec-command=sigv4presign --exec-arg=token,eks,prod,--region,eu-west-1""",
    )
    eks.add_argument("cluster_name", metavar="CLUSTER", help="the cluster's name")

    rds = _add(
        kinds,
        "rds",
        _printed("rds", "host", "port", "username"),
        "a password for a database of RDS or Aurora",
        """\
export PGPASSWORD=$(sigv4presign token rds \\
  db.abc.eu-west-1.rds.amazonaws.com 5432 app --region eu-west-1)
psql -h db.abc.eu-west-1.rds.amazonaws.com -U app shop""",
    )
    rds.add_argument("host", type=_host, metavar="HOST", help="the database's own endpoint, also behind a tunnel")
    rds.add_argument("port", metavar="PORT", type=_port, help="the database's own port, also behind a tunnel")
    rds.add_argument("username", metavar="USER", help="the database user")

    dsql = _add(
        kinds,
        "dsql",
        _printed("dsql", "host", "admin", "expires_in"),
        "a password for a cluster of Aurora DSQL",
        """\
export PGPASSWORD=$(sigv4presign token dsql \\
  abc.dsql.eu-west-1.on.aws --admin --region eu-west-1)""",
    )
    dsql.add_argument("host", metavar="HOST", help="the cluster's endpoint")
    dsql.add_argument("--admin", action="store_true", help="for the user admin")
    add_expires_in(dsql, "15m")

    elasticache = _add(
        kinds,
        "elasticache",
        _printed("elasticache", "cache_name", "user_id", "serverless"),
        "a password for a cache of ElastiCache",
        """\
export REDISCLI_AUTH=$(sigv4presign token elasticache sessions app)
valkey-cli --tls -h HOST --user app""",
    )
    elasticache.add_argument(
        "cache_name", metavar="CACHE", help="the name of the replication group or serverless cache, not its DNS name"
    )
    elasticache.add_argument("user_id", metavar="USER", help="the ElastiCache user")
    elasticache.add_argument("--serverless", action="store_true", help="the cache is a serverless one")

    memorydb = _add(
        kinds,
        "memorydb",
        _printed("memorydb", "cluster_name", "username"),
        "a password for a cluster of MemoryDB",
        "export REDISCLI_AUTH=$(sigv4presign token memorydb sessions app)",
    )
    memorydb.add_argument("cluster_name", metavar="CLUSTER", help="the cluster's name, not its DNS name")
    memorydb.add_argument("username", metavar="USER", help="the MemoryDB user")

    _add(
        kinds,
        "msk",
        _printed("msk"),
        "a token for MSK's Kafka brokers (OAUTHBEARER)",
        "sigv4presign token msk --region eu-west-1",
    )

    iot_mqtt = _add(
        kinds,
        "iot-mqtt",
        _printed("iot_mqtt", "host", "expires_in"),
        "the URL of AWS IoT Core for MQTT over a WebSocket",
        "sigv4presign token iot-mqtt abc-ats.iot.eu-west-1.amazonaws.com",
    )
    iot_mqtt.add_argument("host", metavar="HOST", help="the account's endpoint")
    add_expires_in(iot_mqtt, "the service's own")

    transcribe = _add(
        kinds,
        "transcribe",
        _printed("transcribe", "language_code", "media_encoding", "sample_rate", "medical", "query", "expires_in"),
        "the URL of Amazon Transcribe for speech over a WebSocket",
        "sigv4presign token transcribe en-US --media-encoding pcm --sample-rate 16000",
    )
    transcribe.add_argument("language_code", metavar="LANGUAGE", nargs="?", help="such as en-US")
    transcribe.add_argument("--media-encoding", metavar="NAME", required=True, help="pcm, ogg-opus or flac")
    transcribe.add_argument("--sample-rate", metavar="HERTZ", type=whole_number, required=True, help="such as 16000")
    transcribe.add_argument("--medical", action="store_true", help="Transcribe Medical")
    transcribe.add_argument(
        "--query", action="append", type=parameter, metavar="NAME=VALUE", help="a parameter as plain text; repeatable"
    )
    transcribe.add_argument("--expires-in", type=lifetime, metavar="TIME", help="90s or 4m; at most 5m (default: 5m)")

    codecommit = _add(
        kinds,
        "codecommit",
        _codecommit,
        "what git reads: user name and password for CodeCommit",
        """\
git config --global credential.helper '!sigv4presign token codecommit -'
git config --global credential.UseHttpPath true""",
    )
    codecommit.add_argument(
        "url", metavar="URL", help="the repository's HTTPS URL; - reads what git writes to its credential helpers"
    )
    codecommit.add_argument(
        "action", metavar="ACTION", nargs="?", default="get", help="git's: get; all others do nothing (default: get)"
    )


def _add(kinds: "Commands", name: str, run: "Run", purpose: str, examples: str) -> argparse.ArgumentParser:
    parser = kinds.add_parser(name, help=purpose, description=f"Print {purpose}.", examples=examples)
    parser.set_defaults(run=run)
    add_keys(parser.add_argument_group("credentials and region"))
    return parser


def _host(text: str) -> str:
    host, colon, port = text.rpartition(":")
    if colon and port.isdigit() and ":" not in host:
        raise argparse.ArgumentTypeError(f"{text[:200]!r} has the port in it; write {host} {port}")
    return text


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= 65_535):
        raise argparse.ArgumentTypeError(f"invalid port {text[:60]!r}; write a number from 1 to 65535")
    return int(text)


def _printed(kind: str, *names: str) -> "Run":
    """Return a command that prints a token or URL, and its expiry: what `tokens.<kind>` makes of these arguments."""

    def run(args: argparse.Namespace) -> None:
        from .. import tokens
        from .._time import iso_date

        make: Callable[..., Token | PresignedUrl] = getattr(tokens, kind)
        arguments = {name: getattr(args, name) for name in names}
        who = identity(args)
        now = int(time.time())
        token = make(**arguments, credentials=who.credentials, region=aws_region(who), now=now)
        result(token)
        if token.expires_at is not None:
            say(f"good until {iso_date(token.expires_at)}, {span(token.expires_at - now)} from now")

    return run


# --- the kinds -------------------------------------------------------------------------------------------------------


def _eks(args: argparse.Namespace) -> None:
    import json

    from .. import tokens
    from .._time import iso_date

    who = identity(args)
    token = tokens.eks(args.cluster_name, credentials=who.credentials, region=aws_region(who))
    status = {"expirationTimestamp": iso_date(token.expires_at), "token": str(token)}
    result(json.dumps({"kind": "ExecCredential", "apiVersion": _api_version(), "spec": {}, "status": status}))


def _api_version() -> str:
    """Return the version of ExecCredential that kubectl asks for; the answer must have the same.

    https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
    """
    import json

    text = os.environ.get("KUBERNETES_EXEC_INFO")
    if not text:  # kubectl before 1.20 names none, and expects v1beta1
        return _API_VERSIONS[-1]
    try:
        version = json.loads(text)["apiVersion"]
    except (ValueError, KeyError, TypeError):
        version = None
    if version in _API_VERSIONS:
        return str(version)
    say(f"KUBERNETES_EXEC_INFO names no apiVersion known here; the answer is in {_API_VERSIONS[-1]}")
    return _API_VERSIONS[-1]


def _codecommit(args: argparse.Namespace) -> None:
    """Answer git: https://git-scm.com/docs/git-credential#IOFMT, https://git-scm.com/docs/gitcredentials."""
    if args.action != "get":  # this helper stores nothing, so `store` and `erase` do nothing
        return
    from .. import tokens

    url = args.url
    if url == "-":
        attributes = dict(line.split("=", 1) for line in given().splitlines() if "=" in line)
        if not _is_codecommit(attributes.get("host", "")):  # git asks each of its helpers about every host
            return
        url = _url_from_git(attributes)
    args.region = args.region or _region_in(url)
    who = identity(args)
    login = tokens.codecommit(url, credentials=who.credentials, region=aws_region(who))
    lines = f"username={login.username}\npassword={login.password}\npassword_expiry_utc={login.expires_at}\n"
    # As bytes: in text mode Windows adds a carriage return, which git reads as part of the password.
    result_bytes(lines.encode())


def _is_codecommit(host: str) -> bool:
    """Whether a host, perhaps with a port, is CodeCommit's: no other may learn the session token."""
    from .._s3.buckets import domains
    from .._url import host_value

    try:
        name = host_value(host).partition(":")[0]
    except ValueError:
        return False
    return _region_in(f"https://{name}") is not None and name.endswith(tuple([f".{domain}" for domain in domains()]))


def _url_from_git(attributes: "dict[str, str]") -> str:
    """Return the URL from the attributes that git sends: `protocol=https`, `host=...`, `path=...`."""
    from ..errors import InputError

    for name in ("protocol", "host", "path"):
        if not attributes.get(name):
            hint = "; run: git config --global credential.UseHttpPath true" if name == "path" else ""
            raise InputError("url", f"git did not send the {name}{hint}")
    return f"{attributes['protocol']}://{attributes['host']}/{attributes['path']}"


def _region_in(url: str) -> "str | None":
    """Return the region in `git-codecommit.REGION.amazonaws.com`, also with `-fips` or a VPC endpoint's name."""
    labels = url.partition("://")[2].partition("/")[0].split(".")
    for label, following in pairwise(labels):
        if label in ("git-codecommit", "git-codecommit-fips"):
            return following
    return None
