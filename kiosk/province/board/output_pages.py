"""The report for the departments and the same figures as files: for the period, unit and line that are chosen.

Gathering is work for the desk's worker, and is done before the page is there: then each file is a moment's work.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from flask import Response, abort, render_template, request, url_for

from kiosk.province.board import asked
from kiosk.province.board.desk import Desk
from kiosk.province.board.pages import Page
from kiosk.province.board.places import level_word
from kiosk.province.board.words import VERDICTS
from kiosk.province.indicators.ask import Ask
from kiosk.province.indicators.world import World
from kiosk.province.outputs import words
from kiosk.province.outputs.datapackage import slug
from kiosk.province.outputs.gather import gathered
from kiosk.province.outputs.material import Gathered
from kiosk.web.pages import asset, language
from kiosk.web.words import says

GOALS = ("EFFECTIVE_SITES", "USERS_GROWTH", "VISITS_GROWTH", "TARGET_USERS_GROWTH", "TARGET_VISITS_GROWTH")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Kind:
    """A kind of file: its ending, its media type, its maker, what it is called and what it is for."""

    ending: str
    media_type: str
    make: Callable[[Desk, Gathered, str], bytes]
    name: Any
    about: Any


def _workbook(_desk: Desk, found: Gathered, lang: str) -> bytes:
    from kiosk.province.outputs.workbook import workbook

    return workbook(found, lang)


def _tables(_desk: Desk, found: Gathered, _lang: str) -> bytes:
    from kiosk.province.outputs.tables import archive

    return archive(found)


def _dhis2(desk: Desk, found: Gathered, _lang: str) -> bytes:
    from kiosk.province.outputs.dhis2 import archive
    from kiosk.province.outputs.dhis2_codes import codes_of

    return archive(found, codes_of(desk.home))


def _json(_desk: Desk, found: Gathered, lang: str) -> bytes:
    from kiosk.province.outputs.spoken import as_json

    return as_json(found, lang).encode()


# What each kind of file is for.
FOR_WORK = says("To work on: every figure, by line, unit and site, with the definitions.")
FOR_PROGRAMS = says("For other programs: plain tables and a datapackage.json that describes them.")
FOR_DHIS2 = says("The figures and the completeness of each site; sending twice changes nothing.")
FOR_OWN = says("All figures with their reasons, for a program of one's own.")
KINDS = {
    "xlsx": Kind("xlsx", XLSX, _workbook, says("Excel workbook"), FOR_WORK),
    "csv": Kind("zip", "application/zip", _tables, says("Tables (CSV)"), FOR_PROGRAMS),
    "dhis2": Kind("zip", "application/zip", _dhis2, says("For DHIS2"), FOR_DHIS2),
    "json": Kind("json", "application/json", _json, says("JSON"), FOR_OWN),
}


def page(desk: Desk) -> Any:
    """`/report?period=2026-Q3&unit=20001`: what the report says at a glance, and everything to take along."""
    ask = _ask(desk)
    found = desk.told(gather, ask)
    lang, register, today = language(), desk.world().register, desk.today()
    units = [(one.code, register.units.name(one.code, today), level_word(one.level))
             for one in register.units if one.lives(today) and one.level != "province"]  # fmt: skip
    return render_template(
        "board/report.html", found=found, kinds=KINDS, scope=words.place_name(found.scope, lang), unit=ask.within,
        goals=[(one, words.name(one, lang), found.value(one)) for one in GOALS], verdicts=VERDICTS,
        figure=lambda code, value: words.figure(code, value, lang), reason=lambda value: words.reason(value, lang),
        units=sorted(units, key=lambda one: one[1]), period_name=asked.name(ask.period), period=ask.period,
        last=ask.last, address=address,
    )  # fmt: skip


def paper(desk: Desk) -> Any:
    """The report as it is printed: A4, definitions, room for number, day and signatures."""
    from kiosk.province.outputs.paper import STYLE, report_html

    found = desk.told(gather, _ask(desk))
    page = report_html(found, language(), asset(STYLE), asset("report.js"), address("report"))
    return Response(page, mimetype="text/html")


def file(desk: Desk, kind: str) -> Any:
    """One of the files, named after what it tells of."""
    wanted = KINDS.get(kind) or abort(404)
    found = desk.told(gather, _ask(desk))
    content = wanted.make(desk, found, language())
    kinds = "" if kind == wanted.ending else f"_{kind}"
    name = f"{slug(words.place_name(found.scope, 'vi'))}_{slug(found.ask.period.text)}{kinds}.{wanted.ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype=wanted.media_type, headers=headers)


def gather(world: World, ask: Ask) -> Gathered:
    """All that any output needs, in one."""
    return gathered(world, ask)


def _ask(desk: Desk) -> Ask:
    """What is asked for; a unit that is none is left out, so that no empty report looks like a true one."""
    ask = asked.ask(desk.today())
    known = not ask.within or desk.world().register.units.get(ask.within) is not None
    return ask if known else replace(ask, within="")


def address(endpoint: str, **more: Any) -> str:
    """The address of an output for what the page shows now."""
    kept: dict[str, Any] = {name: request.args[name] for name in ("period", "line", "unit") if request.args.get(name)}
    return url_for(endpoint, **{**kept, **more})


PAGES = (
    Page("report", "/report", page, tab=says("Reports"), sign="print", by_period=True),
    Page("report_paper", "/report/print", paper, under="report"),
    Page("report_file", "/report/<kind>", file, under="report", sample="/report/json", is_file=True),
)
