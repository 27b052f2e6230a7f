"""The pages of the panel: sign-in, today, the cards that refresh themselves, and the orders of staff.

Everything works without scripts; htmx only refreshes the two parts that change, and gets 204 while they do not.
Stations stand in the address, so that a page of several comes later without new routes.
"""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from flask import Flask, Response, abort, g, make_response, redirect, render_template, request

from kiosk.clock import LOCAL
from kiosk.content.library import Library
from kiosk.report import Reports
from kiosk.service.chosen_settings import ChosenSettings
from kiosk.service.desk import Desk
from kiosk.service.equipment import Equipment
from kiosk.service.face import Face, Managers
from kiosk.service.first_day import FirstDay
from kiosk.service.journal import Journal
from kiosk.service.menu import kinds
from kiosk.service.panel import beginning, class_pages, dates, entry, here, orders, printing, report, stations, tabs
from kiosk.service.panel import deeds as deed_pages
from kiosk.service.panel import desk as desk_pages
from kiosk.service.panel import equipment as things
from kiosk.service.panel import help as help_pages
from kiosk.service.panel import journal as journal_pages
from kiosk.service.panel import library as shelf
from kiosk.service.panel import people as people_pages
from kiosk.service.panel import queue as numbers
from kiosk.service.panel import settings as settings_pages
from kiosk.service.panel import tickets as ticket_pages
from kiosk.service.panel import trouble as troubles
from kiosk.service.panel.card import card
from kiosk.service.panel.day import day, today_words
from kiosk.service.panel.stations import STATION
from kiosk.service.ticket_desk import TicketDesk
from kiosk.store.audit import Entry
from kiosk.store.pins import Managers as StoredManagers
from kiosk.translations import LANGUAGES
from kiosk.web.guard import SAFE_METHODS, guard
from kiosk.web.hosts import Hosts
from kiosk.web.pages import create_app, error_page, language
from kiosk.web.roles import PANEL, STRANGER, allowed
from kiosk.web.sign_in import COOKIE, WebSessions

# Requests that the page makes by itself: they keep nobody signed in.
POLLS = frozenset({"station_card", "side", "printing", "updates", "leaving"})
# In the address of a page that renews itself: nobody touched it.
BY_ITSELF = "by_itself"


def create_panel(
    face: Face,
    managers: Managers,
    hosts: Hosts | None = None,
    sessions: WebSessions | None = None,
    reports: Reports | None = None,
    library: Library | None = None,
    updates: Callable[[], dict[str, Any]] | None = None,
    settings: ChosenSettings | None = None,
    first_day: FirstDay | None = None,
    people: StoredManagers | None = None,
    deeds: Callable[[int | None], list[Entry]] | None = None,
    equipment: Equipment | None = None,
    ticket_desk: TicketDesk | None = None,
    journal: Journal | None = None,
    desk: Desk | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(LOCAL),
) -> Flask:
    """The panel as a WSGI app. `hosts`: under which names it may be reached, else the loopback ones.

    Without `reports`, `library` and `settings` it has no pages of them.
    """
    app = create_app("panel")
    signed_in = sessions or WebSessions()

    def role() -> str:
        touched = request.endpoint not in POLLS and BY_ITSELF not in request.args
        person = signed_in.who(request.cookies.get(COOKIE), active=touched)
        if person is not None and person.here and not here.on_this_pc():
            person = None  # that cookie belongs to the browser at this PC
        g.here = person is not None and person.here
        g.who, g.left = (person.name, person.seconds_left) if person else (None, 0)
        g.role = person.role if person else STRANGER
        return str(g.role)

    # "same-origin" and not "no-referrer": with that a browser sends "Origin: null" with our own forms.
    guard(app, PANEL, role, refuse, hosts, referrer="same-origin", keep=False)
    take_station = stations.add_views(app, face)
    app.context_processor(lambda: known_to_pages(app))
    troubles.add(app)
    help_pages.add_views(app, lambda endpoint: may(app, endpoint))
    tabs.add_views(app, lambda endpoint: may(app, endpoint))

    @app.before_request
    def look_around() -> None:
        g.clock, g.weekday, g.date = today_words(now())
        take_station()

    entry.add_views(app, managers, signed_in)
    here.add_views(app, signed_in)
    if first_day is not None:
        beginning.add_views(app, first_day, settings, signed_in)
    orders.add_views(app, face, lambda notice: today_page(face, notice))
    if desk is not None:
        desk_pages.add_views(app, desk, lambda notice: today_page(face, notice))
        class_pages.add_views(app, desk, lambda notice: today_page(face, notice))
    dates.add_views(app, face, now)
    printing.add_views(app, face, lambda notice: today_page(face, notice), unless_seen, version)
    if reports is not None:
        report.add_views(app, reports)
    if library is not None:
        shelf.add_views(app, face, library, updates or dict, unless_seen, version)
        app.jinja_env.globals["kind"] = partial(kinds.word, "format")

    if equipment is not None:
        things.add_views(app, equipment)
    if journal is not None:
        journal_pages.add_views(app, journal)
    numbers.add_views(app, face, lambda notice: today_page(face, notice))
    if ticket_desk is not None:
        ticket_pages.add_views(app, ticket_desk, settings)
    if settings is not None:
        naming = first_day.may_name_site if first_day is not None else lambda: False
        last = partial(deed_pages.last_change, deeds) if deeds is not None else lambda: None
        settings_pages.add_views(app, settings, now, managers.names, naming, last)
    if people is not None:
        people_pages.add_views(app, people, signed_in)
    if deeds is not None:
        deed_pages.add_views(app, deeds)

    @app.get("/", endpoint="today")
    def today() -> Any:
        return today_page(face)

    @app.get(f"{STATION}/card", endpoint="station_card")
    def station_card() -> Response:
        found = seen_card(g.state)
        return unless_seen(found["seen"], "panel/card.html", **found)

    @app.get("/side", endpoint="side")
    def side() -> Response:
        found = seen_side(g.state)
        return unless_seen(found["side_seen"], "panel/side.html", swap_clock=True, **found)

    @app.get("/language/<lang>", endpoint="language")
    def choose_language(lang: str) -> Any:
        if lang not in LANGUAGES:
            abort(404)
        answer = redirect("/", 303)
        answer.set_cookie("lang", lang, httponly=True, samesite="Strict", max_age=31_536_000)
        return answer

    return app


def known_to_pages(app: Flask) -> dict[str, Any]:
    """What every page of the panel may ask: who reads it, what they may do, and when they are signed out."""
    return {
        "who": g.get("who"),
        "site": g.get("state", {}).get("site", ""),
        "left": g.get("left", 0),
        "here": g.get("here", False),
        "may": partial(may, app),
    }


def may(app: Flask, endpoint: str) -> bool:
    """Whether there is such a page, and the reader may open it."""
    return endpoint in app.view_functions and allowed(PANEL, endpoint, g.get("role", STRANGER))


def refuse() -> Any:
    """What a stranger gets: the sign-in page where he only looked, nothing where he wanted to do something.

    Staff of another role are told that this is not theirs.
    """
    if g.get("who"):
        return make_response(*error_page(403))
    if request.headers.get("HX-Request"):
        return make_response("", 401, {"HX-Redirect": "/sign-in"})
    if request.method in SAFE_METHODS:
        return redirect("/sign-in", 303)
    return make_response(*error_page(403))


def today_page(face: Face, notice: str = "") -> Any:
    """The main page; with `notice` it tells why an order was refused."""
    state = face.status()
    found = {**seen_side(state), **printing.seen_printing(state, version)}
    return render_template("panel/today.html", cards=[seen_card(state)], notice=notice, **found)


def seen_card(state: Mapping[str, Any]) -> dict[str, Any]:
    """What the card's template needs, with the short name of what it shows."""
    shown = card(state)
    return {"card": shown, "seen": version(shown)}


def seen_side(state: Mapping[str, Any]) -> dict[str, Any]:
    """What the side's template needs, with the short name of what it and the clock show."""
    shown, queue = day(state), numbers.numbers_of(state)
    return {"day": shown, "queue": queue, "side_seen": version(shown, queue, g.clock)}


def version(*what: object) -> str:
    """A short name of what is shown: equal names, equal pictures."""
    return hashlib.sha256(f"{language()} {what!r}".encode()).hexdigest()[:12]


def unless_seen(shown: str, template: str, /, **what: Any) -> Response:
    """A part of the page, or 204 when the reader has just this."""
    if request.args.get("seen") == shown:
        return Response(status=204)
    return make_response(render_template(template, **what))
