"""The folder under another name, from another place or a zip, and without its optional parts.

Rule: a copy passes the published vectors (core_vectors.py) in an isolated interpreter that sees nothing else of ours,
and a part that was left out is named by an error, not by a traceback from the inside.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import core_vectors
import pytest

import sigv4presign

SOURCE = Path(sigv4presign.__file__).parent
NAME = "app._vendor.other_name"
# What a vendored copy may leave out, each with what then says so.
OPTIONAL = {
    ("_sigv4a.py", "_p256.py"): "s.presign('GET', 'https://h/k', credentials=c, region_set='*', service='s3')",
    ("providers",): "s.Credentials.from_profile()",
    ("tokens",): "s.tokens",
    ("_diagnosis",): "s.explain",
    ("wsgi.py", "asgi.py", "_server"): "s.wsgi",
    ("_share",): "from app._vendor.other_name._share import share",
    ("_command_line", "__main__.py"): "from app._vendor.other_name import __main__",
    ("_s3",): "s.S3Presigner",
}
EVERY = tuple(name for parts in OPTIONAL for name in parts)
WHOLE = "s.S3Presigner, s.wsgi, s.asgi, s.tokens, s.explain, s.inspect, s.verify_post, s.providers, s.types"
USE = """
import sys
sys.path.insert(0, {place!r})
import app._vendor.other_name as s
c = s.Credentials("AKIDEXAMPLE", "secret")
try:
    {code}
except (ImportError, ValueError, s.errors.Sigv4PresignError) as fault:
    print(type(fault).__name__, fault)
assert not [name for name in sys.modules if name.startswith("sigv4presign")]
"""


def vendored(folder: Path, left_out: "tuple[str, ...]", form: str) -> Path:
    """A project that holds a copy, as a folder or a zip: what to put on `sys.path`."""
    copy = folder / "project" / "app" / "_vendor" / "other_name"
    shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    for package in copy.parents[:2]:
        (package / "__init__.py").touch()
    for name in left_out:
        part = copy / name
        if part.is_dir():
            shutil.rmtree(part)
        else:
            part.unlink()
    if form == "folder":
        return folder / "project"
    return Path(shutil.make_archive(str(folder / "project"), "zip", folder / "project"))


def isolated(*arguments: str) -> "list[str]":
    """What an interpreter prints that sees neither this environment nor any installed package."""
    command = [sys.executable, "-I", "-S", "-W", "error", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.splitlines()


def passes_the_vectors(place: Path) -> bool:
    printed = isolated(core_vectors.__file__, str(place), NAME)
    expected = len(core_vectors.of_kind("presign")) + len(core_vectors.of_kind("canonical"))
    assert any(line.startswith(f"Ran {expected} tests ") for line in printed)
    return printed[-1] == "OK"


forms = pytest.mark.parametrize("form", ["folder", "zip"])


@forms
def test_a_whole_copy_passes_the_vectors_under_another_name(tmp_path: Path, form: str) -> None:
    place = vendored(tmp_path, (), form)
    assert passes_the_vectors(place)
    assert isolated("-c", USE.format(place=str(place), code=WHOLE)) == []


@forms
@pytest.mark.parametrize(("left_out", "missing"), OPTIONAL.items(), ids=[parts[0] for parts in OPTIONAL])
def test_the_core_passes_the_vectors_without_each_optional_part(
    tmp_path: Path, left_out: "tuple[str, ...]", missing: str, form: str
) -> None:
    place = vendored(tmp_path, left_out, form)
    assert passes_the_vectors(place)
    [fault] = isolated("-c", USE.format(place=str(place), code=missing))
    assert fault.split()[0] in ("ModuleNotFoundError", "ImportError", "InputError", "CredentialsNotFound")


@forms
def test_the_core_passes_the_vectors_without_all_of_them(tmp_path: Path, form: str) -> None:
    place = vendored(tmp_path, EVERY, form)
    assert passes_the_vectors(place)
    [fault] = isolated("-c", USE.format(place=str(place), code="s.Credentials.from_profile()"))
    expected = "from_profile needs the providers package, which this copy of sigv4presign leaves out"
    assert fault == f"CredentialsNotFound {expected}"


def test_a_copy_whose_signature_is_wrong_does_not_pass(tmp_path: Path) -> None:
    place = vendored(tmp_path, EVERY, "folder")
    module = place / "app" / "_vendor" / "other_name" / "_query_auth.py"
    text = module.read_text(encoding="utf-8")
    assert "aws4_request" in text
    module.write_text(text.replace("aws4_request", "aws5_request"), encoding="utf-8")
    with pytest.raises(subprocess.CalledProcessError):
        passes_the_vectors(place)


def test_without_providers_the_error_is_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sigv4presign.providers", None)
    with pytest.raises(sigv4presign.errors.CredentialsNotFound, match="which this copy of sigv4presign leaves out"):
        sigv4presign.Credentials.from_profile()
