"""Which sites were asked for, and to which place each belongs: a unit of the level, a line, a site. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from kiosk.province.indicators.ask import NOWHERE, WHOLE, Ask
from kiosk.province.register.site_history import SiteHistory, unit_as_of
from kiosk.province.register.state import Register
from kiosk.rules.periods import Period


@dataclass(frozen=True)
class Places:
    """The sites of an ask by their codes, with the key of their place; WHOLE where all are told together."""

    sites: Mapping[str, SiteHistory]
    key_of: Mapping[str, str]

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """WHOLE, then the keys of all places in order."""
        return (WHOLE, *sorted(set(self.key_of.values()) - {WHOLE}))

    def of(self, site: str) -> tuple[str, ...]:
        """The keys under which a site is counted."""
        key = self.key_of[site]
        return (WHOLE,) if key == WHOLE else (WHOLE, key)

    def living(self, *spans: Period | None) -> frozenset[str]:
        """The sites that lived on a day of one of these at least."""
        return frozenset(
            code for code, site in self.sites.items() if any(one is not None and lived(site, one) for one in spans)
        )

    def counted(self, sites: Iterable[str]) -> dict[str, int]:
        """Key -> how many of these sites it has."""
        return self.summed(dict.fromkeys(sites, 1))

    def summed(self, amounts: Mapping[str, int]) -> dict[str, int]:
        """Key -> sum of what its sites have; 0 for a place that has none of them."""
        found = dict.fromkeys(self.keys, 0)
        for site, amount in amounts.items():
            for key in self.of(site):
                found[key] += amount
        return found


def lived(site: SiteHistory, span: Period) -> bool:
    """Whether a site was there on any day of a span."""
    return (site.opened is None or site.opened <= span.last) and (site.last is None or site.last >= span.first)


def places_of(register: Register, ask: Ask, span: Period | None, listed: Collection[str] = ()) -> Places:
    """The sites of `ask`, each in its place on the last day that has been.

    Those that lived in `span`, or that are `listed`: a unit whose sites all ended long ago is no place to tell of.
    """
    found = {}
    for code, site in register.sites.items():
        if ask.site and code != ask.site or code not in listed and (span is None or not lived(site, span)):
            continue
        line = site.value("owner", in_life(site, ask.last))
        if ask.line and line != ask.line:
            continue
        units = _units(register, site, ask.last) if ask.within or ask.by in ("district", "commune") else {}
        if ask.within and ask.within not in units.values():
            continue
        found[code] = {"province": WHOLE, "site": code, "line": line}.get(ask.by, units.get(ask.by, NOWHERE))
    return Places({code: register.sites[code] for code in found}, found)


def in_life(site: SiteHistory, day: date) -> date:
    """The day, or the nearest one of the site's life."""
    return max(min(day, site.last or day), site.opened or date.min)


def _units(register: Register, site: SiteHistory, day: date) -> Mapping[str, str]:
    return register.units.above(unit_as_of(site, register.units, day), day)
