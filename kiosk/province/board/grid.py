"""Every site as one stroke, by commune, as it stands today: light also where there are 1,900."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from flask import render_template

from kiosk.errors import KioskError
from kiosk.province.board import asked
from kiosk.province.board.desk import Desk
from kiosk.province.board.figures_cache import NotYet
from kiosk.province.board.last_words import last_words
from kiosk.province.board.pages import Page
from kiosk.province.board.sites_now import Kind, SiteNow, SitesNow
from kiosk.web.pages import say
from kiosk.web.words import says

# Letter in the page -> what it says; in the order of the key. Which letter a kind has: KINDS.
STATES = {
    "s": says("sent last night"),
    "o": says("sent, and out of order"),
    "c": says("closed by its plan"),
    "q": says("silent for up to 6 days"),
    "l": says("silent for 7 days or more"),
    "n": says("has joined and never sent"),
    "e": says("never joined"),
}


KINDS: dict[Kind, str] = {"sent": "s", "closed": "c", "short": "q", "long": "l", "never_sent": "n",
                          "never_enrolled": "e"}  # fmt: skip
# Where more of a nation's sites do not send, only those are named that sent once: who never joined is on /silent.
MOST_NAMED = 600


@dataclass(frozen=True)
class Place:
    """A commune: a letter for each of its sites; those that are named: (letter, code, name, days silent)."""

    code: str
    name: str
    letters: str
    named: tuple[tuple[str, str, str, int], ...]


def letter(one: SiteNow, broken: frozenset[str]) -> str:
    """Its state as the grid's letter."""
    return "o" if one.kind == "sent" and one.row.code in broken else KINDS[one.kind]


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
    return render_template(
        "board/grid.html", groups=_groups(found, letters, now), key=key, now=now, total=len(found), words=STATES,
        unknown=() if line else now.unknown,
    )  # fmt: skip


def _groups(found: list[SiteNow], letters: dict[str, str], now: SitesNow) -> list[tuple[str, list[Place]]]:
    """The communes by what they lie in: a district, where there are any, else the province."""
    quiet = "s" if sum(one != "s" for one in letters.values()) <= MOST_NAMED else "scen"
    communes: dict[str, list[SiteNow]] = defaultdict(list)
    for one in found:
        communes[one.row.unit].append(one)
    groups: dict[str, list[Place]] = defaultdict(list)
    for ones in communes.values():
        units = ones[0].row.units
        above = now.places.get(units.get("district", "") or units.get("province", ""), "")
        groups[above].append(_place(sorted(ones, key=lambda one: one.row.name), letters, quiet))
    return [(above, sorted(places, key=lambda one: one.name)) for above, places in sorted(groups.items())]


def _place(ones: list[SiteNow], letters: dict[str, str], quiet: str) -> Place:
    row = ones[0].row
    named = [
        (letters[one.row.code], one.row.code, one.row.name, one.silent if letters[one.row.code] in "ql" else 0)
        for one in ones
        if letters[one.row.code] not in quiet
    ]
    told = "".join(letters[one.row.code] for one in ones)
    return Place(row.unit, row.unit_name or say("in no commune"), told, tuple(named))


PAGES = (Page("grid", "/grid", grid, tab=says("Sites today"), sign="list"),)
