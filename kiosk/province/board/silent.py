"""Sites that somebody must ask after, the longest silence first: since when, what came, why, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import render_template, request

from kiosk.errors import KioskError
from kiosk.province.board import asked
from kiosk.province.board.desk import Desk
from kiosk.province.board.figures_cache import NotYet
from kiosk.province.board.last_words import LastWord, last_words
from kiosk.province.board.pages import Page
from kiosk.province.board.reasons import Reason, reasons
from kiosk.province.board.sites_now import Kind, SiteNow, span
from kiosk.province.board.task_rows import task_title, waiting_at
from kiosk.province.board.unit_rows import cut
from kiosk.province.tasks import WAITING, Wanted, tasks
from kiosk.web.words import Sentence, says

# The groups of the list: of which kind, and what heads it. The first, with whom one begins, heads the page.
GROUPS: tuple[tuple[Kind, Sentence], ...] = (
    ("long", says("{n} sites have sent nothing for 7 days or more")),
    ("never_sent", says("{n} sites have joined and never sent")),
    ("never_enrolled", says("{n} sites of which no computer has joined")),
    ("short", says("{n} sites have sent nothing for up to 6 days")),
    ("closed", says("{n} sites are closed by their plan for 7 days or more")),
)
PER_PAGE = 60


@dataclass(frozen=True)
class Row:
    """One line of the list. `days`: a stroke each of the last 30, 1 where something came."""

    site: SiteNow
    days: str
    reasons: tuple[Reason, ...]


def silent(desk: Desk) -> Any:
    """`/silent?page=2`, and on paper the list of calls: of several pages `?whole=1`, without the days' strokes."""
    now, line, today = desk.sites(), asked.line(), desk.today()
    known = last_known(desk)
    rows: dict[Kind, list[Row]] = {kind: [] for kind, _words in GROUPS}
    for one in now.silent(line):
        rows[one.kind].append(Row(one, _strokes(one, today), tuple(reasons(one, known.get(one.row.code)))))
    every = [(place, one) for place, (kind, _words) in enumerate(GROUPS) for one in rows[kind]]
    whole = request.args.get("whole") == "1"  # to be printed: all of it, however long
    here = cut(every, request.args.get("page", 1, int) or 1, max(len(every), 1) if whole else PER_PAGE)
    # Of each kind how many there are, and those of them that stand on this page.
    groups = [(words, len(rows[kind]), [one for at, one in here.rows if at == place])
              for place, (kind, words) in enumerate(GROUPS)]  # fmt: skip
    with desk.reading() as db:
        given = waiting_at(tasks(db, Wanted(WAITING)))
    return render_template(
        "board/silent.html", groups=groups, any=bool(every), now=now, sheet=here, whole=whole, given=given,
        task_title=task_title,
    )  # fmt: skip


def last_known(desk: Desk) -> Mapping[str, LastWord]:
    """What the lake knows of each site's last days; nothing while that is reckoned, or where it cannot be."""
    try:
        return desk.told(last_words, desk.today())
    except (NotYet, KioskError):
        return {}


def _strokes(one: SiteNow, today: date) -> str:
    return "".join("1" if day in one.days else "0" for day in span(today))


PAGES = (Page("silent", "/silent", silent, tab=says("Not sending"), sign="offline"),)
