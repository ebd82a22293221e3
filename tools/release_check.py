"""Checks everything that a release needs, and leaves what would be uploaded in build/release/.

Rule: nothing is uploaded or tagged here.  Each check prints one line; all of them run, also after one has failed.

Usage: python tools/release_check.py      (in an environment from requirements/release.txt: make release-check)
"""

import hashlib
import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Mapping

import pythons

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OUT = os.path.join(ROOT, "build", "release")
# The example of https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html, from which the
# environment's keys are, too.
PUBLISHED = "=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
SIGN = (
    "from sigv4presign import Credentials as C, presign;"
    "print(presign('GET', 'https://examplebucket.s3.amazonaws.com/test.txt', credentials=C.from_environ(),"
    " region='us-east-1', service='s3', expires_in=86400, now=1369353600))"
)
KEYS = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "AWS_REGION": "us-east-1",
}
# What a packager needs beside the package, and the licence of what others wrote.
IN_THE_SDIST = (
    "CHANGELOG.md",
    "LICENSE",
    "Makefile",
    "SECURITY.md",
    "requirements/test.txt",
    "tests/vectors/LICENSE-Apache-2.0.txt",
    "tests/vectors/NOTICE-aws-c-auth.txt",
)
AUDITED = ("test", "all", "lint", "docs", "release")


class CheckError(Exception):
    """A check that failed, and why."""


def output(*command: str, cwd: str = ROOT, env: "Mapping[str, str] | None" = None) -> str:
    """What a command prints to standard output, or a CheckError with what it printed."""
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CheckError(f"{' '.join(command[:6])}: {(done.stdout + done.stderr).strip()}")
    return done.stdout


def version() -> str:
    """The version that the package states."""
    with open(os.path.join(ROOT, "src", "sigv4presign", "__init__.py"), encoding="utf-8") as file:
        [stated] = re.findall(r'^__version__ = "(.+)"$', file.read(), re.MULTILINE)
    return str(stated)


def tree_is_clean() -> str:
    changed = output("git", "status", "--porcelain")
    if changed:
        raise CheckError(f"these files differ from the commit; commit them first:\n{changed.rstrip()}")
    return f"the tree is commit {output('git', 'rev-parse', '--short', 'HEAD').strip()}, with nothing changed"


def changelog_has_the_version() -> str:
    with open(os.path.join(ROOT, "CHANGELOG.md"), encoding="utf-8") as file:
        [newest, *_] = re.findall(r"^## (.+)$", file.read(), re.MULTILINE)
    dated = re.fullmatch(r"(\d+\.\d+\.\d+) - (\d{4}-\d\d-\d\d)", newest)
    if dated is None or dated[1] != version():
        raise CheckError(f"CHANGELOG.md begins with {newest!r}; for a release: '{version()} - YYYY-MM-DD'")
    if dated[2] > time.strftime("%Y-%m-%d", time.gmtime()):
        raise CheckError(f"CHANGELOG.md dates {version()} in the future: {dated[2]}")
    return f"CHANGELOG.md begins with {newest}"


def tag_is_the_version() -> str:
    tags = output("git", "tag", "--points-at", "HEAD").split()
    if tags and f"v{version()}" not in tags:
        raise CheckError(f"the commit's tag is {', '.join(tags)}; it has to be v{version()}")
    return f"the commit is tagged v{version()}" if tags else f"the commit has no tag yet; it will be v{version()}"


def built(folder: str, **environ: str) -> "dict[str, bytes]":
    """The sdist, and the wheel that is made of it, from an export of the commit."""
    source, target = os.path.join(folder, "source"), os.path.join(folder, "dist")
    os.makedirs(source)
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "-x", "-C", source], input=archive, check=True)
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", target, source]
    output(*command, env={**os.environ, **environ})
    made: dict[str, bytes] = {}
    for name in sorted(os.listdir(target)):
        with open(os.path.join(target, name), "rb") as file:
            made[name] = file.read()
    return made


def built_twice_byte_for_byte() -> str:
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as another:
        first = built(one, TZ="UTC", PYTHONHASHSEED="1")
        before = os.umask(0o077)
        try:
            second = built(os.path.join(another, "elsewhere"), TZ="Asia/Tokyo", PYTHONHASHSEED="2")
        finally:
            os.umask(before)
    if first != second:
        differing = [name for name in first if first[name] != second.get(name)]
        raise CheckError(f"two builds of the same commit differ: {', '.join(differing)}")
    shutil.rmtree(OUT, ignore_errors=True)
    os.makedirs(os.path.join(OUT, "dist"))
    lines: list[str] = []
    for name, content in first.items():
        with open(os.path.join(OUT, "dist", name), "wb") as file:
            file.write(content)
        lines.append(f"\n    {hashlib.sha256(content).hexdigest()}  {name}, {len(content):,} bytes")
    return f"two builds, in other folders, time zones and umasks, are the same bytes:{''.join(lines)}"


def artefact(end: str) -> str:
    """The path of the sdist or of the wheel."""
    folder = os.path.join(OUT, "dist")
    found = [name for name in os.listdir(folder) if name.endswith(end)] if os.path.isdir(folder) else []
    if not found:
        raise CheckError("there is none, since the build failed")
    return os.path.join(folder, found[0])


def metadata_is_valid() -> str:
    output(sys.executable, "-m", "twine", "check", "--strict", artefact(".whl"), artefact(".tar.gz"))
    return "twine check --strict passes"


def sdist_has_licences_and_tests() -> str:
    with tarfile.open(artefact(".tar.gz")) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    missing = [name for name in IN_THE_SDIST if name not in names]
    if missing:
        raise CheckError(f"the sdist lacks {', '.join(missing)}")
    return f"the sdist has {len(names)} files, the vectors' licence among them"


def try_wheel(wheel: str, python: str, folder: str) -> None:
    """Install a wheel where nothing else is, and use it from Python and from the command line."""
    # What measures the tests and where its modules are stays outside.
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "COV", "PYTHON"))}
    output(python, "-m", "venv", "--without-pip", "--clear", folder, env=environ)
    scripts = os.path.join(folder, "Scripts" if os.name == "nt" else "bin")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", os.path.join(scripts, "python")]
    output(*pip, "install", "-q", "--no-index", "--no-deps", wheel, cwd=folder, env=environ)

    def run(program: str, *words: str) -> str:
        return output(os.path.join(scripts, program), *words, cwd=folder, env={**environ, **KEYS}).strip()

    url = run("python", "-I", "-c", SIGN)
    if not url.endswith(PUBLISHED):
        raise CheckError(f"{python}: AWS's published example was signed as {url}")
    if "presign" not in run("sigv4presign", "--help"):
        raise CheckError(f"{python}: sigv4presign --help does not name its commands")
    url = run("sigv4presign", "get", "s3://examplebucket/test.txt")
    start = "https://examplebucket.s3.us-east-1.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&"
    if not url.startswith(start):
        raise CheckError(f"{python}: sigv4presign get printed {url}")


def wheel_works_on_each_python() -> str:
    found = {one: pythons.find(one) for one in pythons.VERSIONS}
    interpreters = [python for python in found.values() if python]
    if pythons.version_of(pythons.DEBIAN):
        interpreters.append(pythons.DEBIAN)
    for python in interpreters:
        with tempfile.TemporaryDirectory() as folder:
            try_wheel(artefact(".whl"), python, folder)
    missing = "".join(f"; {one} is not on this machine" for one, python in found.items() if not python)
    return f"the wheel signs AWS's published example on {', '.join(map(pythons.version_of, interpreters))}{missing}"


def bill_of_materials() -> str:
    """The SBOM of an environment that has the wheel and nothing else."""
    path = os.path.join(OUT, f"sigv4presign-{version()}.cdx.json")
    with tempfile.TemporaryDirectory() as folder:
        try_wheel(artefact(".whl"), sys.executable, os.path.join(folder, "venv"))
        command = [sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible", "--validate"]
        command += ["--spec-version", "1.6", "--output-format", "JSON", "--output-file", path]
        output(*command, os.path.join(folder, "venv"))
    with open(path, encoding="utf-8") as file:
        listed = json.load(file)
    components = [f"{one['name']} {one['version']}" for one in listed["components"]]
    if components != [f"sigv4presign {version()}"]:
        raise CheckError(f"the SBOM lists {', '.join(components)}; the package has no dependencies")
    tool = importlib.metadata.version("cyclonedx-bom")
    return f"{os.path.relpath(path, ROOT)}: CycloneDX {listed['specVersion']} by cyclonedx-bom {tool}, no dependencies"


def development_set_has_no_known_vulnerability() -> str:
    said: list[str] = []
    for group in AUDITED:
        command = [sys.executable, "-m", "pip_audit", "--progress-spinner", "off", "--format", "json"]
        command += ["--disable-pip", "--require-hashes", "-r", f"requirements/{group}.txt"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        try:
            packages = json.loads(done.stdout)["dependencies"]
        except (ValueError, KeyError):
            [*_, reason] = done.stderr.strip().splitlines() or ["no answer"]
            return f"NOT AUDITED, since no index answered for requirements/{group}.txt: {reason}"
        known = [f"{one['name']} {one['version']}: {bug['id']}" for one in packages for bug in one.get("vulns", ())]
        if known:
            raise CheckError(f"requirements/{group}.txt has known vulnerabilities: {', '.join(known)}")
        said.append(f"{group} ({len(packages)})")
    return f"pip-audit knows of no vulnerability in {', '.join(said)}"


CHECKS: "tuple[Callable[[], str], ...]" = (
    tree_is_clean,
    changelog_has_the_version,
    tag_is_the_version,
    built_twice_byte_for_byte,
    metadata_is_valid,
    sdist_has_licences_and_tests,
    wheel_works_on_each_python,
    bill_of_materials,
    development_set_has_no_known_vulnerability,
)


def passes(check: "Callable[[], str]") -> bool:
    """Run a check and print its line."""
    try:
        print(f"ok      {check()}", flush=True)
    except CheckError as fault:
        print(f"FAILED  {check.__name__.replace('_', ' ')}: {fault}", flush=True)
        return False
    return True


def main() -> int:
    failed = sum(not passes(check) for check in CHECKS)
    print(f"{failed} checks failed" if failed else f"sigv4presign {version()} can be released: build/release/dist/")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
