"""What an earlier supervisor left behind when it died half-way: processes of ours that it had no time to write down,
and a session that nobody knows any more.

Without the first a station could get two of a kind: a lock that the service was never told of covers for ever.
"""

import os
import select
import signal
from collections.abc import Callable
from contextlib import suppress

from kiosk.settings import Paths
from kiosk.supervisor import cgroup, home, marked
from kiosk.supervisor.children import MODULES
from kiosk.supervisor.printing import desk as print_desk
from kiosk.supervisor.session.session import SessionMaker
from kiosk.supervisor.sticks import work as stick_work

STICKS_WITHIN, DETACHED_WITHIN = 2.0, 0.5

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


def end_programs(maker: SessionMaker) -> bool:
    """Kill whatever any session of this home left running; True when nothing is left."""
    gone = True
    for group in cgroup.leftovers(maker.paths.home):
        gone = cgroup.kill(group) and gone
        cgroup.remove(group)
    uid = maker.citizen.uid
    # Which session it was, nobody knows any more; where its home was, everybody does.
    home = maker.where
    finder = (
        marked.carriers(f"HOME={home}", switch=f"--user-data-dir={home}/")
        if uid is None
        else (lambda: marked.owned_by(uid))
    )
    return marked.kill_all(finder) and gone


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
    """The same for sessions of several kinds."""
    left = wipe(makers[0], *held)
    for other in makers[1:]:
        left += wipe(other)
    return left


def let_go_of_sticks(maker: SessionMaker) -> bool:
    """Sync and unmount the sticks of whatever session there was; False when one hangs, which holds nobody."""
    sticks = maker.paths.sticks
    if maker.citizen.uid is None or not sticks.is_dir():
        return True
    if _within(STICKS_WITHIN, lambda: stick_work.leave(stick_work.places(sticks), sticks)):
        return True
    _within(DETACHED_WITHIN, lambda: stick_work.detach(sticks))
    return False


def _within(seconds: float, work: Callable[[], object]) -> bool:
    """Do it in a child; False when it took longer. One that hangs in the kernel cannot be killed, and is left there."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    pidfd = os.pidfd_open(child)
    try:
        ended = bool(select.select([pidfd], [], [], seconds)[0])
        if not ended:
            os.kill(child, signal.SIGKILL)
    finally:
        os.close(pidfd)
    with suppress(ChildProcessError):
        os.waitpid(child, 0 if ended else os.WNOHANG)
    return ended
