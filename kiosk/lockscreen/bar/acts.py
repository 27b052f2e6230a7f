"""What a citizen may do from the bar: each act's name, words, sign and key, for strip and sheets alike.

The key is pressed together with the Windows key. An act is offered where the state has what it needs, nowhere else.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from kiosk.lockscreen.bar.keys import key_of

if TYPE_CHECKING:
    from kiosk.lockscreen.bar.bar import Bar

STICKS_THAT_TAKE = ("ready", "saved", "trouble")
NOT_OURS = ("unknown", "unreadable")
# Why nothing can be written to a stick that can be read.
CLOSED = ("policy", "read_only", "repair", "foreign")


def takes(stick: Mapping[str, Any] | None) -> bool:
    """Whether something can be saved to a stick now."""
    return is_there(stick) and stick is not None and stick["detail"] not in CLOSED


def is_there(stick: Mapping[str, Any] | None) -> bool:
    """Whether a stick is open and at rest, so that it can be ejected."""
    return stick is not None and stick["state"] in STICKS_THAT_TAKE and stick["detail"] not in NOT_OURS


class Act(NamedTuple):
    """A button: what is called on the talk, its words, sign, style, and its key."""

    name: str
    text: str
    sign: str = ""
    style: str = "plain"
    key: str = ""


def menu(bar: "Bar") -> Act:
    """Back to the menu."""
    return Act("menu", bar.say("Menu"), "home", "plain", key_of("menu"))


def more(bar: "Bar", style: str = "act") -> Act:
    """So many minutes more, where they may be had; else the words that lead to the sentence why not."""
    extension = bar.state.get("extension") or {}
    if extension.get("offered"):
        return Act("more", bar.say("Add {n} minutes", n=extension.get("minutes", 0)), "plus", style, key_of("more"))
    return Act("more", bar.say("More time"), "plus", "plain", key_of("more"))


def call(bar: "Bar") -> Act:
    """Ask staff, or: they know."""
    told = bool(bar.state.get("help_asked"))
    words, sign = (bar.say("Staff told"), "check") if told else (bar.say("Help"), "help")
    return Act("help", words, sign, "plain", key_of("help"))


def finish(bar: "Bar") -> Act:
    """End the session; asks first."""
    return Act("finish", bar.say("Finish"), "door_open", "plain", key_of("finish"))


def typing(bar: "Bar") -> Act | None:
    """Vietnamese letters or plain ones: what a touch changes to."""
    now = bar.state.get("typing")
    if now not in ("vi", "en"):
        return None
    words = bar.say("Type plain letters") if now == "vi" else bar.say("Type Vietnamese")
    return Act("typing", words, "", "plain", key_of("typing"))


def usb(bar: "Bar") -> Act | None:
    """The sheet of the sticks."""
    return Act("usb", bar.say("Save to USB"), "usb", "plain", key_of("usb")) if bar.state.get("sticks") else None


def printing(bar: "Bar") -> Act | None:
    """The sheet of the printer."""
    if not bar.state.get("print"):
        return None
    return Act("printing", bar.say("Printing"), "print", "plain", key_of("printing"))


def reading(bar: "Bar") -> tuple[Act, ...]:
    """How everything is read, on the bar and on the menu alike; reached by Tab, as all digits are given away."""
    prefs = bar.prefs
    other = "English" if prefs.lang == "vi" else "Tiếng Việt"
    return (
        Act("larger", bar.say("Larger text"), "larger", "on" if prefs.large else "quiet"),
        Act("contrast", bar.say("High contrast"), "contrast", "on" if prefs.contrast else "quiet"),
        Act("language", other, "", "quiet"),
    )


def of_the_hub(bar: "Bar") -> tuple[Act, ...]:
    """Everything that can be done now, in the order of the keys."""
    time = more(bar) if bar.talk.may_ask_more() else None
    out = None if bar.is_class else finish(bar)
    acts = (menu(bar), time, call(bar), typing(bar), usb(bar), printing(bar), out)
    return (*(act for act in acts if act is not None), *reading(bar))
