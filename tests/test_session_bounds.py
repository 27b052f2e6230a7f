"""A session has room and processes enough for a person's work, and no more: the station goes on beside it."""

import os
import pwd
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.loop import Loop
from kiosk.settings import Paths, Site, Users
from kiosk.supervisor import home, limits, linux, marked
from kiosk.supervisor.children import Children
from kiosk.supervisor.chores import Chores
from kiosk.supervisor.keeper import Keeper
from kiosk.supervisor.processes import Bounds, spawn
from kiosk.supervisor.session import places
from kiosk.supervisor.session.programs import Programs
from kiosk.supervisor.session.session import Session, SessionMaker
from kiosk.supervisor.users import Identity, resolve
from tests.running import CITIZEN
from tests.session_stage import prepared, session_maker

MANY = limits.PROCESSES + 300
SLEEPERS = f"""
import os, time
made = 0
for _ in range({MANY}):
    try:
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
        made += 1
    except OSError:
        break
print(made, flush=True)
time.sleep(60)
"""


@pytest.fixture
def maker() -> Iterator[SessionMaker]:
    with session_maker(limits.Limits()) as made:
        yield made


@pytest.fixture
def session(maker: SessionMaker) -> Iterator[Session]:
    with prepared(maker) as made:
        yield made


def _told(citizen: Identity, bounds: Bounds, *command: str, seconds: float = 20.0) -> str:
    """What a program of the citizen prints first, or by its end."""
    ours, theirs = os.pipe()
    process = spawn("program", list(command), citizen, {"PATH": "/usr/bin:/bin"}, theirs, bounds)
    os.close(theirs)
    with os.fdopen(ours, "rb") as told:
        text = told.readline() if command[0] == sys.executable else told.read()
    if process.wait(0 if command[0] == sys.executable else seconds):
        process.close()
    return text.decode()


def _calm(uid: int) -> None:
    """Until nothing of the user is left: the dead count too, as long as nobody has taken note of them."""
    end = time.monotonic() + 20
    while marked.owned_by(uid) and time.monotonic() < end:
        time.sleep(0.05)


@pytest.mark.root
@pytest.mark.slow
def test_a_fork_bomb_stops_at_the_bound_and_ends_with_the_session(session: Session) -> None:
    uid = pwd.getpwnam(CITIZEN).pw_uid
    _calm(uid)
    free = subprocess.Popen([sys.executable, "-c", SLEEPERS], user=uid, stdout=subprocess.PIPE, start_new_session=True)
    assert free.stdout is not None
    try:
        assert int(free.stdout.readline()) == MANY, "the control: without us as many as they like"
    finally:
        marked.kill_all(lambda: marked.owned_by(uid))
        free.stdout.close()
        free.wait(5)
    _calm(uid)
    made = int(_told(session.station.citizen, Bounds(session.group, session.room), sys.executable, "-c", SLEEPERS))
    assert 100 < made < limits.PROCESSES
    begun = time.monotonic()
    assert session.kill()
    print(f"\n{made} processes ended in {(time.monotonic() - begun) * 1000:.0f} ms")
    assert [pid for pid in marked.owned_by(uid) if not linux.is_zombie(pid)] == []
    _calm(uid)


@pytest.mark.slow
@pytest.mark.root
def test_a_session_fills_its_own_places_and_no_others(session: Session) -> None:
    citizen, theirs = session.station.citizen, session.station.paths.citizen_home
    bounds = Bounds(session.group, session.room)
    assert home.space(theirs)[1] is False and 200 < home.space(theirs)[0] <= 256
    fill = "head -c 600M /dev/zero > {0}/full 2>/dev/null; stat -c %s {0}/full"
    for place, most in ((str(theirs), 256), ("/tmp", 128), ("/dev/shm", 128)):
        written = int(_told(citizen, bounds, "sh", "-c", fill.format(place))) >> 20
        assert most - 8 <= written <= most, place
    assert home.space(theirs) == (0, True)
    # As Debian's start of Chromium asks, which then keeps away from so small a place.
    told = _told(citizen, bounds, "findmnt", "-bnr", "-o", "size", "-T", "/dev/shm").split()
    assert [int(size) >> 20 for size in told] == [128]
    # The control: outside, the same place takes it.
    with tempfile.NamedTemporaryFile(dir="/dev/shm") as free:
        subprocess.run(["head", "-c", "200M", "/dev/zero"], stdout=free, check=True)
        assert os.path.getsize(free.name) == 200 << 20
    many = f"i=0; cd {theirs}; rm full; mkdir m; cd m; seq 60000 | xargs touch 2>/dev/null; ls | wc -l"
    assert int(_told(citizen, bounds, "sh", "-c", many)) < places.FILES_PER_MB * 256


@pytest.mark.slow
@pytest.mark.root
def test_a_program_of_a_session_gains_nothing_and_keeps_nothing(session: Session) -> None:
    tool = session.station.paths.home / "whoami"
    tool.write_bytes(Path("/usr/bin/id").read_bytes())
    tool.chmod(0o4755)
    citizen, bounds = session.station.citizen, Bounds(session.group, session.room)
    assert citizen.uid is not None
    free = subprocess.run([tool, "-u"], user=citizen.uid, capture_output=True, text=True, check=True)
    assert free.stdout.strip() == "0", "the control: setuid makes root of them"
    assert _told(citizen, bounds, str(tool), "-u").strip() == str(citizen.uid)
    status = _told(citizen, bounds, "cat", "/proc/self/status", "/proc/self/limits", "/proc/self/oom_score_adj")
    assert "NoNewPrivs:\t1" in status and "CapEff:\t0000000000000000" in status and status.endswith("300\n")
    lines = [line.split() for line in status.splitlines()]
    assert ["0", "0"] in [line[4:6] for line in lines if line[:3] == ["Max", "core", "file"]]
    assert [str(limits.PROCESSES)] * 2 in [line[2:4] for line in lines if line[:2] == ["Max", "processes"]]
    # Nor can it lay anything beside the X server's sockets, or see what others keep in /tmp.
    assert _told(citizen, bounds, "sh", "-c", "touch /tmp/.X11-unix/x 2>/dev/null && echo made") == ""
    with tempfile.NamedTemporaryFile(dir="/tmp") as others:
        assert _told(citizen, bounds, "sh", "-c", f"ls {others.name} 2>&1").startswith("ls: cannot access")


def test_the_home_is_a_quarter_of_the_memory_within_bounds() -> None:
    here = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 20
    assert home.size_in_force(0) == min(2048, max(256, here // 4))
    assert home.size_in_force(300) == 300


def test_a_chore_that_outlives_its_supervisor_holds_nothing_of_it() -> None:
    loop = Loop()
    children = Children(Paths(Path("/nowhere")), resolve(Users(citizen=CITIZEN)), {"DISPLAY": ":0"}, 2)
    people = resolve(Users(citizen=CITIZEN))
    made = SessionMaker(
        Paths(Path("/nowhere")), Site(), people.citizen, Programs.from_policy({}), {"DISPLAY": ":0"}, 256
    )
    chores = Chores(Keeper(children, made, loop, lambda *_said, **_fields: True))
    answers: list[object] = []
    with tempfile.TemporaryFile() as kept, tempfile.TemporaryFile() as other:
        numbers = (kept.fileno(), other.fileno())

        def work() -> list[bool]:
            return [os.path.exists(f"/proc/self/fd/{number}") for number in numbers]

        def done(answer: object) -> None:
            answers.append(answer)
            loop.stop()

        chores.do("test", work, done, 10.0, keep=numbers[:1])
        loop.run(lambda: None)
    loop.close()
    assert answers == [[True, False]]
