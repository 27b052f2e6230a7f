"""The sections of policy.toml that decide who may sit down, when, and for how long."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from kiosk.rules.intervals import Interval
from kiosk.rules.policy_fields import (
    Falling,
    Flag,
    Intervals,
    Minutes,
    MinutesOrNone,
    Seconds,
    SecondsOrNone,
    Section,
    Sentence,
    Whole,
)
from kiosk.translations import _

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class SessionPolicy(Section):
    """How long a citizen may stay, and how much they may keep meanwhile.

    An `extension_minutes` or `staff_extension_minutes` of 0 offers none; a `home_mb` of 0 is a quarter of the memory, a
    `memory_mb` of 0 what the PC has without a quarter; less than a browser starts with counts as so much. Threads are
    `processes` too.
    """

    minutes: Minutes = 60
    extension_minutes: MinutesOrNone = 30
    staff_extension_minutes: MinutesOrNone = 15
    warnings: Falling = (10, 5, 1)
    last_screen_seconds: SecondsOrNone = 120
    visit_min_seconds: SecondsOrNone = 60
    resume_minutes: MinutesOrNone = 15
    home_mb: Annotated[Whole, Field(ge=0, le=65_536)] = 0
    processes: Annotated[Whole, Field(ge=300, le=30_000)] = 1500
    memory_mb: Annotated[Whole, Field(ge=0, le=1_048_576)] = 0


class TrainingPolicy(Section):
    """Training classes: a class that nobody ends is over after so long."""

    minutes: Minutes = 240


class IdlePolicy(Section):
    """Nobody touches anything. An `ask_after_minutes` of 0 never asks, a `screen_off_minutes` of 0 never darkens."""

    ask_after_minutes: MinutesOrNone = 10
    answer_seconds: Seconds = 120
    sign_in_reset_seconds: Seconds = 180
    screen_off_minutes: MinutesOrNone = 10


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


class TicketsPolicy(Section):
    """How long a ticket is good, today being its first day, and the most minutes that one may be worth."""

    days: Annotated[Whole, Field(ge=1, le=31)] = 1
    most_minutes: Annotated[Minutes, Field(gt=0, le=1440)] = 240


class QueuePolicy(Section):
    """Waiting numbers. `by_itself`: a PC that is free calls the next one; `spoken`: its screen also says it aloud."""

    by_itself: Flag = True
    spoken: Flag = False


class FeePolicy(Section):
    """A sentence about fees for the START screen; empty means free of charge. kiosk handles no money."""

    vi: Sentence = ""
    en: Sentence = ""


class QuestionsPolicy(Section):
    """Which sign-in questions are asked, and in which order; one that `order` leaves out comes last."""

    first: Flag = True
    person: Flag = True
    groups: Flag = True
    order: tuple[Literal["first", "person", "groups"], ...] = ("first", "person", "groups")

    @field_validator("order")
    @classmethod
    def _each_once(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(value)) < len(value):
            raise ValueError(_("each question once"))
        return value
