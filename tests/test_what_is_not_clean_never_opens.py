"""What could not be wiped of a session keeps the PC out of service, through whatever restart, until it is gone."""

import pytest
from station_play import FRIDAY_8, Play

from kiosk.rules import events as ev
from kiosk.rules.effects import CoverScreen, EndSession, Refuse
from kiosk.rules.left_words import left_words
from kiosk.rules.session import LiveRow
from kiosk.rules.station import State


def running() -> Play:
    play = Play()
    play.sign_in()
    play.run(90)
    return play


def test_what_was_not_clean_and_is_at_last_is_free_again_by_itself() -> None:
    play = running()
    play.do(ev.Finish())
    play.close(clean=False, detail="files /tmp")
    play.do(ev.Ended("another", True))
    play.do(ev.Ended("s1", False, "hangs"))
    assert play.state() is State.OUT_OF_ORDER and play.shown()["reason"] == left_words("hangs")
    play.do(ev.Ended("s1", True))
    assert play.state() is State.FREE and play.shown()["reason"] is None


def test_what_staff_said_of_it_stays_when_it_is_clean_again() -> None:
    play = running()
    play.do(ev.Finish())
    play.close(clean=False, detail="files /tmp")
    play.do(ev.OutOfOrder("no mouse"))
    assert play.shown()["reason"] == f"no mouse {left_words('files /tmp')}" and "(/tmp)" in play.shown()["reason"]
    play.do(ev.Ended("s1", True))
    assert play.state() is State.OUT_OF_ORDER and play.shown()["reason"] == "no mouse"
    play.do(ev.InService())
    assert play.state() is State.FREE


@pytest.mark.parametrize("clean_of", ["", "s0"])
def test_a_service_that_starts_beside_what_was_not_wiped_never_opens(clean_of: str) -> None:
    """Neither by the supervisor's word at its start nor by that of an end that an earlier service had ordered."""
    play = Play()
    offer = LiveRow("s9", "citizen", 60, 3600, 0, "boot-0", 10, FRIDAY_8.timestamp() - 60)
    play.do(ev.Recovered(offer))
    assert play.shown()["resume"] is not None
    play.do(ev.NotClean("files /tmp") if clean_of == "" else ev.Ended(clean_of, False, "files /tmp"))
    assert play.state() is State.OUT_OF_ORDER and play.shown()["resume"] is None
    assert play.end.reason == "power", "nobody goes on there"
    assert play.do(ev.SignIn("s1", by="staff")) == (Refuse("out_of_order"),)
    assert play.do(ev.InService()) == (CoverScreen(), EndSession(clean_of))
    play.do(ev.Ended(clean_of, False, "files /tmp"))
    assert play.state() is State.OUT_OF_ORDER
    play.do(ev.Ended(clean_of, True))
    assert play.state() is State.FREE


def test_the_end_of_a_session_that_runs_tells_what_is_left_by_itself() -> None:
    play = running()
    play.do(ev.NotClean("files /tmp"))
    assert play.state() is State.OPEN
    play.do(ev.Finish())
    play.do(ev.NotClean("files /tmp"))
    assert play.state() is State.ENDING


def test_a_service_that_came_later_is_free_when_the_supervisor_has_wiped_by_itself() -> None:
    """It was told what is left, and not of whom: the end it hears of is one that an earlier service had ordered."""
    play = Play()
    play.do(ev.NotClean("hangs"))
    assert play.state() is State.OUT_OF_ORDER
    play.do(ev.Ended("s1", True))
    assert play.state() is State.FREE and play.shown()["reason"] is None
