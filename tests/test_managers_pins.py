"""Managers: names, PINs, and a throttle that neither a reboot nor a clock set forward shortens."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database
from store_support import on_small_disk, reading

from kiosk.clock import Reading
from kiosk.errors import RefusedError, UsageError
from kiosk.store import Store, managers
from kiosk.store.managers import LONGEST_WAIT, begin_try
from kiosk.store.pins import HASHER, Managers, Outcome
from kiosk.store.schema import migrations
from tests.tries import tries

PIN, WRONG = "482913", "482914"


class Desk:
    """The managers of a store, and the clocks that the test turns."""

    def __init__(self, path: Path) -> None:
        self.path, self.now = path, reading()
        self.store = Store(path)
        self.managers = Managers(self.store, self.read, tries=5, wait=300.0)

    def read(self) -> Reading:
        return self.now

    def later(self, seconds: float) -> None:
        self.now = replace(self.now, boot=self.now.boot + seconds)

    def reboot(self, uptime: float = 5.0, wall: str = "2026-11-21T12:00:00+07:00") -> None:
        self.store.close()
        self.now = reading(wall, uptime, self.now.boot_id + "+")
        self.store = Store(self.path)
        self.managers = Managers(self.store, self.read, tries=5, wait=300.0)

    def wrong(self, times: int) -> Outcome:
        for _time in range(times):
            outcome = self.managers.check("Lan", WRONG)
        return outcome


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = Desk(tmp_path / "kiosk.db")
    yield opened
    opened.store.close()


@pytest.fixture
def lan(desk: Desk) -> Desk:
    desk.managers.add("Lan", PIN)
    return desk


def test_without_any_manager_nobody_can_sign_in(desk: Desk) -> None:
    assert desk.managers.check("Lan", PIN) == Outcome("nobody")
    assert desk.managers.names() == []


def test_the_right_pin_opens_and_a_wrong_one_does_not(lan: Desk) -> None:
    assert lan.managers.check("Lan", PIN) == Outcome("ok", role="manager")
    assert lan.managers.check("Lan", WRONG) == Outcome("wrong", left=4)
    assert lan.managers.check("Minh", PIN) == Outcome("wrong", left=4), "as long, and in the same words"


@pytest.mark.parametrize("pin", ["", " 482913", "482913\n", "٤٨٢٩١٣", "\ud800", "4" * 100_000, "482913\0"])
def test_odd_input_is_wrong_and_raises_nothing(lan: Desk, pin: str) -> None:
    assert lan.managers.check("Lan", pin).kind == "wrong"
    assert lan.managers.check(pin, PIN).kind == "wrong"


def test_names_are_one_whatever_way_their_accents_are_typed(desk: Desk) -> None:
    desk.managers.add("  Hồng   Nhung ", PIN)
    assert desk.managers.names() == ["Hồng Nhung"]
    assert desk.managers.check("Hồng Nhung", PIN).kind == "ok", "typed decomposed"


@pytest.mark.parametrize("pin", ["12345", "123456", "654321", "111111", "890123", "abcdef", "12 456", "４８２９１３"])
def test_an_unfit_pin_is_refused(desk: Desk, pin: str) -> None:
    with pytest.raises(UsageError):
        desk.managers.add("Lan", pin)
    assert desk.managers.names() == []


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "a\ab", "\ud800", "\0"])
def test_an_unfit_name_is_refused(desk: Desk, name: str) -> None:
    with pytest.raises(UsageError):
        desk.managers.add(name, PIN)


def test_a_name_is_taken_once_and_a_new_pin_needs_a_manager(lan: Desk) -> None:
    with pytest.raises(RefusedError):
        lan.managers.add("Lan", "739155")
    with pytest.raises(RefusedError):
        lan.managers.set_pin("Minh", "739155")
    assert lan.managers.check("Lan", PIN).kind == "ok", "the first PIN stands"


def test_the_pin_itself_is_nowhere_in_the_file(lan: Desk) -> None:
    lan.managers.set_pin("Lan", "739155")
    lan.store.close()
    content = lan.path.read_bytes()
    assert b"$argon2id$v=19$m=19456,t=2,p=1$" in content and b"739155" not in content and PIN.encode() not in content


@pytest.mark.slow
def test_five_wrong_pins_cost_five_minutes_also_for_the_right_one(lan: Desk) -> None:
    assert lan.wrong(4) == Outcome("wrong", left=1)
    assert lan.wrong(1) == Outcome("wrong", 300)
    assert lan.managers.check("Lan", PIN) == Outcome("locked", 300)
    lan.later(299.5)
    assert lan.managers.check("Lan", PIN) == Outcome("locked", 1)
    lan.later(1)
    assert lan.managers.check("Lan", PIN).kind == "ok"
    assert lan.wrong(4) == Outcome("wrong", left=1), "a right PIN begins the count anew"


@pytest.mark.slow
def test_each_wait_is_twice_the_one_before_up_to_a_limit(lan: Desk) -> None:
    waits = []
    for _round in range(9):
        waits.append(lan.wrong(5).seconds)
        lan.later(waits[-1] + 1)
    assert waits == [300, 600, 1_200, 2_400, 4_800, 9_600, 14_400, 14_400, 14_400]


def test_the_wait_and_the_count_survive_a_restart(lan: Desk) -> None:
    lan.wrong(4)
    boot_id, boot = lan.now.boot_id, lan.now.boot
    lan.reboot()
    lan.now = replace(lan.now, boot_id=boot_id, boot=boot)  # only the service restarted
    assert lan.wrong(1) == Outcome("wrong", 300)


@pytest.mark.slow
def test_a_reboot_or_a_clock_set_ten_years_on_shortens_no_wait(lan: Desk) -> None:
    lan.wrong(5)
    lan.reboot(5.0, "2036-11-21T12:00:00+07:00")
    assert lan.managers.check("Lan", PIN) == Outcome("locked", 295), "only the seconds since the new boot count"
    lan.reboot(301.0)
    assert lan.managers.check("Lan", PIN).kind == "ok"


def test_pulling_the_plug_during_the_check_gives_no_try_back(lan: Desk) -> None:
    for _time in range(5):
        assert lan.store.run(begin_try, "Lan", lan.now, 5, 300.0).allowed  # the process ends before the PIN is judged
    lan.reboot(0.0)
    assert lan.managers.check("Lan", PIN) == Outcome("locked", 300)


FULL = """
from dataclasses import replace
from kiosk.store import Store
from kiosk.store.failures import StoreFull
from kiosk.store.managers import begin_try
from kiosk.store.pins import Managers
from store_support import on_small_disk, reading
store, now = Store(disk / "kiosk.db"), reading()
managers = Managers(store, lambda: now, tries=5, wait=300.0)
managers.add("Lan", "482913")
def check(pin):
    outcome = managers.check("Lan", pin)
    return outcome.kind, outcome.seconds
filler = open(disk / "filler", "ab", buffering=0)
store.run(lambda db: None)  # the log is emptied by now
try:
    while True: filler.write(bytes(512))
except OSError: pass
try: store.run(begin_try, "Lan", now, 5, 300.0)
except StoreFull: pass
else: raise SystemExit("the control: the disk is not full")
assert check("482913") == ("ok", 0), "the right PIN"
assert check("482914") == ("wrong", 300), "the first wrong one costs the wait already: a restart would forget it"
assert check("482913") == ("locked", 300)
now = replace(now, boot=now.boot + 301)
assert check("482914") == ("wrong", 600)
(disk / "filler").unlink(); filler.close()
assert check("482913") == ("locked", 600), "what was counted in memory holds on"
now = replace(now, boot=now.boot + 601)
assert check("482914") == ("wrong", 0)
assert [check("482914") for _ in range(4)][-1] == ("wrong", 1200), "and goes on on the disk"
store.close()
managers = Managers(Store(disk / "kiosk.db"), lambda: now, tries=5, wait=300.0)
assert check("482913") == ("locked", 1200)
"""


@pytest.mark.slow
def test_on_a_full_disk_staff_still_get_in_and_a_wrong_pin_costs_the_wait_at_once(tmp_path: Path) -> None:
    done = on_small_disk(FULL, tmp_path / "disk", "1m")
    assert done.returncode == 0, done.stderr


def test_names_that_nobody_has_share_one_throttle_and_do_not_lock_a_manager_out(lan: Desk) -> None:
    for number in range(5):
        last = lan.managers.check(f"guess{number}", PIN)
    assert last == Outcome("wrong", 300) and lan.managers.check("guess9", PIN).kind == "locked"
    assert lan.managers.check("Lan", PIN).kind == "ok"


@pytest.mark.slow
def test_walking_from_name_to_name_meets_the_throttle_of_the_station(desk: Desk) -> None:
    names = [f"Người {number}" for number in range(8)]
    for one in names:
        desk.managers.add(one, PIN)
    tried = 0
    for one in names * 4:  # four tries a name: none of them is locked by itself
        if (outcome := desk.managers.check(one, WRONG)).kind == "locked":
            break
        tried += 1
    assert tried == 20 and outcome == Outcome("locked", 300)
    assert desk.managers.check(names[7], PIN) == Outcome("locked", 300), "the right PIN waits too"
    boot_id = desk.now.boot_id
    desk.reboot(5.0, "2036-11-21T12:00:00+07:00")
    assert desk.managers.check(names[7], PIN) == Outcome("locked", 295) and desk.now.boot_id != boot_id
    desk.later(296)
    assert desk.managers.check(names[7], PIN).kind == "ok"
    assert desk.managers.check(names[0], WRONG).kind == "wrong", "a right PIN begins the station's count anew"


def test_the_station_keeps_staff_out_for_half_an_hour_at_most(desk: Desk) -> None:
    for number in range(40):
        desk.store.run(managers.add, f"n{number}", "hash", "manager", desk.now.wall)
    waits = set()
    for number in range(400):  # the tries alone, without the slow hash
        made = desk.store.run(begin_try, f"n{number % 40}", desk.now, 5, 300.0)
        if not made.allowed:
            waits.add(made.wait)
            desk.later(5 * 3600.0 if made.wait > 1800 else made.wait)
    assert waits >= {300, 600, 1200, 1800} and max(waits) == 1800


def test_roles_are_given_changed_and_taken_and_one_manager_is_always_left(desk: Desk) -> None:
    signed_out: list[str] = []
    desk.managers.changed = signed_out.append
    desk.managers.add("Lan", PIN)
    desk.managers.add("Minh", "739155", "clerk")
    assert desk.managers.check("Minh", "739155") == Outcome("ok", role="clerk")
    assert desk.managers.listed() == [("Lan", "manager"), ("Minh", "clerk")]
    for refused in (lambda: desk.managers.set_role("Lan", "clerk"), lambda: desk.managers.remove("Lan")):
        with pytest.raises(RefusedError):
            refused()
    with pytest.raises(UsageError):
        desk.managers.set_role("Minh", "emperor")
    with pytest.raises(RefusedError):
        desk.managers.set_role("Hoa", "clerk")
    assert signed_out == []
    desk.managers.set_role("Minh", "manager")
    desk.managers.remove("Lan")
    desk.managers.set_pin("Minh", "482913")
    assert signed_out == ["Minh", "Lan", "Minh"]
    assert desk.managers.check("Lan", PIN).kind == "wrong" and desk.managers.listed() == [("Minh", "manager")]


def test_setting_a_new_pin_ends_a_wait(lan: Desk) -> None:
    lan.wrong(5)
    lan.managers.set_pin("Lan", "739155")
    assert lan.managers.check("Lan", "739155").kind == "ok"


def test_an_unknown_name_is_hashed_too(lan: Desk) -> None:
    lan.managers.check("Minh", PIN)  # the first unknown name of a process also makes the hash it is compared with

    def seconds(name: str) -> float:
        begin = time.thread_time()
        lan.managers.check(name, WRONG)
        return time.thread_time() - begin

    known, unknown = seconds("Lan"), seconds("Minh")
    assert unknown > known / 3, (known, unknown)


def test_the_store_serves_others_while_a_pin_is_hashed(lan: Desk) -> None:
    """The hash runs in the caller's thread: its processor time is not spent by the store thread."""
    spent = lan.store.run(lambda db: time.thread_time())
    mine = time.thread_time()
    for _time in range(3):
        lan.managers.check("Lan", PIN)
    mine, spent = time.thread_time() - mine, lan.store.run(lambda db: time.thread_time()) - spent
    assert spent < mine / 3, (spent, mine)


def test_two_tries_at_once_are_counted_as_two(lan: Desk) -> None:
    threads = [threading.Thread(target=lan.wrong, args=(1,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert lan.wrong(1) == Outcome("wrong", 300)


def test_the_hash_costs_what_the_house_plan_says() -> None:
    assert (HASHER.memory_cost, HASHER.time_cost, HASHER.parallelism) == (19_456, 2, 1)


EVENTS = st.lists(
    st.one_of(
        st.just(("try", 0.0)),
        st.just(("try", 0.0)),
        st.tuples(st.just("wait"), st.floats(0, 2_000)),
        st.tuples(st.just("reboot"), st.floats(0, 400)),
    ),
    max_size=80,
)


@settings(max_examples=tries(150), deadline=None)
@given(EVENTS, st.integers(-10, 10))
def test_between_five_wrong_tries_and_the_sixth_the_whole_wait_has_honestly_passed(
    events: list[tuple[str, float]], years: int
) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        the_whole_wait_passes(Database(connection, strict=True), events, years)


def the_whole_wait_passes(db: Database, events: list[tuple[str, float]], years: int) -> None:
    """`honest` is time as it really passes, also with the power off (uptime after a boot is less than that)."""
    migrations.apply(db)
    managers.add(db, "Lan", "hash", "manager", reading().wall)
    honest, booted, boots, since_lock, lock_at, lock = 0.0, 0.0, 0, 0, 0.0, 0.0
    for kind, seconds in events:
        honest += seconds
        if kind == "reboot":
            booted, boots = honest - seconds / 2, boots + 1
        if kind != "try":
            continue
        wall = f"{2026 + years * (boots % 2)}-11-21T12:00:00+07:00"
        made = begin_try(db, "Lan", reading(wall, honest - booted, f"boot{boots}"), 5, 300.0)
        if made.allowed:
            assert honest - lock_at >= lock - 0.001, "let in too early"
            since_lock += 1
            assert since_lock <= 5
            if made.wait:
                assert since_lock == 5 and made.wait in (300, 600, 1_200, 2_400, 4_800, 9_600, LONGEST_WAIT)
                lock_at, lock, since_lock = honest, float(made.wait), 0
        else:
            assert made.wait > 0 and min(honest - booted, honest - lock_at) < lock, "kept out longer than needed"
