"""How a URL is printed and read again, and the options for it.

Rule: only the URL goes to standard output; its expiry and the headers to send go to standard error.
"""

import argparse

from .arguments import add_expires_in
from .identity import add_keys
from .output import given, result, say, until

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._presigned_url import PresignedUrl


def add_signing(parser: argparse.ArgumentParser) -> None:
    """Add the options of a command that signs one URL."""
    link = parser.add_argument_group("link")
    add_expires_in(link, "1h")
    add_output(link)
    add_keys(parser.add_argument_group("credentials and region"))


def add_output(options: "argparse._ActionsContainer") -> None:
    """Add the options that `print_url` reads."""
    printed = options.add_mutually_exclusive_group()
    printed.add_argument("--json", action="store_true", help="print one JSON line: method, url, headers, expires_at")
    printed.add_argument("--curl", action="store_true", help="print a curl command instead of the URL")


def read_url(argument: str) -> str:
    """Return the URL that is the argument, or on standard input if that is `-`, alone or in a line of --json."""
    text = given().strip() if argument == "-" else argument
    if not text.strip():
        from ..errors import InputError

        raise InputError("url", "is empty; give the URL in 'single quotes', or - to read it from standard input")
    return _url_in(text) or text


def _url_in(text: str) -> "str | None":
    """Return the URL in a line that --json printed; None for any other text, such as a form's."""
    if text.lstrip()[:1] != "{":
        return None
    import json

    try:
        printed = json.loads(text)
    except (ValueError, RecursionError):
        return None
    url = printed.get("url")
    return url if isinstance(url, str) and "fields" not in printed else None


def print_url(url: "PresignedUrl", args: argparse.Namespace, now: int, *, body: "bool | None" = None) -> None:
    """Print a URL as --json and --curl say, and its expiry; `body` is that of `PresignedUrl.curl`."""
    if args.json:
        import json

        result(json.dumps(url.to_dict()))
    else:
        result(url.curl(body=body) if args.curl else url)
    say(f"good for {url.method} until {until(url, now)}")
    for name, value in url.headers.items():
        say(f"the client has to send the header  {name}: {value}", whole=True)
