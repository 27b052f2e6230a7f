"""The session's own control group: everything a citizen starts is in it, and dies with it.

Works on cgroup v2 and on the hybrid kind, where v2 has no controllers but `cgroup.kill` works. The group lies outside
our own unit, so that a restarted supervisor finds it again. What counts processes and memory and shares out the
processor may be v2 or hierarchies of v1, wherever they are mounted: there the group has a twin of the same name.
"""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from kiosk.supervisor import layout, mounts
from kiosk.supervisor.limits import Limits

_COUNTED = ("pids", "cpu", "memory")
# The files of v2 and v1 that bound a group, and what of its limits stands in each. The swap last: in v1 it is counted
# with the memory, and cannot be less.
_BOUNDS: dict[str, Callable[[Limits], int]] = {
    "pids.max": lambda limits: limits.processes,
    "memory.max": lambda limits: limits.memory,
    "memory.swap.max": lambda limits: limits.swap,
    "memory.limit_in_bytes": lambda limits: limits.memory,
    "memory.memsw.limit_in_bytes": lambda limits: limits.memory + limits.swap,
}


def _prefix(home: Path) -> str:
    """Groups are named after the station's home: another station's sessions on this machine are not ours to end."""
    return f"{layout.mark(home)}-"


def find_root() -> Path | None:
    """Where cgroup v2 is mounted and can be written; None where it is nowhere."""
    return _best(mounts.of_kind("cgroup2"))


def _best(found: list[mounts.Mount]) -> Path | None:
    """Of several mounts one that shows all groups, not only those below one of them."""
    usable = sorted((one for one in found if one.writable), key=lambda one: one.root != "/")
    return usable[0].where if usable else None


def create(home: Path, session: str, limits: Limits) -> Path | None:
    """A new empty group for a session; None where there is no usable cgroup v2, with `cgroup.kill` (Linux 5.14)."""
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
        for twin in _twins(group.name):
            with suppress(OSError):
                twin.mkdir(exist_ok=True)
        for one in (group, *_twins(group.name)):
            for name, value in _BOUNDS.items():
                _write(one / name, str(value(limits)))
        return group
    group.rmdir()
    return None


def _twins(name: str) -> list[Path]:
    """The session's groups in the hierarchies of v1 that count or weigh; none where v2 does it."""
    hierarchies = mounts.of_kind("cgroup")
    found = [_best([one for one in hierarchies if kind in one.options]) for kind in _COUNTED]
    # Several kinds may be mounted together.
    return [root / name for root in dict.fromkeys(found) if root is not None]


def counts(group: Path, limits: Limits) -> frozenset[str]:
    """What is bounded for all of the session together, as the kernel tells it back: "pids", "memory"."""
    files = {"pids": ("pids.max",), "memory": ("memory.max", "memory.limit_in_bytes")}
    where = (group, *_twins(group.name))
    return frozenset(
        kind for kind, names in files.items() if any(_bounds(one / name, limits) for one in where for name in names)
    )


def _bounds(file: Path, limits: Limits) -> bool:
    """Whether no more stands there than was wanted: for no bound v2 has the word "max", v1 a number beyond all."""
    try:
        return int(file.read_text(encoding="ascii")) <= _BOUNDS[file.name](limits)
    except (OSError, ValueError):
        return False


def ended_for_memory(group: Path) -> int:
    """How many programs of a session the kernel has ended because it had all the memory it may have."""
    for file in ("memory.events", "memory.oom_control"):
        for one in (group, *_twins(group.name)):
            with suppress(OSError, ValueError):
                lines = (one / file).read_text(encoding="ascii").splitlines()
                return sum(int(line.split()[1]) for line in lines if line.startswith("oom_kill "))
    return 0


def tried(limits: Limits) -> frozenset[str] | None:
    """What a session's group would count; None where there can be none. Tried with one that is removed again."""
    group = create(Path("/"), f"trial-{os.getpid()}", limits)
    if group is None:
        return None
    try:
        return counts(group, limits)
    finally:
        remove(group)


def _write(path: Path, value: str) -> None:
    """Where the kernel has the file and takes the value."""
    if path.exists():
        try:
            path.write_text(value)
        except OSError:
            return


def entries(group: Path) -> list[Path]:
    """The files that a process of the session is written to."""
    return [one / "cgroup.procs" for one in (group, *_twins(group.name)) if (one / "cgroup.procs").exists()]


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
    for one in (*_twins(group.name), group):
        try:
            one.rmdir()
        except OSError:
            continue


def leftovers(home: Path) -> list[Path]:
    """Groups of earlier sessions of this home that were not removed."""
    root = find_root()
    if root is None:
        return []
    # A twin may have been busy when the group itself went.
    places = (root, *(twin.parent for twin in _twins("any")))
    return sorted({root / found.name for place in places for found in place.glob(f"{_prefix(home)}*")})
