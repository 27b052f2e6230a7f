"""What a table on paper is made of: cells of words, and below the table why a number is missing. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kiosk.province.indicators.value import Value
from kiosk.province.outputs import words
from kiosk.rules.reading_words import number, say

MARKS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class PaperCell:
    """`small` stands beside the text; `mark`: of the reason below the table; `left`: words, not a number.

    `names`: what the row is of.
    """

    text: str
    small: str = ""
    mark: str = ""
    left: bool = False
    strong: bool = False
    names: bool = False


@dataclass
class Reasons:
    """The reasons of a table, each with a letter, in the order in which they are met."""

    lang: str
    sentences: list[str] = field(default_factory=list)

    def mark(self, value: Value) -> str:
        """The letter of why there is no number, or of a number from before kiosk; "" where nothing is to be said."""
        sentence = words.reason(value, self.lang) or (say(self.lang, words.BEFORE_KIOSK) if value.own else "")
        if not sentence:
            return ""
        if sentence not in self.sentences:
            self.sentences.append(sentence)
        return MARKS[self.sentences.index(sentence)]

    def told(self) -> list[tuple[str, str]]:
        """(letter, sentence)."""
        return list(zip(MARKS, self.sentences, strict=False))


@dataclass(frozen=True)
class PaperTable:
    """A table. `kind`: its class in the style sheet; `heads`: (heading, of numbers)."""

    heading: str
    kind: str
    heads: Sequence[tuple[str, bool]]
    rows: Sequence[Sequence[PaperCell]]
    reasons: Sequence[tuple[str, str]] = ()
    foot: str = ""


def text_cell(text: str, strong: bool = False, small: str = "") -> PaperCell:
    """Words."""
    return PaperCell(text, small, left=True, strong=strong)


def name_cell(text: str, strong: bool = False, small: str = "") -> PaperCell:
    """The words that a row is of."""
    return PaperCell(text, small, left=True, strong=strong, names=True)


def count_cell(count: int | None, lang: str) -> PaperCell:
    """A whole number; nothing where there is none."""
    return PaperCell("" if count is None else number(count, lang))


def value_cell(code: str, value: Value, reasons: Reasons, strong: bool = False) -> PaperCell:
    """A figure, or a dash with the letter of its reason."""
    if value.number is None:
        return PaperCell("–", mark=reasons.mark(value))
    return PaperCell(
        words.figure(code, value, reasons.lang), words.spread(code, value, reasons.lang), reasons.mark(value),
        left=code == "EFFECTIVE", strong=strong,
    )  # fmt: skip


def heads_of(lang: str, left: Iterable[str], right: Iterable[str]) -> list[tuple[str, bool]]:
    """Headings of columns of words, and then of columns of numbers."""
    return [(say(lang, one), False) for one in left] + [(say(lang, one), True) for one in right]
