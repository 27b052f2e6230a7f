"""The register of sites: what the province knows of each, on any day. Every query of it.

`db` is the ledger's connection (`with ledger.reading() as db`). A site that is not in the register sends as any other
does: its bundles are kept and shown as "not in the register".
"""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timezone

from kiosk.province.register.frozen_lists import FrozenList, list_for_year
from kiosk.province.register.planned_days import planned_days
from kiosk.province.register.site_history import DATED, SiteHistory, SiteRow, row_on, unit_as_of
from kiosk.province.register.state import Register
from kiosk.province.register.steps import ALWAYS, Steps
from kiosk.province.register.units import Unit, Units


def read(db: sqlite3.Connection) -> Register:
    """The whole register as it is now."""
    units, sites = _steps(db, "unit_steps", ("name", "parent")), _steps(db, "site_steps", DATED)
    return Register(
        {
            code: SiteHistory(code, sites[code], _day(opened), _day(last))
            for code, opened, last in db.execute("SELECT code, opened, last FROM sites ORDER BY code")
        },
        Units({
            code: Unit(
                code, level, units[code]["name"], units[code]["parent"], date.fromisoformat(first), _day(last), into
            )
            for code, level, first, last, into in db.execute("SELECT code, level, first, last, merged_into FROM units")
        }),
        tuple(lists(db)),
    )  # fmt: skip


def sites(db: sqlite3.Connection, on: date) -> list[SiteRow]:
    """The sites that live on a day, as they are on it, by code."""
    register = read(db)
    return [row_on(one, register.units, on) for one in register.sites.values() if one.lives(on)]


def expected(db: sqlite3.Connection, first: date, last: date) -> dict[str, int]:
    """How many days of a period each site plans to open, both ends in it; sites that do not live in it are left out."""
    known = read(db).sites.values()
    return {one.code: planned_days(one, first, last) for one in known if _meets(one, first, last)}


def expected_stations(db: sqlite3.Connection, on: date) -> dict[str, int | None]:
    """How many PCs each site that lives on a day should have; None where nobody told."""
    return {row.code: row.pcs for row in sites(db, on)}


def units_on(db: sqlite3.Connection, day: date) -> dict[str, Mapping[str, str]]:
    """Every site -> {level: code} of its units on a day, of all sites that live on it."""
    return {row.code: row.units for row in sites(db, day)}


def units_as_of(db: sqlite3.Connection, day: date) -> dict[str, Mapping[str, str]]:
    """The same in the units of `day` of all sites that ever were: figures of any years, asked in one map.

    {} for a site whose first commune was not there yet. No site is in two units of a level, so no sum changes.
    """
    register = read(db)
    return {
        code: register.units.above(unit_as_of(site, register.units, day), day) for code, site in register.sites.items()
    }


def known_site(db: sqlite3.Connection, code: str) -> bool:
    """Whether the register has the site, on whatever days."""
    return db.execute("SELECT 1 FROM sites WHERE code = ?", (code,)).fetchone() is not None


def any_site(db: sqlite3.Connection) -> bool:
    """Whether anybody keeps the register."""
    return db.execute("SELECT 1 FROM sites").fetchone() is not None


def unknown_sites(db: sqlite3.Connection) -> list[str]:
    """The sites from which something came, or that were enrolled, and that the register does not have."""
    rows = db.execute("SELECT DISTINCT site FROM stations EXCEPT SELECT code FROM sites ORDER BY 1")
    return [str(code) for (code,) in rows]


def lists(db: sqlite3.Connection) -> list[FrozenList]:
    """The frozen lists, in the order in which they were frozen."""
    codes = defaultdict(set)
    for number, code in db.execute("SELECT list, code FROM frozen_sites"):
        codes[number].add(code)
    rows = db.execute(
        """SELECT number, version, first, at, who, why FROM frozen_lists JOIN deeds ON deeds.id = frozen_lists.deed
           ORDER BY number"""
    )
    return [
        FrozenList(number, version, date.fromisoformat(first), datetime.fromtimestamp(at, timezone.utc), who, why,
                   frozenset(codes[number]))
        for number, version, first, at, who, why in rows
    ]  # fmt: skip


def project_list(db: sqlite3.Connection, year: int) -> FrozenList | None:
    """The frozen list by which a year is counted; None where nothing was frozen for it."""
    return list_for_year(lists(db), year)


def _meets(site: SiteHistory, first: date, last: date) -> bool:
    return (site.opened is None or site.opened <= last) and (site.last is None or site.last >= first)


def _steps(db: sqlite3.Connection, table: str, fields: Sequence[str]) -> Mapping[str, Mapping[str, Steps]]:
    """{code: {field: steps}} of one of the two tables of steps; what was never told is not in it."""
    assert table in ("unit_steps", "site_steps")
    found: dict[str, dict[str, list[tuple[date, str]]]] = defaultdict(lambda: {name: [] for name in fields})
    for code, field, day, value in db.execute(f"SELECT code, field, day, value FROM {table} ORDER BY code, field, day"):
        if field in found[code]:  # a field of newer software is left alone
            found[code][field].append((date.fromisoformat(day), value))
    nothing: Steps = ((ALWAYS, ""),)
    done = {code: {name: tuple(one) or nothing for name, one in steps.items()} for code, steps in found.items()}
    return defaultdict(lambda: dict.fromkeys(fields, nothing), done)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
