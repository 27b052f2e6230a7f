"""What all parts of the indicators share: the sites that were asked for, the days, and what each site told of them.

    material.places.keys                  the places to answer for: WHOLE and those of `ask.by`
    material.places.summed({site: 3})     what sites have, added up by place
    material.spans["before"]              the days of a span (spans.py), None where there are none
    material.sums("visits", "seconds")    column -> key -> sum of the asked days
    material.rows["TH-001"]               of a site days, planned, reported, opened, working (never more than the
                                          register plans), visits in every span; its months (site_rows.py)
    material.answers.of("year")           a site's answers of the span's whole calendar months (users.py)
    material.lives                        an Ibis table of the sites: site, life_first, life_last; join it to anything

Nothing is read before it is asked for, and everything once.
"""

from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from kiosk.province.indicators.ask import Ask
from kiosk.province.indicators.facts import Facts, summed
from kiosk.province.indicators.lives import Lives, lives_of, widened
from kiosk.province.indicators.places import Places, places_of
from kiosk.province.indicators.site_rows import OF_EVERY_SPAN, called, site_rows
from kiosk.province.indicators.spans import Segment, Span, all_of, asked_of, cut, spans_of, whole_months
from kiosk.province.indicators.value import Reason
from kiosk.province.indicators.world import World
from kiosk.province.lake.rollups import COUNTS
from kiosk.province.register.frozen_lists import FrozenList, list_for_year
from kiosk.rules.periods import Period

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from kiosk.province.indicators.users import Answers

Sums = Mapping[str, int]
T = TypeVar("T")
FEW = 40  # sites that are named in a question


class Material:
    """The world as one ask sees it. `columns`: of the rollups those that a part will want of the asked days."""

    def __init__(self, world: World, ask: Ask, columns: Collection[str] = COUNTS) -> None:
        self.world, self.ask = world, ask
        self.engine = world.engine
        self.spans: Mapping[Span, Period | None] = spans_of(ask)
        self._once: dict[Callable[[Material], Any], Any] = {}
        self._columns = tuple(name for name in columns if name not in OF_EVERY_SPAN)

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
    def cuts(self) -> Mapping[Span, tuple[Segment, ...]]:
        """The segments of every span."""
        return cut(self.spans, self.ask.starts_on)

    @cached_property
    def known_lives(self) -> Lives:
        """By site the days of its life, with days before or after it of which nothing came (lives.py)."""
        return widened(self.engine, lives_of(self.places.sites), all_of(self.cuts.values()))

    @cached_property
    def facts(self) -> Facts:
        """What the sites told in all spans, as expressions."""
        return Facts(self.engine, self.places.sites, all_of(self.cuts.values()), self.known_lives)

    @cached_property
    def lives(self) -> "ir.Table":
        """The sites with their lives: site, life_first, life_last (days; far away where nobody knows)."""
        return self.facts.lives

    @cached_property
    def living(self) -> frozenset[str]:
        """The sites that lived in the asked days."""
        return self.places.living(self.spans["now"])

    @cached_property
    def months(self) -> list[Segment]:
        """The reported months of the period that are over."""
        span = self.spans["now"]
        return [] if span is None else whole_months(span, self.ask.starts_on)

    @cached_property
    def rows(self) -> Mapping[str, Sums]:
        """Site -> all of its row (site_rows.py)."""
        if not self.facts.segments:
            return {}
        asked = site_rows(self.engine, self.facts, self.cuts, self.months)
        return {row["site"]: row for row in self.engine.rows(asked)}

    @cached_property
    def counts(self) -> Mapping[str, Sums]:
        """Site -> its sums of `columns` in the asked days; of sites that told nothing there is none."""
        if not self.cuts["now"] or not self._columns:
            return {}
        told = Facts(self.engine, self.places.sites, self.cuts["now"], self.known_lives).told(*self._columns)
        return {row["site"]: row for row in self.engine.rows(summed(told, ("site",), self._columns))}

    def told_sites(self, span: Span = "now") -> list[str]:
        """The sites of which anything is told in a span."""
        days = called("days", span)
        return [site for site, row in self.rows.items() if row[days]]

    @cached_property
    def telling(self) -> Mapping[str, int]:
        """Key -> how many of its sites told anything of the asked days."""
        return self.places.counted(self.told_sites())

    @cached_property
    def silence(self) -> Mapping[str, Reason]:
        """Key -> why nothing can be said of what sites told in the asked days; "" where something can."""
        living = self.places.counted(self.living)
        return {
            key: "" if self.telling[key] else "nothing_told" if living[key] else "no_sites" for key in self.places.keys
        }

    def few(self, rows: "ir.Table") -> "ir.Table":
        """The rows, without those of other sites where few were asked for: a join with `lives` alone comes late."""
        sites = self.places.sites
        return rows.filter(rows.site.isin(list(sites))) if 0 < len(sites) <= FEW else rows

    @property
    def answers(self) -> "Answers":
        """What was told of whole calendar months: first visits, users, visits without an answer (users.py)."""
        from kiosk.province.indicators.users import answers

        return self.once(answers)

    def once(self, read: "Callable[[Material], T]") -> T:
        """What a function of a part reads of this material; read once, for all parts that want it."""
        if read not in self._once:
            self._once[read] = read(self)
        found: T = self._once[read]
        return found

    def sums(self, *columns: str, span: Span = "now") -> dict[str, dict[str, int]]:
        """Column -> key -> sum over the sites of the place: one of OF_EVERY_SPAN, or of "now" one of `columns`."""
        return {name: self.places.summed(self._amounts(name, span)) for name in columns}

    def _amounts(self, name: str, span: Span) -> Mapping[str, int]:
        if name in OF_EVERY_SPAN:
            return {site: row[called(name, span)] for site, row in self.rows.items()}
        return {site: row[name] for site, row in self.counts.items()}
