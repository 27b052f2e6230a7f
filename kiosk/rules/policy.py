"""policy.toml as a frozen Policy: what a site has decided about time, hours, questions and disclosure.

Durations are minutes and may be decimals (0.1 is six seconds) unless the key says seconds, months or years. Defaults
are DOMAIN.md's "Default policy". Every wrong field is reported at once, by path, value and what is allowed.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from kiosk.errors import SettingsError
from kiosk.rules.intervals import Interval
from kiosk.rules.policy_fields import (
    ClockTime,
    Falling,
    Flag,
    Icon,
    Intervals,
    Minutes,
    MinutesOrNone,
    Program,
    Queue,
    Seconds,
    SecondsOrNone,
    Sentence,
    Whole,
)
from kiosk.rules.policy_problems import problems_of
from kiosk.translations import _

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Section(BaseModel):
    """Frozen, and closed to keys it does not know: a misspelt key must never be silently ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SessionPolicy(Section):
    """How long a citizen may stay, and how much they may keep meanwhile.

    An `extension_minutes` or `staff_extension_minutes` of 0 offers none; a `home_mb` of 0 is a quarter of the memory.
    """

    minutes: Minutes = 60
    extension_minutes: MinutesOrNone = 30
    staff_extension_minutes: MinutesOrNone = 15
    warnings: Falling = (10, 5, 1)
    last_screen_seconds: SecondsOrNone = 120
    visit_min_seconds: SecondsOrNone = 60
    resume_minutes: MinutesOrNone = 15
    home_mb: Annotated[Whole, Field(ge=0, le=65_536)] = 0


class IdlePolicy(Section):
    """When nobody touches anything. An `ask_after_minutes` of 0 never asks."""

    ask_after_minutes: MinutesOrNone = 10
    answer_seconds: Seconds = 120
    sign_in_reset_seconds: Seconds = 180


class ClosingPolicy(Section):
    """The last minutes before the site closes."""

    no_start_minutes: MinutesOrNone = 10
    notices: Falling = (15, 5)


class HoursException(Section):
    """One date with hours of its own; none means closed."""

    date: Annotated[date, Field(strict=True)]
    hours: Intervals = ()
    note: Sentence = ""


class HoursPolicy(Section):
    """Opening hours by weekday; a weekday that is left out is closed."""

    monday: Intervals = ()
    tuesday: Intervals = ()
    wednesday: Intervals = ()
    thursday: Intervals = ()
    friday: Intervals = ()
    saturday: Intervals = ()
    sunday: Intervals = ()
    exceptions: tuple[HoursException, ...] = ()

    @field_validator("exceptions")
    @classmethod
    def _one_a_date(cls, value: tuple[HoursException, ...]) -> tuple[HoursException, ...]:
        if len({one.date for one in value}) < len(value):
            raise ValueError(_("one exception for each date"))
        return value

    @model_validator(mode="after")
    def _some_day(self) -> Self:
        if not any(getattr(self, day) for day in DAYS) and not any(one.hours for one in self.exceptions):
            raise ValueError(_("at least one open interval; leave [hours] out for a station that is always open"))
        return self

    def on(self, day: date) -> tuple[Interval, ...]:
        """The intervals of one local date, exceptions first."""
        for one in self.exceptions:
            if one.date == day:
                return one.hours
        hours: tuple[Interval, ...] = getattr(self, DAYS[day.weekday()])
        return hours


class EntryPolicy(Section):
    """Who may start a session: the citizen alone, with a ticket, or the staff on their behalf."""

    ways: Annotated[tuple[Literal["citizen", "ticket", "staff"], ...], Field(min_length=1)] = ("citizen", "staff")


class FeePolicy(Section):
    """A sentence about fees for the START screen; empty means free of charge. kiosk handles no money."""

    vi: Sentence = ""
    en: Sentence = ""


class QuestionsPolicy(Section):
    """Which sign-in questions are asked."""

    first: Flag = True
    person: Flag = True
    groups: Flag = True


class ProgramsPolicy(Section):
    """The citizen's programs by command name, and whether the Internet is offered."""

    browser: Program = "chromium"
    window_manager: Program = "openbox"
    internet: Flag = True


class ProgramName(Section):
    """What a program's tile says, in both languages."""

    vi: Annotated[Sentence, Field(min_length=1)]
    en: Annotated[Sentence, Field(min_length=1)]


class ProgramPolicy(Section):
    """A program on the menu, shown where its command is installed. `icon`: a drawing of ours, or a PNG or SVG file."""

    name: ProgramName
    command: Program
    icon: Icon = "programs/program"


class InputPolicy(Section):
    """How Vietnamese is typed; "none" leaves it to the keyboard's own layout."""

    method: Literal["unikey", "none"] = "unikey"
    typing: Literal["telex", "vni"] = "telex"


class SoundPolicy(Section):
    """How loud the PC is when a session begins, in percent; 0 is silent."""

    volume: Annotated[Whole, Field(ge=0, le=100)] = 60


class SticksPolicy(Section):
    """USB sticks of citizens: whether they are opened in a session, and whether they may be written to."""

    allowed: Flag = True
    read_only: Flag = False


class PrintPolicy(Section):
    """Whether citizens may print, and who lets them. `pages_max` 0: as many pages as they like."""

    mode: Literal["off", "staff", "free"] = "off"
    queue: Queue = ""
    pages_max: Annotated[Whole, Field(ge=0, le=1000)] = 20


class RetentionPolicy(Section):
    """How long rows are kept: sessions, then day totals; staff actions."""

    sessions_months: Annotated[Whole, Field(ge=1, le=120)] = 13
    totals_years: Annotated[Whole, Field(ge=1, le=50)] = 5
    audit_months: Annotated[Whole, Field(ge=1, le=120)] = 12


class ExportPolicy(Section):
    """When the day's bundle is written (local time), and the day on which the month before is locked."""

    at: ClockTime = "23:30"
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
    """The day a reported month begins on. 15: "November" runs from 15 October to 14 November (Decree 09/2019, 12)."""

    month_starts_on: Annotated[Whole, Field(ge=1, le=28)] = 1


class StaffPolicy(Section):
    """The staff PIN and what wrong tries cost; the wait doubles every time."""

    pin_digits: Annotated[Whole, Field(ge=4, le=12)] = 6
    tries: Annotated[Whole, Field(ge=1, le=20)] = 5
    wait_minutes: Minutes = 5


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


class Policy(Section):
    """The whole policy. Without [hours] the station is always open."""

    session: SessionPolicy = SessionPolicy()
    idle: IdlePolicy = IdlePolicy()
    closing: ClosingPolicy = ClosingPolicy()
    hours: HoursPolicy | None = None
    entry: EntryPolicy = EntryPolicy()
    fee: FeePolicy = FeePolicy()
    questions: QuestionsPolicy = QuestionsPolicy()
    programs: ProgramsPolicy = ProgramsPolicy()
    program: Annotated[tuple[ProgramPolicy, ...], Field(max_length=12)] = ()
    input: InputPolicy = InputPolicy()
    sound: SoundPolicy = SoundPolicy()
    sticks: SticksPolicy = SticksPolicy()
    print: PrintPolicy = PrintPolicy()
    retention: RetentionPolicy = RetentionPolicy()
    export: ExportPolicy = ExportPolicy()
    content: ContentPolicy = ContentPolicy()
    report: ReportPolicy = ReportPolicy()
    staff: StaffPolicy = StaffPolicy()
    disclosure: DisclosurePolicy = DisclosurePolicy()


def parse_policy(data: Mapping[str, Any]) -> Policy:
    """A parsed policy.toml as a Policy; SettingsError lists every wrong field: path = value: what is allowed."""
    try:
        return Policy.model_validate(dict(data))
    except ValidationError as error:
        raise SettingsError(
            _("The policy is not right."),
            _("Correct policy.toml and check it with kiosk policy check FILE."),
            problems_of(error, Policy),
        ) from None
