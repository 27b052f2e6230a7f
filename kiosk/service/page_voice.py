"""What the citizen's pages have read aloud: passed on to the session's own voice, and kept nowhere.

The words reach a program that runs as the citizen and plays them in the room; nothing comes back but how far it is. So
this hands nobody sounds, and what a citizen's program had it say, that could have played anyway. Still it is bounded:
one thing at a time, so long, so often; only while a session runs; and only the menu's own pages may ask
(menu/listening.py).
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kiosk.messages import Message
from kiosk.rules.station import State
from kiosk.service.refusals import refusal

if TYPE_CHECKING:
    from kiosk.service.reconcile import Reconciler

MOST_PARTS, LONGEST = 40, 3_000
# So many in a row, and then so many a second: more than fingers do, and nothing for a PC.
MOST_AT_ONCE, A_SECOND = 20, 8.0


class PageVoice:
    """Every method but `shown` is called in the station's thread."""

    def __init__(self, station: "Reconciler", clock: Callable[[], float] = time.monotonic) -> None:
        self._station, self._clock = station, clock
        self.number = 0  # of the last words; the bar falls silent when it grows
        self._speaking = self._whole = self.direct = False
        self._allowed, self._counted = float(MOST_AT_ONCE), 0.0

    def forget(self, direct: bool = False) -> None:
        """Another session, or none. Numbers go on, so that no page of an earlier session takes its answer for its.

        `direct`: it begins by ear, so its browser prints without a dialog.
        """
        self._speaking = self._whole = False
        self.direct = direct

    def say(self, parts: Sequence[Mapping[str, str]]) -> int:
        """Say these parts; RefusedError where nobody is there, or too much is asked for."""
        session = self._session()
        if session is None:
            raise refusal("no_session")
        if len(parts) > MOST_PARTS or sum(len(part["text"]) for part in parts) > LONGEST or not self._may():
            raise refusal("too_much_to_say")
        self.number += 1
        self._speaking, self._whole = True, False
        if not self._order("say", session, number=self.number, parts=[dict(part) for part in parts]):
            self._speaking = False
            raise refusal("no_supervisor")
        # The bar falls silent by this, so that nobody hears two voices.
        self._station.push(self._station.clock.read())
        return self.number

    def hush(self, number: int = 0) -> None:
        """Silence; nothing where nothing is being said, or other words than those of `number`."""
        session = self._session()
        if session is not None and self._speaking and number in (0, self.number):
            self._order("hush", session)

    def said(self, message: Message) -> None:
        """The voice has come to the end of these words, or was cut off."""
        if message["session"] == self._session() and message["number"] == self.number:
            self._speaking, self._whole = False, message["whole"]

    def shown(self) -> dict[str, Any]:
        """How far it is."""
        files = (self._station.snapshot.get("home") or {}).get("files", 0)
        return {
            "number": self.number,
            "speaking": self._speaking,
            "whole": self._whole,
            "files": files,
            "direct": self.direct,
        }

    def _session(self) -> str | None:
        station = self._station.station
        return station.session.id if station.state is State.OPEN and station.session is not None else None

    def _order(self, verb: str, session: str, **fields: Any) -> bool:
        peers = self._station.peers
        return peers is not None and peers.send("supervisor", verb, session=session, **fields)

    def _may(self) -> bool:
        now = self._clock()
        self._allowed = min(MOST_AT_ONCE, self._allowed + (now - self._counted) * A_SECOND)
        self._counted = now
        if self._allowed < 1:
            return False
        self._allowed -= 1
        return True
