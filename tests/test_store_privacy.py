"""Nothing joins an answer to a visit, and nothing of a session's answers outlives it in any file."""

import threading
from pathlib import Path

from store_support import ended, live, reading

from kiosk.store import Store, sessions

CANARIES = [f"CANARY-{number:04}-chim-hoang-yen" for number in range(40)]
SESSION = "5e5510c4-canary"


def _found(folder: Path) -> set[str]:
    """The canaries that stand in any file of the store: database, log, index."""
    content = b"".join(path.read_bytes() for path in folder.iterdir())
    return {canary for canary in (*CANARIES, SESSION) if canary.encode() in content}


def test_answers_and_session_id_are_gone_from_every_file_once_the_session_has_ended(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with Store(folder / "kiosk.db") as store:
        store.run(sessions.start, live(SESSION, {"codes": CANARIES}, prefs={"lang": "vi"}))
        for beat in range(30):
            store.run(sessions.heartbeat, SESSION, float(beat), "boot-1", 1_000.0 + beat, reading().wall)
        assert _found(folder) == {*CANARIES, SESSION}, "the control: they are there while the session runs"
        store.run(sessions.end, SESSION, ended(), [("SEX", "yes")])
        store.run(sessions.live)  # the log is emptied between the end and the next job
        assert _found(folder) == set()
    assert _found(folder) == set()


def test_answers_that_were_checkpointed_while_the_session_ran_are_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with Store(folder / "kiosk.db") as store:
        store.run(sessions.start, live(SESSION, {"codes": CANARIES * 30}))
    assert _found(folder) == {*CANARIES, SESSION}, "the control: closing moved them into the database itself"
    with Store(folder / "kiosk.db") as store:
        store.run(sessions.end, SESSION, ended(), [])
        store.run(sessions.live)
        assert _found(folder) == set()


def test_already_the_next_job_in_a_busy_queue_finds_nothing_of_the_answers(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with Store(folder / "kiosk.db") as store:
        store.run(sessions.start, live(SESSION, {"codes": CANARIES}))
        gate = threading.Event()
        store.submit(lambda db: gate.wait(10))
        ending = store.submit(sessions.end, SESSION, ended(), [])
        next_job = store.submit(lambda db: _found(folder))
        gate.set()
        assert ending.result(10) and next_job.result(10) == set()


def test_only_the_live_row_can_hold_an_answer_and_no_column_joins_visits_to_tallies(tmp_path: Path) -> None:
    with Store(tmp_path / "kiosk.db") as store:
        columns = store.run(
            lambda db: {name: {column.name for column in db.table(name).columns} for name in db.table_names()}
        )
        hidden = store.run(lambda db: db.execute("SELECT name FROM pragma_table_list WHERE wr = 1").fetchall())
    assert {table for table, names in columns.items() if "answers" in names} == {"live"}
    assert columns["tallies"] == {"table_name", "side", "visits"}
    assert columns["tallies"] & columns["sessions"] == set()
    assert not columns["sessions"] & {"session", "answers", "first", "sex", "age", "groups", "wall_started", "name"}
    assert ("tallies",) in hidden, "no rowid either: the order in which answers were counted is not kept"


def test_two_histories_that_differ_in_who_answered_what_leave_the_same_rows(tmp_path: Path) -> None:
    """The strongest form of "cannot be joined": swap the answers of two visits, and every byte of data is the same."""
    kept = []
    for name, order in (("one", (0, 1)), ("other", (1, 0))):
        answers = [[("SEX", "yes"), ("ANY_FIRST", "yes")], [("SEX", "no"), ("ANY_FIRST", "no")]]
        with Store(tmp_path / name / "kiosk.db") as store:
            for visit, chosen in zip((ended(hour=8), ended(hour=15, seconds=99)), order, strict=True):
                store.run(sessions.start, live("s"))
                store.run(sessions.end, "s", visit, answers[chosen])
            tables = ("sessions", "tallies", "day_totals", "live")
            kept.append(
                store.run(lambda db, names=tables: [db.execute(f"SELECT * FROM {n}").fetchall() for n in names])
            )
    assert kept[0] == kept[1]
