"""The demo: plausible visits in a scratch home by the rows of real ones, and never in a real home."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_support import ended, live, reading

from kiosk.errors import RefusedError, UsageError
from kiosk.export import formats
from kiosk.rules.hours import intervals_on
from kiosk.rules.policy import parse_policy
from kiosk.service.demo import fill
from kiosk.service.demo_visits import make_day
from kiosk.settings import INSTALLED_HOME, Paths
from kiosk.store import Store, facts, managers, sessions, usage
from tests.tries import tries

TODAY = date(2026, 11, 22)
HOURS = {day: ["07:30-11:30", "13:30-17:00"] for day in ("monday", "tuesday", "wednesday", "thursday", "friday")}
POLICY = parse_policy({"hours": HOURS | {"saturday": ["07:30-11:30"]}})


def bundles_of(home: Path) -> list[formats.Bundle]:
    read = [formats.read(path.read_bytes()) for path in (home / "outbox").iterdir()]
    return sorted(read, key=lambda bundle: bundle.manifest.day)


@pytest.mark.slow
def test_days_are_filled_and_each_has_its_bundle_that_agrees_with_the_rows(home: Path) -> None:
    summary = fill(home, 60, 7, TODAY, ("guides/rice", "guides/health"))
    assert (summary.days, summary.bundles, summary.last_day) == (60, 60, "2026-11-21")
    bundles = bundles_of(home)
    assert [bundle.manifest.day for bundle in bundles] == [(TODAY - timedelta(n)).isoformat() for n in range(60, 0, -1)]
    with Store(Paths(home).store) as store:
        rows = dict(store.run(lambda db: db.execute("SELECT day, sum(visit) FROM sessions GROUP BY day").fetchall()))
        tallied = store.run(sessions.tallies, "FST:")
    for bundle in bundles:
        assert bundle.day["visits"] == rows.get(bundle.manifest.day, 0)
    assert sum(rows.values()) == summary.visits == sum(tallied.values()) > 100
    assert sum(bundle.day["too_short"] for bundle in bundles) == summary.sessions - summary.visits > 0
    assert {line["item"] for bundle in bundles for line in bundle.lines if line["kind"] == "open"} == {
        "guides/rice",
        "guides/health",
    }


@pytest.mark.slow
def test_a_bundle_is_at_most_two_kilobytes_in_the_mean(home: Path) -> None:
    items = tuple(f"starter/khuyen_nong_{number:03}" for number in range(120))
    fill(home, 40, 3, TODAY, items)
    sizes = [path.stat().st_size for path in (home / "outbox").iterdir()]
    print(f"bundles: mean {sum(sizes) / len(sizes):.0f} bytes, largest {max(sizes)}")
    assert sum(sizes) / len(sizes) <= 2_000


@pytest.mark.slow
def test_the_same_seed_gives_the_same_visits_and_another_seed_others(tmp_path: Path) -> None:
    def days(name: str, seed: int) -> list[formats.Line]:
        fill(tmp_path / name, 20, seed, TODAY)
        return [line for bundle in bundles_of(tmp_path / name) for line in bundle.lines]

    first = days("one", 5)
    assert days("two", 5) == first and days("three", 6) != first


@pytest.mark.slow
def test_filling_again_adds_only_what_is_missing(home: Path) -> None:
    first = fill(home, 20, 5, TODAY)
    again = fill(home, 20, 5, TODAY)
    assert (again.days, again.visits, again.bundles) == (0, 0, 0)
    more = fill(home, 30, 5, TODAY + timedelta(days=2))
    assert (more.days, more.bundles) == (10, 10), "eight days before and two after"
    with Store(Paths(home).store) as store:
        total = store.run(lambda db: db.execute("SELECT sum(visit) FROM sessions").fetchone()[0])
    assert total == first.visits + more.visits


@pytest.mark.parametrize("trace", ["visit", "live", "usage", "first use", "manager"])
def test_a_home_with_a_trace_of_a_real_station_is_refused_and_left_as_it_is(home: Path, trace: str) -> None:
    with Store(Paths(home).store) as store:
        if trace == "visit":
            store.run(sessions.record, ended(), [])
        elif trace == "live":
            store.run(sessions.start, live())
        elif trace == "usage":
            store.run(usage.add, "2026-11-01", {"boots": 1})
        elif trace == "manager":
            store.run(managers.add, "Lan", "hash", "manager", reading().wall)
        else:
            store.run(facts.keep_first_use, "2026-11-01")
    with pytest.raises(RefusedError) as caught:
        fill(home, 10, 1, TODAY)
    assert caught.value.exit_code == 4
    with Store(Paths(home).store) as store:
        assert store.run(facts.get, "demo") is None
        assert store.run(sessions.counts, "2026-11-21")[0] == int(trace == "visit")
    assert not (home / "outbox").exists()


def test_the_installed_home_is_always_refused() -> None:
    with pytest.raises(RefusedError):
        fill(INSTALLED_HOME, 10, 1, TODAY)


@pytest.mark.parametrize("days", [0, -1, 100_000])
def test_an_absurd_number_of_days_is_refused(home: Path, days: int) -> None:
    with pytest.raises(UsageError):
        fill(home, days, 1, TODAY)
    assert not Paths(home).store.exists()


@settings(max_examples=tries(150), deadline=None)
@given(st.integers(0, 10_000), st.dates(date(2025, 1, 1), date(2027, 12, 31)))
def test_no_visit_overlaps_another_starts_while_closed_or_lasts_past_closing(seed: int, day: date) -> None:
    made = make_day(Random(seed), POLICY, day)
    spans = [(one.start, one.end) for one in intervals_on(POLICY, day)]
    free = -1.0
    for visit in made.visits:
        start = visit.start.hour * 60 + visit.start.minute + visit.start.second / 60
        assert visit.start.date() == day and start >= free
        assert any(begin <= start and start + visit.seconds / 60 <= end + 0.01 for begin, end in spans)
        assert 0 < visit.seconds <= visit.granted
        free = start + visit.seconds / 60
    assert bool(spans) or not made.visits
    assert (
        made.open_seconds <= sum(end - begin for begin, end in spans) * 60
        and made.internet_seconds <= made.open_seconds
    )


@pytest.mark.slow
def test_two_years_look_like_a_commune_post_office() -> None:
    """Broad shapes of DOMAIN.md, The programme; they catch a generator that has gone wrong, not a taste."""
    days = [make_day(Random(f"9 {number}"), POLICY, date(2025, 1, 1) + timedelta(days=number)) for number in range(730)]
    visits = [visit for day in days for visit in day.visits]
    working = sum(bool(intervals_on(POLICY, day.day)) for day in days)
    assert 2.5 < len(visits) / working < 7
    ages = Counter(visit.answers.age for visit in visits)
    assert max(ages, key=ages.__getitem__) == "AGE_U16" and ages["AGE_60P"] > 0
    groups = Counter(code for visit in visits for code in visit.answers.groups)
    assert 0 < groups["GRP_DISAB"] < groups["GRP_ETHMIN"] < groups["GRP_NONE"]
    assert {visit.reason for visit in visits} >= {"signed_out", "time_up", "idle", "closing", "manager", "power"}
    summer = sum(len(day.visits) for day in days if day.day.month == 7)
    winter = sum(len(day.visits) for day in days if day.day.month == 2)
    assert summer > winter
