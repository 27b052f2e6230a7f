"""Which station a page speaks of: what is one PC's stands under `/s/<station>/`, what is the whole site's at the root.

Today a panel knows one station, its own. When the stations of a site are joined into one page, `take_station` is where
another one is looked up; no address changes. Old addresses lead to the new ones.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from flask import Flask, abort, g, redirect, request

from kiosk.service.face import Face

STATION = "/s/<station>"
# Pages that stood at the root once.
OLD_PAGES = ("date", "date/set", "report", "report.csv", "library", "printing")


def add_views(app: Flask, face: Face) -> Callable[[], None]:
    """The old addresses; and the answer: what must run before each view, once it is known who asks.

    It puts the station's state in `g.state`: one look at the station for the whole request.
    """

    @app.url_value_preprocessor
    def take_out(_endpoint: str | None, values: dict[str, Any] | None) -> None:
        g.station = (values or {}).pop("station", None)

    @app.url_defaults
    def put_in(endpoint: str, values: dict[str, Any]) -> None:
        if "station" not in values and app.url_map.is_endpoint_expecting(endpoint, "station"):
            values["station"] = g.get("station") or face.status().get("station", "")

    def take_station() -> None:
        g.state = face.status()
        if g.station not in (None, g.state.get("station")):
            abort(404)

    def moved(page: str = "", rest: str = "") -> Any:
        station = str(g.station or face.status().get("station", ""))
        asked = f"?{request.query_string.decode('ascii', 'ignore')}" if request.query_string else ""
        return redirect(f"/s/{quote(station)}/{quote(page or rest)}{asked}", 307)

    for page in OLD_PAGES:
        app.add_url_rule(f"/{page}", "moved", moved, methods=["GET", "POST"], defaults={"page": page})
    app.add_url_rule("/stations/<station>/<path:rest>", "moved", moved, methods=["GET", "POST"])
    return take_station
