"""What the store says when the disk, the file or a second kiosk is in the way: sentences, exit codes."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from store_support import on_small_disk, python

from kiosk.errors import DamagedError, KioskError
from kiosk.store import Store, facts
from kiosk.store.failures import StoreReadOnly


@pytest.mark.slow
def test_a_second_process_is_told_that_another_kiosk_runs(tmp_path: Path) -> None:
    path = tmp_path / "home" / "store" / "kiosk.db"
    script = (
        "import sys; from pathlib import Path; from kiosk.errors import KioskError; from kiosk.store import Store\n"
        "try: Store(Path(sys.argv[1]))\n"
        "except KioskError as error: print(error.exit_code, error)\n"
    )
    with Store(path):
        second = python("-c", script, str(path))
    assert second.stdout.startswith("4 Another kiosk is already running on"), second
    third = python("-c", script, str(path))
    assert third.stdout == "" and third.returncode == 0, "free again once the first has closed"


@pytest.mark.parametrize("content", [b"this is a letter, not a database" * 200, b"SQLite format 3\0" + b"\xff" * 9_000])
def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "kiosk.db"
    path.write_bytes(content)
    with pytest.raises(DamagedError) as caught:
        Store(path)
    assert caught.value.exit_code == 5 and caught.value.hint
    assert path.read_bytes() == content


def test_a_damaged_page_is_found_when_the_store_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    with Store(path) as store:
        for number in range(400):
            store.run(facts.put, f"key{number}", "x" * 200)
    damaged = bytearray(path.read_bytes())
    damaged[-9_000:-5_000] = os.urandom(4_000)
    path.write_bytes(damaged)
    with pytest.raises(DamagedError):
        Store(path)


@contextmanager
def _as_ordinary_user() -> Iterator[None]:
    """Root may write anywhere, so as root the block runs as nobody."""
    if os.geteuid() != 0:
        yield
        return
    os.setegid(65_534)
    os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


def test_a_home_that_cannot_be_written_is_named() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        os.chmod(folder, 0o755)
        os.chmod(home, 0o555)
        with _as_ordinary_user(), pytest.raises(StoreReadOnly) as caught:
            Store(home / "store" / "kiosk.db")
        assert str(home) in caught.value.message and caught.value.exit_code == 1


def test_a_file_that_cannot_be_written_is_named() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store" / "kiosk.db"
        Store(path).close()
        os.chmod(folder, 0o755)
        os.chmod(path, 0o444)
        os.chmod(path.parent, 0o555)
        with _as_ordinary_user(), pytest.raises(StoreReadOnly):
            Store(path)
        os.chmod(path.parent, 0o755)


FULL = """
from kiosk.store import Store, facts, sessions
from kiosk.store.failures import StoreFull
from store_support import ended, live
path = disk / "home" / "store" / "kiosk.db"
store = Store(path)
acknowledged, refused, filler = 0, 0, disk / "filler"
for number in range(40):
    if 10 <= number < 30:
        store.run(sessions.live)  # the log is emptied by now
        with open(filler, "ab", buffering=0) as file:
            try:
                while True: file.write(bytes(512))
            except OSError: pass
    if number == 30: filler.unlink()
    try:
        store.run(sessions.start, live(f"s{number}"))
        store.run(sessions.end, f"s{number}", ended(), [("SEX", "yes")])
        acknowledged += 1
    except StoreFull:
        refused += 1
        running = store.run(sessions.live)
        assert store.run(sessions.counts, "2026-11-21")[0] == acknowledged
        if running and number >= 30:
            store.run(sessions.end, running.session, ended(), [("SEX", "yes")])
store.close()
store = Store(path)
print(acknowledged, refused, store.run(sessions.counts, "2026-11-21"), store.run(sessions.tallies))
"""


@pytest.mark.slow
def test_a_full_disk_refuses_writes_keeps_what_was_acknowledged_and_goes_on_after(tmp_path: Path) -> None:
    done = on_small_disk(FULL, tmp_path / "disk", "1m")
    assert done.returncode == 0, done.stderr
    acknowledged, refused = map(int, done.stdout.split()[:2])
    assert refused > 0, "the disk was never full: this test shows nothing"
    assert acknowledged >= 10 and acknowledged + refused == 40
    assert f"({acknowledged}, {acknowledged})" in done.stdout
    assert f"{{('SEX', 'yes'): {acknowledged}}}" in done.stdout


@pytest.mark.slow
def test_opening_on_a_full_disk_is_a_sentence(tmp_path: Path) -> None:
    script = """
from kiosk.errors import KioskError
from kiosk.store import Store
with open(disk / "filler", "wb", buffering=0) as file:
    try:
        while True: file.write(bytes(512))
    except OSError: pass
try: Store(disk / "store" / "kiosk.db")
except KioskError as error: print(type(error).__name__, error.hint)
"""
    done = on_small_disk(script, tmp_path / "disk")
    assert done.stdout.startswith("StoreFull Delete"), done


@pytest.mark.slow
def test_a_disk_that_is_mounted_read_only_is_named_also_for_root(tmp_path: Path) -> None:
    script = """
import subprocess
from kiosk.store import Store
from kiosk.store.failures import StoreReadOnly
for path in (disk / "there" / "kiosk.db", disk / "new" / "kiosk.db"):
    if path.parent.name == "there":
        Store(path).close()
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    try: Store(path)
    except StoreReadOnly as error: print(error.message)
"""
    done = on_small_disk(script, tmp_path / "disk")
    assert done.stdout.count("cannot be written.") == 2, done


def test_every_failure_has_a_hint() -> None:
    from kiosk.store import failures

    path = Path("/home/store/kiosk.db")
    for error in (failures.full_disk(path), failures.read_only(path), failures.damaged(path)):
        assert isinstance(error, KioskError) and error.message.endswith(".") and error.hint.endswith(".")
