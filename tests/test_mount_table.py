"""Where file systems are mounted is read from the kernel's table, whatever a machine has made of it."""

import os
from pathlib import Path

import pytest

from kiosk.supervisor import cgroup, layout, mounts
from kiosk.supervisor.limits import Limits
from kiosk.supervisor.processes import Bounds

PURE = "29 22 0:26 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
HYBRID = """\
30 22 0:25 / /sys/fs/cgroup ro,nosuid,nodev,noexec shared:9 - tmpfs tmpfs ro,size=4096k,mode=755
31 30 0:26 / /sys/fs/cgroup/unified rw,nosuid,nodev,noexec,relatime shared:10 - cgroup2 cgroup2 rw,nsdelegate
32 30 0:30 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid,nodev,noexec,relatime shared:14 - cgroup cgroup rw,cpu,cpuacct
33 30 0:31 / /sys/fs/cgroup/pids rw,nosuid,nodev,noexec,relatime shared:15 - cgroup cgroup rw,pids
34 30 0:32 / /sys/fs/cgroup/memory rw,nosuid,nodev,noexec,relatime shared:16 - cgroup cgroup rw,memory
35 30 0:33 / /sys/fs/cgroup/systemd rw,nosuid,nodev,noexec,relatime shared:11 - cgroup cgroup rw,xattr,name=systemd
"""
CONTAINER = """\
40 22 0:26 /../../outer /cgroup2-of-others rw,relatime - cgroup2 cgroup rw
41 22 0:26 / /sys/fs/cgroup ro,nosuid,nodev,noexec,relatime - cgroup2 cgroup rw
42 22 0:26 / /srv/the\\040groups\\011of\\134us rw,relatime master:3 propagate_from:2 unbindable - cgroup2 cgroup rw
"""
BROKEN = "\n36 35 98:0\nwords - cgroup2\n1 2 x:y / /a rw - cgroup2 c rw\n7 6 0:26 / /a rw no dash\n"


def _all_seen(monkeypatch: pytest.MonkeyPatch, table: str, folder: Path) -> None:
    """As if this were the table, and all of it could be found."""
    path = folder / "mountinfo"
    path.write_text(table, encoding="utf-8")
    monkeypatch.setattr(mounts, "TABLE", path)
    monkeypatch.setattr(mounts.Mount, "on_top", True)


@pytest.mark.parametrize(
    ("table", "root"),
    [
        (PURE, "/sys/fs/cgroup"),
        (HYBRID, "/sys/fs/cgroup/unified"),
        (CONTAINER, "/srv/the groups\tof\\us"),  # the only one that shows all and can be written
        (CONTAINER.splitlines(keepends=True)[0], "/cgroup2-of-others"),
        (CONTAINER.splitlines(keepends=True)[1], None),
        (BROKEN, None),
        ("", None),
    ],
)
def test_cgroup_v2_is_found(table: str, root: str | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _all_seen(monkeypatch, table, tmp_path)
    assert cgroup.find_root() == (Path(root) if root else None)


def test_what_counts_is_found_also_where_two_are_mounted_together(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _all_seen(monkeypatch, HYBRID, tmp_path)
    base = Path("/sys/fs/cgroup")
    assert cgroup._twins("one") == [base / "pids" / "one", base / "cpu,cpuacct" / "one", base / "memory" / "one"]
    together = "50 22 0:40 / /all rw - cgroup cgroup rw,cpu,pids,memory\n"
    _all_seen(monkeypatch, together, tmp_path)
    assert cgroup._twins("one") == [Path("/all/one")]
    _all_seen(monkeypatch, PURE, tmp_path)
    assert cgroup._twins("one") == []


def test_pure_cgroup_v2_is_asked_for_all_bounds_and_believed_only_by_what_it_tells_back(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A plain folder with the kernel's names: that is what is written where. No kernel obeys here: the machines that
    this runs on have the hybrid kind, where the same functions are tried in earnest (test_walls_of_a_session).
    """
    home, root, limits = Path("/srv/pure"), tmp_path / "v2", Limits(400, 700)
    group = root / f"{layout.mark(home)}-one"
    group.mkdir(parents=True)
    made = {"cgroup.events": "populated 1\nfrozen 0\n", "memory.events": "oom 3\noom_kill 2\noom_group_kill 0\n"}
    made |= dict.fromkeys(("cgroup.kill", "cgroup.procs"), "")
    made |= dict.fromkeys(("pids.max", "memory.max", "memory.swap.max"), "max\n")
    for name, text in made.items():
        (group / name).write_text(text)
    (root / "cgroup.subtree_control").touch()
    _all_seen(monkeypatch, PURE.replace("/sys/fs/cgroup", str(root)), tmp_path)
    assert cgroup.counts(group, limits) == frozenset(), "the control: nothing is bounded yet"
    assert cgroup.create(home, "one", limits) == group
    told = {name: (group / name).read_text() for name in ("pids.max", "memory.max", "memory.swap.max")}
    assert told == {"pids.max": "400", "memory.max": str(700 << 20), "memory.swap.max": str(350 << 20)}
    assert (root / "cgroup.subtree_control").read_text() == "+memory", "the last of three"
    assert cgroup.counts(group, limits) == {"pids", "memory"} and Bounds(group, limits=limits).each == 0
    # What does not stand there is not in force, whatever was written: then each program is bounded by itself.
    for instead in ("max\n", f"{701 << 20}\n", ""):
        (group / "memory.max").write_text(instead)
        assert cgroup.counts(group, limits) == {"pids"} and Bounds(group, limits=limits).each == limits.each
    assert cgroup.entries(group) == [group / "cgroup.procs"] and cgroup.leftovers(home) == [group]
    assert cgroup.populated(group) and cgroup.ended_for_memory(group) == 2
    assert cgroup.strike(group) and (group / "cgroup.kill").read_text() == "1"


def test_a_mount_that_another_covers_is_not_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    device = os.stat(tmp_path).st_dev
    seen = f"{os.major(device)}:{os.minor(device)}"
    table = f"1 0 0:999 / {tmp_path} rw - cgroup2 c rw\n2 0 {seen} /x {tmp_path} rw - cgroup2 c rw\n"
    path = tmp_path / "mountinfo"
    path.write_text(table, encoding="utf-8")
    monkeypatch.setattr(mounts, "TABLE", path)
    assert [mount.root for mount in mounts.of_kind("cgroup2")] == ["/x"]
    monkeypatch.setattr(mounts, "TABLE", tmp_path / "none")
    assert mounts.of_kind("cgroup2") == []


def test_the_table_of_this_machine_is_read_whole() -> None:
    lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()
    assert len(mounts.all_of_them()) in range(len(lines) - 3, len(lines) + 4)
    assert any(mount.where == Path("/proc") and mount.kind == "proc" for mount in mounts.all_of_them())
