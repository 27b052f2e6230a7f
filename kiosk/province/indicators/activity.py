"""Which months a site was active in, and whether it worked effectively: three states, as Ibis expressions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

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

    @classmethod
    def of(cls, row: Mapping[str, int]) -> "Activity":
        """As an engine says (site_rows.py)."""
        state: State = "no_report" if row["no_report"] else "effective" if row["effective"] else "not_effective"
        return cls(row["months_counted"], row["months_reported"], row["months_active"], state)


def months(rows: "ir.Table") -> "dict[str, ir.Value]":
    """Of every site and segment whether it is a counted month, has a report, and was active (1 or 0).

    Active: open on half the planned days, a working PC on half the open days, ten visits. A month without a planned
    day is not counted.
    """
    import ibis

    counted = (rows.is_month == 1) & (rows.planned > 0)
    reported = counted & (rows.reported > 0)
    active = (
        reported
        & (2 * rows.opened >= rows.planned)
        & (rows.opened > 0)
        & (2 * rows.working >= rows.opened)
        & (rows.visits >= MIN_MONTH_VISITS)
    )
    flags = {"months_counted": counted, "months_reported": reported, "months_active": active}
    return {name: ibis.ifelse(flag, 1, 0) for name, flag in flags.items()}


def states(sums: "ir.Table") -> "dict[str, ir.Value]":
    """Of every site whether three quarters of its counted months were active; whether none has a report (1 or 0)."""
    import ibis

    enough = (sums.months_counted > 0) & (4 * sums.months_active >= 3 * sums.months_counted)
    return {
        "effective": ibis.ifelse(enough, 1, 0),
        "no_report": ibis.ifelse(sums.months_reported == 0, 1, 0),
    }  # fmt: skip
