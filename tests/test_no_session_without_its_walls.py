"""A room that cannot be built as this machine builds them: nobody begins in less, and the PC says why until it can.

Each cause is a real one: a folder that cannot be, one that never answers, mounts that nobody reaches, another /dev.
"""

import json
import os
import pwd
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.rules.left_words import left_words
from kiosk.supervisor import linux, marked, mounts
from kiosk.supervisor.asked import BrowserPolicy
from kiosk.supervisor.limits import Limits
from kiosk.supervisor.processes import Bounds, spawn
from kiosk.supervisor.session import room
from kiosk.supervisor.session.room import Fittings, NoRoomError
from kiosk.supervisor.session.session import Session, SessionMaker
from tests.fault_support import add_manager, panel, repaired
from tests.fuse_disk import fuse_disk
from tests.running import CITIZEN, CODE, LONG, RunningStation
from tests.session_stage import HOME_MB, prepared, session_maker

pytestmark = [pytest.mark.slow, pytest.mark.root]


@pytest.fixture(scope="module")
def maker() -> Iterator[SessionMaker]:
    with session_maker(Limits()) as made:
        yield made


def _built(maker: SessionMaker, fittings: Fittings) -> frozenset[str]:
    paths = maker.paths
    made, walls = room.make(paths.home, paths.sticks, HOME_MB, fittings)
    assert made is not None
    os.close(made)
    return walls


def _told(session: Session, *command: str) -> str:
    """What a program of the session prints."""
    ours, theirs = os.pipe()
    bounds = Bounds(session.group, session.room)
    process = spawn("program", list(command), session.station.citizen, {"PATH": "/usr/bin:/bin"}, theirs, bounds)
    os.close(theirs)
    with os.fdopen(ours, "rb") as told:
        text = told.read()
    process.wait(10)
    process.close()
    return text.decode()


def _wall_of(maker: SessionMaker) -> frozenset[str]:
    return _built(maker, Fittings())


@pytest.mark.parametrize(
    "broken",
    [Fittings(laid={"/proc/none/here": {"a": "b"}}), Fittings(shut=["/usr"]), Fittings(fixed=["/nowhere"])],
    ids=["laid", "shut", "fixed"],
)
def test_what_cannot_be_laid_into_a_room_leaves_none_to_begin_in(maker: SessionMaker, broken: Fittings) -> None:
    assert "room" in _wall_of(maker), "the control"
    with pytest.raises(NoRoomError, match=r"/proc/none|/usr|/nowhere"):
        _built(maker, broken)


@pytest.mark.fuse
def test_a_place_that_never_answers_holds_the_supervisor_for_a_moment_only(
    maker: SessionMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "WITHIN", 0.5)
    with fuse_disk(tmp_path / "hangs") as disk:
        os.kill(disk.process.pid, signal.SIGSTOP)
        begun = time.monotonic()
        try:
            with pytest.raises(NoRoomError, match="too long"):
                room.make(disk.folder, maker.paths.sticks, HOME_MB, Fittings())
        finally:
            os.kill(disk.process.pid, signal.SIGCONT)
    assert time.monotonic() - begun >= 0.5, "the control: it did hang"


def test_eight_hundred_long_addresses_have_room_among_the_policies(maker: SessionMaker) -> None:
    many = tuple(f"page-{number}.vn/{'a' * 400}" for number in range(800))
    programs = replace(maker.programs, pages=BrowserPolicy(block=many))
    with prepared(replace(maker, programs=programs)) as session:
        size = int(_told(session, "sh", "-c", "cat /etc/chromium/policies/managed/zz-kiosk.json | wc -c"))
        assert size > 256 << 10, "more than there was once"


@contextmanager
def _mounted(where: Path, options: str = "mode=1777") -> Iterator[Path]:
    where.mkdir(exist_ok=True)
    linux.mount("tmpfs", str(where), "tmpfs", 0, options)
    try:
        yield where
    finally:
        assert linux.unmount(str(where))


@pytest.mark.fuse
def test_mounts_that_nobody_reaches_keep_no_other_open(maker: SessionMaker) -> None:
    """One that another covers, one whose server died; one with letters of no alphabet. What comes behind is shut."""
    with ExitStack() as stack:
        top = Path(stack.enter_context(tempfile.TemporaryDirectory(dir="/var", prefix="kiosk-mounts-")))
        top.chmod(0o755)
        under = stack.enter_context(_mounted(top / "under"))
        stack.enter_context(_mounted(under / "deep"))
        stack.enter_context(_mounted(under))
        (under / "deep").mkdir()
        disk = stack.enter_context(fuse_disk(top / "dead"))
        disk.process.kill()
        disk.process.wait(10)
        with pytest.raises(OSError, match="not connected"):
            os.listdir(disk.folder)
        odd = stack.enter_context(_mounted(Path(os.fsdecode(os.fsencode(top) + b"/\xff"))))
        last = stack.enter_context(_mounted(top / "last"))
        there = {one.where for one in mounts.all_of_them()}
        assert {under, under / "deep", disk.folder, odd, last} <= there
        with prepared(maker) as session:
            assert "noexec" in session.walls
            for place in (under, odd, last):
                assert stat.S_IMODE(place.stat().st_mode) == 0o1777, "the control: open to everybody"
                made = f"import os; os.mkdir({os.fsencode(place / 'made')!r})"
                assert "Read-only file system" in _told(session, sys.executable, "-c", made)


# A place where the kernel asks somebody to mount (autofs) as soon as anybody looks, and nobody answers.
WAITING = """
import os, select, subprocess, sys
from pathlib import Path
from kiosk.supervisor import linux
from kiosk.supervisor.session import room
home, flag = Path(sys.argv[1]), int(sys.argv[2])
linux._AT_NO_AUTOMOUNT, room.WITHIN = flag, 20.0 if flag else 1.0
linux.leave_mounts()
asked, answers = os.pipe()
other = subprocess.Popen(["sleep", "60"], start_new_session=True)
options = f"fd={answers},pgrp={other.pid},minproto=5,maxproto=5,direct"
linux.mount("waits", str(home), "autofs", 0, options)
try:
    print(*sorted(room.make(Path("/nowhere"), home.parent, 256, room.Fittings())[1]))
except room.NoRoomError as error:
    print(error)
print(len(select.select([asked], [], [], 0)[0]), "asked")
other.kill()
sys.stdout.flush()
os._exit(0)  # the mount goes with its room of mounts: whoever touches it now may wait for ever
"""


def test_what_waits_to_be_mounted_goes_on_waiting(tmp_path: Path) -> None:
    told = {}
    for flag in (0, linux._AT_NO_AUTOMOUNT):
        done = subprocess.run(
            [sys.executable, "-c", WAITING, tmp_path, str(flag)],
            env={**os.environ, "PYTHONPATH": CODE}, cwd="/", capture_output=True, text=True, timeout=60, check=True,
        )  # fmt: skip
        told[flag] = done.stdout.splitlines()
    assert told[0] == ["it takes too long", "1 asked"], "the control"
    assert told[linux._AT_NO_AUTOMOUNT] == ["devices noexec proc room", "0 asked"]


OPENED = """
import os, sys
for name in sys.argv[1:]:
    try:
        os.open("/dev/" + name, os.O_RDWR)
    except OSError as error:
        print(name, error.errno)
"""


def test_with_the_policys_word_a_session_has_the_cameras_and_no_other_device(maker: SessionMaker) -> None:
    """Nodes of no driver: to get as far as to be told that (ENXIO) is to have been let in."""
    nodes = {"video63": (81, 63), "video62x": (81, 62), "video61": (1, 3), "media63": (81, 61)}
    command = (sys.executable, "-c", OPENED, *sorted(nodes))
    with ExitStack() as stack:
        for name, number in nodes.items():
            os.mknod(f"/dev/{name}", stat.S_IFCHR | 0o660, os.makedev(*number))
            stack.callback(os.unlink, f"/dev/{name}")
        filmed = replace(maker, programs=replace(maker.programs, pages=BrowserPolicy(camera=True)))
        got = []
        for one in (maker, filmed):
            with prepared(one) as session:
                got.append(dict(line.split() for line in _told(session, *command).splitlines()))
                seen = _told(session, "ls", "/dev").split()
                assert [name for name in seen if name.startswith(("video", "media"))] == ["video63"] * (one is filmed)
    none = dict.fromkeys(nodes, "2")
    assert got == [none, {**none, "video63": "6"}]


# -- a whole station whose /dev becomes another's while it runs

OTHER = """
mkdir -p {0} && mount -t tmpfs other {0} && cp -a /dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty {0}
mkdir {0}/pts {0}/shm && mount --bind /dev/pts {0}/pts && mount --bind /dev/shm {0}/shm
mknod {0}/snd c 1 3 && mount --rbind {0} /dev
"""

NO_TEMPORARY = """
mkdir {0} && mount -t tmpfs var {0} && cd /var
for one in *; do
    if [ -L $one ]; then cp -a $one {0}; elif [ $one != tmp ]; then mkdir {0}/$one; mount --rbind $one {0}/$one; fi
done
mount --rbind {0} /var
"""


def _in_its_mounts(station: RunningStation, words: str) -> None:
    assert station.supervisor is not None
    command = ["nsenter", f"--mount=/proc/{station.supervisor.pid}/ns/mnt", "sh", "-ec", words]
    subprocess.run(command, check=True, timeout=30, cwd="/")


def test_a_station_whose_walls_no_longer_stand_is_out_of_order_until_they_do(
    home: Path, xvfb: Callable[..., str]
) -> None:
    station = RunningStation(home, xvfb(), LONG)
    station.within = ["unshare", "--mount"]
    with station:
        add_manager(station)
        assert station.status()["isolation"]["walls"]["devices"] is True
        station.sign_in()
        assert station.kiosk("session", "finish").returncode == 0
        station.wait_state("free")
        _in_its_mounts(station, OTHER.format(home.parent / "dev"))
        assert station.kiosk("session", "start").returncode == 0
        station.wait_state("out_of_order")
        station.wait(station.covered, "covered")
        assert station.status()["reason"] == left_words("room devices")
        assert left_words("room devices").in_language("vi") in panel(station)
        assert station.pids("browser") == station.pids("wm") == []
        # Repaired, and it is not: it is looked at again before anybody may begin.
        marker = station.status()["marker"]
        repaired(station)
        station.wait(lambda: station.status()["marker"] != marker, "tried again, with a fresh lock")
        station.wait_state("out_of_order")
        _in_its_mounts(station, "umount -l /dev")
        repaired(station)
        station.wait_state("free")
        assert station.status()["reason"] is None
        station.sign_in()
        _another_supervisor_finds_no_place_for_a_room(station)
        repaired(station)
        station.wait_state("free")
        station.sign_in()
    reasons = ["manager", "fault", "fault", "fault", "manager"]
    assert station.rows("SELECT reason FROM sessions") == [(one,) for one in reasons]


def _another_supervisor_finds_no_place_for_a_room(station: RunningStation) -> None:
    """All programs of a session are gone, and their room with them: it does not go on without one, nor another."""
    citizen, lock = pwd.getpwnam(CITIZEN).pw_uid, station.pids("lock")[-1]
    assert station.pids("wm"), "the control"
    _in_its_mounts(station, NO_TEMPORARY.format(station.home.parent / "var"))
    station.kill("supervisor")
    marked.kill_all(lambda: marked.owned_by(citizen))
    station.within = ["nsenter", f"--mount=/proc/{lock}/ns/mnt"]
    station.start()
    station.wait_state("free", 40)
    station.wait(station.covered, "covered")
    # Their parent is dead: whoever is the machine's first process buries them, and may take its time.
    assert [pid for pid in marked.owned_by(citizen) if not linux.is_zombie(pid)] == []
    assert "session cannot go on" in station.log()
    assert station.kiosk("session", "start").returncode == 0
    station.wait_state("out_of_order")
    assert station.status()["reason"] == left_words("room No such file or directory (/var/tmp)")
    assert "isolation_room" in {one["name"] for one in json.loads(station.kiosk("check", "--json").stdout)}
    _in_its_mounts(station, "umount -l /var")
