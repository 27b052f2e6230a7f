"""Time as this house counts it: seconds since boot inside one boot id, and a wall clock that may be wrong.

Minutes are charged by boot time only, which keeps counting through suspend and which nobody at the keyboard can set.
The wall clock serves for the date a visit belongs to and for opening hours. Start reading at `Reading`.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

# Vietnam keeps one zone, UTC+7 without daylight saving since 1975 (IANA tz: Asia/Ho_Chi_Minh).
LOCAL = timezone(timedelta(hours=7), "ICT")


@dataclass(frozen=True)
class Reading:
    """A look at the clocks: `boot` in seconds since boot `boot_id`, `wall` in UTC; `trusted`: the date can be used."""

    boot: float
    boot_id: str
    wall: datetime
    trusted: bool = True

    @property
    def local(self) -> datetime:
        """Wall time in Vietnam."""
        return self.wall.astimezone(LOCAL)

    @property
    def day(self) -> str:
        """The local day as YYYY-MM-DD: the day a visit belongs to."""
        return self.local.date().isoformat()


def boot_id() -> str:
    """The kernel's random id of this boot."""
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


class Clock:
    """The machine's clocks. Tests replace this object, never time.time."""

    def __init__(self) -> None:
        self._boot_id = boot_id()

    def read(self) -> Reading:
        """Both clocks now."""
        boot = time.clock_gettime(time.CLOCK_BOOTTIME)
        return Reading(boot, self._boot_id, datetime.now(timezone.utc))
