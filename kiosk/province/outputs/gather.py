"""Gathers what an output needs of one question: each figure of the whole and of each place, months, lists, names.

with open_world(home) as world:
    found = gathered(world, Ask(period, today))
paper.report_html(found, "vi")
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from kiosk.province.indicators import baseline
from kiosk.province.indicators.ask import WHOLE, Ask, By
from kiosk.province.indicators.content import most_opened
from kiosk.province.indicators.figures import Figures, figures
from kiosk.province.indicators.missed import most_missed
from kiosk.province.indicators.trend import trend
from kiosk.province.indicators.world import World
from kiosk.province.outputs.material import Before, Counted, Gathered, Month
from kiosk.province.outputs.names import departments_of, kinds_of, named, scope_of

# Step, what, done, whole: as the work goes on.
Told = Callable[[str, str, int, int], object]
MONTHLY = ("VISITS", "FIRST", "PC_HOURS", "NET_HOURS", "OPEN_DAYS", "COMPLETENESS", "REPORTING_SITES")
LISTED = 20  # lines of a list


def gathered(
    world: World,
    ask: Ask,
    told: Told = lambda *_: None,
    kinds: Sequence[By] | None = None,
) -> Gathered:
    """All of it. `kinds`: places of these kinds only, and neither months nor lists; else all that can be told apart."""
    whole = replace(ask, by="province")
    wanted = kinds_of(world, ask) if kinds is None else tuple(kinds)
    tables = _tables(world, whole, wanted, told)
    keys = [(by, key) for by, one in tables.items() for key in one.places if key != WHOLE]
    found = Gathered(
        world.name, whole, scope_of(world, ask), tables.get("province") or next(iter(tables.values())),
        {by: one for by, one in tables.items() if by != "province"},
        {(by, key): named(world, by, key, ask.last) for by, key in keys},
        departments=departments_of(world, ask), strangers=world.unknown, edition=world.edition, built=world.built,
    )  # fmt: skip
    return found if kinds is not None else _with_lists(found, world, told)


def _tables(world: World, ask: Ask, wanted: Sequence[By], told: Told) -> dict[By, Figures]:
    """The figures by each kind; by nothing where no kind is wanted."""
    tables: dict[By, Figures] = {}
    for done, by in enumerate(wanted or ("province",)):
        told("reckon", by, done, len(wanted) + 2)
        tables[by] = figures(world, replace(ask, by=by))
    return tables


def _with_lists(found: Gathered, world: World, told: Told) -> Gathered:
    """Months beside each other where there are several, and what was read and looked for."""
    told("reckon", "months", len(found.tables), len(found.tables) + 2)
    months = tuple(Month(one.period, one.values, one.before) for one in trend(world, found.ask, MONTHLY))
    told("reckon", "content", len(found.tables) + 1, len(found.tables) + 2)
    told_years = baseline.years(world, found.ask) if world.baseline else ()
    opened = most_opened(world, found.ask, LISTED)
    missed = most_missed(world, found.ask, LISTED)
    return replace(
        found,
        months=months if len(months) > 1 else (),
        years=tuple(Before(one.period, one.own) for one in told_years if one.own),
        opened=tuple(Counted(one.guide.title if one.guide else one.item, one.times, one.sites) for one in opened),
        missed=tuple(Counted(one.words, one.searches, one.sites) for one in missed),
    )
