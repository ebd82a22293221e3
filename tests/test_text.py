"""UriEncode, held against `urllib.parse.quote`."""

from urllib.parse import quote

from hypothesis import example, given
from hypothesis import strategies as st

from sigv4presign._text import encode, encode_path

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
