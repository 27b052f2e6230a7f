"""While the date cannot be trusted all is counted by boot; when trust comes it goes to the days it belongs to."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from dated_station import MORNING, DatedStation, World

from kiosk.clock import LOCAL
from kiosk.errors import RefusedError
from kiosk.export import formats
from kiosk.export.outbox import Identity
from kiosk.export.run import Exporter, export_run
from kiosk.rules import events as ev
from kiosk.rules.answers import Answers
from kiosk.store import audit, bundles, facts, sessions, undated, usage

IN_2010 = datetime(2010, 1, 1, tzinfo=LOCAL)
FIRST = Answers("FST_Y", "SEX_U", "AGE_UNK", frozenset({"GRP_U"}))


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def station(tmp_path: Path, world: World) -> Iterator[DatedStation]:
    made = DatedStation(tmp_path, world)
    yield made
    made.store.close()


def exporter(station: DatedStation, tmp_path: Path) -> Exporter:
    identity = Identity("TH-012", "03", "0.1.0", "cd" * 32)
    return Exporter(station.store, tmp_path / "outbox", identity, "23:30", lambda day: 450)


def dead_battery(station: DatedStation, off: timedelta = timedelta(hours=1)) -> None:
    """Off for a while, and the clock begins at 2010."""
    station.world.reboot(off, IN_2010)
    station.start()


def test_clock_at_2010_on_boot_makes_no_day_of_2010(station: DatedStation) -> None:
    dead_battery(station)
    assert not station.trusted
    station.visit(600)
    station.service.happen(ev.Tick())
    station.run(120)
    assert station.rows() == [] and all(day >= "2026-11-23" for day in station.days())
    assert station.rows("undated_sessions") == [("boot-2", 0, 600, "signed_out")]
    shown = station.service.snapshot
    assert (shown["visits_today"], shown["clock_trusted"]) == (1, False)
    assert shown["clock"]["why_not"] == "before_build"
    assert shown["clock"]["undated"] == {"visits": 1, "minutes": 10, "boots": 1}


def test_a_time_server_gives_the_whole_boot_its_date(station: DatedStation, world: World) -> None:
    """Also over midnight: each visit and each five minutes of opening go to the day that they were in."""
    dead_battery(station, timedelta(hours=14, minutes=40))  # 23:40 in truth
    station.visit(600)
    station.run(900)
    station.visit(600)
    world.follow()
    station.run(61)
    assert [(day, hour) for day, hour, _, _ in station.rows()] == [("2026-11-23", 23), ("2026-11-24", 0)]
    days = station.days()
    assert set(days) == {"2026-11-23", "2026-11-24"}
    assert (days["2026-11-23"]["visits"], days["2026-11-23"]["redated"], days["2026-11-23"]["boots"]) == (1, 1, 2)
    assert (days["2026-11-24"]["visits"], days["2026-11-24"]["redated"]) == (1, 1)
    opened = days["2026-11-23"]["open_seconds"] + days["2026-11-24"]["open_seconds"]
    assert 2_100 <= opened <= 2_162 and abs(days["2026-11-23"]["open_seconds"] - 1_200) <= 300
    assert station.dating.undated == undated.Waiting(0, 0, 0)


def test_a_step_in_the_middle_of_a_session_dates_its_start_and_changes_no_minute(
    station: DatedStation, world: World
) -> None:
    dead_battery(station)
    station.open()
    station.run(300)
    world.follow()
    station.run(300)
    station.finish()
    assert station.rows() == [("2026-11-23", 10, 600, "signed_out")]
    assert "redated" not in station.days()["2026-11-23"], "it was dated before it was ever written"


@pytest.mark.parametrize("years", [-10, 10])
def test_ten_years_in_the_middle_of_a_session_change_nothing_counted(
    station: DatedStation, world: World, years: int
) -> None:
    station.open()
    station.run(300)
    world.step(world.true + timedelta(days=3652.5 * years / 10))
    station.run(2)
    assert not station.trusted and station.is_open
    assert station.service.snapshot["clock"]["why_not"] == "stepped"
    station.run(298)
    station.finish()
    station.visit(120)
    assert station.rows() == [("2026-11-23", 9, 600, "signed_out")]
    assert station.rows("undated_sessions") == [("boot-1", 10, 120, "signed_out")]
    world.follow()
    station.run(2)
    assert [row[:3] for row in station.rows()] == [("2026-11-23", 9, 600), ("2026-11-23", 9, 120)]


def test_a_service_that_restarts_remembers_what_its_boot_knew(station: DatedStation, world: World) -> None:
    station.run(120)
    station.start()
    assert station.trusted, "the last good time is of this boot, and later than its hardware clock was"
    world.step(world.true + timedelta(days=30))
    station.start()
    assert not station.trusted, "a step while the service was away is a step"
    world.follow()
    station.run(1)
    world.follows = False  # the server is gone; what it said stands
    station.start()
    assert station.trusted and station.service.dating.shown(station.clock.read())["because"] == "synchronised"


def test_a_clock_that_stood_still_or_was_saved_is_not_believed(station: DatedStation, world: World) -> None:
    station.run(120)
    world.reboot(timedelta(hours=12), shows=world.wall() + timedelta(seconds=30))
    station.start()
    assert not station.trusted and station.dating.belief.refusal == "saved"
    world.reboot(timedelta(hours=12))
    station.start()
    assert station.trusted, "a battery that lives"
    saved = world.wall() + timedelta(hours=1)
    world.others = (saved,)
    world.reboot(timedelta(days=2), shows=saved)
    station.start()
    assert not station.trusted and station.dating.belief.refusal == "saved"


def test_last_good_time_moves_only_while_trusted(station: DatedStation, world: World) -> None:
    station.visit(120)
    good = station.store.run(facts.good_wall)
    assert good is not None and good > MORNING
    world.step(world.true + timedelta(days=300))
    station.open()
    station.run(120)
    station.finish()
    assert station.store.run(facts.good_wall) == good


def test_what_never_got_a_date_is_kept_counted_and_said(station: DatedStation, world: World) -> None:
    for _ in range(2):
        dead_battery(station)
        station.visit(300)
    world.reboot(timedelta(hours=3))
    station.start()
    station.run(70)
    assert station.trusted and station.rows() == []
    assert station.service.snapshot["clock"]["undated"] == {"visits": 2, "minutes": 10, "boots": 2}
    assert [row[0] for row in station.rows("undated_sessions")] == ["boot-2", "boot-3"]


def test_a_manager_confirms_what_was_shown_and_it_is_in_the_audit(station: DatedStation, world: World) -> None:
    dead_battery(station)
    shown = station.service.snapshot["clock"]["offset"]
    with pytest.raises(RefusedError):  # 2010
        station.dating.confirm("Lan", shown)
    world.step(world.true + timedelta(minutes=2))  # set by hand, nearly right
    with pytest.raises(RefusedError):
        station.dating.confirm("Lan", shown)
    station.tick()
    station.visit(300)
    station.dating.confirm("Lan", station.service.snapshot["clock"]["offset"])
    station.run(2)
    assert station.trusted and station.service.snapshot["clock"]["because"] == "manager"
    assert [row[0] for row in station.rows()] == ["2026-11-23"]
    [entry] = [one for one in station.store.run(audit.latest) if "clock" in one.action]
    assert (entry.who, entry.action, entry.detail[:10]) == ("Lan", "confirm_clock", "2026-11-23")


def test_nothing_is_exported_without_a_date_and_a_restated_day_says_why(
    station: DatedStation, world: World, tmp_path: Path
) -> None:
    out = exporter(station, tmp_path)
    station.visit(300)
    sent = export_run(out, station.clock.read(), "2026-11-23")
    assert [one.revision for one in sent] == [1]
    world.step(datetime(2036, 5, 1, 23, 45, tzinfo=LOCAL))
    station.tick()
    station.visit(600)
    assert export_run(out, station.clock.read()) == []
    for day in ("2026-11-23", "2036-05-01"):
        with pytest.raises(RefusedError):
            export_run(out, station.clock.read(), day)
    assert station.store.run(bundles.days) == {"2026-11-23"}
    world.follow()
    station.run(2)
    world.pass_time(86_400 - 3_600)
    station.run(2)
    [again] = [one for one in export_run(out, station.clock.read()) if one.day == "2026-11-23"]
    bundle = formats.read(again.path.read_bytes())
    assert (again.revision, bundle.day["visits"]) == (2, 2)
    assert {"kind": "reason", "code": "redated", "count": 1} in bundle.lines
    assert all("2026-11-23" <= day <= "2026-11-24" for day in station.store.run(bundles.days))


def month_of(station: DatedStation) -> dict[str, int]:
    """First-time answers by the month that they are counted in."""
    return {table.split(":")[1]: n for (table, side), n in station.tallies().items() if table.startswith("FST:")}


def test_a_month_s_exact_counts_wait_without_boot_or_month_and_follow_the_visits(
    station: DatedStation, world: World
) -> None:
    dead_battery(station, timedelta(days=7, hours=14, minutes=30))  # 30 November, 23:30
    station.open(FIRST)
    station.run(600)
    station.finish()
    assert month_of(station) == {"undated": 1}
    assert not any("boot" in part for table in station.tallies() for part in table)
    world.follow()
    station.run(2)
    assert month_of(station) == {"2026-11": 1}
    assert [row[0] for row in station.rows()] == ["2026-11-30"]


def test_a_month_that_was_told_is_never_told_again_with_one_answer_more(
    station: DatedStation, world: World, tmp_path: Path
) -> None:
    """The difference of the two tellings would be that visitor's answer."""
    station.open(FIRST)
    station.run(300)
    station.finish()
    world.step(world.true + timedelta(days=1000))
    station.open(FIRST)
    station.run(300)
    station.finish()
    world.pass_time(86_400 * 9)  # nobody sees to it until December
    world.follow()
    station.store.run(lambda db: bundles.insert(db, _bundle("2026-12-01")))
    station.run(2)
    assert month_of(station) == {"2026-11": 1, "2026-12": 1}
    assert station.days()["2026-11-23"]["visits"] == 2, "the visit itself has its day"


def _bundle(day: str) -> bundles.Made:
    return bundles.Made(1, day, 1, f"x_{day}", "a" * 64, "0" * 64, "b" * 64, 1, 1, f"{day}T00:00:00+00:00", b"")


def test_a_session_of_an_undated_boot_that_goes_on_after_a_power_cut_is_dated_by_where_it_went_on(
    station: DatedStation, world: World
) -> None:
    dead_battery(station)
    station.open()
    station.run(300)
    world.reboot(timedelta(minutes=1))
    world.hardware_wrong = None
    world.others = ()
    world.follow()
    station.start()
    assert station.service.happen(ev.ResumeAnswer(True)) is None
    station.service.happen(ev.Opened("s1"))
    station.run(300)
    station.finish()
    [(day, hour, seconds, _reason)] = station.rows()
    assert (day, hour) == ("2026-11-23", 10) and 590 <= seconds <= 600


def test_a_session_that_the_power_cut_ended_keeps_the_date_that_it_began_with(
    station: DatedStation, world: World
) -> None:
    station.open()
    station.run(300)
    dead_battery(station, timedelta(minutes=2))
    station.run(20 * 60)
    assert not station.trusted
    assert [(day, hour, reason) for day, hour, _, reason in station.rows()] == [("2026-11-23", 9, "power")]


def test_opens_and_machine_hours_wait_too(station: DatedStation, world: World) -> None:
    dead_battery(station)
    station.run(130)
    place = undated.place(station.clock.read())
    assert place == undated.Place("", "boot-2", 0)
    station.store.run(undated.opened, place, {"guides/rice": 2})
    assert "2010-01-01" not in station.days()
    world.follow()
    station.run(2)
    assert station.store.run(usage.opens, "2026-11-23") == {"guides/rice": 2}
    assert station.days()["2026-11-23"]["boots"] == 2


def test_the_first_day_of_the_station_goes_back_to_the_first_dated_visit(
    station: DatedStation, world: World, tmp_path: Path
) -> None:
    world.step(IN_2010)
    station.start()
    station.visit(300)
    world.pass_time(3 * 86_400)
    world.follow()
    station.store.run(facts.keep_first_use, "2026-11-26")
    station.run(2)
    out = replace(exporter(station, tmp_path), planned=lambda day: 450 if day > date(2026, 11, 1) else 0)
    days = [one.day for one in export_run(out, station.clock.read())]
    assert days == ["2026-11-23", "2026-11-24", "2026-11-25"]


def test_a_gap_of_a_suspend_is_not_charged_and_a_long_one_ends_at_the_last_heartbeat(
    station: DatedStation, world: World
) -> None:
    station.open()
    station.run(100)
    world.pass_time(10 * 60)
    station.run(100)
    assert station.is_open
    station.finish()
    station.open()
    station.run(100)
    world.pass_time(16 * 60)
    station.tick()
    assert not station.is_open
    (_, _, short, _), (_, _, long, reason) = station.rows()
    assert 190 <= short <= 205 and 90 <= long <= 100 and reason == "power"


def test_a_store_of_an_earlier_version_takes_the_new_tables_and_keeps_its_counts(tmp_path: Path, world: World) -> None:
    station = DatedStation(tmp_path, world)
    station.visit(300)
    before = station.days()
    station.store.close()
    again = DatedStation(tmp_path, world)
    assert again.rows() and again.days()["2026-11-23"]["visits"] == before["2026-11-23"]["visits"]
    assert again.store.run(sessions.counts, "2026-11-23") == (1, 1)
    again.store.close()


def test_redating_needs_a_trusted_date(station: DatedStation) -> None:
    from kiosk.store import redating

    now = replace(station.clock.read(), trusted=False, wall=datetime(2036, 1, 1, tzinfo=timezone.utc))
    with pytest.raises(ValueError, match="trusted"):
        station.store.run(redating.redate, now)
