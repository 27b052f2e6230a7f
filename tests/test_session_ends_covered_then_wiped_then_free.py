"""Cover, record, kill, wipe, FREE, in this order; FREE only when the supervisor says that nothing is left."""

import pytest
from station_play import Play

from kiosk.rules import events as ev
from kiosk.rules.effects import CoverScreen, EndSession, OpenSession, RecordEnd, RecordStart, Refuse
from kiosk.rules.left_words import left_words
from kiosk.rules.station import State, next_due


def running(seconds: float = 90, **policy: object) -> Play:
    play = Play(dict(policy))
    play.sign_in()
    play.run(seconds)
    return play


def test_recorded_before_it_is_opened_and_covered_until_it_is_there() -> None:
    play = Play()
    effects = play.do(ev.SignIn("s1"))
    assert [type(effect) for effect in effects] == [RecordStart, OpenSession]
    assert play.state() is State.OPEN and play.shown()["cover"] and play.shown()["seconds_left"] == 3600
    play.run(8)
    play.do(ev.Opened("s1"))
    assert not play.shown()["cover"] and play.shown()["seconds_left"] == 3600


@pytest.mark.parametrize(
    ("event", "reason"),
    [(ev.Finish(), "signed_out"), (ev.Finish("manager"), "manager"), (ev.Fault("no browser"), "fault")],
)
def test_cover_comes_before_record_and_kill(event: ev.Event, reason: str) -> None:
    play = running()
    assert play.do(event) == (CoverScreen(), RecordEnd("s1", reason, 90, 2, True))  # type: ignore[arg-type]
    assert play.state() is State.ENDING and play.shown()["cover"] and not play.shown()["wiping"]
    assert play.do(ev.Covered()) == (EndSession("s1"),)
    assert play.shown()["wiping"] and play.shown()["end_reason"] == reason
    assert play.do(ev.Ended("s1", True)) == ()
    assert play.state() is State.FREE and play.station.session is None


def test_a_lock_that_does_not_answer_delays_the_kill_by_a_quarter_second_only() -> None:
    play = running()
    play.do(ev.Finish())
    assert next_due(play.station) == play.boot + 0.25
    play.sleep(0.2)
    assert play.do(ev.Tick()) == ()
    play.sleep(0.05)
    assert play.do(ev.Tick()) == (EndSession("s1"),)
    assert play.do(ev.Covered()) == ()


def test_an_order_without_an_answer_is_repeated_and_never_taken_for_done() -> None:
    play = running()
    play.do(ev.Finish())
    play.do(ev.Covered())
    assert play.run(90) == [EndSession("s1")] * 3
    assert play.state() is State.ENDING


def test_a_supervisor_that_came_back_is_told_again() -> None:
    play = running()
    play.do(ev.Finish())
    play.do(ev.Covered())
    play.do(ev.SupervisorHere(False))
    assert play.do(ev.SupervisorHere(True)) == (EndSession("s1"),)
    play = Play()
    play.do(ev.SignIn("s1"))
    play.do(ev.SupervisorHere(False))
    assert play.do(ev.SupervisorHere(True)) == (OpenSession("s1", ev.Prefs()),)


def test_what_is_not_clean_is_out_of_order_with_its_reason() -> None:
    play = running()
    play.do(ev.Finish())
    play.close(clean=False, detail="processes")
    assert play.state() is State.OUT_OF_ORDER and play.shown()["reason"] == left_words("processes")
    assert play.do(ev.Begin()) == (Refuse("out_of_order"),) == play.do(ev.SignIn("s2", by="staff"))


def test_back_in_service_wipes_once_more_first() -> None:
    play = running()
    play.do(ev.Finish())
    play.close(clean=False)
    assert play.do(ev.InService()) == (CoverScreen(), EndSession("s1"))
    assert play.state() is State.ENDING and play.shown()["end_reason"] is None
    play.do(ev.Ended("s1", True))
    assert play.state() is State.FREE
    assert len(play.found(RecordEnd)) == 1


def test_the_goodbye_stays_eight_seconds_or_until_the_next_touch() -> None:
    play = running()
    play.do(ev.Finish())
    play.close()
    play.run(7.5, every=0.5)
    assert play.shown()["end_reason"] == "signed_out"
    play.run(0.5)
    assert play.shown()["end_reason"] is None
    play.sign_in("s2")
    play.do(ev.Finish())
    play.close("s2")
    play.do(ev.Begin())
    assert play.state() is State.ASKING and play.shown()["end_reason"] is None


def test_the_next_citizen_starts_with_plain_screens() -> None:
    play = Play()
    play.sign_in(prefs=ev.Prefs("en", True, True))
    play.do(ev.Help())
    assert play.shown()["prefs"] == {"lang": "en", "large": True, "contrast": True, "voice": False}
    play.do(ev.Finish())
    play.close()
    assert play.shown()["end_reason"] == "signed_out"
    assert play.shown()["prefs"]["lang"] == "en", "the goodbye is still theirs"
    play.do(ev.Begin())
    assert play.shown()["prefs"] == {"lang": "vi", "large": False, "contrast": False, "voice": False}
    play.do(ev.Cancel())
    assert play.shown()["prefs"] == {"lang": "vi", "large": False, "contrast": False, "voice": False}
    assert not play.shown()["help_asked"]


def test_the_goodbye_forgets_after_some_seconds_how_it_was_read() -> None:
    play = Play()
    play.sign_in(prefs=ev.Prefs("en", True, True, True))
    play.do(ev.Finish())
    play.close()
    assert play.shown()["prefs"] == {"lang": "en", "large": True, "contrast": True, "voice": True}
    play.run(9)
    assert play.shown()["prefs"] == {"lang": "vi", "large": False, "contrast": False, "voice": False}


def test_a_session_under_a_minute_is_recorded_and_is_no_visit() -> None:
    play = running(59)
    play.do(ev.Finish())
    assert play.end == RecordEnd("s1", "signed_out", 59, 1, False)
    play = running(0, session={"visit_min_seconds": 0})
    play.do(ev.Finish())
    assert play.end == RecordEnd("s1", "signed_out", 0, 0, True)


def test_programs_that_die_by_themselves_end_the_session_as_a_fault() -> None:
    play = running()
    effects = play.do(ev.Ended("s1", True))
    assert effects == (CoverScreen(), RecordEnd("s1", "fault", 90, 2, True))
    assert play.state() is State.FREE and play.shown()["cover"]


def test_programs_that_never_come_end_the_session_as_a_fault_without_a_minute() -> None:
    play = Play()
    play.do(ev.SignIn("s1"))
    play.run(61)
    assert play.end == RecordEnd("s1", "fault", 0, 0, False)


def test_programs_of_a_session_that_is_not_ours_are_ended_before_start_shows() -> None:
    play = Play()
    assert play.do(ev.Opened("stray")) == (CoverScreen(), EndSession("stray"))
    assert play.state() is State.ENDING and play.do(ev.Begin()) == (Refuse("ending"),)
    play.do(ev.Ended("stray", True))
    assert play.state() is State.FREE and not play.found(RecordEnd)


def test_words_about_another_session_change_nothing() -> None:
    play = running()
    assert play.do(ev.Ended("other", True)) == ()
    assert play.do(ev.Opened("other")) == (EndSession("other"),)
    assert play.state() is State.OPEN


def test_one_session_at_a_time() -> None:
    play = running()
    assert play.do(ev.SignIn("s2")) == (Refuse("busy"),)
    play.do(ev.Finish())
    assert play.do(ev.SignIn("s2", by="staff")) == (Refuse("ending"),)


def test_entry_is_as_the_policy_allows() -> None:
    play = Play({"entry": {"ways": ["staff"]}})
    assert play.do(ev.Begin()) == (Refuse("entry"),)
    assert play.do(ev.SignIn("s1")) == (Refuse("entry"),)
    play.do(ev.SignIn("s1", by="staff", minutes=15))
    assert play.shown()["granted"] == 900
    play = Play({"entry": {"ways": ["citizen"]}})
    assert play.do(ev.SignIn("s1", by="staff")) == (Refuse("entry"),)
    assert play.do(ev.SignIn("s1", by="citizen", minutes=500)) == (Refuse("minutes"),)


def test_nothing_starts_without_the_supervisor() -> None:
    play = Play()
    play.do(ev.SupervisorHere(False))
    assert play.do(ev.Begin()) == (Refuse("no_supervisor"),)
    assert play.do(ev.SignIn("s1")) == (Refuse("no_supervisor"),)


def test_out_of_order_ends_a_session_first() -> None:
    play = running()
    play.do(ev.OutOfOrder("the screen flickers", "Lan"))
    assert play.end.reason == "manager" and play.state() is State.ENDING
    play.close()
    assert play.state() is State.OUT_OF_ORDER and play.shown()["reason"] == "the screen flickers"
    assert play.do(ev.SignIn("s2", by="staff")) == (Refuse("out_of_order"),)
    play.do(ev.InService())
    assert play.state() is State.FREE and play.shown()["reason"] is None


def test_a_class_begins_only_where_nobody_sits() -> None:
    play = running()
    assert play.do(ev.ClassMode(True)) == (Refuse("busy"),)
    play.do(ev.Finish())
    play.close()
    play.do(ev.ClassMode(True, "c1"))
    play.do(ev.Opened("c1"))
    assert play.shown()["state"] == "class" and play.do(ev.ClassMode(True, "c2")) == (Refuse("class"),)
    assert play.do(ev.Begin()) == (Refuse("class"),) == play.do(ev.SignIn("s2", by="staff"))
    play.do(ev.ClassMode(False))
    play.close("c1")
    assert play.shown()["state"] == "free"


def test_help_is_shown_until_somebody_came() -> None:
    play = Play()
    play.do(ev.Help())
    play.run(300)
    assert play.shown()["help_asked"]
    play.do(ev.Helped())
    assert not play.shown()["help_asked"]


def test_taps_that_come_at_the_wrong_time_do_nothing() -> None:
    play = Play()
    before = play.station
    for event in (ev.Cancel(), ev.StillHere(), ev.Covered(), ev.Fault("x"), ev.Ended("s1", True)):
        assert play.do(event) == ()
    assert play.station == before
    assert play.do(ev.Finish()) == (Refuse("no_session"),) == play.do(ev.Extend()) == play.do(ev.ClassMode(False))
