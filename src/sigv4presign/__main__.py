"""The command line: `python -m sigv4presign` and the `sigv4presign` script.

Rule: each command is a module of `_command_line`, which loads what it needs when it runs.  No message shows a secret
key, a session token or a signature; only the printed URLs contain them.
"""

import argparse
import sys

from ._command_line import explain, inspect, objects, operation, post, presign, share, token
from ._command_line.messages import CommandError, message
from ._command_line.output import discard, say
from ._command_line.parser import Parser
from .errors import Sigv4PresignError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

EXAMPLES = """\
sigv4presign get s3://reports/2026/costs.csv --expires-in 15m
sigv4presign put s3://photos/cat.png --content-type image/png --curl
sigv4presign post 's3://photos/user/42/${filename}' --max-size 5MB --html
sigv4presign share costs.csv     serves the file on this machine, without AWS
sigv4presign inspect 'URL'       shows what a URL says
sigv4presign explain 'URL'       says why a URL was rejected
sigv4presign help get            shows the options of a command
"""
EPILOG = "Put URLs into 'single quotes': a shell would cut them at each &."

DONE, READER_GONE, WRONG, INTERRUPTED = 0, 1, 2, 130


def main(argv: "Sequence[str] | None" = None) -> int:
    """Run one command; return the exit status.

    0: success.  1: the reader of the output has closed it, as `| head -1` does.  2: wrong usage or an error.
    130: Ctrl-C.

    Args:
        argv: The arguments after the program's name; `sys.argv`'s if not given.
    """
    try:
        status = _run(list(sys.argv[1:] if argv is None else argv))
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        _discard_output()
        return READER_GONE
    except KeyboardInterrupt:
        say("stopped")
        return INTERRUPTED
    except OSError as fault:  # standard output could not be flushed, for example on a full disk
        say(f"sigv4presign: error: {message(fault, {})}")
        _discard_output()
        return WRONG
    return status


def _run(words: "list[str]") -> int:
    if words[:1] == ["help"]:
        words = [*words[1:], "--help"]
    elif words[:1] == ["version"]:
        words = ["--version"]
    try:
        args = _parser().parse_args(words)
    except SystemExit as end:  # argparse has printed the help or an error
        return DONE if end.code is None else int(end.code)
    run: Callable[[argparse.Namespace], None] = args.run
    try:
        run(args)
    except BrokenPipeError:
        raise
    except (CommandError, Sigv4PresignError, OSError, UnicodeError) as fault:
        say(f"sigv4presign: error: {message(fault, args.names)}")
        return WRONG
    return DONE


def _discard_output() -> None:
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            discard(stream)


def _parser() -> Parser:
    from . import __version__

    parser = Parser(
        prog="sigv4presign",
        description="Presigned URLs for S3 and every other AWS service. The URL alone goes to standard output.",
        examples=EXAMPLES,
        closing=EPILOG,
    )
    parser.add_argument("--version", action="version", version=f"sigv4presign {__version__}", help="show the version")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, title="commands")
    for command in (objects, post, operation, presign, inspect, explain, token, share):  # in the order of --help
        command.add(commands)
    commands.add_parser(
        "help", help="show the options and examples of a command", description="Show help on a command."
    )
    commands.add_parser("version", help="show the version", description="Show the version.")
    return parser


if __name__ == "__main__":
    sys.exit(main())
