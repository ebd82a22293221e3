"""Suggestions after an error: the nearest command, option or value, and names from other tools.

Rule: imported only after an error.  A suggestion is something that can be typed.
"""

from difflib import get_close_matches

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def _each(names: "dict[str, str]") -> "dict[str, str]":
    """Name -> meaning, of a table from a meaning to its names."""
    return {name: meaning for meaning, listed in names.items() for name in listed.split()}


# Command -> its names in other tools.
_COMMANDS = _each({
    "explain": "check debug diagnose why",
    "get": "aws dl download fetch generate link url",
    "get or put": "copy cp",
    "inspect": "decode info parse show",
    "delete": "del remove rm",
    "post": "form",
    "s3 list_objects_v2 s3://BUCKET": "list ls",
    "s3 create_bucket s3://BUCKET": "mb",
    "s3 delete_bucket s3://BUCKET": "rb",
    "s3": "s3api",
    "share": "serve",
    "presign": "sign",
    "head": "stat",
    "put": "upload",
})  # fmt: skip
# Service that has tokens -> its other names.
_SERVICES = _each({
    "rds": "aurora mysql postgres postgresql",
    "codecommit": "git",
    "iot-mqtt": "iot mqtt",
    "eks": "k8s kubernetes",
    "msk": "kafka",
    "elasticache": "redis valkey",
})  # fmt: skip
_PROVIDERS = _each({
    "aws": "amazon s3",
    "b2": "backblaze",
    "r2": "cloudflare",
    "spaces": "digitalocean do",
    "gcs": "google gs",
    "ceph": "radosgw rgw",
})  # fmt: skip
# Options -> their names in other tools.  Only options of the command in question are suggested.
_OPTIONS = _each({
    "--download-as": "--attachment --save-as -o",
    "--content-length --max-size": "--bytes --size",
    "--query --param": "--data -d",
    "--expires-in": "--duration --expiration --expire --expires --expiry --lifetime --timeout --ttl --valid-for -e -t",
    "--endpoint": "--endpoint-url --host --url",
    "--download-as --name": "--file-name --filename",
    "--json": "--format --output",
    "--max-size": "--limit",
    "--sent-method": "--method -X",
    "--content-type --response-content-type": "--mime-type",
    "--debug": "--verbose",
    "--header --sent-header": "-H",
    "--profile": "-p",
    "--region": "-r",
})  # fmt: skip
# Options of other tools -> argument.
_ARGUMENTS = {"cluster_id": "cluster", "hostname": "host", "replication_group_id": "cache", "u": "user"}
# Command -> options that it has and others lack.
_ELSEWHERE = _each({
    "put": "--acl --content-length --metadata --storage-class",
    "get": "--download-as",
    "post": "--field --html --max-size",
    "presign": "--header --query --service",
    "share": "--once --upload",
    "s3": "--param",
    "explain": "--response --sent-header --sent-method",
})  # fmt: skip
# What to use instead -> options that no command has.
_ADDRESS = "bucket and key are one argument: s3://BUCKET/KEY"
_METHOD = "the command is the method: get, put, head or delete"
_KEYS = "keys come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or from --profile"
_INSTEAD = _each({
    _KEYS: "--access-key --access-key-id --aws-access-key-id --aws-secret-access-key --secret-access-key --secret-key",
    _ADDRESS: "--bucket --key",
    _METHOD: "--method -X",
    "a link is signed for now; in Python, now= takes another time": "--now",
    "2>/dev/null leaves the URL alone": "--quiet -q",
    "> FILE writes the link into a file": "-o",
})  # fmt: skip
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"  # word processors replace hyphens by these
_UNITS = ("s", "sec", "second", "m", "min", "minute", "h", "hour", "hr", "d", "day", "w", "week")


def for_command(word: str, known: "Iterable[str]", program: str) -> str:
    """`; did you mean get?`, or what there is."""
    names = list(known)
    if word.split()[:1] in (["$"], ["#"], ["%"], [">"], [program], ["python"], ["python3"]):
        return f"; the program's name is typed once, without a prompt: {program} get s3://BUCKET/KEY"
    if word[:5].lower() == "s3://" and "get" in names:
        return f"; write the command first: {program} get {word[:100]}"
    if word[:4].lower() == "http" and "://" in word and "inspect" in names:
        return f"; write the command first: {program} inspect 'URL', or {program} explain 'URL'"
    if " " not in program:
        ours = _COMMANDS.get(word.lower()) or _operation(word)
        if ours:
            return f"; did you mean {program} {ours}?"
    elif word.lower() in _SERVICES:
        return f"; did you mean {_SERVICES[word.lower()]}?"
    close = get_close_matches(word.lower(), names, n=1)
    return f"; did you mean {close[0]}?" if close else f"; use {one_of(names)}"


def for_operation(word: str) -> str:
    """Return what to write for a command of `aws s3` or of this program, typed after `s3`; or nothing."""
    ours = {"presign": "get", **{name: name for name in ("get", "put", "head", "delete", "post")}}
    meant = ours.get(word.lower()) or _COMMANDS.get(word.lower(), "")
    if not meant:
        return ""
    takes_object = meant.split()[0] in ours.values()
    return f"sigv4presign {meant}{' s3://BUCKET/KEY' if takes_object else ''}"


def for_provider(name: str) -> str:
    """Return the provider for another name of a store; or nothing."""
    from .._s3.stores import STORES

    spelled = name.lower()
    return spelled if spelled in STORES else _PROVIDERS.get(spelled, "")


def _operation(word: str) -> str:
    """Return `s3 list_objects_v2` for any spelling of the operation."""
    from .._s3.operation_table import OPERATIONS

    spelled = word.replace("-", "_").lower()
    return next((f"s3 {name}" for name in OPERATIONS if spelled in (name, name.replace("_", ""))), "")


def for_option(word: str, known: "list[str]", program: str) -> str:
    """Return `; did you mean --expires-in?`, or nothing."""
    for meant in _OPTIONS.get(word, "").split():
        if meant in known:
            return f"; did you mean {meant}?"
    bare = word.strip("-").lower().replace("_", "-")
    if f"--{bare}" in known:
        return f"; did you mean --{bare}?"
    if word.lower() in ("-v", "-version", "--version"):
        return "; did you mean sigv4presign version?"
    if word == "--host" and program.endswith(" share"):
        return "; share serves on 127.0.0.1 alone"
    if word in _INSTEAD:
        return f"; {_INSTEAD[word]}"
    if word in _ELSEWHERE:
        return f"; it is an option of {_ELSEWHERE[word]}"
    parameter = _parameter(bare.replace("-", "_"), program.rpartition(" ")[2])
    if parameter:
        return parameter
    longer = [option for option in known if bare and option[2:].startswith(bare)]
    longer += [option for option in known if len(bare) > 2 and bare in option]
    longer += get_close_matches(f"--{bare}", known, n=1)
    return f"; did you mean {longer[0]}?" if longer else ""


def for_argument(word: str, arguments: "Mapping[str, str]") -> str:
    """Return the argument that was typed as an option, as its usage has it; or nothing.

    Args:
        word: The option.
        arguments: Name -> what the usage has.
    """
    bare = word.strip("-").lower().replace("-", "_")
    meant = _ARGUMENTS.get(bare, bare)
    return next((shown for name, shown in arguments.items() if meant in (name, shown.lower())), "")


def _parameter(name: str, command: str) -> str:
    """Return how to write a parameter of S3 that has no option."""
    from .._s3.operation_table import OPERATIONS

    if command == "s3":
        if any(name in row.places for row in OPERATIONS.values()):
            return f"; did you mean --param {name}=VALUE?"
    elif f"{command}_object" in OPERATIONS and name in OPERATIONS[f"{command}_object"].places:
        return f"; write: sigv4presign s3 {command}_object s3://BUCKET/KEY --param {name}=VALUE"
    return ""


def for_extra(word: str, command: str) -> str:
    """Return what to do about an extra argument."""
    if not word:
        return "it is empty; is the variable set?"
    unit = word.lower() if word.lower() in _UNITS else word.lower().removesuffix("s")
    if unit in _UNITS:
        return f"a value with a space goes into quotes: --expires-in '2 {unit}{'s' * (len(unit) > 1)}', or 2{unit[0]}"
    if word[:1] in _DASHES:
        return f"it begins with a dash, not with a hyphen; write --{word.lstrip(_DASHES + '-')}"
    if command == "explain":
        return "the store's answer goes into a file, and then: --response FILE"
    if word == "help":
        return f"write: sigv4presign help {command}"
    if command == "put" and word[:5].lower() != "s3://":
        return "put makes a link and sends nothing; --curl prints the command that uploads, with the headers it takes"
    if word[:5].lower() == "s3://":
        return "one object at a time"
    if command == "s3" and "=" in word:
        return f"did you mean --param {word[:100]}?"
    return "a name or a value with a space goes into 'single quotes'"


def one_of(known: "Iterable[str]") -> str:
    """Return `a, b or c`."""
    *first, last = known
    return f"{', '.join(first)} or {last}" if first else last
