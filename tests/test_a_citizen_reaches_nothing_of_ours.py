"""From inside a session nobody ends, traces, reads or imitates the station's processes, nor reads its files.

The control: the same program gets all of it where things are the citizen's own.
"""

import json
import os
import pwd
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.supervisor import cgroup
from tests.conftest import servers
from tests.reaching import PRIVATE
from tests.running import CITIZEN, LONG, RunningStation, free_port
from tests.station_processes import slowness

pytestmark = [pytest.mark.slow, pytest.mark.root]

# Given whole to Python: a session has a /tmp of its own, and a checkout may lie in ours.
REACHING = Path(__file__).with_name("reaching.py").read_text(encoding="utf-8")
VICTIM = [sys.executable, "-c", "import time; print('here', flush=True); time.sleep(60)"]
# What everybody may read: no secret stands there, and the citizen's own programs need some of it.
OPEN = ("site.toml", "policy.toml", "desktop/", "audio/")


@pytest.fixture(scope="module")
def station() -> Iterator[RunningStation]:
    """One session for all of it: the attacks leave nothing."""
    with servers() as start, tempfile.TemporaryDirectory(prefix="kiosk-test-") as folder:
        Path(folder).chmod(0o755)
        with RunningStation(Path(folder, "home"), start(), LONG) as running:
            running.sign_in()
            yield running


def _reach(wanted: dict[str, Any], start: Callable[..., "subprocess.Popen[bytes]"]) -> dict[str, Any]:
    with tempfile.NamedTemporaryFile("w", dir="/var", prefix="kiosk-targets-") as targets:
        json.dump(wanted, targets)
        targets.flush()
        os.chmod(targets.name, 0o644)
        command = f'exec {sys.executable} -c "$0" < {targets.name}'
        process = start("sh", "-c", command, REACHING, stdout=subprocess.PIPE)
        with process:
            assert process.stdout is not None
            got: dict[str, Any] = json.loads(process.stdout.read())
    return got


def test_control_what_is_their_own_is_reached(tmp_path_factory: pytest.TempPathFactory) -> None:
    citizen = pwd.getpwnam(CITIZEN)
    who: dict[str, Any] = {"user": citizen.pw_uid, "group": citizen.pw_gid, "extra_groups": []}

    def start(*command: str, stdout: int) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(command, stdout=stdout, cwd="/", **who)

    with tempfile.TemporaryDirectory(prefix="kiosk-own-") as name, socket.socket(socket.AF_UNIX) as line:
        folder = Path(name)
        for path in (folder / "store", folder / "cgroup.procs"):
            path.write_text("secret")
            os.chown(path, citizen.pw_uid, citizen.pw_gid)
        line.bind(str(folder / "socket"))
        line.listen()
        os.chown(folder / "socket", citizen.pw_uid, citizen.pw_gid)
        os.chown(folder, citizen.pw_uid, citizen.pw_gid)
        victim = subprocess.Popen(VICTIM, stdout=subprocess.PIPE, **who)
        assert victim.stdout is not None and victim.stdout.readline() == b"here\n"
        wanted = {
            "pids": {"victim": victim.pid}, "home": name, "theirs": "/nowhere", "socket": str(folder / "socket"),
            "port": free_port(), "group": name,
        }  # fmt: skip
        got = _reach(wanted, start)
        assert victim.wait(5) == -9
        victim.stdout.close()
    reached = got["pids"]["victim"]
    assert {"environ", "mem", "maps", "fd", "trace", "SIGSTOP", "SIGKILL"} <= set(reached), reached
    assert {"store", "socket"} <= set(got["files"]["read"]) and "store" in got["files"]["written"]
    assert got["socket"] and got["port"] and got["group"]


def test_what_is_ours_is_not(station: RunningStation) -> None:
    ours = {role: station.living(role)[0] for role in ("supervisor", "service", "lock", "bar")}
    group = cgroup.find_root()
    paths = station.paths
    wanted = {
        "pids": ours, "home": str(paths.home), "theirs": str(paths.citizen_home), "socket": str(paths.socket),
        "port": station.menu, "group": str(group),
    }  # fmt: skip
    paths.outbox.joinpath("waiting.gz").write_bytes(b"counts")
    before = _stamps(station)
    got = _reach(wanted, lambda *command, stdout: station.as_citizen(*command, stdout=stdout, room=True))
    assert got["pids"] == dict.fromkeys(ours, []), PRIVATE
    opened = [name for name in got["files"]["read"] if not name.startswith(OPEN)]
    assert opened == []
    assert got["files"]["written"] == []
    assert (got["socket"], got["port"], got["group"], got["uncovered"]) == (False,) * 4
    assert {role: station.living(role)[0] for role in ours} == ours
    assert _stamps(station) == before
    assert station.status()["state"] == "open"


def _stamps(station: RunningStation) -> list[tuple[int, int]]:
    """The modes and owners of all that is ours."""
    paths = sorted(path for path in station.home.rglob("*") if station.paths.citizen_home not in path.parents)
    return [(path.lstat().st_mode, path.lstat().st_uid) for path in paths if path.exists()]


def test_a_browser_reads_no_more_than_they_may(station: RunningStation) -> None:
    theirs, ours = station.paths.citizen_home / "Documents" / "letter.txt", station.paths.outbox / "waiting.txt"
    for path in (theirs, ours):
        path.write_text("a letter to the province")
        path.chmod(0o644)
    assert "to the province" in _page(station, f"file://{theirs}"), "the control"
    for address in (f"file://{ours}", f"view-source:file://{ours}", f"file://{theirs}/../../../outbox/waiting.txt"):
        assert "to the province" not in _page(station, address)


def _page(station: RunningStation, address: str) -> str:
    """What a browser of the citizen's makes of an address; nothing where it makes nothing.

    Out of the room, where no policies hold it: it is no more than the citizen's user.
    """
    profile = station.paths.citizen_home / "tmp" / "second"
    command = ["chromium", "--headless", "--disable-gpu", f"--user-data-dir={profile}", "--dump-dom", address]
    process = station.as_citizen("timeout", str(15 * slowness()), *command, stdout=subprocess.PIPE)
    with process:
        assert process.stdout is not None
        return process.stdout.read().decode(errors="replace")


# Says which of the sockets on its command line take it: paths, and names without one ("@…").
CONNECTING = """
import socket, sys
for path in sys.argv[1:]:
    with socket.socket(socket.AF_UNIX) as line:
        if line.connect_ex(path.replace("@", chr(0), 1)) == 0:
            print(path)
"""


def test_no_socket_of_ours_takes_them(station: RunningStation) -> None:
    ours = sorted({name for role in ("supervisor", "service", "lock", "bar") for name in _listening(station, role)})
    assert str(station.paths.socket) in ours
    command = [sys.executable, "-c", CONNECTING, *ours]
    free = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert free == ours, "the control: whoever may do all is taken by each"
    with station.as_citizen(*command, stdout=subprocess.PIPE, room=True) as process:
        assert process.stdout is not None
        assert process.stdout.read() == b""


def _listening(station: RunningStation, role: str) -> list[str]:
    """The names of the sockets at which a process of ours listens (proc(5), net/unix: 7 fields and a name)."""
    held = set()
    for pid in station.living(role):
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            try:
                held.add(os.readlink(entry).removeprefix("socket:[").removesuffix("]"))
            except OSError:
                continue
    lines = [line.split(maxsplit=7) for line in Path("/proc/net/unix").read_text(encoding="utf-8").splitlines()[1:]]
    # 00010000: it listens.
    return [line[7] for line in lines if len(line) == 8 and line[3] == "00010000" and line[6] in held]
