"""What the panel may have beside the station itself, and which pages each of them brings."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, TypedDict

from flask import Flask

from kiosk.content.library import Library
from kiosk.report import Reports
from kiosk.service.chosen_settings import ChosenSettings
from kiosk.service.desk import Desk
from kiosk.service.equipment import Equipment
from kiosk.service.face import Face, Managers
from kiosk.service.first_day import FirstDay
from kiosk.service.journal import Journal
from kiosk.service.menu import kinds
from kiosk.service.panel import beginning, class_pages, report
from kiosk.service.panel import deeds as deed_pages
from kiosk.service.panel import desk as desk_pages
from kiosk.service.panel import equipment as things
from kiosk.service.panel import journal as journal_pages
from kiosk.service.panel import library as shelf
from kiosk.service.panel import people as people_pages
from kiosk.service.panel import province as province_pages
from kiosk.service.panel import settings as settings_pages
from kiosk.service.panel import tickets as ticket_pages
from kiosk.service.panel.now import today_page
from kiosk.service.panel.seen import unless_seen, version
from kiosk.service.province_desk import ProvinceDesk
from kiosk.service.ticket_desk import TicketDesk
from kiosk.store.audit import Entry
from kiosk.store.pins import Managers as StoredManagers
from kiosk.web.sign_in import WebSessions


class Parts(TypedDict, total=False):
    """Each is optional: without it the panel has none of its pages, and no tab that leads there."""

    reports: Reports | None
    library: Library | None
    updates: Callable[[], dict[str, Any]] | None
    settings: ChosenSettings | None
    first_day: FirstDay | None
    people: StoredManagers | None
    deeds: Callable[[int | None], list[Entry]] | None
    equipment: Equipment | None
    ticket_desk: TicketDesk | None
    journal: Journal | None
    desk: Desk | None
    province: ProvinceDesk | None


def add_work(app: Flask, face: Face, parts: Parts) -> None:
    """The pages of a day's work: the desk, tickets, what is written down, and what comes of it."""
    if desk := parts.get("desk"):
        desk_pages.add_views(app, desk, partial(today_page, face))
        class_pages.add_views(app, desk, partial(today_page, face))
    if ticket_desk := parts.get("ticket_desk"):
        ticket_pages.add_views(app, ticket_desk)
    if journal := parts.get("journal"):
        journal_pages.add_views(app, journal)
    if reports := parts.get("reports"):
        report.add_views(app, reports)
    if equipment := parts.get("equipment"):
        things.add_views(app, face, equipment)
    if province := parts.get("province"):
        province_pages.add_views(app, province)
    if (library := parts.get("library")) is not None:  # an empty one is false
        shelf.add_views(app, face, library, parts.get("updates") or dict, unless_seen, version)
        app.jinja_env.globals["kind"] = partial(kinds.word, "format")


def add_charge(
    app: Flask, managers: Managers, signed_in: WebSessions, parts: Parts, now: Callable[[], datetime]
) -> None:
    """The pages of who is in charge: the first day, settings, people, and who did what."""
    first_day, deeds = parts.get("first_day"), parts.get("deeds")
    if first_day is not None:
        beginning.add_views(app, first_day, parts.get("settings"), signed_in, parts.get("province"))
    if settings := parts.get("settings"):
        naming = first_day.may_name_site if first_day is not None else lambda: False
        last = partial(deed_pages.last_change, deeds) if deeds is not None else lambda: None
        settings_pages.add_views(app, settings, now, managers.names, naming, last)
    if people := parts.get("people"):
        people_pages.add_views(app, people, signed_in)
    if deeds is not None:
        deed_pages.add_views(app, deeds)
