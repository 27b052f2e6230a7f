"""What must hold of any figures: places add up to the whole, states to the list, and ranges hold their numbers."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import get_args

import pytest

from kiosk.province.indicators.ask import Ask, By
from kiosk.province.indicators.figures import Figures, figures
from kiosk.province.indicators.world import World
from kiosk.rules.periods import Period, months_period
from tests.figures_bundles import Script
from tests.figures_random import random_world
from tests.figures_worlds import Small

# Each site is in one place of every kind, so these add up.
SUMS = ("VISITS", "TOO_SHORT", "USERS", "FIRST", "ASSISTED", "EXTENSIONS", "PAGES", "OPENS", "MISSED", "PLANNED_DAYS",
        "REPORTED_DAYS", "OPEN_DAYS", "WORKING_DAYS", "PROJECT_SITES", "SITES_EFFECTIVE", "SITES_NOT_EFFECTIVE",
        "SITES_NO_REPORT", "LIVING_SITES", "POTENTIAL_SITES", "REPORTING_SITES", "ACTIVE_MONTHS", "HELD_PICTURES",
        "HELD_GROUPS", "NO_PICTURE", "NO_GROUPS", "SEX_F", "ANYTARGET", "classes", "books_on_hand", "LOOKS", "PCS",
        "END_signed_out", "END_other", "TARGET_USERS")  # fmt: skip
SHARES = ("EFFECTIVE_SITES", "COMPLETENESS", "TIMELINESS", "TIMELINESS_MONTH", "PCS_WORKING_RATE")
GROWN = ("VISITS_GROWTH", "USERS_GROWTH", "TARGET_VISITS_GROWTH", "TARGET_USERS_GROWTH")
YEAR, HALF = months_period((2025, 1), (2025, 12)), months_period((2025, 7), (2025, 12))
SEED = 7


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with Small(f"seed {SEED}", *random_world(SEED)).opened(tmp_path_factory.mktemp("lake")) as world:
        print(f"seed {SEED}: {list(world.register.sites)}")
        yield world


def told(world: World, period: Period, by: By) -> Figures:
    return figures(world, Ask(period, date(2026, 1, 1), by), [*SUMS, *SHARES, *GROWN])


@pytest.mark.slow
@pytest.mark.parametrize("by", [by for by in get_args(By) if by != "province"])
def test_places_add_up_to_the_whole_and_tell_the_same_whole(world: World, by: By) -> None:
    whole, found = told(world, YEAR, "province").of(), told(world, YEAR, by)
    assert found.of() == whole and len(found.places) > 1
    for code in SUMS:
        parts = [values[code].number or 0 for key, values in found.places.items() if key]
        assert sum(parts) == (whole[code].number or 0), (by, code, whole[code])


@pytest.mark.slow
@pytest.mark.parametrize("period", [YEAR, HALF], ids=lambda period: period.text)
def test_numbers_lie_where_they_must(world: World, period: Period) -> None:
    for key, values in told(world, period, "site").places.items():
        number = {code: value.number or 0 for code, value in values.items()}
        states = ("SITES_EFFECTIVE", "SITES_NOT_EFFECTIVE", "SITES_NO_REPORT")
        assert sum(number[code] for code in states) == number["PROJECT_SITES"], key
        days = [number[code] for code in ("WORKING_DAYS", "OPEN_DAYS", "REPORTED_DAYS", "PLANNED_DAYS")]
        assert days == sorted(days), key
        users = values["USERS"]
        if users.known:
            assert users.low is not None and users.high is not None and users.number is not None
            assert users.low <= users.number <= users.high
        assert all(0 <= number[code] <= 100 for code in SHARES), key
        assert not any(
            value.number is not None and value.number < 0 for code, value in values.items() if code not in GROWN
        )


@pytest.mark.slow
def test_no_growth_is_said_of_one_site(world: World) -> None:
    for key, values in told(world, YEAR, "site").places.items():
        assert not key or not any(values[code].known or values[code].verdict for code in GROWN), key


@pytest.mark.slow
def test_revisions_that_count_no_more_and_the_order_of_coming_change_nothing(world: World, tmp_path: Path) -> None:
    """But whether days came in time, which is asked of the first word."""
    script, known = random_world(SEED)
    newest = {(one.site, one.station, one.day, one.lineage): one for one in script.sent}
    assert len(newest) < len(script.sent)
    late = [replace(one, received=one.received + timedelta(days=900)) for one in reversed(newest.values())]
    with Small("newest", Script(late), known).opened(tmp_path / "lake") as other:
        before, after = told(world, YEAR, "site"), told(other, YEAR, "site")
    for key, values in before.places.items():
        now = after.of(key)
        assert {code for code in values if values[code] != now[code]} <= {"TIMELINESS", "TIMELINESS_MONTH"}
        assert not now["TIMELINESS"].number and values.keys() == now.keys()
