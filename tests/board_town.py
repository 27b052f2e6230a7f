"""A small province for the pages of the board: a real home with ten sites that told of two years, and troubles.

Every bundle is made, signed, sent and taken for real, the lake is built of them. It is made once for a run and copied.
Today is Friday, 20 November 2026; last night everybody told of the 19th who tells at all.
"""

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from kiosk.province.guides import starter
from kiosk.province.home import Home
from kiosk.province.lake import lake
from kiosk.province.memory.ledger import Ledger
from kiosk.province.memory.rows import alarm, seconds, station_number
from kiosk.province.register.keeping import Deed, freeze, keep
from kiosk.province.register.register import read
from kiosk.province.register.site_history import DATED, WEEK, SiteHistory
from kiosk.province.register.state import Register
from kiosk.province.register.steps import ALWAYS
from kiosk.province.register.units import Unit, Units
from tests.figures_bundles import DAY_FIELDS, Line
from tests.province_home import new_home, receiving
from tests.province_world import Made, key_of, written

NOW = datetime(2026, 11, 20, 2, 10, tzinfo=timezone.utc)
TODAY, LAST = date(2026, 11, 20), date(2026, 11, 19)
BEGUN = date(2025, 1, 1)
HOURS = "08:00-11:30"
OPEN = (1, 3, 5)  # Tuesday, Thursday, Saturday
MERGED = date(2025, 7, 1)
UNITS = (
    ("38", "province", "Tỉnh Ví Dụ", "", "", "", ""),
    ("14001", "commune", "Xã Hà Lĩnh", "38", "", "2025-06-30", "20001"),
    ("20001", "commune", "Xã Hà Long", "38", "2025-07-01", "", ""),
    ("20002", "commune", "Xã Suối Trong", "38", "", "", ""),
    ("20003", "commune", "Phường Bến Sỏi", "38", "", "", ""),
    ("20004", "commune", "Xã Đồi Chè", "38", "", "", ""),
)
# Code, name, commune, line, status, visits of a day in 2025 and 2026, the last day that it told of.
SITES = (
    ("TV-001", "Thư viện tỉnh", "20003", "library", "project", 21, 22, LAST),
    ("TV-002", "Thư viện xã Hà Lĩnh", "14001", "library", "project", 6, 7, LAST),
    ("TV-003", "Thư viện xã Suối Trong", "20002", "library", "project", 5, 5, date(2026, 10, 27)),
    ("TV-004", "Thư viện phường Bến Sỏi", "20003", "library", "project", 7, 6, LAST),
    ("TV-005", "Thư viện xã Đồi Chè", "20004", "library", "potential", 3, 4, LAST),
    ("BD-001", "Bưu điện – Văn hóa xã Hà Lĩnh", "14001", "post", "project", 4, 4, LAST),
    ("BD-002", "Bưu điện – Văn hóa xã Suối Trong", "20002", "post", "project", 5, 6, LAST),
    ("BD-003", "Bưu điện – Văn hóa xã Đồi Chè", "20004", "post", "project", 1, 1, date(2026, 10, 4)),
    ("BD-004", "Bưu điện – Văn hóa Bến Sỏi", "20003", "post", "project", 6, 6, LAST),
    ("BD-005", "Bưu điện – Văn hóa xã Hà Trung", "20001", "post", "project", 0, 0, date(2024, 1, 1)),
)
CLOSED = {"BD-004": date(2026, 8, 31)}
EVERY_DAY = date(2026, 10, 1)
NOT_TOLD = ("TV-004", 2026, 3)  # of this month the whole site was not heard
IDLE: Line = {"kind": "day", **dict.fromkeys(DAY_FIELDS, 0)}
ITEMS = (*sorted(starter())[::7], "nobody/knows")


def station(code: str) -> str:
    """Each site has one PC."""
    return "01"


@cache
def _made() -> Path:
    folder = Path(mkdtemp(prefix="board-town-"))
    made = [one for site in SITES for one in bundles(*site)]
    keys = [(code, "01", key_of(1, code, "01", 1)) for code, *_rest in SITES if code != "BD-005"]
    home = new_home(folder / "home", keys, datetime(2025, 1, 1, tzinfo=timezone.utc))
    _register(home)
    with receiving(home) as receiver:
        for day in sorted({one.made_on for one in made}):
            at = datetime.fromisoformat(f"{day}T16:35:00+00:00")
            receiver.send([one for one in made if one.made_on == day], at)
        stranger = replace(next(bundles(*SITES[-1][:5], 4, 4, LAST)), key=key_of(9, "XX-001", "01", 1))
        receiver.send([stranger], NOW - timedelta(hours=9))
    with closing(Ledger(home)) as ledger, ledger.writing() as db:
        number = station_number(db, "BD-001", "01", 0)
        alarm(db, seconds(NOW) - 40_000, "CLONED", "BD-001 01", number, "2026-11-18 r2")
    lake.build(home, NOW)
    return home.path


def town(folder: Path) -> Home:
    """The home, copied into a folder of the test's own."""
    shutil.copytree(_made(), folder / "home", symlinks=True)
    return Home(folder / "home")


def bundles(
    code: str, _name: str, _unit: str, _line: str, _status: str, before: int, now: int, last: date
) -> Iterator[Made]:
    """All that its PC has ever sent, each day on its evening."""
    key, previous, lineage = key_of(1, code, "01", 1), "0" * 64, sha256(code.encode()).hexdigest()[:16]
    days = [BEGUN + timedelta(n) for n in range((min(last, CLOSED.get(code, last)) - BEGUN).days + 1)]
    for number, day in enumerate((one for one in days if _tells(code, one)), 1):
        visits = max(0, (now if day.year == 2026 else before) + (day.toordinal() * 7 + len(code)) % 3 - 1)
        visits = visits * 2 // 3 if day.month == 2 else visits
        lines = tuple(_lines(day, visits)) if day.weekday() in OPEN else (IDLE,)
        fields: dict[str, Any] = {"site": code, "station": "01", "epoch": lineage, "day": day.isoformat(),
                                  "revision": 1, "sequence": number, "previous": previous}  # fmt: skip
        content = written(lines, {**fields, "lineage": lineage, "policy": "0" * 64,
                                  "created": f"{day}T16:30:00+00:00"})  # fmt: skip
        previous = sha256(content).hexdigest()
        yield Made(**fields, lineage=lineage, made_on=day.isoformat(), lines=lines, content=content, key=key)


def _tells(code: str, day: date) -> bool:
    """Every evening of the last weeks; before, the days off are left out, so that the town is made in seconds."""
    return (day.weekday() in OPEN or day >= EVERY_DAY) and (code, day.year, day.month) != NOT_TOLD


def _lines(day: date, visits: int) -> Iterator[Line]:
    given = {"visits": visits, "seconds": visits * 480, "minutes": visits * 8, "planned_minutes": 210,
             "open_minutes": 200, "internet_minutes": 120, "boots": 1}  # fmt: skip
    yield {"kind": "day", **{name: given.get(name, 0) for name in DAY_FIELDS}}
    if visits:
        yield {"kind": "end", "code": "signed_out", "count": visits}
        yield {"kind": "open", "item": ITEMS[day.toordinal() % len(ITEMS)], "count": 1 + visits // 3}
    if day.day <= 7:
        month = f"{day.replace(day=1) - timedelta(1):%Y-%m}"
        for side, count in (("FST_Y", 3 + visits), ("FST_N", 20), ("FST_U", 2)):
            yield {"kind": "month", "month": month, "table": "FST", "side": side, "count": count}
        yield {"kind": "missed", "words": "gia ca phe", "count": 3}
        yield {"kind": "journal", "code": "class_people", "count": 12}
        yield {"kind": "journal", "code": "classes", "count": 1}


def _register(home: Home) -> None:
    units = Units({
        code: Unit(code, level, ((ALWAYS, name),), ((ALWAYS, above),), _day(first) or ALWAYS, _day(last), into)
        for code, level, name, above, first, last, into in UNITS
    })  # fmt: skip
    sites = {}
    for code, name, unit, line, status, *_counts in SITES:
        told = {"name": name, "type": "post_office" if line == "post" else "commune_library", "owner": line,
                "department": "Bưu điện tỉnh" if line == "post" else "Sở Văn hóa, Thể thao và Du lịch", "unit": unit,
                "status": status, "pcs": "1", "difficult": "yes" if unit == "20002" else "no",
                **{day: HOURS if place in OPEN else "-" for place, day in enumerate(WEEK)}}  # fmt: skip
        steps = {field: ((ALWAYS, told.get(field, "")),) for field in DATED}
        sites[code] = SiteHistory(code, steps, date(2019, 2, 1), CLOSED.get(code))
    with closing(Ledger(home)) as ledger, ledger.writing() as db:
        at = datetime(2025, 1, 2, 3, tzinfo=timezone.utc)
        keep(
            db, read(db), Register(sites, units), Deed(at, "Lan", "sites import", "danh-sach.xlsx", "Kế hoạch của tỉnh")
        )
        for version, first in (("2025.1", date(2025, 1, 1)), ("2026.1", date(2026, 1, 1))):
            freeze(db, read(db), version, first, Deed(at, "Lan", "sites freeze", version, "Kế hoạch"))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
