"""One PC's place at a site: its keys, of which days it told, what of it waits or was put aside, what was done about it.

Nothing of a PC says who sat at it: figures of a PC are the day's totals, answers never go below the site.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from flask import abort, g, render_template

from kiosk.errors import RefusedError
from kiosk.province.board.desk import Desk
from kiosk.province.board.pages import Page
from kiosk.province.board.places import site_or_404
from kiosk.province.board.sites_now import span
from kiosk.province.board.station_rows import ALARMS, STATES, alarm_words, pc_rows
from kiosk.province.joining.stations import one_of
from kiosk.province.memory.rows import day_text, seconds, utc
from kiosk.rules.indicator import label
from kiosk.web.pages import say
from kiosk.web.roles import LINK

if TYPE_CHECKING:
    import sqlite3

MOST = 40  # bundles shown
DEEDS = {
    "code": label("A code was given"),
    "enrol": label("Joined"),
    "rotate": label("The key was changed"),
    "revoke": label("The key was revoked"),
    "seen": label("Alarms were looked after"),
}


@dataclass(frozen=True)
class Came:
    """One bundle: of which day, as which revision, when it came. `counts`: it is the one that counts."""

    day: date
    revision: int
    received: str
    size: int
    counts: bool


def page(desk: Desk, site: str, station: str) -> Any:
    """`/stations/TH-012/03`."""
    _history, row = site_or_404(desk, desk.world().register, site)
    with desk.reading() as db:
        try:
            about = one_of(db, seconds(desk.now()), site, station)
        except RefusedError:
            abort(404)
        (pc,) = pc_rows(db, desk.now(), site, station)
        came, aside = _came(db, site, station), _aside(db, site, station)
    done = [_done(one, g.get("role") != LINK) for one in about["deeds"]]
    return render_template(
        "board/station.html", site=site, row=row, station=station, pc=pc, about=about, days=span(desk.today()),
        came=came, aside=aside, done=done[::-1], states=STATES, alarm_words=alarm_words, alarms=ALARMS,
    )  # fmt: skip


def _done(one: dict[str, Any], named: bool) -> tuple[str, str, str, str]:
    """(when, who, what, why) of a deed."""
    words = DEEDS.get(one["deed"], "")
    why = "" if one["deed"] in ("enrol", "rotate") else one["why"]
    return one["at"], one["who"] if named else "", say(words) if words else one["deed"], why


def _came(db: "sqlite3.Connection", site: str, station: str) -> list[Came]:
    """The newest bundles, the newest day first."""
    rows = db.execute(
        """SELECT day, revision, received, size, current FROM bundles b JOIN stations s ON s.id = b.station
           WHERE site = ? AND s.station = ? ORDER BY day DESC, b.id DESC LIMIT ?""",
        (site, station, MOST),
    )
    return [
        Came(date.fromisoformat(day_text(day)), revision, utc(received), size, bool(current))
        for day, revision, received, size, current in rows
    ]


def _aside(db: "sqlite3.Connection", site: str, station: str) -> int:
    """How many of its bundles wait for an officer."""
    row = db.execute(
        """SELECT count(*) FROM quarantine q JOIN stations s ON s.id = q.station
           WHERE site = ? AND s.station = ? AND decided IS NULL""",
        (site, station),
    ).fetchone()
    return int(row[0])


PAGES = (Page("station", "/stations/<site>/<station>", page, under="units"),)
