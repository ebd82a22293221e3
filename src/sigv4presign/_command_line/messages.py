"""The library's errors, with options of the command line instead of Python's arguments.

Rule: only `name=` and `name=value` in a message are rewritten, no sentences.  Advice that works only in Python is
replaced or left out.  No message shows a signature.
"""

import re

from ..errors import InputError
from .output import shown, span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# `use name=False`, `name=`, `name=True`, `name='value'`, `name=7`; and bare names that are not English words.
_ARGUMENT = re.compile(
    r"(?<![=\w])'[^']*'|"  # a value, which is kept
    r"(?<![\w&?/-])(?:(?:use )?([a-z][a-z0-9_]*)=(?:(True|False|None|\.\.\.)"
    r"|('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")|([\w.-]+))?"
    r"|([a-z]+(?:_[a-z0-9]+)+|accelerate|dualstack|fips|nonce)\b)"
)
# Operation -> command.
_METHODS = {f"{command}_object": command for command in ("get", "put", "head", "delete", "post")}
_USERINFO = re.compile(r"//[^/@\s]*@")
_CALL = re.compile(r"\bS3Presigner\(([^()]*)\)")
_TOO_LONG = re.compile(r"\b([0-9]+) s is too long; the maximum is [0-9]+ s \(([^()]+)\)")
_UNTYPED = re.compile(r"(?<![\w&?/-])([a-z][a-z0-9_]*)=(?![\w'\"])")  # such as `now=`, which no command has
_QUOTED = re.compile(r"(?<!\w)'[^']*'")
_ESCAPED = re.compile(r"\\(.)")  # in what repr() wrote
_PYTHON = re.compile(
    r"\bS3Presigner\b|\w\(|(?<![\w-])[a-z_]+=|\b(?:True|False|None|providers\.\w+|mapping|callable|datetime)\b"
)
# What `S3Presigner.from_settings` adds for each setting that it read.
_SETTING = re.compile(r"; ([a-z_]+)=(['\"]?)(.+?)\2 is from (.+?)(?=; [a-z_]+=|$)")

# Argument -> advice, where the library's own works only in Python.
_WAYS_OUT = {
    "endpoint": "percent-encode it",
    "expires": "write it as Sun, 06 Nov 1994 08:49:37 GMT",
    "headers": "leave it out",
    "public_endpoint": "percent-encode it",
    "region": "give --region",
    "tagging": "percent-encode it",
    "url": "percent-encode it; --query takes parameters as plain text, and get, put, head and delete take keys",
}


class CommandError(Exception):
    """An error that already names options."""


def message(fault: Exception, names: "Mapping[str, str]") -> str:
    """Return the message of an error; `names` maps arguments to options."""
    from ..errors import CredentialsExpireFirst

    if isinstance(fault, CredentialsExpireFirst):
        return _expire_first(fault.seconds_left, names)
    if isinstance(fault, CommandError):
        return without_secrets(str(fault))
    if isinstance(fault, OSError) and fault.strerror:
        where = f"{shown(str(fault.filename))}: " if fault.filename else ""
        return without_secrets(where + fault.strerror)
    settings = _SETTING.findall(str(fault))
    text = _TOO_LONG.sub(_in_days, _CALL.sub(r"\1", _SETTING.sub("", str(fault))))
    if not isinstance(fault, InputError):
        return without_secrets(_typed(text, names))
    name = fault.parameter
    problem, semicolon, way_out = text.removeprefix(f"{name}: ").partition("; ")
    problem, way_out = _UNTYPED.sub(_in_words, _typed(problem, names)), _typed(way_out, names)
    if semicolon and _PYTHON.search(_QUOTED.sub("", way_out)):
        way_out = _WAYS_OUT.get(name, "")
    if name == "expires_in" and "profile" in names and way_out.startswith("the maximum is "):
        way_out += ", or until temporary credentials expire"
    told = f"{names.get(name, name)}: {'; '.join([part for part in (problem, way_out) if part])}"
    for setting, _, value, source in settings:
        if source not in told and value != "False":
            told += f"; {setting.replace('_', '-')} = {value} is from {source}"  # as --debug writes it
    return without_secrets(told)


def _typed(text: str, names: "Mapping[str, str]") -> str:
    """Replace arguments by this command's options; those without an option stay."""
    from shlex import quote

    def typed(found: "re.Match[str]") -> str:
        name, word, quoted, plain, alone = found.groups()
        if name is None and alone is None:
            return found[0]
        option = names.get(name or alone)
        value = quote(_ESCAPED.sub(r"\1", quoted[1:-1])) if quoted else plain
        if option is None:
            return _METHODS.get(found[0], found[0])
        if word in ("False", "None"):
            return f"leave {option} out"
        use = "use " if found[0].startswith("use ") else ""
        if use and value and option[0] != "-":  # a setting, over which the option wins
            option = f"--{found[1].replace('_', '-')}"
        return f"{use}{option} {value}" if value else use + option

    return _ARGUMENT.sub(typed, text)


def _in_days(found: "re.Match[str]") -> str:
    return f"{span(int(found[1]))} is too long; the maximum is {found[2]}"


def _in_words(found: "re.Match[str]") -> str:
    return found[1].replace("_", " ")


def _expire_first(seconds_left: int, names: "Mapping[str, str]") -> str:
    if seconds_left <= 0:
        return "the credentials have expired; get new ones"
    problem = f"the credentials expire in {span(seconds_left)}, before the link would"
    if "expires_in" not in names:
        return problem
    return f"{problem}; use a shorter --expires-in, or leave it out: the link then expires with them"


def without_secrets(text: str) -> str:
    """Hide the signature and the password of URLs that a message quotes."""
    from .._diagnosis.finding import redacted_text as redacted

    return _USERINFO.sub("//<hidden>@", " ".join([redacted(word) for word in text.split(" ")]))
