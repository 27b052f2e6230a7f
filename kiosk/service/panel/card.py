"""One station as the panel shows it: from the `state` message to a sign, words, strokes and what may be done. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kiosk.web.words import Sentence, says

STROKES = 60
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

    `accessible`: whether twice the time is switched on, None where there is nobody to give it to.
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
        notes.append(str(state["reason"]) if state.get("reason") else says("No reason was written down."))
    return notes


def _actions(state: Mapping[str, Any]) -> tuple[str, ...]:
    helped = ("helped",) if state.get("help_asked") else ()
    if state.get("staff") and state.get("state") == "free":
        return (*helped, "out_of_order")
    return helped + {
        "open": ("extend", "finish"),
        "free": ("start", "out_of_order"),
        "asking": (),
        "closed": ("out_of_order",),
        "out_of_order": ("in_service",),
    }.get(str(state.get("state")), ())
