"""A small province as tables: two and a half years of six sites, to be reckoned by hand from what stands here.

Every site opens on Wednesdays, so a month has four or five planned days:

    2024  J5 F4 M4 A4 M5 J4 J5 A4 S4 O5 N4 D4 = 52    2025  J5 F4 M4 A5 M4 J4 J5 A4 S4 O5 N4 D5 = 52 + 1
    2026  J4 F4 M4 A5 M4 J4 = 25, up to Wednesday, 24 June; nobody has told anything of July yet

Communes 14001 and 14002 were merged into 20001 on 1 July 2025, when the district 3801 ended; 14003 stayed.
"""

from datetime import date, timedelta

from kiosk.province.register.state import Register
from tests.figures_bundles import Line, frozen, register, site, unit

MONTHS = [(year, month) for year in (2024, 2025, 2026) for month in range(1, 13) if (year, month) <= (2026, 6)]
UNITS = (
    unit("38", "province"),
    unit("3801", "district", "38", last="2025-06-30", into="38"),
    unit("14001", "commune", "3801", last="2025-06-30", into="20001"),
    unit("14002", "commune", "3801", last="2025-06-30", into="20001"),
    unit("14003", "commune", "3801", then=("2025-07-01", "38")),
    unit("20001", "commune", "38", first="2025-07-01"),
)
SITES = (
    site("TH-001", "14001", pcs="2"),
    site("TH-002", "14002", "post"),
    site("TH-003", "14003", status="potential", opened="2025-03-17"),
    site("TH-004", "14003", "post", pcs="3"),  # never reported
    site("TH-005", "14001", last="2025-04-30"),
    site("TH-006", "14002", pcs=""),
)
# Frozen for 2024 and 2025: five sites; from 2026 on without the closed one. TH-003 is potential, so in none.
LISTS = (
    frozen("2024-1", "2024-01-01", ["TH-001", "TH-002", "TH-004", "TH-005", "TH-006"]),
    frozen("2026-1", "2026-01-01", ["TH-001", "TH-002", "TH-004", "TH-006"], 2),
)

# Of every Wednesday of these months: visits (20 minutes each), minutes in service, of which with a network. `off`: on
# the last so many of a month the PC was off; `idle`: on the last so many before those it was on, but out of order.
# F and U: of the visits of each month so many were first ones of the year, and without that answer; all others R.
# P and G: without a picture; without groups (one of G a first one). The PC says so on the first Wednesday after the
# month. TH-003 told two days before it opened, TH-005 one after it closed, and nobody knows TH-099.
USE = """
site   pc first   last    visits open net off idle F U P G
TH-001 01 2024-01 2025-12 3      200  100 0   0    3 2 2 1
TH-001 01 2026-01 2026-06 3      200  100 0   0    4 2 2 1
TH-001 02 2024-01 2025-12 2      100  0   0   0    1 1 0 0
TH-001 02 2026-01 2026-06 3      100  0   0   0    1 1 0 0
TH-002 01 2024-01 2024-09 3      240  0   0   0    2 3 1 3
TH-002 01 2024-10 2024-12 2      240  0   0   0    2 3 1 3
TH-002 01 2025-01 2025-04 3      240  0   3   0    2 3 1 3
TH-002 01 2025-05 2025-06 3      240  0   0   0    2 3 1 3
TH-002 01 2025-07 2026-01 4      240  0   0   0    2 3 1 3
TH-002 01 2026-02 2026-02 4      240  0   0   3    2 3 1 3
TH-002 01 2026-03 2026-06 4      240  0   0   0    2 3 1 3
TH-003 01 2025-03 2026-06 3      120  60  0   0    2 0 0 0
TH-005 01 2024-01 2025-04 3      180  90  0   0    1 4 0 0
TH-006 01 2024-01 2026-06 4      240  240 0   0    4 0 4 2
TH-099 01 2025-05 2025-08 7      240  240 0   0    9 9 0 0
"""
# What was released at the end of a month, by its id. No other table's sums are told.
RELEASES = """
site   pc id  table     first_day  last_day   yes no
TH-001 01 a1  SEX       2024-01-01 2024-03-31 12  18
TH-001 01 a2  SEX       2024-04-01 2025-06-30 70  61
TH-001 01 a3  AGE31     2024-01-01 2024-06-30 20  30
TH-001 01 a4  AGE16     2024-01-01 2024-06-30 18  12
TH-001 01 a5  AGEU16    2024-01-01 2024-12-31 7   5
TH-001 01 a6  ANY_FIRST 2024-01-01 2024-12-31 32  8
TH-001 01 a7  ANY_OTHER 2024-01-01 2024-12-31 90  20
TH-001 01 a8  ANY_FIRST 2025-01-01 2025-12-31 33  7
TH-001 01 a9  ANY_OTHER 2025-01-01 2025-12-31 93  21
TH-001 01 b1  POOR      2024-01-01 2024-12-31 11  9
TH-006 01 c1  ANY_FIRST 2024-01-01 2024-06-30 5   15
TH-006 01 c2  ETHMIN    2024-01-01 2025-03-31 6   14
"""


# Wednesdays that went otherwise, with the visits of the day: see figures_told.py.
ODD = {
    ("TH-001", "01", "2024-02-14"): 3,  # came 40 days late
    ("TH-001", "01", "2026-01-14"): 3,  # came on 2 February, 19 days late
    ("TH-001", "01", "2025-08-20"): 0,  # never came; of the other PC it did
    ("TH-001", "01", "2026-05-06"): 3,  # the day on which all the rest happened
    ("TH-002", "01", "2025-11-12"): 0,  # never came
    ("TH-006", "01", "2024-05-15"): 6,  # told as 4, then revised
    ("TH-006", "01", "2025-03-12"): 5,  # 3 on the old disk, 2 on the new one of the same day; March is told of the 2
}
REIMAGED = date(2025, 3, 12)
END = date(2026, 7, 1)  # everybody tells of June on this day, and had the PC off
REST: tuple[Line, ...] = (
    {"kind": "end", "code": "time_up", "count": 1},
    {"kind": "end", "code": "meteor", "count": 1},  # of newer software
    {"kind": "print", "pages": 7},
    {"kind": "open", "item": "agri/tomato", "count": 4},
    {"kind": "open", "item": "nobody/knows", "count": 1},
    {"kind": "missed", "words": "gia ca phe", "count": 3},
    {"kind": "journal", "code": "classes", "count": 1},
    {"kind": "journal", "code": "class_people", "count": 14},
    {"kind": "journal", "code": "books_on_hand", "count": 90},
    {"kind": "health", "looks": 230, "looks_disk": 0, "looks_memory": 0, "looks_clock": 2, "looks_printing": 200,
     "looks_printer": 5, "commits": 40, "commit_ms": 800, "clock_lost": 1},
)  # fmt: skip


def golden() -> Register:
    """The register of it."""
    return register(SITES, UNITS, *LISTS)


def rows(table: str) -> list[dict[str, str]]:
    """A table of this file, as dicts by its heading."""
    head, *lines = (line.split() for line in table.strip().splitlines())
    return [dict(zip(head, line, strict=True)) for line in lines]


def wednesdays(year: int, month: int) -> list[date]:
    """Those of a month."""
    first = date(year, month, 1)
    return [day for day in (first + timedelta(days=n) for n in range(31)) if day.month == month and day.weekday() == 2]
