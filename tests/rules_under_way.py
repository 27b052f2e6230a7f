"""Rules that are still on their way to the kernel when the station stops: run in a network of its own, as root.

Prints two tables: what is left where nobody waits for them, and what is left after the supervisor's own stop.
"""

import json
import pwd
import shutil
import sys
import time
from pathlib import Path

from kiosk.loop import Loop
from kiosk.settings import SYSTEM_PATH, Paths, Site, Users
from kiosk.supervisor import port_wall
from kiosk.supervisor.children import Children
from kiosk.supervisor.chores import Chores
from kiosk.supervisor.keeper import Keeper
from kiosk.supervisor.port_wall import PortWall
from kiosk.supervisor.session.programs import Programs
from kiosk.supervisor.session.session import SessionMaker
from kiosk.supervisor.users import resolve

# The first one is slow: it has taken the mark, and waits.
SLOW = """#!/bin/sh
if rm {mark} 2> {mark}.not; then sleep 2; fi
exec {nft} "$@"
"""


def left(folder: Path, citizen: str, waits: bool) -> str:
    """Our table two slow seconds after the stop; `waits`: as the supervisor stops."""
    paths, people, mark = Paths(folder), resolve(Users(citizen=citizen)), folder / "mark"
    display = {"DISPLAY": ":0"}
    maker = SessionMaker(paths, Site(), people.citizen, Programs.from_policy({}), display, 256)
    keeper = Keeper(Children(paths, people, display, 2), maker, Loop(), lambda *_said, **_fields: True)
    wall = PortWall(paths, pwd.getpwnam(citizen).pw_uid, Chores(keeper), lambda: None)
    mark.touch()
    wall.look()
    while mark.exists():
        time.sleep(0.01)
    for process in keeper.children.by_pid.values():
        process.kill()
    if waits:
        wall.take_away()
    else:
        port_wall.take_away(paths.home)
    time.sleep(2.5)
    found = port_wall.shown(port_wall.table(paths.home))
    port_wall.take_away(paths.home)
    return found


if __name__ == "__main__":
    where = Path(sys.argv[1])
    real = shutil.which("nft", path=SYSTEM_PATH)
    (where / "nft").write_text(SLOW.format(mark=where / "mark", nft=real), encoding="utf-8")
    (where / "nft").chmod(0o755)
    vars(port_wall)["SYSTEM_PATH"] = f"{where}:{SYSTEM_PATH}"
    print(json.dumps([left(where, sys.argv[2], waits=False), left(where, sys.argv[2], waits=True)]))
