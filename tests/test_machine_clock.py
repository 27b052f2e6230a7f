"""What the machine says of its date, read from files of a made-up one; and from the kernel of this one."""

import ctypes
import os
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from kiosk.machine_clock import STA_UNSYNC, TIME_ERROR, Machine, hardware_is_local
from tests.station_processes import slowness

AT = datetime(2026, 11, 23, 2, 0, tzinfo=timezone.utc)


def put(root: Path, name: str, text: str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@pytest.fixture
def in_vietnam(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "ICT-7")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_the_hardware_clock_is_read_as_utc(tmp_path: Path) -> None:
    put(tmp_path, "sys/class/rtc/rtc0/since_epoch", f"{int(AT.timestamp())}\n")
    put(tmp_path, "etc/adjtime", "0.0 0 0.0\n0\nUTC\n")
    assert Machine(tmp_path).hardware() == AT


def test_beside_windows_it_keeps_local_time(tmp_path: Path, in_vietnam: None) -> None:
    put(tmp_path, "sys/class/rtc/rtc0/since_epoch", f"{int(AT.timestamp()) + 7 * 3600}\n")
    put(tmp_path, "etc/adjtime", "0.0 0 0.0\n0\nLOCAL\n")
    assert hardware_is_local(tmp_path) and Machine(tmp_path).hardware() == AT


@pytest.mark.parametrize("text", ["", "soon", "9" * 30])
def test_a_hardware_clock_that_says_nothing_is_none(tmp_path: Path, text: str) -> None:
    assert Machine(tmp_path).hardware() is None
    put(tmp_path, "sys/class/rtc/rtc0/since_epoch", text)
    assert Machine(tmp_path).hardware() is None


def test_times_that_others_saved_are_found(tmp_path: Path) -> None:
    assert Machine(tmp_path).saved() == ()
    clock = put(tmp_path, "var/lib/systemd/timesync/clock", "")
    os.utime(clock, (AT.timestamp(), AT.timestamp()))
    put(tmp_path, "etc/fake-hwclock.data", f"{AT + timedelta(hours=1):%Y-%m-%d %H:%M:%S}\n")
    assert Machine(tmp_path).saved() == (AT, AT + timedelta(hours=1))
    put(tmp_path, "etc/fake-hwclock.data", "not a time")
    assert Machine(tmp_path).saved() == (AT,)


@pytest.mark.parametrize(
    ("state", "status", "synchronised"),
    [(0, 0, True), (0, 0x2001, True), (1, 0, True), (TIME_ERROR, STA_UNSYNC, False), (0, STA_UNSYNC, False),
     (5, 0, False), (-1, 0, False)],
)  # fmt: skip
def test_the_kernel_s_word_is_taken_as_adjtimex_gives_it(state: int, status: int, synchronised: bool) -> None:
    machine = Machine()

    def adjtimex(answer: Any) -> int:
        answer._obj.status = status
        return state

    machine._adjtimex = adjtimex
    assert machine.synchronised() is synchronised


def test_this_kernel_answers_and_nothing_is_changed() -> None:
    """Compared with the same call by another way round: ntp_gettime's state through the C library."""
    machine = Machine()
    room = (ctypes.c_byte * 512)()
    state = ctypes.CDLL(None).ntp_gettime(ctypes.byref(room))
    assert machine.synchronised() in ((True,) if 0 <= state < TIME_ERROR else (False,))
    begun = time.perf_counter()
    for _ in range(1000):
        machine.synchronised()
    assert time.perf_counter() - begun < 0.5 * slowness(), "it is asked every second"
