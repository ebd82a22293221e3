"""What copying adds to a URL is taken away again and named: in goes the damaged text, out comes the URL."""

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from explain_corpus import GET, NOW

from sigv4presign import explain
from sigv4presign._diagnosis.finding import BROKEN
from sigv4presign._diagnosis.text import clean, unreadable
from sigv4presign._text import BROKEN_ESCAPE

if TYPE_CHECKING:
    from sigv4presign._diagnosis.finding import Ranked

SIGNATURE = "0123456789abcdef" * 4
URL = f"https://h.example/a_b%2Fk?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20251124T160000Z&X-Amz-Signature={SIGNATURE}"
PLAIN = "https://h.example/a_b?versionId=1"
V2 = "https://h.example/a?AWSAccessKeyId=a&Signature=b"


def cleaned(text: str) -> "tuple[str, list[tuple[str, str]]]":
    """The URL that is left, and the codes of what was found, each with what was seen."""
    found: list[Ranked] = []
    left = clean(text, found)
    assert all(rank == BROKEN for rank, _ in found)
    return left, [(finding.code, finding.seen) for _, finding in found]


AROUND = "quotes, white space, line breaks or backslashes in or around the URL"
UNSEEN = "characters that cannot be seen, in the URL"


@pytest.mark.parametrize("url", [URL, PLAIN, V2, "https://h/a|b", "https://h/a...", "https://h/a\u2013b", "", "k"])
def test_what_has_nothing_around_it_stays_as_it_is(url: str) -> None:
    assert cleaned(url) == (url, [])


@pytest.mark.parametrize(
    ("damaged", "seen"),
    [
        *[(f"{mark}{URL}{mark}", AROUND) for mark in " \t\r\n'\"`<>()[]{}*\u2018\u2019\u201c\u201d\u00ab\u00bb"],
        (f"curl -o k.csv '{URL}' -H 'x: y'", AROUND),
        (f'curl -o k.csv "{URL}" -H "x: y"', AROUND),
        (f"wget -O a/b {URL}", AROUND),
        (f"what? {URL}", AROUND),
        (f"link:{URL}", AROUND),
        (f"={URL}", AROUND),
        (f"(see {URL})", AROUND),
        (f"<{URL}|the report>", AROUND),
        (f"[the report]({URL})", AROUND),
        (f"[{URL}]({URL})", AROUND),
        (f'=HYPERLINK("{URL}","report")', AROUND),
        (f'=HYPERLINK("{URL}";"report")', AROUND),
        (f'=HYPERLINK("{URL}", "report")', AROUND),
        (f'"=HYPERLINK(""{URL}"",""report"")"', AROUND),
        *[(URL.replace(letter, mark + letter), AROUND) for mark in "\\" for letter in "?&=_-%"],
        (URL.replace("&", "^&"), AROUND),
        *[(f"{URL[:70]}{line_break}{URL[70:]}", AROUND) for line_break in ("\r\n", "\n", "\r", "\\r\\n", "\\n")],
        (URL.replace("X-", "\nX-"), AROUND),
        (f"{URL[:70]} \t\n \t{URL[70:90]}\n\n{URL[90:]}", AROUND),
        *[(f"{URL[:70]}{letter}{URL[70:]}", UNSEEN) for letter in (
            "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2066\u2067\u2068\u2069\u202a\u202b\u202c\u202d\u202e\ufeff"
        )],
        (URL.replace("https", "hxxps"), AROUND),
        (URL.replace(".", "[.]"), AROUND),
        (URL.replace("https", "hxxps").replace(".", "[.]"), AROUND),
        *[(URL.replace("-", hyphen), AROUND) for hyphen in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d"],
        (URL.translate(dict(zip(map(ord, "?&=%/:"), "\uff1f\uff06\uff1d\uff05\uff0f\uff1a", strict=True))), AROUND),
        (URL + "...", "an ellipsis behind the signature"),
        (URL + "\u2026", "an ellipsis behind the signature"),
        (URL + "...\u2026\u2026", "an ellipsis behind the signature"),
    ],
)  # fmt: skip
def test_what_copying_put_around_or_inside_a_url_is_taken_away(damaged: str, seen: str) -> None:
    assert cleaned(damaged) == (URL, [("wrapped", seen)])


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"x{URL}", f"x{URL}"),  # no word of its own
        *[(f"/go?u{mark}{URL}", f"/go?u{mark}{URL}") for mark in "/%=&?._-"],
        (f"go?u={URL}", f"go?u={URL}"),
        (f"LINK={URL}", URL),  # a shell's variable
        (f"see {URL.replace('a_b', 'http')}", URL.replace("a_b", "http")),
        (URL.replace("a_b", "a\u2013b"), URL.replace("a_b", "a\u2013b")),  # a dash of the key
        (f"ftp://h {URL}", f"ftp://h {URL}"),
        (f"{PLAIN} {URL}", f"{PLAIN} {URL}"),
        ("https://h/?X-Goog-Signature=a|b", "https://h/?X-Goog-Signature=a"),
        (f"{V2}|b", V2),
        *[(f"https://h/a{space}b", "https://h/a b") for space in "\u00a0\u2002\u2003\u2009\u202f\u3000\t"],
        ("hxxp://h/hxxp", "http://h/http"),
        ("https://h/hxxp", "https://h/hxxp"),
        ("h.example/hxxp[.]", "h.example/http."),
    ],
)
def test_what_may_belong_to_a_url_stays(text: str, left: str) -> None:
    assert cleaned(text)[0] == left


@pytest.mark.parametrize(
    ("cut", "left"),
    [
        (URL[:-1], URL[:-1]),
        (URL + "0", URL + "0"),
        (URL[:120], URL[:120]),
        ("https://h/?X-Amz-Credential=a%2F", "https://h/?X-Amz-Credential=a%2F"),
        ("https://h/?X-Amz-Credential=X", "https://h/?X-Amz-Credential=X"),
        ("https://h/?X-Amz-Credential=a%2", "https://h/?X-Amz-Credential=a"),
        ("https://h/?X-Amz-Credential=a%", "https://h/?X-Amz-Credential=a"),
        ("https://h/%20?X-Amz-Credential=a%2Fb%2", "https://h/%20?X-Amz-Credential=a%2Fb"),
    ],
)
def test_an_ellipsis_elsewhere_says_that_the_end_is_missing(cut: str, left: str) -> None:
    for ellipsis in ("...", "\u2026"):
        assert cleaned(cut + ellipsis) == (left, [("truncated", "an ellipsis at the end")])


@pytest.mark.parametrize(
    ("damaged", "code", "seen", "left"),
    [
        (quote(URL, safe=""), "encoded_twice", "the whole URL is percent-encoded", URL),
        (quote(URL.replace("https", "HTTP"), safe="").replace("%3A%2F", "%3a%2f"), "encoded_twice",
         "the whole URL is percent-encoded", URL.replace("https", "HTTP")),
        (URL.replace("=", "=3D"), "quoted_printable", "=3D in place of =", URL),
        (URL.replace("Date=", "Date=3D"), "quoted_printable", "=3D in place of =", URL),
        (URL.replace("Signature=", "Signature=3D"), "quoted_printable", "=3D in place of =", URL),
        *[(URL.replace("=", mark), "html_escaped", f"{mark} in place of =", URL)
          for mark in ("&#61;", "&#x3D;", "&#x3d;", "&equals;")],
        *[(URL.replace("&", mark), "html_escaped", f"{mark} between the parameters", URL)
          for mark in ("&amp;", "&#38;", "&#x26;", "&#038;", "&#X26;", "&#0038;", "&amp;amp;")],
        *[(URL.replace("&", mark), "json_escaped", f"{mark} between the parameters", URL)
          for mark in ("\\u0026", "u0026")],
        (URL.replace("&", "\\u0026").replace("/", "\\/"), "json_escaped", "\\u0026 between the parameters", URL),
        (URL.replace("&", ";"), "html_escaped", "; between the parameters", URL),
        (f"{URL}?v=2", "added_parameter", "a second question mark behind the signature, and v", URL),
        (f"{URL}?", "added_parameter", "a second question mark behind the signature, and ", URL),
        (f"{URL}?v=2&w=3&x=4", "added_parameter", "a second question mark behind the signature, and v",
         f"{URL}&w=3&x=4"),
        (f"{URL}?elevenchars=2?3", "added_parameter", "a second question mark behind the signature, and elevenchars",
         URL),
        (f"{URL}?twelve_chars=2", "added_parameter", "a second question mark behind the signature", URL),
    ],
)  # fmt: skip
def test_what_took_the_place_of_a_separator_is_named_and_undone(damaged: str, code: str, seen: str, left: str) -> None:
    assert cleaned(damaged) == (left, [(code, seen)])


@pytest.mark.parametrize(
    "url",
    [
        URL.replace("Algorithm=", "Credential=3D&X-Amz-Algorithm="),  # an access key id may begin so
        URL.replace("?", "?note=&#61;&"),
        PLAIN + "&amp;b=c", PLAIN + "\\u0026b", PLAIN + "u0026", URL + "&note=u0026", PLAIN + ";b",
        URL + "&note=;X-Amz-", PLAIN + "?b", URL[:-1] + "?v=2", URL + "&a=b?c", URL[:-4] + "&a=b?c",
        URL.replace("Signature=", "Sig=") + "?v",
        "https://h/%252F", f"https://h/?u={quote(URL, safe='')}", PLAIN.replace("/a", "\\/a"),
    ],
)  # fmt: skip
def test_what_only_resembles_an_escape_stays(url: str) -> None:
    assert cleaned(url) == (url, [])


def test_a_line_that_quoted_printable_broke_is_joined_without_its_mark() -> None:
    mail = URL.replace("=", "=3D")
    for line_break in ("\r\n", "\n"):
        lines = f"={line_break}".join([mail[at : at + 60] for at in range(0, len(mail), 60)])
        assert cleaned(lines) == (URL, [("wrapped", AROUND), ("quoted_printable", "=3D in place of =")])
    assert cleaned(f"{URL}&note=\n&a=b")[0] == f"{URL}&note=&a=b"
    assert cleaned(f"{URL}&note=")[0] == f"{URL}&note="


@pytest.mark.parametrize("name", ["Algorithm", "Date", "Expires", "SignedHeaders", "Signature"])
def test_one_parameter_is_enough_to_tell_quoted_printable(name: str) -> None:
    assert cleaned(f"https://h/?X-Amz-{name}=3Da&b=3Dc") == (
        f"https://h/?X-Amz-{name}=a&b=c", [("quoted_printable", "=3D in place of =")],
    )  # fmt: skip


def test_several_kinds_of_damage_are_named_one_after_the_other() -> None:
    text = "<" + URL.replace("&", "&amp;").replace("=", "&#61;") + "?v=1>"
    left, found = cleaned(text)
    assert [code for code, _ in found] == ["wrapped", "html_escaped", "html_escaped", "added_parameter"]
    assert left == URL


@pytest.mark.parametrize(
    ("text", "fault", "code", "seen"),
    [
        (URL[:40] + "%", BROKEN_ESCAPE, "truncated", "the URL ends within a percent-escape"),
        (URL[:40] + "%2", BROKEN_ESCAPE, "truncated", "the URL ends within a percent-escape"),
        (URL[:40] + "%%2F", BROKEN_ESCAPE, "percent_lost", "%% in place of %"),
        (URL[:40] + "%zzz", BROKEN_ESCAPE, "malformed_url", f"a URL that {BROKEN_ESCAPE}"),
        ("https://h/%", BROKEN_ESCAPE, "malformed_url", f"a URL that {BROKEN_ESCAPE}"),
        (URL[:40] + "%", "has no host", "malformed_url", "a URL that has no host"),
    ],
)
def test_a_text_that_cannot_be_split_says_why(text: str, fault: str, code: str, seen: str) -> None:
    finding = unreadable(text, fault)
    assert (finding.code, finding.seen) == (code, seen)


@pytest.mark.parametrize(
    ("url", "part"),
    [(GET.replace("costs", "#1"), "path"), (GET.replace("costs", "#1") + "#top", "path"),
     (GET.replace("?", "#?"), "path"), (GET + "#top", "query"),
     (GET.replace("?", "?#"), "query")],
)  # fmt: skip
def test_a_raw_hash_is_named_with_the_part_that_it_cuts(url: str, part: str) -> None:
    found = explain("GET", url, now=NOW)
    assert (found[0].code, found[0].seen) == ("fragment", f"a raw # in the {part}")


@pytest.mark.parametrize(
    ("escape", "origin"), [("&amp;", "HTML or XML"), ("\\u0026", "JSON"), ("u0026", "JSON"), ("&#38;", "HTML or XML")]
)
def test_the_source_that_a_url_was_copied_out_of_is_named_with_its_escape(escape: str, origin: str) -> None:
    fix = explain("GET", GET.replace("&", escape), now=NOW)[0].fix
    assert f"out of {origin} source" in fix
    assert f"each {escape} with &" in fix
