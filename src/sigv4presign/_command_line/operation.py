"""`s3`: a URL for any operation of S3, by its name.

Rule: operations and parameters are those of `S3Presigner`, so that what is written in one place can be read in S3's
reference; values are text, read as the kind that the parameter has.
"""

import argparse
import time

from .arguments import parameter, s3_bucket_or_object
from .link import add_link, link
from .output import say
from .signing import print_url
from .store import add_store, presigner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .._presigned_url import PresignedUrl
    from .._s3.presigner import S3Presigner
    from .arguments import Commands

EXAMPLES = """\
examples:
  sigv4presign s3 list_objects_v2 s3://reports --param prefix=2026/ --param max_keys=50
  sigv4presign s3 upload_part s3://videos/cat.mp4 --param upload_id=abc --param part_number=1 --curl
  sigv4presign s3 put_object s3://photos/cat.png --param metadata=owner=al --param tagging=project=blue

https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html lists them all.
"""


def add(commands: "Commands") -> None:
    """Add the command to the program's."""
    parser = commands.add_parser(
        "s3",
        help="a URL for any operation of S3, by its name",
        description="Print a URL for any operation of S3. Operation and parameters have S3's names in snake case.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="%(prog)s OPERATION [s3://BUCKET[/KEY]] [--param NAME=VALUE ...] [OPTIONS]",
    )
    parser.set_defaults(run=run)
    parser.add_argument("operation", metavar="OPERATION", help="list_objects_v2, upload_part, get_object_tagging, ...")
    parser.add_argument(
        "address",
        nargs="?",
        type=s3_bucket_or_object,
        default=("", ""),
        metavar="s3://BUCKET[/KEY]",
        help="what the operation acts on, as plain text; list_buckets has none",
    )
    parser.add_argument(
        "--param",
        dest="params",
        action="append",
        default=[],
        type=parameter,
        metavar="NAME=VALUE",
        help="a parameter as plain text: numbers as digits, true or false, a list with commas, an entry of metadata as "
        "metadata=NAME=VALUE; repeatable",
    )
    add_link(parser)
    add_store(parser)


def run(args: argparse.Namespace) -> None:
    """Print the URL."""
    now = int(time.time())
    where = _where(args.operation, *args.address)
    params = _read(args.operation, args.params)
    s3 = presigner(args)
    operation: Callable[..., PresignedUrl] = getattr(s3, args.operation)
    url = operation(*where, now=now, **link(args), **params)
    body = _has_body(s3, args.operation, params)
    print_url(url, args, now, body=body)
    if body and args.curl:
        from .._s3.operations import page

        say(f"FILE is the body of the request: {page(args.operation)}")


def _has_body(s3: "S3Presigner", operation: str, params: "dict[str, Any]") -> bool:
    """Whether the client has to send one.  Only AWS wants to be told a new bucket's region there.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
    """
    from .._s3.operations import has_body

    if operation == "create_bucket" and (s3.endpoint is not None or s3.region == "us-east-1"):
        return False
    return has_body(operation, params)


def _where(operation: str, bucket: str, key: str) -> "list[str]":
    """Bucket and key, as many of them as the operation acts on."""
    from .._s3.operation_table import BUCKET, OBJECT, OPERATIONS
    from ..errors import InputError

    if operation not in OPERATIONS:
        from difflib import get_close_matches

        close = get_close_matches(operation.lower(), OPERATIONS, n=1)
        hint = f"is it {close[0]}?" if close else "S3's names are written in snake case: list_objects_v2"
        raise InputError("operation", f"{operation!r} is none of S3's; {hint}")
    _, scope, _, _, places = OPERATIONS[operation]
    if scope == OBJECT and not key:
        raise InputError("address", f"{operation} acts on an object; write s3://BUCKET/KEY")
    if scope == BUCKET and (key or not bucket):
        hint = f", and --param prefix={key}" if key and "prefix" in places else ""
        raise InputError("address", f"{operation} acts on a bucket; write s3://{bucket or 'BUCKET'}{hint}")
    if scope not in (OBJECT, BUCKET) and bucket:
        raise InputError("address", f"{operation} acts on no bucket; leave {bucket} out")
    return [part for part in (bucket, key) if part]


def _read(operation: str, given: "list[tuple[str, str]]") -> "dict[str, Any]":
    """The parameters as values, and checked, so that an error names --param."""
    from .._s3.operation_table import OPERATIONS
    from .._s3.operations import place_parameters
    from .._s3.parameter_values import metadata
    from ..errors import InputError

    places = OPERATIONS[operation][4]
    params: dict[str, Any] = {}
    for name, text in given:
        kind = places[name][2] if name in places else None
        if kind is metadata:
            entry = params.setdefault(name, {})
            inner, value = parameter(text)
        else:
            entry, inner, value = params, name, _value(name, kind, text)
        if inner in entry:
            raise InputError("param", f"{inner!r} is there twice")
        entry[inner] = value
    try:
        place_parameters(operation, params)
    except TypeError as fault:
        problem = str(fault).replace("got an unexpected keyword argument", "has no parameter")
        raise InputError("param", problem.replace("keyword-only argument", "parameter")) from None
    except InputError as fault:
        raise InputError("param", str(fault)) from None
    return params


def _value(name: str, kind: "Any", text: str) -> "Any":
    from .._s3.parameter_values import boolean, integer, part_number, words
    from ..errors import InputError

    if kind in (integer, part_number):
        if not (text.isascii() and text.isdigit()) or len(text) > 15:
            raise InputError("param", f"{name}: {text[:60]!r} is no whole number")
        return int(text)
    if kind is boolean:
        if text not in ("true", "false"):
            raise InputError("param", f"{name}: {text[:60]!r} is neither true nor false")
        return text == "true"
    return text.split(",") if kind is words else text
