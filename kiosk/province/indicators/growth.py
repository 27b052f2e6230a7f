"""Growth on a year earlier, of the same dates and of sites that reported enough in both years; else why none is said.

Visits are compared over the asked days, users from 1 January to the end of the last month that is over. A site is
matched over the days that are compared: 80 % of its planned days reported in both years, project or potential alike.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from kiosk.province.indicators.facts import summed
from kiosk.province.indicators.material import Material
from kiosk.province.indicators.saying import judged, nothing
from kiosk.province.indicators.spans import Span
from kiosk.province.indicators.users import silence
from kiosk.province.indicators.value import Reason, Value, Verdict
from kiosk.rules.figures import MIN_REPORTED, MIN_USERS, MIN_VISITS, change

if TYPE_CHECKING:
    import ibis.expr.types as ir

MET, HIGH = 3, 5  # %
CODES = ("USERS_GROWTH", "VISITS_GROWTH")
Pairs = Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Panel:
    """Of a span and the same a year earlier: who is matched, who told anything the year before, visits of both."""

    matched: frozenset[str]
    told_before: frozenset[str]
    visits: Pairs


NOBODY = Panel(frozenset(), frozenset(), {})


def panel(material: Material, now: Span, before: Span) -> Panel:
    """As the engine says."""
    if material.spans[now] is None or material.spans[before] is None:
        return NOBODY
    rows = {row["site"]: row for row in material.engine.rows(matched(material, now, before))}
    return Panel(
        frozenset(site for site, row in rows.items() if row["is_matched"]),
        frozenset(site for site, row in rows.items() if row["days_before"]),
        {site: (row["visits"], row["visits_before"]) for site, row in rows.items()},
    )


def matched(material: Material, now: Span, before: Span) -> "ir.Table":
    """site, visits, visits_before, days_before, is_matched (1 or 0) of the sites that lived in both."""
    import ibis

    columns = ("days", "planned", "reported", "visits")
    later, earlier = (summed(material.facts.of_span(span), ("site",), columns) for span in (now, before))
    both = later.inner_join(earlier.rename({f"{name}_before": name for name in columns}), "site")
    enough = (
        (both.planned > 0)
        & (both.planned_before > 0)
        & (100 * both.reported >= MIN_REPORTED * both.planned)
        & (100 * both.reported_before >= MIN_REPORTED * both.planned_before)
    )
    return both.select("site", "visits", "visits_before", "days_before", is_matched=ibis.ifelse(enough, 1, 0))


def part(material: Material, codes: Collection[str]) -> Mapping[str, Mapping[str, Value]]:
    """See parts.py."""
    found: dict[str, dict[str, Value]] = {key: {} for key in material.places.keys}
    for people, spans in ((False, ("now", "before")), (True, ("year", "year_before"))):
        wanted = [code for code in codes if ("USERS" in code) == people]
        if wanted:
            told = panel(material, *spans)  # type: ignore[arg-type]
            reasons = silence(material, "year") if people else nothing(material)
            for code in wanted:
                _tell(material, code, told, reasons, found)
    return found


def _tell(
    material: Material, code: str, told: Panel, reasons: Mapping[str, Reason], found: Mapping[str, dict[str, Value]]
) -> None:
    pairs = _pairs(material, code, told)
    sums = [
        material.places.summed({site: pairs.get(site, (0, 0))[n] for site in told.matched}) for n in (0, 1)
    ]  # fmt: skip
    sites, before = material.places.counted(told.matched), material.places.counted(told.told_before)
    alone = bool(material.ask.site) or material.ask.by == "site"
    for key, values in found.items():
        reason: Reason = (
            reasons[key] or ("" if before[key] else "first_year") or ("" if sites[key] else "no_matched")
        )  # fmt: skip
        one = sites[key] == 1 or alone and (key != "" or bool(material.ask.site))
        values[code] = (
            Value(reason=reason, trend="unknown" if one else "")
            if reason
            else growth(code, sums[0][key], sums[1][key], sites[key], one)
        )


def _pairs(material: Material, code: str, told: Panel) -> Pairs:
    """Site -> the figure now and a year earlier."""
    if code == "VISITS_GROWTH":
        return told.visits
    now, before = (
        {site: row["users"] for site, row in material.answers.of(span).items()} for span in ("year", "year_before")
    )
    return {site: (now.get(site, 0), before.get(site, 0)) for site in told.matched}


def growth(code: str, now: int, before: int, sites: int, one: bool) -> Value:
    """The growth of matched sites, or why it is not said. Of `one` site an arrow at most."""
    people = "USERS" in code
    base = MIN_USERS if people else MIN_VISITS
    if one:
        trend = change(now, before, base).trend
        return Value(reason="one_site", part=now, whole=before, sites=sites, trend=trend)
    if before < base:
        return Value(reason="small_base", part=now, whole=before, sites=sites)
    number, verdict = judged(now - before, before, users_verdict if people else visits_verdict)
    return Value(number, part=now, whole=before, sites=sites, verdict=verdict)


def users_verdict(grown: Decimal) -> Verdict:
    """Met from 3 % on."""
    return "met" if grown >= MET else "not_met"


def visits_verdict(grown: Decimal) -> Verdict:
    """Met from 3 % on, high from 5 % on."""
    return "high" if grown >= HIGH else users_verdict(grown)
