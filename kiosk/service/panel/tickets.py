"""Tickets: one to be read out, or a sheet of 24 to be printed and cut; counted, printed again, taken back.

Nothing here tells which ticket was used, when or by whom: a sheet has numbers only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, g, make_response, redirect, render_template, request, url_for

from kiosk.clock import LOCAL
from kiosk.errors import KioskError, UsageError
from kiosk.rules.tickets import SHEET
from kiosk.service.panel.stations import STATION
from kiosk.service.ticket_desk import MOST_DAYS, Printed, TicketDesk
from kiosk.service.ticket_paper import last_day, slips
from kiosk.store.tickets import Sheet
from kiosk.web.pages import language, say
from kiosk.web.words import Sentence, known, says

SHOWN = 30


@dataclass(frozen=True)
class Row:
    """A sheet as the list shows it. `until`: the last day, "" without one; `again`: its numbers are remembered."""

    number: int
    minutes: str
    made: str
    until: str
    total: int
    open: int
    used: int
    withdrawn: int
    old: int
    again: bool


def add_views(app: Flask, desk: TicketDesk) -> None:
    """`/s/<station>/tickets`, and below it each sheet by its number."""

    def page(given: Mapping[str, str], wrong: Mapping[str, Sentence] = {}, problem: str = "") -> Any:
        rows = [row_of(desk, one) for one in desk.sheets()[:SHOWN]]
        shown = render_template(
            "panel/tickets.html", rows=rows, given=given, wrong=wrong, problem=problem, sheet=SHEET,
            newest=newest(desk), allowed=desk.allowed, open_now=sum(row.open for row in rows),
            done=request.args.get("done", ""),
        )  # fmt: skip
        return make_response(shown, 409 if wrong or problem else 200)

    @app.get(f"{STATION}/tickets", endpoint="tickets")
    def tickets() -> Any:
        policy = desk.policy()
        return page({"minutes": f"{policy.session.minutes:g}", "days": str(policy.tickets.days)})

    @app.post(f"{STATION}/tickets", endpoint="tickets_make")
    def make() -> Any:
        given = dict(request.form)
        minutes, days, wrong = wanted(desk, given)
        if wrong:
            return page(given, wrong)
        if given.get("newest") != newest(desk):
            return page(
                given, problem=say("Tickets were made meanwhile, perhaps by a second touch. Please look below.")
            )
        try:
            count = SHEET if given.get("count") == str(SHEET) else 1
            made = desk.make(g.who, minutes, days, count)
        except KioskError as error:
            return page(given, problem=_words(error))
        return redirect(url_for("tickets_sheet", number=made.sheet.id), 303)

    @app.get(f"{STATION}/tickets/<int:number>", endpoint="tickets_sheet")
    def sheet(number: int) -> Any:
        try:
            printed = desk.printed(number)
        except KioskError:
            return redirect(url_for("tickets"), 303)
        return render_template("panel/tickets_sheet.html", row=row_of(desk, printed.sheet), **paper(printed))

    @app.post(f"{STATION}/tickets/<int:number>/renew", endpoint="tickets_renew")
    def renew(number: int) -> Any:
        try:
            made = desk.renew(g.who, number)
        except KioskError as error:
            return page(request.form, problem=_words(error))
        return redirect(url_for("tickets_sheet", number=made.sheet.id), 303)

    @app.route(f"{STATION}/tickets/<int:number>/withdraw", methods=["GET", "POST"], endpoint="tickets_withdraw")
    def withdraw(number: int) -> Any:
        found = next((one for one in desk.sheets() if one.id == number), None)
        if found is None:
            return redirect(url_for("tickets"), 303)
        if request.method == "GET":
            return render_template("panel/tickets_withdraw.html", row=row_of(desk, found))
        try:
            desk.withdraw(g.who, number)
        except KioskError as error:
            return page(request.form, problem=_words(error))
        return redirect(url_for("tickets", done="withdrawn"), 303)


def newest(desk: TicketDesk) -> str:
    """The number of the newest sheet: a form that was made before it is not obeyed a second time."""
    return str(max((one.id for one in desk.sheets()), default=0))


def wanted(desk: TicketDesk, form: Mapping[str, str]) -> tuple[float, int, dict[str, Sentence]]:
    """Minutes and days of the form, and what is wrong with them."""
    wrong, policy = dict[str, Sentence](), desk.policy()
    most = round(max(policy.tickets.most_minutes, policy.session.minutes))
    minutes, days = _whole(form.get("minutes", "")), _whole(form.get("days", ""))
    if minutes is None or not 1 <= minutes <= most:
        wrong["minutes"] = says("A number from {least} to {most}.", least=1, most=most)
    if days is None or not 1 <= days <= MOST_DAYS:
        wrong["days"] = says("A number from {least} to {most}.", least=1, most=MOST_DAYS)
    return float(minutes or 0), days or 0, wrong


def row_of(desk: TicketDesk, sheet: Sheet) -> Row:
    """A sheet as it stands now."""
    now = desk.read()
    open_now = sheet.open(now.wall.timestamp(), now.trusted)
    return Row(
        number=sheet.id,
        minutes=f"{sheet.minutes:g}",
        made=f"{sheet.made.astimezone(LOCAL):%H:%M %d/%m/%Y}",
        until=last_day(sheet.expires),
        total=sheet.total,
        open=open_now,
        used=sheet.used,
        withdrawn=sheet.withdrawn,
        old=sheet.total - sheet.used - sheet.withdrawn - open_now,
        again=desk.remembers(sheet.id),
    )


def paper(printed: Printed) -> dict[str, Any]:
    """What the sheet's templates need."""
    sheet = printed.sheet
    station = g.state.get("station", "")
    return {
        "slips": slips(printed.codes),
        "station": station,
        "until": last_day(sheet.expires),
        "minutes": f"{sheet.minutes:g}",
    }


def _whole(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 4 else None


def _words(error: KioskError) -> str:
    hint = "" if isinstance(error, UsageError) else known(language(), error.hint)
    return f"{known(language(), error.message)} {hint}".strip()
