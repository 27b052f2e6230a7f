"""Which part reckons which codes. A part is asked only for codes that somebody wants.

A part: `(material, codes) -> {key: {code: Value}}`, for every key of `material.places.keys` all of `codes`; a place of
which nothing can be said has a Value with the reason.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from kiosk.province.indicators import answers, effective, growth, reporting, sites, sums, users
from kiosk.province.indicators.material import Material
from kiosk.province.indicators.value import Value

Told = Mapping[str, Mapping[str, Value]]


@dataclass(frozen=True)
class Part:
    """`make` is called with those of `codes` that are wanted."""

    codes: tuple[str, ...]
    make: Callable[[Material, Collection[str]], Told]


PARTS: tuple[Part, ...] = (
    Part(effective.CODES, effective.part),
    Part(growth.CODES, growth.part),
    Part(sites.CODES, sites.part),
    Part(sums.CODES, sums.part),
    Part(users.CODES, users.part),
    Part(reporting.CODES, reporting.part),
    Part(answers.CODES, answers.part),
)
