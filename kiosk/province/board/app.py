"""The board, put together. Everything works without scripts. Who may do what: web/roles.py and PAGES (pages.py)."""

from functools import partial
from typing import Any

from flask import Flask, abort, g, make_response, redirect, render_template, request, url_for

from kiosk.errors import KioskError
from kiosk.province.board import asked, sign_in, words
from kiosk.province.board.desk import Desk
from kiosk.province.board.figures_cache import NotYet
from kiosk.province.board.first_steps import steps_left
from kiosk.province.board.pages import Page, access, pages
from kiosk.province.board.people import People
from kiosk.translations import LANGUAGES
from kiosk.web.guard import guard
from kiosk.web.hosts import Hosts
from kiosk.web.pages import create_app, language
from kiosk.web.roles import LINK, STRANGER, Access, allowed
from kiosk.web.sign_in import WebSessions
from kiosk.web.words import known

IDLE_SECONDS = 60 * 60
# What an address may ask of a page, and its links ask again. Any other name in it is nobody's: url_for has names too.
KEPT = ("period", "line", "unit", "figure", "level", "q", "sort", "down", "show", "all")
LONGEST = 80  # letters of it


def create_board(
    desk: Desk, people: People | None = None, hosts: Hosts | None = None, sessions: WebSessions | None = None
) -> Flask:
    """The board as a WSGI app. `hosts`: under which names it may be reached, else the loopback ones."""
    app, all_pages, table = create_app("board"), tuple(pages()), access()
    signed_in, staff = sessions or WebSessions(idle=IDLE_SECONDS), people or People(desk)
    recognised = sign_in.recognised(staff, signed_in)
    guard(app, table, recognised, sign_in.refuse, hosts, referrer="same-origin", keep=False)
    app.extensions["board"] = (desk, staff, signed_in)
    app.jinja_env.globals.update(words.HELPERS)
    app.context_processor(partial(_frame, app, desk, all_pages, table))
    app.register_error_handler(NotYet, _not_yet)
    app.register_error_handler(KioskError, partial(_trouble, desk))
    for page in all_pages:
        app.add_url_rule(page.rule, page.endpoint, partial(page.view, desk), methods=list(page.methods))
    sign_in.add_views(app, staff, signed_in)
    app.get("/language/<lang>", endpoint="language")(_language)
    return app


def _frame(app: Flask, desk: Desk, all_pages: tuple[Page, ...], table: Access) -> dict[str, Any]:
    """What stands round every page."""
    here = {page.endpoint: page for page in all_pages}.get(request.endpoint or "")
    may = partial(_may, app, table)
    return {
        "province": desk.name, "may": may, "who": g.get("who"), "role": g.get("role", STRANGER), "page": here,
        "own_line": g.get("line", ""), "tabs": [one for one in all_pages if one.tab is not None and may(one.endpoint)],
        "with_period": with_period, "picker": asked.picker(desk.today()) if here and here.by_period else None,
        "today": desk.today(), "other_language": "en" if language() == "vi" else "vi",
    }  # fmt: skip


def _may(app: Flask, table: Access, endpoint: str) -> bool:
    return endpoint in app.view_functions and allowed(table, endpoint, g.get("role", STRANGER))


def with_period(endpoint: str, **more: Any) -> str:
    """The address of a page for the period and line that are shown now; give `period=` or `line=` for others.

    The page that is shown keeps also what else it was asked for, such as the unit.
    """
    names = KEPT if endpoint == request.endpoint else KEPT[:2]
    kept = {name: request.args[name][:LONGEST] for name in names if request.args.get(name)}
    return url_for(endpoint, **{name: value for name, value in {**kept, **more}.items() if value})


def _not_yet(error: NotYet) -> Any:
    page = render_template("board/reckoning.html", done=error.done, ahead=error.ahead)
    return make_response(page, 200, {"Refresh": "1"})


def _trouble(desk: Desk, error: KioskError) -> Any:
    """Said in the reader's language as far as some catalogue has it; what they typed is theirs to send again.

    Where no lake was ever built it is no trouble: the page says what is to be done first. No path is told to a link.
    """
    if request.method == "GET" and not desk.is_built() and g.get("role", STRANGER) != STRANGER:
        return render_template("board/no_figures.html", first_steps=steps_left(desk) if g.role != LINK else ())
    message, hint = known(language(), error.message), known(language(), error.hint)
    page = render_template("board/trouble.html", message=message, hint=hint)
    return make_response(page, 409 if request.method == "POST" else 200)


def _language(lang: str) -> Any:
    if lang not in LANGUAGES:
        abort(404)
    back = request.args.get("back", "/")
    answer = redirect(back if _is_ours(back) else "/", 303)
    answer.set_cookie("lang", lang, httponly=True, samesite="Lax", secure=request.is_secure, max_age=31_536_000)
    return answer


def _is_ours(address: str) -> bool:
    """Whether it stays here: browsers take a backslash for a slash, and read over tabs and line ends."""
    return address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
