"""The pages of the menu. They need no script, load nothing from elsewhere, and change nothing but a count."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from flask import Flask, abort, g, redirect, render_template, request

from kiosk.content.items import THEMES, Item
from kiosk.content.library import Library
from kiosk.rules.policy import Policy
from kiosk.rules.policy_of_the_pc import ProgramPolicy
from kiosk.service.face import Face
from kiosk.service.menu import kinds, listening, preferences, ways
from kiosk.service.menu.opens import Opens
from kiosk.service.menu.programs import Programs, add_programs
from kiosk.service.menu.search import add_search
from kiosk.service.menu.viewers import ENDPOINTS, add_viewers
from kiosk.web.guard import guard
from kiosk.web.hosts import Hosts
from kiosk.web.pages import create_app
from kiosk.web.roles import EVERYBODY, STRANGER

# Where "Browse the Internet" leads: a page that everybody knows, in Vietnamese, and no more of ours after that.
INTERNET_START = "https://www.google.com/?hl=vi"

# More than there are places for long answers (web/sending.py), and than a browser opens connections (6).
THREADS = 8

# Items on a page of a subject; with no more than a FEW there is nothing to narrow; NEW ones on the first page.
PAGE, FEW, NEW, MOST_FORWARD = 20, 6, 3, 6

ACCESS = dict.fromkeys(
    ("static", "healthz", "home", "enter", "look", "theme", "program", "program_picture")
    + ("search", "search_data", "suggest", *ENDPOINTS, *listening.ENDPOINTS),
    EVERYBODY,
)


def create_menu(
    face: Face,
    library: Library,
    internet: str = INTERNET_START,
    hosts: Hosts | None = None,
    offered: Sequence[ProgramPolicy] = (),
    policy: Callable[[], Policy] | None = None,
) -> Flask:
    """The menu as a WSGI app. `internet`: where its Internet door leads, "" for no such door; `offered`: the policy's
    programs. `policy`: asked at every page instead of `offered`, and of whether there is that door.
    """
    opens, programs = Opens(), Programs(lambda: policy().program if policy else offered)

    def door() -> str:
        return internet if policy is None or policy().programs.internet else ""

    app = create_app("menu")
    guard(app, ACCESS, role=lambda: STRANGER, refuse=lambda: abort(403), hosts=hosts)

    def online() -> bool:
        """Whether a citizen can be on the Internet just now; else what lies there is not shown."""
        return bool(door()) and bool(face.status().get("online"))

    app.context_processor(lambda: {"online": online()})
    app.context_processor(lambda: {"wishes": preferences.read(), "here": ways.here(), "back": ways.back})
    app.jinja_env.globals["followed"] = preferences.followed
    words = {"formats": kinds.FORMATS, "language_word": partial(kinds.word, "language")}
    app.jinja_env.globals.update(leading=ways.leading, **words)

    @app.before_request
    def language() -> None:
        preferences.follow(face.status())
        g.lang = preferences.read().lang

    @app.get("/", endpoint="home")
    def home() -> str:
        tiles = programs.tiles(g.lang)
        opening = next((one for one in tiles if str(one.place) == request.args.get("opening")), None)
        links = online()
        counts = library.counts(links)
        featured = put_forward(library, face.stars(), links)
        return render_template(
            "menu/home.html",
            themes=[theme for theme in THEMES if counts.get(theme.code)],
            internet=door(),
            programs=tiles,
            opening=opening,
            featured=featured,
            newest=[item for item in library.newest(NEW + len(featured), links) if item not in featured][:NEW],
        )

    add_programs(app, face, programs)
    add_search(app, library, face, online)
    listening.add_listening(app, face)

    @app.get("/enter", endpoint="enter")
    def enter() -> Any:
        chosen = preferences.from_query()
        # Only what was touched on our own page: the session's first address asks for what the bar already shows.
        if request.headers.get("Sec-Fetch-Site") == "same-origin":
            face.wish(chosen.lang, chosen.large, chosen.contrast)
        return preferences.keep(redirect(ways.again(request.args.get("to", "/")), 303), chosen)

    @app.get("/look", endpoint="look")
    def look() -> dict[str, object]:
        """For the page's script, which follows what was chosen on the bar, and the Internet as it comes and goes."""
        return {**vars(preferences.read()), "online": online()}

    @app.get("/themes/<code>", endpoint="theme")
    def theme(code: str) -> str:
        found = next((one for one in THEMES if one.code == code), None)
        if found is None:
            abort(404)
        wanted, number = kinds.wanted(), kinds.page_number()
        links = online()
        items, total = library.page(code, wanted, g.lang, (number - 1) * PAGE, PAGE, links)
        return render_template(
            "menu/theme.html",
            theme=found,
            items=items,
            filters=kinds.groups(library.facets(code, links), wanted) if total > FEW or wanted.chosen() else [],
            narrowed=bool(wanted.chosen()),
            before=kinds.turned(number - 1) if number > 1 else "",
            after=kinds.turned(number + 1) if total > number * PAGE else "",
        )

    add_viewers(app, face, library, opens, internet=lambda: bool(door()))
    return app


def put_forward(library: Library, stars: Mapping[str, bool], links: bool = True) -> list[Item]:
    """What the first page puts forward: the manager's choice, then that of the packs without what he took off."""
    chosen = [found for item, on in stars.items() if on and (found := library.item(item)) is not None]
    chosen = [item for item in chosen if links or item.format != "link"]
    return [*chosen, *(item for item in library.featured(links) if item.id not in stars)][:MOST_FORWARD]
