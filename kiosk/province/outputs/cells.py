"""What a table is made of: headings, texts, numbers with the form in which they are to be shown. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kiosk.province.indicators.definitions import DEFINITIONS
from kiosk.province.indicators.value import Value
from kiosk.province.outputs import words
from kiosk.rules.indicator import PERCENT, label
from kiosk.rules.reading_words import say

CODE, UNIT, VERSION = label("Code"), label("Unit"), label("Version")
SITES_OF, WHY = label("Sites"), label("Why there is no number")


@dataclass(frozen=True)
class Number:
    """A number as a spreadsheet is to show it."""

    value: int | Decimal
    digits: int = 0
    percent: bool = False
    sign: bool = False


@dataclass(frozen=True)
class Why:
    """In the place of a number, why there is none."""

    text: str


Cell = str | int | Number | Why | None


@dataclass(frozen=True)
class Sheet:
    """One table: its name, (heading, width in characters) of each column, its rows; `still`: columns that stay put."""

    name: str
    columns: Sequence[tuple[str, int]]
    rows: Sequence[Sequence[Cell]]
    still: int = 1


def heads(lang: str, *columns: tuple[str, int]) -> list[tuple[str, int]]:
    """Headings in the reader's language."""
    return [(say(lang, heading), width) for heading, width in columns]


def typed(code: str, told: int | Decimal | None) -> Cell:
    """A number of a figure as a cell."""
    if told is None:
        return None
    return Number(told, words.digits(code, told), DEFINITIONS[code].unit == PERCENT, words.is_growth(code))


def number_cell(code: str, value: Value) -> Cell:
    """A figure as a cell, without words; None where there is no number."""
    return typed(code, value.number)


def told_cell(code: str, value: Value, lang: str) -> Cell:
    """A figure as a cell, or the reason why there is none."""
    if value.number is None:
        return Why(words.reason(value, lang))
    return words.figure(code, value, lang) if code == "EFFECTIVE" else typed(code, value.number)
