"""The AWS Lambda layer, run as Lambda runs it."""

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import layer
import pytest
import test_vendored

ROOT = Path(__file__).parent.parent
# The example of https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
HANDLER = """
import os, sys
from sigv4presign import Credentials, presign
credentials = Credentials.from_environ()

def handler(event, context):
    url = presign("GET", event["url"], credentials=credentials, region=os.environ["AWS_REGION"], service="s3",
                  expires_in=86400, now=1369353600)
    import sigv4presign._presign as module
    return {"url": str(url), "file": module.__file__, "cached": module.__spec__.cached,
            "boto": "botocore" in sys.modules}
"""
ENVIRON = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "AWS_REGION": "us-east-1",
}


# What `make layer` runs.
TOOLS = ("layer", "pythons", "supported")


def test_the_layer_is_the_same_bytes_each_time_it_is_built() -> None:
    # In interpreters with other hash seeds, and in this one, which has much loaded: both may show in bytecode.
    code = "import layer, hashlib; print(hashlib.sha256(layer.build()).hexdigest())"
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONPATH": str(Path(layer.__file__).parent), "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        ).stdout
        for seed in ("1", "2")
    }
    assert digests == {hashlib.sha256(layer.build()).hexdigest() + "\n"}


def test_make_layer_writes_the_zips_and_nothing_that_is_tracked(tmp_path: Path) -> None:
    tracked = ["Makefile", "README.md", "docs/evidence.md", *(f"tools/{name}.py" for name in TOOLS)]
    for name in tracked:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    command = ["make", "-s", "layer", f"PYTHON={sys.executable}"]
    out = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60).stdout
    files = [path for path in tmp_path.rglob("*") if path.is_file() and path.parent.name != "__pycache__"]
    written = {path.relative_to(tmp_path): path.read_bytes() for path in files}
    assert {path: content for path, content in written.items() if tmp_path / path in before} == {
        path.relative_to(tmp_path): content for path, content in before.items()
    }
    version = ".".join(map(str, sys.version_info[:2]))
    zips = {Path(f"dist/sigv4presign-{which}layer-python{version}.zip"): which for which in ("core-", "")}
    assert written.keys() - {path.relative_to(tmp_path) for path in before} == zips.keys()
    for path, which in zips.items():
        assert written[path] == layer.build(core=bool(which))
        assert f"{path}: {len(written[path]):,} bytes" in out


def test_the_layer_holds_the_packages_modules_and_nothing_else() -> None:
    with zipfile.ZipFile(io.BytesIO(layer.build())) as built:
        names = set(built.namelist())
        assert {entry.date_time for entry in built.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.external_attr >> 16 for entry in built.infolist()} == {0o100644}
        for path in test_vendored.SOURCE.rglob("*.py"):
            name = f"python/sigv4presign/{path.relative_to(test_vendored.SOURCE).as_posix()}"
            assert built.read(name) == path.read_bytes()
            names.remove(name)
    assert all("/__pycache__/" in name and name.endswith(f".{sys.implementation.cache_tag}.pyc") for name in names)


def test_the_core_is_what_a_vendored_copy_cannot_leave_out_and_is_under_60_kb() -> None:
    assert set(layer.OPTIONAL) == set(test_vendored.EVERY)
    core = layer.build(core=True, compiled=False)
    assert len(core) < 60_000
    with zipfile.ZipFile(io.BytesIO(core)) as built:
        assert "python/sigv4presign/_verify.py" in built.namelist()
        assert not [name for name in built.namelist() if "_s3" in name or "wsgi" in name]


def test_a_handler_signs_from_the_layer_under_awss_runtime_client(tmp_path: Path) -> None:
    pytest.importorskip("awslambdaric")
    import lambda_runtime

    with zipfile.ZipFile(io.BytesIO(layer.build())) as built:
        built.extractall(tmp_path / "opt")
    (tmp_path / "function.py").write_text(HANDLER)
    event = {"url": "https://examplebucket.s3.amazonaws.com/test.txt"}
    made = lambda_runtime.invoke(str(tmp_path), str(tmp_path / "opt" / "python"), event, ENVIRON)
    # The signature that AWS's documentation prints for this request.
    assert made.answer["url"].endswith("=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")
    assert made.answer["file"].startswith(str(tmp_path / "opt" / "python" / "sigv4presign"))
    assert Path(made.answer["cached"]).is_relative_to(tmp_path / "opt")
    assert Path(made.answer["cached"]).is_file()
    assert not made.answer["boto"]
    assert 0 < made.initialised < made.answered


def test_a_handler_that_fails_is_reported_with_its_own_error(tmp_path: Path) -> None:
    pytest.importorskip("awslambdaric")
    import lambda_runtime

    (tmp_path / "function.py").write_text("def handler(event, context):\n    raise ValueError('no such bucket')\n")
    with pytest.raises(RuntimeError, match="no such bucket"):
        lambda_runtime.invoke(str(tmp_path), str(tmp_path), json.loads("{}"), ENVIRON)
