"""`explain`: why a presigned request was rejected, or will be.

Rule: nothing is sent; the exit status is 0 with or without findings.  Control characters from outside are escaped.
"""

import argparse
import os
import sys

from .arguments import header
from .identity import add_profile, credentials
from .messages import CommandError
from .output import given, given_bytes, result, say, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._credentials import Credentials
    from .parser import Commands


def add(commands: "Commands") -> None:
    """Add the command to the program's."""
    parser = commands.add_parser(
        "explain",
        help="say why a presigned request was rejected",
        description="Say why a presigned request was rejected, or will be: the likeliest reason first. Nothing is sent "
        "to the store. With the keys of --profile, or those in the environment if they signed the URL, the signature "
        "is computed again and compared.",
        examples="""\
curl -si 'URL' | sigv4presign explain 'URL' --response -
sigv4presign explain 'URL' --sent-method PUT \\
  --sent-header 'Content-Type: image/png'
sigv4presign explain 'URL' --response answer.xml --profile work""",
    )
    parser.set_defaults(run=run)
    parser.add_argument(
        "url", metavar="URL", help="the presigned URL in 'single quotes'; - reads it from standard input"
    )
    parser.add_argument(
        "--response",
        metavar="FILE",
        help="the file with the answer, as curl -si prints it, or its body alone; - reads standard input",
    )
    parser.add_argument(
        "--sent-method", metavar="METHOD", help="the method that was sent (default: what the answer shows, else GET)"
    )
    parser.add_argument(
        "--sent-header",
        dest="headers",
        action="append",
        default=[],
        type=header,
        metavar="'NAME: VALUE'",
        help="a header that was sent; repeatable",
    )
    add_profile(parser, "the profile whose keys signed the URL")
    parser.add_argument("--json", action="store_true", help="print one JSON line a finding: code, seen, expected, fix")


def run(args: argparse.Namespace) -> None:
    """Print the findings."""
    from .._diagnosis.answer import read_answer
    from .._diagnosis.explain import explain
    from ..errors import InputError

    if args.url == args.response == "-":
        raise InputError("url", "standard input can't be both the URL and the answer; give one of them by name")
    url = given() if args.url == "-" else args.url
    if not url.strip():
        raise InputError("url", "is empty; give the URL in 'single quotes', or - to read it from standard input")
    response = None if args.response is None else _read(args.response)
    method = args.sent_method
    if method is None:
        shown_lines = "" if response is None else read_answer(response).elements.get("CanonicalRequest", "")
        method = shown_lines.partition("\n")[0] or "GET"
    keys = _keys(args, url)
    findings = explain(method, url, headers=args.headers, response=response, credentials=keys)
    if args.json:
        import json

        for finding in findings:
            told = {name: getattr(finding, name) for name in finding._fields}
            result(json.dumps({name: value for name, value in told.items() if value is not None}))
        return
    bold, dim, plain = ("\x1b[1;33m", "\x1b[2m", "\x1b[0m") if _is_coloured() else ("", "", "")
    for number, finding in enumerate(findings, 1):
        result(f"{bold}{number} {finding.code}{plain}")
        for label, text in (("seen", finding.seen), ("expected", finding.expected), ("way out", finding.fix)):
            result(f"  {dim}{label:<9}{plain} {shown(text)}")
    if not findings:
        say("found nothing wrong" + ("" if response else "; give the store's answer with --response"))
    if keys is not None:
        say(f"the signature was computed again with the keys of {keys.access_key_id}")


def _read(path: str) -> bytes:
    from .._diagnosis.answer import MAX_ANSWER

    if path == "-":
        return given_bytes(4 * MAX_ANSWER + 1)
    try:
        with open(path, "rb") as file:
            return file.read(4 * MAX_ANSWER + 1)
    except OSError as fault:
        reason = (fault.strerror or "not readable").lower()
        raise CommandError(
            f"--response: cannot read {path[:200]!r}: {reason}; give a file with the answer, or - for standard input"
        ) from None


def _keys(args: argparse.Namespace, url: str) -> "Credentials | None":
    """Return the credentials of --profile; else those in the environment, if their access key id is the URL's."""
    from .._credentials import Credentials
    from .._text import encode
    from ..errors import CredentialsNotFound

    if args.profile is not None:
        return credentials(args)
    try:
        found = Credentials.from_environ()
    except CredentialsNotFound:
        return None
    key = found.access_key_id
    if f"X-Amz-Credential={key}/" in url or f"X-Amz-Credential={encode(key + '/')}" in url:
        return found
    if "X-Amz-Credential=" in url:
        say(f"the signature is not computed again: the keys in the environment are those of {key}, not the URL's")
    return None


def _is_coloured() -> bool:
    """Whether to print colours: on a terminal, unless NO_COLOR is set (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
