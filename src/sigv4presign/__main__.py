"""The command line: `python -m sigv4presign` and the `sigv4presign` script.

Rule: the result alone goes to standard output, everything said about it to standard error.  A command loads what it
needs when it runs.  No message shows a secret key, a session token or a signature; the URLs that are asked for do.
"""

import argparse
import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn

    from ._credentials import Credentials
    from ._query_auth import PresignedUrl
    from ._server.share import Share
    from .errors import InputError

EXAMPLES = """\
examples:
  sigv4presign get s3://reports/2026/costs.csv --region eu-west-1 --expires-in 15m
  sigv4presign put s3://photos/cat.png --content-type image/png --curl
  sigv4presign share costs.csv              no AWS needed: serves the file on this machine
  sigv4presign inspect -                    reads a URL from standard input and takes it apart

Put URLs into 'single quotes': a shell would cut them at each &.
"""

MOST_SHARED = 1000  # files whose URLs are printed; more would bury the terminal

_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3_600, "d": 86_400}
_BYTES = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3}

# How the parameters that errors name are written here.
_OPTIONS = {
    "addressing_style": "--addressing-style",
    "content_type": "--content-type",
    "endpoint": "--endpoint",
    "expires_in": "--expires-in",
    "headers": "--header",
    "method": "METHOD",
    "name": "--name",
    "path": "PATH",
    "port": "--port",
    "public_endpoint": "--public-endpoint",
    "query": "--query",
    "region": "--region",
    "service": "--service",
    "url": "URL",
    "version_id": "--version-id",
}


def main(argv: "list[str] | None" = None) -> int:
    """Run one command; return the exit status: 0, or 2 for what was asked wrongly or cannot be had.

    Args:
        argv: The arguments after the program's name; `sys.argv`'s if not given.
    """
    from .errors import InputError, Sigv4PresignError

    args = _parser().parse_args(argv)
    run: Callable[[argparse.Namespace], None] = args.run
    try:
        run(args)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read the output has gone, as `| head -1` does.  Python would say so once more when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        _say("stopped")
        return 130
    except InputError as fault:
        return _complain(_in_options(fault))
    except (Sigv4PresignError, OSError, UnicodeError) as fault:
        return _complain(str(fault))
    return 0


# --- what every command says and prints -------------------------------------------------------------------------------


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _complain(problem: str) -> int:
    _say(f"sigv4presign: error: {_without_secrets(problem)}")
    return 2


def _without_secrets(text: str) -> str:
    """A message without the signature of a URL that was quoted in it."""
    from ._query_auth import redacted

    return " ".join([redacted(word) for word in text.split(" ")])


def _in_options(fault: "InputError") -> str:
    """The message with the parameter's name as it is written on the command line."""
    return _OPTIONS.get(fault.parameter, fault.parameter) + str(fault).removeprefix(fault.parameter)


def _print_url(url: "PresignedUrl", args: argparse.Namespace, now: int) -> None:
    if args.json:
        import json

        print(json.dumps(url.to_dict()))
    else:
        print(url.curl() if args.curl else url)
    _say(f"good for {url.method} until {_until(url, now)}")
    for name, value in url.headers.items():
        _say(f"the client has to send the header  {name}: {value}")


def _until(url: "PresignedUrl", now: int) -> str:
    from ._timestamps import iso_date

    expires_at: int = url.to_dict()["expires_at"]
    return f"{iso_date(expires_at)}, {_span(expires_at - now)} from now"


def _span(seconds: int) -> str:
    """`5400` as `1 hour 30 minutes`: the two largest units."""
    words: list[str] = []
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")):
        count, seconds = divmod(seconds, size)
        if count:
            words.append(f"{count} {unit}{'' if count == 1 else 's'}")
    return " ".join(words[:2]) or "0 seconds"


def _shown(text: str) -> str:
    """Text from outside for a terminal, which control characters could steer."""
    return text if text.isprintable() else ascii(text)


# --- get, put, head, delete, presign ----------------------------------------------------------------------------------


def _object(args: argparse.Namespace) -> None:
    from ._s3.presigner import S3Presigner

    now = int(time.time())
    s3 = S3Presigner(
        _credentials(args),
        region=_region(args),
        endpoint=args.endpoint,
        public_endpoint=args.public_endpoint,
        addressing_style=args.addressing_style,
    )
    given = {name: getattr(args, name, None) for name in ("version_id", "content_type")}
    params = {name: value for name, value in given.items() if value is not None}
    operation: Callable[..., PresignedUrl] = getattr(s3, f"{args.command}_object")
    bucket, key = args.object
    _print_url(operation(bucket, key, expires_in=args.expires_in, now=now, **params), args, now)


def _presign(args: argparse.Namespace) -> None:
    from ._presign import presign

    now = int(time.time())
    lifetime = {} if args.expires_in is None else {"expires_in": args.expires_in}
    url = presign(
        args.method,
        args.url,
        credentials=_credentials(args),
        region=_region(args),
        service=args.service,
        query=args.query,
        headers=args.headers,
        now=now,
        **lifetime,
    )
    _print_url(url, args, now)


def _credentials(args: argparse.Namespace) -> "Credentials":
    """Those of --profile, else of the environment, else of the default profile."""
    from ._credentials import Credentials
    from .errors import CredentialsNotFound

    if args.profile is not None:
        return Credentials.from_profile(args.profile)
    try:
        return Credentials.from_environ()
    except CredentialsNotFound as fault:
        # One half of a pair is a mistake: to go on with another identity would hide it.
        if os.environ.get("AWS_ACCESS_KEY_ID") or os.environ.get("AWS_SECRET_ACCESS_KEY"):
            raise
        not_in_environ = fault
    try:
        return Credentials.from_profile()
    except CredentialsNotFound as fault:
        raise CredentialsNotFound(f"no credentials: {not_in_environ}, and {fault}; or give --profile NAME") from None


def _region(args: argparse.Namespace) -> str:
    from .errors import InputError
    from .providers import profile_name, read_profile

    region: str | None = args.region or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    if region:
        return region
    profile = profile_name(args.profile, os.environ)
    for _, settings in read_profile(profile, os.environ):
        if settings.get("region"):
            return settings["region"]
    raise InputError(
        "region",
        "there is none; give --region, or set AWS_REGION or AWS_DEFAULT_REGION, or write `region = ...` for profile "
        f"{profile!r} into ~/.aws/config",
    )


# --- inspect ----------------------------------------------------------------------------------------------------------


def _inspect(args: argparse.Namespace) -> None:
    from ._inspect import inspect
    from ._timestamps import LAST_SECOND, iso_date

    seen = inspect(sys.stdin.read().strip() if args.url == "-" else args.url)
    left = seen.seconds_left()
    if args.json:
        import json

        print(json.dumps({**{name: getattr(seen, name) for name in seen._fields}, "seconds_left": left}))
        return
    when = f"in {_span(left)}" if left >= 0 else f"expired {_span(-left)} ago"
    rows = [
        ("kind", seen.kind),
        ("host", seen.host),
        ("path", seen.path),
        ("access key", seen.access_key_id),
        ("region, service", f"{seen.region}, {seen.service}"),
        ("signed at", iso_date(seen.signed_at)),
        ("expires at", f"{iso_date(min(seen.expires_at, LAST_SECOND))}, {when}"),
        ("signed headers", ", ".join(seen.signed_headers)),
        ("session token", "yes; its credentials may end earlier" if seen.has_session_token else "no"),
        *[("query", f"{name}={value}") for name, value in seen.query],
    ]
    for name, value in rows:
        print(f"{name:<17}{_shown(value)}")
    _say("this is what the URL says; nothing of it was verified")


# --- share ------------------------------------------------------------------------------------------------------------


def _share(args: argparse.Namespace) -> None:
    import signal

    from ._server.share import Share

    share = Share(args.path, upload=args.upload, port=args.port, max_size=args.max_size)
    # Held back until they are asked for, and in every thread: an end in the wrong moment would leave half an upload.
    ends = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    with share:
        _print_share(share, args)
        signal.sigwait(ends)
    _say("stopped")


def _print_share(share: "Share", args: argparse.Namespace) -> None:
    import json

    names, left_out = _shared_names(share, args)
    now = int(time.time())
    methods = {"GET": "download", "HEAD": "ask for size and date", "PUT": "upload"}
    if not args.head:
        del methods["HEAD"]
    if not args.upload:
        del methods["PUT"]
    if left_out:
        _say(f"left out: {left_out} of its entries (symbolic links, special files, names that no URL can carry)")
    if len(names) > MOST_SHARED:
        _say(f"only the first {MOST_SHARED} of {len(names)} files follow; name the others with --name")
    for name in names[:MOST_SHARED]:
        for method, purpose in methods.items():
            url = share.url_for(method, name, args.expires_in, now=now)
            if args.json:
                about = url.to_dict()
                print(json.dumps({"method": about.pop("method"), "name": name, **about}))
            else:
                _say(f"{method} {_shown(name)} ({purpose}), until {_until(url, now)}:")
                print(url, flush=True)
    sys.stdout.flush()
    _say(f"serving {_shown(args.path)} on {share.address}; Ctrl-C stops")


def _shared_names(share: "Share", args: argparse.Namespace) -> "tuple[list[str], int]":
    from .errors import InputError

    names, left_out = share.survey()
    if args.name:
        for name in args.name:
            share.url_for("GET", name)  # for its error, which says what is wrong with the name
        absent = set(args.name).difference(names)
        if absent and not args.upload:
            raise InputError("name", f"{min(absent)!r} is not in {args.path!r}; with --upload it need not be there yet")
        return sorted(set(args.name)), 0
    if not names:
        raise InputError(
            "path",
            f"there are no files in {args.path!r}; to receive some, give --upload and a --name NAME for each of them",
        )
    return names, left_out


# --- arguments --------------------------------------------------------------------------------------------------------


class _Parser(argparse.ArgumentParser):
    """An ArgumentParser that does not quote signatures, and does not guess at options that are cut short."""

    def __init__(self, **options: "Any") -> None:
        super().__init__(allow_abbrev=False, **options)

    def error(self, message: str) -> "NoReturn":
        super().error(_without_secrets(message))


def _parser() -> _Parser:
    from . import __version__

    parser = _Parser(
        prog="sigv4presign",
        description="Presigned URLs for S3 and every other AWS service. The URL alone goes to standard output.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"sigv4presign {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for command, purpose in (
        ("get", "a URL that downloads an object"),
        ("put", "a URL that uploads an object"),
        ("head", "a URL that asks for an object's size, date and headers"),
        ("delete", "a URL that deletes an object"),
    ):
        _add_object(commands.add_parser(command, help=purpose, description=f"Print {purpose}."), command)
    _add_presign(
        commands.add_parser("presign", help="a URL for any service", description="Print a URL for any service.")
    )
    _add_inspect(
        commands.add_parser("inspect", help="take a URL apart", description="Print what a presigned URL says.")
    )
    _add_share(
        commands.add_parser(
            "share",
            help="serve a file or a folder of this machine",
            description="Serve one file or one folder on 127.0.0.1, only through presigned URLs, until Ctrl-C. It "
            "needs no AWS: the keys are made at start, and the URLs end with them. Symbolic links are not followed.",
        )
    )
    return parser


def _add_object(parser: argparse.ArgumentParser, command: str) -> None:
    parser.set_defaults(run=_object)
    parser.add_argument("object", type=_s3_object, metavar="s3://BUCKET/KEY", help="the key as plain text, not encoded")
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
    _add_signing(parser)


def _add_presign(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_presign)
    parser.add_argument("method", metavar="METHOD", help="GET, POST, ...")
    parser.add_argument("url", metavar="URL", help="the URL as it will be requested, percent-encoded")
    parser.add_argument("--service", required=True, help="as in credential scopes: s3, execute-api, rds-db, ...")
    parser.add_argument(
        "--query", action="append", type=_parameter, metavar="NAME=VALUE", help="a parameter as plain text; repeatable"
    )
    parser.add_argument(
        "--header",
        dest="headers",
        action="append",
        type=_header,
        metavar="'NAME: VALUE'",
        help="a header that the client then has to send; repeatable",
    )
    _add_signing(parser)


def _add_signing(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--region", help="default: AWS_REGION, then AWS_DEFAULT_REGION, then the region of the profile")
    parser.add_argument(
        "--profile", metavar="NAME", help="whose keys sign; default: those in the environment, then the default profile"
    )
    _add_expires_in(parser, "1h")
    printed = parser.add_mutually_exclusive_group()
    printed.add_argument("--json", action="store_true", help="print one JSON line: method, url, headers, expires_at")
    printed.add_argument("--curl", action="store_true", help="print a curl command instead of the URL")


def _add_expires_in(parser: argparse.ArgumentParser, default: str) -> None:
    parser.add_argument(
        "--expires-in", type=_lifetime, metavar="TIME", help=f"90, 90s, 15m, 12h or 7d; at most 7d (default: {default})"
    )


def _add_inspect(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_inspect)
    parser.add_argument("url", metavar="URL", help="a presigned URL, or - to read it from standard input")
    parser.add_argument("--json", action="store_true", help="print one JSON line")


def _add_share(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_share)
    parser.add_argument("path", metavar="PATH", help="the file or folder; with --upload a file that is not there yet")
    _add_expires_in(parser, "15m")
    parser.set_defaults(expires_in=900)
    parser.add_argument("--port", type=int, default=0, help="the port to listen on (default: a free one)")
    parser.add_argument("--upload", action="store_true", help="print URLs for PUT too")
    parser.add_argument("--head", action="store_true", help="print URLs for HEAD too")
    parser.add_argument(
        "--name",
        action="append",
        help="only this file of the folder; repeatable; with --upload it need not be there yet",
    )
    parser.add_argument(
        "--max-size",
        type=_size,
        default=5 * 1024**3,
        metavar="SIZE",
        help="the most that one upload may have: bytes, or 10K, 10M, 10G (default: 5G)",
    )
    parser.add_argument(
        "--json", action="store_true", help="print one JSON line a URL: method, name, url, headers, expires_at"
    )


def _s3_object(text: str) -> "tuple[str, str]":
    bucket, _, key = text.removeprefix("s3://").partition("/")
    if not text.startswith("s3://") or not bucket or not key:
        raise argparse.ArgumentTypeError(f"{text!r} names no object; write s3://BUCKET/KEY")
    return bucket, key


def _lifetime(text: str) -> int:
    seconds = _number_with_unit(text, _SECONDS)
    if seconds is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no time; write 90 or 90s for seconds, or 15m, 12h, 7d")
    return seconds


def _size(text: str) -> int:
    size = _number_with_unit(text.upper(), _BYTES)
    if size is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no size; write bytes, or 10K, 10M, 10G")
    return size


def _number_with_unit(text: str, units: "dict[str, int]") -> "int | None":
    unit = text[-1:] if text[-1:].isalpha() else ""
    number = text.removesuffix(unit)
    if unit not in units or not (number.isascii() and number.isdigit()) or len(number) > 15:
        return None
    return int(number) * units[unit]


def _parameter(text: str) -> "tuple[str, str]":
    name, _, value = text.partition("=")
    return name, value


def _header(text: str) -> "tuple[str, str]":
    name, colon, value = text.partition(":")
    if not colon:
        raise argparse.ArgumentTypeError(f"{name!r} has no colon; write 'Name: value'")
    return name, value.strip()


if __name__ == "__main__":
    sys.exit(main())
