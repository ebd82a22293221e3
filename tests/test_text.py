"""UriEncode, held against `urllib.parse.quote`."""

import re
import subprocess
import sys
import urllib.parse
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sigv4presign._text import (
    _ESCAPES,
    MOST_ESCAPES,
    UNRESERVED,
    decode,
    encode,
    encode_path,
    escape_bytes,
    escape_non_ascii,
    keeping,
)

# What the encoder treats specially: its stand-in for X, x itself, the backslash, the percent sign, the last ASCII one.
ODD = st.text(st.sampled_from("\0\x01Xx\\%\x7f\x80ÿé写😀/ ~a"), max_size=60)


@given(ODD | st.text(st.characters(exclude_categories=["Cs"])))
@example("xX\\\0%" * 4 + "é")
@example("写真/二〇二六年/東京の公園 x\\.jpg")
@example("%" * 13)
def test_a_text_is_encoded_as_urllib_does(text: str) -> None:
    assert encode(text) == quote(text, safe="~")
    assert encode_path(text) == quote(text, safe="/~")


def test_every_character_of_two_and_three_bytes_is_encoded_as_urllib_does() -> None:
    for first in range(0x80, 0x3000, 16):
        text = "".join(map(chr, range(first, first + 16)))
        assert encode(text) == quote(text, safe="~")


@pytest.mark.parametrize("allowed", [b"", b"abc", b"~-._/", bytes(range(1, 128))])
def test_a_table_keeps_the_allowed_bytes_and_changes_every_other(allowed: bytes) -> None:
    table = keeping(allowed)
    assert len(table) == 256  # what bytes.translate wants
    for byte in range(256):
        raw = bytes((byte,))
        assert (raw.translate(table) == raw) == (byte in allowed), byte


def test_every_byte_is_escaped_as_urllib_does() -> None:
    for byte in range(256):
        raw = bytes((byte,)) * 2 + b"%a%"
        assert escape_bytes(raw, UNRESERVED) == urllib.parse.quote(raw, safe="")


def test_few_and_many_special_characters_are_escaped_as_urllib_does() -> None:
    for text in ("a b%c", "%%", "é ü", "a b c d e f g h i j k l m n o p", "東京/駅", "写" * 300, "\0" * 13, "~-._"):
        assert encode(text) == urllib.parse.quote(text, safe="")
        assert encode_path(text) == urllib.parse.quote(text, safe="/~")


def test_the_table_of_escapes_is_bounded() -> None:
    for number in range(0x4E00, 0x4E00 + 3 * MOST_ESCAPES):
        assert encode(chr(number)) == urllib.parse.quote(chr(number), safe="")
        assert len(_ESCAPES) <= MOST_ESCAPES


def test_only_non_ascii_characters_of_a_raw_url_are_escaped() -> None:
    for text in ("/a%20b?c=d", "/\u00e9 %?\u1234=\u00fc&a", "\U0001f600"):
        ascii_alone = "".join(map(chr, range(128)))
        assert escape_non_ascii(text) == urllib.parse.quote(text, safe=ascii_alone)


PIECES = (
    "%41",
    "%e6",
    "%E6%97%A5",
    "%",
    "%2",
    "%zz",
    "\\",
    "\\x41",
    "\\N{DOT}",
    "日",
    "é",
    "a",
    "0",
    "\n",
    "\0",
    "%5C",
    "+",
)


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
@example("\\x41%41")
@example("%E9")
def test_a_text_is_decoded_as_urllib_does_and_refused_where_that_guesses(text: str) -> None:
    try:
        expected = None if re.search("%(?![0-9A-Fa-f]{2})", text) else urllib.parse.unquote(text, errors="strict")
    except UnicodeDecodeError:
        expected = None
    if expected is None:
        with pytest.raises(ValueError, match="^has "):
            decode(text)
    else:
        assert decode(text) == expected


def test_decoding_loads_no_codec_which_would_be_missing_for_good_at_a_limit_of_open_files() -> None:
    code = "import sys; from sigv4presign._text import decode; decode('a%20b'); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True)
    assert "sigv4presign._text" in done.stdout.split()
    assert "encodings.unicode_escape" not in done.stdout.split()
