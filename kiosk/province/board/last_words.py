"""What the lake knows of the newest planned day that each site told of in the last months."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from kiosk.province.indicators.world import World

WITHIN = timedelta(days=120)


@dataclass(frozen=True)
class LastWord:
    """`broken`: it planned to be open and no PC worked. `offline`: PCs were open, and none had a network."""

    day: date
    broken: bool
    offline: bool


def last_words(world: World, today: date) -> Mapping[str, LastWord]:
    """Site -> its newest planned day of the last four months; reckoned by the engine, a row a site."""
    import ibis

    first = today - WITHIN
    days = world.engine.table("site_days", f"{first:%Y-%m}", f"{today:%Y-%m}")
    days = days.filter(days.day >= ibis.literal(first), days.day <= ibis.literal(today), days.pcs_planned > 0)
    newest = days.group_by("site").aggregate(newest=days.day.max())
    joined = days.join(newest, [days.site == newest.site, days.day == newest.newest]).select(
        site=days.site, day=days.day, on=days.pcs_on, working=days.pcs_working, opened=days.open_minutes,
        online=days.internet_minutes,
    )  # fmt: skip
    return {
        row["site"]: LastWord(row["day"], row["working"] == 0 and row["on"] > 0,
                              row["opened"] > 0 and row["online"] == 0)
        for row in world.engine.rows(joined)
    }  # fmt: skip
