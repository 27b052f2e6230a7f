"""What the collector works with: the open home, the card, the clock, and turns for those who send much."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from kiosk.province.door.card import Card
from kiosk.province.door.refusals import LATER, Refusal, busy
from kiosk.province.door.server_clock import cannot_be
from kiosk.province.intake.intake import Answer, Intake
from kiosk.province.memory.ledger import Ledger
from kiosk.translations import _

# Bodies worked on at once: more of them are no faster, and each takes its memory.
TURNS = 6
TURN_SECONDS = 60.0


@dataclass
class Desk:
    """`card` may be exchanged at any time. `news` is called when something was stored."""

    intake: Intake
    card: Card
    now: Callable[[], datetime]
    newest: datetime
    news: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self._turns = threading.BoundedSemaphore(TURNS)

    @property
    def ledger(self) -> Ledger:
        """The home's."""
        return self.intake.ledger

    def check_clock(self) -> None:
        """Refusal where this machine's date cannot be right: good days would look as if they were in the future."""
        if cannot_be(self.now(), self.newest):
            sentence = _("The date of the province's server is wrong; it takes nothing until it is set.")
            raise Refusal(503, "CLOCK", sentence, LATER)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn; Refusal where that takes too long."""
        if not self._turns.acquire(timeout=TURN_SECONDS):
            raise busy()
        try:
            yield
        finally:
            self._turns.release()

    def took(self, answer: Answer) -> None:
        """Remember when it was, and tell of news."""
        self.newest = max(self.newest, self.now())
        if any(one.outcome == "stored" for one in answer.outcomes):
            self.news()
