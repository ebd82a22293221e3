"""`inspect`: what a presigned URL, a token or a form says.

Rule: the output says that nothing in it was verified; control characters from the URL are escaped.
"""

import argparse

from .output import result, say, shown, span
from .printed import read_url

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._diagnosis.inspect import Inspection
    from .parser import Commands


def add(commands: "Commands") -> None:
    """Add the command to the program's."""
    parser = commands.add_parser(
        "inspect",
        help="show what a URL says",
        description="Print what a presigned URL, a token or an upload form says. Nothing is sent or verified.",
        examples="""\
sigv4presign inspect 'https://reports.s3.amazonaws.com/a.csv?X-Amz-...'
sigv4presign inspect - < url.txt
sigv4presign post 's3://photos/cat.png' | jq .fields | sigv4presign inspect -""",
    )
    parser.set_defaults(run=run)
    parser.add_argument(
        "url",
        metavar="URL",
        help="a presigned URL in 'single quotes', a token, or a form's fields as a JSON object; - reads it from "
        "standard input",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON line")


def run(args: argparse.Namespace) -> None:
    """Print the parts of the URL."""
    import json

    from .._diagnosis.inspect import inspect
    from ..errors import InputError

    text = read_url(args.url)
    if text[:1] == "{":
        try:
            seen = inspect(json.loads(text))
        except (ValueError, RecursionError, TypeError) as fault:
            if isinstance(fault, InputError):
                raise
            raise InputError("url", "is not a JSON object of a form's fields") from None
    else:
        seen = inspect(text)
    left = seen.seconds_left()
    if args.json:
        result(json.dumps({**{name: getattr(seen, name) for name in seen._fields}, "seconds_left": left}))
        return
    for name, value in _rows(seen, left):
        if value is not None:
            result(f"{name:<17}{shown(value)}")
    say("this is what the URL says; nothing of it was verified")


def _rows(seen: "Inspection", left: "int | None") -> "list[tuple[str, str | None]]":
    """Return the printed rows; None where this kind of URL has no such value."""
    from .._time import LAST_SECOND, iso_date

    region = ", ".join(seen.region_set) if seen.region_set else seen.region
    end = None
    if left is not None and seen.expires_at is not None:
        when = f"in {span(left)}" if left >= 0 else f"expired {span(-left)} ago"
        end = f"{iso_date(min(seen.expires_at, LAST_SECOND))}, {when}"
    return [
        ("kind", seen.kind),
        ("host", seen.host),
        ("path", seen.path),
        ("access key", seen.access_key_id),
        ("region, service", None if seen.service is None else f"{region}, {seen.service}"),
        ("signed at", None if seen.signed_at is None else iso_date(seen.signed_at)),
        ("expires at", end or "it does not say"),
        ("signed headers", ", ".join(seen.signed_headers) or None),
        ("session token", "yes; its credentials may expire earlier" if seen.has_session_token else "no"),
        *[("query", f"{name}={value}") for name, value in seen.query],
        *[("field", f"{name}={value}") for name, value in seen.fields or ()],
        *[("condition", " ".join(condition)) for condition in seen.conditions or ()],
    ]
