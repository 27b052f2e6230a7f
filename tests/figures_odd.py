"""Provinces of one odd thing each, small enough to be seen through at a glance."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path

from kiosk.province.indicators.ask import Ask, By
from kiosk.province.indicators.figures import Figures, figures
from kiosk.province.indicators.value import Value
from kiosk.province.register.site_history import SiteHistory
from kiosk.province.register.state import Register
from kiosk.rules.periods import Period, months_period
from tests.figures_bundles import Line, Script, frozen, register, site, unit
from tests.figures_worlds import Small

THEN, NOW = date(2024, 6, 5), date(2025, 6, 4)  # two Wednesdays, in June of two years
JUNE = months_period((2025, 6), (2025, 6))
PROVINCE = unit("38", "province")
COMMUNE = unit("14001", "commune", "38")


def one_commune(*sites: SiteHistory, listed: Iterable[str] | None = None, year: int = 2025) -> Register:
    """A register of a commune; its list holds these codes (None: nothing was frozen)."""
    lists = [] if listed is None else [frozen("1", f"{year}-01-01", listed)]
    return register(sites, (PROVINCE, COMMUNE), *lists)


def told(*days: tuple[str, date, int]) -> Script:
    """(site, day, visits) told by one PC each."""
    script = Script()
    for code, day, visits in days:
        script.day(code, "01", day, visits=visits, open_minutes=240)
    return script


def wednesdays(first: date, last: date) -> list[date]:
    """All of these days."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if day.weekday() == 2]


def changes(cases: dict[str, tuple[int, int]], released: bool = False) -> tuple[Script, Register]:
    """For each case a commune of two sites, which have together so many visits and first visits then and now.

    They plan to open on one day of each year, and told of it; a day later than the month they told of the month.
    With `released`, all first visits were released as of the target groups, beside five others.
    """
    script, sites, units = Script(), list[SiteHistory](), [PROVINCE]
    planned = "; ".join(f"{day.isoformat()}: 08:00-12:00" for day in (THEN, NOW))
    for name, counts in cases.items():
        units.append(unit(name, "commune", "38"))
        for part, code in enumerate((f"{name}-1", f"{name}-2")):
            sites.append(site(code, name, week="8", exceptions=planned))
            for day, count in zip((THEN, NOW), counts, strict=True):
                visits = count // 2 if part else count - count // 2
                script.day(code, "01", day, visits=visits, seconds=60 * visits, open_minutes=240)
                lines = [{"kind": "month", "month": f"{day:%Y-%m}", "table": table, "side": side, "count": number}
                         for table, side, number in (("FST", "FST_Y", visits), ("FST", "FST_N", 0),
                                                     ("FST", "FST_U", 0), ("NO_PICTURE", "visits", 0))]  # fmt: skip
                lines += [_release(day, visits)] if released else []
                script.day(code, "01", day.replace(month=7, day=1), *lines, planned_minutes=0)
    return script, register(sites, units)


def _release(day: date, visits: int) -> Line:
    return {"kind": "release", "id": f"{day}", "table": "ANY_FIRST", "yes": visits, "no": 5,
            "first_day": f"{day:%Y-%m}-01", "last_day": f"{day:%Y-%m}-30", "versions": "GRP-1"}  # fmt: skip


def asked(
    folder: Path, script: Script, known: Register, period: Period, today: date | None = None, by: By = "province",
    codes: Collection[str] = (), lost: tuple[int, ...] = (), **more: str,
) -> Figures:  # fmt: skip
    """The figures of a province of one script."""
    when = today or period.last + timedelta(days=1)
    with Small("odd", script, known, lost).opened(folder / "lake") as world:
        return figures(world, Ask(period, when, by, **more), codes)  # type: ignore[arg-type]


def said(values: Mapping[str, Value], *codes: str) -> list[str]:
    """Numbers or reasons."""
    return [str(values[code].number) if values[code].known else values[code].reason for code in codes]
