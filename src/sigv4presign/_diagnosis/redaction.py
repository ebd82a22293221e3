"""What of a URL, a form or a message may be shown: all but signatures and session tokens, however damaged it came.

Rule: by name and by looks, and rather too much than too little.  Undamaged URLs of our own have `_shown.redacted`,
which goes by name alone and loads no regular expression.
"""

import re
from itertools import pairwise
from string import ascii_letters, digits

from .._text import decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    Pairs = tuple[tuple[str, str], ...]

HIDDEN = "<hidden>"
_SECRET_NAMES = ("x-amz-signature", "x-amz-security-token", "x-amz-s3session-token", "signature")
_EQUALS = "(?:=|%(?:25)*3d)"  # what parts a name from its value, and what encoding makes of it
# A name with its =, or behind an "amz" what is glued to it; in a list of headers it is a word like any other.
_NAMED = re.compile(f"(?:signature|token){_EQUALS}", re.IGNORECASE)
_GLUED = re.compile(f"(?:signature|token)(?!;|%(?:25)*3b|$){_EQUALS}?", re.IGNORECASE)
_HEX = re.compile("(?<![0-9A-Za-z])[0-9A-Fa-f]{24,}(?![0-9A-Za-z])|([0-9A-Fa-f]{24,})")
_DIGESTS = (32, 40, 64)  # digits of MD5, SHA-1 and SHA-256
_LONG = re.compile("[0-9A-Za-z]{80,}")
_IN_NAMES = re.compile("(?:[0-9A-Za-z+=_.~-]|%(?:25)*[0-9A-Fa-f]{2}){18,}")
_IN_VALUES = re.compile("(?:[0-9A-Za-z+=_.~/-]|%(?:25)*[0-9A-Fa-f]{2}){18,}")
_NO_LETTER = re.compile("%(?:25)*[0-9A-Fa-f]{2}|[^0-9A-Za-z]")
_PADDING = re.compile("(?:=|%(?:25)*3[Dd]){2}$")  # of base64
_NUMBER = re.compile("9+")
_KINDS = str.maketrans(ascii_letters + digits, "a" * 26 + "A" * 26 + "9" * 10)
_WINDOW = 20  # letters in a row, which change between small, capital and digit 12 times if chance draws them


def redacted(url: str) -> str:
    """A URL, or the path of one, without signature and session token, fit for a log, however damaged it is."""
    path, question, query = url.partition("?")
    shown = [without_secret(piece, name=True) for piece in path.split("&")]
    return "&".join(shown) + question + "&".join(map(without_secret, query.split("&")))


def redacted_pairs(pairs: "list[tuple[str, str]]") -> "Pairs":
    """Decoded parameters, or the fields of a form, without what is secret in them."""
    shown: list[tuple[str, str]] = []
    for name, value in pairs:
        piece = without_secret(f"{name}={value}")
        shown.append((name, piece[len(name) + 1 :]) if piece.startswith(f"{name}=") else (piece, ""))
    return tuple(shown)


def without_secret(text: str, *, name: bool = False) -> str:
    """One parameter, or another piece of a URL, without what is secret in it.

    By its name: all that follows one of signature or token, misspelt, encoded or glued to other text as it may be.  By
    its looks: 24 hex digits in a row, and letters that seem drawn by lot.  `name`: it is the name of something, such as
    a path or an access key; hex digits may stay where they are a whole word of it, and the rest of it stays too.
    """
    before, equals, value = text.partition("=")
    if before == "versionId" and len(value) == 32:  # as long as S3's own, which are drawn by lot
        return text
    at = _secret_at(text)
    shown = text[:at]
    if name:
        shown = _IN_NAMES.sub(lambda run: HIDDEN if _is_by_lot(run[0]) else run[0], _without_digits(shown, words=True))
    elif any(_is_by_lot(run[0]) for run in _IN_VALUES.finditer(shown)):
        shown = HIDDEN if _is_by_lot(before) else before + equals + HIDDEN
    else:
        shown = _without_digits(shown, words=before.lower() in ("key", "x-amz-credential"))
    return shown if at is None else shown + HIDDEN


def _without_digits(text: str, *, words: bool) -> str:
    """A text without long runs of hex digits, but for access keys and digests that are whole words of it."""

    def hide(run: "re.Match[str]") -> str:
        is_word = words and not run[1] and (len(run[0]) in _DIGESTS or "/" not in text[: run.start()])
        return run[0] if is_word else HIDDEN

    return _LONG.sub(HIDDEN, _HEX.sub(hide, text))


def _secret_at(piece: str) -> "int | None":
    """Where a secret begins that stands behind its name."""
    amz = piece.lower().find("amz")
    glued = None if amz == -1 else _GLUED.search(piece, amz)
    ends = [found.end() for found in (_NAMED.search(piece), glued) if found]
    before, equals, _ = piece.partition("=")
    if equals:
        name = _decoded(_decoded(re.split("[?/;, ]", before)[-1])).lower()
        if "token" in name or "signature" in name or any(_is_nearly(name, wanted) for wanted in _SECRET_NAMES):
            ends.append(len(before) + 1)
    return min(ends, default=None)


def _decoded(name: str) -> str:
    try:
        return decode(name)
    except ValueError:
        return name


def _is_nearly(name: str, wanted: str) -> bool:
    """Whether two names differ in one place, by up to three letters."""
    most = min(len(name), len(wanted))
    same = next((at for at in range(most) if name[at] != wanted[at]), most)
    rest = most - same
    same += next((at for at in range(rest) if name[-1 - at] != wanted[-1 - at]), rest)
    return abs(len(name) - len(wanted)) <= 3 and same >= len(wanted) - 3


def _is_by_lot(text: str) -> bool:
    """Whether some letters in a row change between small, capital and digit as chance would have it.

    A UUID has no capitals.  A name in CamelCase may change as often, but seldom has two of a token's other marks.
    """
    is_padded = _PADDING.search(text) is not None
    kinds = _NO_LETTER.sub("", text).translate(_KINDS)
    changes = "".join([one + two if one != two else "--" for one, two in pairwise(kinds)])
    for at in range(max(1, len(kinds) - _WINDOW + 1)):
        row = kinds[at : at + _WINDOW]
        changed = changes[2 * at : 2 * (at + len(row) - 1)]
        count = len(row) - 1 - changed.count("--")
        if count >= 8 and changed.count("A") >= 4:
            marks = (is_padded, count >= 11, "AA" in row, "9" in row, len(_NUMBER.findall(row)) >= 2)
            if sum(marks) >= 2:
                return True
    return False
