"""What a URL's text alone shows: how copying, escaping and cutting damage it.

Rule: a damage that can be undone is reported and undone, so that what lies under it is found too.
"""

from .._text import decode
from .finding import BROKEN, Finding, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .finding import Ranked

_AROUND = " \t\r\n'\"`<>()[]"
QUOTE_IT = "Put the URL into 'single quotes': a shell ends the command at the first & of a bare one."


def clean(url: str, found: "list[Ranked]") -> str:
    """The URL without what copying put around and into it."""
    text = url
    start = text.lower().find("http")
    if start > 0 and "://" not in text[:start] and text[:start].strip(_AROUND) != text[:start]:
        text = text[start:]  # a command such as curl, or words before the URL
    text = text.strip(_AROUND).partition("' ")[0].partition('" ')[0]
    for escaped in ("\\?", "\\&", "\\="):  # as zsh pastes them
        text = text.replace(escaped, escaped[1:])
    for line_break in ("\r", "\n"):
        text = "".join([piece.strip(" \t") for piece in text.split(line_break)])
    if text != url:
        found.append((BROKEN, Finding(
            "wrapped", "quotes, white space, line breaks or backslashes in or around the URL",
            "the URL alone, on one line",
            "Copy it again without its surroundings; a terminal or a mailer may have broken it into lines.",
        )))  # fmt: skip
    if text[:12].lower().startswith(("https%3a%2f", "http%3a%2f")):
        found.append((BROKEN, encoded_twice("the whole URL is percent-encoded")))
        try:
            text = decode(text)
        except ValueError:
            return text
    for code, escapes, origin in (
        ("html_escaped", ("&amp;", "&#38;", "&#x26;", "&#038;"), "HTML or XML"),
        ("json_escaped", ("\\u0026",), "JSON"),
    ):
        present = [escape for escape in escapes if escape in text]
        if present:
            found.append((BROKEN, Finding(
                code, f"{present[0]} between the parameters", "& between the parameters",
                f"The URL was copied out of {origin} source; decode that, or replace each {present[0]} with &.",
            )))  # fmt: skip
        for escape in present:
            text = text.replace(escape, "&")
    return text


def encoded_twice(seen: str) -> Finding:
    return Finding(
        "encoded_twice", seen, "each character percent-encoded once",
        "Something encoded a URL that was encoded already: hand it on as it is, and tell the HTTP client so "
        "(yarl.URL(url, encoded=True) for aiohttp).",
    )  # fmt: skip


def fragment(text: str) -> Finding:
    part = "query" if "?" in text.partition("#")[0] else "path"
    return Finding(
        "fragment", f"a raw # in the {part}", "%23 for a # that belongs to the key",
        "No client sends what follows a raw #; percent-encode the key before the URL is made, or let the signer do it.",
    )  # fmt: skip


def unreadable(text: str, fault: str) -> Finding:
    """Why a text cannot be split into a URL's parts."""
    last = text[-2:]
    if "X-Amz-" in text and "%" in last and "% that two hex" in fault:
        return truncated("the URL ends within a percent-escape")
    return Finding(
        "malformed_url", f"a URL that {shown(fault)}", "an absolute URL, percent-encoded",
        "Take the URL as the signer returned it, from https:// to the end of X-Amz-Signature.",
    )  # fmt: skip


def truncated(seen: str) -> Finding:
    return Finding(
        "truncated", seen, "X-Amz-Signature with 64 hex digits",
        "The end of the URL is missing: a column, a log line, a form field or a chat message was too short for it; "
        "copy it again from where it was made.",
    )  # fmt: skip
