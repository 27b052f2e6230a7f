"""The store thread: one connection, jobs in turn, whole or not at all."""

import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlite_utils import Database

from kiosk.errors import RefusedError
from kiosk.store import Store, facts
from kiosk.store.jobs import untransacted


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store" / "kiosk.db"


def test_a_result_comes_back_and_is_there_after_a_restart(path: Path) -> None:
    with Store(path) as store:
        store.run(facts.put, "key", "giá trị")
        assert store.run(facts.get, "key") == "giá trị"
    with Store(path) as store:
        assert store.run(facts.get, "key") == "giá trị"


def test_an_exception_comes_back_and_nothing_of_its_job_is_kept(path: Path) -> None:
    def fails(db: Database) -> None:
        facts.put(db, "key", "half done")
        raise LookupError("in the middle")

    with Store(path) as store:
        with pytest.raises(LookupError, match="in the middle"):
            store.run(fails)
        assert store.run(facts.get, "key") is None


def test_many_threads_take_turns_on_one_connection(path: Path) -> None:
    def add_one(db: Database) -> int:
        value = int(facts.get(db, "n") or 0) + 1
        facts.put(db, "n", str(value))
        return threading.get_ident()

    with Store(path) as store, ThreadPoolExecutor(8) as pool:
        threads = set(pool.map(lambda _n: store.run(add_one), range(200)))
        assert store.run(facts.get, "n") == "200"
    assert len(threads) == 1


def test_a_sign_in_goes_before_the_slices_of_a_report(path: Path) -> None:
    order: list[str] = []
    gate = threading.Event()
    with Store(path) as store:
        store.submit(lambda db: gate.wait(10))
        slices = [store.submit_later(lambda db: order.append("slice")) for _ in range(3)]
        sign_in = store.submit(lambda db: order.append("sign-in"))
        gate.set()
        for future in (sign_in, *slices):
            future.result(10)
    assert order == ["sign-in", "slice", "slice", "slice"]


def test_a_job_may_not_wait_for_another_job(path: Path) -> None:
    with Store(path) as store:
        with pytest.raises(RuntimeError, match="may not wait"):
            store.run(lambda db: store.run(facts.get, "key"))


def test_closing_finishes_what_was_handed_over_and_takes_no_more(path: Path) -> None:
    store = Store(path)
    slow = store.submit(lambda db: time.sleep(0.1))
    written = store.submit_later(facts.put, "key", "kept")
    store.close()
    store.close()
    assert slow.done() and written.done()
    with pytest.raises(RefusedError):
        store.run(facts.get, "key")
    with Store(path) as store:
        assert store.run(facts.get, "key") == "kept"


def test_the_file_is_opened_durable_exclusive_and_forgetting(path: Path) -> None:
    def pragmas(db: Database) -> list[object]:
        names = ("journal_mode", "synchronous", "locking_mode", "secure_delete", "temp_store")
        return [db.conn.execute(f"PRAGMA {name}").fetchone()[0] for name in names]

    with Store(path) as store:
        assert store.run(untransacted(pragmas)) == ["wal", 2, "exclusive", 1, 2]
        assert not path.with_name("kiosk.db-shm").exists()


def test_every_table_of_ours_is_strict(path: Path) -> None:
    with Store(path) as store:
        rows = store.run(lambda db: db.execute("SELECT name, strict FROM pragma_table_list").fetchall())
        loose = {name for name, strict in rows if not strict}
        assert {name for name in loose if not name.startswith(("sqlite_", "_sqlite_"))} == set()
        assert len(rows) - len(loose) >= 10
        with pytest.raises(sqlite3.IntegrityError):
            store.run(lambda db: db.execute("INSERT INTO day_totals VALUES ('2026-11-21', 'visits', 'three')"))


def test_an_epoch_is_random_and_stays(tmp_path: Path) -> None:
    epochs = set()
    for name in ("a", "b", "a"):
        with Store(tmp_path / name / "kiosk.db") as store:
            epochs.add(store.run(facts.epoch))
    assert len(epochs) == 2 and all(len(epoch) == 16 for epoch in epochs)


def test_the_log_stays_short_under_many_writes(path: Path) -> None:
    with Store(path) as store:
        for number in range(300):
            store.run(facts.put, f"key{number % 7}", "x" * 8_000)
        store.run(facts.get, "key1")
        assert path.with_name("kiosk.db-wal").stat().st_size < 4_000_000
