"""The pages of the menu. They need no script, load nothing from elsewhere, and change nothing but a count."""

from collections.abc import Collection, Sequence
from typing import Any

from flask import Flask, abort, g, redirect, render_template, request

from kiosk.content.items import THEMES
from kiosk.content.library import Library
from kiosk.rules.policy import ProgramPolicy
from kiosk.service.face import Face
from kiosk.service.menu import preferences
from kiosk.service.menu.opens import Opens
from kiosk.service.menu.programs import Programs, add_programs
from kiosk.service.menu.search import add_search
from kiosk.web.guard import guard
from kiosk.web.pages import create_app
from kiosk.web.roles import EVERYBODY, STRANGER

# Where "Browse the Internet" leads: a page that everybody knows, in Vietnamese, and no more of ours after that.
INTERNET_START = "https://www.google.com/?hl=vi"

ACCESS = dict.fromkeys(
    ("static", "healthz", "home", "enter", "theme", "item", "program", "program_picture")
    + ("search", "search_data", "suggest"),
    EVERYBODY,
)


def create_menu(
    face: Face,
    library: Library,
    internet: str = INTERNET_START,
    hosts: Collection[str] = (),
    offered: Sequence[ProgramPolicy] = (),
) -> Flask:
    """The menu as a WSGI app. `internet`: where its Internet door leads, "" for no such door; `offered`: the policy's
    programs.
    """
    opens, programs = Opens(), Programs(offered)
    app = create_app("menu")
    guard(app, ACCESS, role=lambda: STRANGER, refuse=lambda: abort(403), hosts=hosts)
    app.context_processor(lambda: {"wishes": preferences.read(), "here": request.path})

    @app.before_request
    def language() -> None:
        g.lang = preferences.read().lang

    @app.get("/", endpoint="home")
    def home() -> str:
        tiles = programs.tiles(g.lang)
        opening = next((one for one in tiles if str(one.place) == request.args.get("opening")), None)
        return render_template(
            "menu/home.html", themes=THEMES, internet=internet, online=_online(face), programs=tiles, opening=opening
        )

    add_programs(app, face, programs)
    add_search(app, library)

    @app.get("/enter", endpoint="enter")
    def enter() -> Any:
        return preferences.keep(redirect(_inside(request.args.get("to", "/")), 303), preferences.from_query())

    @app.get("/themes/<code>", endpoint="theme")
    def theme(code: str) -> str:
        found = next((one for one in THEMES if one.code == code), None)
        if found is None:
            abort(404)
        return render_template("menu/theme.html", theme=found, items=library.of_theme(code, g.lang))

    @app.get("/items/<pack>/<name>", endpoint="item")
    def item(pack: str, name: str) -> str:
        found = library.item(f"{pack}/{name}")
        if found is None:
            abort(404)
        try:
            text = library.text(found) if found.format == "html" else ""
        except OSError:
            abort(404)
        if opens.counts(found.id):
            face.count_open(found.id)
        theme = next(one for one in THEMES if one.code == found.theme)
        return render_template("menu/item.html", item=found, text=text, theme=theme)

    return app


def _online(face: Face) -> bool:
    return bool(face.status().get("online"))


def _inside(path: str) -> str:
    """A path of this menu, or its first page: never a way to send the reader elsewhere.

    `again` tells that the same text is only shown in another way, so that it is not counted twice.
    """
    if path.startswith("/items/") and path.replace("/", "").replace("-", "").replace("_", "").isalnum():
        return f"{path}?again=1"
    return path if path in {f"/themes/{theme.code}" for theme in THEMES} else "/"
