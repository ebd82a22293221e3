"""`s3`: a URL for any operation of S3, by its name.

Rule: operations and parameters have S3's names in snake case; a value is text, converted to its parameter's type.
"""

import argparse
import time

from ..errors import InputError
from .addresses import notes, s3_bucket_or_object
from .arguments import parameter
from .link import add_link, link
from .messages import CommandError, message
from .output import note, result, say
from .printed import print_url
from .store import add_store, presigner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from .._presigned_url import PresignedUrl
    from .._s3.presigner import S3Presigner
    from .parser import Commands

API = "https://docs.aws.amazon.com/AmazonS3/latest/API/"
# Operations of S3 that are not supported, and why.
_NOT_HERE = {
    "create_session": "it returns session credentials for a directory bucket, which are not shared as a link",
    "list_directory_buckets": "it has its own endpoint, s3express-control; list_buckets lists general purpose buckets",
    "write_get_object_response": "only Object Lambda functions send it",
    "get_bucket_lifecycle": "it is deprecated; use get_bucket_lifecycle_configuration",
    "get_bucket_notification": "it is deprecated; use get_bucket_notification_configuration",
    "put_bucket_lifecycle": "it is deprecated; use put_bucket_lifecycle_configuration",
    "put_bucket_notification": "it is deprecated; use put_bucket_notification_configuration",
}

EXAMPLES = """\
sigv4presign s3 list_objects_v2 s3://reports --param prefix=2026/
sigv4presign s3 upload_part s3://videos/cat.mp4 \\
  --param upload_id=abc --param part_number=1 --curl
sigv4presign s3 put_object s3://photos/cat.png \\
  --param metadata=owner=al --param tagging=project=blue
sigv4presign s3 --list                   the operations
sigv4presign s3 upload_part --list       the parameters of one
"""


def add(commands: "Commands") -> None:
    """Add the command to the program's."""
    parser = commands.add_parser(
        "s3",
        help="a URL for any operation of S3, by its name",
        description="Print a URL for an operation of S3. Operation and parameters have S3's names in snake case: "
        "ListObjectsV2 is list_objects_v2.",
        examples=EXAMPLES,
        closing=f"S3's reference: {API}",
        usage="%(prog)s OPERATION [s3://BUCKET[/KEY]] [--param NAME=VALUE ...]\n       %(prog)s [OPERATION] --list",
    )
    parser.set_defaults(run=run)
    parser.add_argument(
        "operation",
        metavar="OPERATION",
        nargs="?",
        type=_operation,
        help="list_objects_v2, upload_part, get_object_tagging, ...",
    )
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
    parser.add_argument("--list", action="store_true", help="print the operations, or the parameters of OPERATION")
    add_link(parser)
    add_store(parser)


def run(args: argparse.Namespace) -> None:
    """Print the URL, or a list."""
    if args.list:
        _print_list(args.operation)
        return
    if args.operation is None:
        raise CommandError("OPERATION: missing; sigv4presign s3 --list prints all of them")
    now = int(time.time())
    where = _where(args.operation, *args.address)
    params = _read(args.operation, args.params, args.names)
    s3 = presigner(args, args.address[0], args.operation)
    operation: Callable[..., PresignedUrl] = getattr(s3, args.operation)
    url = operation(*where, now=now, **link(args), **params)
    for line in notes(args.address[1], params.get("content_type")):
        note(line)
    body = _has_body(s3, args.operation, params)
    print_url(url, args, now, body=body)
    if body and args.curl:
        from .._s3.operations import page

        say(f"FILE is the body of the request: {page(args.operation)}")


def _has_body(s3: "S3Presigner", operation: str, params: "dict[str, Any]") -> bool:
    """Whether the client must send a body.  For create_bucket only AWS requires one, with the region.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
    """
    from .._s3.operations import has_body

    if operation == "create_bucket" and (s3.endpoint is not None or s3.region == "us-east-1"):
        return False
    return has_body(operation, params)


def _operation(text: str) -> str:
    """Return the name of a supported operation."""
    from .._s3.operation_table import OPERATIONS

    if text in OPERATIONS:
        return text
    from . import suggestions

    if text in _NOT_HERE:
        problem = f"{text} is an operation of S3, but {_NOT_HERE[text]}"
    elif text[:5].lower() == "s3://":
        problem = f"the operation comes first; write: sigv4presign s3 OPERATION {text[:100]}"
    elif instead := suggestions.for_operation(text):  # as in `aws s3 presign`
        problem = f"{text!r} is not an operation of S3; write: {instead}"
    else:
        from difflib import get_close_matches

        close = get_close_matches(text.lower(), [*OPERATIONS, *_NOT_HERE], n=1)
        hint = f"did you mean {close[0]}?" if close else "sigv4presign s3 --list prints all of them"
        problem = f"unknown operation {text[:60]!r}; {hint}"
    raise argparse.ArgumentTypeError(problem)


def _print_list(operation: "str | None") -> None:
    """Print the operations, or the parameters of one, as they are typed."""
    from .._s3.operation_table import BUCKET, OBJECT, OPERATIONS

    width = max(map(len, OPERATIONS)) + 2
    addresses = {OBJECT: "s3://BUCKET/KEY", BUCKET: "s3://BUCKET"}
    if operation is None:
        for name in sorted(OPERATIONS):
            result(f"{name:<{width}}{addresses.get(OPERATIONS[name].scope, '')}".rstrip())
        return
    row = OPERATIONS[operation]
    scope, required, places = row.scope, row.required, row.places
    for name in [*required, *sorted(set(places).difference(required))]:
        result(f"{name:<{width}}{'required' if name in required else ''}".rstrip())
    say(f"usage: sigv4presign s3 {operation} {addresses.get(scope, '')}".rstrip() + " --param NAME=VALUE", whole=True)


def _where(operation: str, bucket: str, key: str) -> "list[str]":
    """Return bucket and key, or what of them the operation needs."""
    from .._s3.operation_table import BUCKET, OBJECT, OPERATIONS

    scope, places = OPERATIONS[operation].scope, OPERATIONS[operation].places
    if scope == OBJECT and not key:
        raise CommandError(f"s3://BUCKET[/KEY]: {operation} acts on an object; write s3://BUCKET/KEY")
    if scope == BUCKET and (key or not bucket):
        hint = f", and --param prefix={key}" if key and "prefix" in places else ""
        raise CommandError(f"s3://BUCKET[/KEY]: {operation} acts on a bucket; write s3://{bucket or 'BUCKET'}{hint}")
    if scope not in (OBJECT, BUCKET) and bucket:
        raise CommandError(f"s3://BUCKET[/KEY]: {operation} takes no bucket; leave {bucket} out")
    return [part for part in (bucket, key) if part]


def _read(operation: str, given: "list[tuple[str, str]]", names: "Mapping[str, str]") -> "dict[str, Any]":
    """Return the parameters as values; errors name --param."""
    from .._s3.operation_table import OPERATIONS
    from .._s3.operations import place_parameters
    from .._s3.parameter_values import metadata

    required, places = OPERATIONS[operation].required, OPERATIONS[operation].places
    params: dict[str, Any] = {}
    for name, text in given:
        if name not in places:
            raise CommandError(f"--param: {_unknown_parameter(operation, name, list(places))}")
        kind = places[name][2]
        if kind is metadata:
            entry = params.setdefault(name, {})
            inner, value = parameter(text)
        else:
            entry, inner, value = params, name, _value(name, kind, text)
        if inner in entry:
            raise CommandError(f"--param: {inner!r} is given twice; give it once")
        entry[inner] = value
    missing = [name for name in required if name not in params]
    if missing:
        write = " ".join([f"--param {name}=VALUE" for name in missing])
        raise CommandError(f"--param: {operation} needs {' and '.join(missing)}; write {write}")
    try:
        place_parameters(operation, params)
    except InputError as fault:
        raise CommandError(message(fault, {**names, **{name: f"--param {name}" for name in places}})) from None
    return params


def _unknown_parameter(operation: str, name: str, known: "list[str]") -> str:
    from difflib import get_close_matches

    problem = f"{operation} has no parameter {name[:60]!r}"
    bare = name.replace("_", "").replace("-", "").lower()
    if bare == "expiresin":
        return f"{problem}; write --expires-in TIME"
    close = [right for right in known if right.replace("_", "") == bare] or get_close_matches(name.lower(), known, n=1)
    return f"{problem}; {f'did you mean {close[0]}?' if close else f'sigv4presign s3 {operation} --list prints them'}"


def _value(name: str, kind: "Any", text: str) -> "Any":
    from .._s3.parameter_values import boolean, integer, part_number, words

    if kind in (integer, part_number):
        if not (text.isascii() and text.isdigit()) or len(text) > 15:
            raise CommandError(f"--param {name}: {text[:60]!r} is not a whole number; write digits alone")
        return int(text)
    if kind is boolean:
        if text not in ("true", "false"):
            raise CommandError(f"--param {name}: {text[:60]!r} is neither true nor false; write one of them")
        return text == "true"
    return text.split(",") if kind is words else text
