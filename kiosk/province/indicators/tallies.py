"""What sites told of the answers of whole calendar months: exact counts, as an Ibis expression.

A month is told on its next day; of each memory of a PC (lineage) the newest telling counts, and memories add up. Of a
month in which a site lived on any day all that is told counts: it cannot be told apart by days.
"""

from typing import TYPE_CHECKING

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
    import ibis

    about = _about(material)
    if not about.num_rows:
        return None
    spans = material.engine.given("about", about)
    rows = material.engine.table("months", min(about["about_month"].to_pylist()))
    both = newest(rows).inner_join(spans, "about_month").inner_join(material.lives, "site")
    here = both.filter(both.life_first <= both.month_last, both.life_last >= both.month_first)
    sides = {
        name: ibis.ifelse((here.tally == tally) & (here.side == side) if side else here.tally == tally, here.visits, 0)
        for name, (tally, side) in SIDES.items()
    }
    each = here.select("site", "span", **sides)
    return each.group_by(["site", "span"]).aggregate(**{name: each[name].sum().cast("int64") for name in SIDES})


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
