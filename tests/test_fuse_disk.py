"""The disk of the fault tests: it keeps what was synced, loses what was not, and fails when told."""

import errno
import os
import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fuse_disk import Disk, fuse_disk

pytestmark = [pytest.mark.root, pytest.mark.fuse, pytest.mark.slow]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with fuse_disk(tmp_path / "disk") as made:
        yield made


def test_it_is_a_disk_like_others(disk: Disk) -> None:
    place = disk.folder / "a" / "b"
    place.mkdir(parents=True)
    (place / "one").write_bytes(b"x" * 300_000)
    os.link(place / "one", place / "two")
    os.replace(place / "two", disk.folder / "three")
    (place / "many").mkdir()
    for number in range(300):
        (place / "many" / f"a file with a long name {number}").touch()
    assert len(os.listdir(place / "many")) == 300
    assert (disk.folder / "three").read_bytes() == b"x" * 300_000 and (place / "one").stat().st_nlink == 2
    (place / "one").unlink()
    assert sorted(os.listdir(disk.folder)) == ["a", "three"]
    with pytest.raises(OSError, match="not empty"):
        place.rmdir()


def test_only_what_was_synced_is_there_after_a_cut(disk: Disk) -> None:
    dice, path = random.Random(5), disk.folder / "file"
    kept, now = b"", bytearray()
    handle = os.open(path, os.O_RDWR | os.O_CREAT)
    for _round in range(200):
        at, content = dice.randrange(len(now) + 50), dice.randbytes(dice.randrange(1, 9_000))
        if dice.random() < 0.1:
            os.ftruncate(handle, at)
            now[:] = bytes(now[:at]).ljust(at, b"\0")
        os.pwrite(handle, content, at)
        now[:] = bytes(now).ljust(at, b"\0")
        now[at : at + len(content)] = content
        if dice.random() < 0.2:
            os.fsync(handle)
            kept = bytes(now)
    assert os.pread(handle, 1 << 24, 0) == bytes(now) != kept
    os.close(handle)
    disk.cut()
    assert path.read_bytes() == kept


def test_it_fails_as_it_is_told_and_is_well_again(disk: Disk) -> None:
    handle = os.open(disk.folder / "file", os.O_RDWR | os.O_CREAT)
    disk.say("fail write EIO 2")
    os.write(handle, b"first")
    with pytest.raises(OSError) as caught:
        os.write(handle, b"second")
    assert caught.value.errno == errno.EIO
    disk.say("well")
    disk.say("fail fsync EIO")
    os.write(handle, b"third")
    with pytest.raises(OSError) as caught:
        os.fsync(handle)
    assert caught.value.errno == errno.EIO
    disk.say("well")
    disk.say("room 1000")
    with pytest.raises(OSError) as caught:
        os.write(handle, b"x" * 2_000)
    assert caught.value.errno == errno.ENOSPC
    os.close(handle)
    assert disk.say("well")["failed"] == 3


@pytest.mark.parametrize("synchronous", ["FULL", "OFF"])
def test_a_database_keeps_its_commits_only_where_it_syncs(disk: Disk, synchronous: str) -> None:
    """The control: without syncs the same cut loses them."""
    path = disk.folder / "data.db"
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute(f"PRAGMA synchronous={synchronous}")
    db.execute("CREATE TABLE t (n INTEGER)")
    for number in range(50):
        db.execute("INSERT INTO t VALUES (?)", (number,))
    child = os.fork()
    if child == 0:
        os.kill(os.getpid(), 9)
    os.waitpid(child, 0)
    disk.cut()
    del db
    after = sqlite3.connect(path)
    try:
        found = after.execute("SELECT count(*) FROM t").fetchall()
    except sqlite3.DatabaseError:
        found = []
    after.close()
    assert (found == [(50,)]) == (synchronous == "FULL")
