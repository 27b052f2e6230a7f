"""The way back from a backup, into a home where nothing is yet.

The ledger gets another name: by it stations see that this province may have forgotten what it once receipted, and send
again what they still keep. province.toml is written last, so a restore that was cut off has left no home.
"""

import os
import shutil
from datetime import datetime
from pathlib import Path

from kiosk.errors import DamagedError, KioskError, RefusedError
from kiosk.export.files import sync_folder, trouble
from kiosk.province.backup.files import ARCHIVE, KEYS, SETTINGS, Backup, Progress, backup_at, copied, read_again, silent
from kiosk.province.backup.leftovers import working_in
from kiosk.province.home import Home
from kiosk.province.memory.ledger import Ledger
from kiosk.province.memory.rows import deed, seconds
from kiosk.translations import _

BEGUN = ".restoring"


def check_files(backup: Backup, progress: Progress = silent) -> None:
    """DamagedError names every file of a backup that is not as its listing says."""
    done, wrong = 0, list[str]()

    def step(more: int) -> None:
        nonlocal done
        done += more
        progress(done, backup.size)

    for name, file in backup.files.items():
        try:
            if read_again(backup.path / name, step) != file:
                wrong.append(name)
        except OSError:
            wrong.append(name)
    if wrong:
        raise DamagedError(
            _("The backup {path} is damaged: {name}.", path=backup.path, name=", ".join(sorted(wrong))),
            _("Take another backup."),
        )


def restore(source: Path, path: Path, now: datetime, who: str, progress: Progress = silent) -> tuple[Home, Backup]:
    """A home at `path` as it was when the backup was made. `who` restores.

    RefusedError where something is in `path`; DamagedError when the backup is not whole, and nothing is written then.
    """
    backup, home = backup_at(source), Home(path)
    _must_be_empty(path)
    check_files(backup, progress)
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        with working_in(lambda: path, alone=True):
            _must_be_empty(path, clear=True)
            _write(backup, home, now, who)
    except BlockingIOError:
        raise _there(path) from None
    except OSError as error:
        raise trouble(path, error) from error
    return home, backup


def _write(backup: Backup, home: Home, now: datetime, who: str) -> None:
    path = home.path
    (path / BEGUN).touch(mode=0o600)
    for folder in (home.keys, home.archive, home.lake, home.backups):
        folder.mkdir(mode=0o700, exist_ok=True)
    for name, file in backup.files.items():
        if name != SETTINGS and copied(backup.path / name, path / name) != file:
            raise _changed(backup, name)
    _another_ledger(home, backup, now, who)
    for folder in (path / KEYS, path / ARCHIVE):
        sync_folder(folder)
    copied(backup.path / SETTINGS, path / SETTINGS)
    (path / BEGUN).unlink()
    sync_folder(path)


def _must_be_empty(path: Path, clear: bool = False) -> None:
    """Refuses where anything is, but for what a restore that was cut off has left; with `clear` that is removed."""
    try:
        if (path / BEGUN).exists() and not (path / SETTINGS).exists():
            for left in path.iterdir() if clear else ():
                shutil.rmtree(left) if left.is_dir() else left.unlink()
        elif path.exists() and any(one.name != "lost+found" for one in path.iterdir()):
            raise _there(path)
    except OSError as error:
        raise trouble(path, error) from error


def _there(path: Path) -> RefusedError:
    return RefusedError(
        _("There is something in {path} already.", path=path),
        _("Restore into an empty folder, or move what is there away first."),
    )


def _another_ledger(home: Home, backup: Backup, now: datetime, who: str) -> None:
    os.chmod(home.ledger, 0o600)
    ledger = Ledger(home)
    try:
        with ledger.writing() as db:
            db.execute("UPDATE meta SET value = lower(hex(randomblob(8))) WHERE name = 'ledger'")
            deed(db, seconds(now), who, "restored", backup.ledger, backup.made)
    finally:
        ledger.close()


def _changed(backup: Backup, name: str) -> KioskError:
    return DamagedError(
        _("The backup {path} is damaged: {name}.", path=backup.path, name=name), _("Take another backup.")
    )
