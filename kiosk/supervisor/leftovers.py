"""What an earlier supervisor left behind when it died half-way: processes of ours that it had no time to write down,
and a session that nobody knows any more.

Without the first a station could get two of a kind: a lock that the service was never told of covers for ever.
"""

import os
import signal
from pathlib import Path

from kiosk.settings import Paths
from kiosk.supervisor import aside, cgroup, home, marked
from kiosk.supervisor.children import MODULES
from kiosk.supervisor.event_log import log
from kiosk.supervisor.printing import desk as print_desk
from kiosk.supervisor.session.session import SessionMaker
from kiosk.supervisor.sticks import work as stick_work

STICKS_WITHIN, DETACHED_WITHIN = 2.0, 0.5
WIPE_WITHIN, DEAD_WITHIN = 10.0, 2.0
CLEAN_WITHIN = 21.0  # all of it, of two users

# For a fresh lock: its forerunner covers until its own first page is painted.
BEHIND = ("behind",)
STARTED = (*MODULES.values(), (*MODULES["lock"], *BEHIND))


def end_strays(paths: Paths, known: set[int]) -> int:
    """Kill processes of ours, of this home, that are not in the book; how many there were.

    Called while nothing of ours is being started, by the only supervisor of this home.
    """
    mark = f"KIOSK_HOME={paths.home}".encode()
    wanted = {tuple(word.encode() for word in ("-P", "-m", *words)) for words in STARTED}
    found = 0
    for pid in (int(name) for name in os.listdir("/proc") if name.isdigit()):
        if pid in known or not _is_ours(pid, wanted, mark):
            continue
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
        found += 1
    return found


def _is_ours(pid: int, wanted: set[tuple[bytes, ...]], mark: bytes) -> bool:
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as command:
            words = tuple(command.read().rstrip(b"\0").split(b"\0")[1:])
    except OSError:
        return False
    return words in wanted and marked.environ_has(pid, mark)


def end_programs(maker: SessionMaker, wait: float = DEAD_WITHIN) -> bool:
    """Kill whatever any session of this home left running, and `wait` for each; True when nothing is left."""
    gone = True
    for group in cgroup.leftovers(maker.paths.home):
        gone = cgroup.kill(group, wait) and gone
        cgroup.remove(group)
    uid = maker.citizen.uid
    # Which session it was, nobody knows any more; where its home was, everybody does.
    home = maker.where
    finder = (
        marked.carriers(f"HOME={home}", switch=f"--user-data-dir={home}/")
        if uid is None
        else (lambda: marked.owned_by(uid))
    )
    return marked.kill_all(finder, wait) and gone


def detach_home(maker: SessionMaker) -> int | None:
    """Take the home out of everybody's sight, at once; where it was mounted, a descriptor that still keeps it."""
    if maker.citizen.uid is None:
        return None
    try:
        held = os.open(maker.where, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return None
    home.detach(maker.where)
    return held


def wipe(maker: SessionMaker, *held: int | None) -> list[str]:
    """Remove the files of whatever session there was; what could not be removed is returned.

    `held`: descriptors of its room and its home, to be let go of here.
    """
    for one in held:
        if one is not None:
            os.close(one)
    left = print_desk.wipe(print_desk.Desk(maker.paths.printing))
    return left + home.wipe(maker.where, maker.citizen)


def wipe_all(makers: tuple[SessionMaker, ...], *held: int | None) -> list[str]:
    """The same for sessions of several kinds. Returns the places in which something could not be removed."""
    left = wipe(makers[0], *held)
    for other in makers[1:]:
        left += wipe(other)
    return sorted({_place_of(one, makers) for one in left})


def _place_of(left: str, makers: tuple[SessionMaker, ...]) -> str:
    """What may be told of a path: the names of a citizen's own files are theirs."""
    if any(Path(left).is_relative_to(maker.where) for maker in makers):
        return "home"
    if any(Path(left).is_relative_to(maker.paths.home) for maker in makers):
        return "kiosk"
    if not left.startswith("/"):
        return left.split()[0]  # "shm 12", "keyrings"
    places = [place for maker in makers for place in home.swept(maker.citizen.uid or 0)]
    return max((place for place in places if Path(left).is_relative_to(place)), key=len, default="/")


def told(left: list[str] | None) -> str:
    """The places of `wipe_all` as the service is told of them; None is a wipe without an end. "" when all is gone."""
    if left is None:
        return "hangs"
    return f"files {', '.join(left)}" if left else ""


def end_all(makers: tuple[SessionMaker, ...], wait: float = DEAD_WITHIN) -> bool:
    """Kill whatever any session of any kind left running; True when nothing is left."""
    return all([end_programs(maker, wait) for maker in makers])


def clean_up(makers: tuple[SessionMaker, ...]) -> str:
    """Kill, let go of sticks and wipe, whoever's it was: what is left all the same, as `told`."""
    gone = end_all(makers)
    if not let_go_of_sticks(makers[0]):
        log("a stick was not synced in time")
    return told(wipe_all(makers)) if gone else "processes"


def wipe_within(makers: tuple[SessionMaker, ...]) -> str:
    """Wipe whatever a session left, in a child: what is left all the same, as `told`."""
    return told(aside.wait_for(lambda: wipe_all(makers), WIPE_WITHIN))


def let_go_of_sticks(maker: SessionMaker) -> bool:
    """Sync and unmount the sticks of whatever session there was; False when one hangs, which holds nobody."""
    sticks = maker.paths.sticks
    if maker.citizen.uid is None or not sticks.is_dir():
        return True
    if aside.wait_for(lambda: stick_work.leave(stick_work.places(sticks), sticks), STICKS_WITHIN) is not None:
        return True
    aside.wait_for(lambda: stick_work.detach(sticks), DETACHED_WITHIN)
    return False
