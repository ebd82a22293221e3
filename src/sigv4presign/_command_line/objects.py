"""`get`, `put`, `head`, `delete`: a URL for one S3 object.

Rule: the key is plain text and is percent-encoded here.  Common parameters are options; the command `s3` takes all.
"""

import argparse
import time

from .addresses import notes, s3_object
from .arguments import each_once, metadata, sha256, size
from .link import add_link, link
from .output import note
from .printed import print_url
from .store import add_store, presigner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .._presigned_url import PresignedUrl
    from .parser import Commands

# S3's name in snake case -> the commands that have it, the placeholder, the help.
_PARAMETERS = {
    "version_id": ("get head delete", "ID", "one version of the object instead of the latest"),
    "download_as": ("get", "NAME", "the name that browsers save the download under"),
    "response_content_type": ("get", "TYPE", "the Content-Type that S3 answers with"),
    "content_type": ("put", "TYPE", "the Content-Type of the upload"),
    "content_length": ("put", "SIZE", "the exact size of the upload: bytes, or 10K, 10M, 10G; `post` takes a range"),
    "checksum_sha256": ("put", "BASE64", "the SHA-256 of the upload, in base64"),
    "metadata": ("put", "NAME=VALUE", "metadata that is stored with the object; repeatable"),
    "storage_class": ("put", "CLASS", "STANDARD_IA, INTELLIGENT_TIERING, GLACIER, ..."),
    "acl": ("put", "ACL", "private, public-read, bucket-owner-full-control, ..."),
    "if_none_match": ("put", "ETAG", "'*': fail if the object exists already"),
}
_KINDS: "dict[str, dict[str, Any]]" = {
    "checksum_sha256": {"type": sha256},
    "content_length": {"type": size},
    "metadata": {"type": metadata, "action": "append"},
}
_COMMANDS = {
    "get": (
        "a URL that downloads an object",
        """\
sigv4presign get s3://reports/2026/costs.csv --expires-in 15m
sigv4presign get 's3://photos/my cat.png' --download-as cat.png --profile work
sigv4presign get s3://photos/cat.png --endpoint http://127.0.0.1:9000
sigv4presign get s3://photos/cat.png --curl > download.sh""",
    ),
    "put": (
        "a URL that uploads an object",
        """\
sigv4presign put s3://photos/cat.png --content-type image/png --curl
sigv4presign put s3://photos/cat.png --content-length 48K --if-none-match '*'
sigv4presign put s3://photos/cat.png --metadata owner=al --expires-in 1h30m""",
    ),
    "head": (
        "a URL that asks for an object's size, date and headers",
        """\
sigv4presign head s3://reports/2026/costs.csv
curl --head "$(sigv4presign head s3://reports/2026/costs.csv)\"""",
    ),
    "delete": (
        "a URL that deletes an object",
        """\
sigv4presign delete s3://reports/2026/costs.csv --expires-in 5m
sigv4presign delete s3://reports/2026/costs.csv --version-id 3HL4kqtJlcpX""",
    ),
}


def add(commands: "Commands") -> None:
    """Add the commands to the program's."""
    for command, (purpose, examples) in _COMMANDS.items():
        parser = commands.add_parser(
            command,
            help=purpose,
            description=f"Print {purpose}.",
            usage="%(prog)s s3://BUCKET/KEY [OPTIONS]",
            examples=examples,
        )
        _add(parser, command)


def _add(parser: argparse.ArgumentParser, command: str) -> None:
    parser.set_defaults(run=run)
    parser.add_argument(
        "object",
        type=s3_object,
        metavar="s3://BUCKET/KEY",
        help="the key as plain text, not percent-encoded; the bucket may be the ARN of an access point: "
        "s3://arn:aws:s3:REGION:ACCOUNT:accesspoint/NAME/KEY",
    )
    title = "upload (signed: the client must send each as the header that is printed)"
    options = parser.add_argument_group(title if command == "put" else "object")
    for name, (its_commands, placeholder, purpose) in _PARAMETERS.items():
        if command in its_commands.split():
            options.add_argument(
                f"--{name.replace('_', '-')}",
                metavar=placeholder,
                help=purpose,
                **_KINDS.get(name, {}),
            )
    add_link(parser)
    add_store(parser)


def run(args: argparse.Namespace) -> None:
    """Print the URL."""
    now = int(time.time())
    s3 = presigner(args, args.object[0])
    given = {name: getattr(args, name, None) for name in _PARAMETERS}
    params: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    if "metadata" in params:
        params["metadata"] = each_once("metadata", params["metadata"])
    operation: Callable[..., PresignedUrl] = getattr(s3, f"{args.command}_object")
    bucket, key = args.object
    url = operation(bucket, key, now=now, **link(args), **params)
    for line in notes(key, params.get("content_type")):
        note(line)
    print_url(url, args, now)
