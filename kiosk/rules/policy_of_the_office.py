"""The sections of policy.toml for staff and province: what is kept, told, fetched and guarded."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from kiosk.rules.intervals import Interval
from kiosk.rules.policy_fields import ClockTime, Flag, Intervals, Minutes, MinutesOrNone, Section, Sentence, Whole
from kiosk.translations import _


class RetentionPolicy(Section):
    """How long rows are kept: sessions, then day totals; staff actions."""

    sessions_months: Annotated[Whole, Field(ge=1, le=120)] = 13
    totals_years: Annotated[Whole, Field(ge=1, le=50)] = 5
    audit_months: Annotated[Whole, Field(ge=1, le=120)] = 12


class ExportPolicy(Section):
    """When the day's bundle is written (local time), and the day on which the month before is locked.

    `spread_minutes`: within so long each station of a province begins to send at a moment of its own.
    """

    at: ClockTime = "23:30"
    spread_minutes: MinutesOrNone = 30
    lock_day: Annotated[Whole, Field(ge=1, le=28)] = 3


class ContentPolicy(Section):
    """When, and how fast, the province's content is fetched by itself. No `fetch_hours`: at any time.

    A station that is switched off in those hours fetches at another time, `late_days` after its last update; 0: never.
    """

    fetch_hours: Intervals = (Interval(0, 450), Interval(1020, 1440))
    late_days: Annotated[Whole, Field(ge=0, le=365)] = 2
    speed_kb: Annotated[Whole, Field(ge=0, le=1_000_000)] = 256
    take_policy: Flag = True


class ReportPolicy(Section):
    """The day a reported month begins on. 15: "November" runs from 15 October to 14 November (Decree 09/2019, 12).

    On paper: the body that the site belongs to, above its name, and whom the report goes to.
    """

    month_starts_on: Annotated[Whole, Field(ge=1, le=28)] = 1
    above: Sentence = ""
    addressed_to: Annotated[tuple[Sentence, ...], Field(max_length=6)] = ()


class StaffPolicy(Section):
    """The staff PIN and what wrong tries cost; the wait doubles every time. Who does nothing is signed out."""

    pin_digits: Annotated[Whole, Field(ge=4, le=12)] = 6
    tries: Annotated[Whole, Field(ge=1, le=20)] = 5
    wait_minutes: Minutes = 5
    sign_out_minutes: Minutes = 15


class DisclosurePolicy(Section):
    """k and B of DOMAIN.md, Disclosure. Stricter is allowed, laxer is not: the rule was proved for these."""

    k: Annotated[Whole, Field(ge=5, le=100)] = 5
    root_tests: Annotated[Whole, Field(ge=20, le=1000)] = 20
    child_tests: Annotated[Whole, Field(ge=10, le=1000)] = 10

    @model_validator(mode="after")
    def _in_proportion(self) -> Self:
        if self.child_tests < 2 * self.k or self.root_tests < 4 * self.k:
            raise ValueError(_("child_tests at least 2 × k and root_tests at least 4 × k"))
        return self
