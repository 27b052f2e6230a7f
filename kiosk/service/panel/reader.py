"""Who reads a page of the panel: known by the cookie, allowed by the table of roles, kept signed in by touching."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Flask, g, make_response, redirect, request

from kiosk.service.panel import here
from kiosk.web.guard import SAFE_METHODS
from kiosk.web.pages import error_page
from kiosk.web.roles import PANEL, STRANGER, allowed
from kiosk.web.sign_in import COOKIE, WebSessions

# Requests that the page makes by itself: they keep nobody signed in.
POLLS = frozenset({"station_card", "side", "printing", "updates", "leaving", "province_state"})
# In the address of a page that renews itself: nobody touched it.
BY_ITSELF = "by_itself"


def recognised(signed_in: WebSessions) -> Callable[[], str]:
    """What tells the role of who asks, and leaves their name in `g.who`; asked once for each request."""

    def role() -> str:
        touched = request.endpoint not in POLLS and BY_ITSELF not in request.args
        person = signed_in.who(request.cookies.get(COOKIE), active=touched)
        if person is not None and person.here and not here.on_this_pc():
            person = None  # that cookie belongs to the browser at this PC
        g.here = person is not None and person.here
        g.who, g.left = (person.name, person.seconds_left) if person else (None, 0)
        g.role = person.role if person else STRANGER
        return str(g.role)

    return role


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
