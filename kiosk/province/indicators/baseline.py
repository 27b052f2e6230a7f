"""Figures of the years before kiosk, as the province's own books have them: kept, shown beside, and marked as such.

Of the province as a whole or of one site, by calendar year. They never enter a figure, a growth or a verdict of ours:
how they were counted nobody knows. `years` tells them beside ours, each marked (`Value.own`).
"""

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import TYPE_CHECKING

from kiosk.province.indicators.ask import WHOLE, Ask
from kiosk.province.indicators.value import Value
from kiosk.province.memory.schema import stays_written
from kiosk.rules.periods import Period, months_period

if TYPE_CHECKING:
    from kiosk.province.indicators.world import World

PROVINCE = ""  # the site of figures of the whole province
# DOMAIN.md: the three measures of the programme's monitoring, and users. Hours may have one decimal.
WHOLE_NUMBERS, HOURS = ("VISITS", "USERS"), ("PC_HOURS", "NET_HOURS")
CODES = (*WHOLE_NUMBERS, *HOURS)
FIRST_YEAR = 1990
MOST = 10**9

STEPS: tuple[tuple[str, ...], ...] = (
    (
        # `site` "": the whole province. `value`: a number such as 12000 or 4512.5.
        """CREATE TABLE baseline (
            year INTEGER NOT NULL,
            site TEXT NOT NULL,
            code TEXT NOT NULL CHECK (code IN ('VISITS', 'USERS', 'PC_HOURS', 'NET_HOURS')),
            value TEXT NOT NULL,
            deed INTEGER NOT NULL REFERENCES deeds,
            PRIMARY KEY (year, site, code)
        ) STRICT, WITHOUT ROWID""",
        # before NULL: it was new; after NULL: it was taken out. Who, when and why stands in deeds.
        """CREATE TABLE baseline_changes (
            id INTEGER PRIMARY KEY,
            deed INTEGER NOT NULL REFERENCES deeds,
            year INTEGER NOT NULL,
            site TEXT NOT NULL,
            code TEXT NOT NULL,
            before TEXT,
            after TEXT
        ) STRICT""",
        *stays_written("baseline_changes"),
    ),
)


@dataclass(frozen=True)
class Entry:
    """One figure of a year: of a site, or of the province (site ""). Who wrote it, when, and why."""

    year: int
    site: str
    code: str
    value: int | Decimal
    who: str
    at: datetime
    why: str


@dataclass(frozen=True)
class Change:
    """What was done to one of them; `before` None: it was new; `after` None: it was taken out."""

    year: int
    site: str
    code: str
    before: str | None
    after: str | None
    who: str
    at: datetime
    why: str


@dataclass(frozen=True)
class Year:
    """One calendar year: `values` are kiosk's own figures of it, `own` those of the province's books, marked."""

    period: Period
    values: Mapping[str, Value]
    own: Mapping[str, Value]


def listed(db: sqlite3.Connection, year: int | None = None, site: str | None = None) -> list[Entry]:
    """What is known, by year, then the province before its sites. A ledger of older software has none."""
    if not _is_made(db):
        return []
    rows = db.execute(
        """SELECT year, site, code, value, who, at, why FROM baseline JOIN deeds ON deeds.id = baseline.deed
           WHERE year = coalesce(?, year) AND site = coalesce(?, site) ORDER BY year, site, code""",
        (year, site),
    )
    found = [
        Entry(of, whose, code, number(value), who, _moment(at), why) for of, whose, code, value, who, at, why in rows
    ]
    return sorted(found, key=lambda one: (one.year, one.site, CODES.index(one.code)))


def history(db: sqlite3.Connection, year: int | None = None) -> list[Change]:
    """Everything that was done to them, the newest first."""
    if not _is_made(db):
        return []
    rows = db.execute(
        """SELECT year, site, code, before, after, who, at, why FROM baseline_changes c
           JOIN deeds ON deeds.id = c.deed WHERE year = coalesce(?, year) ORDER BY c.id DESC""",
        (year,),
    )
    return [
        Change(of, site, code, before, after, who, _moment(at), why)
        for of, site, code, before, after, who, at, why in rows
    ]


def years(world: "World", ask: Ask, codes: Collection[str] = CODES) -> tuple[Year, ...]:
    """The years of the books and those of the asked period, the earliest first: of all that was asked for together.

    Of the whole province what was written of it, else of the sites that were written of; of fewer sites theirs.
    """
    from kiosk.province.indicators.figures import figures
    from kiosk.province.indicators.places import places_of

    wanted = [code for code in CODES if code in codes]
    all_of_it = not (ask.within or ask.line or ask.site)
    sites = None if all_of_it else places_of(world.register, replace(ask, by="province"), _ever(ask)).sites
    own = of_places(world.baseline, wanted, sites)
    told = []
    for year in _years(own, ask):
        one = replace(ask, period=months_period((year, 1), (year, 12)), by="province", starts_on=1)
        values = figures(world, one, wanted).of(WHOLE) if year >= ask.period.first.year else {}
        told.append(Year(one.period, values, own.get(year, {})))
    return tuple(told)


def of_places(
    entries: Iterable[Entry], codes: Sequence[str], sites: Collection[str] | None
) -> dict[int, dict[str, Value]]:
    """Year -> code -> what the books say of these sites; of all (None) the province's own word goes first."""
    found: dict[int, dict[str, Value]] = {}
    sums: dict[tuple[int, str], list[int | Decimal]] = {}
    for one in entries:
        if one.code not in codes:
            continue
        if one.site == PROVINCE and sites is None:
            found.setdefault(one.year, {})[one.code] = Value(one.value, own=True)
        elif one.site != PROVINCE and (sites is None or one.site in sites):
            sums.setdefault((one.year, one.code), []).append(one.value)
    for (year, code), values in sums.items():
        found.setdefault(year, {}).setdefault(code, Value(sum(values), sites=len(values), own=True))
    return found


def number(text: str) -> int | Decimal:
    """A value as it is kept."""
    found = Decimal(text)
    return int(found) if "." not in text else found


def _years(own: Mapping[int, object], ask: Ask) -> list[int]:
    asked = range(ask.period.first.year, ask.last.year + 1)
    return sorted({*(year for year in own if year <= ask.last.year), *asked})


def _ever(ask: Ask) -> Period:
    return Period("range", "", date(1900, 1, 1), ask.last)


def _is_made(db: sqlite3.Connection) -> bool:
    known = db.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'baseline'").fetchone()
    return known is not None


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at, timezone.utc)
