"""What every figure means: its formula in words, where it comes from, and the version that reports print."""

from typing import Any

from flask import render_template

from kiosk.province.board.desk import Desk
from kiosk.province.board.pages import Page
from kiosk.province.indicators.definitions import DEFINITIONS, GROUPS
from kiosk.province.outputs import words
from kiosk.web.pages import language


def page(_desk: Desk) -> Any:
    """`/definitions`, in the order in which figures are shown; `#VISITS` leads to one."""
    lang = language()
    told = [(one, words.name(code, lang), words.unit(code, lang), words.formula(code, lang))
            for code, one in DEFINITIONS.items()]  # fmt: skip
    groups = [(code, name, [one for one in told if one[0].group == code]) for code, name in GROUPS.items()]
    return render_template("board/definitions.html", groups=[one for one in groups if one[2]])


PAGES = (Page("definitions", "/definitions", page, under="report"),)
