"""Every folder of this machine in which a citizen could write is one that is swept after them: a new one is noticed."""

import os
import pwd
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.supervisor import home
from kiosk.supervisor.session import places
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


def test_what_a_room_covers_is_swept_too_where_there_is_no_room() -> None:
    assert {os.path.realpath(place) for place in places.OPEN_TO_ALL} <= set(home.swept(1000))
