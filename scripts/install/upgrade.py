"""From one version to another with the data: a verified copy is migrated first, and the way back stays open.

The order: the old one stops (a session is never cut off without --now) → its store is copied and the copy checked →
the new version takes a copy of that copy through its steps → the link is switched → the new one must be well within a
limit, or link, units and, where its steps had changed it, the store go back. What is under way stands in a file on the
disk, so that a run that was cut off is taken up by the next.
"""

import hashlib
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import health
import version
from machine import need_room, systemctl
from words import Stop, say

UNDER_WAY = version.OPT / "upgrade"
KEPT = health.HOME / "store" / "before_upgrade"
STORE = health.HOME / "store" / "kiosk.db"
TRY_CODE = "import sys; from pathlib import Path; from kiosk.store import Store; Store(Path(sys.argv[1])).close()"


def stop(of: str) -> None:
    """The station stops in order; what does not go by itself is ended."""
    systemctl("stop", "kiosk.service")
    until = time.monotonic() + 10
    while of and (left := version.processes(of)):
        if time.monotonic() > until:
            for pid in left:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue
        time.sleep(0.1)


def prepare(new: str) -> None:
    """With the station stopped: the store copied, the copy compared, and a copy of it taken through the new steps."""
    shutil.rmtree(KEPT, ignore_errors=True)
    if not STORE.exists():
        return
    megabytes = sum(path.stat().st_size for path in STORE.parent.glob("kiosk.db*")) >> 20
    need_room(KEPT, 3 * megabytes + 50)
    KEPT.mkdir(mode=0o700)
    for part in ("kiosk.db", "kiosk.db-wal"):
        if (source := STORE.with_name(part)).exists():
            shutil.copy2(source, KEPT / part)
            if _digest(source) != _digest(KEPT / part):
                raise Stop(
                    "Bản sao dữ liệu đọc lại không giống. Xin kiểm tra ổ đĩa. Phiên bản cũ chạy tiếp.",
                    "The copy of the data reads differently. Check the disk. The old version goes on.",
                )
    trial = KEPT / "trial"
    trial.mkdir()
    for part in KEPT.glob("kiosk.db*"):
        shutil.copy2(part, trial)
    command = [version.OPT / new / "bin" / "python", "-P", "-c", TRY_CODE, trial / "kiosk.db"]
    done = subprocess.run(command, env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}, capture_output=True, text=True)
    if done.returncode != 0:
        said = done.stderr.strip().splitlines()[-1:]
        raise Stop(
            f"Phiên bản mới không đọc được bản sao dữ liệu: {said}. Phiên bản cũ chạy tiếp, dữ liệu còn nguyên.",
            f"The new version cannot take over a copy of the data: {said}. The old one goes on, nothing was changed.",
        )
    shutil.rmtree(trial)
    subprocess.run(["sync", "-f", str(KEPT)], check=True)


def _digest(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def begin(old: str, new: str) -> None:
    """From here on a run that is cut off is judged by the next."""
    with open(UNDER_WAY, "w", encoding="ascii") as file:
        file.write(f"{old}\n{new}\n")
        file.flush()
        os.fsync(file.fileno())


def under_way() -> tuple[str, str] | None:
    """From which version to which an earlier run was on its way."""
    try:
        old, new = UNDER_WAY.read_text(encoding="ascii").split()
    except (FileNotFoundError, ValueError):
        return None
    return old, new


def done() -> None:
    """Nothing goes back any more. The copy goes: it has all that the store has, and no copy may hold an answer."""
    shutil.rmtree(KEPT, ignore_errors=True)
    UNDER_WAY.unlink(missing_ok=True)


def put_store_back() -> None:
    """The store as the old version left it, where the new one's steps changed it and nothing was counted since."""
    kept = KEPT / "kiosk.db"
    if not kept.exists() or not STORE.exists():
        return
    before, now = _about(KEPT), _about(STORE.parent)
    if before is None or before == now or (now is not None and now[1] > before[1]):
        return
    aside = STORE.parent / "set_aside" / f"upgrade-{int(time.time())}"
    aside.mkdir(mode=0o700, parents=True)
    owner = STORE.parent.stat()
    os.chown(aside.parent, owner.st_uid, owner.st_gid)
    os.chown(aside, owner.st_uid, owner.st_gid)
    for path in STORE.parent.glob("kiosk.db*"):
        path.rename(aside / path.name)
    for path in KEPT.glob("kiosk.db*"):
        new = STORE.with_name(path.name + ".back")
        shutil.copy2(path, new)
        os.chown(new, owner.st_uid, owner.st_gid)
        new.replace(STORE.with_name(path.name))
    say(
        f"Dữ liệu trở lại như trước; tệp của phiên bản mới nằm ở {aside}.",
        f"The data are as they were; the new version's file lies in {aside}.",
    )


def _about(folder: Path) -> tuple[list[str], int] | None:
    """Steps that a store has taken, sessions that it counts; looked at in a copy, for a look leaves files."""
    look = KEPT / "look"
    shutil.rmtree(look, ignore_errors=True)
    look.mkdir()
    try:
        for path in folder.glob("kiosk.db*"):
            shutil.copy2(path, look)
        with closing(sqlite3.connect(look / "kiosk.db")) as db:
            steps = [name for (name,) in db.execute("SELECT name FROM _sqlite_migrations ORDER BY name")]
            count = "SELECT (SELECT count(*) FROM sessions) + (SELECT count(*) FROM undated_sessions)"
            return steps, int(db.execute(count).fetchone()[0])
    except (OSError, sqlite3.Error):
        return None
    finally:
        shutil.rmtree(look, ignore_errors=True)
