"""What sites told month by month, all of them together, said by the same parts that say it of places.

A month stands where a part expects a place; so there is one way to say a figure, and one question for all months.
"""

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

from kiosk.province.indicators import content, equipment, missed, reporting, sums
from kiosk.province.indicators.ask import Ask
from kiosk.province.indicators.facts import Facts, summed
from kiosk.province.indicators.material import Material
from kiosk.province.indicators.places import Places, lived
from kiosk.province.indicators.saying import plain, why_not
from kiosk.province.indicators.site_rows import OF_EVERY_SPAN
from kiosk.province.indicators.spans import Segment
from kiosk.province.indicators.tallies import newest, tellings
from kiosk.province.indicators.value import Reason, Value
from kiosk.province.indicators.world import World
from kiosk.rules.periods import days_period

if TYPE_CHECKING:
    import ibis.expr.types as ir

Make = Callable[[Material, Collection[str]], Mapping[str, Mapping[str, Value]]]
# Codes, which part says them, and the columns of the rollups that it needs.
_PARTS: tuple[tuple[tuple[str, ...], Make, Callable[[Collection[str]], Collection[str]]], ...] = (
    (sums.CODES, sums.part, sums.columns),
    ((*reporting.DAYS, "COMPLETENESS"), reporting.part, lambda _codes: ()),
    (("OPENS",), content.part, content.columns),
    (missed.CODES, missed.part, missed.columns),
    (("PCS_WORKING_RATE", *equipment.COLUMNS), equipment.part, equipment.columns),
)
ANSWERS = {"FIRST": "first", "NO_PICTURE": "no_picture", "NO_GROUPS": "no_groups"}
COUNTED = ("LIVING_SITES", "REPORTING_SITES")
FAST = frozenset(code for codes, _make, _columns in _PARTS for code in codes) | {*ANSWERS, *COUNTED}
Sums = Mapping[str, int]


class Months(Material):
    """Months in the place of sites. `told`: by month what every span has, and in `sites` how many sites told of it."""

    def __init__(
        self, world: World, ask: Ask, living: Mapping[str, int], told: Mapping[str, Sums], counts: Mapping[str, Sums]
    ) -> None:  # fmt: skip
        super().__init__(world, ask)
        nothing = dict.fromkeys((*OF_EVERY_SPAN, "sites"), 0)
        self.places = Places({}, {key: key for key in living})
        self.rows = {key: told.get(key, nothing) for key in living}
        self.counts = counts
        self.telling = {key: self.rows[key]["sites"] if key else 0 for key in self.places.keys}
        self.silence = {
            key: "" if self.telling[key] else "nothing_told" if living.get(key) else "no_sites"
            for key in self.places.keys
        }


def told_by_month(
    world: World, ask: Ask, places: Places, segments: Collection[Segment], codes: Collection[str]
) -> Mapping[Segment, Mapping[str, Value]]:
    """Of each month the values of `codes`, which are of FAST."""
    wanted = [(make, [code for code in codes if code in some], columns) for some, make, columns in _PARTS]
    columns = dict.fromkeys(name for _make, some, of in wanted for name in of(some) if name not in OF_EVERY_SPAN)
    living = {_key(one): sum(lived(site, days_period(one.first, one.last)) for site in places.sites.values())
              for one in segments}  # fmt: skip
    facts = Facts(world.engine, places.sites, sorted(segments, key=lambda one: (one.first, one.last)))
    months = Months(world, ask, living, *_told(world, facts, tuple(columns), codes))
    found: dict[str, dict[str, Value]] = {key: {} for key in living}
    for make, some, _columns in wanted:
        for key, values in make(months, some).items() if some else ():
            found.get(key, {}).update(values)
    _count(months, living, [code for code in codes if code in COUNTED], found)
    if answers := [code for code in codes if code in ANSWERS]:
        _answer(months, _answers(world, facts), segments, answers, found)
    return {one: found[_key(one)] for one in segments}


def _key(one: Segment) -> str:
    return f"{one.first.isoformat()}..{one.last.isoformat()}"


def _told(
    world: World, facts: Facts, columns: tuple[str, ...], codes: Collection[str]
) -> tuple[Mapping[str, Sums], Mapping[str, Sums]]:
    """Month -> its sums over all sites; of months of which nothing is known there is nothing. Of columns apart."""
    import ibis

    if not facts.segments or not codes:
        return {}, {}
    each = facts.by_segment.mutate(sites=ibis.ifelse(facts.by_segment.days > 0, 1, 0))
    told = summed(each, ("segment",), ("sites", *OF_EVERY_SPAN))
    counts = world.engine.rows(summed(facts.told(*columns), ("segment",), columns)) if columns else ()
    return (
        {_key(facts.segments[row["segment"]]): row for row in world.engine.rows(told)},
        {_key(facts.segments[row["segment"]]): row for row in counts},
    )


def _count(
    months: Months, living: Mapping[str, int], codes: Collection[str], found: Mapping[str, dict[str, Value]]
) -> None:
    for key, values in found.items():
        for code in codes:
            values[code] = plain(living[key] if code == "LIVING_SITES" else months.telling[key])


def _answers(world: World, facts: Facts) -> Mapping[str, Mapping[str, int]]:
    """YYYY-MM -> what was told of that calendar month's answers."""
    whole = {f"{one.first:%Y-%m}": one for one in facts.segments if one.month}
    return {row["about_month"]: row for row in world.engine.rows(_by_month(world, facts, whole))} if whole else {}


def _by_month(world: World, facts: Facts, whole: Mapping[str, Segment]) -> "ir.Table":
    import pyarrow as pa

    columns = {
        "about_month": pa.array(list(whole), pa.string()),
        "month_first": pa.array([one.first for one in whole.values()], pa.date32()),
        "month_last": pa.array([one.last for one in whole.values()], pa.date32()),
    }
    months = world.engine.given("trend_months", pa.table(columns))
    rows = world.engine.table("months", min(whole)).semi_join(months, "about_month")
    sides = tuple(ANSWERS.values())
    both = newest(tellings(rows, *sides)).inner_join(months, "about_month").inner_join(facts.lives, "site")
    here = both.filter(both.life_first <= both.month_last, both.life_last >= both.month_first)
    sums = {name: here[name].sum().cast("int64") for name in sides}
    return here.group_by("about_month").aggregate(sites=here.site.nunique(), **sums)


def _answer(
    months: Months, told: Mapping[str, Mapping[str, int]], segments: Collection[Segment], codes: Collection[str],
    found: Mapping[str, dict[str, Value]],
) -> None:  # fmt: skip
    for one in segments:
        key, row = _key(one), told.get(f"{one.first:%Y-%m}", {}) if one.month else {}
        for code in codes:
            # Where nobody answered, first visits are nought if days came; who skipped a question is not known.
            silent: Reason = months.silence[key] or ("" if code == "FIRST" else "nothing_told")
            reason: Reason = "not_over" if not one.month else "" if row else silent
            sites = max(row.get("sites", 0), months.telling[key] if code == "FIRST" else 0)
            found[key][code] = why_not(reason) if reason else plain(row.get(ANSWERS[code], 0), sites)
