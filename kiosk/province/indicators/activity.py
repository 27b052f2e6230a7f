"""Which months a site was active in, and whether it worked effectively: three states, as Ibis expressions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from kiosk.province.indicators import register_tables
from kiosk.province.indicators.material import Material
from kiosk.province.indicators.spans import Segment, whole_months
from kiosk.rules.figures import MIN_MONTH_VISITS

if TYPE_CHECKING:
    import ibis.expr.types as ir

State = Literal["effective", "not_effective", "no_report"]


@dataclass(frozen=True, slots=True)
class Activity:
    """Of a site: counted months (over, with a planned day), of them with a report, and active; the state of them."""

    counted: int = 0
    reported: int = 0
    active: int = 0
    state: State = "no_report"


NEVER = Activity()


def elapsed_months(material: Material) -> list[Segment]:
    """The reported months of the period that are over."""
    span = material.spans["now"]
    return [] if span is None else whole_months(span, material.ask.starts_on)


def activity(material: Material) -> Mapping[str, Activity]:
    """By site, of those with a counted month."""
    months = elapsed_months(material)
    if not months:
        return {}
    rows = material.engine.rows(states(of_months(material, months)))
    return {row["site"]: Activity(row["counted"], row["reported"], row["active"], _state(row)) for row in rows}


def of_months(material: Material, months: list[Segment]) -> "ir.Table":
    """site, segment, reported, active (1 or 0) of every month in which a day was planned.

    Active: open on half the planned days, a working PC on half the open days, ten visits.
    """
    import ibis

    facts = material.facts
    wanted = material.engine.given("elapsed", register_tables.numbers(months, facts.segments))
    one = facts.by_segment.inner_join(wanted, "segment").filter(lambda rows: rows.planned > 0)
    good = (
        (one.reported > 0)
        & (2 * one.opened >= one.planned)
        & (one.opened > 0)
        & (2 * one.working >= one.opened)
        & (one.visits >= MIN_MONTH_VISITS)
    )
    return one.select(
        "site", "segment", reported=ibis.ifelse(one.reported > 0, 1, 0), active=ibis.ifelse(good, 1, 0)
    )  # fmt: skip


def states(months: "ir.Table") -> "ir.Table":
    """By site how many months were counted, reported and active, and whether three quarters were active (1 or 0)."""
    import ibis

    sums = months.group_by("site").aggregate(
        counted=months.count().cast("int64"),
        reported=months.reported.sum().cast("int64"),
        active=months.active.sum().cast("int64"),
    )
    return sums.mutate(
        effective=ibis.ifelse(4 * sums.active >= 3 * sums.counted, 1, 0),
        no_report=ibis.ifelse(sums.reported == 0, 1, 0),
    )


def _state(row: Mapping[str, int]) -> State:
    return "no_report" if row["no_report"] else "effective" if row["effective"] else "not_effective"
