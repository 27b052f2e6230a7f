"""The controls of the hostile programs: on a bare X server and as an ordinary user each does what it is for.

The same eyes look as in a session (hostile_eyes.py). Those that are refused there get what they reach for here, where
it is their own, or where they are root. The windows of hostile_x.py and the lasting ones have controls of their own, in
test_hostile_windows_beat_a_plain_locker.py and test_an_ordinary_end_leaves_some.py.
"""

import os
import pwd
import resource
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path

import pytest

from kiosk.supervisor import cgroup, linux, marked
from kiosk.supervisor import home as citizens_home
from kiosk.supervisor.limits import Limits
from kiosk.supervisor.users import Identity
from tests import hostile_screen, hostile_server, hostile_x, lasting
from tests.hostile_eyes import seen
from tests.hostile_ground import SOURCES, Ground
from tests.hostile_left import settings
from tests.hostile_words import REFUSED, devices
from tests.running import CITIZEN
from tests.station_processes import alone, free_port, is_too_long, slowness

pytestmark = [pytest.mark.slow, pytest.mark.root]

ON_DISPLAY = hostile_screen.ATTACKS.keys() | hostile_server.ATTACKS.keys()
FLOODS = ("floods_the_menu", "floods_the_panel")
HERE = sorted(SOURCES.keys() - hostile_x.ATTACKS.keys() - lasting.WAYS.keys() - set(REFUSED) - set(FLOODS))
MOST_PROCESSES = 500


@pytest.fixture(scope="module")
def who() -> Iterator[Identity]:
    """An ordinary user, whose processes and files are taken away afterwards."""
    found = pwd.getpwnam(CITIZEN)
    held = alone()
    try:
        yield Identity(found.pw_uid, found.pw_gid, (), found.pw_dir)
    finally:
        os.close(held)


@contextmanager
def _place(who: Identity) -> Iterator[Path]:
    """A small home of theirs."""
    assert who.uid is not None
    with tempfile.TemporaryDirectory(prefix="kiosk-test-") as folder:
        Path(folder).chmod(0o755)
        home = Path(folder, "own")
        home.mkdir()
        linux.mount_tmpfs(str(home), f"mode=0700,uid={who.uid},gid={who.gid},size=24m,nr_inodes=9000")
        try:
            yield home
        finally:
            uid = who.uid
            subprocess.run(["crontab", "-r", "-u", CITIZEN], capture_output=True, check=False)
            assert marked.kill_all(lambda: marked.owned_by(uid), 10)
            while linux.unmount(str(home)):
                pass
            assert citizens_home.wipe(home, who) == []


def _start(
    name: str, who: Identity, home: Path, display: str, *words: str, root: bool = False, group: Path | None = None
) -> "subprocess.Popen[bytes]":
    """The program as that user, or as root, who may fill only small places; in a control group."""

    def enter() -> None:
        if group is not None:
            for entry in cgroup.entries(group):
                entry.write_text("0")
        linux.leave_mounts()
        os.umask(0o022)
        shown = {"/tmp/.X11-unix": os.open("/tmp/.X11-unix", os.O_PATH), str(home): os.open(home, os.O_PATH)}
        for place in ("/dev/shm", "/tmp", "/var/tmp"):
            linux.mount_tmpfs(place, "mode=1777,size=24m,nr_inodes=9000")
        for path, held in shown.items():
            if not os.path.exists(path):  # it was covered
                os.makedirs(path, 0o755)
                linux.bind(f"/proc/self/fd/{held}", path)
        resource.setrlimit(resource.RLIMIT_NPROC, (MOST_PROCESSES, MOST_PROCESSES))
        if not root and who.uid is not None and who.gid is not None:
            os.setgroups([])
            os.setresgid(who.gid, who.gid, who.gid)
            os.setresuid(who.uid, who.uid, who.uid)

    env = {"PATH": os.environ["PATH"], "HOME": str(home), "DISPLAY": display, "LANG": "C.UTF-8"}
    return subprocess.Popen(
        [sys.executable, "-c", SOURCES[name], name, words[0], *words[1:]], env=env, cwd="/", preexec_fn=enter,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
    )  # fmt: skip


def _wait(ground: Ground, condition: Callable[[], object], what: str, seconds: float = 5.0) -> None:
    begun = time.monotonic()
    while not condition():
        assert not ground.quiet, f"it has ended, before {what}"
        assert not is_too_long(time.monotonic() - begun, seconds), f"{what}; it said {ground.heard}"
        time.sleep(0.02)


@pytest.mark.parametrize("name", HERE)
def test_it_does_what_it_is_for(name: str, who: Identity, xvfb: Callable[..., str]) -> None:
    assert who.uid is not None
    display = xvfb() if name in ON_DISPLAY else ":0"
    before = settings(display) if name in ON_DISPLAY else {}
    with _place(who) as home:
        ground = Ground(name, f"hostile{secrets.token_hex(5)}", display, who.uid, home, before)
        process = _start(name, who, home, display, ground.mark)
        try:
            ground.listen(process)
            _wait(ground, lambda: ground.answer, "its first word")
            assert ground.answer == "up", ground.heard
            _wait(ground, lambda: seen(ground), "what it is for is seen")
        finally:
            process.kill()
            process.wait(10)


def _got(name: str, who: Identity, *words: str, root: bool = False) -> str:
    """What one of those that are refused in a session gets."""
    assert who.uid is not None
    with _place(who) as home:
        ground = Ground(name, f"hostile{secrets.token_hex(5)}", ":0", who.uid, home, {})
        process = _start(name, who, home, ":0", ground.mark, *words, root=root)
        try:
            ground.listen(process)
            _wait(ground, lambda: ground.answer, "its first word", 20)
            return ground.answer
        finally:
            process.kill()
            process.wait(10)


def test_processes_of_its_own_it_ends_and_reads(who: Identity) -> None:
    command = ["sleep", "60"]
    with subprocess.Popen(command, user=who.uid, group=who.gid, extra_groups=[]) as victim:
        got = _got("ends_and_reads_others", who, str(victim.pid))
        assert victim.wait(5) == -9
    for what in ("environ", "maps", "oom_score_adj", "SIGKILL"):
        assert what in got


def test_to_a_socket_of_its_own_it_speaks(who: Identity) -> None:
    with tempfile.TemporaryDirectory(prefix="kiosk-own-", dir="/var") as name, socket.socket(socket.AF_UNIX) as line:
        os.chmod(name, 0o755)
        line.bind(f"{name}/socket")
        os.chmod(f"{name}/socket", 0o666)
        line.listen()
        heard: list[bytes] = []

        def hear() -> None:
            taken, _address = line.accept()
            with taken:
                heard.append(taken.recv(1000))
                taken.sendall(b"heard\n")

        listening = threading.Thread(target=hear)
        listening.start()
        assert f"{name}/socket" in _got("speaks_to_the_service", who, f"{name}/socket")
        listening.join(5)
        assert b"extend" in heard[0]


def test_as_root_it_reaches_the_machine(who: Identity) -> None:
    got = _got("reaches_for_the_machine", who, *devices(), root=True)
    assert got.startswith("got "), got
    assert [name for name in ("/dev/tty0", "/dev/kmsg", "/proc/sysrq-trigger") if f"{name} written" in got], got


def test_an_ordinary_user_is_run_later(who: Identity) -> None:
    assert "cron" in _got("asks_to_be_run_later", who)


@contextmanager
def _grouped(name: str, who: Identity, home: Path) -> Iterator[Ground]:
    """The program in a control group that bounds it as a session's does, and in which it can be ended at once."""
    assert who.uid is not None
    group = cgroup.create(home, "own", Limits(MOST_PROCESSES))
    assert group is not None
    inner = group / "inner"
    inner.mkdir()
    for one in (group, inner):
        os.chown(one / "cgroup.procs", who.uid, -1)  # as a machine gives a user a group to divide: cgroups(7)
    try:
        with _place(who) as place:
            ground = Ground(name, f"hostile{secrets.token_hex(5)}", ":0", who.uid, place, {})
            ground.group = group
            process = _start(name, who, place, ":0", ground.mark, group=group)
            try:
                ground.listen(process)
                _wait(ground, lambda: ground.answer, "its first word", 20)
                yield ground
            finally:
                assert cgroup.kill(group, 20)
                process.wait(10)
    finally:
        inner.rmdir()
        cgroup.remove(group)


def test_a_group_that_is_its_own_it_leaves(who: Identity, home: Path) -> None:
    with _grouped("leaves_its_group", who, home) as ground:
        assert ground.answer.startswith("got "), ground.heard
        _wait(ground, lambda: seen(ground), "it is in another group")


def test_a_bomb_is_as_many_as_it_may(who: Identity, home: Path) -> None:
    with _grouped("bomb", who, home) as ground:
        _wait(ground, lambda: seen(ground), "nearly as many as it may be", 20)


@pytest.mark.parametrize("name", FLOODS)
def test_a_plain_server_answers_nobody_any_more(name: str, who: Identity) -> None:
    assert who.uid is not None
    port = free_port()
    # One at a time, as such a server does; and nobody is hung up on.
    with HTTPServer(("127.0.0.1", port), SimpleHTTPRequestHandler) as server, _place(who) as home:
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        serving.start()
        try:
            assert _answers(port)
            ground = Ground(name, f"hostile{secrets.token_hex(5)}", ":0", who.uid, home, {})
            ground.port = port
            process = _start(name, who, home, ":0", ground.mark, str(port))
            try:
                ground.listen(process)
                _wait(ground, lambda: ground.answer == "up" and seen(ground), "it floods", 20)
                _wait(ground, lambda: not _answers(port), "no answer any more")
            finally:
                process.kill()
                process.wait(10)
                uid = who.uid
                marked.kill_all(lambda: marked.owned_by(uid), 10)
        finally:
            server.shutdown()
            serving.join()


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 1.0 * slowness()) as line:
            line.settimeout(1.0 * slowness())
            line.sendall(b"GET / HTTP/1.0\r\n\r\n")
            return line.recv(4) == b"HTTP"
    except OSError:
        return False
