"""What the installer has made on this PC, written down before it is made: so that nothing is left of it.

One file a kind in /etc/kiosk/installed, one name a line, so that the shell can write there too. A line too many does no
harm: what is not there need not be removed. `aside`: what lay in the place of one of ours, and comes back.
"""

import os
from pathlib import Path

FOLDER = Path("/etc/kiosk/installed")
KINDS = ("packages", "users", "folders", "files", "aside", "sysctl")


def noted(kind: str) -> list[str]:
    """The names of a kind, in the order in which they were written down."""
    try:
        return list(dict.fromkeys((FOLDER / kind).read_text(encoding="utf-8").splitlines()))
    except FileNotFoundError:
        return []


def note(kind: str, *names: str) -> None:
    """Write names down, on the disk, where they do not stand yet."""
    new = [name for name in names if name not in noted(kind)]
    if not new:
        return
    FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
    with open(FOLDER / kind, "a", encoding="utf-8") as file:
        file.writelines(f"{name}\n" for name in new)
        file.flush()
        os.fsync(file.fileno())
