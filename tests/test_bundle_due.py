"""Which days are due: at the set hour or at the next start, every day since the first, none twice."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from store_support import reading

from kiosk.export import due


def at(text: str, trusted: bool = True) -> due.Reading:
    return reading(f"{text}+07:00", trusted=trusted)


def test_today_is_due_from_the_set_hour_on() -> None:
    assert due.missing("2026-11-21", [], at("2026-11-21T23:29:59"), "23:30") == []
    assert due.missing("2026-11-21", [], at("2026-11-21T23:30:00"), "23:30") == ["2026-11-21"]
    assert due.missing("2026-11-21", [], at("2026-11-22T00:00:00"), "23:30") == ["2026-11-21"]


def test_the_local_day_counts_not_the_utc_day() -> None:
    assert due.missing("2026-11-20", [], reading("2026-11-20T17:30:00+00:00"), "23:30") == ["2026-11-20"]


def test_a_pc_that_was_off_for_weeks_catches_up_on_every_day() -> None:
    days = due.missing("2026-10-01", {"2026-10-01", "2026-10-05"}, at("2026-11-01T08:00:00"), "23:30")
    assert len(days) == 29 and days[0] == "2026-10-02" and days[-1] == "2026-10-31" and "2026-10-05" not in days


def test_with_an_untrusted_date_or_before_the_first_use_nothing_is_due() -> None:
    now = at("2036-11-21T23:59:00", trusted=False)
    assert (
        due.missing("2026-11-21", [], now, "23:30") == [] and due.may_have_changed({"2036-11-20"}, now, "23:30") == []
    )
    assert due.missing(None, [], at("2026-11-21T23:59:00"), "23:30") == []
    assert due.missing("2026-12-01", [], at("2026-11-21T23:59:00"), "23:30") == [], "a clock that was set back"


def test_only_the_last_weeks_are_looked_at_again() -> None:
    have = {(date(2026, 11, 21) - timedelta(days=back)).isoformat() for back in range(400)}
    again = due.may_have_changed(have, at("2026-11-21T12:00:00"), "23:30")
    assert again[0] == "2026-10-16" and again[-1] == "2026-11-20" and len(again) == due.RESTATED_DAYS + 1


DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))


@given(DAYS, st.sets(DAYS, max_size=20), DAYS, st.times(), st.sampled_from(["00:00", "12:00", "23:30"]))
def test_missing_days_and_made_days_together_are_all_days_without_a_gap(
    first: date, made: set[date], today: date, clock: object, hour: str
) -> None:
    have = {day.isoformat() for day in made}
    now = at(f"{today.isoformat()}T{str(clock)[:8]}")
    days = due.missing(first.isoformat(), have, now, hour)
    last = due.last_day(now, hour)
    expected = {(first + timedelta(days=ahead)).isoformat() for ahead in range((last - first).days + 1)}
    assert set(days) == expected - have and days == sorted(days) and len(days) == len(set(days))
    assert last in (today, today - timedelta(days=1))
