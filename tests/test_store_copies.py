"""Copies: whole or not there, never an answer in one, never a sign-in that waits for one, never fewer after a fault."""

import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from memory_play import Play
from store_support import environment, live, on_small_disk, reading

from kiosk.store import audit, copies, images, sessions, usage

# Every table of the store, and whether a copy may hold it. A new one must be thought about, then named here.
NEVER = {"live", "tickets", "tallies", "windows", "pending", "opens of today", "undated_opens"}
NEVER |= {"missed_words", "missed_hashes", "missed_key"}


@pytest.fixture
def play(tmp_path: Path) -> Play:
    return Play(tmp_path / "home")


def _all(path: Path, table: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        return connection.execute(f"SELECT * FROM {table}").fetchall()
    finally:
        connection.close()


def test_every_table_was_thought_about(play: Play) -> None:
    with play.open() as store:
        tables = set(store.run(lambda db: db.table_names()))
    ours = {name for name in tables if not name.startswith(("sqlite_", "_sqlite_"))}
    assert ours - images.COPIED == NEVER - {"opens of today"}
    assert images.STAYS_HERE <= images.COPIED <= ours


def test_two_copies_with_one_visit_between_them_tell_nothing_of_its_answers(play: Play) -> None:
    """The attack: the rows that were added are one visit's; whatever else changed would be its answers."""
    seen = []
    with play.open() as store:
        keeper = play.keeper(store)
        play.days(store, 3)
        for sex in ("SEX_F", "SEX_M"):
            play.random = Random(0 if sex == "SEX_F" else 1)
            keeper.copy(play.now())
            play.visit(store)
            store.run(usage.opened, play.now().day, {"guides/health": 1})
            store.run(sessions.start, live("running", {"codes": ["CANARY-GRP_POOR"]}))
            [hourly] = keeper.copy(play.now())
            store.run(lambda db: db.execute("DELETE FROM live"))
            older = copies.listed(copies.folder_of(store.path))[1]
            changed = {
                table
                for table in store.run(lambda db: db.table_names())
                if _all(hourly, table) != _all(older.path, table)
            }
            seen.append(changed)
        assert store.run(sessions.tallies), "the control: the store itself has answers"
    assert seen == [{"sessions", "day_totals", "facts"}] * 2, "the visit is there, without anything it said"
    for path in copies.folder_of(play.paths.store).iterdir():
        assert b"CANARY" not in path.read_bytes() and b"ANY_FIRST" not in path.read_bytes()


def test_what_leaves_or_is_kept_for_a_year_has_no_session_no_deed_and_no_pin(play: Play, tmp_path: Path) -> None:
    with play.open() as store:
        store.run(audit.note, play.now().wall, "CANARY-who", "start")
        store.run(lambda db: db.execute("INSERT INTO managers VALUES ('CANARY-name', 'CANARY-hash', 'manager', '')"))
        play.days(store, 2)
        backup = Path(play.keeper(store).backup(tmp_path / "stick", "cli"))
    monthly = [one.path for one in copies.listed(copies.folder_of(play.paths.store)) if one.kind == "monthly"]
    for path in (backup, *monthly):
        assert b"CANARY" not in path.read_bytes()
        assert [_all(path, table) for table in sorted(images.STAYS_HERE)] == [[]] * len(images.STAYS_HERE)
    assert len(_all(backup, "bundles")) == 2 and _all(backup, "day_totals")
    checked = subprocess.run(["sha256sum", "-c", f"{backup.name}.sha256"], cwd=backup.parent, capture_output=True)
    assert checked.returncode == 0 and backup.stat().st_mode & 0o077 == 0


@pytest.mark.slow
def test_three_hourly_seven_daily_and_twelve_monthly_copies_stay(play: Play) -> None:
    with play.open() as store:
        keeper = play.keeper(store)
        for day in range(0, 450, 3):
            play.today = day
            keeper.copy(play.now())
            keeper.copy(play.now())
    have = copies.listed(copies.folder_of(play.paths.store))
    assert Counter(one.kind for one in have) == {"hourly": 3, "daily": 7, "monthly": 12}
    assert all(copies.passes(one.path) for one in have)
    assert len({one.day[:7] for one in have if one.kind == "monthly"}) == 12
    assert have[0].kind == "hourly", "the newest is the fullest"
    names = {path.name for path in copies.folder_of(play.paths.store).iterdir()}
    assert len(names) == 2 * len(have), "no part and no hash is left over"


def test_with_an_untrusted_date_only_hourly_copies_are_made(play: Play) -> None:
    with play.open() as store:
        made = play.keeper(store).copy(reading("2010-01-01T00:00:00+07:00", trusted=False))
    assert [path.name[:6] for path in made] == ["hourly"]


@pytest.mark.slow
def test_an_image_is_of_one_moment_while_sessions_are_counted_in_the_middle_of_it(play: Play) -> None:
    with play.open() as store:
        rows = [(f"item{number:06}" * 8,) for number in range(60_000)]
        store.run(lambda db: db.conn.executemany("INSERT INTO opens VALUES ('2026-01-01', ?, 1)", rows))
        stop = threading.Event()
        counted = 0

        def sign_in_and_out() -> None:
            nonlocal counted
            while not stop.is_set():
                play.visit(store)
                counted += 1

        worker = threading.Thread(target=sign_in_and_out)
        worker.start()
        amid = 0
        for _copy in range(10):
            before = counted
            image = store.image()
            amid += counted - before
            found = image.execute("SELECT count(*) FROM sessions").fetchone()[0]
            totals = image.execute("SELECT sum(count) FROM day_totals WHERE code = 'visits'").fetchone()[0]
            firsts = image.execute("SELECT sum(visits) FROM tallies WHERE table_name LIKE 'FST:%'").fetchone()[0]
            assert found == (totals or 0) == (firsts or 0)
            assert image.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            image.close()
        stop.set()
        worker.join()
    print(f"{amid} sessions counted in the middle of 10 images")
    assert amid > 10, "no session came in between: this test shows nothing"


def test_a_sign_in_waits_for_one_step_of_an_image_and_no_more(play: Play) -> None:
    with play.open() as store:
        gate, order = threading.Event(), list[str]()
        store.submit(lambda db: gate.wait(10))
        taking = threading.Thread(target=lambda: (store.image().close(), order.append("image")))
        taking.start()
        while store._queue.qsize() < 1:
            time.sleep(0.001)

        def first(db: object) -> None:
            order.append("sign-in")

        waiting = [store.submit(first) for _number in range(5)]
        gate.set()
        taking.join(10)
        for future in waiting:
            future.result(10)
    assert order == ["sign-in"] * 5 + ["image"]


@pytest.mark.slow
def test_a_disk_that_fills_at_any_byte_of_a_copy_leaves_the_old_ones_and_says_so(play: Play, tmp_path: Path) -> None:
    script = """
import os
from memory_play import Play
from kiosk.errors import KioskError
from kiosk.store import copies
play = Play(disk / "home")
refused = tried = 0
with play.open() as store:
    play.days(store, 4)
    keeper = play.keeper(store)
    folder = copies.folder_of(store.path)
    for room in range(0, 240, 8):
        tried += 1
        play.visit(store)
        before = {one.path.name: one.path.read_bytes() for one in copies.listed(folder)}
        stat = os.statvfs(disk)
        with open(disk / "filler", "wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(1, stat.f_bavail * stat.f_bsize - room * 1024))
        try: keeper.look(play.now())
        except KioskError as error:
            refused += 1
            assert error.hint
            assert [one["code"] for one in keeper.troubles(play.now().wall)] == ["not_copied"]
            after = {one.path.name: one.path.read_bytes() for one in copies.listed(folder)}
            assert before.items() <= after.items()
            assert all(copies.passes(one.path) for one in copies.listed(folder))
            assert not [path for path in folder.iterdir() if path.name.startswith(".")]
        (disk / "filler").unlink()
        keeper._copied = None
    keeper.look(play.now())
    assert keeper.troubles(play.now().wall) == []
    assert all(copies.passes(one.path) for one in copies.listed(folder))
    assert play.counted(store) == play.visits
print("refused", refused, "of", tried)
"""
    done = on_small_disk(script, tmp_path / "disk", "6m")
    assert done.returncode == 0, done.stderr[-3000:]
    print("full disk during a copy:", done.stdout)
    assert int(done.stdout.split()[1]) > 3, "the disk was never full: this test shows nothing"


COPIER = """
import sys
from pathlib import Path
from memory_play import Play
play = Play(Path(sys.argv[1]), today=int(sys.argv[2]))
with play.open() as store:
    keeper = play.keeper(store)
    print("ready", flush=True)
    while True:
        play.visit(store)
        print("visit", flush=True)
        keeper.copy(play.now())
        print("copy", flush=True)
"""


@pytest.mark.slow
def test_kill_9_at_random_moments_of_a_copy_leaves_only_whole_copies(play: Play) -> None:
    seed, kills = time.time_ns() % 1_000_000, 20
    random, acknowledged, unsaid = Random(seed), 0, 0
    for day in range(kills):
        copier = subprocess.Popen(
            [sys.executable, "-c", COPIER, str(play.home), str(day)],
            stdout=subprocess.PIPE, text=True, env=environment(),
        )  # fmt: skip
        assert copier.stdout is not None
        assert copier.stdout.readline() == "ready\n"
        time.sleep(random.random() * 0.15)
        copier.kill()
        said = copier.stdout.read().split()
        copier.wait(10)
        copier.stdout.close()
        acknowledged += said.count("visit")
        have = copies.listed(copies.folder_of(play.paths.store))
        assert all(copies.passes(one.path) for one in have)
        play.today = day
        with play.open() as store:
            before, unsaid = unsaid, sum(play.counted(store).values()) - acknowledged
            assert before <= unsaid <= before + 1
    print(f"kill -9 during copies: seed {seed}, {kills} kills, {acknowledged} visits acknowledged, none lost")
    assert acknowledged > kills and len(have) > 3
    with play.open() as store:
        play.keeper(store).copy(play.now())
    assert not [path for path in copies.folder_of(play.paths.store).iterdir() if path.name.startswith(".")]


def test_an_image_holds_answers_only_in_memory(play: Play) -> None:
    """The control of the tests above, and why the image is never a file."""
    with play.open() as store:
        play.visit(store)
        image = store.image()
        assert image.execute("PRAGMA database_list").fetchone()[2] == ""
        assert image.execute("SELECT count(*) FROM tallies").fetchone()[0] > 0
        images.strip(image, play.now().day, leaves=False)
        assert image.execute("SELECT count(*) FROM tallies").fetchone()[0] == 0
        image.close()
