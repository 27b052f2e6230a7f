"""What the tests of store, bundles and demo share: readings of a made-up clock, sessions, and a small disk."""

import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from kiosk.clock import Reading
from kiosk.store.sessions import Ended, Live

ROOT = Path(__file__).resolve().parent.parent
NOON = "2026-11-21T12:00:00+07:00"


def reading(text: str = NOON, boot: float = 1_000.0, boot_id: str = "boot-1", trusted: bool = True) -> Reading:
    """A look at made-up clocks; `text` is ISO 8601 with its zone."""
    return Reading(boot, boot_id, datetime.fromisoformat(text).astimezone(timezone.utc), trusted)


def live(session: str = "s1", answers: Mapping[str, Any] | None = None, **changes: Any) -> Live:
    """A session that has just begun."""
    wall = reading().wall
    fields: dict[str, Any] = {
        "session": session,
        "boot_id": "boot-1",
        "boot_started": 1_000.0,
        "boot_beat": 1_000.0,
        "charged": 0.0,
        "granted": 3_600.0,
        "wall_started": wall,
        "wall_beat": wall,
        "answers": answers or {},
    }
    return Live(**fields | changes)


def ended(day: str = "2026-11-21", seconds: int = 1_200, reason: str = "signed_out", **changes: Any) -> Ended:
    """A session that is over; a visit unless told otherwise."""
    fields: dict[str, Any] = {"day": day, "hour": 9, "station": "01", "seconds": seconds, "reason": reason}
    return Ended(**fields | {"visit": True} | changes)


def python(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Runs this Python with the checkout on its path."""
    return subprocess.run(
        [sys.executable, *arguments], env=environment(), text=True, capture_output=True, timeout=60, **options
    )


def environment() -> dict[str, str]:
    """The environment of a child that imports kiosk from this checkout."""
    return os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}


def on_small_disk(script: str, folder: Path, size: str = "600k") -> subprocess.CompletedProcess[str]:
    """Runs a Python script with `disk` set to a tmpfs of `size` at `folder`, in a mount namespace of its own."""
    folder.mkdir()
    options = "-m" if os.geteuid() == 0 else "-rm"
    command = f'mount -t tmpfs -o size={size} tmpfs "$1" && exec "$2" -c "$3" "$1"'
    begin = "import sys; from pathlib import Path; disk = Path(sys.argv[1])\n"
    return subprocess.run(
        ["unshare", options, "sh", "-c", command, "sh", str(folder), sys.executable, begin + script],
        env=environment(),
        text=True,
        capture_output=True,
        timeout=60,
    )
