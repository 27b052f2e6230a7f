"""Accessible mode: every limit is twice as long, closing time still wins, and nothing of it is left afterwards."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from station_play import FRIDAY_8, WEEK, Play
from store_support import ended, live

from kiosk.rules import events as ev
from kiosk.rules.accessible import FACTOR, WAITS_SECONDS, stretched
from kiosk.rules.effects import RecordExtension, RecordFactor, RecordStart, Refuse
from kiosk.rules.policy import Policy, parse_policy
from kiosk.rules.session import LiveRow
from kiosk.store import Store, sessions
from tests.tries import tries

DOUBLED = {
    "session": ("minutes", "extension_minutes", "staff_extension_minutes", "warnings", "last_screen_seconds"),
    "idle": ("ask_after_minutes", "answer_seconds", "sign_in_reset_seconds"),
}
ON, OFF = ev.Accessible(True), ev.Accessible(False)
MINUTES = st.integers(1, 240)
POLICIES = st.fixed_dictionaries({
    "session": st.fixed_dictionaries({
        "minutes": MINUTES, "extension_minutes": st.integers(0, 90), "staff_extension_minutes": st.integers(0, 60),
        "warnings": st.lists(st.integers(1, 30), min_size=1, max_size=3, unique=True),
        "last_screen_seconds": st.integers(0, 300),
    }),
    "idle": st.fixed_dictionaries({
        "ask_after_minutes": st.integers(0, 30), "answer_seconds": st.integers(5, 300),
        "sign_in_reset_seconds": st.integers(10, 300),
    }),
})  # fmt: skip


def by_hand(data: dict[str, Any]) -> Policy:
    """The policy with every number of DOUBLED doubled in the file itself."""

    def twice(value: Any) -> Any:
        return [one * 2 for one in value] if isinstance(value, list) else value * 2

    return parse_policy({
        part: {key: twice(value) if key in DOUBLED[part] else value for key, value in fields.items()}
        for part, fields in data.items()
    })  # fmt: skip


@given(POLICIES)
def test_every_limit_is_twice_and_nothing_else_changes(data: dict[str, Any]) -> None:
    policy = parse_policy(data)
    longer = stretched(policy)
    for part in Policy.model_fields:
        before, after = getattr(policy, part), getattr(longer, part)
        if part not in DOUBLED:
            assert after == before, part
            continue
        for key, value in before:
            twice = tuple(one * 2 for one in value) if isinstance(value, tuple) else value * 2
            assert getattr(after, key) == (twice if key in DOUBLED[part] else value), (part, key)
    assert FACTOR == 2


@settings(max_examples=tries(40), deadline=None)
@given(POLICIES, st.lists(st.sampled_from(["idle", "busy", "extend", "staff", "here"]), max_size=12))
def test_a_session_lives_as_one_under_a_doubled_policy(data: dict[str, Any], events: list[str]) -> None:
    accessible, doubled = Play(data), Play()
    doubled.policy = by_hand(data)
    accessible.do(ON)
    for play in (accessible, doubled):
        play.sign_in()
        for name in events:
            if name == "idle":
                play.run(400, idle=400, every=19)
            elif name == "busy":
                play.run(400, every=19)
            else:
                wish: dict[str, ev.Event] = {"extend": ev.Extend(), "staff": ev.Extend("staff"), "here": ev.StillHere()}
                play.do(wish[name])
    told, other = accessible.shown(), doubled.shown()
    assert {**told, "accessible": None} == {**other, "accessible": None}
    assert accessible.found(RecordExtension) == doubled.found(RecordExtension)


def test_sign_in_waits_twice_as_long() -> None:
    play = Play()
    play.do(ON)
    assert play.shown()["minutes"] == 120 and play.shown()["sign_in_reset_seconds"] == 360
    play.do(ev.Begin())
    play.run(359)
    assert play.state() == "asking"
    play.run(2)
    assert play.state() == "free"


@given(st.integers(1, 3600))
def test_closing_time_still_wins(after: int) -> None:
    play = Play({"hours": WEEK}, at=FRIDAY_8.replace(hour=11, minute=30) - timedelta(seconds=after + 600))
    play.sign_in()
    play.run(30, every=10)
    play.do(ON)
    assert play.shown()["granted"] <= after + 600
    play.run(after + 600, every=15)
    assert play.end.charged <= after + 600
    if after + 600 < 7200:
        assert play.end.reason == "closing"


def test_in_the_middle_of_a_session_the_grant_is_doubled_and_is_no_extension() -> None:
    play = Play()
    play.sign_in()
    play.run(3000, every=10)
    play.do(ON)
    assert play.shown()["granted"] == 7200 and play.shown()["seconds_left"] == 4200
    assert play.found(RecordFactor) == [RecordFactor("s1", 2.0, 7200)]
    assert play.found(RecordExtension) == []
    assert play.do(ON) == (), "a second touch doubles nothing again"
    play.run(4200, every=10)
    assert (play.end.reason, play.end.charged) == ("time_up", 7200)


def test_switched_off_by_mistake_it_leaves_time_to_save() -> None:
    play = Play()
    play.sign_in()
    play.do(ON)
    play.run(600, every=10)
    play.do(OFF)
    assert play.shown()["granted"] == 3600
    play.do(ON)
    play.run(5400, every=10)
    play.do(OFF)
    assert play.shown()["seconds_left"] == 1200, "the first doubled warning"


def test_it_ends_with_the_session_and_is_not_for_the_next() -> None:
    play = Play()
    play.do(ON)
    play.sign_in()
    assert play.found(RecordStart)[0].time_factor == 2
    play.do(ev.Finish())
    play.close()
    assert play.shown()["accessible"] is False and play.shown()["minutes"] == 60


def test_nobody_came() -> None:
    play = Play()
    play.do(ON)
    play.run(WAITS_SECONDS - 1, every=19)
    assert play.shown()["accessible"] is True
    play.run(2)
    assert play.shown()["accessible"] is False


def test_not_while_the_pc_is_for_nobody() -> None:
    play = Play()
    play.do(ev.OutOfOrder("broken"))
    assert play.do(ON) == (Refuse("no_session"),)


def test_a_power_cut_or_restart_does_not_take_it_away() -> None:
    row = LiveRow("s1", "citizen", 1000.0, 7200.0, 0, "boot-0", 900.0, None, time_factor=2.0)
    play = Play()
    play.boot = 60.0
    play.do(ev.Recovered(row))
    play.do(ev.ResumeAnswer(True))
    assert play.shown()["accessible"] is True and play.shown()["seconds_left"] == 6200
    again = Play()
    again.do(ev.ServiceRestarted(LiveRow("s1", "citizen", 0.0, 7200.0, 0, "boot-1", 100.0, None, time_factor=2.0),
                                 opened=True))  # fmt: skip
    assert again.shown()["accessible"] is True


def test_the_store_keeps_it_in_the_live_row_only(tmp_path: Path) -> None:
    with_it = [name for name in _columns(tmp_path) if "factor" in name or "accessible" in name]
    assert with_it == ["live.time_factor"]


def _columns(folder: Path) -> list[str]:
    store = Store(folder / "kiosk.db")
    try:
        return list(store.run(_named))
    finally:
        store.close()


def _named(db: Any) -> list[str]:
    return [f"{table.name}.{column.name}" for table in db.tables for column in table.columns]


@pytest.mark.parametrize("changed", [True, False])
def test_the_live_row_takes_the_factor_and_loses_it_at_the_end(tmp_path: Path, changed: bool) -> None:
    store = Store(tmp_path / "kiosk.db")
    try:
        store.run(lambda db: sessions.start(db, live()))
        if changed:
            assert store.run(lambda db: sessions.stretch(db, live().session, 2.0, 7200.0))
        kept = store.run(sessions.live)
        assert kept is not None
        assert (kept.time_factor, kept.granted) == ((2.0, 7200.0) if changed else (1.0, live().granted))
        assert kept.extensions == live().extensions
        assert store.run(lambda db: sessions.end(db, live().session, ended(), []))
        assert store.run(sessions.live) is None
    finally:
        store.close()
