"""Every figure of the province: what it is called, its unit, how it is reckoned in words, and its version.

One place for board, report and files; where a station has the same figure, the same words. Labels and formulas are
English sentences of the `web` catalogue. Whoever changes what a figure means gives it a new version; it is printed.
"""

from collections.abc import Mapping

from kiosk.province.indicators.defined_goals import GOALS, SITES
from kiosk.province.indicators.defined_more import CONTENT, EQUIPMENT, JOURNAL, WHO_CAME
from kiosk.province.indicators.defined_use import DAYS_TOLD, USE
from kiosk.province.indicators.definition import Definition
from kiosk.rules.indicator import label

__all__ = ["DEFINITIONS", "GROUPS", "Definition"]

# Group -> its heading, in the order in which they are shown.
GROUPS: Mapping[str, str] = {
    "goals": label("The plan's goals"),
    "sites": label("Sites"),
    "use": label("Use of the computers"),
    "days": label("Days open and reported"),
    "answers": label("Who came, as far as released"),
    "content": label("What is read and looked for"),
    "journal": label("What staff wrote down"),
    "equipment": label("Equipment"),
}
# Code -> definition, in the order in which they are shown.
DEFINITIONS: Mapping[str, Definition] = {
    one.code: one for one in (*GOALS, *SITES, *USE, *DAYS_TOLD, *WHO_CAME, *CONTENT, *JOURNAL, *EQUIPMENT)
}
