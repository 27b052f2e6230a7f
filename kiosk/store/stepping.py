"""Schema steps on a store that has data: first on a copy, which is checked and only then takes the file's place."""

import os
import shutil
import sqlite3
from pathlib import Path

from kiosk.errors import KioskError
from kiosk.lean_sqlite import Database
from kiosk.store import images
from kiosk.store.failures import explain
from kiosk.store.schema import migrations
from kiosk.translations import _


class StepFailed(KioskError):
    """The data could not be brought to what this version of kiosk needs; it is as it was."""


def steps_missing(database: Database) -> bool:
    """Whether this software knows schema steps that the file has not taken."""
    return bool(migrations.pending(database))


def take_steps_on_a_copy(path: Path) -> None:
    """Brings the closed file at `path` up to date, whole or not at all. StepFailed leaves every byte as it was."""
    new = path.with_name(path.name + ".new")
    try:
        if (log := path.with_name(path.name + "-wal")).exists() and log.stat().st_size:
            raise _failed(path, "the log could not be emptied")  # a swap would lose what stands in it
        _remove(new)
        shutil.copyfile(path, new)
        new.chmod(0o600)
        _steps(new)
        images.flush(new)
        os.replace(new, path)
        images.flush(path.parent)
    except sqlite3.Error as error:
        raise _failed(path, str(getattr(explain(error, new), "message", error))) from error
    except (OSError, ValueError, AssertionError) as error:
        raise _failed(path, getattr(error, "strerror", None) or type(error).__name__) from error
    finally:
        _remove(new)


def _steps(new: Path) -> None:
    connection = sqlite3.connect(new, isolation_level=None)
    try:
        connection.execute("PRAGMA secure_delete=ON").fetchall()
        connection.execute("PRAGMA temp_store=MEMORY").fetchall()
        migrations.apply(Database(connection, strict=True, execute_plugins=False))
        connection.execute("PRAGMA journal_mode=DELETE").fetchall()
    finally:
        connection.close()
    if not images.whole(new):  # asked anew: a step may have told its own connection to look away
        raise _failed(new, "it does not pass its check")


def _remove(new: Path) -> None:
    for name in (new.name, new.name + "-wal", new.name + "-journal", new.name + "-shm"):
        new.with_name(name).unlink(missing_ok=True)


def _failed(path: Path, why: str) -> StepFailed:
    return StepFailed(
        _("{path} could not be brought to this version of kiosk: {why}.", path=path, why=why),
        _("The file is as it was. Go back to the version before, or make room on the disk and start again."),
    )
