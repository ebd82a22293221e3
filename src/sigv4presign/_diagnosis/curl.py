"""How a presigned URL is shown: as a curl command, and in a log.

Rule: loaded when it is asked for; making and verifying URLs need none of it.
"""

from .._text import decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._presigned_url import PresignedUrl


def curl_command(url: "PresignedUrl", path: str, body: "bool | None") -> str:
    """`PresignedUrl.curl`."""
    words = ["curl", "--path-as-is"] if "/." in url else ["curl"]
    uploads = url.method == "PUT" if body is None else body
    headers = url.headers
    if url.method == "HEAD":
        words.append("--head")
    elif url.method != ("PUT" if uploads else "GET"):
        words += ["--request", url.method]
    if uploads:  # not --data, which adds a Content-Type
        words += ["--upload-file", shell_quoted(path)]
    elif body is False and url.method in ("PUT", "POST"):
        headers.setdefault("content-length", "0")  # curl sends none of its own, and stores answer 411
    for name, value in headers.items():
        words += ["--header", shell_quoted(f"{name}: {value}" if value else f"{name};")]
    return " ".join([*words, shell_quoted(str(url))])


def shell_quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


_SECRET_NAMES = frozenset(("x-amz-signature", "x-amz-security-token", "x-amz-s3session-token", "signature"))


def redacted(url: str) -> str:
    """The URL with signature and session token left out, fit for a log."""
    before, question, query = url.partition("?")
    pieces: list[str] = []
    for piece in query.split("&"):
        name = piece.partition("=")[0]
        secret = _decoded_name(name).lower() in _SECRET_NAMES
        pieces.append(name + "=<hidden>" if secret else piece)
    return before + question + "&".join(pieces)


def _decoded_name(name: str) -> str:
    try:
        return decode(name)
    except ValueError:
        return name
