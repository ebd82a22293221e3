"""Builds the AWS Lambda layers: zips that hold `python/sigv4presign`, where Lambda's Python runtimes look.

Rule: the same sources and the same interpreter give the same bytes, so that a layer can be checked against its commit.

Usage: python tools/layer.py [--each]      (writes dist/, the whole package and the core; --each: for each Python found)

Bytecode goes in, since a layer's folder cannot be written to and each cold start would compile anew (some 23 ms:
benchmarks/results.md, Cold start).  It is that of the interpreter that runs this, so build with the version that the
function runs on; another version ignores it, and compiles.  It is of the kind that is not checked against its source
(PEP 552), since a date in it would change the bytes, and a check would read the source.
"""

import argparse
import io
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile

import pythons

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SOURCE = os.path.join(ROOT, "src", "sigv4presign")
PLACE = "python/sigv4presign"  # Lambda puts /opt/python on sys.path, and unpacks a layer in /opt
DATE = (1980, 1, 1, 0, 0, 0)  # the zip format's first
# What a vendored copy may leave out (tests/test_vendored.py deletes each of them).
OPTIONAL = (
    "__main__.py",
    "_command_line",
    "_diagnosis",
    "_p256.py",
    "_s3",
    "_server",
    "_share",
    "_sigv4a.py",
    "asgi.py",
    "providers",
    "tokens",
    "wsgi.py",
)
GOAL = 60_000  # bytes, for the core


def files_below(folder: str) -> "list[str]":
    """The files in a folder, in an order that does not depend on the machine."""
    found: list[str] = []
    for inner, _, files in os.walk(folder):
        found += [os.path.relpath(os.path.join(inner, name), folder).replace(os.sep, "/") for name in files]
    return sorted(found)


def names(core: bool) -> "list[str]":
    """The package's modules; its stub and the marker of its types are for editors alone."""
    found = [name for name in files_below(SOURCE) if name.endswith(".py")]
    return [name for name in found if not core or name.split("/")[0] not in OPTIONAL]


# Run in a new interpreter with a fixed hash seed: bytecode follows the order of sets and what is interned already.
COMPILE = """
import os, py_compile, sys
folder, place, *names = sys.argv[1:]
for name in names:
    py_compile.compile(os.path.join(folder, name), dfile=f"/opt/{place}/{name}", doraise=True, optimize=0,
                       invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
"""


def build(core: bool = False, compiled: bool = True) -> bytes:
    """The layer."""
    with tempfile.TemporaryDirectory() as folder:
        for name in names(core):
            copy = os.path.join(folder, name)
            os.makedirs(os.path.dirname(copy), exist_ok=True)
            shutil.copyfile(os.path.join(SOURCE, name), copy)
        return packed(folder, PLACE, compiled)


def packed(folder: str, place: str, compiled: bool) -> bytes:
    """A folder as a zip, below a path, with its modules' bytecode or without."""
    if compiled:
        modules = [name for name in files_below(folder) if name.endswith(".py")]
        environ = {**os.environ, "PYTHONHASHSEED": "0"}
        subprocess.run([sys.executable, "-S", "-c", COMPILE, folder, place, *modules], env=environ, check=True)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as layer:
        for name in files_below(folder):
            entry = zipfile.ZipInfo(f"{place}/{name}", DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, whose modes the next line sets
            entry.external_attr = 0o100644 << 16
            with open(os.path.join(folder, name), "rb") as file:
                layer.writestr(entry, file.read())
    return out.getvalue()


def write() -> bool:
    """Write both layers of this interpreter; return whether the core is as small as it has to be."""
    version = ".".join(str(part) for part in sys.version_info[:2])
    os.makedirs(os.path.join(ROOT, "dist"), exist_ok=True)
    for core in (True, False):
        written = os.path.join("dist", f"sigv4presign-{'core-' if core else ''}layer-python{version}.zip")
        layer = build(core)
        with open(os.path.join(ROOT, written), "wb") as file:
            file.write(layer)
        print(f"{written}: {len(layer):,} bytes, {len(names(core))} files and the bytecode of {version}", flush=True)
    sources = len(build(core=True, compiled=False))
    print(f"the core's sources alone: {sources:,} bytes zipped, {len(names(core=True))} files (goal: under {GOAL:,})")
    return sources < GOAL


def main() -> int:
    parser = argparse.ArgumentParser(description="Builds the AWS Lambda layers into dist/.")
    parser.add_argument("--each", action="store_true", help="for each supported Python on this machine")
    if not parser.parse_args().each:
        return 0 if write() else 1
    found = {version: pythons.find(version) for version in pythons.VERSIONS}
    for python in filter(None, found.values()):
        subprocess.run([python, os.path.abspath(__file__)], check=True)
    missing = [version for version, python in found.items() if not python]
    if missing:
        print(f"not on this machine, so without a layer: Python {', '.join(missing)}")
    return 0 if any(found.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
