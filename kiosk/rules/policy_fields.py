"""What a policy is made of: sections, and the kinds of value in them. Strict: text is no number, and true is not 1."""

import re
import shlex
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from kiosk.rules.intervals import Interval, overlap, parse_interval
from kiosk.translations import _


def interval(value: object) -> Interval:
    """An interval, or what is allowed."""
    try:
        return parse_interval(value)
    except ValueError:
        text = _("an interval such as 07:30-11:30 that ends after it starts, at 24:00 at the latest")
        raise ValueError(text) from None


def clock(value: object) -> str:
    """A time of day as HH:MM, or what is allowed."""
    if not isinstance(value, str) or not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value, re.ASCII):
        raise ValueError(_("a time of day from 00:00 to 23:59"))
    return value


def falling(value: tuple[float, ...]) -> tuple[float, ...]:
    """Each once, the largest first."""
    return tuple(sorted(set(value), reverse=True))


def apart(value: tuple[Interval, ...]) -> tuple[Interval, ...]:
    """The intervals in order, or what is allowed."""
    if overlap(value):
        raise ValueError(_("intervals that do not overlap"))
    return tuple(sorted(value))


def program(value: str) -> str:
    """A command line with at least a program, or what is allowed."""
    try:
        words = shlex.split(value)
    except ValueError:
        words = []
    if not words or not words[0].strip():
        raise ValueError(_("a command, its quotes closed, such as chromium"))
    return value


def icon(value: str) -> str:
    """The name of a drawing, such as signs/book, or the path of a picture; or what is allowed."""
    drawing = re.fullmatch(r"[a-z]+/[a-z0-9_]+", value, re.ASCII)
    picture = value.startswith("/") and ".." not in value and value.endswith((".png", ".svg"))
    if not drawing and not picture:
        raise ValueError(_("a drawing such as programs/write, or the whole path of a .png or .svg file"))
    return value


Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Minutes = Annotated[Number, Field(gt=0, le=1440)]
MinutesOrNone = Annotated[Number, Field(ge=0, le=1440)]
Seconds = Annotated[Number, Field(gt=0, le=3600)]
SecondsOrNone = Annotated[Number, Field(ge=0, le=3600)]
Whole = Annotated[int, Field(strict=True)]
Flag = Annotated[bool, Field(strict=True)]
Sentence = Annotated[str, Field(strict=True, max_length=200)]
Program = Annotated[str, Field(strict=True, max_length=200), AfterValidator(program)]
Icon = Annotated[str, Field(strict=True, max_length=200), AfterValidator(icon)]
Queue = Annotated[str, Field(strict=True, max_length=127, pattern=r"^[A-Za-z0-9_.-]*$")]
Falling = Annotated[tuple[Minutes, ...], AfterValidator(falling)]
OneInterval = Annotated[Interval, BeforeValidator(interval)]
ClockTime = Annotated[str, BeforeValidator(clock)]
Intervals = Annotated[tuple[OneInterval, ...], AfterValidator(apart)]


class Section(BaseModel):
    """Frozen, and closed to keys it does not know: a misspelt key must never be silently ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")
