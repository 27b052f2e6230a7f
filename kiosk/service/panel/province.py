"""The page of the province: joined to whom, what it has, what waits and why; sending now, a stick, files by hand.

The part that tells renews itself; forms stand outside it, so that nothing that is being typed is taken away.
"""

from typing import Any

from flask import Flask, Response, g, make_response, redirect, render_template, request, url_for

from kiosk.errors import KioskError
from kiosk.service.carrying import Carried
from kiosk.service.enrolling import is_of_another_place, leaves_something_behind
from kiosk.service.panel import province_words as words
from kiosk.service.panel.province_troubles import for_clerks
from kiosk.service.panel.seen import unless_seen, version
from kiosk.service.panel.stations import STATION
from kiosk.service.panel.stick_words import receipt_lines
from kiosk.service.province_desk import ProvinceDesk
from kiosk.web.limits import MAX_UPLOAD
from kiosk.web.pages import language
from kiosk.web.words import known

LONGEST = 400
MOST_FILES = 50
ZIP = "application/zip"


def add_views(app: Flask, desk: ProvinceDesk) -> None:
    """`/s/<station>/province`, below it `state`, `send`, `stick`, `waiting.zip`, `receipts` and `join`."""

    @app.get(f"{STATION}/province", endpoint="province")
    def shown() -> Any:
        desk.look()
        return _page(desk)

    @app.get(f"{STATION}/province/state", endpoint="province_state")
    def state() -> Response:
        found = words.province(desk.seen())
        return unless_seen(version(found), "panel/province_state.html", found=found, seen=version(found))

    @app.post(f"{STATION}/province/send", endpoint="province_send")
    def send() -> Any:
        desk.send_now()
        return redirect(url_for("province"), 303)

    @app.post(f"{STATION}/province/stick", endpoint="province_stick")
    def stick() -> Any:
        try:
            desk.carry(g.who)
        except KioskError as error:
            return _page(desk, _said(error))
        return redirect(url_for("province") + "#stick", 303)

    @app.get(f"{STATION}/province/waiting.zip", endpoint="province_file")
    def waiting() -> Any:
        try:
            pieces = desk.by_hand.packed()
        except KioskError as error:
            return _page(desk, _said(error))
        name = f"kiosk-{g.state.get('code', '')}-{g.station}.zip".replace("--", "-")
        return Response(pieces, mimetype=ZIP, headers={"Content-Disposition": f'attachment; filename="{name}"'})

    @app.post(f"{STATION}/province/receipts", endpoint="province_receipts")
    def receipts() -> Any:
        request.max_content_length = MAX_UPLOAD
        sent = request.files.getlist("receipts")[:MOST_FILES]
        try:
            taken = desk.by_hand.take({one.filename or "": one.read() for one in sent})
        except KioskError as error:
            return _page(desk, _said(error))
        return _page(desk, taken=taken)

    _add_joining(app, desk)


def _add_joining(app: Flask, desk: ProvinceDesk) -> None:
    @app.route(f"{STATION}/province/join", methods=["GET", "POST"], endpoint="province_join")
    def join() -> Any:
        problem, moved, behind = "", False, False
        given = {name: request.form.get(name, "")[:LONGEST] for name in ("url", "code", "take_over", "leave_behind")}
        ticked = {name: given[name] == "1" for name in ("take_over", "leave_behind")}
        if request.method == "POST":
            try:
                changed = desk.join(given["url"], given["code"], **ticked, who=g.who)
                if changed.renamed:
                    return render_template("panel/restarting.html", onward="/")
                return redirect(url_for("province"), 303)
            except KioskError as error:
                problem, moved = _said(error), ticked["take_over"] or is_of_another_place(error)
                behind = ticked["leave_behind"] or leaves_something_behind(error)
        enrolled = desk.seen().enrolled
        if request.method == "GET" and enrolled is not None:
            given["url"] = enrolled.urls[0]
        page = render_template(
            "panel/province_join.html", given=given, problem=problem, moved=moved, behind=behind, enrolled=enrolled,
            longest=LONGEST,
        )  # fmt: skip
        return make_response(page, 409 if problem else 200)


def _page(desk: ProvinceDesk, problem: str = "", taken: Carried | None = None) -> Any:
    found = words.province(desk.seen())
    lines = [] if taken is None else receipt_lines(taken)
    page = render_template(
        "panel/province.html", found=found, seen=version(found), problem=problem, taken=taken, lines=lines
    )
    return make_response(page, 409 if problem else 200)


def _said(error: KioskError) -> str:
    return " ".join(known(language(), for_clerks(one)) for one in (error.message, error.hint) if one)
