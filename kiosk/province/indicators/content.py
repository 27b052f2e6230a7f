"""What was read: openings of guides by theme, and the guides that were opened most."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from heapq import nsmallest
from typing import TYPE_CHECKING

from kiosk.province.guides import Guide
from kiosk.province.indicators.ask import Ask
from kiosk.province.indicators.coded import coded
from kiosk.province.indicators.material import Material
from kiosk.province.indicators.saying import plain, why_not
from kiosk.province.indicators.value import Value
from kiosk.province.indicators.world import World
from kiosk.rules.themes import THEMES

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

OTHER = "OTHER"  # of items that the province does not know
THEME_OF = {f"OPENS_{theme.code}": theme.code for theme in THEMES} | {f"OPENS_{OTHER}": OTHER}
CODES = ("OPENS", *THEME_OF)


@dataclass(frozen=True)
class Opened:
    """An item, what it is as far as the province knows, how often it was opened and at how many sites."""

    item: str
    guide: Guide | None
    times: int
    sites: int


def columns(codes: Collection[str]) -> Collection[str]:
    """The columns of the rollups that are needed."""
    return ("content_opens",) if "OPENS" in codes else ()


def part(material: Material, codes: Collection[str]) -> Mapping[str, Mapping[str, Value]]:
    """See parts.py."""
    sums, reasons = material.sums(*columns(codes)), material.silence
    themes = _by_theme(material) if any(code in THEME_OF for code in codes) else {}
    told = {theme: material.places.summed(sites) for theme, sites in themes.items()}

    def value(code: str, key: str) -> Value:
        if reasons[key]:
            return why_not(reasons[key])
        number = sums["content_opens"][key] if code == "OPENS" else told.get(THEME_OF[code], {}).get(key, 0)
        return plain(number, material.telling[key])

    return {key: {code: value(code, key) for code in codes} for key in material.places.keys}


def most_opened(world: World, ask: Ask, n: int = 20) -> tuple[Opened, ...]:
    """The items that were opened most, the first first; of equal ones by their names."""
    material = Material(world, ask)
    opens = coded(material, "open") if material.places.sites else None
    if opens is None:
        return ()
    by_item = opens.group_by("code").aggregate(times=opens.amount.sum().cast("int64"), sites=opens.site.nunique())
    # Sorted here: engines put letters into an order of their own, which would tell equals apart in other ways.
    rows = nsmallest(n, world.engine.rows(by_item), key=lambda row: (-row["times"], row["code"]))
    return tuple(
        Opened(row["code"], world.guides.get(row["code"]), row["times"], row["sites"]) for row in rows if row["times"]
    )


def _by_theme(material: Material) -> Mapping[str, Mapping[str, int]]:
    """Theme -> site -> openings."""
    opens = coded(material, "open")
    found: dict[str, Counter[str]] = defaultdict(Counter)
    if opens is not None:
        themes = material.engine.given("themes", _themes(material.world.guides))
        for row in material.engine.rows(_summed(opens, themes)):
            found[row["theme"]][row["site"]] += row["amount"]
    return found


def _summed(opens: "ir.Table", themes: "ir.Table") -> "ir.Table":
    import ibis

    both = opens.left_join(themes, opens.code == themes.item)
    named = both.select("site", "amount", theme=ibis.ifelse(both.theme.isnull(), OTHER, both.theme))
    return named.group_by(["site", "theme"]).aggregate(amount=named.amount.sum().cast("int64"))


def _themes(guides: Mapping[str, Guide]) -> "pa.Table":
    """item, theme."""
    import pyarrow as pa

    columns = {"item": list(guides), "theme": [one.theme for one in guides.values()]}
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
