"""The sections of policy.toml that decide what a citizen finds on the PC: programs, typing, sound, sticks, paper."""

from typing import Annotated, Literal

from pydantic import Field

from kiosk.rules.policy_fields import Flag, Icon, Program, Queue, Section, Sentence, Whole


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
    """A program on the menu, shown where its command is installed. `icon`: a drawing of ours, or a PNG or SVG file.

    `shown` false: not on the menu just now, and a manager may bring it back on the panel.
    """

    name: ProgramName
    command: Program
    icon: Icon = "programs/program"
    shown: Flag = True


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
