"""The piece of an item's own text, with its accents, that shows why it was found. Pure."""

import re
from collections import Counter
from dataclasses import dataclass

from kiosk.content.folding import fold

LENGTH = 170  # characters, about two lines of a tile
LOOKED_AT = 400  # places of the words in one text; enough to choose a good one
STRETCH = 1_500  # characters folded at a time
_BLANK = re.compile(r"\s+")


@dataclass(frozen=True)
class Piece:
    """Some text; `found` where it is one of the words looked for."""

    text: str
    found: bool = False


def snippet(text: str, folded_words: tuple[str, ...], start: bool = False, length: int = LENGTH) -> tuple[Piece, ...]:
    """About `length` characters of tidy `text` around the words that stand closest together; its start if none do.

    `start`: the beginning in any case, because the title was what was looked for.
    """
    if start:
        text, cut = text[: length + 24], len(text) > length + 24
        places = _places(text, folded_words)
        return tuple(_pieces(text, 0, _on_to_blank(text, length) if cut else len(text), places))
    places = _places(text, folded_words)
    return tuple(_pieces(text, *_window(text, places, length), places))


def _places(text: str, folded_words: tuple[str, ...]) -> list[tuple[int, int, str]]:
    """Where the words stand. The text is read on only until all of them were met, and a little further."""
    wanted = "|".join(re.escape(word) for word in sorted(set(folded_words), key=len, reverse=True))
    if not wanted:
        return []
    pattern = re.compile(rf"(?<![^\W_])(?:{wanted})(?![^\W_])")
    places: list[tuple[int, int, str]] = []
    missing, at = set(folded_words), 0
    while at < len(text) and missing and len(places) < LOOKED_AT:
        end = min(len(text), at + STRETCH)
        blank = text.rfind(" ", at + 1, end)
        end = blank if blank > 0 and end < len(text) else end
        for found in pattern.finditer(fold(text[at:end])):
            places.append((at + found.start(), at + found.end(), found[0]))
            missing.discard(found[0])
        at = end
    return places


def _window(text: str, places: list[tuple[int, int, str]], length: int) -> tuple[int, int]:
    """Where the piece begins and ends: the most different words within reach, the earliest of equals."""
    first = last = best = 0
    if places:
        inside: Counter[str] = Counter()
        left = 0
        for _start, end, word in places:
            inside[word] += 1
            while end - places[left][0] > length:
                inside[places[left][2]] -= 1
                inside += Counter()  # drops what has become zero
                left += 1
            if len(inside) > best:
                best, first, last = len(inside), places[left][0], end
    room = max(0, length - (last - first))
    start = max(0, first - room // 3)
    end = min(len(text), start + length)
    return _back_to_blank(text, start, first), _on_to_blank(text, end)


def _back_to_blank(text: str, start: int, latest: int) -> int:
    """A beginning that cuts no word."""
    if start == 0:
        return 0
    blank = text.find(" ", start, latest + 1)
    return blank + 1 if blank >= 0 else start


def _on_to_blank(text: str, end: int) -> int:
    if end >= len(text):
        return len(text)
    blank = text.rfind(" ", max(0, end - 24), end)
    return blank if blank > 0 else end


def _pieces(text: str, start: int, end: int, places: list[tuple[int, int, str]]) -> list[Piece]:
    pieces = [Piece("… ")] if start else []
    at = start
    for begin, stop, _word in places:
        if begin < at or stop > end:
            continue
        if begin > at:
            pieces.append(Piece(_flat(text[at:begin])))
        pieces.append(Piece(text[begin:stop], True))
        at = stop
    if at < end:
        pieces.append(Piece(_flat(text[at:end])))
    if end < len(text):
        pieces.append(Piece(" …"))
    return [piece for piece in pieces if piece.text]


def _flat(text: str) -> str:
    return _BLANK.sub(" ", text)
