"""Which part reckons which codes. A part is asked only for codes that somebody wants.

A part: `(material, codes) -> {key: {code: Value}}`, for every key of `material.places.keys` all of `codes`; a place of
which nothing can be said has a Value with the reason.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from kiosk.province.indicators import (
    answers,
    content,
    effective,
    equipment,
    growth,
    journal,
    missed,
    reporting,
    sites,
    sums,
    users,
)
from kiosk.province.indicators.material import Material
from kiosk.province.indicators.value import Value
from kiosk.province.lake.rollups import COUNTS

Told = Mapping[str, Mapping[str, Value]]


@dataclass(frozen=True)
class Part:
    """`make` is called with those of `codes` that are wanted. `columns`: which of the rollups it then reads of the
    asked days beside visits; all of them where it does not say.
    """

    codes: tuple[str, ...]
    make: Callable[[Material, Collection[str]], Told]
    columns: Callable[[Collection[str]], Collection[str]] = lambda _codes: COUNTS


def visits_alone(_codes: Collection[str]) -> Collection[str]:
    """No other column."""
    return ()


PARTS: tuple[Part, ...] = (
    Part(effective.CODES, effective.part, visits_alone),
    Part(sites.CODES, sites.part, visits_alone),
    Part(sums.CODES, sums.part, sums.columns),
    Part(users.CODES, users.part, visits_alone),
    Part(reporting.CODES, reporting.part, visits_alone),
    Part(answers.CODES, answers.part, visits_alone),
    Part(growth.CODES, growth.part, visits_alone),
    Part(content.CODES, content.part, content.columns),
    Part(missed.CODES, missed.part, missed.columns),
    Part(journal.CODES, journal.part, visits_alone),
    Part(equipment.CODES, equipment.part, equipment.columns),
)


def asked_of(codes: Collection[str]) -> list[tuple[Part, list[str]]]:
    """The parts that are needed, each with those of its codes that are wanted; all of them where `codes` is empty."""
    wanted = [(one, [code for code in one.codes if not codes or code in codes]) for one in PARTS]
    return [(one, some) for one, some in wanted if some]
