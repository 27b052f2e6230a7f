"""A file into the register: looked at by anybody, taken by whoever has the home, in one transaction or not at all."""

import sqlite3
from collections.abc import Sequence
from datetime import date

from kiosk.errors import RefusedError
from kiosk.province.register.keeping import Deed, keep
from kiosk.province.register.plan import Plan, plan
from kiosk.province.register.register import read
from kiosk.province.register.rows import lines_of
from kiosk.province.register.words import Cell
from kiosk.translations import _

Sheets = Sequence[tuple[str, Sequence[Sequence[Cell]]]]


def look(db: sqlite3.Connection, sheets: Sheets, today: date, alike: bool = False) -> Plan:
    """What a file would change, or everything that is wrong with it. Nothing is written."""
    return plan(read(db), lines_of(sheets), today, alike)


def take(db: sqlite3.Connection, sheets: Sheets, today: date, deed: Deed, alike: bool = False) -> Plan:
    """Writes it, inside the caller's transaction. RefusedError where it has a mistake: then nothing is written.

    It is looked at again here: between the look and the taking somebody else may have changed the register.
    """
    before = read(db)
    found = plan(before, lines_of(sheets), today, alike)
    if found.mistakes:
        raise RefusedError(
            _("Nothing was written: the file has {n} mistakes.", n=len(found.mistakes)),
            _("See them all: kiosk province sites import FILE --dry-run"),
        )
    keep(db, before, found.after, deed)
    return found
