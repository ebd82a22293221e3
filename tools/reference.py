"""The reference: what the docstrings and annotations of the public names say, as Markdown that reads on any page.

Rule: a page is written by hand but for what stands between two of its comments, which is made here and committed; the
annotations are the source's own text, the one that type checkers read.  A test runs this with --check.

    make reference
"""

import ast
import inspect
import os
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "src" / "sigv4presign"
PAGES = ROOT / "docs" / "reference"
PACKAGE = "sigv4presign"
MODULES = ("errors", "types", "tokens", "providers", "wsgi", "asgi")
BEGIN = re.compile(r"^<!-- reference: (.+?) -->\n", re.MULTILINE)
END = "<!-- end of reference -->\n"
API = "https://docs.aws.amazon.com/AmazonS3/latest/API/"
SECTIONS = ("Args", "Attributes", "Returns", "Yields", "Raises", "Example", "Examples", "Source")


# --- what a page asks for --------------------------------------------------------------------------------------------


class Item(NamedTuple):
    """A public name, and which of its members a page shows: None for all."""

    name: str
    members: "tuple[str, ...] | None"

    @property
    def shown(self) -> str:
        """The name as one writes it after `from sigv4presign import ...`."""
        return self.name.removeprefix(f"{PACKAGE}.")


def items(asked: str) -> "list[Item]":
    """`presign`, `tokens.*` (a module's public names, in the order of its source), `S3Presigner(get_object, ...)`."""
    found: list[Item] = []
    for name, members in re.findall(r"(\w+(?:\.\w+)*(?:\.\*)?)(?:\(([^)]*)\))?", asked):
        whole = f"{PACKAGE}.{name}"
        if whole.endswith(".*"):
            module = resolve_name(whole[:-2])
            found += [
                Item(f"{whole[:-1]}{one}", None) for one in sorted(module.__all__, key=lambda n: order(module, n))
            ]
        else:
            found.append(Item(whole, tuple(members.replace(" ", "").split(",")) if members else None))
    return found


def order(module: Any, name: str) -> "tuple[str, int, str]":
    """Where a name is defined, so that those that belong together stand together."""
    thing = getattr(module, name)
    try:
        return inspect.getsourcefile(thing) or "", inspect.getsourcelines(thing)[1], name
    except (OSError, TypeError):
        found = re.search(rf"^{name}\b", inspect.getsource(module), re.MULTILINE)
        return module.__file__, inspect.getsource(module)[: found.start() if found else 0].count("\n"), name


def asked(page: str) -> "list[Item]":
    """All that a page's comments ask for."""
    return [item for found in BEGIN.findall(page) if found not in MADE for item in items(found)]


# --- types -----------------------------------------------------------------------------------------------------------


@cache
def homes() -> "dict[str, str]":
    """Public names and aliases -> the page and heading that describe them."""
    found: dict[str, str] = {}
    for page in sorted(PAGES.glob("*.md")):
        for item in asked(page.read_text("utf-8")):
            found.setdefault(item.shown, f"{page.name}#{slug(item.shown)}")
            if item.shown.startswith(("errors.", "types.", "providers.", "tokens.")):
                found.setdefault(item.shown.partition(".")[2], found[item.shown])
    return found


def slug(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def typed(annotation: str) -> str:
    """An annotation as code that leads to the first alias in it that has a place in the reference."""
    text = annotation.strip("\"'")
    code = f"`{text}`"
    for name in re.findall(r"\w+", text):
        if name in homes():
            return f"[{code}]({homes()[name]})"
    return code


def annotation(value: Any) -> str:
    """An annotation as one writes it: without quotes, and without the modules that its names come from."""
    text = value.strip("\"'") if isinstance(value, str) else inspect.formatannotation(value)
    return re.sub(r"\b(?:typing|sigv4presign)\.(?:\w+\.)*", "", text)


def linked(text: str, here: str) -> str:
    """`Credentials` in a sentence leads to Credentials, but not in its own description."""

    def link(code: "re.Match[str]") -> str:
        name = code[1].partition("(")[0]
        leads = homes().get(name)
        return f"[{code[0]}]({leads})" if leads and name != here.partition(".")[0] and name != here else code[0]

    return re.sub(r"(?<![\[`])`([\w.]+(?:\(\))?)`(?![\]`])", link, text)


# --- docstrings ------------------------------------------------------------------------------------------------------


class Docstring(NamedTuple):
    """A docstring taken apart: the text outside its sections, and the sections."""

    text: str
    sections: "dict[str, str]"


def parsed(something: Any) -> Docstring:
    """Google's style: a section is a title, and what is indented below it."""
    text: list[str] = []
    sections: dict[str, list[str]] = {}
    lines = text
    for line in (inspect.getdoc(something) or "").splitlines():
        opened = re.match(rf"({'|'.join(SECTIONS)}):(?: (.*))?$", line)
        if opened:
            lines = sections.setdefault(opened[1], [opened[2]] if opened[2] else [])
        elif line and not line.startswith(" ") and "Source" not in sections:
            lines = text
            lines.append(line)
        else:
            lines.append(line[4:] if lines is not text and line.startswith("    ") else line)
    return Docstring("\n".join(text).strip(), {name: "\n".join(body).strip("\n") for name, body in sections.items()})


def entries(section: str) -> "list[tuple[str, str]]":
    """`name: text` lines of a section, each with what is indented below it."""
    found: list[tuple[str, str]] = []
    for line in section.splitlines():
        opened = re.match(r"(\*{0,2}[\w.]+(?:, \*{0,2}[\w.]+)*): (.*)", line)
        if opened:
            found.append((opened[1], opened[2]))
        elif found:
            name, text = found[-1]
            found[-1] = name, f"{text}\n{line.removeprefix('    ')}"
        else:
            raise SystemExit(f"no name before: {line}")
    return [(name, text.strip()) for name, text in found]


def bullet(head: str, text: str) -> str:
    """A point of a list; what is below its first line stays within it."""
    first, *more = text.splitlines() or [""]
    return "\n".join([f"- {head}: {first}", *(f"  {line}".rstrip() for line in more)])


def examples(text: str) -> str:
    """The sentences and the doctests of an example; a doctest may have an empty line, a sentence stands between two."""
    parts: list[str] = []
    for part in re.split(r"\n\n+", text):
        if not part.startswith(">>> "):
            parts.append(part)
        elif parts and parts[-1].startswith(">>> "):
            parts[-1] += f"\n\n{part}"
        else:
            parts.append(part)
    return "\n\n".join(doctest(part) if part.startswith(">>> ") else part for part in parts)


def doctest(text: str) -> str:
    """A doctest that runs alone: public names that it uses are imported first."""
    code = "\n".join(line[4:] for line in text.splitlines() if line.startswith((">>> ", "... ")))
    tree = ast.parse(code)
    known = {item.partition(".")[0] for item in homes()} & set(resolve_name(PACKAGE).__all__)
    imported = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
    }
    made = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    needed = sorted((used & (known | set(MODULES))) - imported - made)
    head = f">>> from {PACKAGE} import {', '.join(needed)}\n" if needed else ""
    return f"```python\n{head}{text}\n\n```"


# --- one name --------------------------------------------------------------------------------------------------------


def signature_of(something: Any) -> "inspect.Signature | None":
    """What a function or a constructor takes; None for a class that takes nothing."""
    if isinstance(something, type):
        own = [name for one in something.__mro__[:-1] for name in vars(one)]
        if "__init__" not in own and "__new__" not in own:
            return None
    try:
        return inspect.signature(something)
    except (TypeError, ValueError):
        return None


def written(name: str, signature: inspect.Signature) -> str:
    """A signature as its source has it, on one line if that fits."""
    parts: list[str] = []
    kinds = [parameter.kind for parameter in signature.parameters.values()]
    for parameter in signature.parameters.values():
        if parameter.kind == parameter.KEYWORD_ONLY and "*" not in parts and parameter.VAR_POSITIONAL not in kinds:
            parts.append("*")
        stars = "*" if parameter.kind == parameter.VAR_POSITIONAL else ""
        stars = "**" if parameter.kind == parameter.VAR_KEYWORD else stars
        said = "" if parameter.annotation is parameter.empty else f": {annotation(parameter.annotation)}"
        default = "" if parameter.default is parameter.empty else f" = {parameter.default!r}"
        parts.append(f"{stars}{parameter.name}{said}{default}")
    returned = (
        ""
        if signature.return_annotation in {signature.empty, None, "None"}
        else annotation(signature.return_annotation)
    )
    arrow = f" -> {returned}" if returned else ""
    line = f"{name}({', '.join(parts)}){arrow}"
    return line if len(line) <= 88 else f"{name}(\n    " + ",\n    ".join(parts) + f",\n){arrow}"


def without_self(signature: inspect.Signature) -> inspect.Signature:
    kept = [parameter for name, parameter in signature.parameters.items() if name not in {"self", "cls"}]
    return signature.replace(parameters=kept)


def parameter_head(name: str, signature: "inspect.Signature | None") -> str:
    parameter = signature.parameters.get(name.lstrip("*")) if signature else None
    if parameter is None or parameter.annotation is parameter.empty:
        return f"**`{name}`**"
    said = typed(annotation(parameter.annotation))
    if parameter.default is not parameter.empty and parameter.default is not None:
        said += f", default `{parameter.default!r}`"
    return f"**`{name}`** ({said})"


def attribute_type(owner: Any, name: str) -> "str | None":
    if not isinstance(owner, type):
        return None
    for cls in owner.__mro__:
        own = inspect.get_annotations(cls)
        if name in own:
            return annotation(own[name])
        member = cls.__dict__.get(name)
        if isinstance(member, property) and member.fget is not None:
            returned = inspect.signature(member.fget).return_annotation
            return None if returned is inspect.Signature.empty else annotation(returned)
    initial = inspect.signature(owner).parameters.get(name) if "__init__" in vars(owner) else None
    return None if initial is None or initial.annotation is initial.empty else annotation(initial.annotation)


def described(shown: str, something: Any, signature: "inspect.Signature | None") -> "list[str]":
    """Paragraphs: the text, what goes in, what comes out, what is raised, an example, the source."""
    text, sections = parsed(something)
    parts = [linked(text, shown)] if text else []
    if "Args" in sections:
        points = [bullet(parameter_head(n, signature), linked(t, shown)) for n, t in entries(sections["Args"])]
        parts += ["Parameters:", "\n".join(points)]
    if "Attributes" in sections:
        shown_attributes: list[str] = []
        for names, said in entries(sections["Attributes"]):
            kind = attribute_type(something, names)
            shown_attributes.append(bullet(f"**`{names}`**{f' ({typed(kind)})' if kind else ''}", linked(said, shown)))
        parts += ["Attributes:", "\n".join(shown_attributes)]
    for section in ("Returns", "Yields"):
        if section in sections:
            parts.append(f"{section}: {linked(sections[section], shown)}")
    if "Raises" in sections:
        points = [bullet(linked(f"`{n}`", shown), linked(t, shown)) for n, t in entries(sections["Raises"])]
        parts += ["Raises:", "\n".join(points)]
    for section in ("Example", "Examples"):
        if section in sections:
            parts.append(examples(sections[section]))
    if "Source" in sections:
        parts.append("Source: " + re.sub(r"(?<![<(])(https://[^\s,]*[^\s,.])", r"<\1>", sections["Source"]))
    return parts


def data(item: Item) -> "list[str]":
    """An alias or a constant: its value as the source has it, and the comment above it."""
    name = item.name.rpartition(".")[2]
    value, said = defined(name)
    return [f"```pyi\n{name} = {value}\n```", linked(said, item.shown)]


def defined(name: str) -> "tuple[str, str]":
    """The value of a name at the top of a module of the core, and its `#:` comment; an alias is text there."""
    for path in sorted(SOURCES.glob("*.py")):
        source = path.read_text("utf-8")
        for statement in ast.parse(source).body:
            if not isinstance(statement, (ast.Assign, ast.AnnAssign)) or statement.value is None:
                continue
            target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
            if getattr(target, "id", "") != name:
                continue
            above: list[str] = []
            for line in reversed(source.splitlines()[: statement.lineno - 1]):
                if not line.startswith("#: "):
                    break
                above.insert(0, line[3:])
            value = ast.get_source_segment(source, statement.value) or ""
            if isinstance(statement.value, ast.Constant) and isinstance(statement.value.value, str):
                value = statement.value.value
            return value, "\n".join(above)
    raise SystemExit(f"{name}: not found in the sources")


def methods(owner: type, wanted: "tuple[str, ...] | None") -> "Iterator[tuple[str, Any]]":
    """Public methods in the order of the source, or those that are asked for."""
    names = wanted or tuple(
        name
        for name, value in vars(owner).items()
        if not name.startswith("_") and (inspect.isfunction(value) or isinstance(value, (classmethod, staticmethod)))
    )
    for name in names:
        yield name, getattr(owner, name)


def keywords_of(name: str, unpacked: str) -> str:
    """What a method takes as `**params`: where the reference lists it, or the list."""
    from sigv4presign._s3.operation_table import OPERATIONS

    if name in OPERATIONS:
        return f"What `**params` takes, with types: [`{name}`](operations.md#{name})."
    listed = fields(unpacked.removeprefix("Unpack[").removesuffix("]"))
    return f"What `**params` takes: {', '.join(f'`{one}: {plain(kind)}`' for one, kind in listed.items())}."


#: Returned by a function and constructed by nobody: what their constructors take is of no use to a reader.
NOT_CONSTRUCTED = frozenset(
    ("BotocoreCredentials", "Inspection", "MultipartPlan", "PresignedPost", "SingleUse", "VerifiedForm",
     "VerifiedRequest")
)  # fmt: skip


def section(item: Item) -> str:
    """All that the reference says of one name."""
    something = resolve_name(item.name)
    parts = [f"## `{item.shown}`"]
    if not isinstance(something, type) and not inspect.isroutine(something):
        return "\n\n".join([*parts, *data(item)])
    last = item.shown.rpartition(".")[2]
    signature = signature_of(something)
    if isinstance(something, type) and (last in NOT_CONSTRUCTED or issubclass(something, BaseException)):
        bases = ", ".join(base.__name__ for base in something.__bases__ if base is not object)
        parts.append(f"```pyi\nclass {last}{f'({bases})' if bases else ''}\n```")
    elif signature is not None:
        word = "class " if isinstance(something, type) else ("async " if inspect.iscoroutinefunction(something) else "")
        parts.append(f"```pyi\n{word}{written(last, signature)}\n```")
    parts += described(item.shown, something, signature)
    if isinstance(something, type):
        for name, method in methods(something, item.members):
            own = f"{item.shown}.{name}"
            method_signature = without_self(inspect.signature(method))
            parts.append(f"### `{own}`")
            parts.append(
                f"```pyi\n{written(f'{last}.{name}' if inspect.ismethod(method) else name, method_signature)}\n```"
            )
            parts += described(own, method, method_signature)
            if "params" in method_signature.parameters:
                parts.append(keywords_of(name, annotation(method_signature.parameters["params"].annotation)))
    return "\n\n".join(parts)


# --- S3's operations and their parameters ----------------------------------------------------------------------------


@cache
def typed_dicts() -> "dict[str, ast.ClassDef]":
    """The classes that type checkers see in place of `**params`; they are never loaded, so they are read."""
    found: dict[str, ast.ClassDef] = {}
    for path in sorted((SOURCES / "_s3").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                found[node.name] = node
    return found


def fields(name: str) -> "dict[str, str]":
    """Parameter -> annotation, those of the bases first."""
    node = typed_dicts().get(name)
    if node is None:
        return {}
    found: dict[str, str] = {}
    for base in reversed(node.bases):
        found |= fields(ast.unparse(base))
    for statement in node.body:
        if isinstance(statement, ast.AnnAssign):
            found[ast.unparse(statement.target)] = ast.unparse(statement.annotation)
    return found


@cache
def parameter_types() -> "dict[str, dict[str, str]]":
    """Operation -> parameter -> annotation, from the class that type checkers see."""
    found: dict[str, dict[str, str]] = {}
    for node in typed_dicts().values():
        for method in node.body:
            if isinstance(method, ast.FunctionDef) and method.args.kwarg is not None:
                said = method.args.kwarg.annotation
                text = ast.unparse(said) if said else ""
                keywords = re.fullmatch(r"Unpack\[(\w+)\]", text.strip("'\""))
                if keywords:
                    found[method.name] = fields(keywords[1])
                for argument in method.args.kwonlyargs:
                    if argument.annotation is not None:
                        found.setdefault(method.name, {})[argument.arg] = ast.unparse(argument.annotation)
    for name, unpacked in (("get_object", "GetObject"), ("put_object", "PutObject"), ("head_object", "HeadObject"),
                           ("delete_object", "DeleteObject")):  # fmt: skip
        found.setdefault(name, fields(unpacked))
    return found


def plain(annotation_text: str) -> str:
    """An annotation without the None that every optional parameter has, and in one form of quotes."""
    text = re.sub(r"^(?:Not)?Required\[(.*)\]$", r"\1", annotation_text.strip("'\""))
    return text.replace(" | None", "").replace("'", '"')


#: What no annotation can say.
UNITS = {
    "content_length": "Bytes, exactly as many as the client sends.",
    "if_match_size": "Bytes.",
    "max_keys": "How many keys at most; S3 answers at most 1,000.",
    "max_parts": "How many parts at most.",
    "max_uploads": "How many uploads at most.",
    "max_buckets": "How many buckets at most.",
    "range": "As HTTP has it, in bytes: `bytes=0-1023`.",
    "content_md5": "The base64 of the 16 bytes, not their hexadecimal digits.",
    "version_id": "As `x-amz-version-id` said it.",
    "download_as": "The file name that the browser saves; any characters.",
    "mfa": "The device's serial number, a space, and its code.",
}


#: The same of a kind of value, where its docstring speaks to those who maintain it.
KINDS = {
    "query_text": "Text, any characters.",
    "header_text": "Text, printable ASCII.",
    "answer_header": "Text, Latin-1.",
    "words": "One of S3's words, or a list of them.",
    "integer": "A whole number, 0 or more.",
    "part_number": "1 to 10,000.",
    "digest": "Base64 of the hash's bytes, not hexadecimal digits.",
    "metadata": "Names to values, printable ASCII; a header each.",
    "customer_key": "32 bytes, or their base64; sent as base64.",
}


def operations() -> str:
    """Every operation with the types of its parameters."""
    from sigv4presign._s3.operation_table import BUCKET, OBJECT, OPERATIONS, SERVICE

    parts: list[str] = []
    for title, scope in (("Objects", OBJECT), ("Buckets", BUCKET), ("The service", SERVICE)):
        parts.append(f"## {title}")
        parts += [operation(name) for name in sorted(OPERATIONS) if OPERATIONS[name].scope == scope]
    return "\n\n".join(parts)


def operation(name: str) -> str:
    from sigv4presign._s3.operation_table import OPERATIONS
    from sigv4presign._s3.parameters import QUERY

    row = OPERATIONS[name]
    method, fixed, required, places = row.method, row.query, row.required, row.places
    s3_name = "".join([word.capitalize() for word in name.split("_")])
    query = "&".join([f"{key}={value}" if value else key for key, value in fixed])
    parts = [f"### {name}", f"{method}{f' with `?{query}`' if query else ''}, [{s3_name}]({API}API_{s3_name}.html)."]
    types = parameter_types().get(name, {})
    for title, in_query in (("In the query", True), ("Headers", False)):
        shown: list[str] = []
        for parameter, place in places.items():
            if (place[0] == QUERY) == in_query:
                said = plain(types.get(parameter, "str"))
                mark = "**" if parameter in required else ""
                shown.append(f"{mark}`{parameter}: {said}`{mark}")
        if shown:
            parts.append(f"{title}: {', '.join(shown)}.")
    return "\n\n".join(parts)


def parameters() -> str:
    """Every parameter once: its type, where S3 reads it, and what its value is."""
    from sigv4presign._s3.operation_table import OPERATIONS
    from sigv4presign._s3.parameters import QUERY

    rows: dict[str, str] = {}
    for name, row in OPERATIONS.items():
        types = parameter_types().get(name, {})
        for parameter, (where, wire_name, kind) in row.places.items():
            if parameter in rows:
                continue
            said = UNITS.get(parameter) or KINDS.get(kind.__name__) or (inspect.getdoc(kind) or "").splitlines()[0]
            sent = f"`?{wire_name}`" if where == QUERY else (f"`{wire_name}`" if wire_name else "a header each")
            kind_of = plain(types.get(parameter, "str")).replace(" | ", "` or `").replace("|", "\\|")
            rows[parameter] = f"| `{parameter}` | `{kind_of}` | {sent} | {said} |"
    head = "| Parameter | Type | Sent as | Value |\n|---|---|---|---|"
    return "\n".join([head, *(rows[name] for name in sorted(rows))])


MADE = {"S3's operations": operations, "S3's parameters": parameters}


# --- pages -----------------------------------------------------------------------------------------------------------


def made(page: str) -> str:
    """A page with all that its comments ask for made anew."""

    def block(begin: "re.Match[str]") -> str:
        wanted = begin[1]
        text = MADE[wanted]() if wanted in MADE else "\n\n".join(section(item) for item in items(wanted))
        return f"{begin[0]}\n{text}\n\n{END}"

    emptied = re.sub(rf"({BEGIN.pattern}).*?{re.escape(END)}", r"\1" + END, page, flags=re.MULTILINE | re.DOTALL)
    return BEGIN.sub(block, emptied.replace(END, ""))


def stale() -> "dict[Path, str]":
    """Pages that are not what the code says, with what they should be."""
    pages = {page: page.read_text("utf-8") for page in sorted(PAGES.glob("*.md"))}
    return {page: made(text) for page, text in pages.items() if BEGIN.search(text) and made(text) != text}


def main(arguments: "list[str]") -> int:
    pages = stale()
    for page, text in pages.items():
        name = os.path.relpath(page, ROOT)
        if "--check" in arguments:
            print(f"{name} is not what the code says: run `make reference`")
        else:
            page.write_text(text, "utf-8")
            print(f"wrote {name}")
    return 1 if pages and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
