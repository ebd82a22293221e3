"""The folder under another name, from another place, and without its optional parts."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import sigv4presign

SOURCE = Path(sigv4presign.__file__).parent
# What a vendored copy may leave out, each with what then says so.
OPTIONAL = {
    ("_sigv4a.py", "_p256.py"): "s.presign('GET', 'https://h/k', credentials=c, region_set='*', service='s3')",
    ("providers",): "s.Credentials.from_profile()",
    ("tokens.py", "_tokens"): "s.tokens",
    ("_explain",): "s.explain",
    ("_inspect.py", "_inspect_form.py"): "s.inspect",
    ("wsgi.py", "asgi.py", "_server"): "s.wsgi",
    ("_command_line", "__main__.py"): "from app._vendor.other_name import __main__",
    ("_s3",): "s.S3Presigner",
}
CORE = """
import sys
sys.path.insert(0, {root!r})
import app._vendor.other_name as s
c = s.Credentials("AKIDEXAMPLE", "secret")
url = s.presign("GET", "https://h.example/a%20b", credentials=c, region="r", service="s3", now=1764000000)
seen = s.verify("GET", url, headers={{}}, secrets={{"AKIDEXAMPLE": c}}, service="s3", region="r", now=1764000000)
assert seen.path == "/a%20b"
assert not [name for name in sys.modules if name.startswith("sigv4presign")]
print(url[-64:])
try:
    {missing}
except (ImportError, ValueError, s.errors.Sigv4PresignError) as fault:
    print(type(fault).__name__, fault)
"""


def run(tmp_path: Path, left_out: "tuple[str, ...]", missing: str) -> "list[str]":
    copy = tmp_path / "app" / "_vendor" / "other_name"
    shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    for name in left_out:
        part = copy / name
        if part.is_dir():
            shutil.rmtree(part)
        else:
            part.unlink()
    code = CORE.format(root=str(tmp_path), missing=missing)
    command = [sys.executable, "-I", "-S", "-W", "error", "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.splitlines()


def test_a_whole_copy_works_under_another_name(tmp_path: Path) -> None:
    [signature] = run(tmp_path, (), "s.S3Presigner, s.wsgi, s.asgi, s.tokens, s.explain, s.verify_post, s.providers")
    assert len(signature) == 64


@pytest.mark.parametrize(("left_out", "missing"), OPTIONAL.items(), ids=[parts[0] for parts in OPTIONAL])
def test_the_core_works_without_each_optional_part(tmp_path: Path, left_out: "tuple[str, ...]", missing: str) -> None:
    signature, fault = run(tmp_path, left_out, missing)
    assert len(signature) == 64
    assert fault.split()[0] in ("ModuleNotFoundError", "ImportError", "InputError", "CredentialsNotFound")


def test_the_core_works_without_all_of_them(tmp_path: Path) -> None:
    every = tuple(name for parts in OPTIONAL for name in parts)
    signature, fault = run(tmp_path, every, "s.Credentials.from_profile()")
    assert len(signature) == 64
    assert fault == "CredentialsNotFound from_profile needs the providers package, which this copy leaves out"


def test_without_providers_the_error_is_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sigv4presign.providers", None)
    with pytest.raises(sigv4presign.errors.CredentialsNotFound, match="which this copy leaves out"):
        sigv4presign.Credentials.from_profile()
