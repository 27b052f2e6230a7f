"""Every KPI of DOMAIN.md for a small province that is written out in figures_world.py, reckoned by hand.

The cases stand in golden_goals.py and golden_use.py, one a line, the arithmetic behind it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from kiosk.province.indicators.ask import WHOLE, Ask, By
from kiosk.province.indicators.figures import Figures, figures
from kiosk.province.indicators.value import Reason, Value, Verdict
from kiosk.province.indicators.world import World
from kiosk.rules.periods import Period, months_period
from tests.figures_told import script
from tests.figures_world import golden
from tests.figures_worlds import Small
from tests.golden_goals import GOALS
from tests.golden_use import USE

YEARS: dict[str, tuple[tuple[int, int], tuple[int, int]]] = {
    "2024": ((2024, 1), (2024, 12)), "2025": ((2025, 1), (2025, 12)),  # 12 months
    "2025M9": ((2025, 1), (2025, 9)), "2026H1": ((2026, 1), (2026, 6)),  # 9 and 6 months
    "2025Q1": ((2025, 1), (2025, 3)), "2026Q1": ((2026, 1), (2026, 3)),  # quarters
    "12M": ((2025, 7), (2026, 6)), "2026YD": ((2026, 1), (2026, 12)),  # 12 months over two years; a year to date
}  # fmt: skip
Told = Callable[[str, By], Figures]
TO_DATE = date(2026, 5, 13)  # 2026YD is asked on this day, every other period when it is over


@dataclass(frozen=True)
class Case:
    """A line of the tables."""

    code: str
    period: str
    place: str
    said: tuple[str, ...]

    @property
    def by(self) -> By:
        return next((by for by in get_args(By) if self.place.startswith(f"{by}:")), "province")

    @property
    def key(self) -> str:
        return self.place.partition(":")[2] or WHOLE


def cases(table: str) -> list[Case]:
    lines = (line.partition(" #")[0].split() for line in table.splitlines() if line and not line.startswith("#"))
    return [Case(code, period, place, tuple(said)) for code, period, place, *said in lines]


CASES = cases(GOALS) + cases(USE)


def of(name: str) -> Period:
    return months_period(*YEARS[name])


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    lake: Path = tmp_path_factory.mktemp("golden")
    with Small("golden", script(), golden()).opened(lake) as world:
        yield world


@pytest.fixture(scope="module")
def told(world: World) -> Told:
    @cache
    def asked(period: str, by: By) -> Figures:
        today = TO_DATE if period == "2026YD" else of(period).last + timedelta(days=1)
        codes = {one.code for one in CASES if (one.period, one.by) == (period, by)}
        return figures(world, Ask(of(period), today, by), codes)

    return asked


def as_written(value: Value, said: tuple[str, ...]) -> tuple[str, ...]:
    """A value in the words of the tables; of what the line does not say, nothing."""
    first = str(value.number) if value.number is not None else value.reason
    found = [first]
    for word in said[1:]:
        name, equals, _rest = word.partition("=")
        if equals:
            found.append(f"{name}={getattr(value, name)}")
        elif "/" in word:
            found.append(f"{value.part}/{value.whole}")
        else:
            found.append(value.verdict)
    return tuple(found)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code} {case.period} {case.place}")
def test_a_figure_is_as_reckoned_by_hand(case: Case, told: Told) -> None:
    value = told(case.period, case.by).of(case.key)[case.code]
    assert as_written(value, case.said) == case.said, value


def test_the_tables_name_words_that_there_are_and_no_case_twice() -> None:
    verdicts, reasons = set(get_args(Verdict)) - {""}, set(get_args(Reason)) - {""}
    for case in CASES:
        assert case.said[0] in reasons or case.said[0].lstrip("-").replace(".", "", 1).isdigit(), case
        words = [word for word in case.said[1:] if "=" not in word and "/" not in word]
        assert set(words) <= verdicts, case
    assert len({(case.code, case.period, case.place) for case in CASES}) == len(CASES) >= 150


@pytest.mark.slow
def test_no_percentage_is_told_where_a_reason_is(told: Told) -> None:
    for case in CASES:
        value = told(case.period, case.by).of(case.key)[case.code]
        assert (value.number is None) == bool(value.reason), (case, value)
