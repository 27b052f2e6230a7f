"""Ledger and keys are their owner's alone, whatever the umask is; and making them leaves the process's umask alone."""

import os
import stat
import threading
from datetime import datetime, timezone
from pathlib import Path

from kiosk.export.signing import Key
from kiosk.province import home as homes
from kiosk.province.memory.ledger import Ledger

NOW = datetime(2026, 11, 20, 2, 42, tzinfo=timezone.utc)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_nobody_else_reads_ledger_log_or_key_where_the_umask_would_let_them(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        (tmp_path / "control").touch()
        home = homes.init(tmp_path / "home", "Tỉnh thử", ["https://127.0.0.1:8443"], NOW)
        ledger = Ledger(home)
        beside = [path for path in home.path.iterdir() if path.name.startswith("ledger.db")]
        assert len(beside) > 1, "the log lies beside it"
        assert mode(tmp_path / "control") == 0o666, "the control: a file that is open to all"
        assert {path.name: mode(path) for path in (*beside, home.key)} == dict.fromkeys(
            [*(path.name for path in beside), home.key.name], 0o600
        )
        ledger.close()
    finally:
        os.umask(before)


def test_threads_that_open_ledgers_and_keep_keys_leave_the_umask_as_it_was(tmp_path: Path) -> None:
    """A process serves several readers at once; one umask for all of it was put back by the wrong one."""
    home = homes.init(tmp_path / "home", "Tỉnh thử", ["https://127.0.0.1:8443"], NOW)
    before = os.umask(0o022)
    try:

        def work(number: int) -> None:
            for _again in range(60):
                Ledger.read_only(home).close()
                Key.make().save(tmp_path / f"{number}.key")

        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        found = os.umask(0o022)
        assert found == 0o022, f"{found:o}"
    finally:
        os.umask(before)
