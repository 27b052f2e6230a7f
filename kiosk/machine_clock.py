"""What this machine says about its own date: whether it is synchronised, its hardware clock, times others saved.

Linux only, one file for one system. Everything here only reads; rules/trust.py judges. Tests replace `Machine`.
"""

import ctypes
import time
from datetime import datetime, timezone
from pathlib import Path

# include/uapi/linux/timex.h; adjtimex(2).
TIME_ERROR, STA_UNSYNC = 5, 0x0040

# Who brings a saved time to a machine whose hardware clock is dead, and where it is kept:
# systemd-timesyncd(8) by the time of change of a file, fake-hwclock(8) by a line of text, systemd(1) by clock-epoch.
STAMPED = ("/var/lib/systemd/timesync/clock", "/var/lib/private/systemd/timesync/clock", "/usr/lib/clock-epoch")
WRITTEN = ("/etc/fake-hwclock.data", "/var/lib/fake-hwclock/fake-hwclock.data")


class _Timex(ctypes.Structure):
    """struct timex as far as its status; the rest is room that the kernel may write to."""

    _fields_ = [
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("room", ctypes.c_byte * 256),
    ]


def hardware_is_local(root: Path = Path("/")) -> bool:
    """Whether the hardware clock keeps local time (third line of /etc/adjtime), as beside Windows."""
    try:
        return "LOCAL" in (root / "etc/adjtime").read_text().split()
    except (OSError, UnicodeDecodeError):
        return False


class Machine:
    """This machine. `root` is where its files are looked for, `/` but in tests."""

    def __init__(self, root: Path = Path("/")) -> None:
        self._root = root
        self._adjtimex = getattr(ctypes.CDLL(None), "adjtimex", None)

    def synchronised(self) -> bool:
        """Whether the kernel says that its clock follows another one (adjtimex; no library keeps this for Python)."""
        if self._adjtimex is None:
            return False
        answer = _Timex()  # modes 0: nothing is changed
        state = self._adjtimex(ctypes.byref(answer))
        return 0 <= state != TIME_ERROR and not answer.status & STA_UNSYNC

    def hardware(self) -> datetime | None:
        """What the hardware clock says now, as UTC; None where the machine shows none.

        It is read, not the kernel's memory of it, because `btime` of /proc/stat moves with every step of the clock.
        """
        ahead = time.localtime().tm_gmtoff if hardware_is_local(self._root) else 0
        try:
            seconds = int((self._root / "sys/class/rtc/rtc0/since_epoch").read_text())
            found = datetime.fromtimestamp(seconds - ahead, timezone.utc)
        except (OSError, ValueError, OverflowError):
            return None
        return found

    def saved(self) -> tuple[datetime, ...]:
        """Times that some service had saved, to be set at the next boot."""
        return (*self._stamped(), *self._written())

    def _stamped(self) -> list[datetime]:
        found = []
        for name in STAMPED:
            try:
                found.append(datetime.fromtimestamp((self._root / name.lstrip("/")).stat().st_mtime, timezone.utc))
            except (OSError, ValueError, OverflowError):
                continue
        return found

    def _written(self) -> list[datetime]:
        found = []
        for name in WRITTEN:
            try:
                text = (self._root / name.lstrip("/")).read_text().strip()
                found.append(datetime.fromisoformat(text).replace(tzinfo=timezone.utc))
            except (OSError, ValueError):
                continue
        return found
