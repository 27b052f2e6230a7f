"""What all parts of the indicators share: the sites that were asked for, the days, and what each site told of them.

    material.places.keys                  the places to answer for: WHOLE and those of `ask.by`
    material.places.summed({site: 3})     what sites have, added up by place
    material.spans["before"]              the days of a span (spans.py), None where there are none
    material.told("now")["TH-001"]        a site's sums of a span: columns of the rollups, and planned, reported,
                                          opened, working (days, never more than the register plans); {} of nothing told
    material.answers.of("year")           a site's answers of the span's whole calendar months (users.py)
    material.lives                        an Ibis table of the sites: site, life_first, life_last; join it to anything

Nothing is read before it is asked for, and everything once.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from kiosk.province.indicators.ask import Ask
from kiosk.province.indicators.facts import Facts
from kiosk.province.indicators.places import Places, places_of
from kiosk.province.indicators.spans import Span, asked_of, spans_of
from kiosk.province.indicators.world import World
from kiosk.province.register.frozen_lists import FrozenList, list_for_year
from kiosk.rules.periods import Period

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from kiosk.province.indicators.users import Answers


class Material:
    """The world as one ask sees it."""

    def __init__(self, world: World, ask: Ask) -> None:
        self.world, self.ask = world, ask
        self.engine = world.engine
        self.spans: Mapping[Span, Period | None] = spans_of(ask)
        self._sums: dict[Span, Mapping[str, Mapping[str, int]]] = {}

    @cached_property
    def places(self) -> Places:
        """The sites that were asked for, and where they count."""
        listed = self.project_list.codes if self.project_list and self.ask.elapsed else ()
        return places_of(self.world.register, self.ask, asked_of(self.ask), listed)

    @cached_property
    def project_list(self) -> FrozenList | None:
        """The frozen list by which the year of the last day is counted."""
        return list_for_year(self.world.register.lists, self.ask.last.year)

    @cached_property
    def listed(self) -> frozenset[str]:
        """Of the frozen list the sites that were asked for."""
        return frozenset(self.places.sites) & self.project_list.codes if self.project_list else frozenset()

    @cached_property
    def facts(self) -> Facts:
        """What the sites told, as expressions."""
        return Facts(self.engine, self.places.sites, self.spans, self.ask.starts_on)

    @cached_property
    def lives(self) -> "ir.Table":
        """The sites with their lives: site, life_first, life_last (days; far away where nobody knows)."""
        return self.facts.lives

    @cached_property
    def living(self) -> frozenset[str]:
        """The sites that lived in the asked days."""
        return self.places.living(self.spans["now"])

    def told(self, span: Span = "now") -> Mapping[str, Mapping[str, int]]:
        """Site -> its sums in a span, of every site that lived in it; 0 in `days` where it has told nothing.

        Of "now" all columns; of the other spans days, planned, reported, opened, working and visits.
        """
        if span not in self._sums:
            self._sums[span] = self.facts.by_site(span)
        return self._sums[span]

    def told_sites(self, span: Span = "now") -> list[str]:
        """The sites of which anything is told in a span."""
        return [site for site, sums in self.told(span).items() if sums["days"]]

    @cached_property
    def answers(self) -> "Answers":
        """What was told of whole calendar months: first visits, users, visits without an answer (users.py)."""
        from kiosk.province.indicators.users import answers

        return answers(self)

    def sums(self, span: Span, *columns: str) -> dict[str, dict[str, int]]:
        """Column -> key -> sum over the sites of the place."""
        told = self.told(span)
        return {name: self.places.summed({site: one[name] for site, one in told.items()}) for name in columns}
