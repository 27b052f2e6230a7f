"""The tables of figures_world.py told day by day, as its PCs would have told them."""

from datetime import date

from tests.figures_bundles import Line, Script
from tests.figures_world import END, MONTHS, ODD, REIMAGED, RELEASES, REST, USE, rows, wednesdays


def script() -> Script:
    """All that was told."""
    told = Script()
    for row in rows(USE):
        months = [one for one in MONTHS if row["first"] <= "{:04}-{:02}".format(*one) <= row["last"]]
        for year, month in months:
            _month(told, row, year, month)
        if months[-1] == MONTHS[-1]:
            told.day(row["site"], row["pc"], END, boots=0, image=_image(row["site"], END))
    told.day("TH-005", "01", date(2025, 5, 7), visits=9, open_minutes=180)
    told.day("TH-006", "01", date(2026, 3, 8), visits=5, planned_minutes=0, open_minutes=60, image=2)  # a Sunday
    _odd_days(told)
    for row in rows(USE):
        for year, month in MONTHS:
            if row["first"] <= f"{year:04}-{month:02}" <= row["last"] and row["site"] != "TH-099":
                _month_lines(told, row, year, month)
    # The revised day was known only after May had been told: May is told again.
    told.add("TH-006", "01", date(2024, 6, 12), *_counts("2024-05", 6, 16, 0, 4, 2))
    for row in rows(RELEASES):
        last = date.fromisoformat(row["last_day"])
        told.add(row["site"], row["pc"], _after(last.year, last.month), {
            "kind": "release", "id": row["id"], "table": row["table"], "yes": int(row["yes"]), "no": int(row["no"]),
            "first_day": row["first_day"], "last_day": row["last_day"], "versions": f"{row['table']}-1",
        })  # fmt: skip
    return told


def _month(told: Script, row: dict[str, str], year: int, month: int) -> None:
    """The Wednesdays of a month of a PC."""
    code, pc, days = row["site"], row["pc"], wednesdays(year, month)
    for number, day in enumerate(days):
        if (code, pc, day.isoformat()) in ODD:
            continue
        idle, off = number >= len(days) - int(row["off"]) - int(row["idle"]), number >= len(days) - int(row["off"])
        counts = {"boots": int(not off)} if idle or off else _use(row)
        told.day(code, pc, day, image=_image(code, day), **counts)


def _use(row: dict[str, str], visits: int | None = None) -> dict[str, int]:
    count = int(row["visits"]) if visits is None else visits
    return {"visits": count, "seconds": 1_200 * count, "minutes": 20 * count, "open_minutes": int(row["open"]),
            "internet_minutes": int(row["net"])}  # fmt: skip


def _odd_days(told: Script) -> None:
    library = next(row for row in rows(USE) if row["site"] == "TH-001")
    other = next(row for row in rows(USE) if row["site"] == "TH-006")
    told.day("TH-001", "01", date(2024, 2, 14), late=40, **_use(library))
    told.day("TH-001", "01", date(2026, 1, 14), late=19, **_use(library))
    told.day("TH-001", "01", date(2026, 5, 6), *REST, too_short=2, extensions=3, assisted=1, unclean=1, **_use(library))
    told.day("TH-006", "01", date(2024, 5, 15), **_use(other))
    told.day("TH-006", "01", date(2024, 5, 15), revision=2, late=30, **_use(other, 6))
    told.day("TH-006", "01", REIMAGED, **_use(other, 3) | {"open_minutes": 100, "internet_minutes": 100})
    told.day("TH-006", "01", REIMAGED, image=2, **_use(other, 2) | {"open_minutes": 140, "internet_minutes": 140})


def _month_lines(told: Script, row: dict[str, str], year: int, month: int) -> None:
    code, pc, month_text = row["site"], row["pc"], f"{year:04}-{month:02}"
    days = wednesdays(year, month)
    count = (len(days) - int(row["off"]) - int(row["idle"])) * int(row["visits"])
    count += sum(visits - int(row["visits"]) for (odd, one, day), visits in ODD.items()
                 if (odd, one) == (code, pc) and day[:7] == month_text)  # fmt: skip
    if (code, month_text) == ("TH-006", "2024-05"):
        count -= 2  # the revised day was not known yet
    if (code, month_text) == ("TH-006", "2025-03"):
        count -= 7  # 4 of the 5th and 3 of the 12th are on the old disk
    first = min(int(row["F"]), count)
    unknown = min(int(row["U"]), count - first)
    lines = _counts(month_text, first, count - first - unknown, unknown, min(int(row["P"]), count), int(row["G"]))
    told.add(code, pc, _after(year, month), *lines)


def _counts(month: str, first: int, been: int, unknown: int, no_picture: int, no_groups: int) -> tuple[Line, ...]:
    told = {("FST", "FST_Y"): first, ("FST", "FST_N"): been, ("FST", "FST_U"): unknown,
            ("NO_PICTURE", "visits"): no_picture, ("GRP_U", "first"): min(1, no_groups),
            ("GRP_U", "not_first"): no_groups - min(1, no_groups)}  # fmt: skip
    return tuple({"kind": "month", "month": month, "table": table, "side": side, "count": count}
                 for (table, side), count in told.items())  # fmt: skip


def _after(year: int, month: int) -> date:
    """The first Wednesday after a month."""
    return wednesdays(year + month // 12, month % 12 + 1)[0]


def _image(code: str, day: date) -> int:
    return 2 if code == "TH-006" and day > REIMAGED else 1
