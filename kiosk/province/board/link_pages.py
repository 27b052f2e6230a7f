"""The links by which departments read the board: made, shown once, ended."""

from typing import Any

from flask import current_app, g, make_response, redirect, render_template, request, url_for

from kiosk.errors import KioskError
from kiosk.province.board.desk import Desk
from kiosk.province.board.entry_orders import LINK_DAYS
from kiosk.province.board.pages import Page
from kiosk.province.indicators.ask import LINES
from kiosk.web.pages import language
from kiosk.web.roles import OFFICERS
from kiosk.web.words import known, says

STATES = {
    "good": (says("Open"), "met", "st_met"),
    "over": (says("Expired"), "no-report", "st_none"),
    "revoked": (says("Ended"), "no-report", "st_none"),
}


def links(desk: Desk) -> Any:
    """All links, and the form for a new one; the address of a new one is on this one answer and never again."""
    made, problem = None, ""
    if request.method == "POST":
        form = request.form
        try:
            days = {str(one): one for one in LINK_DAYS}.get(form.get("days", ""), 0)
            told = desk.order(
                "board link", label=form.get("label", ""), line=form.get("line", ""), days=days, who=g.who
            )
            made = {"address": f"{request.host_url}l/{told['secret']}", "until": told["until"], "label": form["label"]}
        except KioskError as error:
            problem = f"{known(language(), error.message)} {known(language(), error.hint)}".strip()
    page = render_template(
        "board/links.html", links=current_app.extensions["board"][1].links(), states=STATES, days=LINK_DAYS,
        lines=LINES, made=made, problem=problem, given=request.form if problem else {},
    )  # fmt: skip
    return make_response(page, 400 if problem else 200)


def link_end(desk: Desk, number: int) -> Any:
    """Nobody reads by it any more."""
    desk.order("board unlink", number=number, who=g.who)
    return redirect(url_for("links"), 303)


PAGES = (
    Page("links", "/links", links, OFFICERS, ("GET", "POST"), under="people"),
    Page("link_end", "/links/<int:number>/end", link_end, OFFICERS, ("POST",), under="people"),
)
