"""What sites told, as Ibis expressions that every engine reckons alike: by segment, by span, month by month.

Only days within a site's life count. Whole calendar months of it come from site_months, all other days from site_days,
so ten years cost what their months cost. Days are never more than the register plans. Whole numbers only.
"""

from collections.abc import Sequence
from functools import cached_property, reduce
from typing import TYPE_CHECKING

from kiosk.province.indicators import register_tables
from kiosk.province.indicators.engine import Engine
from kiosk.province.indicators.lives import Lives, edges, lives_of, widened
from kiosk.province.indicators.register_tables import Sites
from kiosk.province.indicators.spans import Segment

if TYPE_CHECKING:
    import ibis.expr.types as ir

# Days counted by their states, as site_months has them.
STATES = ("days", "days_planned", "days_on", "days_working")
CAPPED = {"reported": "days_planned", "opened": "days_on", "working": "days_working"}
MANY_RUNS = 24  # stretches of months read one by one; more are read as one


class Facts:
    """Of some sites what they told in some segments."""

    def __init__(self, engine: Engine, sites: Sites, segments: Sequence[Segment], lives: Lives | None = None) -> None:
        self._engine, self._sites, self.segments = engine, sites, tuple(segments)
        self._lives = widened(engine, lives_of(sites), segments) if lives is None else lives

    @cached_property
    def lives(self) -> "ir.Table":
        """site, life_first, life_last."""
        return self._engine.given("lives", register_tables.lives(self._lives))

    @cached_property
    def by_segment(self) -> "ir.Table":
        """site, segment of every segment in which a site lives; planned, days, reported, opened, working, visits."""
        import ibis

        planned = self._engine.given("planned", register_tables.planned(self._sites, self.segments))
        sums = summed(self.told("visits"), ("site", "segment"), (*STATES, "visits"))
        told = sums.rename(told_site="site", told_segment="segment")
        both = planned.left_join(told, [planned.site == told.told_site, planned.segment == told.told_segment])
        known = {name: ibis.ifelse(both[name].isnull(), 0, both[name]) for name in (*STATES, "visits")}
        filled = both.select("site", "segment", "planned", **known)
        capped = {
            name: ibis.ifelse(filled[days] < filled.planned, filled[days], filled.planned)
            for name, days in CAPPED.items()
        }
        return filled.select("site", "segment", "planned", "days", "visits", **capped)

    def told(self, *columns: str) -> "ir.Table":
        """site, segment, STATES and columns of the rollups: rows to be added up."""
        import ibis

        parts = [one for one in (self._from_months(columns), self._from_days(columns)) if one is not None]
        return parts[0] if len(parts) == 1 else ibis.union(*parts)

    def _from_months(self, columns: Sequence[str]) -> "ir.Table | None":
        """Rows of site_months of whole months in which a site lives all the time."""
        whole = [one for one in self.segments if one.month]
        if not whole:
            return None
        months = self._engine.given("months", register_tables.months(self.segments))
        rows = self._engine.table("site_months", f"{whole[0].first:%Y-%m}", f"{whole[-1].first:%Y-%m}")
        both = rows.inner_join(months, "month_first").inner_join(self.lives, "site")
        inside = both.filter(both.life_first <= both.month_first, both.life_last >= both.month_last)
        return inside.select("site", "segment", *STATES, *columns)

    def _from_days(self, columns: Sequence[str]) -> "ir.Table | None":
        """The same of all other days of its life, made of site_days."""
        import ibis

        some = edges(self._lives)
        runs = register_tables.runs(self.segments, some)
        if not runs:
            return None
        if len(runs) > MANY_RUNS:
            runs = [(runs[0][0], runs[-1][1])]
        rows = reduce(ibis.union, (self._engine.table("site_days", *run) for run in runs))
        days = self._engine.given("days", register_tables.days(self.segments, some))
        both = rows.inner_join(days, "day").inner_join(self.lives, "site")
        here = both.filter(
            both.life_first <= both.day,
            both.life_last >= both.day,
            (both.whole == 0) | (both.life_first > both.month_first) | (both.life_last < both.month_last),
        )
        planned = here.site_planned_minutes > 0
        flags = {"days": ibis.literal(True), "days_planned": planned, "days_on": planned & (here.pcs_on > 0),
                 "days_working": planned & (here.pcs_working > 0)}  # fmt: skip
        states = [ibis.ifelse(flags[name], 1, 0).cast("int64").name(name) for name in STATES]
        return here.select("site", "segment", *states, *columns)


def summed(table: "ir.Table", keys: Sequence[str], columns: Sequence[str]) -> "ir.Table":
    """Sums by some columns, as whole numbers on every engine."""
    return table.group_by(list(keys)).aggregate(**{name: table[name].sum().cast("int64") for name in columns})
