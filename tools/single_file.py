"""Makes dist/sigv4presign.py: the signing half as one readable module, from the package's own sources in their order.

Rule: nothing is written here but the header and what stands in for the parts that are left out; the code is the
package's, statement by statement, with its comments and docstrings.

Usage: python tools/single_file.py [PATH]      (make single-file)
"""

import ast
import os
import re
import sys
from typing import Any

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SOURCE = os.path.join(ROOT, "src", "sigv4presign")

# In the order of tests/test_architecture.py.
PARTS = (
    "errors", "_value", "_text", "_time", "_credentials", "_url", "_redaction", "_query_auth", "_canonical",
    "_signature", "_presigned_url", "_presign", "_s3.buckets", "_s3.custom_endpoint", "_s3.signer", "_s3.presigner",
)  # fmt: skip
PUBLIC = (
    "GENERIC_RULES", "S3_RULES", "Credentials", "CredentialsExpireFirst", "CredentialsNotFound", "InputError",
    "PresignedUrl", "S3Presigner", "ServiceRules", "Sigv4PresignError", "presign",
)  # fmt: skip
# What is left out of a class, besides S3's operations, and what to do without it.
METHODS = {
    "Credentials": {"from_profile": "use from_environ, or give the keys, or install"},
    "PresignedUrl": {"curl": "send what its method and headers say, or install"},
    "S3Presigner": {
        "for_provider": "give S3Presigner the store's endpoint=, or install",
        "from_boto3": "give S3Presigner the credentials and the region, or install",
        "from_settings": "give S3Presigner the credentials and the region, or install",
        "generate_presigned_post": "install",
        "generate_presigned_url": "use get_object and its like, or presign, or install",
        "multipart_plan": "use presign with query=, or install",
        "object_url": "install",
        "post_object": "install",
    },
}
# What functions say instead of importing a module that is left out.
MESSAGES = {
    "of": "ImportError(_NO_ARN)",
    "of_operation": "ImportError(_NO_ARN)",
    "address_at_aws": "ImportError(_NO_ARN)",
    "address_at_endpoint": "ImportError(_NO_ARN)",
    "_for_every_region": "ImportError(_NO_ARN)",
    "_for_regions": """InputError(
        "region_set", "needs SigV4A, which this copy of sigv4presign leaves out; install sigv4presign"
    )""",
    "_check_limits": """ImportError(
                "provider: this file knows no store by name; leave it out and give endpoint=, or install sigv4presign"
            )""",
}
HEADER = '''"""Presigned URLs for S3 and other AWS services (Signature Version 4, query string), in one file.

sigv4presign {version}: the signing half, made by `make single-file` from the package's own sources.  Copy it into your
project under any name; it needs Python 3.10 or later and nothing else.  `presign`, `Credentials`, `S3Presigner`
(`get_object`, `put_object`, `head_object`, `delete_object`, `presign`, `presign_many`, custom and public endpoints) and
the errors are here, and give the same URLs, byte for byte.  The four operations take `expires_in`, `now`, `stable_for`,
`nonce` and `allow_dot_segments`; `presign` takes any `query` and `headers`.  Parameters such as `version_id` and
`content_type`, the other operations of S3, ARNs, forms, verifying, tokens, credential providers and the command line
are in the package; what is left out raises an error that says so.

{licence}
"""

'''


def path_of(part: str) -> str:
    return os.path.join(SOURCE, *part.split(".")) + ".py"


def is_type_checking(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def names_of(node: ast.stmt) -> "list[str]":
    """What a statement at the top of a module defines."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [name.id for target in node.targets for name in ast.walk(target) if isinstance(name, ast.Name)]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    return []


def leave_out(lines: "list[str]", node: ast.stmt, instead: "tuple[str, ...]" = ()) -> None:
    """Leave a statement out, with the comment and the decorators above it."""
    start = min([node.lineno, *[each.lineno for each in getattr(node, "decorator_list", [])]]) - 1
    while not instead and start and re.match(r"\s*#(?! [-=]{3})", lines[start - 1]):
        start -= 1
    assert node.end_lineno is not None
    for number in range(start, node.end_lineno):
        lines[number] = "\0"
    if instead:
        lines[start] = "\n".join(instead)


def joined(lines: "list[str]") -> str:
    """The lines that are left, without gaps and without the headings of what is gone."""
    text = "\n".join(line for line in lines if line != "\0").strip("\n")
    text = re.sub(r"^# --- .*\n\n+(?=# (?:---|===))", "", text, flags=re.MULTILINE)
    return re.sub(r"\n{4,}", "\n\n\n", text)


def without_unused(text: str) -> str:
    """The file without what nothing in it uses: a statement is used if a used one names it, directly or not."""
    tree = ast.parse(text)
    homes = {name: node for node in tree.body for name in names_of(node)}
    used = {id(node) for node in tree.body if not names_of(node)}
    names = {*PUBLIC, "__all__", "__version__", "__getattr__", "TYPE_CHECKING"}
    names.update(*[references(node) for node in tree.body if id(node) in used])
    while names:
        home = homes.get(names.pop())
        if home is not None and id(home) not in used:
            used.add(id(home))
            names |= references(home)
    lines = text.splitlines()
    for node in tree.body:
        if id(node) not in used:
            leave_out(lines, node)
    return joined(lines) + "\n"


def references(statement: ast.stmt) -> "set[str]":
    """The names that a statement uses, those in annotations and aliases that are text included."""
    found: set[str] = set()
    for node in ast.walk(statement):
        written: list[ast.expr | None] = []
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            written = [node.returns, *[each.annotation for each in ast.walk(node.args) if isinstance(each, ast.arg)]]
        elif isinstance(node, ast.AnnAssign):
            is_alias = isinstance(node.annotation, ast.Constant) and node.annotation.value == "TypeAlias"
            written = [node.annotation, node.value if is_alias else None]
        for each in written:
            if isinstance(each, ast.Constant) and isinstance(each.value, str):
                found.update(re.findall(r"\w+", each.value))
    return found


class Part:
    """One module: its lines, and which of them go."""

    def __init__(self, name: str) -> None:
        self.name = name
        with open(path_of(name), encoding="utf-8") as file:
            text = file.read()
        self.lines: "list[str]" = text.splitlines()
        self.tree = ast.parse(text)
        self.standard: "set[str]" = set()
        self.for_checkers: "set[str]" = set()

    def without(self, node: ast.stmt, instead: "tuple[str, ...]" = ()) -> None:
        leave_out(self.lines, node, instead)

    def text(self) -> str:
        body = self.tree.body
        docstring = ast.get_docstring(self.tree) or ""
        self.without(body[0])
        for node in body[1:]:
            if isinstance(node, ast.ImportFrom) and node.level:
                self.without(node)
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                self.standard.add(ast.unparse(node))
                self.without(node)
            elif is_type_checking(node):
                self.checkers(node)
            elif names_of(node) in (["TYPE_CHECKING"], ["__all__"]):
                self.without(node)
            elif isinstance(node, ast.ClassDef):
                if node.name == "_Operation":
                    self.without(node)
                methods = METHODS.get(node.name, {})
                for each in node.body:
                    if isinstance(each, ast.FunctionDef) and each.name in methods:
                        text = f"{each.name}; {methods[each.name]}"
                        self.without(each, (f'    {each.name} = _LeftOut("{text}")',))
                    elif isinstance(each, ast.FunctionDef) and each.name == "sign_operation":
                        self.without(each, (SIGN_OPERATION,))
                    elif isinstance(each, ast.Expr) and "_Operation" in references(each):
                        self.without(each, (OTHER_OPERATIONS,))
        for function in ast.walk(self.tree):
            if isinstance(function, ast.FunctionDef):
                self.inside(function)
        rule = "\n".join(f"# {line}".rstrip() for line in docstring.splitlines())
        text = joined(self.lines)
        return f"# {'=' * 118}\n# {self.name.removeprefix('_s3.')}\n#\n{rule}\n# {'=' * 118}\n\n{text}\n"

    def checkers(self, node: ast.stmt) -> None:
        """What only type checkers read: the standard library's names are gathered, ours are here already."""
        assert isinstance(node, ast.If)
        kept = [each for each in node.body if not isinstance(each, (ast.Import, ast.ImportFrom, ast.ClassDef))]
        for each in node.body:
            if isinstance(each, ast.ImportFrom) and not each.level:
                self.for_checkers.add(ast.unparse(each))
        instead = [f"    {line}" for each in kept for line in ast.unparse(each).splitlines()]
        otherwise = [ast.unparse(each) for each in node.orelse]
        self.without(node, tuple((["if TYPE_CHECKING:", *instead] if instead else []) + otherwise))

    def inside(self, function: ast.FunctionDef) -> None:
        """Imports inside a function: ours are here already, or are left out, with the `try` around them."""
        blocks: list[Any] = [getattr(node, name, None) for node in ast.walk(function) for name in ("body", "orelse")]
        statements: list[list[ast.stmt]] = [block for block in blocks if isinstance(block, list)]
        for block in statements:
            for position, statement in enumerate(block):
                node = statement.body[0] if isinstance(statement, ast.Try) else statement
                if not isinstance(node, ast.ImportFrom) or not node.level or self.lines[node.lineno - 1] == "\0":
                    continue
                package = self.name.split(".")[: -node.level]
                target = ".".join([*package, *(node.module or "").split(".")])
                if target in PARTS:
                    self.without(node)
                    continue
                self.without(statement, (f"{' ' * statement.col_offset}raise {MESSAGES[function.name]}",))
                for unreachable in block[position + 1 :]:
                    self.without(unreachable)
                if position == 1 and block is function.body:  # nothing is left to describe
                    self.without(block[0])


def version() -> str:
    with open(os.path.join(SOURCE, "__init__.py"), encoding="utf-8") as file:
        for line in file:
            if line.startswith("__version__"):
                return line.split('"')[1]
    raise AssertionError("no __version__")


def single_file() -> str:
    parts = [Part(name) for name in PARTS]
    texts = [part.text() for part in parts]
    standard = sorted({line for part in parts for line in part.standard})
    checkers = gathered({"from typing import TypedDict"}.union(*[part.for_checkers for part in parts]))
    with open(os.path.join(ROOT, "LICENSE"), encoding="utf-8") as file:
        licence = file.read().strip()
    ordinary = [line for line in standard if not line.startswith(("from _hashlib", "from hashlib"))]
    text = HEADER.format(version=version(), licence=licence)
    text += "".join(f"{line}\n" for line in ordinary)
    text += f'\n__version__ = "{version()}"\n\n__all__ = [\n' + "".join(f'    "{name}",\n' for name in PUBLIC) + "]\n"
    text += "\nTYPE_CHECKING = False\nif TYPE_CHECKING:\n" + "".join(f"    {line}\n" for line in checkers) + STAND_INS
    text += "\n\n" + "\n\n".join([LEFT_OUT, *texts])
    return without_unused(text)


def gathered(imports: "set[str]") -> "list[str]":
    """One import for each module."""
    names: dict[str, set[str]] = {}
    for line in imports:
        module, _, imported = line.removeprefix("from ").partition(" import ")
        names.setdefault(module, set()).update(imported.split(", "))
    return [f"from {module} import {', '.join(sorted(found))}" for module, found in sorted(names.items())]


STAND_INS = """
    SigningKey = V4aSigningState = BotocoreCredentials = Any

    class GetObject(TypedDict, total=False):
        stable_for: "Lifetime | None"
        nonce: bool
        allow_dot_segments: bool

    HeadObject = GetObject
    PutObject = GetObject
    DeleteObject = GetObject
"""
OTHER_OPERATIONS = """\
    vars().update(dict.fromkeys(OPERATION_NAMES, _LeftOut("this operation of S3; use presign, or install")))"""
SIGN_OPERATION = '''\
    @frameless
    def sign_operation(
        self,
        operation: str,
        bucket: str,
        key: str,
        params: "Any",
        *,
        expires_in: "Lifetime | None",
        now: "Now | None",
    ) -> PresignedUrl:
        """Sign with what every operation takes; `params` is emptied."""
        try:
            stable_for, nonce = params.pop("stable_for", None), params.pop("nonce", False)
            dots = params.pop("allow_dot_segments", False)
            if params:
                raise TypeError(
                    f"{operation}() has no parameter {next(iter(params))!r} in this file, only expires_in, now, "
                    "stable_for, nonce and allow_dot_segments; sign others with presign(query=, headers=), or install "
                    "sigv4presign"
                )
            method = operation.partition("_")[0].upper()
            return self._sign(
                method, bucket, exact_text("key", key), None, None, expires_in=expires_in, stable_for=stable_for,
                nonce=nonce, dots=dots, now=now,
            )  # fmt: skip
        except BaseException:
            params.clear()  # it may hold the key of SSE-C
            raise'''
# Before the parts, since classes use it.
LEFT_OUT = f'''\
# {"=" * 118}
# What is left out
# {"=" * 118}


class _LeftOut:
    """In place of a method that this file leaves out: its name, and what to do without it."""

    def __init__(self, about: str) -> None:
        self.about = about

    def __get__(self, instance: object, owner: object = None) -> "Any":
        name, _, way_out = self.about.partition("; ")
        raise AttributeError(f"{{name}} is not in this file, which holds the signing half; {{way_out}} sigv4presign")


_NO_ARN = (
    "bucket: ARNs, directory buckets and aliases of Outposts are not in this file; "
    "sign the whole URL with the function presign, or install sigv4presign"
)


def __getattr__(name: str) -> object:
    if name == "errors":  # sigv4presign.errors.InputError works here too
        import sys

        return sys.modules[__name__]
    raise AttributeError(f"{{name!r}} is not in this file, which holds the signing half; install sigv4presign for it")
'''


def main() -> None:
    path = sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "dist", "sigv4presign.py")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(single_file())
    print(f"{path}: {os.path.getsize(path):,} bytes")


if __name__ == "__main__":
    main()
