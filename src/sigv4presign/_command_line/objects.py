"""`get`, `put`, `head`, `delete`: a URL for one S3 object.

Rule: the key is plain text, as it is in S3; encoding it is our work.
"""

import argparse
import time

from .arguments import s3_object
from .signing import add_signing, credentials, print_url, region

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .._query_auth import PresignedUrl
    from .arguments import Commands


def add(commands: "Commands") -> None:
    """Add the commands to the program's."""
    for command, purpose in (
        ("get", "a URL that downloads an object"),
        ("put", "a URL that uploads an object"),
        ("head", "a URL that asks for an object's size, date and headers"),
        ("delete", "a URL that deletes an object"),
    ):
        _add(commands.add_parser(command, help=purpose, description=f"Print {purpose}."), command)


def _add(parser: argparse.ArgumentParser, command: str) -> None:
    parser.set_defaults(run=run)
    parser.add_argument("object", type=s3_object, metavar="s3://BUCKET/KEY", help="the key as plain text, not encoded")
    if command == "put":
        parser.add_argument("--content-type", metavar="TYPE", help="the Content-Type that the client then has to send")
    else:
        parser.add_argument("--version-id", metavar="ID", help="one version of the object instead of the latest")
    parser.add_argument("--endpoint", metavar="URL", help="the store, if it is not AWS: http://127.0.0.1:9000")
    parser.add_argument(
        "--public-endpoint", metavar="URL", help="what clients open, if a proxy stands before the store"
    )
    parser.add_argument(
        "--addressing-style",
        default="auto",
        choices=("auto", "virtual", "path", "cname"),
        help="where the bucket stands: virtual: in the host; path: in the path; cname: nowhere (default: auto)",
    )
    add_signing(parser)


def run(args: argparse.Namespace) -> None:
    """Print the URL."""
    from .._s3.presigner import S3Presigner

    now = int(time.time())
    s3 = S3Presigner(
        credentials(args),
        region=region(args),
        endpoint=args.endpoint,
        public_endpoint=args.public_endpoint,
        addressing_style=args.addressing_style,
    )
    given = {name: getattr(args, name, None) for name in ("version_id", "content_type")}
    params = {name: value for name, value in given.items() if value is not None}
    operation: Callable[..., PresignedUrl] = getattr(s3, f"{args.command}_object")
    bucket, key = args.object
    print_url(operation(bucket, key, expires_in=args.expires_in, now=now, **params), args, now)
