"""On made-up years in a real store: days sum to weeks and months, months to quarters and years, by any cut-off day."""

from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from small_world import POLICY, reports_of
from sqlite_utils import Database

from kiosk.report import Reports
from kiosk.rules.periods import months_in, shifted
from kiosk.store import Store, facts, usage

SEEDS = (1, 2, 3)
WHOLE = ("VISITS", "TOO_SHORT", "ASSISTED", "EXTENSIONS", "UNCLEAN", "OPEN_DAYS", "PLANNED_DAYS", "REPORTED_DAYS")
FIRST, LAST = date(2024, 11, 20), date(2026, 11, 22)


def fill(db: Database, seed: int) -> None:
    """Two years with holes: days without figures, closed days, the PC off."""
    chance = Random(seed)
    facts.put(db, "first_use", FIRST.isoformat())
    for number in range((LAST - FIRST).days):
        day = (FIRST + timedelta(days=number)).isoformat()
        kind = chance.random()
        if kind < 0.05:
            continue
        usage.plan(db, day, 480 if kind < 0.85 else 0)
        if kind < 0.80:
            visits = chance.randrange(12)
            more = {"too_short": 3, "extensions": 4, "assisted": visits + 1}
            usage.add(db, day, {code: chance.randrange(most) for code, most in more.items()})
            usage.add(db, day, {"visits": visits, "seconds": visits * 1_900, "open_seconds": 20_000})
            usage.add(db, day, {"unclean": int(kind < 0.1)})


def sums(reports: Reports, period: str) -> list[int]:
    """The whole numbers of a period; what has no figures adds nothing."""
    made = reports.make(period)
    return [int(made.line(code).now.value or 0) for code in WHOLE]


def added(rows: list[list[int]]) -> list[int]:
    return [sum(column) for column in zip(*rows, strict=True)]


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("starts_on", [1, 15])
def test_parts_of_a_year_sum_to_the_year(tmp_path: Path, seed: int, starts_on: int) -> None:
    policy = POLICY.model_copy(update={"report": POLICY.report.model_copy(update={"month_starts_on": starts_on})})
    with Store(tmp_path / "kiosk.db") as store:
        store.run(fill, seed)
        reports = reports_of(store, policy=policy)
        year = sums(reports, "2025")
        assert year[0] > 500 and year[-1] > 200, f"seed {seed}"
        months = [sums(reports, one.text) for one in months_in(reports.period("2025"), starts_on)]
        assert added(months) == year, f"seed {seed}"
        assert added([sums(reports, f"2025-Q{number}") for number in (1, 2, 3, 4)]) == year
        assert added([sums(reports, "2025-01..2025-09"), sums(reports, "2025-Q4")]) == year
        # A month by its days, and by two ranges.
        month = reports.period("2025-05")
        assert added([sums(reports, day.isoformat()) for day in month.days()]) == months[4]
        middle = month.first + timedelta(days=11)
        halves = (f"{month.first}..{middle}", f"{middle + timedelta(days=1)}..{month.last}")
        assert added([sums(reports, half) for half in halves]) == months[4]
        week = reports.period("2025-W20")
        assert added([sums(reports, day.isoformat()) for day in week.days()]) == sums(reports, "2025-W20")
        assert [bar.visits or 0 for bar in reports.make("2025").bars] == [row[0] for row in months]


@pytest.mark.slow
def test_the_period_before_says_what_its_own_report_says(tmp_path: Path) -> None:
    with Store(tmp_path / "kiosk.db") as store:
        store.run(fill, 7)
        reports = reports_of(store)
        for text in ("2026-10", "2026-W40", "2026-Q3", "2026-10-14", "2026-10-05..2026-10-20", "2026"):
            here = reports.make(text)
            before = reports.make(shifted(here.period, -1).text)
            for code in WHOLE:
                previous = here.line(code).previous
                assert previous is not None and previous == before.line(code).now, (text, code)
