"""One-time tickets: a code's check digit, what becomes of a typed one, and that none is ever good twice."""

from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from station_play import Play

from kiosk.clock import Reading
from kiosk.errors import RefusedError
from kiosk.rules import events as ev
from kiosk.rules import tickets
from kiosk.rules.answers import Answers
from kiosk.rules.effects import OpenSession, RecordEnd, RecordStart
from kiosk.rules.events import Prefs
from kiosk.rules.station import State
from kiosk.service.recorder import Recorder
from kiosk.store import sessions, throttle
from kiosk.store import tickets as kept
from kiosk.store.thread import Store

NUMBERS = st.integers(0, 9_999_999)
NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)  # 12:00 here
WAYS = {"entry": {"ways": ["ticket", "staff"]}}


def at(boot: float, wall: datetime = NOON, trusted: bool = True, boot_id: str = "b1") -> Reading:
    """The clocks at a moment."""
    return Reading(boot, boot_id, wall, trusted)


# The code


@given(NUMBERS)
def test_every_code_is_well_formed_and_shown_in_two_fours(number: int) -> None:
    code = tickets.code_of(number)
    assert tickets.well_formed(code) and len(code) == 8 and tickets.shown(code).split() == [code[:4], code[4:]]


@given(NUMBERS, st.integers(0, 7), st.integers(1, 9))
def test_one_wrong_digit_is_always_seen(number: int, place: int, off: int) -> None:
    code = tickets.code_of(number)
    wrong = code[:place] + str((int(code[place]) + off) % 10) + code[place + 1 :]
    assert not tickets.well_formed(wrong)


@given(NUMBERS, st.integers(0, 6))
def test_two_neighbours_that_changed_places_are_always_seen(number: int, place: int) -> None:
    code = tickets.code_of(number)
    wrong = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert wrong == code or not tickets.well_formed(wrong)


@given(st.text(max_size=12))
def test_what_is_no_code_is_no_code(text: str) -> None:
    assert not tickets.well_formed(text) or (len(text) == 8 and set(text) <= set("0123456789"))


@given(st.none() | st.floats(0, 1e9), st.booleans(), st.floats(0, 1e9), st.booleans())
def test_a_ticket_is_good_unless_used_or_too_old_by_a_trusted_date(
    expires: float | None, used: bool, wall: float, trusted: bool
) -> None:
    why = tickets.why_not(tickets.Ticket("k", 60, expires, used), wall, trusted)
    old = trusted and expires is not None and wall >= expires
    assert why == ("used" if used else "expired" if old else None)


# The station


def test_a_ticket_alone_opens_its_own_minutes_and_is_used_by_its_session_only() -> None:
    play = Play({**WAYS, "session": {"minutes": 60}})
    assert play.shown()["start_refused"] == "entry" and play.shown()["ticket_refused"] is None
    play.do(ev.Begin())
    assert play.state() is State.FREE
    play.do(ev.Begin(tickets.Ticket("k1", 25)))
    assert play.state() is State.ASKING and play.shown()["minutes"] == 25
    start = next(one for one in play.do(ev.SignIn("s1")) if isinstance(one, RecordStart))
    assert (start.by, start.ticket, start.granted) == ("ticket", "k1", 25 * 60)
    assert play.station.ticket is None
    play.do(ev.Opened("s1"))
    play.do(ev.Finish())
    play.do(ev.Ended("s1", True))
    play.run(10)
    assert [one for one in play.do(ev.SignIn("s2")) if isinstance(one, (RecordStart, OpenSession))] == []


@pytest.mark.parametrize("left", [ev.Cancel(), None])
def test_a_citizen_who_turns_back_keeps_the_ticket_and_the_next_has_none(left: ev.Event | None) -> None:
    play = Play({"entry": {"ways": ["citizen", "ticket"]}})
    play.do(ev.Begin(tickets.Ticket("k1", 25)))
    if left is not None:
        play.do(left)
    else:
        play.run(181)
    assert play.state() is State.FREE and play.station.ticket is None
    play.do(ev.Begin())
    start = next(one for one in play.do(ev.SignIn("s1")) if isinstance(one, RecordStart))
    assert (start.by, start.ticket, start.granted) == ("citizen", "", 3600)


def test_a_ticket_goes_where_somebody_waits_but_not_past_closing() -> None:
    hours = {"hours": {"friday": ["07:30-08:20"]}}
    play = Play({**WAYS, **hours})
    play.do(ev.Waiting(True))
    play.do(ev.Begin(tickets.Ticket("k1", 60)))
    assert play.shown()["minutes"] == 20
    assert next(one for one in play.do(ev.SignIn("s1")) if isinstance(one, RecordStart)).granted == 20 * 60
    late = Play({**WAYS, "hours": {"friday": ["07:30-08:05"]}})
    late.do(ev.Begin(tickets.Ticket("k1", 60)))
    assert late.state() is State.FREE and late.shown()["ticket_refused"] == "closing_soon"


# The store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store.db")


def test_no_code_stands_in_the_file(store: Store, tmp_path: Path) -> None:
    code = store.run(kept.make, 60.0, at(1), 1)
    assert store.run(kept.find, code) is not None
    store.close()
    data = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert code.encode() not in data and b"tickets" in data


def test_a_ticket_is_good_to_the_end_of_its_day_and_a_code_is_given_once(store: Store) -> None:
    numbers = count(5)
    take = lambda _top: next(numbers) // 2  # noqa: E731 (each number twice)
    first, second = (store.run(kept.make, 60.0, at(1), 1, take) for _ in range(2))
    assert first != second
    found = store.run(kept.find, first)
    assert found is not None and found.minutes == 60
    assert found.expires == datetime(2026, 11, 20, 17, tzinfo=UTC).timestamp()
    assert tickets.why_not(found, (NOON + timedelta(hours=4, minutes=59)).timestamp(), True) is None
    undated = store.run(kept.find, store.run(kept.make, 60.0, at(1, trusted=False), 1))
    assert undated is not None and undated.expires is None


def start(key: str, session: str) -> RecordStart:
    """The start of a session by ticket."""
    return RecordStart(session, "ticket", Answers(), Prefs(), 1500.0, key)


def test_start_and_use_are_one_transaction(store: Store) -> None:
    code = store.run(kept.make, 25.0, at(1), 1)
    ticket = store.run(kept.find, code)
    assert ticket is not None
    recorder = Recorder(store, "03")
    store.run(sessions.start, sessions.Live("other", "b1", 1, 1, 0, 60, NOON, NOON))
    assert not recorder.start(start(ticket.key, "s1"), at(2)), "another session runs"
    again = store.run(kept.find, code)
    assert again is not None and not again.used and recorder.live is None and not recorder.waiting()
    store.run(lambda db: db.execute("DELETE FROM live"))
    assert recorder.start(start(ticket.key, "s1"), at(3))
    used, live = store.run(kept.find, code), store.run(sessions.live)
    assert used is not None and used.used and live is not None and live.entry == "ticket"
    recorder.end(RecordEnd("s1", "time_up", 60, 1, True), at(100))
    assert not recorder.start(start(ticket.key, "s2"), at(101)) and store.run(sessions.live) is None
    with pytest.raises(RefusedError):
        store.run(kept.redeem, ticket.key)


def test_wrong_codes_cost_a_wait_that_doubles_and_survives_a_reboot(store: Store) -> None:
    def tries(now: Reading) -> tuple[bool, int]:
        return store.run(throttle.begin_try, kept.THROTTLE, now, kept.LIMIT)

    boot = 10.0
    assert [tries(at(boot)) for _ in range(5)] == [(True, 0)] * 4 + [(True, 30)]
    assert tries(at(boot + 1)) == (False, 29)
    assert tries(at(5, NOON + timedelta(days=9), boot_id="b2")) == (False, 25), "a reboot and a clock set forward"
    assert [tries(at(31, boot_id="b2")) for _ in range(5)][-1] == (True, 60)
    code = store.run(kept.make, 25.0, at(1), 1)
    ticket = store.run(kept.find, code)
    assert ticket is not None
    store.run(kept.redeem, ticket.key)
    assert tries(at(32, boot_id="b2")) == (True, 0), "forgiven by a good ticket"


def test_the_wait_ends_growing_at_a_quarter_of_an_hour(store: Store) -> None:
    waits, boot = [], 0.0
    for _ in range(40):
        allowed, wait = store.run(throttle.begin_try, kept.THROTTLE, at(boot), kept.LIMIT)
        assert allowed
        boot += wait
        if wait:
            waits.append(wait)
    assert waits == [30, 60, 120, 240, 480, 900, 900, 900]
