"""What other makers of presigned URLs have to say to the same stores.

Rule: their URLs are used as they come; a maker that cannot sign a key is no matter of the store's.
"""

import functools
import json
import re
import subprocess
from pathlib import Path

from .keys import KEYS
from .servers import ENVIRONMENTS
from .suite import BUCKET, CONTENT, Row, SkippedError, Store, rows_into, same

PINNED = Path(__file__).parents[2] / "benchmarks" / "requirements.txt"
ROWS: "list[Row]" = []
row = rows_into(ROWS)

MAKERS = ("botocore", "minio", "libpresign", "obstore")


def version(maker: str) -> str:
    (found,) = re.findall(rf"^{maker}==([^;\s]+)", PINNED.read_text(), re.MULTILINE)
    return str(found)


@functools.cache
def urls(store: Store) -> "dict[str, dict[str, list[str | None]] | None]":
    """For each maker and method, the URL of each key; None for a maker that is not there for this Python."""
    given = {
        "endpoint": store.server.endpoint,
        "access_key_id": store.server.credentials.access_key_id,
        "secret_access_key": store.server.credentials.secret_access_key,
        "region": store.server.region,
        "bucket": BUCKET,
        "keys": list(KEYS.values()),
    }
    words: list[str | Path] = [
        ENVIRONMENTS / "peers" / "bin" / "python",
        "-I",
        Path(__file__).with_name("peer_urls.py"),
    ]
    done = subprocess.run(words, input=json.dumps(given).encode(), capture_output=True, check=True, timeout=60)
    found: dict[str, dict[str, list[str | None]] | None] = json.loads(done.stdout)
    return found


def _maker(maker: str) -> None:
    @row("Others' URLs", f"{maker} {version(maker)}")
    def _(store: Store) -> None:
        made = urls(store)[maker]
        if made is None:
            raise SkippedError(f"no {maker} for this Python")
        tried = 0
        for number, key in enumerate(KEYS.values()):
            content = f"{maker} {key}".encode() + CONTENT
            mine = store.s3.put_object(BUCKET, key, allow_dot_segments=True)
            if store.send(mine, content).status != 200:  # a key that the store does not take; see the rows for keys
                continue
            for method, links in made.items():
                url = links[number]
                if url is None:
                    continue
                tried += 1
                if method == "PUT":
                    content += b" by their own PUT"
                    store.ok(url, content, method=method)
                elif method == "GET":
                    same(store.ok(url, method=method).body, content, "other bytes")
                else:
                    store.ok(url, method=method, status=204)
        assert tried >= len(made) * 10, tried


for _name in MAKERS:
    _maker(_name)
