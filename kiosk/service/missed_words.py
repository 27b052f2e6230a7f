"""Searches of the menu that found nothing, from the touch to the store: each session asks once for each thing.

Words wait in memory, without their session once it is over, and are brought to the store together each hour and when
the service ends: so the moment of a write says little, and a power cut loses an hour of them, which harms nobody.
"""

import re
from collections import Counter
from collections.abc import Callable

from kiosk.clock import Reading
from kiosk.content.tiers import Query
from kiosk.rules.station import State, Station
from kiosk.service.recorder import Recorder
from kiosk.store import missed
from kiosk.store.jobs import forgetting

BRING_EVERY = 3600.0
MOST_WORDS, MOST_CHARS, MOST_OF_A_SESSION, MOST_WAITING = 6, 40, 20, 2_000
# Numbers of people and things, addresses and passwords are no subject that a library could have.
SUBJECT = re.compile(r"[a-z]+( [a-z]+)*")


def subject(text: str) -> str:
    """What was looked for, folded; "" for what is not to be remembered: digits, addresses, one letter, long text."""
    query = Query.of(text)
    folded = " ".join(query.folded)
    plain = not re.search(r"[\d@/\\]", text) and len(query.folded) <= MOST_WORDS and 2 <= len(folded) <= MOST_CHARS
    return folded if plain and SUBJECT.fullmatch(folded) else ""


class MissedWords:
    """In the station's thread alone. `before`: a session that goes on from before this service began.

    What such a session already asked for is not known any more, so it asks for nothing now.
    """

    def __init__(self, recorder: Recorder, enough: int, station: Callable[[], Station]) -> None:
        self._recorder, self._enough, self._station = recorder, enough, station
        self._before = recorder.live.session if recorder.live else None
        self._session: str | None = None
        self._asked: set[str] = set()
        self._waiting: Counter[str] = Counter()

    def heard(self, text: str) -> None:
        """Somebody looked for this in vain."""
        station, words = self._station(), subject(text)
        session = station.session.id if station.state is State.OPEN and station.session else None
        if not words or session is None or session == self._before:
            return
        self._let_go(session)
        if len(self._asked) < MOST_OF_A_SESSION:
            self._asked.add(words)

    def _let_go(self, session: str | None) -> None:
        """A session that is over: what it asked for, without it."""
        if session != self._session:
            room = max(0, MOST_WAITING - len(self._waiting))
            self._waiting.update(sorted(self._asked)[:room])
            self._session, self._asked = session, set()

    def bring(self, now: Reading, all_of_it: bool = False) -> None:
        """Bring what waits to the store; `all_of_it`, at the end, with what the running session asked for.

        Without a trusted date it waits on: nobody could say when it is to be forgotten.
        """
        running = self._station().session
        self._let_go(None if all_of_it or running is None else running.id)
        if not now.trusted:
            return
        waiting, self._waiting = self._waiting, Counter()
        enough, day = self._enough, now.day
        self._recorder.keep(forgetting(lambda db: missed.asked(db, waiting, day, enough)))
