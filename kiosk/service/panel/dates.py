"""The date of the PC, asked of a manager where nothing else vouches for it: "right", or "set it"."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Flask, g, make_response, redirect, render_template, request

from kiosk.clock import LOCAL
from kiosk.errors import KioskError
from kiosk.service.face import Face
from kiosk.service.panel.stations import STATION
from kiosk.web.pages import language, say
from kiosk.web.words import known


def add_views(app: Flask, face: Face, now: Callable[[], datetime]) -> None:
    """`/s/<station>/date`: is it right? `…/date/set`: what is it really? The page's head shows the same clock."""

    def question(problem: str = "") -> Any:
        offset = (g.state.get("clock") or {}).get("offset", 0)
        page = render_template("panel/date.html", offset=offset, problem=problem)
        return make_response(page, 409 if problem else 200)

    def form(problem: str = "") -> Any:
        local = now().astimezone(LOCAL)
        given = {"day": f"{local:%Y-%m-%d}", "hour": f"{local:%H:%M}", **request.form}
        return make_response(
            render_template("panel/date_set.html", given=given, problem=problem), 409 if problem else 200
        )

    @app.route(f"{STATION}/date", methods=["GET", "POST"], endpoint="date")
    def date() -> Any:
        if request.method == "GET":
            return question()
        try:
            face.confirm_date(g.who, _number(request.form.get("offset", "")))
        except KioskError as error:
            return question(_words(error))
        return redirect("/", 303)

    @app.route(f"{STATION}/date/set", methods=["GET", "POST"], endpoint="set_date")
    def set_date() -> Any:
        if request.method == "GET":
            return form()
        wall = _moment(request.form.get("day", ""), request.form.get("hour", ""))
        if wall is None:
            return form(say("This is not a date and a time."))
        try:
            face.set_date(g.who, wall)
        except KioskError as error:
            return form(_words(error))
        return redirect("/", 303)


def _number(text: str) -> float:
    """The offset that the page showed; a page that sends none confirms nothing."""
    return float(text) if text.lstrip("-").isdecimal() and len(text) < 16 else float("-inf")


def _moment(day: str, hour: str) -> datetime | None:
    """Local date and time as the form sends them (HTML: yyyy-mm-dd, hh:mm)."""
    try:
        return datetime.strptime(f"{day} {hour[:5]}", "%Y-%m-%d %H:%M").replace(tzinfo=LOCAL)
    except ValueError:
        return None


def _words(error: KioskError) -> str:
    return f"{known(language(), error.message)} {known(language(), error.hint)}".strip()
