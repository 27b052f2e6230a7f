"""What the supervisor tells of the running session beside its life: sticks, space in the home, how one types.

Told as it is found on disks that strangers bring, so every value is made harmless here before any screen shows it.
What the bar asks for is passed on only where the session has it. All of it is forgotten with the session.
"""

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from kiosk.messages import Message
from kiosk.rules.station import State

if TYPE_CHECKING:
    from kiosk.service.reconcile import Reconciler

NOTHING: dict[str, Any] = {"sticks": [], "home": None, "typing": None, "browser": True}
STICK_STATES = ("ready", "saving", "saved", "trouble", "ejected")
TYPINGS = ("vi", "en")
MOST_FILES = 1000
MOST_STICKS, LONGEST_LABEL, LONGEST_DETAIL = 8, 40, 60
_ID = re.compile(r"[\w.:-]{1,64}", re.ASCII)
_MOST_MB = 2**31


class SessionFacts:
    """`shown` goes into the state message as it is."""

    def __init__(self, station: "Reconciler") -> None:
        self._station = station
        self.shown: dict[str, Any] = dict(NOTHING)

    def forget(self) -> None:
        """Another session, or none."""
        self.shown = dict(NOTHING)

    # What the supervisor reports

    def sticks(self, message: Message) -> None:
        """The sticks that are in, as far as each can be understood."""
        found = [stick for stick in map(_stick, message["sticks"][:MOST_STICKS]) if stick is not None]
        self._show(sticks=list({stick["id"]: stick for stick in found}.values()))

    def home(self, message: Message) -> None:
        """How much may still be kept in the citizen's home; and how much was closed when memory ran out."""
        counted = {name: min(max(message.get(name) or 0, 0), MOST_FILES) for name in ("files", "unsaved", "closed")}
        room = {"free_mb": _megabytes(message["free_mb"]), "full": message["full"]}
        self._show(home={**room, **counted})

    def typing(self, message: Message) -> None:
        """Vietnamese or plain letters; anything else: there is no choice to show."""
        self._show(typing=message["lang"] if message["lang"] in TYPINGS else None)

    def no_browser(self) -> None:
        """It is not there, or ends as often as it is started: the citizen should not sit before an empty desktop."""
        self._show(browser=False)

    def _show(self, **facts: Any) -> None:
        if self._station.station.session is None:
            return
        self.shown |= facts
        self._station.push(self._station.clock.read())

    # What the citizen asks for

    def save(self, message: Message) -> None:
        """Copy the citizen's files to a stick that is in."""
        if self._state_of(message["stick"]) in ("ready", "saved", "trouble"):
            self._order("save", stick=message["stick"])

    def eject(self, message: Message) -> None:
        """Make a stick safe to be pulled out; not while something is being written to it."""
        if self._state_of(message["stick"]) in ("ready", "saved", "trouble"):
            self._order("eject", stick=message["stick"])

    def choose_typing(self, message: Message) -> None:
        """Vietnamese or plain letters, where there is the choice."""
        if self.shown["typing"] is not None and message["lang"] in TYPINGS:
            self._order("typing", lang=message["lang"])

    def _state_of(self, stick: str) -> str | None:
        return next((str(one["state"]) for one in self.shown["sticks"] if one["id"] == stick), None)

    def _order(self, verb: str, **fields: Any) -> None:
        station, peers = self._station.station, self._station.peers
        if station.state is State.OPEN and station.session is not None and peers is not None:
            peers.send("supervisor", verb, session=station.session.id, **fields)


def _stick(raw: object) -> dict[str, Any] | None:
    """A stick with its five fields and nothing else; None where it cannot be told from others or has no known state."""
    if not isinstance(raw, dict) or not isinstance(raw.get("id"), str) or not _ID.fullmatch(raw["id"]):
        return None
    if raw.get("state") not in STICK_STATES:
        return None
    free = _megabytes(raw.get("free_mb"))
    label, detail = words(raw.get("label"), LONGEST_LABEL), words(raw.get("detail"), LONGEST_DETAIL)
    return {"id": raw["id"], "label": label, "free_mb": free, "state": raw["state"], "detail": detail}


def _megabytes(raw: object) -> int:
    if isinstance(raw, bool) or not isinstance(raw, (int, float)) or not 0 <= raw <= _MOST_MB:
        return 0  # also NaN, which is in no range
    return int(raw)


def words(raw: object, longest: int) -> str:
    """A stranger's text as one harmless line: no control or direction marks, NFC, not long."""
    if not isinstance(raw, str):
        return ""
    text = unicodedata.normalize("NFC", raw[: 4 * longest])
    kept = "".join(" " if one.isspace() else one for one in text if one.isspace() or one.isprintable())
    return " ".join(kept.split())[:longest].strip()
