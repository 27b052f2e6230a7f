"""One row for each site: its sums in every span, its months, and whether it is matched with the year before.

All of it is one expression, so that an engine reads every file once.
"""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from kiosk.province.indicators import activity, register_tables
from kiosk.province.indicators.engine import Engine
from kiosk.province.indicators.facts import CAPPED, Facts, summed
from kiosk.province.indicators.spans import SPANS, Segment
from kiosk.rules.figures import MIN_REPORTED

if TYPE_CHECKING:
    import ibis.expr.types as ir

OF_EVERY_SPAN = ("days", "planned", *CAPPED, "visits")
MONTHS = ("months_counted", "months_reported", "months_active")


def site_rows(
    engine: Engine, facts: Facts, months: Collection[Segment], columns: Sequence[str] = ("visits",)
) -> "ir.Table":
    """site; days, planned, reported, opened, working and `columns` of the asked days; of the other spans the same
    called `visits_before` and so on, without other columns; months_counted, months_reported, months_active; effective,
    no_report, matched, matched_year (1 or 0).
    """
    import ibis

    cuts = engine.given("cuts", register_tables.cuts(facts.segments, facts.cuts, months))
    rows = facts.by_segment.inner_join(cuts, "segment")
    parts = {
        name if span == "now" else f"{name}_{span}": ibis.ifelse(rows[f"in_{span}"] == 1, rows[name], 0)
        for span in SPANS
        for name in dict.fromkeys((*OF_EVERY_SPAN, *(columns if span == "now" else ())))
    }
    each = rows.select("site", **parts, **activity.months(rows))
    sums = summed(each, ("site",), (*parts, *MONTHS))
    return sums.mutate(
        **activity.states(sums),
        matched=matched(sums, "", "_before"),
        matched_year=matched(sums, "_year", "_year_before"),
    )  # fmt: skip


def matched(sums: "ir.Table", now: str, before: str) -> "ir.Value":
    """1 where in both spans days were planned, and 80 % of them reported; else 0."""
    import ibis

    enough = ibis.literal(True)
    for span in (now, before):
        planned, reported = sums[f"planned{span}"], sums[f"reported{span}"]
        enough = enough & (planned > 0) & (100 * reported >= MIN_REPORTED * planned)
    return ibis.ifelse(enough, 1, 0)
