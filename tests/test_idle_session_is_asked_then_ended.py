"""Nobody there: asked after ten minutes, ended two minutes later; any touch counts."""

from station_play import Play

from kiosk.rules import events as ev
from kiosk.rules.station import State


def test_asked_at_ten_minutes_and_ended_two_minutes_later() -> None:
    play = Play()
    play.sign_in()
    play.run(599, idle=0.001)
    assert play.shown()["idle"] is None
    play.run(1, idle=599.001)
    assert play.shown()["idle"] == 120
    play.run(119, idle=600.001)
    assert play.shown()["idle"] == 1 and play.state() is State.OPEN
    play.run(1, idle=719.001)
    assert (play.end.reason, play.end.charged, play.end.minutes) == ("idle", 720, 12)


def test_a_touch_takes_the_question_away() -> None:
    play = Play()
    play.sign_in()
    play.run(650, idle=0.001)
    assert play.shown()["idle"] is not None
    play.run(1, idle=0)
    assert play.shown()["idle"] is None
    play.run(598, idle=0.001)
    assert play.shown()["idle"] is None and play.state() is State.OPEN


def test_the_answer_counts_even_when_an_old_idle_time_is_still_reported() -> None:
    play = Play()
    play.sign_in()
    play.run(650, idle=0.001)
    play.do(ev.StillHere())
    play.run(500, idle=650)
    assert play.shown()["idle"] is None and play.state() is State.OPEN


def test_a_touch_in_the_last_moment_saves_the_session() -> None:
    play = Play()
    play.sign_in()
    play.run(719, idle=0.001)
    play.sleep(1)
    play.do(ev.Tick(0.5))
    assert play.state() is State.OPEN and play.shown()["idle"] is None


def test_an_answer_that_comes_too_late_changes_nothing() -> None:
    play = Play()
    play.sign_in()
    play.run(719, idle=0.001)
    play.sleep(5)
    play.do(ev.StillHere())
    assert play.end.reason == "idle"


def test_nobody_is_thrown_out_because_idle_time_is_not_known() -> None:
    play = Play()
    play.sign_in()
    play.run(3000, idle=None)
    assert play.state() is State.OPEN and play.shown()["idle"] is None


def test_a_policy_may_do_without_the_question() -> None:
    play = Play({"idle": {"ask_after_minutes": 0}})
    play.sign_in()
    play.run(3599, idle=0.001)
    assert play.state() is State.OPEN
    play.run(1, idle=3599)
    assert play.end.reason == "time_up"


def test_questions_left_alone_go_back_to_start_after_180_seconds() -> None:
    play = Play()
    play.do(ev.Begin())
    play.run(170)
    play.do(ev.Touch())
    play.run(179)
    assert play.state() is State.ASKING
    play.run(1)
    assert play.state() is State.FREE
