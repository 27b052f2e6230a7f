"""Counts what the site offered, not who used it: seconds open, seconds with a network, boots, unclean shutdowns.

While the date is not trusted it counts by boot and slot of it (store/undated.py), never by the day the clock shows.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from kiosk.clock import Reading
from kiosk.lean_sqlite import Database
from kiosk.store import facts, redating, undated, usage
from kiosk.store.undated import Place

log = logging.getLogger(__name__)

# A power cut loses at most this much of the counts of opening time; visits are kept by the second.
FLUSH_SECONDS = 60.0
# Two looks further apart than this are not counted between: the PC slept.
LONGEST_STEP = 20.0


def network_is_up(routes: Path = Path("/proc/net/route")) -> bool:
    """Whether this PC has a default route over IPv4 through an interface that is up."""
    try:
        lines = routes.read_text(encoding="ascii").splitlines()[1:]
    except OSError:
        return False
    return any(
        fields[1] == "00000000" and int(fields[3], 16) & 1 for fields in map(str.split, lines) if len(fields) > 3
    )


class Meter:
    """Adds up in memory by local day or slot of a boot, and hands the sums over once a minute."""

    def __init__(self) -> None:
        self._sums: dict[Place, Counter[str]] = {}
        self._noted: dict[Place, Counter[str]] = {}
        self._last: Reading | None = None
        self._flushed = 0.0
        self.online = network_is_up()

    def look(self, now: Reading, in_service: bool) -> None:
        """Count the time since the last look."""
        last, self._last = self._last, now
        step = now.boot - last.boot if last and last.boot_id == now.boot_id else 0.0
        if not 0 < step <= LONGEST_STEP:
            return
        place = self._sums.setdefault(undated.place(now), Counter())
        place["open_milliseconds"] += round(step * 1000) if in_service else 0
        place["internet_milliseconds"] += round(step * 1000) if in_service and self.online else 0

    def due(self, now: Reading) -> bool:
        """Whether the sums should be written now."""
        if now.boot - self._flushed < FLUSH_SECONDS:
            return False
        self._flushed = now.boot
        self.online = network_is_up()
        return True

    def note(self, now: Reading, counts: Mapping[str, int]) -> None:
        """Count something else of this moment, to be written with the seconds."""
        self._noted.setdefault(undated.place(now), Counter()).update(counts)

    def take(self) -> dict[Place, dict[str, int]]:
        """The whole seconds by place since the last take, and what was noted; below a second stays for the next."""
        taken = {
            place: {name.replace("milliseconds", "seconds"): value // 1000 for name, value in sums.items()}
            for place, sums in self._sums.items()
        }
        for place, counts in self._noted.items():
            taken.setdefault(place, {}).update(counts)
        self._noted = {}
        # A day or slot that is over hands its last fraction of a second to the one that runs.
        last, rest = next(reversed(self._sums), None), Counter[str]()
        for sums in self._sums.values():
            rest.update({name: value % 1000 for name, value in sums.items()})
        self._sums = {} if last is None else {last: rest}
        return taken


def write(
    db: Database, taken: Mapping[Place, Mapping[str, int]], planned: int, now: Reading, seen: Iterable[datetime]
) -> None:
    """A store job: adds what was taken to its places; a trusted date is noted, and given to what waited for one."""
    for place, counts in taken.items():
        undated.add(db, place, counts)
    facts.keep_seen(db, seen)
    if now.trusted:
        usage.plan(db, now.day, planned)
        facts.keep_wall(db, now.wall)
        if redating.due(db, now.boot_id):
            redating.redate(db, now)


def count_boot(db: Database, now: Reading, clock_lost: bool = False) -> bool:
    """A store job at start: counts a new boot, and an unclean end of the one before. True when that one was unclean.

    `clock_lost`: at this boot the hardware clock had lost its time.
    """
    known = facts.get(db, "boot")
    if known == now.boot_id:
        return False
    unclean = known is not None and facts.get(db, "stopped_cleanly") is None
    if unclean:
        log.warning("the last run did not end cleanly")
    undated.add(db, undated.place(now), {"boots": 1, "unclean": int(unclean), "clock_lost": int(clock_lost)})
    facts.put(db, "boot", now.boot_id)
    facts.put(db, "stopped_cleanly", None)
    return unclean


def mark_clean_stop(db: Database) -> None:
    """A store job at a regular end."""
    facts.put(db, "stopped_cleanly", "1")
