"""One station as the panel shows it: from the `state` message to a sign, words, strokes and what may be done. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kiosk.web.words import Sentence, says

STROKES = 60
TONES = ("fault", "soon", "busy", "free", "no-report")
# Besides a state's own buttons; a state that is not here has none.
MORE = {
    "free": ("class_begin", "power"),
    "open": ("message", "power"),
    "class": ("message", "power"),
    "closed": ("class_begin", "power"),
    "out_of_order": ("power",),
}
SOON_MINUTES = 10  # under this many minutes the card turns yellow


@dataclass(frozen=True)
class Look:
    """How a state looks: colour of the card's head, sign, and the words beside it."""

    tone: str
    sign: str
    words: Sentence


@dataclass(frozen=True)
class Card:
    """What the template draws. `strokes`: tall strokes of sixty, None when no time runs. `actions`: in their order.

    `more`: what else may be done, by the endpoint of its page. `told`: what staff wrote, with when. `undo`: the minutes
    that can still be taken back. `accessible`: whether twice the time is switched on, None where there is nobody to
    give it to.
    """

    station: str
    look: Look
    strokes: int | None
    notes: tuple[Sentence | str, ...]
    actions: tuple[str, ...]
    minutes: int
    session: str
    granted: int
    urgent: bool = False
    accessible: bool | None = None
    more: tuple[str, ...] = ()
    told: Mapping[str, str] | None = None
    undo: float | None = None

    @property
    def rank(self) -> int:
        """What asks for somebody comes first where there are several: help, faults, little time, then the calm ones."""
        return 0 if self.urgent else 1 + TONES.index(self.look.tone)

    @staticmethod
    def endpoint(action: str) -> str:
        """The view behind a button: the orders share a name, classes have pages of their own."""
        return action if action.startswith("class_") else f"order_{action}"


def card(state: Mapping[str, Any]) -> Card:
    """The card of the station that sent `state`."""
    left = minutes_left(state)
    return Card(
        station=str(state.get("station", "")),
        look=_look(state, left),
        strokes=None if left is None else min(STROKES, left),
        notes=tuple(_notes(state)),
        actions=_actions(state),
        minutes=extension_minutes(state),
        session=str(state.get("session") or ""),
        granted=int(state.get("granted") or 0),
        urgent=bool(state.get("help_asked")),
        accessible=bool(state.get("accessible")) if state.get("state") in ("open", "free", "asking") else None,
        more=_more(state),
        told=state.get("told"),
        undo=state.get("undo"),
    )


def minutes_left(state: Mapping[str, Any]) -> int | None:
    """Whole minutes left of an open session, the last one counting until it is over."""
    seconds = state.get("seconds_left")
    if state.get("state") != "open" or seconds is None:
        return None
    return max(0, math.ceil(int(seconds) / 60))


def extension_minutes(state: Mapping[str, Any]) -> int:
    """The minutes that the button adds: fewer while somebody waits, if the policy says so."""
    return round((state.get("staff_extension") or state.get("extension") or {}).get("minutes") or 30)


def _look(state: Mapping[str, Any], left: int | None) -> Look:
    name = state.get("state")
    if name == "open" and left is not None:
        tone, sign = ("soon", "st_soon") if left < SOON_MINUTES else ("busy", "st_busy")
        return Look(tone, sign, says("In use, {n} min left", n=left))
    if name == "free" and state.get("resume"):
        return Look("soon", "plug", says("Power was cut, waiting to go on"))
    if state.get("staff") in ("opening", "open"):
        return Look("busy", "st_busy", says("Staff are at this computer"))
    if name == "ending" or state.get("staff") or (name == "free" and state.get("wiping")):
        return Look("no-report", "st_wait", says("Clearing traces"))
    return {
        "free": Look("free", "st_free", says("Free")),
        "asking": Look("busy", "st_busy", says("Signing in")),
        "closed": Look("no-report", "st_none", says("Outside opening hours")),
        "out_of_order": Look("fault", "st_fault", says("Faulty")),
        "class": Look("busy", "st_busy", says("Class in progress")),
    }.get(str(name), Look("no-report", "st_none", says("No contact")))


def _notes(state: Mapping[str, Any]) -> list[Sentence | str]:
    name, notes = state.get("state"), list[Sentence | str]()
    if state.get("help_asked"):
        notes.append(says("The person at this computer asks for help."))
    known = state.get("class") or {}
    if known.get("ended"):
        notes.append(says("The class “{title}” is over ({begin}–{end}). How many people came?", title=known["title"],
                          begin=known["began"], end=known["ended"]))  # fmt: skip
    elif name == "class" and known:
        notes.append(says("“{title}”, since {begin}", title=known["title"] or "…", begin=known["began"]))
    if name == "open" and state.get("idle") is not None:
        notes.append(says("Nobody has touched it for a while; the computer asks whether anybody is there."))
    if name == "free" and state.get("resume"):
        notes.append(says("{n} minutes are kept for the person who was here.", n=round(state["resume"]["minutes"])))
    elif state.get("staff"):
        notes.append(says("The panel is open there. Nobody else can start until they sign out."))
    elif name == "free":
        notes.append(says("Nobody is using it."))
    if name == "asking":
        notes.append(says("Somebody is answering the questions on the screen."))
    if name == "closed" and state.get("hours"):
        notes.append(says("Opening hours: {hours}", hours=state["hours"]))
    if name == "out_of_order":
        notes.append(state["reason"] if state.get("reason") else says("No reason was written down."))
    return notes


def _more(state: Mapping[str, Any]) -> tuple[str, ...]:
    """Staff at the panel on the PC itself have it just now: nobody else begins there."""
    found = MORE.get(str(state.get("state")), ())
    return tuple(one for one in found if one != "class_begin") if state.get("staff") else found


def _actions(state: Mapping[str, Any]) -> tuple[str, ...]:
    helped: tuple[str, ...] = ("helped",) if state.get("help_asked") else ()
    if (state.get("class") or {}).get("ended"):
        helped = (*helped, "class_write")
    if state.get("staff") and state.get("state") == "free":
        return (*helped, "out_of_order")
    return helped + {
        "open": ("extend", "finish"),
        "free": ("start", "out_of_order"),
        "asking": (),
        "closed": ("out_of_order",),
        "out_of_order": ("in_service",),
        "class": ("extend", "class_end"),
    }.get(str(state.get("state")), ())
