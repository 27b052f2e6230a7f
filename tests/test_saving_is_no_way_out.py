"""What copies a citizen's files to their stick runs as the citizen: it is no way out of their room, nor to our ear."""

import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.messages import encode
from tests import stick_stage
from tests.running import CITIZEN
from tests.test_sticks_of_citizens import Desk

pytestmark = [pytest.mark.root, pytest.mark.slow]

SLEEPS = [sys.executable, "-c", "import time; print('here', flush=True); time.sleep(60)"]
# Takes its line to the supervisor from what copies (pidfd_getfd), speaks in its place, and kills it: the right of
# who runs it.
SPEAKS = """
import ctypes, os, sys
pid = int(sys.argv[1])
with os.fdopen(ctypes.CDLL(None).syscall(438, os.pidfd_open(pid), 1, 0), "wb") as told:
    told.write(sys.stdin.buffer.read())
os.kill(pid, 9)
"""
LINES = (
    b'{"trouble": "\\ud800"}\n', b"[" * 4000 + b"\n", b'{"trouble": ["full"]}\n', b'{"trouble": {"\\u0000": 1}}\n',
    b'{"done": 1e999, "of": NaN}\n', b'{"done": ' + b"9" * 4200 + b', "of": 1}\n', b"\xff\xfe\n", b'{"trouble": 1}\n',
)  # fmt: skip


@pytest.fixture
def desk(home: Path) -> Iterator[Desk]:
    made = Desk(home)
    made.begin()
    yield made
    made.end()
    os.environ.pop("KIOSK_STICKS")
    subprocess.run(["umount", "-R", "-l", str(made.paths.sticks)], check=False, capture_output=True)


def _lays_a_file(desk: Desk, pid: int) -> bool:
    """Whether a program of the session reaches the PC's own /tmp through that process."""
    mark = Path("/tmp", f"kiosk-escaped-{os.getpid()}")
    desk.in_the_room(f"touch /proc/{pid}/root{mark}")
    try:
        mark.unlink()
    except FileNotFoundError:
        return False
    return True


def test_nobody_gets_out_of_the_room_through_it(desk: Desk) -> None:
    session, uid = desk.keeper.session, pwd.getpwnam(CITIZEN).pw_uid
    assert session is not None and session.room is not None
    with subprocess.Popen(SLEEPS, user=uid, group=desk.owner.pw_gid, extra_groups=[], stdout=subprocess.PIPE) as free:
        assert free.stdout is not None and free.stdout.readline() == b"here\n"
        assert _lays_a_file(desk, free.pid), "the control: through a process of theirs outside, they do"
        free.kill()
    hears, tells = os.pipe()
    process = session.helper("save", SLEEPS, tells)
    os.close(tells)
    with os.fdopen(hears, "rb") as told:
        assert told.readline() == b"here\n"
        assert not _lays_a_file(desk, process.pid)
    process.kill()
    assert process.wait(5)
    process.close()


def test_whoever_speaks_in_its_place_says_no_more_than_that_it_failed(desk: Desk) -> None:
    desk.write("Documents/long.txt", b"x" * (8 << 20))
    for line in LINES:
        with stick_stage.plugged(desk.image(32), desk.slots / "one"):
            desk.until(lambda: desk.told and desk.state() == "ready")
            desk.sticks.save(desk.keeper.session, desk.told[0]["id"])  # type: ignore[arg-type]
            [stick] = desk.sticks._in.values()
            assert stick.saving is not None
            os.kill(stick.saving.pid, signal.SIGSTOP)  # or it may have done its work before
            speaker = [sys.executable, "-c", SPEAKS, str(stick.saving.pid)]
            user, group = desk.owner.pw_uid, desk.owner.pw_gid
            done = subprocess.run(speaker, input=line, user=user, group=group, extra_groups=[], timeout=20)
            assert done.returncode == 0, "the control: they can"
            desk.until(lambda: desk.state() == "trouble")
            assert desk.told[0]["detail"] == "failed"
            assert encode("sticks", sticks=desk.told)
        desk.until(lambda: not desk.told or desk.state() != "trouble")
