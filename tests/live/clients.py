"""The same URLs through the clients that people use, by the code of docs/how-to/http-clients.md.

Rule: the page's code is what runs; a client that needs something is given it there, and nothing here.
"""

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from sigv4presign import PresignedUrl

from .keys import KEYS
from .suite import CONTENT, DepartedError, SkippedError, Store
from .table import WORKS

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "http-clients.md"
TYPE = "text/x-live; charset=utf-8"


PLAIN = "aiohttp with a str"  # the same without what the page says that it needs


class Trial(NamedTuple):
    """A client, its code, and a bucket of its own."""

    client: str
    language: str
    code: str
    store: Store
    bucket: str


def snippets() -> "dict[str, tuple[str, str]]":
    """For each client, the language and the code below its heading."""
    found = re.findall(
        r"^## (\S+)\n.*?^```(\w+)\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    return {client: (language, code) for client, language, code in found}


def trials(store: Store) -> "list[Trial]":
    made: list[Trial] = []
    found = snippets()
    language, code = found["aiohttp"]
    found[PLAIN] = language, re.sub(r"yarl\.URL\((\w+), encoded=True\)", r"\1", code)
    for number, (client, (language, code)) in enumerate(found.items()):
        bucket = f"through-client-{number}"
        store.ok(store.s3.create_bucket(bucket))
        made.append(Trial(client, language, code, store, bucket))
        if language == "python":
            _import(code)
    return made


def _import(code: str) -> None:
    """Import what the code imports: requests and botocore in two threads would deadlock on urllib3."""
    for line in re.findall(r"^(?:import|from) .*$", code, re.MULTILINE):
        with contextlib.suppress(ImportError):  # it is reported by the row
            exec(line, {})


def rows() -> "dict[str, Callable[[Trial], str]]":
    """For each key: upload it and download it again, with an override in the query that has much to escape."""

    def tried(key: str) -> "Callable[[Trial], str]":
        def try_it(trial: Trial) -> str:
            content = f"{trial.client} {key}".encode() + CONTENT
            s3 = trial.store.s3
            upload = s3.put_object(trial.bucket, key, content_type=TYPE, allow_dot_segments=True)
            download = s3.get_object(
                trial.bucket, key, response_content_disposition='a; b="c+d/e%20f\'!"', allow_dot_segments=True
            )
            got = {"python": _python, "sh": _shell}[trial.language](trial.code, upload, download, content)
            if got != content:
                raise DepartedError("other bytes")
            return WORKS

        return try_it

    return {name: tried(key) for name, key in KEYS.items()}


def _python(code: str, upload: PresignedUrl, download: PresignedUrl, content: bytes) -> Any:
    names: dict[str, Any] = {"upload": upload, "download": download, "content": content}
    try:
        exec(compile(code, PAGE.name, "exec"), names)
    except Exception as fault:
        raise DepartedError(_status(str(fault)) or repr(fault)) from fault
    if isinstance(names["got"], int):
        raise DepartedError(str(names["got"]))
    return names["got"]


def _shell(code: str, upload: PresignedUrl, download: PresignedUrl, content: bytes) -> bytes:
    if shutil.which("curl") is None:
        raise SkippedError("no curl on this machine")
    environment = {**os.environ, "UPLOAD": str(upload), "DOWNLOAD": str(download), "TYPE": TYPE}
    with tempfile.TemporaryDirectory() as home:
        (Path(home) / "content").write_bytes(content)
        done = subprocess.run(["sh", "-ec", code], cwd=home, env=environment, capture_output=True, check=False)
        if done.returncode:
            raise DepartedError(_status(done.stdout.decode() + done.stderr.decode()) or f"exit {done.returncode}")
        return (Path(home) / "got").read_bytes()


def _status(text: str) -> str:
    """The HTTP status that a client's error message says."""
    found = re.search(r"\b[345]\d\d\b", text)
    return found.group() if found else ""
