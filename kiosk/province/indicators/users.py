"""People of the calendar year: by site F + U·F/(F + R) where F + R is at least 20, else F; then added up over sites.

One person at two sites counts twice. Whole numbers, halves up, as rules/figures.users has it, for every engine alike.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.province.indicators.material import Material
from kiosk.province.indicators.saying import plain, why_not
from kiosk.province.indicators.site_rows import called
from kiosk.province.indicators.spans import Span
from kiosk.province.indicators.tallies import months_of, tallies
from kiosk.province.indicators.value import Reason, Value
from kiosk.rules.figures import MIN_ANSWERS

if TYPE_CHECKING:
    import ibis.expr.types as ir

CODES = ("USERS", "FIRST")


@dataclass(frozen=True)
class Answers:
    """By span, site and column (tallies.SIDES and `users`) what was told of whole months."""

    by_span: Mapping[str, Mapping[str, Mapping[str, int]]]

    def of(self, span: Span) -> Mapping[str, Mapping[str, int]]:
        """Site -> its counts; of sites that told none there is nothing."""
        return self.by_span.get(span, {})


def estimated(told: "ir.Table") -> "ir.Table":
    """The rows of tallies.py with `users`. A remainder is taken off first, so that no engine rounds."""
    import ibis

    answered = told["first"] + told.been
    twice = ibis.ifelse(answered > 0, 2 * answered, 1)
    over = 2 * told.unknown * told["first"] + answered
    share = ((over - over % twice) / twice).cast("int64")
    return told.mutate(users=ibis.ifelse(answered >= MIN_ANSWERS, told["first"] + share, told["first"]))


def answers(material: Material) -> Answers:
    """What was told, read once for all parts."""
    told = tallies(material)
    found: dict[str, dict[str, Mapping[str, int]]] = {}
    if told is not None:
        for row in material.engine.rows(estimated(told)):
            found.setdefault(row["span"], {})[row["site"]] = row
    return Answers(found)


def part(material: Material, codes: Collection[str]) -> Mapping[str, Mapping[str, Value]]:
    """See parts.py."""
    found: dict[str, dict[str, Value]] = {key: {} for key in material.places.keys}
    if "USERS" in codes:
        _users(material, found)
    if "FIRST" in codes:
        _first(material, found)
    return found


def _users(material: Material, found: Mapping[str, dict[str, Value]]) -> None:
    told, reasons = material.answers.of("year"), unanswered(material, "year")
    sums = {
        name: material.places.summed({site: row[name] for site, row in told.items()})
        for name in ("users", "first", "unknown")
    }
    sites = material.places.counted({*told, *material.told_sites("year")})
    for key, values in found.items():
        low = sums["first"][key]
        values["USERS"] = (
            why_not(reasons[key])
            if reasons[key]
            else Value(sums["users"][key], low=low, high=low + sums["unknown"][key], sites=sites[key])
        )


def _first(material: Material, found: Mapping[str, dict[str, Value]]) -> None:
    told, reasons = material.answers.of("now"), unanswered(material, "now")
    sums = material.places.summed({site: row["first"] for site, row in told.items()})
    sites = material.places.counted({*told, *material.told_sites()})
    for key, values in found.items():
        values["FIRST"] = why_not(reasons[key]) if reasons[key] else plain(sums[key], sites[key])


def silence(material: Material, span: Span) -> dict[str, Reason]:
    """Key -> why nothing can be said of a span's whole calendar months; "" where something can."""
    if not months_of(material, span):
        return dict.fromkeys(material.places.keys, "not_over")
    days = material.spans[span]
    living = material.places.counted(material.places.living(days))
    told = material.places.counted({*material.answers.of(span), *material.told_sites(span)})
    return {key: "" if told[key] else "nothing_told" if living[key] else "no_sites" for key in material.places.keys}


def unanswered(material: Material, span: Span) -> dict[str, Reason]:
    """Key -> the same of its answers. Where people came and no word on any month did, they are unknown, not nought;
    of a month in which nobody came no PC has a word.
    """
    visits = called("visits", span)
    empty = [site for site in material.told_sites(span) if not material.rows[site][visits]]
    known = material.places.counted({*material.answers.of(span), *empty})
    return {key: why or ("" if known[key] else "nothing_told") for key, why in silence(material, span).items()}
