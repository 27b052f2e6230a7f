"""The supervisor's one deed on the clock: bounds first, the kernel's clock, then the hardware clock if it listens."""

import os
import struct
from pathlib import Path

import pytest

from kiosk.messages import ORDERS, Malformed, check
from kiosk.supervisor import wall_clock
from kiosk.supervisor.wall_clock import EARLIEST, LATEST, set_time

NOON = EARLIEST + 86_400.0 * 21.5


def test_both_clocks_are_set_to_what_was_asked() -> None:
    done: list[tuple[str, float]] = []
    assert set_time(NOON, lambda at: done.append(("kernel", at)), lambda at: done.append(("hardware", at))) == ""
    assert done == [("kernel", NOON), ("hardware", NOON)]


@pytest.mark.parametrize("seconds", [0.0, EARLIEST - 1, LATEST + 1, float("nan")])
def test_a_date_that_cannot_be_is_not_set(seconds: float) -> None:
    done: list[float] = []
    assert set_time(seconds, done.append, done.append) == "ERANGE"
    assert done == []


def test_who_may_not_set_it_is_told_so_and_the_hardware_clock_stays() -> None:
    def refused(_at: float) -> None:
        raise PermissionError(1, "Operation not permitted")

    done: list[float] = []
    assert set_time(NOON, refused, done.append) == "EPERM"
    assert done == []


def test_a_missing_hardware_clock_is_no_failure() -> None:
    done: list[float] = []
    assert set_time(NOON, done.append, lambda at: wall_clock.set_hardware(at, "/dev/no-such-clock")) == ""
    assert done == [NOON]


def test_the_hardware_clock_gets_the_fields_of_the_kernel_s_struct(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    device, said = tmp_path / "rtc", []
    device.touch()
    monkeypatch.setattr(wall_clock, "hardware_is_local", lambda: False)
    monkeypatch.setattr(wall_clock.fcntl, "ioctl", lambda _fd, request, data: said.append((request, data)))
    wall_clock.set_hardware(1_795_401_000.0, os.fspath(device))  # Monday 23 November 2026, 02:30 UTC
    [(request, data)] = said
    assert request == 1 << 30 | struct.calcsize("9i") << 16 | ord("p") << 8 | 0x0A  # _IOW('p', 0x0a, struct rtc_time)
    assert struct.unpack("9i", data) == (0, 30, 2, 23, 10, 126, 1, 326, 0)


def test_the_order_is_one_of_the_few_that_a_supervisor_takes() -> None:
    assert check({"verb": "set_time", "seconds": NOON}, ORDERS)
    for wrong in ("now", None, True, float("inf"), float("nan")):
        with pytest.raises(Malformed):
            check({"verb": "set_time", "seconds": wrong}, ORDERS)
