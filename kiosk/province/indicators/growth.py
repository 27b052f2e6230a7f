"""Growth on a year earlier, of the same dates and of sites that reported enough in both years; else why none is said.

Visits are compared over the asked days, users from 1 January to the end of the last month that is over. A site is
matched, project or potential alike, where it lived on all days that are compared, of both years, and reported 80 % of
its planned days in each: what opened or closed in between would make growth out of nothing.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from kiosk.province.indicators import released
from kiosk.province.indicators.material import Material
from kiosk.province.indicators.saying import judged
from kiosk.province.indicators.site_rows import called
from kiosk.province.indicators.spans import Span
from kiosk.province.indicators.users import silence, unanswered
from kiosk.province.indicators.value import Reason, Value, Verdict
from kiosk.rules.figures import MIN_USERS, MIN_VISITS, change

MET, HIGH = 3, 5  # %
CODES = ("USERS_GROWTH", "VISITS_GROWTH", "TARGET_USERS_GROWTH", "TARGET_VISITS_GROWTH")
DAYS: tuple[Span, Span] = ("now", "before")
YEARS: tuple[Span, Span] = ("year", "year_before")
Pairs = Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Panel:
    """Of a span and the same a year earlier: who is matched, who told anything the year before, visits of both."""

    matched: frozenset[str]
    told_before: frozenset[str]
    visits: Pairs


def panel(material: Material, people: bool) -> Panel:
    """As the register and the engine (site_rows.py) say: for `people` of the year's months, else of the asked days."""
    spans, flag = (YEARS, "enough_year") if people else (DAYS, "enough")
    visits = [called("visits", span) for span in spans]
    stayed, rows = _stayed(material, *spans), material.rows
    return Panel(
        frozenset(site for site, row in rows.items() if row[flag] and site in stayed),
        frozenset(site for site, row in rows.items() if row[called("days", spans[1])]),
        {site: (row[visits[0]], row[visits[1]]) for site, row in rows.items()},
    )


def _stayed(material: Material, now: Span, before: Span) -> frozenset[str]:
    """The sites that were there from the first of the days before to the last of the days now."""
    last, first = material.spans[now], material.spans[before]
    if last is None or first is None:
        return frozenset()
    return frozenset(
        code for code, site in material.places.sites.items() if site.lives(first.first) and site.lives(last.last)
    )


def part(material: Material, codes: Collection[str]) -> Mapping[str, Mapping[str, Value]]:
    """See parts.py."""
    found: dict[str, dict[str, Value]] = {key: {} for key in material.places.keys}
    for people in (False, True):
        wanted = [code for code in codes if ("USERS" in code) == people]
        if wanted:
            told = panel(material, people)
            reasons = silence(material, "year") if people else material.silence
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
    answers = unanswered(material, "year") if code == "USERS_GROWTH" else reasons
    alone = bool(material.ask.site) or material.ask.by == "site"
    for key, values in found.items():
        reason: Reason = reasons[key] or ("" if before[key] else "first_year") or answers[key]
        reason = reason or ("" if sites[key] else "no_matched")
        one = sites[key] == 1 or alone and (key != "" or bool(material.ask.site))
        values[code] = (
            Value(reason=reason, trend="unknown" if one else "")
            if reason
            else growth(code, sums[0][key], sums[1][key], sites[key], one)
        )


def _pairs(material: Material, code: str, told: Panel) -> Pairs:
    """Site -> the figure now and a year earlier."""
    match code:
        case "VISITS_GROWTH":
            return told.visits
        case "USERS_GROWTH":
            now, before = ({site: row["users"] for site, row in material.answers.of(span).items()} for span in YEARS)
        case "TARGET_VISITS_GROWTH":
            now, before = (released.target_visits(material, span) for span in DAYS)
        case _:
            now, before = (released.target_users(material, span) for span in YEARS)
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
