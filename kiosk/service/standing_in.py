"""What the panel's address shows while the memory cannot be opened, so that the station cannot start: why, what to do.

Nobody can sign in then, for the PINs lie in that memory. It stands in for some seconds; then this process ends, and
the supervisor tries a new one.
"""

import logging
import threading
from typing import Any

from flask import Flask, make_response, render_template

from kiosk.clock import Clock
from kiosk.errors import KioskError
from kiosk.service.panel import trouble
from kiosk.service.panel_door import PanelDoor
from kiosk.settings import Paths, Site
from kiosk.web.guard import guard
from kiosk.web.hosts import Hosts
from kiosk.web.pages import create_app
from kiosk.web.roles import EVERYBODY, STRANGER
from kiosk.web.server import serve
from kiosk.web.words import says

log = logging.getLogger(__name__)

SECONDS = 5.0
NO_MEMORY = (
    says("The memory of this computer cannot be opened, so the station does not start."),
    says("Please leave the computer on and call the technician."),
)


def stand_in(paths: Paths, site: Site, error: KioskError, seconds: float = SECONDS) -> None:
    """Serve the page for `seconds`. Nothing where the panel's address cannot be had."""
    door = PanelDoor(paths, site, Clock().read)
    try:
        listen, spoken = door.open()
        server = serve(page(site, error, door.hosts), listen, "standing_in", 2, **spoken)
        server.start()
    except KioskError as refused:
        log.warning("nothing stands in for the panel: %s", refused.message)
        return
    threading.Event().wait(seconds)
    server.stop()


def page(site: Site, error: KioskError, hosts: Hosts | None = None) -> Flask:
    """One page at every address."""
    app = create_app("panel")
    access = {"static": EVERYBODY, "healthz": EVERYBODY, "trouble": EVERYBODY}
    guard(app, access, lambda: STRANGER, lambda: make_response("", 403), hosts, referrer="same-origin", keep=False)
    nobody: dict[str, Any] = {"who": None, "left": 0, "site": site.name, "helped": lambda: ""}
    app.context_processor(lambda: nobody)

    @app.get("/", endpoint="trouble")
    @app.get("/<path:_anything>", endpoint="trouble")
    def shown(_anything: str = "") -> Any:
        what, told = trouble.words(error)
        body = render_template("panel/trouble.html", what=what or NO_MEMORY, told=told, staff=False)
        return make_response(body, 503, {"Retry-After": "10", "Refresh": "10"})

    return app
