"""A station small enough to be reckoned by hand: two Octobers, one bad September, written straight into a real store.

Open Monday to Saturday from 08:00 to 12:00. First day 2025-10-01; today is Sunday, 2026-11-22.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from sqlite_utils import Database
from store_support import reading

from kiosk.clock import Reading
from kiosk.report import Reports
from kiosk.rules.policy import Policy, parse_policy
from kiosk.settings import Site
from kiosk.store import Store, facts, usage

TODAY = "2026-11-22T10:00:00+07:00"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
POLICY: Policy = parse_policy({"hours": {day: ["08:00-12:00"] for day in WEEKDAYS}})
SITE = Site(code="TH-017", name="Bưu điện – Văn hóa xã Đồng Lúa", station="03")
THEMES = {"pack/tomato": "agri", "pack/fever": "health"}

# A day in October 2026: 8 visits of 15 minutes, four hours in service, two with a network.
BUSY = {"visits": 8, "seconds": 8 * 900, "minutes": 8 * 15, "open_seconds": 14_400, "internet_seconds": 7_259,
        "end:signed_out": 6, "end:time_up": 2}  # fmt: skip
# One in October 2025: 5 visits of half an hour.
QUIET = {"visits": 5, "seconds": 5 * 1_800, "minutes": 5 * 30, "open_seconds": 14_400, "end:signed_out": 5}

TALLIES = {
    ("FST:2025-10", "FST_Y"): 25, ("FST:2025-10", "FST_N"): 100, ("FST:2025-10", "FST_U"): 10,
    ("FST:2026-09", "FST_Y"): 4, ("FST:2026-09", "FST_N"): 4, ("FST:2026-09", "FST_U"): 2,
    ("FST:2026-10", "FST_Y"): 60, ("FST:2026-10", "FST_N"): 90, ("FST:2026-10", "FST_U"): 50,
    ("NO_PICTURE:2026-10", "visits"): 50,
    ("GRP_U:2026-10", "first"): 11, ("GRP_U:2026-10", "not_first"): 22,
}  # fmt: skip
RELEASES = (
    ("r1", "SEX", "2026-10-01", "2026-10-31", 80, 70, "SEX-1"),
    ("r2", "ANY_FIRST", "2026-08-01", "2026-10-31", 20, 10, "GRP-1"),
    ("r3", "POOR", "2025-10-01", "2025-10-31", 6, 9, "GRP-1"),
)


def fill(db: Database) -> None:
    """Everything, in one transaction."""
    facts.put(db, "first_use", "2025-10-01")
    facts.put(db, "month_closed", "2026-10")
    for day in (date(2025, 10, 1) + timedelta(days=number) for number in range(31)):
        _day(db, day, QUIET)
    for day in (date(2026, 9, 1) + timedelta(days=number) for number in range(30)):
        _day(db, day, {**BUSY, "visits": 10} if day.day == 1 else {})
    for day in (date(2026, 10, 1) + timedelta(days=number) for number in range(30)):  # the 31st is missing
        _day(db, day, {} if day.day == 30 else BUSY)  # on the 30th the PC was off
    extra = {"too_short": 3, "seconds": 90, "minutes": 3, "end:signed_out": 3, "extensions": 7, "assisted": 4}
    usage.add(db, "2026-10-06", {**extra, "boots": 2, "unclean": 1})
    usage.opened(db, "2026-10-06", {"pack/tomato": 3, "pack/gone": 2})
    for (table, side), visits in TALLIES.items():
        db.execute("INSERT INTO tallies (table_name, side, visits) VALUES (?, ?, ?)", (table, side, visits))
    for release in RELEASES:
        db.execute("INSERT INTO releases VALUES (?, ?, ?, ?, ?, ?, ?)", release)
    db.execute("INSERT INTO windows VALUES ('AGE31', '2026-10-01', 3, 147, 0)")


def _day(db: Database, day: date, counts: dict[str, int]) -> None:
    works = day.weekday() < 6
    usage.plan(db, day.isoformat(), 240 if works else 0)
    usage.add(db, day.isoformat(), counts if works else {})


def reports_of(store: Store, now: str = TODAY, policy: Policy = POLICY, trusted: bool = True) -> Reports:
    """The reports of that station at a moment."""
    look: Reading = reading(now, trusted=trusted)
    return Reports(store, SITE, policy, lambda: look, THEMES)


@contextmanager
def small_world(folder: Path) -> Iterator[Store]:
    """The store, filled."""
    with Store(folder / "kiosk.db") as store:
        store.run(fill)
        yield store
