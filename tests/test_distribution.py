"""What `pip` gets: the wheel and the sdist, built, looked into, and installed where nothing else is.

Rule: nothing is fetched: the build backend is that of this environment, and the clean environment has no network.
"""

import email.message
import email.parser
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
import release_check

import sigv4presign

ROOT = Path(__file__).parent.parent
PACKAGE = Path(sigv4presign.__file__).parent
NAME = f"sigv4presign-{sigv4presign.__version__}"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist and the wheel; the wheel is built from the sdist, as `pip` would from an index."""
    pytest.importorskip("build")
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder


@pytest.fixture(scope="module")
def metadata(built: Path) -> email.message.Message:
    with zipfile.ZipFile(built / f"{NAME}-py3-none-any.whl") as wheel:
        text = wheel.read(f"{NAME}.dist-info/METADATA").decode()
    return email.parser.Parser().parsestr(text)


def test_the_wheel_requires_nothing(metadata: email.message.Message) -> None:
    required = metadata.get_all("Requires-Dist") or []
    assert [one for one in required if "extra ==" not in one] == []


def test_the_wheel_says_what_it_is(metadata: email.message.Message) -> None:
    assert metadata["Name"] == "sigv4presign"
    assert metadata["Version"] == sigv4presign.__version__
    assert metadata["Requires-Python"] == ">=3.10"
    assert metadata["License-Expression"] == "MIT"
    assert metadata["License-File"] == "LICENSE"
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert "Typing :: Typed" in (metadata.get_all("Classifier") or [])


def test_the_wheel_holds_the_package_its_types_and_nothing_else(built: Path) -> None:
    with zipfile.ZipFile(built / f"{NAME}-py3-none-any.whl") as wheel:
        names = set(wheel.namelist())
    info = {f"{NAME}.dist-info/{name}" for name in ("METADATA", "RECORD", "WHEEL", "entry_points.txt")}
    info.add(f"{NAME}.dist-info/licenses/LICENSE")
    files = {path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert names - info == {f"sigv4presign/{path.relative_to(PACKAGE).as_posix()}" for path in files}
    assert "sigv4presign/py.typed" in names


def test_the_sdist_has_what_a_packager_needs_to_test_and_to_ship(built: Path) -> None:
    with tarfile.open(built / f"{NAME}.tar.gz") as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    wanted = {"LICENSE", "README.md", "CHANGELOG.md", "Makefile", "pyproject.toml", "PKG-INFO"}
    wanted |= {f"tests/{path.name}" for path in (ROOT / "tests").glob("*.py")}
    wanted |= set(release_check.IN_THE_SDIST)
    wanted |= {f"tests/vectors/{path.name}" for path in (ROOT / "tests" / "vectors").iterdir()}
    wanted |= {f"tools/{path.name}" for path in (ROOT / "tools").glob("*.py")}
    assert wanted <= names
    # Nothing that only this machine has.
    assert not [
        name for name in names if name.startswith((".venv", ".cache", ".git/", "dist")) or "__pycache__" in name
    ]


def test_the_wheel_works_where_nothing_else_is_installed(built: Path, tmp_path: Path) -> None:
    wheel = built / f"{NAME}-py3-none-any.whl"
    release_check.try_wheel(str(wheel), sys.executable, str(tmp_path / "venv"))
