"""From the province down: its communes with their key figures, and one of them with its sites."""

from collections.abc import Container
from datetime import date
from typing import Any

from flask import abort, render_template, request

from kiosk.province.board import asked
from kiosk.province.board.desk import Desk
from kiosk.province.board.pages import Page
from kiosk.province.board.places import level_word, line_word, type_word, unit_or_404
from kiosk.province.board.sites_now import span
from kiosk.province.board.trends import months_of, of_months
from kiosk.province.board.unit_rows import HELP, PlaceRow, sheet, told
from kiosk.province.indicators.ask import NOWHERE, WHOLE, By
from kiosk.province.indicators.figures import Figures
from kiosk.province.register.site_history import row_on
from kiosk.province.register.state import Register
from kiosk.province.tasks import WAITING, Wanted, tasks
from kiosk.rules.indicator import label
from kiosk.web.pages import language, say
from kiosk.web.words import says

COLUMNS = {
    "LIVING_SITES": label("Sites"), "SITES_EFFECTIVE": label("Effective"), "SITES_NO_REPORT": label("No report"),
    "VISITS": label("Visits counted"), "USERS": label("Users ≈"), "PC_HOURS": label("PC hours"),
    "COMPLETENESS": label("Days reported"),
}  # fmt: skip
OF_SITES = {
    "EFFECTIVE": label("This year"), "VISITS": label("Visits counted"), "USERS": label("Users ≈"),
    "PC_HOURS": label("PC hours"), "COMPLETENESS": label("Days reported"),
}  # fmt: skip
SITES_PER_PAGE = 50  # each has a stroke for every day
IN_NO_UNIT = says("In no unit of this level")


def units(desk: Desk) -> Any:
    """Every commune, or district: `?level=district&q=ha&sort=VISITS&down=1&page=2`; `sort=help` is HELP."""
    register, today = desk.world().register, desk.today()
    levels = [one for one in register.units.levels(today) if one != "province"]
    level = request.args.get("level", "")
    level = level if level in levels else "commune"
    by: By = "district" if level == "district" else "commune"
    ask = asked.ask(today, by, within="")
    figures = desk.figures(ask, tuple(COLUMNS))
    rows = [_row(register, figures, key, ask.last) for key in figures.places if key != WHOLE]
    sort, down = _sorted_by((*COLUMNS, HELP))
    shown = sheet(rows, request.args.get("q", "")[:80], sort, down, request.args.get("page", 1, int) or 1)
    return render_template(
        "board/units.html", level=level, levels=[(one, level_word(one)) for one in levels], sheet=shown, sort=sort,
        down=down, columns=COLUMNS, whole=figures.of(), cell=lambda values, code: told(values, code, language()),
        period_name=asked.name(ask.period), wanted=request.args.get("q", "")[:80], nowhere=NOWHERE, help=HELP,
    )  # fmt: skip


def unit(desk: Desk, code: str) -> Any:
    """One unit: its figures, its months, its sites, what it has to do."""
    register, today = desk.world().register, desk.today()
    one = unit_or_404(register, code)
    ask = asked.ask(today, "site", within=code)
    figures = desk.figures(ask, (*COLUMNS, "EFFECTIVE"))
    rows = [_site(register, figures, key, ask.last) for key in figures.places if key != WHOLE]
    sort, down = _sorted_by(OF_SITES)
    with desk.reading() as db:
        waiting = tasks(db, Wanted(WAITING, units=(code,), line=asked.line()))
    here = {key for key in figures.places if key != WHOLE}
    return render_template(
        "board/unit.html", unit=one, code=code, name=register.units.name(code, today), columns=COLUMNS,
        of_sites=OF_SITES, whole=figures.of(), sort=sort, down=down,
        sheet=sheet(rows, "", sort, down, request.args.get("page", 1, int) or 1, SITES_PER_PAGE),
        cell=lambda values, figure: told(values, figure, language()), above=_above(register, code, today),
        below=_below(register, code, today), into=register.units.name(one.into, today) if one.into else "",
        chart=months_of(desk, of_months(asked.ask(today, within=code)), "VISITS", ("VISITS",)), tasks=waiting,
        now=[site for site in desk.sites().of(ask.line) if site.row.code in here], level=level_word(one.level),
        period_name=asked.name(ask.period), days=span(today),
    )  # fmt: skip


def _sorted_by(columns: Container[str]) -> tuple[str, bool]:
    sort = request.args.get("sort", "")
    return (sort if sort in columns else "name"), request.args.get("down") == "1"


def _row(register: Register, figures: Figures, key: str, day: date) -> PlaceRow:
    if key == NOWHERE:
        return PlaceRow(key, say(IN_NO_UNIT), figures.of(key))
    above = register.units.above(key, day)
    district = register.units.name(above.get("district", ""), day) if above.get("district") != key else ""
    return PlaceRow(key, register.units.name(key, day), figures.of(key), district)


def _site(register: Register, figures: Figures, key: str, day: date) -> PlaceRow:
    site = register.sites.get(key) or abort(404)
    row = row_on(site, register.units, max(min(day, site.last or day), site.opened or day))
    return PlaceRow(key, row.name, figures.of(key), row.unit_name, f"{type_word(row.type)} · {line_word(row.owner)}")


def _above(register: Register, code: str, today: date) -> list[tuple[str, str]]:
    """(code, name) of the units above, from the top."""
    found = register.units.above(code, today)
    order = [found[level] for level in ("province", "district", "commune") if level in found]
    return [(one, register.units.name(one, today)) for one in order if one != code]


def _below(register: Register, code: str, today: date) -> list[str]:
    """The names of the units that were merged into it."""
    return [register.units.name(one.code, today) for one in register.units if one.into == code and not one.lives(today)]


PAGES = (
    Page("units", "/units", units, tab=says("Units"), sign="list", by_period=True),
    Page("unit", "/units/<code>", unit, under="units", by_period=True),
)
