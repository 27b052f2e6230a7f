"""Searching the library: a page of results for everybody, and the same as JSON for the page's own small script.

A search that found nothing is counted in the sum of its day; what becomes of its words is told in missed_words.py.
"""

from collections.abc import Callable

from flask import Flask, g, render_template, request

from kiosk.content.items import FACETS, THEMES, Theme
from kiosk.content.library import Library
from kiosk.content.results import Results
from kiosk.content.tiers import MAX_CHARS
from kiosk.service.face import Face
from kiosk.service.menu import kinds
from kiosk.service.menu.opens import Opens

PAGE = 10
# So many are looked at where a list is narrowed or turned.
DEEPEST = 50
# One key's answer must not wait for the one before it.
SUGGESTIONS = 6


def add_search(app: Flask, library: Library, face: Face, online: Callable[[], bool]) -> None:
    """`/search?q=`, `/search.json?q=`, `/suggest?q=` on the menu."""
    misses = Opens()

    @app.get("/search", endpoint="search")
    def search() -> str:
        text, wanted, number = asked(), kinds.wanted(), kinds.page_number()
        plain = not wanted.chosen() and number == 1
        results = library.search(text, g.lang, PAGE + 1 if plain else DEEPEST, online())
        if text and plain and results.nothing and misses.counts(str(hash(text))):
            face.count_miss(text)
        hits = [hit for hit in results.hits if wanted.fit(hit.item)]
        first = (number - 1) * PAGE
        return render_template(
            "menu/search.html",
            q=text,
            results=results,
            hits=hits[first : first + PAGE],
            filters=kinds.groups(_values(results), wanted) if results.hits and not results.nothing else [],
            narrowed=bool(wanted.chosen()),
            before=kinds.turned(number - 1) if number > 1 else "",
            after=kinds.turned(number + 1) if len(hits) > first + PAGE else "",
            themes=_subjects(library, online()) if not text or results.nothing else [],
        )

    @app.get("/search.json", endpoint="search_data")
    def search_data() -> dict[str, object]:
        return library.search(asked(), g.lang, PAGE, online()).as_data()

    @app.get("/suggest", endpoint="suggest")
    def suggest() -> list[dict[str, str]]:
        found = library.suggest(asked(), SUGGESTIONS, online())
        return [{"title": item.title, "language": item.language, "address": f"/items/{item.id}"} for item in found]


def asked() -> str:
    """What somebody looks for, on one line."""
    return " ".join(request.args.get("q", "")[:MAX_CHARS].split())


def _subjects(library: Library, links: bool) -> list[Theme]:
    """The subjects that have something, for whoever found nothing."""
    counts = library.counts(links)
    return [theme for theme in THEMES if counts.get(theme.code)]


def _values(results: Results) -> dict[str, tuple[str, ...]]:
    return {name: tuple(dict.fromkeys(getattr(hit.item, name) for hit in results.hits)) for name in FACETS}
