"""Writes what changed of the register, with who did it and why. Inside the caller's transaction: all or nothing."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from kiosk.errors import RefusedError, UsageError
from kiosk.province.memory.rows import deed, seconds
from kiosk.province.register.plan import Change, differences
from kiosk.province.register.site_history import SiteHistory
from kiosk.province.register.state import Register
from kiosk.province.register.steps import ALWAYS, Steps
from kiosk.province.register.units import Unit
from kiosk.translations import _

DEEDS = ("sites import", "sites merge", "sites rename", "sites freeze")


@dataclass(frozen=True)
class Deed:
    """Who did what (one of DEEDS) to what, when and why."""

    at: datetime
    who: str
    deed: str
    subject: str
    why: str

    def note(self, db: sqlite3.Connection) -> int:
        """Writes it down; its number."""
        assert self.deed in DEEDS
        deed(db, seconds(self.at), self.who, self.deed, self.subject, self.why)
        return int(db.execute("SELECT last_insert_rowid()").fetchone()[0])


def keep(db: sqlite3.Connection, before: Register, after: Register, done: Deed) -> list[Change]:
    """Makes the register what it is in `after`; what changed. Where nothing does, nothing is written."""
    changes = list(differences(before, after))
    if not changes:
        return []
    number = done.note(db)
    for code in dict.fromkeys(one.code for one in changes if one.kind == "unit"):
        _write_unit(db, after.units.by_code[code])
    for code in dict.fromkeys(one.code for one in changes if one.kind == "site"):
        _write_site(db, after.sites[code])
    rows = ((number, one.kind, one.code, one.field, one.day, one.before, one.after) for one in changes)
    db.executemany(
        "INSERT INTO register_changes (deed, kind, code, field, day, before, after) VALUES (?, ?, ?, ?, ?, ?, ?)", rows
    )
    return changes


def _write_unit(db: sqlite3.Connection, unit: Unit) -> None:
    db.execute(
        """INSERT INTO units VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
           SET first = excluded.first, last = excluded.last, merged_into = excluded.merged_into""",
        (unit.code, unit.level, unit.first.isoformat(), _text(unit.last), unit.into),
    )
    db.execute("DELETE FROM unit_steps WHERE code = ?", (unit.code,))
    rows = [*_rows(unit.code, "name", unit.names), *_rows(unit.code, "parent", unit.parents)]
    db.executemany("INSERT INTO unit_steps VALUES (?, ?, ?, ?)", rows)


def _write_site(db: sqlite3.Connection, site: SiteHistory) -> None:
    db.execute(
        "INSERT INTO sites VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET opened = excluded.opened, last = excluded.last",
        (site.code, _text(site.opened), _text(site.last)),
    )
    db.execute("DELETE FROM site_steps WHERE code = ?", (site.code,))
    rows = [row for name, steps in site.steps.items() for row in _rows(site.code, name, steps)]
    db.executemany("INSERT INTO site_steps VALUES (?, ?, ?, ?)", rows)


def _rows(code: str, field: str, steps: Steps) -> list[tuple[str, str, str, str]]:
    """What was never told takes no room."""
    if steps == ((ALWAYS, ""),):
        return []
    return [(code, field, day.isoformat(), value) for day, value in steps]


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def freeze(
    db: sqlite3.Connection, register: Register, version: str, first: date, done: Deed, count: int | None = None
) -> list[str]:
    """Freezes the project's sites of that day as the next version of the list; their codes.

    `count`: how many they must be. UsageError or RefusedError when it cannot be; nothing is frozen then.
    """
    codes = project_sites(register.sites.values(), first)
    if any(one.version == version for one in register.lists):
        raise RefusedError(
            _("The list {version} is frozen already; a frozen list never changes.", version=version),
            _("Give the new list another version."),
        )
    if not codes:
        raise UsageError(_("The register has no project site on {day}.", day=first), _("Import the sites first."))
    if count is not None and len(codes) != count:
        raise RefusedError(
            _("The register has {n} project sites on {day}, not {count}.", n=len(codes), day=first, count=count),
            _("Look at them: kiosk province sites list --on {day}", day=first),
        )
    number = max((one.number for one in register.lists), default=0) + 1
    # The list's row comes last: once it stands, no code can be added.
    db.executemany("INSERT INTO frozen_sites VALUES (?, ?)", [(number, code) for code in codes])
    row = (number, version, first.isoformat(), done.note(db), len(codes))
    db.execute("INSERT INTO frozen_lists VALUES (?, ?, ?, ?, ?)", row)
    return codes


def project_sites(sites: Iterable[SiteHistory], day: date) -> list[str]:
    """The sites of the project on a day: potential ones are none of them."""
    return sorted(one.code for one in sites if one.lives(day) and one.value("status", day) == "project")
