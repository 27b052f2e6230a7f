"""Units and sites as pages name them, and who may look at them: a department's link only sees its own line's."""

from collections.abc import Mapping
from datetime import date

from flask import abort, g

from kiosk.province.board.desk import Desk
from kiosk.province.board.sites_now import SitesNow
from kiosk.province.register.site_history import SiteHistory, SiteRow, row_on
from kiosk.province.register.state import Register
from kiosk.province.register.units import Unit
from kiosk.province.register.words import LEVEL_WORDS, OWNER_WORDS, STATUS_WORDS, TYPE_WORDS
from kiosk.web.pages import language

MOST_OFFERED = 1_000


def place_name(desk: Desk, unit: str) -> str:
    """What a unit is called today; "" for the whole province."""
    return desk.world().register.units.name(unit, desk.today()) if unit else ""


def unit_or_404(register: Register, code: str) -> Unit:
    """The unit of that code."""
    return register.units.get(code) or abort(404)


def site_or_404(desk: Desk, register: Register, code: str) -> tuple[SiteHistory, SiteRow]:
    """The site of that code and how it is today, or was on its last day; 404 also where it is another line's."""
    site = register.sites.get(code) or abort(404)
    row = row_on(site, register.units, shown_on(site, desk.today()))
    if g.get("line") and row.owner != g.line:
        abort(404)
    return site, row


def shown_on(site: SiteHistory, today: date) -> date:
    """The day of its life that is nearest to today."""
    return max(min(today, site.last or today), site.opened or date.min)


def offered(now: SitesNow) -> list[tuple[str, str]]:
    """(code, name) of the sites that a field offers while it is typed: of a nation's those that are silent first."""
    every = list(now.sites.values())
    if len(every) > MOST_OFFERED:
        every.sort(key=lambda one: one.state in ("sent", "closed"))
    return [(one.row.code, one.row.name) for one in every[:MOST_OFFERED]]


def type_word(code: str) -> str:
    """A kind of site in the reader's language."""
    return _word(TYPE_WORDS, code)


def line_word(code: str) -> str:
    """A line in the reader's language."""
    return _word(OWNER_WORDS, code)


def status_word(code: str) -> str:
    """Whether a site is of the project, in the reader's language."""
    return _word(STATUS_WORDS, code)


def level_word(code: str) -> str:
    """A level of the administration in the reader's language."""
    return _word(LEVEL_WORDS, code)


def _word(known: Mapping[str, tuple[str, ...]], code: str) -> str:
    names = known.get(code)
    return names[0 if language() == "vi" else 1] if names else code
