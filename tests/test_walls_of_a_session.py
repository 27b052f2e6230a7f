"""Each wall of a session, tried from inside by the citizen, after the same was shown to work without it."""

import ctypes
import json
import os
import pwd
import secrets
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kiosk.supervisor import cgroup, walls
from kiosk.supervisor.limits import Limits
from kiosk.supervisor.processes import Bounds, spawn
from kiosk.supervisor.session import places
from kiosk.supervisor.session.session import Session, SessionMaker
from kiosk.supervisor.users import Identity
from tests.session_stage import prepared, session_maker
from tests.station_processes import CITIZEN
from tests.walls_tried import KEYCTL

pytestmark = [pytest.mark.root, pytest.mark.slow]

TRIED = Path(__file__).with_name("walls_tried.py").read_text(encoding="utf-8")
MEMORY_MB = 512
# Takes memory for good, in so many processes: says how much of it each got.
HOG = """
import os, signal, sys, time
processes, each = int(sys.argv[1]), int(sys.argv[2])
children = {}
for _ in range(processes):
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        os.close(1)
        held = []
        try:
            for _step in range(each // 8):
                held.append(os.urandom(1 << 16) * 128)
                os.write(writing, b"8")
        except MemoryError:
            pass
        os.write(writing, b".")
        time.sleep(60)
        os._exit(0)
    os.close(writing)
    children[child] = reading
got = []
for child, reading in children.items():
    told = b""
    while not told.endswith(b".") and (more := os.read(reading, 1000)):
        told += more
    got.append(8 * told.count(b"8"))
for child in children:
    os.kill(child, signal.SIGKILL)
print(*got, flush=True)
"""


@pytest.fixture(scope="module")
def maker() -> Iterator[SessionMaker]:
    with session_maker(Limits(400, MEMORY_MB)) as made:
        yield made


@pytest.fixture(scope="module")
def session(maker: SessionMaker) -> Iterator[Session]:
    with prepared(maker) as made:
        yield made


def _inside(session: Session, *command: str, given: str = "", bounds: Bounds | None = None) -> str:
    """What a program of the session prints."""
    ours, theirs = os.pipe()
    if given:
        asked = session.station.where / "tmp" / "asked"
        asked.write_text(given, encoding="utf-8")
        asked.chmod(0o644)
        command = ("sh", "-c", f'exec "$@" < {asked}', "sh", *command)
    env = {"PATH": "/usr/bin:/bin"}
    bounds = bounds or Bounds(session.group, session.room, None, session.station.limits)
    process = spawn("program", list(command), session.station.citizen, env, theirs, bounds)
    os.close(theirs)
    with os.fdopen(ours, "rb") as told:
        text = told.read()
    process.wait(10)
    process.close()
    return text.decode()


def _outside(*command: str, given: str = "") -> str:
    """What it prints when the citizen's user runs it without a session."""
    user = pwd.getpwnam(CITIZEN)
    done = subprocess.run(
        command, user=user.pw_uid, group=user.pw_gid, extra_groups=[], input=given, capture_output=True, text=True,
        timeout=60, check=True, cwd="/",
    )  # fmt: skip
    return done.stdout


@contextmanager
def _listening(*paths: str) -> Iterator[None]:
    """Sockets that take everybody, in folders that are made where they are missing."""
    with ExitStack() as stack:
        for path in paths:
            folder = Path(path).parent
            if not folder.exists():
                folder.mkdir()
                stack.callback(folder.rmdir)
            line = stack.enter_context(socket.socket(socket.AF_UNIX))
            line.bind(path)
            stack.callback(os.unlink, path)
            os.chmod(path, 0o777)
            line.listen(8)
        yield


def _with_a_key(name: str) -> None:
    """A session keyring as of somebody who signed in as root, with a secret that whoever is in it may read."""
    libc = ctypes.CDLL(None, use_errno=True)
    add = {"x86_64": 248}.get(os.uname().machine, 217)
    assert libc.syscall(KEYCTL, 1, None) > 0  # join a new one
    number = libc.syscall(add, b"user", name.encode(), b"secret", 6, -3)
    assert number > 0, os.strerror(ctypes.get_errno())
    assert libc.syscall(KEYCTL, 5, number, 0x3F000000) == 0  # all to the possessor, nothing to anybody else


@contextmanager
def _another_dev(name: str) -> Iterator[None]:
    """A device of the machine that everybody may open, as some drivers make them."""
    node = Path("/dev", name)
    os.mknod(node, stat.S_IFCHR | 0o666, os.makedev(1, 3))
    node.chmod(0o666)
    try:
        yield
    finally:
        node.unlink()


@pytest.fixture(scope="module")
def tried(session: Session) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """What was tried, what was got without a session, and what in one."""
    mark = f"kiosk-{secrets.token_hex(4)}"
    listening = [f"/run/{name}/{mark}" for name in ("dbus", "udisks2", "cups")]
    with tempfile.TemporaryDirectory(dir="/var", prefix=mark) as everybodys, _listening(*listening), _another_dev(mark):
        os.chmod(everybodys, 0o1777)
        Path(everybodys, "file").touch()
        Path(everybodys, "file").chmod(0o666)
        wanted = {
            "places": [everybodys, "/tmp", "/var/tmp", "/dev/shm", "/run/lock"],
            "key": mark, "sockets": listening, "files": [f"{everybodys}/file", f"/dev/{mark}"],
            "everybodys": everybodys, "mark": mark,
        }  # fmt: skip
        program, given = (sys.executable, "-c", TRIED), json.dumps(wanted)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            # A child, so that the keyring is not kept by whatever runs after this.
            try:
                _with_a_key(mark)
                home = str(session.station.where)
                inside = json.dumps({**wanted, "places": [*wanted["places"], home, "/media"]})
                both = _outside(*program, given=given), _inside(session, *program, given=inside)
                os.write(writing, json.dumps(both).encode())
            finally:
                os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as told:
            free, bound = map(json.loads, json.load(told))
        os.waitpid(child, 0)
    return wanted, free, bound


Tried = tuple[dict[str, Any], dict[str, Any], dict[str, Any]]


def test_what_a_citizen_writes_does_not_run(tried: Tried, session: Session) -> None:
    wanted, free, bound = tried
    assert free["runs"][wanted["everybodys"]] == "runs maps" == free["runs"]["/tmp"], "the control"
    assert set(bound["runs"]) >= {str(session.station.where), "/tmp", "/var/tmp", "/dev/shm", "/media"}
    assert set(bound["runs"].values()) == {""}


def test_they_write_in_their_own_places_alone_and_for_themselves(tried: Tried, session: Session) -> None:
    wanted, free, bound = tried
    assert free["written"][wanted["everybodys"]] and set(free["opened"]) == set(wanted["files"]), "the control"
    own = {str(session.station.where), "/tmp", "/var/tmp", "/dev/shm", "/run/lock"}
    assert {place: mode for place, mode in bound["written"].items() if mode} == dict.fromkeys(own, "600")
    assert bound["opened"] == []


def test_they_open_no_device_but_those_of_every_program(tried: Tried) -> None:
    wanted, free, bound = tried
    assert wanted["mark"] in free["nodes"], "the control"
    allowed = {*places.NODES, "ptmx"}
    assert {node for node in bound["nodes"] if node.partition("/")[0] not in places.SHARED} <= allowed
    assert {"null", "zero", "urandom"} <= set(bound["nodes"]) and bound["terminal"]


def test_they_see_no_process_of_anybody_else(tried: Tried) -> None:
    _wanted, free, bound = tried
    assert any("pytest" in words for words in free["strangers"]), "the control"
    assert bound["strangers"] == []


def test_no_key_of_whoever_started_the_station_is_theirs(tried: Tried) -> None:
    _wanted, free, bound = tried
    assert (free["key"], bound["key"]) == ("secret", "")


def test_the_services_of_the_machine_hear_nothing_of_them(tried: Tried) -> None:
    wanted, free, bound = tried
    assert (free["sockets"], bound["sockets"]) == (wanted["sockets"], [])


def test_a_session_that_eats_memory_is_held_in_its_own_bounds(session: Session) -> None:
    hog = (sys.executable, "-c", HOG)
    assert _inside(session, *hog, "1", "304").split() == ["304"], "what fits is had"
    assert _outside(*hog, "4", "304").split() == ["304"] * 4, "the control"
    assert session.group is not None and "memory" in cgroup.counts(session.group, session.station.limits)
    many = [int(one) for one in _inside(session, *hog, "4", "304").split()]
    print(f"\nof 4 times 304 MB were had: {many}")
    assert min(many) < 304, "one of them ended, and nobody else"
    assert cgroup.ended_for_memory(session.group) > 0, "which the bar tells"


def test_without_a_group_each_program_is_held_by_itself(session: Session) -> None:
    hog, each = (sys.executable, "-c", HOG), Limits(400, MEMORY_MB).each >> 20
    more = str(each + 200)
    assert _outside(*hog, "1", more).split() == [more], "the control"
    bounds = Bounds(None, session.room, None, session.station.limits)
    assert each - 200 < int(_inside(session, *hog, "1", more, bounds=bounds)) < each


def test_the_machine_is_asked_which_walls_stand(maker: SessionMaker, session: Session) -> None:
    found = walls.standing(maker)
    assert found == walls.Walls(True, True, "cgroup", True, True, True, True, True)
    assert (found.level, found.of_room) == ("full", session.walls)
    plain = walls.standing(replace(maker, citizen=Identity(None, None, (), "/")))
    assert (plain.level, plain.users, plain.of_room) == ("none", False, frozenset())
