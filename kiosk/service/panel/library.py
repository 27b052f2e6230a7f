"""The panel's page of the library: what there is, and which items the manager puts forward on the menu's first page."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, abort, g, make_response, redirect, render_template, request, url_for

from kiosk.content.items import THEMES
from kiosk.content.library import Library
from kiosk.errors import KioskError
from kiosk.service.face import Face
from kiosk.service.panel.stations import STATION
from kiosk.service.panel.update_card import import_card, update_card
from kiosk.web.pages import language
from kiosk.web.words import known

MOST_SHOWN, MOST_WANTED = 50, 30
LONGEST = 100


def add_views(
    app: Flask,
    face: Face,
    library: Library,
    updates: Callable[[], dict[str, Any]],
    unless_seen: Callable[..., Response],
    version: Callable[..., str],
) -> None:
    """`/s/<station>/library`, below it `updates` and `<item>/star`."""

    def news() -> dict[str, Any]:
        shown, adding = update_card(updates()), import_card(library.being_changed())
        return {"update": shown, "adding": adding, "update_seen": version((shown, adding))}

    @app.get(f"{STATION}/library/updates", endpoint="updates")
    def updating() -> Response:
        return unless_seen((found := news())["update_seen"], "panel/updates.html", **found)

    def page(notice: str = "") -> str:
        asked = " ".join(request.args.get("q", "")[:LONGEST].split())
        stars = face.stars()
        forward = [found for item, on in stars.items() if on and (found := library.item(item)) is not None]
        by_packs = [item for item in library.featured() if item.id not in stars]
        if asked:
            items = [hit.item for hit in library.search(asked, language(), MOST_SHOWN).hits if not hit.inside]
        else:
            items = library.newest(MOST_SHOWN)
        return render_template(
            "panel/library.html",
            asked=asked,
            forward=[*forward, *by_packs],
            items=items,
            themes={theme.code: theme.label for theme in THEMES},
            count=sum(library.counts().values()),
            notice=notice,
            wanted=face.missed_words()[:MOST_WANTED],
            **news(),
        )

    @app.get(f"{STATION}/library", endpoint="library")
    def shown() -> str:
        return page()

    @app.post(f"{STATION}/library/<pack>/<name>/star", endpoint="star")
    def star(pack: str, name: str) -> Any:
        item = library.item(f"{pack}/{name}")
        if item is None:
            abort(404)
        return obeyed(lambda: face.star(item.id, request.form.get("star") == "1", g.who))

    def obeyed(order: Callable[[], None]) -> Any:
        try:
            order()
        except KioskError as error:
            why = f"{known(language(), error.message)} {known(language(), error.hint)}".strip()
            return make_response(page(why), 409)
        return redirect(url_for("library"), 303)
