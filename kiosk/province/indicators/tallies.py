"""What sites told of the answers of whole calendar months: exact counts, as an Ibis expression.

A month is told on its next day; of each memory of a PC (lineage) the newest telling counts, and memories add up. Of a
month in which a site lived on any day all that is told counts: it cannot be told apart by days.
"""

from typing import TYPE_CHECKING

from kiosk.province.indicators.facts import summed
from kiosk.province.indicators.material import Material
from kiosk.province.indicators.spans import Segment, Span, segments_of

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

# Column -> the table of rules/tallies.py and its side; "" for all its sides.
SIDES = {
    "first": ("FST", "FST_Y"), "been": ("FST", "FST_N"), "unknown": ("FST", "FST_U"),
    "no_picture": ("NO_PICTURE", ""), "no_groups": ("GRP_U", ""),
    "no_groups_first": ("GRP_U", "first"), "no_groups_other": ("GRP_U", "not_first"),
}  # fmt: skip
WHOSE = ("site", "station", "lineage", "about_month")
SPANS: tuple[Span, ...] = ("now", "year", "year_before")


def months_of(material: Material, span: Span) -> list[Segment]:
    """The whole calendar months of a span."""
    days = material.spans[span]
    return [one for one in segments_of(days) if one.month] if days else []


def tallies(material: Material) -> "ir.Table | None":
    """site, span, and the columns of SIDES; None where no month of any span is over."""
    about = _about(material)
    if not about.num_rows:
        return None
    spans = material.engine.given("about", about)
    names = about["about_month"].to_pylist()
    rows = material.few(material.engine.table("months", min(names)))
    here = rows.filter(rows.about_month >= min(names), rows.about_month <= max(names))
    both = newest(tellings(here, *SIDES)).inner_join(spans, "about_month").inner_join(material.lives, "site")
    inside = both.filter(both.life_first <= both.month_last, both.life_last >= both.month_first)
    return summed(inside, ("site", "span"), tuple(SIDES))


def tellings(rows: "ir.Table", *columns: str) -> "ir.Table":
    """Of rows of `months` one for each telling, with columns of SIDES: few are left to be compared by `newest`."""
    import ibis

    sides = {
        name: ibis.ifelse((rows.tally == tally) & (rows.side == side) if side else rows.tally == tally, rows.visits, 0)
        for name, (tally, side) in SIDES.items()
        if name in columns
    }
    return summed(rows.select(*WHOSE, "day", **sides), (*WHOSE, "day"), columns)


def newest(rows: "ir.Table") -> "ir.Table":
    """Of what was told of a month the rows of the newest telling of each memory of a PC."""
    last = rows.group_by(list(WHOSE)).aggregate(newest=rows.day.max())
    return rows.inner_join(last, list(WHOSE)).filter(lambda both: both.day == both.newest)


def _about(material: Material) -> "pa.Table":
    """span, about_month (YYYY-MM), month_first, month_last."""
    import pyarrow as pa

    rows = [
        (span, f"{one.first:%Y-%m}", one.first, one.last) for span in SPANS for one in months_of(material, span)
    ]  # fmt: skip
    kinds = {"span": pa.string(), "about_month": pa.string(), "month_first": pa.date32(), "month_last": pa.date32()}
    columns = list(zip(*rows, strict=True)) or [()] * len(kinds)
    return pa.table([pa.array(list(c), t) for c, t in zip(columns, kinds.values(), strict=True)], list(kinds))
