"""The parser of all commands: help at 80 columns, and errors with suggestions.

Rule: an error names the argument as it is typed, the value, and what to write instead.  It quotes no signature.
Suggestions do not depend on the Python version: argparse has its own only from 3.14 on.
"""

import argparse
import sys

from .messages import without_secrets
from .output import result, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any, NoReturn, TypeAlias

    # The argument of a command's `add`.
    Commands: TypeAlias = "argparse._SubParsersAction[Parser]"


class Formatter(argparse.HelpFormatter):
    """Help without broken words; examples keep their lines."""

    def _split_lines(self, text: str, width: int) -> "list[str]":
        import textwrap

        return textwrap.wrap(" ".join(text.split()), width, break_long_words=False, break_on_hyphens=False)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        if "\n" in text:  # examples
            return "".join([f"{indent}{line}".rstrip() + "\n" for line in text.splitlines()])
        return "\n".join([indent + line for line in self._split_lines(text, width - len(indent))])


class Parser(argparse.ArgumentParser):
    """An ArgumentParser whose errors suggest what was meant.

    Args:
        examples: Commands at the end of the help; the first is also shown with the error about a missing argument.
        closing: The text after the examples.
        options: ArgumentParser's.
    """

    def __init__(self, *, examples: str = "", closing: str = "", **options: "Any") -> None:
        if examples:
            lines = [f"  {line}" for line in examples.splitlines()]
            options["epilog"] = "\n".join(["examples:", *lines, *(["", closing] if closing else [])])
        super().__init__(allow_abbrev=False, formatter_class=Formatter, **options)
        self._example = examples.replace("\\\n  ", "").partition("\n")[0]

    # ArgumentParser's method has overloads for other namespaces, which are not needed here.
    def parse_known_args(  # type: ignore[override]
        self, args: "Sequence[str] | None" = None, namespace: "Any" = None
    ) -> "tuple[Any, list[str]]":
        """Parse as ArgumentParser does; an unknown argument is reported by the command it was given to."""
        words = sys.argv[1:] if args is None else list(args)
        commands = self._subparsers
        if commands is None:
            words = self._in_order(words)
        elif not words:
            self.print_help()
            self.exit()
        elif _is_option(words[0]) and words[0] not in self._option_string_actions:
            name = words[0].partition("=")[0]
            known: dict[str, Parser] = commands._group_actions[0].choices  # type: ignore[assignment]
            is_of_a_command = any(name in command._option_string_actions for command in known.values())
            meant = "" if is_of_a_command else self._nearest(name)
            meant = meant or f"; options come after the command: {self.prog} COMMAND {words[0]}"
            self.error(f"unknown option {words[0]}{meant}")
        found, extra = super().parse_known_args(words, namespace)
        if extra:
            self.error(_unexpected(extra, self.prog.rpartition(" ")[2]))
        if commands is None:
            found.names = self._names()
        return found, extra

    def _names(self) -> "dict[str, str]":
        """Return argument -> option: `--expires-in` for `expires_in`."""
        return {
            action.dest: action.option_strings[-1] if action.option_strings else str(action.metavar or action.dest)
            for action in self._actions  # of two options for one argument, the last one has its name
        }

    def _in_order(self, words: "list[str]") -> "list[str]":
        """Sort the words: options with their values, then the rest.

        Options may come anywhere, but argparse before 3.13 loses an optional argument after one, and takes the value
        of an unknown option for an argument.
        """
        options: list[str] = []
        others: list[str] = []
        rest = iter(words)
        for word in rest:
            if word == "--":
                return [*options, word, *others, *rest]
            name = word.partition("=")[0]
            action = self._option_string_actions.get(name)
            if action is not None:
                options.append(word)
                if action.nargs is None and name == word:
                    options[-1] += "=" + self._value_of(name, next(rest, None))
            elif _is_option(word):
                self.error(f"unknown option {name}{self._nearest(name)}")
            else:
                others.append(word)
        return [*options, *others]

    def _value_of(self, name: str, value: "str | None") -> str:
        if value is None or value.partition("=")[0] in self._option_string_actions:
            self.error(f"{name}: needs a value")
        if _is_option(value):
            self.error(f"{name}: needs a value; one that begins with a hyphen is written {name}={value}")
        return value

    def _nearest(self, name: str) -> str:
        from .suggestions import for_argument, for_option

        argument = for_argument(name, {dest: shown for dest, shown in self._names().items() if shown[0] != "-"})
        if argument:
            return f"; {argument} is an argument, not an option; for example: {self._example}"
        return for_option(name, [word for word in self._option_string_actions if word.startswith("--")], self.prog)

    def _check_value(self, action: argparse.Action, value: "Any") -> None:
        """Raise an error with the valid values, or the command that was probably meant."""
        if action.choices is None or value in action.choices:
            return
        from .suggestions import for_command, one_of

        known: Iterable[str] = action.choices
        if isinstance(action, argparse._SubParsersAction):
            kind = "service" if " " in self.prog else "command"
            self.error(f"unknown {kind} {value[:60]!r}{for_command(value, known, self.prog)}")
        raise argparse.ArgumentError(action, f"invalid value {value[:60]!r}; use {one_of(known)}")

    def _print_message(self, message: str, file: "Any" = None) -> None:
        """Print help or an error; argparse itself ignores a full or closed standard output."""
        (say if file is sys.stderr else result)(message.rstrip("\n"))

    def error(self, message: str) -> "NoReturn":
        """Print the error in one line, and the command for help; exit with 2."""
        text = message.removeprefix("argument ").replace("ignored explicit argument", "takes no value, but got")
        text = text.replace("invalid int value", "invalid number")
        first, conflict, second = text.partition(": not allowed with argument ")
        if conflict:
            text = f"{first} and {second} are mutually exclusive; leave one out"
        missing = text.removeprefix("the following arguments are required: ")
        if missing != text:
            text = f"{missing}: missing; for example: {self._example}"
        self.exit(2, f"sigv4presign: error: {without_secrets(text)}\nsee: {self.prog} --help\n")


def _is_option(word: str) -> bool:
    """Whether a word looks like an option: neither `-` nor a text with spaces."""
    return word[:1] == "-" and len(word) > 1 and " " not in word.partition("=")[0]


def _unexpected(extra: "list[str]", command: str) -> str:
    from . import suggestions

    shown = without_secrets(extra[0])
    return f"unexpected argument {shown!r}; {suggestions.for_extra(extra[0], command)}"
