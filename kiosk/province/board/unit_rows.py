"""Communes (or districts, sites) as rows of a table: searched, sorted, some of them on each page. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, Protocol, TypeVar

from kiosk.province.indicators.figures import NOTHING
from kiosk.province.indicators.value import Value
from kiosk.province.outputs import words
from kiosk.province.register.words import folded
from kiosk.rules.reading_words import number

PER_PAGE = 100
HELP = "help"  # sorted by who needs help first
MOST_SAID = 100_000  # of a share of more, seconds or PC-days of years, the two numbers say nothing to a reader


class Row(Protocol):
    """What has a name, a code and figures."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def values(self) -> Mapping[str, Value]: ...


R = TypeVar("R", bound=Row)
S = TypeVar("S")


@dataclass(frozen=True)
class PlaceRow:
    """One place. `above`: the name of what it lies in; `small`: what stands small under its name."""

    code: str
    name: str
    values: Mapping[str, Value]
    above: str = ""
    small: str = ""


@dataclass(frozen=True)
class Told:
    """A figure as it reads in a cell; `why` where there is none."""

    text: str
    why: str = ""
    of: str = ""


@dataclass(frozen=True)
class Sheet(Generic[S]):
    """The rows of one page. `page` counts from 1; `found`: how many there are on all pages."""

    rows: tuple[S, ...]
    page: int
    pages: int
    found: int


def told(values: Mapping[str, Value], code: str, lang: str) -> Told:
    """A cell; of a share also what it is made of."""
    value = values.get(code, NOTHING)
    if value.number is None:
        return Told("–", words.reason(value, lang))
    text = words.figure(code, value, lang)
    if value.part is None or value.whole is None or value.whole > MOST_SAID or words.is_growth(code):
        return Told(text)
    of = f"{number(value.part, lang)}/{number(value.whole, lang)}"
    return Told(text, of=of) if words.unit(code, lang) == "%" or value.number != value.part else Told(of)


def unit_beside(code: str, lang: str) -> str:
    """The unit of a figure where its name does not say it already."""
    unit = words.unit(code, lang)
    return "" if f"({unit})" in words.name(code, lang) or unit == "%" else unit


def sheet(rows: Sequence[R], wanted: str, sort: str, down: bool, page: int, per_page: int = PER_PAGE) -> Sheet[R]:
    """The rows whose name or code has all words of `wanted`, by a figure, HELP or by name, the page of that number."""
    found = [one for one in rows if _has(one, wanted)]
    found.sort(key=lambda one: (folded(one.name), one.code))
    if sort == HELP:
        found.sort(key=_needs_help)
    elif sort and sort != "name":
        found = _by_figure(found, sort, down)
    elif down:
        found.reverse()
    return cut(found, page, per_page)


def cut(rows: Sequence[S], page: int, per_page: int) -> Sheet[S]:
    """The page of that number, or the nearest that there is."""
    pages = max(1, -(-len(rows) // per_page))
    here = min(max(page, 1), pages)
    return Sheet(tuple(rows[(here - 1) * per_page : here * per_page]), here, pages, len(rows))


def _needs_help(one: Row) -> tuple[int, Decimal | int]:
    """First where most of the project's sites are not effective or report nothing; then where fewest days are told."""
    effective, told_days = one.values.get("SITES_EFFECTIVE", NOTHING), one.values.get("COMPLETENESS", NOTHING).number
    behind = 0 if effective.number is None else (effective.sites or 0) - int(effective.number)
    return -behind, 101 if told_days is None else told_days


def _by_figure(rows: list[R], code: str, down: bool) -> list[R]:
    """By a number; what has none always stands last, by its name."""

    def told_number(one: R) -> object:
        return one.values.get(code, NOTHING).number

    known = [one for one in rows if told_number(one) is not None]
    order: Callable[[R], object] = told_number
    known.sort(key=order, reverse=down)  # type: ignore[arg-type]  # numbers of one figure compare
    return [*known, *(one for one in rows if told_number(one) is None)]


def _has(one: Row, wanted: str) -> bool:
    text = f" {folded(one.name)} {folded(one.code)}"
    return all(f" {word}" in text for word in folded(wanted).split())
