"""Damage that a URL's text shows: by copying, escaping or truncation.

Rule: reversible damage is reported and reversed, so that further damage is found too.  Every step is linear in the
length of the text.
"""

from .._redaction import SHORT, decoded
from .._text import BROKEN_ESCAPE
from .finding import BROKEN, Finding, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .finding import Ranked

_AROUND = " \t\r\n'\"`<>()[]{}*\u2018\u2019\u201c\u201d\u00ab\u00bb"
# Inserted into long words by chats, mailers and word processors: soft hyphens, zero-width and directional characters,
# spaces of other widths.
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2066\u2067\u2068\u2069\u202a\u202b\u202c\u202d\u202e\ufeff"
_SPACES = "\u00a0\u2002\u2003\u2009\u202f\u3000\t"
QUOTE_IT = "Put the URL into 'single quotes': a shell ends the command at the first & of a bare one."
_SIGNED = "X-Amz-"


def clean(url: str, found: "list[Ranked]") -> str:
    """Return the URL without what copying added around or inside it."""
    text = _without_ellipsis(_unwrapped(url, found), found)
    if text[:12].lower().startswith(("https%3a%2f", "http%3a%2f")):
        found.append((BROKEN, encoded_twice("the whole URL is percent-encoded")))
        text = decoded(text)
    text = _without_quoted_printable(text, found)
    text = _without_entities(text, found)
    text = _without_semicolons(text, found)
    return _without_second_question(text, found)


def _unwrapped(url: str, found: "list[Ranked]") -> str:
    """Return only the URL, on one line."""
    text = url
    for character in _INVISIBLE:
        text = text.replace(character, "")
    hidden = text != url
    if "X-Amz-Algorithm=" not in text:
        text = _in_ascii(text)
    text = text.replace("[.]", ".").replace("hxxp", "http") if text[:4] == "hxxp" or "[.]" in text else text
    for character in _SPACES:
        text = text.replace(character, " ")
    start = text.lower().find("http")
    if start > 0 and "://" not in text[:start] and _begins_a_word(text, start):
        text = text[start:]  # a command such as curl, a label, or words before the URL
    text = _before_label(text.strip(_AROUND).partition("' ")[0].partition('" ')[0])
    for escaped in ("\\?", "\\&", "\\=", "\\_", "\\-", "\\%", "^&"):  # as zsh, Markdown and cmd.exe write them
        text = text.replace(escaped, escaped[1:])
    for line_break in ("\n", "\r", "\\r\\n", "\\n"):  # the last two as JSON and logs write them
        text = "".join([_without_soft_break(piece.strip(" \t")) for piece in text.split(line_break)])
    if text != url:
        seen = "quotes, white space, line breaks or backslashes in or around the URL"
        found.append((BROKEN, Finding(
            "wrapped", "characters that cannot be seen, in the URL" if hidden else seen,
            "the URL alone, on one line",
            "Copy it again without its surroundings; a terminal or a mailer may have broken it into lines.",
        )))  # fmt: skip
    return text


def _in_ascii(text: str) -> str:
    """Replace typographic hyphens and full-width separators."""
    plain = "".join([_ASCII.get(letter, letter) for letter in text])
    return plain if "X-Amz-Algorithm=" in plain else text


_ASCII = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d", "-"),
    "\uff1f": "?", "\uff06": "&", "\uff1d": "=", "\uff05": "%", "\uff0f": "/", "\uff1a": ":",
}  # fmt: skip


def _without_ellipsis(text: str, found: "list[Ranked]") -> str:
    """Remove the ellipsis with which a log or a list marks a truncated text."""
    short = text.rstrip("\u2026").removesuffix("...")
    if short == text or _SIGNED not in text:
        return text
    if len(short.rpartition("X-Amz-Signature=")[2]) == 64:
        found.append((BROKEN, Finding(
            "wrapped", "an ellipsis behind the signature", "the URL alone", "Copy it again without what follows it.",
        )))  # fmt: skip
        return short
    found.append((BROKEN, truncated("an ellipsis at the end")))
    return short[: short.rindex("%")] if "%" in short[-2:] else short


def _begins_a_word(text: str, start: int) -> bool:
    """Whether the text before a URL does not belong to it."""
    if "/" not in text[:start] and "?" not in text[:start]:
        return not text[start - 1].isalnum()
    return not text[start - 1].isalnum() and text[start - 1] not in "/%=&?._-"


def _before_label(text: str) -> str:
    """Slack writes `<URL|label>`, Markdown `[label](URL)` and `[URL](URL)`, spreadsheets `HYPERLINK("URL","label")`."""
    parts = [text.partition(mark)[0] for mark in ("|", "](", '","', '";"', '", "', '""') if mark in text]
    return min([part for part in parts if _SIGNED in part or "ignature=" in part], default=text)


def _without_soft_break(line: str) -> str:
    """Remove the `=` with which quoted-printable breaks a line; a parameter that ends so is not empty."""
    return line[:-1] if line[-1:] == "=" and "=3D" in line else line


def _without_quoted_printable(text: str, found: "list[Ranked]") -> str:
    names = ("Algorithm", "Date", "Expires", "SignedHeaders", "Signature")  # an access key id may begin with 3D
    if not any(f"{_SIGNED}{name}=3D" in text for name in names):
        return text
    found.append((BROKEN, Finding(
        "quoted_printable", "=3D in place of =", "= between name and value",
        "The URL was copied out of the source of a mail (quoted-printable): copy it from the mail as it is displayed.",
    )))  # fmt: skip
    return text.replace("=3D", "=")


def _without_entities(text: str, found: "list[Ranked]") -> str:
    for entity in ("&#61;", "&#x3D;", "&#x3d;", "&equals;"):
        if f"X-Amz-Algorithm{entity}" in text:
            text = text.replace(entity, "=")
            found.append((BROKEN, Finding(
                "html_escaped", f"{entity} in place of =", "= between name and value",
                f"The URL was copied out of HTML or XML source; decode that, or replace each {entity} with =.",
            )))  # fmt: skip
    for code, escapes, origin in (
        ("html_escaped", ("&amp;amp;", "&amp;", "&#38;", "&#x26;", "&#038;", "&#X26;", "&#0038;"), "HTML or XML"),
        ("json_escaped", ("\\u0026", "u0026"), "JSON"),
    ):
        present = [escape for escape in escapes if _SIGNED in text and f"{escape}" in text]
        present = [escape for escape in present if escape != "u0026" or f"u0026{_SIGNED}" in text]
        if present:
            found.append((BROKEN, Finding(
                code, f"{present[0]} between the parameters", "& between the parameters",
                f"The URL was copied out of {origin} source; decode that, or replace each {present[0]} with &.",
            )))  # fmt: skip
        for escape in present:
            text = text.replace(escape, "&")
    return text.replace("\\/", "/") if _SIGNED in text and "\\/" in text else text


def _without_semicolons(text: str, found: "list[Ranked]") -> str:
    if f"&{_SIGNED}" in text or f";{_SIGNED}" not in text:
        return text
    found.append((BROKEN, Finding(
        "html_escaped", "; between the parameters", "& between the parameters",
        "Something decoded & as an HTML entity and left the semicolon: copy the URL again, or put & for each ;.",
    )))  # fmt: skip
    return text.replace(f";{_SIGNED}", f"&{_SIGNED}")


def _without_second_question(text: str, found: "list[Ranked]") -> str:
    """Remove a parameter that was added with `?` although the URL had a query, so that it became part of a value."""
    before, mark, after = text.partition(f"{_SIGNED}Signature=")
    value, question, more = after.partition("?")
    if not question or len(value) != 64 or "&" in value:
        return text
    name = more.partition("=")[0]
    found.append((BROKEN, Finding(
        "added_parameter",
        f"a second question mark behind the signature{f', and {shown(name)}' if len(name) <= SHORT else ''}",
        "nothing behind the signature",
        "Every parameter of the query is signed, so none can be added later, neither with ? nor with &.",
    )))  # fmt: skip
    return before + mark + value + ("&" + more.partition("&")[2] if "&" in more else "")


def encoded_twice(seen: str) -> Finding:
    return Finding(
        "encoded_twice", seen, "each character percent-encoded once",
        "Something encoded a URL that was encoded already: pass it on unchanged, and tell the HTTP client so "
        "(yarl.URL(url, encoded=True) for aiohttp).",
    )  # fmt: skip


def percent_lost(seen: str) -> Finding:
    return Finding(
        "percent_lost", seen, "a % and two hex digits for each escape",
        "Something interpreted the percent signs: in a batch file write %% for each %, in a format string too, in "
        "an ini file use no interpolation.",
    )  # fmt: skip


def fragment(text: str) -> Finding:
    part = "query" if "?" in text.partition("#")[0] else "path"
    return Finding(
        "fragment", f"a raw # in the {part}", "%23 for a # that belongs to the key",
        "No client sends what follows a raw #; percent-encode the key before the URL is made, or let the signer do it.",
    )  # fmt: skip


def unreadable(text: str, fault: str) -> Finding:
    """Return why a text cannot be split as a URL."""
    if _SIGNED in text and fault == BROKEN_ESCAPE:
        if "%" in text[-2:]:
            return truncated("the URL ends within a percent-escape")
        if "%%" in text:
            return percent_lost("%% in place of %")
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
