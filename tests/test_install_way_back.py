"""Where an upgrade goes back, the store goes with it if only steps were taken, and stays if visits were counted."""

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.store import Store, sessions
from tests.store_support import ended

INSTALL = Path(__file__).resolve().parent.parent / "scripts" / "install"
GO_BACK = f"""
import sys
sys.path.insert(0, {str(INSTALL)!r})
from pathlib import Path
import upgrade
upgrade.STORE = Path(sys.argv[1])
upgrade.KEPT = upgrade.STORE.with_name("before_upgrade")
upgrade.put_store_back()
"""
LATER = "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('kiosk', 'later', '2026-11-21')"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """One visit, a verified copy of it aside as an upgrade makes it, and one step more taken since."""
    path = tmp_path / "store" / "kiosk.db"
    path.parent.mkdir()
    _count(path)
    kept = path.with_name("before_upgrade")
    kept.mkdir()
    shutil.copy(path, kept)
    with closing(sqlite3.connect(path)) as db:
        db.execute(LATER)
        db.commit()
    return path


def _count(path: Path) -> None:
    store = Store(path)
    store.run(sessions.record, ended(), [])
    store.close()


def _facts(path: Path) -> tuple[int, bool]:
    """Sessions, and whether the later step is taken."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        ((count,),) = db.execute("SELECT count(*) FROM sessions")
        return count, db.execute("SELECT 1 FROM _sqlite_migrations WHERE name = 'later'").fetchone() is not None


def _go_back(path: Path) -> str:
    done = subprocess.run([sys.executable, "-B", "-c", GO_BACK, path], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_a_store_that_only_took_steps_comes_back_and_the_newer_file_is_kept(store: Path) -> None:
    assert _facts(store) == (1, True), "the control"
    assert "The data are as they were" in _go_back(store)
    assert _facts(store) == (1, False)
    [aside] = (store.parent / "set_aside").iterdir()
    assert _facts(aside / "kiosk.db") == (1, True)


def test_a_store_that_counted_since_stays_with_every_visit(store: Path) -> None:
    _count(store)
    assert "The data are as they were" not in _go_back(store)
    assert _facts(store) == (2, True)
    assert not (store.parent / "set_aside").exists()


def test_a_store_that_took_no_step_stays(store: Path) -> None:
    with closing(sqlite3.connect(store)) as db:
        db.execute("DELETE FROM _sqlite_migrations WHERE name = 'later'")
        db.commit()
    before = store.read_bytes()
    assert _go_back(store) == ""
    assert store.read_bytes() == before


def test_a_newer_store_that_cannot_be_read_any_more_comes_back(store: Path) -> None:
    store.write_bytes(b"no database" * 100)
    assert "The data are as they were" in _go_back(store)
    assert _facts(store) == (1, False)
