"""What was kept long enough goes: in small slices, once, under a trusted date, and no total changes by it."""

import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future
from datetime import date
from functools import wraps
from pathlib import Path
from random import Random

import pytest
from memory_play import Play
from sqlite_utils import Database
from store_support import ended, environment, reading

from kiosk.store import Store, audit, facts, losses, sessions, usage
from kiosk.store.folding import SLICE, Kept, before, fold

NOW = reading("2026-11-21T12:00:00+07:00")
# At the edges of 13 months, 5 years and 12 months before that day: the last that goes, the first that stays.
DAYS = ("2019-06-01", "2021-11-20", "2021-11-21", "2025-10-20", "2025-10-21", "2026-11-20")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    opened = Store(tmp_path / "store" / "kiosk.db")
    opened.run(facts.put, "first_use", DAYS[0])
    for day in DAYS:
        for _visit in range(3):
            opened.run(sessions.record, ended(day), [])
        opened.run(usage.opened, day, {"guides/rice": 1})
        opened.run(audit.note, reading(f"{day}T09:00:00+07:00").wall, "Hoa", "start")
    return opened


def days_of(store: Store, table: str, column: str = "day") -> list[str]:
    return [row[0] for row in store.run(lambda db: db.execute(
        f"SELECT DISTINCT substr({column}, 1, 10) FROM {table} ORDER BY 1").fetchall())]  # fmt: skip


def test_each_kind_goes_when_its_time_is_over_and_not_a_day_sooner(store: Store) -> None:
    with store:
        assert fold(store, NOW, Kept()) == {"sessions": 12, "day_totals": 8, "opens": 2, "audit": 5}
        assert days_of(store, "sessions") == list(DAYS[4:])
        assert days_of(store, "day_totals") == days_of(store, "opens") == list(DAYS[2:])
        assert days_of(store, "audit", "at") == [DAYS[5]]
        assert fold(store, NOW, Kept()) == {}, "nothing the second time"
        assert store.run(usage.totals, DAYS[3])["visits"] == 3, "folded into its day, where it always was counted"


def test_the_exact_counts_of_a_month_go_with_its_last_day_and_no_other_tally_does(store: Store) -> None:
    kept = ("FST:2021-11", "NO_PICTURE:2026-10", "GRP_U:undated", "SEX:2021-10")
    with store:
        for table in ("FST:2021-10", "GRP_U:2021-10", "NO_PICTURE:2019-06", *kept):
            store.run(losses.put_tally, table, "visits", 1)
        assert fold(store, NOW, Kept())["tallies"] == 3
        assert {table for table, _side in store.run(sessions.tallies)} == set(kept)


def test_without_a_trusted_date_nothing_goes(store: Store) -> None:
    with store:
        assert fold(store, reading("2046-01-01T12:00:00+07:00", trusted=False), Kept()) == {}
        assert len(days_of(store, "sessions")) == len(DAYS)


def test_what_a_dead_clock_dated_before_the_first_use_stays_to_be_dated_again(store: Store) -> None:
    with store:
        store.run(facts.put, "first_use", "2026-11-01")
        assert fold(store, NOW, Kept()).keys() == {"audit"}


def test_folded_rows_are_gone_from_every_byte_of_the_file(store: Store, tmp_path: Path) -> None:
    with store:
        store.run(sessions.record, ended(DAYS[0], station="CANARY-station"), [])
        assert b"CANARY" in _bytes(tmp_path), "the control"
        fold(store, NOW, Kept())
        store.run(sessions.live)
        assert b"CANARY" not in _bytes(tmp_path)


def _bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in (folder / "store").iterdir() if path.is_file())


@pytest.mark.slow
def test_a_slice_stays_under_twenty_milliseconds(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the processor: what the store's thread waits for on a busy machine is not the slice's."""
    with store:
        store.run(lambda db: db.conn.executemany(
            "INSERT INTO sessions (day, hour, station, seconds, extensions, reason, entry, visit, trusted)"
            " VALUES (?, 9, '01', 60, 0, 'idle', 'citizen', 1, 1)",
            [(f"2020-{1 + n % 12:02}-{1 + n % 28:02}",) for n in range(20_000)]))  # fmt: skip
        lengths = list[float]()
        real = store.submit_later

        def timed(job: Callable[[Database], int]) -> Future[int]:
            @wraps(job)
            def work(db: Database) -> int:
                begun = time.thread_time()
                gone = job(db)
                lengths.append((time.thread_time() - begun) * 1000)
                return gone

            return real(work)

        monkeypatch.setattr(store, "submit_later", timed)
        fold(store, NOW, Kept())
    middle, worst = sorted(lengths)[len(lengths) // 2], max(lengths)
    print(f"{len(lengths)} slices of {SLICE}: median {middle:.1f} ms, longest {worst:.1f} ms")
    assert len(lengths) > 90 and middle < 20


def test_the_day_months_before_is_a_day_that_was() -> None:
    assert before(date(2026, 3, 31), 1) == date(2026, 3, 1)
    assert before(date(2028, 2, 29), 12) == date(2027, 3, 1)
    assert before(date(2026, 1, 15), 13) == date(2024, 12, 15)


FOLDER = """
import sys
from pathlib import Path
from kiosk.store import Store
from kiosk.store.folding import Kept, fold
from store_support import reading
store = Store(Path(sys.argv[1]))
print("ready", flush=True)
fold(store, reading("2026-11-21T12:00:00+07:00"), Kept())
print("done", flush=True)
"""


@pytest.mark.slow
def test_kill_9_at_random_moments_of_a_fold_changes_no_total(tmp_path: Path) -> None:
    seed, kills = time.time_ns() % 1_000_000, 0
    random, play = Random(seed), Play(tmp_path / "home")
    with play.open() as store:
        store.run(facts.put, "first_use", "2020-01-01")
        for number in range(8_000):
            day = f"2025-{1 + number % 9:02}-{1 + number % 28:02}"
            play.visits[day] += 1
        store.run(_many, dict(play.visits))
    left = done = 0
    while not done:
        folder = subprocess.Popen(
            [sys.executable, "-c", FOLDER, str(play.paths.store)], stdout=subprocess.PIPE, text=True, env=environment()
        )
        assert folder.stdout is not None
        folder.stdout.readline()
        time.sleep(random.random() * 0.008)
        folder.kill()
        done = folder.stdout.read().count("done")
        folder.wait(10)
        folder.stdout.close()
        kills += not done
        with play.open() as store:
            assert play.counted(store) == play.visits
            left = store.run(lambda db: db.execute("SELECT count(*) FROM sessions").fetchone()[0])
    print(f"kill -9 during a fold: seed {seed}, {kills} kills until it was through")
    assert left == 0 and kills >= 3


def _many(db, visits: dict[str, int]) -> None:  # type: ignore[no-untyped-def]
    for day, count in visits.items():
        for _visit in range(count):
            sessions.record(db, ended(day), [])
