"""`share`: serve a file or a folder of this machine.

Rule: it needs no AWS and no settings.  Ctrl-C or a signal stops it at any time, even if its output is not read, and no
unfinished upload is left.
"""

import argparse
import time

from .arguments import add_expires_in, size
from .output import result, say, shown, until

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._share.share import Share
    from .parser import Commands

_LEFT_OUT = "names that begin with a dot, symbolic links, special files, names that no URL can carry"
MOST_SHARED = 1000  # files whose URLs are printed


def add(commands: "Commands") -> None:
    """Add the command to the program's."""
    parser = commands.add_parser(
        "share",
        help="serve a file or a folder of this machine",
        description="Serve one file or one folder on 127.0.0.1, only through presigned URLs, until Ctrl-C. It "
        "needs no AWS: the keys are made at the start, and the URLs stop working when it stops. Symbolic links are not "
        "followed; names that begin with a dot (.env, .git/config) are served only with --name.",
        examples="""\
sigv4presign share costs.csv
sigv4presign share reports/ --expires-in 1h --once
sigv4presign share inbox/ --upload --name photo.jpg --max-size 10M""",
    )
    parser.set_defaults(run=run)
    parser.add_argument(
        "path", type=_path, metavar="PATH", help="the file or folder; with --upload also a file that does not exist yet"
    )
    add_expires_in(parser, "15m")
    parser.set_defaults(expires_in=900)
    parser.add_argument("--port", type=int, default=0, help="the port to listen on (default: a free one)")
    parser.add_argument("--upload", action="store_true", help="print URLs for PUT too")
    parser.add_argument("--head", action="store_true", help="print URLs for HEAD too")
    parser.add_argument(
        "--name",
        action="append",
        help="only this file of the folder, which may begin with a dot; repeatable; with --upload it need not exist "
        "yet",
    )
    parser.add_argument(
        "--max-size",
        type=size,
        default=5 * 1024**3,
        metavar="SIZE",
        help="the largest size of one upload: bytes, or 10K, 10M, 10G (default: 5G)",
    )
    parser.add_argument(
        "--once",
        action="store_true",
        help="each URL is good for one request; the first uses it up, even one for a part or by a link preview",
    )
    parser.add_argument(
        "--quiet", action="store_true", help="say nothing on standard error of what becomes of requests and links"
    )
    parser.add_argument(
        "--json", action="store_true", help="print one JSON line a URL: method, name, url, headers, expires_at"
    )


def _path(text: str) -> str:
    if text[:5].lower() == "s3://":
        raise argparse.ArgumentTypeError(f"{text[:100]!r} is an object in S3; write: sigv4presign get {text[:100]}")
    return text


class _Stopped(BaseException):
    """A signal asked the command to stop."""


def run(args: argparse.Namespace) -> None:
    """Print the URLs, and serve until a signal, or until no one-time link is left."""
    import signal
    import threading

    from .._share.share import Share

    share = Share(
        args.path,
        upload=args.upload,
        port=args.port,
        max_size=args.max_size,
        once=args.once,
        quiet=args.quiet,
        dotted=args.name or (),
    )
    # Signals are blocked in every thread until they are waited for: one at the wrong moment would leave half an upload.
    # They interrupt the printing of URLs, because a pipe that nobody reads would block the command for ever.
    ends = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    before = [signal.signal(end, _stop) for end in ends]
    try:
        with share:
            try:
                try:
                    signal.pthread_sigmask(signal.SIG_UNBLOCK, ends)
                    _print_share(share, args)
                finally:
                    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
                threading.Thread(target=_watch, args=(share,), daemon=True).start()
                signal.sigwait(ends)
            except _Stopped:
                pass
    finally:
        for end, handler in zip(ends, before, strict=True):
            signal.signal(end, handler)
    _drop_unwritten()
    say("stopped")


def _watch(share: "Share") -> None:
    """End the command once no one-time link is left."""
    import os
    import signal

    if share.watch():
        os.kill(os.getpid(), signal.SIGTERM)


def _stop(_number: int, _frame: object) -> None:
    raise _Stopped


def _drop_unwritten() -> None:
    """Discard unread output; else Python waits at exit to write it."""
    import contextlib
    import os
    import select
    import sys

    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):  # closed, or replaced
            if not select.select([], [stream.fileno()], [], 0)[1]:
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


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
        say(f"left out: {left_out} of its entries ({_LEFT_OUT})")
    if len(names) > MOST_SHARED:
        say(f"only the first {MOST_SHARED} of {len(names)} files follow; name the others with --name")
    for name in names[:MOST_SHARED]:
        for method, purpose in methods.items():
            url = share.url_for(method, name, args.expires_in, now=now)
            if args.json:
                about = url.to_dict()
                result(json.dumps({"method": about.pop("method"), "name": name, **about}))
            else:
                say(f"{method} {shown(name)} ({purpose}), {'once, ' if args.once else ''}until {until(url, now)}:")
                result(url)
    say(f"serving {shown(args.path)} on {share.address}; Ctrl-C stops")


def _shared_names(share: "Share", args: argparse.Namespace) -> "tuple[list[str], int]":
    from ..errors import InputError

    names, left_out = share.survey()
    if args.name:
        for name in args.name:
            share.check_place(name)
        absent = set(args.name).difference(names)
        if absent and not args.upload:
            raise InputError("name", f"{min(absent)!r} is not in {args.path!r}; with --upload it need not be there yet")
        return sorted(set(args.name)), 0
    if not names:
        but = f" but {left_out} left out ({_LEFT_OUT})" if left_out else ""
        raise InputError(
            "path",
            f"there are no files in {args.path!r}{but}; to receive some, give --upload and a --name NAME for each of "
            "them",
        )
    return names, left_out
