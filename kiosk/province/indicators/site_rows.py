"""One row for each site: its sums in every span, its months, and whether it reported enough in both years.

All of it is one expression, so that an engine reads every file once.
"""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from kiosk.province.indicators import activity, register_tables
from kiosk.province.indicators.engine import Engine
from kiosk.province.indicators.facts import CAPPED, Facts, summed
from kiosk.province.indicators.spans import Segment, Span
from kiosk.rules.figures import MIN_REPORTED

if TYPE_CHECKING:
    import ibis.expr.types as ir

OF_EVERY_SPAN = ("days", "planned", *CAPPED, "visits")
MONTHS = ("months_counted", "months_reported", "months_active")
Cuts = Mapping[Span, tuple[Segment, ...]]


def called(name: str, span: Span) -> str:
    """What a sum of a span is called: visits, visits_before, visits_year, visits_year_before."""
    return name if span == "now" else f"{name}_{span}"


def site_rows(engine: Engine, facts: Facts, spans: Cuts, months: Collection[Segment]) -> "ir.Table":
    """site; days, planned, reported, opened, working, visits of every span; months_counted, months_reported,
    months_active; effective, no_report, enough, enough_year (1 or 0).
    """
    import ibis

    cuts = engine.given("cuts", register_tables.cuts(facts.segments, spans, months))
    rows = facts.by_segment.inner_join(cuts, "segment")
    parts = {
        called(name, span): ibis.ifelse(rows[f"in_{span}"] == 1, rows[name], 0)
        for span in spans
        for name in OF_EVERY_SPAN
    }
    each = rows.select("site", **parts, **activity.months(rows))
    sums = summed(each, ("site",), (*parts, *MONTHS))
    return sums.mutate(
        **activity.states(sums),
        enough=reported_enough(sums, "now", "before"),
        enough_year=reported_enough(sums, "year", "year_before"),
    )  # fmt: skip


def reported_enough(sums: "ir.Table", *spans: Span) -> "ir.Value":
    """1 where in both spans days were planned, and 80 % of them reported; else 0."""
    import ibis

    enough = ibis.literal(True)
    for span in spans:
        planned, reported = sums[called("planned", span)], sums[called("reported", span)]
        enough = enough & (planned > 0) & (100 * reported >= MIN_REPORTED * planned)
    return ibis.ifelse(enough, 1, 0)
