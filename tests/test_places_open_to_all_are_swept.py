"""Every folder of this machine in which a citizen could write is one that is swept after them: a new one is noticed."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.supervisor import home
from kiosk.supervisor.session import places
from kiosk.supervisor.users import Identity
from tests.running import CITIZEN

pytestmark = [pytest.mark.slow, pytest.mark.root]

# Where the system and its packages lie; in the others (srv, home, mnt) stands what somebody put there.
OF_THE_SYSTEM = ("boot", "dev", "etc", "lib", "opt", "root", "run", "sbin", "tmp", "usr", "var")


def _writable(top: str) -> list[str]:
    """Folders below `top` in which the citizen's user may make files, looked for as that user."""
    command = ["find", top, "-type", "d", "-writable", "-print0"]
    found = subprocess.run(command, user=CITIZEN, group=CITIZEN, extra_groups=[], capture_output=True, timeout=300)
    return [name for name in found.stdout.decode(errors="replace").split("\0") if name]


@pytest.fixture
def opened() -> Iterator[Path]:
    """A place that somebody opened to all: the control."""
    folder = Path("/var/lib/kiosk-test-open-to-all")
    folder.mkdir()
    folder.chmod(0o1777)
    yield folder
    folder.rmdir()


def test_no_folder_open_to_all_is_forgotten(opened: Path) -> None:
    swept = home.swept(pwd.getpwnam(CITIZEN).pw_uid)
    ours = (tempfile.gettempdir(), str(Path(__file__).parent.parent))  # of these tests
    found = [name for top in OF_THE_SYSTEM for name in _writable(f"/{top}")]
    within = [name for name in found if any(Path(name).is_relative_to(place) for place in (*swept, *ours))]
    assert {"/tmp", "/var/tmp", "/dev/shm"} <= set(within), "the control: they are found"
    print(f"\n{len(found)} folders in which {CITIZEN} may write, {len(within)} of them below what is swept")
    assert sorted(set(found) - set(within)) == [str(opened)]


def test_what_a_citizen_left_in_each_of_them_is_gone_and_nothing_of_others(tmp_path: Path) -> None:
    who = pwd.getpwnam(CITIZEN)
    mark, owner = f"kiosk-test-{os.getpid()}", Identity(who.pw_uid, who.pw_gid, (), who.pw_dir)
    planted, ours = [], []
    for place in map(Path, home.swept(who.pw_uid)):
        if not place.is_dir():
            continue
        deep = place / f"{mark}-theirs" / "deep"
        deep.mkdir(parents=True)
        among = place / f"{mark}-ours"
        among.mkdir(mode=0o755)
        for path in (deep / "file", among / "theirs", among / "ours"):
            path.write_text(mark)
        for path in (deep.parent, deep, deep / "file", among / "theirs"):
            os.chown(path, who.pw_uid, -1)
        planted += [deep.parent, among / "theirs"]
        ours.append(among / "ours")
    try:
        print(f"\n{len(ours)} places")
        assert len(ours) >= 6 and all(path.exists() for path in planted), "the control"
        (tmp_path / "home").mkdir()
        assert home.wipe(tmp_path / "home", owner) == []
        assert [path for path in planted if path.exists()] == []
        assert [path for path in ours if not path.exists()] == []
    finally:
        for path in (*planted, *(one.parent for one in ours)):
            shutil.rmtree(path, ignore_errors=True)


def test_what_a_room_covers_is_swept_too_where_there_is_no_room() -> None:
    assert {os.path.realpath(place) for place in places.OPEN_TO_ALL} <= set(home.swept(1000))
