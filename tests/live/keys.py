"""Keys that are hard to get through: each is put, got, headed and deleted.

Rule: as in `suite`; a key is text, and what comes back under it is what went in.
"""

from typing import Any

from .suite import (
    BUCKET,
    CONTENT,
    Row,
    Store,
    elements,
    rows_into,
    same,
)

ROWS: "list[Row]" = []
row = rows_into(ROWS)

KEYS = {
    "spaces": " a  b ",
    "plus": "a+b +.txt",
    "`%2F` as plain text": "a%2Fb%20c%25.txt",
    "two slashes": "a//b///c",
    "a slash at the beginning": "/a",
    "a slash at the end": "a/b/",
    "tilde": "~a/b~.txt",
    "emoji": "\U0001f431/\U0001f468‍\U0001f469‍\U0001f467.png",
    "combining characters": "cafe\u0301",
    "the same, composed": "caf\u00e9",
    "right-to-left, CJK": "\u05e9\u05dc\u05d5\u05dd/\u4f60\u597d.txt",
    "quotes": 'it\'s "quoted" `here`',
    "every ASCII punctuation": "a!\"#$%&'()*+,-.:;<=>?@[\\]^_`{|}~z",
    "what looks like a query": "a?b=c&d#e",
    "control characters": "a\tb\x7fc\x01d",
    "a line break": "a\nb\r\nc",
    "1,024 bytes": "/".join(["k" * 100] * 10) + "/" + "z" * 14,
    "1,024 bytes without a slash": "k" * 1024,
    "dot segments": "a/../b/./c",
}


def _key(name: str, key: str) -> None:
    @row("Keys", name)
    def _(store: Store) -> None:
        content = key.encode() + CONTENT
        more: dict[str, Any] = {"allow_dot_segments": True} if name == "dot segments" else {}
        store.ok(store.s3.put_object(BUCKET, key, **more), content)
        same(store.ok(store.s3.get_object(BUCKET, key, **more)).body, content, "other bytes")
        head = store.ok(store.s3.head_object(BUCKET, key, **more))
        same(head.headers["Content-Length"], str(len(content)), "other size")
        store.ok(store.s3.delete_object(BUCKET, key, **more), status=204)
        same(store.send(store.s3.get_object(BUCKET, key, **more)).status, 404, "still there")


for _name, _text in KEYS.items():
    _key(_name, _text)


@row("Keys", "composed and combining characters are two objects")
def _(store: Store) -> None:
    urls = [store.put(f"two/{form}", form.encode()) for form in ("cafe\u0301", "caf\u00e9")]
    same([store.ok(url).body for url in urls], ["cafe\u0301".encode(), "caf\u00e9".encode()], "one object")


@row("Keys", "a listing has the keys as they were given")
def _(store: Store) -> None:
    keys = sorted(f"all/{KEYS[name]}" for name in ("spaces", "plus", "`%2F` as plain text", "emoji", "quotes"))
    for key in keys:
        store.put(key, b"")
    listed = elements(store.ok(store.s3.list_objects_v2(BUCKET, prefix="all/")), "Key")
    same(sorted(listed), keys, "other keys")


@row("Keys", "a hundred links by `presign_many`")
def _(store: Store) -> None:
    keys = [f"many/{number} of 100.txt" for number in range(100)]
    for key, url in zip(keys, store.s3.presign_many("PUT", BUCKET, keys), strict=True):
        store.ok(url, key.encode())
    for key, url in zip(keys, store.s3.presign_many("GET", BUCKET, keys, stable_for=600), strict=True):
        same(store.ok(url).body, key.encode(), "other bytes")


@row("Keys", "virtual-hosted style: the bucket in the host")
def _(store: Store) -> None:
    store.put("in the host")
    port = store.server.endpoint.rpartition(":")[2]
    s3 = store.s3.replace(endpoint=f"http://localhost:{port}", addressing_style="virtual")
    same(store.ok(s3.get_object(BUCKET, "in the host")).body, CONTENT, "other bytes")
