"""Vietnamese words made comparable, in pure functions: with their marks wherever these were typed, and without any.

`fold` drops every mark and also turns đ into d, which has no Unicode decomposition, so that neither Unicode nor any
search engine tried does it. `marked` keeps the marks and forgets only on which vowel the tone stands: hoà and hòa,
thuỷ and thủy are one word. Text passes `tidy` first; after that `fold` keeps the length, so that a place found in
folded text is the same place in the text that people read.
"""

import re
import unicodedata
from functools import lru_cache

# Rises when words come out in another way, so that an index built before is built anew.
VERSION = 1

WORD = re.compile(r"[^\W_]+")
_INVISIBLE: dict[int, str | None] = {code: None for code in (0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF)}
_SPACES: dict[int, str | None] = {code: " " for code in (0xA0, 0x2007, 0x202F)}
_LOOSE = re.compile(r"([^\W\d_])([\u0300-\u036f]+)")
_LOOSE_MARK = re.compile(r"[\u0300-\u036f]")
# Marks that make another letter (â ă ơ), and marks that are tones (à á ã ả ạ) with the digit that stands for each.
_QUALITY = "\u0302\u0306\u031b"
_TONES = {"\u0300": "2", "\u0301": "1", "\u0303": "4", "\u0309": "3", "\u0323": "5"}
# Letters without a decomposition that are typed, or were typed by mistake, for d.
_D = {"đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "ɖ": "d", "Ɖ": "d"}
_TRUE_D = str.maketrans({"ð": "đ", "ɖ": "đ"})


def tidy(text: str) -> str:
    """The text with each Vietnamese letter as one character (NFC), in whatever order its marks came."""
    text = unicodedata.normalize("NFC", text.translate(_INVISIBLE | _SPACES))
    return _LOOSE.sub(_compose, text) if _LOOSE_MARK.search(text) else text


def _compose(found: re.Match[str]) -> str:
    letter, *own = list(unicodedata.normalize("NFD", found[1]))
    marks = [*own, *found[2]]
    ordered = [mark for mark in marks if mark in _QUALITY] + [mark for mark in marks if mark not in _QUALITY]
    return unicodedata.normalize("NFC", letter + "".join(dict.fromkeys(ordered)))


class _Folded(dict[int, str]):
    """Each character's one plain letter, found when it is first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        plain = _D.get(char) or unicodedata.normalize("NFD", char.lower())[:1]
        self[code] = plain = _D.get(plain, plain)
        return plain


_FOLDED = _Folded()


def fold(text: str) -> str:
    """Small letters without any mark. Of tidy text it keeps the length, character by character."""
    return text.translate(_FOLDED)


@lru_cache(maxsize=60_000)
def marked(word: str) -> str:
    """A word with its letters' marks and, at its end, its tones as digits: `hoà`, `hòa`, `HÒA` are all `hoa2`."""
    letters, tones = [], []
    for char in unicodedata.normalize("NFD", word.lower()):
        if char in _TONES:
            tones.append(_TONES[char])
        else:
            letters.append(char)
    return unicodedata.normalize("NFC", "".join(letters)).translate(_TRUE_D) + "".join(tones)


def words(text: str) -> list[str]:
    """The words of tidy text, as they stand there."""
    return WORD.findall(text)


def has_marks(word: str) -> bool:
    """Whether a word was written with any mark, so that its writer meant this one and no other."""
    return fold(word) != word.lower()
