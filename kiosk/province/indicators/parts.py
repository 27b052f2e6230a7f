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

Told = Mapping[str, Mapping[str, Value]]


@dataclass(frozen=True)
class Part:
    """`make` is called with those of `codes` that are wanted; of the rollups it then reads `columns` beside visits."""

    codes: tuple[str, ...]
    make: Callable[[Material, Collection[str]], Told]
    columns: Callable[[Collection[str]], Collection[str]] = lambda _codes: ()


PARTS: tuple[Part, ...] = (
    Part(effective.CODES, effective.part),
    Part(sites.CODES, sites.part),
    Part(sums.CODES, sums.part, sums.columns),
    Part(users.CODES, users.part),
    Part(reporting.CODES, reporting.part),
    Part(answers.CODES, answers.part),
    Part(growth.CODES, growth.part),
    Part(content.CODES, content.part),
    Part(missed.CODES, missed.part),
    Part(journal.CODES, journal.part),
    Part(equipment.CODES, equipment.part),
)


def asked_of(codes: Collection[str]) -> list[tuple[Part, list[str]]]:
    """The parts that are needed, each with those of its codes that are wanted; all of them where `codes` is empty."""
    wanted = [(one, [code for code in one.codes if not codes or code in codes]) for one in PARTS]
    return [(one, some) for one, some in wanted if some]
