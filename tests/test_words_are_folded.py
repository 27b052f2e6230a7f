"""Words typed without marks, with the tone elsewhere, decomposed or in capitals are the same words."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.content.folding import fold, has_marks, marked, tidy, words

VOWELS = "aăâeêioôơuưy"
TONES = "\u0300\u0301\u0303\u0309\u0323"
LETTERS = "bcdđghklmnpqrstvx" + VOWELS
vietnamese = st.text(
    st.sampled_from(
        [*LETTERS, *LETTERS.upper(), " ", *(unicodedata.normalize("NFC", v + t) for v in VOWELS for t in TONES)]
    ),
    max_size=60,
)


@given(vietnamese)
def test_decomposed_capital_and_composed_are_one(text: str) -> None:
    for other in (unicodedata.normalize("NFD", text), unicodedata.normalize("NFKD", text), text.upper()):
        assert fold(tidy(other)) == fold(tidy(text))
        assert [marked(word) for word in words(tidy(other))] == [marked(word) for word in words(tidy(text))]


@given(vietnamese)
def test_folded_text_is_plain_and_as_long(text: str) -> None:
    plain = fold(tidy(text))
    assert plain.isascii()
    assert len(plain) == len(tidy(text)) == len(unicodedata.normalize("NFC", text))
    assert fold(plain) == plain


@given(st.text(max_size=80))
def test_any_text_keeps_its_length_so_that_places_agree(text: str) -> None:
    clean = tidy(text)
    assert len(fold(clean)) == len(clean)
    assert tidy(clean) == clean
    assert fold(fold(clean)) == fold(clean)


@given(st.text(max_size=40))
def test_words_of_folded_text_are_the_folded_words(text: str) -> None:
    clean = tidy(text)
    starts = [found for found in words(clean)]
    assert [fold(word) for word in starts] == [w for one in starts for w in [fold(one)]]
    assert all(fold(word) in fold(clean) for word in starts)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("hoà", "hòa"),
        ("thuỷ", "thủy"),
        ("khoẻ", "khỏe"),
        ("toán", "tóan"),
        ("huế", "húê"),
        ("loè", "lòe"),
        ("UỶ", "Ủy"),
    ],
)
def test_the_tone_may_stand_on_either_vowel(old: str, new: str) -> None:
    assert marked(tidy(old)) == marked(tidy(new))
    assert fold(old) == fold(new)


@pytest.mark.parametrize(
    ("one", "other"), [("hoa", "hoà"), ("hoá", "hoà"), ("dan", "đan"), ("dân", "dan"), ("ma", "mơ")]
)
def test_other_words_stay_other_words_with_marks(one: str, other: str) -> None:
    assert marked(one) != marked(other)


def test_marks_in_the_wrong_order_are_put_right() -> None:
    for spelled in ("e\u0323\u0302", "e\u0302\u0323", "\u1eb9\u0302", "ê\u0323"):
        assert tidy(f"Vi{spelled}t") == "Việt"
    assert tidy("chu\u031b\u0301") == tidy("chu\u0301\u031b") == "chứ"


def test_d_has_no_decomposition_and_is_folded_all_the_same() -> None:
    assert "đ" in unicodedata.normalize("NFKD", "đường")  # why Unicode alone does not do it
    assert fold("Đường Ðinh") == "duong dinh"
    assert marked("Ðinh") == marked("đinh")


def test_invisible_characters_and_odd_spaces_go() -> None:
    assert tidy("d\u00adân\u200b tộc\u00a0ta\ufeff") == "dân tộc ta"


@pytest.mark.parametrize(("word", "expected"), [("đi", True), ("di", False), ("Dì", True), ("TP", False), ("ơ", True)])
def test_a_word_with_marks_is_known(word: str, expected: bool) -> None:
    assert has_marks(word) is expected
