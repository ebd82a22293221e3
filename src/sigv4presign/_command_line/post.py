"""`post`: a form that uploads a file, for browsers.

Rule: a form needs its URL and its fields, so both are printed: as JSON, as an HTML page or as a curl command.
"""

import argparse
import time

from .addresses import notes, s3_form
from .arguments import add_expires_in, each_once, parameter, size, size_range
from .output import note, result, say, shown, until
from .store import add_store, presigner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .._s3.post import PresignedPost
    from .parser import Commands

_NAMES = ("expires_in", "content_length_range", "content_type", "content_type_starts_with")


def add(commands: "Commands") -> None:
    """Add the command to the program's."""
    parser = commands.add_parser(
        "post",
        help="a form that uploads a file, for browsers",
        description="Print a form that uploads one file with POST, as browsers do. Unlike a URL for PUT it can limit "
        "the size. The URL needs the fields, so both are printed: as one JSON line, or as --html or --curl say. Put "
        "the address into 'single quotes', so that the shell leaves ${filename} alone.",
        usage="%(prog)s 's3://BUCKET/KEY' [OPTIONS]",
        examples="""\
sigv4presign post 's3://photos/user/42/${filename}' --max-size 5MB
sigv4presign post 's3://photos/user/42/${filename}' --html > upload.html
sigv4presign post 's3://photos/cat.png' --max-size 5MB --curl cat.png""",
    )
    parser.set_defaults(run=run)
    parser.add_argument(
        "object",
        type=s3_form,
        metavar="s3://BUCKET/KEY",
        help="the key as plain text; ${filename} in it becomes the name of the file that is uploaded",
    )
    options = parser.add_argument_group("upload")
    sizes = options.add_mutually_exclusive_group()
    sizes.add_argument(
        "--max-size",
        dest="content_length_range",
        type=lambda text: (0, size(text)),
        metavar="SIZE",
        help="the largest size of the file: bytes, or 10K, 10M, 10G (1K is 1024), or 10KB, 10MB, 10GB (1KB is 1000)",
    )
    sizes.add_argument(
        "--content-length-range", type=size_range, metavar="LEAST:MOST", help="the smallest and the largest size: 1:10M"
    )
    options.add_argument("--content-type", metavar="TYPE", help="the Content-Type of the upload")
    options.add_argument(
        "--content-type-starts-with",
        metavar="TEXT",
        help="what the Content-Type must begin with, such as image/; the client adds this field",
    )
    options.add_argument(
        "--field",
        dest="fields",
        action="append",
        type=parameter,
        metavar="NAME=VALUE",
        help="another field, by S3's name: acl=private, x-amz-meta-owner=al, success_action_status=201; repeatable",
    )
    form = parser.add_argument_group("form")
    add_expires_in(form, "1h")
    printed = form.add_mutually_exclusive_group()
    printed.add_argument("--json", action="store_true", help="print one JSON line: url, fields, expires_at (default)")
    printed.add_argument("--html", action="store_true", help="print an HTML page with the form")
    printed.add_argument("--curl", metavar="FILE", help="print a curl command that uploads FILE")
    add_store(parser)


def run(args: argparse.Namespace) -> None:
    """Print the form."""
    now = int(time.time())
    s3 = presigner(args, args.object[0])
    params: dict[str, Any] = {name: getattr(args, name) for name in _NAMES if getattr(args, name) is not None}
    if args.fields is not None:
        params["fields"] = each_once("fields", args.fields)
    form = s3.post_object(*args.object, now=now, **params)
    if args.html:
        result(_page(form))
    elif args.curl is not None:
        result(form.curl(args.curl))
    else:
        import json

        result(json.dumps(form.to_dict()))
    for line in notes(args.object[1], params.get("content_type")):
        note(line)
    say(f"good for POST until {until(form, now)}")
    if args.html or args.curl is not None:
        to_do = "fill in the field"
    else:
        say("the client has to send all the fields, and the file after them, as the field  file")
        to_do = "the client has to add the field"
    for field in form._open_fields():
        say(f"{to_do}  {field.field}, which has to begin with {shown(field.value)}", whole=True)


def _page(form: "PresignedPost") -> str:
    """Return an HTML page with the form; without its charset a browser would send other bytes than were signed."""
    head = '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>Upload</title>\n'
    return f"{head}{form.html_form()}</html>"
