"""Months in a row say what figures say of each of them, also the year before; reckoned all at once."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kiosk.province.indicators.ask import Ask
from kiosk.province.indicators.figures import figures
from kiosk.province.indicators.trend import trend
from kiosk.province.indicators.trend_months import FAST
from kiosk.province.indicators.value import Value
from kiosk.province.indicators.world import World
from kiosk.rules.periods import days_period, months_period
from tests.figures_worlds import worlds

pytestmark = pytest.mark.slow
TODAY = date(2026, 6, 25)  # the golden world has told up to Wednesday, 24 June
YEARS = months_period((2025, 1), (2026, 12))
WORLDS = worlds()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lakes")


@pytest.fixture(params=WORLDS, ids=lambda small: small.name)
def world(request: pytest.FixtureRequest, folder: Path) -> Iterator[World]:
    with request.param.opened(folder / request.param.name) as opened:
        yield opened


@pytest.fixture
def golden(folder: Path) -> Iterator[World]:
    with WORLDS[0].opened(folder / WORLDS[0].name) as opened:
        yield opened


class Counting:
    """An engine that counts how often it was asked."""

    def __init__(self, engine: Any) -> None:
        self._engine, self.asked = engine, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def rows(self, asked: Any) -> Sequence[Any]:
        """As the engine has them."""
        self.asked += 1
        rows: Sequence[Any] = self._engine.rows(asked)
        return rows


def test_every_month_says_what_its_figures_say(world: World) -> None:
    """Whole months, the one that is not over, and the same of the year before: equal in every field."""
    points = trend(world, Ask(YEARS, TODAY), sorted(FAST))
    assert [one.period.text for one in points] == [f"2025-{n:02}" for n in range(1, 13)] + [
        f"2026-{n:02}" for n in range(1, 7)
    ]
    for point in (points[2], points[9], points[-2], points[-1]):
        ask = Ask(point.period, TODAY)
        before = ask.before()
        assert before is not None
        assert point.values == figures(world, ask, FAST).of()
        assert point.before == figures(world, before, FAST).of()


def test_many_months_are_asked_in_few_questions(golden: World) -> None:
    """As many for one month as for ten years; the control: figures of two months are asked one after the other."""
    asked = []
    for period in (months_period((2026, 5), (2026, 5)), months_period((2017, 1), (2026, 12))):
        engine = Counting(golden.engine)
        trend(World(engine, golden.register), Ask(period, TODAY), ("VISITS", "PC_HOURS", "FIRST", "OPENS"))
        asked.append(engine.asked)
    assert asked[0] == asked[1] == 3
    engine = Counting(golden.engine)
    for month in (4, 5):
        figures(World(engine, golden.register), Ask(months_period((2026, month), (2026, month)), TODAY), ("VISITS",))
    assert engine.asked >= 2


def test_the_month_that_is_not_over_stands_beside_the_same_dates(golden: World) -> None:
    last = trend(golden, Ask(months_period((2026, 1), (2026, 12)), date(2026, 6, 11)), ("VISITS",))[-1]
    assert last.period == months_period((2026, 6), (2026, 6))
    same = figures(golden, Ask(days_period(date(2025, 6, 1), date(2025, 6, 10)), TODAY), ("VISITS",)).of()
    assert last.before["VISITS"] == same["VISITS"] and last.before["VISITS"].known


def test_any_other_figure_is_told_by_its_month_too(golden: World) -> None:
    point = trend(golden, Ask(months_period((2024, 12), (2024, 12)), TODAY), ("ANYTARGET", "OPENS_OTHER", "VISITS"))[0]
    alone = figures(golden, Ask(point.period, TODAY), ("ANYTARGET", "OPENS_OTHER", "VISITS")).of()
    assert point.values == alone and point.values["ANYTARGET"] == Value(122, sites=1)


def test_nothing_is_told_of_what_has_not_begun_or_of_nobody(golden: World) -> None:
    assert trend(golden, Ask(months_period((2027, 1), (2027, 12)), TODAY), ("VISITS",)) == ()
    stranger = trend(golden, Ask(YEARS, TODAY, site="TH-404"), ("VISITS", "FIRST", "COMPLETENESS"))
    assert {one.values["VISITS"].reason for one in stranger} == {"no_sites"}
    silent = trend(golden, Ask(YEARS, TODAY, site="TH-004"), ("VISITS", "FIRST", "COMPLETENESS"))
    assert {one.values["VISITS"].reason for one in silent} == {"nothing_told"}
    assert silent[0].values["COMPLETENESS"].number == 0


def test_reported_months_from_the_15th_are_months_of_their_own(golden: World) -> None:
    ask = Ask(months_period((2025, 3), (2025, 5), 15), TODAY, starts_on=15)
    points = trend(golden, ask, ("VISITS", "FIRST"))
    assert [one.period.first.day for one in points] == [15, 15, 15]
    assert points[0].values["FIRST"].reason == "not_over"  # of answers only whole calendar months are told
    for point in points:
        one = figures(golden, Ask(point.period, TODAY, starts_on=15), ("VISITS",)).of()
        assert point.values["VISITS"] == one["VISITS"] and one["VISITS"].known


def test_a_line_of_months_is_of_the_same_sites_in_the_units_of_its_last_day(golden: World) -> None:
    """Communes 14001 and 14002 became 20001 on 1 July 2025: its months before that are told too."""
    points = trend(golden, Ask(YEARS, TODAY, within="20001"), ("VISITS",))
    assert all(one.values["VISITS"].known for one in points)
    line = trend(golden, Ask(YEARS, TODAY, line="post"), ("VISITS", "LIVING_SITES"))
    assert line[0].values["LIVING_SITES"].number == 2
