"""What was changed of a site or a unit in the register, in words for a page: when, by whom, why, from what to what."""

import sqlite3
from dataclasses import dataclass, field
from datetime import datetime

from kiosk.province.register.columns import SITES, UNITS
from kiosk.province.register.history import Noted, history
from kiosk.rules.indicator import label
from kiosk.rules.reading_words import say

DEEDS = {
    "sites import": label("Taken from a file"),
    "sites merge": label("Units merged"),
    "sites rename": label("Unit renamed"),
    "sites freeze": label("List frozen"),
}


@dataclass
class Entry:
    """One deed with what it changed: (field, from which day, before, after) each."""

    at: datetime
    who: str
    deed: str
    why: str
    changes: list[tuple[str, str, str, str]] = field(default_factory=list)


def entries(db: sqlite3.Connection, code: str, lang: str, named: bool = True) -> list[Entry]:
    """Everything, the newest first. Without `named` nobody who did it is told."""
    found: list[Entry] = []
    for one in history(db, code):
        deed = say(lang, DEEDS[one.deed]) if one.deed in DEEDS else one.deed
        last = found[-1] if found else None
        if last is None or (last.at, last.deed, last.why) != (one.at, deed, one.why):
            found.append(Entry(one.at, one.who if named else "", deed, one.why))
        found[-1].changes.append(_change(one, lang))
    return found[::-1]


def _change(one: Noted, lang: str) -> tuple[str, str, str, str]:
    columns = SITES if one.kind == "site" else UNITS
    column = columns.get(one.field)
    name = column.heading(lang) if column else one.field

    def text(value: str | None) -> str:
        return (column.text(value, lang) if column else value) if value else "–"

    return name, "/".join(reversed(one.day.split("-"))) if one.day else "", text(one.before), text(one.after)
