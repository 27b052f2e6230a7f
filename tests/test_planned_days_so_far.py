"""Planned days for many questions at once are those of each question by itself, however often a week changed."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.province.indicators.register_tables import planned
from kiosk.province.indicators.spans import Segment, segments_of
from kiosk.province.register.planned_days import hours_on, planned_days, planned_so_far
from kiosk.province.register.site_history import WEEK, SiteHistory
from kiosk.province.register.steps import ALWAYS, Steps
from kiosk.rules.periods import days_period

FIRST, LAST = date(2024, 1, 1), date(2026, 12, 31)
days = st.dates(FIRST, LAST)
hours = st.sampled_from(["08:00-12:00", "-", ""])
EXCEPTIONS = ("", "2025-02-03: -; 2025-03-02: 08:00-11:00", "2024-12-20..2025-01-20: -; 2026-06-07: 09:00-10:00")


def steps(values: st.SearchStrategy[str]) -> st.SearchStrategy[Steps]:
    """A value from always on, and up to two others later."""
    later = st.dictionaries(days, values, max_size=2)
    return st.builds(lambda first, more: ((ALWAYS, first), *sorted(more.items())), values, later)


sites = st.builds(
    lambda week, exceptions, opened, last: SiteHistory(
        "TH-001", {**dict(zip(WEEK, week, strict=True)), "exceptions": exceptions}, opened, last
    ),
    st.lists(steps(hours), min_size=7, max_size=7),
    steps(st.sampled_from(EXCEPTIONS)),
    st.none() | days,
    st.none() | days,
)


@given(sites, days, days)
def test_the_days_between_two_sums_are_the_planned_days_of_a_site_that_lives(
    site: SiteHistory, one: date, other: date
) -> None:
    always = SiteHistory(site.code, site.steps)
    so_far, first, last = planned_so_far(always, FIRST, LAST), min(one, other), max(one, other)
    between = so_far[(last - FIRST).days + 1] - so_far[(first - FIRST).days]
    assert between == planned_days(always, first, last)
    assert len(so_far) == (LAST - FIRST).days + 2 and so_far[0] == 0


@given(sites, days, st.integers(0, 70))
def test_planned_days_are_the_days_with_hours(site: SiteHistory, first: date, length: int) -> None:
    last = first + timedelta(length)
    counted = sum(bool(hours_on(site, first + timedelta(n))) for n in range(length + 1))
    assert planned_days(site, first, last) == counted


@settings(max_examples=60)
@given(st.lists(sites, min_size=1, max_size=3), days, days, st.integers(1, 28))
def test_the_table_has_every_segment_of_a_life_with_its_planned_days(
    some: list[SiteHistory], one: date, other: date, starts_on: int
) -> None:
    known = {f"TH-{number:03}": SiteHistory(f"TH-{number:03}", site.steps, site.opened, site.last)
             for number, site in enumerate(some)}  # fmt: skip
    segments = segments_of(days_period(min(one, other), max(one, other)), starts_on)
    segments.append(Segment(date(2024, 2, 1), date(2024, 2, 29)))  # they may overlap
    found = {(row["site"], row["segment"]): row["planned"] for row in planned(known, segments).to_pylist()}
    expected = {
        (code, number): planned_days(site, cut.first, cut.last)
        for code, site in known.items()
        for number, cut in enumerate(segments)
        if max(site.opened or cut.first, cut.first) <= min(site.last or cut.last, cut.last)
    }
    assert found == expected
