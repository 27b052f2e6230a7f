"""One site: how it stands today, its figures and months, its PCs, what is read there, its tasks and its history."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from flask import g, render_template

from kiosk.province.board import asked
from kiosk.province.board.desk import Desk
from kiosk.province.board.pages import Page
from kiosk.province.board.places import line_word, site_or_404, status_word, type_word
from kiosk.province.board.reasons import Reason, reasons
from kiosk.province.board.register_history import Entry, entries
from kiosk.province.board.silent import last_known
from kiosk.province.board.sites_now import SiteNow, span
from kiosk.province.board.station_rows import PcRow, pc_rows
from kiosk.province.board.trends import months_of, of_months
from kiosk.province.board.unit_rows import Told, told, unit_beside
from kiosk.province.indicators.content import most_opened
from kiosk.province.indicators.figures import NOTHING, Figures
from kiosk.province.indicators.missed import most_missed
from kiosk.province.indicators.value import Trend
from kiosk.province.outputs import words
from kiosk.province.register.planned_days import hours_on
from kiosk.province.register.site_history import SiteHistory
from kiosk.province.tasks import Task, Wanted, tasks
from kiosk.rules import journal
from kiosk.rules.indicator import DAYS, label
from kiosk.web.pages import language, say
from kiosk.web.roles import LINK

if TYPE_CHECKING:
    import sqlite3

USE = ("VISITS", "USERS", "PC_HOURS", "NET_HOURS", "USE_RATE", "OPEN_DAYS", "COMPLETENESS", "ACTIVE_MONTHS")
JUDGED = ("EFFECTIVE", "VISITS_GROWTH", "USERS_GROWTH")
MOST = 10  # guides and words that were looked for
# Of one site no percentage is told: a sign and what it says.
ARROWS: dict[Trend, tuple[str, str]] = {
    "up": ("▲", label("More than a year before")),
    "down": ("▼", label("Fewer than a year before")),
    "same": ("≈", label("Difference too small to say more or fewer")),
    "unknown": ("–", label("Not yet comparable")),
    "": ("–", label("Not yet comparable")),
}


def page(desk: Desk, code: str) -> Any:
    """`/sites/TH-012`."""
    register, today = desk.world().register, desk.today()
    site, row = site_or_404(desk, register, code)
    ask = asked.ask(today, "site", site=code, within="")
    now = desk.sites().sites.get(code)
    figures = desk.figures(ask, (*USE, *JUDGED, *journal.CODES))
    with desk.reading() as db:
        pcs, history, to_do = _of_ledger(db, desk, code)
    return render_template(
        "board/site.html", site=site, row=row, now=now, days=span(today), pcs=pcs, silence=_silence(desk, now),
        kind=type_word(row.type), line=line_word(row.owner), status=status_word(row.status), use=_use(figures, code),
        users=words.spread("USERS", figures.of(code).get("USERS", NOTHING), language()),
        effective=_effective(figures, code), arrows=_arrows(figures, code), journal=_journal(figures, code),
        opened=desk.told(most_opened, ask, MOST), missed=desk.told(most_missed, ask, MOST),
        chart=months_of(desk, of_months(ask), "VISITS", ("VISITS",)), history=history, tasks=to_do,
        hours=_hours(site, today), period_name=asked.name(ask.period), named=g.get("role") != LINK,
        lists=[one.version for one in register.lists if code in one.codes],
    )  # fmt: skip


def _silence(desk: Desk, now: SiteNow | None) -> list[Reason]:
    """Why nothing comes from it and what to do, as the list of calls says it."""
    if now is None or now.kind == "sent" or (now.kind == "closed" and not now.rests):
        return []
    return list(reasons(now, last_known(desk).get(now.row.code)))


def _of_ledger(db: "sqlite3.Connection", desk: Desk, code: str) -> tuple[list[PcRow], Sequence[Entry], list[Task]]:
    return (
        pc_rows(db, desk.now(), code),
        entries(db, code, language(), named=g.get("role") != LINK),
        tasks(db, Wanted(site=code, line=str(g.get("line", "")))),
    )


def _use(figures: Figures, code: str) -> list[tuple[str, str, Told]]:
    """(name, unit, figure) of each of USE."""
    lang = language()
    units = {one: say(DAYS) if one.endswith("_DAYS") else unit_beside(one, lang) for one in USE}
    return [(words.name(one, lang), units[one], told(figures.of(code), one, lang)) for one in USE]


def _effective(figures: Figures, code: str) -> tuple[str, str]:
    """The verdict on its year and its words; of no verdict why."""
    value = figures.of(code).get("EFFECTIVE", NOTHING)
    if value.number is None:
        return "", words.reason(value, language())
    return value.verdict, words.figure("EFFECTIVE", value, language())


def _arrows(figures: Figures, code: str) -> list[tuple[str, str, str]]:
    """(figure, sign, words) of what the plan wants to grow."""
    found = []
    for name, growth in (("VISITS", "VISITS_GROWTH"), ("USERS", "USERS_GROWTH")):
        sign, said = ARROWS[figures.of(code).get(growth, NOTHING).trend]
        found.append((words.name(name, language()), sign, say(said)))
    return found


def _journal(figures: Figures, code: str) -> list[tuple[str, str]]:
    """(name, number) of what staff wrote down; what is nought is left out."""
    values = figures.of(code)
    return [
        (words.name(one, language()), words.figure(one, values[one], language()))
        for one in journal.CODES
        if one in values and values[one].number
    ]


def _hours(site: SiteHistory, today: date) -> str:
    """When it is open today by the register; "" where it is closed."""
    return ", ".join(str(one) for one in hours_on(site, today))


PAGES = (Page("site", "/sites/<code>", page, under="units", by_period=True),)
