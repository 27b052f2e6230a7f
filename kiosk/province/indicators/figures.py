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
    from kiosk.province.indicators.parts import PARTS

    material = Material(world, ask)
    told: dict[str, dict[str, Value]] = {key: {} for key in material.places.keys}
    if ask.elapsed is None:
        wanted = [code for one in PARTS for code in one.codes if not codes or code in codes]
        return Figures(ask, {key: dict.fromkeys(wanted, NOTHING) for key in told}, incomplete=world.incomplete)
    for one in PARTS:
        if wanted := [code for code in one.codes if not codes or code in codes]:
            for key, values in one.make(material, wanted).items():
                told[key].update(values)
    frozen = material.project_list
    return Figures(ask, told, frozen.version if frozen else "", world.incomplete)
