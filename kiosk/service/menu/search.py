"""Searching the library: a page of results for everybody, and the same as JSON for the page's own small script."""

from flask import Flask, g, render_template, request

from kiosk.content.library import Library
from kiosk.content.tiers import MAX_CHARS

PAGE = 10
# One key's answer must not wait for the one before it.
SUGGESTIONS = 8


def add_search(app: Flask, library: Library) -> None:
    """`/search?q=`, `/search.json?q=`, `/suggest?q=` on the menu."""

    def asked() -> str:
        return " ".join(request.args.get("q", "")[:MAX_CHARS].split())

    @app.get("/search", endpoint="search")
    def search() -> str:
        text = asked()
        return render_template("menu/search.html", q=text, results=library.search(text, g.lang, PAGE))

    @app.get("/search.json", endpoint="search_data")
    def search_data() -> dict[str, object]:
        return library.search(asked(), g.lang, PAGE).as_data()

    @app.get("/suggest", endpoint="suggest")
    def suggest() -> list[dict[str, str]]:
        found = library.suggest(asked(), SUGGESTIONS)
        return [{"title": item.title, "language": item.language, "address": f"/items/{item.id}"} for item in found]
