"""Every site as one stroke, by commune, as it stands today: light also where there are 1,900."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for

from kiosk.errors import KioskError
from kiosk.province.board import asked
from kiosk.province.board.desk import Desk
from kiosk.province.board.figures_cache import NotYet
from kiosk.province.board.last_words import last_words
from kiosk.province.board.pages import Page
from kiosk.province.board.sites_now import SiteNow, SitesNow
from kiosk.web.pages import say
from kiosk.web.words import says

# Letter in the page -> what it says; in the order of the key.
STATES = {
    "s": says("sent last night"),
    "o": says("sent, and out of order"),
    "q": says("silent for up to 6 days"),
    "l": says("silent for 7 days or more"),
    "n": says("has joined and never sent"),
    "e": says("never joined"),
}


@dataclass(frozen=True)
class Place:
    """A commune with its sites: (letter, code, name, what is said of it)."""

    name: str
    above: str
    sites: tuple[tuple[str, str, str, str], ...]


def letter(one: SiteNow, broken: frozenset[str]) -> str:
    """Its state as the grid's letter."""
    if one.state == "never_enrolled":
        return "e"
    if one.state == "never_sent":
        return "n"
    if one.state == "sent":
        return "o" if one.row.code in broken else "s"
    return "l" if one.is_long else "q"


def out_of_order(desk: Desk) -> frozenset[str]:
    """Sites that told last of PCs of which none was open; none where the lake cannot say it yet."""
    try:
        return frozenset(code for code, word in desk.told(last_words, desk.today()).items() if word.broken)
    except (NotYet, KioskError):
        return frozenset()


def grid(desk: Desk) -> Any:
    """The page."""
    now, line = desk.sites(), asked.line()
    found = now.of(line)
    letters = {one.row.code: letter(one, broken) for broken in (out_of_order(desk),) for one in found}
    count = Counter(letters.values())
    key = [(one, words, count[one]) for one, words in STATES.items() if count[one] or one in "sle"]
    return render_template("board/grid.html", places=_places(found, letters, now), key=key, now=now, total=len(found))


def _places(found: list[SiteNow], letters: dict[str, str], now: SitesNow) -> list[Place]:
    groups: dict[str, list[SiteNow]] = defaultdict(list)
    for one in found:
        groups[one.row.unit].append(one)
    places = []
    for ones in groups.values():
        first = ones[0].row
        above = now.places.get(first.units.get("district", "") or first.units.get("province", ""), "")
        sites = tuple((letters[one.row.code], one.row.code, one.row.name, _said(one, letters[one.row.code]))
                      for one in sorted(ones, key=lambda one: one.row.name))  # fmt: skip
        places.append(Place(first.unit_name or say("in no commune"), above, sites))
    return sorted(places, key=lambda one: (one.above, one.name))


def _said(one: SiteNow, state: str) -> str:
    return f"{one.silent}" if state in "ql" and one.last else ""


def address(code: str) -> str:
    """Where a site's own page is."""
    return url_for("site", code=code)


PAGES = (Page("grid", "/grid", grid, tab=says("Sites today"), sign="list"),)
