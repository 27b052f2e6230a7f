"""How figures read, at a station and at the province: names of periods, days and numbers, in the reader's language.

Sentences are of the `web` catalogue. Pure but for the catalogue itself.
"""

from datetime import date
from decimal import Decimal

from kiosk.rules.indicator import label
from kiosk.rules.periods import Period
from kiosk.translations import translate

QUARTERS = ("I", "II", "III", "IV")
NAMED = (label("Month {month}/{year}"), label("Quarter {quarter}/{year}"), label("Week {week}/{year}"))
MORE_NAMED = (label("Nine months of {year}"), label("Year {year}"), label("Day {day}"), label("{first} to {last}"))


def say(lang: str, text: str, **values: object) -> str:
    """A sentence of the `web` catalogue."""
    return translate(lang, "web", text, **values)


def title(period: Period, lang: str) -> str:
    """A period's name: “Tháng 11/2026”."""
    year, month = period.months[0] if period.months else (period.first.year, period.first.month)
    match period.kind:
        case "month":
            return say(lang, NAMED[0], month=month, year=year)
        case "quarter":
            return say(lang, NAMED[1], quarter=QUARTERS[month // 3], year=year)
        case "week":
            iso = period.first.isocalendar()
            return say(lang, NAMED[2], week=iso.week, year=iso.year)
        case "nine_months":
            return say(lang, MORE_NAMED[0], year=year)
        case "year":
            return say(lang, MORE_NAMED[1], year=year)
        case "day":
            return say(lang, MORE_NAMED[2], day=day(period.first))
        case _:
            return say(lang, MORE_NAMED[3], first=day(period.first), last=day(period.last))


def day(one: date) -> str:
    """21/11/2026."""
    return f"{one:%d/%m/%Y}"


def number(value: int | Decimal, lang: str, sign: bool = False) -> str:
    """1.234,5 in Vietnamese, 1,234.5 in English; with `sign` also a plus. A minus is the printer's."""
    text = f"{value:+,}" if sign else f"{value:,}"
    if isinstance(value, Decimal) and value == 0:
        text = text.lstrip("+-")
    if lang == "vi":
        text = text.translate({ord(","): ".", ord("."): ","})
    return text.replace("-", "−")
