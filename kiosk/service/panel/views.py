"""The panel, put together. Everything works without scripts; htmx only refreshes what changes.

Stations stand in the address, so that a page of several comes later without new routes. Who may do what: web/roles.py;
what is now: now.py; which part of the service brings which pages: parts.py.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, Unpack

from flask import Flask, abort, g, redirect

from kiosk.clock import LOCAL
from kiosk.service.face import Face, Managers
from kiosk.service.panel import dates, entry, here, orders, printing, stations, tabs
from kiosk.service.panel import help as help_pages
from kiosk.service.panel import now as now_pages
from kiosk.service.panel import queue as numbers
from kiosk.service.panel import trouble as troubles
from kiosk.service.panel.day import today_words
from kiosk.service.panel.parts import Parts, add_charge, add_work
from kiosk.service.panel.reader import known_to_pages, may, recognised, refuse
from kiosk.service.panel.seen import unless_seen, version
from kiosk.translations import LANGUAGES
from kiosk.web.guard import guard
from kiosk.web.hosts import Hosts
from kiosk.web.pages import create_app
from kiosk.web.roles import PANEL
from kiosk.web.sign_in import WebSessions


def create_panel(
    face: Face,
    managers: Managers,
    hosts: Hosts | None = None,
    sessions: WebSessions | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(LOCAL),
    **parts: Unpack[Parts],
) -> Flask:
    """The panel as a WSGI app. `hosts`: under which names it may be reached, else the loopback ones."""
    app = create_app("panel")
    signed_in, page_with = sessions or WebSessions(), partial(now_pages.today_page, face)
    # "same-origin" and not "no-referrer": with that a browser sends "Origin: null" with our own forms.
    guard(app, PANEL, recognised(signed_in), refuse, hosts, referrer="same-origin", keep=False)
    take_station = stations.add_views(app, face)

    @app.before_request
    def look_around() -> None:
        g.clock, g.weekday, g.date = today_words(now())
        take_station()

    _add_frame(app)
    entry.add_views(app, managers, signed_in)
    here.add_views(app, signed_in)
    now_pages.add_views(app, face)
    orders.add_views(app, face, page_with)
    dates.add_views(app, face, now)
    printing.add_views(app, face, page_with, unless_seen, version)
    numbers.add_views(app, face, page_with)
    add_work(app, face, parts)
    add_charge(app, managers, signed_in, parts, now)
    return app


def _add_frame(app: Flask) -> None:
    """What stands round every page: tabs, help, the language, and what is told when something fails."""
    app.context_processor(lambda: known_to_pages(app))
    troubles.add(app)
    help_pages.add_views(app, partial(may, app))
    tabs.add_views(app, partial(may, app))

    @app.get("/language/<lang>", endpoint="language")
    def choose_language(lang: str) -> Any:
        if lang not in LANGUAGES:
            abort(404)
        answer = redirect("/", 303)
        answer.set_cookie("lang", lang, httponly=True, samesite="Strict", max_age=31_536_000)
        return answer
