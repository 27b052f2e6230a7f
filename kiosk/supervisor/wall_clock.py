"""Sets the machine's clock when a manager said the date on the panel: the kernel's, and the hardware clock with it.

Only root may; elsewhere the answer says why not, and nothing else happens. Bounds are checked here too, so that no
service gone wrong can set a date that cannot be.
"""

import errno
import fcntl
import os
import struct
import time
from collections.abc import Callable

from kiosk.machine_clock import hardware_is_local

# The same as in rules/trust.py, which this process does not load; a test compares them.
EARLIEST, LATEST = 1_793_491_200.0, 1_793_491_200.0 + 20 * 365 * 86_400

HARDWARE = "/dev/rtc0"
RTC_SET_TIME = 0x4024_700A  # include/uapi/linux/rtc.h: _IOW('p', 0x0a, struct rtc_time)


def set_kernel(seconds: float) -> None:
    """The kernel's clock; OSError where it may not be set."""
    time.clock_settime(time.CLOCK_REALTIME, seconds)


def set_hardware(seconds: float, device: str = HARDWARE) -> None:
    """The hardware clock, so that the next boot knows the date; OSError where there is none."""
    at = time.localtime(seconds) if hardware_is_local() else time.gmtime(seconds)
    # struct rtc_time: months and years count from 0 and 1900, weekdays from Sunday.
    fields = (at.tm_sec, at.tm_min, at.tm_hour, at.tm_mday, at.tm_mon - 1, at.tm_year - 1900)
    handle = os.open(device, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.ioctl(handle, RTC_SET_TIME, struct.pack("9i", *fields, (at.tm_wday + 1) % 7, at.tm_yday - 1, 0))
    finally:
        os.close(handle)


def set_time(
    seconds: float,
    kernel: Callable[[float], None] = set_kernel,
    hardware: Callable[[float], None] = set_hardware,
) -> str:
    """Set both clocks to `seconds` since 1970 UTC. Why it was not done, as one word; empty when the kernel's is set.

    A hardware clock that is missing or does not listen is no failure: this boot has its date, the next will ask again.
    """
    if not EARLIEST <= seconds <= LATEST:
        return "ERANGE"
    try:
        kernel(seconds)
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, "EIO")
    try:
        hardware(seconds)
    except OSError:
        pass
    return ""
