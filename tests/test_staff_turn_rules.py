"""Staff at the panel on the PC itself, as the rules see it: only where no citizen can be, and as clean as a session."""

from dataclasses import replace

import pytest
from station_play import FRIDAY_8, WEEK, Play

from kiosk.rules import events as ev
from kiosk.rules.effects import CoverScreen, EndSession, OpenSession, OpenStaff, RecordEnd, RecordStart, Refuse
from kiosk.rules.left_words import left_words
from kiosk.rules.station import State

ID = "0123456789abcdef"


def staff_in(play: Play) -> None:
    assert OpenStaff(ID) in play.do(ev.StaffIn(ID))
    assert play.shown()["cover"] is True, "until there is something to see"
    play.do(ev.Opened(ID))
    assert (play.shown()["staff"], play.shown()["cover"]) == ("open", False)


def refused(play: Play, event: ev.Event) -> str | None:
    return next((effect.code for effect in play.do(event) if isinstance(effect, Refuse)), None)


def test_staff_come_and_go_and_nothing_is_counted() -> None:
    play = Play()
    staff_in(play)
    assert play.shown()["state"] == "free" and play.shown()["start_refused"] == "staff"
    play.run(3600)
    assert play.shown()["staff"] == "open", "the rules know no minutes for staff"
    assert CoverScreen() in play.do(ev.StaffOut())
    assert (play.shown()["staff"], play.shown()["cover"]) == ("ending", True)
    assert EndSession(ID) in play.do(ev.Covered())
    assert refused(play, ev.Begin()) == "staff", "nobody begins before the PC is wiped"
    play.do(ev.Ended(ID, clean=True))
    assert play.shown()["staff"] is None and refused(play, ev.Begin()) is None
    assert not [effect for effect in play.all if isinstance(effect, (RecordStart, RecordEnd, OpenSession))]


@pytest.mark.parametrize("way", ["begin", "sign_in", "staff_start"])
def test_no_citizen_begins_meanwhile(way: str) -> None:
    play = Play()
    staff_in(play)
    events = {"begin": ev.Begin(), "sign_in": ev.SignIn("a"), "staff_start": ev.SignIn("a", by="staff")}
    assert refused(play, events[way]) == "staff"
    assert play.shown()["staff"] == "open"


def test_a_lock_that_does_not_answer_delays_the_end_by_a_moment_only() -> None:
    play = Play()
    staff_in(play)
    play.do(ev.StaffOut())
    assert EndSession(ID) in play.run(1, every=0.3)
    assert EndSession(ID) in play.run(40), "an order that nobody answers is given again"


def test_staff_are_let_in_only_where_no_program_of_a_citizen_can_live() -> None:
    play = Play()
    play.do(ev.Begin())
    assert refused(play, ev.StaffIn(ID)) == "busy"
    play.do(ev.SignIn("s1"))
    play.do(ev.Opened("s1"))
    assert refused(play, ev.StaffIn(ID)) == "busy"
    play.do(ev.Finish())
    assert refused(play, ev.StaffIn(ID)) == "ending"
    play.do(ev.Covered())
    play.do(ev.Ended("s1", clean=False))
    assert play.state() is State.OUT_OF_ORDER and refused(play, ev.StaffIn(ID)) == "not_clean"
    play.do(ev.InService())
    play.do(ev.Ended("s1", clean=True))
    assert refused(play, ev.StaffIn(ID)) is None
    assert refused(play, ev.StaffIn("other")) == "staff"


def test_staff_are_let_in_also_when_it_is_closed_or_out_of_order() -> None:
    closed = Play({"hours": WEEK}, at=FRIDAY_8.replace(hour=12))
    closed.run(1)
    assert closed.state() is State.CLOSED and refused(closed, ev.StaffIn(ID)) is None
    broken = Play()
    broken.do(ev.OutOfOrder("keyboard"))
    staff_in(broken)
    broken.do(ev.StaffOut())
    broken.run(1)
    broken.do(ev.Ended(ID, clean=True))
    assert broken.state() is State.OUT_OF_ORDER, "as it was"


def test_a_class_and_staff_are_not_at_one_pc() -> None:
    play = Play()
    staff_in(play)
    assert refused(play, ev.ClassMode(True, session="c1")) == "staff"
    lesson = Play()
    lesson.do(ev.ClassMode(True, session="c1"))
    assert refused(lesson, ev.StaffIn(ID)) == "busy"


def test_what_staff_do_on_the_panel_there_is_done_and_lasts() -> None:
    play = Play()
    staff_in(play)
    play.do(ev.OutOfOrder("mouse"))
    assert (play.shown()["state"], play.shown()["cover"]) == ("out_of_order", False)
    play.do(ev.StaffOut())
    play.run(1)
    play.do(ev.Ended(ID, clean=True))
    assert play.shown()["state"] == "out_of_order" and play.shown()["cover"] is True


def test_what_was_not_wiped_takes_the_pc_out_of_service() -> None:
    play = Play()
    staff_in(play)
    play.do(ev.StaffOut())
    play.run(1)
    play.do(ev.Ended(ID, clean=False, detail="files"))
    assert play.state() is State.OUT_OF_ORDER and play.shown()["reason"] == left_words("files")
    assert EndSession(ID) in play.do(ev.InService()), "it is wiped once more first"


def test_a_supervisor_that_goes_covers_and_one_that_comes_is_told_to_end_it() -> None:
    play = Play()
    staff_in(play)
    assert CoverScreen() in play.do(ev.SupervisorHere(False))
    play.run(2)
    assert EndSession(ID) in play.do(ev.SupervisorHere(True))
    assert play.shown()["cover"] is True


def test_a_browser_that_never_comes_ends_the_turn() -> None:
    play = Play()
    play.do(ev.StaffIn(ID))
    assert EndSession(ID) in play.run(60)


def test_what_a_new_service_does_not_know_is_ended_before_anybody_begins() -> None:
    play = Play()
    assert EndSession(ID) in play.do(ev.Stray(ID))
    assert refused(play, ev.Begin()) == "staff" and play.shown()["cover"] is True
    play.do(ev.Ended("another", clean=True))
    assert refused(play, ev.Begin()) == "staff"
    play.do(ev.Ended(ID, clean=True))
    assert refused(play, ev.Begin()) is None


def test_without_a_supervisor_nobody_comes_in() -> None:
    play = Play()
    play.station = replace(play.station, supervisor_here=False)
    assert refused(play, ev.StaffIn(ID)) == "no_supervisor"
