"""The desk over the real service and store: a message lives with its session, a class is no visit, the PC restarts
only when nobody is there.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from dated_station import MORNING, DatedStation, World

from kiosk.errors import RefusedError
from kiosk.rules import events as ev
from kiosk.rules.journal_entry import WrongEntry
from kiosk.rules.questions import BadAnswer
from kiosk.rules.station import State
from kiosk.service.power import NOT_DONE
from kiosk.service.refusals import Gone
from kiosk.service.staff import Staff
from kiosk.service.taking_up import agree, recover
from kiosk.store import audit, journal, sessions

WHO = "Lan"
CANARY = "Mời chị Canari ra quầy"
TITLE = "Nộp hồ sơ trực tuyến"


class Line:
    """To supervisor and screens: what was ordered is kept, and answered as a supervisor would."""

    def __init__(self, made: DatedStation) -> None:
        self.made, self.orders, self.shown = made, list[tuple[str, dict[str, Any]]](), dict[str, Any]()

    def send(self, role: str, verb: str, **fields: Any) -> bool:
        self.orders.append((verb, fields))
        return True

    def show(self, state: dict[str, Any]) -> None:
        self.shown = state


@pytest.fixture
def made(tmp_path: Path) -> Iterator[DatedStation]:
    made = DatedStation(tmp_path, World())
    made.world.follow()
    made.start()
    yield made
    made.store.close()


def at_the_desk(made: DatedStation) -> tuple[Staff, Line]:
    """Staff of a service that has just started."""
    line = Line(made)
    made.service.peers = line  # type: ignore[assignment]
    made.service.ask = lambda work: work()  # type: ignore[method-assign,assignment]
    return Staff(made.service), line


def opened(made: DatedStation) -> str:
    session = made.service.station.session
    assert session is not None
    made.service.happen(ev.Opened(session.id))
    return session.id


def over(made: DatedStation) -> None:
    """Covered, dead and wiped."""
    session = made.service.station.wiping
    made.service.happen(ev.Covered())
    assert session is not None
    made.service.happen(ev.Ended(session, True))


def again(made: DatedStation, supervised: str) -> tuple[Staff, Line]:
    """The service starts again, as service/__main__.py does it: its desk first, then what the store remembers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dated_station.recover", lambda _service: None)
        patch.setattr("dated_station.agree", lambda _service, _supervised: None)
        made.start()
    staff, line = at_the_desk(made)
    recover(made.service)
    agree(made.service, supervised)
    made.service.push(made.service.clock.read())
    return staff, line


def test_answers_given_at_the_desk_lie_in_the_live_row_and_go_with_it(made: DatedStation) -> None:
    staff, _line = at_the_desk(made)
    staff.desk.start(WHO, {"first": ["FST_Y"], "person": ["SEX_F", "AGE_60P"]}, 20)
    live = made.store.run(sessions.live)
    assert live is not None and live.entry == "staff" and live.granted == 1200
    assert set(live.answers["codes"]) == {"FST_Y", "SEX_F", "AGE_60P", "GRP_U"}
    opened(made)
    made.run(90)
    staff.staff("finish", WHO)
    over(made)
    assert made.store.run(sessions.live) is None
    assert made.store.run(sessions.tallies, "FST:")[(f"FST:{MORNING:%Y-%m}", "FST_Y")] == 1
    told = [(one.action, one.detail) for one in made.store.run(audit.latest)]
    assert ("start", "") in told and "FST" not in repr(told)


def test_answers_that_cannot_be_start_nobody(made: DatedStation) -> None:
    staff, line = at_the_desk(made)
    with pytest.raises(BadAnswer):
        staff.desk.start(WHO, {"groups": ["GRP_POOR", "GRP_NEARPOOR"]}, None)
    assert made.store.run(sessions.live) is None and [one for one in line.orders if one[0] == "open"] == []


def test_a_message_survives_a_restart_is_seen_once_and_leaves_no_trace(made: DatedStation, tmp_path: Path) -> None:
    staff, line = at_the_desk(made)
    staff.desk.start(WHO, {}, None)
    session = opened(made)
    staff.desk.tell(WHO, session, CANARY)
    assert line.shown["message"]["text"] == CANARY and line.shown["told"]["seen"] == ""
    staff, line = again(made, session)
    told = line.shown["message"]
    assert told["text"] == CANARY, "it survives a restart of the service"
    made.service.happen(ev.Seen("another"))
    assert line.shown["message"] is not None
    made.service.happen(ev.Seen(told["id"]))
    assert line.shown["message"] is None and line.shown["told"]["seen"] == line.shown["told"]["sent"]
    staff, line = again(made, session)
    assert line.shown["message"] is None and line.shown["told"]["seen"], "and so does that it was seen"
    staff.desk.tell(WHO, session, "")
    assert line.shown["told"] is None
    staff.desk.tell(WHO, session, CANARY)
    staff.staff("finish", WHO)
    over(made)
    made.store.close()
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert b"Canari" not in path.read_bytes(), path


def test_a_message_is_for_whom_the_page_showed(made: DatedStation) -> None:
    staff, line = at_the_desk(made)
    with pytest.raises(RefusedError):
        staff.desk.tell(WHO, "nobody", "x")
    staff.desk.start(WHO, {}, None)
    opened(made)
    with pytest.raises(RefusedError):
        staff.desk.tell(WHO, "somebody-before", "x")
    assert line.shown["message"] is None


def test_added_minutes_can_be_taken_back_for_a_short_while(made: DatedStation) -> None:
    staff, line = at_the_desk(made)
    staff.desk.start(WHO, {}, 60)
    session = opened(made)
    staff.staff("extend", WHO, 30)
    assert (line.shown["granted"], line.shown["undo"]) == (5400, 30)
    staff.desk.take_back(WHO, session)
    assert (line.shown["granted"], line.shown["undo"]) == (3600, None)
    live = made.store.run(sessions.live)
    assert live is not None and (live.granted, live.extensions, live.staff_extensions) == (3600, 0, 0)
    staff.staff("extend", WHO, 30)
    made.world.pass_time(31)
    with pytest.raises(RefusedError, match="too late"):
        staff.desk.take_back(WHO, session)
    assert line.shown["granted"] == 5400


def class_running(made: DatedStation) -> tuple[Staff, Line, str]:
    staff, line = at_the_desk(made)
    staff.desk.begin_class(WHO, f"  {TITLE}  ")
    return staff, line, opened(made)


def numbers(made: DatedStation) -> dict[str, int]:
    found = made.store.run(lambda db: db.execute("SELECT code, count FROM day_totals").fetchall())
    return dict(found)


def test_a_class_opens_the_desktop_counts_hours_and_no_visit_and_is_written_down(made: DatedStation) -> None:
    staff, line, session = class_running(made)
    assert line.shown["state"] == "class" and line.shown["cover"] is False and line.shown["class"]["title"] == TITLE
    for event in (ev.Finish(), ev.Extend(), ev.Begin(), ev.SignIn("s9")):
        assert made.service.happen(event) == "class", "no learner ends it, adds time, or begins something else"
    for _ in range(401):
        made.world.pass_time(15)
        made.service.happen(ev.Tick(3600.0))
    assert line.shown["state"] == "class" and line.shown["idle"] is None, "nobody asks a class whether it is there"
    staff.desk.end_class(WHO, session)
    over(made)
    assert line.shown["state"] == "free" and line.shown["end_reason"] is None
    counted = numbers(made)
    assert counted["minutes"] == 101 and not {"visits", "too_short", "end:manager"} & counted.keys()
    assert made.store.run(lambda db: db.execute("SELECT count(*) FROM sessions").fetchone()[0]) == 0
    assert made.store.run(lambda db: db.execute("SELECT count(*) FROM tallies").fetchone()[0]) == 0
    ended = line.shown["class"]["ended"]
    assert ended == (MORNING + timedelta(seconds=6015)).strftime("%H:%M")
    with pytest.raises(WrongEntry):
        staff.desk.write_class(WHO, line.shown["class"]["key"], {"people": "viele"})
    key = line.shown["class"]["key"]
    with pytest.raises(RefusedError, match="not written down"):
        staff.desk.begin_class(WHO, "another")
    assert line.shown["class"]["title"] == TITLE and staff.desk.written_class(key) is None, "no class is lost"
    staff.desk.write_class(WHO, key, {"people": "12", "words": TITLE, "begin": "09:00", "end": ended})
    assert line.shown["class"] is None
    for again in (lambda: staff.desk.write_class(WHO, key, {"people": "9"}), lambda: staff.desk.forget_class(WHO, key)):
        with pytest.raises(Gone):
            again()
    known = staff.desk.written_class(key)
    assert known is not None and known.numbers["people"] == 12
    (one,) = made.store.run(lambda db: journal.lines(db, MORNING.date(), MORNING.date()))
    assert (one.kind, dict(one.numbers), one.words["words"]) == ("class", {"events": 1, "people": 12}, TITLE)


def test_a_class_survives_a_restart_of_the_service_and_a_short_power_cut(made: DatedStation) -> None:
    _staff, _line, session = class_running(made)
    made.world.pass_time(100)
    made.service.happen(ev.Tick())
    _staff, line = again(made, session)
    assert line.shown["state"] == "class" and line.shown["cover"] is False
    made.world.reboot(timedelta(minutes=5))
    made.world.follow()
    _staff, line = again(made, "")
    assert line.shown["state"] == "class" and line.shown["cover"] is True, "covered until its programs are there"
    opened(made)
    assert line.shown["cover"] is False and line.shown["class"]["title"] == TITLE


@pytest.mark.parametrize(("off", "known"), [(timedelta(hours=9), True), (timedelta(minutes=5), False)])
def test_a_class_that_the_power_ended_stays_covered_and_waits_to_be_written(
    made: DatedStation, off: timedelta, known: bool
) -> None:
    class_running(made)
    made.world.pass_time(600)
    made.service.happen(ev.Tick())
    shows = None if known else MORNING - timedelta(days=4000)
    made.world.reboot(off, shows)
    if known:
        made.world.follow()
    _staff, line = again(made, "")
    assert line.shown["state"] in ("free", "closed") and line.shown["cover"] is True and line.shown["resume"] is None
    assert line.shown["class"]["ended"] == "09:10", "where its last heartbeat was"
    assert made.store.run(sessions.live) is None


def test_a_class_is_over_after_the_longest_time_of_the_policy(made: DatedStation) -> None:
    _staff, line, _session = class_running(made)
    for _ in range(4 * 60 * 4 + 2):
        made.world.pass_time(15)
        made.service.happen(ev.Tick(0.0))
    assert made.service.station.state is State.ENDING
    over(made)
    assert line.shown["class"]["ended"] and line.shown["state"] == "free"


def test_the_pc_does_not_restart_under_whoever_answers(made: DatedStation) -> None:
    staff, line = at_the_desk(made)
    assert made.service.happen(ev.Begin()) is None
    assert line.shown["state"] == "asking"
    with pytest.raises(RefusedError, match="Somebody is using"):
        staff.desk.power(WHO, "restart", "")
    assert [one for one in line.orders if one[0] == "power"] == []


def test_the_pc_restarts_only_when_whoever_was_there_is_gone_and_wiped(made: DatedStation) -> None:
    staff, line = at_the_desk(made)
    staff.desk.start(WHO, {}, None)
    session = opened(made)
    with pytest.raises(RefusedError):
        staff.desk.power(WHO, "restart", "")
    with pytest.raises(RefusedError):
        staff.desk.power(WHO, "rm -rf", session)
    later = list[Any]()
    made.service.loop.after = lambda _seconds, work: later.append(work)  # type: ignore[method-assign,assignment]
    staff.desk.power(WHO, "restart", session)
    assert made.service.station.state is State.ENDING
    assert [one for one in line.orders if one[0] == "power"] == [], "not under the wiping"
    over(made)
    for work in list(later):
        work()
    assert [one for one in line.orders if one[0] == "power"] == [("power", {"action": "restart"})]
    staff.desk.power_wish.done(False, "not_root")
    made.service.push(made.service.clock.read())
    assert {"code": NOT_DONE, "detail": "not_root"} in line.shown["troubles"]
    staff.desk.power(WHO, "power_off", "")
    assert ("power", {"action": "power_off"}) in line.orders
    made.service.push(made.service.clock.read())
    assert not [one for one in line.shown["troubles"] if one["code"] == NOT_DONE]
