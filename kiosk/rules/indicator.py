"""What a definition of a figure is made of; the definitions stand in indicators.py and journal_figures.py."""

from collections.abc import Mapping
from dataclasses import dataclass


def label(text: str) -> str:
    """Marks a sentence for the catalogue; it is translated where it is shown."""
    return text


VISITS_UNIT, PEOPLE, HOURS, DAYS = label("visits"), label("people"), label("hours"), label("days")
TIMES, MONTHS, PAGES, PERCENT, NO_UNIT = label("times"), label("months"), label("pages"), "%", ""


@dataclass(frozen=True)
class Indicator:
    """One definition. `values` fill the fields of `formula`."""

    code: str
    label: str
    unit: str
    formula: str
    source: str
    version: str = "1.0"
    values: Mapping[str, int] | None = None
