"""The PCs of a site as rows: whether each has joined, when it was heard, of which days it told, what is to be seen."""

import sqlite3
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from kiosk.clock import LOCAL
from kiosk.province.joining.stations import all_of
from kiosk.province.memory.rows import day_number, day_text, seconds
from kiosk.rules.indicator import label

DAYS = 30
# State of its key -> class, sign, words.
STATES = {
    "good": ("free", "st_free", label("Joined")),
    "retired": ("no-report", "st_none", label("Replaced")),
    "revoked": ("fault", "st_fault", label("Revoked")),
    "none": ("no-report", "st_none", label("Not joined")),
}
ALARMS = {
    "CLONED": label("Two computers seem to send as this one, with copies of one disk."),
    "REPLACED": label("A computer whose place another one has taken still counts under this name: give one of the two "
                      "a code of its own."),
    "CODE_LOCKED": label("Its code was tried wrongly too often and is locked: make a new one."),
}  # fmt: skip
OTHER_ALARM = label("Something of this computer should be looked at.")


@dataclass(frozen=True)
class PcRow:
    """One PC. `about` as stations.Row tells it; `days`: of the last 30 those that it told of."""

    about: dict[str, Any]
    days: frozenset[date]

    @property
    def station(self) -> str:
        """Its number."""
        return str(self.about["station"])

    @property
    def state(self) -> tuple[str, str, str]:
        """Class, sign and words of its key's state."""
        return STATES[self.about["state"]]

    @property
    def last_day(self) -> date | None:
        """The newest day that it told of."""
        return date.fromisoformat(self.about["last_day"]) if self.about["last_day"] else None


def pc_rows(db: sqlite3.Connection, now: datetime, site: str, station: str = "") -> list[PcRow]:
    """All of a site, or one of them."""
    told = _days(db, now.astimezone(LOCAL).date(), site)
    return [PcRow(one, frozenset(told[one["station"]])) for one in all_of(db, seconds(now), site, station)]


def alarm_words(code: str) -> str:
    """What an alarm says, as a sentence of the catalogue."""
    return ALARMS.get(code, OTHER_ALARM)


def _days(db: sqlite3.Connection, today: date, site: str) -> dict[str, set[date]]:
    found: dict[str, set[date]] = defaultdict(set)
    first = today - timedelta(DAYS)
    for station, day in db.execute(
        """SELECT DISTINCT s.station, day FROM bundles JOIN stations s ON s.id = bundles.station
           WHERE site = ? AND day BETWEEN ? AND ?""",
        (site, day_number(first.isoformat()), day_number(today.isoformat())),
    ):
        found[station].add(date.fromisoformat(day_text(day)))
    return found
