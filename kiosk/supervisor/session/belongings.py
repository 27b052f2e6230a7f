"""What a citizen made or downloaded here, how much more fits, and whether memory ran out: told when one would notice.

Looked at as root, in folders that the citizen may change meanwhile: no link is followed, no file is opened, and no more
is counted than a citizen could mean.
"""

import itertools
import os
from collections.abc import Callable
from pathlib import Path

from kiosk.supervisor import cgroup, home
from kiosk.supervisor.keeper import Keeper
from kiosk.supervisor.sticks.saving import FOLDERS, wanted

SPACE_STEP_MB = 16
MOST_FILES, DEEPEST = 500, 4

Mark = tuple[int, int]  # a file's number and its last change: one that is written again is another


def belongings(where: Path) -> frozenset[Mark]:
    """The finished files of a home, at most MOST_FILES."""
    left, found = itertools.count(MOST_FILES, -1), set[Mark]()

    def look(folder: str, above: int | None, deep: int) -> None:
        held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=above)
        try:
            with os.scandir(held) as entries:
                for entry in entries:
                    if next(left) <= 0:
                        return
                    if not wanted(entry.name):
                        continue
                    if entry.is_file(follow_symlinks=False):
                        info = entry.stat(follow_symlinks=False)
                        found.add((info.st_ino, info.st_ctime_ns))
                    elif deep < DEEPEST and (deep or entry.name in FOLDERS) and entry.is_dir(follow_symlinks=False):
                        look(entry.name, held, deep + 1)
        except OSError:
            return  # it went while we looked, or is somebody's link by now
        finally:
            os.close(held)

    try:
        look(str(where), None, 0)
    except OSError:
        return frozenset()
    return frozenset(found)


class Belongings:
    """Of the session that lives. `say` reports to the service: a verb and its fields."""

    def __init__(self, keeper: Keeper, say: Callable[..., bool]) -> None:
        self._keeper, self._say = keeper, say
        self._told: tuple[int, bool, int, int, int] | None = None

    def look(self) -> None:
        """Once a second."""
        session = self._keeper.session
        if session is None:
            self._told = None
            return
        where = self._keeper.maker.paths.citizen_home
        free, full = home.space(where)
        found = belongings(where)
        files, unsaved = len(found), len(found - session.saved)
        closed = cgroup.ended_for_memory(session.group) if session.group else 0
        told = self._told
        if told is None or told[1:] != (full, files, unsaved, closed) or abs(told[0] - free) >= SPACE_STEP_MB:
            if self._say("home", free_mb=free, full=full, files=files, unsaved=unsaved, closed=closed):
                self._told = (free, full, files, unsaved, closed)

    def tell_anew(self) -> None:
        """A new service knows nothing."""
        self._told = None
