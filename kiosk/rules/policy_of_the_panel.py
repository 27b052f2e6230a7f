"""The sections of policy.toml that are set on the panel above all: a notice on START, and what managers may not set."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from kiosk.rules.choices import may_be_fixed
from kiosk.rules.policy_fields import Section
from kiosk.translations import _

# Letters of a notice: what START has room for at 1024×768 in large text.
LONGEST_NOTICE = 140
LONGEST_NAME = 120

Notice = Annotated[str, Field(strict=True, max_length=LONGEST_NOTICE)]
Day = Annotated[date, Field(strict=True)]


class NoticePolicy(Section):
    """A notice on START, from one day to another; without a day it has no end on that side. Empty: no notice."""

    vi: Notice = ""
    en: Notice = ""
    begins: Day | None = None
    ends: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.begins is not None and self.ends is not None and self.ends < self.begins:
            raise ValueError(_("an end that is not before the beginning"))
        return self


class PanelPolicy(Section):
    """The panel's settings. `site_name`: the name that the screens show; empty: that of site.toml.

    `fixed`: what managers may not set on the panel, as section or section.key.
    """

    site_name: Annotated[str, Field(strict=True, max_length=LONGEST_NAME)] = ""
    fixed: tuple[str, ...] = ()

    @field_validator("fixed")
    @classmethod
    def _known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        known = may_be_fixed()
        if not set(value) <= set(known):
            raise ValueError(_("some of {keys}", keys=", ".join(known)))
        return value
