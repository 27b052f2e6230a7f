"""The main page: what the computer does now, and what stands beside it. Its two parts renew themselves."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, g, render_template

from kiosk.service.face import Face
from kiosk.service.panel import printing
from kiosk.service.panel import queue as numbers
from kiosk.service.panel.card import card
from kiosk.service.panel.day import day
from kiosk.service.panel.seen import unless_seen, version
from kiosk.service.panel.stations import STATION


def add_views(app: Flask, face: Face) -> None:
    """`/`, and its parts: `/s/<station>/card`, `/side`."""

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
