"""The tests that need nothing but an interpreter: the published vectors, and the examples in the docstrings.

Rule: run inside Pyodide by tools/pyodide.mjs, which mounts this project read-only at /project; prints one line, JSON.
"""

import doctest
import importlib
import io
import json
import pkgutil
import sys
import unittest
import warnings

sys.dont_write_bytecode = True
sys.path[:0] = ["/project/src", "/project/tests"]
warnings.simplefilter("error")

import core_vectors  # noqa: E402 - found by the lines above

import sigv4presign  # noqa: E402

# Their examples start a server, or an event loop inside the one that runs this.
NEED_A_SYSTEM = {"sigv4presign._share.share", "sigv4presign.asgi", "sigv4presign.__main__"}


def run() -> "dict[str, object]":
    vectors = unittest.TextTestRunner(stream=io.StringIO()).run(core_vectors.suite(sigv4presign))
    faults = [f"{test}: {text}" for test, text in vectors.failures + vectors.errors]
    examples = 0
    for module in pkgutil.walk_packages(sigv4presign.__path__, "sigv4presign."):
        if module.name not in NEED_A_SYSTEM:
            runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
            for test in doctest.DocTestFinder().find(importlib.import_module(module.name)):
                if not any("import botocore" in example.source for example in test.examples):  # which is not there
                    runner.run(test, out=lambda _text: None)
            examples += runner.tries - runner.failures
            faults += [f"{module.name}: {runner.failures} examples failed"] * bool(runner.failures)
    passed = vectors.testsRun - len(vectors.failures) - len(vectors.errors)
    version = ".".join(str(part) for part in sys.version_info[:3])
    return {"version": version, "vectors": passed, "examples": examples, "faults": faults}


result = json.dumps(run())
