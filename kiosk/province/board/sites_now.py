"""How every site of the register stands today, by ledger and register alone: who has joined, who told of which days."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Literal

from kiosk.province.memory.rows import day_number, day_text
from kiosk.province.register.planned_days import planned_days
from kiosk.province.register.register import any_site, read, unknown_sites
from kiosk.province.register.site_history import SiteHistory, SiteRow, row_on
from kiosk.province.register.steps import ONE

DAYS = 30
LONG = 7  # days of silence after which somebody is called

# closed: nothing came, and no day was planned since.
State = Literal["sent", "closed", "silent", "never_sent", "revoked", "never_enrolled"]
# How sites are counted, each once and on every page alike. Whose key was revoked is silent.
Kind = Literal["sent", "closed", "short", "long", "never_sent", "never_enrolled"]


@dataclass(frozen=True)
class SiteNow:
    """One site that lives today. `last`: the newest day that it told of; `days`: of the last 30 those that it told of.

    `keys`: its PCs by the state of their keys; `aside`: bundles put aside, by code; `alarms` likewise; `gaps`: bundles
    here before one that precedes them. `missed`: days planned to be open since `last`, up to yesterday.
    """

    row: SiteRow
    state: State
    last: date | None = None
    heard: datetime | None = None
    way: str = ""
    days: frozenset[date] = frozenset()
    silent: int = 0
    missed: int = 0
    keys: Mapping[str, int] = field(default_factory=dict)
    aside: Mapping[str, int] = field(default_factory=dict)
    alarms: Mapping[str, int] = field(default_factory=dict)
    gaps: int = 0

    @property
    def rests(self) -> bool:
        """Whether nothing came for long, and nothing had to."""
        return self.state == "closed" and self.silent >= LONG

    @property
    def kind(self) -> Kind:
        """As what it is counted."""
        if self.state != "silent" and self.state != "revoked":
            return self.state
        return "long" if self.silent >= LONG else "short"

    @property
    def is_long(self) -> bool:
        """Whether it has sent before, and is silent for so long that somebody is called."""
        return self.kind == "long"


@dataclass(frozen=True)
class SitesNow:
    """All of them by code, on `today`; `at`: when it was looked. `unknown`: sites that send and are in no register."""

    today: date
    at: datetime
    sites: Mapping[str, SiteNow]
    unknown: tuple[str, ...] = ()
    kept: bool = True  # whether anybody keeps the register
    places: Mapping[str, str] = field(default_factory=dict)  # names of units

    def of(self, line: str = "", unit: str = "") -> list[SiteNow]:
        """Those of a line and a unit; "" is all."""
        return [one for one in self.sites.values() if (not line or one.row.owner == line)
                and (not unit or unit in one.row.units.values())]  # fmt: skip

    def silent(self, line: str = "") -> list[SiteNow]:
        """Those that somebody must ask after, the longest silence first; who never sent comes before."""
        found = [one for one in self.of(line) if one.state not in ("sent", "closed") or one.rests]
        return sorted(found, key=lambda one: (one.last or date.min, one.row.unit_name, one.row.name, one.row.code))


@dataclass
class _Told:
    """What the ledger's tables say of a site."""

    keys: Counter[str] = field(default_factory=Counter)
    days: set[date] = field(default_factory=set)
    last: date | None = None
    heard: int = 0
    way: str = ""
    aside: Counter[str] = field(default_factory=Counter)
    alarms: Counter[str] = field(default_factory=Counter)
    gaps: int = 0


def look(db: sqlite3.Connection, today: date, now: datetime) -> SitesNow:
    """Everything at one moment of the ledger."""
    db.execute("BEGIN")
    try:
        register, told = read(db), _told(db, today)
        unknown, kept = tuple(unknown_sites(db)), any_site(db)
    finally:
        db.execute("ROLLBACK")
    living = [one for one in register.sites.values() if one.lives(today)]
    found = {one.code: _now(one, row_on(one, register.units, today), told[one.code], today) for one in living}
    codes = {code for one in found.values() for code in one.row.units.values()}
    names = {code: register.units.name(code, today) for code in codes}
    return SitesNow(today, now, found, unknown, kept, names)


def _now(site: SiteHistory, row: SiteRow, told: _Told, today: date) -> SiteNow:
    since = told.last or (site.opened or today) - ONE
    missed = planned_days(site, since + ONE, today - ONE) if since < today - ONE else 0
    state: State = "silent" if missed else "closed"
    if told.last is not None and told.last >= today - ONE:
        state = "sent"
    if not told.keys:
        state = "never_enrolled"
    elif not told.keys["good"]:
        state = "revoked"
    elif told.last is None:
        state = "never_sent"
    heard = datetime.fromtimestamp(told.heard, timezone.utc) if told.heard else None
    return SiteNow(row, state, told.last, heard, told.way, frozenset(told.days), max(0, (today - since).days), missed,
                   told.keys, told.aside, told.alarms, told.gaps)  # fmt: skip


def _told(db: sqlite3.Connection, today: date) -> Mapping[str, _Told]:
    found: dict[str, _Told] = defaultdict(_Told)
    for site, state, count in db.execute(
        "SELECT site, state, count(*) FROM keys JOIN stations ON stations.id = keys.station GROUP BY site, state"
    ):
        found[site].keys[state] = count
    for site, heard, way in db.execute(
        "SELECT site, max(heard), way FROM series JOIN stations ON stations.id = series.station GROUP BY site"
    ):
        found[site].heard, found[site].way = heard, way
    for site, count in db.execute(
        """SELECT site, count(*) FROM ahead JOIN series ON series.id = ahead.series
           JOIN stations ON stations.id = series.station GROUP BY site"""
    ):
        found[site].gaps = count
    _days(db, today, found)
    for site, code, count in db.execute(
        """SELECT site, code, count(*) FROM quarantine JOIN stations ON stations.id = quarantine.station
           WHERE decided IS NULL GROUP BY site, code"""
    ):
        found[site].aside[code] = count
    for site, code, times in db.execute(
        """SELECT site, code, sum(times) FROM alarms JOIN stations ON stations.id = alarms.station
           WHERE seen IS NULL GROUP BY site, code"""
    ):
        found[site].alarms[code] = times
    return found


def _days(db: sqlite3.Connection, today: date, found: dict[str, _Told]) -> None:
    """By the index of days; the few that were silent for longer are asked for one by one."""
    first = today - DAYS * ONE
    for site, number in db.execute(
        """SELECT DISTINCT site, day FROM bundles JOIN stations ON stations.id = bundles.station
           WHERE day BETWEEN ? AND ?""",
        (day_number(first.isoformat()), day_number(today.isoformat())),
    ):
        found[site].days.add(date.fromisoformat(day_text(number)))
    for site, one in found.items():
        if one.days:
            one.last = max(one.days)
        elif one.heard:
            newest = db.execute(
                """SELECT max(day) FROM bundles WHERE station IN (SELECT id FROM stations WHERE site = ?)
                   AND day <= ?""", (site, day_number(today.isoformat()))
            ).fetchone()[0]  # fmt: skip
            one.last = date.fromisoformat(day_text(newest)) if newest else None


def span(today: date) -> list[date]:
    """The last 30 days, the oldest first, without today, which is told tonight."""
    return [today - timedelta(days=back) for back in reversed(range(1, DAYS + 1))]
