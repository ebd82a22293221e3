"""How the documentation is built: `make docs`.

Rule: pages are Markdown that can be read as plain files too.  What can be computed from the code is: docstrings by
autodoc, the rest by docs/generate.py, whose output is committed.  Every warning is an error, a broken link among them.
"""

import os
import re
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT / "src"))

import sigv4presign  # noqa: E402 - found by the line above

project = "sigv4presign"
author = "The sigv4presign authors"
version = release = sigv4presign.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["examples/**/node_modules"]
# Pages whose text is a file of the folder above, where there is that file.
FROM_ABOVE = {
    "benchmarks": "benchmarks/results.md",
    "changelog": "CHANGELOG.md",
    "contributing": "CONTRIBUTING.md",
    "security": "SECURITY.md",
}
exclude_patterns += [f"{page}.md" for page, file in FROM_ABOVE.items() if not (ROOT / file).exists()]

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3  # so that a link to a heading that is gone is a warning, and so an error

# In docstrings `this` is code, as in Markdown, which they resemble otherwise.
default_role = "code"
add_module_names = False
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
maximum_signature_line_length = 90
napoleon_numpy_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False

smartquotes_action = "D"  # dashes alone: an apostrophe in prose looks like one in code

html_theme = "furo"
html_title = f"sigv4presign {version}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_copyright = False
html_show_sphinx = False
pygments_style = "friendly"
pygments_dark_style = "monokai"

# Names in signatures that have no page here: typing's, the standard library's, and those of WSGI and ASGI.
ELSEWHERE = frozenset(
    (
        "AddressingStyle", "Any", "AnySecrets", "AnySingleUse", "Application", "Callable", "Collection",
        "DeleteObject", "ErrorFormat", "Fetch", "Fields", "Form", "GetObject", "HeadObject", "Host", "Iterable",
        "Iterator", "Kind", "Mapping", "Options", "Pairs", "PostObject", "Protocol", "PutObject", "Scope",
        "Self", "TypeAlias", "Unpack", "WSGIApplication", "WSGIEnvironment", "datetime", "timedelta",
    )
)  # fmt: skip
# Made by the library alone, or not at all: nobody needs to know what their constructors take.
NOT_MADE = frozenset(
    ("BotocoreCredentials", "Inspection", "PresignedPost", "SingleUse", "VerifiedForm", "VerifiedRequest")
)


def resolve_reference(app: Any, env: Any, node: Any, contnode: Any) -> Any:
    """Where a name in a signature leads: to its public place, however it is spelt there, or nowhere if it has none."""
    if node.get("refdomain") != "py":
        return None
    name = node["reftarget"].rpartition(".")[2]
    if name in ELSEWHERE:
        return contnode
    for module in ("sigv4presign", "sigv4presign.types", "sigv4presign.tokens", "sigv4presign.providers"):
        public = f"{module}.{name}"
        found = env.domains["py"].objects.get(public)
        if found is not None and node["reftarget"] != public:
            return env.domains["py"].resolve_xref(env, node["refdoc"], app.builder, "obj", public, node, contnode)
    return None


def process_signature(_app: Any, what: str, name: str, _object: Any, _options: Any, *_signature: Any) -> Any:
    """No parentheses after a class that nobody calls, and errors are such."""
    if what == "exception" or (what == "class" and name.rpartition(".")[2] in NOT_MADE):
        return "", None
    return None


def read_page(_app: Any, page: str, source: "list[str]") -> None:
    """The text of a page: links to files that have a page lead there, and blocks have no empty last line.

    doctest needs that line, to tell the output from the fence.
    """
    above = FROM_ABOVE.get(page)
    text = source[0] if above is None else (ROOT / above).read_text("utf-8")
    here = (HERE / page).parent
    written_in = here if above is None else (ROOT / above).parent

    def relinked(link: "re.Match[str]") -> str:
        file = (written_in / link[1]).resolve()
        if not file.exists():
            return link[0]
        for name, shown in FROM_ABOVE.items():
            if file == ROOT / shown:
                file = HERE / f"{name}.md"
        return f"]({os.path.relpath(file, here)}"

    source[0] = re.sub(r"\]\(([^)\s:#]+)", relinked, text).replace("\n\n```\n", "\n```\n")


def setup(app: Any) -> None:
    from sphinx.domains.python import PyObject  # here: the tests load this file, and need no Sphinx

    for field in PyObject.doc_field_types:
        if field.name == "variable":
            field.label = "Attributes"  # as the docstrings say; Sphinx calls them Variables
    app.connect("source-read", read_page)
    app.connect("missing-reference", resolve_reference)
    app.connect("autodoc-process-signature", process_signature)
