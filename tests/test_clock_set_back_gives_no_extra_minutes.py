"""Minutes are boot seconds: the wall clock changes nothing, a sleep is not charged, a long one ends the session."""

from datetime import timedelta

import pytest
from station_play import FRIDAY_8, WEEK, Play

from kiosk.rules import events as ev
from kiosk.rules.effects import RecordHeartbeat
from kiosk.rules.station import State, next_due


@pytest.mark.parametrize("days", [-3650, -365, -1, 0, 1, 365, 3650])
@pytest.mark.parametrize("hours", [{}, {"hours": WEEK}])
def test_the_wall_clock_set_in_mid_session_changes_no_duration(days: int, hours: dict[str, object]) -> None:
    play = Play(hours, at=FRIDAY_8)
    play.sign_in()
    play.run(1000, every=5)
    play.wall += timedelta(days=days)
    play.run(2599, every=5)
    assert play.state() is State.OPEN
    play.run(1)
    assert (play.end.reason, play.end.charged) == ("time_up", 3600)


def test_a_clock_set_back_before_closing_buys_no_extension() -> None:
    play = Play({"hours": WEEK}, at=FRIDAY_8.replace(hour=10, minute=35))
    play.sign_in()
    play.run(3000, every=5)
    play.wall -= timedelta(hours=3)
    play.do(ev.Extend())
    play.run(299, every=5)
    assert play.state() is State.OPEN
    play.run(1)
    assert play.end.reason == "closing" and play.end.charged == 3300


def test_a_short_sleep_is_not_charged() -> None:
    play = Play()
    play.sign_in()
    play.run(100)
    play.sleep(900)
    play.do(ev.Tick(900))
    assert play.shown()["seconds_left"] == 3500 and play.shown()["idle"] is None
    play.run(3500, every=5)
    assert play.end.charged == 3600 and play.end.reason == "time_up"


def test_a_long_sleep_ends_the_session_where_it_fell_asleep() -> None:
    play = Play()
    play.sign_in()
    play.run(100)
    play.sleep(901)
    play.do(ev.Tick(0))
    assert (play.end.reason, play.end.charged, play.end.minutes) == ("power", 100, 2)
    assert play.state() is State.ENDING and play.shown()["cover"]


def test_whatever_wakes_the_station_first_finds_the_time_passed() -> None:
    play = Play()
    play.sign_in()
    play.run(100)
    play.sleep(5000)
    play.do(ev.StillHere())
    assert play.end.reason == "power"


def test_a_pause_of_twenty_seconds_is_no_sleep() -> None:
    play = Play()
    play.sign_in()
    play.sleep(20)
    play.do(ev.Tick(0))
    assert play.shown()["seconds_left"] == 3580


def test_a_sleep_past_closing_ends_with_closing() -> None:
    play = Play({"hours": WEEK}, at=FRIDAY_8.replace(hour=11, minute=10))
    play.sign_in()
    play.run(600, every=5)
    play.sleep(800)
    play.do(ev.Tick(0))
    assert play.end.reason == "closing" and play.end.charged == 600


def test_boot_time_that_stands_still_charges_nothing_and_hurts_nobody() -> None:
    play = Play()
    play.sign_in()
    for _ in range(100):
        play.do(ev.Tick(0))
    play.boot -= 50
    play.do(ev.Tick(0))
    assert play.shown()["seconds_left"] == 3600


def test_a_heartbeat_at_the_opening_and_every_ten_seconds() -> None:
    play = Play()
    play.sign_in()
    play.run(60)
    assert [beat.charged for beat in play.found(RecordHeartbeat)] == [0, 10, 20, 30, 40, 50, 60]


def test_the_end_is_due_to_the_second() -> None:
    play = Play({"session": {"minutes": 0.11}})
    play.sign_in()
    assert next_due(play.station) == pytest.approx(play.boot + 6.6)
