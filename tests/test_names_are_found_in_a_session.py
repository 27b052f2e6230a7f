"""Sessions find names also where the name servers' list lies in /run: systemd-resolved and NetworkManager put it there.

The rest of /run it does not see (test_walls_of_a_session.py).
"""

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.supervisor.limits import Limits
from kiosk.supervisor.processes import Bounds, spawn
from kiosk.supervisor.session import places
from kiosk.supervisor.session.session import Session
from tests.session_stage import prepared, session_maker

pytestmark = [pytest.mark.root, pytest.mark.slow]

LOOK = """
import socket, sys
try:
    print(open(sys.argv[1]).read(), end=" ")
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(sys.argv[2])
    print("answered", end=" ")
    open(sys.argv[1] + ".mine", "w")
except OSError as error:
    print(type(error).__name__)
"""


@pytest.fixture
def running() -> Iterator[Path]:
    folder = Path(f"/run/kiosk-names-{os.getpid()}")
    folder.mkdir()
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


def _in_a_session(session: Session, *words: str) -> str:
    ours, theirs = os.pipe()
    bounds = Bounds(session.group, session.room, None, session.station.limits)
    env = {"PATH": "/usr/bin:/bin"}
    process = spawn("program", ["python3", "-c", LOOK, *words], session.station.citizen, env, theirs, bounds)
    os.close(theirs)
    with os.fdopen(ours, "rb") as told:
        text = told.read().decode()
    process.wait(10)
    process.close()
    return text


@pytest.mark.parametrize("known", [False, True])
def test_the_list_its_later_versions_and_the_socket_beside_it(
    running: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    server, line = running / "resolv.conf", socket.socket(socket.AF_UNIX)
    server.write_text("nameserver 192.0.2.1")
    (tmp_path / "resolv.conf").symlink_to(server)
    if known:
        monkeypatch.setattr(places, "RESOLVER", str(tmp_path / "resolv.conf"))
    with line, session_maker(Limits()) as maker, prepared(maker) as session:
        line.bind(str(running / "socket"))
        os.chmod(running / "socket", 0o666)
        line.listen()
        # As both of them write it: another file in its place.
        (running / "new").write_text("nameserver 192.0.2.2")
        (running / "new").rename(server)
        told = _in_a_session(session, str(server), str(running / "socket"))
    assert told.strip() == ("nameserver 192.0.2.2 answered OSError" if known else "FileNotFoundError"), told
