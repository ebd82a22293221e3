"""The structure: in which order modules build on each other, what never imports what, and what is loaded when.

Rule: order and nevers, not every edge: a new import that goes down the list needs no change here.
"""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import sigv4presign

SOURCE = Path(sigv4presign.__file__).parent

# A module imports only what comes before it; a folder is one row.
ORDER = [
    "errors", "__init__", "_protocols", "_value", "_text", "_time", "_credentials", "_url", "_redaction",
    "_query_auth", "_canonical", "_signature", "_steps", "_presigned_url", "_presign", "_expectations", "_unverified",
    "_verify", "types", "_p256", "_sigv4a", "_s3", "_server", "wsgi", "asgi", "_share", "_diagnosis", "providers",
    "tokens", "_command_line", "__main__",
]  # fmt: skip

# What goes up the list all the same, inside a function: to a part that is loaded on demand.
UPWARD = {
    ("_credentials", "providers"): "from_profile reads files",
    ("_presign", "_sigv4a"): "region_set=",
    ("_presigned_url", "_diagnosis"): "curl",
    ("_s3", "providers"): "from_settings reads files",
}

# (importer, imported): not even inside a function.
NEVER = {
    ("_presign", "_verify"): "the two sides share the steps, and not each other",
    ("_verify", "_presign"): "the same",
    ("_s3", "_verify"): "signing does not load the server side",
    ("_server", "_s3.presigner"): "and the reverse",
    ("*", "types"): "aliases live where their nouns live; users import them from types",
    ("*", "_command_line"): "but __main__: the command line is the outermost layer",
    ("*", "_share"): "but the command line",
    ("errors", "*"): "the first row",
}
CORE = tuple(ORDER[: ORDER.index("_s3")])
NEVER_IN_THE_CORE = ("_s3", "_server", "_share", "tokens", "_command_line", "wsgi", "asgi")

CORE_STANDARD_LIBRARY = {"time"}
OPTIONAL_STANDARD_LIBRARY: dict[str, set[str]] = {
    "_text": {"codecs"},  # every interpreter has loaded it
    "types": {"collections.abc", "datetime", "typing"},
    "_protocols": {"typing"},
    "_signature": {"_hashlib", "hashlib"},  # the second only where a Python lacks the first
    "_verify": {"hmac"},  # compare_digest
    "_credentials": {"os"},  # inside from_environ
    "_p256": {"hmac", "os"},
    "_sigv4a": {"hmac"},
}
# What these folders use, they load on demand; see tests/test_vendored.py for what a copy may leave out.
FREE = (
    "_s3",
    "_server",
    "_share",
    "_diagnosis",
    "_command_line",
    "providers",
    "tokens",
    "wsgi",
    "asgi",
    "__init__",
    "__main__",
)


def module_name(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


DOORS = {"__init__", "__main__"}  # these may read the clock, and name the package
MODULES = {module_name(path): path for path in sorted(SOURCE.rglob("*.py"))}


def type_checking_only(tree: ast.Module) -> "set[ast.AST]":
    """The nodes below `if TYPE_CHECKING:`, which never run."""
    hidden: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            for child in node.body:
                hidden.update(ast.walk(child))
    return hidden


def imports(name: str) -> "tuple[set[str], set[str], set[str]]":
    """(modules of ours at the top, modules of ours inside functions, modules of others) that a module imports."""
    path = MODULES[name]
    tree = ast.parse(path.read_text(encoding="utf-8"))
    hidden = type_checking_only(tree)
    package = name.split(".") if path.name == "__init__.py" and name != "__init__" else name.split(".")[:-1]
    inside = {child for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) for child in ast.walk(node)}
    top: set[str] = set()
    lazy: set[str] = set()
    others: set[str] = set()
    for node in ast.walk(tree):
        if node in hidden:
            continue
        if isinstance(node, ast.Import):
            others |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            others.add(node.module or "")
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - (node.level - 1)] + (node.module.split(".") if node.module else [])
            found = {".".join([*base, alias.name]) for alias in node.names}
            targets = {full if full in MODULES else ".".join(base) or "__init__" for full in found}
            (lazy if node in inside else top).update(targets)
    return top, lazy, others


def row_of(name: str) -> str:
    return name.partition(".")[0]


ROWS = {name: ORDER.index(row_of(name)) for name in MODULES}


def test_the_order_knows_every_module() -> None:
    assert {row_of(name) for name in MODULES} == set(ORDER)


@pytest.mark.parametrize("name", sorted(MODULES))
def test_a_module_imports_only_what_comes_before_it(name: str) -> None:
    top, lazy, _ = imports(name)
    for target in top:
        assert ROWS[target] <= ROWS[name], f"{name} imports {target}"
    for target in lazy:
        assert ROWS[target] <= ROWS[name] or (row_of(name), row_of(target)) in UPWARD, f"{name} imports {target}"


def test_no_module_imports_itself_in_a_circle() -> None:
    needs = {name: imports(name)[0] & set(MODULES) for name in MODULES}
    done: set[str] = set()
    while len(done) < len(needs):
        ready = {name for name in needs if name not in done and needs[name] - {name} <= done}
        assert ready, f"circle among {sorted(set(needs) - done)}"
        done |= ready


def test_what_goes_up_the_list_still_does() -> None:
    taken = {(row_of(name), row_of(target)) for name in MODULES for target in imports(name)[1]}
    assert set(UPWARD) <= taken


def is_in(name: str, part: str) -> bool:
    return name == part or name.startswith(part + ".")


@pytest.mark.parametrize(("importer", "imported"), NEVER, ids=str)
def test_what_is_never_imported(importer: str, imported: str) -> None:
    allowed = {
        "types": ("__init__",),
        "_command_line": ("__main__", "_command_line"),
        "_share": ("_share", "_command_line"),
    }
    for name in MODULES:
        if importer == "*" and name.split(".")[0] in allowed[imported]:
            continue
        if importer not in ("*", name) and not is_in(name, importer):
            continue
        top, lazy, _ = imports(name)
        found = {target for target in top | lazy if imported == "*" or is_in(target, imported)}
        assert not found, f"{name} imports {found}: {NEVER[importer, imported]}"


@pytest.mark.parametrize("name", CORE)
def test_the_core_imports_no_optional_part(name: str) -> None:
    top, lazy, _ = imports(name)
    assert not {target for target in top | lazy if row_of(target) in NEVER_IN_THE_CORE}


@pytest.mark.parametrize("name", sorted(MODULES))
def test_the_standard_library_is_used_where_it_is_allowed(name: str) -> None:
    _, _, others = imports(name)
    if row_of(name) in FREE:
        assert {other.split(".")[0] for other in others} <= set(sys.stdlib_module_names) | {"_hashlib"}
    else:
        assert others <= CORE_STANDARD_LIBRARY | OPTIONAL_STANDARD_LIBRARY.get(name, set())


def test_only_the_signature_module_hashes() -> None:
    for name, path in MODULES.items():
        # SigV4A has an HMAC chain and nonces of its own; S3 wants the MD5 of an SSE-C key, which signs nothing.
        # Providers name cache files by their SHA-1, as the AWS CLI does.
        if name not in ("_signature", "_sigv4a", "_p256", "_s3.parameter_values") and row_of(name) != "providers":
            nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
            assert not {"_hashlib", "hashlib", "hmac"} & {
                alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names
            }, name
            taken = {
                (node.module, alias.name)
                for node in nodes
                if isinstance(node, ast.ImportFrom) and node.module in ("_hashlib", "hashlib", "hmac")
                for alias in node.names
            }
            assert taken - {("hashlib", "_Hash")} <= {("hmac", "compare_digest")}, name


def test_only_the_clock_module_and_the_hot_path_read_the_clock() -> None:
    readers = {name for name in MODULES if "time" in imports(name)[2] and name not in DOORS}
    # The folders that are left out wait and count seconds.
    apart = ("_server", "_share", "_command_line", "providers")
    assert {name for name in readers if not name.startswith(apart)} == {"_time", "_s3.presigner"}


@pytest.mark.parametrize("name", sorted(MODULES))
def test_the_folder_can_be_vendored(name: str) -> None:
    text = MODULES[name].read_text(encoding="utf-8")
    tree = ast.parse(text)
    _, _, others = imports(name)
    assert "sigv4presign" not in {other.split(".")[0] for other in others}  # relative imports only
    assert "importlib.metadata" not in text
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert "__file__" not in used
    if name not in DOORS and not name.startswith(("_server", "_share", "_s3")):
        assert "sigv4presign" not in {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}


@pytest.mark.parametrize("name", sorted(MODULES))
def test_a_module_opens_with_what_it_is(name: str) -> None:
    docstring = ast.get_docstring(ast.parse(MODULES[name].read_text(encoding="utf-8")))
    assert docstring


# --- shape -----------------------------------------------------------------------------------------------------------


def functions() -> "list[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]":
    return [
        (name, node)
        for name, path in MODULES.items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]


def wide_tuples(text: str) -> "list[str]":
    """Annotations `tuple[...]` with four or more parts."""
    found: list[str] = []
    for node in ast.walk(ast.parse(text)):
        texts = [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []
        parts = [node] if isinstance(node, ast.Subscript) else []
        for annotation in texts:
            if "tuple[" in annotation and "\n" not in annotation:
                try:
                    parts += [each for each in ast.walk(ast.parse(annotation)) if isinstance(each, ast.Subscript)]
                except SyntaxError:
                    continue
        for part in parts:
            is_tuple = isinstance(part.value, ast.Name) and part.value.id == "tuple"
            if is_tuple and isinstance(part.slice, ast.Tuple) and len(part.slice.elts) >= 4:
                found.append(ast.unparse(part))
    return found


def test_the_shape_of_the_code(capsys: pytest.CaptureFixture[str]) -> None:
    longest = max(len(node.args.posonlyargs + node.args.args) for _, node in functions())
    texts = {name: path.read_text(encoding="utf-8") for name, path in MODULES.items()}
    tuples = {name: found for name, text in texts.items() if (found := wide_tuples(text))}
    forged = [name for name, text in texts.items() if "\n    __module__ =" in text]
    globals_ = sum(isinstance(node, ast.Global) for text in texts.values() for node in ast.walk(ast.parse(text)))
    # string_to_sign, and SigningState.begin, which has its first three lines.
    layouts = [
        name
        for name, text in texts.items()
        if "}\\n{amz_date}\\n{" in text or ('hexdigest()}"' in text and "\\n{scope}" in text)
    ]
    with capsys.disabled():
        sys.stdout.write(
            f"\npositional parameters at most: {longest}; tuples of four or more as types: {tuples}; "
            f"forged __module__: {forged}; global statements: {globals_}; layouts of the string to sign: {layouts}\n"
        )
    assert longest <= 6
    assert not tuples
    assert not forged
    assert globals_ <= 3
    assert len(layouts) <= 2


# --- what is loaded ---------------------------------------------------------------------------------------------------

WORK = {
    "import": "import sigv4presign",
    "presign": "import sigv4presign as s; s.presign('GET', 'https://h/k', credentials=s.Credentials('a', 'b'), "
    "region='r', service='s3')",
    "S3Presigner": "import sigv4presign as s; s.S3Presigner(s.Credentials('a', 'b'), 'r').get_object('bkt', 'k')",
    "verify": "import sigv4presign as s; c = s.Credentials('a', 'b'); s.verify('GET', s.presign('GET', 'https://h/k', "
    "credentials=c, region='r', service='s3'), headers={}, secrets={'a': c}, service='s3', region='r')",
}  # fmt: skip


def loaded(code: str) -> "set[str]":
    """The modules that some code adds to a bare interpreter."""
    script = (
        f"import sys; sys.path.insert(0, {str(SOURCE.parent)!r}); before = set(sys.modules)\n{code}\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    output = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script], capture_output=True, text=True, check=True, timeout=60
    ).stdout
    return set(output.split())


@pytest.mark.parametrize("work", WORK)
def test_signing_loads_one_hash_and_verifying_what_hmac_loads_and_nothing_else(work: str) -> None:
    theirs = {"import": "", "verify": "import time, hashlib, hmac"}.get(work, "import time, _hashlib")
    ours = {name for name in loaded(WORK[work]) if name.split(".")[0] != "sigv4presign"}
    assert ours == loaded(theirs)


@pytest.mark.parametrize("work", ["S3Presigner", "presign"])
def test_a_first_url_loads_at_most_fourteen_modules_of_ours(work: str) -> None:
    ours = {name for name in loaded(WORK[work]) if name.split(".")[0] == "sigv4presign"}
    assert len(ours) <= 14, sorted(ours)


def test_importing_the_package_loads_almost_nothing_of_it() -> None:
    assert loaded("import sigv4presign") == {"sigv4presign", "sigv4presign.errors"}


def test_signing_does_not_load_the_server_side_and_the_reverse() -> None:
    assert "sigv4presign._verify" not in loaded(WORK["S3Presigner"])
    core = "import sigv4presign as s; s.verify"
    assert not {name for name in loaded(core) if "presign" in name.removeprefix("sigv4presign")}


def test_answering_in_s3s_xml_loads_no_server_and_no_xml_library() -> None:
    theirs = loaded("import time")
    assert {name for name in loaded("import sigv4presign._server.refusal") if "sigv4presign" not in name} == theirs


# --- the public face --------------------------------------------------------------------------------------------------


def test_every_public_name_is_there_and_documented() -> None:
    assert dir(sigv4presign) == sorted([*sigv4presign.__all__, "__version__"])
    for name in sigv4presign.__all__:
        value = getattr(sigv4presign, name)
        if callable(value) or hasattr(value, "__all__"):
            assert value.__doc__, name
    with pytest.raises(AttributeError, match="has no attribute 'presign_url'"):
        getattr(sigv4presign, "presign_url".lower())


def test_public_names_are_loaded_once_and_come_from_one_place() -> None:
    code = "import sigv4presign as s; assert 'presign' not in vars(s); it = s.presign; assert vars(s)['presign'] is it"
    assert "sigv4presign._presign" in loaded(code)
