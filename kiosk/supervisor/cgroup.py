"""The session's own control group: everything a citizen starts is in it, and dies with it.

Works on cgroup v2 and on the hybrid kind, where v2 has no controllers but `cgroup.kill` works. The group lies outside
our own unit, so that a restarted supervisor finds it again.
"""

import hashlib
import time
from pathlib import Path


def _prefix(home: Path) -> str:
    """Groups are named after the station's home: another station's sessions on this machine are not ours to end."""
    return f"kiosk-{hashlib.sha256(str(home).encode()).hexdigest()[:8]}-"


def find_root() -> Path | None:
    """Where cgroup v2 is mounted, None where it is not or has no `cgroup.kill` (Linux < 5.14)."""
    try:
        mounts = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    for line in mounts:
        _device, where, kind, *_rest = line.split()
        if kind == "cgroup2":
            return Path(where)
    return None


def create(home: Path, session: str) -> Path | None:
    """A new empty group for a session; None where there is no usable cgroup v2."""
    root = find_root()
    if root is None:
        return None
    group = root / f"{_prefix(home)}{session}"
    try:
        group.mkdir(exist_ok=True)
    except OSError:
        return None
    # On a path that is no cgroup, writing cgroup.procs would just make a plain file.
    if (group / "cgroup.events").exists() and (group / "cgroup.kill").exists():
        return group
    group.rmdir()
    return None


def populated(group: Path) -> bool:
    """Whether a living process is left in the group; zombies do not count."""
    try:
        return "populated 1" in (group / "cgroup.events").read_text()
    except OSError:
        return False


def kill(group: Path, wait: float = 2.0) -> bool:
    """Kill everything in the group and wait until it is empty, at most `wait` seconds; True when it is empty."""
    try:
        (group / "cgroup.kill").write_text("1")
    except OSError:
        return not populated(group)
    deadline = time.monotonic() + wait
    while populated(group):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.001)
    return True


def remove(group: Path) -> None:
    """Remove the empty group; a group that is still busy stays and is removed at the next end or boot."""
    try:
        group.rmdir()
    except OSError:
        pass


def leftovers(home: Path) -> list[Path]:
    """Groups of earlier sessions of this home that were not removed."""
    root = find_root()
    return sorted(root.glob(f"{_prefix(home)}*")) if root else []
