"""How a figure reads on the board: a number or the reason why there is none, in the reader's language."""

import re
from datetime import date, datetime
from decimal import Decimal

from kiosk.clock import LOCAL
from kiosk.province.indicators.value import REASONS, Value
from kiosk.rules import reading_words
from kiosk.web.pages import language, say
from kiosk.web.words import Sentence, says

NOTHING = "–"
VERDICTS: dict[str, tuple[Sentence, str, str]] = {  # words, class and sign
    "met": (says("Met"), "met", "st_met"),
    "high": (says("Met, the higher goal"), "met", "st_met"),
    "not_met": (says("Not met"), "not-met", "st_fault"),
    "": (says("Not yet comparable"), "not-comparable", "st_none"),
    "unknown": (says("Not known yet"), "not-comparable", "st_none"),
}
LINE_WORDS = {"library": says("Library line"), "post": says("Post line"), "": says("Both lines")}


def number(value: int | Decimal, sign: bool = False) -> str:
    """1.234,5 in Vietnamese, 1,234.5 in English."""
    return reading_words.number(value, language(), sign)


def told(value: Value, unit: str = "", sign: bool = False) -> str:
    """The number with its unit ("%"), or a dash; why there is none says `why`."""
    if value.number is None:
        return NOTHING
    return number(value.number, sign) + (unit if unit == "%" else f" {say(unit)}" if unit else "")


def why(value: Value) -> str:
    """Why there is no number; "" where there is one."""
    return say(REASONS[value.reason]) if value.reason in REASONS else ""


def day(one: date | None) -> str:
    """21/11/2026, or a dash."""
    return NOTHING if one is None else reading_words.day(one)


def moment(at: datetime | str | None) -> str:
    """02:10 21/11/2026, in Vietnam."""
    if not at:
        return NOTHING
    when = datetime.fromisoformat(at) if isinstance(at, str) else at
    return f"{when.astimezone(LOCAL):%H:%M %d/%m/%Y}"


def person(who: str) -> str:
    """Who did it, of the book's "Lan (root)": whose process it was is for the log, not for a page."""
    return re.sub(r"(?<=\S) \([^()]*\)$", "", who)


HELPERS = {"number": number, "told": told, "why": why, "day": day, "moment": moment, "person": person,
           "VERDICTS": VERDICTS, "LINE_WORDS": LINE_WORDS}  # fmt: skip
