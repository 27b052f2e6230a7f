"""The two screens on which somebody waits: for staff who were called, and whether the citizen is still there."""

from typing import TYPE_CHECKING

from kiosk.lockscreen.draw import Painter
from kiosk.lockscreen.screens.common import (
    Keys,
    Part,
    big_buttons,
    foot,
    heading_size,
    middle_of,
    paragraphs,
    words_column,
)
from kiosk.lockscreen.screens.notices import begin, ring
from kiosk.lockscreen.widgets import Button

if TYPE_CHECKING:
    from kiosk.lockscreen.lock import Lock


def helping(lock: "Lock", p: Painter) -> Keys:
    """Staff have been told: what happens now, the way back, and how to say that nobody need come."""
    look = p.look
    begin(lock, p)
    told = bool(lock.state.get("help_asked"))
    ring(p, 60 if told else 0, sign="help")
    left, room = words_column(p)
    text = lock.say("Staff have been told.") if told else lock.say("Telling staff.")
    parts = [
        Part(text, heading_size(p, text, room), True, look.on_dark, 0),
        Part(lock.say("Please stay here; somebody will come to you."), look.body, False, look.on_dark, look.px(12)),
    ]
    below = look.px(112) + look.px(36)
    end = paragraphs(p, parts, left, room, middle_of(p)[1], below)
    big_buttons(
        p,
        Button("close", lock.say("Go on by myself"), "back", "act", lock.citizen.close_aside),
        Button("take_back", lock.say("No help needed any more"), "", "dark", lock.citizen.take_help_back),
        left, end + look.px(36), room,
    )  # fmt: skip
    foot(lock, p, "family", lock.say("If nobody comes, please call staff."))
    return Keys(enter=lock.citizen.close_aside, escape=lock.citizen.close_aside)


def still(lock: "Lock", p: Painter) -> Keys:
    """The last seconds before START comes back; a touch anywhere, or any key, ends the count."""
    look, does = p.look, lock.citizen
    begin(lock, p)
    seconds = lock.patience.seconds_left or 0
    ring(p, seconds * 3, number=str(seconds), unit=lock.say("seconds"))
    left, room = words_column(p)
    text = lock.say("Are you still here?")
    note = lock.say("In {n} seconds the welcome screen comes back.", n=seconds)
    parts = [
        Part(text, heading_size(p, text, room), True, look.on_dark, 0),
        Part(note, look.body, False, look.on_dark, look.px(12)),
    ]
    below = look.px(112) + look.px(36)
    end = paragraphs(p, parts, left, room, middle_of(p)[1], below)
    p.target("anywhere", p.page, does.here)
    big_buttons(
        p,
        Button("here", lock.say("I am still here"), "hand", "act", does.here),
        Button("leave", lock.say("Finish"), "", "dark", does.leave),
        left, end + look.px(36), room,
    )  # fmt: skip
    foot(lock, p, "lock", lock.say("What you have answered here is forgotten then."))
    return Keys(enter=does.here, escape=does.here)
