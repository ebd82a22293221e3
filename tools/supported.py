"""Exits with one sentence if this Python is too old for the project: `python tools/supported.py`.

Rule: it runs on any Python, so it uses no syntax that an old one lacks.  The Makefile runs it before anything else.
"""

import sys

if sys.version_info < (3, 10):  # noqa: UP036 - an older one is who this is for
    version = "%d.%d.%d" % sys.version_info[:3]
    message = "sigv4presign needs Python 3.10 or later, and %s is Python %s; name another: make ... PYTHON=python3.12"
    sys.exit(message % (sys.executable, version))
