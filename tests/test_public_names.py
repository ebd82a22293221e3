"""One list of public names: what the package hands out, what its stub says, and what an editor completes.

Rule: the list is `_HOMES` in `__init__.py`; the stub beside it says the same to type checkers and editors.
"""

import ast
from pathlib import Path
from typing import Any

import pytest

import sigv4presign

SOURCE = Path(sigv4presign.__file__).parent
STUB = ast.parse((SOURCE / "__init__.pyi").read_text(encoding="utf-8"))


def test_the_stub_has_the_names_of_the_table_from_the_same_modules() -> None:
    homes: dict[str, str] = {}
    for node in STUB.body:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                assert alias.name == alias.asname, alias.name  # which type checkers read as public
                homes[alias.name] = node.module or alias.name
    assert homes == {**vars(sigv4presign)["_HOMES"], "errors": "errors"}


def test_the_stub_lists_what_the_package_lists() -> None:
    [names] = [node.value for node in STUB.body if isinstance(node, ast.Assign)]
    assert sorted(ast.literal_eval(names)) == sigv4presign.__all__


@pytest.mark.parametrize("name", sigv4presign.__all__)
def test_every_name_can_be_had(name: str) -> None:
    assert getattr(sigv4presign, name) is not None
    assert name in dir(sigv4presign)


PRESIGNER = "from sigv4presign import Credentials, S3Presigner\ns3 = S3Presigner(Credentials('a', 'b'), 'r')"
COMPLETED = {
    "import sigv4presign\nsigv4presign.S3Pres": "igner",
    f"{PRESIGNER}\ns3.put_ob": "ject",
    f"{PRESIGNER}\ns3.get_object('b', 'k').expires": "_at",
    "from sigv4presign import verify\nseen = verify('GET', '', headers={}, secrets={}, service='s3', region=None)\n"
    "seen.access": "_key_id",
}


@pytest.mark.parametrize("code", COMPLETED)
def test_an_editor_completes_it(code: str) -> None:
    jedi = pytest.importorskip("jedi")
    completions = jedi.Script(code, project=jedi.Project(str(SOURCE.parent))).complete()
    assert COMPLETED[code] in [each.complete for each in completions]


def test_an_editor_knows_the_parameters_of_a_method() -> None:
    jedi = pytest.importorskip("jedi")
    code = "from sigv4presign import Credentials, S3Presigner\nS3Presigner(Credentials('a', 'b'), 'r').put_object("
    [signature] = jedi.Script(code, project=jedi.Project(str(SOURCE.parent))).get_signatures()
    assert [parameter.name for parameter in signature.params][:3] == ["bucket", "key", "expires_in"]


def test_an_editor_finds_the_class_behind_a_name() -> None:
    jedi = pytest.importorskip("jedi")
    script = jedi.Script("from sigv4presign import S3Presigner\nS3Presigner", project=jedi.Project(str(SOURCE.parent)))
    assert [found.name for found in script.infer(2, 3)] == ["S3Presigner"]


@pytest.mark.parametrize(
    "name",
    [
        "CredentialScope", "Credentials", "Finding", "Inspection", "MultipartPlan", "PresignedPost", "PresignedUrl",
        "S3Presigner", "ServiceRules", "SigningKey", "VerifiedForm", "VerifiedRequest",
    ],
)  # fmt: skip
def test_an_unfinished_value_has_a_repr(name: str) -> None:
    kind: Any = getattr(sigv4presign, name)
    assert name in repr(kind.__new__(kind))
