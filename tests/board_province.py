"""A province to look at on the board: its register, its PCs with real keys, what they have sent, all really taken.

    home = board_province(path)               # eight sites that are each in another state, two months
    home = board_province(path, 112, years)   # all sites of the register's world, for pictures

How each site stands is written in STATES; everything is told up to YESTERDAY, the day before TODAY.
"""

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

from kiosk.province.home import Home
from kiosk.province.lake import lake
from kiosk.province.orders import carry_out
from tests import province_home, register_world
from tests.province_world import Made, key_of, written

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 2, 42, tzinfo=timezone.utc)
YESTERDAY = TODAY - timedelta(days=1)
HOURS = register_world.HOURS
OPEN = (1, 2, 3)  # Tuesday to Thursday
# Number in the register -> how it stands; all others sent last night. Those that are silent: for how many days.
STATES: dict[int, tuple[str, int]] = {
    2: ("never_joined", 0), 3: ("never_sent", 0), 4: ("silent", 24), 5: ("offline", 19), 6: ("stick", 15),
    7: ("clock", 12), 8: ("broken", 0), 30: ("silent", 46), 41: ("broken_silent", 9), 55: ("silent", 8),
    63: ("revoked", 33), 77: ("silent", 4), 78: ("offline", 3), 90: ("never_joined", 0), 91: ("closed", 13),
    104: ("clock", 8), 110: ("silent", 7),
}  # fmt: skip
UNKNOWN = "TH-900"  # sends, and is in no register


def board_province(
    path: Path, count: int = 8, first: date = date(2026, 10, 1), frozen: bool = True, joined: int = 1_000
) -> Home:
    """The home of it, with a lake. `first`: since when the PCs tell; `joined`: so many sites have PCs that joined."""
    world = register_world.world()
    home = province_home.new_home(path, [], NOW - timedelta(days=900))
    rows = _sites(world, count)
    sheets = [("Đơn vị", [register_world.UNITS, *world.units]), ("Điểm", [register_world.SITES, *rows])]
    carry_out(path, "sites import", sheets=_plain(sheets), subject="danh-sach.xlsx")
    if frozen:
        carry_out(path, "sites freeze", version="2026.1", first="2026-01-01", why="Đề án")
    told = [(str(row[1]), number) for number, row in enumerate(rows, 1)]
    keys = [code for code, number in told[:joined] if STATES.get(number, ("",))[0] != "never_joined"] + [UNKNOWN]
    province_home.enrol(home, [(code, "01", key_of(0, code, "01", 1)) for code in keys], NOW - timedelta(days=900))
    _send(home, [*told[:joined], (UNKNOWN, 0)], first)
    for code, number in told:
        if STATES.get(number, ("",))[0] == "revoked":
            carry_out(path, "station revoke", site=code, station="01", reason="Máy bị mất")
    lake.build(home, NOW)
    return home


def _send(home: Home, told: list[tuple[str, int]], first: date) -> None:
    """Every evening what the PCs have made; who goes by stick goes apart."""
    evenings: dict[tuple[date, str], list[Made]] = defaultdict(list)
    for code, number in told:
        state, silent = STATES.get(number, ("", 0))
        if state not in ("never_joined", "never_sent"):
            for day, made in _days(code, number, state, silent, first):
                evenings[day, "folder" if state == "stick" else "https"].append(made)
    with province_home.receiving(home) as receiver:
        for (day, way), made in sorted(evenings.items(), key=lambda one: one[0]):
            came = datetime.combine(day, time(16, 30), timezone.utc)
            receiver.intake.take([one.signed for one in made], came, way)


def _plain(sheets: list[tuple[str, list[list[object]]]]) -> list[tuple[str, list[list[object]]]]:
    """Days as a clerk types them."""
    typed = [[[f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell for cell in row] for row in rows]
             for _name, rows in sheets]  # fmt: skip
    return [(name, rows) for (name, _rows), rows in zip(sheets, typed, strict=True)]


def _sites(world: register_world.World, count: int) -> list[list[object]]:
    """The lines of the register: called as sites are called, open from Tuesday to Thursday."""
    rows = []
    for number, row in enumerate(world.sites[:count], 1):
        told = world.told[str(row[1])]
        kind = str(row[3]).replace("Điểm BĐ-VHX", "Bưu điện – Văn hóa")
        name = f"{kind} {world.names[told.new]}".replace("xã Xã", "xã")
        week = [HOURS if day in OPEN else "-" for day in range(7)]
        exceptions = "08/11/2026..30/11/2026: -" if STATES.get(number, ("",))[0] == "closed" else ""
        rows.append([*row[:2], name, *row[3:10], *week, exceptions, date(2024, 1, 1), row[19]])
    return rows


def _days(code: str, number: int, state: str, silent: int, first: date) -> Iterator[tuple[date, Made]]:
    """The bundles of a PC, chained as it chains them; of long ago only the planned days."""
    rng, key, chain = random.Random(code), key_of(0, code, "01", 1), ["0" * 64, 0]
    last = YESTERDAY - timedelta(days=max(0, silent - 1)) if silent else YESTERDAY
    day = first
    while day <= last:
        if day.weekday() in OPEN or day > TODAY - timedelta(days=45):
            ends = state in ("offline", "broken", "broken_silent") and (last - day).days < 7
            lines = list(_lines(rng, number, day, state if ends else ""))
            yield day, _made(code, key, day, chain, lines)
        day += timedelta(days=1)
    if state == "clock":
        yield last, _made(code, key, date(2031, 1, 2), chain, list(_lines(rng, number, last, "")))


def _made(code: str, key: Any, day: date, chain: list[Any], lines: list[dict[str, Any]]) -> Made:
    chain[1] += 1
    fields: dict[str, Any] = {"site": code, "station": "01", "epoch": "e" * 16, "day": day.isoformat(), "revision": 1,
                              "sequence": chain[1], "previous": chain[0]}  # fmt: skip
    content = written(lines, {**fields, "lineage": "f" * 16, "policy": "0" * 64,
                              "created": f"{day.isoformat()}T16:30:00+00:00"})  # fmt: skip
    made = Made(**fields, lineage="f" * 16, made_on=day.isoformat(), lines=tuple(lines), content=content, key=key)
    chain[0] = made.sha256
    return made


def _lines(rng: random.Random, number: int, day: date, state: str) -> Iterator[dict[str, Any]]:
    """A day: more visits every year; of every tenth site too few to be active."""
    is_open, weak = day.weekday() in OPEN, number % 10 == 9
    growth = 1.0 if day.year == 2025 else 1.018 + 0.0004 * (number % 7)
    visits = 0 if not is_open or state.startswith("broken") else round(rng.gauss(9 if not weak else 0.4, 1.2) * growth)
    visits = max(0, visits)
    opened = 0 if not is_open or state.startswith("broken") else 470
    online = 0 if state == "offline" else opened
    yield {
        "kind": "day", "visits": visits, "too_short": 0, "extensions": visits // 5, "assisted": visits // 6,
        "seconds": visits * 2_100, "minutes": visits * 35, "planned_minutes": 480 if is_open else 0,
        "open_minutes": opened, "internet_minutes": online, "boots": 1, "unclean": 0,
    }  # fmt: skip
    if visits:
        yield {"kind": "end", "code": "signed_out", "count": visits}
        yield {"kind": "open", "item": f"starter/{('health_oresol', 'agri_so_thu_chi')[number % 2]}", "count": visits}
    if day.weekday() == OPEN[0] and day.day <= 7 and visits:
        month = (day.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
        for table, side, share in (("FST", "FST_Y", 40), ("FST", "FST_N", 55), ("FST", "FST_U", 5)):
            count = visits * 13 * share // 100
            yield {"kind": "month", "month": month, "table": table, "side": side, "count": count}
