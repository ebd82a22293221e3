"""`inspect`: what a presigned URL says.

Rule: nothing that is printed was verified, and this is said; text from the URL cannot steer the terminal.
"""

import argparse
import sys

from .output import result, say, shown, span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .arguments import Commands


def add(commands: "Commands") -> None:
    """Add the command to the program's."""
    parser = commands.add_parser("inspect", help="take a URL apart", description="Print what a presigned URL says.")
    parser.set_defaults(run=run)
    parser.add_argument("url", metavar="URL", help="a presigned URL, or - to read it from standard input")
    parser.add_argument("--json", action="store_true", help="print one JSON line")


def run(args: argparse.Namespace) -> None:
    """Print the parts of the URL."""
    from .._inspect import inspect
    from .._timestamps import LAST_SECOND, iso_date

    seen = inspect(sys.stdin.read().strip() if args.url == "-" else args.url)
    left = seen.seconds_left()
    if args.json:
        import json

        result(json.dumps({**{name: getattr(seen, name) for name in seen._fields}, "seconds_left": left}))
        return
    when = f"in {span(left)}" if left >= 0 else f"expired {span(-left)} ago"
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
        result(f"{name:<17}{shown(value)}")
    say("this is what the URL says; nothing of it was verified")
