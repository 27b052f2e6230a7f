"""The page of help, and the "?" on every page that leads to its own part of it."""

from collections.abc import Callable

from flask import Flask, g, render_template, request

from kiosk.service.panel.help_words import GROUPS, HELP


def add_views(app: Flask, may: Callable[[str], bool]) -> None:
    """`/help`: what the reader may open, and nothing else. `helped()` in every template: the part of this page."""

    def shown(name: str) -> bool:
        about = HELP[name].of or name
        return may(about)

    @app.get("/help", endpoint="help")
    def page() -> str:
        groups = [(words, {name: one for name, one in group.items() if shown(name)}) for words, group in GROUPS]
        return render_template("panel/help.html", groups=[(words, parts) for words, parts in groups if parts])

    def helped() -> str:
        """The name of this page's part; empty where there is none, or nobody signed in to read it."""
        name = request.endpoint or ""
        return name if g.get("who") and name in HELP and may("help") else ""

    app.context_processor(lambda: {"helped": helped})
