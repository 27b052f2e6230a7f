"""What staff wrote down and how computers do: sums over days, levels as they stood at last, PCs by the register."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from kiosk.province.indicators.ask import Ask
from kiosk.province.indicators.equipment import CODES as EQUIPMENT
from kiosk.province.indicators.figures import figures
from kiosk.province.indicators.journal import CODES as JOURNAL
from kiosk.province.indicators.value import Value
from kiosk.province.indicators.world import World
from kiosk.rules.periods import Period, days_period, months_period
from tests.figures_bundles import Line, Script, register, site, unit
from tests.figures_worlds import Small

pytestmark = pytest.mark.slow
UNITS = (unit("38", "province"), unit("16001", "commune", "38"))
TODAY = date(2026, 7, 1)
YEAR = months_period((2026, 1), (2026, 12))


def wrote(**counts: int) -> list[Line]:
    return [{"kind": "journal", "code": code, "count": count} for code, count in counts.items()]


def before(month: str, **counts: int) -> list[Line]:
    return [{"kind": "journal_before", "month": month, "code": code, "count": n} for code, n in counts.items()]


def script() -> Script:
    """Two PCs of a site, and one of another that closed on 20 February and told until the 25th."""
    script = Script()
    for pc, day, lines in (
        ("01", "2026-01-07", [*wrote(classes=1, class_people=12, books_on_hand=100),
                              *before("2025-11", classes=4), *before("2026-01", classes=2)]),
        ("01", "2026-02-11", wrote(classes=1, class_people=8, books_on_hand=120)),
        ("02", "2026-02-11", wrote(books_on_hand=30)),
        ("02", "2026-03-11", []),
    ):  # fmt: skip
        script.day("TH-001", pc, date.fromisoformat(day), *lines, visits=5, open_minutes=60)
    script.day("TH-002", "01", date(2026, 2, 18), *wrote(classes=10), open_minutes=60)
    script.day("TH-002", "01", date(2026, 2, 25), *wrote(classes=99), open_minutes=60)
    script.day("TH-001", "01", date(2026, 2, 8), open_minutes=60, planned_minutes=0)  # a Sunday
    script.day("TH-001", "01", date(2026, 3, 4), boots=0)  # it stayed off
    return script


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lake")


@pytest.fixture
def world(lake: Path) -> Iterator[World]:
    sites = [site("TH-001", "16001", pcs="3"), site("TH-002", "16001", "post", pcs="2", last="2026-02-20"),
             site("TH-003", "16001", pcs="")]  # fmt: skip
    with Small("own", script(), register(sites, UNITS)).opened(lake) as opened:
        yield replace(opened, pcs={"TH-001": 4, "TH-002": 1})


def told(world: World, period: Period = YEAR, site: str = "") -> dict[str, Value]:
    return dict(figures(world, Ask(period, TODAY, site=site), (*JOURNAL, *EQUIPMENT)).of())


def test_sums_of_the_journal_are_those_of_days_in_the_life_of_a_site(world: World) -> None:
    year = told(world)
    assert year["classes"].number == 1 + 1 + 10 + 2 and year["class_people"].number == 20
    assert told(world, days_period(date(2026, 2, 10), date(2026, 2, 28)))["classes"].number == 11
    assert told(world, site="TH-002")["classes"].number == 10


def test_months_before_a_pcs_first_day_count_where_all_of_the_month_is_asked(world: World) -> None:
    assert told(world, months_period((2025, 11), (2025, 11)))["classes"].number == 4
    assert told(world, months_period((2026, 1), (2026, 1)))["classes"].number == 3
    assert told(world, days_period(date(2026, 1, 2), date(2026, 1, 31)))["classes"].number == 1
    assert told(world, months_period((2025, 10), (2025, 10)))["classes"].reason == "nothing_told"


def test_a_level_is_what_each_pc_said_last_and_never_a_sum_over_days(world: World) -> None:
    assert told(world, months_period((2026, 1), (2026, 1)))["books_on_hand"].number == 100
    assert told(world, months_period((2026, 1), (2026, 2)))["books_on_hand"].number == 150
    # PC 02 said nothing of books on 11 March, which means that it has none; PC 01 was off on the 4th and said so.
    assert told(world, months_period((2026, 1), (2026, 3)))["books_on_hand"].number == 0


def test_computers_are_those_the_register_has_on_the_last_day(world: World) -> None:
    assert told(world)["PCS"] == Value(3, sites=1)
    assert told(world, months_period((2026, 2), (2026, 2)))["PCS"].number == 3
    assert told(world, days_period(date(2026, 2, 1), date(2026, 2, 20)))["PCS"] == Value(5, sites=2)
    assert told(world, site="TH-003")["PCS"].reason == "nothing_told"
    assert told(world)["PCS_ENROLLED"].number == 5 and told(world, site="TH-003")["PCS_ENROLLED"].number == 0


def test_the_share_of_computers_in_service_is_never_more_than_all(world: World) -> None:
    """Of six days of PCs to be open, five in service and one off; on the Sunday one more was, which was not planned."""
    year = told(world)["PCS_WORKING_RATE"]
    assert (year.part, year.whole, year.number) == (6, 6, Decimal("100.0"))
    march = told(world, months_period((2026, 3), (2026, 3)))["PCS_WORKING_RATE"]
    assert (march.part, march.whole, march.number) == (1, 2, Decimal("50.0"))
    sunday = told(world, days_period(date(2026, 2, 8), date(2026, 2, 8)))["PCS_WORKING_RATE"]
    assert sunday.reason == "no_base" and not sunday.known
