"""After a power cut: once, within 15 minutes, the same session; else it ended at its last heartbeat, never at "now"."""

from dataclasses import replace
from datetime import timedelta

import pytest
from station_play import FRIDAY_8, WEEK, Play

from kiosk.rules import events as ev
from kiosk.rules.effects import OfferResume, OpenSession, RecordEnd, RecordHeartbeat, RecordStart, Refuse
from kiosk.rules.session import LiveRow
from kiosk.rules.station import State

OLD = LiveRow("s1", "citizen", 1200.0, 3600.0, 0, "boot-0", 9000.0, FRIDAY_8.timestamp())
PREFS = ev.Prefs("en", large=True)


def booted(away: float = 120, boot: float = 40, row: LiveRow = OLD, **more: object) -> Play:
    """A new boot of age `boot` seconds, `away` seconds after the last heartbeat."""
    play = Play(more.pop("policy", None), trusted=bool(more.pop("trusted", True)))  # type: ignore[arg-type]
    play.boot, play.wall = boot, FRIDAY_8 + timedelta(seconds=away)
    play.do(ev.Recovered(row, PREFS))
    return play


def test_the_offer_names_what_is_left() -> None:
    play = booted()
    assert play.found(OfferResume) == [OfferResume("s1", 2400)]
    shown = play.shown()
    assert (shown["state"], shown["resume"], shown["cover"]) == ("free", {"minutes": 40}, True)
    assert shown["prefs"] == {"lang": "en", "large": True, "contrast": False, "voice": False}


def test_going_on_is_the_same_session_and_no_new_visit() -> None:
    play = booted()
    assert play.do(ev.ResumeAnswer(True)) == (RecordHeartbeat("s1", 1200), OpenSession("s1", PREFS))
    assert play.shown()["resume"] is None and play.shown()["cover"]
    play.run(15)
    play.do(ev.Opened("s1"))
    assert not play.shown()["cover"] and play.shown()["seconds_left"] == 2400
    play.run(2400, every=5)
    assert play.end == RecordEnd("s1", "time_up", 3600, 60, True)
    assert not play.found(RecordStart)


def test_declining_ends_it_at_the_last_heartbeat() -> None:
    play = booted()
    assert play.do(ev.ResumeAnswer(False)) == (RecordEnd("s1", "power", 1200, 20, True),)
    assert play.state() is State.FREE and play.shown()["resume"] is None
    assert play.do(ev.ResumeAnswer(True)) == (Refuse("no_offer"),)


def test_the_next_citizen_at_start_ends_it_too() -> None:
    play = booted()
    assert play.do(ev.Begin()) == (RecordEnd("s1", "power", 1200, 20, True),)
    assert play.state() is State.ASKING


def test_staff_who_sign_somebody_in_end_it_too() -> None:
    play = booted()
    effects = play.do(ev.SignIn("s2", by="staff"))
    assert [type(effect) for effect in effects] == [RecordEnd, RecordStart, OpenSession]


def test_the_offer_ends_when_the_boot_is_fifteen_minutes_old_where_the_date_is_not_trusted() -> None:
    play = booted(away=5_000_000, trusted=False)
    assert play.found(OfferResume)
    play.run(859, every=5)
    assert not play.found(RecordEnd)
    play.run(1)
    assert play.end == RecordEnd("s1", "power", 1200, 20, True)


def test_the_offer_ends_fifteen_minutes_after_the_cut_where_the_date_is_trusted() -> None:
    play = booted(away=600)
    play.run(299)
    assert play.shown()["resume"] is not None
    play.run(1)
    assert play.end.reason == "power"


@pytest.mark.parametrize(("away", "boot"), [(901, 40), (100_000, 40), (120, 900), (-100, 901)])
def test_no_offer_too_late(away: float, boot: float) -> None:
    play = booted(away, boot)
    assert not play.found(OfferResume)
    assert play.end == RecordEnd("s1", "power", 1200, 20, True)


def test_no_offer_where_nothing_is_left() -> None:
    assert booted(row=replace(OLD, charged=3600.0)).end.minutes == 60


def test_no_offer_where_the_policy_has_none() -> None:
    assert booted(policy={"session": {"resume_minutes": 0}}).end.reason == "power"


def test_no_offer_when_the_site_has_closed_meanwhile() -> None:
    play = Play({"hours": WEEK}, at=FRIDAY_8.replace(hour=11, minute=31))
    play.boot = 40
    play.do(ev.Recovered(replace(OLD, wall=FRIDAY_8.replace(hour=11, minute=29).timestamp())))
    assert play.end.reason == "power" and play.state() is State.CLOSED


def test_going_on_ends_at_closing() -> None:
    play = Play({"hours": WEEK}, at=FRIDAY_8.replace(hour=11, minute=20))
    play.boot = 40
    play.do(ev.Recovered(replace(OLD, wall=FRIDAY_8.replace(hour=11, minute=19).timestamp())))
    assert play.shown()["resume"] == {"minutes": 10}
    play.do(ev.ResumeAnswer(True))
    play.do(ev.Opened("s1"))
    play.run(600, every=5)
    assert play.end == RecordEnd("s1", "closing", 1800, 30, True)


def test_a_short_session_cut_off_is_no_visit() -> None:
    play = booted(row=replace(OLD, charged=59.0))
    play.do(ev.ResumeAnswer(False))
    assert play.end == RecordEnd("s1", "power", 59, 1, False)


def test_out_of_order_while_it_is_offered_ends_it() -> None:
    play = booted()
    play.do(ev.OutOfOrder("no mouse"))
    assert play.end.reason == "power" and play.state() is State.OUT_OF_ORDER


def test_nothing_goes_on_without_the_supervisor() -> None:
    play = booted()
    play.do(ev.SupervisorHere(False))
    assert play.do(ev.ResumeAnswer(True)) == (Refuse("no_supervisor"),)
    assert play.shown()["resume"] is not None


def same_boot(away: float, opened: bool = False) -> Play:
    """The service starts again in the boot of the row, `away` seconds after its last heartbeat."""
    play = Play()
    play.do(ev.ServiceRestarted(replace(OLD, boot_id="boot-1", boot=play.boot - away), PREFS, opened))
    return play


def test_a_restart_of_the_service_loses_nothing_and_gives_nothing() -> None:
    play = same_boot(35)
    assert play.all == [RecordHeartbeat("s1", 1235)]
    assert play.state() is State.OPEN and play.shown()["cover"]
    play.run(5)
    play.do(ev.Opened("s1"))
    assert not play.shown()["cover"] and play.shown()["seconds_left"] == 2360
    play.run(2360, every=5)
    assert play.end == RecordEnd("s1", "time_up", 3600, 60, True)


def test_recovery_in_the_same_boot_is_a_restart() -> None:
    play = Play()
    play.do(ev.Recovered(replace(OLD, boot_id="boot-1", boot=play.boot - 3)))
    assert play.state() is State.OPEN and play.shown()["seconds_left"] == 2397


def test_a_restart_after_the_time_was_up_never_uncovers() -> None:
    play = same_boot(5000, opened=True)
    assert play.shown()["seconds_left"] == 0
    play.do(ev.Tick(0))
    assert play.end == RecordEnd("s1", "time_up", 3600, 60, True)


def test_programs_that_did_not_survive_the_restart_end_it_as_a_fault() -> None:
    play = same_boot(3)
    play.do(ev.Ended("s1", True))
    assert play.end.reason == "fault" and play.state() is State.FREE


def test_a_second_live_row_is_refused() -> None:
    play = same_boot(3)
    assert play.do(ev.ServiceRestarted(replace(OLD, session="s9", boot_id="boot-1"))) == (Refuse("busy"),)
    assert play.do(ev.Recovered(replace(OLD, session="s9"))) == (Refuse("busy"),)
    assert play.station.session is not None and play.station.session.id == "s1"
