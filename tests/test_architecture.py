"""The house: who imports whom, what is loaded when, and what the package may never do.

Rule: the tables here are the architecture.  An edge that is not in them is a failure, and so is one that is gone.
"""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import sigv4presign

SOURCE = Path(sigv4presign.__file__).parent

# In order: a module imports only modules above it.
LAYERS: dict[str, set[str]] = {
    "errors": set(),
    "_credential_errors": {"errors"},
    "_refusals": {"errors"},
    "_encoding": {"errors"},
    "_dates": set(),
    "_url": {"_encoding"},
    "_values": {"_encoding", "errors"},
    "_shown": {"_url"},
    "_signature": {"_encoding", "_values", "errors"},
    "_canonical": {"_encoding", "_url", "errors"},
    "_steps": {"_canonical", "_dates", "_encoding", "_signature", "_url", "_values", "errors"},
    "types": {"_steps", "_values"},
    "_authorization": {"_dates", "_signature", "errors"},
    "_p256": set(),
    "_sigv4a": {"_encoding", "_p256", "_signature", "_steps", "_values", "errors"},
    "_presign": {"_canonical", "_encoding", "_signature", "_url", "_values", "errors"},
    "_verify": {"_authorization", "_canonical", "_dates", "_encoding", "_signature", "_url", "_values", "errors"},
    "_redaction": {"_url"},
    "_inspect": {"_authorization", "_encoding", "_redaction", "_signature", "_url", "_values", "errors"},
    "_inspect_form": {"_authorization", "_dates", "_inspect", "_redaction", "_url", "errors"},
    "_explain": set(),
    "_explain.finding": {"_redaction", "_values"},
    "_explain.answer": {"_dates", "_values", "errors"},
    "_explain.request": {"_canonical", "_encoding", "_signature", "_values"},
    "_explain.text": {"_explain.finding", "_url"},
    "_explain.url": {
        "_canonical",
        "_encoding",
        "_explain.finding",
        "_explain.request",
        "_explain.text",
        "_inspect",
        "_signature",
        "_url",
        "errors",
    },
    "_explain.lines": {"_canonical", "_explain.finding", "_url"},
    "_explain.repairs": {
        "_encoding",
        "_explain.finding",
        "_explain.lines",
        "_explain.url",
        "_signature",
        "_steps",
        "_url",
        "_values",
    },
    "_explain.stated": {"_dates", "_encoding", "_explain.finding"},
    "_explain.explain": {
        "_canonical",
        "_dates",
        "_encoding",
        "_explain.answer",
        "_explain.finding",
        "_explain.lines",
        "_explain.repairs",
        "_explain.request",
        "_explain.stated",
        "_explain.url",
        "_signature",
        "_url",
        "_values",
        "errors",
    },
    "_buckets": {"_encoding", "_signature", "_values", "errors"},
    "_s3": set(),
    "_s3.endpoints": {"_buckets", "_canonical", "_url", "_values", "errors"},
    "_s3.arns": {"_buckets", "errors"},
    "_s3.stores": {"_buckets", "_s3.endpoints", "_values", "errors"},
    "_s3.disposition": {"_encoding", "errors"},
    "_s3.parameter_values": {"_dates", "_encoding", "errors"},
    "_s3.parameters": {"_s3.disposition", "_s3.parameter_values"},
    "_s3.operation_table": {"_s3.parameter_values", "_s3.parameters"},
    "_s3.operation_types": set(),
    "_s3.operations": {"_s3.operation_table", "_s3.parameter_values", "_s3.parameters", "errors"},
    "_s3.policy": {"_dates", "errors"},
    "_s3.post": {"_dates", "_encoding", "_s3.policy", "_shown", "_signature", "_values", "errors"},
    "_s3.cors": {"_s3.post", "_values", "errors"},
    "_s3.multipart": {"_values", "errors"},
    "_s3.multi_region": {"_buckets", "_canonical", "_encoding", "_presign", "_signature", "_values"},
    "_presigner": {"_buckets", "_encoding", "_signature", "_values", "errors"},
    "_server": set(),
    "_server.refusal": {"_dates", "_encoding", "errors"},
    "_server.once": {"_encoding", "errors"},
    "_server.form": {
        "_authorization",
        "_encoding",
        "_s3.policy",
        "_signature",
        "_steps",
        "_values",
        "_verify",
        "errors",
    },
    "_server.cors": {"_canonical", "_url", "_values", "errors"},
    "_server.guard": {
        "_canonical",
        "_encoding",
        "_server.cors",
        "_server.refusal",
        "_signature",
        "_url",
        "_verify",
        "errors",
    },
    "wsgi": {"_encoding", "_server.cors", "_server.guard", "_server.refusal", "_verify", "errors"},
    "asgi": {"_encoding", "_server.cors", "_server.guard", "_server.refusal", "errors"},
    "_share": set(),
    "_share.folder": {"_server.refusal", "errors"},
    "_share.connection": {"_server.refusal", "errors"},
    "_share.share": {
        "_presigner",
        "_share.connection",
        "_share.folder",
        "_server.guard",
        "_server.once",
        "_server.refusal",
        "_url",
        "_values",
        "errors",
    },
    "providers._files": {"errors"},
    "providers._provider": {"_dates", "_encoding", "_values", "errors"},
    "providers._http": {"_url", "errors"},
    "providers._metadata": {"errors", "providers._files", "providers._http", "providers._provider"},
    "providers._process": {"errors", "providers._http", "providers._provider"},
    "providers._sts": {
        "_encoding",
        "_values",
        "errors",
        "providers._files",
        "providers._http",
        "providers._metadata",
        "providers._provider",
    },
    "providers._profile": {
        "_values",
        "errors",
        "providers._files",
        "providers._metadata",
        "providers._process",
        "providers._provider",
        "providers._sts",
    },
    "providers": {
        "_encoding",
        "errors",
        "providers._files",
        "providers._metadata",
        "providers._process",
        "providers._profile",
        "providers._provider",
        "providers._sts",
    },
    "_tokens": set(),
    "_tokens.token": {"_values"},
    "_tokens.signing": {
        "_buckets",
        "_encoding",
        "_presign",
        "_signature",
        "_tokens.token",
        "_url",
        "_values",
        "errors",
    },
    "_tokens.eks_structure": {"_buckets", "_dates", "_url", "errors"},
    "_tokens.eks": {"_encoding", "_signature", "_tokens.eks_structure", "_tokens.signing", "_tokens.token", "errors"},
    "_tokens.databases": {"_tokens.signing", "errors"},
    "_tokens.streams": {"_tokens.signing", "_tokens.token", "errors"},
    "_tokens.codecommit": {"_encoding", "_signature", "_steps", "_tokens.signing", "_url", "_values", "errors"},
    "tokens": {
        "_tokens.codecommit",
        "_tokens.databases",
        "_tokens.eks",
        "_tokens.eks_structure",
        "_tokens.streams",
        "_tokens.token",
    },
    "_command_line": set(),
    "_command_line.messages": {"errors"},
    "_command_line.output": set(),
    "_command_line.arguments": {"_command_line.messages", "errors"},
    "_command_line.signing": {"_command_line.arguments", "_command_line.output"},
    "_command_line.link": {"_command_line.arguments", "_command_line.signing"},
    "_command_line.store": {"_command_line.signing"},
    "_command_line.objects": {
        "_command_line.arguments",
        "_command_line.link",
        "_command_line.signing",
        "_command_line.store",
    },
    "_command_line.post": {"_command_line.arguments", "_command_line.output", "_command_line.store"},
    "_command_line.operation": {
        "_command_line.arguments",
        "_command_line.link",
        "_command_line.output",
        "_command_line.signing",
        "_command_line.store",
    },
    "_command_line.presign": {"_command_line.arguments", "_command_line.signing"},
    "_command_line.inspect": {"_command_line.output"},
    "_command_line.token": {"_command_line.arguments", "_command_line.output", "_command_line.signing"},
    "_command_line.explain": {"_command_line.arguments", "_command_line.output", "_command_line.signing"},
    "_command_line.share": {"_command_line.arguments", "_command_line.output"},
}

# Edges that are taken only when a function runs: to parts that a vendored copy may leave out, and from the command
# line, which is quick to print its help.
LAZY = {
    ("providers._sts", "_presign"): "AssumeRole is presigned",
    ("_s3.endpoints", "_s3.arns"): "ARNs, directory buckets",
    ("_presigner", "_s3.multipart"): "multipart_plan",
    ("_presigner", "_s3.operation_table"): "an operation with parameters",
    ("_presigner", "_s3.operations"): "an operation with parameters",
    ("_presigner", "_s3.post"): "post_object",
    ("_presigner", "_s3.stores"): "for_provider",
    ("_presign", "_sigv4a"): "region_set=",
    ("_command_line.signing", "errors"): "a command signs",
    ("_command_line.signing", "providers"): "the region may stand in a profile",
    ("_command_line.store", "_presigner"): "a command signs for S3",
    ("_command_line.store", "errors"): "a setting without its store",
    ("_command_line.operation", "_s3.operation_table"): "s3",
    ("_command_line.operation", "_s3.operations"): "s3",
    ("_command_line.operation", "_s3.parameter_values"): "s3",
    ("_command_line.operation", "errors"): "s3",
    ("_command_line.token", "errors"): "token",
    ("_command_line.token", "tokens"): "token",
    ("_command_line.explain", "_encoding"): "explain",
    ("_command_line.explain", "_explain.answer"): "explain",
    ("_command_line.explain", "_explain.explain"): "explain",
    ("_command_line.explain", "errors"): "explain",
    ("_command_line.presign", "_presign"): "presign",
    ("_command_line.inspect", "_inspect"): "inspect",
    ("_command_line.inspect", "errors"): "inspect",
    ("_inspect", "_inspect_form"): "a form",
    ("_command_line.share", "_share.share"): "share",
    ("_command_line.share", "errors"): "share",
    ("_values", "providers"): "from_profile reads files",
    ("_values", "_shown"): "curl and repr",
    ("_verify", "_steps"): "a VerifiedRequest's scope",
    ("_presigner", "_s3.endpoints"): "a store's own address",
    ("_presigner", "_s3.multi_region"): "a multi-region access point",
    ("_presigner", "_canonical"): "a method given by the caller",
    ("_command_line.messages", "_shown"): "an error may quote a URL",
    ("_command_line.signing", "_values"): "a command signs",
    ("_command_line.explain", "_values"): "explain",
    ("errors", "_refusals"): "a request is refused, or an error of it is asked for",
    ("_buckets", "_canonical"): "signed headers",
    ("_buckets", "_s3.arns"): "ARNs, directory buckets",
    ("providers._sts", "_buckets"): "a region's partition",
    ("errors", "_credential_errors"): "credentials are not there or not for long enough",
    ("_values", "_dates"): "an expiry written as text",
    ("_values", "errors"): "credentials that are not there or end too soon",
    ("_signature", "errors"): "a source without credentials",
    ("_command_line.output", "_dates"): "a URL is printed",
    ("_command_line.inspect", "_encoding"): "inspect",
    ("_command_line.inspect", "_dates"): "inspect",
    ("_command_line.token", "_dates"): "token",
}

# Modules that may import from anywhere: the doors of the package.
DOORS = {"__init__", "__main__"}

CORE_STANDARD_LIBRARY = {"time"}
OPTIONAL_STANDARD_LIBRARY: dict[str, set[str]] = {
    "types": {"collections.abc", "datetime", "typing"},
    "providers": {"functools"},
    "providers._files": {"configparser", "os", "shlex"},
    "providers._provider": {"json", "threading"},
    "providers._http": {"base64", "http.client", "io", "os", "ssl", "time", "urllib.parse", "urllib.request"},
    "providers._metadata": {"ipaddress", "os"},
    "providers._process": {"os", "shlex", "subprocess"},
    "providers._profile": {"os"},
    "providers._sts": {"collections.abc", "json", "os", "re", "urllib.parse", "xml.parsers"},
    "_signature": {"_hashlib", "hashlib"},  # the second only where a Python lacks the first
    "_verify": {"hmac"},  # compare_digest
    "_values": {"os"},  # inside from_environ
    "_p256": {"hmac", "os"},
    "_tokens.eks_structure": {"binascii"},
    "_tokens.signing": {"binascii"},
    "_inspect": {"base64"},
    "_redaction": {"itertools", "re", "string"},
    "_inspect_form": {"base64", "json"},
    "_explain.answer": {"json", "xml.parsers"},
    "_explain.lines": {"collections", "unicodedata"},
    "_explain.repairs": {"hmac", "itertools", "unicodedata"},  # compare_digest
    "wsgi": {"http", "io", "sys"},
    "_sigv4a": {"hmac"},
    "_s3.operations": {"difflib"},  # inside an error
    "_s3.parameter_values": {"binascii", "hashlib"},  # inside: base64, and the MD5 that S3 wants of an SSE-C key
    "_s3.post": {"base64", "collections.abc", "json"},
    "_s3.policy": {"collections.abc", "json"},
    "_presigner": {"os"},  # inside: the randomness of a nonce
}


def module_name(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


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
            targets = {full if full in MODULES else ".".join(base) for full in found}
            (lazy if node in inside else top).update(targets)
    return top, lazy, others


def test_the_table_knows_every_module() -> None:
    assert set(LAYERS) | DOORS == set(MODULES)


@pytest.mark.parametrize("name", sorted(set(LAYERS)))
def test_imports_are_those_of_the_table(name: str) -> None:
    top, lazy, _ = imports(name)
    assert top == LAYERS[name]
    assert {(name, target) for target in lazy} == {edge for edge in LAZY if edge[0] == name}


def test_a_module_imports_only_modules_above_it() -> None:
    order = list(LAYERS)
    for name, targets in LAYERS.items():
        for target in targets:
            assert order.index(target) < order.index(name), f"{name} imports {target}"


def test_the_two_sides_share_the_steps_and_not_each_other() -> None:
    assert "_presign" not in LAYERS["_verify"]
    assert "_verify" not in LAYERS["_presign"] | LAYERS["_presigner"]


@pytest.mark.parametrize("name", sorted(MODULES))
def test_the_standard_library_is_used_where_it_is_allowed(name: str) -> None:
    _, _, others = imports(name)
    if name.startswith(("_server", "_share", "_command_line")) or name in DOORS:
        assert others <= set(sys.stdlib_module_names) | {
            other for other in others if other.split(".")[0] in sys.stdlib_module_names
        }
    else:
        assert others <= CORE_STANDARD_LIBRARY | OPTIONAL_STANDARD_LIBRARY.get(name, set())


def test_only_the_signature_module_hashes() -> None:
    for name, path in MODULES.items():
        # SigV4A has an HMAC chain and nonces of its own; S3 wants the MD5 of an SSE-C key, which signs nothing.
        if name not in ("_signature", "_sigv4a", "_p256", "_s3.parameter_values"):
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
    # providers._http waits and counts seconds; the date it reads through _dates.
    expected = {"_presigner", "_dates", "_encoding", "providers._http"}
    assert {name for name in readers if not name.startswith(("_server", "_share", "_command_line"))} == expected


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
    if MODULES[name].name != "__init__.py":
        assert "\nRule: " in docstring


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


# Each costs time before anything in it runs.
CORE = ["errors", "", "_encoding", "_values", "_signature"]
READERS = ["_url", "_canonical"]


@pytest.mark.parametrize(
    ("work", "parts"),
    [
        ("S3Presigner", [*CORE, "_buckets", "_presigner"]),
        ("presign", [*CORE, *READERS, "_presign"]),
        ("verify", [*CORE, *READERS, "_presign", "_refusals", "_dates", "_authorization", "_verify"]),
    ],
)
def test_a_first_url_loads_these_modules_of_ours_and_no_others(work: str, parts: "list[str]") -> None:
    ours = {name for name in loaded(WORK[work]) if name.split(".")[0] == "sigv4presign"}
    assert ours == {f"sigv4presign.{part}".rstrip(".") for part in parts}


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
        sigv4presign.presign_url  # noqa: B018  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]


def test_public_names_are_loaded_once_and_come_from_one_place() -> None:
    code = "import sigv4presign as s; assert 'presign' not in vars(s); it = s.presign; assert vars(s)['presign'] is it"
    assert "sigv4presign._presign" in loaded(code)
