"""The live session and the visits: counted once, forgotten at once, joined by nothing."""

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database
from store_support import ended, live, reading

from kiosk.errors import RefusedError
from kiosk.store import Store, sessions, usage
from kiosk.store.schema import migrations
from tests.tries import tries

REASONS = ("signed_out", "time_up", "idle", "closing", "manager", "power", "fault")


@pytest.fixture
def store(tmp_path: Path):  # type: ignore[no-untyped-def]
    with Store(tmp_path / "kiosk.db") as opened:
        yield opened


def test_a_session_comes_back_as_it_was_kept(store: Store) -> None:
    kept = live(
        "s1",
        {"codes": ["FST_Y", "SEX_F"]},
        prefs={"lang": "vi", "large": True},
        entry="staff",
        trusted=False,
        extensions=2,
        staff_extensions=1,
        charged=12.5,
    )
    store.run(sessions.start, kept)
    assert store.run(sessions.live) == kept


def test_a_second_session_is_refused_and_the_first_stays(store: Store) -> None:
    store.run(sessions.start, live("s1"))
    with pytest.raises(RefusedError):
        store.run(sessions.start, live("s2"))
    store.run(sessions.start, live("s1", granted=9.0))
    running = store.run(sessions.live)
    assert running is not None and (running.session, running.granted) == ("s1", 3_600.0)


def test_heartbeat_and_extension_are_kept_for_a_restart(store: Store) -> None:
    store.run(sessions.start, live("s1"))
    wall = reading().wall + timedelta(seconds=10)
    assert store.run(sessions.heartbeat, "s1", 10.0, "boot-1", 1_010.0, wall)
    assert store.run(sessions.extend, "s1", 5_400.0)
    assert store.run(sessions.extend, "s1", 6_300.0, staff=True)
    expected = replace(
        live("s1"), charged=10.0, boot_beat=1_010.0, wall_beat=wall, granted=6_300.0, extensions=2, staff_extensions=1
    )
    assert store.run(sessions.live) == expected
    assert store.run(sessions.heartbeat, "s1", 11.0, "boot-2", 55.0, wall)
    assert store.run(sessions.live) == replace(
        expected, charged=11.0, boot_id="boot-2", boot_started=55.0, boot_beat=55.0
    )


def test_nothing_is_noted_for_a_session_that_does_not_run(store: Store) -> None:
    store.run(sessions.start, live("s1"))
    assert not store.run(sessions.heartbeat, "s2", 10.0, "boot-1", 1_010.0, reading().wall)
    assert not store.run(sessions.extend, "s2", 5_400.0)
    assert not store.run(sessions.end, "s2", ended(), [("SEX", "yes")])
    assert store.run(sessions.live) == live("s1")
    assert store.run(sessions.tallies) == {} and store.run(sessions.counts, "2026-11-21") == (0, 0)


def test_ending_twice_counts_once(store: Store) -> None:
    store.run(sessions.start, live("s1"))
    assert store.run(sessions.end, "s1", ended(), [("SEX", "yes"), ("FST:2026-11", "FST_Y")])
    assert not store.run(sessions.end, "s1", ended(), [("SEX", "yes"), ("FST:2026-11", "FST_Y")])
    assert store.run(sessions.live) is None
    assert store.run(sessions.counts, "2026-11-21") == (1, 1)
    assert store.run(sessions.tallies) == {("SEX", "yes"): 1, ("FST:2026-11", "FST_Y"): 1}


def test_a_session_too_short_is_kept_is_no_visit_and_its_answers_are_dropped(store: Store) -> None:
    store.run(sessions.start, live("s1", {"codes": ["FST_Y"]}))
    store.run(sessions.end, "s1", ended(seconds=20, visit=False), [("FST:2026-11", "FST_Y")])
    assert store.run(sessions.counts, "2026-11-21") == (0, 0)
    assert store.run(sessions.tallies) == {}
    assert store.run(lambda db: db.execute("SELECT visit, seconds, minutes FROM sessions").fetchall()) == [(0, 20, 1)]
    assert store.run(usage.totals, "2026-11-21") == {"too_short": 1, "seconds": 20, "minutes": 1, "end:signed_out": 1}


def test_an_end_that_fails_leaves_session_and_counts_as_they_were(store: Store) -> None:
    store.run(sessions.start, live("s1"))
    with pytest.raises(sqlite3.IntegrityError):
        store.run(sessions.end, "s1", ended(reason="bored"), [("SEX", "yes")])
    assert store.run(sessions.live) == live("s1")
    assert store.run(usage.totals, "2026-11-21") == {} and store.run(sessions.tallies) == {}


def test_today_and_the_month_are_counted_apart(store: Store) -> None:
    for day in ("2026-10-31", "2026-11-01", "2026-11-20", "2026-11-21", "2026-11-21", "2026-11-22"):
        store.run(sessions.record, ended(day=day), [])
    assert store.run(sessions.counts, "2026-11-21") == (2, 4)


def test_a_boot_id_stays_only_with_an_untrusted_date(store: Store) -> None:
    store.run(sessions.record, ended(trusted=False, boot_id="boot-1"), [])
    with pytest.raises(ValueError, match="untrusted"):
        store.run(sessions.record, ended(trusted=True, boot_id="boot-1"), [])


SESSIONS = st.builds(
    lambda day, seconds, reason, extensions, entry: ended(
        f"2026-11-{day:02}", seconds, reason, visit=seconds >= 60, extensions=extensions, entry=entry
    ),
    st.integers(1, 3),
    st.integers(0, 20_000),
    st.sampled_from(REASONS),
    st.integers(0, 3),
    st.sampled_from(["citizen", "ticket", "staff"]),
)
ROWS = st.lists(st.tuples(st.sampled_from(["SEX", "ANY_FIRST", "FST:2026-11"]), st.sampled_from(["yes", "no"])))


@pytest.mark.slow
@settings(max_examples=tries(60), deadline=None)
@given(st.lists(st.tuples(SESSIONS, ROWS), max_size=12))
def test_totals_always_equal_the_rows_and_a_plain_model(
    history: list[tuple[sessions.Ended, list[tuple[str, str]]]],
) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        totals_equal_rows_and_model(Database(connection, strict=True), history)


def totals_equal_rows_and_model(db: Database, history: list[tuple[sessions.Ended, list[tuple[str, str]]]]) -> None:
    """One history, counted in three ways."""
    migrations.apply(db)
    for number, (one, rows) in enumerate(history):
        sessions.start(db, live(f"s{number}"))
        assert sessions.end(db, f"s{number}", one, rows)
    model = Counter(row for one, rows in history if one.visit for row in rows)
    assert sessions.tallies(db) == model
    for day in ("2026-11-01", "2026-11-02", "2026-11-03"):
        mine = [one for one, _rows in history if one.day == day]
        totals = Counter(usage.totals(db, day))
        assert totals["visits"] == sum(one.visit for one in mine)
        assert totals["too_short"] == sum(not one.visit for one in mine)
        assert totals["seconds"] == sum(one.seconds for one in mine)
        assert totals["assisted"] == sum(one.visit and one.entry == "staff" for one in mine)
        assert totals["extensions"] == sum(one.extensions for one in mine if one.visit)
        ends = {code: count for code, count in totals.items() if code.startswith("end:")}
        assert ends == Counter(f"end:{one.reason}" for one in mine)
        columns = "count(*), coalesce(sum(seconds), 0), coalesce(sum(minutes), 0)"
        kept = db.execute(f"SELECT {columns} FROM sessions WHERE day = ?", (day,)).fetchone()
        assert kept == (len(mine), totals["seconds"], totals["minutes"])
