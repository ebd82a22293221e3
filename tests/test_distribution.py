"""What `pip` gets: the wheel and the sdist, built, looked into, and installed where nothing else is.

Rule: nothing is fetched: the build backend is that of this environment, and the clean environment has no network.
"""

import email.message
import email.parser
import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

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
    wanted |= {f"tests/vectors/{path.name}" for path in (ROOT / "tests" / "vectors").iterdir()}
    wanted |= {f"tools/{path.name}" for path in (ROOT / "tools").glob("*.py")}
    assert wanted <= names
    # Nothing that only this machine has.
    assert not [
        name for name in names if name.startswith((".venv", ".cache", ".git/", "dist")) or "__pycache__" in name
    ]


def test_the_wheel_works_where_nothing_else_is_installed(built: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=False)
    scripts = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin")
    wheel = str(built / f"{NAME}-py3-none-any.whl")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(scripts / "python"),
        "install",
        "--no-index",
        "--no-deps",
        wheel,
    ]
    # What measures these tests and where its modules are is none of the clean environment's business.
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTHON"))}
    subprocess.run([*pip, "--disable-pip-version-check"], check=True, capture_output=True, env=environ, timeout=120)

    def output(*command: str) -> str:
        keys = {
            "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "AWS_REGION": "us-east-1",
        }
        return subprocess.run(
            command, check=True, capture_output=True, text=True, env={**environ, **keys}, cwd=tmp_path, timeout=60
        ).stdout

    program = str(scripts / "sigv4presign")
    assert "presign" in output(program, "--help")
    assert output(program, "get", "s3://examplebucket/test.txt").startswith(
        "https://examplebucket.s3.us-east-1.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&"
    )
    # The example of https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
    code = (
        "from sigv4presign import Credentials as C, presign;"
        "print(presign('GET', 'https://examplebucket.s3.amazonaws.com/test.txt', credentials=C.from_environ(),"
        " region='us-east-1', service='s3', expires_in=86400, now=1369353600))"
    )
    url = output(str(scripts / "python"), "-c", code).strip()
    assert url.endswith("=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")
