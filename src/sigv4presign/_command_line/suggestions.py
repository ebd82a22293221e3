"""What was meant: the nearest command, option or value, and the words of other tools.

Rule: loaded when something is wrong.  A suggestion is something that can be typed here.
"""

from difflib import get_close_matches

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

# What other tools, or people, call a command of ours.
_COMMANDS = {
    "check": "explain",
    "cp": "get",
    "debug": "explain",
    "decode": "inspect",
    "del": "delete",
    "diagnose": "explain",
    "dl": "get",
    "download": "get",
    "fetch": "get",
    "form": "post",
    "info": "inspect",
    "list": "s3 list_objects_v2 s3://BUCKET",
    "ls": "s3 list_objects_v2 s3://BUCKET",
    "parse": "inspect",
    "remove": "delete",
    "rm": "delete",
    "serve": "share",
    "show": "inspect",
    "sign": "presign",
    "stat": "head",
    "upload": "put",
    "why": "explain",
}
# The same for options.  Only what the command in question has is suggested.
_OPTIONS = {
    "--attachment": ("--download-as",),
    "--bytes": ("--content-length", "--max-size"),
    "--data": ("--query", "--param"),
    "--duration": ("--expires-in",),
    "--endpoint-url": ("--endpoint",),
    "--expiration": ("--expires-in",),
    "--expire": ("--expires-in",),
    "--expires": ("--expires-in",),
    "--expiry": ("--expires-in",),
    "--file-name": ("--download-as", "--name"),
    "--filename": ("--download-as", "--name"),
    "--lifetime": ("--expires-in",),
    "--limit": ("--max-size",),
    "--mime-type": ("--content-type", "--response-content-type"),
    "--output": ("--download-as", "--json"),
    "--save-as": ("--download-as",),
    "--size": ("--content-length", "--max-size"),
    "--timeout": ("--expires-in",),
    "--ttl": ("--expires-in",),
    "--url": ("--endpoint",),
    "--valid-for": ("--expires-in",),
    "-H": ("--header", "--sent-header"),
    "-X": ("--sent-method",),
    "-d": ("--query", "--param"),
    "-e": ("--expires-in",),
    "-o": ("--download-as",),
    "-p": ("--profile",),
    "-r": ("--region",),
    "-t": ("--expires-in",),
}
# Options that one command has, asked of another.
_ELSEWHERE = {
    "--field": "post",
    "--header": "presign",
    "--html": "post",
    "--max-size": "post",
    "--once": "share",
    "--param": "s3",
    "--query": "presign",
    "--response": "explain",
    "--sent-header": "explain",
    "--sent-method": "explain",
    "--service": "presign",
    "--upload": "share",
}
_UNITS = ("s", "sec", "second", "m", "min", "minute", "h", "hour", "hr", "d", "day", "w", "week")


def for_command(word: str, known: "Iterable[str]", program: str) -> str:
    """`; did you mean get?`, or what there is."""
    names = list(known)
    if word[:5].lower() == "s3://" and "get" in names:
        return f"; write the command first: {program} get {word[:100]}"
    if word[:4].lower() == "http" and "://" in word and "inspect" in names:
        return f"; write the command first: {program} inspect 'URL', or {program} explain 'URL'"
    if " " not in program:
        ours = _COMMANDS.get(word.lower()) or _operation(word)
        if ours:
            return f"; did you mean {program} {ours}?"
    close = get_close_matches(word.lower(), names, n=1)
    return f"; did you mean {close[0]}?" if close else f"; use {one_of(names)}"


def _operation(word: str) -> str:
    """`s3 list_objects_v2` for any spelling of an operation of S3."""
    from .._s3.operation_table import OPERATIONS

    spelled = word.replace("-", "_").lower()
    return next((f"s3 {name}" for name in OPERATIONS if spelled in (name, name.replace("_", ""))), "")


def for_option(word: str, known: "list[str]") -> str:
    """`; did you mean --expires-in?`, or nothing."""
    for meant in _OPTIONS.get(word, ()):
        if meant in known:
            return f"; did you mean {meant}?"
    bare = word.strip("-").lower().replace("_", "-")
    if word.lower() in ("-v", "-version", "--version"):
        return "; did you mean sigv4presign version?"
    if word in _ELSEWHERE:
        return f"; it is an option of {_ELSEWHERE[word]}"
    longer = [option for option in known if bare and option[2:].startswith(bare)]
    longer += [option for option in known if len(bare) > 2 and bare in option]
    longer += get_close_matches(f"--{bare}", known, n=1)
    return f"; did you mean {longer[0]}?" if longer else ""


def for_extra(word: str) -> str:
    """What to do with an argument too many."""
    if word.rstrip("s").lower() in _UNITS:
        return "a value with a space goes into quotes: --expires-in '2 days', or 2d"
    if word[:5].lower() == "s3://":
        return "one object at a time"
    return "a name or a value with a space goes into 'single quotes'"


def one_of(known: "Iterable[str]") -> str:
    """`a, b or c`."""
    *first, last = known
    return f"{', '.join(first)} or {last}" if first else last
