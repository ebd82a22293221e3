"""Downloads: what the answer's headers are made to say, and parts of an object.

Rule: as in `suite`.
"""

from .suite import BUCKET, CONTENT, MISMATCH, DepartedError, Row, Store, rows_into, same

ROWS: "list[Row]" = []
row = rows_into(ROWS)

DOWNLOAD = "Downloads"

OVERRIDES = {
    "response_content_type": ("Content-Type", "text/x-other; charset=utf-8"),
    "response_cache_control": ("Cache-Control", "no-store, max-age=0"),
    "response_content_disposition": ("Content-Disposition", 'inline; filename="a+b c.txt"'),
    "response_content_encoding": ("Content-Encoding", "identity"),
    "response_content_language": ("Content-Language", "mi, en"),
    "response_expires": ("Expires", "Thu, 01 Dec 2033 16:00:00 GMT"),
}


@row(DOWNLOAD, "each of the six response overrides")
def _(store: Store) -> None:
    store.put("overridden")
    ignored: list[str] = []
    for parameter, (header, value) in OVERRIDES.items():
        headers = store.ok(store.s3.presign("GET", BUCKET, "overridden", query={parameter.replace("_", "-"): value}))
        if headers.headers[header] != value:
            ignored.append(header)
    if ignored:
        raise DepartedError(f"ignored: {', '.join(ignored)}")


@row(DOWNLOAD, "saved under a name: download_as")
def _(store: Store) -> None:
    store.put("named")
    disposition = store.ok(store.s3.get_object(BUCKET, "named", download_as="naïve “résumé”.pdf")).headers
    same("filename*=UTF-8''na%C3%AFve%20" in disposition["Content-Disposition"], True, "other name")


@row(DOWNLOAD, "ranges: first bytes, last bytes, from the middle")
def _(store: Store) -> None:
    url = store.put("ranged")
    for span, part in (("0-9", CONTENT[:10]), ("-7", CONTENT[-7:]), ("100-", CONTENT[100:])):
        answer = store.send(url, headers={"Range": f"bytes={span}"})
        same(answer.body, part, "other bytes")
        same(answer.status, 206, str(answer))


@row(DOWNLOAD, "a signed range")
def _(store: Store) -> None:
    store.put("ranged")
    url = store.s3.get_object(BUCKET, "ranged", range="bytes=5-9")
    answer = store.send(url)
    same(answer.body, CONTENT[5:10], "other bytes")
    same(answer.status, 206, str(answer))


@row(DOWNLOAD, "another range than the signed one", MISMATCH)
def _(store: Store) -> str:
    store.put("ranged")
    url = store.s3.get_object(BUCKET, "ranged", range="bytes=5-9")
    return str(store.send(url, headers={"Range": "bytes=0-"}))


@row(DOWNLOAD, "parameters that the store does not know: a nonce")
def _(store: Store) -> None:
    store.put("nonce")
    same(store.ok(store.s3.get_object(BUCKET, "nonce", nonce=True)).body, CONTENT, "other bytes")
