"""`PresignedUrl.curl`: the command that uses a presigned URL."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._presigned_url import PresignedUrl


def curl_command(url: "PresignedUrl", path: str, body: "bool | None") -> str:
    """Return a curl command for a POSIX shell."""
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
        headers.setdefault("content-length", "0")  # curl sends none, and stores answer 411
    for name, value in headers.items():
        words += ["--header", shell_quoted(f"{name}: {value}" if value else f"{name};")]
    return " ".join([*words, shell_quoted(str(url))])


def shell_quoted(text: str) -> str:
    """Quote a text, always: `shlex.quote` leaves out quotes that a shell does not need but readers expect."""
    return "'" + text.replace("'", "'\\''") + "'"
