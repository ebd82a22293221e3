"""The command line: `python -m sigv4presign` and the `sigv4presign` script.

Rule: this puts the commands of `_command_line` together and ends the program; each has a module, which loads what it
needs when it runs.  No message shows a secret key, a session token or a signature; the URLs that are asked for do.
"""

import argparse
import os
import sys

from ._command_line import explain, inspect, objects, operation, post, presign, share, token
from ._command_line.arguments import Parser
from ._command_line.messages import message
from ._command_line.output import say
from .errors import Sigv4PresignError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

EXAMPLES = """\
examples:
  sigv4presign get s3://reports/2026/costs.csv --region eu-west-1 --expires-in 15m
  sigv4presign put s3://photos/cat.png --content-type image/png --curl
  sigv4presign post 's3://photos/user/42/${filename}' --max-size 5MB --html
  sigv4presign share costs.csv              no AWS needed: serves the file on this machine
  sigv4presign inspect -                    reads a URL from standard input and takes it apart

Put URLs into 'single quotes': a shell would cut them at each &.
"""


def main(argv: "list[str] | None" = None) -> int:
    """Run one command; return the exit status: 0, or 2 for what was asked wrongly or cannot be had.

    Args:
        argv: The arguments after the program's name; `sys.argv`'s if not given.
    """
    args = _parser().parse_args(argv)
    run: Callable[[argparse.Namespace], None] = args.run
    try:
        run(args)
    except BrokenPipeError:
        # Whoever read the output has gone, as `| head -1` does.  Python would say so once more when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        say("stopped")
        return 130
    except (Sigv4PresignError, OSError, UnicodeError) as fault:
        say(f"sigv4presign: error: {message(fault)}")
        return 2
    return 0


def _parser() -> Parser:
    from . import __version__

    parser = Parser(
        prog="sigv4presign",
        description="Presigned URLs for S3 and every other AWS service. The URL alone goes to standard output.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"sigv4presign {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for command in (objects, post, operation, presign, inspect, explain, token, share):  # in the order of --help
        command.add(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
