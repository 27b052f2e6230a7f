"""All indicators of what was asked for: the one door through which board, report and files come.

with open_world(home) as world:
    told = figures(world, Ask(period, today, by="commune"))
    told.of("").get("VISITS")
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from kiosk.province.indicators.ask import WHOLE, Ask
from kiosk.province.indicators.value import Value
from kiosk.province.indicators.world import World

NOTHING = Value(reason="nothing_told")


@dataclass(frozen=True)
class Figures:
    """`places`: key -> code -> value; key WHOLE is all together, the others are by `ask.by` (units, lines, sites).

    `list_version`: of the frozen list by which sites are counted, "" where none was frozen. `incomplete`: days of which
    bundles could not be read, with how many.
    """

    ask: Ask
    places: Mapping[str, Mapping[str, Value]]
    list_version: str = ""
    incomplete: Mapping[str, int] = field(default_factory=dict)

    def of(self, key: str = WHOLE) -> Mapping[str, Value]:
        """The values of a place; {} where it has none."""
        return self.places.get(key, {})


def figures(world: World, ask: Ask, codes: Collection[str] = ()) -> Figures:
    """Every indicator (or those of `codes`, with no more work than they need) for the whole and for each place."""
    from kiosk.province.indicators.material import Material
    from kiosk.province.indicators.parts import asked_of

    parts = asked_of(frozenset(codes))
    columns = {name for part, wanted in parts for name in part.columns(wanted)}
    material = Material(world, ask, sorted(columns))
    told: dict[str, dict[str, Value]] = {key: {} for key in material.places.keys}
    for part, wanted in parts:
        if ask.elapsed is None:
            told[WHOLE] |= dict.fromkeys(wanted, NOTHING)
            continue
        for key, values in part.make(material, wanted).items():
            told[key].update(values)
    frozen = material.project_list
    return Figures(ask, told, frozen.version if frozen else "", world.incomplete)
