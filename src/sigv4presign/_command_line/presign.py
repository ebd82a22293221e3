"""`presign`: a URL for any service.

Rule: the URL is given percent-encoded, as it will be requested; --query takes plain text.
"""

import argparse
import time

from .arguments import header, parameter
from .identity import aws_region, identity, required_region
from .printed import add_signing, print_url

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .parser import Commands


def add(commands: "Commands") -> None:
    """Add the command to the program's."""
    parser = commands.add_parser(
        "presign",
        help="a URL for any service",
        description="Print a URL for any service. For objects in S3 use get, put, head and delete.",
        usage="%(prog)s METHOD URL --service NAME [OPTIONS]",
        examples="""\
sigv4presign presign GET https://abc.execute-api.eu-west-1.amazonaws.com/dev \\
  --service execute-api --query page=2 --expires-in 5m
sigv4presign presign GET https://sts.eu-west-1.amazonaws.com/ \\
  --service sts --query Action=GetCallerIdentity --query Version=2011-06-15""",
    )
    parser.set_defaults(run=run)
    parser.add_argument("method", type=_method, metavar="METHOD", help="GET, POST, ...")
    parser.add_argument(
        "url", metavar="URL", type=_url, help="the URL as it will be requested, percent-encoded, in 'single quotes'"
    )
    parser.add_argument(
        "--service", required=True, metavar="NAME", help="as in credential scopes: s3, execute-api, rds-db, ..."
    )
    parser.add_argument(
        "--query", action="append", type=parameter, metavar="NAME=VALUE", help="a parameter as plain text; repeatable"
    )
    parser.add_argument(
        "--header",
        dest="headers",
        action="append",
        type=header,
        metavar="'NAME: VALUE'",
        help="a header that the client must then send; repeatable",
    )
    add_signing(parser)


def _method(text: str) -> str:
    if text[:5].lower() == "s3://":
        raise argparse.ArgumentTypeError(f"{text[:100]!r} is an object in S3; write: sigv4presign get {text[:100]}")
    if "://" in text:
        raise argparse.ArgumentTypeError("a URL is not a method; write: sigv4presign presign GET URL --service NAME")
    return text


def _url(text: str) -> str:
    if text[:5].lower() == "s3://":
        raise argparse.ArgumentTypeError(
            f"{text[:100]!r} is an object in S3; use get, put, head or delete, as in sigv4presign get {text[:100]}"
        )
    return text


def run(args: argparse.Namespace) -> None:
    """Print the URL."""
    from .._presign import presign

    now = int(time.time())
    who = identity(args)
    lifetime = {} if args.expires_in is None else {"expires_in": args.expires_in}
    url = presign(
        args.method,
        args.url,
        credentials=who.credentials,
        region=(aws_region if ".amazonaws.com" in args.url else required_region)(who),
        service=args.service,
        query=args.query,
        headers=args.headers,
        now=now,
        **lifetime,
    )
    print_url(url, args, now)
