"""How the outputs speak: a figure, its unit, its verdict, the reason why there is none. Sentences of `web`. Pure."""

from collections.abc import Mapping
from decimal import Decimal

from kiosk.province.indicators.ask import NOWHERE, By
from kiosk.province.indicators.definitions import DEFINITIONS
from kiosk.province.indicators.value import REASONS, Value, rounded
from kiosk.province.outputs.material import Place
from kiosk.rules.indicator import HOURS, PERCENT, label
from kiosk.rules.reading_words import number, say

# A goal's verdict; "" is said of a goal that cannot be judged yet.
VERDICTS: Mapping[str, str] = {
    "met": label("Met"),
    "high": label("Met, high"),
    "not_met": label("Not met"),
    "": label("Not yet comparable"),
}
KINDS: Mapping[By, str] = {
    "province": label("Province"),
    "district": label("District"),
    "commune": label("Commune"),
    "line": label("Line"),
    "site": label("Site"),
}
LINE_NAMES: Mapping[str, str] = {"library": label("Libraries"), "post": label("Post offices")}
BEFORE_KIOSK = label("from before kiosk")  # typed in by an officer, of the years before
IN_NO_UNIT = label("In no unit of this level")
EFFECTIVE: Mapping[str, str] = {"met": label("effective"), "not_met": label("not effective yet")}


def name(code: str, lang: str) -> str:
    """What a figure is called."""
    return say(lang, DEFINITIONS[code].label)


def unit(code: str, lang: str) -> str:
    """In what it is counted; "" for a figure without one."""
    return say(lang, DEFINITIONS[code].unit) if DEFINITIONS[code].unit else ""


def formula(code: str, lang: str) -> str:
    """How it is reckoned, in words."""
    return say(lang, DEFINITIONS[code].formula, **(DEFINITIONS[code].values or {}))


def place_name(place: Place, lang: str) -> str:
    """A place as it is called: lines by our words, all others by the register's."""
    if place.key == NOWHERE:
        return say(lang, IN_NO_UNIT)
    return say(lang, LINE_NAMES[place.name]) if place.by == "line" and place.name in LINE_NAMES else place.name


def is_growth(code: str) -> bool:
    """Whether a figure is told with its sign."""
    return code.endswith("_GROWTH")


def figure(code: str, value: Value, lang: str) -> str:
    """A figure as it reads: 1.234, 83,0%, +1,8%; "" where there is none."""
    if value.number is None:
        return ""
    if code == "EFFECTIVE":
        return say(lang, EFFECTIVE["met" if value.number else "not_met"])
    return _number(code, value.number, lang)


def spread(code: str, value: Value, lang: str) -> str:
    """Between what it lies; "" where nothing is said of that."""
    if value.low is None or value.high is None or value.low == value.high:
        return ""
    return f"{_number(code, value.low, lang)}–{_number(code, value.high, lang)}"


def reason(value: Value, lang: str) -> str:
    """Why there is no number, as a sentence; "" where there is one."""
    return say(lang, REASONS[value.reason or "nothing_told"]) if value.number is None else ""


def verdict(value: Value, lang: str) -> str:
    """What is said of a goal."""
    return say(lang, VERDICTS[value.verdict])


def digits(code: str, told: int | Decimal) -> int:
    """How many digits are shown behind the point: of hours and shares one at least, so that they stand alike."""
    own = max(-int(told.as_tuple().exponent), 0) if isinstance(told, Decimal) else 0
    return max(own, 1) if DEFINITIONS[code].unit in (PERCENT, HOURS) else own


def _number(code: str, told: int | Decimal, lang: str) -> str:
    sign = "%" if DEFINITIONS[code].unit == PERCENT else ""
    shown = told if isinstance(told, int) and not digits(code, told) else rounded(Decimal(told), digits(code, told))
    return number(shown, lang, sign=is_growth(code)) + sign
