"""The page that explains a URL in the browser: docs/explain, the library and Pyodide, in one folder.

Rule: the folder that is written needs no other and no network.  Pyodide comes from npm, in the version and with the
checksum of docs/explain/package-lock.json.

Usage: python tools/explain_page.py build/docs/explain      (make docs)
"""

import filecmp
import os
import shutil
import subprocess
import sys
import zipfile

from evidence import ROOT

PAGE = os.path.join(ROOT, "docs", "explain")
PACKAGES = os.path.join(ROOT, ".cache", "explain-page")
SHOWN = ("index.html", "page.css", "page.js", "draw.js", "worker.js", "from_file.js")
# Of the npm package: the loader, the interpreter, its standard library, and the list of wheels, which the loader reads.
PYODIDE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json", "README.md")
EPOCH = (1980, 1, 1, 0, 0, 0)  # the same sources make the same archive


def install() -> str:
    """Why there is no Pyodide, or nothing: it is installed in .cache, as the lock file says."""
    npm = shutil.which("npm")
    if npm is None:
        return "npm is not installed"
    lock, installed = (os.path.join(folder, "package-lock.json") for folder in (PAGE, PACKAGES))
    done = os.path.join(PACKAGES, ".installed")
    if os.path.exists(done) and filecmp.cmp(lock, installed, shallow=False):
        return ""
    shutil.rmtree(PACKAGES, ignore_errors=True)
    os.makedirs(PACKAGES)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(os.path.join(PAGE, name), PACKAGES)
    command = [npm, "ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund"]
    if subprocess.run(command, check=False, cwd=PACKAGES).returncode:
        return "npm could not install it"
    with open(done, "w", encoding="utf-8"):
        pass
    return ""


def write_library(path: str) -> None:
    """The package and examine.py as an archive that Python imports from."""
    source = os.path.join(ROOT, "src")
    files = {"examine.py": os.path.join(PAGE, "examine.py")}
    for folder, _, names in os.walk(os.path.join(source, "sigv4presign")):
        for name in names:
            if name.endswith(".py"):
                file = os.path.join(folder, name)
                files[os.path.relpath(file, source).replace(os.sep, "/")] = file
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file in sorted(files.items()):
            with open(file, "rb") as text:
                archive.writestr(zipfile.ZipInfo(name, EPOCH), text.read(), zipfile.ZIP_DEFLATED)


def build(folder: str) -> str:
    """Write the page into a folder, which is made; returns why it is without Pyodide, or nothing."""
    missing = install()
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(os.path.join(folder, "pyodide"))
    for name in SHOWN:
        shutil.copy(os.path.join(PAGE, name), folder)
    write_library(os.path.join(folder, "python.zip"))
    if not missing:
        for name in PYODIDE:
            shutil.copy(os.path.join(PACKAGES, "node_modules", "pyodide", name), os.path.join(folder, "pyodide"))
    return missing


def main() -> int:
    missing = build(sys.argv[1])
    if missing:
        print(f"skipped: {sys.argv[1]} is without Pyodide and cannot explain anything, because {missing}")
        return 1 if os.environ.get("CI") else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
