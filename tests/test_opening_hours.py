"""Open or closed, until when, and when again: weekdays, exceptions, midnight."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from station_play import WEEK

from kiosk.clock import LOCAL, Reading
from kiosk.rules.hours import (
    closing_time,
    hours_text,
    intervals_on,
    is_open,
    next_opening,
    planned_minutes,
    seconds_to_closing,
)
from kiosk.rules.policy import Policy, parse_policy


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


def policy(**hours: Any) -> Policy:
    return parse_policy({"hours": hours})


WORK = policy(**WEEK)
TET = policy(
    **WEEK,
    exceptions=[
        {"date": date(2026, 11, 20), "hours": ["09:00-10:00"], "note": "20/11"},
        {"date": date(2026, 11, 21), "hours": []},
        {"date": date(2026, 11, 22), "hours": ["08:00-09:00"]},
    ],
)
NIGHT = policy(friday=["20:00-24:00"], saturday=["00:00-02:00", "22:00-24:00"])


@pytest.mark.parametrize(
    ("moment", "open_"),
    [
        ("2026-11-20 07:29:59", False),
        ("2026-11-20 07:30:00", True),
        ("2026-11-20 11:29:59", True),
        ("2026-11-20 11:30:00", False),
        ("2026-11-20 13:30:00", True),
        ("2026-11-20 17:00:00", False),
        ("2026-11-22 09:00:00", False),
    ],
)
def test_open_from_the_first_to_before_the_last_minute(moment: str, open_: bool) -> None:
    assert is_open(WORK, at(moment)) is open_


def test_closing_is_the_end_of_the_interval_not_of_the_day() -> None:
    assert closing_time(WORK, at("2026-11-20 08:00")) == at("2026-11-20 11:30")
    assert closing_time(WORK, at("2026-11-20 16:59:59")) == at("2026-11-20 17:00")
    assert closing_time(WORK, at("2026-11-20 12:00")) is None


def test_next_opening_is_after_lunch_tomorrow_or_monday() -> None:
    assert next_opening(WORK, at("2026-11-20 12:00")) == at("2026-11-20 13:30")
    assert next_opening(WORK, at("2026-11-20 17:00")) == at("2026-11-21 07:30")
    assert next_opening(WORK, at("2026-11-21 18:00")) == at("2026-11-23 07:30")
    assert next_opening(WORK, at("2026-11-20 08:00")) is None


def test_an_exception_replaces_the_whole_day() -> None:
    assert not is_open(TET, at("2026-11-20 08:00")) and is_open(TET, at("2026-11-20 09:30"))
    assert closing_time(TET, at("2026-11-20 09:30")) == at("2026-11-20 10:00")
    assert next_opening(TET, at("2026-11-20 10:00")) == at("2026-11-22 08:00")
    assert planned_minutes(TET, date(2026, 11, 20)) == 60
    assert planned_minutes(TET, date(2026, 11, 21)) == 0
    assert planned_minutes(TET, date(2026, 11, 19)) == 450


def test_an_evening_past_midnight_is_one_opening() -> None:
    assert closing_time(NIGHT, at("2026-11-20 23:00")) == at("2026-11-21 02:00")
    assert closing_time(NIGHT, at("2026-11-21 01:59")) == at("2026-11-21 02:00")
    assert is_open(NIGHT, at("2026-11-20 23:59:59")) and is_open(NIGHT, at("2026-11-21 00:00"))


def test_an_evening_until_midnight_closes_at_midnight() -> None:
    assert closing_time(NIGHT, at("2026-11-21 23:00")) == at("2026-11-22 00:00")
    assert not is_open(NIGHT, at("2026-11-22 00:00"))


def test_open_all_week_never_closes() -> None:
    always = policy(**{day: ["00:00-24:00"] for day in (*WEEK, "sunday")})
    assert closing_time(always, at("2026-11-20 08:00")) is None
    assert seconds_to_closing(always, Reading(0, "b", at("2026-11-20 08:00"))) is None


def test_without_hours_always_open() -> None:
    none = parse_policy({})
    assert is_open(none, at("2026-11-22 03:00")) and closing_time(none, at("2026-11-22 03:00")) is None
    assert hours_text(none, at("2026-11-22 03:00")) == "" and planned_minutes(none, date(2026, 11, 22)) == 1440


def test_touching_intervals_are_one() -> None:
    joined = policy(friday=["11:30-17:00", "07:30-11:30"])
    assert [str(one) for one in intervals_on(joined, date(2026, 11, 20))] == ["07:30–17:00"]


def test_the_text_is_of_today_or_names_the_next_open_day() -> None:
    assert hours_text(WORK, at("2026-11-20 06:00")) == "07:30–11:30, 13:30–17:00"
    assert hours_text(WORK, at("2026-11-20 12:00")) == "07:30–11:30, 13:30–17:00"
    assert hours_text(WORK, at("2026-11-21 18:00")) == "07:30–11:30, 13:30–17:00 (23/11)"


def test_a_date_that_is_not_trusted_closes_nothing() -> None:
    night = Reading(0, "b", at("2026-11-20 23:00"), trusted=False)
    assert seconds_to_closing(WORK, night) is None
    assert seconds_to_closing(WORK, Reading(0, "b", at("2026-11-20 23:00"))) == 0.0
    assert seconds_to_closing(WORK, Reading(0, "b", at("2026-11-20 11:29:30"))) == 30.0


minutes = st.integers(0, 1440)


@given(st.lists(st.tuples(minutes, minutes), max_size=4), st.integers(0, 7 * 1440 - 1))
def test_open_and_closing_agree_minute_by_minute(pairs: list[tuple[int, int]], minute: int) -> None:
    """Against the plainest model: a set of open minutes."""
    wanted: set[int] = set()
    texts = []
    for first, last in pairs:
        if first < last and not wanted & set(range(first, last)):
            wanted |= set(range(first, last))
            texts.append(f"{first // 60:02d}:{first % 60:02d}-{last // 60:02d}:{last % 60:02d}")
    if not wanted:
        return
    some = policy(monday=texts, wednesday=texts)
    model = wanted | {2 * 1440 + one for one in wanted}
    local = at("2026-11-16 00:00") + timedelta(minutes=minute)
    assert is_open(some, local) is (minute in model)
    closing, opening = closing_time(some, local), next_opening(some, local)
    week = 7 * 1440
    if minute in model:
        ends = next(m for m in range(minute, minute + week) if m % week not in model)
        assert closing == local + timedelta(minutes=ends - minute) and opening is None
    else:
        starts = next(m for m in range(minute, minute + week + 1) if m % week in model)
        assert opening == local + timedelta(minutes=starts - minute) and closing is None
