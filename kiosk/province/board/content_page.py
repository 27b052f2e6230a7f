"""What is read: by theme and by guide; and what is looked for and not found, which is what to get next."""

from typing import Any

from flask import render_template

from kiosk.province.board import asked
from kiosk.province.board.desk import Desk
from kiosk.province.board.pages import Page
from kiosk.province.board.places import place_name
from kiosk.province.indicators.content import most_opened
from kiosk.province.indicators.definitions import DEFINITIONS
from kiosk.province.indicators.figures import NOTHING, Figures
from kiosk.province.indicators.missed import most_missed
from kiosk.province.outputs import words
from kiosk.web.pages import language
from kiosk.web.words import says

MOST = 40
THEMES = tuple(code for code in DEFINITIONS if code.startswith("OPENS_"))


def page(desk: Desk) -> Any:
    """`/content?unit=20001&line=post`."""
    ask = asked.ask(desk.today())
    figures = desk.figures(ask, ("OPENS", "MISSED", "VISITS", *THEMES))
    return render_template(
        "board/content.html",
        whole=figures.of(),
        themes=_themes(figures),
        opened=desk.told(most_opened, ask, MOST),
        missed=desk.told(most_missed, ask, MOST),
        place=place_name(desk, ask.within),
        period_name=asked.name(ask.period),
        nothing=NOTHING,
        theme=_theme,
    )


def _themes(figures: Figures) -> list[tuple[str, str, int]]:
    """(name, number, share of the longest in percent), the most read first; a theme that nobody opened stays."""
    lang, values = language(), figures.of()
    counted = [(one, int(values.get(one, NOTHING).number or 0)) for one in THEMES if values.get(one, NOTHING).known]
    most = max((count for _code, count in counted), default=0)
    counted.sort(key=lambda one: -one[1])
    return [
        (words.name(code, lang), words.figure(code, values[code], lang), round(100 * count / most) if most else 0)
        for code, count in counted
    ]


def _theme(code: str) -> str:
    """What a theme is called; of an item that the province does not know, that it is none of them."""
    return words.name(f"OPENS_{code}" if f"OPENS_{code}" in DEFINITIONS else "OPENS_OTHER", language())


PAGES = (Page("content", "/content", page, tab=says("What is read"), sign="book", by_period=True),)
