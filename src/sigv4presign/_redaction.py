"""What may be shown of a URL, a form, a header or a message: everything but the values of secret names.

Rule: a value is hidden for the name of the parameter that holds it, never for how it looks.  An intact URL loses
exactly the values of its secret parameters.  In a damaged URL, also hidden is whatever the damage may have moved a
secret into: every value that is not one of the signature's public parameters, well-formed.
"""

from ._text import decode
from ._value import HIDDEN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    Pairs = tuple[tuple[str, str], ...]

# The one list of secret names, in lower case: parameters of a query, fields of a form, headers.  Signatures and session
# tokens of AWS, then those of other vendors; keys that encrypt (SSE-C); headers that log in.
SECRET_NAMES = frozenset(
    (
        "x-amz-signature", "x-amz-security-token", "x-amz-s3session-token", "signature", "awssecuritytoken",
        "security-token", "x-goog-signature", "x-oss-signature", "x-oss-security-token", "x-obs-security-token",
        "x-cos-security-token", "q-signature", "sig", "temp_url_sig",
        "x-amz-server-side-encryption-customer-key", "x-amz-copy-source-server-side-encryption-customer-key",
        "authorization", "proxy-authorization", "cookie", "set-cookie",
    )
)  # fmt: skip
SHORT = 11  # characters of a secret that tell nothing
PIECE = SHORT + 1
_SIGNATURE = 64  # hex digits


def is_secret(name: str, *, in_form: bool = False) -> bool:
    """Whether the value of a parameter, a header or, with `in_form`, a field is secret.

    A form's policy is hidden together with its signature: the two of them are all that a form needs.
    """
    lower = name.lower()
    return lower in SECRET_NAMES or (in_form and lower == "policy") or _is_misspelt(lower)


def redacted(url: str) -> str:
    """A URL without its secrets, fit for a log, damaged or not; `<hidden>` for what is not a URL."""
    before, question, query = url.partition("?")
    pieces = query.split("&")
    pairs = [_pair(piece) for piece in pieces]
    intact = url.isprintable() and " " not in url and is_intact(pairs, before)
    scheme, separator, rest = before.partition("://")
    is_url = separator and scheme.isalnum() and len(scheme) <= SHORT  # a token for a database has no scheme
    intact = intact and not (separator and not is_url) and _is_host((rest if is_url else before).partition("/")[0])
    if not is_url and before[:1] != "/" and not (intact and _names_a_secret(pairs)):
        return HIDDEN
    query = "&".join([_shown_piece(piece, intact=intact) for piece in pieces])
    if not is_url:
        return redacted_path(before, pairs, intact=intact) + question + query
    authority, slash, path = rest.partition("/")
    plain = (slash or question) and not authority.strip(_HOST_LETTERS) and _is_host(authority)
    plain = plain and (intact or authority == authority.lower())  # as signers write it, and a token is not
    host = redacted_path(authority, pairs, intact=intact) if plain else HIDDEN
    path = redacted_path(path, pairs, intact=intact)
    shown = f"{slash}{path}{question}{query}"
    if not (has_signature(pairs, intact=intact) and (not intact or _names_a_secret(pairs))):
        shown = without_digits(shown)
        host = host if _is_plain(rest) else without_digits(host)
    # Last, a piece that was copied to another place.
    return hide(f"{scheme}://{host}{shown}", pieces_of(secret_values(url)))


def _names_a_secret(pairs: "Iterable[tuple[str, str]]") -> bool:
    return any(is_secret(name) for name, _ in pairs)


def _is_host(authority: str) -> bool:
    """Whether no label is longer than DNS allows, as it is with a signature in front of it."""
    return all(len(label) <= 63 for label in authority.split("."))


_HOST_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:[]"


def redacted_path(path: str, pairs: "Iterable[tuple[str, str]]", *, intact: bool) -> str:
    """The host or the path of a URL with these decoded parameters: all of it, unless something secret is inside it."""
    if intact:
        at = _inner_secret(path)
        path = path if at is None else path[:at] + HIDDEN
    elif values_in(path) or not _is_plain(path) or any(_is_nameless(n, v, equals=True) for n, v in pairs):
        return HIDDEN  # beside a value that lost its name, too: it may begin in the path
    return path if has_signature(pairs, intact=intact) else without_digits(path)


def redacted_pairs(pairs: "Iterable[tuple[str, str]]", *, intact: bool = True, in_form: bool = False) -> "Pairs":
    """Decoded parameters, or the fields of a form, without the secret values."""
    return tuple([shown_pair(name, value, intact=intact, in_form=in_form) for name, value in pairs])


def shown_pair(
    name: str, value: str, *, intact: bool = True, in_form: bool = False, equals: bool = True
) -> "tuple[str, str]":
    """A decoded parameter, as far as it may be shown.  `equals`: whether it was written with an equals sign."""
    if is_secret(name, in_form=in_form):
        return _secret_name(name), HIDDEN if value else ""
    if intact:
        if _is_nameless(name, value, equals=equals):
            return HIDDEN, HIDDEN if value else ""
        at = _inner_secret(value)
        return name, value if at is None else HIDDEN
    if is_public(name.lower(), value):
        return name, value
    return _shown_name(name), value if len(value) <= SHORT else HIDDEN


# --- intact or damaged ------------------------------------------------------------------------------------------------

_PUBLIC = ("x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-expires", "x-amz-signedheaders")
# The parameters of other signed URLs: Signature Version 2, CloudFront, Google, Aliyun, Azure.
_OTHERS = (
    ("awsaccesskeyid", "expires", "signature"), ("key-pair-id", "signature"),
    ("googleaccessid", "expires", "signature"), ("ossaccesskeyid", "expires", "signature"),
    ("x-goog-credential", "x-goog-date", "x-goog-signature"),
    ("x-oss-credential", "x-oss-date", "x-oss-signature"), ("sig", "sv"),
)  # fmt: skip


def is_intact(pairs: "Iterable[tuple[str, str]]", before: str = "") -> bool:
    """Whether decoded parameters are those of a signed URL, complete and well-formed, or no part of one at all.

    `before`: the text before the query, into which damage may have moved parameters.

    A signature that is no more than 11 digits short counts as complete: what was lost tells nothing where it turns up.
    """
    values: dict[str, str] = {}
    for name, value in pairs:
        lower = name.lower()
        if lower in values and (lower in SECRET_NAMES or lower in _PUBLIC):
            return False
        # A name that lost its value, which went elsewhere; the end of an entity, &gt; or &amp;, in front of a name.
        if (not value and (is_secret(name) or _letters(name) == "xamz")) or _is_behind_an_entity(lower, value):
            return False
        if _is_grown_together(name) or _is_nameless(name, value, equals=True):
            return False
        # There is something in the token that cannot be: text went into it, and its rest may be anywhere.
        if "token" in lower and is_secret(name) and not _is_token(value):
            return False
        values[lower] = value
    signature = values.get("x-amz-signature")
    if signature is None:
        if any(values.keys() >= set(names) for names in _OTHERS):
            return True
        pieces = [*values.keys(), *values.values(), "" if _is_plain(before) else before]
        return not any(map(_is_of_a_signature, pieces))
    if not has_digits(signature):
        return False
    credential = values.get("x-amz-credential", "")
    if "/s3/" not in credential:  # only S3 needs a lifetime
        values.setdefault("x-amz-expires", "0")
    if not all(is_public(name, values.get(name, ""), complete=True) for name in _PUBLIC):
        return False
    # A region or a service of any form, unless it may be a piece of a token.
    if _may_hold_a_secret(credential) and any(map(is_secret, values.keys() - {"x-amz-signature"})):
        return False
    # A temporary key comes with its token; where that is missing, it may have lost its name.
    return credential[:4] != "ASIA" or any(is_secret(n) and "tok" in n for n in values)


def _is_token(text: str) -> bool:
    """Whether a text may be a token: visible ASCII, with equals signs at its end alone."""
    return text.isascii() and text.isprintable() and " " not in text and "=" not in text.rstrip("=")


def _is_grown_together(name: str) -> bool:
    """Whether another name or a value goes on in one of AWS's names, as in `X-Amz-Sken` or `X-Amz-SeU9WVOH`.

    Where a required name did so, it is missing; the token is optional.
    """
    lower = name.lower()
    if lower[:6] != "x-amz-" or lower in _PUBLIC or is_secret(name):
        return False
    is_like_a_secret = lower[6:7] == "s" and "-" not in lower[6:]  # others have two words
    return is_like_a_secret or any(len(part) > SHORT and part[1:] != part[1:].lower() for part in name.split("-"))


_ENTITIES = ("amp", "gt", "lt", "quot")


def _is_behind_an_entity(lower: str, value: str) -> bool:
    """Whether the rest of an entity, such as the `amp;` of `&amp;`, precedes a name of the signature or a value."""
    entity, mark, name = lower.rpartition(";")
    return bool(mark) and (
        not name or entity in _ENTITIES or not value.strip("=") or is_secret(name) or _letters(name)[:4] == "xamz"
    )


def has_digits(signature: str) -> bool:
    """Whether a signature has all its hex digits, or all but a few; a digit or two in other text is a letter there."""
    runs = "".join([letter if letter in _HEX else " " for letter in signature[:_SIGNATURE]]).split()
    return sum([len(run) for run in runs if len(run) > 2]) >= _SIGNATURE - SHORT


_HEX = "0123456789abcdefABCDEF"


def has_signature(pairs: "Iterable[tuple[str, str]]", *, intact: bool) -> bool:
    """Whether a URL has each digit of its signature, so that no other part of it can hold one, or is whole without."""
    signatures = [value for name, value in pairs if name.lower() == "x-amz-signature"]
    if not signatures:
        return intact
    return any(len(value) >= _SIGNATURE and not value.strip(_HEX) for value in signatures)


_OF_A_SIGNATURE = (
    "signature", "credential", "hmacsha256", "securitytoken",
    "xamzal", "xamzcr", "xamzda", "xamzex", "xamzre", "xamzs3", "xamzse", "xamzsi",
)  # fmt: skip


def _is_of_a_signature(text: str, names: "tuple[str, ...]" = _OF_A_SIGNATURE) -> bool:
    """Whether a piece of a query names a part of a signature, however it is spelt."""
    letters = _letters(text)
    # An access key id may have the four letters by chance, but not with a separator or a name behind them.
    return any(name in letters for name in names) or ("xamz" in letters and not decoded(decoded(text)).isalnum())


def is_public(name: str, value: str, *, complete: bool = False) -> bool:
    """Whether it is a public parameter of the signature, with a value that has the form it has to have."""
    if name == "x-amz-algorithm":
        return value in ("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256")
    if name == "x-amz-date":
        return len(value) == 16 and value[8] == "T" and value[15] == "Z" and (value[:8] + value[9:15]).isdigit()
    if name == "x-amz-expires":
        return value.removeprefix("-").isdigit() and len(value) <= 19
    if name == "x-amz-signedheaders":
        names = value.split(";")
        return "host" in names and not value.replace("-", "").replace(";", "").strip(_NAME_LETTERS)
    if name != "x-amz-credential":
        return False
    scope = value.split("/")
    if scope[-1] != "aws4_request" or any(map(_is_of_a_signature, scope[complete:-1])):
        return False
    if complete and _is_of_a_signature(scope[0], _OF_A_SIGNATURE[3:]):
        return False  # but an access key id may be `backup-credential`
    if any("=" in part.rstrip("=") for part in scope):  # a name with its value went into it
        return False
    if not complete and _may_hold_a_secret(value):
        return False
    # KEY/DATE/REGION/SERVICE/aws4_request, or without a region; a key may have slashes.
    return any(len(p) == 8 and p.isdigit() for p in scope[max(1, len(scope) - 4) : -2])


def _may_hold_a_secret(credential: str) -> bool:
    """Whether a region or a service is long, and more than words: a piece of a token or of a signature."""
    return any(
        len(name) > SHORT and (name.strip(_LABEL_LETTERS) or HIDDEN in without_digits(name))
        for name in credential.split("/")[-3:-1]
    )


_LABEL_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-_.*"
_NAME_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789_.!#$%&'*+^`|~"


# --- a parameter ------------------------------------------------------------------------------------------------------

# Names of parameters that stay readable in a damaged URL.
_KNOWN = frozenset(
    (*_PUBLIC, "x-amz-region-set", "x-amz-content-sha256", "x-amz-checksum-mode", "versionid",
     "awsaccesskeyid", "response-content-type", "response-content-disposition", "response-cache-control")
)  # fmt: skip


def _pair(piece: str) -> "tuple[str, str]":
    """The decoded name and value of a piece of a query; as they are where their escapes are broken."""
    name, _, value = piece.partition("=")
    return decoded(name), decoded(value.replace("+", "%20"))


def _shown_piece(piece: str, *, intact: bool) -> str:
    """A piece of a URL's query; of a damaged URL's only what cannot hold a part of a secret."""
    raw_name, equals, raw_value = piece.partition("=")
    name, value = _pair(piece)
    if equals and is_secret(name):
        return f"{_secret_name(raw_name)}={HIDDEN}"
    if intact:
        if _is_nameless(name, value, equals=bool(equals)):
            return HIDDEN
        return piece if _inner_secret(value) is None else f"{raw_name}={HIDDEN}"
    if is_public(name.lower(), value):
        return piece
    return _shown_name(raw_name) + equals + (raw_value if len(raw_value) <= SHORT else HIDDEN)


def _shown_name(name: str) -> str:
    """A parameter's name in a damaged URL."""
    return name if len(name) <= SHORT or _is_word(name) else HIDDEN


def _is_nameless(name: str, value: str, *, equals: bool) -> bool:
    """Whether a value has lost its name, so that it is where a name belongs: a name without a value is a word."""
    if not equals and any(mark in name for mark in "=/+;"):  # those of base64, and of an entity's end
        return True
    own = name[11 * (name[:11].lower() == "x-amz-meta-") :]
    return len(own) > SHORT and (value[:1] == "=" or not value) and not _is_word(name)  # `=`: the end of base64


def _is_word(name: str) -> bool:
    """Whether a name is spelt as S3 spells sub-resources and headers, which signers may write without a value."""
    if name[:6] == "X-Amz-" and name.istitle() and not is_secret(name):
        name = name.lower()
    return not name.strip("abcdefghijklmnopqrstuvwxyz-_.") or decoded(name).lower() in _KNOWN


def _secret_name(name: str) -> str:
    """A secret name, without the value that follows it directly where its equals sign was lost."""
    lower = name.lower()
    if lower in SECRET_NAMES or len(name) <= _LONGEST:
        return name
    ends = [lower.find(word) + len(word) for word in _OF_AWS if word in lower]
    return name[: min(ends)] + HIDDEN if ends and min(ends) <= _LONGEST else HIDDEN


_LONGEST = 24  # letters of a secret name, misspelt or not


def _inner_secret(text: str) -> "int | None":
    """Where the first secret of a presigned URL inside a text begins; it may be percent-encoded some times over."""
    for at in values_in(text):
        before = text[max(0, at - 80) : at].lower()  # more than the longest name and its sign
        before = before[: max(map(before.rfind, SIGNS))]
        name = max([name for name in SECRET_NAMES if before.endswith(name)], key=len, default="")
        if before.endswith(_OF_AWS) or (name and before.removesuffix(name).endswith(_BEFORE_A_NAME)):
            return at
    return None


_OF_AWS = ("amz-signature", "-security-token", "s3session-token")  # with any prefix
_BEFORE_A_NAME = ("?", "&", "%3f", "%26", "%253f", "%2526", "%25253f", "%252526")
SIGNS = ("=", "%3d", "%253d", "%25253d", ": ")  # between a name and its value


def values_in(text: str, signs: "tuple[str, ...]" = SIGNS) -> "list[int]":
    """Where secret values begin in a text."""
    lower = text.replace("\u0130", "i").lower()  # of the text's length: that one letter would become two
    starts: list[int] = []
    for word in ("signature", "security-token", "session-token", "customer-key", "authorization", "cookie"):
        at = lower.find(word)
        while at != -1:
            at += len(word)
            starts += [at + len(sign) for sign in signs if lower.startswith(sign, at)]
            at = lower.find(word, at)
    return sorted(starts)


def _is_misspelt(lower: str) -> bool:
    """Whether a name is that of AWS's signature or token, but for its separators or up to three letters."""
    letters = _letters(lower)
    if lower[:11] == "x-amz-meta-":
        return False  # the caller's own
    if "securitytoken" in letters:
        return True
    if letters[:1] == "x" and letters[-5:] == "token" and ("secur" in letters or "session" in letters):
        return True
    if letters[:3] == "xam" and any(word in letters for word in ("security", "token", "signature")):
        return True
    if any(_is_cut(letters, wanted) for wanted in _LETTERS):
        return True
    if len(letters) > len("token") and "xamzsecuritytoken".endswith(letters):
        return True
    for wanted in (*_LETTERS, "securitytoken"):
        if abs(len(letters) - len(wanted)) <= _MISSPELT:
            common = sum([min(letters.count(letter), wanted.count(letter)) for letter in {*wanted}])
            if common >= len(wanted) - _MISSPELT and _distance(letters, wanted) <= _MISSPELT:
                return True
    return False


def _is_cut(letters: str, wanted: str) -> bool:
    """Whether a name lost its end or a piece in its middle, as `X-Amz-Sec` and `X-Token` did."""
    if len(letters) >= len(wanted):
        return False
    if wanted.startswith(letters):
        return len(letters) > len("xamz")
    ends = [at for at in range(1, len(letters)) if wanted.startswith(letters[:at]) and wanted.endswith(letters[at:])]
    return len(letters) > len("xam") and bool(ends)


def _distance(name: str, wanted: str) -> int:
    """How many letters have to be changed, added or dropped to make one name of the other."""
    row = list(range(len(wanted) + 1))
    for count, letter in enumerate(name, 1):
        above, row = row, [count]
        for at, other in enumerate(wanted):
            row.append(min(above[at] + (letter != other), above[at + 1] + 1, row[at] + 1))
    return row[-1]


_MISSPELT = 3  # letters
_LETTERS = ("xamzsignature", "xamzsecuritytoken", "xamzs3sessiontoken")  # of the secret names


def _letters(text: str) -> str:
    """The letters and digits of a name, decoded, in lower case."""
    return "".join([letter for letter in decoded(decoded(text)).lower() if letter.isalnum()])


def decoded(text: str) -> str:
    """A text without its escapes, or as it is where they are broken."""
    try:
        return decode(text)
    except ValueError:
        return text


# --- what is left of a damaged URL ------------------------------------------------------------------------------------


def _is_plain(text: str) -> bool:
    """Whether a part of a damaged URL's host or path holds nothing of its query."""
    lower = text.lower()
    return not any(mark in lower for mark in ("&", "=", "%3d", "%26", ";", "\\", "x-amz", "xamz"))


def without_digits(text: str) -> str:
    """A part of a damaged URL without the hex digits that its signature, which is too short, may have lost.

    The letters around them go with them: the end of a token, where the name between the two was lost.
    """
    shown, start = "", 0
    while start < len(text):
        end, digits, most = start, 0, 0
        while end < len(text) and text[end].isalnum():
            digits = digits + 1 if text[end] in _HEX else 0
            most = max(most, digits)
            end += 1
        shown += HIDDEN if most > SHORT else text[start:end]
        shown += text[end : end + 1]
        start = end + 1
    return shown


# --- what is known to be secret ---------------------------------------------------------------------------------------


def secret_values(url: str) -> "list[str]":
    """The values of the secret parameters of a URL, as they stand there and decoded."""
    values: list[str] = []
    for piece in url.partition("?")[2].split("&"):
        name, value = _pair(piece)
        if is_secret(name):
            values += [value, piece.partition("=")[2]]
    return values


def pieces_of(secrets: "Iterable[str]") -> "set[str]":
    """Every piece of these secrets that `hide` would hide."""
    return {secret[at : at + PIECE] for secret in secrets for at in range(len(secret) - PIECE + 1)}


def hide(text: str, pieces: "set[str]") -> str:
    """A text without what consists of pieces of a secret, which are `PIECE` characters long."""
    shown, end = "", 0
    for at in range(len(text) - PIECE + 1):
        if text[at : at + PIECE] in pieces:
            if at >= end:
                shown += text[end:at] + HIDDEN
            end = at + PIECE
    return shown + text[end:]
