"""The session's own control group: everything a citizen starts is in it, and dies with it.

Works on cgroup v2 and on the hybrid kind, where v2 has no controllers but `cgroup.kill` works. The group lies outside
our own unit, so that a restarted supervisor finds it again. Where the machine counts processes and shares out the
processor by group, in v2 or in a v1 hierarchy, a session may have PIDS processes and weighs no more than one of ours.
"""

import time
import zlib
from pathlib import Path

PIDS = 1500  # processes and threads: a browser with thirty tabs has some 600
V1 = Path("/sys/fs/cgroup")
_COUNTED = ("pids", "cpu")


def _prefix(home: Path) -> str:
    """Groups are named after the station's home: another station's sessions on this machine are not ours to end."""
    # Not hashlib: it brings 4 MB of OpenSSL into a process that needs nothing else of it.
    return f"kiosk-{zlib.crc32(str(home).encode()):08x}-"


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
        for controller in _COUNTED:
            _write(root / "cgroup.subtree_control", f"+{controller}")
        _write(group / "pids.max", str(PIDS))
        for bounded in _bounding(group.name):
            bounded.mkdir(exist_ok=True)
            _write(bounded / "pids.max", str(PIDS))
        return group
    group.rmdir()
    return None


def _bounding(name: str) -> list[Path]:
    """The session's groups in the hierarchies of v1 that count or weigh; none where v2 does it."""
    return [V1 / kind / name for kind in _COUNTED if (V1 / kind / "cgroup.procs").exists()]


def _write(path: Path, value: str) -> None:
    """Where the kernel has the file and takes the value."""
    if path.exists():
        try:
            path.write_text(value)
        except OSError:
            return


def entries(group: Path) -> list[Path]:
    """The files that a process of the session is written to."""
    return [one / "cgroup.procs" for one in (group, *_bounding(group.name)) if (one / "cgroup.procs").exists()]


def populated(group: Path) -> bool:
    """Whether a living process is left in the group; zombies do not count."""
    try:
        return "populated 1" in (group / "cgroup.events").read_text()
    except OSError:
        return False


def strike(group: Path) -> bool:
    """Kill everything in the group, without waiting for it to die; False when that could not be asked for."""
    try:
        (group / "cgroup.kill").write_text("1")
    except OSError:
        return False
    return True


def kill(group: Path, wait: float = 2.0) -> bool:
    """Kill everything in the group and wait until it is empty, at most `wait` seconds; True when it is empty."""
    if not strike(group):
        return not populated(group)
    deadline = time.monotonic() + wait
    while populated(group):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.001)
    return True


def remove(group: Path) -> None:
    """Remove the empty group; a group that is still busy stays and is removed at the next end or boot."""
    for one in (*_bounding(group.name), group):
        try:
            one.rmdir()
        except OSError:
            continue


def leftovers(home: Path) -> list[Path]:
    """Groups of earlier sessions of this home that were not removed."""
    root = find_root()
    return sorted(root.glob(f"{_prefix(home)}*")) if root else []
