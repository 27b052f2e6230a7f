"""START is never a dead button: the state says why it would be refused, and rules keep the turn of those who wait."""

from typing import Any

import pytest
from station_play import FRIDAY_8, WEEK, Play

from kiosk.rules import events as ev
from kiosk.rules.effects import Refuse
from kiosk.rules.starting import TURN_SECONDS
from kiosk.rules.station import State


def why(play: Play) -> Any:
    return play.shown()["start_refused"]


def test_the_last_minutes_before_closing_say_when() -> None:
    play = Play({"hours": WEEK}, at=FRIDAY_8.replace(hour=11, minute=19))
    assert (why(play), play.shown()["closes_at"]) == (None, "11:30")
    play.run(120)
    assert (why(play), play.shown()["closes_at"]) == ("closing_soon", "11:30")
    assert play.do(ev.Begin()) == (Refuse("closing_soon"),)


def test_no_closing_time_without_a_trusted_date() -> None:
    play = Play({"hours": WEEK}, at=FRIDAY_8.replace(hour=11, minute=25), trusted=False)
    assert (why(play), play.shown()["closes_at"]) == (None, None)


def test_where_only_staff_start() -> None:
    play = Play({"entry": {"ways": ["staff"]}})
    assert why(play) == "entry"
    assert play.do(ev.Begin()) == (Refuse("entry"),)


def test_without_a_supervisor() -> None:
    play = Play()
    play.do(ev.SupervisorHere(False))
    assert why(play) == "no_supervisor"


def test_the_word_is_that_of_start_itself_and_only_said_there() -> None:
    play = Play()
    assert why(play) is None
    play.do(ev.Begin())
    assert why(play) is None and play.state() is State.ASKING
    play.do(ev.SignIn("s1"))
    assert why(play) is None and play.state() is State.OPEN


def finished_while_somebody_waits(reason: str = "finish") -> Play:
    play = Play()
    play.sign_in()
    play.run(100)
    play.do(ev.Waiting(True))
    play.do(ev.Finish("citizen") if reason == "finish" else ev.Fault("broken"))
    play.close()
    assert play.state() is State.FREE
    return play


def test_finish_and_start_give_no_second_hour_over_somebody_who_waits() -> None:
    play = finished_while_somebody_waits()
    assert why(play) == "waiting"
    assert play.do(ev.Begin()) == (Refuse("waiting"),)
    play.do(ev.SignIn("s2", by="citizen"))
    assert play.state() is State.FREE


def test_the_one_who_waits_can_start_alone_after_a_while() -> None:
    play = finished_while_somebody_waits()
    play.run(TURN_SECONDS - 1)
    assert why(play) == "waiting"
    play.run(1)
    assert why(play) is None
    play.do(ev.Begin())
    assert play.state() is State.ASKING


def test_staff_start_the_one_who_waits_at_once_and_nobody_waits_then() -> None:
    play = finished_while_somebody_waits()
    play.do(ev.SignIn("s2", by="staff"))
    assert play.state() is State.OPEN
    assert not play.shown()["waiting"]


def test_a_citizens_start_leaves_the_word_that_somebody_waits() -> None:
    play = Play()
    play.do(ev.Waiting(True))
    play.sign_in()
    assert play.shown()["waiting"]


def test_nobody_waits_any_more() -> None:
    play = finished_while_somebody_waits()
    play.do(ev.Waiting(False))
    assert why(play) is None


def test_staff_may_say_it_just_after_the_end_too() -> None:
    play = Play()
    play.sign_in()
    play.do(ev.Finish("citizen"))
    play.close()
    assert why(play) is None
    play.do(ev.Waiting(True))
    assert why(play) == "waiting"


def test_a_fault_costs_nobody_their_turn() -> None:
    assert why(finished_while_somebody_waits("fault")) is None


def test_who_answers_the_questions_already_is_not_sent_away() -> None:
    play = finished_while_somebody_waits()
    play.do(ev.Waiting(False))
    play.do(ev.Begin())
    play.do(ev.Waiting(True))
    play.sign_in("s2")


@pytest.mark.parametrize("by", ["citizen", "staff"])
def test_a_refused_citizen_is_back_at_start_which_says_why(by: Any) -> None:
    play = Play({"hours": WEEK}, at=FRIDAY_8.replace(hour=11, minute=19, second=55))
    play.do(ev.Begin())
    play.run(10)
    assert play.do(ev.SignIn("s1", by=by)) == (Refuse("closing_soon"),)
    assert play.state() is (State.FREE if by == "citizen" else State.ASKING)
    assert by == "staff" or why(play) == "closing_soon"
