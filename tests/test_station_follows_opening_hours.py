"""Closed outside hours, notices before closing, ends at closing; a dead clock battery closes nothing."""

from station_play import FRIDAY_8, WEEK, Play

from kiosk.rules import events as ev
from kiosk.rules.effects import RecordEnd, Refuse
from kiosk.rules.station import State

OFFICE = {"hours": WEEK}
LUNCH = FRIDAY_8.replace(hour=11, minute=30)


def test_free_becomes_closed_and_free_again() -> None:
    play = Play(OFFICE, at=FRIDAY_8.replace(hour=11, minute=29))
    assert play.state() is State.FREE
    play.run(60)
    assert play.state() is State.CLOSED and play.shown()["cover"]
    assert play.do(ev.Begin()) == (Refuse("closed"),)
    play.sleep(7200)
    play.do(ev.Tick())
    assert play.state() is State.FREE


def test_no_session_starts_in_the_last_ten_minutes() -> None:
    play = Play(OFFICE, at=FRIDAY_8.replace(hour=11, minute=20, second=1))
    assert play.do(ev.Begin()) == (Refuse("closing_soon"),)
    assert play.do(ev.SignIn("s1", by="staff")) == (Refuse("closing_soon"),)
    assert play.state() is State.FREE


def test_start_promises_no_more_than_closing_leaves() -> None:
    play = Play(OFFICE, at=FRIDAY_8.replace(hour=11))
    assert play.shown()["minutes"] == 30
    play.sign_in()
    assert play.shown()["granted"] == 1800


def test_notices_are_given_and_the_session_ends_at_closing() -> None:
    play = Play(OFFICE, at=FRIDAY_8.replace(hour=11))
    play.sign_in()
    play.run(899)
    assert play.shown()["closing"] is None
    play.run(1)
    assert play.shown()["closing"] == 15
    play.run(600)
    assert play.shown()["closing"] == 5
    play.run(300)
    assert play.end.reason == "closing" and play.wall == LUNCH
    play.close()
    assert play.state() is State.FREE and play.shown()["end_reason"] == "closing"
    assert play.do(ev.Begin()) == (Refuse("closed"),)
    play.run(9)
    assert play.state() is State.CLOSED and play.shown()["end_reason"] is None


def test_programs_that_took_long_to_open_do_not_push_the_end_past_closing() -> None:
    play = Play(OFFICE, at=FRIDAY_8.replace(hour=11))
    play.do(ev.SignIn("s1"))
    play.run(15)
    play.do(ev.Opened("s1"))
    play.run(1785)
    assert play.end.reason == "closing" and play.end.charged == 1785


def test_a_session_whose_own_minutes_end_before_closing_says_so() -> None:
    play = Play(OFFICE, at=FRIDAY_8.replace(hour=10))
    play.sign_in()
    play.run(3600, every=5)
    assert play.end.reason == "time_up"


def test_a_date_that_is_not_trusted_never_closes() -> None:
    play = Play(OFFICE, at=FRIDAY_8.replace(hour=3), trusted=False)
    assert play.state() is State.FREE and play.shown()["clock_trusted"] is False
    play.sign_in()
    play.run(3599, every=5)
    assert play.state() is State.OPEN and play.shown()["closing"] is None
    play.run(1)
    assert play.end.reason == "time_up" and play.end.charged == 3600


def test_trust_that_comes_while_the_site_is_closed_shuts_the_free_station_not_the_session() -> None:
    play = Play(OFFICE, at=FRIDAY_8.replace(hour=3), trusted=False)
    play.sign_in()
    play.trusted = True
    play.run(600, every=5)
    assert play.state() is State.OPEN
    assert play.do(ev.Extend("staff")) == (Refuse("closing"),)
    play.do(ev.Finish())
    play.close()
    play.run(9)
    assert play.state() is State.CLOSED


def test_closing_sends_those_at_the_questions_home() -> None:
    play = Play(OFFICE, at=FRIDAY_8.replace(hour=11, minute=20))
    play.do(ev.Begin())
    play.run(600, every=100)
    assert play.state() in (State.FREE, State.CLOSED)
    play = Play(OFFICE, at=FRIDAY_8.replace(hour=11, minute=20))
    play.do(ev.Begin())
    for _ in range(6):
        play.do(ev.Touch())
        play.run(100)
    assert play.state() is State.CLOSED and not play.found(RecordEnd)
