"""A Flask app that knows our templates, words, drawings and files, and that shows errors as a page.

`create_app` is what menu, panel and the province's board start from; they add their views and `guard`.
"""

import hashlib
import logging
import re
from functools import cache
from pathlib import Path
from traceback import extract_tb
from typing import Any

from flask import Flask, Response, g, render_template, request, send_from_directory
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from kiosk.errors import KioskError
from kiosk.translations import LANGUAGES, Said, _, translate, web_ui_dir
from kiosk.web.words import Sentence, says

LOG = logging.getLogger("kiosk.web")

# What an error page says by HTTP status: (title, what to do). Others say what 500 says.
ERRORS = {
    400: (says("This request cannot be read."), says("Please go back to the first page.")),
    403: (says("This is not open to you here."), says("Please sign in, or ask staff for help.")),
    404: (says("This page is not here."), says("Please go back to the first page.")),
    405: (says("This page cannot be used in that way."), says("Please go back to the first page.")),
    413: (says("That was too long."), says("Please go back and write less.")),
    500: (says("Something did not work."), says("Please try again. If it happens again, tell staff.")),
}


def create_app(face: str) -> Flask:
    """An app whose templates lie in `web_ui/templates/<face>`. KioskError when the assets were not built."""
    root = web_ui_dir()
    if not (root / "built" / "styles" / f"{face}.css").is_file():
        raise KioskError(_("The web pages were not built."), _("Run scripts/run, or install the package again."))
    app = Flask("kiosk.web", template_folder=str(root / "templates"), static_folder=None)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.auto_reload = False
    app.jinja_env.globals.update(face=face, asset=asset, drawing=drawing)
    app.jinja_env.filters["first_up"] = first_up
    app.context_processor(_words)
    app.add_url_rule("/static/<path:name>", "static", _static)
    app.add_url_rule("/healthz", "healthz", lambda: Response("ok\n", mimetype="text/plain"))
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _any_error)
    return app


def first_up(words: str) -> str:
    """A sentence that begins large; Vietnamese names of weekdays keep their second word's capital."""
    return type(words)(words[:1].upper() + words[1:])


def language() -> str:
    """The reader's language: the cookie's, else Vietnamese."""
    chosen = g.get("lang") or request.cookies.get("lang", "")
    return chosen if chosen in LANGUAGES else "vi"


def say(text: str | Sentence, **values: Any) -> str:
    """A sentence in the reader's language; in templates it is called `_`."""
    if isinstance(text, Sentence | Said):
        return text.in_language(language())
    return translate(language(), "web", text, **values)


def error_page(status: int, sentence: Sentence | None = None) -> tuple[str, int]:
    """A friendly page for an error."""
    title, advice = ERRORS.get(status, ERRORS[500])
    return render_template("error.html", title=sentence or title, advice=advice, status=status), status


@cache
def asset(name: str) -> str:
    """The address of a file of `_static`, changing with its content so that the browser may keep it for ever."""
    path = _asset_folder(name) / name
    version = hashlib.sha256(path.read_bytes()).hexdigest()[:10] if path.is_file() else "0"
    return f"/static/{name}?v={version}"


@cache
def drawing(name: str, kind: str = "sign") -> Markup:
    """A drawing of ours as inline SVG, so that it takes its colours from the page; the words beside it say the same."""
    svg = (web_ui_dir() / "drawings" / f"{name}.svg").read_text(encoding="utf-8")
    svg = re.sub(r"^\s*<\?xml[^>]*\?>", "", svg).strip()
    head, rest = svg.split(">", 1)
    head = re.sub(r'\s(color|width|height|class)="[^"]*"', "", head).replace(' xmlns="http://www.w3.org/2000/svg"', "")
    return Markup(f'{head} class="{kind}" aria-hidden="true" focusable="false">{rest}')


def _words() -> dict[str, Any]:
    return {"_": say, "lang": language()}


def _asset_folder(name: str) -> Path:
    if name.startswith(("htmx", "uplot")):
        return web_ui_dir() / "built/packages"
    return web_ui_dir() / {".css": "built/styles", ".svg": "drawings"}.get(Path(name).suffix, "scripts")


def _static(name: str) -> Response:
    # A versioned address never changes its content; without a version the browser asks again.
    return send_from_directory(_asset_folder(name), name, max_age=31_536_000 if request.args.get("v") else 0)


def _http_error(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    page = error_page(error.code)
    return (*page, {"Allow": error.get_response().headers.get("Allow", "")}) if error.code == 405 else page


def _any_error(error: Exception) -> tuple[str, int]:
    """The border of a request: one line in the log (where it broke, never what was typed), a page for the reader."""
    places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in extract_tb(error.__traceback__)[-3:]]
    LOG.error("request failed endpoint=%s error=%s at=%s", request.endpoint, type(error).__name__, " ".join(places))
    return error_page(500)
