"""What the places of a question are called, as the register has them on its last day. Pure."""

from collections.abc import Iterable
from datetime import date

from kiosk.province.indicators.ask import LINES, Ask, By
from kiosk.province.indicators.places import in_life, places_of
from kiosk.province.indicators.world import World
from kiosk.province.outputs.material import Place
from kiosk.province.register.site_history import unit_as_of
from kiosk.province.register.units import LEVELS


def kinds_of(world: World, ask: Ask) -> tuple[By, ...]:
    """By which kinds of places a question can be told apart: never one within which it was asked."""
    if ask.site:
        return ()
    there = world.register.units.levels(ask.last)
    asked = world.register.units.get(ask.within)
    above = LEVELS.index(asked.level) + 1 if asked is not None else 0
    levels: tuple[By, ...] = ("district", "commune")
    lines: tuple[By, ...] = () if ask.line else ("line",)
    return (*lines, *(one for one in levels if one in there and LEVELS.index(one) >= above), "site")


def scope_of(world: World, ask: Ask) -> Place:
    """All that was asked for, as one place."""
    if ask.site:
        return named(world, "site", ask.site, ask.last)
    if ask.within:
        unit = world.register.units.get(ask.within)
        by: By = "district" if unit and unit.level == "district" else "commune"
        return named(world, "province" if unit and unit.level == "province" else by, ask.within, ask.last)
    if ask.line:
        return named(world, "line", ask.line, ask.last)
    own = [one.code for one in world.register.units if one.level == "province" and one.lives(ask.last)]
    return Place(own[0] if own else "", "province", world.name)


def named(world: World, by: By, key: str, day: date) -> Place:
    """A place by its key."""
    units = world.register.units
    if by == "site":
        site = world.register.sites.get(key)
        if site is None:
            return Place(key, "site", key)
        then = in_life(site, day)
        commune = units.name(unit_as_of(site, units, day), day)
        return Place(
            key, "site", site.value("name", then) or key, commune, site.value("owner", then),
            site.value("department", then),
        )  # fmt: skip
    if by == "line":
        return Place(key, "line", key, line=key if key in LINES else "")
    unit = units.get(key)
    if unit is None:
        return Place(key, by, key)
    above = [code for level, code in units.above(key, day).items() if level != unit.level]
    return Place(key, by, units.name(key, day) or key, units.name(above[0], day) if above else "")


def departments_of(world: World, ask: Ask, lines: Iterable[str] = LINES) -> tuple[str, ...]:
    """To whom the sites of a question report, by the register; those of the libraries first. Nothing is invented."""
    found: list[str] = []
    chosen = places_of(world.register, ask, ask.elapsed).sites.values()
    for line in lines:
        for site in chosen:
            then = in_life(site, ask.last)
            name = site.value("department", then)
            if name and site.value("owner", then) == line and name not in found:
                found.append(name)
    return tuple(found)
