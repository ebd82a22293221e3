"""The file format of `~/.aws/config` and `~/.aws/credentials`, with the line of each setting.

Rule: it accepts what `configparser` accepts, as the AWS CLI does.  An error has only the number of a line, since the
line may contain a secret.  `configparser` itself takes 7 ms to import, and does not tell the line of a value.

https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    Lines = list[tuple[int, str]]


class Text(str):
    """A setting's value, with the number of each of its lines in the file."""

    __slots__ = ("numbers",)
    numbers: "tuple[int, ...]"

    @classmethod
    def at(cls, numbers: "tuple[int, ...]", text: str) -> "Text":
        value = cls(text)
        value.numbers = numbers
        return value

    @property
    def line(self) -> int:
        """The first line of the setting."""
        return self.numbers[0]


_DEFAULT = "DEFAULT"


class MalformedFileError(Exception):
    """A file that cannot be parsed.  The message names the problem and the line."""


def parse(lines: "Iterable[str]") -> "dict[str, dict[str, Text]]":
    """Return the sections of a file, each with its settings by name in lower case.

    As in `configparser`, [DEFAULT] is not a section: each section inherits the settings that it does not have itself.

    Raises:
        MalformedFileError: A line before the first section, a line without `=` or `:`, a duplicate section or setting.
    """
    settings: dict[str, Lines] | None = None
    defaults: dict[str, Lines] = {}
    opened: dict[str, dict[str, Lines]] = {_DEFAULT: defaults}
    last = ""
    value: Lines | None = None  # the lines of the last setting, which an indented line continues
    indent = 0
    problem = ""  # the first line that is not a setting; configparser reads on too
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text or text[0] in "#;":
            if not text and value is not None:
                value.append((number, ""))
            continue
        depth = len(line) - len(line.lstrip())
        if value is not None and depth > indent:
            value.append((number, text))
            continue
        indent = depth
        end = text.rfind("]")
        if text[0] == "[" and end > 1:
            last = text[1:end]
            if last in opened and last != _DEFAULT:
                raise MalformedFileError(f"line {number}: duplicate section [{last[:60]}]")
            settings = opened.setdefault(last, {})
            value = None
        elif settings is None:
            raise MalformedFileError(f"line {number}: expected a section, such as [default]")
        else:
            name, found = _split(text)
            if not name:
                problem = problem or f"line {number}: expected a section, or a setting with '='"
                if found is None:
                    continue
            if name in settings:
                shown = f" {name}" if name.replace("_", "").isalnum() and len(name) <= 60 else ""  # or it is a secret
                raise MalformedFileError(f"line {number}: duplicate setting{shown} in [{last[:60]}]")
            value = settings[name] = [(number, found or "")]
    if problem:
        raise MalformedFileError(problem)
    del opened[_DEFAULT]
    return {
        section: {name: _joined(value) for name, value in {**defaults, **settings}.items()}
        for section, settings in opened.items()
    }


def _split(text: str) -> "tuple[str, str | None]":
    """Split `name = value` or `name: value` at the first of the two signs; the value is None without a sign."""
    ends = [end for end in (text.find("="), text.find(":")) if end >= 0]
    if not ends:
        return "", None
    return text[: min(ends)].rstrip().lower(), text[min(ends) + 1 :].strip()


def _joined(value: "Lines") -> Text:
    """Join the lines of a value; a value that begins on the line after its name is a list of nested settings."""
    if not value[0][1]:
        for number, text in value:
            if text and "=" not in text:
                raise MalformedFileError(f"line {number}: expected a nested setting with '='")
    return Text.at(tuple([number for number, _ in value]), "\n".join([text for _, text in value]).rstrip())


def nested(text: Text) -> "dict[str, Text]":
    """Return the settings in a value of several lines: `s3 =`, and below it, indented, `addressing_style = path`."""
    settings: dict[str, Text] = {}
    for number, line in zip(text.numbers, text.split("\n")):  # noqa: B905 - blank lines at the end have no text
        if line:
            name, _, value = line.partition("=")
            settings[name.strip()] = Text.at((number,), value.strip())
    return settings
