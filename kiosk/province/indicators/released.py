"""What months' ends have released of the answers, as an Ibis expression: the sums of each table by site and days.

A release is in the lake once, whatever was told again. It belongs to the days in which its last day lies, wherever it
begins; so it is never cut, and never in two months. `ever` is all that was released until the last month was over.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from kiosk.province.indicators.facts import summed
from kiosk.province.indicators.material import Material
from kiosk.province.indicators.spans import SPANS, Span
from kiosk.province.register.steps import ONE
from kiosk.rules.tallies import ROOTS

if TYPE_CHECKING:
    import ibis.expr.types as ir

EVER = "ever"
TARGET_FIRST = "ANY_FIRST"
TARGET = (TARGET_FIRST, "ANY_OTHER")


@dataclass(frozen=True)
class Sums:
    """Of a table what was released: visits on both sides, and how many releases that were."""

    yes: int = 0
    no: int = 0
    releases: int = 0

    @property
    def visits(self) -> int:
        """Both sides."""
        return self.yes + self.no

    def side(self, name: str) -> int:
        """One of them: yes or no."""
        return self.yes if name == "yes" else self.no


# Site -> table -> its sums.
Released = Mapping[str, Mapping[str, Sums]]


def last_month_end(day: date) -> date:
    """The last day of the calendar month that is over by `day`, which may be that day."""
    return day if (day + ONE).day == 1 else day.replace(day=1) - ONE


def of_span(material: Material, span: Span) -> Released:
    """What was released in a span, by site; read once for all parts."""
    return material.once(released)[span]


def target_visits(material: Material, span: Span) -> dict[str, int]:
    """By site visits of the target groups, as far as released."""
    return {site: _yes(tables, *TARGET) for site, tables in of_span(material, span).items()}


def target_users(material: Material, span: Span) -> dict[str, int]:
    """By site first visits of the year by people of the target groups, as far as released."""
    return {site: _yes(tables, TARGET_FIRST) for site, tables in of_span(material, span).items()}


def _yes(tables: Mapping[str, Sums], *names: str) -> int:
    return sum(tables[name].yes for name in names if name in tables)


def released(material: Material, ever: bool = False) -> Mapping[str, Released]:
    """By span what every site has released that was asked for; with `ever` of all time alone, of the roots alone."""
    days = _days(material, ever)
    found: dict[str, dict[str, dict[str, Sums]]] = {name: defaultdict(dict) for name in (*SPANS, EVER)}
    if days:
        for row in material.engine.rows(_expression(material, days)):
            for name in days:
                if row[f"n_{name}"]:
                    sums = Sums(row[f"yes_{name}"], row[f"no_{name}"], row[f"n_{name}"])
                    found[name][row["site"]][row["tally"]] = sums
    return found


def _days(material: Material, ever: bool) -> dict[str, tuple[str, str]]:
    """Span -> its first and last day, as releases say them."""
    if ever:
        last = last_month_end(material.ask.last).isoformat()
        return {EVER: ("0001-01-01", last)} if material.spans["now"] else {}
    return {name: (one.first.isoformat(), one.last.isoformat()) for name in SPANS if (one := material.spans[name])}


def _expression(material: Material, days: Mapping[str, tuple[str, str]]) -> "ir.Table":
    """site, tally, and of each span yes, no and how many releases."""
    import ibis

    # A release is told on the day after its last one, or later.
    rows = material.few(material.engine.table("releases", min(first for first, _last in days.values())[:7]))
    meant = rows.filter(rows.tally.isin(ROOTS)) if EVER in days else rows
    here = meant.inner_join(material.lives, "site")
    columns = {}
    for name, (first, last) in days.items():
        inside = (here.last_day >= first) & (here.last_day <= last)
        columns[f"yes_{name}"] = ibis.ifelse(inside, here.yes_visits, 0)
        columns[f"no_{name}"] = ibis.ifelse(inside, here.no_visits, 0)
        columns[f"n_{name}"] = ibis.ifelse(inside, 1, 0)
    return summed(here.select("site", "tally", **columns), ("site", "tally"), tuple(columns))
