"""Time as this house counts it: seconds since boot inside one boot id, and a wall clock that may be wrong.

Minutes are charged by boot time only, which keeps counting through suspend and which nobody at the keyboard can set.
The wall clock serves for the date a visit belongs to and for opening hours. Start reading at `Reading`; whether the
date can be trusted is decided in rules/trust.py, what the machine says about it is asked in machine_clock.py.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
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

    @property
    def offset(self) -> float:
        """The wall time, in seconds since 1970 UTC, of boot second 0. It changes only when somebody sets the clock."""
        return self.wall.timestamp() - self.boot


def boot_id() -> str:
    """The kernel's random id of this boot."""
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


class Clocks:
    """The kernel's two clocks. Tests replace this object, never time.time."""

    def __init__(self) -> None:
        self.boot_id = boot_id()

    def boot(self) -> float:
        """Seconds since boot, those of a suspend too."""
        return time.clock_gettime(time.CLOCK_BOOTTIME)

    def wall(self) -> datetime:
        """What the machine takes for UTC."""
        return datetime.now(timezone.utc)


class Clock:
    """Both clocks, and whether the date can be used: `judge` says so of every reading.

    Nobody has judged yet: not trusted. The service puts its judge in before it reads anything else.
    """

    def __init__(self, clocks: Clocks | None = None) -> None:
        self._clocks = clocks or Clocks()
        self.judge: Callable[[Reading], bool] = lambda _reading: False

    def read(self) -> Reading:
        """Both clocks now. Any thread may ask."""
        seen = Reading(self._clocks.boot(), self._clocks.boot_id, self._clocks.wall(), trusted=False)
        return replace(seen, trusted=True) if self.judge(seen) else seen
