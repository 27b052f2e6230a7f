"""Printed tickets outlive what befalls the store, and none of them is ever good twice."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.clock import Reading
from kiosk.errors import RefusedError
from kiosk.rules import tickets as rules
from kiosk.store import Store, copies, tickets
from kiosk.store.rescue import open_or_rescue, replace

NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)  # 12:00 here


def at(boot: float, wall: datetime = NOON, trusted: bool = True) -> Reading:
    """A moment."""
    return Reading(boot, "b1", wall, trusted)


def test_after_a_restore_tickets_are_what_the_lost_file_knew(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    store = Store(path)
    first, second = (store.run(tickets.make, 25.0, at(1), 1) for _ in range(2))
    store.close()
    backup = Path(shutil.copy(path, tmp_path / "backup.db"))
    store = Store(path)
    third = store.run(tickets.make, 25.0, at(1), 1)
    spent = store.run(tickets.find, first)
    assert spent is not None
    store.run(tickets.redeem, spent.key)
    store.close()

    def older(part: Path) -> dict[str, str]:
        copies.duplicate(backup, part)
        return {}

    replace(path, NOON, "asked", older)
    after = open_or_rescue(path, NOON, has_past=True)
    found = [after.run(tickets.find, code) for code in (first, second, third)]
    assert [one and one.used for one in found] == [True, False, False]
    with pytest.raises(RefusedError):
        after.run(tickets.redeem, spent.key)
    assert sum(one.total for one in after.run(tickets.sheets)) == 3
    after.close()


def test_what_a_copy_may_not_hold_comes_back_from_the_damaged_file_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    store = Store(path)
    code = store.run(tickets.make, 25.0, at(1), 1)
    store.close()
    (tmp_path / "kiosk.db.damaged").touch()
    after = open_or_rescue(path, NOON, has_past=True)
    ticket = after.run(tickets.find, code)
    assert ticket is not None and rules.why_not(ticket, NOON.timestamp(), True) is None
    after.close()


def test_a_file_that_tells_nothing_leaves_no_ticket_good(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    store = Store(path)
    code = store.run(tickets.make, 25.0, at(1), 1)
    store.close()
    backup = Path(shutil.copy(path, tmp_path / "backup.db"))
    path.write_bytes(b"nothing" * 1000)

    def older(part: Path) -> dict[str, str]:
        copies.duplicate(backup, part)
        return {}

    replace(path, NOON, "damaged", older)
    after = Store(path)
    assert after.run(tickets.find, code) is None and after.run(tickets.sheets) == []
    after.close()


def test_a_sheet_that_was_taken_back_is_told_from_a_used_one_and_opens_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "kiosk.db")
    salt = store.run(tickets.salt_of)
    codes = [rules.code_of(number) for number in range(24)]
    keys = [tickets.hashed(salt, code) for code in codes]
    number = store.run(tickets.keep, keys, 30.0, at(1), tickets.end_of(at(1), 2))
    assert store.run(tickets.keep, keys[:1], 30.0, at(1), None) == 0, "a code is given once"
    store.run(tickets.redeem, keys[0])
    assert store.run(tickets.withdraw, number) == 23
    [sheet] = store.run(tickets.sheets)
    assert (sheet.total, sheet.used, sheet.withdrawn, sheet.open(0, True)) == (24, 1, 23, 0)
    why = [rules.why_not(store.run(tickets.find, code), NOON.timestamp(), True) for code in codes[:2]]
    assert why == ["used", "withdrawn"]
    with pytest.raises(RefusedError):
        store.run(tickets.redeem, keys[1])
    store.close()


def test_new_numbers_take_the_place_of_those_still_good_and_end_on_the_same_day(tmp_path: Path) -> None:
    store = Store(tmp_path / "kiosk.db")
    salt = store.run(tickets.salt_of)
    keys = [tickets.hashed(salt, rules.code_of(number)) for number in range(6)]
    old = store.run(tickets.keep, keys[:3], 30.0, at(1), 1000.0)
    store.run(tickets.redeem, keys[0])
    untrusted = at(2, trusted=False)
    assert store.run(tickets.replace, old, keys[3:6], untrusted) == 0, "only two of them are left"
    new = store.run(tickets.replace, old, keys[3:5], untrusted)
    found = {one.id: one for one in store.run(tickets.sheets)}
    assert (found[new].total, found[new].expires, found[new].minutes) == (2, 1000.0, 30.0)
    assert (found[old].used, found[old].withdrawn) == (1, 2)
    assert store.run(tickets.still_good, keys) == set(keys[3:5])
    old_now = at(3, NOON + timedelta(days=1))
    assert found[new].is_old(old_now.wall.timestamp(), True) and not found[new].is_old(9e9, False)
    store.close()
