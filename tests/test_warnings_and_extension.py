"""Warnings before the end, more time from the first warning, fair when somebody waits, never past closing."""

import pytest
from station_play import FRIDAY_8, WEEK, Play

from kiosk.rules import events as ev
from kiosk.rules.allowance import granted_at_start, may_start, warning_now, warnings_for
from kiosk.rules.effects import RecordEnd, RecordExtension, RecordStart, Refuse
from kiosk.rules.policy import parse_policy
from kiosk.rules.station import State

POLICY = parse_policy({})


def test_warnings_not_below_the_granted_time_are_left_out() -> None:
    assert warnings_for((10, 5, 1), 3600) == (10, 5, 1)
    assert warnings_for((10, 5, 1), 600) == (5, 1)
    assert warnings_for((10, 5, 1), 301) == (5, 1)
    assert warnings_for((10, 5, 1), 6) == ()


@pytest.mark.parametrize(
    ("left", "warning"), [(3600, None), (601, None), (600, 10), (301, 10), (300, 5), (60, 1), (0, 1)]
)
def test_the_latest_warning_is_the_one_shown(left: float, warning: float | None) -> None:
    assert warning_now((10, 5, 1), 3600, left) == warning


def test_decimal_warnings_of_a_six_second_session() -> None:
    play = Play({"session": {"minutes": 0.1, "warnings": [0.05, 1]}})
    play.sign_in()
    assert (play.shown()["granted"], play.shown()["seconds_left"], play.shown()["warning"]) == (6, 6, None)
    play.run(3)
    assert (play.shown()["seconds_left"], play.shown()["warning"]) == (3, 0.05)
    play.run(3)
    assert play.end.reason == "time_up" and play.end.charged == 6 and play.end.minutes == 1


def test_granted_is_clipped_to_closing() -> None:
    assert granted_at_start(POLICY, None) == 3600
    assert granted_at_start(POLICY, 1200) == 1200
    assert granted_at_start(POLICY, None, 15) == 900
    assert granted_at_start(POLICY, 600, 15) == 600


def test_no_start_near_closing() -> None:
    assert may_start(POLICY, None) and may_start(POLICY, 600)
    assert not may_start(POLICY, 599) and not may_start(POLICY, 0)


def test_more_time_is_offered_from_the_first_warning_only() -> None:
    play = Play()
    play.sign_in()
    assert play.do(ev.Extend()) == (Refuse("not_yet"),)
    play.run(3000, every=5)
    assert play.shown()["extension"] == {"minutes": 30, "offered": True, "why_not": None}
    assert play.do(ev.Extend()) == (RecordExtension("s1", 5400, 1, 1800, "citizen", False),)
    assert play.shown()["seconds_left"] == 2400 and play.shown()["warning"] is None
    assert play.do(ev.Extend()) == (Refuse("not_yet"),)


def test_where_nobody_is_warned_more_time_is_had_only_near_the_end_and_never_days_at_once() -> None:
    play = Play({"session": {"warnings": []}})
    play.sign_in()
    assert play.do(ev.Extend()) == (Refuse("not_yet"),)
    play.run(play.shown()["seconds_left"] - 1790, every=5)
    pressed = [play.do(ev.Extend()) for _again in range(200)]
    assert len(play.found(RecordExtension)) == 1 and pressed[1] == (Refuse("not_yet"),)
    assert play.shown()["seconds_left"] <= 3600


def test_more_time_may_be_had_again_and_again_and_is_one_visit() -> None:
    play = Play()
    play.sign_in()
    for _ in range(3):
        play.run(play.shown()["seconds_left"] - 300, every=5)
        play.do(ev.Extend())
    play.run(3600, every=5)
    assert [record.granted for record in play.found(RecordExtension)] == [5400, 7200, 9000]
    assert len(play.found(RecordStart)) == 1
    assert (play.end.reason, play.end.minutes, play.end.visit) == ("time_up", 150, True)


def test_nobody_extends_while_somebody_waits_but_staff_once() -> None:
    play = Play()
    play.sign_in()
    play.do(ev.Waiting(True))
    play.run(3000, every=5)
    assert play.shown()["extension"]["why_not"] == "waiting"
    assert play.do(ev.Extend()) == (Refuse("waiting"),)
    assert play.do(ev.Extend("staff")) == (RecordExtension("s1", 4500, 1, 900, "staff", True),)
    assert play.do(ev.Extend("staff")) == (Refuse("used"),)
    play.do(ev.Waiting(False))
    assert play.do(ev.Extend("staff")) == (RecordExtension("s1", 6300, 2, 1800, "staff", True),)


def test_staff_need_no_warning_and_may_choose_the_minutes() -> None:
    play = Play()
    play.sign_in()
    assert play.do(ev.Extend("staff", 7.5)) == (RecordExtension("s1", 4050, 1, 450, "staff", False),)


def test_staff_cannot_give_more_than_the_policy_while_somebody_waits() -> None:
    play = Play()
    play.sign_in()
    play.do(ev.Waiting(True))
    assert play.do(ev.Extend("staff", 600)) == (RecordExtension("s1", 4500, 1, 900, "staff", True),)


@pytest.mark.parametrize("minutes", [0, -1, 1441, float("nan"), float("inf")])
def test_minutes_that_are_none_are_refused(minutes: float) -> None:
    play = Play()
    play.sign_in()
    assert play.do(ev.Extend("staff", minutes)) == (Refuse("minutes"),)
    assert play.do(ev.Extend("citizen", 10)) == (Refuse("minutes"),)


def test_an_extension_is_clipped_to_closing() -> None:
    play = Play({"hours": WEEK}, at=FRIDAY_8.replace(hour=10, minute=10))
    play.sign_in()
    play.run(3000, every=5)
    assert play.shown()["extension"] == {"minutes": 20, "offered": True, "why_not": None}
    assert play.do(ev.Extend()) == (RecordExtension("s1", 4800, 1, 1200, "citizen", False),)
    assert play.do(ev.Extend("staff")) == (Refuse("closing"),)
    play.run(1800, every=5)
    assert play.end.reason == "closing" and play.end.minutes == 80


def test_a_policy_without_extension_offers_none() -> None:
    play = Play({"session": {"extension_minutes": 0, "staff_extension_minutes": 0}})
    play.sign_in()
    play.run(3000, every=5)
    assert play.do(ev.Extend()) == (Refuse("used"),)
    assert play.do(ev.Extend("staff")) == (Refuse("used"),)


def test_a_session_too_short_for_any_warning_may_be_extended_at_once() -> None:
    play = Play({"session": {"minutes": 0.1, "extension_minutes": 0.1}})
    play.sign_in()
    assert play.shown()["extension"]["minutes"] == 0.1
    assert play.do(ev.Extend()) == (RecordExtension("s1", 12, 1, 6, "citizen", False),)


def test_more_time_comes_too_late_when_time_is_up() -> None:
    play = Play()
    play.sign_in()
    play.run(3590, every=5)
    play.sleep(10)
    effects = play.do(ev.Extend())
    assert isinstance(effects[1], RecordEnd) and effects[-1] == Refuse("no_session")
    assert play.state() is State.ENDING
